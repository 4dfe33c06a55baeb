//! What a walk came to, as the sections of a kept file: written once, and of it only read what somebody asks
//! for.
//!
//! The bytes are no format for others. Texts, commits and records are meant by their numbers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::changes::{Committed, Text};
use super::meaning::{Life, LogEntry, Moment};
use super::message::Trailer;
use super::timeline::{self, Commit};
use super::version::{RecordIdentity, RecordVersion};
use crate::cache::{Damaged, File, numbers_of};

mod write;

pub(super) use write::sections;

/// The lives of the records at one commit.
pub(super) struct Checkpoint {
    file: File,
    head: Head,
    /// The first texts, which are those that nearly every life holds, such as the names of fields.
    names: Vec<OnceLock<Arc<str>>>,
}

/// The sections of the file, by their numbers.
mod section {
    pub const HEAD: usize = 0;
    pub const COMMIT_ENDS: usize = 1;
    pub const COMMITS: usize = 2;
    /// For each commit, how many records it changed.
    pub const CHANGED: usize = 3;
    /// The identifiers of all commits that were met.
    pub const REACHABLE: usize = 4;
    pub const TEXT_ENDS: usize = 5;
    pub const TEXTS: usize = 6;
    /// For each record its path, kind, key and scope, and what Git calls the bytes of its file; in the order of the
    /// paths.
    pub const RECORDS: usize = 7;
    /// The numbers of the records, of those together to which one bucket falls by their identity.
    pub const BUCKET_ENDS: usize = 8;
    pub const BUCKETS: usize = 9;
    pub const LIFE_ENDS: usize = 10;
    pub const LIVES: usize = 11;
}

