//! Statuses, titles and days of foreign pages, in the words that people use for them.

use crate::kit::Repository;

fn records(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    listing["records"].as_array().cloned().unwrap_or_default()
}

/// The fields of the only record.
fn fields(path: &str, page: &str) -> serde_json::Value {
    let found = records(&[(path, page)]);
    assert_eq!(found.len(), 1, "{path}: {found:?}");
    found[0]["fields"].clone()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).check(&[]).out.lines().map(str::to_owned).collect()
}

const SECTIONS: &str = "## Motivation\n\nA.\n\n## Proposal\n\nB.\n";

#[test]
fn what_is_reviewed_or_discussed_is_not_accepted() {
    for (written, read) in [
        ("Active review (November 3...17, 2026)", "proposed"),
        ("**Active Review (November 3...17, 2026)**", "proposed"),
        ("Final Comment Period", "proposed"),
        ("Approved for review", "proposed"),
        ("Accepted for public discussion.", "proposed"),
        ("Active discussion", "proposed"),
        ("Active draft", "draft"),
        ("Accepted (review in May)", "accepted"),
        ("Accepted, reviewed in May", "accepted"),
        ("Implemented after review", "accepted"),
    ] {
        let lines = format!("# Logs\n\n* Status: {written}\n* Author: Ada Byron\n\n{SECTIONS}");
        assert_eq!(fields("proposals/0007-logs.md", &lines)["status"], read, "{written}");
        assert_eq!(fields("docs/rfcs/0007-logs.md", &lines)["status"], read, "{written}");
        let section =
            format!("# 7. Logs\n\n## Status\n\n{written}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n");
        if written.starts_with('A') && !written.starts_with("Active") {
            assert_eq!(fields("docs/adr/0007-logs.md", &section)["status"], read, "{written}");
        }
    }
}

#[test]
fn a_status_line_tells_what_came_after_it_was_accepted() {
    let successor = "# 2. Beta\n\n**Status:** Accepted\n**Supersedes:** [ADR-1](0001-a.md)\n\nText.\n";
    for status in
        ["Accepted; superseded by [ADR-2](0002-b.md)", "Deprecated, superseded by [ADR-2](0002-b.md)"]
    {
        let first = format!("# 1. Alpha\n\n**Status:** {status}\n**Date:** 2025-01-02\n\nText.\n");
        let files = [("docs/adr/0001-a.md", &*first), ("docs/adr/0002-b.md", successor)];
        assert_eq!(records(&files)[0]["fields"]["status"], "superseded", "{status}");
        assert_eq!(found(&files), [""; 0], "{status}");
        let first = format!("# RFC 1: Alpha\n\n- Status: {status}\n\n{SECTIONS}");
        let second =
            format!("# RFC 2: Beta\n\n- Status: accepted\n- Supersedes: [RFC 1](0001-a.md)\n\n{SECTIONS}");
        let files = [("docs/rfcs/0001-a.md", &*first), ("docs/rfcs/0002-b.md", &*second)];
        assert_eq!(
            records(&files)[0]["fields"]["superseded-by"],
            serde_json::json!(["0002-b.md"]),
            "{status}"
        );
        assert_eq!(found(&files), [""; 0], "{status}");
    }
}

#[test]
fn a_header_of_any_form_says_what_it_supersedes() {
    let old = format!("# RFC 1: Alpha\n\n- Status: accepted\n\n{SECTIONS}");
    for lines in [
        "- Status: accepted\n- Supersedes: [RFC 1](0001-a.md)",
        "**Status:** accepted  \n**Supersedes:** 1",
        "Status: accepted\nSupersedes: RFC 1",
        "| Status | accepted |\n|---|---|\n| Supersedes | RFC 1 |",
    ] {
        let new = format!("# RFC 2: Beta\n\n{lines}\n\n{SECTIONS}");
        let found = found(&[("docs/rfcs/0001-a.md", &*old), ("docs/rfcs/0002-b.md", &*new)]);
        let message = "error[decision/one-sided-supersede] `0001` does not name its successor `0002`";
        assert_eq!(found.len(), 1, "{lines}: {found:?}");
        assert!(found[0].ends_with(message), "{lines}: {found:?}");
    }
    let sections = "Context\n-------\n\nA.\n\nDecision\n--------\n\nB.\n";
    let page = |title: &str, more: &str| {
        format!("{title}\n========\n\n:Status: Accepted\n:Date: 2025-01-02\n{more}\n{sections}")
    };
    let (old, new) = (page("1. Alpha", ""), page("2. Beta", ":Supersedes: 0001-a.rst\n"));
    let found = found(&[("docs/adr/0001-a.rst", &*old), ("docs/adr/0002-b.rst", &*new)]);
    assert_eq!(
        found,
        [
            "docs/adr/0001-a.rst:4:10: error[decision/one-sided-supersede] `0001` does not name its successor `0002`"
        ]
    );
}

