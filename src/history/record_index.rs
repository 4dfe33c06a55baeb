//! The records at the end of a timeline, by path and by identity.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::version::RecordIdentity;
use crate::record::Record;
use crate::snapshot::BlobId;

/// Maps paths and identities to record numbers.
#[derive(Default)]
pub(super) struct RecordIndex {
    files: BTreeMap<Arc<str>, IndexedFile>,
    /// The path and the number of each record; built when one is looked up.
    by_identity: OnceLock<ByIdentity>,
}

type ByIdentity = HashMap<RecordIdentity, Vec<(Arc<str>, usize)>>;

/// A file, and the identities and numbers of its records.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct IndexedFile {
    pub blob: Option<Box<[u8]>>,
    pub records: Vec<(RecordIdentity, usize)>,
}

/// The record at the end of the timeline that corresponds to a record of the current state.
pub(super) struct Match {
    pub record: usize,
    /// Whether it lies in the same file, and no other record has the same identity, so that the match is certain.
    is_certain: bool,
}

impl RecordIndex {
    pub(super) fn new(files: Vec<(Arc<str>, IndexedFile)>) -> RecordIndex {
        RecordIndex { files: files.into_iter().collect(), by_identity: OnceLock::new() }
    }

    /// Removes and returns the records of a file that changed to `blob`.
    pub(super) fn take(&mut self, path: &Arc<str>, blob: Option<ObjectId>) -> Vec<(RecordIdentity, usize)> {
        self.by_identity.take();
        let blob = blob.map(|id| id.as_bytes().into());
        let file = self.files.insert(path.clone(), IndexedFile { blob, records: Vec::new() });
        file.unwrap_or_default().records
    }

    pub(super) fn push(&mut self, path: &Arc<str>, identity: RecordIdentity, record: usize) {
        let file = self.files.entry(path.clone()).or_default();
        file.records.push((identity, record));
    }

    /// Finds a record of the current state by its identity; among several, the one in the same file.
    pub(super) fn find(&self, record: &Record) -> Option<Match> {
        let by_identity = self.by_identity.get_or_init(|| self.index_identities());
        match &by_identity.get(&RecordIdentity::of(record))?[..] {
            [(path, number)] => Some(Match { record: *number, is_certain: *path == record.path }),
            several => {
                let (_, number) = several.iter().find(|(path, _)| *path == record.path)?;
                Some(Match { record: *number, is_certain: false })
            }
        }
    }

    fn index_identities(&self) -> ByIdentity {
        let mut by_identity = ByIdentity::new();
        for (path, file) in &self.files {
            for (identity, record) in &file.records {
                by_identity.entry(identity.clone()).or_default().push((path.clone(), *record));
            }
        }
        by_identity
    }

    /// Returns true if the record's file has had the content `blob` since the end of the timeline.
    pub(super) fn is_unchanged(&self, record: &Record, found: &Match, blob: BlobId) -> bool {
        let committed = || self.files.get(&record.path)?.blob.as_deref();
        found.is_certain && committed() == Some(blob.as_bytes())
    }

    /// Returns the files, sorted by path.
    pub(super) fn files(&self) -> impl Iterator<Item = (&Arc<str>, &IndexedFile)> {
        self.files.iter()
    }
}
