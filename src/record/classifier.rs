//! Decides by path which files may hold records, and by title which pages are to be copied.

use std::cell::RefCell;
use std::hash::Hash;
use std::sync::Arc;

use super::page_kind;
use crate::config::{Config, RecordFiles};
use crate::format::{Format, Formats, is_template};
use crate::kind::{Kind, Kinds, fold_name};
use crate::layout::{Part, label_key};
use crate::syntax;
use crate::text::{extension, file_name, folder_of, range_in, stem};
use crate::value::{identifier, is_template_text, nearest, words};

/// At the root or below `doc/` or `docs/`, for records in any format: each file there should be a record.
const FOLDERS: [&str; 11] =
    ["governance", "strategy", "okrs", "goals", "adr", "adrs", "decisions", "rfcs", "keps", "eips", "peps"];

/// Classifies files by path, without opening them.
#[derive(Clone, Copy)]
pub struct PathClassifier<'a> {
    pub kinds: &'a Kinds,
    pub formats: &'a Formats,
    pub config: &'a Config,
}

impl<'a> PathClassifier<'a> {
    pub fn conventional_folders() -> String {
        FOLDERS.map(|folder| format!("`{folder}/`")).join(", ")
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
        let is_named = || self.named_kind(path).is_some() || self.placed_kind(path).is_some();
        let is_known = || placed() || hinted() || is_named() || configured();
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

    pub fn must_contain_record(&self, path: &str) -> bool {
        conventional(path).is_some() || self.configured(path).is_some()
    }

    pub fn conventional_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = conventional(path)?;
        let first = below.split('/').next()?;
        Some(&path[..range_in(path, first).end])
    }

    /// Returns the first entry under `records` in the configuration that matches the file.
    pub fn configured(&self, path: &str) -> Option<&'a RecordFiles> {
        self.config.record_files(path)
    }

    pub fn configured_format(&self, path: &str) -> Option<&'a Arc<Format>> {
        self.formats.get(&self.configured(path)?.named_format.as_ref()?.name)
    }

    /// Returns the kind that the file's name implies, else that of the closest folder.
    pub fn kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let by_folder = |below: &str| below.rsplit('/').find_map(|folder| self.kinds.by_folder(folder));
        match conventional(path) {
            Some(below) => self.kinds.by_key(stem(path)).or_else(|| by_folder(below)),
            None => self.named_kind(path).or_else(|| self.placed_kind(path)),
        }
    }

    /// Returns the kind for which a page in a folder at the root or under `docs/` is named, or else this folder: `culture/values.md`.
    pub(super) fn placed_kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let folders = path.rsplit_once('/').filter(|_| syntax::Format::is_page_path(path))?.0;
        let below =
            folders.split_once('/').filter(|(docs, _)| is_docs(docs)).map_or(folders, |(_, rest)| rest);
        let name = stem(path);
        let by_rows = || self.kinds.iter().find(|kind| kind.has_rows_on(name));
        let is_near = !below.contains('/') && !is_docs(below) && !is_hidden(path) && !is_frozen(path);
        let is_at_root = below.len() == folders.len();
        let by_plural = || self.kinds.by_key(name).filter(|kind| fold_name(&kind.plural) == fold_name(name));
        let by_name = || by_plural().or_else(by_rows).filter(|_| is_at_root);
        let kind = by_name().or_else(|| self.kinds.by_folder(below));
        kind.filter(|kind| is_near && *kind.name != *page_kind())
    }

    fn named_kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let folder = folder_of(path);
        let at_root = folder.is_empty() || is_docs(folder);
        self.kinds.by_key(stem(path)).filter(|_| at_root)
    }

    /// Returns the kind for which the folder of a page is named, such as `meetings/`, wherever it lies.
    pub fn kind_of_folder(&self, path: &str) -> Option<&'a Arc<Kind>> {
        let folder = path.rsplit_once('/')?.0.rsplit('/').next()?;
        syntax::Format::is_page_path(path).then(|| self.kinds.by_folder(folder)).flatten()
    }

    /// Returns true for files next to records: introductions, templates, files of tools, companions of a foreign format.
    pub fn is_auxiliary(&self, path: &str) -> bool {
        is_beside_records(path) || self.formats.is_auxiliary(path)
    }
}

/// Returns true for a file whose name says that it introduces records or is a template of them.
pub(super) fn is_introduction_or_template(path: &str) -> bool {
    let stem = stem(path).to_ascii_lowercase();
    is_introduction(path) || is_template(path) || (!is_numbered(&stem) && is_form(&stem))
}

