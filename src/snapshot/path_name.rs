//! Paths as text.

use std::sync::Arc;

use rayon::prelude::*;

use super::{FileEntry, NOT_UTF8};
use crate::snapshot::ContentSource;

/// A path from the root, with `/`, as it is shown.
pub(super) struct PathName {
    pub text: Arc<str>,
    /// False if the path is not UTF-8: then the text can't be used to open it.
    is_exact: bool,
}

impl PathName {
    /// Reads a path; each byte that is not UTF-8 is written as `\xNN`.
    pub(super) fn new(path: &[u8]) -> PathName {
        if let Ok(text) = std::str::from_utf8(path) {
            return PathName { text: text.into(), is_exact: true };
        }
        let mut text = String::with_capacity(path.len());
        for chunk in path.utf8_chunks() {
            text.push_str(chunk.valid());
            chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
        }
        PathName { text: text.into(), is_exact: false }
    }

    /// Returns the entry of a file; unreadable if its name is not UTF-8.
    pub(super) fn file(self, content: ContentSource) -> FileEntry {
        let content = if self.is_exact { content } else { ContentSource::Unreadable(NOT_UTF8) };
        FileEntry { path: self.text, content }
    }
}

/// Sorts files, and removes those that were listed twice. Of files with one text, the one that can be read stays.
pub(super) fn sort(files: &mut Vec<FileEntry>) {
    let is_inexact = |file: &FileEntry| matches!(file.content, ContentSource::Unreadable(NOT_UTF8));
    files.par_sort_unstable_by(|a, b| (&a.path, is_inexact(a)).cmp(&(&b.path, is_inexact(b))));
    files.dedup_by(|a, b| a.path == b.path);
}
