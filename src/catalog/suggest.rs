//! Suggests corrections for unresolved references.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::kind::WHO;
use crate::record::Record;
use crate::schema::{nearby_candidates, nearest, only_meaning};

use super::paths::relative_to;
use super::{Catalog, Reference};

#[derive(Default)]
pub(super) struct SuggestionIndex {
    names: OnceLock<HashMap<Arc<str>, Vec<Name>>>,
    /// By file name, in lower case.
    pub(super) files_by_name: OnceLock<HashMap<Box<str>, Vec<Arc<str>>>>,
}

/// An identifier, or the title of a person, role or team.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    text: Box<str>,
    is_title: bool,
}

impl Catalog {
    /// Suggests a correction for an unresolved reference of `from`: a similar identifier or name, else the path of the file that is
    /// meant.
    pub fn suggest(&self, from: &Record, reference: &Reference<'_>) -> Option<String> {
        if let Some(suggested) = self.suggest_elsewhere(reference) {
            return suggested;
        }
        self.similar_name(from, reference).map(str::to_owned).or_else(|| {
            let found = self.suggest_path(&from.lookup(&reference.text).path?)?;
            let is_from_root = reference.text.starts_with('/');
            Some(if is_from_root { format!("/{found}") } else { relative_to(&from.path, &found) })
        })
    }

    /// Returns true if a word can only be a misspelt identifier of a record of these kinds, and none of a person, whose name may be any
    /// word.
    pub(super) fn is_misspelt_id(&self, kinds: &[Arc<str>], word: &str) -> bool {
        let names_people = kinds.iter().any(|kind| **kind == *WHO[0]);
        let near = || self.names_near(kinds, word).filter(|name| !name.is_title);
        let ids = || near().map(|name| (&*name.text, &*name.text));
        !names_people && !word.contains(char::is_whitespace) && only_meaning(word, ids()).is_some()
    }

    /// Returns the names of records of these kinds near a text in the alphabet.
    fn names_near<'c>(&'c self, kinds: &'c [Arc<str>], text: &str) -> impl Iterator<Item = &'c Name> {
        let names = self.lazy.suggestions.names.get_or_init(|| self.names_by_kind());
        let of_kinds = kinds.iter().filter_map(|kind| names.get(kind));
        of_kinds.flat_map(move |names| nearby_candidates(names, |name| *name.text < *text))
    }

    /// Returns the similar identifier of another record with the same digits: `A-12` is not a misspelt `A-13`, but `A_12` may be a
    /// misspelt `A-12`; or the similar title of a person, role or team: `Priya Nair` for `Pria Nair`. A single word may be any name.
    fn similar_name<'c>(&'c self, from: &Record, reference: &Reference<'c>) -> Option<&'c str> {
        let text = &*reference.text;
        let near =
            self.names_near(reference.kinds(), text).filter(|name| !name.is_title || text.contains(' '));
        let near = near.filter(|name| *name.text != *from.id && digits(&name.text) == digits(text));
        nearest(text, near.map(|name| &*name.text))
    }

    fn names_by_kind(&self) -> HashMap<Arc<str>, Vec<Name>> {
        let mut names: HashMap<Arc<str>, Vec<Name>> = HashMap::new();
        for record in &self.records {
            let of_kind = names.entry(record.kind.name.clone()).or_default();
            of_kind.push(Name { text: (*record.id).into(), is_title: false });
            let title = record.title.clone().filter(|_| WHO.contains(&&*record.kind.name));
            of_kind.extend(title.map(|text| Name { text, is_title: true }));
        }
        names.values_mut().for_each(|of_kind| {
            of_kind.sort_unstable();
            of_kind.dedup();
        });
        names
    }
}

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
