//! Views of a whole company: due items, goals on course, decisions that were recorded late, and their owners.

use serde_json::Value;

use crate::kit::{BO, Repository, TODAY};

const DIRECTORY: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada }
  - { id: cy, title: Cy Lund, reports-to: ada, active-until: 2026-10-31 }
teams: [{ id: sales, title: Sales, lead: bo, members: [bo, cy] }, { id: care, title: Care, lead: ada, members: [ada] }]
";

/// The rows of a view, each as the cells of these columns.
fn rows(repository: &Repository, arguments: &[&str], keys: &[&str]) -> Vec<String> {
    let output = repository.run(&[arguments, &["--as-of", TODAY, "--format", "json"]].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    let json = output.json();
    let sections = json["sections"].as_array().expect("sections").clone();
    let rows = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows").clone());
    let cell = |row: &Value, key: &str| row["cells"][key]["text"].as_str().unwrap_or_default().to_owned();
    rows.map(|row| keys.iter().map(|key| cell(&row, key)).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn days_that_records_name_and_no_rule_asks_for_are_due() {
    let records = "decision-rights: [{ id: pricing, title: Prices, owner: bo, response-time: 3 weeks }]
kpis:
  - { id: share, title: Share, owner: ada, direction: up, on-miss: { threshold: 10%, action: We stop, within: 2 weeks } }
objectives:
  - { id: O-1, title: Partners sell, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: share, baseline: 3%, target: 20%, current: 6%, updated: 2026-11-12 }] }
";
    let page = "---\nstatus: proposed\ndate: 2026-11-10\nowner: ada\ndomain: pricing\n---\n\n# Raise prices\n\n## Considered Options\n\n* Yes\n* No\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/records.yaml", records),
        ("docs/decisions/0001-raise-prices.md", page),
    ]);
    let due = |arguments: &[&str]| {
        rows(
            &repository,
            &[&["due", "--within", "6 weeks"], arguments].concat(),
            &["day", "what", "owner", "rule"],
        )
    };
    let expected = [
        "2026-11-26 | kpi share | Ada Byron | ",
        "2026-12-01 | decision 0001 | Bo Ek | ",
        "2026-12-31 | objective O-1 | Ada Byron | ",
    ];
    let named = due(&[]).into_iter().filter(|row| row.ends_with("| ")).collect::<Vec<_>>();
    assert_eq!(named, expected);
    assert!(due(&["--for", "bo"]).contains(&expected[1].to_owned()), "{:?}", due(&["--for", "bo"]));
    repository.write(&[("governance/records.yaml", &records.replace("current: 6%", "current: 12%"))]);
    assert!(!due(&[]).contains(&expected[0].to_owned()));
}

#[test]
fn what_only_keeps_the_records_up_to_date_stands_below_what_people_do() {
    let records = "decisions: [{ id: D-1, title: Sell, status: accepted, owner: bo, review-by: 2026-12-01 }]
objectives:
  - { id: O-1, title: Stay, owner: ada, status: active, period: 2026-Q3, key-results: [{ kpi: churn, baseline: 4%, target: 3%, current: 4%, updated: 2026-09-01 }] }
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let text = repository.run(&["due", "--as-of", TODAY]).out;
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no `{words}` in {text}"));
    assert!(at("decision D-1") < at("To bring up to date in the records, overdue"), "{text}");
    assert!(at("To bring up to date in the records, overdue") < at("objective O-1"), "{text}");
}

#[test]
fn each_key_result_is_on_course_or_not() {
    let results = "objectives:
  - id: O-1
    title: Stay
    owner: ada
    level: company
    status: active
    period: 2026-Q4
    key-results:
      - { kpi: good, baseline: 0, target: 100, current: 60, updated: 2026-11-18 }
      - { kpi: slow, baseline: 0, target: 100, current: 40, updated: 2026-11-18 }
      - { kpi: away, baseline: 50, target: 100, current: 40, updated: 2026-11-18 }
      - { kpi: fresh, baseline: 400, target: 520, current: 268, updated: 2026-11-18 }
      - { kpi: wrong, baseline: 12, target: 8, current: 9, updated: 2026-11-18 }
      - { kpi: blank, baseline: 1, target: 2 }
";
    let kpis = "kpis:
  - { id: good, title: Good, owner: ada, unit: points, direction: up, definition: Points }
  - { id: slow, title: Slow, owner: ada, unit: points, direction: up, definition: Points }
  - { id: away, title: Away, owner: ada, unit: points, direction: up, definition: Points }
  - { id: fresh, title: Fresh, owner: ada, unit: orders, direction: up, definition: Orders signed in the quarter }
  - { id: wrong, title: Wrong, owner: ada, unit: points, direction: up, definition: Points }
  - { id: blank, title: Blank, owner: ada, unit: points, direction: up, definition: Points }
";
    let repository = Repository::with(&[("strategy/goals.yaml", results), ("strategy/kpis.yaml", kpis)]);
    let expected = [
        "away | off | away from the target, 52% of the time on 2026-11-18, 76 expected then | ",
        "slow | behind | 40% of the way, 52% of the time on 2026-11-18, 52 expected then | ",
        "fresh | behind | counted anew in each period: 51% of the target, 52% of the time on 2026-11-18 | ",
        "blank | unknown |  | ",
        "good | on course | 60% of the way, 52% of the time on 2026-11-18 | ",
        "wrong | on course | 75% of the way, 52% of the time on 2026-11-18 | the goal moves it down, and the metric is better up",
    ];
    assert_eq!(rows(&repository, &["report", "course"], &["result", "state", "way", "note"]), expected);
}

