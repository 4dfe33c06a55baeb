//! The walk over a repository's commits: the first-parent line, and the sides that its merges brought.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::CommitRef;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::message;
use super::progress::{self, Progress};
use super::timeline::{Commit, FileChange, Identity, Part, Step, Timeline};
use super::trees::Trees;

/// A commit as the walk needs it.
struct Link {
    id: ObjectId,
    tree: ObjectId,
    /// None at the end of a shallow clone.
    parents: Vec<ObjectId>,
    /// Its parents are not in this clone.
    boundary: bool,
    /// The object's bytes: who made it and when is read of the few commits that changed a file.
    data: Vec<u8>,
}

/// Commits from the oldest, each the first parent of the next.
pub(super) struct Line {
    links: Vec<Link>,
    /// The first parent of the oldest, where the line does not go further back because that one is known.
    pub after: Option<ObjectId>,
}

impl Line {
    pub fn len(&self) -> usize {
        self.links.len()
    }

    pub fn has_merges(&self) -> bool {
        self.links.iter().any(|link| link.parents.len() > 1)
    }
}

/// The commits that the walk has met, with their trees where those are known.
type TreesByCommit = HashMap<ObjectId, Option<ObjectId>>;

/// What is walked, and which files matter.
pub(super) struct Walk<'w> {
    pub repository: &'w gix::ThreadSafeRepository,
    /// The folder that paths are relative to; empty for the root.
    pub folder: &'w str,
    /// The commit whose mailmap counts, where it is not the one that Git would take.
    pub mailmap: Option<ObjectId>,
    pub concerns: &'w (dyn Fn(&str) -> bool + Sync),
    /// The only files that are looked at, and the folders around them; none where all are.
    pub only: Option<&'w HashSet<Arc<str>>>,
    pub progress: &'w Progress,
}

/// Bytes of its packs that each thread keeps unpacked: most objects are stored as a difference from another.
const PACK_CACHE: usize = 32 << 20;
/// Bytes of objects that each thread keeps: neighbouring commits share most of their trees.
const CACHE: usize = 16 << 20;

