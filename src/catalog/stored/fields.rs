//! The fields of a record as bytes: a directory, which tells what each is called, where it stands and what a short
//! text comes to, and their values.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::parse_cache::Section;
use super::{Body, Numbers};
use crate::cache;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, ScalarText, Value};
use crate::record::LazyFields;
use crate::syntax::DEPTH_LIMIT;
use crate::text::{Source, Span};

/// The fields of a record that are yet to be read.
pub(super) struct KeptFields {
    pub body: Body,
    pub directory: Range<usize>,
    pub values: Range<usize>,
    pub source: Arc<Source>,
    /// The whole record.
    pub span: Span,
}

impl LazyFields for KeptFields {
    fn tree(&self) -> Node {
        let read = self.directory(|directory| {
            let fields = |values: &[u8]| fields(directory, values, &self.source, &self.body.readings.numbers);
            self.body.read(Section::Bodies, self.values.clone(), fields)
        });
        read.unwrap_or_else(|| Node::mapping(self.span, Mapping::default()))
    }

    fn may_equal(&self, field: &str, texts: &HashSet<&str>) -> bool {
        // Where the bytes can't be had, whoever reads the fields finds that out too.
        self.directory(|bytes| may_equal(bytes, field, texts, &self.body.readings.numbers)) != Some(false)
    }
}

impl KeptFields {
    fn directory<T>(&self, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        self.body.read(Section::Directories, self.directory.clone(), read)
    }
}

/// One field, in the order of the file.
#[derive(Serialize, Deserialize)]
struct StoredField<'a> {
    #[serde(borrow)]
    name: Name<'a>,
    span: Span,
    /// What its text comes to, where it is a scalar that is kept with its text.
    sum: Option<u32>,
}

/// What a field is called: one that a kind knows, by its number.
#[derive(Serialize, Deserialize)]
enum Name<'a> {
    Known(usize),
    Other(&'a str),
}

impl<'a> Name<'a> {
    fn of(name: &'a str, numbers: &Numbers) -> Name<'a> {
        numbers.fields.numbers.get(name).map_or(Name::Other(name), |number| Name::Known(*number))
    }

    fn text(&self, numbers: &'a Numbers) -> Option<&'a str> {
        match self {
            Name::Known(number) => numbers.fields.all.get(*number).map(|name| &**name),
            Name::Other(name) => Some(name),
        }
    }
}

/// What a text comes to.
fn sum(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

/// Adds the fields of a record: their directory, and their values.
pub(super) fn add_fields(
    fields: &Node,
    source: &Source,
    numbers: &Numbers,
    directory: &mut Vec<u8>,
    values: &mut Vec<u8>,
) -> Option<()> {
    let entries = fields.as_mapping().map_or(&[][..], Mapping::entries);
    let mut stored = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        add_tree(value, source, DEEPEST, values)?;
        let text = value.as_scalar().map(|scalar| &*scalar.text).filter(|text| text.len() < LONG);
        stored.push(StoredField { name: Name::of(&key.name, numbers), span: key.span, sum: text.map(sum) });
    }
    cache::add(&(fields.span, stored), directory).ok()
}

/// Reads all fields of a record.
fn fields(directory: &[u8], mut values: &[u8], source: &Arc<Source>, numbers: &Numbers) -> Option<Node> {
    let (span, stored): (Span, Vec<StoredField<'_>>) = postcard::from_bytes(directory).ok()?;
    let entry = |StoredField { name, span, .. }: StoredField<'_>| {
        let key = Key { name: name.text(numbers)?.into(), span };
        Some(Entry { key, value: tree(&mut values, source, DEEPEST)? })
    };
    let entries = stored.into_iter().map(entry).collect::<Option<_>>()?;
    Some(Node::mapping(span, Mapping::new(entries)))
}

/// Whether a field may be one of some texts.
fn may_equal(directory: &[u8], field: &str, texts: &HashSet<&str>, numbers: &Numbers) -> Option<bool> {
    let ((_, count), mut rest): ((Span, usize), _) = postcard::take_from_bytes(directory).ok()?;
    for _ in 0..count {
        let (stored, after): (StoredField<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        if stored.name.text(numbers)? == field {
            let is_any = |known: u32| texts.iter().any(|text| sum(text) == known);
            return Some(stored.sum.is_none_or(is_any));
        }
        rest = after;
    }
    Some(false)
}

/// A tree of fields is little deeper than the file's own.
const DEEPEST: usize = 2 * DEPTH_LIMIT;

/// A tree, in the order of the file: a collection is followed by what it holds.
#[derive(Serialize, Deserialize)]
enum Part<'a> {
    Scalar(Span, ScalarKind, &'a str),
    /// A long scalar whose text is what stands in the file.
    Words(Span, ScalarKind),
    Sequence(Span, usize),
    Mapping(Span, usize),
    Key(Span, &'a str),
}

/// Bytes from which on a text that stands in the file is not kept once more.
const LONG: usize = 64;

fn add_tree(node: &Node, source: &Source, depth: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match &node.value {
        Value::Scalar(scalar) if scalar.text.len() >= LONG && *scalar.text == *source.slice(node.span) => {
            add(&Part::Words(node.span, scalar.kind), bytes)
        }
        Value::Scalar(scalar) => add(&Part::Scalar(node.span, scalar.kind, &scalar.text), bytes),
        Value::Sequence(items) => {
            add(&Part::Sequence(node.span, items.len()), bytes)?;
            items.iter().try_for_each(|item| add_tree(item, source, depth, bytes))
        }
        Value::Mapping(mapping) => {
            add(&Part::Mapping(node.span, mapping.len()), bytes)?;
            mapping.entries().iter().try_for_each(|entry| {
                add(&Part::Key(entry.key.span, &entry.key.name), bytes)?;
                add_tree(&entry.value, source, depth, bytes)
            })
        }
    }
}

fn add(part: &Part<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    cache::add(part, bytes).ok()
}

/// Reads the tree that the bytes begin with; what comes after it is left.
fn tree(bytes: &mut &[u8], source: &Arc<Source>, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    match part(bytes)? {
        Part::Scalar(span, kind, text) => Some(Node::scalar(span, text, kind)),
        Part::Words(span, kind) => Some(Node::scalar(span, ScalarText::InSource(source.clone(), span), kind)),
        Part::Sequence(span, count) => {
            let mut items = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                items.push(tree(bytes, source, depth)?);
            }
            Some(Node::sequence(span, items))
        }
        Part::Mapping(span, count) => {
            let mut entries = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                let Part::Key(span, name) = part(bytes)? else { return None };
                entries
                    .push(Entry { key: Key { name: name.into(), span }, value: tree(bytes, source, depth)? });
            }
            Some(Node::mapping(span, Mapping::new(entries)))
        }
        Part::Key(..) => None,
    }
}

fn part<'a>(bytes: &mut &'a [u8]) -> Option<Part<'a>> {
    let (part, rest) = postcard::take_from_bytes(bytes).ok()?;
    *bytes = rest;
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_nests_without_end_is_none() {
        let source = Arc::new(Source::new("a.yaml", Vec::new()));
        let mut bytes = Vec::new();
        for _ in 0..100_000 {
            add(&Part::Sequence(Span::default(), 1), &mut bytes).expect("it is written");
        }
        assert_eq!(tree(&mut &*bytes, &source, DEEPEST), None);
    }
}
