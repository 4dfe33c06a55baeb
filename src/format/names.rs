//! The labels by which pages name the fields of a kind, and the words of a format for a status.

use std::sync::OnceLock;

use ahash::{HashMap, HashMapExt};
use serde_json::{Map, Value};

use super::Definition;
use crate::kind::{Field, Kind};
use crate::layout::label_key;
use crate::value::nearest;
use crate::value::status::Vocabulary;

/// The fields of a kind by their labels, in the form in which labels are compared.
#[derive(Debug)]
pub struct Names {
    fields: HashMap<Box<str>, Vec<Named>>,
    vocabulary: OnceLock<Vocabulary>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The index of the field in the shape of its kind.
    pub field: usize,
    /// The rank of the label among those of the field.
    pub rank: usize,
    /// True for a label of a line, a key or a column.
    pub is_key: bool,
    /// True for the title of a section.
    pub is_heading: bool,
}

impl Names {
    /// Collects the labels of a kind: the names and aliases of its fields and their headings. A label that the format has is that of no
    /// other field.
    pub fn new(kind: &Kind, format: Option<&Definition>) -> Names {
        let mut names: HashMap<Box<str>, Vec<Named>> = HashMap::new();
        let mut add = |label: &str, named: Named| {
            let fields = names.entry(label_key(label).into()).or_default();
            match fields.iter_mut().find(|other| other.field == named.field) {
                Some(other) => {
                    other.is_key |= named.is_key;
                    other.is_heading |= named.is_heading;
                }
                None => fields.push(named),
            }
        };
        let own = |field: &str| {
            let names = format.and_then(|format| format.fields.get(field));
            names.map_or(&[][..], |names| &names.0)
        };
        // What a community with words of its own calls `Topic` need not be the kind's.
        let is_stated = |field: &str| {
            let closed = format.filter(|format| !format.status.is_empty() && !format.states.is_empty());
            closed.is_none_or(|it| {
                matches!(field, "id" | "title")
                    || it.fields.contains_key(field)
                    || it.states.iter().any(|name| **name == *field)
            })
        };
        let mut owned: Vec<(String, usize)> = Vec::new();
        let fields = kind.shape.fields.iter().enumerate();
        for (field, described) in fields.filter(|(_, field)| is_stated(&field.name)) {
            let stated = own(&described.name);
            owned.extend(stated.iter().map(|name| (label_key(name), field)));
            let own = stated.iter().map(|name| (&**name, false));
            let headings = described.headings.iter().map(|heading| (&**heading, true));
            let keys = std::iter::once(&*described.name).chain(described.aliases.iter().map(|it| &**it));
            // Of the sections of a page, the headings say best which one is meant.
            let labels = own.chain(headings).chain(keys.map(|label| (label, false)));
            for (rank, (label, is_heading)) in labels.enumerate() {
                add(label, Named { field, rank, is_key: !is_heading, is_heading });
            }
        }
        for (label, field) in owned {
            if let Some(fields) = names.get_mut(&*label) {
                fields.retain(|named| named.field == field);
            }
        }
        Names { fields: names, vocabulary: OnceLock::new() }
    }

    pub fn fields(&self, key: &str) -> impl Iterator<Item = Named> {
        self.fields.get(key).into_iter().flatten().copied()
    }

    pub fn fields_of<'k>(&self, kind: &'k Kind, key: &str) -> impl Iterator<Item = &'k Field> {
        self.fields(key).filter_map(|named| kind.shape.fields.get(named.field))
    }

    pub fn know(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// Returns the words of the kind for its status, with those of the languages that the program knows.
    pub fn vocabulary(&self, status: &Field) -> &Vocabulary {
        self.vocabulary.get_or_init(|| {
            let own = status.values.iter().map(|value| (&**value, &**value));
            let synonyms = status.synonyms.iter();
            let synonyms =
                synonyms.flat_map(|(value, words)| words.iter().map(move |word| (&**word, &**value)));
            Vocabulary::new(own.chain(synonyms)).with_list("status-phrases").with_list("decision-status")
        })
    }

    pub fn labels(&self) -> impl Iterator<Item = (&str, &[Named])> {
        self.fields.iter().map(|(label, fields)| (&**label, &**fields))
    }
}

/// The only words for a status, each with the value that it means, in the order of the file.
#[derive(Debug)]
pub struct Words {
    words: Vec<(Box<str>, Box<str>)>,
    pub vocabulary: Vocabulary,
}

/// The value of a word that is no status.
const ABSENT: &str = "absent";

impl Words {
    /// Reads the words of a format; `None` if it has none.
    pub(super) fn of(status: &Map<String, Value>) -> Option<Words> {
        let word = |(word, value): (&String, &Value)| Some((word.as_str().into(), value.as_str()?.into()));
        let words: Vec<(Box<str>, Box<str>)> = status.iter().filter_map(word).collect();
        let vocabulary = Vocabulary::new(words.iter().map(|(word, value)| (&**word, &**value)));
        (!words.is_empty()).then_some(Words { words, vocabulary })
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter(|(_, value)| **value != *ABSENT).map(|(word, _)| &**word)
    }

    pub fn value_of(&self, text: &str) -> Option<&str> {
        self.vocabulary.value_of(plain(text)).filter(|value| *value != ABSENT)
    }

    pub fn word_in<'t>(&self, text: &'t str) -> Option<(&'t str, &str)> {
        Some((plain(text), self.value_of(text)?))
    }

    pub fn word_for(&self, value: &str) -> Option<&str> {
        self.words.iter().find(|(_, other)| **other == *value).map(|(word, _)| &**word)
    }

    /// Returns the value of the only word that a text can be a misspelling of.
    pub fn only_meaning(&self, text: &str) -> Option<&str> {
        self.value_of(nearest(plain(text), self.iter())?)
    }
}

fn plain(text: &str) -> &str {
    text.trim().trim_matches(['*', '_', '`', '"', '\'', '.', '!'])
}
