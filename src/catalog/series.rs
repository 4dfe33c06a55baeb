//! The highest numbers of the identifiers below a folder, for the next free one.

use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ahash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

use crate::lazy::get_or_compute;
use crate::record::{self, Record};

use super::Catalog;

/// By kind and folder, found when a record of them is first asked for.
pub(super) type HighestNumbers = Mutex<HashMap<(Arc<str>, Box<str>), Arc<OnceLock<BySeries>>>>;

/// Maps kind, folder and the prefix of the number to the numbers that are taken.
pub(super) type TakenNumbers = Mutex<HashMap<(Arc<str>, Box<str>, Box<str>), Arc<OnceLock<Taken>>>>;

/// The numbers below a folder.
pub(super) struct Taken {
    /// Of records of any format, and of names of files and folders.
    numbers: HashSet<i64>,
    /// The keys of the identifiers that several records share, sorted.
    shared: Vec<String>,
}

/// By format and by what stands before the number; the empty text stands before any.
pub(super) type BySeries = HashMap<(Box<str>, Box<str>), Highest>;

#[derive(Clone, Copy, Default)]
pub(super) struct Highest {
    with_years: Option<i64>,
    without_years: Option<i64>,
}

impl Highest {
    fn add(&mut self, number: i64, is_year: bool) {
        let without_years = Some(number).filter(|_| !is_year);
        self.merge(Highest { with_years: Some(number), without_years });
    }

    fn merge(&mut self, other: Highest) {
        self.with_years = self.with_years.max(other.with_years);
        self.without_years = self.without_years.max(other.without_years);
    }
}

const RECORDS_PER_TASK: usize = 1 << 10;

/// The most digits of a number; more are a date, or no number at all.
const MAX_DIGITS: usize = 6;
/// As many nines and more stand for a number that is not known yet.
const MIN_NINES: usize = 3;
const YEAR_DIGITS: usize = 4;

impl Catalog {
    /// Returns the highest number at the end of an identifier, also of those in file names, among the records of a record's kind and
    /// format in a folder and below it, after `prefix`. Years count if the record's own number has as many digits.
    pub fn highest_number(&self, record: &Record, folder: &str, prefix: &str) -> Option<i64> {
        let kind = &record.kind.name;
        let of_folder = cell_of(&self.lazy.highest_numbers, (kind.clone(), folder.into()));
        let of_folder = get_or_compute(&of_folder, || self.find_highest_numbers(kind, folder));
        let highest = of_folder.get(&(record.profile_name().into(), prefix.into()))?;
        let (_, digits) = split_number(&record.id);
        if digits.len() == YEAR_DIGITS { highest.with_years } else { highest.without_years }
    }

    /// Returns a number above [`Catalog::highest_number`] that no record and no name in the folder bears, also on other branches, another
    /// one for each identifier that several records share. A folder of one status counts with those of the others.
    pub fn free_number(&self, record: &Record, folder: &str, prefix: &str) -> Option<i64> {
        let folder = record::numbered_folder(folder);
        let highest = self.highest_number(record, folder, prefix)?;
        let kind = &record.kind.name;
        let taken = cell_of(&self.lazy.taken_numbers, (kind.clone(), folder.into(), prefix.into()));
        let taken = get_or_compute(&taken, || self.find_taken(kind, folder, prefix));
        let rank = taken.shared.binary_search(&record.key()).unwrap_or_default();
        (highest + 1..).filter(|number| !taken.numbers.contains(number)).nth(rank)
    }

    fn find_taken(&self, kind: &str, folder: &str, prefix: &str) -> Taken {
        let files = self.snapshot.files();
        let first = files.partition_point(|file| *file.path < *folder);
        let length = files[first..].partition_point(|file| file.path.starts_with(folder));
        let below = files[first..first + length].par_iter();
        let numbers = below.filter_map(|file| number_in_name(name_below(file.path.strip_prefix(folder)?)?));
        let mut numbers: HashSet<i64> = numbers.collect::<Vec<_>>().into_iter().collect();
        let on_branches = self.snapshot.names_on_branches(folder.trim_end_matches('/'), false).found;
        numbers.extend(on_branches.iter().filter_map(|(_, name)| number_in_name(name)));
        // A page whose file has another number takes that one, once its heading is corrected.
        let is_misfiled = |record: &Record| {
            record.file_id.as_deref().is_some_and(|it| counted_number(it) != counted_number(&record.id))
        };
        let below =
            |number: &u32| Some(self.record(*number)).filter(|record| record.path.starts_with(folder));
        let stated = |record: &Record| {
            let (before, _) = split_number(&record.id);
            counted_number(&record.id).filter(|_| before == prefix)
        };
        let stated = self.of_kind(kind).par_iter().filter_map(|number| stated(below(number)?));
        numbers.extend(stated.collect::<Vec<i64>>());
        let shared = self.names().shared_keys(kind).filter(|(_, of_key)| {
            let records = of_key.iter().filter_map(below).filter(|record| !is_misfiled(record));
            let paths: Vec<&str> = records.map(|record| &*record.path).collect();
            differ(&paths)
        });
        let mut shared: Vec<String> = shared.map(|(key, _)| key.to_owned()).collect();
        shared.sort_unstable();
        Taken { numbers, shared }
    }

