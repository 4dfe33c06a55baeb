//! Records that a field leads back to: found for all records at once, in one pass over the references.

use std::sync::Arc;

use super::Catalog;

/// A record's number on the way through the references.
type Number = u32;

impl Catalog {
    /// Whether following `field` from a record leads back to it, for each record by its number.
    pub fn in_rings(&self, field: &str) -> Arc<[bool]> {
        // A thread that breaks down breaks the run down; what it held is whole.
        let mut known = self.rings.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(rings) = known.get(field) {
            return rings.clone();
        }
        let rings: Arc<[bool]> = Search::over(self, field).into();
        known.insert(field.into(), rings.clone());
        rings
    }

    fn steps(&self, from: Number, field: &str) -> Vec<Number> {
        self.targets(self.record(from), field).map(|record| record.number).collect()
    }
}

/// Tarjan's search for strongly connected components, with a stack of its own: a chain may be as long as
/// there are records.
struct Search {
    /// When each record was first seen; 0 before that.
    seen: Vec<u32>,
    /// The earliest record on the stack that each is known to lead to.
    earliest: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<Number>,
    in_ring: Vec<bool>,
    time: u32,
}

/// A record whose neighbours are being visited.
struct Visit {
    record: Number,
    neighbours: std::vec::IntoIter<Number>,
}

impl Search {
    fn over(catalog: &Catalog, field: &str) -> Vec<bool> {
        let count = catalog.records().len();
        let mut search = Search {
            seen: vec![0; count],
            earliest: vec![0; count],
            on_stack: vec![false; count],
            stack: Vec::new(),
            in_ring: vec![false; count],
            time: 0,
        };
        for record in 0..count as Number {
            if search.seen[record as usize] == 0 {
                search.from(catalog, field, record);
            }
        }
        search.in_ring
    }

    fn from(&mut self, catalog: &Catalog, field: &str, start: Number) {
        let mut open = vec![self.enter(catalog, field, start)];
        while let Some(visit) = open.last_mut() {
            let record = visit.record as usize;
            match visit.neighbours.next() {
                Some(next) if self.seen[next as usize] == 0 => {
                    let visit = self.enter(catalog, field, next);
                    open.push(visit);
                }
                Some(next) => {
                    if self.on_stack[next as usize] {
                        self.earliest[record] = self.earliest[record].min(self.seen[next as usize]);
                    }
                    // A record that names itself is a ring of one.
                    self.in_ring[record] |= next as usize == record;
                }
                None => {
                    open.pop();
                    if let Some(before) = open.last() {
                        let before = before.record as usize;
                        self.earliest[before] = self.earliest[before].min(self.earliest[record]);
                    }
                    self.leave(record);
                }
            }
        }
    }

    fn enter(&mut self, catalog: &Catalog, field: &str, record: Number) -> Visit {
        self.time += 1;
        self.seen[record as usize] = self.time;
        self.earliest[record as usize] = self.time;
        self.on_stack[record as usize] = true;
        self.stack.push(record);
        Visit { record, neighbours: catalog.steps(record, field).into_iter() }
    }

    /// Takes the component off the stack whose first record this is.
    fn leave(&mut self, record: usize) {
        if self.earliest[record] != self.seen[record] {
            return;
        }
        let several = self.stack.last().is_some_and(|last| *last as usize != record);
        while let Some(member) = self.stack.pop() {
            let member = member as usize;
            self.on_stack[member] = false;
            self.in_ring[member] |= several;
            if member == record {
                break;
            }
        }
    }
}
