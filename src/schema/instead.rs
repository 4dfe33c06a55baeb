//! What to write in a configuration, rule, kind or profile instead of what is wrong there. The schemas of these files list, under
//! `x-instead`, keys and values that people write who know other tools.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::node::{Entry, Mapping, Node, Value as NodeValue};
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

/// The help for a value of the field `name`, in a file of this schema.
pub(super) fn of_value(
    (file, error): (&Value, &ValidationError<'_>),
    schema: Option<&Value>,
    node: &Node,
    name: &str,
    is_item: bool,
) -> Option<String> {
    let text = node.as_text();
    if let Some(help) = schema.zip(text).and_then(|(schema, text)| listed(schema, text)) {
        return Some(help);
    }
    let example = || schema.and_then(|schema| example_for(schema, node));
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
            if let Some(help) = single_keys(node, name).filter(|_| takes_mapping(kind) && names_keys(schema))
            {
                return Some(help);
            }
            let item = example().map_or(Value::Null, |example| example[0].clone());
            let of_item = schema.map(|schema| target(file, &schema["items"]));
            let is_of_item = |entry: &Entry| {
                let key = &*entry.key.name;
                item.get(key).is_some() || of_item.is_some_and(|item| item["properties"].get(key).is_some())
            };
            if let NodeValue::Mapping(mapping) = &node.value
                && takes_list
                && mapping.entries().iter().any(is_of_item)
            {
                return Some(list_of(file, name, node, mapping, schema));
            }
            let takes_number = matches!(kind, TypeKind::Single(JsonType::Integer | JsonType::Number));
            match (example(), &node.value, text) {
                (.., Some(number)) if takes_number && number.parse::<i64>().is_ok() => {
                    Some(format!("remove the quotes: `{number}` is a number without them"))
                }
                (Some(example), ..) if is_item => {
                    Some(format!("write each item in this form: `{}`", flow(&example)))
                }
                (Some(example), ..) => Some(format!("write it in this form: `{name}: {}`", flow(&example))),
                (None, NodeValue::Mapping(mapping), _) if takes_list => {
                    Some(list_of(file, name, node, mapping, schema))
                }
                (None, _, Some(text)) if takes_list || (takes_any_list(kind) && takes_texts(schema)) => {
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

/// Returns true if a list is one of the types, and a text none.
fn takes_any_list(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Multiple(types) if types.contains(JsonType::Array) && !types.contains(JsonType::String))
}

/// Returns true if the items of a list are texts.
fn takes_texts(schema: Option<&Value>) -> bool {
    schema.is_some_and(|schema| schema["items"]["type"] == "string")
}

/// The schema, or the part of the file's schema that it refers to.
pub(super) fn target<'s>(file: &'s Value, schema: &'s Value) -> &'s Value {
    let target = schema["$ref"].as_str().and_then(|to| file.pointer(to.strip_prefix('#')?));
    target.unwrap_or(schema)
}

/// The help for a mapping where a list is due: of this mapping, or of its keys.
fn list_of(file: &Value, name: &str, node: &Node, mapping: &Mapping, schema: Option<&Value>) -> String {
    const LONGEST: usize = 60;
    let items = schema.map_or(&Value::Null, |schema| &schema["items"]);
    if let Some(besides) = target(file, items)["x-one-key-besides"].as_str()
        && let Some(parted) = one_key_each(node, besides)
    {
        let whole = flow(&Value::Array(parted));
        return match whole.len() <= LONGEST {
            true => format!("write a list: `{name}: {whole}`"),
            false => format!(
                "write a list, and each key as an item of its own, as in `{name}: [{{ … }}, {{ … }}]`"
            ),
        };
    }
    let takes_mappings =
        items.get("$ref").is_some() || items.get("properties").is_some() || items["type"] == "object";
    let keys = || mapping.entries().iter().map(|entry| Value::String((*entry.key.name).into())).collect();
    let whole = match takes_mappings {
        true => flow(&Value::Array(vec![crate::schema::to_json(node)])),
        false => flow(&Value::Array(keys())),
    };
    match whole.len() <= LONGEST {
        true => format!("write a list: `{name}: {whole}`"),
        false => format!("write a list, such as one of this mapping: `{name}: [{{ … }}]`"),
    }
}

/// The items of a list in place of a mapping with several keys, of which an item has one besides `besides`.
fn one_key_each(node: &Node, besides: &str) -> Option<Vec<Value>> {
    let Value::Object(keys) = crate::schema::to_json(node) else { return None };
    let items = keys.into_iter().filter(|(key, _)| key != besides);
    let items: Vec<Value> = items.map(|entry| Value::Object([entry].into_iter().collect())).collect();
    (items.len() > 1).then_some(items)
}

/// The help for several names in one text, where a name is due: `x-ref: decision, team`.
pub(super) fn several_names(error: &ValidationError<'_>, node: &Node, name: &str) -> Option<String> {
    let is_name = matches!(error.kind(), Kind::Format { format } if format == "slug");
    let text = node.as_text().filter(|_| is_name)?;
    let text = [" and ", " or ", " | ", "|", "/"]
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, ", "));
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    (names.len() > 1 && names.iter().all(|name| super::is_slug(name)))
        .then(|| format!("write a list: `{name}: [{}]`", names.join(", ")))
}

fn takes_mapping(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Single(one) => *one == JsonType::Object,
        TypeKind::Multiple(several) => several.contains(JsonType::Object),
    }
}

