//! The numbers of the records in a folder, for the next free one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ahash::HashMap;

use crate::lazy::get_or_compute;
use crate::record::{self, Record};

use super::Catalog;
use super::paths::number_in;

/// By kind, folder and what stands before the number.
pub(super) type SeriesByFolder = Mutex<HashMap<(Arc<str>, Box<str>, Box<str>), Arc<OnceLock<Series>>>>;

/// The numbers below a folder.
pub(super) struct Series {
    /// The highest one at the end of an identifier.
    highest: Option<i64>,
    /// Those of records and of names of files and folders, also on other branches.
    taken: BTreeSet<i64>,
    /// The keys of the identifiers that several records share, sorted.
    shared: Vec<String>,
}

/// The most digits of a number; more are a date, or no number at all.
const MAX_DIGITS: usize = 6;
/// As many nines and more stand for a number that is not known yet.
const MIN_NINES: usize = 3;

impl Catalog {
    /// Returns the highest number at the end of an identifier, also of those in file names, among the records of a record's kind in a
    /// folder and below it, after `prefix`.
    pub fn highest_number(&self, record: &Record, folder: &str, prefix: &str) -> Option<i64> {
        self.series(record, folder, prefix, |series| series.highest)
    }

    /// Returns a number above [`Catalog::highest_number`] that no record and no name in the folder bears, also on other branches, another
    /// one for each identifier that several records share. A folder of one status counts with those of the others.
    pub fn free_number(&self, record: &Record, folder: &str, prefix: &str) -> Option<i64> {
        let folder = record::numbered_folder(folder);
        self.series(record, folder, prefix, |series| {
            let rank = series.shared.binary_search(&record.key()).unwrap_or_default();
            (series.highest? + 1..).filter(|number| !series.taken.contains(number)).nth(rank)
        })
    }

    fn series<T>(&self, record: &Record, folder: &str, prefix: &str, read: impl Fn(&Series) -> T) -> T {
        let key = (record.kind.name.clone(), folder.into(), prefix.into());
        let mut known = self.lazy.series.lock().unwrap_or_else(PoisonError::into_inner);
        let series = known.entry(key).or_default().clone();
        drop(known);
        read(get_or_compute(&series, || self.find_series(&record.kind.name, folder, prefix)))
    }

    fn find_series(&self, kind: &str, folder: &str, prefix: &str) -> Series {
        let (_, below) = self.below(self.of_kind(kind), folder);
        let records = || below.iter().map(|&number| self.record(number));
        let ids = records().flat_map(|record| [Some(&*record.id), record.file_id.as_deref()]).flatten();
        let stated: BTreeSet<i64> = ids
            .filter(|id| prefix.is_empty() || split_number(id).0 == prefix)
            .filter_map(counted_number)
            .collect();
        let files = self.snapshot.files();
        let first = files.partition_point(|file| *file.path < *folder);
        let names = files[first..].iter().map_while(|file| file.path.strip_prefix(folder));
        let names = names.filter_map(|path| path.split('/').find(|name| !record::is_status_folder(name)));
        let branches = self.snapshot.names_on_branches(folder.trim_end_matches('/'), false).found;
        let named = names.chain(branches.iter().map(|(_, name)| &**name)).filter_map(number_in_name);
        // A page whose file has another number takes that one, once its heading is corrected.
        let is_misfiled = |record: &Record| {
            record.file_id.as_deref().is_some_and(|it| counted_number(it) != counted_number(&record.id))
        };
        let is_counted =
            |number: &&u32| below.binary_search(number).is_ok() && !is_misfiled(self.record(**number));
        let shared = self.names().shared_keys(kind);
        let shared = shared.filter(|(_, of_key)| of_key.iter().filter(is_counted).count() > 1);
        let mut shared: Vec<String> = shared.map(|(key, _)| key.to_owned()).collect();
        shared.sort_unstable();
        Series {
            highest: stated.last().copied(),
            taken: named.chain(stated.iter().copied()).collect(),
            shared,
        }
    }
}

fn split_number(id: &str) -> (&str, &str) {
    id.split_at(id.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

fn counted_number(id: &str) -> Option<i64> {
    let (_, digits) = split_number(id);
    let is_unknown = digits.len() >= MIN_NINES && digits.bytes().all(|digit| digit == b'9');
    if is_unknown || digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

/// Returns the number of `0007-queue.md` and `adr-7`.
fn number_in_name(name: &str) -> Option<i64> {
    number_in(name).and_then(|(number, _)| counted_number(number))
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
    }
}
