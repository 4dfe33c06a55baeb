//! A new record as one more part of a file: an item of a list, a row of a table, or a section of a page.

use std::collections::BTreeMap;

use super::values::Values;
use super::{parsed, records_in};
use crate::finding::Fault;
use crate::kind::{Field, Initial};
use crate::linter::Linter;
use crate::node::{Entry, Node};
use crate::record::Record;
use crate::syntax::Document;
use crate::syntax::edit::NewScalar;
use crate::syntax::edit::record::{NewField, RecordList};
use crate::syntax::markdown::{Cell, Markdown, Table};
use crate::text::{Edit, Span, applied};

/// Returns the text of the file with the new record behind the last one, or at its place in an ordered table.
pub(super) fn appended(linter: &Linter, path: &str, values: &Values<'_>) -> Result<String, Fault> {
    let cant = |why: &str, help: &str| {
        Fault::new(format!("can't add a record to `{path}`: {why}")).help(format!("add it by hand{help}"))
    };
    let other_file = ", or name another file with `--in FILE`";
    let source =
        linter.snapshot().read_path(path).ok_or_else(|| cant("the file can't be read", other_file))?;
    let document = parsed(linter, path, source.text().to_owned());
    let edit = match document.markdown.as_deref() {
        Some(page) => row(&document, page, values).or_else(|| section(&document, values)),
        None => item(&document, values),
    };
    let edit = edit.ok_or_else(|| match (&document.markdown, &values.kind().value_field) {
        (Some(_), _) => {
            let like =
                values.siblings.model().map_or_else(String::new, |model| format!(", like `{}`", model.id));
            cant(&format!("its {} are not rows of a table", values.kind().plural), &like)
        }
        (None, Some(field)) => {
            let example = format!(": `{}: …`, where `…` is its `{field}`", values.id);
            cant("its records are values, and no mappings of fields", &example)
        }
        (None, None) => cant("its layout is not understood", other_file),
    })?;
    let mut new = applied(source.text(), vec![edit]);
    if !new.ends_with('\n') {
        new.push_str(newline(&document));
    }
    match is_added(linter, path, &document, &new, values) {
        true => Ok(new),
        false => Err(cant("the result would not be read as intended", other_file)),
    }
}

/// Returns a file with a list of a first record, which has the keys of the kind's example.
pub(super) fn first_list(values: &Values<'_>, example: &Document) -> Option<String> {
    let kind = values.kind();
    let head = format!("# All fields: `alignlint explain {}`.\n{}:\n", kind.name, kind.plural);
    let item = item(example, values)?;
    Some(format!("{head}{}\n", item.replacement.trim_matches('\n')))
}

fn newline(document: &Document) -> &'static str {
    if document.source.text().contains("\r\n") { "\r\n" } else { "\n" }
}

/// Returns true if a new text of a file has one more record, which is the new one.
fn is_added(linter: &Linter, path: &str, old: &Document, new: &str, values: &Values<'_>) -> bool {
    let records = |document: &Document| records_in(linter, values.kind(), document);
    let found = records(&parsed(linter, path, new.to_owned()));
    let title = &values.request.title;
    let states_title = |record: &Record| {
        let mut fields = record.kind.shape.fields.iter();
        fields.any(|field| record.field(&field.name).and_then(Node::as_text) == Some(title))
    };
    let is_new = |record: &Record| *record.id == *values.id || record.name() == title || states_title(record);
    found.len() == records(old).len() + 1 && found.iter().any(is_new)
}

fn item(document: &Document, values: &Values<'_>) -> Option<Edit> {
    let mut records = values.siblings.records.iter();
    let list = records.find_map(|record| RecordList::around(document, record.span))?;
    list.append(document, values.id, &fields(list, values))
}

