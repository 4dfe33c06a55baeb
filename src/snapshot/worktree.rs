//! Lists the worktree: the files on disk, merged with the index.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};

use super::blobs::Tracked;
use super::folder::{self, FolderContents, PathName};
use super::{ContentSource, FileEntry, NO_PERMISSION, OpaqueEntry, OpaqueKind, objects};
use crate::finding::Fault;
use crate::text::file_name;

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

pub(super) fn is_indexed(repository: &gix::Repository, path: &str) -> bool {
    objects::open_index(repository).is_ok_and(|index| index.entry_range(path.into()).is_some())
}

fn attribute_files<'l>(
    listing: &'l FolderContents,
    index: &gix::worktree::Index,
) -> Option<HashSet<&'l str>> {
    let is_attributes = |path: &str| file_name(path) == ".gitattributes";
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
    /// For each folder, whether its files can be reached without a symbolic link.
    folders: HashMap<PathBuf, OnDisk>,
    absent: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OnDisk {
    Present,
    Absent,
    /// This user may not open a folder above it.
    Denied,
}

impl Merge<'_> {
    fn new(root: &Path, mut listing: FolderContents) -> Merge<'_> {
        folder::sort(&mut listing.files);
        let walked = listing.files.len();
        Merge { root, listing, walked, folders: HashMap::new(), absent: 0 }
    }

    fn add(&mut self, path: &BStr, mode: Mode, flags: Flags, index_entry: Option<u32>) {
        let name = PathName::new(path);
        if mode.is_sparse() {
            self.absent += 1;
            self.add_opaque(name.text.trim_end_matches('/'), OpaqueKind::Sparse);
        } else if mode.is_submodule() {
            self.add_opaque(&name.text, OpaqueKind::Submodule);
        } else if mode == Mode::SYMLINK {
            self.add_opaque(&name.text, OpaqueKind::Link);
        } else if let Some(walked) = self.walked(&name) {
            if let ContentSource::Disk(entry) = &mut walked.content {
                *entry = index_entry;
            }
        } else {
            self.add_unwalked(name, path, flags, index_entry);
        }
    }

    fn add_opaque(&mut self, path: &str, kind: OpaqueKind) {
        self.listing.opaque.push(OpaqueEntry::new(path, kind));
    }

    fn add_unwalked(&mut self, name: PathName, path: &BStr, flags: Flags, index_entry: Option<u32>) {
        match self.on_disk(path) {
            OnDisk::Present => self.listing.files.push(name.file(ContentSource::Disk(index_entry))),
            OnDisk::Denied => self.listing.files.push(name.file(ContentSource::Unreadable(NO_PERMISSION))),
            OnDisk::Absent if flags.contains(Flags::SKIP_WORKTREE) => {
                self.absent += 1;
                self.add_opaque(&name.text, OpaqueKind::Sparse);
            }
            OnDisk::Absent => {}
        }
    }

    fn walked(&mut self, name: &PathName) -> Option<&mut FileEntry> {
        let walked = &mut self.listing.files[..self.walked];
        let at = walked.binary_search_by(|file| file.path.cmp(&name.text)).ok()?;
        walked.get_mut(at)
    }

    fn on_disk(&mut self, path: &BStr) -> OnDisk {
        let is_hostile =
            path.split(|byte| *byte == b'/').any(|part| matches!(part, b"" | b"." | b".." | b".git"));
        let Ok(path) = gix::path::from_bstr(path) else { return OnDisk::Absent };
        if is_hostile {
            return OnDisk::Absent;
        }
        match self.folder_on_disk(path.parent().unwrap_or(Path::new(""))) {
            OnDisk::Present => on_disk(&self.root.join(path), fs::Metadata::is_file),
            other => other,
        }
    }

    fn folder_on_disk(&mut self, folder: &Path) -> OnDisk {
        if let Some(known) = self.folders.get(folder) {
            return *known;
        }
        let ancestors: Vec<&Path> = folder.ancestors().collect();
        let mut from_the_root =
            ancestors.iter().rev().map(|folder| on_disk(&self.root.join(folder), fs::Metadata::is_dir));
        let found = from_the_root.find(|found| *found != OnDisk::Present).unwrap_or(OnDisk::Present);
        self.folders.insert(folder.to_owned(), found);
        found
    }
}

fn on_disk(path: &Path, is_wanted: impl Fn(&fs::Metadata) -> bool) -> OnDisk {
    match path.symlink_metadata() {
        Ok(metadata) if is_wanted(&metadata) => OnDisk::Present,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => OnDisk::Denied,
        _ => OnDisk::Absent,
    }
}
