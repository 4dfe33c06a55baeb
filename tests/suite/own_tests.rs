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
    assert_eq!(
        run("docs/1.md"),
        "page/asap: no such word\n  the rule judges nothing here: there is no file\n  docs/1.md: not read: only pages of records and those beside \
         them are; write `docs/decisions/1.md`, or give the example an `alignlint.yaml` with `records: { document: docs }`\n\n0 passed, 1 failed\n"
    );
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
    repository.write(&[(
        "policy/rules/book/contact.yaml",
        &rule.replace("size(item.find_all(\"Contact\")) > 0", "item.stem == \"gate\""),
    )]);
    let told = repository.run(&["--select", "book/contact"]).out;
    assert!(told.contains("│ # The door is stuck"), "the first line is shown: {told}");
}

#[test]
fn an_absent_list_is_read_as_an_empty_one_where_that_is_meant() {
    let rule = "for: decision\neach: record.actions\nexpect: has(item.due)\nmessage: \"`{record.id}`\"\n";
    let repository = Repository::folder_with(&[
        CONFIG,
        ("policy/rules/own/action.yaml", rule),
        ("governance/d.yaml", "decisions: [{ id: D-1, title: Hire }]\n"),
    ]);
    let output = repository.run(&["test", "--here"]);
    assert!(
        output.out.contains("where such a list may be absent, write `record.?actions.orValue([])`"),
        "{output:?}"
    );
}

/// The faults of a policy with this file.
fn fault(path: &str, text: &str) -> String {
    let decisions =
        ("governance/d.yaml", "decisions: [{ id: D-1, title: Hire }]\nkpis: [{ id: churn, title: Churn }]\n");
    let output = Repository::folder_with(&[CONFIG, (path, text), decisions]).check(&[]);
    assert_eq!(output.code, Some(2), "{output:?}");
    output.err
}

#[test]
fn fields_that_do_not_fit_are_told_at_their_place() {
    let removed = fault("policy/kinds/kpi.yaml", "base: kpi\nproperties:\n  tie-break: null\n");
    assert!(
        removed.contains("`tie-break` can't be removed") && removed.contains("kinds/kpi.yaml:3:3"),
        "{removed}"
    );
    let until = fault(
        "policy/kinds/contract.yaml",
        "title: Contract\ndescription: What we agreed.\ntype: object\nx-plural: contracts\nx-until: supplier\nproperties:\n  supplier: { type: string }\n",
    );
    assert!(until.contains("`supplier` is no date"), "{until}");
    let profile = |accountable: &str| {
        let text = format!(
            "title: Memo\nkind: decision\nrecognise: {{ path: \"docs/memos/*.md\" }}\nfields:\n  id: [{{ file: \"^([0-9]+)\" }}]\n  title: [{{ title: \"^(.+)$\" }}]\naccountable: [{accountable}]\n"
        );
        fault("policy/profiles/memo.yaml", &text)
    };
    assert!(profile("title").contains("`title` names nobody who is accountable"), "{}", profile("title"));
    assert!(
        profile("owner").contains("`owner` is under `accountable`, and not under `fields`"),
        "{}",
        profile("owner")
    );
}

#[test]
fn a_date_in_another_form_than_the_format_has_is_no_mistake_of_the_page() {
    let repository = Repository::folder_with(&[
        CONFIG,
        (
            "policy/profiles/memo.yaml",
            "title: Memo\nkind: decision\nrecognise: { path: \"docs/memos/*.md\" }\nfields:\n  id: [{ file: \"^([0-9]+)\" }]\n  title: [{ title: \"^(.+)$\" }]\n  date: [{ header: Issued }]\ndates: [\"%d %B %Y\"]\n",
        ),
        ("docs/memos/1.md", "# Hire\n\nIssued: 3. November 2026\n"),
    ]);
    let output = repository.run_today(&["--select", "schema/*"]);
    assert!(output.out.contains("add `%d. %B %Y` to `dates`"), "{output:?}");
    repository.run_today(&["--fix=all"]);
    assert!(repository.read("docs/memos/1.md").contains("3. November 2026"));
}

#[test]
fn a_rule_that_does_not_load_is_named_by_its_id() {
    let faulty = GOOD.replace("expect:", "expects:");
    let repository = Repository::folder_with(&[CONFIG, ("policy/rules/own/topic.yaml", &faulty)]);
    let output = repository.run(&["test", "own/topic"]);
    assert!(output.err.contains("`expects`") && output.err.contains("topic.yaml:2"), "{output:?}");
    assert!(!output.err.contains("no folder or rule"), "{output:?}");
}

#[test]
fn a_pattern_of_files_that_none_matches_is_told_on_the_records_here() {
    let rule = "for: decision\nexpect: files(\"ops/*.yaml\").all(f, f.is_read)\nmessage: x\nexamples:\n  - name: none\n    files:\n      \
                governance/d.yaml: \"decisions: [{ id: D-1 }] # files(\\\"other\\\")\"\n";
    let decisions = ("governance/d.yaml", "decisions: [{ id: D-1, title: Hire }]\n");
    let repository = Repository::folder_with(&[CONFIG, ("policy/rules/own/files.yaml", rule), decisions]);
    let told = "own/files: no file here matches `ops/*.yaml`\n1 judged, 0 never judged\n";
    assert_eq!(repository.run(&["test", "--here"]).out, told);
    repository.write(&[("ops/doors.yaml", "doors: 2\n")]);
    assert_eq!(repository.run(&["test", "--here"]).out, "1 judged, 0 never judged\n");
}

