//! Profiles describe foreign formats as data: how to recognise their files, and where the fields of a kind are. The embedded
//! ones are in `schemas/profiles/`, a user's own in their policy folders.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::Form;
use crate::finding::Fault;
use crate::kind::{Kind, Kinds, fold_name};
use crate::lazy::Lazy;
use crate::syntax::Document;
use crate::syntax::markdown::{Cell, Heading, HeadingCandidates};
use crate::text::{Source, Span};

mod base;
mod condition;
mod definitions;
mod extract;
mod globs;
mod items;
mod key;
mod label;
mod labelled;
mod link;
mod listed;
mod load;
mod meant;
mod mismatch;
mod mistakes;
mod near;
mod numbering;
mod parts;
mod paths;
mod pattern;
mod placeholder;
mod plain_glob;
mod sections;
mod struck;
mod templates;
mod view;
mod vocabulary;
mod write_target;

pub(crate) use key::same_key;
pub(crate) use labelled::label_text;
pub use meant::UnreadPlace;
pub use mismatch::{Mismatch, Missing};
pub use numbering::Numbering;
pub use placeholder::{is_absent, is_placeholder};
pub use templates::is_template;
pub use view::{TableRow, View};
pub use vocabulary::FieldVocabulary;
pub(crate) use vocabulary::from_first_word;
pub use write_target::{TemplateValues, ValueTemplate, WriteLocation, WriteTarget};

use condition::Condition;
pub(crate) use condition::has_columns;
use extract::Selector;
pub(crate) use extract::{Extractor, TextSpans, ValueForm, before_break, items_below_labels, text};
use globs::{GlobUnion, PathGlobs};
use items::Items;
use link::ReferenceForm;
pub(crate) use link::references_in;
use listed::Listed;
use pattern::Pattern;
use sections::SectionRecords;
pub(crate) use sections::leads_to_page;

/// All profiles, the user's own before the embedded ones. The first that recognises a file is used.
#[derive(Default)]
pub struct Profiles {
    profiles: Vec<Arc<Profile>>,
    digest: u64,
    /// The paths of the formats and the paths that they skip.
    paths: GlobUnion,
    skips: GlobUnion,
    companions: GlobUnion,
}

impl Profiles {
    /// Loads one profile from each source.
    ///
    /// # Errors
    /// All faults of all sources.
    pub fn load(
        own: &[Arc<Source>],
        built_in: &[Arc<Source>],
        kinds: &Kinds,
    ) -> Result<Profiles, Vec<Fault>> {
        let mut hasher = DefaultHasher::new();
        let sources = own.iter().chain(built_in);
        sources.for_each(|source| (&**source.path(), source.text()).hash(&mut hasher));
        load::profiles(own, built_in, kinds).map(|profiles| Profiles::new(profiles, hasher.finish()))
    }

    fn new(profiles: Vec<Arc<Profile>>, digest: u64) -> Profiles {
        let paths = GlobUnion::of(profiles.iter().map(|profile| &profile.paths));
        let skips = GlobUnion::of(profiles.iter().map(|profile| &profile.skip));
        let companions = GlobUnion::of(profiles.iter().map(|profile| &profile.companions));
        Profiles { profiles, digest, paths, skips, companions }
    }

