//! Fields of a user's own kind that differ from one of its base only in their number: `topics` beside `topic`.

use crate::node::{Entry, Mapping, Node};
use crate::text::Source;

/// `stated` is the user's file, `extended` the same with its base.
pub(super) fn notes(source: &Source, stated: &Node, extended: &Node) -> Vec<String> {
    let own = fields(stated);
    let is_own = |name: &str| own.iter().any(|entry| *entry.key.name == *name);
    let of_base = fields(extended).iter().map(|entry| &*entry.key.name).filter(|name| !is_own(name));
    let of_base: Vec<&str> = of_base.collect();
    let note = |Entry { key, value }: &Entry| {
        let twin = of_base.iter().find(|name| singular(name) == singular(&key.name))?;
        let line = source.position(key.span.start as usize).line;
        (!value.is_null()).then(|| {
            format!(
                "`{}` is another field than `{twin}` of the base, which rules and formats read; to change that one, write `{twin}` ({}:{line})",
                key.name,
                source.path()
            )
        })
    };
    own.iter().filter_map(note).collect()
}

fn singular(name: &str) -> String {
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(name).to_owned(),
    }
}

fn fields(kind: &Node) -> &[Entry] {
    kind.get("properties").and_then(Node::as_mapping).map_or(&[], Mapping::entries)
}
