//! The records with one identifier, found for all records in one pass.

use std::sync::OnceLock;

use ahash::HashMap;

use crate::record::Record;

use super::Catalog;
use super::names::Names;

/// Built on first use.
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
                let mut near = near.take(MOST_COMPARED);
                match near.find(|group| first(group).shares_scope(record)) {
                    Some(group) => group.push(number),
                    None => groups.push(vec![number]),
                }
            }
            for group in groups.into_iter().filter(|group| group.len() > 1) {
                let mut by_title = group.clone();
                by_title.sort_by_key(|&number| (&self.record(number).title, number));
                let at = found.groups.len();
                found.places.extend(by_title.into_iter().zip(0..).map(|(number, rank)| (number, (at, rank))));
                found.groups.push(group);
            }
        }
        found
    }
}
