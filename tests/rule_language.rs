//! The examples of `docs/rule-language.md` are true, and the page is up to date:
//! `UPDATE=1 cargo test --test rule_language` writes it.

use std::path::Path;
use std::sync::Arc;

use alignlint::policy::Policy;
use alignlint::rule::{Rule, reference};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;
use alignlint::text::Source;

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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rule-language.md");
    let page = reference::render().expect("a valid example");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page is writable");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == written, "run `UPDATE=1 cargo test --test rule_language`");
}
