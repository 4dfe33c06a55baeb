//! The history of a state once its commits are walked, or read from a checkpoint.

use std::collections::HashMap;
use std::sync::Arc;

use gix::ObjectId;

use super::field_histories::{Fold, LoadError, Versions};
use super::log::{FileRecords, RecordIndex, RecordLogs, Stored, order};
use super::timeline::{Commit, Timeline};
use crate::record::Recogniser;

#[derive(Default)]
pub(super) struct LoadedHistory {
    pub logs: RecordLogs,
    /// The records at the end of the timeline.
    pub index: RecordIndex,
    pub commits: Vec<Commit>,
    /// The number of records that each commit changed; it may be too short.
    pub changed: Vec<usize>,
    /// The ids of all commits walked since the checkpoint, on the main line and merged.
    walked: Vec<ObjectId>,
    /// The history includes the end of a shallow clone.
    pub shallow: bool,
}

impl LoadedHistory {
    pub(super) fn from_checkpoint(
        stored: Stored,
        shallow: bool,
        commits: Vec<Commit>,
        changed: Vec<usize>,
        files: Vec<(Arc<str>, FileRecords)>,
    ) -> LoadedHistory {
        let (logs, index) = (RecordLogs::from_checkpoint(stored), RecordIndex::new(files));
        LoadedHistory { logs, index, commits, changed, walked: Vec::new(), shallow }
    }

    pub(super) fn add(&mut self, timeline: Timeline, recogniser: &Recogniser<'_>) -> Result<(), LoadError> {
        let versions = Versions::read(&timeline, recogniser)?;
        let changed = Fold::new(&versions, &mut self.logs, &mut self.index).apply_all(&timeline.steps);
        for (commit, _) in changed {
            let length = self.changed.len().max(commit + 1);
            self.changed.resize(length, 0);
            self.changed[commit] += 1;
        }
        self.shallow |= timeline.steps.iter().any(|step| step.boundary);
        self.commits.extend(timeline.commits);
        self.walked.extend(timeline.reachable);
        Ok(())
    }

    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        [self.logs.reachable(), self.walked.clone()].concat()
    }

    /// Returns the order of each commit by its id; a merged commit that changed a record has that of the merge.
    pub(super) fn orders(&self) -> HashMap<Box<str>, i64> {
        let numbered = self.commits.iter().enumerate();
        let mut orders: HashMap<Box<str>, i64> =
            numbered.map(|(number, commit)| (commit.id.clone(), order(number))).collect();
        for (_, record) in self.index.files().flat_map(|(_, records)| records) {
            let log = self.logs.get(*record);
            let entries = log.fields.values().flatten();
            for attribution in entries.map(|entry| &entry.attribution).chain([&log.created]) {
                if let Some(merge) = attribution.merge {
                    orders.insert(self.commits[attribution.commit].id.clone(), order(merge));
                }
            }
        }
        orders
    }
}
