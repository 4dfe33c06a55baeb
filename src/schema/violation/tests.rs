//! Each case is a schema, a file, and the violations as "the underlined words: message [help]".

use std::sync::Arc;

use super::super::Schema;
use crate::limits;
use crate::syntax::{Format, parse};
use crate::text::Source;

const RECORD: &str = r#"
title: Decision
properties:
  id: { type: string, minLength: 1 }
  title: { type: string, description: What it is called. }
  status: { enum: [draft, accepted, superseded], x-synonyms: { accepted: [approved] } }
  date: { type: string, format: date }
  cadence: { type: string, format: duration }
  focus: { type: boolean }
  rank: { type: integer, minimum: 1 }
  tags: { type: array, items: { type: string }, uniqueItems: true, minItems: 2 }
  code: { type: string, pattern: '^O-\d+$', examples: [O-7] }
  baseline: { type: string, anyOf: [ { format: amount }, { enum: [unknown] } ] }
  when: { anyOf: [ { type: string, format: date }, { type: string, format: period } ] }
  owner: { type: [string, array], x-aliases: [dri] }
  on-miss:
    anyOf:
      - { type: string }
      - type: object
        properties: { threshold: { type: string, format: amount }, for: { type: string, format: duration } }
        required: [threshold]
        additionalProperties: false
patternProperties: { ^x-: {} }
additionalProperties: false
required: [id, title]
"#;

fn violations_of(file: &str) -> Vec<String> {
    violations_of_file(&format!("id: 0007\ntitle: 2024\n{file}"))
}

fn violations_of_file(file: &str) -> Vec<String> {
    let schema = Schema::compile(&serde_yaml::from_str(RECORD).unwrap()).unwrap();
    let source = Arc::new(Source::new("a.yaml", file.as_bytes().to_vec()));
    let document = parse(source.clone(), Format::Yaml);
    let violations = schema.violations(&document.roots[0]);
    let line = |violation: &super::Violation| {
        let help = violation.help.as_ref().map_or(String::new(), |help| format!(" [{help}]"));
        let words = source.slice(violation.span).trim_end();
        format!("{words}: {}: {}{help}", violation.keyword, violation.message)
    };
    violations.iter().map(line).collect()
}

#[test]
fn violations_are_located_at_the_invalid_words() {
    let cases: &[(&str, &[&str])] = &[
        (
            "status: aproved",
            &[
                "aproved: enum: `status` is `aproved`; expected one of draft, accepted, superseded [did you mean `approved`?]",
            ],
        ),
        ("date: 2025-30-01", &["2025-30-01: format: `date` is `2025-30-01`, and there is no month 30"]),
        ("cadence: soon", &["soon: format: `cadence` is `soon`; expected a duration such as `2 weeks`"]),
        (
            "focus: 'true'",
            &["'true': type: `focus` is `true`; expected `true` or `false` [write `true` without quotes]"],
        ),
        ("rank: 0", &["0: minimum: `rank` is `0`; expected at least 1"]),
        ("rank: [1]", &["[1]: type: `rank` is a list; expected a whole number"]),
        ("code: 7", &["7: pattern: `code` is `7`; expected text such as `O-7`"]),
        ("tags: [a]", &["[a]: min-items: `tags` has 1 item; expected at least 2"]),
        ("tags: [a, b, a]", &["a: unique-items: `tags` holds `a`; expected each item once"]),
        ("tags: [a, {b: c}]", &["{b: c}: type: `tags` holds a mapping; expected text"]),
        (
            "stauts: x",
            &[
                "stauts: additional-properties: `stauts` is not a field of a decision [did you mean `status`?]",
            ],
        ),
        ("dry: x", &["dry: additional-properties: `dry` is not a field of a decision [did you mean `dri`?]"]),
        ("owner: {a: b}", &["{a: b}: type: `owner` is a mapping; expected text or a list"]),
    ];
    for (file, expected) in cases {
        assert_eq!(violations_of(file), *expected, "{file}");
    }
}

#[test]
fn the_closest_branch_is_reported() {
    let cases: &[(&str, &[&str])] = &[
        (
            "on-miss: { threshold: 5%, foo: 2 weeks }",
            &["foo: additional-properties: `foo` is not a field of `on-miss` [did you mean `for`?]"],
        ),
        ("on-miss: { for: 2 weeks }", &["for: required: `threshold` is missing in `on-miss`"]),
        ("on-miss: [a]", &["[a]: type: `on-miss` is a list; expected text or a mapping"]),
        (
            "baseline: high",
            &["high: format: `baseline` is `high`; expected an amount such as `18%` or `$50k` or `unknown`"],
        ),
        (
            "when: later",
            &[
                "later: format: `when` is `later`; expected a date such as `2026-11-20` or a period such as `2026-Q4`",
            ],
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(violations_of(file), *expected, "{file}");
    }
}

#[test]
fn a_missing_field_is_shown_at_the_first_key_and_an_empty_one_at_its_own() {
    assert_eq!(
        violations_of_file("id: 7"),
        ["id: required: `title` is missing [add `title`: what it is called]"]
    );
    assert_eq!(
        violations_of_file("id: 7\ntitle:"),
        ["title: required: `title` has no value [set `title`: what it is called]"]
    );
    assert_eq!(violations_of("owner:\n"), [""; 0]);
}

#[test]
fn plain_scalars_are_text_but_text_is_no_number() {
    assert_eq!(violations_of("owner: 7\ndate: 2026-11-20\nx-any: [1]\nbaseline: 12"), [""; 0]);
    assert_eq!(violations_of("rank: '1'"), ["'1': type: `rank` is `1`; expected a whole number"]);
}

#[test]
fn each_field_is_reported_once_in_the_order_of_the_file() {
    let found = violations_of("date: x\nstatus: [a]\nrank: 0.5");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].starts_with("x:") && found[1].starts_with("[a]:") && found[2].starts_with("0.5:"));
}

#[test]
fn violations_are_limited() {
    let flood: String = (0..50_000).map(|n| format!("k{n}: 1\n")).collect();
    let found = violations_of(&flood);
    assert_eq!(found.len(), limits::VIOLATIONS + 1);
    assert_eq!(
        found[limits::VIOLATIONS],
        "k999: limit: only the first 1000 violations of each record in this file are listed"
    );
}

#[test]
fn an_invalid_schema_is_a_fault() {
    for schema in [
        r##"{"type": "strnig"}"##,
        r##"{"format": "dat"}"##,
        r##"{"pattern": "(?=x)"}"##,
        r##"{"$ref": "https://example.org/x"}"##,
        r##"{"$ref": "#/nowhere"}"##,
    ] {
        let fault = Schema::compile(&serde_json::from_str(schema).unwrap()).err();
        assert!(fault.is_some(), "{schema}");
    }
    assert!(Schema::compile(&serde_json::json!({"$ref": "alignlint:schemas/kind.schema.json"})).is_ok());
}
