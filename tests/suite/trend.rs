//! `alignlint trend`: past states, judged by the policy of today.

use jsonschema::Validator;

use crate::kit::{ADA, BO, Output, Repository, TODAY, project_file};

fn decision(number: usize, rest: &str) -> String {
    format!(
        "  - {{ id: D-{number}, title: Decision {number}, owner: ada, context: So it is, options: [a, b], trade-offs: [c], consequences: It is, {rest} }}\n"
    )
}

/// A decision that waits from September on, is taken in October and reopened in November, and one without an owner since October.
fn history() -> Repository {
    let repository = Repository::empty();
    let people = "people: [{ id: ada, title: Ada, email: ada@example.org }]\ndecisions:\n".to_owned();
    let steps = [
        ("2026-09-01", decision(1, "status: proposed, created: 2026-09-01")),
        (
            "2026-10-11",
            decision(1, "status: accepted, created: 2026-09-01, date: 2026-10-11")
                + "  - { id: D-2, title: Alone, status: accepted, date: 2026-10-11, context: So, options: [a, b], trade-offs: [c], consequences: It is }\n",
        ),
        (
            "2026-11-10",
            decision(1, "status: proposed, created: 2026-09-01")
                + "  - { id: D-2, title: Alone, status: accepted, date: 2026-10-11, context: So, options: [a, b], trade-offs: [c], consequences: It is }\n",
        ),
    ];
    for (day, decisions) in steps {
        repository.write(&[("governance/records.yaml", &(people.clone() + &decisions))]);
        repository.commit_as(day, ADA, "Decide");
    }
    repository
}

