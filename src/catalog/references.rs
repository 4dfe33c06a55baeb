//! References from one record to another, both ways.

use std::collections::HashMap;
use std::ops::{Deref, Range};
use std::sync::Arc;

use crate::record::{Mention, Record};
use crate::text::Span;

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
    NotInBase,
    /// Nothing that is known; but no record of its kinds is kept here, or a file that can't be read
    /// mentions it.
    Inconclusive,
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
    /// What a record mentions, in the order of [`Sought`]: only of records that mention [`MANY`] or more.
    by_place: HashMap<u32, Box<[u32]>>,
}

/// From so many on, to look through all that a record mentions takes longer than to search.
const MANY: usize = 16;

/// What a mention is looked up by: its place, its text and the kinds that it may name. The place alone would not do: what
/// an alias or a merge key repeats in another field stands in one place, and not in the order of the fields.
pub type Sought<'m> = (Span, &'m str, &'m [Arc<str>]);

fn sought(mention: &Mention) -> Sought<'_> {
    (mention.span, &mention.text, &mention.kinds)
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
        let many = records.iter().filter(|record| record.mentions.len() >= MANY);
        let by_place = many.map(|record| (record.number, in_order(&record.mentions))).collect();
        let mut references = References { targets, starts, by_place, ..References::default() };
        references.invert(records.len());
        references
    }

    /// Which of all that a record mentions it is, the first of several.
    fn find(&self, record: &Record, wanted: Sought) -> Option<usize> {
        let is_it = |at: &usize| sought(&record.mentions[*at]) == wanted;
        let Some(order) = self.by_place.get(&record.number) else {
            return (0..record.mentions.len()).find(is_it);
        };
        let first = order.partition_point(|at| sought(&record.mentions[*at as usize]) < wanted);
        order.get(first).map(|at| *at as usize).filter(is_it)
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

/// The numbers of mentions in the order of what they are looked up by; of those that are alike, the first comes first.
fn in_order(mentions: &[Mention]) -> Box<[u32]> {
    let mut order: Vec<u32> = (0..).take(mentions.len()).collect();
    order.sort_by_key(|at| sought(&mentions[*at as usize]));
    order.into()
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

    /// The reference that stands at a place of a record, reads so and may name these kinds.
    pub fn reference_at<'s>(&'s self, record: &'s Record, wanted: Sought) -> Option<Reference<'s>> {
        let at = self.references.find(record, wanted)?;
        Some(Reference { mention: &record.mentions[at], target: self.references.targets(record.number)[at] })
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