/// True for the schema of a mapping whose keys are names of one's own.
fn names_keys(schema: Option<&Value>) -> bool {
    schema.is_some_and(|schema| schema["additionalProperties"].is_object())
}

/// The help for a list of mappings of one name each, where the names themselves are due: `- status: …`.
fn single_keys(node: &Node, name: &str) -> Option<String> {
    let is_flow = {
        let first = node.as_sequence()?.first()?.as_mapping()?.entries().first()?;
        // A dash and a space stand before the key in the other style.
        first.key.span.start == node.span.start + 1
    };
    if is_flow {
        let pairs = node.as_sequence()?.iter().filter_map(Node::as_mapping).flat_map(Mapping::entries);
        let pairs: Vec<String> = pairs
            .map(|entry| format!("{}: {}", entry.key.name, flow(&crate::schema::to_json(&entry.value))))
            .collect();
        return Some(format!("write braces for brackets: `{name}: {{ {} }}`", pairs.join(", ")));
    }
    let items = node.as_sequence()?;
    let first = items.first()?.as_mapping()?.entries().first()?;
    let is_name = |entry: &Entry| entry.value.as_text().is_none() || entry.has_nothing();
    let is_alike = |item: &Mapping| item.len() == 1 || item.entries().first().is_some_and(is_name);
    items.iter().all(|item| item.as_mapping().is_some_and(is_alike)).then(|| {
        format!(
            "remove the dashes: write `{}:` without `- ` before it, and the others likewise",
            first.key.name
        )
    })
}

/// An example of a schema. Where it has a short form, the example that is most like what is written, with that in it.
fn example_for(schema: &Value, node: &Node) -> Option<Value> {
    let examples = schema["examples"].as_array()?;
    let Some((short, written)) = schema["x-short"].as_str().zip(node.as_text()) else {
        return examples.first().cloned();
    };
    let likeness = |text: &str| (text.parse::<f64>().is_ok(), text.starts_with(|c: char| c.is_ascii_digit()));
    let is_alike =
        |example: &&Value| likeness(example[short].to_string().trim_matches('"')) == likeness(written);
    let mut example = examples.iter().find(is_alike).or(examples.first())?.clone();
    example[short] = crate::schema::to_json(node);
    Some(example)
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
    let path = text.trim_start_matches(['$', '#', '.', '/']);
    let slash = format!("/{}", path.replace('.', "/"));
    [kebab(text), slash].into_iter().find(|candidate| candidate != text && pattern.is_match(candidate))
}

/// An example of a key on one line, if it is short.
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

fn flow_text(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}

/// True if YAML reads the text as itself without quotes, also within brackets.
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '.' || c == '/')
        && !text.contains([',', '[', ']', '{', '}', '#', ':', '"', '\''])
        && text.trim() == text
}
