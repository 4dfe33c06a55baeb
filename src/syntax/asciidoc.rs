//! `AsciiDoc`: the parts that hold a record's fields or are linked to, with their spans. Files that a page includes are not read.

mod inline;
mod starts;

use std::collections::HashMap;
use std::ops::Range;

use super::Problem;
use super::markdown::{Cell, CodeBlock, DocumentHeader, Markdown};
use super::text_parts::TextParts;
use crate::limits;
use crate::node::{Entry, Key, Node};
use crate::text::{Source, Span};
use starts::Delimiter;

/// Columns that a cell spans, and columns of a table.
const MAX_COLUMNS: usize = 100;

/// Parses a page into its parts.
pub(super) fn parse(source: &Source, whole: Span, page: &mut Markdown) -> Option<Problem> {
    let mut reader = Reader {
        source: source.text(),
        text: TextParts::new(source.text(), page),
        open: Vec::new(),
        items: Vec::new(),
        is_attached: false,
        is_apart: true,
        paragraph: None,
        attributes: Vec::new(),
        has_includes: false,
        is_component: is_in_component(source.path()),
        identifiers: HashMap::new(),
        cells: 0,
    };
    let problem = reader.read(whole.range()).err();
    let Reader { text, has_includes, .. } = reader;
    if has_includes || text.page.document_header.is_none() {
        // The places may be on the pages that it includes, or on those of the document that it is a part of.
        text.page.links.retain(|link| !link.destination.starts_with('#'));
    }
    problem
}

/// Returns true for a page below the folder of pages of a component of a site: links there begin at that folder.
fn is_in_component(path: &str) -> bool {
    let below = path.split("modules/").nth(1).and_then(|below| below.split_once("/pages/"));
    below.is_some_and(|(module, page)| !module.contains('/') && page.contains('/'))
}

/// Returns true for a line that says nothing by itself: a comment, a condition, and attributes of the block below it.
pub(crate) fn is_silent_line(line: &str) -> bool {
    starts::is_comment_line(line) || starts::is_directive(line) || starts::is_block_attributes(line)
}

struct Reader<'a> {
    source: &'a str,
    text: TextParts<'a>,
    /// The lines that open the blocks around the current line.
    open: Vec<&'a str>,
    items: Vec<OpenItem<'a>>,
    /// True after a line with a `+` alone: the next block belongs to the item above.
    is_attached: bool,
    /// True after a blank line, and at the start of a block.
    is_apart: bool,
    paragraph: Option<OpenParagraph>,
    /// What the lines in brackets above a block say about it.
    attributes: Vec<&'a str>,
    has_includes: bool,
    /// Links between pages are relative to a folder that is configured elsewhere.
    is_component: bool,
    /// Identifiers that headings got by their titles.
    identifiers: HashMap<String, usize>,
    cells: usize,
}

struct OpenCell {
    /// How many columns it spans.
    columns: usize,
    /// Its text, up to a comment.
    range: Range<usize>,
}

struct OpenParagraph {
    range: Range<usize>,
    /// The item whose text it is.
    item: Option<usize>,
    /// True for the text of an item.
    is_listed: bool,
}

/// An item whose end is not known yet.
struct OpenItem<'a> {
    /// Without white space; of numbers, one for all.
    marker: &'a str,
    /// Its index.
    item: usize,
    /// The blocks that were open around it.
    blocks: usize,
}

impl<'a> Reader<'a> {
    fn is_in_quote(&self) -> bool {
        self.open.iter().any(|line| line.starts_with('_'))
    }

    /// Returns the text of the line at a position, without white space at its end, and the position of the next one.
    fn line_at(&self, at: usize, end: usize) -> (&'a str, usize) {
        let rest = &self.source[at..end];
        let length = rest.find('\n').map_or(rest.len(), |length| length + 1);
        (rest[..length].trim_end(), at + length)
    }

    fn read(&mut self, within: Range<usize>) -> Result<(), Problem> {
        let end = within.end;
        let mut at = self.document_header(within);
        while at < end {
            at = self.line(at, end)?;
        }
        self.end_block();
        self.items.truncate(0);
        Ok(())
    }

