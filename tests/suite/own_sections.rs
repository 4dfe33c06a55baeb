//! Pages in the program's own form that hold several records: in sections, in tables of two kinds, and in a log beside pages.

use crate::kit::{Repository, TODAY};

fn listed(files: &[(&str, &str)]) -> Vec<String> {
    let records = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let line = |record: &serde_json::Value| {
        let (kind, id, owner) = (&record["kind"], &record["id"], &record["fields"]["owner"]);
        format!("{} {}, {}, {}", text(kind), text(id), record["start"]["line"], text(owner))
    };
    records["records"].as_array().cloned().unwrap_or_default().iter().map(line).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let run = Repository::folder_with(files).run(&["check", "--as-of", TODAY, "--format", "concise"]);
    run.out.lines().take_while(|line| line.contains('[')).map(str::to_owned).collect()
}

const LOG: &str = "# Decisions\n\n## D-1: Build a room\n\n- Status: accepted\n- Date: 2026-08-24\n- Owner: Ada Byron\n\n### Context\n\nNoise.\n\n\
                   ### Decision\n\nA room.\n\n## D-2: Raise prices\n\n- Status: proposed\n- Date: 2026-09-24\n- Owner: Bo Ek\n\n### Context\n\nCosts.\n";

const PEOPLE: &str = "# People\n\n| Name | Job title | Team |\n|---|---|---|\n| Ada Byron | Lead | Field |\n| Bo Ek | Sales | Field |\n";

#[test]
fn a_page_named_for_decisions_holds_one_in_each_section() {
    let expected = ["decision D-1, 3, Ada Byron", "decision D-2, 17, Bo Ek"];
    for path in ["governance/decisions.md", "decisions.md", "docs/decisions.md", "governance/decision-log.md"]
    {
        assert_eq!(listed(&[(path, LOG)]), expected, "{path}");
    }
}

#[test]
fn pages_named_for_other_kinds_do_so_too() {
    let page = |lines: &str| {
        format!(
            "# All\n\nWhat there is.\n\n## One thing\n\n{lines}\n## Another thing\n\n{lines}\n## How to read it\n\nSlowly.\n"
        )
    };
    for (path, kind, lines) in [
        ("governance/handoffs.md", "handoff", "- From: Sites\n- To: Field\n"),
        ("governance/forums.md", "forum", "- Chair: Ada Byron\n- Cadence: weekly\n"),
        ("governance/kpis.md", "kpi", "- Unit: %\n- Target: 90%\n"),
        ("strategy/roadmap.md", "initiative", "- Status: running\n- Start: 2026-10-01\n"),
    ] {
        let found = listed(&[(path, &page(lines))]);
        assert_eq!(
            found,
            [format!("{kind} one-thing, 5, -"), format!("{kind} another-thing, 10, -")],
            "{path}"
        );
    }
    let numbered = "# KPIs\n\n## K-1: Strikes\n\n- Owner: ada\n\n### Definition\n\nHits.\n\n## K-2: Days\n\n- Owner: bo\n";
    assert_eq!(listed(&[("governance/kpis.md", numbered)]), ["kpi K-1, 3, ada", "kpi K-2, 11, bo"]);
}

#[test]
fn one_record_with_sections_of_its_own_is_none_of_them() {
    let page = "# Leadership\n\n- Chair: ada\n- Cadence: weekly\n\n## Purpose\n\n- Decide: yes\n- Review: yes\n\n## Participants\n\n- ada\n";
    assert_eq!(listed(&[("governance/forums.md", page)]).len(), 1);
}

#[test]
fn the_next_one_is_a_section_too() {
    let page = "# Forums\n\n## Leadership\n\n- Chair: ada\n- Cadence: weekly\n\n## Desk\n\n- Chair: bo\n- Cadence: daily\n";
    let repository = Repository::folder_with(&[("governance/forums.md", page)]);
    repository.run(&["new", "forum", "Round of the birds"]);
    assert!(repository.read("governance/forums.md").contains("\n\n## Round of the birds\n\n- Chair:"));
}

