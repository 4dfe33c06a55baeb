//! A key without a value, or with one of another type, is told at its line and with what belongs there.

use super::{KIND, PROFILE, RULE, message};

/// Asserts that the file with `line` in it has this message, at that line.
#[track_caller]
fn assert_told(path: &str, text: &str, line: &str, told: &str) {
    let number = text.lines().position(|one| one == line).expect("the line is there") + 1;
    let message = message(path, text).split_whitespace().collect::<Vec<_>>().join(" ");
    let place = format!("{path}:{number}:");
    assert!(message.contains(told) && message.contains(&place), "{line}: {told} at {place}\n{message}");
}

#[test]
fn a_key_of_a_rule_needs_a_value() {
    const TEXTS: [&str; 13] = [
        "at", "cause", "group-by", "help", "when", "each", "due", "label", "why", "title", "key", "by",
        "practice",
    ];
    for key in TEXTS {
        let line = format!("{key}:");
        let expected = format!("`{key}` is empty; expected ");
        assert_told("policy/rules/pricing/kpi.yaml", &format!("{RULE}{line}\n"), &line, &expected);
    }
    for (key, expected) in [
        ("severity", "one of error, warning, note"),
        ("preset", "one of essential, recommended, strict"),
        ("authority", "`true` or `false`"),
        ("after-triage", "`true` or `false`"),
        ("let", "a mapping"),
        ("params", "a mapping"),
        ("fix", "a mapping"),
        ("related", "a mapping"),
        ("examples", "a list"),
    ] {
        let line = format!("{key}:");
        let expected = format!("`{key}` is empty; expected {expected}");
        assert_told("policy/rules/pricing/kpi.yaml", &format!("{RULE}{line}\n"), &line, &expected);
    }
}

#[test]
fn a_file_of_an_example_needs_a_text() {
    let example = format!("{RULE}examples:\n  - name: fine\n    files:\n      governance/d.yaml:\n");
    let told = "`governance/d.yaml` is empty; expected some text";
    assert_told("policy/rules/pricing/kpi.yaml", &example, "      governance/d.yaml:", told);
}

#[test]
fn a_number_is_a_text_where_a_rule_wants_one() {
    for (line, told) in [
        ("at: 3", "a decision has no field `3`"),
        ("at: [3]", "a decision has no field `3`"),
        ("related: { each: record.kpis, at: 3 }", "field `3`"),
        ("fix: { safety: safe, set: { topik: 3 } }", "`topik`"),
    ] {
        assert_told("policy/rules/pricing/kpi.yaml", &format!("{RULE}{line}\n"), line, told);
    }
    let rule = RULE.replace("for: decision", "for: 3");
    assert_told("policy/rules/pricing/kpi.yaml", &rule, "for: 3", "unknown kind `3`");
}

#[test]
fn a_key_of_a_kind_needs_a_value() {
    for (key, expected) in [
        ("x-draft", "a list"),
        ("required", "a list"),
        ("x-names", "a list"),
        ("x-authority", "`true` or `false`"),
        ("$defs", "a mapping"),
        ("anyOf", "a list"),
        ("minProperties", "a whole number"),
    ] {
        let line = format!("{key}:");
        let expected = format!("`{key}` is empty; expected {expected}");
        assert_told("policy/kinds/risk.yaml", &format!("{KIND}{line}\n"), &line, &expected);
    }
    let kind =
        KIND.replace("  status: { type: string,", "  status:\n    description:\n    <<: { type: string,");
    let kind = kind.replace(
        "    <<: { type: string, enum: [open, closed] }",
        "    type: string\n    enum: [open, closed]",
    );
    assert_told(
        "policy/kinds/risk.yaml",
        &kind,
        "    description:",
        "`description` is empty; expected some text",
    );
}

#[test]
fn a_key_of_a_profile_needs_a_value() {
    for (key, expected) in [("requires", "a list"), ("lacks", "a list"), ("help", "some text")] {
        let line = format!("{key}:");
        let expected = format!("`{key}` is empty; expected {expected}");
        assert_told("policy/profiles/memo.yaml", &format!("{PROFILE}{line}\n"), &line, &expected);
    }
    let profile = PROFILE.replace("dates:", "  date:\ndates:");
    assert_told("policy/profiles/memo.yaml", &profile, "  date:", "`date` is empty; expected a list");
}
