//! Cycles of references through one field, found for all records in one pass.

use std::sync::{Arc, Mutex, PoisonError};

use ahash::HashMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::Catalog;

/// For each field, by record, whether following it leads back to the record.
pub(super) type Cycles = Mutex<HashMap<Box<str>, Arc<[bool]>>>;

impl Catalog {
    /// Returns, by record, whether following `field` leads back to the record.
    pub fn in_cycles(&self, field: &str) -> Arc<[bool]> {
        let mut known = self.lazy.cycles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(in_cycles) = known.get(field) {
            return in_cycles.clone();
        }
        // Not in parallel: a thread that waits for its own tasks may run another one, which would wait for the lock.
        let in_cycles: Arc<[bool]> = self.find_cycles(field).into();
        known.insert(field.into(), in_cycles.clone());
        in_cycles
    }

    fn find_cycles(&self, field: &str) -> Vec<bool> {
        let mut in_cycles = vec![false; self.records.len()];
        let mut edges = Vec::new();
        for from in &self.records {
            let references = self.references(from).filter(|reference| reference.is_in(field));
            for to in references.filter_map(|reference| reference.target.record()) {
                edges.push((from.number, to));
                in_cycles[to as usize] |= to == from.number;
            }
        }
        let components = kosaraju_scc(&DiGraph::<(), ()>::from_edges(&edges));
        for record in components.iter().filter(|component| component.len() > 1).flatten() {
            in_cycles[record.index()] = true;
        }
        in_cycles
    }
}
