//! Encodes the trees of fields. A long text that stands in the source is not stored again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cache;
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, ScalarText, Value};
use crate::text::{Source, Span};

/// A tree of fields is a little deeper than the tree of its file.
const MAX_DEPTH: usize = 2 * limits::DEPTH;

/// The length in bytes from which a text of the source is not stored again.
const LONG: usize = 64;

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

/// Appends a tree; `None` if it is too deep.
pub(super) fn encode(node: &Node, source: &Source, bytes: &mut Vec<u8>) -> Option<()> {
    encode_tree(node, source, MAX_DEPTH, bytes)
}

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

/// Decodes the tree at the start of `bytes`.
pub(super) fn decode(mut bytes: &[u8], source: &Arc<Source>) -> Option<Node> {
    decode_tree(&mut bytes, source, MAX_DEPTH)
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
                let value = decode_tree(bytes, source, depth)?;
                entries.push(Entry { key: Key { name: name.into(), span }, value });
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
        assert_eq!(decode(&bytes, &source), None);
    }
}
