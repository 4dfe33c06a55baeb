//! Forms of pages that were met in repositories nobody had looked at before.

use crate::kit::Repository;

/// Each record as `kind id | title | status`, with `-` for what it lacks.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    records(files, &["title", "status"])
}

fn records(files: &[(&str, &str)], fields: &[&str]) -> Vec<String> {
    let records = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = |record: &serde_json::Value| {
        let name = format!("{} {}", text(&record["kind"]), text(&record["id"]));
        let stated = fields.iter().map(|field| text(&record["fields"][field]));
        std::iter::once(name).chain(stated).collect::<Vec<_>>().join(" | ")
    };
    records["records"].as_array().cloned().unwrap_or_default().iter().map(line).collect()
}

#[test]
fn the_chapters_of_a_log_are_no_decisions() {
    let log = "# Decision log\n\n## 1. Purpose\n\nStatus: see below\n\nWhy we write.\n\n## 2. Decisions\n\n\
               ## DEC-2026-001 — Write in Markdown\n\n**Status:** Accepted\n**Rationale:** Plain.\n\n\
               ## DEC-2026-002 — Commit in groups\n\n**Status:** Accepted\n**Rationale:** Clear.\n\n\
               ## DEC-2026-003 — Keep one canvas\n\n**Status:** Proposed\n**Rationale:** Short.\n\n## 3. Next steps\n\nMore.\n";
    assert_eq!(
        read(&[("docs/decision-log.md", log)]),
        [
            "decision DEC-2026-001 | Write in Markdown | accepted",
            "decision DEC-2026-002 | Commit in groups | accepted",
            "decision DEC-2026-003 | Keep one canvas | proposed",
        ]
    );
    let numbered = "# Decision log\n\n## 1. Write in Markdown\n\n**Status:** Accepted\n**Rationale:** Plain.\n\n\
                    ## 2. Commit in groups\n\n**Status:** Accepted\n**Rationale:** Clear.\n";
    assert_eq!(
        read(&[("docs/decision-log.md", numbered)]).len(),
        2,
        "there, the numbers are those of decisions"
    );
}

#[test]
fn a_table_that_shows_rows_once_more_is_not_read_again() {
    let rows = "| ID | Date | Decision | Owner | Status |\n|---|---|---|---|---|\n| DEC-1 | 2026-01-21 | Sell in one city | Eva | Active |\n\
                | DEC-2 | 2026-01-21 | Take no cash | Eva | Active |\n";
    let again =
        "| ID | Decision | Date | Status |\n|---|---|---|---|\n| DEC-2 | No cash | 2026-01-21 | Active |\n";
    let log = format!("# Decision log\n\n## All\n\n{rows}\n## By subject\n\n### Money\n\n{again}");
    assert_eq!(
        records(&[("docs/decision-log.md", &log)], &["title"]),
        ["decision DEC-1 | Sell in one city", "decision DEC-2 | Take no cash"]
    );
    let further = again.replace("DEC-2", "DEC-3");
    let log = format!("# Decision log\n\n{rows}\n## Later\n\n{further}");
    assert_eq!(read(&[("docs/decision-log.md", &log)]).len(), 3);
}

#[test]
fn the_first_column_of_a_raci_table_may_have_another_name() {
    let letters = "# RACI\n\n| Tarefa | Gestor | Dev | Cliente |\n|---|---|---|---|\n| Testes | A | R | I |\n| Entrega | R/A | C | I |\n";
    let named = "# RACI\n\n| Work item | Responsible (R) | Accountable (A) | Consulted (C) | Informed (I) |\n|---|---|---|---|---|\n\
                 | Pilot | Squad | Ada Byron | Legal | All |\n";
    let owners = |path: &str, page: &str| records(&[(path, page)], &["owner"]);
    assert_eq!(
        owners("docs/RACI.md", letters),
        ["decision-right Testes | Gestor", "decision-right Entrega | Gestor"]
    );
    assert_eq!(owners("RACI_chart.md", named), ["decision-right Pilot | Ada Byron"]);
    assert_eq!(owners("docs/tracing-agents.md", &letters.replace("# RACI", "# Tracing")), [""; 0]);
}

#[test]
fn the_header_of_an_ordinary_table_is_no_field() {
    let page = |table: &str| format!("# Layers\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n{table}");
    let ladder = page("| State | Behavior |\n|---|---|\n| Gate off | Lexical only |\n| Gate on | Both |\n");
    assert_eq!(read(&[("docs/decisions/0007-layers.md", &ladder)]), ["decision 0007 | Layers | -"]);
    let fields = "# Layers\n\n| Status | Accepted |\n|---|---|\n| Date | 2026-03-01 |\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(read(&[("docs/decisions/0007-layers.md", fields)]), ["decision 0007 | Layers | accepted"]);
}

