//! Everything that is written: fixed files, baselines, reports and caches.
//!
//! Below a [`Folder`] no symbolic link is followed, and a file is written under a temporary name, then renamed. Paths outside, which only
//! the user can name, mean what the operating system says.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::finding::Fault;

mod folder;
pub mod portable;
mod target;
#[cfg(unix)]
pub mod unix;

pub use folder::{FileInfo, Folder};
pub use target::Target;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    Folder,
    Link,
    /// A device, a pipe or a socket.
    Other,
}

/// An open folder. No method follows a symbolic link.
pub trait OpenFolder: Sized {
    /// Opens a folder by its path, which is followed.
    fn open(path: &Path) -> io::Result<Self>;
    fn folder(&self, name: &OsStr) -> io::Result<Self>;
    fn create_folder(&self, name: &OsStr) -> io::Result<()>;
    fn kind(&self, name: &OsStr) -> io::Result<EntryKind>;
    fn file(&self, name: &OsStr) -> io::Result<File>;
    /// Opens an existing file for writing, as it is.
    fn file_to_write(&self, name: &OsStr) -> io::Result<File>;
    fn create_file(&self, name: &OsStr) -> io::Result<File>;
    fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()>;
    fn remove(&self, name: &OsStr) -> io::Result<()>;
    fn names(&self) -> io::Result<Vec<OsString>>;
}

#[derive(Debug)]
pub enum Error {
    /// A symbolic link is in the way, at this path below the folder.
    Link(PathBuf),
    Io(io::Error),
}

impl Error {
    /// Returns the fault of an operation, such as "can't write `report.json`".
    pub fn into_fault(self, operation: &str) -> Fault {
        let fault = Fault::new(format!("{operation}: {self}"));
        match self {
            Error::Link(_) => {
                fault.help("put a file or folder in the place of the link; none in the project is followed")
            }
            Error::Io(_) => fault,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Link(path) => write!(f, "`{}` is a symbolic link", shown(path)),
            Error::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
