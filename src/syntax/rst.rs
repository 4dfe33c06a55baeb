//! reStructuredText: the parts that hold a record's fields or are linked to, with their spans.

mod explicit;
mod inline;
mod lines;
mod tables;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::markdown::{
    CodeBlock, Heading, ListItem, Markdown, Paragraph, Slugger, close_sections, find_too_many_marks,
};
use super::text_parts::TextParts;
use super::{Problem, character_at, line};
use crate::limits;
use crate::text::{Source, Span};
use explicit::Targets;
pub use inline::DOC_ROLE;
use lines::{Line, lines};

/// The deepest level of a heading that a page keeps apart from the one above it.
const MAX_LEVEL: usize = 6;

/// The shortest line of punctuation that underlines a title of more letters.
const MIN_UNDERLINE: usize = 4;

/// Parses a page into its parts.
pub(super) fn parse(source: &Source, page: &mut Markdown) -> Option<Problem> {
    let whole = Span::new(source.bom_len(), source.text().len());
    if let Some(mark) = find_too_many_marks(source.slice(whole)) {
        return Some(Problem::too_many_values(character_at(source.text(), whole.start as usize + mark)));
    }
    page.lead = line::find_lead(source, whole);
    let start = page.lead.as_ref().map_or(whole.start, |lead| lead.span.end);
    let within = Span { start, ..whole };
    let lines = lines(source.text(), within);
    let mut reader = Reader::new(source.text(), lines, page);
    let all = 0..reader.lines.len();
    let problem = reader.body(all, 0, Place::TOP).err();
    let Reader { text, targets, links, .. } = reader;
    targets.resolve(links, text.page);
    close_sections(&mut page.headings, whole.end);
    problem
}

/// What is around a body.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// Open lists.
    lists: usize,
}

impl Place {
    const TOP: Place = Place { depth: 0, lists: 0 };

    fn within(self) -> Place {
        Place { depth: self.depth + 1, ..self }
    }

    fn in_list(self) -> Place {
        Place { depth: self.depth + 1, lists: self.lists + 1 }
    }
}

struct Reader<'a> {
    source: &'a str,
    lines: Vec<Line>,
    text: TextParts<'a>,
    slugger: Slugger,
    /// The characters under titles, and whether they are above them too, in the order of levels.
    adornments: Vec<(u8, bool)>,
    targets: Targets,
    links: Vec<inline::OpenLink>,
    /// The item whose first paragraph is not read yet.
    open_item: Option<usize>,
    /// Up to this line no table of the simple form ends.
    unclosed_table: usize,
    cells: usize,
}

/// What the text of a line begins.
enum Block {
    Explicit,
    Field(usize),
    /// The bytes of the marker.
    Item(usize),
    Doctest,
    Lines,
    GridTable,
    SimpleTable,
    Adornment,
    Text,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, lines: Vec<Line>, page: &'a mut Markdown) -> Reader<'a> {
        Reader {
            source,
            lines,
            text: TextParts::new(source, page),
            slugger: Slugger::default(),
            adornments: Vec::new(),
            targets: Targets::default(),
            links: Vec::new(),
            open_item: None,
            unclosed_table: 0,
            cells: 0,
        }
    }

