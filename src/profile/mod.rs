//! A profile says, as data, how the files of a foreign format are recognised and where each field of a
//! kind stands in them. The embedded ones lie in `schemas/profiles/`; a user's own lie in their policy
//! folder and go through the same [`Profiles::load`].

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::finding::Fault;
use crate::kind::{Kind, Kinds, fold_name};
use crate::syntax::markdown::HeadingCandidates;
use crate::text::Source;

mod condition;
mod extract;
mod link;
mod load;
mod pattern;
mod placeholder;
mod view;
mod vocabulary;
mod write_target;

pub use placeholder::is_placeholder;
pub use view::{Row, View};
pub use vocabulary::Vocabulary;
pub use write_target::{TemplateValues, ValueTemplate, WriteLocation, WriteTarget};

use condition::Condition;
pub(crate) use condition::has_columns;
pub(crate) use extract::{Extractor, Held, Take};
use link::ReferenceForm;
pub(crate) use link::references_in;

/// Every profile of a run, the user's own before the embedded ones: the first that recognises a file reads it.
#[derive(Default)]
pub struct Profiles {
    profiles: Vec<Arc<Profile>>,
    digest: u64,
    /// The files that are no records to any of them, where there are not too many patterns for one set: one look
    /// instead of one for each.
    others: Option<GlobSet>,
}

impl Profiles {
    /// Reads one profile from each source.
    ///
    /// # Errors
    ///
    /// Every fault of every source, with its place: what the profile schema refuses, an unknown kind or
    /// field, a pattern or glob that does not compile, two profiles of one name.
    pub fn load(sources: &[Arc<Source>], kinds: &Kinds) -> Result<Profiles, Vec<Fault>> {
        let mut hasher = DefaultHasher::new();
        sources.iter().for_each(|source| (&**source.path(), source.text()).hash(&mut hasher));
        load::profiles(sources, kinds).map(|profiles| Profiles::of(profiles, hasher.finish()))
    }

    fn of(profiles: Vec<Arc<Profile>>, digest: u64) -> Profiles {
        let mut others = GlobSetBuilder::new();
        for glob in profiles.iter().flat_map(|profile| &profile.others) {
            others.add(glob.clone());
        }
        Profiles { profiles, digest, others: others.build().ok() }
    }

    /// Whether a file belongs to the layout of one of the formats without being a record.
    pub fn know_beside(&self, path: &str) -> bool {
        match &self.others {
            Some(others) => others.is_match(path),
            None => self.iter().any(|profile| profile.beside.is_match(path) || profile.skips(path)),
        }
    }

    /// Tells these profiles from others: equal texts, equal digests.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Profile>> {
        self.iter().find(|profile| &*profile.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.profiles.iter()
    }

    /// The profile that reads this file, where `kind`, if given, is what the file must hold.
    pub fn recognise(&self, view: &View<'_>, kind: Option<&str>) -> Option<&Arc<Profile>> {
        self.iter().find(|profile| {
            kind.is_none_or(|kind| &*profile.kind.name == kind)
                && !profile.skips(view.path())
                && profile.condition.holds(view)
        })
    }

    /// The keys of the sections of which a profile takes more than the text.
    pub fn parted_sections(&self) -> impl Iterator<Item = Box<str>> {
        let extractors = self.iter().flat_map(|profile| {
            profile.fields().flat_map(|(_, extractors)| extractors).chain(&profile.file_id)
        });
        extractors.flat_map(Extractor::parted_sections).cloned()
    }

    /// Whether a profile may recognise a page of which only the front matter was read: false only where
    /// nothing that the rest could say would make it so.
    pub fn may_recognise(&self, view: &View<'_>, headings: &HeadingCandidates) -> bool {
        self.iter().any(|it| !it.skips(view.path()) && it.condition.may_hold(view, headings))
    }
}

/// How one foreign format is read.
pub struct Profile {
    pub name: Arc<str>,
    /// The format's full name.
    pub title: Box<str>,
    pub kind: Arc<Kind>,
    /// Formats of dates besides ISO, as `strptime` writes them.
    pub dates: Vec<Box<str>>,
    /// `ADR` where `ADR-0007`, `0007` and `7` are one identifier.
    pub prefixes: Vec<Box<str>>,
    /// The fields that name who answers for the record, in order.
    pub accountable: Vec<Box<str>>,
    /// The fields that the format requires, besides those of the kind.
    pub requires: Vec<Box<str>>,
    /// Whether each folder numbers its records by itself.
    pub numbered_by_folder: bool,
    /// Each row of the recognised table is a record.
    pub rows: bool,
    paths: GlobSet,
    skip: GlobSet,
    beside: GlobSet,
    /// The patterns of these two.
    others: Vec<Glob>,
    condition: Condition,
    fields: Vec<(Box<str>, Vec<Extractor>)>,
    file_id: Vec<Extractor>,
    references: Vec<ReferenceForm>,
    other_keys: Vec<Box<str>>,
    /// All of its keys, as [`fold_name`] spells them.
    known_keys: HashSet<Box<str>>,
    vocabularies: Vec<(Box<str>, Vocabulary)>,
    absent: Vec<Box<str>>,
    known_as: Vec<Box<str>>,
    optional: Vec<Box<str>>,
    lacks: Vec<Box<str>>,
    write_targets: Vec<(Box<str>, Vec<WriteTarget>)>,
}

impl Profile {
    /// Whether a file of this path is worth opening, wherever it lies.
    pub fn hints_at(&self, path: &str) -> bool {
        self.paths.is_match(path) && !self.skips(path)
    }

