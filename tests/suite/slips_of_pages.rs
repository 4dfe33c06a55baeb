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
    let expected = "docs/adr/0004-pay-in-euros.md:2:9: error[schema/invalid] `0004`: the status is rejected in the front matter and accepted below\n";
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
fn a_status_below_the_title_that_the_section_contradicts_is_told() {
    let expected = "docs/adr/0004-pay-in-euros.md:8:1: error[schema/invalid] `0004`: the status is accepted here and proposed above\n";
    assert_eq!(found("Date: 2026-01-04", "Date: 2026-01-04\nStatus: Proposed"), expected);
    assert_eq!(found("Date: 2026-01-04", "Date: 2026-01-04\nStatus: Accepted by the board"), "");
    assert_eq!(found("Date: 2026-01-04", "Date: 2026-01-04\nStatus: see below"), "");
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
        "docs/adr/0004-pay-in-euros.md:17:4: warning[decision/misspelt-section] `Consequnces` of `0004` is not read\n"
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
        assert!(output.out.contains(&format!("`{practice}`  the schema of the kind\n")), "{output:?}");
    }
}

#[test]
fn a_page_that_is_no_record_is_not_said_to_be_checked() {
    let files =
        [("docs/adr/0001-use-git.md", &*page(1, "Use Git")), ("docs/guide.md", "# Guide\n\n[Git](no.md)\n")];
    let repository = Repository::folder_with(&files);
    let notes = repository.run(&["docs/guide.md"]).notes();
    assert!(notes.contains("nothing is checked in `docs/guide.md`"), "{notes}");
    assert!(!repository.run(&["docs/adr"]).notes().contains("nothing is checked"));
}

#[test]
fn a_choice_of_statuses_is_none() {
    let madr = |status: &str| {
        format!(
            "---\nstatus: \"{status}\"\n---\n\n# Use Git\n\n## Context and Problem Statement\n\nHow?\n\n## Considered Options\n\n* Git\n"
        )
    };
    let status = |status: &str| {
        let repository = Repository::folder_with(&[("docs/adr/0001-use-git.md", &madr(status))]);
        let page = repository.run(&["explain", "docs/adr/0001-use-git.md"]).out;
        page.lines().find_map(|line| line.trim_start().strip_prefix("- `status`: ")).map(str::to_owned)
    };
    assert_eq!(status("{proposed | accepted | … | superseded by ADR-0123}"), None);
    assert_eq!(status("accepted, superseded by ADR-0123").as_deref(), Some("superseded (line 2)"));
}

#[test]
fn an_index_is_corrected_with_the_status_in_the_words_of_the_page() {
    let old = page(1, "Use A").replace("Accepted", "Superceded by [2. Use B](0002-use-b.md)");
    let index = "# Decisions\n\n| Number | Title | Status |\n|---|---|---|\n| 1 | [Use A](0001-use-a.md) | Accepted |\n| 2 | [Use B](0002-use-b.md) | Accepted |\n";
    let repository = Repository::folder_with(&[
        ("docs/adr/README.md", index),
        ("docs/adr/0001-use-a.md", &old),
        ("docs/adr/0002-use-b.md", &page(2, "Use B")),
    ]);
    repository.run(&["--select", "document/index-differs", "--fix=all"]);
    assert!(repository.read("docs/adr/README.md").contains("| [Use A](0001-use-a.md) | Superceded |"));
}

#[test]
fn a_day_with_a_typing_error_is_told_where_it_stands() {
    let date = |written: &str| found("Date: 2026-01-04", &format!("Date: {written}"));
    let told = |written: &str| {
        format!(
            "docs/adr/0004-pay-in-euros.md:3:7: error[schema/invalid] `0004`: `date` is `{written}`; expected a date such as `2026-11-20`\n"
        )
    };
    for slip in ["2O26-01-04", "2026-0104", "202601-04", "2026--01-04", "2026-01-O4", "2026-001-04"] {
        assert_eq!(date(slip), told(slip), "{slip}");
    }
    for other in
        ["", "YYYY-MM-DD", "2026-XX-04", "with the release", "Q1 2026", "2024-2026", "<date>", "20260104"]
    {
        assert!(!date(other).contains("schema/invalid"), "{other}");
    }
    let madr = |written: &str| {
        let text = format!(
            "---\nstatus: accepted\ndate: {written}\n---\n# Use Git\n\n## Context and Problem Statement\n\nA need.\n\n\
             ## Considered Options\n\n* Git\n\n## Decision Outcome\n\nGit.\n"
        );
        Repository::folder_with(&[("docs/decisions/0001-use-git.md", &text)]).check(&[]).out
    };
    assert!(madr("2O26-08-17").starts_with("docs/decisions/0001-use-git.md:3:7: error[schema/invalid]"));
    assert!(!madr("{YYYY-MM-DD when the decision was last updated}").contains("schema/invalid"));
}
