//! Tables and lists of a company that has just begun: what they say is read, or named as not read.

use crate::kit::{Output, Repository};

fn run(files: &[(&str, &str)], arguments: &[&str]) -> Output {
    let arguments = [&["--as-of", "2026-11-20"], arguments].concat();
    Repository::folder_with(files).run(&arguments)
}

/// The findings of a rule, each with its place.
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let output = run(files, &["--format", "concise", "--select", rule]);
    output.out.lines().filter(|line| line.contains(rule)).map(str::to_owned).collect()
}

const ASSUMPTIONS: (&str, &str) = (
    "governance/assumptions.md",
    "# Assumptions\n\n| ID | Assumption | Owner | Confidence | Likelihood | Mood |\n|---|---|---|---|---|---|\n\
     | A1 | Schools budget in March | Ada | medium | 3 | |\n| A2 | Free pianos | Ada | refuted | 4 | we asked all of them in June |\n",
);

#[test]
fn a_misspelt_column_of_owners_leaves_its_rows_without_one() {
    let forums = "| ID | Name | Purpose | Ownar |\n|---|---|---|---|\n| board | Board | Decide on money | Ada |\n| desk | Desk | Decide on loans | Bo |\n";
    assert_eq!(
        found(&[("governance/forums.md", forums), ("alignlint.yaml", "{}\n")], "ownership/missing"),
        [
            "governance/forums.md:3:3: error[ownership/missing] `board` has no owner",
            "governance/forums.md:4:3: error[ownership/missing] `desk` has no owner"
        ]
    );
}

#[test]
fn a_word_for_a_status_under_confidence_is_the_status() {
    let decision = (
        "governance/decisions.yaml",
        "decisions:\n  - { id: D-1, title: Collect pianos, status: accepted, assumptions: [A2] }\n",
    );
    assert_eq!(found(&[ASSUMPTIONS, decision], "reference/inactive").len(), 1);
    assert!(found(&[ASSUMPTIONS], "schema/enum").is_empty(), "`medium` is no status");
}

#[test]
fn a_status_in_a_log_names_the_successor() {
    let log = "# Decision log\n\n| ID | Date | Decision | Decided by | Status | Replaced by |\n|---|---|---|---|---|---|\n\
               | D-03 | 2026-01-14 | Deposit of 150 | Ada | Superseded by D-17 | |\n| D-04 | 2026-01-14 | Two people | Ada | Superseded | D-18 |\n\
               | D-05 | 2026-01-14 | No stairs | Ada | Superseded by D-07 | |\n| D-07 | 2026-07-30 | No deposit | Ada | In force | |\n";
    let found = found(&[("governance/decision-log.md", log)], "reference/unknown");
    let places: Vec<&str> = found.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["governance/decision-log.md:5:60", "governance/decision-log.md:6:55"], "{found:?}");
}

#[test]
fn two_who_are_accountable_are_told_in_their_row() {
    let matrix = "# Who decides what (RACI)\n\n| Decision | Ada | Bo | Lena |\n|---|---|---|---|\n| Prices | C | A/R | C |\n| Hiring | C | A | A/R |\n";
    let found = found(&[("governance/decision-rights.md", matrix)], "ownership/shared");
    assert_eq!(
        found,
        [
            "governance/decision-rights.md:6:16: warning[ownership/shared] `Hiring` has 2 owners: `Bo` and `Lena`"
        ]
    );
}

const RESULTS: &str = "objectives:\n  - id: O1\n    title: Pianos for schools\n    status: active\n    owner: Ada\n    key_results:\n      - { id: O1.1, kpi: schools, baseline: 41, target: 70, current: 58 }\n      - { id: O1.2, kpi: terms, baseline: 1, target: 3, current: 2, updated: 2026-11-01 }\nkpis: [{ id: schools }, { id: terms }]\n";

#[test]
fn a_day_above_the_objectives_is_that_of_their_readings() {
    let text = format!("period: 2026-H2\nupdated: 2026-06-20\n{RESULTS}");
    let found = found(&[("governance/okrs-2026.yaml", &text)], "objective/stale-check-in");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("2026-06-20"), "{found:?}");
}

