//! Atomic replacement of files on disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::finding::Fault;

/// Replaces the content of the file at `path` below `root` atomically, keeping its permissions.
///
/// # Errors
/// Fails without any change if the content is not `before`, the file is read-only or not a regular file, its path leads
/// out of `root` through a symbolic link, or an I/O operation fails.
pub fn replace_file(root: &Path, path: &str, before: &str, after: &str) -> Result<(), Fault> {
    let fault = |reason: String| Fault::new(format!("can't write `{path}`: {reason}"));
    let target = root.join(path);
    within(root, &target).map_err(|error| fault(error.to_string()))?;
    let metadata = fs::symlink_metadata(&target).map_err(|error| fault(error.to_string()))?;
    if !metadata.is_file() {
        return Err(fault("it is not a regular file".to_owned()));
    }
    if metadata.permissions().readonly() {
        return Err(fault("it is read-only".to_owned()));
    }
    let current = fs::read(&target).map_err(|error| fault(error.to_string()))?;
    if current != before.as_bytes() {
        return Err(fault("it has changed since it was read".to_owned()));
    }
    let temporary = temporary_path(&target);
    let written = write(&temporary, after, &metadata).and_then(|()| fs::rename(&temporary, &target));
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        fault(error.to_string())
    })
}

fn within(root: &Path, target: &Path) -> io::Result<()> {
    let folder = target.parent().unwrap_or(root).canonicalize()?;
    if folder.starts_with(root.canonicalize()?) {
        return Ok(());
    }
    Err(io::Error::other("a symbolic link leads out of the repository"))
}

fn temporary_path(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.alignlint", std::process::id()))
}

fn write(temporary: &Path, text: &str, like: &fs::Metadata) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(temporary)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(like.permissions())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = folder(&[("a.md", "old")]);
        replace_file(folder.path(), "a.md", "old", "new").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a.md"]);
    }

    #[test]
    fn a_file_that_has_changed_meanwhile_is_left_alone() {
        let folder = folder(&[("a.md", "theirs")]);
        let fault = replace_file(folder.path(), "a.md", "old", "new").unwrap_err();
        assert_eq!(fault.message, "can't write `a.md`: it has changed since it was read");
        assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), "theirs");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let outside = folder(&[("b.md", "old")]);
        let folder = folder(&[("a.sh", "old"), ("c.md", "old")]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let script = folder.path().join("a.sh");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o750)).unwrap();
        replace_file(folder.path(), "a.sh", "old", "new").unwrap();
        assert_eq!((mode(&script), fs::read_to_string(&script).unwrap().as_str()), (0o750, "new"));
        symlink(outside.path(), folder.path().join("out")).unwrap();
        symlink(outside.path().join("b.md"), folder.path().join("b.md")).unwrap();
        for path in ["out/b.md", "b.md"] {
            assert!(replace_file(folder.path(), path, "old", "new").is_err(), "{path}");
        }
        assert_eq!(fs::read_to_string(outside.path().join("b.md")).unwrap(), "old");
        let protected = folder.path().join("c.md");
        fs::set_permissions(&protected, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(
            replace_file(folder.path(), "c.md", "old", "new")
                .unwrap_err()
                .message
                .ends_with("it is read-only")
        );
    }
}
