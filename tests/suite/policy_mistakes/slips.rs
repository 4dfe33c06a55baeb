//! Slips of authors whose cause is not where the error shows, and the message of each.

use crate::kit::Repository;

use super::told::{MEMO, notices, repository};
use super::{CONFIG, PROFILE, message};

const RULE_FILE: &str = "policy/rules/wrong/slip.yaml";
const TOOL: &str = "title: Tool\ndescription: What we use.\ntype: object\nx-plural: tools\nproperties:\n  access:\n    type: object\n    \
    propertyNames: { x-ref: person }\n    additionalProperties: { type: string, enum: [read, write] }\n  seats: { type: string }\n  \
    term: { type: string, format: period }\n  notice: { type: string, format: duration }\n";

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asserts what is said of a rule for records or files of a kind with a condition.
#[track_caller]
fn assert_said(of: &str, condition: &str, said: &[&str]) {
    assert_said_of_rule(&format!("for: {of}\nexpect: {condition}\nmessage: \"no\"\n"), said);
}

#[track_caller]
fn assert_said_of_rule(rule: &str, said: &[&str]) {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/tool.yaml", TOOL),
        (RULE_FILE, rule),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    let output = repository.run_today(&["-q"]);
    let found = on_one_line(&output.err);
    assert_eq!(output.code, Some(2), "{rule}");
    said.iter().for_each(|part| assert!(found.contains(part), "{rule}\n{part}\n{found}"));
}

#[test]
fn a_backspace_in_a_pattern_is_the_edge_of_a_word() {
    const IN_YAML: &str = "help: write `\\\\b` for the edge of a word, or the pattern in single quotes";
    assert_said(
        "decision",
        "record.title.matches(\"\\bTODO\\b\")",
        &[
            "`\\b` is a backspace here",
            "help: write `\\\\b` for the edge of a word, or a raw string `r\"…\"`",
        ],
    );
    let profile = PROFILE.replace("^(.+)$\" }]\n  status", "\\b(.+)$\" }]\n  status");
    assert!(on_one_line(&message("policy/profiles/memo.yaml", &profile)).contains(IN_YAML));
    let rule = "for: decision\nexpect: size(record.title.find_all(params.words)) == 0\nmessage: \"no\"\n\
        params: { words: { type: pattern, default: TODO, description: Words } }\n";
    let with = |words: &str| {
        let config = format!("{CONFIG}rules: {{ own/words: {{ words: {words} }} }}\n");
        let decisions = ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n");
        let files = [("alignlint.yaml", &*config), ("policy/rules/own/words.yaml", rule), decisions];
        on_one_line(&Repository::folder_with(&files).run_today(&["-q"]).err)
    };
    let backspace = with("\"\\bTODO\\b\"");
    assert!(backspace.contains("for `words` of rule `own/words`: `\\b` is a backspace here"), "{backspace}");
    assert!(backspace.contains(IN_YAML), "{backspace}");
    assert_eq!(with("'\\bTODO\\b'"), "");
    let open = with("\"(TODO\"");
    assert!(open.contains("for `words` of rule `own/words`: unclosed group"), "{open}");
    assert!(open.contains("help: close it with `)`"), "{open}");
}

#[test]
fn yaml_is_the_reason_where_it_cuts_or_ends_a_text() {
    assert_said_of_rule(
        "for: decision\nexpect: has(record.topic)\nmessage: decision {record.id}: no topic\n",
        &[
            "a value that contains `: ` must be quoted",
            "help: write `message: \"decision {record.id}: no topic\"`",
        ],
    );
    assert_said(
        "decision",
        "record.title != \"a # b\"",
        &["YAML reads the text from ` #` as a comment", "help: write `expect: 'record.title != \"a # b\"'`"],
    );
    assert_said("decision", "record.title != \"a # remark", &["unclosed string"]);
}

#[test]
fn words_of_an_enumeration_are_known_wherever_they_are_read() {
    for condition in [
        "record.access[\"ada\"] != \"wirte\"",
        "entries(record.access).all(e, e.value != \"wirte\")",
        "entries(record.access).filter(e, e.key != \"ada\").all(e, !(e.value in [\"wirte\"]))",
    ] {
        assert_said("tool", condition, &["unknown value `wirte` of `", "help: did you mean `write`?"]);
    }
    assert_said_of_rule(
        "for: tool\neach: entries(record.access)\nexpect: item.value != \"wirte\"\nmessage: \"no\"\n",
        &["unknown value `wirte` of `item.value`"],
    );
    for condition in [
        "record.changed(\"status\").value != \"acepted\"",
        "record.history(\"status\").all(c, c.before != \"acepted\")",
    ] {
        assert_said(
            "decision",
            condition,
            &["unknown value `acepted` of `status`", "did you mean `accepted`?"],
        );
    }
    assert_said(
        "decision",
        "record.profile != \"nygrad\"",
        &["unknown format `nygrad`", "did you mean `nygard`?"],
    );
    assert_said("decision", "'!(record.profile in [\"memos\", \"mader\"])'", &["did you mean `madr`?"]);
}

