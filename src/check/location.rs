//! The location of a finding: the field that the rule names, the item, else the record's name.

use std::sync::Arc;

use crate::catalog::{Catalog, Reference, SourceFile, Target};
use crate::finding::{Place, Related};
use crate::history::version::normalize;
use crate::kind::{FieldType, Shape};
use crate::node::{Entry, Node};
use crate::record::Record;
use crate::rule::{EvalError, Evaluator, Item, Value};
use crate::text::{Source, Span};

use super::Subject;
use super::item_places::ItemPlace;

/// A place and its content, which is part of a finding's fingerprint.
pub(super) struct FindingLocation {
    pub place: Place,
    pub field: String,
    pub value: String,
    pub related: Option<Related>,
}

pub(super) fn of_subject(
    catalog: &Catalog,
    at: &[Arc<str>],
    subject: Subject,
    item: Option<&Value>,
    place: Option<&ItemPlace>,
) -> FindingLocation {
    let source = subject.source(catalog);
    let location = |span: Span, field: &str, value: &str| FindingLocation {
        place: Place { source: source.clone(), span: one_line(source, span) },
        field: field.to_string(),
        value: value.split_whitespace().collect::<Vec<_>>().join(" "),
        related: None,
    };
    let field_location = |entry: &Entry, path: &str, shape: Option<&Shape>| {
        location(shown(source, entry), path, &value_of(entry, shape))
    };
    if let Some(Value::Reference(mention)) = item {
        return location(mention.reference.span, &mention.reference.field, mention.text(catalog));
    }
    if let Some(Value::Fact(fact)) = item {
        let sentence = fact.text_member("sentence").map(unescaped_words).unwrap_or_default();
        let mut location = location(fact.span, fact.field(), &format!("{} {sentence}", fact.text()));
        location.related = fact.related.as_ref().map(|(span, message)| Related {
            place: Place { source: source.clone(), span: one_line(source, *span) },
            message: message.clone(),
        });
        return location;
    }
    if let Some(Value::Change(change)) = item {
        return location(change.list.span, "", &change.value());
    }
    if let Some(Value::Item(item)) = item {
        let key = natural_key(item);
        return match field_of(at, item.node) {
            Some(entry) => field_location(entry, &format!("{key}/{}", entry.key.name), item.shape),
            None => match field_of(at, &item.record.fields) {
                Some(entry) if !at.is_empty() => location(shown(source, entry), &entry.key.name, &key),
                _ => location(item.node.span, &key, ""),
            },
        };
    }
    let Subject::Record(record) = subject else { return location(Span::at(0), "", "") };
    if let Some(ItemPlace { field, span, text }) = place {
        let is_reference = matches!(item, Some(Value::Record(_) | Value::Unresolved(_)));
        let named = field_of(at, &record.fields);
        if is_reference || named.is_none_or(|entry| *entry.key.name == **field) {
            return location(*span, field, text);
        }
    }
    if let Some(reference) = item.and_then(|item| reference_to(catalog, record, item)) {
        return location(reference.span, &reference.field, &reference.text);
    }
    match field_of(at, &record.fields) {
        Some(entry) => field_location(entry, &entry.key.name, Some(&record.kind.shape)),
        None => location(record.name_span, at.first().map_or("", |field| field), ""),
    }
}

