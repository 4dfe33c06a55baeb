//! The files as they were before a day.

use std::collections::HashMap;

use gix::ObjectId;
use gix::bstr::BString;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;
use jiff::civil::Date;

use super::source::{CommitSource, head};
use super::{History, walk};
use crate::snapshot::GitSource;

/// The last commit of the main line before a day.
pub struct EarlierState {
    repository: gix::Repository,
    tree: ObjectId,
    folder: Box<str>,
}

impl History {
    /// Returns the state before a day; `None` if no commit is so old, if a shallow clone has none, or without a repository.
    pub fn before(&self, day: Date) -> Option<EarlierState> {
        let CommitSource::Git(git) = &self.source else { return None };
        EarlierState::before(git, day).ok().flatten()
    }
}

impl EarlierState {
    fn before(git: &GitSource, day: Date) -> gix::Result<Option<EarlierState>> {
        let repository = git.repository.to_thread_local();
        let Some(tree) = tree_before(&repository, git, day)? else { return Ok(None) };
        Ok(Some(EarlierState { repository, tree, folder: git.folder.clone() }))
    }

    /// Returns true if the files, each a path in `folder` and a text, were there with these texts.
    pub fn has_all<'f>(&self, folder: &str, files: impl IntoIterator<Item = (&'f str, &'f str)>) -> bool {
        let Ok(Some(earlier)) = self.files_in(folder) else { return false };
        let is_same = |(path, text): (&str, &str)| {
            let name = path.rsplit('/').next().unwrap_or(path);
            earlier.get(name.as_bytes()).is_some_and(|id| is_text(*id, text))
        };
        files.into_iter().all(is_same)
    }

    fn files_in(&self, folder: &str) -> gix::Result<Option<HashMap<BString, ObjectId>>> {
        let tree = self.repository.find_tree(self.tree)?;
        let path = [&*self.folder, folder].into_iter().filter(|part| !part.is_empty());
        let path = path.collect::<Vec<_>>().join("/");
        let tree = match path.is_empty() {
            true => tree,
            false => match tree.lookup_entry_by_path(&path)? {
                Some(entry) if entry.mode().is_tree() => entry.object()?.into_tree(),
                _ => return Ok(None),
            },
        };
        let mut files = HashMap::new();
        for entry in tree.iter() {
            let entry = entry?;
            files.insert(entry.filename().to_owned(), entry.object_id());
        }
        Ok(Some(files))
    }
}

fn tree_before(repository: &gix::Repository, git: &GitSource, day: Date) -> gix::Result<Option<ObjectId>> {
    let Ok(head) = head(git) else { return Ok(None) };
    let sorting = Sorting::ByCommitTime(CommitTimeOrder::NewestFirst);
    for commit in repository.rev_walk([head]).first_parent_only().sorting(sorting).all()? {
        let commit = commit?.object()?;
        if walk::date(commit.time()?) < day {
            return Ok(Some(commit.tree_id()?.detach()));
        }
    }
    Ok(None)
}

fn is_text(id: ObjectId, text: &str) -> bool {
    gix::objs::compute_hash(id.kind(), gix::objs::Kind::Blob, text.as_bytes())
        .is_ok_and(|of_text| of_text == id)
}
