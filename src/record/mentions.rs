//! The mentions of other records in the fields of a record, and its other names.

use std::ops::Deref;
use std::sync::Arc;

use super::RecordContent;
use crate::kind::{FieldType, ReferencePlace, Shape};
use crate::node::{Entry, Node, exact};
use crate::text::Span;

/// An unresolved reference in a field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub place: Arc<ReferencePlace>,
    pub text: Box<str>,
    pub span: Span,
    /// True if the field names who is accountable for the record.
    pub accountable: bool,
}

impl Deref for Mention {
    type Target = ReferencePlace;

    fn deref(&self) -> &ReferencePlace {
        &self.place
    }
}

impl RecordContent {
    pub(super) fn collect_mentions(&self) -> Box<[Mention]> {
        let mut collector = MentionCollector { record: self, path: String::new(), found: Vec::new() };
        collector.fields(&self.kind.shape, &self.fields);
        exact(collector.found)
    }

    /// Collects the texts of the fields under `x-names` of the kind, such as e-mail addresses and aliases.
    pub(super) fn collect_names(&self) -> Box<[Box<str>]> {
        let fields = self.kind.names.iter().filter_map(|field| self.fields.get(field));
        let texts = fields.flat_map(Node::items).filter_map(Node::as_text);
        // A title may also come from the file's name.
        let is_named_by_title = self.kind.names.iter().any(|field| **field == *"title");
        let implicit =
            self.title.as_deref().filter(|_| is_named_by_title && self.fields.get("title").is_none());
        texts.chain(implicit).map(Box::from).collect()
    }
}

struct MentionCollector<'c> {
    record: &'c RecordContent,
    /// Of the value, as in [`ReferencePlace::path`].
    path: String,
    found: Vec<Mention>,
}

impl MentionCollector<'_> {
    fn fields(&mut self, shape: &Shape, node: &Node) {
        let holder = self.path.len();
        for Entry { key, value } in node.entries() {
            let Some(field) = shape.field(&key.name).filter(|field| field.ty.has_references()) else {
                continue;
            };
            if holder > 0 {
                self.path.push('.');
            }
            self.path.push_str(&field.name);
            self.value(&field.ty, value);
            self.path.truncate(holder);
        }
    }

    fn value(&mut self, ty: &FieldType, node: &Node) {
        match ty {
            FieldType::Reference(kinds) => {
                let texts = node.items().iter().filter_map(|item| Some((item.as_text()?, item.span)));
                texts.for_each(|(text, span)| self.add(kinds, text, span));
            }
            FieldType::List(of) => node.items().iter().for_each(|item| self.value(of, item)),
            FieldType::Struct(shape) => self.fields(shape, node),
            FieldType::Map(map) => {
                for Entry { key, value } in node.entries() {
                    map.keys.iter().for_each(|kinds| self.add(kinds, &key.name, key.span));
                    self.value(&map.values, value);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, kinds: &Arc<[Arc<str>]>, text: &str, span: Span) {
        if text.trim().is_empty() {
            return;
        }
        let is_here =
            |place: &&Arc<ReferencePlace>| *place.path == *self.path && Arc::ptr_eq(&place.kinds, kinds);
        let Some(place) = self.record.kind.reference_places().iter().find(is_here).cloned() else { return };
        let field = self.path.split('.').next().unwrap_or_default();
        let accountable = self.record.accountable().iter().any(|name| **name == *field);
        self.found.push(Mention { place, text: text.into(), span, accountable });
    }
}