#[test]
fn pages_of_a_handbook_are_no_decisions() {
    let page = "# Content modelling\n\n## What it is\n\nA.\n\n## How to do it\n\nB.\n\n## Why to do it\n\nC.\n\n## Recommended reading\n\nD.\n";
    assert_eq!(records(&[("docs/ux/design/content-modelling.md", page)]), Vec::<serde_json::Value>::new());
    let proposal = page.replace("Recommended reading", "Recommendation");
    assert_eq!(records(&[("docs/ux/design/content-modelling.md", &proposal)]).len(), 1);
}

#[test]
fn a_title_is_that_of_the_page() {
    let minutes = "## Attendees\n\n- Ada\n\n## Notes\n\nA.\n";
    let titled = format!("---\ntitle: Steering committee, May\ndate: 2026-05-06\n---\n\n{minutes}");
    assert_eq!(fields("minutes/2026-05-06.md", &titled)["title"], "Steering committee, May");
    assert_eq!(fields("minutes/2026-05-06.md", minutes).get("title"), None);
    let dated = format!("---\ntitle: \"2026-05-06\"\n---\n# Steering committee, May\n\n{minutes}");
    assert_eq!(fields("minutes/2026-05-06.md", &dated)["title"], "Steering committee, May");
    let headless = "## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(fields("docs/adr/0003-use-git.md", headless).get("title"), None);
    let flagged =
        format!("# Strict checks\n\n* Status: **Accepted**\n* Feature name: `StrictChecks`\n\n{SECTIONS}");
    assert_eq!(fields("proposals/0458-strict-checks.md", &flagged)["title"], "Strict checks");
}

#[test]
fn what_lists_or_explains_records_is_none() {
    let goals = "# Goals of 2026h1\n\n| Goal | Point of contact | Status |\n|---|---|---|\n| [Faster builds](./fast.md) | @ada | Accepted |\n";
    assert_eq!(records(&[("src/2026h1/README.md", goals)]), Vec::<serde_json::Value>::new());
    let part = "# Extension of 88\n\n## Fields\n\n| index | name |\n|---|---|\n| 0 | Version |\n";
    let whole =
        "---\nCIP: 88\nTitle: Registration\nStatus: Active\nCreated: 2023-01-01\n---\n\n## Abstract\n\nA.\n";
    let read = records(&[("CIP-0088/README.md", whole), ("CIP-0088/CIPs/0025/README.md", part)]);
    assert_eq!(read.iter().map(|it| &it["path"]).collect::<Vec<_>>(), ["CIP-0088/README.md"]);
}

#[test]
fn front_matter_may_stand_below_blank_lines_or_a_generated_list() {
    let page = format!(
        "---\ntitle: Logs\nauthors: [Ada Byron]\nstatus: provisional\ncreation-date: 2023-04-07\n---\n# Logs\n\n{SECTIONS}"
    );
    let list = "<!-- START doctoc generated TOC please keep comment here -->\n<!-- RE-RUN doctoc -->\n**Table of Contents**\n\n- [Logs](#logs)\n\n<!-- END doctoc generated TOC please keep comment here -->\n\n";
    for above in ["", "\n", " \n\n", list] {
        let fields = fields("proposals/0007-logs.md", &format!("{above}{page}"));
        assert_eq!(
            (&fields["status"], &fields["created"]),
            (&"proposed".into(), &"2023-04-07".into()),
            "{above:?}"
        );
    }
}

