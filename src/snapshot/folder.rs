//! Walking a folder on disk, and paths as text.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use gix::bstr::ByteSlice as _;
use ignore::{DirEntry, WalkBuilder};

use super::{ContentSource, FileEntry, NOT_UTF8, OpaqueEntry, OpaqueKind};
use crate::node::exact;

#[derive(Default)]
pub(super) struct FolderContents {
    pub files: Vec<FileEntry>,
    pub opaque: Vec<OpaqueEntry>,
    pub notices: Vec<String>,
}

/// Lists the files under `root`, hidden ones too, except those that a `.gitignore` there, `exclude_file` or the user's global one ignores.
pub(super) fn list(root: &Path, exclude_file: Option<&Path>) -> FolderContents {
    let nested: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let mut listing = FolderContents::default();
    for entry in walk(root, exclude_file, nested.clone()).build() {
        match entry {
            Ok(entry) => listing.add_entry(root, &entry),
            Err(error) => listing.notices.extend(unopened(root, &error)),
        }
    }
    let nested = std::mem::take(&mut *nested.lock().unwrap_or_else(PoisonError::into_inner));
    let nested = nested.iter().filter_map(|folder| relative(root, folder));
    listing.opaque.extend(nested.map(|name| OpaqueEntry::new(name.text, OpaqueKind::NestedRepository)));
    FolderContents { files: exact(listing.files).into(), ..listing }
}

/// Returns a notice about a folder that this user may not open.
fn unopened(root: &Path, error: &ignore::Error) -> Option<String> {
    let is_denied = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
    let path = relative(root, path_of(error).filter(|_| is_denied)?)?.text;
    Some(format!(
        "can't open the folder `{path}`: permission denied; its files are not checked unless Git tracks them"
    ))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
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
    // In bytes. Patterns that take more space, and devices, are not read.
    const MAX_IGNORE_FILE: u64 = 1 << 20;
    let metadata = folder.join(".gitignore").metadata();
    metadata.is_ok_and(|it| !it.is_dir() && (!it.is_file() || it.len() > MAX_IGNORE_FILE))
}

impl FolderContents {
    fn add_entry(&mut self, root: &Path, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        let Some(name) = relative(root, entry.path()) else { return };
        if kind.is_file() {
            self.files.push(name.file(ContentSource::Disk(None)));
        } else if kind.is_symlink() && entry.depth() > 0 {
            self.opaque.push(OpaqueEntry::new(name.text, OpaqueKind::Link));
        }
    }
}

/// Returns the path of an entry of a walk below `root`. As bytes: to compare components takes longer than to list the folder.
fn relative(root: &Path, path: &Path) -> Option<PathName> {
    let below = path.as_os_str().as_encoded_bytes().strip_prefix(root.as_os_str().as_encoded_bytes())?;
    let name = gix::path::to_unix_separators_on_windows(below.as_bstr());
    Some(PathName::new(name.trim_start_with(|c| c == '/').as_bstr()))
}

/// A path from the root, with `/`, as it is shown.
pub(super) struct PathName {
    pub text: Arc<str>,
    /// False if the path is not UTF-8: then the text can't be used to open it.
    is_exact: bool,
}

impl PathName {
    /// Reads a path; each byte that is not UTF-8 is written as `\xNN`.
    pub(super) fn new(path: &[u8]) -> PathName {
        if let Ok(text) = std::str::from_utf8(path) {
            return PathName { text: text.into(), is_exact: true };
        }
        let mut text = String::with_capacity(path.len());
        for chunk in path.utf8_chunks() {
            text.push_str(chunk.valid());
            chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
        }
        PathName { text: text.into(), is_exact: false }
    }

    /// Returns the entry of a file; unreadable if its name is not UTF-8.
    pub(super) fn file(self, content: ContentSource) -> FileEntry {
        let content = if self.is_exact { content } else { ContentSource::Unreadable(NOT_UTF8) };
        FileEntry { path: self.text, content }
    }
}

/// Sorts files, and removes those that were listed twice. Of files with one text, the one that can be read stays.
pub(super) fn sort(files: &mut Vec<FileEntry>) {
    let is_inexact = |file: &FileEntry| matches!(file.content, ContentSource::Unreadable(NOT_UTF8));
    files.sort_unstable_by(|a, b| (&a.path, is_inexact(a)).cmp(&(&b.path, is_inexact(b))));
    files.dedup_by(|a, b| a.path == b.path);
}
