//! What a change may make a difference to. Two states that are judged by one policy on one day differ in their
//! findings only where a record differs, or one that is so near to it as a rule looks.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::catalog::{Catalog, EXCEPTION, Target};
use crate::record::Record;
use crate::rule::{Dependencies, EdgeKinds, Reads, Rule, matches_pattern};

/// Two states of one project, and what lies between them.
pub struct StateDiff<'c> {
    head: &'c Catalog,
    base: &'c Catalog,
    /// Where something differs: the files themselves, and those whose references lead elsewhere.
    files: BTreeSet<Arc<str>>,
    /// Of which a record differs.
    kinds: BTreeSet<Arc<str>>,
    /// Of which a record came, went, or is called otherwise.
    renamed: BTreeSet<Arc<str>>,
    /// The rules that exceptions among these records are from.
    excused: Vec<String>,
    /// Where links may lead to something else than before: what came, what went, and pages with other headings.
    targets: BTreeSet<Arc<str>>,
    /// What differs may make a difference anywhere.
    is_whole: bool,
    linking: OnceLock<Vec<Arc<str>>>,
    /// By the kinds of the records that they start from, and by how they go on.
    spreads: Mutex<HashMap<Start, Spread>>,
}

type Start = (Vec<Arc<str>>, EdgeKinds, BTreeSet<Box<str>>);

/// What a rule may have another verdict on since a change: the same before it and after it.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckScope {
    Everything,
    Selected(Arc<Selection>),
}

/// A part of what is in a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Files with all that is in them.
    pub files: BTreeSet<Arc<str>>,
    /// Of other files, which of their records, by their place among them.
    pub records: BTreeMap<Arc<str>, BTreeSet<u32>>,
}

impl CheckScope {
    /// Whether all that is in a file is meant.
    pub fn covers(&self, path: &str) -> bool {
        match self {
            CheckScope::Everything => true,
            CheckScope::Selected(part) => part.files.contains(path),
        }
    }
}

impl Selection {
    fn add(&mut self, catalog: &Catalog, record: &Record) {
        let file = catalog.file_of(record);
        // Of a comment that excuses, all is judged that it may speak of: else it would seem to be of no use.
        if !file.ignores.is_empty() {
            self.files.insert(record.path.clone());
        } else if !self.files.contains(&record.path) {
            let place = record.number - file.records.start;
            self.records.entry(record.path.clone()).or_default().insert(place);
        }
    }
}

