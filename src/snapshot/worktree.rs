//! Listing a worktree: the files on disk, and what the index knows of them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};

use super::folder::{self, Listing};
use super::unchanged::Tracked;
use super::{Content, FileEntry, UNNAMEABLE, objects};
use crate::finding::Fault;

/// What Git tracks and what it does not ignore, as it stands on disk under `root`; what may prove that a file
/// is unchanged; and how many tracked paths a sparse checkout leaves out.
pub(super) fn list(
    repository: &gix::Repository,
    root: &Path,
) -> Result<(Listing, Option<Tracked>, usize), Fault> {
    let index = objects::index(repository)?;
    let exclude = repository.common_dir().join("info/exclude");
    let walked = folder::list(root, exclude.is_file().then_some(&*exclude));
    let mut merge = Merge::onto(root, walked);
    for (number, entry) in index.entries().iter().enumerate() {
        let proof = (entry.stage() == Stage::Unconflicted).then_some(number as u32);
        merge.add(entry.path(&index), entry.mode, entry.flags, proof);
    }
    let Merge { listing, absent, .. } = merge;
    let tracked = attribute_files(&listing, &index)
        .map(|paths| paths.iter().map(|path| root.join(path)).collect())
        .map(|files| Tracked::new(repository, index.clone(), files));
    Ok((listing, tracked, absent))
}

/// The paths of the files that say what Git converts; none where some of them are not on disk, and Git would
/// take those of the index.
fn attribute_files<'l>(listing: &'l Listing, index: &gix::worktree::Index) -> Option<HashSet<&'l str>> {
    let says = |path: &str| path.rsplit('/').next() == Some(".gitattributes");
    let paths: HashSet<&str> =
        listing.files.iter().map(|file| &*file.path).filter(|path| says(path)).collect();
    let mut indexed = index.entries().iter().map(|entry| entry.path(index).to_str_lossy());
    indexed.all(|path| !says(&path) || paths.contains(&*path)).then_some(paths)
}

/// What is unknown because a sparse checkout has left it out.
pub(super) fn sparse_notice(absent: usize) -> String {
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

    /// `proof` is the number of an entry that a file on disk may be compared with.
    fn add(&mut self, path: &BStr, mode: Mode, flags: Flags, proof: Option<u32>) {
        let name = path.to_str_lossy();
        if mode.is_sparse() {
            self.absent += 1;
            self.listing.opaque.push(name.trim_end_matches('/').into());
        } else if mode.is_submodule() || mode == Mode::SYMLINK {
            self.listing.opaque.push((*name).into());
        } else if let Some(walked) = self.walked(&name) {
            if let Content::Disk(known) = &mut walked.content {
                *known = proof;
            }
        } else {
            self.add_unwalked(&name, path, flags, proof);
        }
    }

    /// A tracked file that the walk did not find is ignored, deleted, or left out by a sparse checkout.
    fn add_unwalked(&mut self, name: &str, path: &BStr, flags: Flags, proof: Option<u32>) {
        if self.is_on_disk(name, path) {
            let known = path.to_str().is_ok();
            let content = if known { Content::Disk(proof) } else { Content::Refused(UNNAMEABLE) };
            self.listing.files.push(FileEntry { path: name.into(), content });
        } else if flags.contains(Flags::SKIP_WORKTREE) {
            self.absent += 1;
            self.listing.opaque.push(name.into());
        }
    }

    fn walked(&mut self, name: &str) -> Option<&mut FileEntry> {
        let at = self.listing.files[..self.walked].binary_search_by(|file| (*file.path).cmp(name)).ok()?;
        self.listing.files.get_mut(at)
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
