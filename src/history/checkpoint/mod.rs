//! A checkpoint: a loaded history as the sections of a cache file, of which only requested parts are read.
//!
//! Texts, commits and records are referred to by number. Corrupt data is read as default values; that invalidates the
//! cache, so that the run is repeated.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::log::{Attribution, LogEntries, LogEntry, RecordLog};
use super::timeline::Commit;
use super::version::{RecordIdentity, RecordVersion};
use crate::cache::{CacheFile, decode_u32s};

mod write;

pub(super) use write::encode;

pub(super) struct Checkpoint {
    file: CacheFile,
    head: CheckpointHeader,
    /// The first texts, which most logs contain, such as names of fields.
    names: Vec<OnceLock<Arc<str>>>,
}

mod section {
    pub(super) const HEAD: usize = 0;
    pub(super) const COMMIT_ENDS: usize = 1;
    pub(super) const COMMITS: usize = 2;
    /// For each commit, the number of records that it changed.
    pub(super) const CHANGED: usize = 3;
    /// The ids of all commits that were walked.
    pub(super) const REACHABLE: usize = 4;
    pub(super) const TEXT_ENDS: usize = 5;
    pub(super) const TEXTS: usize = 6;
    /// For each record its path, kind, key, scope, and the blob id of its file; sorted by path.
    pub(super) const RECORDS: usize = 7;
    /// A hash table of record numbers, by identity.
    pub(super) const BUCKET_ENDS: usize = 8;
    pub(super) const BUCKETS: usize = 9;
    pub(super) const LOG_ENDS: usize = 10;
    pub(super) const LOGS: usize = 11;
}

#[derive(Serialize, Deserialize)]
struct CheckpointHeader {
    shallow: bool,
    id_length: u8,
    names: u32,
    commits: u32,
    records: u32,
}

/// The start of a log. The changes of its fields follow.
#[derive(Default, Serialize, Deserialize)]
struct StoredLog {
    attributions: Vec<Attribution>,
    created: u32,
    /// The name of each field, and the length of its encoded changes; sorted by name.
    fields: Vec<(u32, u32)>,
}

/// The new value, and the number of the attribution. The value before is that of the previous change.
type StoredChange = (Option<u32>, u32);

impl CheckpointHeader {
    fn fits(&self, file: &CacheFile) -> bool {
        let [commits, records] = [self.commits, self.records].map(|count| Some(count as usize));
        let has_rows = |section, count| file.row_count::<1>(section) == count;
        has_rows(section::COMMIT_ENDS, commits)
            && has_rows(section::CHANGED, commits)
            && file.row_count::<5>(section::RECORDS) == records
            && has_rows(section::BUCKET_ENDS, records)
            && has_rows(section::BUCKETS, records)
            && has_rows(section::LOG_ENDS, records)
            && file.row_count::<1>(section::TEXT_ENDS) >= Some(self.names as usize)
    }
}

impl Checkpoint {
    /// Reads the head of a checkpoint; `None` if its sections don't fit together.
    pub(super) fn open(file: CacheFile) -> Option<Checkpoint> {
        let head = file.section(section::HEAD).and_then(|bytes| decode(&bytes));
        let head = head.filter(|head: &CheckpointHeader| head.fits(&file));
        if head.is_none() {
            file.invalidate();
        }
        let head = head?;
        Some(Checkpoint { names: (0..head.names).map(|_| OnceLock::new()).collect(), head, file })
    }

    pub(super) fn is_shallow(&self) -> bool {
        self.head.shallow
    }

    pub(super) fn commit_count(&self) -> usize {
        self.head.commits as usize
    }

    pub(super) fn record_count(&self) -> usize {
        self.head.records as usize
    }

    pub(super) fn commit(&self, number: usize) -> Commit {
        let stored = self.file.blob(section::COMMIT_ENDS, section::COMMITS, number);
        self.or_default(stored.and_then(|bytes| decode(&bytes)))
    }

