//! The walk over a repository's commits: what each did to files that matter.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::CommitRef;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::line::{Brought, Commits, FEW, Line, Link, Parent, Sides, shallow};
use super::message;
use super::progress::{self, Progress};
use super::timeline::{Actor, Commit, FileChange, Part, Step, Timeline};
use super::trees::Trees;

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

/// Bytes of its packs that each thread keeps unpacked: most objects are stored as a difference from another, and
/// neighbouring commits share most of their trees. More would find little more, and new memory costs time too.
const PACK_CACHE: usize = 4 << 20;

impl Walk<'_> {
    /// The timeline of a line of commits, numbered from `first`. `known` are the commits that were met before.
    ///
    /// # Errors
    /// An object is not in this clone, or damaged.
    pub fn timeline(&self, line: Line, first: usize, known: &[ObjectId]) -> gix::Result<Timeline> {
        let events = self.events(&line.links, known)?;
        let unsure = self.unsure(&events)?;
        let of_sides = events.iter().flat_map(|event| &event.side).map(|own| own.link.id);
        let reachable = line.links.iter().map(|link| link.id).chain(of_sides).collect();
        let told: Vec<&Event<'_>> = events.iter().filter(|event| !event.changes.is_empty()).collect();
        let links: Vec<&Link> = told.iter().flat_map(|event| event.links()).collect();
        let commits = self.commits(&links)?;
        let mut next = first;
        let mut number = || {
            next += 1;
            next - 1
        };
        let mut step = |event: &&Event<'_>| Step {
            commit: number(),
            changes: event.changes.clone(),
            side: event
                .touches()
                .map(|own| Part { commit: number(), changes: own.changes.clone() })
                .collect(),
            boundary: event.link.boundary || unsure.contains(&event.link.id),
        };
        let steps = told.iter().map(&mut step).collect();
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
        Line::to(head, &self.commits_of_repository()?, stored, most)
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

    /// What the commits of a line did, each with its side.
    fn events<'l>(&self, line: &'l [Link], known: &[ObjectId]) -> gix::Result<Vec<Event<'l>>> {
        let folders: HashSet<&str> =
            self.only.into_iter().flatten().flat_map(|path| folders_of(path)).collect();
        let within = |path: &str| self.only.is_none_or(|only| only.contains(path) || folders.contains(path));
        // Where nobody is to wait, a side that leads past the line's beginning is not followed through all of history.
        let most = if self.only.is_some() { line.len() } else { usize::MAX };
        let sides = Sides::of(line, self.commits_of_repository()?, known, most);
        self.progress.begin(progress::Part::Commits, line.len());
        self.each(sides, |trees, batch| {
            let event = |brought| Event::of(brought, trees, &within).inspect(|_| self.progress.step());
            batch?.into_iter().map(event).collect()
        })
    }

    /// Where only some files are looked at, the commits of which nothing is told: a record may have come from
    /// another file, or a merge brought a side that leads past the line's beginning.
    fn unsure(&self, events: &[Event<'_>]) -> gix::Result<HashSet<ObjectId>> {
        let Some(only) = self.only else { return Ok(HashSet::new()) };
        let changed: Vec<&Link> =
            events.iter().filter(|event| !event.changes.is_empty()).map(|event| event.link).collect();
        self.progress.begin(progress::Part::Commits, changed.len());
        let moved = self.each(changed.chunks(FEW), |trees, batch| {
            let mut moved = Vec::new();
            for link in batch {
                let all = changes_of(trees, link, &|_| true)?;
                if all.iter().any(|change| change.before.is_some() && !only.contains(&change.path)) {
                    moved.push(link.id);
                }
                self.progress.step();
            }
            Ok(moved)
        })?;
        let leads_past = |event: &&Event<'_>| event.side.iter().any(|own| own.link.parents.is_empty());
        let cut = events.iter().filter(leads_past).map(|event| event.link.id);
        Ok(moved.into_iter().chain(cut).collect())
    }

    /// Does the same with each batch, on several threads; the results have the order of the batches.
    fn each<T: Send, R: Send>(
        &self,
        batches: impl Iterator<Item = T> + Send,
        work: impl Fn(&Trees<'_>, T) -> gix::Result<Vec<R>> + Sync,
    ) -> gix::Result<Vec<R>> {
        let results = super::on_threads(
            batches,
            || self.reading(),
            |repository, batch| {
                work(&Trees { repository, folder: self.folder, concerns: self.concerns }, batch)
            },
        );
        Ok(results.into_iter().collect::<gix::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn commits_of_repository(&self) -> gix::Result<Commits> {
        Commits::of(self.reading())
    }

    /// A handle for one thread.
    fn reading(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
        repository
    }

    /// What the timeline tells of commits.
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
                author: Actor { name: lossy(&author.name), email: lossy(&author.email) },
                trailers,
            })
        };
        let read_some =
            |(): &(), links: &[&Link]| links.iter().map(read).collect::<gix::Result<Vec<Commit>>>();
        let parts = super::on_threads(links.chunks(FEW), || (), read_some);
        Ok(parts.into_iter().collect::<gix::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// What a commit of the main line did to files.
struct Event<'l> {
    link: &'l Link,
    changes: Vec<FileChange>,
    /// All commits that it brought.
    side: Vec<Own>,
}

/// What a commit of a side did by itself to the files that its merge changed on the main line.
struct Own {
    link: Link,
    changes: Vec<FileChange>,
}

impl<'l> Event<'l> {
    fn of(
        Brought { link, side }: Brought<'l>,
        trees: &Trees<'_>,
        within: &dyn Fn(&str) -> bool,
    ) -> gix::Result<Event<'l>> {
        let changes = changes_of(trees, link, within)?;
        let paths: HashSet<&str> = changes.iter().map(|change| &*change.path).collect();
        let folders: HashSet<&str> = paths.iter().flat_map(|path| folders_of(path)).collect();
        // What is new may have had another name first: then all that the side did is of interest.
        let may_rename = side.len() > 1 && changes.iter().any(|change| change.before.is_none());
        let concerns = |path: &str| may_rename || paths.contains(path) || folders.contains(path);
        let own = |link| {
            let changes =
                if paths.is_empty() { Vec::new() } else { own_changes_of(trees, &link, &concerns)? };
            Ok(Own { link, changes })
        };
        let side = side.into_iter().map(own).collect::<gix::Result<Vec<Own>>>()?;
        Ok(Event { link, changes, side })
    }

    /// What the commits of the side did, of those that did anything.
    fn touches(&self) -> impl Iterator<Item = &Own> {
        self.side.iter().filter(|own| !own.changes.is_empty())
    }

    /// The commit, and those of its side that did anything.
    fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::once(self.link).chain(self.touches().map(|own| &own.link))
    }
}

