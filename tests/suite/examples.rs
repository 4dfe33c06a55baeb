//! The example repositories and this one, checked as a person would check them.

use crate::kit::{Output, TODAY, alignlint, assert_golden, project};

fn check(folder: &str) -> Output {
    alignlint(&project().join(folder), &["--as-of", TODAY, "--format", "concise"])
}

#[test]
fn the_clean_example_has_no_findings_under_the_strict_preset() {
    let output = check("examples/clean");
    assert_eq!((output.code, &*output.out), (Some(0), ""));
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
