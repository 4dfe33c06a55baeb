//! Recognises the format of a file by its path, its keys and its sections.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::globs::{Candidate, Globs};
use super::{Format, Formats, OneOrMore};
use crate::embedded;
use crate::layout::{Origin, Part, label_key};
use crate::syntax;
use crate::text::{bare_name, capital, enumerated, file_name};
use crate::value::date::{self, Order, Precision};
use crate::value::identifier::{self, Identifier};
use crate::value::words;

/// Returns true for a file that is known by the name of its folder.
pub(super) fn stands_for_folder(file: &str) -> bool {
    // Names of files that stand for their folder.
    const OF_FOLDER: [&str; 3] = ["readme", "index", "kep"];
    OF_FOLDER.iter().any(|other| bare_name(file).eq_ignore_ascii_case(other))
}

/// Returns the name by which a file is numbered, without its extension: that of its folder for an introduction.
pub fn place_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    parts.next().filter(|_| stands_for_folder(name)).unwrap_or(stem)
}

/// A way to recognise a file. All that it gives must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Matcher {
    #[serde(rename = "in")]
    pub(super) files: Globs,
    /// Names of folders around the file.
    folder: Folders,
    /// The file, or its folder, is named with a number.
    numbered: bool,
    /// The file, or its folder, is named with a day.
    dated: bool,
    sections: Labels,
    any_section: Labels,
    /// Keys of the front matter, or labels of the header.
    keys: Labels,
    any_key: Labels,
    not_keys: Labels,
    /// The values of keys, of which each has one.
    equals: BTreeMap<Box<str>, OneOrMore>,
}

/// Names in the form in which labels are compared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "OneOrMore")]
struct Labels(Vec<Box<str>>);

impl From<OneOrMore> for Labels {
    fn from(OneOrMore(names): OneOrMore) -> Labels {
        Labels(names.iter().map(|name| label_key(name).into()).collect())
    }
}

/// Names of folders, and of lists of words, which stand for the folders in them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "OneOrMore")]
struct Folders(Vec<Box<str>>);

/// How the name of a list of folders ends; [`label_key`] leaves no such name of a folder.
const LIST: &str = "-folders";

impl From<OneOrMore> for Folders {
    fn from(OneOrMore(names): OneOrMore) -> Folders {
        let is_list = |name: &str| name.ends_with(LIST) && words::entries(name).next().is_some();
        let name = |name: Box<str>| if is_list(&name) { name } else { label_key(&name).into() };
        Folders(names.into_iter().map(name).collect())
    }
}

impl Folders {
    fn has(&self, folder: &str) -> bool {
        let is_listed = |list: &str| list.ends_with(LIST) && words::meaning(list, folder).is_some();
        self.0.iter().any(|name| **name == *folder || is_listed(name))
    }
}

/// What a file lacks of a format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacks {
    /// How many of the conditions hold.
    pub held: usize,
    /// What is missing, such as `section "Status"`.
    pub missing: Vec<String>,
}

/// Such as "no section `Status` and no section `Context`".
impl fmt::Display for Lacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing: Vec<String> = self.missing.iter().map(|name| format!("no {name}")).collect();
        f.write_str(&enumerated(&missing))
    }
}

/// What the path of a file tells, found on demand.
pub(super) struct Place<'p> {
    path: Candidate<'p>,
    name: &'p str,
    folders: OnceCell<Vec<String>>,
    identifier: OnceCell<Option<Identifier<'p>>>,
    is_dated: OnceCell<bool>,
}

impl<'p> Place<'p> {
    fn new(path: &'p str) -> Place<'p> {
        let (folders, identifier, is_dated) = Default::default();
        Place { path: path.into(), name: place_name(path), folders, identifier, is_dated }
    }

    /// True if a folder has one of these names; words may stand before it: `backend-adrs`, `04-proposals`.
    fn is_in(&self, names: &Folders) -> bool {
        let folders = || self.path.text.rsplit('/').skip(1).map(label_key).collect();
        self.folders.get_or_init(folders).iter().any(|folder| words::ends(folder, |name| names.has(name)))
    }

    fn is_dated(&self) -> bool {
        *self.is_dated.get_or_init(|| is_dated(self.name))
    }

    /// True for a name with a number that is no year; letters that touch it are those of the format.
    fn is_numbered(&self, prefixes: &[Box<str>], may_be_zero: bool) -> bool {
        self.identifier.get_or_init(|| identifier::in_name(self.name)).as_ref().is_some_and(|found| {
            let is_apart = found.prefix.is_empty()
                || !self.name[found.prefix.len()..].starts_with(|c: char| c.is_ascii_digit());
            let is_own = prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(found.prefix));
            let is_zero = found.number.bytes().all(|digit| digit == b'0');
            !found.may_be_year && (is_apart || is_own) && (may_be_zero || !is_zero) && !self.is_dated()
        })
    }
}