#[test]
fn a_moved_target_says_from_when_and_by_whom() {
    let goal = |target: &str| {
        format!(
            "objectives:\n  - {{ id: O-1, title: Answer, owner: bo, status: active, period: 2026-Q4, key-results: [{{ kpi: reply, baseline: 8 hours, target: {target}, current: 5 hours, updated: 2026-11-16 }}] }}\nkpis:\n  - {{ id: reply, title: Reply, owner: bo, unit: hours, direction: down, target: 3 hours }}\n"
        )
    };
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("strategy/goals.yaml", &goal("3 hours")),
    ]);
    repository.write(&[("strategy/goals.yaml", &goal("4 hours"))]);
    repository.commit_as("2026-11-09", BO, "Be realistic");
    let course = rows(&repository, &["report", "course"], &["result", "note"]);
    assert_eq!(
        course,
        [
            "reply | target moved from 3 hours to 4 hours on 2026-11-09 by Bo Ek (“Be realistic”); no decision names it; the metric wants 3 hours"
        ]
    );
}

#[test]
fn a_digest_says_what_was_written_down_late_and_by_whom() {
    let repository = Repository::with(&[("governance/directory.yaml", DIRECTORY)]);
    let records = "decisions: [{ id: D-1, title: Sell, status: accepted, owner: ada, date: 2026-10-05, consequences: Sales lends two people. }]
objectives: [{ id: O-9, title: Grow, owner: bo, level: company, status: active, period: 2026-Q4 }]
handoffs: [{ id: order, title: Order, from: sales, to: care, owner: bo }]
exceptions: [{ id: X-1, title: Late, rule: order, owner: bo, approved-by: ada, reason: r, expires: 2026-12-05 }]
trade-offs: [{ id: T-1, prefer: margin, over: volume, owner: ada }]
";
    repository.write(&[("governance/records.yaml", records)]);
    repository.commit_as("2026-11-16", BO, "Write it up");
    let digest = |arguments: &[&str]| {
        let arguments = [&["digest", "--since", "2026-10-02"], arguments].concat();
        rows(
            &repository,
            &arguments,
            &["decision", "goal", "count", "exception", "preference", "recorded", "what"],
        )
    };
    let expected = [
        "D-1 |  |  |  |  | 2026-11-16, 42 days later, by Bo Ek: Write it up | ",
        " | O-9 |  |  |  | 2026-11-16, by Bo Ek: Write it up | ",
        " |  | 1 handoff |  |  | 2026-11-16, by Bo Ek: Write it up | ",
        " |  |  |  |  |  | left on 2026-10-31",
        " |  |  | X-1 |  | 2026-11-16, by Bo Ek: Write it up | ",
        " |  |  |  | T-1 | 2026-11-16, by Bo Ek: Write it up | margin over volume",
    ];
    assert_eq!(digest(&[]), expected);
    // Care takes the orders, so its handoff and the exception from it are news there.
    assert_eq!(
        digest(&["--for", "care"])[..]
            .iter()
            .filter(|row| row.contains("handoff") || row.contains("X-1"))
            .count(),
        2
    );
    assert!(
        digest(&["--for", "sales"]).contains(&expected[0].to_owned()),
        "{:?}",
        digest(&["--for", "sales"])
    );
}

#[test]
fn a_digest_names_the_first_records_or_all() {
    let terms: String = (1..=60)
        .map(|number| format!("  - {{ id: word-{number:02}, definition: Word {number} }}\n"))
        .collect();
    let repository = Repository::empty();
    repository.write(&[("governance/terms.yaml", &format!("terms:\n{terms}"))]);
    repository.commit_as("2026-11-16", BO, "Words");
    let digest = |arguments: &[&str]| {
        rows(&repository, &[&["digest", "--since", "2026-11-01"], arguments].concat(), &["count", "names"])
            .join("\n")
    };
    assert!(
        digest(&[]).contains("60 terms | word-01;") && digest(&[]).contains("; and 20 more"),
        "{}",
        digest(&[])
    );
    assert!(digest(&["--all"]).ends_with("; word-60"), "{}", digest(&["--all"]));
}

