//! The citations of a file by its blob, so that a later run doesn't read it.

use std::sync::{Arc, Mutex, PoisonError};

use crate::cache::{CacheFile, CacheKind, Store};
use crate::citation::{Citation, Language, Pattern};
use crate::snapshot::{BlobId, Snapshot};

const CITATIONS: CacheKind = CacheKind { prefix: "citations", max_files: 4, max_bytes: 64 << 20 };

const FILE_NAME: &str = "files";

/// For fewer files, reading them takes no longer than reading the cache.
const MIN_FILES: usize = 64;

/// The file is rewritten only if there are at least this many new ones.
const MIN_NEW_FILES: usize = 300;

/// The keys of the searched files, sorted, each of the same length.
const KEYS: usize = 0;
/// The numbers of the keys with citations, and these.
const FOUND: usize = 1;

type Found = Vec<(u32, Vec<Citation>)>;

/// The citations that former runs have found with the same patterns, and those of this run.
pub(super) struct CitationCache {
    store: Store,
    key_length: usize,
    keys: Vec<u8>,
    found: Found,
    scanned: Mutex<Vec<(Vec<u8>, Vec<Citation>)>>,
}

impl CitationCache {
    /// Opens the cache for a search of so many files; `None` if it is disabled, turned out to be corrupt, or is not worth it.
    pub(super) fn open(
        snapshot: &Arc<Snapshot>,
        patterns: &[Pattern],
        files: usize,
    ) -> Option<CitationCache> {
        let cache = snapshot.blob_cache().filter(|cache| files >= MIN_FILES && cache.is_readable())?;
        let store = Store::new(cache, &CITATIONS, patterns);
        let read = |file: CacheFile| {
            let keys = file.section(KEYS)?.into_owned();
            let found: Option<(u32, Found)> = postcard::from_bytes(&file.section(FOUND)?).ok();
            if found.is_none() {
                file.invalidate();
            }
            let (key_length, found) = found?;
            Some((key_length as usize, keys, found))
        };
        let (key_length, keys, found) = store.open(FILE_NAME).and_then(read).unwrap_or_default();
        Some(CitationCache { store, key_length, keys, found, scanned: Mutex::default() })
    }

    /// Returns true if no run before has saved its findings.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns the citations of a blob, if it was searched before.
    pub(super) fn get(&self, blob: BlobId, language: Language) -> Option<Vec<Citation>> {
        let wanted = key(blob, language);
        if self.key_length != wanted.len() {
            return None;
        }
        let (mut low, mut high) = (0, self.keys.len() / self.key_length);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.keys[middle * self.key_length..][..self.key_length].cmp(&wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(self.found(middle as u32)),
            }
        }
        None
    }

    /// Returns the citations of the blob with this number.
    fn found(&self, number: u32) -> Vec<Citation> {
        let at = self.found.binary_search_by_key(&number, |(number, _)| *number);
        at.map_or_else(|_| Vec::new(), |at| self.found[at].1.clone())
    }

    pub(super) fn insert(&self, blob: BlobId, language: Language, citations: &[Citation]) {
        let mut scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner);
        scanned.push((key(blob, language), citations.to_vec()));
    }

    /// Writes what is known, if enough of it is new.
    pub(super) fn save(&self) {
        let mut all = self.scanned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if all.len() < MIN_NEW_FILES {
            return;
        }
        let length = all[0].0.len();
        if self.key_length == length {
            let known = (0..).zip(self.keys.chunks_exact(length));
            all.extend(known.map(|(number, key)| (key.to_vec(), self.found(number))));
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.dedup_by(|a, b| a.0 == b.0);
        let numbered = (0..).zip(&all).filter(|(_, (_, citations))| !citations.is_empty());
        let found: Found = numbered.map(|(number, (_, citations))| (number, citations.clone())).collect();
        let Ok(found) = postcard::to_stdvec(&(length as u32, found)) else { return };
        let keys: Vec<u8> = all.into_iter().flat_map(|(key, _)| key).collect();
        self.store.save(FILE_NAME, &[vec![&keys], vec![&found]]);
    }
}

fn key(blob: BlobId, language: Language) -> Vec<u8> {
    [blob.as_bytes(), &[language.number()]].concat()
}
