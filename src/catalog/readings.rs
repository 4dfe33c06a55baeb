//! What reading files gave, kept for the next run: it parses only those whose bytes it has not seen.
//!
//! Which records a file holds depends on its bytes, its path, the kinds, the profiles, the places of records and
//! this build. All but the first two are in the name of the kept file; in it each reading stands under its file's
//! path, with what Git calls the bytes.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Catalog;
use super::stored::{self, Body, Numbers, Reading, Stored};
use crate::config::Config;
use crate::kept::{self, Sort, Store};
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::snapshot::{self, BlobId, Snapshot};

/// Readings, by all policies.
const READINGS: Sort = Sort { prefix: "readings", most: 4, largest: 256 << 20 };

/// The only file of its policy is called so.
const NAME: &str = "files";

/// So many files have to be read anew before readings are kept again: fewer take no time that anybody notices.
const MANY: usize = 300;

/// The sections of the file.
const INDEX: usize = 0;
const HEADS: usize = 1;

/// Those of its sections of which only parts are read that somebody asks for.
#[derive(Clone, Copy)]
pub(super) enum Section {
    Directories = 2,
    Bodies = 3,
}

/// Where readings are kept, and those that are.
pub(super) struct Readings {
    store: Arc<Store>,
    numbers: Arc<Numbers>,
    /// None where nothing is kept yet, or not as it was written.
    kept: Option<Arc<Bodies>>,
}

/// A kept file, and whom to tell if it turns out not to be as it was written.
pub(super) struct Bodies {
    file: kept::File,
    store: Arc<Store>,
    snapshot: Arc<Snapshot>,
    pub numbers: Arc<Numbers>,
}

/// The reading of one file, in the order of paths.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    path: &'a str,
    blob: &'a [u8],
    /// Bytes of its head; none for a file that is of no concern.
    head: usize,
    directory: usize,
    body: usize,
}

/// Where the parts of a reading are in their sections.
pub(super) struct Place {
    head: Range<usize>,
    directory: usize,
    body: usize,
}

impl Bodies {
    /// The bodies in a kept file; `snapshot` is told if they turn out not to be as they were written.
    pub fn new(
        file: kept::File,
        store: Arc<Store>,
        snapshot: Arc<Snapshot>,
        numbers: Arc<Numbers>,
    ) -> Bodies {
        Bodies { file, store, snapshot, numbers }
    }

    /// Some bytes of a section.
    pub fn part(&self, section: Section, part: Range<usize>) -> Option<Cow<'_, [u8]>> {
        self.file.part(section as usize, part).ok()
    }

    /// Says that the file is not as it was written, and puts an empty one in its place, so that the next run
    /// keeps all readings anew.
    pub fn doubt(&self) {
        if !self.snapshot.doubts_what_is_kept() {
            self.snapshot.doubt_what_is_kept();
            self.store.save(NAME, &[]);
        }
    }
}

impl Readings {
    /// The readings of a repository's files by one policy; none where nothing may be kept.
    pub fn of(
        snapshot: &Arc<Snapshot>,
        kinds: &Kinds,
        profiles: &Profiles,
        config: &Config,
    ) -> Option<Readings> {
        let folder = snapshot.store_of_readings()?;
        let texts: Vec<_> = kinds.iter().map(|kind| (&kind.name, kind.json.to_string())).collect();
        let store =
            Store::new(&folder, &READINGS, (texts, profiles.digest(), config.places(), snapshot.folder()));
        let store = Arc::new(store);
        let numbers = Arc::new(Numbers::of(kinds, profiles));
        let kept = store.open(NAME);
        let kept = kept.map(|file| Bodies::new(file, store.clone(), snapshot.clone(), numbers.clone()));
        Some(Readings { store, numbers, kept: kept.map(Arc::new) })
    }

    /// For each of some files, in the order of their paths, where its reading is kept.
    pub fn places(&self, files: &[(&snapshot::File, Option<BlobId>)]) -> Vec<Option<Place>> {
        let found = self.kept.as_ref().and_then(|kept| located(&kept.file.section(INDEX).ok()?, files));
        found.unwrap_or_else(|| files.iter().map(|_| None).collect())
    }

