//! Keywords that say nothing about values of the type of their field, and defaults that are no values of it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use crate::embedded;
use crate::finding::Fault;
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema::{Schema, to_json};
use crate::text::{Source, Span};

type Types = Vec<Box<str>>;

/// The types of the values that each keyword is about, where it is not about all: `x-types` in the schema of kinds.
static KEYWORDS: LazyLock<HashMap<Box<str>, Types>> = LazyLock::new(|| {
    let schema = embedded::file("schemas/kind.schema.json").unwrap_or_default();
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let keywords = schema["$defs"]["field"]["properties"].as_object().into_iter().flatten();
    let texts = |types: &Value| -> Option<Types> {
        Some(types.as_array()?.iter().filter_map(Value::as_str).map(Box::from).collect())
    };
    keywords.filter_map(|(name, keyword)| Some((name.as_str().into(), texts(&keyword["x-types"])?))).collect()
});

/// Returns a fault for each keyword that can never apply, among the keys that `is_own` accepts.
pub(super) fn misplaced_keywords(schema: &Node, is_own: impl Fn(&Key) -> bool) -> Vec<(Fault, Span)> {
    let types = texts(schema.get("type"));
    let entries = schema.as_mapping().map_or(&[][..], Mapping::entries);
    let own = entries.iter().filter(|entry| !types.is_empty() && is_own(&entry.key));
    own.filter_map(|entry| Some((misplaced(schema, &types, entry)?, entry.key.span))).collect()
}

fn misplaced(schema: &Node, types: &[&str], entry: &Entry) -> Option<Fault> {
    let (name, value) = (&*entry.key.name, &entry.value);
    let of = match name {
        "enum" => types_of_values(value)?,
        _ => KEYWORDS.get(name)?.iter().map(|ty| &**ty).collect(),
    };
    if of.iter().any(|ty| types.contains(ty)) {
        return None;
    }
    let first = of.first()?;
    if !types.contains(&"array") {
        let message = format!("`{name}` says nothing about `type: {}`", types.join(", "));
        return Some(Fault::new(message).help(format!("write `type: {first}`, or remove `{name}`")));
    }
    let help = match (schema.get("items"), flow(value)) {
        (None, Some(value)) => format!("write `items: {{ type: {first}, {name}: {value} }}`"),
        _ => format!("move `{name}` into `items: {{ … }}`"),
    };
    Some(Fault::new(format!("`{name}` belongs under `items`: it is about each item")).help(help))
}

/// The types of values that are all texts, numbers and booleans.
fn types_of_values(values: &Node) -> Option<Vec<&'static str>> {
    let is_scalar = |value: &Node| value.as_scalar().is_some();
    let scalars = values.as_sequence()?.iter().all(is_scalar);
    scalars.then(|| vec!["string", "integer", "number", "boolean", "null"])
}

/// A text, or a list of texts, on one line.
fn flow(value: &Node) -> Option<String> {
    match value.as_sequence() {
        Some(items) => {
            let items: Option<Vec<&str>> = items.iter().map(Node::as_text).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        None => value.as_text().map(str::to_owned),
    }
}

/// Returns what is wrong with the default of a field: records without the field would have a value that no file may state.
pub(super) fn wrong_default(
    source: &Arc<Source>,
    schema: &Node,
    default: &Node,
    definitions: Option<&Node>,
) -> Vec<Fault> {
    let field = to_json(schema);
    let definitions = definitions.map_or_else(|| json!({}), to_json);
    let record = json!({ "type": "object", "properties": { "default": field }, "$defs": definitions });
    // A schema that does not compile is a fault of the whole kind.
    let Ok(compiled) = Schema::compile(&record) else { return Vec::new() };
    let key = Key { name: "default".into(), span: default.span };
    let entry = Entry { key, value: default.clone() };
    let record = Node::mapping(default.span, Mapping::new(vec![entry]));
    // A mapping may be a default in parts: what it lacks is absent.
    let wrong = compiled.violations(&record).into_iter().filter(|violation| !violation.missing);
    let only = match default.as_sequence() {
        Some([only]) => only.as_text(),
        _ => None,
    };
    let help = only.filter(|_| schema.get("type").and_then(Node::as_text) != Some("array"));
    let wrong = wrong.map(|violation| {
        let expected = violation.message.split_once("; expected ").map(|(_, expected)| expected.to_owned());
        let help = match help {
            Some(only) => format!("write `default: {only}`"),
            None => format!("write {}, or remove `default`", expected.as_deref().unwrap_or("another value")),
        };
        let has_help = violation.help.is_some();
        let fault = violation.into_fault(source);
        if has_help { fault } else { fault.help(help) }
    });
    wrong.collect()
}

fn texts(node: Option<&Node>) -> Vec<&str> {
    let items = node.map_or(&[][..], |node| node.as_sequence().unwrap_or(std::slice::from_ref(node)));
    items.iter().filter_map(Node::as_text).collect()
}