    /// Returns the lines from a position on: where each begins, its text without white space at its end, and where the next one begins.
    fn lines(&self, from: usize, end: usize) -> impl Iterator<Item = (usize, &'a str, usize)> + use<'a> {
        let mut next = from;
        self.source[from..end].split_inclusive('\n').map(move |line| {
            let at = next;
            next += line.len();
            (at, line.trim_end(), next)
        })
    }

    /// Returns the place of a part of the source.
    fn place(&self, part: &str) -> Span {
        let start = part.as_ptr() as usize - self.source.as_ptr() as usize;
        Span::new(start, start + part.len())
    }

    /// Reads the lines of attributes, the title, and the author and the revision below it.
    fn document_header(&mut self, within: Range<usize>) -> usize {
        let Range { start, end } = within;
        let is_attribute = |line: &str| starts::attribute(line).is_some();
        let is_above = |line: &str| line.is_empty() || is_silent_line(line) || is_attribute(line);
        let found = self.lines(start, end).find(|(_, line, _)| !is_above(line));
        let Some((at, line, below)) = found else { return start };
        let Some((1, title)) = starts::heading(line) else { return start };
        let above: Vec<&str> = self.lines(start, at).map(|(_, line, _)| line).collect();
        let first = above.iter().copied().find(|line| is_attribute(line)).unwrap_or(line);
        above.into_iter().for_each(|line| self.skipped_line(line));
        let (mut implied, mut last, mut next) = (Vec::new(), line, below);
        let (author, after) = self.line_at(below, end);
        if starts::is_author_line(author) {
            implied.push(self.authors(author.trim_start()));
            (last, next) = (author, after);
            let (revision, after) = self.line_at(next, end);
            if let Some(day) = starts::revision_day(revision) {
                implied.push(self.implied_entry("revdate", day));
                (last, next) = (revision, after);
            }
        }
        let is_part =
            |line: &str| is_attribute(line) || starts::is_comment_line(line) || starts::is_directive(line);
        for (_, line, after) in self.lines(next, end).take_while(|(_, line, _)| is_part(line)) {
            self.skipped_line(line);
            (last, next) = (line, after);
        }
        let last = self.place(last);
        let span = self.place(first).to(last);
        self.push_heading(1, at + title.start..at + title.end, at..last.range().end, next);
        self.text.page.document_header = Some(DocumentHeader { span, implied });
        next
    }

    /// The names of the authors: `Ada Byron <ada@example.org>; Bo Ek`.
    fn authors(&self, line: &str) -> Entry {
        let mut entry = self.implied_entry("author", line);
        if line.contains(';') {
            let names = line.split(';').map(str::trim).filter(|name| !name.is_empty());
            let names = names.map(|name| Node::text(self.place(name), name)).collect();
            entry.value = Node::sequence(entry.value.span, names);
        }
        entry
    }

    /// An entry whose key stands nowhere.
    fn implied_entry(&self, name: &str, value: &str) -> Entry {
        let span = self.place(value);
        let key = Key { name: name.into(), span: Span::at(span.start as usize) };
        Entry { key, value: Node::text(span, value) }
    }

    /// Records a comment, an attribute or a directive.
    fn skipped_line(&mut self, line: &'a str) {
        let span = self.place(line);
        if starts::is_comment_line(line) {
            self.text.page.comments.push(span);
        } else if starts::attribute(line).is_some() {
            self.text.page.definitions.push(span);
        } else if starts::is_directive(line) {
            self.has_includes |= line.starts_with("include::");
            self.text.page.definitions.push(span);
        } else if starts::is_block_attributes(line) {
            self.block_attributes(line);
        }
    }

    /// Reads the line at a position, or the block that begins there, and returns the position after it.
    fn line(&mut self, at: usize, end: usize) -> Result<usize, Problem> {
        let (line, next) = self.line_at(at, end);
        let text = line.trim_start();
        let (start, line_end) = (at + (line.len() - text.len()), at + line.len());
        if let Some(delimiter) = starts::delimiter(line) {
            return self.delimited(delimiter, at, end);
        }
        if is_silent_line(line) || self.paragraph.is_none() && starts::attribute(line).is_some() {
            self.end_block();
            self.skipped_line(line);
        } else if line.is_empty() {
            self.end_block();
            self.is_apart = true;
        } else if line == "+" && !self.items.is_empty() {
            self.end_block();
            self.is_attached = true;
        } else if let Some(marker) = starts::marker(text).filter(|_| self.may_be_item()) {
            self.end_block();
            self.item(start, marker, line_end)?;
        } else if self.paragraph.is_some() {
            self.text_line(start, line_end);
        } else if let Some((level, title)) = starts::heading(line).filter(|_| self.open.is_empty()) {
            self.items.truncate(0);
            self.push_heading(level, at + title.start..at + title.end, at..line_end, next);
        } else if text.len() < line.len() && self.is_apart {
            return Ok(self.literal_paragraph(at, end));
        } else {
            self.text_line(start, line_end);
        }
        Ok(next)
    }

    /// Marks within the text of a paragraph are text; within that of an item they begin the next one.
    fn may_be_item(&self) -> bool {
        self.paragraph.as_ref().is_none_or(|paragraph| paragraph.is_listed)
    }

    fn block_attributes(&mut self, line: &'a str) {
        let place = self.place(line);
        self.text.page.definitions.push(place);
        if let Some(anchor) = line.strip_prefix("[[").and_then(|line| line.strip_suffix("]]")) {
            self.anchor(anchor.split(',').next().unwrap_or_default());
            return;
        }
        let inside = line.trim_start_matches('[').trim_end_matches(']');
        let first = inside.split(',').next().unwrap_or_default();
        if let Some((_, rest)) = first.split_once('#') {
            self.anchor(rest.split(['.', '%']).next().unwrap_or_default());
        }
        self.attributes.push(inside);
    }

    fn anchor(&mut self, name: &str) {
        if !name.is_empty() {
            self.text.page.push_anchor(name.trim());
        }
    }

    /// Reads the content of a block without markup, or goes into the block, or out of it.
    fn delimited(&mut self, delimiter: Delimiter, at: usize, end: usize) -> Result<usize, Problem> {
        let (line, next) = self.line_at(at, end);
        self.end_block();
        let span = Span::new(at, at + line.len());
        match delimiter {
            Delimiter::Compound => {
                match self.open.iter().rposition(|open| *open == line) {
                    Some(open) => {
                        self.open.truncate(open);
                        self.items.truncate(self.items_within(open + 1));
                    }
                    None => {
                        self.leave_items();
                        self.open.push(line);
                        if self.open.len() > limits::PAGE_DEPTH {
                            return Err(Problem::fatal(span, "lists and quotes are nested too deeply"));
                        }
                    }
                }
                self.is_apart = true;
                self.text.quoted = self.is_in_quote();
                Ok(next)
            }
            Delimiter::Table => {
                self.leave_items();
                let (content, after) = self.until(line, next, end);
                self.table(span.start as usize, content, after)?;
                Ok(after)
            }
            Delimiter::Code | Delimiter::Comment => {
                self.leave_items();
                let closing = if line.starts_with("```") { "```" } else { line };
                let (content, after) = self.until(closing, next, end);
                let block = Span::new(at, content.end.max(at + self.source[at..after].trim_end().len()));
                let content = Span::new(content.start, content.end);
                match delimiter == Delimiter::Comment || starts::style(&self.attributes) == "comment" {
                    true => self.text.page.comments.push(block),
                    false => self.text.page.fences.push(CodeBlock { content, span: block }),
                }
                self.attributes.clear();
                self.is_apart = true;
                self.reach(block.end);
                Ok(after)
            }
        }
    }

    /// Returns the lines up to one that closes a block, and the position after it; up to the end if there is none.
    fn until(&self, closing: &str, from: usize, end: usize) -> (Range<usize>, usize) {
        match self.lines(from, end).find(|(_, line, _)| *line == closing) {
            Some((at, _, next)) => (from..at, next),
            None => (from..end, end),
        }
    }

    /// Returns the position after indented lines, which are shown as they are.
    fn literal_paragraph(&mut self, at: usize, end: usize) -> usize {
        self.leave_items();
        let shown = self.lines(at, end).take_while(|(_, line, _)| !line.is_empty());
        let after = shown.last().map_or(at, |(.., next)| next);
        self.code(at, after);
        after
    }

    fn code(&mut self, start: usize, end: usize) {
        let span = Span::new(start, end);
        self.text.page.fences.push(CodeBlock { content: span, span });
        self.attributes.clear();
    }

    fn text_line(&mut self, start: usize, end: usize) {
        match &mut self.paragraph {
            Some(paragraph) => paragraph.range.end = end,
            None => {
                let is_apart = std::mem::replace(&mut self.is_apart, false);
                if is_apart {
                    self.leave_items();
                }
                self.is_attached = false;
                self.paragraph =
                    Some(OpenParagraph { range: start..end, item: None, is_listed: !self.items.is_empty() });
            }
        }
    }

    /// Ends the paragraph that is open.
    fn end_block(&mut self) {
        let Some(OpenParagraph { range, item, .. }) = self.paragraph.take() else { return };
        let style = starts::style(&self.attributes);
        if matches!(style, "source" | "listing" | "literal" | "stem" | "latexmath" | "pass" | "comment") {
            self.code(range.start, range.end);
            return;
        }
        self.attributes.clear();
        let span = Span::new(range.start, range.end);
        self.text.begin_block();
        self.text.quoted |= matches!(style, "quote" | "verse");
        self.inline(range);
        self.text.quoted = self.is_in_quote();
        match item {
            Some(item) => self.text.set_item_text(item, span),
            None if self.open.is_empty() && self.items.is_empty() => self.text.push_paragraph(span),
            None => {}
        }
        self.reach(span.end);
    }

    fn push_heading(&mut self, level: usize, title: Range<usize>, line: Range<usize>, next: usize) {
        self.attributes.clear();
        self.text.begin_block();
        self.inline(title.clone());
        let plain = self.text.take_plain();
        let identifier = starts::identifier(&plain);
        let times = self.identifiers.entry(identifier.clone()).or_default();
        *times += 1;
        self.text.page.push_anchor(&match times {
            1 => identifier,
            times => format!("{identifier}_{times}"),
        });
        self.text.push_heading(level, plain, title, line, next);
        self.is_apart = true;
    }

    /// Begins an item: its list is that of the last open item with the same marker.
    fn item(&mut self, start: usize, marker: &'a str, end: usize) -> Result<(), Problem> {
        let mark = kind(marker.trim_end());
        self.end_items_of(mark);
        if self.items.len() >= limits::PAGE_DEPTH {
            let span = Span::new(start, start + marker.len());
            return Err(Problem::fatal(span, "lists and quotes are nested too deeply"));
        }
        let text = start + marker.len();
        let item = self.text.push_item(self.items.len() + 1, Span::new(start, end), text.min(end));
        self.items.push(OpenItem { marker: mark, item, blocks: self.open.len() });
        let text = text + task_box(&self.source[text..end]);
        self.is_apart = false;
        self.is_attached = false;
        self.paragraph = Some(OpenParagraph { range: text..end, item: Some(item), is_listed: true });
        Ok(())
    }

    /// Ends the items before a block that belongs to none of them.
    fn leave_items(&mut self) {
        if !std::mem::replace(&mut self.is_attached, false) {
            self.items.truncate(self.items_within(self.open.len()));
        }
    }

    /// Returns the index of the first item in a list with so many blocks around it.
    fn items_within(&self, blocks: usize) -> usize {
        self.items.partition_point(|open| open.blocks < blocks)
    }

    /// Ends the items in lists within that of a marker, and its last item.
    fn end_items_of(&mut self, mark: &str) {
        let is_of_list = |open: &OpenItem<'_>| open.marker == mark && open.blocks == self.open.len();
        self.items.truncate(self.items.iter().rposition(is_of_list).unwrap_or(self.items.len()));
    }

    /// Extends the open items up to a position.
    fn reach(&mut self, end: u32) {
        self.text.extend_items(self.items.iter().map(|open| open.item), end);
    }

    fn table(&mut self, start: usize, content: Range<usize>, after: usize) -> Result<(), Problem> {
        let attributes = std::mem::take(&mut self.attributes);
        let span = Span::new(start, start + self.source[start..after].trim_end().len());
        let (open, first_row) = self.cells_of_bars(content);
        let width = columns(&attributes).unwrap_or(first_row).clamp(1, MAX_COLUMNS);
        let mut cells = Vec::new();
        for open in open {
            self.cells += open.columns;
            if self.cells > limits::VALUES {
                return Err(Problem::too_many_values(span));
            }
            let cell = self.read_cell(open.range);
            let spanned = Cell { span: Span::at(cell.span.end as usize), text: "".into() };
            cells.push(cell);
            cells.extend((1..open.columns).map(|_| spanned.clone()));
        }
        self.text.push_table(span, cells.chunks(width).map(<[Cell]>::to_vec));
        self.is_apart = true;
        self.reach(span.end);
        Ok(())
    }

    /// Returns the cells, and how many the first row has.
    fn cells_of_bars(&mut self, content: Range<usize>) -> (Vec<OpenCell>, usize) {
        let mut cells: Vec<OpenCell> = Vec::new();
        let mut first_row = 0;
        for (at, line, next) in self.lines(content.start, content.end) {
            if starts::is_comment_line(line) || starts::is_directive(line) {
                self.skipped_line(line);
                continue;
            }
            let mut from = at;
            for (bar, _) in line.match_indices('|') {
                let bar = at + bar;
                if self.source[from..bar].ends_with('\\') {
                    continue;
                }
                let own = specifier(&self.source[from..bar]);
                extend(&mut cells, from..bar - own.len());
                cells.push(OpenCell { columns: spanned_columns(own), range: bar + 1..bar + 1 });
                from = bar + 1;
            }
            extend(&mut cells, from..next);
            if first_row == 0 && !cells.is_empty() {
                first_row = cells.iter().map(|cell| cell.columns).sum();
            }
        }
        (cells, first_row)
    }

    fn read_cell(&mut self, range: Range<usize>) -> Cell {
        self.text.begin_block();
        self.inline(range.clone());
        let span = Some(self.text.trimmed(range.clone())).filter(|span| !span.is_empty());
        let span = span.unwrap_or(Span::at(range.start));
        Cell { span, text: self.text.take_plain() }
    }
}

/// Returns what the markers of one list have in common.
fn kind(marker: &str) -> &str {
    match marker.as_bytes() {
        [b'0'..=b'9', ..] => "1.",
        _ => marker,
    }
}

/// Returns the bytes of the box of a task.
fn task_box(text: &str) -> usize {
    let marks = ["[ ] ", "[x] ", "[X] ", "[*] "];
    marks.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len())
}

