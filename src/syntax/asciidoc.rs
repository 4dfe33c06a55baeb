//! `AsciiDoc`: the parts that hold a record's fields or are linked to, with their spans. Files that a page includes are not read.

mod inline;

use std::collections::HashMap;
use std::ops::Range;

use super::Problem;
use super::markdown::{Cell, CodeBlock, DocumentHeader, Markdown};
use super::text_parts::TextParts;
use crate::limits;
use crate::text::{Source, Span};

const MAX_COLUMNS: usize = 100;

pub(super) fn parse(source: &Source, whole: Span, page: &mut Markdown) -> Option<Problem> {
    let mut reader = Reader {
        source: source.text(),
        text: TextParts::new(source.text(), page),
        is_apart: true,
        is_component: is_in_component(source.path()),
        ..Reader::default()
    };
    let problem = reader.read(whole.range()).err();
    *page = reader.text.page;
    if reader.has_includes || page.document_header.is_none() {
        // The places may be on the pages that it includes, or on those of the document that it is a part of.
        page.links.retain(|link| !link.destination.starts_with('#'));
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
    is_comment_line(line) || is_directive(line) || is_block_attributes(line)
}

#[derive(Default)]
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
        self.lines(at, end).next().map_or(("", end), |(_, line, next)| (line, next))
    }

    fn read(&mut self, within: Range<usize>) -> Result<(), Problem> {
        let end = within.end;
        let mut at = self.document_header(within);
        while at < end {
            at = self.line(at, end)?;
        }
        self.end_block();
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

    fn place(&self, part: &str) -> Span {
        let start = part.as_ptr() as usize - self.source.as_ptr() as usize;
        Span::new(start, start + part.len())
    }

    /// Reads the lines of attributes, the title, and the author and the revision below it.
    fn document_header(&mut self, within: Range<usize>) -> usize {
        let Range { start, end } = within;
        let is_attribute = |line: &str| attribute(line).is_some();
        let is_above = |line: &str| line.is_empty() || is_silent_line(line) || is_attribute(line);
        let found = self.lines(start, end).find(|(_, line, _)| !is_above(line));
        let Some((at, line, below)) = found else { return start };
        let Some((1, title)) = heading(line) else { return start };
        let above: Vec<&str> = self.lines(start, at).map(|(_, line, _)| line).collect();
        let first = above.iter().copied().find(|line| is_attribute(line)).unwrap_or(line);
        above.into_iter().for_each(|line| self.skipped_line(line));
        let (mut implied, mut last, mut next) = (Vec::new(), line, below);
        let (author, after) = self.line_at(below, end);
        if is_author_line(author) {
            implied.push(("author", self.place(author.trim_start())));
            (last, next) = (author, after);
            let (revision, after) = self.line_at(next, end);
            if let Some(day) = revision_day(revision) {
                implied.push(("revdate", self.place(day)));
                (last, next) = (revision, after);
            }
        }
        let is_part = |line: &str| is_attribute(line) || is_comment_line(line) || is_directive(line);
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

    /// Records a comment, an attribute or a directive.
    fn skipped_line(&mut self, line: &'a str) {
        if is_comment_line(line) {
            self.text.page.comments.push(self.place(line));
        } else if attribute(line).is_some() || is_directive(line) {
            self.has_includes |= line.starts_with("include::");
        } else if is_block_attributes(line) {
            self.block_attributes(line);
        }
    }

    /// Reads the line at a position, or the block that begins there, and returns the position after it.
    fn line(&mut self, at: usize, end: usize) -> Result<usize, Problem> {
        let (line, next) = self.line_at(at, end);
        let text = line.trim_start();
        let (start, line_end) = (at + (line.len() - text.len()), at + line.len());
        if let Some(delimiter) = delimiter(line) {
            return self.delimited(delimiter, at, end);
        }
        if is_silent_line(line) || self.paragraph.is_none() && attribute(line).is_some() {
            self.end_block();
            self.skipped_line(line);
        } else if line.is_empty() {
            self.end_block();
            self.is_apart = true;
        } else if line == "+" && !self.items.is_empty() {
            self.end_block();
            self.is_attached = true;
        } else if let Some(marker) = marker(text).filter(|_| self.may_be_item()) {
            self.end_block();
            self.item(start, marker, line_end)?;
        } else if self.paragraph.is_some() {
            self.text_line(start, line_end);
        } else if let Some((level, title)) = heading(line).filter(|_| self.open.is_empty()) {
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
                match delimiter == Delimiter::Comment || style(&self.attributes) == "comment" {
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
        let style = style(&self.attributes);
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
        let identifier = identifier(&plain);
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
        let span = Span::new(start, start + self.source[start..after].trim_ascii_end().len());
        let (cells, lines) = self.cells_of_bars(content);
        let width = columns(&attributes).or(lines.first().copied()).unwrap_or(1).clamp(1, MAX_COLUMNS);
        self.cells += cells.len();
        if self.cells > limits::VALUES {
            return Err(Problem::too_many_values(span));
        }
        let cells: Vec<Cell> = cells.into_iter().map(|range| self.read_cell(range)).collect();
        self.text.push_table(span, rows(cells, width, &lines));
        self.is_apart = true;
        self.reach(span.end);
        Ok(())
    }

    /// Returns the texts of the cells, each up to a comment, and how many begin on each line with some.
    fn cells_of_bars(&mut self, content: Range<usize>) -> (Vec<Range<usize>>, Vec<usize>) {
        let mut cells: Vec<Range<usize>> = Vec::new();
        let mut lines = Vec::new();
        for (at, line, next) in self.lines(content.start, content.end) {
            if is_comment_line(line) || is_directive(line) {
                self.skipped_line(line);
                continue;
            }
            let (mut from, above) = (at, cells.len());
            for (bar, _) in line.match_indices('|') {
                let bar = at + bar;
                if self.source[from..bar].ends_with('\\') {
                    continue;
                }
                extend(&mut cells, from..bar - specifier(&self.source[from..bar]).len());
                cells.push(bar + 1..bar + 1);
                from = bar + 1;
            }
            extend(&mut cells, from..next);
            lines.extend(Some(cells.len() - above).filter(|count| *count > 0));
        }
        (cells, lines)
    }

    fn read_cell(&mut self, range: Range<usize>) -> Cell {
        self.text.begin_block();
        self.inline(range.clone());
        let span = Some(self.text.trimmed(range.clone())).filter(|span| !span.is_empty());
        let span = span.unwrap_or(Span::at(range.start));
        Cell { span, text: self.text.take_plain() }
    }
}

/// Fills rows with cells, one after another. Where half of the lines are whole rows, a line with a cell too few shifts none below it.
fn rows(cells: Vec<Cell>, width: usize, lines: &[usize]) -> Vec<Vec<Cell>> {
    let whole = lines.iter().filter(|count| **count == width).count();
    if whole * 2 < lines.len() || lines.iter().any(|count| *count > width) {
        return cells.chunks(width).map(<[Cell]>::to_vec).collect();
    }
    let (mut rows, mut cells): (Vec<Vec<Cell>>, _) = (Vec::new(), cells.into_iter());
    for count in lines {
        let line = cells.by_ref().take(*count);
        match rows.last_mut().filter(|row| row.len() + count <= width) {
            Some(row) => row.extend(line),
            None => rows.push(line.collect()),
        }
    }
    rows
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
fn extend(cells: &mut [Range<usize>], range: Range<usize>) {
    if let Some(cell) = cells.last_mut().filter(|cell| cell.end == range.start) {
        cell.end = range.end;
    }
}

/// Returns what stands directly before a bar and says how the cell is placed: `2+`, `.3+^`, `a`.
fn specifier(text: &str) -> &str {
    let own = text.rsplit([' ', '\t']).next().unwrap_or_default();
    let marks = own.strip_suffix(|c: char| "aehlmdsv".contains(c)).unwrap_or(own);
    let is_one = marks.chars().all(|c| c.is_ascii_digit() || "*+.<^>".contains(c))
        && !own.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    if is_one { own } else { "" }
}

/// Returns how many columns `cols="1h,3*"` declares.
fn columns(attributes: &[&str]) -> Option<usize> {
    let value = attributes.iter().find_map(|text| text.split_once("cols=").map(|(_, value)| value))?;
    let text = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(',').next(),
    }?;
    let number = |text: &str| text.trim().parse::<usize>().ok().map(|number| number.min(MAX_COLUMNS));
    let copies = |part: &str| part.split_once('*').and_then(|(copies, _)| number(copies)).unwrap_or(1);
    number(text).or_else(|| Some(text.split([',', ';']).map(copies).sum()))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Delimiter {
    Code,
    Comment,
    /// With blocks in it.
    Compound,
    Table,
}

fn is_comment_line(line: &str) -> bool {
    line.starts_with("//") && !line.starts_with("///")
}

/// Returns true for a line that includes a file, or that begins or ends what depends on a condition.
fn is_directive(line: &str) -> bool {
    ["include::", "ifdef::", "ifndef::", "ifeval::", "endif::"].iter().any(|name| line.starts_with(name))
        && line.ends_with(']')
}

/// Returns the bytes of the name in `:name: value`, `:!name:` or `:name!:`.
fn attribute(line: &str) -> Option<Range<usize>> {
    let rest = line.strip_prefix(':')?;
    let length = rest.find(':')?;
    let after = &rest[length + 1..];
    let name = rest[..length].trim_start_matches('!').trim_end_matches('!');
    let is_name = name.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.'));
    (is_name && (after.is_empty() || after.starts_with([' ', '\t']))).then_some(1..1 + length)
}

/// Returns true for `[source,ruby]`, `[[name]]` and `[]`, and not for `[x] text` or `[link] [link]`.
fn is_block_attributes(line: &str) -> bool {
    let Some(inside) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) else { return false };
    let inside = inside.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')).unwrap_or(inside);
    let begins =
        |c: char| c.is_alphanumeric() || matches!(c, '#' | '.' | '%' | ',' | '"' | '\'' | '_' | '{' | ':');
    (inside.is_empty() || inside.starts_with(begins)) && !inside.contains([']', '['])
}

fn delimiter(line: &str) -> Option<Delimiter> {
    const LEAST: usize = 4;
    let first = line.bytes().next()?;
    if line == "--" {
        return Some(Delimiter::Compound);
    }
    if let Some(language) = line.strip_prefix("```") {
        let is_fence = !language.contains('`') && language.split_whitespace().count() <= 1;
        return is_fence.then_some(Delimiter::Code);
    }
    if line.len() < LEAST {
        return None;
    }
    if first == b'|' && line.bytes().skip(1).all(|byte| byte == b'=') {
        return Some(Delimiter::Table);
    }
    match first {
        _ if !line.bytes().all(|byte| byte == first) => None,
        b'-' | b'.' | b'+' => Some(Delimiter::Code),
        b'/' => Some(Delimiter::Comment),
        b'=' | b'*' | b'_' => Some(Delimiter::Compound),
        _ => None,
    }
}

/// Returns the level and the title in `== Title`, `== Title ==` or `## Title`.
fn heading(line: &str) -> Option<(usize, Range<usize>)> {
    let mark = line.bytes().next().filter(|byte| matches!(byte, b'=' | b'#'))?;
    let level = line.bytes().take_while(|byte| *byte == mark).count();
    let rest = &line[level..];
    if level > 6 || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let mut title = rest.trim();
    let closing = title.trim_end_matches(char::from(mark));
    if title.len() - closing.len() == level && closing.ends_with(' ') {
        title = closing.trim_end();
    }
    let start = line.len() - rest.trim_start().len();
    (!title.is_empty()).then_some((level, start..start + title.len()))
}

/// Returns the marker of an item, with the white space after it.
fn marker(text: &str) -> Option<&str> {
    const MAX_DIGITS: usize = 9;
    let first = text.bytes().next()?;
    let length = match first {
        b'*' | b'.' => text.bytes().take_while(|byte| *byte == first).count(),
        b'-' => 1,
        b'0'..=b'9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            (digits <= MAX_DIGITS && text[digits..].starts_with('.')).then_some(digits + 1)?
        }
        _ => return None,
    };
    let after = text.get(length..)?;
    let spaces = after.len() - after.trim_start().len();
    (spaces > 0).then(|| &text[..length + spaces])
}

/// Returns the first of the values without a name: `source` in `[source,ruby]`.
fn style<'a>(attributes: &[&'a str]) -> &'a str {
    let styles = attributes.iter().map(|text| text.split(',').next().unwrap_or_default().trim());
    let styles = styles.map(|style| style.split(['%', '#', '.']).next().unwrap_or_default());
    styles.filter(|style| !style.contains('=')).rfind(|style| !style.is_empty()).unwrap_or_default()
}

