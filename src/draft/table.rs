//! A new record as one more row of a Markdown table.

use super::values::Values;
use super::{is_added, parsed, section};
use crate::finding::Fault;
use crate::linter::Linter;
use crate::record::Record;
use crate::syntax::Document;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

/// Returns the text of the file with the new row: at its place in an ordered table, else behind the last row.
pub(super) fn with_row(linter: &Linter, path: &str, values: &Values<'_>) -> Result<String, Fault> {
    let cant = |why: &str| {
        Err(Fault::new(format!("can't add a row to the table of `{path}`: {why}"))
            .help("add it by hand, or name another file with `--in FILE`"))
    };
    let Some(source) = linter.snapshot().read_path(path) else { return cant("the file can't be read") };
    let document = parsed(linter, path, source.text().to_owned());
    let Some(table) = table(&document, values) else {
        if let Some(text) = section::with_section(linter, path, values) {
            return Ok(text);
        }
        let plural = &values.kind().plural;
        let fault =
            Fault::new(format!("can't add to the {plural} of `{path}`: they are not rows of a table"));
        let like = values.siblings.model().map_or_else(String::new, |model| format!(", like `{}`", model.id));
        return Err(fault.help(format!("add it there by hand{like}")));
    };
    let Some((at, row)) = row(&document, table, values) else { return cant("its layout is not understood") };
    let (before, after) = source.text().split_at(at);
    let newline = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let lead = if before.ends_with('\n') { "" } else { newline };
    let new = format!("{before}{lead}{row}{newline}{after}");
    match is_added(linter, path, &document, &new, values) {
        true => Ok(new),
        false => cant("the result would not be read as intended"),
    }
}

/// The last of the tables with records, of those with active ones if there are any.
fn table<'d>(document: &'d Document, values: &Values<'_>) -> Option<&'d Table> {
    let records = || values.siblings.records.iter();
    let starts: Vec<u32> = records().map(|record| record.span.start).collect();
    let active: Vec<u32> = records().filter(|it| is_active(it)).map(|record| record.span.start).collect();
    let holds = |table: &Table, starts: &[u32]| {
        starts.iter().any(|start| table.span.contains(Span::at(*start as usize)))
    };
    let tables = || document.markdown.iter().flat_map(|page| &page.tables).rev();
    tables().find(|table| holds(table, &active)).or_else(|| tables().find(|table| holds(table, &starts)))
}

fn is_active(record: &Record) -> bool {
    let status = record.kind.status.as_deref().and_then(|name| record.field(name)?.as_text());
    status.is_none_or(|status| record.kind.is_live(status) != Some(false))
}

/// Returns where the row begins, and its text.
fn row(document: &Document, table: &Table, values: &Values<'_>) -> Option<(usize, String)> {
    let line = |row: &[Cell]| Some(document.source.line_span(row.first()?.span.start as usize));
    let last = line(table.rows.last()?)?;
    let end = || {
        let text = document.source.text();
        text[last.range().end..].find('\n').map_or(text.len(), |end| last.range().end + end + 1)
    };
    let name = name_column(table, values);
    let cells = table.header.iter().enumerate().map(|(at, column)| match values.format() {
        Some(_) if Some(at) == name => values.request.title.replace('|', "\\|"),
        _ => cell(values, &column.text),
    });
    let cells: Vec<String> = cells.collect();
    let at = match values.format() {
        Some(_) => match row_after(table, values)? {
            Some(after) => line(after)?.range().start,
            None => end(),
        },
        // The rows of the program's own tables are in the order in which they were planned.
        None => end(),
    };
    Some((at, written(document.source.slice(last), &cells)))
}

/// Returns the row before which the new one belongs, in a table that is ordered by its names; `None` if no column states them.
fn row_after<'t>(table: &'t Table, values: &Values<'_>) -> Option<Option<&'t Vec<Cell>>> {
    let named = name_column(table, values)?;
    let names: Vec<String> =
        table.rows.iter().map(|row| Some(row.get(named)?.text.to_lowercase())).collect::<Option<_>>()?;
    let name = values.request.title.to_lowercase();
    let after = names.iter().position(|other| *other > name).filter(|_| names.len() > 1 && names.is_sorted());
    Some(after.map(|after| &table.rows[after]))
}

/// The names of the fields that a column holds: those that the others state there, or those of its name.
fn fields_of<'v>(values: &Values<'v>, column: &str) -> Vec<&'v str> {
    match values.format() {
        Some(format) => {
            let field = format.field_of(column).or_else(|| values.kind().field_of_column(column.trim()));
            field.map(|field| &*field.name).into_iter().collect()
        }
        None => values.kind().field_of_column(column.trim()).map(|field| &*field.name).into_iter().collect(),
    }
}

/// Returns the column for the title, else the one for the identifier.
fn name_column(table: &Table, values: &Values<'_>) -> Option<usize> {
    let states = |name: &str| {
        table
            .header
            .iter()
            .position(|column| fields_of(values, &column.text).into_iter().any(|it| it == name))
    };
    states("title").or_else(|| states("id"))
}

fn cell(values: &Values<'_>, column: &str) -> String {
    let mut fields = fields_of(values, column).into_iter();
    let value = fields.find_map(|name| values.value(values.kind().shape.field(name)?, ""));
    value.unwrap_or_default().replace('|', "\\|")
}

/// Writes cells like another row: with its outer bars, and as wide as its cells.
fn written(like: &str, cells: &[String]) -> String {
    let line = like.trim();
    let indentation = &like[..like.len() - like.trim_start().len()];
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let widths: Vec<usize> = inner.split('|').map(|cell| cell.chars().count()).collect();
    let width = |at: usize| if widths.len() == cells.len() { widths[at].saturating_sub(2) } else { 0 };
    let padded: Vec<String> =
        cells.iter().enumerate().map(|(at, cell)| format!(" {cell:0$} ", width(at))).collect();
    let row = padded.join("|");
    let (left, right) = (line.starts_with('|'), line.ends_with('|'));
    match (left, right) {
        (true, true) => format!("{indentation}|{row}|"),
        (true, false) => format!("{indentation}|{}", row.trim_end()),
        (false, true) => format!("{indentation}{}|", row.trim_start()),
        (false, false) => format!("{indentation}{}", row.trim()),
    }
}