/// Returns true for a page about records or one to copy, by its name or that of a folder, and for files that nobody reads as records.
pub(super) fn is_beside_records(path: &str) -> bool {
    is_hidden(path)
        || words::is_in("tool-files", file_name(path))
        || is_introduction_or_template(path)
        || path.rsplit('/').skip(1).any(|folder| is_form(&folder.to_ascii_lowercase()))
}

/// True for `template-short`, `adr-template` and `adr-templates`; not for `expose-enrollment-templates`.
fn is_form(name: &str) -> bool {
    const MOST_WORDS: usize = 2;
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    name.starts_with("template")
        || words.clone().any(|word| word.ends_with("template"))
        || words.clone().count() <= MOST_WORDS && words.next_back() == Some("templates")
}

/// Returns true for a page about records, unless its folder is a record and it is the folder's page.
pub(crate) fn is_introduction(path: &str) -> bool {
    // `README.intro.md`, `README.de.md`.
    let name = stem(path).split('.').next().unwrap_or_default();
    words::is_in("introductions", name) && !is_page_of_folder(path)
}

/// Returns the folder whose records are numbered together: `rfcs` for `rfcs` and for `rfcs/accepted`. Both may end with `/`.
pub(crate) fn numbered_folder(folder: &str) -> &str {
    let path = folder.strip_suffix('/').unwrap_or(folder);
    let at = path.rfind('/').map_or(0, |at| at + 1);
    match words::is_in("status-folders", &path[at..]) {
        true if folder.len() > path.len() => &path[..at],
        true => &path[..at.saturating_sub(1)],
        false => folder,
    }
}

/// Returns true for the page of a folder that is a record: `rfcs/0007-logs/README.md`; elsewhere of three digits: `XLS-0007-logs`.
pub(super) fn is_page_of_folder(path: &str) -> bool {
    let is_folder_page = words::is_in("folder-pages", stem(path));
    let Some(folder) = path.rsplit('/').nth(1).filter(|_| is_folder_page) else { return false };
    let found = identifier::in_name(folder).filter(|it| !it.may_be_year && is_numbered(folder));
    let is_below_page_folder =
        || path.rsplit('/').skip(2).any(is_page_folder) && syntax::Format::is_page_path(path);
    found.is_some_and(|it| {
        let is_series = it.prefix.bytes().all(|c| c.is_ascii_uppercase());
        is_series && it.number.len() >= 3 || it.range.len() >= folder.len().min(2) && is_below_page_folder()
    })
}

/// Returns true for a file whose name hides it, or that of a folder which is not named for records.
pub(super) fn is_hidden(path: &str) -> bool {
    let hides = |part: &str| part.starts_with(['.', '_']) && !is_page_folder(part);
    path.split('/').any(hides)
}

fn conventional(path: &str) -> Option<&str> {
    let folders = path.rsplit_once('/')?.0;
    let below = match folders.split_once('/') {
        Some((docs, rest)) if is_docs(docs) => rest,
        _ => folders,
    };
    let first = below.split('/').next()?;
    FOLDERS.iter().any(|folder| folder.eq_ignore_ascii_case(first)).then_some(below)
}

/// Returns true for a file below a folder of the program's own, such as `governance/`, which no community uses.
pub(super) fn lies_in_own_folder(path: &str) -> bool {
    let first = conventional(path).and_then(|below| below.split('/').next());
    first.is_some_and(|first| !is_page_folder(first))
}

/// Returns the path of the deepest folder that is named for records, if the file is a page.
pub(crate) fn page_folder(path: &str) -> Option<&str> {
    if !syntax::Format::is_page_path(path) && !is_unread_page(path) {
        return None;
    }
    let ends = path.rmatch_indices('/').map(|(at, _)| at);
    ends.map(|end| &path[..end]).find(|folder| is_page_folder(file_name(folder)))
}

fn is_docs(folder: &str) -> bool {
    folder.eq_ignore_ascii_case("docs") || folder.eq_ignore_ascii_case("doc")
}

/// Returns true for the name of a folder for decisions or proposals.
pub(super) fn is_page_folder(name: &str) -> bool {
    words::ends(&label_key(name), |name| words::is_in("page-folders", name))
}

/// Returns true for a file in an archive folder, which is not edited.
pub(crate) fn is_frozen(path: &str) -> bool {
    // Most files lie in the folder of the one before.
    thread_local!(static LAST: RefCell<(String, bool)> = RefCell::default());
    LAST.with_borrow_mut(|(known, is_frozen)| {
        let folder = folder_of(path);
        if known != folder {
            (*known, *is_frozen) = (folder.to_owned(), is_frozen_folder(folder));
        }
        *is_frozen
    })
}