#[test]
fn a_misspelt_key_above_the_records_is_told() {
    let found = |key: &str| {
        let text = format!("{key}\n{RESULTS}");
        found(&[("governance/okrs-2026.yaml", &text)], "document/unread-part")
    };
    assert_eq!(
        found("perod: 2026-H2"),
        [
            "governance/okrs-2026.yaml:1:1: warning[document/unread-part] unknown key `perod` above the records"
        ]
    );
    for key in
        ["period: 2026-H2", "version: 1", "x-source: sheet", "description: Ours", "updated: 2026-11-01"]
    {
        assert!(found(key).is_empty(), "{key}");
    }
}

#[test]
fn a_passed_day_in_a_log_is_reported_where_reviews_are_a_practice() {
    let log = "# Decision log\n\n| ID | Date | Decision | Status | Review by |\n|---|---|---|---|---|\n\
               | D-1 | 2025-09-02 | Rent by term | Accepted | 2026-01-01 |\n| D-2 | 2025-09-02 | No grands | Accepted | 2027-01-01 |\n";
    let log = ("governance/decision-log.md", log);
    assert!(found(&[log], "review/overdue").is_empty());
    let configuration = ("alignlint.yaml", "practices: { review: [governance/decision-log.md] }\n");
    assert_eq!(
        found(&[configuration, log], "review/overdue"),
        [
            "governance/decision-log.md:5:48: warning[review/overdue] the review of `D-1` was due on 2026-01-01"
        ]
    );
}

#[test]
fn a_page_in_no_known_format_names_its_assumptions_in_a_section() {
    let page = "# Move stock\n\nDate: 2026-02-10\nStatus: Accepted\nOwner: Ada\n\n## Assumptions\n\n- A2\n- Everybody can read\n";
    let files = [ASSUMPTIONS, ("docs/decisions/2026-02-move.md", page)];
    assert_eq!(found(&files, "reference/inactive").len(), 1);
    assert!(found(&files, "reference/unknown").is_empty());
}

#[test]
fn a_glossary_that_says_never_names_a_word_to_avoid() {
    let glossary = "# Glossary\n\n**Skate** \u{2013} the padded board with wheels. Never \"dolly\".\n\n**Van**: what we drive, never a lorry.\n";
    let files = [
        ("governance/glossary.md", glossary),
        (
            "governance/decisions.yaml",
            "decisions:\n  - { id: D-1, title: A dolly in each lorry, status: accepted }\n",
        ),
    ];
    assert_eq!(
        found(&files, "term/avoided"),
        ["governance/decisions.yaml:2:25: warning[term/avoided] the glossary says `Skate`, not `dolly`"]
    );
}

#[test]
fn a_table_of_what_is_handed_over_is_read() {
    let table = "# Handoffs\n\n| From | To | What is handed over | Ready when | Time limit |\n|---|---|---|---|---|\n\
                 | Workshop | Vans | Piano with tag | 14 points are signed | 2 days |\n";
    let page = run(&[("governance/handoffs.md", table)], &["explain", "governance/handoffs.md"]).out;
    for line in ["- `title`: Piano with tag", "- `acceptance`: 14 points are signed", "- `sla`: 2 days"] {
        assert!(page.contains(line), "{page}");
    }
    assert!(!page.contains("Not read"), "{page}");
}

#[test]
fn one_period_above_many_objectives_is_one_finding() {
    let objectives: String = (1..=4)
        .map(|number| format!("  - {{ id: O{number}, title: T{number}, owner: Ada, status: active }}\n"))
        .collect();
    let above = format!("period: 2026-H1\nobjectives:\n{objectives}");
    assert_eq!(
        found(&[("governance/okrs.yaml", &above)], "objective/expired"),
        [
            "governance/okrs.yaml:3:46: warning[objective/expired] the period of `O1` ended on 2026-06-30, and it is still active; \
          the same in 3 other places (governance/okrs.yaml:4:46, governance/okrs.yaml:5:46, governance/okrs.yaml:6:46)"
        ]
    );
    let each = format!("objectives:\n{}", objectives.replace("owner:", "period: 2026-H1, owner:"));
    assert_eq!(found(&[("governance/okrs.yaml", &each)], "objective/expired").len(), 4);
}

#[test]
fn the_name_of_a_record_leads_to_what_is_read_of_it() {
    let page = Repository::folder_with(&[ASSUMPTIONS]).run(&["explain", "A2"]).out;
    assert!(page.contains("The assumption `A2` in `governance/assumptions.md`, line 6."), "{page}");
    assert!(page.contains("- `status`: invalidated (line 6)"), "{page}");
}

