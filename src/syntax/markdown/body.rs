use std::ops::Range;

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, RefDefs, Tag, TagEnd,
};

use super::super::text_parts::TextParts;
use super::{Cell, CodeBlock, Link, Markdown, Table, link};
use crate::text::{Source, Span, range_in};

pub(super) fn parse(source: &Source, within: Span, markdown: &mut Markdown) {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let (text, base) = (source.slice(within), within.start as usize);
    let parts = TextParts::new(source.text(), markdown);
    let mut builder = PageBuilder { text: source.text(), parts, content_end: base, ..PageBuilder::default() };
    let mut events = Parser::new_ext(text, extensions).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let definition = definition_of(&event, events.reference_definitions(), text);
        builder.definition = definition.map(|range| span(base + range.start..base + range.end));
        builder.handle(event, base + range.start..base + range.end);
    }
    let definitions = events.reference_definitions().iter();
    builder.parts.page.definitions =
        definitions.map(|(label, it)| (label.to_lowercase(), (*it.dest).into())).collect();
    // A link ends after the pictures in it.
    builder.parts.page.links.sort_by_key(|link| link.span.start);
    *markdown = builder.parts.page;
}

fn span(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// Returns the destination of a reference link where it is defined.
fn definition_of(event: &Event<'_>, definitions: &RefDefs<'_>, text: &str) -> Option<Range<usize>> {
    let Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) = event else {
        return None;
    };
    let is_reference = matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut);
    let definition = definitions.get(id).filter(|_| is_reference)?;
    link::defined_destination(text, definition.span.clone())
}

#[derive(Default)]
struct PageBuilder<'a> {
    text: &'a str,
    parts: TextParts<'a>,
    /// The range of the inline text of the block.
    inline: Option<Range<usize>>,
    in_title: bool,
    /// The number of open lists, quotes and footnotes.
    containers: usize,
    /// The open block quotes; false for one that is a note, such as `> [!WARNING]`.
    quotes: Vec<bool>,
    /// The indices of the open items; true if the item's text is complete.
    items: Vec<(usize, bool)>,
    links: Vec<OpenLink>,
    /// Where the link that begins is defined.
    definition: Option<Span>,
    images: usize,
    table: Option<Table>,
    row: Vec<Cell>,
    fence: Option<CodeBlock>,
    in_code: bool,
    /// The end of the last text or leaf block, without blank lines.
    content_end: usize,
}

struct OpenLink {
    kind: LinkType,
    destination: Box<str>,
    image: bool,
    text: Option<Range<usize>>,
    definition: Option<Span>,
}

