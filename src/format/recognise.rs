//! Recognises the format of a file by its path, its keys and its sections.

use super::{Format, Formats, Matcher};
use crate::layout::{Origin, Part, label_key};
use crate::value::date::{self, Order, Precision};
use crate::value::identifier;
use std::sync::Arc;

/// Names of files that stand for their folder.
const OF_FOLDER: [&str; 3] = ["readme", "index", "kep"];

/// Returns the name by which a file is numbered, without its extension: that of its folder for an introduction.
pub fn place_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let is_introduction = OF_FOLDER.iter().any(|other| stem.eq_ignore_ascii_case(other));
    parts.next().filter(|_| is_introduction).unwrap_or(stem)
}

impl Formats {
    /// Returns the first format that recognises a file.
    pub fn recognise(&self, part: &Part<'_>) -> Option<&Arc<Format>> {
        self.iter().find(|format| format.recognises(part))
    }
}

impl Format {
    /// Returns true if one of the ways to recognise a file of the format holds.
    pub fn recognises(&self, part: &Part<'_>) -> bool {
        let path = part.document.source.path();
        self.alternatives.iter().any(|way| way.holds(path, part, &self.definition.prefix.0))
    }

    /// Returns true if a file may be of the format, by its path alone.
    pub fn may_be_at(&self, path: &str) -> bool {
        self.alternatives.iter().any(|way| way.holds_of_path(path, &self.definition.prefix.0))
    }
}

impl Matcher {
    fn holds(&self, path: &str, part: &Part<'_>, prefixes: &[Box<str>]) -> bool {
        let has_key =
            |key: &str| part.statements.iter().any(|it| it.origin <= Origin::Header && *it.key == *key);
        let has_section = |section: &str| {
            part.has_section(section)
                || part.title.as_ref().is_some_and(|title| label_key(&title.text) == *section)
        };
        self.holds_of_path(path, prefixes)
            && self.keys.iter().all(|key| has_key(key))
            && (self.any_key.is_empty() || self.any_key.iter().any(|key| has_key(key)))
            && !self.not_keys.iter().any(|key| part.has_key(key))
            && self.sections.iter().all(|section| has_section(section))
            && (self.any_section.is_empty() || self.any_section.iter().any(|section| has_section(section)))
    }

    fn holds_of_path(&self, path: &str, prefixes: &[Box<str>]) -> bool {
        let is_in_folder = || {
            let mut folders = path.rsplit('/').skip(1);
            folders.any(|folder| self.folders.iter().any(|name| label_key(folder) == **name))
        };
        (self.files.is_empty() || self.files.is_match(path))
            && (self.folders.is_empty() || is_in_folder())
            && (!self.numbered || is_numbered(path, prefixes))
            && (!self.dated || is_dated(path))
    }
}

/// True for a name with a number that is no year; letters that touch it are those of the format.
fn is_numbered(path: &str, prefixes: &[Box<str>]) -> bool {
    let name = place_name(path);
    identifier::in_name(name).is_some_and(|found| {
        let is_apart =
            found.prefix.is_empty() || !name[found.prefix.len()..].starts_with(|c: char| c.is_ascii_digit());
        let is_own = prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(found.prefix));
        !found.may_be_year && (is_apart || is_own) && !is_dated(path)
    })
}

fn is_dated(path: &str) -> bool {
    let name = place_name(path).replace('_', "-");
    let day = name.get(..10).or(name.get(..8)).unwrap_or(&name);
    [day, name.get(..8).unwrap_or_default()]
        .iter()
        .any(|day| date::read(day, Order::Unknown).is_ok_and(|it| it.precision == Precision::Day))
}
