//! Logs of decisions on one page: each section, or each row of a table, is a record. Other pages of such names are none.

use crate::kit::{Repository, TODAY};

/// The place, identifier, title, status, date and owner of each record.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let line = |record: &serde_json::Value| {
        let field = |name: &str| text(&record["fields"][name]);
        let (path, id, at) = (text(&record["path"]), text(&record["id"]), &record["start"]["line"]);
        let (title, status, date, owner) = (field("title"), field("status"), field("date"), field("owner"));
        format!("{path}:{at}: {id}, {title}, {status}, {date}, {owner}")
    };
    records.iter().map(line).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let run = Repository::folder_with(files).run(&["check", "--as-of", TODAY, "--format", "concise"]);
    run.out.lines().take_while(|line| line.contains('[')).map(str::to_owned).collect()
}

const LOG: &str = "# Decision log\n\nNewest last.\n\n## D-1: Use Git\n\n- **Status:** accepted\n- **Date:** 2026-01-02\n- **Owner:** Ada\n\n**Context.** We write text.\n\n## D-2: Use Rust\n\n- Status: proposed\n\n### Decision\n\nRust.\n\n## D-3: Ship monthly\n\nNothing else yet.\n\n## How to add one\n\n**Decision:** what.\n\n**Why:** why.\n";

#[test]
fn sections_of_a_log_are_records() {
    assert_eq!(
        read(&[("docs/decision-log.md", LOG)]),
        [
            "docs/decision-log.md:5: D-1, Use Git, accepted, 2026-01-02, Ada",
            "docs/decision-log.md:13: D-2, Use Rust, proposed, -, -",
            "docs/decision-log.md:21: D-3, Ship monthly, -, -, -",
        ]
    );
}

#[test]
fn headings_state_numbers_and_days_in_many_forms() {
    let page = |first: &str, second: &str| {
        format!("# Decisions\n\n## {first}\n\n**Decision:** So.\n\n## {second}\n\n**Rationale**: It is.\n")
    };
    for (first, second, expected) in [
        ("ADR 3 – One queue", "ADR-004: Two", ["ADR 3, One queue, -, -, -", "ADR-004, Two, -, -, -"]),
        ("0003. One queue", "0004. Two", ["0003, One queue, -, -, -", "0004, Two, -, -, -"]),
        ("D1 — `relay/1`", "D2 — (later) two", ["D1, relay/1, -, -, -", "D2, (later) two, -, -, -"]),
        (
            "2024-03-01: One queue",
            "2024-03-02 Two",
            ["2024-03-01-one-queue, One queue, -, 2024-03-01, -", "2024-03-02-two, Two, -, 2024-03-02, -"],
        ),
        ("Decision 3: One queue", "Decision 4", ["3, One queue, -, -, -", "decision-4, Decision 4, -, -, -"]),
        (
            "Decisión Arquitectónica 1: One queue",
            "Architectural Decision 2: Two",
            ["1, One queue, -, -, -", "2, Two, -, -, -"],
        ),
    ] {
        let text = page(first, second);
        let places = [3, 7].map(|line| format!("DECISIONS.md:{line}: "));
        let expected: Vec<String> = places.iter().zip(expected).map(|(at, it)| format!("{at}{it}")).collect();
        assert_eq!(read(&[("DECISIONS.md", &text)]), expected, "{first}");
    }
}

#[test]
fn rows_of_a_table_of_decisions_are_records() {
    let table = "# Key decisions\n\n| # | Date | Decision | Status | Owner |\n|---|---|---|---|---|\n| 1 | 2026-01-02 | Use Git | Accepted | Ada |\n| 2 | 2026-01-03 | Use Rust | Open |  |\n| 3 |  | [Ship monthly](adr/0003.md) | Accepted | |\n";
    assert_eq!(
        read(&[("docs/decisions.md", table)]),
        [
            "docs/decisions.md:5: 1, Use Git, accepted, 2026-01-02, Ada",
            "docs/decisions.md:6: 2, Use Rust, Open, 2026-01-03, -",
        ]
    );
}

#[test]
fn numbers_that_begin_anew_name_no_record() {
    let log = "# Decisions\n\n## Server\n\n### 1. Use Git\n\n**Why:** It is.\n\n### 2. Use Rust\n\n**Why:** It is.\n\n## Client\n\n### 1. Use forms\n\n**Why:** They are.\n";
    assert_eq!(
        read(&[("docs/decisions.md", log)]),
        [
            "docs/decisions.md:5: 1-use-git, Use Git, -, -, -",
            "docs/decisions.md:9: 2-use-rust, Use Rust, -, -, -",
            "docs/decisions.md:15: 1-use-forms, Use forms, -, -, -",
        ]
    );
}

