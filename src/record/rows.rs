//! Reads the rows of tables: mappings in a section, or the records of a page.

use crate::calendar::parse_date;
use crate::format::{Named, Names};
use crate::kind::{Field, FieldType, Kind, Shape, fold_name};
use crate::layout::{self, Part, label_key};
use crate::node::{Entry, Mapping, Node, Value};
use crate::syntax::markdown::{Cell, Table};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};

use super::body::Body;
use super::canonical::is_link;
use super::days::period_of_path;
use super::identity::is_name;
use super::mistakes;

/// Returns the rows of the tables of a section that have columns for fields.
pub(super) fn in_section(body: &Body<'_>, shape: &Shape) -> Option<Node> {
    let is_known = |table: &Table, cell: &Cell| field_of_item(shape, table, cell.text.trim()).is_some();
    let known = |table: &Table| table.header.iter().filter(|cell| is_known(table, cell)).count();
    // One column of several is not enough to tell.
    let is_one = |table: &&Table| known(table) >= table.header.len().min(2);
    let tables: Vec<&Table> = body.page.tables_in(body.whole).iter().filter(is_one).collect();
    let span = tables.iter().map(|table| table.span).reduce(Span::to)?;
    let rows = tables.into_iter().flat_map(|table| mappings(body.source, table, shape));
    Some(Node::sequence(span, rows.collect()))
}

pub(super) fn mappings<'t>(
    source: &'t Source,
    table: &'t Table,
    shape: &'t Shape,
) -> impl Iterator<Item = Node> + 't {
    let fields = columns(table, |column| field_of_item(shape, table, column), |_| None);
    let rows = table.rows.iter().map(move |cells| {
        let filled = fields.iter().zip(cells).filter(|(_, cell)| says_something(cell));
        let entries = filled.filter_map(|(field, cell)| {
            let field = (*field)?;
            // Where the links of references lead counts, and not their words.
            let written = source.slice(cell.span).trim();
            let is_linked = field.ty.has_references() && is_link(written);
            let text = if is_linked { written } else { cell.text.trim() };
            Some(Entry::new(field.name.clone(), cell.span, Node::text(cell.span, text)))
        });
        let span = cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or(table.span);
        with_status(Node::mapping(span, Mapping::new(entries.collect())), shape)
    });
    rows.filter(|row| !row.is_empty())
}

/// Returns the field of an item that a column states, also where its name is misspelt.
fn field_of_item<'s>(shape: &'s Shape, table: &Table, column: &str) -> Option<&'s Field> {
    let meant = || mistakes::of_item_column(shape, table, column).map(|(_, field)| field);
    shape.by_key(column).or_else(meant)
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
        found = Some(Entry::new(status.name.clone(), span, Node::text(span, rest)));
        entry.value = Node::text(span, day);
    }
    if let Some(status) = found.filter(|status| mapping.get(&status.key.name).is_none()) {
        mapping.edit(|entries| entries.push(status));
    }
    row
}

/// Returns the rows of the tables of a page that are records of a kind, as parts whose labels are the names of its fields. One column
/// besides the name is enough where there are several rows. `within` is a section, if the rest of the page holds records of another kind.
pub(super) fn records<'a>(
    document: &'a Document,
    kind: &Kind,
    names: &Names,
    within: Option<Span>,
) -> Vec<Part<'a>> {
    let Some(page) = document.markdown.as_deref() else { return Vec::new() };
    let is_plain = |table: &&Table| {
        let fields = stated_fields(table, kind, names);
        let named = fields.iter().filter(|field| is_name(&field.name)).count();
        table.rows.len() > 1 && named > 0 && named < fields.len()
    };
    let of_lists: Vec<Span> = sections_of_lists(page, kind, names).collect();
    let is_here = |table: &&Table| {
        within.is_none_or(|section| section.contains(table.span))
            && !of_lists.iter().any(|section| section.contains(table.span))
    };
    let here: Vec<&Table> = page.tables.iter().filter(is_here).collect();
    let certain: Vec<&Table> =
        here.iter().copied().filter(|table| lists_records(table, kind, names)).collect();
    let tables = match certain.is_empty() {
        true => here.into_iter().filter(is_plain).collect(),
        false => certain,
    };
    let period = period_of_path(document, kind);
    let rows = tables.into_iter().flat_map(|table| {
        let period = period.clone();
        let field = |column: &str| field_of(kind, names, table, column);
        let fields = columns(table, field, |column| kind.field_of_words_in(column));
        let is_of_words: Vec<bool> =
            table.header.iter().map(|cell| field(cell.text.trim()).is_none()).collect();
        layout::rows(document, table).zip(&table.rows).map(move |(mut row, cells)| {
            row.statements.retain_mut(|statement| {
                let at = table.header.iter().position(|cell| cell.span == statement.label_span);
                let Some((at, field)) = at.and_then(|at| Some((at, fields[at]?))) else { return true };
                statement.relabel(&field.name);
                cells.get(at).is_some_and(|cell| {
                    let is_word = || field.canonical(cell.text.trim()).is_some();
                    says_something(cell) && (!is_of_words[at] || is_word())
                })
            });
            row.statements.extend(period.clone());
            row
        })
    });
    let is_cell = |it: &layout::Statement<'_>| it.origin == layout::Origin::Cell;
    rows.filter(|row| row.statements.iter().any(|it| is_cell(it) && kind.shape.field(&it.label).is_some()))
        .collect()
}

