//! The last change of a value.

use super::changed;
use crate::kit::{ADA, BO, Repository, adr};

const FILE: &str = "strategy/assumptions.yaml";

fn assumption(status: &str) -> String {
    format!(
        "assumptions:\n  - id: A-1\n    statement: Partners close faster\n    status: {status}\n    owner: ada\n"
    )
}

#[test]
fn a_change_of_value_is_one() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-03-04", BO, "Looked");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-03-04 Bo Ek: open -> validated");
    assert_eq!(changed(&repository, "A-1", "/statement"), "2026-01-10 Ada Byron: - -> Partners close faster");
    assert_eq!(changed(&repository, FILE, "/owner"), "2026-01-10 Ada Byron: - -> ada");
    assert_eq!(changed(&repository, "assumption/A-1", "/owner"), "2026-01-10 Ada Byron: - -> ada");
}

#[test]
fn a_file_with_one_version_has_what_its_commit_added() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-01-10 Ada Byron: - -> open");
    repository.write_file(FILE, &assumption("validated"));
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-11-20 -: open -> validated");
    // Git knows the blob of what is staged: it is not that of the commit.
    repository.git(&["add", "--all"]);
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-11-20 -: open -> validated");
    assert_eq!(changed(&repository, "A-1", "/statement"), "2026-01-10 Ada Byron: - -> Partners close faster");
}

#[test]
fn rewriting_the_same_is_no_change() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    let same = [
        (
            "quotes and order",
            FILE,
            "assumptions:\n  - owner: \"ada\"\n    status: 'open'\n    id: A-1\n    statement: Partners close faster\n",
        ),
        (
            "comments and line ends",
            FILE,
            "# what we think\r\nassumptions:\r\n  - id: A-1\r\n    statement: >-\r\n      Partners\r\n      close faster\r\n    owner: [ada]\r\n    status: open\r\n",
        ),
        (
            "a mapping in place of a list",
            FILE,
            "assumptions:\n  A-1: {statement: Partners close faster, status: open, owner: ada}\n",
        ),
        (
            "other words for it",
            FILE,
            "beliefs:\n  - {id: A-1, assumption: Partners close faster, state: new, owner: ada}\n",
        ),
    ];
    for (day, (what, path, text)) in (1..).zip(same) {
        repository.write_file(path, text);
        repository.commit_as(&format!("2026-02-0{day}"), BO, what);
        for field in ["/status", "/statement", "/owner"] {
            assert!(changed(&repository, "A-1", field).starts_with("2026-01-10 Ada"), "{what}: {field}");
        }
    }
}

#[test]
fn a_record_may_move_to_another_file_and_format() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.git(&["mv", FILE, "assumptions.yaml"]);
    repository.commit_as("2026-02-01", BO, "Move the file");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-01-10 Ada Byron: - -> open");

    repository.remove("assumptions.yaml");
    repository.write_file(
        "governance/assumptions.json",
        r#"{"assumptions": [{"id": "A-1", "owner": "ada", "status": "open", "statement": "Partners close faster"}]}"#,
    );
    repository.commit_as("2026-03-01", BO, "Another format");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-01-10 Ada Byron: - -> open");

    repository.remove("governance/assumptions.json");
    repository.write_file(
        "governance/assumptions/a-1.md",
        "---\nid: A-1\nkind: assumption\nowner: ada\nstatus: validated\n---\n\n## Statement\n\nPartners\nclose faster\n",
    );
    repository.commit_as("2026-04-01", BO, "A page, and looked");
    assert_eq!(changed(&repository, "A-1", "/statement"), "2026-01-10 Ada Byron: - -> Partners close faster");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-04-01 Bo Ek: open -> validated");
}

