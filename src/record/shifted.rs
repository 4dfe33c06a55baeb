//! Rows of a table that lack a cell, so that the values after it stand below other columns.

use crate::calendar::{Amount, parse_date};
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Node, Value};
use crate::profile::View;
use crate::schema::Violation;
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

pub(super) struct ShiftedRows<'a> {
    view: &'a View<'a>,
    field: &'a Field,
}

impl<'a> ShiftedRows<'a> {
    pub(super) fn new(view: &'a View<'a>, field: &'a Field) -> ShiftedRows<'a> {
        ShiftedRows { view, field }
    }

    /// Says of each such row that it has a cell too few.
    pub(super) fn violations(&self, list: &Node) -> Vec<Violation> {
        let items = list.as_sequence().unwrap_or_default().iter().enumerate();
        items.filter_map(|(at, item)| Some(self.violation(at, item, self.shifted_row(item)?))).collect()
    }

    /// Leaves only the text of the items that are such rows.
    pub(super) fn left_out(&self, list: Node) -> Node {
        let text = |item: Node| match self.shifted_row(&item) {
            Some((_, row)) => row.first().map_or(item, |cell| Node::text(cell.span, cell.text.trim())),
            None => item,
        };
        match list.value {
            Value::Sequence(items) => Node::sequence(list.span, items.into_iter().map(text).collect()),
            value => Node { span: list.span, value },
        }
    }

    fn violation(&self, at: usize, item: &Node, (table, row): (&Table, &[Cell])) -> Violation {
        let (cells, columns) = (self.cells_written(table, row), table.header.len());
        Violation {
            keyword: "type".into(),
            pointer: format!("/{}/{at}", self.field.name).into(),
            span: row.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or(item.span),
            message: format!("the row has {cells} cells, and the table {columns} columns"),
            help: Some("write the cell that is missing; an empty one is `| |`".to_owned()),
            suggestion: None,
            field: (*self.field.name).into(),
            missing: false,
            related: None,
        }
    }

    /// Returns the table and the row of an item, if cells are missing at its end and a value is none of its column.
    fn shifted_row(&self, item: &Node) -> Option<(&'a Table, &'a [Cell])> {
        let FieldType::List(of) = &self.field.ty else { return None };
        let (shape, entries) = (of.shape()?, item.as_mapping()?.entries());
        if entries.iter().all(|entry| is_readable(shape, entry)) {
            return None;
        }
        let tables = &self.view.markdown()?.tables;
        let table = tables.iter().find(|table| table.span.contains(item.span))?;
        let is_of = |row: &&Vec<Cell>| row.iter().any(|cell| cell.span == item.span);
        let row = table.rows.iter().find(is_of)?;
        (self.cells_written(table, row) < table.header.len()).then_some((table, row))
    }

    /// Counts the cells of a row, with empty ones, by the bars behind the last one that is filled.
    fn cells_written(&self, table: &Table, row: &[Cell]) -> usize {
        let Some(last) = row.iter().rposition(|cell| !cell.text.trim().is_empty()) else { return row.len() };
        let rest = &self.view.source().text()[row[last].span.end as usize..];
        let rest = rest.lines().next().unwrap_or_default().trim_end();
        // A row of another markup, or without a bar at its end, may go on.
        if !rest.ends_with('|') {
            return row.len();
        }
        (last + rest.matches('|').count()).min(table.header.len())
    }
}

fn is_readable(shape: &Shape, entry: &Entry) -> bool {
    let Some(field) = shape.by_key(&entry.key.name) else { return true };
    match (&field.ty, entry.value.as_text()) {
        (FieldType::Amount, Some(text)) => Amount::parse(text).is_some() || field.canonical(text).is_some(),
        (FieldType::Date, Some(text)) => parse_date(text).is_some(),
        _ => true,
    }
}
