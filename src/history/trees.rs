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
    /// The files that differ, in the order of Git's trees; only those that `within` lets pass, which is asked
    /// of folders too.
    ///
    /// # Errors
    /// A tree is not in this clone, or its object is damaged. One that holds nonsense ends where that begins.
    pub fn changes(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        within: &dyn Fn(&str) -> bool,
    ) -> gix::Result<Vec<FileChange>> {
        let (before, after) = (self.below(before)?, self.below(after)?);
        let mut comparison = Comparison { trees: self, within, path: String::new(), changes: Vec::new() };
        comparison.compare(before, after, 0)?;
        Ok(comparison.changes)
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
}

/// Two trees under comparison.
struct Comparison<'c, 'r> {
    trees: &'c Trees<'r>,
    within: &'c dyn Fn(&str) -> bool,
    /// Of the folder that the comparison has come to.
    path: String,
    changes: Vec<FileChange>,
}

impl Comparison<'_, '_> {
    fn compare(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        depth: usize,
    ) -> gix::Result<()> {
        if before == after || depth > DEPTH {
            return Ok(());
        }
        let repository = self.trees.repository;
        let read = |id: Option<ObjectId>| id.map(|id| repository.find_object(id)).transpose();
        let (old, new) = (read(before)?, read(after)?);
        let mut old = Entries::of(repository, old.as_ref().map_or(&[], |tree| &tree.data));
        let mut new = Entries::of(repository, new.as_ref().map_or(&[], |tree| &tree.data));
        loop {
            old.pass_equal(&mut new);
            let (before, after) = (old.first(), new.first());
            let order = match (&before, &after) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(before), Some(after)) => before.cmp(after),
            };
            if order.is_le() {
                old.pass(old.length());
            }
            if order.is_ge() {
                new.pass(new.length());
            }
            self.entry(before.filter(|_| order.is_le()), after.filter(|_| order.is_ge()), depth)?;
        }
    }

    /// Compares what stands under one name and differs: both are trees, or neither is.
    fn entry(
        &mut self,
        before: Option<EntryRef<'_>>,
        after: Option<EntryRef<'_>>,
        depth: usize,
    ) -> gix::Result<()> {
        let Some(either) = after.as_ref().or(before.as_ref()) else { return Ok(()) };
        // A name that is not UTF-8 is no record's.
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

    /// Notes the file that the comparison has come to, where it changed. Links and submodules are no files.
    fn add(&mut self, before: Option<&EntryRef<'_>>, after: Option<&EntryRef<'_>>) {
        let file = |entry: Option<&EntryRef<'_>>| {
            entry.filter(|entry| entry.mode.is_blob()).map(|entry| entry.oid.to_owned())
        };
        let (before, after) = (file(before), file(after));
        if before != after && (self.trees.concerns)(&self.path) {
            self.changes.push(FileChange { path: Arc::from(self.path.as_str()), before, after });
        }
    }
}

/// The entries of a tree from some on. Neighbouring trees have most in common, of which only the bytes are looked at.
struct Entries<'t> {
    rest: &'t [u8],
    hash: gix::hash::Kind,
}

impl<'t> Entries<'t> {
    fn of(repository: &gix::Repository, tree: &'t [u8]) -> Entries<'t> {
        Entries { rest: tree, hash: repository.object_hash() }
    }

    /// The first one; none at the end, or where the tree is damaged.
    fn first(&self) -> Option<EntryRef<'t>> {
        TreeRefIter::from_bytes(self.rest, self.hash).next()?.ok()
    }

    /// Of how many bytes the first one is: its name ends in a NUL, which the object's identifier follows. None at the
    /// end, or where bytes are missing.
    fn length(&self) -> usize {
        let name = self.rest.iter().position(|byte| *byte == 0);
        let length = name.map_or(0, |end| end + 1 + self.hash.len_in_bytes());
        if length <= self.rest.len() { length } else { 0 }
    }

    fn pass(&mut self, length: usize) {
        self.rest = &self.rest[length..];
    }

    /// Passes what both begin with.
    fn pass_equal(&mut self, other: &mut Entries<'_>) {
        loop {
            let length = self.length();
            if length == 0 || !other.rest.starts_with(&self.rest[..length]) {
                return;
            }
            self.pass(length);
            other.pass(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_lacks_is_not_passed_in_another() {
        let hash = gix::hash::Kind::Sha1;
        let tree = [&b"100644 a.md\0"[..], &[7; 20], b"100644 b.md\0", &[8; 20]].concat();
        for end in 0..tree.len() {
            let (mut cut, mut whole) = (Entries { rest: &tree[..end], hash }, Entries { rest: &tree, hash });
            cut.pass_equal(&mut whole);
            let left = if end < 32 { "a.md" } else { "b.md" };
            assert_eq!(whole.first().map(|entry| entry.filename.to_string()).as_deref(), Some(left), "{end}");
            assert!(cut.first().is_none(), "{end}");
        }
        let (mut one, mut other) = (Entries { rest: &tree, hash }, Entries { rest: &tree, hash });
        one.pass_equal(&mut other);
        assert!(one.rest.is_empty() && other.rest.is_empty());
    }
}