    /// The reading that is kept at a place, of a file with these bytes; none where it is not as it was written.
    pub fn at(&self, place: &Place, file: &snapshot::File, id: BlobId) -> Option<Reading> {
        let kept = self.kept.as_ref()?;
        if place.head.is_empty() {
            return Some(None);
        }
        let head = kept.file.part(HEADS, place.head.clone()).ok()?;
        let body = Body { of_all: kept.clone(), directory: place.directory, start: place.body };
        let source = kept.snapshot.text_of(file.path.clone(), id);
        let (read, records) = stored::reading(&head, &body, source)?;
        Some(Some((super::File { blob: Some(id), ..read }, records)))
    }
}

/// Where the readings of these files are, by the bytes of the index; none where they make no sense.
fn located(index: &[u8], files: &[(&snapshot::File, Option<BlobId>)]) -> Option<Vec<Option<Place>>> {
    let (count, mut rest) = postcard::take_from_bytes::<usize>(index).ok()?;
    let mut places = Vec::with_capacity(files.len());
    let (mut head, mut directory, mut body): (usize, usize, usize) = (0, 0, 0);
    let mut files = files.iter().peekable();
    for _ in 0..count {
        let (entry, after): (Entry<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        rest = after;
        let place = Place { head: head..head.checked_add(entry.head)?, directory, body };
        head = place.head.end;
        (directory, body) = (directory.checked_add(entry.directory)?, body.checked_add(entry.body)?);
        while files.next_if(|(file, _)| *file.path < *entry.path).is_some() {
            places.push(None);
        }
        if let Some((_, id)) = files.next_if(|(file, _)| *file.path == *entry.path) {
            let is_same = id.as_ref().is_some_and(|id| id.as_bytes() == entry.blob);
            places.push(is_same.then_some(place));
        }
    }
    places.extend(files.map(|_| None));
    Some(places)
}

impl Catalog {
    /// Keeps what reading its files gave, where so many of them were read anew that the next run is better off with
    /// it. That it can't be kept is no error.
    pub fn keep_readings(&self) {
        let Some((readings, _)) = self.readings.as_ref().filter(|(_, anew)| *anew >= MANY) else { return };
        let files = self.snapshot.files();
        let nothing = self.unconcerned.iter().filter_map(|&at| Some((files.get(at as usize)?, None)));
        let read = self.files.iter().filter(|file| !file.unread);
        let read = read.filter_map(|file| Some((self.snapshot.get(file.path())?, Some(file))));
        let mut all: Vec<(&snapshot::File, Option<&super::File>)> = nothing.chain(read).collect();
        all.sort_unstable_by(|(one, _), (other, _)| one.path.cmp(&other.path));
        let stored = |(at, file): &(&snapshot::File, Option<&super::File>)| {
            // Nothing has changed since Git came to know the file, so these are the bytes that were read.
            let id = self.snapshot.blob(at)?;
            let stored = match file {
                Some(file) => {
                    let records = file.records.start as usize..file.records.end as usize;
                    Stored::of(file, self.records.get(records)?, &readings.numbers)?
                }
                None => Stored::default(),
            };
            Some((id, stored))
        };
        let stored: Vec<Option<(BlobId, Stored)>> = all.par_iter().map(stored).collect();
        let kept = all.iter().zip(&stored);
        let kept = kept.filter_map(|((file, _), stored)| Some((&*file.path, stored.as_ref()?)));
        let room_for = |part: fn(&Stored) -> &Vec<u8>| {
            Vec::with_capacity(stored.iter().flatten().map(|(_, stored)| part(stored).len()).sum())
        };
        let (mut index, mut heads) = (Vec::new(), room_for(|stored| &stored.head));
        let (mut directories, mut bodies) =
            (room_for(|stored| &stored.directory), room_for(|stored| &stored.body));
        let mut count: usize = 0;
        for (path, (id, Stored { head, directory, body })) in kept {
            let entry = Entry {
                path,
                blob: id.as_bytes(),
                head: head.len(),
                directory: directory.len(),
                body: body.len(),
            };
            let Ok(()) = kept::add(&entry, &mut index) else { return };
            heads.extend_from_slice(head);
            directories.extend_from_slice(directory);
            bodies.extend_from_slice(body);
            count += 1;
        }
        let index = [postcard::to_stdvec(&count).unwrap_or_default(), index].concat();
        if !self.snapshot.doubts_what_is_kept() {
            readings.store.save(NAME, &[&index, &heads, &directories, &bodies]);
        }
    }
}
