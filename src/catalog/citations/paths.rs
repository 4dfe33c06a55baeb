//! Paths in citations, and the part of a repository that a folder of records is about.

use crate::catalog::Catalog;
use crate::catalog::paths::{file_name, resolve as resolve_relative};

use super::Resolution;

/// Names of folders of documents about the folder above them.
const DOCUMENTS: [&str; 4] = ["docs", "doc", "documentation", ".docs"];

/// Names of folders of records about the folder above them.
const RECORDS: [&str; 14] = [
    "adr",
    "adrs",
    "decisions",
    "decision",
    "architecture",
    "architecture-decisions",
    "architectural-decisions",
    "decision-records",
    "architecture-decision-records",
    "arch",
    "design",
    "rfcs",
    "records",
    "keps",
];

/// Returns the folder that a folder of records is about: `services/api` for `services/api/docs/adr`.
pub(super) fn component(scope: &str) -> &str {
    let mut at = 0;
    for name in scope.split('/') {
        if DOCUMENTS.contains(&&*name.to_ascii_lowercase()) {
            return scope[..at].trim_end_matches('/');
        }
        at += name.len() + 1;
    }
    let mut folder = scope;
    loop {
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        if !RECORDS.contains(&&*name.to_ascii_lowercase()) {
            return folder;
        }
        folder = above;
    }
}

/// Returns true if a file's name begins with this number: `0007-one-queue.adoc`, `adr-7.md`.
pub(super) fn has_number(name: &str, number: u64) -> bool {
    let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', '_']);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse() == Ok(number)
}

/// Finds the record at a path that the file at `from` cites: from the root, from the file, or at the end of an address.
pub(super) fn resolve(catalog: &Catalog, from: &str, cited: &str) -> Resolution<'static> {
    let is_address = cited.contains("://");
    let path = cited.trim_start_matches("./").trim_start_matches('/');
    let relative = resolve_relative(from, cited).filter(|_| !is_address);
    let starts = path.match_indices('/').map(|(at, _)| &path[at + 1..]).filter(|rest| rest.contains('/'));
    let suffixes = [path].into_iter().chain(starts);
    let mut written = relative.as_deref().into_iter().chain(suffixes);
    if let Some(number) = written.find_map(|path| record_at(catalog, path)) {
        return Resolution::Record(number);
    }
    if !is_address && !path.contains('/') {
        let mut named = catalog.records.iter().filter(|record| file_name(&record.path) == path);
        if let (Some(only), None) = (named.next().filter(|record| record.is_sole_record), named.next()) {
            return Resolution::Record(only.number);
        }
    }
    Resolution::Unclear
}

/// The record in the file at a path, or in the folder that it names, or that a page at the path is about.
fn record_at(catalog: &Catalog, path: &str) -> Option<u32> {
    let at = |path: &str| catalog.names().at_path(path);
    let beside = || at(path.rsplit_once('/')?.0).filter(|_| catalog.snapshot.has(path));
    at(path).or_else(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_records_is_about_the_folder_above_its_documents() {
        assert_eq!(component("docs/adr"), "");
        assert_eq!(component("services/api/docs/architecture/decisions"), "services/api");
        assert_eq!(component("services/api"), "services/api");
        assert_eq!(component("lib/docs/references/architecture/old"), "lib");
        assert_eq!(component("design/adr"), "");
    }

    #[test]
    fn names_of_files_begin_with_a_number() {
        assert!(has_number("0007-one-queue.adoc", 7) && has_number("adr-7.md", 7) && !has_number("17.md", 7));
    }
}
