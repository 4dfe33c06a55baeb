//! Where walks are kept between runs: in the repository's common folder, which linked worktrees share.

use std::collections::HashSet;
use std::hash::Hash;
use std::path::Path;

use gix::ObjectId;

use super::Known;
use super::checkpoint::Checkpoint;
use crate::kept::{self, Sort};

/// Walks, of all branches and policies.
const WALKS: Sort = Sort { prefix: "history", most: 8, largest: 256 << 20 };

/// The walks of one repository that were made in one way, each called by the commit that it ends in.
pub(super) struct Store(kept::Store);

impl Store {
    /// The store in a folder, of walks that depend on nothing but this.
    pub fn new(folder: &Path, depends_on: impl Hash) -> Store {
        Store(kept::Store::new(folder, &WALKS, depends_on))
    }

    /// The commits that a stored walk ends in.
    pub fn heads(&self) -> HashSet<ObjectId> {
        self.0.names().filter_map(|name| ObjectId::from_hex(name.as_bytes()).ok()).collect()
    }

    /// The walk that ends in a commit; none where it is not there, or not as it was written.
    pub fn load(&self, head: ObjectId) -> Option<Known> {
        Checkpoint::read(&self.0.open(&head.to_string())?).ok()
    }

    /// Keeps a walk that ends in a commit.
    pub fn save(&self, head: ObjectId, known: &Known) {
        if let Some(sections) = Checkpoint::write(known) {
            self.0.save(&head.to_string(), &sections.each_ref().map(Vec::as_slice));
        }
    }
}
