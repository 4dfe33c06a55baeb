use super::definitions::{self, Form};
use super::extract::by_key;
use super::globs::PathGlobs;
use super::listed::Listed;
use super::pattern::Pattern;
use super::view::{DayPart, View};
use super::{same_key, view::TableRow};
use crate::node::{Mapping, Node};
use crate::syntax::markdown::{Cell, HeadingCandidates, section_key, slug};

#[derive(Debug)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// At least so many of these hold.
    AtLeast(usize, Vec<Condition>),
    Not(Box<Condition>),
    Path(PathGlobs),
    FileStem(Pattern),
    Title(Pattern),
    Preamble(Pattern),
    /// In the text above the first heading.
    Body(Pattern),
    /// A section directly below the title, by its key.
    TopLevelSection(Box<str>),
    /// A section directly below the title, by a pattern in its key.
    SectionLike(Pattern),
    RootKey(Box<str>),
    /// A key with one of these values.
    Equals(Box<str>, Vec<Box<str>>),
    /// A table with these columns; each has alternative names.
    Columns(Vec<Vec<Box<str>>>),
    /// Words with their meanings in one of the forms; the names of both, as of columns.
    Definitions(Form, Vec<Vec<Box<str>>>),
    /// Items of lists that are records.
    Listed(Box<Listed>),
    /// A row of the first table.
    Row([Box<str>; 1]),
    /// The file has the words of its folder's name: see [`View::has_name_of_folder`].
    OwnFolder,
    /// The title has the words that a pattern captures in the name of the file.
    OwnTitle(Pattern),
    /// One of the first headings states the day in the name of the file.
    OwnDay(DayPart),
    /// A condition, and what it asks for, as messages say it: section `Status`.
    Named(Box<Condition>, Box<str>),
}

impl Condition {
    pub(super) fn holds(&self, view: &View<'_>) -> bool {
        match self {
            Condition::All(conditions) => conditions.iter().all(|condition| condition.holds(view)),
            Condition::Any(conditions) => conditions.iter().any(|condition| condition.holds(view)),
            Condition::AtLeast(least, conditions) => {
                conditions.iter().filter(|it| it.holds(view)).take(*least).count() == *least
            }
            Condition::Not(condition) => !condition.holds(view),
            Condition::Named(condition, _) => condition.holds(view),
            Condition::Path(globs) => globs.is_match(view.path()),
            Condition::FileStem(pattern) => pattern.is_match(view.stem()),
            Condition::Title(pattern) => view.title().is_some_and(|title| pattern.is_match(&title.title)),
            Condition::Preamble(pattern) => {
                view.preamble().is_some_and(|span| pattern.is_match(view.source().slice(span)))
            }
            Condition::Body(pattern) => {
                view.text_above_headings().is_some_and(|span| pattern.is_match(view.source().slice(span)))
            }
            Condition::TopLevelSection(key) => view.has_top_level_section(key),
            Condition::SectionLike(pattern) => view.has_section_like(|key| pattern.is_match(key)),
            Condition::RootKey(key) => view.root.is_some_and(|root| has_key(root, std::slice::from_ref(key))),
            Condition::Equals(key, values) => {
                let found = view.root.and_then(|root| by_key(root, std::slice::from_ref(key)));
                found.is_some_and(|found| values.iter().any(|value| found.as_text() == Some(value)))
            }
            Condition::OwnFolder => view.has_name_of_folder(),
            Condition::OwnTitle(pattern) => {
                let named = pattern.find(view.stem()).and_then(|part| view.stem().get(part));
                let title = view.title().map(|title| slug(&title.title));
                named.is_some_and(|name| title.is_some_and(|title| title.eq_ignore_ascii_case(name)))
            }
            Condition::OwnDay(part) => view.states_own_day(*part),
            Condition::Row(name) => view.first_table_cell(name).is_some(),
            Condition::Definitions(form, _) => !definitions::find(view.document, [*form]).is_empty(),
            Condition::Listed(listed) => !listed.find(view.document).is_empty(),
            Condition::Columns(columns) => {
                view.tables().iter().any(|table| has_columns(&table.header, columns))
            }
        }
    }

    /// `view` is a page of which only the front matter is parsed. Returns false only if the condition can't hold for the
    /// whole page.
    pub(super) fn may_hold(&self, view: &View<'_>, headings: &HeadingCandidates) -> bool {
        match self {
            Condition::All(conditions) => conditions.iter().all(|it| it.may_hold(view, headings)),
            Condition::Any(conditions) => conditions.iter().any(|it| it.may_hold(view, headings)),
            Condition::AtLeast(least, conditions) => {
                conditions.iter().filter(|it| it.may_hold(view, headings)).take(*least).count() == *least
            }
            Condition::Named(condition, _) => condition.may_hold(view, headings),
            Condition::Not(condition) => !(condition.is_decided_by_front_matter() && condition.holds(view)),
            Condition::Path(_)
            | Condition::FileStem(_)
            | Condition::RootKey(_)
            | Condition::Equals(..)
            | Condition::OwnFolder => self.holds(view),
            Condition::TopLevelSection(key) => headings.may_have_key(key),
            Condition::SectionLike(pattern) => {
                headings.may_have_title(|title| pattern.is_match(&section_key(title)))
            }
            Condition::Title(pattern) => headings.may_have_title(|title| pattern.is_match(title)),
            Condition::Preamble(_) | Condition::Body(_) | Condition::Listed(_) => true,
            Condition::OwnTitle(pattern) => pattern.is_match(view.stem()),
            Condition::OwnDay(_) => view.own_day().is_some(),
            Condition::Columns(_) | Condition::Row(_) => view.source().text().contains('|'),
            Condition::Definitions(form, _) => form.may_be_in(view.source().text()),
        }
    }

