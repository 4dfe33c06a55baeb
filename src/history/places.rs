//! Which records there are at a timeline's end, and where.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use gix::ObjectId;

use super::checkpoint::Checkpoint;
use super::lives::Lives;
use super::version::RecordIdentity;
use crate::cache::Damaged;
use crate::record::Record;
use crate::snapshot::BlobId;

/// The records by the numbers of their lives. Those of a checkpoint are known by it, but for the files that have
/// changed since.
#[derive(Default)]
pub(super) struct Places {
    checkpoint: Option<Arc<Checkpoint>>,
    by_path: HashMap<Arc<str>, There>,
    /// Of these files only: where each record stands, and its life.
    by_identity: HashMap<RecordIdentity, Vec<(Arc<str>, usize)>>,
}

/// What is in a file.
#[derive(Default)]
struct There {
    /// What Git calls its bytes.
    blob: Option<ObjectId>,
    /// The records, in their order.
    lives: Vec<usize>,
}

/// A record of the timeline's end, and where that is.
pub(super) struct Placed {
    pub path: Arc<str>,
    /// What Git calls the bytes of the file.
    pub blob: Option<ObjectId>,
    pub life: usize,
}

/// What was found of a record of today.
pub(super) struct Found<'p> {
    pub life: usize,
    /// The file in which the timeline's end has it, where no other record is called the same: else which of them
    /// it is may be a guess.
    path: Option<Cow<'p, str>>,
}

impl Places {
    pub fn of(checkpoint: Arc<Checkpoint>) -> Places {
        Places { checkpoint: Some(checkpoint), ..Places::default() }
    }

    /// Takes the records out of a file that has changed, and now has these bytes.
    pub fn take(&mut self, path: &Arc<str>, blob: Option<ObjectId>) -> Result<Vec<usize>, Damaged> {
        if let Some(there) = self.by_path.get_mut(path) {
            there.blob = blob;
            return Ok(std::mem::take(&mut there.lives));
        }
        let there = self.stored_in(path)?.collect();
        self.by_path.insert(path.clone(), There { blob, lives: Vec::new() });
        Ok(there)
    }

    /// Adds a record to a file that others were taken out of.
    pub fn put(&mut self, path: &Arc<str>, life: usize) {
        self.by_path.entry(path.clone()).or_default().lives.push(life);
    }

    /// To be called when everything is in its place.
    pub fn identify(&mut self, lives: &Lives) -> Result<(), Damaged> {
        self.by_identity.clear();
        for (path, there) in &self.by_path {
            for &life in &there.lives {
                let identity = lives.identity(life)?;
                self.by_identity.entry(identity).or_default().push((path.clone(), life));
            }
        }
        Ok(())
    }

    /// A record of today; none where the timeline's end does not have it. One that has moved since is known by its
    /// identity.
    pub fn find(&self, record: &Record, lives: &Lives) -> Result<Option<Found<'_>>, Damaged> {
        let identity = RecordIdentity::of(record);
        let mut two = self.two_of(&identity)?;
        if two.len() < 2 {
            return Ok(two.pop().map(|(path, life)| Found { life, path: Some(path) }));
        }
        let since = self.by_path.get(&record.path).map(|there| &there.lives);
        let stored = if since.is_none() { self.stored_in(&record.path)? } else { 0..0 };
        for life in since.into_iter().flatten().copied().chain(stored) {
            if lives.identity(life)? == identity {
                return Ok(Some(Found { life, path: None }));
            }
        }
        Ok(None)
    }

    /// Whether a record that was found has the values of the timeline's end, because its file, which has these bytes
    /// today, has them there too.
    pub fn is_unchanged(&self, record: &Record, found: &Found<'_>, blob: BlobId) -> Result<bool, Damaged> {
        if found.path.as_deref() != Some(&*record.path) {
            return Ok(false);
        }
        match (self.by_path.get(&record.path), &self.checkpoint) {
            (Some(there), _) => Ok(there.blob.is_some_and(|it| it.as_bytes() == blob.as_bytes())),
            (None, Some(checkpoint)) => Ok(*checkpoint.blob(found.life)? == *blob.as_bytes()),
            (None, None) => Ok(false),
        }
    }

    /// The only record of an identity, or two of those that there are: where each stands, and its life.
    fn two_of(&self, identity: &RecordIdentity) -> Result<Vec<(Cow<'_, str>, usize)>, Damaged> {
        let since = self.by_identity.get(identity).into_iter().flatten().take(2);
        let mut found: Vec<_> = since.map(|(path, life)| (Cow::Borrowed(&**path), *life)).collect();
        let Some(checkpoint) = &self.checkpoint else { return Ok(found) };
        for record in checkpoint.like(identity)? {
            if found.len() == 2 || !checkpoint.is(record, identity)? {
                continue;
            }
            let path = checkpoint.path(record)?;
            if !self.by_path.contains_key(&*path) {
                found.push((path, record));
            }
        }
        Ok(found)
    }

    /// All records in the order of their places.
    pub fn all(&self) -> Result<Vec<Placed>, Damaged> {
        let placed = |path: &Arc<str>, blob, life| Placed { path: path.clone(), blob, life };
        let mut all: Vec<Placed> = Vec::new();
        for (path, there) in &self.by_path {
            all.extend(there.lives.iter().map(|&life| placed(path, there.blob, life)));
        }
        if let Some(checkpoint) = &self.checkpoint {
            let mut next = 0;
            while next < checkpoint.records() {
                let path: Arc<str> = checkpoint.path(next)?.into();
                let there = checkpoint.within(&path)?;
                if !self.by_path.contains_key(&path) {
                    for life in there.clone() {
                        all.push(placed(&path, Some(checkpoint.object(life)?), life));
                    }
                }
                next = there.end.max(next + 1);
            }
        }
        // The records of one file are in their order already.
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(all)
    }

    fn stored_in(&self, path: &str) -> Result<Range<usize>, Damaged> {
        self.checkpoint.as_ref().map_or(Ok(0..0), |checkpoint| checkpoint.within(path))
    }
}
