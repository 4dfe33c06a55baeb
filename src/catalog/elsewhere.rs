//! References to records of other repositories, such as `platform:D-12`, which are looked up in the exports of these.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::estate::{self, Export, ExportedRecord};
use crate::record::id_key;
use crate::schema::nearest;

use super::names::normalized;
use super::paths::digits;
use super::{Catalog, Reference, Target};

pub(super) type Index = HashMap<Box<str>, Names>;

#[derive(Default)]
pub(super) struct Names(HashMap<Box<str>, NamesOfKind>);

#[derive(Default)]
struct NamesOfKind {
    prefixes: Vec<Box<str>>,
    /// The keys of identifiers, and all names in their normal form.
    known: HashSet<String>,
}

impl Names {
    fn new(export: &Export) -> Names {
        let mut names = Names::default();
        for ExportedRecord { kind, id, names: others, prefixes } in &export.records {
            let of_kind = names.0.entry(kind.clone()).or_default();
            of_kind.prefixes.extend(prefixes.iter().cloned());
            of_kind.known.insert(id_key(id, prefixes));
            of_kind.known.extend([id].into_iter().chain(others).map(|name| normalized(name)));
        }
        for of_kind in names.0.values_mut() {
            of_kind.prefixes.sort_unstable();
            of_kind.prefixes.dedup();
        }
        names
    }

    fn find(&self, kinds: &[&Arc<str>], name: &str) -> Target {
        let mut of_kinds = kinds.iter().filter_map(|kind| self.0.get(&***kind)).peekable();
        if of_kinds.peek().is_none() {
            return Target::Unused;
        }
        let is_named = |of_kind: &NamesOfKind| {
            of_kind.known.contains(&id_key(name, &of_kind.prefixes))
                || of_kind.known.contains(&normalized(name))
        };
        if of_kinds.any(is_named) { Target::Elsewhere } else { Target::Unknown }
    }
}

impl Catalog {
    /// Resolves a text that names another repository of the configuration; `None` for any other text.
    pub(super) fn elsewhere(&self, kinds: &[&Arc<str>], text: &str) -> Option<Target> {
        let (repository, name) = estate::repository_and_name(text)?;
        let found = self.names_elsewhere().get(repository).map(|names| names.find(kinds, name));
        // The export may not be there.
        let is_configured = || self.config.repositories.iter().any(|export| *export.name == *repository);
        found.or_else(|| is_configured().then_some(Target::Inconclusive))
    }

    fn names_elsewhere(&self) -> &Index {
        self.lazy.elsewhere.get_or_init(|| {
            let exports = self.config.estate.iter();
            exports.map(|(name, export)| (name.clone(), Names::new(export))).collect()
        })
    }

    /// Suggests a record of the export that a reference names; `None` if it names none.
    pub(super) fn suggest_elsewhere(&self, reference: &Reference) -> Option<Option<String>> {
        let (repository, name) = estate::repository_and_name(&reference.text)?;
        let export = self.config.estate.get(repository)?;
        let kinds = &reference.kinds;
        let is_near = |record: &&ExportedRecord| {
            let is_of_kind = kinds.is_empty() || kinds.iter().any(|kind| **kind == *record.kind);
            is_of_kind && digits(&record.id) == digits(name)
        };
        let near = nearest(name, export.records.iter().filter(is_near).map(|record| &*record.id));
        Some(near.map(|id| format!("{repository}:{id}")))
    }
}
