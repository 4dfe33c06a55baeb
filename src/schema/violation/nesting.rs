//! Keys of a file of the policy that are written at another level than their own.

use regex::Regex;
use serde_json::Value;

use super::{Violation, pointer_to};
use crate::node::{Entry, Mapping, Node, Value as NodeValue};
use crate::schema::{instead, wording};

/// The only key of a mapping under which another one belongs.
pub(super) fn holder<'s>(file: &Value, mapping: Option<&'s Value>, name: &str) -> Option<&'s str> {
    let fields = mapping?["properties"].as_object()?.iter();
    let mut holders =
        fields.filter(|(_, field)| has_key(file, field, name)).map(|(holder, _)| holder.as_str());
    holders.next().filter(|_| holders.next().is_none())
}

/// Where a key belongs that the mapping at `parent` does not know: one level further down, or at the top of the file.
pub(super) fn other_level(file: &Value, holder: Option<&str>, parent: &str, name: &str) -> Option<String> {
    let is_of_file = !parent.is_empty() && file["properties"].get(name).is_some();
    match holder {
        Some(holder) => Some(format!("write it under `{holder}`")),
        None => {
            is_of_file.then(|| format!("write `{name}` at the top of the file, without spaces before it"))
        }
    }
}

/// Where a key belongs that is a field of the record, and not of the item at `parent` that has it.
pub(super) fn of_record(record: &Value, parent: &str, name: &str) -> Option<String> {
    let field = parent.split('/').nth(1)?;
    let is_known = record["properties"].get(name).is_some();
    is_known.then(|| format!("if it is about the whole record, write it beside `{field}`"))
}

/// True for the schema of a mapping with a key, of a list of such, or of one of several forms.
fn has_key(file: &Value, schema: &Value, name: &str) -> bool {
    let schema = instead::target(file, schema);
    let is_mapping = |schema: &Value| schema["properties"].get(name).is_some();
    // Only names with a slash, those of rules, tell for which mapping they are.
    let is_name = |pattern: &str| name.contains('/') && Regex::new(pattern).is_ok_and(|it| it.is_match(name));
    is_mapping(schema)
        || schema["propertyNames"]["pattern"].as_str().is_some_and(is_name)
        || is_mapping(&schema["items"])
        || schema["anyOf"].as_array().into_iter().flatten().any(is_mapping)
}

/// The key before an unknown one that has no value and stands in the same column: what follows it belongs to it.
pub(super) fn hollow<'m>(mapping: &'m Mapping, unknown: &Entry) -> Option<&'m Entry> {
    let before = mapping.entries().iter().take_while(|entry| entry.key.span.start < unknown.key.span.start);
    before.filter(|entry| entry.has_nothing()).last()
}

/// The key above an entry that has no value and stands in the same column.
pub(super) fn hollow_above<'m>(root: &'m Node, pointer: &str) -> Option<(&'m Entry, &'m Entry, String)> {
    let (parent, _) = pointer.rsplit_once('/')?;
    let entries = root.pointer(parent)?.as_mapping()?.entries();
    let node = root.pointer(pointer)?;
    let at = entries.iter().position(|entry| std::ptr::eq(&raw const entry.value, node))?;
    let above = entries.get(at.checked_sub(1)?).filter(|above| above.has_nothing())?;
    Some((above, &entries[at], parent.to_owned()))
}

/// Returns the violation of a key without a value. `first` is the first unknown key below it.
pub(super) fn violation(
    file: &Value,
    parent: &str,
    hollow: &Entry,
    first: &Entry,
    is_known: bool,
) -> Violation {
    let (name, first) = (&hollow.key.name, &first.key.name);
    let is_of_file = !parent.is_empty() && file["properties"].get(&**name).is_some();
    let (message, help) = match is_of_file && !is_known {
        true => (
            format!("`{name}` is a key of the file, and not of {}", wording::parent_name(parent, None)),
            format!("remove the spaces before `{name}`, and indent the keys below it further than `{name}`"),
        ),
        false => (
            format!("`{name}` has no value: `{first}` stands beside it, and not below"),
            format!("indent `{first}`, and the keys after it that belong to `{name}`"),
        ),
    };
    Violation {
        keyword: HOLLOW.into(),
        pointer: pointer_to(parent, name),
        span: hollow.key.span,
        message,
        help: Some(help),
        suggestion: None,
        field: (&**name).into(),
        missing: false,
        related: None,
    }
}

