//! The output of `alignlint blame`: when each field was last changed, and by whom.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::json;

use super::OutputStyle;
use super::table::{self, aligned, narrow, natural_widths};
use super::terminal::{self, Palette, clip, columns, one_line, paint};
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
/// The least widths of the names of authors and of values.
const MIN_AUTHOR: usize = 12;
const MIN_VALUE: usize = 16;
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
        let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells().to_vec()).collect();
        let widths = widths(&cells, limit);
        for (row, mut cells) in rows.iter().zip(cells) {
            // Names of fields are never shortened: those that are longer than their column have a line of their own.
            if columns(&cells[FIELD]) > widths[FIELD] {
                writeln!(out, "{:INDENT$}{}", "", std::mem::take(&mut cells[FIELD]))?;
            }
            // So has what was there before, rather than its beginning beside the value.
            let before =
                Some(row.before()).filter(|it| !it.is_empty() && columns(&cells[VALUE]) > widths[VALUE]);
            if before.is_some() {
                cells[VALUE] = one_line(row.value.as_deref().unwrap_or_default()).into_owned();
            }
            writeln!(out, "{:INDENT$}{}", "", aligned(&cells, &widths))?;
            if let Some(before) = before {
                writeln!(out, "{:INDENT$}{:INDENT$}{}", "", "", clip(&one_line(&before), limit - INDENT))?;
            }
        }
    }
    out.flush()
}

const FIELD: usize = 0;
const AUTHOR: usize = 3;
const VALUE: usize = 4;

impl FieldRow<'_> {
    /// Field, date, commit, author and value.
    fn cells(&self) -> [String; 5] {
        let changed = self.changed.as_ref();
        let commit = |change: &LastChange| match change.commit {
            Some(id) => id.get(..ABBREVIATED).unwrap_or(id).to_owned(),
            None => "uncommitted".to_owned(),
        };
        let value = format!("{} {}", self.value.as_deref().unwrap_or_default(), self.before());
        [
            one_line(self.field.trim_start_matches('/')).into_owned(),
            changed.map_or("unknown".to_owned(), |change| change.date.to_string()),
            changed.map_or(String::new(), commit),
            one_line(changed.and_then(|change| change.author).unwrap_or("")).into_owned(),
            one_line(value.trim()).into_owned(),
        ]
    }

    fn before(&self) -> String {
        self.before.as_ref().map_or_else(String::new, |before| format!("(was {before})"))
    }
}

/// Returns the widths of columns that fit on a line. Values are shortened first, then authors.
fn widths(cells: &[Vec<String>], limit: usize) -> Vec<usize> {
    let mut widths = natural_widths(cells);
    let names = cells.iter().map(|row| columns(&row[FIELD])).filter(|columns| *columns <= limit / 3);
    widths[FIELD] = names.max().unwrap_or(MIN_AUTHOR);
    for (column, least) in [(VALUE, MIN_VALUE), (AUTHOR, MIN_AUTHOR)] {
        let mut leasts = widths.clone();
        leasts[column] = least;
        narrow(&mut widths, limit, &leasts);
    }
    widths
}

/// Writes `{ "version": 1, "fields": [ … ] }`.
pub fn write_json(rows: &[FieldRow], out: &mut dyn Write) -> io::Result<()> {
    table::write_json(&json!({ "version": 1, "fields": rows }), out)
}
