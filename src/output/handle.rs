//! What an open folder can do on every operating system.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Folder,
    Link,
    /// A device, a pipe or a socket.
    Other,
}

/// An open folder. No method follows a symbolic link.
pub(super) trait OpenFolder: Sized {
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
