//! Finds the records of structured files: a single one, or lists under the names of their kinds.

use std::sync::Arc;

use ahash::{HashMap, HashMapExt};

use super::UnreadPart;
use super::canonical::is_absent;
use super::identity::is_name;
use crate::kind::{Field, FieldType, Kind, Kinds};
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema;
use crate::syntax::Document;
use crate::text::{Span, file_name};

pub(super) struct RecordNode<'a> {
    pub kind: Arc<Kind>,
    /// The key in a mapping from identifiers to records.
    pub key: Option<&'a Key>,
    pub node: &'a Node,
    pub shared: Shared<'a>,
}

/// The top-level entries of a file that hold for all of its records.
type Shared<'a> = Arc<[&'a Entry]>;

impl<'a> RecordNode<'a> {
    /// Returns the value in place of the record's fields, as the field that the kind has for it.
    pub(super) fn value_entry(&self) -> Option<Entry> {
        let name = self.kind.value_field.as_deref().filter(|_| !is_mapping(self.node))?;
        Some(Entry::new(name, self.node.span, self.node.clone()))
    }

    pub(super) fn new(kind: &Arc<Kind>, node: &'a Node) -> RecordNode<'a> {
        RecordNode { kind: kind.clone(), key: None, node, shared: Arc::default() }
    }
}

pub(super) struct RootRecords<'a> {
    pub items: Vec<RecordNode<'a>>,
    /// True if the top-level keys are names of kinds: the records are under these, or there are none.
    pub by_kind: bool,
}

impl<'a> RootRecords<'a> {
    pub(super) fn of(items: Vec<RecordNode<'a>>) -> RootRecords<'a> {
        RootRecords { items, by_kind: false }
    }
}

/// Returns true if a mapping has a required or else a specific field of the kind, and an identifier unless its key is one.
pub(super) fn looks_like(node: &Node, kind: &Kind, keyed: bool) -> bool {
    let entries = node.entries();
    let fields = || entries.iter().filter_map(|entry| kind.shape.by_key(&entry.key.name));
    let requires_more = kind.recognised_by.iter().any(|name| !is_common(name));
    let is_specific = |name: &str| {
        !is_common(name) && (!requires_more || kind.recognised_by.iter().any(|one| **one == *name))
    };
    fields().any(|field| is_specific(&field.name)) && (keyed || fields().any(|field| &*field.name == "id"))
}

pub(super) fn is_common(field: &str) -> bool {
    matches!(field, "created" | "id" | "notes" | "owner" | "tags" | "title" | "updated")
}

/// Returns the records in lists under a name of their kind. In a file that need not contain a record, one must look like one.
pub(super) fn under_plurals<'a>(root: &'a Node, kinds: &Kinds, is_expected: bool) -> Vec<RecordNode<'a>> {
    let entries = root.entries();
    let plural = |entry: &Entry| {
        let kind = kinds.by_key(&entry.key.name)?;
        let is_certain = || is_record(&entry.value, kind) || holds_records(&entry.value, kind);
        (holds_mappings(&entry.value) || (is_expected && is_certain())).then(|| kind.clone())
    };
    let mut items = Vec::new();
    let mut shared_by_kind: HashMap<Arc<str>, Shared<'_>> = HashMap::new();
    for (entry, kind) in entries.iter().filter_map(|entry| Some((entry, plural(entry)?))) {
        let shared = shared_by_kind.entry(kind.name.clone());
        let shared = shared.or_insert_with(|| shared_entries(entries, kinds, &kind));
        let found = match is_expected {
            true => records(&entry.value, &kind, shared),
            false => collection(&entry.value, &kind, shared),
        };
        items.extend(found);
    }
    items
}

/// Returns the records of a list, or of a mapping from identifiers to records; or the record in place of a list of one.
pub(super) fn records<'a>(node: &'a Node, kind: &Arc<Kind>, shared: &Shared<'a>) -> Vec<RecordNode<'a>> {
    match is_record(node, kind) {
        true => vec![RecordNode { shared: shared.clone(), ..RecordNode::new(kind, node) }],
        false => collection(node, kind, shared),
    }
}

/// Returns true if the keys of a mapping are fields of the kind, and not identifiers.
fn is_record(node: &Node, kind: &Kind) -> bool {
    let entries = node.entries();
    let mut fields =
        entries.iter().filter_map(|entry| Some((kind.shape.by_key(&entry.key.name)?, &entry.value)));
    2 * fields.clone().count() >= entries.len()
        && fields.any(|(field, value)| is_name(&field.name) && value.as_text().is_some())
}

