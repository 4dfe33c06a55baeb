//! Reads a mapping in place of a list of mappings: each key is what identifies an item.

use crate::kind::{Field, FieldType, Shape, fold_name};
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::text::Span;

/// Returns the items that a mapping states by their keys; `None` if it is one item, or has values that no field takes.
pub(super) fn items(mapping: &Mapping, inner: &FieldType, list: Option<&Field>) -> Option<Box<[Node]>> {
    let FieldType::Struct(shape) = inner else { return None };
    let key = list.and_then(|list| shape.field(list.natural_key.as_deref()?));
    let key = key.or_else(|| shape.field("id")).or_else(|| shape.fields.first())?;
    let said = said(shape, key);
    // Of three fields, the one between what identifies the items and what is said of them: who answered a question.
    let is_other = |it: &&Field| it.name != key.name && said.is_none_or(|said| said.name != it.name);
    let between = shape.fields.iter().find(is_other).filter(|_| shape.fields.len() == 3);
    let is_item = |mapping: &Mapping| {
        let is_field = |key: &str| shape.by_key(key).or_else(|| shape.only_meaning(key)).is_some();
        2 * mapping.entries().iter().filter(|it| is_field(&it.key.name)).count() >= mapping.len()
    };
    if is_item(mapping) {
        return None;
    }
    let item = |span: Span, entries: Vec<Entry>| Node::mapping(span, Mapping::new(entries));
    let mut found = Vec::new();
    for Entry { key: written, value } in mapping.entries() {
        match (&value.value, said, between) {
            (Value::Mapping(own), Some(said), Some(between)) if !is_item(own) => {
                found.extend(own.entries().iter().map(|it| {
                    let entries = vec![text(key, written), text(between, &it.key), valued(said, &it.value)];
                    item(it.key.span.to(it.value.span), entries)
                }));
            }
            (Value::Mapping(own), ..) => {
                let named = Some(key).filter(|_| list.is_none_or(|list| !is_number_in(&written.name, list)));
                let is_open = |field: &&Field| {
                    let mut stated = own.entries().iter().filter_map(|it| shape.by_key(&it.key.name));
                    stated.all(|other| other.name != field.name)
                };
                let name = named.into_iter().chain(shape.field("id")).find(is_open);
                let name = name.map(|field| text(field, written));
                found.push(item(value.span, name.into_iter().chain(own.entries().iter().cloned()).collect()));
            }
            _ if value.is_null() => found.push(item(written.span, vec![text(key, written)])),
            (_, said, _) => {
                found.push(item(written.span.to(value.span), vec![text(key, written), valued(said?, value)]));
            }
        }
    }
    Some(found.into())
}

/// Returns the field that a value in place of an item states: its text, the second of a pair, else the first besides the key.
fn said<'s>(shape: &'s Shape, key: &Field) -> Option<&'s Field> {
    let second = shape.pair.as_ref().map(|(_, second)| &**second);
    let of_text = [second, shape.text.as_deref()].into_iter().flatten();
    let mut fields = of_text.filter_map(|name| shape.field(name)).chain(&shape.fields);
    fields.find(|field| field.name != key.name)
}

/// Returns true for the number of an item, as in `kr1`, and not its name.
fn is_number_in(key: &str, list: &Field) -> bool {
    let letters = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters_of_list = |name: &str| fold_name(name).trim_end_matches('s') == fold_name(letters);
    let mut names = list.aliases.iter().map(|alias| &**alias).chain([&*list.name]);
    letters.len() < key.len() && (letters.is_empty() || names.any(letters_of_list))
}

fn text(field: &Field, key: &Key) -> Entry {
    Entry { key: Key { name: field.name.clone(), span: key.span }, value: Node::text(key.span, &*key.name) }
}

fn valued(field: &Field, value: &Node) -> Entry {
    Entry { key: Key { name: field.name.clone(), span: value.span }, value: value.clone() }
}