impl PageBuilder<'_> {
    fn handle(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(_) if self.in_code => self.code(range),
            Event::Text(text) => {
                self.inline(&text, &range);
                self.prose(&text, range);
            }
            Event::Code(text) => {
                self.inline(&text, &range);
                self.inline_code(range);
            }
            Event::SoftBreak | Event::HardBreak => self.inline(" ", &range),
            Event::InlineHtml(_) => {
                self.inline("", &range);
                self.html(range);
            }
            Event::FootnoteReference(_) => self.inline("", &range),
            Event::TaskListMarker(_) | Event::Rule => self.extend_content(range.end),
            _ => {}
        }
    }

    fn extend_content(&mut self, end: usize) {
        self.content_end = self.content_end.max(end);
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
            Tag::BlockQuote(_) => {
                self.containers += 1;
                self.quotes.push(!is_note(&self.text[range]));
            }
            Tag::List(_) | Tag::FootnoteDefinition(_) => self.containers += 1,
            Tag::Item => self.open_item(range),
            Tag::Heading { .. } | Tag::TableCell => self.in_title = true,
            Tag::Table(_) => {
                let (span, heading) = (self.parts.trimmed(range), self.parts.heading());
                self.table = Some(Table { span, header: Vec::new(), rows: Vec::new(), heading });
            }
            Tag::CodeBlock(kind) => self.open_code(kind, range),
            Tag::HtmlBlock => {
                self.extend_content(self.parts.trimmed(range.clone()).end as usize);
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
                let span = self.parts.trimmed(range.clone());
                self.parts.push_paragraph(span);
            }
            _ => {}
        }
        self.next_block();
        match tag {
            TagEnd::List(_) | TagEnd::FootnoteDefinition => {
                self.containers = self.containers.saturating_sub(1);
            }
            TagEnd::BlockQuote(_) => {
                self.containers = self.containers.saturating_sub(1);
                self.quotes.pop();
            }
            TagEnd::Item => {
                let item = self.items.pop().map(|(index, _)| index);
                self.parts.extend_items(item, Span::at(self.content_end).end);
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.extend_content(self.parts.trimmed(range).end as usize);
                let fence =
                    self.fence.take().map(|fence| CodeBlock { span: fence.span.to(fence.content), ..fence });
                self.parts.page.fences.extend(fence);
            }
            TagEnd::Table => self.parts.page.tables.extend(self.table.take()),
            TagEnd::TableHead => self.close_row(|table, row| table.header = row),
            TagEnd::TableRow => self.close_row(Table::push),
            _ => {}
        }
    }

    /// Ends a block of inline text; the first one of an item is the item's text.
    fn next_block(&mut self) {
        self.in_title = false;
        if let (Some(range), Some((index, is_known @ false))) = (self.inline.take(), self.items.last_mut()) {
            *is_known = true;
            let text = self.parts.trimmed(range);
            self.parts.set_item_text(*index, text);
        }
        self.inline = None;
        self.parts.begin_block();
    }

    fn inline(&mut self, plain: &str, range: &Range<usize>) {
        if self.in_title || self.items.last().is_some_and(|(_, is_known)| !is_known) {
            self.parts.plain.push_str(plain);
        }
        extend_range(&mut self.inline, range);
        self.extend_content(range.end);
        if let Some(link) = self.links.last_mut() {
            extend_range(&mut link.text, range);
        }
    }

    /// An entity is not prose, because its source text differs from the character that it encodes.
    fn prose(&mut self, text: &str, range: Range<usize>) {
        let is_autolink = |link: &OpenLink| matches!(link.kind, LinkType::Autolink | LinkType::Email);
        if self.images > 0 || self.links.last().is_some_and(is_autolink) || self.text[range.clone()] != *text
        {
            return;
        }
        self.parts.quoted = self.quotes.contains(&true);
        self.parts.visible(range, self.links.is_empty());
    }

    fn inline_code(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        let marks = text.len() - text.trim_start_matches('`').len();
        let end = range.end.saturating_sub(marks).max(range.start + marks);
        let span = span(range.start + marks..end);
        self.parts.page.code.push(span);
    }

    fn html(&mut self, range: Range<usize>) {
        let html = &self.text[range.clone()];
        let span = self.parts.trimmed(range.clone());
        self.parts.page.html.push(span);
        self.parts.page.comments.extend(comments(html, range.start));
        self.parts.page.anchors.extend(anchors(html));
        let base = range.start;
        let links = links(html).map(|(tag, destination)| {
            let at = |range: Range<usize>| Span::new(base + range.start, base + range.end);
            let (span, target) = (at(tag), html[destination.clone()].into());
            let destination_span = at(destination);
            Link { span, text: span, destination: target, destination_span, definition: None, image: false }
        });
        self.parts.page.links.extend(links);
    }

    fn open_item(&mut self, range: Range<usize>) {
        let digits = self.text[range.clone()].bytes().take_while(u8::is_ascii_digit).count();
        let mark_end = (range.start + digits + 1).min(range.end);
        self.extend_content(mark_end);
        let item = self.parts.push_item(self.items.len() + 1, span(range.start..mark_end), mark_end);
        self.items.push((item, false));
    }

    fn open_link(&mut self, kind: LinkType, destination: CowStr<'_>, image: bool, range: Range<usize>) {
        self.inline("", &range);
        self.images += usize::from(image);
        let destination = match kind {
            LinkType::Email => format!("mailto:{destination}").into(),
            _ => destination.as_ref().into(),
        };
        let definition = self.definition.take();
        self.links.push(OpenLink { kind, destination, image, text: None, definition });
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
        self.parts.page.links.push(Link {
            span: span(range.clone()),
            text: span(text),
            destination: open.destination,
            destination_span: span(destination),
            definition: open.definition,
            image: open.image,
        });
        self.inline("", &range);
    }

    fn close_heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let whole = self.parts.plain.trim();
        // A heading may state its identifier itself: `## Problems {#problems}`.
        let stated = whole.strip_suffix('}').and_then(|it| it.rsplit_once("{#"));
        let title: Box<str> = stated.map_or(whole, |(title, _)| title.trim_end()).into();
        self.parts.page.anchors.extend(stated.map(|(_, anchor)| Box::from(anchor)));
        if self.containers > 0 {
            let slug = self.parts.next_slug(&title);
            self.parts.page.anchors.push(slug);
            return;
        }
        let line = self.parts.trimmed(range.clone());
        let place = self.inline.take().map_or(line, |range| self.parts.trimmed(range));
        self.parts.push_heading(level as usize, title, place.range(), line.range(), range.end);
    }

    fn close_cell(&mut self, range: Range<usize>) {
        let is_missing = range.is_empty();
        let span = if is_missing { Span::at(self.content_end) } else { self.parts.trimmed(range) };
        // The table's span begins at its first text: a cell without text may lie before that.
        let start = self.table.as_ref().map_or(0, |table| table.span.start);
        let span = if span.start < start { Span::at(start as usize) } else { span };
        self.row.push(Cell { span, text: self.parts.plain.trim().into() });
        self.inline = None;
        self.parts.plain.clear();
    }

    fn close_row(&mut self, put: impl FnOnce(&mut Table, Vec<Cell>)) {
        let row = std::mem::take(&mut self.row);
        if let Some(table) = &mut self.table {
            put(table, row);
        }
    }

    fn open_code(&mut self, kind: CodeBlockKind<'_>, range: Range<usize>) {
        self.in_code = true;
        if let CodeBlockKind::Fenced(_) = kind {
            let first_line =
                self.text[range.clone()].find('\n').map_or(range.end, |end| range.start + end + 1);
            let content = Span::at(first_line);
            self.fence = Some(CodeBlock { content, span: self.parts.trimmed(range) });
        }
    }

    fn code(&mut self, range: Range<usize>) {
        let span = span(range);
        if let Some(fence) = &mut self.fence {
            fence.content = if fence.content.is_empty() { span } else { fence.content.to(span) };
        }
    }
}

