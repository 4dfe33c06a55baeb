//! Reads the rows of Markdown tables: mappings in a section, or the records of a page.

use std::sync::Arc;

use crate::calendar::{parse_any_date, parse_date};
use crate::kind::{AbsentValues, Field, FieldType, Kind, Kinds, Shape, fold_name};
use crate::node::{Entry, Key, Mapping, Node, Scalar, ScalarKind, Value};
use crate::profile::{View, is_absent, label_text, text};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Cell, Heading, ListItem, Table, slug};
use crate::text::{Source, Span};

use super::canonical::typed;
use super::{lines, slips};

/// Returns the rows of the tables of a section: of the first that has a column for a field, and of those with the same columns
/// for fields.
pub(super) fn in_section(page: &Markdown, heading: &Heading, shape: &Shape) -> Option<Node> {
    let columns = |table: &Table| -> Vec<Arc<str>> {
        let fields = table.header.iter().filter_map(|cell| shape.by_key(cell.text.trim()));
        fields.map(|field| field.name.clone()).collect()
    };
    let within = page.tables.iter().filter(|table| heading.body.contains(table.span));
    let mut tables = within.skip_while(|table| columns(table).is_empty()).peekable();
    let first = columns(tables.peek()?);
    let alike: Vec<&Table> = tables.filter(|table| columns(table) == first).collect();
    let span = alike.iter().map(|table| table.span).reduce(Span::to)?;
    let rows = alike.into_iter().flat_map(|table| rows(page, table, |column| shape.by_key(column), |_| None));
    Some(Node::sequence(span, rows.map(|row| with_status(row, shape)).collect()))
}

/// Returns the rows of a table as items of a list.
pub(super) fn items(page: &Markdown, table: &Table, shape: &Shape) -> Node {
    let items = rows(page, table, |column| shape.by_key(column), |_| None);
    Node::sequence(table.span, items.map(|row| with_status(row, shape)).collect())
}

/// Returns the rows of the tables outside `except` that have a column for the text of the items, one for a day and one for a name.
pub(super) fn marked(page: &Markdown, shape: &Shape, except: &[Span]) -> Vec<Node> {
    let Some(text) = shape.text.as_deref() else { return Vec::new() };
    let is_one = |table: &&Table| {
        let fields: Vec<&Field> =
            table.header.iter().filter_map(|cell| shape.by_key(cell.text.trim())).collect();
        let has = |is: &dyn Fn(&Field) -> bool| fields.iter().any(|field| is(field));
        has(&|field| &*field.name == text)
            && has(&|field| matches!(field.ty, FieldType::Date))
            && has(&|field| matches!(field.ty, FieldType::Reference(_)))
            && !except.iter().any(|part| part.contains(table.span))
    };
    let tables = page.tables.iter().filter(is_one);
    let rows = tables.flat_map(|table| rows(page, table, |column| shape.by_key(column), |_| None));
    rows.map(|row| with_status(row, shape)).collect()
}

/// Reads a status that follows a day in its cell: `2026-10-20 done`.
fn with_status(mut row: Node, shape: &Shape) -> Node {
    let Value::Mapping(mapping) = &mut row.value else { return row };
    let mut found = None;
    for entry in mapping.entries_mut() {
        let is_day = shape.by_key(&entry.key.name).is_some_and(|field| matches!(field.ty, FieldType::Date));
        let parts = entry.value.as_text().filter(|_| is_day).and_then(|text| text.split_once(' '));
        let Some((day, rest)) = parts.filter(|(day, _)| parse_date(day).is_some()) else { continue };
        let rest = rest.trim_matches([' ', '(', ')', ',']);
        let means = |field: &&Field| field.canonical(rest).is_some();
        let Some(status) = shape.fields.iter().find(means) else { continue };
        let span = entry.value.span;
        found = Some((Key { name: status.name.clone(), span }, Node::text(span, rest)));
        entry.value = Node::text(span, day);
    }
    if let Some((key, value)) = found.filter(|(key, _)| mapping.get(&key.name).is_none()) {
        mapping.edit(|entries| entries.push(Entry { key, value }));
    }
    row
}

/// Returns the rows of the tables of a page of this kind that are records. One column besides the name is enough where there are
/// several rows. `within` is a section of the page, if the rest of it holds records of another kind.
pub(super) fn records(source: &Source, page: &Markdown, kind: &Kind, within: Option<Span>) -> Vec<Node> {
    if kind.rows.is_none() {
        return Vec::new();
    }
    let is_here = |table: &&Table| within.is_none_or(|section| section.contains(table.span));
    let shape = &kind.shape;
    let is_certain = |table: &&Table| lists_records(table, kind);
    let is_plain = |table: &&Table| table.rows.len() > 1 && other_columns(table, kind) > Some(0);
    let here = || page.tables.iter().filter(is_here);
    let has_certain = here().any(|table| is_certain(&table));
    let tables = here().filter(|table| if has_certain { is_certain(table) } else { is_plain(table) });
    let rows = tables.flat_map(|table| {
        rows(page, table, |column| field_of(kind, table, column), |column| kind.field_of_words_in(column))
            .map(|row| with_parts(row, table, kind))
    });
    rows.map(|row| typed(with_lists(source, row, shape), &FieldType::Struct(shape.clone()))).collect()
}

