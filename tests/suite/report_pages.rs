//! `alignlint report`: pages about what competes, the next sessions, exceptions and all other records; names and identifiers.

use serde_json::json;

use crate::kit::{Repository, TODAY};

const RECORDS: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada }
kpis:
  - { id: calls, title: Calls, owner: ada, definition: Calls in a week, target: 40, readings: [{ date: 2026-11-02, value: 52 }] }
forums:
  - { id: review, title: Review, cadence: weekly, chair: ada, participants: [bo], decides: [phones], reviews: [calls] }
meetings:
  - { id: M-1, forum: review, date: 2026-11-17, actions: [{ what: Count the calls, owner: bo, due: 2026-11-24 }] }
decision-rights:
  - { id: phones, title: Telephones, covers: Who answers, owner: ada, consulted: [bo], escalates-to: ada }
decisions:
  - { id: D-1, title: Answer on Sundays, status: proposed, date: 2026-11-10, owner: bo, domain: phones, kpis: [calls] }
  - { id: D-2, title: Answer from seven, status: accepted, date: 2026-11-11, owner: ada, domain: phones, consequences: [A second shift], informed: [bo], kpis: [calls] }
incentives:
  - { id: more, title: Many calls, owner: ada, who: [bo], kpis: [{ kpi: calls, weight: 100%, direction: up }] }
  - { id: fewer, title: Few calls, owner: ada, who: [ada], kpis: [{ kpi: calls, weight: 100%, direction: down }] }
objectives:
  - id: O-1
    title: The shop opens
    owner: bo
    status: active
    period: 2026-Q4
    key-results:
      - { milestone: The lease is signed, due: 2026-10-16, done-when: Both have signed, reached: 2026-10-15 }
      - { milestone: The shelves stand, due: 2026-11-13, done-when: They are full }
      - { milestone: The door is open, due: 2026-12-04, done-when: A customer has paid }
exceptions:
  - { id: X-1, title: Without a contract, rule: contracts, owner: bo, approved-by: ada, reason: A trial, expires: 2026-11-13 }
";