#[derive(Serialize, Deserialize)]
struct Head {
    shallow: bool,
    /// Bytes of an object's identifier.
    hash: u8,
    /// How many texts are names.
    names: u32,
    commits: u32,
    records: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredCommit {
    /// The identifier in hexadecimal digits.
    id: Box<str>,
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

/// How a life begins. The changes of its fields follow.
#[derive(Serialize, Deserialize)]
struct StoredLife {
    moments: Vec<StoredMoment>,
    /// The number of a moment.
    created: u32,
    /// The name of each field, and of how many bytes its changes are; in the order of the names.
    fields: Vec<(u32, u32)>,
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

impl Checkpoint {
    /// What is in a file, of which nothing is read yet but how much there is.
    ///
    /// # Errors
    /// Here and with all that is asked: the file is not as it was written.
    pub fn new(file: File) -> Result<Checkpoint, Damaged> {
        let head: Head = decoded(&file.section(section::HEAD)?)?;
        let [commits, records] = [head.commits, head.records].map(|count| Some(count as usize));
        let is_whole = [section::COMMIT_ENDS, section::CHANGED].map(|it| file.rows::<1>(it)) == [commits; 2]
            && file.rows::<5>(section::RECORDS) == records
            && [section::BUCKET_ENDS, section::BUCKETS, section::LIFE_ENDS].map(|it| file.rows::<1>(it))
                == [records; 3]
            && file.rows::<1>(section::TEXT_ENDS) >= Some(head.names as usize);
        let names = (0..head.names).map(|_| OnceLock::new());
        is_whole.then(|| Checkpoint { names: names.collect(), head, file }).ok_or(Damaged)
    }

    /// Whether the clone ended somewhere in the walk.
    pub fn shallow(&self) -> bool {
        self.head.shallow
    }

    /// How many commits there are.
    pub fn commits(&self) -> usize {
        self.head.commits as usize
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.head.records as usize
    }

    pub fn commit(&self, number: usize) -> Result<Commit, Damaged> {
        let stored: StoredCommit =
            decoded(&self.file.piece(section::COMMIT_ENDS, section::COMMITS, number)?)?;
        let (year, month, day) = stored.date;
        let trailer = |(key, who): (u32, StoredIdentity)| {
            Ok(Trailer { key: self.text(key)?.into(), who: self.who(who)? })
        };
        Ok(Commit {
            id: stored.id,
            date: Date::new(year, month, day).map_err(|_| Damaged)?,
            author: self.who(stored.author)?,
            trailers: stored.trailers.into_iter().map(trailer).collect::<Result<_, Damaged>>()?,
        })
    }

    /// How many records a commit changed.
    pub fn records_changed(&self, commit: usize) -> Result<usize, Damaged> {
        self.file.row(section::CHANGED, commit).map(|[records]| records as usize)
    }

    /// Every commit that was met.
    pub fn reachable(&self) -> Result<Vec<ObjectId>, Damaged> {
        let ids = self.file.section(section::REACHABLE)?;
        let ids = ids.chunks(usize::from(self.head.hash).max(1));
        ids.map(|id| ObjectId::try_from(id).map_err(|_| Damaged)).collect()
    }

    fn row(&self, record: usize) -> Result<[u32; 5], Damaged> {
        self.file.row(section::RECORDS, record)
    }

    /// The file that a record stands in.
    pub fn path(&self, record: usize) -> Result<Cow<'_, str>, Damaged> {
        let [path, ..] = self.row(record)?;
        self.text(path)
    }

    /// The records that stand in a file.
    pub fn within(&self, path: &str) -> Result<Range<usize>, Damaged> {
        let start = first(self.records(), |record| Ok(*self.path(record)? >= *path))?;
        let end = first(self.records(), |record| Ok(*self.path(record)? > *path))?;
        Ok(start..end.max(start))
    }

    /// What Git calls the bytes of the file that a record stands in.
    pub fn blob(&self, record: usize) -> Result<Cow<'_, [u8]>, Damaged> {
        let [.., blob] = self.row(record)?;
        self.bytes(blob)
    }

    /// The same, as an identifier.
    pub fn object(&self, record: usize) -> Result<ObjectId, Damaged> {
        ObjectId::try_from(&*self.blob(record)?).map_err(|_| Damaged)
    }

    pub fn identity(&self, record: usize) -> Result<RecordIdentity, Damaged> {
        let [_, kind, key, scope, _] = self.row(record)?;
        let (key, scope) = (self.text(key)?.into(), self.text(scope)?.into());
        Ok(RecordIdentity { kind: self.shared(kind)?, key, scope })
    }

    /// The records of an identity, and perhaps others.
    pub fn like(&self, identity: &RecordIdentity) -> Result<Vec<usize>, Damaged> {
        let Some(bucket) = bucket(identity, self.records()) else { return Ok(Vec::new()) };
        let records = self.file.piece(section::BUCKET_ENDS, section::BUCKETS, bucket)?;
        Ok(numbers_of(&records).map(|record| record as usize).collect())
    }

    /// Whether a record is the one of an identity.
    pub fn is(&self, record: usize, identity: &RecordIdentity) -> Result<bool, Damaged> {
        let [_, kind, key, scope, _] = self.row(record)?;
        let is = |text, other: &str| Ok(*self.bytes(text)? == *other.as_bytes());
        Ok(is(key, &identity.key)? && is(scope, &identity.scope)? && is(kind, &identity.kind)?)
    }

    /// All that a record went through.
    pub fn life(&self, record: usize) -> Result<Life, Damaged> {
        let life = self.outline(record)?;
        let mut fields = BTreeMap::new();
        for (name, stored) in life.fields() {
            let mut changes: Vec<LogEntry> = Vec::new();
            for (value, moment) in self.changes_of(&life, stored?)? {
                let value = value.map(|value| self.shared(value)).transpose()?;
                let before = changes.last().and_then(|change| change.value.clone());
                changes.push(LogEntry { value, before, moment });
            }
            fields.insert(self.shared(name)?, changes);
        }
        let now = fields.iter().filter_map(|(name, it)| Some((name.clone(), it.last()?.value.clone()?)));
        let now = Arc::new(RecordVersion { identity: self.identity(record)?, fields: now.collect() });
        Ok(Life { created: self.moment(&life, life.stored.created)?, fields, now })
    }

    /// When a record came to be.
    pub fn created(&self, record: usize) -> Result<Moment, Damaged> {
        let life = self.outline(record)?;
        self.moment(&life, life.stored.created)
    }

    /// The changes of one field or part of a field, from the oldest.
    pub fn changes(&self, record: usize, field: &str) -> Result<Vec<Committed<'_>>, Damaged> {
        let life = self.outline(record)?;
        let fields = &life.stored.fields;
        let nth = first(fields.len(), |nth| Ok(*self.text(fields[nth].0)? >= *field))?;
        let Some((name, stored)) = life.fields().nth(nth) else { return Ok(Vec::new()) };
        if *self.text(name)? != *field {
            return Ok(Vec::new());
        }
        let text = |number| Text::Kept(self, number);
        let changes = self.changes_of(&life, stored?)?.into_iter();
        Ok(changes.map(|(value, moment)| Committed { value: value.map(text), moment }).collect())
    }

