//! The output of `alignlint why`: the records that govern a path.

use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::json;

use super::OutputStyle;
use super::table;
use super::terminal::{self, Palette, one_line, paint, paragraph};
use crate::calendar::relative_date;
use crate::governing::{CitedAt, Governing};

/// Citations of a record that are listed; the others are counted.
const MAX_CITED: usize = 3;

/// Writes the records one below the other: those in force, then the others below a heading.
pub fn write_text(
    records: &[Governing],
    as_of: Date,
    style: &OutputStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let palette = Palette::of(style);
    for (number, record) in records.iter().enumerate() {
        let is_first_closed = !record.in_force && (number == 0 || records[number - 1].in_force);
        if number > 0 {
            writeln!(out)?;
        }
        if is_first_closed {
            writeln!(out, "{}\n", paint("Not in force:", palette.warning))?;
        }
        write_record(record, as_of, style, &mut out)?;
    }
    out.flush()
}

fn write_record(record: &Governing, as_of: Date, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    let limit = terminal::width(style);
    let name = format!("{} {}", record.record.kind, one_line(&record.record.id));
    let title =
        record.title.as_deref().map(|title| format!("  {}", one_line(title.trim()))).unwrap_or_default();
    let head = paragraph(&title, limit, terminal::columns(&name) + 2, 4);
    let space = if title.is_empty() { "" } else { "  " };
    writeln!(out, "{}{space}{}", paint(name, palette.message), head.join("\n"))?;
    for line in paragraph(&standing(record, as_of), limit, 2, 2) {
        writeln!(out, "{}{line}", if line.starts_with(' ') { "" } else { "  " })?;
    }
    let place = format!("{}:{}", record.path, record.start.line);
    writeln!(out, "  {}", paint(one_line(&place), palette.dim))?;
    for line in paragraph(&reasons(record), limit, 2, 4) {
        writeln!(out, "{}{line}", if line.starts_with(' ') { "" } else { "  " })?;
    }
    Ok(())
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
    let date =
        record.date.map_or("no date".to_owned(), |date| format!("{date} ({})", relative_date(date, as_of)));
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

/// Writes `{ "version": 1, "path": …, "records": [ … ] }`.
pub fn write_json(path: &str, records: &[Governing], out: &mut dyn Write) -> io::Result<()> {
    table::write_json(&json!({ "version": 1, "path": path, "records": records }), out)
}
