//! Pages and tables of a company: what is told of them, what is offered, and what is written next.

use crate::kit::{Repository, TODAY};

const PEOPLE: (&str, &str) =
    ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }, { id: priya, title: Priya Nair }]\n");

const FORUMS: (&str, &str) = (
    "governance/forums.yaml",
    "forums: [{ id: leadership, title: Leadership, owner: ada, chair: ada, purpose: [decide], cadence: 1 week }]\n",
);

fn minutes(forum: &str, attendees: &str) -> String {
    format!(
        "# Notes, 16 November 2026\n\nForum: {forum}\nAttendees: {attendees}\n\n## Discussion\n\nChurn.\n\n## Decisions\n\nNone.\n"
    )
}

const PAGE: &str = "minutes/2026-11-16-notes.md";

#[test]
fn a_forum_that_minutes_name_is_known() {
    let found = |forum: &str| {
        let page = minutes(forum, "Ada Byron");
        let repository = Repository::folder_with(&[PEOPLE, FORUMS, (PAGE, &page)]);
        repository.check(&["--select", "reference/unknown"]).out
    };
    assert_eq!(found("Leadership"), "");
    assert_eq!(found("Leadership (by telephone)"), "", "a remark is no name");
    let told = "minutes/2026-11-16-notes.md:3:8: error[reference/unknown] `2026-11-16-notes` refers to the unknown forum `Leadershp`\n";
    assert_eq!(found("Leadershp"), told);
}

#[test]
fn unknown_people_are_reported_where_the_directory_is_a_practice() {
    let page = minutes("Leadership", "Ada Byron, Pria Nair");
    let repository = Repository::folder_with(&[PEOPLE, FORUMS, (PAGE, &*page)]);
    let unknown = || repository.run_today(&["--select", "directory/unknown"]).out;
    assert_eq!(unknown(), "");
    repository.write(&[("alignlint.yaml", "practices: { directory: [minutes/**] }\n")]);
    let output = unknown();
    assert!(output.contains("did you mean `Priya Nair`?"), "{output}");
}

