//! The records of one version of a file, in the form in which values are compared.

use std::sync::Arc;

use crate::calendar::{self, Duration};
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Mapping, Node};
use crate::record::{Recogniser, Record};
use crate::syntax::{self, Format};
use crate::text::Source;

/// A file as it once was.
#[derive(Debug)]
pub enum Version {
    Records(Vec<Arc<RecordVersion>>),
    /// It could not be read to its end; nobody meant to change anything by that.
    Unreadable,
}

/// A record as it once was.
#[derive(Debug)]
pub struct RecordVersion {
    pub identity: RecordIdentity,
    /// Every field that has a value, and every part of a field that has a name of its own, as
    /// `key-results/revenue/target`; in the order of the names.
    pub fields: Vec<(Arc<str>, Arc<str>)>,
}

/// What makes two records of different states the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordIdentity {
    pub kind: Arc<str>,
    pub key: Box<str>,
    /// The folder in which the identifier holds, where it holds in one only.
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

impl Version {
    /// Reads a version of the file at `path`.
    pub fn read(path: &str, content: Vec<u8>, recogniser: &Recogniser<'_>) -> Version {
        let Some(format) = Format::from_path(path) else { return Version::Records(Vec::new()) };
        if content.len() > Source::LIMIT {
            return Version::Unreadable;
        }
        let source = Arc::new(Source::new(path, content));
        let mut document = match format {
            Format::Markdown => syntax::parse_front_matter(source),
            _ => syntax::parse(source, format),
        };
        if format == Format::Markdown && !document.has_fatal_problem() {
            if !recogniser.may_hold_records(&document) {
                return Version::Records(Vec::new());
            }
            document = syntax::parse_parts(document, &|title| recogniser.reads_section_parts(title));
        }
        if document.has_fatal_problem() {
            return Version::Unreadable;
        }
        let records = recogniser.records(&document);
        Version::Records(records.iter().map(|record| Arc::new(RecordVersion::of(record))).collect())
    }

    /// Lets go of every value that the same file has in another version too.
    pub(super) fn share(&mut self, other: &Version) {
        let Version::Records(records) = self else { return };
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
            Version::Records(records) => records,
            Version::Unreadable => &[],
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

fn fields(record: &Record) -> Vec<(Arc<str>, Arc<str>)> {
    let mut fields = Vec::new();
    for entry in entries(record) {
        add_field(record, entry, &mut fields);
    }
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    fields.dedup_by(|a, b| a.0 == b.0);
    fields
}

/// One of a record's values today, as [`RecordVersion::field`] has it.
pub(super) fn value(record: &Record, path: &str) -> Option<Arc<str>> {
    let top = path.split('/').next()?;
    let mut fields = Vec::new();
    for entry in entries(record).filter(|entry| *entry.key.name == *top || path == &*entry.key.name) {
        add_field(record, entry, &mut fields);
    }
    fields.into_iter().find(|(name, _)| **name == *path).map(|(_, value)| value)
}

/// The fields that have a value.
fn entries(record: &Record) -> impl Iterator<Item = &Entry> {
    let entries = record.fields.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().filter(|entry| !entry.value.is_empty())
}

fn add_field(record: &Record, entry: &Entry, fields: &mut Vec<(Arc<str>, Arc<str>)>) {
    let name = &entry.key.name;
    let field = record.kind.shape.field(name);
    let ty = field.map_or(&FieldType::Any, |field| &field.ty);
    let key = field.and_then(|field| field.natural_key.as_deref());
    fields.push((name.clone(), normalize(&entry.value, ty, key).into()));
    add_parts(name, &entry.value, ty, field, fields);
}

/// The parts of a field that have a name of their own: those of a mapping, and of each item that its
/// natural key tells from the others.
fn add_parts(
    name: &str,
    node: &Node,
    ty: &FieldType,
    field: Option<&Field>,
    fields: &mut Vec<(Arc<str>, Arc<str>)>,
) {
    match ty {
        FieldType::Struct(shape) => add_entries(name, node, shape, fields),
        FieldType::List(of) => {
            let FieldType::Struct(shape) = &**of else { return };
            let Some(key) = field.and_then(|field| field.natural_key.as_deref()) else { return };
            for item in node.as_sequence().unwrap_or_default() {
                if let Some(path) = item_path(name, item, key) {
                    add_entries(&path, item, shape, fields);
                }
            }
        }
        _ => {}
    }
}

/// The name of an item of a list: `key-results/revenue`, escaped as in a JSON pointer.
pub fn item_path(list: &str, item: &Node, key: &str) -> Option<String> {
    let key = item.get(key)?.as_text()?;
    Some(format!("{list}/{}", folded(key).replace('~', "~0").replace('/', "~1")))
}

fn add_entries(path: &str, node: &Node, shape: &Shape, fields: &mut Vec<(Arc<str>, Arc<str>)>) {
    for entry in node.as_mapping().map_or(&[][..], |mapping| mapping.entries()) {
        if !entry.value.is_empty() {
            let ty = shape.field(&entry.key.name).map_or(&FieldType::Any, |field| &field.ty);
            let name = format!("{path}/{}", entry.key.name);
            fields.push((name.into(), normalize(&entry.value, ty, None).into()));
        }
    }
}

/// A value in words that are the same however it is written: quotes, line ends, the order of keys and of
/// items with a natural key, and the one item of a list without its list don't count.
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
        let shape = match ty {
            FieldType::Struct(shape) => Some(shape),
            FieldType::List(of) => {
                if let FieldType::Struct(shape) = &**of {
                    Some(shape)
                } else {
                    None
                }
            }
            _ => None,
        };
        let mut entries: Vec<String> = mapping
            .entries()
            .iter()
            .filter(|entry| !entry.value.is_empty())
            .map(|entry| {
                let field = shape.and_then(|shape| shape.field(&entry.key.name));
                let ty = field.map_or(&FieldType::Any, |field| &field.ty);
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
    parsed.unwrap_or_else(|| folded(text))
}

/// The words of a text with one space between each.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut add = |words: &str| {
        if !folded.is_empty() && !words.is_empty() {
            folded.push(' ');
        }
        folded.push_str(words);
    };
    for line in text.split('\n').map(|line| line.trim_matches(' ')) {
        // Most lines of prose are what they become.
        match is_spaced_evenly(line.as_bytes()) {
            true => add(line),
            false => line.split_whitespace().for_each(&mut add),
        }
    }
    folded
}

/// Whether a line that begins and ends with a word is all ASCII, and has no white space but one space between words.
fn is_spaced_evenly(line: &[u8]) -> bool {
    // Every byte is looked at, since many at once are compared faster than one after the other up to some.
    let is_printed = line.iter().fold(true, |so_far, byte| so_far & (b' '..=b'~').contains(byte));
    let pairs = line.iter().zip(line.get(1..).unwrap_or_default());
    is_printed && pairs.fold(true, |so_far, (one, next)| so_far & ((*one != b' ') | (*next != b' ')))
}
