//! Tells slips in tables whose rows are records: misspelt columns, and rows with other cells than the table has columns.

use std::sync::Arc;

use super::RecordContent;
use super::columns::title;
use super::conventions::CONVENTIONS;
use super::recognise::UnreadPart;
use crate::calendar::{Amount, missing_day, parse_date, parse_unambiguous_date};
use crate::kind::{Field, FieldType, Kind, fold_name};
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema::{self, Violation};
use crate::syntax::markdown::{Cell, Table};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};

/// Returns the field whose name lacks a letter, has one too many, has two of them swapped or has one replaced in the name of a column,
/// with that name. No other column of the table states it.
pub(super) fn meant<'k>(kind: &'k Kind, table: &Table, column: &str) -> Option<(&'k str, &'k Field)> {
    let is_known =
        |column: &str| kind.field_of_column(column).is_some() || kind.field_of_words_in(column).is_some();
    if !column.is_ascii() || is_known(column) {
        return None;
    }
    let written = fold_name(column);
    let read = kind.shape.fields.iter().filter(|field| field.computed.is_none());
    let phrases = kind
        .named_columns()
        .filter(|(name, _)| name.contains(' ') && schema::edit_distance(&written, &fold_name(name)) == 1);
    let mut near =
        read.flat_map(names_of).filter(|(name, _)| is_slip_or_replaced(&written, name)).chain(phrases);
    let (name, field) = near.next()?;
    let is_stated =
        |cell: &Cell| kind.field_of_column(cell.text.trim()).is_some_and(|other| other.name == field.name);
    let is_only = near.all(|(_, other)| other.name == field.name) && !table.header.iter().any(is_stated);
    is_only.then_some((name, field))
}

/// `Stage` is as good a name of a state as `State`: of a field with fixed values, only the field's own name counts.
fn names_of(field: &Field) -> impl Iterator<Item = (&str, &Field)> {
    let aliases = field.aliases.iter().filter(|_| field.values.is_empty());
    aliases.map(|alias| &**alias).chain([&*field.name]).map(move |name| (name, field))
}

/// A letter in the place of another makes another word too often: `Votes` are no `Notes`.
fn is_slip(written: &str, name: &str) -> bool {
    const LEAST_LETTERS: usize = 5;
    let known = fold_name(name);
    let is_plural = || format!("{written}s") == known || format!("{known}s") == written;
    let is_long = written.len() >= LEAST_LETTERS && written.len().abs_diff(known.len()) <= 1;
    (is_long && schema::edit_distance(written, &known) == 1 || schema::lacks_one_letter(written, &known))
        && (written.len() != known.len() || have_same_letters(written, &known))
        && !is_plural()
}

/// Returns true for a name of a few letters too, such as `Nwo`, if two letters of a column that is read have changed places in it, or one
/// is doubled.
pub(super) fn is_swapped_or_slip(column: &str, name: &str) -> bool {
    const LEAST_LETTERS: usize = 3;
    let (written, known) = (fold_name(column), fold_name(name));
    let is_swapped = || {
        have_same_letters(&written, &known)
            && schema::edit_distance(&written, &known) == 1
            && written.len() >= LEAST_LETTERS
    };
    let is_doubled = || {
        let at = written.bytes().zip(known.bytes()).take_while(|(one, other)| one == other).count();
        let is_same_letter = at > 0 && written.as_bytes().get(at) == written.as_bytes().get(at - 1);
        known.len() >= LEAST_LETTERS && is_same_letter && written.get(at + 1..) == known.get(at..)
    };
    column.is_ascii() && (is_slip(&written, name) || is_swapped() || is_doubled())
}

/// As [`is_swapped_or_slip`], in a name of the program's own form also with one letter in the place of another within the word.
pub(crate) fn is_misspelt_name(written: &str, name: &str) -> bool {
    is_swapped_or_slip(written, name) || written.is_ascii() && is_slip_or_replaced(&fold_name(written), name)
}

/// Returns true for a long name with two letters that have changed places across others, as in `Desicions`.
pub(super) fn has_two_letters_exchanged(written: &str, name: &str) -> bool {
    const LEAST_LETTERS: usize = 8;
    let known = fold_name(name);
    let replaced = written.bytes().zip(known.bytes()).filter(|(one, other)| one != other).count();
    written.len() >= LEAST_LETTERS && replaced == 2 && have_same_letters(written, &known)
}

/// As [`is_slip`], in the tables of the program's own form also with one letter in the place of another within the word, as in `Cadance`:
/// a vowel, or any letter of a longer word. A few such words mean something else.
fn is_slip_or_replaced(written: &str, name: &str) -> bool {
    is_slip(written, name) || is_one_replaced_within(written, &fold_name(name))
}