#[test]
fn a_renamed_page_keeps_its_history_though_its_name_is_its_identifier() {
    let repository = Repository::empty();
    let page = "# Use Postgres\n\n## Status\n\nAccepted\n\n## Context\n\nWe store things.\n\n## Decision\n\nPostgres.\n\n## Consequences\n\nOne more server.\n";
    repository.write_file("docs/adr/0001-use-postgres.md", page);
    repository.commit_as("2026-01-10", ADA, "Decide");
    repository.git(&["mv", "docs/adr/0001-use-postgres.md", "docs/adr/0007-use-postgres.md"]);
    repository.commit_as("2026-02-10", BO, "Renumber");
    assert_eq!(
        changed(&repository, "docs/adr/0007-use-postgres.md", "/status"),
        "2026-01-10 Ada Byron: - -> accepted"
    );
}

#[test]
fn a_record_that_gets_its_number_keeps_its_history() {
    let repository = Repository::empty();
    let eip = |number: &str, status: &str| {
        format!(
            "---\neip: {number}\ntitle: Blobs for all\nauthor: Ada Byron (@ada)\nstatus: {status}\ncreated: 2026-01-05\n---\n"
        )
    };
    repository.write_file("EIPS/eip-draft_blobs.md", &eip("<to be assigned>", "Draft"));
    repository.commit_as("2026-01-10", ADA, "Propose");
    repository.git(&["mv", "EIPS/eip-draft_blobs.md", "EIPS/eip-4844.md"]);
    repository.write_file("EIPS/eip-4844.md", &eip("4844", "Last Call"));
    repository.commit_as("2026-02-10", BO, "Number it, and call for objections");
    assert_eq!(changed(&repository, "4844", "/title"), "2026-01-10 Ada Byron: - -> Blobs for all");
    assert_eq!(changed(&repository, "4844", "/status"), "2026-02-10 Bo Ek: draft -> proposed");
}

#[test]
fn the_author_of_a_readable_version_on_a_side_made_its_values() {
    let repository = Repository::empty();
    repository.write_file("README.md", "# Here\n");
    repository.commit_as("2026-01-10", ADA, "Begin");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file(FILE, "assumptions:\n  - {id: A-1\n");
    repository.commit_as("2026-02-01", BO, "Oops");
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-02-02", BO, "Mend");
    repository.write_file(FILE, "assumptions: [\n");
    repository.commit_as("2026-02-03", ADA, "Oops again");
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-02-04", ADA, "Mend, and looked");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.merge_as("2026-03-01", "The Robot <robot@example.org>", "Merge", "side");
    assert_eq!(changed(&repository, "A-1", "/owner"), "2026-02-02 Bo Ek: - -> ada");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-02-04 Ada Byron: - -> validated");
}

#[test]
fn a_merged_change_is_that_of_the_commit_on_the_side() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file(FILE, &assumption("retired"));
    repository.commit_as("2026-02-01", BO, "First thought");
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-02-02", BO, "Second thought");
    repository.write_file("other.txt", "");
    repository.commit_as("2026-02-03", ADA, "Something else");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write_file("README.md", "# Main goes on\n");
    repository.commit_as("2026-02-20", ADA, "Main goes on");
    repository.merge_as("2026-03-01", ADA, "Merge", "side");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-02-02 Bo Ek: open -> validated");
    assert_eq!(changed(&repository, "A-1", "/owner"), "2026-01-10 Ada Byron: - -> ada");
}

#[test]
fn what_a_merge_does_itself_is_its_own() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file("docs/notes.md", "x");
    repository.commit_as("2026-02-01", BO, "Elsewhere");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--no-commit", "side"]);
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-03-01", BO, "Merge, and more");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-03-01 Bo Ek: open -> validated");
}

#[test]
fn a_side_that_took_main_in_does_not_own_what_main_did() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file("strategy/kpis.yaml", "kpis:\n  - {id: churn, definition: Customers lost}\n");
    repository.commit_as("2026-02-01", BO, "A metric");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-02-10", ADA, "Looked");
    repository.git(&["checkout", "--quiet", "side"]);
    repository.merge_as("2026-02-20", BO, "Take main in", "main");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.merge_as("2026-03-01", ADA, "Merge", "side");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-02-10 Ada Byron: open -> validated");
    assert_eq!(changed(&repository, "churn", "/definition"), "2026-02-01 Bo Ek: - -> Customers lost");
}

