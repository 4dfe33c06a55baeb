//! One JSON Schema of record files for editors. It is more lenient than the kinds, since an editor knows neither alternative
//! spellings nor other files, and must not underline what is valid.

use serde_json::{Map, Value, json};

use super::{Kind, Kinds};

/// Returns the schema of a structured file: one record with a `kind`, or several under the names of their kinds.
pub fn records_schema(kinds: &Kinds) -> Value {
    let one = kinds.iter().map(|kind| {
        let names: Vec<&str> = names(kind).collect();
        json!({
            "if": { "required": ["kind"], "properties": { "kind": { "enum": names } } },
            "then": { "$ref": format!("#/$defs/{}", kind.name) },
        })
    });
    let several = kinds.iter().flat_map(|kind| {
        let records = json!({
            "description": kind.description,
            "anyOf": [
                { "type": "array", "items": { "$ref": format!("#/$defs/{}", kind.name) } },
                { "type": "object", "additionalProperties": { "$ref": format!("#/$defs/{}", kind.name) } },
            ],
        });
        names(kind).map(move |name| (name.to_owned(), records.clone()))
    });
    let known: Vec<&str> = kinds.iter().map(|kind| &*kind.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "alignlint:schemas/records",
        "title": "Records",
        "description": "Records of one or several kinds, each kind under its plural name.",
        "if": { "type": "object", "required": ["kind"] },
        "then": {
            "properties": { "kind": { "anyOf": [{ "enum": known }, true] } },
            "allOf": one.collect::<Vec<Value>>(),
        },
        "else": { "properties": several.collect::<Map<String, Value>>() },
        "$defs": kinds.iter().map(|kind| (kind.name.to_string(), lenient(&kind.json))).collect::<Map<_, _>>(),
    })
}

fn names(kind: &Kind) -> impl Iterator<Item = &str> {
    [&*kind.plural, &*kind.name].into_iter().chain(kind.aliases.iter().map(|alias| &**alias))
}

fn lenient(schema: &Value) -> Value {
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
            Value::Object(keywords.map(|(key, value)| keyword(key, value)).collect())
        }
        Value::Array(several) => several.iter().map(lenient).collect(),
        other => other.clone(),
    }
}

fn keyword(key: &str, value: &Value) -> (String, Value) {
    match key {
        "properties" | "$defs" | "patternProperties" => (key.to_owned(), fields(value)),
        "enum" => ("anyOf".to_owned(), json!([{ "enum": value }, true])),
        "items" | "prefixItems" | "additionalProperties" | "anyOf" | "oneOf" | "allOf" => {
            (key.to_owned(), lenient(value))
        }
        _ => (key.to_owned(), value.clone()),
    }
}

fn fields(properties: &Value) -> Value {
    let properties = properties.as_object().into_iter().flatten();
    let mut all: Map<String, Value> =
        properties.clone().map(|(name, schema)| (name.clone(), lenient(schema))).collect();
    for (name, schema) in properties {
        let aliases = schema["x-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for alias in aliases {
            let same = all[name].clone();
            all.entry(alias).or_insert(same);
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

    fn underlined(schema: &Schema, text: &str) -> Vec<String> {
        let document = parse(Arc::new(Source::new("file.yaml", text.as_bytes().to_vec())), Format::Yaml);
        let root = document.roots.first().expect("one document");
        schema.violations(root).into_iter().map(|violation| violation.message.to_string()).collect()
    }

    #[test]
    fn nothing_is_underlined_in_files_that_are_right() {
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
                    assert_eq!(underlined(&schema, &text), Vec::<String>::new(), "{}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 5, "{seen}");
    }

    #[test]
    fn other_names_and_spellings_are_left_alone_and_other_types_are_not() {
        let schema = schema();
        let fine = "goals:\n  O-1: { title: T, owned-by: ada, state: On Track }\nadr: [{ identifier: 7, status: WIP }]\n";
        assert_eq!(underlined(&schema, fine), Vec::<String>::new());
        assert_eq!(underlined(&schema, "kind: decision\nassumptions: [A-1]\n"), Vec::<String>::new());
        for wrong in ["decisions: none\n", "people:\n  - { id: ada, nmae: Ada }\n", "kind: kpi\nunit: [a]\n"]
        {
            assert_ne!(underlined(&schema, wrong), Vec::<String>::new(), "{wrong}");
        }
    }
}
