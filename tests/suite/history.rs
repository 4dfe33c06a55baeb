//! The history of records.

mod approval;
mod cache;
mod changes;
mod corrupt_cache;
mod random_edits;
mod shallow;

use serde_json::Value;

use crate::kit::Repository;

/// The findings of a rule, one on each line.
fn found(repository: &Repository, rule: &str) -> String {
    repository.check(&["--select", rule]).out
}

/// `DAY AUTHOR: BEFORE -> VALUE` of a field's last change.
fn changed(repository: &Repository, subject: &str, field: &str) -> String {
    let output = repository.run(&["blame", subject, "--format", "json", "--as-of", crate::kit::TODAY]);
    assert_eq!(output.code, Some(0), "{}", output.err);
    let report = output.json();
    let mut rows = report["fields"].as_array().expect("a list").iter();
    let row = rows.find(|row| row["field"] == field).unwrap_or_else(|| panic!("no {field} in {report:#}"));
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let (day, author) = (text(&row["changed"]["date"]), text(&row["changed"]["author"]));
    format!("{day} {author}: {} -> {}", text(&row["before"]), text(&row["value"]))
}
