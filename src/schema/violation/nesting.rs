//! Keys of a file of the policy that are written at another level than their own.

use serde_json::Value;

use super::{Violation, child};
use crate::node::{Entry, Mapping, Node};
use crate::schema::wording;

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

/// True for the schema of a mapping with a key, of a list of such, or of one of several forms.
fn has_key(file: &Value, schema: &Value, name: &str) -> bool {
    let target = schema["$ref"].as_str().and_then(|to| file.pointer(to.strip_prefix('#')?));
    let schema = target.unwrap_or(schema);
    let is_mapping = |schema: &Value| schema["properties"].get(name).is_some();
    is_mapping(schema)
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
        pointer: child(parent, name),
        span: hollow.key.span,
        message,
        help: Some(help),
        suggestion: None,
        field: (&**name).into(),
        missing: false,
        related: None,
    }
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
        let is_beside = |violation: &Violation| {
            let of_parent = violation.pointer.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'));
            let at = root.pointer(&violation.pointer).map_or(0, |node| node.span.start);
            of_parent && at > start
        };
        let mut is_first = true;
        found.retain(|violation| match &*violation.keyword {
            HOLLOW => violation.pointer != pointer || std::mem::take(&mut is_first),
            _ if violation.missing || &*violation.keyword == "required" => violation.field != name,
            "max-properties" => *violation.pointer != *parent,
            _ => !is_beside(violation),
        });
    }
}
