//! Files in the forms in which companies keep them before they know the program's own.

use crate::kit::Repository;

/// The records of files, each with some of its fields.
fn records(files: &[(&str, &str)], fields: &[&str]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |record: &serde_json::Value| {
        let stated = fields.iter().filter_map(|name| Some((name, record["fields"].get(*name)?)));
        let stated: Vec<String> = stated.map(|(name, value)| format!(" {name}={}", text(value))).collect();
        format!("{} {}:{}", text(&record["kind"]), text(&record["id"]), stated.concat())
    };
    listing["records"].as_array().expect("records").iter().map(line).collect()
}

#[test]
fn a_glossary_is_a_list_or_has_a_section_for_each_term() {
    let list = "# Words\n\n**Site**: a building\nof a customer.\n\n- **Net revenue (NR)** – what is left.\n- **Roster:** a plan.\n\n\
                ```\n**No**: code\n```\n";
    assert_eq!(
        records(&[("governance/glossary.md", list)], &["definition", "aliases"]),
        [
            "term Site: definition=a building\nof a customer.",
            "term Net revenue (NR): definition=what is left. aliases=[\"NR\"]",
            "term Roster: definition=a plan.",
        ]
    );
    let sections = "# Words\n\nOurs.\n\n## Sales\n\n### Site\n\nA building.\n\n### Net revenue (NR)\n\nWhat is left.\n\n## See also\n\nOther.\n";
    assert_eq!(
        records(&[("strategy/glossary-sales.md", sections)], &["definition", "aliases"]),
        [
            "term Site: definition=A building.",
            "term Net revenue (NR): definition=What is left. aliases=[\"NR\"]"
        ]
    );
    assert_eq!(records(&[("docs/glossary.md", list)], &[]).len(), 3);
    assert!(records(&[("docs/harbour.md", list)], &[]).is_empty());
    let single = "# Words\n\n**Note**: nothing here yet.\n";
    assert!(records(&[("governance/glossary.md", single)], &[]).is_empty());
}

#[test]
fn a_raci_matrix_states_decision_rights() {
    let matrix = "# RACI\n\n| Activity | Ada | Bo | Lena |\n|---|---|---|---|\n| Prices | A | R | C |\n| Pay | A/R | I | |\n";
    assert_eq!(
        records(&[("governance/raci.md", matrix)], &["owner", "performers", "consulted", "informed"]),
        [
            "decision-right Prices: owner=Ada performers=[\"Bo\"] consulted=[\"Lena\"]",
            "decision-right Pay: owner=Ada performers=[\"Ada\"] informed=[\"Bo\"]",
        ]
    );
    let untitled =
        matrix.replace("# RACI", "# Who decides what\n\nR = responsible, A = accountable, C = consulted");
    assert_eq!(records(&[("governance/rights.md", &untitled)], &["owner"]).len(), 2);
    // Grades are letters too.
    let grades = "# Grades\n\n| Task | Ada | Bo |\n|---|---|---|\n| Prices | A | C |\n| Pay | A | B |\n";
    assert_eq!(records(&[("governance/grades.md", grades)], &[]), [""; 0]);
    let named = "# Who does what\n\n| Decision | Responsible | Accountable | Consulted | Informed |\n|---|---|---|---|---|\n\
                 | Prices | Bo, Lena | Ada | - | all |\n| Pay | Bo | | | |\n";
    let repository = Repository::folder_with(&[("governance/raci.md", named)]);
    let findings = repository.check(&[]);
    assert_eq!(
        findings.findings(),
        ["error[ownership/missing] `Pay` names nobody in the column `Accountable`"]
    );
}

#[test]
fn a_table_of_objectives_is_read() {
    let table = "# OKRs\n\n| Objective | Owner | Key results |\n|---|---|---|\n| Live faster | Ada | Live in 30 days |\n| | | Half the steps |\n\
                 | Sell more | Bo | Two deals; one renewal |\n";
    assert_eq!(
        records(&[("strategy/okrs-2026-q4.md", table)], &["owner", "key-results"]),
        [
            "objective Live faster: owner=Ada key-results=[{\"title\":\"Live in 30 days\"}]",
            "objective Sell more: owner=Bo key-results=[{\"title\":\"Two deals\"},{\"title\":\"one renewal\"}]",
        ]
    );
    let work = "# Work\n\n| Initiative | Objective | Key result |\n|---|---|---|\n| Portal | Sell more | Two deals |\n";
    let found = records(&[("strategy/okrs.md", work)], &[]);
    assert!(!found.iter().any(|record| record.starts_with("objective")), "{found:?}");
}

