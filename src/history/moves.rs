//! Where the files went that a state no longer has: the commits of the main line tell.

use std::collections::HashMap;
use std::sync::Arc;

use gix::ObjectId;
use jiff::civil::Date;

use super::History;
use super::source::{CommitSource, head};
use super::timeline::{Commit, FileChange, Step, Timeline};
use super::walk::HistoryWalk;

/// The number of commits, from the newest on, that are searched.
const MAX_COMMITS: usize = 3000;

/// The most moves of one file that are followed.
const MAX_MOVES: usize = 16;

/// The most files of one content that a commit adds, and that one which it removes is compared with.
const MAX_ALIKE: usize = 100;

/// The commit that removed a file from the main line.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    pub date: Date,
    /// Its abbreviated id.
    pub commit: Arc<str>,
}

/// The files that commits of the main line moved or removed.
#[derive(Default)]
pub(super) struct Moves {
    /// The new path of each moved file, by the newest move.
    moved: HashMap<Arc<str>, Arc<str>>,
    moved_from: HashMap<Arc<str>, Arc<str>>,
    /// The newest commit that removed each path.
    removed: HashMap<Arc<str>, Removal>,
}

/// The changes of one commit.
struct CommitMoves {
    by: Removal,
    moved: Vec<(Arc<str>, Arc<str>)>,
    removed: Vec<Arc<str>>,
}

impl History {
    /// Returns the path to which the file at `path` was moved, possibly in several steps, and where `is_there` says that there is
    /// a file now. Before a commit, which should take no time, nothing is searched.
    pub fn moved_to(&self, path: &str, is_there: impl Fn(&str) -> bool) -> Option<Arc<str>> {
        self.moves()?.steps(path).find(|path| is_there(path)).cloned()
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
        let last = moves.steps(path).last().map_or(path, |path| path);
        moves.removed.get(last).cloned()
    }

    /// `None` before a commit.
    fn moves(&self) -> Option<&Moves> {
        if self.shared.staged.get().is_some() {
            return None;
        }
        Some(self.shared.moves.get_or_init(|| self.load_moves().unwrap_or_default()))
    }

    fn load_moves(&self) -> Option<Moves> {
        let commits = match &self.source {
            CommitSource::NoRepository => return None,
            CommitSource::Memory(commits) => {
                let timeline = Timeline::in_memory(commits, &|_| true);
                let commit = |number: usize| Removal::by(&timeline.commits[number]);
                let moves = |step: &Step| CommitMoves::of(commit(step.commit), &step.changes);
                timeline.steps.iter().map(moves).collect()
            }
            CommitSource::Git(git) => self.with_walk(git, |walk| {
                let walk = HistoryWalk { is_relevant: &|_| true, ..*walk };
                let line = walk.newest(head(git).ok()?, MAX_COMMITS).ok()?;
                let commits = walk.map_changes(&line, |(id, date), changes| {
                    let by = Removal { date, commit: id.to_hex_with_len(SHORT).to_string().into() };
                    CommitMoves::of(by, changes)
                });
                commits.ok()
            })?,
        };
        Some(Moves::new(commits))
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
    fn new(commits: Vec<CommitMoves>) -> Moves {
        let mut moves = Moves::default();
        for CommitMoves { by, moved, removed } in commits {
            for path in removed {
                // If an earlier file moved away from this path, the newer file at the path is the one that was removed.
                moves.moved.remove(&path);
                moves.removed.insert(path, by.clone());
            }
            for (old, new) in moved {
                moves.moved_from.insert(new.clone(), old.clone());
                moves.moved.insert(old, new);
            }
        }
        moves
    }

    fn steps(&self, path: &str) -> impl Iterator<Item = &Arc<str>> {
        std::iter::successors(self.moved.get(path), |path| self.moved.get(*path)).take(MAX_MOVES)
    }
}

impl CommitMoves {
    fn of(by: Removal, changes: &[FileChange]) -> CommitMoves {
        let removed = changes.iter().filter(|change| change.after.is_none());
        CommitMoves {
            by,
            moved: moved(changes),
            removed: removed.map(|change| change.path.clone()).collect(),
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
