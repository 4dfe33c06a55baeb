//! Repositories of strangers: how their pages say things, and what must not be taken for a record of ours.

use crate::kit::Repository;

const TODAY: &str = "2026-11-20";

/// The findings in a repository with these files, each as `path: rule: message; help`.
fn found(repository: &Repository) -> Vec<String> {
    let report = repository.run(&["check", "--format", "json", "--as-of", TODAY]).json();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let line = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        format!("{}: {}: {}; {}", text("path"), text("rule"), text("message"), text("help"))
    };
    findings.iter().map(line).collect()
}

/// The records, each with its path, and its status or else its date.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let line = |record: &serde_json::Value| {
        let fields = &record["fields"];
        let word = [&fields["status"], &fields["date"]].into_iter().find_map(|it| it.as_str());
        format!("{} {}", record["path"].as_str().unwrap_or_default(), word.unwrap_or("-"))
    };
    records.iter().map(line).collect()
}

fn adr(title: &str, status: &str) -> String {
    format!("# {title}\n\n**Status:** {status}\n\n## Context\n\nWe had none.\n\n## Decision\n\nWe do.\n")
}

#[test]
fn nobody_is_held_to_practices_of_a_form_that_they_do_not_use_on_purpose() {
    let page = "---\ntitle: Use queues\nowner: Ada\nstatus: accepted\nupdated: 2026-06-19\ncdc-ref: IV.4\n---\n\n# 0008 — Use queues\n\n## Contexte\n\nA.\n\n## Decision\n\nWe do.\n";
    let files = [("docs/adr/0008-queues.md", page)];
    assert_eq!(found(&Repository::folder_with(&files)), [""; 0]);
    let configured = Repository::folder_with(&[files[0], ("alignlint.yaml", "")]);
    assert_eq!(
        found(&configured)[..2],
        [
            "docs/adr/0008-queues.md: decision/undated: `0008` is accepted but has no date; state it under `date`",
            "docs/adr/0008-queues.md: schema/unknown-field: `0008`: `cdc-ref` is not a field of a decision; remove it, move it to `notes`, or add the field to a custom kind",
        ]
    );
    // The same without a configuration, as another page states its kind.
    let kind = "---\nkind: decision\nid: 0009\ntitle: Use topics\nowner: Ada\nstatus: draft\n---\n";
    let own = Repository::folder_with(&[files[0], ("docs/adr/0009-topics.md", kind)]);
    assert!(found(&own).iter().any(|line| line.contains("`cdc-ref` is not a field")), "{:?}", found(&own));
}

#[test]
fn the_files_of_a_program_that_builds_books_are_no_records() {
    let book = "[book]\ntitle = \"Our decisions\"\nlanguage = \"en\"\nsrc = \".\"\n[output.html]\nno-section-label = true\n";
    assert_eq!(
        read(&[("adr/book.toml", book), ("adr/0001-git.md", &adr("1. Use Git", "Accepted"))]),
        ["adr/0001-git.md accepted"]
    );
}

#[test]
fn of_choices_the_one_in_bold_is_the_status() {
    for (row, status) in [
        ("_Proposed, **Accepted**, Implemented, Obsolete_", "accepted"),
        ("Draft / **Proposed** / Accepted", "proposed"),
    ] {
        let page = adr("1. Use Git", row);
        assert_eq!(
            read(&[("docs/adr/0001-git.md", &page)]),
            [format!("docs/adr/0001-git.md {status}")],
            "{row}"
        );
    }
}

#[test]
fn a_key_in_bold_may_end_with_a_full_stop() {
    let page = adr("1. Use Git", "Accepted").replace("**Status:**", "- **Status.**");
    assert_eq!(read(&[("docs/adr/0001-git.md", &page)]), ["docs/adr/0001-git.md accepted"]);
    let prose = adr("1. Use Git", "Accepted")
        .replace("**Status:** Accepted", "**Status.** the tool is an official extension.");
    assert_eq!(read(&[("docs/adr/0001-git.md", &prose)]), ["docs/adr/0001-git.md -"]);
}

