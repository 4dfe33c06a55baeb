//! The cache of what was computed from all commits behind one commit, after which the file is named.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use gix::ObjectId;

use super::main_line::MainLine;
use super::walk::HistoryWalk;
use crate::cache::{Cache, CacheFile, CacheKind, Store};

pub(super) struct CommitCache(Store);

impl CommitCache {
    pub(super) fn new(cache: &Arc<Cache>, kind: &'static CacheKind, key: impl Hash) -> CommitCache {
        CommitCache(Store::new(cache, kind, key))
    }

    pub(super) fn heads(&self) -> HashSet<ObjectId> {
        self.0.names().filter_map(|name| ObjectId::from_hex(name.as_bytes()).ok()).collect()
    }

    /// Walks from `head` to the nearest commit that has a file; returns the commits after that, and the file. If that is
    /// invalid, walks all commits, so that it is replaced.
    pub(super) fn nearest(
        &self,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
    ) -> gix::Result<(MainLine, Option<CacheFile>)> {
        let line = walk.main_line(head, &self.heads())?;
        match line.start.map(|start| self.0.open(&start.to_string())) {
            Some(None) => Ok((walk.main_line(head, &HashSet::new())?, None)),
            file => Ok((line, file.flatten())),
        }
    }

    pub(super) fn save(&self, head: ObjectId, sections: &[Vec<u8>]) {
        let sections: Vec<_> = sections.iter().map(|section| vec![&section[..]]).collect();
        self.0.save(&head.to_string(), &sections);
    }
}
