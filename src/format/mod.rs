//! Formats: how the pages of a community are recognised, and the names by which they call the fields of a kind. A format is data: a file in
//! `schemas/formats` or one of the user's own. How a page states a field is read by [`crate::layout`] and [`crate::value`].

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::citation::Form;
use crate::kind::{Field, Kind};
use crate::layout::label_key;
use crate::lazy::Lazy;
use crate::schema::compile_pattern;
use crate::text::LazyRegex;

mod globs;
mod load;
mod names;
mod recognise;

pub use globs::Globs;
pub use load::Formats;
pub use names::{Named, Names, Words};
pub use recognise::{Lacks, Matcher, is_template, place_name};

/// What a format, with the keys of its base, says of its files: all that most runs read of one without files.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Signs {
    /// The format from which it takes what it doesn't state itself.
    pub base: Option<Box<str>>,
    pub kind: Box<str>,
    /// Ways to recognise a file; one suffices.
    pub recognise: Vec<Matcher>,
    /// True if a page holds several records: rows, sections or items.
    pub several: bool,
    /// The letters before a number in references.
    pub prefix: OneOrMore,
    /// Files that accompany a record and are none.
    pub beside: Globs,
}

/// What a format, with the keys of its base, says of its records.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Definition {
    pub title: Box<str>,
    pub description: Box<str>,
    /// Where the identifier stands, the best place first: a key, `title-number`, `file-number`, `folder-number`, `file` or `folder`.
    pub id: Vec<Box<str>>,
    /// Names of fields that the kind doesn't know: labels, keys and sections.
    pub fields: BTreeMap<Box<str>, OneOrMore>,
    /// For one field, a regular expression whose first group is the value. Only the user's own formats have one.
    pub pattern: BTreeMap<Box<str>, Box<str>>,
    /// The only words for a status, each with the value that it means; `absent` for a word that is none.
    pub status: serde_json::Map<String, serde_json::Value>,
    /// The fields that the format can express.
    pub states: Vec<Box<str>>,
    pub requires: Vec<Box<str>>,
    /// The fields that name who is accountable, by priority.
    pub accountable: Vec<Box<str>>,
    /// Where a new value is written.
    pub write: Option<Write>,
    /// In which forms pages refer to each other.
    pub cites: Vec<Cite>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    /// A key; several values are a list.
    FrontMatter,
    /// A key; several values are one text.
    Key,
    Header,
    Section,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cite {
    Number,
    Path,
    Link,
}

/// A list, or its only item.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Written")]
pub struct OneOrMore(pub Vec<Box<str>>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    One(Box<str>),
    More(Vec<Box<str>>),
}

impl From<Written> for OneOrMore {
    fn from(written: Written) -> OneOrMore {
        OneOrMore(match written {
            Written::One(one) => vec![one],
            Written::More(more) => more,
        })
    }
}

/// A format that is ready to read pages.
#[derive(Default)]
pub struct Format {
    pub name: Arc<str>,
    pub signs: Signs,
    pub definition: Lazy<Definition>,
    pub kind: Arc<Kind>,
    /// The file of a format that is not built in.
    pub own_path: Option<Arc<str>>,
    cited_as: OnceLock<Vec<Form>>,
    words: OnceLock<Option<Words>>,
    names: OnceLock<Names>,
    /// A field, and a pattern whose first group is its value.
    pattern: OnceLock<Option<(Box<str>, Pattern)>>,
}

/// A pattern of a user's own format.
pub struct Pattern(LazyRegex);

impl Pattern {
    /// Returns the first group in a text, or all that matches, and the text behind the match.
    pub fn value_and_rest<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let found = self.0.captures(text)?;
        let value = found.get(1).unwrap_or_else(|| found.get_match());
        Some((value.as_str(), &text[found.get_match().end()..]))
    }
}

/// The scope within which identifiers are unique.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    #[default]
    Repository,
    Folder,
    /// A page that holds several records.
    Page,
    /// The pages of a folder whose names have the same letters before their numbers.
    Series,
}

impl Numbering {
    /// Returns the path prefix within which the identifier of the record at `path` is unique.
    pub fn scope(self, path: &str) -> &str {
        let folder = path.rfind('/').unwrap_or(0);
        match self {
            Numbering::Repository => "",
            Numbering::Folder => &path[..folder],
            Numbering::Page => path,
            Numbering::Series => &path[..series(path).unwrap_or(folder)],
        }
    }
}

/// Returns where the number in the name of a file begins, if letters stand before it.
fn series(path: &str) -> Option<usize> {
    let name = path.rfind('/').map_or(path, |at| &path[at + 1..]);
    let after_letters = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let number = after_letters.trim_start_matches(['-', '_', ' ']);
    let is_numbered = after_letters.len() < name.len() && number.starts_with(|c: char| c.is_ascii_digit());
    is_numbered.then_some(path.len() - number.len())
}

impl Format {
    pub fn prefixes(&self) -> &[Box<str>] {
        &self.signs.prefix.0
    }

    pub fn is_companion(&self, path: &str) -> bool {
        self.signs.beside.is_match(path)
    }

