//! The files that a broken link may mean: of the same name, or of a similar one beside its target.

use std::sync::Arc;

use crate::calendar::{EXAMPLE_DATE, parse_date};
use crate::schema::{nearby_candidates, nearest};
use crate::syntax::Format;
use crate::syntax::markdown::percent_decoded;

use super::links::{file_name, relative_to};
use super::{Catalog, link_slips, moved, sites};

/// Returns the files with the name of a path, in any case.
pub(super) fn files_named<'c>(catalog: &'c Catalog, path: &str) -> &'c [Arc<str>] {
    let by_name = catalog.lazy.suggestions.file_paths.get_or_init(|| {
        let files = catalog.snapshot.files().iter();
        files.map(|file| (file_name(&file.path).to_lowercase().into(), file.path.clone())).collect()
    });
    let files = by_name.get(&file_name(path).to_lowercase());
    &files[..files.len().min(MAX_NAMESAKES)]
}

/// The most files of one name that are compared with a link.
const MAX_NAMESAKES: usize = 100;

/// Returns the only file of that name, or the one whose path differs in case only or ends as the link does, else a similar
/// name in the folder.
pub(super) fn suggest_path(catalog: &Catalog, from: &str, target: &str, written: &str) -> Option<String> {
    if has_lost_ending(catalog, target) {
        return None;
    }
    let same_name = files_named(catalog, target);
    let written = percent_decoded(written);
    let tail: Vec<&str> = written.split('/').skip_while(|part| matches!(*part, "" | "." | "..")).collect();
    let tail = tail.join("/").to_lowercase();
    let ends_alike = |path: &&Arc<str>| {
        let path = path.to_lowercase();
        path.strip_suffix(&*tail).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    let alike = || {
        let mut alike = same_name.iter().filter(ends_alike);
        alike.next().filter(|_| tail.contains('/') && alike.next().is_none())
    };
    let same_path = || same_name.iter().find(|path| path.to_lowercase() == target.to_lowercase());
    let published = || same_name.iter().filter(|path| sites::is_published(path, &[from, target]));
    let in_this_case = || published().filter(|path| file_name(path) == file_name(target)).collect::<Vec<_>>();
    let only = || match published().collect::<Vec<_>>()[..] {
        [_, _, ..] if says_what_it_is(target) => match in_this_case()[..] {
            [only] => Some(only),
            _ => None,
        },
        [only] if says_what_it_is(target) || is_beside_alike(only, target) => Some(only),
        [only] if moved::differs_by_a_folder(only, target) || lies_above(only, target) => Some(only),
        _ => None,
    };
    let folder = &target[..target.len() - file_name(target).len()];
    // In the folder of the page itself, the number is the slip, also where another folder has a file of that name.
    let is_own_folder = from.strip_prefix(folder).is_some_and(|name| !name.contains('/'));
    let renumbered = || {
        let name = under_another_number(file_name(target), names_beside(catalog, target))
            .filter(|_| is_own_folder)?;
        Some(format!("{folder}{name}"))
    };
    let found = same_path().map(ToString::to_string).or_else(renumbered);
    let found = found.or_else(|| alike().or_else(only).map(ToString::to_string));
    if let Some(padded) = padded_otherwise(catalog, target).filter(|_| found.is_none()) {
        return Some(relative_to(from, &padded));
    }
    let beside = || {
        let names = || names_beside(catalog, target);
        let wanted = file_name(target);
        let name = under_another_number(wanted, names())
            .or_else(|| with_same_number(wanted, names()))
            .or_else(|| of_same_day(wanted, names()))
            .or_else(|| nearest(wanted, names().filter(|name| may_be_misspelt(wanted, name))))
            .or_else(|| with_number_before(wanted, names()))
            .or_else(|| with_letters_before(wanted, names()))?;
        Some(format!("{folder}{name}"))
    };
    let above = || link_slips::in_a_folder_above(catalog, from, target, &written);
    let moved = || moved::suggest(catalog, target, &tail).map(ToString::to_string);
    let found = found.or_else(above).or_else(beside).or_else(moved);
    let found = found.filter(|path| {
        path != from && sites::is_published(path, &[from, target]) && !are_of_two_records(path, target)
    });
    let own = || (from != target && from.eq_ignore_ascii_case(target)).then(|| from.to_owned());
    found.or_else(own).map(|path| relative_to(from, &path))
}

/// True for a page whose file is there without its ending: the file is to be renamed, and the link is right.
fn has_lost_ending(catalog: &Catalog, target: &str) -> bool {
    let stem = target.rsplit_once('.').map_or("", |(stem, _)| stem);
    Format::is_page_path(target) && file_name(stem).contains('-') && catalog.snapshot.get(stem).is_some()
}

/// The names of files in the folder of a path.
fn names_beside<'c>(catalog: &'c Catalog, path: &str) -> impl Iterator<Item = &'c str> {
    let folder = path[..path.len() - file_name(path).len()].to_owned();
    let files = nearby_candidates(catalog.snapshot.files(), |file| *file.path < *path).iter();
    files.filter_map(move |file| file.path.strip_prefix(&*folder)).filter(|name| !name.contains('/'))
}

