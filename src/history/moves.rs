//! Where the main line moved or removed the files that a state no longer has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use gix::ObjectId;
use jiff::civil::Date;

use super::History;
use super::source::CommitSource;
use super::timeline::{FileChange, Timeline};
use super::walk::HistoryWalk;
use crate::text::file_name;

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
        let mut moves = Moves::default();
        match &self.source {
            CommitSource::NoRepository => return None,
            CommitSource::Memory(commits) => {
                let timeline = Timeline::in_memory(commits, &|_| true);
                for step in &timeline.steps {
                    let commit = &timeline.commits[step.commit];
                    moves.add(Removal { date: commit.date, commit: commit.short().into() }, &step.changes);
                }
            }
            CommitSource::Git(git) => self.with_walk(git, |walk| {
                let walk = HistoryWalk { is_relevant: &|_| true, ..*walk };
                let line = walk.main_line(self.head(git).ok()?, &HashSet::new(), MAX_COMMITS).ok()?;
                for (id, date, changes) in walk.changes_of_line(&line).ok()? {
                    moves.add(
                        Removal { date, commit: id.to_hex_with_len(SHORT).to_string().into() },
                        &changes,
                    );
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
    fn add(&mut self, by: Removal, changes: &[FileChange]) {
        for change in changes.iter().filter(|change| change.after.is_none()) {
            // If an earlier file moved away from this path, the newer file at the path is the one that was removed.
            self.moved.remove(&change.path);
            self.removed.insert(change.path.clone(), by.clone());
        }
        self.moved.extend(moved(changes));
    }

    fn steps(&self, path: &str) -> impl Iterator<Item = &Arc<str>> {
        std::iter::successors(self.moved.get(path), |path| self.moved.get(*path)).take(MAX_MOVES)
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
        let mut named = same.iter().take(MAX_ALIKE).filter(|path| file_name(path) == file_name(&change.path));
        named.next().filter(|_| named.next().is_none()).map(|path| (*path).clone())
    };
    let removed = changes.iter().filter(|change| change.after.is_none());
    removed.filter_map(|change| Some((change.path.clone(), target(change)?))).collect()
}
