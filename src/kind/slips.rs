//! Slips of a whole kind, each of which would be many violations, or none.

use std::sync::Arc;

use super::{FieldType, Kind};
use crate::finding::Fault;
use crate::node::{Entry, Mapping, Node};
use crate::schema::{Violation, did_you_mean, nearest};
use crate::text::Source;

/// Keys of a field by which it is known at the level of the kind.
const OF_FIELDS: [&str; 6] = ["type", "enum", "format", "x-ref", "pattern", "items"];

/// True for the schema of a field.
pub(super) fn is_field(node: &Node) -> bool {
    let keys = node.as_mapping().map_or(&[][..], Mapping::entries);
    keys.iter().any(|key| OF_FIELDS.contains(&&*key.key.name))
}

/// A kind of another name than its base has its own plural. Most likely, the base itself is meant.
pub(super) fn kind_of_its_own(violation: Violation, name: &str, base: Option<&str>) -> Violation {
    match base.filter(|_| violation.missing && &*violation.pointer == "/x-plural") {
        Some(base) => Violation {
            message: format!("`{name}` is another kind than its base `{base}`, and has no `x-plural`"),
            help: Some(format!(
                "rename the file to `{base}.yaml` to change `{base}` itself, or add `x-plural`, the key of a list of such records"
            )),
            ..violation
        },
        None => violation,
    }
}

/// Returns the fault of a kind whose fields are top-level keys instead of keys of `properties`.
pub(super) fn fields_at_left_edge(source: &Arc<Source>, root: &Node) -> Option<Fault> {
    const SHOWN: usize = 2;
    if root.get("properties").is_some_and(|fields| !fields.is_null()) {
        return None;
    }
    let is_field = |entry: &&Entry| !entry.key.name.starts_with("x-") && is_field(&entry.value);
    let fields: Vec<&Entry> = root.as_mapping()?.entries().iter().filter(is_field).collect();
    let (first, shown) = (fields.first()?, fields.get(..SHOWN)?);
    let names: Vec<String> = shown.iter().map(|field| format!("`{}`", field.key.name)).collect();
    let line = source.position(first.key.span.start as usize).line;
    let more = if fields.len() > SHOWN { " and others" } else { "" };
    let message =
        format!("the fields {}{more} stand at the left edge, and not under `properties`", names.join(", "));
    let help = match root.get("properties") {
        Some(_) => "indent them below `properties:`".to_owned(),
        None => format!("write `properties:` above line {line}, and indent the fields below it"),
    };
    Some(Fault::new(message).help(help).at(source, first.key.span))
}

/// Says of an unknown field of a user's kind in which file to add it.
pub(super) fn name_own_file(kind: &Kind, violations: &mut [Violation]) {
    let Some(source) = &kind.own_source else { return };
    let is_unknown = |violation: &&mut Violation| {
        &*violation.keyword == "additional-properties"
            && violation.pointer.matches('/').count() == 1
            && violation.help.is_none()
    };
    for violation in violations.iter_mut().filter(is_unknown) {
        violation.help =
            Some(format!("remove it, or add it to the kind, under `properties` in `{}`", source.path()));
    }
}

/// The fault of a reference to a schema that is the name of a kind: `$ref: decision`.
pub(super) fn schema_of_kind(source: &Arc<Source>, root: &Node, kinds: &[&str]) -> Option<Fault> {
    let entries = root.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().find_map(|entry| match (&*entry.key.name, entry.value.as_text()) {
        ("$ref", Some(to)) if !to.starts_with(['#', '/']) && !to.starts_with("alignlint:") => {
            let name = to.rsplit('/').next().unwrap_or(to).split('.').next().unwrap_or(to);
            let help = match kinds.contains(&name) {
                true => format!("write `type: string, x-ref: {name}` for a reference to a {name}"),
                false => "name a schema under `$defs` of this file: `$ref: '#/$defs/NAME'`".to_owned(),
            };
            let fault = Fault::new(format!("there is no schema `{to}`: `$ref` leads to a part of the file"));
            Some(fault.help(help).at(source, entry.value.span))
        }
        _ => schema_of_kind(source, &entry.value, kinds),
    })
}

/// The fault of a reference to a schema under `$defs` that is not there.
pub(super) fn missing_definition(source: &Arc<Source>, root: &Node) -> Option<Fault> {
    let definitions = root.get("$defs").and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    let names: Vec<&str> = definitions.iter().map(|entry| &*entry.key.name).collect();
    missing_among(source, root, &names).or_else(|| missing_part(source, root, root))
}

/// The fault of a reference to a part of the file that is not there: `#/topic`. One of a base is not in the file.
fn missing_part(source: &Arc<Source>, root: &Node, node: &Node) -> Option<Fault> {
    if root.get("base").is_some() {
        return None;
    }
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().find_map(|entry| {
        let to = entry.value.as_text().filter(|_| &*entry.key.name == "$ref");
        match to.filter(|to| to.strip_prefix('#').is_some_and(|part| root.pointer(part).is_none())) {
            Some(to) => {
                let fault =
                    Fault::new(format!("there is no `{to}` in the file")).at(source, entry.value.span);
                Some(fault.help("name a schema under `$defs`, as in `$ref: '#/$defs/NAME'`"))
            }
            None => missing_part(source, root, &entry.value),
        }
    })
}

fn missing_among(source: &Arc<Source>, node: &Node, names: &[&str]) -> Option<Fault> {
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().find_map(|entry| {
        let to = entry.value.as_text().filter(|_| &*entry.key.name == "$ref");
        match to.and_then(|to| to.strip_prefix("#/$defs/")) {
            Some(name) if !name.contains('/') && !names.contains(&name) => {
                let fault = Fault::new(format!("there is no schema `{name}` under `$defs`"));
                let help = match nearest(name, names.iter().copied()) {
                    Some(near) => did_you_mean(near),
                    None => format!("add it there: `$defs: {{ {name}: {{ … }} }}`"),
                };
                Some(fault.help(help).at(source, entry.value.span))
            }
            _ => missing_among(source, &entry.value, names),
        }
    })
}

/// A note about a kind of the user's own with a field of statuses, that does not say which of them are active.
pub(super) fn without_status(source: &Source, root: &Node, kind: &Kind) -> Option<String> {
    const NAMES: [&str; 2] = ["status", "state"];
    if root.get("x-status").is_some() || root.get("base").is_some() {
        return None;
    }
    let fields = root.get("properties")?.as_mapping()?.entries();
    let entry = fields.iter().find(|entry| NAMES.contains(&&*entry.key.name))?;
    let field = kind.shape.field(&entry.key.name)?;
    let first = field.values.first().filter(|_| matches!(field.ty, FieldType::Text | FieldType::Any))?;
    let line = source.position(entry.key.span.start as usize).line;
    Some(format!(
        "each `{}` counts as active, whatever its `{name}`; if some don't, add `x-status: {name}` and `x-live: [{first}]` ({}:{line})",
        kind.name,
        source.path(),
        name = field.name
    ))
}
