//! The history of the words with which a format states values: `implementable` and `implemented` both mean `accepted`.
//! Rules don't see it, because they judge what is meant.

use super::loaded::LoadedHistory;
use super::log::RecordLog;
use super::record_history::{ChangesByField, FieldChange, changes, created_with};
use super::revision::Revision;
use super::version;
use crate::record::Record;
use crate::text::Source;

/// All changes of the words of a record, as one state sees them.
pub struct WordHistory<'h>(ChangesByField<'h>);

impl<'h> WordHistory<'h> {
    /// The words of a record if no history is available. `source` is the record's file.
    pub fn unknown(record: &Record, source: &Source) -> WordHistory<'h> {
        WordHistory::since(&Revision::Unknown(None), record, source)
    }

    pub(super) fn since(revision: &Revision<'h>, record: &Record, source: &Source) -> WordHistory<'h> {
        WordHistory(created_with(revision, &version::words(record, source)))
    }

    pub(super) fn new(
        history: &'h LoadedHistory,
        log: &RecordLog,
        record: &Record,
        source: &Source,
    ) -> WordHistory<'h> {
        WordHistory(changes(history, &log.words, [&log.current.words, &version::words(record, source)]))
    }

    /// Returns the last change of how a field's value is written, given the last change of the value. `None` if the format
    /// has no other word for it, and had none before that change.
    pub fn last_change(&self, field: &str, of_value: &FieldChange<'h>) -> Option<FieldChange<'h>> {
        let (_, changes) = self.0.iter().find(|(name, _)| **name == *field)?;
        let word = changes.last()?;
        let (since, value_since) = (word.revision.order(), of_value.revision.order());
        if since < value_since {
            return None;
        }
        // A format without a word of its own writes the value.
        let before = if since == value_since { &of_value.before } else { &of_value.value };
        Some(FieldChange {
            value: word.value.as_ref().or(of_value.value.as_ref()).cloned(),
            before: word.before.as_ref().or(before.as_ref()).cloned(),
            revision: word.revision.clone(),
        })
    }
}
