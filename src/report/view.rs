//! Writes a [`View`] as text, Markdown or JSON.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::terminal::{self, Palette, one_line, paint, paragraph};
use super::{OutputStyle, grouped, markdown, table};
use crate::finding::{Place, RecordName};
use crate::text::{Position, capital};
use crate::view::{Answer, Cell, Row, Section, View};

/// Maximum length of a cell in Markdown, in characters.
const MAX_TEXT: usize = 600;
const INDENT: usize = 2;
const LOCATION: &str = "at";

/// Writes the page for a terminal: each row as a line, and what more it says below.
///
/// # Errors
/// Those of `out`.
pub fn write_text(view: &View, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let palette = Palette::of(style);
    writeln!(out, "{}", paint(format!("{}, as of {}", one_line(&view.title), view.as_of), palette.message))?;
    if let Some(note) = &view.note {
        writeln!(out, "\n{}", paragraph(note, terminal::width(style), 0, 0).join("\n"))?;
    }
    for section in shown(view) {
        let title = paragraph(&section.title, terminal::width(style), 0, 0).join("\n");
        writeln!(out, "\n{}", paint(title, palette.related))?;
        if let Some(rules) = section.asked_by() {
            let rules = paragraph(&rules, terminal::width(style), 0, 0).join("\n");
            writeln!(out, "{}", paint(rules, palette.dim))?;
        }
        let text = TextSection { section, style, palette, label_width: label_width(section) };
        write_rows(&section.rows, |row, out| text.write_row(row, out), &mut out)?;
        if section.left_out > 0 {
            let more = grouped(section.left_out);
            writeln!(out, "\n{}", paint(format!("… and {more} more; `--all` shows them"), palette.dim))?;
        }
        if let Some(empty) = section.empty.as_ref().filter(|_| section.rows.is_empty()) {
            writeln!(out, "\n{}", paint(one_line(empty), palette.dim))?;
        }
    }
    if let Some(unasked) = unasked(view) {
        let lines = paragraph(&unasked, terminal::width(style), 0, 0).join("\n");
        writeln!(out, "\n{}", paint(lines, palette.dim))?;
    }
    out.flush()
}

/// Writes rows in parallel, as to wrap their lines takes most of the time of a long page.
fn write_rows(
    rows: &[Row],
    write: impl Fn(&Row, &mut dyn Write) -> io::Result<()> + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    let written = |row: &Row| {
        let mut text = Vec::new();
        write(row, &mut text).map(|()| text)
    };
    let texts: Vec<Vec<u8>> = rows.par_iter().map(written).collect::<io::Result<_>>()?;
    texts.iter().try_for_each(|text| out.write_all(text))
}

/// The sections with something to show about records of the repository.
fn shown(view: &View) -> impl Iterator<Item = &Section> {
    view.sections.iter().filter(|section| section.has_content() && section.absent_kinds.is_empty())
}

/// Says about which kinds the sections have questions that are left out.
fn unasked(view: &View) -> Option<String> {
    let kinds = view.absent_kinds();
    (!kinds.is_empty()).then(|| {
        let kinds = kinds.join(", ");
        format!("nothing is asked about kinds without a record: {kinds}; `alignlint new KIND` writes the first one")
    })
}

struct TextSection<'v> {
    section: &'v Section,
    style: &'v OutputStyle,
    palette: Palette,
    /// The width of the longest label that a row has.
    label_width: usize,
}

