//! Paths as text.

use std::sync::Arc;

use rayon::prelude::*;

use super::{FileEntry, NOT_UTF8};
use crate::snapshot::ContentSource;

/// A path from the root, with `/`, as it is shown.
pub(super) struct PathName {
    pub text: Arc<str>,
    /// False if the path is not UTF-8: then the text can't be used to open it.
    pub is_exact: bool,
}

impl PathName {
    pub(super) fn new(path: &[u8]) -> PathName {
        match std::str::from_utf8(path) {
            Ok(text) => PathName { text: text.into(), is_exact: true },
            Err(_) => PathName { text: escaped(path).into(), is_exact: false },
        }
    }

    /// Returns the entry of a file; unreadable if its name is not UTF-8.
    pub(super) fn file(self, content: ContentSource) -> FileEntry {
        let content = if self.is_exact { content } else { ContentSource::Unreadable(NOT_UTF8) };
        FileEntry { path: self.text, content }
    }
}

/// Writes each byte that is not UTF-8 as `\xNN`, and each backslash twice, so that two such paths have two texts.
fn escaped(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text
}

/// Sorts files, and removes those that were listed twice. If a path that is not UTF-8 has the text of another path, it
/// gets another text.
pub(super) fn sort(files: &mut Vec<FileEntry>) {
    files.par_sort_unstable_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    files.dedup_by(|a, b| a.sort_key() == b.sort_key());
    let mut is_ambiguous = false;
    for at in 1..files.len() {
        if files[at].path == files[at - 1].path {
            // No path contains this character.
            files[at].path = format!("{}\0", files[at].path).into();
            is_ambiguous = true;
        }
    }
    if is_ambiguous {
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }
}

impl PathName {
    pub(super) fn sort_key(&self) -> (&str, bool) {
        (&self.text, !self.is_exact)
    }
}

impl FileEntry {
    /// Paths that are UTF-8 come before others with the same text.
    pub(super) fn sort_key(&self) -> (&str, bool) {
        (&self.path, matches!(self.content, ContentSource::Unreadable(NOT_UTF8)))
    }
}
