//! The files of one state of a repository, listed once and read when somebody asks. A state is a
//! worktree, what is staged, a commit, a plain folder, or files held in memory; what reads files never
//! knows which.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cache::Cache;
use crate::finding::Fault;
use crate::syntax::Problem;
use crate::text::{Source, Span};

mod diff;
mod folder;
mod objects;
mod repository;
mod revision;
#[cfg(test)]
mod tests;
mod unchanged;
mod worktree;

pub use diff::ChangedPath;
use folder::Listing;
pub use objects::BlobId;
use objects::Missing;
use repository::Repository;
use unchanged::Tracked;

/// The files of one state of a repository. Paths are relative to its root, with `/`, in the order of
/// their bytes. No path leads out of the root: a symbolic link is never followed.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// None in a bare repository, and in memory.
    root: Option<PathBuf>,
    prefix: Box<str>,
    /// The root relative to the repository's; empty where they are the same.
    folder: Box<str>,
    /// The state of the repository that this is a folder of; none where it is all of it.
    whole: Option<Arc<Snapshot>>,
    files: Vec<FileEntry>,
    /// Symbolic links, submodules and repositories inside this one: they are there, and are not looked into.
    opaque: Vec<Arc<str>>,
    notices: Vec<String>,
    /// None outside Git.
    origin: Option<Origin>,
    /// The files that were asked for and are not in this clone.
    missing: Mutex<Vec<Arc<str>>>,
}

/// The repository that a state is one of.
#[derive(Clone, Debug)]
struct Origin {
    repository: Arc<Repository>,
    /// None for the worktree and for what is staged.
    commit: Option<gix::ObjectId>,
    /// Of the worktree only.
    tracked: Option<Arc<Tracked>>,
}

/// Where the commits that led to a state are.
#[derive(Clone, Debug)]
pub struct GitSource {
    pub repository: gix::ThreadSafeRepository,
    /// None where the next commit is meant: all behind HEAD led to it.
    pub commit: Option<gix::ObjectId>,
    /// The state's root relative to the repository's; empty where they are the same.
    pub folder: Box<str>,
    /// The commit that says who is the same person as who; where none is named, the repository as it stands.
    pub mailmap: Option<gix::ObjectId>,
    /// `None` unless the cache is enabled.
    pub cache: Option<Arc<Cache>>,
}

/// The names of a project's configuration.
pub const CONFIGURATIONS: [&str; 2] = ["alignlint.yaml", ".alignlint.yaml"];

/// Where Git keeps who is the same person as who, at the root of a repository.
pub const MAILMAP: &str = ".mailmap";

/// One regular file of a [`Snapshot`].
#[derive(Clone, Debug)]
pub struct FileEntry {
    /// Relative to the root, with `/`. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: Arc<str>,
    content: Content,
}

/// Where a file's bytes come from.
#[derive(Clone, Debug)]
enum Content {
    /// From disk, at its path under the root. With the number of the index entry that may prove which
    /// blob it is.
    Disk(Option<u32>),
    /// From the object database. Whether it is known to be small without looking there.
    Blob(BlobId, bool),
    /// From nowhere, for this reason: listed, so that it is not overlooked.
    Refused(&'static str),
    /// From memory.
    Text(Arc<Source>),
}

const UNNAMEABLE: &str = "the file's name is not UTF-8";
const TOO_LARGE: &str = "is larger than 64 MiB";

impl Snapshot {
    /// The worktree of the repository around `start`: what Git tracks, and what it neither tracks nor
    /// ignores. `GIT_DIR`, `GIT_WORK_TREE` and `GIT_INDEX_FILE` count as they do for Git. Outside Git, the
    /// files under `start` that no `.gitignore` there names.
    ///
    /// # Errors
    ///
    /// Where `start` is no folder, or the repository has no worktree or can't be understood.
    pub fn worktree(start: &Path) -> Result<Snapshot, Fault> {
        let start = opened(start)?;
        let Some(repository) = Repository::around(&start)? else {
            return Ok(Snapshot { root: Some(start.clone()), ..Snapshot::of(folder::list(&start, None)) });
        };
        let Some(root) = repository.root(&start)? else {
            let help = "Check a revision of it with `--rev`, or run in a clone of it.";
            return Err(bare(&repository, "it has no worktree to check").help(help));
        };
        let (listing, tracked, absent) = repository.with(|repository| worktree::list(repository, &root))?;
        Ok(Snapshot {
            prefix: prefix(&root, &start),
            root: Some(root),
            notices: (absent > 0).then(|| worktree::sparse_notice(absent)).into_iter().collect(),
            origin: Some(Origin { repository, commit: None, tracked: tracked.map(Arc::new) }),
            ..Snapshot::of(listing)
        })
    }

