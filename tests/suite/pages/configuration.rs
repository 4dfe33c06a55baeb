//! `docs/configuration.md`: the keys of `alignlint.yaml`, as its schema describes them.

use alignlint::config::FailOn;
use alignlint::syntax::Format;
use regex::Regex;
use serde_json::Value;

use crate::kit::{assert_golden, project_file};

const HEAD: &str = "# The configuration\n\n\
    The file `alignlint.yaml` at the root of a repository (or `.alignlint.yaml`) chooses rules and says where records are; without it, the preset `recommended`\n\
    applies. `alignlint init` writes one, and editors check it against its schema, `schemas/config.schema.json`. \
    [adoption.md](adoption.md)\nsays when to use which key.\n\n\
    `alignlint config` prints the configuration that applies, merged from the file, the presets and the defaults: each value with the line that\n\
    states it, the preset that a rule is in, or `default`. With `--policy-from REV` it prints the one that a change is checked by, and with\n\
    `--format json` a list of values with JSON pointers and origins. The YAML is itself a configuration that says the same, except that a\n\
    stated severity replaces the conditions of a rule.\n\n\
    An `alignlint.yaml` in a folder below the root is not followed in a run that starts above it: [projects](cli.md#projects).\n";

/// A value on one line, as YAML with quotes only where they are needed.
fn flow(value: &Value) -> String {
    let plain = Regex::new(r#""([A-Za-z./][A-Za-z0-9./_-]*)""#).expect("a pattern");
    let spaced = value.to_string().replace("\":", "\": ").replace("\",\"", "\", \"").replace("],\"", "], \"");
    plain.replace_all(&spaced.replace("},\"", "}, \""), "$1").into_owned()
}

/// The table of the keys of a mapping.
fn table(properties: &Value) -> String {
    let keys = properties.as_object().expect("keys").iter().filter(|(key, _)| *key != "$schema");
    let rows = keys.map(|(key, schema)| {
        let example = &schema["examples"][0];
        let example = if example.is_null() { String::new() } else { format!("`{key}: {}`", flow(example)) };
        format!("| `{key}` | {} | {example} |\n", schema["description"].as_str().expect("a description"))
    });
    format!("| key | meaning | example |\n|---|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn the_keys_are_those_of_the_schema() {
    let schema: Value = serde_json::from_str(&project_file("schemas/config.schema.json")).expect("JSON");
    let place = &schema["$defs"]["record-place"]["properties"];
    let page =
        format!("{HEAD}\n{}\n## A place under `records`\n\n{}", table(&schema["properties"]), table(place));
    assert_golden("docs/configuration.md", &page);
}

#[test]
fn the_program_reads_what_the_schema_lists() {
    let schema: Value = serde_json::from_str(&project_file("schemas/config.schema.json")).expect("JSON");
    let (reader, keys) = (project_file("src/config/read.rs"), &schema["properties"]);
    for key in keys.as_object().expect("keys").keys().filter(|key| *key != "$schema") {
        assert!(reader.contains(&format!("\"{key}\" =>")), "{key}");
    }
    assert_eq!(keys["fail-on"]["enum"], serde_json::json!(FailOn::NAMES));
    let formats = &schema["$defs"]["record-place"]["properties"]["as"]["enum"];
    assert_eq!(*formats, serde_json::json!(Format::NAMES.map(|(name, _)| name)));
}
