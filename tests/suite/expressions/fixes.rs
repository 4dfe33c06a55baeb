//! Faults in a rule's `fix` are reported when the rule is loaded, at the words that are wrong.

use super::world::{ShownFault, faults};

/// The faults of a decision rule with this `fix`.
fn found(form: &str, fix: &str) -> Vec<ShownFault> {
    let rule = format!(
        "id: own/rule\ntitle: A rule of ours\nseverity: error\npreset: essential\nfacet: record\nfor: decision\n\
         {form}\nmessage: \"`{{record.id}}` is wrong\"\nwhy: It matters.\nfix:\n{fix}"
    );
    faults(&[("alignlint.yaml", "extends: [./policy]\n"), ("policy/own/rule.yaml", &rule)])
}

/// The only fault: message, underlined words, help.
fn only(form: &str, fix: &str) -> (String, String, String) {
    let mut found = found(form, fix);
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = found.remove(0);
    let message = found.message.strip_prefix("rule `own/rule`: ").unwrap_or(&found.message).to_owned();
    (message, found.words, found.help)
}

const RECORD: &str = "expect: has(record.date)";

#[test]
fn a_fix_that_fits_has_no_fault() {
    for (form, fix) in [
        (RECORD, "  safety: safe\n  set: { date: \"{record.changed('status').date}\", status: draft }\n"),
        (
            RECORD,
            "  safety: safe\n  when: record.live\n  set: { strategic: true, topic: \"on-{record.id}\" }\n",
        ),
        (RECORD, "  safety: suggested\n  add: { supersedes: D-1, assumptions: \"{record.title}\" }\n"),
        (
            "against: record.cited_by('decision')",
            "  safety: safe\n  of: other\n  add: { related: \"{record}\" }\n",
        ),
        (
            "each: record.actions\nexpect: has(item.due)",
            "  safety: safe\n  of: item\n  set: { due: 2026-12-01 }\n",
        ),
        (
            "each: record.references\nexpect: item.resolved",
            "  safety: suggested\n  write: \"{item.nearest}\"\n",
        ),
    ] {
        assert_eq!(found(form, fix), [], "{fix}");
    }
}

#[test]
fn fields_have_to_be_there_and_to_take_the_value() {
    let fix = |line: &str| format!("  safety: safe\n  {line}\n");
    for (line, words) in [
        ("set: { dat: 2026-03-02 }", "dat"),
        ("set: { status: acepted }", "acepted"),
        ("set: { supersedes: D-1 }", "supersedes"),
        ("add: { status: draft }", "status"),
        ("set: { topic: \"{recrd.id}\" }", "recrd"),
    ] {
        assert_eq!(only(RECORD, &fix(line)).1, words, "{line}");
    }
}

#[test]
fn a_fix_changes_fields_or_words_of_what_is_there() {
    let neither = "expected `set` and `add`, or `write`, or `reword`";
    assert_eq!(only(RECORD, "  safety: safe\n").0, neither);
    let links = "each: record.references\nexpect: item.resolved";
    assert_eq!(only(links, "  safety: safe\n  write: a\n  reword: b\n").0, neither);
    let (message, words, help) = only(RECORD, "  safety: safe\n  of: other\n  set: { status: draft }\n");
    assert_eq!(message, "unknown record or item `other`");
    assert_eq!(words, "other");
    assert!(help.starts_with("use `record`"), "{help}");
    let (message, words, _) = only(RECORD, "  safety: safe\n  write: a\n");
    assert_eq!((message.starts_with("`write` needs `each` with text"), &*words), (true, "a"));
    let (message, words, _) = only(RECORD, "  safety: safe\n  when: record.date\n  set: { status: draft }\n");
    assert_eq!((&*message, &*words), ("expected a boolean, found a date", "record.date"));
}

#[test]
fn the_schema_of_rules_knows_what_a_fix_is() {
    assert_eq!(only(RECORD, "  set: { status: draft }\n").0, "invalid rule: missing key `safety` in `fix`");
    let (message, words, _) = only(RECORD, "  safety: sure\n  set: { status: draft }\n");
    assert_eq!(message, "invalid rule: `safety` is `sure`; expected one of safe, suggested");
    assert_eq!(&*words, "sure");
    let (message, _, help) = only(RECORD, "  safety: safe\n  sett: { status: draft }\n");
    assert_eq!(message, "invalid rule: unknown key `sett` in `fix`");
    assert_eq!(help, "did you mean `set`?");
}
