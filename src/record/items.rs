//! Reads list items and lines that say several things: who does what by when, a question and its answer, or which record and what about it.

use std::ops::Range;

use super::body::{Body, Places, TextSpans, list, text};
use crate::kind::{Field, Shape};
use crate::node::{Entry, Mapping, Node};
use crate::syntax::Markdown;
use crate::syntax::line::{self, Line, Marks};
use crate::syntax::markdown::ListItem;
use crate::text::{Source, Span, beginning_in, find_outside_brackets};
use crate::value::phrase::{self, Phrase};
use crate::value::reference::{self, Reference};
use crate::value::words;

/// Returns the items of a list as texts: as they are written if parts of them are fields, else without marks.
pub(super) fn values<'i>(
    source: &Source,
    items: impl IntoIterator<Item = &'i ListItem>,
    shape: &Shape,
) -> Option<Node> {
    shape.text.as_ref()?;
    let is_raw = have_parts(shape);
    let node = |item: &ListItem| {
        Node::text(item.text, if is_raw { source.slice(item.text) } else { item.plain.trim() })
    };
    list(items.into_iter().map(node).collect())
}

/// Returns true if fields are parts of the text of an item, as who does something is.
pub(super) fn have_parts(shape: &Shape) -> bool {
    shape.fields.iter().any(|field| field.in_text.is_some_and(Phrase::is_taken_out))
}

/// Returns the texts of the lines of a page that are marked as items of a list, outside `except`.
pub(super) fn marked(source: &Source, page: &Markdown, field: &Field, except: &Places) -> Vec<Node> {
    let are_tasks = field.item_shape().is_some_and(have_parts);
    let code = page.fences.iter().map(|fence| fence.span);
    let hidden = Places::new(page.comments.iter().copied().chain(code));
    let lines = line::lines(source, Span::new(0, source.text().len()), Marks::Usual);
    let item = |line: Line<'_>| {
        let text = phrase::marked(line.text, &field.marked, are_tasks)?;
        let is_hidden = except.overlap(line.span()) || hidden.overlap(line.span());
        (!is_hidden).then(|| Node::text(line.span().part(text.clone()), &line.text[text]))
    };
    lines.filter_map(item).collect()
}

/// The items of a list below a plain line such as `Follow-ups:`.
pub(super) struct LedList<'t> {
    /// The line above the list, without its marks.
    pub lead: &'t str,
    pub items: Vec<&'t ListItem>,
}

/// Returns the lists in a part of a page below a short line, outside code and comments: `Follow-ups:`, `**Actions**`, `- Next steps:`.
pub(super) fn led_lists<'t>(source: &'t Source, page: &'t Markdown, within: Span) -> Vec<LedList<'t>> {
    let items = beginning_in(&page.items, within, |it| it.span);
    let is_next_to = |end: u32, item: &ListItem| {
        item.span.start <= end || source.slice(Span { start: end, end: item.span.start }).trim().is_empty()
    };
    let list = |(at, first): (usize, &'t ListItem)| {
        let before = at.checked_sub(1).map(|before| &items[before]);
        // Of items that share a line, such as `- 1. text`, only the first one has the line above.
        let is_on_line = |it: &ListItem| {
            !source.slice(Span { start: it.span.start, end: first.span.start }).contains('\n')
        };
        if before
            .is_some_and(|it| is_on_line(it) || it.depth >= first.depth && is_next_to(it.span.end, first))
        {
            return None;
        }
        let above = source.slice(Span::new(0, first.span.start as usize)).trim_end();
        let lead = lead(&above[above.rfind('\n').map_or(0, |end| end + 1)..])?;
        let mut end = first.span.start;
        let below = items[at..].iter().take_while(|item| {
            let is_in_list = is_next_to(end, item) && item.depth >= first.depth;
            end = end.max(item.span.end);
            is_in_list
        });
        let items = below.filter(|item| item.depth == first.depth && !item.plain.trim().is_empty());
        Some(LedList { lead, items: items.collect() })
    };
    items.iter().enumerate().filter_map(list).filter(|list| !list.items.is_empty()).collect()
}