/// Returns the texts of sections that are lists of a record: `### Key results`.
fn sections_of_lists(page: &Markdown, kind: &Kind, names: &Names) -> impl Iterator<Item = Span> {
    let is_list = |named: Named| named.is_heading && kind.shape.fields[named.field].item_shape().is_some();
    let is_of_list = move |title: &str| names.fields(&label_key(title)).any(is_list);
    page.headings.iter().filter(move |heading| is_of_list(&heading.title)).map(|heading| heading.body)
}

/// Returns the rows of tables with a column for each person, whose cells name the fields of which that person is one: `A`, `R`, `A/R`.
pub(super) fn of_matrix<'a>(document: &'a Document, kind: &Kind, names: &Names) -> Vec<Part<'a>> {
    let tables = document.markdown.as_deref().map_or(&[][..], |page| &page.tables);
    let field = |label: &str| names.fields_of(kind, &label_key(label)).next();
    let is_title = |cell: &Cell| field(&cell.text).is_some_and(|field| &*field.name == "title");
    let tables = tables.iter().filter(|table| {
        let (first, others) = table.header.split_first().unzip();
        let are_names =
            |cells: &[Cell]| cells.len() > 1 && cells.iter().all(|cell| field(&cell.text).is_none());
        first.is_some_and(is_title) && others.is_some_and(are_names)
    });
    let rows = |table: &'a Table| -> Option<Vec<Part<'a>>> {
        layout::rows(document, table)
            .zip(&table.rows)
            .map(|(mut row, cells)| {
                row.statements.truncate(1);
                row.statements.first_mut()?.relabel("title");
                let mut found: Vec<(&str, Vec<Span>)> = Vec::new();
                for (person, cell) in table.header.iter().zip(cells).skip(1) {
                    for field in fields_in(&cell.text, field)? {
                        match found.iter_mut().find(|(name, _)| *name == &*field.name) {
                            Some((_, people)) => people.push(person.span),
                            None => found.push((&field.name, vec![person.span])),
                        }
                    }
                }
                row.statements
                    .extend(found.into_iter().map(|(name, people)| layout::Statement::list(name, people)));
                Some(row)
            })
            .collect()
    };
    let names_somebody = |rows: &Vec<Part<'a>>| rows.iter().any(|row| row.statements.len() > 1);
    tables.filter_map(rows).filter(names_somebody).flatten().collect()
}

/// Returns the fields that the letters of a cell name; `None` if it says something else.
fn fields_in<'k>(text: &str, field: impl Fn(&str) -> Option<&'k Field>) -> Option<Vec<&'k Field>> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let named = |part: &str| match field(part) {
        Some(field) => Some(vec![field]),
        None => part.char_indices().map(|(at, c)| field(&part[at..at + c.len_utf8()])).collect(),
    };
    parts.map(named).collect::<Option<Vec<_>>>().map(|fields| fields.concat())
}

