//! How large the project may be: what one engineer can hold in the head. Raising a number takes a reason in the commit.

use std::path::{Path, PathBuf};

use crate::kit::project;

/// Folders, the ending of their files, and the largest numbers of lines and of files there. The aim is 60,000 lines for the program, 1,500
/// for what people do with statuses, numbers and Git, and 3,900 for editors, agents, the merged configuration and a faster hook; 8,000
/// lines of schemas, 13,000 of rules, 26,000 of tests.
const BUDGETS: &[(&[&str], &str, usize, usize)] = &[
    (&["src", "build", "build.rs"], "rs", 65_550, 278),
    (&["rules"], "yaml", 11_485, 165),
    (&["packs"], "yaml", 5_000, 92),
    (&["schemas"], "", 6_640, 87),
    (&["schemas/views", "schemas/lets", "schemas/columns"], "yaml", 900, 18),
    (&["tests/suite"], "rs", 25_800, 118),
    (&["tests/pairs"], "yaml", 24_000, 380),
];

/// The largest number of bytes of the documentation.
const DOCUMENTS: usize = 600_000;

/// The largest number of lines of the changelog.
const CHANGELOG: usize = 40;

fn files(below: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    if below.is_dir() {
        let entries = std::fs::read_dir(below).expect("a folder").flatten();
        entries.for_each(|entry| files(&entry.path(), ending, found));
    } else if ending.is_empty() || below.extension().is_some_and(|it| it == ending) {
        found.push(below.to_owned());
    }
}

fn files_of(folders: &[&str], ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| files(&project().join(folder), ending, &mut found));
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn no_room_is_larger_than_its_budget() {
    let mut over = Vec::new();
    for (folders, ending, most_lines, most_files) in BUDGETS {
        let found = files_of(folders, ending);
        let lines: usize = found.iter().map(|path| text(path).lines().count()).sum();
        if lines > *most_lines || found.len() > *most_files {
            over.push(format!("{folders:?}: {lines} lines in {} files", found.len()));
        }
    }
    let documents: usize = files_of(&["docs"], "").iter().map(|path| text(path).len()).sum();
    let changelog = text(&project().join("CHANGELOG.md")).lines().count();
    assert!(documents <= DOCUMENTS && changelog <= CHANGELOG, "docs: {documents}, changelog: {changelog}");
    assert_eq!(over, [""; 0]);
}
