//! Cycles of references through one field, found for all records in one pass.

use std::sync::{Arc, Mutex, PoisonError};

use ahash::HashMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::Catalog;

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
