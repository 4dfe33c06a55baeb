//! What is told of a record's past, as one state sees it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::Known;
use super::meaning::{Life, LogEntry, Moment};
use super::timeline::{Actor, Commit};
use super::version::RecordVersion;
use crate::cache::Damaged;
use crate::record::Record;

/// A change of a field's value, as one state sees it.
#[derive(Clone)]
pub struct FieldChange<'p> {
    /// None where the field was taken away.
    pub value: Option<Arc<str>>,
    pub before: Option<Arc<str>>,
    pub revision: Revision<'p>,
}

/// When, and by whom, something changed.
#[derive(Clone)]
pub enum Revision<'p> {
    Commit {
        commit: &'p Commit,
        /// Everybody who stands under it: authors and trailers, also of the merge that brought it and of the
        /// other commits on its side that touched the record. The commit's author comes first.
        people: Vec<&'p Actor>,
        /// How many records it changed; none where not all files were looked at.
        records: Option<usize>,
        /// Its place in the main line, or that of the merge which brought it.
        step: usize,
    },
    /// Not committed yet.
    Uncommitted,
    /// At or before the end of a shallow clone: the commit that it ends with is of this day, where even that
    /// is known.
    Unknown(Option<Date>),
}

/// Everything that is known of a record's past.
pub struct RecordHistory<'p> {
    pub created: Revision<'p>,
    /// For each field and part of a field that ever had a value, its changes from the oldest.
    pub fields: Vec<(Arc<str>, Vec<FieldChange<'p>>)>,
}

impl<'p> RecordHistory<'p> {
    /// A record of whose past nothing is known.
    pub fn unknown(record: &Record) -> RecordHistory<'p> {
        RecordHistory::since(&Revision::Unknown(None), &RecordVersion::of(record))
    }

    /// A record whose values are all as old as itself.
    pub(super) fn since(when: &Revision<'p>, now: &RecordVersion) -> RecordHistory<'p> {
        let change = |value: &Arc<str>| FieldChange {
            value: Some(value.clone()),
            before: None,
            revision: when.clone(),
        };
        let fields = now.fields.iter().map(|(name, value)| (name.clone(), vec![change(value)])).collect();
        RecordHistory { created: when.clone(), fields }
    }

    /// What the state has otherwise than the last commit.
    pub(super) fn add_uncommitted(&mut self, life: &Life, now: &RecordVersion) {
        let names = life.now.fields.iter().chain(&now.fields).map(|(name, _)| name);
        let mut seen = std::collections::BTreeSet::new();
        for name in names.filter(|name| seen.insert(*name)) {
            let (before, value) = (life.now.field(name), now.field(name));
            if before == value {
                continue;
            }
            let change = FieldChange {
                value: value.cloned(),
                before: before.cloned(),
                revision: Revision::Uncommitted,
            };
            match self.fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, changes)) => changes.push(change),
                None => self.fields.push((name.clone(), vec![change])),
            }
        }
    }

    /// The changes of a field, from the oldest.
    pub fn changes(&self, field: &str) -> &[FieldChange<'p>] {
        self.fields.iter().find(|(name, _)| **name == *field).map_or(&[], |(_, changes)| changes)
    }
}

impl<'p> FieldChange<'p> {
    pub(super) fn of(known: &'p Known, change: &LogEntry) -> Result<FieldChange<'p>, Damaged> {
        let LogEntry { value, before, moment } = change;
        Ok(FieldChange { value: value.clone(), before: before.clone(), revision: when(known, moment)? })
    }
}

impl Revision<'_> {
    /// What comes before what, also within one day: 0 for what is at or before the end of a shallow clone, the
    /// greatest number for what is not committed yet. What one merge brought has one number.
    pub fn order(&self) -> i64 {
        match self {
            Revision::Unknown(_) => 0,
            Revision::Commit { step, .. } => order(*step),
            Revision::Uncommitted => i64::MAX,
        }
    }

    /// The day; `today` for what is not committed yet.
    pub fn date(&self, today: Date) -> Option<Date> {
        match self {
            Revision::Commit { commit, .. } => Some(commit.date),
            Revision::Uncommitted => Some(today),
            Revision::Unknown(_) => None,
        }
    }

    /// The last day on which it can have been.
    pub fn latest(&self, today: Date) -> Option<Date> {
        if let Revision::Unknown(by) = self { *by } else { self.date(today) }
    }
}

pub(super) fn when<'p>(known: &'p Known, moment: &Moment) -> Result<Revision<'p>, Damaged> {
    let commit = known.commits.get(moment.commit)?;
    if moment.boundary {
        return Ok(Revision::Unknown(Some(commit.date)));
    }
    let mut people: Vec<&Actor> = vec![&commit.author];
    for of in [moment.commit].iter().chain(&*moment.touched) {
        add_people(known.commits.get(*of)?, &mut people);
    }
    if let Some(merge) = moment.merge {
        add_people(known.commits.get(merge)?, &mut people);
    }
    let mut seen = HashSet::new();
    people.retain(|who| seen.insert(*who));
    let records = (!known.of_some).then(|| known.meaning.records_changed(moment.commit)).transpose()?;
    Ok(Revision::Commit { commit, people, records, step: moment.step() })
}

/// Adds those who stand under a commit.
fn add_people<'p>(commit: &'p Commit, people: &mut Vec<&'p Actor>) {
    people.push(&commit.author);
    people.extend(commit.trailers.iter().map(|trailer| &trailer.who));
}

pub(super) fn order(step: usize) -> i64 {
    i64::try_from(step).map_or(i64::MAX, |step| step.saturating_add(1))
}
