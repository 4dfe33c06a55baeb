//! The old and the new identifier in all their spellings: `4`, `0004`, `ADR-4`.

use std::sync::LazyLock;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::record::{Record, id_key, leading_number};
use crate::text::{LazyRegex, Span, file_name};
use crate::value::identifier::{Identifier, in_name};

/// How the old identifier is written, and how to write the new one in its place.
pub(super) struct Spelling {
    old: Old,
    /// The words that may stand before a number.
    prefixes: Box<[Box<str>]>,
    pub new_id: String,
    /// The name of the record's file.
    old_name: String,
    /// The path of the record's file after the renaming, if its name bears the identifier.
    pub new_path: Option<String>,
}

enum Old {
    /// A number, and to how many digits this format fills it with zeros; 0 if not.
    Number {
        key: String,
        new: String,
        width: usize,
    },
    Word {
        id: String,
        new: String,
    },
}

impl Spelling {
    pub(super) fn new(catalog: &Catalog, record: &Record, new: &str) -> Result<Spelling, Fault> {
        let new = new.trim();
        let (key, new_key) = (record.key(), id_key(new, record.prefixes()));
        let old = match (is_number(&key), is_number(&new_key)) {
            (true, true) => Old::Number { key, new: new_key, width: width(catalog, record) },
            (true, false) => {
                let what = format!("`{new}` is no number, as the ids beside `{}` are", record.id);
                return Err(Fault::new(what));
            }
            (false, _) if !is_word(new) => {
                let fault = Fault::new(format!("`{new}` is no id"));
                return Err(fault.help("use letters, digits, `-`, `_` and `.`"));
            }
            (false, _) => Old::Word { id: record.id.to_string(), new: new.to_owned() },
        };
        let (prefixes, old_name) = (record.prefixes().into(), file_name(&record.path).to_owned());
        let mut spelling = Spelling { old, prefixes, new_id: String::new(), old_name, new_path: None };
        spelling.new_id = spelling.respell(&record.id).unwrap_or_else(|| new.to_owned());
        if record.is_sole_record {
            spelling.new_path = spelling.moved_file(record);
            refuse_if_folder_is_named(record).filter(|_| spelling.new_path.is_none()).map_or(Ok(()), Err)?;
        }
        Ok(spelling)
    }

    /// The path of a file that bears the identifier, or its number: `0011-x.md` for `0001-x.md` where `D-1` becomes `D-11`.
    fn moved_file(&self, record: &Record) -> Option<String> {
        let folder = &record.path[..record.path.len() - self.old_name.len()];
        let (stem, _) = self.old_name.rsplit_once('.')?;
        let begins_with_id = stem.strip_prefix(&*record.id).filter(|rest| {
            rest.is_empty() || is_numbered_word(&record.id) && rest.starts_with(['-', '_', ' ', '.'])
        });
        let (start, length, new) = match file_number(record) {
            _ if begins_with_id.is_some() && !self.is_number() => (0, record.id.len(), self.new_id.clone()),
            Some(Identifier { number, range, .. }) => {
                let (_, length, new) = self.find(number).filter(|_| self.is_number()).or_else(|| {
                    let width = if number.starts_with('0') { number.len() } else { 0 };
                    let new = trailing_number(&self.new_id).trim_start_matches('0');
                    (!new.is_empty()).then(|| (0, number.len(), format!("{new:0>width$}")))
                })?;
                (range.start, length, new)
            }
            None => return None,
        };
        let end = start + length;
        Some(format!("{folder}{}{new}{}", &self.old_name[..start], &self.old_name[end..]))
    }

    fn is_number(&self) -> bool {
        matches!(self.old, Old::Number { .. })
    }

    /// Replaces the identifier where it stands first in a text; `None` if the text does not hold it.
    pub(super) fn respell(&self, text: &str) -> Option<String> {
        let (at, length, new) = self.find(text)?;
        Some(format!("{}{new}{}", &text[..at], &text[at + length..]))
    }

