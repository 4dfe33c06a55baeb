//! Where records lie by convention: `schemas/conventions.yaml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use crate::embedded;
use crate::kind::fold_name;

/// Names of folders and files.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Conventions {
    /// At the root or below `doc/` or `docs/`, for records in any format.
    pub folders: Vec<Box<str>>,
    /// In any place, for pages.
    #[serde(deserialize_with = "folded")]
    page_folders: HashSet<String>,
    /// In any place, for pages that are kept as they were.
    #[serde(deserialize_with = "folded")]
    frozen_folders: HashSet<String>,
    unread_pages: Vec<Box<str>>,
    opaque: Vec<Box<str>>,
    introductions: Vec<Box<str>>,
    tool_files: Vec<Box<str>>,
    /// The kind of pages of which nothing tells the kind.
    pub page_kind: Box<str>,
}

pub(super) static CONVENTIONS: LazyLock<Conventions> = LazyLock::new(|| {
    let text = embedded::file("schemas/conventions.yaml").unwrap_or_default();
    serde_yaml::from_str(text).unwrap_or_default()
});

fn folded<'d, D: Deserializer<'d>>(names: D) -> Result<HashSet<String>, D::Error> {
    Vec::<Box<str>>::deserialize(names).map(|names| names.iter().map(|name| fold_name(name)).collect())
}

impl Conventions {
    pub(super) fn is_folder(&self, name: &str) -> bool {
        self.folders.iter().any(|folder| folder.eq_ignore_ascii_case(name))
    }

    pub(super) fn is_page_folder(&self, name: &str) -> bool {
        self.page_folders.contains(&fold_name(name))
    }

    /// Returns true for a file below a folder whose pages are kept as they were.
    pub(super) fn is_frozen(&self, path: &str) -> bool {
        path.rsplit('/').skip(1).any(|folder| self.frozen_folders.contains(&fold_name(folder)))
    }

    /// Returns true for a page in a format that is not read.
    pub(super) fn is_unread_page(&self, path: &str) -> bool {
        has_ending(path, &self.unread_pages)
    }

    /// Returns true for a file that only people can read, such as a deck.
    pub(super) fn is_opaque(&self, path: &str) -> bool {
        has_ending(path, &self.opaque)
    }

    pub(super) fn is_introduction(&self, stem: &str) -> bool {
        self.introductions.iter().any(|other| other.eq_ignore_ascii_case(stem))
    }

    pub(super) fn is_tool_file(&self, name: &str) -> bool {
        self.tool_files.iter().any(|other| other.eq_ignore_ascii_case(name))
    }
}

fn has_ending(path: &str, endings: &[Box<str>]) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings.iter().any(|other| other.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_conventions_is_read() {
        assert!(CONVENTIONS.is_folder("EIPS") && !CONVENTIONS.is_folder("src"));
        assert!(CONVENTIONS.is_page_folder("Architecture_Decisions") && !CONVENTIONS.is_page_folder("notes"));
        assert!(
            CONVENTIONS.is_frozen("docs/adr/Archive/x/1.md") && !CONVENTIONS.is_frozen("docs/archive.md")
        );
        assert!(CONVENTIONS.is_unread_page("docs/rfcs/0001.adoc") && !CONVENTIONS.is_unread_page("a.png"));
        assert!(CONVENTIONS.is_introduction("README") && CONVENTIONS.is_tool_file("mkdocs.yml"));
    }
}
