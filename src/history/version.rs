//! The records of one version of a file, with normalised values.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::prose;
use crate::calendar::{self, Duration};
use crate::kind::{Field, FieldType, Shape};
use crate::limits;
use crate::node::{Entry, Mapping, Node};
use crate::record::{Recogniser, Record};
use crate::syntax::{self, Format};
use crate::text::Source;

/// A version of a file.
#[derive(Debug)]
pub enum FileVersion {
    Records(Vec<Arc<RecordVersion>>),
    /// The file can't be parsed; the records are assumed to be unchanged.
    Unreadable,
}

/// A version of a record.
#[derive(Debug, Default)]
pub struct RecordVersion {
    pub identity: RecordIdentity,
    /// The normalised value of every field that has one, and of every named part of a field, such as
    /// `key-results/revenue/target`; sorted by name.
    pub fields: Values,
}

/// Names of fields, and a text for each.
pub type Values = Vec<(Arc<str>, Arc<str>)>;

/// Identifies a record across versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordIdentity {
    pub kind: Arc<str>,
    pub key: Box<str>,
    /// The folder in which the key is unique; empty if it is unique in the repository.
    pub scope: Box<str>,
}

impl RecordIdentity {
    pub fn of(record: &Record) -> RecordIdentity {
        RecordIdentity {
            kind: record.kind.name.clone(),
            key: record.key().into(),
            scope: record.scope().into(),
        }
    }
}

impl FileVersion {
    pub fn parse(path: &str, content: Vec<u8>, recogniser: &Recogniser<'_>) -> FileVersion {
        let format = recogniser.classifier.config.format_of(path);
        let Some(format) = format else { return FileVersion::Records(Vec::new()) };
        if content.len() > limits::FILE_BYTES {
            return FileVersion::Unreadable;
        }
        let source = Arc::new(Source::new(path, content));
        let document = match format {
            Format::Markdown => match syntax::parse_front_matter(source) {
                front if front.has_fatal_problem() => front,
                front if !recogniser.may_hold_records(&front) => return FileVersion::Records(Vec::new()),
                front => syntax::parse_body(front),
            },
            _ => syntax::parse(source, format),
        };
        match recogniser.records(&document) {
            Ok(records) => {
                FileVersion::Records(records.iter().map(|it| Arc::new(RecordVersion::of(it))).collect())
            }
            Err(_) => FileVersion::Unreadable,
        }
    }

    pub(super) fn share_values(&mut self, other: &FileVersion) {
        let FileVersion::Records(records) = self else { return };
        let records = records.iter_mut().filter_map(Arc::get_mut);
        for (record, other) in records.zip(other.records()) {
            for (name, value) in &mut record.fields {
                if let Some(same) = other.field(name).filter(|same| *same == value) {
                    *value = same.clone();
                }
            }
        }
    }

    pub fn records(&self) -> &[Arc<RecordVersion>] {
        match self {
            FileVersion::Records(records) => records,
            FileVersion::Unreadable => &[],
        }
    }
}

impl RecordVersion {
    pub fn of(record: &Record) -> RecordVersion {
        RecordVersion { identity: RecordIdentity::of(record), fields: fields(record) }
    }

    pub fn field(&self, path: &str) -> Option<&Arc<str>> {
        let at = self.fields.binary_search_by(|(name, _)| (**name).cmp(path)).ok()?;
        Some(&self.fields[at].1)
    }
}

fn fields(record: &Record) -> Values {
    let mut fields = Vec::new();
    for entry in entries(record) {
        add_field(record, entry, &mut fields);
    }
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    fields.dedup_by(|a, b| a.0 == b.0);
    fields
}

/// Returns the current value of a field, as [`RecordVersion::field`] does.
pub(super) fn value(record: &Record, path: &str) -> Option<Arc<str>> {
    let top = path.split('/').next()?;
    let mut fields = Vec::new();
    for entry in entries(record).filter(|entry| *entry.key.name == *top || path == &*entry.key.name) {
        add_field(record, entry, &mut fields);
    }
    fields.into_iter().find(|(name, _)| **name == *path).map(|(_, value)| value)
}

fn entries(record: &Record) -> impl Iterator<Item = &Entry> {
    let entries = record.fields.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().filter(|entry| !entry.value.is_empty())
}

fn add_field(record: &Record, entry: &Entry, fields: &mut Values) {
    let name = &entry.key.name;
    let field = record.kind.shape.field(name);
    let ty = field.map_or(&FieldType::Any, |field| &field.ty);
    let key = field.and_then(|field| field.natural_key.as_deref());
    let stated = without_names_in_text(&entry.value, ty, key);
    let value = match field {
        Some(Field { prose: true, ty: FieldType::Text, .. }) => prose_value(&entry.value),
        _ => normalize(&stated, ty, key),
    };
    fields.push((name.clone(), value.into()));
    add_parts(name, &entry.value, ty, field, fields);
}

fn prose_value(value: &Node) -> String {
    value.as_text().map_or_else(String::new, |text| fold_whitespace(&prose::normal_form(text)))
}

