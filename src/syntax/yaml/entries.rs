//! Front matter with a syntax error, read entry by entry: the others are sound, and what a plain value means is clear.

use super::{is_fatal, parse_with_reserved};
use crate::node::{Entry, Key, Mapping, Node};
use crate::syntax::{ParsedTrees, Problem, remove_duplicate_keys};
use crate::text::{Source, Span};

/// In bytes.
const MAX_LEN: usize = 16 << 10;

/// Reads what has the fatal `problem` when parsed as a whole. `None` if an entry is neither sound nor plain text.
pub(super) fn parse(source: &Source, within: Span, problem: &Problem) -> Option<ParsedTrees> {
    let text = source.slice(within);
    // Aliases could multiply their values in each entry.
    if text.len() > MAX_LEN || (text.contains('&') && text.contains('*')) {
        return None;
    }
    let mut parsed = ParsedTrees::default();
    let (mut entries, mut plain) = (Vec::new(), 0);
    let spans = split(source, within)?;
    for span in &spans {
        let mut one = parse_with_reserved(source, *span);
        let root = one.roots.pop().filter(|_| one.roots.is_empty() && !is_fatal(&one));
        match root.as_ref().and_then(Node::as_mapping) {
            Some(mapping) => {
                entries.extend(mapping.entries().iter().cloned());
                parsed.problems.extend(one.problems);
            }
            None => {
                entries.push(plain_entry(source, *span)?);
                plain += 1;
            }
        }
    }
    if plain == 0 || plain == spans.len() {
        return None;
    }
    let entries = remove_duplicate_keys(entries, &mut parsed.problems);
    parsed.problems.push(Problem { fatal: false, tolerated: true, ..problem.clone() });
    let span = spans.first()?.to(*spans.last()?);
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
        let continues = text.is_empty() || text.starts_with([' ', '#']) || text.starts_with("- ");
        match spans.last_mut() {
            _ if key_len(text).is_some() => spans.push(Span::new(start, start + text.len())),
            Some(last) if continues && !text.is_empty() => last.end = Span::at(start + text.len()).end,
            _ if text.is_empty() || text.starts_with('#') => {}
            _ => return None,
        }
    }
    Some(spans)
}

/// Returns the length of the key that a line begins with.
fn key_len(line: &str) -> Option<usize> {
    let length = line.find(':')?;
    let (key, after) = (&line[..length], &line[length + 1..]);
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '));
    (is_key && (after.is_empty() || after.starts_with(' '))).then_some(length)
}

/// Returns the entry whose value is a line of text that can only be meant as it is written.
fn plain_entry(source: &Source, span: Span) -> Option<Entry> {
    const MARKS: [char; 11] = ['[', '{', '"', '\'', '|', '>', '&', '*', '!', '%', ','];
    let text = source.slice(span).trim_end();
    let (start, length) = (span.start as usize, key_len(text)?);
    let value = text[length + 1..].trim_start();
    let at = start + text.len() - value.len();
    let is_plain = !value.is_empty() && !value.contains(['\n', '\t', '#']) && !value.starts_with(MARKS);
    let key = Key { name: text[..length].into(), span: Span::new(start, start + length) };
    is_plain.then(|| Entry { key, value: Node::text(Span::new(at, start + text.len()), value) })
}
