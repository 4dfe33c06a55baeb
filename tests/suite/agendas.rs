//! What the agenda of a forum tells: what its members answer for, and what followed since its last session.

use crate::kit::{ADA, BO, Repository, TODAY};

const COMPANY: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada }
  - { id: di, title: Di Fox, email: di@example.org, reports-to: ada }
forums:
  - { id: board, title: Board, chair: ada, participants: [di], cadence: weekly, decides: [prices] }
  - { id: desk, title: Desk, chair: bo, cadence: weekly }
  - { id: review, title: Review, chair: bo, cadence: 2 weeks, reviews: [speed] }
decision-rights: [{ id: prices, title: Prices, owner: ada, covers: Prices }]
meetings:
  - { id: B-1, forum: board, date: 2026-10-27 }
  - { id: B-2, forum: board, date: 2026-11-10 }
  - { id: B-3, forum: board, date: 2026-11-17 }
  - { id: D-1, forum: desk, date: 2026-11-09, actions: [{ what: Call them, owner: bo, due: 2026-11-30 }] }
  - { id: R-1, forum: review, date: 2026-11-12 }
";

const RECORDS: &str = "kpis:
  - { id: share, title: Share, owner: ada, unit: \"%\", direction: up, on-miss: { threshold: 10%, action: We stop, within: 2 weeks } }
  - { id: speed, title: Speed, owner: di, unit: days, direction: down, readings: [{ date: 2026-11-13, value: 9 days }] }
  - { id: orders, title: Orders, owner: bo, unit: orders, direction: up, on-miss: \"Below 10 at the end of a quarter, the desk closes.\", readings: [{ date: 2026-09-30, value: 6 orders }, { date: 2026-11-13, value: 14 orders }] }
objectives:
  - { id: O-1, title: Grow, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: share, baseline: 3%, target: 20%, current: 6%, updated: 2026-11-12 }] }
  - { id: O-2, title: Go faster, owner: di, parent: O-1, status: active, period: 2026-Q4, key-results: [{ kpi: speed, baseline: 10 days, target: 5 days }] }
  - { id: O-3, title: Take orders, owner: bo, parent: O-1, status: active, period: 2026-Q4, key-results: [{ kpi: orders, baseline: 6 orders, target: 30 orders }] }
initiatives:
  - { id: I-1, title: Short ways, owner: di, status: running, start: 2026-10-01, end: 2026-12-04, objectives: [O-2] }
  - { id: I-2, title: A list, owner: bo, status: planned, start: 2026-12-01, end: 2027-03-01, objectives: [O-3] }
  - { id: I-3, title: Later, owner: bo, status: planned, start: 2027-02-01, end: 2027-03-01, objectives: [O-3] }
exceptions: [{ id: E-1, title: Late, rule: prices, owner: bo, approved-by: ada, reason: r, expires: 2026-12-05 }]
";

fn company() -> Repository {
    let repository = Repository::empty();
    repository.write(&[("governance/company.yaml", COMPANY)]);
    repository.commit_as("2026-09-01", ADA, "Begin");
    repository.write(&[("strategy/records.yaml", RECORDS)]);
    repository.commit_as("2026-11-18", BO, "Write it up");
    repository
}

/// The rows of the sections, each with the beginning of the title of its section and these cells.
fn agenda(repository: &Repository, forum: &str, keys: &[&str]) -> Vec<String> {
    let output = repository.run(&["agenda", forum, "--as-of", TODAY, "--format", "json"]);
    assert_eq!((output.code, &*output.err), (Some(0), ""));
    let json = output.json();
    let mut rows = Vec::new();
    for section in json["sections"].as_array().expect("sections") {
        let title = section["title"].as_str().unwrap_or_default();
        let title: Vec<&str> = title.split(' ').take(4).collect();
        for row in section["rows"].as_array().expect("rows") {
            let cell = |key: &&str| {
                let text = row["cells"][*key]["text"].as_str();
                text.filter(|text| !text.is_empty()).map(str::to_owned)
            };
            let cells: Vec<String> = keys.iter().filter_map(cell).collect();
            rows.push(format!("{}: {}", title.join(" "), cells.join(" | ")));
        }
    }
    rows
}

#[test]
fn a_forum_hears_of_what_its_members_and_metrics_are_about_and_the_board_of_everything() {
    let repository = company();
    let keys = ["goal", "exception", "metric", "result", "state", "work"];
    let heard = |forum: &str| agenda(&repository, forum, &keys).into_iter().skip(1).collect::<Vec<_>>();
    let board = [
        "Metrics past their threshold: share",
        "Past a threshold that: orders",
        "Key results that are: O-1 Grow | share | off | below it, for O-2: I-1 Short ways (Di Fox), until 2026-12-04; below it, for O-3: I-2 A list (Bo Ek), planned, \
         from 2026-12-01, until 2027-03-01; below it, for O-3: I-3 Later (Bo Ek), planned, from 2027-02-01, until 2027-03-01, which begins after its end",
        "Goals of the company: O-1",
        "Goals that changed since: O-1",
        "Goals that changed since: O-2",
        "Goals that changed since: O-3",
        "Departures from rules that: E-1",
        "Work that begins or: I-2",
        "Work that begins or: I-1",
    ];
    assert_eq!(heard("board"), board);
    let desk = [
        "Past a threshold that: orders",
        "Key results that are: O-3 Take orders | orders | behind | I-2 A list (Bo Ek), planned, from 2026-12-01, until 2027-03-01; I-3 Later (Bo Ek), planned, from \
         2027-02-01, until 2027-03-01, which begins after its end",
        "Actions open: ",
        "Goals that changed since: O-3",
        "Departures from rules that: E-1",
        "Work that begins or: I-2",
    ];
    assert_eq!(heard("desk"), desk);
    let review = [
        "Key results that are: O-2 Go faster | speed | off | I-1 Short ways (Di Fox), until 2026-12-04",
        "Goals that changed since: O-2",
        "Work that begins or: I-2",
        "Work that begins or: I-1",
        "Evidence, the readings of: speed",
    ];
    assert_eq!(heard("review"), review);
}

