//! Where a finding stands: at the field that the rule names, at the item, else at the record's name.

use std::sync::Arc;

use crate::catalog::{Catalog, Reference, Target};
use crate::finding::{Place, Related};
use crate::node::{Entry, Node};
use crate::record::Record;
use crate::rule::evaluate::{Evaluator, Stop};
use crate::rule::value::{Item, Value};
use crate::text::{Source, Span};

use super::Subject;

/// A place, and what stands there: part of a finding's identity.
pub(super) struct Spot {
    pub place: Place,
    pub field: String,
    pub value: String,
    pub related: Option<Related>,
}

/// Where a verdict on a subject, or on an item of it, stands.
pub(super) fn of_subject(catalog: &Catalog, at: &[Arc<str>], subject: Subject, item: Option<&Value>) -> Spot {
    let source = subject.source(catalog);
    let spot = |span: Span, field: &str, value: &str| Spot {
        place: Place { source: source.clone(), span: one_line(source, span) },
        field: field.to_string(),
        value: value.split_whitespace().collect::<Vec<_>>().join(" "),
        related: None,
    };
    if let Some(Value::Mention(mention)) = item {
        return spot(mention.reference.span, &mention.reference.field, mention.text);
    }
    if let Some(Value::Fact(fact)) = item {
        let mut spot = spot(fact.span, fact.name(), fact.first());
        spot.related = fact.related.as_ref().map(|(span, message)| Related {
            place: Place { source: source.clone(), span: one_line(source, *span) },
            message: message.clone(),
        });
        return spot;
    }
    if let Some(Value::Item(item)) = item {
        let key = natural_key(item);
        return match field_of(at, item.node) {
            Some(entry) => {
                spot(shown(source, entry), &format!("{key}/{}", entry.key.name), &text_of(&entry.value))
            }
            None => match field_of(at, &item.record.fields) {
                Some(entry) if !at.is_empty() => spot(shown(source, entry), &entry.key.name, &key),
                _ => spot(item.node.span, &key, ""),
            },
        };
    }
    let Subject::Record(record) = subject else { return spot(Span::at(0), "", "") };
    if let Some(reference) = item.and_then(|item| mention(catalog, record, item)) {
        return spot(reference.span, &reference.field, &reference.text);
    }
    match field_of(at, &record.fields) {
        Some(entry) => spot(shown(source, entry), &entry.key.name, &text_of(&entry.value)),
        None => spot(record.name_span, at.first().map_or("", |field| field), ""),
    }
}

/// Where another record or item is shown.
pub(super) fn of_other(catalog: &Catalog, at: &[Arc<str>], other: &Value) -> Option<Place> {
    let (record, node) = match other {
        Value::Record(record) => (*record, &record.fields),
        Value::Item(item) => (item.record, item.node),
        _ => return None,
    };
    let source = catalog.file_of(record).source();
    let span = match (field_of(at, node).or_else(|| field_of(at, &record.fields)), other) {
        (Some(entry), _) => shown(source, entry),
        (None, Value::Item(item)) => item.node.span,
        (None, _) => record.name_span,
    };
    Some(Place { source: source.clone(), span: one_line(source, span) })
}

/// What tells a record or item from all others, wherever it stands.
///
/// # Errors
/// Only [`Stop::Exhausted`].
pub(super) fn identity<'a>(evaluator: &Evaluator<'a>, value: &Value<'a>) -> Result<String, Stop> {
    Ok(match value {
        Value::Record(record) => name(evaluator.catalog, record),
        Value::Item(item) => format!("{}/{}", name(evaluator.catalog, item.record), natural_key(item)),
        value => evaluator.show(value)?,
    })
}

/// Kind and identifier; where other records have the same, also the file and which of those in it.
fn name(catalog: &Catalog, record: &Record) -> String {
    let name = format!("{}/{}", record.kind.name, record.id);
    if catalog.namesakes(record).next().is_none() {
        return name;
    }
    let before = |other: &&Record| other.document == record.document && other.number < record.number;
    let path = catalog.file_of(record).path();
    format!("{name}/{path}/{}", catalog.namesakes(record).filter(before).count())
}

/// The first of the fields that is there.
fn field_of<'n>(at: &[Arc<str>], node: &'n Node) -> Option<&'n Entry> {
    let mapping = node.as_mapping()?;
    at.iter().find_map(|field| mapping.entry(field).filter(|entry| !entry.value.is_empty()))
}

/// A value on one line is underlined itself, a longer one at its key.
fn shown(source: &Source, entry: &Entry) -> Span {
    let value = entry.value.span;
    let long = source.slice(value).trim_end().contains('\n');
    if (long || value.is_empty()) && !entry.key.span.is_empty() { entry.key.span } else { value }
}

/// The part of a span that is on its first line.
fn one_line(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let first = text.lines().next().unwrap_or("").trim_end();
    Span::new(span.start as usize, span.start as usize + first.len())
}

/// Where a record names the record that an item is.
fn mention<'c>(catalog: &'c Catalog, record: &Record, item: &Value) -> Option<&'c Reference> {
    let references = catalog.references(record);
    match item {
        Value::Record(named) => references
            .iter()
            .find(|reference| matches!(reference.target, Target::Record(id) if std::ptr::eq(catalog.record(id), *named))),
        Value::Unresolved(unresolved) => references.iter().find(|reference| {
            unresolved.reference.is_some_and(|wanted| std::ptr::eq(wanted, *reference))
        }),
        _ => None,
    }
}

/// What tells an item of a list from the others: the field that its kind names, else what stands first
/// in it. Never its place.
fn natural_key(item: &Item) -> String {
    let named = item.key.and_then(|key| item.node.get(key));
    let first =
        || item.node.as_mapping().and_then(|mapping| mapping.entries().first()).map(|entry| &entry.value);
    named.or_else(first).map(text_of).unwrap_or_default()
}

fn text_of(node: &Node) -> String {
    match &node.value {
        crate::node::Value::Scalar(scalar) => scalar.text.to_string(),
        crate::node::Value::Sequence(items) => items.iter().map(text_of).collect::<Vec<_>>().join(","),
        crate::node::Value::Mapping(mapping) => {
            mapping.entries().iter().map(|entry| text_of(&entry.value)).collect::<Vec<_>>().join(",")
        }
    }
}