/// Returns the items of a list, or the values of a mapping with their keys.
fn members(node: &Node) -> impl Iterator<Item = (Option<&Key>, &Node)> {
    let items = node.as_sequence().unwrap_or_default().iter().map(|item| (None, item));
    let entries = node.entries().iter();
    items.chain(entries.map(|entry| (Some(&entry.key), &entry.value)))
}

fn collection<'a>(node: &'a Node, kind: &Arc<Kind>, shared: &Shared<'a>) -> Vec<RecordNode<'a>> {
    let members = members(node).filter(|(_, member)| may_be_record(member, kind));
    members.map(|(key, node)| RecordNode { kind: kind.clone(), key, node, shared: shared.clone() }).collect()
}

/// Returns the records of a file that is named after its kind. At least half of a list must look like records of the kind.
pub(super) fn named<'a>(root: &'a Node, kind: &Arc<Kind>) -> Vec<RecordNode<'a>> {
    if looks_like(root, kind, false) {
        return vec![RecordNode::new(kind, root)];
    }
    let found = collection(root, kind, &Arc::default());
    let len = root.as_mapping().map_or(found.len(), Mapping::len);
    if len == found.len() && are_mostly(&found, looks_like_one) { found } else { Vec::new() }
}

fn looks_like_one(item: &RecordNode<'_>) -> bool {
    looks_like(item.node, &item.kind, item.key.is_some())
}

/// Returns true if this holds for at least half of the items, and for one.
fn are_mostly(items: &[RecordNode<'_>], is_alike: impl Fn(&RecordNode<'_>) -> bool) -> bool {
    !items.is_empty() && 2 * items.iter().filter(|item| is_alike(item)).count() >= items.len()
}

/// Returns the records of the lists in a list, such as a roadmap of quarters. At least half of them must look like records.
pub(super) fn grouped<'a>(root: &'a Node, kinds: &Kinds, kind: &Arc<Kind>) -> Vec<RecordNode<'a>> {
    fn only_list<'n>(node: &'n Node, kind: &Kind) -> Option<&'n [Node]> {
        let entries = node.as_mapping()?.entries().iter();
        let is_free = |name: &str| {
            kind.shape
                .by_key(name)
                .is_none_or(|field| !matches!(field.ty, FieldType::List(_) | FieldType::Any))
        };
        let mut lists =
            entries.filter(|entry| is_free(&entry.key.name) && entry.value.as_sequence().is_some());
        let only = lists.next().filter(|_| lists.next().is_none())?;
        only.value.as_sequence().filter(|items| items.iter().all(is_mapping))
    }
    let groups = root.as_sequence().or_else(|| only_list(root, kind)).unwrap_or_default();
    let mut found = Vec::new();
    for group in groups {
        let Some(items) = only_list(group, kind).filter(|_| group.get("id").is_none()) else {
            return Vec::new();
        };
        let shared = shared_entries(group.entries(), kinds, kind);
        let record = |item| RecordNode { shared: shared.clone(), ..RecordNode::new(kind, item) };
        found.extend(items.iter().map(record));
    }
    if are_mostly(&found, looks_like_one) { found } else { Vec::new() }
}

pub(super) fn configured<'a>(root: &'a Node, kind: &Arc<Kind>, kinds: &Kinds) -> RootRecords<'a> {
    let mut listed = under_plurals(root, kinds, true);
    listed.retain(|item| item.kind.name == kind.name);
    if !listed.is_empty() {
        return RootRecords { items: listed, by_kind: true };
    }
    if root.entries().iter().any(|entry| kind.shape.by_key(&entry.key.name).is_some()) {
        return RootRecords::of(vec![RecordNode::new(kind, root)]);
    }
    let items = collection(root, kind, &Arc::default());
    RootRecords { by_kind: items.is_empty(), items }
}

