//! What a chief of staff asks of the views, and does not find in the records at once.

use serde_json::Value;

use crate::kit::{ADA, BO, Repository, TODAY};

pub const DIRECTORY: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada }
  - { id: cy, title: Cy Lund, reports-to: ada, active-until: 2026-09-30 }
  - { id: di, title: Di Fox, reports-to: cy }
teams: [{ id: care, title: Care, lead: di, members: [di] }]
";

/// The rows of the sections with this title, each as the cells of these columns.
pub fn rows(repository: &Repository, arguments: &[&str], title: &str, keys: &[&str]) -> Vec<String> {
    let output = repository.run(&[arguments, &["--as-of", TODAY, "--format", "json"]].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    let json = output.json();
    let sections = json["sections"].as_array().expect("sections").clone();
    let found = sections.iter().filter(|section| section["title"].as_str() == Some(title));
    let rows = found.flat_map(|section| section["rows"].as_array().expect("rows").clone());
    let cell = |row: &Value, key: &str| row["cells"][key]["text"].as_str().unwrap_or_default().to_owned();
    rows.map(|row| keys.iter().map(|key| cell(&row, key)).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn a_report_tells_which_checks_comments_switch_off_who_wrote_them_and_what_they_hide() {
    let decisions = "decisions:
  # alignlint: ignore ownership/missing until 2027-01-31 because the new head starts in January
  - { id: D-1, title: Sell, status: accepted, date: 2026-09-01 }
  # alignlint: ignore ownership/missing until 2026-10-31 because we were hiring
  - { id: D-2, title: Stay, status: accepted, date: 2026-09-01, owner: ada }
  # alignlint: ignore decision/no-context
  - { id: D-3, title: Go, status: accepted, date: 2026-09-01, owner: bo }
";
    let repository = Repository::with(&[("governance/directory.yaml", DIRECTORY)]);
    let (first, _) =
        decisions.split_once("  # alignlint: ignore ownership/missing until 2026-10-31").expect("two");
    repository.write(&[("governance/decisions.yaml", first)]);
    repository.commit_as("2026-10-05", BO, "Excuse the sale");
    repository.write(&[("governance/decisions.yaml", decisions)]);
    repository.commit_as("2026-11-12", ADA, "Write up the rest");
    repository.write(&[("governance/decisions.yaml", &decisions.replace("we were", "we are"))]);
    let title = "Findings that comments in the records suppress";
    let listed = |who: &[&str]| {
        let keys = ["rule", "about", "hides", "why", "until", "recorded", "note"];
        rows(&repository, &[&["report", "exceptions"], who].concat(), title, &keys)
    };
    assert_eq!(
        listed(&[]),
        [
            "ownership/missing | decision D-1 Sell | `D-1` has no owner | the new head starts in January | 2027-01-31 \
             | 2026-10-05, by Bo Ek: Excuse the sale | ",
            "ownership/missing | decision D-2 Stay |  | we are hiring | 2026-10-31 | not committed | it has ended",
            "alignlint: ignore decision/no-context | decision D-3 Go |  |  |  | 2026-11-12, by Ada Byron: Write up the rest \
             | it has no effect: missing `because REASON`",
        ]
    );
    assert_eq!(listed(&["--for", "bo"]).len(), 1, "only what Bo answers for");
}

#[test]
fn a_report_tells_what_exceptions_hide_which_findings_are_accepted_and_which_rules_are_off() {
    let records = "decisions: [{ id: D-1, title: Sell, status: accepted, date: 2026-09-01 }]
exceptions: [{ id: X-1, title: Hiring, rule: ownership/missing, scope: D-1, owner: ada, approved-by: ada, reason: r, expires: 2026-12-05 }]
";
    let baseline = "version: 2\nfindings:\n  - { rule: decision/no-context, record: decision/D-1, path: governance/records.yaml, fingerprint: \
                    \"5c8fdc119183a5cc56096e4539aa9fa9\", because: Ada remembers }\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [strict]\nrules: { kpi/no-consequence: off }\n"),
        ("alignlint-baseline.yaml", baseline),
        ("governance/directory.yaml", DIRECTORY),
        ("governance/records.yaml", records),
    ]);
    let part = |title: &str, keys: &[&str]| rows(&repository, &["report", "exceptions"], title, keys);
    assert_eq!(
        part("Findings that exceptions suppress", &["exception", "hides"]),
        ["X-1 | `D-1` has no owner"]
    );
    assert_eq!(
        part("Findings that the baseline accepts", &["rule", "count", "about", "why"]),
        ["decision/no-context | 1 finding | decision D-1 | Ada remembers"]
    );
    assert_eq!(part("Rules that the configuration switches off", &["rule"]), ["kpi/no-consequence"]);
    let until = part("Departures from rules", &["until"]);
    assert_eq!(until, ["2026-12-05, in 15 days"]);
}