/// The violation of a key of the mappings below names that stands in the column of the names: `enum` beside the field
/// `status`. `schema` is that of what each name stands for.
pub(super) fn beside_name(
    file: &Value,
    root: &Node,
    pointer: &str,
    schema: Option<&Value>,
) -> Option<Violation> {
    let keys = schema?["properties"].as_object()?;
    let (parent, _) = pointer.rsplit_once('/')?;
    let (_, holder) = parent.rsplit_once('/')?;
    if !file["properties"][holder]["additionalProperties"].is_object() {
        return None;
    }
    let entries = root.pointer(parent)?.as_mapping()?.entries();
    let node = root.pointer(pointer)?;
    let at = entries.iter().position(|entry| std::ptr::eq(&raw const entry.value, node))?;
    let key = entries.get(at).filter(|entry| keys.contains_key(&*entry.key.name))?;
    let Some(name) = entries[..at].iter().rfind(|entry| !keys.contains_key(&*entry.key.name)) else {
        return nameless(key, pointer);
    };
    if name.has_nothing() {
        return Some(violation(file, parent, name, key, true));
    }
    let (name, key, of) = (&name.key.name, &key.key, &name.value);
    let short = schema?["x-short"].as_str();
    let help = match short.zip(of.as_text()) {
        Some((short, text)) => {
            format!("indent it under `{name}`, with `{short}: {}` beside it", wording::shorten(text))
        }
        None => format!("indent it under `{name}`, like the other keys there"),
    };
    Some(Violation {
        keyword: HOLLOW.into(),
        pointer: pointer.into(),
        span: key.span,
        message: format!("`{}` stands beside `{name}`, and not below it", key.name),
        help: Some(help),
        suggestion: None,
        field: (&*key.name).into(),
        missing: false,
        related: None,
    })
}

/// The violation of a mapping below no name: `words` where a field should stand.
fn nameless(key: &Entry, pointer: &str) -> Option<Violation> {
    key.value.as_mapping()?;
    let name = &key.key.name;
    Some(Violation {
        keyword: HOLLOW.into(),
        pointer: pointer.into(),
        span: key.key.span,
        message: format!("`{name}` stands where a name is due"),
        help: Some(format!("write the name above it, and `{name}` indented below: `NAME: {{ {name}: … }}`")),
        suggestion: None,
        field: (&**name).into(),
        missing: false,
        related: None,
    })
}

/// The violation of a key of a mapping that stands among the names below another key there: `finds` under `files`. `keyword`
/// is the place of the violated keyword in the schema.
pub(super) fn below_name(file: &Value, root: &Node, pointer: &str, keyword: &str) -> Option<Violation> {
    let (mapping, _) = keyword.rsplit_once("/additionalProperties")?;
    let (mapping, holder) =
        mapping.rsplit_once("/properties/").filter(|(_, holder)| !holder.contains('/'))?;
    let (names, key) = pointer.rsplit_once('/')?;
    let is_key = file.pointer(mapping)?["properties"].get(key).is_some();
    let entry =
        root.pointer(names)?.as_mapping()?.entry(key).filter(|_| is_key && names.ends_with(holder))?;
    Some(Violation {
        keyword: HOLLOW.into(),
        pointer: pointer.into(),
        span: entry.key.span,
        message: format!("`{key}` stands below `{holder}`, and not beside it"),
        help: Some(format!("move it to the left, into the column of `{holder}`")),
        suggestion: None,
        field: key.into(),
        missing: false,
        related: None,
    })
}

