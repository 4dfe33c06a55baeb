//! The paths that records govern.

use crate::config::LazyGlob;
use crate::record::Record;
use crate::snapshot::OpaqueEntry;

use super::Catalog;

impl Catalog {
    /// Returns true if a pattern matches a file of the state, or may match one that is not read: in a submodule, behind a
    /// symbolic link, or left out by a sparse checkout.
    pub fn has_path(&self, glob: &LazyGlob) -> bool {
        let literal = glob.literal();
        let may_hold = |entry: &OpaqueEntry| {
            let inside = format!("{}/", entry.path);
            glob.matches(&entry.path) || literal.starts_with(&inside) || inside.starts_with(literal)
        };
        let files = self.snapshot.files();
        let start = files.partition_point(|file| *file.path < *literal);
        let mut alike = files[start..].iter().take_while(|file| file.path.starts_with(literal));
        alike.any(|file| glob.matches(&file.path)) || self.snapshot.opaque_entries().iter().any(may_hold)
    }

    /// Returns the patterns of the paths that a record governs; some may be invalid, as the schema reports.
    pub fn governed_by<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r str> {
        let field = record.kind.governs.as_deref().and_then(|field| record.field(field));
        let items =
            field.into_iter().flat_map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node)));
        items.filter_map(|item| item.as_text())
    }
}