    pub fn digest(&self) -> u64 {
        self.digest
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Profile>> {
        self.iter().find(|profile| &*profile.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.profiles.iter()
    }

    /// Returns the profile for this file; if `kind` is given, only one of this kind.
    pub fn recognise(&self, view: &View<'_>, kind: Option<&str>) -> Option<&Arc<Profile>> {
        let is_of_kind = |profile: &Profile| kind.is_none_or(|kind| *profile.kind.name == *kind);
        let mut others = self.iter().filter(|profile| !profile.is_fallback && is_of_kind(profile));
        // Few recognise a file, so that few of their globs are compared.
        others.find(|profile| profile.recognises(view) && !profile.skips(view.path()))
    }

    /// Returns the profile for a page that no other one recognises. One with paths of its own is for pages outside of folders
    /// that are named for records (`is_in_folder`).
    pub fn fallback(&self, view: &View<'_>, is_in_folder: bool) -> Option<&Arc<Profile>> {
        self.fallbacks(view.path(), is_in_folder).find(|profile| profile.recognises(view))
    }

    /// See [`Condition::may_hold`].
    pub fn may_fall_back(&self, view: &View<'_>, headings: &HeadingCandidates, is_in_folder: bool) -> bool {
        let mut fallbacks = self.fallbacks(view.path(), is_in_folder);
        fallbacks.any(|profile| profile.recognition.condition.may_hold(view, headings))
    }

    fn fallbacks(&self, path: &str, is_in_folder: bool) -> impl Iterator<Item = &Arc<Profile>> {
        self.iter().filter(move |profile| {
            let is_for_place = || match profile.is_last_resort() {
                true => is_in_folder,
                false => (!is_in_folder || profile.has_part_records()) && profile.paths.is_match(path),
            };
            profile.is_fallback && is_for_place() && !profile.skips(path)
        })
    }

    /// Returns the keys of the sections from which a profile reads lists, links or lines.
    pub fn structured_sections(&self) -> impl Iterator<Item = Box<str>> {
        let extractors = self.iter().flat_map(|profile| {
            profile.fields().flat_map(|(_, extractors)| extractors).chain(&profile.file_id)
        });
        extractors.flat_map(Extractor::structured_sections).cloned()
    }

    /// See [`Condition::may_hold`].
    pub fn may_recognise(&self, view: &View<'_>, headings: &HeadingCandidates) -> bool {
        let mut others = self.iter().filter(|profile| !profile.is_fallback);
        others.any(|it| it.may_recognise(view, headings))
    }
}

/// A glob under `recognise` or `paths` of a user's own profile.
pub struct AskedPath {
    pub pattern: Box<str>,
    pub line: usize,
    files: PathGlobs,
}

impl AskedPath {
    pub fn is_match(&self, path: &str) -> bool {
        self.files.is_match(path)
    }
}

/// The description of a foreign format.
pub struct Profile {
    pub name: Arc<str>,
    pub kind: Arc<Kind>,
    /// The globs of its files.
    pub usual_paths: Vec<Box<str>>,
    /// True for the pages that no other format recognises, in folders that are named for records.
    pub is_fallback: bool,
    /// The file of a profile that is not built in.
    pub own_path: Option<Arc<str>>,
    /// True if it extends another one: the format of a single community.
    is_narrower: bool,
    /// True if each row of a table is a record.
    pub has_row_records: bool,
    /// True if its records name some of those that there are, and not all.
    pub is_partial: bool,
    /// True if sections of a page are records.
    pub has_section_records: bool,
    paths: PathGlobs,
    skip: PathGlobs,
    /// True if templates are no records of it: of a profile that is built in or extends one.
    leaves_out_templates: bool,
    companions: PathGlobs,
    recognition: Lazy<Recognition>,
    details: Lazy<Details>,
}

/// How files of a format are recognised, besides their paths.
struct Recognition {
    condition: Condition,
    /// True if only pages can be of the format, and no structured files.
    is_of_pages: bool,
    /// The sections of a page that are records.
    sections: Option<SectionRecords>,
}

/// The part of a profile that is only needed where a file is of its format: loaded on first use.
pub struct Details {
    pub title: Box<str>,
    pub description: Box<str>,
    /// The conditions that its files meet.
    pub recognised_by: serde_json::Value,
    /// Date formats besides ISO 8601, in `strptime` syntax.
    pub date_formats: Vec<Box<str>>,
    /// Prefixes of numeric identifiers: with `ADR`, `ADR-0007`, `0007` and `7` are equal.
    pub prefixes: Vec<Box<str>>,
    /// How comments and prose cite the records.
    pub cited_as: Vec<Form>,
    /// In the path of a link that may lead to a record of another repository.
    elsewhere: Option<Pattern>,
    /// The fields that name who is accountable for the record, by priority.
    pub accountable_fields: Vec<Box<str>>,
    /// Required fields, in addition to those of the kind.
    pub required_fields: Vec<Box<str>>,
    pub numbering: Numbering,
    /// The field with the day on which that took place what a page is about.
    pub took_place: Option<Box<str>>,
    /// The fields whose locations a user's own file names, without those of its base.
    pub stated_fields: Vec<Box<str>>,
    /// The paths that the user's file names under `recognise`, each with its line.
    pub asked_paths: Vec<AskedPath>,
    /// Those under `paths`, likewise.
    pub stated_paths: Vec<AskedPath>,
    /// Identifiers are numbers of pull requests, and some of these were never merged.
    pub has_pull_request_numbers: bool,
    /// How to write a page in its paths that is not of the format.
    pub help: Option<Box<str>>,
    /// The items of a structured file that are records.
    pub(crate) items: Items,
    fields: Vec<(Box<str>, Vec<Extractor>)>,
    file_id: Vec<Extractor>,
    references: Vec<ReferenceForm>,
    other_keys: Vec<Box<str>>,
    known_keys: ahash::HashSet<Box<str>>,
    vocabularies: Vec<(Box<str>, FieldVocabulary)>,
    absent_words: Vec<Box<str>>,
    path_aliases: Vec<Box<str>>,
    optional_fields: Vec<Box<str>>,
    unsupported_fields: Vec<Box<str>>,
    own_form_in: PathGlobs,
    /// The dates of the record that say since when it has its status, the best first.
    pub status_since: Vec<Box<str>>,
    write_targets: Vec<(Box<str>, Vec<WriteTarget>)>,
    /// True if the community has a list of statuses, and no other is one.
    pub closes_status: bool,
}

impl Deref for Profile {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.details
    }
}

impl Details {
    pub fn vocabulary(&self, field: &str) -> Option<&FieldVocabulary> {
        self.vocabularies.iter().find(|(name, _)| &**name == field).map(|(_, vocabulary)| vocabulary)
    }

    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(field, _)| &**field)
    }

    pub fn lacks(&self, field: &str) -> bool {
        self.unsupported_fields.iter().any(|lacked| &**lacked == field)
    }

    /// Returns true if the format doesn't require the field, even if the kind does.
    pub fn is_optional(&self, field: &str) -> bool {
        self.lacks(field) || self.optional_fields.iter().any(|optional| &**optional == field)
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let of_fields = self.fields.iter().flat_map(|(_, extractors)| extractors).flat_map(Extractor::keys);
        of_fields.chain(self.other_keys.iter().map(|key| &**key))
    }

    /// Of the fields that a base lacks, those that the user's file reads have a place.
    fn has_place_for_stated_fields(&mut self) {
        let stated = &self.stated_fields;
        self.unsupported_fields.retain(|field| !stated.contains(field));
    }
}