pub const FORUMS: &str = "forums:
  - { id: board, title: Board, purpose: decide, chair: ada, participants: [ada, bo, di], cadence: weekly, decides: [prices] }
  - { id: monday, title: Monday, purpose: align, chair: ada, participants: [ada, bo, di], cadence: weekly }
decision-rights: [{ id: prices, title: Prices, owner: ada, covers: Prices }]
objectives: [{ id: O-1, title: Stay, owner: ada, level: company, status: active, period: 2026-Q4 }]
decisions:
  - { id: D-1, title: A limit for rebates, status: accepted, date: 2026-08-01, owner: bo, domain: prices, review-by: 2026-12-10 }
initiatives: [{ id: I-1, title: A list, owner: cy, status: running, start: 2026-10-01, end: 2026-12-04 }]
";

/// It has no place for a domain or a review.
const PAGE: &str = "# 7. Keep the office\n\nDate: 2026-08-02\n\n## Status\n\nAccepted\n\n## Context\n\nIt is near.\n\n## \
                    Decision\n\nWe stay.\n\n## Consequences\n\nRent.\n";

#[test]
fn sessions_list_the_reviews_that_are_due_also_beside_decisions_that_can_state_none() {
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("docs/adr/0007-keep-the-office.md", PAGE),
    ]);
    let title = "What each forum has to look at";
    let found = rows(&repository, &["report", "sessions"], title, &["forum", "duration", "reviews"]);
    assert_eq!(found, ["board |  | D-1 A limit for rebates, by 2026-12-10", "monday |  | "]);
}

#[test]
fn a_forum_that_decides_and_one_that_aligns_look_at_different_things() {
    let forums = FORUMS.replace("cadence: weekly", "cadence: weekly, duration: 1 hour");
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/forums.yaml", &forums)]);
    let parts = |forum: &str| {
        let json = repository.run(&["agenda", forum, "--as-of", TODAY, "--format", "json"]).json();
        let sections = json["sections"].as_array().expect("sections").clone();
        let filled = sections.iter().filter(|section| !section["rows"].as_array().expect("rows").is_empty());
        filled.map(|section| section["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(parts("board"), ["The session", "Decisions to review within a month, or overdue"]);
    assert_eq!(
        parts("monday"),
        ["The session", "Work that begins or ends within a month, or should have ended"]
    );
    let people = |forum: &str| rows(&repository, &["agenda", forum], "The session", &["duration"]);
    assert_eq!(people("board"), ["1 hour, 3 people"], "the chair is one of them");
    assert_eq!(people("monday"), ["1 hour, 3 people"]);
}

#[test]
fn a_proposal_is_shown_with_the_day_and_the_reasons_that_stand_in_words_only() {
    let page = "---\nstatus: proposed\ndate: 2026-11-10\nowner: bo\ndomain: prices\ntopic: price-list\n---\n\n# Raise list prices\n\n## \
                Context and Problem Statement\n\nPrices have stood since 2024.\n\n## Considered Options\n\n* Yes\n* No\n\n## Decision \
                Outcome\n\nProposed option: \"Yes\", because costs rose. The board decides on 1 December, after the count.\n";
    let minutes = "---\nkind: meeting\nforum: board\ndate: 2026-11-10\nattendees: [ada, bo]\n---\n\n# Board\n\n## Discussion\n\nBo \
                   proposes six per cent ([0013](../docs/decisions/0013-raise-list-prices.md)). Di expects some to leave.\n\nThe office \
                   stays cold.\n\n## Decisions\n\n- The price is settled on 1 December.\n- Heating is mended.\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("docs/decisions/0013-raise-list-prices.md", page),
        ("minutes/2026-11-10.md", minutes),
    ]);
    let day = "2026-12-01: “The board decides on 1 December, after the count”";
    let said = "“The price is settled on 1 December.” (Board, 2026-11-10); “Bo proposes six per cent (0013). Di expects some to \
                leave.” (Board, 2026-11-10)";
    let expected = [format!("0013 | {day} | {said}")];
    let keys = ["decision", "until", "minutes"];
    assert_eq!(rows(&repository, &["report", "decisions"], "Decisions proposed", &keys), expected);
    assert_eq!(rows(&repository, &["agenda", "board"], "Decisions pending", &keys), expected);
}

#[test]
fn who_has_left_is_shown_with_what_ended_before() {
    let records =
        "objectives: [{ id: O-1, title: Visit them, owner: cy, status: achieved, period: 2026-Q2 }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/goals.yaml", records)]);
    assert_eq!(
        rows(
            &repository,
            &["report", "load"],
            "Who has left, and what they owned",
            &["person", "left", "owned"]
        ),
        ["Cy Lund | 2026-09-30, 7 weeks ago | objective O-1 Visit them, achieved"]
    );
}