impl TextSection<'_> {
    fn write_row(&self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let margin = INDENT * row.depth;
        let limit = terminal::width(self.style);
        let head: Vec<&str> = self.cells(row, true).map(|(_, cell)| cell.text.trim()).collect();
        let head: Vec<&str> = head.into_iter().filter(|text| !text.is_empty()).collect();
        let mut lines = paragraph(&head.join("  "), limit, margin, margin + 2 * INDENT);
        // A title after a long name begins a line.
        if let [before @ .., title] = &head[..]
            && lines.len() > 1
            && terminal::columns(&before.join("  ")) > limit / 2
        {
            lines = paragraph(&before.join("  "), limit, margin, margin + 2 * INDENT);
            let indent = " ".repeat(margin + 2 * INDENT);
            let title = paragraph(title, limit, margin + 2 * INDENT, margin + 2 * INDENT);
            lines.extend(
                title
                    .iter()
                    .enumerate()
                    .map(|(at, line)| if at == 0 { format!("{indent}{line}") } else { line.clone() }),
            );
        }
        let lines = lines.join("\n");
        writeln!(out, "\n{}{}", " ".repeat(margin), paint(lines, self.palette.message))?;
        let label_width = self.label_width;
        let mut detail = |label: &str, text: &str| {
            let hang = margin + INDENT + label_width + INDENT;
            let lines = paragraph(text, limit.max(hang + INDENT * 10), hang, hang).join("\n");
            let space = " ".repeat(label_width.saturating_sub(terminal::columns(label)) + INDENT);
            let label = paint(one_line(label), self.palette.dim);
            writeln!(out, "{}{label}{space}{lines}", " ".repeat(margin + INDENT))
        };
        for (title, cell) in self.cells(row, false) {
            let text = cell_text(cell, row.place.as_ref(), RuleNames::OfAnswers);
            if !text.is_empty() {
                detail(title, &text)?;
            }
        }
        match &row.place {
            Some(place) => detail(LOCATION, &location(place)),
            None => Ok(()),
        }
    }

    fn cells<'r>(&'r self, row: &'r Row, head: bool) -> impl Iterator<Item = (&'r str, &'r Cell)> {
        let columns = self.section.columns.iter().zip(&row.cells);
        columns.filter(move |(column, _)| column.is_head == head).map(|(column, cell)| (&*column.title, cell))
    }
}

/// The width of the longest label that a row of a section has.
fn label_width(section: &Section) -> usize {
    let labels = section.columns.iter().enumerate().filter(|(at, column)| {
        let has_text = |row: &Row| {
            row.cells.get(*at).is_some_and(|cell| !cell_text(cell, None, RuleNames::All).is_empty())
        };
        !column.is_head && section.rows.iter().any(has_text)
    });
    let widths = labels.map(|(_, column)| terminal::columns(&column.title));
    widths.chain([terminal::columns(LOCATION)]).max().unwrap_or(0)
}

/// Which rules a cell names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RuleNames {
    /// Those behind answers in part and questions without an answer.
    OfAnswers,
    /// Also those of lists of findings.
    All,
}

/// Writes a cell: whether there is an answer, the answer, the findings about it, their rules, and its place if it differs from
/// the row's.
fn cell_text(cell: &Cell, row: Option<&Place>, names: RuleNames) -> String {
    let text = cell.text.trim();
    let names_rules = match cell.answer {
        Some(answer) => answer != Answer::Answered,
        None => names == RuleNames::All,
    };
    let rules = names_rules.then(|| cell.rules.join(", "));
    let remarks = [cell.reasons.join("; "), rules.unwrap_or_default()];
    let remarks: Vec<String> = remarks.into_iter().filter(|remark| !remark.is_empty()).collect();
    let answer = match cell.answer {
        None | Some(Answer::Answered) => text.to_owned(),
        Some(answer) if text.is_empty() => answer.name().to_owned(),
        Some(answer) => format!("{}: {text}", answer.name()),
    };
    let answer = match remarks.is_empty() {
        true => answer,
        false => format!("{answer} ({})", remarks.join("; ")),
    };
    let place = cell.place.as_ref().map(location).filter(|place| Some(place) != row.map(location).as_ref());
    let parts = [answer].into_iter().chain(place).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("  ")
}

fn location(place: &Place) -> String {
    format!("{}:{}", place.source.path(), start(place).line)
}

fn start(place: &Place) -> Position {
    place.source.position(place.span.start as usize)
}

/// Writes the page as Markdown: each section as a table.
///
/// # Errors
/// Those of `out`.
pub fn write_markdown(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    writeln!(out, "# {}\n\nAs of {}.", prose(&view.title), view.as_of)?;
    if let Some(note) = &view.note {
        writeln!(out, "\n{}.", prose(&capital(note)))?;
    }
    for section in shown(view) {
        writeln!(out, "\n## {}\n", prose(&section.title))?;
        match &section.empty {
            Some(empty) if section.rows.is_empty() => writeln!(out, "{}.", prose(&capital(empty)))?,
            _ => {
                if let Some(rules) = section.asked_by() {
                    writeln!(out, "{}.\n", prose(&capital(&rules)))?;
                }
                write_table(section, &mut out)?;
            }
        }
    }
    if let Some(unasked) = unasked(view) {
        writeln!(out, "\n{}.", prose(&capital(&unasked)))?;
    }
    out.flush()
}

