//! The history of a state once its commits are walked, or read from a checkpoint.

use std::collections::HashMap;
use std::sync::Arc;

use gix::ObjectId;

use super::checkpoint::Checkpoint;
use super::field_histories::{FieldHistories, LoadError};
use super::lazy_table::Commits;
use super::log::order;
use super::progress::Progress;
use super::timeline::Timeline;
use crate::record::Recogniser;

#[derive(Default)]
pub(super) struct LoadedHistory {
    checkpoint: Option<Arc<Checkpoint>>,
    pub commits: Commits,
    /// The ids of all commits walked since the checkpoint, on the main line and merged.
    reachable: Vec<ObjectId>,
    /// The history includes the end of a shallow clone.
    pub shallow: bool,
    pub fields: FieldHistories,
}

impl LoadedHistory {
    pub(super) fn from_checkpoint(checkpoint: Checkpoint) -> LoadedHistory {
        let checkpoint = Arc::new(checkpoint);
        LoadedHistory {
            commits: Commits::from_checkpoint(&checkpoint),
            reachable: Vec::new(),
            shallow: checkpoint.is_shallow(),
            fields: FieldHistories::from_checkpoint(checkpoint.clone()),
            checkpoint: Some(checkpoint),
        }
    }

    pub(super) fn add(
        &mut self,
        timeline: Timeline,
        recogniser: &Recogniser<'_>,
        progress: &Progress,
    ) -> Result<(), LoadError> {
        self.fields.add(&timeline, recogniser, progress)?;
        self.shallow |= timeline.steps.iter().any(|step| step.boundary);
        for commit in timeline.commits {
            self.commits.push(commit);
        }
        self.reachable.extend(timeline.reachable);
        Ok(())
    }

    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        let stored = self.checkpoint.as_ref().map_or_else(Vec::new, |checkpoint| checkpoint.reachable());
        [stored, self.reachable.clone()].concat()
    }

    /// Returns the order of each commit by its id; a merged commit that changed a record has that of the merge.
    pub(super) fn orders(&self) -> HashMap<Box<str>, i64> {
        let id = |commit: usize| self.commits.get(commit).id.clone();
        let mut orders: HashMap<Box<str>, i64> =
            (0..self.commits.len()).map(|commit| (id(commit), order(commit))).collect();
        for (_, log) in self.fields.all() {
            let entries = log.fields.values().flatten();
            for attribution in entries.map(|entry| &entry.attribution).chain([&log.created]) {
                if let Some(merge) = attribution.merge {
                    orders.insert(id(attribution.commit), order(merge));
                }
            }
        }
        orders
    }
}