#[test]
fn who_has_left_is_shown_with_all_that_still_names_them_and_who_acts_instead() {
    let records = "kpis: [{ id: visits, title: Visits, owner: cy, unit: visits, direction: up }]
forums: [{ id: board, title: Board, chair: ada, participants: [bo, cy], cadence: weekly }]
meetings: [{ id: M-1, forum: board, date: 2026-09-01, actions: [{ what: Call them, owner: cy, due: 2026-10-01, status: open }] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/records.yaml", records)]);
    let keys = ["person", "left", "owns", "actions", "below", "named", "deputy"];
    assert_eq!(
        rows(&repository, &["report", "load"], "Who has left, and is still named", &keys),
        [
            "Cy Lund | 2026-09-30, 7 weeks ago | kpi visits | Call them, 2026-10-01, overdue | Di Fox | forum board | Ada Byron"
        ]
    );
}

#[test]
fn a_digest_for_a_team_has_the_work_and_the_changes_below_its_goals() {
    let goals = "objectives: [{ id: O-1, title: Answer, team: care, owner: di, status: active, period: 2026-Q4, key-results: [{ kpi: \
                 reply, baseline: 5 hours, target: 3 hours }] }]
kpis: [{ id: reply, title: Reply, owner: bo, unit: hours, direction: down, decides: hours, definition: Hours }]
decision-rights: [{ id: hours, title: Hours, owner: ada, covers: Hours }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/goals.yaml", goals)]);
    let work = "initiatives: [{ id: I-1, title: A list, owner: bo, status: running, start: 2026-11-01, end: 2026-12-04, objectives: [O-1] }]\n";
    repository.write(&[
        ("strategy/goals.yaml", &goals.replace("target: 3 hours", "target: 4 hours")),
        ("strategy/work.yaml", work),
    ]);
    repository.commit_as("2026-11-09", BO, "Be realistic");
    let digest = ["digest", "--for", "care", "--since", "2026-11-01"];
    assert_eq!(rows(&repository, &digest, "New records", &["names"]), ["I-1 A list"]);
    assert_eq!(
        rows(&repository, &digest, "Goals that moved", &["what", "right", "who"]),
        ["target 3 hours to 4 hours | Ada Byron, as the right hours says | Bo Ek, 2026-11-09"]
    );
}

#[test]
fn a_digest_names_the_key_result_that_a_goal_no_longer_has() {
    let goals = "objectives:
  - id: O-1
    title: Answer
    status: active
    key-results:
      - { kpi: reply, baseline: 5 hours, target: 3 hours }
      - { kpi: nps, baseline: 4, target: 5 }
kpis: [{ id: reply, title: Reply }, { id: nps, title: NPS }]
";
    let repository = Repository::with(&[("strategy/goals.yaml", goals)]);
    let fewer = goals.replace("      - { kpi: nps, baseline: 4, target: 5 }\n", "");
    repository.write(&[("strategy/goals.yaml", &fewer)]);
    repository.commit_as("2026-11-09", BO, "Be realistic");
    assert_eq!(
        rows(&repository, &["digest", "--since", "2026-11-01"], "Goals that moved", &["goal", "what", "who"]),
        ["O-1 | no longer measured by nps | Bo Ek, 2026-11-09"]
    );
}

#[test]
fn what_a_forum_put_off_and_somebody_without_a_right_called_accepted_is_to_be_confirmed() {
    let decision = "decisions: [{ id: D-9, title: Bonus on margin, status: proposed, date: 2026-11-10, owner: ada, decision-makers: [ada], domain: prices }]\n";
    let minutes = "meetings: [{ id: B-1, forum: board, date: 2026-11-10, deferred: [D-9], actions: [{ what: Show the figures, owner: ada, due: 2026-12-07, status: open }] }]\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("governance/log.yaml", decision),
        ("governance/meetings.yaml", minutes),
    ]);
    let accepted = decision.replace("proposed, date: 2026-11-10", "accepted, date: 2026-11-12");
    repository.write(&[("governance/log.yaml", &accepted)]);
    repository.commit_as("2026-11-12", BO, "Tidy up");
    let agenda = |title: &str, keys: &[&str]| rows(&repository, &["agenda", "board"], title, keys);
    assert_eq!(
        agenda(
            "Called accepted after the forum put it off, and to be confirmed",
            &["decision", "deferred", "called", "waits"]
        ),
        [
            "D-9 | 2026-11-10 by Board | proposed until 2026-11-12, then accepted by Bo Ek, who neither decides it nor holds a right to it (“Tidy up”) \
          | Show the figures (Ada Byron, 2026-12-07)"
        ]
    );
    assert!(agenda("Decisions taken since the last session", &["decision"]).is_empty());
    let of_page = rows(
        &repository,
        &["report", "decisions"],
        "Called accepted after a forum put it off, by somebody without a right to it",
        &["decision"],
    );
    assert_eq!(of_page, ["D-9"]);
    // Nowhere does it count as decided, and who decides it and the forum hear of it.
    let prices = |right: &str| right.starts_with("prices |");
    let rights =
        rows(&repository, &["report", "rights"], "Who decides what", &["right", "decisions", "confirm"]);
    assert_eq!(
        rights.into_iter().find(|right| prices(right)).as_deref(),
        Some("prices | 1 decision in force: D-1 A limit for rebates | D-9 Bonus on margin")
    );
    let load = rows(
        &repository,
        &["report", "load"],
        "What each owner answers for, most first (not counted: decisions in force)",
        &["owner", "confirm", "decisions"],
    );
    assert!(load.contains(&"Ada Byron | D-9 Bonus on margin | ".to_owned()), "{load:?}");
    let due = repository.run(&["due", "--for", "ada", "--within", "2 weeks", "--as-of", TODAY]).out;
    let due: String = due.split_whitespace().collect::<Vec<_>>().join(" ");
    let task = "confirm it, or set it back to `proposed`: Bo Ek called it accepted on 2026-11-12, after Board had put it off \
                but it waits for Show the figures (Ada Byron, 2026-12-07) for Ada Byron at governance/log.yaml:1";
    assert!(due.contains("decision D-9 Bonus on margin to do ") && due.contains(task), "{due}");
    let title = "Called accepted after a forum put it off, and to be confirmed";
    let digest = ["digest", "--since", "2026-11-11", "--for"];
    for who in ["ada", "bo"] {
        assert_eq!(
            rows(&repository, &[&digest[..], &[who]].concat(), title, &["decision"]),
            ["D-9"],
            "{who}"
        );
    }
}

#[test]
fn a_proposal_that_speaks_of_a_decision_of_others_says_so_and_waits_in_their_forum() {
    let decisions = "decisions:
  - { id: P-9, title: Sell to hospitals, status: proposed, date: 2026-11-01, owner: bo, trade-offs: Decision D-1 no longer holds. }
";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("governance/log.yaml", decisions),
    ]);
    let keys = ["decision", "speaks"];
    let expected = ["P-9 | D-1 A limit for rebates (Prices, which is the call of Ada Byron)"];
    assert_eq!(rows(&repository, &["report", "decisions"], "Decisions proposed", &keys), expected);
    assert_eq!(rows(&repository, &["agenda", "board"], "Decisions pending", &keys), expected);
}