    fn outline(&self, record: usize) -> Result<Outline<'_>, Damaged> {
        let bytes = self.file.piece(section::LIFE_ENDS, section::LIVES, record)?;
        let (stored, rest) = postcard::take_from_bytes(&bytes).map_err(|_| Damaged)?;
        let changes = bytes.len() - rest.len();
        Ok(Outline { stored, changes, bytes })
    }

    /// The new value and the moment of each change of a field.
    fn changes_of(&self, life: &Outline<'_>, stored: &[u8]) -> Result<Vec<(Option<u32>, Moment)>, Damaged> {
        let stored: Vec<StoredChange> = decoded(stored)?;
        stored.into_iter().map(|(value, moment)| Ok((value, self.moment(life, moment)?))).collect()
    }

    fn moment(&self, life: &Outline<'_>, number: u32) -> Result<Moment, Damaged> {
        let stored = life.stored.moments.get(number as usize).ok_or(Damaged)?;
        let commit = |commit: u32| Some(commit as usize).filter(|it| *it < self.commits()).ok_or(Damaged);
        Ok(Moment {
            commit: commit(stored.commit)?,
            merge: stored.merge.map(commit).transpose()?,
            touched: stored.touched.iter().map(|&it| commit(it)).collect::<Result<_, _>>()?,
            boundary: stored.boundary,
        })
    }

    fn who(&self, who: StoredIdentity) -> Result<timeline::Actor, Damaged> {
        Ok(timeline::Actor { name: self.text(who.name)?.into(), email: self.text(who.email)?.into() })
    }

    /// A text that is a name, once for all; none where it is another.
    fn name(&self, number: u32) -> Option<Result<&Arc<str>, Damaged>> {
        let name = self.names.get(number as usize)?;
        Some(match name.get() {
            Some(known) => Ok(known),
            None => self.read_text(number).map(|read| name.get_or_init(|| read.into())),
        })
    }

    /// A text to be kept.
    fn shared(&self, number: u32) -> Result<Arc<str>, Damaged> {
        self.name(number).map_or_else(|| self.read_text(number).map(Arc::from), |name| name.cloned())
    }

    pub fn text(&self, number: u32) -> Result<Cow<'_, str>, Damaged> {
        let name = self.name(number).map(|name| name.map(|name| Cow::Borrowed(&**name)));
        name.unwrap_or_else(|| self.read_text(number))
    }

    fn bytes(&self, number: u32) -> Result<Cow<'_, [u8]>, Damaged> {
        self.file.piece(section::TEXT_ENDS, section::TEXTS, number as usize)
    }

    fn read_text(&self, number: u32) -> Result<Cow<'_, str>, Damaged> {
        match self.bytes(number)? {
            Cow::Borrowed(text) => std::str::from_utf8(text).map(Cow::Borrowed).map_err(|_| Damaged),
            Cow::Owned(text) => String::from_utf8(text).map(Cow::Owned).map_err(|_| Damaged),
        }
    }
}

/// A life of which only the beginning has been told.
struct Outline<'c> {
    stored: StoredLife,
    /// Where the changes begin.
    changes: usize,
    bytes: Cow<'c, [u8]>,
}

impl Outline<'_> {
    /// The name of each field, and the bytes of its changes.
    fn fields(&self) -> impl Iterator<Item = (u32, Result<&[u8], Damaged>)> {
        let mut start = self.changes;
        self.stored.fields.iter().map(move |&(name, length)| {
            let end = start.saturating_add(length as usize);
            let changes = self.bytes.get(start..end).ok_or(Damaged);
            start = end;
            (name, changes)
        })
    }
}

/// The first number below `count` of which something is true, which is then true of all that follow.
fn first(count: usize, is_true: impl Fn(usize) -> Result<bool, Damaged>) -> Result<usize, Damaged> {
    let (mut start, mut end) = (0, count);
    while start < end {
        let middle = start + (end - start) / 2;
        if is_true(middle)? {
            end = middle;
        } else {
            start = middle + 1;
        }
    }
    Ok(start)
}

/// Where a record is found by its identity; none where there are no buckets.
fn bucket(identity: &RecordIdentity, buckets: usize) -> Option<usize> {
    let mut hasher = DefaultHasher::new();
    identity.hash(&mut hasher);
    (hasher.finish() as usize).checked_rem(buckets)
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Damaged> {
    postcard::from_bytes(bytes).map_err(|_| Damaged)
}
