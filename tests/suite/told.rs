//! What a view tells of a record though it stands elsewhere: who is stopped, what stops, and what follows.

use serde_json::Value;

use crate::asked::rows;
use crate::kit::{BO, Repository, TODAY};

const DIRECTORY: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada }
  - { id: di, title: Di Fox, reports-to: ada }
teams:
  - { id: company, title: Company, lead: ada }
  - { id: customers, title: Customers, lead: bo, parent: company }
  - { id: care, title: Care, lead: di, parent: customers }
";

const STOPPED: &str = "decisions:
  - { id: D-7, title: No releases from 14 December to 4 January, status: accepted, date: 2026-11-03, owner: ada, outcome: We stop. }
  - { id: D-8, title: Six per cent, status: proposed, date: 2026-11-03, owner: ada }
initiatives:
  - { id: I-7, title: Sooner, owner: di, team: care, status: running, start: 2026-10-01, end: 2026-12-11, decision: [D-8] }
  - { id: I-8, title: Later, owner: di, team: care, status: running, start: 2026-10-01, end: 2026-12-18 }
  - { id: I-9, title: Named, owner: di, team: care, status: running, start: 2026-10-01, end: 2026-12-18 }
exceptions: [{ id: E-1, title: Named goes on, rule: decision D-7, scope: [I-9], owner: di, approved-by: ada, reason: r, expires: 2026-12-24 }]
";

fn stopped() -> Repository {
    Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/log.yaml", STOPPED)])
}

/// The rows of `due` within three months, each as its cells.
fn due(repository: &Repository, arguments: &[&str]) -> Vec<String> {
    let arguments =
        [&["due", "--within", "3 months", "--as-of", TODAY, "--format", "json"], arguments].concat();
    let json = repository.run(&arguments).json();
    let sections = json["sections"].as_array().expect("sections").clone();
    let found = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows").clone());
    let cell = |row: &Value, key: &str| row["cells"][key]["text"].as_str().unwrap_or_default().to_owned();
    found.map(|row| ["day", "what", "task", "note"].map(|key| cell(&row, key)).join(" | ")).collect()
}

#[test]
fn work_that_a_decision_stops_is_told_to_its_team_and_to_the_team_above() {
    let repository = stopped();
    let told = "I-8 Later, 2026-12-18 (Di Fox); no exception names it";
    for team in ["care", "customers"] {
        let digest = ["digest", "--since", "2026-11-01", "--for", team];
        assert_eq!(
            rows(&repository, &digest, "Decisions taken", &["decision", "held-up"]),
            [format!("D-7 | {told}")],
            "{team}"
        );
    }
    let title = "Work that a decision stops";
    assert_eq!(
        rows(&repository, &["report", "conflicts"], title, &["decision", "held-up"]),
        [format!("D-7 | {told}")]
    );
}

