//! Reads lines and list items of Markdown that say several things: who does what by when, or which record and what about it.

use std::cmp::Ordering;
use std::ops::Range;

use memchr::memchr;

use super::body::{Body, TextSpans};
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::syntax::Markdown;
use crate::syntax::markdown::ListItem;
use crate::text::{Source, Span, find_outside_brackets};

/// Returns the items of a section as mappings; `None` if the fields have no form within a line, or there are no items.
pub(super) fn mappings(body: &Body<'_>, shape: &Shape) -> Option<Node> {
    let text = shape.field(shape.text.as_deref()?)?;
    let inline: Vec<&Field> = shape.fields.iter().filter(|field| !field.inline.is_empty()).collect();
    if inline.is_empty() {
        return None;
    }
    let items = body.list_items().filter(|item| item.depth == 1 && !item.plain.trim().is_empty());
    let items: Vec<Node> = items.map(|item| mapping(body.source, item, text, &inline)).collect();
    let all = items.iter().map(|item| item.span).reduce(Span::to)?;
    Some(Node::sequence(all, items))
}

/// Returns the items of a list that lines of the page mark as such, outside `except`: as mappings where the list has these, else as
/// texts.
pub(super) fn marked(source: &Source, page: &Markdown, field: &Field, except: &[Span]) -> Vec<Node> {
    let FieldType::List(of) = &field.ty else { return Vec::new() };
    let shape = match &**of {
        FieldType::Struct(shape) => Some(&**shape),
        _ => None,
    };
    let text = shape.and_then(|shape| shape.field(shape.text.as_deref()?));
    let inline: Vec<&Field> =
        shape.into_iter().flat_map(|shape| &shape.fields).filter(|field| !field.inline.is_empty()).collect();
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_code = false;
    for line in source.text().split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        let is_hidden = || except.iter().chain(&page.comments).any(|part| part.contains(span));
        let Some((_, value)) =
            field.marked.find(line.trim_end()).filter(|_| !is_fence && !is_code && !is_hidden())
        else {
            continue;
        };
        let words = line[value.clone()].trim();
        let at =
            Span::new(span.start as usize + value.start, span.start as usize + value.start + words.len());
        found.push(match text {
            Some(text) => {
                let from = Span { start: span.start + indent(line), ..at };
                let plain = words.into();
                let item = ListItem { depth: 1, span: from, text: at, plain, heading: None };
                mapping(source, &item, text, &inline)
            }
            None => Node::text(at, words),
        });
    }
    found
}

/// The items of a list below a plain line such as `Follow-ups:`.
pub(super) struct LedList<'t> {
    /// The line above the list, without its marks.
    pub lead: &'t str,
    pub span: Span,
    items: Vec<&'t ListItem>,
}

impl LedList<'_> {
    /// Returns the items: as mappings, or as texts if the fields have no form within a line.
    pub(super) fn items(&self, source: &Source, shape: &Shape) -> Option<Node> {
        let text = shape.field(shape.text.as_deref()?)?;
        let inline: Vec<&Field> = shape.fields.iter().filter(|field| !field.inline.is_empty()).collect();
        let read = |item: &&ListItem| match inline.is_empty() {
            true => Node::text(item.text, item.plain.trim()),
            false => mapping(source, item, text, &inline),
        };
        Some(Node::sequence(self.span, self.items.iter().map(read).collect()))
    }
}

/// Returns the lists of a page below a short line, outside code and comments: `Follow-ups:`, `**Actions**` or `- Next steps:` with
/// items below it.
pub(super) fn led_lists<'t>(source: &'t Source, page: &'t Markdown) -> Vec<LedList<'t>> {
    let mut above: Option<&ListItem> = None;
    let mut lists = Vec::new();
    for item in &page.items {
        let led = match above.map(|above| (lines_between(source, above, item), above.depth)) {
            // Of items that share a line, such as `- 1. text`, only the first one has the line above.
            Some((LinesBetween::None, _)) => continue,
            // The line above is an item of the same list, or of one in it.
            Some((LinesBetween::One, depth)) if depth >= item.depth => None,
            _ => led_list(source, page, item),
        };
        lists.extend(led);
        above = Some(item);
    }
    lists
}

/// How many lines end between two items.
enum LinesBetween {
    None,
    /// That of the first item, and empty ones.
    One,
    More,
}

