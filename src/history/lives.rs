//! The lives of records, and commits: those that a walk has just told, and those that are stored and read when
//! somebody asks for them.

use std::sync::{Arc, OnceLock};

use super::changes::Committed;
use super::checkpoint::Checkpoint;
use super::meaning::{Life, Moment};
use super::timeline::Commit;
use super::version::RecordIdentity;
use crate::cache::Damaged;

/// Things by their numbers. The first are those of a checkpoint, unless they have been changed since.
pub(super) struct Numbered<T> {
    checkpoint: Option<(Arc<Checkpoint>, Read<T>)>,
    /// Empty where nobody has asked yet for one of the checkpoint.
    things: Vec<OnceLock<Box<T>>>,
}

/// How one of the checkpoint is read.
type Read<T> = fn(&Checkpoint, usize) -> Result<T, Damaged>;

pub(super) type Lives = Numbered<Life>;
pub(super) type Commits = Numbered<Commit>;

impl<T> Default for Numbered<T> {
    fn default() -> Numbered<T> {
        Numbered { checkpoint: None, things: Vec::new() }
    }
}

impl<T> Numbered<T> {
    fn stored(checkpoint: Arc<Checkpoint>, count: usize, read: Read<T>) -> Numbered<T> {
        let things = (0..count).map(|_| OnceLock::new()).collect();
        Numbered { checkpoint: Some((checkpoint, read)), things }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// Adds one; gives its number.
    pub fn add(&mut self, thing: T) -> usize {
        self.things.push(OnceLock::from(Box::new(thing)));
        self.things.len() - 1
    }

    pub fn get(&self, number: usize) -> Result<&T, Damaged> {
        let place = self.things.get(number).ok_or(Damaged)?;
        if let Some(thing) = place.get() {
            return Ok(thing);
        }
        let (checkpoint, read) = self.checkpoint.as_ref().ok_or(Damaged)?;
        let stored = Box::new(read(checkpoint, number)?);
        Ok(place.get_or_init(|| stored))
    }

    /// The thing, to be changed.
    pub fn own(&mut self, number: usize) -> Result<&mut T, Damaged> {
        self.get(number)?;
        let thing = self.things.get_mut(number).and_then(OnceLock::get_mut);
        thing.map(Box::as_mut).ok_or(Damaged)
    }

    /// The thing if it is known already, or where to read of it.
    fn known(&self, number: usize) -> Result<Result<&T, &Checkpoint>, Damaged> {
        let place = self.things.get(number).ok_or(Damaged)?;
        match (place.get(), &self.checkpoint) {
            (Some(thing), _) => Ok(Ok(thing)),
            (None, Some((checkpoint, _))) => Ok(Err(checkpoint)),
            (None, None) => Err(Damaged),
        }
    }
}

impl Commits {
    pub fn of(checkpoint: Arc<Checkpoint>) -> Commits {
        let count = checkpoint.commits();
        Numbered::stored(checkpoint, count, Checkpoint::commit)
    }
}

/// What is asked of a life most often is told without reading all of a stored one.
impl Lives {
    pub fn of(checkpoint: Arc<Checkpoint>) -> Lives {
        let count = checkpoint.records();
        Numbered::stored(checkpoint, count, Checkpoint::life)
    }

    /// Which record it is the life of.
    pub fn identity(&self, number: usize) -> Result<RecordIdentity, Damaged> {
        match self.known(number)? {
            Ok(life) => Ok(life.now.identity.clone()),
            Err(checkpoint) => checkpoint.identity(number),
        }
    }

    /// When the record came to be.
    pub fn created(&self, number: usize) -> Result<Moment, Damaged> {
        match self.known(number)? {
            Ok(life) => Ok(life.created.clone()),
            Err(checkpoint) => checkpoint.created(number),
        }
    }

    /// The changes of one field or part of a field, from the oldest.
    pub fn changes(&self, number: usize, field: &str) -> Result<Vec<Committed<'_>>, Damaged> {
        match self.known(number)? {
            Ok(life) => Ok(life.fields.get(field).into_iter().flatten().map(Committed::of).collect()),
            Err(checkpoint) => checkpoint.changes(number, field),
        }
    }
}
