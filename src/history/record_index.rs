//! The records at the end of a timeline, by path and by identity.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use gix::ObjectId;

use super::checkpoint::Checkpoint;
use super::lazy_table::RecordLogs;
use super::version::RecordIdentity;
use crate::record::Record;
use crate::snapshot::BlobId;

/// Maps paths and identities to record numbers. Files unchanged since the checkpoint are looked up in the checkpoint.
#[derive(Default)]
pub(super) struct RecordIndex {
    checkpoint: Option<Arc<Checkpoint>>,
    changed_files: HashMap<Arc<str>, IndexedFile>,
    /// The path and number of each record in `changed_files`.
    by_identity: HashMap<RecordIdentity, Vec<(Arc<str>, usize)>>,
}

#[derive(Default)]
struct IndexedFile {
    blob: Option<ObjectId>,
    records: Vec<usize>,
}

/// A record at the end of the timeline, and its file.
pub(super) struct RecordEntry {
    pub path: Arc<str>,
    pub blob: Option<ObjectId>,
    pub record: usize,
}

/// The record at the end of the timeline that corresponds to a record of the current state.
pub(super) struct Match<'i> {
    pub record: usize,
    /// Its path; `None` if several records have the same identity, so that the match may be wrong.
    unambiguous_path: Option<Cow<'i, str>>,
}

impl RecordIndex {
    pub(super) fn from_checkpoint(checkpoint: Arc<Checkpoint>) -> RecordIndex {
        RecordIndex { checkpoint: Some(checkpoint), ..RecordIndex::default() }
    }

    /// Removes and returns the records of a file that changed to `blob`.
    pub(super) fn take(&mut self, path: &Arc<str>, blob: Option<ObjectId>) -> Vec<usize> {
        if let Some(file) = self.changed_files.get_mut(path) {
            file.blob = blob;
            return std::mem::take(&mut file.records);
        }
        let records = self.checkpoint_records_in(path).collect();
        self.changed_files.insert(path.clone(), IndexedFile { blob, records: Vec::new() });
        records
    }

    pub(super) fn push(&mut self, path: &Arc<str>, record: usize) {
        self.changed_files.entry(path.clone()).or_default().records.push(record);
    }

    pub(super) fn index_identities(&mut self, logs: &RecordLogs) {
        self.by_identity.clear();
        for (path, file) in &self.changed_files {
            for &record in &file.records {
                let identity = logs.identity(record);
                self.by_identity.entry(identity).or_default().push((path.clone(), record));
            }
        }
    }

    /// Finds a record of the current state by its identity; among several, the one in the same file.
    pub(super) fn find(&self, record: &Record, logs: &RecordLogs) -> Option<Match<'_>> {
        let identity = RecordIdentity::of(record);
        let mut found = self.first_two(&identity);
        if found.len() < 2 {
            return found.pop().map(|(path, record)| Match { record, unambiguous_path: Some(path) });
        }
        let changed = self.changed_files.get(&record.path).map(|file| &file.records);
        let stored = if changed.is_none() { self.checkpoint_records_in(&record.path) } else { 0..0 };
        let mut records = changed.into_iter().flatten().copied().chain(stored);
        records
            .find(|&it| logs.identity(it) == identity)
            .map(|record| Match { record, unambiguous_path: None })
    }

    /// Returns true if the record's file has had the content `blob` since the end of the timeline.
    pub(super) fn is_unchanged(&self, record: &Record, found: &Match<'_>, blob: BlobId) -> bool {
        if found.unambiguous_path.as_deref() != Some(&*record.path) {
            return false;
        }
        match (self.changed_files.get(&record.path), &self.checkpoint) {
            (Some(file), _) => file.blob.is_some_and(|it| it.as_bytes() == blob.as_bytes()),
            (None, Some(checkpoint)) => *checkpoint.blob(found.record) == *blob.as_bytes(),
            (None, None) => false,
        }
    }

    /// Returns the path and number of up to two records of an identity.
    fn first_two(&self, identity: &RecordIdentity) -> Vec<(Cow<'_, str>, usize)> {
        let changed = self.by_identity.get(identity).into_iter().flatten().take(2);
        let mut found: Vec<_> = changed.map(|(path, record)| (Cow::Borrowed(&**path), *record)).collect();
        let Some(checkpoint) = &self.checkpoint else { return found };
        for record in checkpoint.candidates(identity) {
            if found.len() == 2 || !checkpoint.has_identity(record, identity) {
                continue;
            }
            let path = checkpoint.path(record);
            if !self.changed_files.contains_key(&*path) {
                found.push((path, record));
            }
        }
        found
    }

    pub(super) fn all(&self) -> Vec<RecordEntry> {
        let mut all: Vec<RecordEntry> = Vec::new();
        for (path, file) in &self.changed_files {
            let location = |&record| RecordEntry { path: path.clone(), blob: file.blob, record };
            all.extend(file.records.iter().map(location));
        }
        if let Some(checkpoint) = &self.checkpoint {
            let mut next = 0;
            while next < checkpoint.record_count() {
                let path: Arc<str> = checkpoint.path(next).into();
                let records = checkpoint.records_in(&path);
                next = records.end.max(next + 1);
                if !self.changed_files.contains_key(&path) {
                    let blob = |record| Some(checkpoint.blob_id(record));
                    all.extend(records.map(|it| RecordEntry {
                        path: path.clone(),
                        blob: blob(it),
                        record: it,
                    }));
                }
            }
        }
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }

    fn checkpoint_records_in(&self, path: &str) -> Range<usize> {
        self.checkpoint.as_ref().map_or(0..0, |checkpoint| checkpoint.records_in(path))
    }
}
