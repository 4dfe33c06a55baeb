//! What one run keeps for the next: files in a folder of the repository, all of which anybody may delete at
//! any time.
//!
//! A file is named for what it depends on and for the state that it tells of, is written aside and moved into
//! its place, and is never changed. So runs at once don't disturb each other, and nothing is left half.

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use std::{fs, process};

mod encode;
mod file;
mod table;

pub use encode::add;
pub use file::{Damaged, File};
pub use table::{Pieces, bytes_of, numbers_of};

/// What is kept of one sort, and how much of it.
#[derive(Debug)]
pub struct Sort {
    /// What the names of its files begin with, before a hyphen. Other sorts' prefixes don't begin with it and a
    /// hyphen.
    pub prefix: &'static str,
    /// How many files are kept, whatever they depend on. The oldest go first.
    pub most: usize,
    /// Bytes of the largest file that is kept.
    pub largest: u64,
}

/// Bytes that are written at once.
const BUFFER: usize = 1 << 17;

/// After this time nobody is writing any more: the run was killed.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// The files of one sort that depend on the same.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    sort: &'static Sort,
    key: u64,
}

impl Store {
    /// The files in a folder that depend on nothing but this, on the build, and on what they are called.
    pub fn new(folder: &Path, sort: &'static Sort, depends_on: impl Hash) -> Store {
        let mut hasher = DefaultHasher::new();
        // Another build may read the same otherwise.
        (env!("ALIGNLINT_SOURCES"), depends_on).hash(&mut hasher);
        Store { folder: folder.to_owned(), sort, key: hasher.finish() }
    }

    /// What its files are called, in no order.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let start = self.file_name("");
        files(&self.folder, self.sort)
            .filter_map(move |file| Some(file.name.strip_prefix(&start)?.to_owned()))
    }

    /// The file that was saved under a name; none where it is not there, or can be seen not to be as it was
    /// written.
    pub fn open(&self, name: &str) -> Option<File> {
        let name = self.file_name(name);
        let path = self.folder.join(&name);
        fs::metadata(&path).ok().filter(|it| it.is_file() && it.len() <= self.sort.largest)?;
        File::open(&path, &name).ok()
    }

    /// Keeps sections of bytes, each in pieces, under a name, which holds nothing but letters and digits. That they
    /// can't be kept is no error: the next run does the same work again.
    pub fn save(&self, name: &str, sections: &[Vec<&[u8]>]) {
        let name = self.file_name(name);
        let header = file::header(&name, sections);
        let pieces = || sections.iter().flatten().copied();
        let length: usize = header.len() + pieces().map(<[u8]>::len).sum::<usize>();
        if length as u64 <= self.sort.largest {
            let _ = self.write(&name, [&header[..]].into_iter().chain(pieces()));
            self.forget();
        }
    }

    fn write<'p>(&self, name: &str, mut pieces: impl Iterator<Item = &'p [u8]>) -> io::Result<()> {
        static WRITTEN: AtomicUsize = AtomicUsize::new(0);
        fs::create_dir_all(&self.folder)?;
        let nth = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let aside = self.folder.join(format!("{}{}-{nth}", self.sort.aside(), process::id()));
        let written = fs::File::create(&aside).and_then(|file| {
            let mut file = BufWriter::with_capacity(BUFFER, file);
            pieces.try_for_each(|piece| file.write_all(piece))?;
            file.flush()
        });
        let moved = written.and_then(|()| fs::rename(&aside, self.folder.join(name)));
        moved.inspect_err(|_| drop(fs::remove_file(&aside)))
    }

    /// Lets go of the oldest files, and of what killed runs have left half. What can't be removed stays: it
    /// does no harm.
    fn forget(&self) {
        let mut files: Vec<Written> = files(&self.folder, self.sort).collect();
        files.sort_by(|a, b| (Reverse(a.at), &a.name).cmp(&(Reverse(b.at), &b.name)));
        let Some(newest) = files.first().map(|file| file.at) else { return };
        let aside = self.sort.aside();
        let (half, whole): (Vec<Written>, Vec<Written>) =
            files.into_iter().partition(|file| file.name.starts_with(&aside));
        let is_abandoned =
            |file: &Written| newest.duration_since(file.at).is_ok_and(|since| since > ABANDONED);
        for file in whole.into_iter().skip(self.sort.most).chain(half.into_iter().filter(is_abandoned)) {
            let _ = fs::remove_file(self.folder.join(file.name));
        }
    }

    fn file_name(&self, name: &str) -> String {
        format!("{}-{:016x}-{name}", self.sort.prefix, self.key)
    }
}

impl Sort {
    /// The start of the names of files that are still being written.
    fn aside(&self) -> String {
        format!("{}-aside-", self.prefix)
    }
}

/// A file in the folder, and when it was written.
struct Written {
    name: String,
    at: SystemTime,
}

fn files(folder: &Path, sort: &Sort) -> impl Iterator<Item = Written> {
    let start = format!("{}-", sort.prefix);
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(move |entry| {
        let name = entry.file_name().into_string().ok().filter(|name| name.starts_with(&start))?;
        let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some(Written { name, at: found.modified().ok()? })
    })
}

#[cfg(test)]
mod tests;