    /// What is staged in the repository around `start`: what the next commit will hold, in a hook also where
    /// that is only a part of what is staged (`GIT_INDEX_FILE`).
    ///
    /// # Errors
    ///
    /// Outside Git, in a bare repository, or where the repository can't be understood.
    pub fn index(start: &Path) -> Result<Snapshot, Fault> {
        let start = opened(start)?;
        let repository = around(&start, "nothing is staged")?;
        let Some(root) = repository.root(&start)? else {
            return Err(bare(&repository, "nothing is staged in it").help("`--rev` checks a revision."));
        };
        let listing = repository.with(objects::staged)?;
        Ok(Snapshot {
            prefix: prefix(&root, &start),
            root: Some(root),
            origin: Some(Origin { repository, commit: None, tracked: None }),
            ..Snapshot::of(listing)
        })
    }

    /// The commit that `rev` names in the repository around `start`, which may be bare.
    ///
    /// # Errors
    ///
    /// Outside Git, where the repository can't be understood, or where `rev` names no commit in this clone.
    pub fn revision(start: &Path, rev: &str) -> Result<Snapshot, Fault> {
        let start = opened(start)?;
        let repository = around(&start, &format!("there is no revision `{rev}`"))?;
        // A worktree that is lost takes no commit with it.
        let root = repository.root(&start).ok().flatten();
        let commit = repository.with(|repository| revision::commit(repository, rev))?;
        Ok(Snapshot {
            prefix: root.as_deref().map_or_else(Box::default, |root| prefix(root, &start)),
            root,
            ..Snapshot::committed(repository, commit)?
        })
    }

    fn committed(repository: Arc<Repository>, commit: gix::ObjectId) -> Result<Snapshot, Fault> {
        let listing = repository.with(|repository| objects::committed(repository, commit))?;
        let origin = Some(Origin { repository, commit: Some(commit), tracked: None });
        Ok(Snapshot { origin, ..Snapshot::of(listing) })
    }

    /// The state that this one is compared with: the same project at the merge base of `since` and this
    /// state's commit, which is HEAD for the worktree and for what is staged. None where `since` is HEAD and
    /// nothing is committed yet: then all is new.
    ///
    /// # Errors
    ///
    /// Outside Git, where `since` names no commit in this clone, or one that has nothing in common with HEAD.
    pub fn merge_base(&self, since: &str) -> Result<Option<Snapshot>, Fault> {
        let Origin { repository, commit, .. } = self.origin_of(since)?;
        if self.is_unborn(since) {
            return Ok(None);
        }
        let base = repository.with(|repository| {
            let since = (since, revision::commit(repository, since)?);
            let name = commit.map(|commit| commit.to_string());
            let name = name.as_deref().unwrap_or("HEAD");
            revision::merge_base(repository, since, (name, revision::commit(repository, name)?))
        })?;
        let base = self.other(Snapshot::committed(repository.clone(), base)?);
        Ok(Some(if self.folder.is_empty() { base } else { base.subtree(&self.folder) }))
    }

