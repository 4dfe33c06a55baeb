//! The first hour of a new user: files laid out in their own way, and commands with the names that they write.

use crate::kit::Repository;

const DECISION: &str = "# D05 – Short night\n\n**Status:** decided\n**Date:** 2026-10-06\n";

fn records(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    listing["records"].as_array().cloned().unwrap_or_default()
}

#[test]
fn the_page_of_a_file_lists_what_is_read() {
    let page = format!(
        "{DECISION}**Look at it again:** March 2027\n**Mood:** good\n\nText.\n\n## What follows\n\nLess noise.\n\n## Actions\n\n\
         - [ ] Tom: steam – by 2026-11-01\n- Talk about it\n"
    );
    let repository = Repository::folder_with(&[("decisions/D05-short-night.md", &page)]);
    let told = repository.run(&["explain", "decisions/D05-short-night.md"]).out;
    assert!(
        told.contains("- `review-by`: 2027-03-31 (line 5)\n  - `actions`: 1 items (line 16)\n"),
        "{told}"
    );
    let due = repository.run(&["due", "--as-of", "2026-11-20"]).out;
    assert!(due.contains("2026-11-01") && due.contains("action/overdue"), "{due}");
}

#[test]
fn a_reference_to_any_record_misses_none_of_a_kind_that_is_not_kept() {
    let objective = "objectives: [{ id: O-1, title: Go, owner: ada, status: active, key-results: [{ kpi: churn, target: 2% }] }]\n";
    let decision = |changes: &str| {
        format!("decisions: [{{ id: D-1, title: Go, status: accepted, changes: [{changes}] }}]\n")
    };
    let check = |changes: &str| {
        let decisions = decision(changes);
        let files = [("strategy/objectives.yaml", objective), ("governance/decisions.yaml", &*decisions)];
        let output = Repository::folder_with(&files).check(&["--select", "reference/unknown"]);
        output.findings().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(check("churn, Churn"), [""; 0]);
    assert_eq!(check("churns"), ["error[reference/unknown] `D-1` refers to the unknown record `churns`"]);
}

#[test]
fn the_newer_of_two_namesakes_is_told() {
    let page = |title: &str, date: &str| {
        format!(
            "# 2. {title}\n\n{date}\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
        )
    };
    let told = |repository: &Repository| repository.check(&["--select", "reference/duplicate-id"]).out;
    let found = "doc/adr/0002-a-cache.md:1:3: error[reference/duplicate-id] 2 decisions have the id `0002`\n";
    let (old, new) = (page("Store scans", ""), page("A cache", ""));
    let repository = Repository::with(&[("doc/adr/0002-store-scans.md", &old)]);
    repository.commit("2026-10-01");
    repository.write_file("doc/adr/0002-a-cache.md", &new);
    assert_eq!(told(&repository), found, "it is not tracked yet");
    repository.write_file("doc/adr/0002-a-cache.md", &page("A cache", "2026-11-01"));
    repository.write_file("doc/adr/0002-store-scans.md", &page("Store scans", "2025-11-01"));
    repository.commit("2026-11-01");
    assert_eq!(told(&repository), found, "its day is later");
}

#[test]
fn a_bare_day_below_the_title_is_the_date() {
    let page = "# 2. Store scans\n\n2027-08-11\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";
    let read = records(&[("doc/adr/0002-store-scans.md", page)]);
    assert_eq!(read[0]["fields"]["date"], "2027-08-11");
    let said = page.replace("2027-08-11", "2027-08-11 is the day of the move.");
    assert!(records(&[("doc/adr/0002-store-scans.md", &said)])[0]["fields"].get("date").is_none());
}

#[test]
fn a_roadmap_of_quarters_holds_its_items() {
    let nested = "quarters:\n- name: 2026 Q3\n  from: 2026-07-01\n  to: 2026-09-30\n  items:\n  - { id: RM1, title: Gates, owner: tom, status: done }\n\
                  - quarter: 2026-Q4\n  items:\n  - { id: RM3, title: Night, owner: tom, status: running }\n";
    let said = |files: &[(&str, &str)]| -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        let read = records(files);
        let line = |record: &serde_json::Value| {
            let fields = ["start", "end", "period"].map(|name| text(&record["fields"][name]));
            format!("{} {}", text(&record["id"]), fields.join(" "))
        };
        read.iter().map(line).collect()
    };
    let expected = ["RM1 2026-07-01 2026-09-30 -", "RM3 - - 2026-Q4"];
    assert_eq!(said(&[("strategy/roadmap.yaml", nested)]), expected);
    let entry = ("alignlint.yaml", "records: { initiative: plans/roadmap.yaml }\n");
    assert_eq!(said(&[("plans/roadmap.yaml", nested), entry]), expected);
    let other = "fleets:\n- name: Ships\n  boats:\n  - { id: B1, length: 3 }\n  - { id: B2, length: 4 }\n";
    assert!(said(&[("strategy/roadmap.yaml", other)]).is_empty());
}

