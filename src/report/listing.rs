//! The output of `alignlint records`.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::json;

use super::OutputStyle;
use super::table::{self, aligned};
use super::terminal::{self, Palette, paint};
use crate::catalog::Catalog;
use crate::node::Node;
use crate::record::Record;
use crate::schema::to_json;
use crate::text::Position;

/// A record to list.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RecordRow<'a> {
    pub kind: &'a str,
    pub id: &'a str,
    pub title: Option<&'a str>,
    pub path: &'a str,
    /// The format that recognised it; `None` for the native format.
    pub format: Option<&'a str>,
    pub start: Position,
    /// The canonical fields, a mapping.
    #[serde(serialize_with = "plain")]
    pub fields: &'a Node,
}

impl<'a> RecordRow<'a> {
    pub fn of(catalog: &'a Catalog, record: &'a Record) -> RecordRow<'a> {
        let source = catalog.file_of(record).source();
        RecordRow {
            kind: &record.kind.name,
            id: &record.id,
            title: record.title.as_deref(),
            path: source.path(),
            format: record.format.as_ref().map(|format| &*format.name),
            start: source.position(record.span.start as usize),
            fields: &record.fields,
        }
    }
}

const NATIVE: &str = "native";

/// Writes an aligned table. Clips titles to make lines fit.
pub fn write_table(rows: &[RecordRow], style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let headings = HEADINGS.map(String::from).to_vec();
    let cells: Vec<_> = [headings].into_iter().chain(rows.iter().map(cells)).collect();
    let mut widths = table::natural_widths(&cells);
    let mut least = widths.clone();
    least[TITLE] = least[TITLE].min(MIN_TITLE);
    table::narrow(&mut widths, terminal::width(style), &least);
    let mut out = io::BufWriter::new(out);
    for (number, row) in cells.iter().enumerate() {
        let style = if number == 0 { Palette::of(style).dim } else { Palette::default().dim };
        writeln!(out, "{}", paint(aligned(row, &widths), style))?;
    }
    out.flush()
}

const HEADINGS: [&str; 5] = ["KIND", "ID", "TITLE", "FORMAT", "LOCATION"];
const TITLE: usize = 2;
const MIN_TITLE: usize = 20;

fn cells(row: &RecordRow) -> Vec<String> {
    let shown = |text: &str| terminal::one_line(text).into_owned();
    vec![
        shown(row.kind),
        shown(row.id),
        shown(row.title.unwrap_or("")),
        shown(row.format.unwrap_or(NATIVE)),
        format!("{}:{}", terminal::one_line(row.path), row.start.line),
    ]
}

/// Writes `{ "version": 1, "records": [ … ] }`.
pub fn write_json(rows: &[RecordRow], out: &mut dyn Write) -> io::Result<()> {
    table::write_json(&json!({ "version": 1, "records": rows }), out)
}

fn plain<S: Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
    to_json(node).serialize(serializer)
}