#[test]
fn a_level_that_is_kept_is_at_its_target() {
    let goals = |target: &str, current: &str| {
        format!(
            "kpis: [{{ id: runway, title: Runway, unit: months, direction: up }}]\n\
             objectives:\n  - id: O-1\n    title: Stay\n    status: active\n    period: 2026-Q4\n    owner: ada\n    key-results: \
             [{{ title: Runway, kpi: runway, baseline: 19 months, target: \"{target}\", current: {current}, updated: 2026-11-20 }}]\n"
        )
    };
    let course = |target: &str, current: &str| {
        let repository = Repository::folder_with(&[PEOPLE, ("strategy/goals.yaml", &goals(target, current))]);
        let wrong = repository.check(&["--select", "objective/target-against-direction"]).findings().len();
        let json = repository.run(&["report", "course", "--as-of", TODAY, "--format", "json"]).json();
        let state = &json["sections"][0]["rows"][0]["cells"]["state"]["text"];
        (wrong, state.as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(course(">= 18 months", "19 months"), (0, "at its target".to_owned()));
    assert_eq!(course(">= 18 months", "17 months"), (0, "off".to_owned()));
    assert_eq!(course("18 months", "19 months").0, 1);
}

#[test]
fn the_next_session_has_the_title_of_the_last_one_and_the_day_of_today() {
    let page = minutes("Leadership", "Ada Byron").replace("# Notes,", "# Leadership,");
    let files = [PEOPLE, FORUMS, ("minutes/2026-11-16-leadership.md", &*page)];
    let repository = Repository::folder_with(&files);
    let output = repository.run_today(&["new", "meeting"]);
    assert_eq!(output.out, "minutes/2026-11-20-leadership.md\n", "{}", output.err);
    assert!(
        repository.read("minutes/2026-11-20-leadership.md").starts_with("# Leadership, 20 November 2026\n")
    );
}

#[test]
fn a_new_role_and_a_new_team_are_held_by_nobody_yet() {
    let directory = "people: [{ id: ada, title: Ada Byron, email: ada@example.org }]\n\
                     roles:\n  - id: ceo\n    title: Chief Executive\n    holder: ada\n\
                     teams:\n  - id: sales\n    title: Sales\n    lead: ada\n";
    let repository = Repository::with(&[("governance/directory.yaml", directory)]);
    for (kind, line) in [("role", "    holder:\n"), ("team", "    lead:\n")] {
        let output = repository.run_today(&["new", kind, "North"]);
        assert_eq!(output.out, "governance/directory.yaml\n", "{}", output.err);
        let written = repository.read("governance/directory.yaml");
        assert!(written.contains(&format!("    title: North\n{line}")), "{written}");
    }
}

#[test]
fn a_decision_in_lines_below_its_title_is_in_the_form_of_the_program() {
    let page = "# D-1: Stop features\n\nStatus: accepted\nDate: 2026-09-28\nOwner: priya\nDecision makers: priya\nDomain: product\n\n\
                ## Context\n\nAlarms are wrong.\n\n## Options\n\n- A filter: chosen\n- A threshold: rejected\n\n## Decision\n\nNo new feature.\n";
    let right =
        ("governance/rights.yaml", "decision-rights: [{ id: product, title: Product, owner: ada }]\n");
    let path = "governance/decisions/D-1-stop-features.md";
    let repository = Repository::folder_with(&[PEOPLE, right, (path, page)]);
    let listed = repository.run(&["records", "decision", "--format", "json"]).json();
    let record = &listed["records"][0];
    assert_eq!((&record["id"], &record["title"]), (&"D-1".into(), &"Stop features".into()));
    assert_eq!(record["profile"], serde_json::Value::Null, "{record}");
    assert_eq!(record["fields"]["context"], "Alarms are wrong.");
    let found = repository.check(&["--select", "decision/outside-authority"]).out;
    assert!(found.contains("no decision maker of `D-1` holds the decision right `product`"), "{found}");
    // A line that the kind does not know is that of another form.
    let other = page.replace("Domain: product", "Reviewed in: spring");
    let repository = Repository::folder_with(&[PEOPLE, right, (path, &other)]);
    let listed = repository.run(&["records", "decision", "--format", "json"]).json();
    assert_eq!(listed["records"][0]["profile"], "generic");
}

const GOALS: &str = "# Goals\n\nPeriod: 2026-Q4\n\n## G-1: Farms trust us\n\nLevel: company\nOwner: ada\n\n### Key results\n\n- Fewer false alarms\n\n\
                     ## G-2: Invoices are paid\n\nLevel: team\nOwner: lena\n\n### Key results\n\n- Debtors pay\n";

#[test]
fn goals_below_governance_are_held_to_all_practices() {
    let found = |path: &str, config: &[(&str, &str)]| {
        let files = [&[PEOPLE, (path, GOALS)], config].concat();
        Repository::folder_with(&files).check(&["--select", "objective/orphan,ownership/unknown"]).out
    };
    let told = found("governance/goals.md", &[]);
    assert!(told.contains("objective/orphan") && told.contains("ownership/unknown"), "{told}");
    assert_eq!(found("okrs/goals.md", &[]), "", "in other folders, the configuration says so");
    let config = [("alignlint.yaml", "practices: { all: [\"okrs/**\"] }\n")];
    assert_eq!(found("okrs/goals.md", &config), told.replace("governance/", "okrs/"));
    // Where nothing else is in the program's own form, the page may be anybody's.
    let alone = Repository::folder_with(&[("governance/goals.md", GOALS)]);
    assert_eq!(alone.check(&["--select", "objective/orphan"]).out, "");
}

#[test]
fn a_new_goal_has_the_parts_of_the_last_one() {
    let page = "# Goals\n\nPeriod: 2026-Q4\n\n## G-1: Farms trust us\n\nLevel: company\nOwner: ada\n\n### Key results\n\n\
                | KR | Metric | Target |\n|---|---|---|\n| Fewer | alarms | 4 |\n\n\
                ## G-2: Probes last\n\nLevel: team\nSupports: G-1\nOwner: priya\n\n### Key results\n\n\
                | KR | Metric | Target |\n|---|---|---|\n| Longer | days | 90 |\n";
    let repository = Repository::folder_with(&[PEOPLE, ("governance/goals.md", page)]);
    repository.run_today(&["new", "objective", "Batteries last"]);
    let written = repository.read("governance/goals.md");
    let (_, new) = written.split_once("## G-3: Batteries last\n").expect("a section");
    assert!(
        new.contains("Supports:\nOwner:\n\n### Key results\n\n| KR | Metric | Target |\n|---|---|---|\n"),
        "{new}"
    );
}

#[test]
fn a_key_result_has_the_owner_of_its_row_and_the_time_of_its_number() {
    let page = "# Goals\n\nPeriod: 2026-Q4\n\n## G-1: Farms trust us\n\nLevel: company\nOwner: ada\n\n### Key results\n\n\
                | KR | Metric | Baseline | Target | Current | Updated | Owner |\n|---|---|---|---|---|---|---|\n\
                | Fewer false alarms | alarms | 9 | 4 | 6.5 | 2026-11-16 | priya |\n\n\
                ## G-2: Farms stay\n\nLevel: team\nOwner: ada\n\n### Key results\n\n- They like us\n";
    let kpis = ("governance/kpis.yaml", "kpis: [{ id: alarms, title: Alarms, owner: ada }]\n");
    let repository = Repository::with(&[PEOPLE, kpis, ("governance/goals.md", page)]);
    let report = |arguments: &[&str]| {
        let all =
            [&["report", "course", "--format", "markdown", "--as-of", "2026-11-26"], arguments].concat();
        repository.run(&all).out
    };
    let course = report(&[]);
    assert!(course.contains("Priya Nair"), "{course}");
    assert!(
        course.contains("| alarms | on course | 50% of the way, 50% of the time | now 6.5 on 2026-11-16,"),
        "{course}"
    );
    assert!(report(&["--for", "priya"]).contains("| alarms | on course |"), "{course}");
    let due = |who: &str| {
        repository.run(&["due", "--as-of", "2026-11-26", "--for", who]).out.contains("look at the number")
    };
    assert!(due("priya") && !due("ada"), "the check-in is that of the owner of the row");
}

#[test]
fn a_register_without_a_column_that_each_record_states_names_the_column() {
    let page = "# Exceptions\n\n| ID | From what | Owner | Approved by | Reason |\n|---|---|---|---|---|\n| X-1 | Care | Ada | Bo | It is closed. |\n";
    let files = [
        ("alignlint.yaml", "{}\n"),
        ("governance/exceptions.md", page),
        ("governance/values.yaml", "values: [{ id: v, title: V }]\n"),
    ];
    let out = Repository::folder_with(&files).run(&["--format", "concise"]).out;
    assert!(
        out.contains("its table has no column `Rule`, which each record of the kind `exception` states"),
        "{out}"
    );
}

#[test]
fn a_page_is_named_by_the_letters_and_the_number_that_its_title_begins_with() {
    let page = |title: &str| {
        format!(
            "# {title}\n\n- **Status:** accepted\n- **Date:** 2026-09-21\n- **Assumptions:** A-4\n\n## Context\n\nFew hours.\n\n## Decision\n\nWe do.\n"
        )
    };
    let name = |title: &str| {
        let page = page(title);
        let files = [("decisions/0001-electric-action.md", &*page)];
        let listing = Repository::folder_with(&files).run(&["records", "--format", "json"]).json();
        let record = listing["records"][0].clone();
        format!("{} {} {}", record["id"], record["title"], record["fields"]["assumptions"]).replace('"', "")
    };
    assert_eq!(name("D-1: Offer electric action"), "D-1 Offer electric action [A-4]");
    assert_eq!(name("DR-1: Offer electric action"), "DR-1 Offer electric action [A-4]");
    assert_eq!(name("ADR-1: Offer electric action"), "0001 Offer electric action [A-4]");
    // Another number, and the letters of a series.
    assert_eq!(name("D-2: Offer electric action"), "0001 D-2: Offer electric action [A-4]");
    assert_eq!(name("KEP-1: Offer electric action"), "0001 KEP-1: Offer electric action [A-4]");
}

/// A decision in the format of a community, with a heading and a line below it.
fn decision(heading: &str, line: &str) -> String {
    format!(
        "# {heading}\n\n- **Status:** accepted\n- **Date:** 2026-11-01\n- {line}\n\n## Context\n\nShops leave.\n\n\
         ## Decision\n\nWe offer it.\n\n## Consequences\n\nLess margin.\n"
    )
}

#[test]
fn a_heading_begins_with_the_identifier_in_several_forms() {
    let listed = |heading: &str| {
        let page = decision(heading, "**Owner:** Ada Byron");
        let repository = Repository::with(&[("docs/decisions/0001-offer.md", &page)]);
        repository.listed()
    };
    for heading in [
        "D-1: Offer it",
        "D-1 – Offer it",
        "D-1 - Offer it",
        "D-1. Offer it",
        "[D-1] Offer it",
        "D-1 Offer it",
    ] {
        assert_eq!(listed(heading), listed("D-1: Offer it"), "{heading}");
    }
    for heading in ["D-2 Offer it", "D-1 of the offers"] {
        assert_ne!(listed(heading), listed("D-1: Offer it"), "{heading}");
    }
}

#[test]
fn a_line_names_the_assumption_that_a_decision_rests_on() {
    let assumptions =
        "assumptions: [{ id: A-4, statement: Shops stay, owner: Ada Byron, status: invalidated }]\n";
    let found = |line: &str| {
        let page = decision("1. Offer it", line);
        let files = [("docs/decisions/0001-offer.md", &*page), ("governance/assumptions.yaml", assumptions)];
        let output = Repository::folder_with(&files).check(&["--select", "reference/inactive,reference/*"]);
        output
            .out
            .lines()
            .filter_map(|line| line.split_once("] "))
            .map(|(_, told)| told.to_owned())
            .collect::<Vec<_>>()
    };
    for label in ["Based on", "Depends on", "Premise", "Premises", "Rests on"] {
        let told = found(&format!("**{label}:** A-4"));
        assert_eq!(told, ["`0001` depends on the invalidated assumption `A-4`"], "{label}");
    }
    for line in ["**Based on:** what A-4 says", "**Depends on:** the survey", "**Based on:** ADR-4"] {
        assert_eq!(found(line), [""; 0], "{line}");
    }
}

#[test]
fn none_and_its_reason_name_no_record() {
    let found = |none: &str| {
        let goals = format!(
            "# Goals\n\n## G-1: Stay\n\nOwner: Ada Byron\nLevel: company\nSupports: {none}\n\n\
             | Key result | Metric |\n|---|---|\n| Fewer leave | churn |\n"
        );
        let records = format!(
            "kpis: [{{ id: churn }}]\nteams: [{{ id: core, parent: \"{none}\" }}]\n\
             decisions: [{{ id: D-1, depends-on: \"{none}\", assumptions: [\"{none}\"] }}]\n"
        );
        let files = [PEOPLE, ("strategy/goals/q4.md", &*goals), ("governance/records.yaml", &*records)];
        Repository::folder_with(&files).check(&["--select", "reference/*,directory/*,schema/*"]).out
    };
    for none in [
        "none",
        "none, because it is new",
        "Nothing, as yet",
        "no one (new)",
        "n/a: it is new",
        "none – it is new",
        "— (new)",
    ] {
        assert_eq!(found(none), "", "{none}");
    }
    for name in ["none of them", "nonesuch", "Nada (Ek)", "— soon"] {
        assert!(found(name).contains("unknown"), "{name}");
    }
}

#[test]
fn a_day_in_a_table_of_goals_is_rewritten() {
    let goals = "# Goals\n\n## G-1: Stay\n\nOwner: Ada Byron\n\n\
                 | Key result | Metric | Target | Updated |\n|---|---|---|---|\n| Fewer leave | churn | 2% | 16.11.2026 |\n";
    let repository = Repository::folder_with(&[
        PEOPLE,
        ("strategy/goals/q4.md", goals),
        ("governance/kpis.yaml", "kpis: [{ id: churn }]\n"),
    ]);
    repository.run(&["--fix"]);
    assert_eq!(repository.read("strategy/goals/q4.md"), goals.replace("16.11.2026", "2026-11-16"));
}

#[test]
fn a_required_key_without_a_value_is_no_missing_one() {
    let text = "exceptions:\n  - { id: X-1, rule: null, owner: ada }\n  - { id: X-2, rule: \"\", owner: ada }\n  - { id: X-3, owner: ada }\n";
    let repository = Repository::folder_with(&[PEOPLE, ("governance/exceptions.yaml", text)]);
    let found = repository.check(&["--select", "schema/required"]).out;
    let found: Vec<&str> = found.lines().collect();
    assert_eq!(
        found,
        [
            "governance/exceptions.yaml:2:16: error[schema/required] `X-1`: `rule` has no value",
            "governance/exceptions.yaml:3:16: error[schema/required] `X-2`: `rule` has no value",
            "governance/exceptions.yaml:4:11: error[schema/required] `X-3`: `rule` is missing"
        ]
    );
}
