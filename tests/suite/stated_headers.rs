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
    let (pre, fence) = (header("<pre>", "</pre>"), header("```", "```").replace("BEP: 7", "BEP: 8"));
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
