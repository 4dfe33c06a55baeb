//! Who accepted a decision, according to its commit, and whether they had the right to.

use super::found;
use crate::kit::{ADA, BO, Repository};

const RULE: &str = "decision/unapproved";
const DECISIONS: &str = "governance/decisions.yaml";
/// Ada under an address that is not in the directory.
const ADA_AT_HOME: &str = "Countess <ada@home.example>";
const CY: &str = "Cy Dal <cy@example.org>";

/// A repository with a proposal. Ada has the right to decide; Bo and Cy have not.
fn proposed() -> Repository {
    let repository = Repository::empty();
    repository.write_file(
        "governance/directory.yaml",
        "people:\n  - {id: ada, title: Ada Byron, email: ada@example.org, handles: ['@ada-b'], team: finance}\n  \
         - {id: bo, title: Bo Ek, email: bo@example.org}\n  - {id: cy, title: Cy Dal, email: cy@example.org}\n\
         teams:\n  - {id: finance, lead: ada}\n",
    );
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: ada}\n");
    repository.write_file(DECISIONS, &decision("proposed"));
    repository.commit_as("2026-06-01", CY, "Propose");
    repository
}

fn decision(status: &str) -> String {
    format!("decisions:\n  - {{id: D-1, title: Charge for each site, status: {status}, domain: pricing}}\n")
}

fn accept(repository: &Repository, author: &str, message: &str) {
    repository.write_file(DECISIONS, &decision("accepted"));
    repository.commit_as("2026-06-08", author, message);
}

/// Accepts the proposal on a new branch, and switches back to the main one.
fn accept_aside(repository: &Repository, author: &str, message: &str) {
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    accept(repository, author, message);
    repository.git(&["checkout", "--quiet", "main"]);
}

/// The people who accepted it without the right, according to the finding.
fn without_right(repository: &Repository) -> Option<String> {
    let found = found(repository, RULE);
    let (_, by) = found.split_once(" by ")?;
    by.split_once(", who ").or_else(|| by.split_once(", none ")).map(|(by, _)| by.to_owned())
}

#[test]
fn an_author_who_may_decide_and_one_who_may_not() {
    let repository = proposed();
    accept(&repository, ADA, "Accept");
    assert_eq!(found(&repository, RULE), "");
    let repository = proposed();
    accept(&repository, BO, "Accept");
    let line = "governance/decisions.yaml:2:52: error[decision/unapproved] `D-1` was accepted on 2026-06-08 by `bo`, \
                who does not hold the decision right `pricing`\n";
    assert_eq!(found(&repository, RULE), line);
}

#[test]
fn a_merge_approves_what_it_merges() {
    let repository = proposed();
    accept_aside(&repository, BO, "Accept");
    repository.merge_as("2026-06-10", ADA, "Merge pull request #7", "side");
    assert_eq!(found(&repository, RULE), "");
}

#[test]
fn a_merge_by_another_person_does_not_remove_the_authors_right() {
    let repository = proposed();
    accept_aside(&repository, ADA, "Accept");
    repository.merge_as("2026-06-10", BO, "Merge pull request #7", "side");
    assert_eq!(found(&repository, RULE), "");
}

#[test]
fn neither_side_nor_merge_may_decide() {
    let repository = proposed();
    accept_aside(&repository, BO, "Accept");
    repository.merge_as("2026-06-10", CY, "Merge pull request #7", "side");
    assert_eq!(without_right(&repository).as_deref(), Some("`bo` and `cy`"));
}

#[test]
fn only_the_commits_of_a_side_that_touch_the_record_count() {
    let repository = proposed();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file("README.md", "# Prices\n");
    repository.commit_as("2026-06-07", ADA, "Something else");
    accept(&repository, BO, "Accept");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.merge_as("2026-06-10", CY, "Merge", "side");
    assert_eq!(without_right(&repository).as_deref(), Some("`bo` and `cy`"));
}

