//! Places that still bear the old name of a record's file: alignlint reads them in no form in which it could change them.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::citation::Language;
use crate::snapshot::{FileEntry, is_within};
use crate::syntax::Format;
use crate::text::Source;

use super::RenamedFile;
use super::spelling::{Spelling, is_of_commit, words};

/// A line that bears the old name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftMention {
    /// The path after the renaming.
    pub path: Arc<str>,
    /// From 1.
    pub line: usize,
    /// True for the identifier, and false for the name of the file.
    pub is_id: bool,
}

/// Returns the first line of each file that bears the old name of the record's file, and the lines of pages that hold the old
/// identifier as a word, sorted by path. Files that others wrote, or that tell of the past, are left out.
pub(super) fn find(
    catalog: &Catalog,
    spelling: &Spelling,
    is_clear: bool,
    edited: &[RenamedFile],
) -> Vec<LeftMention> {
    let snapshot = catalog.snapshot();
    let after: HashMap<&str, &Arc<Source>> =
        edited.iter().map(|(before, after)| (&**before.path(), after)).collect();
    let read = |file: &FileEntry| match after.get(&*file.path) {
        Some(after) => Some((*after).clone()),
        None => snapshot.read(file).ok().filter(|source| source.invalid_at().is_none()),
    };
    let mut found: Vec<LeftMention> = Vec::new();
    if let Some(moved) = spelling.moved() {
        let [old, _] = moved.names();
        let in_file = |file: &FileEntry| {
            if is_within(&file.path, &moved.from) || Language::is_skipped(&file.path) {
                return None;
            }
            let source = read(file)?;
            let at = words(source.text(), old).find(|at| !is_of_commit(source.text(), *at))?;
            let line = source.position(at).line;
            Some(LeftMention { path: source.path().clone(), line, is_id: false })
        };
        found.par_extend(snapshot.files().par_iter().filter_map(in_file));
    }
    for source in plain_pages(catalog).filter(|_| is_clear).filter_map(read) {
        let places = spelling.words_in(source.text()).map(|(at, ..)| at);
        let lines = places.filter(|at| !is_of_commit(source.text(), *at));
        let lines = lines.map(|at| source.position(at).line);
        found.extend(lines.map(|line| LeftMention { path: source.path().clone(), line, is_id: true }));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the pages that hold no records, without those that others wrote or that tell of the past.
pub(super) fn plain_pages(catalog: &Catalog) -> impl Iterator<Item = &FileEntry> {
    let is_plain = |file: &&FileEntry| {
        Format::is_page_path(&file.path)
            && !Language::is_skipped(&file.path)
            && catalog.file_at(&file.path).is_none_or(|known| known.records.is_empty())
    };
    catalog.snapshot().files().iter().filter(is_plain)
}