/// Adds what columns say about the one item of a list that a row states: what is measured of a behaviour.
fn with_parts(mut row: Node, table: &Table, kind: &Kind) -> Node {
    let (Value::Mapping(fields), Some(list)) = (&mut row.value, kind.list_in_rows()) else { return row };
    let FieldType::List(of) = &list.ty else { return row };
    let Some(shape) = of.shape() else { return row };
    let Some(text) = shape.text.as_deref() else { return row };
    let is_row = |cells: &&Vec<Cell>| cells.first().is_some_and(|cell| row.span.contains(cell.span));
    let cells = table.rows.iter().find(is_row).map_or(&[][..], |cells| cells);
    let parts = table.header.iter().zip(cells).filter_map(|(column, cell)| {
        let column = column.text.trim();
        let part = shape.by_key(column).filter(|_| kind.field_of_column(column).is_none())?;
        let key = Key { name: part.name.clone(), span: cell.span };
        says_something(cell.text.trim())
            .then(|| Entry { key, value: Node::text(cell.span, cell.text.trim()) })
    });
    let parts: Vec<Entry> = parts.collect();
    if let Some(stated) = fields.entries_mut().iter_mut().find(|entry| entry.key.name == list.name)
        && !parts.is_empty()
    {
        let span = stated.value.span;
        let described = Entry { key: Key { name: text.into(), span }, value: stated.value.clone() };
        let item = Node::mapping(span, Mapping::new(std::iter::once(described).chain(parts).collect()));
        stated.value = Node::sequence(span, vec![item]);
    }
    row
}

/// Returns true if rows of the page are records of the kind.
pub(super) fn are_records(page: &Markdown, kind: &Kind) -> bool {
    kind.rows.is_some()
        && page.tables.iter().any(|table| lists_records(table, kind) && !table.rows.is_empty())
}

/// Returns how many columns of the tables on a page are fields of the kind.
pub(super) fn count_columns(page: &Markdown, kind: &Kind) -> usize {
    let columns = page.tables.iter().flat_map(|table| table.header.iter().map(move |cell| (table, cell)));
    columns.filter(|(table, cell)| field_of(kind, table, cell.text.trim()).is_some()).count()
}

/// Returns true if the columns of a page are those of a kind: two of them state something that few other kinds have. An owner and a day
/// are none of them, and a name only if no other kind calls it so.
pub(super) fn has_distinctive_columns(page: &Markdown, kind: &Kind, kinds: &Kinds) -> bool {
    const FEWEST: usize = 2;
    const MOST_KINDS: usize = 3;
    let most_kinds = |field: &Field| match &field.ty {
        _ if is_name(&field.name) => 1,
        _ if kind.accountable.iter().any(|name| **name == *field.name) => 0,
        FieldType::Date => 0,
        _ => MOST_KINDS,
    };
    let is_distinctive = |cell: &&Cell| {
        let column = cell.text.trim();
        let having = || kinds.iter().filter(|other| other.field_of_column(column).is_some()).count();
        kind.field_of_column(column).is_some_and(|field| having() <= most_kinds(field))
    };
    page.tables.iter().any(|table| table.header.iter().filter(is_distinctive).count() >= FEWEST)
}

/// Returns true if a table of the page lists several things, each with an identifier and another field of the kind.
pub(super) fn is_register(page: &Markdown, kind: &Kind) -> bool {
    page.tables.iter().any(|table| {
        let fields = || table.header.iter().filter_map(|cell| kind.shape.by_key(cell.text.trim()));
        table.rows.len() > 1 && fields().any(|field| &*field.name == "id") && fields().count() > 1
    })
}

/// Returns the rows of a table of names and values below the title, if at least half of the names are fields.
pub(super) fn of_names_and_values(view: &View<'_>, kind: &Kind) -> Vec<Entry> {
    const FEWEST: usize = 2;
    let rows: Vec<(&Cell, &Cell)> = view.labelled_rows().collect();
    let is_field = |(name, _): &&(&Cell, &Cell)| kind.shape.by_key(label_text(&name.text)).is_some();
    let known = rows.iter().filter(is_field).count();
    if known < FEWEST || known * 2 < rows.len() {
        return Vec::new();
    }
    let entry = |(name, value): (&Cell, &Cell)| {
        let key = Key { name: label_text(&name.text).into(), span: name.span };
        Some(Entry { key, value: text(view.source(), value.span)? })
    };
    rows.into_iter().filter_map(entry).collect()
}

