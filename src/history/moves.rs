//! Where the files went that a state no longer has: the commits of the main line tell.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use jiff::civil::Date;

use super::History;
use super::similarity::{self, MAX_SIZE};
use super::source::{CommitSource, head};
use super::timeline::{Commit, FileChange, Step, Timeline};
use super::walk::HistoryWalk;
use crate::syntax::Format;

/// The number of commits, from the newest on, that are searched.
const MAX_COMMITS: usize = 3000;

/// The most moves of one file that are followed.
const MAX_MOVES: usize = 16;

/// The most files of one content or name that a commit adds, and that one which it removes is compared with.
const MAX_ALIKE: usize = 100;

/// The commit that removed a file or a heading from the main line.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    pub date: Date,
    /// Its abbreviated id.
    pub commit: Arc<str>,
}

/// The files that commits of the main line moved or removed, and the versions of pages.
#[derive(Default)]
pub(super) struct Moves {
    /// The new path of each moved file, by the newest move.
    moved: HashMap<Arc<str>, Arc<str>>,
    pub(super) moved_from: HashMap<Arc<str>, Arc<str>>,
    /// The newest commit that removed each path.
    removed: HashMap<Arc<str>, RemovedFile>,
    /// The moved and removed paths by their folders.
    by_folder: OnceLock<HashMap<Box<str>, Vec<Arc<str>>>>,
    /// Oldest first.
    pub(super) pages: HashMap<Arc<str>, Vec<PageChange>>,
    /// False if older commits exist than those that were searched.
    is_whole: bool,
}

struct RemovedFile {
    content: ObjectId,
    by: Removal,
    /// The files that the commit added.
    added: Arc<[AddedFile]>,
}

type AddedFile = (Arc<str>, ObjectId);

#[derive(Clone)]
pub(super) struct PageChange {
    pub by: Removal,
    pub before: Option<ObjectId>,
    pub after: Option<ObjectId>,
}

/// The changes of one commit.
pub(super) struct CommitMoves {
    by: Removal,
    moved: Vec<(Arc<str>, Arc<str>)>,
    removed: Vec<AddedFile>,
    added: Arc<[AddedFile]>,
    pages: Vec<FileChange>,
}

impl History {
    /// Returns the path to which the file at `path` was moved, possibly in several steps, and where `is_there` says that there is
    /// a file now. Before a commit, which should take no time, nothing is searched.
    pub fn moved_to(&self, path: &str, is_there: impl Fn(&str) -> bool) -> Option<Arc<str>> {
        let moves = self.moves()?;
        self.steps(moves, path).find(|path| is_there(path))
    }

    /// Returns the paths that the file at `path` had before it was moved, newest first.
    pub fn former_paths(&self, path: &str) -> Vec<Arc<str>> {
        let Some(moves) = self.moves() else { return Vec::new() };
        let former = |path: &Arc<str>| moves.moved_from.get(path).cloned();
        std::iter::successors(moves.moved_from.get(path).cloned(), former).take(MAX_MOVES).collect()
    }

    /// Returns the commit that removed the file at `path`, or at the path to which it was moved before.
    pub fn removal(&self, path: &str) -> Option<Removal> {
        let moves = self.moves()?;
        let last = self.steps(moves, path).last();
        moves.removed.get(last.as_deref().unwrap_or(path)).map(|removed| removed.by.clone())
    }

    /// Returns the path to which the only moved file directly in `folder` went whose name `is_meant` accepts, and where `is_there` says
    /// that there is a file now.
    pub fn moved_in(
        &self,
        folder: &str,
        is_meant: impl Fn(&str) -> bool,
        is_there: impl Fn(&str) -> bool,
    ) -> Option<Arc<str>> {
        let moves = self.moves()?;
        let mut moved = moves.gone_from(folder).filter(|path| is_meant(name(path)));
        let only = moved.next().filter(|_| moved.next().is_none())?;
        self.moved_to(only, is_there)
    }

    /// Returns the newest commit that removed a file directly in `folder` whose name `is_meant` accepts, and that was not moved.
    pub fn removal_in(&self, folder: &str, is_meant: impl Fn(&str) -> bool) -> Option<Removal> {
        let moves = self.moves()?;
        let is_gone =
            |path: &str| !moves.moved.contains_key(path) && self.steps(moves, path).next().is_none();
        let gone = moves.gone_from(folder).filter(|path| is_meant(name(path)) && is_gone(path));
        let by = gone.filter_map(|path| Some(&moves.removed.get(path)?.by));
        by.max_by_key(|by| (by.date, by.commit.clone())).cloned()
    }

    /// Returns true if no commit of the main line had a file at `path`, which the state doesn't have either.
    pub fn never_had(&self, path: &str) -> bool {
        self.moves().is_some_and(|moves| {
            moves.is_whole && !moves.moved.contains_key(path) && !moves.removed.contains_key(path)
        })
    }