fn lines_between(source: &Source, one: &ListItem, next: &ListItem) -> LinesBetween {
    let between = source.slice(Span { start: one.span.start, end: next.span.start });
    match memchr(b'\n', between.as_bytes()) {
        None => LinesBetween::None,
        Some(end) if between[end..].trim().is_empty() => LinesBetween::One,
        Some(_) => LinesBetween::More,
    }
}

/// Returns the list that begins with an item, if the line above it leads it.
fn led_list<'t>(source: &'t Source, page: &'t Markdown, first: &ListItem) -> Option<LedList<'t>> {
    let above = source.slice(Span::new(0, first.span.start as usize)).trim_end();
    let line = Span::new(above.rfind('\n').map_or(0, |end| end + 1), above.len());
    let lead = lead(source.slice(line))?;
    let items = items_below(source, page, line);
    let span = items.iter().map(|item| item.span).reduce(Span::to)?;
    Some(LedList { lead, span, items })
}

/// Returns the items of the list that begins directly below a line.
fn items_below<'t>(source: &Source, page: &'t Markdown, line: Span) -> Vec<&'t ListItem> {
    let (before, after) = page.items.split_at(page.items.partition_point(|item| item.span.start < line.end));
    // Below an item, only nested ones belong to it.
    let own_depth = before.last().filter(|item| item.span.start >= line.start).map_or(0, |item| item.depth);
    let Some(depth) = after.first().map(|item| item.depth).filter(|depth| *depth > own_depth) else {
        return Vec::new();
    };
    let mut end = line.end;
    let is_adjacent = |item: &&ListItem| {
        let gap = item.span.start <= end
            || source.slice(Span { start: end, end: item.span.start }).trim().is_empty();
        end = end.max(item.span.end);
        gap && item.depth >= depth
    };
    let list = after.iter().take_while(is_adjacent);
    list.filter(|item| item.depth == depth && !item.plain.trim().is_empty()).collect()
}

/// Returns the words of a line such as `Follow-ups:`, `**Next steps:**` or `- Actions`.
fn lead(line: &str) -> Option<&str> {
    const MAX_WORDS: usize = 4;
    let line = line.trim();
    let text = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    let words = text.trim().trim_matches(['*', '_']);
    let words = words.strip_suffix(':').unwrap_or(words).trim_end_matches(['*', '_']);
    let is_short = (1..=MAX_WORDS).contains(&words.split(' ').take(MAX_WORDS + 1).count());
    let is_plain = words.starts_with(char::is_alphabetic) && !words.contains([':', '|', '`', '[']);
    (is_short && is_plain).then_some(words)
}

fn indent(line: &str) -> u32 {
    u32::try_from(line.len() - line.trim_start().len()).unwrap_or_default()
}

fn mapping(source: &Source, item: &ListItem, text: &Field, inline: &[&Field]) -> Node {
    let whole = Span { start: item.span.start, end: item.text.end };
    let line = source.slice(whole);
    let marker = 0..(item.text.start - item.span.start) as usize;
    let mut taken: Vec<Range<usize>> = Vec::from([marker]);
    let mut entries = Vec::new();
    for field in inline {
        let Some((all, value)) = field.inline.find(line) else { continue };
        let start = whole.start as usize;
        let span = Span::new(start + value.start, start + value.end);
        entries.push(entry(field, span, line[value].trim()));
        taken.push(all);
    }
    let rest = without(line, taken);
    if !rest.is_empty() {
        entries.insert(0, entry(text, item.text, &rest));
    }
    Node::mapping(item.text, Mapping::new(entries))
}

fn entry(field: &Field, span: Span, value: &str) -> Entry {
    Entry { key: Key { name: field.name.clone(), span }, value: Node::text(span, value) }
}

/// Returns a line without parts of it, and without the punctuation that these leave at its end.
fn without(line: &str, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_by_key(|part| part.start);
    let mut rest = String::new();
    let mut at = 0;
    for part in parts {
        rest.push_str(line.get(at..part.start).unwrap_or_default());
        rest.push(' ');
        at = at.max(part.end);
    }
    rest.push_str(line.get(at..).unwrap_or_default());
    let words: Vec<&str> = rest.split_whitespace().collect();
    const ENDS: [char; 9] = [' ', ',', ';', ':', '-', '–', '—', '(', '['];
    let mut rest = words.join(" ").trim_end_matches(" .").trim_end_matches(ENDS).to_owned();
    for (opening, closing) in [('(', ')'), ('[', ']')] {
        let (opened, closed) = (rest.matches(opening).count(), rest.matches(closing).count());
        match opened.cmp(&closed) {
            Ordering::Greater => rest.push(closing),
            Ordering::Less if rest.ends_with(closing) => {
                rest.pop();
                rest.truncate(rest.trim_end_matches(ENDS).len());
            }
            _ => {}
        }
    }
    rest
}

