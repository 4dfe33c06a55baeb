//! The log of one record: all changes of its fields, by commit number.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::version::RecordVersion;

#[derive(Clone, Debug, Default)]
pub(super) struct RecordLog {
    pub created: Attribution,
    /// The changes of each field and named part of a field, oldest first.
    pub fields: LogEntries,
    pub current: Arc<RecordVersion>,
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
