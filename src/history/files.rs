//! When a file last changed, whatever it contains, and where the main line moved or removed the files that a state no longer has.

use gix::ObjectId;
use jiff::civil::Date;
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::main_line::shallow;
use super::timeline::{ExampleCommit, FileChange, Step, Timeline};
use super::walk::HistoryWalk;
use super::{CommitSource, History, walk};
use crate::snapshot::{GitSource, date};
use crate::text::file_name;

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
                let date = Some(date(commit.time()?)).filter(|_| !is_end);
                return Ok(Some(FileVersion { date, blob }));
            }
        }
    }
}

/// The number of commits, from the newest on, that are searched.
const MAX_COMMITS: usize = 3000;

const MAX_MOVES: usize = 16;

/// The most files of one content that a commit adds, and that one which it removes is compared with.
const MAX_ALIKE: usize = 100;

#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    pub date: Date,
    pub commit: Arc<str>,
    /// When the path was added, or the first day that is searched; `None` if it was there from the beginning.
    pub added: Option<Date>,
}

#[derive(Default)]
pub(super) struct Moves {
    /// When each path was added that is there after the commits so far.
    added: HashMap<Arc<str>, Date>,
    start: Option<Date>,
    /// The new path of each moved file, by the newest move.
    moved: HashMap<Arc<str>, Arc<str>>,
    removed: BTreeMap<Arc<str>, Removal>,
}

impl History {
    /// Returns the path to which a file was moved and where `is_there` says that there is one now; `None` before a commit.
    pub fn moved_to(&self, path: &str, is_there: impl Fn(&str) -> bool) -> Option<Arc<str>> {
        self.moves()?.steps(path).find(|path| is_there(path)).cloned()
    }

    /// Returns the commit that removed the file at `path`, or at the path to which it was moved before.
    pub fn removal(&self, path: &str) -> Option<Removal> {
        let moves = self.moves()?;
        let last = moves.steps(path).last().map_or(path, |path| path);
        moves.removed.get(last).cloned()
    }

    /// Returns the commit that moved or removed the file at `path`, or the newest one that did so with files in the folder there, and the
    /// path where it is now; none of a folder whose files went to several.
    pub fn departure(
        &self,
        path: &str,
        is_there: impl Fn(&str) -> bool,
    ) -> Option<(Removal, Option<String>)> {
        const MOST_FILES: usize = 1000;
        let (removed, start) = (&self.moves()?.removed, format!("{path}/"));
        if let Some(by) = removed.get(path) {
            let target = self.moved_to(path, &is_there);
            let last = if target.is_some() { by.clone() } else { self.removal(path)? };
            return Some((Removal { added: by.added, ..last }, target.map(|target| target.to_string())));
        }
        let (mut newest, mut folders) = (None::<&Removal>, BTreeSet::new());
        let below = removed.range::<str, _>((Bound::Excluded(&*start), Bound::Unbounded));
        for (file, by) in below.take_while(|(file, _)| file.starts_with(&start)).take(MOST_FILES) {
            let target = self.moved_to(file, &is_there);
            let folder = target.as_ref().and_then(|target| target.strip_suffix(&file[path.len()..]));
            folders.extend(folder.map(str::to_owned));
            newest = Some(newest.filter(|newest| newest.date >= by.date).unwrap_or(by));
        }
        let folder = folders.pop_first().filter(|folder| folders.is_empty() && !folder.is_empty());
        Some((newest?.clone(), folder))
    }

