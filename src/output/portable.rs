//! Folders by path, for systems such as Windows that open nothing relative to a folder. Each component is looked at before it is entered.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{EntryKind, OpenFolder};

#[derive(Debug)]
pub struct Handle(PathBuf);

impl Handle {
    /// The path of an entry, which must not be a link.
    fn entry(&self, name: &OsStr) -> io::Result<PathBuf> {
        match self.kind(name) {
            Ok(EntryKind::Link) => Err(io::Error::other("it is a symbolic link")),
            _ => Ok(self.0.join(name)),
        }
    }
}

impl OpenFolder for Handle {
    fn open(path: &Path) -> io::Result<Handle> {
        path.canonicalize().map(Handle)
    }

    fn folder(&self, name: &OsStr) -> io::Result<Handle> {
        match self.kind(name)? {
            EntryKind::Folder => Ok(Handle(self.0.join(name))),
            _ => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn create_folder(&self, name: &OsStr) -> io::Result<()> {
        match fs::create_dir(self.0.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            created => created,
        }
    }

    fn kind(&self, name: &OsStr) -> io::Result<EntryKind> {
        let kind = self.0.join(name).symlink_metadata()?.file_type();
        Ok(match kind {
            _ if kind.is_symlink() => EntryKind::Link,
            _ if kind.is_dir() => EntryKind::Folder,
            _ if kind.is_file() => EntryKind::File,
            _ => EntryKind::Other,
        })
    }

    fn file(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.entry(name)?)
    }

    fn file_to_write(&self, name: &OsStr) -> io::Result<File> {
        File::options().write(true).open(self.entry(name)?)
    }

    fn create_file(&self, name: &OsStr) -> io::Result<File> {
        File::options().write(true).create_new(true).open(self.0.join(name))
    }

    fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    fn names(&self) -> io::Result<Vec<OsString>> {
        fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name())).collect()
    }
}
