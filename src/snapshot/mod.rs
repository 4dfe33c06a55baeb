//! The files of one state of a repository, listed once and read when somebody asks. A state is a
//! worktree, a plain folder, or files held in memory; what reads files never knows which.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::finding::Fault;
use crate::syntax::Problem;
use crate::text::{Source, Span};

mod folder;
mod git;
#[cfg(test)]
mod tests;

/// The files of one state of a repository. Paths are relative to its root, with `/`, in the order of
/// their bytes. No path leads out of the root: a symbolic link is never followed.
#[derive(Debug)]
pub struct Snapshot {
    /// None where the state is not on disk.
    root: Option<PathBuf>,
    prefix: Box<str>,
    files: Vec<File>,
    /// Symbolic links, submodules and repositories inside this one: they are there, and are not looked into.
    opaque: Vec<Arc<str>>,
    notices: Vec<String>,
}

/// The names of a project's configuration.
pub const CONFIGURATIONS: [&str; 2] = ["alignlint.yaml", ".alignlint.yaml"];

/// One regular file of a [`Snapshot`].
#[derive(Clone, Debug)]
pub struct File {
    /// Relative to the root, with `/`. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: Arc<str>,
    content: Content,
}

/// Where a file's bytes come from.
#[derive(Clone, Debug)]
enum Content {
    /// From disk, at its path under the root.
    Disk,
    /// From disk, but under a name that is not UTF-8: listed, so that it is not overlooked, and not read.
    Unnameable,
    /// From memory.
    Text(Arc<Source>),
}

impl Snapshot {
    /// The worktree of the repository around `start`: what Git tracks, and what it neither tracks nor
    /// ignores. `GIT_DIR`, `GIT_WORK_TREE` and `GIT_INDEX_FILE` count as they do for Git. Outside Git, the
    /// files under `start` that no `.gitignore` there names.
    ///
    /// # Errors
    ///
    /// Where `start` is no folder, or the repository has no worktree or can't be understood.
    pub fn worktree(start: &Path) -> Result<Snapshot, Fault> {
        let start = start.canonicalize().map_err(|error| {
            Fault::new(format!("`{}` can't be opened: {}", start.display(), cause(&error)))
        })?;
        match git::Worktree::around(&start)? {
            Some(worktree) => worktree.list(&start),
            None => {
                let folder::Listing { files, opaque } = folder::list(&start, None);
                Ok(Snapshot::of(Some(start), "".into(), files, opaque, Vec::new()))
            }
        }
    }

    /// These files, by path and text, and nothing else: what a rule's examples are judged as.
    pub fn memory(files: impl IntoIterator<Item = (String, String)>) -> Snapshot {
        let files = files.into_iter().map(|(path, text)| {
            let path: Arc<str> = path.into();
            File {
                path: path.clone(),
                content: Content::Text(Arc::new(Source::new(path, text.into_bytes()))),
            }
        });
        Snapshot::of(None, "".into(), files.collect(), Vec::new(), Vec::new())
    }

    fn of(
        root: Option<PathBuf>,
        prefix: Box<str>,
        mut files: Vec<File>,
        mut opaque: Vec<Arc<str>>,
        notices: Vec<String>,
    ) -> Snapshot {
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        opaque.sort_unstable();
        Snapshot { root, prefix, files, opaque, notices }
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
                return self.narrowed(folder);
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        self
    }

    fn narrowed(&self, folder: &str) -> Snapshot {
        let within = |path: &str| Some(Arc::from(path.strip_prefix(folder)?.strip_prefix('/')?));
        let files = self.files.iter();
        let files =
            files.filter_map(|file| Some(File { path: within(&file.path)?, content: file.content.clone() }));
        Snapshot {
            root: self.root.as_ref().map(|root| root.join(folder)),
            prefix: self.prefix.strip_prefix(folder).unwrap_or("").trim_start_matches('/').into(),
            files: files.collect(),
            opaque: self.opaque.iter().filter_map(|path| within(path)).collect(),
            notices: self.notices.clone(),
        }
    }

    /// The root on disk; none for files in memory.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The folder that the state was asked for, relative to the root and without a `/` at its end: empty at
    /// the root. Paths that a person types are relative to it; [`Snapshot::resolve`] takes them.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Every regular file, in the order of their paths' bytes.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// What to tell the person once, in whole sentences: why this state may not show everything.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The file at exactly this path.
    pub fn get(&self, path: &str) -> Option<&File> {
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

    /// The file's text. Bytes that are not UTF-8 are for the reader of the text to report.
    ///
    /// # Errors
    ///
    /// Where the file has gone, is forbidden, or is larger than [`Source::LIMIT`].
    pub fn read(&self, file: &File) -> Result<Arc<Source>, Problem> {
        match &file.content {
            Content::Text(source) => Ok(source.clone()),
            Content::Unnameable => Err(unreadable("the file's name is not UTF-8")),
            Content::Disk => {
                let path = self.root.as_deref().unwrap_or(Path::new("")).join(&*file.path);
                match read_within_limit(&path) {
                    Ok(Some(bytes)) => Ok(Arc::new(Source::new(file.path.clone(), bytes))),
                    Ok(None) => {
                        Err(unreadable(&format!("the file is larger than {} MiB", Source::LIMIT >> 20)))
                    }
                    Err(error) => Err(unreadable(&format!("the file can't be read: {}", cause(&error)))),
                }
            }
        }
    }

    /// The text at `path`; none where no file is there or it can't be read.
    pub fn read_path(&self, path: &str) -> Option<Arc<Source>> {
        self.read(self.get(path)?).ok()
    }
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
