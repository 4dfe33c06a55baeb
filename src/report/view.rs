//! Writes a [`View`] as text, Markdown or JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::terminal::{self, Palette, clip, one_line, paint, paragraph};
use super::{OutputStyle, markdown, table};
use crate::finding::{Place, RecordName};
use crate::text::{Position, capital};
use crate::view::{Answer, Cell, PageTitle, Row, Section, View};

/// Maximum length of a cell in Markdown, in characters.
const MAX_TEXT: usize = 600;
const INDENT: usize = 2;
/// Between two columns.
const GAP: usize = 2;
/// The longest word that makes a column of a table as wide as it is.
const MAX_WORD: usize = 22;
const LOCATION: &str = "at";
/// The rows and columns that an overview shows of each part.
const FIRST_ROWS: usize = 3;
const FIRST_COLUMNS: usize = 4;

/// Writes the page for a terminal; of several parts, an overview.
///
/// # Errors
/// Those of `out`.
pub fn write_text(view: &View, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut io::BufWriter::new(out);
    let text = TextView { limit: terminal::width(style), palette: Palette::of(style) };
    let title = format!("{}, as of {}", one_line(&view.title), view.as_of);
    writeln!(out, "{}", paint(title, text.palette.message))?;
    if let Some(note) = &view.note {
        writeln!(out, "\n{}", paragraph(note, text.limit, 0, 0).join("\n"))?;
    }
    let pages = pages(view);
    match &pages[..] {
        [_, _, ..] => text.write_overview(&pages, out)?,
        _ => view
            .sections
            .iter()
            .filter(|it| it.has_content())
            .try_for_each(|it| text.write_section(it, out))?,
    }
    out.flush()
}

/// The sections by the pages that they belong to.
pub(super) fn pages(view: &View) -> Vec<(&PageTitle, &[Section])> {
    let pages = view.sections.chunk_by(|one, next| one.page == next.page);
    pages.map(|sections| (&*sections[0].page, sections)).collect()
}

/// Says how many rows sections have: `2 proposed, 12 in force`.
pub(super) fn figures(sections: &[Section]) -> Vec<(String, usize)> {
    let of_section = |section: &Section| match &section.tally {
        _ if !section.counts.is_empty() => section.counts.clone(),
        Some(tally) => vec![(tally.clone(), section.count())],
        None => Vec::new(),
    };
    sections.iter().flat_map(of_section).filter(|(_, count)| *count > 0).collect()
}

struct TextView {
    limit: usize,
    palette: Palette,
}

impl TextView {
    /// Writes the figures and the first rows of each part.
    fn write_overview(&self, pages: &[(&PageTitle, &[Section])], out: &mut dyn Write) -> io::Result<()> {
        for (page, sections) in pages {
            let figures: Vec<String> =
                figures(sections).into_iter().map(|(what, count)| format!("{what}: {count}")).collect();
            let first = sections.iter().find(|section| !section.rows.is_empty());
            let figures = match (first, &figures[..]) {
                (None, _) => sections.iter().find_map(|section| section.empty.clone()).unwrap_or_default(),
                (Some(section), []) => section.title.clone(),
                (Some(_), figures) => figures.join(", "),
            };
            let title = clip(&page.title, self.limit);
            let rest = self.limit.saturating_sub(terminal::columns(&title) + GAP);
            let figures = paint(clip(&one_line(&figures), rest), self.palette.dim);
            writeln!(out, "\n{}{}{figures}", paint(&title, self.palette.related), " ".repeat(GAP))?;
            let Some(section) = first else { continue };
            let shown = Section {
                rows: section.rows.iter().take(FIRST_ROWS).cloned().collect(),
                columns: section.columns.iter().take(FIRST_COLUMNS).cloned().collect(),
                ..Section::default()
            };
            self.write_table(&shown, 1, out)?;
            let more = sections.iter().map(Section::count).sum::<usize>() - shown.rows.len();
            if more > 0 {
                let more = format!("{}… {more} more: alignlint {}", " ".repeat(INDENT), page.command);
                writeln!(out, "{}", paint(more, self.palette.dim))?;
            }
        }
        let command = pages[0].0.command.split(' ').next().unwrap_or_default();
        let names: Vec<&str> = pages.iter().map(|(page, _)| &*page.name).collect();
        let names = format!("`alignlint {command} PART` shows one part: {}", names.join(", "));
        writeln!(out, "\n{}", paint(paragraph(&names, self.limit, 0, 0).join("\n"), self.palette.dim))
    }