#[test]
fn a_version_that_could_not_be_read_is_passed_over() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file(FILE, "assumptions:\n  - {id: A-1\n");
    repository.commit_as("2026-02-01", BO, "Oops");
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-02-02", BO, "Mend");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-02-02 Bo Ek: open -> validated");
    assert_eq!(changed(&repository, "A-1", "/owner"), "2026-01-10 Ada Byron: - -> ada");
}

#[test]
fn what_is_not_committed_changed_today_and_by_nobody() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file(FILE, &assumption("validated"));
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-11-20 -: open -> validated");
    assert_eq!(changed(&repository, "A-1", "/owner"), "2026-01-10 Ada Byron: - -> ada");
}

#[test]
fn items_are_known_by_their_key_not_by_their_place() {
    let repository = Repository::empty();
    let objective =
        |results: &str| format!("objectives:\n  - id: O-1\n    title: Grow\n    key-results:\n{results}");
    repository.write_file(
        "okrs/2026.yaml",
        &objective("      - {kpi: revenue, target: 110}\n      - {kpi: churn, target: 5%}\n"),
    );
    repository.commit_as("2026-01-10", ADA, "Plan");
    repository.write_file(
        "okrs/2026.yaml",
        &objective("      - {target: 4%, kpi: churn}\n      - {kpi: revenue, target: 110}\n"),
    );
    repository.commit_as("2026-02-10", BO, "Aim higher");
    assert_eq!(changed(&repository, "O-1", "/key-results/churn/target"), "2026-02-10 Bo Ek: 5% -> 4%");
    assert_eq!(changed(&repository, "O-1", "/key-results/revenue/target"), "2026-01-10 Ada Byron: - -> 110");
}

#[test]
fn a_day_is_the_committers_own() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.git(&["add", "--all"]);
    repository.git_as(ADA, "2026-01-10T23:30:00-08:00", &["commit", "--quiet", "-m", "Late"]);
    assert!(changed(&repository, "A-1", "/status").starts_with("2026-01-10 "), "in UTC it is the 11th");
}

#[test]
fn the_mailmap_says_who_it_was() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", "ada <ada@old.example>", "Believe");
    repository.write_file(".mailmap", "Ada Byron <ada@example.org> <ada@old.example>\n");
    repository.commit_as("2026-01-11", ADA, "Who is who");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-01-10 Ada Byron: - -> open");
}

#[test]
fn a_revision_has_the_mailmap_that_is_committed_there() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.write_file(".mailmap", "Ada Byron <ada@example.org> <ada@old.example>\n");
    repository.commit_as("2026-01-10", "ada <ada@old.example>", "Believe");
    repository.write_file(".mailmap", "Ada Lovelace <ada@example.org> <ada@old.example>\n");
    let author = |arguments: &[&str]| {
        let blame = ["blame", "A-1", "--format", "json"];
        let report = repository.run(&[&blame, arguments].concat()).json();
        report["fields"][0]["changed"]["author"].as_str().map(str::to_owned)
    };
    assert_eq!(author(&["--rev", "HEAD"]).as_deref(), Some("Ada Byron"));
    assert_eq!(author(&[]).as_deref(), Some("Ada Lovelace"));
}

