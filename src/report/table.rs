//! Columns of text, and the JSON that subcommands print instead of them.

use std::io::{self, Write};

use serde::Serialize;

use super::terminal::{clip, columns, paragraph};
use super::{Escaped, Escaping};

/// Between two columns.
pub(super) const GAP: usize = 2;

/// Returns the width of the widest cell of each column.
pub(super) fn natural_widths(rows: &[Vec<String>]) -> Vec<usize> {
    let widest = |at: usize| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0).max(1);
    (0..rows.first().map_or(0, Vec::len)).map(widest).collect()
}

/// Makes the widest columns narrower, each as far as `least`, until all fit beside each other.
pub(super) fn narrow(widths: &mut [usize], limit: usize, least: &[usize]) {
    let limit = limit.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > limit {
        let narrower = (0..widths.len()).filter(|&at| widths[at] > least[at]);
        let Some(widest) = narrower.max_by_key(|&at| widths[at]) else { break };
        widths[widest] -= 1;
    }
}

/// Returns the lines of a row: each cell wrapped below its own indentation if there may be several, else clipped.
pub(super) fn lines(cells: &[String], widths: &[usize], is_wrapped: bool) -> Vec<String> {
    let wrapped = |(cell, &width): (&String, &usize)| {
        let indent = cell.len() - cell.trim_start().len();
        let lines = paragraph(cell, width.saturating_sub(indent), 0, 0).into_iter();
        lines.map(|line| " ".repeat(indent) + &line).collect()
    };
    let cells: Vec<Vec<String>> = match is_wrapped {
        true => cells.iter().zip(widths).map(wrapped).collect(),
        false => cells.iter().map(|cell| vec![cell.clone()]).collect(),
    };
    let line = |at: usize| {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.get(at).map_or("", String::as_str)).collect();
        aligned(&cells, widths)
    };
    (0..cells.iter().map(Vec::len).max().unwrap_or(0)).map(line).collect()
}

/// Returns the cells beside each other, each clipped to its width.
pub(super) fn aligned<T: AsRef<str>>(cells: &[T], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, &width) in cells.iter().zip(widths) {
        let cell = clip(cell.as_ref(), width);
        line += &cell;
        line += &" ".repeat(width.saturating_sub(columns(&cell)) + GAP);
    }
    line.truncate(line.trim_end().len());
    line
}

/// Writes a value as JSON.
pub(super) fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(Escaped::new(out, Escaping::Json));
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}
