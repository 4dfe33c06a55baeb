//! The commits that were the newest on some days.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::{FileEntry, GitState, Snapshot, revision};
use crate::finding::Fault;

/// Returns true for a file below a folder. A symbolic link on the way is not followed.
fn is_file_below(root: &Path, path: &str) -> bool {
    let mut place = root.to_path_buf();
    let mut is_file = false;
    for part in path.split('/') {
        place.push(part);
        match place.symlink_metadata() {
            Ok(metadata) if part != ".." && !metadata.is_symlink() => is_file = metadata.is_file(),
            _ => return false,
        }
    }
    is_file
}

impl Snapshot {
    /// Returns true if the state is a revision that has the file at `path`, or if the newest commit has it.
    pub fn is_committed(&self, path: &str) -> bool {
        let in_head = |git: &GitState| {
            git.repository.with(|repository| {
                let head = revision::commit(repository, "HEAD").ok()?;
                let tree = repository.find_commit(head).ok()?.tree().ok()?;
                let entry = tree.lookup_entry_by_path(self.path_in_repository(path));
                entry.ok().flatten().map(drop)
            })
        };
        self.git.as_ref().is_some_and(|git| match git.commit {
            Some(_) => self.get(path).is_some(),
            None => in_head(git).is_some(),
        })
    }

    /// Returns the file that has the text which the newest commit has at `path`, and that this commit lacks: the new place of a file
    /// that was renamed since.
    pub fn renamed_since_commit(&self, path: &str) -> Option<Arc<str>> {
        /// More files are not compared: each of these is read for each link to a file that was deleted.
        const MOST_FILES: usize = 500;
        let git = self.git.as_ref().filter(|git| git.commit.is_none() && self.files.len() <= MOST_FILES)?;
        let committed = git.repository.with(|repository| {
            let head = revision::commit(repository, "HEAD").ok()?;
            let tree = repository.find_commit(head).ok()?.tree().ok()?;
            let entry = tree.lookup_entry_by_path(self.path_in_repository(path)).ok()??;
            Some(entry.object().ok()?.data.clone())
        })?;
        let ending = |path: &str| path.rsplit_once('.').map(|(_, ending)| ending.to_owned());
        let is_same = |file: &&FileEntry| {
            ending(&file.path) == ending(path)
                && self.read(file).is_ok_and(|source| source.text().as_bytes() == committed)
                && !self.is_committed(&file.path)
        };
        let mut same = self.files.iter().filter(is_same);
        same.next().filter(|_| same.next().is_none()).map(|file| file.path.clone())
    }

    /// Returns true if the state is the index and lacks a file that the worktree has, for which Git has no rule to ignore it.
    pub fn is_unstaged(&self, path: &str) -> bool {
        let is_current = self.git.as_ref().is_some_and(|git| git.commit.is_none());
        let root = self.whole().root().filter(|_| is_current && !self.has(path) && !self.ignores(path));
        root.is_some_and(|root| is_file_below(root, &self.path_in_repository(path)))
    }

    /// True if the state has a past: it is in a Git repository.
    pub fn is_in_git(&self) -> bool {
        self.git.is_some()
    }

    /// Finds for each day, the oldest first, the newest commit until then on the line of first parents that leads to this
    /// snapshot; none if there was none yet, or if it is not in this clone.
    ///
    /// # Errors
    /// The folder has no repository, or a commit is unreadable.
    pub fn commits_on(&self, days: &[Date]) -> Result<Vec<Option<String>>, Fault> {
        let GitState { repository, commit, .. } = self.git()?;
        if commit.is_none() && self.is_unborn("HEAD") {
            return Ok(vec![None; days.len()]);
        }
        repository.with(|repository| {
            let head = match commit {
                Some(commit) => *commit,
                None => revision::commit(repository, "HEAD")?,
            };
            let commits = revision::commits_on(repository, head, days)?;
            Ok(commits.into_iter().map(|commit| commit.map(|id| id.to_string())).collect())
        })
    }
}