    fn write_section(&self, section: &Section, out: &mut dyn Write) -> io::Result<()> {
        let title = paragraph(&section.title, self.limit, 0, 0).join("\n");
        writeln!(out, "\n{}", paint(title, self.palette.related))?;
        match &section.empty {
            Some(empty) if section.rows.is_empty() => {
                let empty = format!("{}{}", " ".repeat(INDENT), one_line(empty));
                writeln!(out, "{}", paint(empty, self.palette.dim))
            }
            _ if section.is_table => {
                let titles = section
                    .columns
                    .iter()
                    .map(|column| Cell { text: column.title.clone(), ..Cell::default() });
                let titles = Row { cells: titles.collect(), ..Row::default() };
                let rows = [titles].into_iter().chain(section.rows.iter().cloned()).collect();
                self.write_table(&Section { rows, ..section.clone() }, usize::MAX, out)
            }
            _ => {
                let label_width = label_width(section);
                section.rows.iter().try_for_each(|row| self.write_card(section, row, label_width, out))
            }
        }
    }

    /// Writes rows side by side, with at most so many lines each.
    fn write_table(&self, section: &Section, lines: usize, out: &mut dyn Write) -> io::Result<()> {
        let texts = |row: &Row| -> Vec<String> {
            let cells = row.cells.iter().take(section.columns.len());
            let indent = |at: usize| if at == 0 { " ".repeat(INDENT * row.depth) } else { String::new() };
            cells.enumerate().map(|(at, cell)| indent(at) + &one_line(&cell_text(cell))).collect()
        };
        let rows: Vec<Vec<String>> = section.rows.iter().map(texts).collect();
        let has_text =
            |at: &usize| rows.iter().skip(usize::from(lines > 1)).any(|row| !row[*at].trim().is_empty());
        let used: Vec<usize> = (0..section.columns.len()).filter(has_text).collect();
        let natural = used.iter().map(|&at| {
            let widths = rows.iter().map(|row| terminal::columns(&row[at]));
            widths.max().unwrap_or(0).max(1)
        });
        let widths: Vec<(usize, usize)> = used
            .iter()
            .zip(natural)
            .map(|(&at, width)| {
                let words = rows.iter().flat_map(|row| row[at].split(' ')).map(terminal::columns);
                (width, words.max().unwrap_or(0).min(MAX_WORD))
            })
            .collect();
        let widths = fitted(widths, self.limit.saturating_sub(INDENT));
        let has_titles = lines > 1;
        // What a single column says is clear from the title of the section.
        let hidden = usize::from(has_titles && used.len() == 1);
        for (number, row) in rows.iter().enumerate().skip(hidden) {
            let is_title = has_titles && number == 0;
            let cells = used.iter().zip(&widths).map(|(&at, &width)| {
                let indent = row[at].len() - row[at].trim_start().len();
                match lines {
                    1 => vec![clip(&row[at], width).into_owned()],
                    _ => paragraph(&row[at], width.saturating_sub(indent), 0, 0)
                        .into_iter()
                        .map(|line| " ".repeat(indent) + &line)
                        .collect(),
                }
            });
            let cells: Vec<Vec<String>> = cells.collect();
            for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                let mut line = " ".repeat(INDENT);
                for (cell, width) in cells.iter().zip(&widths) {
                    let text = cell.get(at).map_or("", String::as_str);
                    line += text;
                    line += &" ".repeat((width + GAP).saturating_sub(terminal::columns(text)));
                }
                let style = if is_title { self.palette.dim } else { self.palette.place };
                writeln!(out, "{}", paint(line.trim_end(), style))?;
            }
        }
        Ok(())
    }

    /// Writes what a row is about as a line, and what more it says below.
    fn write_card(
        &self,
        section: &Section,
        row: &Row,
        label_width: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let margin = INDENT * row.depth;
        let cells = |is_head: bool| {
            let cells = section.columns.iter().zip(&row.cells);
            cells
                .filter(move |(column, _)| column.is_head == is_head)
                .map(|(column, cell)| (&*column.title, cell))
        };
        let head: Vec<&str> =
            cells(true).map(|(_, cell)| cell.text.trim()).filter(|text| !text.is_empty()).collect();
        let lines = paragraph(&head.join("  "), self.limit, margin, margin + 2 * INDENT).join("\n");
        writeln!(out, "\n{}{}", " ".repeat(margin), paint(lines, self.palette.message))?;
        let location = row.place.as_ref().map(location);
        let details = cells(false).map(|(title, cell)| (title, cell_text(cell)));
        for (label, text) in details.chain(location.map(|place| (LOCATION, place))) {
            if text.is_empty() {
                continue;
            }
            let hang = margin + INDENT + label_width + GAP;
            let lines = paragraph(&text, self.limit.max(hang + 10 * INDENT), hang, hang).join("\n");
            let space = " ".repeat(label_width.saturating_sub(terminal::columns(label)) + GAP);
            let label = paint(one_line(label), self.palette.dim);
            writeln!(out, "{}{label}{space}{lines}", " ".repeat(margin + INDENT))?;
        }
        Ok(())
    }
}

