//! The cache of `why`: which records govern which paths, for a later run on the same state.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Governing, Paths, Patterns, describe};
use crate::cache::{BlobTable, CacheFile, CacheKind, Store};
use crate::catalog::{Catalog, Outline};
use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::PathClassifier;
use crate::snapshot::Snapshot;

const GOVERNING: CacheKind = CacheKind { prefix: "governing", max_files: 4, max_bytes: 64 << 20 };

const FILE_NAME: &str = "records";

/// For fewer records, reading their files takes no longer than reading the cache.
const MIN_RECORDS: usize = 100;

/// The [`Outline`] of the state.
const OUTLINE: usize = 0;
/// The [`Patterns`].
const PATTERNS: usize = 1;
/// The [`Governing`] of each record of the patterns, as a table of blobs.
const DESCRIPTION_ENDS: usize = 2;
const DESCRIPTIONS: usize = 3;

/// The cache of one policy, for one state.
pub struct GoverningCache<'p> {
    pub snapshot: &'p Arc<Snapshot>,
    pub kinds: &'p Arc<Kinds>,
    pub profiles: &'p Profiles,
    pub config: &'p Config,
}

impl GoverningCache<'_> {
    /// As [`super::governing`]; `None` if the cache is disabled, or a former run has not found the same files of records.
    pub fn governing(&self, paths: Paths<'_>) -> Option<Vec<Governing>> {
        let file = self.store()?.open(FILE_NAME)?;
        let (outline, patterns) = (file.section(OUTLINE)?, file.section(PATTERNS)?);
        let decoded: Option<(Outline<'_>, Patterns<'_>)> =
            postcard::from_bytes(&outline).ok().zip(postcard::from_bytes(&patterns).ok());
        if decoded.is_none() {
            file.invalidate();
        }
        let (outline, patterns) = decoded?;
        let catalog = outline.records(self.snapshot, self.kinds, self.profiles, self.config)?;
        let describe = |number| description(&file, patterns.place_of(number)?);
        let found = patterns.search(&catalog, paths, describe);
        // The program ends soon, and it takes time to drop the catalog.
        std::mem::forget(catalog);
        Some(found)
    }

    /// Writes what the records of the state govern.
    pub fn save(&self, catalog: &Catalog) {
        if let Some(store) = self.store().filter(|_| catalog.records().len() >= MIN_RECORDS)
            && let Some([outline, patterns, ends, descriptions]) = self.sections(catalog)
        {
            store.save(FILE_NAME, &[vec![&outline], vec![&patterns], vec![&ends], vec![&descriptions]]);
        }
    }

    fn sections(&self, catalog: &Catalog) -> Option<[Vec<u8>; 4]> {
        let outline = postcard::to_stdvec(&catalog.outline(self.profiles)?).ok()?;
        let patterns = Patterns::of(catalog);
        let encode = |(number, _): &(u32, Vec<u32>)| postcard::to_stdvec(&describe(catalog, *number)).ok();
        let encoded: Vec<Option<Vec<u8>>> = patterns.records.par_iter().map(encode).collect();
        let mut descriptions = BlobTable::default();
        for description in encoded {
            descriptions.add(&description?)?;
        }
        let (ends, descriptions) = descriptions.into_sections();
        Some([outline, postcard::to_stdvec(&patterns).ok()?, ends, descriptions])
    }

    fn store(&self) -> Option<Store> {
        let GoverningCache { snapshot, kinds, profiles, config } = *self;
        let cache = snapshot.blob_cache()?;
        let key = (PathClassifier { kinds, profiles, config }.cache_key(), snapshot.folder());
        Some(Store::new(cache, &GOVERNING, key))
    }
}

fn description(file: &CacheFile, place: usize) -> Option<Governing> {
    let bytes = file.blob(DESCRIPTION_ENDS, DESCRIPTIONS, place)?;
    let decoded = postcard::from_bytes(&bytes).ok();
    if decoded.is_none() {
        file.invalidate();
    }
    decoded
}
