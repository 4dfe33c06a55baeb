//! Headings, lines and items that hold lists and are records: the objectives of a quarter, each with its results.

use super::labels::{Label, line};
use super::{Found, Listed, outer};
use crate::syntax::markdown::{Heading, ListItem};
use crate::syntax::{Document, Markdown};
use crate::text::Span;

/// The parts of a page below one heading, up to the next.
struct Part<'p> {
    heading: &'p Heading,
    items: &'p [ListItem],
    /// Itself and those around it, the nearest first.
    labels: Vec<Label<'p>>,
}

impl Listed {
    /// Returns what is a record below the headings that are asked for: the innermost headings, or, directly below one that is asked for,
    /// lines with a list or items with others. Marked items, if there are any, are it in place of the heading.
    pub(super) fn outlined<'p>(&self, document: &'p Document, page: &'p Markdown) -> Vec<Found<'p>> {
        let mut labels: Vec<Label<'p>> = page.headings.iter().map(|it| self.heading(it)).collect();
        // The title says what the page is, and the profile asks for that elsewhere.
        let title = page.title().map(|title| title.span);
        let of_title =
            page.headings.iter().zip(&mut labels).filter(|(heading, _)| Some(heading.span) == title);
        of_title.for_each(|(_, label)| label.is_barred = false);
        let around = outer(&page.headings);
        let mut holds_others = vec![false; page.headings.len()];
        for (at, outer) in around.iter().enumerate() {
            if let Some(outer) = outer.filter(|_| !labels[at].is_barred) {
                holds_others[outer] = true;
            }
        }
        let mut found = Vec::new();
        for (at, heading) in page.headings.iter().enumerate() {
            let chain = std::iter::successors(Some(at), |at| around[*at]);
            let chain: Vec<Label<'p>> = chain.map(|at| labels[at]).collect();
            let is_below = chain.iter().any(|label| label.is_asked);
            if !is_below || chain.iter().any(|label| label.is_barred) {
                continue;
            }
            let body = if holds_others[at] { heading.own_body } else { heading.body };
            let from = page.items.partition_point(|item| item.span.start < body.start);
            let to = page.items.partition_point(|item| item.span.start < body.end);
            let items = page.items.get(from..to.max(from)).unwrap_or_default();
            let part = Part { heading, items, labels: chain };
            self.add_part(document, page, &part, holds_others[at], &mut found);
        }
        found
    }

    /// Returns the headings directly below one that is asked for, each with a text and without lists.
    pub(super) fn headings_without_lists<'p>(
        &self,
        document: &Document,
        page: &'p Markdown,
    ) -> Vec<Found<'p>> {
        let labels: Vec<Label<'p>> = page.headings.iter().map(|it| self.heading(it)).collect();
        let around = outer(&page.headings);
        let is_one = |at: usize| {
            let heading = &page.headings[at];
            let items = page.items.partition_point(|item| item.span.start < heading.span.start);
            let tables = page.tables.partition_point(|table| table.span.start < heading.span.start);
            let next = page.headings.get(at + 1);
            !labels[at].is_asked
                && !self.is_none(labels[at].text)
                && next.is_none_or(|next| next.level <= heading.level)
                && page.items.get(items).is_none_or(|it| it.span.start >= heading.body.end)
                && page.tables.get(tables).is_none_or(|it| it.span.start >= heading.body.end)
                && !document.source.slice(heading.body).trim().is_empty()
        };
        let found = (0..page.headings.len()).filter_map(|at| {
            let chain: Vec<Label<'p>> =
                std::iter::successors(Some(at), |at| around[*at]).map(|at| labels[at]).collect();
            let is_below = chain.get(1).is_some_and(|outer| outer.is_asked);
            let is_record = is_below && !chain.iter().any(|it| it.is_barred) && is_one(at);
            let text = self.without_marks(chain[0].text);
            is_record.then(|| Found {
                mark: text.0.map(Into::into),
                ..record(chain[0].span, text.1.into(), &chain[1..])
            })
        });
        found.collect()
    }

    fn add_part<'p>(
        &self,
        document: &'p Document,
        page: &'p Markdown,
        part: &Part<'p>,
        holds_others: bool,
        found: &mut Vec<Found<'p>>,
    ) {
        let before = found.len();
        let own = &part.labels[0];
        let outermost = outermost(part.items);
        for (item, _) in &outermost {
            let text = self.text_of(&document.source, item);
            if text.mark.is_some() && !text.is_none {
                found.push(record(item.text, text.name, &part.labels));
            }
        }
        if found.len() > before {
            return;
        }
        if !own.is_asked {
            let has_text = !document.source.slice(part.heading.body).trim().is_empty();
            if !holds_others && has_text && !self.is_none(own.text) {
                found.push(record(own.span, own.text.into(), &part.labels[1..]));
            }
            return;
        }
        let items = part.items.iter().map(|item| item.span.start);
        for span in lines_above_lists(document, page, part.heading.own_body, items) {
            let label = self.label(document.source.slice(span), span);
            if !label.is_barred && !label.is_asked && !self.is_none(label.text) {
                found.push(record(span, label.text.into(), &part.labels));
            }
        }
        if found.len() > before {
            return;
        }
        for (item, holds) in outermost {
            let text = self.text_of(&document.source, item);
            if holds && !text.is_none && !self.is_none(item.plain.trim()) {
                found.push(record(item.text, text.name, &part.labels));
            }
        }
    }
}

fn record<'p>(span: Span, name: Box<str>, above: &[Label<'p>]) -> Found<'p> {
    let mut headings = above.iter().copied().filter(|label| label.is_asked);
    let headings = [headings.next(), headings.next()];
    let above = above.first().copied();
    Found { span, name, number: None, mark: None, above, headings }
}

/// Returns the outermost items, each with whether it holds others.
fn outermost(items: &[ListItem]) -> Vec<(&ListItem, bool)> {
    let mut found: Vec<(&ListItem, bool)> = Vec::new();
    for item in items {
        match found.last_mut().filter(|(last, _)| last.span.contains(item.span)) {
            Some((_, holds)) => *holds = true,
            None => found.push((item, false)),
        }
    }
    found
}

/// Returns the paragraphs of one line directly above a list.
fn lines_above_lists(
    document: &Document,
    page: &Markdown,
    body: Span,
    items: impl Iterator<Item = u32>,
) -> Vec<Span> {
    const LONGEST: usize = 150;
    let source = &document.source;
    let from = page.paragraphs.partition_point(|it| it.span.start < body.start);
    let mut paragraphs = page.paragraphs[from..].iter().take_while(|it| it.span.end <= body.end).peekable();
    let mut found = Vec::new();
    let mut last = None;
    for start in items {
        while let Some(paragraph) = paragraphs.next_if(|it| it.span.start < start) {
            last = Some(paragraph.span);
        }
        let Some(span) = last.take() else { continue };
        let is_above = source.slice(Span { start: span.end.min(start), end: start }).trim().is_empty();
        let text = source.slice(span).trim();
        if is_above && text.len() <= LONGEST && !text.contains('\n') {
            // A line that is not in bold and ends with a colon says something about the list.
            let words = if text.starts_with("**") { line(source, span) } else { Some(span) };
            found.extend(words.filter(|_| text.starts_with("**") || !text.ends_with(':')));
        }
    }
    found
}
