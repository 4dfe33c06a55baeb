//! The blobs of files, and what differs between two snapshots, without reading files where possible.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use gix::index::entry::{Stat, stat};

use super::objects::{self, BlobId, LikelyBlob};
use super::repository::Repository;
use super::{ContentSource, FileEntry, GitState, Snapshot, read_file};
use crate::text::file_name;

pub(super) struct Tracked {
    index: gix::worktree::Index,
    options: stat::Options,
    attribute_files: Vec<PathBuf>,
    /// Suffixes of names to which Git applies a filter that may keep the length.
    filtered: OnceLock<Vec<Box<str>>>,
}

impl Tracked {
    pub(super) fn new(
        repository: &gix::Repository,
        index: gix::worktree::Index,
        mut attribute_files: Vec<PathBuf>,
    ) -> Tracked {
        let config = repository.config_snapshot();
        attribute_files
            .extend([repository.common_dir().join("info/attributes"), "/etc/gitattributes".into()]);
        attribute_files.extend(match config.trusted_path("core.attributesFile") {
            Ok(Some(path)) => Some(path),
            _ => user_attributes(),
        });
        Tracked {
            index,
            options: stat::Options { use_nsec: true, ..repository.stat_options().unwrap_or_default() },
            attribute_files,
            filtered: OnceLock::new(),
        }
    }

    /// Returns the blob of a file that its index entry proves to be unchanged and unfiltered, except for the line ends, which change the length.
    pub(super) fn likely_blob(&self, entry: u32, path: &Path) -> Option<LikelyBlob> {
        let entry = self.index.entries().get(entry as usize)?;
        let metadata = gix::index::fs::Metadata::from_path_no_follow(path).ok()?;
        let now = Stat::from_fs(&metadata).ok()?;
        let unchanged = metadata.is_file()
            && entry.stat.matches(&now, self.options)
            && !entry.stat.is_racy(self.index.timestamp(), self.options);
        let is_blob = unchanged && !self.may_filter(path);
        is_blob.then(|| LikelyBlob { id: BlobId(entry.id), length: Some(metadata.len()) })
    }

    /// Returns the blob id of the file at `path` if it is unchanged and as long as its blob.
    pub(super) fn blob_id(&self, repository: &Repository, entry: u32, path: &Path) -> Option<BlobId> {
        let LikelyBlob { id, length } = self.likely_blob(entry, path)?;
        (objects::length(repository, id) == length).then_some(id)
    }

    fn may_filter(&self, path: &Path) -> bool {
        let filtered = self.filtered.get_or_init(|| {
            let files = self.attribute_files.iter();
            let texts = files.map(|path| std::fs::read(path).unwrap_or_default());
            texts.flat_map(|text| filtered_suffixes(&String::from_utf8_lossy(&text))).collect()
        });
        if filtered.is_empty() {
            return false;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        filtered.iter().any(|suffix| name.ends_with(&**suffix))
    }
}

/// A path at which two snapshots may differ.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangedPath<'s> {
    pub path: &'s Arc<str>,
    pub removed: bool,
}

impl Snapshot {
    /// Returns the paths at which this snapshot may differ from an older one, as far as blob ids tell.
    pub fn diff<'s>(&'s self, older: &'s Snapshot) -> Vec<ChangedPath<'s>> {
        let is_same = |file: &FileEntry| {
            older.get(&file.path).is_some_and(|there| {
                let blob = self.blob_id(file);
                blob.is_some() && blob == older.blob_id(there)
            })
        };
        let changed = self.files.iter().filter(|file| !is_same(file)).map(|file| (&file.path, false));
        let removed = older.files.iter().map(|file| &file.path).filter(|path| self.get(path).is_none());
        let gone = older.opaque.iter().map(|entry| &entry.path).filter(|path| !self.is_opaque(path));
        let all = changed.chain(removed.chain(gone).map(|path| (path, true)));
        all.map(|(path, removed)| ChangedPath { path, removed }).collect()
    }

    /// Returns the file's blob id; if it is not known, that of its content.
    pub fn content_id(&self, file: &FileEntry) -> Option<BlobId> {
        if let Some(id) = self.blob_id(file) {
            return Some(id);
        }
        let bytes = match &file.content {
            ContentSource::Text(source) => source.text().as_bytes().to_vec(),
            ContentSource::Disk(_) => read_file(&self.path_on_disk(file)).ok().flatten()?,
            ContentSource::Blob(..) | ContentSource::Unreadable(_) => return None,
        };
        self.id_of(&bytes)
    }

    /// Returns the blob id that these bytes have or would have.
    pub fn id_of(&self, bytes: &[u8]) -> Option<BlobId> {
        BlobId::of(bytes, self.git.as_ref().map(|git| &*git.repository))
    }

    /// Returns the file's blob id, if it is known without reading the file.
    pub fn blob_id(&self, file: &FileEntry) -> Option<BlobId> {
        match file.content {
            ContentSource::Blob(id, _) => Some(id),
            ContentSource::Disk(Some(entry)) => {
                let GitState { repository, tracked, .. } = self.git.as_ref()?;
                tracked.as_ref()?.blob_id(repository, entry, &self.path_on_disk(file))
            }
            _ => None,
        }
    }

    /// As [`Snapshot::blob_id`], without looking up the length of the blob.
    pub fn likely_blob(&self, file: &FileEntry) -> Option<LikelyBlob> {
        match file.content {
            ContentSource::Blob(id, _) => Some(LikelyBlob { id, length: None }),
            ContentSource::Disk(Some(entry)) => {
                let tracked = self.git.as_ref()?.tracked.as_ref()?;
                tracked.likely_blob(entry, &self.path_on_disk(file))
            }
            _ => None,
        }
    }
}

impl std::fmt::Debug for Tracked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tracked({} entries)", self.index.entries().len())
    }
}

fn user_attributes() -> Option<PathBuf> {
    let folder = match std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".config"),
    };
    Some(folder.join("git/attributes"))
}

/// Returns the suffixes of names to which an attributes file applies a filter. They match at least what the patterns match.
fn filtered_suffixes(text: &str) -> Vec<Box<str>> {
    let filters = |attribute: &str| {
        let name = attribute.split('=').next().unwrap_or_default();
        ["filter", "ident", "working-tree-encoding"].contains(&name)
    };
    let filtered = |line: &str| {
        let mut words = line.split_whitespace();
        let pattern = words.next().filter(|pattern| !pattern.starts_with('#'))?;
        words.any(filters).then(|| suffix(pattern))
    };
    text.lines().filter_map(filtered).collect()
}

fn suffix(pattern: &str) -> Box<str> {
    let name = file_name(pattern);
    match name.strip_prefix('*') {
        Some(suffix) if !pattern.starts_with('"') && !suffix.contains(['*', '?', '[', '\\']) => {
            suffix.to_ascii_lowercase().into()
        }
        _ => "".into(),
    }
}
