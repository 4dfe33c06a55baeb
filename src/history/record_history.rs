//! The history of one record, as one state sees it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::loaded::LoadedHistory;
use super::log::{LogEntries, RecordLog};
use super::revision::Revision;
use super::version::{RecordVersion, Values, value_in};
use crate::record::Record;

/// All changes of a record, as one state sees them.
pub struct RecordHistory<'h> {
    pub created: Revision<'h>,
    /// The changes of each field and part of a field that ever had a value, oldest first.
    pub fields: ChangesByField<'h>,
}

/// The changes of each field, oldest first.
pub(super) type ChangesByField<'h> = Vec<(Arc<str>, Vec<FieldChange<'h>>)>;

/// A change of a field's value.
#[derive(Clone)]
pub struct FieldChange<'h> {
    /// `None` if the field was removed.
    pub value: Option<Arc<str>>,
    pub before: Option<Arc<str>>,
    pub revision: Revision<'h>,
}

impl<'h> RecordHistory<'h> {
    /// The history of a record if no history is available.
    pub fn unknown(record: &Record) -> RecordHistory<'h> {
        RecordHistory::since(&Revision::Unknown(None), &RecordVersion::of(record))
    }

    /// The history of a record that was created with its current values.
    pub(super) fn since(revision: &Revision<'h>, current: &RecordVersion) -> RecordHistory<'h> {
        RecordHistory { created: revision.clone(), fields: created_with(revision, &current.fields) }
    }

    pub(super) fn new(
        history: &'h LoadedHistory,
        log: &RecordLog,
        current: &RecordVersion,
    ) -> RecordHistory<'h> {
        let fields = changes(history, &log.fields, [&log.current.fields, &current.fields]);
        RecordHistory { created: Revision::new(history, &log.created), fields }
    }

    /// Returns the changes of a field, oldest first.
    pub fn changes(&self, field: &str) -> &[FieldChange<'h>] {
        self.fields.iter().find(|(name, _)| **name == *field).map_or(&[], |(_, changes)| changes)
    }
}

/// Returns the changes of values that are as old as their record.
pub(super) fn created_with<'h>(revision: &Revision<'h>, values: &Values) -> ChangesByField<'h> {
    let created = |(name, value): &(Arc<str>, Arc<str>)| {
        let change = FieldChange { value: Some(value.clone()), before: None, revision: revision.clone() };
        (name.clone(), vec![change])
    };
    values.iter().map(created).collect()
}

/// Returns the logged changes, and the uncommitted ones from the values of the last commit to the current ones.
pub(super) fn changes<'h>(
    history: &'h LoadedHistory,
    log: &LogEntries,
    [committed, current]: [&Values; 2],
) -> ChangesByField<'h> {
    let mut fields: ChangesByField<'h> = Vec::new();
    for (name, entries) in log {
        let changes = entries.iter().map(|entry| FieldChange {
            value: entry.value.clone(),
            before: entry.before.clone(),
            revision: Revision::new(history, &entry.attribution),
        });
        fields.push((name.clone(), changes.collect()));
    }
    let names = committed.iter().chain(current).map(|(name, _)| name);
    for name in names.collect::<BTreeSet<_>>() {
        let (before, value) = (value_in(committed, name), value_in(current, name));
        if before == value {
            continue;
        }
        let (before, value) = (before.cloned(), value.cloned());
        let change = FieldChange { value, before, revision: Revision::Uncommitted };
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, changes)) => changes.push(change),
            None => fields.push((name.clone(), vec![change])),
        }
    }
    fields
}
