//! The folder `governance/` of a company: lines below the title of a decision, tables of goals, and pages of other things.

use crate::kit::Repository;

/// Goals with one table of key results.
fn goals(table: &str) -> String {
    format!(
        "# Objectives\n\nPeriod: 2026-Q4\n\n## O1: Orders grow\n\n- Owner: marek\n- Level: company\n\n{table}"
    )
}

/// Says that the folder holds records on purpose.
const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [recommended]\n");

const OKRS: &str = "governance/okrs.md";

fn orders(target: u32) -> String {
    goals(&format!(
        "| Key result | KPI | Baseline | Target |\n|---|---|---|---|\n| Orders | orders | 52 | {target} |\n"
    ))
}

/// A numbered page of a decision, with a part of its own.
fn decision(line: &str, section: &str) -> String {
    format!(
        "# 1. Aim at sixty orders\n\n- Status: accepted\n- Date: 2026-11-16\n{line}\n## Context\n\nTwo hospitals merged.\n\n\
         ## Decision\n\nWe aim at sixty.\n\n{section}## Consequences\n\nThe bonus follows.\n"
    )
}

#[test]
fn a_line_or_a_section_of_a_decision_names_what_it_changes() {
    let found = |path: &str, page: &str| {
        let repository = Repository::empty();
        repository.write(&[CONFIG, (OKRS, &orders(64))]);
        repository.commit("2026-10-07");
        repository.write(&[(OKRS, &orders(60)), (path, page)]);
        repository.commit("2026-11-16");
        repository.check(&["--select", "objective/shifted,reference/unknown"]).out
    };
    let numbered = "governance/decisions/0001-sixty.md";
    let told = "governance/okrs.md:12:26: warning[objective/shifted] a target of `O1` changed from 64 to 60 on 2026-11-16, \
                during 2026-Q4, without a decision\n";
    assert_eq!(found(numbered, &decision("", "")), told);
    for line in
        ["- Changes: O1\n", "- Affects: O1, orders\n", "- Changes: `O1`\n", "- Changes: [O1](../okrs.md)\n"]
    {
        assert_eq!(found(numbered, &decision(line, "")), "", "{line}");
        assert_eq!(found("docs/adr/0001-sixty.md", &decision(line, "")), "", "{line}");
    }
    assert_eq!(found(numbered, &decision("", "## Changes\n\n- O1\n\n")), "");
    // Words name no record, nor are they missed.
    for line in ["- Affects: frontend, EC2\n", "- Changes: how we count orders\n"] {
        assert_eq!(found(numbered, &decision(line, "")), told, "{line}");
    }
}

#[test]
fn a_row_with_a_cell_too_few_is_told_once() {
    let table = |row: &str| {
        goals(&format!("| Key result | KPI | Baseline | Target | Owner |\n|---|---|---|---|---|\n{row}\n"))
    };
    let repository = Repository::empty();
    repository.write(&[CONFIG, (OKRS, &table("| Orders | orders | 52 | 64 | marek |"))]);
    repository.commit("2026-10-07");
    repository.write(&[(OKRS, &table("| Orders | orders | 64 | marek |"))]);
    repository.commit("2026-11-16");
    let told = "governance/okrs.md:12:3: error[objective/unmeasurable] the key result on `orders` of `O1` lacks `target`\n";
    assert_eq!(
        repository.check(&["--select", "schema/*,objective/shifted,objective/unmeasurable"]).out,
        told
    );
}

#[test]
fn a_table_of_milestones_holds_key_results() {
    let listed = |table: &str| {
        let repository = Repository::folder_with(&[CONFIG, (OKRS, &goals(table))]);
        let records = repository.run(&["records", "--format", "json"]).json();
        records["records"][0]["fields"]["key-results"][0].clone()
    };
    let milestone =
        listed("| Milestone | Due | Done when |\n|---|---|---|\n| Loggers | 2026-12-11 | A curve each |\n");
    assert_eq!(milestone["milestone"], "Loggers");
    assert_eq!((&milestone["due"], &milestone["done-when"]), (&"2026-12-11".into(), &"A curve each".into()));
    let beside = listed(
        "| Key result | Milestone | Deadline | Done when |\n|---|---|---|---|\n| Cool | Loggers | 2026-12-11 | A curve |\n",
    );
    assert_eq!((&beside["milestone"], &beside["due"]), (&"Loggers".into(), &"2026-12-11".into()));
    let doubt = listed(
        "| Key result | KPI | Baseline | Target | Confidence | Score | Notes |\n|---|---|---|---|---|---|---|\n\
         | Orders | orders | 52 | 64 | 70% | 40% | slow |\n",
    );
    assert_eq!((&doubt["confidence"], &doubt["score"]), (&"70%".into(), &"40%".into()));
    assert_eq!(doubt["notes"], "slow");
}

