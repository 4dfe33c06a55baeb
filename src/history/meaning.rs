//! When the value of each field last changed: a fold of the records over a timeline. Values are compared
//! in the form of [`version`](super::version), so that no rewriting of the same counts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use gix::ObjectId;

use super::changes::Committed;
use super::checkpoint::Checkpoint;
use super::lives::Lives;
use super::places::{Placed, Places};
use super::progress::{self, Progress};
use super::timeline::{FileChange, Step, Timeline};
use super::version::{RecordIdentity, RecordVersion, Version};
use crate::cache::Damaged;
use crate::record::{Recogniser, Record};
use crate::snapshot::BlobId;

/// The past of every record that the timeline ends with.
#[derive(Default)]
pub struct Meaning {
    lives: Lives,
    places: Places,
    /// How many records each commit changed, by its place in the timeline; of those of a checkpoint, it is known
    /// there.
    changed: HashMap<usize, usize>,
    checkpoint: Option<Arc<Checkpoint>>,
}

/// The past of one record.
#[derive(Clone, Debug)]
pub struct Life {
    pub created: Moment,
    /// For each field and part of a field, its changes from the oldest.
    pub fields: BTreeMap<Arc<str>, Vec<LogEntry>>,
    /// Its fields at the timeline's end.
    pub now: Arc<RecordVersion>,
}

/// A new value of a field.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// None where the field was taken away.
    pub value: Option<Arc<str>>,
    pub before: Option<Arc<str>>,
    pub moment: Moment,
}

/// When something changed, by places in [`Timeline::commits`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The commit that made the change; on the side, where a merge brought it.
    pub commit: usize,
    /// The merge that brought it to the main line.
    pub merge: Option<usize>,
    /// All commits of the merge's side that touched the record.
    pub touched: Arc<[usize]>,
    /// The change may be older: the clone ends here.
    pub boundary: bool,
}

impl Moment {
    /// The place in the main line: that of the commit, or of the merge which brought it.
    pub fn step(&self) -> usize {
        self.merge.unwrap_or(self.commit)
    }
}

/// A record in the state that the fold has come to.
struct Held {
    record: Arc<RecordVersion>,
    life: usize,
}

impl Meaning {
    /// What is stored, of which nothing is read yet.
    pub(super) fn stored(checkpoint: Arc<Checkpoint>) -> Meaning {
        let (lives, places) = (Lives::of(checkpoint.clone()), Places::of(checkpoint.clone()));
        Meaning { lives, places, changed: HashMap::new(), checkpoint: Some(checkpoint) }
    }

    /// Reads every version of every file once, and folds them from the oldest commit to the newest, onto what
    /// is known already.
    ///
    /// # Errors
    /// Some versions are not in this clone, or what was stored is damaged: without them, ages would be wrong.
    pub fn fold(
        self,
        timeline: &Timeline,
        recogniser: &Recogniser<'_>,
        progress: &Progress,
    ) -> Result<Meaning, Untold> {
        let versions = read_all(timeline, recogniser, progress)?;
        let mut fold = Fold { versions: &versions, meaning: self, touched: HashSet::new() };
        for step in &timeline.steps {
            fold.step(step)?;
        }
        let Fold { mut meaning, touched, .. } = fold;
        for (commit, _) in touched {
            *meaning.changed.entry(commit).or_default() += 1;
        }
        meaning.places.identify(&meaning.lives)?;
        Ok(meaning)
    }

    /// How many records the commit of a change has changed.
    ///
    /// # Errors
    /// As [`Meaning::of`].
    pub fn records_changed(&self, commit: usize) -> Result<usize, Damaged> {
        let stored = self.checkpoint.as_ref().filter(|checkpoint| commit < checkpoint.commits());
        let stored = stored.map_or(Ok(0), |checkpoint| checkpoint.records_changed(commit))?;
        Ok(stored + self.changed.get(&commit).copied().unwrap_or(0))
    }

    /// The past of a record of today; none where the last commit does not have it. One that has moved since
    /// is known by its identity.
    ///
    /// # Errors
    /// What was stored of it can't be read.
    pub fn of(&self, record: &Record) -> Result<Option<&Life>, Damaged> {
        self.places.find(record, &self.lives)?.map(|found| self.lives.get(found.life)).transpose()
    }

    /// Of the past of a record of today, when it came to be.
    ///
    /// # Errors
    /// As [`Meaning::of`].
    pub fn created(&self, record: &Record) -> Result<Option<Moment>, Damaged> {
        self.places.find(record, &self.lives)?.map(|found| self.lives.created(found.life)).transpose()
    }