#[test]
fn an_agenda_says_where_sessions_were_left_out_and_in_which_commit_exceptions_came() {
    let repository = company();
    let gaps: Vec<String> =
        agenda(&repository, "board", &["gaps"]).into_iter().filter(|row| row.contains("none")).collect();
    assert_eq!(gaps, ["The session: none between 2026-10-27 and 2026-11-10"]);
    let exceptions = agenda(&repository, "board", &["exception", "approved", "recorded"]);
    let expected =
        "Departures from rules that: E-1 | Ada Byron | 2026-11-18, in a commit of Bo Ek: Write it up";
    assert!(exceptions.contains(&expected.to_owned()), "{exceptions:?}");
    let goals = agenda(&repository, "desk", &["goal", "what", "who"]);
    let expected = "Goals that changed since: O-3 | new, active, 2026-Q4 | Bo Ek, 2026-11-18";
    assert!(goals.contains(&expected.to_owned()), "{goals:?}");
    let actions = agenda(&repository, "desk", &["action", "from"]);
    assert!(actions.contains(&"Actions open: Call them | Desk, 2026-11-09".to_owned()), "{actions:?}");
}

#[test]
fn the_next_sessions_tell_each_forum_its_own_misses() {
    let records = RECORDS.replace(
        "on-miss: \"Below 10 at the end of a quarter, the desk closes.\"",
        "on-miss: { threshold: 20 orders, action: The desk closes, within: 1 week }",
    );
    let repository = company();
    let decisions =
        "decisions: [{ id: P-1, title: Begin, status: accepted, owner: ada, date: 2026-02-02 }]\n";
    repository.write(&[("strategy/records.yaml", &(records + decisions))]);
    let text = repository.run(&["report", "sessions", "--as-of", TODAY]).out;
    let missed: Vec<bool> = ["desk  Desk", "review  Review", "board  Board"]
        .into_iter()
        .map(|forum| {
            let (_, rest) = text.split_once(&format!("\n{forum}\n")).unwrap_or_else(|| panic!("{text}"));
            rest.split("\n\n").next().unwrap_or_default().contains("past a threshold")
        })
        .collect();
    assert_eq!(missed, [true, false, true], "{text}");
}

#[test]
fn what_became_easier_is_told() {
    let repository = company();
    repository.write(&[
        ("strategy/terms.yaml", "terms: [{ id: lease, title: Lease, definition: A contract for 12 months, owner: ada }]\n"),
        ("strategy/goals.yaml", "objectives: [{ id: O-9, title: Sell, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: share, target: 20% }, { kpi: speed, target: 5 days }] }]\n"),
        ("strategy/taken.yaml", "assumptions: [{ id: A-1, statement: They stay, status: open, owner: ada, last-validated: 2026-07-01, method: Ask them }]\n"),
    ]);
    repository.commit_as("2026-11-10", ADA, "Add them");
    let records = RECORDS
        .replace("threshold: 10%", "threshold: 4%")
        .replace("expires: 2026-12-05", "expires: 2027-12-05");
    repository.write(&[
        ("strategy/records.yaml", &records),
        ("strategy/terms.yaml", "terms: [{ id: lease, title: Lease, definition: A contract for 24 months, owner: ada }]\n"),
        ("strategy/goals.yaml", "objectives: [{ id: O-9, title: Sell, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: share, target: 20% }] }]\n"),
    ]);
    repository.commit_as("2026-11-19", BO, "Make it easier");
    let page = repository.run(&["agenda", "board", "--as-of", TODAY]).out;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "what follows a miss",
        "threshold: 4%",
        "before A contract for 12 months now A contract for 24 months",
        "no longer measured by speed",
        "prolonged from 2026-12-05 to 2027-12-05 by Bo Ek",
        "check by 2026-10-01, which has passed",
    ] {
        assert!(page.contains(told), "{told}:\n{page}");
    }
    let digest = repository.run(&["digest", "--since", "2026-11-12", "--as-of", TODAY]).out;
    assert!(
        digest.contains("what follows a miss") && digest.contains("Words that were defined anew"),
        "{digest}"
    );
}

#[test]
fn a_forum_that_meets_each_quarter_looks_back_as_far() {
    let repository = company();
    let forum = "forums: [{ id: day, title: Quarterly day, chair: bo, cadence: quarterly }]\n";
    repository.write(&[("governance/quarter.yaml", forum)]);
    repository.commit_as("2026-11-18", ADA, "Add a day");
    let page = repository.run(&["agenda", "day", "--as-of", TODAY]).out;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        page.contains("next 2027-02-18, counted from the day on which the forum was written down"),
        "{page}"
    );
    assert!(page.contains("since 2026-08-20, it has no minutes here"), "{page}");
}