#[test]
fn a_day_with_a_slip_is_told() {
    for day in ["22019-10-07", "20204-26"] {
        let page = format!(
            "---\ntitle: Logs\nauthors: [Ada Byron]\ncreation-date: {day}\nstatus: []\n---\n# Logs\n\n{SECTIONS}"
        );
        let path = "enhancements/logs/logs.md";
        let read = fields(path, &page);
        assert_eq!((read.get("status"), &read["created"]), (None, &day.into()));
        let found = found(&[(path, &page)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&format!("{path}:4:16: error[schema/format]")), "{found:?}");
    }
}

#[test]
fn the_status_of_a_detail_is_not_that_of_the_page() {
    let page = format!(
        "---\ntitle: Networks\nauthors: [Ada Byron]\n---\n# Networks\n\n{SECTIONS}\n### API\n\n#### Overview\n\n##### Status\n\nThe status reflects its state.\n"
    );
    assert_eq!(fields("enhancements/networks/networks.md", &page).get("status"), None);
}

#[test]
fn a_status_may_be_that_of_the_decision_or_below_a_key() {
    let sections = "## Motivation\n\nA.\n\n## Alternatives\n\nB.\n";
    let lines = format!("# Alpha\n\nDecision status: Accepted\nDecision date: 2025-01-02\n\n{sections}");
    let nested = format!("---\nadr:\n  status: accepted\n  date: 2025-01-02\n---\n# Alpha\n\n{sections}");
    for page in [lines, nested] {
        let fields = fields("docs/adr/0007-alpha.md", &page);
        assert_eq!(
            (&fields["status"], &fields["date"]),
            (&"accepted".into(), &"2025-01-02".into()),
            "{page}"
        );
    }
}

#[test]
fn a_day_alone_below_the_title_is_that_of_the_decision() {
    for day in ["31/01/2020", "31.01.2020", "2020-01-31"] {
        let page =
            format!("# 7. Logs\n\n{day}\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n");
        assert_eq!(fields("docs/adr/0007-logs.md", &page)["date"], "2020-01-31", "{day}");
    }
}

#[test]
fn a_cell_may_hold_a_list() {
    for cell in [
        "Ann Poe<br/>Bo Lim",
        "Ann Poe, Bo Lim",
        "<ul><li>Ann Poe</li><li>Bo Lim</li></ul>",
        "Ann Poe <br> Bo Lim",
    ] {
        let page = format!("# Logs\n\n| Status | Accepted |\n|---|---|\n| Authors | {cell} |\n\n{SECTIONS}");
        let authors = &fields("docs/proposals/0007-logs.md", &page)["authors"];
        assert_eq!(*authors, serde_json::json!(["Ann Poe", "Bo Lim"]), "{cell}");
    }
    let page = format!(
        "# Logs\n\n| Status | Accepted |\n|---|---|\n| Authors | Ann Poe <ann@example.org>, Bo Lim |\n\n{SECTIONS}"
    );
    let authors = &fields("docs/proposals/0007-logs.md", &page)["authors"];
    assert_eq!(*authors, serde_json::json!(["Ann Poe <ann@example.org>", "Bo Lim"]));
}

#[test]
fn the_successor_of_a_hip_says_what_it_replaces() {
    let hip = |number: u32, status: &str, more: &str| {
        format!(
            "---\nhip: {number}\ntitle: Page {number}\nauthor: Ada Byron (@ada)\nstatus: {status}\ncreated: 2026-01-02\n{more}---\n\n## Abstract\n\nA.\n"
        )
    };
    let (old, new) = (hip(14, "Replaced", "superseded-by: 24\n"), hip(24, "Final", ""));
    let repository = Repository::folder_with(&[("HIP/hip-14.md", &old), ("HIP/hip-24.md", &new)]);
    repository.check(&["--fix"]);
    assert_eq!(repository.read("HIP/hip-24.md"), hip(24, "Final", "replaces: 14\n"));
}

