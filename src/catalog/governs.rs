//! The paths that records govern.

use crate::config::Globs;
use crate::record::Record;
use crate::snapshot::OpaqueEntry;

use super::Catalog;

impl Catalog {
    /// Returns true if a pattern matches a file of the state, or may match one that is not read: in a submodule, behind a
    /// symbolic link, or left out by a sparse checkout.
    pub fn has_path(&self, globs: &Globs) -> bool {
        let literal = |pattern: &str| {
            let start = pattern.trim_start_matches("./").trim_start_matches('/');
            start.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default().to_owned()
        };
        let literals: Vec<String> = globs.patterns().iter().map(|(pattern, _)| literal(pattern)).collect();
        let may_hold = |entry: &OpaqueEntry| {
            let inside = format!("{}/", entry.path);
            globs.matches(&entry.path)
                || literals
                    .iter()
                    .any(|literal| literal.starts_with(&inside) || inside.starts_with(literal.as_str()))
        };
        self.snapshot.files().iter().any(|file| globs.matches(&file.path))
            || self.snapshot.opaque_entries().iter().any(may_hold)
    }

    /// Returns the patterns of the paths that a record governs; invalid ones are left out, as the schema reports them.
    pub fn governed_by<'r>(&self, record: &'r Record) -> impl Iterator<Item = (&'r str, Globs)> {
        let field = record.kind.governs.as_deref().and_then(|field| record.field(field));
        let items =
            field.into_iter().flat_map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node)));
        items.filter_map(|item| Some((item.as_text()?, Globs::parse(item.as_text()?).ok()?)))
    }
}
