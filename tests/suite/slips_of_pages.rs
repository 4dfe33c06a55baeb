//! Slips in the pages of decisions that are told without a configuration, as nobody means them.

use crate::kit::Repository;

fn page(number: usize, title: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2026-01-0{number}\n\n## Status\n\nAccepted\n\n## Context\n\nA need.\n\n## Decision\n\nWe do it {number}.\n\n\
         ## Consequences\n\nWork.\n"
    )
}

const TITLES: [(&str, &str); 4] = [
    ("0001-use-git.md", "Use Git"),
    ("0002-write-in-go.md", "Write in Go"),
    ("0003-use-kafka.md", "Use Kafka"),
    ("0004-pay-in-euros.md", "Pay in euros"),
];

/// The findings of a folder of four pages, of which the last is changed.
fn found(from: &str, to: &str) -> String {
    let repository = Repository::folder();
    for (number, (name, title)) in TITLES.iter().enumerate() {
        let text = page(number + 1, title);
        let text = if number == 3 { text.replacen(from, to, 1) } else { text };
        repository.write(&[(&format!("docs/adr/{name}"), &text)]);
    }
    repository.write(&[("docs/operations/logs.md", "# Logs\n")]);
    repository.check(&[]).out
}

#[test]
fn a_status_in_the_front_matter_that_the_section_contradicts_is_told() {
    let expected = "docs/adr/0004-pay-in-euros.md:2:9: error[schema/repeated-key] `0004`: the status is rejected in the front matter and accepted below\n";
    assert_eq!(found("# 4.", "---\nstatus: rejected\n---\n# 4."), expected);
    let banner =
        "---\nstatus: rejected\n---\n\n**Rejected by the board; kept for what it says of prices.**\n\n# 4.";
    assert_eq!(found("# 4.", banner), "", "a line in bold says it too");
    assert_eq!(found("# 4.", "---\nstatus: accepted\n---\n# 4."), "");
    assert_eq!(found("# 4.", "---\nstatus: published\n---\n# 4."), "", "a word of the site");
    let proposed = found(
        "# 4. Pay in euros\n\nDate: 2026-01-04\n\n## Status\n\nAccepted",
        "---\nstatus: draft\n---\n# 4. Pay in euros\n\n## Status\n\nProposed",
    );
    assert_eq!(proposed, "", "a page is a draft until its proposal is decided");
}

#[test]
fn a_link_to_a_folder_that_is_one_letter_from_another_is_told() {
    assert_eq!(
        found("A need.", "See [the logs](../operation/)."),
        "docs/adr/0004-pay-in-euros.md:11:16: error[reference/broken-link] broken link to `../operation/`\n"
    );
    assert_eq!(found("A need.", "See [the logs](../operations/) and [the API](../api/)."), "");
}

#[test]
fn an_anchor_that_is_one_letter_from_a_heading_leads_there() {
    let repository = Repository::folder_with(&[
        ("docs/adr/0001-use-git.md", &page(1, "Use Git")),
        (
            "docs/adr/0002-write-in-go.md",
            &page(2, "Write in Go").replace("A need.", "See [1. Use Git](0001-use-git.md#consequence)."),
        ),
    ]);
    repository.run_today(&["--fix=all"]);
    let mended = repository.read("docs/adr/0002-write-in-go.md");
    assert!(mended.contains("(0001-use-git.md#consequences)"), "{mended}");
}

#[test]
fn a_misspelt_heading_and_a_date_that_is_none_are_told() {
    assert_eq!(
        found("## Consequences", "## Consequnces"),
        "docs/adr/0004-pay-in-euros.md:17:1: warning[decision/misspelt-part] `0004` has a section `Consequnces`, and the decisions beside it have `Consequences`\n"
    );
    assert_eq!(
        found("2026-01-04", "soon"),
        "docs/adr/0004-pay-in-euros.md:3:1: warning[decision/misspelt-part] `soon` of `0004` is no date\n"
    );
    assert_eq!(found("## Consequences", "## Consequence"), "", "as good a word");
    assert_eq!(found("2026-01-04", "TBD"), "");
}

#[test]
fn what_was_left_of_a_conflict_is_told() {
    assert_eq!(
        found("Work.\n", "Work.\n=======\nMore work.\n>>>>>>> kafka\n"),
        "docs/adr/0004-pay-in-euros.md:22:1: error[document/unreadable] a marker of a merge conflict was left here\n"
    );
    assert_eq!(found("Work.\n", "Work.\n\n>>>>>>> what somebody said\n"), "");
}

#[test]
fn each_practice_has_a_page() {
    let repository = Repository::folder_with(&[("docs/adr/0001-use-git.md", &page(1, "Use Git"))]);
    for practice in ["status-words", "known-keys", "both-sides", "title"] {
        let output = repository.run(&["explain", practice]);
        assert!(output.out.contains(&format!("| `{practice}` | the schema of the kind |")), "{output:?}");
    }
}
