//! Formats: how the pages of a community are recognised, and the names by which they call the fields of a kind. A format is data, in
//! `schemas/formats` or in a file of the user; how a page states a field is read by [`crate::layout`] and [`crate::value`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::embedded;
use crate::layout::label_key;
use crate::value::status::Vocabulary;

mod read;
mod recognise;

pub use read::{Read, ReadField, Unreadable, read};
pub use recognise::place_name;

/// A format, as its file states it, with the keys of its base.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Definition {
    pub name: Box<str>,
    /// The format from which it takes what it doesn't state itself.
    pub base: Option<Box<str>>,
    pub title: Box<str>,
    #[serde(default)]
    pub kind: Box<str>,
    pub description: Box<str>,
    /// Ways to recognise a file; one suffices.
    pub recognise: Vec<Alternative>,
    /// Where the identifier stands, the best place first: a key, `title-number`, `file-number`, `folder-number`, `file` or `folder`.
    #[serde(default)]
    pub id: Vec<Box<str>>,
    /// The letters before a number in references.
    #[serde(default)]
    pub prefix: OneOrMore,
    /// Names of fields that the kind doesn't know: labels, keys and sections.
    #[serde(default)]
    pub fields: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// The only words for a status, each with the value that it means; `absent` for a word that is none.
    #[serde(default)]
    pub status: BTreeMap<Box<str>, Box<str>>,
    /// The fields that the format can express.
    #[serde(default)]
    pub states: Vec<Box<str>>,
    #[serde(default)]
    pub requires: Vec<Box<str>>,
    /// The fields that name who is accountable, by priority.
    #[serde(default)]
    pub accountable: Vec<Box<str>>,
    /// Files that accompany a record and are none.
    #[serde(default)]
    pub beside: Vec<Box<str>>,
    /// Where a new value is written.
    pub write: Option<Write>,
    /// In which forms pages refer to each other.
    #[serde(default)]
    pub cites: Vec<Cite>,
}

/// A way to recognise a file. All that it gives must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Alternative {
    /// Globs of paths.
    pub r#in: Vec<Box<str>>,
    /// Names of folders around the file.
    pub folder: Vec<Box<str>>,
    /// The file, or its folder, is named with a number.
    pub numbered: bool,
    /// The file, or its folder, is named with a day.
    pub dated: bool,
    pub sections: Vec<Box<str>>,
    pub any_section: Vec<Box<str>>,
    /// Keys of the front matter, or labels of the header.
    pub keys: Vec<Box<str>>,
    pub any_key: Vec<Box<str>>,
    pub not_keys: Vec<Box<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Write {
    FrontMatter,
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
pub struct Format {
    pub definition: Definition,
    alternatives: Vec<Matcher>,
    beside: GlobSet,
    vocabulary: Option<Vocabulary>,
    /// The names of each field in the form in which labels are compared.
    names: BTreeMap<Box<str>, Vec<Box<str>>>,
}

struct Matcher {
    files: GlobSet,
    folders: Vec<Box<str>>,
    sections: Vec<Box<str>>,
    any_section: Vec<Box<str>>,
    keys: Vec<Box<str>>,
    any_key: Vec<Box<str>>,
    not_keys: Vec<Box<str>>,
    numbered: bool,
    dated: bool,
}

/// Why the file of a format is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake(pub Box<str>);

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Format {
    /// # Errors
    /// If a glob is invalid.
    pub fn new(definition: Definition) -> Result<Format, Mistake> {
        let keys = |names: &[Box<str>]| -> Vec<Box<str>> {
            names.iter().map(|name| label_key(name).into()).collect()
        };
        let matcher = |given: &Alternative| -> Result<Matcher, Mistake> {
            Ok(Matcher {
                files: globs(&given.r#in)?,
                folders: keys(&given.folder),
                sections: keys(&given.sections),
                any_section: keys(&given.any_section),
                keys: keys(&given.keys),
                any_key: keys(&given.any_key),
                not_keys: keys(&given.not_keys),
                numbered: given.numbered,
                dated: given.dated,
            })
        };
        let alternatives = definition.recognise.iter().map(matcher).collect::<Result<_, Mistake>>()?;
        let names = definition.fields.iter().map(|(field, names)| (field.clone(), keys(names))).collect();
        let words = || definition.status.iter().map(|(word, value)| (&**word, &**value));
        let vocabulary = (!definition.status.is_empty()).then(|| Vocabulary::new(words()));
        let beside = globs(&definition.beside)?;
        Ok(Format { definition, alternatives, beside, vocabulary, names })
    }

    /// Returns true for a file that accompanies a record.
    pub fn is_companion(&self, path: &str) -> bool {
        self.beside.is_match(path)
    }

    /// Returns the names that the format has for a field besides those of the kind, in the form in which labels are compared.
    pub fn names_of(&self, field: &str) -> &[Box<str>] {
        self.names.get(field).map_or(&[], Vec::as_slice)
    }

    /// Returns the words for a status, if the format allows no others.
    pub fn closed_vocabulary(&self) -> Option<&Vocabulary> {
        self.vocabulary.as_ref()
    }

    /// Returns true if the format can express the field.
    pub fn states(&self, field: &str) -> bool {
        self.definition.states.iter().any(|stated| **stated == *field)
    }
}

fn globs(patterns: &[Box<str>]) -> Result<GlobSet, Mistake> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.map_err(|error| Mistake(error.to_string().into()))?);
    }
    set.build().map_err(|error| Mistake(error.to_string().into()))
}

