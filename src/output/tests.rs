use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::folder::is_temporary;
use super::{EntryKind, Error, Folder, OpenFolder, Target, portable};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn write(folder: &Folder, path: &str, text: &str) -> Result<(), Error> {
    folder.write(Path::new(path), |file| file.write_all(text.as_bytes()))
}

#[test]
fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
    let disk = folder(&[("a/b.md", "old")]);
    let root = Folder::open(disk.path()).unwrap();
    let read = |path: &str| fs::read_to_string(disk.path().join(path)).unwrap();
    root.write(Path::new("a/b.md"), |file| {
        file.write_all(b"new")?;
        assert_eq!(read("a/b.md"), "old");
        let [temporary, _] = &names(&disk.path().join("a"))[..] else { panic!("one temporary file") };
        assert!(is_temporary(temporary), "{temporary}");
        Ok(())
    })
    .unwrap();
    assert_eq!(read("a/b.md"), "new");
    let failed: Result<(), Error> = root.write(Path::new("a/b.md"), |file| {
        file.write_all(b"half")?;
        Err(io::Error::other("full"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "full");
    write(&root, "./new/c.md", "c").unwrap();
    assert_eq!((&*read("a/b.md"), &*read("new/c.md")), ("new", "c"));
    assert_eq!(names(&disk.path().join("a")), ["b.md"]);
    for path in ["", ".", "..", "../x", "a/../../x", "/x", "a"] {
        assert!(write(&root, path, "").is_err(), "{path}");
    }
    assert_eq!(names(disk.path()), ["a", "new"]);
}

/// The behaviour that both kinds of handles share.
fn opens_no_links<H: OpenFolder>(disk: &Path) {
    let (file, link, inner, new) =
        (OsStr::new("file"), OsStr::new("link"), OsStr::new("inner"), OsStr::new("new"));
    let root = H::open(disk).unwrap();
    let kinds = [file, link, inner].map(|name| root.kind(name).unwrap());
    assert_eq!(kinds, [EntryKind::File, EntryKind::Link, EntryKind::Folder]);
    assert_eq!(root.kind(new).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(root.folder(link).is_err() && root.file(link).is_err() && root.file_to_write(link).is_err());
    assert!(root.folder(file).is_err());
    assert_eq!(root.create_file(link).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    root.create_folder(inner).unwrap();
    let inner = root.folder(inner).unwrap();
    drop(inner.create_file(new).unwrap());
    assert_eq!(inner.names().unwrap(), [new]);
    inner.rename(new, file).unwrap();
    inner.remove(file).unwrap();
    assert_eq!(inner.names().unwrap(), Vec::<&OsStr>::new());
}

#[cfg(unix)]
#[test]
fn folders_by_path_and_by_descriptor_behave_alike() {
    let disk = folder(&[("file", "")]);
    fs::create_dir(disk.path().join("inner")).unwrap();
    std::os::unix::fs::symlink("inner", disk.path().join("link")).unwrap();
    opens_no_links::<portable::Handle>(disk.path());
    opens_no_links::<super::unix::Handle>(disk.path());
}

#[test]
fn a_typed_path_is_inside_or_outside() {
    let disk = folder(&[("repo/sub/x", ""), ("other/y", "")]);
    let above = disk.path().canonicalize().unwrap();
    let (root, start) = (above.join("repo"), above.join("repo/sub"));
    let locate = |typed: &Path| Target::locate(Some(&root), &start, typed);
    let absolute = root.join("a/b");
    for (typed, path) in [
        (Path::new("x"), "sub/x"),
        (Path::new("./new/../x"), "sub/x"),
        (Path::new("../x"), "x"),
        (Path::new("."), "sub"),
        (Path::new("../../repo/x"), "x"),
        (absolute.as_path(), "a/b"),
        (root.as_path(), ""),
    ] {
        assert_eq!(locate(typed), Target::Inside { root: root.clone(), path: path.into() });
    }
    let other = above.join("other/y");
    for (typed, path) in [(Path::new("../../other/y"), &other), (other.as_path(), &other)] {
        assert_eq!(locate(typed), Target::Outside(path.clone()));
    }
    let beside = above.join("repository");
    assert_eq!(locate(&beside), Target::Outside(beside));
    assert_eq!(Target::locate(None, &start, Path::new("x")), Target::Outside(start.join("x")));
}
