//! The first hour of a new user: files laid out in their own way, and commands with the names that they write.

use crate::kit::Repository;

const DECISION: &str = "# D05 – Short night\n\n**Status:** decided\n**Date:** 2026-10-06\n";

fn records(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    listing["records"].as_array().cloned().unwrap_or_default()
}

#[test]
fn the_page_of_a_file_lists_what_is_not_read() {
    let page = format!(
        "{DECISION}**Look at it again:** March 2027\n**Mood:** good\n\nText.\n\n## What follows\n\nLess noise.\n\n## Actions\n\n\
         - [ ] Tom: steam – by 2026-11-01\n- Talk about it\n"
    );
    let repository = Repository::folder_with(&[("decisions/D05-short-night.md", &page)]);
    let told = repository.run(&["explain", "decisions/D05-short-night.md"]).out;
    assert!(told.contains("- `review-by`: 2027-03-31 (line 5)\n- `actions`: 1 item (line 16)\n"), "{told}");
    assert!(
        told.contains("## Not read\n\n- line `Mood: good` (line 6)\n- section `What follows` (line 10)\n\n"),
        "{told}"
    );
    let due = repository.run(&["due", "--as-of", "2026-11-20"]).out;
    assert!(due.contains("2026-11-01") && due.contains("action/overdue"), "{due}");
}

#[test]
fn the_code_of_a_file_names_the_record() {
    let repository = Repository::with(&[("decisions/D05-short-night.md", DECISION)]);
    repository.commit("2026-10-06");
    let help = "`D05` is a record: `alignlint report` says what is written about the decision";
    let why = repository.run(&["why", "D05"]).err.replace('\n', " ").replace("        ", "");
    assert!(why.contains(help), "{why}");
    let explain = repository.run(&["explain", "D05"]).err;
    assert!(explain.contains("`D05` is a record of the kind decision"), "{explain}");
    let traced = repository.run(&["explain", "decision/review-overdue", "D05"]).out;
    assert!(traced.contains("decision/review-overdue on decision D05-short-night"), "{traced}");
    let patch = repository.run(&["rename", "decision/D05", "D07-short-night"]).out;
    assert!(patch.contains("rename to decisions/D07-short-night.md"), "{patch}");
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
fn the_newer_of_two_namesakes_is_renamed() {
    let page = |title: &str, date: &str| {
        format!(
            "# 2. {title}\n\n{date}\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
        )
    };
    let renamed = |repository: &Repository| {
        let out = repository.run_today(&["--select", "decision/duplicate-id"]).out;
        let line = out.replace('\n', " ").replace("        ", "");
        line.split("rename doc/adr/").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("-").to_owned()
    };
    let (old, new) = (page("Store scans", ""), page("A cache", ""));
    let repository = Repository::with(&[("doc/adr/0002-store-scans.md", &old)]);
    repository.commit("2026-10-01");
    repository.write_file("doc/adr/0002-a-cache.md", &new);
    assert_eq!(renamed(&repository), "0002-a-cache.md", "it is not tracked yet");
    repository.write_file("doc/adr/0002-a-cache.md", &page("A cache", "2026-11-01"));
    repository.write_file("doc/adr/0002-store-scans.md", &page("Store scans", "2025-11-01"));
    repository.commit("2026-11-01");
    assert_eq!(renamed(&repository), "0002-a-cache.md", "its day is later");
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
    let repository = Repository::folder_with(&[("plans/roadmap.yaml", nested)]);
    let init = repository.run(&["init"]).out;
    assert!(init.contains("`records: { initiative: plans/roadmap.yaml }`"), "{init}");
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
fn what_is_not_read_is_told_by_init_and_where_nothing_is() {
    let glossary = "# Words\n\n**Pool** – all pieces.\n\n**Gate** – a reader.\n";
    let files = [
        ("glossary.md", glossary),
        ("team.md", "# Team\n\nAll of us.\n"),
        ("decisions/D05-short-night.md", DECISION),
    ];
    let told = "not read: `glossary.md`; to have them read, move them to `governance/`";
    let repository = Repository::folder_with(&files);
    assert!(!repository.check(&[]).notes().contains("not read"), "no configuration asks for it");
    let init = repository.run(&["init"]).out;
    assert!(init.contains(told) && init.contains("not read, in no form that is known: `team.md`;"), "{init}");
    assert!(repository.check(&[]).notes().contains(told), "there is a configuration now");
    let nothing = Repository::folder_with(&files[..2]).run(&["check"]);
    assert!(nothing.err.contains(told), "{}", nothing.err);
    let page = Repository::folder_with(&files).run(&["explain", "team.md"]).out;
    assert!(page.contains("it is named for people, and has none in a form that is known"), "{page}");
    assert!(page.contains("To have it read, write a table with a row for each"), "{page}");
}

#[test]
fn a_page_is_no_decision_for_want_of_another_kind() {
    let risks = "# Risks\n\nOwner: Ada\n\n| Risk | Owner |\n|---|---|\n| Fire | Ada |\n";
    let page = Repository::folder_with(&[("risks.md", risks)]).run(&["explain", "risks.md"]).out;
    assert!(!page.contains("decision"), "{page}");
}

#[test]
fn numbers_without_a_metric_are_no_milestones() {
    let goals = "objectives: [{ id: G1, title: Lose less, owner: ada, status: active, key-results: [{ title: Linen loss, baseline: 9%, target: 6%, current: 8% }, { title: New gate }] }]\n";
    let repository = Repository::folder_with(&[("strategy/objectives.yaml", goals)]);
    let ladder = repository.run(&["report", "ladder"]).out;
    assert!(ladder.contains("metrics     Linen loss from 9% to 6%, now 8%\n"), "{ladder}");
    assert!(ladder.contains("milestones  New gate\n"), "{ladder}");
}

#[test]
fn init_without_a_terminal_names_the_hook_and_the_workflow() {
    let repository = Repository::with(&[("governance/decisions.yaml", "decisions: []\n")]);
    let told = "`alignlint init --hook` writes a Git hook that reports what a commit adds, `--workflow` a GitHub workflow";
    assert!(repository.run(&["init"]).out.contains(told));
    assert!(!repository.run(&["init", "--hook"]).out.contains(told));
}
