//! TOML 1: the parser's tables, which come sorted by key and span only their headers, become the spanned
//! tree in the order of the file.

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Problem, Reading, character_at};
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, Value};
use crate::text::{Source, Span};

/// How deep brackets and dotted keys may nest in one header or one value. A header counts twice, as each of
/// its keys may be an array of tables: all of it stays below [`super::DEPTH_LIMIT`], and below the parser's own limit.
const DEPTH: usize = 40;

/// Reads the table that stands in `within`, a part of `source` that starts without byte order mark.
pub(super) fn read(source: &Source, within: Span) -> Reading {
    let (text, base) = (source.slice(within), within.start as usize);
    let mut reading = Reading::default();
    if let Some(at) = too_deep_at(text) {
        let span = character_at(source.text(), base + at);
        reading.problems.push(Problem::fatal(span, format!("nested more than {DEPTH} levels deep")));
        return reading;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let (duplicates, others): (Vec<_>, Vec<_>) =
        errors.iter().partition(|error| error.message() == "duplicate key" && error.span().is_some());
    if let Some(error) = others.first() {
        let span = place(source, base, error.span().unwrap_or(text.len()..text.len()));
        reading.problems.push(Problem::fatal(span, error.message()));
        return reading;
    }
    let mut root = Tree { text, base }.table(table.into_inner(), None);
    if root.span.is_empty() {
        root.span = within;
    }
    if !duplicates.is_empty() {
        let spans =
            duplicates.iter().filter_map(|error| error.span()).map(|range| place(source, base, range));
        let keys = keys_by_name(&root);
        reading.problems.extend(spans.map(|span| duplicate_key(source, &keys, span)));
    }
    reading.roots.push(root);
    reading
}

/// Where the nesting passes [`DEPTH`]: the parser refuses such text without a place. Strings and comments are
/// skipped, dots in numbers counted along, as they can't add up.
fn too_deep_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut dots) = (0, 0_usize, 0_usize);
    let mut opened = Vec::new();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => {
                at = end_of_line(bytes, at);
                continue;
            }
            b'"' | b'\'' => {
                at = end_of_string(bytes, at);
                continue;
            }
            b'[' | b'{' => {
                opened.push(dots + 1);
                depth += dots + 1;
                dots = 0;
            }
            b']' | b'}' => {
                depth -= opened.pop().unwrap_or(0);
                dots = 0;
            }
            b'.' => dots += 1,
            b',' | b'\n' => dots = 0,
            _ => {}
        }
        if depth + dots > DEPTH {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| from + length)
}

/// The byte after the string that opens at `from`, or after its line where it is not closed there.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let quote = bytes[from];
    let long = bytes[from..].starts_with(&[quote; 3]);
    let mut at = from + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !long => return at,
            _ if byte == quote && !long => return at + 1,
            _ if byte == quote && bytes[at..].starts_with(&[quote; 3]) => {
                let quotes = bytes[at..].iter().take(5).take_while(|&&byte| byte == quote).count();
                return at + quotes;
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The part of `range` that stands on its first line, in the whole file.
fn place(source: &Source, base: usize, range: Range<usize>) -> Span {
    let span = Span::new(base + range.start, base + range.end);
    match source.slice(span).lines().next().unwrap_or("") {
        "" => character_at(source.text(), span.start as usize),
        line => Span::new(span.start as usize, span.start as usize + line.len()),
    }
}

struct Tree<'a> {
    text: &'a str,
    base: usize,
}

impl Tree<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.base + range.start, self.base + range.end)
    }

    /// Recursion is bounded by the nesting that was checked before.
    fn node(&self, value: Spanned<DeValue<'_>>) -> Node {
        let range = value.span();
        let span = self.span(range.clone());
        let written = self.text.get(range).unwrap_or("");
        match value.into_inner() {
            DeValue::String(text) => Node::text(span, text.into_owned()),
            DeValue::Integer(integer) => {
                let value = i64::from_str_radix(integer.as_str(), integer.radix());
                Node::scalar(span, written, value.map_or(ScalarKind::Text, ScalarKind::Integer))
            }
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => Node::scalar(span, written, ScalarKind::Float(value)),
                _ => Node::text(span, written),
            },
            DeValue::Boolean(value) => Node::scalar(span, written, ScalarKind::Bool(value)),
            DeValue::Datetime(_) => Node::text(span, written),
            DeValue::Array(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                Node::sequence(items.iter().fold(span, |span, item| span.to(item.span)), items)
            }
            DeValue::Table(table) => self.table(table, Some(span)),
        }
    }

    /// The table with all it holds, from its header where it has one.
    fn table(&self, table: DeTable<'_>, header: Option<Span>) -> Node {
        let mut entries: Vec<Entry> = Vec::with_capacity(table.len());
        for (key, value) in table {
            let key = Key { span: self.span(key.span()), name: key.into_inner().into_owned().into() };
            entries.push(Entry { key, value: self.node(value) });
        }
        entries.sort_by_key(|entry| entry.key.span);
        let parts = entries.iter().map(|entry| entry.key.span.to(entry.value.span));
        let span = header.into_iter().chain(parts).reduce(Span::to).unwrap_or_default();
        Node::mapping(span, Mapping::new(entries))
    }
}

/// Where each key name of the tree stands, in the order of the file.
fn keys_by_name(root: &Node) -> HashMap<Box<str>, Vec<Span>> {
    let mut keys: HashMap<Box<str>, Vec<Span>> = HashMap::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => open.extend(items),
            Value::Mapping(mapping) => {
                for entry in mapping.entries() {
                    keys.entry(entry.key.name.clone()).or_default().push(entry.key.span);
                    open.push(&entry.value);
                }
            }
        }
    }
    keys.values_mut().for_each(|spans| spans.sort());
    keys
}

/// The parser tells only the later key; the first is the last of that name before it.
fn duplicate_key(source: &Source, keys: &HashMap<Box<str>, Vec<Span>>, span: Span) -> Problem {
    let name = source.slice(span).trim_matches(['"', '\'']);
    let spans = keys.get(name).map_or(&[][..], Vec::as_slice);
    let first = spans[..spans.partition_point(|&key| key < span)].last();
    Problem::duplicate_key(name, span, first.copied())
}
