//! Records that the base of a change has gained since the change left it, under identifiers that the change adds too.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::record::Record;

/// The base of a change as it is now, with the files in which it differs from the merge base.
pub struct NewerBase<'c> {
    /// What the user calls it, such as `origin/main`.
    pub rev: &'c str,
    pub catalog: &'c Catalog,
    /// What the merge base has in these files and in those that the change touches.
    pub merge_base: &'c Catalog,
    /// The files that the change touches.
    pub changed: &'c HashSet<Arc<str>>,
}

/// A record that the base of a change has gained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewerRecord {
    pub rev: Arc<str>,
    pub path: Arc<str>,
    pub title: Option<Box<str>>,
}

/// By the number of a record that the change adds.
pub(super) type NewerRecords = HashMap<u32, Vec<NewerRecord>>;

/// Finds the records that both sides have added under one identifier. One at the same path is the same record: Git says
/// if both sides wrote it differently.
pub(super) fn find(head: &Catalog, base: &NewerBase<'_>) -> NewerRecords {
    let is_new = |record: &&Record| base.merge_base.same_identity(record).next().is_none();
    let mut found = NewerRecords::new();
    for theirs in base.catalog.records().iter().filter(is_new) {
        let own = head
            .same_identity(theirs)
            .filter(|own| base.changed.contains(&own.path) && own.path != theirs.path);
        for own in own.filter(is_new) {
            let title = theirs.title.clone().map(|title| (*title).into());
            let newer = NewerRecord { rev: base.rev.into(), path: theirs.path.clone(), title };
            found.entry(own.number).or_default().push(newer);
        }
    }
    found
}
