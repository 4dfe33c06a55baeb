//! `docs/practices.md`: its tables are those of the rules, kinds and profiles.

use std::collections::{BTreeMap, BTreeSet};

use alignlint::policy::Policy;
use alignlint::snapshot::Snapshot;

use crate::kit::{assert_golden, project_file};

const PAGE: &str = "docs/practices.md";

fn policy() -> Policy {
    Policy::load(&Snapshot::in_memory([]), None).unwrap_or_else(|faults| panic!("{}", faults[0]))
}

fn rule_link(id: &str) -> String {
    format!("`{id}`")
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// A row for each practice that a profile names, with the pages that demand it.
fn formats(policy: &Policy) -> Vec<String> {
    let mut rows = Vec::new();
    for profile in policy.profiles.iter() {
        for practice in &profile.practices {
            let sources: Vec<String> = practice.sources.iter().map(|source| format!("<{source}>")).collect();
            let files: Vec<String> = practice.patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
            let (files, sources) = (files.join(", "), sources.join(", "));
            rows.push(format!("| `{}` | `{}` | {files} | {sources} |", profile.name, practice.name));
        }
    }
    rows
}

fn by_practice(policy: &Policy) -> Vec<String> {
    let mut rules: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for rule in policy.rules.rules() {
        if let Some(practice) = rule.practice.as_deref() {
            rules.entry(practice).or_default().insert(rule_link(&rule.id));
        }
    }
    let mut fields: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for kind in policy.kinds.iter() {
        for field in &kind.shape.fields {
            if let Some(practice) = field.practice.as_deref() {
                fields.entry(practice).or_default().insert(format!("`{}`", field.name));
            }
        }
    }
    let row = |practice: &&str| {
        let of =
            |table: &BTreeMap<&str, BTreeSet<String>>| table.get(practice).map(listed).unwrap_or_default();
        format!("| `{practice}` | {} | {} |", of(&rules), of(&fields))
    };
    policy.practices().iter().map(row).collect()
}

fn by_class(policy: &Policy) -> Vec<String> {
    let class =
        |practice: Option<&str>| practice.map_or("consistency".to_owned(), |name| format!("`{name}`"));
    let rules = policy.rules.rules().iter();
    rules.map(|rule| format!("| {} | {} |", rule_link(&rule.id), class(rule.practice.as_deref()))).collect()
}

#[test]
fn the_tables_are_those_of_the_policy() {
    let policy = policy();
    let tables = [
        ("Which formats demand which practices", formats(&policy)),
        ("Rules by practice", by_practice(&policy)),
        ("Rules by class", by_class(&policy)),
    ];
    let mut fresh = project_file(PAGE);
    for (heading, rows) in tables {
        let section = fresh.find(&format!("## {heading}\n")).expect("the page has the heading");
        let line = fresh[section..].find("|---").expect("the section has a table") + section;
        let start = line + fresh[line..].find('\n').expect("rows") + 1;
        let end = fresh[start..].find("\n\n").map_or(fresh.len(), |length| start + length + 1);
        fresh.replace_range(start..end, &format!("{}\n", rows.join("\n")));
    }
    assert_golden(PAGE, &fresh);
}
