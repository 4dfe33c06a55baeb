//! Files on disk, each replaced whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::finding::Fault;

/// Puts `after` in the place of the file at `path` below `root`, which still has to be `before`. It is
/// written beside it, with the same permissions, and then takes its name.
///
/// # Errors
/// Where the file is no longer what was read, is protected or reached through a symbolic link that leads out of
/// `root`, or the disk refuses. Then nothing has changed.
pub fn replace_file(root: &Path, path: &str, before: &str, after: &str) -> Result<(), Fault> {
    let refused = |why: String| Fault::new(format!("`{path}` is not changed: {why}"));
    let place = root.join(path);
    within(root, &place).map_err(|error| refused(error.to_string()))?;
    let metadata = fs::symlink_metadata(&place).map_err(|error| refused(error.to_string()))?;
    if !metadata.is_file() {
        return Err(refused("it is no regular file".to_owned()));
    }
    if metadata.permissions().readonly() {
        return Err(refused("it is protected against writing".to_owned()));
    }
    let there = fs::read(&place).map_err(|error| refused(error.to_string()))?;
    if there != before.as_bytes() {
        return Err(refused("it has changed since it was read".to_owned()));
    }
    let draft = beside(&place);
    let written = write(&draft, after, &metadata).and_then(|()| fs::rename(&draft, &place));
    written.map_err(|error| {
        // Nothing more can be done where that fails too; the file itself is whole.
        let _ = fs::remove_file(&draft);
        refused(error.to_string())
    })
}

/// A link on the way must not lead out of the root.
fn within(root: &Path, place: &Path) -> io::Result<()> {
    let folder = place.parent().unwrap_or(root).canonicalize()?;
    if folder.starts_with(root.canonicalize()?) {
        return Ok(());
    }
    Err(io::Error::other("a symbolic link leads out of the repository"))
}

fn beside(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{}.alignlint", std::process::id()))
}

fn write(draft: &Path, text: &str, like: &fs::Metadata) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(draft)?;
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
        assert_eq!(fault.message, "`a.md` is not changed: it has changed since it was read");
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
                .ends_with("against writing")
        );
    }
}
