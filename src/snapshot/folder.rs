//! Walking a folder on disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::{ContentSource, FileEntry, NOT_UTF8};

#[derive(Default)]
pub(super) struct FolderContents {
    pub files: Vec<FileEntry>,
    /// Symbolic links, submodules and nested repositories.
    pub opaque: Vec<Arc<str>>,
}

/// In bytes. Patterns that take more space, and devices, are not read.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// Lists the files under `root`, hidden ones too, except those ignored by a `.gitignore` under it, `exclude_file` or the
/// user's global ignore file. Folders that can't be opened are left out.
pub(super) fn list(root: &Path, exclude_file: Option<&Path>) -> FolderContents {
    let nested: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let mut listing = FolderContents::default();
    for entry in walk(root, exclude_file, nested.clone()).build().flatten() {
        listing.add_entry(root, &entry);
    }
    let nested = std::mem::take(&mut *nested.lock().unwrap_or_else(PoisonError::into_inner));
    listing.opaque.extend(nested.iter().filter_map(|folder| relative(root, folder)).map(|(path, _)| path));
    listing
}

fn walk(root: &Path, exclude_file: Option<&Path>, nested: Arc<Mutex<Vec<PathBuf>>>) -> WalkBuilder {
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false)
        .ignore(false)
        .parents(false) // like Git, don't look above the root
        .git_ignore(!has_endless_ignore_file(root))
        .git_exclude(false) // it reads `root/.git/info/exclude`, which is wrong if GIT_DIR is set
        .require_git(false)
        .follow_links(false)
        .current_dir(root);
    if let Some(file) = exclude_file {
        walk.add_ignore(file);
    }
    walk.filter_entry(move |entry| {
        let is_repository = entry.depth() > 0
            && entry.file_type().is_some_and(|kind| kind.is_dir())
            && entry.path().join(".git").symlink_metadata().is_ok();
        // Its tracked files are listed by the index.
        let is_skipped =
            entry.file_type().is_some_and(|kind| kind.is_dir()) && has_endless_ignore_file(entry.path());
        if is_repository {
            nested.lock().unwrap_or_else(PoisonError::into_inner).push(entry.path().to_owned());
        }
        !is_repository && !is_skipped && entry.file_name() != ".git"
    });
    walk
}

/// Returns true if the `.gitignore` of a folder is a device, such as a link to `/dev/zero`, or too large.
fn has_endless_ignore_file(folder: &Path) -> bool {
    let metadata = folder.join(".gitignore").metadata();
    metadata.is_ok_and(|it| !it.is_dir() && (!it.is_file() || it.len() > MAX_IGNORE_FILE))
}

impl FolderContents {
    fn add_entry(&mut self, root: &Path, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        let Some((path, is_utf8)) = relative(root, entry.path()) else { return };
        if kind.is_file() {
            let content =
                if is_utf8 { ContentSource::Disk(None) } else { ContentSource::Unreadable(NOT_UTF8) };
            self.files.push(FileEntry { path, content });
        } else if kind.is_symlink() && entry.depth() > 0 {
            self.opaque.push(path);
        }
    }
}

fn relative(root: &Path, path: &Path) -> Option<(Arc<str>, bool)> {
    let relative = path.strip_prefix(root).ok()?;
    let exact = relative.to_str();
    let path = exact.map_or_else(|| relative.to_string_lossy(), Into::into);
    let path = if std::path::MAIN_SEPARATOR == '/' { path } else { path.replace('\\', "/").into() };
    Some((path.into(), exact.is_some()))
}
