//! Files by path, as bytes: a repository before it is written to disk.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    File(Vec<u8>),
    Link(Vec<u8>),
}

/// The files of a repository. Their paths are bytes, since Git's are.
pub type Files = BTreeMap<Vec<u8>, Entry>;

pub fn text_files<'t>(files: impl IntoIterator<Item = (impl AsRef<str>, &'t str)>) -> Files {
    let file =
        |(path, text): (_, &str)| (AsRef::<str>::as_ref(&path).into(), Entry::File(text.as_bytes().into()));
    files.into_iter().map(file).collect()
}

/// Writes the files that differ from what is on disk. A path that can't be made, because a file or a link is in its way or it
/// is too long, is left out of `files`.
pub fn write(folder: &Path, old: &Files, files: &mut Files) {
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        remove(folder, path);
    }
    files.retain(|path, entry| {
        if old.get(path) == Some(entry) {
            return true;
        }
        let on_disk = folder.join(OsStr::from_bytes(path));
        let parent = on_disk.parent().unwrap_or(folder);
        let is_inside = || parent.canonicalize().is_ok_and(|real| real.starts_with(folder) && real == parent);
        if fs::create_dir_all(parent).is_err() || !is_inside() || on_disk.is_dir() {
            return false;
        }
        let _ = fs::remove_file(&on_disk);
        match entry {
            Entry::File(bytes) => fs::write(&on_disk, bytes).is_ok(),
            Entry::Link(target) => symlink(OsStr::from_bytes(target), &on_disk).is_ok(),
        }
    });
}

fn remove(folder: &Path, path: &[u8]) {
    let on_disk = folder.join(OsStr::from_bytes(path));
    let _ = fs::remove_file(&on_disk);
    // Folders that are empty now.
    let parents = on_disk.ancestors().skip(1).take_while(|parent| *parent != folder);
    parents.take_while(|parent| fs::remove_dir(parent).is_ok()).for_each(drop);
}

/// Reads what is on disk, without `.git`.
pub fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner).expect("a folder").flatten() {
            let (path, kind) = (entry.path(), entry.file_type().expect("a type"));
            let name = path.strip_prefix(folder).expect("it is inside").as_os_str().as_bytes().to_vec();
            if kind.is_symlink() {
                let target = fs::read_link(&path).expect("a link");
                files.insert(name, Entry::Link(target.as_os_str().as_bytes().into()));
            } else if kind.is_file() {
                files.insert(name, Entry::File(fs::read(&path).expect("a file")));
            } else if name != b".git" {
                folders.push(path);
            }
        }
    }
    files
}