/// Returns the file beside whose name differs from that of a path in its number, has the day and letter of that alone, or its number and a word.
pub(super) fn renumbered(catalog: &Catalog, path: &str) -> Option<String> {
    let (wanted, names) = (file_name(path), || names_beside(catalog, path));
    let name = under_another_number(wanted, names())
        .or_else(|| of_same_day(wanted, names()))
        .or_else(|| with_same_number(wanted, names()))?;
    Some(format!("{}{name}", &path[..path.len() - file_name(path).len()]))
}

/// Returns the only name with the same words, in any order, behind another number: `0036-keep-logs.md` for `0026-keep-logs.md`.
fn under_another_number<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    fn parts(name: &str) -> Option<(&str, Vec<&str>)> {
        let number = name.find(|c: char| c.is_ascii_digit())?;
        let rest = name[number..].trim_start_matches(|c: char| c.is_ascii_digit());
        let mut all: Vec<&str> = rest.split(['-', '_']).filter(|word| !word.is_empty()).collect();
        all.sort_unstable();
        let is_slug = rest.starts_with(['-', '_']) && all.len() > 1 && !words(rest).is_empty();
        is_slug.then_some((&name[..number], all))
    }
    let wanted = parts(wanted)?;
    let mut renumbered = names.filter(|name| parts(name).as_ref() == Some(&wanted));
    renumbered.next().filter(|_| renumbered.next().is_none())
}

/// Returns the file beside which differs in the zeros before its number: `0003-logs.md` for `003-logs.md`.
pub(super) fn padded_otherwise(catalog: &Catalog, target: &str) -> Option<String> {
    const MOST_DIGITS: usize = 5;
    let name = file_name(target);
    let folder = &target[..target.len() - name.len()];
    let number = name.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-' || c == '_');
    let letters = &name[..name.len() - number.len()];
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = number[..number.len() - rest.len()].trim_start_matches('0');
    let mut others =
        (digits.len()..=MOST_DIGITS).map(|width| format!("{folder}{letters}{digits:0>width$}{rest}"));
    others.find(|path| !digits.is_empty() && catalog.snapshot.has(path))
}

/// Returns true for files in two folders with a number: `0003-logs/data.md` and `0007-mail/data.md`.
fn are_of_two_records(path: &str, target: &str) -> bool {
    let folder = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    let number = |folder: &str| folder.chars().take_while(char::is_ascii_digit).collect::<String>();
    let (one, other) = (number(&folder(path)), number(&folder(target)));
    one.len() > 1 && other.len() > 1 && one != other
}

/// Returns true if the folder of a file is one above that of another: `readme.md` and `docs/readme.md`.
fn lies_above(path: &str, target: &str) -> bool {
    let folder = &path[..path.len() - file_name(path).len()];
    target.starts_with(folder)
}

/// Returns true if the folders of two files of one name, which says something, are called alike: `guide/start.md` and
/// `guides/start.md`.
fn is_beside_alike(path: &str, target: &str) -> bool {
    let folder = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_lowercase();
    let stem = file_name(target).split('.').next().unwrap_or_default();
    let is_in_each = ["index", "readme"].iter().any(|name| name.eq_ignore_ascii_case(stem));
    !is_in_each && nearest(&folder(target), [folder(path)].iter().map(String::as_str)).is_some()
}

/// Returns false for names of one word, which say nothing of what a file is about: `README.md`, `design.md`, and `README-EN.md`, which any
/// folder may have. `UseQueues.md` has two.
pub(super) fn says_what_it_is(path: &str) -> bool {
    let stem = file_name(path).split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let words = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let begins_word = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    (words.count() > 1 && !is_in_any_folder(path))
        || stem.contains(|c: char| c.is_ascii_digit())
        || stem.as_bytes().windows(2).any(begins_word)
}

/// Returns true for files such as `README-EN.md`, one of which says nothing of another.
fn is_in_any_folder(path: &str) -> bool {
    let first = file_name(path).split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    ["changelog", "contributing", "license", "readme"].iter().any(|name| name.eq_ignore_ascii_case(first))
}

