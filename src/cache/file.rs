//! A cache file: a header, then sections of bytes. Only the blocks that contain requested bytes are read and verified.
//!
//! The header contains the length of each section and a checksum of each block. Its own checksum covers the file's name,
//! so a renamed file is invalid. Integers are little-endian.

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};
use std::{fmt, fs};

use super::Cache;

const MAGIC: &[u8; 16] = b"alignlint cache\n";
/// Magic, checksum of the rest of the header, number of sections.
const FIXED_HEADER: usize = MAGIC.len() + 4 + 4;
/// The number of bytes that are read and verified together.
const BLOCK_LEN: usize = 1 << 16;
const MAX_SECTIONS: usize = 64;

/// An open cache file. A read that fails for any reason deletes the file, marks the cache as corrupt and returns `None`.
pub struct CacheFile {
    cache: Arc<Cache>,
    name: String,
    file: Mutex<fs::File>,
    /// The offset of the first section in the file.
    body_offset: u64,
    sections: Vec<Range<usize>>,
    blocks: Vec<Block>,
}

struct Block {
    checksum: u32,
    length: usize,
    bytes: OnceLock<Box<[u8]>>,
}

impl CacheFile {
    pub(super) fn open(cache: &Arc<Cache>, name: String, mut file: fs::File) -> Option<CacheFile> {
        let fixed = read(&mut file, FIXED_HEADER)?;
        let &[sum, count] = fixed.strip_prefix(MAGIC)?.as_chunks::<4>().0 else { return None };
        let section_count = u32::from_le_bytes(count) as usize;
        if section_count > MAX_SECTIONS {
            return None;
        }
        let lengths = read(&mut file, section_count * 8)?;
        let (sections, body_length) = section_ranges(&lengths)?;
        let block_count = body_length.div_ceil(BLOCK_LEN);
        let body_offset = (FIXED_HEADER + lengths.len() + block_count * 4) as u64;
        if body_offset.checked_add(body_length as u64) != Some(file.metadata().ok()?.len()) {
            return None;
        }
        let checksums = read(&mut file, block_count * 4)?;
        if u32::from_le_bytes(sum) != checksum(&[name.as_bytes(), &count, &lengths, &checksums]) {
            return None;
        }
        let blocks = checksums.as_chunks().0.iter().enumerate().map(|(number, sum)| Block {
            checksum: u32::from_le_bytes(*sum),
            length: BLOCK_LEN.min(body_length - number * BLOCK_LEN),
            bytes: OnceLock::new(),
        });
        let blocks = blocks.collect();
        Some(CacheFile { cache: cache.clone(), name, file: Mutex::new(file), body_offset, sections, blocks })
    }

    /// Returns the length of a section in bytes, or 0 if the file does not contain the section.
    pub fn length(&self, section: usize) -> usize {
        self.sections.get(section).map_or(0, Range::len)
    }

    pub fn section(&self, section: usize) -> Option<Cow<'_, [u8]>> {
        self.range(section, 0..self.length(section))
    }

    /// Reads a range of bytes of a section.
    pub fn range(&self, section: usize, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let bytes = self.read_range(section, range);
        if bytes.is_none() {
            self.invalidate();
        }
        bytes
    }

    /// Deletes the file, and marks the cache as corrupt. Call this if the content can't be decoded.
    pub fn invalidate(&self) {
        self.cache.invalidate(&self.name);
    }

    fn read_range(&self, section: usize, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let range = subrange(self.sections.get(section)?, range)?;
        let blocks = range.start / BLOCK_LEN..range.end.div_ceil(BLOCK_LEN);
        let part_of = |block: usize| {
            let start = block * BLOCK_LEN;
            let bytes = self.block(block)?;
            bytes.get(range.start.saturating_sub(start)..(range.end - start).min(bytes.len()))
        };
        match blocks.len() {
            0 => Some(Cow::Borrowed(&[])),
            1 => part_of(blocks.start).map(Cow::Borrowed),
            _ => Some(Cow::Owned(blocks.map(part_of).collect::<Option<Vec<_>>>()?.concat())),
        }
    }

    fn block(&self, number: usize) -> Option<&[u8]> {
        let block = self.blocks.get(number)?;
        if let Some(bytes) = block.bytes.get() {
            return Some(bytes);
        }
        let bytes = self.read_at(number * BLOCK_LEN, block.length)?;
        (checksum(&[&bytes]) == block.checksum).then(|| &**block.bytes.get_or_init(|| bytes.into()))
    }

    fn read_at(&self, offset: usize, length: usize) -> Option<Vec<u8>> {
        let mut file = self.file.lock().ok()?;
        file.seek(SeekFrom::Start(self.body_offset + offset as u64)).ok()?;
        read(&mut file, length)
    }
}

impl fmt::Debug for CacheFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheFile").field("sections", &self.sections).finish_non_exhaustive()
    }
}

/// Converts `inner`, which is relative to `outer.start`, to an absolute range. `None` if it exceeds `outer`.
fn subrange(outer: &Range<usize>, inner: Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (outer.start.checked_add(inner.start)?, outer.start.checked_add(inner.end)?);
    (start <= end && end <= outer.end).then_some(start..end)
}

pub(super) fn header(name: &str, sections: &[Vec<&[u8]>]) -> Vec<u8> {
    let count = (sections.len() as u32).to_le_bytes();
    let length = |section: &Vec<&[u8]>| section.iter().map(|piece| piece.len() as u64).sum::<u64>();
    let lengths: Vec<u8> = sections.iter().flat_map(|it| length(it).to_le_bytes()).collect();
    let checksums = block_checksums(sections);
    let sum = checksum(&[name.as_bytes(), &count, &lengths, &checksums]).to_le_bytes();
    [&MAGIC[..], &sum, &count, &lengths, &checksums].concat()
}

fn block_checksums(sections: &[Vec<&[u8]>]) -> Vec<u8> {
    let mut checksums = Vec::new();
    let (mut hasher, mut room) = (crc32fast::Hasher::new(), BLOCK_LEN);
    for piece in sections.iter().flatten() {
        let mut rest = *piece;
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(room.min(rest.len()));
            hasher.update(head);
            (rest, room) = (tail, room - head.len());
            if room == 0 {
                let full = std::mem::replace(&mut hasher, crc32fast::Hasher::new());
                checksums.extend(full.finalize().to_le_bytes());
                room = BLOCK_LEN;
            }
        }
    }
    if room < BLOCK_LEN {
        checksums.extend(hasher.finalize().to_le_bytes());
    }
    checksums
}

fn read(file: &mut fs::File, length: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes).ok()?;
    (bytes.len() == length).then_some(bytes)
}

fn section_ranges(lengths: &[u8]) -> Option<(Vec<Range<usize>>, usize)> {
    let mut start: usize = 0;
    let mut ranges = Vec::new();
    for length in lengths.as_chunks().0 {
        let end = start.checked_add(u64::from_le_bytes(*length).try_into().ok()?)?;
        ranges.push(start..end);
        start = end;
    }
    Some((ranges, start))
}

fn checksum(parts: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize()
}
