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
        "items" | "prefixItems" | "additionalProperties" | "anyOf" | "oneOf" | "allOf" => {
            (key.to_owned(), relax(value))
        }
        _ => (key.to_owned(), value.clone()),
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::schema::Schema;
    use crate::syntax::{Format, parse};
    use crate::text::Source;

    fn schema() -> Schema {
        let kinds = Kinds::load(&[]).expect("the embedded kinds have no faults");
        Schema::compile(&records_schema(&kinds)).expect("a schema")
    }

    fn violations(schema: &Schema, text: &str) -> Vec<String> {
        let document = parse(Arc::new(Source::new("file.yaml", text.as_bytes().to_vec())), Format::Yaml);
        let root = document.roots.first().expect("one document");
        schema.violations(root).into_iter().map(|violation| violation.message.clone()).collect()
    }

    #[test]
    fn valid_files_match_the_schema() {
        let schema = schema();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/clean")];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the example is there") {
                let path = entry.expect("its folders can be listed").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "yaml") {
                    let text = fs::read_to_string(&path).expect("its files are text");
                    assert_eq!(violations(&schema, &text), Vec::<String>::new(), "{}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 5, "{seen}");
    }

    #[test]
    fn aliases_are_accepted_and_wrong_types_rejected() {
        let schema = schema();
        let fine = "goals:\n  O-1: { title: T, owned-by: ada, state: On Track }\nadr: [{ identifier: 7, status: WIP }]\n";
        assert_eq!(violations(&schema, fine), Vec::<String>::new());
        assert_eq!(violations(&schema, "kind: decision\nassumptions: [A-1]\n"), Vec::<String>::new());
        for wrong in ["decisions: none\n", "people:\n  - { id: ada, nmae: Ada }\n", "kind: kpi\nunit: [a]\n"]
        {
            assert_ne!(violations(&schema, wrong), Vec::<String>::new(), "{wrong}");
        }
    }
}
