//! Which files findings are reported for.

use std::path::Path;

use crate::finding::Fault;
use crate::snapshot::is_within;

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
                None => faults.push(missing_path(path)),
            }
        }
        if faults.is_empty() { Ok(PathFilter(paths)) } else { Err(faults) }
    }

    pub(super) fn matches(&self, file: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|path| is_within(file, path))
    }
}

/// The fault of a path that the repository does not have.
pub fn missing_path(path: &Path) -> Fault {
    Fault::new(format!("file or folder `{}` does not exist in this repository", path.display()))
}