#[test]
fn a_heading_says_which_teams_below_are_shown_and_the_top_team_stands_for_itself() {
    let repository = stopped();
    let heading = |team: &str| {
        let out = repository.run(&["report", "waits", "--for", team, "--as-of", TODAY]).out;
        out.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(heading("customers"), "What waits for Customers with Care, as of 2026-11-20");
    assert_eq!(heading("company"), "What waits for Company, as of 2026-11-20");
}

#[test]
fn an_exception_is_due_on_the_day_before_releases_stop() {
    let repository = stopped();
    let found = due(&repository, &["--for", "ada"]);
    let of_exception: Vec<&String> = found.iter().filter(|item| item.contains("exception from")).collect();
    assert_eq!(of_exception.len(), 1, "{found:#?}");
    for part in
        ["2026-12-13", "I-8", "get an exception from D-7, or give it another day", "it ends within D-7"]
    {
        assert!(of_exception[0].contains(part), "{of_exception:?}");
    }
}

#[test]
fn work_that_is_to_be_finished_says_that_it_rests_on_what_is_not_decided() {
    let found = due(&stopped(), &["--for", "care"]);
    let note = "it rests on D-8, which is not decided";
    assert!(
        found.iter().any(|item| item.contains("2026-12-11") && item.contains("I-7") && item.contains(note)),
        "{found:#?}"
    );
}

#[test]
fn a_page_about_a_record_has_the_rows_that_name_it_and_no_empty_part_before_them() {
    let repository = stopped();
    let out = |arguments: &[&str]| repository.run(&[arguments, &["--as-of", TODAY]].concat()).out;
    let waits = out(&["report", "waits", "--for", "D-7"]);
    assert!(waits.contains("initiative I-8") && !waits.contains("I-7"), "{waits}");
    let due = out(&["due", "--for", "D-7"]);
    assert!(due.contains("get an exception from D-7"), "{due}");
    let rights = "decision-rights: [{ id: prices, title: Prices, owner: ada }]
kpis: [{ id: margin-rate, title: Margin, owner: ada, unit: \"%\", direction: up, definition: Margin, decides: prices }]
decisions:
  - { id: D-1, title: Sell, status: accepted, date: 2026-09-01, owner: ada, domain: prices }
  - { id: D-2, title: Stay, status: accepted, date: 2026-09-01, owner: ada }
";
    repository.write(&[("governance/rights.yaml", rights)]);
    for (name, count) in [("D-1", 1), ("margin-rate", 1), ("D-2", 0)] {
        let found = rows(&repository, &["report", "rights", "--for", name], "Who decides what", &["right"]);
        assert_eq!(found.len(), count, "{name}");
    }
    let digest = out(&["digest", "--since", "2026-01-01", "--for", "E-1"]);
    assert!(!digest.contains("none about"), "{digest}");
}

#[test]
fn a_reward_and_a_preference_fall_due_when_their_period_ends_unless_another_follows() {
    let records = "incentives:
  - { id: sales-bonus, title: Bonus of sales, owner: ada, who: [bo], period: 2026, kpis: [sites] }
  - { id: care-bonus, title: Bonus of care, owner: ada, who: [di], period: 2026, kpis: [sites] }
  - { id: care-bonus-27, title: Bonus of care in 2027, owner: ada, who: [di], period: 2027, kpis: [sites] }
kpis: [{ id: sites, title: Sites, owner: ada, unit: sites, direction: up, definition: Sites }]
decisions: [{ id: D-1, title: Margin, status: proposed, date: 2026-11-01, owner: ada, topic: sales-bonus, decide-by: 2027-01-31 }]
trade-offs:
  - { id: T-1, title: Stay, owner: bo, prefer: customers, over: deals, period: 2026-Q4 }
  - { id: T-2, title: Quiet, owner: bo, prefer: nights, over: releases, period: 2026-Q4 }
  - { id: T-3, title: Fast, owner: bo, prefer: releases, over: nights, period: 2027-Q1 }
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let found = due(&repository, &[]);
    let of_year: Vec<&String> = found.iter().filter(|item| item.starts_with("2026-12-31")).collect();
    assert_eq!(of_year.len(), 2, "{of_year:#?}");
    assert!(
        of_year[0].contains("sales-bonus")
            && of_year[0].contains("D-1 Margin, which is about it, is not decided")
    );
    assert!(of_year[1].contains("T-1"));
}

#[test]
fn an_open_assumption_is_due_when_the_decision_that_rests_on_it_is() {
    let records = "assumptions: [{ id: A-1, statement: A rise costs few customers, status: open, owner: bo, last-validated: 2026-11-10 }]
decisions: [{ id: D-1, title: Six per cent, status: proposed, date: 2026-11-10, owner: ada, decide-by: 2026-12-01, assumptions: [A-1] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let found = due(&repository, &[]);
    let on_the_day: Vec<&String> = found.iter().filter(|item| item.starts_with("2026-12-01")).collect();
    assert_eq!(on_the_day.len(), 2, "{found:#?}");
    assert!(
        on_the_day
            .iter()
            .any(|it| it.contains("check it before D-1 Six per cent, which rests on it, is decided"))
    );
    assert!(on_the_day.iter().any(|it| it.contains("it assumes A-1, which is open")));
}

#[test]
fn a_metric_that_was_defined_anew_is_neither_better_nor_worse_and_says_whom_it_pays() {
    let records = "kpis:
  - id: sites
    title: Sites
    owner: ada
    unit: sites
    direction: up
    definition: Sites with a rota
    on-miss: { threshold: \"< 100 sites\", action: Ada calls each. }
    readings: [{ date: 2026-03-31, value: 80 sites }, { date: 2026-10-31, value: 90 sites }]
incentives: [{ id: bonus, title: Bonus, owner: ada, who: [bo], kpis: [{ kpi: sites, weight: 15% }] }]
objectives:
  - { id: O-1, title: More, level: company, status: active, owner: ada, period: 2026-Q4, key-results: [{ kpi: sites, baseline: 80 sites, target: 200 sites, current: 82 sites, updated: 2026-11-10 }] }
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/records.yaml", records)]);
    let title = |course: &str| format!("How each metric moved within a year 1 {course}");
    let moved = |repository: &Repository, course: &str| {
        rows(repository, &["report", "course"], &title(course), &["metric", "course", "anew"])
    };
    assert_eq!(moved(&repository, "better"), ["sites | better | "]);
    repository.write(&[("strategy/records.yaml", &records.replace("with a rota", "with a contract"))]);
    repository.commit_as("2026-10-20", BO, "Count contracts");
    assert_eq!(moved(&repository, "not comparable"), ["sites | not comparable | 2026-10-20"]);
    let pays = rows(
        &repository,
        &["digest", "--since", "2026-10-01"],
        "Metrics and rights that moved",
        &["record", "pays"],
    );
    assert_eq!(pays, ["kpi sites | bonus, 15% (Bo Ek)"]);
    let course =
        rows(&repository, &["report", "course"], "Is each key result on course? 1 off", &["result", "then"]);
    assert_eq!(course, ["sites | below 100 sites: “Ada calls each.”; it is past that"]);
}

#[test]
fn an_agenda_has_what_was_decided_about_the_forum_and_who_changed_its_minutes() {
    let minutes = "---\nkind: meeting\nforum: product-review\ndate: 2026-11-12\n---\n# Review, 12 November\n\n## Actions\n\n- [ ] Choose the sites (@bo, 2026-11-25)\n";
    let records = "forums: [{ id: product-review, title: Product review, chair: ada, participants: [ada, bo], cadence: 2 weeks }]
decisions:
  - { id: D-1, title: Two from Care sit in each product review, status: accepted, date: 2026-03-10, owner: ada, outcome: In turn. }
  - { id: D-2, title: Products are reviewed, status: accepted, date: 2026-03-10, owner: ada, outcome: In turn. }
";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/records.yaml", records),
        ("governance/minutes/2026-11-12.md", minutes),
    ]);
    repository.write(&[("governance/minutes/2026-11-12.md", &minutes.replace("12 November", "29 October"))]);
    repository.commit_as("2026-11-18", BO, "Tidy up");
    let agenda = |title: &str, keys: &[&str]| rows(&repository, &["agenda", "product-review"], title, keys);
    assert_eq!(agenda("Decisions in force about the forum", &["decision"]), ["D-1"]);
    assert_eq!(
        agenda("Minutes of its sessions that were changed since the last one", &["what", "who"]),
        ["title “Review, 12 November” to “Review, 29 October” | Bo Ek, 2026-11-18"]
    );
    let found = due(&repository, &["--for", "product-review"]);
    assert!(found.iter().any(|item| item.contains("2026-11-25")), "{found:#?}");
}

#[test]
fn a_trend_counts_all_that_is_overdue_and_names_what_is_gone_and_what_is_switched_off() {
    let decisions = "decisions:
  - { id: D-1, title: Sell, status: accepted, date: 2026-09-01, review-by: 2026-11-01, owner: ada }
  - { id: D-2, title: Stay, status: accepted, date: 2026-09-01 }
";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/decisions.yaml", decisions),
        ("alignlint.yaml", "extends: [recommended]\n"),
    ]);
    repository.write(&[(
        "governance/decisions.yaml",
        &decisions.replace("2026-09-01 }", "2026-09-01, owner: bo }"),
    )]);
    repository.commit_as("2026-11-05", BO, "Own it");
    repository
        .write(&[("alignlint.yaml", "extends: [recommended]\nrules: { decision/no-rationale: off }\n")]);
    repository.commit_as("2026-11-06", BO, "Tidy up");
    let out = repository.run(&["trend", "--since", "2026-10-20", "--as-of", TODAY]).out;
    let out: String = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "All that is overdue, as in `due` ▁█ 0 → 1",
        "All that is overdue, as in `due` D-1 Sell, due 2026-11-01",
        "Gone since the state before D-2 Stay, ",
        "Not counted, as their rules are switched off ·█ ",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
}

