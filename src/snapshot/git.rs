//! Finding the repository around a folder, and listing its worktree.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gix::bstr::{BStr, ByteSlice};
use gix::discover::upwards;
use gix::index::entry::{Flags, Mode};

use super::folder::{self, Listing};
use super::{Content, File, Snapshot};
use crate::finding::Fault;

/// A repository that has a worktree.
pub(super) struct Worktree {
    repository: gix::Repository,
    /// Without symbolic links in it.
    root: PathBuf,
}

impl Worktree {
    /// The repository that Git would use in the folder `start`, an absolute path; none outside Git.
    pub fn around(start: &Path) -> Result<Option<Worktree>, Fault> {
        let repository = match gix::ThreadSafeRepository::discover_with_environment_overrides(start) {
            Ok(repository) => repository.to_thread_local(),
            Err(error) => return unless_there_is_none(start, &error),
        };
        let root = root_of(&repository, start)?;
        let root = root.canonicalize().map_err(|error| {
            Fault::new(format!("the worktree `{}` can't be opened: {}", root.display(), super::cause(&error)))
        })?;
        Ok(Some(Worktree { repository, root }))
    }

    /// What Git tracks and what it does not ignore, as it stands on disk.
    pub fn list(self, start: &Path) -> Result<Snapshot, Fault> {
        let index = self.repository.index_or_empty().map_err(|error| {
            Fault::new(format!("the index of the repository can't be read: {}", causes(&error)))
                .help("`git status` says whether Git can; `git read-tree HEAD` writes a new index.")
        })?;
        let exclude = self.repository.common_dir().join("info/exclude");
        let walked = folder::list(&self.root, exclude.is_file().then_some(&*exclude));
        let mut merge = Merge::onto(&self.root, walked);
        for entry in index.entries() {
            merge.add(entry.path(&index), entry.mode, entry.flags);
        }
        let prefix = start.strip_prefix(&self.root).ok().and_then(Path::to_str).unwrap_or("");
        let prefix = prefix.replace(std::path::MAIN_SEPARATOR, "/").into();
        let Merge { listing, absent, .. } = merge;
        let notices = (absent > 0).then(|| sparse_notice(absent)).into_iter().collect();
        Ok(Snapshot::of(Some(self.root), prefix, listing.files, listing.opaque, notices))
    }
}

/// Tells a folder outside Git from a repository that can't be understood.
fn unless_there_is_none(start: &Path, error: &gix::Error) -> Result<Option<Worktree>, Fault> {
    if std::env::var_os("GIT_DIR").is_some() {
        return Err(Fault::new(format!(
            "the repository that GIT_DIR names can't be opened: {}",
            causes(error)
        )));
    }
    match error.downcast_any_ref::<upwards::Error>() {
        Some(upwards::Error::NoGitRepository { .. }) => {}
        Some(upwards::Error::NoTrustedGitRepository { .. }) | None => return Err(not_opened(start, error)),
        Some(_) => return Ok(None), // Git was told not to look further up
    }
    let claims = |folder: &&Path| folder.join(".git").is_file() || folder.join(".git/HEAD").exists();
    start.ancestors().find(claims).map_or(Ok(None), |root| {
        let place = root.join(".git");
        Err(Fault::new(format!("`{}` does not lead to a repository", place.display()))
            .help("`git status` there says what Git misses; `git worktree repair` mends a moved worktree."))
    })
}

fn not_opened(start: &Path, error: &gix::Error) -> Fault {
    Fault::new(format!("the repository around `{}` can't be opened: {}", start.display(), causes(error)))
        .help("`git status` there says whether Git can.")
}

