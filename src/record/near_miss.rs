//! Reports likely mistakes in pages and tables: a label one edit from a known one.

use std::collections::BTreeSet;

use super::canonical::Canonical;
use super::conventions::CONVENTIONS;
use super::{Record, RecordContent};
use crate::format::Names;
use crate::kind::{Field, Kind, fold_name};
use crate::layout::{Content, Origin, Part};
use crate::node::{Key, MappingBuilder, Node};
use crate::schema::{self, Violation};
use crate::syntax::markdown::{Cell, Table};
use crate::text::{Span, capital};

/// Returns true for a name that is probably meant as a known one. A letter in the place of another makes another word of a short name too
/// often: `Votes` are no `Notes`.
pub(crate) fn is_misspelt_name(written: &str, known: &str) -> bool {
    const SHORT: usize = 3;
    const USUAL: usize = 5;
    const LONG: usize = 7;
    const VERY_LONG: usize = 9;
    let (one, other) = (fold_name(written), fold_name(known));
    let is_plural = || format!("{one}s") == other || format!("{other}s") == one;
    if !written.is_ascii() || one == other || is_plural() || CONVENTIONS.is_other_column(&one) {
        return false;
    }
    let has_same_letters = have_same_letters(&one, &other);
    let has_same_ends =
        one.bytes().next() == other.bytes().next() && one.bytes().next_back() == other.bytes().next_back();
    let begins_alike = one.bytes().take(2).eq(other.bytes().take(2));
    let least = if has_same_letters {
        SHORT
    } else if one.len() != other.len() {
        USUAL
    } else if has_same_ends {
        LONG
    } else {
        usize::MAX
    };
    match schema::edit_distance(&one, &other) {
        1 => other.len() >= least,
        // `Divisions` are no `Decisions`.
        2 => {
            begins_alike && has_same_ends && other.len() >= VERY_LONG
                || has_same_letters && other.len() >= LONG
        }
        _ => false,
    }
}

fn have_same_letters(one: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(one) == sorted(other)
}

/// Returns the field whose name a column misspells, with that name. No other column of the table states it.
pub(super) fn of_column<'k>(kind: &'k Kind, table: &Table, column: &str) -> Option<(&'k str, &'k Field)> {
    if kind.field_of_column(column).is_some() || kind.field_of_words_in(column).is_some() {
        return None;
    }
    let read = kind.shape.fields.iter();
    let phrases = kind.named_columns().filter(|(name, _)| name.contains(' '));
    let mut near = read.flat_map(names_of).chain(phrases).filter(|(name, _)| is_misspelt_name(column, name));
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

pub(super) fn misspelt_column(cell: &Cell, list: &str, suggestion: String, of: &str) -> Violation {
    let column = cell.text.trim();
    let message = format!("the column `{column}` is no field of {of}");
    unknown(list, column, cell.span, message, suggestion)
}

fn unknown(list: &str, label: &str, span: Span, message: String, suggestion: String) -> Violation {
    Violation {
        keyword: "additional-properties".into(),
        pointer: schema::pointer_to(list, label),
        span,
        message,
        help: Some(schema::did_you_mean(&suggestion)),
        suggestion: Some(suggestion.into()),
        field: label.into(),
        missing: false,
        related: None,
    }
}

/// Reports the misspelt headings of a page, and the misspelt columns of the tables that hold its lists, such as its actions.
pub(super) fn report(part: &Part<'_>, kind: &Kind, names: &Names, record: &mut RecordContent) {
    report_headings(part, kind, names, record);
    let tables = part.document.markdown.as_ref().map_or(&[][..], |page| page.tables_in(part.span));
    for table in tables {
        let holds = |field: &&Field| {
            let items = record.field(&field.name).and_then(Node::as_sequence).unwrap_or_default();
            items.iter().any(|item| item.as_mapping().is_some() && table.span.contains(item.span))
        };
        let Some((list, shape)) =
            kind.shape.fields.iter().find(holds).and_then(|list| Some((list, list.item_shape()?)))
        else {
            continue;
        };
        let is_stated = |field: &Field| {
            let mut fields = table.header.iter().filter_map(|cell| shape.by_key(cell.text.trim()));
            fields.any(|other| other.name == field.name)
        };
        let unknown = table.header.iter().filter(|cell| shape.by_key(cell.text.trim()).is_none());
        for cell in unknown {
            let absent = shape.fields.iter().filter(|field| !is_stated(field));
            let mut near = absent.flat_map(names_of).filter(|(name, _)| is_misspelt_name(&cell.text, name));
            if let Some((name, _)) = near.next() {
                let (pointer, of) = (format!("/{}/0", list.name), format!("an item of `{}`", list.name));
                record.format_violations.push(misspelt_column(cell, &pointer, title(name), &of));
            }
        }
    }
}

/// Reports the headings that can only be misspelt ones of fields that the record lacks.
fn report_headings(part: &Part<'_>, kind: &Kind, names: &Names, record: &mut RecordContent) {
    let source = &part.document.source;
    for statement in part.statements.iter().filter(|it| matches!(it.content, Content::Section(_))) {
        let key = &*statement.key;
        let headings = names.labels().filter(|(_, fields)| fields.iter().any(|it| it.is_heading));
        let mut near = headings.filter(|(known, _)| {
            known.as_bytes().first() == key.as_bytes().first() && is_misspelt_name(key, known)
        });
        let Some((known, meant)) = near.next().filter(|_| names.fields(key).next().is_none()) else {
            continue;
        };
        let is_stated = meant.iter().any(|it| record.field(&kind.shape.fields[it.field].name).is_some());
        let is_usual = part.statements.iter().filter(|it| *it.key == *key).nth(1).is_some();
        if is_stated
            || is_usual
            || near.any(|(_, others)| others != meant)
            || CONVENTIONS.is_other_column(key)
        {
            continue;
        }
        let label = &*statement.label;
        let meant = if label.starts_with(char::is_uppercase) { capital(known) } else { known.to_owned() };
        let message = format!("`{label}` is not a section of the kind `{}`", kind.name);
        let mut violation = unknown("", label, statement.label_span, message, meant);
        let is_plain = source.slice(statement.label_span).to_lowercase() == key;
        violation.suggestion = violation.suggestion.filter(|_| is_plain);
        record.format_violations.push(violation);
    }
}

/// Returns the only field that the label of a line can be a misspelling of.
pub(super) fn of_line<'k>(kind: &'k Kind, label: &str) -> Option<&'k Field> {
    let field = kind.shape.only_meaning(label)?;
    names_of(field).any(|(name, _)| is_misspelt_name(label, name)).then_some(field)
}

