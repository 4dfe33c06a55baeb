//! Directories and partial lists: of which kinds the repository has all records, and whom a record of a partial list means.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kind::WHO;
use crate::record::Record;
use crate::snapshot::Snapshot;

use super::known_names::KnownNames;
use super::{Catalog, SourceFile, Target};

impl Record {
    /// Returns true for a record of a list that is not complete, such as that of the maintainers among all people.
    pub fn is_partial(&self) -> bool {
        self.format.as_ref().is_some_and(|format| format.is_partial())
    }
}

impl Catalog {
    /// Returns true if the kind has a record outside of partial lists. Then a name without a record is unknown.
    pub fn has_all_of(&self, kind: &str) -> bool {
        self.complete_kinds.iter().any(|complete| **complete == *kind)
    }

    /// Returns the kinds with a record outside of partial lists.
    pub fn complete_kinds(&self) -> impl Iterator<Item = &Arc<str>> {
        self.complete_kinds.iter()
    }

    pub(super) fn has_directory(&self) -> bool {
        WHO.iter().any(|kind| self.has_all_of(kind))
    }

    /// Resolves a record of a partial list to the record of the directory with one of its names; without a directory, to the first record
    /// with one of them. Returns all other records unchanged.
    pub(super) fn meant_by(&self, number: u32) -> Target {
        let record = self.record(number);
        if !record.is_partial() {
            return Target::Record(number);
        }
        let kind = &*record.kind.name;
        let same = || {
            let names = [&*record.id].into_iter().chain(record.names());
            names.flat_map(|name| self.names().named(kind, name)).copied()
        };
        if let Some(complete) = same().find(|&number| !self.record(number).is_partial()) {
            return Target::Record(complete);
        }
        match self.has_directory() {
            true => Target::Inconclusive,
            false => Target::Record(same().min().unwrap_or(number)),
        }
    }

    pub(super) fn read_known_names(
        &self,
        snapshot: &Snapshot,
        files: &[SourceFile],
        records: &[Record],
    ) -> KnownNames {
        let of = |file: &SourceFile| &records[file.records.start as usize..file.records.end as usize];
        KnownNames::read(snapshot, files, |file| of(file).iter().all(Record::is_partial))
    }

    /// Returns the first record of the directory with this name, also if a partial list has the name, too.
    pub fn in_directory(&self, kind: &str, name: &str) -> Option<u32> {
        let found = self.named(kind, name).first().map(|&number| self.meant_by(number))?;
        found.record().filter(|&number| !self.record(number).is_partial())
    }
}

/// Returns the kinds with a record outside of partial lists.
pub(super) fn find_complete_kinds(
    by_kind: &BTreeMap<Arc<str>, Vec<u32>>,
    records: &[Record],
) -> Box<[Arc<str>]> {
    let is_complete =
        |numbers: &Vec<u32>| numbers.iter().any(|number| !records[*number as usize].is_partial());
    by_kind.iter().filter(|(_, numbers)| is_complete(numbers)).map(|(kind, _)| kind.clone()).collect()
}