/// Returns false for names whose numbers differ and whose words name no common record, such as `eip-20` and `PIP-20`.
fn may_be_misspelt(wanted: &str, name: &str) -> bool {
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    if is_in_any_folder(wanted) && stem(wanted) != stem(name) {
        return false;
    }
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let (of_wanted, of_name) = (words(wanted), words(name));
    if digits(wanted) == digits(name) {
        let is_alike = |word: &String| nearest(word, of_name.iter().map(String::as_str)).is_some();
        let letters =
            |name: &str| name.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
        let is_same = || of_wanted.is_empty() && letters(wanted) == letters(name);
        let has_words = || {
            let of_name = words_and_humps(name);
            let is_alike = |word: &String| nearest(word, of_name.iter().map(String::as_str)).is_some();
            of_name.is_empty() || words_and_humps(wanted).iter().all(is_alike)
        };
        return match digits(wanted).is_empty() {
            true => has_words(),
            false => of_wanted.iter().any(is_alike) || is_same(),
        };
    }
    of_wanted.len() > 1 && of_wanted == of_name
}

/// Returns the words of at least four letters in the name of a file without its ending, in lower case.
fn words(name: &str) -> Vec<String> {
    const MIN_LEN: usize = 4;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let words = stem.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= MIN_LEN);
    words.map(str::to_owned).collect()
}

/// Returns the words of a name as [`words`] does, with a word for each capital: `ViewBotRepository.js` has three.
fn words_and_humps(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push('-');
        }
        spaced.push(c);
        before = c;
    }
    words(&spaced)
}

/// Returns the only name with the same letters and number of three to five digits, a word of the other or none, and the same extension:
/// pages keep their number when they are renamed. A name of letters and a number only may have fewer digits: `zip-3.md`.
pub(super) fn with_same_number<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    fn number(name: &str, fewest: usize) -> Option<(String, &str)> {
        let rest = name.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_'));
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = name[..name.len() - rest.len()].to_lowercase();
        (fewest..=5).contains(&digits).then(|| (letters, rest[..digits].trim_start_matches('0')))
    }
    const FEWEST_DIGITS: usize = 3;
    let extension = |name: &str| name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    let is_number_only = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with(|c: char| c.is_ascii_digit()));
    let fewest = if is_number_only { 1 } else { FEWEST_DIGITS };
    let (of_name, key) = (words(name), (number(name, fewest)?, extension(name)));
    let is_alike =
        |other: &&str| number(other, FEWEST_DIGITS).is_some_and(|number| (number, extension(other)) == key);
    let shares_word = |other: &&str| {
        let known = || of_name.iter().map(String::as_str);
        let of_other = words(other);
        let has_words = !of_name.is_empty() && !of_other.is_empty();
        !has_words || of_other.iter().any(|word| nearest(word, known()).is_some())
    };
    let mut alike = names.filter(is_alike);
    let first = alike.next().filter(|_| Format::is_page_path(name))?;
    alike.next().is_none().then_some(first).filter(shares_word)
}

/// Returns the only page with the same day and letter: `2023-12-18-b-routes.md` for `2023-12-18-b-openapi.md`.
fn of_same_day<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const CODE: usize = "2023-12-18-b-".len();
    let is_code = |(day, letter): (&str, &str)| {
        parse_date(day).is_some()
            && matches!(letter.as_bytes(), [b'-', letter, b'-'] if letter.is_ascii_lowercase())
    };
    let code = wanted.get(..CODE)?;
    let code = code.split_at_checked(EXAMPLE_DATE.len()).filter(|parts| is_code(*parts)).map(|_| code)?;
    let mut same = names.filter(|name| name.starts_with(code) && Format::is_page_path(name));
    same.next().filter(|_| same.next().is_none())
}

/// Returns the only name that has a number before the wanted one: `0009-connected.avsc` for `connected.avsc`.
fn with_number_before<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let is_numbered = |name: &&str| {
        let before = name.strip_suffix(wanted).and_then(|before| before.strip_suffix(['-', '_']));
        before.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut numbered = names.filter(is_numbered);
    numbered.next().filter(|_| numbered.next().is_none())
}

/// Returns the only name that has letters before the number which is all of the wanted one: `cip-0003.md` for `0003.md`.
fn with_letters_before<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let number = wanted.rsplit_once('.').map_or(wanted, |(stem, _)| stem);
    let is_number = number.len() > 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_lettered = |name: &&str| {
        let letters = name.strip_suffix(wanted).unwrap_or_default().trim_end_matches(['-', '_']);
        !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let mut lettered = names.filter(is_lettered);
    lettered.next().filter(|_| is_number && lettered.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_changes_no_word_into_another() {
        assert!(may_be_misspelt("deploment-guide.md", "deployment-guide.md"));
        assert!(may_be_misspelt("ChatBotRepositry.js", "ChatBotRepository.js"));
        assert!(!may_be_misspelt("ViewBotRepository.js", "ChatBotRepository.js"));
        assert!(may_be_misspelt("LICENSE.md", "LICENSE") && !may_be_misspelt("README-EN.md", "README.fr.md"));
    }
}
