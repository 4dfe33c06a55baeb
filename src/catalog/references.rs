//! References between records, in both directions.

use std::ops::Deref;
use std::sync::Arc;

use crate::kind::FieldHash;
use crate::record::{Mention, Record};
use crate::text::Span;

use super::Catalog;

/// A text in a record that refers to another record.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'c> {
    mention: &'c Mention,
    pub target: Target,
}

impl Deref for Reference<'_> {
    type Target = Mention;

    fn deref(&self) -> &Mention {
        self.mention
    }
}

impl<'c> Reference<'c> {
    /// Returns the normalised text: `32` for `KEP-32`.
    pub fn text(&self) -> &'c str {
        &self.mention.text
    }

    /// Returns the top-level field that contains it.
    pub fn field(&self) -> &'c str {
        &self.mention.field
    }

    /// Returns the kinds that it may be to; none for any kind.
    pub fn kinds(&self) -> &'c [Arc<str>] {
        &self.mention.kinds
    }

    pub fn is_same(&self, other: &Reference<'_>) -> bool {
        std::ptr::eq(self.mention, other.mention)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Record(u32),
    /// A record of another repository, by the export of that.
    Elsewhere,
    Unknown,
    /// A record that gives authority, and that the base policy's revision lacks.
    NotInBase,
    /// Not resolved, but it may mean another repository, a file without records, or a record in an incomplete file.
    Inconclusive,
    /// Not resolved, and the repository has no record of the kinds.
    Unused,
}

impl Target {
    pub fn record(self) -> Option<u32> {
        match self {
            Target::Record(number) => Some(number),
            _ => None,
        }
    }
}

/// A reference, seen from its target.
#[derive(Clone, Copy, Debug)]
pub struct Citation<'c> {
    pub from: u32,
    pub mention: &'c Mention,
}

/// The targets of all references, and the citations of all records, by the number of the record.
#[derive(Clone, Default)]
pub(super) struct References {
    targets: Vec<Box<[Target]>>,
    citations: Vec<Vec<MentionId>>,
    /// The indexes of each record's mentions, sorted by [`ReferenceKey`].
    sorted: Vec<Box<[u32]>>,
}

/// The span, text and kinds of a mention. The span is not unique: an alias or a merge key repeats a text in another field.
pub(super) type ReferenceKey<'m> = (Span, &'m str, &'m [Arc<str>]);

fn key(mention: &Mention) -> ReferenceKey<'_> {
    (mention.span, &mention.text, &mention.kinds)
}

/// Returns the indexes of the mentions of a record, sorted by their keys.
pub(super) fn order(record: &Record) -> Box<[u32]> {
    let mut order: Vec<u32> = (0..).take(record.mentions.len()).collect();
    order.sort_by_key(|at| key(&record.mentions[*at as usize]));
    order.into()
}

#[derive(Clone, Copy)]
struct MentionId {
    from: u32,
    at: u32,
    field: FieldHash,
}

impl References {
    pub(super) fn new(records: &[Record], targets: Vec<Box<[Target]>>) -> References {
        let mut citations = vec![Vec::new(); records.len()];
        for (from, targets) in records.iter().zip(&targets) {
            for ((at, target), mention) in (0..).zip(&**targets).zip(from.mentions.iter()) {
                if let Target::Record(target) = target {
                    citations[*target as usize].push(MentionId {
                        from: from.number,
                        at,
                        field: mention.hash,
                    });
                }
            }
        }
        let sorted = records.iter().map(order).collect();
        References { targets, citations, sorted }
    }

    fn find(&self, record: &Record, wanted: ReferenceKey) -> Option<usize> {
        let order = self.sorted.get(record.number as usize)?;
        let first = order.partition_point(|at| key(&record.mentions[*at as usize]) < wanted);
        order.get(first).map(|at| *at as usize).filter(|at| key(&record.mentions[*at]) == wanted)
    }

    pub(super) fn targets(&self, number: u32) -> &[Target] {
        &self.targets[number as usize]
    }

    /// As [`References::targets`]. Targets that are records must not be changed, because citations are not updated.
    pub(super) fn targets_mut(&mut self, number: u32) -> &mut [Target] {
        &mut self.targets[number as usize]
    }

    fn citations(&self, number: u32) -> &[MentionId] {
        &self.citations[number as usize]
    }
}

impl Catalog {
    pub fn references<'s>(
        &'s self,
        record: &'s Record,
    ) -> impl ExactSizeIterator<Item = Reference<'s>> + Clone {
        let targets = self.references.targets(record.number);
        record.mentions.iter().zip(targets).map(|(mention, target)| Reference { mention, target: *target })
    }

    pub fn reference<'s>(&'s self, record: &'s Record, at: usize) -> Option<Reference<'s>> {
        self.references(record).nth(at)
    }

    pub fn reference_at<'s>(&'s self, record: &'s Record, wanted: ReferenceKey) -> Option<Reference<'s>> {
        let at = self.references.find(record, wanted)?;
        self.reference(record, at)
    }

    pub fn citations<'s>(&'s self, record: &Record) -> impl ExactSizeIterator<Item = Citation<'s>> + Clone {
        self.references.citations(record.number).iter().map(|it| self.with_mention(it))
    }

    /// Returns the references to a record, only those by a kind and in a field if they are given. The upper bound of the length is how many
    /// are looked at.
    pub fn citations_by<'s>(
        &'s self,
        record: &Record,
        kind: Option<&str>,
        field: Option<&str>,
    ) -> impl Iterator<Item = Citation<'s>> {
        let all = self.references.citations(record.number);
        // Both are in the order of the records, and those of a kind are mostly beside each other.
        let of_kind = kind.filter(|_| !all.is_empty()).map(|kind| self.of_kind(kind));
        let found = match of_kind {
            Some([first, .., last] | [first @ last]) => {
                &all[all.partition_point(|it| it.from < *first)..all.partition_point(|it| it.from <= *last)]
            }
            Some([]) => &[],
            None => all,
        };
        let hash = field.map(FieldHash::of_path);
        let may_be = move |it: &&MentionId| {
            hash.is_none_or(|hash| it.field == hash)
                && kind.is_none_or(|kind| *self.record(it.from).kind.name == *kind)
        };
        let is_in = move |citation: &Citation| field.is_none_or(|field| citation.mention.is_in(field));
        found.iter().filter(may_be).map(|it| self.with_mention(it)).filter(is_in)
    }

    fn with_mention(&self, &MentionId { from, at, .. }: &MentionId) -> Citation<'_> {
        Citation { from, mention: &self.record(from).mentions[at as usize] }
    }
}