fn trend(repository: &Repository, arguments: &[&str]) -> Output {
    let output = repository.run(&[&["trend", "--as-of", TODAY], arguments].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    output
}

#[test]
fn each_state_has_a_bar_and_none_before_the_first_commit() {
    let text = trend(&history(), &["--since", "2026-07-01"]).out;
    let expected = "Trend, 2026-09-20 to 2026-11-20

Goals, metrics, decisions, actions and assumptions

                                             JASON
  Records                                    ··▆██  2 → 3
  Decisions taken, and written down by then  ··▁█▁  0 → 0
  Decisions waiting                          ··█▁█  1 → 1
  From proposal to decision                  ···█·  40 days
  Decisions reopened                         ··▁▁█  0 → 1

The state of the records: findings by question

                                             JASON
  Who owns the call?                         ··▁██  0 → 1

Behind the numbers of 2026-11-20

  Decisions waiting
    D-1 Decision 1, since 2026-09-01

  Decisions reopened
    D-1 Decision 1
";
    assert_eq!(text, expected);
}

#[test]
fn in_markdown_each_group_is_a_table() {
    let text = trend(&history(), &["--since", "2026-07-01", "--format", "markdown"]).out;
    let expected = "# Trend, 2026-09-20 to 2026-11-20

## Goals, metrics, decisions, actions and assumptions

| Measure | Each state | First and last |
|---|---|---|
| Records | ··▆██ | 2 → 3 |
| Decisions taken, and written down by then | ··▁█▁ | 0 → 0 |
| Decisions waiting | ··█▁█ | 1 → 1 |
| From proposal to decision | ···█· | 40 days |
| Decisions reopened | ··▁▁█ | 0 → 1 |

## The state of the records: findings by question

| Measure | Each state | First and last |
|---|---|---|
| Who owns the call? | ··▁██ | 0 → 1 |

## Behind the numbers of 2026-11-20

- Decisions waiting: D-1 Decision 1, since 2026-09-01
- Decisions reopened: D-1 Decision 1
";
    assert_eq!(text, expected);
}

#[test]
fn tables_have_a_line_for_each_number() {
    let repository = history();
    let csv = trend(&repository, &["--since", "2026-10-01", "--format", "csv"]).out;
    let october = repository.git(&["rev-parse", "HEAD~1"]);
    let lines: Vec<&str> =
        csv.lines().filter(|line| line.contains("waiting") || line.contains("From")).collect();
    let group = "\"Goals, metrics, decisions, actions and assumptions\"";
    assert_eq!(
        lines,
        [
            format!("2026-10-20,{},{group},Decisions waiting,count,0", october.trim()),
            format!("2026-11-20,,{group},Decisions waiting,count,1"),
            format!("2026-10-20,{},{group},From proposal to decision,days,40", october.trim()),
            format!("2026-11-20,,{group},From proposal to decision,days,"),
        ]
    );
}

#[test]
fn the_json_is_as_its_schema_says() {
    let json = trend(&history(), &["--format", "json"]).json();
    let schema = serde_json::from_str(&project_file("schemas/trend.schema.json")).expect("JSON");
    let schema: Validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(schema.is_valid(&json), "{json}");
    let counted = json["measures"].as_array().into_iter().flatten().filter_map(|it| it["counted"].as_array());
    let counted: Vec<String> = counted.flatten().map(ToString::to_string).collect();
    assert_eq!(
        counted,
        [
            r#"{"kind":"decision","id":"D-1","title":"Decision 1","note":"since 2026-09-01"}"#,
            r#"{"kind":"decision","id":"D-1","title":"Decision 1"}"#
        ]
    );
    assert_eq!(json["states"].as_array().map(Vec::len), Some(12));
}

#[test]
fn past_states_are_judged_by_the_policy_of_today() {
    let repository = history();
    let cached = trend(&repository, &[]).out;
    assert!(cached.contains("Who owns the call?"), "{cached}");
    repository.write(&[("alignlint.yaml", "rules: { ownership/missing: off }\n")]);
    let without = trend(&repository, &[]).out;
    assert!(!without.contains("Who owns the call?"), "{without}");
    repository.remove("alignlint.yaml");
    assert_eq!(trend(&repository, &[]).out, cached);
    assert_eq!(trend(&repository, &["--no-cache"]).out, cached);
}

#[test]
fn a_state_is_what_the_main_line_had_on_its_day() {
    let repository = history();
    let waiting = |arguments: &[&str]| {
        let csv = trend(
            &repository,
            &[arguments, &["--every", "week", "--since", "2026-10-20", "--format", "csv"]].concat(),
        )
        .out;
        let values = csv
            .lines()
            .filter(|line| line.contains("waiting"))
            .map(|line| line.rsplit(',').next().unwrap_or_default().to_owned());
        values.collect::<Vec<_>>()
    };
    assert_eq!(waiting(&[]), ["0", "0", "0", "1", "1"]);
    repository.git(&["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    repository.write(&[(
        "governance/more.yaml",
        &("decisions:\n".to_owned() + &decision(3, "status: proposed, created: 2026-10-21")),
    )]);
    repository.commit_as("2026-10-21", BO, "Propose");
    repository.git(&["checkout", "--quiet", "-"]);
    repository.merge_as("2026-11-19", BO, "Merge", "side");
    assert_eq!(waiting(&[]), ["0", "0", "0", "1", "2"], "merged on the 19th");
    assert_eq!(waiting(&["--rev", "HEAD^2"]), ["1", "1", "1", "1", "1"]);
}

#[test]
fn a_folder_without_commits_and_a_short_step_are_said() {
    let repository = Repository::empty();
    repository.write(&[("governance/records.yaml", "decisions: [{ id: D-1, status: proposed }]\n")]);
    let output = repository.run(&["trend", "--as-of", TODAY]);
    assert_eq!((output.code, output.out.contains("···········█  1")), (Some(0), true), "{}", output.out);
    let fault = repository.run(&["trend", "--every", "1 hour"]).fault();
    assert!(fault.contains("`1 hour` is no time between two states"), "{fault}");
}

