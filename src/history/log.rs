//! The log of each record: all changes of its fields, by commit number.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::version::RecordVersion;

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
    checkpoint: Option<Arc<Checkpoint>>,
    logs: Vec<OnceLock<Box<RecordLog>>>,
}

impl RecordLogs {
    pub(super) fn from_checkpoint(checkpoint: Arc<Checkpoint>) -> RecordLogs {
        let logs = (0..checkpoint.record_count()).map(|_| OnceLock::new()).collect();
        RecordLogs { checkpoint: Some(checkpoint), logs }
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
        self.checkpoint.as_ref().map(|checkpoint| checkpoint.log(record, is_wanted)).unwrap_or_default()
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
