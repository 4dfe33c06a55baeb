//! The records of one version of a file, with normalised values.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use serde::{Deserialize, Serialize};
use std::collections::HashSet;

use crate::calendar::{self, Duration};
use crate::kind::{Field, FieldType, Shape};
use crate::limits;
use crate::node::{Entry, Node};
use crate::record::{Recogniser, RecordContent};
use crate::snapshot::is_lfs_pointer;
use crate::syntax::{self, Format};
use crate::text::{Source, single_spaced};

#[derive(Debug)]
pub enum FileVersion {
    Records(Vec<Arc<RecordVersion>>),
    /// The records that the state has of it, of which few are ever asked for.
    Known(Vec<Arc<RecordContent>>),
    /// The file can't be parsed; the records are assumed to be unchanged.
    Unreadable,
}

#[derive(Debug, Default)]
pub struct RecordVersion {
    pub identity: RecordIdentity,
    /// The normalised value of every field and of every named part, such as `key-results/revenue/target`; sorted by name.
    pub fields: Values,
}

pub type Values = Vec<(Arc<str>, Arc<str>)>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordIdentity {
    pub kind: Arc<str>,
    pub key: Box<str>,
    /// The folder in which the key is unique; empty if it is unique in the repository.
    pub scope: Box<str>,
}

impl RecordIdentity {
    pub fn of(record: &RecordContent) -> RecordIdentity {
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
        if content.len() > limits::FILE_BYTES || is_lfs_pointer(&content) {
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

    pub fn records(&self) -> &[Arc<RecordVersion>] {
        match self {
            FileVersion::Records(records) => records,
            FileVersion::Known(_) | FileVersion::Unreadable => &[],
        }
    }
}

impl RecordVersion {
    pub fn of(record: &RecordContent) -> RecordVersion {
        RecordVersion { identity: RecordIdentity::of(record), fields: values(record, |_| true) }
    }

    pub fn field(&self, path: &str) -> Option<&Arc<str>> {
        let at = self.fields.binary_search_by(|(name, _)| (**name).cmp(path)).ok()?;
        Some(&self.fields[at].1)
    }
}

/// Returns the values of the wanted fields at the top of a record, and of their parts.
fn values(record: &RecordContent, is_wanted: impl Fn(&str) -> bool) -> Values {
    let mut values = Vec::new();
    for entry in record.fields.entries().iter().filter(|it| !it.value.is_empty() && is_wanted(&it.key.name)) {
        add_field(record, entry, &mut values);
    }
    values.sort_by(|a, b| a.0.cmp(&b.0));
    values.dedup_by(|a, b| a.0 == b.0);
    values
}

/// Returns the current values of fields and named parts of fields.
pub(super) fn values_of(record: &RecordContent, names: &[&str]) -> Values {
    let holds = |top: &str, name: &str| name == top || name.split('/').next() == Some(top);
    let mut values = values(record, |top| names.iter().any(|name| holds(top, name)));
    values.retain(|(name, _)| names.contains(&&**name));
    values
}

/// Returns the current value of a field, as [`RecordVersion::field`] does.
pub(super) fn value(record: &RecordContent, name: &str) -> Option<Arc<str>> {
    values_of(record, &[name]).pop().map(|(_, value)| value)
}

fn add_field(record: &RecordContent, entry: &Entry, fields: &mut Values) {
    let name = &entry.key.name;
    let field = record.kind.shape.field(name);
    let ty = field.map_or(&FieldType::Any, |field| &field.ty);
    let key = field.and_then(|field| field.natural_key.as_deref());
    let value = match (field, entry.value.as_text()) {
        (Some(Field { prose: true, ty: FieldType::Text, .. }), Some(text)) => prose_value(text),
        _ => normalize(&entry.value, ty, key),
    };
    fields.push((name.clone(), value.into()));
    add_parts(name, &entry.value, ty, field, fields);
}

/// Returns a text without HTML comments and the targets of links: edits of these leave its meaning.
fn prose_value(text: &str) -> String {
    static IGNORED: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"(?sm)<!--.*?-->|^[ \t]*\[[^\]\n]+\]:[ \t]*[^\n]+$"));
    static TARGET: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"\[(?P<text>[^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
    });
    // Most texts have neither.
    match text.contains('[') || text.contains("<!--") {
        true => single_spaced(&TARGET.replace_all(&IGNORED.replace_all(text, ""), "$text")),
        false => single_spaced(text),
    }
}

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
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
                    fields.push((format!("{path}/{key}").into(), single_spaced(word).into()));
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
    let names = phrase.map_or_else(Vec::new, |phrase| phrase.names(text));
    names.into_iter().map(|(name, _)| &text[name]).collect()
}