fn write_table(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    let has_text = |at: &usize| {
        section.rows.iter().any(|row| {
            row.cells.get(*at).is_some_and(|cell| !cell_text(cell, None, RuleNames::All).is_empty())
        })
    };
    let used: Vec<usize> = (0..section.columns.len()).filter(has_text).collect();
    let titles: Vec<String> = used.iter().map(|&at| prose(&capital(&section.columns[at].title))).collect();
    writeln!(out, "| {} | Where |\n|{}---|", titles.join(" | "), "---|".repeat(titles.len()))?;
    let write_row = |row: &Row, out: &mut dyn Write| {
        let cells: Vec<String> = used
            .iter()
            .enumerate()
            .map(|(number, &at)| {
                let text =
                    row.cells.get(at).map(|cell| prose(&cell_text(cell, row.place.as_ref(), RuleNames::All)));
                let indent = if number == 0 { "&emsp;".repeat(row.depth) } else { String::new() };
                indent + &text.unwrap_or_default()
            })
            .collect();
        let place = row.place.as_ref().map(|place| markdown::code(&location(place), MAX_TEXT));
        writeln!(out, "| {} | {} |", cells.join(" | "), place.unwrap_or_default())
    };
    write_rows(&section.rows, write_row, out)
}

fn prose(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { markdown::prose(text, MAX_TEXT) }
}

/// Writes the page as JSON; `schemas/view.schema.json` describes it.
///
/// # Errors
/// Those of `out`.
pub fn write_json(view: &View, tool: &str, out: &mut dyn Write) -> io::Result<()> {
    let sections = view.sections.iter().map(JsonSection::of).collect();
    let as_of = view.as_of.to_string();
    let page = JsonView {
        version: 1,
        tool,
        view: &view.name,
        title: &view.title,
        as_of,
        note: view.note.as_deref(),
        sections,
    };
    table::write_json(&page, out)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonView<'v> {
    version: u32,
    tool: &'v str,
    view: &'v str,
    title: &'v str,
    as_of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'v str>,
    sections: Vec<JsonSection<'v>>,
}

#[derive(Serialize)]
struct JsonSection<'v> {
    title: &'v str,
    columns: Vec<JsonColumn<'v>>,
    rows: Vec<JsonRow<'v>>,
}

#[derive(Serialize)]
struct JsonColumn<'v> {
    key: &'v str,
    title: &'v str,
}

#[derive(Serialize)]
struct JsonRow<'v> {
    depth: usize,
    record: Option<&'v RecordName>,
    path: Option<&'v str>,
    start: Option<Position>,
    cells: JsonCells<'v>,
}

/// The cells of a row, by the keys of their columns.
struct JsonCells<'v>(Vec<(&'v str, &'v Cell)>);

#[derive(Serialize)]
struct JsonCell<'v> {
    text: &'v str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    names: &'v [RecordName],
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rules: &'v [std::sync::Arc<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
}

impl<'v> JsonSection<'v> {
    fn of(section: &'v Section) -> JsonSection<'v> {
        let columns = section.columns.iter();
        let row = |row: &'v Row| JsonRow {
            depth: row.depth,
            record: row.record.as_ref(),
            path: row.place.as_ref().map(|place| &**place.source.path()),
            start: row.place.as_ref().map(start),
            cells: JsonCells(section.columns.iter().map(|column| &*column.key).zip(&row.cells).collect()),
        };
        JsonSection {
            title: &section.title,
            columns: columns.map(|column| JsonColumn { key: &column.key, title: &column.title }).collect(),
            rows: section.rows.iter().map(row).collect(),
        }
    }
}

impl Serialize for JsonCells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, cell) in &self.0 {
            let place = cell.place.as_ref();
            let cell = JsonCell {
                text: &cell.text,
                names: &cell.named,
                answer: cell.answer.map(Answer::name),
                rules: &cell.rules,
                path: place.map(|place| &**place.source.path()),
                start: place.map(start),
            };
            map.serialize_entry(key, &cell)?;
        }
        map.end()
    }
}
