//! The changes of one field of a record, each with when and by whom it was made.

use std::collections::HashSet;

use jiff::civil::Date;
use std::fmt;
use std::sync::Arc;

use super::field_histories::LoadedHistory;
use super::log::{Attribution, LogEntry, order};
use super::message::Actor;
use super::timeline::Commit;
use crate::kind::Field;
use crate::record::Record;

/// The commit that made a change, or why it is unknown.
#[derive(Clone)]
pub enum Revision<'h> {
    Commit {
        commit: &'h Commit,
        /// The author, then those of its merge and of other merged commits that changed the record, and whom their trailers name.
        people: Vec<&'h Actor>,
        records: usize,
        /// The number of the commit, or of its merge, on the main line.
        step: usize,
        landed: Date,
    },
    Uncommitted,
    /// At or before the end of a shallow clone; the date is that of its oldest commit, if known.
    Unknown(Option<Date>),
}

impl<'h> Revision<'h> {
    pub(super) fn new(history: &'h LoadedHistory, attribution: &Attribution) -> Revision<'h> {
        let Attribution { commit: number, merge, merged, boundary } = attribution;
        let commit = &history.commits[*number];
        if *boundary {
            return Revision::Unknown(Some(commit.date));
        }
        let mut people: Vec<&Actor> = Vec::new();
        for number in [number].into_iter().chain(&**merged).chain(merge) {
            let commit = &history.commits[*number];
            people.push(&commit.author);
            people.extend(&commit.trailers);
        }
        let mut seen = HashSet::new();
        people.retain(|who| seen.insert(*who));
        let records = history.changed.get(*number).copied().unwrap_or_default();
        let landed = merge.map_or(commit.date, |merge| history.commits[merge].date);
        Revision::Commit { commit, people, records, step: attribution.main_line(), landed }
    }

    /// Returns the order of changes, one for a merge: 0 at or before the end of a shallow clone, the maximum if uncommitted.
    pub fn order(&self) -> i64 {
        match self {
            Revision::Unknown(_) => 0,
            Revision::Commit { step, .. } => order(*step),
            Revision::Uncommitted => i64::MAX,
        }
    }

    pub fn date(&self, today: Date) -> Option<Date> {
        match self {
            Revision::Commit { commit, .. } => Some(commit.date),
            Revision::Uncommitted => Some(today),
            Revision::Unknown(_) => None,
        }
    }

    /// Returns the date on which the change came to the main line; `None` if that is unknown or if it is uncommitted.
    pub fn landed(&self) -> Option<Date> {
        if let Revision::Commit { landed, .. } = self { Some(*landed) } else { None }
    }
}

/// The changes of one field of a record, oldest first.
pub struct FieldChanges<'h> {
    record: &'h Record,
    field: Box<str>,
    history: &'h LoadedHistory,
    committed: Vec<LogEntry>,
    /// The current value, or that there is none, if it differs from that of the last commit.
    uncommitted: Option<Option<Arc<str>>>,
}

impl<'h> FieldChanges<'h> {
    pub(super) fn new(
        history: &'h LoadedHistory,
        record: &'h Record,
        field: &str,
        committed: Vec<LogEntry>,
        current: Option<Arc<str>>,
    ) -> FieldChanges<'h> {
        let before = committed.last().and_then(|change| change.value.as_ref());
        let uncommitted = (current.as_ref() != before).then_some(current);
        FieldChanges { record, field: field.into(), history, committed, uncommitted }
    }

    pub fn record(&self) -> &'h Record {
        self.record
    }

    pub fn name(&self) -> &str {
        &self.field
    }

    /// Returns the field, as the kind defines it; `None` if it doesn't.
    pub fn field(&self) -> Option<&'h Field> {
        let shape = &self.record.kind.shape;
        match self.field.rsplit_once('/') {
            Some((item, name)) => shape.field(item.split('/').next()?)?.ty.shape()?.field(name),
            None => shape.field(&self.field),
        }
    }

    pub fn len(&self) -> usize {
        self.committed.len() + usize::from(self.uncommitted.is_some())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn orders(&self) -> impl Iterator<Item = i64> {
        (0..self.len()).map(|index| self.order(index))
    }

    /// Returns the new value; `None` if the field was removed.
    pub fn value(&self, index: usize) -> Option<&Arc<str>> {
        let committed = self.committed.get(index).map(|change| &change.value);
        committed.or(self.uncommitted.as_ref())?.as_ref()
    }

    pub fn before(&self, index: usize) -> Option<&Arc<str>> {
        self.value(index.checked_sub(1)?)
    }

    pub fn order(&self, index: usize) -> i64 {
        self.committed.get(index).map_or(Revision::Uncommitted.order(), |change| change.attribution.order())
    }

    pub fn revision(&self, index: usize) -> Revision<'h> {
        let committed = self.committed.get(index);
        committed.map_or(Revision::Uncommitted, |it| Revision::new(self.history, &it.attribution))
    }
}

impl fmt::Debug for FieldChanges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} changes of {:?}/{}", self.len(), self.record, self.field)
    }
}
