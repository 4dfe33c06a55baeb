//! Generated repositories: the planted defects are the only findings.

#[path = "../../benches/generator/mod.rs"]
pub mod generator;
#[path = "../../benches/history.rs"]
mod history;
mod hook;

use std::path::Path;

use generator::{AS_OF, Repository};
use tempfile::TempDir;

use crate::kit::{Output, PROGRAM, command, git};

const RECORDS: usize = 500;

fn written(repository: &Repository) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    repository.write(folder.path()).expect("the repository is written");
    folder
}

/// What the program prints, with one finding on each line.
fn check(folder: &Path, threads: &str) -> String {
    let mut command = command(PROGRAM, folder);
    command.args(["--as-of", AS_OF, "--format", "concise", "--quiet"]).env("RAYON_NUM_THREADS", threads);
    let output = Output::of(&mut command);
    assert_eq!(output.err, "");
    output.out
}

/// `path:line: rule` of a line such as `path:line:column: error[rule] message`.
fn place_and_rule(line: &str) -> String {
    let (place, rest) = line.split_once(": ").expect("a place");
    let (place, _column) = place.rsplit_once(':').expect("a column");
    let rule = rest.split(['[', ']']).nth(1).expect("a rule");
    format!("{place}: {rule}")
}

#[test]
fn every_planted_defect_is_found_at_its_line_and_nothing_else() {
    let repository = Repository::generate(RECORDS, 7);
    let mut found: Vec<String> =
        check(written(&repository).path(), "2").lines().map(place_and_rule).collect();
    let mut planted: Vec<String> = repository.defects.iter().map(ToString::to_string).collect();
    found.sort();
    planted.sort();
    let missed: Vec<&String> = planted.iter().filter(|defect| !found.contains(defect)).collect();
    let unplanned: Vec<&String> = found.iter().filter(|finding| !planted.contains(finding)).collect();
    assert!(missed.is_empty() && unplanned.is_empty(), "missed: {missed:#?}\nnot planted: {unplanned:#?}");
    assert_eq!(found, planted);
}

#[test]
fn the_output_is_the_same_from_run_to_run_and_for_any_number_of_threads() {
    let folder = written(&Repository::generate(RECORDS, 11));
    let first = check(folder.path(), "1");
    for threads in ["1", "4", "4"] {
        assert_eq!(check(folder.path(), threads), first, "{threads} threads");
    }
}

#[test]
fn generated_pages_are_as_long_as_those_of_people_and_without_mistakes() {
    for mixed in [false, true] {
        let repository = Repository::of_pages(200, mixed, 7);
        let pages =
            repository.files.iter().filter(|(path, _)| path.ends_with(".md")).map(|(_, text)| text.len());
        let lengths: Vec<usize> = pages.collect();
        let mean = lengths.iter().sum::<usize>() / lengths.len();
        assert!((1_600..2_000).contains(&mean), "{mean}");
        let folder = written(&repository);
        let output =
            Output::of(command(PROGRAM, folder.path()).args(["--as-of", AS_OF, "--format", "concise"]));
        // Nygard's form has no room for options, which the other pages record.
        let found: Vec<&str> =
            output.out.lines().filter(|line| !line.contains("[decision/no-trade-offs]")).collect();
        assert_eq!((output.code, found), (Some(0), vec![]));
    }
}

#[test]
fn a_seed_and_a_size_give_one_repository() {
    let files = |seed| Repository::generate(RECORDS, seed).files;
    assert_eq!(files(3), files(3));
    assert_ne!(files(3), files(4));
}

#[test]
fn a_repository_of_any_size_has_records_to_spoil() {
    assert_eq!(Repository::generate(199, 1).defects.len(), 0, "a small repository has none");
    let once = Repository::generate(200, 1).defects.len();
    // The first sizes with one more of each defect.
    for (records, times) in [(700, 2), (1200, 3), (1700, 4)] {
        assert_eq!(Repository::generate(records, 1).defects.len(), once * times, "{records} records");
    }
}

#[test]
fn a_history_ends_in_the_files_that_were_generated() {
    let repository = Repository::generate(200, 5);
    let folder = tempfile::tempdir().expect("a temporary folder");
    history::commit(&repository.files, 300, 5, folder.path()).expect("the history is written");
    assert_eq!(git(folder.path(), &["rev-list", "--count", "HEAD"]), "300");
    for (path, text) in &repository.files {
        assert_eq!(&std::fs::read_to_string(folder.path().join(path)).expect(path), text);
    }
}
