//! From the files of a snapshot to a catalog: each file that may be governed is read and parsed once,
//! in parallel, and not at all where another catalog has the same file with the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{PathClassifier, Recognised, Recogniser, Record, UnrecognisedRecord};
use crate::snapshot::{self, BlobId, Snapshot};
use crate::suppression::find_ignores;
use crate::syntax::{self, Document, Format, Problem};
use crate::text::Source;

use super::parse_cache::{Bytes, CachedParse, ParseCache};
use super::stored::Reading;
use super::{Catalog, SourceFile};

/// What is read of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadScope {
    /// The files that may hold records.
    Records,
    /// Those, and the pages that go with them, whose links and words are judged too.
    Pages,
}

impl Catalog {
    /// Reads the records of a snapshot. `known` is another state, read with the same kinds, profiles and
    /// configuration, and with nothing less than this extent.
    pub fn read(
        snapshot: Arc<Snapshot>,
        kinds: Arc<Kinds>,
        profiles: &Profiles,
        config: &Config,
        extent: ReadScope,
        known: Option<&Catalog>,
    ) -> Catalog {
        let recogniser = Recogniser::new(&kinds, profiles, config);
        let classifier = recogniser.classifier;
        let is_read = |path: &str| {
            classifier.is_candidate(path)
                || (extent == ReadScope::Pages && classifier.is_companion_page(path))
        };
        // What another state has not read is little, and not worth looking for.
        let readings = known.is_none().then(|| ParseCache::of(&snapshot, &kinds, profiles, config)).flatten();
        let readings = readings.map(Arc::new);
        let met = known.map(|known| known.met(snapshot.files())).unwrap_or_default();
        let is_known = known.is_some() || readings.is_some();
        let candidate = |(number, file): (usize, &'_ snapshot::FileEntry)| {
            let is_candidate = matches!(met.get(number), Some(Some(_))) || is_read(&file.path);
            is_candidate.then(|| (number as u32, is_known.then(|| snapshot.blob_id(file)).flatten()))
        };
        let candidates: Vec<(u32, Option<BlobId>)> =
            snapshot.files().par_iter().enumerate().filter_map(candidate).collect();
        let named: Vec<(&snapshot::FileEntry, Option<BlobId>)> =
            candidates.iter().map(|&(number, id)| (&snapshot.files()[number as usize], id)).collect();
        let kept = readings.as_ref().map(|readings| readings.places(&named)).unwrap_or_default();
        let read_once = |(at, (file, id)): (usize, &(&snapshot::FileEntry, Option<BlobId>))| {
            let met = || Some((met.get(candidates[at].0 as usize)?.as_ref()?.reading(known?, (*id)?)?, None));
            let kept = || {
                let bytes = kept.get(at)?.as_ref()?;
                Some((readings.as_ref()?.at(bytes, file, (*id)?)?, Some(bytes.clone())))
            };
            let anew = || {
                let reading = read_file(&snapshot, file, &recogniser)?;
                Some(match (&readings, *id) {
                    (Some(readings), Some(id)) => readings.hold(reading, file, id),
                    _ => (reading, None),
                })
            };
            met().or_else(kept).or_else(anew)
        };
        let found: Vec<Option<(Reading, Option<Bytes>)>> =
            named.par_iter().enumerate().map(read_once).collect();
        let (mut read, mut unconcerned, mut held) = (Vec::with_capacity(found.len()), Vec::new(), Vec::new());
        for (&(number, blob), found) in candidates.iter().zip(found) {
            let Some((reading, bytes)) = found else { continue };
            held.extend(blob.zip(bytes).map(|(blob, bytes)| CachedParse { number, blob, bytes }));
            match reading {
                Some(reading) => read.push(reading),
                None => unconcerned.push(number),
            }
        }
        gather_notes(&mut read, classifier);
        let catalog = Catalog::new(snapshot, kinds.clone(), config.fiscal_year_start(), read, known);
        Catalog { parse_cache: readings.map(|readings| (readings, held)), unconcerned, ..catalog }
    }

    /// Keeps what reading its files gave for the next run.
    pub fn save_parse_cache(&self) {
        if let Some((readings, held)) = &self.parse_cache {
            readings.keep(held);
        }
    }

