//! reStructuredText: headings, lists, tables, links, code and comments, line by line. What is indented belongs to the item above it.

mod explicit;
mod inline;
mod tables;

use std::ops::Range;

use super::markdown::{CodeBlock, Link, Markdown};
use super::text_parts::TextParts;
use super::{Problem, line};
use crate::limits;
use crate::text::{Source, Span};
use explicit::Targets;

pub(super) fn parse(source: &Source, whole: Span, page: &mut Markdown) -> Option<Problem> {
    page.lead = line::find_lead(source, whole);
    let start = page.lead.as_ref().map_or(whole.start, |lead| lead.span.end);
    let mut reader = Reader {
        source: source.text(),
        lines: lines(source.text(), Span { start, ..whole }),
        text: TextParts::new(source.text(), page),
        is_apart: true,
        ..Reader::default()
    };
    let problem = reader.read().err();
    *page = reader.text.page;
    reader.targets.resolve(reader.links, page);
    problem
}

#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    lines: Vec<Line>,
    text: TextParts<'a>,
    /// The characters under titles, and whether they are above them too, in the order of levels.
    adornments: Vec<(u8, bool)>,
    targets: Targets,
    links: Vec<(Link, inline::Destination)>,
    /// The open items and other blocks whose content is indented, from the outermost.
    items: Vec<Open>,
    /// True after a blank line.
    is_apart: bool,
    /// Up to this line no table of the simple form ends.
    unclosed_table: usize,
    cells: usize,
}

/// What the lines below belong to that are indented more.
struct Open {
    column: usize,
    /// The item, and whether its first paragraph is still to come; none for a field, a directive or a term.
    item: Option<(usize, bool)>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Problem> {
        let mut at = 0;
        while at < self.lines.len() {
            let line = self.lines[at];
            if line.is_blank() {
                self.is_apart = true;
                at += 1;
                continue;
            }
            self.items.truncate(self.items.partition_point(|open| open.column < line.column));
            at = self.block(at)?;
            self.is_apart = false;
        }
        Ok(())
    }

