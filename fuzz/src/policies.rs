//! Any policy file is refused with faults in that file, or used.

use std::sync::Arc;

use alignlint::check::Check;
use alignlint::finding::Fault;
use alignlint::policy::{Baseline, Policy, PolicyPaths, baseline};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;
use alignlint::text::Source;

/// Records in each format, with some mistakes.
pub fn world() -> Vec<(String, String)> {
    let files = [
        (
            "governance/decisions.yaml",
            "decisions:\n  - { id: D-1, title: Grow, status: accepted, owner: ada, date: 2026-01-31, tags: [a, b],\n      \
             options: [{ title: Wait, pros: [cheap] }, Go], supersedes: [D-2, D-9] }\n  \
             - { id: D-2, title: Wait, status: superseded, superseded-by: D-1, scope: docs/** }\n",
        ),
        ("governance/people.yaml", "people: [{ id: ada, title: Ada, active-until: soon }]\n"),
        (
            "governance/kpis.json",
            "{\"kpis\": [{\"id\": \"churn\", \"direction\": \"donw\", \"target\": 4.5}]}\n",
        ),
        ("governance/goals.toml", "[[objectives]]\nid = \"grow\"\nowner = \"ada\"\ndue = 2026-12-31\n"),
        (
            "governance/things.yaml",
            "things:\n  - { id: T-1, title: One, status: open, number: 7, by: 2026-02-30 }\n",
        ),
        (
            "docs/adr/0001-first.md",
            "# 1. First\n\nDate: 2026-01-31\n\n## Status\n\nAccepted\n\n## Context\n\nc [d](0002-x.md)\n",
        ),
        (
            "docs/things/0007-x.md",
            "---\nstatus: open\nwho: [ada]\n---\n# Thing 7: X\n\n## Status\n\nopen\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        ),
    ];
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
}

fn with(files: &[(&str, &str)]) -> Arc<Snapshot> {
    let own = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Arc::new(Snapshot::in_memory(world().into_iter().chain(own)))
}

/// Loads the policy of a state and checks the state by it.
fn check(snapshot: &Arc<Snapshot>) -> Option<Policy> {
    let policy = match Policy::load_from(snapshot, &PolicyPaths::default()) {
        Ok(policy) => policy,
        Err(faults) => {
            assert_places(&faults);
            return None;
        }
    };
    let rules = policy.rules.rules();
    let input = policy.read(snapshot, rules);
    let today = jiff::civil::date(2026, 11, 20);
    let check = Check { input: &input, config: &policy.config, today, diff: None };
    match check.run(rules) {
        Ok(results) => results.findings.iter().for_each(|finding| {
            let place = &finding.place;
            assert!(place.source.text().get(place.span.range()).is_some(), "{:?}", finding.message);
        }),
        Err(faults) => assert_places(&faults),
    }
    Some(policy)
}

fn assert_places(faults: &[Fault]) {
    assert!(!faults.is_empty(), "it fails without a fault");
    for fault in faults {
        assert!(!fault.message.is_empty());
        if let Some(place) = &fault.place {
            assert!(place.source.text().get(place.span.range()).is_some(), "{fault}");
        }
    }
}

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

const EXTENDS: (&str, &str) = ("alignlint.yaml", "extends: [all, ./policy]\n");

/// A rule of the user's own for the kinds and configurations to name.
const OWN_RULE: (&str, &str) = ("policy/rules/own/limit.yaml", include_str!("own_rule.yaml"));

pub fn config(data: &[u8]) {
    check(&with(&[("alignlint.yaml", &text(data)), OWN_RULE]));
}

pub fn rule(data: &[u8]) {
    let snapshot = with(&[EXTENDS, ("policy/rules/own/rule.yaml", &text(data))]);
    if let Some(policy) = check(&snapshot) {
        let own: Vec<_> = policy.rules.get("own/rule").into_iter().cloned().collect();
        rule_test::run(&own, &policy);
    }
}

pub fn kind(data: &[u8]) {
    check(&with(&[EXTENDS, ("policy/kinds/thing.yaml", &text(data))]));
}

pub fn format(data: &[u8]) {
    check(&with(&[EXTENDS, ("policy/formats/own.yaml", &text(data))]));
}

/// A baseline that is read and written is read as the same.
pub fn baseline(data: &[u8]) {
    let read = |bytes: &[u8]| Baseline::parse(&Arc::new(Source::new(baseline::DEFAULT_PATH, bytes.into())));
    match read(data) {
        Err(faults) => assert_places(&faults),
        Ok(first) => {
            let written = baseline::to_yaml(&first.entries);
            let again = read(written.as_bytes()).unwrap_or_else(|faults| panic!("{}: {written}", faults[0]));
            assert_eq!(baseline::to_yaml(&again.entries), written);
        }
    }
    check(&with(&[(baseline::DEFAULT_PATH, &text(data))]));
}
