//! Where records are looked for when nobody said where they are.

use std::sync::Arc;

use crate::config::{Config, RecordPlace};
use crate::kind::{Kind, Kinds};
use crate::profile::Profiles;
use crate::syntax::Format;

/// Folders that hold records by convention, at the root or under `doc/` or `docs/`.
const FOLDERS: &[&str] =
    &["governance", "strategy", "okrs", "goals", "adr", "adrs", "decisions", "rfcs", "keps", "eips", "peps"];

/// Judges paths, without opening a file: a repository of other files costs next to nothing.
#[derive(Clone, Copy)]
pub struct PathClassifier<'a> {
    pub kinds: &'a Kinds,
    pub profiles: &'a Profiles,
    pub config: &'a Config,
}

impl<'a> PathClassifier<'a> {
    /// The conventional folders, as a person reads them.
    pub fn conventional_folders() -> String {
        FOLDERS.iter().map(|folder| format!("{folder}/")).collect::<Vec<_>>().join(", ")
    }

    /// Whether the file at `path` is worth opening: its format is known, and it lies in a conventional or
    /// configured place, other files of a profile's layout aside, or where a profile says that records lie.
    pub fn is_candidate(&self, path: &str) -> bool {
        let hinted = || self.profiles.iter().any(|profile| profile.hints_at(path));
        let conventional = || conventional(path).is_some() && !self.profiles.know_beside(path);
        let configured = || self.configured(path).is_some();
        let holds = || conventional() || hinted() || self.named_kind(path).is_some() || configured();
        Format::from_path(path).is_some() && holds() && !self.config.excludes(path)
    }

    /// Whether the file at `path` is a page that goes with records and holds none itself: its prose and
    /// its links are governed too.
    pub fn is_companion_page(&self, path: &str) -> bool {
        Format::from_path(path) == Some(Format::Markdown)
            && conventional(path).is_some()
            && self.profiles.know_beside(path)
            && self.profiles.iter().any(|profile| profile.accompanies(path))
            && !self.config.excludes(path)
    }

    /// Whether every file here ought to be a record.
    pub fn is_governed(&self, path: &str) -> bool {
        conventional(path).is_some() || self.configured(path).is_some()
    }

    /// The conventional folder that the file at `path` lies in or below.
    pub fn conventional_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = conventional(path)?;
        let first = below.split('/').next()?;
        let start = below.as_ptr() as usize - path.as_ptr() as usize;
        Some(&path[..start + first.len()])
    }

    /// What the configuration says that this file holds; the first entry that names it counts.
    pub fn configured(&self, path: &str) -> Option<&'a RecordPlace> {
        self.config.records.iter().find(|place| place.files.matches(path))
    }

    /// The kind that a file here holds if it says nothing else: its name's, else that of the folder
    /// nearest to it.
    pub fn kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let by_folder = || conventional(path)?.rsplit('/').find_map(|folder| self.kinds.by_key(folder));
        match conventional(path) {
            Some(_) => self.kinds.by_key(stem(path)).or_else(by_folder),
            None => self.named_kind(path),
        }
    }

    /// The kind that a file at the root or directly in `docs/` is named for.
    fn named_kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let at_root = folder.is_empty() || is_docs(folder);
        self.kinds.by_key(stem(path)).filter(|_| at_root)
    }

    /// Whether the file belongs to a place of records without being meant as one: a page that
    /// introduces or lists the others, a template, what a tool keeps there, or another file of a
    /// profile's own layout.
    pub fn is_beside(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let hidden = path.split('/').any(|part| part.starts_with(['.', '_']));
        let stem = stem(path).to_ascii_lowercase();
        hidden
            || INTRODUCING.contains(&&*stem)
            || (stem.contains("template") && !is_numbered(&stem))
            || path.split('/').any(|part| part.eq_ignore_ascii_case("templates") || part == "template")
            || TOOLS.iter().any(|tool| name.eq_ignore_ascii_case(tool))
            || self.profiles.know_beside(path)
    }
}

const INTRODUCING: &[&str] = &["readme", "index", "summary", "toc", "contributing", "changelog", "license"];

const TOOLS: &[&str] = &[
    "alignlint.yaml",
    "alignlint.yml",
    "docker-compose.yml",
    "mkdocs.yml",
    "package.json",
    "package-lock.json",
];

/// The folders of a path from the conventional one on; none where it lies in no such place.
fn conventional(path: &str) -> Option<&str> {
    let folders = path.rsplit_once('/')?.0;
    let below = match folders.split_once('/') {
        Some((docs, rest)) if is_docs(docs) => rest,
        _ => folders,
    };
    let first = below.split('/').next()?;
    FOLDERS.iter().any(|folder| folder.eq_ignore_ascii_case(first)).then_some(below)
}

fn is_docs(folder: &str) -> bool {
    folder.eq_ignore_ascii_case("docs") || folder.eq_ignore_ascii_case("doc")
}

/// Whether a name starts with a number other than zero: `0039-use-a-template-engine` is no template.
fn is_numbered(stem: &str) -> bool {
    let number = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', '_']);
    let number = number.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    number.contains(|c: char| c != '0')
}

/// The name of a file without its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventional_folders_lie_at_the_root_or_under_docs() {
        assert_eq!(conventional("docs/adr/0001-x.md"), Some("adr"));
        assert_eq!(conventional("governance/decisions/2026/x.md"), Some("governance/decisions/2026"));
        assert_eq!(conventional("EIPS/eip-1.md"), Some("EIPS"));
        assert_eq!(conventional("doc/adrs/0001-x.md"), Some("adrs"));
    }

    #[test]
    fn elsewhere_the_same_name_means_nothing() {
        assert_eq!(conventional("src/decisions/mod.rs"), None);
        assert_eq!(conventional("docs/guide/adr/0001-x.md"), None);
        assert_eq!(conventional("governance.md"), None);
    }
}
