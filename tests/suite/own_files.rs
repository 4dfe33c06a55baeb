//! A policy of one's own, of which a run reads only a part, or which says less than its author thinks.

use crate::kit::Repository;

const RECORDS: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - { id: D-1, title: Hire, status: accepted, topic: people, owner: ada }\n",
);
const KIND: (&str, &str) = (
    "policy/kinds/risk.yaml",
    "title: Risk\ndescription: What may go wrong.\ntype: object\nx-plural: risks\nproperties:\n  \
     likelihood: { type: integer, minimum: 1 }\n",
);
const RULE: (&str, &str) =
    ("policy/rules/pricing/kpi.yaml", "for: decision\nexpect: has(record.kpis)\nmessage: no metric\n");
const PROFILE: &str = "name: memo\ntitle: Memo\nkind: decision\npaths: [\"**/memos/*.md\"]\n\
    recognise:\n  all: [{ path: \"**/memos/*.md\" }, { preamble: \"State:\" }]\nfields:\n  \
    id: [{ file: \"^([0-9]{4}-[0-9]{2})-\" }]\n  title: [{ title: \"^(.+)$\" }]\n  \
    status: [{ header: State }]\n  date: [{ header: Day }]\n  context: [{ section: Why }]\n  \
    outcome: [{ section: What we do }]\nvalues: { status: { words: { approved: accepted } } }\n\
    dates: [\"%d %B %Y\"]\nlacks: [owner, topic, options, kpis]\n";
const MEMO: (&str, &str) = (
    "docs/memos/2025-03-telephone.md",
    "# Support answers on weekdays only\n\n**State:** approved\n**Date:** 14 March 2025\n\n## Occasion\n\n\
     Few call.\n\n## What we do\n\nMonday to Friday.\n",
);

#[test]
fn a_kind_that_a_file_states_and_that_is_none_is_the_reason() {
    let repository = Repository::folder_with(&[
        RECORDS,
        ("governance/risks.yaml", "kind: risk\nrisks:\n  - { id: R-1, title: Fire }\n"),
    ]);
    let output = repository.run_today(&["--select", "document/*", "--format", "json"]).json();
    let findings = output["findings"].to_string();
    assert!(findings.contains("its `kind` is `risk`, which is no kind of record"), "{findings}");
    assert!(findings.contains("one of your own is read from `kinds/`"), "{findings}");
}

fn with_memo(profile: &str) -> Repository {
    Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/profiles/memo.yaml", profile),
        MEMO,
        RECORDS,
    ])
}

#[test]
fn a_file_is_explained_with_what_is_read_of_it() {
    assert_eq!(
        with_memo(PROFILE).run(&["explain", MEMO.0]).out,
        "docs/memos/2025-03-telephone.md\n\n\
         Read as the decision `2025-03`, in the format `memo`: Memo.\n\nIt has:\n\n\
         - path that matches `**/memos/*.md`\n- text below the title that matches `State:`\n\n\
         What is read of `2025-03`\n\n\
         \x20 - `id`: 2025-03 (line 1)\n\
         \x20 - `title`: Support answers on weekdays only (line 1)\n\
         \x20 - `status`: accepted (line 3)\n\
         \x20 - `outcome`: Monday to Friday. (line 12)\n"
    );
}

#[test]
fn a_page_that_lacks_what_a_pattern_reads_is_told_the_field() {
    let profile =
        PROFILE.replace("header: State", "preamble: \"(?m)^@state ~ (.+)$\"") + "requires: [status]\n";
    let output = with_memo(&profile).run(&["-q"]).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let told =
        "error[schema/required]: `2025-03`: `status` is missing ╭─[docs/memos/2025-03-telephone.md:1:3]";
    assert!(output.starts_with(told) && output.contains("help: add `status`"), "{output}");
}

#[test]
fn a_page_without_an_id_is_told_to_lack_one() {
    let repository = with_memo(&PROFILE.replace("[0-9]{4}-[0-9]{2}", "MEMO[0-9]+"));
    let output = repository.run_today(&["--select", "schema/required", "--format", "json"]).json();
    let finding = &output["findings"][0];
    assert_eq!(
        (finding["message"].as_str(), finding["path"].as_str()),
        (Some("`Support answers on weekdays only`: `id` is missing"), Some(MEMO.0))
    );
}

const LEGAL: &str = "for: decision\nwhen: record.id == \"D-1\"\n\
    expect: records(\"decision\").exists(d, d.?topic.orValue(\"\") == \"legal\")\nmessage: no legal decision\n";