impl Profile {
    /// Returns true if the path is one of the format's, in any folder.
    pub fn may_hold_record(&self, path: &str) -> bool {
        self.paths.is_match(path) && !self.skips(path)
    }

    fn may_recognise(&self, view: &View<'_>, headings: &HeadingCandidates) -> bool {
        self.recognition.condition.may_hold(view, headings) && !self.skips(view.path())
    }

    fn recognises(&self, view: &View<'_>) -> bool {
        (view.markdown().is_some() || !self.recognition.is_of_pages)
            && self.recognition.condition.holds(view)
            && self.section_records(view.document).is_none_or(|found| !found.is_empty())
    }

    /// Returns true if a page of the format holds several records, in rows of a table or in sections.
    pub fn has_part_records(&self) -> bool {
        self.has_row_records || self.has_section_records
    }

    /// Returns true if the rows of a table can be records: where the format reads marks in cells, a cell has one.
    pub fn reads_rows(&self, rows: &[Vec<Cell>]) -> bool {
        let extractors = self.fields().flat_map(|(_, extractors)| extractors);
        let marks: Vec<&Pattern> = extractors.filter_map(Extractor::mark).collect();
        let has_mark = |cell: &Cell| marks.iter().any(|mark| mark.is_match(cell.text.trim()));
        marks.is_empty() || rows.iter().flat_map(|cells| cells.iter().skip(1)).any(has_mark)
    }

