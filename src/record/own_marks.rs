//! Tells a page in the native format from those of communities and other programs.

use super::classifier::lies_in_own_folder;
use super::conventions::CONVENTIONS;
use super::identity::stem;
use super::structured;
use crate::kind::Kind;
use crate::layout::{Origin, Part};
use crate::node::{Mapping, Node};

/// Returns true if the front matter of a page names the owner, or an identifier beside keys of the kind alone: other formats
/// state a number, authors and who decided too.
pub(super) fn has_own_marks(part: &Part<'_>, root: Option<&Node>, kind: &Kind) -> bool {
    let keys = keys(root);
    !names_community(part, root)
        && (names_owner(&keys, kind) || (states(&keys, kind, "id") && are_of_kind(&keys, kind)))
}

/// Returns true for a page in the program's own folder whose lines below the title name the owner, beside fields of the kind alone.
pub(super) fn has_own_lines(part: &Part<'_>, root: Option<&Node>, kind: &Kind) -> bool {
    let lines: Vec<&str> =
        part.statements.iter().filter(|it| it.origin == Origin::Header).map(|it| &*it.label).collect();
    root.is_none()
        && lies_in_own_folder(part.document.source.path())
        && names_owner(&lines, kind)
        && are_of_kind(&lines, kind)
        && !names_community(part, root)
}

fn keys(node: Option<&Node>) -> Vec<&str> {
    let entries = node.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    entries.iter().map(|entry| &*entry.key.name).collect()
}

fn names_owner(labels: &[&str], kind: &Kind) -> bool {
    kind.accountable.first().is_some_and(|owner| states(labels, kind, owner))
}

fn states(labels: &[&str], kind: &Kind, name: &str) -> bool {
    let field = kind.shape.field(name);
    field.is_some_and(|field| labels.iter().any(|label| field.is_own_name(label)))
}

fn are_of_kind(labels: &[&str], kind: &Kind) -> bool {
    let is_known = |key: &str| kind.shape.by_key(key).or_else(|| kind.shape.only_meaning(key)).is_some();
    labels.iter().all(|label| is_known(label))
}

/// Returns true if front matter without an owner has keys of another program.
pub(super) fn has_keys_of_others(root: Option<&Node>, kind: &Kind) -> bool {
    const LEAST: usize = 2;
    root.is_some_and(|root| structured::foreign_keys(root, kind) >= LEAST)
}

/// Returns true if the identifier in the front matter, else the title there or the name of the file, has the letters of a
/// community: `ADR-0007`. A number alone is that of the file, or of the heading: `# ADR 0007: Title`.
fn names_community(part: &Part<'_>, root: Option<&Node>) -> bool {
    let stated = |key: &str| root.and_then(|root| root.get(key)).and_then(Node::as_text);
    let is_theirs = |text: &str| CONVENTIONS.is_community_id(text);
    let name = stem(part.document.source.path());
    let heading_is_theirs = || part.title.as_ref().is_some_and(|title| is_theirs(&title.text));
    match stated("id") {
        Some(id) if id.bytes().all(|c| c.is_ascii_digit()) => is_theirs(name) || heading_is_theirs(),
        Some(id) => is_theirs(id),
        None => stated("title").is_some_and(is_theirs) || is_theirs(name),
    }
}