#[test]
fn a_key_in_the_plural_is_read_and_no_second_finding() {
    let text = "kind: initiative\nid: R\ntitle: R\nowner: tom\nquarters: 2026-Q3\n";
    let output = Repository::folder_with(&[("strategy/roadmap.yaml", text)]).check(&[]);
    assert_eq!(
        output.findings(),
        ["warning[initiative/overdue] `R` was to end on 2026-09-30 and is planned"]
    );
}

#[test]
fn two_files_of_one_kind_are_one_entry() {
    let rights = "# Who decides what\n\n| Matter | Decides | Must be asked | Is told |\n|---|---|---|---|\n| Prices | Priya | Hettie | all |\n| Hiring | Gwen | nobody | Hettie |\n";
    let files = [("who-decides.md", rights), ("docs/who-decides.md", rights)];
    let config = ("alignlint.yaml", "records: { decision-right: [docs/who-decides.md, who-decides.md] }\n");
    let read =
        Repository::folder_with(&[files[0], files[1], config]).run(&["records", "--format", "json"]).out;
    assert_eq!(
        read.matches("\"kind\":\"decision-right\"").count()
            + read.matches("\"kind\": \"decision-right\"").count(),
        4,
        "{read}"
    );
}

#[test]
fn a_page_is_no_decision_for_want_of_another_kind() {
    let risks = "# Risks\n\nOwner: Ada\n\n| Risk | Owner |\n|---|---|\n| Fire | Ada |\n";
    let page = Repository::folder_with(&[("risks.md", risks)]).run(&["explain", "risks.md"]).out;
    assert!(page.contains("Not read as a record: nothing tells that it is one"), "{page}");
}

#[test]
fn numbers_without_a_metric_are_no_milestones() {
    let goals = "objectives: [{ id: G1, title: Lose less, owner: ada, status: active, key-results: [{ title: Linen loss, baseline: 9%, target: 6%, current: 8% }, { title: New gate }] }]\n";
    let repository = Repository::folder_with(&[("strategy/objectives.yaml", goals)]);
    let ladder = repository.run(&["report", "ladder"]).out;
    assert!(ladder.contains("Linen loss: now 8%, target 6%, from 9%"), "{ladder}");
    assert!(ladder.contains("New gate: no day"), "{ladder}");
}

#[test]
fn init_without_a_terminal_names_the_hook_and_the_workflow() {
    let repository = Repository::with(&[("governance/decisions.yaml", "decisions: []\n")]);
    let told = "`alignlint init --hook` writes a Git hook that reports what a commit adds, `--workflow` a GitHub workflow";
    assert!(repository.run(&["init"]).out.contains(told));
    assert!(!repository.run(&["init", "--hook"]).out.contains(told));
}

