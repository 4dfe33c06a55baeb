//! What the tips of all branches hold, local and remote-tracking: identifiers that others have taken there.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::ByteSlice;

use super::{Snapshot, revision};
use crate::text::Source;

#[derive(Clone, Debug)]
pub struct OnBranches<T> {
    /// Each with a branch that has it.
    pub found: Vec<(String, T)>,
    /// Branches whose files are not in this clone.
    pub unreadable: Vec<String>,
}

/// A tree or blob, with the name of the first branch that has it.
type Objects = BTreeMap<ObjectId, String>;

impl Snapshot {
    /// Returns the names of the entries of a folder at the tip of each branch; with `below`, those of the folders in it.
    pub fn names_on_branches(&self, folder: &str, below: bool) -> OnBranches<String> {
        let (trees, unreadable) = self.objects_on_branches(folder);
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        if let Some(git) = &self.git {
            git.repository.with(|repository| {
                for (tree, branch) in trees {
                    let folders = if below { subtrees(repository, tree) } else { vec![tree] };
                    for name in folders.into_iter().flat_map(|id| entries(repository, id)) {
                        names.entry(name).or_insert_with(|| branch.clone());
                    }
                }
            });
        }
        OnBranches { found: names.into_iter().map(|(name, branch)| (branch, name)).collect(), unreadable }
    }

    /// Returns the different texts that a file has at the tips of branches.
    pub fn texts_on_branches(&self, path: &str) -> OnBranches<Arc<Source>> {
        let (blobs, mut unreadable) = self.objects_on_branches(path);
        let mut found = Vec::new();
        if let Some(git) = &self.git {
            git.repository.with(|repository| {
                for (id, branch) in blobs {
                    match repository.find_blob(id) {
                        Ok(mut blob) => found.push((branch, Arc::new(Source::new(path, blob.take_data())))),
                        Err(_) => unreadable.push(branch),
                    }
                }
            });
        }
        OnBranches { found, unreadable }
    }

    fn objects_on_branches(&self, path: &str) -> (Objects, Vec<String>) {
        let (mut objects, mut unreadable) = (Objects::new(), BTreeSet::new());
        let Some(git) = &self.git else { return (objects, Vec::new()) };
        let path = self.path_in_repository(path);
        git.repository.with(|repository| {
            let mut seen = HashSet::new();
            for (name, commit) in revision::listed(repository, &["refs/heads/", "refs/remotes/"]) {
                if !seen.insert(commit) {
                    continue;
                }
                match object_at(repository, commit, &path) {
                    Ok(Some(id)) => {
                        objects.entry(id).or_insert(name);
                    }
                    Ok(None) => {}
                    Err(()) => {
                        unreadable.insert(name);
                    }
                }
            }
        });
        (objects, unreadable.into_iter().collect())
    }
}

/// Returns the object at a path of a commit; an error if its trees are not in this clone.
fn object_at(repository: &gix::Repository, commit: ObjectId, path: &str) -> Result<Option<ObjectId>, ()> {
    let tree = repository.find_commit(commit).and_then(|commit| commit.tree()).map_err(|_| ())?;
    if path.is_empty() {
        return Ok(Some(tree.id));
    }
    let entry = tree.lookup_entry_by_path(path).map_err(|_| ())?;
    Ok(entry.map(|entry| entry.object_id()))
}

fn entries(repository: &gix::Repository, tree: ObjectId) -> Vec<String> {
    let Ok(tree) = repository.find_tree(tree) else { return Vec::new() };
    tree.iter().flatten().map(|entry| entry.filename().to_str_lossy().into_owned()).collect()
}

fn subtrees(repository: &gix::Repository, tree: ObjectId) -> Vec<ObjectId> {
    let Ok(tree) = repository.find_tree(tree) else { return Vec::new() };
    tree.iter().flatten().filter(|entry| entry.mode().is_tree()).map(|entry| entry.object_id()).collect()
}