impl Walk<'_> {
    /// The timeline of a line of commits, numbered from `first`. `known` are the commits that were met before.
    ///
    /// # Errors
    /// An object is not in this clone, or damaged.
    pub fn timeline(&self, line: Line, first: usize, known: &[ObjectId]) -> gix::Result<Timeline> {
        let line = line.links;
        let mut met: TreesByCommit = line.iter().map(|link| (link.id, Some(link.tree))).collect();
        let folders: HashSet<&str> =
            self.only.into_iter().flatten().flat_map(|path| folders_of(path)).collect();
        let within = |path: &str| self.only.is_none_or(|only| only.contains(path) || folders.contains(path));
        let changes =
            self.each(progress::Part::Commits, &line, |trees, link| changes_of(trees, link, &met, &within))?;
        if line.iter().any(|link| link.parents.len() > 1) {
            met.extend(known.iter().map(|id| (*id, None)));
        }
        let merges = self.merges(&line, &changes, &mut met)?;
        let unsure = self.unsure(&line, &changes, &merges, &met)?;
        let sides = self.each(progress::Part::Merges, &merges, |trees, merge| merge.parts(trees, &met))?;
        let mut sides: HashMap<ObjectId, Vec<OwnChanges<'_>>> =
            merges.iter().map(|merge| merge.id).zip(sides).collect();
        let mut wanted: Vec<&Link> = Vec::new();
        let mut numbered = |link| {
            wanted.push(link);
            first + wanted.len() - 1
        };
        let mut steps = Vec::new();
        for (link, changes) in line.iter().zip(changes).filter(|(_, changes)| !changes.is_empty()) {
            let commit = numbered(link);
            let side = sides.remove(&link.id).unwrap_or_default();
            let side =
                side.into_iter().map(|(link, changes)| Part { commit: numbered(link), changes }).collect();
            let boundary = link.boundary || unsure.contains(&link.id);
            steps.push(Step { commit, changes, side, boundary });
        }
        let commits = self.commits(&wanted)?;
        let of_sides = merges.iter().flat_map(|merge| &merge.side);
        let reachable = line.iter().chain(of_sides).map(|link| link.id).collect();
        Ok(Timeline::of_repository(self.repository.clone(), commits, steps, reachable))
    }

    /// The commits to `head`, each the first parent of the next, from the oldest; or from the one after the
    /// last that is among `stored`.
    ///
    /// # Errors
    /// As [`Walk::timeline`].
    pub fn main_line(&self, head: ObjectId, stored: &HashSet<ObjectId>) -> gix::Result<Line> {
        self.newest(head, stored, usize::MAX)
    }

    /// As [`Walk::main_line`], of no more commits than `most`. Where there are more, it begins as the line of a
    /// shallow clone does.
    ///
    /// # Errors
    /// As [`Walk::timeline`].
    pub fn newest(&self, head: ObjectId, stored: &HashSet<ObjectId>, most: usize) -> gix::Result<Line> {
        let repository = self.reading();
        let shallow = shallow(&repository)?;
        let mut line = Line { links: Vec::new(), after: None };
        let mut next = Some(head);
        while let Some(id) = next {
            if stored.contains(&id) {
                line.after = Some(id);
                break;
            }
            let link = link(&repository, id, &shallow)?;
            next = link.parents.first().copied();
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

    /// What a walk of the same commits depends on besides: where the clone ends, and who is whom. None where
    /// objects stand in for others, so that commits are not what they are called.
    pub fn depends_on(&self) -> Option<impl Hash + use<>> {
        let repository = self.repository.to_thread_local();
        if repository.objects.store_ref().replacements().next().is_some() {
            return None;
        }
        let mut shallow: Vec<ObjectId> = shallow(&repository).ok()?.into_iter().collect();
        shallow.sort();
        let people = mailmap(&repository, self.mailmap).ok()?;
        let people: Vec<String> = people.iter().map(|entry| format!("{entry:?}")).collect();
        Some((shallow, people))
    }

    /// Where only some files are looked at, the commits of which nothing is told: a record may have come from
    /// another file, or a merge brought a side that leads past the line's beginning.
    fn unsure(
        &self,
        line: &[Link],
        changes: &[Vec<FileChange>],
        merges: &[Merge],
        met: &TreesByCommit,
    ) -> gix::Result<HashSet<ObjectId>> {
        let Some(only) = self.only else { return Ok(HashSet::new()) };
        let changed = line.iter().zip(changes).filter(|(_, changes)| !changes.is_empty());
        let changed: Vec<&Link> = changed.map(|(link, _)| link).collect();
        let took_from_others = self.each(progress::Part::Merges, &changed, |trees, link| {
            let all = changes_of(trees, link, met, &|_| true)?;
            Ok(all.iter().any(|change| change.before.is_some() && !only.contains(&change.path)))
        })?;
        let moved = changed.into_iter().zip(took_from_others).filter(|(_, took)| *took);
        let leads_past = |merge: &&Merge| merge.side.iter().any(|link| link.parents.is_empty());
        let cut = merges.iter().filter(leads_past).map(|merge| merge.id);
        Ok(moved.map(|(link, _)| link.id).chain(cut).collect())
    }

    /// The merges of the main line, each with the commits that it brought, parents
    /// first. Each commit belongs to the first merge that brought it.
    fn merges(
        &self,
        line: &[Link],
        changes: &[Vec<FileChange>],
        met: &mut TreesByCommit,
    ) -> gix::Result<Vec<Merge>> {
        let repository = self.reading();
        let shallow = shallow(&repository)?;
        // Where nobody is to wait, a side that leads past the line's beginning is not followed through all of history.
        let most = if self.only.is_some() { line.len() } else { usize::MAX };
        let mut merges = Vec::new();
        for (merge, changes) in line.iter().zip(changes) {
            let mut side = Vec::new();
            for &tip in merge.parents.iter().skip(1) {
                bring(&repository, tip, &shallow, most, met, &mut side)?;
            }
            if !side.is_empty() {
                let may_rename = side.len() > 1 && changes.iter().any(|change| change.before.is_none());
                let paths = changes.iter().map(|change| change.path.clone()).collect();
                merges.push(Merge { id: merge.id, side, paths: (!may_rename).then_some(paths) });
            }
        }
        Ok(merges)
    }

    /// A handle for one thread, with room for what the next commit needs again.
    fn reading(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.object_cache_size(CACHE);
        repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
        repository
    }

    /// Does the same with each item, on several threads; the results have the order of the items.
    fn each<'t, T: Sync, R: Send>(
        &self,
        part: progress::Part,
        items: &'t [T],
        work: impl Fn(&Trees<'_>, &'t T) -> gix::Result<R> + Sync,
    ) -> gix::Result<Vec<R>> {
        let run = |items: &'t [T]| -> gix::Result<Vec<R>> {
            let repository = self.reading();
            let trees = Trees { repository: &repository, folder: self.folder, concerns: self.concerns };
            items.iter().map(|item| work(&trees, item).inspect(|_| self.progress.step())).collect()
        };
        self.progress.begin(part, items.len());
        let parts = super::on_threads(items, run);
        Ok(parts.into_iter().collect::<gix::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn commits(&self, links: &[&Link]) -> gix::Result<Vec<Commit>> {
        let repository = self.repository.to_thread_local();
        let mailmap = mailmap(&repository, self.mailmap)?;
        let hash = repository.object_hash();
        let read = |link: &&Link| {
            let commit = CommitRef::from_bytes(&link.data, hash)?;
            let author = mailmap.resolve(commit.author()?);
            let mut trailers = message::trailers(&String::from_utf8_lossy(commit.message));
            for trailer in &mut trailers {
                trailer.who = mapped(&mailmap, &trailer.who);
            }
            Ok(Commit {
                id: link.id.to_string().into(),
                date: day(commit.time()?),
                author: Identity { name: lossy(&author.name), email: lossy(&author.email) },
                trailers,
            })
        };
        links.iter().map(read).collect()
    }
}

/// A merge of the main line.
struct Merge {
    id: ObjectId,
    side: Vec<Link>,
    /// The files that it changed on the main line. None where what is new there may have had another name
    /// first: then all that its side did is of interest.
    paths: Option<HashSet<Arc<str>>>,
}

/// A commit of a side, and what it did by itself.
type OwnChanges<'l> = (&'l Link, Vec<FileChange>);