#[test]
fn what_a_page_replaces_is_not_its_own_end() {
    let old = "# Persistence\n\n- Status: Accepted\n- Date: 04.09.2025\n\n## Result\n\nA.\n";
    let new = "# Persistence\n\n- Status: Replaces ADR-0007\n- Date: 08.10.2025\n\n## Result\n\nB.\n";
    let files = [("docs/adr/0007-persistence.md", old), ("docs/adr/0008-persistence.md", new)];
    assert_eq!(
        records(&files, &["status", "supersedes"]),
        ["decision 0007 | accepted | -", "decision 0008 | Replaces ADR-0007 | [\"0007\"]"]
    );
}

#[test]
fn a_status_may_stand_behind_a_point_and_in_a_second_quote() {
    let point = "# ADR 0001 · Use Postgres\n\n**Status** · Accepted · 2026-02-12\n**Author** · Ada Byron\n\n---\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let quote = "# ADR-001: Un servidor\n\n> **Architecture Decision Record** — captura el contexto.\n\n> **Estado**: 🟡 Propuesto\n\
                 > **Fecha**: 2026-07-05\n\n## Contexto\n\nA.\n\n## Decisión\n\nB.\n";
    assert_eq!(
        records(
            &[("adrs/0001-use-postgres.md", point), ("decisions/ADR-001-servidor.md", quote)],
            &["status", "date"]
        ),
        ["decision 0001 | accepted | 2026-02-12", "decision 001 | proposed | 2026-07-05"]
    );
}

#[test]
fn a_site_gives_a_page_a_name_of_its_number_and_words() {
    let page = "---\nid: adr-7-use-rust\ntitle: \"ADR-007: Use Rust\"\n---\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";
    assert_eq!(
        records(&[("docs/adrs/adr-0007-use-rust.md", page)], &["status"]),
        ["decision 0007 | accepted"]
    );
}

#[test]
fn what_was_decided_is_not_split_as_names_are() {
    let page = "# Session — 2026-03-21\n\n## Participants\n\n- Ada Byron and Bo Ek\n\n## Decisions\n\n1. Plausible en Sprint 5\n2. Copy button + thumbs\n";
    assert_eq!(
        records(&[("meetings/2026-03-21-session.md", page)], &["attendees", "decisions"]),
        [
            "meeting 2026-03-21-session | [\"Ada Byron\",\"Bo Ek\"] | [\"Plausible en Sprint 5\",\"Copy button + thumbs\"]"
        ]
    );
}

#[test]
fn a_file_of_another_schema_is_left_alone() {
    let file = |schema: &str| {
        format!(
            "{{\"schema_version\": \"{schema}\", \"id\": \"exit\", \"title\": \"Exit\", \"context\": \"A.\", \"decision\": \"B.\"}}"
        )
    };
    assert_eq!(read(&[("decisions/exit.json", &file("axiom.decision_record.v0"))]), [""; 0]);
}

#[test]
fn minutes_may_state_their_day_in_front_matter() {
    let page = "---\ntitle: \"Minute 1\"\ndate: \"2026-04-18\"\n---\n\n## Members present\n\n- Ada Byron\n- Bo Ek\n\n## Summary\n\nWe met.\n";
    assert_eq!(records(&[("minutes/minute_1.md", page)], &["date"]), ["meeting minute_1 | 2026-04-18"]);
    let without = page.replace("Members present", "Topics");
    assert_eq!(read(&[("minutes/minute_1.md", &without)]), [""; 0]);
}

#[test]
fn a_retrospective_beside_minutes_may_be_in_french() {
    let page = "# Sprint Retrospective — Sprint 1\n\n## Ce qui a bien marche ✅\n\n- Le feature freeze\n\n## Ce qui n'a pas marche ❌\n\n- Trois réunions oubliées\n\n\
                ## Actions\n\n- Écrire les specs\n";
    assert_eq!(
        records(&[("docs/meetings/retros/2026-03-17-sprint1.md", page)], &["date"]),
        ["retrospective 2026-03-17-sprint1 | 2026-03-17"]
    );
}

#[test]
fn the_reason_of_an_assumption_is_none() {
    let page = "# Technical assumptions\n\n## Data\n\n**Datenbank:** PostgreSQL\n- **Begründung:** ACID\n\n**Hosting:** Eigenes\n- **Begründung:** Kosten sinken\n\n\
                ## Users\n\n- Most of them have a telephone\n- They read German\n";
    assert_eq!(
        records(&[("docs/technical-assumptions.md", page)], &["statement"])
            .iter()
            .filter(|it| it.contains("Begründung"))
            .count(),
        0
    );
}