    /// `None` before a commit.
    pub(super) fn moves(&self) -> Option<&Moves> {
        if self.shared.staged.get().is_some() {
            return None;
        }
        Some(self.shared.moves.get_or_init(|| self.load_moves().unwrap_or_default()))
    }

    fn steps<'h>(&'h self, moves: &'h Moves, path: &str) -> impl Iterator<Item = Arc<str>> + 'h {
        let next = |path: &str| moves.moved.get(path).cloned().or_else(|| self.rewritten(moves, path));
        std::iter::successors(next(path), move |path| next(path)).take(MAX_MOVES)
    }

    /// Returns the file that a commit added for one which it removed, under another name and with some changes.
    fn rewritten(&self, moves: &Moves, path: &str) -> Option<Arc<str>> {
        let removed = moves.removed.get(path)?;
        let (of_name, ending) = name(path).rsplit_once('.')?;
        let may_be = |added: &&AddedFile| match name(&added.0).rsplit_once('.') {
            Some((_, other)) => {
                other == ending || Format::is_page_path(path) && Format::is_page_path(&added.0)
            }
            None => false,
        };
        let candidates: Vec<&AddedFile> = removed.added.iter().filter(may_be).collect();
        let same_stem = |added: &&&AddedFile| {
            let stem = name(&added.0).rsplit_once('.').map_or("", |(stem, _)| stem);
            stem == of_name && !is_in_each_folder(path)
        };
        let mut same = candidates.iter().filter(same_stem);
        if let (Some(only), None) = (same.next(), same.next()) {
            return Some(only.0.clone());
        }
        if candidates.is_empty() || candidates.len() > MAX_ALIKE {
            return None;
        }
        let before = self.read_blob(removed.content).filter(|content| !content.contains(&0))?;
        let is_alike = |added: &&&AddedFile| {
            self.read_blob(added.1).is_some_and(|after| similarity::is_alike(&before, &after))
        };
        let mut alike = candidates.iter().filter(is_alike);
        alike.next().filter(|_| alike.next().is_none()).map(|(path, _)| path.clone())
    }

    /// Returns the content of a file in some commit; `None` for a large one.
    pub(super) fn read_blob(&self, id: ObjectId) -> Option<Vec<u8>> {
        let content = match &self.source {
            CommitSource::NoRepository => None,
            CommitSource::Memory(commits) => Timeline::in_memory(commits, &|_| true).reader().read(id),
            CommitSource::Git(git) => {
                let repository = git.repository.to_thread_local();
                let size = repository.find_header(id).ok()?.size();
                (size <= MAX_SIZE).then(|| Some(repository.find_object(id).ok()?.detach().data))?
            }
        };
        content.filter(|content| content.len() as u64 <= MAX_SIZE)
    }

    fn load_moves(&self) -> Option<Moves> {
        let (commits, is_whole) = match &self.source {
            CommitSource::NoRepository => return None,
            CommitSource::Memory(commits) => {
                let timeline = Timeline::in_memory(commits, &|_| true);
                let commit = |number: usize| Removal::by(&timeline.commits[number]);
                let moves = |step: &Step| CommitMoves::of(commit(step.commit), &step.changes);
                (timeline.steps.iter().map(moves).collect(), true)
            }
            CommitSource::Git(git) => self.with_walk(git, |walk| {
                let walk = HistoryWalk { is_relevant: &|_| true, ..*walk };
                let line = walk.newest(head(git).ok()?, MAX_COMMITS).ok()?;
                let commits = walk.map_changes(&line, |(id, date), changes| {
                    let by = Removal { date, commit: id.to_hex_with_len(SHORT).to_string().into() };
                    CommitMoves::of(by, changes)
                });
                Some((commits.ok()?, line.is_whole()))
            })?,
        };
        Some(Moves { is_whole, ..Moves::new(commits) })
    }
}

/// The length of an abbreviated id.
const SHORT: usize = 10;

impl Removal {
    fn by(commit: &Commit) -> Removal {
        Removal { date: commit.date, commit: commit.short().into() }
    }
}

impl Moves {
    /// Returns the paths directly in `folder` from which a file was moved or removed.
    fn gone_from(&self, folder: &str) -> impl Iterator<Item = &Arc<str>> {
        let by_folder = self.by_folder.get_or_init(|| {
            let mut by_folder: HashMap<Box<str>, Vec<Arc<str>>> = HashMap::new();
            let removed = self.removed.keys().filter(|path| !self.moved.contains_key(*path));
            for path in self.moved.keys().chain(removed) {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                by_folder.entry(folder.into()).or_default().push(path.clone());
            }
            by_folder
        });
        by_folder.get(folder).into_iter().flatten()
    }

    fn new(commits: Vec<CommitMoves>) -> Moves {
        let mut moves = Moves::default();
        for CommitMoves { by, moved, removed, added, pages } in commits {
            for (path, content) in removed {
                // If an earlier file moved away from this path, the newer file at the path is the one that was removed.
                moves.moved.remove(&path);
                moves.removed.insert(path, RemovedFile { content, by: by.clone(), added: added.clone() });
            }
            for (old, new) in moved {
                moves.moved_from.insert(new.clone(), old.clone());
                moves.moved.insert(old, new);
            }
            for FileChange { path, before, after } in pages {
                moves.pages.entry(path).or_default().push(PageChange { by: by.clone(), before, after });
            }
        }
        moves
    }
}