#[test]
fn a_page_of_several_is_no_single_record() {
    let named = |files: &[(&str, &str)]| -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        records(files).iter().map(|it| format!("{} {}", text(&it["kind"]), text(&it["id"]))).collect()
    };
    let glossary = "# Words\n\n**Pool** – all pieces.\n\n**Gate** – a reader.\n";
    let entry = ("alignlint.yaml", "records: { term: glossary.md }\n");
    assert_eq!(named(&[("glossary.md", glossary), entry]), ["term Pool", "term Gate"]);
    let plan = "---\nkind: initiative\n---\n# Plan\n\n| What | Who | Starts | For goal |\n|---|---|---|---|\n| Page | Bea | 2026-09-01 | G1 |\n";
    assert_eq!(named(&[("governance/plan.md", plan)]), ["initiative page"]);
    let people = "---\nkind: person\n---\n# People\n\n| Name | Job | Based at |\n|---|---|---|\n| Gwen Parry | Lead | Yard |\n| Tom Aske | Eng | Yard |\n";
    assert_eq!(named(&[("governance/people.md", people)]), ["person gwen-parry", "person tom-aske"]);
    let exceptions = "# Exceptions\n\n| ID | Title | Rule | Expires |\n|---|---|---|---|\n| E1 | Crew | crew-of-three | 2027-01-01 |\n";
    assert_eq!(named(&[("governance/exceptions.md", exceptions)]), ["exception E1"]);

    let list = "---\nkind: person\n---\n# Team\n\n- **Tom Aske** – plant\n- **Gwen Parry** – night\n";
    let sections = "---\nkind: forum\n---\n# Our meetings\n\n## Monday ops\n\nOps.\n\n## Board\n\nAll.\n";
    let files = [
        ("governance/team.md", list),
        ("governance/forums.md", sections),
        ("governance/kpis.yaml", "kpis: []\n"),
    ];
    assert!(named(&files).is_empty());
    let one =
        "---\nkind: forum\n---\n# Monday ops\n\nCadence: weekly\n\n## Board\n\nNo.\n\n## Other\n\nNo.\n";
    assert_eq!(named(&[("governance/ops.md", one)]), ["forum ops"], "it states a field of its own");
    let told = Repository::folder_with(&[
        ("governance/team.md", list),
        ("governance/d.yaml", "decisions: [{ id: D-1, title: Go, status: draft }]\n"),
    ]);
    assert_eq!(
        told.check(&["--select", "document/*"]).findings(),
        [
            "note[document/unrecognised] this page in `governance/` is not read as a record: it lists several people, in no form that is known"
        ]
    );
}

#[test]
fn key_results_of_a_page_name_their_metric() {
    let goals = "# Goals\n\n## O1: Rely on us\n\nOwner: ada\nPeriod: 2026-Q4\nLevel: company\n\n### Key results\n\n\
                 | Key result | KPI | Start | Target | Now |\n|---|---|---|---|---|\n| On time | nosuch | 82% | 90% | 87% |\n\n\
                 ## O2: Pays\n\nOwner: bo\nPeriod: 2026-Q4\n\n### Key results\n\n| Key result | KPI | Target |\n|---|---|---|\n| On time | on-time | 90% |\n";
    let files =
        [("goals/q.md", goals), ("governance/kpis.yaml", "kpis: [{ id: on-time, title: On time }]\n")];
    let repository = Repository::folder_with(&files);
    let found = repository.check(&["--select", "reference/unknown"]);
    assert_eq!(found.findings(), ["error[reference/unknown] `O1` refers to the unknown kpi `nosuch`"]);
    let read = records(&files);
    assert_eq!(read[0]["fields"]["level"], "company");
}

