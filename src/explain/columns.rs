//! Finds the columns of tables of records from which no field is read.

use crate::record::Record;
use crate::schema::shorten;
use crate::syntax::Markdown;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

use super::dropped::spans_read;

/// A column whose cells are not read.
pub(crate) struct UnreadColumn {
    pub name: String,
    pub span: Span,
    /// Each cell, or each part of a list in it, has at most [`FEW_WORDS`] words: longer ones are remarks.
    pub is_short: bool,
}

/// The most words of a short cell.
const FEW_WORDS: usize = 3;

/// Returns the unread columns of each table whose rows are among the records.
pub(crate) fn unread(page: &Markdown, records: &[&Record]) -> Vec<Vec<UnreadColumn>> {
    let read = spans_read(records);
    let mut starts: Vec<u32> = records.iter().map(|record| record.span.start).collect();
    starts.sort_unstable();
    let holds_records = |table: &&Table| {
        let first = starts.partition_point(|start| *start < table.span.start);
        starts.get(first).is_some_and(|start| *start < table.span.end)
    };
    let tables = page.tables.iter().filter(holds_records).map(|table| unread_of(table, &read).collect());
    tables.filter(|columns: &Vec<UnreadColumn>| !columns.is_empty()).collect()
}

/// Returns the unread columns of the tables in a page that is one record, where others are read.
pub(crate) fn unread_beside_read(page: &Markdown, record: &Record) -> Vec<UnreadColumn> {
    let read = spans_read(&[record]);
    let tables = page.tables.iter().filter(|table| {
        let mut cells = table.rows.iter().flatten();
        cells.any(|cell| is_read(&read, cell.span))
    });
    tables.flat_map(|table| unread_of(table, &read)).collect()
}

fn unread_of<'t>(table: &'t Table, read: &'t [Span]) -> impl Iterator<Item = UnreadColumn> + 't {
    table.header.iter().enumerate().filter_map(|(at, header)| {
        let cells = || table.rows.iter().filter_map(|cells| cells.get(at)).filter(|cell| is_filled(cell));
        let name = header.text.trim();
        let is_unread = !name.is_empty()
            && cells().next().is_some()
            && !is_read(read, header.span)
            && !cells().any(|cell| is_read(read, cell.span));
        is_unread.then(|| UnreadColumn {
            name: shorten(name),
            span: header.span,
            is_short: cells().all(|cell| has_few_words(&cell.text)),
        })
    })
}

fn has_few_words(cell: &str) -> bool {
    cell.split(',').all(|part| part.split_whitespace().count() <= FEW_WORDS)
}

fn is_read(read: &[Span], span: Span) -> bool {
    let after = read.partition_point(|read| read.end <= span.start);
    read.get(after).is_some_and(|read| read.start < span.end)
}

fn is_filled(cell: &Cell) -> bool {
    cell.text.contains(char::is_alphanumeric)
}
