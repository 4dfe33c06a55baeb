//! What to write in a configuration, rule, kind or format instead of what is wrong there. The schemas of these files list, under
//! `x-instead`, keys and values that people write who know other tools, and examples of each value.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use crate::node::Node;

/// Under `x-instead`: every other key.
pub(super) const ANY_KEY: &str = "*";

/// Under `x-instead`: keys that exclude each other.
const SEVERAL_KEYS: &str = "+";

/// Returns the help for an unknown key.
pub(super) fn of_key(schema: Option<&Value>, name: &str) -> Option<String> {
    listed(schema?, name)
}

/// Returns the help for a value of the field `name`: what the schema lists, or an example of the field.
pub(super) fn of_value(
    error: &ValidationError<'_>,
    schema: Option<&Value>,
    node: &Node,
    name: &str,
) -> Option<String> {
    let schema = schema?;
    let of_text = node.as_text().and_then(|text| listed(schema, text));
    of_text.or_else(|| match error.kind() {
        Kind::OneOfMultipleValid { .. } => listed(schema, SEVERAL_KEYS),
        Kind::Type { .. } => {
            let example = schema["examples"].as_array()?.first()?;
            Some(format!("write it in this form: `{name}: {}`", flow(example)))
        }
        _ => None,
    })
}

/// Returns the help for a value of which nothing else is known.
pub(super) fn of_any(schema: Option<&Value>) -> Option<String> {
    listed(schema?, ANY_KEY)
}

fn listed(schema: &Value, written: &str) -> Option<String> {
    let written = written.to_lowercase().replace(['_', ' '], "-");
    let mut instead = schema["x-instead"].as_object()?.iter();
    let (_, help) = instead.find(|(names, _)| names.split('|').any(|name| name == written))?;
    help.as_str().map(str::to_owned)
}

/// Returns an example of a key on one line, if it is short.
pub(super) fn short_form(name: &str, example: &Value) -> Option<String> {
    const LONGEST: usize = 60;
    let form = format!("{name}: {}", flow(example));
    (form.len() <= LONGEST).then_some(form)
}

/// A value as YAML on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", flow_text(key), flow(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::String(text) => flow_text(text),
        other => other.to_string(),
    }
}

/// A text with quotes, unless YAML reads it as itself without them, also within brackets.
fn flow_text(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_alphabetic() || c == '.' || c == '/')
        && !text.contains([',', '[', ']', '{', '}', '#', ':', '"', '\''])
        && text.trim() == text;
    if is_plain { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}
