//! The log of each record: all changes of its fields, by commit number; in memory, and in a checkpoint.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::version::RecordVersion;
use crate::cache::{self, CacheFile};

#[derive(Clone, Debug, Default)]
pub(super) struct RecordLog {
    pub created: Attribution,
    /// The changes of each field and named part of a field, oldest first.
    pub fields: LogEntries,
    pub current: Arc<RecordVersion>,
}

/// The logs by number; those of a checkpoint are read on first use.
#[derive(Default)]
pub(super) struct RecordLogs {
    stored: Option<Arc<Stored>>,
    logs: Vec<OnceLock<Box<RecordLog>>>,
}

impl RecordLogs {
    pub(super) fn from_checkpoint(stored: Arc<Stored>) -> RecordLogs {
        let logs = stored.logs.iter().map(|_| OnceLock::new()).collect();
        RecordLogs { stored: Some(stored), logs }
    }

    pub(super) fn push(&mut self, log: RecordLog) -> usize {
        self.logs.push(OnceLock::from(Box::new(log)));
        self.logs.len() - 1
    }

    pub(super) fn get(&self, record: usize) -> &RecordLog {
        self.logs[record].get_or_init(|| {
            let (created, fields) = self.stored(record, |_| true);
            let last = |(name, entries): (&Arc<str>, &Vec<LogEntry>)| {
                Some((name.clone(), entries.last()?.value.clone()?))
            };
            let current = RecordVersion {
                fields: fields.iter().filter_map(last).collect(),
                ..RecordVersion::default()
            };
            Box::new(RecordLog { created, current: Arc::new(current), fields })
        })
    }

    pub(super) fn change(&mut self, record: usize, change: impl FnOnce(&mut RecordLog)) {
        self.get(record);
        if let Some(log) = self.logs[record].get_mut() {
            change(log);
        }
    }

    /// Returns the attribution of the creation, without reading the whole log.
    pub(super) fn created(&self, record: usize) -> Attribution {
        match self.logs[record].get() {
            Some(log) => log.created.clone(),
            None => self.stored(record, |_| false).0,
        }
    }

    /// Returns the changes of a field, without reading the whole log.
    pub(super) fn changes(&self, record: usize, field: &str) -> Vec<LogEntry> {
        match self.logs[record].get() {
            Some(log) => log.fields.get(field).cloned().unwrap_or_default(),
            None => self.stored(record, |name| name == field).1.remove(field).unwrap_or_default(),
        }
    }

    fn stored(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> (Attribution, LogEntries) {
        self.stored.as_ref().map(|stored| stored.log(record, is_wanted)).unwrap_or_default()
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
    /// Returns the numbers of all commits.
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

/// The sections of a checkpoint that are read when they are needed. Corrupt data is read as default values; that invalidates the cache, so
/// that the run is repeated.
pub(super) struct Stored {
    pub file: CacheFile,
    /// The length of the id of a commit in bytes.
    pub id_length: usize,
    /// The number of commits.
    pub commits: usize,
    /// Where the log of each record is.
    pub logs: Vec<Range<usize>>,
}

/// The ids of all commits that were walked, behind the head.
const REACHABLE: usize = 1;
const LOGS: usize = 2;

/// The start of a log. The changes of its fields follow.
#[derive(Serialize, Deserialize)]
struct LogHead<'a> {
    /// That of the creation comes first.
    attributions: Vec<Attribution>,
    /// The name of each field, and the length of its encoded changes.
    #[serde(borrow)]
    fields: Vec<(&'a str, usize)>,
}

/// The new value, and the number of the attribution.
type StoredChange<'a> = (Option<&'a str>, usize);

impl Stored {
    /// Returns the ids of all commits that were walked.
    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        let ids = self.file.section(REACHABLE).unwrap_or_default();
        let ids = ids.chunks(self.id_length.max(1));
        self.or_default(ids.map(|id| ObjectId::try_from(id).ok()).collect())
    }

    /// Returns the attribution of a record's creation, and the changes of those fields for whose names `is_wanted` holds.
    fn log(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> (Attribution, LogEntries) {
        self.or_default(self.read(record, is_wanted))
    }

    fn read(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> Option<(Attribution, LogEntries)> {
        let bytes = self.file.range(LOGS, self.logs.get(record)?.clone())?;
        let (log, mut rest): (LogHead<'_>, &[u8]) = postcard::take_from_bytes(&bytes).ok()?;
        let is_known = |it: &Attribution| it.commits().all(|commit| commit < self.commits);
        let created = log.attributions.first().filter(|_| log.attributions.iter().all(is_known))?;
        let entry = |(value, number): StoredChange<'_>| {
            let attribution = log.attributions.get(number)?.clone();
            Some(LogEntry { value: value.map(Arc::from), attribution })
        };
        let mut fields = LogEntries::new();
        for &(name, length) in &log.fields {
            let (changes, after) = rest.split_at_checked(length)?;
            rest = after;
            if is_wanted(name) {
                let changes: Vec<StoredChange<'_>> = postcard::from_bytes(changes).ok()?;
                fields.insert(name.into(), changes.into_iter().map(entry).collect::<Option<_>>()?);
            }
        }
        Some((created.clone(), fields))
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
    let (mut attributions, mut numbers) = (Vec::new(), HashMap::new());
    let mut number = |attribution: &Attribution| {
        *numbers.entry(attribution.clone()).or_insert_with(|| {
            attributions.push(attribution.clone());
            attributions.len() - 1
        })
    };
    number(&log.created);
    let (mut fields, mut changes) = (Vec::with_capacity(log.fields.len()), Vec::new());
    for (name, entries) in &log.fields {
        let stored = entries.iter().map(|entry| (entry.value.as_deref(), number(&entry.attribution)));
        let before = changes.len();
        cache::encode_into(&stored.collect::<Vec<StoredChange<'_>>>(), &mut changes)?;
        fields.push((&**name, changes.len() - before));
    }
    cache::encode_into(&LogHead { attributions, fields }, bytes)?;
    bytes.extend(changes);
    Ok(())
}