/// Adds text to the last cell, unless a comment stands between.
fn extend(cells: &mut [OpenCell], range: Range<usize>) {
    if let Some(cell) = cells.last_mut().filter(|cell| cell.range.end == range.start) {
        cell.range.end = range.end;
    }
}

/// Reads what stands before a bar: `2+`, and how the cell looks.
fn spanned_columns(specifier: &str) -> usize {
    let columns = specifier.split_once('+').and_then(|(number, _)| number.parse().ok());
    columns.unwrap_or(1_usize).clamp(1, MAX_COLUMNS)
}

/// Returns what stands directly before a bar and says how the cell is placed.
fn specifier(text: &str) -> &str {
    const MAX_LEN: usize = 12;
    let allowed = |byte: &u8| byte.is_ascii_digit() || b"*+.<^>aehlmdsv".contains(byte);
    let length = text.bytes().rev().take(MAX_LEN).take_while(allowed).count();
    let own = &text[text.len() - length..];
    let before = &text[..text.len() - length];
    let is_apart = before.is_empty() || before.ends_with([' ', '\t']);
    let has_letter_inside = own.bytes().rev().skip(1).any(|byte| byte.is_ascii_alphabetic());
    let is_number = own.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    if is_apart && !has_letter_inside && !is_number { own } else { "" }
}

/// Returns how many columns `cols="1h,3*"` declares.
fn columns(attributes: &[&str]) -> Option<usize> {
    let value = attributes.iter().find_map(|text| text.split_once("cols=").map(|(_, value)| value))?;
    let text = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(',').next(),
    }?;
    if let Ok(columns) = text.trim().parse::<usize>() {
        return Some(columns.min(MAX_COLUMNS));
    }
    let number = |part: &str| match part.split_once('*') {
        Some((copies, _)) => copies.trim().parse().unwrap_or(1_usize).min(MAX_COLUMNS),
        None => 1,
    };
    Some(text.split([',', ';']).map(number).sum())
}
