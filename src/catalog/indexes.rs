//! Pages that introduce a folder of records and hold none: their lists and links are checked as well.

use std::collections::{HashMap, HashSet};

use crate::record::Record;
use crate::snapshot::Snapshot;
use crate::syntax::Format;

use super::SourceFile;
use super::links::file_name;

/// The fewest pages of records that have an index.
const LEAST: usize = 3;

/// Returns the numbers of the index pages: beside records, above folders of which each has one, and above the folder of records in a
/// repository that has little else. Leaves out pages that are read already.
pub(super) fn of(snapshot: &Snapshot, parsed: &[(SourceFile, Vec<Record>)]) -> Vec<usize> {
    let mut pages: HashMap<&str, usize> = HashMap::new();
    let of_records = parsed.iter().filter(|(_, records)| !records.is_empty());
    let paths: Vec<&str> =
        of_records.map(|(file, _)| &**file.path()).filter(|path| Format::is_page_path(path)).collect();
    for path in &paths {
        let folder = folder(path);
        // A folder for one page is a page.
        *pages.entry(if is_introduction(path) { self::folder(folder) } else { folder }).or_default() += 1;
    }
    let has_records = |path: &str| pages.get(folder(path)).is_some_and(|count| *count >= LEAST);
    let files = snapshot.files();
    let is_series = paths.len() >= LEAST && 2 * paths.len() >= files.len();
    let mut above: HashSet<&str> = HashSet::new();
    for folder in pages.iter().filter(|(_, count)| is_series && **count >= LEAST).map(|(folder, _)| *folder) {
        let folders = std::iter::successors(Some(folder), |below| {
            Some(self::folder(below)).filter(|_| !below.is_empty())
        });
        // The folders above one that is known are known, too.
        folders.take_while(|folder| above.insert(folder)).for_each(drop);
    }
    let is_index = |path: &str| {
        is_introduction(path)
            && (has_records(path) || above.contains(folder(path)))
            && parsed.binary_search_by(|(file, _)| (**file.path()).cmp(path)).is_err()
    };
    files.iter().enumerate().filter(|(_, file)| is_index(&file.path)).map(|(number, _)| number).collect()
}

/// Returns the folder of a path, or the one above a folder, with the `/` at its end.
fn folder(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    &path[..path.len() - file_name(path).len()]
}

fn is_introduction(path: &str) -> bool {
    const NAMES: [&str; 5] = ["readme", "index", "_index", "summary", "toc"];
    let stem = file_name(path).split('.').next().unwrap_or_default();
    Format::is_page_path(path) && NAMES.iter().any(|name| name.eq_ignore_ascii_case(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_folder_is_the_one_above() {
        assert_eq!((folder("a/b/c.md"), folder("a/b/"), folder("a.md")), ("a/b/", "a/", ""));
        assert!(
            is_introduction("docs/README.md") && is_introduction("index.rst") && !is_introduction("readme")
        );
    }
}
