use std::fmt;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};

use super::folder::{FolderContents, PathName};

use super::repository::{Repository, causes};
use super::{ContentSource, OpaqueEntry, OpaqueKind};
use crate::finding::Fault;
use crate::limits;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId(pub(super) ObjectId);

impl BlobId {
    /// Returns the id that these bytes have or would have in a repository.
    pub(super) fn of(bytes: &[u8], repository: Option<&Repository>) -> Option<BlobId> {
        let hash = |repository: &Repository| repository.with(gix::Repository::object_hash);
        let hash = repository.map_or(gix::hash::Kind::Sha1, hash);
        gix::objs::compute_hash(hash, gix::objs::Kind::Blob, bytes).ok().map(BlobId)
    }

    pub(super) fn matches(self, bytes: &[u8]) -> bool {
        gix::objs::compute_hash(self.0.kind(), gix::objs::Kind::Blob, bytes).is_ok_and(|id| id == self.0)
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<BlobId> {
        ObjectId::try_from(bytes).ok().map(BlobId)
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct LikelyBlob {
    pub id: BlobId,
    /// The length of the file on disk, in bytes. The file has the content of the blob if that has the same length.
    pub length: Option<u64>,
}

impl LikelyBlob {
    pub fn is(self, id: BlobId, length: u64) -> bool {
        self.id == id && self.length.is_none_or(|own| own == length)
    }
}

pub(super) fn length(repository: &Repository, BlobId(id): BlobId) -> Option<u64> {
    repository.with(|repository| repository.try_find_header(id)).ok()?.map(|header| header.size())
}

pub(super) fn list_index(repository: &gix::Repository) -> Result<FolderContents, Fault> {
    const CONFLICT: &str = "the file has an unresolved merge conflict";
    // In bytes: so far below [`limits::FILE_BYTES`] that a conversion by Git can't exceed it.
    const SMALL: u32 = 1 << 20;
    let index = open_index(repository)?;
    let mut listing = FolderContents::default();
    for entry in index.entries() {
        let path = entry.path(&index);
        if entry.stage() != Stage::Unconflicted {
            listing.files.push(PathName::new(path).file(ContentSource::Unreadable(CONFLICT)));
        } else if entry.mode.is_sparse() {
            let folder = path.strip_suffix(b"/").unwrap_or(path);
            add_tree(repository, folder, entry.id, &mut listing)?;
        } else if !entry.flags.contains(Flags::INTENT_TO_ADD) {
            let is_small = (1..=SMALL).contains(&entry.stat.size);
            listing.add(path, entry.mode, entry.id, is_small);
        }
    }
    Ok(listing)
}

pub(super) fn open_index(repository: &gix::Repository) -> Result<gix::worktree::Index, Fault> {
    repository.index_or_empty().map_err(|error| {
        Fault::new(format!("can't read the index: {}", causes(&error))).help("run `git status` for the cause")
    })
}

pub(super) fn list_commit(repository: &gix::Repository, commit: ObjectId) -> Result<FolderContents, Fault> {
    let tree = repository.find_commit(commit).and_then(|commit| commit.tree_id().map(gix::Id::detach));
    let tree = tree.map_err(|error| Fault::new(format!("can't read `{commit}`: {}", causes(&error))))?;
    let mut listing = FolderContents::default();
    add_tree(repository, b"", tree, &mut listing)?;
    Ok(listing)
}

fn add_tree(
    repository: &gix::Repository,
    folder: &[u8],
    tree: ObjectId,
    listing: &mut FolderContents,
) -> Result<(), Fault> {
    let mut open = vec![(folder.to_vec(), tree)];
    let mut seen = 0;
    while let Some((folder, id)) = open.pop() {
        let found =
            repository.find_tree(id).map_err(|error| unreadable_tree(repository, &folder, id, &error))?;
        for entry in found.iter() {
            let entry = entry.map_err(|error| unreadable_tree(repository, &folder, id, &error))?;
            let mut path = folder.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.filename());
            seen += 1;
            if seen > limits::TREE_ENTRIES {
                return Err(Fault::new(format!(
                    "tree `{tree}` has more than {} entries",
                    limits::TREE_ENTRIES
                )));
            }
            if entry.mode().is_tree() {
                open.push((path, entry.object_id()));
            } else {
                listing.add(path.as_bstr(), entry.mode().kind().into(), entry.object_id(), false);
            }
        }
    }
    Ok(())
}

fn unreadable_tree(repository: &gix::Repository, folder: &[u8], id: ObjectId, error: &gix::Error) -> Fault {
    let folder = match folder {
        [] => "the root folder".to_owned(),
        _ => format!("the folder `{}`", folder.to_str_lossy()),
    };
    if repository.has_object(id) {
        return Fault::new(format!("can't read {folder}: {}", causes(error)));
    }
    let fault = Fault::new(format!("{folder} of this revision and folders below it are not in this clone"));
    if super::is_partial(repository) { fault.help(super::FETCH_ALL) } else { fault }
}

impl FolderContents {
    fn add(&mut self, path: &BStr, mode: Mode, id: ObjectId, is_small: bool) {
        let name = PathName::new(path);
        if mode.is_submodule() {
            self.opaque.push(OpaqueEntry::new(name.text, OpaqueKind::Submodule));
        } else if mode == Mode::SYMLINK {
            self.opaque.push(OpaqueEntry::new(name.text, OpaqueKind::Link));
        } else {
            self.files.push(name.file(ContentSource::Blob(BlobId(id), is_small)));
        }
    }
}

/// Reads a blob, after checking its size unless it is known to be small; `None` if it is not in this partial clone.
pub(super) fn read(
    repository: &Repository,
    BlobId(id): BlobId,
    is_small: bool,
) -> Result<Option<Vec<u8>>, String> {
    let unreadable = |error: gix::Error| format!("can't be read: {}", causes(&error));
    let found = repository.with(|repository| {
        if !is_small {
            let Some(header) = repository.try_find_header(id).map_err(unreadable)? else { return Ok(None) };
            if header.size() > limits::FILE_BYTES as u64 {
                return Err(super::TOO_LARGE.to_owned());
            }
        }
        let object = repository.try_find_object(id).map_err(unreadable)?;
        // The clone is as long as the blob; the reused buffer may be much longer.
        Ok(object.map(|object| object.data.clone()))
    });
    match found? {
        None if !repository.is_partial() => {
            Err(format!("can't be read: blob {id} is missing and the repository is damaged"))
        }
        bytes => Ok(bytes),
    }
}
