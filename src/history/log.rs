//! The records at the end of a timeline, and the log of each: all changes of its fields, by commit number; in memory, and in a checkpoint.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::version::{self, RecordIdentity, RecordVersion, Values};
use crate::cache::{self, CacheFile};
use crate::record::{Record, RecordContent};

#[derive(Clone, Debug, Default)]
pub(super) struct RecordLog {
    pub created: Attribution,
    /// The changes of each field and named part of a field, oldest first.
    pub fields: LogEntries,
    pub current: Arc<RecordVersion>,
}

impl RecordLog {
    /// Creates the log of a record that has these values since it was created.
    fn unchanged(created: &Attribution, identity: RecordIdentity, values: Values) -> RecordLog {
        let entry = |value: &Arc<str>| LogEntry { value: Some(value.clone()), attribution: created.clone() };
        let fields = values.iter().map(|(name, value)| (name.clone(), vec![entry(value)])).collect();
        RecordLog {
            created: created.clone(),
            fields,
            current: Arc::new(RecordVersion { identity, fields: values }),
        }
    }
}

/// The logs by number. Those of a checkpoint, and of records that are as one commit added them, are made on first use.
#[derive(Default)]
pub(super) struct RecordLogs {
    stored: Option<Stored>,
    added: ahash::HashMap<usize, (Arc<RecordContent>, Attribution)>,
    logs: Vec<OnceLock<Box<RecordLog>>>,
}

impl RecordLogs {
    pub(super) fn from_checkpoint(stored: Stored) -> RecordLogs {
        let logs = stored.logs.iter().map(|_| OnceLock::new()).collect();
        RecordLogs { stored: Some(stored), logs, ..RecordLogs::default() }
    }

    pub(super) fn push(&mut self, log: RecordLog) -> usize {
        self.logs.push(OnceLock::from(Box::new(log)));
        self.logs.len() - 1
    }

    pub(super) fn push_added(&mut self, content: Arc<RecordContent>, created: Attribution) -> usize {
        self.added.insert(self.logs.len(), (content, created));
        self.logs.push(OnceLock::new());
        self.logs.len() - 1
    }

    /// Returns true if a commit added the record with this content, and none changed it.
    pub(super) fn is_added_as(&self, record: usize, content: &Arc<RecordContent>) -> bool {
        self.added.get(&record).is_some_and(|(added, _)| Arc::ptr_eq(added, content))
            && self.logs[record].get().is_none()
    }

    pub(super) fn get(&self, record: usize) -> &RecordLog {
        let make = || match self.added.get(&record) {
            Some((content, created)) => {
                let RecordVersion { identity, fields } = RecordVersion::of(content);
                RecordLog::unchanged(created, identity, fields)
            }
            None => self.stored.as_ref().map(|stored| stored.log(record, |_| true)).unwrap_or_default(),
        };
        self.logs[record].get_or_init(|| Box::new(make()))
    }

    /// Returns the log of a record with the wanted fields. What is read of a checkpoint is not kept: most of it are past texts.
    pub(super) fn fields(&self, record: usize, wanted: &[&str]) -> Cow<'_, RecordLog> {
        if self.logs[record].get().is_some() {
            return Cow::Borrowed(self.get(record));
        }
        match (self.added.get(&record), &self.stored) {
            (Some((content, created)), _) => {
                let values = version::values_of(content, wanted);
                Cow::Owned(RecordLog::unchanged(created, RecordIdentity::default(), values))
            }
            (None, Some(stored)) => Cow::Owned(stored.log(record, |name| wanted.contains(&name))),
            (None, None) => Cow::Borrowed(self.get(record)),
        }
    }

    pub(super) fn change(&mut self, record: usize, change: impl FnOnce(&mut RecordLog)) {
        self.get(record);
        if let Some(log) = self.logs[record].get_mut() {
            change(log);
        }
    }

    /// Returns the ids of all commits that were walked for the checkpoint.
    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        self.stored.as_ref().map_or_else(Vec::new, Stored::reachable)
    }
}

#[derive(Default)]
pub(super) struct RecordIndex {
    files: BTreeMap<Arc<str>, FileRecords>,
    /// Built when a record is looked up that is not in its file, or in a long one.
    by_identity: OnceLock<ByIdentity>,
}

/// The identities and numbers of the records of a file.
pub(super) type FileRecords = Vec<(RecordIdentity, usize)>;
/// The files, in order, and the numbers of the records.
type ByIdentity = ahash::HashMap<RecordIdentity, Vec<(Arc<str>, usize)>>;

impl RecordIndex {
    pub(super) fn new(files: Vec<(Arc<str>, FileRecords)>) -> RecordIndex {
        RecordIndex { files: files.into_iter().collect(), by_identity: OnceLock::new() }
    }

    pub(super) fn take(&mut self, path: &Arc<str>) -> FileRecords {
        self.by_identity.take();
        self.files.remove(path).unwrap_or_default()
    }

    pub(super) fn push(&mut self, path: &Arc<str>, identity: RecordIdentity, record: usize) {
        self.files.entry(path.clone()).or_default().push((identity, record));
    }

