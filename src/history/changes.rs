//! The changes of one field, as one state sees them. Which there are is known; what each was is read when somebody
//! asks for it, because most are asked for little.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::checkpoint::Checkpoint;
use super::meaning::{LogEntry, Moment};
use super::story::{Revision, order, when};
use super::{History, Known};
use crate::cache::Damaged;
use crate::record::Record;

/// The changes of one field of a record, from the oldest.
pub struct FieldChanges<'p> {
    pub(super) past: &'p History,
    pub(super) record: &'p Record,
    pub(super) field: Box<str>,
    pub(super) known: &'p Known,
    pub(super) committed: Vec<Committed<'p>>,
    /// What the state has otherwise than the last commit: the value, or that there is none.
    pub(super) uncommitted: Option<Option<Arc<str>>>,
}

/// A change that a commit made.
pub(super) struct Committed<'p> {
    /// None where the field was taken away.
    pub value: Option<Text<'p>>,
    pub moment: Moment,
}

/// A text of the past.
#[derive(Clone, Copy)]
pub(super) enum Text<'p> {
    Read(&'p str),
    /// The number of one that is kept.
    Kept(&'p Checkpoint, u32),
}

impl<'p> FieldChanges<'p> {
    /// The record whose field it is.
    pub fn record(&self) -> &'p Record {
        self.record
    }

    pub fn len(&self) -> usize {
        self.committed.len() + usize::from(self.uncommitted.is_some())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of each among all changes: see [`Revision::order`].
    pub fn orders(&self) -> impl Iterator<Item = i64> {
        (0..self.len()).map(|nth| self.order(nth))
    }

    /// What the field was changed to, or that it was taken away. None where that can't be told.
    pub fn value(&self, nth: usize) -> Option<Option<Cow<'p, str>>> {
        match &self.uncommitted {
            Some(value) if nth == self.committed.len() => {
                Some(value.as_deref().map(str::to_owned).map(Cow::Owned))
            }
            _ => self.ask(nth, |_, told| told.value()),
        }
    }

    /// What the field was before: what the change before that brought. None where that can't be told.
    pub fn before(&self, nth: usize) -> Option<Option<Cow<'p, str>>> {
        nth.checked_sub(1).map_or(Some(None), |before| self.value(before))
    }

    /// What comes before what; see [`Revision::order`].
    pub fn order(&self, nth: usize) -> i64 {
        self.committed.get(nth).map_or(Revision::Uncommitted.order(), |change| change.moment.order())
    }

    /// When it changed, and by whom; none where that can't be told.
    pub fn revision(&self, nth: usize) -> Option<Revision<'p>> {
        if self.uncommitted.is_some() && nth == self.committed.len() {
            return Some(Revision::Uncommitted);
        }
        self.ask(nth, |known, told| when(known, &told.moment))
    }

    /// Asks something of one that a commit made. Where it turns out that what is kept of it is damaged, all are told
    /// anew.
    fn ask<T>(
        &self,
        nth: usize,
        question: impl Fn(&'p Known, &Committed<'p>) -> Result<T, Damaged>,
    ) -> Option<T> {
        question(self.known, self.committed.get(nth)?).ok().or_else(|| {
            let known = self.past.known_anew()?;
            let (committed, _) = known.meaning.changes(self.record, &self.field, None).ok()?;
            question(known, committed.get(nth)?).ok()
        })
    }
}

impl fmt::Debug for FieldChanges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} changes of {:?}/{}", self.len(), self.record, self.field)
    }
}

impl<'p> Committed<'p> {
    pub fn of(change: &'p LogEntry) -> Committed<'p> {
        Committed { value: change.value.as_deref().map(Text::Read), moment: change.moment.clone() }
    }

    pub fn value(&self) -> Result<Option<Cow<'p, str>>, Damaged> {
        self.value.map(Text::read).transpose()
    }
}

impl<'p> Text<'p> {
    fn read(self) -> Result<Cow<'p, str>, Damaged> {
        match self {
            Text::Read(text) => Ok(Cow::Borrowed(text)),
            Text::Kept(checkpoint, number) => checkpoint.text(number),
        }
    }
}

impl Moment {
    /// See [`Revision::order`].
    fn order(&self) -> i64 {
        if self.boundary { 0 } else { order(self.step()) }
    }
}
