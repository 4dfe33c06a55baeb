//! Pages about whose call something is, what it waits for, and who stands on the other side.

use serde_json::Value;

use crate::kit::{BO, Repository, TODAY};

const COMPANY: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org, reports-to: ada, team: sales }
  - { id: cleo, title: Cleo Roth, email: cleo@example.org, reports-to: ada }
roles:
  - { id: cfo, title: Finance, holder: ada }
  - { id: counsel, title: Counsel }
teams: [{ id: sales, title: Sales, lead: bo }]
decision-rights:
  - { id: market, title: Market, owner: ada, covers: To whom we sell }
  - { id: priorities, title: Priorities, owner: ada, covers: What the company works on }
  - { id: pricing, title: Pricing, owner: cfo, covers: What a site costs }
  - { id: partners, title: Partners, owner: bo, covers: Whom we train }
decisions:
  - { id: D-10, title: No hospitals, status: accepted, date: 2026-03-02, owner: ada, domain: market }
  - { id: D-20, title: Hospitals for partners, status: proposed, created: 2026-10-01, decide-by: 2026-10-30, owner: bo, domain: partners, trade-offs: [What D-10 protects], consequences: [Cleo writes the offer] }
  - { id: D-30, title: Train for hospitals, status: accepted, date: 2026-10-05, owner: bo, domain: partners, depends-on: [D-20] }
  - { id: D-40, title: Partners get 5% off, status: accepted, date: 2026-10-06, owner: bo, domain: partners, consulted: [cleo] }
  - { id: D-50, title: No releases from 14 December to 4 January, status: accepted, date: 2026-10-20, owner: ada }
  - { id: D-60, title: Print the logo, status: accepted, date: 2026-10-21, owner: cleo, decision-makers: [cleo], domain: partners }
objectives:
  - { id: O-1, title: Grow, level: company, owner: bo, period: 2027-Q1, status: proposed }
  - { id: O-2, title: Stay, level: company, owner: bo, period: 2026-Q4, status: active, key-results: [{ kpi: churn, baseline: 5%, target: 3%, current: 4.5%, updated: 2026-10-20 }] }
kpis:
  - { id: churn, title: Churn, owner: bo, readings: [{ date: 2026-10-31, value: 4% }] }
initiatives:
  - { id: guided-import, title: Guided import, owner: bo, objectives: [O-2], status: running, start: 2026-10-01, end: 2026-12-18 }
  - { id: list, title: One list, owner: [bo, cleo], objectives: [O-2], status: running, start: 2026-10-01, end: 2026-11-30 }
meetings:
  - id: M-1
    title: Review of 29 October 2026
    date: 2026-11-12
    actions:
      - { what: Announce that the guided import comes on 18 December, owner: bo, due: 2026-11-27, status: open }
      - { what: Water the plants, due: 2026-11-28, status: open }
";

fn company() -> Repository {
    Repository::with(&[("governance/company.yaml", COMPANY)])
}

fn sections(repository: &Repository, arguments: &[&str]) -> Vec<Value> {
    let output = repository.run(&[arguments, &["--as-of", TODAY, "--format", "json"]].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""), "{arguments:?}");
    output.json()["sections"].as_array().expect("sections").clone()
}

/// The cells of the rows in which one is a text, each as `key: text`.
fn cells(repository: &Repository, arguments: &[&str], subject: &str, keys: &[&str]) -> Vec<String> {
    let sections = sections(repository, arguments);
    let rows = sections.iter().flat_map(|section| section["rows"].as_array().expect("rows"));
    let text = |row: &Value, key: &str| row["cells"][key]["text"].as_str().map(str::to_owned);
    let is_meant = |row: &&Value| {
        let cells = row["cells"].as_object().expect("cells");
        cells.values().any(|cell| cell["text"].as_str().is_some_and(|text| text == subject))
    };
    let cell = |row: &Value, key: &str| text(row, key).filter(|text| !text.is_empty());
    rows.filter(is_meant)
        .flat_map(|row| keys.iter().filter_map(move |key| Some(format!("{key}: {}", cell(row, key)?))))
        .collect()
}