#[test]
fn a_project_in_a_folder_has_the_history_of_that_folder() {
    let repository = Repository::empty();
    repository.write_file("product/alignlint.yaml", "");
    repository.write_file("product/strategy/assumptions.yaml", &assumption("open"));
    repository.write_file(FILE, &assumption("retired"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file("product/strategy/assumptions.yaml", &assumption("validated"));
    repository.commit_as("2026-02-10", BO, "Looked");
    let report = repository.run(&["-C", "product", "blame", "A-1", "--format", "json"]).json();
    let status = report["fields"].as_array().expect("a list").iter().find(|row| row["field"] == "/status");
    assert_eq!(status.expect("a status")["changed"]["date"], "2026-02-10");
}

#[test]
fn a_shallow_clone_never_reports_a_wrong_age() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file("README.md", "# Something\n");
    repository.commit_as("2026-10-10", ADA, "Something else");
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-11-10", BO, "Looked");
    let clone = Repository::clone(&repository, &["--depth=2"]);
    assert_eq!(changed(&clone, "A-1", "/owner"), "- -: - -> ada", "it looks as if it had come in October");
    assert_eq!(changed(&clone, "A-1", "/status"), "2026-11-10 Bo Ek: open -> validated");
    let notes = clone.run(&["blame", "A-1"]).err;
    assert!(notes.contains("the clone is shallow") && notes.contains("git fetch --unshallow"), "{notes}");
}

#[test]
fn stale_by_history_is_found_and_in_a_shallow_clone_not_judged() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file("README.md", "# Something\n");
    repository.commit_as("2026-10-10", ADA, "Something else");
    let whole = repository.check(&["--select", "assumption/stale"]);
    assert!(whole.out.contains("`A-1` was last checked on 2026-01-10"), "{whole:?}");
    assert!(!whole.err.contains("history"), "{whole:?}");
    let shallow = Repository::clone(&repository, &["--depth=1"]).check(&["--select", "assumption/stale"]);
    assert_eq!(shallow.out, "");
    assert!(shallow.err.contains("shallow"), "{shallow:?}");
}

#[test]
fn a_file_that_comes_back_as_it_was_is_not_only_added() {
    let repository = Repository::empty();
    repository.write_file("alignlint.yaml", "extends: [./policy]\n");
    let rule = "id: house/history\ntitle: What it was\nseverity: note\npreset: essential\nfacet: record\nfor: decision\n\
                expect: false\nmessage: \"`{record.id}`: {record.history('status').map(c, c.value).join(', ')}\"\nwhy: To see it.\n";
    repository.write_file("policy/house/history.yaml", rule);
    let (one, two) = ("docs/adr/0001-a.md", "docs/adr/0002-b.md");
    repository.write_file(one, &adr(1, "Keep the queue", "Accepted"));
    repository.commit("2026-01-10");
    repository.write_file(two, &adr(2, "Keep the queue", "Proposed"));
    repository.commit("2026-01-11");
    repository.remove(one);
    repository.commit("2026-01-12");
    repository.write_file(one, &adr(1, "Keep the queue", "Accepted"));
    repository.write_file(two, &adr(2, "Keep the partners", "Accepted"));
    repository.commit("2026-01-13");
    // Of a revision, all blobs are known; of a worktree, not those of files that are as new as the index.
    for arguments in [&["--select", "house/*"][..], &["--select", "house/*", "--rev", "HEAD"]] {
        let output = repository.check(arguments);
        assert_eq!(output.messages(), ["`0001`: proposed, accepted", "`0002`: accepted"], "{arguments:?}");
    }
}

#[test]
fn all_authors_and_reviewers_of_a_change_are_known_also_on_the_side_of_a_merge() {
    let repository = Repository::empty();
    repository.write_file("alignlint.yaml", "extends: [./policy]\n");
    repository.write_file(
        "policy/house/people.yaml",
        "id: house/people\ntitle: Who changed it\nseverity: note\npreset: essential\nfacet: record\nfor: assumption\n\
         expect: false\nmessage: \"{record.changed(\\\"status\\\").people}\"\nwhy: To see them.\n",
    );
    repository.write_file(
        "people.yaml",
        "people:\n  - {id: ada, email: ada@example.org}\n  - {id: eve, handles: ['@eve-k']}\n",
    );
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write_file(FILE, &assumption("open").replace("faster", "much faster"));
    repository.commit_as("2026-02-01", "Cy Day <cy@example.org>", "Wording");
    repository.write_file(FILE, &assumption("validated").replace("faster", "much faster"));
    let message = "Looked\n\nApproved-by: Eve <77+eve-k@users.noreply.github.com>\nSee-also: nobody";
    repository.commit_as("2026-02-02", BO, message);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.merge_as(
        "2026-03-01",
        "The Robot <robot@example.org>",
        "Merge\n\nReviewed-by: Ada <ada@example.org>",
        "side",
    );
    let finding = repository.run(&["--select", "house/people", "--format", "jsonl", "-q"]).json();
    assert_eq!(finding["message"], "Bo Ek, eve, Cy Day, The Robot, ada");
}

