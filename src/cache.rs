//! The cache: files in one directory that a run writes for the next. Anyone may delete them at any time.
//!
//! Its name covers all that the content depends on. It is written under a temporary name, renamed, and never changed: no run needs a lock.
//!
//! A file has a header (lengths, checksums of blocks, and one of its own that covers the name), then sections, read and verified by block.
//!
//! A corrupt file is deleted and marks the whole [`Cache`]: the run discards its result and runs again; see [`Cache::reset_if_corrupt`].

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use serde::Serialize;

use crate::output::{Error, FileInfo, Folder};

pub fn encode_into(value: &impl Serialize, bytes: &mut Vec<u8>) -> postcard::Result<()> {
    *bytes = postcard::to_extend(value, std::mem::take(bytes))?;
    Ok(())
}

#[derive(Debug)]
pub struct Cache {
    parent: Folder,
    dir: PathBuf,
    corrupt: AtomicBool,
    write_only: AtomicBool,
}

impl Cache {
    /// Opens the cache in the folder `dir` of `parent`, which is created when something is saved.
    pub fn open(parent: &Path, dir: &str) -> Result<Arc<Cache>, Error> {
        let (parent, dir) = (Folder::open(parent)?, PathBuf::from(dir));
        parent.files(&dir)?;
        Ok(Arc::new(Cache { parent, dir, corrupt: AtomicBool::default(), write_only: AtomicBool::default() }))
    }

    pub fn mark_corrupt(&self) {
        self.corrupt.store(true, Ordering::Relaxed);
    }

    /// Returns true if the run has to be repeated. From then on nothing is read from the cache, but files are written.
    pub fn reset_if_corrupt(&self) -> bool {
        let corrupt = self.corrupt.swap(false, Ordering::Relaxed);
        self.write_only.fetch_or(corrupt, Ordering::Relaxed);
        corrupt
    }

    pub fn is_readable(&self) -> bool {
        self.is_writable() && !self.write_only.load(Ordering::Relaxed)
    }

    fn is_writable(&self) -> bool {
        !self.corrupt.load(Ordering::Relaxed)
    }

    fn invalidate(&self, file_name: &str) {
        self.mark_corrupt();
        self.remove(file_name);
    }

    fn remove(&self, file_name: &str) {
        let _ = self.parent.remove(&self.dir.join(file_name));
    }

    fn files(&self, kind: &CacheKind) -> impl Iterator<Item = FileInfo> {
        let start = format!("{}-", kind.prefix);
        let files = self.parent.files(&self.dir).unwrap_or_default().into_iter();
        files.filter(move |file| file.name.starts_with(&start))
    }
}

#[derive(Debug)]
pub struct CacheKind {
    /// The start of the file names, before a hyphen. No other kind's prefix starts with it and a hyphen.
    pub prefix: &'static str,
    /// The number of files to keep, whatever their keys. The oldest are evicted.
    pub max_files: usize,
    /// The size in bytes above which a file is neither written nor read.
    pub max_bytes: u64,
}

/// The cache files of one kind and one key.
#[derive(Debug)]
pub struct Store {
    cache: Arc<Cache>,
    kind: &'static CacheKind,
    key: u64,
}

impl Store {
    /// The store for content that depends on `key`, the file's name and this build only.
    pub fn new(cache: &Arc<Cache>, kind: &'static CacheKind, key: impl Hash) -> Store {
        let mut hasher = DefaultHasher::new();
        (env!("ALIGNLINT_SOURCES"), key).hash(&mut hasher);
        Store { cache: cache.clone(), kind, key: hasher.finish() }
    }

    pub fn names(&self) -> impl Iterator<Item = String> {
        let start = self.file_name("");
        let is_readable = self.cache.is_readable();
        self.cache
            .files(self.kind)
            .filter(move |_| is_readable)
            .filter_map(move |file| Some(file.name.strip_prefix(&start)?.to_owned()))
    }

    /// Opens the file that was saved under `name`; `None` if there is none or its header is invalid.
    pub fn open(&self, name: &str) -> Option<CacheFile> {
        let name = self.file_name(name);
        let path = self.cache.dir.join(&name);
        let file = self.cache.is_readable().then(|| self.cache.parent.read(&path).ok()).flatten()?;
        let length = file.metadata().ok()?.len();
        (length <= self.kind.max_bytes).then(|| CacheFile::open(&self.cache, name, file)).flatten()
    }

    /// Writes a file of sections, each given in pieces. Ignores I/O errors: the next run then computes the values again.
    pub fn save(&self, name: &str, sections: &[Vec<&[u8]>]) {
        const WRITE_BUFFER: usize = 1 << 17;
        let name = self.file_name(name);
        let header = header(&name, sections);
        let pieces = || sections.iter().flatten().copied();
        let length: usize = header.len() + pieces().map(<[u8]>::len).sum::<usize>();
        if self.cache.is_writable() && length as u64 <= self.kind.max_bytes {
            let path = self.cache.dir.join(&name);
            let _ = self.cache.parent.write(&path, |file| {
                let mut file = BufWriter::with_capacity(WRITE_BUFFER, file);
                file.write_all(&header)?;
                pieces().try_for_each(|piece| file.write_all(piece))?;
                file.flush()
            });
            self.evict();
        }
    }

    pub fn invalidate(&self, name: &str) {
        self.cache.invalidate(&self.file_name(name));
    }

    fn evict(&self) {
        self.cache.parent.remove_abandoned(&self.cache.dir, |_| false);
        let mut files: Vec<FileInfo> = self.cache.files(self.kind).collect();
        files.sort_by(|a, b| (Reverse(a.modified), &a.name).cmp(&(Reverse(b.modified), &b.name)));
        for file in files.into_iter().skip(self.kind.max_files) {
            self.cache.remove(&file.name);
        }
    }

    fn file_name(&self, name: &str) -> String {
        format!("{}-{:016x}-{name}", self.kind.prefix, self.key)
    }
}

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
    fn open(cache: &Arc<Cache>, name: String, mut file: fs::File) -> Option<CacheFile> {
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

    pub fn length(&self, section: usize) -> usize {
        self.sections.get(section).map_or(0, Range::len)
    }

    pub fn section(&self, section: usize) -> Option<Cow<'_, [u8]>> {
        self.range(section, 0..self.length(section))
    }

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

/// Converts `inner`, which is relative to `outer.start`, to an absolute range. `None` if it exceeds `outer`.
fn subrange(outer: &Range<usize>, inner: Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (outer.start.checked_add(inner.start)?, outer.start.checked_add(inner.end)?);
    (start <= end && end <= outer.end).then_some(start..end)
}

fn header(name: &str, sections: &[Vec<&[u8]>]) -> Vec<u8> {
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
