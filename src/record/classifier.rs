//! Decides by path which files may hold records.

use std::hash::Hash;
use std::sync::Arc;

use super::conventions::CONVENTIONS;
use super::identity::{leading_number, stem};
use crate::config::{Config, RecordFiles};
use crate::format::{Format, Formats, is_template};
use crate::kind::{Kind, Kinds};
use crate::syntax;

/// Classifies files by path, without opening them.
#[derive(Clone, Copy)]
pub struct PathClassifier<'a> {
    pub kinds: &'a Kinds,
    pub formats: &'a Formats,
    pub config: &'a Config,
}

impl<'a> PathClassifier<'a> {
    pub fn conventional_folders() -> String {
        CONVENTIONS.folders.iter().map(|folder| format!("`{folder}/`")).collect::<Vec<_>>().join(", ")
    }

    /// Returns the cache key of everything but the files that decides which records are read.
    pub fn cache_key(self) -> impl Hash + use<'a> {
        (self.kinds.digest(), self.formats.digest(), self.config.record_files_key())
    }

    /// Returns true if the file may hold records, by its format and path.
    pub fn is_candidate(&self, path: &str) -> bool {
        let hinted = || self.formats.may_hold_record(path);
        let placed = || {
            let is_placed = || page_folder(path).is_some() || self.kind_of_folder(path).is_some();
            (conventional(path).is_some() || is_placed()) && !self.formats.is_auxiliary(path)
        };
        let configured = || self.configured(path).is_some();
        let is_known = || placed() || hinted() || self.named_kind(path).is_some() || configured();
        self.config.format_of(path).is_some() && is_known() && !self.config.excludes(path)
    }

    /// Returns true for a page without records whose prose and links are checked, such as the README of a KEP.
    pub fn is_companion_page(&self, path: &str) -> bool {
        self.config.format_of(path).is_some_and(syntax::Format::is_page)
            && conventional(path).is_some()
            && self.formats.is_auxiliary(path)
            && self.formats.iter().any(|format| format.is_companion(path))
            && !self.config.excludes(path)
    }

    /// Returns true if a file at `path` should be a record.
    pub fn must_contain_record(&self, path: &str) -> bool {
        conventional(path).is_some() || self.configured(path).is_some()
    }

    /// Returns true for data in a folder below one that is named for pages, where it belongs to one of them.
    pub fn is_attachment(&self, path: &str) -> bool {
        let is_below_pages = || {
            let folders = conventional(path).and_then(|below| below.split_once('/'));
            folders.is_some_and(|(first, _)| CONVENTIONS.is_page_folder(first))
        };
        !syntax::Format::is_page_path(path)
            && is_below_pages()
            && self.configured(path).is_none()
            && !self.formats.may_hold_record(path)
    }

    /// Returns the conventional folder that contains the file at `path`.
    pub fn conventional_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = conventional(path)?;
        let first = below.split('/').next()?;
        let start = below.as_ptr() as usize - path.as_ptr() as usize;
        Some(&path[..start + first.len()])
    }

    /// Returns the first entry under `records` in the configuration that matches the file.
    pub fn configured(&self, path: &str) -> Option<&'a RecordFiles> {
        self.config.record_files(path)
    }

    /// Returns the format that the configuration names for the file.
    pub fn configured_format(&self, path: &str) -> Option<&'a Arc<Format>> {
        self.formats.get(&self.configured(path)?.named_format.as_ref()?.name)
    }

    /// Returns the first entry under `records` that matches the file and is not read, because an earlier one is. That a more
    /// specific path comes before a more general one is intended.
    pub fn shadowed(&self, path: &str) -> Option<&'a RecordFiles> {
        let mut matching = self.config.records.iter().filter(|entry| entry.files.matches(path));
        let read = matching.next()?;
        matching.find(|entry| {
            let is_override = read.pointer.is_none()
                && entry.pointer.is_none()
                && read.files.specificity(path) > entry.files.specificity(path);
            let named = |entry: &'a RecordFiles| entry.named_format.as_ref().map(|named| &*named.name);
            let is_same = entry.kind == read.kind
                && entry.pointer == read.pointer
                && entry.format == read.format
                && named(entry) == named(read);
            !is_same && !is_override
        })
    }

    /// Returns the kind that the file's name implies, else that of the closest folder.
    pub fn kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let by_folder = || conventional(path)?.rsplit('/').find_map(|folder| self.kinds.by_folder(folder));
        match conventional(path) {
            Some(_) => self.kinds.by_key(stem(path)).or_else(by_folder),
            None => self.named_kind(path),
        }
    }

    fn named_kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let at_root = folder.is_empty() || is_docs(folder);
        self.kinds.by_key(stem(path)).filter(|_| at_root)
    }

    /// Returns the kind for which the folder of a page is named, such as `meetings/`, wherever it lies.
    pub fn kind_of_folder(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let folder = path.rsplit_once('/')?.0.rsplit('/').next()?;
        syntax::Format::is_page_path(path).then(|| self.kinds.by_folder(folder)).flatten()
    }

    /// Returns true for a page about records, such as the index of a folder.
    pub fn is_introduction(&self, path: &str) -> bool {
        is_introduction(path)
    }

    /// Returns true for files next to records: introductions, templates, files of tools, companions of a foreign format.
    pub fn is_auxiliary(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        is_hidden(path)
            || is_introduction_or_template(path)
            || CONVENTIONS.is_tool_file(name)
            || self.formats.is_auxiliary(path)
    }
}

