//! `alignlint due`: what falls due, in every format and state.

use std::process::Command;

use crate::kit::{Output, Repository, TODAY};

const RECORDS: &str = "decisions:
  - { id: D-1, title: Sell through partners, status: accepted, owner: ada, review-by: 2026-11-01 }
  - { id: D-2, title: \"Raise, or keep; the price\", status: accepted, owner: bo, review-by: 2026-12-01 }
  - { id: D-3, title: Later, status: accepted, owner: bo, review-by: 2027-06-01 }
meetings:
  - id: M-1
    title: Kick-off
    date: 2026-11-02
    actions:
      - { what: Call the clinics, owner: bo, due: 2026-11-27, status: open }
      - { what: Write it up, owner: ada, due: 2026-11-27, status: done }
exceptions:
  - { id: X-1, title: On trial, rule: ownership/missing, scope: O-1, owner: ada, approved-by: bo, reason: r, expires: 2026-12-05 }
";

const DIRECTORY: &str = "people: [{ id: ada }, { id: bo, reports-to: ada }, { id: cy }]
roles: [{ id: head-of-sales, holder: bo }]
teams: [{ id: sales, lead: bo, members: [bo, cy] }]
";

fn repository() -> Repository {
    Repository::with(&[("governance/records.yaml", RECORDS), ("governance/directory.yaml", DIRECTORY)])
}

fn run(repository: &Repository, arguments: &[&str]) -> Output {
    let day = if arguments.contains(&"--as-of") { &[][..] } else { &["--as-of", TODAY] };
    repository.run(&[&["due"], day, arguments].concat())
}

/// The day and the subject of each line.
fn listed(repository: &Repository, arguments: &[&str]) -> Vec<String> {
    let json = run(repository, &[&["--format", "json"], arguments].concat()).json();
    let sections = json["sections"].as_array().expect("sections");
    let rows = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows"));
    let text =
        |row: &serde_json::Value, key: &str| row["cells"][key]["text"].as_str().expect("a text").to_owned();
    rows.map(|row| format!("{} {}", text(row, "day"), text(row, "what"))).collect()
}

#[test]
fn what_is_overdue_comes_first_and_each_line_says_what_to_do() {
    let json = run(&repository(), &["--within", "2 weeks", "--format", "json"]).json();
    let titles: Vec<&str> =
        json["sections"].as_array().expect("sections").iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(titles, ["Overdue", "Until 2026-12-04"]);
    let row = &json["sections"][0]["rows"][0];
    let texts = ["day", "when", "what", "title", "owner", "rule"]
        .map(|key| row["cells"][key]["text"].as_str().expect("a text"));
    let expected =
        ["2026-11-01", "2 weeks ago", "decision D-1", "Sell through partners", "ada", "review/overdue"];
    assert_eq!(texts, expected);
    assert_eq!(
        (row["path"].as_str(), row["start"]["line"].as_u64()),
        (Some("governance/records.yaml"), Some(2))
    );
    assert!(row["cells"]["task"]["text"].as_str().is_some_and(|task| task.starts_with("review it")), "{row}");
}

#[test]
fn a_record_stands_once_with_all_its_days() {
    let goal = "objectives: [{ id: O-1, title: Stay, owner: ada, period: 2026-Q4, status: active, key-results: [{ milestone: Open, due: 2026-11-03 }] }]\n";
    let repository = Repository::with(&[("strategy/goals.yaml", goal)]);
    assert_eq!(
        listed(&repository, &["--within", "2 months"])
            .iter()
            .filter(|line| line.ends_with("objective O-1"))
            .count(),
        1
    );
    let text = run(&repository, &["--within", "2 months"]).out;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains("2026-12-31"), "{text}");
}

#[test]
fn the_list_ends_where_it_is_told_to() {
    let repository = repository();
    let month =
        ["2026-11-01 decision D-1", "2026-11-27 meeting M-1: Call the clinics", "2026-12-01 decision D-2"];
    assert_eq!(listed(&repository, &[]), [&month[..], &["2026-12-05 exception X-1"]].concat());
    assert_eq!(listed(&repository, &["--within", "1 week"]), month[..2]);
    assert_eq!(listed(&repository, &["--within", "1 year"]).len(), 5);
    assert_eq!(listed(&repository, &["--within", "1 week", "--as-of", "2026-10-20"]), Vec::<String>::new());
    let fault = run(&repository, &["--within", "soon"]);
    assert!(fault.fault().contains("`soon` is not a duration"), "{}", fault.err);
}

