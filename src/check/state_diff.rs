//! What a change can affect: two states, checked with the same policy on the same day, can differ only in findings
//! about changed records and about records whose rules read changed records.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::catalog::{Catalog, Target};
use crate::input::Input;
use crate::lazy::get_or_compute;
use crate::node::Node;
use crate::record::Record;
use crate::rule::{Dependencies, EdgeKinds, Program};
use crate::suppression::EXCEPTION;

use super::model::{CheckScope, Selection};

pub struct StateDiff<'c> {
    head: &'c Input,
    base: &'c Input,
    /// The files that differ, or contain a reference that resolves differently.
    files: Selection,
    /// The records of changed files, each as it is and as it was, whose names and references are the same.
    pairs: Vec<[&'c Record; 2]>,
    /// The kinds of the other records of changed files.
    replaced_kinds: BTreeSet<Arc<str>>,
    /// The files that were added, removed, or have other headings: link targets.
    changed_link_targets: BTreeSet<Arc<str>>,
    is_global: bool,
    /// True if findings are to be the same with all their words, and not only in what they are about.
    with_messages: bool,
    has_other_paths: bool,
    has_other_labels: bool,
    /// True if a changed file has ignore comments: which of them are used depends on all findings there.
    has_ignores: bool,
    linking_files: OnceLock<Vec<Arc<str>>>,
    /// By the edges, the fields and the number of steps that are followed from the records that differ.
    impacts: Mutex<HashMap<ImpactKey, Arc<Selection>>>,
}

type ImpactKey = (EdgeKinds, BTreeSet<Box<str>>, u8);

impl<'c> StateDiff<'c> {
    /// Compares two states whose files differ at `paths`. If `is_global`, the change can affect every finding.
    pub fn new(head: &'c Input, base: &'c Input, paths: &HashSet<Arc<str>>, is_global: bool) -> Self {
        let is_listed = |input: &Input, path: &str| input.snapshot().get(path).is_some();
        let mut diff = StateDiff {
            head,
            base,
            files: paths.iter().cloned().chain(retargeted(head, base, paths)).collect(),
            pairs: Vec::new(),
            replaced_kinds: BTreeSet::new(),
            changed_link_targets: paths
                .iter()
                .filter(|it| !head.same_link_target(base, it))
                .cloned()
                .collect(),
            has_other_paths: paths.iter().any(|path| is_listed(head, path) != is_listed(base, path)),
            // A record or file that comes or goes can change what the scope of an exception names.
            is_global: is_global
                || !head.exceptions().have_same_meaning(base.exceptions())
                || !head.kinds_in_use().eq(base.kinds_in_use())
                || !incomplete(head).eq(incomplete(base)),
            has_other_labels: false,
            has_ignores: false,
            with_messages: false,
            linking_files: OnceLock::new(),
            impacts: Mutex::default(),
        };
        diff.pair_records();
        diff
    }

    fn pair_records(&mut self) {
        let labels = |record: &'c Record| record.unread.iter().map(move |it| (&record.path, &it.label));
        let [new, old] = [self.head, self.base].map(|input| self.records_of(input).flat_map(labels));
        self.has_other_labels = !new.eq(old);
        for path in &self.files {
            let [new, old] = [self.head, self.base].map(|input| input.file_at(path));
            self.has_ignores |= [new, old].into_iter().flatten().any(|file| !file.ignores.is_empty());
            let new = new.map_or(&[][..], |file| self.head.records_of(file));
            let old = old.map_or(&[][..], |file| self.base.records_of(file));
            self.is_global |= new.iter().chain(old).any(|record| *record.kind.name == *EXCEPTION);
            if new.len() != old.len() {
                self.replaced_kinds.extend(new.iter().chain(old).map(|record| record.kind.name.clone()));
                continue;
            }
            for (new, old) in new.iter().zip(old) {
                match is_same_to_others((self.head, new), (self.base, old)) {
                    true => self.pairs.push([new, old]),
                    false => self.replaced_kinds.extend([new.kind.name.clone(), old.kind.name.clone()]),
                }
            }
        }
    }