    fn find_highest_numbers(&self, kind: &str, folder: &str) -> BySeries {
        let (_, below) = self.below(self.of_kind(kind), folder);
        let highest_of = |numbers: &[u32]| {
            let mut highest: HashMap<(&str, &str), Highest> = HashMap::new();
            for record in numbers.iter().map(|&number| self.record(number)) {
                let (prefix, _) = split_number(&record.id);
                for id in [Some(&*record.id), record.file_id.as_deref()].into_iter().flatten() {
                    let Some(number) = counted_number(id) else { continue };
                    for prefix in [Some(""), Some(prefix).filter(|it| !it.is_empty())].into_iter().flatten() {
                        highest.entry((record.profile_name(), prefix)).or_default().add(number, is_year(id));
                    }
                }
            }
            highest
        };
        let merge = |mut all: HashMap<_, Highest>, more: HashMap<_, Highest>| {
            more.into_iter().for_each(|(series, highest)| all.entry(series).or_default().merge(highest));
            all
        };
        let highest = below.par_chunks(RECORDS_PER_TASK).map(highest_of).reduce(HashMap::new, merge);
        highest
            .into_iter()
            .map(|((format, prefix), of_series)| ((format.into(), prefix.into()), of_series))
            .collect()
    }
}

/// Returns the cell of a key. The map is not locked while the value of the cell is computed.
fn cell_of<K: Eq + Hash, T>(known: &Mutex<HashMap<K, Arc<OnceLock<T>>>>, key: K) -> Arc<OnceLock<T>> {
    known.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone()
}

/// Returns the first component of a path, after the status folders.
fn name_below(path: &str) -> Option<&str> {
    path.split('/').find(|name| !record::is_status_folder(name))
}

fn split_number(id: &str) -> (&str, &str) {
    id.split_at(id.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

fn counted_number(id: &str) -> Option<i64> {
    let (_, digits) = split_number(id);
    let is_unknown = digits.len() >= MIN_NINES && digits.bytes().all(|digit| digit == b'9');
    if is_unknown || digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

/// Returns false if the records share a number on purpose: the name of each file goes on from that of the first, as those of
/// translations do.
fn differ(paths: &[&str]) -> bool {
    let stem = |path: &&str| path.rsplit_once('.').map_or(path.len(), |(stem, _)| stem.len());
    let first = paths.iter().min_by_key(|path| stem(path));
    let is_alike = |path: &&str, first: &&str| path != first && path.starts_with(&first[..stem(first)]);
    paths.len() > 1
        && first
            .is_some_and(|first| paths.iter().filter(|path| is_alike(path, first)).count() + 1 < paths.len())
}

/// Returns the number of `0007-queue.md` and `adr-7`.
fn number_in_name(name: &str) -> Option<i64> {
    let number = name.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_'));
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    counted_number(&number[..number.len() - rest.len()])
}

fn is_year(id: &str) -> bool {
    let (prefix, digits) = split_number(id);
    prefix.is_empty() && digits.len() == YEAR_DIGITS && (digits.starts_with("19") || digits.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_unless_they_are_dates_or_wait_for_one() {
        assert_eq!(
            ["D-7", "0012", "adr", "20261120", "999", "ADR-9999", "99"].map(counted_number),
            [Some(7), Some(12), None, None, None, None, Some(99)]
        );
        let of_names = ["0007-queue.md", "adr-7", "README.md", "20261120.md"].map(number_in_name);
        assert_eq!(of_names, [Some(7), Some(7), None, None]);
        assert_eq!(["2026", "D-2026", "0026", "20261"].map(is_year), [true, false, false, false]);
    }
}
