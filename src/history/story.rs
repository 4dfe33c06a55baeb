//! What is told of a record's past, as one state sees it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::Known;
use super::meaning::{FieldChange, Life, Moment};
use super::timeline::{Commit, Identity};
use super::version::PastRecord;
use crate::kept::Damaged;
use crate::record::Record;

/// A change of a field's value, as one state sees it.
#[derive(Clone)]
pub struct Change<'p> {
    /// None where the field was taken away.
    pub value: Option<Arc<str>>,
    pub before: Option<Arc<str>>,
    pub when: When<'p>,
}

/// When, and by whom, something changed.
#[derive(Clone)]
pub enum When<'p> {
    Commit {
        commit: &'p Commit,
        /// Everybody who stands under it: authors and trailers, also of the merge that brought it and of the
        /// other commits on its side that touched the record. The commit's author comes first.
        people: Vec<&'p Identity>,
        /// How many records it changed; none where not all files were looked at.
        records: Option<usize>,
        /// Its place in the main line, or that of the merge which brought it.
        step: usize,
    },
    /// Not committed yet.
    Now,
    /// At or before the end of a shallow clone: the commit that it ends with is of this day, where even that
    /// is known.
    Unknown(Option<Date>),
}

/// Everything that is known of a record's past.
pub struct Story<'p> {
    pub created: When<'p>,
    /// For each field and part of a field that ever had a value, its changes from the oldest.
    pub fields: Vec<(Arc<str>, Vec<Change<'p>>)>,
}

impl<'p> Story<'p> {
    /// A record of whose past nothing is known.
    pub fn unknown(record: &Record) -> Story<'p> {
        Story::since(&When::Unknown(None), &PastRecord::of(record))
    }

    /// A record whose values are all as old as itself.
    pub(super) fn since(when: &When<'p>, now: &PastRecord) -> Story<'p> {
        let change =
            |value: &Arc<str>| Change { value: Some(value.clone()), before: None, when: when.clone() };
        let fields = now.fields.iter().map(|(name, value)| (name.clone(), vec![change(value)])).collect();
        Story { created: when.clone(), fields }
    }

    /// What the state has otherwise than the last commit.
    pub(super) fn add_uncommitted(&mut self, life: &Life, now: &PastRecord) {
        let names = life.now.fields.iter().chain(&now.fields).map(|(name, _)| name);
        let mut seen = std::collections::BTreeSet::new();
        for name in names.filter(|name| seen.insert(*name)) {
            let (before, value) = (life.now.field(name), now.field(name));
            if before == value {
                continue;
            }
            let change = Change { value: value.cloned(), before: before.cloned(), when: When::Now };
            match self.fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, changes)) => changes.push(change),
                None => self.fields.push((name.clone(), vec![change])),
            }
        }
    }

    /// The changes of a field, from the oldest.
    pub fn changes(&self, field: &str) -> &[Change<'p>] {
        self.fields.iter().find(|(name, _)| **name == *field).map_or(&[], |(_, changes)| changes)
    }
}

impl<'p> Change<'p> {
    pub(super) fn of(known: &'p Known, change: &FieldChange) -> Result<Change<'p>, Damaged> {
        let FieldChange { value, before, moment } = change;
        Ok(Change { value: value.clone(), before: before.clone(), when: when(known, moment)? })
    }
}

impl When<'_> {
    /// What comes before what, also within one day: 0 for what is at or before the end of a shallow clone, the
    /// greatest number for what is not committed yet. What one merge brought has one number.
    pub fn order(&self) -> i64 {
        match self {
            When::Unknown(_) => 0,
            When::Commit { step, .. } => order(*step),
            When::Now => i64::MAX,
        }
    }

    /// The day; `today` for what is not committed yet.
    pub fn date(&self, today: Date) -> Option<Date> {
        match self {
            When::Commit { commit, .. } => Some(commit.date),
            When::Now => Some(today),
            When::Unknown(_) => None,
        }
    }

    /// The last day on which it can have been.
    pub fn latest(&self, today: Date) -> Option<Date> {
        if let When::Unknown(by) = self { *by } else { self.date(today) }
    }
}

pub(super) fn when<'p>(known: &'p Known, moment: &Moment) -> Result<When<'p>, Damaged> {
    let commit = known.commits.get(moment.commit)?;
    if moment.boundary {
        return Ok(When::Unknown(Some(commit.date)));
    }
    let mut people: Vec<&Identity> = vec![&commit.author];
    for of in [moment.commit].iter().chain(&*moment.touched) {
        add_people(known.commits.get(*of)?, &mut people);
    }
    if let Some(merge) = moment.merge {
        add_people(known.commits.get(merge)?, &mut people);
    }
    let mut seen = HashSet::new();
    people.retain(|who| seen.insert(*who));
    let records = (!known.of_some).then(|| known.meaning.records_changed(moment.commit)).transpose()?;
    Ok(When::Commit { commit, people, records, step: moment.step() })
}

/// Adds those who stand under a commit.
fn add_people<'p>(commit: &'p Commit, people: &mut Vec<&'p Identity>) {
    people.push(&commit.author);
    people.extend(commit.trailers.iter().map(|trailer| &trailer.who));
}

pub(super) fn order(step: usize) -> i64 {
    i64::try_from(step).map_or(i64::MAX, |step| step.saturating_add(1))
}
