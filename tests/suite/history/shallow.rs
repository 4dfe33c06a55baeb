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
    assert_eq!(found, "", "no age is guessed");
    assert!(notes.contains("the history starts on 2026-07-06"), "{notes}");
    clone.git(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(check(&clone).0, all);
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
