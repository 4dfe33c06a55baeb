//! What two states of one repository have otherwise, told without reading a file.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{File, Snapshot};

/// A path at which two states differ.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference<'s> {
    pub path: &'s Arc<str>,
    /// The newer state has nothing there any more.
    pub gone: bool,
}

impl Snapshot {
    /// The paths at which this state may differ from an older one, in their order. A file of which nobody
    /// knows the object counts as different.
    pub fn differences<'s>(&'s self, older: &'s Snapshot) -> Vec<Difference<'s>> {
        let mut found = Vec::new();
        let (mut new, mut old) = (self.files.iter().peekable(), older.files.iter().peekable());
        loop {
            let order = match (new.peek(), old.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(new), Some(old)) => new.path.cmp(&old.path),
            };
            let here = if order.is_le() { new.next() } else { None };
            let there = if order.is_ge() { old.next() } else { None };
            match (here, there) {
                (Some(here), Some(there)) if self.is_same(here, older, there) => {}
                (Some(file), _) => found.push(Difference { path: &file.path, gone: false }),
                (None, Some(file)) => found.push(Difference { path: &file.path, gone: true }),
                (None, None) => {}
            }
        }
        let gone = older.opaque.iter().filter(|path| self.opaque.binary_search(path).is_err());
        found.extend(gone.map(|path| Difference { path, gone: true }));
        found
    }

    /// Whether nothing is in one of two states that is not in the other, whatever it says.
    pub fn has_the_same_paths(&self, other: &Snapshot) -> bool {
        self.opaque == other.opaque
            && self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(|(here, there)| here.path == there.path)
    }

    fn is_same(&self, file: &File, other: &Snapshot, there: &File) -> bool {
        let blob = self.blob(file);
        blob.is_some() && blob == other.blob(there)
    }
}
