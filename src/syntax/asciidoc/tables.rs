//! Tables: cells that begin with a bar, or values between commas.

use std::ops::Range;

use super::{BlockAttributes, Reader, starts};
use crate::limits;
use crate::syntax::Problem;
use crate::syntax::markdown::{Cell, Table};
use crate::syntax::text_parts::csv_pieces;
use crate::text::Span;

/// Columns that a cell spans, copies of it, and columns of a table.
const MAX_COLUMNS: usize = 100;

struct OpenCell {
    columns: usize,
    rows: usize,
    copies: usize,
    /// The parts of its text, which comments divide.
    parts: Vec<Range<usize>>,
}

/// Places cells in rows.
struct Rows {
    width: usize,
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
    /// Rows for which a cell above still stands in each column.
    spanned: Vec<usize>,
}

impl Reader<'_> {
    pub(super) fn table(
        &mut self,
        start: usize,
        separator: char,
        is_usual: bool,
        content: Range<usize>,
        after: usize,
    ) -> Result<(), Problem> {
        let attributes = std::mem::take(&mut self.attributes);
        let format = attributes.value("format").unwrap_or_default();
        let separator =
            attributes.value("separator").and_then(|text| text.chars().next()).unwrap_or(match format {
                "csv" => ',',
                "dsv" => ':',
                _ => separator,
            });
        let is_lines = !is_usual && separator != '!' || matches!(format, "csv" | "dsv");
        let span = Span::new(start, start + self.source[start..after].trim_end().len());
        let (cells, first_row) = match is_lines {
            true => self.cells_of_lines(content, separator),
            false => self.cells_of_bars(content, separator),
        };
        let width = columns(&attributes).unwrap_or(first_row).clamp(1, MAX_COLUMNS);
        let mut rows = Rows { width, rows: Vec::new(), row: Vec::new(), spanned: vec![0; width] };
        for cell in cells {
            self.cells += cell.copies * cell.columns * cell.rows;
            if self.cells > limits::VALUES {
                return Err(Problem::too_many_values(span));
            }
            let copies = cell.copies;
            let (columns, height) = (cell.columns, cell.rows);
            let cell = self.read_cell(&cell.parts);
            (0..copies).for_each(|_| rows.push(cell.clone(), columns, height));
        }
        let mut rows = rows.finish().into_iter();
        if let Some(header) = rows.next() {
            let heading = self.heading();
            self.text.page.tables.push(Table { span, header, rows: rows.collect(), heading });
        }
        self.is_apart = true;
        self.reach(span.end);
        Ok(())
    }

    /// Returns the cells, and how many the first row has.
    fn cells_of_bars(&mut self, content: Range<usize>, separator: char) -> (Vec<OpenCell>, usize) {
        let mut cells: Vec<OpenCell> = Vec::new();
        let mut first_row = 0;
        let mut at = content.start;
        while at < content.end {
            let (line, next) = self.line_at(at, content.end);
            if starts::is_comment_line(line) || starts::is_directive(line) {
                self.skipped_line(line);
                at = next;
                continue;
            }
            let mut from = at;
            for (bar, _) in line.match_indices(separator) {
                let bar = at + bar;
                if self.source[from..bar].ends_with('\\') {
                    continue;
                }
                let text = &self.source[from..bar];
                let own = specifier(text);
                add(&mut cells, from..bar - own.len());
                cells.push(OpenCell::of(own));
                from = bar + separator.len_utf8();
            }
            add(&mut cells, from..next);
            if first_row == 0 && !cells.is_empty() {
                first_row = cells.iter().map(|cell| cell.columns * cell.copies).sum();
            }
            at = next;
        }
        (cells, first_row)
    }

    fn cells_of_lines(&self, content: Range<usize>, separator: char) -> (Vec<OpenCell>, usize) {
        let mut cells = Vec::new();
        let mut first_row = 0;
        let mut at = content.start;
        while at < content.end {
            let (line, next) = self.line_at(at, content.end);
            if !line.is_empty() {
                let pieces = csv_pieces(line, separator);
                let piece = |piece: Range<usize>| {
                    let mut cell = OpenCell::of("");
                    cell.parts.push(at + piece.start..at + piece.end);
                    cell
                };
                cells.extend(pieces.into_iter().map(piece));
                first_row = if first_row == 0 { cells.len() } else { first_row };
            }
            at = next;
        }
        (cells, first_row)
    }

    fn read_cell(&mut self, parts: &[Range<usize>]) -> Cell {
        self.text.begin_block();
        for part in parts {
            self.inline(part.clone());
            self.text.plain.push(' ');
        }
        let text = self.text.take_plain();
        let whole =
            parts.iter().find(|part| !self.source[(*part).clone()].trim().is_empty()).or(parts.first());
        let whole = whole.cloned().unwrap_or(0..0);
        let content = &self.source[whole.clone()];
        let blank = if content.trim().is_empty() { 0 } else { content.len() - content.trim_start().len() };
        let start = whole.start + blank;
        Cell { span: Span::new(start, start + content.trim().len()), text, is_continued: false }
    }
}

