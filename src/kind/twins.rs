//! Fields of a user's own kind that differ from one of its base only in their number: `topics` beside `topic`.

use crate::node::{Entry, Mapping, Node};
use crate::schema::only_meaning;
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

/// The fields of a user's own kind that are called like one of its base but for a letter, each with what is to be said where no
/// record states it.
pub(super) fn near_fields(source: &Source, stated: &Node, extended: &Node) -> Vec<(Box<str>, String)> {
    let own = fields(stated);
    let is_own = |name: &str| own.iter().any(|entry| *entry.key.name == *name);
    let of_base = || fields(extended).iter().map(|entry| &*entry.key.name).filter(|name| !is_own(name));
    let note = |Entry { key, value }: &Entry| {
        let name = &*key.name;
        let near = only_meaning(name, of_base().map(|name| (name, name)))?;
        let is_twin = of_base().any(|other| singular(other) == singular(name));
        (!is_twin && !value.is_null() && value.get("x-computed").is_none()).then(|| {
            let line = source.position(key.span.start as usize).line;
            let note = format!(
                "no record has the field `{name}`, which is another than `{near}` of the base; to change that one, write `{near}` ({}:{line})",
                source.path()
            );
            (name.into(), note)
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
