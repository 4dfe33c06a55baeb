//! The layout of the parse cache file. Section 0 is an index; the others each contain one part of every parse.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cache::{CacheFile, Store};
use crate::snapshot::{BlobId, FileEntry, LikelyBlob};

const FILE_NAME: &str = "files";

/// The [`IndexEntry`]s, sorted by path.
const INDEX: usize = 0;

/// The parts of a parse; the section of each has the next number. The head is what is needed to build a catalog; it is decoded at once.
pub(super) const HEAD: usize = 0;

/// The fields of records, and the links and prose of pages; read lazily.
pub(super) const BODY: usize = 1;

const PARTS: usize = 2;

/// An encoded parse, by part. It is empty if the file is irrelevant.
pub(super) type EncodedParse = [Box<[u8]>; PARTS];

/// An encoded parse, or where it is in the file.
#[derive(Clone)]
pub(in crate::catalog) enum ParseBytes {
    Cached([Range<usize>; PARTS]),
    New(Arc<EncodedParse>),
}

/// The parse of a blob.
#[derive(Clone)]
pub(in crate::catalog) struct BlobParse {
    pub blob: BlobId,
    /// The length of the blob, in bytes.
    pub length: u64,
    pub bytes: ParseBytes,
}

#[derive(Serialize, Deserialize)]
struct IndexEntry<'a> {
    path: &'a str,
    blob: &'a [u8],
    /// That of the blob.
    length: u64,
    /// Where its parts are in their sections.
    ranges: [Range<usize>; PARTS],
}

pub(super) struct ParseCacheFile {
    store: Store,
    file: Option<CacheFile>,
}

impl ParseCacheFile {
    pub(super) fn open(store: Store) -> ParseCacheFile {
        ParseCacheFile { file: store.open(FILE_NAME), store }
    }

    /// Looks up the parses of `files`, which must be sorted by path. `None` where the file or its blob is not cached.
    pub(super) fn find(&self, files: &[(&FileEntry, Option<LikelyBlob>)]) -> Vec<Option<BlobParse>> {
        let index = self.file.as_ref().and_then(|file| file.section(INDEX));
        let entries: Option<Vec<IndexEntry<'_>>> =
            index.as_deref().and_then(|index| postcard::from_bytes(index).ok());
        let mut entries = entries.unwrap_or_default().into_iter().peekable();
        let mut find = |(file, likely): &(&FileEntry, Option<LikelyBlob>)| {
            while entries.next_if(|entry| *entry.path < *file.path).is_some() {}
            let IndexEntry { blob, length, ranges, .. } =
                entries.next_if(|entry| *entry.path == *file.path)?;
            let same = likely.filter(|likely| likely.is(blob, length))?;
            Some(BlobParse { blob: same.id, length, bytes: ParseBytes::Cached(ranges) })
        };
        files.iter().map(&mut find).collect()
    }

    pub(super) fn range<'s>(
        &'s self,
        bytes: &'s ParseBytes,
        part: usize,
        range: Range<usize>,
    ) -> Option<Cow<'s, [u8]>> {
        match bytes {
            ParseBytes::Cached(ranges) => {
                let start = ranges[part].start;
                let range = start.checked_add(range.start)?..start.checked_add(range.end)?;
                self.file.as_ref()?.range(part + 1, range)
            }
            ParseBytes::New(parse) => parse[part].get(range).map(Cow::Borrowed),
        }
    }

    pub(super) fn part<'s>(&'s self, bytes: &'s ParseBytes, part: usize) -> Option<Cow<'s, [u8]>> {
        let length = match bytes {
            ParseBytes::Cached(ranges) => ranges[part].len(),
            ParseBytes::New(parse) => parse[part].len(),
        };
        self.range(bytes, part, 0..length)
    }

    pub(super) fn invalidate(&self) {
        self.store.invalidate(FILE_NAME);
    }

    /// Writes parses, sorted by path; nothing if one of them can't be read.
    pub(super) fn save<'p>(&self, parses: impl Iterator<Item = (&'p str, &'p BlobParse)>) {
        let mut index = Vec::new();
        let mut ends = [0; PARTS];
        let mut sections: [Vec<Cow<'_, [u8]>>; PARTS] = Default::default();
        for (path, &BlobParse { ref blob, length, ref bytes }) in parses {
            let mut ranges: [Range<usize>; PARTS] = Default::default();
            for part in 0..PARTS {
                let Some(piece) = self.part(bytes, part) else { return };
                let end = &mut ends[part];
                ranges[part] = *end..*end + piece.len();
                *end += piece.len();
                sections[part].push(piece);
            }
            index.push(IndexEntry { path, blob: blob.as_bytes(), length, ranges });
        }
        let Ok(index) = postcard::to_stdvec(&index) else { return };
        let sections = sections.each_ref().map(|pieces| pieces.iter().map(|piece| &**piece).collect());
        self.store.save(FILE_NAME, &[&[vec![&index[..]]], &sections[..]].concat());
    }
}

/// Returns the range of `length` bytes at `start`, and advances `start` to its end.
pub(super) fn next_range(start: &mut usize, length: usize) -> Option<Range<usize>> {
    let range = *start..start.checked_add(length)?;
    *start = range.end;
    Some(range)
}
