//! The index.

use std::path::Path;

use alignlint::snapshot::Snapshot;

use super::{paths, text};
use crate::kit::{PROGRAM, Repository};

#[test]
fn of_a_file_that_is_staged_in_part_the_staged_part_counts() {
    let repository = Repository::with(&[("a.yaml", "one: 1\n")]);
    repository.write(&[("a.yaml", "one: 1\ntwo: 2\n")]);
    repository.git(&["add", "a.yaml"]);
    repository.write(&[("a.yaml", "one: 1\ntwo: 2\nthree: 3\n"), ("untracked.yaml", "")]);
    let staged = repository.staged();
    assert_eq!(paths(&staged), ["a.yaml"]);
    assert_eq!(text(&staged, "a.yaml"), "one: 1\ntwo: 2\n");
    assert_eq!(text(&repository.at("HEAD"), "a.yaml"), "one: 1\n");
}

#[test]
fn a_file_that_is_only_announced_is_not_staged() {
    let repository = Repository::with(&[("a.yaml", "")]);
    repository.write(&[("b.yaml", "id: 1")]);
    repository.git(&["add", "--intent-to-add", "b.yaml"]);
    assert_eq!(paths(&repository.staged()), ["a.yaml"]);
}

#[test]
fn a_staged_deletion_is_gone_though_the_file_is_there() {
    let repository = Repository::with(&[("a.yaml", ""), ("b.yaml", "")]);
    repository.git(&["rm", "--quiet", "--cached", "b.yaml"]);
    assert_eq!(paths(&repository.staged()), ["a.yaml"]);
    assert_eq!(paths(&repository.worktree()), ["a.yaml", "b.yaml"]);
}

#[test]
fn before_the_first_commit_what_is_staged_is_all_there_is() {
    let repository = Repository::empty();
    assert_eq!(paths(&repository.staged()), [""; 0]);
    repository.write(&[("a.yaml", "id: 1")]);
    repository.git(&["add", "a.yaml"]);
    assert_eq!(text(&repository.staged(), "a.yaml"), "id: 1");
}

#[test]
fn a_commit_of_some_paths_is_checked_with_the_index_that_git_made_for_it() {
    let repository = Repository::with(&[
        ("governance/people.yaml", "people:\n  - {id: ada, title: Ada}\n"),
        (
            "governance/terms.yaml",
            "terms:\n  - {id: churn, title: Churn, definition: Those who leave, owner: ada}\n",
        ),
    ]);
    let terms = |owner: &str| {
        format!("terms:\n  - {{id: churn, title: Churn, definition: Those who leave, owner: {owner}}}\n")
    };
    repository.write(&[("governance/terms.yaml", &terms("eve"))]);
    let check = |index: &str| {
        let select = ["--staged", "--select", "ownership/unknown"];
        repository.check_with(&select, &[("GIT_INDEX_FILE", index)]).code
    };
    repository.git(&["add", "--all"]);
    assert_eq!(check(".git/index"), Some(1));
    std::fs::copy(repository.path().join(".git/index"), repository.path().join(".git/next")).unwrap();
    repository.git(&["reset", "--quiet"]);
    assert_eq!((check(".git/index"), check(".git/next")), (Some(0), Some(1)));
}

#[test]
fn a_file_in_conflict_is_listed_and_its_problem_said() {
    let repository = Repository::with(&[("a.yaml", "id: base"), ("b.yaml", "")]);
    clash(&repository, "a.yaml", "id: ours", "id: theirs");
    let staged = repository.staged();
    assert_eq!(paths(&staged), ["a.yaml", "b.yaml"]);
    assert!(text(&staged, "a.yaml").starts_with("the file has an unresolved merge conflict"));
    assert_eq!(staged.blob_id(staged.get("a.yaml").unwrap()), None);
}

#[test]
fn while_a_file_is_in_conflict_nobody_it_may_name_is_called_unknown() {
    let people = |name: &str| format!("people:\n  - {{id: {name}, title: T}}\n");
    let term = "terms:\n  - {id: churn, title: Churn, definition: Those who leave, owner: tim}\n";
    let repository = Repository::with(&[("people.yaml", &people("ada")), ("strategy/terms.yaml", term)]);
    let check = || {
        let select = ["--staged", "--select", "ownership/unknown,document/unreadable"];
        repository.check(&select).messages().join("; ")
    };
    assert_eq!(check(), "the owner `tim` of `churn` is not a known person, role or team");
    clash(&repository, "people.yaml", &people("eve"), &people("tim"));
    let conflict = "the file has an unresolved merge conflict";
    assert_eq!(check(), conflict);
}