/// A word of earlier days, and the format of another repository, need not be known.
#[test]
fn words_that_may_be_of_elsewhere_are_left() {
    let rule = "for: decision\nexpect: 'record.profile != \"company-log\" && record.changed(\"status\").before != \"in the freezer\"'\nmessage: \"no\"\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/rules/own/slip.yaml", rule),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    assert_eq!(repository.run_today(&["-q"]).err, "");
}

#[test]
fn parts_of_a_page_by_other_names_are_those_that_there_are() {
    for (of, condition, help) in [
        ("decision", "size(record.sections) > 1", "write `record.file.headings`"),
        ("decision", "size(record.lines) > 1", "search in it: `record.file.find_all(\"(?m)^.*$\")`"),
        ("file", "file.ext == \"md\"", "write `file.path.endsWith(\".md\")`"),
        ("file", "size(file.lines) > 1", "search in it: `file.find_all(\"(?m)^.*$\")`"),
        ("file", "files(\"*.md\").all(f, f.text != \"\")", "search in it: `f.find_all(\"…\")`"),
        ("file", "file.links.all(l, l.leadsto != \"\")", "did you mean `leads_to`?"),
        ("file", "file.links.all(l, l.leads-to != \"\")", "write `leads_to`"),
        ("unread-file", "file.text != \"\"", "use one of: certain, folder, help"),
        ("decision", "record.date < \"today\"", "write `today`"),
        ("decision", "record.title.substring(0, 1) == \"a\"", "write `.startsWith(…)`, or `.find(\"^..\")`"),
        ("decision", "record.history.size() > 1", "`history` is a method: write `record.history(…)`"),
        ("decision", "record.status.before == \"draft\"", "write `record.changed(\"status\").before`"),
        (
            "tool",
            "record.term - record.notice > today",
            "take its first or last day: `record.term.start` or `record.term.end`",
        ),
    ] {
        assert_said(of, condition, &[&format!("help: {help}")]);
    }
    assert_said("file", "file.links.all(l, l.frob != \"\")", &["image, leads_to, nearest, never_committed"]);
    let rule = "for: file\nfiles: docs/*.md\nexpect: has(file.path)\nmessage: \"no\"\n";
    assert_said_of_rule(rule, &["help: write it under `when`: `file.path.startsWith(\"docs/\")`"]);
}

#[test]
fn a_kind_is_not_called_like_what_a_rule_may_be_for() {
    for name in ["file", "any", "owned"] {
        let said = on_one_line(&message(&format!("policy/kinds/{name}.yaml"), TOOL));
        assert!(said.contains(&format!("`{name}` can't be a kind: `for: {name}` in a rule")), "{said}");
        assert!(said.contains(&format!("help: rename the file, such as to `our-{name}.yaml`")), "{said}");
    }
}

#[test]
fn the_type_of_a_computed_field_and_a_missing_schema_are_corrected_in_the_kind() {
    let computed =
        TOOL.replace("{ type: string }\n  term", "{ type: string, x-computed: size(record.access) }\n  term");
    let said = on_one_line(&message("policy/kinds/tool.yaml", &computed));
    assert!(said.contains("help: write `type: integer` for `seats`"), "{said}");
    let missing = TOOL.replace("seats: { type: string }", "seats: { $ref: \"#/seats\" }");
    let said = on_one_line(&message("policy/kinds/tool.yaml", &missing));
    assert!(said.contains("there is no `#/seats` in the file"), "{said}");
    assert!(said.contains("help: name a schema under `$defs`"), "{said}");
}

#[test]
fn a_field_one_letter_from_one_of_the_base_is_named_until_a_record_states_it() {
    let repository = repository(PROFILE);
    let kind = "base: decision\nproperties:\n  topik: { enum: [pricing] }\n";
    repository.write(&[("policy/kinds/decision.yaml", kind)]);
    assert_eq!(
        notices(&repository),
        [
            "no record has the field `topik`, which is another than `topic` of the base; to change that one, write `topic` (policy/kinds/decision.yaml:3)"
        ]
    );
    repository
        .write(&[("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire, topik: pricing}]\n")]);
    assert_eq!(notices(&repository), [""; 0]);
}

