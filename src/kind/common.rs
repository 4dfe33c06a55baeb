//! Adds to a kind what all kinds have in common.

use serde_json::Value;

use super::fold_name;

/// Returns the schema of a kind with the keys and fields of `common` that it lacks.
pub(super) fn merged(mut json: Value, common: &Value) -> Value {
    for (key, of_all) in common.as_object().into_iter().flatten() {
        match (&mut json[key], of_all) {
            (Value::Object(own), Value::Object(of_all)) => {
                let names: Vec<String> = own.keys().map(|name| fold_name(name)).collect();
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

/// A field of all records, without the aliases that are names of fields of the kind.
fn without_aliases(field: &Value, names: &[String]) -> Value {
    let mut field = field.clone();
    if let Some(aliases) = field.get_mut("x-aliases").and_then(Value::as_array_mut) {
        aliases.retain(|alias| alias.as_str().is_none_or(|alias| !names.contains(&fold_name(alias))));
    }
    field
}
