//! What reading files gave, kept for the next run: it parses only those whose bytes it has not seen.
//!
//! Which records a file holds depends on its bytes, its path, the kinds, the profiles, the places of records and
//! this build. All but the first two are in the name of the kept file; in it each reading stands under its file's
//! path, with what Git calls the bytes. What is read anew is held in the same form, so that a run has one of each file,
//! and writes at its end what it holds.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::SourceFile;
use super::stored::{self, Numbers, Reading, Stored};
use crate::cache::{self, Sort, Store};
use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::Record;
use crate::snapshot::{self, BlobId, Snapshot};
use crate::text::Source;

/// Readings, by all policies.
const READINGS: Sort = Sort { prefix: "readings", most: 4, largest: 256 << 20 };

/// The only file of its policy is called so.
const NAME: &str = "files";

/// So many files have to be read anew before readings are kept again: fewer take no time that anybody notices.
const MANY: usize = 300;

/// The first section of the file: the paths in their order, with what is kept of each.
const INDEX: usize = 0;

/// The other sections, each with a part of every reading.
#[derive(Clone, Copy)]
pub(super) enum Section {
    /// What is read with the file.
    Heads = 1,
    /// What each field is called, where it stands, and what a short text comes to. Read where somebody asks.
    Directories = 2,
    /// Values, and what is left of pages. Read where somebody asks.
    Bodies = 3,
}

/// One thing for each section.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Parts<T> {
    pub head: T,
    pub directory: T,
    pub body: T,
}

impl<T> Parts<T> {
    pub fn of(&self, section: Section) -> &T {
        match section {
            Section::Heads => &self.head,
            Section::Directories => &self.directory,
            Section::Bodies => &self.body,
        }
    }
}

/// Where readings are kept, and those that are.
pub(super) struct ParseCache {
    store: Store,
    snapshot: Arc<Snapshot>,
    pub numbers: Numbers,
    /// None where nothing is kept yet, or not as it was written.
    kept: Option<cache::File>,
}

/// The bytes of one reading. A file that is of no concern has none.
#[derive(Clone)]
pub(super) enum Bytes {
    /// In the file that is kept.
    Kept(Parts<Range<usize>>),
    /// Of a file that was read anew.
    New(Arc<Stored>),
}

/// What was read of one file of a state.
pub(super) struct CachedParse {
    /// Of the file, among those of the state.
    pub number: u32,
    pub blob: BlobId,
    pub bytes: Bytes,
}

/// The reading of one file, in the order of paths.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    path: &'a str,
    blob: &'a [u8],
    lengths: Parts<usize>,
}

impl ParseCache {
    /// The readings of a repository's files by one policy; none where nothing may be kept.
    pub fn of(
        snapshot: &Arc<Snapshot>,
        kinds: &Kinds,
        profiles: &Profiles,
        config: &Config,
    ) -> Option<ParseCache> {
        let folder = snapshot.parse_cache_dir()?;
        let texts: Vec<_> = kinds.iter().map(|kind| (&kind.name, kind.json.to_string())).collect();
        let store = Store::new(
            &folder,
            &READINGS,
            (texts, profiles.digest(), config.file_selection(), snapshot.folder()),
        );
        let numbers = Numbers::of(kinds, profiles);
        Some(ParseCache::new(store, snapshot.clone(), numbers))
    }

    /// The readings in a store; `snapshot` is told if they turn out not to be as they were written.
    pub fn new(store: Store, snapshot: Arc<Snapshot>, numbers: Numbers) -> ParseCache {
        ParseCache { kept: store.open(NAME), store, snapshot, numbers }
    }

    /// For each of some files, in the order of their paths, where its reading is kept.
    pub fn places(&self, files: &[(&snapshot::FileEntry, Option<BlobId>)]) -> Vec<Option<Bytes>> {
        let found = self.kept.as_ref().and_then(|kept| located(&kept.section(INDEX).ok()?, files));
        found.unwrap_or_else(|| files.iter().map(|_| None).collect())
    }

    /// The reading that these are the bytes of, of a file whose own bytes Git calls `id`; none where they are not as they
    /// were written.
    pub fn at(self: &Arc<Self>, bytes: &Bytes, file: &snapshot::FileEntry, id: BlobId) -> Option<Reading> {
        match bytes {
            Bytes::Kept(place) if place.head.is_empty() => Some(None),
            _ => self.reading(bytes, id, self.snapshot.blob_text(file.path.clone(), id)).map(Some),
        }
    }

    fn reading(
        self: &Arc<Self>,
        bytes: &Bytes,
        id: BlobId,
        source: Arc<Source>,
    ) -> Option<(SourceFile, Vec<Record>)> {
        let (file, records) = stored::reading(self, bytes, source)?;
        Some((SourceFile { blob: Some(id), ..file }, records))
    }

