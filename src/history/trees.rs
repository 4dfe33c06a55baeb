//! What changed from one tree of a repository to another. Equal subtrees are never opened.

use std::cmp::Ordering;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryRef;

use super::timeline::FileChange;

/// Folders nested deeper than this are not entered: no repository of people has them.
const DEPTH: usize = 128;

/// Compares trees of one repository.
pub(super) struct Trees<'r> {
    pub repository: &'r gix::Repository,
    /// The folder that paths are relative to; empty for the root.
    pub folder: &'r str,
    /// Which files matter.
    pub concerns: &'r (dyn Fn(&str) -> bool + Sync),
}

impl Trees<'_> {
    /// The files that differ, in the order of Git's trees.
    ///
    /// # Errors
    /// A tree is not in this clone, or damaged.
    pub fn changes(&self, before: Option<ObjectId>, after: Option<ObjectId>) -> gix::Result<Vec<FileChange>> {
        let mut changes = Vec::new();
        let (before, after) = (self.below(before)?, self.below(after)?);
        self.compare(before, after, &mut String::new(), &mut changes, 0)?;
        Ok(changes)
    }

    /// The tree of the folder that paths are relative to.
    fn below(&self, root: Option<ObjectId>) -> gix::Result<Option<ObjectId>> {
        let mut tree = root;
        for name in self.folder.split('/').filter(|name| !name.is_empty()) {
            let Some(id) = tree else { return Ok(None) };
            let data = self.repository.find_object(id)?;
            let entries = TreeRefIter::from_bytes(&data.data, id.kind());
            let found = entries.filter_map(Result::ok).find(|entry| entry.filename == name);
            tree = found.filter(|entry| entry.mode.is_tree()).map(|entry| entry.oid.to_owned());
        }
        Ok(tree)
    }

    fn compare(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        path: &mut String,
        changes: &mut Vec<FileChange>,
        depth: usize,
    ) -> gix::Result<()> {
        if before == after || depth > DEPTH {
            return Ok(());
        }
        let read = |id: Option<ObjectId>| id.map(|id| self.repository.find_object(id)).transpose();
        let (old, new) = (read(before)?, read(after)?);
        let hash = self.repository.object_hash();
        let entries = |tree| TreeRefIter::from_bytes(tree, hash).filter_map(Result::ok).peekable();
        let mut old = entries(old.as_ref().map_or(&[], |tree| &tree.data));
        let mut new = entries(new.as_ref().map_or(&[], |tree| &tree.data));
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.cmp(b),
            };
            let before = if order.is_le() { old.next() } else { None };
            let after = if order.is_ge() { new.next() } else { None };
            self.entry(before, after, path, changes, depth)?;
        }
    }

    /// Compares what stands under one name: both are trees, or neither is.
    fn entry(
        &self,
        before: Option<EntryRef<'_>>,
        after: Option<EntryRef<'_>>,
        path: &mut String,
        changes: &mut Vec<FileChange>,
        depth: usize,
    ) -> gix::Result<()> {
        let id = |entry: &EntryRef<'_>| entry.oid.to_owned();
        if before.as_ref().map(|it| (id(it), it.mode)) == after.as_ref().map(|it| (id(it), it.mode)) {
            return Ok(());
        }
        let Some(either) = after.as_ref().or(before.as_ref()) else { return Ok(()) };
        // A name that is not UTF-8 is no record's.
        let Ok(name) = std::str::from_utf8(either.filename) else { return Ok(()) };
        let length = path.len();
        if length > 0 {
            path.push('/');
        }
        path.push_str(name);
        if either.mode.is_tree() {
            self.compare(before.as_ref().map(id), after.as_ref().map(id), path, changes, depth + 1)?;
        } else if (self.concerns)(path) {
            // Links and submodules are no files.
            let file = |entry: &EntryRef<'_>| entry.mode.is_blob().then(|| id(entry));
            let (before, after) = (before.as_ref().and_then(file), after.as_ref().and_then(file));
            if before != after {
                changes.push(FileChange { path: Arc::from(path.as_str()), before, after });
            }
        }
        path.truncate(length);
        Ok(())
    }
}
