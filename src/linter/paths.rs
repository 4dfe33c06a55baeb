//! Which files findings are reported for.

use std::collections::BTreeSet;
use std::path::Path;

use crate::finding::Fault;
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::{Snapshot, is_within};

use super::Linter;

/// Paths of files and folders, relative to the root. All files match if it is empty.
pub(super) struct PathFilter(Vec<String>);

impl PathFilter {
    pub(super) fn new(linter: &Linter) -> Result<PathFilter, Vec<Fault>> {
        let mut paths = Vec::new();
        let mut faults = Vec::new();
        for path in &linter.options.paths {
            match linter.snapshot.resolve(path).filter(|path| linter.snapshot.has(path)) {
                Some(path) => paths.push(path),
                None => {
                    let near = nearest_path(&linter.snapshot, path).map(|near| did_you_mean(&near));
                    faults.push(near.into_iter().fold(missing_path(path), Fault::help));
                }
            }
        }
        if faults.is_empty() { Ok(PathFilter(paths)) } else { Err(faults) }
    }

    pub(super) fn matches(&self, file: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|path| is_within(file, path))
    }
}

/// The file or folder whose path is most similar.
fn nearest_path(snapshot: &Snapshot, path: &Path) -> Option<String> {
    let typed = snapshot.resolve(path)?;
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for file in snapshot.files() {
        let folders = file.path.match_indices('/').map(|(at, _)| &file.path[..at]);
        paths.extend(folders.chain([&*file.path]));
    }
    nearest(&typed, paths).map(|near| snapshot.path_from_here(near))
}

/// The fault of a path that the repository does not have.
pub fn missing_path(path: &Path) -> Fault {
    Fault::new(format!("file or folder `{}` does not exist in this repository", path.display()))
}