    /// Whether this state is to become the commit that follows `base`.
    pub fn builds_on(&self, base: &Snapshot) -> bool {
        let Some(Origin { repository, commit: None, .. }) = &self.origin else { return false };
        let head = repository.with(|repository| revision::commit(repository, "HEAD"));
        base.origin.as_ref().is_some_and(|base| base.commit.is_some() && base.commit == head.ok())
    }

    /// All of the commit that `rev` names in the repository of this state. Where `rev` is HEAD and nothing is
    /// committed yet, a state without files.
    ///
    /// # Errors
    ///
    /// Outside Git, or where `rev` names no commit in this clone.
    pub fn at_revision(&self, rev: &str) -> Result<Snapshot, Fault> {
        let Origin { repository, .. } = self.origin_of(rev)?;
        if self.is_unborn(rev) {
            return Ok(self.other(Snapshot::default()));
        }
        let commit = repository.with(|repository| revision::commit(repository, rev))?;
        Ok(self.other(Snapshot::committed(repository.clone(), commit)?))
    }

    fn origin_of(&self, rev: &str) -> Result<&Origin, Fault> {
        let so = || outside(self.root.as_deref(), &format!("there is no revision `{rev}`"));
        self.origin.as_ref().ok_or_else(so)
    }

    /// Whether `rev` is what this state is to be the first commit of.
    fn is_unborn(&self, rev: &str) -> bool {
        let Some(Origin { repository, commit: None, .. }) = &self.origin else { return false };
        let unborn = repository.with(revision::unborn_branch);
        unborn.is_some_and(|branch| ["HEAD", "@", &branch].contains(&rev))
    }

    /// Another state of the whole repository, asked for in the same folder.
    fn other(&self, state: Snapshot) -> Snapshot {
        let whole = self.whole();
        Snapshot { prefix: whole.prefix.clone(), root: whole.root.clone(), ..state }
    }

    /// These files, by path and text, and nothing else: what a rule's examples are judged as.
    pub fn in_memory(files: impl IntoIterator<Item = (String, String)>) -> Snapshot {
        let files = files.into_iter().map(|(path, text)| {
            let path: Arc<str> = path.into();
            FileEntry {
                path: path.clone(),
                content: Content::Text(Arc::new(Source::new(path, text.into_bytes()))),
            }
        });
        Snapshot::of(Listing { files: files.collect(), opaque: Vec::new() })
    }

    fn of(Listing { mut files, mut opaque }: Listing) -> Snapshot {
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        opaque.sort_unstable();
        Snapshot { files, opaque, ..Snapshot::default() }
    }

