//! Who an item of a list names at its beginning, such as `Lena: call the hospital`, and which record a title names: `Leadership, 24
//! November 2026`. The text alone can't tell a name from another word; the records can.

use std::sync::Arc;

use super::{Record, RecordContent};
use crate::calendar::day_in;
use crate::kind::{Field, FieldType, Initial, Shape};
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::text::{Source, Span};

impl RecordContent {
    /// Returns true if an item may name a record at its beginning, or the title one.
    pub(super) fn has_leading_names(&self) -> bool {
        let is_titled = self.title.is_some() && self.named_by_title().next().is_some();
        is_titled || self.has_items_with_names()
    }

    /// The fields that the record lacks and whose record its title may name.
    fn named_by_title(&self) -> impl Iterator<Item = (&Field, &[Arc<str>])> {
        let fields = self.kind.shape.fields.iter().filter(|field| field.initial == Some(Initial::Same));
        fields.filter(|field| self.fields.get(&field.name).is_none()).filter_map(|field| match &field.ty {
            FieldType::Reference(kinds) => Some((field, &**kinds)),
            _ => None,
        })
    }

    fn has_items_with_names(&self) -> bool {
        self.lists().any(|(shape, list)| {
            let items = list.as_sequence().unwrap_or(std::slice::from_ref(list));
            items.iter().any(|item| candidates(shape, item).next().is_some())
        })
    }

    /// The lists whose items may do so.
    fn lists(&self) -> impl Iterator<Item = (&Shape, &Node)> {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        entries.filter_map(|entry| {
            let FieldType::List(of) = &self.kind.shape.field(&entry.key.name)?.ty else { return None };
            let FieldType::Struct(shape) = &**of else { return None };
            let has_forms = shape.fields.iter().any(|field| !field.inline_known.is_empty());
            has_forms.then_some((&**shape, &entry.value))
        })
    }
}

impl Record {
    /// Returns the record with the fields that its items state at their beginning; `is_known` tells whether a text names a record
    /// of one of these kinds. `None` if there are none.
    pub fn with_leading_names(
        &self,
        source: &Source,
        is_known: impl Fn(&[Arc<str>], &str) -> bool,
    ) -> Option<Record> {
        if !self.names_in_items {
            return None;
        }
        let mut fields = Node::clone(&self.fields);
        let mut is_changed = false;
        if let Value::Mapping(mapping) = &mut fields.value {
            let span = mapping.get("title").map_or(self.name_span, |title| title.span);
            for (field, kinds) in self.named_by_title() {
                let names = self.title.as_deref().map(names_in_title).unwrap_or_default();
                if let Some(name) = names.into_iter().find(|name| is_known(kinds, name)) {
                    mapping.push(Key { name: field.name.clone(), span }, Node::text(span, name));
                    is_changed = true;
                }
            }
            for entry in mapping.entries_mut() {
                let Some(shape) = self.kind.shape.field(&entry.key.name).and_then(|field| field.ty.shape())
                else {
                    continue;
                };
                let Value::Sequence(items) = &mut entry.value.value else { continue };
                for item in items {
                    is_changed |= add_names(item, shape, source, &is_known);
                }
            }
        }
        is_changed.then(|| {
            let mut content = self.with_fields(fields);
            content.mentions = content.collect_mentions();
            let mut record = self.clone();
            record.content = Arc::new(content);
            record
        })
    }
}

/// What may be the name of a record in a title: the title without a day, and its beginning.
fn names_in_title(title: &str) -> Vec<String> {
    let undated = day_in(title).map_or_else(|| title.trim().to_owned(), |(_, rest)| rest);
    let start = title.split([',', ':', '(', '–', '—']).next().unwrap_or(title).trim().to_owned();
    [undated, start].into_iter().filter(|name| !name.is_empty()).collect()
}

fn add_names(
    item: &mut Node,
    shape: &Shape,
    source: &Source,
    is_known: &impl Fn(&[Arc<str>], &str) -> bool,
) -> bool {
    let found: Vec<Entry> = candidates(shape, item)
        .filter(|(_, kinds, name, _)| is_known(kinds, name))
        .map(|(field, _, name, text)| {
            let at = source.slice(text.span).find(name);
            let span = at.map_or(text.span, |at| {
                let start = text.span.start as usize + at;
                Span::new(start, start + name.len())
            });
            Entry { key: Key { name: field.name.clone(), span }, value: Node::text(span, name) }
        })
        .collect();
    let Value::Mapping(mapping) = &mut item.value else { return false };
    let is_changed = !found.is_empty();
    for Entry { key, value } in found {
        mapping.push(key, value);
    }
    is_changed
}

/// Returns the fields that an item lacks, each with the kinds that it names, what may be the name, and the text with it.
fn candidates<'n>(
    shape: &'n Shape,
    item: &'n Node,
) -> impl Iterator<Item = (&'n Field, &'n [Arc<str>], &'n str, &'n Node)> {
    let text = shape.text.as_deref().and_then(|name| item.get(name));
    let lacking = shape.fields.iter().filter(|field| item.get(&field.name).is_none());
    lacking.filter_map(move |field| {
        let FieldType::Reference(kinds) = &field.ty else { return None };
        let (node, words) = (text?, text?.as_text()?);
        let (_, name) = field.inline_known.find(words)?;
        Some((field, &**kinds, words[name].trim(), node))
    })
}
