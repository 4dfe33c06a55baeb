//! A folder, and the files below it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

#[cfg(not(unix))]
use super::portable::Handle;
#[cfg(unix)]
use super::unix::Handle;
use super::{EntryKind, Error, OpenFolder};
use crate::text::is_number;

/// A folder. Paths are relative to it, and symbolic links in them are never followed.
#[derive(Debug)]
pub struct Folder(Handle);

#[derive(Debug)]
pub struct FileInfo {
    pub name: String,
    pub modified: SystemTime,
}

impl Folder {
    /// Opens the folder at `path`, whose own links are followed.
    pub fn open(path: &Path) -> io::Result<Folder> {
        Handle::open(path).map(Folder)
    }

    pub fn read(&self, path: &Path) -> Result<File, Error> {
        self.at(path, false, |folder, name, kind| match kind {
            Some(EntryKind::File) | None => folder.file(name),
            Some(_) => Err(io::Error::other("it is not a regular file")),
        })
    }

    /// Writes a file as a whole, under a temporary name at first, with the folders around it and the permissions of the one that it replaces.
    pub fn write<T>(&self, path: &Path, write: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T, Error> {
        self.at(path, true, |folder, name, kind| match kind {
            None => replace(folder, name, None, write),
            Some(EntryKind::File) => replace(folder, name, Some(folder.file(name)?), write),
            Some(EntryKind::Folder) => Err(io::Error::other("it is a folder")),
            Some(EntryKind::Link | EntryKind::Other) => write(&mut folder.file_to_write(name)?),
        })
    }

    /// Writes bytes that must not be lost, as [`Folder::write`].
    pub fn write_durably(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        self.write(path, |file| durably(file, bytes))
    }

    /// Writes a new file, with the folders around it. Fails if there is something at `path`.
    pub fn create(&self, path: &Path, bytes: &[u8], is_executable: bool) -> Result<(), Error> {
        self.at(path, true, |folder, name, _| {
            let mut file = folder.create_file(name)?;
            let written = durably(&mut file, bytes);
            let written = written.and_then(|()| if is_executable { make_executable(&file) } else { Ok(()) });
            written.inspect_err(|_| drop(folder.remove(name)))
        })
    }

    pub fn remove(&self, path: &Path) -> Result<(), Error> {
        self.at(path, false, |folder, name, _| folder.remove(name))
    }

    /// Returns the regular files of the folder at `path`, unsorted; empty if there is no such folder.
    pub fn files(&self, path: &Path) -> Result<Vec<FileInfo>, Error> {
        self.files_named(path, |_| true)
    }

    /// Deletes the temporary files in the folder at `path` that killed runs left behind, unchanged for an hour and not kept.
    pub fn remove_abandoned(&self, path: &Path, is_kept: impl Fn(&str) -> bool) {
        // The age at which a temporary file belongs to a killed run.
        const ABANDONED: Duration = Duration::from_hours(1);
        let now = SystemTime::now();
        for file in self.files_named(path, is_temporary).unwrap_or_default() {
            let is_old = now.duration_since(file.modified).is_ok_and(|age| age > ABANDONED);
            if is_old && !is_kept(&file.name) {
                let _ = self.remove(&path.join(file.name));
            }
        }
    }

    fn files_named(&self, path: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<FileInfo>, Error> {
        let found = self.within(path, false, |folder| {
            let names = folder.names()?.into_iter().filter_map(|name| name.into_string().ok());
            let file = |name: String| {
                let is_file = folder.kind(OsStr::new(&name)).ok()? == EntryKind::File;
                let modified = is_file.then(|| folder.file(OsStr::new(&name))?.metadata()?.modified())?;
                Some(FileInfo { name, modified: modified.ok()? })
            };
            Ok(names.filter(|name| is_wanted(name)).filter_map(file).collect())
        });
        match found {
            Err(Error::Io(_)) => Ok(Vec::new()),
            found => found,
        }
    }

    /// Calls `work` with the folder that contains `path`, the name there, and what that is.
    fn at<T>(
        &self,
        path: &Path,
        create: bool,
        work: impl FnOnce(&Handle, &OsStr, Option<EntryKind>) -> io::Result<T>,
    ) -> Result<T, Error> {
        let name = path.file_name().ok_or_else(not_below)?;
        let found = self.within(path.parent().unwrap_or(Path::new("")), create, |folder| {
            let kind = match folder.kind(name) {
                Ok(kind) => Some(kind),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            if kind == Some(EntryKind::Link) { Ok(None) } else { work(folder, name, kind).map(Some) }
        });
        found?.ok_or_else(|| Error::Link(path.components().collect()))
    }

    fn within<T>(
        &self,
        path: &Path,
        create: bool,
        work: impl FnOnce(&Handle) -> io::Result<T>,
    ) -> Result<T, Error> {
        let mut open: Option<Handle> = None;
        let mut seen = PathBuf::new();
        for component in path.components() {
            let name = match component {
                Component::Normal(name) => name,
                Component::CurDir => continue,
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                    return Err(not_below().into());
                }
            };
            let folder = open.as_ref().unwrap_or(&self.0);
            seen.push(name);
            let entered = match folder.folder(name) {
                Err(error) if create && error.kind() == io::ErrorKind::NotFound => {
                    folder.create_folder(name).and_then(|()| folder.folder(name))
                }
                entered => entered,
            };
            let is_link = || folder.kind(name).is_ok_and(|kind| kind == EntryKind::Link);
            let entered =
                entered.map_err(|error| if is_link() { Error::Link(seen.clone()) } else { error.into() })?;
            open = Some(entered);
        }
        Ok(work(open.as_ref().unwrap_or(&self.0))?)
    }
}

#[cfg(unix)]
fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
    file.set_permissions(permissions)
}

/// Elsewhere Git runs a hook by its first line.
#[cfg(not(unix))]
fn make_executable(_: &File) -> io::Result<()> {
    Ok(())
}

fn not_below() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a path below the folder")
}