/// Adds text to the last cell, which a comment may have divided.
fn add(cells: &mut [OpenCell], range: Range<usize>) {
    let Some(cell) = cells.last_mut() else { return };
    match cell.parts.last_mut().filter(|last| range.start == last.end) {
        Some(last) => last.end = range.end,
        None => cell.parts.push(range),
    }
}

impl OpenCell {
    /// Reads what stands before a bar: `2+`, `.3+`, `4*` and how the cell looks.
    fn of(specifier: &str) -> OpenCell {
        let number = |text: &str| text.parse().unwrap_or(1_usize).clamp(1, MAX_COLUMNS);
        let mut cell = OpenCell { columns: 1, rows: 1, copies: 1, parts: Vec::new() };
        if let Some((copies, _)) = specifier.split_once('*') {
            cell.copies = number(copies);
        } else if let Some((spans, _)) = specifier.split_once('+') {
            let (columns, rows) = spans.split_once('.').unwrap_or((spans, ""));
            (cell.columns, cell.rows) = (number(columns), number(rows));
        }
        cell
    }
}

/// Returns what stands directly before a bar and says how the cell is placed.
fn specifier(text: &str) -> &str {
    const MAX_LEN: usize = 12;
    let allowed = |byte: &u8| byte.is_ascii_digit() || b"*+.<^>aehlmdsv".contains(byte);
    let length = text.bytes().rev().take(MAX_LEN).take_while(allowed).count();
    let own = &text[text.len() - length..];
    let before = &text[..text.len() - length];
    let is_apart = before.is_empty() || before.ends_with([' ', '\t']);
    let styles = own.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_one = styles <= 1 && own.bytes().rev().skip(1).all(|byte| !byte.is_ascii_alphabetic());
    let is_number_used = !own.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    if is_apart && is_one && is_number_used { own } else { "" }
}

/// Returns how many columns `cols="1h,3*"` declares.
fn columns(attributes: &BlockAttributes<'_>) -> Option<usize> {
    let text = attributes.value("cols")?;
    if let Ok(columns) = text.trim().parse::<usize>() {
        return Some(columns.min(MAX_COLUMNS));
    }
    let number = |part: &str| match part.split_once('*') {
        Some((copies, _)) => copies.trim().parse().unwrap_or(1_usize).min(MAX_COLUMNS),
        None => 1,
    };
    Some(text.split([',', ';']).map(number).sum())
}

impl Rows {
    fn push(&mut self, cell: Cell, columns: usize, rows: usize) {
        self.pass_spanned(&cell);
        let end = Cell { span: Span::at(cell.span.end as usize), text: "".into(), is_continued: false };
        let from = self.row.len();
        let to = (from + columns).min(self.width);
        self.spanned[from..to].fill(rows);
        self.row.push(cell);
        self.row.resize(to, end);
        self.end_full_row();
    }

    /// Leaves out the columns in which a cell of a row above stands.
    fn pass_spanned(&mut self, next: &Cell) {
        let empty = Cell { span: Span::at(next.span.start as usize), text: "".into(), is_continued: false };
        loop {
            while self.row.len() < self.width && self.spanned[self.row.len()] > 0 {
                self.row.push(empty.clone());
            }
            if self.row.len() < self.width {
                return;
            }
            self.end_full_row();
        }
    }

    fn end_full_row(&mut self) {
        if self.row.len() >= self.width {
            self.rows.push(std::mem::take(&mut self.row));
            self.spanned.iter_mut().for_each(|left| *left = left.saturating_sub(1));
        }
    }

    fn finish(mut self) -> Vec<Vec<Cell>> {
        if !self.row.is_empty() {
            self.rows.push(self.row);
        }
        self.rows
    }
}
