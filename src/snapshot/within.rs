//! Which files are in a folder, and paths from a folder.

use super::{FileEntry, Snapshot};

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
}

/// Returns true if `path` is `folder` or below it; everything is below the empty path.
pub fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || is_below(path, folder)
}

/// Returns true if `path` is below `folder`, which is not the root.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