#[test]
fn a_required_field_without_a_column_is_told_once_at_the_heading() {
    let page = |column: &str| {
        format!(
            "# Exceptions\n\n| ID | {column} | What | Granted by | Until | Reason |\n|---|---|---|---|---|---|\n\
             | E-1 | P-3 | Mops | Ilse | 2027-03-01 | They arrive in spring |\n| E-2 | P-4 | Towels | Ilse | 2027-03-01 | The dryer is small |\n"
        )
    };
    let found = |column: &str| {
        let files = [
            ("docs/exceptions.md", &*page(column)),
            ("alignlint.yaml", "records: { exception: docs/exceptions.md }\n"),
        ];
        let check = Repository::folder_with(&files).check(&[]);
        check.out.lines().filter(|line| line.contains("schema/")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        found("From which rule"),
        [
            "docs/exceptions.md:3:3: error[schema/required] `E-1`: `rule` is missing, as in the other rows: no column states it"
        ]
    );
    assert_eq!(found("Rule"), [""; 0]);
}

#[test]
fn a_row_is_not_added_to_a_table_without_a_column_for_its_title() {
    let page = "# Exceptions\n\n| ID | Rule | Thing | Until |\n|---|---|---|---|\n| E-1 | P-3 | Mops | 2027-03-01 |\n| E-2 | P-4 | Towels | 2027-03-01 |\n";
    let files =
        [("docs/exceptions.md", page), ("alignlint.yaml", "records: { exception: docs/exceptions.md }\n")];
    let repository = Repository::folder_with(&files);
    let output = repository.run(&["new", "exception", "Sheets"]);
    assert_eq!(
        output.err,
        "error: can't add a row to the table of `docs/exceptions.md`: no column of it\n  states the title\n  help: leave the title out, call a column of it `Title`, or name another file\n        with `--in FILE`\n"
    );
    repository.run(&["new", "exception"]);
    assert!(repository.read("docs/exceptions.md").contains("\n| E-3 |"), "a row needs no title");
}

#[test]
fn a_team_and_a_role_that_people_state_are_known() {
    let people = "# People\n\n| Name | Role | Team |\n|---|---|---|\n| Ingrid Aas | Chief of operations | Group office |\n| Eirik Dahl | Dock master | Planning |\n";
    let rights = |informed: &str| {
        format!(
            "# Who decides\n\n| Decision | Decides | Informed |\n|---|---|---|\n| Dock plan | Eirik Dahl | {informed} |\n| Steel | Dock master | Planning |\n"
        )
    };
    let unknown = |informed: &str| {
        found(
            &[
                ("governance/people.md", people),
                ("governance/who-decides.md", &rights(informed)),
                ("alignlint.yaml", ""),
            ],
            "directory/unknown",
        )
    };
    assert!(unknown("Group office").is_empty(), "{:?}", unknown("Group office"));
    assert_eq!(
        unknown("Paint shop"),
        [
            "governance/who-decides.md:5:28: note[directory/unknown] `dock-plan` refers to the unknown person or role or team `Paint shop`"
        ]
    );
}

#[test]
fn rows_of_one_title_are_to_get_other_titles() {
    let rights = "# Who decides\n\n| Decision | Decides | Informed |\n|---|---|---|\n| Dock plan | Ada | Kim |\n| Dock plan | Bo | Kim |\n";
    let output = run(&[("governance/who-decides.md", rights)], &["--select", "reference/duplicate-id"]);
    assert!(
        output.out.contains("help: give each an id of its own, or remove the duplicate"),
        "{}",
        output.out
    );
}

#[test]
fn a_day_and_a_metric_below_a_goal_are_read() {
    let goals = "# Goals\n\n## G1: Shorter docking\n\nOwner: Moira\nDue: 2026-06-30\nMeasured by: M9\n\n- KR1: Average days from 34 to 28\n\n\
                 ## G2: Month-end\n\nOwner: Ingrid\nDue: end of the year\nMeasured by: a survey of all yards\n\n- KR1: Books close by day 5\n";
    let metrics = (
        "governance/metrics.md",
        "# Metrics\n\n| ID | Metric | Unit | Owner |\n|---|---|---|---|\n| M1 | Days in dock | days | Ada |\n| M2 | Closing day | day | Bo |\n",
    );
    let config = ("alignlint.yaml", "practices: { check-ins: [docs/**], measures: [docs/**] }\n");
    let files = [("docs/goals.md", goals), metrics, config];
    assert_eq!(
        found(&files, "objective/expired"),
        [
            "docs/goals.md:6:6: warning[objective/expired] the period of `G1` ended on 2026-06-30, and it is still active"
        ]
    );
    assert_eq!(
        found(&files, "reference/unknown"),
        ["docs/goals.md:7:14: error[reference/unknown] `G1` refers to the unknown kpi `M9`"]
    );
    let named = goals.replace("M9", "M1");
    let files = [("docs/goals.md", &*named), metrics, config];
    assert!(found(&files, "reference/unknown").is_empty());
    assert_eq!(
        found(&files, "objective/unmeasurable"),
        [
            "docs/goals.md:17:8: error[objective/unmeasurable] a key result of `G2` lacks `kpi`, `baseline` and `target`"
        ]
    );
    assert_eq!(found(&files, "reference/unused").len(), 1, "M2");
    let renamed = Repository::folder_with(&files);
    assert_eq!(renamed.run(&["rename", "M1", "dock-days", "--apply"]).code, Some(0));
    assert!(renamed.read("docs/goals.md").contains("Measured by: dock-days\n"));
}

#[test]
fn words_to_avoid_stand_at_the_end_of_a_meaning_in_any_of_the_usual_forms() {
    let page = "# Glossary\n\n- **Block**: a part of a hull. Not: module.\n- **Dock**: where hulls stand (not: basin).\n\
                - **Hull**: the body. Avoid: torso.\n- **Plate**: steel. Do not say: sheet.\n- **Weld**: a seam. Say weld, not joint.\n\
                - **Yard**: the place. Not \"site\".\n- **Bow**: the front, not the stern.\n- **Keel**: below. Not: beam or spine.\n";
    let listing = Repository::folder_with(&[("governance/glossary.md", page)])
        .run(&["records", "--format", "json"])
        .json();
    let avoid = |record: &serde_json::Value| record["fields"]["avoid"][0].as_str().unwrap_or("-").to_owned();
    let avoided: Vec<String> = listing["records"].as_array().into_iter().flatten().map(avoid).collect();
    assert_eq!(avoided, ["module", "basin", "torso", "sheet", "-", "site", "-", "beam"]);
}

const GOALS: &str = "# Goals, Q4 2026\n\n| ID | Goal | Level | Owner | Parent | Key results |\n|---|---|---|---|---|---|\n\
    | G1 | Boats leave on the promised day | Company | Ines | | on time from 71% to 90% |\n\
    | G2 | No hull waits for joinery | team | Rolf | G1 | waits from 9 to 5 |\n\
    | G4 | Fewer touch-ups | team | Rolf | | touch-ups from 9 to 5 |\n";

#[test]
fn the_level_of_a_goal_stands_in_its_column() {
    let config = ("alignlint.yaml", "practices: { alignment: [strategy/**] }\n");
    let found = found(&[config, ("strategy/goals.md", GOALS)], "objective/orphan");
    assert_eq!(
        found,
        ["strategy/goals.md:7:3: error[objective/orphan] `G4` does not contribute to a company objective"]
    );
    let page = run(&[("strategy/goals.md", GOALS)], &["explain", "strategy/goals.md"]).out;
    assert!(!page.contains("## Not read"), "{page}");
    // A word that is no level is no mistake.
    let other = GOALS.replace("| team |", "| L2 |");
    assert!(run(&[("strategy/goals.md", &other)], &["--format", "concise"]).messages().is_empty());
}

#[test]
fn goals_without_key_results_are_read_from_a_table_with_two_other_columns() {
    let table = "# Goals\n\n| ID | Goal | Level | Period | Owner | Parent |\n|---|---|---|---|---|---|\n\
                 | G1 | Boats leave on the promised day | company | 2026-Q4 | Ines | |\n\
                 | G2 | No hull waits for joinery | team | 2026-Q4 | Femke | G1 |\n";
    let page = run(&[("strategy/goals.md", table)], &["explain", "G2"]).out;
    assert!(
        page.contains("- `level`: team (line 6)\n") && page.contains("- `parent`: G1 (line 6)\n"),
        "{page}"
    );
    let output = run(&[("strategy/goals.md", table)], &["--format", "concise"]);
    assert_eq!((output.code, output.messages()), (Some(0), vec![]));
    let other = "# Goals\n\n| Goal | Status |\n|---|---|\n| Boats leave | open |\n| Hulls wait | open |\n";
    assert_eq!(run(&[("strategy/goals.md", other)], &[]).code, Some(2));
}

#[test]
fn a_cell_holds_several_words_of_a_list() {
    for cell in ["decide, align", "decide; align", "Decide and align", "decide / align"] {
        let table = format!(
            "# Meetings\n\n| Forum | Purpose | Owner | Cadence |\n|---|---|---|---|\n| Board | {cell} | Ines | monthly |\n"
        );
        let page = run(&[("governance/forums.md", &table)], &["explain", "board"]).out;
        assert!(page.contains("- `purpose`: decide, align (line 5)\n"), "{cell}: {page}");
        assert!(found(&[("governance/forums.md", &table)], "schema/enum").is_empty(), "{cell}");
    }
}

#[test]
fn the_help_for_an_unread_page_of_goals_is_whole() {
    let page = ("strategy/goals.md", "# Goals\n\n| Goal | Status |\n|---|---|\n| Boats leave | open |\n");
    let end = "or write a table with the columns `Objective`, `Owner` and `Key results`";
    let alone = run(&[page], &[]);
    let told = alone.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(alone.code == Some(2) && told.contains(end), "{}", alone.err);
    let decision = ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Stay }]\n");
    let beside = run(&[page, decision], &["--format", "json", "--select", "document/unrecognised"]).json();
    assert!(beside["findings"][0]["help"].as_str().is_some_and(|help| help.ends_with(end)), "{beside}");
}