#[test]
fn in_force_and_no_longer_valid_are_statuses_in_each_form() {
    let sections = "## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";
    for (written, read) in [
        ("In force", "accepted"),
        ("In effect since May", "accepted"),
        ("No longer valid", "deprecated"),
        ("no longer relevant", "deprecated"),
    ] {
        let nygard = format!("# 1. Use X\n\n## Status\n\n{written}\n\n{sections}");
        let madr = format!(
            "# Use X\n\n* Status: {written}\n\n## Context and Problem Statement\n\nA.\n\n## Considered Options\n\n* X\n\n## Decision Outcome\n\nX.\n"
        );
        for page in [nygard, madr] {
            assert_eq!(fields("docs/adr/0001-use-x.md", &page)["status"], read, "{page}");
        }
    }
}

#[test]
fn a_separator_in_a_value_does_not_end_a_line_of_several() {
    let page = format!("# 1. Logs\n\nStatus: Accepted | Date: 2026-08-15 | Trace: a · b\n\n{SECTIONS}");
    let fields = fields("docs/adr/0001-logs.md", &page);
    assert_eq!([&fields["status"], &fields["date"]], ["accepted", "2026-08-15"], "{fields}");
}

#[test]
fn a_note_above_the_text_names_the_successor() {
    let old = "# ADR 1: Trust\n\n**Status:** Accepted  \n**Date:** 2026-06-27\n\n> **Superseded by [ADR-2](0002-cosign.md).** Left for the history.\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let new = "# ADR 2: Cosign\n\n**Status:** Accepted (supersedes ADR-1)\n**Date:** 2026-07-26\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let files = [("docs/adr/0001-trust.md", old), ("docs/adr/0002-cosign.md", new)];
    let fields: Vec<_> = records(&files).into_iter().map(|record| record["fields"].clone()).collect();
    assert_eq!(fields[0]["superseded-by"], serde_json::json!(["0002-cosign.md"]), "{fields:?}");
    assert_eq!(fields[1]["supersedes"], serde_json::json!(["1"]), "{fields:?}");
    assert!(found(&files)[0].contains("`0001` is superseded by `0002`, but its status says it is in force"));
}

#[test]
fn a_list_to_tick_and_a_sentence_are_no_misspelt_status() {
    let page = |status: &str| {
        format!(
            "# Rows\n\n{status}\n\n## Context and Problem Statement\n\nA.\n\n## Considered Alternatives\n\n* B\n\n## Decision and Outcome\n\nB.\n"
        )
    };
    let ticked = page(
        "**Status:**\n- [x] proposed by Ada Byron\n- [ ] accepted by (participants)\n- [ ] superseded by (superseding ADR)",
    );
    assert_eq!(fields("docs/adr/0001-rows.md", &ticked)["status"], "proposed");
    let sentence = page("**Status:** Supersedes the one before, but affirms it.");
    for text in [&ticked, &sentence] {
        assert_eq!(found(&[("docs/adr/0001-rows.md", text)]), [""; 0], "{text}");
    }
    let nygard = "# Rows\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Status\n\nAwaiting proper testing\n";
    assert_eq!(found(&[("docs/adr/0001-rows.md", nygard)]), [""; 0]);
}

#[test]
fn a_line_above_the_first_section_is_the_header_where_the_title_is_a_key() {
    let page = "---\ntitle: Documents\nlayout: page\n---\n\nDate: 2020-04-11\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(fields("docs/adr/0010-documents.md", page)["date"], "2020-04-11");
}

#[test]
fn a_table_of_what_statuses_mean_states_none() {
    let page = "# Logs\n\n| Status | Meaning |\n|---|---|\n| `stub` | nothing yet |\n| `draft` | to be read |\n\n## Motivation\n\nA.\n\n## Proposal\n\nB.\n";
    assert_eq!(fields("docs/proposals/0003-logs.md", page)["status"], serde_json::Value::Null);
}

#[test]
fn a_successor_may_be_a_link_of_myst() {
    let page = "# 6 - Delete articles\n\n* **Date:** 2024-10-12\n* **Status:** Superseded by <project:./0012-simplify.md>\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let fields = fields("docs/adrs/0006-delete-articles.md", page);
    assert_eq!(fields["superseded-by"], serde_json::json!(["./0012-simplify.md"]), "{fields}");
}
