//! Finds faults in items that are rows of a table: misspelt columns, cells that can't be read, and rows that lack a cell, whose later
//! values fall into the wrong columns.

use super::table_slips;
use crate::calendar::{Amount, missing_day, parse_date, parse_unambiguous_date};
use crate::kind::{Field, FieldType, Shape, fold_name};
use crate::node::{Entry, Mapping, Node, Value};
use crate::profile::{Extractor, Profile, View};
use crate::schema::{self, Violation};
use crate::syntax::markdown::{Cell, Table};
use crate::text::Span;

/// The format of a day.
const DAY: &str = "date";

pub(super) struct ItemRows<'a> {
    view: &'a View<'a>,
    field: &'a Field,
    profile: &'a Profile,
    extractor: &'a Extractor,
    /// The schemas of the parts of an item.
    parts: &'a serde_json::Value,
}

impl<'a> ItemRows<'a> {
    pub(super) fn new(
        view: &'a View<'a>,
        field: &'a Field,
        (profile, extractor): (&'a Profile, &'a Extractor),
    ) -> ItemRows<'a> {
        let parts = &profile.kind.json["properties"][&*field.name]["items"]["properties"];
        ItemRows { view, field, profile, extractor, parts }
    }

    /// Reads the days in words, such as `16 November 2026`.
    pub(super) fn with_days(&self, mut list: Node) -> Node {
        let Some(shape) = self.shape() else { return list };
        let is_day = |name: &str| shape.by_key(name).is_some_and(|field| matches!(field.ty, FieldType::Date));
        let Value::Sequence(items) = &mut list.value else { return list };
        for item in items {
            let Value::Mapping(mapping) = &mut item.value else { continue };
            for entry in mapping.entries_mut().iter_mut().filter(|entry| is_day(&entry.key.name)) {
                let text = entry.value.as_text().filter(|text| text.contains(char::is_alphabetic));
                if let Some(day) = text.and_then(parse_unambiguous_date) {
                    entry.value = Node::text(entry.value.span, day.to_string());
                }
            }
        }
        list
    }

    fn shape(&self) -> Option<&'a Shape> {
        match &self.field.ty {
            FieldType::List(of) => of.shape().map(|shape| &**shape),
            _ => None,
        }
    }

    /// Says which columns are misspelt, and of each row that it has a cell too few, or else which of its cells can't be read.
    pub(super) fn violations(&self, list: &Node) -> Vec<Violation> {
        let items = list.as_sequence().unwrap_or_default().iter().enumerate();
        let of_item = |(at, item): (usize, &Node)| match self.shifted_row(item) {
            Some(row) => vec![self.violation(at, item, row)],
            None => {
                self.unreadable(item).map(|(entry, expected)| self.of_cell(at, entry, expected)).collect()
            }
        };
        let columns = self.misspelt_columns(list);
        columns.into_iter().chain(items.flat_map(of_item)).collect()
    }

    fn misspelt_columns(&self, list: &Node) -> Vec<Violation> {
        let first = list.as_sequence().and_then(<[Node]>::first);
        let table = first.and_then(|item| self.table_of(item));
        let header = || table.iter().flat_map(|table| &table.header);
        let is = |cell: &Cell, name: &str| fold_name(&cell.text) == fold_name(name);
        let fields = self.extractor.item_fields.iter();
        let absent =
            fields.filter(|(_, names)| !header().any(|cell| names.iter().any(|name| is(cell, name))));
        let absent: Vec<&str> = absent.flat_map(|(_, names)| names).map(|name| &**name).collect();
        let known = || self.extractor.item_fields.iter().flat_map(|(_, names)| names);
        let unknown = header().filter(|cell| !known().any(|name| is(cell, name)));
        unknown
            .filter_map(|cell| {
                let column = cell.text.trim();
                let meant = absent.iter().find(|name| table_slips::is_swapped_or_slip(column, name))?;
                Some(self.of_column(cell, meant))
            })
            .collect()
    }

    fn of_column(&self, cell: &Cell, meant: &str) -> Violation {
        let column = cell.text.trim();
        Violation {
            keyword: "additional-properties".into(),
            pointer: schema::pointer_to(&format!("/{}/0", self.field.name), column),
            span: cell.span,
            message: format!("`{column}` is not a column of this format ({})", self.profile.name),
            help: Some(schema::did_you_mean(meant)),
            suggestion: Some(meant.into()),
            field: column.into(),
            missing: false,
            related: None,
        }
    }

    /// Leaves out the numbers that can't be read, unless it is known what they are meant to be, and of a row with a cell too few all
    /// but its text.
    pub(super) fn left_out(&self, list: Node) -> Node {
        let readable = |item: Node| match (self.shifted_row(&item), item.as_mapping()) {
            (Some((_, row)), _) => row.first().map_or(item, |cell| Node::text(cell.span, cell.text.trim())),
            (None, Some(mapping)) => {
                let is_lost = |(entry, format): &(&Entry, &'static str)| {
                    *format != DAY
                        && schema::meant(format, entry.value.as_text().unwrap_or_default()).is_none()
                };
                let unreadable = self.unreadable(&item).filter(is_lost);
                let spans: Vec<Span> = unreadable.map(|(entry, _)| entry.value.span).collect();
                let entries = mapping.entries().iter().filter(|entry| !spans.contains(&entry.value.span));
                Node::mapping(item.span, Mapping::new(entries.cloned().collect()))
            }
            (None, None) => item,
        };
        match list.value {
            Value::Sequence(items) => Node::sequence(list.span, items.into_iter().map(readable).collect()),
            value => Node { span: list.span, value },
        }
    }

    /// Returns the numbers and days of an item that can't be read, each with the format that is expected.
    fn unreadable<'i>(&self, item: &'i Node) -> impl Iterator<Item = (&'i Entry, &'static str)> {
        let shape = self.shape();
        let entries = item.as_mapping().map_or(&[][..], Mapping::entries).iter();
        entries.filter_map(move |entry| {
            let format = unread_format(shape?, entry)?;
            (!self.is_word(entry)).then_some((entry, format))
        })
    }

    /// True for a word that the schema allows in the place of a number, such as `unknown`.
    fn is_word(&self, entry: &Entry) -> bool {
        let branches = self.parts[&*entry.key.name]["anyOf"].as_array().into_iter().flatten();
        let mut words = branches.filter_map(|branch| branch["enum"].as_array()).flatten();
        words.any(|word| word.as_str() == entry.value.as_text())
    }

    fn of_cell(&self, at: usize, entry: &Entry, format: &str) -> Violation {
        let (name, text) = (&*entry.key.name, entry.value.as_text().unwrap_or_default());
        let found = format!("`{name}` is `{}`", schema::shorten(text));
        let missing_day = missing_day(text);
        let suggestion = schema::meant(format, text).filter(|_| missing_day.is_none());
        let help = match missing_day {
            Some(_) => Some("write a day of the calendar".to_owned()),
            None => suggestion.as_deref().map(schema::did_you_mean),
        };
        let message = match missing_day {
            Some(reason) => format!("{found}, and {reason}"),
            None => format!("{found}; expected {}", schema::format_name(format)),
        };
        Violation {
            keyword: "format".into(),
            pointer: format!("/{}/{at}/{name}", self.field.name).into(),
            span: entry.value.span,
            message,
            help,
            suggestion,
            field: name.into(),
            missing: false,
            related: None,
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
        self.unreadable(item).next()?;
        let table = self.table_of(item)?;
        let is_of = |row: &&Vec<Cell>| row.iter().any(|cell| cell.span == item.span);
        let row = table.rows.iter().find(is_of)?;
        (self.cells_written(table, row) < table.header.len()).then_some((table, row))
    }

    fn table_of(&self, item: &Node) -> Option<&'a Table> {
        self.view.markdown()?.tables.iter().find(|table| table.span.contains(item.span))
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

/// Returns the format of a field if a cell is not written in it, nor is one of the field's words.
fn unread_format(shape: &Shape, entry: &Entry) -> Option<&'static str> {
    let (field, text) = (shape.by_key(&entry.key.name)?, entry.value.as_text()?);
    match field.ty {
        _ if field.canonical(text).is_some() => None,
        FieldType::Amount => Amount::parse(text).is_none().then_some("amount"),
        FieldType::Date => parse_date(text).is_none().then_some(DAY),
        _ => None,
    }
}
