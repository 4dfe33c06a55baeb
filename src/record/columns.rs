//! Reports the misspelt and the missing columns of tables whose rows are records.

use super::near_miss::{misspelt_column, of_column, title};
use super::{RecordContent, rows};
use crate::format::Names;
use crate::kind::{Field, Kind};
use crate::layout::label_key;
use crate::schema::Violation;
use crate::syntax::Markdown;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

/// Reports the misspelt columns of each table at its first record.
pub(super) fn report_misspelt(page: &Markdown, kind: &Kind, names: &Names, records: &mut [RecordContent]) {
    let is_unknown = |cell: &&Cell| names.fields(&label_key(&cell.text)).next().is_none();
    for table in &page.tables {
        let Some(first) = rows_of(table, records).first_mut() else { continue };
        let misspelt = table.header.iter().filter(is_unknown).filter_map(|cell| {
            let (name, _) = of_column(kind, table, cell.text.trim())?;
            Some(misspelt_column(cell, "", title(name), &format!("the kind `{}`", kind.name)))
        });
        first.format_violations.extend(misspelt);
    }
}

/// Of the rows that lack a required field for which their table has no column, the first one reports it.
pub(super) fn report_missing(page: &Markdown, kind: &Kind, names: &Names, records: &mut [RecordContent]) {
    for table in &page.tables {
        let rows = rows_of(table, records);
        if rows.len() < 2 {
            continue;
        }
        let required = kind.required.iter().filter_map(|name| kind.shape.field(name));
        for field in required.filter(|field| !matches!(&*field.name, "id" | "title")) {
            let has_column = table.header.iter().any(|cell| {
                let column = cell.text.trim();
                rows::field_of(kind, names, table, column).is_some_and(|other| other.name == field.name)
            });
            if has_column || rows.iter().any(|row| row.fields.get(&field.name).is_some()) {
                continue;
            }
            let heading = table.header.first().map_or(table.span, |cell| cell.span);
            let report = missing_column(field, heading);
            for row in rows.iter_mut().skip(1) {
                row.format_violations.push(Violation::told_elsewhere(&report));
            }
            if let Some(row) = rows.first_mut() {
                row.format_violations.push(report);
            }
        }
    }
}

fn missing_column(field: &Field, heading: Span) -> Violation {
    let name = &field.name;
    Violation {
        keyword: "required".into(),
        pointer: format!("/{name}").into(),
        span: heading,
        message: format!("`{name}` is missing, as in the other rows: no column states it"),
        help: Some(format!("add a column `{}`", title(name))),
        suggestion: None,
        field: name.to_string().into(),
        // The span is that of the heading, which exists.
        missing: false,
        related: None,
    }
}

fn rows_of<'r>(table: &Table, records: &'r mut [RecordContent]) -> &'r mut [RecordContent] {
    let first = records.partition_point(|record| record.span.start < table.span.start);
    let end = records.partition_point(|record| record.span.start < table.span.end);
    records.get_mut(first..end).unwrap_or_default()
}