#[test]
fn a_decimal_comma_in_a_table_of_goals_is_told_once_and_mended() {
    let page = goals(
        "| Key result | KPI | Baseline | Target |\n|---|---|---|---|\n| Dead on arrival | dead | 3,1% | 1.5% |\n",
    );
    let repository = Repository::folder_with(&[CONFIG, (OKRS, &page)]);
    let found = repository.check(&["--select", "schema/*,objective/unmeasurable"]).out;
    let told = "governance/okrs.md:12:28: error[schema/invalid] `O1`: `baseline` is `3,1%`; expected an amount such as `18%` or `$50k`\n";
    assert_eq!(found, told);
    repository.run(&["--fix"]);
    assert_eq!(repository.read(OKRS), page.replace("3,1%", "3.1%"));
}

#[test]
fn a_slip_is_no_change() {
    let found = |before: &str, after: &str| {
        let metrics = |line: &str| {
            format!(
                "# Metrics\n\n| ID | Metric | Definition | Source | Direction | Unit | Owner |\n|---|---|---|---|---|---|---|\n{line}\n\
                 | orders | Orders | Orders of a week | Book | up | orders | marek |\n"
            )
        };
        let repository =
            Repository::with(&[CONFIG, ("governance/metrics.md", &metrics(before)), (OKRS, &orders(64))]);
        repository.write(&[("governance/metrics.md", &metrics(after))]);
        repository.commit("2026-11-16");
        let page = orders(64).replace("| Orders | orders | 52 | 64 |", "| Dead | dead | 3 | 2 |");
        repository.write(&[(OKRS, &page)]);
        let output = repository.check(&["--select", "kpi/redefined,schema/*"]).out;
        output
            .lines()
            .filter_map(|line| line.split_once("] "))
            .map(|(_, told)| told.to_owned())
            .collect::<Vec<_>>()
    };
    let row = "| dead | Dead on arrival | Dead per box | Ledger | down | % | marek |";
    let other = found(row, &row.replace("down", "up"));
    assert_eq!(
        other,
        ["the definition of `dead` changed on 2026-11-16 without a decision, while `O1` used it"]
    );
    let misspelt = found(row, &row.replace("down", "dwon"));
    assert_eq!(misspelt, ["`dead`: `direction` is `dwon`; expected one of up, down, in-range"]);
    let short = found(row, &row.replace("| Dead per box ", ""));
    let told = "`dead`: `direction` is `%`; expected one of up, down, in-range";
    assert_eq!(short.first().map(String::as_str), Some(told));
}

#[test]
fn a_misspelt_column_of_several_words_is_told() {
    let found = |column: &str| {
        let table = format!(
            "# Rights\n\n| ID | Decision | {column} | Escalates to |\n|---|---|---|---|\n| pricing | Prices | ada | bo |\n"
        );
        let repository = Repository::folder_with(&[CONFIG, ("governance/decision-rights.md", &table)]);
        repository.check(&["--select", "schema/*,ownership/missing"]).out
    };
    assert_eq!(found("Who decides"), "");
    // The singular may be another column; the owner is missed all the same.
    let missed = "governance/decision-rights.md:5:3: error[ownership/missing] `pricing` has no owner\n";
    assert_eq!(found("Who decide"), missed);
    let told = "governance/decision-rights.md:3:19: error[schema/unknown-field] `pricing`: the column `Who decidse` is no field of the kind \
                `decision-right`\n";
    assert_eq!(found("Who decidse"), told);
}

#[test]
fn a_misspelt_heading_of_several_fields_is_told() {
    let found = |heading: &str, other: &str| {
        let page = format!(
            "---\nkind: meeting\n---\n\n# Leadership\n\n- Present: ada\n\n## {heading}\n\n- The price goes up.\n\n{other}"
        );
        let repository = Repository::folder_with(&[CONFIG, ("governance/2026-11-16-leadership.md", &page)]);
        repository.check(&["--select", "schema/*"]).out
    };
    for heading in ["Descisions", "Decisons", "Desicions"] {
        let told = format!(
            "governance/2026-11-16-leadership.md:9:4: error[schema/unknown-field] `2026-11-16-leadership`: `{heading}` is not a \
             section of the kind `meeting`\n"
        );
        assert_eq!(found(heading, ""), told);
    }
    for heading in ["Decisions", "Divisions", "Discussions"] {
        assert_eq!(found(heading, ""), "", "{heading}");
    }
    assert_eq!(
        found("Descisions", "## Decisions\n\n- The plan stays.\n"),
        "",
        "they are read from another section"
    );
}

