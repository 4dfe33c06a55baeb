//! Suggests what a broken link or an unresolved reference is to name: where Git moved the file, else the nearest path, heading or name.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::history::{History, Removal};
use crate::kind::WHO;
use crate::record::Record;
use crate::schema::{nearby_candidates, nearest, only_meaning};
use crate::syntax::Format;
use crate::syntax::markdown::{percent_decoded, percent_encoded};
use crate::text::file_name;
use crate::value::in_ascii;

use super::anchors::Anchors;
use super::links::{BrokenReason, CheckedLink, LinkForm, target_of};
use super::paths::{digits, only, path_of, relative_to};
use super::{Catalog, Reference, SourceFile, Target};

#[derive(Default)]
pub(super) struct SuggestionIndex {
    names: OnceLock<HashMap<Arc<str>, Vec<Name>>>,
    pub(super) files_by_name: OnceLock<HashMap<Box<str>, Vec<Arc<str>>>>,
}

/// An identifier, or the title of a person, role or team.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    text: Box<str>,
    is_title: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkRemedy {
    pub nearest: Option<String>,
    /// The commit that removed the file, if there is no corrected destination; of a path, also the one that moved it.
    pub removed: Option<Removal>,
}

impl LinkRemedy {
    fn of(nearest: Option<String>) -> LinkRemedy {
        LinkRemedy { nearest, removed: None }
    }
}

impl Catalog {
    /// Suggests a correction for an unresolved reference of `from`: a similar identifier or name, else the path of a file.
    pub fn suggest(&self, from: &Record, reference: &Reference<'_>) -> Option<String> {
        if let Some(suggested) = self.suggest_elsewhere(reference) {
            return suggested;
        }
        let plain = in_ascii(&reference.text);
        if *plain != *reference.text
            && let Target::Record(_) = self.resolve(from, reference.kinds(), &plain)
        {
            return Some(plain);
        }
        self.similar_name(from, reference).map(str::to_owned).or_else(|| {
            let found = self.suggest_path(&from.lookup(&reference.text).path?)?;
            Some(written(&from.path, reference.text.starts_with('/'), &found))
        })
    }

    /// Returns true if a word can only be a misspelt identifier of a record of these kinds, and none of a person.
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

    /// Returns the similar identifier with the same digits (`A-12` is no misspelt `A-13`), or the similar title of a person, role or team.
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

    /// Returns the remedy for a broken link. The history of the file goes before names that are spelt alike.
    pub fn link_remedy(
        &self,
        file: &SourceFile,
        checked: &CheckedLink<'_>,
        history: Option<&History>,
    ) -> LinkRemedy {
        let destination = &*checked.link.destination;
        let path = path_of(destination);
        let (target, found) = match checked.broken {
            None => return LinkRemedy::default(),
            Some(BrokenReason::NoSuchHeading) => {
                return LinkRemedy::of(self.suggest_heading(file, destination));
            }
            Some(BrokenReason::OutsideRepository) => {
                let inside = self.inside_target(path).map(Cow::into_owned);
                (inside.clone(), inside)
            }
            Some(BrokenReason::NoSuchFile) => (checked.target(file), None),
        };
        let Some(target) = target else { return LinkRemedy::default() };
        // `[the driver](driver)` where the page defines `[driver]: https://…`.
        let label = percent_decoded(destination).to_lowercase();
        let page = self.document(file).markdown.as_ref();
        let defined = page.and_then(|page| page.definitions.get(&label)).filter(|it| ***it != *destination);
        if let Some(defined) = defined {
            return LinkRemedy::of(Some(defined.to_string()));
        }
        let found = found.or_else(|| self.moved_file(&target, history));
        let found = found.or_else(|| self.suggest_path(&target)).filter(|found| **found != **file.path());
        let written = found.map(|found| written(file.path(), checked.form == LinkForm::Root, &found));
        match written {
            Some(written) => LinkRemedy::of(Some(percent_encoded(&written) + &destination[path.len()..])),
            None => LinkRemedy { nearest: None, removed: history.and_then(|it| it.removal(&target)) },
        }
    }

