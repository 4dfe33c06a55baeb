//! The text of a section, and nodes of its parts.

use std::ops::Range;

use crate::layout::Section;
use crate::node::Node;
use crate::syntax::markdown::{Heading, ListItem};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span, beginning_in, range_in};
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
        let nested = beginning_in(&self.page.headings, self.whole, |it| it.span).iter();
        let level = nested.clone().map(|other| other.level).min();
        nested.filter(move |other| Some(other.level) == level)
    }

    /// Returns the items that are in no other one and have a text.
    pub(super) fn outermost_items(&self) -> impl Iterator<Item = &'a ListItem> + use<'a> {
        let items = beginning_in(&self.page.items, self.own, |it| it.span).iter();
        items.filter(|item| item.depth == 1 && !item.plain.trim().is_empty())
    }
}

/// Returns the names in a text that stands at a span.
pub(super) fn people_in(source: &Source, text: &str, span: Span) -> Vec<Node> {
    let spans = TextSpans::of(source, span, text);
    let node = |named: value::people::Named<'_>| {
        let is_named = named.name.contains(char::is_alphabetic) && named.handle.is_none();
        let written = if is_named { named.name } else { &text[named.range.clone()] };
        Node::text(spans.span(named.range), written)
    };
    value::people::read_all(text).into_iter().map(node).collect()
}

/// Returns the place of a part of a text that stands at a span; the span if it is written otherwise there.
pub(super) fn place(source: &Source, span: Span, text: &str, range: &Range<usize>) -> Span {
    TextSpans::of(source, span, text).span(range.clone())
}

/// Returns a text that stands at a span without the blanks around it.
pub(super) fn trimmed(source: &Source, span: Span, text: &str) -> Node {
    TextSpans::of(source, span, text).part(text.trim())
}

pub(super) fn text(source: &Source, span: Span) -> Option<Node> {
    Some(trimmed(source, span, source.slice(span))).filter(|text| !text.is_blank())
}

pub(super) fn list(items: Vec<Node>) -> Option<Node> {
    let span = items.first()?.span.to(items.last()?.span);
    Some(Node::sequence(span, items))
}

/// Returns where the links in a part of a page lead.
pub(super) fn links_in(page: &Markdown, span: Span) -> Vec<Node> {
    let links = beginning_in(&page.links, span, |link| link.span).iter().filter(|link| !link.image);
    links.map(|link| Node::text(link.destination_span, link.destination.clone())).collect()
}

/// Maps ranges of a text to spans of the file.
pub(super) struct TextSpans<'t> {
    text: &'t str,
    span: Span,
    /// The position of the text in the file; `None` if it differs from the source, by escapes or folded lines.
    start: Option<usize>,
}

impl<'t> TextSpans<'t> {
    pub(super) fn new(source: &Source, node: &'t Node) -> TextSpans<'t> {
        TextSpans::of(source, node.span, node.as_text().unwrap_or_default())
    }

    pub(super) fn of(source: &Source, span: Span, text: &'t str) -> TextSpans<'t> {
        let within = source.slice(span);
        // Most texts are written as they are.
        let at = if within.starts_with(text) { Some(0) } else { within.find(text) };
        TextSpans { text, span, start: at.map(|at| span.start as usize + at) }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.start.map_or(self.span, |start| Span::new(start + range.start, start + range.end))
    }

    pub(super) fn part(&self, part: &str) -> Node {
        Node::text(self.span(range_in(self.text, part)), part)
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