#[test]
fn a_path_that_no_file_has_is_told_with_what_to_do() {
    let rule = "for: file\nwhen: file.path.startsWith(\"dcos/\")\nexpect: \"false\"\nmessage: x\n";
    let decisions = ("docs/decisions/1-hire.md", "# Hire\n\n## Status\n\nAccepted\n");
    let repository = Repository::folder_with(&[CONFIG, ("policy/rules/own/page.yaml", rule), decisions]);
    let output = repository.run(&["test", "--here"]);
    assert!(output.out.contains("; correct the path, or name the files under `records`"), "{output:?}");
}

#[test]
fn a_name_that_no_record_has_is_told_on_the_records_here() {
    let rule = "for: decision\nwhen: record.owner == \"adda\" || record.owner in [\"bo\", \"Ada Byron\"]\nexpect: has(record.topic)\nmessage: x\n";
    let records = (
        "governance/d.yaml",
        "decisions: [{ id: D-1, title: Hire, owner: ada }]\npeople: [{ id: ada, title: Ada Byron }]\n",
    );
    let repository = Repository::folder_with(&[CONFIG, ("policy/rules/own/owner.yaml", rule), records]);
    let told = "own/owner: no record is called `adda`\nown/owner: no record is called `bo`\n1 judged, 0 never judged\n";
    assert_eq!(repository.run(&["test", "--here"]).out, told);
}

#[test]
fn a_name_that_no_record_has_is_told_wherever_a_rule_states_it() {
    let kind = "title: Tool\ndescription: A tool.\ntype: object\nx-plural: tools\nproperties:\n  access:\n    type: object\n    \
        propertyNames: { x-ref: person }\n    additionalProperties: { type: string }\n";
    let here = |condition: &str| {
        let rule = format!("for: tool\nexpect: {condition}\nmessage: x\n");
        let records = (
            "governance/d.yaml",
            "tools: [{ id: T-1, access: { ada: read } }, { id: T-2, access: { bo: read } }]\npeople: [{ id: ada }, { id: bo }]\n",
        );
        let files =
            [CONFIG, ("policy/kinds/tool.yaml", kind), ("policy/rules/own/tool.yaml", &rule), records];
        Repository::folder_with(&files).run(&["test", "--here"]).out
    };
    let unknown = "own/tool: no record is called `adda`\n1 judged, 0 never judged\n";
    assert_eq!(here("'\"adda\" in record.access'"), unknown);
    assert_eq!(here("size(named(\"person\", \"adda\")) > 0"), unknown);
    assert_eq!(here("record.access.size() > 0 || record.access[\"adda\"] == \"read\""), unknown);
    assert_eq!(
        here("record.access[\"ada\"] == \"read\""),
        "own/tool: judged for 1 of 2: `ada` is absent (governance/d.yaml:1:64); where its absence is a finding, write \
         `\"ada\" in record.access && …`\n1 judged, 0 never judged\n"
    );
}

/// What the test of a rule says of the example with these files, in a repository with these files and this configuration.
fn told_of_example(config: &str, rule: &str, files: &str, others: &[(&str, &str)]) -> String {
    let rule = format!("{rule}message: x\nexamples:\n  - name: one\n    files:\n{files}");
    let own = [("alignlint.yaml", config), ("policy/rules/own/one.yaml", &*rule)];
    Repository::folder_with(&[&own, others].concat()).run(&["test", "policy"]).out
}

#[test]
fn a_page_of_an_example_that_is_not_read_is_told_with_the_reason() {
    const OF_FILES: &str = "for: file\nexpect: size(file.headings) < 2\n";
    const OF_DECISIONS: &str = "for: decision\nexpect: has(record.topic)\n";
    let page = "      docs/guides/a.md: |\n        # A\n";
    let told = told_of_example(CONFIG.1, OF_FILES, page, &[]);
    let records = "give the example an `alignlint.yaml` with `records: { document: docs/guides }`";
    assert!(told.contains(records), "{told}");
    let config = format!("{}records: {{ document: docs/guides }}\n", CONFIG.1);
    let told = told_of_example(&config, OF_FILES, page, &[]);
    assert!(
        told.contains("your `records:` are not those of an example; give it an `alignlint.yaml`"),
        "{told}"
    );
    let excluded = "      alignlint.yaml: \"exclude: [governance/**]\"\n      governance/d.yaml: |\n        decisions: [{ id: D-1 }]\n";
    let told = told_of_example(CONFIG.1, OF_DECISIONS, excluded, &[]);
    let by_exclude = "`exclude` in the `alignlint.yaml` of the example leaves it out\n";
    assert!(told.contains(by_exclude) && !told.contains("write `governance"), "{told}");
    let profile = "title: Memo\nkind: decision\nskip: [\"memos/**\"]\nrecognise: { all: [{ path: \"memos/*.md\" }] }\nfields:\n  \
        id: [{ file: \"^(.+)$\" }]\n  title: [{ title: \"^(.+)$\" }]\n";
    let skipped = "      memos/a.md: |\n        # A\n";
    let own = [("policy/profiles/memo.yaml", profile), ("policy/profiles/nygard.yaml", "base: nygard\n")];
    let told = told_of_example(CONFIG.1, OF_DECISIONS, skipped, &own);
    assert!(told.contains("the `skip` of the format `memo` leaves it out\n"), "{told}");
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