    pub(super) fn records_changed(&self, commit: usize) -> usize {
        self.file.row(section::CHANGED, commit).map_or(0, |[records]| records as usize)
    }

    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        let ids = self.file.section(section::REACHABLE).unwrap_or_default();
        let ids = ids.chunks(usize::from(self.head.id_length).max(1));
        self.or_default(ids.map(|id| ObjectId::try_from(id).ok()).collect())
    }

    pub(super) fn path(&self, record: usize) -> Cow<'_, str> {
        let [path, ..] = self.row(record);
        self.text(path)
    }

    pub(super) fn records_in(&self, path: &str) -> Range<usize> {
        let start = partition_point(self.record_count(), |record| *self.path(record) < *path);
        let end = partition_point(self.record_count(), |record| *self.path(record) <= *path);
        start..end.max(start)
    }

    pub(super) fn blob(&self, record: usize) -> Cow<'_, [u8]> {
        let [.., blob] = self.row(record);
        self.bytes(blob)
    }

    pub(super) fn blob_id(&self, record: usize) -> ObjectId {
        let id = ObjectId::try_from(&*self.blob(record)).ok();
        id.unwrap_or_else(|| {
            self.file.invalidate();
            ObjectId::null(gix::hash::Kind::Sha1)
        })
    }

    pub(super) fn identity(&self, record: usize) -> RecordIdentity {
        let [_, kind, key, scope, _] = self.row(record);
        RecordIdentity { kind: self.shared(kind), key: self.text(key).into(), scope: self.text(scope).into() }
    }

    /// Returns the records that may have an identity.
    pub(super) fn candidates(&self, identity: &RecordIdentity) -> Vec<usize> {
        let Some(bucket) = bucket(identity, self.record_count()) else { return Vec::new() };
        let records = self.file.blob(section::BUCKET_ENDS, section::BUCKETS, bucket).unwrap_or_default();
        decode_u32s(&records).map(|record| record as usize).collect()
    }

    pub(super) fn has_identity(&self, record: usize, identity: &RecordIdentity) -> bool {
        let [_, kind, key, scope, _] = self.row(record);
        let is = |text, other: &str| *self.bytes(text) == *other.as_bytes();
        is(key, &identity.key) && is(scope, &identity.scope) && is(kind, &identity.kind)
    }

    pub(super) fn log(&self, record: usize) -> RecordLog {
        let log = self.partial_log(record);
        let fields: LogEntries = log.fields().map(|stored| self.entries(&log, stored)).collect();
        let last = |(name, entries): (&Arc<str>, &Vec<LogEntry>)| {
            Some((name.clone(), entries.last()?.value.clone()?))
        };
        let current = fields.iter().filter_map(last).collect();
        let current = RecordVersion { identity: self.identity(record), fields: current };
        RecordLog { created: self.created_in(&log), fields, current: Arc::new(current) }
    }

    fn entries(
        &self,
        log: &PartialLog<'_>,
        (name, stored): (u32, Option<&[u8]>),
    ) -> (Arc<str>, Vec<LogEntry>) {
        let stored: Vec<StoredChange> = self.or_default(stored.and_then(decode));
        let entry = |(value, number): (Option<u32>, u32)| LogEntry {
            value: value.map(|value| self.shared(value)),
            attribution: self.attribution(log, number),
        };
        (self.shared(name), stored.into_iter().map(entry).collect())
    }

    pub(super) fn created(&self, record: usize) -> Attribution {
        self.created_in(&self.partial_log(record))
    }

    fn created_in(&self, log: &PartialLog<'_>) -> Attribution {
        self.attribution(log, log.stored.created)
    }

    pub(super) fn changes(&self, record: usize, field: &str) -> Vec<LogEntry> {
        let log = self.partial_log(record);
        let fields = &log.stored.fields;
        let index = partition_point(fields.len(), |index| *self.text(fields[index].0) < *field);
        let found = log.fields().nth(index).map(|stored| self.entries(&log, stored));
        found.filter(|(name, _)| **name == *field).map(|(_, entries)| entries).unwrap_or_default()
    }

    fn partial_log(&self, record: usize) -> PartialLog<'_> {
        self.or_default((|| {
            let bytes = self.file.blob(section::LOG_ENDS, section::LOGS, record)?;
            let (stored, rest) = postcard::take_from_bytes(&bytes).ok()?;
            let changes = bytes.len() - rest.len();
            Some(PartialLog { stored, changes, bytes })
        })())
    }

    fn attribution(&self, log: &PartialLog<'_>, number: u32) -> Attribution {
        let stored = log.stored.attributions.get(number as usize);
        let is_known = |it: &&Attribution| it.commits().all(|commit| commit < self.commit_count());
        self.or_default(stored.filter(is_known).cloned())
    }

    fn row(&self, record: usize) -> [u32; 5] {
        self.file.row(section::RECORDS, record).unwrap_or_default()
    }

    /// Returns a text as an `Arc`. All uses of a name share one allocation.
    fn shared(&self, number: u32) -> Arc<str> {
        match self.names.get(number as usize) {
            Some(name) => name.get_or_init(|| self.read_text(number).into()).clone(),
            None => self.read_text(number).into(),
        }
    }

    pub(super) fn text(&self, number: u32) -> Cow<'_, str> {
        match self.names.get(number as usize) {
            Some(name) => Cow::Borrowed(&**name.get_or_init(|| self.read_text(number).into())),
            None => self.read_text(number),
        }
    }

    fn read_text(&self, number: u32) -> Cow<'_, str> {
        self.or_default(match self.bytes(number) {
            Cow::Borrowed(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
            Cow::Owned(text) => String::from_utf8(text).ok().map(Cow::Owned),
        })
    }

    fn bytes(&self, number: u32) -> Cow<'_, [u8]> {
        self.file.blob(section::TEXT_ENDS, section::TEXTS, number as usize).unwrap_or_default()
    }

    /// Returns the value; invalidates the cache if there is none.
    fn or_default<T: Default>(&self, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.file.invalidate();
            T::default()
        })
    }
}

/// A log of which only the start is decoded.
#[derive(Default)]
struct PartialLog<'c> {
    stored: StoredLog,
    changes: usize,
    bytes: Cow<'c, [u8]>,
}

impl PartialLog<'_> {
    /// Returns the name of each field, and its encoded changes; `None` if they are out of range.
    fn fields(&self) -> impl Iterator<Item = (u32, Option<&[u8]>)> {
        let mut start = self.changes;
        self.stored.fields.iter().map(move |&(name, length)| {
            let end = start.saturating_add(length as usize);
            let changes = self.bytes.get(start..end);
            start = end;
            (name, changes)
        })
    }
}

/// Returns the first number below `count` for which `is_before` is false, given that it is false for all greater ones.
fn partition_point(count: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (0, count);
    while start < end {
        let middle = start + (end - start) / 2;
        if is_before(middle) {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    start
}

fn bucket(identity: &RecordIdentity, buckets: usize) -> Option<usize> {
    let mut hasher = DefaultHasher::new();
    identity.hash(&mut hasher);
    (hasher.finish() as usize).checked_rem(buckets)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}
