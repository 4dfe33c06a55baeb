//! Decisions in a section of a page about something else, and assumptions there and on pages of their own.

use crate::kit::Repository;

/// Of each record its format, id and title, or what is assumed.
fn records(path: &str, page: &str) -> Vec<String> {
    let listing = Repository::folder_with(&[(path, page)]).run(&["records", "--format", "json"]).json();
    let shown = |record: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let title = match text(&record["fields"]["statement"]) {
            assumed if assumed.is_empty() => text(&record["title"]),
            assumed => assumed,
        };
        format!("{} {}: {title}", text(&record["profile"]), text(&record["id"]))
    };
    listing["records"].as_array().map_or(&[][..], Vec::as_slice).iter().map(shown).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn rows_in_a_section_of_decisions_are_records_on_a_page_about_something_else() {
    let page = "# Design of the port\n\n## Overview\n\n| Decision | Rationale |\n|---|---|\n| Elsewhere | Not one |\n\n\
                ## 3. Key design decisions & rationale\n\n| ADR | Decision | One-line rationale |\n|---|---|---|\n\
                | Berths | One ship a berth | Ropes are short |\n| Tugs | Rent them | Two a year |\n\n\
                ## Open decisions\n\n| Decision | Rationale |\n|---|---|\n| Which paint? | |\n";
    let expected =
        ["decision-within one-ship-a-berth: One ship a berth", "decision-within rent-them: Rent them"];
    assert_eq!(records("docs/port-design.md", page), expected);
    assert_eq!(records("docs/port-guide.md", page), NONE, "a guide");
    assert_eq!(records("port/notes.md", page), NONE, "a page of another name");
    let german = "# Architektur\n\n## Technische Entscheidungen\n\n| Thema | Entscheidung | Begründung |\n|---|---|---|\n\
                  | Seile | Hanf | Liegt bereit |\n| Farbe | Rot | Weithin zu sehen |\n";
    let expected = ["decision-within seile: Seile", "decision-within farbe: Farbe"];
    assert_eq!(records("docs/architektur.md", german), expected);
}

#[test]
fn items_that_begin_with_a_decision_in_bold_are_records_in_such_a_section() {
    let page = "# Design\n\n### Key design decisions\n\n- **One ship a berth.** The ropes are too short for a second one.\n\
                - **Tugs are rented**: two a year are needed.\n\n## Features\n\n- **Berths**: eight of them.\n- **Tugs**: two of them.\n";
    let expected = [
        "decision-within one-ship-a-berth: One ship a berth",
        "decision-within tugs-are-rented: Tugs are rented",
    ];
    assert_eq!(records("docs/design.md", page), expected);
    let labels = page.replace("One ship a berth.", "Context.").replace("Tugs are rented", "Alternatives");
    assert_eq!(records("docs/design.md", &labels), NONE, "parts of one decision");
}

#[test]
fn headings_in_a_section_of_decisions_are_records_with_all_below_them() {
    let page = "# Justification of the design\n\n## 1. Approach\n\nEach is checked.\n\n## 2. Key design decisions\n\n\
                ### DEC-01 — One ship a berth\n**Alternatives:** two.\n**Decision:** one.\n**Rationale:** the ropes are short.\n\n\
                | Term | Definition |\n|---|---|\n| Berth | A place |\n\n\
                ### DEC-02 — Rented tugs\n**Decision:** rent them.\n**Rationale:** two a year.\n\n## 3. Checks\n\n\
                ### DEC-03 — No decision\n**Decision:** none.\n**Rationale:** it is a check.\n";
    let expected =
        ["decision-sections-within DEC-01: One ship a berth", "decision-sections-within DEC-02: Rented tugs"];
    assert_eq!(records("docs/djf.md", page), expected);
}

#[test]
fn a_row_of_a_log_that_gives_its_reason_is_a_record_though_it_links_to_a_page() {
    let page = "# Decision log\n\n| Decision | Date | Reasoning | More |\n|---|---|---|---|\n\
                | Rent tugs | 19-Jun-2024 | Two a year | [Tugs](adr/0001-tugs.md) |\n| Buy rope | 20-Jun-2024 | It wears | - |\n";
    let expected = ["decided-table rent-tugs: Rent tugs", "decided-table buy-rope: Buy rope"];
    assert_eq!(records("docs/decision-log.md", page), expected);
    let index = page.replace("Reasoning", "Place").replace("Two a year", "-").replace("It wears", "-");
    assert_eq!(records("docs/decision-log.md", &index), ["decided-table buy-rope: Buy rope"]);
}