impl Merge {
    /// What the commits of the side did, of those that did anything.
    fn parts(&self, trees: &Trees<'_>, met: &TreesByCommit) -> gix::Result<Vec<OwnChanges<'_>>> {
        if self.paths.as_ref().is_some_and(HashSet::is_empty) {
            return Ok(Vec::new());
        }
        let paths = self.paths.iter().flatten();
        let folders: HashSet<&str> = paths.flat_map(|path| folders_of(path)).collect();
        let concerns = |path: &str| {
            self.paths.as_ref().is_none_or(|paths| paths.contains(path) || folders.contains(path))
        };
        let own = |link| Ok((link, own_changes_of(trees, link, met, &concerns)?));
        let parts: gix::Result<Vec<OwnChanges<'_>>> = self.side.iter().map(own).collect();
        Ok(parts?.into_iter().filter(|(_, changes)| !changes.is_empty()).collect())
    }
}

/// The folders around a file.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// What a commit of the main line did to the files of the line.
fn changes_of(
    trees: &Trees<'_>,
    link: &Link,
    met: &TreesByCommit,
    concerns: &dyn Fn(&str) -> bool,
) -> gix::Result<Vec<FileChange>> {
    let before = link.parents.first().map(|&id| tree(trees, id, met)).transpose()?;
    trees.changes(before, Some(link.tree), concerns)
}

/// What a commit of a side did by itself: for a merge, what differs from all that it merged. The end of
/// a shallow clone tells nothing.
fn own_changes_of(
    trees: &Trees<'_>,
    link: &Link,
    met: &TreesByCommit,
    concerns: &dyn Fn(&str) -> bool,
) -> gix::Result<Vec<FileChange>> {
    if link.boundary {
        return Ok(Vec::new());
    }
    let mut changes = changes_of(trees, link, met, concerns)?;
    for &parent in link.parents.iter().skip(1) {
        if changes.is_empty() {
            break;
        }
        let others = trees.changes(Some(tree(trees, parent, met)?), Some(link.tree), concerns)?;
        let paths: HashSet<&str> = others.iter().map(|change| &*change.path).collect();
        changes.retain(|change| paths.contains(&*change.path));
    }
    Ok(changes)
}

/// The tree of a commit.
fn tree(trees: &Trees<'_>, commit: ObjectId, met: &TreesByCommit) -> gix::Result<ObjectId> {
    match met.get(&commit).copied().flatten() {
        Some(tree) => Ok(tree),
        None => trees.repository.find_object(commit)?.try_into_commit()?.iter().tree_id(),
    }
}

/// The commits at which a shallow clone ends.
fn shallow(repository: &gix::Repository) -> gix::Result<HashSet<ObjectId>> {
    let commits = repository.shallow_commits()?;
    Ok(commits.iter().flat_map(|commits| commits.iter().copied()).collect())
}

fn link(repository: &gix::Repository, id: ObjectId, shallow: &HashSet<ObjectId>) -> gix::Result<Link> {
    let object = repository.find_object(id)?.try_into_commit()?;
    let boundary = shallow.contains(&id);
    let mut tokens = object.iter();
    let tree = tokens.tree_id()?;
    let parents = if boundary { Vec::new() } else { tokens.parent_ids().collect() };
    Ok(Link { id, tree, parents, boundary, data: object.data.clone() })
}

/// Adds at most so many of the commits behind `tip` that were not met before, each after its parents.
fn bring(
    repository: &gix::Repository,
    tip: ObjectId,
    shallow: &HashSet<ObjectId>,
    most: usize,
    met: &mut TreesByCommit,
    side: &mut Vec<Link>,
) -> gix::Result<()> {
    enum Visit {
        Enter(ObjectId),
        Leave(Link),
    }
    let mut entered = 0;
    let mut visits = vec![Visit::Enter(tip)];
    while let Some(visit) = visits.pop() {
        match visit {
            Visit::Leave(link) => side.push(link),
            Visit::Enter(id) if met.contains_key(&id) => {}
            Visit::Enter(id) => {
                let mut link = link(repository, id, shallow)?;
                entered += 1;
                if entered >= most {
                    link.parents.clear();
                }
                met.insert(id, Some(link.tree));
                let parents: Vec<ObjectId> = link.parents.iter().rev().copied().collect();
                visits.push(Visit::Leave(link));
                visits.extend(parents.into_iter().map(Visit::Enter));
            }
        }
    }
    Ok(())
}

/// The day that a time was in its own offset from UTC.
pub(super) fn day(time: gix::date::Time) -> Date {
    let moment = Timestamp::from_second(time.seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::from_seconds(time.offset).unwrap_or(Offset::UTC).to_datetime(moment).date()
}

/// Who is the same person as who: as a commit has it, else as Git would find it.
pub(super) fn mailmap(
    repository: &gix::Repository,
    commit: Option<ObjectId>,
) -> gix::Result<gix::mailmap::Snapshot> {
    let Some(commit) = commit else { return Ok(repository.open_mailmap()) };
    let tree = repository.find_object(commit)?.peel_to_tree()?;
    let entry = tree.lookup_entry_by_path(crate::snapshot::MAILMAP)?;
    let is_file = |entry: &gix::object::tree::Entry<'_>| entry.mode().is_blob();
    Ok(match entry.filter(is_file) {
        Some(entry) => gix::mailmap::Snapshot::from_bytes(&entry.object()?.data),
        None => gix::mailmap::Snapshot::default(),
    })
}

/// A person as the mailmap has them.
pub(super) fn mapped(mailmap: &gix::mailmap::Snapshot, who: &Identity) -> Identity {
    let signature = gix::actor::SignatureRef {
        name: who.name.as_bytes().into(),
        email: who.email.as_bytes().into(),
        time: "",
    };
    let mapped = mailmap.resolve(signature);
    Identity { name: lossy(&mapped.name), email: lossy(&mapped.email) }
}

pub(super) fn lossy(bytes: &[u8]) -> Box<str> {
    String::from_utf8_lossy(bytes).into_owned().into_boxed_str()
}
