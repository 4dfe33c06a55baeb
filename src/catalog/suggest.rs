//! Suggests corrections for unresolved references.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::kind::WHO;
use crate::record::Record;
use crate::schema::{edit_distance, nearby_candidates, nearest, only_meaning};

use super::by_text::ByText;
use super::{Catalog, Reference, Target, links, near_files};

/// The most letters that are wrong in a misspelt name of several words.
const MAX_SLIPS: usize = 2;

#[derive(Default)]
pub(super) struct SuggestionIndex {
    /// By kind, the records by the digits of their identifier, sorted by identifier.
    by_digits: OnceLock<HashMap<Arc<str>, OnceLock<ByText<u32>>>>,
    /// The titles of people, roles and teams by their kind, sorted.
    titles: OnceLock<HashMap<Arc<str>, Vec<String>>>,
    /// By file name, in lower case.
    record_paths: OnceLock<ByText<String>>,
    /// The folders with a number that stand for a record, by [`parts_of_folder`].
    folders_by_part: OnceLock<ByText<String>>,
    /// By file name, in lower case.
    pub file_paths: OnceLock<ByText<Arc<str>>>,
    /// By the words of the file name, without a number before them.
    pub paths_by_words: OnceLock<ByText<Arc<str>>>,
    /// Pages by the anchor of their first heading.
    pub paths_by_title: OnceLock<ByText<Arc<str>>>,
}

impl Catalog {
    /// Suggests a correction for an unresolved reference of `from`: a similar identifier, or the title that it is made of, else the new
    /// path of a record that has moved.
    pub fn suggest(&self, from: &Record, reference: &Reference) -> Option<String> {
        if let Some(suggested) = self.suggest_elsewhere(reference) {
            return suggested;
        }
        let similar =
            self.similar_id(from, reference).or_else(|| self.similar_title(reference)).map(str::to_owned);
        let moved = || self.moved_path(from, reference).or_else(|| self.moved_file(from, reference));
        let renumbered = || self.renumbered_path(from, reference);
        similar.or_else(moved).or_else(renumbered).or_else(|| self.misspelt_path(from, reference))
    }

    /// Returns true if a word can only be a misspelt identifier of a record of these kinds, and none of a person, whose name may be any
    /// word.
    pub(super) fn is_misspelt_id(&self, kinds: &[Arc<str>], word: &str) -> bool {
        let names_people = kinds.iter().any(|kind| **kind == *WHO[0]);
        let records = || kinds.iter().flat_map(|kind| self.of_kind(kind)).map(|&number| self.record(number));
        let ids = || records().map(|record| (&*record.id, &*record.id));
        !names_people && !word.contains(char::is_whitespace) && only_meaning(word, ids()).is_some()
    }

    fn moved_path(&self, from: &Record, reference: &Reference) -> Option<String> {
        let path = from.lookup(&reference.text).path?;
        let paths = self.lazy.suggestions.record_paths.get_or_init(|| {
            let paths = self.records.iter().flat_map(|record| record.paths());
            paths.map(|path| (links::file_name(&path).to_lowercase().into(), path)).collect()
        });
        match paths.get(&links::file_name(&path).to_lowercase()) {
            [only] if reference.text.starts_with('/') => Some(format!("/{only}")),
            [only] => Some(links::relative_to(&from.path, only)),
            _ => None,
        }
    }

    /// Returns the path of a page that differs from the one that is meant in its number.
    fn renumbered_path(&self, from: &Record, reference: &Reference) -> Option<String> {
        let path = from.lookup(&reference.text).path?;
        near_files::renumbered(self, &path).map(|path| links::relative_to(&from.path, &path))
    }

    /// Returns the path of a record whose identifier has the digits of a path that is written differently, or the number with which
    /// its last part begins.
    fn misspelt_path(&self, from: &Record, reference: &Reference) -> Option<String> {
        let path = from.lookup(&reference.text).path?;
        let name = links::file_name(&path);
        let alike = reference.kinds.iter().map(|kind| self.with_digits_of(kind, name));
        let near =
            alike.flat_map(|numbers| nearby_candidates(numbers, |&number| *self.record(number).id < *name));
        let paths: Vec<&str> = near.map(|&number| &*self.record(number).path).collect();
        let near = nearest(name, paths.iter().map(|path| links::file_name(path)));
        let found = near.and_then(|near| paths.iter().find(|path| links::file_name(path) == near));
        let found = found.map(|path| links::relative_to(&from.path, path));
        found.or_else(|| self.renamed_folder(reference, &path))
    }