    /// Returns true if the file at `page` had a text before a commit, which left the file as it was.
    pub fn left_as_it_was(&self, by: &Removal, page: &str, text: &str) -> bool {
        match &self.source {
            CommitSource::NoRepository => false,
            CommitSource::Memory(commits) => {
                let is_it = |(number, it): (usize, &ExampleCommit)| it.commit(number).short() == &*by.commit;
                let at = commits.iter().enumerate().position(is_it).unwrap_or_default();
                let before = commits[..at].iter().rev().find_map(|it| it.files.get(page)?.as_deref());
                !commits[at].files.contains_key(page) && before.is_some_and(|before| before.contains(text))
            }
            CommitSource::Git(git) => {
                let repository = git.repository.to_thread_local();
                let path = Path::new(&*git.folder).join(page);
                let blob = |parent| format!("{}{parent}:{}", by.commit, path.display());
                let blob = |parent| repository.rev_parse_single(&*blob(parent)).ok();
                let before = blob("^").filter(|before| blob("") == Some(*before));
                let before = before.and_then(|before| before.object().ok());
                before.is_some_and(|before| memmem::find(&before.data, text.as_bytes()).is_some())
            }
        }
    }

    /// `None` before a commit.
    fn moves(&self) -> Option<&Moves> {
        if self.shared.is_in_hook.load(Ordering::Relaxed) {
            return None;
        }
        Some(self.shared.moves.get_or_init(|| self.load_moves().unwrap_or_default()))
    }

    fn load_moves(&self) -> Option<Moves> {
        let mut moves = Moves::default();
        match &self.source {
            CommitSource::NoRepository => return None,
            CommitSource::Memory(commits) => {
                let Timeline { steps, commits, .. } = Timeline::in_memory(commits, &|_| true);
                for (step, commit) in steps.iter().zip(&commits) {
                    moves.add(commit.date, commit.short().into(), &step.changes);
                }
            }
            CommitSource::Git(git) => self.with_walk(git, |walk| {
                let walk = HistoryWalk { is_relevant: &|_| true, ..*walk };
                let line = walk.main_line(self.head(git).ok()?, &HashSet::new(), MAX_COMMITS).ok()?;
                let changes = walk.changes_of_line(&line).ok()?;
                let is_cut = line.commits.first().is_some_and(|oldest| oldest.boundary);
                moves.start = changes.first().filter(|_| is_cut).map(|(_, date, _)| *date);
                for (id, date, changes) in changes {
                    moves.add(date, id.to_hex_with_len(SHORT).to_string().into(), &changes);
                }
                Some(())
            })?,
        }
        Some(moves)
    }
}

/// The length of an abbreviated id.
const SHORT: usize = 10;

impl Moves {
    /// Adds what a commit moved and removed; later commits come later.
    fn add(&mut self, date: Date, commit: Arc<str>, changes: &[FileChange]) {
        let new = changes.iter().filter(|change| change.before.is_none());
        self.added.extend(new.map(|change| (change.path.clone(), date)));
        for change in changes.iter().filter(|change| change.after.is_none()) {
            // If an earlier file moved away from this path, the newer file at the path is the one that was removed.
            self.moved.remove(&change.path);
            let added = self.added.remove(&change.path).or(self.start);
            self.removed.insert(change.path.clone(), Removal { date, commit: commit.clone(), added });
        }
        self.moved.extend(moved(changes));
    }

    fn steps(&self, path: &str) -> impl Iterator<Item = &Arc<str>> {
        std::iter::successors(self.moved.get(path), |path| self.moved.get(*path)).take(MAX_MOVES)
    }
}

/// Returns the old and new path of each file that a commit removed and added again at one path, or at one with the same name.
fn moved(changes: &[FileChange]) -> Vec<(Arc<str>, Arc<str>)> {
    let mut added: HashMap<ObjectId, Vec<&Arc<str>>> = HashMap::new();
    for change in changes.iter().filter(|change| change.before.is_none()) {
        change.after.into_iter().for_each(|id| added.entry(id).or_default().push(&change.path));
    }
    let target = |change: &FileChange| {
        let same = added.get(&change.before?)?;
        if let [only] = &same[..] {
            return Some((*only).clone());
        }
        let mut named = same.iter().take(MAX_ALIKE).filter(|path| file_name(path) == file_name(&change.path));
        named.next().filter(|_| named.next().is_none()).map(|path| (*path).clone())
    };
    let removed = changes.iter().filter(|change| change.after.is_none());
    removed.filter_map(|change| Some((change.path.clone(), target(change)?))).collect()
}
