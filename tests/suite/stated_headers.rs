//! Pages outside of folders that are named for records, whose header states a number, a title and a status.

use crate::kit::Repository;

/// The path, format, identifier, title and status of each record.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let shown = |record: &serde_json::Value| {
        let [path, profile, id] = ["path", "profile", "id"].map(|key| text(&record[key]));
        let [title, status] = ["title", "status"].map(|field| text(&record["fields"][field]));
        format!("{path} | {profile} | {id} | {title} | {status}")
    };
    records.iter().map(shown).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn a_folder_may_be_named_for_any_usual_status() {
    let page = |status: &str| {
        format!(
            "# Messages\n\n### **Date:** 9th November, 2021\n\n### **Status:** {status}\n\n## **Context**\n\nA.\n\n## **Decision**\n\nB.\n"
        )
    };
    let files =
        [("Platform/Draft/Messages.md", &*page("DRAFT")), ("Platform/Trial/Flow.md", &page("PROPOSED"))];
    assert_eq!(
        read(&files),
        [
            "Platform/Draft/Messages.md | nygard | Messages | Messages | draft",
            "Platform/Trial/Flow.md | nygard | Flow | Messages | proposed",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

fn adr(title: &str, status: &str) -> String {
    format!(
        "# {title}\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
    )
}

#[test]
fn the_year_of_a_day_is_no_number() {
    let [a, b] =
        ["Logs", "Traces"].map(|title| format!("# {title}\n\n## Motivation\n\nA.\n\n## Design\n\nB.\n"));
    for folder in ["rfcs", "docs/adr"] {
        let [one, other] = ["25-01-10-logs.md", "25-23-04-traces.md"].map(|name| format!("{folder}/{name}"));
        let files = [(&*one, &*a), (&*other, &*b)];
        assert_eq!(found(&files), [""; 0], "{folder}");
    }
    let files = [
        ("adr/25-01-10-logs.md", &*adr("Logs", "Accepted")),
        ("adr/25-02-10-traces.md", &adr("Traces", "Accepted")),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_day_in_parentheses_names_no_successor() {
    for day in ["(2023-04-13)", "(13.04.2023)", "(April 2023)", "(since 13 April 2023)"] {
        let page = adr("1. Use A", &format!("Superceded {day}"));
        let found = found(&[("docs/adr/0001-use-a.md", &page)]);
        assert!(!found.iter().any(|it| it.contains("reference/")), "{found:?}");
    }
    let page = adr("1. Use A", "Superseded by ADR-7");
    let found = found(&[("docs/adr/0001-use-a.md", &page)]);
    assert!(found.iter().any(|it| it.contains("reference/unknown")), "{found:?}");
}

#[test]
fn a_successor_may_be_named_on_the_next_line() {
    let files = [
        ("docs/adr/0001-use-c.md", &*adr("1. Use C", "Superseded by\n[2. Use Rust](0002-use-rust.md)")),
        (
            "docs/adr/0002-use-rust.md",
            &adr("2. Use Rust", "Accepted\n\nSupersedes [1. Use C](0001-use-c.md)"),
        ),
    ];
    assert_eq!(fields(&files, &["status", "superseded-by"]), ["superseded, 0002-use-rust.md", "accepted, -"]);
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn two_series_may_share_their_numbers() {
    let rfc = "# Logs\n\n## Summary\n\nA.\n\n## Motivation\n\nA.\n\n## Guide-level explanation\n\nB.\n\n## Drawbacks\n\nC.\n";
    let record = adr("Use A", "Accepted");
    let duplicates = |one: &str, other: &str| {
        let found = found(&[(one, &record), (other, rfc)]);
        found.iter().filter(|it| it.contains("reference/duplicate-id")).count()
    };
    assert_eq!(duplicates("docs/decisions/ADR-7-a.md", "docs/decisions/RFC-7-logs.md"), 0);
    assert_eq!(duplicates("docs/decisions/0007-a.md", "docs/decisions/0007-logs.md"), 1);
}

/// The fields of each record, as text.
fn fields(files: &[(&str, &str)], names: &[&str]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let text = |value: &serde_json::Value| match value.as_array() {
        Some(items) => items.iter().filter_map(|item| item.as_str()).collect::<Vec<_>>().join(" + "),
        None => value.as_str().unwrap_or("-").to_owned(),
    };
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let shown = |record: &serde_json::Value| {
        names.iter().map(|name| text(&record["fields"][name])).collect::<Vec<_>>().join(", ")
    };
    records.iter().map(shown).collect()
}

#[test]
fn what_is_written_in_brackets_or_after_a_symbol_is_read() {
    let madr = "## Context and Problem Statement\n\nA.\n\n## Considered Options\n\n* B\n\n## Decision Outcome\n\nB.\n";
    let nygard = "## Context\n\nA.\n\n## Decision\n\nB.\n";
    let cases = [
        (madr, "* Status: [accepted]\n* Deciders: [Ada Byron, Bo Ek]", "accepted, Ada Byron + Bo Ek"),
        (madr, "* Status: ~~proposed~~ accepted\n* Deciders: [@bo]", "accepted, @bo"),
        (madr, "* Status: [proposed | accepted]\n* Deciders: [list everyone involved]", "-, -"),
        (madr, "* Status: [ ] proposed [x] accepted\n* Deciders: Bo Ek", "accepted, Bo Ek"),
        (nygard, "Status: [Accepted] (2026-01-02)\nDeciders: [Ada]", "accepted, Ada"),
        (nygard, "**Status:** :white_check_mark: Accepted", "accepted, -"),
        (nygard, "**Status:** 🟢 accepted", "accepted, -"),
        (
            "## Problem\n\nA.\n",
            "| Status | [accepted] |\n|---|---|\n| Deciders | [Ada, Bo] |",
            "accepted, Ada + Bo",
        ),
        ("## Problem\n\nA.\n", "Status: [status]\nDeciders: [Ada, Bo]", "-, Ada + Bo"),
    ];
    for (sections, header, expected) in cases {
        let page = format!("# Use one\n\n{header}\n\n{sections}");
        let read = fields(&[("docs/adr/0007-use-one.md", &page)], &["status", "decision-makers"]);
        assert_eq!(read, [expected], "{header}");
    }
    let ticked = format!("# Use one\n\n## Status\n\n- [ ] Proposed\n- [x] Accepted\n\n{nygard}");
    assert_eq!(fields(&[("docs/adr/0007-use-one.md", &ticked)], &["status"]), ["accepted"]);
}

#[test]
fn the_day_of_a_proposal_is_read_under_its_names() {
    for name in ["Date Proposed", "Date proposed", "Proposed on", "Submitted on"] {
        let header = format!("# Use one\n\n**Status:** Accepted\n**{name}:** 2026-01-02\n\n");
        for (path, sections) in [
            ("docs/adr/0007-use-one.md", "## Context\n\nA.\n\n## Decision\n\nB.\n"),
            (
                "docs/adr/0007-use-one.md",
                "## Context and Problem Statement\n\nA.\n\n## Considered Options\n\n* B\n",
            ),
            ("proposals/0007-use-one.md", "## Problem\n\nA.\n"),
        ] {
            let read = fields(&[(path, &format!("{header}{sections}"))], &["created", "date"]);
            assert_eq!(read, ["2026-01-02, -"], "{name}: {sections}");
        }
    }
}

#[test]
fn a_page_with_the_number_zero_is_a_record_if_it_has_a_heading_of_its_own() {
    let of_community = "---\nid: 000\ntitle: \"Keep records\"\nstatus: \"Accepted\"\n---\n\n# ADR 000: Keep records\n\n**Context:** A.\n";
    let waiting = "# Print exactly\n\n## Background\n\nA.\n\n## Technical Content\n\nB.\n";
    let stub = "# Your proposal\n\nStatus: draft\n\n## Background\n\nA.\n";
    let files = [
        ("docs/adr/000-adr-process.md", of_community),
        ("proposals/0000-exact-printer.md", waiting),
        ("proposals/0000-midstream.md", waiting),
        ("proposals/0000-logs.md", stub),
        ("proposals/0000-your-title.md", waiting),
        ("proposals/0000-title-of-proposal.md", waiting),
        ("proposals/0000-index.md", waiting),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/adr/000-adr-process.md | generic | 000 | Keep records | accepted",
            "proposals/0000-exact-printer.md | generic | 0000-exact-printer | Print exactly | -",
            "proposals/0000-midstream.md | generic | 0000-midstream | Print exactly | -",
        ]
    );
}

#[test]
fn a_page_named_like_its_folder_is_about_all_of_them() {
    let page = "# How we decide\n\n## Purpose\n\nA.\n\n## Decisions\n\nB.\n\n## Options\n\nC.\n";
    let files =
        [("proposals/PROPOSALS.md", page), ("docs/adr/decisions.md", page), ("proposals/how.md", page)];
    assert_eq!(read(&files), ["proposals/how.md | generic | how | How we decide | -"]);
}

#[test]
fn proposals_may_justify_and_implement() {
    let page = "# Add one\n\n## Overview\n\nA.\n\n## Justification\n\nB.\n\n## Implementation\n\nC.\n";
    let files =
        [("proposals/2020/Add one.md", page), ("docs/adr/notes/add.md", page), ("notes/add.md", page)];
    assert_eq!(read(&files), ["proposals/2020/Add one.md | generic | Add one | Add one | -"]);
}

#[test]
fn notes_named_by_their_day_are_minutes_if_they_say_who_was_there() {
    let minutes = "# Session of the council\n\n## Attending\n\n- Ada Byron\n\n## Topics\n\n- Doors\n";
    let diary = "# What I did\n\n## Morning\n\nSlept.\n";
    let files = [
        ("notes/2026/2026-01-08.md", minutes),
        ("notes/2026/2026-01-08-transcript.md", minutes),
        ("notes/2026/2026-01-09.md", diary),
    ];
    assert_eq!(fields(&files, &["date", "attendees"]), ["2026-01-08, Ada Byron"]);
    assert_eq!(found(&files), [""; 0]);
    let present = "# Notes 8/1/2026\n\nPresent:\n\n- Ada Byron\n\n## Topics\n\n- Doors\n";
    let files = [
        ("doc/wg/core/notes/2026-01-08.md", present),
        ("doc/wg/core/notes/core-notes-2026-01-09.md", minutes),
        ("doc/wg/core/notes/core-notes-2026-01-10.md", diary),
        ("doc/wg/core/notes/release-2.0.md", minutes),
    ];
    assert_eq!(
        fields(&files, &["id", "date"]),
        ["2026-01-08, 2026-01-08", "core-notes-2026-01-09, 2026-01-09"]
    );
}
