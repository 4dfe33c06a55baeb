//! The scope within which the identifier of a record is unique.

use super::classifier::{is_page_of_folder, lies_in_own_folder, numbered_folder};
use super::{Record, RecordContent, code_key};
use crate::format::Numbering;
use crate::text::{folder_of, stem};

impl Record {
    /// Returns the folder, with a `/` at its end, in which the pages of its series are.
    pub fn series_folder(&self) -> &str {
        let folder = folder_of(&self.path);
        &self.path[..folder.len() + usize::from(!folder.is_empty())]
    }

    /// Returns true if equal identifiers of both records would be duplicates. Where they are numbered in different ways, those of
    /// pages of one folder are.
    pub fn shares_scope(&self, other: &Record) -> bool {
        !self.is_of_other_series(other) && self.shares_own_scope(other)
    }

    /// Returns the beginning of the paths of all records that may share its scope; empty for the whole repository.
    pub fn start_of_scope(&self) -> &str {
        let (scope, folder) = (self.scope(), numbered_folder(folder_of(&self.path)));
        if scope.len() < folder.len() { scope } else { folder }
    }
}

/// Returns true for a page in a folder of its own: `cip-0073/cip-0073.md`.
fn has_name_of_folder(path: &str) -> bool {
    path.rsplit('/').nth(1).is_some_and(|folder| folder == stem(path))
}

impl RecordContent {
    /// Returns the folder, or the beginning of paths, in which the identifier is unique; empty for the whole repository.
    pub fn scope(&self) -> &str {
        if self.numbering() == Numbering::Repository {
            return "";
        }
        let named = match is_page_of_folder(&self.path) || has_name_of_folder(&self.path) {
            true => self.path.rsplit_once('/').map_or(&*self.path, |(folder, _)| folder),
            false => &self.path,
        };
        let folder = folder_of(named);
        match self.numbering() {
            Numbering::Folder | Numbering::Series if numbered_folder(folder) != folder => {
                numbered_folder(folder)
            }
            numbering => numbering.scope(named),
        }
    }

    /// In a log in the program's own folder, a number is one of the whole repository.
    fn numbering(&self) -> Numbering {
        match self.format.as_ref().map_or(Numbering::Repository, |format| format.numbering()) {
            Numbering::Page if self.is_of_lasting_number() && lies_in_own_folder(&self.path) => {
                Numbering::Repository
            }
            numbering => numbering,
        }
    }

    fn shares_own_scope(&self, other: &RecordContent) -> bool {
        let in_one_folder = || {
            let folder = |record: &RecordContent| numbered_folder(folder_of(&record.path)).len();
            let (ours, theirs) = (folder(self), folder(other));
            self.is_sole_record && other.is_sole_record && self.path[..ours] == other.path[..theirs]
        };
        match (self.numbering(), other.numbering()) {
            (ours, theirs) if ours == theirs => self.scope() == other.scope(),
            (Numbering::Page, Numbering::Folder | Numbering::Series)
            | (Numbering::Folder | Numbering::Series, Numbering::Page) => false,
            _ => in_one_folder(),
        }
    }

    /// Returns true for a number with letters of a kind whose records replace one another: it is not used again, while that of an
    /// objective is in the next period.
    fn is_of_lasting_number(&self) -> bool {
        self.kind.successor.is_some() && code_key(&self.id).is_some()
    }

    /// Returns true for pages of two formats or series whose names have other letters before their numbers: `ADR-7.md`, `RFC-7.md`.
    fn is_of_other_series(&self, other: &RecordContent) -> bool {
        let (Some(ours), Some(theirs)) = (&self.format, &other.format) else { return false };
        let (our_letters, their_letters) = (self.letters_of_file(), other.letters_of_file());
        let is_named = !our_letters.is_empty() && !their_letters.is_empty();
        let may_differ = ours.name != theirs.name || self.numbering() == Numbering::Series;
        may_differ && is_named && our_letters != their_letters
    }

    /// Returns the letters before the number in the name of its file, in lower case.
    fn letters_of_file(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or_default();
        let is_numbered =
            name[end..].trim_start_matches(['-', '_', ' ']).starts_with(|c: char| c.is_ascii_digit());
        name[..if is_numbered { end } else { 0 }].to_ascii_lowercase()
    }
}
