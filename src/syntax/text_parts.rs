//! Collects the visible text of a page while its blocks are read: prose, addresses in it, and its plain text.

use std::ops::Range;

use super::markdown::{
    Cell, Heading, Link, ListItem, Markdown, Paragraph, Prose, Slugger, Table, find_url, url_len,
};
use crate::text::{Span, single_spaced};

/// The ends of markup that a text does not have: they are not looked for again.
#[derive(Default)]
pub(super) struct Ends(Vec<&'static str>);

impl Ends {
    /// Returns the bytes before an end, in the rest of the text that is read.
    pub(super) fn find(&mut self, rest: &str, end: &'static str) -> Option<usize> {
        if self.0.contains(&end) {
            return None;
        }
        let found = rest.find(end);
        if found.is_none() {
            self.0.push(end);
        }
        found
    }
}

/// A page while it is read, and the text of the block that is being read.
#[derive(Default)]
pub(super) struct TextParts<'a> {
    pub source: &'a str,
    pub page: Markdown,
    /// Without markup.
    pub plain: String,
    pub quoted: bool,
    slugger: Slugger,
    block: u32,
    /// The block of the last stretch of prose.
    block_of_last: Option<u32>,
    /// The end of an address that may go on in the next text.
    url_end: Option<usize>,
}

impl<'a> TextParts<'a> {
    /// Takes a page, to which the parts of a text are added.
    pub(super) fn new(source: &'a str, page: &mut Markdown) -> TextParts<'a> {
        TextParts { source, page: std::mem::take(page), ..TextParts::default() }
    }

    pub(super) fn begin_block(&mut self) {
        self.block += 1;
        self.plain.clear();
    }

    /// Returns the plain text of the block, with single spaces.
    pub(super) fn take_plain(&mut self) -> Box<str> {
        let plain = single_spaced(&self.plain).into();
        self.plain.clear();
        plain
    }

    /// Adds visible text; addresses in it are no prose.
    pub(super) fn text(&mut self, range: Range<usize>) {
        self.plain.push_str(&self.source[range.clone()]);
        self.url_end = None;
        self.visible(range, true);
    }

    /// Adds text whose plain form is known, with the addresses in it unless it is that of a link. An address may go on in the next text.
    pub(super) fn visible(&mut self, range: Range<usize>, with_addresses: bool) {
        let mut at = range.start;
        if self.url_end == Some(at) {
            at += url_len(&self.source[range.clone()]);
            if let Some(last) = self.page.addresses.last_mut().filter(|last| last.end as usize == range.start)
            {
                last.end = Span::at(at).end;
            }
            self.url_end = Some(at);
        }
        while let Some(url) = find_url(&self.source[at..range.end]) {
            self.prose(at..at + url.start);
            if with_addresses {
                self.page.addresses.push(Span::new(at + url.start, at + url.end));
            }
            at += url.end;
            self.url_end = Some(at);
        }
        self.prose(at..range.end);
    }

    /// Adds text that is shown and is no prose.
    pub(super) fn code(&mut self, range: Range<usize>) {
        self.plain.push_str(&self.source[range.clone()]);
        self.page.code.push(Span::new(range.start, range.end));
    }

    /// Returns the span of a range without white space around it. What only Unicode calls white space is text to the languages.
    pub(super) fn trimmed(&self, range: Range<usize>) -> Span {
        let text = self.source[range.clone()].as_bytes();
        let start = range.start + (text.len() - text.trim_ascii_start().len());
        Span::new(start, (range.start + text.trim_ascii_end().len()).max(start))
    }

    /// The index of the heading above.
    pub(super) fn heading(&self) -> Option<usize> {
        self.page.headings.len().checked_sub(1)
    }

    pub(super) fn push_paragraph(&mut self, span: Span) {
        let heading = self.heading();
        self.page.paragraphs.push(Paragraph { span, heading });
    }

    /// Adds an item of a list, whose text is set later, and returns its index.
    pub(super) fn push_item(&mut self, depth: usize, span: Span, text: usize) -> usize {
        let heading = self.heading();
        self.page.items.push(ListItem { depth, span, text: Span::at(text), plain: "".into(), heading });
        self.page.items.len() - 1
    }

    /// Makes the block that was read the text of an item.
    pub(super) fn set_item_text(&mut self, item: usize, span: Span) {
        let plain = self.take_plain();
        let item = &mut self.page.items[item];
        (item.text, item.plain) = (span, plain);
    }

    pub(super) fn extend_items(&mut self, items: impl IntoIterator<Item = usize>, end: u32) {
        for item in items {
            let span = &mut self.page.items[item].span;
            span.end = span.end.max(end);
        }
    }

    /// Adds a table, of which the first row is the header.
    pub(super) fn push_table(&mut self, span: Span, rows: impl IntoIterator<Item = Vec<Cell>>) {
        let (mut rows, heading) = (rows.into_iter(), self.heading());
        let Some(header) = rows.next() else { return };
        let mut table = Table { span, header, rows: Vec::new(), heading };
        rows.for_each(|row| table.push(row));
        self.page.tables.push(table);
    }

    pub(super) fn next_slug(&mut self, title: &str) -> Box<str> {
        self.slugger.next(title)
    }

    /// Adds a heading. `line` has its marks, and the text below it begins at `next`.
    pub(super) fn push_heading(
        &mut self,
        level: usize,
        title: Box<str>,
        place: Range<usize>,
        line: Range<usize>,
        next: usize,
    ) {
        // The deepest level of a heading that a page keeps apart from the one above it.
        const MAX_LEVEL: usize = 6;
        let slug = self.next_slug(&title);
        let [span, line] = [place, line].map(|range| Span::new(range.start, range.end));
        let (level, rest) = (level.min(MAX_LEVEL) as u8, Span::at(next));
        let heading = Heading { level, title, span, line, body: rest, own_body: rest, above: None, slug };
        self.page.headings.push(heading);
    }

    /// Adds a link, with the places of its text and of its destination.
    pub(super) fn push_link(
        &mut self,
        whole: Range<usize>,
        text: Range<usize>,
        destination: Box<str>,
        target: Range<usize>,
    ) {
        let [span, text, destination_span] =
            [whole, text, target].map(|range| Span::new(range.start, range.end));
        let link = Link { span, text, destination, destination_span, definition: None, image: false };
        self.page.links.push(link);
    }

    /// Adds visible text, to the last stretch of the block where only white space is between them.
    pub(super) fn prose(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        if text.trim().is_empty() {
            return;
        }
        let is_same_block = self.block_of_last == Some(self.block);
        if let Some(last) = self.page.prose.last_mut().filter(|_| is_same_block) {
            let gap = last.span.end as usize..start;
            if self.source.get(gap).is_some_and(|gap| gap.chars().all(char::is_whitespace)) {
                last.span.end = range.end as u32;
                return;
            }
        }
        let span = Span::new(range.start, range.end);
        self.page.prose.push(Prose { span, quoted: self.quoted });
        self.block_of_last = Some(self.block);
    }
}
