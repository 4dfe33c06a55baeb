//! Reads the keys of front matter.

use std::borrow::Cow;

use super::{Content, Origin, Statement};
use crate::node::{Entry, Node};

/// Returns the entries of front matter, then those of mappings in it, as in `adr: { status: accepted }`.
pub(super) fn statements(root: &Node) -> Vec<Statement<'_>> {
    let Some(mapping) = root.as_mapping() else { return Vec::new() };
    let nested = mapping.entries().iter().filter_map(|entry| entry.value.as_mapping());
    let nested =
        nested.flat_map(crate::node::Mapping::entries).filter(|entry| entry.value.as_mapping().is_none());
    mapping.entries().iter().chain(nested).map(statement).collect()
}

pub(super) fn statement(entry: &Entry) -> Statement<'_> {
    let content =
        if entry.value.is_null() { Content::Nothing } else { Content::Data(Cow::Borrowed(&entry.value)) };
    Statement::new(&entry.key.name, entry.key.span, content, entry.value.span, Origin::FrontMatter)
}
