//! The commits of a walk: the first-parent line, and the sides that its merges brought.

use std::collections::{HashMap, HashSet};
use std::slice::Chunks;

use gix::ObjectId;

/// A commit as the walk needs it.
pub(super) struct Link {
    pub id: ObjectId,
    pub tree: ObjectId,
    /// None at the end of a shallow clone.
    pub parents: Vec<Parent>,
    /// Its parents are not in this clone.
    pub boundary: bool,
    /// The object's bytes: who made it and when is read of the few commits that changed a file.
    pub data: Vec<u8>,
}

pub(super) struct Parent {
    pub id: ObjectId,
    /// None where the walk has not met it.
    pub tree: Option<ObjectId>,
}

/// Commits from the oldest, each the first parent of the next.
pub(super) struct Line {
    pub links: Vec<Link>,
    /// The first parent of the oldest, where the line does not go further back because that one is known.
    pub after: Option<ObjectId>,
}

/// A commit of the main line, and those that it brought, parents first.
pub(super) struct Brought<'l> {
    pub link: &'l Link,
    pub side: Vec<Link>,
}

/// The sides of a line, a batch of neighbours at a time from the oldest: each commit belongs to the first merge
/// that brought it.
pub(super) struct Sides<'l> {
    commits: Commits,
    batches: Chunks<'l, Link>,
    /// The commits that the walk has met, with their trees where those are known.
    met: HashMap<ObjectId, Option<ObjectId>>,
    /// How many commits of one side are followed.
    most: usize,
}

/// A line is cut into so many batches. Neighbours have most of their trees in common, so the fewer the better; and
/// none should be so long that other threads have to wait for it in the end.
const BATCHES: usize = 32;
/// Fewer commits than this are not worth a thread.
pub(super) const FEW: usize = 32;

/// Reads commits, each of them once.
pub(super) struct Commits {
    repository: gix::Repository,
    /// The commits at which a shallow clone ends.
    shallow: HashSet<ObjectId>,
}

impl Line {
    /// The commits to `head`, each the first parent of the next, or those after the last that is among `stored`;
    /// no more than `most`. Where there are more, it begins as the line of a shallow clone does.
    ///
    /// # Errors
    /// An object is not in this clone, or damaged.
    pub fn to(
        head: ObjectId,
        commits: &Commits,
        stored: &HashSet<ObjectId>,
        most: usize,
    ) -> gix::Result<Line> {
        let mut line = Line { links: Vec::new(), after: None };
        let mut next = Some(head);
        while let Some(id) = next {
            if stored.contains(&id) {
                line.after = Some(id);
                break;
            }
            let link = commits.read(id)?;
            if let Some(child) = line.links.last_mut() {
                child.parents[0].tree = Some(link.tree);
            }
            next = link.parents.first().map(|parent| parent.id);
            line.links.push(link);
            if line.links.len() == most {
                break;
            }
        }
        if let (Some(_), None, Some(oldest)) = (next, line.after, line.links.last_mut()) {
            (oldest.boundary, oldest.parents) = (true, Vec::new());
        }
        line.links.reverse();
        Ok(line)
    }

    pub fn len(&self) -> usize {
        self.links.len()
    }

    pub fn has_merges(&self) -> bool {
        has_merges(&self.links)
    }
}

impl<'l> Sides<'l> {
    /// Of each side no more commits than `most`, and none of those that were `known` before.
    pub fn of(line: &'l [Link], commits: Commits, known: &[ObjectId], most: usize) -> Sides<'l> {
        let mut met: HashMap<ObjectId, Option<ObjectId>> =
            line.iter().map(|link| (link.id, Some(link.tree))).collect();
        if has_merges(line) {
            met.extend(known.iter().map(|id| (*id, None)));
        }
        Sides { commits, batches: line.chunks(line.len().div_ceil(BATCHES).max(FEW)), met, most }
    }

    fn brought_by(&mut self, link: &'l Link) -> gix::Result<Brought<'l>> {
        let mut side = Vec::new();
        for tip in link.parents.iter().skip(1) {
            self.bring(tip.id, &mut side)?;
        }
        Ok(Brought { link, side })
    }

    /// Adds the commits behind `tip` that were not met before, each after its parents.
    fn bring(&mut self, tip: ObjectId, side: &mut Vec<Link>) -> gix::Result<()> {
        enum Visit {
            Enter(ObjectId),
            Leave(Link),
        }
        let mut entered = 0;
        let mut visits = vec![Visit::Enter(tip)];
        while let Some(visit) = visits.pop() {
            match visit {
                Visit::Leave(mut link) => {
                    for parent in &mut link.parents {
                        parent.tree = self.met.get(&parent.id).copied().flatten();
                    }
                    side.push(link);
                }
                Visit::Enter(id) if self.met.contains_key(&id) => {}
                Visit::Enter(id) => {
                    let mut link = self.commits.read(id)?;
                    entered += 1;
                    if entered >= self.most {
                        link.parents.clear();
                    }
                    self.met.insert(id, Some(link.tree));
                    let parents: Vec<ObjectId> = link.parents.iter().rev().map(|parent| parent.id).collect();
                    visits.push(Visit::Leave(link));
                    visits.extend(parents.into_iter().map(Visit::Enter));
                }
            }
        }
        Ok(())
    }
}

impl<'l> Iterator for Sides<'l> {
    type Item = gix::Result<Vec<Brought<'l>>>;

    fn next(&mut self) -> Option<gix::Result<Vec<Brought<'l>>>> {
        let batch = self.batches.next()?;
        Some(batch.iter().map(|link| self.brought_by(link)).collect())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.batches.size_hint()
    }
}

impl Commits {
    /// # Errors
    /// Where the clone ends can't be read.
    pub fn of(repository: gix::Repository) -> gix::Result<Commits> {
        let shallow = shallow(&repository)?;
        Ok(Commits { repository, shallow })
    }

    fn read(&self, id: ObjectId) -> gix::Result<Link> {
        let object = self.repository.find_object(id)?.try_into_commit()?;
        let boundary = self.shallow.contains(&id);
        let mut tokens = object.iter();
        let tree = tokens.tree_id()?;
        let parents = tokens.parent_ids().filter(|_| !boundary).map(|id| Parent { id, tree: None }).collect();
        Ok(Link { id, tree, parents, boundary, data: object.data.clone() })
    }
}

fn has_merges(line: &[Link]) -> bool {
    line.iter().any(|link| link.parents.len() > 1)
}

/// The commits at which a shallow clone ends.
pub(super) fn shallow(repository: &gix::Repository) -> gix::Result<HashSet<ObjectId>> {
    let commits = repository.shallow_commits()?;
    Ok(commits.iter().flat_map(|commits| commits.iter().copied()).collect())
}