/// Returns the identifier of a row that states none: its title as an anchor.
pub(super) fn name(row: &Node, kind: &Kind) -> String {
    let entries = row.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let mut titles =
        entries.filter(|entry| kind.shape.by_key(&entry.key.name).is_some_and(|it| &*it.name == "title"));
    let anchor = titles.next().and_then(|entry| entry.value.as_text()).map(slug).unwrap_or_default();
    anchor.trim_matches('-').to_owned()
}

/// Returns the field that each record of a kind states and a table lacks that has a column for a name and others for fields.
pub(super) fn lacking<'k>(page: &Markdown, kind: &'k Kind) -> Option<&'k str> {
    let lacking = |table: &Table| names_records(table, kind).then(|| unstated(table, kind)).flatten();
    page.tables.iter().find_map(lacking)
}

/// Returns true if a table has a column for a name, and others for fields, among these all that each record states.
fn lists_records(table: &Table, kind: &Kind) -> bool {
    names_records(table, kind) && unstated(table, kind).is_none()
}

fn names_records(table: &Table, kind: &Kind) -> bool {
    let Some(form) = &kind.rows else { return false };
    let fields = || table.header.iter().filter_map(|cell| field_of(kind, table, cell.text.trim()));
    let has = |name: &str| fields().any(|field| *field.name == *name);
    let others = fields().filter(|field| !is_name(&field.name)).count();
    // Beside a `title` column, an `id` column counts as another field.
    (has("id") || has("title")) && others + usize::from(has("id") && has("title")) >= form.fewest
}

fn unstated<'k>(table: &Table, kind: &'k Kind) -> Option<&'k str> {
    let fields = || table.header.iter().filter_map(|cell| field_of(kind, table, cell.text.trim()));
    let is_stated = |name: &str| is_name(name) || fields().any(|field| *field.name == *name);
    kind.recognised_by.iter().map(|name| &**name).find(|name| !is_stated(name))
}

fn is_name(field: &str) -> bool {
    matches!(field, "id" | "title")
}

/// Returns the field that a column states, also where its name is misspelt.
fn field_of<'k>(kind: &'k Kind, table: &Table, column: &str) -> Option<&'k Field> {
    let meant = || slips::meant(kind, table, column).map(|(_, field)| field);
    kind.field_of_column(column).or_else(meant)
}

/// Returns how many columns state a field besides the name; `None` without a column for the name.
fn other_columns(table: &Table, kind: &Kind) -> Option<usize> {
    let fields = || table.header.iter().filter_map(|cell| kind.field_of_column(cell.text.trim()));
    let is_name = |field: &&Field| is_name(&field.name);
    fields().any(|field| is_name(&field)).then(|| fields().filter(|field| !is_name(field)).count())
}

/// Returns true for a page with a table of several rows, several items that begin with a word in bold, or several sections below
/// its title.
pub(super) fn lists_several(source: &Source, page: &Markdown) -> bool {
    let has_rows = page.tables.iter().any(|table| table.rows.len() > 1);
    let is_bold = |item: &&ListItem| item.depth == 1 && source.slice(item.text).starts_with("**");
    let title = page.title().map(|title| title.span);
    let below = || page.headings.iter().filter(|heading| Some(heading.span) != title);
    let level = below().map(|heading| heading.level).min();
    has_rows
        || page.items.iter().filter(is_bold).nth(1).is_some()
        || below().filter(|heading| Some(heading.level) == level).nth(1).is_some()
}

fn rows<'t>(
    page: &'t Markdown,
    table: &'t Table,
    field: impl Fn(&str) -> Option<&'t Field> + 't,
    field_of_words: impl Fn(&str) -> Option<&'t Field>,
) -> impl Iterator<Item = Node> + 't {
    let column_of = |name: &str| {
        let mut columns = table.header.iter().filter_map(|cell| field(cell.text.trim()));
        columns.find(|field| *field.name == *name)
    };
    let of_column = |(at, column): (usize, &Cell)| {
        let cells = || table.rows.iter().filter_map(|cells| cells.get(at)).map(|cell| cell.text.trim());
        let name = column.text.trim();
        let whole = field(name).filter(|field| is_status(field) || has_a_value(field, cells()));
        // In `Option | What`, the second column is about the first.
        let is_of_another = |whole: &&Field| {
            let mut before = table.header[..at].iter().map(|cell| cell.text.trim());
            before.any(|other| {
                fold_name(other) != fold_name(name) && field(other).is_some_and(|it| it.name == whole.name)
            })
        };
        let whole = whole.filter(|field| !is_of_another(field));
        let words = || field_of_words(name).filter(|field| column_of(&field.name).is_none());
        whole.map(|field| (field, false)).or_else(|| words().map(|field| (field, true)))
    };
    let fields: Vec<Option<(&Field, bool)>> = table.header.iter().enumerate().map(of_column).collect();
    let rows = table.rows.iter().map(move |cells| {
        let filled = fields.iter().zip(cells).filter(|(_, cell)| says_something(cell.text.trim()));
        let entries = filled.filter_map(|(field, cell)| {
            let (field, _) =
                field.filter(|(field, of_words)| !of_words || field.canonical(cell.text.trim()).is_some())?;
            let key = Key { name: field.name.clone(), span: cell.span };
            let plain = || Node::text(cell.span, plain(cell.text.trim(), field));
            Some(Entry { key, value: linked(page, cell, &field.ty).unwrap_or_else(plain) })
        });
        let span = cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or(table.span);
        Node::mapping(span, Mapping::new(entries.collect()))
    });
    rows.filter(|row| !row.is_empty())
}

