//! Where the commits behind a state come from.

use gix::ObjectId;

use super::activity::Activity;
use super::timeline::ExampleCommit;
use crate::snapshot::{GitSource, Snapshot};

#[derive(Clone, Debug)]
pub enum CommitSource {
    Git(Box<GitSource>),
    NoRepository,
    /// Commits in memory, oldest first.
    Memory(Vec<ExampleCommit>),
}

impl CommitSource {
    pub fn of(snapshot: &Snapshot) -> CommitSource {
        snapshot.git_source().map_or(CommitSource::NoRepository, |git| CommitSource::Git(Box::new(git)))
    }

    /// Applies the mailmap of another state to the authors.
    pub fn with_mailmap_of(self, base: &Snapshot) -> CommitSource {
        match (self, base.git_source()) {
            (CommitSource::Git(git), Some(GitSource { commit, .. })) => {
                CommitSource::Git(Box::new(GitSource { mailmap: commit, ..*git }))
            }
            (source, _) => source,
        }
    }

    pub(super) fn has_same_head(&self, other: &CommitSource) -> bool {
        match (self, other) {
            (CommitSource::Git(one), CommitSource::Git(other)) if one.folder == other.folder => {
                head(one).is_ok_and(|one| head(other) == Ok(one))
            }
            _ => false,
        }
    }

    pub(super) fn activity(&self) -> Option<Activity> {
        match self {
            CommitSource::NoRepository => None,
            CommitSource::Git(git) => Activity::of_repository(git, head(git).ok()?).ok(),
            CommitSource::Memory(commits) => Some(Activity::in_memory(commits)),
        }
    }
}

/// Returns the last commit behind a state, or why there is none.
pub(super) fn head(git: &GitSource) -> Result<ObjectId, String> {
    let head = || git.repository.to_thread_local().head_id().map(gix::Id::detach);
    git.commit
        .map_or_else(head, Ok)
        .map_err(|_| "no commit can be read; rules that need the history did not run".to_owned())
}
