//! The walk over a repository's commits, which builds a timeline.

use std::collections::HashSet;
use std::hash::Hash;

use gix::ObjectId;
use gix::objs::CommitRef;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use jiff::civil::Date;

use super::main_line::{
    CommitNode, CommitReader, MIN_BATCH, MainLine, MergeIter, MergedCommits, Parent, shallow,
};
use super::message::{Actor, parse_trailers, subject};
use super::threads;
use super::timeline::{Commit, Contents, FileChange, MergedCommit, Step, Timeline};
use super::trees::Trees;
use crate::snapshot::date;

pub(super) struct HistoryWalk<'w> {
    pub repository: &'w gix::ThreadSafeRepository,
    /// The folder that paths are relative to; empty for the root.
    pub folder: &'w str,
    /// The commit with the mailmap; `None` for the one that Git would use.
    pub mailmap: Option<ObjectId>,
    pub is_relevant: &'w (dyn Fn(&str) -> bool + Sync),
}

/// The size of each thread's cache of unpacked objects in bytes: neighbours share most of their trees. A larger one gains little.
const PACK_CACHE: usize = 4 << 20;
/// The size of the cache of whole objects in bytes: a few large trees.
pub(super) const TREE_CACHE: usize = 2 << 20;

impl HistoryWalk<'_> {
    /// Builds the timeline of a line of commits, numbered from `first`. `known` are the commits walked before.
    pub(super) fn timeline(&self, line: MainLine, first: usize, known: &[ObjectId]) -> gix::Result<Timeline> {
        let all = self.changes(&line.commits, known)?;
        let merged = all.iter().flat_map(|it| &it.merged).map(|(commit, _)| commit.id);
        let reachable = line.commits.iter().map(|commit| commit.id).chain(merged).collect();
        let changed: Vec<&CommitChanges<'_>> = all.iter().filter(|it| !it.changes.is_empty()).collect();
        let nodes = changed
            .iter()
            .flat_map(|it| std::iter::once(it.commit).chain(it.changed_merged().map(|(commit, _)| commit)));
        let nodes: Vec<&CommitNode> = nodes.collect();
        let commits = self.decode(&nodes)?;
        let mut next = first;
        let mut number = || {
            next += 1;
            next - 1
        };
        let mut step = |it: &&CommitChanges<'_>| Step {
            commit: number(),
            changes: it.changes.clone(),
            merged: it
                .changed_merged()
                .map(|(_, changes)| MergedCommit { number: number(), changes: changes.clone() })
                .collect(),
            boundary: it.commit.boundary,
        };
        let steps = changed.iter().map(&mut step).collect();
        let contents = Contents::Repository(Box::new(self.repository.clone()));
        Ok(Timeline { commits, steps, reachable, contents })
    }

    /// Returns the first-parent line from `head`; see [`MainLine::to`].
    pub(super) fn main_line(
        &self,
        head: ObjectId,
        stops: &HashSet<ObjectId>,
        limit: usize,
    ) -> gix::Result<MainLine> {
        MainLine::to(head, &CommitReader::new(self.thread_local())?, stops, limit)
    }

    /// Returns what the result depends on besides commits; `None` if `git replace` is in use, so that ids don't determine contents.
    pub(super) fn cache_key(&self) -> Option<impl Hash + use<>> {
        let repository = self.repository.to_thread_local();
        if repository.objects.store_ref().replacements().next().is_some() {
            return None;
        }
        let mut shallow: Vec<ObjectId> = shallow(&repository).ok()?.into_iter().collect();
        shallow.sort_unstable();
        let people = mailmap(&repository, self.mailmap).ok()?;
        let people: Vec<String> = people.iter().map(|entry| format!("{entry:?}")).collect();
        Some((shallow, people))
    }

    fn changes<'l>(&self, line: &'l [CommitNode], known: &[ObjectId]) -> gix::Result<Vec<CommitChanges<'l>>> {
        let merges = MergeIter::new(line, CommitReader::new(self.thread_local())?, known);
        self.map_batches(merges, |trees, batch| {
            batch?.into_iter().map(|it| CommitChanges::of(it, trees)).collect()
        })
    }

    fn map_batches<T: Send, R: Send>(
        &self,
        batches: impl Iterator<Item = T> + Send,
        map: impl Fn(&Trees<'_>, T) -> gix::Result<Vec<R>> + Sync,
    ) -> gix::Result<Vec<R>> {
        let results = threads::map(
            batches,
            || self.thread_local(),
            |repository, batch| {
                let trees = Trees { repository, folder: self.folder, is_relevant: self.is_relevant };
                map(&trees, batch)
            },
        );
        joined(results)
    }

    /// Returns the id, the date and the changes of each commit of a line, oldest first; merged commits are not looked at.
    pub(super) fn changes_of_line(
        &self,
        line: &MainLine,
    ) -> gix::Result<Vec<(ObjectId, Date, Vec<FileChange>)>> {
        self.map_batches(line.commits.chunks(MIN_BATCH), |trees, batch| {
            let commits = batch.iter().filter(|commit| !commit.parents.is_empty());
            let result = |commit: &CommitNode| {
                let decoded = CommitRef::from_bytes(&commit.data, trees.repository.object_hash())?;
                Ok((commit.id, date(decoded.time()?), changes_of(trees, commit, &|_| true)?))
            };
            commits.map(result).collect()
        })
    }

    fn thread_local(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
        // The trees of a commit are compared with those of the commit before, which have just been read.
        repository.object_cache_size(TREE_CACHE);
        repository
    }

    fn decode(&self, nodes: &[&CommitNode]) -> gix::Result<Vec<Commit>> {
        let repository = self.repository.to_thread_local();
        let mailmap = mailmap(&repository, self.mailmap)?;
        let hash = repository.object_hash();
        let decode = |node: &&CommitNode| {
            let commit = CommitRef::from_bytes(&node.data, hash)?;
            let author = mailmap.resolve(commit.author()?);
            let message = String::from_utf8_lossy(commit.message);
            let trailers = parse_trailers(&message).iter().map(|who| resolve(&mailmap, who)).collect();
            Ok(Commit {
                id: node.id.to_string().into(),
                date: date(commit.time()?),
                author: Actor { name: lossy(&author.name), email: lossy(&author.email) },
                subject: subject(&message).into(),
                trailers,
                initial: node.parents.is_empty() && !node.boundary,
            })
        };
        joined(threads::map(nodes.chunks(MIN_BATCH), || (), |(), nodes| nodes.iter().map(decode).collect()))
    }
}

