//! Everything that is written: fixed files, baselines, reports and caches.
//!
//! Below a [`Folder`] no symbolic link is followed, and a file is written under a temporary name, then renamed. Paths outside, which only
//! the user can name, mean what the operating system says.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::{fmt, io};

use crate::finding::Fault;

mod folder;
pub mod portable;
#[cfg(unix)]
pub mod unix;

use folder::durably;
pub use folder::{FileInfo, Folder};

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Inside the project; `path` is relative to its root. A pull request can put links there.
    Inside { root: PathBuf, path: PathBuf },
    /// Outside the project, such as a device. A pull request has no influence on it.
    Outside(PathBuf),
}

impl Target {
    /// Locates a path typed in the folder `start`, by canonical folders. Links outside of the root are followed, since they can lead into it.
    pub fn locate(root: Option<&Path>, start: &Path, typed: &Path) -> Target {
        let Some(root) = root else { return Target::Outside(start.join(typed)) };
        let mut place = Place { root, inside: true, path: PathBuf::new() };
        if typed.has_root() || typed.is_absolute() {
            place.leave(PathBuf::new());
            start.join(typed).components().for_each(|component| place.enter(component));
        } else {
            match start.strip_prefix(root) {
                Ok(below) => place.path.push(below),
                Err(_) => place.leave(start.to_owned()),
            }
            typed.components().for_each(|component| place.enter(component));
        }
        match place.inside {
            true => Target::Inside { root: root.to_owned(), path: place.path },
            false => Target::Outside(place.path),
        }
    }

    /// Opens the file for reading. A link inside the project is an error, here and in all that follows.
    pub fn read(&self) -> Result<File, Error> {
        match self {
            Target::Inside { root, path } => Folder::open(root)?.read(path),
            Target::Outside(path) => Ok(File::open(path)?),
        }
    }

    /// Writes the file: inside the project as a whole, with the folders around it, else as the operating system does.
    pub fn write<T>(&self, write: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T, Error> {
        match self {
            Target::Inside { root, path } => Folder::open(root)?.write(path, write),
            Target::Outside(path) => Ok(write(&mut File::create(path)?)?),
        }
    }

    /// Writes a new file. Fails if there is something already.
    pub fn create(&self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Target::Inside { root, path } => Folder::open(root)?.create(path, bytes, false),
            Target::Outside(path) => Ok(durably(&mut File::create_new(path)?, bytes)?),
        }
    }

    /// Writes bytes that must not be lost, as [`Target::write`].
    pub fn write_durably(&self, bytes: &[u8]) -> Result<(), Error> {
        self.write(|file| durably(file, bytes))
    }
}

struct Place<'a> {
    root: &'a Path,
    inside: bool,
    /// Relative to the root if inside.
    path: PathBuf,
}

impl Place<'_> {
    fn leave(&mut self, path: PathBuf) {
        (self.inside, self.path) = (false, path);
    }

    fn enter(&mut self, component: Component<'_>) {
        match component {
            Component::CurDir => {}
            // No link inside is followed, so the folder above is that of the path.
            Component::ParentDir if self.inside => {
                if !self.path.pop() {
                    self.leave(self.root.parent().unwrap_or(self.root).to_owned());
                }
            }
            Component::Normal(name) if self.inside => self.path.push(name),
            _ => {
                self.path.push::<&OsStr>(component.as_ref());
                let real = self.path.is_dir().then(|| self.path.canonicalize().ok()).flatten();
                let below = real.as_deref().and_then(|real| real.strip_prefix(self.root).ok());
                if let Some(below) = below.map(Path::to_owned) {
                    (self.inside, self.path) = (true, below);
                }
            }
        }
    }
}
