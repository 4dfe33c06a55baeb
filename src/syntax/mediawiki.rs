//! `MediaWiki`'s markup: the parts that hold a record's fields or are linked to, with their spans.

mod inline;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::markdown::{
    Cell, CodeBlock, Heading, ListItem, Markdown, Paragraph, Slugger, Table, close_sections,
    find_too_many_marks,
};
use super::text_parts::TextParts;
use super::{Problem, character_at, header};
use crate::text::{Source, Span};

const MAX_LEVEL: usize = 6;

/// Elements whose content is code.
const CODE: [&str; 4] = ["pre", "source", "syntaxhighlight", "math"];

/// Parses a page into its parts.
pub(super) fn parse(source: &Source, page: &mut Markdown) -> Option<Problem> {
    let whole = Span::new(source.bom_len(), source.text().len());
    if let Some(mark) = find_too_many_marks(source.slice(whole)) {
        return Some(Problem::too_many_values(character_at(source.text(), whole.start as usize + mark)));
    }
    page.lead = header::find_lead(source, whole);
    let start = page.lead.as_ref().map_or(whole.start, |lead| lead.span.end) as usize;
    let mut reader = Reader::new(source.text(), page);
    reader.read(start..whole.end as usize);
    close_sections(&mut page.headings, whole.end);
    None
}

struct Reader<'a> {
    source: &'a str,
    text: TextParts<'a>,
    slugger: Slugger,
    paragraph: Option<Range<usize>>,
    table: Option<OpenTable>,
    /// References, which the site numbers.
    references: usize,
    /// The elements of code that do not end below.
    unclosed: [bool; CODE.len()],
}

struct OpenTable {
    span: Span,
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, page: &'a mut Markdown) -> Reader<'a> {
        let text = TextParts::new(source, page);
        let unclosed = [false; CODE.len()];
        Reader {
            source,
            text,
            slugger: Slugger::default(),
            paragraph: None,
            table: None,
            references: 0,
            unclosed,
        }
    }

    fn heading(&self) -> Option<usize> {
        self.text.page.headings.len().checked_sub(1)
    }

    fn read(&mut self, within: Range<usize>) {
        let mut at = within.start;
        while at < within.end {
            let rest = &self.source[at..within.end];
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = rest[..length].trim_end();
            at = match self.element(at, line, within.end) {
                Some(end) => end,
                None => {
                    self.line(at..at + line.len(), at + length);
                    at + length
                }
            };
        }
        self.end_paragraph();
        self.end_table(within.end);
    }

    /// Reads a comment or a block of code that begins on a line, and returns the start of the line after it.
    fn element(&mut self, at: usize, line: &str, end: usize) -> Option<usize> {
        let start = at + (line.len() - line.trim_start().len());
        let opening = line.trim_start().strip_prefix('<')?;
        let rest = &self.source[start..end];
        let (content, after) = if opening.starts_with("!--") {
            let length = rest.find("-->").map_or(rest.len(), |length| length + "-->".len());
            (None, start + length)
        } else {
            let is_name =
                |name: &&str| opening.strip_prefix(*name).is_some_and(|rest| rest.starts_with(['>', ' ']));
            let number = CODE.iter().position(is_name)?;
            let tag = line.trim_start().find('>')? + 1;
            let closing = format!("</{}>", CODE[number]);
            let length = (!self.unclosed[number]).then(|| rest[tag..].find(&closing)).flatten();
            self.unclosed[number] |= length.is_none();
            let length = length?;
            let content = start + tag..start + tag + length;
            (Some((language(&rest[..tag]), content)), start + tag + length + closing.len())
        };
        self.end_paragraph();
        let span = Span::new(start, after);
        match content {
            None => self.text.page.comments.push(span),
            Some((language, content)) => self.text.page.fences.push(CodeBlock {
                language: language.into(),
                content: Span::new(content.start, content.end),
                span,
            }),
        }
        let rest = &self.source[after..end];
        let line = rest.find('\n').map_or(rest.len(), |end| end + 1);
        Some(if rest[..line].trim().is_empty() { after + line } else { after })
    }

    fn line(&mut self, line: Range<usize>, next: usize) {
        let text = &self.source[line.clone()];
        if text.trim_start().starts_with("<blockquote") {
            self.end_paragraph();
            self.text.quoted = true;
        }
        let ends_quote = self.text.quoted && text.contains("</blockquote>");
        if self.table.is_some() || text.trim_start().starts_with("{|") {
            self.end_paragraph();
            self.table_line(line);
        } else if let Some((level, title)) = heading(text) {
            self.end_paragraph();
            let title = line.start + title.start..line.start + title.end;
            self.push_heading(level, title, line, next);
        } else if text.starts_with(['*', '#', ':', ';']) {
            self.end_paragraph();
            self.item(line);
        } else if text.trim().is_empty() || text.starts_with(' ') || text.starts_with("----") {
            self.end_paragraph();
        } else {
            let start = self.paragraph.take().map_or(line.start, |paragraph| paragraph.start);
            self.paragraph = Some(start..line.end);
        }
        if ends_quote {
            self.end_paragraph();
            self.text.quoted = false;
        }
    }

