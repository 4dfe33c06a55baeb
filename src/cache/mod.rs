//! The cache: files in one directory that a run writes for the next. Anyone may delete them at any time.
//!
//! The name of a file covers everything that its content depends on. A file is written under a temporary name, then
//! renamed, and never changed; so concurrent runs need no lock.
//!
//! A corrupt file is deleted, and marks the whole [`Cache`] as corrupt. Reads then return defaults, and nothing more is
//! written. The owner of the run discards its result and runs once more; see [`Cache::reset_if_corrupt`].

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use std::{fs, process};

use serde::Serialize;

mod file;
mod table;

pub use file::CacheFile;
pub use table::{BlobTable, decode_u32s, encode_u32s};

/// Appends a value in `postcard`'s format.
///
/// # Errors
/// The value can't be serialised. Then `bytes` is empty.
pub fn encode_into(value: &impl Serialize, bytes: &mut Vec<u8>) -> postcard::Result<()> {
    *bytes = postcard::to_extend(value, std::mem::take(bytes))?;
    Ok(())
}

/// The cache directory, and whether this run can rely on it.
#[derive(Debug)]
pub struct Cache {
    dir: PathBuf,
    corrupt: AtomicBool,
    write_only: AtomicBool,
}

impl Cache {
    pub fn new(dir: PathBuf) -> Arc<Cache> {
        Arc::new(Cache { dir, corrupt: AtomicBool::new(false), write_only: AtomicBool::new(false) })
    }

    /// Marks everything that was read from the cache so far as unreliable.
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
        let _ = fs::remove_file(self.dir.join(file_name));
    }
}

/// A kind of cache file.
#[derive(Debug)]
pub struct CacheKind {
    /// The start of the file names, before a hyphen. No other kind's prefix starts with it and a hyphen.
    pub prefix: &'static str,
    /// The number of files to keep, whatever their keys. The oldest are evicted.
    pub max_files: usize,
    /// The size in bytes above which a file is neither written nor read.
    pub max_bytes: u64,
}

impl CacheKind {
    fn temporary_prefix(&self) -> String {
        format!("{}-tmp-", self.prefix)
    }
}

const WRITE_BUFFER: usize = 1 << 17;

/// The age at which a temporary file belongs to a killed run.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

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

    /// Returns the names of the readable files, in no order.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let start = self.file_name("");
        let is_readable = self.cache.is_readable();
        files(&self.cache.dir, self.kind)
            .filter(move |_| is_readable)
            .filter_map(move |file| Some(file.name.strip_prefix(&start)?.to_owned()))
    }

    /// Opens the file that was saved under `name`; `None` if there is none or its header is invalid.
    pub fn open(&self, name: &str) -> Option<CacheFile> {
        let name = self.file_name(name);
        let path = self.cache.dir.join(&name);
        let is_valid = |it: &fs::Metadata| it.is_file() && it.len() <= self.kind.max_bytes;
        fs::metadata(path).ok().filter(|it| self.cache.is_readable() && is_valid(it))?;
        CacheFile::open(&self.cache, name)
    }

    /// Writes a file of sections, each given in pieces. `name` consists of ASCII letters and digits. Ignores
    /// I/O errors: the next run then computes the same values again.
    pub fn save(&self, name: &str, sections: &[Vec<&[u8]>]) {
        let name = self.file_name(name);
        let header = file::header(&name, sections);
        let pieces = || sections.iter().flatten().copied();
        let length: usize = header.len() + pieces().map(<[u8]>::len).sum::<usize>();
        if self.cache.is_writable() && length as u64 <= self.kind.max_bytes {
            let _ = self.write(&name, [&header[..]].into_iter().chain(pieces()));
            self.evict();
        }
    }

    /// Deletes the file that was saved under `name`, and marks the cache as corrupt.
    pub fn invalidate(&self, name: &str) {
        self.cache.invalidate(&self.file_name(name));
    }

    fn write<'p>(&self, name: &str, mut pieces: impl Iterator<Item = &'p [u8]>) -> io::Result<()> {
        static WRITTEN: AtomicUsize = AtomicUsize::new(0);
        let dir = &self.cache.dir;
        fs::create_dir_all(dir)?;
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let temporary = dir.join(format!("{}{}-{number}", self.kind.temporary_prefix(), process::id()));
        let written = fs::File::create(&temporary).and_then(|file| {
            let mut file = BufWriter::with_capacity(WRITE_BUFFER, file);
            pieces.try_for_each(|piece| file.write_all(piece))?;
            file.flush()
        });
        let renamed = written.and_then(|()| fs::rename(&temporary, dir.join(name)));
        renamed.inspect_err(|_| drop(fs::remove_file(&temporary)))
    }

    fn evict(&self) {
        let mut files: Vec<FileInfo> = files(&self.cache.dir, self.kind).collect();
        files.sort_by(|a, b| (Reverse(a.modified), &a.name).cmp(&(Reverse(b.modified), &b.name)));
        let Some(newest) = files.first().map(|file| file.modified) else { return };
        let prefix = self.kind.temporary_prefix();
        let (temporary, complete): (Vec<FileInfo>, Vec<FileInfo>) =
            files.into_iter().partition(|file| file.name.starts_with(&prefix));
        let is_abandoned =
            |file: &FileInfo| newest.duration_since(file.modified).is_ok_and(|age| age > ABANDONED);
        let abandoned = temporary.into_iter().filter(is_abandoned);
        for file in complete.into_iter().skip(self.kind.max_files).chain(abandoned) {
            let _ = fs::remove_file(self.cache.dir.join(file.name));
        }
    }

    fn file_name(&self, name: &str) -> String {
        format!("{}-{:016x}-{name}", self.kind.prefix, self.key)
    }
}

struct FileInfo {
    name: String,
    modified: SystemTime,
}

fn files(dir: &Path, kind: &CacheKind) -> impl Iterator<Item = FileInfo> {
    let start = format!("{}-", kind.prefix);
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(move |entry| {
        let name = entry.file_name().into_string().ok().filter(|name| name.starts_with(&start))?;
        let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some(FileInfo { name, modified: found.modified().ok()? })
    })
}

#[cfg(test)]
mod tests;