    /// Of the past of a record of today, the changes of one field or part of a field, from the oldest; empty where
    /// the last commit does not have the record. Also whether the last of them is known to have brought the value of
    /// today, from what Git calls the bytes of the record's file.
    ///
    /// # Errors
    /// As [`Meaning::of`].
    pub(super) fn changes(
        &self,
        record: &Record,
        field: &str,
        blob: Option<BlobId>,
    ) -> Result<(Vec<Committed<'_>>, bool), Damaged> {
        let Some(found) = self.places.find(record, &self.lives)? else { return Ok((Vec::new(), false)) };
        let is_unchanged = blob.map_or(Ok(false), |blob| self.places.is_unchanged(record, &found, blob))?;
        Ok((self.lives.changes(found.life, field)?, is_unchanged))
    }

    /// The records at the timeline's end in the order of their places, each with its life.
    pub(super) fn each_life(&self) -> Result<Vec<(Placed, &Life)>, Damaged> {
        let all = self.places.all()?.into_iter();
        all.map(|placed| self.lives.get(placed.life).map(|life| (placed, life))).collect()
    }
}

/// Why the past of no record can be told.
#[derive(Debug)]
pub enum Untold {
    /// So many versions of files are not in this clone.
    Missing(usize),
    /// A commit or a tree can't be read.
    Unreadable(gix::Error),
    /// What was stored is not what was written.
    Damaged,
}

impl From<gix::Error> for Untold {
    fn from(error: gix::Error) -> Untold {
        Untold::Unreadable(error)
    }
}

impl From<Damaged> for Untold {
    fn from(_: Damaged) -> Untold {
        Untold::Damaged
    }
}

/// The versions of each file that the timeline names.
#[derive(Default)]
struct Versions(HashMap<Arc<str>, HashMap<ObjectId, Version>>);

impl Versions {
    fn get(&self, path: &Arc<str>, id: Option<ObjectId>) -> Option<&Version> {
        self.0.get(path)?.get(&id?)
    }
}

/// So many versions of one file are read by one thread.
const BATCH: usize = 64;

/// Every version that the timeline names, read on several threads.
fn read_all(
    timeline: &Timeline,
    recogniser: &Recogniser<'_>,
    progress: &Progress,
) -> Result<Versions, Untold> {
    let wanted = wanted(timeline);
    let batches = wanted.iter().flat_map(|(path, ids)| ids.chunks(BATCH).map(move |ids| (*path, ids)));
    let batches: Vec<(&Arc<str>, &[ObjectId])> = batches.collect();
    let all: usize = wanted.values().map(Vec::len).sum();
    progress.begin(progress::Part::Files, all);
    let read = super::on_threads(
        batches.iter(),
        || timeline.reader(),
        |reader, (path, ids)| {
            let mut versions: Vec<(ObjectId, Version)> = Vec::with_capacity(ids.len());
            for &id in *ids {
                progress.step();
                let Some(content) = reader.read(id) else { continue };
                let mut version = Version::read(path, content, recogniser);
                if let Some((_, older)) = versions.last() {
                    version.share(older);
                }
                versions.push((id, version));
            }
            versions
        },
    );
    let mut versions = Versions::default();
    let mut missing = all;
    for ((path, _), read) in batches.into_iter().zip(read) {
        missing -= read.len();
        versions.0.entry(path.clone()).or_default().extend(read);
    }
    if missing > 0 { Err(Untold::Missing(missing)) } else { Ok(versions) }
}

/// The versions of each file, from the oldest: neighbours have most of their values in common.
fn wanted(timeline: &Timeline) -> BTreeMap<&Arc<str>, Vec<ObjectId>> {
    let mut wanted: BTreeMap<&Arc<str>, Vec<ObjectId>> = BTreeMap::new();
    for step in &timeline.steps {
        let parts = step.side.iter().flat_map(|part| &part.changes);
        for change in parts.chain(&step.changes) {
            let ids = [change.before, change.after].into_iter().flatten();
            wanted.entry(&change.path).or_default().extend(ids);
        }
    }
    for ids in wanted.values_mut() {
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
    }
    wanted
}

struct Fold<'f> {
    versions: &'f Versions,
    meaning: Meaning,
    /// Which commit changed which record's life.
    touched: HashSet<(usize, usize)>,
}