#[test]
fn a_threshold_in_words_that_counts_at_the_end_of_a_quarter_stays_passed_until_the_next_one() {
    let kpis = "kpis: [{ id: orders, title: Orders, owner: bo, unit: orders, direction: up, on-miss: \"Below 10 at the end of a quarter, the desk closes.\", \
                readings: [{ date: 2026-09-30, value: 6 orders }, { date: 2026-11-13, value: 14 orders }] }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/kpis.yaml", kpis)]);
    let past = |repository: &Repository| {
        let title = "Past a threshold that stands in words only, which nothing tests";
        let due = repository.run(&["due", "--as-of", TODAY]).out;
        let is_due = due.contains("2026-09-30  7 weeks ago  kpi orders  Orders");
        (rows(repository, &["report", "governance"], title, &["metric", "answers"]), is_due)
    };
    assert_eq!(past(&repository), (vec!["orders | nothing".to_owned()], true));
    repository.write(&[("strategy/kpis.yaml", &kpis.replace("at the end of a quarter", "in a week"))]);
    assert_eq!(past(&repository), (Vec::new(), false));
}

#[test]
fn an_assumption_says_which_goal_its_metric_serves() {
    let records = "assumptions: [{ id: A-1, statement: Partners bring a fifth., owner: bo, status: open, subject: share, value: 20%, last-validated: 2026-09-01 }]
kpis: [{ id: share, title: Share, owner: bo, unit: \"%\", direction: up }]
objectives: [{ id: O-1, title: Grow, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: share, baseline: 3%, target: 20%, current: 6% }] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/records.yaml", records)]);
    assert_eq!(
        rows(&repository, &["report", "assumptions"], "What is taken for true", &["assumption", "subject"]),
        ["A-1 | the metric share, which O-1 Grow wants at 20% by 2026-12-31, now 6%"]
    );
}

#[test]
fn a_view_names_what_may_be_missing_of_a_file_that_cannot_be_read() {
    let broken = "decisions:\n  - id: P-36\n    title: One price for every partner\n    status: accepted\n    outcome: \"One price.\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("governance/prices.yaml", broken),
    ]);
    let text = repository.run(&["report", "rights", "--as-of", TODAY]).out;
    let note = "`governance/prices.yaml` can't be read to its end, and what it holds may be\nmissing: P-36 One price for every partner\n";
    assert!(text.contains(note), "{text}");
}

