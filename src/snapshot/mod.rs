//! Snapshots: the worktree, the index, a commit, a plain folder, or files in memory. Files are listed at once and read on demand.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ahash::HashMap;

use crate::cache::Cache;
use crate::finding::Fault;
use crate::limits;
use crate::output::{self, Target};
use crate::syntax::Problem;
use crate::text::{Source, Span, folder_of};

mod blobs;
mod branches;
mod folder;
mod ignored;
mod listing;
mod objects;
pub mod reftable;
mod repository;
mod revision;
mod worktree;

pub use blobs::ChangedPath;
use blobs::Tracked;
pub use branches::OnBranches;

use folder::FolderContents;
pub(crate) use listing::Listing;
pub use objects::{BlobId, LikelyBlob};
use repository::Repository;
pub(crate) use repository::is_partial;
pub use repository::{GitUser, Hooks, git_facts};
pub(crate) use revision::{commit, date};

/// The files of a state, by paths from the root, with `/`, in byte order. Symbolic links are never followed, so no path leads out.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// None in a bare repository, and in memory.
    root: Option<PathBuf>,
    prefix: Box<str>,
    folder: Box<str>,
    /// The folder in which relative paths of the user begin.
    start: PathBuf,
    /// The snapshot of the whole repository, if this is a subtree of it.
    whole: Option<Arc<Snapshot>>,
    files: Arc<[FileEntry]>,
    by_path: Arc<OnceLock<HashMap<Arc<str>, u32>>>,
    opaque: Arc<[OpaqueEntry]>,
    notices: Arc<[String]>,
    /// None outside Git.
    git: Option<GitState>,
    /// The files read so far whose blobs are not in this partial clone.
    missing: Arc<Mutex<Vec<Arc<str>>>>,
    ignore_files: Arc<ignored::IgnoreFiles>,
}

#[derive(Clone, Debug)]
struct GitState {
    repository: Arc<Repository>,
    /// None for the worktree and the index.
    commit: Option<gix::ObjectId>,
    tracked: Option<Arc<Tracked>>,
    /// The names in folders of the newest commit, found as they are asked for.
    committed: Arc<revision::CommittedFolders>,
}

/// The input of a history walk: a repository and the commit to start from.
#[derive(Clone, Debug)]
pub struct GitSource {
    pub repository: gix::ThreadSafeRepository,
    /// None for HEAD.
    pub commit: Option<gix::ObjectId>,
    /// The snapshot's root relative to the repository's, empty if they are the same.
    pub folder: Box<str>,
    /// The commit whose mailmap is used; `None` for the mailmap that Git would use in the repository.
    pub mailmap: Option<gix::ObjectId>,
    /// `None` unless the cache is enabled.
    pub cache: Option<Arc<Cache>>,
}

pub const CONFIG_FILES: [&str; 2] = ["alignlint.yaml", ".alignlint.yaml"];

pub const MAILMAP: &str = ".mailmap";

#[derive(Clone, Debug)]
pub struct FileEntry {
    /// Relative to the root, with `/`. Bytes that are not UTF-8 are written as `\xNN`.
    pub path: Arc<str>,
    content: ContentSource,
}

impl FileEntry {
    /// Returns the entry under another path.
    fn renamed(&self, path: Arc<str>) -> FileEntry {
        match &self.content {
            ContentSource::Text(text) => FileEntry::of_text(text.at(path)),
            content => FileEntry { path, content: content.clone() },
        }
    }

    fn of_text(text: Arc<Source>) -> FileEntry {
        FileEntry { path: text.path().clone(), content: ContentSource::Text(text) }
    }
}