fn is_status(field: &Field) -> bool {
    &*field.name == "status"
}

/// Returns false if a field has fixed values and no cell has one: the column is about something else.
fn has_a_value<'c>(field: &Field, cells: impl Iterator<Item = &'c str>) -> bool {
    let parts = |text: &str| text.replace(" and ", ",");
    let is_part = |part: &str| field.canonical(part.trim()).is_some();
    let is_value =
        |text: &str| field.canonical(text).is_some() || parts(text).split([',', ';', '/']).any(is_part);
    let mut cells = cells.filter(|text| says_something(text)).peekable();
    field.values.is_empty() || cells.peek().is_none() || cells.any(is_value)
}

/// Returns the text of a cell; for a date in words that date.
fn plain(text: &str, field: &Field) -> Box<str> {
    let is_in_words = matches!(field.ty, FieldType::Date) && text.contains(char::is_alphabetic);
    let day = Some(text).filter(|_| is_in_words).and_then(parse_any_date);
    day.map_or_else(|| text.into(), |day| day.to_string().into())
}

/// Returns the files that a cell of references links.
fn linked(page: &Markdown, cell: &Cell, ty: &FieldType) -> Option<Node> {
    let is_list = match ty {
        FieldType::List(of) => matches!(**of, FieldType::Reference(_)),
        _ => false,
    };
    if !is_list && !matches!(ty, FieldType::Reference(_)) {
        return None;
    }
    let from = page.links.partition_point(|link| link.span.start < cell.span.start);
    let within = page.links[from..].iter().take_while(|link| link.span.end <= cell.span.end);
    let files = within.filter(|link| !link.image && is_file(&link.destination));
    let mut files = files.map(|link| Node::text(link.destination_span, link.destination.clone()));
    match is_list {
        true => Some(files.collect::<Vec<_>>())
            .filter(|of| !of.is_empty())
            .map(|of| Node::sequence(cell.span, of)),
        false => files.next(),
    }
}

/// Returns true for a path, as opposed to an address or a place on the same page.
fn is_file(destination: &str) -> bool {
    !destination.contains(':') && !destination.starts_with(['#', '/'])
}

/// Returns false for a cell that is empty, or filled in with a dash.
fn says_something(cell: &str) -> bool {
    let scalar = Scalar::new(cell, ScalarKind::Text);
    !is_absent(&scalar, AbsentValues::Placeholders, None)
}

/// Returns true for a value with a separator in it.
fn is_one_value(shape: &Shape, key: &str, text: &str) -> bool {
    shape.by_key(key).is_some_and(|field| field.canonical(text).is_some())
}

/// Splits the cells of lists of references and of words. A sentence has commas, and a name may have an `and`.
fn with_lists(source: &Source, row: Node, shape: &Shape) -> Node {
    let span = row.span;
    let entries = row.as_mapping().map_or(&[][..], Mapping::entries).iter().map(|Entry { key, value }| {
        let separators: &[&str] = shape.by_key(&key.name).map_or(&[], |field| match &field.ty {
            FieldType::List(of) => match **of {
                FieldType::Text if !field.values.is_empty() => &[",", ";", "/", " and ", " & "],
                FieldType::Text if field.prose => &[";"],
                FieldType::Text | FieldType::Reference(_) => &[",", ";"],
                _ => &[],
            },
            _ => &[],
        });
        let value = match separators {
            [] => value.clone(),
            _ if value.as_text().is_none_or(|text| is_one_value(shape, &key.name, text)) => value.clone(),
            _ => Node::sequence(value.span, lines::parts_between(source, value, separators)),
        };
        Entry { key: key.clone(), value }
    });
    Node::mapping(span, Mapping::new(entries.collect()))
}
