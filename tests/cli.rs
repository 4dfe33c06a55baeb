//! The contracts that other programs rely on: exit codes, streams and formats.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

#[path = "common/files.rs"]
mod files;

/// A folder with these files.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    files::write(folder.path(), files);
    folder
}

fn alignlint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alignlint"));
    command.current_dir(folder).env_remove("COLUMNS").args(arguments).output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

const GOOD: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - id: D-1\n    title: Sell through partners\n    status: accepted\n    date: 2026-11-01\n    owner: ada\n    \
     options: [partners, own staff]\n    trade-offs: [margin]\n",
);

const BAD: (&str, &str) = (
    "governance/metrics.yaml",
    "kpis:\n  - id: churn\n    title: Churn\n    owner: ada\n    direction: donw\n",
);

#[test]
fn nothing_found_ends_with_0_and_prints_nothing_but_the_summary() {
    let folder = repository(&[GOOD]);
    let output = alignlint(folder.path(), &["--as-of", "2026-11-20"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), ""));
    assert!(err(&output).starts_with("No findings in 1 file"), "{}", err(&output));
    let quiet = alignlint(folder.path(), &["-q"]);
    assert_eq!((out(&quiet).as_str(), err(&quiet).as_str()), ("", ""));
}

#[test]
fn findings_end_with_1_unless_they_are_below_the_threshold() {
    let folder = repository(&[GOOD, BAD]);
    let output = alignlint(folder.path(), &["--format", "concise", "-q"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).starts_with("governance/metrics.yaml:"), "{}", out(&output));
    assert_eq!(alignlint(folder.path(), &["--fail-on", "never"]).status.code(), Some(0));
    let warned = repository(&[(
        "governance/decisions.yaml",
        "decisions:\n  - {id: D-1, title: T, status: accepted, owner: ada}\n",
    )]);
    assert_eq!(alignlint(warned.path(), &[]).status.code(), Some(0), "warnings do not fail by default");
    assert_eq!(alignlint(warned.path(), &["--fail-on", "warning"]).status.code(), Some(1));
}

#[test]
fn nothing_to_check_is_no_success() {
    let folder = repository(&[("src/main.rs", "fn main() {}"), ("values.yaml", "replicas: 2\n")]);
    let output = alignlint(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let told = err(&output);
    for part in ["nothing to check", "governance/", "docs/", "records:"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_run_that_fails_ends_with_2_and_says_where() {
    let folder = repository(&[GOOD, ("alignlint.yaml", "exlude: [drafts/**]\n")]);
    let output = alignlint(folder.path(), &[]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    assert!(
        err(&output).contains("alignlint.yaml:1:1") && err(&output).contains("exclude"),
        "{}",
        err(&output)
    );
    let folder = repository(&[GOOD]);
    for wrong in [
        &["--select", "decision/dupliacte-id"][..],
        &["--as-of", "20261120"],
        &["--format", "xml"],
        &["--fail-on", "fatal"],
        &["nowhere/"],
        &["--no-such-flag"],
        &["explain", "decision/nothing"],
        &["schema", "nothing"],
    ] {
        let output = alignlint(folder.path(), wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(!err(&output).is_empty() && out(&output).is_empty(), "{wrong:?}");
    }
    let misspelt = alignlint(folder.path(), &["--select", "decision/dupliacte-id"]);
    assert!(err(&misspelt).contains("`decision/duplicate-id`?"), "{}", err(&misspelt));
}

#[test]
fn paths_limit_what_is_reported_but_not_what_is_read() {
    let people = ("governance/people.yaml", "people:\n  - {id: ada, name: Ada Byron}\n");
    let decision = (
        "governance/decisions.yaml",
        "decisions:\n  - {id: D-1, title: T, status: accepted, date: 2026-11-01, owner: ada, options: [a, b]}\n",
    );
    let folder = repository(&[people, decision, BAD]);
    let output = alignlint(folder.path(), &["governance/decisions.yaml", "--format", "concise"]);
    assert_eq!(out(&output), "", "the owner is known though its file is not named");
    let made = Command::new("git").args(["init", "-q"]).current_dir(folder.path()).status();
    assert!(made.expect("git runs").success());
    let below = alignlint(&folder.path().join("governance"), &["metrics.yaml", "--format", "concise"]);
    assert!(
        out(&below).starts_with("governance/metrics.yaml:"),
        "paths are relative to the root: {}",
        out(&below)
    );
}

#[test]
fn one_run_may_write_several_reports() {
    let folder = repository(&[GOOD, BAD]);
    let output = alignlint(
        folder.path(),
        &["-q", "--format", "concise", "--format", "json=out.json", "--format", "jsonl=out.jsonl"],
    );
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("out.json")).unwrap()).unwrap();
    let lines = fs::read_to_string(folder.path().join("out.jsonl")).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), out(&output).lines().count());
    assert_eq!(findings.len(), lines.lines().count());
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first, findings[0]);
}

