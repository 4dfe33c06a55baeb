//! Where walks are kept between runs: in the repository's common folder, which linked worktrees share. All
//! of it can be deleted at any time.
//!
//! A file is named for what it depends on and for the commit that it ends in, is written aside and moved into
//! its place, and is never changed. So runs at once don't disturb each other, and nothing is left half.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use gix::ObjectId;

use super::Known;
use super::checkpoint::Checkpoint;

/// How many walks are kept, of all branches and policies; the oldest go first.
const MOST: usize = 8;
/// Bytes of the largest walk that is kept.
const LARGEST: u64 = 256 << 20;
const PREFIX: &str = "history-";
/// The start of the names of files that are still being written.
const ASIDE: &str = "history-aside-";
/// After this time nobody is writing any more: the run was killed.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

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
        let start = self.start();
        let names = files(&self.folder).map(|file| file.name);
        names.filter_map(|name| ObjectId::from_hex(name.strip_prefix(&start)?.as_bytes()).ok()).collect()
    }

    /// The walk that ends in a commit; none where it is not there, or not as it was written.
    pub fn load(&self, head: ObjectId) -> Option<Known> {
        let name = self.name(head);
        let path = self.folder.join(&name);
        fs::metadata(&path).ok().filter(|it| it.is_file() && it.len() <= LARGEST)?;
        Checkpoint::read(fs::read(path).ok()?, &name).ok()
    }

    /// Keeps a walk that ends in a commit. That it can't be kept is no error: the next run walks again.
    pub fn save(&self, head: ObjectId, known: &Known) {
        let name = self.name(head);
        if let Some(bytes) = Checkpoint::write(known, &name).filter(|it| it.len() as u64 <= LARGEST) {
            let _ = self.write(&name, &bytes);
            self.forget();
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let aside = self.folder.join(format!("{ASIDE}{}", std::process::id()));
        let written = fs::File::create(&aside).and_then(|mut file| file.write_all(bytes));
        let moved = written.and_then(|()| fs::rename(&aside, self.folder.join(name)));
        moved.inspect_err(|_| drop(fs::remove_file(&aside)))
    }

    /// Lets go of the oldest walks, and of what killed runs have left half. What can't be removed stays: it
    /// does no harm.
    fn forget(&self) {
        let mut files: Vec<File> = files(&self.folder).collect();
        files.sort_by(|a, b| (Reverse(a.written), &a.name).cmp(&(Reverse(b.written), &b.name)));
        let Some(newest) = files.first().map(|file| file.written) else { return };
        let (half, whole): (Vec<File>, Vec<File>) =
            files.into_iter().partition(|file| file.name.starts_with(ASIDE));
        let is_abandoned =
            |file: &File| newest.duration_since(file.written).is_ok_and(|since| since > ABANDONED);
        for file in whole.into_iter().skip(MOST).chain(half.into_iter().filter(is_abandoned)) {
            let _ = fs::remove_file(self.folder.join(file.name));
        }
    }

    fn name(&self, head: ObjectId) -> String {
        format!("{}{head}", self.start())
    }

    /// What the names of these walks begin with.
    fn start(&self) -> String {
        format!("{PREFIX}{:016x}-", self.key)
    }
}

/// A file of the store.
struct File {
    name: String,
    written: SystemTime,
}

fn files(folder: &Path) -> impl Iterator<Item = File> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok().filter(|name| name.starts_with(PREFIX))?;
        let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some(File { name, written: found.modified().ok()? })
    })
}