#[test]
fn a_squash_has_one_author_and_the_trailers_that_were_written_into_it() {
    let squash = |message: &str| {
        let repository = proposed();
        accept_aside(&repository, ADA, "Accept");
        repository.git(&["merge", "--quiet", "--squash", "side"]);
        repository.commit_as("2026-06-10", BO, message);
        repository
    };
    assert_eq!(without_right(&squash("Charge for each site (#7)")).as_deref(), Some("`bo`"));
    let message =
        "Charge for each site (#7)\n\n* Accept\n\n---------\n\nCo-authored-by: Ada Byron <ada@example.org>";
    assert_eq!(found(&squash(message), RULE), "");
}

#[test]
fn a_squash_by_a_program_without_trailers_is_not_judged() {
    for program in
        ["merge-train[bot] <9+merge-train[bot]@users.noreply.github.com>", "bors <bors@example.org>"]
    {
        let repository = proposed();
        accept(&repository, program, "Charge for each site (#7)");
        assert_eq!(found(&repository, RULE), "", "{program}");
        let repository = proposed();
        accept(&repository, program, "Charge for each site (#7)\n\nReviewed-by: Bo Ek <bo@example.org>");
        assert_eq!(without_right(&repository).as_deref(), Some("`bo`"), "{program}");
    }
}

#[test]
fn a_trailer_is_a_claim_whoever_makes_it() {
    for trailer in [
        "Approved-by: Ada Byron <ada@example.org>",
        "Reviewed-by: @ada-b",
        "Signed-off-by: Ada <12+ada-b@users.noreply.github.com>",
        "acked-by: ada <ADA@example.org> (by telephone)",
    ] {
        let repository = proposed();
        accept(&repository, BO, &format!("Accept\n\n{trailer}"));
        assert_eq!(found(&repository, RULE), "", "nobody can tell that it is forged: {trailer}");
    }
    for trailer in ["Suggested-by: Ada Byron <ada@example.org>", "Approved-by: Cy Dal <cy@example.org>"] {
        let repository = proposed();
        accept(&repository, BO, &format!("Accept\n\n{trailer}"));
        assert!(without_right(&repository).is_some(), "{trailer}");
    }
}

#[test]
fn the_mailmap_knows_an_address_that_the_directory_does_not() {
    let repository = proposed();
    accept(&repository, ADA_AT_HOME, "Accept");
    assert_eq!(without_right(&repository).as_deref(), Some("`Countess`"));
    repository.write_file(".mailmap", "Ada Byron <ada@example.org> <ada@home.example>\n");
    repository.commit_as("2026-06-09", ADA, "Who is who");
    assert_eq!(found(&repository, RULE), "");
}

#[test]
fn a_member_of_the_team_that_holds_the_right_may_decide() {
    let repository = proposed();
    let directory = repository.read("governance/directory.yaml");
    let join = |name: &str| {
        let joined = directory
            .replace(&format!("{name}@example.org}}"), &format!("{name}@example.org, team: finance}}"));
        assert_ne!(joined, directory);
        repository.write_file("governance/directory.yaml", &joined);
    };
    join("cy");
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: finance}\n");
    repository.commit_as("2026-06-02", ADA, "The team decides, and Cy joins it");
    accept(&repository, CY, "Accept");
    join("bo");
    repository.commit_as("2026-06-20", ADA, "Cy leaves, Bo joins");
    assert_eq!(found(&repository, RULE), "", "Cy was in the team then");
    let repository = proposed();
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: finance}\n");
    repository.commit_as("2026-06-02", ADA, "The team decides");
    accept(&repository, BO, "Accept");
    let directory = directory.replace("bo@example.org}", "bo@example.org, team: finance}");
    repository.write_file("governance/directory.yaml", &directory);
    repository.commit_as("2026-06-20", ADA, "Bo joins");
    assert_eq!(without_right(&repository).as_deref(), Some("`bo`"), "he joined later");
}

