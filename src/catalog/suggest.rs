//! Suggests corrections for unresolved references.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::kind::WHO;
use crate::record::Record;
use crate::schema::{edit_distance, nearby_candidates, nearest, only_meaning};

use super::by_text::ByText;
use super::paths::{file_name, relative_to};
use super::{Catalog, Reference, Target};

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
    /// By file name, in lower case.
    pub(super) files_by_name: OnceLock<ByText<Arc<str>>>,
}

impl Catalog {
    /// Suggests a correction for an unresolved reference of `from`: a similar identifier, or the title that it is made of, else the path
    /// of the record or file that is meant.
    pub fn suggest(&self, from: &Record, reference: &Reference) -> Option<String> {
        if let Some(suggested) = self.suggest_elsewhere(reference) {
            return suggested;
        }
        let similar = self.similar_id(from, reference).or_else(|| self.similar_title(reference));
        similar.map(str::to_owned).or_else(|| self.similar_path(from, reference))
    }

    /// Returns true if a word can only be a misspelt identifier of a record of these kinds, and none of a person, whose name may be any
    /// word.
    pub(super) fn is_misspelt_id(&self, kinds: &[Arc<str>], word: &str) -> bool {
        let names_people = kinds.iter().any(|kind| **kind == *WHO[0]);
        let records = || kinds.iter().flat_map(|kind| self.of_kind(kind)).map(|&number| self.record(number));
        let ids = || records().map(|record| (&*record.id, &*record.id));
        !names_people && !word.contains(char::is_whitespace) && only_meaning(word, ids()).is_some()
    }

    /// Returns the path of the only record with the name of the one that is meant, else that of a file, relative to `from`.
    fn similar_path(&self, from: &Record, reference: &Reference) -> Option<String> {
        let path = from.lookup(&reference.text).path?;
        let paths = self.lazy.suggestions.record_paths.get_or_init(|| {
            let paths = self.records.iter().flat_map(|record| record.paths());
            paths.map(|path| (file_name(&path).to_lowercase().into(), path)).collect()
        });
        let found = match paths.get(&file_name(&path).to_lowercase()) {
            [only] => only.clone(),
            _ => self.suggest_path(&path)?,
        };
        let is_from_root = reference.text.starts_with('/');
        Some(if is_from_root { format!("/{found}") } else { relative_to(&from.path, &found) })
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

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
