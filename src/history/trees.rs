//! Compares trees. Equal subtrees are not read.

use std::cmp::Ordering;
use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryRef;

use super::timeline::FileChange;
use crate::limits;

pub(super) struct Trees<'r> {
    pub repository: &'r gix::Repository,
    pub folder: &'r str,
    pub is_relevant: &'r (dyn Fn(&str) -> bool + Sync),
}

impl Trees<'_> {
    /// Returns the relevant files that differ, in Git's order. Only files and folders for which `within` holds are compared.
    pub(super) fn changes(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        within: &dyn Fn(&str) -> bool,
    ) -> gix::Result<Vec<FileChange>> {
        let (before, after) = (self.subtree(before)?, self.subtree(after)?);
        let mut comparison = TreeDiff { trees: self, within, path: String::new(), changes: Vec::new() };
        comparison.compare(before, after, 0)?;
        Ok(comparison.changes)
    }

    fn subtree(&self, root: Option<ObjectId>) -> gix::Result<Option<ObjectId>> {
        let Some(root) = root.filter(|_| !self.folder.is_empty()) else { return Ok(root) };
        let entry = self.repository.find_tree(root)?.lookup_entry_by_path(self.folder)?;
        Ok(entry.filter(|entry| entry.mode().is_tree()).map(|entry| entry.object_id()))
    }
}

struct TreeDiff<'c, 'r> {
    trees: &'c Trees<'r>,
    within: &'c dyn Fn(&str) -> bool,
    path: String,
    changes: Vec<FileChange>,
}

impl TreeDiff<'_, '_> {
    fn compare(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        depth: usize,
    ) -> gix::Result<()> {
        if before == after || depth > limits::TREE_DEPTH {
            return Ok(());
        }
        let repository = self.trees.repository;
        let read = |id: Option<ObjectId>| id.map(|id| repository.find_object(id)).transpose();
        let (old, new) = (read(before)?, read(after)?);
        let mut old = Entries::of(repository, old.as_ref().map_or(&[], |tree| &tree.data));
        let mut new = Entries::of(repository, new.as_ref().map_or(&[], |tree| &tree.data));
        loop {
            old.skip_equal(&mut new);
            let (before, after) = (old.first(), new.first());
            let order = match (&before, &after) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(before), Some(after)) => before.cmp(after),
            };
            if order.is_le() {
                old.skip(old.length());
            }
            if order.is_ge() {
                new.skip(new.length());
            }
            self.entry(before.filter(|_| order.is_le()), after.filter(|_| order.is_ge()), depth)?;
        }
    }

    /// Compares two different entries of one name: both are trees, or neither is.
    fn entry(
        &mut self,
        before: Option<EntryRef<'_>>,
        after: Option<EntryRef<'_>>,
        depth: usize,
    ) -> gix::Result<()> {
        let Some(either) = after.as_ref().or(before.as_ref()) else { return Ok(()) };
        // No record has a path that is not UTF-8.
        let Ok(name) = std::str::from_utf8(either.filename) else { return Ok(()) };
        let length = self.path.len();
        if length > 0 {
            self.path.push('/');
        }
        self.path.push_str(name);
        if (self.within)(&self.path) {
            let id = |entry: &EntryRef<'_>| entry.oid.to_owned();
            match either.mode.is_tree() {
                true => self.compare(before.as_ref().map(id), after.as_ref().map(id), depth + 1)?,
                false => self.add(before.as_ref(), after.as_ref()),
            }
        }
        self.path.truncate(length);
        Ok(())
    }

    /// Adds the current path if it is a file that changed. Ignores links and submodules.
    fn add(&mut self, before: Option<&EntryRef<'_>>, after: Option<&EntryRef<'_>>) {
        let file = |entry: Option<&EntryRef<'_>>| {
            entry.filter(|entry| entry.mode.is_blob()).map(|entry| entry.oid.to_owned())
        };
        let (before, after) = (file(before), file(after));
        if before != after && (self.trees.is_relevant)(&self.path) {
            self.changes.push(FileChange { path: Arc::from(self.path.as_str()), before, after });
        }
    }
}

/// The remaining entries of a tree. Neighbouring trees have most in common; equal entries are compared as bytes.
struct Entries<'t> {
    rest: &'t [u8],
    hash: gix::hash::Kind,
}

impl<'t> Entries<'t> {
    fn of(repository: &gix::Repository, tree: &'t [u8]) -> Entries<'t> {
        Entries { rest: tree, hash: repository.object_hash() }
    }

    /// Returns the first entry; `None` at the end, or if it is corrupt.
    fn first(&self) -> Option<EntryRef<'t>> {
        TreeRefIter::from_bytes(self.rest, self.hash).next()?.ok()
    }

    fn length(&self) -> usize {
        length(self.rest, self.hash)
    }

    fn skip(&mut self, length: usize) {
        self.rest = &self.rest[length..];
    }

    fn skip_equal(&mut self, other: &mut Entries<'_>) {
        let equal = common_prefix(self.rest, other.rest);
        let mut skipped = 0;
        loop {
            let length = length(&self.rest[skipped..equal], self.hash);
            if length == 0 {
                break;
            }
            skipped += length;
        }
        self.skip(skipped);
        other.skip(skipped);
    }
}

/// Returns the length of the first entry, which ends with a NUL and the object id; 0 at the end, or if it is incomplete.
fn length(entries: &[u8], hash: gix::hash::Kind) -> usize {
    let length = entries.find_byte(0).map_or(0, |end| end + 1 + hash.len_in_bytes());
    if length <= entries.len() { length } else { 0 }
}

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    const CHUNK: usize = 64;
    let chunks = one.chunks_exact(CHUNK).zip(other.chunks_exact(CHUNK));
    let equal = CHUNK * chunks.take_while(|(one, other)| one == other).count();
    equal + one[equal..].iter().zip(&other[equal..]).take_while(|(one, other)| one == other).count()
}