    /// Whether the file is a template, a stub or test data of this format.
    pub fn skips(&self, path: &str) -> bool {
        self.skip.is_match(path)
    }

    /// Whether the file is a page that goes with the format's records, such as the README of a KEP.
    pub fn accompanies(&self, path: &str) -> bool {
        self.beside.is_match(path) && !self.skips(path)
    }

    /// The columns of the table whose rows are records.
    pub fn columns(&self) -> &[Vec<Box<str>>] {
        self.condition.columns().unwrap_or_default()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &[Extractor])> {
        self.fields.iter().map(|(field, extractors)| (&**field, &**extractors))
    }

    /// The identifier that the file's own name claims.
    pub fn file_id(&self, view: &View<'_>) -> Option<Box<str>> {
        self.file_id.iter().find_map(|extractor| extractor.read(view)?.as_text().map(Box::from))
    }

    /// The format's words for a field's values.
    pub fn vocabulary(&self, field: &str) -> Option<&Vocabulary> {
        self.vocabularies.iter().find(|(name, _)| &**name == field).map(|(_, vocabulary)| vocabulary)
    }

    /// The identifier or path that `text` refers to another record by; none where it refers to something
    /// else, such as a page on the web. A path that starts with `/` starts at the repository's root.
    pub fn reference(&self, text: &str) -> Option<String> {
        if self.references.is_empty() {
            return Some(text.to_owned());
        }
        self.references.iter().find_map(|form| form.read(text))
    }

    /// The path, from the repository's root, of the page that an address on the web shows, should it show
    /// this repository.
    pub fn shown_at<'t>(&self, address: &'t str) -> Option<&'t str> {
        self.references.iter().find_map(|form| form.shown(address))
    }

    /// Whether `text` stands where a value is still to come.
    pub fn is_absent(&self, text: &str) -> bool {
        is_placeholder(text) || self.absent.iter().any(|absent| absent.eq_ignore_ascii_case(text.trim()))
    }

    /// Whether the format has no place for the field.
    pub fn lacks(&self, field: &str) -> bool {
        self.lacks.iter().any(|lacked| &**lacked == field)
    }

    /// Whether the format does without a field that the kind requires.
    pub fn allows_without(&self, field: &str) -> bool {
        self.lacks(field) || self.optional.iter().any(|optional| &**optional == field)
    }

    /// Every key that the format has a meaning for: those of its fields, then its others.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let of_fields = self.fields.iter().flat_map(|(_, extractors)| extractors).flat_map(Extractor::keys);
        of_fields.chain(self.other_keys.iter().map(|key| &**key))
    }

    /// The key that holds a field in the format; none where it stands under no key.
    pub fn key_of(&self, field: &str) -> Option<&str> {
        let (_, extractors) = self.fields.iter().find(|(name, _)| &**name == field)?;
        extractors.iter().flat_map(Extractor::keys).next()
    }

    /// The keys that may hold a field, the usual one first.
    pub fn keys_of(&self, field: &str) -> impl Iterator<Item = &str> {
        let of_field = self.fields.iter().filter(move |(name, _)| &**name == field);
        of_field.flat_map(|(_, extractors)| extractors).filter(|one| one.is_plain()).flat_map(Extractor::keys)
    }

    /// Where a field may be written that a file leaves out, the preferred place first.
    pub fn write_targets(&self, field: &str) -> &[WriteTarget] {
        self.write_targets.iter().find(|(name, _)| &**name == field).map_or(&[], |(_, places)| places)
    }

    /// The text at which a field's values are split into several, where they stand in one text.
    pub fn separator(&self, field: &str) -> Option<&str> {
        let (_, extractors) = self.fields.iter().find(|(name, _)| &**name == field)?;
        extractors.iter().find_map(|extractor| extractor.split.as_deref())
    }

    /// The fields in the order of the profile.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(field, _)| &**field)
    }

    /// Whether the key means something in the format.
    pub fn knows_key(&self, key: &str) -> bool {
        self.known_keys.contains(key) || self.known_keys.contains(fold_name(key).as_str())
    }

    /// The paths, relative to the repository's root, that stand for the record in the file at `path`.
    pub fn paths_of(&self, path: &str) -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        std::iter::once(path.to_owned())
            .chain(self.known_as.iter().map(|form| form.replace("{folder}", folder)))
            .collect()
    }
}

/// Keys match whatever their case and separators: `Review_By`, `review by` and `reviewBy` are one.
pub(crate) fn same_key(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    // Of two keys that are not one, most begin with different letters.
    if let ([first, ..], [of_other, ..]) = (one.as_bytes(), other.as_bytes())
        && first.is_ascii_alphanumeric()
        && of_other.is_ascii_alphanumeric()
        && !first.eq_ignore_ascii_case(of_other)
    {
        return false;
    }
    match one.is_ascii() && other.is_ascii() {
        true => ascii_letters(one).eq(ascii_letters(other)),
        false => letters(one).eq(letters(other)),
    }
}

const SEPARATORS: [char; 3] = ['-', '_', ' '];

fn letters(key: &str) -> impl Iterator<Item = char> {
    key.trim().chars().filter(|c| !SEPARATORS.contains(c)).flat_map(char::to_lowercase)
}

/// What [`letters`] gives of ASCII, which nearly every key is, several times faster.
fn ascii_letters(key: &str) -> impl Iterator<Item = u8> {
    let letters = key.trim().bytes().filter(|byte| !SEPARATORS.contains(&char::from(*byte)));
    letters.map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
