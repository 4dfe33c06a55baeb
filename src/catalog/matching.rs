//! The files whose paths match a glob, found once for each glob.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Globs;

use super::Catalog;

/// By the text of the glob.
pub(super) type MatchingFiles = Mutex<HashMap<Box<str>, MatchingPaths>>;

/// The paths that match a glob.
#[derive(Clone)]
pub struct MatchingPaths {
    /// The files in the snapshot that begin like the glob; only they are compared.
    compared: Range<usize>,
    /// Indexes in the snapshot, in order.
    found: Arc<[u32]>,
}

impl MatchingPaths {
    /// Returns how many paths were compared.
    pub fn compared(&self) -> usize {
        self.compared.len()
    }
}

impl Catalog {
    /// Returns the files that match `glob`, whose compiled form is `globs`, in the order of their paths.
    pub fn matching_paths(&self, glob: &str, globs: &Globs) -> MatchingPaths {
        let mut known = self.lazy.matching.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(paths) = known.get(glob) {
            return paths.clone();
        }
        let paths = self.find_matching(glob, globs);
        known.insert(glob.into(), paths.clone());
        paths
    }

    /// Returns the paths of what [`Catalog::matching_paths`] found.
    pub fn paths_of<'a>(&'a self, paths: &MatchingPaths) -> impl Iterator<Item = &'a Arc<str>> {
        let found = paths.found.clone();
        (0..found.len()).map(move |at| &self.snapshot.files()[found[at] as usize].path)
    }

    fn find_matching(&self, glob: &str, globs: &Globs) -> MatchingPaths {
        let glob = glob.trim_start_matches("./");
        let start = &glob[..glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len())];
        let files = self.snapshot.files();
        let first = files.partition_point(|file| *file.path < *start);
        let count = files[first..].partition_point(|file| file.path.starts_with(start));
        let compared = first..first + count;
        let matches = |at: &usize| globs.matches(&files[*at].path);
        let found = compared.clone().filter(matches).map(|at| at as u32).collect();
        MatchingPaths { compared, found }
    }
}
