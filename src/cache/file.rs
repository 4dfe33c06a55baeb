//! A kept file: sections of bytes behind a header. Of the sections only those blocks are read and checked that
//! hold what somebody asks for.
//!
//! The header says how long each section is and holds a check sum of each block; its own covers the file's name
//! too, so that a file under the name of another one is none. All numbers have their lowest byte first.

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::{fmt, fs};

/// The first bytes of a file.
const MAGIC: &[u8; 16] = b"alignlint kept\n\x01";
/// Magic, check sum of what follows in the header, how many sections there are.
const START: usize = MAGIC.len() + 4 + 4;
/// Bytes that are read and checked at once.
const BLOCK: usize = 1 << 16;
/// More sections than this has no file.
const SECTIONS: usize = 64;

/// What was kept is not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// A kept file that has been opened.
pub struct File {
    file: Mutex<fs::File>,
    /// Where the sections begin in the file.
    start: u64,
    /// Where each section is, from the start of the first.
    sections: Vec<Range<usize>>,
    blocks: Vec<Block>,
}

/// So many bytes of all sections together; the last has the rest.
struct Block {
    sum: u32,
    length: usize,
    /// Empty until somebody asks for any of it.
    bytes: OnceLock<Box<[u8]>>,
}

impl File {
    /// Opens the file that was written under a name, and reads its header.
    pub(super) fn open(path: &Path, name: &str) -> Result<File, Damaged> {
        let mut file = fs::File::open(path).map_err(|_| Damaged)?;
        let start = read(&mut file, START)?;
        let numbers = start.strip_prefix(MAGIC).ok_or(Damaged)?.as_chunks::<4>().0;
        let &[sum, count] = numbers else { return Err(Damaged) };
        let sections = u32::from_le_bytes(count) as usize;
        if sections > SECTIONS {
            return Err(Damaged);
        }
        let lengths = read(&mut file, sections * 8)?;
        let (ranges, body) = ranges(&lengths).ok_or(Damaged)?;
        let after = (START + lengths.len() + blocks_of(body) * 4) as u64;
        let whole = file.metadata().map_err(|_| Damaged)?.len();
        if after.checked_add(body as u64) != Some(whole) {
            return Err(Damaged);
        }
        let sums = read(&mut file, blocks_of(body) * 4)?;
        if u32::from_le_bytes(sum) != sum_of(&[name.as_bytes(), &count, &lengths, &sums]) {
            return Err(Damaged);
        }
        let sums = sums.as_chunks().0.iter().map(|sum| u32::from_le_bytes(*sum));
        let block = |(nth, sum)| Block { sum, length: BLOCK.min(body - nth * BLOCK), bytes: OnceLock::new() };
        let blocks = sums.enumerate().map(block).collect();
        Ok(File { file: Mutex::new(file), start: after, sections: ranges, blocks })
    }

    /// How many bytes a section has; none where there is no such section.
    pub fn length(&self, section: usize) -> usize {
        self.sections.get(section).map_or(0, Range::len)
    }

    /// All of a section.
    ///
    /// # Errors
    /// It is not there, can't be read, or is not what was written.
    pub fn section(&self, section: usize) -> Result<Cow<'_, [u8]>, Damaged> {
        self.part(section, 0..self.length(section))
    }

    /// Some bytes of a section, by their places in it.
    ///
    /// # Errors
    /// As [`File::section`].
    pub fn part(&self, section: usize, part: Range<usize>) -> Result<Cow<'_, [u8]>, Damaged> {
        let section = self.sections.get(section).ok_or(Damaged)?;
        let part = within(section, part).ok_or(Damaged)?;
        let blocks = part.start / BLOCK..part.end.div_ceil(BLOCK);
        let of_block = |block: usize| {
            let start = block * BLOCK;
            let bytes = self.block(block)?;
            bytes.get(part.start.saturating_sub(start)..(part.end - start).min(bytes.len())).ok_or(Damaged)
        };
        match blocks.len() {
            0 => Ok(Cow::Borrowed(&[])),
            1 => of_block(blocks.start).map(Cow::Borrowed),
            _ => Ok(Cow::Owned(blocks.map(of_block).collect::<Result<Vec<_>, _>>()?.concat())),
        }
    }

    fn block(&self, number: usize) -> Result<&[u8], Damaged> {
        let block = self.blocks.get(number).ok_or(Damaged)?;
        if let Some(bytes) = block.bytes.get() {
            return Ok(bytes);
        }
        let bytes = self.read_at(number * BLOCK, block.length)?;
        if sum_of(&[&bytes]) != block.sum {
            return Err(Damaged);
        }
        Ok(block.bytes.get_or_init(|| bytes.into()))
    }

    fn read_at(&self, at: usize, length: usize) -> Result<Vec<u8>, Damaged> {
        let mut file = self.file.lock().map_err(|_| Damaged)?;
        file.seek(SeekFrom::Start(self.start + at as u64)).map_err(|_| Damaged)?;
        read(&mut file, length)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("sections", &self.sections).finish_non_exhaustive()
    }
}

/// Where a part of a section is, by places in the section; none where it isn't inside.
fn within(section: &Range<usize>, part: Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (section.start.checked_add(part.start)?, section.start.checked_add(part.end)?);
    (start <= end && end <= section.end).then_some(start..end)
}

/// What stands before the sections in a file of this name.
pub(super) fn header(name: &str, sections: &[Vec<&[u8]>]) -> Vec<u8> {
    let count = (sections.len() as u32).to_le_bytes();
    let length = |section: &Vec<&[u8]>| section.iter().map(|piece| piece.len() as u64).sum::<u64>();
    let lengths: Vec<u8> = sections.iter().flat_map(|it| length(it).to_le_bytes()).collect();
    let sums = sums(sections);
    let sum = sum_of(&[name.as_bytes(), &count, &lengths, &sums]).to_le_bytes();
    [&MAGIC[..], &sum, &count, &lengths, &sums].concat()
}

/// The check sum of each block of all sections together.
fn sums(sections: &[Vec<&[u8]>]) -> Vec<u8> {
    let mut sums = Vec::new();
    let (mut hasher, mut room) = (crc32fast::Hasher::new(), BLOCK);
    for piece in sections.iter().flatten() {
        let mut rest = *piece;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(room.min(rest.len()));
            hasher.update(now);
            (rest, room) = (later, room - now.len());
            if room == 0 {
                let whole = std::mem::replace(&mut hasher, crc32fast::Hasher::new());
                sums.extend(whole.finalize().to_le_bytes());
                room = BLOCK;
            }
        }
    }
    if room < BLOCK {
        sums.extend(hasher.finalize().to_le_bytes());
    }
    sums
}

fn read(file: &mut fs::File, length: usize) -> Result<Vec<u8>, Damaged> {
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes).map_err(|_| Damaged)?;
    if bytes.len() == length { Ok(bytes) } else { Err(Damaged) }
}

/// Where sections of these lengths are one after the other, and where the last ends.
fn ranges(lengths: &[u8]) -> Option<(Vec<Range<usize>>, usize)> {
    let mut start: usize = 0;
    let mut ranges = Vec::new();
    for length in lengths.as_chunks().0 {
        let end = start.checked_add(u64::from_le_bytes(*length).try_into().ok()?)?;
        ranges.push(start..end);
        start = end;
    }
    Some((ranges, start))
}

fn blocks_of(body: usize) -> usize {
    body.div_ceil(BLOCK)
}

fn sum_of(parts: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize()
}
