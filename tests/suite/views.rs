//! `alignlint report`, `agenda` and `digest`: what they say in every format and state. `docs/views.md` has whole pages.

use std::collections::BTreeSet;

use alignlint::rule::{self, Page};
use serde_json::Value;

use crate::kit::{BO, Output, Repository, TODAY, project_file};

fn show(repository: &Repository, arguments: &[&str]) -> Output {
    let output = repository.run(&[arguments, &["--as-of", TODAY]].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    output
}

/// The rows of a page, each as `title: key=text …`.
fn rows(repository: &Repository, arguments: &[&str], keys: &[&str]) -> Vec<String> {
    let json = show(repository, &[arguments, &["--format", "json"]].concat()).json();
    let sections = json["sections"].as_array().expect("sections");
    let rows = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows"));
    let cell = |row: &Value, key: &str| row["cells"][key]["text"].as_str().unwrap_or_default().to_owned();
    rows.map(|row| keys.iter().map(|key| cell(row, key)).collect::<Vec<_>>().join(" | ")).collect()
}

/// The answer to each question of the governance test: `owner=answered …`, with the rules that ask.
fn answers(repository: &Repository) -> Vec<String> {
    let json = show(repository, &["report", "governance", "--format", "json"]).json();
    let sections = json["sections"].as_array().expect("sections");
    let rows = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows"));
    let keys = ["owner", "decision-right", "cadence", "consequence"];
    let answer = |row: &Value, key: &str| {
        let cell = &row["cells"][key];
        let rules = cell["rules"].as_array().map_or(0, Vec::len);
        format!("{} {rules}", cell["answer"].as_str().expect("an answer"))
    };
    let answers = |row: &Value| keys.map(|key| answer(row, key)).join(", ");
    rows.map(|row| format!("{}: {}", row["cells"]["metric"]["text"].as_str().expect("a name"), answers(row)))
        .collect()
}

const OBJECTIVES: &str = "objectives:
  - { id: O-1, title: Stay, level: company, owner: ada, period: 2026-Q4, status: active, key-results: [{ kpi: churn, baseline: 4%, target: 3% }] }
  - { id: O-2, title: Care, level: team, team: care, owner: bo, parent: O-1, period: 2026-Q4, status: active, key-results: [{ kpi: replies, baseline: 2, target: 1 }] }
";

const METRIC: &str = "kpis:
  - { id: churn, title: Churn, owner: ada, definition: Who leaves, unit: \"%\", direction: down, source: billing, target: 3%, on-miss: { threshold: 4%, action: Prices stop } }
";

#[test]
fn a_question_is_answered_open_or_answered_in_part() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    // Of `replies`, which a team pursues, there is no record.
    let unrecorded = "replies: open 1, open 1, open 1, open 1";
    assert_eq!(answers(&repository), ["churn: answered 0, open 1, open 1, answered 0", unrecorded]);
    repository
        .write(&[("governance/kpis.yaml", &METRIC.replace("action: Prices stop", "action: Talk about it"))]);
    assert_eq!(answers(&repository), ["churn: answered 0, open 1, open 1, in part 1", unrecorded]);
    let forum = "forums: [{ id: review, cadence: monthly, chair: ada, reviews: [churn] }]\n";
    repository.write(&[("governance/forums.yaml", forum), ("governance/kpis.yaml", METRIC)]);
    let with_forum = answers(&repository);
    assert!(
        with_forum[0].contains(", answered 0, answered 0") || with_forum[0].contains("in part 1, answered 0"),
        "{with_forum:?}"
    );
}

#[test]
fn an_answer_has_the_place_where_it_is_written() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    let json = show(&repository, &["report", "governance", "--format", "json"]).json();
    let row = &json["sections"][0]["rows"][0];
    assert_eq!(row["record"], serde_json::json!({ "kind": "kpi", "id": "churn" }));
    let owner = &row["cells"]["owner"];
    assert_eq!(
        (owner["path"].as_str(), owner["start"]["column"].as_u64()),
        (Some("governance/kpis.yaml"), Some(39))
    );
    assert_eq!(row["cells"]["cadence"].get("path"), None);
}

#[test]
fn nothing_is_said_of_a_conflict_that_a_metric_does_not_have() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    let text = show(&repository, &["report", "governance"]).out;
    assert!(text.contains("consequence") && !text.contains("conflict"), "{text}");
}

#[test]
fn without_a_metric_that_counts_the_company_has_no_answer() {
    let repository =
        Repository::with(&[("decisions.yaml", "decisions: [{ id: D-1, status: accepted, owner: ada }]\n")]);
    assert_eq!(answers(&repository), ["the company: open 1, open 1, open 1, open 2"]);
}