#[test]
fn a_table_below_the_name_of_another_kind_is_read() {
    let page = format!(
        "{PEOPLE}\n## Teams\n\n| Team | Lead | Purpose |\n|---|---|---|\n| Field | Ada Byron | Flies |\n"
    );
    let found = listed(&[("governance/people.md", &page)]);
    assert_eq!(found, ["person ada-byron, 5, -", "person bo-ek, 6, -", "team field, 12, -"]);
}

#[test]
fn numbers_go_on_over_a_log_and_pages() {
    let page = "---\nid: D-3\ntitle: A vet on call\nstatus: accepted\ndate: 2026-10-01\nowner: Ada Byron\n---\n\n# A vet on call\n\n## Decision\n\nYes.\n";
    let log = ("governance/decision-log.md", LOG);
    let repository = Repository::folder_with(&[log, ("governance/decisions/d-3-vet.md", page)]);
    repository.run(&["new", "decision", "Sell the van"]);
    assert!(repository.read("governance/decision-log.md").contains("\n## D-4: Sell the van\n"));
    let twice = page.replace("D-3", "D-2");
    let run = Repository::folder_with(&[log, ("governance/decisions/d-2-vet.md", &twice)])
        .check(&["--select", "reference/duplicate-id"]);
    assert!(run.out.contains("2 decisions have the id `D-2`"), "{}", run.out);
}

#[test]
fn a_log_of_ones_own_names_records_and_has_slips() {
    let log = LOG
        .replace("- Owner: Ada Byron\n", "- Onwer: Ada Byron\n- Rests on: A-1, A-7\n- Goals: O1\n")
        .replace("- Status: proposed", "- Staus: proposed");
    let assumptions = "assumptions: [{ id: A-1, statement: It rains, status: open, owner: Ada Byron }]\n";
    let told = |path: &str| {
        let lines = found(&[
            (path, &log),
            ("governance/assumptions.yaml", assumptions),
            ("governance/people.md", PEOPLE),
        ]);
        let told = |line: &&String| line.contains("decision-log") || line.contains("A-7");
        lines
            .iter()
            .filter(told)
            .map(|line| line.split("] ").nth(1).unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told("governance/decision-log.md"),
        [
            "`D-1`: `Onwer` is not a line of this format (decision-log)",
            "`D-1` refers to the unknown assumption `A-7`",
            "`D-2`: `Staus` is not a line of this format (decision-log)",
        ]
    );
    assert_eq!(
        told("lib/decision-log.md"),
        ["`D-1` refers to the unknown assumption `A-7`"],
        "others have words of their own"
    );
}

#[test]
fn the_lines_of_a_log_state_goals_metrics_and_who_was_asked() {
    let log = LOG.replace(
        "- Owner: Ada Byron\n",
        "- Owner: Ada Byron\n- Matter: Prices\n- Consulted: Bo Ek\n- Goals: O1\n- Metrics: Margin, Strikes\n",
    );
    let records = Repository::folder_with(&[("governance/decision-log.md", &log)])
        .run(&["records", "--format", "json"])
        .json();
    let fields = &records["records"][0]["fields"];
    assert_eq!(fields["domain"], "Prices");
    assert_eq!(fields["consulted"], serde_json::json!(["Bo Ek"]));
    assert_eq!(fields["objectives"], serde_json::json!(["O1"]));
    assert_eq!(fields["kpis"], serde_json::json!(["Margin", "Strikes"]));
}

fn minutes(decisions: &str) -> String {
    format!(
        "# Leadership, 2 November 2026\n\nForum: Leadership\nPresent: Ada Byron\n\n## Decisions\n\n{decisions}\n"
    )
}

#[test]
fn a_link_to_a_log_names_the_decision_that_it_bears() {
    let told = |decisions: &str| {
        let page = minutes(decisions);
        found(&[("governance/decision-log.md", LOG), ("minutes/2026-11-02-leadership.md", &page)])
    };
    let unknown = |lines: Vec<String>| {
        lines.into_iter().filter(|line| line.contains("reference/unknown")).collect::<Vec<_>>()
    };
    assert_eq!(
        unknown(told("- [D-8](../governance/decision-log.md): survey the fields")),
        [
            "minutes/2026-11-02-leadership.md:8:4: error[reference/unknown] `2026-11-02-leadership` refers to the unknown decision `D-8`"
        ]
    );
    assert_eq!(unknown(told("- [D-2](../governance/decision-log.md): prices")), Vec::<String>::new());
    assert_eq!(unknown(told("- [The log](../governance/decision-log.md)")), Vec::<String>::new());
}

#[test]
fn a_session_without_decisions_settled_nothing() {
    let settled = |decisions: &str| {
        let page = minutes(decisions);
        let records = Repository::folder_with(&[("minutes/2026-11-02-leadership.md", &page)])
            .run(&["records", "--format", "json"]);
        records.json()["records"][0]["fields"]["resolutions"].clone()
    };
    for none in [
        "None.",
        "- None",
        "No decisions.",
        "- No decisions were taken.",
        "Keine Beschlüsse.",
        "Aucune décision.",
        "- Geen besluiten",
    ] {
        assert_eq!(settled(none), serde_json::Value::Null, "{none}");
    }
    assert_eq!(settled("- None of the roofs stay"), serde_json::json!(["None of the roofs stay"]));
}

#[test]
fn a_table_of_values_says_what_is_measured() {
    let page = "# Values\n\n| Value | Means | In practice | Measures | Limit |\n|---|---|---|---|---|\n\
                | Fast | We answer | Prices are decided soon | decision-time | 2 weeks |\n| Slow | We think | We sleep on it | | |\n";
    let run = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended]\n"),
        ("governance/values.md", page),
    ])
    .check(&["--select", "value/not-operational"]);
    assert_eq!(
        run.out,
        "governance/values.md:6:21: warning[value/not-operational] `slow` names behaviours and nothing that is measured\n"
    );
}

