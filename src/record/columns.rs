//! Tells once, at the heading of a column, that no row of a table states a required field.

use super::RecordContent;
use crate::kind::{Field, Kind};
use crate::schema::Violation;
use crate::syntax::Markdown;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

/// Of the rows that lack a required field for which their table has no column, the first one tells it.
pub(super) fn tell_once(page: &Markdown, kind: &Kind, records: &mut [RecordContent]) {
    for table in &page.tables {
        let first = records.partition_point(|record| record.span.start < table.span.start);
        let end = records.partition_point(|record| record.span.start < table.span.end);
        let Some(rows) = records.get_mut(first..end).filter(|rows| rows.len() > 1) else { continue };
        let required = kind.required.iter().filter_map(|name| kind.shape.field(name));
        for field in required.filter(|field| !matches!(&*field.name, "id" | "title")) {
            let has_column = table.header.iter().any(|cell| {
                kind.field_of_column(cell.text.trim()).is_some_and(|other| other.name == field.name)
            });
            if has_column || rows.iter().any(|row| row.fields.get(&field.name).is_some()) {
                continue;
            }
            let column = meant(table, kind, field);
            let heading = column.or(table.header.first()).map_or(table.span, |cell| cell.span);
            let told = missing(field, heading, column);
            for row in rows.iter_mut().skip(1) {
                row.format_violations.push(Violation::told_elsewhere(&told));
            }
            if let Some(row) = rows.first_mut() {
                row.format_violations.push(told);
            }
        }
    }
}

/// Returns the unread column that has a name of the field among its words, else the only unread one.
fn meant<'t>(table: &'t Table, kind: &Kind, field: &Field) -> Option<&'t Cell> {
    let is_unread = |cell: &&Cell| {
        let name = cell.text.trim();
        !name.is_empty() && kind.field_of_column(name).is_none() && kind.field_of_words_in(name).is_none()
    };
    let unread = || table.header.iter().filter(is_unread);
    let names = |cell: &&Cell| {
        let mut words = cell.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.any(|word| kind.shape.by_key(word).is_some_and(|other| other.name == field.name))
    };
    let only = || unread().next().filter(|_| unread().count() == 1);
    unread().find(names).or_else(only)
}

fn missing(field: &Field, heading: Span, column: Option<&Cell>) -> Violation {
    let name = &field.name;
    let title = title(name);
    let help = match column {
        Some(column) => format!("call the column `{}` `{title}`", column.text.trim()),
        None => format!("add a column `{title}`"),
    };
    Violation {
        keyword: "required".into(),
        pointer: format!("/{name}").into(),
        span: heading,
        message: format!("`{name}` is missing, as in the other rows: no column states it"),
        help: Some(help),
        suggestion: None,
        field: name.to_string().into(),
        // The span is that of the heading, which exists.
        missing: false,
        related: None,
    }
}

/// `approved-by` as the heading of a column: `Approved by`.
pub(crate) fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters.map(|c| if c == '-' { ' ' } else { c })).collect()
}