fn is_dated(name: &str) -> bool {
    let name = name.replace('_', "-");
    let is_day = |day: &str| date::read(day, Order::Unknown).is_ok_and(|it| it.precision == Precision::Day);
    name.get(..10).is_some_and(is_day) || name.get(..8).is_some_and(is_day)
}

impl Formats {
    /// Returns the formats that recognise a file, the surest first; if `kind` is given, only those of that kind.
    pub fn recognise(&self, part: &Part<'_>, kind: Option<&str>) -> Vec<&Arc<Format>> {
        let path = part.document.source.path();
        let place = Place::new(path);
        // What accompanies the records of a format is none of another one, unless the user chose that.
        let is_beside = self.has_companion(path);
        let owner = self.iter().find(|format| is_beside && format.is_companion(path));
        let owner = owner.map(|format| &format.name);
        let is_chosen = |format: &Arc<Format>| self.chosen().iter().any(|it| Arc::ptr_eq(it, format));
        let is_one = |format: &&Arc<Format>| {
            kind.is_none_or(|kind| *format.kind.name == *kind)
                && owner.is_none_or(|owner| *owner == format.name || is_chosen(format))
                && format.recognises(&place, part)
        };
        self.iter().filter(is_one).collect()
    }

    /// Returns the format whose content a page has, wherever it lies and whatever it is called.
    pub fn by_content(&self, part: &Part<'_>) -> Option<&Arc<Format>> {
        const FEWEST: usize = 2;
        let is_of = |way: &Matcher| {
            let asks = way.conditions().filter(|it| !matches!(it, Condition::NotKey(_))).count();
            way.files.is_empty() && asks >= FEWEST && way.conditions().all(|it| it.holds(part))
        };
        self.iter().find(|format| !format.signs.several && format.signs.recognise.iter().any(is_of))
    }

    /// Returns true if a file may be of a format, by its path: where only content tells, the file has to lie among records.
    pub fn may_hold_record(&self, path: &str) -> bool {
        let place = Place::new(path);
        let is_page = syntax::Format::is_page_path(path);
        self.iter().any(|format| {
            let mut ways = format.signs.recognise.iter();
            ways.any(|way| {
                let is_about_place = !way.files.is_empty() || is_page && way.is_of_pages();
                is_about_place && way.holds_of_place(&place, format.prefixes())
            })
        })
    }

    /// Returns true if the file belongs to one of the formats and is no record.
    pub fn is_auxiliary(&self, path: &str) -> bool {
        is_template(path) || self.has_companion(path)
    }

    /// Returns what a page lacks of each format, beginning with the one that it comes closest to.
    pub fn near(&self, part: &Part<'_>) -> Vec<(&Arc<Format>, Lacks)> {
        let lacks = self.iter().filter(|it| !it.is_by_place()).filter_map(|it| Some((it, it.lacks(part)?)));
        let mut near: Vec<_> = lacks.filter(|(_, lacks)| lacks.held > 0).collect();
        near.sort_by_key(|(_, lacks)| (lacks.missing.len(), std::cmp::Reverse(lacks.held)));
        near
    }
}

impl Format {
    fn recognises(&self, place: &Place<'_>, part: &Part<'_>) -> bool {
        let is_page = part.document.markdown.is_some();
        self.signs.recognise.iter().any(|way| {
            (is_page || !way.is_of_pages())
                && way.holds_of_place(place, self.prefixes())
                && way.conditions().all(|it| it.holds(part))
        })
    }

    /// Returns what a file in its place lacks of this format, by the way that comes closest; `None` in another place.
    pub fn lacks(&self, part: &Part<'_>) -> Option<Lacks> {
        let place = Place::new(part.document.source.path());
        let here = self.signs.recognise.iter().filter(|way| way.holds_of_place(&place, self.prefixes()));
        let lacks = here.map(|way| {
            let (held, missing): (Vec<_>, Vec<_>) = way.conditions().partition(|it| it.holds(part));
            Lacks { held: held.len(), missing: missing.iter().map(ToString::to_string).collect() }
        });
        lacks.min_by_key(|lacks| (lacks.missing.len(), std::cmp::Reverse(lacks.held)))
    }
}

