//! Where walks are kept between runs: in the repository's common folder, which linked worktrees share. All
//! of it can be deleted at any time.
//!
//! A file is named for what it depends on and for the commit that it ends in, is written aside and moved into
//! its place, and is never changed. So runs at once don't disturb each other, and nothing is left half.

use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gix::ObjectId;

use super::Known;
use super::checkpoint::Checkpoint;

/// How many walks are kept, of all branches and policies; the oldest go first.
const MOST: usize = 8;
const PREFIX: &str = "history-";

/// The walks of one repository that were made in one way.
pub(super) struct Store {
    folder: PathBuf,
    key: u64,
}

impl Store {
    /// The store in a folder, of walks that depend on nothing but this.
    pub fn new(folder: &Path, depends_on: impl Hash) -> Store {
        let mut hasher = DefaultHasher::new();
        // Another build may read the same files otherwise.
        (env!("ALIGNLINT_SOURCES"), depends_on).hash(&mut hasher);
        Store { folder: folder.to_owned(), key: hasher.finish() }
    }

    /// The commits that a stored walk ends in.
    pub fn heads(&self) -> HashSet<ObjectId> {
        let start = format!("{PREFIX}{:016x}-", self.key);
        let name = |path: PathBuf| path.file_name().and_then(|name| Some(name.to_str()?.to_owned()));
        let names = files(&self.folder).filter_map(|(path, _)| name(path));
        names.filter_map(|name| ObjectId::from_hex(name.strip_prefix(&start)?.as_bytes()).ok()).collect()
    }

    /// The walk that ends in a commit; none where it is not there, or not as it was written.
    pub fn load(&self, head: ObjectId) -> Option<Known> {
        Checkpoint::read(fs::read(self.path(head)).ok()?).ok()
    }

    /// Keeps a walk that ends in a commit. That it can't be kept is no error: the next run walks again.
    pub fn save(&self, head: ObjectId, known: &Known) {
        if let Some(bytes) = Checkpoint::write(known) {
            let _ = self.write(head, &bytes).and_then(|()| self.forget_the_oldest());
        }
    }

    fn write(&self, head: ObjectId, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let aside = self.folder.join(format!("{ASIDE}{}", std::process::id()));
        let written = fs::File::create(&aside).and_then(|mut file| file.write_all(bytes));
        let moved = written.and_then(|()| fs::rename(&aside, self.path(head)));
        moved.inspect_err(|_| drop(fs::remove_file(&aside)))
    }

    fn forget_the_oldest(&self) -> io::Result<()> {
        let mut kept: Vec<_> =
            files(&self.folder).map(|(path, written)| (std::cmp::Reverse(written), path)).collect();
        kept.sort();
        kept.into_iter().skip(MOST).try_for_each(|(_, path)| fs::remove_file(path))
    }

    fn path(&self, head: ObjectId) -> PathBuf {
        self.folder.join(format!("{PREFIX}{:016x}-{head}", self.key))
    }
}

/// The start of the names of files that are still being written.
const ASIDE: &str = "history-aside-";

/// The files of the store, with the time at which each was written.
fn files(folder: &Path) -> impl Iterator<Item = (PathBuf, std::time::SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    ours.filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.modified().ok()?)))
}