    /// Returns the remedy for a pattern that matches no file: where Git moved its file or folder, and the commit that did so or removed it;
    /// with a page, only if that commit left the page, which had the pattern, as it was.
    pub fn path_remedy(&self, pattern: &str, page: Option<&str>, history: Option<&History>) -> LinkRemedy {
        let relative = pattern.trim_start_matches("./").trim_start_matches('/');
        let path = ["/**/*", "/**", "/*", "/"].into_iter().find_map(|end| relative.strip_suffix(end));
        let path = path.unwrap_or(relative);
        let found = history.and_then(|it| {
            let found = it.departure(path, |path| self.snapshot.has(path));
            found.filter(|(by, _)| page.is_none_or(|page| it.left_as_it_was(by, page, pattern)))
        });
        let Some((removal, target)) = found else { return LinkRemedy::default() };
        let before = &pattern[..pattern.len() - relative.len()];
        let nearest = target.map(|target| format!("{before}{target}{}", &relative[path.len()..]));
        LinkRemedy { nearest, removed: Some(removal) }
    }

    fn suggest_heading(&self, file: &SourceFile, destination: &str) -> Option<String> {
        let (path, anchor) = destination.split_once('#')?;
        let page = match target_of(file.path(), destination) {
            Some(target) => self.page_at(&target)?,
            None => file,
        };
        let near = Anchors::in_file(self, page)?.suggest(&percent_decoded(anchor).to_lowercase())?;
        Some(format!("{path}#{near}"))
    }

    fn moved_file(&self, target: &str, history: Option<&History>) -> Option<String> {
        Some(history?.moved_to(target, |path| self.snapshot.has(path))?.to_string())
    }

    /// Returns the only file that a path may mean: in other letters, with an ending, in another folder, or of a similar name or number.
    pub(super) fn suggest_path(&self, target: &str) -> Option<String> {
        let target = target.replace('\\', "/");
        let name = file_name(&target).to_lowercase();
        let same_name = || self.files_named(&target).iter().map(|path| &**path);
        let stem = name.split('.').next().unwrap_or_default();
        let says_little = ["", "changelog", "contributing", "index", "license", "readme"].contains(&stem);
        only(same_name().filter(|path| path.to_lowercase() == target.to_lowercase()))
            .map(str::to_owned)
            .or_else(|| self.with_ending(&target))
            .or_else(|| only(same_name().filter(|_| !says_little)).map(str::to_owned))
            .or_else(|| self.similar_name_beside(&target))
    }

    /// Returns the file in the folder of a path with a similar name and no other number, or the only one with its number.
    fn similar_name_beside(&self, target: &str) -> Option<String> {
        let wanted = file_name(target);
        let folder = &target[..target.len() - wanted.len()];
        let files = nearby_candidates(self.snapshot.files(), |file| *file.path < *target).iter();
        let names = files.filter_map(|file| file.path.strip_prefix(folder));
        let key = |name: &str| (digits(name).trim_start_matches('0').to_owned(), Format::is_page_path(name));
        let alike: Vec<&str> = names.filter(|name| !name.contains('/') && key(name) == key(wanted)).collect();
        let of_number = || only(alike.iter().copied().filter(|_| !digits(wanted).is_empty()));
        Some(format!("{folder}{}", nearest(wanted, alike.iter().copied()).or_else(of_number)?))
    }

    /// Returns the remedy for a reference of `from` that names no record.
    pub fn reference_remedy(
        &self,
        from: &Record,
        reference: &Reference,
        history: Option<&History>,
    ) -> LinkRemedy {
        let nearest = self.suggest(from, reference);
        let path = from.lookup(&reference.text).path.filter(|_| nearest.is_none());
        let Some(path) = path else { return LinkRemedy::of(nearest) };
        match self.moved_file(&path, history) {
            Some(moved) => LinkRemedy::of(Some(written(&from.path, reference.text.starts_with('/'), &moved))),
            None => LinkRemedy { nearest: None, removed: history.and_then(|it| it.removal(&path)) },
        }
    }
}

/// Returns a path as a link or reference in the file `from` writes it.
fn written(from: &str, is_from_root: bool, path: &str) -> String {
    if is_from_root { format!("/{path}") } else { relative_to(from, path) }
}
