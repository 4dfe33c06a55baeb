//! Who gave each field its value, and when: `alignlint blame`.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::Style;
use super::terminal::{self, Palette, paint};
use crate::finding::RecordName;

/// A field of a record, and its last change of meaning.
#[derive(Clone, Debug, Serialize)]
pub struct FieldRow<'a> {
    pub record: RecordName,
    pub path: &'a str,
    /// As a JSON pointer; an item of a list stands there by its natural key.
    pub field: String,
    /// None where the field was taken away.
    pub value: Option<&'a str>,
    pub before: Option<&'a str>,
    /// None where it can't be told.
    pub changed: Option<LastChange<'a>>,
}

/// When and by whom; without commit and author where it is not committed yet.
#[derive(Clone, Debug, Serialize)]
pub struct LastChange<'a> {
    #[serde(serialize_with = "shown")]
    pub date: Date,
    pub commit: Option<&'a str>,
    pub author: Option<&'a str>,
}

fn shown<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// Characters of a commit's identifier that people quote.
const QUOTED: usize = 10;
/// Columns of a field's name, a person's and a value's, at least.
const NARROW: [usize; 2] = [12, 16];
const GAP: usize = 2;

/// Writes a table for each record, for people.
pub fn write_table(rows: &[FieldRow], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    let mut out = io::BufWriter::new(out);
    for (number, rows) in rows.chunk_by(|a, b| (&a.record, a.path) == (&b.record, b.path)).enumerate() {
        let [first, ..] = rows else { continue };
        let name = format!("{} {}", first.record.kind, terminal::one_line(&first.record.id));
        let place = paint(terminal::one_line(first.path), palette.dim);
        writeln!(out, "{}{name}  {place}", if number > 0 { "\n" } else { "" })?;
        let cells: Vec<[String; 5]> = rows.iter().map(cells).collect();
        let widths = widths(&cells, terminal::width(style));
        for row in &cells {
            let columns = row.iter().zip(widths).map(|(cell, width)| {
                let cell = terminal::clip(cell, width);
                format!("{cell}{}", " ".repeat(width.saturating_sub(terminal::columns(&cell))))
            });
            let line = columns.collect::<Vec<_>>().join(&" ".repeat(GAP));
            writeln!(out, "  {}", line.trim_end())?;
        }
    }
    out.flush()
}

/// Field, day, commit, author, and what the value is and was.
fn cells(row: &FieldRow) -> [String; 5] {
    let shown = |text: &str| terminal::one_line(text).into_owned();
    let commit = |changed: &LastChange| match changed.commit {
        Some(id) => id.get(..QUOTED).unwrap_or(id).to_owned(),
        None => "uncommitted".to_owned(),
    };
    let value = match (row.before, row.value) {
        (Some(before), Some(value)) => format!("{value} (was {before})"),
        (Some(before), None) => format!("(was {before})"),
        (None, value) => value.unwrap_or("").to_owned(),
    };
    [
        shown(row.field.trim_start_matches('/')),
        row.changed.as_ref().map_or("unknown".to_owned(), |changed| changed.date.to_string()),
        row.changed.as_ref().map_or(String::new(), commit),
        shown(row.changed.as_ref().and_then(|changed| changed.author).unwrap_or("")),
        shown(&value),
    ]
}

/// The columns as wide as they need to be; the value gets what is left of the line, and at least something.
fn widths(cells: &[[String; 5]], line: usize) -> [usize; 5] {
    let mut widths = [0; 5];
    for row in cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = terminal::columns(cell).max(*width);
        }
    }
    let [field, day, commit, author, value] = &mut widths;
    let most = line / 4;
    *field = (*field).min(most.max(NARROW[0]));
    *author = (*author).min(most.max(NARROW[0]));
    let others = *field + *day + *commit + *author + GAP * 5;
    *value = (*value).min(line.saturating_sub(others).max(NARROW[1]));
    widths
}

/// Writes `{ "version": 1, "fields": [ … ] }`, for programs.
pub fn write_json(rows: &[FieldRow], out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Blame<'a> {
        version: u32,
        fields: &'a [FieldRow<'a>],
    }
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &Blame { version: 1, fields: rows })?;
    out.write_all(b"\n")?;
    out.flush()
}