pub(super) fn of_other(catalog: &Catalog, at: &[Arc<str>], other: &Value) -> Option<Place> {
    let (record, node) = match other {
        Value::Record(record) => (*record, &*record.fields),
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

/// Returns a name of a record or item that is unique and does not change when it is moved.
pub(super) fn identity<'a>(evaluator: &Evaluator<'a>, value: &Value<'a>) -> Result<String, EvalError> {
    Ok(match value {
        Value::Record(record) => name(evaluator.catalog, record),
        Value::Item(item) => format!("{}/{}", name(evaluator.catalog, item.record), natural_key(item)),
        value => evaluator.show(value)?,
    })
}

/// Returns kind and identifier, and the index among duplicates, which are ordered by title.
fn name(catalog: &Catalog, record: &Record) -> String {
    let name = format!("{}/{}", record.kind.name, record.key());
    let mut duplicates = catalog.duplicates(record).peekable();
    if duplicates.peek().is_none() {
        return name;
    }
    let before = |other: &&Record| (&other.title, other.number) < (&record.title, record.number);
    format!("{name}/{}", duplicates.filter(before).count())
}

/// Returns the name of a file, or a part of it: the record at the location, the record that the file is about, else its
/// path.
pub(super) fn identity_of_file(
    catalog: &Catalog,
    file: &SourceFile,
    location: &FindingLocation,
    item: Option<&Value>,
) -> [String; 2] {
    if let Some(Value::Fact(fact)) = item
        && let Some(folder) = fact.text_member("folder")
    {
        return ["folder".to_owned(), folder.to_owned()];
    }
    let records = catalog.records_about(file);
    let own = |record: &&&Record| !file.records.is_empty() && record.span.contains(location.place.span);
    let ((Some(record), _) | (None, [record])) = (records.iter().find(own), &records[..]) else {
        return ["file".to_owned(), file.path().to_string()];
    };
    let name = match file.records.is_empty() {
        true => file.path().rsplit('/').next().unwrap_or_default(), // a page beside the record's own file
        false => "",
    };
    [format!("{}/{}", record.kind.name, record.key()), name.to_owned()]
}

fn field_of<'n>(at: &[Arc<str>], node: &'n Node) -> Option<&'n Entry> {
    let mapping = node.as_mapping()?;
    at.iter().find_map(|field| mapping.entry(field).filter(|entry| !entry.value.is_blank()))
}

/// Returns the span of the value if it is on one line, else of the key.
fn shown(source: &Source, entry: &Entry) -> Span {
    let value = entry.value.span;
    let long = source.slice(value).trim_end().contains('\n');
    if (long || value.is_empty()) && !entry.key.span.is_empty() { entry.key.span } else { value }
}

fn one_line(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let first = text.lines().next().unwrap_or("").trim_end();
    Span::new(span.start as usize, span.start as usize + first.len())
}

fn reference_to<'c>(catalog: &'c Catalog, record: &'c Record, item: &Value) -> Option<Reference<'c>> {
    let mut references = catalog.references(record);
    match item {
        Value::Record(named) => references.find(|reference| reference.target == Target::Record(named.number)),
        Value::Unresolved(unresolved) => {
            references.find(|reference| unresolved.reference.is_some_and(|wanted| wanted.is_same(reference)))
        }
        _ => None,
    }
}

/// Returns the value that identifies an item of a list, whatever its position: the field that its kind names, else `id`
/// or `title`, else its first field by name.
fn natural_key(item: &Item) -> String {
    let named = item.key.and_then(|key| item.node.get(key));
    let usual = || ["id", "title"].iter().find_map(|key| item.node.get(key));
    let first = || {
        let entries = item.node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        entries.iter().min_by_key(|entry| entry.key.name.clone()).map(|entry| &entry.value)
    };
    let key = named.or_else(usual).or_else(first);
    key.map(|node| normalize(node, &FieldType::Any, None)).unwrap_or_default()
}

/// Returns a field's normalised value. Of prose and texts of several lines only the words count.
fn value_of(entry: &Entry, shape: Option<&Shape>) -> String {
    let field = shape.and_then(|shape| shape.field(&entry.key.name));
    let key = field.and_then(|field| field.natural_key.as_deref());
    let value = normalize(&entry.value, field.map_or(&FieldType::Any, |field| &field.ty), key);
    let is_text = entry.value.as_text().is_some_and(|text| text.contains('\n'));
    if is_text || field.is_some_and(|field| field.prose) { words(&value) } else { value }
}

fn unescaped_words(text: &str) -> String {
    words(&text.replace("\\n", " ").replace("\\t", " ").replace("\\r", " "))
}

fn words(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