#[test]
fn a_version_at_the_beginning_of_a_title_is_no_number() {
    let files = [
        ("docs/adr/0001-git.md", &*adr("1. Use Git", "Accepted")),
        ("docs/adr/0018-release.md", &adr("1.0.0 and what it takes", "Accepted")),
    ];
    assert_eq!(found(&Repository::folder_with(&files)), [""; 0]);
}

#[test]
fn folders_of_decisions_and_minutes_have_many_names() {
    let page = "# Buy tanks\n\n**Title:** Buy tanks\n**Date:** 2026-01-02\n**Status:** Accepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(read(&[("docs/Our ADR's/buy-tanks.md", page)]), ["docs/Our ADR's/buy-tanks.md accepted"]);
    let minutes = "# Steering committee\n\n## Attendees\n\n- Ada\n\n## Fair\n\nWe go.\n";
    for path in ["meetings-archive/2026-01-13-call.md", "governance/meetings/steering-2026-01-13.md"] {
        assert_eq!(read(&[(path, minutes)]), [format!("{path} 2026-01-13")]);
    }
}

#[test]
fn a_number_that_a_page_lost_is_unknown() {
    let queues = adr("14. Use queues", "Accepted");
    let streams = adr("8. Use streams", "Superseded by [0014]");
    let repository =
        Repository::with(&[("docs/adr/0014-queues.md", &queues), ("docs/adr/0008-streams.md", &streams)]);
    repository.remove("docs/adr/0014-queues.md");
    repository.write(&[("docs/adr/0009-queues.md", &*queues.replace("14. ", "9. "))]);
    repository.commit("2026-10-02");
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0008-streams.md: reference/unknown: `0008` refers to the unknown decision `0014`; correct the name, add the record, or remove the reference"
        ]
    );
}

#[test]
fn an_rfc_may_state_its_number_in_its_front_matter() {
    let page = "---\nrfc: 0005\ntitle: A widget\nsubmitter: ada\n---\n\n# A widget\n\nThis adds one.\n\n## Motivation\n\nThere is none.\n";
    assert_eq!(read(&[("0005-widget.md", page)]), ["0005-widget.md -"]);
}

#[test]
fn a_status_in_force_contradicts_the_successor_on_another_line() {
    let old = "# Detect routes\n\n- Date: 2023-12-18\n- Status: **Accepted** via #4\n- Superseded by:\n  - [Write it by hand](./2024-04-25-a-by-hand.md)\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let new = "# Write it by hand\n\n- Date: 2024-04-25\n- Status: **Accepted**\n- Supersedes: [Detect routes](./2023-12-18-b-routes.md)\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let files = [("docs/adr/2023-12-18-b-routes.md", old), ("docs/adr/2024-04-25-a-by-hand.md", new)];
    assert_eq!(
        found(&Repository::folder_with(&files)),
        [
            "docs/adr/2023-12-18-b-routes.md: decision/superseded-status: `2023-12-18-b-routes` is superseded by `2024-04-25-a-by-hand`, but its status says it is in force; change its status to `superseded`, or remove its successor if it holds beside it"
        ]
    );
}

#[test]
fn a_site_has_roots_and_numbers_of_its_own() {
    let page = |more: &str| adr("7. Use queues", "Accepted") + more;
    let flow = adr("3. Flow of data", "Superseded by [7](/adr/0007-queues.md)");
    let queues = page("\nSee [the annex](#8-annex) and [none](#9-nowhere).\n\n## Annex\n\nA.\n");
    let files = [
        ("docs/adr/0003-flow.md", &*flow),
        ("docs/adr/0007-queues.md", &*queues),
        ("mkdocs.yml", "site_name: Us\n"),
    ];
    assert_eq!(
        found(&Repository::folder_with(&files)),
        [
            "docs/adr/0007-queues.md: reference/broken-link: broken link to `#9-nowhere`; correct the destination, or remove the link"
        ]
    );
}

