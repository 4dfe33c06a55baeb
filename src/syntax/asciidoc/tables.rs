//! Tables whose cells begin with a bar.

use std::ops::Range;

use super::{Reader, starts};
use crate::limits;
use crate::syntax::Problem;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

/// Columns that a cell spans, and columns of a table.
const MAX_COLUMNS: usize = 100;

struct OpenCell {
    /// How many columns it spans.
    columns: usize,
    /// Its text, up to a comment.
    range: Range<usize>,
}

impl Reader<'_> {
    pub(super) fn table(&mut self, start: usize, content: Range<usize>, after: usize) -> Result<(), Problem> {
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
            let spanned =
                Cell { span: Span::at(cell.span.end as usize), text: "".into(), is_continued: false };
            cells.push(cell);
            cells.extend((1..open.columns).map(|_| spanned.clone()));
        }
        let mut rows = cells.chunks(width).map(<[Cell]>::to_vec);
        if let Some(header) = rows.next() {
            let heading = self.text.heading();
            self.text.page.tables.push(Table { span, header, rows: rows.collect(), heading });
        }
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
        Cell { span, text: self.text.take_plain(), is_continued: false }
    }
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