/// Returns the name of an item of a list, such as `key-results/revenue`, escaped as in a JSON pointer.
pub fn item_path(list: &str, item: &Node, key: &str) -> Option<String> {
    Some(path_of(list, item.get(key)?.as_text()?))
}

fn path_of(list: &str, key: &str) -> String {
    format!("{list}/{}", single_spaced(key).replace('~', "~0").replace('/', "~1"))
}

fn add_entries(path: &str, node: &Node, shape: &Shape, fields: &mut Values) {
    for Entry { key, value } in node.entries().iter().filter(|entry| !entry.value.is_empty()) {
        let name = format!("{path}/{}", key.name);
        fields.push((name.into(), normalize(value, type_of(Some(shape), &key.name), None).into()));
    }
}

fn type_of<'s>(shape: Option<&'s Shape>, field: &str) -> &'s FieldType {
    shape.and_then(|shape| shape.field(field)).map_or(&FieldType::Any, |field| &field.ty)
}

/// Returns a text of a value that does not depend on quotes, line ends, the order of keys or keyed items, or on a list around one item.
pub fn normalize(node: &Node, ty: &FieldType, key: Option<&str>) -> String {
    if let Some(items) = node.as_sequence() {
        let of = if let FieldType::List(of) = ty { of } else { ty };
        let stated_key = |item: &Node| item_path("", item, key.filter(|key| !is_in_text(item, of, key))?);
        let mut items: Vec<(Option<String>, String)> =
            items.iter().map(|item| (stated_key(item), normalize(item, of, key))).collect();
        if items.iter().all(|(key, _)| key.is_some()) {
            items.sort_unstable();
        }
        return items.into_iter().map(|(_, item)| item).collect::<Vec<_>>().join(", ");
    }
    if let Some(mapping) = node.as_mapping() {
        let shape = ty.shape().map(|shape| &**shape);
        let is_stated = |Entry { key: name, value }: &&Entry| {
            !(value.is_empty() || key == Some(&*name.name) && is_in_text(node, ty, &name.name))
        };
        let text = |entry: &Entry| {
            let ty = match ty {
                FieldType::Map(map) => &map.values,
                _ => type_of(shape, &entry.key.name),
            };
            format!("{}: {}", entry.key.name, normalize(&entry.value, ty, None))
        };
        let mut entries: Vec<String> = mapping.entries().iter().filter(is_stated).map(text).collect();
        entries.sort_unstable();
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
    parsed.unwrap_or_else(|| single_spaced(text))
}

/// Returns true for a natural key that is in the text of its item: a version without the other records of its time can't have it.
fn is_in_text(item: &Node, ty: &FieldType, key: &str) -> bool {
    let text = ty.shape().and_then(|shape| item.get(shape.text.as_deref()?));
    text.zip(item.get(key)).is_some_and(|(text, name)| text.span.contains(name.span))
}

/// The number of letters from which a word of a title says something.
const LETTERS_OF_A_NAME: usize = 4;

/// Returns false if the later of two versions has only its identity in common with the earlier one.
pub(super) fn continues(before: &RecordVersion, after: &RecordVersion) -> bool {
    before.fields == after.fields || !is_another(before, after)
}

/// True if the title was replaced, and with it more than half of all other words.
fn is_another(before: &RecordVersion, after: &RecordVersion) -> bool {
    let (Some(old), Some(new)) = (before.field("title"), after.field("title")) else { return false };
    if old == new || !names(new).is_disjoint(&names(old)) {
        return false;
    }
    let (old, new): (HashSet<&str>, HashSet<&str>) =
        (other_words(before).collect(), other_words(after).collect());
    old.intersection(&new).count() * 2 < old.len().max(new.len())
}

/// The words of a title, without short ones where it has others.
fn names(title: &str) -> HashSet<String> {
    let all: HashSet<String> = words(title).map(str::to_lowercase).collect();
    let is_long = |word: &&String| word.chars().count() >= LETTERS_OF_A_NAME;
    if all.iter().any(|word| is_long(&word)) { all.iter().filter(is_long).cloned().collect() } else { all }
}

/// Returns the longer words of what a record says in sentences of these fields, below its title.
pub fn prose_words(record: &RecordContent, is_wanted: impl Fn(&str) -> bool) -> HashSet<String> {
    let field = |name: &str| record.kind.shape.field(name).filter(|_| name != "title" && is_wanted(name));
    let is_prose = |name: &str| field(name).is_some_and(|field| field.prose);
    values(record, is_prose).iter().flat_map(|(_, value)| names(value)).collect()
}

/// All words of a record but those of its title. The parts of a field are in its value.
fn other_words(version: &RecordVersion) -> impl Iterator<Item = &str> {
    let fields = version.fields.iter().filter(|(name, _)| **name != *"title" && !name.contains('/'));
    fields.flat_map(|(_, value)| words(value))
}

pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
