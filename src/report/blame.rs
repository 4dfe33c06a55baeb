//! The output of `alignlint blame`: when each field was last changed, and by whom.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::json;

use super::OutputStyle;
use super::table::{self, narrow, natural_widths};
use super::terminal::{self, Palette, clip, one_line, paint};
use crate::finding::RecordName;

/// A field of a record and its last change.
#[derive(Clone, Debug, Serialize)]
pub struct FieldRow<'a> {
    pub record: RecordName,
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
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    pub commit: Option<&'a str>,
    pub author: Option<&'a str>,
}

fn as_text<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

const ABBREVIATED: usize = 10;
/// The least widths of fields, dates, commits, names of authors and values.
const LEAST_WIDTHS: [usize; 5] = [16, 10, ABBREVIATED, 12, 16];
/// In columns.
const LONGEST_VALUE: usize = 120;
const INDENT: usize = 2;

/// Writes a table for each record.
pub fn write_table(rows: &[FieldRow], style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let limit = terminal::width(style) - INDENT;
    for (number, rows) in rows.chunk_by(|a, b| (&a.record, a.path) == (&b.record, b.path)).enumerate() {
        let FieldRow { record, path, .. } = &rows[0];
        let path = paint(one_line(path), Palette::of(style).dim);
        let space = if number > 0 { "\n" } else { "" };
        writeln!(out, "{space}{} {}  {path}", record.kind, one_line(&record.id))?;
        let cells: Vec<Vec<String>> = rows.iter().map(FieldRow::cells).collect();
        let mut widths = natural_widths(&cells);
        narrow(&mut widths, limit, &LEAST_WIDTHS);
        for line in cells.iter().flat_map(|row| table::lines(row, &widths, true)) {
            writeln!(out, "{:INDENT$}{line}", "")?;
        }
    }
    out.flush()
}

impl FieldRow<'_> {
    fn cells(&self) -> Vec<String> {
        let changed = self.changed.as_ref();
        let commit = |change: &LastChange| match change.commit {
            Some(id) => id.get(..ABBREVIATED).unwrap_or(id).to_owned(),
            None => "uncommitted".to_owned(),
        };
        let shown = |text: &str| clip(&one_line(text), LONGEST_VALUE).into_owned();
        let before =
            self.before.as_ref().map_or_else(String::new, |before| format!("(was {})", shown(before)));
        let value = format!("{} {before}", shown(self.value.as_deref().unwrap_or_default()));
        vec![
            one_line(self.field.trim_start_matches('/')).into_owned(),
            changed.map_or("unknown".to_owned(), |change| change.date.to_string()),
            changed.map_or(String::new(), commit),
            one_line(changed.and_then(|change| change.author).unwrap_or("")).into_owned(),
            value.trim().to_owned(),
        ]
    }
}

/// Writes `{ "version": 1, "fields": [ … ] }`.
pub fn write_json(rows: &[FieldRow], out: &mut dyn Write) -> io::Result<()> {
    table::write_json(&json!({ "version": 1, "fields": rows }), out)
}