/// Returns the lists of records under names that no kind has, items that are no records, and an unknown `kind`. `items` are those that are
/// read. Where a file must contain a record, a list of things with identifiers is one of records too, or with fields of the kind `of_file`.
pub(super) fn unread_parts(
    root: &Node,
    kinds: &Kinds,
    items: &[RecordNode<'_>],
    (of_file, must_contain_record): (Option<&Arc<Kind>>, bool),
) -> Vec<UnreadPart> {
    let is_private = |name: &str| name.starts_with(['.', '_', '$']) || name.starts_with("x-");
    let is_shared = |name: &str| items.iter().any(|item| item.kind.shape.by_key(name).is_some());
    let is_read = |entry: &Entry| items.iter().any(|item| entry.value.span.contains(item.node.span));
    let stray = root.entries().iter().filter_map(|entry| Some((entry, kinds.by_key(&entry.key.name)?)));
    let stray = stray.flat_map(|(entry, kind)| stray_items(entry, kind));
    let part = |entry: &Entry| match (&*entry.key.name, kinds.by_key(&entry.key.name)) {
        (_, Some(_)) => None,
        ("kind", None) => unknown_kind(&entry.value, kinds, None).filter(|_| items.is_empty()),
        (name, None) if is_private(name) => None,
        (_, None) if entry.value.as_text().is_some() => misspelt_key(entry, items),
        (name, None) if !holds_mappings(&entry.value) || is_shared(name) || is_read(entry) => None,
        _ => unknown_list(entry, kinds, of_file.filter(|_| must_contain_record), must_contain_record),
    };
    stray.chain(root.entries().iter().filter_map(part)).collect()
}

/// Returns a key above the records that can only be a misspelt field of theirs.
fn misspelt_key(entry: &Entry, items: &[RecordNode<'_>]) -> Option<UnreadPart> {
    let name = &*entry.key.name;
    let is_read = |item: &RecordNode<'_>| {
        item.kind.shape.by_key(name).is_some() || item.kind.shape.of_file(name).is_some()
    };
    let first = items.first().filter(|_| !items.iter().any(is_read))?;
    let meant = first.kind.shape.only_meaning(name).filter(|field| !is_common(&field.name))?;
    let message = format!("unknown key `{}` above the records", schema::shorten(name));
    Some(unread(message, entry.key.span, schema::did_you_mean(&meant.name)))
}

/// Returns what is no record in a list or a mapping of records.
fn stray_items(entry: &Entry, kind: &Kind) -> Vec<UnreadPart> {
    let is_one = is_mapping(&entry.value) && looks_like(&entry.value, kind, true);
    if is_one || !members(&entry.value).any(|(_, member)| is_mapping(member)) {
        return Vec::new();
    }
    let stray = members(&entry.value)
        .filter(|(key, it)| !may_be_record(it, kind) && (key.is_some() || !it.is_null()));
    let part = |(key, stray): (Option<&Key>, &Node)| {
        let found = match stray.as_text() {
            Some(text) => format!("`{}`", schema::shorten(text)),
            None if stray.is_null() => "nothing".to_owned(),
            None => "a list".to_owned(),
        };
        let span = key.filter(|_| stray.is_null()).map_or(stray.span, |key| key.span);
        let message = format!("expected a record in `{}`, found {found}", entry.key.name);
        unread(message, span, "write it as a mapping of fields, or delete it".to_owned())
    };
    stray.map(part).collect()
}

/// Returns a list whose name is nearest to one of a kind, whose items are those of one kind alone, have fields of that of the file or, if
/// `by_ids`, mostly have identifiers.
fn unknown_list(
    entry: &Entry,
    kinds: &Kinds,
    of_file: Option<&Arc<Kind>>,
    by_ids: bool,
) -> Option<UnreadPart> {
    let name = &*entry.key.name;
    let is_long = name.chars().count() >= MIN_NAME_LEN;
    let near = schema::nearest(name, kinds.iter().flat_map(|kind| kind.called()));
    let near = near.and_then(|near| Some((near, kinds.by_key(near)?)));
    let only_alike = || {
        let requires_more = |kind: &&Arc<Kind>| kind.recognised_by.iter().any(|name| !is_common(name));
        let is_alike = |kind: &&Arc<Kind>| requires_more(kind) && are_alike(&entry.value, kind, false);
        let mut alike = kinds.iter().filter(is_alike);
        alike.next().filter(|_| alike.next().is_none())
    };
    let have_ids = |items: &[Node]| {
        let has_id = |item: &&Node| item.get("id").is_some_and(|id| id.as_text().is_some());
        2 * items.iter().filter(has_id).count() >= items.len()
    };
    let help = match near.filter(|(_, kind)| are_alike(&entry.value, kind, is_long)) {
        Some((near, kind)) => schema::did_you_mean(if *near == *kind.name { &kind.plural } else { near }),
        None => {
            let items = entry.value.as_sequence()?;
            let of_file = || of_file.filter(|kind| items.iter().all(|item| has_fields(item, kind)));
            match only_alike() {
                Some(kind) => schema::did_you_mean(&kind.plural),
                None if let Some(kind) = of_file() => {
                    format!("write `{}`, the list of this file, or `x-{name}` for no records", kind.plural)
                }
                None if by_ids && have_ids(items) => {
                    format!("write the kind of record that it lists, or `x-{name}` for no records")
                }
                None => return None,
            }
        }
    };
    Some(unread(unknown(name), entry.key.span, help))
}

/// Reports that a file names a kind that does not exist. `read_as` is the one that its path says.
pub(super) fn unknown_kind(value: &Node, kinds: &Kinds, read_as: Option<&Kind>) -> Option<UnreadPart> {
    let name = value.as_text().filter(|name| kinds.by_key(name).is_none() && kinds.get(name).is_none())?;
    let help = match schema::nearest(name, kinds.iter().map(|kind| &*kind.name)) {
        Some(meant) => schema::did_you_mean(meant),
        None => format!("write `kind: {}`, or remove the line", read_as?.name),
    };
    Some(unread(unknown(name), value.span, help))
}

fn unknown(name: &str) -> String {
    format!("unknown record kind `{}`", schema::shorten(name))
}

pub(super) fn unread(message: String, span: Span, help: String) -> UnreadPart {
    UnreadPart { message, span, help: Some(help) }
}

/// In letters. A shorter name of a list is near to too many others.
const MIN_NAME_LEN: usize = 5;

/// Returns true if at least half of the items look like records of the kind or, `by_names`, have only fields of it.
fn are_alike(list: &Node, kind: &Arc<Kind>, by_names: bool) -> bool {
    let items = collection(list, kind, &Arc::default());
    are_mostly(&items, |item| looks_like_one(item) || by_names && has_only_fields(item.node, kind))
}

fn has_only_fields(node: &Node, kind: &Kind) -> bool {
    let is_known = |entry: &Entry| kind.shape.by_key(&entry.key.name).is_some();
    node.as_mapping().is_some_and(|it| !it.is_empty() && it.entries().iter().all(is_known))
}

/// Returns true for a name and fields of the kind that few others have, and nothing else.
fn has_fields(item: &Node, kind: &Kind) -> bool {
    let names = || item.entries().iter().filter_map(|it| kind.shape.by_key(&it.key.name)).map(|it| &*it.name);
    has_only_fields(item, kind) && names().any(is_name) && names().any(|name| !is_common(name))
}

/// Returns the top-level entries that hold for all records of a kind; of several for one field, the one under its own name first.
fn shared_entries<'a>(entries: &'a [Entry], kinds: &Kinds, kind: &Kind) -> Shared<'a> {
    let is_list = |entry: &Entry| {
        let kind = kinds.by_key(&entry.key.name);
        kind.is_some_and(|kind| holds_records(&entry.value, kind))
    };
    let own = |name: &str| !matches!(name, "id" | "title" | "kind" | "$schema");
    let has_value = |entry: &Entry, field: &Field| {
        !entry.value.as_scalar().is_some_and(|scalar| is_absent(scalar, field.absent))
    };
    let field = |entry: &Entry| {
        let of_items = || kind.shape.of_file(&entry.key.name).map(|(_, field)| field);
        kind.shape.by_key(&entry.key.name).filter(|field| own(&field.name)).or_else(of_items)
    };
    let is_shared = |entry: &&Entry| field(entry).is_some_and(|it| !is_list(entry) && has_value(entry, it));
    let mut shared: Vec<&Entry> = entries.iter().filter(is_shared).collect();
    shared.sort_by_key(|entry| !field(entry).is_some_and(|field| field.is_own_name(&entry.key.name)));
    shared.into()
}