#[test]
fn records_that_rest_on_what_no_longer_holds_stand_together() {
    let records = "decisions:
  - { id: D-1, title: Old, status: superseded, owner: ada, superseded-by: [D-2] }
  - { id: D-2, title: New, status: accepted, owner: ada, supersedes: [D-1] }
  - { id: D-3, title: Asked, status: proposed, owner: ada }
  - { id: D-4, title: On the old one, status: accepted, owner: ada, depends-on: [D-1] }
  - { id: D-5, title: Believes, status: accepted, owner: ada, assumptions: [A-1] }
assumptions: [{ id: A-1, statement: They sell, owner: ada, status: invalidated }]
initiatives: [{ id: I-1, title: Pages, owner: ada, status: running, decision: D-3 }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let found = rows(&repository, &["report", "decisions"], &["record", "premise"]);
    let found: Vec<&String> = found.iter().filter(|row| !row.ends_with("| ")).collect();
    let expected = [
        "decision D-4 | D-1 Old, which is superseded by D-2 New",
        "decision D-5 | A-1 They sell, which is refuted",
        "initiative I-1 | D-3 Asked, which is not decided",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_agenda_without_a_forum_lists_the_forums_and_why_leads_on_from_a_record() {
    let records = "forums: [{ id: review, title: Review, owner: ada, cadence: weekly }, { id: board, title: Board, owner: ada, cadence: monthly }]
meetings: [{ id: M-1, forum: review, date: 2026-11-16 }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    assert_eq!(
        rows(&repository, &["agenda"], &["forum", "next"]),
        ["review | 2026-11-23, Monday; then 2026-11-30", "board | not known: no session has minutes"]
    );
    let why = repository.run(&["why", "review"]);
    assert_eq!(why.code, Some(2));
    assert!(why.err.contains("is a record") && why.err.contains("alignlint report"), "{}", why.err);
}

#[test]
fn readings_of_later_days_are_not_known_in_the_past() {
    let records = "kpis:
  - { id: churn, title: Churn, owner: ada, direction: down, on-miss: Prices stop above 4%., readings: [{ date: 2026-09-30, value: 3% }, { date: 2026-10-31, value: 4% }] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let report = |day: &str| repository.run(&["report", "governance", "--as-of", day]).out;
    assert!(
        report("2026-10-05").contains("3% on 2026-09-30") && !report("2026-10-05").contains("2026-10-31")
    );
    assert!(report(TODAY).contains("4% on 2026-10-31"), "{}", report(TODAY));
    assert!(report(TODAY).contains("(in words only: not tested)"), "{}", report(TODAY));
}

#[test]
fn teams_count_those_who_are_there() {
    let records = "initiatives: [{ id: I-1, title: Portal, owner: bo, team: sales, status: running, allocation: 4 people }]\n";
    let directory = DIRECTORY
        .replace("teams:", "  - { id: di, title: Di Fox }\nteams:")
        .replace("members: [bo, cy]", "members: [bo, cy, di]");
    let repository =
        Repository::with(&[("governance/directory.yaml", &directory), ("governance/records.yaml", records)]);
    let teams = rows(&repository, &["report", "load"], &["team", "people", "left", "note"]);
    let expected = "Sales | Bo Ek, Di Fox | Cy Lund, on 2026-10-31 | I-1 asks for 4 people, and the directory has 2 people here";
    assert!(teams.contains(&expected.to_owned()), "{teams:?}");
}

#[test]
fn a_directory_of_owners_alone_does_not_tell_how_many_people_a_team_has() {
    let records = "initiatives: [{ id: I-1, title: Portal, owner: bo, team: sales, status: running, allocation: 4 people }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let teams = rows(&repository, &["report", "load"], &["team", "people", "left", "note"]);
    let note =
        "now 4 people in 1 piece of work; the directory names 1, and the size of the team is not recorded";
    assert!(teams.contains(&format!("Sales | Bo Ek | Cy Lund, on 2026-10-31 | {note}")), "{teams:?}");
}

#[test]
fn load_marks_whoever_has_too_much_open() {
    let goal = |number: usize| {
        format!(
            "  - {{ id: O-{number}, title: Goal {number}, owner: bo, status: active, period: 2026-Q4 }}\n"
        )
    };
    let note = |goals: usize| {
        let records: String =
            std::iter::once("objectives:\n".to_owned()).chain((1..=goals).map(goal)).collect();
        let repository = Repository::with(&[
            ("governance/directory.yaml", DIRECTORY),
            ("governance/records.yaml", &records),
        ]);
        rows(&repository, &["report", "load"], &["owner", "note"])[0].clone()
    };
    assert_eq!(note(12), "Bo Ek | ");
    assert_eq!(
        note(13),
        "Bo Ek | 13 open goals, pieces of work, assumptions and proposals, which is more than 12"
    );
}

#[test]
fn a_reading_of_the_same_day_counts_more_than_what_the_goal_says() {
    let records = "objectives: [{ id: O-1, title: Sell, owner: ada, status: active, period: 2026-Q4, key-results: [{ kpi: orders, baseline: 0 orders, target: 30 orders, current: 20 orders, updated: 2026-11-13 }] }]
kpis: [{ id: orders, title: Orders, owner: ada, unit: orders, direction: up, definition: Orders, readings: [{ date: 2026-11-13, value: 14 orders }] }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let course = rows(&repository, &["report", "course"], &["result", "state", "number-note"]);
    assert_eq!(course, ["orders | behind | the goal says 20 orders (2026-11-13)"]);
}

#[test]
fn readings_past_a_threshold_in_words_stand_in_a_list() {
    let records = "decisions:
  - { id: D-1, title: Look, status: accepted, owner: ada, date: 2026-07-02, kpis: [load] }
  - { id: D-2, title: Stop, status: proposed, owner: ada, date: 2026-10-02, kpis: [orders] }
kpis:
  - { id: load, title: Load, owner: ada, unit: \"%\", direction: down, on-miss: \"Above 80% in a month, Platform looks.\", readings: [{ date: 2026-06-30, value: 90% }, { date: 2026-09-30, value: 70% }] }
  - { id: orders, title: Orders, owner: ada, unit: orders, direction: up, on-miss: \"Below 10 at the end of a quarter, the programme stops.\", readings: [{ date: 2026-06-30, value: 12 orders }, { date: 2026-09-30, value: 6 orders }] }
  - { id: uptime, title: Uptime, owner: ada, unit: \"%\", direction: up, on-miss: \"Below 99.9% in a month, Platform looks.\", readings: [{ date: 2026-09-30, value: 99.95% }] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let listed = || {
        rows(&repository, &["report", "governance"], &["metric", "last", "reading", "answers", "proposed"])
    };
    let listed =
        || listed().into_iter().filter(|row| row.matches(" on 2026-").count() > 1).collect::<Vec<_>>();
    let recovered = [
        "load | 70% on 2026-09-30 | 90% on 2026-06-30 | D-1 Look, 2026-07-02 | ",
        "orders | 14 orders on 2026-11-13 | 6 orders on 2026-09-30 | nothing | D-2 Stop",
    ];
    repository.write(&[(
        "governance/records.yaml",
        &records.replace("value: 6 orders }", "value: 6 orders }, { date: 2026-11-13, value: 14 orders }"),
    )]);
    // What was not answered comes first.
    assert_eq!(listed(), [recovered[1], recovered[0]]);
    repository.write(&[("governance/records.yaml", records)]);
    let text = repository.run(&["report", "governance", "--as-of", TODAY]).out;
    let (now, before) = text.split_once("Was past a threshold that stands in words only").expect("a section");
    let (_, now) = now.split_once("Past a threshold that stands in words only").expect("a section");
    assert!(now.contains("orders  Orders") && !now.contains("load  Load"), "{now}");
    assert!(before.contains("load  Load") && !before.contains("Uptime"), "{before}");
}

#[test]
fn a_metric_without_a_reading_is_past_its_threshold_by_what_its_goals_say() {
    let records = "kpis: [{ id: share, title: Share, owner: ada, direction: up, on-miss: { threshold: 10%, action: We stop, within: 2 weeks } }]
objectives: [{ id: O-1, title: Sell, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: share, baseline: 3%, target: 20%, current: 6%, updated: 2026-11-12 }] }]
forums: [{ id: board, title: Board, owner: ada, cadence: monthly, reviews: [share] }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    for view in [&["report", "governance"][..], &["agenda", "board"]] {
        let output = repository.run(&[view, &["--as-of", TODAY]].concat()).out;
        let text = output.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("reading 6%, says O-1, past 10%, known since 2026-11-12"), "{text}");
    }
}

#[test]
fn proposals_written_down_late_and_decisions_with_unreadable_days_are_told() {
    let repository = Repository::with(&[("governance/directory.yaml", DIRECTORY)]);
    let records = "decisions:
  - { id: D-1, title: Asked, status: proposed, owner: ada, created: 2026-07-01 }
  - { id: D-2, title: Gone, status: rejected, owner: ada, date: 2026-07-02 }
  - { id: D-3, title: Print, status: accepted, owner: ada, date: 2026-06-31 }
";
    repository.write(&[("governance/records.yaml", records)]);
    repository.commit_as("2026-11-16", BO, "Write it up");
    let digest = rows(
        &repository,
        &["digest", "--since", "2026-11-01"],
        &["decision", "status", "count", "names", "recorded"],
    );
    assert!(digest.iter().any(|row| row.starts_with("D-1 | proposed, of 2026-07-01 |")), "{digest:?}");
    assert!(digest.iter().any(|row| row.contains("D-2 Gone, rejected")), "{digest:?}");
    assert!(digest.iter().any(|row| row.contains("| D-3 Print, dated 2026-06-31 |")), "{digest:?}");
    let trend = repository.run(&["trend", "--as-of", TODAY]).out;
    assert!(trend.contains("Earlier decisions, written down only then\n    D-3 Print\n"), "{trend}");
    let report = repository.run(&["report", "decisions", "--as-of", TODAY]).out;
    assert!(report.contains("D-3  Print"), "{report}");
}

#[test]
fn proposals_and_decisions_of_days_to_come_do_not_follow_from_a_miss() {
    let records = "kpis:
  - { id: churn, title: Churn, owner: ada, direction: down, on-miss: { threshold: 3%, action: Prices stay, for: 1 month, within: 2 weeks }, frequency: monthly, readings: [{ date: 2026-08-31, value: 2% }, { date: 2026-09-30, value: 4% }, { date: 2026-10-31, value: 4% }] }
decisions:
  - { id: D-1, title: Calls, status: proposed, owner: ada, date: 2026-10-08, kpis: [churn] }
  - { id: D-2, title: Prices, status: accepted, owner: ada, date: 2026-11-25, kpis: [churn] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let governance = |day: &str| {
        let output = repository.run(&["report", "governance", "--as-of", day, "--format", "json"]).json();
        let sections = output["sections"].as_array().expect("sections").clone();
        let past =
            sections.iter().find(|section| section["title"] == "Past its threshold, and what is to follow");
        let cells = &past.expect("a section")["rows"][0]["cells"];
        ["until", "answers", "proposed"].map(|key| cells[key]["text"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(governance(TODAY), ["2026-10-14", "nothing", "D-1 Calls"]);
    assert_eq!(governance("2026-11-26"), ["2026-10-14", "D-2 Prices", "D-1 Calls"]);
    let due = rows(&repository, &["due"], &["day", "what", "rule"]);
    assert!(due.contains(&"2026-10-14 | kpi churn | kpi/miss-unactioned".to_owned()), "{due:?}");
    let trend = repository.run(&["trend", "--as-of", TODAY]).out;
    assert!(trend.contains("Misses of a number without an answer\n    churn Churn\n"), "{trend}");
}

#[test]
fn rights_say_what_decides_a_disagreement() {
    let records = "kpis: [{ id: margin, title: Margin, owner: ada }]
decision-rights:
  - { id: deals, title: Deals, owner: ada, tie-break: margin }
  - { id: fairs, title: Fairs, owner: ada, conflict-rule: The nearer one. }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let rights = rows(&repository, &["report", "rights"], &["right", "tie-break", "conflict-rule"]);
    assert_eq!(rights, ["deals | margin Margin | ", "fairs |  | The nearer one."]);
}

#[test]
fn decisions_that_contradict_each_other_and_rewards_against_a_preference_compete() {
    let records = "kpis: [{ id: margin, title: Margin, owner: ada }, { id: sales, title: Sales, owner: ada }]
trade-offs: [{ id: T-1, prefer: margin, over: sales, owner: ada }]
incentives: [{ id: bonus, title: Bonus, owner: ada, who: [ada], kpis: [{ kpi: sales, weight: 60% }, { kpi: margin, weight: 40% }] }]
decisions:
  - { id: D-1, title: One year, status: accepted, owner: ada, date: 2026-03-02, topic: pay, outcome: One }
  - { id: D-2, title: All years, status: accepted, owner: ada, date: 2026-10-02, topic: pay, outcome: All }
terms:
  - { id: sale, definition: A contract. }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let found = rows(&repository, &["report", "conflicts"], &["reward", "decision", "conflict"]);
    let expected = [
        "bonus |  | `bonus` pays most for `sales`, and `T-1` prefers `margin` over it",
        " | D-1 | `D-1` and `D-2` decide the same topic `pay`",
    ];
    for row in expected {
        assert!(found.contains(&row.to_owned()), "{found:?}");
    }
}

#[test]
fn who_left_names_those_below_and_they_have_to_name_somebody_else() {
    let directory = DIRECTORY.replace("reports-to: ada }\n  - { id: cy", "reports-to: cy }\n  - { id: cy");
    let records = "kpis: [{ id: visits, title: Visits, owner: cy }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", &directory), ("governance/records.yaml", records)]);
    let load = rows(&repository, &["report", "load"], &["owner", "note", "below"]);
    assert!(load.contains(&"Cy Lund | has left | Bo Ek".to_owned()), "{load:?}");
    // Who stands above chooses the next superior.
    let due = |who: &str| rows(&repository, &["due", "--for", who], &["day", "what", "owner", "task"]);
    let task = "name the new superior under `reports-to`, or remove `cy`";
    let expected = format!("2026-11-14 | person bo: reports-to cy | Ada Byron | {task}");
    assert!(due("ada").contains(&expected), "{:?}", due("ada"));
    assert!(!due("bo").iter().any(|row| row.contains("reports-to cy")), "{:?}", due("bo"));
}

#[test]
fn shares_of_the_way_are_not_cut_by_binary_fractions_and_name_the_work() {
    let records = "objectives:
  - { id: O-1, title: Earn, owner: ada, status: active, period: 2026-Q4, key-results: [{ kpi: margin, baseline: 74%, target: 76%, current: 74.6%, updated: 2026-11-16 }, { kpi: fails, baseline: 9%, target: 6%, current: 7.2%, updated: 2026-11-16 }] }
kpis: [{ id: margin, title: Margin, owner: ada, direction: up }, { id: fails, title: Failures, owner: ada, direction: down }]
initiatives: [{ id: I-1, title: Prices, owner: ada, status: running, end: 2026-12-18, objectives: [O-1] }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let course = rows(&repository, &["report", "course"], &["result", "way", "work"]);
    let expected = [
        "margin | 30% of the way, 50% of the time on 2026-11-16, 75% expected then | I-1 Prices (ada), until 2026-12-18",
        "fails | 60% of the way, 50% of the time on 2026-11-16 | ",
    ];
    assert_eq!(course, expected);
}

#[test]
fn a_page_lists_for_each_team_and_person_what_falls_due_and_for_a_team_its_people() {
    let records = "initiatives:
  - { id: I-1, title: Portal, owner: bo, team: sales, status: running, end: 2026-12-01 }
  - { id: I-2, title: List, owner: bo, team: sales, status: running, end: 2026-12-01 }
  - { id: I-3, title: Desk, owner: bo, team: sales, status: running, end: 2026-12-01 }
meetings: [{ id: M-1, date: 2026-11-02, actions: [{ what: Write, owner: cy, due: 2026-12-11 }] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    repository.run(&["report", "--html", "page.html", "--as-of", TODAY]);
    let page = repository.read("page.html");
    let (_, index) = page.split_once("id=\"index-title\"").expect("an index");
    let entry = |name: &str| {
        let (_, rest) =
            index.split_once(&format!("<summary>{name} ")).unwrap_or_else(|| panic!("no {name}: {index}"));
        rest.split("</details>").next().unwrap_or_default().to_owned()
    };
    assert!(entry("Bo Ek").contains("2026-12-01 in 11 days 3 initiatives"), "{}", entry("Bo Ek"));
    // For one who left, those above have to act.
    for name in ["Ada Byron", "Cy Lund"] {
        assert!(entry(name).contains("meeting M-1: Write"), "{}", entry(name));
    }
    assert!(entry("Sales").contains("<dt>Load</dt>"), "{}", entry("Sales"));
    assert!(entry("Sales").contains("Its people</dt><dd><a href=\"#index-"), "{}", entry("Sales"));
}

#[test]
fn an_assumption_names_the_goals_above_what_rests_on_it_and_a_person_their_roles() {
    let records = "assumptions: [{ id: A-1, statement: It holds, owner: cy, status: open }]
roles: [{ id: seller, title: Seller, holder: bo }]
decisions: [{ id: D-1, title: Sell, owner: bo, status: accepted, date: 2026-11-02, assumptions: [A-1] }]
initiatives: [{ id: I-1, title: Portal, owner: bo, status: running, decision: D-1, objectives: [O-2] }]
objectives:
  - { id: O-1, title: Earn, level: company, owner: ada, status: active, period: 2026-Q4 }
  - { id: O-2, title: Sign, owner: bo, status: active, period: 2026-Q4, parent: O-1 }
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    assert_eq!(
        rows(&repository, &["report", "assumptions"], &["assumption", "above"]),
        ["A-1 | O-2 Sign; O-1 Earn"]
    );
    let load = rows(&repository, &["report", "load"], &["owner", "roles"]);
    assert!(load.contains(&"Bo Ek | seller".to_owned()), "{load:?}");
}

#[test]
fn what_waits_is_listed_for_each_who_can_end_it() {
    let records = "initiatives:
  - { id: I-1, title: Portal, owner: bo, status: running, depends-on: [I-2, I-3] }
  - { id: I-2, title: List, owner: ada, status: running }
  - { id: I-3, title: Desk, status: running }
  - { id: I-4, title: Prices, owner: bo, status: running, decision: D-1 }
decision-rights: [{ id: pricing, title: Prices, owner: ada }]
decisions: [{ id: D-1, title: Raise the price, owner: bo, status: proposed, domain: pricing }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let waits = rows(&repository, &["report", "waits", "--for", "ada"], &["record", "whose"]);
    let expected = [
        "decision D-1 | Ada Byron",
        "initiative I-1 | Ada Byron; nobody owns I-3",
        "initiative I-4 | Ada Byron",
    ];
    assert_eq!(waits, expected);
    repository.run(&["report", "--html", "page.html", "--as-of", TODAY]);
    let page = repository.read("page.html");
    let (_, ada) = page.split_once("<summary>Ada Byron ").expect("an entry");
    let (_, waits) = ada.split_once("<dt>What waits</dt>").expect("a part");
    let waits = waits.split("</dd>").next().unwrap_or_default();
    for record in ["decision D-1", "initiative I-1", "initiative I-4"] {
        assert!(waits.contains(record), "no {record}: {waits}");
    }
}

#[test]
fn long_names_and_titles_keep_within_the_terminal() {
    let records = "meetings:
  - { id: M-1, title: Meeting of all the partners, date: 2026-11-02, actions: [{ what: Write to each of the partners in Belgium, owner: ada, due: 2026-12-01 }] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let due = repository.run(&["due", "--as-of", TODAY]).out;
    let line = due.lines().find(|line| line.contains("Meeting of all")).expect("a title");
    assert_eq!(line, "    Meeting of all the partners", "{due}");
}

#[test]
fn key_results_in_a_table_of_a_page_state_their_numbers() {
    let goals = "# Goals

## G1: Lose less
Owner: Hettie
Period: 2026-Q4

| Key result | Start | Target | Now | Updated |
|---|---|---|---|---|
| Linen loss | 9.0% | 6.0% | 9.4% | 2026-11-18 |
| Bags counted | | 100 | | |

## G2: More hands
Owner: Tom
Period: 2026-Q4

| Key result | Start | Target | Now |
|---|---|---|---|
| Overtime | 2.4% | 2% | 2.1% |
| Rota | none | agreed by all | soon |
";
    let table = "| Goal | Owner | Key result | Start | Target | Now |
|---|---|---|---|---|---|
| Earn more | Ada | Pieces a day | 10 | 20 | 12 |
";
    // No metric of that name is recorded anywhere.
    let own = "---
kind: objective
id: G9
owner: Hettie
period: 2026-Q4
---
# Lose less

## Key results

| Key result | KPI | Start | Target | Now |
|---|---|---|---|---|
| Linen loss | linen-loss | 9.0% | 6.0% | 9.4% |
";
    let repository =
        Repository::with(&[("goals/q.md", goals), ("plans/okrs.md", table), ("strategy/g9.md", own)]);
    assert_eq!(repository.check(&["--as-of", TODAY]).out, "");
    assert_eq!(
        rows(&repository, &["report", "course"], &["result", "state", "goal", "numbers", "way"]),
        [
            "Linen loss | off | G1 Lose less | now 9.4% (2026-11-18), target 6.0%, from 9.0%, by 2026-12-31 | away from the target, 52% of the time on 2026-11-18, 7.4% expected then",
            "linen-loss | off | G9 Lose less | now 9.4%, target 6.0%, from 9.0%, by 2026-12-31 | away from the target, 54% of the time, 7.4% expected today",
            "Pieces a day | unknown | Earn more | now 12, target 20, from 10 | ",
            "Bags counted | unknown | G1 Lose less | no current value, target 100, no start, by 2026-12-31 | ",
            "Rota | unknown | G2 More hands | no day | ",
            "Overtime | on course | G2 More hands | now 2.1%, target 2%, from 2.4%, by 2026-12-31 | 75% of the way, 54% of the time",
        ]
    );
}

/// The text of a view without its line breaks.
fn words(repository: &Repository, arguments: &[&str]) -> String {
    repository.run(arguments).out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sessions_of_a_past_day_have_the_readings_and_proposals_of_that_day() {
    let records = "kpis: [{ id: load, title: Load, owner: ada, unit: \"%\", readings: [{ date: 2026-09-30, value: 70% }, { date: 2026-10-31, value: 80% }] }]
forums: [{ id: board, title: Board, owner: ada, purpose: [decide], cadence: monthly, duration: 90 min, reviews: [load] }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let of_day = |day: &str| words(&repository, &["report", "sessions", "--as-of", day]);
    assert!(of_day("2026-10-20").contains("metrics load 70% on 2026-09-30"), "{}", of_day("2026-10-20"));
    let now = of_day(TODAY);
    assert!(now.contains("metrics load 80% on 2026-10-31"), "{now}");
    assert!(now.contains("for decide takes 90 min"), "{now}");
}

#[test]
fn exceptions_say_when_and_by_whom_they_were_written_down() {
    let repository = Repository::with(&[("governance/directory.yaml", DIRECTORY)]);
    let records = "exceptions:
  - { id: E-1, title: They pay later, rule: pricing, owner: bo, approved-by: ada, reason: They asked., expires: 2026-09-30 }
  - { id: E-2, title: They keep more, rule: pricing, owner: bo, approved-by: ada, reason: They asked. }
";
    repository.write(&[("governance/exceptions.yaml", records)]);
    repository.commit_as("2026-11-18", BO, "Write it up");
    let listed = rows(&repository, &["report", "exceptions"], &["exception", "recorded"]);
    assert_eq!(
        listed,
        [
            "E-2 | 2026-11-18, in a commit of Bo Ek, not of who approved it",
            "E-1 | 2026-11-18, in a commit of Bo Ek, not of who approved it, 49 days after its end",
        ]
    );
}

#[test]
fn a_goal_that_is_past_a_threshold_in_words_is_told() {
    let records = "kpis: [{ id: sites, title: Sites, owner: ada, unit: sites, direction: up, on-miss: \"Below 20 in December, the programme stops.\" }]
objectives:
  - { id: O-1, title: Sell, owner: ada, status: active, period: 2026-Q4, key-results: [{ kpi: sites, baseline: 12 sites, target: 8 sites, current: 11 sites, updated: 2026-11-12 }] }
  - { id: O-2, title: Delight, owner: ada, status: active, period: 2026-Q4 }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let governance = words(&repository, &["report", "governance", "--as-of", TODAY]);
    let expected = "now 11 sites on 2026-11-12, says O-1, whose target of 8 sites is past it, too";
    assert!(governance.contains(expected), "{governance}");
    let course = words(&repository, &["report", "course", "--as-of", TODAY]);
    for expected in [
        "a target of 8 sites is past what the metric says: “Below 20 in December, the programme stops.”",
        "Goals without a key result, which nothing measures O-2 Delight",
    ] {
        assert!(course.contains(expected), "{course}");
    }
}

#[test]
fn decisions_to_review_are_on_the_agenda_of_the_forum_that_decides() {
    let records = "decision-rights: [{ id: hiring, title: Hiring, owner: ada }, { id: prices, title: Prices, owner: ada }]
decisions:
  - { id: D-1, title: No new hires, status: accepted, owner: ada, date: 2026-09-01, domain: hiring, review-by: 2026-12-08 }
  - { id: D-2, title: Prices rise, status: accepted, owner: ada, date: 2026-09-01, domain: prices, review-by: 2026-12-08 }
  - { id: D-3, title: No travel, status: accepted, owner: ada, date: 2026-09-01, domain: hiring, review-by: 2027-06-01 }
forums: [{ id: board, title: Board, owner: ada, cadence: monthly, decides: [hiring] }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let agenda = words(&repository, &["agenda", "board", "--as-of", TODAY]);
    assert!(agenda.contains("D-1 No new hires review by 2026-12-08"), "{agenda}");
    assert!(!agenda.contains("Prices rise") && !agenda.contains("No travel"), "{agenda}");
    let sessions = words(&repository, &["report", "sessions", "--as-of", TODAY]);
    assert!(sessions.contains("to review D-1 No new hires, by 2026-12-08"), "{sessions}");
}

#[test]
fn a_digest_names_the_actions_that_were_agreed() {
    let records = "forums: [{ id: board, title: Board, owner: ada }]
meetings:
  - { id: M-1, forum: board, date: 2026-11-10, actions: [{ what: Call them, owner: ada, due: 2026-11-12, status: open }] }
  - { id: M-0, forum: board, date: 2026-09-10, actions: [{ what: Write to them, owner: ada, status: open }] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let digest = words(&repository, &["digest", "--since", "2026-11-01", "--as-of", TODAY]);
    assert!(
        digest.contains("Actions agreed Call them owner ada due 2026-11-12, overdue in Board, 2026-11-10"),
        "{digest}"
    );
    assert!(!digest.contains("Write to them"), "{digest}");
}

#[test]
fn a_team_has_to_do_what_its_work_is() {
    let records = "people: [{ id: ada, title: Ada }, { id: bo, title: Bo, reports-to: cy }, { id: cy, title: Cy, active-until: 2026-09-30 }]
teams: [{ id: desk, title: Desk, members: [bo] }]
initiatives: [{ id: leave, title: Leave, owner: ada, team: desk, status: running, end: 2026-12-18 }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let due = |who: &str| words(&repository, &["due", "--for", who, "--within", "6 weeks", "--as-of", TODAY]);
    assert!(due("desk").contains("initiative leave Leave"), "{}", due("desk"));
    // One who left finds those who still report there.
    assert!(due("cy").contains("person bo: reports-to cy"), "{}", due("cy"));
    assert!(!due("ada").contains("reports-to cy"), "{}", due("ada"));
}

#[test]
fn what_waits_names_who_can_end_it() {
    let records = "decision-rights: [{ id: prices, title: Prices, owner: ada }]
decisions:
  - { id: D-1, title: Raise prices, status: proposed, owner: bo, domain: prices, date: 2026-11-02, decide-by: 2026-11-13 }
  - { id: D-2, title: No releases from 14 December to 4 January, status: accepted, owner: ada, date: 2026-10-02, outcome: None }
  - { id: D-3, title: Sell in Ghent, status: accepted, owner: bo, date: 2026-10-02, depends-on: [D-1] }
initiatives:
  - { id: I-1, title: Price page, status: planned, owner: bo, decision: [D-1], end: 2027-02-26 }
  - { id: I-2, title: New rota, status: running, owner: cleo, end: 2026-12-18 }
  - { id: I-3, title: Swaps, status: planned, owner: bo, end: 2027-02-26, depends-on: [I-2] }
  - { id: I-4, title: Reports, status: planned, owner: bo, end: 2027-02-26, depends-on: [I-5] }
  - { id: I-5, title: Exports, status: planned, end: 2027-02-26, depends-on: [I-4] }
  - { id: I-6, title: Old rota, status: done, owner: cleo, end: 2026-10-18 }
  - { id: I-7, title: New desks, status: planned, owner: bo, end: 2027-03-26, depends-on: [I-6] }
exceptions: [{ id: E-1, rule: D-2, scope: [I-8], owner: cleo, approved-by: ada, expires: 2027-01-31, reason: A law }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let found = rows(&repository, &["report", "waits"], &["record", "waits", "whose", "until", "carries"]);
    let expected = [
        "decision D-1 | its decision | Ada Byron | 2026-11-13, which has passed | D-3 Sell in Ghent; I-1 Price page",
        "decision D-3 | the decision D-1 Raise prices | Ada Byron |  | ",
        "initiative I-1 | the decision D-1 Raise prices | Ada Byron | 2027-02-26 | ",
        "initiative I-2 | an exception from D-2 No releases from 14 December to 4 January, within which it ends, or another day \
         | Ada Byron | exception needed before 2026-12-14; it ends on 2026-12-18 | I-3 Swaps",
        "initiative I-3 | I-2 New rota, until 2026-12-18 | cleo | 2027-02-26 | ",
        "initiative I-4 | I-5 Exports, which waits for this | nobody owns I-5 | 2027-02-26 | ",
        "initiative I-5 | I-4 Reports, which waits for this | Bo Ek | 2027-02-26 | ",
    ];
    assert_eq!(found, expected);
}

#[test]
fn planned_work_is_due_on_its_start_and_what_a_session_settled_is_for_the_chair() {
    let records = "forums: [{ id: round, title: Round, chair: ada, cadence: weekly, purpose: [decide], participants: [ada, bo] }]
initiatives:
  - { id: I-1, title: Price page, status: planned, owner: bo, start: 2026-12-01, end: 2027-02-26 }
  - { id: I-2, title: Partner list, status: planned, start: 2026-12-02, end: 2027-02-26 }
  - { id: I-3, title: New rota, status: running, owner: bo, start: 2026-12-02, end: 2027-02-26 }
meetings:
  - { id: M-1, forum: round, date: 2026-11-17, resolutions: [The price is decided on 1 December.] }
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let found = rows(&repository, &["due", "--within", "2 weeks"], &["day", "what", "owner", "task"]);
    let expected = [
        "2026-12-01 | initiative I-1 | Bo Ek | begin it, or give it a new start",
        "2026-12-01 | meeting M-1 | Ada Byron | see to it, as it was settled: “The price is decided on 1 December.”",
        "2026-12-02 | initiative I-2 | nobody | begin it, which needs an owner first, or give it a new start",
    ];
    let mut found: Vec<&str> =
        found.iter().map(String::as_str).filter(|row| row.starts_with("2026-12")).collect();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn minutes_that_were_changed_later_are_in_the_digest() {
    let minutes = |title: &str| format!("# {title}\n\n## Decisions\n\n- Prices stay.\n");
    let repository = Repository::with(&[("governance/directory.yaml", DIRECTORY)]);
    repository.write(&[("governance/minutes/2026-10-20.md", &minutes("Round, 20 October 2026"))]);
    repository.commit("2026-10-21");
    repository.write(&[("governance/minutes/2026-10-20.md", &minutes("Round, 6 October 2026"))]);
    repository.commit_as("2026-11-18", BO, "Tidy up");
    let found = rows(&repository, &["digest", "--since", "2026-11-01"], &["session", "what", "who", "why"]);
    let expected = "2026-10-20, 2026-10-06 | title “Round, 20 October 2026” to “Round, 6 October 2026”; date 2026-10-20 to 2026-10-06 | \
                    Bo Ek, 2026-11-18 | the commit says: Tidy up";
    assert!(found.iter().any(|row| row == expected), "{found:?}");
}
