//! The output of `alignlint blame`: when each field was last changed, and by whom.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::OutputStyle;
use super::table::{self, GAP, aligned, column_widths};
use super::terminal::{self, Palette, paint};
use crate::finding::RecordName;

/// A field of a record and its last change.
#[derive(Clone, Debug, Serialize)]
pub struct FieldRow<'a> {
    /// The record with the field.
    pub record: RecordName,
    /// The path of its file.
    pub path: &'a str,
    /// A JSON pointer, in which the natural key of a list item stands for its index.
    pub field: String,
    /// `None` if the field was removed.
    pub value: Option<String>,
    /// The value before the last change; `None` if there was none.
    pub before: Option<String>,
    /// `None` if unknown.
    pub changed: Option<LastChange<'a>>,
}

/// When and by whom; `commit` and `author` are `None` for an uncommitted change.
#[derive(Clone, Debug, Serialize)]
pub struct LastChange<'a> {
    /// The date of the commit, or of the run.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// The id of the commit.
    pub commit: Option<&'a str>,
    /// The name of the author, or the e-mail address.
    pub author: Option<&'a str>,
}

fn as_text<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

const ABBREVIATED: usize = 10;
const MIN_WIDTHS: [usize; 2] = [12, 16];
const MIN_AUTHOR: usize = 6;
const INDENT: usize = 4;

/// Writes a table for each record.
///
/// # Errors
/// Those of `out`.
pub fn write_table(rows: &[FieldRow], style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    let mut out = io::BufWriter::new(out);
    for (number, rows) in rows.chunk_by(|a, b| (&a.record, a.path) == (&b.record, b.path)).enumerate() {
        let [first, ..] = rows else { continue };
        let name = format!("{} {}", first.record.kind, terminal::one_line(&first.record.id));
        let path = paint(terminal::one_line(first.path), palette.dim);
        writeln!(out, "{}{name}  {path}", if number > 0 { "\n" } else { "" })?;
        let cells: Vec<[String; 5]> = rows.iter().map(cells).collect();
        let line = terminal::width(style);
        let widths = widths(&cells, line);
        for (of, row) in rows.iter().zip(&cells) {
            let mut row = row.clone();
            let [shown, notes] = value(of);
            // A line of its own for what was there before, rather than its beginning.
            let has_room = terminal::columns(&row[4]) <= widths[4];
            if !has_room {
                row[4] = terminal::one_line(&shown).into_owned();
            }
            if terminal::columns(&row[0]) > widths[0] {
                writeln!(out, "  {}", std::mem::take(&mut row[0]))?;
            }
            writeln!(out, "  {}", aligned(&row, &widths))?;
            if !has_room && !notes.is_empty() {
                let room = line.saturating_sub(INDENT).max(MIN_WIDTHS[1]);
                writeln!(out, "{:INDENT$}{}", "", terminal::clip(&terminal::one_line(&notes), room))?;
            }
        }
    }
    out.flush()
}

fn cells(row: &FieldRow) -> [String; 5] {
    let shown = |text: &str| terminal::one_line(text).into_owned();
    let changed = row.changed.as_ref();
    let commit = |change: &LastChange| match change.commit {
        Some(id) => id.get(..ABBREVIATED).unwrap_or(id).to_owned(),
        None => "uncommitted".to_owned(),
    };
    [
        shown(row.field.trim_start_matches('/')),
        changed.map_or("unknown".to_owned(), |change| change.date.to_string()),
        changed.map_or(String::new(), commit),
        shown(changed.and_then(|change| change.author).unwrap_or("")),
        shown(value(row).join(" ").trim()),
    ]
}

/// Returns the value, and what it was before.
fn value(row: &FieldRow) -> [String; 2] {
    let before = row.before.as_ref().map_or_else(String::new, |before| format!("(was {before})"));
    [row.value.clone().unwrap_or_default(), before]
}

/// Returns the widths of columns that fit on a line. Names of fields are never shortened: those that are longer than their
/// column have a line of their own. Values are shortened first, then authors.
fn widths(cells: &[[String; 5]], line: usize) -> [usize; 5] {
    let mut widths = column_widths(cells);
    let [field, date, commit, author, value] = &mut widths;
    let limit = (line / 3).max(MIN_WIDTHS[0]);
    let names = cells.iter().map(|row| terminal::columns(&row[0]));
    *field = names.filter(|columns| *columns <= limit).max().unwrap_or(MIN_WIDTHS[0]);
    let room = line.saturating_sub(*field + *date + *commit + GAP * 5);
    *author =
        (*author).min((line / 4).max(MIN_WIDTHS[0]).min(room.saturating_sub(MIN_WIDTHS[1]).max(MIN_AUTHOR)));
    *value = (*value).min(room.saturating_sub(*author).max(1));
    widths
}

/// Writes `{ "version": 1, "fields": [ … ] }`.
///
/// # Errors
/// Those of `out`.
pub fn write_json(rows: &[FieldRow], out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Blame<'a> {
        version: u32,
        fields: &'a [FieldRow<'a>],
    }
    table::write_json(&Blame { version: 1, fields: rows }, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_are_whole_and_lines_fit() {
        let row = |field: &str, value| FieldRow {
            record: RecordName { kind: "objective".into(), id: "O-1".into() },
            path: "okrs.yaml",
            field: format!("/{field}"),
            value: Some(String::from(value)),
            before: Some("before".to_owned()),
            changed: Some(LastChange {
                date: jiff::civil::date(2026, 3, 2),
                commit: Some("0123456789abcdef"),
                author: Some("Ada Augusta Byron, Countess of Lovelace"),
            }),
        };
        let long = "key-results/monthly-recurring-revenue/target";
        let rows =
            [row("superseded-by-and-others", "a value that is longer than the room for it"), row(long, "3%")];
        for (width, author) in [(80, "Ada Augus…"), (120, "Ada Augusta Byron, Countess o…")] {
            let mut out = Vec::new();
            write_table(&rows, &OutputStyle { width, ..OutputStyle::default() }, &mut out).expect("a buffer");
            let text = String::from_utf8(out).expect("UTF-8");
            assert!(text.lines().all(|line| terminal::columns(line) <= width), "{text}");
            assert!(text.contains("\n  superseded-by-and-others  2026-03-02  0123456789  Ada"), "{text}");
            assert!(
                text.contains(&format!("\n  {long}\n   ")) || text.contains(&format!("\n  {long}  2026")),
                "{text}"
            );
            assert!(text.contains(author), "{text}");
        }
    }
}