/// All formats, by name. Where two recognise a file, the first one counts: communities, then the layouts that many share.
pub struct Formats(Vec<Arc<Format>>);

/// The layouts that many share, after all others and in this order.
const LAST: [&str; 5] = ["proposal", "madr", "nygard", "rfc", "generic"];

impl Formats {
    /// Returns the formats of the program.
    pub fn built_in() -> Formats {
        let files = embedded::files("schemas/formats").filter_map(|(path, _)| {
            let json = serde_json::from_str(embedded::as_json(path)?).ok()?;
            Some((path, json))
        });
        Formats::load(files).unwrap_or_else(|(path, mistake)| panic!("{path}: {mistake}"))
    }

    /// Builds formats from their files, each as JSON with the name of the file; a base comes from the same files.
    ///
    /// # Errors
    /// The name of the first file with a mistake, and the mistake.
    pub fn load<'s>(
        files: impl IntoIterator<Item = (&'s str, serde_json::Value)>,
    ) -> Result<Formats, (String, Mistake)> {
        let files: BTreeMap<&str, serde_json::Value> = files.into_iter().collect();
        let mut formats = Vec::with_capacity(files.len());
        for (path, own) in &files {
            let refused = |mistake: Mistake| ((*path).to_owned(), mistake);
            let mut merged = own.clone();
            if let Some(base) = own["base"].as_str() {
                let of_base = files.values().find(|other| other["name"].as_str() == Some(base));
                let of_base = of_base
                    .ok_or_else(|| refused(Mistake(format!("no format is called `{base}`").into())))?;
                merged = with_base(of_base, own);
            }
            let definition: Definition =
                serde_json::from_value(merged).map_err(|error| refused(Mistake(error.to_string().into())))?;
            formats.push(Arc::new(Format::new(definition).map_err(refused)?));
        }
        formats.sort_by_key(|format| {
            LAST.iter().position(|last| **last == *format.definition.name).map_or(0, |at| at + 1)
        });
        Ok(Formats(formats))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Format>> {
        self.0.iter()
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Format>> {
        self.iter().find(|format| *format.definition.name == *name)
    }
}

/// Returns a format with what it takes from its base: all keys that it lacks, and the names of fields that it doesn't name itself.
fn with_base(base: &serde_json::Value, own: &serde_json::Value) -> serde_json::Value {
    let mut merged = base.clone();
    let (Some(into), Some(own)) = (merged.as_object_mut(), own.as_object()) else { return merged };
    for (key, value) in own {
        let mut value = value.clone();
        let of_base = into.get("fields").filter(|_| key == "fields").and_then(serde_json::Value::as_object);
        if let (Some(names), Some(more)) = (of_base, value.as_object_mut()) {
            for (field, names) in names {
                more.entry(field.clone()).or_insert_with(|| names.clone());
            }
        }
        into.insert(key.clone(), value);
    }
    merged
}