/// Makes the widest of some columns narrower, as far as their longest words, until all fit beside each other.
fn fitted(columns: Vec<(usize, usize)>, limit: usize) -> Vec<usize> {
    let limit = limit.saturating_sub(GAP * columns.len().saturating_sub(1));
    let (mut widths, least): (Vec<usize>, Vec<usize>) = columns.into_iter().unzip();
    while widths.iter().sum::<usize>() > limit {
        let narrower = |at: &usize| widths[*at] > least[*at];
        let widest = (0..widths.len()).filter(narrower).max_by_key(|&at| widths[at]);
        // Words are broken only where nothing else fits.
        match widest.or_else(|| (0..widths.len()).filter(|&at| widths[at] > 1).max_by_key(|&at| widths[at])) {
            Some(at) => widths[at] -= 1,
            None => break,
        }
    }
    widths
}

/// The width of the longest label that a row of a section has.
fn label_width(section: &Section) -> usize {
    let has_text = |at: usize| section.rows.iter().any(|row| !cell_text(&row.cells[at]).is_empty());
    let labels = section.columns.iter().enumerate().filter(|(at, column)| !column.is_head && has_text(*at));
    let widths = labels.map(|(_, column)| terminal::columns(&column.title));
    widths.chain([terminal::columns(LOCATION)]).max().unwrap_or(0)
}

/// Writes whether there is an answer, the answer, and the rules that find fault with it.
pub(super) fn cell_text(cell: &Cell) -> String {
    let text = cell.text.trim();
    match cell.answer {
        Some(Answer::Open) => Answer::Open.name().to_owned(),
        Some(Answer::InPart) => format!("{text} ({}: {})", Answer::InPart.name(), cell.rules.join(", ")),
        Some(Answer::Answered) | None => text.to_owned(),
    }
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
    for section in view.sections.iter().filter(|section| section.has_content()) {
        writeln!(out, "\n## {}\n", prose(&section.title))?;
        match &section.empty {
            Some(empty) if section.rows.is_empty() => writeln!(out, "{}.", prose(&capital(empty)))?,
            _ => write_markdown_table(section, &mut out)?,
        }
    }
    out.flush()
}

fn write_markdown_table(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    let has_text = |at: &usize| {
        let mut cells = section.rows.iter().filter_map(|row| row.cells.get(*at));
        cells.any(|cell| !cell_text(cell).is_empty())
    };
    let used: Vec<usize> = (0..section.columns.len()).filter(has_text).collect();
    let titles: Vec<String> = used.iter().map(|&at| prose(&capital(&section.columns[at].title))).collect();
    writeln!(out, "| {} | Where |\n|{}---|", titles.join(" | "), "---|".repeat(titles.len()))?;
    for row in &section.rows {
        let cells = used.iter().enumerate().map(|(number, &at)| {
            let indent = if number == 0 { "&emsp;".repeat(row.depth) } else { String::new() };
            indent + &row.cells.get(at).map(|cell| prose(&cell_text(cell))).unwrap_or_default()
        });
        let place = row.place.as_ref().map(|place| markdown::code(&location(place), MAX_TEXT));
        writeln!(out, "| {} | {} |", cells.collect::<Vec<_>>().join(" | "), place.unwrap_or_default())?;
    }
    Ok(())
}

fn prose(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { markdown::prose(text, MAX_TEXT) }
}

/// Writes the page as JSON; `schemas/view.schema.json` describes it.
///
/// # Errors
/// Those of `out`.
pub fn write_json(view: &View, tool: &str, out: &mut dyn Write) -> io::Result<()> {
    let page = JsonView {
        version: 1,
        tool,
        view: &view.name,
        title: &view.title,
        as_of: view.as_of.to_string(),
        note: view.note.as_deref(),
        sections: view.sections.iter().map(JsonSection::of).collect(),
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
    /// By the keys of their columns.
    cells: BTreeMap<&'v str, JsonCell<'v>>,
}

#[derive(Serialize)]
struct JsonCell<'v> {
    text: &'v str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    names: &'v [RecordName],
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rules: &'v [Arc<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
}

impl<'v> JsonSection<'v> {
    fn of(section: &'v Section) -> JsonSection<'v> {
        let columns = || section.columns.iter();
        let row = |row: &'v Row| JsonRow {
            depth: row.depth,
            record: row.record.as_ref(),
            path: row.place.as_ref().map(|place| &**place.source.path()),
            start: row.place.as_ref().map(start),
            cells: columns()
                .zip(&row.cells)
                .map(|(column, cell)| (&*column.key, JsonCell::of(cell)))
                .collect(),
        };
        JsonSection {
            title: &section.title,
            columns: columns().map(|column| JsonColumn { key: &column.key, title: &column.title }).collect(),
            rows: section.rows.iter().map(row).collect(),
        }
    }
}

impl<'v> JsonCell<'v> {
    fn of(cell: &'v Cell) -> JsonCell<'v> {
        JsonCell {
            text: &cell.text,
            names: &cell.named,
            answer: cell.answer.map(Answer::name),
            rules: &cell.rules,
            path: cell.place.as_ref().map(|place| &**place.source.path()),
            start: cell.place.as_ref().map(start),
        }
    }
}