#[derive(Clone, Debug)]
enum ContentSource {
    Disk(Option<u32>),
    /// A blob; true if it is known to be small without looking it up.
    Blob(BlobId, bool),
    Unreadable(&'static str),
    Text(Arc<Source>),
}

/// A path that is listed and not entered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpaqueEntry {
    pub path: Arc<str>,
    pub kind: OpaqueKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpaqueKind {
    Link,
    Submodule,
    NestedRepository,
    /// Tracked, and left out by a sparse checkout.
    Sparse,
}

impl OpaqueEntry {
    fn new(path: impl Into<Arc<str>>, kind: OpaqueKind) -> OpaqueEntry {
        OpaqueEntry { path: path.into(), kind }
    }
}

/// How to make a partial clone complete.
pub(crate) const FETCH_ALL: &str = "run `git fetch --refetch --no-filter` to fetch them";

const NOT_UTF8: &str = "the file name is not UTF-8";
const NO_PERMISSION: &str = "the file can't be read: permission denied";
const TOO_LARGE: &str = "is larger than 64 MiB";

impl Snapshot {
    /// Lists the worktree of the repository around `start`, by Git's environment variables; outside of Git, the files under `start`. Leaves out
    /// untracked files that a `.gitignore` ignores.
    pub fn worktree(start: &Path) -> Result<Snapshot, Fault> {
        let start = canonical(start)?;
        let Some(repository) = Repository::discover(&start)? else {
            let listing = folder::list(&start, None);
            return Ok(Snapshot::of(listing).started_in(start.clone(), Some(start)));
        };
        let Some(root) = repository.root(&start)? else {
            return Err(bare(&repository).help(
                "run in a clone, or read a revision with `--rev HEAD`, which all commands that only read take",
            ));
        };
        let (mut listing, tracked, absent) =
            repository.with(|repository| worktree::list(repository, &root))?;
        if absent > 0 {
            listing.notices.insert(0, worktree::sparse_notice(absent));
        }
        let git =
            GitState { repository, commit: None, tracked: tracked.map(Arc::new), committed: Arc::default() };
        Ok(Snapshot { git: Some(git), ..Snapshot::of(listing) }.started_in(start, Some(root)))
    }

    fn started_in(self, start: PathBuf, root: Option<PathBuf>) -> Snapshot {
        let prefix = root.as_deref().map_or_else(Box::default, |root| prefix(root, &start));
        Snapshot { root, prefix, start, ..self }
    }

    /// Lists the index of the repository that contains `start`, or the one in `GIT_INDEX_FILE`.
    pub fn index(start: &Path) -> Result<Snapshot, Fault> {
        let start = canonical(start)?;
        let repository = containing(&start)?;
        let Some(root) = repository.root(&start)? else {
            return Err(bare(&repository).help("check a revision with `--rev`"));
        };
        let listing = repository.with(objects::list_index)?;
        let git = GitState { repository, commit: None, tracked: None, committed: Arc::default() };
        Ok(Snapshot { git: Some(git), ..Snapshot::of(listing) }.started_in(start, Some(root)))
    }

    /// Lists the commit `rev` of the repository that contains `start`, which may be bare.
    pub fn revision(start: &Path, rev: &str) -> Result<Snapshot, Fault> {
        let start = canonical(start)?;
        let repository = containing(&start)?;
        let root = repository.root(&start).ok().flatten();
        let commit = repository.with(|repository| revision::commit(repository, rev))?;
        Ok(Snapshot::of_commit(repository, commit)?.started_in(start, root))
    }

    fn of_commit(repository: Arc<Repository>, commit: gix::ObjectId) -> Result<Snapshot, Fault> {
        let listing = repository.with(|repository| objects::list_commit(repository, commit))?;
        let git =
            Some(GitState { repository, commit: Some(commit), tracked: None, committed: Arc::default() });
        Ok(Snapshot { git, ..Snapshot::of(listing) })
    }

    /// Returns the project at the merge bases of `since` and this commit (else HEAD); none if `since` is an unborn HEAD.
    pub fn merge_bases(&self, since: &str) -> Result<Vec<Snapshot>, Fault> {
        let GitState { repository, commit, .. } = self.git()?;
        if self.is_unborn(since) {
            return Ok(Vec::new());
        }
        let bases = repository.with(|repository| {
            let since = (since, revision::commit(repository, since)?);
            let name = commit.map(|commit| commit.to_string());
            let name = name.as_deref().unwrap_or("HEAD");
            revision::merge_bases(repository, since, (name, revision::commit(repository, name)?))
        })?;
        let of_commit = |base| Snapshot::of_commit(repository.clone(), base);
        let project = |base| Ok(self.with_same_root(of_commit(base)?).subtree(&self.folder));
        bases.into_iter().map(project).collect()
    }

    pub fn is_at(&self, rev: &str) -> bool {
        let Some(GitState { repository, commit: Some(commit), .. }) = &self.git else { return false };
        repository.with(|repository| revision::commit(repository, rev)).is_ok_and(|named| named == *commit)
    }