    /// As [`Spelling::respell`], where at most marks and a prefix stand before the identifier: not in `[Use 4 queues]`.
    pub(super) fn respell_start(&self, text: &str) -> Option<String> {
        let (at, ..) = self.find(text)?;
        let word = text[..at].trim_matches(|c: char| !c.is_alphanumeric());
        let is_prefix = word.bytes().all(|byte| byte.is_ascii_uppercase())
            || self.prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(word));
        is_prefix.then(|| self.respell(text))?
    }

    /// Returns where the identifier stands first in a text, its length there, and the new one in its spelling.
    fn find(&self, text: &str) -> Option<(usize, usize, String)> {
        match &self.old {
            Old::Word { id, new } => Some((words(text, id).next()?, id.len(), new.clone())),
            Old::Number { key, new, width } => {
                let (at, digits) = numbers(text).find(|(_, digits)| id_key(digits, &[]) == *key)?;
                let is_filled = digits.starts_with('0') || digits.len() == *width;
                let width = if is_filled { digits.len() } else { 0 };
                Some((at, digits.len(), format!("{new:0>width$}")))
            }
        }
    }

    /// Replaces the identifier in a text that names the record: in the name of its file, and once before it.
    pub(super) fn respell_reference(&self, text: &str) -> Option<String> {
        let Some(at) = self.name_in(text) else { return self.respell(text) };
        let before = self.respell_start(&text[..at]).unwrap_or_else(|| text[..at].to_owned());
        Some(before + &self.respell_path(&text[at..])?)
    }

    /// Replaces the name of the record's file in a path.
    pub(super) fn respell_path(&self, path: &str) -> Option<String> {
        let (at, new) = (self.name_in(path)?, file_name(self.new_path.as_ref()?));
        Some(format!("{}{new}{}", &path[..at], &path[at + self.old_name.len()..]))
    }

    /// Where the name of the record's file stands in a text, if it changes.
    fn name_in(&self, text: &str) -> Option<usize> {
        self.new_path.as_ref()?;
        words(text, &self.old_name).next()
    }

    /// Returns the places of an identifier that is a word with a number, such as `D-7`, in a text.
    pub(super) fn places_in(&self, text: &str) -> Vec<Span> {
        match &self.old {
            Old::Word { id, .. } if is_numbered_word(id) => {
                words(text, id).map(|at| Span::new(at, at + id.len())).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A folder that bears the identifier would have to move with all that is in it.
fn refuse_if_folder_is_named(record: &Record) -> Option<Fault> {
    let (folder, _) = record.path.rsplit_once('/')?;
    leading_number(file_name(folder)).filter(|id| id_key(id, record.prefixes()) == record.key())?;
    let fault = Fault::new(format!("can't rename: the folder `{folder}` is named `{}` too", record.id));
    Some(fault.help("rename the folder by hand"))
}

/// The number in the name of a record's file, if it is that of the record.
fn file_number(record: &Record) -> Option<Identifier<'_>> {
    let name = file_name(&record.path);
    let number = in_name(name.rsplit_once('.').map_or(name, |(stem, _)| stem))?;
    let is_same = id_key(number.number, &[]) == id_key(trailing_number(&record.id), &[]);
    (is_same && is_number(number.number)).then_some(number)
}

fn trailing_number(id: &str) -> &str {
    &id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..]
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.chars().all(is_part) && text.starts_with(char::is_alphanumeric)
}

/// True for `D-7`, and for `M-2026-07`, which has a year too.
fn is_numbered_word(id: &str) -> bool {
    let (word, number) = id.split_once('-').unwrap_or((id, ""));
    let is_year = |year: &str| year.len() == 4 && is_number(year);
    let number =
        number.split_once('-').filter(|(year, _)| is_year(year)).map_or(number, |(_, number)| number);
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()) && is_number(number)
}

/// Returns the number of digits to which the records of the folder fill their numbers with zeros; 0 if some don't.
fn width(catalog: &Catalog, record: &Record) -> usize {
    let beside = catalog.records().iter();
    let beside = beside.filter(|it| it.kind.name == record.kind.name && it.scope() == record.scope());
    let number = |other| file_number(other).map_or_else(|| trailing_number(&other.id), |it| it.number);
    let numbers: Vec<&str> = beside.map(number).filter(|digits| !digits.is_empty()).collect();
    let filled = numbers
        .iter()
        .find(|digits| digits.len() > 1 && digits.starts_with('0'))
        .map_or(0, |digits| digits.len());
    if numbers.iter().any(|digits| digits.len() < filled) { 0 } else { filled }
}

/// Returns the numbers of a text that are no part of a word, a version or an amount.
fn numbers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    static NUMBER: LazyLock<LazyRegex> =
        LazyLock::new(|| LazyRegex::known(r"(?:^|[^0-9.,])([0-9]+)(?:$|[^0-9\p{L}])"));
    let mut from = 0;
    std::iter::from_fn(move || {
        let number = NUMBER.captures_at(text, from)?.get(1)?;
        from = number.end();
        Some((number.start(), number.as_str()))
    })
}

/// Returns where a word stands in a text, not as a part of a longer one.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (&text[..*at], &text[at + word.len()..]);
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(old: Old, prefix: &str) -> Spelling {
        let prefixes = Box::from([prefix.into()]);
        Spelling {
            old,
            prefixes,
            new_id: String::new(),
            old_name: "0004-a-4.md".into(),
            new_path: Some("0050-a-4.md".into()),
        }
    }

    #[test]
    fn numbers_keep_their_spelling() {
        let number = spelling(Old::Number { key: "4".into(), new: "50".into(), width: 4 }, "adr");
        for (text, expected) in [
            ("4. A choice", "50. A choice"),
            ("ADR-0004", "ADR-0050"),
            ("adr 4, and 4", "adr 50, and 4"),
            ("[4. A 4](../0004-a-4.md#x)", "[50. A 4](../0050-a-4.md#x)"),
        ] {
            assert_eq!(number.respell_reference(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["14", "4a", "v1.4", "fourth"] {
            assert_eq!(number.respell_reference(text), None, "{text}");
        }
    }
}
