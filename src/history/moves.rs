//! Where the files went that a state no longer has: the commits of the main line tell.

use std::collections::HashMap;
use std::sync::Arc;

use gix::ObjectId;

use super::History;
use super::source::{CommitSource, head};
use super::timeline::{FileChange, Timeline};
use super::walk::HistoryWalk;

/// The number of commits, from the newest on, that are searched.
const MAX_COMMITS: usize = 3000;

/// The most moves of one file that are followed.
const MAX_MOVES: usize = 16;

/// The most files of one content or name that a commit adds, and that one which it removes is compared with.
const MAX_ALIKE: usize = 100;

/// For each file that a commit moved, the new path; of several moves, the newest.
#[derive(Default)]
pub(super) struct Moves(HashMap<Arc<str>, Arc<str>>);

impl History {
    /// Returns the path to which the file at `path` was moved, possibly in several steps, and where `is_there` says that there is
    /// a file now. Before a commit, which should take no time, nothing is searched.
    pub fn moved_to(&self, path: &str, is_there: impl Fn(&str) -> bool) -> Option<Arc<str>> {
        if self.shared.staged.get().is_some() {
            return None;
        }
        let moves = self.shared.moves.get_or_init(|| self.load_moves().unwrap_or_default());
        let next = |path: &Arc<str>| moves.0.get(path).cloned();
        let steps = std::iter::successors(moves.0.get(path).cloned(), next);
        steps.take(MAX_MOVES).find(|path| is_there(path))
    }

    fn load_moves(&self) -> Option<Moves> {
        let pairs = match &self.source {
            CommitSource::NoRepository => return None,
            CommitSource::Memory(commits) => {
                let steps = Timeline::in_memory(commits, &|_| true).steps;
                steps.iter().flat_map(|step| moved(&step.changes)).collect()
            }
            CommitSource::Git(git) => self.with_walk(git, |walk| {
                let walk = HistoryWalk { is_relevant: &|_| true, ..*walk };
                let line = walk.newest(head(git).ok()?, MAX_COMMITS).ok()?;
                walk.map_changes(&line, moved).ok()
            })?,
        };
        Some(Moves(pairs.into_iter().collect()))
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
            ([], [only]) => (removed_names[name(&change.path)] == 1).then(|| (*only).clone()),
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