    /// A reading that was just made of a file whose bytes Git calls `id`, as what will be kept of it says it: its trees
    /// go while the next file can have their memory. As it is, and nothing to keep, where it can't be kept.
    pub fn hold(
        self: &Arc<Self>,
        reading: Reading,
        file: &snapshot::FileEntry,
        id: BlobId,
    ) -> (Reading, Option<Bytes>) {
        let stored = match &reading {
            None => Some(Parts::default()),
            Some((file, _)) if file.unread => None,
            Some((file, records)) => stored::stored(file, records, &self.numbers),
        };
        // Nothing has changed since Git came to know the file, so these are the bytes that were read.
        let is_known = self.snapshot.blob_id(file) == Some(id);
        let Some(stored) = stored.filter(|_| is_known) else { return (reading, None) };
        let bytes = Bytes::New(Arc::new(stored));
        let held = reading.as_ref().map(|(file, _)| self.reading(&bytes, id, file.source().clone()));
        match held {
            Some(None) => (reading, None),
            held => (held.flatten(), Some(bytes)),
        }
    }

    /// Some bytes of a part of a reading; none where they are not as they were written.
    pub fn part<'s>(
        &'s self,
        bytes: &'s Bytes,
        section: Section,
        part: Range<usize>,
    ) -> Option<Cow<'s, [u8]>> {
        match bytes {
            Bytes::Kept(place) => {
                let whole = place.of(section);
                let within = whole.start.checked_add(part.start)?..whole.start.checked_add(part.end)?;
                self.kept.as_ref()?.part(section as usize, within).ok()
            }
            Bytes::New(stored) => stored.of(section).get(part).map(Cow::Borrowed),
        }
    }

    /// All of a part of a reading.
    pub fn whole<'s>(&'s self, bytes: &'s Bytes, section: Section) -> Option<Cow<'s, [u8]>> {
        let length = match bytes {
            Bytes::Kept(place) => place.of(section).len(),
            Bytes::New(stored) => stored.of(section).len(),
        };
        self.part(bytes, section, 0..length)
    }

    /// All of a reading.
    fn parts<'s>(&'s self, bytes: &'s Bytes) -> Option<Parts<Cow<'s, [u8]>>> {
        let whole = |section| self.whole(bytes, section);
        let (head, directory) = (whole(Section::Heads)?, whole(Section::Directories)?);
        Some(Parts { head, directory, body: whole(Section::Bodies)? })
    }

    /// Says that what is kept is not as it was written. Whoever is the first to say so puts nothing in its place, so that
    /// the next run keeps all readings anew.
    pub fn doubt(&self) {
        if !self.snapshot.is_cache_corrupt() {
            self.snapshot.mark_cache_corrupt();
            self.store.save(NAME, &[]);
        }
    }

    /// Keeps the readings of the files of a state, which come in the order of their paths, where so many were read
    /// anew that the next run is better off with them. That they can't be kept is no error.
    pub fn keep(&self, held: &[CachedParse]) {
        let is_new = |held: &&CachedParse| matches!(held.bytes, Bytes::New(_));
        if held.iter().filter(is_new).count() < MANY || self.snapshot.is_cache_corrupt() {
            return;
        }
        let (mut index, mut count): (Vec<u8>, usize) = (Vec::new(), 0);
        let mut sections: Parts<Vec<Cow<'_, [u8]>>> = Parts::default();
        let path =
            |held: &CachedParse| self.snapshot.files().get(held.number as usize).map(|file| &*file.path);
        for (path, CachedParse { blob, bytes, .. }) in
            held.iter().filter_map(|held| Some((path(held)?, held)))
        {
            let Some(Parts { head, directory, body }) = self.parts(bytes) else { continue };
            let lengths = Parts { head: head.len(), directory: directory.len(), body: body.len() };
            let entry = Entry { path, blob: blob.as_bytes(), lengths };
            let Ok(()) = cache::add(&entry, &mut index) else { return };
            sections.head.push(head);
            sections.directory.push(directory);
            sections.body.push(body);
            count += 1;
        }
        let count = postcard::to_stdvec(&count).unwrap_or_default();
        let pieces = |section| sections.of(section).iter().map(|piece| &**piece).collect();
        let sections = [Section::Heads, Section::Directories, Section::Bodies].map(pieces);
        self.store.save(NAME, &[&[vec![&count[..], &index]], &sections[..]].concat());
    }
}

/// Where the readings of these files are, by the bytes of the index; none where they make no sense.
fn located(index: &[u8], files: &[(&snapshot::FileEntry, Option<BlobId>)]) -> Option<Vec<Option<Bytes>>> {
    let (count, mut rest) = postcard::take_from_bytes::<usize>(index).ok()?;
    let mut places = Vec::with_capacity(files.len());
    let mut ends: Parts<usize> = Parts::default();
    let mut files = files.iter().peekable();
    for _ in 0..count {
        let (entry, after): (Entry<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        rest = after;
        let Parts { head, directory, body } = &entry.lengths;
        let place = Parts {
            head: next(&mut ends.head, *head)?,
            directory: next(&mut ends.directory, *directory)?,
            body: next(&mut ends.body, *body)?,
        };
        while files.next_if(|(file, _)| *file.path < *entry.path).is_some() {
            places.push(None);
        }
        if let Some((_, id)) = files.next_if(|(file, _)| *file.path == *entry.path) {
            let is_same = id.as_ref().is_some_and(|id| id.as_bytes() == entry.blob);
            places.push(is_same.then_some(Bytes::Kept(place)));
        }
    }
    places.extend(files.map(|_| None));
    Some(places)
}

/// The part of so many bytes that begins here; what comes after it begins at its end.
pub(super) fn next(start: &mut usize, length: usize) -> Option<Range<usize>> {
    let part = *start..start.checked_add(length)?;
    *start = part.end;
    Some(part)
}
