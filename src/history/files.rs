//! When a file last changed, whatever it contains.

use gix::ObjectId;
use jiff::civil::Date;

use super::main_line::shallow;
use super::source::CommitSource;
use super::timeline::{Step, Timeline};
use super::{History, walk};
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
        match &self.source {
            CommitSource::NoRepository => None,
            CommitSource::Memory(commits) => in_memory(&Timeline::in_memory(commits, &|other| other == path)),
            CommitSource::Git(git) => in_repository(git, self.head(git).ok()?, path).ok().flatten(),
        }
    }
}

fn in_memory(timeline: &Timeline) -> Option<FileVersion> {
    let Step { commit, changes, .. } = timeline.steps.iter().rev().find(|step| !step.changes.is_empty())?;
    let date = timeline.commits.get(*commit).map(|commit| commit.date);
    Some(FileVersion { date, blob: changes.last()?.after })
}

/// Follows the first parents to the newest commit that changed the file.
fn in_repository(git: &GitSource, head: ObjectId, path: &str) -> gix::Result<Option<FileVersion>> {
    let mut repository = git.repository.to_thread_local();
    repository.object_cache_size(walk::TREE_CACHE);
    let path = if git.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", git.folder) };
    let blob_in = |commit: &gix::Commit<'_>| -> gix::Result<Option<ObjectId>> {
        let entry = commit.tree()?.lookup_entry_by_path(&path)?;
        Ok(entry.filter(|entry| entry.mode().is_blob()).map(|entry| entry.object_id()))
    };
    let ends = shallow(&repository)?;
    let mut commit = repository.find_commit(head)?;
    let mut blob = blob_in(&commit)?;
    loop {
        let is_end = ends.contains(&commit.id);
        let parent = commit.parent_ids().next().filter(|_| !is_end);
        let parent = parent.map(|id| repository.find_commit(id)).transpose()?;
        let before = parent.as_ref().map(blob_in).transpose()?.flatten();
        match parent {
            Some(parent) if before == blob => (commit, blob) = (parent, before),
            None if blob.is_none() => return Ok(None),
            _ => {
                let date = Some(walk::date(commit.time()?)).filter(|_| !is_end);
                return Ok(Some(FileVersion { date, blob }));
            }
        }
    }
}