#[test]
fn a_line_with_another_sign_than_a_colon_is_read_by_a_pattern() {
    let repository = repository(&format!("{PROFILE}requires: [status]\n"));
    repository.write(&[(MEMO.0, &MEMO.1.replace("State: ", "State:: "))]);
    let output = repository.run_today(&["--select", "schema/*"]);
    let place = "preamble: '(?m)^State:: *(.+)$'";
    assert!(
        on_one_line(&output.out).contains(&format!(
            "help: the page has `State:: …`, which is no line `NAME: …`: write `status: [{{ {place} }}]` under `fields` in `policy/profiles/memo.yaml`"
        )),
        "{output:?}"
    );
    assert!(output.err.contains(&format!("write `{place}`, in `policy/profiles/memo.yaml:9`")), "{output:?}");
    let mended = PROFILE.replace("{ header: State }", &format!("{{ {place} }}"));
    repository.write(&[("policy/profiles/memo.yaml", &format!("{mended}requires: [status]\n"))]);
    assert_eq!(repository.run_today(&["-q", "--select", "schema/*"]).out, "");
}

#[test]
fn a_pattern_of_the_configuration_is_not_corrected_to_a_path_of_the_policy() {
    let repository = repository(PROFILE);
    repository.write(&[
        ("alignlint.yaml", &format!("{CONFIG}exclude: [\"vendor/**\"]\n")),
        ("policy/rules/vendor/one.yaml", "for: decision\nexpect: has(record.title)\nmessage: \"no\"\n"),
    ]);
    assert_eq!(
        notices(&repository),
        ["the pattern `vendor/**` of `exclude` matches no file (alignlint.yaml:2)"]
    );
}

#[test]
fn a_page_that_the_own_format_leaves_out_is_explained_by_that() {
    let repository = repository(&format!("{PROFILE}skip: [\"**/12-*\"]\n"));
    assert_eq!(
        repository.run_today(&["explain", MEMO.0]).out,
        "# docs/memos/12-db.md\n\nNot read as a record: `skip` of the format `memo` leaves it out.\n\nTo have it read, narrow the \
         patterns under `skip` in `policy/profiles/memo.yaml`.\n"
    );
}

#[test]
fn a_size_that_is_never_less_than_nothing_is_named() {
    for (condition, said, help) in [
        (
            "has(record.topic) || size(record.kpis) >= 0",
            "`size(record.kpis) >= 0` is always true",
            "write `size(record.kpis) > 0`, or remove it",
        ),
        (
            "!(size(record.kpis) < 0)",
            "`size(record.kpis) < 0` is always false",
            "write `size(record.kpis) == 0`, or remove it",
        ),
    ] {
        assert_said("decision", &format!("'{condition}'"), &[said, &format!("help: {help}")]);
    }
}

#[test]
fn a_let_that_is_the_same_for_all_records_is_named() {
    let rule = "for: decision\nlet:\n  either: has(record.topic) || !has(record.topic)\nexpect: either\nmessage: \"no\"\n";
    assert_said_of_rule(rule, &["is always true", "slip.yaml:3:14"]);
}

#[test]
fn a_field_of_the_record_under_at_is_a_name_alone() {
    let rule = "for: decision\nexpect: has(record.topic)\nat: record.topic\nmessage: \"no\"\n";
    assert_said_of_rule(rule, &["`at` names a field alone, and not `record.topic`", "help: write `topic`"]);
}

#[test]
fn a_number_is_compared_without_quotes() {
    let said = [
        "can't compare an integer with a string",
        "help: write a number without quotes, and a text with them",
    ];
    assert_said("decision", "'size(record.kpis) == \"1\"'", &said);
}

#[test]
fn examples_of_a_rule_have_names_of_their_own() {
    let example =
        "  - name: pass\n    files: { governance/d.yaml: \"decisions: [{ id: D-1, topic: rent }]\" }\n";
    let rule =
        format!("for: decision\nexpect: has(record.topic)\nmessage: \"no\"\nexamples:\n{example}{example}");
    assert_said_of_rule(&rule, &["two examples are called `pass`", "slip.yaml:7:11"]);
}