#[test]
fn gates_and_what_exists_are_no_planned_work() {
    let page = "# Roadmap\n\n## Next\n\n- Search\n- Export\n\n### Decision gate\n\n- **Go:** ten users\n- **No-go:** none\n\n## Immediate next steps\n\n- [x] Begin today\n\n\
                ## Historique des validations\n\n- [x] Phase 1\n";
    assert_eq!(records(&[("docs/ROADMAP.md", page)], &[]), ["initiative Search", "initiative Export"]);
}

#[test]
fn a_log_may_be_a_list_by_day() {
    let log = "# Decision Log\n\nEach entry: date — decision — reason.\n\n## Decisions\n\n- 2026-05-16 — Use Railway — fastest path to production.\n\
               - **2026-05-28**: Retire the PyPI team.\n  The admins take over.\n\n## Change log\n\n- 2026-06-01 — Sorted this page\n- 2026-06-02 — Again\n";
    assert_eq!(
        records(&[("docs/governance/decision-log.md", log)], &["date", "status"]),
        [
            "decision use-railway | 2026-05-16 | accepted",
            "decision retire-the-pypi-team | 2026-05-28 | accepted"
        ]
    );
    assert_eq!(read(&[("docs/history.md", &log.replace("Decision Log", "History"))]), [""; 0]);
}

#[test]
fn what_came_of_work_is_no_numbered_decision() {
    let page = "# Trial\n\n**Status:** Accepted\n**Author:** Ada Byron\n**Date:** 2026-02-01\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(read(&[("work/CF-190-storage.md", page)]).len(), 1);
    for path in
        ["work/CF-190-gap-analysis.md", "work/A012-Task-Completion-Summary.md", "work/evidence/S-260-logs.md"]
    {
        assert_eq!(read(&[(path, page)]), [""; 0], "{path}");
    }
    let plan = "# Stage 211\n\n## Summary\n\nA.\n\n## Problem Statement\n\nB.\n\n## Goals\n\nC.\n";
    assert_eq!(read(&[("docs/exec_plans/active/2026-03-17_stage211.md", plan)]), [""; 0]);
}

#[test]
fn a_list_whose_items_share_a_key_of_others_is_that_of_another_program() {
    let roles = |key: &str| {
        ["cdo", "ciso", "lead"].map(|id| format!("  - {{ id: {id}, name: {id}, {key}: [REQ-1] }}\n")).concat()
    };
    let check = |key: &str, more: &[(&str, &str)]| {
        let text = format!("roles:\n{}", roles(key));
        let files = [&[("governance/roles.yaml", &*text)], more].concat();
        Repository::folder_with(&files)
            .run(&["check", "--as-of", "2026-11-20", "--select", "schema/*", "--format", "concise"])
            .out
    };
    assert_eq!(check("source_requirements", &[]), "");
    let configured = check("source_requirements", &[("alignlint.yaml", "{}\n")]);
    assert!(configured.contains("`source_requirements` is not a field of a role"), "{configured}");
}

#[test]
fn the_keys_of_a_list_alone_do_not_tell_its_kind() {
    let list = "requirements:\n  - { id: R-1, statement: Logs are kept, status: open, severity: high }\n  - { id: R-2, statement: Keys are changed, status: open, severity: low }\n";
    let found = |more: &[(&str, &str)]| {
        let files = [&[("governance/requirements.yaml", list)], more].concat();
        Repository::folder_with(&files)
            .run(&["check", "--as-of", "2026-11-20", "--select", "document/unread-part"])
            .out
    };
    assert_eq!(found(&[]), "");
    assert!(found(&[("alignlint.yaml", "{}\n")]).contains("write `assumptions` if it lists these"));
}

#[test]
fn people_in_two_columns_and_a_table_of_names_and_values_are_read() {
    let people = "# People\n\n| Id | Name |\n|---|---|\n| okoro | Ada Okoro |\n| lind | Bo Lind |\n";
    let tablets = "---\nkind: initiative\nid: tablets\n---\n# Tablets for all\n\n| Field | Value |\n|---|---|\n| Owner | okoro |\n| Status | running |\n| Decision | D-8 |\n";
    assert_eq!(
        records(
            &[("governance/people.md", people), ("strategy/roadmap/tablets.md", tablets)],
            &["owner", "status", "decision"]
        ),
        [
            "person okoro | - | - | -",
            "person lind | - | - | -",
            "initiative tablets | okoro | running | [\"D-8\"]"
        ]
    );
}
