//! Which files on disk still have the bytes that the index knows, told without reading them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gix::index::entry::{Stat, stat};

use super::objects::BlobId;
use super::repository::Repository;

/// What Git knows of the files of a worktree.
pub(super) struct Tracked {
    index: gix::worktree::Index,
    options: stat::Options,
    /// The files that say how Git turns a file's bytes into a blob's.
    attribute_files: Vec<PathBuf>,
    /// The ends of the names that Git may turn into blobs of the same length with other bytes.
    converted: OnceLock<Vec<Box<str>>>,
}

impl Tracked {
    /// `attribute_files` are those among the files of the worktree.
    pub fn new(
        repository: &gix::Repository,
        index: gix::worktree::Index,
        mut attribute_files: Vec<PathBuf>,
    ) -> Tracked {
        let config = repository.config_snapshot();
        attribute_files
            .extend([repository.common_dir().join("info/attributes"), "/etc/gitattributes".into()]);
        attribute_files.extend(match config.trusted_path("core.attributesFile") {
            Ok(Some(path)) => Some(path),
            _ => user_attributes(),
        });
        Tracked {
            index,
            options: stat::Options { use_nsec: true, ..repository.stat_options().unwrap_or_default() },
            attribute_files,
            converted: OnceLock::new(),
        }
    }

    /// The blob with the bytes of the file at `place`, where the entry of this number proves that Git has
    /// seen the file as it is: nothing about it has changed, it was not written so late that the entry could
    /// have missed a change (Git calls such an entry racy), and Git takes its bytes as they are. Line ends
    /// that it has converted, by whatever setting then held, show in the blob's length.
    pub fn blob_id(&self, repository: &Repository, entry: u32, place: &Path) -> Option<BlobId> {
        let entry = self.index.entries().get(entry as usize)?;
        let metadata = gix::index::fs::Metadata::from_path_no_follow(place).ok()?;
        let now = Stat::from_fs(&metadata).ok()?;
        let unchanged = metadata.is_file()
            && entry.stat.matches(&now, self.options)
            && !entry.stat.is_racy(self.index.timestamp(), self.options);
        if !unchanged || self.may_convert(place) {
            return None;
        }
        let header = repository.with(|repository| repository.try_find_header(entry.id)).ok()??;
        (header.size() == metadata.len()).then(|| BlobId::new(entry.id))
    }

    fn may_convert(&self, place: &Path) -> bool {
        let converted = self.converted.get_or_init(|| {
            let files = self.attribute_files.iter();
            let texts = files.map(|path| std::fs::read(path).unwrap_or_default());
            texts.flat_map(|text| converted(&String::from_utf8_lossy(&text))).collect()
        });
        let name = place.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        converted.iter().any(|ending| name.ends_with(&**ending))
    }
}

impl std::fmt::Debug for Tracked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tracked({} entries)", self.index.entries().len())
    }
}

fn user_attributes() -> Option<PathBuf> {
    let folder = match std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".config"),
    };
    Some(folder.join("git/attributes"))
}

/// The ends of the names of files that a file of attributes may have converted, other than by their line
/// ends. A pattern is taken for wider than it is, never for narrower.
fn converted(text: &str) -> Vec<Box<str>> {
    let mut endings = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        let converts = |attribute: &str| {
            let name = attribute.split('=').next().unwrap_or_default();
            ["filter", "ident", "working-tree-encoding"].contains(&name)
        };
        if words.any(converts) {
            endings.push(ending(pattern));
        }
    }
    endings
}

/// `.png` of `*.png` and of `art/**/*.png`; nothing, which ends every name, of a pattern of another form.
fn ending(pattern: &str) -> Box<str> {
    let name = pattern.rsplit('/').next().unwrap_or_default();
    match name.strip_prefix('*') {
        Some(ending) if !pattern.starts_with('"') && !ending.contains(['*', '?', '[', '\\']) => {
            ending.to_ascii_lowercase().into()
        }
        _ => "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        converted(text).into_iter().map(Into::into).collect()
    }

    #[test]
    fn attributes_that_convert_are_found_with_the_ending_of_their_pattern() {
        let text = "# nothing\n*.PNG filter=lfs -text\ndocs/*.md ident\n* working-tree-encoding=UTF-16\n";
        assert_eq!(read(text), [".png", ".md", ""]);
    }

    #[test]
    fn attributes_that_convert_nothing_or_line_ends_do_not_count() {
        assert_eq!(read("*.md -text diff=markdown\n* text=auto eol=lf\n*.bin binary -filter\n\n"), [""; 0]);
    }

    #[test]
    fn a_pattern_of_another_form_is_taken_for_every_file() {
        for pattern in ["docs/**", "README.md", "*.[ch]", "\"a b*.md\"", "[attr]mine"] {
            assert_eq!(read(&format!("{pattern} filter=x")), [""], "{pattern}");
        }
    }
}
