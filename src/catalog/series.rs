//! The highest numbers of the identifiers below a folder, for the next free one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::record::Record;

use super::Catalog;

/// By kind and folder, found when a record of them is first asked for.
pub(super) type HighestNumbers = Mutex<HashMap<(Arc<str>, Box<str>), BySeries>>;

/// By format and by what stands before the number; the empty text stands before any.
pub(super) type BySeries = HashMap<(Box<str>, Box<str>), Highest>;

#[derive(Clone, Copy, Default)]
pub(super) struct Highest {
    with_years: Option<i64>,
    without_years: Option<i64>,
}

/// The most digits of a number; more are a date, or no number at all.
const MAX_DIGITS: usize = 6;
/// As many nines and more stand for a number that is not known yet.
const MIN_NINES: usize = 3;
const YEAR_DIGITS: usize = 4;

impl Catalog {
    /// Returns the highest number at the end of an identifier, also of those in file names, among the records of a record's kind and
    /// format in a folder and below it, after `prefix`. Years count if the record's own number has as many digits.
    pub fn highest_number(&self, record: &Record, folder: &str, prefix: &str) -> Option<i64> {
        let mut known = self.lazy.highest_numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let of_folder = known
            .entry((record.kind.name.clone(), folder.into()))
            .or_insert_with(|| self.find_highest_numbers(&record.kind.name, folder));
        let highest = of_folder.get(&(record.profile_name().into(), prefix.into()))?;
        let (_, digits) = split_number(&record.id);
        if digits.len() == YEAR_DIGITS { highest.with_years } else { highest.without_years }
    }

    fn find_highest_numbers(&self, kind: &str, folder: &str) -> BySeries {
        let numbers = self.of_kind(kind);
        let path = |number: u32| &**self.file_of(self.record(number)).path();
        // Records are numbered in the order of their paths.
        let first = numbers.partition_point(|&number| path(number) < folder);
        let below = numbers[first..].iter().take_while(|&&number| path(number).starts_with(folder));
        let mut highest = BySeries::new();
        for record in below.map(|&number| self.record(number)) {
            let (prefix, _) = split_number(&record.id);
            for id in [Some(&*record.id), record.file_id.as_deref()].into_iter().flatten() {
                let Some(number) = counted_number(id) else { continue };
                for prefix in [Some(""), Some(prefix).filter(|it| !it.is_empty())].into_iter().flatten() {
                    let of_series = highest.entry((record.profile_name().into(), prefix.into())).or_default();
                    of_series.with_years = of_series.with_years.max(Some(number));
                    if !is_year(id) {
                        of_series.without_years = of_series.without_years.max(Some(number));
                    }
                }
            }
        }
        highest
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
        assert_eq!(["2026", "D-2026", "0026", "20261"].map(is_year), [true, false, false, false]);
    }
}
