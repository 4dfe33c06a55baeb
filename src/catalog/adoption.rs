//! Which records practice rules apply to.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::config::Config;
use crate::kind::Adopts;
use crate::record::Record;
use crate::syntax::Format;

use super::Catalog;

/// What the state that the policy comes from says about all records.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// True if some records adopt all: a directory, goals, metrics, rights and the like, which a project without governance lacks.
    pub(super) is_of_all: bool,
    /// The kinds of which there are records.
    pub(super) kinds: Arc<BTreeSet<Arc<str>>>,
    /// The records of a change that are checked as those of its base were, and whether these were adopted.
    pub(super) kept: Arc<HashMap<RecordKey, bool>>,
}

/// The path, kind and key of a record.
pub type RecordKey = (Arc<str>, Arc<str>, Box<str>);

impl Adoption {
    /// All records are adopted.
    pub fn of_all() -> Adoption {
        Adoption { is_of_all: true, ..Adoption::default() }
    }

    /// Returns what the records of one state say about it.
    pub(super) fn of<'r>(mut records: impl Iterator<Item = &'r Record>) -> Adoption {
        let adopts = |record: &Record| {
            let is_page = Format::is_page_path(&record.path);
            match record.kind.adopts {
                Adopts::Nothing => false,
                Adopts::Data => is_native(record) && !is_page,
                Adopts::DataAndPages => match is_page {
                    true => record.lies_in_own_folder(),
                    false => is_native(record),
                },
            }
        };
        Adoption { is_of_all: records.any(adopts), ..Adoption::default() }
    }

    /// Returns true if the configuration, the other records, or its native format adopts a record: data, or a page that states its `kind`;
    /// or if it goes on from one that was adopted.
    pub(super) fn adopts(&self, record: &Record, config: &Config) -> bool {
        let is_data = || !Format::is_page_path(&record.path) || record.states_kind;
        let adopts = || self.is_of_all || is_native(record) && is_data();
        config.adopted.as_ref().map_or_else(adopts, |files| files.matches(&record.path))
            || self.was_adopted(record) == Some(true)
    }

    /// Returns whether the record of the base was adopted, if a record is to be checked as that was.
    pub(super) fn was_adopted(&self, record: &Record) -> Option<bool> {
        if self.kept.is_empty() { None } else { self.kept.get(&record.place_key()).copied() }
    }
}

impl Catalog {
    /// Returns what the records of this state say about the adoption of all.
    pub fn own_adoption(&self) -> Adoption {
        let kinds: BTreeSet<Arc<str>> = self.kinds_in_use().cloned().collect();
        Adoption { kinds: kinds.into(), ..Adoption::of(self.records.iter()) }
    }

    /// Returns true if the records of this state say the same about the adoption of all as those from which it was taken.
    pub fn has_own_adoption(&self) -> bool {
        Adoption::of(self.records.iter()).is_of_all == self.adoption.is_of_all
    }

    /// Returns the catalog with the adoption of another state.
    pub fn with_adoption(self: Arc<Catalog>, adoption: Adoption) -> Arc<Catalog> {
        let is_same = self.adoption.is_of_all == adoption.is_of_all;
        if is_same && adoption.kinds.iter().all(|kind| self.is_in_use(kind)) {
            return self;
        }
        self.rebuilt(adoption)
    }

    /// Returns the catalog of a change, in which these records are checked as in its base.
    pub fn with_kept(self: Arc<Catalog>, kept: HashMap<RecordKey, bool>) -> Arc<Catalog> {
        let adoption = Adoption { kept: Arc::new(kept), ..self.adoption.clone() };
        if adoption.kept.is_empty() { self } else { self.rebuilt(adoption) }
    }

    fn rebuilt(&self, adoption: Adoption) -> Arc<Catalog> {
        let files = self.files.iter().map(|file| (file.clone(), self.records_of(file).to_vec())).collect();
        let (snapshot, kinds, config) = (self.snapshot.clone(), self.kinds.clone(), self.config.clone());
        let names = self.lazy.known_names.clone();
        Arc::new(Catalog::new(snapshot, kinds, config, files, names, Some(adoption), Some(self)))
    }
}

/// Returns true for the native format. In a folder of its own, no `$schema` makes a file one of another program.
fn is_native(record: &Record) -> bool {
    record.format.is_none() && (!record.has_other_schema || record.lies_in_own_folder())
}