/// The folders around a file.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// What a commit changed from its first parent.
fn changes_of(
    trees: &Trees<'_>,
    link: &Link,
    concerns: &dyn Fn(&str) -> bool,
) -> gix::Result<Vec<FileChange>> {
    let before = link.parents.first().map(|parent| tree(trees, parent)).transpose()?;
    trees.changes(before, Some(link.tree), concerns)
}

/// What a commit of a side did by itself: for a merge, what differs from all that it merged. The end of
/// a shallow clone tells nothing.
fn own_changes_of(
    trees: &Trees<'_>,
    link: &Link,
    concerns: &dyn Fn(&str) -> bool,
) -> gix::Result<Vec<FileChange>> {
    if link.boundary {
        return Ok(Vec::new());
    }
    let mut changes = changes_of(trees, link, concerns)?;
    for parent in link.parents.iter().skip(1) {
        if changes.is_empty() {
            break;
        }
        let others = trees.changes(Some(tree(trees, parent)?), Some(link.tree), concerns)?;
        let paths: HashSet<&str> = others.iter().map(|change| &*change.path).collect();
        changes.retain(|change| paths.contains(&*change.path));
    }
    Ok(changes)
}

/// The tree of a commit.
fn tree(trees: &Trees<'_>, commit: &Parent) -> gix::Result<ObjectId> {
    match commit.tree {
        Some(tree) => Ok(tree),
        None => trees.repository.find_object(commit.id)?.try_into_commit()?.iter().tree_id(),
    }
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
pub(super) fn mapped(mailmap: &gix::mailmap::Snapshot, who: &Actor) -> Actor {
    let signature = gix::actor::SignatureRef {
        name: who.name.as_bytes().into(),
        email: who.email.as_bytes().into(),
        time: "",
    };
    let mapped = mailmap.resolve(signature);
    Actor { name: lossy(&mapped.name), email: lossy(&mapped.email) }
}

pub(super) fn lossy(bytes: &[u8]) -> Box<str> {
    String::from_utf8_lossy(bytes).into_owned().into_boxed_str()
}