/// The error's message, and those of what caused it, on one line.
fn causes(error: &gix::Error) -> String {
    let mut messages: Vec<String> = error.iter_errors().map(ToString::to_string).collect();
    messages.dedup();
    messages.join(": ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn root_of(repository: &gix::Repository, start: &Path) -> Result<PathBuf, Fault> {
    if let Some(root) = repository.workdir() {
        return Ok(root.to_owned());
    }
    // As Git has it: with GIT_DIR alone, the current directory is the worktree.
    let declared_bare = repository.config_snapshot().boolean("core.bare") == Some(true);
    if std::env::var_os("GIT_DIR").is_some() && !declared_bare {
        return Ok(start.to_owned());
    }
    let place = repository.git_dir().display();
    Err(Fault::new(format!("the repository in `{place}` is bare: it has no worktree to check"))
        .help("Run in a clone of it, or in a worktree: `git worktree add FOLDER`."))
}

fn sparse_notice(absent: usize) -> String {
    let (files, are) = if absent == 1 { ("path", "is") } else { ("paths", "are") };
    format!(
        "The checkout is sparse: {absent} tracked {files} {are} not on disk, so records there are unknown \
         (`git sparse-checkout disable` brings them)."
    )
}

/// The files found on disk, and onto them what is only known from the index: tracked files that a pattern
/// tells Git to ignore.
struct Merge<'a> {
    root: &'a Path,
    listing: Listing,
    /// How many of the listed files the walk found; they come first, in the order of their paths.
    walked: usize,
    /// Whether a folder, given by its path under the root, can be reached without a symbolic link.
    reachable: HashMap<String, bool>,
    /// How many entries a sparse checkout leaves out.
    absent: usize,
}

impl Merge<'_> {
    fn onto(root: &Path, mut listing: Listing) -> Merge<'_> {
        listing.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        listing.opaque.sort_unstable();
        let walked = listing.files.len();
        Merge { root, listing, walked, reachable: HashMap::new(), absent: 0 }
    }

    fn add(&mut self, path: &BStr, mode: Mode, flags: Flags) {
        let name = path.to_str_lossy();
        if mode.is_sparse() {
            self.absent += 1;
            self.listing.opaque.push(name.trim_end_matches('/').into());
        } else if mode.is_submodule() || mode == Mode::SYMLINK {
            self.listing.opaque.push((*name).into());
        } else if !self.is_walked(&name) {
            self.add_unwalked(&name, path, flags);
        }
    }

    /// A tracked file that the walk did not find is ignored, deleted, or left out by a sparse checkout.
    fn add_unwalked(&mut self, name: &str, path: &BStr, flags: Flags) {
        if self.is_on_disk(name, path) {
            let content = if path.to_str().is_ok() { Content::Disk } else { Content::Unnameable };
            self.listing.files.push(File { path: name.into(), content });
        } else if flags.contains(Flags::SKIP_WORKTREE) {
            self.absent += 1;
            self.listing.opaque.push(name.into());
        }
    }

    fn is_walked(&self, name: &str) -> bool {
        self.listing.files[..self.walked].binary_search_by(|file| (*file.path).cmp(name)).is_ok()
    }

    /// Whether a regular file stands there that is reached without leaving the root.
    fn is_on_disk(&mut self, name: &str, path: &BStr) -> bool {
        let forged = name.split('/').any(|part| matches!(part, "" | "." | ".." | ".git"));
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        if forged || !self.is_reachable(folder) {
            return false;
        }
        let Ok(path) = gix::path::from_bstr(path) else { return false };
        self.root.join(path).symlink_metadata().is_ok_and(|metadata| metadata.is_file())
    }

    /// Whether every part of the path to `folder` is a folder itself, no link to one.
    fn is_reachable(&mut self, folder: &str) -> bool {
        if let Some(known) = self.reachable.get(folder) {
            return *known;
        }
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        let is_folder = |end: usize| {
            let metadata = self.root.join(&folder[..end]).symlink_metadata();
            metadata.is_ok_and(|metadata| metadata.is_dir())
        };
        let reachable = folder.is_empty() || ends.into_iter().all(is_folder);
        self.reachable.insert(folder.to_owned(), reachable);
        reachable
    }
}