#[test]
fn a_cell_that_names_two_holders_is_a_role_with_two() {
    let people = (
        "governance/people.yaml",
        "people: [{ id: mara, name: Mara Linden }, { id: pierre, name: Pierre Muller }]\n",
    );
    let rights =
        ("governance/rights.yaml", "decision-rights: [{ id: bikes, covers: Bikes, owner: head-of-fleet }]\n");
    let roles = |holders: &str| {
        format!(
            "# Roles\n\n| Role | Holder | Purpose |\n|---|---|---|\n| Head of Fleet | {holders} | Bikes |\n"
        )
    };
    let told = |holders: &str| {
        found(&[people, rights, ("governance/roles.md", &roles(holders))], "ownership/role-holder").join("\n")
    };
    for both in ["Mara Linden, Pierre Muller", "Mara Linden and Pierre Muller", "Mara Linden / Pierre Muller"]
    {
        let told = told(both);
        assert!(told.contains("a role that `mara` and `pierre` hold together"), "{both}: {told}");
    }
    assert_eq!(told("Mara Linden"), "");
}

#[test]
fn a_column_near_the_name_of_a_field_is_told() {
    let assumptions = (
        "strategy/assumptions.md",
        "# Assumptions\n\n| Id | Assumption | Owner | How we test it |\n|---|---|---|---|\n| A-1 | They stay | ada | Ask each customer twice |\n\
         | A-2 | They pay | ada | Read the bills of the year |\n",
    );
    assert_eq!(
        found(&[("alignlint.yaml", "{}"), assumptions], "schema/unknown-field"),
        [
            "strategy/assumptions.md:3:29: error[schema/unknown-field] `A-1`: the column `How we test it` is no field of the kind `assumption`"
        ]
    );
}

#[test]
fn a_table_whose_page_says_no_kind_is_told_what_to_call_it() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "{}"),
        (
            "governance/team-metrics.md",
            "# Metrics of the teams\n\n| Id | Metric | Definition | Source | Unit | Better | Owner |\n|---|---|---|---|---|---|---|\n\
             | wait | Wait | Days for a part | Sheet | days | down | ada |\n| rides | Rides | Rides of a day | Sheet | rides | up | ada |\n",
        ),
        ("governance/people.yaml", "people: [{ id: ada, title: Ada }]\n"),
    ]);
    let told = repository.run_today(&["--fail-on", "never"]).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("its table has the columns of kpis, and neither its name nor a `kind` says so"),
        "{told}"
    );
}