#[test]
fn a_goal_stands_below_its_parent_and_a_cycle_ends() {
    let goals = |parents: [&str; 3]| {
        let goal = |number: usize, parent: &str| {
            format!(
                "  - {{ id: O-{number}, title: T{number}, owner: ada, status: active, period: 2026-Q4{parent} }}\n"
            )
        };
        let goals: String = parents.iter().enumerate().map(|(at, parent)| goal(at + 1, parent)).collect();
        format!("objectives:\n{goals}")
    };
    let depths = |text: String| {
        let repository = Repository::with(&[("objectives.yaml", &text)]);
        let json = show(&repository, &["report", "ladder", "--format", "json"]).json();
        let rows = json["sections"][0]["rows"].as_array().expect("rows").clone();
        rows.iter()
            .map(|row| format!("{} {}", row["cells"]["goal"]["text"].as_str().expect("a name"), row["depth"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(depths(goals([", parent: O-3", "", ", parent: O-2"])), ["O-2 0", "O-3 1", "O-1 2"]);
    assert_eq!(
        depths(goals([", parent: O-2", ", parent: O-1", ", parent: O-3"])),
        ["O-3 0", "O-1 0", "O-2 1"]
    );
}

#[test]
fn a_page_for_somebody_keeps_what_stands_above() {
    let repository = Repository::with(&[("strategy/goals.yaml", OBJECTIVES)]);
    let goals = |who: &str| rows(&repository, &["report", "ladder", "--for", who], &["goal"]);
    assert_eq!(goals("bo"), ["O-1", "O-2"]);
    assert_eq!(goals("ada"), ["O-1"]);
}

#[test]
fn an_agenda_is_about_one_forum() {
    let records = "forums:
  - { id: review, cadence: weekly, chair: ada, decides: [pricing], questions: [Who waits?] }
  - { id: other, cadence: weekly, chair: bo, decides: [hiring] }
decision-rights: [{ id: pricing, owner: ada }, { id: hiring, owner: bo }]
meetings:
  - { id: M-1, forum: review, date: 2026-11-02, answers: [{ question: Who waits?, by: bo, answer: Nobody }], actions: [{ what: Call, owner: bo, due: 2026-11-30, status: open }] }
  - { id: M-2, forum: review, date: 2026-11-09, answers: [{ question: who waits?, by: bo, answer: The clinics }] }
  - { id: M-3, forum: other, date: 2026-11-16, actions: [{ what: Hire, owner: bo, due: 2026-11-10, status: open }] }
decisions:
  - { id: D-1, title: Old, status: accepted, date: 2026-11-05, owner: ada }
  - { id: D-2, title: New, status: accepted, date: 2026-11-12, owner: ada }
  - { id: D-3, title: Price, status: proposed, owner: cy, domain: pricing }
  - { id: D-4, title: People, status: proposed, owner: cy, domain: hiring }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let agenda = |forum: &str, key: &str| {
        let rows = rows(&repository, &["agenda", forum], &[key]);
        rows.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(agenda("review", "decision"), ["D-2", "D-3"]);
    assert_eq!(agenda("REVIEW", "call"), ["ada"]);
    assert_eq!(agenda("review", "action"), ["Call"]);
    assert_eq!(agenda("review", "answers"), ["bo: The clinics"]);
    assert_eq!(
        (agenda("other", "decision"), agenda("other", "due")),
        (vec!["D-4".to_owned()], vec!["2026-11-10, overdue".to_owned()])
    );
    let unknown = repository.run(&["agenda", "reviw"]);
    assert!(unknown.fault().contains("no forum `reviw` help: did you mean `review`?"), "{}", unknown.err);
}

#[test]
fn a_digest_begins_after_a_day_or_a_revision() {
    let records = |target: &str| {
        format!(
            "{}decisions:\n  - {{ id: D-1, title: A, status: accepted, date: 2026-11-03, owner: ada }}\n",
            OBJECTIVES.replace("target: 3%", target)
        )
    };
    let repository = Repository::with(&[("strategy/records.yaml", &records("target: 3%"))]);
    repository.write(&[("strategy/records.yaml", &records("target: 2%"))]);
    repository.commit_as("2026-11-10", BO, "Aim higher");
    let digest =
        |since: &str| rows(&repository, &["digest", "--since", since], &["decision", "goal", "what"]);
    let moved = " | O-1 | target 3% to 2%";
    assert_eq!(digest("2026-11-01"), ["D-1 |  | ", moved]);
    assert_eq!(digest("2026-11-03"), [moved]);
    assert_eq!(digest("HEAD~1"), ["D-1 |  | ", moved]);
    assert_eq!(digest("HEAD"), Vec::<String>::new());
    let unknown = repository.run(&["digest", "--since", "nowhere"]);
    assert!(unknown.fault().contains("`nowhere`"), "{}", unknown.err);
}

#[test]
fn a_digest_names_the_records_that_were_deleted() {
    let records = |rest: &str| format!("decisions:\n  - {{ id: D-1, title: One, status: draft }}\n{rest}");
    let gone = "  - { id: D-2, title: Two, status: draft }\n  - { id: D-3, title: Three, status: draft }\n";
    let repository = Repository::with(&[("governance/records.yaml", &records(gone))]);
    let renamed = "  - { id: D-4, title: Three, status: draft }\n";
    repository.write(&[("governance/records.yaml", &records(renamed))]);
    repository.commit_as("2026-11-10", BO, "Tidy up");
    let deleted =
        |since: &str| rows(&repository, &["digest", "--since", since], &["record", "title", "path"]);
    let expected = "decision D-2 | Two | governance/records.yaml";
    assert_eq!(deleted("2026-11-09"), [expected]);
    assert_eq!(deleted("12 days"), [expected]);
    assert_eq!(deleted("2026-11-10"), Vec::<String>::new());
    assert_eq!(deleted("1 week"), Vec::<String>::new());
}

#[test]
fn a_revision_and_a_bare_repository_are_read_as_the_worktree() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    let bare = Repository::clone(&repository, &["--bare"]);
    for page in [&["report"][..], &["digest"]] {
        let worktree = show(&repository, page);
        assert_eq!(show(&repository, &[page, &["--rev", "HEAD"]].concat()), worktree);
        assert_eq!(show(&bare, &[page, &["--rev", "HEAD"]].concat()), worktree);
    }
}

#[test]
fn text_of_the_records_stays_text_and_lines_fit() {
    let title = format!("\\e[31mred | <b>x</b> {}", "and long ".repeat(30));
    let records = format!(
        "decisions:\n  - {{ id: D-1, title: \"{title}\", status: accepted, date: 2026-11-03, owner: \"@ada\" }}\n"
    );
    let repository = Repository::with(&[("governance/records.yaml", &records)]);
    let text = show(&repository, &["report", "decisions"]).out;
    assert!(text.contains("␛[31mred") && !text.contains('\u{1b}'), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let markdown = show(&repository, &["report", "decisions", "--format", "markdown"]).out;
    assert!(markdown.contains("\\| &lt;b&gt;x&lt;/b&gt;") && !markdown.contains(" @ada"), "{markdown}");
}

#[test]
fn the_rules_that_pages_name_exist() {
    let rules = rule::embedded_rules().unwrap_or_else(|faults| panic!("{}", faults[0]));
    let (known, facets): (BTreeSet<&str>, BTreeSet<&str>) =
        rules.iter().map(|rule| (&*rule.id, &*rule.facet)).unzip();
    let pages = ["report", "agenda", "digest", "trend"]
        .into_iter()
        .flat_map(|command| Page::of_command(command).unwrap_or_else(|fault| panic!("{fault}")));
    let mut count = 0;
    for page in pages {
        count += 1;
        assert!(project_file("docs/views.md").contains(page.name), "docs/views.md lacks {}", page.name);
        for column in page.sections.iter().flat_map(|section| &section.columns) {
            assert!(column.rules.iter().all(|rule| known.contains(&**rule)), "{}: {}", page.name, column.key);
            assert!(
                column.facet.iter().all(|facet| facets.contains(&**facet)),
                "{}: {}",
                page.name,
                column.key
            );
        }
    }
    assert_eq!(count, 8);
}

#[test]
fn an_amount_in_another_spelling_has_not_moved() {
    let records = |target: &str| format!("kpis: [{{ id: churn, title: Churn, target: \"{target}\" }}]\n");
    let repository = Repository::with(&[("strategy/kpis.yaml", &records("1,2 %"))]);
    repository.write(&[("strategy/kpis.yaml", &records("1.2%"))]);
    repository.commit_as("2026-11-10", BO, "Write it as the others");
    let moved = || rows(&repository, &["digest", "--since", "2026-11-01"], &["record", "what"]);
    assert_eq!(moved(), [""; 0]);
    repository.write(&[("strategy/kpis.yaml", &records("1.5%"))]);
    repository.commit_as("2026-11-12", BO, "Aim higher");
    assert_eq!(moved(), ["kpi churn | target 1.2% to 1.5%"]);
}

#[test]
fn a_forum_that_reviews_a_metric_is_named_once() {
    let records = "kpis: [{ id: churn, title: Churn, owner: ada, reviewed-in: [board] }]\nforums: [{ id: board, cadence: weekly, reviews: [churn] }]\n";
    let repository = Repository::with(&[("strategy/kpis.yaml", records)]);
    assert_eq!(rows(&repository, &["report", "governance"], &["cadence"])[0], "board, weekly");
}