#[test]
fn json_keeps_to_its_schema() {
    let folder = repository(&[GOOD, BAD]);
    let output = alignlint(folder.path(), &["-q", "--as-of", "2026-11-20", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    let schema: serde_json::Value =
        serde_json::from_str(&out(&alignlint(folder.path(), &["schema", "report"]))).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let broken: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(report["as-of"], "2026-11-20");
    assert_eq!(report["summary"]["records"], serde_json::json!({ "decision": 1, "kpi": 1 }));
}

#[test]
fn records_are_listed_with_where_they_come_from() {
    let folder = repository(&[
        GOOD,
        (
            "docs/adr/0001-use-git.md",
            "# 1. Use Git\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nc\n",
        ),
    ]);
    let listed = out(&alignlint(folder.path(), &["records", "decision", "--format", "json"]));
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let records = listed["records"].as_array().unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!((&records[0]["id"], &records[0]["profile"]), (&"0001".into(), &"nygard".into()));
    assert_eq!(records[0]["fields"]["date"], "2026-01-02");
    assert_eq!((&records[1]["id"], &records[1]["profile"]), (&"D-1".into(), &serde_json::Value::Null));
    let people = out(&alignlint(folder.path(), &["records"]));
    assert!(
        people.contains("Sell through partners") && people.contains("governance/decisions.yaml:2"),
        "{people}"
    );
}

#[test]
fn a_rule_is_explained_from_its_file() {
    let folder = repository(&[GOOD]);
    let page = out(&alignlint(folder.path(), &["explain", "ownership/missing"]));
    for part in ["# ownership/missing", "essential", "## Examples", "ada.byron"] {
        assert!(page.contains(part), "{part}");
    }
    let rules = out(&alignlint(folder.path(), &["rules"]));
    let line = rules.lines().find(|line| line.starts_with("ownership/missing ")).unwrap();
    assert!(line.contains("error"), "{line}");
}

#[test]
fn no_configuration_is_read_when_none_is_wanted() {
    let folder = repository(&[GOOD, BAD, ("alignlint.yaml", "rules: { \"*\": off }\n")]);
    assert_eq!(alignlint(folder.path(), &[]).status.code(), Some(0));
    assert_eq!(alignlint(folder.path(), &["--no-config"]).status.code(), Some(1));
    let other = repository(&[("strict.yaml", "fail-on: never\n")]);
    let config = other.path().join("strict.yaml");
    let config = config.to_str().unwrap();
    assert_eq!(alignlint(folder.path(), &["--config", config]).status.code(), Some(0));
}

#[test]
fn a_comment_or_an_exception_excuses_until_its_last_day() {
    let kpis = "kpis:\n  # alignlint: ignore kpi/undefined until 2026-11-30 because the data team defines it this month\n  \
                - {id: churn, title: Churn, owner: ada}\n  - {id: margin, title: Margin, owner: ada}\n";
    let exceptions = "exceptions:\n  - {id: X-1, rule: kpi/*, scope: [margin], owner: ada, approved-by: grace, \
                      reason: new, expires: 2026-12-31}\n";
    let folder = repository(&[("governance/kpis.yaml", kpis), ("governance/exceptions.yaml", exceptions)]);
    let on =
        |day: &str| alignlint(folder.path(), &["--as-of", day, "--select", "kpi/*", "--format", "concise"]);
    let excused = on("2026-11-30");
    assert_eq!((excused.status.code(), out(&excused).as_str()), (Some(0), ""));
    assert!(err(&excused).contains("2 suppressed"), "{}", err(&excused));
    let lines = out(&on("2026-12-01"));
    assert!(lines.lines().count() == 1 && lines.contains("`churn`"), "{lines}");
    let lines = out(&on("2027-01-01"));
    assert!(lines.lines().count() == 2 && lines.contains("`margin`"), "{lines}");
}

#[test]
fn a_let_may_loop_inside_a_loop_that_asks_for_it() {
    let rule = "id: own/twice\ntitle: Twice\nseverity: error\npreset: essential\nfacet: own\nfor: decision\nlet:\n  long: \
                record.tags.filter(t, size(t) > 1)\n  twice: long.filter(t, long.exists(u, u == t))\nwhen: record.tags.exists(o, \
                o in twice && o == 'aa')\nexpect: size(long) == 3\nmessage: \"{size(long)} of {size(twice)}\"\nwhy: Each \
                loop has a variable of its own.\n";
    let decision = "decisions:\n  - {id: D-1, title: T, status: accepted, date: 2026-11-01, owner: ada, options: [a, b], \
                    tags: [aa, bb, x], trade-offs: [margin]}\n";
    let folder = repository(&[
        ("alignlint.yaml", "extends: [./policy]\n"),
        ("policy/rules/own/twice.yaml", rule),
        ("governance/decisions.yaml", decision),
    ]);
    let output = alignlint(folder.path(), &["--select", "own/twice", "--format", "concise", "-q"]);
    assert!(out(&output).ends_with("error[own/twice] 2 of 2\n"), "{}{}", out(&output), err(&output));
}

#[test]
fn a_let_that_the_condition_makes_needless_asks_nobody_for_the_past() {
    let folder = repository(&[GOOD]);
    let asked = |rule| err(&alignlint(folder.path(), &["--select", rule])).contains("no Git history");
    assert!(!asked("decision/unconsulted"), "no decision rights are kept here");
    assert!(asked("decision/rewritten"));
}
