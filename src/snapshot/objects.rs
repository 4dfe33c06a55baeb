//! Files that Git keeps as objects: those of the index, and those of a commit.

use std::fmt;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};

use super::folder::Listing;
use super::repository::{Repository, causes};
use super::{Content, FileEntry};
use crate::finding::Fault;
use crate::text::Source;

/// What Git calls a file's bytes: equal identifiers, equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId(ObjectId);

impl BlobId {
    pub(super) fn new(id: ObjectId) -> BlobId {
        BlobId(id)
    }

    /// Whether Git calls these bytes so.
    pub(super) fn is_of(self, bytes: &[u8]) -> bool {
        gix::objs::compute_hash(self.0.kind(), gix::objs::Kind::Blob, bytes).is_ok_and(|id| id == self.0)
    }

    /// The identifier's own bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a blob gives no text.
pub(super) enum Missing {
    /// It is not in this clone, which was made without it.
    Elsewhere,
    Unreadable(String),
}

/// What is staged. A path in conflict is listed and can't be read.
pub(super) fn staged(repository: &gix::Repository) -> Result<Listing, Fault> {
    let index = index(repository)?;
    let mut listing = Listing::default();
    for entry in index.entries() {
        let path = entry.path(&index);
        if entry.stage() != Stage::Unconflicted {
            listing
                .files
                .push(FileEntry { path: path.to_str_lossy().into(), content: Content::Refused(CONFLICT) });
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

/// Bytes of a file on disk of which a blob is made, or the other way round, that is far smaller than
/// [`Source::LIMIT`]: what happens on the way may make it a few times as long.
const SMALL: u32 = 1 << 20;

const CONFLICT: &str =
    "the file is in conflict: nothing is staged for it until `git add` says which text holds";

/// The index; an empty one where nothing was ever staged.
pub(super) fn index(repository: &gix::Repository) -> Result<gix::worktree::Index, Fault> {
    repository.index_or_empty().map_err(|error| {
        Fault::new(format!("the index of the repository can't be read: {}", causes(&error)))
            .help("`git status` says whether Git can; `git read-tree HEAD` writes a new index.")
    })
}

/// The files of a commit.
pub(super) fn committed(repository: &gix::Repository, commit: ObjectId) -> Result<Listing, Fault> {
    let tree = repository.find_commit(commit).and_then(|commit| commit.tree_id().map(gix::Id::detach));
    let tree = tree.map_err(|error| Fault::new(format!("`{commit}` can't be read: {}", causes(&error))))?;
    let mut listing = Listing::default();
    add_tree(repository, b"", tree, &mut listing)?;
    Ok(listing)
}

/// How much one state may hold. A tree that holds itself many times over takes few bytes in Git, and more
/// than any machine has once it is listed.
const MOST: usize = 5_000_000;

/// Adds what is in a tree, and in the trees inside it.
fn add_tree(
    repository: &gix::Repository,
    folder: &[u8],
    tree: ObjectId,
    listing: &mut Listing,
) -> Result<(), Fault> {
    let mut open = vec![(folder.to_vec(), tree)];
    let mut seen = 0;
    while let Some((folder, id)) = open.pop() {
        let found = repository.find_tree(id).map_err(|error| no_folder(repository, &folder, id, &error))?;
        for entry in found.iter() {
            let entry = entry.map_err(|error| no_folder(repository, &folder, id, &error))?;
            let mut path = folder.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.filename());
            seen += 1;
            if seen > MOST {
                return Err(Fault::new(format!("there are more than {MOST} files and folders in `{tree}`")));
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

fn no_folder(repository: &gix::Repository, folder: &[u8], id: ObjectId, error: &gix::Error) -> Fault {
    let folder = match folder {
        [] => "the root folder".to_owned(),
        _ => format!("the folder `{}`", folder.to_str_lossy()),
    };
    if repository.has_object(id) {
        return Fault::new(format!("{folder} can't be read from Git: {}", causes(error)));
    }
    Fault::new(format!("{folder} of this revision is not in this clone"))
        .help(format!("`git ls-tree -r {id}` fetches it, where the clone is a partial one."))
}

impl Listing {
    fn add(&mut self, path: &BStr, mode: Mode, id: ObjectId, is_small: bool) {
        let name = path.to_str_lossy();
        if mode.is_submodule() || mode == Mode::SYMLINK {
            self.opaque.push(name.into());
        } else {
            let known = path.to_str().is_ok();
            let content =
                if known { Content::Blob(BlobId(id), is_small) } else { Content::Refused(super::UNNAMEABLE) };
            self.files.push(FileEntry { path: name.into(), content });
        }
    }
}

/// The bytes of a blob. How many they are is asked first, unless it is known to be small.
pub(super) fn read(repository: &Repository, BlobId(id): BlobId, is_small: bool) -> Result<Vec<u8>, Missing> {
    let unreadable =
        |error: gix::Error| Missing::Unreadable(format!("can't be read from Git: {}", causes(&error)));
    let found = repository.with(|repository| {
        if !is_small {
            let Some(header) = repository.try_find_header(id).map_err(unreadable)? else { return Ok(None) };
            if header.size() > Source::LIMIT as u64 {
                return Err(Missing::Unreadable(super::TOO_LARGE.into()));
            }
        }
        let object = repository.try_find_object(id).map_err(unreadable)?;
        // A copy is as long as the blob; the buffer is as long as the longest that was ever in it.
        Ok(object.map(|object| object.data.clone()))
    });
    match found {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) if repository.is_partial() => Err(Missing::Elsewhere),
        Ok(None) => Err(Missing::Unreadable(format!("has lost its content {id}: the repository is damaged"))),
        Err(missing) => Err(missing),
    }
}