fn holds_mappings(node: &Node) -> bool {
    members(node).any(|(_, member)| is_mapping(member))
}

fn holds_records(node: &Node, kind: &Kind) -> bool {
    members(node).any(|(_, member)| may_be_record(member, kind))
}

/// Returns true for a mapping of fields, and for another value if the kind has a field for it.
fn may_be_record(node: &Node, kind: &Kind) -> bool {
    is_mapping(node) || (kind.value_field.is_some() && !node.is_null())
}

/// Returns true for a JSON Schema, whose `properties` look like records.
pub(super) fn is_schema(root: &Node) -> bool {
    root.get("$schema").and_then(Node::as_text).is_some_and(|schema| schema.contains("json-schema.org/"))
}

/// Returns true for a structured file that names the schema of another program, which defines its keys.
pub(super) fn has_other_schema(document: &Document, kinds: &Kinds) -> bool {
    // The names of the program's schemas besides those of kinds.
    const OWN_SCHEMAS: [&str; 3] = ["alignlint", "record", "records"];
    let roots = document.roots.iter().filter(|_| document.markdown.is_none());
    let mut schemas = roots.filter_map(|root| root.get("$schema")?.as_text());
    schemas.any(|schema| {
        let file = file_name(schema);
        let name = file.split('.').next().unwrap_or(file);
        !OWN_SCHEMAS.contains(&name) && kinds.get(name).or_else(|| kinds.by_key(name)).is_none()
    })
}

fn is_mapping(node: &Node) -> bool {
    node.as_mapping().is_some()
}
