//! Finds the records of structured files: a single one, or lists under the names of their kinds.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::kind::{Kind, Kinds};
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema;

pub(super) struct RecordNode<'a> {
    pub kind: Arc<Kind>,
    /// The key in a mapping from identifiers to records.
    pub key: Option<&'a Key>,
    pub node: &'a Node,
    /// The file's top-level entries that hold for all of its records.
    pub shared: Vec<&'a Entry>,
    /// True for one of the records that share them, which has their violations.
    pub reports_shared: bool,
}

/// Returns true if a mapping has a required or else a specific field of the kind, and an identifier unless its key is one.
pub(super) fn looks_like(node: &Node, kind: &Kind, keyed: bool) -> bool {
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    let fields = || entries.iter().filter_map(|entry| kind.shape.by_key(&entry.key.name));
    let common = |name: &str| matches!(name, "id" | "title" | "owner" | "tags" | "notes");
    let requires_more = kind.required.iter().any(|name| !common(name));
    let is_specific =
        |name: &str| !common(name) && (!requires_more || kind.required.iter().any(|one| **one == *name));
    fields().any(|field| is_specific(&field.name)) && (keyed || fields().any(|field| &*field.name == "id"))
}

/// Returns the records in lists under a name of their kind. In a file that need not contain a record,
/// one of them must look like one.
pub(super) fn under_plurals<'a>(
    root: &'a Node,
    kinds: &Kinds,
    must_contain_record: bool,
) -> Vec<RecordNode<'a>> {
    let entries = root.as_mapping().map_or(&[][..], Mapping::entries);
    let plural =
        |entry: &Entry| kinds.by_key(&entry.key.name).filter(|_| holds_mappings(&entry.value)).cloned();
    let mut items = Vec::new();
    let mut shared_by_kind: HashMap<Arc<str>, Vec<&Entry>> = HashMap::new();
    for (entry, kind) in entries.iter().filter_map(|entry| Some((entry, plural(entry)?))) {
        let shared = shared_by_kind.entry(kind.name.clone()).or_insert_with(|| shared(entries, kinds, &kind));
        let found = collection(&entry.value, &kind, shared);
        let identified =
            |item: &RecordNode<'_>| item.node.get("id").is_some() || looks_like(item.node, &kind, true);
        if must_contain_record || found.iter().any(identified) {
            items.extend(found);
        }
    }
    let mut kinds_seen = HashSet::new();
    for item in &mut items {
        item.reports_shared = kinds_seen.insert(item.kind.name.clone());
    }
    items
}

pub(super) fn collection<'a>(node: &'a Node, kind: &Arc<Kind>, shared: &[&'a Entry]) -> Vec<RecordNode<'a>> {
    let item = |key, node| RecordNode {
        kind: kind.clone(),
        key,
        node,
        shared: shared.to_vec(),
        reports_shared: false,
    };
    match (node.as_sequence(), node.as_mapping()) {
        (Some(items), _) => {
            items.iter().filter(|node| is_mapping(node)).map(|node| item(None, node)).collect()
        }
        (None, Some(mapping)) => {
            let entries = mapping.entries().iter().filter(|entry| is_mapping(&entry.value));
            entries.map(|entry| item(Some(&entry.key), &entry.value)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the records of a file that is named after its kind. At least half of a list must look like records of the kind.
pub(super) fn named<'a>(root: &'a Node, kind: &Arc<Kind>) -> Vec<RecordNode<'a>> {
    if looks_like(root, kind, false) {
        return vec![RecordNode {
            kind: kind.clone(),
            key: None,
            node: root,
            shared: Vec::new(),
            reports_shared: false,
        }];
    }
    let found = collection(root, kind, &[]);
    let len = root.as_mapping().map_or(found.len(), Mapping::len);
    if len > found.len() {
        return Vec::new();
    }
    let alike = found.iter().filter(|item| looks_like(item.node, kind, item.key.is_some())).count();
    if alike > 0 && 2 * alike >= found.len() { found } else { Vec::new() }
}

pub(super) fn configured<'a>(root: &'a Node, kind: &Arc<Kind>, kinds: &Kinds) -> Vec<RecordNode<'a>> {
    let mut listed = under_plurals(root, kinds, true);
    listed.retain(|item| item.kind.name == kind.name);
    let fields = root.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let is_record = fields.clone().any(|entry| kind.shape.by_key(&entry.key.name).is_some());
    match listed.is_empty() {
        false => listed,
        true if is_record => {
            vec![RecordNode {
                kind: kind.clone(),
                key: None,
                node: root,
                shared: Vec::new(),
                reports_shared: false,
            }]
        }
        true => collection(root, kind, &[]),
    }
}

pub(super) fn misspelt<'a>(root: &'a Node, kinds: &'a Kinds) -> Option<(&'a Key, &'a str)> {
    let entries = root.as_mapping()?.entries();
    let unknown = |entry: &&Entry| kinds.by_key(&entry.key.name).is_none() && holds_mappings(&entry.value);
    entries.iter().filter(unknown).find_map(|entry| {
        let nearest = schema::nearest(&entry.key.name, kinds.iter().map(|kind| &*kind.plural))?;
        Some((&entry.key, nearest))
    })
}

fn shared<'a>(entries: &'a [Entry], kinds: &Kinds, kind: &Kind) -> Vec<&'a Entry> {
    let is_list = |entry: &Entry| kinds.by_key(&entry.key.name).is_some() && holds_mappings(&entry.value);
    let own = |name: &str| !matches!(name, "id" | "title" | "kind" | "$schema");
    let is_shared = |entry: &&Entry| {
        let field = kind.shape.by_key(&entry.key.name);
        field.is_some_and(|field| own(&field.name) && !is_list(entry))
    };
    entries.iter().filter(|entry| is_shared(entry)).collect()
}

fn holds_mappings(node: &Node) -> bool {
    match (node.as_sequence(), node.as_mapping()) {
        (Some(items), _) => items.iter().any(is_mapping),
        (None, Some(mapping)) => mapping.entries().iter().any(|entry| is_mapping(&entry.value)),
        _ => false,
    }
}

/// Returns true for a JSON Schema, whose `properties` look like records.
pub(super) fn is_schema(root: &Node) -> bool {
    root.get("$schema").and_then(Node::as_text).is_some_and(|schema| schema.contains("json-schema.org/"))
}

fn is_mapping(node: &Node) -> bool {
    node.as_mapping().is_some()
}