fn is_one_replaced_within(written: &str, known: &str) -> bool {
    const LEAST_LETTERS: usize = 5;
    const MANY_LETTERS: usize = 7;
    if written.len() != known.len() || known.len() < LEAST_LETTERS {
        return false;
    }
    let is_vowel = |letter: u8| b"aeiouy".contains(&letter);
    let pairs = written.bytes().zip(known.bytes());
    let mut replaced = pairs.enumerate().filter(|(_, (one, other))| one != other);
    let Some((at, (one, other))) = replaced.next() else { return false };
    let is_within = at > 0 && at + 1 < known.len();
    is_within
        && replaced.next().is_none()
        && (is_vowel(one) && is_vowel(other) || known.len() >= MANY_LETTERS)
        && !CONVENTIONS.is_other_column(written)
}

fn have_same_letters(one: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(one) == sorted(other)
}

/// The first record of each table tells its misspelt columns.
pub(super) fn tell_misspelt(page: &Markdown, kind: &Kind, records: &mut [RecordContent]) {
    for table in &page.tables {
        let Some(first) = rows_of(table, records).first_mut() else { continue };
        let columns = table.header.iter();
        first.format_violations.extend(columns.filter_map(|cell| misspelt(kind, table, cell)));
    }
}

fn misspelt(kind: &Kind, table: &Table, cell: &Cell) -> Option<Violation> {
    let (name, _) = meant(kind, table, cell.text.trim())?;
    Some(misspelt_column(cell, "", title(name), &format!("the kind `{}`", kind.name)))
}

fn misspelt_column(cell: &Cell, list: &str, suggestion: String, of: &str) -> Violation {
    let column = cell.text.trim();
    Violation {
        keyword: "additional-properties".into(),
        pointer: schema::pointer_to(list, column),
        span: cell.span,
        message: format!("the column `{column}` is no field of {of}"),
        help: Some(schema::did_you_mean(&suggestion)),
        suggestion: Some(suggestion.into()),
        field: column.into(),
        missing: false,
        related: None,
    }
}

/// Tells the misspelt columns of the tables on a page that hold lists of the record, such as its actions.
pub(super) fn tell_misspelt_in_lists(page: &Markdown, record: &mut RecordContent) {
    let kind = record.kind.clone();
    for table in &page.tables {
        let holds = |field: &&Field| {
            let items = record.field(&field.name).and_then(Node::as_sequence).unwrap_or_default();
            items.iter().any(|item| item.as_mapping().is_some() && table.span.contains(item.span))
        };
        let Some(list) = kind.shape.fields.iter().find(holds) else { continue };
        let FieldType::List(of) = &list.ty else { continue };
        let Some(shape) = of.shape() else { continue };
        let is_stated = |field: &Field| {
            let mut fields = table.header.iter().filter_map(|cell| shape.by_key(cell.text.trim()));
            fields.any(|other| other.name == field.name)
        };
        let unknown = table.header.iter().filter(|cell| shape.by_key(cell.text.trim()).is_none());
        for cell in unknown.filter(|cell| cell.text.is_ascii()) {
            let written = fold_name(&cell.text);
            let absent = shape.fields.iter().filter(|field| !is_stated(field));
            let mut near = absent.flat_map(names_of).filter(|(name, _)| {
                is_slip_or_replaced(&written, name) || is_swapped_or_slip(&cell.text, name)
            });
            if let Some((name, _)) = near.next() {
                let (pointer, of) = (format!("/{}/0", list.name), format!("an item of `{}`", list.name));
                record.format_violations.push(misspelt_column(cell, &pointer, title(name), &of));
            }
        }
    }
}

/// Says of a row without an identifier that the others of its table have one.
pub(super) fn tell_unnamed(page: &Markdown, kind: &Kind, records: &mut [RecordContent]) {
    const LEAST_NAMED: usize = 2;
    for table in &page.tables {
        let is_id = |cell: &Cell| kind.field_of_column(cell.text.trim()).is_some_and(|it| &*it.name == "id");
        let Some(at) = table.header.iter().position(is_id) else { continue };
        let is_unnamed = |row: &&Vec<Cell>| row.get(at).is_some_and(|cell| cell.text.trim().is_empty());
        let mut unnamed = table.rows.iter().filter(is_unnamed);
        let Some(row) = unnamed.next() else { continue };
        let named = table.rows.len() - 1;
        let Some(span) = row.iter().map(|cell| cell.span).reduce(Span::to) else { continue };
        let mut records = rows_of(table, records).iter_mut();
        let record = records.find(|record| span.contains(record.name_span));
        if let Some(record) = record.filter(|_| named >= LEAST_NAMED && unnamed.next().is_none()) {
            record.format_violations.push(unnamed_row(record.name_span));
        }
    }
}

