//! When a file last changed, whatever it contains.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use super::source::{CommitSource, head};
use super::timeline::{Step, Timeline};
use super::walk::HistoryWalk;
use super::{History, MIN_CACHED_COMMITS};
use crate::snapshot::GitSource;

/// The last commit that changed a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileVersion {
    /// `None` if it is older than what a shallow clone contains.
    pub date: Option<Date>,
    /// The content since then; `None` if the commit deleted the file.
    pub blob: Option<ObjectId>,
}

impl History {
    /// Returns the last committed version of a file; `None` if no commit contains it, or no history is available.
    pub fn last_version(&self, path: &str) -> Option<FileVersion> {
        if self.only_files().is_some() {
            return None;
        }
        let versions = || self.shared.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = versions().get(path) {
            return *known;
        }
        let version = match &self.source {
            CommitSource::NoRepository => None,
            CommitSource::Memory(commits) => last(&Timeline::in_memory(commits, &|other| other == path)),
            CommitSource::Git(git) => self.walk_to(git, path),
        };
        versions().insert(path.into(), version);
        version
    }

    /// Looks at the newest commits first: most living pages are changed again and again.
    fn walk_to(&self, git: &GitSource, path: &str) -> Option<FileVersion> {
        let only: HashSet<Arc<str>> = HashSet::from([path.into()]);
        let is_relevant = |other: &str| other == path;
        let walk = HistoryWalk {
            repository: &git.repository,
            folder: &git.folder,
            mailmap: git.mailmap,
            is_relevant: &is_relevant,
            only: Some(&only),
            progress: &self.shared.progress,
        };
        let head = head(git).ok()?;
        [MIN_CACHED_COMMITS, usize::MAX].into_iter().find_map(|limit| {
            let line = walk.newest(head, limit).ok()?;
            last(&walk.timeline(line, 0, &[]).ok()?)
        })
    }
}

fn last(timeline: &Timeline) -> Option<FileVersion> {
    let Step { commit, changes, boundary, .. } =
        timeline.steps.iter().rev().find(|step| !step.changes.is_empty())?;
    let date = timeline.commits.get(*commit).map(|commit| commit.date).filter(|_| !boundary);
    Some(FileVersion { date, blob: changes.last()?.after })
}