    /// Returns true if this is the worktree or the index and `base` is HEAD.
    pub fn builds_on(&self, base: &Snapshot) -> bool {
        let Some(GitState { repository, commit: None, .. }) = &self.git else { return false };
        let head = repository.with(|repository| revision::commit(repository, "HEAD"));
        base.git.as_ref().is_some_and(|base| base.commit.is_some() && base.commit == head.ok())
    }

    /// Lists the whole commit `rev` of the same repository; an empty snapshot if `rev` is an unborn HEAD.
    pub(crate) fn at_revision(&self, rev: &str) -> Result<Snapshot, Fault> {
        let GitState { repository, .. } = self.git()?;
        if self.is_unborn(rev) {
            return Ok(self.with_same_root(Snapshot::default()));
        }
        let commit = repository.with(|repository| revision::commit(repository, rev))?;
        Ok(self.with_same_root(Snapshot::of_commit(repository.clone(), commit)?))
    }

    fn git(&self) -> Result<&GitState, Fault> {
        self.git.as_ref().ok_or_else(|| not_in_repository(self.root.as_deref()))
    }

    fn is_unborn(&self, rev: &str) -> bool {
        let Some(GitState { repository, commit: None, .. }) = &self.git else { return false };
        let unborn = repository.with(revision::unborn_branch);
        unborn.is_some_and(|branch| ["HEAD", "@", &branch].contains(&rev))
    }

    fn with_same_root(&self, other: Snapshot) -> Snapshot {
        let Snapshot { root, prefix, start, .. } = self.whole().clone();
        Snapshot { root, prefix, start, ..other }
    }

    pub fn in_memory(files: impl IntoIterator<Item = (String, String)>) -> Snapshot {
        let texts = files.into_iter().map(|(path, text)| Arc::new(Source::new(path, text.into_bytes())));
        let files = texts.map(FileEntry::of_text).collect();
        Snapshot::of(FolderContents { files, ..FolderContents::default() })
    }

    fn of(FolderContents { mut files, mut opaque, notices }: FolderContents) -> Snapshot {
        folder::sort(&mut files);
        opaque.sort_unstable();
        opaque.dedup_by(|a, b| a.path == b.path);
        let (files, opaque, notices) = (files.into(), opaque.into(), notices.into());
        Snapshot { files, opaque, notices, ..Snapshot::default() }
    }

    /// Returns the subtree of the closest folder, from the prefix upwards, with a configuration file; else the snapshot.
    pub fn project(self) -> Snapshot {
        let mut folder: &str = &self.prefix;
        while !folder.is_empty() {
            let has = |path: &str| self.get(path).is_some() || self.is_opaque(path);
            let configured = CONFIG_FILES.iter().any(|name| has(&format!("{folder}/{name}")));
            if configured {
                let folder = folder.to_owned();
                return self.subtree(&folder);
            }
            folder = folder_of(folder);
        }
        self
    }

    /// Returns the files below a folder of the repository, with that folder as root.
    pub fn subtree(self, folder: &str) -> Snapshot {
        if folder.is_empty() {
            return self;
        }
        let within = |path: &str| Some(Arc::from(path.strip_prefix(folder)?.strip_prefix('/')?));
        let file = |it: &FileEntry| Some(it.renamed(within(&it.path)?));
        let opaque = |it: &OpaqueEntry| Some(OpaqueEntry { path: within(&it.path)?, kind: it.kind });
        Snapshot {
            root: self.root.as_ref().map(|root| root.join(folder)),
            folder: folder.into(),
            prefix: self.prefix.strip_prefix(folder).unwrap_or("").trim_start_matches('/').into(),
            opaque: self.opaque.iter().filter_map(opaque).collect(),
            whole: Some(Arc::new(self.clone())),
            ..self.with_files(self.files.iter().filter_map(file).collect())
        }
    }

