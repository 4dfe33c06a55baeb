//! Folders beside each other that share one series of numbers: `adr/billing/0001-money.md`, `adr/booking/0002-one-deployable.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Record;
use super::expected::folder_of;

/// One series of numbers in several folders.
#[derive(Debug, PartialEq, Eq)]
pub struct Series {
    /// The folder above all of them.
    pub folder: Box<str>,
}

/// The fewest numbers of a series.
const MIN_NUMBERS: usize = 5;
/// The most numbers that two folders may have by mistake, of at least so many for each.
const MAX_SHARED: usize = 2;
const NUMBERS_FOR_EACH_SHARED: usize = 5;
/// More digits are a date, or no number.
const MAX_DIGITS: usize = 4;

/// The numbers of one folder.
type Areas<'r> = BTreeMap<&'r str, BTreeSet<u32>>;

/// Finds out which folders share their numbers, and sets the series of their records.
pub fn join_series(records: &mut [Record]) {
    let mut groups: BTreeMap<(&str, &str, String), Areas<'_>> = BTreeMap::new();
    let numbered =
        records.par_iter().filter_map(|record| Some((record, folder_above(record)?, number(record)?)));
    for (record, above, number) in numbered.collect::<Vec<_>>() {
        let group = (&*record.kind.name, above, record.letters_of_file());
        groups.entry(group).or_default().entry(record.own_scope()).or_default().insert(number);
    }
    let joint: Vec<(Arc<str>, Arc<Series>, String)> = groups
        .into_iter()
        .filter(|(_, areas)| are_one_series(areas))
        .map(|((kind, above, letters), _)| (kind.into(), Arc::new(Series { folder: above.into() }), letters))
        .collect();
    if joint.is_empty() {
        return;
    }
    for record in records {
        let Some(above) = folder_above(record) else { continue };
        let is_of = |(kind, series, letters): &&(Arc<str>, Arc<Series>, String)| {
            *kind == record.kind.name && *series.folder == *above && *letters == record.letters_of_file()
        };
        record.series = joint.iter().find(is_of).map(|(_, series, _)| series.clone());
    }
}

/// Returns the folder that holds the one in which the record is numbered.
fn folder_above(record: &Record) -> Option<&str> {
    let scope = record.own_scope();
    let is_folder = record.path.strip_prefix(scope).is_some_and(|rest| rest.starts_with('/'));
    let above = folder_of(scope);
    (is_folder && record.is_sole_record && !record.is_frozen && !above.is_empty()).then_some(above)
}

fn number(record: &Record) -> Option<u32> {
    let id = record.file_id.as_deref()?;
    let digits = &id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    let is_open = digits.len() > 2 && digits.bytes().all(|digit| digit == b'9');
    if is_open || digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

/// Returns true if the numbers of several folders are those of one count: hardly any is in two folders, together they have hardly a gap,
/// and none of the folders has a block of its own.
fn are_one_series(areas: &Areas<'_>) -> bool {
    let in_folders: usize = areas.values().map(BTreeSet::len).sum();
    let mut homes: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (area, numbers) in areas {
        numbers.iter().for_each(|number| homes.entry(*number).or_default().push(area));
    }
    let shared = in_folders - homes.len();
    let is_mostly_own = |numbers: &BTreeSet<u32>| {
        let own = numbers.iter().filter(|number| homes[number].len() == 1).count();
        2 * own > numbers.len()
    };
    let (Some((first, of_first)), Some((last, _))) = (homes.first_key_value(), homes.last_key_value()) else {
        return false;
    };
    areas.len() > 1
        && in_folders >= MIN_NUMBERS
        && shared <= MAX_SHARED
        && shared * NUMBERS_FOR_EACH_SHARED <= in_folders
        && of_first.len() == 1
        && areas.values().all(is_mostly_own)
        && 4 * homes.len() >= 3 * (last - first + 1) as usize
        && !are_blocks(&homes, areas.len())
}

/// Returns true if each folder has the numbers of one range, and one of these does not follow the one before.
fn are_blocks(homes: &BTreeMap<u32, Vec<&str>>, areas: usize) -> bool {
    let pairs = || homes.iter().zip(homes.iter().skip(1));
    let changes = || pairs().filter(|((_, one), (_, next))| one.iter().all(|area| !next.contains(area)));
    changes().count() < areas && changes().any(|((number, _), (next, _))| number + 1 < *next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_series(areas: &[(&str, &[u32])]) -> bool {
        are_one_series(
            &areas.iter().map(|(area, numbers)| (*area, numbers.iter().copied().collect())).collect(),
        )
    }

    #[test]
    fn folders_share_a_series_if_their_numbers_are_those_of_one_count() {
        assert!(is_series(&[("billing", &[1, 3, 5]), ("booking", &[2, 4, 6])]));
        assert!(is_series(&[("a", &[1, 2, 3]), ("b", &[4, 5])]), "one goes on where the other ends");
        assert!(is_series(&[("a", &[1, 2, 4, 7, 8]), ("b", &[3, 6])]), "a page was removed");
        assert!(is_series(&[("a", &[1, 3, 5]), ("b", &[2, 4, 5])]), "a number was taken twice by mistake");
    }

    #[test]
    fn folders_that_count_by_themselves_share_none() {
        assert!(!is_series(&[("a", &[1, 2, 3, 4]), ("b", &[1, 2, 3])]));
        assert!(!is_series(&[("a", &[1, 2, 3, 4, 5]), ("b", &[1])]));
        assert!(!is_series(&[("a", &[1, 2, 3, 4, 5]), ("b", &[3])]));
        assert!(!is_series(&[("a", &[1, 2, 3]), ("b", &[101, 102, 103])]), "blocks of a hundred");
        assert!(!is_series(&[("a", &[1, 2, 3, 4, 5, 6, 7, 8]), ("b", &[10, 11, 12])]), "blocks of ten");
        assert!(!is_series(&[("a", &[1]), ("b", &[2, 3])]), "too few");
        assert!(!is_series(&[("a", &[1, 2, 3, 4, 5])]), "one folder");
    }
}