#[test]
fn in_a_partial_clone_nothing_is_guessed() {
    let repository = Repository::empty();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Believe");
    repository.write_file(FILE, &assumption("validated"));
    repository.commit_as("2026-11-10", BO, "Looked");
    let clone = Repository::clone(&repository, &["--filter=blob:none"]);
    assert_eq!(changed(&clone, "A-1", "/status"), "- -: - -> validated");
    let notes = clone.run(&["blame", "A-1"]).err;
    assert!(notes.contains("this partial clone lacks 1 version of"), "{notes}");
    clone.git(&["fetch", "--quiet", "--refetch", "--no-filter"]);
    assert_eq!(changed(&clone, "A-1", "/status"), "2026-11-10 Bo Ek: open -> validated");
}

#[test]
fn without_git_nothing_is_known_and_it_is_said_once() {
    let folder = Repository::folder_with(&[(FILE, &assumption("open"))]);
    let output = folder.run(&["--select", "assumption/stale"]);
    assert_eq!((output.code, output.err.matches("no Git history").count()), (Some(0), 1), "{output:?}");
}

#[test]
fn an_id_that_is_used_again_has_no_history() {
    let kpi = |title: &str, definition: &str| {
        format!("kpis:\n  - id: K-1\n    title: {title}\n    definition: {definition}\n    unit: days\n")
    };
    let repository = Repository::empty();
    repository.write_file("kpis.yaml", &kpi("Monthly churn", "Customers who cancelled in the month"));
    repository.commit_as("2026-01-10", ADA, "First");
    repository.write_file("kpis.yaml", &kpi("Parcels on time", "Those at the door of the buyer before noon"));
    assert_eq!(changed(&repository, "K-1", "/unit"), "2026-11-20 -: - -> days");
    repository.commit_as("2026-03-04", BO, "Another one");
    assert_eq!(changed(&repository, "K-1", "/unit"), "2026-03-04 Bo Ek: - -> days");
    // A new name alone, or a new definition alone, is a change of the same record.
    repository.write_file("kpis.yaml", &kpi("On-time share", "Those at the door of the buyer before noon"));
    repository.commit_as("2026-04-04", ADA, "Rename");
    repository.write_file("kpis.yaml", &kpi("On-time share", "Orders that were sent within a day"));
    repository.commit_as("2026-05-04", ADA, "Redefine");
    assert_eq!(changed(&repository, "K-1", "/unit"), "2026-03-04 Bo Ek: - -> days");
    assert_eq!(
        changed(&repository, "K-1", "/title"),
        "2026-04-04 Ada Byron: Parcels on time -> On-time share"
    );
}

/// A decision page as most are written.
fn page(number: u32, title: &str, why: &str) -> String {
    format!(
        "# {number}. {title}\n\n## Status\n\nAccepted\n\n## Context\n\n{why}\n\n## Decision\n\nWe do it.\n"
    )
}

const KAFKA: &str = "Events of billing have to arrive once, and in their order.";
const GO: &str = "The team writes services that start within a second.";

