//! The output of `alignlint records`, of `why`: the records that govern a path, and of `blame`: when each field was last changed, and by whom.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::OutputStyle;
use super::terminal::{self, Palette, aligned, clip, narrow, natural_widths, one_line, paint, paragraph};
use crate::calendar::relative_date;
use crate::catalog::Catalog;
use crate::finding::RecordName;
use crate::governing::{CitedAt, Governing};
use crate::node::Node;
use crate::record::Record;
use crate::schema::to_json;
use crate::text::Position;

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

/// Writes an aligned table. Clips titles to make lines fit.
pub fn write_records(rows: &[RecordRow], style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let headings = HEADINGS.map(String::from).to_vec();
    let cells: Vec<_> = [headings].into_iter().chain(rows.iter().map(record_cells)).collect();
    let mut widths = terminal::natural_widths(&cells);
    let mut least = widths.clone();
    least[TITLE] = least[TITLE].min(MIN_TITLE);
    terminal::narrow(&mut widths, terminal::width(style), &least);
    for (number, row) in cells.iter().enumerate() {
        let style = if number == 0 { Palette::of(style).dim } else { Palette::default().dim };
        writeln!(out, "{}", paint(aligned(row, &widths), style))?;
    }
    Ok(())
}

const HEADINGS: [&str; 5] = ["KIND", "ID", "TITLE", "FORMAT", "LOCATION"];
const TITLE: usize = 2;
const MIN_TITLE: usize = 20;

fn record_cells(row: &RecordRow) -> Vec<String> {
    const NATIVE: &str = "native";
    let shown = |text: &str| terminal::one_line(text).into_owned();
    vec![
        shown(row.kind),
        shown(row.id),
        shown(row.title.unwrap_or("")),
        shown(row.format.unwrap_or(NATIVE)),
        format!("{}:{}", terminal::one_line(row.path), row.start.line),
    ]
}

fn plain<S: Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
    to_json(node).serialize(serializer)
}

/// Writes the records one below the other: those in force, then the others below a heading.
pub fn write_why(all: &[Governing], day: Date, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    for (number, record) in all.iter().enumerate() {
        let is_first_closed = !record.in_force && (number == 0 || all[number - 1].in_force);
        if number > 0 {
            writeln!(out)?;
        }
        if is_first_closed {
            writeln!(out, "{}\n", paint("Not in force:", palette.warning))?;
        }
        write_record(record, day, style, out)?;
    }
    Ok(())
}

fn write_record(record: &Governing, day: Date, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    let limit = terminal::width(style);
    let name = format!("{} {}", record.record.kind, one_line(&record.record.id));
    let title = record.title.as_deref().map(|it| format!("  {}", one_line(it.trim()))).unwrap_or_default();
    let head = paragraph(&title, limit, terminal::columns(&name) + 2, 4);
    let space = if title.is_empty() { "" } else { "  " };
    writeln!(out, "{}{space}{}", paint(name, palette.message), head.join("\n"))?;
    writeln!(out, "  {}", paragraph(&standing(record, day), limit, 2, 2).join("\n"))?;
    let place = format!("{}:{}", record.path, record.start.line);
    writeln!(out, "  {}", paint(one_line(&place), palette.dim))?;
    writeln!(out, "  {}", paragraph(&reasons(record), limit, 2, 4).join("\n"))
}

/// `superseded by 0009, 2026-03-02 (8 months ago), owner ada`
fn standing(record: &Governing, as_of: Date) -> String {
    let status = record.status.clone().unwrap_or_else(|| "no status".to_owned());
    let successors: Vec<&str> = record.superseded_by.iter().map(|name| &*name.id).collect();
    let successors = successors.join(", ");
    let by = match () {
        () if successors.is_empty() => String::new(),
        () if record.in_force => format!(", but superseded by {successors}"),
        () if status == "superseded" => format!(" by {successors}"),
        () => format!(", superseded by {successors}"),
    };
    let date = record.date.map_or("no date".to_owned(), |it| format!("{it} ({})", relative_date(it, as_of)));
    let owner = match (&*record.deciders, record.owner.as_deref()) {
        ([], None) => "no owner".to_owned(),
        ([], Some(owner)) => format!("owner {}", owner.trim()),
        (deciders, _) => format!("by {}", deciders.join(", ")),
    };
    let left = record.owner_until.filter(|day| *day < as_of && record.deciders.is_empty());
    let left = left.map_or_else(String::new, |day| format!(", who left on {day}"));
    let review = record.review.filter(|_| record.in_force).map_or_else(String::new, |day| {
        let verb = if day < as_of { "was to be reviewed" } else { "to be reviewed" };
        format!("; {verb} on {day} ({})", relative_date(day, as_of))
    });
    format!("{status}{by}, {date}, {owner}{left}{review}")
}

fn reasons(record: &Governing) -> String {
    // Citations of a record that are listed; the others are counted.
    const MAX_CITED: usize = 3;
    let patterns = (!record.governs.is_empty()).then(|| format!("governs {}", record.governs.join(", ")));
    let at = |cited: &CitedAt| format!("{}:{}", cited.path, cited.start.line);
    let mut listed: Vec<String> = record.cited.iter().map(at).collect();
    listed.dedup();
    let more = listed.len().saturating_sub(MAX_CITED);
    listed.truncate(MAX_CITED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let cited = (!listed.is_empty()).then(|| format!("cited at {}{more}", listed.join(", ")));
    patterns.into_iter().chain(cited).collect::<Vec<_>>().join("; ")
}

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

pub fn write_blame(rows: &[FieldRow], style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let limit = terminal::width(style) - INDENT;
    for (number, rows) in rows.chunk_by(|a, b| (&a.record, a.path) == (&b.record, b.path)).enumerate() {
        let FieldRow { record, path, .. } = &rows[0];
        let path = paint(one_line(path), Palette::of(style).dim);
        let space = if number > 0 { "\n" } else { "" };
        writeln!(out, "{space}{} {}  {path}", record.kind, one_line(&record.id))?;
        let cells: Vec<Vec<String>> = rows.iter().map(FieldRow::cells).collect();
        let mut widths = natural_widths(&cells);
        narrow(&mut widths, limit, &LEAST_WIDTHS);
        for line in cells.iter().flat_map(|row| terminal::lines(row, &widths, true)) {
            writeln!(out, "{:INDENT$}{line}", "")?;
        }
    }
    Ok(())
}

impl FieldRow<'_> {
    fn cells(&self) -> Vec<String> {
        let changed = self.changed.as_ref();
        let commit = |change: &LastChange| match change.commit {
            Some(id) => id.get(..ABBREVIATED).unwrap_or(id).to_owned(),
            None => "uncommitted".to_owned(),
        };
        let shown = |text: &str| clip(&one_line(text), LONGEST_VALUE).into_owned();
        let before = self.before.as_ref().map(|it| format!("(was {})", shown(it))).unwrap_or_default();
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