#[test]
fn blame_shows_what_was_there_before_on_a_line_of_its_own_if_it_does_not_fit() {
    let decision = "decisions: [{ id: D-1, title: Sell, status: proposed, owner: ada }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/log.yaml", decision)]);
    repository.write(&[(
        "governance/log.yaml",
        &decision.replace("Sell", "Sell through partners in the north of Norway and Sweden"),
    )]);
    repository.commit_as("2026-11-12", ADA, "Say where");
    let text = repository.run(&["blame", "D-1", "--as-of", TODAY]).out;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("\n    (was Sell)\n"), "{text}");
}

#[test]
fn a_threshold_in_words_of_a_month_is_past_only_in_that_month() {
    let records = "kpis: [{ id: sites, title: Sites, owner: bo, unit: sites, direction: up, on-miss: \"Below 20 in December, the desk closes.\" }]
objectives: [{ id: O-1, title: Grow, owner: bo, status: active, period: 2026-Q4, key-results: [{ kpi: sites, baseline: 3 sites, target: 30 sites, \
                   current: 11 sites, updated: 2026-11-12 }] }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/records.yaml", records)]);
    let report = |repository: &Repository, title: &str, keys: &[&str]| {
        rows(repository, &["report", "governance"], title, keys)
    };
    let ahead = "Past a threshold that stands in words only, from a day to come";
    let past = "Past a threshold that stands in words only, as goals say";
    assert_eq!(
        report(&repository, ahead, &["metric", "reading", "from"]),
        ["sites | 11 sites on 2026-11-12, says O-1 | 2026-12-01, in 11 days"]
    );
    assert!(report(&repository, past, &["metric"]).is_empty());
    let due = repository.run(&["due", "--as-of", TODAY, "--within", "6 weeks"]).out;
    let due = due.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "2026-12-31 in 5 weeks kpi sites Sites to do compare it with its words (“Below 20 in December, the desk closes.”); O-1 \
                    says 11 sites on 2026-11-12";
    assert!(due.contains(expected), "{due}");
    repository.write(&[("strategy/records.yaml", &records.replace("Below 20 in December", "Below 20"))]);
    assert!(report(&repository, ahead, &["metric"]).is_empty());
    assert_eq!(report(&repository, past, &["metric"]), ["sites"]);
}

#[test]
fn work_that_ends_while_a_decision_stops_releases_says_so() {
    let records = "decisions:
  - { id: D-7, title: No releases from 14 December to 4 January, status: accepted, date: 2026-10-20, owner: ada, domain: prices, outcome: We stop for three weeks. }
  - { id: D-8, title: Nobody travels from 1 December to 31 December, status: accepted, date: 2026-10-20, owner: ada, domain: prices, outcome: We stay. }
initiatives:
  - { id: I-7, title: Sooner, owner: bo, status: running, start: 2026-10-01, end: 2026-12-11, objectives: [O-1] }
  - { id: I-8, title: Later, owner: bo, status: running, start: 2026-10-01, end: 2026-12-18, objectives: [O-1] }
";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("governance/log.yaml", records),
    ]);
    let title = "Work for goals";
    let listed =
        |repository: &Repository| rows(repository, &["report", "ladder"], title, &["work", "freeze"]);
    let decision = "D-7 No releases from 14 December to 4 January";
    assert_eq!(
        listed(&repository),
        [
            "I-7 | ".to_owned(),
            format!(
                "I-8 | {decision}; no exception departs from it; one can be granted by Ada Byron, before 2026-12-14"
            )
        ]
    );
    let exception = "exceptions: [{ id: E-1, title: Mend the rota, rule: decision D-7, scope: [Rotas], owner: bo, approved-by: ada, reason: r, expires: 2026-12-24 }]\n";
    repository.write(&[("governance/exceptions.yaml", exception)]);
    assert_eq!(
        listed(&repository)[1],
        format!(
            "I-8 | {decision}; no exception names it; E-1 Mend the rota, which is for: Rotas; one can be granted by Ada Byron, before 2026-12-14"
        )
    );
}

