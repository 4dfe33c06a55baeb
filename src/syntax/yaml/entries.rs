//! Front matter with a syntax error, read entry by entry: what a plain value means is clear.

use super::{is_fatal, parse};
use crate::node::{Entry, Key, Mapping, Node};
use crate::syntax::{ParsedTrees, Problem, remove_duplicate_keys};
use crate::text::{Source, Span};

/// In bytes.
const MAX_LEN: usize = 16 << 10;

/// Reads what has the fatal `problem` when parsed as a whole. `None` if no entry is sound, or one is neither sound nor plain
/// text.
pub(super) fn parse_each(source: &Source, within: Span, problem: &Problem) -> Option<ParsedTrees> {
    let text = source.slice(within);
    // Aliases could multiply their values in each entry.
    if text.len() > MAX_LEN || (text.contains('&') && text.contains('*')) {
        return None;
    }
    let mut parsed = ParsedTrees::default();
    let mut entries = Vec::new();
    let mut is_any_sound = false;
    let spans = split(source, within)?;
    for span in &spans {
        let mut one = parse(source, *span);
        let root = one.roots.pop().filter(|_| one.roots.is_empty() && !is_fatal(&one));
        match root.as_ref().and_then(Node::as_mapping) {
            Some(mapping) => {
                entries.extend(mapping.entries().iter().cloned());
                parsed.problems.extend(one.problems);
                is_any_sound = true;
            }
            None => entries.push(plain_entry(source, *span)?),
        }
    }
    let span = spans.first().filter(|_| is_any_sound)?.to(*spans.last()?);
    let entries = remove_duplicate_keys(entries, &mut parsed.problems);
    parsed.problems.push(Problem { fatal: false, tolerated: true, ..problem.clone() });
    parsed.roots.push(Node::mapping(span, Mapping::new(entries)));
    Some(parsed)
}

/// Returns the lines of each key without indentation; `None` if other text stands there.
fn split(source: &Source, within: Span) -> Option<Vec<Span>> {
    let mut spans: Vec<Span> = Vec::new();
    let mut at = within.start as usize;
    for line in source.slice(within).split_inclusive('\n') {
        let (start, text) = (at, line.trim_end());
        at += line.len();
        let continues = text.starts_with([' ', '#']) || text.starts_with("- ");
        match spans.last_mut() {
            _ if text.is_empty() => {}
            _ if key_len(text).is_some() => spans.push(Span::new(start, start + text.len())),
            Some(last) if continues => last.end = Span::at(start + text.len()).end,
            None if text.starts_with('#') => {}
            _ => return None,
        }
    }
    Some(spans)
}

/// Returns the length of the key that a line begins with.
fn key_len(line: &str) -> Option<usize> {
    let (key, after) = line.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '));
    (is_key && (after.is_empty() || after.starts_with(' '))).then_some(key.len())
}

/// Returns the entry whose value is a line of text.
fn plain_entry(source: &Source, span: Span) -> Option<Entry> {
    const MARKS: [char; 11] = ['[', '{', '"', '\'', '|', '>', '&', '*', '!', '%', ','];
    let text = source.slice(span).trim_end();
    let (start, length) = (span.start as usize, key_len(text)?);
    let value = text[length + 1..].trim_start();
    if value.is_empty() || value.contains(['\n', '\t', '#']) || value.starts_with(MARKS) {
        return None;
    }
    let end = start + text.len();
    let key = Key { name: text[..length].into(), span: Span::new(start, start + length) };
    Some(Entry { key, value: Node::text(Span::new(end - value.len(), end), value) })
}
