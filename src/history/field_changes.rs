//! The changes of one field of a record.

use std::fmt;
use std::sync::Arc;

use super::loaded::LoadedHistory;
use super::log::LogEntry;
use super::revision::Revision;
use crate::kind::Field;
use crate::record::Record;

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

    /// Returns the name of the field, or the path of the part.
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

    /// Returns the [`Revision::order`] of each change.
    pub fn orders(&self) -> impl Iterator<Item = i64> {
        (0..self.len()).map(|index| self.order(index))
    }

    /// Returns the new value; `None` if the field was removed.
    pub fn value(&self, index: usize) -> Option<&Arc<str>> {
        let committed = self.committed.get(index).map(|change| &change.value);
        committed.or(self.uncommitted.as_ref())?.as_ref()
    }

    /// Returns the value before, which is that of the previous change.
    pub fn before(&self, index: usize) -> Option<&Arc<str>> {
        self.value(index.checked_sub(1)?)
    }

    /// Returns the [`Revision::order`] of a change.
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