    /// Also includes what the change can affect in the words, places and fixes of findings.
    pub fn with_messages(self) -> Self {
        StateDiff { with_messages: true, ..self }
    }

    pub(super) fn scope_of(&self, program: &Program) -> CheckScope {
        let dependencies = &Dependencies::of(program, self.with_messages);
        let differing = self.kinds_that_differ(dependencies);
        // Any record can change a group.
        let is_grouped = program.group_by.is_some();
        let may_regroup = || is_grouped && (!differing.is_empty() || self.has_ignores || dependencies.links);
        if self.affects_all_subjects(dependencies, &differing) || may_regroup() {
            return CheckScope::Everything;
        }
        if is_grouped {
            return CheckScope::Selected(Arc::default());
        }
        let impact = self.impact(dependencies);
        let of_impact;
        let linking = match dependencies.links {
            false => &[][..],
            true if differing.is_empty() => self.files_linking_to_changes(),
            // A rule may read what a link leads to, and what that refers to.
            true => {
                of_impact = self.head.files_linking_to(&impact);
                &of_impact
            }
        };
        if linking.is_empty() {
            return CheckScope::Selected(impact);
        }
        CheckScope::Selected(Arc::new(impact.iter().chain(linking).cloned().collect()))
    }

    /// Returns the kinds of the records that differ in what a rule reads.
    fn kinds_that_differ(&self, dependencies: &Dependencies) -> BTreeSet<Arc<str>> {
        let Dependencies { fields, whole, standing, .. } = dependencies;
        let differs = |[new, old]: &&[&Record; 2]| {
            whole.contains(&new.kind.name)
                || *standing && !has_same_standing(new, old)
                || !fields.iter().all(|field| is_same_field(new, old, field))
        };
        let of_pairs = self.pairs.iter().filter(differs).map(|[record, _]| &record.kind.name);
        self.replaced_kinds.iter().chain(of_pairs).cloned().collect()
    }

    fn files_linking_to_changes(&self) -> &Vec<Arc<str>> {
        get_or_compute(&self.linking_files, || self.head.files_linking_to(&self.changed_link_targets))
    }

    fn affects_all_subjects(&self, dependencies: &Dependencies, differing: &BTreeSet<Arc<str>>) -> bool {
        self.is_global
            || dependencies.everything
            || (dependencies.paths && self.has_other_paths)
            || (dependencies.unread_labels && self.has_other_labels)
            || dependencies.all_of_kinds.intersects(differing)
            || dependencies.by_name.intersects(&self.replaced_kinds)
    }