#[test]
fn links_and_submodules_are_there_and_not_looked_into() {
    let library = Repository::with(&[("inside.yaml", "")]);
    let repository = Repository::with(&[("a.yaml", "")]);
    repository.git(&["submodule", "--quiet", "add", library.path().to_str().unwrap(), "lib"]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.yaml", repository.path().join("link.yaml")).unwrap();
    repository.commit("2026-10-02");
    for state in [repository.staged(), repository.at("HEAD")] {
        assert_eq!(paths(&state), [".gitmodules", "a.yaml"]);
        assert!(state.has("lib/inside.yaml") && state.has("lib") && !state.has("library"));
        assert_eq!(state.has("link.yaml"), cfg!(unix));
    }
}

#[test]
fn a_sparse_index_holds_what_the_checkout_leaves_out() {
    let repository = Repository::with(&[("a.yaml", ""), ("in/b.yaml", "b"), ("out/deep/c.yaml", "c")]);
    repository.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    let staged = repository.staged();
    assert_eq!(paths(&staged), ["a.yaml", "in/b.yaml", "out/deep/c.yaml"]);
    assert_eq!(text(&staged, "out/deep/c.yaml"), "c");
    assert_eq!(paths(&repository.at("HEAD")), paths(&staged));
}

#[test]
fn a_linked_worktree_has_an_index_of_its_own() {
    let repository = Repository::with(&[("a.yaml", "")]);
    let linked = Repository::folder();
    let place = linked.path().join("linked");
    repository.git(&["worktree", "add", "--quiet", place.to_str().unwrap(), "-b", "side"]);
    linked.write(&[("linked/sub/b.yaml", "")]);
    linked.git(&["-C", "linked", "add", "--all"]);
    let staged = Snapshot::index(&place.join("sub")).unwrap();
    assert_eq!((paths(&staged), staged.prefix()), (vec!["a.yaml", "sub/b.yaml"], "sub"));
    assert_eq!(staged.resolve(Path::new("b.yaml")).as_deref(), Some("sub/b.yaml"));
    assert_eq!(paths(&repository.staged()), ["a.yaml"]);
}

/// Leaves a file in conflict.
fn clash(repository: &Repository, path: &str, ours: &str, theirs: &str) {
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[(path, theirs)]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[(path, ours)]);
    repository.commit("2026-10-03");
    assert!(!repository.git_succeeds(&["merge", "--quiet", "side"]), "the branches clash");
}

#[cfg(unix)]
#[test]
fn a_hook_stops_a_commit_with_new_findings_wherever_git_is_started() {
    use std::os::unix::fs::PermissionsExt;

    let repository = Repository::with(&[("governance/people.yaml", "people:\n  - {id: ada, title: Ada}\n")]);
    let hook = repository.path().join(".git/hooks/pre-commit");
    repository.write(&[(
        ".git/hooks/pre-commit",
        &format!("#!/bin/sh\nexec '{PROGRAM}' --staged --since HEAD --select ownership/unknown\n"),
    )]);
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    let linked = repository.path().join("linked");
    repository.git(&["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    let term = |owner: &str| {
        format!("terms:\n  - {{id: churn, title: Churn, definition: Those who leave, owner: {owner}}}\n")
    };
    for folder in ["governance", "linked/governance"] {
        let commits = |owner: &str| {
            repository.write(&[(&format!("{folder}/terms.yaml"), &term(owner))]);
            repository.git(&["-C", folder, "add", "terms.yaml"]);
            repository.git_succeeds(&["-C", folder, "commit", "--quiet", "--message", owner])
        };
        assert!(!commits("eve") && commits("ada"), "{folder}");
    }
}

#[test]
fn before_the_first_record_a_hook_stops_no_commit() {
    let hook = ["--staged", "--since", "HEAD"];
    let passes = |repository: &Repository| {
        let output = repository.check(&hook);
        assert_eq!(
            (output.code, &*output.out, output.err.lines().count()),
            (Some(0), "", 1),
            "{}",
            output.err
        );
        let fixing = repository.check(&["--fix", "--since", "HEAD", "--fail-on", "never"]);
        assert_eq!(fixing.code, Some(0), "{}", fixing.err);
    };
    let first = Repository::empty();
    first.write(&[("README.md", "# A project\n")]);
    first.git(&["add", "--all"]);
    passes(&first);
    let people = "people:\n  - {id: ada, title: Ada}\n";
    for files in [("README.md", "# A project\n"), ("alignlint.yaml", ""), ("people.yaml", people)] {
        let repository = Repository::with(&[files]);
        repository.write(&[("notes.md", "# Notes\n"), ("data.yaml", "a: 1\n")]);
        repository.git(&["add", "--all"]);
        passes(&repository);
        for other in [&["--staged"][..], &["--rev", "HEAD"], &["--since", "HEAD"], &[]] {
            assert_eq!(repository.check(other).code, Some(2), "{other:?}");
        }
    }
}

#[test]
fn a_hook_sees_the_last_record_go() {
    let decision = "decisions:\n  - { id: D-1, title: Go, status: accepted, assumptions: [A-1] }\n";
    let repository = Repository::with(&[
        ("governance/decisions.yaml", decision),
        ("governance/assumptions.yaml", "assumptions:\n  - { id: A-1, title: We grow }\n"),
    ]);
    repository.git(&["rm", "--quiet", "governance/assumptions.yaml"]);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert!(output.messages().iter().any(|message| message.contains("A-1")), "{}", output.out);
}
