//! What is kept of commits between runs: in the repository's common folder, which linked worktrees share.

use std::collections::HashSet;
use std::hash::Hash;
use std::path::Path;

use gix::ObjectId;

use crate::cache::{self, File, Sort};

/// What one sort of walk came to, which was made in one way: each file is called by the commit that the walk ends
/// in.
pub(super) struct Store(cache::Store);

impl Store {
    /// The store in a folder, of walks that depend on nothing but this.
    pub fn new(folder: &Path, sort: &'static Sort, depends_on: impl Hash) -> Store {
        Store(cache::Store::new(folder, sort, depends_on))
    }

    /// The commits that a stored walk ends in.
    pub fn heads(&self) -> HashSet<ObjectId> {
        self.0.names().filter_map(|name| ObjectId::from_hex(name.as_bytes()).ok()).collect()
    }

    /// What is stored of the walk that ends in a commit; none where it is not there, or not as it was written.
    pub fn open(&self, head: ObjectId) -> Option<File> {
        self.0.open(&head.to_string())
    }

    /// Keeps what a walk that ends in a commit came to.
    pub fn save(&self, head: ObjectId, sections: &[Vec<u8>]) {
        self.0
            .save(&head.to_string(), &sections.iter().map(|section| vec![&section[..]]).collect::<Vec<_>>());
    }
}
