//! Pages of goals with a section for each: what stands above the sections, and what a list line says of a key result.

use crate::kit::Repository;

fn okrs(page: &str) -> Repository {
    Repository::folder_with(&[("strategy/okrs/2026-Q4.md", page)])
}

/// The fields of a record, as `alignlint records` prints them.
fn fields(repository: &Repository, id: &str) -> serde_json::Value {
    let listed = repository.run(&["records", "--format", "json"]).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let records = listed["records"].as_array().expect("records");
    let record = records.iter().find(|record| record["id"] == id).expect("the record");
    record["fields"].clone()
}

const TEAM_PAGE: &str = "# OKRs 2026-Q4\n\nPeriod: 2026-Q4\nOwner: Mara Linden\nLevel: company\nStatus: draft\n\n\
     ## O-1: Shops ride all winter\n\n### Key results\n\n- Bikes have lights\n\n\
     ## O-2: Shops pay in time\n\nOwner: Pierre Muller\nLevel: team\n\n### Key results\n\n- Bills are short\n";

#[test]
fn lines_above_the_sections_hold_for_those_that_state_none() {
    let repository = okrs(TEAM_PAGE);
    let first = fields(&repository, "O-1");
    assert_eq!(
        (&first["owner"], &first["period"], &first["level"]),
        (&"Mara Linden".into(), &"2026-Q4".into(), &"company".into())
    );
    let second = fields(&repository, "O-2");
    assert_eq!(
        (&second["owner"], &second["period"], &second["level"]),
        (&"Pierre Muller".into(), &"2026-Q4".into(), &"team".into())
    );
    // The state of the page is not that of its goals.
    assert!(first["status"].is_null(), "{first}");
}

#[test]
fn the_nearest_heading_above_a_section_counts() {
    let page = "# OKRs\n\nOwner: Mara Linden\n\n## Fleet\n\nOwner: Pierre Muller\n\n### O-1: Bikes are back in two days\n\n#### Key results\n\n\
         - Parts are at hand\n\n### O-2: No bike is lost\n\n#### Key results\n\n- Locks hold\n\n## Shops\n\n### O-3: Shops stay\n\n#### Key results\n\n- They like us\n";
    let repository = okrs(page);
    for (id, owner) in [("O-1", "Pierre Muller"), ("O-2", "Pierre Muller"), ("O-3", "Mara Linden")] {
        assert_eq!(fields(&repository, id)["owner"], owner, "{id}");
    }
}

/// The key result that a list line states.
fn key_result(line: &str) -> serde_json::Value {
    let page = format!(
        "# OKRs\n\n## O-1: Shops stay\n\n### Key results\n\n- {line}\n\n## O-2: Shops pay\n\n### Key results\n\n- x\n"
    );
    let repository = Repository::folder_with(&[
        ("strategy/okrs/2026-Q4.md", &page),
        ("strategy/kpis.yaml", "kpis: [{ id: active-shops, title: Active shops }]\n"),
    ]);
    fields(&repository, "O-1")["key-results"][0].clone()
}

#[test]
fn a_list_line_states_numbers_and_days() {
    let found = key_result("Raise active shops from 398 to 440 (now 412, 2026-11-12), by 2026-12-18");
    let expected = serde_json::json!({
        "title": "Raise active shops from 398 to 440 (now 412, 2026-11-12), by 2026-12-18",
        "baseline": "398", "target": "440", "current": "412", "updated": "2026-11-12", "due": "2026-12-18", "kpi": "active shops",
    });
    assert_eq!(found, expected);
    let found = key_result("Cut the share of late bills from 12.5 % to 5 % (now: 9 %)");
    assert_eq!(
        (&found["baseline"], &found["target"], &found["current"]),
        (&"12.5 %".into(), &"5 %".into(), &"9 %".into())
    );
    assert_eq!(key_result("Visit the 60 shops, by 2026-12-18")["due"], "2026-12-18");
}

#[test]
fn the_metric_in_brackets_is_that_of_the_key_result() {
    let found = key_result("Active shops (active-shops) from 398 to 440");
    assert_eq!(
        (&found["kpi"], &found["baseline"], &found["target"]),
        (&"active-shops".into(), &"398".into(), &"440".into())
    );
    assert!(key_result("Active shops (all of them) from 398 to 440")["kpi"].is_null());
}

