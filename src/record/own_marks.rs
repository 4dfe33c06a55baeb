//! Tells a page in the program's own form from those of communities and other programs.

use super::classifier::lies_in_own_folder;
use super::conventions::CONVENTIONS;
use super::structured;
use crate::kind::Kind;
use crate::node::{Entry, Mapping, Node};
use crate::profile::View;

/// Returns true if the front matter of a page names the owner, or an identifier beside keys of the kind alone: other formats
/// state a number, authors and who decided too.
pub(super) fn has_own_marks(view: &View<'_>, kind: &Kind) -> bool {
    let keys = entries(view.root);
    !names_community(view)
        && (names_owner(keys, kind) || (states(keys, kind, "id") && are_of_kind(keys, kind)))
}

/// Returns true for a page in the program's own folder whose lines below the title name the owner, beside fields of the kind alone.
pub(super) fn has_own_lines(view: &View<'_>, kind: &Kind) -> bool {
    let lines = entries(view.header());
    view.root.is_none()
        && lies_in_own_folder(view.path())
        && names_owner(lines, kind)
        && are_of_kind(lines, kind)
        && !names_community(view)
}

/// Returns true if the lines of a section state its `id`, and only fields of the kind. Other formats state the identifier in the heading.
pub(super) fn has_own_id(section: &View<'_>, kind: &Kind) -> bool {
    let lines = entries(section.header());
    states(lines, kind, "id") && are_of_kind(lines, kind)
}

fn entries(node: Option<&Node>) -> &[Entry] {
    node.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries)
}

fn names_owner(entries: &[Entry], kind: &Kind) -> bool {
    kind.accountable.first().is_some_and(|owner| states(entries, kind, owner))
}

fn states(entries: &[Entry], kind: &Kind, name: &str) -> bool {
    let field = kind.shape.field(name);
    field.is_some_and(|field| entries.iter().any(|entry| field.is_own_name(&entry.key.name)))
}

fn are_of_kind(entries: &[Entry], kind: &Kind) -> bool {
    let is_known = |key: &str| kind.shape.by_key(key).or_else(|| kind.shape.only_meaning(key)).is_some();
    entries.iter().all(|entry| is_known(&entry.key.name))
}

/// Returns true if front matter without an owner has keys of another program.
pub(super) fn has_keys_of_others(view: &View<'_>, kind: &Kind) -> bool {
    const LEAST: usize = 2;
    view.root.is_some_and(|root| structured::foreign_keys(root, kind) >= LEAST)
}

/// Returns true if the identifier in the front matter, else the title there or the name of the file, has the letters of a
/// community: `ADR-0007`. A number alone is that of the file, or of the heading: `# ADR 0007: Title`.
fn names_community(view: &View<'_>) -> bool {
    let stated = |key: &str| view.root.and_then(|root| root.get(key)).and_then(Node::as_text);
    let is_theirs = |text: &str| CONVENTIONS.is_community_id(text);
    let heading_is_theirs = || view.title().is_some_and(|title| is_theirs(&title.title));
    match stated("id") {
        Some(id) if id.bytes().all(|c| c.is_ascii_digit()) => is_theirs(view.stem()) || heading_is_theirs(),
        Some(id) => is_theirs(id),
        None => stated("title").is_some_and(is_theirs) || is_theirs(view.stem()),
    }
}