pub(super) fn are_records(page: &Markdown, kind: &Kind, names: &Names) -> bool {
    page.tables.iter().any(|table| lists_records(table, kind, names) && !table.rows.is_empty())
}

/// Returns true if a table has a column for a name, and others for fields, among these all that each record states.
fn lists_records(table: &Table, kind: &Kind, names: &Names) -> bool {
    let fields = stated_fields(table, kind, names);
    let has = |name: &str| fields.iter().any(|field| *field.name == *name);
    let others = fields.iter().filter(|field| !is_name(&field.name)).count();
    let mut demanded = kind.recognised_by.iter().filter(|name| !is_name(name));
    // A kind that demands one field alone has few others. Beside a `title` column, an `id` column counts as another field.
    let fewest = match demanded.clone().count() {
        1 => 1,
        _ => kind.rows.as_ref().map_or(2, |rows| rows.fewest),
    };
    (has("id") || has("title"))
        && others + usize::from(has("id") && has("title")) >= fewest
        && demanded.all(|name| has(name))
}

pub(super) fn stated_fields<'k>(table: &Table, kind: &'k Kind, names: &Names) -> Vec<&'k Field> {
    table.header.iter().filter_map(|cell| field_of(kind, names, table, cell.text.trim())).collect()
}

/// Returns the field that a column states, also where its name is misspelt. `Decision` is the title; beside `Title`, it is the outcome.
fn field_of<'k>(kind: &'k Kind, names: &Names, table: &Table, column: &str) -> Option<&'k Field> {
    let by_name = |column: &str| {
        let key = label_key(column);
        let of = |key: &str| names.fields(key).find(|it| it.is_key);
        // `Target 2026` is the one of a year.
        let of_year = || of(key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end());
        kind.shape.fields.get(of(&key).or_else(of_year)?.field)
    };
    let is_stated = |field: &Field| {
        let others = table.header.iter().map(|cell| cell.text.trim()).filter(|other| *other != column);
        others.filter_map(by_name).any(|other| other.name == field.name)
    };
    let mut named = kind.named_columns().filter(|(name, _)| fold_name(name) == fold_name(column));
    if let Some((_, field)) = named.next().filter(|(_, field)| !is_stated(field)) {
        return Some(field);
    }
    let meant = || mistakes::of_column(kind, table, column).map(|(_, field)| field);
    by_name(column).or_else(|| kind.field_of_column(column)).or_else(meant)
}

/// Returns true for a page with a table of several rows, several items with a lead in bold, or several sections.
pub(super) fn lists_several(part: &Part<'_>) -> bool {
    let source = &part.document.source;
    let Some(page) = part.document.markdown.as_deref() else { return false };
    let is_bold = |item: &&crate::syntax::markdown::ListItem| {
        item.depth == 1 && source.slice(item.text).starts_with("**")
    };
    page.tables.iter().any(|table| table.rows.len() > 1)
        || page.items.iter().filter(is_bold).nth(1).is_some()
        || part.sections().len() > 1
}

/// Returns the field that each column of a table states. `field_of_words` is the one whose words a column about something else holds.
fn columns<'f>(
    table: &Table,
    field: impl Fn(&str) -> Option<&'f Field>,
    field_of_words: impl Fn(&str) -> Option<&'f Field>,
) -> Vec<Option<&'f Field>> {
    let is_stated = |name: &str| {
        table.header.iter().filter_map(|cell| field(cell.text.trim())).any(|field| *field.name == *name)
    };
    let of_column = |(at, column): (usize, &Cell)| {
        let name = column.text.trim();
        // In `Option | What`, the second column is about the first.
        let is_of_another = |whole: &&Field| {
            let mut before = table.header[..at].iter().map(|cell| cell.text.trim());
            before.any(|other| {
                fold_name(other) != fold_name(name) && field(other).is_some_and(|it| it.name == whole.name)
            })
        };
        let words = || field_of_words(name).filter(|field| !is_stated(&field.name));
        field(name).filter(|whole| !is_of_another(whole)).or_else(words)
    };
    table.header.iter().enumerate().map(of_column).collect()
}

/// Returns false for a cell that is empty, or filled in with a dash.
fn says_something(cell: &Cell) -> bool {
    !crate::value::is_placeholder(cell.text.trim())
}
