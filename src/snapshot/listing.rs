//! The worktree as it was listed, and which of its files have changed since: without reading them.

use std::path::Path;
use std::sync::Arc;

use gix::index::entry::Stat;
use rayon::prelude::*;

use super::{ContentSource, FileEntry, Snapshot, revision};
use crate::finding::Fault;

/// The project around a folder of the worktree.
pub(crate) struct Listing {
    pub files: Snapshot,
    /// Of each file; `None` if it is not there any more.
    stats: Vec<Option<Stat>>,
    head: Option<gix::ObjectId>,
}

impl Listing {
    pub(crate) fn new(start: &Path) -> Result<Listing, Fault> {
        let files = Snapshot::worktree(start)?.project();
        let stat = |file: &FileEntry| {
            let metadata = gix::index::fs::Metadata::from_path_no_follow(&files.path_on_disk(file)).ok()?;
            Stat::from_fs(&metadata).ok()
        };
        let stats = files.files.par_iter().map(stat).collect();
        let head = head(&files);
        Ok(Listing { files, stats, head })
    }

    /// Lists the files again. Entries of files that are as they were stay the same.
    pub(crate) fn again(&self, start: &Path) -> Result<Listing, Fault> {
        let mut new = Listing::new(start)?;
        let mut old = self.files.files.iter().zip(&self.stats).peekable();
        let kept = new.files.files.iter().zip(&new.stats).map(|(file, stat)| {
            while old.next_if(|(known, _)| known.path < file.path).is_some() {}
            let same = old.next_if(|(known, was)| known.path == file.path && stat.is_some() && *was == stat);
            let path = same.map_or(&file.path, |(known, _)| &known.path).clone();
            FileEntry { path, content: file.content.clone() }
        });
        let kept: Vec<FileEntry> = kept.collect();
        new.files = new.files.with_files(kept);
        Ok(new)
    }

    /// Returns true if both have the same commits behind them.
    pub(crate) fn has_same_head(&self, other: &Listing) -> bool {
        self.head == other.head
    }

    /// Returns true if it was listed at the commit that is checked out now.
    pub(crate) fn is_at_head(&self) -> bool {
        self.head == head(&self.files)
    }
}

fn head(files: &Snapshot) -> Option<gix::ObjectId> {
    files.git.as_ref()?.repository.with(|it| revision::commit(it, "HEAD")).ok()
}

impl FileEntry {
    /// Returns true if the content is the same, as far as the entries tell: one is a copy of the other, or takes its path from it because the
    /// file is as it was.
    pub(crate) fn is_copy_of(&self, other: &FileEntry) -> bool {
        use ContentSource::{Blob, Disk, Text, Unreadable};
        let is_same = match (&self.content, &other.content) {
            (Disk(_), Disk(_)) => true,
            (Text(one), Text(other)) => Arc::ptr_eq(one, other),
            (Blob(one, _), Blob(other, _)) => one == other,
            (Unreadable(one), Unreadable(other)) => one == other,
            _ => false,
        };
        is_same && Arc::ptr_eq(&self.path, &other.path)
    }
}
