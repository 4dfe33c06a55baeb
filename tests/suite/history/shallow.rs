//! Shallow clones: what is known.

use crate::kit::{ADA, BO, Repository};

const FILE: &str = "strategy/assumptions.yaml";
const RULE: &str = "assumption/stale";

/// Two assumptions, one changed in January and one in September, and commits that change neither.
fn origin() -> Repository {
    let repository = Repository::empty();
    let file = |two: &str| {
        format!(
            "assumptions:\n  - {{id: A-1, statement: Partners close faster, owner: ada}}\n  \
             - {{id: A-2, statement: {two}, owner: ada}}\n"
        )
    };
    repository.write_file(FILE, &file("Clinics pay late"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    for (day, month) in ["2026-03-02", "2026-05-04", "2026-07-06"].into_iter().zip(3..) {
        repository.write_file("README.md", &format!("# Month {month}\n"));
        repository.commit_as(day, BO, "Something else");
    }
    repository.write_file(FILE, &file("Clinics pay early"));
    repository.commit_as("2026-09-15", BO, "The other way round");
    repository.write_file("README.md", "# Autumn\n");
    repository.commit_as("2026-11-10", BO, "Something else");
    repository
}

fn clone(origin: &Repository, option: &str) -> Repository {
    Repository::clone(origin, &[option])
}

/// The findings, and standard error on one line.
fn check(repository: &Repository) -> (String, String) {
    let output = repository.check(&["--select", RULE]);
    let notes = output.notes();
    (output.out, notes)
}

#[test]
fn a_clone_that_is_deep_enough_is_judged() {
    let origin = origin();
    let (all, notes) = check(&origin);
    assert!(all.contains("`A-1` was last checked on 2026-01-10") && !all.contains("A-2"), "{all}");
    assert!(!notes.contains("shallow"), "{notes}");
    let clone = clone(&origin, "--depth=1");
    let (found, notes) = check(&clone);
    assert_eq!(found, "", "whatever is in it may be ten days old");
    assert!(notes.contains("the history starts on 2026-11-10"), "{notes}");
    clone.git(&["fetch", "--quiet", "--depth=3"]);
    let (found, notes) = check(&clone);
    assert_eq!(
        found,
        "strategy/assumptions.yaml:2:10: error[assumption/stale] `A-1`: The assumption was not checked in time\n"
    );
    assert!(notes.contains("the history starts on 2026-07-06"), "{notes}");
    clone.git(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(check(&clone).0, all);
}

#[test]
fn what_is_certainly_late_is_reported_without_a_day_that_is_not_known() {
    let origin = origin();
    for (depth, late) in
        [("--depth=1", false), ("--depth=2", false), ("--depth=3", true), ("--depth=5", true)]
    {
        let clone = clone(&origin, depth);
        let (found, notes) = check(&clone);
        assert_eq!(found.contains("A-1"), late, "{depth}: {found}");
        assert!(!found.contains("A-2"), "{depth}: {found}");
        assert!(!found.contains("2026-0") && !found.contains("months ago"), "{depth}: {found}");
        assert!(notes.contains("the clone is shallow"), "{depth}: {notes}");
    }
}

#[test]
fn a_finding_keeps_its_fingerprint_whether_or_not_its_day_is_known() {
    let origin = origin();
    let fingerprint = |repository: &Repository| {
        let finding = repository.run_today(&["--select", RULE, "--format", "jsonl", "-q"]).json();
        finding["fingerprint"].clone()
    };
    assert_eq!(fingerprint(&origin), fingerprint(&clone(&origin, "--depth=4")));
}

#[test]
fn a_day_that_is_guessed_for_one_record_is_not_taken_for_certain_of_another() {
    let clone = clone(&origin(), "--depth=3");
    clone.write_file("alignlint.yaml", "extends: [recommended, ./policy]\n");
    // A-1 is from January. According to the clone it may be from July too, but then A-2 would be late.
    let rule = "id: garden/late\ntitle: Late\nseverity: error\npreset: recommended\nfacet: garden\nfor: assumption\nlet:\n  \
                fresh: records('assumption').filter(a, a.id == 'A-1' && a.created >= date('2026-07-01'))\ndue: >-\n  \
                record.created + (size(fresh) > 0 ? duration('1 day') : duration('1 year'))\nmessage: late\nwhy: Late.\n";
    clone.write_file("policy/rules/garden/late.yaml", rule);
    let output = clone.check(&["--select", "garden/late", "-v"]);
    assert_eq!(output.out, "", "{output:?}");
    assert!(output.err.contains("2 checks without a result"), "{output:?}");
}

#[test]
fn a_day_in_the_record_does_not_tell_since_when_a_cut_history_has_its_status() {
    let page = |status: &str| {
        format!("# 1. Use Git\n\nDate: 2020-01-02\n\n## Status\n\n{status}\n\n## Decision\n\nWe use it.\n")
    };
    let origin = Repository::with(&[("alignlint.yaml", "adopted: [\"**\"]\n")]);
    let file = "docs/adr/0001-use-git.md";
    origin.write_file(file, &page("Draft"));
    origin.commit_as("2020-01-02", ADA, "Draft");
    origin.write_file(file, &page("Proposed"));
    origin.commit_as("2026-11-15", ADA, "Propose");
    let found = |repository: &Repository| repository.check(&["--select", "decision/pending-too-long"]).out;
    assert_eq!(found(&origin), "");
    assert_eq!(found(&clone(&origin, "--depth=1")), "");
}
