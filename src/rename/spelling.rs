//! The old and the new identifier in all their spellings: `4`, `0004`, `ADR-4`.

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::record::{Record, id_key, leading_number};
use crate::snapshot::is_within;

/// How the old identifier is written, and how to write the new one in its place.
pub(super) struct Spelling {
    old: Old,
    /// The words that may stand before a number.
    prefixes: Box<[Box<str>]>,
    pub new_id: String,
    moved: Option<Moved>,
}

/// The paths, before and after, of the record's file, or of its folder where that bears the identifier.
pub(super) struct Moved {
    pub from: String,
    pub to: String,
}

impl Moved {
    /// The last component of both paths.
    pub(super) fn names(&self) -> [&str; 2] {
        [&self.from, &self.to].map(|path| last_name(path))
    }
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
                return Err(Fault::new(format!(
                    "`{new}` is no number, as the ids beside `{}` are",
                    record.id
                )));
            }
            (false, _) if !is_word(new) => {
                return Err(
                    Fault::new(format!("`{new}` is no id")).help("use letters, digits, `-`, `_` and `.`")
                );
            }
            (false, _) => Old::Word { id: record.id.to_string(), new: new.to_owned() },
        };
        let mut spelling =
            Spelling { old, prefixes: record.prefixes().into(), new_id: String::new(), moved: None };
        spelling.new_id = spelling.respell(&record.id).unwrap_or_else(|| new.to_owned());
        if record.is_sole_record {
            spelling.moved = spelling.moved_file(record).or_else(|| spelling.moved_folder(catalog, record));
        }
        Ok(spelling)
    }

    fn moved_file(&self, record: &Record) -> Option<Moved> {
        let name = last_name(&record.path);
        let id = file_id(record).filter(|id| name.contains(*id))?;
        let folder = &record.path[..record.path.len() - name.len()];
        // The format may read the number without the zeros before it.
        let at = name.find(id).filter(|_| is_number(id));
        let zeros = at.map_or(0, |at| at - name[..at].trim_end_matches('0').len());
        let id = at.map_or(id, |at| &name[at - zeros..at + id.len()]);
        let respelt = self.respell(id).or_else(|| renumbered(id, &record.id, &self.new_id))?;
        let to = format!("{folder}{}", name.replacen(id, &respelt, 1));
        Some(Moved { from: record.path.to_string(), to })
    }

    /// A folder that bears the identifier of the only record in it.
    fn moved_folder(&self, catalog: &Catalog, record: &Record) -> Option<Moved> {
        let (folder, _) = record.path.rsplit_once('/')?;
        let name = last_name(folder);
        leading_number(name).filter(|id| id_key(id, record.prefixes()) == record.key())?;
        let is_other = |other: &Record| other.number != record.number && is_within(&other.path, folder);
        if catalog.records().iter().any(is_other) {
            return None;
        }
        let to = format!("{}{}", &folder[..folder.len() - name.len()], self.respell(name)?);
        Some(Moved { from: folder.to_owned(), to })
    }

    pub(super) fn moved(&self) -> Option<&Moved> {
        self.moved.as_ref()
    }

    /// The path of a file after the renaming.
    pub(super) fn new_path(&self, path: &str) -> String {
        let moved = self.moved.as_ref().filter(|moved| is_within(path, &moved.from));
        moved.map_or_else(|| path.to_owned(), |moved| format!("{}{}", moved.to, &path[moved.from.len()..]))
    }

    /// Replaces the identifier where it stands first in a text; `None` if the text does not hold it.
    pub(super) fn respell(&self, text: &str) -> Option<String> {
        match &self.old {
            Old::Word { id, new } => {
                let at = words(text, id).next()?;
                Some(format!("{}{new}{}", &text[..at], &text[at + id.len()..]))
            }
            Old::Number { key, new, width } => {
                let (at, digits) = numbers(text).find(|(_, digits)| id_key(digits, &[]) == *key)?;
                let is_filled = digits.starts_with('0') || digits.len() == *width;
                let width = if is_filled { digits.len() } else { 0 };
                Some(format!("{}{new:0>width$}{}", &text[..at], &text[at + digits.len()..]))
            }
        }
    }

    /// As [`Spelling::respell`], where the text begins with the identifier: not in `[Use 4 queues]`.
    pub(super) fn respell_start(&self, text: &str) -> Option<String> {
        let start = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let rest = start.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let word = &start[..start.len() - rest.len()];
        let is_prefix = word.bytes().all(|byte| byte.is_ascii_uppercase())
            || self.prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(word));
        let number = rest.trim_start_matches(['-', ' ', '_', '#']);
        let begins = is_prefix && number.starts_with(|c: char| c.is_ascii_digit());
        begins.then(|| self.respell(text))?
    }

    /// Replaces the identifier in a text that names the record: in the name of its file or folder, and once before it.
    pub(super) fn respell_reference(&self, text: &str) -> Option<String> {
        match self.name_in(text) {
            Some((at, old, new)) => {
                let before = self.respell_start(&text[..at]).unwrap_or_else(|| text[..at].to_owned());
                Some(format!("{before}{new}{}", &text[at + old.len()..]))
            }
            None => self.respell(text),
        }
    }

    /// Replaces the name of the record's file or folder in a path.
    pub(super) fn respell_path(&self, path: &str) -> Option<String> {
        let (at, old, new) = self.name_in(path)?;
        Some(format!("{}{new}{}", &path[..at], &path[at + old.len()..]))
    }

    /// Where the name of the record's file or folder stands in a text; with it, and the new one.
    fn name_in(&self, text: &str) -> Option<(usize, &str, &str)> {
        let [old, new] = self.moved.as_ref()?.names();
        Some((words(text, old).next()?, old, new))
    }

    /// The name of the record's file or folder before, if it changes.
    pub(super) fn old_name(&self) -> Option<&str> {
        self.moved.as_ref().map(|moved| moved.names()[0])
    }

    /// Returns the places of an identifier that is a word with a number, such as `D-7`, in a text.
    pub(super) fn words_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, &'t str, &'t str)> {
        let word = match &self.old {
            Old::Word { id, new } if is_numbered_word(id) => Some((id.as_str(), new.as_str())),
            _ => None,
        };
        word.into_iter().flat_map(move |(id, new)| words(text, id).map(move |at| (at, id, new)))
    }
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