/// Returns the references in texts. One with more words than an identifier is a name only if records go `by_title`, and else
/// prose.
pub(super) fn references(source: &Source, node: Node, by_title: bool) -> Option<Node> {
    let span = node.span;
    let found: Vec<Node> = match node.value {
        Value::Sequence(items) => items.iter().filter_map(|item| reference(source, item, by_title)).collect(),
        _ => parts(source, &node).iter().filter_map(|part| reference(source, part, by_title)).collect(),
    };
    (!found.is_empty()).then(|| Node::sequence(span, found))
}

pub(super) fn reference(source: &Source, node: &Node, by_title: bool) -> Option<Node> {
    let text = node.as_text()?;
    if let Some(destination) = linked_file(text) {
        let start = destination.as_ptr() as usize - text.as_ptr() as usize;
        let span = TextSpans::new(source, node).span(start..start + destination.len());
        return Some(Node::text(span, destination));
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let first = text[..end].trim_end_matches([':', ',', ';', '.', ')', '–', '—']);
    if end == text.len() || first.contains(|c: char| c.is_ascii_digit()) {
        return (!first.is_empty())
            .then(|| Node::text(TextSpans::new(source, node).span(0..first.len()), first));
    }
    let name = text.split(" (").next().unwrap_or(text).trim_end();
    by_title.then(|| Node::text(TextSpans::new(source, node).span(0..name.len()), name))
}

/// Returns the identifier of capital letters, a hyphen and a number with which a longer text begins.
fn code_before_words(text: &str) -> Option<&str> {
    const MAX_LETTERS: usize = 6;
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = text[letters..].strip_prefix('-')?;
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_code = (1..=MAX_LETTERS).contains(&letters) && rest.len() < number.len();
    let ends = rest.starts_with([':', ';', '.', ')', ' ', '–', '—']) && !rest.starts_with(" (");
    // Several identifiers are told as a whole.
    (is_code && ends).then(|| &text[..text.len() - rest.len()])
}

/// Returns the identifier with which an item begins or, in brackets, ends: `D-8: buy wood`, `buy wood (D-8)`.
pub(super) fn code(source: &Source, node: &Node) -> Option<Node> {
    let text = node.as_text()?;
    let in_brackets = || {
        let start = text.rfind('(')? + 1;
        let inner = text[start..].trim_end_matches(['.', ' ']).strip_suffix(')')?;
        (code_before_words(&format!("{inner}:"))?.len() == inner.len()).then_some(start..start + inner.len())
    };
    let range = code_before_words(text).map(|code| 0..code.len()).or_else(in_brackets)?;
    Some(Node::text(TextSpans::new(source, node).span(range.clone()), &text[range]))
}

/// Returns the file to which a text leads that is a link: `[Rent a hall](hall.md)`.
fn linked_file(text: &str) -> Option<&str> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let destination = rest.strip_suffix(')')?;
    let is_file =
        !destination.is_empty() && !destination.contains([':', ' ', ')']) && !destination.starts_with('#');
    (is_file && !label.contains(']')).then_some(destination)
}

/// Splits a text at commas.
pub(super) fn parts(source: &Source, node: &Node) -> Vec<Node> {
    parts_between(source, node, &[","])
}

/// Splits a text at these separators.
pub(super) fn parts_between(source: &Source, node: &Node, separators: &[&str]) -> Vec<Node> {
    let Some(text) = node.as_text() else { return vec![node.clone()] };
    let spans = TextSpans::new(source, node);
    let mut parts = Vec::new();
    let mut from = 0;
    while from <= text.len() {
        let rest = &text[from..];
        let found = separators.iter().filter_map(|it| Some((find_outside_brackets(rest, it)?, it.len())));
        let (length, separator) = found.min().unwrap_or((rest.len(), 1));
        let piece = &rest[..length];
        let trimmed = piece.trim();
        let start = from + (piece.len() - piece.trim_start().len());
        if !trimmed.is_empty() {
            parts.push(Node::text(spans.span(start..start + trimmed.len()), trimmed));
        }
        from += length + separator;
    }
    parts
}
