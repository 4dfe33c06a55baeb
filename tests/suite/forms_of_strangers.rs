//! Forms of pages that strangers use: days in the names of folders, lines with a day, titles with or without a number.

use crate::kit::Repository;

/// The records, each with its path, identifier, title and date.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let line = |record: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        let title = text(&record["title"]);
        format!(
            "{} {} {title} {}",
            text(&record["path"]),
            text(&record["id"]),
            text(&record["fields"]["date"])
        )
    };
    records.iter().map(line).collect()
}

#[test]
fn minutes_may_have_their_day_in_folders_or_on_a_line() {
    let agenda = "# Nullability WG\n\n- **Date & Time**: [September 24, 2025, 7:00 – 8:00 PM UTC](https://example.org)\n\n## Attendees\n\n- Ada\n";
    let board = "---\ntitle: Minutes of the 2012 board meeting\n---\n\n-   Date: June 20, 2012\n-   Location: Montreal\n\n## Attendance\n\n- Ada\n";
    let plain = "2016-01-21 inclusivity WG meeting\n\n- attendees\n  - Ada\n\n## Notes\n\n- All.\n\n## License\n\nMIT\n";
    assert_eq!(
        read(&[
            ("agendas/2025/09-Sep/24-nullability-wg-september-2025.md", agenda),
            ("minutes/2012/index.md", board),
            ("meetings/2016-01-21.md", plain),
        ]),
        [
            "agendas/2025/09-Sep/24-nullability-wg-september-2025.md 24-nullability-wg-september-2025 Nullability WG 2025-09-24",
            "meetings/2016-01-21.md 2016-01-21 2016-01-21 inclusivity WG meeting 2016-01-21",
            "minutes/2012/index.md 2012 Minutes of the 2012 board meeting 2012-06-20",
        ]
    );
}

#[test]
fn a_decision_may_state_its_day_below_the_title_or_in_other_languages() {
    let below =
        "# 1. Use Git\n\n18-01-2018\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nWe do.\n";
    let line = "# ADR-0002: Usar Go\n\n- Status: aceito\n- Data da decisão: 2026-02-03\n\n## Contexto\n\nC.\n\n## Decisão\n\nUsamos.\n";
    let single = "# ADR: Use one repository\n\n**Status:** Accepted\n**Date:** 2026-03-04\n**Deciders:** Ada\n\n## Context\n\nC.\n\n## Decision\n\nWe do.\n";
    assert_eq!(
        read(&[
            ("docs/adr/0001-use-git.md", below),
            ("docs/adr/0002-usar-go.md", line),
            ("docs/architecture/adr-monorepo-tooling.md", single),
        ]),
        [
            "docs/adr/0001-use-git.md 0001 Use Git 2018-01-18",
            "docs/adr/0002-usar-go.md 0002 Usar Go 2026-02-03",
            "docs/architecture/adr-monorepo-tooling.md adr-monorepo-tooling Use one repository 2026-03-04",
        ]
    );
}

#[test]
fn a_title_is_read_without_the_number_of_its_page() {
    let page = |title: &str| {
        format!("# {title}\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nWe do.\n")
    };
    assert_eq!(
        read(&[
            ("docs/adr/0016-tools.md", &page("0016 Tools For Tests")),
            ("docs/adr/0017-rest.md", &page("ADR-R0001: Use REST")),
        ]),
        ["docs/adr/0016-tools.md 0016 Tools For Tests -", "docs/adr/0017-rest.md 0017 Use REST -"]
    );
}

#[test]
fn a_path_in_brackets_is_a_broken_link_and_its_fix_writes_parentheses() {
    let adr = "# 30. Storing\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n";
    let index = "# Decisions\n\n| Decision |\n|---|\n| [0030 - Storing][./0030-storing.md] |\n";
    let files = [("docs/adr/0030-storing.md", adr), ("docs/adr/README.md", index)];
    let repository = Repository::folder_with(&files);
    let report = repository.run(&["check", "--format", "json"]).json();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let lines = findings.iter().map(|it| format!("{} / {}", it["message"], it["help"]));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        ["\"broken link to `[./0030-storing.md]`\" / \"did you mean `(./0030-storing.md)`?\""]
    );
    repository.run(&["check", "--fix=all"]);
    assert!(repository.read("docs/adr/README.md").contains("[0030 - Storing](./0030-storing.md)"));
}

#[test]
fn pages_beside_records_are_named_to_those_who_ask_for_all() {
    let adr = "# 1. Use Git\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n";
    let plain = "# Brokers\n\n## Background\n\nMany.\n";
    let files = [
        ("proposals/0001-git.md", adr),
        ("proposals/0002-go.md", adr),
        ("proposals/0003-c.md", adr),
        ("proposals/brokers.md", plain),
    ];
    let repository = Repository::folder_with(&files);
    let run = |arguments: &[&str]| repository.run(arguments).err;
    assert!(!run(&["check"]).contains("brokers"), "{}", run(&["check"]));
    assert!(run(&["check", "-v"]).contains("brokers"), "{}", run(&["check", "-v"]));
}
