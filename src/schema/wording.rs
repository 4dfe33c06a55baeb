use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::node::{Node, Value as NodeValue};

/// What the schema expects, as in "expected …"; `None` if the error is not about one value.
pub(super) fn expected(error: &ValidationError<'_>, schema: Option<&Value>) -> Option<String> {
    Some(match error.kind() {
        Kind::Type { kind: TypeKind::Single(kind) } => type_name(*kind).to_owned(),
        Kind::Type { kind: TypeKind::Multiple(kinds) } => type_names(&kinds.iter().collect::<Vec<_>>()),
        Kind::Enum { options } => one_of(options.as_array().map_or(&[][..], Vec::as_slice)),
        Kind::Constant { expected_value } => format!("`{}`", plain(expected_value)),
        Kind::Format { format } => format_name(format),
        Kind::Pattern { pattern } => pattern_name(pattern, schema),
        Kind::MinLength { limit: 1 } => "some text".to_owned(),
        Kind::MinLength { limit } => format!("at least {limit} characters"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => format!("at least {limit}"),
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => format!("at most {limit}"),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::UniqueItems => "each item once".to_owned(),
        Kind::FalseSchema => "nothing here".to_owned(),
        _ => return None,
    })
}

/// What the file has, with the name of the field: "`status` is `aproved`".
pub(super) fn found(error: &ValidationError<'_>, node: &Node, pointer: &str) -> String {
    let name = field_name(pointer);
    let in_list = last_token(pointer).is_some_and(is_index) || matches!(error.kind(), Kind::UniqueItems);
    let what = match (error.kind(), &node.value) {
        (Kind::MinItems { .. } | Kind::MaxItems { .. }, NodeValue::Sequence(items)) => {
            count(items.len(), "item")
        }
        (Kind::MinProperties { .. } | Kind::MaxProperties { .. }, NodeValue::Mapping(mapping)) => {
            count(mapping.len(), "key")
        }
        _ => describe(node),
    };
    let counted = what.starts_with(|first: char| first.is_ascii_digit());
    match (name.is_empty(), in_list) {
        (true, _) => format!("this is {what}"),
        (false, true) if !counted => format!("`{name}` holds {what}"),
        (false, _) => format!("`{name}` {} {what}", if counted { "has" } else { "is" }),
    }
}

pub(super) fn unknown(name: &str, parent: &str, is_own_file: bool) -> String {
    match is_own_file {
        true => format!("unknown key `{name}` in {parent}"),
        false => format!("`{name}` is not a field of {parent}"),
    }
}

pub(super) fn missing(name: &str, is_empty: bool, parent: Option<&str>, is_own_file: bool) -> String {
    let message = match (is_own_file, is_empty) {
        (_, true) => format!("`{name}` has no value"),
        (true, false) => format!("missing key `{name}`"),
        (false, false) => format!("`{name}` is missing"),
    };
    match parent {
        Some(parent) => format!("{message} in {parent}"),
        None => message,
    }
}

fn describe(node: &Node) -> String {
    match &node.value {
        NodeValue::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
        NodeValue::Sequence(_) => "a list".to_owned(),
        NodeValue::Mapping(_) => "a mapping".to_owned(),
        NodeValue::Scalar(_) if node.is_empty() => "empty".to_owned(),
        NodeValue::Scalar(scalar) => format!("`{}`", shorten(scalar.text())),
    }
}

fn count(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn first_duplicate(list: &Node) -> Option<&Node> {
    let mut seen = std::collections::HashSet::new();
    list.as_sequence()?.iter().find(|item| item.as_text().is_some_and(|text| !seen.insert(text)))
}

pub(super) fn parent_name(pointer: &str, schema: Option<&Value>) -> String {
    let name = field_name(pointer);
    if !name.is_empty() {
        return format!("`{name}`");
    }
    match schema.and_then(|schema| schema["title"].as_str()) {
        Some(title) => {
            let vowel = title.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']);
            format!("{} {}", if vowel { "an" } else { "a" }, title.to_lowercase())
        }
        None => "this record".to_owned(),
    }
}

pub(super) fn field_name(pointer: &str) -> Box<str> {
    let name = pointer.rsplit('/').find(|token| !is_index(token)).unwrap_or_default();
    name.replace("~1", "/").replace("~0", "~").into()
}

fn last_token(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(_, token)| token)
}

fn is_index(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the first 60 characters on one line.
pub fn shorten(text: &str) -> String {
    let mut line: String =
        text.trim().chars().take(61).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Some((last, _)) = line.char_indices().nth(60) {
        line.truncate(last);
        line.push('…');
    }
    line
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping",
        JsonType::String => "text",
    }
}

/// Numbers and booleans are strings too, so only `string` is named.
fn type_names(kinds: &[JsonType]) -> String {
    let text = kinds.contains(&JsonType::String);
    let scalar = |kind: &JsonType| matches!(kind, JsonType::Boolean | JsonType::Integer | JsonType::Number);
    let named = kinds.iter().filter(|kind| !(text && scalar(kind))).map(|kind| type_name(*kind));
    named.collect::<Vec<_>>().join(" or ")
}

const MAX_OPTIONS: usize = 12;

fn one_of(options: &[Value]) -> String {
    let shown: Vec<String> = options.iter().take(MAX_OPTIONS).map(plain).collect();
    let more = if options.len() > MAX_OPTIONS { ", …" } else { "" };
    match shown.as_slice() {
        [only] => format!("`{only}`"),
        _ => format!("one of {}{more}", shown.join(", ")),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Says what a format looks like.
fn format_name(format: &str) -> String {
    let name = match format {
        "date" => "a date such as `2026-11-20`",
        "duration" => "a duration such as `2 weeks`",
        "cadence" => "a cadence such as `weekly` or `every 2 weeks`",
        "period" => "a period such as `2026-Q4`",
        "amount" => "an amount such as `18%` or `$50k`",
        "slug" => "a slug such as `pricing-model`",
        "glob" => "a path or glob such as `src/**`",
        "email" => "an e-mail address",
        "uri" => "a URL",
        "regex" => "a regular expression",
        _ => return format!("text of the format `{format}`"),
    };
    name.to_owned()
}

fn pattern_name(pattern: &str, schema: Option<&Value>) -> String {
    match schema.and_then(|schema| schema["examples"][0].as_str()) {
        Some(example) => format!("text such as `{example}`"),
        None => format!("text that matches `{pattern}`"),
    }
}