fn show(arguments: &[&str]) -> String {
    let repository = Repository::with(&[("governance/records.yaml", RECORDS)]);
    let output = repository.run(&[arguments, &["--as-of", TODAY]].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    output.out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn rewards_that_pull_one_metric_in_opposite_directions_are_seen() {
    let page = one_line(&show(&["report", "conflicts"]));
    let expected = "Rewards that compete fewer Few calls of Ada Byron owner Ada Byron pays for calls down, 100% \
                    conflict `fewer` and `more` pull `calls` in opposite directions";
    assert!(
        page.contains(expected)
            || page.contains(&expected.replace("`fewer` and `more`", "`more` and `fewer`")),
        "{page}"
    );
}

#[test]
fn a_session_says_what_waits_for_it() {
    let expected = "The next sessions, as of 2026-11-20

What each forum has to look at

review  Review
  next          2026-11-24, Tuesday; then 2026-12-01
  takes place   weekly
  last          2026-11-17
  chair         Ada Byron
  with          Bo Ek
  decides       Telephones
  to decide     D-1 Answer on Sundays
  open actions  Count the calls (Bo Ek, 2026-11-24)
  metrics       calls 52 on 2026-11-02, target 40
  at            governance/records.yaml:7
";
    assert_eq!(show(&["report", "sessions"]), expected);
}

#[test]
fn a_decision_says_what_follows_from_it_and_for_which_people() {
    let page = one_line(&show(&["report", "decisions"]));
    assert!(
        page.contains(
            "follows A second shift moves calls consulted nobody is named to be told Bo Ek affects Ada Byron"
        ),
        "{page}"
    );
}

#[test]
fn a_draft_that_a_session_put_off_waits_as_a_proposal_does() {
    let draft = "decisions:\n  - { id: D-3, title: Answer at night, status: draft, owner: bo }\n";
    let records = RECORDS.replacen("decisions:\n", draft, 1).replacen(
        "date: 2026-11-17,",
        "date: 2026-11-17, deferred: [D-3],",
        1,
    );
    let repository = Repository::with(&[("governance/records.yaml", &records)]);
    let page = one_line(&repository.run(&["report", "decisions", "--as-of", TODAY]).out);
    let proposed = page.split("Decisions proposed").nth(1).expect("a section");
    assert!(
        proposed.contains("D-3 Answer at night owner Bo Ek since 2026-10-01, 7 weeks ago, a draft put off 2026-11-17 by Review"),
        "{page}"
    );
}

#[test]
fn an_exception_that_has_expired_says_so() {
    let page = show(&["report", "exceptions"]);
    let page = one_line(&page);
    assert!(page.contains(" until 2026-11-13, which has passed"), "{page}");
    assert!(page.contains(" approved by Ada Byron"), "{page}");
}

#[test]
fn a_milestone_falls_due_until_it_is_reached() {
    let due = one_line(&show(&["due"]));
    assert!(due.contains("2026-11-13 7 days ago objective O-1: The shelves stand"), "{due}");
    assert!(due.contains("2026-12-04 in 2 weeks objective O-1: The door is open"), "{due}");
    assert!(!due.contains("lease"), "{due}");
    let ladder = one_line(&show(&["report", "ladder"]));
    let milestones = "The lease is signed, reached on 2026-10-15; The shelves stand, overdue since 2026-11-13; \
                      The door is open, due 2026-12-04";
    assert!(ladder.contains(milestones), "{ladder}");
}

#[test]
fn json_has_the_identifiers_behind_the_names_of_a_cell() {
    let page: serde_json::Value =
        serde_json::from_str(&show(&["report", "rights", "--format", "json"])).expect("JSON");
    let cells = &page["sections"][0]["rows"][0]["cells"];
    assert_eq!(cells["holder"], json!({ "text": "Ada Byron", "names": [{ "kind": "person", "id": "ada" }] }));
    assert_eq!(cells["covers"], json!({ "text": "Who answers" }));
    let due: serde_json::Value = serde_json::from_str(&show(&["due", "--format", "json"])).expect("JSON");
    let rows = due["sections"][1]["rows"].as_array().expect("rows");
    let action = rows.iter().find(|row| row["record"]["id"] == "M-1").expect("an action");
    assert_eq!(
        action["cells"]["owner"],
        json!({ "text": "Bo Ek", "names": [{ "kind": "person", "id": "bo" }] })
    );
}

#[test]
fn findings_name_people_as_the_directory_does() {
    let second =
        "  - { id: lines, title: Lines, covers: Who answers, owner: bo, escalates-to: ada }\ndecisions:\n";
    let records = RECORDS.replacen("decisions:\n", second, 1);
    let rights = |records: &str| {
        let repository = Repository::with(&[("governance/records.yaml", records)]);
        one_line(&repository.run(&["report", "rights", "--as-of", TODAY]).out)
    };
    let page = rights(&records);
    assert!(page.contains("`phones` and `lines` assign the same decisions to Ada Byron and Bo Ek"), "{page}");
    // A name that a metric has as well may mean that one.
    let page = rights(&records.replace("kpis:\n", "kpis:\n  - { id: bo, title: Boxes }\n"));
    assert!(page.contains("assign the same decisions to Ada Byron and `bo`"), "{page}");
}

#[test]
fn an_identifier_on_the_page_leads_to_the_card_of_its_record() {
    let repository = Repository::with(&[("governance/records.yaml", RECORDS)]);
    let output = repository.run(&["report", "--html", "r.html", "--as-of", TODAY]);
    assert_eq!((output.code, &*output.err), (Some(0), ""));
    let page = repository.read("r.html");
    assert!(page.contains("<dd><a href=\"#decision-d-1\">D-1</a> Answer on Sundays</dd>"), "{page}");
    assert!(
        page.contains("pull <a href=\"#kpi-calls\"><code>calls</code></a> in opposite directions"),
        "{page}"
    );
    // A word that has no digit and no hyphen may be no identifier.
    assert!(page.contains("<dt>moves</dt><dd>calls</dd>"), "{page}");
}

#[test]
fn a_flag_that_the_subcommand_reads_counts_before_it_and_behind_it() {
    let repository = Repository::with(&[("governance/records.yaml", RECORDS)]);
    let behind =
        repository.run(&["explain", "action/overdue", "M-1", "--as-of", "2026-12-01", "--rev", "HEAD"]);
    let before =
        repository.run(&["--as-of", "2026-12-01", "--rev", "HEAD", "explain", "action/overdue", "M-1"]);
    assert!(behind.out.contains("2026-11-24"), "{}", behind.out);
    assert_eq!((before.out, before.err, before.code), (behind.out, behind.err, behind.code));
    let page = repository.run(&["--as-of", "2026-12-01", "--no-cache", "explain", "action/overdue"]);
    assert_eq!((page.code, &*page.err), (Some(0), ""));
}

#[test]
fn a_view_says_which_file_it_could_not_read_and_where_findings_about_files_stand() {
    let repository = Repository::with(&[
        ("governance/records.yaml", RECORDS),
        ("governance/prices.yaml", "decisions:\n  - { id: P-1, title: \"One price\n"),
    ]);
    let show = |arguments: &[&str]| repository.run(&[arguments, &["--as-of", TODAY]].concat());
    let note = "`governance/prices.yaml` can't be read to its end, and what it holds may be missing: P-1";
    for arguments in [&["report"][..], &["due"], &["agenda", "review"], &["report", "--format", "markdown"]] {
        let output = show(arguments);
        assert!(
            one_line(&output.out).contains(note.trim_start_matches('`')),
            "{arguments:?}: {}",
            output.out
        );
        assert_eq!(output.err, "", "{arguments:?}");
    }
    assert_eq!(show(&["report", "rights", "--format", "json"]).json()["note"], note);
    let others = one_line(&show(&["report", "others"]).out);
    assert!(
        others.contains("Findings about files governance/prices.yaml findings unclosed quote"),
        "{others}"
    );
}

#[test]
fn a_metric_with_a_range_as_target_does_not_hide_the_others() {
    let records = RECORDS.replacen(
        "kpis:\n",
        "kpis:\n  - { id: visits, title: Visits, owner: bo, definition: Visits in a week, target: 8..12 }\n",
        1,
    );
    let records = records.replacen("reviews: [calls]", "reviews: [calls, visits]", 1);
    let repository = Repository::with(&[("governance/records.yaml", &records)]);
    let sessions = one_line(&repository.run(&["report", "sessions", "--as-of", TODAY]).out);
    assert!(
        sessions.contains("metrics calls 52 on 2026-11-02, target 40; visits, no reading, target 8 to 12"),
        "{sessions}"
    );
}

#[test]
fn what_a_session_settled_without_a_record_is_on_the_card_of_its_forum_and_in_the_agenda() {
    let records =
        RECORDS.replacen("date: 2026-11-17,", "date: 2026-11-17, resolutions: [The target of 40 stays],", 1);
    let repository = Repository::with(&[("governance/records.yaml", &records)]);
    let sessions = one_line(&repository.run(&["report", "sessions", "--as-of", TODAY]).out);
    assert!(sessions.contains("settled last The target of 40 stays"), "{sessions}");
    let agenda = one_line(&repository.run(&["agenda", "review", "--as-of", TODAY]).out);
    let settled = "Settled in its sessions of the last month, without a record The target of 40 stays in Review, 2026-11-17";
    assert!(agenda.contains(settled), "{agenda}");
}

fn view(records: &str, arguments: &[&str]) -> String {
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    one_line(&repository.run(&[arguments, &["--as-of", TODAY]].concat()).out)
}

#[test]
fn a_metric_without_readings_shows_what_its_goals_say_and_how_far_they_are() {
    let goal = "objectives:\n  - { id: O-2, title: Few wait, owner: bo, status: active, period: 2026-Q4, \
                key-results: [{ kpi: waits, baseline: 10, target: 2, current: 6, updated: 2026-11-02 }] }\n";
    let metric = "kpis:\n  - { id: waits, title: Waits, owner: bo, definition: Waits in a week, direction: down, \
                  on-miss: { threshold: 5, action: Bo calls } }\n";
    let records = RECORDS.replacen("objectives:\n", goal, 1).replacen("kpis:\n", metric, 1);
    let records = records.replacen("reviews: [calls]", "reviews: [calls, waits]", 1);
    let governance = view(&records, &["report", "governance"]);
    for part in [
        "reading none; 6 on 2026-11-02, says O-2, past 5",
        "pursued by O-2 Few wait: from 10 to 2 by 2026-12-31, now 6 (2026-11-02)",
    ] {
        assert!(governance.contains(part), "{governance}");
    }
    let course = view(&records, &["report", "course"]);
    assert!(course.contains("way 50% of the way, 35% of the time on 2026-11-02"), "{course}");
    let sessions = view(&records, &["report", "sessions"]);
    assert!(
        sessions.contains("past a threshold waits 6, says O-2, past 5, known since 2026-11-02"),
        "{sessions}"
    );
}

#[test]
fn goals_that_lead_nowhere_and_goals_that_ended_have_their_own_lists() {
    let goals = "objectives:
  - { id: O-0, title: Stay, level: company, owner: ada, status: active, period: 2026-Q4 }
  - { id: O-2, title: Care, owner: bo, status: active, period: 2026-Q4, parent: O-0 }
  - { id: O-3, title: Late, owner: bo, status: active, period: 2026-Q4, parent: O-4 }
  - { id: O-4, title: Past, owner: bo, status: missed, period: 2026-Q3, key-results: [{ kpi: calls, baseline: 60, target: 40, current: 52 }] }
";
    let ladder = view(&RECORDS.replacen("objectives:\n", goals, 1), &["report", "ladder"]);
    let (_, rest) = ladder.split_once("Goals that lead to no goal of the company ").expect("a section");
    let (none, rest) =
        rest.split_once("Goals that were missed or dropped within a year ").expect("a section");
    assert!(none.contains("O-1 The shop opens") && !none.contains("O-2"), "{none}");
    assert!(none.contains("because it is for O-4 Past, which is missed"), "{none}");
    let missed = "O-4 Past of 2026-Q3 owner Bo Ek ended missed metrics calls from 60 to 40, was 52 still below it O-3 Late";
    assert!(rest.starts_with(missed), "{rest}");
}

#[test]
fn the_load_counts_what_an_owner_has_to_do_apart_from_what_was_decided() {
    let load = view(RECORDS, &["report", "load"]);
    for part in [
        "Bo Ek 2 records (1 proposed); 1 exception; 1 open action open actions Count the calls, 2026-11-24",
        "proposes D-1 Answer on Sundays",
        "sits in review exceptions X-1 Without a contract",
        "(1 decision in force) due or overdue 2026-11-24 review Review to decide D-1 Answer on Sundays",
    ] {
        assert!(load.contains(part), "{part}: {load}");
    }
}

#[test]
fn a_line_of_minutes_about_a_decision_is_no_decision_without_a_record() {
    let records = RECORDS.replacen(
        "date: 2026-11-17,",
        "date: 2026-11-17, resolutions: [\"D-2: answer from seven\", The target of 40 stays],",
        1,
    );
    for arguments in [&["digest"][..], &["agenda", "review"], &["report", "decisions"]] {
        let page = view(&records, arguments);
        assert!(page.contains("The target of 40 stays") && !page.contains("D-2: answer"), "{page}");
    }
}

#[test]
fn a_decision_is_told_to_the_team_that_it_names_and_to_those_whose_metrics_it_moves() {
    let teams = "teams: [{ id: desk, title: Desk, lead: bo }]\nroles: [{ id: cleaner, holder: bo }]\n";
    let records = format!("{RECORDS}{teams}").replacen("Answer from seven", "The Desk answers from seven", 1);
    let records = records.replacen("informed: [bo], ", "", 1);
    let desk = view(&records, &["report", "decisions", "--for", "desk"]);
    assert!(desk.contains("D-2 The Desk answers from seven"), "{desk}");
    let other = view(
        &records.replacen("The Desk answers", "Phones answer", 1),
        &["report", "decisions", "--for", "desk"],
    );
    assert!(other.contains("none for Desk"), "{other}");
}

#[test]
fn a_digest_tells_who_left_and_what_changed_of_the_checks() {
    let repository =
        Repository::with(&[("governance/records.yaml", RECORDS), ("alignlint.yaml", "extends: [strict]\n")]);
    let left =
        RECORDS.replacen("email: bo@example.org,", "email: bo@example.org, active-until: 2026-11-30,", 1);
    repository.write(&[("governance/records.yaml", &left), ("alignlint.yaml", "extends: [recommended]\n")]);
    repository.commit_as("2026-11-10", crate::kit::BO, "Take it easier");
    let digest = |since: &str| one_line(&repository.run(&["digest", "--since", since, "--as-of", TODAY]).out);
    let of_preset = include_str!("catalogue.txt").lines().filter_map(|line| line.strip_suffix("; strict"));
    let mut strict: Vec<&str> = of_preset.filter_map(|line| line.trim().split(':').next()).collect();
    strict.sort_unstable();
    let count = strict.len();
    let rules = format!("{count} rules: {} and {} more", strict[..6].join(", "), count - 6);
    for part in [
        "person bo Bo Ek what leaves on 2026-11-30 who Bo Ek, 2026-11-10 why the commit says: Take it easier",
        "Checks that changed alignlint.yaml what was changed before extends: [strict] now extends: [recommended] \
         switches off RULES who Bo Ek, 2026-11-10 why the commit says: Take it easier",
    ] {
        let found = digest("2026-11-10");
        assert!(found.contains(&part.replace("RULES", &rules)), "{found}");
    }
    assert!(!digest("2026-11-11").contains("Checks that changed"));
    let page = one_line(&repository.run(&["report", "exceptions", "--as-of", TODAY]).out);
    let expected = format!("switches off {count} rules, with 1 finding today: 1 of kpi/unused who Bo Ek");
    assert!(page.contains(&expected), "{page}");
    // What is on again is not off.
    repository.write(&[("alignlint.yaml", "extends: [strict]\n")]);
    assert!(
        !one_line(&repository.run(&["report", "exceptions", "--as-of", TODAY]).out).contains("switches off")
    );
}

#[test]
fn a_long_part_ends_with_the_number_of_its_further_rows() {
    let decision = |number: u32| {
        format!("  - {{ id: D-{number:03}, title: Take {number}, status: accepted, date: 2026-01-02 }}\n")
    };
    let records = format!("decisions:\n{}", (1..=203).map(decision).collect::<String>());
    let repository = Repository::folder_with(&[("governance/decisions.yaml", &records)]);
    let show = |more: &[&str]| {
        let arguments = [&["report", "decisions", "--as-of", "2026-11-20"], more].concat();
        repository.run(&arguments).out
    };
    let cut = show(&[]);
    assert!(cut.contains("\n… and 3 more; `--all` shows them\n"), "{cut}");
    assert!(cut.contains("D-200") && !cut.contains("D-201"), "{cut}");
    let whole = show(&["--all"]);
    assert!(whole.contains("D-203") && !whole.contains("more;"), "{whole}");
    assert!(show(&["--format", "json"]).contains("D-203"));
    assert!(show(&["--format", "markdown"]).contains("D-203"));
}

#[test]
fn nothing_is_asked_about_kinds_without_a_record() {
    let decisions = "decisions: [{ id: D-1, title: Use Git, status: accepted, date: 2026-01-05 }]\n";
    let repository = Repository::folder_with(&[("governance/decisions.yaml", decisions)]);
    let report =
        |arguments: &[&str]| repository.run(&[&["report", "--as-of", "2026-11-20"], arguments].concat()).out;
    let text = report(&[]);
    assert!(text.starts_with("Report, as of 2026-11-20\n\nDecisions in force\n\nD-1  Use Git\n"), "{text}");
    let last = text.lines().rev().take_while(|line| !line.is_empty()).collect::<Vec<_>>();
    let last = last.into_iter().rev().collect::<Vec<_>>().join(" ");
    assert!(
        last.starts_with("nothing is asked about kinds without a record: objective, kpi, decision-right"),
        "{last}"
    );
    assert!(!text.contains("Is each metric that counts governed?"));
    let markdown = report(&["--format", "markdown"]);
    assert!(
        markdown.contains("\nNothing is asked about kinds without a record: objective, kpi,"),
        "{markdown}"
    );
    let asked = repository.run(&["report", "governance", "--as-of", "2026-11-20"]).out;
    assert!(asked.contains("Is each metric that counts governed?"), "{asked}");
    assert!(report(&["--format", "json"]).contains("Is each metric that counts governed?"));
}
