//! One walk over the parser's events that fills in a [`Markdown`].

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};

use super::slug::Slugs;
use super::{Cell, Extent, Fence, Heading, Item, Link, Markdown, Paragraph, Prose, Table, html, link};
use crate::text::{Source, Span};

/// Reads the page's text in `within`, after the front matter.
pub(super) fn read(source: &Source, within: Span, extent: Extent, markdown: &mut Markdown) {
    read_stretch(source, within, extent, markdown);
    close_sections(&mut markdown.headings, within.end);
}

/// Adds what stands in a stretch of a page. Where its sections end is not known yet. Says whether brackets in it would
/// be links if something were defined elsewhere.
pub(super) fn read_stretch(source: &Source, within: Span, extent: Extent, markdown: &mut Markdown) -> bool {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let text = source.slice(within);
    let mut walk = Walk::new(text, within, extent, markdown);
    let parsed = with_closing_fences(text);
    let mut refers = false;
    let undefined = |_: BrokenLink<'_>| {
        refers = true;
        None
    };
    let parser = Parser::new_with_broken_link_callback(&parsed, extensions, Some(undefined));
    for (event, range) in parser.into_offset_iter() {
        walk.take(event, range);
    }
    refers
}

/// The text with a space for each tab after a fence. A closing fence may be followed by tabs
/// (CommonMark 0.31.2, 4.5), which the parser takes for an info string: the rest of the page would be code.
fn with_closing_fences(text: &str) -> Cow<'_, str> {
    if !text.contains('\t') || !text.contains("`\t") && !text.contains("~\t") {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let fence = line.trim_start_matches([' ', '>']);
        let marks = fence.trim_start_matches(['`', '~']);
        if fence.len() - marks.len() >= 3 && marks.trim().is_empty() {
            spaced.extend(line.chars().map(|c| if c == '\t' { ' ' } else { c }));
        } else {
            spaced.push_str(line);
        }
    }
    Cow::Owned(spaced)
}

struct Walk<'a> {
    text: &'a str,
    /// Where the text starts in the file.
    base: usize,
    extent: Extent,
    markdown: &'a mut Markdown,
    slugs: Slugs,
    /// The inline text of the block that is open.
    inline: Inline,
    /// A heading or a cell is open.
    is_titled: bool,
    block: u32,
    /// How many lists, quotes and footnotes are open.
    containers: usize,
    /// The open items, as indices, with whether their text is known.
    items: Vec<(usize, bool)>,
    links: Vec<OpenLink>,
    images: usize,
    table: Option<Table>,
    row: Vec<Cell>,
    fence: Option<Fence>,
    in_code: bool,
    /// Where the last bare address ended, which the parser may cut into several texts.
    address_end: usize,
    /// Where the last text or leaf block ended: what is open ends there, whatever blank lines follow.
    content_end: usize,
}

#[derive(Default)]
struct Inline {
    /// Without emphasis, links and code marks; only of a block of which somebody wants to know it.
    plain: String,
    range: Option<Range<usize>>,
}

impl Inline {
    fn clear(&mut self) {
        self.plain.clear();
        self.range = None;
    }
}

struct OpenLink {
    kind: LinkType,
    destination: Box<str>,
    image: bool,
    text: Option<Range<usize>>,
    /// Where it goes among the links, which stand in the order they open.
    index: usize,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, within: Span, extent: Extent, markdown: &'a mut Markdown) -> Walk<'a> {
        Walk {
            text,
            base: within.start as usize,
            extent,
            markdown,
            slugs: Slugs::default(),
            inline: Inline::default(),
            is_titled: false,
            block: 0,
            containers: 0,
            items: Vec::new(),
            links: Vec::new(),
            images: 0,
            table: None,
            row: Vec::new(),
            fence: None,
            in_code: false,
            address_end: usize::MAX,
            content_end: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(_) if self.in_code => self.code(range),
            Event::Text(text) => {
                self.inline(&text, &range);
                if self.extent == Extent::Everything {
                    self.prose(&text, range);
                }
            }
            Event::Code(text) => self.inline(&text, &range),
            Event::SoftBreak | Event::HardBreak => self.inline(" ", &range),
            Event::InlineHtml(_) => {
                self.inline("", &range);
                self.html(range);
            }
            Event::FootnoteReference(_) => self.inline("", &range),
            Event::TaskListMarker(_) | Event::Rule => self.content_to(range.end),
            _ => {}
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.base + range.start, self.base + range.end)
    }

    /// The range without the white space around it.
    fn trimmed(&self, range: Range<usize>) -> Span {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let end = range.start + text.trim_end().len();
        self.span(start.min(end)..end)
    }

    fn content_to(&mut self, end: usize) {
        self.content_end = self.content_end.max(end);
    }