#[test]
fn a_table_is_of_a_kind_only_by_columns_that_few_kinds_have() {
    let reason = |path: &str, table: &str| {
        let page = format!("# Page\n\n{table}");
        let repository = Repository::folder_with(&[
            CONFIG,
            (path, &*page),
            ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Wait, owner: ada }]\n"),
        ]);
        let found = repository.check(&["--select", "document/unrecognised"]).out;
        let told = found.trim().split_once("is not read as a record: ").map(|(_, told)| told.to_owned());
        told.unwrap_or(found)
    };
    let none = "no kind of record has the columns of its table";
    for (path, table) in [
        (
            "governance/risks.md",
            "| ID | Risk | Owner | Likelihood | Review by |\n|---|---|---|---|---|\n| R1 | Frost | ada | likely | 2027-01-10 |\n",
        ),
        ("governance/contacts.md", "| Name | Role | Telephone |\n|---|---|---|\n| Ice | Supplier | 0123 |\n"),
        (
            "governance/policies.md",
            "| ID | Policy | Owner | Last reviewed | Next review |\n|---|---|---|---|---|\n| P1 | Gloves | ada | 2026-10-01 | 2027-10-01 |\n",
        ),
    ] {
        assert_eq!(reason(path, table), none, "{path}");
    }
    let metrics = "| ID | Metric | Definition | Unit | Owner |\n|---|---|---|---|---|\n| wait | Wait | Days for a part | days | ada |\n";
    assert!(reason("governance/numbers.md", metrics).starts_with("its table has the columns of kpis, "));
}

#[test]
fn a_page_of_several_sessions_is_in_the_form_of_the_program_below_governance() {
    let page = "# Dispatch minutes\n\n## 2026-11-20\n\nPresent: Ada, Bo\n\nActions:\n\n- [ ] Tell the driver\n\n\
                ## 2026-11-13\n\nPresent: Ada\n\n### Actions\n\n- [ ] Wash the boxes @ada due 2026-11-18\n";
    let found = |path: &str| {
        let config = ("alignlint.yaml", "adopted: [governance/**]\n");
        let repository = Repository::folder_with(&[config, (path, page)]);
        let out = repository.check(&["--select", "action/*,document/unrecognised"]).out;
        out.lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(_, told)| told.to_owned())
            .collect::<Vec<_>>()
    };
    let told = [
        "warning[action/unowned] the action `Tell the driver` of `2026-11-20` lacks `owner` and `due`",
        "warning[action/overdue] the action `Wash the boxes` of `2026-11-13` was due on 2026-11-18",
    ];
    assert_eq!(found("governance/dispatch-minutes.md"), told);
    assert_eq!(found("docs/dispatch-minutes.md"), [""; 0]);
}

#[test]
fn the_heading_of_a_section_is_what_is_assumed() {
    let section =
        |title: &str| format!("## {title}\n\n- Owner: ada\n- Status: open\n- How we check: we ask them\n\n");
    let page =
        format!("# Assumptions\n\n{}{}", section("Hospitals order again"), section("Leeches grow in winter"));
    let repository = Repository::folder_with(&[CONFIG, ("governance/assumptions.md", &page)]);
    let listed = repository.run(&["records", "--format", "json"]).json();
    assert_eq!(listed["records"][1]["fields"]["statement"], "Leeches grow in winter");
    assert_eq!(repository.check(&["--select", "schema/*"]).out, "");
}

#[test]
fn a_value_may_be_a_section_with_its_behaviour_on_lines() {
    let section = |name: &str| {
        format!(
            "## {name}\n\n- Owner: ada\n- In practice: we stop a transport\n- Measures: response-time\n\n"
        )
    };
    let page = format!("# Values\n\n{}{}", section("The animal first"), section("No surprise"));
    let repository = Repository::folder_with(&[CONFIG, ("governance/values.md", &page)]);
    let listed = repository.run(&["records", "--format", "json"]).json();
    let behaviour = &listed["records"][0]["fields"]["behaviours"][0];
    assert_eq!(behaviour["description"], "we stop a transport");
    assert_eq!(behaviour["measures"], "response-time");
    assert_eq!(repository.check(&["--select", "value/*,schema/*"]).out, "");
}

#[test]
fn a_table_below_the_title_holds_what_is_about_other_records() {
    let listed = |table: &str| {
        let page = format!("# Bonus of the heads\n\n- Who: ada\n- Period: 2026-Q4\n\n{table}");
        let repository = Repository::folder_with(&[CONFIG, ("governance/incentives.md", &page)]);
        repository.run(&["records", "--format", "json"]).json()["records"][0]["fields"]["kpis"].clone()
    };
    let paid =
        listed("| KPI | Weight | Target |\n|---|---|---|\n| dead | 60% | 3% |\n| orders | 40% | 64 |\n");
    assert_eq!((&paid[0]["kpi"], &paid[0]["weight"]), (&"dead".into(), &"60%".into()));
    assert_eq!(paid[1]["target"], "64");
    // Without the records, or with nothing but them, it is about something else.
    for table in [
        "| Year | Weight |\n|---|---|\n| 2025 | 60% |\n",
        "| KPI | Note |\n|---|---|\n| dead | see above |\n",
    ] {
        assert!(listed(table).is_null(), "{table}");
    }
}
