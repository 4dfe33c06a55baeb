//! Paths that a `.gitignore` leaves out: output of a build, which lies there on each machine and is in no commit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, Glob};

use super::Snapshot;
use crate::limits;
use crate::text::{file_name, folder_of};

/// By folder, the rules of its `.gitignore`, if there is one. Each is read once.
#[derive(Debug, Default)]
pub(super) struct IgnoreFiles(Mutex<HashMap<Box<str>, Option<Arc<Gitignore>>>>);

const IGNORE_FILE: &str = ".gitignore";

impl Snapshot {
    /// Returns true if a `.gitignore` leaves out a path or a folder above it, and not only by an ending such as `*.png`, or with all else (`/*`).
    pub fn ignores(&self, path: &str) -> bool {
        self.is_left_out(path, is_named)
    }

    /// Returns true if the worktree has a file at a path, or would have if it was written.
    pub(crate) fn may_list(&self, path: &str) -> bool {
        let is_new = || {
            let is_on_disk = self.root().is_some_and(|root| root.join(path).symlink_metadata().is_ok());
            let is_of_git = path.split('/').any(|part| part.eq_ignore_ascii_case(".git"));
            !is_on_disk && !is_of_git && self.opaque_at(path).is_none() && !self.is_left_out(path, |_| true)
        };
        self.get(path).is_some() || is_new()
    }

    fn is_left_out(&self, path: &str, counts: fn(&Glob) -> bool) -> bool {
        let mut folder = path;
        while !folder.is_empty() {
            folder = folder_of(folder);
            let relative = path[folder.len()..].trim_start_matches('/');
            let rules = self.ignore_rules(folder);
            match rules.as_ref().map(|rules| rules.matched_path_or_any_parents(relative, false)) {
                None | Some(Match::None) => {}
                Some(Match::Whitelist(_)) => return false,
                Some(Match::Ignore(rule)) => return counts(rule),
            }
        }
        false
    }

    /// Returns true for a file that can change what [`Snapshot::ignores`].
    pub fn is_ignore_file(path: &str) -> bool {
        file_name(path) == IGNORE_FILE
    }

    fn ignore_rules(&self, folder: &str) -> Option<Arc<Gitignore>> {
        let mut known = self.ignore_files.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known.get(folder) {
            return rules.clone();
        }
        let path = if folder.is_empty() { IGNORE_FILE.to_owned() } else { format!("{folder}/{IGNORE_FILE}") };
        let rules = self.read_path(&path).and_then(|source| read(source.text()));
        known.insert(folder.into(), rules.clone());
        rules
    }
}

fn read(text: &str) -> Option<Arc<Gitignore>> {
    let mut rules = GitignoreBuilder::new("");
    // A line that is not a valid pattern has no effect.
    text.lines().take(limits::IGNORE_LINES).for_each(|line| drop(rules.add_line(None, line)));
    rules.build().ok().map(Arc::new)
}

/// Returns true for a pattern that names what it leaves out.
fn is_named(rule: &Glob) -> bool {
    let name = file_name(rule.original().trim_end_matches('/'));
    let is_all_or_ending = name.trim_start_matches('*').is_empty() || name.starts_with("*.");
    !is_all_or_ending
}
