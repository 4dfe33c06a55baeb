//! `docs/rule-language.md`: its examples are true, and the page is generated.

use std::sync::Arc;

use alignlint::policy::Policy;
use alignlint::rule::file::Example;
use alignlint::rule::{Rule, reference};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;
use alignlint::text::Source;

use crate::kit::assert_golden;

/// A rule that reports where an expression is true, with a repository as its example.
fn rule(subject: &str, expression: &str, after_triage: bool, repository: &Example) -> Arc<Rule> {
    let scope = match subject {
        "group" => "for: decision\ngroup-by: record.topic",
        "decision" => "for: decision\nwhen: record.id == 'D-1'",
        files => &format!("for: {files}"),
    };
    let text = format!(
        "id: own/example\ntitle: An example\nseverity: note\npreset: essential\nfacet: record\n{scope}\n\
         after-triage: {after_triage}\nexpect: |-\n  !({expression})\nmessage: found\nwhy: It is an example.\n"
    );
    let source = Arc::new(Source::new("own/example.yaml", text.into_bytes()));
    let rule = Rule::parse(&source, "own/example").unwrap_or_else(|fault| panic!("{expression}: {fault}"));
    Arc::new(Rule { examples: Arc::new(vec![repository.clone()].into()), ..rule })
}

#[test]
fn examples_are_true() {
    let repository = reference::example_repository().expect("a valid example");
    let policy = Policy::load(&Arc::new(Snapshot::in_memory([])), None).expect("the default policy");
    let mut wrong = Vec::new();
    for (subject, expression) in reference::examples() {
        let mut faults = Vec::new();
        let is_true = [false, true].into_iter().any(|after_triage| {
            let rule = rule(subject, expression, after_triage, &repository);
            let failures = rule_test::run(&[rule], &policy).failures;
            faults.extend(failures.iter().flat_map(|failure| &failure.faults).map(ToString::to_string));
            failures.iter().any(|failure| !failure.unexpected.is_empty())
        });
        if !is_true {
            wrong.push((expression, faults));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_is_up_to_date() {
    assert_golden("docs/rule-language.md", &reference::render().expect("a valid example"));
}
