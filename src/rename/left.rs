//! Places that still bear the old name of a record's file: alignlint reads them in no form in which it could change them.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::citation::Language;
use crate::snapshot::{FileEntry, Snapshot, is_within};
use crate::text::Source;

use super::RenamedFile;
use super::spelling::{Moved, is_of_commit, words};

/// A line that bears the old name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftMention {
    /// The path after the renaming.
    pub path: Arc<str>,
    /// From 1.
    pub line: usize,
}

/// Returns the first such line of each file, sorted by path. Files that others wrote, or that tell of the past, are left out.
pub(super) fn find(snapshot: &Snapshot, moved: &Moved, edited: &[RenamedFile]) -> Vec<LeftMention> {
    let [old, _] = moved.names();
    let after: HashMap<&str, &Arc<Source>> =
        edited.iter().map(|(before, after)| (&**before.path(), after)).collect();
    let in_file = |file: &FileEntry| {
        if is_within(&file.path, &moved.from) || Language::is_skipped(&file.path) {
            return None;
        }
        let source = match after.get(&*file.path) {
            Some(after) => (*after).clone(),
            None => snapshot.read(file).ok().filter(|source| source.invalid_at().is_none())?,
        };
        let at = words(source.text(), old).find(|at| !is_of_commit(source.text(), *at))?;
        Some(LeftMention { path: source.path().clone(), line: source.position(at).line })
    };
    let mut found: Vec<LeftMention> = snapshot.files().par_iter().filter_map(in_file).collect();
    found.sort_unstable();
    found
}
