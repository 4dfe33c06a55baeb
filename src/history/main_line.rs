//! The commits to walk: the first-parent line, and the commits that it merged.

use std::collections::{HashMap, HashSet};
use std::slice::Chunks;

use gix::ObjectId;

pub(super) struct CommitNode {
    pub id: ObjectId,
    pub tree: ObjectId,
    pub parents: Vec<Parent>,
    /// Its parents are not in this clone.
    pub boundary: bool,
    /// The object, of which author and date are decoded only if the commit changed a file.
    pub data: Vec<u8>,
}

pub(super) struct Parent {
    pub id: ObjectId,
    pub tree: Option<ObjectId>,
}

/// Commits, oldest first, each the first parent of the next.
pub(super) struct MainLine {
    pub commits: Vec<CommitNode>,
    /// The parent of the oldest commit, if the walk stopped there.
    pub start: Option<ObjectId>,
}

/// A commit on the main line, and the commits that it merged, parents first.
pub(super) type MergedCommits<'l> = (&'l CommitNode, Vec<CommitNode>);

/// Batches of neighbours on the main line, oldest first. Each merged commit belongs to the first merge that contains it.
pub(super) struct MergeIter<'l> {
    reader: CommitReader,
    batches: Chunks<'l, CommitNode>,
    /// The commits that were walked, with their trees if known.
    seen: HashMap<ObjectId, Option<ObjectId>>,
}

/// The number of batches: few, because neighbours share most of their trees, but enough for all threads.
const BATCHES: usize = 32;
pub(super) const MIN_BATCH: usize = 32;

pub(super) struct CommitReader {
    repository: gix::Repository,
    shallow: HashSet<ObjectId>,
}

impl MainLine {
    /// Walks from `head` to the first commit in `stops`, which is not included, or for `limit` commits, where it ends like a shallow clone.
    pub(super) fn to(
        head: ObjectId,
        reader: &CommitReader,
        stops: &HashSet<ObjectId>,
        limit: usize,
    ) -> gix::Result<MainLine> {
        let mut line = MainLine { commits: Vec::new(), start: None };
        let mut next = Some(head);
        while let Some(id) = next {
            if stops.contains(&id) {
                line.start = Some(id);
                break;
            }
            let commit = reader.read(id)?;
            if let Some(child) = line.commits.last_mut() {
                child.parents[0].tree = Some(commit.tree);
            }
            next = commit.parents.first().map(|parent| parent.id);
            line.commits.push(commit);
            if line.commits.len() == limit {
                break;
            }
        }
        if let (Some(_), None, Some(oldest)) = (next, line.start, line.commits.last_mut()) {
            (oldest.boundary, oldest.parents) = (true, Vec::new());
        }
        line.commits.reverse();
        Ok(line)
    }
}

impl<'l> MergeIter<'l> {
    /// Follows no commit that is `known`.
    pub(super) fn new(line: &'l [CommitNode], reader: CommitReader, known: &[ObjectId]) -> MergeIter<'l> {
        let own = line.iter().map(|commit| (commit.id, Some(commit.tree)));
        let seen = known.iter().map(|id| (*id, None)).chain(own).collect();
        MergeIter { reader, batches: line.chunks(line.len().div_ceil(BATCHES).max(MIN_BATCH)), seen }
    }

    fn merged_by(&mut self, commit: &'l CommitNode) -> gix::Result<MergedCommits<'l>> {
        let mut merged = Vec::new();
        for tip in commit.parents.iter().skip(1) {
            self.follow(tip.id, &mut merged)?;
        }
        Ok((commit, merged))
    }

    /// Adds the commits behind `tip` that were not seen before, each after its parents.
    fn follow(&mut self, tip: ObjectId, merged: &mut Vec<CommitNode>) -> gix::Result<()> {
        enum Visit {
            Enter(ObjectId),
            Leave(CommitNode),
        }
        let mut visits = vec![Visit::Enter(tip)];
        while let Some(visit) = visits.pop() {
            match visit {
                Visit::Leave(mut commit) => {
                    for parent in &mut commit.parents {
                        parent.tree = self.seen.get(&parent.id).copied().flatten();
                    }
                    merged.push(commit);
                }
                Visit::Enter(id) if self.seen.contains_key(&id) => {}
                Visit::Enter(id) => {
                    let commit = self.reader.read(id)?;
                    self.seen.insert(id, Some(commit.tree));
                    let parents: Vec<ObjectId> =
                        commit.parents.iter().rev().map(|parent| parent.id).collect();
                    visits.push(Visit::Leave(commit));
                    visits.extend(parents.into_iter().map(Visit::Enter));
                }
            }
        }
        Ok(())
    }
}

impl<'l> Iterator for MergeIter<'l> {
    type Item = gix::Result<Vec<MergedCommits<'l>>>;

    fn next(&mut self) -> Option<gix::Result<Vec<MergedCommits<'l>>>> {
        let batch = self.batches.next()?;
        Some(batch.iter().map(|commit| self.merged_by(commit)).collect())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.batches.size_hint()
    }
}

impl CommitReader {
    pub(super) fn new(repository: gix::Repository) -> gix::Result<CommitReader> {
        let shallow = shallow(&repository)?;
        Ok(CommitReader { repository, shallow })
    }

    fn read(&self, id: ObjectId) -> gix::Result<CommitNode> {
        let object = self.repository.find_object(id)?.try_into_commit()?;
        let boundary = self.shallow.contains(&id);
        let mut tokens = object.iter();
        let tree = tokens.tree_id()?;
        let parents = tokens.parent_ids().filter(|_| !boundary).map(|id| Parent { id, tree: None }).collect();
        Ok(CommitNode { id, tree, parents, boundary, data: object.data.clone() })
    }
}

pub(super) fn shallow(repository: &gix::Repository) -> gix::Result<HashSet<ObjectId>> {
    let commits = repository.shallow_commits()?;
    Ok(commits.iter().flat_map(|commits| commits.iter().copied()).collect())
}
