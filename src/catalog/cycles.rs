//! Records that a field leads back to: found for all records at once, in one pass over the references.

use std::sync::Arc;

use super::{Catalog, Target};

/// A record's number on the way through the references.
type Number = u32;

impl Catalog {
    /// Whether following `field` from a record leads back to it, for each record by its number.
    pub fn in_cycles(&self, field: &str) -> Arc<[bool]> {
        // A thread that breaks down breaks the run down; what it held is whole.
        let mut known = self.cycles.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(rings) = known.get(field) {
            return rings.clone();
        }
        let rings: Arc<[bool]> = Search::over(self, field).into();
        known.insert(field.into(), rings.clone());
        rings
    }

    /// The first of a record's references, from the one with this number on, that leads to a record through `field`:
    /// the number after its own, and that record.
    fn step(&self, from: Number, field: &str, start: usize) -> Option<(usize, Number)> {
        let mentions = self.record(from).mentions.iter().zip(self.references.targets(from));
        let mut left = mentions.enumerate().skip(start);
        left.find_map(|(at, (mention, target))| match target {
            Target::Record(to) if *mention.field == *field => Some((at + 1, *to)),
            _ => None,
        })
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
    /// The first of its references that was not followed yet.
    next: usize,
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
        let mut open = vec![self.enter(start)];
        while let Some(visit) = open.last_mut() {
            let record = visit.record as usize;
            let step = catalog.step(visit.record, field, visit.next);
            visit.next = step.map_or(visit.next, |(next, _)| next);
            match step {
                Some((_, next)) if self.seen[next as usize] == 0 => open.push(self.enter(next)),
                Some((_, next)) => {
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

    fn enter(&mut self, record: Number) -> Visit {
        self.time += 1;
        self.seen[record as usize] = self.time;
        self.earliest[record as usize] = self.time;
        self.on_stack[record as usize] = true;
        self.stack.push(record);
        Visit { record, next: 0 }
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
