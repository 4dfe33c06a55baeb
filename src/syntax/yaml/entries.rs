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
    let (mut entries, mut is_whole, mut plain) = (Vec::new(), true, 0);
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
                let (entry, is_all) = plain_entry(source, *span)?;
                entries.push(entry);
                is_whole &= is_all;
                plain += 1;
            }
        }
    }
    if plain == 0 || plain == spans.len() {
        return None;
    }
    let entries = remove_duplicate_keys(entries, &mut parsed.problems);
    parsed.problems.push(Problem { fatal: false, tolerated: is_whole, ..problem.clone() });
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

/// Returns the entry whose value is a line of text or a list of such lines, and false if something after them is left out.
fn plain_entry(source: &Source, span: Span) -> Option<(Entry, bool)> {
    let start = span.start as usize;
    let mut lines = source.slice(span).split_inclusive('\n');
    let first = lines.next()?;
    let length = key_len(first.trim_end())?;
    let key = Key {
        name: source.slice(Span::new(start, start + length)).into(),
        span: Span::new(start, start + length),
    };
    let value = plain_text(&first[length + 1..], start + length + 1);
    let mut at = start + first.len();
    let mut items = Vec::new();
    let mut indentation = None;
    for line in lines {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        let line_start = at;
        at += line.len();
        if text.trim().is_empty() {
            continue;
        }
        match text.strip_prefix("- ").filter(|_| indentation.is_none_or(|first| first == indent)) {
            Some(item) if first[length + 1..].trim().is_empty() => {
                indentation = Some(indent);
                items.push(plain_text(item, line_start + indent + "- ".len())?);
            }
            _ if items.is_empty() => return None,
            _ => return Some((Entry { key, value: list(items)? }, false)),
        }
    }
    let value = if items.is_empty() { value? } else { list(items)? };
    Some((Entry { key, value }, true))
}

fn list(items: Vec<Node>) -> Option<Node> {
    let span = items.first()?.span.to(items.last()?.span);
    Some(Node::sequence(span, items))
}

/// Returns a value that can only be meant as it is written; a text in quotes without these.
fn plain_text(text: &str, at: usize) -> Option<Node> {
    const MARKS: [char; 12] = ['[', '{', '"', '\'', '|', '>', '&', '*', '!', '%', '#', ','];
    let value = text.trim();
    let start = at + (text.len() - text.trim_start().len());
    let span = Span::new(start, start + value.len());
    let quoted = |mark: char| {
        let inner = value.strip_prefix(mark)?.strip_suffix(mark)?;
        (!inner.contains([mark, '\\'])).then_some(inner)
    };
    if let Some(inner) = quoted('"').or_else(|| quoted('\'')) {
        return Some(Node::text(span, inner));
    }
    // The closing quote is missing.
    let unclosed =
        value.strip_prefix('"').filter(|rest| rest.starts_with('@') && !rest.contains(['"', '\\', ' ']));
    if let Some(inner) = unclosed {
        return Some(Node::text(span, inner));
    }
    let is_link = value.starts_with('[') && value.contains("](") && value.ends_with(')');
    // A link may have a number as its text, and lead to a section.
    let has_comment = if is_link { value.contains(" #") } else { value.contains('#') };
    (!value.is_empty() && !value.contains('\t') && !has_comment && (is_link || !value.starts_with(MARKS)))
        .then(|| Node::text(span, value))
}