    /// Returns the headings of the sections that are records; `None` if the format has none.
    pub fn section_records<'a>(&self, document: &'a Document) -> Option<Vec<&'a Heading>> {
        let sections = self.recognition.sections.as_ref()?;
        Some(sections.find(document))
    }

    /// Returns why a file is none of this format, by its content.
    pub fn mismatch(&self, view: &View<'_>) -> Mismatch {
        self.recognition.condition.mismatch(view)
    }

    /// Returns what a file has of this format, in words.
    pub fn marks(&self, view: &View<'_>) -> Vec<&str> {
        let mut marks = Vec::new();
        self.recognition.condition.add_held(view, &mut marks);
        marks
    }

    /// Returns true for a format that reads any page of a folder which is named for records.
    pub fn is_last_resort(&self) -> bool {
        self.is_fallback && self.usual_paths.is_empty()
    }

    /// Returns true if the file is a template, a stub or test data of the format.
    pub fn skips(&self, path: &str) -> bool {
        (self.leaves_out_templates && is_template(path)) || self.skip.is_match(path)
    }

    /// Returns true if the file accompanies a record, such as the README of a KEP.
    pub fn is_companion(&self, path: &str) -> bool {
        self.companions.is_match(path) && !self.skips(path)
    }

    /// Returns true if the format counts as the program's own form in such a file.
    pub fn counts_as_own_form(&self, path: &str) -> bool {
        self.own_form_in.is_match(path)
    }

    /// Returns the words and their meanings, or the items of lists that are records, as the cells of rows, and the header of these; none
    /// if the format reads no such list.
    pub fn listed_rows(&self, view: &View<'_>) -> Option<(Vec<Cell>, Vec<Vec<Cell>>)> {
        if let Some(listed) = self.recognition.condition.listed() {
            return Some((Listed::header(), listed.find(view.document)));
        }
        let forms = self.recognition.condition.definitions();
        let (_, names) = forms.first()?;
        let header = |names: &Vec<Box<str>>| {
            Some(Cell { span: Span::default(), text: names.first()?.clone(), is_continued: false })
        };
        let header = names.iter().filter_map(header).collect();
        let found = definitions::find(view.document, forms.iter().map(|(form, _)| *form));
        Some((header, found.into_iter().map(Vec::from).collect()))
    }

    pub fn has_rows(&self) -> bool {
        self.recognition.condition.asks_for_rows()
    }

    pub fn columns(&self) -> Vec<&[Vec<Box<str>>]> {
        self.recognition.condition.columns()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &[Extractor])> {
        self.fields.iter().map(|(field, extractors)| (&**field, &**extractors))
    }

    /// Returns true if the format has a place for the field.
    pub fn reads(&self, field: &str) -> bool {
        self.fields().any(|(name, places)| *name == *field && !places.is_empty())
    }

    /// Returns the target of a reference: an identifier, or a path, which is relative to the repository root if it starts with
    /// `/`. `None` if `text` is in no form of a reference.
    pub fn reference(&self, text: &str) -> Option<String> {
        if self.references.is_empty() {
            return Some(text.to_owned());
        }
        self.references.iter().find_map(|form| form.read(text))
    }

    pub fn path_of_url<'t>(&self, url: &'t str) -> Option<&'t str> {
        self.references.iter().find_map(|form| form.path_of_url(url))
    }

    /// Returns true for a text without words, and for a placeholder.
    pub fn is_blank(&self, text: &str) -> bool {
        !text.contains(char::is_alphanumeric) || self.is_absent(text)
    }

    /// Returns true for placeholders and the format's words for an absent value.
    fn is_absent(&self, text: &str) -> bool {
        is_placeholder(text)
            || self.absent_words.iter().any(|absent| absent.eq_ignore_ascii_case(text.trim()))
    }

    /// Returns true for the path of a link that may lead to a record of another repository of the community.
    pub fn is_elsewhere(&self, path: &str) -> bool {
        self.elsewhere.as_ref().is_some_and(|pattern| pattern.is_match(path))
    }

    /// Returns a date in the first format of the profile.
    pub fn write_date(&self, date: Date) -> String {
        self.date_formats
            .first()
            .map_or_else(|| date.to_string(), |format| date.strftime(&**format).to_string())
    }

    /// Returns each field with the places that it is read from, in words.
    pub fn described_fields(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        self.fields().map(|(field, extractors)| {
            let mut places: Vec<String> = Vec::new();
            for place in extractors.iter().map(Extractor::describe) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            (field, places)
        })
    }

    /// Returns true if the first heading of a page may hold the field.
    pub fn reads_headings_for(&self, field: &str) -> bool {
        let mut extractors =
            self.fields().filter(|(name, _)| *name == field).flat_map(|(_, extractors)| extractors);
        extractors.any(|extractor| matches!(extractor.selector, Selector::Title(_)))
    }

    /// Returns true if a page has a section for the field, with or without a value.
    pub fn has_section_for(&self, field: &str, view: &View<'_>) -> bool {
        self.extractors(field).any(|extractor| extractor.has_section(view))
    }

    /// Returns true if a section that a field is read from has a text which the `pattern` there does not fit.
    pub fn has_unfit_section_for(&self, field: &str, view: &View<'_>) -> bool {
        self.extractors(field).any(|extractor| extractor.has_unfit_section(view))
    }

    /// Returns what to add to a file that does not state a field, in the usual form of the format.
    pub fn how_to_state(&self, field: &str) -> Option<String> {
        let (_, extractors) = self.fields().find(|(name, _)| *name == field)?;
        extractors.first()?.how_to_state()
    }

    /// Returns what a file lacks that does not state a field, in the usual form of the format.
    pub fn absent_part(&self, field: &str) -> Option<String> {
        let (_, extractors) = self.fields().find(|(name, _)| *name == field)?;
        extractors.first()?.absent_part()
    }

    /// Returns the field that a key or header line of this name states.
    pub fn field_of_entry(&self, name: &str) -> Option<&str> {
        let reads = |(_, extractors): &&(Box<str>, Vec<Extractor>)| {
            extractors.iter().any(|one| one.reads_entry(name))
        };
        self.fields.iter().find(reads).map(|(field, _)| &**field)
    }

    /// Returns the names of the header lines that the format reads.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let extractors = self.fields.iter().flat_map(|(_, extractors)| extractors);
        extractors
            .flat_map(|extractor| match &extractor.selector {
                Selector::Header(names) => &**names,
                _ => &[],
            })
            .map(|name| &**name)
    }

    /// Returns the names of the lines above its sections that the format reads.
    pub fn lines_above(&self) -> impl Iterator<Item = &str> {
        let extractors = self.fields.iter().flat_map(|(_, extractors)| extractors);
        extractors
            .flat_map(|extractor| match &extractor.selector {
                Selector::HeaderAbove(names) => &**names,
                _ => &[],
            })
            .map(|name| &**name)
    }

    /// Returns the fields that a column of a table states.
    pub fn fields_of_column(&self, name: &str) -> impl Iterator<Item = &str> {
        let reads = move |(_, extractors): &&(Box<str>, Vec<Extractor>)| {
            extractors.iter().any(|one| one.reads_column(name))
        };
        self.fields.iter().filter(reads).map(|(field, _)| &**field)
    }

    /// Returns the field that a row of the first table states.
    pub fn field_of_row(&self, name: &str) -> Option<&str> {
        let reads =
            |(_, extractors): &&(Box<str>, Vec<Extractor>)| extractors.iter().any(|one| one.reads_row(name));
        self.fields.iter().find(reads).map(|(field, _)| &**field)
    }

    /// Returns the keys of the sections that state a field.
    pub fn sections_of(&self, field: &str) -> impl Iterator<Item = &[Box<str>]> {
        let of_field = self.fields.iter().filter(move |(name, _)| &**name == field);
        of_field
            .flat_map(|(_, extractors)| extractors)
            .map(Extractor::sections)
            .filter(|keys| !keys.is_empty())
    }

    /// Returns the fields that patterns find below the title, each with the place of its value.
    pub fn places_in_preamble<'p>(&'p self, view: &'p View<'_>) -> impl Iterator<Item = (&'p str, Span)> {
        self.fields.iter().filter_map(|(name, extractors)| {
            Some((&**name, extractors.iter().find_map(|it| it.place_in_preamble(view))?))
        })
    }

    /// Returns the keys of the section that usually states a field.
    pub fn first_section_of(&self, field: &str) -> Option<&[Box<str>]> {
        let (_, extractors) = self.fields.iter().find(|(name, _)| &**name == field)?;
        extractors.first().map(Extractor::sections).filter(|keys| !keys.is_empty())
    }

    /// Returns where pages of the format state a field, outside their front matter.
    pub fn place_in_page(&self, field: &str) -> Option<String> {
        let (_, extractors) = self.fields.iter().find(|(name, _)| &**name == field)?;
        extractors.iter().find_map(Extractor::place_in_page)
    }

    pub fn first_key_of(&self, field: &str) -> Option<&str> {
        let (_, extractors) = self.fields.iter().find(|(name, _)| &**name == field)?;
        extractors.iter().flat_map(Extractor::keys).next()
    }

    /// Returns the keys of a field, the usual one first.
    pub fn plain_keys_of(&self, field: &str) -> impl Iterator<Item = &str> {
        let of_field = self.fields.iter().filter(move |(name, _)| &**name == field);
        of_field.flat_map(|(_, extractors)| extractors).filter(|one| one.is_plain()).flat_map(Extractor::keys)
    }

    /// Returns where to insert an absent field, by priority.
    pub fn write_targets(&self, field: &str) -> &[WriteTarget] {
        self.write_targets.iter().find(|(name, _)| &**name == field).map_or(&[], |(_, targets)| targets)
    }

    /// Returns true for a list that it reads from the rows of a table.
    pub fn reads_items_from_rows(&self, field: &str) -> bool {
        let found = self.fields.iter().find(|(name, _)| &**name == field);
        found.is_some_and(|(_, extractors)| extractors.iter().any(|it| !it.item_fields.is_empty()))
    }

    /// Returns the separator of several values in one text.
    pub fn separator(&self, field: &str) -> Option<&str> {
        let (_, extractors) = self.fields.iter().find(|(name, _)| &**name == field)?;
        extractors.iter().find_map(|extractor| extractor.split.first().map(|it| &**it))
    }

    pub fn knows_key(&self, key: &str) -> bool {
        self.known_keys.contains(key) || self.known_keys.contains(fold_name(key).as_str())
    }

    /// Returns the paths by which references may name the record in the file at `path`.
    pub fn paths_of(&self, path: &str) -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        std::iter::once(path.to_owned())
            .chain(self.path_aliases.iter().map(|form| form.replace("{folder}", folder)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
