//! Entries that are listed and not entered.

use std::sync::Arc;

use super::Snapshot;

/// A path that is listed and not entered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpaqueEntry {
    pub path: Arc<str>,
    pub kind: OpaqueKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpaqueKind {
    Link,
    Submodule,
    NestedRepository,
    /// Tracked, and left out by a sparse checkout.
    Sparse,
}

impl OpaqueEntry {
    pub(super) fn new(path: impl Into<Arc<str>>, kind: OpaqueKind) -> OpaqueEntry {
        OpaqueEntry { path: path.into(), kind }
    }
}

impl Snapshot {
    /// Returns the entry at `path` or above it that is not entered.
    pub fn opaque_at(&self, path: &str) -> Option<&OpaqueEntry> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.map(|end| &path[..end]).find_map(|above| self.opaque(above))
    }

    /// Returns the entries that are not entered, sorted by path.
    pub fn opaque_entries(&self) -> &[OpaqueEntry] {
        &self.opaque
    }

    pub(super) fn is_opaque(&self, path: &str) -> bool {
        self.opaque(path).is_some()
    }

    fn opaque(&self, path: &str) -> Option<&OpaqueEntry> {
        let at = self.opaque.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.opaque.get(at)
    }
}