#[test]
fn findings_of_several_questions_are_added_up() {
    let repository = Repository::empty();
    let decision = "decisions: [{ id: D-1, title: Alone, status: accepted, created: 2026-10-10, date: 2026-10-11, context: So, consequences: It is }]\n";
    repository.write(&[("governance/records.yaml", decision)]);
    repository.commit_as("2026-10-11", ADA, "Decide");
    let text = trend(&repository, &["--since", "2026-09-01"]).out;
    let last = |title: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(title)).unwrap_or_default();
        line.rsplit(' ').next().and_then(|number| number.parse::<u32>().ok())
    };
    assert_eq!(
        last("All of them"),
        Some(last("Who owns the call?").expect("a number") + last("Why was it").expect("a number")),
        "{text}"
    );
    assert!(text.contains("1 day\n"), "{text}");
}

#[test]
fn the_commits_of_the_time_in_which_most_findings_came_are_named() {
    let repository = history();
    let decisions: String = (3..9)
        .map(|number| format!("  - {{ id: D-{number}, title: Decision {number}, status: accepted, date: 2026-11-02, context: So, options: [a, b], trade-offs: [c], consequences: It is }}\n"))
        .collect();
    repository.write(&[("governance/more.yaml", &format!("decisions:\n{decisions}"))]);
    repository.commit_as("2026-11-12", BO, "Write them up");
    let text = trend(&repository, &["--since", "2026-09-01"]).out;
    let (_, steps) =
        text.split_once("When most findings were new, and the commits of that time\n").expect("steps");
    let expected = "
  2026-10-20 to 2026-11-20, 6 findings
    2026-11-10 Ada: Decide; 2026-11-12 Bo Ek: Write them up
";
    assert_eq!(steps, expected);
    let json = trend(&repository, &["--format", "json"]).json();
    assert_eq!(json["steps"][0]["found"], 6, "{json}");
}

#[test]
fn a_past_day_has_the_state_of_that_day() {
    let repository = history();
    let of_day = |arguments: &[&str]| {
        let output = repository
            .run(&[&["trend", "--as-of", "2026-10-20", "--since", "2026-08-01"], arguments].concat());
        output.out
    };
    let text = of_day(&[]);
    assert!(text.contains("Decisions waiting") && text.contains("1 → 0"), "{text}");
    assert!(!text.contains("reopened"), "{text}");
    assert_eq!(text, of_day(&["--rev", "HEAD~1"]));
}

#[test]
fn proposals_that_were_written_down_late_count_in_that_month() {
    let repository = history();
    let late = decision(3, "status: proposed, created: 2026-07-01");
    repository.write(&[("governance/late.yaml", &format!("decisions:\n{late}"))]);
    repository.commit_as("2026-11-12", ADA, "Write it up");
    let text = trend(&repository, &["--since", "2026-07-01"]).out;
    let expected = "  Earlier proposals, written down only then\n    D-3 Decision 3, since 2026-07-01, written down on 2026-11-12\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_state_of_no_ended_goal_has_no_number_of_reached_ones() {
    let repository = Repository::empty();
    let goal = |status: &str| {
        format!(
            "objectives:\n  - {{ id: O-1, title: Grow, owner: ada, status: {status}, period: 2026-Q3 }}\n"
        )
    };
    for (day, status) in [("2026-07-02", "active"), ("2026-10-05", "achieved")] {
        repository.write(&[("governance/goals.yaml", &goal(status))]);
        repository.commit_as(day, ADA, "Set the goal");
    }
    let text = trend(&repository, &["--since", "2026-07-01"]).out;
    let line = text.lines().find(|line| line.contains("Goals reached")).map(str::trim);
    assert_eq!(line, Some("Goals reached within three months  ···██  1 → 1"), "{text}");
}

#[test]
fn the_first_day_may_be_so_long_ago() {
    let of_day = trend(&history(), &["--since", "2026-08-20"]).out;
    assert_eq!(trend(&history(), &["--since", "3 months"]).out, of_day);
    assert_ne!(trend(&history(), &["--since", "1 month"]).out, of_day);
}