/// Something that the text of a file has to have.
enum Condition<'m> {
    Section(&'m [Box<str>]),
    Key(&'m [Box<str>]),
    NotKey(&'m str),
    Equals(&'m str, &'m [Box<str>]),
}

impl Condition<'_> {
    fn holds(&self, part: &Part<'_>) -> bool {
        let has = |key: &str, is_origin: fn(Origin) -> bool| {
            part.statements.iter().any(|it| is_origin(it.origin) && *it.key == *key)
        };
        match self {
            Condition::Section(names) => names.iter().any(|name| {
                has(name, |origin| origin == Origin::Section)
                    || part.title.as_ref().is_some_and(|title| *label_key(&title.text) == **name)
            }),
            Condition::Key(names) => names.iter().any(|name| has(name, |origin| origin <= Origin::Header)),
            Condition::NotKey(name) => !has(name, |origin| origin == Origin::FrontMatter),
            Condition::Equals(name, values) => part.statements.iter().any(|it| {
                let text = it.text(&part.document.source);
                it.origin <= Origin::Header
                    && *it.key == *label_key(name)
                    && values.iter().any(|value| **value == *text)
            }),
        }
    }
}

impl fmt::Display for Condition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |names: &[Box<str>], write: fn(&str) -> String| {
            let names: Vec<String> = names.iter().map(|name| format!("`{}`", write(name))).collect();
            names.join(" or ")
        };
        match self {
            Condition::Section(names) => write!(f, "section {}", listed(names, capital)),
            Condition::Key(names) => write!(f, "key {}", listed(names, str::to_owned)),
            Condition::NotKey(name) => write!(f, "page without `{name}` in its front matter"),
            Condition::Equals(name, values) => {
                write!(f, "key `{name}` with the value {}", listed(values, str::to_owned))
            }
        }
    }
}

impl Matcher {
    /// Returns true if a page that it recognises has this key, in the form in which labels are compared.
    pub fn asks_for(&self, key: &str) -> bool {
        self.keys.0.iter().chain(&self.any_key.0).any(|known| **known == *key)
    }

    fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        let one = std::slice::from_ref;
        let any = |names: &'_ Labels| !names.0.is_empty();
        let keys = self.keys.0.iter().map(move |name| Condition::Key(one(name)));
        let any_key = any(&self.any_key).then_some(Condition::Key(&self.any_key.0));
        let equals = self.equals.iter().map(|(name, values)| Condition::Equals(name, &values.0));
        let not_keys = self.not_keys.0.iter().map(|name| Condition::NotKey(name));
        let sections = self.sections.0.iter().map(move |name| Condition::Section(one(name)));
        let any_section = any(&self.any_section).then_some(Condition::Section(&self.any_section.0));
        keys.chain(any_key).chain(equals).chain(not_keys).chain(sections).chain(any_section)
    }

    pub(super) fn is_by_folder(&self) -> bool {
        !self.folder.0.is_empty()
    }

    /// A lesser rank is the surer sign: keys and paths, then sections, then the folder alone.
    pub(super) fn rank(&self) -> u8 {
        match () {
            () if self.is_by_folder() && self.sections.0.is_empty() && self.keys.0.is_empty() => 3,
            () if self.keys.0.is_empty()
                && self.any_key.0.is_empty()
                && self.equals.is_empty()
                && self.files.is_empty() =>
            {
                2
            }
            () => 1,
        }
    }

    /// Returns true if the name of a file or its folder tells, which says less of a file of data.
    fn is_of_pages(&self) -> bool {
        self.files.is_empty() && (self.numbered || self.dated || self.is_by_folder())
    }

    fn holds_of_place(&self, place: &Place<'_>, prefixes: &[Box<str>]) -> bool {
        (self.files.is_empty() || self.files.matches(&place.path))
            && (self.folder.0.is_empty() || place.is_in(&self.folder))
            && (!self.numbered || place.is_numbered(prefixes, self.conditions().next().is_some()))
            && (!self.dated || place.is_dated())
    }
}

/// Pages that are no records in any format: `schemas/templates.yaml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Templates {
    templates: Globs,
    without_number: Globs,
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| embedded::read("schemas/templates.yaml"));

/// Returns true for a template, a stub or test data, in whichever format.
pub fn is_template(path: &str) -> bool {
    let candidate = path.into();
    TEMPLATES.templates.matches(&candidate)
        || !has_number(path) && TEMPLATES.without_number.matches(&candidate)
}

/// Returns true if the name of a file has a number of two digits or more that is neither zero, nor nines alone, nor a year of this century.
fn has_number(path: &str) -> bool {
    let name = file_name(path);
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() > 1);
    let is_of = |digits: &str, digit| digits.bytes().all(|it| it == digit);
    let is_filler = |digits: &str| is_of(digits, b'0') || digits.len() > 2 && is_of(digits, b'9');
    let is_year = |digits: &str| digits.len() == 4 && digits.starts_with("20");
    numbers.any(|digits| !is_filler(digits) && !is_year(digits))
}
