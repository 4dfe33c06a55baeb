//! Folders by file descriptor: what was opened stays the same folder, whatever is renamed meanwhile.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, mkdirat, open, openat, renameat, statat, unlinkat};

use super::{EntryKind, OpenFolder};

#[derive(Debug)]
pub struct Handle(OwnedFd);

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const NOFOLLOW: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC);

impl Handle {
    fn open_file(&self, name: &OsStr, flags: OFlags) -> io::Result<File> {
        Ok(openat(&self.0, name, flags | NOFOLLOW, Mode::from_bits_truncate(0o666))?.into())
    }
}

impl OpenFolder for Handle {
    fn open(path: &Path) -> io::Result<Handle> {
        Ok(Handle(open(path, FOLDER, Mode::empty())?))
    }

    fn folder(&self, name: &OsStr) -> io::Result<Handle> {
        Ok(Handle(openat(&self.0, name, FOLDER | NOFOLLOW, Mode::empty())?))
    }

    fn create_folder(&self, name: &OsStr) -> io::Result<()> {
        match mkdirat(&self.0, name, Mode::from_bits_truncate(0o777)) {
            Err(rustix::io::Errno::EXIST) => Ok(()),
            created => Ok(created?),
        }
    }

    fn kind(&self, name: &OsStr) -> io::Result<EntryKind> {
        let found = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => EntryKind::File,
            FileType::Directory => EntryKind::Folder,
            FileType::Symlink => EntryKind::Link,
            _ => EntryKind::Other,
        })
    }

    fn file(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::RDONLY)
    }

    fn file_to_write(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::WRONLY)
    }

    fn create_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)
    }

    fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.0, from, &self.0, to)?)
    }

    fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.0, name, AtFlags::empty())?)
    }

    fn names(&self) -> io::Result<Vec<OsString>> {
        let names = Dir::read_from(&self.0)?.map(|entry| Ok(entry?.file_name().to_bytes().to_vec()));
        let names: Result<Vec<_>, io::Error> = names.collect();
        Ok(names?.into_iter().filter(|name| name != b"." && name != b"..").map(OsString::from_vec).collect())
    }
}
