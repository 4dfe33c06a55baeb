//! A kind that extends another one may allow fewer values: what the base says of the other values goes with them. Under another
//! name, it refers to itself where the base does.

use std::sync::Arc;

use crate::finding::Fault;
use crate::node::{Entry, Mapping, Node, Value, edit_list};
use crate::schema::nearest;
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

/// The fault of a status that the base lacks: a slip for one of the base's, or a new name of an active status or a draft's, of
/// which the lists of the base say nothing.
pub(super) fn renamed_status(kind: &Node, base: &Node) -> Option<(Fault, Span)> {
    let name = base.get("x-status")?.as_text()?;
    let statuses = |kind: &Node| kind.get("properties")?.get(name)?.get("enum").cloned();
    let (own, former) = (statuses(kind)?, statuses(base)?);
    let removed: Vec<&str> = texts(&former).filter(|word| !texts(&own).any(|own| own == *word)).collect();
    let items = own.as_sequence()?.iter();
    let added: Vec<&Node> =
        items.filter(|item| !texts(&former).any(|word| item.as_text() == Some(word))).collect();
    for value in &added {
        let word = value.as_text()?;
        if let Some(meant) = nearest(word, removed.iter().copied()) {
            let fault = Fault::new(format!("unknown status `{word}`: the base has `{meant}`"));
            let help = format!(
                "write `{meant}`; to read `{word}` as it, add `x-synonyms: {{ {meant}: [{word}] }}` beside `enum`"
            );
            return Some((fault.help(help), value.span));
        }
    }
    const LISTS: [&str; 2] = ["x-live", "x-draft"];
    if LISTS.iter().any(|key| kind.get(key).is_some()) {
        return None;
    }
    for key in LISTS {
        let lost = base.get(key).and_then(|list| texts(list).find(|word| removed.contains(word)));
        let (Some(lost), Some(first)) = (lost, added.first()) else { continue };
        let word = first.as_text()?;
        let fault =
            Fault::new(format!("no list of statuses names `{word}`: `{key}` of the base has `{lost}`"));
        let help = format!(
            "keep `{lost}` in `enum` and read `{word}` as it, with `x-synonyms: {{ {lost}: [{word}] }}` beside `enum`; or add `{key}` with the statuses that belong there"
        );
        return Some((fault.help(help), first.span));
    }
    None
}

fn texts(list: &Node) -> impl Iterator<Item = &str> {
    list.as_sequence().into_iter().flatten().filter_map(Node::as_text)
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
