//! The states of a repository: the worktree, the index, revisions, what a change adds, and the messages where a state
//! can't be read.

mod baseline;
mod excuses;
#[cfg(unix)]
mod hiding;
mod messages;
mod own_policy;
mod packs;
mod parse_cache;
mod policy;
mod revision;
mod rights;
mod second_state;
mod since;
mod staged;
mod step_limit;
mod suppressions;
mod worktree;

use alignlint::snapshot::Snapshot;

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.files().iter().map(|file| &*file.path).collect()
}

/// The text of a file, or why it can't be read.
fn text(snapshot: &Snapshot, path: &str) -> String {
    let file = snapshot.get(path).expect("the file is listed");
    match snapshot.read(file) {
        Ok(source) => source.text().to_owned(),
        Err(problem) => problem.message,
    }
}
