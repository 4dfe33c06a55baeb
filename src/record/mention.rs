//! Collects mentions: texts in fields that refer to records. The catalog resolves them.

use std::sync::Arc;

use super::RecordContent;
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Mapping, Node};
use crate::text::Span;

/// An unresolved reference in a field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub field: Arc<str>,
    pub text: Box<str>,
    pub span: Span,
    /// The kinds that the field may refer to; empty for any kind.
    pub kinds: Arc<[Arc<str>]>,
    /// True if the field names who is accountable for the record.
    pub accountable: bool,
}

impl RecordContent {
    pub(super) fn collect_mentions(&self) -> Arc<[Mention]> {
        let mut found = Vec::new();
        for (field, value) in reference_fields(&self.kind.shape, &self.fields) {
            let accountable = self.accountable().iter().any(|name| **name == *field.name);
            MentionCollector { field: &field.name, accountable, found: &mut found }.value(&field.ty, value);
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
    known.filter(|(field, _)| has_references(&field.ty))
}

fn has_references(ty: &FieldType) -> bool {
    match ty {
        FieldType::Reference(_) => true,
        FieldType::List(of) => has_references(of),
        FieldType::Struct(shape) => shape.fields.iter().any(|field| has_references(&field.ty)),
        _ => false,
    }
}

struct MentionCollector<'c> {
    field: &'c Arc<str>,
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
                reference_fields(shape, node).for_each(|(field, value)| self.value(&field.ty, value));
            }
            _ => {}
        }
    }

    fn reference(&mut self, kinds: &Arc<[Arc<str>]>, node: &Node) {
        if let Some(items) = node.as_sequence() {
            return items.iter().for_each(|item| self.reference(kinds, item));
        }
        let Some(text) = node.as_text().filter(|text| !text.trim().is_empty()) else { return };
        self.found.push(Mention {
            field: self.field.clone(),
            text: text.into(),
            span: node.span,
            kinds: kinds.clone(),
            accountable: self.accountable,
        });
    }
}
