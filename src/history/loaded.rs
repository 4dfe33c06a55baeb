//! The history of a state once its commits are walked, or read from a checkpoint.

use std::collections::HashMap;
use std::sync::Arc;

use gix::ObjectId;

use super::field_histories::{FieldHistories, LoadError};
use super::log::{Stored, order};
use super::record_index::IndexedFile;
use super::timeline::{Commit, Timeline};
use crate::record::Recogniser;

#[derive(Default)]
pub(super) struct LoadedHistory {
    /// The rest of the checkpoint that it begins with.
    stored: Option<Arc<Stored>>,
    pub commits: Vec<Commit>,
    /// The ids of all commits walked since the checkpoint, on the main line and merged.
    reachable: Vec<ObjectId>,
    /// The history includes the end of a shallow clone.
    pub shallow: bool,
    pub fields: FieldHistories,
}

impl LoadedHistory {
    pub(super) fn from_checkpoint(
        stored: Stored,
        shallow: bool,
        commits: Vec<Commit>,
        changed: Vec<usize>,
        files: Vec<(Arc<str>, IndexedFile)>,
    ) -> LoadedHistory {
        let stored = Arc::new(stored);
        LoadedHistory {
            commits,
            reachable: Vec::new(),
            shallow,
            fields: FieldHistories::from_checkpoint(stored.clone(), changed, files),
            stored: Some(stored),
        }
    }

    pub(super) fn add(&mut self, timeline: Timeline, recogniser: &Recogniser<'_>) -> Result<(), LoadError> {
        self.fields.add(&timeline, recogniser)?;
        self.shallow |= timeline.steps.iter().any(|step| step.boundary);
        self.commits.extend(timeline.commits);
        self.reachable.extend(timeline.reachable);
        Ok(())
    }

    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        let mut all = self.stored.as_ref().map_or_else(Vec::new, |stored| stored.reachable());
        all.extend(&self.reachable);
        all
    }

    /// Returns the order of each commit by its id; a merged commit that changed a record has that of the merge.
    pub(super) fn orders(&self) -> HashMap<Box<str>, i64> {
        let numbered = self.commits.iter().enumerate();
        let mut orders: HashMap<Box<str>, i64> =
            numbered.map(|(number, commit)| (commit.id.clone(), order(number))).collect();
        for log in self.fields.all() {
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