    fn slice(&self, line: usize) -> &'a str {
        let Line { start, end, .. } = self.lines[line];
        &self.source[start..end]
    }

    /// Returns the line after those that are indented by more than `column`, without blank ones at the end.
    fn end_of_indented(&self, from: usize, column: usize) -> usize {
        let mut last = from;
        for (at, line) in self.lines.iter().enumerate().skip(from).filter(|(_, line)| !line.is_blank()) {
            if line.column <= column {
                break;
            }
            last = at + 1;
        }
        last
    }

    /// Reads the block that begins on a line, and returns the line after it.
    fn block(&mut self, at: usize) -> Result<usize, Problem> {
        let (text, line) = (self.slice(at), self.lines[at]);
        self.reach(line.end);
        if text == ".." || text.starts_with(".. ") {
            return Ok(self.explicit(at));
        }
        // What is nested deeper is text.
        let may_nest = self.items.len() < limits::PAGE_DEPTH;
        if let Some(marker) = field_marker(text).filter(|_| may_nest) {
            self.open(at, marker, None);
            return self.rest(at);
        }
        if let Some(marker) = bullet(text).or_else(|| self.enumerator(at)).filter(|_| may_nest) {
            let around = self.items.iter().filter(|open| open.item.is_some()).count();
            let item = self.text.push_item(around + 1, line.span(), (line.start + marker).min(line.end));
            self.open(at, marker, Some((item, true)));
            return self.rest(at);
        }
        if tables::is_grid_border(text) {
            return self.table(at, true);
        }
        if tables::is_simple_border(text) && at >= self.unclosed_table {
            return self.table(at, false);
        }
        if let Some(after) = self.overlined(at).or_else(|| self.underlined(at)) {
            return Ok(after);
        }
        Ok(if adornment(text).is_some() { at + 1 } else { self.text_block(at) })
    }

    /// Begins a block whose marker stands on a line.
    fn open(&mut self, at: usize, marker: usize, item: Option<(usize, bool)>) {
        self.items.push(Open { column: self.lines[at].column, item });
        self.lines[at].skip(marker, self.source);
    }

    /// Reads what stands behind a marker.
    fn rest(&mut self, at: usize) -> Result<usize, Problem> {
        if self.lines[at].is_blank() { Ok(at + 1) } else { self.block(at) }
    }

    /// Extends the open items up to a position.
    fn reach(&mut self, end: usize) {
        let open = self.items.iter().filter_map(|open| open.item).map(|(item, _)| item);
        self.text.extend_items(open, Span::at(end).end);
    }

    /// A sentence may begin with a number: the line below an item is blank, indented, or another item.
    fn enumerator(&self, at: usize) -> Option<usize> {
        let marker = enumerator(self.slice(at))?;
        let line = &self.lines[at];
        let is_item = self.lines.get(at + 1).is_none_or(|next| {
            next.is_blank()
                || next.column > line.column
                || (next.column == line.column && enumerator(self.slice(at + 1)).is_some())
        });
        is_item.then_some(marker)
    }

    fn text_block(&mut self, at: usize) -> usize {
        let column = self.lines[at].column;
        // Below the marker of an item, its text may go on anywhere to the right of that.
        let least = match self.items.last() {
            Some(Open { column, item: Some((_, true)) }) => column + 1,
            _ => column,
        };
        let is_end = |next: &usize| {
            let line = self.lines[*next];
            // Another item may begin within its lines.
            let is_item = || bullet(self.slice(*next)).is_some();
            line.is_blank() || line.column < least || line.column > column || is_item()
        };
        let after = (at + 1..self.lines.len()).find(is_end).unwrap_or(self.lines.len());
        let was_quoted = self.text.quoted;
        let around = self.items.last().map_or(0, |open| open.column + 1);
        self.text.quoted |= self.is_apart && self.items.is_empty() && column > around;
        self.paragraph(at..after);
        self.text.quoted = was_quoted;
        let last = self.lines[after - 1].end;
        self.reach(last);
        if self.slice(after - 1).ends_with("::") { self.literal_block(after, column) } else { after }
    }

    /// Returns the line after a literal block, which is indented.
    fn literal_block(&mut self, from: usize, column: usize) -> usize {
        let Some(first) = (from..self.lines.len()).find(|&at| !self.lines[at].is_blank()) else {
            return self.lines.len();
        };
        if self.lines[first].column <= column {
            return from;
        }
        let after = self.end_of_indented(first, column);
        self.fence(first..after, self.lines[first].span());
        after
    }

    fn fence(&mut self, content: Range<usize>, opening: Span) {
        let content = match (self.lines[content.clone()].first(), self.lines[content].last()) {
            (Some(first), Some(last)) => Span::new(first.line_start, last.next),
            _ => Span::at(opening.end as usize),
        };
        self.reach(content.end as usize);
        let span = opening.to(content);
        self.text.page.fences.push(CodeBlock { content, span });
    }

    fn paragraph(&mut self, lines: Range<usize>) {
        let range = self.lines[lines.start].start..self.lines[lines.end - 1].end;
        let span = Span::new(range.start, range.end);
        self.text.begin_block();
        self.inline(range);
        if let Some(Open { item: Some((item, is_open @ true)), .. }) = self.items.last_mut() {
            *is_open = false;
            self.text.set_item_text(*item, span);
        } else if self.items.is_empty() && self.lines[lines.start].column == 0 {
            self.text.push_paragraph(span);
        }
    }

    fn underlined(&mut self, at: usize) -> Option<usize> {
        // The shortest line of punctuation that underlines a title of more letters.
        const MIN_UNDERLINE: usize = 4;
        let below = self.lines.get(at + 1).filter(|below| below.column == 0 && self.lines[at].column == 0)?;
        let (mark, length) = adornment(&self.source[below.start..below.end])?;
        let width = self.slice(at).chars().count();
        let is_title = self.items.is_empty()
            && length >= width.min(MIN_UNDERLINE)
            && adornment(self.slice(at)).is_none();
        is_title.then(|| self.push_heading(at, at..at + 2, (mark, false)))
    }

    fn overlined(&mut self, at: usize) -> Option<usize> {
        let (mark, _) = adornment(self.slice(at))?;
        let [title, below] = [self.lines.get(at + 1)?, self.lines.get(at + 2)?];
        let is_title = self.items.is_empty()
            && !title.is_blank()
            && adornment(&self.source[below.start..below.end]).is_some_and(|(other, _)| other == mark);
        is_title.then(|| self.push_heading(at + 1, at..at + 3, (mark, true)))
    }

    fn push_heading(&mut self, title: usize, lines: Range<usize>, adornment: (u8, bool)) -> usize {
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
        self.text.page.push_anchor(&explicit::identifier(&plain));
        self.text.push_heading(level + 1, plain, span.range(), first.start..last.end, last.next);
        lines.end
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

/// Returns the bytes of a marker such as `1.`, `(a)` or `#.`.
fn enumerator(text: &str) -> Option<usize> {
    const MAX_LENGTH: usize = 9;
    let inner = text.strip_prefix('(').unwrap_or(text);
    let length = inner.bytes().take_while(u8::is_ascii_digit).count();
    let length = match inner.chars().next()? {
        '#' => 1,
        '0'..='9' => length,
        first if first.is_ascii_alphabetic() => 1,
        _ => return None,
    };
    let rest = &inner[length..];
    let is_closed = rest.starts_with(')') || inner.len() == text.len() && rest.starts_with('.');
    let after = rest.get(1..)?;
    let is_marker = is_closed && length <= MAX_LENGTH && after.starts_with([' ', '\t']);
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

#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where the line begins, with its indentation.
    line_start: usize,
    /// Where its text begins: after the marker of an item that begins on it.
    start: usize,
    /// Without white space at the end.
    end: usize,
    /// Where the next line begins.
    next: usize,
    column: usize,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.start == self.end
    }

    fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// Leaves out a marker of so many bytes and the white space after it.
    fn skip(&mut self, marker: usize, source: &str) {
        let rest = &source[(self.start + marker).min(self.end)..self.end];
        let skipped = (self.end - rest.len()) - self.start;
        let spaces = rest.len() - rest.trim_start().len();
        self.column = columns(&source[self.start..self.start + skipped + spaces], self.column);
        self.start += skipped + spaces;
    }
}

fn lines(source: &str, within: Span) -> Vec<Line> {
    let mut next = within.start as usize;
    let text = &source[within.range()];
    let line = |line: &str| {
        let line_start = next;
        next += line.len();
        let content = line.trim_start();
        let indentation = line.len() - content.len();
        let start = line_start + indentation.min(line.trim_end_matches(['\r', '\n']).len());
        let end = (line_start + line.trim_end().len()).max(start);
        Line { line_start, start, end, next, column: columns(&source[line_start..start], 0) }
    };
    text.split_inclusive('\n').map(line).collect()
}

fn columns(text: &str, from: usize) -> usize {
    // Columns between the stops of a tab.
    const TAB: usize = 8;
    text.chars().fold(from, |column, c| if c == '\t' { (column / TAB + 1) * TAB } else { column + 1 })
}
