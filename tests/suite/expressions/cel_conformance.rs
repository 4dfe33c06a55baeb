//! The evaluator gives the same values as the `cel` crate; exceptions are in [`DIFFERENT`], with reasons.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use alignlint::rule::EvalError;
use cel::objects::Key;
use proptest::prelude::*;

use super::world::{Plain, World};

/// A record with a field of each type of CEL; the `no-…` fields are absent.
static SAMPLE: LazyLock<World> = LazyLock::new(|| {
    World::new(&[
        ("alignlint.yaml", "extends: [./policy]\n"),
        (
            "policy/kinds/sample.yaml",
            "\
title: Sample
description: One value of each type, and none of each.
type: object
x-plural: samples
properties:
  n: { type: integer, description: A whole number. }
  f: { type: number, description: Another number. }
  t: { type: string, description: A text. }
  b: { type: boolean, description: Yes or no. }
  l: { type: array, items: { type: string }, description: A list of texts. }
  no-n: { type: integer, description: An absent number. }
  no-t: { type: string, description: An absent text. }
  no-b: { type: boolean, description: An absent yes or no. }
  no-l: { type: array, items: { type: string }, description: An absent list. }
",
        ),
        ("governance/samples.yaml", "samples:\n  - { id: s, n: 7, f: 2.5, t: aé, b: true, l: [x, y, x] }\n"),
    ])
});

fn ours(text: &str) -> Result<Result<Plain, EvalError>, String> {
    SAMPLE.ask("sample", "s", text)
}

/// The value of an expression according to the `cel` crate.
fn theirs(text: &str) -> Result<Plain, String> {
    static ENV: LazyLock<Arc<cel::Env>> = LazyLock::new(|| Arc::new(cel::Env::stdlib()));
    let program = ENV.compile(text).map_err(|errors| format!("{} errors", errors.errors.len()))?;
    let fields: HashMap<Key, cel::Value> = HashMap::from([
        ("n".into(), cel::Value::Int(7)),
        ("f".into(), cel::Value::Float(2.5)),
        ("t".into(), "aé".into()),
        ("b".into(), cel::Value::Bool(true)),
        ("l".into(), cel::Value::List(Arc::new(vec!["x".into(), "y".into(), "x".into()]))),
    ]);
    let mut context = cel::Context::with_env(ENV.clone());
    context.add_variable_from_value("record", fields);
    match program.execute(&context) {
        Ok(value) => Ok(plain(&value)),
        Err(error) => Err(error.to_string()),
    }
}

fn plain(value: &cel::Value) -> Plain {
    match value {
        cel::Value::Null => Plain::Null,
        cel::Value::Bool(value) => Plain::Bool(*value),
        cel::Value::Int(value) => Plain::Int(*value),
        cel::Value::Float(value) => Plain::Double(*value),
        cel::Value::String(text) => Plain::Text(text.to_string()),
        cel::Value::List(items) => Plain::List(items.iter().map(plain).collect()),
        other => Plain::Shown(format!("{other:?}")),
    }
}

/// Compares the two evaluators.
fn agree(text: &str) -> Result<(), String> {
    let ours = ours(text).map_err(|message| format!("{text}: refused: {message}"))?;
    match (ours, theirs(text)) {
        (Ok(ours), Ok(theirs)) if ours == theirs => Ok(()),
        // An indeterminate value here corresponds to an error there.
        (Err(EvalError::Absent | EvalError::Indeterminate | EvalError::Unreadable), Err(_)) => Ok(()),
        (ours, theirs) => Err(format!("{text}\n  here {ours:?}\n  cel  {theirs:?}")),
    }
}

