//! Which record of a base goes on in which of a state: what a change hides, empties, renames, archives or replaces is read from it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, RecordKey};
use crate::history::{RecordVersion, pairs};
use crate::record::Record;

/// The records of the files in which a state differs from a base.
pub struct Predecessors<'c> {
    /// A record of the base and the one that goes on from it, maybe in another file or under another identifier or title.
    pub pairs: Vec<(&'c Record, &'c Record)>,
    /// Records of the base that do not go on.
    pub gone: Vec<&'c Record>,
    /// Records that go on from none, by their numbers.
    pub new: HashMap<u32, &'c Record>,
}

impl<'c> Predecessors<'c> {
    pub fn find(base: &'c Catalog, head: &'c Catalog, changed: &HashSet<Arc<str>>) -> Predecessors<'c> {
        let name = |it: &'c Record| (&it.path, &it.kind.name, it.key(), it.title.as_deref());
        let of = |catalog: &'c Catalog| catalog.records().iter().filter(|it| changed.contains(&it.path));
        // Most have their identity and title in the same file.
        let named: HashMap<_, &Record> = of(head).map(|record| (name(record), record)).collect();
        let known: HashSet<_> = of(base).map(name).collect();
        let (same, mut gone): (Vec<_>, Vec<_>) = of(base).partition(|it| named.contains_key(&name(it)));
        let mut new: Vec<&Record> = of(head).filter(|it| !known.contains(&name(it))).collect();
        let mut found = pairs(&gone, &new);
        let (old, next): (HashSet<u32>, HashSet<u32>) =
            found.iter().map(|it| (it.0.number, it.1.number)).unzip();
        gone.retain(|record| !old.contains(&record.number));
        new.retain(|record| !next.contains(&record.number));
        found.extend(same.into_iter().map(|record| (record, named[&name(record)])));
        Predecessors { pairs: found, gone, new: new.into_iter().map(|it| (it.number, it)).collect() }
    }

    /// Returns the records that go on from none and have the kind and key of another, wherever that is.
    pub(super) fn impostors(&self, base: &Catalog, head: &Catalog) -> HashSet<RecordKey> {
        let is_impostor = |record: &&&Record| {
            let (kind, key) = (&record.kind.name, record.key());
            let is_other = |number: &u32| !self.new.contains_key(number);
            !base.with_key(kind, &key).is_empty() || head.with_key(kind, &key).iter().any(is_other)
        };
        self.new.values().filter(is_impostor).map(|record| record.place_key()).collect()
    }

    /// Returns the records that are to be checked as those from which they go on, and whether these were adopted: what is not adopted any
    /// more, and what was rewritten on its way into an archive without an end to what it says.
    pub(super) fn kept(&self) -> HashMap<RecordKey, bool> {
        let is_ended = |record: &Record| {
            let status = record.kind.status.as_deref().and_then(|it| record.field(it)?.as_text());
            status.is_some_and(|status| record.kind.is_live(status) != Some(true))
        };
        let is_kept = |(before, after): &&(&Record, &Record)| match after.is_frozen {
            true => {
                let is_rewritten = || RecordVersion::of(before).fields != RecordVersion::of(after).fields;
                !before.is_frozen && !is_ended(after) && is_rewritten()
            }
            false => before.is_adopted && !after.is_adopted,
        };
        let kept = self.pairs.iter().filter(is_kept);
        kept.map(|(before, after)| (after.place_key(), before.is_adopted)).collect()
    }
}