#[test]
fn an_example_with_a_history_may_change_no_file_since() {
    let rule = "for: decision\nexpect: has(record.topic)\nmessage: \"no\"\nexamples:\n  - name: pass\n    history:\n      - { date: 2026-08-03, \
        author: Ada <ada@example.org>, files: { governance/d.yaml: \"decisions: [{ id: D-1, topic: rent }]\" } }\n    files: {}\n";
    let repository =
        Repository::folder_with(&[("alignlint.yaml", CONFIG), ("policy/rules/own/topic.yaml", rule)]);
    let output = repository.run(&["test", "policy"]);
    assert_eq!(output.out, "1 passed, 0 failed\n", "{output:?}");
}

#[test]
fn a_call_is_underlined_to_its_end() {
    assert_said(
        "decision",
        "titled(records(\"kpi\").map(e, size(e.kpis))) == \"\"",
        &["a kpi has no field `kpis`"],
    );
    assert_said(
        "decision",
        "record.title + records(\"kpi\").map(e, e.id) == \"\"",
        &[&format!("· {} ╰", "─".repeat(42))],
    );
}

#[test]
fn separators_of_a_text_and_a_misspelt_configuration_are_named() {
    let profile =
        PROFILE.replace("{ header: State }", "{ header: State }]\n  topic: [{ header: Tags, split: \",\" }");
    let said = on_one_line(&message("policy/profiles/memo.yaml", &profile));
    assert!(said.contains("`topic` holds one value, and `split` makes several"), "{said}");
    let repository = Repository::folder_with(&[
        ("alignlnt.yaml", "extends: [strict]\n"),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    assert_eq!(
        notices(&repository),
        ["`alignlnt.yaml` is not read; the configuration is `alignlint.yaml` at the root"]
    );
}

#[test]
fn a_number_that_the_schema_excludes_is_told() {
    let kind = "title: Service\ndescription: What we run.\ntype: object\nx-plural: services\nproperties:\n  \
        tier: { type: integer, enum: [1, 2, 3] }\n  level: { type: integer, minimum: 1, maximum: 9 }\n";
    let said = |condition: &str| {
        let rule = format!("for: service\nexpect: {condition}\nmessage: \"no\"\n");
        let files = [
            ("alignlint.yaml", CONFIG),
            ("policy/kinds/service.yaml", kind),
            ("policy/rules/own/number.yaml", &*rule),
            ("governance/services.yaml", "services: [{ id: billing, title: Billing, tier: 1, level: 2 }]\n"),
        ];
        let output = Repository::folder_with(&files).run_today(&["-q"]);
        (output.code, on_one_line(&output.err))
    };
    let listed = "compare with a number that its schema allows: 1, 2, 3";
    let between = "compare with a number that its schema allows: from 1 to 9";
    for (condition, number, help) in [
        ("record.tier == 7", "`tier` is never 7 in a service", listed),
        ("record.tier != -1", "`tier` is never -1 in a service", listed),
        ("record.tier in [3, 4]", "`tier` is never 4 in a service", listed),
        ("record.level < 100", "`level` is never 100 in a service", between),
        ("0 < record.level", "`level` is never 0 in a service", between),
    ] {
        let (code, err) = said(condition);
        assert_eq!(code, Some(2), "{condition}: {err}");
        assert!(err.contains(number) && err.contains(help), "{condition}: {err}");
    }
    for condition in ["record.tier >= 2", "record.level <= 9", "record.?level.orValue(0) > 0"] {
        let (code, err) = said(condition);
        assert_ne!(code, Some(2), "{condition}: {err}");
    }
}

#[test]
fn a_key_of_a_mapping_is_read_in_brackets() {
    assert_said(
        "tool",
        "record.access.ada == \"write\"",
        &["help: read the value of a key in brackets: `record.access[\"ada\"]`"],
    );
}

#[test]
fn a_place_of_an_item_or_of_another_record_needs_them() {
    let rule = |at: &str| format!("for: decision\nexpect: has(record.owner)\nat: {at}\nmessage: \"no\"\n");
    assert_said_of_rule(
        &rule("item.reason"),
        &["`at` is `item.reason`, and the rule has no `each`", "help: add `each: record.FIELD`"],
    );
    assert_said_of_rule(
        &rule("other.title"),
        &["help: write `related: { at: title }` to underline the other record, too"],
    );
}

#[test]
fn a_decimal_comma_between_braces_is_told() {
    let config = format!("{CONFIG}rules: {{ own/least: {{ least: 99,9 }} }}\n");
    assert!(
        on_one_line(&message("alignlint.yaml", &config))
            .contains("help: write the number with a point: `least: 99.9`")
    );
}
