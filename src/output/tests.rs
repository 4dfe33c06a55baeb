use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folder::is_temporary;
use super::handle::{EntryKind, OpenFolder};
use super::{Error, Folder, Target, portable};

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
    assert_eq!(
        (names(&disk.path().join("a")), names(&disk.path().join("new"))),
        (vec!["b.md".into()], vec!["c.md".into()])
    );
    for path in ["", ".", "..", "../x", "a/../../x", "/x", "a"] {
        assert!(write(&root, path, "").is_err(), "{path}");
    }
    assert_eq!(names(disk.path()), ["a", "new"]);
}

#[cfg(unix)]
#[test]
fn links_are_named_and_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("b.md", "old")]);
    let disk = folder(&[("a/x", "")]);
    symlink(outside.path(), disk.path().join("a/out")).unwrap();
    symlink(outside.path().join("b.md"), disk.path().join("b.md")).unwrap();
    let root = Folder::open(disk.path()).unwrap();
    for (path, link) in
        [("b.md", "b.md"), ("a/out/b.md", "a/out"), ("./a/out/new/b.md", "a/out"), ("a/out", "a/out")]
    {
        let path = Path::new(path);
        let expected = format!("`{link}` is a symbolic link");
        assert_eq!(root.write(path, |_| Ok(())).unwrap_err().to_string(), expected);
        assert_eq!(root.read(path).unwrap_err().to_string(), expected);
        assert_eq!(root.remove(path).unwrap_err().to_string(), expected);
    }
    assert!(matches!(root.files(Path::new("a/out")), Err(Error::Link(_))));
    assert_eq!(fs::read_to_string(outside.path().join("b.md")).unwrap(), "old");
    assert_eq!(names(outside.path()), ["b.md"]);
    // The root itself may be a link.
    symlink(disk.path(), outside.path().join("root")).unwrap();
    write(&Folder::open(&outside.path().join("root")).unwrap(), "new", "").unwrap();
    assert_eq!(names(disk.path()), ["a", "b.md", "new"]);
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_read_only_file_too() {
    use std::os::unix::fs::PermissionsExt;
    let disk = folder(&[("a.sh", "old"), ("c.md", "old")]);
    let root = Folder::open(disk.path()).unwrap();
    let path = |name: &str| disk.path().join(name);
    fs::set_permissions(path("a.sh"), fs::Permissions::from_mode(0o750)).unwrap();
    fs::set_permissions(path("c.md"), fs::Permissions::from_mode(0o444)).unwrap();
    write(&root, "a.sh", "new").unwrap();
    assert_eq!(fs::metadata(path("a.sh")).unwrap().permissions().mode() & 0o777, 0o750);
    assert_eq!(write(&root, "c.md", "new").unwrap_err().to_string(), "it is read-only");
    assert_eq!(fs::read_to_string(path("c.md")).unwrap(), "old");
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
    let locate = |typed: &Path| match Target::locate(Some(&root), &start, typed) {
        Target::Inside { path, .. } => Ok(path),
        Target::Outside(path) => Err(path),
    };
    let inside =
        |typed: &str, path: &str| assert_eq!(locate(Path::new(typed)), Ok(PathBuf::from(path)), "{typed}");
    inside("x", "sub/x");
    inside("./new/../x", "sub/x");
    inside("../x", "x");
    inside(".", "sub");
    inside("../../repo/x", "x");
    assert_eq!(locate(&root.join("a/b")), Ok(PathBuf::from("a/b")));
    assert_eq!(locate(&root), Ok(PathBuf::new()));
    assert_eq!(locate(Path::new("../../other/y")), Err(above.join("other/y")));
    assert_eq!(locate(&above.join("other/y")), Err(above.join("other/y")));
    assert_eq!(locate(&above.join("repository")), Err(above.join("repository")));
    assert_eq!(Target::locate(None, &start, Path::new("x")), Target::Outside(start.join("x")));
}