#[test]
fn who_left_the_role_since_held_it_then() {
    let repository = proposed();
    let roles = |holder: &str| format!("roles:\n  - {{id: cfo, holder: {holder}}}\n");
    repository.write_file("governance/roles.yaml", &roles("bo"));
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: cfo}\n");
    repository.commit_as("2026-06-02", ADA, "The CFO decides");
    accept(&repository, BO, "Accept");
    repository.write_file("governance/roles.yaml", &roles("cy"));
    repository.commit_as("2026-09-01", ADA, "Cy takes over");
    assert_eq!(found(&repository, RULE), "");
    repository.write_file(DECISIONS, &decision("proposed"));
    repository.commit_as("2026-09-02", CY, "Once more");
    repository.write_file(DECISIONS, &decision("accepted"));
    repository.commit_as("2026-09-03", BO, "And again");
    assert_eq!(without_right(&repository).as_deref(), Some("`bo`"), "he has handed over");
}

#[test]
fn nobody_grants_themselves_a_right_in_the_commit_that_uses_it() {
    let repository = proposed();
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: bo}\n");
    accept(&repository, BO, "Mine, and accepted");
    assert_eq!(without_right(&repository).as_deref(), Some("`bo`"));
    let repository = proposed();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: bo}\n");
    repository.commit_as("2026-06-07", BO, "Mine");
    accept(&repository, BO, "Accepted");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.merge_as("2026-06-10", CY, "Merge", "side");
    assert_eq!(
        without_right(&repository).as_deref(),
        Some("`bo` and `cy`"),
        "nor in the merge that brings both"
    );
}

#[test]
fn what_came_with_the_right_or_in_an_import_is_not_judged() {
    let repository = proposed();
    let many: String = (1..20)
        .map(|n| format!("  - {{id: D-{n}, title: Old, status: accepted, domain: pricing}}\n"))
        .collect();
    repository.write_file(DECISIONS, &format!("decisions:\n{many}"));
    repository.commit_as("2026-06-08", BO, "From the wiki");
    assert_eq!(found(&repository, RULE), "");
    let repository = Repository::empty();
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: ada}\n");
    accept(&repository, BO, "All of it");
    assert_eq!(found(&repository, RULE), "");
}

#[test]
fn what_is_not_committed_has_no_author_and_is_not_judged() {
    let repository = proposed();
    repository.write_file(DECISIONS, &decision("accepted"));
    assert_eq!(found(&repository, RULE), "");
    repository.git(&["add", "--all"]);
    assert_eq!(repository.run(&["--staged", "--select", RULE, "--format", "concise"]).out, "");
}

#[test]
fn at_the_end_of_a_shallow_clone_nobody_is_accused() {
    let repository = proposed();
    accept(&repository, BO, "Accept");
    repository.write_file("README.md", "# Prices\n");
    repository.commit_as("2026-07-01", ADA, "Something else");
    for (depth, judged) in [("--depth=1", false), ("--depth=2", false), ("--depth=3", true)] {
        let clone = Repository::clone(&repository, &[depth]);
        assert_eq!(found(&clone, RULE).is_empty(), !judged, "{depth}: {}", found(&clone, RULE));
    }
}

#[test]
fn a_branch_that_grants_the_right_first_is_checked_by_the_rights_of_its_target() {
    let repository = proposed();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file("governance/rights.yaml", "decision-rights:\n  - {id: pricing, owner: bo}\n");
    repository.commit_as("2026-06-07", BO, "Mine");
    accept(&repository, BO, "Accepted");
    let judged = |arguments: &[&str]| repository.check(&[&["--select", RULE, "-q"], arguments].concat()).out;
    assert_eq!(judged(&[]), "", "by its own policy he holds the right since the day before");
    let found = judged(&["--since", "main", "--policy-from", "main"]);
    assert!(found.contains("`D-1` was accepted on 2026-06-08 by `bo`, who"), "{found}");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.merge_as("2026-06-10", ADA, "Ada takes both", "side");
    assert_eq!(judged(&["--policy-from", "main~1"]), "", "the merge is by one who may");
}