    /// For each file of another state, what this state has read at its path.
    fn met<'s>(&'s self, files: &[snapshot::FileEntry]) -> Vec<Option<Met<'s>>> {
        let (mut concerned, mut unconcerned) =
            (self.files.iter().peekable(), self.unconcerned.iter().peekable());
        let all = (0..).zip(self.snapshot.files());
        let read = all.filter_map(|(number, at)| {
            // What the state is held to comes in between.
            while concerned.next_if(|file| *file.path() < at.path).is_some() {}
            let file = concerned.next_if(|file| *file.path() == at.path);
            let is_read = file.is_some() || unconcerned.next_if(|other| **other == number).is_some();
            is_read.then_some(Met { at, file })
        });
        let mut read = read.peekable();
        let met = |file: &snapshot::FileEntry| {
            while read.next_if(|met| met.at.path < file.path).is_some() {}
            read.next_if(|met| met.at.path == file.path)
        };
        files.iter().map(met).collect()
    }
}

/// A file that another state has read.
struct Met<'s> {
    at: &'s snapshot::FileEntry,
    /// None where nothing in it is of concern.
    file: Option<&'s SourceFile>,
}

impl Met<'_> {
    /// What reading the file gives in a state where these are its bytes; none where it has others in the one that is
    /// known.
    fn reading(&self, known: &Catalog, id: BlobId) -> Option<Reading> {
        if known.snapshot.blob_id(self.at)? != id {
            return None;
        }
        let Some(file) = self.file else { return Some(None) };
        if file.unread {
            return None;
        }
        let records = file.records.start as usize..file.records.end as usize;
        let file = SourceFile { records: 0..0, folder_note: None, ..file.clone() };
        Some(Some((file, known.records[records].to_vec())))
    }
}

/// What reading a file gives; none where nothing is known of it, and that does not matter.
fn read_file(snapshot: &Snapshot, file: &snapshot::FileEntry, recogniser: &Recogniser) -> Option<Reading> {
    let format = Format::from_path(&file.path)?;
    let source = match snapshot.read(file) {
        Ok(source) => source,
        Err(problem) => return unread(file, problem, format, recogniser).map(Some),
    };
    let mut document = syntax::parse(source, format);
    let recognised = recogniser.recognise(&document);
    let concerns = recognised.governed || !recognised.records.is_empty() || recognised.note.is_some();
    if !concerns && !recognised.is_truncated {
        return Some(None);
    }
    let Recognised { records, governed, note, .. } = recognised;
    let ignores = find_ignores(&document, &records);
    document.release_parts();
    let document = Arc::new(document);
    let file = SourceFile {
        document,
        blob: None,
        unread: false,
        governed,
        note,
        folder_note: None,
        records: 0..0,
        ignores,
    };
    Some(Some((file, records)))
}

/// A file whose bytes are not known. Where records may be, it may hold some.
fn unread(
    file: &snapshot::FileEntry,
    problem: Problem,
    format: Format,
    recogniser: &Recogniser,
) -> Option<(SourceFile, Vec<Record>)> {
    if !recogniser.classifier.is_candidate(&file.path) {
        return None;
    }
    let document = Arc::new(Document {
        source: Arc::new(Source::new(file.path.clone(), Vec::new())),
        format,
        roots: Vec::new(),
        markdown: None,
        problems: vec![problem],
    });
    let governed = recogniser.classifier.is_governed(&file.path);
    Some((
        SourceFile {
            document,
            blob: None,
            unread: true,
            governed,
            note: None,
            folder_note: None,
            records: 0..0,
            ignores: Vec::new(),
        },
        Vec::new(),
    ))
}

/// Where nothing in a folder is known, its format is not: that is said once, not for each of its files.
fn gather_notes(read: &mut [(SourceFile, Vec<Record>)], classifier: PathClassifier<'_>) {
    let is_noted = |file: &SourceFile| file.note.as_ref().is_some_and(|note| note.whole_file);
    if !read.iter().any(|(file, _)| is_noted(file)) {
        return;
    }
    let mut noted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for (at, (file, records)) in read.iter().enumerate() {
        let Some(folder) = classifier.conventional_folder(file.path()) else { continue };
        if is_noted(file) {
            noted.entry(folder.to_owned()).or_default().push(at);
        } else if !records.is_empty() || file.is_incomplete() {
            known.insert(folder.to_owned());
        }
    }
    let unknown = noted.into_iter().filter(|(folder, files)| files.len() > 1 && !known.contains(folder));
    for (folder, files) in unknown {
        for &at in &files[1..] {
            read[at].0.folder_note = Some(None);
        }
        let first = &mut read[files[0]].0;
        first.folder_note = Some(first.note.clone().map(|note| UnrecognisedRecord {
            message: format!("no file in `{folder}/` is recognised as a record"),
            folder: Some(folder.into()),
            ..note
        }));
    }
}
