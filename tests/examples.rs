//! The example repositories and this one, checked as a person would check them.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder of this repository, as of the day for which the examples were written.
fn check(folder: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alignlint"))
        .arg("-C")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .args(["--as-of", "2026-11-20", "--format", "concise"])
        .output()
        .expect("the program starts")
}

fn standard_output(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_clean_example_has_no_findings_under_the_strict_preset() {
    let output = check("examples/clean");
    assert_eq!(standard_output(&output), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn every_planted_mistake_of_the_troubled_example_is_found_and_nothing_else() {
    let output = check("examples/troubled");
    insta::assert_snapshot!("troubled", standard_output(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn this_repository_keeps_to_its_own_rules() {
    let output = check("");
    assert_eq!(standard_output(&output), "");
    assert_eq!(output.status.code(), Some(0));
}
