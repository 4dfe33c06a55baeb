//! Reads the parts of a section that say two things each, such as a question and its answer: list items, sub-headings with text,
//! and lines that begin in bold.

use super::body::{Body, text};
use crate::kind::Shape;
use crate::node::{Entry, Key, Mapping, Node};
use crate::syntax::markdown::ListItem;
use crate::text::{Source, Span};

/// A question, and the text after it.
struct Pair {
    first: Span,
    second: Span,
}

/// Returns the pairs of a section as mappings; `None` if nothing there says both things, or the mappings have no such fields.
pub(super) fn in_section(body: &Body<'_>, shape: &Shape) -> Option<Node> {
    let source = body.source;
    let (first, second) = shape.pair.as_ref()?;
    let mut pairs = of_bold_lines(source, body.own);
    if pairs.is_empty() {
        pairs = body
            .list_items()
            .filter(|item| item.depth == 1)
            .filter_map(|item| of_item(source, item))
            .collect();
    }
    pairs.extend(body.subheadings().map(|below| Pair { first: below.span, second: below.body }));
    let entry = |name: &str, value: Node| Entry { key: Key { name: name.into(), span: value.span }, value };
    let mapping = |pair: &Pair| {
        let (question, answer) =
            (text(source, pair.first)?, text(source, without_marks(source, pair.second))?);
        // Two questions in a row are no question and its answer.
        let asks = |node: &Node| node.as_text().is_some_and(|text| text.trim_end().ends_with('?'));
        if asks(&question) && asks(&answer) {
            return None;
        }
        let span = question.span.to(answer.span);
        Some(Node::mapping(span, Mapping::new(vec![entry(first, question), entry(second, answer)])))
    };
    let found: Vec<Node> = pairs.iter().filter_map(mapping).collect();
    let all = found.iter().map(|pair| pair.span).reduce(Span::to)?;
    Some(Node::sequence(all, found))
}

/// Splits an item after its bold beginning, its question mark or its colon.
fn of_item(source: &Source, item: &ListItem) -> Option<Pair> {
    let whole = Span { start: item.text.start, end: item.span.end.max(item.text.end) };
    let line = source.slice(item.text);
    let at = |from: usize, to: usize| Span::new(whole.start as usize + from, whole.start as usize + to);
    if let Some((inside, end)) = bold_beginning(line) {
        return Some(Pair {
            first: at(inside.start, inside.end),
            second: at(end, source.slice(whole).len()),
        });
    }
    let is_end = |(at, _): &(usize, &str)| !line[at + 1..].starts_with(|c: char| !c.is_whitespace());
    let end = line.match_indices('?').find(is_end).or_else(|| line.match_indices(':').find(is_end))?.0;
    let kept = if line[end..].starts_with('?') { end + 1 } else { end };
    Some(Pair { first: at(0, kept), second: at(end + 1, source.slice(whole).len()) })
}

/// Returns what lines begin with in bold, each with the text up to the next such line.
fn of_bold_lines(source: &Source, within: Span) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut start = within.start as usize;
    for line in source.slice(within).split_inclusive('\n') {
        if let Some((inside, end)) = bold_beginning(line) {
            if let Some(last) = pairs.last_mut() {
                last.second = Span::new(last.second.start as usize, start);
            }
            let first = Span::new(start + inside.start, start + inside.end);
            pairs.push(Pair { first, second: Span::new(start + end, within.end as usize) });
        }
        start += line.len();
    }
    pairs
}

/// Returns the range between the marks at the beginning of a line, and the end of the closing one.
fn bold_beginning(line: &str) -> Option<(std::ops::Range<usize>, usize)> {
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
