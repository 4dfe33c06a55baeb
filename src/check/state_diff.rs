//! What a change can affect: two states, checked with the same policy on the same day, can differ only in findings
//! about changed records and about records whose rules read changed records.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::catalog::{Catalog, Target};
use crate::input::Input;
use crate::lazy::get_or_compute;
use crate::record::Record;
use crate::rule::{Dependencies, EdgeKinds, Program, Rule, matches_pattern};
use crate::suppression::EXCEPTION;

use super::impact::ImpactSet;
use super::model::{CheckScope, Selection};

/// The difference between two states of a project.
pub struct StateDiff<'c> {
    head: &'c Input,
    base: &'c Input,
    /// The files that differ, or contain a reference that resolves differently.
    files: BTreeSet<Arc<str>>,
    changed_kinds: BTreeSet<Arc<str>>,
    /// The kinds of the records that were added, removed or renamed.
    renamed_kinds: BTreeSet<Arc<str>>,
    changed_exception_patterns: Vec<String>,
    /// The files that were added, removed, or have other headings: link targets.
    changed_link_targets: BTreeSet<Arc<str>>,
    is_global: bool,
    /// True if a file was added or removed.
    has_other_paths: bool,
    linking_files: OnceLock<Vec<Arc<str>>>,
    /// By the kinds of the records that differ and the edges that are followed from them.
    impact_sets: Mutex<HashMap<ImpactKey, ImpactSet>>,
}

type ImpactKey = (Vec<Arc<str>>, EdgeKinds, BTreeSet<Box<str>>);

fn is_listed(input: &Input, path: &str) -> bool {
    input.snapshot().get(path).is_some()
}

impl<'c> StateDiff<'c> {
    /// Compares two states whose files differ at `paths`.
    pub fn new(head: &'c Input, base: &'c Input, paths: &HashSet<Arc<str>>) -> StateDiff<'c> {
        let mut diff = StateDiff {
            head,
            base,
            files: paths.iter().cloned().chain(retargeted(head, base, paths)).collect(),
            changed_kinds: BTreeSet::new(),
            renamed_kinds: BTreeSet::new(),
            changed_exception_patterns: Vec::new(),
            changed_link_targets: paths
                .iter()
                .filter(|path| !head.same_link_target(base, path))
                .cloned()
                .collect(),
            has_other_paths: paths.iter().any(|path| is_listed(head, path) != is_listed(base, path)),
            is_global: !head.kinds_in_use().eq(base.kinds_in_use()) || !incomplete(head).eq(incomplete(base)),
            linking_files: OnceLock::new(),
            impact_sets: Mutex::default(),
        };
        let mut names: [BTreeMap<Arc<str>, Vec<String>>; 2] = Default::default();
        for (input, names) in [head, base].into_iter().zip(&mut names) {
            for record in diff.records_of(input) {
                names.entry(record.kind.name.clone()).or_default().extend(all_names(record));
            }
            let exceptions = diff.records_of(input).filter(|record| *record.kind.name == *EXCEPTION);
            let rules = exceptions.filter_map(|record| record.field("rule")?.as_text());
            let rules: Vec<String> = rules.map(str::to_owned).collect();
            diff.changed_exception_patterns.extend(rules);
            names.values_mut().for_each(|names| names.sort_unstable());
        }
        // A record or file that comes or goes can change what a scope names.
        let (own, before) = (head.exceptions(), base.exceptions());
        let differing = own.differing_rules(before).into_iter().chain(before.differing_rules(own));
        diff.changed_exception_patterns.extend(differing.map(str::to_owned));
        let [new, old] = names;
        diff.changed_kinds = new.keys().chain(old.keys()).cloned().collect();
        diff.renamed_kinds =
            diff.changed_kinds.iter().filter(|kind| new.get(*kind) != old.get(*kind)).cloned().collect();
        diff
    }

    /// If `is_global`, assumes that the change can affect every finding.
    pub fn with_global_change(self, is_global: bool) -> StateDiff<'c> {
        StateDiff { is_global: self.is_global || is_global, ..self }
    }

    pub(super) fn states(&self) -> [&'c Input; 2] {
        [self.head, self.base]
    }

    /// Returns what a rule has to check.
    pub(super) fn scope_of(&self, rule: &Rule, program: &Program) -> CheckScope {
        let is_excepted =
            self.changed_exception_patterns.iter().any(|pattern| matches_pattern(pattern, &rule.id));
        let constants = Dependencies::of_constants(program);
        let dependencies = &Dependencies::of(program);
        if is_excepted
            || self.affects_all_subjects(dependencies)
            || self.affects_all_subjects(&constants)
            || constants.kinds.intersects(&self.changed_kinds)
        {
            return CheckScope::Everything;
        }
        let impact = self.impact(dependencies);
        let linking_files = dependencies.links.then(|| self.files_linking_to_changes()).into_iter().flatten();
        let more_files: Vec<&Arc<str>> = linking_files.collect();
        if more_files.is_empty() {
            return CheckScope::Selected(impact);
        }
        let files = impact.files.iter().chain(more_files).cloned().collect();
        CheckScope::Selected(Arc::new(Selection { files, records: impact.records.clone() }))
    }

    fn files_linking_to_changes(&self) -> impl Iterator<Item = &Arc<str>> {
        let links = || self.head.files_linking_to(&self.changed_link_targets);
        get_or_compute(&self.linking_files, links).iter()
    }

    fn affects_all_subjects(&self, dependencies: &Dependencies) -> bool {
        self.is_global
            || dependencies.everything
            || (dependencies.paths && self.has_other_paths)
            || dependencies.all_of_kinds.intersects(&self.changed_kinds)
            || dependencies.by_name.intersects(&self.renamed_kinds)
    }

    /// Returns what differs and what is within a rule's reach of it.
    fn impact(&self, dependencies: &Dependencies) -> Arc<Selection> {
        let kinds: Vec<Arc<str>> = dependencies.kinds.select(&self.changed_kinds).cloned().collect();
        let states: [&Catalog; 2] = [self.head, self.base];
        let mut impact_sets = self.impact_sets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (kinds, dependencies.edges, dependencies.transitive_fields.clone());
        let impact_set = impact_sets.entry(key).or_insert_with_key(|(kinds, _, transitive_fields)| {
            let records = states.map(|catalog| {
                let records = self.records_of(catalog).filter(|record| kinds.contains(&record.kind.name));
                (catalog, records.map(|record| record.number).collect())
            });
            ImpactSet::new(&self.files, records, transitive_fields)
        });
        impact_set.within(dependencies.max_distance, dependencies.edges, states)
    }

    fn records_of<'s>(&self, catalog: &'s Catalog) -> impl Iterator<Item = &'s Record> {
        let files = self.files.iter().filter_map(|path| catalog.file_at(path));
        let files: Vec<_> = files.map(|file| file.records.clone()).collect();
        files.into_iter().flatten().map(|number| catalog.record(number))
    }
}

