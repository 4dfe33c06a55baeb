//! What a page of several records states outside of them: lines below its title, tables, sections and identifiers that no record took.

use std::collections::HashSet;

use super::parts::{Places, known_lines};
use super::{RecordContent, UnreadStatement, identity, mistakes, rows};
use crate::format::Names;
use crate::kind::{Field, Kind};
use crate::layout::{self, Origin, Part, Statement, label_key};
use crate::node::Mapping;
use crate::schema::Violation;
use crate::syntax::markdown::{Cell, Heading, Table};
use crate::syntax::{Document, Markdown};
use crate::text::Span;

/// A section with as many lines for fields of the kind is written like a record.
const FEWEST_LINES: usize = 2;

/// Adds what no record took to what the first record leaves unread.
pub(super) fn account(part: &Part<'_>, records: &mut [RecordContent], kind: &Kind, names: &Names) {
    let document = part.document;
    let Some(page) = document.markdown.as_deref() else { return };
    let whole = document.source.text().len() - document.source.bom_len();
    if records.iter().any(|record| record.span.range().len() >= whole) {
        return;
    }
    let values = Places::new(records.iter().flat_map(|record| {
        let entries = record.fields.as_mapping().map_or(&[][..], Mapping::entries);
        entries.iter().map(|entry| entry.value.span)
    }));
    let is_taken = |table: &&Table| values.overlap(table.span);
    let mut found: Vec<UnreadStatement> =
        page.tables.iter().filter(|table| !is_taken(table)).filter_map(mistakes::of_table).collect();
    let read = Places::new(records.iter().map(|record| record.span));
    found.extend(sections(document, page, &read, kind, names));
    found.extend(identifiers(document, page, records, &read, kind));
    found.extend(lines_of_page(part, records, &read));
    let Some(first) = records.first_mut() else { return };
    let known = std::mem::take(&mut first.unread);
    first.unread = known.into_iter().chain(found).collect();
}

/// Returns the headings outside of records whose sections state fields of the kind.
fn sections<'p>(
    document: &'p Document,
    page: &'p Markdown,
    read: &Places,
    kind: &Kind,
    names: &Names,
) -> impl Iterator<Item = UnreadStatement> {
    let is_outside = |heading: &Heading| !read.overlap(heading.span) && !read.overlap(heading.body);
    page.headings.iter().filter(move |heading| heading.level > 1 && is_outside(heading)).filter_map(
        move |heading| {
            let section = layout::section(document, heading);
            let is_like_record = known_lines(&section, kind, names) >= FEWEST_LINES;
            is_like_record.then(|| UnreadStatement { label: heading.title.trim().into(), span: heading.span })
        },
    )
}

/// Returns the front matter and the lines below the title that hold for no record.
fn lines_of_page(part: &Part<'_>, records: &[RecordContent], read: &Places) -> Vec<UnreadStatement> {
    let keys = records.iter().flat_map(|record| record.fields.as_mapping().map_or(&[][..], Mapping::entries));
    let taken: HashSet<Span> = keys.map(|entry| entry.key.span).collect();
    let known: HashSet<Span> =
        records.iter().flat_map(|record| &record.unread).map(|unread| unread.span).collect();
    let is_open = |it: &&Statement<'_>| {
        let is_named = taken.contains(&it.label_span) || known.contains(&it.label_span);
        it.origin <= Origin::Header && !is_named && mistakes::is_label(it) && !read.overlap(it.label_span)
    };
    let open = part.statements.iter().filter(is_open);
    open.map(|it| UnreadStatement { label: (*it.label).into(), span: it.label_span }).collect()
}

/// Returns the identifiers of the records' series with which other headings and items of lists begin: `- W-05: a spreadsheet`.
fn identifiers(
    document: &Document,
    page: &Markdown,
    records: &[RecordContent],
    read: &Places,
    kind: &Kind,
) -> Vec<UnreadStatement> {
    let letters = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let series: HashSet<String> = records.iter().map(|record| letters(&record.id)).collect();
    let headings = page.headings.iter().map(|heading| heading.span);
    let items = page.items.iter().filter(|item| item.depth == 1).map(|item| item.text);
    let places = headings.chain(items).filter(|span| !read.overlap(*span));
    let begins = |span: Span| {
        let text = document.source.slice(span);
        let (id, _) = identity::split_heading(text, kind)?;
        let is_one =
            id.starts_with(char::is_uppercase) && series.contains(&letters(id)) && text.starts_with(id);
        let end = span.start as usize + id.len();
        is_one.then(|| UnreadStatement { label: id.into(), span: Span::new(span.start as usize, end) })
    };
    places.filter_map(begins).collect()
}

/// Reports the misspelt columns of tables whose rows are records, at the first record of each table. Of the rows that lack a required field
/// for which their table has no column, the first one reports it.
pub(super) fn report_columns(page: &Markdown, kind: &Kind, names: &Names, records: &mut [RecordContent]) {
    for table in &page.tables {
        let start = records.partition_point(|record| record.span.start < table.span.start);
        let end = records.partition_point(|record| record.span.start < table.span.end);
        let Some([first, others @ ..]) = records.get_mut(start..end) else { continue };
        let is_unknown = |cell: &&Cell| names.fields(&label_key(&cell.text)).next().is_none();
        let misspelt = table.header.iter().filter(is_unknown).filter_map(|cell| {
            let (label, _) = mistakes::of_column(kind, table, cell.text.trim())?;
            Some(mistakes::misspelt_column(cell, "", label, &format!("the kind `{}`", kind.name)))
        });
        first.format_violations.extend(misspelt);
        if others.is_empty() {
            continue;
        }
        let required = kind.required.iter().filter(|name| !rows::is_name(name));
        for field in required.filter_map(|name| kind.shape.field(name)) {
            let has_column = table.header.iter().any(|cell| {
                let stated = rows::field_of(kind, names, table, cell.text.trim());
                stated.is_some_and(|other| other.name == field.name)
            });
            let states = |row: &RecordContent| row.fields.get(&field.name).is_some();
            if has_column || states(first) || others.iter().any(states) {
                continue;
            }
            let report = missing_column(field, table.header.first().map_or(table.span, |cell| cell.span));
            for row in others.iter_mut() {
                row.format_violations.push(Violation::told_elsewhere(&report));
            }
            first.format_violations.push(report);
        }
    }
}

fn missing_column(field: &Field, heading: Span) -> Violation {
    let name = &field.name;
    let message = format!("`{name}` is missing, as in the other rows: no column states it");
    let help = Some(format!("add a column `{}`", mistakes::title(name)));
    Violation { help, ..Violation::of_field("required", name, heading, message) }
}
