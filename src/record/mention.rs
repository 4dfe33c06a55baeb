//! What a record mentions: where a field's schema says that it names a record, the text that stands there.
//! Which record that is, if any, only all of them together can tell.

use std::sync::Arc;

use super::RecordContent;
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Mapping, Node};
use crate::text::Span;

/// A text in a record that is meant to name another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The top-level field that holds it, in kebab-case.
    pub field: Arc<str>,
    pub text: Box<str>,
    pub span: Span,
    /// The kinds that it may name.
    pub kinds: Arc<[Arc<str>]>,
    /// Whether the field names who answers for the record.
    pub accountable: bool,
}

impl RecordContent {
    /// What the record mentions, in the order of its fields.
    pub(super) fn mentioned(&self) -> Arc<[Mention]> {
        let mut found = Vec::new();
        for (field, value) in fields(&self.kind.shape, &self.fields) {
            let accountable = self.accountable().iter().any(|name| **name == *field.name);
            Collector { field: &field.name, accountable, found: &mut found }.value(&field.ty, value);
        }
        found.into()
    }

    /// The texts in the fields that its kind calls names: a person's e-mail address, a term's aliases.
    pub(super) fn named(&self) -> Box<[Box<str>]> {
        let fields = self.kind.names.iter().filter_map(|field| self.fields.get(field));
        let texts = fields
            .flat_map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node)))
            .filter_map(Node::as_text);
        texts.map(Box::from).collect()
    }
}

/// The fields of a mapping that may hold references, with their values.
fn fields<'n>(shape: &'n Shape, node: &'n Node) -> impl Iterator<Item = (&'n Field, &'n Node)> {
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let known = entries.filter_map(|entry| Some((shape.field(&entry.key.name)?, &entry.value)));
    known.filter(|(field, _)| refers(&field.ty))
}

/// Whether values of this type refer to records.
fn refers(ty: &FieldType) -> bool {
    match ty {
        FieldType::Reference(_) => true,
        FieldType::List(of) => refers(of),
        FieldType::Struct(shape) => shape.fields.iter().any(|field| refers(&field.ty)),
        _ => false,
    }
}

/// Gathers what one top-level field mentions.
struct Collector<'c> {
    field: &'c Arc<str>,
    accountable: bool,
    found: &'c mut Vec<Mention>,
}

impl Collector<'_> {
    fn value(&mut self, ty: &FieldType, node: &Node) {
        match ty {
            FieldType::Reference(kinds) => self.reference(kinds, node),
            FieldType::List(of) => {
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
                items.iter().for_each(|item| self.value(of, item));
            }
            FieldType::Struct(shape) => {
                fields(shape, node).for_each(|(field, value)| self.value(&field.ty, value))
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