const MINUTES: &str = "# Round, 16 November 2026\n\nAttendees: Ada Byron, Jonas\n\n## Discussion\n\n- DECISION: we stop the pilot\n\
                       - **Action:** Jonas to check it by 2026-12-01\n- AI: Ada writes the notes\n- AI: strategy for next year\n- To-do Jonas: ask the bank\n\
                       - [ ] Tell the customers soon\n\n```\nACTION: none\n```\n\n## Agenda\n\n- [ ] Prices of next year\n\n\
                       ## Actions\n\n- Jonas: write the notes\n";

#[test]
fn an_empty_folder_is_told_how_to_begin() {
    let fault = Repository::folder().check(&[]).fault();
    for command in ["`alignlint new decision TITLE`", "`alignlint init --example`"] {
        assert!(fault.contains(command), "{fault}");
    }
}

#[test]
fn lines_of_minutes_say_what_they_are() {
    let repository = Repository::folder_with(&[("governance/meetings/2026-11-16.md", MINUTES)]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let fields = &listing["records"][0]["fields"];
    assert_eq!(fields["resolutions"], serde_json::json!(["we stop the pilot"]));
    let actions = fields["actions"].as_array().expect("actions").iter();
    let said = |action: &serde_json::Value| {
        let part =
            |name: &str| action.get(name).and_then(serde_json::Value::as_str).unwrap_or("-").to_owned();
        ["what", "owner", "due"].map(part).join(", ")
    };
    assert_eq!(
        actions.map(said).collect::<Vec<_>>(),
        [
            "Jonas: write the notes, Jonas, -",
            "Jonas to check it, Jonas, 2026-12-01",
            "Ada writes the notes, Ada, -",
            "Jonas: ask the bank, Jonas, -",
            "Tell the customers soon, -, -",
        ]
    );
}

#[test]
fn a_retrospective_says_what_is_changed() {
    let page = "# Q3 2026\n\nWith: Ada, Bo\n\n## What went well\n\n- Sales\n\n## What did not\n\n- Start\n\n## What we change\n\n- Ask weekly\n";
    assert_eq!(
        records(
            &[("governance/retrospectives/2026-q3.md", page)],
            &["participants", "went-badly", "actions"]
        ),
        [
            "retrospective 2026-q3: participants=[\"Ada\",\"Bo\"] went-badly=[\"Start\"] actions=[{\"what\":\"Ask weekly\"}]"
        ]
    );
}

#[test]
fn a_page_that_is_read_as_nothing_is_told_in_which_form_it_would_be() {
    for (path, help) in [
        ("governance/glossary.md", "help: write a table with the columns `Term` and"),
        ("governance/raci.md", "help: write a table with a column `Decision`"),
        ("strategy/okrs.md", "help: begin each objective with a heading such as `## O1: Title`"),
    ] {
        let repository = Repository::folder_with(&[(path, "# Something\n\nSome text.\n")]);
        let run = repository.check(&[]);
        assert!(!run.err.contains("profile: generic"), "{}", run.err);
        repository
            .write(&[("governance/people.yaml", "people: [{ id: ada, title: Ada }]\nkpis: [{ id: a }]\n")]);
        let run = repository.run(&["--format", "pretty"]);
        assert!(run.out.contains(help), "{}", run.out);
    }
}

#[test]
fn tables_of_metrics_assumptions_and_work_are_read_by_their_columns() {
    let metrics = "# Metrics\n\n| Metric | Definition | Unit | Owner |\n|---|---|---|---|\n| Turnaround | Days until it is let again | days | Ada |\n";
    let assumptions = "# Assumptions\n\n| ID | Assumption | Owner | Validated |\n|---|---|---|---|\n| A-1 | Boats stay | Bo | 2026-06-01 |\n";
    let roadmap = "# Roadmap\n\n| ID | Initiative | Lead | Status | For |\n|---|---|---|---|---|\n| I-1 | Workshop | Ada | in progress | O1 |\n";
    assert_eq!(
        records(
            &[
                ("governance/metrics.md", metrics),
                ("strategy/assumptions.md", assumptions),
                ("strategy/roadmap.md", roadmap)
            ],
            &["owner", "unit", "statement", "last-validated", "objectives"]
        ),
        [
            "kpi turnaround: owner=Ada unit=days",
            "assumption A-1: owner=Bo statement=Boats stay last-validated=2026-06-01",
            "initiative I-1: owner=Ada objectives=[\"O1\"]",
        ]
    );
}

#[test]
fn a_section_for_each_objective_may_have_a_table_of_key_results() {
    let page = "# OKRs Q4\n\n## O1: Grow (Ada Byron)\n\n| Key result | Start | Target |\n|---|---|---|\n| Bikes | 940 | 1200 |\n| Churn | 14 | 8 |\n\n\
                ## O2: Repair\n\n### Key results\n\n| KR | Target |\n|---|---|\n| Uptime | 97 % |\n";
    assert_eq!(
        records(&[("strategy/okr-2026-q4.md", page)], &["title", "owner", "key-results"]),
        [
            "objective O1: title=Grow owner=Ada Byron key-results=[{\"title\":\"Bikes\",\"baseline\":\"940\",\"target\":\"1200\"},{\"title\":\"Churn\",\"baseline\":\"14\",\"target\":\"8\"}]",
            "objective O2: title=Repair key-results=[{\"title\":\"Uptime\",\"target\":\"97 %\"}]",
        ]
    );
}

#[test]
fn a_table_of_actions_says_until_when_and_what_is_done() {
    let page = "# Round, 17 November 2026\n\nPresent: Ada, Bo\n\n## Actions\n\n| What | Who | Until | Done |\n|---|---|---|---|\n\
                | Sell it | Ada | 2026-10-01 | yes |\n| Sign it | Bo | 2026-12-04 | no |\n";
    let repository = Repository::folder_with(&[("governance/meetings/2026-11-17.md", page)]);
    assert!(repository.check(&[]).findings().is_empty());
}

#[test]
fn a_line_may_link_the_decision_that_it_replaces() {
    let old = "---\nkind: decision\n---\n# Rent a hall\n\nDate: 2026-06-01\nStatus: accepted\n\n## Decision\n\nWe rent.\n";
    let new = "---\nkind: decision\n---\n# Buy a hall\n\nDate: 2026-07-01\nStatus: accepted\nReplaces: [Rent a hall](2026-06-hall.md)\n\n## Decision\n\nWe buy.\n";
    let files = [("decisions/2026-06-hall.md", old), ("decisions/2026-07-hall.md", new)];
    assert_eq!(
        records(&files, &["supersedes"]),
        ["decision 2026-06-hall:", "decision 2026-07-hall: supersedes=[\"2026-06-hall.md\"]"]
    );
    let found = Repository::folder_with(&files).check(&[]);
    assert!(found.out.contains("[decision/one-sided-supersede] `2026-06-hall`"), "{}", found.out);
}

#[test]
fn a_table_without_a_mark_on_a_page_of_a_raci_matrix_is_another_table() {
    let page = "# RACI\n\n| Activity | Ada | Bo |\n|---|---|---|\n| Price list | A | C |\n\n## Paths\n\n\
                | Task | Path | Gate |\n|---|---|---|\n| Onboard a tenant | new-tenant | Approval of the lead |\n";
    assert_eq!(
        records(&[("governance/raci.md", page)], &["owner"]),
        ["decision-right Price list: owner=Ada"]
    );
}

#[test]
fn a_raci_row_has_one_who_is_accountable() {
    let matrix = "# RACI\n\n| Activity | Ada | Bo |\n|---|---|---|\n| Prices | A | A |\n| Visits | R | C |\n";
    let found = Repository::folder_with(&[("governance/raci.md", matrix)]).check(&[]);
    let expected = [
        "warning[ownership/shared] `Prices` has 2 owners: `Ada` and `Bo`",
        "error[ownership/missing] `Visits` names nobody by `A` in a column",
    ];
    assert_eq!(found.findings(), expected);
}

#[test]
fn a_page_may_be_a_document_itself() {
    let page = "---\nkind: document\nstatus: approved\nnext_review: 2027-03-01\n---\n# Strategy\n\nGrow.\n";
    assert_eq!(
        records(&[("strategy/strategy-2026.md", page)], &["path", "status", "review-by"]),
        ["document strategy-2026: path=strategy/strategy-2026.md status=approved review-by=2027-03-01"]
    );
}

#[test]
fn people_join_and_leave_in_a_month() {
    let team = "# Team\n\n| Name | Since | Until |\n|---|---|---|\n| Ada Byron | 2022-03 | |\n| Bo Ek | 2019 | 2025-06 |\n";
    assert_eq!(
        records(&[("governance/team.md", team)], &["active-from", "active-until"]),
        [
            "person ada-byron: active-from=2022-03-01",
            "person bo-ek: active-from=2019-01-01 active-until=2025-06-30"
        ]
    );
}

#[test]
fn actions_say_who_and_when_in_the_words_of_people() {
    let retro = "---\nkind: retrospective\n---\n# Deliveries\n\n## What we change\n\n1. Count late deliveries – Hettie – 2026-11-27\n2. Spare bearing – Tom – done 2026-10-02\n3. Night shift – Hettie – done (D05)\n";
    let minutes = "---\nkind: meeting\n---\n# Tuesday meeting 6 October 2026\n\nTo do\n\n| What | Who | Until |\n|---|---|---|\n| Steam timetable | Tom | 2026-12-01 |\n| Letter | Priya | 2026-10-20 done |\n| Volunteers | Gwen | 2026-10-31 |\n\n- [ ] Gwen to write the rota, 3 December\n";
    let repository = Repository::folder_with(&[
        ("governance/retro.md", retro),
        ("governance/minutes/2026-10-06.md", minutes),
    ]);
    assert_eq!(
        repository.check(&[]).findings(),
        ["warning[action/overdue] the action `Volunteers` of `2026-10-06` was due on 2026-10-31"]
    );
    let heading = minutes.replace("\nTo do\n", "\n## To do\n");
    repository.write(&[("governance/minutes/2026-10-06.md", &heading)]);
    assert_eq!(repository.check(&[]).findings().len(), 1);
}

#[test]
fn a_page_with_a_kind_may_list_its_records_in_a_table() {
    let rights = "---\nkind: decision-right\n---\n# Who\n\n| ID | Title | Owner |\n|---|---|---|\n| p | Prices | ada |\n| q | Machines | bo |\n";
    assert_eq!(
        records(&[("governance/w.md", rights)], &["title", "owner"]),
        ["decision-right p: title=Prices owner=ada", "decision-right q: title=Machines owner=bo"]
    );
}

#[test]
fn a_page_that_is_not_read_is_told_the_true_reason() {
    let unread = |path: &str, text: &str| {
        let glossary = "# Words\n\n**Pool** – all pieces.\n\n**Gate** – a reader.\n";
        let config = ("alignlint.yaml", "extends: [recommended]\n");
        let repository =
            Repository::folder_with(&[config, ("governance/glossary.md", glossary), (path, text)]);
        repository.check(&[]).findings().join("\n")
    };
    assert_eq!(
        unread("governance/risks.md", "---\nkind: risk\n---\n# Risks\n\nMany.\n"),
        "note[document/unrecognised] this page in `governance/` is not read as a record: its `kind` is `risk`, which is no kind of record"
    );
    assert_eq!(
        unread("governance/team.md", "# Team\n\n- **Hettie** – head\n- **Tom** – plant\n"),
        "note[document/unrecognised] this page in `governance/` is not read as a record: no table of people and no `kind`"
    );
}

#[test]
fn a_list_under_a_misspelt_key_is_one_mistake() {
    let roadmap = "kind: initiative\ntitle: R\nowner: tom\nquarters:\n  - { name: Q3 }\n";
    let found = Repository::folder_with(&[("strategy/roadmap.yaml", roadmap)]).check(&[]);
    assert_eq!(found.findings(), ["error[schema/type] `roadmap`: `quarters` is a list; expected text"]);
}

#[test]
fn a_link_with_a_slip_in_the_name_gets_the_nearest_record() {
    let adr = |number: u32, title: &str, status: &str| {
        format!(
            "# {number}. {title}\n\nDate: 2026-01-01\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
        )
    };
    let repository = Repository::folder_with(&[
        (
            "doc/adr/0003-store-scans.md",
            &adr(3, "Store scans", "Superseded by [9. Store](0009-store-scan.md)"),
        ),
        (
            "doc/adr/0009-store-scans-in-s3.md",
            &adr(9, "Store scans in S3", "Accepted\n\nSupersedes [3. Store scans](0003-store-scan.md)"),
        ),
    ]);
    let output = repository.check(&["--format", "agent"]);
    assert!(output.out.contains("did you mean `0003-store-scans.md`?"), "{}", output.out);
}