    /// Returns true if only a page can meet the condition, as it asks for a title, a section, a table or text.
    pub(super) fn asks_for_page(&self) -> bool {
        match self {
            Condition::All(conditions) => conditions.iter().any(Condition::asks_for_page),
            Condition::Any(conditions) => conditions.iter().all(Condition::asks_for_page),
            Condition::AtLeast(least, conditions) => {
                conditions.iter().filter(|it| !it.asks_for_page()).count() < *least
            }
            Condition::Named(condition, _) => condition.asks_for_page(),
            Condition::Not(_)
            | Condition::Path(_)
            | Condition::FileStem(_)
            | Condition::RootKey(_)
            | Condition::Equals(..)
            | Condition::OwnFolder => false,
            Condition::Title(_)
            | Condition::Preamble(_)
            | Condition::Body(_)
            | Condition::TopLevelSection(_)
            | Condition::SectionLike(_)
            | Condition::Columns(_)
            | Condition::Definitions(..)
            | Condition::Listed(_)
            | Condition::Row(_)
            | Condition::OwnTitle(_)
            | Condition::OwnDay(_) => true,
        }
    }

    fn is_decided_by_front_matter(&self) -> bool {
        match self {
            Condition::All(conditions) | Condition::Any(conditions) | Condition::AtLeast(_, conditions) => {
                conditions.iter().all(Condition::is_decided_by_front_matter)
            }
            Condition::Not(condition) | Condition::Named(condition, _) => {
                condition.is_decided_by_front_matter()
            }
            Condition::Path(_) | Condition::FileStem(_) | Condition::RootKey(_) | Condition::Equals(..) => {
                true
            }
            _ => false,
        }
    }

    /// Returns the forms in which words and their meanings are read, with the names of the two.
    pub(super) fn definitions(&self) -> Vec<(Form, &[Vec<Box<str>>])> {
        match self {
            Condition::Definitions(form, names) => vec![(*form, names)],
            Condition::Named(condition, _) => condition.definitions(),
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().flat_map(Condition::definitions).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the items of lists that are asked for.
    pub(super) fn listed(&self) -> Option<&Listed> {
        match self {
            Condition::Listed(listed) => Some(listed),
            Condition::Named(condition, _) => condition.listed(),
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().find_map(Condition::listed)
            }
            _ => None,
        }
    }

    /// Returns true if records are read from tables or lists.
    pub(super) fn asks_for_rows(&self) -> bool {
        !self.columns().is_empty() || self.listed().is_some()
    }

    /// Returns the sets of columns of which a table with records has one.
    pub(super) fn columns(&self) -> Vec<&[Vec<Box<str>>]> {
        match self {
            Condition::Columns(columns) | Condition::Definitions(_, columns) => vec![columns],
            Condition::Named(condition, _) => condition.columns(),
            Condition::All(conditions) => {
                conditions.iter().map(Condition::columns).find(|sets| !sets.is_empty()).unwrap_or_default()
            }
            Condition::Any(conditions) => conditions.iter().flat_map(Condition::columns).collect(),
            _ => Vec::new(),
        }
    }
}

/// Returns true if a mapping, or an item of a list, has one of the keys, with a value or not; or a value at one of the paths.
fn has_key(root: &Node, keys: &[Box<str>]) -> bool {
    if let Some(items) = root.as_sequence() {
        return items.iter().any(|item| item.as_mapping().is_some() && has_key(item, keys));
    }
    let entries = root.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().any(|entry| keys.iter().any(|key| same_key(&entry.key.name, key)))
        || by_key(root, keys).is_some()
}

pub(crate) fn has_columns(header: &[Cell], columns: &[Vec<Box<str>>]) -> bool {
    columns.iter().all(|names| column_index(header, names).is_some())
}

/// A note in brackets counts for nothing: `Decision (Reason)`.
fn column_index(header: &[Cell], names: &[Box<str>]) -> Option<usize> {
    let find = |title: fn(&Cell) -> Option<&str>| {
        let has_name = |cell: &Cell, name| title(cell).is_some_and(|title| same_key(title, name));
        names.iter().find_map(|name| header.iter().position(|cell| has_name(cell, name)))
    };
    find(|cell| Some(cell.text.trim())).or_else(|| find(before_note))
}

fn before_note(cell: &Cell) -> Option<&str> {
    Some(cell.text.trim().strip_suffix(')')?.split_once(" (")?.0)
}

impl<'a> TableRow<'a> {
    pub fn cell(&self, names: &[Box<str>]) -> Option<&'a Cell> {
        self.cells.get(column_index(self.header, names)?)
    }
}
