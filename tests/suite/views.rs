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
    assert_eq!(answers(&repository), ["churn: answered 1, open 1, open 1, answered 2", unrecorded]);
    repository
        .write(&[("governance/kpis.yaml", &METRIC.replace("action: Prices stop", "action: Talk about it"))]);
    assert_eq!(answers(&repository), ["churn: answered 1, open 1, open 1, in part 1", unrecorded]);
    let forum = "forums: [{ id: review, cadence: monthly, chair: ada, reviews: [churn] }]\n";
    repository.write(&[("governance/forums.yaml", forum), ("governance/kpis.yaml", METRIC)]);
    let with_forum = answers(&repository);
    assert!(
        with_forum[0].contains(", answered 1, answered 2") || with_forum[0].contains("in part 1, answered 2"),
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
fn a_page_for_somebody_keeps_what_stands_above_and_below() {
    let repository = Repository::with(&[("strategy/goals.yaml", OBJECTIVES)]);
    let goals = |who: &str| rows(&repository, &["report", "ladder", "--for", who], &["goal"]);
    assert_eq!(goals("bo"), ["O-1", "O-2"]);
    assert_eq!(goals("ada"), ["O-1", "O-2"]);
    let heading = show(&repository, &["report", "ladder", "--for", "ada"]).out;
    assert!(heading.starts_with("The ladder for ada, as of 2026-11-20\n"), "{heading}");
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
  - { id: D-2, title: New, status: accepted, date: 2026-11-12, owner: ada, domain: pricing }
  - { id: D-3, title: Price, status: proposed, owner: cy, domain: pricing }
  - { id: D-4, title: People, status: proposed, owner: cy, domain: hiring }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let agenda = |forum: &str, key: &str| {
        let rows = rows(&repository, &["agenda", forum], &[key]);
        rows.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(
        agenda("review", "decision"),
        ["D-3", "D-2"],
        "what is to be decided stands before what is decided"
    );
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
    assert_eq!(digest("2026-11-03"), ["D-1 |  | ", moved], "the day itself counts");
    assert_eq!(digest("2026-11-04"), [moved]);
    assert_eq!(digest("2026-11-10"), [moved]);
    assert_eq!(digest("2026-11-11"), Vec::<String>::new());
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
    assert_eq!(deleted("2026-11-10"), [expected]);
    assert_eq!(deleted("2026-11-11"), Vec::<String>::new());
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
    let pages = ["report", "agenda", "digest", "due", "trend"]
        .into_iter()
        .flat_map(|command| Page::of_command(command).unwrap_or_else(|fault| panic!("{fault}")));
    let mut count = 0;
    for page in pages {
        count += 1;
        assert!(project_file("docs/views.md").contains(page.name), "docs/views.md lacks {}", page.name);
        assert!(page.upkeep.iter().all(|rule| known.contains(&**rule)), "{}", page.name);
        for column in page.sections.iter().flat_map(|section| &section.columns) {
            let with = column.with.iter().flat_map(|with| &with.rules);
            assert!(with.clone().all(|rule| known.contains(&**rule)), "{}: {}", page.name, column.key);
            assert!(column.rules.iter().all(|rule| known.contains(&**rule)), "{}: {}", page.name, column.key);
            assert!(
                column.facet.iter().all(|facet| facets.contains(&**facet)),
                "{}: {}",
                page.name,
                column.key
            );
        }
    }
    assert_eq!(count, 18);
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

const COMPANY: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada }
  - { id: cleo, title: Cleo Roth, email: cleo@example.org, reports-to: bo }
roles: [{ id: cfo, title: Finance, holder: ada }]
decision-rights: [{ id: pay, title: Pay, covers: What people earn, owner: cfo }]
forums: [{ id: board, title: The board, chair: cfo, participants: [ada, bo] }]
";

fn text(repository: &Repository, arguments: &[&str]) -> String {
    show(repository, arguments).out
}

#[test]
fn a_digest_says_who_decided_and_who_is_told() {
    let records = |status: &str| {
        format!(
            "decisions:
  - {{ id: D-1, title: Bonus on margin, status: {status}, date: 2026-11-12, owner: ada, decision-makers: [cfo], consulted: [bo], informed: [cleo], domain: pay, trade-offs: [Long deals earn less] }}
  - {{ id: D-2, title: One desk each, status: accepted, date: 2026-11-13, owner: bo }}
meetings: [{{ id: M-1, forum: board, date: 2026-11-10, deferred: [D-1] }}]
"
        )
    };
    let repository = Repository::with(&[
        ("governance/company.yaml", COMPANY),
        ("governance/records.yaml", &records("proposed")),
    ]);
    repository.write(&[("governance/records.yaml", &records("accepted"))]);
    repository.commit_as("2026-11-12", BO, "Tidy up");
    let digest = text(&repository, &["digest", "--since", "2026-11-01"]);
    let expected = "Digest since 2026-11-01, as of 2026-11-20

Decisions taken

D-2  One desk each
  decided     2026-11-13
  by          Bo Ek
  to be told  nobody is named, nor is anybody consulted
  findings    `D-2` names no decision right
  at          governance/records.yaml:3

Called accepted after a forum put it off, and to be confirmed

D-1  Bonus on margin
  put off            2026-11-10 by The board
  called accepted    proposed until 2026-11-12, then accepted by Bo Ek, who
                     neither decides it nor holds a right to it (“Tidy up”)
  whose call         Pay, held by Finance (Ada Byron)
  named as deciders  Finance (Ada Byron)
  gives up           Long deals earn less
  at                 governance/records.yaml:2

Decisions that changed

D-1  Bonus on margin
  what  proposed to accepted
  who   Bo Ek, 2026-11-12
  why   the commit says: Tidy up
  at    governance/records.yaml:2
";
    assert_eq!(digest, expected);
    let told = |who: &str| text(&repository, &["digest", "--since", "2026-11-01", "--for", who]);
    let cleo = told("cleo");
    assert!(cleo.starts_with("Digest since 2026-11-01 for Cleo Roth, as of"), "{cleo}");
    assert!(cleo.contains("\nD-1") && !cleo.contains("\nD-2"), "{cleo}");
    assert!(told("ada").contains("\nD-1"), "{}", told("ada"));
    let none = text(&repository, &["digest", "--since", "2026-11-13", "--for", "cleo"]);
    assert_eq!(
        none,
        "Digest since 2026-11-13 for Cleo Roth, as of 2026-11-20\n\nDecisions taken\n\nnone for Cleo Roth\n"
    );
}

#[test]
fn a_proposal_waits_since_the_day_that_it_states() {
    let records = "decisions:
  - { id: D-1, title: Own day, status: proposed, date: 2026-07-14, owner: ada, decide-by: 2026-09-30, domain: pay }
  - { id: D-2, title: No day, status: proposed, owner: ada }
  - { id: D-3, title: Stated, status: proposed, created: 2026-08-01, date: 2026-11-01, owner: ada }
  - { id: D-4, title: First a draft, status: draft, date: 2026-07-01, owner: ada }
";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("governance/records.yaml", records)]);
    repository.write(&[("governance/records.yaml", &records.replace("draft", "proposed"))]);
    repository.commit_as("2026-11-09", BO, "Propose it");
    let since = rows(&repository, &["report", "decisions"], &["decision", "since", "until", "call"]);
    let added = repository.git(&["log", "--reverse", "--format=%cs"]);
    let added = added.lines().next().expect("a commit");
    assert_eq!(since[0], "D-1 | 2026-07-14, 4 months ago | 2026-09-30, 7 weeks ago | Finance (Ada Byron)");
    assert!(since[1].starts_with(&format!("D-2 | {added}, ")), "{since:?}");
    assert_eq!(
        &since[2..],
        [
            "D-3 | 2026-08-01, 3 months ago |  | Ada Byron, its owner, as it names no right",
            "D-4 | 2026-11-09, 11 days ago |  | Ada Byron, its owner, as it names no right"
        ]
    );
}

#[test]
fn a_digest_counts_what_is_new_and_tells_what_was_recorded_late() {
    let before = "kpis: [{ id: churn, title: Churn, definition: Who leaves in a month }]\n";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("strategy/kpis.yaml", before)]);
    let goals: String =
        (1..=10).map(|at| format!("  - {{ id: O-{at:02}, title: Goal {at}, owner: bo }}\n")).collect();
    let decisions = "decisions:
  - { id: D-1, title: Sell in March, status: accepted, date: 2026-03-09, owner: bo }
  - { id: D-2, title: Sell in May, status: accepted, date: 2026-05-18, owner: bo }
";
    repository.write(&[
        ("strategy/kpis.yaml", &before.replace("in a month", "in a quarter")),
        ("strategy/goals.yaml", &format!("objectives:\n{goals}")),
        ("governance/late.yaml", decisions),
    ]);
    repository.commit_as("2026-11-16", BO, "Write it all down");
    let expected = "Digest since 2026-11-10, as of 2026-11-20

Decisions taken

no decision was taken

Decisions recorded since then, and taken earlier

2 decisions
  which         D-1 Sell in March, 2026-03-09; D-2 Sell in May, 2026-05-18
  written down  2026-11-16, by Bo Ek: Write it all down

New records

10 objectives
  which         O-01 Goal 1; O-02 Goal 2; O-03 Goal 3; O-04 Goal 4; O-05 Goal 5;
                O-06 Goal 6; O-07 Goal 7; O-08 Goal 8; O-09 Goal 9; O-10 Goal 10
  written down  2026-11-16, by Bo Ek: Write it all down

Metrics and rights that moved

kpi churn  Churn
  what    definition
  before  Who leaves in a month
  now     Who leaves in a quarter
  who     Bo Ek, 2026-11-16
  why     no decision; the commit says: Write it all down
  at      strategy/kpis.yaml:1
";
    assert_eq!(text(&repository, &["digest", "--since", "2026-11-10"]), expected);
    let cleo = text(&repository, &["digest", "--since", "2026-11-10", "--for", "cleo"]);
    assert!(!cleo.contains("recorded") && !cleo.contains("New"), "{cleo}");
}

