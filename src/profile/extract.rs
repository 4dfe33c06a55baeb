//! Where a field of a record stands in a file of a foreign format, and how it is cut out.

use std::ops::Range;

use super::pattern::Pattern;
use super::same_key;
use super::view::View;
use crate::node::{Entry, Node, Value};
use crate::syntax::Markdown;
use crate::syntax::markdown::Heading;
use crate::text::{Source, Span};

/// One place of a field.
#[derive(Debug)]
pub(crate) struct Extractor {
    pub origin: Origin,
    /// Keeps of each value what this captures.
    pub pattern: Option<Pattern>,
    /// A value that this matches counts as absent.
    pub unless: Option<Pattern>,
    /// Splits one text into several.
    pub split: Option<Box<str>>,
}

#[derive(Debug)]
pub(crate) enum Origin {
    Key(Vec<Box<str>>),
    Header(Vec<Box<str>>),
    Preamble(Pattern),
    /// By the sections' keys.
    Section(Vec<Box<str>>, Take),
    Title(Pattern),
    File(Pattern),
    Folder(Pattern),
    Cell(Vec<Box<str>>),
    Fixed(Box<str>),
}

/// What of a section is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Take {
    Text,
    Line,
    Lines,
    Items,
    Links,
}

impl Extractor {
    /// The value, with the bytes that hold it; one that no bytes hold stands where the record begins.
    pub fn read(&self, view: &View<'_>) -> Option<Node> {
        let found = self.origin.read(view)?;
        let node = match &self.split {
            Some(separator) => split(view.source(), found, separator),
            None => found,
        };
        self.refine(view.source(), node)
    }

    /// The key under which the value stands, where it stands under one.
    pub fn key_span(&self, view: &View<'_>) -> Option<Span> {
        let Origin::Key(keys) = &self.origin else { return None };
        entry(view.root?, keys).map(|entry| entry.key.span)
    }

    /// The keys that are looked up in the file's tree.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = match &self.origin {
            Origin::Key(keys) => &**keys,
            _ => &[],
        };
        keys.iter().map(|key| &**key)
    }

    /// The keys of the sections of which more is taken than the text.
    pub fn parted_sections(&self) -> &[Box<str>] {
        match &self.origin {
            Origin::Section(keys, take) if *take != Take::Text => keys,
            _ => &[],
        }
    }

    /// Whether the value is all that stands in its place.
    pub fn is_plain(&self) -> bool {
        self.pattern.is_none()
    }

    /// Applies `pattern` and `unless` to a text or to each text of a list.
    fn refine(&self, source: &Source, node: Node) -> Option<Node> {
        if self.pattern.is_none() && self.unless.is_none() {
            return Some(node);
        }
        match node.value {
            Value::Sequence(items) => {
                let kept: Vec<Node> =
                    items.into_iter().filter_map(|item| self.refine(source, item)).collect();
                (!kept.is_empty()).then(|| Node::sequence(node.span, kept))
            }
            Value::Scalar(_) => {
                let kept = match &self.pattern {
                    Some(pattern) => part(source, &node, pattern.keep(node.as_text()?)?),
                    None => node,
                };
                let refused =
                    self.unless.as_ref().is_some_and(|unless| unless.is_match(kept.as_text().unwrap_or("")));
                (!refused).then_some(kept)
            }
            Value::Mapping(_) => Some(node),
        }
    }
}

impl Origin {
    fn read(&self, view: &View<'_>) -> Option<Node> {
        match self {
            Origin::Key(keys) => by_key(view.root?, keys),
            Origin::Header(names) => by_key(view.header()?, names),
            Origin::Preamble(pattern) => {
                let span = view.preamble()?;
                captured(span, view.source().slice(span), pattern)
            }
            Origin::Section(keys, take) => {
                let heading = view.section(keys)?;
                take.read(view.source(), view.markdown()?, heading)
            }
            Origin::Title(pattern) => {
                let heading = view.title()?;
                let kept = heading.title.get(pattern.keep(&heading.title)?)?;
                Some(Node::text(span_of(view.source(), heading.span, kept), kept))
            }
            Origin::File(pattern) => named(view, view.stem(), pattern),
            Origin::Folder(pattern) => named(view, view.folder()?, pattern),
            Origin::Cell(names) => {
                let cell = view.row?.cell(names)?;
                let text = cell.text.trim();
                (!text.is_empty()).then(|| Node::text(cell.span, text))
            }
            Origin::Fixed(text) => Some(Node::text(view.anchor(), text.clone())),
        }
    }
}

impl Take {
    /// Reads what stands below a heading. Text holds the headings nested in it; lines and items do not.
    pub fn read(self, source: &Source, page: &Markdown, heading: &Heading) -> Option<Node> {
        match self {
            Take::Text => text(source, heading.body),
            Take::Line => lines(source, page, heading.own_body).next(),
            Take::Lines => list(heading.own_body, lines(source, page, heading.own_body).collect()),
            Take::Items => list(heading.own_body, items(page, heading.own_body)),
            Take::Links => list(heading.own_body, links(page, heading.own_body)),
        }
    }
}

/// The value under the first of the keys that is there and holds something.
fn by_key(mapping: &Node, keys: &[Box<str>]) -> Option<Node> {
    entry(mapping, keys).map(|entry| entry.value.clone())
}

