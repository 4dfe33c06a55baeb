//! Tables: drawn as a grid, or with columns below `===`.

use std::ops::Range;

use super::Reader;
use crate::limits;
use crate::syntax::Problem;
use crate::syntax::markdown::Cell;
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

/// True for a line between the rows of a table: blank, or of `=` or `-`, or a border of a grid.
fn is_ruler(text: &str, is_grid: bool) -> bool {
    match is_grid {
        true => text.starts_with('+') || (text.contains("+-") && text.contains("-+")),
        false => {
            text.bytes().all(|byte| matches!(byte, b'=' | b' '))
                || text.bytes().all(|byte| matches!(byte, b'-' | b' '))
        }
    }
}

/// The cells of a row while its lines are read: where each stands on its first line, and its text.
type Row = Vec<Option<(Span, String)>>;

impl Reader<'_> {
    /// Reads the table whose first border stands on a line, and returns the line after it.
    pub(super) fn table(&mut self, at: usize, is_grid: bool) -> Result<usize, Problem> {
        let end = self.lines.len();
        let mut lines = at + 1..end;
        let after = match is_grid {
            true => Some(lines.find(|line| !self.slice(*line).starts_with(['+', '|'])).unwrap_or(end)),
            false => {
                let is_last = |line: &usize| {
                    is_simple_border(self.slice(*line))
                        && (line + 1 == end || self.lines[line + 1].is_blank())
                };
                lines.find(is_last).map(|last| last + 1)
            }
        };
        let Some(after) = after else {
            self.unclosed_table = end;
            return Ok(at + 1);
        };
        let border = self.slice(at).as_bytes();
        let begins = |byte: &usize| match is_grid {
            true => border[*byte - 1] == b'+',
            false => border[*byte] == b'=' && border[*byte - 1] == b' ',
        };
        let starts: Vec<usize> = std::iter::once(usize::from(is_grid))
            .chain((1 + usize::from(is_grid)..border.len()).filter(begins))
            .collect();
        let (mut rows, mut row) = (Vec::new(), Row::new());
        for line in at + 1..after {
            if is_ruler(self.slice(line), is_grid) {
                end_row(&mut row, &mut rows);
                continue;
            }
            let pieces = self.pieces(line, self.lines[at].column, &starts, is_grid);
            // Below `===`, the lines of a cell go on where the first column is blank.
            if !is_grid && pieces.first().is_some_and(|(number, _)| *number == 0) {
                end_row(&mut row, &mut rows);
            }
            for (number, piece) in pieces {
                self.add(&mut row, number, piece)?;
            }
        }
        end_row(&mut row, &mut rows);
        self.text.push_table(Span::new(self.lines[at].start, self.lines[after - 1].end), rows);
        Ok(after)
    }

    /// Returns the pieces of a line that are not empty, each with the number of its column. In a grid, a bar ends each; below `===`, the
    /// text of the last column has no end.
    fn pieces(
        &self,
        line: usize,
        indentation: usize,
        starts: &[usize],
        is_grid: bool,
    ) -> Vec<(usize, Range<usize>)> {
        let line = self.lines[line];
        let text = &self.source[line.start..line.end];
        let text = if is_grid { text.strip_suffix('|').unwrap_or(text) } else { text };
        let first = line.column.saturating_sub(indentation);
        let mut columns = starts.iter().enumerate().skip(1).peekable();
        let mut pieces = Vec::new();
        let (mut number, mut from) = (0, usize::from(is_grid).min(text.len()));
        let mut before = ' ';
        let mut push = |number: usize, piece: Range<usize>| {
            if !text[piece.clone()].trim().is_empty() {
                pieces.push((number, line.start + piece.start..line.start + piece.end));
            }
        };
        for (column, (byte, c)) in text.char_indices().enumerate() {
            while let Some((next, _)) = columns.next_if(|(_, start)| **start <= first + column) {
                // A cell of a grid may span columns.
                if !is_grid || matches!(before, '|' | '+') {
                    push(number, from..byte - usize::from(is_grid));
                    (number, from) = (next, byte);
                }
            }
            before = c;
        }
        push(number, from..text.len());
        pieces
    }

    /// Adds a line of text to a cell.
    fn add(&mut self, row: &mut Row, number: usize, piece: Range<usize>) -> Result<(), Problem> {
        let span = self.text.trimmed(piece);
        self.cells += (number + 1).saturating_sub(row.len());
        if self.cells > limits::VALUES {
            return Err(Problem::too_many_values(span));
        }
        self.text.begin_block();
        self.inline(span.range());
        let text = self.text.take_plain();
        if row.len() <= number {
            row.resize_with(number + 1, || None);
        }
        match &mut row[number] {
            Some((_, written)) if !written.is_empty() => {
                written.push(' ');
                written.push_str(&text);
            }
            cell => *cell = Some((span, text.into())),
        }
        Ok(())
    }
}

/// Adds a row to others if it has text.
fn end_row(row: &mut Row, rows: &mut Vec<Vec<Cell>>) {
    let cells = std::mem::take(row);
    let Some((first, _)) = cells.iter().flatten().next() else { return };
    let mut last = Span::at(first.start as usize);
    let cells = cells.into_iter().map(|cell| {
        let (span, text) = cell.unwrap_or((last, String::new()));
        last = Span::at(span.end as usize);
        Cell { span, text: text.trim().into() }
    });
    rows.push(cells.collect());
}
