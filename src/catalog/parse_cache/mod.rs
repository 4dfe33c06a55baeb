//! The parse cache: a run parses only the files whose parse is not cached.
//!
//! The records of a file depend on its content, its path, the kinds, the formats, the paths of records and this build.
//! The cache file's name covers all but the first two; inside, a parse is found by path and blob id. New parses are
//! encoded at once, so that the trees can be freed, and are written at the end of the run.

use std::sync::Arc;

use super::SourceFile;
use crate::cache::{CacheKind, Store};
use crate::config::Config;
use crate::format::Formats;
use crate::kind::Kinds;
use crate::record::{PathClassifier, Record};
use crate::snapshot::{BlobId, FileEntry, LikelyBlob, Snapshot};
use crate::text::Source;

mod codec;
mod fields;
mod layout;
#[cfg(test)]
mod tests;

use codec::Numbered;
pub(super) use layout::BlobParse;
use layout::{ParseBytes, ParseCacheFile};

/// A file and its records; `None` if the file is irrelevant: it contains no records and does not have to.
pub(super) type Parse = Option<(SourceFile, Vec<Record>)>;

const PARSES: CacheKind = CacheKind { prefix: "parses", max_files: 4, max_bytes: 256 << 20 };

/// The file is rewritten only if there are at least this many new parses.
const MIN_NEW_PARSES: usize = 300;

/// The parse cache of one policy.
pub(super) struct ParseCache {
    snapshot: Arc<Snapshot>,
    file: Arc<ParseCacheFile>,
    numbered: Numbered,
}

impl Numbered {
    fn new(kinds: &Kinds, formats: &Formats) -> Numbered {
        Numbered { kinds: kinds.iter().cloned().collect(), formats: formats.iter().cloned().collect() }
    }
}

impl ParseCache {
    /// Opens the parse cache; `None` if the cache is disabled or turned out to be corrupt.
    pub(super) fn open(
        snapshot: &Arc<Snapshot>,
        kinds: &Kinds,
        formats: &Formats,
        config: &Config,
    ) -> Option<ParseCache> {
        let cache = snapshot.blob_cache().filter(|cache| cache.is_readable())?;
        let key = (PathClassifier { kinds, formats, config }.cache_key(), snapshot.folder());
        let file = Arc::new(ParseCacheFile::open(Store::new(cache, &PARSES, key)));
        Some(ParseCache { snapshot: snapshot.clone(), file, numbered: Numbered::new(kinds, formats) })
    }

    /// Looks up the parses of `files`, which must be sorted by path. `None` where the file or its blob is not cached.
    pub(super) fn find(&self, files: &[(&FileEntry, Option<LikelyBlob>)]) -> Vec<Option<BlobParse>> {
        self.file.find(files)
    }

    /// Decodes the parse of a file with this blob; `None` if that fails.
    pub(super) fn get(&self, parse: &BlobParse, file: &FileEntry) -> Option<Parse> {
        match &parse.bytes {
            ParseBytes::Cached([head, _]) if head.is_empty() => Some(None),
            bytes => {
                let source = self.snapshot.blob_text(file.path.clone(), parse.blob);
                self.decode(bytes, parse.blob, source).map(Some)
            }
        }
    }

    fn decode(
        &self,
        bytes: &ParseBytes,
        blob: BlobId,
        source: Arc<Source>,
    ) -> Option<(SourceFile, Vec<Record>)> {
        let (file, records) = codec::decode(&self.file, &self.numbered, bytes, source)?;
        Some((SourceFile { blob: Some(blob), ..file }, records))
    }

    /// Encodes a new parse of a file with so many bytes. Returns the lazily decoded parse and its bytes, or `parse` itself
    /// and `None` if it can't be cached.
    pub(super) fn insert(
        &self,
        parse: Parse,
        length: u64,
        file: &FileEntry,
        blob: BlobId,
    ) -> (Parse, Option<BlobParse>) {
        let encoded = match &parse {
            None => Some(Default::default()),
            Some((file, _)) if file.unreadable => None,
            Some((file, records)) => codec::encode(file, records, &self.numbered),
        };
        // Its line ends may differ from those of the blob, and it may have changed on disk while it was parsed.
        let is_unchanged = self.snapshot.blob_id(file) == Some(blob);
        let Some(encoded) = encoded.filter(|_| is_unchanged) else { return (parse, None) };
        let bytes = ParseBytes::New(Arc::new(encoded));
        let decoded = match &parse {
            None => Some(None),
            Some((file, _)) => self.decode(&bytes, blob, file.source().clone()).map(Some),
        };
        match decoded {
            Some(decoded) => (decoded, Some(BlobParse { blob, length, bytes })),
            None => (parse, None),
        }
    }

    /// Writes the parses of the snapshot's files, each with the index of its file, sorted by path, if enough of them are
    /// new.
    pub(super) fn save(&self, parses: &[(u32, BlobParse)]) {
        let is_new = |(_, parse): &&(u32, BlobParse)| matches!(parse.bytes, ParseBytes::New(_));
        if parses.iter().filter(is_new).count() >= MIN_NEW_PARSES {
            let path = |file: u32| Some(&*self.snapshot.files().get(file as usize)?.path);
            self.file.save(parses.iter().filter_map(|(file, parse)| Some((path(*file)?, parse))));
        }
    }
}