#[test]
fn a_team_whose_size_nobody_recorded_is_told_how_many_its_work_asks_for() {
    let records = "initiatives:
  - { id: I-1, title: A portal, owner: bo, team: care, status: running, start: 2026-10-01, end: 2026-12-11, allocation: 4 people, decision: [D-1] }
  - { id: I-2, title: A page, owner: bo, team: care, status: running, start: 2026-10-01, end: 2026-12-11, allocation: 3 people }
  - { id: I-3, title: A book, owner: bo, team: care, status: planned, start: 2027-01-11, end: 2027-02-11, allocation: 9 people }
  - { id: I-4, title: Calls, owner: di, status: running, start: 2026-10-01, end: 2026-12-11 }
decisions: [{ id: D-1, title: A portal, status: accepted, date: 2026-09-01, owner: ada, trade-offs: [Six people for a quarter.] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/records.yaml", records)]);
    assert_eq!(
        rows(&repository, &["report", "load"], "What each team works on", &["team", "note", "given"]),
        [
            "Care | now 7 people in 2 pieces of work; I-3 asks for 9 people from 2027-01-11; the directory names 1, and the size of \
          the team is not recorded | D-1: Six people for a quarter."
        ]
    );
}

#[test]
fn a_right_tells_the_times_of_its_decisions_and_a_conflict_what_the_metrics_say() {
    let rights = "decision-rights: [{ id: pricing, title: Pricing, covers: Prices, owner: ada, response-time: 3 weeks }]
decisions:
  - { id: D-1, title: Above, status: accepted, date: 2026-09-01, owner: ada, domain: pricing, outcome: 'Sellers give 15%; beyond it Ada decides within one working day. The list is printed within two weeks.' }
";
    let metrics = "kpis:
  - { id: discount, title: Discount, owner: ada, conflicts-with: [orders], tie-break: { rule: The margin wins., owner: ada } }
  - { id: orders, title: Orders, owner: bo, tie-break: { kpi: orders } }
  - { id: calls, title: Calls, owner: bo }
";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/rights.yaml", rights),
        ("strategy/kpis.yaml", metrics),
    ]);
    assert_eq!(
        rows(&repository, &["report", "rights"], "Who decides what", &["right", "within"]),
        ["pricing | 3 weeks; D-1: “beyond it Ada decides within one working day”"]
    );
    let title = "Metrics that pull against each other, and what decides";
    assert_eq!(
        rows(&repository, &["report", "conflicts"], title, &["metric", "with", "rule", "decider"]),
        ["discount | orders | “The margin wins.” | Ada Byron", "orders | discount | orders comes first | "]
    );
}

