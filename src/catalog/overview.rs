//! What is found for all records in one pass: cycles of references, the records of one identifier, labels that no field takes, and
//! paths that differ in case only.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ahash::HashMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::names::Names;
use super::{Catalog, SourceFile};
use crate::layout::label_key;
use crate::record::Record;

/// For each field, the records that it leads back to themselves, each with all that it is in a cycle with.
pub(super) type Cycles = Mutex<HashMap<Box<str>, Arc<CyclesOfField>>>;

/// By the number of a record, the numbers of those in its cycle, in their order.
type CyclesOfField = HashMap<u32, Arc<[u32]>>;

impl Catalog {
    /// Returns the records that following `field` leads back to.
    pub fn cycles(&self, field: &str) -> Arc<CyclesOfField> {
        let mut known = self.lazy.cycles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cycles) = known.get(field) {
            return cycles.clone();
        }
        // Not in parallel: a thread that waits for its own tasks may run another one, which would wait for the lock.
        let cycles = Arc::new(self.find_cycles(field));
        known.insert(field.into(), cycles.clone());
        cycles
    }

    fn find_cycles(&self, field: &str) -> CyclesOfField {
        let mut cycles = CyclesOfField::default();
        let mut edges = Vec::new();
        for from in &self.records {
            let references = self.references(from).filter(|reference| reference.is_in(field));
            for to in references.filter_map(|reference| reference.target.record()) {
                edges.push((from.number, to));
                if to == from.number {
                    cycles.insert(to, Arc::new([to]));
                }
            }
        }
        let components = kosaraju_scc(&DiGraph::<(), ()>::from_edges(&edges));
        for component in components.iter().filter(|component| component.len() > 1) {
            let mut numbers: Vec<u32> = component.iter().map(|record| record.index() as u32).collect();
            numbers.sort_unstable();
            let numbers: Arc<[u32]> = numbers.into();
            cycles.extend(numbers.iter().map(|number| (*number, numbers.clone())));
        }
        cycles
    }
}

pub(super) type Namesakes = OnceLock<Groups>;

#[derive(Default)]
pub(super) struct Groups {
    /// The records of each group, in the order of the catalog.
    groups: Vec<Vec<u32>>,
    /// By record, its group, and its index among the records of the group in the order of their titles.
    places: HashMap<u32, (usize, usize)>,
}

/// The most groups with which a record is compared. Records of one identifier are rarely of more scopes.
const MOST_COMPARED: usize = 100;

impl Catalog {
    /// Returns the records with the kind, the identifier and the scope of a record of this state, itself among them.
    pub fn namesakes(&self, record: &Record) -> &[u32] {
        let groups = self.namesake_groups();
        if let Some((group, _)) = groups.places.get(&record.number) {
            return &groups.groups[*group];
        }
        let of_kind = self.of_kind(&record.kind.name);
        of_kind.binary_search(&record.number).map_or(&[], |at| &of_kind[at..=at])
    }

    /// Returns the index of a record among its namesakes in the order of their titles.
    pub fn rank_among_namesakes(&self, record: &Record) -> usize {
        self.namesake_groups().places.get(&record.number).map_or(0, |(_, rank)| *rank)
    }

    fn namesake_groups(&self) -> &Groups {
        // Built first: a thread that waits for parts of the names may run another task, which may need the groups.
        let names = self.names();
        self.lazy.namesakes.get_or_init(|| self.group_namesakes(names))
    }

    fn group_namesakes(&self, names: &Names) -> Groups {
        let mut found = Groups::default();
        for same_id in names.of_shared_identifiers() {
            // In the order of their first paths, as the records are.
            let mut groups: Vec<Vec<u32>> = Vec::new();
            for &number in same_id {
                let record = self.record(number);
                let start = record.start_of_scope();
                let first = |group: &Vec<u32>| self.record(group[0]);
                let near = groups.partition_point(|group| *first(group).path < *start);
                let near = groups[near..].iter_mut().take_while(|group| first(group).path.starts_with(start));
                let is_same = |group: &&mut Vec<u32>| {
                    first(group).shares_scope(record) && !first(group).is_in_folder_of_other_state(record)
                };
                match near.take(MOST_COMPARED).find(is_same) {
                    Some(group) => group.push(number),
                    None => groups.push(vec![number]),
                }
            }
            for group in groups.into_iter().filter(|group| group.len() > 1) {
                let mut by_title = group.clone();
                by_title.sort_unstable_by_key(|&number| (&self.record(number).title, number));
                let at = found.groups.len();
                found.places.extend(by_title.into_iter().zip(0..).map(|(number, rank)| (number, (at, rank))));
                found.groups.push(group);
            }
        }
        found
    }
}

/// Where a label stands that no field takes.
#[derive(Clone, Copy, Debug)]
pub struct UnreadLabel {
    pub first: u32,
    pub records: usize,
}

pub(super) type UnreadLabels = BTreeMap<String, UnreadLabel>;

impl Catalog {
    /// Returns where adopted records state a label that no field takes.
    pub fn unread_label(&self, label: &str) -> Option<UnreadLabel> {
        self.lazy.unread_labels.get_or_init(|| self.count_unread_labels()).get(&label_key(label)).copied()
    }

    fn count_unread_labels(&self) -> UnreadLabels {
        let mut found = UnreadLabels::new();
        for record in self.records().iter().filter(|record| record.is_accounted_for() && !record.is_frozen) {
            let labels: BTreeSet<String> = record.unread.iter().map(|it| label_key(&it.label)).collect();
            for label in labels {
                let new = UnreadLabel { first: record.number, records: 0 };
                found.entry(label).or_insert(new).records += 1;
            }
        }
        found
    }
}

/// By the number of the first file there, two folders or files that are one where case does not count.
pub(super) type CaseTwins = OnceLock<HashMap<u32, [Box<str>; 2]>>;

impl Catalog {
    /// Returns the folder or file that differs in case only from one above a file or from its path, and that one.
    pub fn case_twins(&self, file: &SourceFile) -> Option<&[Box<str>; 2]> {
        self.lazy.case_twins.get_or_init(|| self.find_case_twins()).get(&file.number)
    }

    fn find_case_twins(&self) -> HashMap<u32, [Box<str>; 2]> {
        let (mut known, mut seen, mut twins) = (HashMap::default(), HashSet::new(), HashMap::default());
        for file in &self.files {
            let path = &**file.path();
            let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
            let pair = |part| (*known.entry(lower_case(part)).or_insert(part), part);
            let pair = ends.map(|end| &path[..end]).map(pair).find(|(first, part)| first != part);
            if let Some((first, part)) = pair.filter(|(_, part)| seen.insert(*part)) {
                twins.insert(file.number, [first.into(), part.into()]);
            }
        }
        twins
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}