    /// Finds a record of the current state by its identity; among several, the one in the same file.
    pub(super) fn find(&self, record: &Record) -> Option<usize> {
        let wanted = RecordIdentity::of(record);
        // A search from the beginning for each record of a long file would be quadratic.
        let in_file = self.files.get(&record.path).filter(|it| it.len() <= 1_000);
        if let Some(found) = in_file.and_then(|it| it.iter().find(|it| it.0 == wanted)) {
            return Some(found.1);
        }
        let by_identity = self.by_identity.get_or_init(|| {
            let mut by_identity = ByIdentity::default();
            let all = self.files.iter().flat_map(|(path, records)| records.iter().map(move |it| (path, it)));
            for (path, (identity, record)) in all {
                by_identity.entry(identity.clone()).or_default().push((path.clone(), *record));
            }
            by_identity
        });
        let known = by_identity.get(&wanted)?;
        let here = known.get(known.partition_point(|it| it.0 < record.path)).filter(|it| it.0 == record.path);
        here.or(known.first().filter(|_| known.len() == 1)).map(|it| it.1)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&Arc<str>, &FileRecords)> {
        self.files.iter()
    }
}

pub(super) type LogEntries = BTreeMap<Arc<str>, Vec<LogEntry>>;

#[derive(Clone, Debug)]
pub(super) struct LogEntry {
    /// `None` if the field was removed.
    pub value: Option<Arc<str>>,
    pub attribution: Attribution,
}

/// The commits that a change is attributed to, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Attribution {
    /// The commit that made the change, on the main line or on a merged branch.
    pub commit: usize,
    /// The merge commit on the main line, if the change was made on a merged branch.
    pub merge: Option<usize>,
    /// All commits merged with it that changed the record.
    pub merged: Arc<[usize]>,
    /// The change may be older, because a shallow clone ends here.
    pub boundary: bool,
}

impl Attribution {
    pub(super) fn commits(&self) -> impl Iterator<Item = usize> {
        [self.commit].into_iter().chain(self.merge).chain(self.merged.iter().copied())
    }

    pub(super) fn main_line(&self) -> usize {
        self.merge.unwrap_or(self.commit)
    }

    pub(super) fn order(&self) -> i64 {
        if self.boundary { 0 } else { order(self.main_line()) }
    }
}

/// The order of a commit on the main line, from 1.
pub(super) fn order(commit: usize) -> i64 {
    i64::try_from(commit).map_or(i64::MAX, |commit| commit.saturating_add(1))
}

/// The sections of a checkpoint that are read when they are needed. Corrupt data is read as default values and invalidates the cache.
pub(super) struct Stored {
    pub file: CacheFile,
    /// The length of the id of a commit in bytes.
    pub id_length: usize,
    pub commits: usize,
    pub logs: Vec<Range<usize>>,
}

/// The ids of all commits that were walked, behind the head.
const REACHABLE: usize = 1;
const LOGS: usize = 2;

/// A log in a checkpoint: the attribution of the creation, and the changes of each field.
type StoredLog<'a> = (Cow<'a, Attribution>, Vec<(&'a str, Vec<StoredChange<'a>>)>);

/// The new value, and who changed it.
type StoredChange<'a> = (Option<&'a str>, Cow<'a, Attribution>);

impl Stored {
    fn reachable(&self) -> Vec<ObjectId> {
        let ids = self.file.section(REACHABLE).unwrap_or_default();
        let ids = ids.chunks(self.id_length.max(1));
        self.or_default(ids.map(|id| ObjectId::try_from(id).ok()).collect())
    }

    fn log(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> RecordLog {
        self.or_default(self.read(record, is_wanted))
    }

    fn read(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> Option<RecordLog> {
        let bytes = self.file.range(LOGS, self.logs.get(record)?.clone())?;
        let (created, stored): StoredLog<'_> = postcard::from_bytes(&bytes).ok()?;
        let known = |it: Cow<'_, Attribution>| {
            Some(it.into_owned()).filter(|it| it.commits().all(|commit| commit < self.commits))
        };
        let created = known(created)?;
        let mut fields = LogEntries::new();
        for (name, changes) in stored.into_iter().filter(|(name, _)| is_wanted(name)) {
            let entry = |(value, attribution): StoredChange<'_>| {
                Some(LogEntry { value: value.map(Arc::from), attribution: known(attribution)? })
            };
            fields.insert(name.into(), changes.into_iter().map(entry).collect::<Option<_>>()?);
        }
        let last = |(name, entries): (&Arc<str>, &Vec<LogEntry>)| {
            Some((name.clone(), entries.last()?.value.clone()?))
        };
        let values = fields.iter().filter_map(last).collect();
        let current = Arc::new(RecordVersion { fields: values, ..RecordVersion::default() });
        Some(RecordLog { created, fields, current })
    }

    /// Returns the value; invalidates the cache if there is none.
    fn or_default<T: Default>(&self, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.file.invalidate();
            T::default()
        })
    }
}

/// Appends a log in the form of a checkpoint.
pub(super) fn encode(log: &RecordLog, bytes: &mut Vec<u8>) -> postcard::Result<()> {
    fn change(LogEntry { value, attribution }: &LogEntry) -> StoredChange<'_> {
        (value.as_deref(), Cow::Borrowed(attribution))
    }
    let fields = log.fields.iter().map(|(name, entries)| (&**name, entries.iter().map(change).collect()));
    let stored: StoredLog<'_> = (Cow::Borrowed(&log.created), fields.collect());
    cache::encode_into(&stored, bytes)
}
