//! `alignlint report`, `agenda`, `digest` and `trend`: what they say in every format and state. `docs/views.md` has whole views.

use std::collections::BTreeSet;

use alignlint::rule::{self, Page};
use serde_json::Value;

use crate::kit::{BO, Output, Repository, TODAY, files_below, project_file};

fn show(repository: &Repository, arguments: &[&str]) -> Output {
    let output = repository.run(&[arguments, &["--as-of", TODAY]].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    output
}

/// The rows of a page, each with the texts of some columns; without those that have none.
fn rows(repository: &Repository, arguments: &[&str], keys: &[&str]) -> Vec<String> {
    let json = show(repository, &[arguments, &["--format", "json"]].concat()).json();
    let sections = json["sections"].as_array().expect("sections");
    let rows = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows"));
    let cell = |row: &Value, key: &str| row["cells"][key]["text"].as_str().unwrap_or_default().to_owned();
    let texts = rows.map(|row| keys.iter().map(|key| cell(row, key)).collect::<Vec<_>>());
    texts.filter(|texts| texts.iter().any(|text| !text.is_empty())).map(|texts| texts.join(" | ")).collect()
}

/// What a command prints about the clean example.
fn example(arguments: &[&str]) -> String {
    let repository = Repository::empty();
    for (path, text) in files_below("examples/clean", None) {
        repository.write_file(path.strip_prefix("examples/clean/").expect("below the folder"), &text);
    }
    repository.commit("2026-11-19");
    show(&repository, arguments).out
}

const OBJECTIVES: &str = "objectives:
  - { id: O-1, title: Stay, level: company, owner: ada, period: 2026-Q4, status: active, key-results: [{ kpi: churn, baseline: 4%, target: 3% }] }
  - { id: O-2, title: Care, level: team, team: care, owner: bo, parent: O-1, period: 2026-Q4, status: active, key-results: [{ kpi: replies, baseline: 2, target: 1 }] }
";

const METRIC: &str = "kpis:
  - { id: churn, title: Churn, owner: ada, definition: Who leaves, unit: \"%\", direction: down, source: billing, target: 3%, on-miss: { threshold: 4%, action: Prices stop } }
";

#[test]
fn the_report_of_a_company_fits_on_two_screens_and_names_its_parts() {
    let text = example(&["report"]);
    assert!(text.lines().count() <= 80, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    for page in Page::of_command("report") {
        assert!(text.contains(&page.title) && text.contains(page.name), "{}: {text}", page.name);
    }
}

#[test]
fn the_agenda_of_a_session_fits_on_a_page() {
    for forum in ["leadership", "monday", "leads", "product-review"] {
        let text = example(&["agenda", forum]);
        assert!(text.lines().count() <= 60 && text.lines().count() > 5, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}

#[test]
fn a_question_is_answered_open_or_answered_in_part() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    let answers = || {
        let json = show(&repository, &["report", "governance", "--format", "json"]).json();
        let row = &json["sections"][1]["rows"][0];
        let answer = |key: &str| row["cells"][key]["answer"].as_str().expect("an answer").to_owned();
        ["owner", "decision-right", "cadence", "consequence"].map(answer)
    };
    assert_eq!(answers(), ["answered", "open", "open", "answered"]);
    let forum = "forums: [{ id: review, cadence: monthly, chair: ada, reviews: [churn] }]\n";
    let metric = METRIC.replace("action: Prices stop", "action: Talk about it");
    repository.write(&[("governance/forums.yaml", forum), ("governance/kpis.yaml", &metric)]);
    assert_eq!(answers()[3], "in part");
}

#[test]
fn an_answer_has_the_place_where_it_is_written() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    let json = show(&repository, &["report", "governance", "--format", "json"]).json();
    let row = &json["sections"][1]["rows"][0];
    assert_eq!(row["record"], serde_json::json!({ "kind": "kpi", "id": "churn" }));
    let owner = &row["cells"]["owner"];
    assert_eq!(
        (owner["path"].as_str(), owner["start"]["column"].as_u64()),
        (Some("governance/kpis.yaml"), Some(39))
    );
    assert_eq!(row["cells"]["cadence"].get("path"), None);
}

/// The course of a key result on November 16, the share of its way, and its numbers.
#[test]
fn the_way_is_compared_with_the_time() {
    let cases = [
        ("12.6", "12", "14", "", "behind | 30% of the way | now 12.6, target 14, from 12"),
        ("70%", "61%", "72%", "%", "on course | 81% of the way | now 70%, target 72%, from 61%"),
        ("59%", "60%", "72%", "%", "off | away from the target | now 59%, target 72%, from 60%"),
        ("73", "60", "72", "%", "at its target | 108% of the way | now 73%, target 72%, from 60%"),
        (
            "19",
            "19",
            ">= 18",
            "months",
            "at its target |  | now 19 months, target >= 18 months, from 19 months",
        ),
        ("17", "19", ">= 18", "months", "off |  | now 17 months, target >= 18 months, from 19 months"),
        ("1 day", "1", "2", "", "unknown |  | now 1 day, target 2, from 1"),
        ("1", "2", "2", "", "unknown |  | now 1, target 2, from 2"),
        ("€9064000", "€0", "€2500000000", "EUR", "off | 0% of the way | now €9.1M, target €2.5bn, from €0"),
        (
            "€1160000",
            "€1M",
            "€1200000",
            "",
            "on course | 80% of the way | now €1.16M, target €1.2M, from €1M",
        ),
    ];
    for (now, from, target, unit, expected) in cases {
        let records = format!(
            "kpis: [{{ id: number, unit: \"{unit}\" }}]\nobjectives:\n  - id: O-1\n    period: 2026-Q4\n    status: active\n    \
             key-results: [{{ kpi: number, baseline: \"{from}\", target: \"{target}\", current: \"{now}\", updated: 2026-11-16 }}]\n"
        );
        let repository = Repository::with(&[("governance/records.yaml", &records)]);
        let courses = rows(&repository, &["report", "course"], &["state", "way", "numbers"]);
        let courses: Vec<String> = courses
            .iter()
            .map(|row| row.replace(", 50% of the time", "").replace(" on 2026-11-16", ""))
            .collect();
        assert_eq!(courses, [expected]);
    }
}

#[test]
fn each_key_result_is_on_course_or_not_and_has_its_numbers_in_their_unit() {
    let records = "kpis:
  - { id: sales, unit: EUR, readings: [{ date: 2026-10-31, value: 9064000 }, { date: 2026-12-31, value: 11000000 }] }
  - { id: churn, unit: \"%\" }
objectives:
  - id: O-1
    title: Grow
    owner: ada
    period: 2026-Q4
    status: active
    key-results:
      - { kpi: sales, baseline: 9000000, target: 10000000 }
      - { kpi: churn, baseline: 4%, target: 3%, current: 3.2%, updated: 2026-11-16 }
      - { milestone: The shop is open, due: 2026-11-01 }
      - { milestone: The second shop is open, due: 2026-12-01 }
      - { milestone: The third shop is open, reached: 2026-12-05 }
      - { kpi: nps, target: 40 }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let courses = rows(&repository, &["report", "course"], &["result", "state", "way", "numbers"]);
    assert_eq!(
        courses,
        [
            "sales | off | 6% of the way, 32% of the time | now 9.1M EUR on 2026-10-31, target 10M EUR, from 9M EUR",
            "The shop is open | off |  | overdue since 2026-11-01",
            "nps | unknown |  | no current value, target 40",
            "The second shop is open | open |  | due 2026-12-01",
            "The third shop is open | open |  | due 2026-12-05",
            "churn | on course | 80% of the way, 50% of the time | now 3.2% on 2026-11-16, target 3%, from 4%",
        ]
    );
}

#[test]
fn a_goal_stands_below_its_parent_and_a_cycle_ends() {
    let depths = |parents: [&str; 3]| {
        let goal = |(at, parent): (usize, &&str)| {
            let number = at + 1;
            format!(
                "  - {{ id: O-{number}, title: T{number}, owner: ada, status: active, period: 2026-Q4{parent} }}\n"
            )
        };
        let goals: String = parents.iter().enumerate().map(goal).collect();
        let repository = Repository::with(&[("objectives.yaml", &*format!("objectives:\n{goals}"))]);
        let json = show(&repository, &["report", "ladder", "--format", "json"]).json();
        let rows = json["sections"][0]["rows"].as_array().expect("rows").clone();
        rows.iter()
            .map(|row| format!("{} {}", row["cells"]["goal"]["text"].as_str().expect("a name"), row["depth"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(depths([", parent: O-3", "", ", parent: O-2"]), ["O-2 0", "O-3 1", "O-1 2"]);
    assert_eq!(depths([", parent: O-2", ", parent: O-1", ", parent: O-3"]), ["O-3 0", "O-1 0", "O-2 1"]);
}

#[test]
fn a_page_for_somebody_has_what_they_answer_for() {
    let directory = "people: [{ id: ada, title: Ada Byron }, { id: bo, title: Bo Ek }, { id: cy, title: Cy Roth }]
teams: [{ id: care, title: Care, lead: bo, members: [bo, cy] }]
forums: [{ id: review, title: Monthly review, chair: ada, cadence: monthly }]
meetings: [{ id: M-1, forum: review, date: 2026-11-03, actions: [{ what: Call, due: 2026-11-27, status: open }] }]
";
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/directory.yaml", directory)]);
    let goals = |who: &str| rows(&repository, &["report", "ladder", "--for", who], &["goal"]);
    assert_eq!(goals("ada"), ["O-1"]);
    for who in ["bo", "@Bo Ek", "Ek", "care"] {
        assert_eq!(goals(who), ["O-2"], "{who}");
    }
    assert_eq!(
        rows(&repository, &["due", "--for", "Monthly review"], &["what"]),
        ["meeting M-1: Call", "forum review"]
    );
    let heading = show(&repository, &["report", "ladder", "--for", "ada"]).out;
    assert!(heading.starts_with("The ladder for Ada Byron, as of 2026-11-20\n"), "{heading}");
    let unknown = repository.run(&["report", "--for", "boo", "--as-of", TODAY]);
    assert!(
        unknown.fault().contains("`boo`") && unknown.fault().contains("did you mean `bo`?"),
        "{}",
        unknown.err
    );
}

#[test]
fn an_agenda_is_about_one_forum() {
    let records = "forums:
  - { id: review, cadence: weekly, chair: ada, decides: [pricing], questions: [Who waits?] }
  - { id: other, cadence: weekly, chair: bo, decides: [hiring] }
decision-rights: [{ id: pricing, owner: ada }, { id: hiring, owner: bo }]
meetings:
  - { id: M-1, forum: review, date: 2026-11-02, actions: [{ what: Call, owner: bo, due: 2026-11-30, status: open }] }
  - { id: M-2, forum: review, date: 2026-11-09 }
  - { id: M-3, forum: other, date: 2026-11-16, actions: [{ what: Hire, owner: bo, due: 2026-11-10, status: open }] }
decisions:
  - { id: D-1, title: Old, status: accepted, date: 2026-11-05, owner: ada }
  - { id: D-2, title: New, status: accepted, date: 2026-11-12, owner: ada, domain: pricing }
  - { id: D-3, title: Price, status: proposed, owner: cy, domain: pricing }
  - { id: D-4, title: People, status: proposed, owner: cy, domain: hiring }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let agenda = |forum: &str, key: &str| rows(&repository, &["agenda", forum], &[key]);
    assert_eq!(agenda("review", "decision"), ["D-3", "D-2"]);
    assert_eq!(agenda("REVIEW", "call"), ["ada"]);
    assert_eq!(agenda("review", "action"), ["Call"]);
    assert_eq!(agenda("review", "question"), ["Who waits?"]);
    assert_eq!(
        (agenda("other", "decision"), agenda("other", "due")),
        (vec!["D-4".to_owned()], vec!["2026-11-10, overdue".to_owned()])
    );
    let unknown = repository.run(&["agenda", "reviw"]);
    assert!(unknown.fault().contains("no forum `reviw` help: did you mean `review`?"), "{}", unknown.err);
    // The list of what falls due names the same day.
    assert_eq!(agenda("other", "next"), ["2026-11-23, Monday"]);
    assert!(rows(&repository, &["due"], &["day", "what"]).contains(&"2026-11-23 | forum other".to_owned()));
    assert_eq!(
        rows(&repository, &["report", "sessions"], &["forum", "next"])[1],
        "other | 2026-11-23, Monday"
    );
    assert_eq!(rows(&repository, &["agenda"], &["forum"]), ["review", "other"]);
}

#[test]
fn what_minutes_link_to_is_not_without_a_record() {
    let decision = "---\nstatus: accepted\ndate: 2026-11-02\nowner: ada\n---\n\n# Sell through partners\n\n## Context\n\nWe are few.\n";
    let minutes = "---\nkind: meeting\ndate: 2026-11-10\nattendees: [ada]\n---\n\n# Review, 10 November 2026\n\n## Decisions\n
- We [sell through partners](../docs/decisions/0007-sell-through-partners.md).
- 0007-sell-through-partners: no change.
- The office closes at six.\n";
    let repository = Repository::with(&[
        ("docs/decisions/0007-sell-through-partners.md", decision),
        ("minutes/2026-11-10.md", minutes),
    ]);
    assert_eq!(rows(&repository, &["digest"], &["settled"]), ["The office closes at six."]);
    assert_eq!(rows(&repository, &["report", "decisions"], &["settled"]), ["The office closes at six."]);
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
    let digest = |since: &str| rows(&repository, &["digest", "--since", since], &["decision", "what"]);
    let moved = " | target of churn from 3% to 2%";
    assert_eq!(digest("2026-11-01"), ["D-1 | ", moved]);
    assert_eq!(digest("2026-11-03"), ["D-1 | ", moved], "the day itself counts");
    assert_eq!(digest("2026-11-04"), [moved]);
    assert_eq!(digest("2026-11-11"), Vec::<String>::new());
    assert_eq!(digest("HEAD~1"), ["D-1 | ", moved]);
    assert_eq!(digest("HEAD"), Vec::<String>::new());
    let unknown = repository.run(&["digest", "--since", "nowhere"]);
    assert!(unknown.fault().contains("`nowhere`"), "{}", unknown.err);
}

#[test]
fn a_trend_counts_the_states_of_its_days_by_the_policy_of_today() {
    let decision = |status: &str| {
        format!("decisions: [{{ id: D-1, title: Sell, status: {status}, owner: ada, date: 2026-09-01 }}]\n")
    };
    let repository = Repository::with(&[("governance/records.yaml", &decision("proposed"))]);
    repository.write(&[("governance/records.yaml", &decision("accepted"))]);
    repository.commit_as("2026-11-10", BO, "Decide");
    let arguments = ["trend", "--every", "2 weeks", "--since", "2026-10-30"];
    let trend = rows(&repository, &arguments, &["day", "records", "decisions-open"]);
    assert_eq!(trend, ["2026-11-06 | 1 | 1", "2026-11-20 | 1 | 0"]);
    let text = show(&repository, &["trend"]).out;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let cut = repository.run(&["trend", "--every", "day", "--since", "2020-01-01", "--as-of", TODAY]);
    assert!(cut.err.contains("not all states since 2020-01-01: the last 366 are shown"), "{}", cut.err);
    show(&repository, &["trend", "--every", "day", "--since", "2026-11-01"]);
    let fault = repository.run(&["trend", "--every", "hour", "--as-of", TODAY]);
    assert!(fault.fault().contains("`hour` is no time between two states"), "{}", fault.err);
}

#[test]
fn a_revision_and_a_bare_repository_are_read_as_the_worktree() {
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/kpis.yaml", METRIC)]);
    let bare = Repository::clone(&repository, &["--bare"]);
    for page in [&["report"][..], &["digest"], &["trend"]] {
        let worktree = show(&repository, page);
        assert_eq!(show(&repository, &[page, &["--rev", "HEAD"]].concat()), worktree);
        assert_eq!(show(&bare, &[page, &["--rev", "HEAD"]].concat()), worktree);
    }
}

#[test]
fn text_of_the_records_stays_text_and_lines_fit() {
    let title = format!("\\e[31mred | <b>x</b> {}", "and long ".repeat(30));
    let records = format!(
        "decisions:\n  - {{ id: \"D`|`1\", title: \"`a|b` {title}\", status: accepted, date: 2026-11-03, owner: \"@ada\" }}\n"
    );
    let repository = Repository::with(&[("governance/records.yaml", &records)]);
    for arguments in [&["report", "decisions"][..], &["report"], &["digest"]] {
        let text = show(&repository, arguments).out;
        assert!(text.contains("␛[31mred") && !text.contains('\u{1b}'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
    let markdown = show(&repository, &["report", "decisions", "--format", "markdown"]).out;
    assert!(markdown.contains("\\| &lt;b&gt;x&lt;/b&gt;") && !markdown.contains(" @ada"), "{markdown}");
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<usize> = markdown.lines().filter(|line| line.starts_with('|')).map(bars).collect();
    assert!(rows.len() > 2 && rows.iter().all(|bars| *bars == rows[0]), "{markdown}");
}

#[test]
fn a_view_names_a_file_that_can_not_be_read() {
    let broken = "decisions:\n  - id: P-36\n    title: One price\n    outcome: \"One price.\n";
    let repository =
        Repository::with(&[("strategy/goals.yaml", OBJECTIVES), ("governance/prices.yaml", broken)]);
    let text = repository.run(&["report", "rights", "--as-of", TODAY]).out;
    assert!(text.contains("`governance/prices.yaml` can't be read to its end"), "{text}");
}

#[test]
fn the_facets_that_pages_name_exist_and_the_document_has_each_page() {
    let rules = rule::embedded_rules();
    let facets: BTreeSet<&str> = rules.iter().map(|rule| &*rule.facet).collect();
    let commands = ["report", "agenda", "digest", "due", "trend"];
    let pages = commands.into_iter().flat_map(Page::of_command);
    for page in pages {
        assert!(project_file("docs/views.md").contains(page.name), "docs/views.md lacks {}", page.name);
        for column in page.sections.iter().flat_map(|section| &section.columns) {
            let unknown = column.facet.iter().find(|facet| !facets.contains(&***facet));
            assert_eq!(unknown, None, "{}: {}", page.name, column.key);
        }
    }
}