#[test]
fn a_digest_for_a_team_has_what_names_it_what_its_metric_drives_and_what_its_work_rests_on() {
    let records = "kpis:
  - { id: sites, title: Sites, owner: ada, unit: sites, direction: up, definition: Sites with a rota }
  - { id: calls, title: Calls, owner: di, unit: calls, direction: up, definition: Calls, drives: [sites] }
decisions:
  - { id: D-1, title: Telephone, status: accepted, date: 2026-08-01, owner: bo, outcome: On weekdays. }
  - { id: D-2, title: Office, status: accepted, date: 2026-08-01, owner: bo, outcome: We take care of it. }
initiatives: [{ id: I-1, title: A page, owner: di, team: care, status: running, start: 2026-11-01, end: 2026-12-11, decision: [D-3] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/records.yaml", records)]);
    let later = records
        .replace("Sites with a rota", "Sites with a contract")
        .replace("On weekdays.", "\"On weekdays, and for Care on Saturdays.\"")
        .replace("We take care of it.", "\"We take care of it, and clean it.\"")
        .replace(
            "initiatives:",
            "  - { id: D-3, title: Six per cent, status: proposed, date: 2026-11-10, owner: ada }\ninitiatives:",
        );
    repository.write(&[("strategy/records.yaml", &later)]);
    repository.commit_as("2026-11-10", ADA, "Go on");
    let digest = |title: &str, key: &str| {
        rows(&repository, &["digest", "--for", "care", "--since", "2026-11-01"], title, &[key])
    };
    assert_eq!(digest("Decisions that changed", "decision"), ["D-1"]);
    assert_eq!(digest("Metrics and rights that moved", "record"), ["kpi sites"]);
    assert_eq!(digest("Decisions proposed", "decision"), ["D-3"]);
}
