//! The records within some distance of those that differ between two states.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::record::Record;
use crate::rule::EdgeKinds;

use super::model::Selection;

/// Grows from the records that differ, step by step, in both states.
pub(super) struct ImpactSet {
    frontiers: [Frontier; 2],
    /// For each distance, what is within it.
    within: Vec<Arc<Selection>>,
}

impl ImpactSet {
    pub(super) fn new(
        files: &BTreeSet<Arc<str>>,
        records: [(&Catalog, Vec<u32>); 2],
        transitive_fields: &BTreeSet<Box<str>>,
    ) -> ImpactSet {
        let mut selection = Selection { files: files.clone(), ..Selection::default() };
        let frontiers = records.map(|(catalog, records)| {
            let mut frontier = Frontier {
                transitive_fields: transitive_fields.clone(),
                reached: HashSet::new(),
                front: Vec::new(),
            };
            records.into_iter().for_each(|number| frontier.reach(number, catalog, &mut selection));
            frontier
        });
        ImpactSet { frontiers, within: vec![Arc::new(selection)] }
    }

    pub(super) fn within(&mut self, distance: u8, edges: EdgeKinds, states: [&Catalog; 2]) -> Arc<Selection> {
        let distance = usize::from(distance);
        while self.within.len() <= distance {
            let mut selection = self.within.last().map_or_else(Selection::default, |last| (**last).clone());
            for (frontier, catalog) in self.frontiers.iter_mut().zip(states) {
                frontier.advance(edges, catalog, &mut selection);
            }
            self.within.push(Arc::new(selection));
        }
        self.within[distance].clone()
    }
}

struct Frontier {
    /// Fields that are followed any number of times within one step.
    transitive_fields: BTreeSet<Box<str>>,
    reached: HashSet<u32>,
    front: Vec<u32>,
}

impl Frontier {
    /// Adds the records one step away from the front: those that can read it.
    fn advance(&mut self, edges: EdgeKinds, catalog: &Catalog, selection: &mut Selection) {
        for number in std::mem::take(&mut self.front) {
            let record = catalog.record(number);
            // A rule that follows outgoing references is affected along incoming ones, and vice versa.
            let incoming = edges.outgoing.then(|| incoming(catalog, record)).into_iter().flatten();
            let outgoing = edges.incoming.then(|| outgoing(catalog, record)).into_iter().flatten();
            let duplicates = if edges.duplicates { catalog.namesakes(record) } else { &[] };
            let near = incoming.chain(outgoing).map(|(_, number)| number);
            let next: Vec<u32> = near.chain(duplicates.iter().copied()).collect();
            next.into_iter().for_each(|next| self.reach(next, catalog, selection));
        }
    }

    /// Adds a record, and all that the transitive fields connect it with.
    fn reach(&mut self, number: u32, catalog: &Catalog, selection: &mut Selection) {
        let mut open = vec![number];
        while let Some(number) = open.pop() {
            if !self.reached.insert(number) {
                continue;
            }
            let record = catalog.record(number);
            selection.add(catalog, record);
            // What is found on a page without records depends on the record that the page is about.
            selection.files.extend(catalog.pages_of(record).cloned());
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
