//! What a walk came to, as bytes: written once, and of it only read what somebody asks for.
//!
//! The bytes are no format for others.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gix::ObjectId;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Known;
use super::meaning::{FieldChange, Life, Moment};
use super::message::Trailer;
use super::timeline::{self, Commit};
use super::version::{Identity, PastRecord};
use crate::kept::{Damaged, File};

/// The lives of the records at one commit.
pub(super) struct Checkpoint {
    texts: Vec<u8>,
    lives: Vec<u8>,
    index: Index,
    /// How many commits lives may name.
    commits: usize,
    /// The texts that nearly every life holds, such as the names of fields, each kept once.
    names: HashMap<u32, Arc<str>>,
}

/// What is read at once. Texts are meant by their numbers.
#[derive(Default, Serialize, Deserialize)]
struct Index {
    shallow: bool,
    /// Bytes of an object's identifier.
    hash: u8,
    records: Vec<StoredRecord>,
    /// Where each life ends among the lives' bytes.
    life_ends: Vec<u32>,
    /// Where each text ends among the texts' bytes.
    text_ends: Vec<u32>,
    changed: Vec<(u32, u32)>,
    names: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord {
    path: u32,
    kind: u32,
    key: u32,
    scope: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredCommit {
    /// Year, month, day.
    date: (i16, i8, i8),
    author: StoredIdentity,
    trailers: Vec<(u32, StoredIdentity)>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct StoredIdentity {
    name: u32,
    email: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredLife {
    moments: Vec<StoredMoment>,
    /// The number of a moment.
    created: u32,
    fields: Vec<(u32, Vec<StoredChange>)>,
}

/// The new value, and the number of the moment. What was there before is what the change before it brought.
type StoredChange = (Option<u32>, u32);

#[derive(Serialize, Deserialize)]
struct StoredMoment {
    commit: u32,
    merge: Option<u32>,
    touched: Vec<u32>,
    boundary: bool,
}

/// The sections of a file, by their numbers.
mod section {
    pub const INDEX: usize = 0;
    pub const COMMITS: usize = 1;
    /// Identifiers of commits.
    pub const IDS: usize = 2;
    /// Identifiers of all that is reachable.
    pub const REACHABLE: usize = 3;
    pub const TEXTS: usize = 4;
    pub const LIVES: usize = 5;
    /// How many there are.
    pub const ALL: usize = 6;
}

impl Checkpoint {
    /// Everything that is known, as the sections of a file; none where it is too large to be worth keeping, or
    /// was damaged.
    pub fn write(known: &Known) -> Option<[Vec<u8>; section::ALL]> {
        let mut texts = Texts::default();
        let mut index = Index { shallow: known.shallow, ..Index::default() };
        let commits: Option<Vec<StoredCommit>> =
            known.commits.iter().map(|commit| texts.commit(commit)).collect();
        let mut lives = Vec::new();
        let mut names: BTreeMap<u32, usize> = BTreeMap::new();
        for (path, life) in known.meaning.each_life() {
            let life = life.ok()?;
            let Identity { kind, key, scope } = &life.now.identity;
            index.records.push(StoredRecord {
                path: texts.number(path)?,
                kind: texts.number(kind)?,
                key: texts.number(key)?,
                scope: texts.number(scope)?,
            });
            let stored = texts.life(life)?;
            let of_this = stored.fields.iter().map(|(name, _)| *name).chain([index.records.last()?.kind]);
            of_this.for_each(|name| *names.entry(name).or_default() += 1);
            lives = postcard::to_extend(&stored, lives).ok()?;
            index.life_ends.push(lives.len().try_into().ok()?);
        }
        let counts = known.meaning.changed();
        index.changed =
            counts.filter_map(|(at, count)| Some((at.try_into().ok()?, count.try_into().ok()?))).collect();
        index.changed.sort_unstable();
        index.names = names.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect();
        index.text_ends = texts.ends;
        index.hash = known.reachable.first().map_or(0, |id| id.as_bytes().len() as u8);
        let ids: Vec<u8> = known.commits.iter().flat_map(|commit| commit.id.bytes()).collect();
        let reachable: Vec<u8> =
            known.reachable.iter().flat_map(|id| id.as_bytes().iter().copied()).collect();
        let (index, commits) = (postcard::to_stdvec(&index).ok()?, postcard::to_stdvec(&commits?).ok()?);
        Some([index, commits, ids, reachable, texts.joined.into_bytes(), lives])
    }

    /// Reads everything that is known back from a file.
    pub fn read(file: &File) -> Result<Known, Damaged> {
        let index: Index = read(&file.section(section::INDEX)?)?;
        index.in_order().then_some(()).ok_or(Damaged)?;
        let stored: Vec<StoredCommit> = read(&file.section(section::COMMITS)?)?;
        let (ids, reachable) = (file.section(section::IDS)?, file.section(section::REACHABLE)?);
        let (texts, lives) = (file.section(section::TEXTS)?, file.section(section::LIVES)?);
        let (texts, lives) = (texts.into_owned(), lives.into_owned());
        let mut checkpoint = Checkpoint { texts, lives, index, commits: stored.len(), names: HashMap::new() };
        let names = checkpoint.index.names.iter().map(|&name| Some((name, checkpoint.text(name)?.into())));
        checkpoint.names = names.collect::<Option<_>>().ok_or(Damaged)?;
        let width = usize::from(checkpoint.index.hash).max(1);
        let ids = ids.chunks(2 * width).zip(&stored).map(|(id, commit)| checkpoint.commit(id, commit));
        let commits = ids.collect::<Option<Vec<Commit>>>().filter(|commits| commits.len() == stored.len());
        let reachable = reachable.chunks(width).map(|id| ObjectId::try_from(id).ok());
        Ok(Known {
            commits: commits.ok_or(Damaged)?,
            reachable: reachable.collect::<Option<_>>().ok_or(Damaged)?,
            shallow: checkpoint.index.shallow,
            only: None,
            meaning: super::meaning::Meaning::stored(checkpoint).ok_or(Damaged)?,
        })
    }

    /// How many lives there are.
    pub fn count(&self) -> usize {
        self.index.records.len()
    }

    pub fn path(&self, life: usize) -> Option<Arc<str>> {
        self.text(self.index.records.get(life)?.path).map(Arc::from)
    }

    pub fn identity(&self, life: usize) -> Option<Identity> {
        let record = self.index.records.get(life)?;
        let (key, scope) = (self.text(record.key)?.into(), self.text(record.scope)?.into());
        Some(Identity { kind: self.shared(record.kind)?, key, scope })
    }

    pub fn changed(&self) -> impl Iterator<Item = (usize, usize)> {
        self.index.changed.iter().map(|&(commit, records)| (commit as usize, records as usize))
    }

    pub fn life(&self, number: usize) -> Option<Life> {
        let life: StoredLife = read(part(&self.lives, &self.index.life_ends, number)?).ok()?;
        let moments = life.moments.into_iter().map(|moment| self.moment(moment));
        let moments = moments.collect::<Option<Vec<Moment>>>()?;
        let mut fields = BTreeMap::new();
        for (name, stored) in life.fields {
            let name = self.shared(name)?;
            let mut changes: Vec<FieldChange> = Vec::with_capacity(stored.len());
            for (value, moment) in stored {
                let value = value.map(|value| self.shared(value).ok_or(())).transpose().ok()?;
                let before = changes.last().and_then(|change| change.value.clone());
                changes.push(FieldChange { value, before, moment: moments.get(moment as usize)?.clone() });
            }
            fields.insert(name, changes);
        }
        let now = fields.iter().filter_map(|(name, it)| Some((name.clone(), it.last()?.value.clone()?)));
        let now = Arc::new(PastRecord { identity: self.identity(number)?, fields: now.collect() });
        Some(Life { created: moments.get(life.created as usize)?.clone(), fields, now })
    }

    fn moment(&self, stored: StoredMoment) -> Option<Moment> {
        let number = |commit: u32| Some(commit as usize).filter(|number| *number < self.commits);
        Some(Moment {
            commit: number(stored.commit)?,
            merge: stored.merge.map(|merge| number(merge).ok_or(())).transpose().ok()?,
            touched: stored.touched.into_iter().map(number).collect::<Option<_>>()?,
            boundary: stored.boundary,
        })
    }

    fn commit(&self, id: &[u8], stored: &StoredCommit) -> Option<Commit> {
        let (year, month, day) = stored.date;
        let trailer = |(key, who): &(u32, StoredIdentity)| {
            Some(Trailer { key: self.text(*key)?.into(), who: self.who(*who)? })
        };
        Some(Commit {
            id: std::str::from_utf8(id).ok()?.into(),
            date: Date::new(year, month, day).ok()?,
            author: self.who(stored.author)?,
            trailers: stored.trailers.iter().map(trailer).collect::<Option<_>>()?,
        })
    }

    fn who(&self, who: StoredIdentity) -> Option<timeline::Identity> {
        Some(timeline::Identity { name: self.text(who.name)?.into(), email: self.text(who.email)?.into() })
    }

    fn shared(&self, number: u32) -> Option<Arc<str>> {
        self.names.get(&number).cloned().or_else(|| self.text(number).map(Arc::from))
    }

    fn text(&self, number: u32) -> Option<&str> {
        std::str::from_utf8(part(&self.texts, &self.index.text_ends, number as usize)?).ok()
    }
}

/// One of the parts that stand one after the other in a section.
fn part<'s>(section: &'s [u8], ends: &[u32], number: usize) -> Option<&'s [u8]> {
    let start = number.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
    section.get(start as usize..*ends.get(number)? as usize)
}

impl Index {
    /// Whether what is to stand one after the other does: then no text is longer than all of them.
    fn in_order(&self) -> bool {
        let Index { life_ends, text_ends, names, .. } = self;
        life_ends.is_sorted() && text_ends.is_sorted() && names.is_sorted_by(|one, next| one < next)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Damaged> {
    postcard::from_bytes(bytes).map_err(|_| Damaged)
}

/// Texts, each kept once.
#[derive(Default)]
struct Texts {
    joined: String,
    ends: Vec<u32>,
    numbers: HashMap<Box<str>, u32>,
}

impl Texts {
    /// The number of a text; none where there are more than numbers.
    fn number(&mut self, text: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        let number = self.ends.len().try_into().ok()?;
        self.joined.push_str(text);
        self.ends.push(self.joined.len().try_into().ok()?);
        self.numbers.insert(text.into(), number);
        Some(number)
    }

    fn commit(&mut self, commit: &Commit) -> Option<StoredCommit> {
        let date = (commit.date.year(), commit.date.month(), commit.date.day());
        let author = self.who(&commit.author)?;
        let trailers = commit.trailers.iter().map(|it| Some((self.number(&it.key)?, self.who(&it.who)?)));
        Some(StoredCommit { date, author, trailers: trailers.collect::<Option<_>>()? })
    }

    fn who(&mut self, who: &timeline::Identity) -> Option<StoredIdentity> {
        Some(StoredIdentity { name: self.number(&who.name)?, email: self.number(&who.email)? })
    }

    fn life(&mut self, life: &Life) -> Option<StoredLife> {
        let mut moments = Vec::new();
        let mut known: HashMap<&Moment, u32> = HashMap::new();
        let mut moment = |moment| {
            if let Some(number) = known.get(moment) {
                return Some(*number);
            }
            let number = moments.len().try_into().ok()?;
            moments.push(StoredMoment::of(moment)?);
            known.insert(moment, number);
            Some(number)
        };
        let created = moment(&life.created)?;
        let mut fields = Vec::with_capacity(life.fields.len());
        for (name, changes) in &life.fields {
            let mut stored = Vec::with_capacity(changes.len());
            for change in changes {
                let value = change.value.as_ref().map(|value| self.number(value).ok_or(()));
                stored.push((value.transpose().ok()?, moment(&change.moment)?));
            }
            fields.push((self.number(name)?, stored));
        }
        Some(StoredLife { moments, created, fields })
    }
}

impl StoredMoment {
    fn of(moment: &Moment) -> Option<StoredMoment> {
        let number = |commit: usize| u32::try_from(commit).ok();
        Some(StoredMoment {
            commit: number(moment.commit)?,
            merge: moment.merge.map(|merge| number(merge).ok_or(())).transpose().ok()?,
            touched: moment.touched.iter().map(|&commit| number(commit)).collect::<Option<_>>()?,
            boundary: moment.boundary,
        })
    }
}
