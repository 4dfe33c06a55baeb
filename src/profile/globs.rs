use std::sync::OnceLock;

use globset::{Glob, GlobSet, GlobSetBuilder};

/// Globs of paths.
#[derive(Debug, Default)]
pub(crate) struct PathGlobs {
    globs: Vec<Glob>,
    set: OnceLock<GlobSet>,
}

impl PathGlobs {
    /// # Errors
    /// The globs are too many for one set.
    pub(super) fn new(globs: Vec<Glob>) -> Result<PathGlobs, globset::Error> {
        let set = compiled(&globs)?.into();
        Ok(PathGlobs { globs, set })
    }

    /// Globs that are known to fit into a set; they are compiled for the first path.
    pub(super) fn built_in(globs: Vec<Glob>) -> PathGlobs {
        PathGlobs { globs, set: OnceLock::new() }
    }

    fn set(&self) -> &GlobSet {
        self.set.get_or_init(|| compiled(&self.globs).unwrap_or_default())
    }

    pub(super) fn is_match(&self, path: &str) -> bool {
        !self.globs.is_empty() && self.set().is_match(path)
    }

    /// Returns the indexes of the globs that match.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        self.set().matches(path)
    }
}

fn compiled(globs: &[Glob]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(glob.clone());
    }
    set.build()
}
