//! All that is known, as sections.

use std::collections::{BTreeSet, HashMap};

use super::super::Known;
use super::super::meaning::{Life, Moment};
use super::super::places::Placed;
use super::super::timeline::{self, Commit};
use super::super::version::RecordIdentity;
use super::{Head, StoredChange, StoredCommit, StoredIdentity, StoredLife, StoredMoment, bucket, section};
use crate::cache::{self, Pieces, bytes_of};

/// The sections of a file; none where there is more than numbers can say, or what was kept of it is damaged.
pub(in crate::history) fn sections(known: &Known) -> Option<Vec<Vec<u8>>> {
    let lives: Vec<(Placed, &Life)> = known.meaning.each_life().ok()?;
    let mut texts = Texts::default();
    let fields = lives.iter().flat_map(|(_, life)| life.fields.keys().chain([&life.now.identity.kind]));
    for name in fields.collect::<BTreeSet<_>>() {
        texts.number(name)?;
    }
    let reachable = known.reachable().ok()?;
    let head = Head {
        shallow: known.shallow,
        hash: reachable.first().map_or(0, |id| id.as_bytes().len() as u8),
        names: number(texts.pieces.count())?,
        commits: number(known.commits.len())?,
        records: number(lives.len())?,
    };
    let (mut commits, mut told) = (Pieces::default(), Pieces::default());
    let (mut changed, mut records) = (Vec::new(), Vec::new());
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); lives.len()];
    for nth in 0..known.commits.len() {
        commits.add(&postcard::to_stdvec(&texts.commit(known.commits.get(nth).ok()?)?).ok()?)?;
        changed.push(number(known.meaning.records_changed(nth).ok()?)?);
    }
    for (nth, (Placed { path, blob, .. }, life)) in lives.iter().enumerate() {
        let RecordIdentity { kind, key, scope } = &life.now.identity;
        for text in [path, kind, &**key, &**scope] {
            records.push(texts.number(text)?);
        }
        records.push(texts.piece(blob.as_ref()?.as_bytes())?);
        let bucket = bucket(&life.now.identity, lives.len())?;
        buckets.get_mut(bucket)?.push(number(nth)?);
    }
    // What tells records apart is asked for most, so it stands by itself.
    for (_, life) in &lives {
        told.add(&texts.life(life)?)?;
    }
    let mut by_identity = Pieces::default();
    for bucket in buckets {
        by_identity.add(&bytes_of(&bucket))?;
    }
    let ids = reachable.iter().flat_map(|id| id.as_bytes().iter().copied()).collect();
    let mut sections = vec![Vec::new(); section::LIVES + 1];
    sections[section::HEAD] = postcard::to_stdvec(&head).ok()?;
    (sections[section::COMMIT_ENDS], sections[section::COMMITS]) = commits.sections();
    sections[section::CHANGED] = bytes_of(&changed);
    sections[section::REACHABLE] = ids;
    (sections[section::TEXT_ENDS], sections[section::TEXTS]) = texts.pieces.sections();
    sections[section::RECORDS] = bytes_of(&records);
    (sections[section::BUCKET_ENDS], sections[section::BUCKETS]) = by_identity.sections();
    (sections[section::LIFE_ENDS], sections[section::LIVES]) = told.sections();
    Some(sections)
}

fn number(length: usize) -> Option<u32> {
    length.try_into().ok()
}

/// Texts, each kept once.
#[derive(Default)]
struct Texts {
    pieces: Pieces,
    numbers: HashMap<Box<[u8]>, u32>,
}

impl Texts {
    /// The number of a text; none where there are more than numbers.
    fn number(&mut self, text: &str) -> Option<u32> {
        self.piece(text.as_bytes())
    }

    /// The same of bytes that are no text.
    fn piece(&mut self, bytes: &[u8]) -> Option<u32> {
        if let Some(number) = self.numbers.get(bytes) {
            return Some(*number);
        }
        let number = self.pieces.add(bytes)?;
        self.numbers.insert(bytes.into(), number);
        Some(number)
    }

    fn commit(&mut self, commit: &Commit) -> Option<StoredCommit> {
        let date = (commit.date.year(), commit.date.month(), commit.date.day());
        let author = self.who(&commit.author)?;
        let trailers = commit.trailers.iter().map(|it| Some((self.number(&it.key)?, self.who(&it.who)?)));
        let trailers = trailers.collect::<Option<_>>()?;
        Some(StoredCommit { id: commit.id.clone(), date, author, trailers })
    }

    fn who(&mut self, who: &timeline::Actor) -> Option<StoredIdentity> {
        Some(StoredIdentity { name: self.number(&who.name)?, email: self.number(&who.email)? })
    }

    fn life(&mut self, life: &Life) -> Option<Vec<u8>> {
        let mut moments = Vec::new();
        let mut known: HashMap<&Moment, u32> = HashMap::new();
        let mut moment = |moment| {
            if let Some(number) = known.get(moment) {
                return Some(*number);
            }
            let nth = number(moments.len())?;
            moments.push(StoredMoment::of(moment)?);
            known.insert(moment, nth);
            Some(nth)
        };
        let created = moment(&life.created)?;
        let (mut fields, mut all) = (Vec::with_capacity(life.fields.len()), Vec::new());
        for (name, changes) in &life.fields {
            let mut stored: Vec<StoredChange> = Vec::with_capacity(changes.len());
            for change in changes {
                let value = change.value.as_ref().map(|value| self.number(value).ok_or(()));
                stored.push((value.transpose().ok()?, moment(&change.moment)?));
            }
            let before = all.len();
            cache::add(&stored, &mut all).ok()?;
            fields.push((self.number(name)?, number(all.len() - before)?));
        }
        let life = postcard::to_stdvec(&StoredLife { moments, created, fields }).ok()?;
        Some([life, all].concat())
    }
}

impl StoredMoment {
    fn of(moment: &Moment) -> Option<StoredMoment> {
        Some(StoredMoment {
            commit: number(moment.commit)?,
            merge: moment.merge.map(|merge| number(merge).ok_or(())).transpose().ok()?,
            touched: moment.touched.iter().map(|&commit| number(commit)).collect::<Option<_>>()?,
            boundary: moment.boundary,
        })
    }
}