#[test]
fn tables_of_people_teams_and_work_are_nobody_elses() {
    let people = "# People\n\n| ID | Name | Team |\n|---|---|---|\n| bea | Bea Kouame | tools |\n| dre | Andre Soro | tools |\n";
    let teams =
        "# Teams\n\n| ID | Name | Lead |\n|---|---|---|\n| tools | Tools | bea |\n| games | Games | bea |\n";
    let roadmap = "# Roadmap\n\n## Initiatives\n\n| ID | Initiative | Owner | Start | End | Status |\n|---|---|---|---|---|---|\n| T-1 | Editor | bea | 2026-04-13 | 2026-09-30 | in progress |\n| T-2 | Builds | bea | 2026-08-31 | 2026-12-04 | on track |\n";
    let files =
        [("governance/people.md", people), ("governance/teams.md", teams), ("strategy/roadmap.md", roadmap)];
    let overdue = "strategy/roadmap.md: initiative/overdue:";
    let of = |files: &[(&str, &str)]| found(&Repository::folder_with(files));
    assert!(of(&files).iter().any(|line| line.starts_with(overdue)), "{:?}", of(&files));
    assert!(!of(&files[2..]).iter().any(|line| line.starts_with(overdue)), "{:?}", of(&files[2..]));
}

#[test]
fn before_a_commit_the_page_that_comes_with_it_is_told_to_take_another_number() {
    let repository = Repository::with(&[("docs/adr/0014-separate.md", &*adr("14. Separate", "Accepted"))]);
    repository.write(&[("docs/adr/0014-cache.md", &*adr("14. Cache", "Accepted"))]);
    repository.git(&["add", "-A"]);
    let hook =
        repository.run(&["check", "--staged", "--since", "HEAD", "--as-of", TODAY, "--format", "concise"]);
    assert!(
        hook.out.starts_with("docs/adr/0014-cache.md:1:3: error[reference/duplicate-id]"),
        "{}",
        hook.out
    );
}

#[test]
fn an_index_is_right_where_a_page_says_two_things_or_nothing_of_its_own() {
    let index = "# Decisions\n\n| Number | Title | Status |\n|---|---|---|\n| [0001](0001-queues.md) | Use queues | Accepted |\n| [0002](0002-topics.md) | Use topics | Proposed |\n| [0003](0003-streams.md) | Use streams | Accepted |\n";
    let section = |status: &str| {
        format!("# 1. Use queues\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n")
    };
    let madr = "---\nstatus: \"{proposed | rejected | accepted | superseded by ADR-0123}\"\n---\n\n# Use topics\n\n## Context and Problem Statement\n\nA.\n\n## Decision Outcome\n\nB.\n";
    let streams = section("Accepted").replace("1. Use queues", "3. Use streams");
    let of = |queues: &str| {
        let files = [
            ("docs/adr/README.md", index),
            ("docs/adr/0001-queues.md", queues),
            ("docs/adr/0002-topics.md", madr),
            ("docs/adr/0003-streams.md", &streams),
        ];
        let all = found(&Repository::folder_with(&files));
        all.into_iter().filter(|line| line.contains("README.md")).collect::<Vec<_>>()
    };
    assert_eq!(
        of(&section("Proposed")),
        [
            "docs/adr/README.md: document/index-differs: the index gives `0001` the status accepted, but it is proposed; write `proposed` here, or correct the record"
        ]
    );
}

#[test]
fn a_wrong_successor_is_told_once_at_the_page_that_does_not_claim_it() {
    let page = |title: &str, status: &str| {
        format!("# {title}\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nWe do.\n")
    };
    let old = page("6. Use Kafka", "Superseded by [11. Log in](0011-log-in.md)");
    let files = [
        ("docs/adr/0006-kafka.md", &*old),
        (
            "docs/adr/0010-nats.md",
            &page("10. Use NATS", "Accepted\n\nSupersedes [6. Use Kafka](0006-kafka.md)"),
        ),
        ("docs/adr/0011-log-in.md", &page("11. Log in", "Accepted\n\nSupersedes [1. Use C](0001-c.md)")),
        ("docs/adr/0001-c.md", &page("1. Use C", "Superseded by [11. Log in](0011-log-in.md)")),
    ];
    assert_eq!(
        found(&Repository::folder_with(&files)),
        [
            "docs/adr/0011-log-in.md: decision/unclaimed-successor: `0011` does not say that it supersedes `0006`; say in the section `Status` that it supersedes `0006`, or correct the successor that `0006` names"
        ]
    );
}

