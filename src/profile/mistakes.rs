//! What loads and can't be meant in a profile of the user's own.

use std::sync::Arc;

use regex_syntax::hir::{Hir, HirKind};

use crate::finding::Fault;
use crate::node::{Entry, Mapping, Node};
use crate::text::Source;

/// Returns the faults of what the user's file itself states; `stated` is without its base.
pub(super) fn faults(source: &Arc<Source>, stated: &Node) -> Vec<Fault> {
    let fields = entries(stated.get("fields"));
    let places = fields.iter().map(|entry| &entry.value).chain(stated.get("file-id"));
    let without_group = places.flat_map(items).filter_map(|place| without_group(source, place));
    without_group.chain(contradictions(source, stated)).collect()
}

/// Fields that the format lacks and that it requires.
fn contradictions(source: &Arc<Source>, stated: &Node) -> Vec<Fault> {
    let named = |key: &str| stated.get(key).into_iter().flat_map(items);
    let lacked: Vec<&str> = named("lacks").filter_map(Node::as_text).collect();
    let both = named("requires").filter(|field| field.as_text().is_some_and(|name| lacked.contains(&name)));
    let fault = |field: &Node| {
        let name = field.as_text().unwrap_or_default();
        let message =
            format!("`{name}` is under `requires`, and `lacks` says that the format has no place for it");
        Fault::new(message).help("remove it from `requires` or from `lacks`").at(source, field.span)
    };
    both.map(fault).collect()
}

/// Returns the field whose value the profile reads from a place of this name: `status` for `Stato`.
pub(super) fn read_from<'n>(fields: Option<&'n Node>, name: &str) -> Option<&'n str> {
    const NAMED: [&str; 5] = ["key", "header", "section", "row", "cell"];
    let is_named = |place: &Node| {
        let names = NAMED.iter().filter_map(|key| place.get(key)).flat_map(items);
        names.filter_map(Node::as_text).any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let mut fields = entries(fields).iter().filter(|entry| items(&entry.value).iter().any(is_named));
    fields.next().map(|entry| &*entry.key.name)
}

/// A pattern in a longer text, without a group that says which part of it is the value.
fn without_group(source: &Arc<Source>, place: &Node) -> Option<Fault> {
    const SEARCHED: [&str; 6] = ["file", "folder", "title", "preamble", "body", "item"];
    let pattern = SEARCHED.iter().find_map(|key| place.get(key))?;
    let text = pattern.as_text()?;
    let parsed = regex_syntax::parse(text).ok()?;
    let (mut fixed, mut free) = (false, false);
    parts(&parsed, &mut fixed, &mut free);
    let is_ambiguous = fixed && free && parsed.properties().explicit_captures_len() == 0;
    is_ambiguous.then(|| {
        let fault = Fault::new(format!("`{text}` does not say which part of it is the value"));
        fault.help("put that part in parentheses, such as `^([0-9]+)-`").at(source, pattern.span)
    })
}

/// Notes whether a pattern has fixed letters, and parts that are different in each text.
fn parts(pattern: &Hir, fixed: &mut bool, free: &mut bool) {
    match pattern.kind() {
        HirKind::Literal(_) => *fixed = true,
        HirKind::Class(_) => *free = true,
        HirKind::Repetition(repetition) => {
            *free = true;
            parts(&repetition.sub, fixed, free);
        }
        HirKind::Capture(capture) => parts(&capture.sub, fixed, free),
        HirKind::Concat(list) | HirKind::Alternation(list) => {
            list.iter().for_each(|part| parts(part, fixed, free));
        }
        HirKind::Empty | HirKind::Look(_) => {}
    }
}

fn entries(node: Option<&Node>) -> &[Entry] {
    node.and_then(Node::as_mapping).map_or(&[], Mapping::entries)
}

fn items(node: &Node) -> &[Node] {
    node.as_sequence().unwrap_or(std::slice::from_ref(node))
}