#[test]
fn logs_in_other_markup_are_read() {
    let rst = "Decision log\n============\n\nADR-1: Use Git\n--------------\n\n:Status: accepted\n:Date: 2026-01-02\n\nADR-2: Use Rust\n---------------\n\n:Status: proposed\n";
    let adoc = "= Decision log\n\n== ADR-1: Use Git\n\n*Status:* accepted\n\n=== Decision\n\nGit.\n\n== ADR-2: Use Rust\n\n*Status:* proposed\n";
    assert_eq!(
        read(&[("a/decision-log.rst", rst), ("b/decision-log.adoc", adoc)]),
        [
            "a/decision-log.rst:4: ADR-1, Use Git, accepted, 2026-01-02, -",
            "a/decision-log.rst:10: ADR-2, Use Rust, proposed, -, -",
            "b/decision-log.adoc:3: ADR-1, Use Git, accepted, -, -",
            "b/decision-log.adoc:11: ADR-2, Use Rust, proposed, -, -",
        ]
    );
}

#[test]
fn what_the_sections_say_of_each_other_is_checked() {
    let log = "# Decision log\n\n## D-1: Use Git\n\n**Status:** Superseded by D-3\n**Decision:** Git.\n\n## D-2: Use Rust\n\n**Status:** Accepted\n**Supersedes:** D-4\n\n## D-3: Use jj\n\n**Status:** Accepted\n**Date:** 2026-02-31\n\n## D-3: Use forms\n\n**Status:** Accepted\n**Why:** So.\n\n## D-4: Use C\n\n**Status:** Accepted\n**Why:** So.\n";
    assert_eq!(
        found(&[("docs/decision-log.md", log)]),
        [
            "docs/decision-log.md:16:11: error[schema/invalid] `D-3`: `Date` is `2026-02-31`, and February 2026 has 28 days",
            "docs/decision-log.md:18:4: error[reference/duplicate-id] 2 decisions have the id `D-3`",
            "docs/decision-log.md:25:13: error[decision/one-sided-supersede] `D-4` does not name its successor `D-2`",
        ]
    );
}

#[test]
fn a_fix_changes_the_word_of_a_section_and_adds_nothing() {
    let log = "---\nstatus: living\n---\n# Decision log\n\n## D-1: Use Git\n\n**Status:** Accepted\n**Superseded by:** D-2\n\n## D-2: Use Rust\n\n**Status:** Accepted\n**Decision:** Rust.\n";
    let repository = Repository::folder_with(&[("docs/decision-log.md", log)]);
    repository.run(&["check", "--as-of", TODAY, "--fix=all"]);
    let expected = log.replacen("**Status:** Accepted", "**Status:** Superseded", 1);
    assert_eq!(repository.read("docs/decision-log.md"), expected);
}

#[test]
fn a_log_may_have_one_section_or_hold_one_record() {
    let begun =
        "# Engineering decisions\n\nNewest first.\n\n## 2026-06-10 — One collation\n\n**Decision.** One.\n";
    let single = "# ADR-001: Use Git\n\n- Status: Proposed\n- Date: 2026-02-09\n\n## Context\n\nC.\n\n## Decision\n\n### D1. Now\n\nD.\n";
    let plain = "# Architecture decisions\n\n## Model\n\n- **Choice:** small\n- **Reasoning:** free\n\n## Output\n\n### Context\n\nC.\n\n### Decision\n\nJSON.\n";
    assert_eq!(
        read(&[("doc/decisions.md", begun), ("docs/adr.md", single), ("notes/decisions.md", plain)]),
        [
            "doc/decisions.md:5: 2026-06-10--one-collation, One collation, -, 2026-06-10, -",
            "docs/adr.md:1: ADR-001, Use Git, proposed, 2026-02-09, -",
            "notes/decisions.md:3: model, Model, -, -, -",
            "notes/decisions.md:8: output, Output, -, -, -",
        ]
    );
}

