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
fn a_header_in_a_block_of_code_states_the_number_of_its_file() {
    let header = |mark: &str, end: &str| {
        format!(
            "{mark}\n  BEP: 7\n  Title: Cheaper gas\n  Status: Enabled\n  Created: 2024-01-31\n{end}\n\n# BEP-7: Gas\n\n## Status\n\nDraft\n"
        )
    };
    let (pre, fence) = (
        header("<pre>", "</pre>"),
        header("```", "```").replace("BEP: 7", "BEP: 8").replace("BEP-7", "BEP-8"),
    );
    let files = [
        ("texts/BEP-7.md", &*pre),
        ("texts/BEP8.md", &fence),
        // The number of another page.
        ("texts/BEP-9.md", &pre),
    ];
    assert_eq!(
        read(&files),
        [
            "texts/BEP-7.md | numbered | 7 | Cheaper gas | accepted",
            "texts/BEP8.md | numbered | 8 | Cheaper gas | accepted",
        ]
    );
    assert_eq!(found(&files[..2]), [""; 0]);
}

#[test]
fn a_word_that_no_list_has_is_a_status_beside_a_number_and_a_title() {
    let page = "---\nchip: 12\ntitle: Slots\nstatus: Hatching\n---\n\n# Slots\n";
    assert_eq!(read(&[("chips/chip-12.md", page)]).len(), 1);
    assert_eq!(read(&[("chips/chip-13.md", page)]), [""; 0]);
    assert_eq!(found(&[("chips/chip-12.md", page)]), [""; 0]);
}

#[test]
fn a_status_may_be_a_sentence() {
    let page = |words: &str| {
        format!(
            "# BEP-9: Names\n\n## 1. Abstract\n\nA.\n\n## 2. Status\n\n{words}\n\n## 3. Motivation\n\nB.\n"
        )
    };
    let status = |words: &str| read(&[("texts/BEP9.md", &page(words))]);
    assert_eq!(
        status("This BEP is already implemented, see [8](BEP8.md)."),
        ["texts/BEP9.md | numbered | 9 | Names | accepted"]
    );
    assert_eq!(status("This BEP is a draft."), ["texts/BEP9.md | numbered | 9 | Names | draft"]);
    assert_eq!(status("This page is about names."), [""; 0]);
}

const TABLE: &str = "# 20/TOY\n\n| Field | Value |\n| --- | --- |\n| Name | Toy messages |\n| Slug | 20 |\n| Status | draft |\n| Category | Standards Track |\n| Editor | Ada |\n\n## Abstract\n\nIt.\n";

#[test]
fn a_table_states_it_in_a_folder_of_specifications_or_of_a_status() {
    let control = "# Fields\n\n| Name | Type |\n| --- | --- |\n| Status | draft |\n| Slug | text |\n";
    let other_word = TABLE.replace("| draft |", "| HTTP 200 |");
    let files = [
        ("docs/raw/toy.md", TABLE),
        ("docs/standards/core/20/toy.md", TABLE),
        ("docs/guide/toy.md", TABLE),
        ("docs/specs/fields.md", control),
        ("docs/specs/codes.md", &other_word),
        ("docs/raw/README.md", TABLE),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/raw/toy.md | proposal-header | 20 | Toy messages | draft",
            "docs/standards/core/20/toy.md | proposal-header | 20 | Toy messages | draft",
        ]
    );
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
        found.iter().filter(|it| it.contains("decision/duplicate-id")).count()
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
fn the_page_of_a_folder_states_its_number_under_the_letters_above() {
    let table = |number: u8| {
        format!(
            "= ABC-{number}: Mail\n:toc: preamble\nifdef::env-github[]\n:tip-caption: :bulb:\nendif::[]\n\n.Metadata\n[cols=\"2\"]\n|===\n| ABC\n| {number}\n\n\
             | Title\n| Mail\n\n| Status\n| Accepted\n\n|===\n\n[[abstract]]\n== Abstract\n\nA.\n"
        )
    };
    let files = [
        ("ABC/2/README.adoc", &*table(2)),
        ("ABC/3/README.adoc", &table(4)),
        ("src/2/README.adoc", &table(2)),
    ];
    assert_eq!(read(&files), ["ABC/2/README.adoc | numbered | 2 | Mail | accepted"]);
}

/// In a block of Sphinx; the letters are those of the folder.
#[test]
fn the_title_states_the_number_under_the_letters_of_its_folder() {
    let page = |title: &str| {
        format!(
            "(qap-7)=\n\n# {title}\n\n```{{eval-rst}}\n:Author: Ada Byron <ada@example.org>\n:Created: 2026-01-02\n:Status: Accepted\n```\n\n## Abstract\n\nA.\n"
        )
    };
    let files = [
        ("docs/qaps/7-tables.md", &*page("QAP-7 — Tables")),
        ("docs/qaps/8-chairs.md", &page("QAP-9 — Chairs")),
        ("docs/guides/7-tables.md", &page("QAP-7 — Tables")),
        ("docs/steps/7-tables.md", &page("Tables")),
    ];
    assert_eq!(read(&files), ["docs/qaps/7-tables.md | own-number | 7 | Tables | accepted"]);
}

#[test]
fn a_series_may_be_in_mediawiki_and_a_proposal_in_a_folder_with_its_number() {
    let wiki = "<pre>\nDCP: 0001\nTitle: New stakes\nStatus: Active\nCreated: 2026-01-02\n</pre>\n\n==Abstract==\n\nA.\n";
    let plan = "# VEP #109: Move guests\n\n## Overview\n\nA.\n";
    let acp = "| ACP | 176 |\n| :- | :- |\n| **Title** | Fees |\n| **Status** | Activated ([Talk](https://example.org)) |\n\n## Abstract\n\nA.\n";
    let files = [
        ("ACPs/176-fees/README.md", acp),
        ("dcp-0001/dcp-0001.mediawiki", wiki),
        ("dcp-0002/dcp-0002.mediawiki", wiki),
        ("enhancements/NNNN-vep-template/vep.md", plan),
        ("enhancements/compute/109-move-guests/notes.md", plan),
        ("enhancements/compute/109-move-guests/vep.md", plan),
    ];
    assert_eq!(
        read(&files),
        [
            "ACPs/176-fees/README.md | numbered | 176 | Fees | accepted",
            "dcp-0001/dcp-0001.mediawiki | own-number | 0001 | New stakes | accepted",
            "enhancements/compute/109-move-guests/vep.md | generic | 109 | Move guests | -",
        ]
    );
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
