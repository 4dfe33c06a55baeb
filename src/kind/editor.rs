//! One JSON Schema of record files for editors. It is more lenient than the kinds, because an editor can't normalise values
//! or read other files and would mark valid text as wrong.

use serde_json::{Map, Value, json};

use super::Kinds;

/// Returns the schema of a structured file: one record with a `kind`, or several under the names of their kinds.
pub fn records_schema(kinds: &Kinds) -> Value {
    let by_kind_key = kinds.iter().map(|kind| {
        let names: Vec<&str> = kind.called().collect();
        json!({
            "if": { "required": ["kind"], "properties": { "kind": { "enum": names } } },
            "then": { "$ref": format!("#/$defs/{}", kind.name) },
        })
    });
    let by_kind_name = kinds.iter().flat_map(|kind| {
        let of_fields = json!({ "$ref": format!("#/$defs/{}", kind.name) });
        let record = match &kind.value_field {
            Some(field) => {
                let value = format!("#/$defs/{}/properties/{field}", kind.name);
                json!({ "anyOf": [of_fields, { "$ref": value }] })
            }
            None => of_fields,
        };
        let records = json!({
            "description": kind.description,
            "anyOf": [
                { "type": "array", "items": record },
                { "type": "object", "additionalProperties": record },
            ],
        });
        kind.called().map(move |name| (name.to_owned(), records.clone()))
    });
    let kind_names: Vec<&str> = kinds.iter().map(|kind| &*kind.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "alignlint:schemas/records",
        "title": "Records",
        "description": "Records of one or several kinds, each kind under its plural name.",
        "if": { "type": "object", "required": ["kind"] },
        "then": {
            "properties": { "kind": { "anyOf": [{ "enum": kind_names }, true] } },
            "allOf": by_kind_key.collect::<Vec<Value>>(),
        },
        "else": { "properties": by_kind_name.collect::<Map<String, Value>>() },
        "$defs": kinds.iter().map(|kind| (kind.name.to_string(), relax(&kind.json))).collect::<Map<_, _>>(),
    })
}

fn relax(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => {
            let is_list = |value: &Value| {
                value == "array" || value.as_array().is_some_and(|it| it.contains(&json!("array")))
            };
            let keywords = keywords.iter().filter(|(key, value)| match key.as_str() {
                "required" => false,
                "type" => !is_list(value),
                key => !key.starts_with("x-"),
            });
            Value::Object(keywords.map(|(key, value)| relax_keyword(key, value)).collect())
        }
        Value::Array(items) => items.iter().map(relax).collect(),
        other => other.clone(),
    }
}

fn relax_keyword(key: &str, value: &Value) -> (String, Value) {
    match key {
        "properties" | "$defs" | "patternProperties" => (key.to_owned(), relax_properties(value)),
        // Offers the values for completion, but accepts any.
        "enum" => ("anyOf".to_owned(), json!([{ "enum": value }, true])),
        _ => (key.to_owned(), relax(value)),
    }
}

fn relax_properties(properties: &Value) -> Value {
    let properties = properties.as_object().into_iter().flatten();
    let mut all: Map<String, Value> =
        properties.clone().map(|(name, schema)| (name.clone(), relax(schema))).collect();
    for (name, schema) in properties {
        let aliases = schema["x-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for alias in aliases {
            let aliased = all[name].clone();
            all.entry(alias).or_insert(aliased);
        }
    }
    Value::Object(all)
}
