//! The next free identifier of a series.

use std::collections::BTreeSet;

use crate::record::Record;

use super::Catalog;
use super::paths::{MAX_DIGITS, number_in};

/// As many nines and more stand for a number that is not known yet.
const MIN_NINES: usize = 3;

impl Catalog {
    /// Returns an identifier in the form of a record's own, with a number above those of the records and files of its series, also on
    /// other branches: two people who take the next one at the same time would take the same.
    pub fn free_id(&self, record: &Record) -> Option<String> {
        let (prefix, digits) = split_number(&record.id);
        let own = number(digits)?;
        let folder = record.series_folder();
        let kind = &record.kind.name;
        let beside = self.of_kind_below(kind, folder).iter().map(|at| self.record(*at));
        // A folder beside it may be of the same series, such as one for each status.
        let in_scope = self.of_kind_below(kind, record.start_of_scope()).iter().map(|at| self.record(*at));
        let records = beside.chain(in_scope.filter(|other| other.shares_scope(record)));
        let of_records = records.filter_map(|other| {
            let (before, digits) = split_number(&other.id);
            number(digits).filter(|_| before == prefix)
        });
        let files = self.snapshot.files();
        let below = files[files.partition_point(|file| *file.path < *folder)..].iter();
        let names = below.map_while(|file| file.path.strip_prefix(folder)?.split('/').next());
        let of_files = names.filter_map(number_in_name);
        let branches = self.snapshot.names_on_branches(folder.trim_end_matches('/'), false).found;
        let of_branches = branches.iter().filter_map(|(_, name)| number_in_name(name));
        let taken: BTreeSet<u32> = of_records.chain(of_files).chain(of_branches).collect();
        let free = taken.last().map_or(own, |highest| own.max(*highest)).checked_add(1)?;
        let width = if digits.starts_with('0') { digits.len() } else { 1 };
        Some(format!("{prefix}{free:0>width$}"))
    }
}

fn split_number(id: &str) -> (&str, &str) {
    id.split_at(id.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

fn number(digits: &str) -> Option<u32> {
    let is_unknown = digits.len() >= MIN_NINES && digits.bytes().all(|digit| digit == b'9');
    if is_unknown || digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

/// Returns the number of `0007-queue.md` and `adr-7`.
fn number_in_name(name: &str) -> Option<u32> {
    number(number_in(name)?.0)
}