#[test]
fn a_page_that_moves_with_its_folder_and_gets_another_number_keeps_its_history() {
    let repository = Repository::empty();
    repository.write_file("docs/adr/0002-use-go.md", &page(2, "Use Go", GO));
    repository.write_file("docs/adr/0003-use-kafka.md", &page(3, "Use Kafka", KAFKA));
    repository.commit_as("2026-01-10", ADA, "Decide");
    repository.git(&["mv", "docs/adr", "docs/decisions"]);
    repository.git(&["mv", "docs/decisions/0003-use-kafka.md", "docs/decisions/0007-use-kafka.md"]);
    repository.write_file("docs/decisions/0007-use-kafka.md", &page(7, "Use Kafka", KAFKA));
    repository.commit_as("2026-02-10", BO, "Move and renumber");
    for path in ["docs/decisions/0007-use-kafka.md", "docs/decisions/0002-use-go.md"] {
        assert_eq!(changed(&repository, path, "/status"), "2026-01-10 Ada Byron: - -> accepted", "{path}");
    }
}

#[test]
fn numbers_that_shift_by_one_leave_each_page_its_history() {
    let repository = Repository::empty();
    repository.write_file("docs/adr/0002-use-go.md", &page(2, "Use Go", GO));
    repository.commit_as("2026-01-10", ADA, "Go");
    repository.write_file("docs/adr/0003-use-kafka.md", &page(3, "Use Kafka", KAFKA));
    repository.commit_as("2026-01-20", BO, "Kafka");
    repository.git(&["mv", "docs/adr/0003-use-kafka.md", "docs/adr/0004-use-kafka.md"]);
    repository.git(&["mv", "docs/adr/0002-use-go.md", "docs/adr/0003-use-go.md"]);
    repository.write_file("docs/adr/0004-use-kafka.md", &page(4, "Use Kafka", KAFKA));
    repository.write_file("docs/adr/0003-use-go.md", &page(3, "Use Go", GO));
    repository.write_file("docs/adr/0002-use-go-kits.md", &page(2, "Use Go kits", GO));
    repository.commit_as("2026-02-10", ADA, "One more, in between");
    let of = |path: &str| changed(&repository, &format!("docs/adr/{path}"), "/status");
    assert_eq!(of("0004-use-kafka.md"), "2026-01-20 Bo Ek: - -> accepted");
    assert_eq!(of("0003-use-go.md"), "2026-01-10 Ada Byron: - -> accepted");
    assert_eq!(of("0002-use-go-kits.md"), "2026-02-10 Ada Byron: - -> accepted");

    let list = |rows: &[(u32, &str)]| {
        let row =
            |(id, what): &(u32, &str)| format!("  - {{ id: A-{id}, statement: {what}, status: open }}\n");
        format!("assumptions:\n{}", rows.iter().map(row).collect::<String>())
    };
    let (one, two, new) = (
        "Partners sell more than we do",
        "Rents stay as they are until 2028",
        "Rates fall in the spring of 2027",
    );
    repository.write_file(FILE, &list(&[(1, one)]));
    repository.commit_as("2026-03-01", ADA, "One");
    repository.write_file(FILE, &list(&[(1, one), (2, two)]));
    repository.commit_as("2026-03-02", ADA, "Two");
    repository.write_file(FILE, &list(&[(1, new), (2, one), (3, two)]));
    repository.commit_as("2026-03-03", BO, "Shift");
    assert_eq!(changed(&repository, "A-1", "/status"), "2026-03-03 Bo Ek: - -> open");
    assert_eq!(changed(&repository, "A-2", "/status"), "2026-03-01 Ada Byron: - -> open");
    assert_eq!(changed(&repository, "A-3", "/status"), "2026-03-02 Ada Byron: - -> open");
}