    /// Returns the snapshot with these texts, which take the place of files or are new.
    pub fn with_texts(&self, texts: impl IntoIterator<Item = Arc<Source>>) -> Snapshot {
        let (mut files, mut has_new) = (self.files.to_vec(), false);
        let mut of_whole = Vec::new();
        for text in texts {
            if self.whole.is_some() {
                of_whole.push(text.at(self.path_in_repository(text.path())));
            }
            match files.binary_search_by(|file| file.path.cmp(text.path())) {
                Ok(at) => files[at] = FileEntry::of_text(text),
                Err(at) => {
                    has_new = true;
                    files.insert(at, FileEntry::of_text(text));
                }
            }
        }
        let whole = self.whole.as_ref().map(|whole| Arc::new(whole.with_texts(of_whole)));
        let by_path = if has_new { Arc::default() } else { self.by_path.clone() };
        Snapshot { whole, by_path, ..self.with_files(files) }
    }

    /// Returns the paths at which the content may differ from that of another state, as far as their entries tell.
    pub(crate) fn changed_since(&self, other: &Snapshot) -> HashSet<Arc<str>> {
        let mut changed = HashSet::new();
        let (mut new, mut old) = (self.files.iter().peekable(), other.files.iter().peekable());
        while let Some(path) = new.peek().into_iter().chain(old.peek()).map(|file| file.path.clone()).min() {
            let here = new.next_if(|file| Arc::ptr_eq(&file.path, &path) || file.path == path);
            let there = old.next_if(|file| Arc::ptr_eq(&file.path, &path) || file.path == path);
            if !here.zip(there).is_some_and(|(here, there)| here.is_copy_of(there)) {
                changed.insert(path);
            }
        }
        changed
    }

    /// Returns true for another state of the same folder, in which the same paths are not entered and nothing outside of it differs.
    pub(crate) fn is_other_state_of(&self, other: &Snapshot) -> bool {
        let is_inside = |path: &Arc<str>| is_within(path, &self.folder);
        let is_same_outside = || match (&self.whole, &other.whole) {
            (Some(whole), Some(other)) => whole.changed_since(other).iter().all(is_inside),
            (whole, other) => whole.is_none() && other.is_none(),
        };
        self.root == other.root && self.opaque == other.opaque && is_same_outside()
    }

    pub fn filtered(&self, is_wanted: impl Fn(&str) -> bool) -> Snapshot {
        self.with_files(self.files.iter().filter(|file| is_wanted(&file.path)).cloned().collect())
    }

    fn with_files(&self, files: Vec<FileEntry>) -> Snapshot {
        let (by_path, missing, ignore_files) = Default::default();
        Snapshot { files: files.into(), by_path, missing, ignore_files, ..self.clone() }
    }

    pub fn whole(&self) -> &Snapshot {
        self.whole.as_deref().unwrap_or(self)
    }

    /// Returns the root relative to the repository's, without a trailing `/`; empty if they are the same.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    pub fn enable_cache(&self) -> Result<(), Fault> {
        self.git.as_ref().map_or(Ok(()), |git| git.repository.enable_cache())
    }

    /// Returns the cache of the repository; `None` unless it was enabled.
    pub fn cache(&self) -> Option<&Arc<Cache>> {
        self.git.as_ref()?.repository.cache()
    }

    /// Returns the cache for what depends on the content of Git's objects; `None` also if `git replace` is in use.
    pub fn blob_cache(&self) -> Option<&Arc<Cache>> {
        self.cache().filter(|_| self.git.as_ref().is_some_and(|git| !git.repository.replaces_objects()))
    }

    /// Runs `work`, and again without the cache if that turns out to be corrupt.
    pub fn retry_if_cache_corrupt<T>(&self, mut work: impl FnMut() -> T) -> T {
        let result = work();
        match self.cache() {
            Some(cache) if cache.reset_if_corrupt() => work(),
            _ => result,
        }
    }

    /// Returns where to start a history walk; `None` outside of Git.
    pub fn git_source(&self) -> Option<GitSource> {
        let GitState { repository, commit, .. } = self.git.as_ref()?;
        Some(GitSource {
            repository: repository.shared.clone(),
            commit: *commit,
            folder: self.folder.clone(),
            mailmap: *commit,
            cache: repository.cache().cloned(),
        })
    }

    /// Returns the full commit id; `None` for the worktree and the index.
    pub fn commit(&self) -> Option<String> {
        Some(self.git.as_ref()?.commit?.to_string())
    }