    /// Returns how comments and prose cite records: by the letters and the number, and by the path.
    pub fn cited_as(&self) -> &Vec<Form> {
        self.cited_as.get_or_init(|| {
            let cites = &self.definition.cites;
            let prefixes = self.prefixes().iter().filter(|_| cites.contains(&Cite::Number));
            let numbers = prefixes.flat_map(|it| ["-", " ", "_"].map(|mark| format!("{it}{mark}{{id}}")));
            let paths = ["{path}.md", "{path}.rst", "{path}.adoc"].map(str::to_owned);
            let by_path = cites.iter().any(|cite| *cite != Cite::Number);
            let forms = numbers.chain(paths.into_iter().filter(|_| by_path));
            forms.filter_map(|form| Form::parse(&form).ok()).collect()
        })
    }

    /// Returns true if the format lists all words that its status may have.
    pub fn is_closed(&self) -> bool {
        !self.definition.status.is_empty()
    }

    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::new(&self.kind, Some(&self.definition)))
    }

    /// Returns the words of a field, if the format allows no others.
    pub fn words(&self, field: &str) -> Option<&Words> {
        self.words
            .get_or_init(|| Words::of(&self.definition.status))
            .as_ref()
            .filter(|_| self.kind.is_status(field))
    }

    pub fn states(&self, field: &str) -> bool {
        let definition = &self.definition;
        definition.states.is_empty()
            || definition.states.iter().any(|stated| **stated == *field)
            || field == "id"
    }

    /// Returns true if the format doesn't require the field, even if the kind does.
    pub fn is_optional(&self, field: &str) -> bool {
        !self.definition.requires.iter().any(|required| **required == *field)
    }

    /// Returns true for a format that knows its pages by their folder alone: the meaning of their words is not known.
    pub fn is_by_place(&self) -> bool {
        self.signs.recognise.iter().all(Matcher::is_by_folder)
    }

    /// Returns the scope of its identifiers: a community numbers its records in one series, others in each folder.
    pub fn numbering(&self) -> Numbering {
        match () {
            () if self.signs.several => Numbering::Page,
            () if self.is_closed() || self.own_path.is_some() => Numbering::Repository,
            () if self.is_by_place() => Numbering::Series,
            () => Numbering::Folder,
        }
    }

    /// Returns the paths by which references may name the record in the file at `path`: a file that stands for its folder is named by that.
    pub fn paths_of<'p>(&self, path: &'p str) -> Vec<&'p str> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let is_of_folder = recognise::stands_for_folder(file);
        std::iter::once(path).chain(is_of_folder.then_some(folder)).collect()
    }

    /// Returns true for the path of a link to a page in another repository of the community: a format whose numbers have several prefixes is
    /// kept in several.
    pub fn is_elsewhere(&self, path: &str) -> bool {
        self.prefixes().len() > 1
            && crate::value::identifier::in_name(place_name(path))
                .is_some_and(|found| self.prefixes().iter().any(|it| it.eq_ignore_ascii_case(found.prefix)))
    }

    /// Returns the value that a text has in the pattern of a field: the text itself without one.
    pub fn matched<'t>(&self, field: &str, text: &'t str) -> Option<&'t str> {
        match self.pattern_of(field) {
            Some(pattern) => Some(pattern.value_and_rest(text)?.0),
            None => Some(text),
        }
    }

    pub fn pattern_of(&self, field: &str) -> Option<&Pattern> {
        let pattern = self.pattern.get_or_init(|| {
            let (field, text) = self.definition.pattern.iter().next()?;
            Some((field.clone(), Pattern(compile_pattern(text).ok()?)))
        });
        pattern.as_ref().filter(|(of, _)| **of == *field).map(|(_, pattern)| pattern)
    }

    /// Returns the label under which the format states a field, as it is written.
    pub fn label_of<'f>(&'f self, field: &'f Field) -> &'f str {
        let own = self.definition.fields.get(&*field.name).and_then(|names| names.0.first());
        let heading = || field.headings.first().filter(|_| self.definition.write == Some(Write::Section));
        own.or_else(heading).map_or(&*field.name, |name| name)
    }

    /// Returns what parts several values of a field in one text.
    pub fn separator(&self) -> Option<&'static str> {
        matches!(self.definition.write, Some(Write::Key | Write::Header)).then_some(", ")
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.signs.recognise.iter().flat_map(|way| way.files.patterns())
    }

    /// Returns each field with the names of its own that the format has for it.
    pub fn own_names(&self) -> impl Iterator<Item = (&str, &[Box<str>])> {
        self.definition.fields.iter().map(|(field, names)| (&**field, &*names.0))
    }

    pub fn is_name_of(&self, field: &str, label: &str) -> bool {
        self.names()
            .fields(&label_key(label))
            .any(|found| *self.kind.shape.fields[found.field].name == *field)
    }

    pub fn field_of(&self, label: &str) -> Option<&Field> {
        let found = self.names().fields(&label_key(label)).next()?;
        self.kind.shape.fields.get(found.field)
    }
}