#[test]
fn due_lists_a_milestone_whose_day_has_passed() {
    let goals = "# Goals, 2026-Q4\n\nPeriod: 2026-Q4\n\n## O1: Shops stay\n\n- Owner: Ada Byron\n\n| Key result | Milestone | Due | Done when |\n|---|---|---|---|\n\
                 | A sign | The sign is up | 2026-11-01 | People see it |\n\n## O2: Shops pay\n\n- Owner: Ada Byron\n\n| Key result | Milestone | Due | Done when |\n|---|---|---|---|\n\
                 | A price | The list is out | 2026-12-09 | It is sent |\n";
    let due =
        Repository::folder_with(&[("strategy/goals-2026-q4.md", goals)]).run(&["due", "--as-of", TODAY]).out;
    assert!(due.contains("reach The sign is up, or give it a new day"), "{due}");
}

const TWO_FORUMS: &str = "# Forums\n\n## Board\n\n- Owner: Ada Byron\n- Cadence: weekly\n\n### Questions that this forum decides\n\n\
                          - What do we charge?\n- Whom do we hire?\n\n### Where it meets\n\nUpstairs.\n\n## Desk\n\n- Owner: Bo Ek\n- Cadence: daily\n";

#[test]
fn the_questions_of_a_forum_may_be_headed_by_who_answers_them() {
    let repository = Repository::folder_with(&[("governance/forums.md", TWO_FORUMS)]);
    let page = repository.run(&["explain", "governance/forums.md"]).out;
    assert!(page.contains("- `questions`: What do we charge?, Whom do we hire? (line 10)\n"), "{page}");
}

#[test]
fn a_misspelt_identifier_is_corrected() {
    let goals = "# Goals\n\n## Labs stay with us\n\n- Owner: Ada Byron\n- Level: company\n\n## Nobody waits\n\n- Owner: Ada Byron\n- Parent: Labs stays with us\n";
    let mended = |parent: &str| {
        let repository = Repository::folder_with(&[(
            "strategy/objectives.md",
            &goals.replace("Labs stays with us", parent),
        )]);
        repository.run_today(&["--fix=all"]);
        let page = repository.read("strategy/objectives.md");
        page.lines().find_map(|line| line.strip_prefix("- Parent: ")).expect("a line").to_owned()
    };
    assert_eq!(mended("labs-stays-with-us"), "labs-stay-with-us");
}