    /// Returns the root on disk; `None` in a bare repository and in memory.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Returns the folder that the program was started in, relative to the root and without a trailing `/`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns all regular files, sorted by path.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// Returns the reasons why the snapshot may be incomplete.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    pub fn get(&self, path: &str) -> Option<&FileEntry> {
        self.files.get(self.index_of(path)?)
    }

    pub fn index_of(&self, path: &str) -> Option<usize> {
        let numbered = || self.files.iter().zip(0..).map(|(file, number)| (file.path.clone(), number));
        self.by_path.get_or_init(|| numbered().collect()).get(path).map(|number| *number as usize)
    }

    /// Returns true if `path` is a file, a non-empty folder, or anything at or below a symbolic link or a submodule.
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.get(path).is_some() || self.has_folder(path) || self.opaque_at(path).is_some()
    }

    pub fn files_within(&self, path: &str) -> &[FileEntry] {
        match self.get(path) {
            Some(file) => std::slice::from_ref(file),
            None => self.files_below(path),
        }
    }

    fn files_below(&self, folder: &str) -> &[FileEntry] {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let first = self.files.partition_point(|file| *file.path < *start);
        let length = self.files[first..].partition_point(|file| file.path.starts_with(&start));
        &self.files[first..first + length]
    }

    pub fn has_folder(&self, path: &str) -> bool {
        !self.files_below(path).is_empty()
    }

    /// Returns a path from the root as one from the folder that the program was started in.
    pub fn path_from_here(&self, path: &str) -> String {
        let mut here: Vec<&str> = self.prefix.split('/').filter(|part| !part.is_empty()).collect();
        let mut parts: Vec<&str> = path.split('/').collect();
        while parts.len() > 1 && here.first() == parts.first() {
            here.remove(0);
            parts.remove(0);
        }
        format!("{}{}", "../".repeat(here.len()), parts.join("/"))
    }

    /// Returns the entry at `path` or above it that is not entered.
    pub fn opaque_at(&self, path: &str) -> Option<&OpaqueEntry> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.map(|end| &path[..end]).find_map(|above| self.opaque(above))
    }

    /// Returns the entries that are not entered, sorted by path.
    pub fn opaque_entries(&self) -> &[OpaqueEntry] {
        &self.opaque
    }

    fn is_opaque(&self, path: &str) -> bool {
        self.opaque(path).is_some()
    }

    fn opaque(&self, path: &str) -> Option<&OpaqueEntry> {
        let at = self.opaque.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.opaque.get(at)
    }

    /// Returns true if Git tracks the file at `path`: the index has it, or the state is a revision, whatever the index has.
    pub fn is_tracked(&self, path: &str) -> bool {
        self.git.as_ref().is_some_and(|git| match git.commit {
            Some(_) => self.get(path).is_some(),
            None => git.repository.with(|it| worktree::is_indexed(it, &self.path_in_repository(path))),
        })
    }

    pub fn is_in_git(&self) -> bool {
        self.git.is_some()
    }

    pub fn locate(&self, typed: &Path) -> Target {
        Target::locate(self.whole().root(), &self.start, typed)
    }

    /// Returns where the file at a path from [`Snapshot::resolve_in_repository`] is on disk; `None` in a bare repository.
    pub fn target(&self, path: &str) -> Option<Target> {
        let root = self.whole().root()?.to_owned();
        Some(Target::Inside { root, path: self.path_in_repository(path).into() })
    }

    /// Resolves a path that the user typed to one relative to the root; `None` if it is outside.
    pub fn resolve(&self, typed: &Path) -> Option<String> {
        let path = self.whole().resolve_from_root(typed)?;
        match path.strip_prefix(&*self.folder)? {
            below if self.folder.is_empty() => Some(below.to_owned()),
            "" => Some(String::new()),
            below => below.strip_prefix('/').map(str::to_owned),
        }
    }

    fn resolve_from_root(&self, typed: &Path) -> Option<String> {
        let located = match &self.root {
            Some(_) => self.locate(typed),
            // In a bare repository, relative paths begin at the root of its commits.
            None if typed.has_root() => return None,
            None => Target::locate(Some(Path::new("")), Path::new(""), typed),
        };
        let Target::Inside { path, .. } = located else { return None };
        let parts: Option<Vec<&str>> = path.iter().map(OsStr::to_str).collect();
        Some(parts?.join("/"))
    }

    /// Like [`Snapshot::resolve`], within the whole repository: a path outside of the root begins with `../`.
    pub fn resolve_in_repository(&self, typed: &Path) -> Option<String> {
        self.resolve(typed).or_else(|| {
            let path = self.whole().resolve(typed)?;
            Some(self.repository_root_path(&path))
        })
    }

    /// Reads the file at a path from [`Snapshot::resolve_in_repository`]; `None` if it can't be read.
    pub fn read_in_repository(&self, path: &str) -> Option<Arc<Source>> {
        if path.starts_with("../") {
            let source = self.whole().read_path(&self.path_in_repository(path))?;
            return Some(Arc::new(Source::new(path, source.text().as_bytes().to_vec())));
        }
        self.read_path(path)
    }

    /// Reads the file at a path from [`Snapshot::resolve_in_repository`]; `None` if there is none or it can't be read.
    pub(crate) fn read_without_links(&self, path: &str) -> Result<Option<Arc<Source>>, output::Error> {
        match self.link_in_repository(path) {
            Some(link) => Err(output::Error::Link(link.into())),
            None => Ok(self.read_in_repository(path)),
        }
    }

    /// Reads a file that the user names: the one of this state, else the one on disk.
    pub(crate) fn read_named(&self, typed: &Path) -> Result<Arc<Source>, output::Error> {
        let path = self.resolve_in_repository(typed);
        let listed = path.map(|path| self.read_without_links(&path)).transpose()?.flatten();
        listed.map_or_else(|| self.read_typed(typed), Ok)
    }

    /// Reads a file on disk that the user names.
    pub(crate) fn read_typed(&self, typed: &Path) -> Result<Arc<Source>, output::Error> {
        let bytes = read_within_limit(self.locate(typed).read()?)?;
        let bytes = bytes.ok_or_else(|| io::Error::other(format!("it {TOO_LARGE}")))?;
        Ok(Arc::new(Source::new(&*typed.to_string_lossy(), bytes)))
    }

    /// Returns the symbolic link at or above a path from [`Snapshot::resolve_in_repository`].
    fn link_in_repository(&self, path: &str) -> Option<String> {
        let path = self.path_in_repository(path);
        let whole = self.whole();
        whole.opaque_at(&path).filter(|entry| whole.is_link(entry)).map(|link| link.path.to_string())
    }

    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.opaque.iter().filter(|entry| self.is_link(entry)).map(|link| &*link.path)
    }

    /// Returns true for a symbolic link, which is also on disk unless the state is a commit.
    fn is_link(&self, entry: &OpaqueEntry) -> bool {
        let is_commit = self.git.as_ref().is_some_and(|git| git.commit.is_some());
        let on_disk = || self.root.as_ref().is_some_and(|root| root.join(&*entry.path).is_symlink());
        entry.kind == OpaqueKind::Link && (is_commit || on_disk())
    }

    /// Returns the path relative to the repository's root of a path from [`Snapshot::resolve_in_repository`].
    pub(crate) fn path_in_repository(&self, path: &str) -> String {
        match path.strip_prefix(&*self.repository_root_path("")) {
            Some(above) if !self.folder.is_empty() => above.to_owned(),
            _ if self.folder.is_empty() => path.to_owned(),
            _ => format!("{}/{path}", self.folder),
        }
    }

    /// Returns the path from this snapshot's root to a path relative to the repository's root.
    pub fn repository_root_path(&self, path: &str) -> String {
        let depth = self.folder.split('/').filter(|part| !part.is_empty()).count();
        format!("{}{path}", "../".repeat(depth))
    }

    /// Reads a file, which may not be UTF-8.
    pub fn read(&self, file: &FileEntry) -> Result<Arc<Source>, Problem> {
        let bytes = match &file.content {
            ContentSource::Text(source) => return Ok(source.clone()),
            ContentSource::Unreadable(reason) => return Err(unreadable(reason)),
            ContentSource::Disk(_) => match read_file(&self.path_on_disk(file)) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Err(unreadable(&format!("the file {TOO_LARGE}"))),
                Err(error) => return Err(unreadable(&format!("the file can't be read: {}", cause(&error)))),
            },
            ContentSource::Blob(id, is_small) => self.read_blob(file, *id, *is_small)?,
        };
        if is_lfs_pointer(&bytes) {
            let advice = match &file.content {
                ContentSource::Disk(_) => "run `git lfs pull` to get its content",
                _ => "its content is not in Git; check the worktree, after `git lfs pull`",
            };
            return Err(unreadable(&format!("the file is a pointer of Git LFS; {advice}")));
        }
        Ok(Arc::new(Source::new(file.path.clone(), bytes)))
    }

    fn read_blob(&self, file: &FileEntry, id: BlobId, is_small: bool) -> Result<Vec<u8>, Problem> {
        let Some(git) = &self.git else { return Err(unreadable("the file can't be read")) };
        let read = objects::read(&git.repository, id, is_small);
        read.map_err(|reason| unreadable(&format!("the file {reason}")))?.ok_or_else(|| {
            self.missing.lock().unwrap_or_else(PoisonError::into_inner).push(file.path.clone());
            unreadable(&format!(
                "the file is not in this partial clone; run `git cat-file -e {id}` to fetch it"
            ))
        })
    }

    /// Returns the text of the blob `id`, read on first use: from disk if it is the same there, which is faster. If that fails, it is empty and
    /// the cache marked as corrupt.
    pub fn blob_text(&self, file: &FileEntry, id: BlobId) -> Arc<Source> {
        let repository = self.git.as_ref().map(|git| git.repository.clone());
        let is_on_disk = matches!(file.content, ContentSource::Disk(_));
        let place = is_on_disk.then(|| self.path_on_disk(file));
        Arc::new(Source::lazy(file.path.clone(), move || {
            let on_disk = || read_file(place.as_ref()?).ok()?.filter(|bytes| id.matches(bytes));
            let Some(repository) = &repository else { return Vec::new() };
            on_disk().or_else(|| objects::read(repository, id, false).ok()?).unwrap_or_else(|| {
                repository.cache().inspect(|cache| cache.mark_corrupt());
                Vec::new()
            })
        }))
    }

    fn path_on_disk(&self, file: &FileEntry) -> PathBuf {
        self.root.as_deref().unwrap_or(Path::new("")).join(&*file.path)
    }

    /// Returns the paths of the files read so far whose blobs are not in this partial clone.
    pub fn missing_blobs(&self) -> Vec<Arc<str>> {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        missing.sort_unstable();
        missing
    }

    /// Returns the text that takes the place of a file.
    pub(crate) fn text_in_memory(&self, path: &str) -> Option<&Arc<Source>> {
        match &self.get(path)?.content {
            ContentSource::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads the file at `path`; `None` if there is none or it can't be read.
    pub fn read_path(&self, path: &str) -> Option<Arc<Source>> {
        self.read(self.get(path)?).ok()
    }
}

/// Returns true if `path` is `folder` or below it; everything is below the empty path.
pub fn is_within(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/v1\n")
}

fn canonical(start: &Path) -> Result<PathBuf, Fault> {
    start
        .canonicalize()
        .map_err(|error| Fault::new(format!("can't open `{}`: {}", start.display(), cause(&error))))
}

fn containing(start: &Path) -> Result<Arc<Repository>, Fault> {
    Repository::discover(start)?.ok_or_else(|| not_in_repository(Some(start)))
}

fn not_in_repository(folder: Option<&Path>) -> Fault {
    let folder = folder.map_or_else(|| "this folder".to_owned(), |folder| format!("`{}`", folder.display()));
    Fault::new(format!("{folder} is not in a Git repository"))
}

fn bare(repository: &Repository) -> Fault {
    let git_dir = repository.with(|repository| repository.git_dir().display().to_string());
    Fault::new(format!("the repository `{git_dir}` is bare"))
}

fn prefix(root: &Path, start: &Path) -> Box<str> {
    let prefix = start.strip_prefix(root).ok().and_then(Path::to_str).unwrap_or("");
    prefix.replace(std::path::MAIN_SEPARATOR, "/").into()
}

fn read_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    read_within_limit(fs::File::open(path)?)
}

fn read_within_limit(file: fs::File) -> io::Result<Option<Vec<u8>>> {
    let length = file.metadata()?.len();
    if length > limits::FILE_BYTES as u64 {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(length as usize);
    // A file that states its length needs no second read to find its end.
    let most = if length == 0 { limits::FILE_BYTES as u64 + 1 } else { length };
    file.take(most).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limits::FILE_BYTES).then_some(bytes))
}

fn unreadable(message: &str) -> Problem {
    Problem::fatal(Span::at(0), message)
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        _ => error.to_string(),
    }
}