impl<'c> StateDiff<'c> {
    /// What lies between two states that differ at these paths.
    pub fn new(head: &'c Catalog, base: &'c Catalog, paths: &HashSet<Arc<str>>) -> StateDiff<'c> {
        let mut change = StateDiff {
            head,
            base,
            files: paths.iter().cloned().chain(led_elsewhere(head, base, paths)).collect(),
            kinds: BTreeSet::new(),
            renamed: BTreeSet::new(),
            excused: Vec::new(),
            targets: paths.iter().filter(|path| !head.is_same_target(base, path)).cloned().collect(),
            is_whole: !head.kinds_in_use().eq(base.kinds_in_use()) || !incomplete(head).eq(incomplete(base)),
            linking: OnceLock::new(),
            spreads: Mutex::default(),
        };
        let mut names: [BTreeMap<Arc<str>, Vec<String>>; 2] = Default::default();
        for (catalog, names) in [head, base].into_iter().zip(&mut names) {
            for record in change.differing(catalog) {
                names.entry(record.kind.name.clone()).or_default().extend(answers_to(record));
            }
            let excuses = change.differing(catalog).filter(|record| *record.kind.name == *EXCEPTION);
            let rules = excuses.filter_map(|record| record.field("rule")?.as_text());
            let rules: Vec<String> = rules.map(str::to_owned).collect();
            change.excused.extend(rules);
            names.values_mut().for_each(|names| names.sort_unstable());
        }
        let [new, old] = names;
        change.kinds = new.keys().chain(old.keys()).cloned().collect();
        change.renamed =
            change.kinds.iter().filter(|kind| new.get(*kind) != old.get(*kind)).cloned().collect();
        change
    }

    /// The same change, if something differs besides that bears on everything.
    pub fn with_global_change(self, is_whole: bool) -> StateDiff<'c> {
        StateDiff { is_whole: self.is_whole || is_whole, ..self }
    }

    /// Of which a record differs.
    pub fn kinds(&self) -> &BTreeSet<Arc<str>> {
        &self.kinds
    }

    /// The states before the change and after it.
    pub fn states(&self) -> [&'c Catalog; 2] {
        [self.base, self.head]
    }

    /// Where a rule may say something else since the change.
    pub fn extent(&self, rule: &Rule, reach: &Dependencies) -> CheckScope {
        if self.bears_on_all(reach) || self.excused.iter().any(|named| matches_pattern(named, &rule.id)) {
            return CheckScope::Everything;
        }
        let near = self.within(reach);
        let linking = reach.links.then(|| self.linking()).into_iter().flatten();
        let noted = reach.notes.then(|| self.noted()).into_iter().flatten();
        let more: Vec<&Arc<str>> = linking.chain(noted).collect();
        if more.is_empty() {
            return CheckScope::Selected(near);
        }
        let files = near.files.iter().chain(more).cloned().collect();
        CheckScope::Selected(Arc::new(Selection { files, records: near.records.clone() }))
    }

    /// The files whose links may lead to something else.
    fn linking(&self) -> impl Iterator<Item = &Arc<str>> {
        self.linking.get_or_init(|| self.head.linking_to(&self.targets)).iter()
    }

    /// The files of which something is noted.
    fn noted(&self) -> impl Iterator<Item = &Arc<str>> {
        let files = [self.head, self.base].into_iter().flat_map(Catalog::files);
        files.filter(|file| file.note().is_some()).map(|file| file.path())
    }

    /// Whether what looks so far may find something else wherever it starts.
    pub fn bears_on_all(&self, reach: &Dependencies) -> bool {
        self.is_whole
            || reach.everything
            || reach.all_of_kinds.intersects(&self.kinds)
            || reach.by_name.intersects(&self.renamed)
    }

    /// Whether anything may differ that is read of records.
    pub fn concerns(&self, reads: &Reads) -> bool {
        if self.is_whole || reads.beyond_fields || !self.head.shares_references_with(self.base) {
            return true;
        }
        let differs = |path: &Arc<str>| match (self.head.file_at(path), self.base.file_at(path)) {
            (Some(new), Some(old)) if new.records.len() == old.records.len() => {
                let mut pairs = new.records.clone().zip(old.records.clone());
                pairs.any(|(new, old)| differ(self.head.record(new), self.base.record(old), reads))
            }
            (new, old) => [new, old].into_iter().flatten().any(|file| !file.records.is_empty()),
        };
        self.files.iter().any(differs)
    }

    /// What differs, and the records at most so many steps away from one that does, and that is read.
    fn within(&self, reach: &Dependencies) -> Arc<Selection> {
        let kinds: Vec<Arc<str>> = reach.kinds.select(&self.kinds).cloned().collect();
        let states = [self.head, self.base];
        // A thread that breaks down breaks the run down; what it held is whole.
        let mut spreads = self.spreads.lock().unwrap_or_else(PoisonError::into_inner);
        let spread = spreads.entry((kinds, reach.edges, reach.transitive_fields.clone())).or_insert_with_key(
            |(kinds, _, along)| {
                let mut part = Selection { files: self.files.clone(), ..Selection::default() };
                let waves = states.map(|catalog| {
                    let records = self.differing(catalog).filter(|record| kinds.contains(&record.kind.name));
                    Wave::from(records.map(|record| record.number), along, catalog, &mut part)
                });
                Spread { waves, within: vec![Arc::new(part)] }
            },
        );
        spread.within(reach.max_distance, reach.edges, states)
    }

    fn differing<'s>(&self, catalog: &'s Catalog) -> impl Iterator<Item = &'s Record> {
        let files = self.files.iter().filter_map(|path| catalog.file_at(path));
        let files: Vec<_> = files.map(|file| file.records.clone()).collect();
        files.into_iter().flatten().map(|number| catalog.record(number))
    }
}

/// What spreads from the records that differ, step by step, in both states.
struct Spread {
    waves: [Wave; 2],
    /// For each number of steps, what is within it.
    within: Vec<Arc<Selection>>,
}

impl Spread {
    fn within(&mut self, steps: u8, ways: EdgeKinds, states: [&Catalog; 2]) -> Arc<Selection> {
        let steps = usize::from(steps);
        while self.within.len() <= steps {
            let mut part = self.within.last().map_or_else(Selection::default, |part| Selection::clone(part));
            for (wave, catalog) in self.waves.iter_mut().zip(states) {
                wave.step(ways, catalog, &mut part);
            }
            self.within.push(Arc::new(part));
        }
        self.within[steps].clone()
    }
}

/// The records of one state that have been reached.
struct Wave {
    /// The fields that are followed to the end with each step.
    along: BTreeSet<Box<str>>,
    reached: HashSet<u32>,
    front: Vec<u32>,
}

impl Wave {
    fn from(
        start: impl Iterator<Item = u32>,
        along: &BTreeSet<Box<str>>,
        catalog: &Catalog,
        part: &mut Selection,
    ) -> Wave {
        let mut wave = Wave { along: along.clone(), reached: HashSet::new(), front: Vec::new() };
        start.for_each(|number| wave.reach(number, catalog, part));
        wave
    }