    fn slice(&self, line: usize) -> &'a str {
        let Line { start, end, .. } = self.lines[line];
        &self.source[start..end]
    }

    fn heading(&self) -> Option<usize> {
        self.text.page.headings.len().checked_sub(1)
    }

    /// Returns the line after those that are indented by more than `column`, without blank ones at the end.
    fn end_of_indented(&self, from: usize, end: usize, column: usize) -> usize {
        let mut last = from;
        for at in from..end {
            let line = &self.lines[at];
            if line.is_blank() {
                continue;
            }
            if line.column <= column {
                break;
            }
            last = at + 1;
        }
        last
    }

    fn min_column(&self, range: Range<usize>) -> usize {
        let filled = self.lines[range].iter().filter(|line| !line.is_blank());
        filled.map(|line| line.column).min().unwrap_or(0)
    }

    /// Reads the lines of a body whose text is indented by `column`.
    fn body(&mut self, range: Range<usize>, column: usize, place: Place) -> Result<(), Problem> {
        if place.depth > limits::PAGE_DEPTH {
            let at = self.lines.get(range.start).map_or(self.source.len(), |line| line.start);
            let at = character_at(self.source, at);
            return Err(Problem::fatal(at, "lists and quotes are nested too deeply"));
        }
        let mut at = range.start;
        while at < range.end {
            let line = self.lines[at];
            at = if line.is_blank() {
                at + 1
            } else if line.column > column {
                let end = self.end_of_indented(at, range.end, column);
                let inner = self.min_column(at..end);
                let was_quoted = self.text.quoted;
                self.text.quoted |= matches!(self.kind(at, end), Block::Text);
                self.body(at..end, inner, place.within())?;
                self.text.quoted = was_quoted;
                end
            } else {
                self.block(at, range.end, place)?
            };
        }
        Ok(())
    }

    /// Reads the block that begins on a line, and returns the line after it.
    fn block(&mut self, at: usize, end: usize, place: Place) -> Result<usize, Problem> {
        match self.kind(at, end) {
            Block::Explicit => self.explicit(at, end, place),
            Block::Field(marker) => self.marked(at, end, marker, false, place),
            Block::Item(marker) => self.marked(at, end, marker, true, place),
            Block::Doctest => Ok(self.end_of_text(at, end)),
            Block::Lines => {
                let after = self.end_of_text(at, end);
                for line in at..after {
                    let mut line = self.lines[line];
                    line.skip(usize::from(self.source[line.start..line.end].starts_with('|')), self.source);
                    self.text.begin_block();
                    self.inline(line.start..line.end);
                }
                Ok(after)
            }
            Block::GridTable => self.grid_table(at, end),
            Block::SimpleTable => self.simple_table(at, end),
            Block::Adornment => Ok(self.overlined(at, end, place).unwrap_or(at + 1)),
            Block::Text => self.text_block(at, end, place),
        }
    }

    fn kind(&self, at: usize, end: usize) -> Block {
        let text = self.slice(at);
        let bytes = text.as_bytes();
        let is_marked = |marker: &str| {
            text.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        };
        if is_marked("..") || is_marked("__") {
            return Block::Explicit;
        }
        if let Some(marker) = field_marker(text) {
            return Block::Field(marker);
        }
        if let Some(marker) = bullet(text).or_else(|| self.enumerator(at, end)) {
            return Block::Item(marker);
        }
        match bytes {
            _ if is_marked(">>>") => Block::Doctest,
            _ if is_marked("|") => Block::Lines,
            _ if tables::is_grid_border(text) => Block::GridTable,
            _ if tables::is_simple_border(text) && at >= self.unclosed_table => Block::SimpleTable,
            _ if adornment(text).is_some() => Block::Adornment,
            _ => Block::Text,
        }
    }

    /// A sentence may begin with a number: the line below an item is blank, indented, or another item.
    fn enumerator(&self, at: usize, end: usize) -> Option<usize> {
        let marker = enumerator(self.slice(at))?;
        let line = &self.lines[at];
        let is_item = self.lines.get(at + 1).filter(|_| at + 1 < end).is_none_or(|next| {
            next.is_blank()
                || next.column > line.column
                || (next.column == line.column && enumerator(self.slice(at + 1)).is_some())
        });
        is_item.then_some(marker)
    }

    /// Reads an item or a field: a marker, and a body behind and below it.
    fn marked(
        &mut self,
        at: usize,
        end: usize,
        marker: usize,
        is_item: bool,
        place: Place,
    ) -> Result<usize, Problem> {
        let end = self.end_of_indented(at + 1, end, self.lines[at].column);
        let start = self.lines[at].start;
        let mark_end = (start + marker).min(self.lines[at].end);
        let last = self.lines[at + 1..end].iter().rev().find(|line| !line.is_blank());
        let content_end = last.map_or(self.lines[at].end, |line| line.end);
        if is_item {
            self.open_item = Some(self.text.page.items.len());
            let heading = self.heading();
            self.text.page.items.push(ListItem {
                depth: place.lists + 1,
                span: Span::new(start, content_end),
                text: Span::at(mark_end),
                plain: "".into(),
                heading,
            });
        }
        self.lines[at].skip(marker, self.source);
        let below = self.min_column(at + 1..end);
        let first = &mut self.lines[at];
        // Text below a field may be indented by any width.
        if below > 0 && !first.is_blank() && (!is_item || below < first.column) {
            first.column = below;
        }
        let column = if first.is_blank() { below } else { first.column };
        let place = if is_item { place.in_list() } else { place.within() };
        self.body(at..end, column, place)?;
        self.open_item = None;
        Ok(end)
    }

    /// Returns the line after the lines of text from this one on.
    fn end_of_text(&self, at: usize, end: usize) -> usize {
        (at + 1..end).find(|&next| self.lines[next].is_blank()).unwrap_or(end)
    }

    fn text_block(&mut self, at: usize, end: usize, place: Place) -> Result<usize, Problem> {
        if let Some(after) = self.underlined(at, end, place) {
            return Ok(after);
        }
        let column = self.lines[at].column;
        let next = self.lines.get(at + 1).filter(|next| at + 1 < end && !next.is_blank());
        let is_term = next.is_some_and(|next| next.column > column) && !self.slice(at).ends_with("::");
        if is_term {
            self.paragraph(at..at + 1, place.within());
            let after = self.end_of_indented(at + 1, end, column);
            let inner = self.min_column(at + 1..after);
            self.body(at + 1..after, inner, place.within())?;
            return Ok(after);
        }
        let is_same = |line: &Line| !line.is_blank() && line.column == column;
        let after = (at + 1..end).find(|&next| !is_same(&self.lines[next])).unwrap_or(end);
        self.paragraph(at..after, place);
        match self.slice(after - 1).ends_with("::") {
            true => Ok(self.literal_block(after, end, column)),
            false => Ok(after),
        }
    }

    /// Returns the line after a literal block: indented, or lines that all begin with the same mark.
    fn literal_block(&mut self, from: usize, end: usize, column: usize) -> usize {
        let first = (from..end).find(|&at| !self.lines[at].is_blank());
        let Some(first) = first else { return end };
        if self.lines[first].column > column {
            let after = self.end_of_indented(first, end, column);
            self.fence("", first..after, self.lines[first].span());
            return after;
        }
        let quote = self.slice(first).bytes().next().filter(u8::is_ascii_punctuation);
        let is_quoted = |at: &usize| quote.is_some() && self.slice(*at).bytes().next() == quote;
        if self.lines[first].column < column || matches!(quote, None | Some(b'.' | b':' | b'`')) {
            return from;
        }
        let after = (first..end).find(|at| !is_quoted(at)).unwrap_or(end);
        self.fence("", first..after, self.lines[first].span());
        after
    }

    /// Adds a block of code whose content is these lines.
    fn fence(&mut self, language: &str, content: Range<usize>, opening: Span) {
        let content = match (self.lines[content.clone()].first(), self.lines[content].last()) {
            (Some(first), Some(last)) => Span::new(first.line_start, last.next),
            _ => Span::at(opening.end as usize),
        };
        let start = opening.start.min(content.start);
        let span = Span { start, end: opening.end.max(content.end) };
        self.text.page.fences.push(CodeBlock { language: language.into(), content, span });
    }

    fn paragraph(&mut self, lines: Range<usize>, place: Place) {
        let (Some(first), Some(last)) = (self.lines[lines.clone()].first(), self.lines[lines].last()) else {
            return;
        };
        let range = first.start..last.end;
        let span = Span::new(range.start, range.end);
        self.text.begin_block();
        self.inline(range);
        if let Some(item) = self.open_item.take() {
            let plain = self.text.take_plain();
            let item = &mut self.text.page.items[item];
            item.text = span;
            item.plain = plain;
        }
        if place.depth == 0 {
            let heading = self.heading();
            self.text.page.paragraphs.push(Paragraph { span, heading });
        }
    }

    fn underlined(&mut self, at: usize, end: usize, place: Place) -> Option<usize> {
        let below = at + 1;
        if place.depth > 0 || below >= end || self.lines[at].column > 0 || self.lines[below].column > 0 {
            return None;
        }
        let (mark, length) = adornment(self.slice(below))?;
        let width = self.slice(at).chars().count();
        if length < width.min(MIN_UNDERLINE) {
            return None;
        }
        self.push_heading(at, at..below + 1, (mark, false));
        Some(below + 1)
    }

    fn overlined(&mut self, at: usize, end: usize, place: Place) -> Option<usize> {
        let (mark, _) = adornment(self.slice(at))?;
        let [title, below] = [at + 1, at + 2];
        let is_title = place.depth == 0
            && below < end
            && !self.lines[title].is_blank()
            && adornment(self.slice(below)).is_some_and(|(other, _)| other == mark);
        if !is_title {
            return None;
        }
        self.push_heading(title, at..below + 1, (mark, true));
        Some(below + 1)
    }

    fn push_heading(&mut self, title: usize, lines: Range<usize>, adornment: (u8, bool)) {
        let level = match self.adornments.iter().position(|known| *known == adornment) {
            Some(level) => level,
            None => {
                self.adornments.push(adornment);
                self.adornments.len() - 1
            }
        };
        let (first, last) = (self.lines[lines.start], self.lines[lines.end - 1]);
        let span = self.lines[title].span();
        self.text.begin_block();
        self.inline(span.range());
        let plain = self.text.take_plain();
        let rest = Span::at(last.next);
        self.text.page.anchors.push(&explicit::identifier(&plain));
        let slug = self.slugger.next(&plain);
        self.text.page.headings.push(Heading {
            level: (level + 1).min(MAX_LEVEL) as u8,
            title: plain,
            span,
            line: Span::new(first.start, last.end),
            body: rest,
            own_body: rest,
            above: None,
            slug,
        });
    }
}

