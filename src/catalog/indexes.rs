//! Pages without records that are checked as well: those that introduce a folder of records, or that a record promises to keep up to date.

use ahash::{HashMap, HashSet, HashSetExt};
use rayon::prelude::*;

use crate::calendar::{EXAMPLE_DATE, parse_date};
use crate::kind::Initial;
use crate::record::{self, Record};
use crate::snapshot::Snapshot;
use crate::syntax::Format;
use crate::text::{bare_name, file_name, folder_of};

use super::{IndexReach, SourceFile};

/// The fewest pages of records that have an index, in a format that the user has not described.
const LEAST: usize = 3;

/// Returns the numbers of such pages that are not read already, and what is checked of each.
pub(super) fn of(
    snapshot: &Snapshot,
    parsed: &[(SourceFile, Vec<Record>)],
    is_read: &[bool],
) -> Vec<(usize, IndexReach)> {
    let is_described = |record: &Record| record.format.as_ref().is_some_and(|it| it.own_path.is_some());
    let (mut pages, mut described): (HashMap<&str, usize>, HashSet<&str>) = Default::default();
    for (file, records) in parsed {
        if !records.is_empty() && Format::is_page_path(file.path()) {
            let series = series_of(file.path());
            *pages.entry(series).or_default() += 1;
            if records.iter().any(is_described) {
                described.insert(series);
            }
        }
    }
    let has_records = |path: &str| {
        let folder = folder_of(path);
        described.contains(folder) || pages.get(folder).is_some_and(|count| *count >= LEAST)
    };
    let files = snapshot.files();
    let count: usize = pages.values().sum();
    let is_series = count >= LEAST && 2 * count >= files.len();
    let large = || pages.iter().filter(|(_, count)| **count >= LEAST).map(|(folder, _)| *folder);
    let directly_above: HashSet<&str> = large().map(folder_of).collect();
    let mut above: HashSet<&str> = HashSet::new();
    for folder in large() {
        let folders =
            std::iter::successors(Some(folder), |below| Some(folder_of(below)).filter(|_| !below.is_empty()));
        // The folders above one that is known are known, too.
        folders.take_while(|folder| above.insert(folder)).for_each(drop);
    }
    let declared = declared(parsed);
    let reach = |path: &str| {
        let is_declared = || declared.contains(path) && Format::is_page_path(path);
        let is_above = || is_introduction(path) && above.contains(folder_of(path));
        let is_index = || {
            let name = bare_name(path);
            Format::is_page_path(path)
                && (record::is_index_name(name) && has_records(path)
                    || record::is_decision_index(name) && directly_above.contains(folder_of(path)))
        };
        match is_declared() || is_introduction(path) && has_records(path) || is_index() {
            true => Some(IndexReach::Page),
            false if is_above() => Some(if is_series { IndexReach::Page } else { IndexReach::Records }),
            false => None,
        }
    };
    let others = files.par_iter().enumerate().filter(|(number, _)| !is_read[*number]);
    others.filter_map(|(number, file)| Some((number, reach(&file.path)?))).collect()
}

/// The folder in which a page is one of several. A folder for one page is a page: `logs/README.md`, `2026-01-13/minutes.md`.
fn series_of(path: &str) -> &str {
    let of_page = folder_of(path);
    if is_introduction(path) || is_of_day(of_page) { folder_of(of_page) } else { of_page }
}

/// Returns true for a folder whose name begins with a day.
fn is_of_day(folder: &str) -> bool {
    file_name(folder).get(..EXAMPLE_DATE.len()).is_some_and(|day| parse_date(day).is_some())
}

/// Returns the paths of pages that records promise to keep up to date.
fn declared(parsed: &[(SourceFile, Vec<Record>)]) -> HashSet<String> {
    let of_record = |record: &Record| {
        let mut fields = record.kind.shape.fields.iter();
        let field = fields.find(|field| field.initial == Some(Initial::Page))?;
        let path = record.field(&field.name)?.as_text()?.trim();
        Some(path.trim_start_matches("./").to_owned())
    };
    parsed.iter().flat_map(|(_, records)| records.iter().filter_map(of_record)).collect()
}

fn is_introduction(path: &str) -> bool {
    const NAMES: [&str; 5] = ["readme", "index", "_index", "summary", "toc"];
    let name = bare_name(path);
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) && Format::is_page_path(path)
}

/// Returns true for a page that may list the records beside or below it, by its name.
pub fn is_index_path(path: &str) -> bool {
    Format::is_page_path(path) && record::is_index_name(bare_name(path))
}
