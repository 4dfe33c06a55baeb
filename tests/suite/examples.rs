//! The example repositories and this one, checked as a person would check them.

use std::collections::BTreeSet;

use crate::kit::{Output, Repository, TODAY, alignlint, assert_golden, files_below, project};

fn check(folder: &str) -> Output {
    alignlint(&project().join(folder), &["--as-of", TODAY, "--format", "concise"])
}

#[test]
fn the_clean_example_has_no_findings_under_the_strict_preset() {
    let output = check("examples/clean");
    assert_eq!((output.code, &*output.out), (Some(0), ""));
}

/// The files of the clean example as a repository, with another configuration.
fn clean_with(configuration: &str) -> Repository {
    let repository = Repository::empty();
    for (path, text) in files_below("examples/clean", None) {
        repository.write(&[(path.strip_prefix("examples/clean/").expect("below the folder"), &text)]);
    }
    repository.write(&[("alignlint.yaml", configuration)]);
    repository.commit("2026-11-19");
    repository
}

#[test]
fn the_clean_example_has_no_findings_with_all_rules() {
    let output = clean_with("extends: [all]\n").check(&[]);
    assert_eq!((output.code, &*output.out), (Some(0), ""));
}

#[test]
fn the_clean_example_has_a_record_of_each_kind() {
    let listed = clean_with("extends: [strict]\n").run(&["records"]).out;
    let used: BTreeSet<&str> =
        listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    let schemas = files_below("schemas/kinds", Some("yaml"));
    let kinds =
        schemas.keys().map(|path| path.trim_start_matches("schemas/kinds/").trim_end_matches(".yaml"));
    assert_eq!(used, kinds.collect());
}

#[test]
fn every_planted_mistake_of_the_troubled_example_is_found_and_nothing_else() {
    let output = check("examples/troubled");
    assert_golden("tests/suite/golden/troubled.txt", &output.out);
    assert_eq!(output.code, Some(1));
}

#[test]
fn this_repository_has_no_findings() {
    let output = check("");
    assert_eq!((output.code, &*output.out), (Some(0), ""));
}
