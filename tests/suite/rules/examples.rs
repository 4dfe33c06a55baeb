//! The example repositories and this one, checked as a person would check them.

use std::collections::BTreeSet;

use alignlint::config::Preset;
use alignlint::rule::embedded_rules;

use crate::kit::{Output, Repository, TODAY, alignlint, assert_golden, build_drifting, files_below, project};

fn check(folder: &str) -> Output {
    alignlint(&project().join(folder), &["--as-of", TODAY, "--format", "concise"])
}

#[test]
fn the_clean_example_has_no_findings_under_the_strict_preset() {
    let output = check("examples/clean");
    assert_eq!((output.code, &*output.out), (Some(0), ""));
}

#[test]
fn the_example_of_a_policy_of_ones_own_has_no_findings_and_its_rules_are_tested() {
    let output = check("examples/policy");
    assert_eq!((output.code, &*output.out), (Some(0), ""));
    let tested = alignlint(&project().join("examples/policy"), &["test", "policy"]);
    assert_eq!((tested.code, &*tested.out), (Some(0), "6 passed, 0 failed\n"), "{}", tested.err);
}

#[test]
fn the_drifting_example_has_eleven_findings() {
    let output = check("examples/drifting");
    let findings: Vec<(&str, &str)> = output.out.lines().filter_map(place_and_rule).collect();
    let expected = [
        ("docs/decisions/0001-sell-through-partners.md:4", "ownership/departed"),
        ("docs/decisions/0001-sell-through-partners.md:6", "reference/inactive"),
        ("docs/decisions/0001-sell-through-partners.md:13", "term/avoided"),
        ("docs/decisions/0001-sell-through-partners.md:29", "reference/broken-link"),
        ("docs/decisions/0002-charge-for-each-site.md:2", "decision/no-successor"),
        ("strategy/assumptions.yaml:14", "ownership/departed"),
        ("strategy/assumptions.yaml:15", "assumption/stale"),
        ("strategy/kpis.yaml:11", "kpi/no-consequence"),
        ("strategy/kpis.yaml:11", "kpi/no-decision-right"),
        ("strategy/objectives.yaml:16", "reference/unknown"),
        ("strategy/objectives.yaml:18", "objective/target-against-direction"),
    ];
    assert_eq!(findings, expected);
    assert_eq!(output.code, Some(1));
}

/// `path:line` and the rule of a line in the format `concise`.
fn place_and_rule(line: &str) -> Option<(&str, &str)> {
    let (place, rest) = line.split_once(": ")?;
    let (rule, _) = rest.split_once('[')?.1.split_once(']')?;
    Some((place.rsplit_once(':')?.0, rule))
}

/// The files of the clean example as a repository, with another configuration.
fn clean_with(configuration: &str) -> Repository {
    let repository = Repository::empty();
    for (path, text) in files_below("examples/clean", None) {
        repository.write(&[(path.strip_prefix("examples/clean/").expect("below the folder"), &text)]);
    }
    repository.write(&[("alignlint.yaml", configuration)]);
    repository.commit("2026-11-19");
    repository
}

#[test]
fn the_clean_example_has_no_findings_with_all_rules() {
    let output = clean_with("extends: [all]\n").check(&[]);
    assert_eq!((output.code, &*output.out), (Some(0), ""));
}

#[test]
fn the_clean_example_has_a_record_of_each_kind() {
    let listed = clean_with("extends: [strict]\n").run(&["records"]).out;
    let used: BTreeSet<&str> =
        listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    let schemas = files_below("schemas/kinds", Some("yaml"));
    let kinds =
        schemas.keys().map(|path| path.trim_start_matches("schemas/kinds/").trim_end_matches(".yaml"));
    assert_eq!(used, kinds.collect());
}

/// Rules of the default preset that say nothing in a run without `--since` and `--policy-from`, and why.
const COMPARES: &[(&str, &str)] = &[
    ("decision/self-granted", "what a change adds shows only beside the state before it"),
    ("policy/authority", "it compares with the policy of another revision"),
    ("policy/broken", "without another policy to go by, a broken one ends the run"),
    ("policy/changed", "it compares with the policy of another revision"),
    ("policy/deleted", "it compares with the records of another revision"),
    ("policy/excuse", "it compares with the policy of another revision"),
    ("policy/hidden", "it compares with the records of another revision"),
];

/// The identifiers of the rules that reported something, in the format `concise`.
fn rules_in(report: &str) -> Vec<&str> {
    report.lines().filter_map(|line| line.split_once('[')?.1.split_once(']')).map(|(rule, _)| rule).collect()
}

#[test]
fn each_rule_of_the_default_preset_finds_a_mistake_in_the_drifting_repository() {
    let drifting = build_drifting();
    let output = drifting.check(&[]);
    assert_golden("tests/suite/golden/drifting.txt", &output.out);
    assert_eq!(output.code, Some(1));
    // Nothing is said to be unused while a file can't be read.
    let prices = "governance/partners/prices.yaml";
    let mended = drifting.read(prices).replace("less a fifth.", "less a fifth.\"");
    drifting.write(&[(prices, &mended)]);
    let readable = drifting.check(&[]).out;
    let added: Vec<&str> = readable.lines().filter(|line| !output.out.contains(line)).collect();
    assert_eq!(
        added,
        [
            "alignlint-baseline.yaml:4:5: note[baseline/unused] the baseline entry for `ownership/missing` of `kpi/partner-calls` lists 1 \
             finding too many",
            "governance/partners/exceptions.yaml:51:11: note[exception/unused] `E-20` is unused: `value/not-operational` reports nothing in \
             its scope",
            "strategy/partners/kpis.yaml:2:5: note[ignore/unused] unused ignore comment: `kpi/no-consequence` reports nothing here",
        ]
    );
    let added = added.join("\n");
    let mut found = [rules_in(&output.out), rules_in(&added)].concat();
    found.extend(COMPARES.iter().map(|(rule, _)| *rule));
    found.sort_unstable();
    found.dedup();
    let rules = embedded_rules();
    let on = rules.iter().filter(|rule| rule.preset <= Preset::Recommended);
    let mut expected: Vec<&str> = on.map(|rule| &*rule.id).collect();
    expected.sort_unstable();
    assert_eq!(found, expected, "plant a mistake for a new rule in a patch of tests/drifting");
}

#[test]
fn the_drifting_example_has_the_same_commits_each_time() {
    let [one, other] =
        [build_drifting(), build_drifting()].map(|drifting| drifting.git(&["log", "--format=%H %an %ad"]));
    assert!(one.lines().count() > 10 && one == other, "{one}\n{other}");
}

#[test]
fn this_repository_has_no_findings() {
    let output = check("");
    assert_eq!((output.code, &*output.out), (Some(0), ""));
}
