//! From the files of a snapshot to a catalog: each file that may be governed is read and parsed once,
//! in parallel, and not at all where another catalog has the same file with the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{Places, Recognised, Recogniser, Record};
use crate::snapshot::{self, Snapshot};
use crate::syntax::{self, Document, Format, Problem};
use crate::text::Source;

use super::{Catalog, File, ignores};

/// What is read of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The files that may hold records.
    Records,
    /// Those, and the pages that go with them, whose links and words are judged too.
    Pages,
}

/// A file and its records; none where it stands in no governed place and holds none.
type Reading = Option<(File, Vec<Record>)>;

impl Catalog {
    /// Reads the records of a snapshot. `known` is another state, read with the same kinds, profiles and
    /// configuration, and with nothing less than this extent.
    pub fn read(
        snapshot: Arc<Snapshot>,
        kinds: Arc<Kinds>,
        profiles: &Profiles,
        config: &Config,
        extent: Extent,
        known: Option<&Catalog>,
    ) -> Catalog {
        let recogniser = Recogniser::new(&kinds, profiles, config);
        let places = recogniser.places;
        let is_read =
            |path: &str| places.is_candidate(path) || (extent == Extent::Pages && places.is_page(path));
        let candidates: Vec<&snapshot::File> =
            snapshot.files().iter().filter(|file| is_read(&file.path)).collect();
        let read_once =
            |file: &snapshot::File| match known.and_then(|known| known.reading_of(&snapshot, file)) {
                Some(reading) => reading,
                None => read_file(&snapshot, file, &recogniser),
            };
        let read: Vec<Reading> = candidates.par_iter().map(|file| read_once(file)).collect();
        let mut read: Vec<(File, Vec<Record>)> = read.into_iter().flatten().collect();
        gather_notes(&mut read, places);
        Catalog::new(snapshot, kinds.clone(), config.fiscal_year_start, read, known)
    }

    /// What reading a file of another state gives, where this state has the same file.
    fn reading_of(&self, other: &Snapshot, file: &snapshot::File) -> Option<Reading> {
        let blob = other.blob(file)?;
        let same = self.snapshot.get(&file.path)?;
        if self.snapshot.blob(same)? != blob {
            return None;
        }
        let Some(known) = self.file_at(&file.path) else { return Some(None) };
        if known.records.is_empty() {
            return None; // its note may have been gathered with those of its neighbours here
        }
        let records = known.records.start as usize..known.records.end as usize;
        Some(Some((File { records: 0..0, ..known.clone() }, self.records[records].to_vec())))
    }
}

fn read_file(snapshot: &Snapshot, file: &snapshot::File, recogniser: &Recogniser) -> Reading {
    let format = Format::of_path(&file.path)?;
    let source = match snapshot.read(file) {
        Ok(source) => source,
        Err(problem) => return unread(file, problem, format, recogniser),
    };
    let mut document = syntax::read(source, format);
    let recognised = recogniser.recognise(&document);
    let concerns = recognised.governed || !recognised.records.is_empty() || recognised.note.is_some();
    if !concerns && !recognised.cut_short {
        return None;
    }
    let Recognised { records, governed, note, .. } = recognised;
    let ignores = ignores::of(&document, &records);
    document.release_parts();
    let document = Arc::new(document);
    Some((File { document, unread: false, governed, note, records: 0..0, ignores }, records))
}

/// A file whose bytes are not known. Where records may be, it may hold some.
fn unread(file: &snapshot::File, problem: Problem, format: Format, recogniser: &Recogniser) -> Reading {
    if !recogniser.places.is_candidate(&file.path) {
        return None;
    }
    let document = Arc::new(Document {
        source: Arc::new(Source::new(file.path.clone(), Vec::new())),
        format,
        roots: Vec::new(),
        unfinished: Vec::new(),
        markdown: None,
        problems: vec![problem],
    });
    let governed = recogniser.places.is_governed(&file.path);
    Some((
        File { document, unread: true, governed, note: None, records: 0..0, ignores: Vec::new() },
        Vec::new(),
    ))
}

/// Where nothing in a folder is known, its format is not: that is said once, not for each of its files.
fn gather_notes(read: &mut [(File, Vec<Record>)], places: Places<'_>) {
    let mut noted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for (at, (file, records)) in read.iter().enumerate() {
        let Some(folder) = places.folder_of(file.path()) else { continue };
        if file.note.as_ref().is_some_and(|note| note.of_file) {
            noted.entry(folder.to_owned()).or_default().push(at);
        } else if !records.is_empty() || file.is_incomplete() {
            known.insert(folder.to_owned());
        }
    }
    let unknown = noted.into_iter().filter(|(folder, files)| files.len() > 1 && !known.contains(folder));
    for (folder, files) in unknown {
        for &at in &files[1..] {
            read[at].0.note = None;
        }
        if let Some(note) = &mut read[files[0]].0.note {
            note.message = format!("no file in `{folder}/` is recognised as a record");
            note.folder = Some(folder.into());
        }
    }
}