/// Returns the words of a line such as `Follow-ups:`, `**Next steps:**` or `- Actions`.
fn lead(line: &str) -> Option<&str> {
    const MAX_WORDS: usize = 4;
    const MAX_WORDS_BEFORE_COLON: usize = 6;
    let line = line.trim();
    let text = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    let words = text.trim().trim_matches(['*', '_']);
    let words = words.strip_suffix(':').unwrap_or(words).trim_end_matches(['*', '_']);
    let most = if text.ends_with([':', '*', '_']) { MAX_WORDS_BEFORE_COLON } else { MAX_WORDS };
    let is_short = (1..=most).contains(&words.split(' ').take(most + 1).count());
    let is_plain = words.starts_with(char::is_alphabetic) && !words.contains([':', '|', '`', '[']);
    (is_short && is_plain).then_some(words)
}

/// Returns a line without parts of it, and without the punctuation that these leave at its end.
pub(super) fn without(line: &str, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_by_key(|part| part.start);
    let mut rest = String::new();
    let mut at = 0;
    for part in parts {
        rest.push_str(line.get(at..part.start).unwrap_or_default());
        rest.push(' ');
        at = at.max(part.end);
    }
    rest.push_str(line.get(at..).unwrap_or_default());
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    // What stood between two dashes leaves one.
    words.dedup_by(|next, word| next == word && matches!(*word, "-" | "–" | "—"));
    const ENDS: [char; 9] = [' ', ',', ';', ':', '-', '–', '—', '(', '['];
    let mut rest = words.join(" ").trim_end_matches(" .").trim_end_matches(ENDS).to_owned();
    for (opening, closing) in [('(', ')'), ('[', ']')] {
        if rest.matches(opening).count() > rest.matches(closing).count() {
            rest.push(closing);
        }
    }
    rest
}

/// Returns the parts of a section that say two things each, as mappings: list items, sub-headings with text, and lines that begin in bold.
pub(super) fn pairs(body: &Body<'_>, (first, second): &(Box<str>, Box<str>)) -> Option<Node> {
    let source = body.source;
    let mut pairs = bold_lines(source, body.own);
    if pairs.is_empty() {
        pairs = body.outermost_items().filter_map(|item| question(source, item)).collect();
    }
    pairs.extend(body.subheadings().map(|below| (below.span, below.body)));
    let mapping = |(question, answer): (Span, Span)| {
        let (question, answer) = (text(source, question)?, text(source, without_marks(source, answer))?);
        let span = question.span.to(answer.span);
        let entry = |name: &str, value: Node| Entry::new(name, value.span, value);
        Some(Node::mapping(span, Mapping::new(vec![entry(first, question), entry(second, answer)])))
    };
    list(pairs.into_iter().filter_map(mapping).collect())
}

/// Splits an item after its bold beginning, its question mark or its colon.
fn question(source: &Source, item: &ListItem) -> Option<(Span, Span)> {
    let line = source.slice(item.text);
    let rest = |at: usize| Span { end: item.span.end.max(item.text.end), ..item.text.part(at..line.len()) };
    if let Some((inside, end)) = bold_beginning(line) {
        return Some((item.text.part(inside), rest(end)));
    }
    let is_end = |(at, _): &(usize, &str)| !line[at + 1..].starts_with(|c: char| !c.is_whitespace());
    let (end, mark) = ["?", ":"].iter().find_map(|mark| line.match_indices(mark).find(is_end))?;
    Some((item.text.part(0..end + usize::from(mark == "?")), rest(end + 1)))
}

/// Returns what lines begin with in bold, each with the text up to the next such line.
fn bold_lines(source: &Source, within: Span) -> Vec<(Span, Span)> {
    let mut pairs: Vec<(Span, Span)> = Vec::new();
    for line in line::lines(source, within, Marks::Usual).filter(|line| line.indentation == 0) {
        if let Some((inside, end)) = bold_beginning(line.text) {
            if let Some((_, last)) = pairs.last_mut() {
                *last = Span::new(last.start as usize, line.start);
            }
            pairs.push((line.span().part(inside), Span::new(line.start + end, within.end as usize)));
        }
    }
    pairs
}

