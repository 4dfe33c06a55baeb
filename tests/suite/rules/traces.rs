//! `explain RULE PATH|ID`: how a rule judges a record, step by step.

use crate::kit::Repository;

const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [essential, ./policy]\n");
const DECISIONS: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - {id: D-1, status: accepted, topic: pricing, date: 2026-01-01, kpis: []}\n  \
     - {id: D-2, status: rejected, topic: pricing}\n  - {id: D-3, status: accepted, topic: people}\n  \
     - {id: D-4, status: accepted}\n",
);

fn with(rule: &str) -> Repository {
    Repository::folder_with(&[CONFIG, DECISIONS, ("policy/own/rule.yaml", rule)])
}

fn explain(rule: &str, target: &str) -> String {
    let output = with(rule).run(&["explain", "own/rule", target, "--as-of", "2026-11-20"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    output.out
}

const PRICING: &str = "for: decision\nparams:\n  topics: { type: list, default: [pricing], description: Which }\n\
    let: { relevant: record.topic in params.topics }\nwhen: record.live && relevant\n\
    expect: size(record.?kpis.orValue([])) > 0 || record.status == 'proposed'\nmessage: \"`{record.id}` is wrong\"\n";

#[test]
fn a_finding_is_explained_by_the_values_of_the_parts() {
    let expected = "\
own/rule on decision D-1  governance/decisions.yaml:2:10

let relevant  record.topic in params.topics
            record.topic = \"pricing\"
            params.topics = [\"pricing\"]
          → true

when      record.live && relevant
            record.live = true
            relevant = true
          → true

expect    size(record.?kpis.orValue([])) > 0 || record.status == 'proposed'
            record.?kpis.orValue([]) = []
            size(record.?kpis.orValue([])) = 0
            record.status = \"accepted\"
          → false

A finding at governance/decisions.yaml:2:10: `D-1` is wrong
";
    assert_eq!(explain(PRICING, "D-1"), expected);
}

#[test]
fn a_condition_that_is_false_and_one_that_is_not_judged_end_the_steps() {
    let closed = explain(PRICING, "decision/D-2");
    assert!(closed.contains("            record.live = false\n"), "{closed}");
    assert!(closed.contains("          → false: the rule does not apply\n"), "{closed}");
    assert!(closed.ends_with("\nThe rule does not apply.\n") && !closed.contains("expect"), "{closed}");
    let unknown = explain(PRICING, "D-4");
    let end = "Not judged: `topic` is absent at governance/decisions.yaml:5:10.\n";
    assert!(unknown.ends_with(end) && unknown.contains("record.topic = absent"), "{unknown}");
}

#[test]
fn each_record_of_a_file_is_explained() {
    let text = explain(PRICING, "governance/decisions.yaml");
    assert_eq!(text.matches("own/rule on decision ").count(), 4, "{text}");
}

#[test]
fn items_and_groups_are_steps() {
    let items = explain(
        "for: decision\neach: records('decision').filter(d, has(d.topic) && d.topic == record.topic)\nwhen: item != record\n\
         expect: item.status != record.status\nmessage: \"`{record.id}`\"\n",
        "D-1",
    );
    assert!(
        items.contains("\nitem      decision `D-1`\n\nwhen      item != record\n          → false"),
        "{items}"
    );
    assert!(
        items.contains(
            "          → [decision `D-1`, decision `D-2`]
"
        ),
        "{items}"
    );
    let rule = "for: decision\ngroup-by: record.topic\nexpect: group.records.size() < 2\nmessage: \"`{group.key}`\"\n";
    let group = explain(rule, "D-2");
    assert!(group.contains("group-by  record.topic\n          → \"pricing\"\n"), "{group}");
    assert!(group.contains("group.records = [decision `D-1`, decision `D-2`]"), "{group}");
    assert!(group.contains("A finding at governance/decisions.yaml:3:10: `pricing`"), "{group}");
    assert!(explain(rule, "D-4").ends_with("→ absent\n\nThe record is in no group.\n"));
}

#[test]
fn what_does_not_apply_and_what_is_off_is_said() {
    let other = explain("for: kpi\nexpect: has(record.title)\nmessage: a\n", "D-1");
    assert!(other.ends_with("The rule does not apply: it is for kpi.\n"), "{other}");
    let repository = with(PRICING);
    repository.write(&[("alignlint.yaml", "extends: [./policy]\nrules: { own/rule: off }\n")]);
    let off = repository.run(&["explain", "own/rule", "D-1"]).out;
    assert!(off.contains("The configuration switches the rule off here. If it were on:\nA finding"), "{off}");
    let absent = with(PRICING).run(&["explain", "reference/unused", "D-1"]).out;
    let told = "The rule is not in the preset `essential`; to run it: `rules: { reference/unused: note }` in";
    assert!(absent.split_whitespace().collect::<Vec<_>>().join(" ").contains(told), "{absent}");
    let unknown = with(PRICING).run(&["explain", "own/rule", "D-9"]).fault();
    assert!(unknown.contains("no file, folder or record `D-9`"), "{unknown}");
}

#[test]
fn text_from_files_cannot_control_the_terminal() {
    let repository = with("for: decision\nexpect: record.topic == 'a'\nmessage: \"{record.topic}\"\n");
    repository
        .write(&[("governance/decisions.yaml", "decisions:\n  - {id: \"D\\e[2J\", topic: \"\\e[2Jx\"}\n")]);
    let output = repository.run(&["explain", "own/rule", "governance/decisions.yaml"]);
    assert!(output.out.contains("A finding") && !output.out.contains('\u{1b}'), "{output:?}");
}

#[test]
fn whom_a_rule_about_many_kinds_is_for_is_said_in_words() {
    let exceptions = "exceptions:\n  - { id: E-1, title: Mops, rule: P-3, reason: They arrive in spring }\n";
    let repository = Repository::folder_with(&[("governance/exceptions.yaml", exceptions)]);
    let page = repository.run(&["explain", "ownership/missing", "E-1"]).out;
    assert!(page.ends_with("The rule does not apply: it is for records that need an owner.\n"), "{page}");
}

#[test]
fn a_file_without_records_is_judged_by_a_rule_for_files() {
    let page = |number: &str, status: &str| {
        format!(
            "# {number}. Queue {number}\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n"
        )
    };
    let repository = Repository::folder_with(&[
        ("docs/adr/0001-a.md", &page("1", "Rejected")),
        ("src/c.rs", "// see ADR-1\n"),
        ("src/d.rs", "fn d() {}\n"),
    ]);
    let explain = |rule: &str, path: &str| repository.run(&["explain", rule, path, "--as-of", "2026-11-20"]);
    let cited = explain("reference/stale-citation", "src/c.rs").out;
    assert!(cited.starts_with("reference/stale-citation on the file  src/c.rs:1:1\n"), "{cited}");
    assert!(cited.contains("\nA finding at src/c.rs:1:8: `ADR-1` is rejected"), "{cited}");
    assert_eq!(
        explain("reference/stale-citation", "src/d.rs").out,
        "reference/stale-citation on the file  src/d.rs:1:1\n\n\
         The rule is not in the preset `recommended`; to run it: `rules: {\n\x20 reference/stale-citation: warning }` in `alignlint.yaml`. If it were on:\n\
         The rule does not apply: it is for files that are no records and cite some.\n"
    );
    let decided = explain("decision/undated", "src/d.rs").out;
    assert!(decided.ends_with("The rule does not apply: it is for decision.\n"), "{decided}");
    assert_eq!(explain("decision/undated", "src/e.rs").code, Some(2));
}

#[test]
fn a_finding_that_is_suppressed_is_told_as_such() {
    let rule = "for: decision\nexpect: has(record.date)\nmessage: \"`{record.id}` has no date\"\n";
    let page =
        "decisions:\n  # alignlint: ignore own/rule because it is new\n  - { id: D-1, status: accepted }\n";
    let repository =
        Repository::folder_with(&[CONFIG, ("governance/d.yaml", page), ("policy/own/rule.yaml", rule)]);
    let told = |repository: &Repository| {
        let output = repository.run(&["explain", "own/rule", "D-1", "--as-of", "2026-11-20"]).out;
        output.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let by_comment = told(&repository);
    assert!(by_comment.contains("which the comment in line 2 suppresses: `D-1` has no date"), "{by_comment}");
    let exception = "exceptions: [{ id: E-1, rule: own/rule, scope: [D-1], owner: ada, expires: 2027-01-01, reason: It is new. }]\n";
    repository.write(&[
        ("governance/d.yaml", "decisions:\n  - { id: D-1, status: accepted }\n"),
        ("governance/e.yaml", exception),
    ]);
    let by_exception = told(&repository);
    assert!(by_exception.contains("which the exception `E-1` suppresses"), "{by_exception}");
}

#[test]
fn of_a_folder_only_what_the_rule_is_for_is_explained() {
    let repository = with(PRICING);
    repository.write(&[("governance/people.yaml", "people:\n  - { id: ada, title: Ada }\n")]);
    let page = repository.run(&["explain", "own/rule", "governance"]).out;
    assert_eq!(
        (page.matches("own/rule on decision").count(), page.matches("person").count()),
        (4, 0),
        "{page}"
    );
    let person = repository.run(&["explain", "own/rule", "governance/people.yaml"]).out;
    assert!(person.contains("it is for decision"), "{person}");
}

#[test]
fn a_rule_that_judges_nothing_says_so_without_a_record() {
    let rule = PRICING.replace("[pricing]", "[pricng]");
    let page = with(&rule).run(&["explain", "own/rule"]).out;
    assert!(page.contains("\nIt judges nothing here: "), "{page}");
    let judged = with(PRICING).run(&["explain", "own/rule"]).out;
    assert!(!judged.contains("It judges nothing here"), "{judged}");
}

#[test]
fn a_rule_about_changes_of_the_policy_says_what_it_compares() {
    let repository = with("for: policy-file\nexpect: size(file.changes) == 0\nmessage: x\n");
    let here = repository.run(&["test", "--here"]).out;
    assert!(here.contains("it compares the policy with that of `--policy-from`"), "{here}");
    let file = repository.run(&["explain", "own/rule", "alignlint.yaml"]).out;
    let file = file.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(file.contains("files that change the policy since `--policy-from`"), "{file}");
}

#[test]
fn a_rule_is_named_without_its_family() {
    let repository = with(PRICING);
    for (arguments, meant) in [
        (&["explain", "governs-nothing"][..], "decision/governs-nothing"),
        (&["explain", "governs-nothing", "D-1"], "decision/governs-nothing"),
        (&["test", "own/rul"], "own/rule"),
    ] {
        let message = repository.run(arguments).err;
        assert!(message.contains(&format!("did you mean `{meant}`?")), "{arguments:?}: {message}");
    }
}

#[test]
fn a_rule_that_lets_groups_of_one_record_pass_judges_them() {
    let rule = "for: decision\ngroup-by: record.id\nexpect: size(group.records) == 1\nmessage: \"`{record.id}` is there twice\"\n";
    let page = with(rule).run(&["explain", "own/rule"]).out;
    assert!(page.contains("own/rule") && !page.contains("It judges nothing here"), "{page}");
}