#[test]
fn a_page_of_assumptions_holds_a_list_or_a_table_or_a_section_for_each() {
    let list = "# Assumptions\n\nWe have no harbour yet.\n\n## Ships\n\n- **Ships are short.** None is longer\n  than 40 m.\n- Tugs come within an hour\n  - from the south\n\n\
                ## Open questions\n\n- How deep is it?\n- Who pays?\n";
    let expected = [
        "assumption-list Ships are short: Ships are short",
        "assumption-list Tugs come within an hour: Tugs come within an hour",
    ];
    assert_eq!(records("docs/assumptions.md", list), expected);
    assert_eq!(records("docs/ships.md", list), NONE, "a page of another name");
    assert_eq!(
        records("docs/assumptions.md", &list.replace("# Assumptions", "# Checking assumptions")),
        NONE
    );
    let table = "# Assumption log\n\n| ID | Assumption | If wrong | Status |\n|---|---|---|---|\n| A-1 | Ships are short | Longer berths | Open |\n\
                 | A-2 | Tugs come | Own ones | validated |\n| A-3 | | | Open |\n";
    let expected = ["assumption-table A-1: Ships are short", "assumption-table A-2: Tugs come"];
    assert_eq!(records("docs/planning/assumption-log.md", table), expected);
    let sections = "# Assumptions\n\n## Format\n\nA number and a status.\n\n## A-1: Ships are short\n\n- **Status**: Open\n- **Rationale**: the bay is small\n\n\
                    ## A-2: Tugs come\n\n- **Status**: Open\n\n## A-3: [Title]\n\n- **Status**: Open\n";
    let expected = ["assumption-sections A-1: Ships are short", "assumption-sections A-2: Tugs come"];
    assert_eq!(records("docs/assumptions.md", sections), expected);
}

#[test]
fn assumptions_in_a_section_are_records_and_dependencies_are_none() {
    let page = "# Requirements of the port\n\n## 2. Scope\n\n- Berths\n- Tugs\n\n### 2.5 Assumptions and dependencies\n\n- Ships are short; none is\n  longer than 40 m.\n\
                - Tugs come within an hour.\n\n#### Dependencies\n\n- The town\n- The weather\n";
    let found = records("docs/requirements.md", page);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("assumption-within Ships are short"), "{found:?}");
    assert_eq!(
        records(
            "docs/requirements.md",
            &page.replace("- Ships are", "- [Ships are](x.md) ").replace("- Tugs come", "- [Tugs]")
        ),
        NONE
    );
    assert_eq!(records("docs/test-report.md", page), NONE, "a report");
    let record = format!(
        "# 1. Berths\n\n## Status\n\nAccepted\n\n## Context\n\nShips come.\n\n## Decision\n\nOne a berth.\n\n{page}"
    );
    assert_eq!(records("docs/adr/0001-berths.md", &record), ["nygard 0001: Berths"], "a part of a record");
}

#[test]
fn plans_results_and_questions_of_a_template_are_no_proposals() {
    let plan = "# RFC-0002 implementation plan\n\nStatus: draft\n\n## Phase 0\n\nTwo small steps.\n\n## Phase 1\n\nBerths.\n";
    assert_eq!(records("docs/rfc/0002-implementation-plan.md", plan), NONE);
    assert_eq!(records("docs/rfc/0002-perf-results.md", plan), NONE);
    assert_eq!(records("docs/rfc/0002-berths.md", plan).len(), 1);
    let asked = "# ADR-000: Example\n\n## Status\nWhat is the status?\n\n## Context\nWhat is the issue?\n\n## Decision\nWhat do we do?\n";
    assert_eq!(records("docs/adr/adr-000.md", asked), NONE);
    assert_eq!(records("docs/adr/adr-001.md", &asked.replace("What is the status?", "Accepted")).len(), 1);
    let planned = "# Spring 2023\n\n## Dates\n\n* half-days\n\n## Status\n\n* Berths\n    * small fixes\n";
    assert_eq!(records("meeting_notes/2023_1.md", planned), NONE);
}

#[test]
fn an_index_of_records_and_what_was_rejected_are_no_decisions_of_a_page() {
    let row =
        "| **ADR-1** | Concurrency | A pool | It scales |\n| **ADR-2** | Copies | Rent them | They cost |\n";
    let index = format!(
        "# Port\n\n## Key decisions\n\n| ADR | Title | Decision | Rationale |\n|---|---|---|---|\n{row}"
    );
    assert_eq!(records("docs/architecture.md", &index), NONE);
    let own = index.replace("| ADR |", "| No |").replace("**ADR-", "**D-");
    assert_eq!(
        records("docs/architecture.md", &own),
        ["decision-within D-1: Concurrency", "decision-within D-2: Copies"]
    );
    let rejected = "# Port\n\n## Key decisions\n\n### Alternatives\n\n- **Keep the rope**: rejected, it wears\n- **Use a chain**: rejected, it rusts\n";
    assert_eq!(records("docs/architecture.md", rejected), NONE);
}
