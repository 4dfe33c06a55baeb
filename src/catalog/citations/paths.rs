//! Paths in citations, and the part of a repository that a folder of records is about.

use crate::catalog::Catalog;
use crate::catalog::paths::{file_name, only, resolve as resolve_relative};

use super::Resolution;

/// Names of folders of documents or records about the folder above them.
const DOCUMENTS: &str = "docs doc documentation .docs adr adrs arch architecture architecture-decisions architectural-decisions \
    architecture-decision-records decision decisions decision-records design keps rfcs";

/// Returns the folder that a folder of records is about: `services/api` for `services/api/docs/adr`.
pub(super) fn component(scope: &str) -> &str {
    let mut at = 0;
    for name in scope.split('/') {
        if DOCUMENTS.split(' ').any(|folder| folder.eq_ignore_ascii_case(name)) {
            return scope[..at].trim_end_matches('/');
        }
        at += name.len() + 1;
    }
    scope
}

/// Finds the record at a path that the file at `from` cites: from the root, from the file, or at the end of an address.
pub(super) fn resolve(catalog: &Catalog, from: &str, cited: &str) -> Resolution {
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
        let named = catalog.files_named(path).iter().filter(|file| file_name(file) == path);
        if let Some(number) = only(named.filter_map(|file| catalog.names().at_path(file))) {
            return Resolution::Record(number);
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
}