impl Fold<'_> {
    fn version(&self, path: &Arc<str>, id: Option<ObjectId>) -> &[Arc<RecordVersion>] {
        self.versions.get(path, id).map_or(&[], Version::records)
    }

    fn is_readable(&self, id: Option<ObjectId>, path: &Arc<str>) -> bool {
        !matches!(self.versions.get(path, id), Some(Version::Unreadable))
    }

    fn step(&mut self, step: &Step) -> Result<(), Damaged> {
        let mut gone: Vec<Gone> = Vec::new();
        let mut come: Vec<Come> = Vec::new();
        let readable: Vec<&FileChange> =
            step.changes.iter().filter(|change| self.is_readable(change.after, &change.path)).collect();
        for change in readable {
            let held = self.meaning.places.take(&change.path, change.after)?;
            for (nth, life) in held.into_iter().enumerate() {
                let record = self.meaning.lives.own(life)?.now.clone();
                let held = Held { record, life };
                gone.push(Gone { held, path: &change.path, nth, blob: change.before });
            }
            let come_here = self.version(&change.path, change.after).iter().cloned().enumerate();
            come.extend(come_here.map(|(nth, record)| Come {
                record,
                path: &change.path,
                nth,
                blob: change.after,
            }));
        }
        let mut side = Side::of(step, self);
        let pairs = pair(&mut gone, &come);
        for (come, held) in come.into_iter().zip(pairs) {
            let life = match held {
                Some(held) => {
                    self.compare(held.life, &held.record, &come.record, step, &mut side)?;
                    held.life
                }
                None => self.begin(&come.record, step, &mut side)?,
            };
            self.meaning.lives.own(life)?.now = come.record;
            self.meaning.places.put(come.path, life);
        }
        Ok(())
    }

    fn begin(&mut self, record: &Arc<RecordVersion>, step: &Step, side: &mut Side) -> Result<usize, Damaged> {
        let created = side.moment(step, &record.identity, |before, _| before.is_none());
        let life = Life { created, fields: BTreeMap::new(), now: record.clone() };
        let life = self.meaning.lives.add(life);
        for (name, value) in &record.fields {
            self.change(life, name, None, Some(value), record, step, side)?;
        }
        Ok(life)
    }

    fn compare(
        &mut self,
        life: usize,
        old: &Arc<RecordVersion>,
        new: &Arc<RecordVersion>,
        step: &Step,
        side: &mut Side,
    ) -> Result<(), Damaged> {
        for (name, before) in old.fields.iter().filter(|(name, _)| new.field(name).is_none()) {
            self.change(life, name, Some(before), None, new, step, side)?;
        }
        for (name, value) in &new.fields {
            let before = old.field(name);
            if before != Some(value) {
                self.change(life, name, before, Some(value), new, step, side)?;
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "each is another part of what changed")]
    fn change(
        &mut self,
        life: usize,
        name: &Arc<str>,
        before: Option<&Arc<str>>,
        value: Option<&Arc<str>>,
        record: &RecordVersion,
        step: &Step,
        side: &mut Side,
    ) -> Result<(), Damaged> {
        let field = |record: Option<&RecordVersion>| record.and_then(|record| record.field(name).cloned());
        let moment = side.moment(step, &record.identity, |before, after| {
            field(after).as_ref() == value && field(before).as_ref() != value
        });
        self.touched.insert((moment.commit, life));
        let change = LogEntry { value: value.cloned(), before: before.cloned(), moment };
        self.meaning.lives.own(life)?.fields.entry(name.clone()).or_default().push(change);
        Ok(())
    }
}

/// A record that a changed file held.
struct Gone<'s> {
    held: Held,
    path: &'s Arc<str>,
    /// Its place among the records of its file.
    nth: usize,
    blob: Option<ObjectId>,
}

/// A record that a changed file holds now.
struct Come<'s> {
    record: Arc<RecordVersion>,
    path: &'s Arc<str>,
    nth: usize,
    blob: Option<ObjectId>,
}