fn entry<'n>(mapping: &'n Node, keys: &[Box<str>]) -> Option<&'n Entry> {
    let entries = mapping.as_mapping()?.entries();
    keys.iter().find_map(|key| {
        let entry = entries.iter().find(|entry| same_key(&entry.key.name, key))?;
        (!entry.value.is_null()).then_some(entry)
    })
}

fn named(view: &View<'_>, name: &str, pattern: &Pattern) -> Option<Node> {
    Some(Node::text(view.anchor(), name.get(pattern.keep(name)?)?))
}

fn captured(span: Span, text: &str, pattern: &Pattern) -> Option<Node> {
    let range = pattern.keep(text)?;
    let start = span.start as usize + range.start;
    Some(Node::text(Span::new(start, start + range.len()), &text[range]))
}

/// The trimmed text of some bytes; none where only white space stands.
pub(crate) fn text(source: &Source, span: Span) -> Option<Node> {
    let whole = source.slice(span);
    let trimmed = whole.trim();
    let start = span.start as usize + (whole.len() - whole.trim_start().len());
    (!trimmed.is_empty()).then(|| Node::text(Span::new(start, start + trimmed.len()), trimmed))
}

/// The lines that say something, without list and quote markers; comments say nothing.
fn lines<'a>(source: &'a Source, page: &'a Markdown, span: Span) -> impl Iterator<Item = Node> + 'a {
    let mut start = span.start as usize;
    let pieces = source.slice(span).split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    });
    pieces.filter_map(move |(at, line)| {
        let said = line.trim_start_matches([' ', '\t', '-', '*', '+', '>']);
        let marker = &line[..line.len() - said.len()];
        // `**bold**` starts with the same signs as a bullet, which white space follows.
        let said = if marker.ends_with([' ', '\t']) { said } else { line.trim_start() };
        let from = at + (line.len() - said.len());
        let said = said.trim_end();
        let node = Node::text(Span::new(from, from + said.len()), said);
        (!said.is_empty() && !in_comment(page, node.span)).then_some(node)
    })
}

fn in_comment(page: &Markdown, span: Span) -> bool {
    let after = page.comments.partition_point(|comment| comment.start <= span.start);
    after > 0 && page.comments[after - 1].contains(span)
}

/// The outermost list items.
pub(crate) fn items(page: &Markdown, span: Span) -> Vec<Node> {
    let from = page.items.partition_point(|item| item.span.start < span.start);
    let within = page.items[from..].iter().take_while(|item| item.span.start < span.end);
    within
        .filter(|item| item.depth == 1 && !item.plain.trim().is_empty())
        .map(|item| Node::text(item.text, item.plain.trim()))
        .collect()
}

/// The destinations of links.
pub(crate) fn links(page: &Markdown, span: Span) -> Vec<Node> {
    let from = page.links.partition_point(|link| link.span.start < span.start);
    let within = page.links[from..].iter().take_while(|link| link.span.start < span.end);
    within
        .filter(|link| !link.image)
        .map(|link| Node::text(link.destination_span, link.destination.clone()))
        .collect()
}

fn list(span: Span, items: Vec<Node>) -> Option<Node> {
    let last = items.last()?.span;
    let span = items.first().map_or(span, |first| first.span.to(last));
    Some(Node::sequence(span, items))
}

/// Splits a text, or each text of a list, at the separator.
fn split(source: &Source, node: Node, separator: &str) -> Node {
    let span = node.span;
    let whole = match node.value {
        Value::Scalar(_) => vec![node],
        Value::Sequence(items) => items,
        Value::Mapping(_) => return node,
    };
    let parts = whole.into_iter().flat_map(|item| parts(source, item, separator)).collect();
    Node::sequence(span, parts)
}

fn parts(source: &Source, node: Node, separator: &str) -> Vec<Node> {
    let Some(text) = node.as_text().filter(|text| text.contains(separator)) else { return vec![node] };
    let held = Held::of(source, &node);
    let mut start = 0;
    let mut parts = Vec::new();
    for piece in text.split(separator) {
        let trimmed = piece.trim();
        let from = start + (piece.len() - piece.trim_start().len());
        if !trimmed.is_empty() {
            parts.push(Node::text(held.span(from..from + trimmed.len()), trimmed));
        }
        start += piece.len() + separator.len();
    }
    parts
}

/// Some bytes of a text's own text, as a node of their own.
fn part(source: &Source, node: &Node, range: Range<usize>) -> Node {
    let kept = node.as_text().and_then(|text| text.get(range.clone())).unwrap_or_default();
    Node::text(Held::of(source, node).span(range), kept)
}

/// The bytes of the file that hold a text.
pub(crate) struct Held {
    span: Span,
    /// The byte at which the text stands as it is; none where escapes or folded lines keep the two apart.
    start: Option<usize>,
}

impl Held {
    pub fn of(source: &Source, node: &Node) -> Held {
        let at = source.slice(node.span).find(node.as_text().unwrap_or_default());
        Held { span: node.span, start: at.map(|at| node.span.start as usize + at) }
    }

    /// The bytes that hold this range of the text, else those of all of it.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.start.map_or(self.span, |start| Span::new(start + range.start, start + range.end))
    }
}

/// Where `text` stands inside `span`; `span` itself where it does not stand there as it is.
fn span_of(source: &Source, span: Span, text: &str) -> Span {
    match source.slice(span).find(text) {
        Some(at) if !text.is_empty() => {
            let start = span.start as usize + at;
            Span::new(start, start + text.len())
        }
        _ => span,
    }
}
