//! What a page of several records states outside of them: tables and sections that no record took.

use super::parts::known_lines;
use super::{RecordContent, UnreadStatement};
use crate::format::Names;
use crate::kind::Kind;
use crate::layout;
use crate::node::Node;
use crate::syntax::markdown::Table;
use crate::syntax::{Document, Markdown};
use crate::text::Span;

/// A section with as many lines for fields of the kind is written like a record.
const FEWEST_LINES: usize = 2;

/// Adds the tables and sections that no record took to what the first record leaves unread.
pub(super) fn account(document: &Document, records: &mut [RecordContent], kind: &Kind, names: &Names) {
    let Some(page) = document.markdown.as_deref() else { return };
    let whole = document.source.text().len() - document.source.bom_len();
    if records.iter().any(|record| record.span.range().len() >= whole) {
        return;
    }
    let mut found: Vec<UnreadStatement> =
        page.tables.iter().filter(|table| !is_taken(table.span, records)).filter_map(of_table).collect();
    found.extend(sections(document, page, records, kind, names));
    let Some(first) = records.first_mut() else { return };
    let known = std::mem::take(&mut first.unread);
    first.unread = known.into_iter().chain(found).collect();
}

/// Returns true if a record is a row of the table, or a field of a record holds it.
fn is_taken(table: Span, records: &[RecordContent]) -> bool {
    records.iter().any(|record| {
        table.contains(record.span)
            || record
                .fields
                .as_mapping()
                .is_some_and(|fields| fields.entries().iter().any(|field| overlaps(&field.value, table)))
    })
}

fn overlaps(value: &Node, table: Span) -> bool {
    value.span.start < table.end && table.start < value.span.end
}

fn of_table(table: &Table) -> Option<UnreadStatement> {
    let (first, last) = table.header.first().zip(table.header.last())?;
    let label = table.header.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" | ");
    let says_something = label.chars().any(char::is_alphanumeric) && !table.rows.is_empty();
    says_something.then(|| UnreadStatement { label: label.into(), span: first.span.to(last.span) })
}

/// Returns the headings outside of records whose sections state fields of the kind.
fn sections<'p>(
    document: &'p Document,
    page: &'p Markdown,
    records: &[RecordContent],
    kind: &Kind,
    names: &Names,
) -> impl Iterator<Item = UnreadStatement> {
    let is_outside = |heading: &Span, body: Span| {
        records.iter().all(|record| !record.span.contains(*heading) && !body.contains(record.span))
    };
    page.headings
        .iter()
        .filter(move |heading| heading.level > 1 && is_outside(&heading.span, heading.body))
        .filter_map(move |heading| {
            let section = layout::section(document, heading)?;
            let is_like_record = known_lines(&section, kind, names) >= FEWEST_LINES;
            is_like_record.then(|| UnreadStatement { label: heading.title.trim().into(), span: heading.span })
        })
}
