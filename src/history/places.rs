//! Which records there are at a timeline's end, and where.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::checkpoint::Checkpoint;
use super::lives::Lives;
use super::version::Identity;
use crate::kept::Damaged;
use crate::record::Record;

/// The records by the numbers of their lives. Those of a checkpoint are known by it, but for the files that have
/// changed since.
#[derive(Default)]
pub(super) struct Places {
    checkpoint: Option<Arc<Checkpoint>>,
    /// The records of each file, in their order.
    by_path: HashMap<Arc<str>, Vec<usize>>,
    /// Of these files only.
    by_identity: HashMap<Identity, Vec<usize>>,
}

impl Places {
    pub fn of(checkpoint: Arc<Checkpoint>) -> Places {
        Places { checkpoint: Some(checkpoint), ..Places::default() }
    }

    /// Takes the records out of a file that has changed.
    pub fn take(&mut self, path: &Arc<str>) -> Result<Vec<usize>, Damaged> {
        if let Some(there) = self.by_path.get_mut(path) {
            return Ok(std::mem::take(there));
        }
        let there = self.stored_in(path)?.collect();
        self.by_path.insert(path.clone(), Vec::new());
        Ok(there)
    }

    /// Adds a record to a file that others were taken out of.
    pub fn put(&mut self, path: &Arc<str>, life: usize) {
        self.by_path.entry(path.clone()).or_default().push(life);
    }

    /// To be called when everything is in its place.
    pub fn identify(&mut self, lives: &Lives) -> Result<(), Damaged> {
        self.by_identity.clear();
        for &life in self.by_path.values().flatten() {
            self.by_identity.entry(lives.identity(life)?).or_default().push(life);
        }
        Ok(())
    }

    /// The life of a record of today; none where the timeline's end does not have it. One that has moved since is
    /// known by its identity.
    pub fn find(&self, record: &Record, lives: &Lives) -> Result<Option<usize>, Damaged> {
        let identity = Identity::of(record);
        match *self.two_of(&identity)?.as_slice() {
            [] => return Ok(None),
            [only] => return Ok(Some(only)),
            _ => {}
        }
        let since = self.by_path.get(&record.path);
        let stored = if since.is_none() { self.stored_in(&record.path)? } else { 0..0 };
        for life in since.into_iter().flatten().copied().chain(stored) {
            if lives.identity(life)? == identity {
                return Ok(Some(life));
            }
        }
        Ok(None)
    }

    /// The only record of an identity, or two of those that there are.
    fn two_of(&self, identity: &Identity) -> Result<Vec<usize>, Damaged> {
        let mut found: Vec<usize> =
            self.by_identity.get(identity).into_iter().flatten().take(2).copied().collect();
        if let Some(checkpoint) = &self.checkpoint {
            for record in checkpoint.like(identity)? {
                if found.len() < 2 && checkpoint.is(record, identity)? && self.has_stayed(record)? {
                    found.push(record);
                }
            }
        }
        Ok(found)
    }

    /// All records in the order of their places, each by its path and its life.
    pub fn all(&self) -> Result<Vec<(Arc<str>, usize)>, Damaged> {
        let mut all: Vec<(Arc<str>, Vec<usize>)> =
            self.by_path.iter().map(|(path, lives)| (path.clone(), lives.clone())).collect();
        if let Some(checkpoint) = &self.checkpoint {
            let mut next = 0;
            while next < checkpoint.records() {
                let path = checkpoint.path(next)?;
                let there = checkpoint.within(&path)?;
                next = there.end.max(next + 1);
                if !self.by_path.contains_key(&*path) {
                    all.push((path.into(), there.collect()));
                }
            }
        }
        all.sort();
        Ok(all
            .into_iter()
            .flat_map(|(path, lives)| lives.into_iter().map(move |it| (path.clone(), it)))
            .collect())
    }

    /// Whether the file of a stored record has not changed since.
    fn has_stayed(&self, life: usize) -> Result<bool, Damaged> {
        if self.by_path.is_empty() {
            return Ok(true);
        }
        let path = self.checkpoint.as_ref().map(|it| it.path(life)).transpose()?;
        Ok(path.is_some_and(|path| !self.by_path.contains_key(&*path)))
    }

    fn stored_in(&self, path: &str) -> Result<Range<usize>, Damaged> {
        self.checkpoint.as_ref().map_or(Ok(0..0), |checkpoint| checkpoint.within(path))
    }
}