#[test]
fn a_person_answers_also_through_roles_and_teams() {
    let repository = repository();
    let extra = RECORDS.replace("owner: ada, review-by", "owner: head-of-sales, review-by").replace(
        "{ id: D-3, title: Later, status: accepted, owner: bo, review-by: 2027-06-01 }",
        "{ id: D-3, title: Later, status: accepted, owner: sales, review-by: 2026-12-02 }",
    );
    repository.write(&[("governance/records.yaml", &extra)]);
    let bo =
        ["2026-11-01 decision D-1", "2026-11-27 meeting M-1: Call the clinics", "2026-12-01 decision D-2"];
    let team = "2026-12-02 decision D-3";
    assert_eq!(listed(&repository, &["--for", "bo"]), [&bo[..], &[team]].concat());
    assert_eq!(listed(&repository, &["--for", "head-of-sales"]), [&bo[..], &[team]].concat());
    assert_eq!(listed(&repository, &["--for", "sales"]), [&bo[..], &[team]].concat());
    assert_eq!(listed(&repository, &["--for", "ada"]), ["2026-12-05 exception X-1"]);
    assert_eq!(listed(&repository, &["--for", "cy"]), Vec::<String>::new());
    let unknown = run(&repository, &["--for", "boo"]);
    assert!(unknown.fault().contains("did you mean `bo`?"), "{}", unknown.err);
}

#[test]
fn what_is_off_or_excused_is_not_due() {
    let repository = repository();
    let excused = RECORDS.replace(
        "  - { id: D-2",
        "  # alignlint: ignore review/overdue because the price is settled\n  - { id: D-2",
    );
    repository.write(&[("governance/records.yaml", &excused)]);
    let rest =
        ["2026-11-01 decision D-1", "2026-11-27 meeting M-1: Call the clinics", "2026-12-05 exception X-1"];
    assert_eq!(listed(&repository, &[]), rest);
    repository.write(&[("alignlint.yaml", "rules: { action/overdue: off }\n")]);
    assert_eq!(listed(&repository, &[]), [rest[0], rest[2]]);
}

#[test]
fn an_own_rule_with_a_day_is_listed_before_it_is_a_finding() {
    let repository = repository();
    repository.write(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        (
            "policy/rules/house/renewal.yaml",
            "for: exception\ndue: record.expires - duration('1 week')\nmessage: \"`{record.id}` ends soon\"\nhelp: renew it\n",
        ),
    ]);
    assert!(listed(&repository, &[]).contains(&"2026-11-28 exception X-1".to_owned()));
}

#[test]
fn a_revision_and_a_bare_repository_are_read_as_the_worktree() {
    let repository = repository();
    let before = listed(&repository, &[]);
    let bare = Repository::clone(&repository, &["--bare"]);
    assert_eq!(listed(&bare, &["--rev", "HEAD"]), before);
    repository.write(&[("governance/records.yaml", &RECORDS.replace("2026-12-01", "2026-12-02"))]);
    assert_eq!(listed(&repository, &["--rev", "HEAD"]), before);
    assert_ne!(listed(&repository, &[]), before);
}

#[test]
fn nothing_due_is_said_and_no_failure() {
    let repository =
        Repository::with(&[("decisions.yaml", "decisions: [{ id: D-1, status: accepted, owner: ada }]\n")]);
    let output = run(&repository, &[]);
    let expected = "What falls due, as of 2026-11-20\n\nUntil 2026-12-20\n  nothing falls due\n";
    assert_eq!((&*output.out, &*output.err, output.code), (expected, "", Some(0)));
}

#[test]
fn text_of_the_records_stays_text() {
    let title = "\\e[31mred | <b>bold</b> END:VEVENT";
    let records = format!(
        "decisions:\n  - {{ id: D-1, title: \"{title}\\r\\nBEGIN:VEVENT\", status: accepted, owner: \"a|b\", review-by: 2026-12-01 }}\n"
    );
    let repository = Repository::with(&[("governance/records.yaml", &records)]);
    let text = run(&repository, &[]).out;
    assert!(text.contains("␛[31mred") && !text.contains('\u{1b}'), "{text}");
    let markdown = run(&repository, &["--format", "markdown"]).out;
    assert!(markdown.contains("\\| &lt;b&gt;bold&lt;/b&gt;") && markdown.contains("a\\|b"), "{markdown}");
    let calendar = run(&repository, &["--format", "ical"]).out;
    assert_eq!(calendar.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "{calendar}");
    assert!(!calendar.contains('\u{1b}') && calendar.lines().all(|line| line.len() <= 75), "{calendar}");
}

