//! Reads tables: one of labels and values as a header, others as rows.

use super::{Content, Origin, Part, Shape, Statement};
use crate::syntax::Document;
use crate::syntax::markdown::{Cell, Table};
use crate::text::{Source, Span, label_key, range_in};
use crate::value::words;

/// Returns the statements of a table of labels and values, or of one with labels above one row; none for a table of something else.
pub(super) fn labelled<'a>(document: &'a Document, table: &'a Table) -> Vec<Statement<'a>> {
    let source = &*document.source;
    let is_label = |cell: &Cell| words::is_in("labels", &label_key(&cell.text));
    let width = table.header.len();
    let labels = table.header.iter().filter(|cell| is_label(cell)).count();
    if let [row] = &table.rows[..]
        && (width > 2 && 2 * labels >= width || labels == width && !row.first().is_some_and(is_label))
        && !table.header.iter().all(|cell| cell.text.trim().is_empty())
    {
        let pairs = table.header.iter().zip(row);
        return pairs.filter_map(|(label, value)| pair(source, label, value, Origin::Header)).collect();
    }
    if width != 2 && width != 4 {
        return Vec::new();
    }
    let is_heading =
        table.header.first().is_none_or(|cell| words::is_in("label-columns", &label_key(&cell.text)))
            && !table.header.first().is_some_and(is_label);
    let header = std::iter::once(&table.header).filter(|_| !is_heading);
    let pairs = || header.clone().chain(&table.rows).flat_map(|cells| cells.chunks_exact(2));
    // A table of terms or options has other words in its first column.
    let has_values =
        table.header.get(1).is_some_and(|cell| words::is_in("value-columns", &label_key(&cell.text)));
    if !(is_heading && has_values && width == 2 || pairs().any(|cells| is_label(&cells[0]))) {
        return Vec::new();
    }
    pairs().filter_map(|cells| pair(source, &cells[0], &cells[1], Origin::Header)).collect()
}

/// Returns the rows of a table as parts, with the header's cells as labels.
pub fn rows<'a>(document: &'a Document, table: &'a Table) -> impl Iterator<Item = Part<'a>> + use<'a> {
    table.rows.iter().map(move |row| {
        let source = &*document.source;
        let statements = table
            .header
            .iter()
            .zip(row)
            .filter_map(|(label, value)| pair(source, label, value, Origin::Cell))
            .collect();
        let span = row.first().zip(row.last()).map_or(table.span, |(first, last)| first.span.to(last.span));
        Part { document, shape: Shape::Row(row), title: None, statements, span }
    })
}

fn pair<'a>(source: &'a Source, label: &'a Cell, value: &'a Cell, origin: Origin) -> Option<Statement<'a>> {
    let name = label.text.trim().trim_end_matches([':', '*']).trim();
    if name.is_empty() {
        return None;
    }
    let text = source.slice(value.span).trim();
    let content = if text.is_empty() { Content::Nothing } else { Content::Cell(value) };
    Some(Statement::new(name, label.span, content, value.span, origin))
}

/// Returns the statements of a table in HTML whose rows have two cells: `<tr><th>Status</th><td>Accepted</td></tr>`.
pub(super) fn in_html(source: &Source, html: Span) -> Vec<Statement<'_>> {
    const MAX_ROWS: usize = 100;
    let text = source.slice(html);
    let span = |part: &str| html.part(range_in(text, part));
    let statement = |row: &'_ str| {
        let row = row.split("</tr").next()?;
        let cells = row.split("<t").skip(1).filter(|cell| cell.starts_with(['d', 'h']));
        let mut cells = cells.map(first_text);
        let (label, value) = (cells.next()?, cells.next()?);
        let is_pair =
            cells.next().is_none() && words::is_in("labels", &label_key(label)) && !value.is_empty();
        let name = label.trim_end_matches(':');
        is_pair.then(|| Statement::new(name, span(label), Content::Text, span(value), Origin::Header))
    };
    text.split("<tr").skip(1).take(MAX_ROWS).filter_map(statement).collect()
}

/// Returns the first text between the tags of a cell.
fn first_text(cell: &str) -> &str {
    let mut texts = cell.split(['<', '>']).skip(1).step_by(2).map(str::trim);
    texts.find(|text| !text.is_empty()).unwrap_or_default()
}