#[test]
fn words_and_days_of_a_page_in_no_known_format_count() {
    let page = "# D1\n\nStatus: in force\nDate: 2026-03-03\nReview: 2026-10-01\n";
    let proposal = "# Freight\n\nDate: 10 October 2026\nStatus: proposed\nProposed by: Hamish Gow\nDecide by: 2026-11-08\nTo decide: Callum Reid\n";
    let repository =
        Repository::folder_with(&[("decisions/0001-x.md", page), ("decisions/2026-10-10-f.md", proposal)]);
    let due = repository.run(&["due", "--as-of", "2026-11-20"]).out;
    assert!(due.contains("2026-10-01") && due.contains("review/overdue"), "{due}");
    assert!(due.contains("2026-11-08") && due.contains("decision/pending-too-long"), "{due}");
    let waiting = Repository::folder_with(&[(
        "decisions/2026-10-10-f.md",
        &proposal.replace("Decide by: 2026-11-08\n", ""),
    )]);
    assert!(!waiting.run(&["due", "--as-of", "2026-11-20"]).out.contains("pending"), "no day is stated");
}

#[test]
fn what_most_of_a_folder_name_is_left_to_fill_in() {
    let page = |id: u32| {
        format!(
            "---\nid: D-{id}\ntitle: A {id}\nstatus: accepted\ndate: 2026-03-0{id}\nowner: bea\ndomain: prices\n---\n# A {id}\n\n## Context\n\nX.\n"
        )
    };
    let pages = [1, 2, 3].map(|id| (format!("decisions/000{id}-a.md"), page(id)));
    let mut files: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("governance/people.yaml", "people: [{ id: bea, title: Bea Lind }]\n"));
    let repository = Repository::with(&files);
    repository.commit("2026-10-01");
    repository.run(&["new", "decision", "Rent a quay", "--as-of", "2026-11-20"]);
    let text = repository.read("decisions/0004-rent-a-quay.md");
    assert!(text.contains("\nowner:\ndomain:\n---\n"), "{text}");
}

#[test]
fn no_entry_is_advised_that_reads_several_things_as_one() {
    let goals = "# Goals\n\n## Use less gas\n\n- Owner: Ann\n- Metric: gas\n- Status: on track\n\n## Lose fewer pieces\n\n- Owner: Bob\n- Metric: loss\n- Status: on track\n";
    let index = "# Decisions\n\nWe keep decisions here.\n\n- [Use X](0001-x.md)\n- [Use Y](0002-y.md)\n";
    let decision = |title: &str| {
        format!(
            "# {title}\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
        )
    };
    let (one, other) = (decision("1. Use X"), decision("2. Use Y"));
    let repository = Repository::folder_with(&[
        ("docs/goals/2026.md", goals),
        ("docs/adr/README.md", index),
        ("docs/adr/0001-x.md", &one),
        ("docs/adr/0002-y.md", &other),
    ]);
    for path in ["docs/goals/2026.md", "docs/adr/README.md"] {
        let page = repository.run(&["explain", path]).out;
        assert!(page.contains("Not read as a record") && !page.contains("records: {"), "{page}");
        assert!(!page.contains("`nygard`"), "{page}");
    }
}

#[test]
fn a_page_that_the_configuration_makes_a_record_may_have_keys_of_its_own() {
    let page = "---\nowner: Ilse Brandt\nversion: 3\napproved_by: Priya\neffective: 2026-01-01\nnext_review: 2099-12-01\nownr: x\n---\n\n# Hygiene\n\nWash hands.\n";
    let files = [
        ("docs/policies/hygiene.md", page),
        ("alignlint.yaml", "records: { document: docs/policies/*.md }\n"),
    ];
    let repository = Repository::folder_with(&files);
    // A misspelt field is told.
    assert_eq!(
        repository.check(&[]).findings(),
        ["error[schema/unknown-field] `hygiene`: `ownr` is not a field of a document"]
    );
    // The front matter of a page that states its kind is the program's own.
    let own = page.replace("---\nowner", "---\nkind: document\nowner");
    let found = Repository::folder_with(&[("governance/hygiene.md", &*own)]);
    assert_eq!(found.check(&[]).findings().len(), 4);
}
