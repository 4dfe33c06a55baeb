//! Adds to a kind what all kinds have in common.

use serde_json::{Map, Value};

use super::fold_name;
use super::shape::texts;

/// Returns the schema of a kind with the keys and fields of `common` that it lacks.
pub(super) fn merged(mut json: Value, common: &Value) -> Value {
    for (key, of_all) in common.as_object().into_iter().flatten() {
        match (&mut json[key], of_all) {
            (Value::Object(own), Value::Object(of_all)) => {
                let names = names_of_fields(own);
                for (name, value) in of_all {
                    own.entry(name.clone()).or_insert_with(|| without_aliases(value, &names));
                }
            }
            (Value::Array(own), Value::Array(of_all)) => {
                let missing: Vec<Value> = of_all.iter().filter(|item| !own.contains(item)).cloned().collect();
                own.splice(0..0, missing);
            }
            (own, of_all) => *own = of_all.clone(),
        }
    }
    json
}

/// Returns the schema of a kind of the user's own with what all kinds have in common. Where other fields than `owner` name who is
/// accountable, the names of that field are names of the first of them: `owner` would be a field that nothing reads.
pub(super) fn merged_own(mut json: Value, common: &Value) -> Value {
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
fn names_of_fields(fields: &Map<String, Value>) -> Vec<String> {
    let aliases = fields.values().flat_map(|field| texts(&field["x-aliases"]));
    fields.keys().map(|name| fold_name(name)).chain(aliases.map(|name| fold_name(&name))).collect()
}

/// A field of all records, without the aliases that are names of other fields.
fn without_aliases(field: &Value, names: &[String]) -> Value {
    let mut field = field.clone();
    if let Some(aliases) = field.get_mut("x-aliases").and_then(Value::as_array_mut) {
        aliases.retain(|alias| alias.as_str().is_none_or(|alias| !names.contains(&fold_name(alias))));
    }
    field
}
