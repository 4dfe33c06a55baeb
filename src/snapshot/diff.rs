//! Differences between two snapshots of a repository, found without reading files.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::{FileEntry, Snapshot};

/// A path at which two snapshots may differ.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangedPath<'s> {
    pub path: &'s Arc<str>,
    pub removed: bool,
}

impl Snapshot {
    /// Returns the paths at which this snapshot may differ from an older one. Files whose blob id is unknown count as
    /// changed.
    pub fn diff<'s>(&'s self, older: &'s Snapshot) -> Vec<ChangedPath<'s>> {
        let mut found = Vec::new();
        let (mut new, mut old) = (self.files.iter().peekable(), older.files.iter().peekable());
        loop {
            let order = match (new.peek(), old.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(new), Some(old)) => new.path.cmp(&old.path),
            };
            let here = if order.is_le() { new.next() } else { None };
            let there = if order.is_ge() { old.next() } else { None };
            match (here, there) {
                (Some(here), Some(there)) if self.is_same(here, older, there) => {}
                (Some(file), _) => found.push(ChangedPath { path: &file.path, removed: false }),
                (None, Some(file)) => found.push(ChangedPath { path: &file.path, removed: true }),
                (None, None) => {}
            }
        }
        let gone = older.opaque.iter().filter(|path| self.opaque.binary_search(path).is_err());
        found.extend(gone.map(|path| ChangedPath { path, removed: true }));
        found
    }

    /// Returns the paths that only one of two snapshots has.
    pub fn added_or_removed_paths<'s>(&'s self, other: &'s Snapshot) -> Vec<&'s Arc<str>> {
        let paths = |state: &'s Snapshot| state.files.iter().map(|file| &file.path).chain(&state.opaque);
        if paths(self).eq(paths(other)) {
            return Vec::new();
        }
        let (here, there): (HashSet<_>, HashSet<_>) = (paths(self).collect(), paths(other).collect());
        let mut apart: Vec<&Arc<str>> = here.symmetric_difference(&there).copied().collect();
        apart.sort_unstable();
        apart
    }

    fn is_same(&self, file: &FileEntry, other: &Snapshot, there: &FileEntry) -> bool {
        let blob = self.blob_id(file);
        blob.is_some() && blob == other.blob_id(there)
    }
}