#[test]
fn numbers_in_titles_are_no_numbers_of_records() {
    let repository = Repository::empty();
    for (number, why) in [(1, GO), (2, KAFKA)] {
        repository.write_file(
            &format!("docs/adr/000{number}-phase-{number}.md"),
            &page(number, &format!("Phase {number}"), why),
        );
        repository.commit_as(&format!("2026-01-{number}0"), ADA, "Decide");
    }
    for (old, new, why) in [(2, 3, KAFKA), (1, 2, GO)] {
        repository.remove(&format!("docs/adr/000{old}-phase-{old}.md"));
        let text = page(new, &format!("Phase {old}"), why).replace("Accepted", "Proposed");
        repository.write_file(&format!("docs/adr/000{new}-phase-{old}.md"), &text);
    }
    repository.commit_as("2026-02-10", BO, "Shift");
    let of = |path: &str| changed(&repository, &format!("docs/adr/{path}"), "/context");
    assert!(of("0003-phase-2.md").starts_with("2026-01-20 "), "{}", of("0003-phase-2.md"));
    assert!(of("0002-phase-1.md").starts_with("2026-01-10 "), "{}", of("0002-phase-1.md"));
}

#[test]
fn a_record_with_another_number_and_title_and_the_same_statements_keeps_its_history() {
    let repository = Repository::empty();
    repository.write_file("docs/adr/0003-use-kafka.md", &page(3, "Use Kafka", KAFKA));
    repository.write_file(FILE, &assumption("open"));
    repository.commit_as("2026-01-10", ADA, "Decide");
    repository.remove("docs/adr/0003-use-kafka.md");
    repository.write_file("docs/adr/0008-a-log-of-events.md", &page(8, "A log of events", KAFKA));
    repository.write_file(FILE, &assumption("open").replace("A-1", "A-7"));
    repository.commit_as("2026-02-10", BO, "Retitle and renumber");
    assert_eq!(changed(&repository, "A-7", "/status"), "2026-01-10 Ada Byron: - -> open");
    let path = "docs/adr/0008-a-log-of-events.md";
    assert_eq!(changed(&repository, path, "/status"), "2026-01-10 Ada Byron: - -> accepted");
    assert_eq!(changed(&repository, path, "/title"), "2026-02-10 Bo Ek: Use Kafka -> A log of events");
    // A copy beside it begins anew, and so does a page that says other things.
    repository.write_file("docs/adr/0009-a-log-of-events.md", &page(9, "A log of events", KAFKA));
    repository.commit_as("2026-02-11", BO, "Copy");
    assert_eq!(
        changed(&repository, "docs/adr/0009-a-log-of-events.md", "/status"),
        "2026-02-11 Bo Ek: - -> accepted"
    );
    repository.remove("docs/adr/0009-a-log-of-events.md");
    repository.write_file("docs/adr/0010-use-go.md", &page(10, "Use Go", GO));
    repository.commit_as("2026-02-12", ADA, "Another one");
    assert_eq!(
        changed(&repository, "docs/adr/0010-use-go.md", "/status"),
        "2026-02-12 Ada Byron: - -> accepted"
    );
}

#[test]
fn a_path_is_gone_if_a_later_commit_than_the_decision_removed_it_and_left_the_page() {
    let page = "docs/adr/0001-tax.md";
    let decision = |words: &str| {
        format!("# 1. Tax\n\n## Status\n\nAccepted\n\n## Decision\n\n`src/tax.py` and `src/new.py`{words}.\n")
    };
    let found = |page_of_removal: &str, page_now: &str| {
        let repository = Repository::with(&[(page, &decision("")), ("src/tax.py", "1\n"), ("src/b.py", "")]);
        repository.write(&[("src/new.py", "2\n")]);
        repository.commit("2026-11-02");
        repository.git(&["rm", "--quiet", "src/tax.py", "src/new.py"]);
        repository.write(&[(page, page_of_removal)]);
        repository.commit("2026-11-03");
        repository.write(&[(page, page_now)]);
        repository.commit("2026-11-04");
        repository.check(&["--select", "reference/stale-link"]).out.matches("gone since 2026-11-03").count()
    };
    assert_eq!(found(&decision(""), &decision("")), 1, "`src/new.py` came after the decision");
    assert_eq!(found(&decision(""), &decision(", as before")), 1, "the page was touched later");
    assert_eq!(found(&decision(" hold it"), &decision(" hold it")), 0, "the commit touched the page");
    assert_eq!(found(&decision(""), &decision(" are old")), 0, "the page says so");
}
