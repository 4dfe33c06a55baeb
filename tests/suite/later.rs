//! A finding about several records stands at the one that came last.

use crate::kit::Repository;

/// The findings of one rule about a file with this text.
fn found(path: &str, text: &str, rule: &str) -> Vec<String> {
    let repository = Repository::with(&[("alignlint.yaml", "extends: [strict]\n"), (path, text)]);
    let lines = repository.run(&["--as-of", "2026-11-20", "--format", "concise", "--select", rule]).out;
    lines.lines().filter(|line| line.contains(rule)).map(str::to_owned).collect()
}

const LOG: &str = "# Decision log\n\n| ID | Date | Decision | Owner | Status |\n|---|---|---|---|---|\n";

#[test]
fn a_number_given_twice_is_told_at_the_row_with_the_later_date() {
    let path = "governance/decision-log.md";
    let found = |rows: &str| found(path, &format!("{LOG}{rows}"), "reference/duplicate-id");
    let (older, newer) = (
        "| D-5 | 2025-09-02 | Rent by term | Ada | Accepted |\n",
        "| D-5 | 2026-02-01 | No grands | Ada | Accepted |\n",
    );
    assert_eq!(
        found(&format!("{older}{newer}")),
        ["governance/decision-log.md:6:3: error[reference/duplicate-id] 2 decisions have the id `D-5`"]
    );
    assert_eq!(
        found(&format!("{newer}{older}")),
        ["governance/decision-log.md:5:3: error[reference/duplicate-id] 2 decisions have the id `D-5`"],
        "the newest comes first in many logs"
    );
}

#[test]
fn a_decision_that_is_made_again_is_told_at_the_higher_number() {
    let path = "governance/decision-log.md";
    let rows = "| D-12 | 2026-02-01 | Rent by term | Ada | Accepted |\n| D-3 | 2026-02-01 | Rent by term | Ada | Accepted |\n";
    assert_eq!(
        found(path, &format!("{LOG}{rows}"), "reference/same-title"),
        ["governance/decision-log.md:5:23: warning[reference/same-title] `D-12` has the same title as `D-3`"]
    );
}

#[test]
fn a_metric_in_two_rows_is_one_finding_at_the_second() {
    let metrics = "# Metrics\n\n| Metric | Definition | Owner |\n|---|---|---|\n| Churn | Schools that left | Ada |\n\
                   | Reach | Schools that know us | Ada |\n| Churn | Contracts that ended | Ada |\n";
    let repository = Repository::with(&[("governance/metrics.md", metrics)]);
    let lines =
        repository.run(&["--format", "concise", "--select", "term/conflicting,reference/duplicate-id"]).out;
    let found: Vec<&str> = lines.lines().filter(|line| line.contains('[')).collect();
    assert_eq!(
        found,
        ["governance/metrics.md:7:3: error[reference/duplicate-id] 2 kpis have the id `churn`"]
    );
}

#[test]
fn the_objective_that_was_added_is_told_of_a_second_target() {
    let objective = |id: &str, target: &str| {
        format!(
            "  - id: {id}\n    title: {id}\n    owner: ada\n    status: active\n    period: 2026-Q4\n    key-results: [{{ kpi: churn, target: {target} }}]\n"
        )
    };
    let text =
        format!("kpis: [{{ id: churn }}]\nobjectives:\n{}{}", objective("O-1", "2%"), objective("O-2", "3%"));
    let found = found("governance/all.yaml", &text, "objective/two-targets");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("governance/all.yaml:14:"), "{found:?}");
}