#[test]
fn two_who_hold_one_right_are_seen_where_it_is_asked() {
    let records = "kpis: [{ id: churn, title: Churn, owner: ada, decides: pay }]
decision-rights: [{ id: wages, title: Wages, covers: what people earn, owner: bo, consulted: [cleo], response-time: 2 weeks, escalates-to: ada }]
";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("governance/more.yaml", records)]);
    let overlap = "`pay` and `wages` assign the same decisions to Ada Byron and Bo Ek";
    let rights = text(&repository, &["report", "rights"]);
    assert!(rights.starts_with("Who decides what, as of 2026-11-20\n"), "{rights}");
    let pay = rights.split("\n\n").find(|row| row.starts_with("pay ")).expect("a row");
    assert!(
        pay.starts_with("pay  Pay\n  covers      What people earn\n  decides     Finance (Ada Byron)\n"),
        "{pay}"
    );
    assert!(pay.split_whitespace().collect::<Vec<_>>().join(" ").contains(overlap), "{pay}");
    let json = show(&repository, &["report", "governance", "--format", "json"]).json();
    let right = &json["sections"][0]["rows"][0]["cells"]["decision-right"];
    assert_eq!(
        (right["text"].as_str(), right["answer"].as_str()),
        (Some("Pay, held by Finance (Ada Byron)"), Some("in part"))
    );
    let governance = text(&repository, &["report", "governance"]);
    let governance = governance.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        governance.contains(&format!("in part: Pay, held by Finance (Ada Byron) ({overlap}; right/overlap)")),
        "{governance}"
    );
    assert!(governance.contains("asked by ownership/missing (owner)"), "{governance}");
}

