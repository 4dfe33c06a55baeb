//! Writes a [`View`] as text, Markdown or JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::terminal::{self, GAP, Palette, clip, one_line, paint, paragraph};
use super::{OutputStyle, markdown};
use crate::finding::Place;
use crate::text::capital;
use crate::view::{Answer, Cell, Column, PageTitle, Row, Section, View};
use serde_json::{Value, json};

/// Maximum length of a cell in Markdown, in characters.
const MAX_TEXT: usize = 600;
const INDENT: usize = 2;
/// The longest word that makes a column of a table as wide as it is.
const MAX_WORD: usize = 22;
const LOCATION: &str = "at";
/// The rows and columns that an overview shows of each part.
const FIRST_ROWS: usize = 3;
const FIRST_COLUMNS: usize = 4;

/// Writes the page for a terminal; of several parts, an overview.
pub fn write_text(view: &View, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let text = TextView { limit: terminal::width(style), palette: Palette::of(style) };
    let title = format!("{}, as of {}", one_line(&view.title), view.as_of);
    writeln!(out, "{}", paint(title, text.palette.message))?;
    if let Some(note) = &view.note {
        writeln!(out, "\n{}", paragraph(note, text.limit, 0, 0).join("\n"))?;
    }
    let pages = pages(view);
    match &pages[..] {
        [_, _, ..] => text.write_overview(&pages, out)?,
        _ => {
            let mut sections = view.sections.iter().filter(|section| section.has_content());
            sections.try_for_each(|section| text.write_section(section, out))?;
        }
    }
    Ok(())
}

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
            let rows = &section.rows[..section.rows.len().min(FIRST_ROWS)];
            let columns = &section.columns[..section.columns.len().min(FIRST_COLUMNS)];
            self.write_table(columns, rows, false, out)?;
            let more = sections.iter().map(Section::count).sum::<usize>() - rows.len();
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
            _ if section.is_table => self.write_table(&section.columns, &section.rows, true, out),
            _ => {
                let label_width = label_width(section);
                section.rows.iter().try_for_each(|row| self.write_card(section, row, label_width, out))
            }
        }
    }

    /// Writes rows side by side: below the titles of their columns, or without titles on one line each.
    fn write_table(
        &self,
        columns: &[Column],
        rows: &[Row],
        has_titles: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let used = used_columns(columns, rows);
        let text = |row: &Row, at: usize| {
            let indent = if at == 0 { INDENT * row.depth } else { 0 };
            " ".repeat(indent) + &one_line(&cell_text(&row.cells[at]))
        };
        let texts = |row: &Row| used.iter().map(|&at| text(row, at)).collect();
        let mut texts: Vec<Vec<String>> = rows.iter().map(texts).collect();
        let is_wrapped = has_titles;
        // What a single column says is clear from the title of the section.
        let has_titles = has_titles && used.len() > 1;
        if has_titles {
            texts.insert(0, used.iter().map(|&at| columns[at].title.clone()).collect());
        }
        let longest_word = |at: usize| {
            let words = texts.iter().flat_map(|row| row[at].split(' ')).map(terminal::columns);
            words.max().unwrap_or(0).min(MAX_WORD)
        };
        let words: Vec<usize> = (0..used.len()).map(longest_word).collect();
        let (mut widths, limit) = (terminal::natural_widths(&texts), self.limit.saturating_sub(INDENT));
        terminal::narrow(&mut widths, limit, &words);
        // Words are broken only where nothing else fits.
        terminal::narrow(&mut widths, limit, &vec![1; used.len()]);
        for (number, row) in texts.iter().enumerate() {
            let style = if has_titles && number == 0 { self.palette.dim } else { self.palette.place };
            for line in terminal::lines(row, &widths, is_wrapped) {
                writeln!(out, "{}", paint(format!("{:INDENT$}{line}", ""), style))?;
            }
        }
        Ok(())
    }

    /// Writes what a row is about as a line, and what more it says below.
    fn write_card(&self, section: &Section, row: &Row, width: usize, out: &mut dyn Write) -> io::Result<()> {
        let margin = INDENT * row.depth;
        let cells = |is_head: bool| {
            let cells = section.columns.iter().zip(&row.cells);
            cells
                .filter(move |(column, _)| column.is_head == is_head)
                .map(|(column, cell)| (&*column.title, cell))
        };
        let head: Vec<&str> = cells(true).map(|(_, it)| it.text.trim()).filter(|it| !it.is_empty()).collect();
        let lines = paragraph(&head.join("  "), self.limit, margin, margin + 2 * INDENT).join("\n");
        writeln!(out, "\n{}{}", " ".repeat(margin), paint(lines, self.palette.message))?;
        let location = row.place.as_ref().map(location);
        let details = cells(false).map(|(title, cell)| (title, cell_text(cell)));
        for (label, text) in details.chain(location.map(|place| (LOCATION, place))) {
            if text.is_empty() {
                continue;
            }
            let hang = margin + INDENT + width + GAP;
            let lines = paragraph(&text, self.limit.max(hang + 10 * INDENT), hang, hang).join("\n");
            let space = " ".repeat(width.saturating_sub(terminal::columns(label)) + GAP);
            let label = paint(one_line(label), self.palette.dim);
            writeln!(out, "{}{label}{space}{lines}", " ".repeat(margin + INDENT))?;
        }
        Ok(())
    }
}

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
    format!("{}:{}", place.source.path(), place.start().line)
}