#[test]
fn what_was_past_on_the_last_day_that_counts_is_told_of_a_key_result() {
    let records = |reading: &str| {
        format!(
            "kpis: [{{ id: orders, title: Orders, unit: orders, direction: up, target: 30 orders, owner: ada, on-miss: 'Below 10 at the end of a quarter, the programme stops.',
  readings: [{reading}, {{ date: 2026-11-13, value: 14 orders }}] }}]
objectives: [{{ id: O-1, title: Sell, owner: ada, period: 2026-Q4, status: active, key-results: [{{ kpi: orders, baseline: 6 orders, target: 40 orders }}] }}]
decisions: [{{ id: D-1, title: Sell, status: accepted, date: 2026-09-01, owner: ada }}]
"
        )
    };
    let repository = Repository::with(&[("governance/directory.yaml", DIRECTORY)]);
    let then = |reading: &str| {
        repository.write(&[("governance/all.yaml", &records(reading))]);
        rows(&repository, &["report", "course"], "Is each key result on course? 1 off", &["then"]).concat()
    };
    let agreed = "“Below 10 at the end of a quarter, the programme stops.”";
    assert_eq!(
        then("{ date: 2026-09-30, value: 6 orders }"),
        format!("{agreed}; past it at the last such day: 6 orders on 2026-09-30, and nothing decided since")
    );
    assert_eq!(then("{ date: 2026-09-30, value: 12 orders }"), format!("{agreed}; not past it"));
    assert_eq!(then("{ date: 2026-10-15, value: 6 orders }"), format!("{agreed}; not past it"));
}

