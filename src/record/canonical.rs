//! The canonical view of what a file holds: the kind's names for keys, lists where it wants lists, ISO
//! dates, its own words for values, and nothing where a value is still to come. Spans stay the file's.

use std::collections::HashSet;

use crate::calendar;
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Key, Mapping, Node, Scalar, ScalarKind, Value};
use crate::profile::{Held, Profile, is_placeholder, references_in};
use crate::text::Source;

/// How the values of one file are brought into the canonical view.
#[derive(Clone, Copy)]
pub(super) struct Canonical<'a> {
    pub source: &'a Source,
    pub profile: Option<&'a Profile>,
}

impl Canonical<'_> {
    /// The fields of a mapping with these entries, in their order. A key that is no field keeps its name, and so
    /// does the later of two keys for one field: the schema refuses both.
    pub fn mapping(&self, entries: impl IntoIterator<Item = Entry>, shape: &Shape) -> Mapping {
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

    /// The value of a field; none where nothing stands there yet.
    pub fn field(&self, value: Node, field: &Field) -> Option<Node> {
        self.value(value, &field.ty, Some(field))
    }

    /// Recursion ends with the type's own depth.
    fn value(&self, node: Node, ty: &FieldType, field: Option<&Field>) -> Option<Node> {
        if self.is_nothing(&node.value, ty) {
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
            (value @ Value::Scalar(_), FieldType::Struct(shape)) => Some(spelt_out(node(value), shape)),
            (value @ Value::Scalar(_), FieldType::Reference(kinds)) => {
                self.one_or_more(Node::sequence(span, self.references(node(value), kinds)))
            }
            (value @ Value::Scalar(_), FieldType::Date) => Some(self.date(node(value))),
            (Value::Scalar(scalar), _) => {
                Some(match field.and_then(|field| canonical_word(field, &scalar)) {
                    Some(word) => Node::text(span, word),
                    None => node(Value::Scalar(scalar)),
                })
            }
            (value, _) => Some(node(value)),
        }
    }

    /// Whether what stands where a value of this type is wanted is none yet.
    fn is_nothing(&self, value: &Value, ty: &FieldType) -> bool {
        match value {
            Value::Scalar(scalar) => self.is_absent(scalar),
            Value::Mapping(mapping) => is_template_text(mapping, ty),
            Value::Sequence(_) => false,
        }
    }

    /// A reference that may also be several: one of them stands alone.
    fn one_or_more(&self, list: Node) -> Option<Node> {
        match list.value {
            Value::Sequence(mut items) if items.len() < 2 => items.pop(),
            value => Some(Node { span: list.span, value }),
        }
    }

    /// A list, also where one value stands alone.
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

    /// One item of a file's list; a text that holds several references is several.
    fn items(&self, item: Node, inner: &FieldType, field: Option<&Field>) -> Vec<Node> {
        match (&item.value, inner) {
            (Value::Scalar(scalar), _) if self.is_absent(scalar) => Vec::new(),
            (Value::Scalar(_), FieldType::Reference(kinds)) => self.references(item, kinds),
            _ => self.value(item, inner, field).into_iter().collect(),
        }
    }

    /// Whether nothing stands here yet.
    pub fn is_absent(&self, scalar: &Scalar) -> bool {
        scalar.kind == ScalarKind::Null
            || match self.profile {
                Some(profile) => profile.is_absent(&scalar.text),
                None => is_placeholder(&scalar.text),
            }
    }

    fn date(&self, node: Node) -> Node {
        let formats = self.profile.map_or(&[][..], |profile| &profile.dates);
        let written = node.as_text().unwrap_or_default();
        let date = calendar::parse_date_as(written, formats).map(|date| date.to_string());
        match date.filter(|date| date != written) {
            Some(date) => Node::text(node.span, date),
            None => node,
        }
    }

    /// The references in a text. What a foreign format writes in no form of a reference refers to
    /// something else, and is none. People and teams are named as they are.
    fn references(&self, node: Node, kinds: &[std::sync::Arc<str>]) -> Vec<Node> {
        let text = node.as_text().unwrap_or_default();
        let to_its_own = |profile: &&Profile| matches!(kinds, [kind] if *kind == profile.kind.name);
        let profile = self.profile.filter(to_its_own);
        if profile.is_none() && !is_link(text) {
            return vec![node];
        }
        let held = Held::of(self.source, &node);
        let ranges = references_in(text).into_iter();
        let named = ranges.filter_map(|range| {
            let part = &text[range.clone()];
            let named = match profile {
                Some(profile) => profile.reference(part)?,
                None => part.to_owned(),
            };
            Some(Node::text(held.span(range), named))
        });
        named.collect()
    }
}

/// Whether a mapping is template text in braces, such as `{list everyone}`, which YAML takes for keys
/// without values.
fn is_template_text(mapping: &Mapping, ty: &FieldType) -> bool {
    let innermost = match ty {
        FieldType::List(inner) => inner,
        ty => ty,
    };
    let keyed = matches!(innermost, FieldType::Struct(_) | FieldType::Any);
    !keyed && mapping.entries().iter().all(|entry| entry.value.is_null())
}

/// Whether the whole text is one Markdown link.
fn is_link(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[') && text.ends_with(')') && text.contains("](")
}

/// The kind's own word for a value of an enumeration that is written otherwise.
fn canonical_word<'a>(field: &'a Field, written: &Scalar) -> Option<&'a str> {
    let enumerated = Some(field).filter(|field| !field.values.is_empty())?;
    enumerated.canonical(&written.text).filter(|word| *word != &*written.text)
}

/// A text in place of a mapping, as the one field of it that the text is meant for.
fn spelt_out(node: Node, shape: &Shape) -> Node {
    let Some(name) = &shape.text else { return node };
    let span = node.span;
    let key = Key { name: (&**name).into(), span };
    Node::mapping(span, Mapping::new(vec![Entry { key, value: node }]))
}
