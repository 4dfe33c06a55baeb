//! The cache: files in one directory that a run writes for the next. Anyone may delete them at any time.
//!
//! The name of a file covers everything that its content depends on. A file is written under a temporary name, then
//! renamed, and never changed; so concurrent runs need no lock. No symbolic link is followed.
//!
//! A corrupt file is deleted, and marks the whole [`Cache`] as corrupt. Reads then return defaults, and nothing more is
//! written. The owner of the run discards its result and runs once more; see [`Cache::reset_if_corrupt`].

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::output::{Error, FileInfo, Folder};

mod file;

pub use file::CacheFile;

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
    parent: Folder,
    /// Relative to the parent.
    dir: PathBuf,
    corrupt: AtomicBool,
    write_only: AtomicBool,
}

impl Cache {
    /// Opens the cache in the folder `dir` of `parent`, which is created when something is saved.
    ///
    /// # Errors
    /// The folder is a symbolic link, or the parent can't be opened.
    pub fn open(parent: &Path, dir: &str) -> Result<Arc<Cache>, Error> {
        let (parent, dir) = (Folder::open(parent)?, PathBuf::from(dir));
        parent.files(&dir)?;
        Ok(Arc::new(Cache {
            parent,
            dir,
            corrupt: AtomicBool::new(false),
            write_only: AtomicBool::new(false),
        }))
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

const WRITE_BUFFER: usize = 1 << 17;

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

    /// Writes a file of sections, each given in pieces. `name` consists of ASCII letters and digits. Ignores
    /// I/O errors: the next run then computes the same values again.
    pub fn save(&self, name: &str, sections: &[Vec<&[u8]>]) {
        let name = self.file_name(name);
        let header = file::header(&name, sections);
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

    /// Deletes the file that was saved under `name`, and marks the cache as corrupt.
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

#[cfg(test)]
mod tests;