#[test]
fn an_assumption_that_no_longer_holds_carries_the_work_for_its_goals() {
    let records = "assumptions: [{ id: A-1, statement: They come., owner: ada, status: invalidated, last-checked: 2026-10-01 }]
objectives: [{ id: O-1, title: Sell, owner: ada, period: 2026-Q4, status: active, assumptions: [A-1] }]
initiatives: [{ id: I-1, title: A portal, owner: bo, status: planned, start: 2026-12-01, end: 2027-02-01, objectives: [O-1] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/all.yaml", records)]);
    assert_eq!(
        rows(&repository, &["report", "assumptions"], "Refuted, and still used", &["assumption", "through"]),
        ["A-1 | initiative I-1 A portal, through O-1"]
    );
}

#[test]
fn a_session_has_its_weekday_and_the_one_after_it() {
    let forums = "forums:
  - { id: lead, title: Lead, chair: ada, cadence: 2 weeks }
  - { id: desk, title: Desk, chair: ada, cadence: weekly }
meetings: [{ id: M-1, title: Lead, forum: lead, date: 2026-11-12 }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/forums.yaml", forums)]);
    assert_eq!(
        rows(&repository, &["report", "sessions"], "What each forum has to look at", &["forum", "next"]),
        ["lead | 2026-11-26, Thursday; then 2026-12-10", "desk | not known: no session has minutes"]
    );
}

#[test]
fn a_decision_names_the_teams_of_its_outcome_and_a_file_that_is_not_read_another_record() {
    let decisions = "decisions: [{ id: D-1, title: Answers, status: accepted, date: 2026-09-01, owner: ada, outcome: 'Care answers by telephone, and customers wait.' }]\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/decisions.yaml", decisions),
        ("governance/broken.yaml", "decisions:\n  - id: D-1\n    title: Twice\n    owner: [ada\n"),
    ]);
    assert_eq!(
        rows(&repository, &["report", "decisions"], "Decisions in force", &["decision", "teams"]),
        ["D-1 | Care"]
    );
    let out = repository.run(&["report", "decisions", "--as-of", TODAY]).out;
    assert!(out.contains("another D-1"), "{out}");
}

#[test]
fn a_trend_counts_the_findings_about_records_that_came_within_it() {
    let first = "decisions: [{ id: D-1, title: Sell, status: accepted, date: 2026-08-01 }]\n";
    let repository = Repository::empty();
    repository.write(&[("governance/first.yaml", first)]);
    repository.commit_as("2026-09-01", BO, "Begin");
    repository.write(&[("governance/second.yaml", &first.replace("D-1, title: Sell", "D-2, title: Stay"))]);
    repository.commit_as("2026-11-05", BO, "Add one");
    let out = repository.run(&["trend", "--since", "2026-09-20", "--as-of", TODAY]).out;
    let numbers = |title: &str| {
        let line = out.lines().find(|line| line.contains(title)).unwrap_or_else(|| panic!("{title}: {out}"));
        line.split_whitespace().last().and_then(|last| last.parse::<u32>().ok()).expect("a number")
    };
    assert_eq!(
        numbers("All of them  "),
        2 * numbers("Of them, about records that came after 2026-"),
        "{out}"
    );
}
