//! The parse cache: a run parses only the files whose parse is not cached.
//!
//! The records of a file depend on its content, its path, the kinds, the profiles, the paths of records and this build.
//! The cache file's name covers all but the first two; inside, a parse is found by path and blob id. New parses are
//! encoded at once, so that the trees can be freed, and are written at the end of the run.

use std::sync::Arc;

use super::SourceFile;
use crate::cache::{CacheKind, Store};
use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{PathClassifier, Record};
use crate::snapshot::{BlobId, FileEntry, Snapshot};
use crate::text::Source;

mod codec;
mod fields;
mod interner;
mod layout;
#[cfg(test)]
mod tests;

use interner::Interner;
pub(super) use layout::{CachedParse, EncodedParseRef};
use layout::{ParseCacheFile, PerSection};

/// A file and its records; `None` if the file is irrelevant: it contains no records and does not have to.
pub(super) type Parse = Option<(SourceFile, Vec<Record>)>;

const PARSES: CacheKind = CacheKind { prefix: "parses", max_files: 4, max_bytes: 256 << 20 };

/// The file is rewritten only if there are at least this many new parses.
const MIN_NEW_PARSES: usize = 300;

/// The parse cache of one policy.
pub(super) struct ParseCache {
    snapshot: Arc<Snapshot>,
    file: Arc<ParseCacheFile>,
}

impl ParseCache {
    /// Opens the parse cache; `None` if the cache is disabled or turned out to be corrupt.
    pub(super) fn open(
        snapshot: &Arc<Snapshot>,
        kinds: &Kinds,
        profiles: &Profiles,
        config: &Config,
    ) -> Option<ParseCache> {
        let cache = snapshot.blob_cache().filter(|cache| cache.is_readable())?;
        let key = (PathClassifier { kinds, profiles, config }.cache_key(), snapshot.folder());
        let file = ParseCacheFile::open(Store::new(cache, &PARSES, key), Interner::new(kinds, profiles));
        Some(ParseCache { snapshot: snapshot.clone(), file: Arc::new(file) })
    }

    /// Looks up the parses of `files`, which must be sorted by path. `None` where the file or its blob is not cached.
    pub(super) fn find(&self, files: &[(&FileEntry, Option<BlobId>)]) -> Vec<Option<EncodedParseRef>> {
        self.file.find(files)
    }

    /// Decodes the parse of a file with this blob; `None` if that fails.
    pub(super) fn get(&self, bytes: &EncodedParseRef, file: &FileEntry, blob: BlobId) -> Option<Parse> {
        match bytes {
            EncodedParseRef::Cached(ranges) if ranges.head.is_empty() => Some(None),
            _ => self.decode(bytes, blob, self.snapshot.blob_text(file.path.clone(), blob)).map(Some),
        }
    }

    fn decode(
        &self,
        bytes: &EncodedParseRef,
        blob: BlobId,
        source: Arc<Source>,
    ) -> Option<(SourceFile, Vec<Record>)> {
        let (file, records) = codec::decode(&self.file, bytes, source)?;
        Some((SourceFile { blob: Some(blob), ..file }, records))
    }

    /// Encodes a new parse. Returns the lazily decoded parse and its bytes, or `parse` itself and `None` if it can't be
    /// cached.
    pub(super) fn insert(
        &self,
        parse: Parse,
        file: &FileEntry,
        blob: BlobId,
    ) -> (Parse, Option<EncodedParseRef>) {
        let encoded = match &parse {
            None => Some(PerSection::default()),
            Some((file, _)) if file.unreadable => None,
            Some((file, records)) => codec::encode(file, records, &self.file.interner),
        };
        // The file may have changed on disk while it was parsed.
        let is_unchanged = self.snapshot.blob_id(file) == Some(blob);
        let Some(encoded) = encoded.filter(|_| is_unchanged) else { return (parse, None) };
        let bytes = EncodedParseRef::New(Arc::new(encoded));
        match &parse {
            None => (None, Some(bytes)),
            Some((file, _)) => match self.decode(&bytes, blob, file.source().clone()) {
                Some(decoded) => (Some(decoded), Some(bytes)),
                None => (parse, None),
            },
        }
    }

    /// Writes the parses of the snapshot's files, which are sorted by path, if enough of them are new.
    pub(super) fn save(&self, parses: &[CachedParse]) {
        if parses.iter().filter(|parse| matches!(parse.bytes, EncodedParseRef::New(_))).count()
            >= MIN_NEW_PARSES
        {
            let path =
                |parse: &CachedParse| Some(&*self.snapshot.files().get(parse.file_index as usize)?.path);
            self.file.save(parses.iter().filter_map(|parse| Some((path(parse)?, parse))));
        }
    }
}