#[test]
fn minutes_are_known_by_folders_and_days_of_other_habits() {
    let page = "---\ntitle: Semesterets første møte\ndate: 2026-08-13\n---\n\n## Innkalling\n\n- Innkalling: Godkjent\n";
    let notes = "# Global Meeting\n\n- Date: Oct 23 2020\n- Current meeting attendees: @ada @max\n\n## Updates\n\nNone.\n";
    let called = "# Roll call:\n\n## Attending\n\n* Ada Byron\n\n# Agenda:\n\n* Updates\n";
    let files = [
        ("docs/motereferater-fra-styret/2026/2026-08-13.md", page),
        ("minutes/2018-06-06-board.md", called),
        ("notes/2020/2020_10_23.md", notes),
        ("zarzad/posiedzenia/2021-01-20.md", "# Protokół\n\n## Rozpoczęcie\n\nTak.\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/motereferater-fra-styret/2026/2026-08-13.md 2026-08-13",
            "minutes/2018-06-06-board.md 2018-06-06",
            "notes/2020/2020_10_23.md 2020-10-23",
            "zarzad/posiedzenia/2021-01-20.md 2021-01-20",
        ]
    );
    let listing = Repository::folder_with(&files).run(&["records", "--format", "json"]).json();
    assert_eq!(listing["records"][1]["title"], "2018-06-06-board");
}

#[test]
fn a_page_whose_title_is_no_heading_is_read() {
    let page = |title: &str| {
        format!("{title}\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nWe do.\n")
    };
    let lost = "3. Topics gebruiken\n\nDocument: handboek\n\n# Status\n\nGoedgekeurd - team\n\n# Besluit\n\nWij doen het.\n";
    let files = [
        ("docs/pdr/0001-queues.md", &*page("# 1. Use queues")),
        ("docs/pdr/0002-streams.md", &page("# 2. Use streams")),
        ("docs/pdr/0003-topics.md", lost),
    ];
    let repository = Repository::folder_with(&files);
    assert!(found(&repository).is_empty());
    let records = repository.run(&["records", "--format", "json"]).json();
    assert_eq!(records["records"][2]["fields"]["status"], "accepted");
}

#[test]
fn a_day_stands_behind_a_status_in_other_languages_too() {
    let page = |status: &str| {
        format!("# ADR-0001 — Colas\n\n**Estado:** {status}\n\n## Contexto\n\nA.\n\n## Decisión\n\nB.\n")
    };
    for status in [
        "Aceptado · 2026-05-25",
        "Accepté le 2026-05-25",
        "Angenommen (2026-05-25)",
        "Geaccepteerd, 2026-05-25",
    ] {
        let repository = Repository::folder_with(&[("docs/adr/0001-colas.md", &page(status))]);
        let listing = repository.run(&["records", "--format", "json"]).json();
        assert_eq!(listing["records"][0]["fields"]["date"], "2026-05-25", "{status}");
    }
}