fn is_frozen_folder(folder: &str) -> bool {
    let is_kept = |folder: &str| {
        let name = label_key(folder);
        let mut parts = name.split(' ');
        let (first, last) = (parts.next().unwrap_or_default(), parts.next_back());
        words::is_in("frozen-folders", &name)
            || words::is_in("frozen-folder-endings", last.unwrap_or(first))
            || last.is_some() && words::is_in("frozen-folder-beginnings", first)
    };
    folder.rsplit('/').any(is_kept)
        || folder.rsplit('/').skip(1).any(|folder| words::is_in("foreign-folders", &label_key(folder)))
}

/// Returns true for a page in a format that is not read.
pub(super) fn is_unread_page(path: &str) -> bool {
    has_ending(path, "unread-pages") || is_unread_file(path) || known_ending(path).is_some()
}

/// Returns the ending that the one of a file's name is near to and that is read: `yaml` for `page.yamll`.
pub(super) fn known_ending(path: &str) -> Option<&'static str> {
    const KNOWN: [&str; 8] = ["yaml", "json", "toml", "adoc", "asciidoc", "markdown", "yml", "rst"];
    const LEAST_LETTERS: usize = 3;
    let ending = extension(path)?.to_lowercase();
    if ending.len() < LEAST_LETTERS || syntax::Format::from_path(path).is_some() {
        return None;
    }
    let within = KNOWN.into_iter().find(|known| ending.starts_with(known) || ending.ends_with(known));
    let longer = KNOWN.into_iter().filter(|known| known.len() > LEAST_LETTERS);
    within.or_else(|| words::meaning("near-endings", &ending)).or_else(|| nearest(&ending, longer))
}

/// Returns true for a file in a format that is not read, which may hold other things than records.
pub(super) fn is_unread_file(path: &str) -> bool {
    has_ending(path, "unread-files")
}

/// Returns true if a list of words has the ending of a file's name.
pub(super) fn has_ending(path: &str, list: &str) -> bool {
    words::is_in(list, extension(path).unwrap_or_default())
}

/// Returns true for the file stem of a page that lists the records beside or below it, such as `overview` or `adr-index`.
pub(crate) fn is_index_name(stem: &str) -> bool {
    words::is_in("index-pages", without_number(stem)) || is_decision_index(stem)
}

/// Returns true for the file stem of a page that lists decisions, such as `adr-index`.
pub(crate) fn is_decision_index(stem: &str) -> bool {
    let mut parts = without_number(stem).split(['-', '_', ' ']);
    parts.clone().all(|word| words::is_in("decision-index-words", word))
        && parts.any(|word| words::is_in("decision-words", word))
}

/// Returns a name without the number that puts it in order: `09-decisions`.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < name.len() { rest.trim_start_matches(['-', '_', '.', ' ']) } else { name }
}

/// Returns true if a name starts with a number other than zero: `0039-use-a-template-engine` is not a template.
pub(super) fn is_numbered(stem: &str) -> bool {
    let number = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', '_']);
    let number = number.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    number.contains(|c: char| c != '0')
}

/// Returns true for a page whose title is still to be written: `{short title}`, `ADR template`; if numbered, its name has to say so too.
pub(super) fn is_blank_template(part: &Part<'_>) -> bool {
    let name = stem(part.document.source.path()).to_ascii_lowercase();
    let Some(title) = &part.title else { return false };
    match is_numbered(&name) {
        true => is_only_template(&name) && is_unwritten(identifier::title_without(&title.text), false),
        false => is_unwritten(title.text.trim(), true),
    }
}

/// True for `adr-012-template` and `0016-rfc-template`, and not for `0012-issue-template-for-bugs`.
fn is_only_template(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).rev();
    words.next() == Some("template") && words.all(|letters| letters.len() <= 3)
}

/// True for a text of a template, for `Title`, `Template for decisions` and, if it `may_end` so, `ADR template`; not for `Template engine`.
fn is_unwritten(title: &str, may_end: bool) -> bool {
    let is_one = |word: &str| matches!(word, "template" | "vorlage" | "title");
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_called = match words[..] {
        [only] => is_one(only),
        [first, "for" | "of" | "für", ..] if is_one(first) => true,
        [.., last] => may_end && is_one(last),
        [] => false,
    };
    is_called || is_template_text(title)
}
