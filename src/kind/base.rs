//! What stands below a kind: what all kinds have in common, and the kind that it extends. That may allow more values: what the base says
//! of the others goes with them. Under another name, a kind refers to itself where its base does.

use serde_json::{Map, Value as Json};

use super::shape::{Initial, texts};
use super::{KINDS, fold_name};
use crate::embedded;
use crate::node::{Node, Value};
use crate::syntax::{Format, parse};
use crate::text::bare_name;

/// Returns the schema of a kind with the keys and fields of `common` that it lacks.
pub(super) fn merged(mut json: Json, common: &Json) -> Json {
    for (key, of_all) in common.as_object().into_iter().flatten() {
        match (&mut json[key], of_all) {
            (Json::Object(own), Json::Object(of_all)) => {
                let names = names_of_fields(own);
                for (name, value) in of_all {
                    own.entry(name.clone()).or_insert_with(|| without_aliases(value, &names));
                }
            }
            (Json::Array(own), Json::Array(of_all)) => {
                let missing: Vec<Json> = of_all.iter().filter(|item| !own.contains(item)).cloned().collect();
                own.splice(0..0, missing);
            }
            (own, of_all) => *own = of_all.clone(),
        }
    }
    json
}

/// Returns the schema of a kind of the user's own with what all kinds have in common. Where other fields than `owner` name who is
/// accountable, the names of that field are names of the first of them: `owner` would be a field that nothing reads.
pub(super) fn merged_own(mut json: Json, common: &Json) -> Json {
    const OWNER: &str = "owner";
    let accountable = texts(&json["x-owner"]);
    let first = accountable.first().filter(|_| accountable.iter().all(|field| **field != *OWNER));
    let Some(first) = first.filter(|_| json["properties"].get(OWNER).is_none()) else {
        return merged(json, common);
    };
    let of_owner = &common["properties"][OWNER];
    let taken = json["properties"].as_object().map_or_else(Vec::new, names_of_fields);
    let names = std::iter::once(OWNER.into()).chain(texts(&of_owner["x-aliases"]));
    let lists = [
        ("x-aliases", names.filter(|name| !taken.contains(&fold_name(name))).collect()),
        ("x-headings", texts(&of_owner["x-headings"])),
    ];
    if let Some(field) = json["properties"].get_mut(&**first).filter(|field| field.is_object()) {
        for (key, more) in lists {
            let mut all = texts(&field[key]);
            all.extend(more);
            field[key] = all.iter().map(|name| &**name).collect();
        }
    }
    let mut common = common.clone();
    if let Some(fields) = common["properties"].as_object_mut() {
        fields.remove(OWNER);
    }
    merged(json, &common)
}

/// The folded names and aliases of fields.
fn names_of_fields(fields: &Map<String, Json>) -> Vec<String> {
    let aliases = fields.values().flat_map(|field| texts(&field["x-aliases"]));
    fields.keys().map(|name| fold_name(name)).chain(aliases.map(|name| fold_name(&name))).collect()
}

/// A field of all records, without the aliases that are names of other fields.
fn without_aliases(field: &Json, names: &[String]) -> Json {
    let mut field = field.clone();
    if let Some(aliases) = field.get_mut("x-aliases").and_then(Json::as_array_mut) {
        aliases.retain(|alias| alias.as_str().is_none_or(|alias| !names.contains(&fold_name(alias))));
    }
    field
}

/// Returns the embedded kind of a name.
pub(super) fn embedded_kind(name: &str) -> Option<Node> {
    let path = embedded::paths(KINDS).find(|path| bare_name(path) == name)?;
    parse(embedded::source(path), Format::Yaml).roots.into_iter().next()
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