#[test]
fn rules_reports_work_and_forms_are_no_decisions() {
    let rule = "---\ntitle: The number is that of the file\nstatus: accepted\ncreated: 2026-08-20\n---\n\n# Number\n";
    let work = "# Mend the alarm\n\n## Summary\n\nIt rings.\n\n## Proposal\n\nMend it.\n";
    let form = adr("Title of the decision", "Proposed").replace("**Status:** Proposed", "## Status\n\nOpen");
    assert_eq!(
        read(&[
            ("docs/integrity/rules/IR-001-number.md", rule),
            ("docs/reports/audits/audit-20260811.md", &rule.replace("accepted", "draft")),
            ("docs/requirements/retired/REQ-020.md", rule),
            ("work-items/proposed/2026-06-03-mend-the-alarm.md", work),
            ("reports/sync/2026-06-19.md", "# Sync report 2026-06-19\n\n## Summary\n\nNone.\n"),
            ("docs/news/2016-04-13.md", "# Meeting on 2016-05-01\n\nCome all.\n"),
            (".gitlab/issue_templates/adr.md", &form),
            ("docs/atas/20230830_modelo_ata_reuniao.md", "# Ata DD/MM/20AA\n\n## Pauta\n\n- A\n"),
            ("docs/rfcs/assets/0029-picture.prompt.md", "# Draw the machines\n\nIn blue.\n"),
            ("docs/requirements/adr/IR-002-number.md", rule),
            ("proposed/0003-mend-the-alarm.md", work),
        ]),
        ["docs/requirements/adr/IR-002-number.md accepted", "proposed/0003-mend-the-alarm.md -"]
    );
}

#[test]
fn pages_lie_in_hidden_folders_of_tools_and_minutes_where_the_day_and_a_word_are_one() {
    let minutes = "# Protocol\n\n**Attendees:** Ada, Bo\n\n## Schemas\n\n- One for all.\n";
    assert_eq!(
        read(&[
            (".agent/core/decision-records/PDR-001-location.md", &adr("PDR-001: Location", "Accepted")),
            (".agent/core/decision-records/notes.md", &adr("PDR-001: Location", "Accepted")),
            ("Protocols/2018-01-02WorkgroupCall.md", minutes),
        ]),
        [
            ".agent/core/decision-records/PDR-001-location.md accepted",
            "Protocols/2018-01-02WorkgroupCall.md 2018-01-02",
        ]
    );
}

#[test]
fn what_a_form_means_by_a_word_is_no_mistake() {
    let file = "id: ADR-004\ntitle: Link the codes\nstatus: accepted\ncontext: They can't be clicked.\ndecision: Link them.\nauthor:\n  type: agent\n  agent_id: tool-1\n";
    let proposal = |created: &str| {
        format!(
            "---\nsip: 9\ntitle: Offers\ndescription: None\nauthor: Ada (@ada)\nstatus: Draft\ntype: Standards\ncreated: {created}\n---\n\n## Abstract\n\nA.\n"
        )
    };
    let files = [
        ("docs/rfcs/0001-scope.md", adr("RFC 1: Scope", "Accepted")),
        ("docs/rfcs/assets/0001-scope-in-full.md", adr("The scope in full", "Accepted")),
        ("SIPS/sip-9.md", proposal("<date created on, in ISO 8601 (yyyy-mm-dd) format>")),
        (".pm/adrs/ADR-004.yaml", file.to_owned()),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, &**text));
    assert_eq!(found(&Repository::folder_with(&files)), [""; 0]);
    let slip = Repository::folder_with(&[("SIPS/sip-9.md", &proposal("12-26-22"))]);
    assert_eq!(
        found(&slip),
        [
            "SIPS/sip-9.md: schema/invalid: `9`: `created` is `12-26-22`; expected a date such as `2026-11-20`; write a value that the schema of the kind allows"
        ]
    );
}

#[test]
fn a_note_above_the_text_names_the_successor_in_other_languages_too() {
    let old = "# ADR-0028: Navegación\n\n> ⚠️ **SUPERSEDIDO por ADR-0136** (2026-06-23).\n\n## Contexto\n\nA.\n\n## Decisión\n\nB.\n";
    let repository = Repository::folder_with(&[
        ("docs/adr/ADR-0028-nav.md", old),
        ("docs/adr/ADR-0136-vista.md", &adr("ADR-0136: Vista", "Accepted")),
    ]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let record = &listing["records"][0];
    assert_eq!(record["fields"]["superseded-by"][0], "0136", "{record}");
}