#[test]
fn a_proposal_names_the_holder_of_the_right_that_its_words_speak_of() {
    let repository = company();
    let waits = |who: &[&str], subject| {
        cells(&repository, &[&["report", "waits"], who].concat(), subject, &["record", "whose", "since"])
    };
    let speaks = "D-10, which is the call of Ada Byron";
    assert_eq!(
        waits(&[], "decision D-20"),
        [
            "record: decision D-20",
            &format!("whose: Bo Ek, for Partners; it speaks of {speaks}"),
            "since: 2026-10-01, 7 weeks ago"
        ]
    );
    assert_eq!(
        waits(&[], "decision D-30"),
        [
            "record: decision D-30",
            &format!("whose: Bo Ek, for Partners; D-20 speaks of {speaks}"),
            "since: 2026-10-01, 7 weeks ago"
        ]
    );
    assert_eq!(waits(&["--for", "ada"], "decision D-20")[0], "record: decision D-20");
    let due = cells(&repository, &["due"], "decision D-20", &["note", "owner"]);
    assert_eq!(due, [&format!("note: it speaks of {speaks}"), "owner: Bo Ek"]);
}

#[test]
fn a_goal_that_is_proposed_names_the_right_that_seems_to_cover_it() {
    let whose =
        |repository: &Repository| cells(repository, &["report", "waits"], "objective O-1", &["whose"]);
    assert_eq!(whose(&company()), ["whose: Ada Byron, as the right Priorities seems to cover it"]);
    let without = COMPANY.replace("Priorities", "Posts").replace("What the company works on", "Whom we hire");
    let without = Repository::with(&[("governance/company.yaml", &without)]);
    assert_eq!(whose(&without), ["whose: not said: no right covers it"]);
}

#[test]
fn work_that_ends_while_releases_are_stopped_says_until_when_an_exception_is_needed() {
    let repository = company();
    let until = cells(&repository, &["report", "waits"], "initiative guided-import", &["until"]);
    assert_eq!(until, ["until: exception needed before 2026-12-14; it ends on 2026-12-18"]);
    let notes = |subject| cells(&repository, &["due", "--within", "6 weeks"], subject, &["note"]);
    let freeze = "D-50 No releases from 14 December to 4 January";
    assert_eq!(
        notes("initiative guided-import"),
        [
            format!("note: it ends within {freeze}"),
            format!("note: this lies within {freeze}; no exception names it")
        ]
    );
    assert_eq!(
        notes("meeting M-1: Announce that the guided import comes on 18 December"),
        [format!(
            "note: the session was on 2026-11-12, whatever its title says; 2026-12-18 lies within {freeze}; no exception names guided-import"
        )]
    );
    assert_eq!(notes("initiative list"), <[String; 0]>::default());
    let load = cells(&repository, &["report", "load"], "Bo Ek", &["soon"]);
    assert!(load[0].contains(&format!("guided-import Guided import: this lies within {freeze}")), "{load:?}");
    let ical = repository.run(&["due", "--within", "6 weeks", "--as-of", TODAY, "--format", "ical"]).out;
    assert!(ical.replace("\r\n ", "").contains("this lies within D-50"), "{ical}");
    // An exception that names the work lets it end then.
    let exception = "exceptions: [{ id: E-1, title: Import, rule: decision D-50, scope: [guided-import], owner: ada, reason: It is ready, expires: 2027-01-31 }]\n";
    repository.write(&[("governance/exceptions.yaml", exception)]);
    let excepted = cells(&repository, &["due", "--within", "6 weeks"], "initiative guided-import", &["note"]);
    assert_eq!(excepted, <[String; 0]>::default());
}

#[test]
fn what_was_decided_without_the_right_stands_beside_the_rights() {
    let repository = company();
    let rights =
        |subject| cells(&repository, &["report", "rights"], subject, &["who", "under", "call", "findings"]);
    assert_eq!(
        rights("Partners get 5% off"),
        [
            "who: Bo Ek",
            "under: Partners",
            "call: Pricing, held by Finance (Ada Byron), not recorded as consulted"
        ]
    );
    assert_eq!(
        rights("Print the logo"),
        [
            "who: Cleo Roth",
            "call: Partners, held by Bo Ek",
            "findings: no decision maker of `D-60` holds the decision right `partners`"
        ]
    );
    assert_eq!(rights("No hospitals"), <[String; 0]>::default());
}

