//! What is at a path: a file, a folder, or an entry that is listed and not entered.

use std::sync::Arc;

use super::{FileEntry, Snapshot};

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
    /// Returns the file at a path, or the files below it.
    pub fn files_within(&self, path: &str) -> &[FileEntry] {
        if path.is_empty() {
            return &self.files;
        }
        let start = self.files.partition_point(|file| *file.path < *path);
        if self.files.get(start).is_some_and(|file| *file.path == *path) {
            return &self.files[start..=start];
        }
        let below = format!("{path}/");
        let start = self.files.partition_point(|file| *file.path < *below);
        let length = self.files[start..].partition_point(|file| file.path.starts_with(&below));
        &self.files[start..start + length]
    }

    /// Returns true if there is a file below `path`.
    pub fn has_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        let below = self.files.partition_point(|file| *file.path < *start);
        self.files.get(below).is_some_and(|file| is_below(&file.path, path))
    }

    /// Returns a path from the root as one from the folder that the program was started in.
    pub fn path_from_here(&self, path: &str) -> String {
        let mut here: Vec<&str> = self.prefix.split('/').filter(|part| !part.is_empty()).collect();
        let mut parts: Vec<&str> = path.split('/').collect();
        while parts.len() > 1 && here.first() == parts.first() {
            here.remove(0);
            parts.remove(0);
        }
        format!("{}{}", "../".repeat(here.len()), parts.join("/"))
    }

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

/// Returns true if `path` is `folder` or below it; everything is below the empty path.
pub fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || is_below(path, folder)
}

/// Returns true if `path` is below `folder`, which is not the root.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