/// Returns true for a file whose name says that it introduces records or is a template of them.
pub(super) fn is_introduction_or_template(path: &str) -> bool {
    let stem = stem(path).to_ascii_lowercase();
    is_introduction(path) || (!is_numbered(&stem) && has_word_template(&stem)) || is_template(path)
}

/// True for the singular only: a page about `templates` is a record.
fn has_word_template(stem: &str) -> bool {
    stem.split(|c: char| !c.is_alphanumeric()).any(|word| word.ends_with("template"))
}

/// Returns true for a page about records, unless its folder is a record and it is the folder's page.
pub(super) fn is_introduction(path: &str) -> bool {
    CONVENTIONS.is_introduction(stem(path)) && !is_page_of_folder(path)
}

/// Returns the folder whose records are numbered together: `rfcs` for `rfcs` and for `rfcs/accepted`. Both may end with `/`.
pub(crate) fn numbered_folder(folder: &str) -> &str {
    let path = folder.strip_suffix('/').unwrap_or(folder);
    let at = path.rfind('/').map_or(0, |at| at + 1);
    match CONVENTIONS.is_status_folder(&path[at..]) {
        true if folder.len() > path.len() => &path[..at],
        true => &path[..at.saturating_sub(1)],
        false => folder,
    }
}

/// Returns true for the page of a folder that is a record: `rfcs/0007-logs/README.md`.
pub(super) fn is_page_of_folder(path: &str) -> bool {
    let folder = path.rsplit('/').nth(1);
    // `0007-logs`, and `XLS-0007-logs` of a series.
    let is_number = |folder: &str| {
        let series = folder.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let number = series.strip_prefix('-').unwrap_or(folder);
        leading_number(number).is_some_and(|it| it.len() >= 3 && it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_below_page_folder = || {
        path.rsplit('/').skip(2).any(|above| CONVENTIONS.is_page_folder(above))
            && syntax::Format::is_page_path(path)
    };
    let is_record = |folder| {
        CONVENTIONS.is_page_of_folder(stem(path), folder)
            && is_numbered(folder)
            && (is_number(folder) || is_below_page_folder())
    };
    folder.is_some_and(is_record)
}

/// Returns true for the page of a folder that does not begin with a number, a few levels below one that is named for records:
/// `rfcs/logs/README.md`, or that is a number of a series: `ABC/7/README.md` or `abc-7-logs/README.md`. Only its text tells whether
/// the folder is a record.
pub(super) fn may_be_page_of_folder(path: &str) -> bool {
    let mut folders = path.rsplit('/').skip(1);
    let Some(folder) = folders.next() else { return false };
    let may_be_record = match folder.bytes().all(|c| c.is_ascii_digit()) {
        true => folders.next().is_some_and(|above| {
            (2..=6).contains(&above.len()) && above.bytes().all(|c| c.is_ascii_uppercase())
        }),
        false if is_series_number(folder) => is_numbered(folder),
        false => {
            !folder.starts_with(|c: char| c.is_ascii_digit())
                && folders.take(MAX_LEVELS_BELOW).any(|above| CONVENTIONS.is_page_folder(above))
        }
    };
    CONVENTIONS.is_folder_page(stem(path))
        && may_be_record
        && !CONVENTIONS.is_frozen(path)
        && !is_hidden(path)
}

/// Returns true for the letters of a series, a hyphen and a number, before any words: `abc-7`, `abc-7-logs`.
fn is_series_number(name: &str) -> bool {
    let mut parts = name.split(['-', '_']);
    let letters = parts.next().unwrap_or_default();
    let number = parts.next().unwrap_or_default();
    (2..=6).contains(&letters.len())
        && (1..=5).contains(&number.len())
        && letters.bytes().all(|c| c.is_ascii_alphabetic())
        && number.bytes().all(|c| c.is_ascii_digit())
}

/// How many folders above that of a page may be the one that is named for records.
const MAX_LEVELS_BELOW: usize = 3;

/// Returns true for a file whose name hides it, or that of a folder which is not named for records.
pub(super) fn is_hidden(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let hides = |part: &str| part.starts_with(['.', '_']);
    // The site generator Jekyll begins the names of its collections so.
    let is_collection = |part: &str| part.starts_with('_') && is_numbered(name);
    let is_among_records =
        || is_numbered(name) && folders.split('/').any(|it| CONVENTIONS.is_page_folder(it));
    let is_open = |part: &str| {
        CONVENTIONS.is_page_folder(part)
            || is_collection(part)
            || (CONVENTIONS.is_hidden_folder_of_pages(part) && is_among_records())
    };
    hides(name) || folders.split('/').any(|part| hides(part) && !is_open(part))
}

fn conventional(path: &str) -> Option<&str> {
    let folders = path.rsplit_once('/')?.0;
    let below = match folders.split_once('/') {
        Some((docs, rest)) if is_docs(docs) => rest,
        _ => folders,
    };
    let first = below.split('/').next()?;
    CONVENTIONS.is_folder(first).then_some(below)
}

/// Returns true for a file below a folder of the program's own, such as `governance/`: no other program and no community names its
/// pages so.
pub(super) fn lies_in_own_folder(path: &str) -> bool {
    let first = conventional(path).and_then(|below| below.split('/').next());
    first.is_some_and(|first| !CONVENTIONS.is_page_folder(first))
}

/// Returns the path of the deepest folder that is named for records, if the file is a page.
pub(crate) fn page_folder(path: &str) -> Option<&str> {
    if !syntax::Format::is_page_path(path) && !CONVENTIONS.is_unread_page(path) {
        return None;
    }
    let ends = path.rmatch_indices('/').map(|(at, _)| at);
    ends.map(|end| &path[..end])
        .find(|folder| CONVENTIONS.is_page_folder(folder.rsplit('/').next().unwrap_or(folder)))
}

fn is_docs(folder: &str) -> bool {
    folder.eq_ignore_ascii_case("docs") || folder.eq_ignore_ascii_case("doc")
}

/// Returns true if a name starts with a number other than zero: `0039-use-a-template-engine` is not a template.
pub(super) fn is_numbered(stem: &str) -> bool {
    let number = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', '_']);
    let number = number.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    number.contains(|c: char| c != '0')
}

/// Returns true for a page about records or one to copy, by its name.
pub(super) fn is_introduction_or_form(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = stem(path).to_ascii_lowercase();
    let is_form =
        |part: &str| part.starts_with("template") || part.ends_with("template") || is_of_templates(part);
    is_hidden(path)
        || path.rsplit('/').skip(1).any(|folder| is_form(&folder.to_ascii_lowercase()))
        || is_introduction(path)
        || CONVENTIONS.is_tool_file(name)
        || is_template(path)
        || (!is_numbered(&stem) && (is_form(&stem) || is_variant_of_template(&stem)))
}

/// True for `templates` and `adr-templates`, and not for a page about some of another kind: `expose-enrollment-templates`.
fn is_of_templates(name: &str) -> bool {
    const MOST_BEFORE: usize = 1;
    let words = || name.split(['-', '_', '.', ' ']);
    name.ends_with("templates") && words().count() <= MOST_BEFORE + 1
}

/// Such as `adr-template-short`.
fn is_variant_of_template(stem: &str) -> bool {
    stem.split(['-', '_', '.', ' ']).nth(1) == Some("template")
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