/// Adds the named parts of a field: those of a mapping, and of each item of a list with a natural key.
fn add_parts(name: &str, node: &Node, ty: &FieldType, field: Option<&Field>, fields: &mut Values) {
    match ty {
        FieldType::Struct(shape) => add_entries(name, node, shape, fields),
        FieldType::List(of) => {
            let FieldType::Struct(shape) = &**of else { return };
            let Some(key) = field.and_then(|field| field.natural_key.as_deref()) else { return };
            for item in node.as_sequence().unwrap_or_default() {
                if let Some(path) = item_path(name, item, key) {
                    add_entries(&path, item, shape, fields);
                    continue;
                }
                // Which of the words names a record, only the records of that time could tell.
                for word in names_in_text(item, shape, key) {
                    let path = path_of(name, word);
                    add_entries(&path, item, shape, fields);
                    fields.push((format!("{path}/{key}").into(), fold_whitespace(word).into()));
                }
            }
        }
        _ => {}
    }
}

/// Returns the words in the text of an item that may be its natural key: the metric in `Lower churn (churn-rate) to 4%`.
fn names_in_text<'n>(item: &'n Node, shape: &Shape, key: &str) -> Vec<&'n str> {
    let text = shape.text.as_deref().and_then(|name| item.get(name)?.as_text()).unwrap_or_default();
    let phrase = shape.field(key).and_then(|field| field.in_text);
    phrase
        .map_or_else(Vec::new, |phrase| phrase.names(text))
        .into_iter()
        .map(|(name, _)| &text[name])
        .collect()
}

/// Returns a list without the natural keys that are in the text of its items, which a version without the other records of its
/// time can't have.
fn without_names_in_text<'n>(node: &'n Node, ty: &FieldType, key: Option<&str>) -> Cow<'n, Node> {
    let (FieldType::List(of), Some(key)) = (ty, key) else { return Cow::Borrowed(node) };
    let FieldType::Struct(shape) = &**of else { return Cow::Borrowed(node) };
    let is_in_text = |item: &Node| {
        let text = shape.text.as_deref().and_then(|name| item.get(name));
        text.zip(item.get(key)).is_some_and(|(text, name)| text.span.contains(name.span))
    };
    let items = node.as_sequence().unwrap_or_default();
    if !items.iter().any(is_in_text) {
        return Cow::Borrowed(node);
    }
    let without = |item: &Node| {
        let entries = item.as_mapping().map_or(&[][..], Mapping::entries);
        let others = entries.iter().filter(|entry| *entry.key.name != *key).cloned().collect();
        Node::mapping(item.span, Mapping::new(others))
    };
    let items = items.iter().map(|item| if is_in_text(item) { without(item) } else { item.clone() });
    Cow::Owned(Node::sequence(node.span, items.collect()))
}

/// Returns the name of an item of a list, such as `key-results/revenue`, escaped as in a JSON pointer.
pub fn item_path(list: &str, item: &Node, key: &str) -> Option<String> {
    Some(path_of(list, item.get(key)?.as_text()?))
}

fn path_of(list: &str, key: &str) -> String {
    format!("{list}/{}", fold_whitespace(key).replace('~', "~0").replace('/', "~1"))
}

fn add_entries(path: &str, node: &Node, shape: &Shape, fields: &mut Values) {
    for entry in node.as_mapping().map_or(&[][..], |mapping| mapping.entries()) {
        if !entry.value.is_empty() {
            let ty = shape.field(&entry.key.name).map_or(&FieldType::Any, |field| &field.ty);
            let name = format!("{path}/{}", entry.key.name);
            fields.push((name.into(), normalize(&entry.value, ty, None).into()));
        }
    }
}

/// Returns a text of a value that does not depend on quotes, line ends, the order of keys or of items with a natural key,
/// or on whether a single item is written as a list.
pub fn normalize(node: &Node, ty: &FieldType, key: Option<&str>) -> String {
    if let Some(items) = node.as_sequence() {
        let of = if let FieldType::List(of) = ty { of } else { ty };
        let mut items: Vec<(Option<String>, String)> = items
            .iter()
            .map(|item| (key.and_then(|key| item_path("", item, key)), normalize(item, of, None)))
            .collect();
        if items.iter().all(|(key, _)| key.is_some()) {
            items.sort();
        }
        return items.into_iter().map(|(_, item)| item).collect::<Vec<_>>().join(", ");
    }
    if let Some(mapping) = node.as_mapping() {
        let mut entries: Vec<String> = mapping
            .entries()
            .iter()
            .filter(|entry| !entry.value.is_empty())
            .map(|entry| {
                let field = ty.shape().and_then(|shape| shape.field(&entry.key.name));
                let ty = match ty {
                    FieldType::Map(map) => &map.values,
                    _ => field.map_or(&FieldType::Any, |field| &field.ty),
                };
                format!("{}: {}", entry.key.name, normalize(&entry.value, ty, None))
            })
            .collect();
        entries.sort();
        return entries.join("; ");
    }
    let text = node.as_text().unwrap_or("");
    let parsed = match ty {
        FieldType::List(of) => return normalize(node, of, None),
        FieldType::Date => calendar::parse_date(text).map(|day| day.to_string()),
        FieldType::Duration => Duration::parse(text).map(|duration| duration.to_string()),
        FieldType::Bool => Some(text.to_lowercase()),
        _ => None,
    };
    parsed.unwrap_or_else(|| fold_whitespace(text))
}

fn fold_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
