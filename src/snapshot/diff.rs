//! Differences between two snapshots of a repository, found without reading files.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{BlobId, ContentSource, FileEntry, Snapshot, read_file};

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
        let gone = older.opaque.iter().filter(|entry| !self.is_opaque(&entry.path));
        found.extend(gone.map(|entry| ChangedPath { path: &entry.path, removed: true }));
        found
    }

    /// Returns the file's blob id; if it is not known, that of its content.
    pub fn content_id(&self, file: &FileEntry) -> Option<BlobId> {
        if let Some(id) = self.blob_id(file) {
            return Some(id);
        }
        let bytes = match &file.content {
            ContentSource::Text(source) => source.text().as_bytes().to_vec(),
            ContentSource::Disk(_) => read_file(&self.path_on_disk(file)).ok().flatten()?,
            ContentSource::Blob(..) | ContentSource::Unreadable(_) => return None,
        };
        BlobId::of(&bytes, self.git.as_ref().map(|git| &*git.repository))
    }

    fn is_same(&self, file: &FileEntry, other: &Snapshot, there: &FileEntry) -> bool {
        let blob = self.blob_id(file);
        blob.is_some() && blob == other.blob_id(there)
    }
}