/// Writes a temporary file and gives it the name and the permissions of `old`.
fn replace<T>(
    folder: &Handle,
    name: &OsStr,
    old: Option<File>,
    write: impl FnOnce(&mut File) -> io::Result<T>,
) -> io::Result<T> {
    let permissions = old.map(|old| old.metadata()).transpose()?.map(|metadata| metadata.permissions());
    if permissions.as_ref().is_some_and(std::fs::Permissions::readonly) {
        return Err(io::Error::other("it is read-only"));
    }
    let (temporary, mut file) = create_temporary(folder)?;
    let written = write(&mut file).and_then(|result| {
        permissions.map(|permissions| file.set_permissions(permissions)).transpose()?;
        drop(file);
        folder.rename(&temporary, name)?;
        Ok(result)
    });
    written.inspect_err(|_| drop(folder.remove(&temporary)))
}

pub(super) fn durably(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

const TEMPORARY: (&str, &str) = (".alignlint-", ".tmp");

fn create_temporary(folder: &Handle) -> io::Result<(OsString, File)> {
    // A run that was killed may have had the same process id: then the next number is free.
    const MAX_NAMES: usize = 10_000;
    static CREATED: AtomicUsize = AtomicUsize::new(0);
    let (start, end) = TEMPORARY;
    for _ in 0..MAX_NAMES {
        let number = CREATED.fetch_add(1, Ordering::Relaxed);
        let name = OsString::from(format!("{start}{}-{number}{end}", process::id()));
        match folder.create_file(&name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (name, file)),
        }
    }
    Err(io::Error::other("too many temporary files are left in the folder"))
}

pub(super) fn is_temporary(name: &str) -> bool {
    let (start, end) = TEMPORARY;
    let numbers = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    numbers.and_then(|it| it.split_once('-')).is_some_and(|(id, count)| is_number(id) && is_number(count))
}
