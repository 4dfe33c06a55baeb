//! Where the main line moved or removed the files that a state no longer has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use gix::ObjectId;
use jiff::civil::Date;

use super::History;
use super::source::CommitSource;
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

    /// Returns the commit that removed the file at `path`, or at the path to which it was moved before.
    pub fn removal(&self, path: &str) -> Option<Removal> {
        let moves = self.moves()?;
        let last = moves.steps(path).last().map_or(path, |path| path);
        moves.removed.get(last).cloned()
    }

    /// `None` before a commit.
    fn moves(&self) -> Option<&Moves> {
        if self.shared.is_in_hook.load(Ordering::Relaxed) {
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
                let line = walk.main_line(self.head(git).ok()?, &HashSet::new(), MAX_COMMITS).ok()?;
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
            moves.moved.extend(moved);
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

/// Returns the old and the new path of each file that a commit removed and added again with the same content: to one path, or to
/// one path with the same name.
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
        let mut named = same.iter().take(MAX_ALIKE).filter(|path| name(path) == name(&change.path));
        named.next().filter(|_| named.next().is_none()).map(|path| (*path).clone())
    };
    let removed = changes.iter().filter(|change| change.after.is_none());
    removed.filter_map(|change| Some((change.path.clone(), target(change)?))).collect()
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<u8>, after: Option<u8>) -> FileChange {
        let id = |byte: u8| ObjectId::from_bytes_or_panic(&[byte; 20]);
        FileChange { path: path.into(), before: before.map(id), after: after.map(id) }
    }

    #[test]
    fn a_file_is_found_by_its_content_unless_several_have_that() {
        let changes = [
            change("a.md", Some(1), None),
            change("b.md", Some(2), None),
            change("c.md", Some(3), None),
            change("d.md", Some(4), Some(1)),
            change("x/other.md", None, Some(1)),
            change("x/b.md", None, Some(2)),
            change("x/c.md", None, Some(2)),
            change("y/d.md", None, Some(3)),
            change("z/d.md", None, Some(3)),
        ];
        let found = moved(&changes).into_iter().map(|(old, new)| format!("{old} {new}"));
        assert_eq!(found.collect::<Vec<_>>(), ["a.md x/other.md", "b.md x/b.md"]);
    }
}
