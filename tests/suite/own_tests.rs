//! `alignlint test` beside the kinds, formats and rules of a user.

use crate::kit::Repository;

const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [recommended, ./policy]\n");
const GOOD: &str = "for: decision\nexpect: has(record.topic)\nmessage: \"`{record.id}` has no topic\"\nexamples:\n  - name: with a topic\n    files:\n      \
    governance/d.yaml: \"decisions: [{ id: D-1, topic: rent }]\"\n";

#[test]
fn the_examples_of_built_in_rules_need_nothing_of_the_user() {
    let repository = Repository::folder_with(&[
        CONFIG,
        ("policy/kinds/decision.yaml", "base: decision\nrequired: [topic]\n"),
        ("policy/rules/own/topic.yaml", GOOD),
    ]);
    let output = repository.run(&["test", "--select", "reference/*,own/*"]);
    assert!(output.out.ends_with(" passed, 0 failed\n"), "{output:?}");
}

#[test]
fn an_example_in_which_a_rule_for_files_sees_none_fails() {
    let rule = |path: &str| {
        format!(
            "for: file\neach: file.find_all(\"ASAP\")\nexpect: \"false\"\nmessage: \"`{{file.path}}` says `{{item.text}}`\"\nexamples:\n  - name: no such word\n    \
             files:\n      {path}: |\n        # A\n"
        )
    };
    let run = |path: &str| {
        let files = [CONFIG, ("policy/rules/page/asap.yaml", &rule(path))];
        Repository::folder_with(&files).run(&["test", "policy"]).out
    };
    assert!(run("docs/1.md").contains("the rule judges nothing here: there is no file\n"));
    assert_eq!(run("docs/decisions/README.md"), "1 passed, 0 failed\n");
}

#[test]
fn rules_that_do_not_load_leave_the_others_to_be_tested() {
    let repository = Repository::folder_with(&[
        CONFIG,
        ("policy/rules/own/topic.yaml", GOOD),
        ("policy/rules/own/wrong.yaml", &GOOD.replace("record.topic", "record.topics")),
    ]);
    let one = repository.run(&["test", "policy/rules/own/topic.yaml"]);
    assert_eq!((one.code, &*one.out), (Some(0), "1 passed, 0 failed\n"), "{one:?}");
    assert!(one.err.contains("not read: rule `own/wrong`"), "{one:?}");
    let all = repository.run(&["test", "policy"]);
    assert_eq!((all.code, &*all.out), (Some(2), "1 passed, 0 failed\n"), "{all:?}");
    assert!(all.err.contains("rule `own/wrong`"), "{all:?}");
}

#[test]
fn one_rule_is_tested_by_its_id() {
    let decisions = ("governance/d.yaml", "decisions: [{ id: D-1, title: Hire, topic: people }]\n");
    let files = [CONFIG, decisions, ("policy/rules/own/topic.yaml", GOOD)];
    let repository = Repository::folder_with(&files);
    repository.write(&[("policy/rules/own/other.yaml", GOOD)]);
    assert_eq!(repository.run(&["test", "own/topic"]).out, "1 passed, 0 failed\n");
    assert_eq!(repository.run(&["test", "--here", "own/topic"]).out, "1 judged, 0 never judged\n");
    let unknown = repository.run(&["test", "own/topics"]);
    assert!(unknown.err.contains("no folder or rule `own/topics`"), "{unknown:?}");
}

#[test]
fn a_page_that_is_not_read_is_the_reason_where_it_is_searched() {
    let rule = "for: decision\neach: files(\"docs/books/*.md\")\nexpect: size(item.find_all(\"Contact\")) > 0\nmessage: \"`{item.path}` names nobody\"\n";
    let repository = Repository::folder_with(&[
        CONFIG,
        ("policy/rules/book/contact.yaml", rule),
        ("governance/d.yaml", "decisions: [{ id: D-1, title: Hire }]\n"),
        ("docs/books/door.md", "# The door is stuck\n"),
    ]);
    let told = repository.run(&["explain", "book/contact", "governance/d.yaml:1"]).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains(
            "Not judged: `docs/books/door.md` is not read by the program, which searches only what it reads."
        ),
        "{told}"
    );
}

#[test]
fn a_rule_that_does_not_load_is_named_by_its_id() {
    let faulty = GOOD.replace("expect:", "expects:");
    let repository = Repository::folder_with(&[CONFIG, ("policy/rules/own/topic.yaml", &faulty)]);
    let output = repository.run(&["test", "own/topic"]);
    assert!(output.err.contains("`expects`") && output.err.contains("topic.yaml:2"), "{output:?}");
    assert!(!output.err.contains("no folder or rule"), "{output:?}");
}

/// What the test of a rule says of the example with these files, in a repository with these files and this configuration.
fn told_of_example(config: &str, rule: &str, files: &str, others: &[(&str, &str)]) -> String {
    let rule = format!("{rule}message: x\nexamples:\n  - name: one\n    files:\n{files}");
    let own = [("alignlint.yaml", config), ("policy/rules/own/one.yaml", &*rule)];
    Repository::folder_with(&[&own, others].concat()).run(&["test", "policy"]).out
}

#[test]
fn an_example_that_switches_the_rule_off_tests_nothing() {
    const RULE: &str = "for: decision\nexpect: has(record.topic)\n";
    let files = "      alignlint.yaml: \"rules: { own/one: off }\"\n      governance/d.yaml: |\n        decisions: [{ id: D-1 }]\n";
    let told = told_of_example(CONFIG.1, RULE, files, &[]);
    assert!(told.contains("judges nothing here: it is switched off in the configuration"), "{told}");
    let meant = told_of_example(CONFIG.1, RULE, &format!("{files}    judged: false\n"), &[]);
    assert_eq!(meant, "1 passed, 0 failed\n");
}
