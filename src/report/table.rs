//! Aligned text tables, and the JSON that subcommands print instead of them.

use std::io::{self, Write};

use serde::Serialize;

use super::{Escaped, Escaping, terminal};

pub(super) const GAP: usize = 2;

pub(super) fn column_widths<'c, const N: usize>(
    rows: impl IntoIterator<Item = &'c [String; N]>,
) -> [usize; N] {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = terminal::columns(cell).max(*width);
        }
    }
    widths
}

pub(super) fn aligned<const N: usize>(cells: &[String; N], widths: &[usize; N]) -> String {
    let mut line = String::new();
    for (cell, &width) in cells.iter().zip(widths) {
        let cell = terminal::clip(cell, width);
        line += &cell;
        line += &" ".repeat(width.saturating_sub(terminal::columns(&cell)) + GAP);
    }
    line.truncate(line.trim_end().len());
    line
}

pub(super) fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(Escaped::new(out, Escaping::Json));
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}