/// True for a path in an address that names a commit, where nothing moves.
pub(super) fn is_of_commit(text: &str, at: usize) -> bool {
    const LONGEST: usize = 1000;
    let from = at.saturating_sub(LONGEST);
    let space = text.as_bytes()[from..at].iter().rposition(u8::is_ascii_whitespace);
    let start = space.map_or(from, |space| from + space);
    let is_commit = |part: &str| part.len() >= 7 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let address = text.get(start..at).and_then(|word| word.split_once("://"));
    address.is_some_and(|(_, address)| address.split('/').any(is_commit))
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

/// Returns the numbers of a text that are no part of a word or of a longer number.
fn numbers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            if !bytes[start].is_ascii_digit() {
                at += 1;
                continue;
            }
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            let ends = !text[at..].starts_with(|c: char| c.is_alphabetic());
            let begins = !text[..start].ends_with(['.', ',']) || text[..start].ends_with(". ");
            if ends && begins {
                return Some((start, &text[start..at]));
            }
        }
        None
    })
}

/// Returns where a word stands in a text, not as a part of a longer one.
pub(super) fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (&text[..*at], &text[at + word.len()..]);
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<String> {
        let old = Old::Number { key: "4".into(), new: "50".into(), width: 4 };
        Spelling {
            old,
            prefixes: Box::from(["adr".into()]),
            new_id: "0050".into(),
            moved: Some(Moved { from: "0004-a-4.md".into(), to: "0050-a-4.md".into() }),
        }
        .respell_reference(text)
    }

    #[test]
    fn numbers_keep_their_spelling() {
        for (text, expected) in [
            ("4. A choice", "50. A choice"),
            ("ADR-0004", "ADR-0050"),
            ("adr 4, and 4", "adr 50, and 4"),
            ("[4. A 4](../0004-a-4.md#x)", "[50. A 4](../0050-a-4.md#x)"),
        ] {
            assert_eq!(number(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["14", "4a", "v1.4", "fourth"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        let old = Old::Word { id: "D-7".into(), new: "D-70".into() };
        let spelling = Spelling { old, prefixes: Box::default(), new_id: "D-70".into(), moved: None };
        assert_eq!(spelling.respell("D-77, D-7").as_deref(), Some("D-77, D-70"));
        assert_eq!(spelling.words_in("D-7 (D-7), AD-7, D-7-a").count(), 2);
    }
}
