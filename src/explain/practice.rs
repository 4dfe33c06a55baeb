//! The pages of practices: what rules ask only of records that are held to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::policy::Policy;
use crate::practices;
use crate::rule::Rule;

/// The name of the page of all practices.
const ALL: &str = "practices";

/// Returns true for the name of a practice, or of the page of all; not where a kind is called so, as `value`.
pub fn is_named(name: &str, policy: &Policy) -> bool {
    (name == ALL || policy.practices().contains(&name)) && policy.kinds.by_key(name).is_none()
}

/// Returns the page of a practice, or of all of them.
pub fn page(name: &str, policy: &Policy, catalog: &Catalog) -> String {
    let mut by_practice: BTreeMap<&str, Vec<&Rule>> =
        policy.practices().into_iter().map(|practice| (practice, Vec::new())).collect();
    let switched_off = policy.rules_switched_off().unwrap_or_default();
    let rules: Vec<&Arc<Rule>> = policy.rules.rules().iter().chain(&switched_off).collect();
    for rule in rules {
        if let Some(practice) = &rule.practice {
            by_practice.entry(practice).or_default().push(rule);
        }
    }
    if name != ALL {
        by_practice.retain(|practice, _| *practice == name);
    }
    let mut text = format!(
        "# {name}\n\nRules about a practice check records in the program's own form, records whose format demands the practice, and files that \
         `practices` in `alignlint.yaml` names: `all: okrs/**` there demands each of them.\n\n| practice | rules |\n|---|---|\n"
    );
    let mut here = String::new();
    for (practice, rules) in by_practice {
        let ids: Vec<String> = rules.iter().map(|rule| format!("`{}`", rule.id)).collect();
        let asked_by = if ids.is_empty() { "the schema of the kind".to_owned() } else { ids.join(", ") };
        let _ = writeln!(text, "| `{practice}` | {asked_by} |");
        for line in practices::undemanded(practice, &rules, catalog) {
            let _ = writeln!(here, "- {line}");
        }
    }
    if !here.is_empty() {
        let _ = write!(text, "\n## Not demanded here\n\n{here}");
    }
    text
}
