//! What to write in a configuration, rule, kind or profile instead of what is wrong there. The schemas of these files list, under
//! `x-instead`, keys and values that people write who know other tools.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::node::{Node, Value as NodeValue};
use crate::text::kebab;

/// Under `x-instead`: every other key.
pub(super) const ANY_KEY: &str = "*";

/// Under `x-instead`: keys that exclude each other.
const SEVERAL_KEYS: &str = "+";

/// The help for an unknown key.
pub(super) fn of_key(schema: Option<&Value>, name: &str) -> Option<String> {
    listed(schema?, name)
}

/// The help for a name that does not match the pattern of names.
pub(super) fn of_name(error: &ValidationError<'_>, name: &str) -> Option<String> {
    matching(error, name).map(|name| format!("write `{name}`"))
}

/// The help for a value of the field `name`.
pub(super) fn of_value(
    error: &ValidationError<'_>,
    schema: Option<&Value>,
    node: &Node,
    name: &str,
) -> Option<String> {
    let text = node.as_text();
    if let Some(help) = schema.zip(text).and_then(|(schema, text)| listed(schema, text)) {
        return Some(help);
    }
    let example = || schema.and_then(|schema| schema["examples"].get(0));
    match error.kind() {
        Kind::Type { kind } => {
            let takes_list = matches!(kind, TypeKind::Single(JsonType::Array));
            let takes_text = matches!(kind, TypeKind::Single(JsonType::String));
            let only = node.as_sequence().and_then(|items| match items {
                [only] => only.as_text(),
                _ => None,
            });
            if let Some(only) = only.filter(|_| takes_text) {
                return Some(format!("write `{name}: {}`", flow(&Value::String(only.into()))));
            }
            match (example(), &node.value, text) {
                (Some(example), ..) => Some(format!("write it in this form: `{name}: {}`", flow(example))),
                (None, NodeValue::Mapping(_), _) if takes_list => {
                    Some(format!("write a list, such as one of this mapping: `{name}: [{{ … }}]`"))
                }
                (None, _, Some(text)) if takes_list => {
                    let items = text.split(", ").map(|item| Value::String(item.into())).collect();
                    Some(format!("write a list: `{name}: {}`", flow(&Value::Array(items))))
                }
                _ => None,
            }
        }
        Kind::OneOfMultipleValid { .. } => listed(schema?, SEVERAL_KEYS),
        Kind::Custom { .. } => matching(error, text?).map(|text| format!("write `{text}`")),
        _ => None,
    }
}

/// The help for a value of another form than that of the field `name`, from an example of it.
pub(super) fn of_form(
    error: &ValidationError<'_>,
    field: Option<&Value>,
    node: &Node,
    name: &str,
) -> Option<String> {
    let is_other_form = match error.kind() {
        Kind::Type { .. } => true,
        Kind::Enum { .. } => node.as_scalar().is_none(),
        _ => false,
    };
    let example = field?["examples"].get(0).filter(|_| is_other_form)?;
    Some(format!("write it in this form: `{name}: {}`", flow(example)))
}

/// The help for a value of which nothing else is known.
pub(super) fn of_any(schema: Option<&Value>) -> Option<String> {
    listed(schema?, ANY_KEY)
}

fn listed(schema: &Value, written: &str) -> Option<String> {
    let fold = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let written = fold(written);
    let mut instead = schema["x-instead"].as_object()?.iter();
    let (_, help) = instead.find(|(names, _)| names.split('|').any(|name| name == written))?;
    help.as_str().map(str::to_owned)
}

/// The text in the form that a pattern requires: in kebab-case, or with a slash before it.
fn matching(error: &ValidationError<'_>, text: &str) -> Option<String> {
    let Kind::Custom { keyword, message: pattern } = error.kind() else { return None };
    let pattern = regex::Regex::new(pattern).ok().filter(|_| keyword == "pattern")?;
    let slash = format!("/{}", text.replace('.', "/"));
    [kebab(text), slash].into_iter().find(|candidate| candidate != text && pattern.is_match(candidate))
}

/// A value as YAML on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// True if YAML reads the text as itself without quotes, also within brackets.
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '.' || c == '/')
        && !text.contains([',', '[', ']', '{', '}', '#', ':', '"', '\''])
        && text.trim() == text
}