#[test]
fn a_field_that_a_format_cannot_state_is_not_called_absent() {
    let repository = with_memo(PROFILE);
    repository.write(&[("policy/rules/legal/one.yaml", LEGAL)]);
    let page = repository.run(&["explain", "legal/one", "D-1"]).out;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        page.contains("Not judged: `topic` is absent, and the format `memo` of the decision `2025-03` does not ask for it at")
            && page.contains("over `d`, `d.can_state(\"topic\") && …` counts the others only"),
        "{page}"
    );
    repository
        .write(&[("policy/rules/legal/one.yaml", &LEGAL.replace("d, d", "d, d.can_state(\"topic\") && d"))]);
    assert_eq!(repository.check(&["--select", "legal/*"]).messages(), ["no legal decision"]);
}

#[test]
fn a_list_that_may_be_absent_is_asked_for_in_a_way_that_is_always_judged() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        (RULE.0, &RULE.1.replace("has(record.kpis)", "size(record.?kpis.orValue([])) > 0")),
        RECORDS,
    ]);
    assert_eq!(repository.check(&["--select", "pricing/*"]).messages(), ["no metric"]);
}

#[test]
fn a_kind_may_allow_fewer_values_than_its_base() {
    let kind = "base: decision\nproperties:\n  status: { enum: [proposed, accepted, superseded] }\n  \
        topic: { enum: [people] }\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/kinds/decision.yaml", kind),
        ("governance/decisions.yaml", &RECORDS.1.replace("accepted", "rejected")),
    ]);
    let output = repository.check(&["--select", "schema/*"]);
    assert_eq!(
        output.messages(),
        ["`D-1`: `status` is `rejected`; expected one of proposed, accepted, superseded"],
        "{output:?}"
    );
}

#[test]
fn built_in_rules_may_name_values_that_a_kind_took_from_its_base_and_own_ones_may_not() {
    let kind = "base: decision\nx-live: [open]\nproperties:\n  status: { enum: [open, closed] }\n  \
        actions: { items: { properties: { status: { enum: [waiting] } } } }\n";
    let files = |rule: &str| {
        Repository::folder_with(&[
            ("alignlint.yaml", "extends: [all, ./policy]\n"),
            ("policy/kinds/decision.yaml", kind),
            ("policy/profiles/page.yaml", "base: nygard\n"),
            ("policy/rules/pricing/closed.yaml", rule),
            ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Raise prices, status: open }]\n"),
        ])
    };
    let rule = "for: decision\nexpect: record.status != 'open'\nmessage: open\n";
    let output = files(rule).check(&["--select", "pricing/*,schema/*"]);
    assert_eq!(output.messages(), ["open"], "{output:?}");
    for word in ["opened", "accepted"] {
        let fault = files(&rule.replace("'open'", &format!("'{word}'"))).check(&[]).fault();
        assert!(fault.contains(&format!("rule `pricing/closed`: unknown value `{word}`")), "{fault}");
    }
}

#[test]
fn a_kind_with_a_base_refers_to_itself_where_the_base_does() {
    let kind = "base: decision\nx-plural: purchases\n";
    let purchases = "purchases:\n  - { id: P-1, title: Chairs, status: superseded, superseded-by: [P-2] }\n  \
        - { id: P-2, title: Desks, status: accepted, supersedes: [P-1, P-9] }\n";
    let files = |kind: &str| {
        Repository::folder_with(&[
            ("alignlint.yaml", "extends: [essential, ./policy]\n"),
            ("policy/kinds/purchase.yaml", kind),
            ("governance/purchases.yaml", purchases),
            RECORDS,
        ])
    };
    let found = files(kind).check(&["--select", "reference/unknown"]);
    assert_eq!(found.messages(), ["`P-2` refers to the unknown purchase `P-9`"], "{found:?}");
}

#[test]
fn a_profile_is_called_like_its_file() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        (
            "policy/profiles/acme.yaml",
            "base: nygard\nrecognise: { all: [{ path: acme/*.md }, { heading: Status }] }\n",
        ),
        ("acme/0001-a.md", "# 1. A\n\n## Status\n\nAccepted\n\n## Context\n\nB.\n"),
        ("docs/adr/0001-a.md", "# 1. A\n\n## Status\n\nAccepted\n\n## Context\n\nB.\n"),
    ]);
    let records = repository.run(&["records"]).out;
    assert!(records.contains("  acme ") && records.contains("  nygard "), "{records}");
}