/// Expressions with the same value.
const SAME: &[&str] = &[
    "int('4x')",
    "1 + 2 * 3 - 4 / 2",
    "7 / 2",
    "-7 / 2",
    "-7 % 3",
    "7.0 / 2.0",
    "1 / (1 - 1)",
    "1 % (1 - 1)",
    "9223372036854775807 + 1",
    "-9223372036854775807 - 2",
    "9223372036854775807 * 2",
    "-(-9223372036854775807 - 1)",
    "1 == 1.0",
    "1 < 1.5",
    "2 >= 2.0",
    "[1, 2] == [1.0, 2.0]",
    "1 in [1.0]",
    "9007199254740993 == 9007199254740992",
    "'a' < 'b'",
    "'Z' < 'a'",
    "'é' > 'z'",
    "'' < 'a'",
    "'a' + 'b' == 'ab'",
    "size('aé')",
    "'aé'.size()",
    "size([])",
    "[1, 2].size()",
    "'abc'.contains('')",
    "'abc'.startsWith('ab') && 'abc'.endsWith('bc')",
    "[1, 2] + [3]",
    "[1, 2][1]",
    "[[1], [2]] == [[1], [2]]",
    "[1, 2] == [2, 1]",
    "true || record.no_b",
    "record.no_b || true",
    "false && record.no_b",
    "record.no_b && false",
    "record.no_b || false",
    "record.no_b && true",
    "record.no_b ? 1 : 2",
    "true ? 1 : record.no_n",
    "!record.no_b",
    "has(record.n)",
    "has(record.no_n)",
    "record.?n.orValue(0)",
    "record.?no_n.orValue(0)",
    "record.?no_n.hasValue()",
    "record.?n.hasValue()",
    "record.no_n == 1",
    "record.no_n != 1",
    "record.l.all(x, x != 'z')",
    "record.l.exists(x, x == 'y')",
    "record.l.exists_one(x, x == 'x')",
    "record.l.exists_one(x, x == 'y')",
    "record.l.filter(x, x == 'x')",
    "record.l.map(x, x + '!')",
    "record.no_l.all(x, true)",
    "[].all(x, false)",
    "[].exists(x, true)",
    "[true, false].exists(x, x || record.no_b)",
    "[true, false].all(x, x && record.no_b)",
    "[true].all(x, x && record.no_b)",
    "[false].exists(x, x || record.no_b)",
    "[true, false].filter(x, x && record.no_b)",
    "[1].map(x, record.no_n)",
    "[1, 2].exists_one(x, x == record.no_n)",
    "[1, 2].map(x, [3, 4].map(y, x * y))",
    "[1, 2].map(x, [3].map(x, x))",
    "'x' in record.l",
    "'z' in record.l",
    "record.no_t in record.l",
    "string(7) + string(true)",
    "string(1.5)",
    "string('a')",
    "int('42')",
    "int('+42')",
    "int(2.9)",
    "int(-2.9)",
    "int(1e300)",
    "null == null",
    "'a\\n\\u00e9' == 'a\\né'",
    "r'\\d' == '\\\\d'",
    "'abc'.matches('^a.c$')",
];

/// Expressions with different values, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("1.0 / 0.0", "infinity is no number that a report could show: it can't be told"),
    ("0.0 / 0.0", "nor is what is no number"),
    ("1 + 1.5", "whole and other numbers add up: nobody writes `1.0` for the sake of a type"),
    ("int(' 42 ')", "white space around a number means nothing in a file that people write"),
    ("record.n == null", "what is null is absent, so that a comparison with it has no value"),
    ("record.?n.orValue(record.no_n)", "the other value is asked for where it is needed, as in cel-go"),
];

#[test]
fn plain_values_have_the_value_that_cel_gives_them() {
    let differing: Vec<String> = SAME.iter().filter_map(|text| agree(text).err()).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_difference_from_cel_is_one_that_is_meant() {
    for (text, why) in DIFFERENT {
        assert!(agree(text).is_err(), "`{text}` is the same now: {why}");
    }
}

/// Random expressions of a type, up to a depth; loop variables are `x1`, `x2`, `x3`.
fn numbers(depth: u32, loops: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (-3i64..12).prop_map(|number| if number < 0 { format!("({number})") } else { number.to_string() }),
        Just("9223372036854775807".to_string()),
        Just("record.n".to_string()),
        Just("record.no_n".to_string()),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || numbers(depth - 1, loops);
    prop_oneof![
        leaf,
        (inner(), prop::sample::select(vec!["+", "-", "*", "/", "%"]), inner())
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        inner().prop_map(|a| format!("-({a})")),
        (conditions(depth - 1, loops), inner(), inner()).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
        lists(depth - 1, loops).prop_map(|list| format!("{list}.size()")),
        texts(depth - 1, loops).prop_map(|text| format!("size({text})")),
        (0i64..9).prop_map(|a| format!("record.?n.orValue({a})")),
        (0i64..9).prop_map(|a| format!("record.?no_n.orValue({a})")),
        (inner(), inner()).prop_map(|(a, b)| format!("[{a}, {b}][{b}]")),
    ]
    .boxed()
}

fn fractions(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec!["0.5", "2.0", "1e3", "record.f"]).prop_map(String::from);
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || fractions(depth - 1);
    prop_oneof![
        leaf,
        (inner(), prop::sample::select(vec!["+", "-", "*"]), inner())
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
    ]
    .boxed()
}