fn unnamed_row(span: Span) -> Violation {
    Violation {
        keyword: "required".into(),
        pointer: "/id".into(),
        span,
        message: "the row has no `id`, and all other rows of the table have one".to_owned(),
        help: Some("write an identifier that no other row has".to_owned()),
        suggestion: None,
        field: "id".into(),
        missing: false,
        related: None,
    }
}

/// Describes what makes rows no table: a line of dashes with more or fewer cells than the header above it, or none, or no header.
pub(super) fn broken_table(text: &str) -> Option<String> {
    let cells = |line: &str| {
        let line = line.trim();
        let inner = line.strip_prefix('|').unwrap_or(line);
        inner.strip_suffix('|').unwrap_or(inner).split('|').count()
    };
    let is_rule = |line: &str| {
        line.contains('-')
            && line.contains('|')
            && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
    };
    let lines = text.lines().zip(text.lines().skip(1)).enumerate();
    let mut broken = lines.filter(|(_, (header, rule))| {
        header.contains('|') && !is_rule(header) && is_rule(rule) && cells(header) != cells(rule)
    });
    let Some((at, (header, rule))) = broken.next() else { return headless_table(text) };
    let (dashes, columns) = (cells(rule), cells(header));
    Some(format!("line {} has {dashes} cells with dashes, and the header above it {columns} columns", at + 2))
}

/// Describes rows between bars whose first line is that of the dashes, or has none below it.
fn headless_table(text: &str) -> Option<String> {
    const LEAST_ROWS: usize = 3;
    let is_row =
        |line: &&str| line.trim().len() > 2 && line.trim().starts_with('|') && line.trim().ends_with('|');
    let is_rule = |line: &str| line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| is_row(&line.trim()))?;
    let rows: Vec<&&str> = lines[first..].iter().take_while(|line| is_row(line)).collect();
    let rules = rows.iter().filter(|line| is_rule(line)).count();
    match rows.as_slice() {
        [rule, _, ..] if is_rule(rule) => Some(format!("the table in line {} has no header", first + 1)),
        [_, _, ..] if rules == 0 && rows.len() >= LEAST_ROWS => {
            Some(format!("the table in line {} has no line of dashes below its header", first + 1))
        }
        _ => None,
    }
}

/// Tells the first row that a blank line cuts off from each table.
pub(super) fn cut_off_rows(document: &Document) -> impl Iterator<Item = UnreadPart> {
    let tables = document.markdown.as_ref().map_or(&[][..], |page| &page.tables);
    let text = document.source.text();
    tables.iter().filter_map(move |table| {
        let end = table.span.start as usize + document.source.slice(table.span).trim_end().len();
        let rest = text.get(end..)?;
        let below = rest.trim_start();
        let start = end + rest.len() - below.len();
        let line = below.lines().next()?.trim_end();
        let span = Span::new(start, start + line.len());
        let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'))?;
        let is_row = inner.split('|').count() == table.header.len();
        let is_cut_off = text[end..start].matches('\n').count() > 1;
        let begins_table = tables.iter().any(|other| other.span.contains(span));
        (is_row && is_cut_off && !begins_table).then(|| UnreadPart {
            message: "the blank line above ends the table, so that this row is no part of it".to_owned(),
            span,
            help: Some("remove the blank line".to_owned()),
        })
    })
}

/// Says of each row whose cells are in the wrong columns how many it has. Only its name is read.
pub(super) fn tell_miscounted(source: &Source, page: &Markdown, kind: &Kind, records: &mut [RecordContent]) {
    for table in &page.tables {
        let records = rows_of(table, records);
        if records.is_empty() {
            continue;
        }
        let fields: Vec<Option<&Field>> =
            table.header.iter().map(|cell| kind.field_of_column(cell.text.trim())).collect();
        for row in &table.rows {
            let Some(count) = cells_written(source, row).filter(|count| *count != fields.len()) else {
                continue;
            };
            let Some(span) = row.iter().map(|cell| cell.span).reduce(Span::to) else { continue };
            let is_moved = |(field, cell): (Option<&Field>, &Cell)| {
                field.is_some_and(|field| !is_of(cell.text.trim(), field, kind, table))
            };
            let mut rows = records.iter_mut();
            let record = rows.find(|record| span.contains(record.name_span) || record.span.contains(span));
            if let Some(record) = record.filter(|_| fields.iter().copied().zip(row).any(is_moved)) {
                keep_name(record, span, &fields, miscounted(span, count, fields.len()));
            }
        }
    }
}

