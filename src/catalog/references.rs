//! References from one record to another, both ways.

use std::ops::{Deref, Range};

use crate::record::{Mention, Record};

use super::Catalog;

/// A text in a record that names another one, and which.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'c> {
    mention: &'c Mention,
    pub target: Target,
}

impl<'c> Deref for Reference<'c> {
    type Target = Mention;

    fn deref(&self) -> &Mention {
        self.mention
    }
}

impl<'c> Reference<'c> {
    /// The text as it is read: `32` where the file has `KEP-32`.
    pub fn text(&self) -> &'c str {
        &self.mention.text
    }

    /// The top-level field that holds it.
    pub fn field(&self) -> &'c str {
        &self.mention.field
    }

    /// Whether both stand in the same place.
    pub fn is_same(&self, other: &Reference<'_>) -> bool {
        std::ptr::eq(self.mention, other.mention)
    }
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Record(u32),
    /// Nothing, and nothing unread can be it.
    Unknown,
    /// A record that gives rights, and that only the state itself has, not what it is held to.
    Unheld,
    /// Nothing that is known; but no record of its kinds is kept here, or a file that can't be read
    /// mentions it.
    Unjudged,
}

/// A reference seen from its target.
#[derive(Clone, Copy, Debug)]
pub struct Citation<'c> {
    pub from: u32,
    /// The top-level field that holds the reference.
    pub field: &'c str,
}

/// Where everything that the records of a catalog mention leads, and where each of them is mentioned.
#[derive(Default)]
pub(super) struct References {
    /// In the order of the records, and of what each mentions.
    targets: Vec<Target>,
    /// Where those of each record begin among all; at the end, how many there are.
    starts: Vec<u32>,
    /// In the order of the records that are referred to, then in catalog order.
    citations: Vec<Cited>,
    /// Where those of each record begin among all; at the end, how many there are.
    cited: Vec<u32>,
}

/// The record that refers, and which of all that it mentions that is.
#[derive(Clone, Copy, Debug, Default)]
struct Cited {
    from: u32,
    at: u32,
}

impl References {
    /// What everything that some records mention leads to, in their order.
    pub fn new(records: &[Record], targets: Vec<Target>) -> References {
        let starts = sums(records.iter().map(|record| record.mentions.len() as u32));
        let mut references = References { targets, starts, citations: Vec::new(), cited: Vec::new() };
        references.invert(records.len());
        references
    }

    fn invert(&mut self, records: usize) {
        let mut counts = vec![0; records];
        for target in &self.targets {
            if let Target::Record(target) = target {
                counts[*target as usize] += 1;
            }
        }
        self.cited = sums(counts.into_iter());
        let mut next = self.cited.clone();
        self.citations = vec![Cited::default(); self.cited.last().map_or(0, |all| *all as usize)];
        for (from, range) in (0..).zip(ranges(&self.starts)) {
            for (at, target) in (0..).zip(&self.targets[range]) {
                if let Target::Record(target) = target {
                    let place = &mut next[*target as usize];
                    self.citations[*place as usize] = Cited { from, at };
                    *place += 1;
                }
            }
        }
    }

    /// Where all that a record mentions leads, in its order.
    pub fn targets(&self, number: u32) -> &[Target] {
        &self.targets[range(&self.starts, number)]
    }

    /// The same, to be changed where it is no record: who is referred to by whom is settled.
    pub fn targets_mut(&mut self, number: u32) -> &mut [Target] {
        &mut self.targets[range(&self.starts, number)]
    }

    fn citations(&self, number: u32) -> &[Cited] {
        &self.citations[range(&self.cited, number)]
    }
}

/// Where the things of each begin, by how many each has, and where the last end.
fn sums(counts: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut sum = 0;
    let sums = counts.map(|count| {
        sum += count;
        sum
    });
    std::iter::once(0).chain(sums).collect()
}

fn range(starts: &[u32], number: u32) -> Range<usize> {
    starts[number as usize] as usize..starts[number as usize + 1] as usize
}

fn ranges(starts: &[u32]) -> impl Iterator<Item = Range<usize>> {
    starts.windows(2).map(|pair| pair[0] as usize..pair[1] as usize)
}

impl Catalog {
    /// What a record refers to, in the order of its fields.
    pub fn references<'s>(
        &'s self,
        record: &'s Record,
    ) -> impl ExactSizeIterator<Item = Reference<'s>> + Clone {
        let targets = self.references.targets(record.number);
        record.mentions.iter().zip(targets).map(|(mention, target)| Reference { mention, target: *target })
    }

    /// What refers to a record, in catalog order.
    pub fn citations<'s>(&'s self, record: &Record) -> impl ExactSizeIterator<Item = Citation<'s>> + Clone {
        let citations = self.references.citations(record.number).iter();
        citations.map(|&Cited { from, at }| Citation {
            from,
            field: &self.record(from).mentions[at as usize].field,
        })
    }
}
