//! Cycles of references through one field, found for all records in one pass.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ahash::HashMap;
use rayon::prelude::*;

use crate::lazy::get_or_compute;

use super::references::{offsets, range};
use super::{Catalog, Target};

/// For each field, by record, whether following it leads back to the record.
pub(super) type Cycles = Mutex<HashMap<Box<str>, OfField>>;

/// Found without a lock on the others.
type OfField = Arc<OnceLock<Arc<[bool]>>>;

impl Catalog {
    /// Returns, by record, whether following `field` leads back to the record.
    pub fn in_cycles(&self, field: &str) -> Arc<[bool]> {
        let of_field = {
            let mut known = self.lazy.cycles.lock().unwrap_or_else(PoisonError::into_inner);
            match known.get(field) {
                Some(of_field) => of_field.clone(),
                None => known.entry(field.into()).or_default().clone(),
            }
        };
        get_or_compute(&of_field, || Search::run(self, field).into()).clone()
    }

    /// Returns the records that each record refers to in `field`.
    fn edges(&self, field: &str) -> Edges {
        let records = self.records.par_iter();
        let pairs = records.flat_map_iter(|from| {
            let mentions = from.mentions.iter().zip(self.references.targets(from.number));
            let edge = |target: &Target| Some((from.number, target.record()?));
            mentions.filter_map(move |(mention, target)| edge(target).filter(|_| mention.is_in(field)))
        });
        let pairs: Vec<(u32, u32)> = pairs.collect();
        let mut counts = vec![0; self.records.len()];
        pairs.iter().for_each(|(from, _)| counts[*from as usize] += 1);
        let targets = pairs.into_iter().map(|(_, to)| to).collect();
        Edges { starts: offsets(counts.into_iter()), targets }
    }
}

/// The edges of a graph of records, by the record that they lead from.
struct Edges {
    /// The start of each record's targets, then the end of all.
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Edges {
    fn of(&self, from: u32) -> &[u32] {
        &self.targets[range(&self.starts, from)]
    }
}

/// Tarjan's algorithm for strongly connected components, without recursion.
struct Search {
    edges: Edges,
    /// The index of each record in the order of discovery, from 1 on; 0 if it is not discovered.
    index: Vec<u32>,
    /// The lowest index of a record on the stack that each is known to reach.
    low_link: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    in_cycle: Vec<bool>,
    last_index: u32,
}

struct Frame {
    record: u32,
    next_edge: usize,
}

impl Search {
    fn run(catalog: &Catalog, field: &str) -> Vec<bool> {
        let count = catalog.records().len();
        let mut search = Search {
            edges: catalog.edges(field),
            index: vec![0; count],
            low_link: vec![0; count],
            on_stack: vec![false; count],
            stack: Vec::new(),
            in_cycle: vec![false; count],
            last_index: 0,
        };
        for record in 0..count as u32 {
            // Most records have no such reference.
            if search.index[record as usize] == 0 && !search.edges.of(record).is_empty() {
                search.visit(record);
            }
        }
        search.in_cycle
    }

    fn visit(&mut self, start: u32) {
        let mut open = vec![self.enter(start)];
        while let Some(visit) = open.last_mut() {
            let record = visit.record as usize;
            let edge = self.edges.of(visit.record).get(visit.next_edge).copied();
            visit.next_edge += 1;
            match edge {
                Some(next) if self.index[next as usize] == 0 => open.push(self.enter(next)),
                Some(next) => {
                    if self.on_stack[next as usize] {
                        self.low_link[record] = self.low_link[record].min(self.index[next as usize]);
                    }
                    // A reference to itself is a cycle.
                    self.in_cycle[record] |= next as usize == record;
                }
                None => {
                    open.pop();
                    if let Some(parent) = open.last() {
                        let parent = parent.record as usize;
                        self.low_link[parent] = self.low_link[parent].min(self.low_link[record]);
                    }
                    self.leave(record);
                }
            }
        }
    }

    fn enter(&mut self, record: u32) -> Frame {
        self.last_index += 1;
        self.index[record as usize] = self.last_index;
        self.low_link[record as usize] = self.last_index;
        self.on_stack[record as usize] = true;
        self.stack.push(record);
        Frame { record, next_edge: 0 }
    }

    fn leave(&mut self, record: usize) {
        if self.low_link[record] != self.index[record] {
            return;
        }
        let several = self.stack.last().is_some_and(|last| *last as usize != record);
        while let Some(member) = self.stack.pop() {
            let member = member as usize;
            self.on_stack[member] = false;
            self.in_cycle[member] |= several;
            if member == record {
                break;
            }
        }
    }
}