    /// Returns what differs and what is within a rule's reach of it.
    fn impact(&self, dependencies: &Dependencies) -> Arc<Selection> {
        let Dependencies { edges, max_distance, transitive_fields, .. } = dependencies;
        let mut impacts = self.impacts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (*edges, transitive_fields.clone(), *max_distance);
        let impact = impacts.entry(key).or_insert_with(|| {
            let mut selection = self.files.clone();
            for catalog in [self.head, self.base] {
                let (reached, front, selection) = (HashSet::new(), Vec::new(), &mut selection);
                let mut reach = Reach { catalog, transitive_fields, selection, reached, front };
                self.records_of(catalog).for_each(|record| reach.add(record.number));
                (0..*max_distance).for_each(|_| reach.advance(*edges));
            }
            Arc::new(selection)
        });
        impact.clone()
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
    if head.shares_references(base) {
        return found;
    }
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

/// Returns a target without the numbers of records: `Ok` for a record, by its path and its index in the file.
fn portable_target(catalog: &Catalog, target: Target) -> Result<(&str, u32), Target> {
    let Target::Record(number) = target else { return Err(target) };
    let record = catalog.record(number);
    let first = catalog.file_of(record).records.start;
    Ok((&record.path, number - first))
}

/// Returns true if two states of a record have the same names and references: what others can read of it besides its fields.
fn is_same_to_others((head, new): (&Catalog, &Record), (base, old): (&Catalog, &Record)) -> bool {
    let names = |it: &Record| (it.file_id.clone(), it.letters.clone(), it.has_other_schema, it.states_kind);
    let flags = |it: &Record| (it.is_adopted, it.is_frozen, it.is_configured);
    let mut targets = head.references(new).zip(base.references(old));
    new.is_named_as(old)
        && (names(new), flags(new)) == (names(old), flags(old))
        && targets.all(|(new, old)| portable_target(head, new.target) == portable_target(base, old.target))
}

/// Returns true if two states of a record have the same status, and state who is accountable in the same way.
fn has_same_standing(new: &Record, old: &Record) -> bool {
    new.kind.status.iter().chain(new.accountable()).all(|field| is_same_field(new, old, field))
}

/// Returns true if a field, or what takes its place, has the same value in two states of a record.
fn is_same_field(new: &Record, old: &Record, name: &str) -> bool {
    // As for reading one: a user's kind may make a chain of derived fields circular.
    const MAX_DERIVATIONS: usize = 8;
    let field = |name: &str| new.kind.shape.field(name);
    let is_absent = |name: &str| new.field(name).is_none_or(Node::is_blank);
    let derived = |name: &&str| field(name).filter(|_| is_absent(name))?.derived_from.as_deref();
    let is_of_history =
        |name: &str| is_absent(name) && field(name).is_some_and(|it| it.falls_back_to_history);
    let names = std::iter::successors(Some(name), derived).take(MAX_DERIVATIONS);
    names.into_iter().all(|name| new.has_same(old, name) && !is_of_history(name))
}

fn incomplete(catalog: &Catalog) -> impl Iterator<Item = (&Arc<str>, bool)> {
    let files = catalog.files().iter().filter(|file| file.unreadable || file.is_incomplete());
    files.map(|file| (file.path(), file.unreadable))
}

struct Reach<'c> {
    catalog: &'c Catalog,
    /// Fields that are followed any number of times within one step.
    transitive_fields: &'c BTreeSet<Box<str>>,
    selection: &'c mut Selection,
    reached: HashSet<u32>,
    front: Vec<u32>,
}

impl Reach<'_> {
    /// Adds the records one step away from the front: those that can read it.
    fn advance(&mut self, edges: EdgeKinds) {
        let catalog = self.catalog;
        for number in std::mem::take(&mut self.front) {
            let record = catalog.record(number);
            // A rule that follows outgoing references is affected along incoming ones, and vice versa.
            let incoming = edges.outgoing.then(|| incoming(catalog, record)).into_iter().flatten();
            let outgoing = edges.incoming.then(|| outgoing(catalog, record)).into_iter().flatten();
            let near = incoming.chain(outgoing).map(|(_, number)| number);
            near.chain(catalog.namesakes(record).iter().copied()).for_each(|next| self.add(next));
        }
    }

    /// Adds a record, and all that the transitive fields connect it with.
    fn add(&mut self, number: u32) {
        let catalog = self.catalog;
        let mut open = vec![number];
        while let Some(number) = open.pop() {
            if !self.reached.insert(number) {
                continue;
            }
            let record = catalog.record(number);
            self.selection.insert(record.path.clone());
            // What is found on a page without records depends on the record that the page is about.
            self.selection.extend(catalog.pages_of(record).cloned());
            self.front.push(number);
            if !self.transitive_fields.is_empty() {
                let next = outgoing(catalog, record).chain(incoming(catalog, record));
                let next = next.filter(|(field, _)| self.transitive_fields.contains(*field));
                open.extend(next.map(|(_, number)| number));
            }
        }
    }
}

fn outgoing<'c>(catalog: &'c Catalog, record: &'c Record) -> impl Iterator<Item = (&'c str, u32)> {
    catalog.references(record).filter_map(|reference| Some((reference.field(), reference.target.record()?)))
}

fn incoming<'c>(catalog: &'c Catalog, record: &'c Record) -> impl Iterator<Item = (&'c str, u32)> {
    catalog.citations(record).map(|citation| (&*citation.mention.field, citation.from))
}