/// Returns true for a quote that GitHub shows as a note of the page itself: `> [!WARNING]`.
fn is_note(quote: &str) -> bool {
    // Limits the marks of enclosing quotes: hostile pages nest thousands.
    const MAX_MARKS: usize = 16;
    let marks = quote.bytes().take(MAX_MARKS).take_while(|byte| matches!(byte, b'>' | b' ')).count();
    quote[marks..].starts_with("[!")
}

fn extend_range(range_so_far: &mut Option<Range<usize>>, range: &Range<usize>) {
    match range_so_far {
        Some(so_far) => *so_far = so_far.start.min(range.start)..so_far.end.max(range.end),
        None => *range_so_far = Some(range.clone()),
    }
}

/// Returns the spans of comments, shifted by `offset`. An unclosed comment extends to the end.
pub(super) fn comments(html: &str, offset: usize) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + html[at..].find("<!--")?;
        let end = html[start + 4..].find("-->").map_or(html.len(), |length| start + 4 + length + 3);
        at = end;
        Some(Span::new(offset + start, offset + end))
    })
}

/// Returns the places of all tags, without their brackets and those in comments.
fn tags(html: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html[at..].find('<')? + 1;
            if html[start..].starts_with("!--") {
                at = html[start..].find("-->").map_or(html.len(), |end| start + end);
                continue;
            }
            at = html[start..].find(['<', '>']).map_or(html.len(), |length| start + length);
            return Some(start..at);
        }
    })
}

/// Returns the name of the element that a tag begins or ends.
fn element(tag: &str) -> &str {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// Returns the `id`s of all elements, or else their `name`s, to which GitHub leads too. The names of inputs are no targets.
fn anchors(html: &str) -> impl Iterator<Item = Box<str>> {
    tags(html).map(|tag| &html[tag]).filter_map(|tag| {
        let is_input = ["input", "meta"].iter().any(|input| input.eq_ignore_ascii_case(element(tag)));
        let name = || attribute(tag, "name").filter(|_| !is_input);
        attribute(tag, "id").or_else(name).map(Box::from)
    })
}

/// Returns the places of all `<a href=…>`, and of their addresses. One with an entity is left out.
fn links(html: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    tags(html).filter_map(|tag| {
        let text = &html[tag.clone()];
        let is_link = element(text).eq_ignore_ascii_case("a") && !text.starts_with('/');
        let address = attribute(text, "href").filter(|it| is_link && !it.contains(['&', '\n']))?;
        Some((tag.start - 1..(tag.end + 1).min(html.len()), range_in(html, address)))
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let value = after.trim_start();
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_once(char::is_whitespace).unwrap_or((value.trim_end_matches('/'), "")),
        };
        if before.split_whitespace().next_back().is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return Some(value).filter(|value| !value.is_empty());
        }
        rest = next;
    }
    None
}
