//! Builds the records that are parts of a page in a foreign format: sections, and rows of tables.

use std::sync::Arc;

use ahash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::page::SectionFields;
use super::{RecordContent, foreign, page_kind};
use crate::limits;
use crate::profile::{Profile, TableRow, View, has_columns, leads_to_page};
use crate::syntax::markdown::{Heading, Table};
use crate::syntax::{Document, Problem};
use crate::text::{Source, Span};

/// Builds the records of the sections with these headings.
pub(super) fn sections(
    document: &Document,
    headings: &[&Heading],
    profile: &Arc<Profile>,
    fields: &SectionFields,
) -> Result<Vec<RecordContent>, Problem> {
    if let Some(heading) = headings.get(limits::RECORDS) {
        return Err(Problem::too_many_records(heading.span));
    }
    let all = document.markdown.as_ref().map_or(&[][..], |page| &page.headings);
    let above = |heading: &Heading| {
        let mut above = all.iter().rev().skip_while(|other| other.span.start >= heading.span.start);
        above.find(|other| other.level < heading.level).map_or(0, |other| other.span.start)
    };
    let views = headings.iter().map(|heading| (View::of_section(document, heading), above(heading)));
    Ok(numbered_apart(views.collect(), profile, fields))
}

/// Builds the records of the rows of all tables with the columns of the format.
pub(super) fn rows(
    view: &View<'_>,
    profile: &Arc<Profile>,
    fields: &SectionFields,
) -> Result<Vec<RecordContent>, Problem> {
    let source = view.source();
    let tables = view.tables();
    let sets = profile.columns();
    let has_form = |table: &&Table| {
        sets.iter().any(|columns| has_columns(&table.header, columns)) && profile.reads_rows(&table.rows)
    };
    let fitting = tables.into_iter().filter(has_form);
    let may_be_kept_elsewhere = *profile.kind.name == *page_kind();
    let is_kept_here = |row: &TableRow<'_>| {
        !may_be_kept_elsewhere || !row.cells.iter().any(|cell| is_link_to_page(source, cell.span))
    };
    let (header, listed) = profile.listed_rows(view).unwrap_or_default();
    let listed = listed.iter().map(|cells| (TableRow { header: &header, cells }, 0));
    let rows: Vec<(TableRow<'_>, u32)> = fitting
        .flat_map(|table| {
            let rows = table.rows.iter().map(|cells| TableRow { header: &table.header, cells });
            rows.filter(is_kept_here).map(|row| (row, table.span.start))
        })
        .chain(listed)
        .collect();
    if let Some((row, _)) = rows.get(limits::RECORDS) {
        let place = row.cells.first().map_or(Span::at(source.bom_len()), |cell| cell.span);
        return Err(Problem::too_many_records(place));
    }
    let page = View::new(view.document, None, None);
    let views = rows.into_iter().map(|(row, table)| (page.of_row(row), table));
    let views: Vec<(View<'_>, u32)> = views.collect();
    let tables: Vec<u32> = views.iter().map(|(_, table)| *table).collect();
    let records = numbered_apart(views, profile, fields);
    let repeating = repeating_tables(view, &records, &tables);
    let own = records.into_iter().zip(tables).filter(|(_, table)| !repeating.contains(table));
    let records = own.map(|(record, _)| record);
    // A row without a name goes on with what the one above says.
    let is_named = |record: &RecordContent| record.title.is_some() || record.field("id").is_some();
    // A row with an identifier and no required field is still to be filled in.
    let has_titles = profile.field_names().any(|name| name == "title");
    let required: Vec<&str> =
        profile.kind.required.iter().map(|name| &**name).filter(|it| *it != "id").collect();
    let says = |record: &RecordContent, name: &str| record.field(name).is_some_and(|it| !it.is_blank());
    let is_filled = |record: &RecordContent| {
        has_titles || required.is_empty() || required.iter().any(|name| says(record, name))
    };
    let is_record = |it: &RecordContent| !it.id.is_empty() && is_named(it) && is_filled(it);
    Ok(records.filter(is_record).collect())
}

/// Returns the start of each table that only repeats records of tables above, with fewer columns: a table of all decisions, then one for
/// each subject.
fn repeating_tables(view: &View<'_>, records: &[RecordContent], tables: &[u32]) -> HashSet<u32> {
    let columns = view.tables().into_iter().map(|table| (table.span.start, table.header.len()));
    let columns: HashMap<u32, usize> = columns.collect();
    let mut most: HashMap<&str, usize> = HashMap::new();
    let mut repeating = HashSet::new();
    for part in records.iter().zip(tables).collect::<Vec<_>>().chunk_by(|one, next| one.1 == next.1) {
        let width = columns.get(part[0].1).copied().unwrap_or_default();
        let has_number = |record: &RecordContent| record.id.contains(|c: char| c.is_ascii_digit());
        let is_shown = |record: &RecordContent| most.get(&*record.id).is_some_and(|most| *most > width);
        if part.iter().all(|(record, _)| has_number(record) && is_shown(record)) {
            repeating.insert(*part[0].1);
        }
        for (record, _) in part {
            let known = most.entry(&record.id).or_default();
            *known = width.max(*known);
        }
    }
    repeating
}

/// Returns true for a cell that is nothing but a link to a page.
fn is_link_to_page(source: &Source, cell: Span) -> bool {
    let text = source.slice(cell).trim();
    text.starts_with('[') && text.ends_with(')') && leads_to_page(source, cell)
}

/// Builds the records. A number that begins anew in each table, or below each heading, names none of them.
fn numbered_apart(
    views: Vec<(View<'_>, u32)>,
    profile: &Arc<Profile>,
    fields: &SectionFields,
) -> Vec<RecordContent> {
    let build = |view: View<'_>| foreign::record(view, profile, fields);
    let again: Vec<View<'_>> = views.iter().map(|(view, _)| view.repeating_number()).collect();
    let groups: Vec<u32> = views.iter().map(|(_, group)| *group).collect();
    let mut records: Vec<RecordContent> = views.into_iter().map(|(view, _)| build(view)).collect();
    let mut first: HashMap<Arc<str>, u32> = HashMap::new();
    let is_number = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let mut repeats = false;
    for (record, group) in records.iter().zip(&groups).filter(|(record, _)| is_number(&record.id)) {
        repeats |= *first.entry(record.id.clone()).or_insert(*group) != *group;
    }
    if repeats {
        for (record, view) in records.iter_mut().zip(again).filter(|(record, _)| is_number(&record.id)) {
            *record = build(view);
        }
    }
    records
}