#[test]
fn a_metric_that_a_line_names_by_its_title_is_that_of_the_key_result() {
    for line in [
        "Raise active shops from 398 to 440",
        "Active shops from 398 to 440",
        "Keep the active shops at 440",
        "Active shops: 440",
        "Active shops",
    ] {
        let kpi = key_result(line)["kpi"].as_str().unwrap_or_default().to_lowercase();
        assert_eq!(kpi, "active shops", "{line}");
    }
    for line in [
        "Raise active shops of the north from 39 to 44",
        "Visit the 60 active shops",
        "Tell active shops apart",
    ] {
        assert!(key_result(line)["kpi"].is_null(), "{line}");
    }
}

#[test]
fn a_metric_that_can_only_be_misspelt_is_told() {
    let page = |metric: &str| {
        format!(
            "# OKRs\n\n## O-1: Shops stay\n\n### Key results\n\n- Active shops {metric} from 398 to 440\n\n## O-2: Shops pay\n\n### Key results\n\n- x\n"
        )
    };
    let found = |metric: &str| {
        let files = [
            ("strategy/okrs/2026-Q4.md", &*page(metric)),
            ("strategy/kpis.yaml", "kpis: [{ id: active-shops, title: Shops that buy }]\n"),
        ];
        Repository::folder_with(&files).check(&["--select", "reference/unknown"]).out
    };
    assert_eq!(
        found("(actve-shops)"),
        "strategy/okrs/2026-Q4.md:7:17: error[reference/unknown] `O-1` refers to the unknown kpi `actve-shops`\n"
    );
    assert_eq!(found("(net)"), "");
}