#[test]
fn a_kind_in_the_place_of_a_built_in_one_is_one_mistake_in_each_file() {
    let kind = "title: Decision\ndescription: Ours.\ntype: object\nx-plural: decisions\nproperties:\n  \
        topic: { type: string }\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/kinds/decision.yaml", kind),
        ("policy/profiles/memo.yaml", PROFILE),
        RECORDS,
    ]);
    let fault = repository.check(&[]).fault();
    assert!(fault.matches("error:").count() == 2, "{fault}");
    assert!(
        fault.contains("kind `decision` has no field `status` ╭─[policy/profiles/memo.yaml:10:3]"),
        "{fault}"
    );
    assert!(fault.contains("which a built-in profile reads ╭─[policy/kinds/decision.yaml:1:1]"), "{fault}");
    assert!(fault.contains("a kind with a `base` has all fields of it"), "{fault}");
}

#[test]
fn the_shortest_record_of_a_kind_is_a_valid_one() {
    let kind = KIND.1.replace("properties:", "required: [likelihood]\nproperties:");
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        (KIND.0, &kind),
        RECORDS,
    ]);
    let page = repository.run(&["explain", "risk"]).out;
    assert!(page.contains("  likelihood: 1\n") && page.contains("Required."), "{page}");
}

/// A rule with two severities and one example.
fn with_example(files: &str, finds: &str) -> Repository {
    let rule = format!(
        "for: decision\nseverity: [{{ when: record.live, is: error }}, {{ is: note }}]\n\
         expect: size(record.?kpis.orValue([])) > 0\nmessage: no metric\n\
         examples:\n  - name: none\n    files:\n      governance/decisions.yaml: |\n{files}\n    finds:\n{finds}\n"
    );
    Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        (RULE.0, &rule),
        RECORDS,
    ])
}

#[test]
fn an_example_may_name_the_severity_of_a_finding() {
    let files = "        decisions: [{ id: D-2, status: accepted }]";
    let found = |severity: &str| {
        let finds =
            format!("      - {{ at: \"governance/decisions.yaml:1:19\", message: no metric{severity} }}");
        with_example(files, &finds).run(&["test", "policy"]).out
    };
    assert_eq!(found(""), "1 passed, 0 failed\n");
    assert_eq!(found(", severity: error"), "1 passed, 0 failed\n");
    assert_eq!(
        found(", severity: note"),
        "pricing/kpi: none\n  missing: governance/decisions.yaml:1:19 note: no metric\n  \
         unexpected: governance/decisions.yaml:1:19 error: no metric\n\n0 passed, 1 failed\n"
    );
}

#[test]
fn an_example_that_lacks_its_finding_says_what_is_not_read() {
    let finds = "      - { at: \"governance/decisions.yaml:1:19\", message: no metric }";
    let failure = |files: &str| with_example(files, finds).run(&["test", "policy"]).out;
    let unclosed = failure("        decisions: [{ id: D-2 ");
    assert!(
        unclosed.contains("governance/decisions.yaml:1: unclosed `{`") && unclosed.contains("missing: "),
        "{unclosed}"
    );
    let other = failure("        desicions: [{ id: D-2 }]");
    assert!(other.contains("the rule judges nothing here") && other.contains("decisions"), "{other}");
}

#[test]
fn a_rule_without_examples_is_named() {
    let repository =
        Repository::folder_with(&[("alignlint.yaml", "extends: [essential, ./policy]\n"), RULE, RECORDS]);
    assert_eq!(
        repository.run(&["test", "policy"]).out,
        "0 passed, 0 failed; `pricing/kpi` has no examples\n"
    );
}

#[test]
fn one_item_of_a_list_is_not_taken_for_the_list() {
    let repository = Repository::folder_with(&[
        (
            "alignlint.yaml",
            "extends: [recommended, ./policy]\nrecords: { risk: { files: ops/risks.yaml, at: /risks/0 } }\n",
        ),
        KIND,
        (
            "ops/risks.yaml",
            "risks:\n  - { id: R-1, title: Fire }\n  - { id: R-2, title: Flood, likelihood: 0 }\n",
        ),
    ]);
    let told = "`/risks/0` is one item of a list, and not the list";
    let output = repository.run_today(&[]);
    assert!(output.err.contains(told) && output.err.contains("write `at: /risks`"), "{output:?}");
    repository.write(&[("ops/risks.yaml", "risks:\n  - { list: { id: R-1, title: Fire } }\n")]);
    assert!(!repository.run_today(&[]).err.contains(told));
}

#[test]
fn a_kind_whose_files_are_named_is_not_told_to_be_named() {
    let config = |files: &str| format!("extends: [essential, ./policy]\nrecords: {{ risk: {files} }}\n");
    let repository = Repository::folder_with(&[("alignlint.yaml", &config("ops/Risks.yaml")), KIND, RECORDS]);
    repository.write(&[("ops/risks.yaml", "risks:\n  - { id: R-1, title: Fire }\n")]);
    let notices = repository.run_today(&[]).err;
    assert!(notices.contains("match no file") && !notices.contains("write `records:"), "{notices}");
}