/// Adds the lines below the title whose label can only be a misspelt field: under the label, so that the schema rejects it, and to the field,
/// so that a typing error is one finding.
pub(super) fn add_lines(
    part: &Part<'_>,
    kind: &Kind,
    taken: &BTreeSet<usize>,
    canonical: &mut Canonical<'_>,
    fields: &mut MappingBuilder,
) {
    let source = &part.document.source;
    let lines = part.statements.iter().enumerate().filter(|(at, it)| {
        it.origin == Origin::Header && !taken.contains(at) && !matches!(it.content, Content::Nothing)
    });
    for (_, statement) in lines {
        let field = of_line(kind, &statement.label);
        let Some(field) = field.filter(|field| fields.get(&field.name).is_none()) else { continue };
        let value = Node::text(statement.span, statement.text(source).trim());
        let key = Key { name: (*statement.label).into(), span: statement.label_span };
        fields.push(key, value.clone());
        if let Some(value) = canonical.prose_field(value, field) {
            fields.push(Key { name: field.name.clone(), span: statement.label_span }, value);
        }
    }
}

/// `approved-by` as the heading of a column: `Approved by`.
pub(crate) fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters.map(|c| if c == '-' { ' ' } else { c })).collect()
}

impl Record {}

#[cfg(test)]
mod tests {
    use super::is_misspelt_name;

    #[test]
    fn a_name_is_misspelt_or_another_word() {
        for (written, known) in [
            ("Superseeds", "Supersedes"),
            ("Ownr", "Owner"),
            ("Decidres", "Deciders"),
            ("Cadance", "Cadence"),
            ("Desicions", "Decisions"),
            ("Nwo", "Now"),
        ] {
            assert!(is_misspelt_name(written, known), "{written}");
        }
        for (written, known) in [
            ("Superseded", "Supersedes"),
            ("Decided", "Deciders"),
            ("Authors", "Author"),
            ("Stage", "State"),
            ("Date", "Data"),
            ("Votes", "Notes"),
            ("Divisions", "Decisions"),
        ] {
            assert!(!is_misspelt_name(written, known), "{written}");
        }
    }
}
