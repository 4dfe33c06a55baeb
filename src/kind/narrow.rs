//! A kind that extends another one may allow fewer values: what the base says of the other values goes with them. Under another
//! name, it refers to itself where the base does.

use std::sync::Arc;

use crate::node::{Entry, Mapping, Node, Value, edit_list};
use crate::syntax::{Format, parse};
use crate::text::{Source, Span};

/// The embedded kind of a name; `embedded` are paths and texts.
pub(super) fn embedded_kind(name: &str, embedded: &[(&str, &str)]) -> Option<Node> {
    let (path, text) = embedded.iter().find(|(path, _)| super::name_of(path) == name)?;
    let source = Arc::new(Source::new(*path, text.as_bytes().to_vec()));
    parse(source, Format::Yaml).roots.into_iter().next()
}

/// The embedded kind that a kind extends.
pub(super) fn base_of(root: &Node, embedded: &[(&str, &str)]) -> Option<Node> {
    embedded_kind(root.get("base")?.as_text()?, embedded)
}

/// Lets the references of a base to its own kind refer to the kind that extends it.
pub(super) fn refer_to(node: &mut Node, base: &str, own: &str) {
    match &mut node.value {
        Value::Mapping(mapping) => {
            for entry in mapping.entries_mut() {
                match &*entry.key.name {
                    "x-ref" => rename(&mut entry.value, base, own),
                    _ => refer_to(&mut entry.value, base, own),
                }
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(|item| refer_to(item, base, own)),
        Value::Scalar(_) => {}
    }
}

fn rename(names: &mut Node, base: &str, own: &str) {
    if names.as_text() == Some(base) {
        *names = Node::text(names.span, own);
    } else if let Value::Sequence(items) = &mut names.value {
        items.iter_mut().for_each(|item| rename(item, base, own));
    }
}

/// Removes synonyms, defaults and lists of statuses of the base, whose parts are at `base`, for values that the kind does not
/// allow.
pub(super) fn drop_removed_words(kind: &mut Node, base: Span) {
    let status = kind.get("x-status").and_then(Node::as_text).map(str::to_owned);
    let Some(fields) = get_mut(kind, "properties") else { return };
    let statuses = status.and_then(|status| own_values(fields.get(&status)?, base));
    drop_below(fields, base);
    for key in ["x-live", "x-draft"] {
        if let (Some(allowed), Some(list)) = (&statuses, get_mut(kind, key))
            && let Value::Sequence(items) = &mut list.value
        {
            edit_list(items, |items| items.retain(|item| item.span != base || is_one_of(item, allowed)));
        }
    }
}

fn drop_below(node: &mut Node, base: Span) {
    for entry in mapping_mut(Some(node)).into_iter().flat_map(Mapping::entries_mut) {
        if let Some(values) = own_values(&entry.value, base) {
            drop_from_field(&mut entry.value, base, &values);
        }
        drop_below(&mut entry.value, base);
    }
}

/// The values that the kind itself lists for a field of its base.
fn own_values(field: &Node, base: Span) -> Option<Vec<String>> {
    let values = field.get("enum").filter(|values| values.span != base)?.as_sequence()?;
    Some(values.iter().filter_map(Node::as_text).map(str::to_owned).collect())
}

fn drop_from_field(field: &mut Node, base: Span, allowed: &[String]) {
    if let Some(synonyms) = mapping_mut(get_mut(field, "x-synonyms")) {
        let is_removed =
            |entry: &Entry| entry.key.span == base && allowed.iter().all(|value| **value != *entry.key.name);
        synonyms.edit(|entries| entries.retain(|entry| !is_removed(entry)));
    }
    if let Some(mapping) = mapping_mut(Some(field)) {
        let is_removed = |value: &Node| value.span == base && !is_one_of(value, allowed);
        let is_default = |entry: &Entry| matches!(&*entry.key.name, "default" | "x-initial");
        mapping.edit(|entries| entries.retain(|entry| !is_default(entry) || !is_removed(&entry.value)));
    }
}

fn is_one_of(value: &Node, allowed: &[String]) -> bool {
    value.as_text().is_some_and(|text| allowed.iter().any(|one| one == text))
}

fn get_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let entries = mapping_mut(Some(node))?.entries_mut();
    entries.iter_mut().find(|entry| &*entry.key.name == key).map(|entry| &mut entry.value)
}

fn mapping_mut(node: Option<&mut Node>) -> Option<&mut Mapping> {
    match &mut node?.value {
        Value::Mapping(mapping) => Some(mapping),
        _ => None,
    }
}
