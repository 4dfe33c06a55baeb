//! Encodes the fields of a record as a field index, which contains their names, spans and hashes of short texts, and their
//! values.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::interner::Interner;
use super::layout::{EncodedParseRef, ParseCacheFile, Section};
use crate::cache;
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, Scalar, ScalarKind, ScalarText, Value};
use crate::record::LazyFields;
use crate::text::{Source, Span};

#[derive(Clone)]
pub(super) struct LazyBytes {
    pub file: Arc<ParseCacheFile>,
    pub bytes: EncodedParseRef,
}

impl LazyBytes {
    /// Decodes a range of one section; invalidates the cache if that fails.
    pub(super) fn decode<T>(
        &self,
        section: Section,
        range: Range<usize>,
        decode: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let decoded = self.file.range(&self.bytes, section, range).and_then(|bytes| decode(&bytes));
        if decoded.is_none() {
            self.file.invalidate();
        }
        decoded
    }
}

pub(super) struct StoredFields {
    pub bytes: LazyBytes,
    pub field_index: Range<usize>,
    pub values: Range<usize>,
    pub source: Arc<Source>,
    pub span: Span,
}

impl LazyFields for StoredFields {
    fn tree(&self) -> Node {
        let tree = self.decode_field_index(|field_index| {
            let decode = |values: &[u8]| decode_fields(field_index, values, &self.source, self.interner());
            self.bytes.decode(Section::Bodies, self.values.clone(), decode)
        });
        tree.unwrap_or_else(|| Node::mapping(self.span, Mapping::default()))
    }

    fn may_equal(&self, field: &str, texts: &HashSet<&str>) -> bool {
        self.decode_field_index(|bytes| may_equal(bytes, field, texts, self.interner())).unwrap_or(true)
    }
}

impl StoredFields {
    fn interner(&self) -> &Interner {
        &self.bytes.file.interner
    }

    fn decode_field_index<T>(&self, decode: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        self.bytes.decode(Section::FieldIndexes, self.field_index.clone(), decode)
    }
}

#[derive(Serialize, Deserialize)]
struct StoredField<'a> {
    #[serde(borrow)]
    name: FieldName<'a>,
    span: Span,
    /// A hash of the text of a short scalar.
    hash: Option<u32>,
}

#[derive(Serialize, Deserialize)]
enum FieldName<'a> {
    Known(usize),
    Other(&'a str),
}