    fn heading(&self) -> Option<usize> {
        self.markdown.headings.len().checked_sub(1)
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => return self.inline("", &range),
            Tag::Link { link_type, dest_url, .. } => {
                return self.open_link(link_type, dest_url, false, range);
            }
            Tag::Image { link_type, dest_url, .. } => {
                return self.open_link(link_type, dest_url, true, range);
            }
            _ => self.next_block(),
        }
        match tag {
            Tag::List(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) => self.containers += 1,
            Tag::Item => self.open_item(range),
            Tag::Heading { .. } | Tag::TableCell => self.is_titled = true,
            Tag::Table(_) => {
                let (span, heading) = (self.trimmed(range), self.heading());
                self.table = Some(Table { span, header: Vec::new(), rows: Vec::new(), heading });
            }
            Tag::CodeBlock(kind) => self.open_code(kind, range),
            Tag::HtmlBlock => {
                self.content_to(self.trimmed(range.clone()).end as usize - self.base);
                self.html(range);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => return self.inline("", &range),
            TagEnd::Link | TagEnd::Image => return self.close_link(range),
            TagEnd::Heading(level) => self.close_heading(level, range.clone()),
            TagEnd::TableCell => self.close_cell(range.clone()),
            TagEnd::Paragraph if self.containers == 0 => {
                let (span, heading) = (self.trimmed(range.clone()), self.heading());
                self.markdown.paragraphs.push(Paragraph { span, heading });
            }
            _ => {}
        }
        self.next_block();
        match tag {
            TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.containers = self.containers.saturating_sub(1);
            }
            TagEnd::Item => self.close_item(),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.content_to(self.trimmed(range).end as usize - self.base);
                let fence =
                    self.fence.take().map(|fence| Fence { span: fence.span.to(fence.content), ..fence });
                self.markdown.fences.extend(fence);
            }
            TagEnd::Table => self.markdown.tables.extend(self.table.take()),
            TagEnd::TableHead => self.close_row(|table, row| table.header = row),
            TagEnd::TableRow => self.close_row(|table, row| table.rows.push(row)),
            _ => {}
        }
    }

    /// Ends the block of inline text that is open; the first one in an item is the item's text.
    fn next_block(&mut self) {
        self.block += 1;
        self.is_titled = false;
        if let (Some(range), Some((index, known @ false))) = (self.inline.range.take(), self.items.last_mut())
        {
            *known = true;
            let index = *index;
            let text = self.trimmed(range);
            let item = &mut self.markdown.items[index];
            item.text = text;
            item.plain = self.inline.plain.trim().into();
        }
        self.inline.clear();
    }

    /// Whether somebody wants to know what the open block says: a heading, a cell, or the start of an item.
    fn is_quoted(&self) -> bool {
        self.is_titled || self.items.last().is_some_and(|(_, known)| !known)
    }

    /// Adds to the inline text of the open block, and of the open links.
    fn inline(&mut self, plain: &str, range: &Range<usize>) {
        if self.is_quoted() {
            self.inline.plain.push_str(plain);
        }
        extend(&mut self.inline.range, range);
        self.content_to(range.end);
        if let Some(link) = self.links.last_mut() {
            extend(&mut link.text, range);
        }
    }

    /// Visible text, without addresses. An entity is not as it is written, so it is left out.
    fn prose(&mut self, text: &str, range: Range<usize>) {
        let is_address = |link: &OpenLink| matches!(link.kind, LinkType::Autolink | LinkType::Email);
        if self.images > 0 || self.links.last().is_some_and(is_address) || self.text[range.clone()] != *text {
            return;
        }
        let mut at = range.start;
        if self.address_end == at {
            at += link::address_length(text);
            self.address_end = at;
        }
        while let Some(address) = link::bare_address(&self.text[at..range.end]) {
            self.visible(at..at + address.start);
            at += address.end;
            self.address_end = at;
        }
        self.visible(at..range.end);
    }

    /// Adds a stretch of visible text, joined with what stands right before it but for a line break.
    fn visible(&mut self, range: Range<usize>) {
        let span = self.span(range.clone());
        if let Some(last) = self.markdown.prose.last_mut().filter(|last| last.block == self.block) {
            let gap = (last.span.end as usize).saturating_sub(self.base)..range.start;
            if self.text.get(gap).is_some_and(|gap| gap.chars().all(char::is_whitespace)) {
                last.span.end = span.end;
                return;
            }
        }
        if !self.text[range].trim().is_empty() {
            self.markdown.prose.push(Prose { span, block: self.block });
        }
    }

    fn html(&mut self, range: Range<usize>) {
        let html = &self.text[range.clone()];
        self.markdown.comments.extend(html::comments(html, self.base + range.start));
        if self.extent == Extent::Everything {
            self.markdown.anchors.extend(html::anchors(html));
        }
    }

    fn open_item(&mut self, range: Range<usize>) {
        let digits = self.text[range.clone()].bytes().take_while(u8::is_ascii_digit).count();
        let mark_end = (range.start + digits + 1).min(range.end);
        self.content_to(mark_end);
        let item = Item {
            depth: self.items.len() + 1,
            span: self.span(range.start..mark_end),
            text: self.span(mark_end..mark_end),
            plain: "".into(),
            heading: self.heading(),
        };
        self.items.push((self.markdown.items.len(), false));
        self.markdown.items.push(item);
    }

    /// An item ends where its content does.
    fn close_item(&mut self) {
        if let Some((index, _)) = self.items.pop() {
            let content = Span::at(self.base + self.content_end);
            let item = &mut self.markdown.items[index];
            item.span = item.span.to(content);
        }
    }

    fn open_link(&mut self, kind: LinkType, destination: CowStr<'_>, image: bool, range: Range<usize>) {
        self.inline("", &range);
        self.images += usize::from(image);
        let span = self.span(range);
        let index = self.markdown.links.len();
        self.links.push(OpenLink {
            kind,
            destination: destination.as_ref().into(),
            image,
            text: None,
            index,
        });
        let placeholder = Link { span, text: span, destination: "".into(), destination_span: span, image };
        self.markdown.links.push(placeholder);
    }

    fn close_link(&mut self, range: Range<usize>) {
        let Some(open) = self.links.pop() else { return };
        self.images -= usize::from(open.image);
        let text = open.text.unwrap_or_else(|| {
            let start = (range.start + 1 + usize::from(open.image)).min(range.end);
            start..start
        });
        let destination =
            link::destination(self.text, open.kind, range.clone(), text.end.clamp(range.start, range.end));
        let link = Link {
            span: self.span(range.clone()),
            text: self.span(text),
            destination: open.destination,
            destination_span: self.span(destination),
            image: open.image,
        };
        self.markdown.links[open.index] = link;
        self.inline("", &range);
    }

    fn close_heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let title: Box<str> = self.inline.plain.trim().into();
        let slug = match self.extent {
            Extent::Everything => self.slugs.next(&title),
            Extent::Parts => "".into(),
        };
        if self.containers > 0 {
            self.markdown.anchors.push(slug);
            return;
        }
        let line = self.trimmed(range.clone());
        let span = self.inline.range.take().map_or(line, |range| self.trimmed(range));
        let rest = Span::at(self.base + range.end);
        self.markdown.headings.push(Heading {
            level: level as u8,
            title,
            span,
            line,
            body: rest,
            own_body: rest,
            slug,
        });
    }

    /// A cell that its row leaves out stands behind the text before it.
    fn close_cell(&mut self, range: Range<usize>) {
        let missing = range.is_empty();
        let span = match &self.table {
            Some(table) if missing => Span::at((self.base + self.content_end).max(table.span.start as usize)),
            _ => self.trimmed(range),
        };
        self.row.push(Cell { span, text: self.inline.plain.trim().into() });
        self.inline.clear();
    }

    fn close_row(&mut self, put: impl FnOnce(&mut Table, Vec<Cell>)) {
        let row = std::mem::take(&mut self.row);
        if let Some(table) = &mut self.table {
            put(table, row);
        }
    }

    fn open_code(&mut self, kind: CodeBlockKind<'_>, range: Range<usize>) {
        self.in_code = true;
        if let CodeBlockKind::Fenced(info) = kind {
            let language = info.split([' ', '\t', ',']).next().unwrap_or("").into();
            let first_line =
                self.text[range.clone()].find('\n').map_or(range.end, |end| range.start + end + 1);
            let content = self.span(first_line..first_line);
            self.fence = Some(Fence { language, content, span: self.trimmed(range) });
        }
    }

    fn code(&mut self, range: Range<usize>) {
        let span = self.span(range);
        if let Some(fence) = &mut self.fence {
            fence.content = if fence.content.is_empty() { span } else { fence.content.to(span) };
        }
    }
}

fn extend(known: &mut Option<Range<usize>>, range: &Range<usize>) {
    match known {
        Some(known) => *known = known.start.min(range.start)..known.end.max(range.end),
        None => *known = Some(range.clone()),
    }
}

/// Ends each section where the next one starts that is not inside it; in one walk from the last to the first.
pub(super) fn close_sections(headings: &mut [Heading], end: u32) {
    // The next heading of each level or of a higher one.
    let mut next = [end; 7];
    let mut following = end;
    for heading in headings.iter_mut().rev() {
        let level = usize::from(heading.level);
        heading.own_body.end = following.max(heading.own_body.start);
        heading.body.end = next[level].max(heading.body.start);
        following = heading.line.start;
        next[level..].fill(following);
    }
}
