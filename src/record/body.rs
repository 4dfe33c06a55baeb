//! The text of a section, and nodes of its parts.

use std::ops::Range;

use crate::layout::{self, Section};
use crate::node::Node;
use crate::syntax::markdown::{Heading, ListItem};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};
use crate::value;

/// The text below a heading, or below a label in bold.
#[derive(Clone, Copy)]
pub(super) struct Body<'a> {
    pub document: &'a Document,
    pub source: &'a Source,
    pub page: &'a Markdown,
    /// With the sections below it.
    pub whole: Span,
    pub own: Span,
}

impl<'a> Body<'a> {
    pub(super) fn new(document: &'a Document, section: &Section) -> Option<Body<'a>> {
        let page = document.markdown.as_deref()?;
        Some(Body { document, source: &document.source, page, whole: section.body, own: section.own_body })
    }

    /// Returns the headings of the highest level below this one.
    pub(super) fn subheadings(&self) -> impl Iterator<Item = &'a Heading> {
        let from = self.page.headings.partition_point(|other| other.span.start < self.whole.start);
        let end = self.whole.end;
        let nested = self.page.headings[from..].iter().take_while(move |other| other.span.start < end);
        let level = nested.clone().map(|other| other.level).min();
        nested.filter(move |other| Some(other.level) == level)
    }

    pub(super) fn list_items(&self) -> &'a [ListItem] {
        layout::items_in(self.page, self.own)
    }

    /// Returns the items that are in no other one and have a text.
    pub(super) fn outermost_items(&self) -> impl Iterator<Item = &'a ListItem> + use<'a> {
        self.list_items().iter().filter(|item| item.depth == 1 && !item.plain.trim().is_empty())
    }
}

/// Returns the names in a text that stands at a span.
pub(super) fn people_in(source: &Source, text: &str, span: Span) -> Vec<Node> {
    let node = |named: value::people::Named<'_>| {
        let is_named = named.name.contains(char::is_alphabetic) && named.handle.is_none();
        let written = if is_named { named.name } else { &text[named.range.clone()] };
        Node::text(place(source, span, text, &named.range), written)
    };
    value::people::read_all(text).into_iter().map(node).collect()
}

/// Returns the place of a part of a text that stands at a span; the span if it is written otherwise there.
pub(super) fn place(source: &Source, span: Span, text: &str, range: &Range<usize>) -> Span {
    TextSpans::of(source, span, text).span(range.clone())
}

pub(super) fn text(source: &Source, span: Span) -> Option<Node> {
    let whole = source.slice(span);
    let trimmed = whole.trim();
    let start = span.start as usize + (whole.len() - whole.trim_start().len());
    (!trimmed.is_empty()).then(|| Node::text(Span::new(start, start + trimmed.len()), trimmed))
}

pub(super) fn list(items: Vec<Node>) -> Option<Node> {
    let span = items.first()?.span.to(items.last()?.span);
    Some(Node::sequence(span, items))
}

/// Returns where the links in a part of a page lead.
pub(super) fn links_in(page: &Markdown, span: Span) -> Vec<Node> {
    let from = page.links.partition_point(|link| link.span.start < span.start);
    let within = page.links[from..].iter().take_while(|link| link.span.start < span.end);
    within
        .filter(|link| !link.image)
        .map(|link| Node::text(link.destination_span, link.destination.clone()))
        .collect()
}

/// Maps ranges of a node's text to spans of the file.
pub(super) struct TextSpans {
    span: Span,
    /// The position of the text in the file; `None` if it differs from the source, by escapes or folded lines.
    start: Option<usize>,
}

impl TextSpans {
    pub(super) fn new(source: &Source, node: &Node) -> TextSpans {
        TextSpans::of(source, node.span, node.as_text().unwrap_or_default())
    }

    fn of(source: &Source, span: Span, text: &str) -> TextSpans {
        let at = source.slice(span).find(text);
        TextSpans { span, start: at.map(|at| span.start as usize + at) }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.start.map_or(self.span, |start| Span::new(start + range.start, start + range.end))
    }
}

/// Parts of a page, to be asked whether one of them overlaps another part.
pub(super) struct Places {
    starts: Vec<u32>,
    /// For each start, the last end of the parts up to there.
    ends: Vec<u32>,
}

impl Places {
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Places {
        let mut spans: Vec<(u32, u32)> = spans.map(|span| (span.start, span.end)).collect();
        spans.sort_unstable();
        let mut last = 0;
        let ends = spans.iter().map(|(_, end)| {
            last = last.max(*end);
            last
        });
        Places { ends: ends.collect(), starts: spans.iter().map(|(start, _)| *start).collect() }
    }

    pub(super) fn overlap(&self, part: Span) -> bool {
        let before = self.starts.partition_point(|start| *start < part.end);
        before > 0 && self.ends[before - 1] > part.start
    }
}