/// Returns true for the line below a title that names the authors. One such as `Status: accepted` holds a field.
fn is_author_line(line: &str) -> bool {
    let is_name = |name: &str| {
        let name = name.trim();
        let (name, mail) =
            name.split_once('<').map_or((name, None), |(name, mail)| (name.trim(), Some(mail)));
        let words = name.split_whitespace().count();
        let is_word = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '\'' | '.');
        (1..=4).contains(&words) && name.chars().all(is_word) && mail.is_none_or(|mail| mail.ends_with('>'))
    };
    !line.is_empty()
        && line.starts_with(char::is_alphabetic)
        && !line.contains(": ")
        && line.split(';').filter(|name| !name.trim().is_empty()).all(is_name)
}

/// Returns the day in `v1.0, 2026-01-31: Reviewed`.
fn revision_day(line: &str) -> Option<&str> {
    let main = line.split_once(": ").map_or(line, |(main, _)| main);
    let day = match main.split_once(',') {
        Some((_, day)) => day,
        None => main,
    };
    let is_day = day.contains(|c: char| c.is_ascii_digit())
        && !day.starts_with(['v', 'V'])
        && !line.starts_with([':', '=', '[', '/', '|', '*']);
    is_day.then(|| day.trim())
}

/// Returns the identifier that a title gets: `_open_questions` for `Open questions`.
fn identifier(title: &str) -> String {
    let mut words = String::with_capacity(title.len());
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            ' ' | '.' | '-' if words.ends_with('_') => {}
            ' ' | '.' | '-' => words.push('_'),
            c if c.is_alphanumeric() || c == '_' => words.push(c),
            _ => {}
        }
    }
    format!("_{}", words.trim_matches('_'))
}
