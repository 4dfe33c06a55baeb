//! What keeps findings honest: principles that hold for all rules.

use crate::kit::Repository;

const ADR: &str = "# 1. Use PostgreSQL\n\nDate: 2026-02-03\n\n## Status\n\nAccepted\n\n## Context\n\nWe need a database.\n\n\
                   ## Decision\n\nPostgreSQL.\n\n## Consequences\n\nSomebody runs it.\n";

/// The rules of the findings, in their order.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let output = Repository::with(files).check(&[]);
    let rule = |line: &str| {
        line.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|it| it.0.to_owned())
    };
    output.out.lines().filter_map(rule).collect()
}

#[test]
fn a_repository_with_decision_records_alone_hears_nothing_else() {
    let strict = ("alignlint.yaml", "extends: [strict]\n");
    let repository = [strict, ("docs/adr/0001-use-postgresql.md", ADR)];
    assert_eq!(found(&repository), [""; 0]);
}

#[test]
fn what_is_missing_is_missing_where_its_kind_is_in_use() {
    let metric = "kpis: [{ id: churn, title: Churn, definition: Who left, unit: \"%\", direction: down, source: Billing, owner: ada }]\n";
    assert_eq!(
        found(&[("governance/kpis.yaml", metric)]),
        [""; 0],
        "no objectives, rights, forums or people"
    );
    let aim = "objectives: [{ id: O-1, title: Keep them, level: company, owner: ada, period: 2026-Q4, key-results: \
               [{ kpi: churn, baseline: 5%, target: 4%, current: 5%, updated: 2026-11-10 }] }]\n";
    let with_aim = found(&[("governance/kpis.yaml", metric), ("governance/objectives.yaml", aim)]);
    assert_eq!(with_aim, ["kpi/no-consequence", "kpi/no-target"], "no rights and no forums");
}

#[test]
fn a_lead_who_has_left_is_one_finding_however_much_the_team_owns() {
    let directory = "people:\n  - { id: ada, active-until: 2026-06-30 }\n  - { id: bo, team: sales, reports-to: ada }\n\
                     teams: [{ id: sales, lead: ada, members: [ada, bo] }]\n";
    let kpi = |id: &str| {
        format!(
            "  - {{ id: {id}, title: {id}, definition: Of {id}, unit: \"%\", direction: up, source: Billing, owner: sales }}\n"
        )
    };
    let metrics = format!("kpis:\n{}{}{}", kpi("churn"), kpi("margin"), kpi("sites"));
    let found = found(&[("governance/directory.yaml", directory), ("governance/kpis.yaml", &metrics)]);
    assert_eq!(found, ["ownership/departed"]);
}

#[test]
fn what_is_inferred_warns_and_what_is_written_is_an_error() {
    let file = |key: &str| {
        format!(
            "period: 2026-Q4\nkpis: [{{ id: seats, readings: [{{ date: 2026-09-30, value: \"110\" }}] }}]\nobjectives:\n  \
             - {{ id: O-1, key-results: [{{ kpi: seats, {key}target: \"130\" }}] }}\n  \
             - {{ id: O-2, key-results: [{{ kpi: seats, {key}target: \"100\" }}] }}\n"
        )
    };
    let severity = |text: &str| {
        let output =
            Repository::with(&[("strategy/all.yaml", text)]).check(&["--select", "objective/competing"]);
        output.out.split_once(": ").and_then(|(_, rest)| rest.split_once('[')).map(|it| it.0.to_owned())
    };
    assert_eq!(severity(&file("baseline: \"110\", ")).as_deref(), Some("error"));
    assert_eq!(severity(&file("")).as_deref(), Some("warning"));
}

#[test]
fn time_alone_fails_no_pull_request() {
    let stale = "assumptions: [{ id: A-1, statement: Clinics buy from people they know, owner: ada, method: Ask ten clinics, \
                 last-validated: 2026-01-10 }]\n";
    let repository = Repository::with(&[("governance/assumptions.yaml", stale)]);
    assert_eq!(repository.check(&["--select", "assumption/stale"]).findings().len(), 1);
    repository.write(&[("governance/kpis.yaml", "kpis: []\n")]);
    assert_eq!(repository.check(&["--select", "assumption/stale", "--since", "HEAD"]).findings().len(), 0);
}