#[test]
fn a_misspelt_heading_of_the_programs_own_form_is_told() {
    let people =
        ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }, { id: bo, title: Bo Ek }]\n");
    let told = |heading: &str| {
        found(&[
            ("governance/forums.md", &TWO_FORUMS.replace("Questions that this forum decides", heading)),
            people,
        ])
    };
    let expected = "governance/forums.md:8:5: error[schema/unknown-field] `board`: `Qeustions` is not a section of the kind `forum`";
    assert_eq!(told("Qeustions"), [expected]);
    for heading in ["Questions", "Question", "Quest", "Procedure", "Agendas"] {
        assert_eq!(told(heading), Vec::<String>::new(), "{heading}");
    }
}

#[test]
fn a_mapping_stands_in_a_section_on_a_line_or_in_a_row() {
    let on_miss = |below: &str| {
        let page = format!("---\nkind: kpi\nid: margin\n---\n# Margin\n\n{below}");
        let files = [("strategy/kpis/margin.md", &*page)];
        Repository::folder_with(&files).run(&["records", "--format", "json"]).json()["records"][0]["fields"]["on-miss"].clone()
    };
    let all = serde_json::json!({ "threshold": "58%", "action": "Ask the CFO", "within": "1 week" });
    assert_eq!(on_miss("## On miss\n\n- Threshold: 58%\n- Action: Ask the CFO\n- Within: 1 week\n"), all);
    assert_eq!(
        on_miss(
            "## On miss\n\n| Threshold | Action | Within |\n|---|---|---|\n| 58% | Ask the CFO | 1 week |\n"
        ),
        all
    );
    let text = serde_json::json!({ "action": "Ask the CFO" });
    assert_eq!(on_miss("## Consequence\n\nAsk the CFO\n"), text);
    assert_eq!(on_miss("- **If missed:** Ask the CFO\n"), text);
}

#[test]
fn sections_with_identifiers_on_lines_are_no_log_of_others() {
    let section = |title: &str, id: &str| {
        format!(
            "\n## {title}\n\n- **Id:** {id}\n- **Status:** accepted\n- **Owner:** ada\n- **Context:** Costs.\n- **Consequences:** Less.\n"
        )
    };
    let page =
        format!("# Decisions of the board\n{}{}", section("Move to Tuesday", "D-1"), section("A fee", "D-2"));
    assert_eq!(
        listed(&[("governance/decisions.md", &page)]),
        ["decision D-1, 3, ada", "decision D-2, 11, ada"]
    );
    let undated = found(&[("governance/decisions.md", &page), ("alignlint.yaml", "{}\n")]);
    assert!(undated.iter().any(|line| line.contains("[decision/undated] `D-2`")), "{undated:?}");
}

#[test]
fn the_only_section_of_a_list_is_its_record() {
    let page = "# Metrics\n\n## Order intake\n\n- **Id:** intake\n- **Unit:** EUR\n- **Owner:** ada\n";
    assert_eq!(listed(&[("governance/kpis.md", page)]), ["kpi intake, 3, ada"]);
    let known = page.replace("## Order intake", "## Definition");
    let found = listed(&[("governance/kpis.md", &known)]);
    assert!(found.iter().all(|line| !line.contains(", 3,")), "it is a part of one: {found:?}");
}

#[test]
fn a_table_below_the_heading_of_a_value_lists_its_behaviours() {
    let page = "# Values\n\n## We answer\n\n- Id: answer\n- Owner: ada\n\n| Behaviour | Measures | Limit |\n|---|---|---|\n| An answer the next day | response-time | 1 business day |\n";
    let found = found(&[("governance/values.md", page), ("alignlint.yaml", "extends: [strict]\n")]);
    assert!(!found.iter().any(|line| line.contains("value/not-operational")), "{found:?}");
    let other = page.replace("Behaviour |", "Example |");
    let files = [("governance/values.md", &*other), ("alignlint.yaml", "extends: [strict]\n")];
    assert!(self::found(&files).iter().any(|line| line.contains("value/not-operational")));
}