    /// The project around the folder that the state was asked for: the part of the state in the nearest
    /// folder, from there upwards, that has a configuration of its own; else all of it. Its root is that
    /// folder.
    pub fn project(self) -> Snapshot {
        let mut folder: &str = &self.prefix;
        while !folder.is_empty() {
            let configured =
                CONFIGURATIONS.iter().any(|name| self.get(&format!("{folder}/{name}")).is_some());
            if configured {
                let folder = folder.to_owned();
                return self.subtree(&folder);
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        self
    }

    /// The part of a state of the whole repository that is in a folder, which becomes its root.
    pub fn subtree(self, folder: &str) -> Snapshot {
        if folder.is_empty() {
            return self;
        }
        let within = |path: &str| Some(Arc::from(path.strip_prefix(folder)?.strip_prefix('/')?));
        let files = self.files.iter();
        let files = files
            .filter_map(|file| Some(FileEntry { path: within(&file.path)?, content: file.content.clone() }));
        Snapshot {
            root: self.root.as_ref().map(|root| root.join(folder)),
            folder: folder.into(),
            prefix: self.prefix.strip_prefix(folder).unwrap_or("").trim_start_matches('/').into(),
            files: files.collect(),
            opaque: self.opaque.iter().filter_map(|path| within(path)).collect(),
            notices: self.notices.clone(),
            origin: self.origin.clone(),
            missing: Mutex::default(),
            whole: Some(Arc::new(self)),
        }
    }

    /// The same state, but for the texts of these files, which are among its own.
    pub fn with_overlay(&self, texts: impl IntoIterator<Item = Arc<Source>>) -> Snapshot {
        let mut files = self.files.clone();
        for source in texts {
            if let Ok(at) = files.binary_search_by(|file| file.path.cmp(source.path())) {
                files[at].content = Content::Text(source);
            }
        }
        Snapshot {
            root: self.root.clone(),
            prefix: self.prefix.clone(),
            folder: self.folder.clone(),
            whole: self.whole.clone(),
            files,
            opaque: self.opaque.clone(),
            notices: self.notices.clone(),
            origin: self.origin.clone(),
            missing: Mutex::default(),
        }
    }

    /// The state of the whole repository that this one is, or is a folder of.
    pub fn whole(&self) -> &Snapshot {
        self.whole.as_deref().unwrap_or(self)
    }

    /// The root relative to the repository's, without a `/` at its end; empty where they are the same.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Enables the cache for all states of this repository.
    pub fn enable_cache(&self) {
        if let Some(Origin { repository, .. }) = &self.origin {
            repository.enable_cache();
        }
    }

    /// Returns the cache of the repository; `None` unless it was enabled.
    pub fn cache(&self) -> Option<&Arc<Cache>> {
        self.origin.as_ref()?.repository.cache()
    }

    /// Returns the cache for what depends on the content of Git's objects; `None` also if `git replace` is in use.
    pub fn blob_cache(&self) -> Option<&Arc<Cache>> {
        self.cache()
            .filter(|_| self.origin.as_ref().is_some_and(|origin| !origin.repository.replaces_objects()))
    }

    /// Runs `work`. If the cache turns out to be corrupt, discards the result and runs it again without reading the
    /// cache.
    pub fn retry_if_cache_corrupt<T>(&self, mut work: impl FnMut() -> T) -> T {
        let result = work();
        match self.cache() {
            Some(cache) if cache.reset_if_corrupt() => work(),
            _ => result,
        }
    }

    /// Where the commits that led to this state are; none outside Git.
    pub fn git_source(&self) -> Option<GitSource> {
        let Origin { repository, commit, .. } = self.origin.as_ref()?;
        Some(GitSource {
            repository: repository.shared().clone(),
            commit: *commit,
            folder: self.folder.clone(),
            mailmap: None,
            cache: repository.cache().cloned(),
        })
    }

    /// The full identifier of the commit; none where the state is no commit.
    pub fn commit(&self) -> Option<String> {
        Some(self.origin.as_ref()?.commit?.to_string())
    }

    /// Where the root is on disk, whether or not the files are read from there; none in a bare repository
    /// and in memory.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The folder that the state was asked for, relative to the root and without a `/` at its end: empty at
    /// the root. Paths that a person types are relative to it; [`Snapshot::resolve`] takes them.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Every regular file, in the order of their paths' bytes.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// What to tell the person once, in whole sentences: why this state may not show everything.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The file at exactly this path.
    pub fn get(&self, path: &str) -> Option<&FileEntry> {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        self.files.get(at)
    }

    /// Whether something is at `path`: a file, a folder that holds one, a symbolic link, or anything under
    /// a link or a submodule, which are not looked into and so have the benefit of the doubt.
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.get(path).is_some() || self.has_folder(path) || self.is_opaque(path)
    }

    /// Whether `path` is a folder with at least one file somewhere below it.
    pub fn has_folder(&self, path: &str) -> bool {
        let below = self.files.partition_point(|file| {
            file.path.bytes().cmp(path.bytes().chain([b'/'])) == std::cmp::Ordering::Less
        });
        self.files.get(below).is_some_and(|file| is_below(&file.path, path))
    }

    /// Whether a symbolic link, a submodule or another repository is at `path` or above it.
    fn is_opaque(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.map(|end| &path[..end])
            .any(|above| self.opaque.binary_search_by(|link| (**link).cmp(above)).is_ok())
    }

    /// The path relative to the root that a person means by `typed` in the folder where they stand: `.` and
    /// `..` are taken away, and the root's own path is cut off. None where it lies outside the root.
    pub fn resolve(&self, typed: &Path) -> Option<String> {
        let mut parts: Vec<&str> = Vec::new();
        let (absolute, relative);
        if typed.is_absolute() {
            let root = self.root()?;
            absolute = if typed.starts_with(root) { typed.to_owned() } else { typed.canonicalize().ok()? };
            relative = absolute.strip_prefix(root).ok()?;
        } else {
            parts.extend(self.prefix.split('/').filter(|part| !part.is_empty()));
            relative = typed;
        }
        for component in relative.components() {
            match component {
                Component::Normal(name) => parts.push(name.to_str()?),
                Component::ParentDir => drop(parts.pop()?),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
        Some(parts.join("/"))
    }

    /// As [`Snapshot::resolve`], of a path in the repository that this state is a folder of: one outside the
    /// root begins with `../`.
    pub fn resolve_in_repository(&self, typed: &Path) -> Option<String> {
        self.resolve(typed).or_else(|| {
            let path = self.whole().resolve(typed)?;
            Some(format!("{}{path}", self.way_up()))
        })
    }

    /// The text at a path that [`Snapshot::resolve_in_repository`] gave; none where no file is there or it can't be
    /// read.
    pub fn read_in_repository(&self, path: &str) -> Option<Arc<Source>> {
        match path.strip_prefix(&*self.way_up()) {
            Some(above) if !self.folder.is_empty() => {
                let source = self.whole().read_path(above)?;
                Some(Arc::new(Source::new(path, source.text().as_bytes().to_vec())))
            }
            _ => self.read_path(path),
        }
    }

    /// The path, in the form of [`Snapshot::resolve_in_repository`], of a file at the root of the repository.
    pub fn repository_root_path(&self, name: &str) -> String {
        format!("{}{name}", self.way_up())
    }

    /// The path from the root to the repository's: `../` for each folder.
    fn way_up(&self) -> String {
        "../".repeat(self.folder.split('/').filter(|part| !part.is_empty()).count())
    }

    /// What Git calls the file's bytes, where that is known without reading them.
    pub fn blob_id(&self, file: &FileEntry) -> Option<BlobId> {
        match file.content {
            Content::Blob(id, _) => Some(id),
            Content::Disk(Some(entry)) => {
                let Origin { repository, tracked, .. } = self.origin.as_ref()?;
                tracked.as_ref()?.blob_id(repository, entry, &self.place(file))
            }
            Content::Disk(None) | Content::Refused(_) | Content::Text(_) => None,
        }
    }

    /// The file's text. Bytes that are not UTF-8 are for the reader of the text to report.
    ///
    /// # Errors
    ///
    /// Where the file has gone, is forbidden, is in conflict, is larger than [`Source::LIMIT`], or is not in
    /// this clone.
    pub fn read(&self, file: &FileEntry) -> Result<Arc<Source>, Problem> {
        let bytes = match &file.content {
            Content::Text(source) => return Ok(source.clone()),
            Content::Refused(reason) => return Err(unreadable(reason)),
            Content::Disk(_) => match read_within_limit(&self.place(file)) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Err(unreadable(&format!("the file {TOO_LARGE}"))),
                Err(error) => {
                    return Err(unreadable(&format!("the file can't be read: {}", cause(&error))));
                }
            },
            Content::Blob(id, is_small) => self.read_blob(file, *id, *is_small)?,
        };
        Ok(Arc::new(Source::new(file.path.clone(), bytes)))
    }

    fn read_blob(&self, file: &FileEntry, id: BlobId, is_small: bool) -> Result<Vec<u8>, Problem> {
        let Some(origin) = &self.origin else { return Err(unreadable("the file can't be read")) };
        objects::read(&origin.repository, id, is_small).map_err(|missing| match missing {
            Missing::Unreadable(reason) => unreadable(&format!("the file {reason}")),
            Missing::Elsewhere => {
                self.missing.lock().unwrap_or_else(PoisonError::into_inner).push(file.path.clone());
                unreadable(&format!(
                    "the file is not in this clone, which is partial: `git cat-file -e {id}` fetches it"
                ))
            }
        })
    }

    /// Returns the text of the blob `id` at `path`, which is read on first use; from disk if the file there has the
    /// same content, since unpacking the object takes longer. If that fails, the text is empty and the cache marked as
    /// corrupt.
    pub fn blob_text(&self, path: Arc<str>, id: BlobId) -> Arc<Source> {
        let repository = self.origin.as_ref().map(|origin| origin.repository.clone());
        let on_disk = self.get(&path).filter(|file| matches!(file.content, Content::Disk(_)));
        let place = on_disk.map(|file| self.place(file));
        Arc::new(Source::lazy(path, move || {
            let on_disk = || read_within_limit(place.as_ref()?).ok()?.filter(|bytes| id.is_of(bytes));
            let Some(repository) = &repository else { return Vec::new() };
            on_disk().or_else(|| objects::read(repository, id, false).ok()).unwrap_or_else(|| {
                repository.cache().inspect(|cache| cache.mark_corrupt());
                Vec::new()
            })
        }))
    }

    /// Where a file on disk is.
    fn place(&self, file: &FileEntry) -> PathBuf {
        self.root.as_deref().unwrap_or(Path::new("")).join(&*file.path)
    }

    /// The files that were asked for so far and whose text is not in this clone, which is a partial one.
    pub fn missing_blobs(&self) -> Vec<Arc<str>> {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        missing.sort_unstable();
        missing
    }

    /// The text at `path`; none where no file is there or it can't be read.
    pub fn read_path(&self, path: &str) -> Option<Arc<Source>> {
        self.read(self.get(path)?).ok()
    }
}

/// The folder where a person stands, without symbolic links in its path.
fn opened(start: &Path) -> Result<PathBuf, Fault> {
    start
        .canonicalize()
        .map_err(|error| Fault::new(format!("`{}` can't be opened: {}", start.display(), cause(&error))))
}

/// The repository around a folder that has to be in one.
fn around(start: &Path, so: &str) -> Result<Arc<Repository>, Fault> {
    Repository::around(start)?.ok_or_else(|| outside(Some(start), so))
}

fn outside(folder: Option<&Path>, so: &str) -> Fault {
    let folder = folder.map_or_else(|| "this folder".to_owned(), |folder| format!("`{}`", folder.display()));
    Fault::new(format!("{folder} is in no Git repository, so {so}"))
}

fn bare(repository: &Repository, so: &str) -> Fault {
    let place = repository.with(|repository| repository.git_dir().display().to_string());
    Fault::new(format!("the repository in `{place}` is bare: {so}"))
}

/// The path from `root` to `start`, with `/`.
fn prefix(root: &Path, start: &Path) -> Box<str> {
    let prefix = start.strip_prefix(root).ok().and_then(Path::to_str).unwrap_or("");
    prefix.replace(std::path::MAIN_SEPARATOR, "/").into()
}

/// Whether `path` lies under `folder`, which has no `/` at its end.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The bytes of a file, or none where there are more than [`Source::LIMIT`] of them.
fn read_within_limit(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    if length > Source::LIMIT as u64 {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(Source::LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= Source::LIMIT).then_some(bytes))
}

fn unreadable(message: &str) -> Problem {
    Problem { message: message.to_owned(), span: Span::at(0), related: None, fatal: true }
}

/// An error of the operating system in words that are the same on every machine.
fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotADirectory => "it is no folder".to_owned(),
        _ => error.to_string(),
    }
}
