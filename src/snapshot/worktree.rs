//! Lists the worktree: the files on disk, merged with the index.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};

use super::folder::{self, FolderContents};
use super::unchanged::Tracked;
use super::{ContentSource, FileEntry, NOT_UTF8, objects};
use crate::finding::Fault;

/// Returns the files, the data to detect unchanged ones, and the number of paths that a sparse checkout leaves out.
pub(super) fn list(
    repository: &gix::Repository,
    root: &Path,
) -> Result<(FolderContents, Option<Tracked>, usize), Fault> {
    let index = objects::open_index(repository)?;
    let exclude = repository.common_dir().join("info/exclude");
    let walked = folder::list(root, exclude.is_file().then_some(&*exclude));
    let mut merge = Merge::new(root, walked);
    for (number, entry) in index.entries().iter().enumerate() {
        let index_entry = (entry.stage() == Stage::Unconflicted).then_some(number as u32);
        merge.add(entry.path(&index), entry.mode, entry.flags, index_entry);
    }
    let Merge { listing, absent, .. } = merge;
    let tracked = attribute_files(&listing, &index)
        .map(|paths| paths.iter().map(|path| root.join(path)).collect())
        .map(|files| Tracked::new(repository, index.clone(), files));
    Ok((listing, tracked, absent))
}

/// Returns true if the index has an entry for this path of the repository.
pub(super) fn is_indexed(repository: &gix::Repository, path: &str) -> bool {
    objects::open_index(repository).is_ok_and(|index| index.entry_range(path.into()).is_some())
}

fn attribute_files<'l>(
    listing: &'l FolderContents,
    index: &gix::worktree::Index,
) -> Option<HashSet<&'l str>> {
    let is_attributes = |path: &str| path.rsplit('/').next() == Some(".gitattributes");
    let paths: HashSet<&str> =
        listing.files.iter().map(|file| &*file.path).filter(|path| is_attributes(path)).collect();
    let mut indexed = index.entries().iter().map(|entry| entry.path(index).to_str_lossy());
    indexed.all(|path| !is_attributes(&path) || paths.contains(&*path)).then_some(paths)
}

pub(super) fn sparse_notice(absent: usize) -> String {
    let (paths, are) = if absent == 1 { ("path", "is") } else { ("paths", "are") };
    format!(
        "sparse checkout: {absent} tracked {paths} {are} not on disk and not checked; \
         `git sparse-checkout disable` restores them"
    )
}

/// Adds tracked files that the walk ignored to the files that it found.
struct Merge<'a> {
    root: &'a Path,
    listing: FolderContents,
    walked: usize,
    /// Whether the path of a folder has no symbolic links.
    reachable: HashMap<String, bool>,
    absent: usize,
}

impl Merge<'_> {
    fn new(root: &Path, mut listing: FolderContents) -> Merge<'_> {
        listing.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        listing.opaque.sort_unstable();
        let walked = listing.files.len();
        Merge { root, listing, walked, reachable: HashMap::new(), absent: 0 }
    }

    fn add(&mut self, path: &BStr, mode: Mode, flags: Flags, index_entry: Option<u32>) {
        let name = path.to_str_lossy();
        if mode.is_sparse() {
            self.absent += 1;
            self.listing.opaque.push(name.trim_end_matches('/').into());
        } else if mode.is_submodule() || mode == Mode::SYMLINK {
            self.listing.opaque.push((*name).into());
        } else if let Some(walked) = self.walked(&name) {
            if let ContentSource::Disk(entry) = &mut walked.content {
                *entry = index_entry;
            }
        } else {
            self.add_unwalked(&name, path, flags, index_entry);
        }
    }

    fn add_unwalked(&mut self, name: &str, path: &BStr, flags: Flags, index_entry: Option<u32>) {
        if self.is_on_disk(name, path) {
            let is_utf8 = path.to_str().is_ok();
            let content =
                if is_utf8 { ContentSource::Disk(index_entry) } else { ContentSource::Unreadable(NOT_UTF8) };
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

    fn is_on_disk(&mut self, name: &str, path: &BStr) -> bool {
        let is_hostile = name.split('/').any(|part| matches!(part, "" | "." | ".." | ".git"));
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        if is_hostile || !self.is_reachable(folder) {
            return false;
        }
        let Ok(path) = gix::path::from_bstr(path) else { return false };
        self.root.join(path).symlink_metadata().is_ok_and(|metadata| metadata.is_file())
    }

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