#[test]
fn a_ladder_keeps_proposals_apart_and_says_each_gap_once() {
    let goals = "objectives:
  - { id: O-1, title: Stay, level: company, owner: ada, period: 2026-Q4, status: active, rank: 1 }
  - { id: O-2, title: Grow, level: company, owner: ada, period: 2026-Q4, status: active, rank: 2, key-results: [{ milestone: Twelve desks, due: 2026-12-11, done-when: they stand }] }
  - { id: O-3, title: Care, level: team, owner: bo, parent: O-1, period: 2026-Q4, status: active, assumptions: [A-1] }
  - { id: O-4, title: Belgium, level: company, owner: ada, period: 2027-Q1, status: proposed, rank: 1 }
assumptions: [{ id: A-1, statement: They like it, status: invalidated, owner: bo }]
initiatives: [{ id: I-1, title: Desks, owner: cleo, objectives: [O-3], status: planned }]
";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("strategy/goals.yaml", goals)]);
    let json = show(&repository, &["report", "ladder", "--format", "json"]).json();
    let goals = |section: usize| -> Vec<&str> {
        let rows = json["sections"][section]["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["cells"]["goal"]["text"].as_str().expect("a name")).collect()
    };
    assert_eq!((goals(0), goals(2)), (vec!["O-1", "O-3", "O-2"], vec!["O-4"]));
    let ladder = text(&repository, &["report", "ladder"]);
    assert!(ladder.contains("milestones  Twelve desks, due 2026-12-11"), "{ladder}");
    assert!(ladder.contains("work        I-1 Desks (Cleo Roth), planned"), "{ladder}");
    let words = ladder.split_whitespace().collect::<Vec<_>>().join(" ");
    for gap in [
        "no objective of a team and no initiative contributes to `O-2`",
        "`O-3` depends on the invalidated assumption `A-1`",
    ] {
        assert_eq!(words.matches(gap).count(), 1, "{ladder}");
    }
    let second = ladder.split("\nO-2").nth(1).expect("a row");
    assert!(second.contains("contributes to `O-2`"), "{ladder}");
}

#[test]
fn an_agenda_is_about_the_topics_of_its_forum() {
    let records = "forums:
  - { id: desk, title: The desk, chair: bo, participants: [bo, cleo], cadence: weekly, decides: [pay], reviews: [calls], questions: [Same price?] }
meetings:
  - { id: M-1, forum: desk, date: 2026-11-09, deferred: [D-3], answers: [{ question: Same price?, by: bo, answer: \"yes\" }] }
  - { id: M-2, forum: desk, date: 2026-11-16, deferred: [D-3], answers: [{ question: Same price?, by: bo, answer: \"yes\" }, { question: Same price?, by: cleo, answer: \"no, 5% off\" }] }
kpis:
  - { id: calls, title: Calls, owner: bo, readings: [{ date: 2026-09-30, value: 4 }, { date: 2026-10-31, value: 6 }], target: 8 }
decisions:
  - { id: D-1, title: Pay by the hour, status: accepted, date: 2026-11-18, owner: ada, domain: pay }
  - { id: D-2, title: A new logo, status: accepted, date: 2026-11-18, owner: cleo }
  - { id: D-3, title: Hospitals, status: draft, owner: cleo }
  - { id: D-4, title: Pay by the day, status: proposed, created: 2026-11-02, owner: cleo, domain: pay }
";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("governance/records.yaml", records)]);
    let agenda = text(&repository, &["agenda", "desk"]);
    let expected = "Agenda of The desk, as of 2026-11-20

The session

The desk
  takes place  weekly
  next         2026-11-23, Monday; then 2026-11-30
  chair        Bo Ek
  with         Bo Ek, Cleo Roth
  since        2026-11-16, the last session with minutes here
  at           governance/records.yaml:2
";
    assert!(agenda.starts_with(expected), "{agenda}");
    for part in [
        "\nD-1  Pay by the hour\n  status  accepted, 2026-11-18\n  by      Ada Byron\n",
        "\nD-3  Hospitals\n  since         2026-10-01, a draft\n",
        "put off here  2 times, last on 2026-11-16\n",
        "\nD-4  Pay by the day\n  since         2026-11-02\n  whose call    Finance (Ada Byron)\n  proposed by   Cleo Roth\n",
        "last answers  Bo Ek: yes; Cleo Roth: no, 5% off\n  note          the answers differ\n  before        2026-11-09 Bo Ek: yes\n",
        "\ncalls  Calls\n  reading  6 on 2026-10-31\n  before   4 on 2026-09-30\n  target   8\n",
    ] {
        assert!(agenda.contains(part), "{part}\n{agenda}");
    }
    assert!(!agenda.contains("D-2"), "{agenda}");
    assert!(text(&repository, &["agenda", "board"]).contains("D-2"));
}

#[test]
fn a_page_in_markdown_is_told_in_a_line_of_prose() {
    let page = "---\nstatus: accepted\ndate: 2026-11-12\ndecision-makers: [ada]\n---\n\n# Stop the app\n\n## Context and Problem Statement\n\nIt takes **a fifth** of [our time](plan.md). What now?\n\n## Considered Options\n\n* Stop it\n* Keep it\n\n## Decision Outcome\n\nChosen option: \"Stop it\", because nobody\nplans there.\n\n### Consequences\n\n* Good, because there is one way to plan.\n* Bad, because planning without a network is gone.\n";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("docs/decisions/0008-stop.md", page)]);
    let digest = text(&repository, &["digest", "--since", "2026-11-01"]);
    let expected = "
0008  Stop the app
  decided      2026-11-12
  by           Ada Byron
  outcome      Chosen option: \"Stop it\", because nobody plans there.
  why          It takes a fifth of our time. What now?
  traded away  planning without a network is gone.
  at           docs/decisions/0008-stop.md:2
";
    assert!(digest.contains(expected), "{digest}");
}

#[test]
fn load_says_who_can_not_answer() {
    let records = "people:
  - { id: dan, title: Dan Roe, active-until: 2026-09-30 }
roles: [{ id: cto, title: Technology }]
teams: [{ id: desk, title: Desk }]
kpis: [{ id: a, owner: dan }, { id: b, owner: cto }, { id: c, owner: desk }, { id: d, owner: adda }, { id: e, owner: bo }]
";
    let repository =
        Repository::with(&[("governance/company.yaml", COMPANY), ("governance/records.yaml", records)]);
    let notes = rows(&repository, &["report", "load"], &["owner", "note"]);
    for note in [
        "Dan Roe | has left",
        "Technology | a role that nobody holds",
        "Desk | a team without a lead",
        "adda | not in the directory",
        "Bo Ek | ",
    ] {
        assert!(notes.contains(&note.to_owned()), "{note}: {notes:?}");
    }
}