/// Returns the character that the text consists of, and how often it does.
fn adornment(text: &str) -> Option<(u8, usize)> {
    let bytes = text.as_bytes();
    let first = *bytes.first().filter(|first| first.is_ascii_punctuation())?;
    bytes.iter().all(|byte| *byte == first).then_some((first, bytes.len()))
}

fn bullet(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|mark| matches!(mark, '-' | '*' | '+' | '•' | '‣' | '⁃'))?;
    let rest = &text[mark.len_utf8()..];
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some(mark.len_utf8())
}

/// Returns the bytes of a marker such as `1.`, `(a)`, `iv)` or `#.`.
fn enumerator(text: &str) -> Option<usize> {
    const MAX_DIGITS: usize = 9;
    let inner = text.strip_prefix('(').unwrap_or(text);
    let is_numeral = |c: char| "ivxlcdmIVXLCDM".contains(c);
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let length = match inner.chars().next()? {
        '#' => 1,
        '0'..='9' => digits,
        first if is_numeral(first) => inner.bytes().take_while(|byte| is_numeral(char::from(*byte))).count(),
        first if first.is_ascii_alphabetic() => 1,
        _ => return None,
    };
    let rest = &inner[length..];
    let closed = match inner.len() < text.len() {
        true => rest.starts_with(')'),
        false => rest.starts_with(['.', ')']),
    };
    let after = rest.get(1..)?;
    let is_marker = closed && length <= MAX_DIGITS && after.starts_with([' ', '\t']);
    is_marker.then_some(text.len() - after.len())
}

/// Returns the bytes of a marker such as `:Status:`.
fn field_marker(text: &str) -> Option<usize> {
    const MAX_NAME: usize = 100;
    let rest = text.strip_prefix(':')?;
    if rest.starts_with([':', ' ']) {
        return None;
    }
    let name = rest.bytes().take(MAX_NAME).position(|byte| byte == b':')?;
    let after = &rest[name + 1..];
    (after.is_empty() || after.starts_with([' ', '\t'])).then_some(name + 2)
}
