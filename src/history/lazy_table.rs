//! Tables whose first items are those of a checkpoint, read on first use.

use std::sync::{Arc, OnceLock};

use super::checkpoint::Checkpoint;
use super::log::{Attribution, LogEntry, RecordLog};
use super::timeline::Commit;
use super::version::RecordIdentity;

#[derive(Default)]
pub(super) struct LazyTable<T> {
    checkpoint: Option<(Arc<Checkpoint>, ReadItem<T>)>,
    items: Vec<OnceLock<Box<T>>>,
    /// The item of every other number, which only corrupt data contains.
    missing: T,
}

type ReadItem<T> = fn(&Checkpoint, usize) -> T;

pub(super) type RecordLogs = LazyTable<RecordLog>;
pub(super) type Commits = LazyTable<Commit>;

impl<T: Default> LazyTable<T> {
    fn stored(checkpoint: &Arc<Checkpoint>, count: usize, read: ReadItem<T>) -> LazyTable<T> {
        let items = (0..count).map(|_| OnceLock::new()).collect();
        LazyTable { checkpoint: Some((checkpoint.clone(), read)), items, missing: T::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn push(&mut self, item: T) -> usize {
        self.items.push(OnceLock::from(Box::new(item)));
        self.items.len() - 1
    }

    pub(super) fn get(&self, number: usize) -> &T {
        let read = || self.checkpoint.as_ref().map_or_else(T::default, |(it, read)| read(it, number));
        self.items.get(number).map_or(&self.missing, |item| item.get_or_init(|| Box::new(read())))
    }

    pub(super) fn get_mut(&mut self, number: usize) -> &mut T {
        self.get(number);
        let item = self.items.get_mut(number).and_then(OnceLock::get_mut);
        item.map_or(&mut self.missing, Box::as_mut)
    }

    /// Returns the checkpoint if it contains the item and that is not read yet.
    fn unread(&self, number: usize) -> Option<&Checkpoint> {
        let is_unread = self.items.get(number).is_some_and(|item| item.get().is_none());
        self.checkpoint.as_ref().filter(|_| is_unread).map(|(checkpoint, _)| &**checkpoint)
    }
}

impl Commits {
    pub(super) fn from_checkpoint(checkpoint: &Arc<Checkpoint>) -> Commits {
        LazyTable::stored(checkpoint, checkpoint.commit_count(), Checkpoint::commit)
    }
}

/// Frequent queries are answered without reading the whole log.
impl RecordLogs {
    pub(super) fn from_checkpoint(checkpoint: &Arc<Checkpoint>) -> RecordLogs {
        LazyTable::stored(checkpoint, checkpoint.record_count(), Checkpoint::log)
    }

    pub(super) fn identity(&self, record: usize) -> RecordIdentity {
        match self.unread(record) {
            Some(checkpoint) => checkpoint.identity(record),
            None => self.get(record).current.identity.clone(),
        }
    }

    pub(super) fn created(&self, record: usize) -> Attribution {
        match self.unread(record) {
            Some(checkpoint) => checkpoint.created(record),
            None => self.get(record).created.clone(),
        }
    }

    pub(super) fn changes(&self, record: usize, field: &str) -> Vec<LogEntry> {
        match self.unread(record) {
            Some(checkpoint) => checkpoint.changes(record, field),
            None => self.get(record).fields.get(field).cloned().unwrap_or_default(),
        }
    }
}
