//! The old and the new identifier in all their spellings: `4`, `0004`, `ADR-4`.

use std::sync::LazyLock;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::record::{Record, id_key, leading_number};
use crate::text::{LazyRegex, Span};

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
        let (prefixes, old_name) = (record.prefixes().into(), last_name(&record.path).to_owned());
        let mut spelling = Spelling { old, prefixes, new_id: String::new(), old_name, new_path: None };
        spelling.new_id = spelling.respell(&record.id).unwrap_or_else(|| new.to_owned());
        if record.is_sole_record {
            spelling.new_path = spelling.moved_file(record);
            refuse_if_folder_is_named(record).filter(|_| spelling.new_path.is_none()).map_or(Ok(()), Err)?;
        }
        Ok(spelling)
    }

    fn moved_file(&self, record: &Record) -> Option<String> {
        let name = &*self.old_name;
        let id = file_id(record).filter(|id| name.contains(*id))?;
        // The format may read the number without the zeros before it.
        let at = name.find(id).filter(|_| is_number(id));
        let zeros = at.map_or(0, |at| at - name[..at].trim_end_matches('0').len());
        let id = at.map_or(id, |at| &name[at - zeros..at + id.len()]);
        let respelt = self.respell(id).or_else(|| renumbered(id, &record.id, &self.new_id))?;
        let folder = &record.path[..record.path.len() - name.len()];
        Some(format!("{folder}{}", name.replacen(id, &respelt, 1)))
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
        let (at, new) = (self.name_in(path)?, last_name(self.new_path.as_ref()?));
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
    leading_number(last_name(folder)).filter(|id| id_key(id, record.prefixes()) == record.key())?;
    let fault = Fault::new(format!("can't rename: the folder `{folder}` is named `{}` too", record.id));
    Some(fault.help("rename the folder by hand"))
}

/// Returns the number of the new identifier in place of that of the old one: `0011` for `0001` where `D-1` becomes `D-11`.
fn renumbered(number: &str, old: &str, new: &str) -> Option<String> {
    let digits = |id: &str| id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..].to_owned();
    let (old, new) = (digits(old), digits(new));
    let is_same = is_number(number) && id_key(number, &[]) == id_key(&old, &[]) && is_number(&new);
    let width = if number.starts_with('0') { number.len() } else { 0 };
    is_same.then(|| format!("{:0>width$}", new.trim_start_matches('0')))
}

/// Returns the identifier in the name of a record's file, also where its format does not read it there.
fn file_id(record: &Record) -> Option<&str> {
    let name = last_name(&record.path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_same = |id: &&str| {
        id_key(id, record.prefixes()) == record.key() || renumbered(id, &record.id, &record.id).is_some()
    };
    // The identifier of a page that is filed under its number is that of the page.
    let stated = record.file_id.as_deref().filter(|id| name.contains(*id));
    let numbered = stated.or_else(|| leading_number(stem).filter(is_same));
    let begins_with_id = || {
        let rest = stem.strip_prefix(&*record.id)?;
        let ends_word =
            rest.is_empty() || is_numbered_word(&record.id) && rest.starts_with(['-', '_', ' ', '.']);
        ends_word.then(|| &stem[..record.id.len()])
    };
    numbered.or_else(begins_with_id)
}

fn last_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
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
    let digits = |other: &Record| {
        let id = file_id(other).unwrap_or(&other.id);
        id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..].to_owned()
    };
    let numbers: Vec<String> = beside.map(digits).filter(|digits| !digits.is_empty()).collect();
    let filled =
        numbers.iter().find(|digits| digits.len() > 1 && digits.starts_with('0')).map_or(0, String::len);
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

    #[test]
    fn words_are_whole() {
        let word = spelling(Old::Word { id: "D-7".into(), new: "D-70".into() }, "");
        assert_eq!(word.respell("D-77, D-7").as_deref(), Some("D-77, D-70"));
        assert_eq!(word.places_in("D-7 (D-7), AD-7, D-7-a").len(), 2);
        assert_eq!(
            (word.respell_start("| D-7 |").as_deref(), word.respell_start("See D-7")),
            (Some("| D-70 |"), None)
        );
    }
}