/// The keys that most records of the list have, in the order of the fullest one, and those that the kind requires.
fn fields(list: RecordList<'_>, values: &Values<'_>) -> Vec<NewField> {
    let items = list.items();
    let entries = |item: &Node| item.entries().to_vec();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in items.iter().flat_map(|item| entries(item)) {
        *counts.entry(entry.key.name.to_string()).or_default() += 1;
    }
    let is_usual = |entry: &Entry| counts.get(&*entry.key.name).is_some_and(|count| count * 2 > items.len());
    let usual = |item: &&Node| entries(item).into_iter().filter(is_usual).collect::<Vec<Entry>>();
    let model = items.iter().rev().map(usual).max_by_key(Vec::len).unwrap_or_default();
    let is_id = |key: &str| values.field(key).is_some_and(|field| &*field.name == "id");
    let id = model.iter().position(|entry| is_id(&entry.key.name));
    // A record with an identifier needs no other name.
    let is_untitled = id.is_some() && values.request.is_untitled();
    let new = |key: &str, field: Option<&Field>, like: &str| {
        let is_name = |field: &&Field| &*field.name == "title" || field.initial == Some(Initial::Title);
        let field = field.filter(|field| !(is_untitled && is_name(field)));
        let value = field.and_then(|field| values.value(field, like)).map(NewScalar::text);
        let is_required = field.is_some_and(|field| values.kind().required.contains(&(*field.name).into()));
        NewField { key: key.to_owned(), value, is_required }
    };
    let like = |entry: &Entry| {
        let (key, like) = (&entry.key.name, entry.value.as_text().unwrap_or_default());
        new(key, values.field(key), like)
    };
    let mut fields: Vec<NewField> = model.iter().map(like).collect();
    let title = &values.request.title;
    let states_title = |field: &NewField| field.value.as_ref().is_some_and(|value| value.text == *title);
    if !is_untitled && !fields.iter().any(states_title) {
        let value = Some(NewScalar::text(title.as_str()));
        let title = NewField { key: "title".to_owned(), value, is_required: false };
        fields.insert(id.map_or(0, |id| id + 1), title);
    }
    for required in values.kind().required.iter().filter(|name| !is_id(name)) {
        let states = |field: &NewField| values.field(&field.key).is_some_and(|it| *it.name == **required);
        if !fields.iter().any(states) {
            fields.push(NewField { is_required: true, ..new(required, values.field(required), "") });
        }
    }
    fields
}

fn row(document: &Document, page: &Markdown, values: &Values<'_>) -> Option<Edit> {
    let table = table(page, values)?;
    let line = |row: &[Cell]| Some(document.source.line_span(row.first()?.span.start as usize));
    let last = line(table.rows.last()?)?;
    let name = name_column(table, values).filter(|_| values.format().is_some());
    let title = &values.request.title;
    let cell = |(at, column): (usize, &Cell)| {
        let value = || field_of(values, &column.text).and_then(|field| values.value(field, ""));
        let text = if name == Some(at) { Some(title.clone()) } else { value() };
        text.unwrap_or_default().replace('|', "\\|")
    };
    let cells: Vec<String> = table.header.iter().enumerate().map(cell).collect();
    let row = written(document.source.slice(last), &cells);
    // The rows of the program's own tables are in the order in which they were planned.
    let next = name.and_then(|name| row_after(table, name, title)).and_then(|row| line(row));
    let newline = newline(document);
    Some(match next {
        Some(next) => Edit { span: Span::at(next.start as usize), replacement: row + newline },
        None => Edit { span: Span::at(last.end as usize), replacement: format!("{newline}{row}") },
    })
}

/// The last of the tables with records, of those with active ones if there are any.
fn table<'d>(page: &'d Markdown, values: &Values<'_>) -> Option<&'d Table> {
    let is_active = |record: &&Record| {
        let status = record.kind.status.as_deref().and_then(|name| record.field(name)?.as_text());
        status.is_none_or(|status| record.kind.is_live(status) != Some(false))
    };
    let start = |record: &Record| Span::at(record.span.start as usize);
    let (active, others): (Vec<&Record>, Vec<&Record>) = values.siblings.records.iter().partition(is_active);
    let with = |records: &[&Record]| {
        let holds = |table: &&Table| records.iter().any(|record| table.span.contains(start(record)));
        page.tables.iter().rfind(holds)
    };
    with(&active).or_else(|| with(&others))
}

