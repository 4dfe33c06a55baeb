//! Collects mentions: texts in fields that refer to records. The catalog resolves them.

use std::sync::Arc;

use super::RecordContent;
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Mapping, Node};
use crate::text::Span;

/// An unresolved reference in a field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The field of the record that contains it.
    pub field: Arc<str>,
    /// The path of names to it, such as `people.leads`; the field itself unless it is in a mapping of the field.
    pub path: Arc<str>,
    pub text: Box<str>,
    pub span: Span,
    /// The kinds that the field may refer to; empty for any kind.
    pub kinds: Arc<[Arc<str>]>,
    /// True if the field names who is accountable for the record.
    pub accountable: bool,
}

impl Mention {
    /// Returns true if it is in the field at a path, or in a part of that field.
    pub fn is_in(&self, path: &str) -> bool {
        let below = self.path.strip_prefix(path);
        below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
    }
}

impl RecordContent {
    pub(super) fn collect_mentions(&self) -> Arc<[Mention]> {
        let mut found = Vec::new();
        for (field, value) in reference_fields(&self.kind.shape, &self.fields) {
            let accountable = self.accountable().iter().any(|name| **name == *field.name);
            let path = field.name.clone();
            MentionCollector { field: &field.name, path, accountable, found: &mut found }
                .value(&field.ty, value);
        }
        found.into()
    }

    /// Collects the texts of the fields under `x-names` of the kind, such as e-mail addresses and aliases.
    pub(super) fn collect_names(&self) -> Box<[Box<str>]> {
        let fields = self.kind.names.iter().filter_map(|field| self.fields.get(field));
        let texts = fields
            .flat_map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node)))
            .filter_map(Node::as_text);
        // A title may also come from the file's name.
        let is_named_by_title = self.kind.names.iter().any(|field| **field == *"title");
        let implicit =
            self.title.as_deref().filter(|_| is_named_by_title && self.fields.get("title").is_none());
        texts.chain(implicit).map(Box::from).collect()
    }
}

fn reference_fields<'n>(shape: &'n Shape, node: &'n Node) -> impl Iterator<Item = (&'n Field, &'n Node)> {
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let known = entries.filter_map(|entry| Some((shape.field(&entry.key.name)?, &entry.value)));
    known.filter(|(field, _)| field.ty.has_references())
}

struct MentionCollector<'c> {
    field: &'c Arc<str>,
    path: Arc<str>,
    accountable: bool,
    found: &'c mut Vec<Mention>,
}

impl MentionCollector<'_> {
    fn value(&mut self, ty: &FieldType, node: &Node) {
        match ty {
            FieldType::Reference(kinds) => self.reference(kinds, node),
            FieldType::List(of) => {
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
                items.iter().for_each(|item| self.value(of, item));
            }
            FieldType::Struct(shape) => {
                let holder = self.path.clone();
                for (field, value) in reference_fields(shape, node) {
                    self.path = format!("{holder}.{}", field.name).into();
                    self.value(&field.ty, value);
                }
                self.path = holder;
            }
            FieldType::Map(map) => {
                for Entry { key, value } in node.as_mapping().map_or(&[][..], Mapping::entries) {
                    map.keys.iter().for_each(|kinds| self.add(kinds, &key.name, key.span));
                    self.value(&map.values, value);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, kinds: &Arc<[Arc<str>]>, node: &Node) {
        if let Some(items) = node.as_sequence() {
            return items.iter().for_each(|item| self.reference(kinds, item));
        }
        if let Some(text) = node.as_text() {
            self.add(kinds, text, node.span);
        }
    }

    fn add(&mut self, kinds: &Arc<[Arc<str>]>, text: &str, span: Span) {
        if text.trim().is_empty() {
            return;
        }
        self.found.push(Mention {
            field: self.field.clone(),
            path: self.path.clone(),
            text: text.into(),
            span,
            kinds: kinds.clone(),
            accountable: self.accountable,
        });
    }
}
