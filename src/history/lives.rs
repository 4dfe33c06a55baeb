//! The lives of records: those that a walk has just told, and those that are stored and read when somebody
//! asks for them.

use std::borrow::Cow;

use super::checkpoint::{Checkpoint, Damaged};
use super::meaning::Life;
use super::version::Identity;

/// Lives by their numbers. The first are those of the checkpoint, unless a newer commit has changed them.
#[derive(Default)]
pub(super) struct Lives {
    checkpoint: Option<Checkpoint>,
    /// None where the life is as the checkpoint has it.
    own: Vec<Option<Box<Life>>>,
}

impl Lives {
    pub fn stored(checkpoint: Checkpoint) -> Lives {
        let own = (0..checkpoint.count()).map(|_| None).collect();
        Lives { checkpoint: Some(checkpoint), own }
    }

    /// Adds a life; gives its number.
    pub fn add(&mut self, life: Life) -> usize {
        self.own.push(Some(Box::new(life)));
        self.own.len() - 1
    }

    pub fn get(&self, number: usize) -> Result<Cow<'_, Life>, Damaged> {
        match self.own.get(number) {
            Some(Some(life)) => Ok(Cow::Borrowed(life)),
            _ => self.kept(number).map(Cow::Owned),
        }
    }

    /// The life, to be changed.
    pub fn own(&mut self, number: usize) -> Result<&mut Life, Damaged> {
        let kept = match self.own.get(number) {
            Some(Some(_)) => None,
            _ => Some(self.kept(number)?),
        };
        let place = self.own.get_mut(number).ok_or(Damaged)?;
        if let Some(life) = kept {
            *place = Some(Box::new(life));
        }
        place.as_deref_mut().ok_or(Damaged)
    }

    /// Which record it is the life of, told without reading a stored one.
    pub fn identity(&self, number: usize) -> Result<Identity, Damaged> {
        match self.own.get(number) {
            Some(Some(life)) => Ok(life.now.identity.clone()),
            _ => self.checkpoint.as_ref().and_then(|it| it.identity(number)).ok_or(Damaged),
        }
    }

    fn kept(&self, number: usize) -> Result<Life, Damaged> {
        self.checkpoint.as_ref().and_then(|it| it.life(number)).ok_or(Damaged)
    }
}
