//! The keys of the parts of a rule file, from its schema.

use std::fmt::Write as _;

use serde_json::Value;

use crate::embedded;

/// The parts of a rule file that are mappings, each with its place in the schema.
const PARTS: [(&str, &str); 6] = [
    ("A parameter under `params`", "/$defs/param"),
    ("`related`", "/properties/related"),
    ("`fix`", "/properties/fix"),
    ("An example under `examples`", "/$defs/example"),
    ("A finding under `finds`", "/$defs/example/properties/finds/items"),
    ("A commit under `history`", "/$defs/commit"),
];

/// Adds a table for each part.
pub(super) fn add(page: &mut String) {
    let schema = embedded::file("schemas/rule.schema.json").unwrap_or_default();
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    page.push_str("\n## Keys below other keys\n");
    for (title, pointer) in PARTS {
        let _ = write!(page, "\n### {title}\n\n| key | meaning |\n|---|---|\n");
        let part = schema.pointer(pointer).unwrap_or(&Value::Null);
        let keys = part["properties"].as_object();
        for (name, key) in keys.into_iter().flatten() {
            let _ = writeln!(page, "| `{name}` | {} |", meaning(part, name, key));
        }
    }
}

/// The description as a part of a table, with the values that there are and whether the key is needed.
fn meaning(part: &Value, name: &str, key: &Value) -> String {
    let description = key["description"].as_str().unwrap_or_default().trim_end_matches('.');
    let values = key["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
    let are_told = values.iter().all(|value| description.contains(value));
    let values = if are_told { String::new() } else { format!("; one of {}", values.join(", ")) };
    let is_required = part["required"].as_array().is_some_and(|keys| keys.iter().any(|key| key == name));
    let required = if is_required { ". Required" } else { "" };
    format!("{}{values}{required}", uncapital(&description.replace('|', "\\|")))
}

fn uncapital(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next();
    first.into_iter().flat_map(char::to_lowercase).chain(rest).collect()
}
