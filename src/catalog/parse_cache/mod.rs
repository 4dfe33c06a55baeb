//! The parse cache: a run parses only the files whose parse is not cached.
//!
//! The name of the cache file covers policy, paths of records and build; inside, a parse is found by path and blob id. New parses are
//! encoded at once, so that the trees can be freed, and are written at the end of the run.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::SourceFile;
use crate::cache::{CacheFile, CacheKind, Store};
use crate::config::Config;
use crate::format::Formats;
use crate::kind::Kinds;
use crate::record::{PathClassifier, Record};
use crate::snapshot::{BlobId, FileEntry, LikelyBlob, Snapshot};
use crate::text::Source;

mod codec;

use codec::Numbered;

/// A file and its records; `None` if the file is irrelevant: it contains no records and does not have to.
pub(super) type Parse = Option<(SourceFile, Vec<Record>)>;

const PARSES: CacheKind = CacheKind { prefix: "parses", max_files: 4, max_bytes: 256 << 20 };

const FILE_NAME: &str = "files";

const MIN_NEW_PARSES: usize = 300;

/// The sections of the file: an index of [`IndexEntry`]s, sorted by path, then one for each part of all parses.
const INDEX: usize = 0;
const FIRST_PART: usize = 1;

/// The parts of a parse: what a catalog is built from, decoded at once, and the fields of records and the prose of pages, read lazily.
const HEAD: usize = 0;
const BODY: usize = 1;
const PARTS: usize = 2;

/// An encoded parse, by part. It is empty if the file is irrelevant.
type EncodedParse = [Box<[u8]>; PARTS];

/// An encoded parse, or where it is in the file.
#[derive(Clone)]
enum ParseBytes {
    Cached([Range<usize>; PARTS]),
    New(Arc<EncodedParse>),
}

#[derive(Clone)]
pub(super) struct BlobParse {
    blob: BlobId,
    length: u64,
    /// True for a companion page: it is read with pages only.
    pub is_companion: bool,
    bytes: ParseBytes,
}

#[derive(Serialize, Deserialize)]
struct IndexEntry<'a> {
    path: &'a str,
    is_companion: bool,
    blob: &'a [u8],
    length: u64,
    ranges: [Range<usize>; PARTS],
}

pub(super) struct ParseCache {
    snapshot: Arc<Snapshot>,
    parts: Arc<Parts>,
    numbered: Numbered,
}

struct Parts {
    store: Store,
    file: Option<CacheFile>,
}

impl Parts {
    fn range<'s>(&'s self, bytes: &'s ParseBytes, part: usize, range: Range<usize>) -> Option<Cow<'s, [u8]>> {
        match bytes {
            ParseBytes::Cached(ranges) => {
                let start = ranges[part].start;
                let range = start.checked_add(range.start)?..start.checked_add(range.end)?;
                self.file.as_ref()?.range(FIRST_PART + part, range)
            }
            ParseBytes::New(parse) => parse[part].get(range).map(Cow::Borrowed),
        }
    }

    fn part<'s>(&'s self, bytes: &'s ParseBytes, part: usize) -> Option<Cow<'s, [u8]>> {
        let length = match bytes {
            ParseBytes::Cached(ranges) => ranges[part].len(),
            ParseBytes::New(parse) => parse[part].len(),
        };
        self.range(bytes, part, 0..length)
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
        let store = Store::new(cache, &PARSES, key);
        let parts = Arc::new(Parts { file: store.open(FILE_NAME), store });
        let numbered =
            Numbered { kinds: kinds.iter().cloned().collect(), formats: formats.iter().cloned().collect() };
        Some(ParseCache { snapshot: snapshot.clone(), parts, numbered })
    }

    /// Looks up what is cached of `files`, which must be sorted by path: by the path alone it is known to be read.
    pub(super) fn find(&self, files: &[FileEntry]) -> Vec<Option<BlobParse>> {
        let index = self.parts.file.as_ref().and_then(|file| file.section(INDEX));
        let entries: Option<Vec<IndexEntry<'_>>> =
            index.as_deref().and_then(|index| postcard::from_bytes(index).ok());
        let mut entries = entries.unwrap_or_default().into_iter().peekable();
        let mut find = |file: &FileEntry| {
            while entries.next_if(|entry| *entry.path < *file.path).is_some() {}
            let IndexEntry { blob, length, is_companion, ranges, .. } =
                entries.next_if(|entry| *entry.path == *file.path)?;
            let blob = BlobId::from_bytes(blob)?;
            Some(BlobParse { blob, length, is_companion, bytes: ParseBytes::Cached(ranges) })
        };
        files.iter().map(&mut find).collect()
    }

    /// Returns a cached parse; `None` if the file has another blob.
    pub(super) fn get(&self, parse: &BlobParse, file: &FileEntry, likely: LikelyBlob) -> Option<Parse> {
        match &parse.bytes {
            _ if !likely.is(parse.blob, parse.length) => None,
            ParseBytes::Cached([head, _]) if head.is_empty() => Some(None),
            bytes => {
                let source = self.snapshot.blob_text(file, parse.blob);
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
        let (file, records) = codec::decode(&self.parts, &self.numbered, bytes, source)?;
        Some((SourceFile { blob: Some(blob), ..file }, records))
    }

    /// Encodes a new parse. Returns the lazily decoded parse and its bytes, or `parse` itself if it can't be cached.
    pub(super) fn insert(
        &self,
        parse: Parse,
        length: u64,
        file: &FileEntry,
        (blob, is_companion): (BlobId, bool),
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
            Some(decoded) => (decoded, Some(BlobParse { blob, length, is_companion, bytes })),
            None => (parse, None),
        }
    }

    /// Writes the parses of files, given by their indexes, if enough of them are new, and all can be read.
    pub(super) fn save(&self, parses: &[(u32, BlobParse)]) {
        let is_new = |(_, parse): &&(u32, BlobParse)| matches!(parse.bytes, ParseBytes::New(_));
        if parses.iter().filter(is_new).count() < MIN_NEW_PARSES {
            return;
        }
        let mut index = Vec::new();
        let mut ends = [0; PARTS];
        let mut sections: [Vec<Cow<'_, [u8]>>; PARTS] = Default::default();
        for (number, BlobParse { blob, length, is_companion, bytes }) in parses {
            let Some(file) = self.snapshot.files().get(*number as usize) else { continue };
            let mut ranges: [Range<usize>; PARTS] = Default::default();
            for part in [HEAD, BODY] {
                let Some(piece) = self.parts.part(bytes, part) else { return };
                let end = &mut ends[part];
                ranges[part] = *end..*end + piece.len();
                *end += piece.len();
                sections[part].push(piece);
            }
            let (blob, length, is_companion) = (blob.as_bytes(), *length, *is_companion);
            index.push(IndexEntry { path: &file.path, is_companion, blob, length, ranges });
        }
        let Ok(index) = postcard::to_stdvec(&index) else { return };
        let sections = sections.each_ref().map(|pieces| pieces.iter().map(|piece| &**piece).collect());
        self.parts.store.save(FILE_NAME, &[&[vec![&index[..]]], &sections[..]].concat());
    }
}