/// Returns the unchanged files with a reference that resolves to another target.
fn retargeted(head: &Catalog, base: &Catalog, paths: &HashSet<Arc<str>>) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    for file in head.files().iter().filter(|file| !paths.contains(file.path())) {
        let Some(before) = base.file_at(file.path()) else { continue };
        let mut pairs = file.records.clone().zip(before.records.clone());
        let target_differs = |(new, old): (u32, u32)| {
            let (new, old) = (head.references(head.record(new)), base.references(base.record(old)));
            let mut targets = new.zip(old);
            targets.any(|(new, old)| portable_target(head, new.target) != portable_target(base, old.target))
        };
        if pairs.any(target_differs) {
            found.push(file.path().clone());
        }
    }
    found
}

/// Returns a target in a form that does not depend on the numbers of records: `Ok` for a record, by its path and its
/// index in the file.
fn portable_target(catalog: &Catalog, target: Target) -> Result<(&str, u32), Target> {
    let Target::Record(number) = target else { return Err(target) };
    let record = catalog.record(number);
    let first = catalog.file_of(record).records.start;
    Ok((&record.path, number - first))
}

/// Returns everything by which references and rules can find a record.
fn all_names(record: &Record) -> impl Iterator<Item = String> {
    let names = record.names().map(|name| format!("name {name}"));
    let paths = record.paths().into_iter().map(|path| format!("path {path}"));
    let own = [format!("id {}", record.id), format!("key {} in {}", record.key(), record.scope())];
    own.into_iter().chain(names).chain(paths)
}

fn incomplete(catalog: &Catalog) -> impl Iterator<Item = (&Arc<str>, bool)> {
    let files = catalog.files().iter().filter(|file| file.unreadable || file.is_incomplete());
    files.map(|file| (file.path(), file.unreadable))
}
