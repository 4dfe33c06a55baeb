//! `docs/rule-language.md`: its examples are true, and the page is generated.

use std::sync::Arc;

use alignlint::policy::Policy;
use alignlint::rule::{Rule, reference};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;
use alignlint::text::Source;

use crate::kit::assert_golden;

/// A rule that reports where an example is true.
fn rule(subject: &str, example: &str, after_triage: bool) -> Arc<Rule> {
    let scope = match subject {
        "group" => "for: decision\ngroup-by: record.topic",
        "decision" => "for: decision\nwhen: record.id == 'D-1'",
        files => &format!("for: {files}"),
    };
    let text = format!(
        "id: own/example\ntitle: An example\nseverity: note\npreset: essential\nfacet: record\n{scope}\n\
         after-triage: {after_triage}\nexpect: |-\n  !({example})\nmessage: found\nwhy: It is an example.\n"
    );
    let source = Arc::new(Source::new("own/example.yaml", text.into_bytes()));
    Arc::new(Rule::parse(&source, "own/example").unwrap_or_else(|fault| panic!("{example}: {fault}")))
}

#[test]
fn examples_are_true() {
    let repository = reference::example_repository().expect("a valid example");
    let policy = Policy::load(&Arc::new(Snapshot::in_memory([])), None).expect("the default policy");
    let is_true = |subject: &str, example: &str| {
        [false, true].into_iter().any(|after_triage| {
            let rule = rule(subject, example, after_triage);
            let findings = rule_test::findings(&rule, &repository, &policy);
            !findings.unwrap_or_else(|faults| panic!("{example}: {}", faults[0])).is_empty()
        })
    };
    let examples = reference::examples().into_iter();
    let wrong: Vec<_> = examples.filter(|(subject, example)| !is_true(subject, example)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_is_up_to_date() {
    assert_golden("docs/rule-language.md", &reference::render().expect("a valid example"));
}
