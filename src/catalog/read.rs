//! From the files of a snapshot to a catalog: each file that may be governed is read and parsed once,
//! in parallel.

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{Recogniser, Record};
use crate::snapshot::{self, Snapshot};
use crate::syntax::{self, Document, Format};
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

impl Catalog {
    /// Reads the records of a snapshot.
    pub fn read(
        snapshot: Arc<Snapshot>,
        kinds: Arc<Kinds>,
        profiles: &Profiles,
        config: &Config,
        extent: Extent,
    ) -> Catalog {
        let recogniser = Recogniser::new(&kinds, profiles, config);
        let places = recogniser.places;
        let is_read =
            |path: &str| places.is_candidate(path) || (extent == Extent::Pages && places.is_page(path));
        let candidates: Vec<&snapshot::File> =
            snapshot.files().iter().filter(|file| is_read(&file.path)).collect();
        let read: Vec<Option<(File, Vec<Record>)>> =
            candidates.par_iter().map(|file| read_file(&snapshot, file, &recogniser)).collect();
        let read = read.into_iter().flatten().collect();
        Catalog::new(snapshot, kinds.clone(), config.fiscal_year_start, read)
    }
}

/// A file and its records; none where it stands in no governed place and holds none.
fn read_file(
    snapshot: &Snapshot,
    file: &snapshot::File,
    recogniser: &Recogniser,
) -> Option<(File, Vec<Record>)> {
    let format = Format::of_path(&file.path)?;
    let mut document = match snapshot.read(file) {
        Ok(source) => syntax::read(source, format),
        Err(problem) => Document {
            source: Arc::new(Source::new(file.path.clone(), Vec::new())),
            format,
            roots: Vec::new(),
            unfinished: Vec::new(),
            markdown: None,
            problems: vec![problem],
        },
    };
    let recognised = recogniser.recognise(&document);
    let concerns = recognised.governed || !recognised.records.is_empty() || recognised.note.is_some();
    let broken = document.problems.iter().any(|problem| problem.fatal);
    if !concerns && !broken {
        return None;
    }
    let ignores = ignores::of(&document);
    document.release_parts();
    let file =
        File { document, governed: recognised.governed, note: recognised.note, records: 0..0, ignores };
    Some((file, recognised.records))
}
