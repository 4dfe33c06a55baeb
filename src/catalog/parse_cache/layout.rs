//! The layout of the parse cache file. Section 0 is an index; sections 1 to 3 each contain one part of every parse.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::interner::Interner;
use crate::cache::{self, CacheFile, Store};
use crate::snapshot::{BlobId, FileEntry, LikelyBlob};

const FILE_NAME: &str = "files";

/// The number of entries, then the [`IndexEntry`]s, sorted by path.
const INDEX: usize = 0;

#[derive(Clone, Copy)]
pub(super) enum Section {
    /// What is needed to build a catalog; decoded at once.
    Heads = 1,
    /// The names and spans of fields, and hashes of short texts; read lazily.
    FieldIndexes = 2,
    /// The values of fields, and the links and prose of pages; read lazily.
    Bodies = 3,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(in crate::catalog) struct PerSection<T> {
    pub head: T,
    pub field_index: T,
    pub body: T,
}

impl<T> PerSection<T> {
    fn get(&self, section: Section) -> &T {
        match section {
            Section::Heads => &self.head,
            Section::FieldIndexes => &self.field_index,
            Section::Bodies => &self.body,
        }
    }
}

/// An encoded parse. It is empty if the file is irrelevant.
pub(in crate::catalog) type EncodedParse = PerSection<Box<[u8]>>;

/// An encoded parse, or where it is in the file.
#[derive(Clone)]
pub(in crate::catalog) enum EncodedParseRef {
    Cached(PerSection<Range<usize>>),
    New(Arc<EncodedParse>),
}

/// The parse of a blob.
#[derive(Clone)]
pub(in crate::catalog) struct BlobParse {
    pub blob: BlobId,
    /// The length of the blob, in bytes.
    pub length: u64,
    pub bytes: EncodedParseRef,
}

#[derive(Serialize, Deserialize)]
struct IndexEntry<'a> {
    path: &'a str,
    blob: &'a [u8],
    /// That of the blob.
    length: u64,
    lengths: PerSection<usize>,
}

pub(super) struct ParseCacheFile {
    pub store: Store,
    pub interner: Interner,
    file: Option<CacheFile>,
}

impl ParseCacheFile {
    pub(super) fn open(store: Store, interner: Interner) -> ParseCacheFile {
        ParseCacheFile { file: store.open(FILE_NAME), store, interner }
    }

    pub(super) fn find(&self, files: &[(&FileEntry, Option<LikelyBlob>)]) -> Vec<Option<BlobParse>> {
        let read_index = || self.file.as_ref()?.section(INDEX);
        read_index()
            .and_then(|index| find_in_index(&index, files))
            .unwrap_or_else(|| files.iter().map(|_| None).collect())
    }

    pub(super) fn range<'s>(
        &'s self,
        bytes: &'s EncodedParseRef,
        section: Section,
        range: Range<usize>,
    ) -> Option<Cow<'s, [u8]>> {
        match bytes {
            EncodedParseRef::Cached(ranges) => {
                let start = ranges.get(section).start;
                let range = start.checked_add(range.start)?..start.checked_add(range.end)?;
                self.file.as_ref()?.range(section as usize, range)
            }
            EncodedParseRef::New(parse) => parse.get(section).get(range).map(Cow::Borrowed),
        }
    }

    pub(super) fn section<'s>(
        &'s self,
        bytes: &'s EncodedParseRef,
        section: Section,
    ) -> Option<Cow<'s, [u8]>> {
        let length = match bytes {
            EncodedParseRef::Cached(ranges) => ranges.get(section).len(),
            EncodedParseRef::New(parse) => parse.get(section).len(),
        };
        self.range(bytes, section, 0..length)
    }

    pub(super) fn invalidate(&self) {
        self.store.invalidate(FILE_NAME);
    }

    pub(super) fn save<'p>(&self, parses: impl Iterator<Item = (&'p str, &'p BlobParse)>) {
        let (mut index, mut count): (Vec<u8>, usize) = (Vec::new(), 0);
        let mut sections: PerSection<Vec<Cow<'_, [u8]>>> = PerSection::default();
        for (path, &BlobParse { ref blob, length, ref bytes }) in parses {
            let section = |section| self.section(bytes, section);
            let (Some(head), Some(field_index), Some(body)) =
                (section(Section::Heads), section(Section::FieldIndexes), section(Section::Bodies))
            else {
                return;
            };
            let lengths = PerSection { head: head.len(), field_index: field_index.len(), body: body.len() };
            let entry = IndexEntry { path, blob: blob.as_bytes(), length, lengths };
            let Ok(()) = cache::encode_into(&entry, &mut index) else { return };
            sections.head.push(head);
            sections.field_index.push(field_index);
            sections.body.push(body);
            count += 1;
        }
        let count = postcard::to_stdvec(&count).unwrap_or_default();
        let pieces = |section| sections.get(section).iter().map(|piece| &**piece).collect();
        let sections = [Section::Heads, Section::FieldIndexes, Section::Bodies].map(pieces);
        self.store.save(FILE_NAME, &[&[vec![&count[..], &index]], &sections[..]].concat());
    }
}

fn find_in_index(index: &[u8], files: &[(&FileEntry, Option<LikelyBlob>)]) -> Option<Vec<Option<BlobParse>>> {
    let (count, mut rest) = postcard::take_from_bytes::<usize>(index).ok()?;
    let mut found = Vec::with_capacity(files.len());
    let mut ends: PerSection<usize> = PerSection::default();
    let mut files = files.iter().peekable();
    for _ in 0..count {
        let (entry, after): (IndexEntry<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        rest = after;
        let ranges = PerSection {
            head: next_range(&mut ends.head, entry.lengths.head)?,
            field_index: next_range(&mut ends.field_index, entry.lengths.field_index)?,
            body: next_range(&mut ends.body, entry.lengths.body)?,
        };
        while files.next_if(|(file, _)| *file.path < *entry.path).is_some() {
            found.push(None);
        }
        if let Some((_, blob)) = files.next_if(|(file, _)| *file.path == *entry.path) {
            let same = blob.filter(|blob| blob.is(entry.blob, entry.length));
            let bytes = EncodedParseRef::Cached(ranges);
            found.push(same.map(|LikelyBlob { id, .. }| BlobParse { blob: id, length: entry.length, bytes }));
        }
    }
    found.extend(files.map(|_| None));
    Some(found)
}

/// Returns the range of `length` bytes at `start`, and advances `start` to its end.
pub(super) fn next_range(start: &mut usize, length: usize) -> Option<Range<usize>> {
    let range = *start..start.checked_add(length)?;
    *start = range.end;
    Some(range)
}