fn events(calendar: &str) -> Vec<(String, String)> {
    let field = |event: &str, name: &str| {
        let value = event.split("\r\n").find_map(|line| line.strip_prefix(name));
        value.unwrap_or_else(|| panic!("no {name} in {event}")).to_owned()
    };
    let events = calendar.split("BEGIN:VEVENT").skip(1);
    events.map(|event| (field(event, "UID:"), field(event, "DTSTART;VALUE=DATE:"))).collect()
}

#[test]
fn an_event_keeps_its_identity_when_its_day_or_its_place_is_moved() {
    let repository = repository();
    let export =
        |day: &str| repository.run(&["due", "--as-of", day, "--within", "2 months", "--format", "ical"]).out;
    let before = export("2026-11-20");
    let moved = RECORDS
        .replace("review-by: 2026-12-01", "review-by: 2026-12-15")
        .replace("due: 2026-11-27", "due: 2026-12-03");
    repository.remove("governance/records.yaml");
    repository.write(&[("strategy/records.yaml", &format!("# Moved.\n{moved}"))]);
    let after = export("2026-11-21");
    let day = |events: &[(String, String)], uid: &str| {
        events.iter().find(|event| event.0 == uid).map(|event| event.1.clone())
    };
    let (old, new) = (events(&before), events(&after));
    assert_eq!(old.len(), 4);
    let days: Vec<_> = old.iter().map(|(uid, _)| day(&new, uid).unwrap_or_default()).collect();
    assert_eq!(days, ["20261101", "20261203", "20261215", "20261205"]);
    let sequence = |calendar: &str| {
        calendar.split("SEQUENCE:").nth(1).and_then(|rest| rest.get(..4)?.parse::<u32>().ok())
    };
    assert!(sequence(&before) < sequence(&after));
}

