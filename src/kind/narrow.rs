//! A kind that extends another one may allow fewer values: what the base says of the other values goes with them. Under another
//! name, it refers to itself where the base does.

use std::sync::Arc;

use super::shape::Initial;
use serde_json::Value as Json;

use crate::node::{Node, Value};
use crate::syntax::{Format, parse};
use crate::text::Source;

/// The embedded kind of a name; `embedded` are paths and texts.
pub(super) fn embedded_kind(name: &str, embedded: &[(&str, &str)]) -> Option<Node> {
    let (path, text) = embedded.iter().find(|(path, _)| super::name_of(path) == name)?;
    let source = Arc::new(Source::new(*path, text.as_bytes().to_vec()));
    parse(source, Format::Yaml).roots.into_iter().next()
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

/// Removes synonyms and defaults for values that a field does not allow.
pub(super) fn drop_removed_words(schema: &mut Json) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(drop_removed_words),
        Json::Object(members) => {
            if let Some(values) = members.get("enum").and_then(Json::as_array).cloned() {
                if let Some(synonyms) = members.get_mut("x-synonyms").and_then(Json::as_object_mut) {
                    synonyms.retain(|value, _| values.contains(&value.as_str().into()));
                }
                let is_default = |key: &str| matches!(key, "default" | "x-initial");
                let is_word = |value: &Json| value.as_str().is_some_and(Initial::is_word);
                members.retain(|key, value| !is_default(key) || values.contains(value) || is_word(value));
            }
            members.values_mut().for_each(drop_removed_words);
        }
        _ => {}
    }
}
