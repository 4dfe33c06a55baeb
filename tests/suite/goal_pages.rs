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
        "baseline": "398", "target": "440", "current": "412", "updated": "2026-11-12", "due": "2026-12-18",
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
fn what_may_be_no_number_of_the_key_result_is_left_in_the_text() {
    for line in [
        "Open from 9 to 17 on each day",
        "Extend the lease from 2024 to 2026",
        "Raise the share of riders from 20 to 30 %",
        "Reduce the time from 12 days to 5 days",
        "Raise prices from 2024 to 2026",
    ] {
        assert_eq!(key_result(line), serde_json::json!({ "title": line }));
    }
}

#[test]
fn a_line_that_is_one_edit_from_a_known_one_is_told_where_the_practice_asks_for_it() {
    let page = TEAM_PAGE.replace("Owner: Pierre Muller", "Suports: O-1\nOwner: Pierre Muller");
    let repository = okrs(&page);
    assert_eq!(repository.check(&["--select", "schema/*"]).out, "");
    repository.write(&[("alignlint.yaml", "practices: { known-keys: [strategy/okrs/**] }\n")]);
    assert_eq!(
        repository.check(&["--select", "schema/*"]).out,
        "strategy/okrs/2026-Q4.md:16:1: error[schema/additional-properties] `O-2`: `Suports` is not a line of this format (goal-page)\n"
    );
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
fn a_run_ends_with_the_practice_of_measuring_goals() {
    let notes = okrs(TEAM_PAGE).run_today(&[]).notes();
    let line = "2 objectives in strategy/okrs (goal-page): 2 state key results; to require a metric and both values of each: \
                practices: { measures: [strategy/okrs/**] }";
    assert!(notes.contains(line), "{notes}");
}