#[test]
fn other_programs_read_the_calendar() {
    let calendar = run(&repository(), &["--format", "ical"]).out;
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
    let folder = Repository::folder_with(&[("due.ics", &calendar)]);
    let script = "import icalendar, sys
calendar = icalendar.Calendar.from_ical(open('due.ics', 'rb').read())
for event in calendar.walk('VEVENT'):
    assert not event.errors, event.errors
    print(event['DTSTART'].dt, event['SUMMARY'])
";
    let installed = Command::new("python3").args(["-c", "import icalendar"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Python has no package `icalendar`");
        return;
    }
    let output = Output::of(Command::new("python3").args(["-c", script]).current_dir(folder.path()));
    let expected = "2026-11-01 decision D-1 (Sell through partners)
2026-11-27 meeting M-1: Call the clinics (Kick-off)
2026-12-01 decision D-2 (Raise, or keep; the price)
2026-12-05 exception X-1 (On trial)
";
    assert_eq!((&*output.out, &*output.err), (expected, ""));
}

#[test]
fn one_person_has_one_name() {
    let actions = "meetings: [{ id: M-1, date: 2026-11-02, actions: [{ what: Call, owner: \"@bo\", due: 2026-11-27 }, { what: Write, owner: Bo, due: 2026-11-28 }] }]\n";
    let repository =
        Repository::with(&[("governance/records.yaml", actions), ("governance/directory.yaml", DIRECTORY)]);
    let json = run(&repository, &["--within", "2 weeks", "--format", "json"]).json();
    let rows = json["sections"][1]["rows"].as_array().expect("rows").iter();
    let owners: Vec<_> = rows.map(|row| row["cells"]["owner"]["text"].as_str().unwrap_or_default()).collect();
    assert_eq!(owners, ["bo", "bo"]);
}

#[test]
fn the_end_of_a_baseline_entry_is_listed() {
    let repository = Repository::with(&[(
        "decisions.yaml",
        "decisions: [{ id: D-1, title: Sell, status: accepted, owner: ada, date: 2026-10-01 }]\n",
    )]);
    repository.check(&["--write-baseline"]);
    let baseline = std::fs::read_dir(repository.path()).expect("a folder").filter_map(Result::ok);
    let baseline = baseline
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find(|name| name.contains("baseline"));
    let baseline = baseline.expect("a baseline");
    let text = repository.read(&baseline);
    let (before, after) = text.split_once("rule: decision/no-rationale").expect("an entry");
    repository.write(&[(
        &baseline,
        &format!("{before}until: 2026-12-01, because: soon, rule: decision/no-rationale{after}"),
    )]);
    let ends = || {
        listed(&repository, &["--within", "1 month"])
            .into_iter()
            .filter(|line| line.contains("baseline"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ends(), ["2026-12-01 alignlint-baseline.yaml: decision/D-1"]);
    let other = listed(&repository, &["--within", "1 week"]);
    assert!(other.iter().all(|line| !line.contains("baseline")), "{other:?}");
}

#[test]
fn whoever_stands_above_acts_for_those_who_left() {
    let records = "people:
  - { id: ada, title: Ada Byron }
  - { id: bo, title: Bo Ek, reports-to: ada, active-until: 2026-09-30 }
  - { id: cleo, title: Cleo Roth, reports-to: bo, active-until: 2026-10-31 }
decisions:
  - { id: D-1, title: Sell, status: accepted, owner: cleo, review-by: 2026-11-01 }
  - { id: D-2, title: Buy, status: accepted, owner: cloe, review-by: 2026-11-02 }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let output = run(&repository, &["--format", "markdown"]).out;
    for owner in ["| Ada Byron for Cleo Roth, who has left |", "| cloe, who is not in the directory |"] {
        assert!(output.contains(owner), "{output}");
    }
    assert!(listed(&repository, &["--for", "ada"]).contains(&"2026-11-01 decision D-1".to_owned()));
}

#[test]
fn the_next_session_counts_from_the_last_one() {
    let records = "forums: [{ id: desk, title: The desk, cadence: weekly }]
meetings: [{ id: M-1, forum: desk, date: 2026-11-09 }, { id: M-2, forum: desk, date: 2026-11-16 }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    assert_eq!(listed(&repository, &["--within", "1 week"]), ["2026-11-23 forum desk"]);
}

#[test]
fn a_written_review_day_falls_due_also_where_no_page_has_to_name_one() {
    let page = |day: &str| {
        format!(
            "---\nstatus: accepted\ndate: 2026-03-02\nreview-by: {day}\n---\n# Use Git\n\n## Context and Problem Statement\n\n\
             We share code.\n\n## Decision Outcome\n\nWe use Git.\n"
        )
    };
    let repository = Repository::with(&[
        ("docs/decisions/0001-use-git.md", &page("2026-12-15")),
        ("docs/decisions/0002-use-files.md", &page("2026-10-15").replace("Git", "files")),
    ]);
    // A day that has passed is a finding only where the practice holds, and is overdue everywhere.
    assert_eq!(
        listed(&repository, &["--within", "1 month"]),
        ["2026-10-15 decision 0002", "2026-12-15 decision 0001"]
    );
    assert_eq!(repository.check(&["--as-of", TODAY]).out, "");
}

#[test]
fn a_review_day_that_a_page_states_falls_due() {
    let page = |line: &str| {
        format!(
            "# Stop\n\n{line}\n\n## Status\n\nAccepted\n\n## Context\n\nWords.\n\n## Decision\n\nWords.\n\n## Consequences\n\nWords.\n"
        )
    };
    let (line, row) =
        (page("Review by: 2026-12-01"), page("| Date | 2026-01-10 |\n|---|---|\n| Review | 2026-12-02 |"));
    let prose = page("Review: after the pilot");
    let repository = Repository::folder_with(&[
        ("docs/adr/0001-line.md", &*line),
        ("docs/adr/0002-row.md", &*row),
        ("docs/adr/0003-prose.md", &*prose),
    ]);
    assert_eq!(
        listed(&repository, &["--within", "4 weeks"]),
        ["2026-12-01 decision 0001", "2026-12-02 decision 0002"]
    );
}

/// A meeting has no owner; its actions have.
#[test]
fn the_owner_of_an_action_alone_is_found() {
    let meeting = "meetings: [{ id: M-1, date: 2026-11-02, attendees: [Callum, Bo], actions: [{ what: Ring, owner: Callum, due: 2026-11-10 }] }]\n";
    let repository = Repository::folder_with(&[("governance/meetings.yaml", meeting)]);
    assert_eq!(listed(&repository, &["--for", "Callum"]), ["2026-11-10 meeting M-1: Ring"]);
    assert_eq!(run(&repository, &["--for", "Kim"]).code, Some(2));
}

#[test]
fn who_sits_in_a_forum_finds_its_next_session() {
    let repository = repository();
    let forum = "forums: [{ id: board, title: Board, chair: ada, participants: [ada, cy], cadence: monthly, owner: ada }]
meetings: [{ id: B-1, forum: board, date: 2026-10-05 }, { id: B-2, forum: board, date: 2026-11-05 }]
";
    repository.write(&[("governance/forums.yaml", forum)]);
    assert_eq!(listed(&repository, &["--for", "cy"]), ["2026-12-05 forum board"]);
    // Once for whoever holds it.
    let all = listed(&repository, &[]).into_iter().filter(|line| line.ends_with("forum board")).count();
    assert_eq!(all, 1);
}