    /// Returns the folder beside with the number of the one that is meant, or with its words behind another number:
    /// `/keps/api/12-retry-calls` for `/keps/api/12-retries` and for `/keps/api/21-retry-calls`.
    fn renamed_folder(&self, reference: &Reference, path: &str) -> Option<String> {
        let (above, name) = path.rsplit_once('/').filter(|_| reference.text.starts_with('/'))?;
        let (number, words) = name.split_once('-')?;
        let folders = self.lazy.suggestions.folders_by_part.get_or_init(|| {
            let paths = self.records.iter().flat_map(|record| record.paths());
            let folders = paths.filter(|path| !links::file_name(path).contains('.'));
            folders
                .flat_map(|path| {
                    parts_of_folder(&path).into_iter().map(move |part| (part.into(), path.clone()))
                })
                .collect()
        });
        let only = |part: String| match folders.get(&part) {
            [only] => Some(format!("/{only}")),
            _ => None,
        };
        only(format!("{above}/{number}-")).or_else(|| only(format!("{above}/-{words}")))
    }

    /// Returns the only file with the name of a path that a foreign page refers to.
    fn moved_file(&self, from: &Record, reference: &Reference) -> Option<String> {
        let path = from.lookup(&reference.text).path.filter(|_| from.profile.is_some())?;
        match near_files::files_named(self, &path) {
            [only] => Some(links::relative_to(&from.path, only)),
            _ => near_files::padded_otherwise(self, &path).map(|path| links::relative_to(&from.path, &path)),
        }
    }

    /// Returns the records of a kind whose identifiers have the digits of a text, sorted by identifier.
    fn with_digits_of(&self, kind: &str, text: &str) -> &[u32] {
        let of_kind = || {
            let mut numbers = self.of_kind(kind).to_vec();
            numbers.retain(|&number| !self.record(number).is_partial());
            numbers.sort_by_key(|&number| &self.record(number).id);
            numbers.into_iter().map(|number| (digits(&self.record(number).id).into(), number)).collect()
        };
        let empty = || self.by_kind.keys().map(|kind| (kind.clone(), OnceLock::new())).collect();
        let by_digits = self.lazy.suggestions.by_digits.get_or_init(empty).get(kind);
        by_digits.map_or(&[], |by_digits| by_digits.get_or_init(of_kind).get(&digits(text)))
    }

    /// Returns a similar identifier of another record with the same digits: `A-12` is not a misspelt `A-13`, but `A_12` may be a misspelt
    /// `A-12`. For `Nobody wait`, the title `Nobody waits` is nearer than the identifier `nobody-waits`.
    fn similar_id(&self, from: &Record, reference: &Reference) -> Option<&str> {
        let text = &*reference.text;
        let numbers = reference.kinds.iter().map(|kind| self.with_digits_of(kind, text));
        let ids =
            numbers.flat_map(|numbers| nearby_candidates(numbers, |&number| *self.record(number).id < *text));
        let others: Vec<&Record> =
            ids.map(|&number| self.record(number)).filter(|record| *record.id != *from.id).collect();
        let id = nearest(text, others.iter().map(|record| &*record.id))?;
        let title = others.iter().find(|record| *record.id == *id)?.title.as_deref();
        let is_nearer = |title: &&str| edit_distance(text, title) < edit_distance(text, id);
        let leads_there = |title: &&str| match self.resolve(from, &reference.kinds, title) {
            Target::Record(number) => *self.record(number).id == *id,
            _ => false,
        };
        Some(title.filter(is_nearer).filter(leads_there).unwrap_or(id))
    }

    /// Returns the similar title of a person, role or team: `Priya Nair` for `Pria Nair`. A single word may be any name.
    fn similar_title(&self, reference: &Reference) -> Option<&str> {
        let text = &*reference.text;
        let titles = self.lazy.suggestions.titles.get_or_init(|| self.titles_of_people());
        let of_kinds = reference.kinds.iter().filter_map(|kind| titles.get(kind));
        let near = of_kinds.flat_map(|titles| nearby_candidates(titles, |title| **title < *text));
        let found = nearest(text, near.map(String::as_str)).filter(|_| text.contains(' '))?;
        (edit_distance(&found.to_lowercase(), &text.to_lowercase()) <= MAX_SLIPS).then_some(found)
    }

    fn titles_of_people(&self) -> HashMap<Arc<str>, Vec<String>> {
        let mut titles: HashMap<Arc<str>, Vec<String>> = HashMap::new();
        for &number in WHO.iter().flat_map(|kind| self.of_kind(kind)) {
            let record = self.record(number);
            if record.is_partial() {
                continue;
            }
            titles
                .entry(record.kind.name.clone())
                .or_default()
                .extend(record.title.as_deref().map(str::to_owned));
        }
        titles.values_mut().for_each(|titles| titles.sort());
        titles
    }
}

/// Returns what two folders of one record may share: `api/12-` and `api/-retry-calls` of `api/12-retry-calls`.
fn parts_of_folder(path: &str) -> Vec<String> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.split_once('-') {
        Some((number, words)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            let has_words = words.contains('-').then(|| format!("{above}/-{words}"));
            std::iter::once(format!("{above}/{number}-")).chain(has_words).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