/// Returns the range between the marks at the beginning of a line, and the end of the closing one.
fn bold_beginning(line: &str) -> Option<(Range<usize>, usize)> {
    let mark = ["**", "__"].into_iter().find(|mark| line.starts_with(mark))?;
    let length = line[mark.len()..].find(mark).filter(|length| *length > 0)?;
    let end = mark.len() + length;
    Some((mark.len()..end, end + mark.len()))
}

/// Leaves out the punctuation, and the mark of a list, before an answer.
fn without_marks(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let rest = text.trim_start_matches(|c: char| c.is_whitespace() || ":–—-*+>".contains(c));
    Span::new(span.end as usize - rest.len(), span.end as usize)
}

/// Returns the references of a text, one of each part. Several words are a name only if records go `by_title`, and else prose.
pub(super) fn references(source: &Source, node: Node, by_title: bool) -> Vec<Node> {
    parts_between(source, &node, &[","]).iter().filter_map(|part| reference(source, part, by_title)).collect()
}

pub(super) fn reference(source: &Source, node: &Node, by_title: bool) -> Option<Node> {
    let text = node.as_text()?;
    let spans = TextSpans::new(source, node);
    let found = reference::read_all(text).into_iter().next()?;
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_code = word.contains(|c: char| c.is_ascii_digit()) || word.len() == text.trim().len();
    let whole = text.split(" (").next().unwrap_or(text).trim_end();
    // `Priority 1`
    let is_of_series = whole.split_once(' ').is_some_and(|(word, number)| {
        words::is_in("series-labels", word) && number.bytes().all(|c| c.is_ascii_digit())
    });
    let name = match found.target {
        reference::Target::Name(_) if is_code => word.trim_end_matches([':', ',', ';', '.', ')', '–', '—']),
        // `Phase 2 rollout` may be a title.
        reference::Target::Number(..) if is_code || !by_title || found.range.start > 0 => {
            return Some(referred(found, text, |range| spans.span(range)));
        }
        reference::Target::Name(_) | reference::Target::Number(..) => {
            Some(whole).filter(|_| by_title || is_of_series)?
        }
        _ => return Some(referred(found, text, |range| spans.span(range))),
    };
    (!name.is_empty()).then(|| spans.part(name))
}

/// Returns a reference in a text: where a link leads, else what is written. `place` is that of a part of the text.
pub(super) fn referred(found: Reference<'_>, text: &str, place: impl Fn(Range<usize>) -> Span) -> Node {
    match found.target {
        reference::Target::Number(..) | reference::Target::Name(_) => {
            Node::text(place(found.range.clone()), &text[found.range])
        }
        reference::Target::Path(target) | reference::Target::Address(target) => {
            let start = text[found.range.clone()].rfind(target).map(|at| found.range.start + at);
            Node::text(place(start.map_or(found.range, |start| start..start + target.len())), target)
        }
    }
}

/// Returns the identifier with which an item begins or, in brackets, ends: `D-8: buy wood`, `buy wood (D-8)`.
pub(super) fn code(source: &Source, node: &Node) -> Option<Node> {
    let text = node.as_text()?;
    let in_brackets = || {
        let inner = text[text.rfind('(')? + 1..].trim_end_matches(['.', ' ']).strip_suffix(')')?;
        (length_of_code(inner)? == inner.len()).then_some(inner)
    };
    let is_end =
        |rest: &str| rest.starts_with([':', ';', '.', ')', ' ', '–', '—']) && !rest.starts_with(" (");
    // Several identifiers are reported as a whole.
    let at_start = length_of_code(text).filter(|length| is_end(&text[*length..]));
    let code = at_start.map(|length| &text[..length]).or_else(in_brackets)?;
    Some(TextSpans::new(source, node).part(code))
}

/// Returns the length of the identifier of capital letters, a hyphen and a number with which a text begins.
fn length_of_code(text: &str) -> Option<usize> {
    const MAX_LETTERS: usize = 6;
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = text[letters..].strip_prefix('-')?.bytes().take_while(u8::is_ascii_digit).count();
    ((1..=MAX_LETTERS).contains(&letters) && digits > 0).then_some(letters + 1 + digits)
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
        parts.push(spans.part(rest[..length].trim()));
        from += length + separator;
    }
    parts.retain(|part| !part.is_blank());
    parts
}
