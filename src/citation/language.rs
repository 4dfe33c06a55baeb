//! Which files are searched for citations, and how their language writes comments.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::embedded;

use super::comments::{self, Marks};

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    /// Only comments are searched.
    Code(&'static Syntax),
    /// All of it is prose.
    Prose,
}

/// The comments of a family of languages, and the names of its files.
#[derive(Debug, Deserialize)]
pub struct Syntax {
    #[serde(flatten)]
    marks: Marks,
    /// Extensions, and whole names of files without one; in lower case, with spaces between them.
    names: String,
}

/// See `schemas/languages.yaml`.
#[derive(Default, Deserialize)]
struct Languages {
    skipped: Skipped,
    prose: String,
    languages: Vec<Syntax>,
}

#[derive(Default, Deserialize)]
struct Skipped {
    folders: String,
    stems: String,
    ends: String,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/languages.yaml").unwrap_or_default();
    serde_json::from_str(json).unwrap_or_default()
});

impl Language {
    /// Returns the language of a file by its name; `None` if it is not searched: an unknown language, or a file that
    /// others have written, or that tells of the past.
    pub fn of(path: &str) -> Option<Language> {
        if Language::is_skipped(path) {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or(&*name, |(_, extension)| extension);
        let by_name =
            |wanted: &str| LANGUAGES.languages.iter().find(|syntax| is_one_of(&syntax.names, wanted));
        match by_name(extension).or_else(|| by_name(stem(&name))) {
            Some(syntax) => Some(Language::Code(syntax)),
            None => is_one_of(&LANGUAGES.prose, extension).then_some(Language::Prose),
        }
    }

    /// Returns true for a file that others have written, or that tells of the past.
    pub fn is_skipped(path: &str) -> bool {
        let Skipped { folders, stems, ends } = &LANGUAGES.skipped;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        folder.split('/').any(|folder| is_one_of(folders, &folder.to_ascii_lowercase()))
            || is_one_of(stems, stem(&name))
            || ends.split(' ').any(|end| name.ends_with(end))
    }

    /// Returns the comments of a text; `None` for prose.
    pub(super) fn comments(self, text: &str) -> Option<Vec<Range<usize>>> {
        match self {
            Language::Code(syntax) => Some(comments::find(text, &syntax.marks)),
            Language::Prose => None,
        }
    }
}

fn is_one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