    /// Goes on to the records from which one step leads to those that were reached last.
    fn step(&mut self, ways: EdgeKinds, catalog: &Catalog, part: &mut Selection) {
        for number in std::mem::take(&mut self.front) {
            let record = catalog.record(number);
            part.files.extend(catalog.pages_of(record).cloned());
            let ahead = ways.outgoing.then(|| citing(catalog, record)).into_iter().flatten();
            let back = ways.incoming.then(|| cited(catalog, record)).into_iter().flatten();
            let alike = ways.duplicates.then(|| catalog.duplicates(record)).into_iter().flatten();
            let near = ahead.chain(back).map(|(_, number)| number);
            let next: Vec<u32> = near.chain(alike.map(|record| record.number)).collect();
            next.into_iter().for_each(|next| self.reach(next, catalog, part));
        }
    }

    /// Takes in a record, and all that the fields lead to from there, or from where they lead there.
    fn reach(&mut self, number: u32, catalog: &Catalog, part: &mut Selection) {
        let mut open = vec![number];
        while let Some(number) = open.pop() {
            if !self.reached.insert(number) {
                continue;
            }
            let record = catalog.record(number);
            part.add(catalog, record);
            self.front.push(number);
            if !self.along.is_empty() {
                let next = cited(catalog, record).chain(citing(catalog, record));
                let next = next.filter(|(field, _)| self.along.contains(*field));
                open.extend(next.map(|(_, number)| number));
            }
        }
    }
}

/// What a rule may tell of a record without its fields, besides what others mean it by.
fn identity(record: &Record) -> (Option<&str>, Option<&str>, &str, bool) {
    (record.title.as_deref(), record.file_id.as_deref(), record.profile_name(), record.extends_format)
}

/// What a record names others by, and in which fields.
fn names(record: &Record) -> impl Iterator<Item = (&str, &str)> {
    record.mentions.iter().map(|mention| (&*mention.field, &*mention.text))
}

/// Whether anything differs between two records that is read of them.
fn differ(new: &Record, old: &Record, reads: &Reads) -> bool {
    let differs = |name: &Arc<str>| {
        // What another field or the past may stand in for is more than what stands there.
        let is_derived = new
            .kind
            .shape
            .field(name)
            .is_some_and(|it| it.derived_from.is_some() || it.falls_back_to_history);
        is_derived
            || match (new.field(name), old.field(name)) {
                (Some(new), Some(old)) => !new.same_value(old),
                (new, old) => new.is_some() || old.is_some(),
            }
    };
    !new.ptr_eq(old)
        && (!new.same_identity(old)
            || identity(new) != identity(old)
            || !names(new).eq(names(old))
            || reads.fields.iter().any(differs))
}

/// The records that a record refers to, each with the field that does.
fn cited<'c>(catalog: &'c Catalog, record: &'c Record) -> impl Iterator<Item = (&'c str, u32)> {
    catalog.references(record).filter_map(|reference| match reference.target {
        Target::Record(number) => Some((reference.field(), number)),
        Target::Unknown | Target::NotInBase | Target::Inconclusive => None,
    })
}

/// The records that refer to a record, each with the field that does.
fn citing<'c>(catalog: &'c Catalog, record: &'c Record) -> impl Iterator<Item = (&'c str, u32)> {
    catalog.citations(record).map(|citation| (citation.field, citation.from))
}

/// The files that are the same, but hold a reference that leads elsewhere.
fn led_elsewhere(head: &Catalog, base: &Catalog, paths: &HashSet<Arc<str>>) -> Vec<Arc<str>> {
    if head.shares_references_with(base) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for file in head.files().iter().filter(|file| !paths.contains(file.path())) {
        let Some(before) = base.file_at(file.path()) else { continue };
        let mut pairs = file.records.clone().zip(before.records.clone());
        let differs = |(new, old): (u32, u32)| {
            let (new, old) = (head.references(head.record(new)), base.references(base.record(old)));
            let mut targets = new.zip(old);
            targets.any(|(new, old)| target(head, new.target) != target(base, old.target))
        };
        if pairs.any(differs) {
            found.push(file.path().clone());
        }
    }
    found
}

/// A target in a form that two catalogs share: a record as its file and its place among the records there.
fn target(catalog: &Catalog, target: Target) -> (Option<(&str, u32)>, Target) {
    let Target::Record(number) = target else { return (None, target) };
    let record = catalog.record(number);
    let first = catalog.file_of(record).records.start;
    (Some((&record.path, number - first)), Target::Unknown)
}

/// Everything that a record can be meant by.
fn answers_to(record: &Record) -> impl Iterator<Item = String> {
    let names = record.names().map(|name| format!("name {name}"));
    let paths = record.paths().into_iter().map(|path| format!("path {path}"));
    let own = [format!("id {}", record.id), format!("key {} in {}", record.key(), record.scope())];
    own.into_iter().chain(names).chain(paths)
}

fn incomplete(catalog: &Catalog) -> impl Iterator<Item = (&Arc<str>, bool)> {
    let files = catalog.files().iter().filter(|file| file.unread || file.is_incomplete());
    files.map(|file| (file.path(), file.unread))
}
