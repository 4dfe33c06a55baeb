//! The fields of a record, parsed or decoded from the parse cache on first use, and the mentions of other records in them.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::RecordContent;
use crate::kind::{Field, FieldType, ReferencePlace, Shape};
use crate::lazy::Lazy;
use crate::node::{Entry, Node, exact};
use crate::text::{Source, Span};

/// A mapping from field names to values.
pub struct Fields(FieldsState);

enum FieldsState {
    Parsed(Node),
    Cached(Lazy<Node>),
}

impl Fields {
    /// Creates fields that are decoded on first use.
    pub fn lazy(decode: impl FnOnce() -> Node + Send + Sync + 'static) -> Fields {
        Fields(FieldsState::Cached(Lazy::new(decode)))
    }

    /// Frees the texts that stand in the source as they are.
    pub fn read_from(&mut self, source: &Arc<Source>) {
        if let FieldsState::Parsed(tree) = &mut self.0 {
            tree.read_from(source);
        }
    }
}

impl Clone for Fields {
    fn clone(&self) -> Fields {
        Node::clone(self).into()
    }
}

impl From<Node> for Fields {
    fn from(tree: Node) -> Fields {
        Fields(FieldsState::Parsed(tree))
    }
}

impl Deref for Fields {
    type Target = Node;

    fn deref(&self) -> &Node {
        match &self.0 {
            FieldsState::Parsed(tree) => tree,
            FieldsState::Cached(tree) => tree,
        }
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

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
        let mut found = Vec::new();
        for (field, value) in reference_fields(&self.kind.shape, &self.fields) {
            let accountable = self.accountable().iter().any(|name| **name == *field.name);
            let (places, path) = (self.kind.reference_places(), field.name.to_string());
            MentionCollector { places, path, accountable, found: &mut found }.value(&field.ty, value);
        }
        exact(found)
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

fn reference_fields<'n>(shape: &'n Shape, node: &'n Node) -> impl Iterator<Item = (&'n Field, &'n Node)> {
    let entries = node.entries().iter();
    let known = entries.filter_map(|entry| Some((shape.field(&entry.key.name)?, &entry.value)));
    known.filter(|(field, _)| field.ty.has_references())
}

struct MentionCollector<'c> {
    /// Of the kind.
    places: &'c [Arc<ReferencePlace>],
    path: String,
    accountable: bool,
    found: &'c mut Vec<Mention>,
}

impl MentionCollector<'_> {
    fn value(&mut self, ty: &FieldType, node: &Node) {
        match ty {
            FieldType::Reference(kinds) => self.reference(kinds, node),
            FieldType::List(of) => {
                let items = node.items();
                items.iter().for_each(|item| self.value(of, item));
            }
            FieldType::Struct(shape) => {
                let holder = self.path.len();
                for (field, value) in reference_fields(shape, node) {
                    self.path.push('.');
                    self.path.push_str(&field.name);
                    self.value(&field.ty, value);
                    self.path.truncate(holder);
                }
            }
            FieldType::Map(map) => {
                for Entry { key, value } in node.entries() {
                    map.keys.iter().for_each(|kinds| self.add(kinds, &key.name, key.span));
                    self.value(&map.values, value);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, kinds: &Arc<[Arc<str>]>, node: &Node) {
        for item in node.items() {
            if let Some(text) = item.as_text() {
                self.add(kinds, text, item.span);
            }
        }
    }

    fn add(&mut self, kinds: &Arc<[Arc<str>]>, text: &str, span: Span) {
        if text.trim().is_empty() {
            return;
        }
        let is_here =
            |place: &&Arc<ReferencePlace>| *place.path == *self.path && Arc::ptr_eq(&place.kinds, kinds);
        let place = self.places.iter().find(is_here);
        self.found.extend(place.map(|place| Mention {
            place: place.clone(),
            text: text.into(),
            span,
            accountable: self.accountable,
        }));
    }
}