fn used_columns(columns: &[Column], rows: &[Row]) -> Vec<usize> {
    let has_text = |at: &usize| rows.iter().any(|row| !cell_text(&row.cells[*at]).is_empty());
    (0..columns.len()).filter(has_text).collect()
}

pub fn write_markdown(view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n\nAs of {}.", prose(&view.title), view.as_of)?;
    if let Some(note) = &view.note {
        writeln!(out, "\n{}.", prose(&capital(note)))?;
    }
    for section in view.sections.iter().filter(|section| section.has_content()) {
        writeln!(out, "\n## {}\n", prose(&section.title))?;
        match &section.empty {
            Some(empty) if section.rows.is_empty() => writeln!(out, "{}.", prose(&capital(empty)))?,
            _ => write_markdown_table(section, out)?,
        }
    }
    Ok(())
}

fn write_markdown_table(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    let used = used_columns(&section.columns, &section.rows);
    let titles = used.iter().map(|&at| markdown::cell(&capital(&section.columns[at].title), MAX_TEXT));
    let titles: Vec<String> = titles.collect();
    writeln!(out, "| {} | Where |\n|{}---|", titles.join(" | "), "---|".repeat(titles.len()))?;
    for row in &section.rows {
        let cells = used.iter().enumerate().map(|(number, &at)| {
            let indent = if number == 0 { "&emsp;".repeat(row.depth) } else { String::new() };
            indent + &markdown::cell(&cell_text(&row.cells[at]), MAX_TEXT)
        });
        let place = row.place.as_ref().map(|place| markdown::code_in_cell(&location(place), MAX_TEXT));
        writeln!(out, "| {} | {} |", cells.collect::<Vec<_>>().join(" | "), place.unwrap_or_default())?;
    }
    Ok(())
}

fn prose(text: &str) -> String {
    markdown::prose(text, MAX_TEXT)
}

/// Writes the page as JSON; `schemas/view.schema.json` describes it.
pub fn write_json(view: &View, tool: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut page = json!({
        "version": 1,
        "tool": tool,
        "view": view.name,
        "title": view.title,
        "as-of": view.as_of.to_string(),
    });
    if let Some(note) = &view.note {
        page["note"] = json!(note);
    }
    page["sections"] = view.sections.iter().map(section_as_json).collect();
    terminal::write_json(&page, out)
}

fn section_as_json(section: &Section) -> Value {
    let columns = || section.columns.iter();
    let row = |row: &Row| {
        let cells = columns().zip(&row.cells).map(|(column, cell)| (&*column.key, cell_as_json(cell)));
        json!({
            "depth": row.depth,
            "record": row.record,
            "path": row.place.as_ref().map(|place| place.source.path()),
            "start": row.place.as_ref().map(Place::start),
            // By the keys of their columns.
            "cells": cells.collect::<BTreeMap<_, _>>(),
        })
    };
    json!({
        "title": section.title,
        "columns": columns().map(|it| json!({ "key": it.key, "title": it.title })).collect::<Vec<_>>(),
        "rows": section.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn cell_as_json(cell: &Cell) -> Value {
    let mut json = json!({ "text": cell.text });
    if !cell.named.is_empty() {
        json["names"] = json!(cell.named);
    }
    if let Some(answer) = cell.answer {
        json["answer"] = answer.name().into();
    }
    if !cell.rules.is_empty() {
        json["rules"] = json!(cell.rules);
    }
    if let Some(place) = &cell.place {
        json["path"] = json!(place.source.path());
        json["start"] = json!(place.start());
    }
    json
}
