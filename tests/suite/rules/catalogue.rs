//! What must hold, and the rules that say so: `catalogue.txt` lists each rule once, with its severities and its preset. A rule
//! that is added, removed or moved to another preset is a change of that list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alignlint::embedded;
use alignlint::finding::Severity;
use alignlint::kind::Kinds;
use alignlint::policy::Policy;
use alignlint::rule::{Page, Rule, embedded_rules, pack_rules, read_user_rules};
use alignlint::snapshot::Snapshot;

use crate::kit::project_file;

const LIST: &str = "tests/suite/rules/catalogue.txt";

fn listed() -> BTreeMap<String, String> {
    let text = project_file(LIST);
    let rules = text.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": "));
    let mut listed = BTreeMap::new();
    for (id, of) in rules {
        assert_eq!(listed.insert(id.to_owned(), of.to_owned()), None, "{id} is listed twice");
    }
    listed
}

fn severities(rule: &Rule) -> String {
    let cases = rule.severity.cases.iter().map(|(_, severity)| *severity);
    let all: BTreeSet<Severity> = cases.chain([rule.severity.otherwise]).collect();
    let order = [Severity::Error, Severity::Warning, Severity::Note];
    order.iter().filter(|severity| all.contains(severity)).map(|it| it.name()).collect::<Vec<_>>().join(", ")
}

fn is_of_pack(rule: &Rule) -> bool {
    rule.source.path().starts_with("packs/")
}

fn rules() -> BTreeMap<String, String> {
    let policy =
        Policy::load(&Snapshot::in_memory([]), None).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let rules = policy.rules.rules().iter().filter(|rule| !is_of_pack(rule));
    rules.map(|rule| (rule.id.to_string(), format!("{}; {}", severities(rule), rule.preset.name()))).collect()
}

#[test]
fn the_list_names_every_rule_with_its_severities_and_its_preset() {
    assert_eq!(listed(), rules(), "{LIST}");
}

#[test]
fn every_facet_has_a_question_and_every_question_a_rule() {
    let policy =
        Policy::load(&Snapshot::in_memory([]), None).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let rules = policy.rules.rules().iter().filter(|rule| !is_of_pack(rule));
    let facets: BTreeSet<String> = rules.map(|rule| rule.facet.clone()).collect();
    let asked = serde_yaml::from_str::<BTreeMap<String, String>>(&project_file("schemas/facets.yaml"));
    assert_eq!(asked.expect("it is YAML").into_keys().collect::<BTreeSet<_>>(), facets);
}

#[test]
fn every_statement_has_a_rule() {
    let text = project_file(LIST);
    let lines: Vec<&str> =
        text.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let without: Vec<&&str> = lines
        .windows(2)
        .filter(|pair| !pair[0].starts_with(' ') && !pair[1].starts_with(' '))
        .map(|pair| &pair[0])
        .collect();
    assert_eq!(without, [&""; 0]);
}

/// The program's own rules are judged like those of a user: a run takes them for valid.
#[test]
fn embedded_rules_have_no_mistakes() {
    let kinds = embedded::paths("packs").filter(|path| path.contains("/kinds/")).map(embedded::source);
    let kinds = Arc::new(Kinds::load(&kinds.collect::<Vec<_>>()).expect("the kinds"));
    let of_packs = embedded::packs().into_iter().flat_map(pack_rules);
    let rules: Vec<Arc<Rule>> = embedded_rules().iter().cloned().chain(of_packs).collect();
    let own: Vec<_> = rules.iter().map(|rule| (rule.source.clone(), rule.id.to_string())).collect();
    let faults = read_user_rules(&own, &kinds).err().unwrap_or_default();
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    for rule in rules {
        let whole = Rule::parse(&rule.source, &rule.id).expect("a rule");
        assert!(format!("{rule:?}") == format!("{whole:?}"), "{}: its JSON says the same", rule.id);
    }
    let pages = ["agenda", "digest", "due", "report", "trend"].into_iter().flat_map(Page::of_command);
    for section in pages.flat_map(|page| page.rules().collect::<Vec<_>>()) {
        Rule { is_own: true, ..section }.program(&kinds).unwrap_or_else(|faults| panic!("{}", faults[0]));
    }
}