#[test]
fn a_line_states_units_and_what_was_reached() {
    let values = |line: &str| {
        let found = key_result(line);
        ["baseline", "target", "current", "reached"]
            .map(|name| found[name].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(values("Cut the time from 6 days to 3 days (now 4 days)"), ["6 days", "3 days", "4 days", ""]);
    assert_eq!(values("Cut the time from 6 to 3 days"), ["6 days", "3 days", "", ""]);
    assert_eq!(values("Raise the share from 20 to 30 %"), ["20 %", "30 %", "", ""]);
    assert_eq!(values("Fresh share from 71% to 90%"), ["71%", "90%", "", ""]);
    assert_eq!(values("Raise orders from 6200 to 7500 (now 6900)"), ["6200", "7500", "6900", ""]);
    assert_eq!(values("Open the shop, by 2026-11-13 (done 2026-11-11)"), ["", "", "", "2026-11-11"]);
    assert_eq!(values("Open the shop by 2026-11-13, reached on 2026-11-11"), ["", "", "", "2026-11-11"]);
    assert_eq!(values("[x] Open the shop, by 2026-11-13"), ["", "", "", "2026-11-13"]);
}

#[test]
fn what_may_be_no_number_of_the_key_result_is_left_in_the_text() {
    for line in [
        "Open from 9 to 17 on each day",
        "Extend the lease from 2024 to 2026",
        "Raise prices from 2024 to 2026",
        "Raise prices from 12 bikes to 30 bikes",
    ] {
        assert_eq!(key_result(line), serde_json::json!({ "title": line }));
    }
}

#[test]
fn a_line_that_can_only_be_misspelt_is_told() {
    let found = |from: &str, to: &str| {
        let page = TEAM_PAGE.replace(from, to);
        okrs(&page).check(&["--select", "schema/*"]).out
    };
    assert_eq!(
        found("Owner: Pierre Muller", "Suports: O-1\nOwner: Pierre Muller"),
        "strategy/okrs/2026-Q4.md:16:1: error[schema/unknown-field] `O-2`: `Suports` is not a line of this format (goal-page)\n"
    );
    assert_eq!(
        found("Period: 2026-Q4", "Peroid: 2026-Q4"),
        "strategy/okrs/2026-Q4.md:3:1: error[schema/unknown-field] `O-1`: `Peroid` is not a line of this format (goal-page)\n",
        "once, for the first goal"
    );
    assert_eq!(found("Owner: Pierre Muller", "Owners: Pierre Muller and Ada Ek"), "", "a plural");
    assert_eq!(found("Level: team", "Stage: late"), "", "another word");
}

#[test]
fn two_targets_for_one_number_are_told_in_lines() {
    let page = "# OKRs\n\nPeriod: 2026-Q4\n\n## O-1: Shops stay\n\n### Key results\n\n- Raise active shops from 398 to 440\n\n\
         ## O-2: Shops pay\n\n### Key results\n\n- Raise active shops (active-shops) from 398 to 430\n";
    let kpis = ("strategy/kpis.yaml", "kpis: [{ id: active-shops, title: Active shops }]\n");
    let found = |page: &str| {
        let files = [("strategy/okrs/2026-Q4.md", page), kpis];
        Repository::folder_with(&files).check(&["--select", "objective/two-targets"]).out
    };
    assert!(
        found(page).contains("`O-2` and `O-1` have different targets for `active-shops`"),
        "{}",
        found(page)
    );
    let hoped = page.replace("## O-2: Shops pay\n", "## O-2: Shops pay\n\nCommitment: aspirational\n");
    assert_eq!(found(&hoped), "");
}

#[test]
fn a_target_in_a_line_has_a_history() {
    let page = |target: u32| {
        format!(
            "# OKRs\n\nPeriod: 2026-Q4\n\n## O-1: Shops stay\n\n### Key results\n\n- Active shops (active-shops) from 398 to {target}\n- Cut the visits from 20 to 15\n\n\
             ## O-2: Shops pay\n\n### Key results\n\n- x\n"
        )
    };
    let path = "strategy/okrs/2026-Q4.md";
    let kpis = (
        "strategy/kpis.yaml",
        "kpis: [{ id: active-shops, title: Active shops }, { id: visits, title: Visits }]\n",
    );
    let repository = Repository::with(&[(path, &page(440)), kpis]);
    repository.commit("2026-10-01");
    repository.write(&[(path, &page(420))]);
    repository.commit("2026-11-09");
    let blame = repository.run(&["blame", "O-1"]).out;
    assert!(!blame.contains("uncommitted"), "{blame}");
    let line = blame.lines().find(|line| line.contains("420")).unwrap_or_default();
    assert!(line.contains("2026-11-09"), "{blame}");
    let visits = blame
        .lines()
        .skip_while(|line| !line.contains("key-results/visits/target"))
        .nth(1)
        .unwrap_or_default();
    assert!(visits.contains("2026-10-01"), "{blame}");
}

#[test]
fn due_tells_of_no_day_that_it_lists() {
    let page = "# OKRs\n\nPeriod: 2026-Q4\nOwner: Ada\n\n## O-1: Shops stay\n\n### Key results\n\n- Raise shops from 398 to 440, by 2026-11-23\n\n\
         ## O-2: Shops pay\n\n### Key results\n\n- Open the till, by 2026-11-24\n";
    let output = okrs(page).run_today(&["due"]);
    assert!(output.out.contains("2026-11-24"), "{output:?}");
    assert!(!output.err.contains("not listed: 2026-11-24"), "{output:?}");
}

#[test]
fn a_goal_supports_another_of_its_page_by_the_words_of_the_heading() {
    let quarter = |number: u32| {
        format!(
            "# OKRs\n\n## Objective 1: Shops ride all winter {number}\n\n### Key results\n\n- a\n\n\
             ## Objective 2: Repairs take two days {number}\n\nSupports: Objective 1\n\n### Key results\n\n- b\n"
        )
    };
    let repository = Repository::folder_with(&[
        ("strategy/okrs/2026-Q3.md", &quarter(3)),
        ("strategy/okrs/2026-Q4.md", &quarter(4)),
    ]);
    assert_eq!(repository.check(&["--select", "reference/*"]).out, "");
    let ladder = repository.run(&["report", "ladder"]).out;
    for goal in ["\n  2  Repairs take two days 3", "\n  2  Repairs take two days 4"] {
        assert!(ladder.contains(goal), "{ladder}");
    }
}

#[test]
fn a_run_ends_with_the_practices_that_goals_are_not_held_to() {
    let notes = okrs(TEAM_PAGE).run_today(&[]).notes();
    let line = "2 objectives in strategy/okrs (goal-page) are held only to the practices of their format; to hold them to all, \
                write into `alignlint.yaml`: `practices: { all: [strategy/okrs/**] }`";
    assert!(notes.contains(line), "{notes}");
}

/// A page with one key result in a table.
fn goal_table(row: &str, more: &[(&str, &str)]) -> Repository {
    let table =
        "| Key result | Metric | Baseline | Target | Current | Updated |\n|---|---|---|---|---|---|\n";
    let page = format!(
        "# OKRs\n\n## O-1: Stay\n\n{table}{row}\n\n## O-2: Grow\n\n{table}| Grow | margin | 3% | 4% | | |\n"
    );
    Repository::folder_with(&[&[("okrs/2026-q4.md", &*page)], more].concat())
}

#[test]
fn a_target_to_hold_and_an_unknown_baseline_are_read_from_a_table() {
    let repository = goal_table("| Stays | runway | unknown | hold | | |", &[]);
    let read = &fields(&repository, "O-1")["key-results"][0];
    assert_eq!((&read["baseline"], &read["target"]), (&"unknown".into(), &"hold".into()));
}

#[test]
fn cells_that_are_no_number_and_no_day_are_told_where_goals_are_to_be_measurable() {
    let row = "| Fewer leave | churn | 3.1% | 2.5% | about 3 | in the 13th month of 2026 |";
    let found = |more: &[(&str, &str)]| {
        goal_table(row, more).run_today(&["--select", "schema/*", "--format", "concise"]).out
    };
    assert_eq!(found(&[]), "");
    let measured = found(&[("alignlint.yaml", "practices: { measures: [\"okrs/**\"] }\n")]);
    for told in ["`current` is `about 3`; expected an amount", "`updated` is `in the 13th month of 2026`"] {
        assert!(measured.contains(told), "{measured}");
    }
}

#[test]
fn key_results_are_below_a_heading_or_a_label() {
    let titles = |list: &str| {
        let page = format!(
            "# OKRs\n\nPeriod: 2026-Q4\n\n## O-1: Shops stay\n\n- **Owner:** Ada\n\n{list}\n\n## O-2: Shops pay\n\n### Key results\n\n- x\n"
        );
        let found = fields(&okrs(&page), "O-1")["key-results"].clone();
        let items = found.as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    for list in [
        "Key results:\n\n- Bikes have lights\n- Bills are short",
        "**Key results:**\n\n1. Bikes have lights\n2. Bills are short",
        "**Key results**:\n* Bikes have lights\n\n* Bills are short\n\nA remark.\n\n* No key result",
        "- **Measures:**\n  - Bikes have lights\n  - Bills are short\n- **Notes:** none",
        "- **KR1** Bikes have lights\n- **KR2** Bills are short",
        "Key results:\n\n1. **KR1:** Bikes have lights\n2. **KR2:** Bills are short",
    ] {
        assert_eq!(titles(list), ["Bikes have lights", "Bills are short"], "{list}");
    }
    assert_eq!(titles("Key results:\n\nNone yet.\n\n- Bikes have lights"), [""; 0]);
}

#[test]
fn a_day_in_words_is_one_in_a_table_and_what_is_none_is_one_finding() {
    let findings = |day: &str| {
        let table = "| Key result | Metric | From | Target | Now | Updated |\n|---|---|---|---|---|---|\n";
        let page = format!(
            "# OKRs\n\nPeriod: 2026-Q4\n\n## O-1: Stay\n\nOwner: Ada\nLevel: company\n\n{table}| Stay | on-time | 62% | 85% | 74% | {day} |\n\n\
             ## O-2: Grow\n\nOwner: Ada\nLevel: company\n\n{table}| Grow | margin | 3% | 4% | 3.5% | 2026-11-16 |\n"
        );
        let repository =
            Repository::folder_with(&[("strategy/okrs/2026-Q4.md", &page), ("alignlint.yaml", "{}\n")]);
        let run = repository.run(&["--format", "concise", "--as-of", "2026-11-20"]);
        let lines =
            run.out.lines().filter(|line| line.contains("stale-check-in") || line.contains("schema/invalid"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(findings("16 November 2026"), [""; 0]);
    assert_eq!(findings("Nov 16, 2026"), [""; 0]);
    assert_eq!(
        findings("16 Novembr 2026"),
        [
            "strategy/okrs/2026-Q4.md:12:38: error[schema/invalid] `O-1`: `updated` is `16 Novembr 2026`; expected a date such as `2026-11-20`"
        ]
    );
}