fn rows_of<'r>(table: &Table, records: &'r mut [RecordContent]) -> &'r mut [RecordContent] {
    let first = records.partition_point(|record| record.span.start < table.span.start);
    let end = records.partition_point(|record| record.span.start < table.span.end);
    records.get_mut(first..end).unwrap_or_default()
}

/// Counts the cells between the bars of a row; `None` for one without a bar at its beginning and end, which may go on.
fn cells_written(source: &Source, row: &[Cell]) -> Option<usize> {
    let filled = row.iter().find(|cell| !cell.span.is_empty())?.span.start as usize;
    let text = source.text();
    let start = text.get(..filled)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    let inner = line.strip_prefix('|')?.strip_suffix('|').filter(|inner| !inner.ends_with('\\'))?;
    let bars = inner.match_indices('|').filter(|(at, _)| !inner[..*at].ends_with('\\'));
    Some(bars.count() + 1)
}

/// Returns false for a text that can't be a value of a field: of another type, none of its words, or an identifier of another kind.
fn is_of(text: &str, field: &Field, kind: &Kind, table: &Table) -> bool {
    if text.is_empty() || field.canonical(text).is_some() {
        return true;
    }
    match &field.ty {
        FieldType::Date => {
            parse_date(text).is_some()
                || parse_unambiguous_date(text).is_some()
                || missing_day(text).is_some()
        }
        FieldType::Amount => Amount::parse(text).is_some(),
        FieldType::Integer | FieldType::Number => text.parse::<f64>().is_ok(),
        FieldType::Text => field.values.is_empty(),
        FieldType::List(of) => match &**of {
            FieldType::Reference(kinds) => may_name(text, kinds, kind, table),
            _ => true,
        },
        FieldType::Reference(kinds) => may_name(text, kinds, kind, table),
        _ => true,
    }
}

/// Returns false for an identifier with other letters than those of the table, where one of its records is meant.
fn may_name(text: &str, kinds: &[Arc<str>], kind: &Kind, table: &Table) -> bool {
    let letters = |text: &str| text.split_once('-').map(|(letters, _)| letters.to_owned());
    let is_id = |cell: &Cell| kind.field_of_column(cell.text.trim()).is_some_and(|it| &*it.name == "id");
    let id = table.header.iter().position(is_id);
    let mut ids = table.rows.iter().filter_map(|row| letters(row.get(id?)?.text.trim()));
    let is_code = super::code_key(text).is_some();
    !is_code || kinds != [kind.name.clone()] || ids.next().is_none_or(|own| letters(text) == Some(own))
}

fn miscounted(span: Span, cells: usize, columns: usize) -> Violation {
    let help = match cells < columns {
        true => "write the cell that is missing; an empty one is `| |`",
        false => "remove the cell that is too many, or write `\\|` for a bar in a text",
    };
    let cells = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
    Violation {
        keyword: "type".into(),
        pointer: "".into(),
        span,
        message: format!("the row has {cells}, and the table {columns} columns"),
        help: Some(help.to_owned()),
        suggestion: None,
        field: "".into(),
        missing: false,
        related: None,
    }
}

/// Makes all but the name of a record unreadable, so that no other rule reports the values in the wrong columns.
fn keep_name(record: &mut RecordContent, row: Span, fields: &[Option<&Field>], told: Violation) {
    let is_name = |name: &str| matches!(name, "id" | "title");
    let entries = record.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let mut kept: Vec<Entry> = entries.filter(|entry| is_name(&entry.key.name)).cloned().collect();
    for field in fields.iter().flatten().filter(|field| !is_name(&field.name)) {
        let key = || Key { name: field.name.clone(), span: row };
        let text = Entry { key: Key { name: "row".into(), span: row }, value: Node::text(row, "") };
        let mapping = Node::mapping(row, Mapping::new(vec![text]));
        let value = match field.ty {
            FieldType::Struct(_) | FieldType::Map(_) => Node::sequence(row, vec![mapping]),
            _ => mapping,
        };
        if !kept.iter().any(|entry| entry.key.name == field.name) {
            kept.push(Entry { key: key(), value });
            let pointer = format!("/{}", field.name).into();
            record.format_violations.push(Violation { pointer, ..Violation::told_elsewhere(&told) });
        }
    }
    record.fields = Node::mapping(record.fields.span, Mapping::new(kept)).into();
    record.format_violations.push(told);
}
