//! Results that are not judged: each tells what could not be read, and where.

use serde_json::{Value, json};

use crate::kit::{Repository, project_file};

const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [essential, ./policy]\n");
const PEOPLE: (&str, &str) = ("governance/people.yaml", "people:\n  - {id: ada, title: Ada}\n");

/// A folder with one rule about decisions and these decisions, in a flow mapping each.
fn with(condition: &str, decisions: &[&str]) -> Repository {
    let rule = format!("for: decision\n{condition}\nmessage: \"`{{record.id}}` is wrong\"\n");
    let list: String = decisions.iter().map(|decision| format!("  - {{{decision}}}\n")).collect();
    Repository::folder_with(&[
        CONFIG,
        PEOPLE,
        ("policy/own/rule.yaml", &rule),
        ("governance/decisions.yaml", &format!("decisions:\n{list}")),
    ])
}

fn report(repository: &Repository) -> Value {
    let report =
        repository.run_today(&["--select", "own/rule", "--format", "json", "--fail-on", "never"]).json();
    let schema: Value = serde_json::from_str(&project_file("schemas/report.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let violations: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(violations, Vec::<String>::new());
    report
}

/// The reason, what, and `path:line:column` of each result that is not judged.
fn reasons(condition: &str, decisions: &[&str]) -> Vec<String> {
    shown(&report(&with(condition, decisions)))
}

fn shown(report: &Value) -> Vec<String> {
    let list = report["not-judged"].as_array().expect("a list");
    assert_eq!(report["summary"]["not-judged"], list.len());
    let shown = |one: &Value| {
        assert_eq!(one["rule"], "own/rule");
        let text = |key: &str| one[key].as_str().expect("a text").to_owned();
        let (line, column) = (&one["start"]["line"], &one["start"]["column"]);
        let id = one["record"]["id"].as_str().expect("an id");
        format!("{id}: {} {} at {}:{line}:{column}", text("reason"), text("what"), text("path"))
    };
    list.iter().map(shown).collect()
}

#[test]
fn a_field_that_is_absent_is_named_as_files_spell_it() {
    let decisions = ["id: D-1, review-by: 2027-01-01", "id: D-2, title: Hire"];
    let expected = ["D-2: absent review-by at governance/decisions.yaml:3:10"];
    for condition in [
        "due: record.review_by",
        "expect: record.live && record.review_by > today",
        "let: { last: record.review_by, later: last + duration('1 day') }\nexpect: later > today",
        "expect: \"[1].all(one, record.review_by > today)\"",
        "expect: 'has(record.title) ? record.review_by > today : true'",
    ] {
        assert_eq!(reasons(condition, &decisions), expected, "{condition}");
    }
    assert_eq!(reasons("expect: record.?review_by.orValue(today) >= today", &decisions), [""; 0]);
}

#[test]
fn a_value_that_cannot_be_read_is_shown_where_it_is() {
    let found = reasons("due: record.review_by", &["id: D-1, review-by: soon"]);
    assert_eq!(found, ["D-1: unreadable review-by at governance/decisions.yaml:2:26"]);
    let found = reasons("due: date(record.topic)", &["id: D-1, topic: soon"]);
    assert_eq!(found, ["D-1: unreadable topic at governance/decisions.yaml:2:22"]);
}

#[test]
fn a_key_that_a_mapping_lacks_is_named_and_so_is_an_item_that_a_list_lacks() {
    let kind = "title: Service\ndescription: A service.\ntype: object\nx-plural: services\nproperties:\n  \
                contacts: { type: object, description: Who answers, additionalProperties: { type: string } }\n  \
                hours: { type: array, description: When, items: { type: string } }\n";
    let reasons = |condition: &str| {
        let rule = format!("for: service\nexpect: \"{condition}\"\nmessage: wrong\n");
        let repository = Repository::folder_with(&[
            CONFIG,
            ("policy/kinds/service.yaml", kind),
            ("policy/own/rule.yaml", &rule),
            (
                "governance/services.yaml",
                "services:\n  - {id: mail, contacts: {day: ada}, hours: [mornings]}\n",
            ),
        ]);
        shown(&report(&repository))
    };
    let key = ["mail: absent outage at governance/services.yaml:2:26"];
    assert_eq!(reasons("record.contacts['outage'] != 'x'"), key);
    assert_eq!(reasons("['outage'].all(key, record.contacts[key] != 'x')"), key);
    let item = ["mail: absent record.hours[1] at governance/services.yaml:2:45"];
    assert_eq!(reasons("record.hours[1] != 'x'"), item);
}

#[test]
fn a_reference_that_leads_nowhere_is_shown_where_it_is() {
    let found =
        reasons("expect: record.owner.reports_to.live", &["id: D-1, owner: zoe", "id: D-2, owner: ada"]);
    assert_eq!(
        found,
        [
            "D-1: unresolved owner at governance/decisions.yaml:2:22",
            "D-2: absent reports-to at governance/people.yaml:2:10"
        ]
    );
    let found = reasons("expect: record.assumptions.all(a, a.live)", &["id: D-1, assumptions: [A-1]"]);
    assert_eq!(found, [""; 0], "the repository has no assumptions");
}

#[test]
fn a_history_that_does_not_tell_is_a_reason() {
    let found = reasons("expect: record.changed('status').date < today", &["id: D-1, status: accepted"]);
    assert_eq!(found, ["D-1: history status at governance/decisions.yaml:2:23"]);
}

#[test]
fn a_field_that_was_never_there_is_absent_and_not_without_a_history() {
    let repository = with("expect: record.changed('topic').date < today", &["id: D-1, status: accepted"]);
    repository.git(&["init", "-q"]);
    repository.commit("2026-05-04");
    assert_eq!(shown(&report(&repository)), ["D-1: absent topic at governance/decisions.yaml:2:10"]);
}

#[test]
fn an_operation_without_a_result_is_no_value_that_cannot_be_read() {
    let rule = "for: kpi\nexpect: record.target > amount('5 kg')\nmessage: light\n";
    let repository = Repository::folder_with(&[
        CONFIG,
        ("policy/own/rule.yaml", rule),
        ("governance/kpis.yaml", "kpis:\n  - {id: K-1, target: 30000 EUR}\n"),
    ]);
    let what = "K-1: undefined record.target > amount('5 kg') at governance/kpis.yaml:2:23";
    assert_eq!(shown(&report(&repository)), [what]);
    let verbose = repository.run_today(&["--select", "own/rule", "-v"]).err;
    let told = "1 record of kind kpi by own/rule: `record.target > amount('5 kg')` has no result";
    assert!(verbose.contains(told), "{verbose}");
}

#[test]
fn a_status_that_a_foreign_page_misstates_is_not_read_as_inactive() {
    let page = |status: &str| format!("# 1. Hire\n\n## Status\n\n{status}\n\n## Context\n\nWe grow.\n");
    let repository = Repository::folder_with(&[
        CONFIG,
        ("policy/own/rule.yaml", "for: decision\nexpect: record.live\nmessage: inactive\n"),
        ("docs/adr/0001-hire.md", &page("Banana")),
        ("docs/adr/0002-fire.md", &page("Rejected")),
    ]);
    let report = report(&repository);
    assert_eq!(shown(&report), ["0001: unreadable status at docs/adr/0001-hire.md:5:1"]);
    assert_eq!(report["summary"]["warning"], 1);
}

#[test]
fn a_rule_that_does_not_apply_is_not_counted() {
    let decisions = ["id: D-1, topic: prices", "id: D-2, assumptions: [A-1]"];
    assert_eq!(reasons("when: record.id == 'D-3'\ndue: record.review_by", &decisions), [""; 0]);
    let unused = reasons("when: has(record.assumptions)\nexpect: record.assumptions[0].live", &decisions);
    assert_eq!(unused, [""; 0]);
}

#[test]
fn each_item_and_each_group_has_its_reason() {
    let found = reasons(
        "each: record.options\nexpect: size(item.title) > 3",
        &["id: D-1, options: [{title: Yes}, {id: b}]"],
    );
    assert_eq!(found, ["D-1: absent title at governance/decisions.yaml:2:39"]);
    let found = reasons(
        "group-by: record.topic\nwhen: group.records.all(r, r.review_by > today)\nexpect: group.records.size() < 2",
        &["id: D-1, topic: a, review-by: 2027-01-01", "id: D-2, topic: a"],
    );
    assert_eq!(found, ["D-2: absent review-by at governance/decisions.yaml:3:10"]);
}

#[test]
fn parameters_of_the_file_are_used() {
    let rule = "for: decision\nparams:\n  needs-review: { type: bool, default: false, description: Whether }\n\
                when: params.needs_review\ndue: record.review_by\nmessage: late\n";
    let repository = Repository::folder_with(&[
        (
            "alignlint.yaml",
            "extends: [./policy]\noverrides:\n  - { files: strategy/**, rules: { own/rule: { needs-review: true } } }\n",
        ),
        ("policy/own/rule.yaml", rule),
        ("governance/decisions.yaml", "decisions:\n  - {id: D-1}\n"),
        ("strategy/decisions.yaml", "decisions:\n  - {id: D-2}\n"),
    ]);
    let report = report(&repository);
    assert_eq!(
        report["not-judged"],
        json!([{
            "rule": "own/rule",
            "record": { "kind": "decision", "id": "D-2" },
            "reason": "absent",
            "what": "review-by",
            "path": "strategy/decisions.yaml",
            "start": { "line": 2, "column": 10, "byte": 20 },
        }])
    );
}

#[test]
fn verbose_prints_a_line_for_each_of_all() {
    let repository = with(
        "expect: record.owner.reports_to.live",
        &["id: D-1, owner: ada", "id: \"D\\e[31m\", owner: zoe"],
    );
    let output = repository.run_today(&["--select", "own/rule", "-v", "--all", "--format", "concise"]);
    let lines: Vec<&str> = output.err.lines().filter(|line| line.starts_with("not judged: ")).collect();
    assert_eq!(
        lines,
        [
            "not judged: governance/decisions.yaml:3:28: own/rule: `D\u{241b}[31m`: `owner` names no record",
            "not judged: governance/people.yaml:2:10: own/rule: `D-1`: `reports-to` of the person `ada` is absent",
        ]
    );
}

#[test]
fn the_list_has_a_limit_and_the_count_has_none() {
    let decisions: Vec<String> = (0..1100).map(|number| format!("id: D-{number}")).collect();
    let decisions: Vec<&str> = decisions.iter().map(String::as_str).collect();
    let repository = with("due: record.review_by", &decisions);
    let report = report(&repository);
    assert_eq!(report["not-judged"].as_array().map(Vec::len), Some(1000));
    assert_eq!(report["summary"]["not-judged"], 1100);
    let verbose = |flags: &[&str]| {
        let run =
            repository.run_today(&[&["--select", "own/rule", "-v", "--format", "concise"], flags].concat());
        run.err.lines().filter(|line| line.starts_with("not judged: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(verbose(&["--all"]).len(), 1100);
    assert_eq!(
        verbose(&[]),
        ["not judged: 1,100 records of kind decision by own/rule: no `review-by`, for example \
             governance/decisions.yaml:2:10"]
    );
}

/// The lines of `-v` about two rules that need `review-by`, in two files of decisions.
fn verbose(arguments: &[&str]) -> Vec<String> {
    let rule =
        |condition: &str| format!("for: decision\n{condition}\nmessage: \"`{{record.id}}` is wrong\"\n");
    let repository = Repository::folder_with(&[
        CONFIG,
        PEOPLE,
        ("policy/own/rule.yaml", &rule("due: record.review_by")),
        ("policy/own/other.yaml", &rule("expect: record.owner.live && record.review_by > today")),
        ("governance/decisions.yaml", "decisions:\n  - {id: D-1, owner: ada}\n  - {id: D-2, owner: zoe}\n"),
        ("governance/late/decisions.yaml", "decisions:\n  - {id: D-3, owner: ada, review-by: soon}\n"),
        ("governance/late/other.yaml", "decisions:\n  - {id: D-4, owner: ada, review-by: 2030-01-01}\n"),
    ]);
    let flags = ["--select", "own/*", "-v", "--format", "concise"];
    let output = repository.run_today(&[&flags, arguments].concat());
    output.err.lines().filter(|line| line.starts_with("not judged: ")).map(str::to_owned).collect()
}

#[test]
fn verbose_counts_the_records_that_lack_a_value() {
    assert_eq!(
        verbose(&[]),
        [
            "not judged: 2 records of kind decision by 2 rules: no `review-by`, for example \
             governance/decisions.yaml:2:10",
            "not judged: 1 record of kind decision by own/other: `owner` names no record, for example \
             governance/decisions.yaml:3:22",
            "not judged: 1 record of kind decision by 2 rules: `review-by` can't be read, for example \
             governance/late/decisions.yaml:2:38",
        ]
    );
}

#[test]
fn verbose_is_about_the_paths() {
    assert_eq!(
        verbose(&["governance/late"]),
        ["not judged: 1 record of kind decision by 2 rules: `review-by` can't be read, for example \
             governance/late/decisions.yaml:2:38"]
    );
    assert_eq!(verbose(&["governance/late/other.yaml"]), [""; 0]);
}