/// Returns the row before which a title belongs, in a table that is ordered by a column.
fn row_after<'t>(table: &'t Table, column: usize, title: &str) -> Option<&'t Vec<Cell>> {
    let name = |row: &Vec<Cell>| Some(row.get(column)?.text.to_lowercase());
    let names: Vec<String> = table.rows.iter().map(name).collect::<Option<_>>()?;
    let after = names.iter().position(|name| *name > title.to_lowercase());
    after.filter(|_| names.len() > 1 && names.is_sorted()).map(|after| &table.rows[after])
}

fn field_of<'v>(values: &Values<'v>, column: &str) -> Option<&'v Field> {
    let of_format = values.format().and_then(|format| format.field_of(column));
    of_format.or_else(|| values.kind().field_of_column(column.trim()))
}

/// Returns the column for the title, else the one for the identifier.
fn name_column(table: &Table, values: &Values<'_>) -> Option<usize> {
    let states = |name: &str| {
        let is_it = |column: &Cell| field_of(values, &column.text).is_some_and(|field| &*field.name == name);
        table.header.iter().position(is_it)
    };
    states("title").or_else(|| states("id"))
}

/// Writes cells like another row: with its outer bars, and as wide as its cells.
fn written(like: &str, cells: &[String]) -> String {
    let line = like.trim();
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let widths: Vec<usize> = inner.split('|').map(|cell| cell.chars().count()).collect();
    let width = |at: usize| if widths.len() == cells.len() { widths[at].saturating_sub(2) } else { 0 };
    let padded = cells.iter().enumerate().map(|(at, cell)| format!(" {cell:0$} ", width(at)));
    let row = padded.collect::<Vec<_>>().join("|");
    let row = if line.starts_with('|') { format!("|{row}") } else { row.trim_start().to_owned() };
    let row = if line.ends_with('|') { format!("{row}|") } else { row.trim_end().to_owned() };
    format!("{}{row}", &like[..like.len() - like.trim_start().len()])
}

/// A section like the last one: its heading, its lines, and the heading and the header of its table.
fn section(document: &Document, values: &Values<'_>) -> Option<Edit> {
    let model = values.siblings.model()?;
    let whole = document.source.slice(model.span);
    let mut lines = whole.lines();
    let first = lines.next().filter(|line| line.starts_with(['#', '=']))?;
    let (before, after) = first.rsplit_once(model.stated_title()?)?;
    // Without a number, the title is what names the record.
    let heading = format!("{}{}{after}", before.replacen(&*model.id, values.id, 1), values.request.title);
    let is_row = |line: &&str| line.trim_start().starts_with('|');
    let above: Vec<&str> = lines.clone().take_while(|line| !is_row(line)).collect();
    let table: Vec<String> = lines.skip_while(|line| !is_row(line)).take(2).map(str::to_owned).collect();
    let above_table = above.iter().rfind(|line| line.starts_with('#')).filter(|_| !table.is_empty());
    // What a paragraph says of another is not true of this one.
    let stated = above.iter().filter_map(|line| stated(line, values)).collect();
    let above_table = above_table.map(|heading| (*heading).to_owned()).into_iter().collect();
    let newline = newline(document);
    let parts = [vec![heading], stated, above_table, table];
    let parts = parts.iter().filter(|part| !part.is_empty()).map(|part| part.join(newline));
    let text = parts.collect::<Vec<String>>().join(&newline.repeat(2));
    let end = model.span.start as usize + whole.trim_end().len();
    Some(Edit { span: Span::at(end), replacement: format!("{}{text}", newline.repeat(2)) })
}

/// The line of a field with the value of the new record, or without one where that is not known. It may be in bold, or an item of a list.
fn stated(line: &str, values: &Values<'_>) -> Option<String> {
    let (name, like) = line.split_once(':').filter(|(_, rest)| rest.starts_with([' ', '*', '_']))?;
    let field = values.field(name.trim_matches(|c: char| !c.is_alphanumeric()))?;
    // The colon may be in bold too: `- **Owner:** Ada`.
    let like_text = like.trim_start_matches(['*', '_']);
    let before = format!("{}:{}", name.trim_end(), &like[..like.len() - like_text.len()]);
    let value = values.value(field, like_text.trim());
    Some(value.map_or_else(|| before.clone(), |value| format!("{before} {value}")))
}