    fn end_paragraph(&mut self) {
        let Some(range) = self.paragraph.take() else { return };
        let (span, heading) = (Span::new(range.start, range.end), self.heading());
        self.text.begin_block();
        self.inline(range);
        self.text.page.paragraphs.push(Paragraph { span, heading });
    }

    fn push_heading(&mut self, level: usize, title: Range<usize>, line: Range<usize>, next: usize) {
        self.text.begin_block();
        self.inline(title.clone());
        let plain = self.text.take_plain();
        self.text.page.anchors.push(&plain.replace(' ', "_"));
        let (rest, slug) = (Span::at(next), self.slugger.next(&without_entities(&plain)));
        self.text.page.headings.push(Heading {
            level: level as u8,
            title: plain,
            span: Span::new(title.start, title.end),
            line: Span::new(line.start, line.end),
            body: rest,
            own_body: rest,
            above: None,
            slug,
        });
    }

    fn item(&mut self, line: Range<usize>) {
        let text = &self.source[line.clone()];
        let content = text.trim_start_matches(['*', '#', ':', ';']);
        let depth = text.len() - content.len();
        let start = line.end - content.trim_start().len();
        self.text.begin_block();
        self.inline(start..line.end);
        let plain = self.text.take_plain();
        if text.starts_with(['*', '#']) {
            let heading = self.heading();
            self.text.page.items.push(ListItem {
                depth,
                span: Span::new(line.start, line.end),
                text: Span::new(start, line.end),
                plain,
                heading,
            });
        }
    }

    fn table_line(&mut self, line: Range<usize>) {
        let text = &self.source[line.clone()];
        let content = text.trim_start();
        let start = line.end - content.len();
        if content.starts_with("{|") && self.table.is_none() {
            let span = Span::new(start, line.end);
            self.table = Some(OpenTable { span, rows: Vec::new(), row: Vec::new() });
        } else if content.starts_with("|}") {
            self.end_table(start + "|}".len());
        } else if content.starts_with("|-") {
            self.end_row();
        } else if let Some(cells) = content.strip_prefix(['|', '!']).filter(|_| !content.starts_with("|+")) {
            let separator = if content.starts_with('!') && cells.contains("!!") { "!!" } else { "||" };
            let mut at = start + 1;
            for cell in cells.split(separator) {
                self.cell(at..at + cell.len());
                at += cell.len() + separator.len();
            }
        }
    }

    /// Reads a cell; attributes may stand before its text: `style="…" | text`.
    fn cell(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        let attributes = text.find('|').filter(|at| !text[..*at].contains("[[") && text[..*at].contains('='));
        let content = attributes.map_or(text, |at| &text[at + 1..]);
        let start = range.end - content.trim_start().len();
        let end = (range.end - (content.len() - content.trim_end().len())).max(start);
        self.text.begin_block();
        self.inline(start..end);
        let cell = Cell { span: Span::new(start, end), text: self.text.take_plain(), is_continued: false };
        if let Some(table) = &mut self.table {
            table.row.push(cell);
        }
    }

    fn end_row(&mut self) {
        if let Some(table) = self.table.as_mut().filter(|table| !table.row.is_empty()) {
            table.rows.push(std::mem::take(&mut table.row));
        }
    }

    fn end_table(&mut self, end: usize) {
        self.end_row();
        let Some(OpenTable { span, rows, .. }) = self.table.take() else { return };
        let mut rows = rows.into_iter();
        let Some(header) = rows.next() else { return };
        let (span, heading) = (span.to(Span::at(end)), self.heading());
        self.text.page.tables.push(Table { span, header, rows: rows.collect(), heading });
    }
}

/// Returns the level and the title in `== Title ==`.
fn heading(line: &str) -> Option<(usize, Range<usize>)> {
    let text = line.trim_end();
    let opening = text.bytes().take_while(|byte| *byte == b'=').count();
    let closing = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    let level = opening.min(closing).min(MAX_LEVEL);
    if level == 0 || text.len() <= 2 * level {
        return None;
    }
    let inner = &text[level..text.len() - level];
    let start = level + (inner.len() - inner.trim_start().len());
    let title = inner.trim();
    (!title.is_empty()).then_some((level, start..start + title.len()))
}

/// Leaves out the entities of signs, as anchors do: `a &rarr; b`.
fn without_entities(title: &str) -> String {
    const MAX_LEN: usize = 10;
    let mut rest = title;
    let mut plain = String::with_capacity(title.len());
    while let Some((before, after)) = rest.split_once('&') {
        let name = after.find(';').filter(|&end| {
            (1..=MAX_LEN).contains(&end)
                && after[..end].chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
        });
        plain.push_str(before);
        rest = name.map_or(after, |end| &after[end + 1..]);
    }
    plain + rest
}

fn language(tag: &str) -> &str {
    let value = tag.split_once("lang=").map_or("", |(_, value)| value).trim_start_matches(['"', '\'']);
    value.split(['"', '\'', '>', ' ']).next().unwrap_or_default()
}