#[test]
fn a_conflict_names_the_other_side_and_who_settles_it() {
    let rewards = "incentives:
  - { id: calls, title: Bonus for calls, owner: ada, who: [bo], kpis: [{ kpi: churn, weight: 100%, direction: up }] }
  - { id: quiet, title: Bonus for quiet, owner: cfo, who: [sales], kpis: [{ kpi: churn, weight: 100%, direction: down }] }
";
    let repository = company();
    repository.write(&[("governance/pay.yaml", rewards)]);
    let against = cells(&repository, &["report", "conflicts"], "Bonus for calls", &["reward", "against"]);
    assert_eq!(
        against,
        ["reward: calls", "against: quiet Bonus for quiet (Sales; owner Finance (Ada Byron))"]
    );
    let words = "terms:
  - { id: site, definition: An address of a customer }
  - { id: site, definition: A customer, however many addresses it has }
";
    repository.write(&[("governance/glossary.yaml", words)]);
    let settled = cells(&repository, &["report", "conflicts"], "An address of a customer", &["settler"]);
    assert_eq!(settled, ["settler: not said"]);
}

#[test]
fn a_decision_is_shown_to_those_whom_its_consequences_name() {
    let repository = company();
    let asked = cells(&repository, &["report", "decisions", "--for", "cleo"], "D-20", &["asked"]);
    assert_eq!(asked, ["asked: Cleo Roth, not recorded as consulted or to be told"]);
    // Two with that name: nobody knows who is meant.
    let another = "people: [{ id: cleo-b, title: Cleo Berg, email: berg@example.org }]\n";
    repository.write(&[("governance/people.yaml", another)]);
    let asked = cells(&repository, &["report", "decisions"], "D-20", &["asked"]);
    assert_eq!(asked, <[String; 0]>::default());
}

#[test]
fn the_ladder_has_the_number_of_the_course() {
    let repository = company();
    let metrics = cells(&repository, &["report", "ladder"], "O-2", &["metrics"]);
    assert_eq!(metrics[0], "metrics: churn from 5% to 3%, now 4% (the goal says 4.5%)");
    let numbers = cells(&repository, &["report", "course"], "churn", &["numbers", "way"]);
    assert!(numbers[0].contains("now 4% (its reading of 2026-10-31)"), "{numbers:?}");
    assert_eq!(numbers[1], "way: 50% of the way, 32% of the time on 2026-10-31");
}

#[test]
fn load_counts_what_one_owns_with_others_and_names_roles_that_nobody_holds() {
    let repository = company();
    let cleo = cells(&repository, &["report", "load"], "Cleo Roth", &["records", "shared"]);
    assert_eq!(
        cleo,
        [
            "records: 1 record (1 decision in force); 1 with others",
            "shared: initiative list One list (Bo Ek, Cleo Roth)"
        ]
    );
    assert_eq!(cells(&repository, &["report", "load"], "Counsel", &["role"]), ["role: counsel"]);
}

#[test]
fn nobody_has_a_list_too() {
    let repository = company();
    let output = repository.run(&["due", "--for", "nobody", "--as-of", TODAY]).out;
    assert!(output.starts_with("What falls due for nobody, as of"), "{output}");
    assert!(output.contains("meeting M-1: Water the plants") && !output.contains("Bo Ek"), "{output}");
}

#[test]
fn a_list_of_records_under_a_misspelt_kind_is_told_at_the_top() {
    let repository = company();
    repository.write(&[(
        "governance/beliefs.yaml",
        "asumptions:\n  - { id: A-15, statement: Partners read this page., owner: bo }\n",
    )]);
    let output = repository.run(&["report", "assumptions", "--as-of", TODAY]).out;
    let note = "`governance/beliefs.yaml` is not read (unknown record kind `asumptions`), and\nwhat it holds is missing: A-15\n";
    assert!(output.contains(note), "{output}");
}

#[test]
fn a_trend_names_the_records_with_new_findings() {
    let repository = company();
    repository.write_file(
        "governance/late.yaml",
        "decisions: [{ id: D-70, title: Late, status: accepted, date: 2026-11-12, owner: cleo }]\n",
    );
    repository.commit_as("2026-11-12", BO, "Add one");
    let trend = repository.run(&["trend", "--as-of", TODAY, "--since", "2026-10-01"]).out;
    let found = trend.split_once("\n  Found anew since the state before\n").expect("the records").1;
    assert!(found.trim_start().starts_with("D-70 Late, ") || found.contains("D-70 Late, "), "{found}");
    assert!(found.contains("(Cleo Roth)"), "{found}");
}
