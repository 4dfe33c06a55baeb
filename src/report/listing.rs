//! The output of `alignlint records`.

use std::io::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::OutputStyle;
use super::table::{self, aligned};
use super::terminal::{self, Palette, paint};
use crate::catalog::Catalog;
use crate::node::{Node, Scalar, ScalarKind, Value};
use crate::record::Record;
use crate::text::Position;

/// A record to list.
#[derive(Clone, Copy, Debug)]
pub struct RecordRow<'a> {
    /// The name of its kind.
    pub kind: &'a str,
    /// Its identifier.
    pub id: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The path of its file.
    pub path: &'a str,
    /// The format that recognised it; `None` for the native format.
    pub format: Option<&'a str>,
    /// Where it starts.
    pub start: Position,
    /// The canonical fields, a mapping.
    pub fields: &'a Node,
}

impl<'a> RecordRow<'a> {
    /// Describes a record of a catalog.
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
    table::write_json(&RecordListing { version: 1, records: rows }, out)
}

#[derive(Serialize)]
struct RecordListing<'a> {
    version: u32,
    records: &'a [RecordRow<'a>],
}

impl Serialize for RecordRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(7))?;
        map.serialize_entry("kind", self.kind)?;
        map.serialize_entry("id", self.id)?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("path", self.path)?;
        map.serialize_entry("format", &self.format)?;
        map.serialize_entry("start", &self.start)?;
        map.serialize_entry("fields", &Plain(self.fields))?;
        map.end()
    }
}

/// Serializes a node without spans. The depth of the recursion is bounded, because parsers limit nesting.
struct Plain<'a>(&'a Node);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            Value::Scalar(scalar) => serialize_scalar(scalar, serializer),
            Value::Sequence(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Plain(item))?;
                }
                list.end()
            }
            Value::Mapping(mapping) => {
                let mut map = serializer.serialize_map(Some(mapping.len()))?;
                for entry in mapping.entries() {
                    map.serialize_entry(&entry.key.name, &Plain(&entry.value))?;
                }
                map.end()
            }
        }
    }
}

/// Numbers that JSON can't write as they are, such as `0007` or `.inf`, stay text.
fn serialize_scalar<S: Serializer>(scalar: &Scalar, serializer: S) -> Result<S::Ok, S::Error> {
    match scalar.kind() {
        ScalarKind::Null => serializer.serialize_unit(),
        ScalarKind::Bool(value) => serializer.serialize_bool(value),
        ScalarKind::Integer(value) if value.to_string() == scalar.text() => serializer.serialize_i64(value),
        ScalarKind::Float(value) if value.is_finite() => serializer.serialize_f64(value),
        ScalarKind::Integer(_) | ScalarKind::Float(_) | ScalarKind::Text => {
            serializer.serialize_str(scalar.text())
        }
    }
}