impl<'a> FieldName<'a> {
    fn new(name: &'a str, interner: &Interner) -> FieldName<'a> {
        interner.fields.number(name).map_or(FieldName::Other(name), FieldName::Known)
    }

    fn text(&self, interner: &'a Interner) -> Option<&'a str> {
        match self {
            FieldName::Known(number) => interner.fields.value(*number).map(|name| &**name),
            FieldName::Other(name) => Some(name),
        }
    }
}

fn hash(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

pub(super) fn encode_fields(
    fields: &Node,
    source: &Source,
    interner: &Interner,
    field_index: &mut Vec<u8>,
    values: &mut Vec<u8>,
) -> Option<()> {
    let entries = fields.as_mapping().map_or(&[][..], Mapping::entries);
    let mut stored = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        encode_tree(value, source, MAX_DEPTH, values)?;
        let text = value.as_scalar().map(Scalar::text).filter(|text| text.len() < LONG);
        let name = FieldName::new(&key.name, interner);
        stored.push(StoredField { name, span: key.span, hash: text.map(hash) });
    }
    cache::encode_into(&(fields.span, stored), field_index).ok()
}

fn decode_fields(
    field_index: &[u8],
    mut values: &[u8],
    source: &Arc<Source>,
    interner: &Interner,
) -> Option<Node> {
    let (span, stored): (Span, Vec<StoredField<'_>>) = postcard::from_bytes(field_index).ok()?;
    let entry = |StoredField { name, span, .. }: StoredField<'_>| {
        let key = Key { name: name.text(interner)?.into(), span };
        Some(Entry { key, value: decode_tree(&mut values, source, MAX_DEPTH)? })
    };
    let entries = stored.into_iter().map(entry).collect::<Option<_>>()?;
    Some(Node::mapping(span, Mapping::new(entries)))
}

fn may_equal(field_index: &[u8], field: &str, texts: &HashSet<&str>, interner: &Interner) -> Option<bool> {
    let ((_, count), mut rest): ((Span, usize), _) = postcard::take_from_bytes(field_index).ok()?;
    for _ in 0..count {
        let (stored, after): (StoredField<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        if stored.name.text(interner)? == field {
            return Some(stored.hash.is_none_or(|stored| texts.iter().any(|text| hash(text) == stored)));
        }
        rest = after;
    }
    Some(false)
}

/// A tree of fields is a little deeper than the tree of its file.
const MAX_DEPTH: usize = 2 * limits::DEPTH;

/// A tree in the order of the file; the items of a collection follow it.
#[derive(Serialize, Deserialize)]
enum TreeToken<'a> {
    Scalar(Span, ScalarKind, &'a str),
    /// A long scalar whose text equals the source under its span.
    SourceText(Span, ScalarKind),
    Sequence(Span, usize),
    Mapping(Span, usize),
    Key(Span, &'a str),
}

/// The length in bytes from which a text of the source is not stored again.
const LONG: usize = 64;

fn encode_tree(node: &Node, source: &Source, depth: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match &node.value {
        Value::Scalar(scalar) if scalar.text().len() >= LONG && scalar.text() == source.slice(node.span) => {
            append(&TreeToken::SourceText(node.span, scalar.kind()), bytes)
        }
        Value::Scalar(scalar) => append(&TreeToken::Scalar(node.span, scalar.kind(), scalar.text()), bytes),
        Value::Sequence(items) => {
            append(&TreeToken::Sequence(node.span, items.len()), bytes)?;
            items.iter().try_for_each(|item| encode_tree(item, source, depth, bytes))
        }
        Value::Mapping(mapping) => {
            append(&TreeToken::Mapping(node.span, mapping.len()), bytes)?;
            mapping.entries().iter().try_for_each(|entry| {
                append(&TreeToken::Key(entry.key.span, &entry.key.name), bytes)?;
                encode_tree(&entry.value, source, depth, bytes)
            })
        }
    }
}

fn append(token: &TreeToken<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    cache::encode_into(token, bytes).ok()
}

/// Decodes the tree at the start of `bytes`, and advances them.
fn decode_tree(bytes: &mut &[u8], source: &Arc<Source>, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    match next_token(bytes)? {
        TreeToken::Scalar(span, kind, text) => Some(Node::scalar(span, text, kind)),
        TreeToken::SourceText(span, kind) => {
            Some(Node::scalar(span, ScalarText::InSource(source.clone(), span), kind))
        }
        TreeToken::Sequence(span, count) => {
            let mut items = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                items.push(decode_tree(bytes, source, depth)?);
            }
            Some(Node::sequence(span, items))
        }
        TreeToken::Mapping(span, count) => {
            let mut entries = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                let TreeToken::Key(span, name) = next_token(bytes)? else { return None };
                entries.push(Entry {
                    key: Key { name: name.into(), span },
                    value: decode_tree(bytes, source, depth)?,
                });
            }
            Some(Node::mapping(span, Mapping::new(entries)))
        }
        TreeToken::Key(..) => None,
    }
}

fn next_token<'a>(bytes: &mut &'a [u8]) -> Option<TreeToken<'a>> {
    let (token, rest) = postcard::take_from_bytes(bytes).ok()?;
    *bytes = rest;
    Some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_is_too_deep_is_not_decoded() {
        let source = Arc::new(Source::new("a.yaml", Vec::new()));
        let mut bytes = Vec::new();
        for _ in 0..100_000 {
            append(&TreeToken::Sequence(Span::default(), 1), &mut bytes).expect("it is written");
        }
        assert_eq!(decode_tree(&mut &*bytes, &source, MAX_DEPTH), None);
    }
}
