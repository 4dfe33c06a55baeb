//! Converts values to canonical form: field names, lists, ISO dates and enumeration values of the kind, no placeholders.

use std::collections::HashSet;

use crate::calendar;
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Key, Mapping, Node, Scalar, ScalarKind, Value};
use crate::profile::{Profile, TextSpans, is_placeholder, references_in};
use crate::text::Source;

#[derive(Clone, Copy)]
pub(super) struct Canonical<'a> {
    pub source: &'a Source,
    pub profile: Option<&'a Profile>,
}

impl Canonical<'_> {
    /// Converts entries to fields. An unknown key and the second key of a field keep their names; the schema rejects them.
    pub(super) fn mapping(&self, entries: impl IntoIterator<Item = Entry>, shape: &Shape) -> Mapping {
        let mut taken: HashSet<&str> = HashSet::new();
        let mut fields = Mapping::default();
        for Entry { key, value } in entries {
            let field = shape.by_key(&key.name).filter(|field| taken.insert(&field.name));
            match field {
                None => fields.push(key, value),
                Some(field) => {
                    if let Some(value) = self.field(value, field) {
                        fields.push(Key { name: field.name.clone(), span: key.span }, value);
                    }
                }
            }
        }
        fields
    }

    pub(super) fn field(&self, value: Node, field: &Field) -> Option<Node> {
        self.value(value, &field.ty, Some(field))
    }

    fn value(&self, node: Node, ty: &FieldType, field: Option<&Field>) -> Option<Node> {
        if self.is_missing(&node.value, ty) {
            return None;
        }
        let Node { span, value } = node;
        let node = |value| Node { span, value };
        match (value, ty) {
            (value, FieldType::List(inner)) => self.list(node(value), inner, field),
            (value @ Value::Sequence(_), FieldType::Reference(_)) => {
                self.one_or_more(self.list(node(value), ty, field)?)
            }
            (Value::Mapping(mapping), FieldType::Struct(shape)) => {
                Some(Node::mapping(span, self.mapping(mapping.into_entries(), shape)))
            }
            (value @ Value::Scalar(_), FieldType::Struct(shape)) => Some(expand_text(node(value), shape)),
            (value @ Value::Scalar(_), FieldType::Reference(kinds)) => {
                self.one_or_more(Node::sequence(span, self.references(node(value), kinds)))
            }
            (value @ Value::Scalar(_), FieldType::Date) => Some(self.date(node(value))),
            (Value::Scalar(scalar), _) => {
                Some(match field.and_then(|field| canonical_value(field, &scalar)) {
                    Some(word) => Node::text(span, word),
                    None => node(Value::Scalar(scalar)),
                })
            }
            (value, _) => Some(node(value)),
        }
    }

    fn is_missing(&self, value: &Value, ty: &FieldType) -> bool {
        match value {
            Value::Scalar(scalar) => self.is_absent(scalar),
            Value::Mapping(mapping) => is_template_text(mapping, ty),
            Value::Sequence(_) => false,
        }
    }

    fn one_or_more(&self, list: Node) -> Option<Node> {
        match list.value {
            Value::Sequence(mut items) if items.len() < 2 => items.pop(),
            value => Some(Node { span: list.span, value }),
        }
    }

    fn list(&self, node: Node, inner: &FieldType, field: Option<&Field>) -> Option<Node> {
        let (whole, items) = match node.value {
            Value::Sequence(items) => (Some(node.span), items),
            value => (None, vec![Node { span: node.span, value }]),
        };
        let canonical: Vec<Node> =
            items.into_iter().flat_map(|item| self.items(item, inner, field)).collect();
        let (first, last) = (canonical.first()?.span, canonical.last()?.span);
        Some(Node::sequence(whole.unwrap_or(first.to(last)), canonical))
    }

    fn items(&self, item: Node, inner: &FieldType, field: Option<&Field>) -> Vec<Node> {
        match (&item.value, inner) {
            (Value::Scalar(scalar), _) if self.is_absent(scalar) => Vec::new(),
            (Value::Scalar(_), FieldType::Reference(kinds)) => self.references(item, kinds),
            _ => self.value(item, inner, field).into_iter().collect(),
        }
    }

    pub(super) fn is_absent(&self, scalar: &Scalar) -> bool {
        scalar.kind == ScalarKind::Null
            || match self.profile {
                Some(profile) => profile.is_absent(&scalar.text),
                None => is_placeholder(&scalar.text),
            }
    }

    fn date(&self, node: Node) -> Node {
        let formats = self.profile.map_or(&[][..], |profile| &profile.date_formats);
        let written = node.as_text().unwrap_or_default();
        let date = calendar::parse_date_as(written, formats).map(|date| date.to_string());
        match date.filter(|date| date != written) {
            Some(date) => Node::text(node.span, date),
            None => node,
        }
    }

    /// Splits a text into references. References to the format's own kind must be in one of the format's forms.
    fn references(&self, node: Node, kinds: &[std::sync::Arc<str>]) -> Vec<Node> {
        let text = node.as_text().unwrap_or_default();
        let same_kind = |profile: &&Profile| matches!(kinds, [kind] if *kind == profile.kind.name);
        let profile = self.profile.filter(same_kind);
        if profile.is_none() && !is_link(text) {
            return vec![node];
        }
        let spans = TextSpans::new(self.source, &node);
        let ranges = references_in(text).into_iter();
        let named = ranges.filter_map(|range| {
            let part = &text[range.clone()];
            let named = match profile {
                Some(profile) => profile.reference(part)?,
                None => part.to_owned(),
            };
            Some(Node::text(spans.span(range), named))
        });
        named.collect()
    }
}

/// Returns true for template text such as `{list everyone}`, which YAML parses as a mapping of keys without values.
fn is_template_text(mapping: &Mapping, ty: &FieldType) -> bool {
    let innermost = match ty {
        FieldType::List(inner) => inner,
        ty => ty,
    };
    let keyed = matches!(innermost, FieldType::Struct(_) | FieldType::Any);
    !keyed && mapping.entries().iter().all(|entry| entry.value.is_null())
}

fn is_link(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[') && text.ends_with(')') && text.contains("](")
}

fn canonical_value<'a>(field: &'a Field, written: &Scalar) -> Option<&'a str> {
    let enumerated = Some(field).filter(|field| !field.values.is_empty())?;
    enumerated.canonical(&written.text).filter(|word| *word != &*written.text)
}

fn expand_text(node: Node, shape: &Shape) -> Node {
    let Some(name) = &shape.text else { return node };
    let span = node.span;
    let key = Key { name: (&**name).into(), span };
    Node::mapping(span, Mapping::new(vec![Entry { key, value: node }]))
}
