//! Tables: drawn as a grid, or with columns below `===`.

use std::ops::Range;

use super::Reader;
use crate::limits;
use crate::syntax::Problem;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

/// True for `+---+---+`.
pub(super) fn is_grid_border(text: &str) -> bool {
    text.len() > 2
        && text.starts_with("+-")
        && text.ends_with('+')
        && text.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'='))
}

/// True for `===  ===`.
pub(super) fn is_simple_border(text: &str) -> bool {
    text.starts_with('=') && text.contains(' ') && text.bytes().all(|byte| matches!(byte, b'=' | b' '))
}

/// True for a blank line and one of `=` or `-` in a table.
fn is_ruler(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'=' | b' '))
        || text.bytes().all(|byte| matches!(byte, b'-' | b' '))
}

/// Text of one cell on one line.
type Piece = Range<usize>;

/// The cells of a row while its lines are read.
#[derive(Default)]
struct Row(Vec<Option<OpenCell>>);

struct OpenCell {
    /// On its first line.
    span: Span,
    text: String,
    is_continued: bool,
}

impl Reader<'_> {
    pub(super) fn grid_table(&mut self, at: usize) -> Result<usize, Problem> {
        let is_part = |text: &str| text.starts_with(['+', '|']);
        let after =
            (at + 1..self.lines.len()).find(|&line| !is_part(self.slice(line))).unwrap_or(self.lines.len());
        let columns: Vec<usize> = self.slice(at).match_indices('+').map(|(column, _)| column).collect();
        let mut rows = Vec::new();
        let mut row = Row::default();
        for line in at + 1..after {
            let text = self.slice(line);
            if text.starts_with('+') || (text.contains("+-") && text.contains("-+")) {
                row.end(&mut rows);
                continue;
            }
            for (number, piece) in self.grid_pieces(line, &columns) {
                self.add(&mut row, number, piece)?;
            }
        }
        row.end(&mut rows);
        self.push_table(Span::new(self.lines[at].start, self.lines[after - 1].end), rows);
        Ok(after)
    }

    /// Returns the pieces of a line between the columns of a grid. One that spans columns belongs to the first.
    fn grid_pieces(&self, line: usize, columns: &[usize]) -> Vec<(usize, Piece)> {
        let start = self.lines[line].start;
        let text = self.slice(line);
        let mut pieces = Vec::new();
        let mut from = None;
        let mut columns = columns.iter().enumerate().peekable();
        for (column, (byte, c)) in text.char_indices().enumerate() {
            while columns.next_if(|(_, known)| **known < column).is_some() {}
            let Some((number, _)) = columns.next_if(|(_, known)| **known == column) else { continue };
            if c != '|' && c != '+' {
                continue;
            }
            if let Some((number, from)) = from {
                pieces.push((number, start + from..start + byte));
            }
            from = Some((number, byte + 1));
        }
        pieces
    }

    pub(super) fn simple_table(&mut self, at: usize) -> Result<usize, Problem> {
        let end = self.lines.len();
        let is_last = |line: &usize| {
            is_simple_border(self.slice(*line)) && (line + 1 == end || self.lines[line + 1].is_blank())
        };
        let Some(last) = (at + 1..end).find(is_last) else {
            self.unclosed_table = end;
            return Ok(at + 1);
        };
        let first = self.slice(at);
        let starts = (0..first.len()).filter(|&byte| {
            first.as_bytes()[byte] == b'=' && (byte == 0 || first.as_bytes()[byte - 1] == b' ')
        });
        let starts: Vec<usize> = starts.collect();
        let mut rows = Vec::new();
        let mut row = Row::default();
        for line in at + 1..last {
            let text = self.slice(line);
            if is_ruler(text) {
                row.end(&mut rows);
                continue;
            }
            let pieces = self.simple_pieces(line, self.lines[at].column, &starts);
            if pieces.first().is_some_and(|(number, _)| *number == 0) {
                row.end(&mut rows);
            }
            for (number, piece) in pieces {
                self.add(&mut row, number, piece)?;
            }
        }
        row.end(&mut rows);
        self.push_table(Span::new(self.lines[at].start, self.lines[last].end), rows);
        Ok(last + 1)
    }

    /// Returns the pieces of a line that are not empty. The text of the last column has no end.
    fn simple_pieces(&self, line: usize, indentation: usize, starts: &[usize]) -> Vec<(usize, Piece)> {
        let line = self.lines[line];
        let text = &self.source[line.start..line.end];
        let first = line.column.saturating_sub(indentation);
        let mut columns = starts.iter().enumerate().skip(1).peekable();
        let mut pieces = Vec::new();
        let (mut number, mut from) = (0, 0);
        for (column, (byte, _)) in text.char_indices().enumerate() {
            while let Some((next, _)) = columns.next_if(|(_, start)| **start <= first + column) {
                if !text[from..byte].trim().is_empty() {
                    pieces.push((number, line.start + from..line.start + byte));
                }
                (number, from) = (next, byte);
            }
        }
        pieces.push((number, line.start + from..line.end));
        pieces
    }

    /// Adds a line of text to a cell.
    fn add(&mut self, row: &mut Row, number: usize, piece: Piece) -> Result<(), Problem> {
        let span = self.text.trimmed(piece);
        self.cells += (number + 1).saturating_sub(row.0.len());
        if self.cells > limits::VALUES {
            return Err(Problem::too_many_values(span));
        }
        self.text.begin_block();
        self.inline(span.range());
        let text = self.text.take_plain();
        if row.0.len() <= number {
            row.0.resize_with(number + 1, || None);
        }
        match &mut row.0[number] {
            Some(cell) if !cell.text.is_empty() => {
                cell.text.push(' ');
                cell.text.push_str(&text);
                cell.is_continued |= !text.is_empty();
            }
            cell => *cell = Some(OpenCell { span, text: text.into(), is_continued: false }),
        }
        Ok(())
    }

    fn push_table(&mut self, span: Span, rows: Vec<Vec<Cell>>) {
        let mut rows = rows.into_iter();
        let Some(header) = rows.next() else { return };
        let heading = self.text.heading();
        self.text.page.tables.push(Table { span, header, rows: rows.collect(), heading });
    }
}

impl Row {
    /// Adds the row to others if it has text.
    fn end(&mut self, rows: &mut Vec<Vec<Cell>>) {
        let cells = std::mem::take(&mut self.0);
        let Some(first) = cells.iter().flatten().map(|cell| Span::at(cell.span.start as usize)).next() else {
            return;
        };
        let mut last = first;
        let cells = cells.into_iter().map(|cell| {
            let empty = OpenCell { span: last, text: String::new(), is_continued: false };
            let OpenCell { span, text, is_continued } = cell.unwrap_or(empty);
            last = Span::at(span.end as usize);
            Cell { span, text: text.trim().into(), is_continued }
        });
        rows.push(cells.collect());
    }
}