/// For each record that has come, the one that it was: of the same name in the same file, at the same
/// place in a file that only moved, of the same name in another file, or in another folder; else of the same
/// title, under another number.
fn pair(gone: &mut Vec<Gone<'_>>, come: &[Come<'_>]) -> Vec<Option<Held>> {
    let mut pairs: Vec<Option<Held>> = come.iter().map(|_| None).collect();
    fn key<'a>(
        way: usize,
        path: &'a str,
        nth: usize,
        blob: Option<ObjectId>,
        of: &'a RecordVersion,
    ) -> Option<Key<'a>> {
        let nothing = ("", 0, None);
        let RecordIdentity { kind, key, scope } = &of.identity;
        Some(match way {
            0 => (kind, key, scope, (path, 0, None)),
            1 => (kind, "", "", ("", nth, blob)),
            2 => (kind, key, scope, nothing),
            3 => (kind, key, "", nothing),
            _ => (kind, of.field("title")?, scope, nothing),
        })
    }
    type Key<'a> = (&'a str, &'a str, &'a str, (&'a str, usize, Option<ObjectId>));
    let mut left: Vec<Option<Gone<'_>>> = gone.drain(..).map(Some).collect();
    for way in 0..5 {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
        for (at, one) in left.iter().enumerate().rev() {
            if let Some(one) = one {
                let key = key(way, one.path, one.nth, one.blob, &one.held.record);
                key.into_iter().for_each(|key| by_key.entry(key).or_default().push(at));
            }
        }
        for (at, one) in come.iter().enumerate().filter(|(at, _)| pairs[*at].is_none()) {
            let key = key(way, one.path, one.nth, one.blob, &one.record);
            if let Some(was) = key.and_then(|key| by_key.get_mut(&key)).and_then(Vec::pop) {
                found.push((at, was));
            }
        }
        drop(by_key);
        for (at, was) in found {
            pairs[at] = left[was].take().map(|gone| gone.held);
        }
    }
    pairs
}

/// What the commits of a merge's side did to each record: the commit, and the record before and after it;
/// from the newest.
struct Side {
    by_record: HashMap<RecordIdentity, Vec<Touch>>,
    /// The commits that touched a record, as moments share them.
    touched: HashMap<RecordIdentity, Arc<[usize]>>,
    nobody: Arc<[usize]>,
}

struct Touch {
    commit: usize,
    before: Option<Arc<RecordVersion>>,
    after: Option<Arc<RecordVersion>>,
}

impl Side {
    fn of(step: &Step, fold: &Fold<'_>) -> Side {
        let mut side = Side { by_record: HashMap::new(), touched: HashMap::new(), nobody: Arc::from([]) };
        // Who mends a file changed it from what could be read last.
        let mut last: HashMap<&str, Option<ObjectId>> = HashMap::new();
        for part in &step.side {
            let mut touched: HashMap<&RecordIdentity, Touch> = HashMap::new();
            let touch = || Touch { commit: part.commit, before: None, after: None };
            let is_readable = |change: &&FileChange| fold.is_readable(change.after, &change.path);
            for change in part.changes.iter().filter(is_readable) {
                let before = match fold.is_readable(change.before, &change.path) {
                    true => change.before,
                    false => last.get(&*change.path).copied().flatten(),
                };
                for record in fold.version(&change.path, before) {
                    touched.entry(&record.identity).or_insert_with(touch).before = Some(record.clone());
                }
                for record in fold.version(&change.path, change.after) {
                    touched.entry(&record.identity).or_insert_with(touch).after = Some(record.clone());
                }
                last.insert(&change.path, change.after);
            }
            for (identity, touch) in touched {
                side.by_record.entry(identity.clone()).or_default().push(touch);
            }
        }
        side.by_record.values_mut().for_each(|touches| touches.reverse());
        side
    }

    /// When the main line came to what `is_it` recognises, from the record before and after a commit: the
    /// newest commit of the side that did it, else the step's own.
    fn moment(
        &mut self,
        step: &Step,
        identity: &RecordIdentity,
        is_it: impl Fn(Option<&RecordVersion>, Option<&RecordVersion>) -> bool,
    ) -> Moment {
        let touches = self.by_record.get(identity).map_or(&[][..], Vec::as_slice);
        let by = touches.iter().find(|touch| is_it(touch.before.as_deref(), touch.after.as_deref()));
        let touched = match self.touched.get(identity) {
            Some(touched) => touched.clone(),
            None if touches.is_empty() => self.nobody.clone(),
            None => {
                let commits: Arc<[usize]> = touches.iter().map(|touch| touch.commit).collect();
                self.touched.insert(identity.clone(), commits.clone());
                commits
            }
        };
        Moment {
            commit: by.map_or(step.commit, |touch| touch.commit),
            merge: by.map(|_| step.commit),
            touched,
            boundary: step.boundary,
        }
    }
}