/// The violation of a key of the file that stands among the names below another key of it, with a value that fits the file's
/// key: `required: [until]` under `properties`.
pub(super) fn below_file_key(file: &Value, root: &Node, pointer: &str) -> Option<Violation> {
    let (holder, key) = pointer.strip_prefix('/')?.split_once('/')?;
    let own = &file["properties"][key];
    let value = &root.pointer(pointer)?.value;
    let fits = |own: &Value| match value {
        NodeValue::Sequence(_) => own["type"] == "array",
        NodeValue::Scalar(_) => {
            own["type"] == "string" || own["type"] == "boolean" || own.get("const").is_some()
        }
        NodeValue::Mapping(_) => false,
    };
    let fits = fits(own) || own["anyOf"].as_array().into_iter().flatten().any(fits);
    let takes_names = file["properties"][holder]["additionalProperties"].is_object();
    let entry =
        root.pointer(&format!("/{holder}"))?.as_mapping()?.entry(key).filter(|_| fits && takes_names)?;
    Some(Violation {
        keyword: HOLLOW.into(),
        pointer: pointer.into(),
        span: entry.key.span,
        message: format!("`{key}` stands below `{holder}`, and not beside it"),
        help: Some(format!("write `{key}` at the top of the file, without spaces before it")),
        suggestion: None,
        field: key.into(),
        missing: false,
        related: None,
    })
}

/// The key of the file under which an unknown one belongs that is written like the names there: a field at the left edge.
pub(super) fn outdented<'n, 's>(file: &'s Value, mapping: &'n Mapping, entry: &Entry) -> Option<&'n str> {
    let mappings: Vec<&Mapping> = match entry.value.as_sequence() {
        Some(items) => items.iter().map(Node::as_mapping).collect::<Option<_>>()?,
        None => vec![entry.value.as_mapping()?],
    };
    let is_list = entry.value.as_sequence().is_some();
    if mappings.iter().all(|keys| keys.is_empty()) {
        return None;
    }
    let before = mapping.entries().iter().take_while(|other| other.key.span.start < entry.key.span.start);
    let holders = before.filter(|holder| {
        let names = &file["properties"][&*holder.key.name]["additionalProperties"];
        let resolved = |schema: &'s Value| {
            let target = schema["$ref"].as_str().and_then(|to| file.pointer(to.strip_prefix('#')?));
            target.unwrap_or(schema)
        };
        let names = resolved(names);
        let names = if is_list { resolved(&names["items"]) } else { names };
        let keys = || mappings.iter().flat_map(|keys| keys.entries());
        names["properties"]
            .as_object()
            .is_some_and(|known| keys().all(|key| known.contains_key(&*key.key.name)))
    });
    holders.last().map(|holder| &*holder.key.name)
}

pub(super) const HOLLOW: &str = "hollow-key";

/// Removes what else is wrong because of such a key: that it is missing where it belongs, and what stands beside it.
pub(super) fn remove_consequences(found: &mut Vec<Violation>, root: &Node) {
    let hollow: Vec<(Box<str>, Box<str>, u32)> = found
        .iter()
        .filter(|violation| &*violation.keyword == HOLLOW)
        .map(|violation| (violation.pointer.clone(), violation.field.clone(), violation.span.start))
        .collect();
    for (pointer, name, start) in hollow {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let is_beside = |pointer: &str| {
            let of_parent = pointer.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'));
            of_parent && root.pointer(pointer).is_some_and(|node| node.span.start > start)
        };
        let holder =
            |violation: &Violation| violation.pointer.rsplit_once('/').map_or("", |it| it.0).to_owned();
        let mut is_first = true;
        found.retain(|violation| match &*violation.keyword {
            HOLLOW => violation.pointer != pointer || std::mem::take(&mut is_first),
            _ if violation.missing || &*violation.keyword == "required" => {
                violation.field != name && !is_beside(&holder(violation))
            }
            "max-properties" => *violation.pointer != *parent,
            _ => !is_beside(&violation.pointer),
        });
    }
}