fn texts(depth: u32, loops: u32) -> BoxedStrategy<String> {
    let mut leaves = vec!["'a'", "'é'", "''", "'xy'", "record.t", "record.no_t"];
    leaves.extend(["x1", "x2", "x3"].iter().take(loops as usize));
    let leaf = prop::sample::select(leaves).prop_map(String::from);
    if depth == 0 {
        return leaf.boxed();
    }
    prop_oneof![
        leaf,
        (texts(depth - 1, loops), texts(depth - 1, loops)).prop_map(|(a, b)| format!("({a} + {b})")),
        numbers(depth - 1, loops).prop_map(|a| format!("string({a})")),
        (lists(depth - 1, loops), numbers(depth - 1, loops)).prop_map(|(list, at)| format!("{list}[{at}]")),
    ]
    .boxed()
}

fn lists(depth: u32, loops: u32) -> BoxedStrategy<String> {
    let leaf =
        prop::sample::select(vec!["[]", "['a', 'x']", "record.l", "record.no_l"]).prop_map(String::from);
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || lists(depth - 1, loops);
    let variable = format!("x{}", loops + 1);
    let plain = prop_oneof![
        leaf,
        (inner(), inner()).prop_map(|(a, b)| format!("({a} + {b})")),
        (texts(depth - 1, loops), texts(depth - 1, loops)).prop_map(|(a, b)| format!("[{a}, {b}]")),
    ];
    if loops == 3 {
        return plain.boxed();
    }
    let of_each = variable.clone();
    prop_oneof![
        plain,
        (inner(), conditions(depth - 1, loops + 1))
            .prop_map(move |(list, body)| format!("{list}.filter({variable}, {body})")),
        (inner(), texts(depth - 1, loops + 1))
            .prop_map(move |(list, body)| format!("{list}.map({of_each}, {body})")),
    ]
    .boxed()
}

fn conditions(depth: u32, loops: u32) -> BoxedStrategy<String> {
    let leaves = vec!["true", "false", "record.b", "record.no_b", "has(record.t)", "has(record.no_t)"];
    let leaf = prop::sample::select(leaves).prop_map(String::from);
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || conditions(depth - 1, loops);
    let compared = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let plain = prop_oneof![
        leaf,
        inner().prop_map(|a| format!("!{a}")),
        (inner(), prop::sample::select(vec!["&&", "||"]), inner())
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        (numbers(depth - 1, loops), compared(), numbers(depth - 1, loops))
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        (numbers(depth - 1, loops), compared(), fractions(depth - 1))
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        (texts(depth - 1, loops), compared(), texts(depth - 1, loops))
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        (lists(depth - 1, loops), lists(depth - 1, loops)).prop_map(|(a, b)| format!("({a} == {b})")),
        (texts(depth - 1, loops), lists(depth - 1, loops)).prop_map(|(a, b)| format!("({a} in {b})")),
        (
            texts(depth - 1, loops),
            prop::sample::select(vec!["startsWith", "endsWith", "contains"]),
            texts(depth - 1, loops)
        )
            .prop_map(|(a, method, b)| format!("{a}.{method}({b})")),
    ];
    if loops == 3 {
        return plain.boxed();
    }
    let looped = prop::sample::select(vec!["all", "exists", "exists_one"]);
    prop_oneof![
        3 => plain,
        1 => (lists(depth - 1, loops), looped, conditions(depth - 1, loops + 1))
            .prop_map(move |(list, kind, body)| format!("{list}.{kind}(x{}, {body})", loops + 1)),
    ]
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_expressions_have_the_value_that_cel_gives_them(
        text in prop_oneof![conditions(3, 0), numbers(3, 0), texts(3, 0), lists(3, 0)]
    ) {
        // Only this evaluator limits the length.
        prop_assume!(text.len() < 1000);
        if let Err(difference) = agree(&text) {
            let is_refused = ["is nested too deeply", "is never empty", "is never null", "an index counts from 0", "divides by zero", "the last index of the list is", "the list is empty", "is not an integer", "is not a number"].iter().any(|it| difference.contains(it));
            prop_assert!(is_refused, "{}", difference);
        }
    }
}