fn joined<R>(results: Vec<gix::Result<Vec<R>>>) -> gix::Result<Vec<R>> {
    Ok(results.into_iter().collect::<gix::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

struct CommitChanges<'l> {
    commit: &'l CommitNode,
    changes: Vec<FileChange>,
    /// The merged commits, with their changes in the files that the merge changed on the main line.
    merged: Vec<(CommitNode, Vec<FileChange>)>,
}

impl<'l> CommitChanges<'l> {
    fn of((commit, merged): MergedCommits<'l>, trees: &Trees<'_>) -> gix::Result<CommitChanges<'l>> {
        let changes = changes_of(trees, commit, &|_| true)?;
        let paths: HashSet<&str> = changes.iter().map(|change| &*change.path).collect();
        let folders: HashSet<&str> = paths.iter().flat_map(|path| folders_of(path)).collect();
        // A new file may have had another name on the merged branch.
        let may_rename = merged.len() > 1 && changes.iter().any(|change| change.before.is_none());
        let within = |path: &str| may_rename || paths.contains(path) || folders.contains(path);
        let merged = merged.into_iter().map(|commit| {
            let changes =
                if paths.is_empty() { Vec::new() } else { own_changes_of(trees, &commit, &within)? };
            Ok((commit, changes))
        });
        let merged = merged.collect::<gix::Result<_>>()?;
        Ok(CommitChanges { commit, changes, merged })
    }

    fn changed_merged(&self) -> impl Iterator<Item = &(CommitNode, Vec<FileChange>)> {
        self.merged.iter().filter(|(_, changes)| !changes.is_empty())
    }
}

fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn changes_of(
    trees: &Trees<'_>,
    commit: &CommitNode,
    within: &dyn Fn(&str) -> bool,
) -> gix::Result<Vec<FileChange>> {
    let before = commit.parents.first().map(|parent| tree(trees, parent)).transpose()?;
    trees.changes(before, Some(commit.tree), within)
}

/// Returns the changes of a merged commit itself: for a merge, those against all parents; none at the end of a shallow clone.
fn own_changes_of(
    trees: &Trees<'_>,
    commit: &CommitNode,
    within: &dyn Fn(&str) -> bool,
) -> gix::Result<Vec<FileChange>> {
    if commit.boundary {
        return Ok(Vec::new());
    }
    let mut changes = changes_of(trees, commit, within)?;
    for parent in commit.parents.iter().skip(1) {
        if changes.is_empty() {
            break;
        }
        let others = trees.changes(Some(tree(trees, parent)?), Some(commit.tree), within)?;
        let paths: HashSet<&str> = others.iter().map(|change| &*change.path).collect();
        changes.retain(|change| paths.contains(&*change.path));
    }
    Ok(changes)
}

fn tree(trees: &Trees<'_>, commit: &Parent) -> gix::Result<ObjectId> {
    match commit.tree {
        Some(tree) => Ok(tree),
        None => trees.repository.find_object(commit.id)?.try_into_commit()?.iter().tree_id(),
    }
}

/// Reads the mailmap of a commit; without one, that which Git would use.
pub(super) fn mailmap(
    repository: &gix::Repository,
    commit: Option<ObjectId>,
) -> gix::Result<gix::mailmap::Snapshot> {
    let Some(commit) = commit else {
        // A pipe of that name would never end.
        let metadata =
            repository.workdir().map(|root| root.join(crate::snapshot::MAILMAP).symlink_metadata());
        let is_odd = metadata.is_some_and(|it| it.is_ok_and(|it| !it.is_file()));
        return Ok(if is_odd { gix::mailmap::Snapshot::default() } else { repository.open_mailmap() });
    };
    let tree = repository.find_object(commit)?.peel_to_tree()?;
    let entry = tree.lookup_entry_by_path(crate::snapshot::MAILMAP)?;
    let is_file = |entry: &gix::object::tree::Entry<'_>| entry.mode().is_blob();
    Ok(match entry.filter(is_file) {
        Some(entry) => gix::mailmap::Snapshot::from_bytes(&entry.object()?.data),
        None => gix::mailmap::Snapshot::default(),
    })
}

pub(super) fn resolve(mailmap: &gix::mailmap::Snapshot, who: &Actor) -> Actor {
    let signature = gix::actor::SignatureRef {
        name: who.name.as_bytes().into(),
        email: who.email.as_bytes().into(),
        time: "",
    };
    let resolved = mailmap.resolve(signature);
    Actor { name: lossy(&resolved.name), email: lossy(&resolved.email) }
}

pub(super) fn lossy(bytes: &[u8]) -> Box<str> {
    String::from_utf8_lossy(bytes).into_owned().into_boxed_str()
}
