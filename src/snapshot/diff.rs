//! What two states of one repository have otherwise, told without reading a file.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::{FileEntry, Snapshot};

/// A path at which two states differ.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangedPath<'s> {
    pub path: &'s Arc<str>,
    /// The newer state has nothing there any more.
    pub removed: bool,
}

impl Snapshot {
    /// The paths at which this state may differ from an older one, in their order. A file of which nobody
    /// knows the object counts as different.
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

    /// The paths that only one of two states has.
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
