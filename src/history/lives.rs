//! The lives of records: those that a walk has just told, and those that are stored and read when somebody
//! asks for them.

use std::sync::OnceLock;

use super::checkpoint::Checkpoint;
use super::meaning::Life;
use super::version::Identity;
use crate::kept::Damaged;

/// Lives by their numbers. The first are those of the checkpoint, unless a newer commit has changed them.
#[derive(Default)]
pub(super) struct Lives {
    checkpoint: Option<Checkpoint>,
    /// Empty where nobody has asked yet for a life of the checkpoint.
    lives: Vec<OnceLock<Box<Life>>>,
}

impl Lives {
    pub fn stored(checkpoint: Checkpoint) -> Lives {
        let lives = (0..checkpoint.count()).map(|_| OnceLock::new()).collect();
        Lives { checkpoint: Some(checkpoint), lives }
    }

    /// Adds a life; gives its number.
    pub fn add(&mut self, life: Life) -> usize {
        self.lives.push(OnceLock::from(Box::new(life)));
        self.lives.len() - 1
    }

    pub fn get(&self, number: usize) -> Result<&Life, Damaged> {
        let place = self.lives.get(number).ok_or(Damaged)?;
        match place.get() {
            Some(life) => Ok(life),
            None => {
                let stored = Box::new(self.stored_life(number)?);
                Ok(place.get_or_init(|| stored))
            }
        }
    }

    /// The life, to be changed.
    pub fn own(&mut self, number: usize) -> Result<&mut Life, Damaged> {
        self.get(number)?;
        let life = self.lives.get_mut(number).and_then(OnceLock::get_mut);
        life.map(Box::as_mut).ok_or(Damaged)
    }

    /// Which record it is the life of, told without reading a stored one.
    pub fn identity(&self, number: usize) -> Result<Identity, Damaged> {
        match self.lives.get(number).and_then(OnceLock::get) {
            Some(life) => Ok(life.now.identity.clone()),
            None => self.checkpoint.as_ref().and_then(|it| it.identity(number)).ok_or(Damaged),
        }
    }

    fn stored_life(&self, number: usize) -> Result<Life, Damaged> {
        self.checkpoint.as_ref().and_then(|it| it.life(number)).ok_or(Damaged)
    }
}