impl CommitMoves {
    pub(super) fn of(by: Removal, changes: &[FileChange]) -> CommitMoves {
        let removed: Vec<AddedFile> = changes
            .iter()
            .filter(|change| change.after.is_none())
            .filter_map(|change| Some((change.path.clone(), change.before?)))
            .collect();
        let added = || {
            let added = changes.iter().filter(|change| change.before.is_none());
            added.filter_map(|change| Some((change.path.clone(), change.after?))).collect()
        };
        let is_page = |change: &&FileChange| Format::is_page_path(&change.path);
        CommitMoves {
            by,
            moved: moved(changes),
            added: if removed.is_empty() { Arc::default() } else { added() },
            removed,
            pages: changes.iter().filter(is_page).cloned().collect(),
        }
    }
}

/// Returns the old and the new path of each file that a commit removed and added again, with the same content or under the same
/// name.
fn moved(changes: &[FileChange]) -> Vec<(Arc<str>, Arc<str>)> {
    let removed = || changes.iter().filter(|change| change.after.is_none());
    if removed().next().is_none() {
        return Vec::new();
    }
    let mut by_content: HashMap<ObjectId, Vec<&Arc<str>>> = HashMap::new();
    let mut by_name: HashMap<&str, Vec<&Arc<str>>> = HashMap::new();
    for (change, id) in changes.iter().filter(|it| it.before.is_none()).filter_map(|it| Some((it, it.after?)))
    {
        by_content.entry(id).or_default().push(&change.path);
        by_name.entry(name(&change.path)).or_default().push(&change.path);
    }
    let mut removed_names: HashMap<&str, usize> = HashMap::new();
    for change in removed() {
        *removed_names.entry(name(&change.path)).or_default() += 1;
    }
    let target = |change: &FileChange| {
        let same_content = by_content.get(&change.before?).map_or(&[][..], Vec::as_slice);
        let same_name = by_name.get(name(&change.path)).map_or(&[][..], Vec::as_slice);
        match (same_content, same_name) {
            ([only], _) => Some((*only).clone()),
            ([], [only]) => {
                let is_only = removed_names[name(&change.path)] == 1 && !is_in_each_folder(&change.path);
                is_only.then(|| (*only).clone())
            }
            (several, _) => {
                let mut named =
                    several.iter().take(MAX_ALIKE).filter(|path| name(path) == name(&change.path));
                named.next().filter(|_| named.next().is_none()).map(|path| (*path).clone())
            }
        }
    };
    removed().filter_map(|change| Some((change.path.clone(), target(change)?))).collect()
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns true for generic names such as `README`, which don't identify a file.
fn is_in_each_folder(path: &str) -> bool {
    let stem = name(path).split('.').next().unwrap_or_default();
    ["index", "readme"].iter().any(|name| name.eq_ignore_ascii_case(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<u8>, after: Option<u8>) -> FileChange {
        let id = |byte: u8| ObjectId::from_bytes_or_panic(&[byte; 20]);
        FileChange { path: path.into(), before: before.map(id), after: after.map(id) }
    }

    fn pairs(changes: &[FileChange]) -> Vec<(String, String)> {
        moved(changes).iter().map(|(old, new)| (old.to_string(), new.to_string())).collect()
    }

    #[test]
    fn a_file_is_found_by_its_content_or_else_by_its_name() {
        let changes = [
            change("a.md", Some(1), None),
            change("b/plan.md", Some(2), None),
            change("c.md", Some(3), None),
            change("d.md", Some(4), Some(5)),
            change("x/other.md", None, Some(1)),
            change("x/plan.md", None, Some(6)),
        ];
        let expected = [("a.md", "x/other.md"), ("b/plan.md", "x/plan.md")];
        assert_eq!(pairs(&changes), expected.map(|(old, new)| (old.to_owned(), new.to_owned())));
    }

    #[test]
    fn nothing_is_guessed_between_files_alike() {
        let two_contents =
            [change("a.md", Some(1), None), change("x/b.md", None, Some(1)), change("x/c.md", None, Some(1))];
        assert_eq!(pairs(&two_contents), []);
        let two_names = [
            change("a/README.md", Some(1), None),
            change("b/README.md", Some(2), None),
            change("c/README.md", None, Some(3)),
        ];
        assert_eq!(pairs(&two_names), []);
        let one_of_two = [
            change("a/b.md", Some(1), None),
            change("x/b.md", None, Some(1)),
            change("x/c.md", None, Some(1)),
        ];
        assert_eq!(pairs(&one_of_two), [("a/b.md".to_owned(), "x/b.md".to_owned())]);
    }
}