/// Pages that are none, though their names or their sections are alike.
#[test]
fn other_pages_are_no_logs() {
    let explained = "# Architecture decision records\n\n## Context\n\nWhy.\n\n## Decision\n\nWhat.\n\n## Consequences\n\nThen.\n";
    let changes = "# Changelog\n\n## 1.2.0 - 2024-03-01\n\n**Decision:** dropped.\n\n## 1.1.0 - 2024-02-01\n\n**Status:** done\n";
    let handbook = "# How we make decisions\n\n## 1. Prepare\n\nWrite down the options.\n\n## 2. Decide\n\nIn the weekly meeting.\n\n## 3. Record\n\nAs an ADR.\n";
    let module = "# Decision modules\n\n## The manager\n\nIt decides.\n\n## 2. Rules\n\nThey are rules.\n";
    let minutes = "# Weekly\n\n## 2024-03-01\n\n**Decision:** So.\n\n## 2024-03-08\n\n**Decision:** So.\n";
    let index = "# Decisions\n\n| ADR | Decision | Status |\n|---|---|---|\n| [1](adr/0001-a.md) | Use Git | Accepted |\n| [2](adr/0002-b.md) | Use Rust | Accepted |\n";
    let listed = "# Decisions\n\n## [ADR-1: Use Git](adr/0001-a.md)\n\n**Status:** accepted\n\n## [ADR-2: Use Rust](adr/0002-b.md)\n\n**Status:** accepted\n";
    let form = "# Decision log\n\n## ADR-000: Template\n\n**Status:** proposed\n\n## ADR-XX: Title\n\n**Status:** proposed\n";
    let phases =
        "# Decisions\n\n## Phase 1: Start\n\nWhat we do first.\n\n## Phase 2: Grow\n\nWhat we do then.\n";
    assert_eq!(
        read(&[
            ("CHANGELOG.md", changes),
            ("a/decisions.md", form),
            ("b/decisions.md", handbook),
            ("blog/2024-03-01-decisions.md", minutes),
            ("c/decisions.md", index),
            ("d/decisions.md", listed),
            ("docs/adr.md", explained),
            ("docs/decision-module.md", module),
            ("docs/decisions.rst", "Decisions\n=========\n\nWhat they are.\n"),
            ("e/decisions.md", phases),
            ("src/decisions.md", "# Decisions\n\nOne paragraph.\n"),
        ]),
        Vec::<String>::new()
    );
}

#[test]
fn a_page_of_several_goals_holds_one_objective_for_each() {
    let goals = "# Goals 2026\n\n## G-1: Grow in Norway\n\nOwner: Ada\n\n### Key results\n\n- 40 partners\n\n## Objective 2: Be quick\n\n- KR1: answers in 2 days\n\n## Objective 3: Rest\n";
    assert_eq!(
        read(&[("goals/2026.md", goals)]),
        [
            "goals/2026.md:3: G-1, Grow in Norway, -, -, Ada",
            "goals/2026.md:11: 2, Be quick, -, -, -",
            "goals/2026.md:15: 3, Rest, -, -, -",
        ]
    );
    let one = "---\nkind: objective\n---\n# Grow in Norway\n\n## Key results\n\n- 40 partners\n\n## Goal 1: why\n\nW.\n";
    assert_eq!(read(&[("okrs/norway.md", one)]), ["okrs/norway.md:1: norway, Grow in Norway, -, -, -"]);
}

#[test]
fn a_month_and_a_form_to_fill_in_are_no_decisions() {
    let entry = "**Decision:** we license it.\n**Date:** 2025-12-01\n**Status:** Accepted\n";
    let page = format!(
        "# Decision log\n\n### December\n\n{entry}\n### Q4 2025\n\n{entry}\n### D-{{NNN}}: {{Title}} ({{date}})\n\n{entry}\n### D-1: License\n\n{entry}\n### D-2: Name\n\n{entry}"
    );
    let found = Repository::folder_with(&[("decision-log.md", &page)]).listed();
    assert_eq!(
        found.iter().map(|line| line.split(": ").nth(1).unwrap_or_default()).collect::<Vec<_>>(),
        ["decision-log D-1, License", "decision-log D-2, Name"],
        "{found:?}"
    );
}

#[test]
fn a_section_may_state_its_status_in_a_table_of_asciidoc() {
    let section = |id: u8, title: &str| {
        format!(
            "=== ADR-{id} — {title}\n\n[cols=\"1,3\", options=\"header\"]\n|===\n|Attribute |Detail\n\n|Status\n|Accepted\n\n|Context\n|We write text.\n|===\n\n"
        )
    };
    let page = format!("== Architecture Decisions\n\n{}{}", section(1, "Use Git"), section(2, "Use Rust"));
    let records = read(&[("docs/09_architecture_decisions.adoc", &page)]);
    assert_eq!(records.len(), 2, "{records:?}");
    assert!(
        records[0].contains("ADR-1, Use Git, accepted") && records[1].contains("ADR-2, Use Rust"),
        "{records:?}"
    );
}

#[test]
fn the_chapter_of_a_book_about_the_architecture_may_be_a_log() {
    let page = "# Architectural decisions\n\n## ADR-1: Rust\n\n**Decision:** one program.\n**Rationale:** it is fast.\n\n## ADR-2: SQL\n\n**Decision:** one database.\n**Rationale:** it is there.\n";
    let found = read(&[("docs/arc42/09_Architectural_Decisions.md", page)]);
    assert_eq!(found.len(), 2, "{found:?}");
}
