//! The words of a format, which may change though the meaning does not.

use serde_json::{Value, json};

use super::cache::{LONG, go_on};
use crate::kit::{ADA, BO, Output, PROGRAM, Repository, command};

const KEP: &str = "keps/sig-x/12-thing/kep.yaml";
const EIP: &str = "EIPS/eip-7.md";

fn write(repository: &Repository, kep: &str, eip: &str) {
    let kep = format!(
        "title: Faster pods\nkep-number: 12\nauthors: [\"@ada\"]\nowning-sig: sig-x\nstatus: \"{kep}\"\n"
    );
    let front =
        format!("---\neip: 7\ntitle: Cheaper calls\nauthor: Ada Byron (@ada)\nstatus: {eip}\n---\n\n");
    repository.write(&[(KEP, &kep), (EIP, &format!("{front}## Abstract\n\nCalls cost less.\n"))]);
}

/// A repository with a cached history, in which then only the words change. Returns also its commits.
fn reworded() -> (Repository, [String; 3]) {
    let repository = Repository::empty();
    let head = || repository.git(&["rev-parse", "HEAD"]);
    write(&repository, "provisional", "Draft");
    let first = repository.commit("2026-01-10");
    write(&repository, "implementable", "Final");
    repository.commit_as("2026-02-10", BO, "Decide");
    let second = head();
    go_on(repository.path(), LONG);
    assert_eq!(repository.run(&["blame", "."]).code, Some(0));
    write(&repository, "implemented", "Living");
    let third = repository.commit("2026-03-10");
    (repository, [first, second, third])
}

fn at_80_columns(repository: &Repository, arguments: &[&str]) -> Output {
    Output::of(command(PROGRAM, repository.path()).args(arguments).env("COLUMNS", "80"))
}

fn status(repository: &Repository, path: &str, arguments: &[&str]) -> Value {
    let blame = ["blame", path, "--format", "json", "--as-of", crate::kit::TODAY];
    let report = repository.run(&[&blame, arguments].concat()).json();
    let mut rows = report["fields"].as_array().expect("a list").iter();
    rows.find(|row| row["field"] == "/status").expect("a status").clone()
}

#[test]
fn blame_shows_a_new_word_for_the_same_meaning() {
    let (repository, [first, _, third]) = reworded();
    let (first, third) = (&first[..10], &third[..10]);
    let expected = format!(
        "decision 7  EIPS/eip-7.md
  authors  2026-01-10  {first}  Ada Byron  Ada Byron (@ada)
  context  2026-01-10  {first}  Ada Byron  Calls cost less.
  id       2026-01-10  {first}  Ada Byron  7
  status   2026-03-10  {third}  Ada Byron  living (accepted, was final)
  title    2026-01-10  {first}  Ada Byron  Cheaper calls

decision 12  keps/sig-x/12-thing/kep.yaml
  authors  2026-01-10  {first}  Ada Byron  @ada
  id       2026-01-10  {first}  Ada Byron  12
  status   2026-03-10  {third}  Ada Byron  implemented
    (accepted, was implementable)
  title    2026-01-10  {first}  Ada Byron  Faster pods
"
    );
    for arguments in [&["blame", "."][..], &["blame", "."], &["blame", ".", "--no-cache"]] {
        assert_eq!(at_80_columns(&repository, arguments).out, expected, "{arguments:?}");
    }
}

#[test]
fn the_json_of_blame_has_the_change_of_the_meaning_and_of_the_word() {
    let (repository, [_, second, third]) = reworded();
    let expected = json!({
        "record": {"kind": "decision", "id": "12"},
        "path": KEP,
        "field": "/status",
        "value": "accepted",
        "before": "proposed",
        "changed": {"date": "2026-02-10", "commit": second, "author": "Bo Ek"},
        "written": {
            "value": "implemented",
            "before": "implementable",
            "changed": {"date": "2026-03-10", "commit": third, "author": "Ada Byron"},
        },
    });
    assert_eq!(status(&repository, KEP, &[]), expected);
    assert_eq!(status(&repository, KEP, &["--no-cache"]), expected);
}

#[test]
fn where_a_format_has_the_word_of_the_kind_that_is_what_was_written() {
    let repository = Repository::empty();
    let written = || status(&repository, EIP, &[])["written"].clone();
    write(&repository, "provisional", "Draft");
    repository.commit("2026-01-10");
    assert_eq!(written(), Value::Null);
    write(&repository, "provisional", "Stagnant");
    repository.commit("2026-02-10");
    assert_eq!((&written()["value"], &written()["before"]), (&json!("stagnant"), &json!("draft")));
    write(&repository, "provisional", "draft");
    assert_eq!((&written()["value"], &written()["before"]), (&json!("draft"), &json!("stagnant")));
    assert_eq!(written()["changed"]["commit"], Value::Null, "it is not committed");
    write(&repository, "provisional", "Stagnant");
    assert_eq!(written()["changed"]["date"], "2026-02-10");
}

#[test]
fn rules_judge_the_meaning_only() {
    let (repository, _) = reworded();
    repository.write(&[
        ("alignlint.yaml", "extends: [./policy]\n"),
        (
            "policy/house/dates.yaml",
            "for: decision\nexpect: false\nmessage: \"{record.changed(\\\"status\\\").date} \
             {record.history(\\\"status\\\").size()}\"\n",
        ),
    ]);
    for arguments in [&["--select", "house/dates"][..], &["--select", "house/dates", "--no-cache"]] {
        let output = repository.check(arguments);
        assert_eq!(output.messages(), ["2026-02-10 2"; 2], "{output:?}");
    }
}

#[test]
fn the_same_word_in_other_letters_is_no_change() {
    let repository = Repository::empty();
    write(&repository, "implementable", "Final");
    repository.commit("2026-01-10");
    write(&repository, "Implementable", "final");
    repository.commit_as("2026-02-10", ADA, "Respell");
    for path in [KEP, EIP] {
        assert_eq!(status(&repository, path, &[])["written"]["changed"]["date"], "2026-01-10", "{path}");
    }
}
