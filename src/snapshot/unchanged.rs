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
    /// The files that say how Git turns a file's bytes into a blob's, as far as they are on disk.
    attribute_files: Vec<PathBuf>,
    /// `core.autocrlf` is on.
    line_ends: bool,
    conversions: OnceLock<Vec<Conversion>>,
}

/// That Git turns files into blobs whose bytes differ from theirs.
#[derive(Debug, PartialEq, Eq)]
struct Conversion {
    /// The end of the names that it is for; empty where it may be for any file.
    ending: Box<str>,
    /// Only line ends differ, so that blobs of the same length have the same bytes.
    line_ends: bool,
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
        let autocrlf = config.string("core.autocrlf");
        Tracked {
            index,
            options: stat::Options { use_nsec: true, ..repository.stat_options().unwrap_or_default() },
            attribute_files,
            line_ends: autocrlf.is_some_and(|value| !value.eq_ignore_ascii_case(b"false")),
            conversions: OnceLock::new(),
        }
    }

    /// The blob with the bytes of the file at `place`, where the entry of this number proves that Git has
    /// seen the file as it is: nothing about it has changed, it was not written so late that the entry could
    /// have missed a change (Git calls such an entry racy), and Git takes its bytes as they are.
    pub fn blob(&self, repository: &Repository, entry: u32, place: &Path) -> Option<BlobId> {
        let entry = self.index.entries().get(entry as usize)?;
        let metadata = gix::index::fs::Metadata::from_path_no_follow(place).ok()?;
        let now = Stat::from_fs(&metadata).ok()?;
        let unchanged = metadata.is_file()
            && entry.stat.matches(&now, self.options)
            && !entry.stat.is_racy(self.index.timestamp(), self.options);
        let same = unchanged
            && match self.conversion(place) {
                None => true,
                Some(conversion) if conversion.line_ends => {
                    let header = repository.with(|repository| repository.try_find_header(entry.id));
                    header.ok().flatten().is_some_and(|header| header.size() == metadata.len())
                }
                Some(_) => false,
            };
        same.then(|| BlobId::new(entry.id))
    }

    /// The gravest conversion that may be for a file.
    fn conversion(&self, place: &Path) -> Option<&Conversion> {
        let conversions = self.conversions.get_or_init(|| {
            let read = |path: &PathBuf| std::fs::read(path).unwrap_or_default();
            let mut conversions: Vec<Conversion> = self
                .attribute_files
                .iter()
                .flat_map(|path| conversions(&String::from_utf8_lossy(&read(path))))
                .collect();
            if self.line_ends {
                conversions.push(Conversion { ending: "".into(), line_ends: true });
            }
            conversions.sort_by_key(|conversion| conversion.line_ends);
            conversions
        });
        let name = place.file_name()?.to_string_lossy().to_ascii_lowercase();
        conversions.iter().find(|conversion| name.ends_with(&*conversion.ending))
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

/// What a file of attributes may have converted. A pattern is taken for wider than it is, never for
/// narrower: only its ending counts.
fn conversions(text: &str) -> Vec<Conversion> {
    let mut conversions = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        for attribute in words {
            let line_ends = match attribute.split('=').next().unwrap_or_default() {
                "filter" | "ident" | "working-tree-encoding" => false,
                "text" | "eol" | "crlf" => true,
                _ => continue,
            };
            conversions.push(Conversion { ending: ending(pattern), line_ends });
        }
    }
    conversions
}

/// `.png` of `*.png` and of `art/**/*.png`; nothing of a pattern that says less.
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

    fn read(text: &str) -> Vec<(String, bool)> {
        conversions(text).into_iter().map(|found| (found.ending.into(), found.line_ends)).collect()
    }

    #[test]
    fn attributes_that_convert_are_found_with_the_ending_of_their_pattern() {
        let text = "# nothing\n* text=auto\n*.PNG filter=lfs -text\ndocs/*.md ident\n*.sh eol=lf\n";
        let expected = [("", true), (".png", false), (".md", false), (".sh", true)];
        assert_eq!(read(text), expected.map(|(ending, line_ends)| (ending.to_owned(), line_ends)));
    }

    #[test]
    fn attributes_that_convert_nothing_do_not_count() {
        assert_eq!(read("*.md -text diff=markdown linguist-documentation\n*.bin binary\n\n"), []);
    }

    #[test]
    fn a_pattern_of_another_form_is_taken_for_every_file() {
        for pattern in ["docs/**", "README.md", "*.[ch]", "\"a b*.md\"", "[attr]mine"] {
            assert_eq!(read(&format!("{pattern} filter=x")), [(String::new(), false)], "{pattern}");
        }
    }
}
