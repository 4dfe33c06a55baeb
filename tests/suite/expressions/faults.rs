//! Faults in a rule are reported when it is loaded, whether or not there is a record to check: at the words that are
//! wrong, and in words for people who rarely write rules.

use super::world::{ShownFault, faults};

/// A decision rule with this expression as its `expect`.
fn expecting(expression: &str) -> String {
    rule(&format!("expect: |-\n  {expression}"))
}

/// A decision rule with these lines in place of `expect`.
fn rule(lines: &str) -> String {
    format!(
        "id: own/rule\ntitle: A rule of ours\nseverity: error\npreset: essential\nfacet: record\nfor: decision\n\
         params:\n  max-age: {{ type: duration, default: 1 quarter, description: Longest time }}\n\
         {lines}\nmessage: \"`{{record.id}}` is wrong\"\nwhy: It matters.\n"
    )
}

fn of(rule: &str) -> Vec<ShownFault> {
    faults(&[("alignlint.yaml", "extends: [./policy]\n"), ("policy/own/rule.yaml", rule)])
}

/// The only fault of a rule: message, underlined words, help.
fn only(rule: &str) -> (String, String, String) {
    let mut found = of(rule);
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = found.remove(0);
    let message = found.message.strip_prefix("rule `own/rule`: ").unwrap_or(&found.message);
    (message.to_string(), found.words, found.help)
}

#[test]
fn what_is_written_in_a_wrong_form_is_shown_in_the_right_one() {
    let help = |rule: &str| only(rule).2;
    assert_eq!(
        help(&expecting("record.status.in([\"accepted\"])")),
        "`in` is an operator: write `value in [\"a\", \"b\"]`, without a point and parentheses"
    );
    let braces = expecting("has(record.kpis)").replace("is wrong", "needs {kpis: [x]}");
    assert_eq!(help(&braces), "to show the braces, double them: `{{kpis: [x]}}`");
    let each = rule("each: kpis\nexpect: item.live");
    assert_eq!(help(&each), "write `record.kpis`");
}

#[test]
fn a_long_expression_with_a_colon_is_put_on_the_next_line() {
    let long =
        format!("expect: {}files(\"a\").exists(f, f.name == \": \")", "has(record.kpis) && ".repeat(5));
    assert_eq!(help_of_syntax(&long), "write `expect: >-`, and the text on the next line, indented");
}

/// The help of a rule that is no YAML.
fn help_of_syntax(line: &str) -> String {
    of(&rule(line)).remove(0).help
}

/// Asserts the faults of expressions: expression, message, underlined words, help.
fn check(table: &[(&str, &str, &str, &str)]) {
    let mut wrong = String::new();
    for (expression, message, words, help) in table {
        let (m, w, h) = only(&expecting(expression));
        if (m.as_str(), w.as_str(), h.as_str()) != (*message, *words, *help) {
            wrong.push_str(&format!("(\n    {expression:?},\n    {m:?},\n    {w:?},\n    {h:?},\n),\n"));
        }
    }
    assert!(wrong.is_empty(), "these are so:\n{wrong}");
}

#[test]
fn unknown_names_are_reported_with_the_nearest_name() {
    check(&[
        (
            "record.review_bye < today",
            "a decision has no field `review_bye`",
            "review_bye",
            "did you mean `review_by`?",
        ),
        (
            "record.owner.active_untill < today",
            "a person, role or team has no field `active_untill`",
            "active_untill",
            "did you mean `active_until`?",
        ),
        (
            "record.options.all(o, o.titel == '')",
            "an item of a list has no field `titel`",
            "titel",
            "did you mean `title`?",
        ),
        (
            "record.zzz",
            "a decision has no field `zzz`",
            "zzz",
            "`alignlint explain decision` lists its fields",
        ),
        ("recrd.live", "unknown variable `recrd`", "recrd", "did you mean `record`?"),
        (
            "age(record.date) <= params.maxage",
            "unknown parameter `maxage`",
            "maxage",
            "did you mean `max_age`?",
        ),
        ("recods('kpi') == []", "unknown function `recods`", "recods", "did you mean `records`?"),
        ("record.id.startWith('a')", "unknown method `startWith`", "startWith", "did you mean `startsWith`?"),
        ("records('decison') == []", "unknown kind `decison`", "'decison'", "did you mean `decision`?"),
        (
            "record.cited_by('decision', 'kpi') == []",
            "a decision has no field `kpi`",
            "'kpi'",
            "did you mean `kpis`?",
        ),
        (
            "record.status == 'acepted'",
            "unknown value `acepted` of `status` in a decision",
            "'acepted'",
            "did you mean `accepted`?",
        ),
        (
            "record.status in ['accepted', 'prposed']",
            "unknown value `prposed` of `status` in a decision",
            "'prposed'",
            "did you mean `proposed`?",
        ),
        (
            "records('kpi').exists(k, 'sideways' != k.direction)",
            "unknown value `sideways` of `direction` in a kpi",
            "'sideways'",
            "use one of: up, down, in-range",
        ),
        (
            "item.id == ''",
            "`item` needs `each`",
            "item",
            "add `each: record.FIELD`, the list whose items are checked",
        ),
        (
            "group.key == ''",
            "`group` needs `group-by`",
            "group",
            "add `group-by: record.FIELD`, the field whose value the records of a group share",
        ),
        (
            "other.id == ''",
            "`other` needs `against`, `related.each` or `group-by`",
            "other",
            "under `against`, write a list of records, whose elements are the others, or group them with `group-by`",
        ),
        (
            "file.path == ''",
            "unknown variable `file` in a rule for records",
            "file",
            "write `record.file`, or use `for: file`",
        ),
        ("params == 1", "expected a parameter after `params`", "params", "write `params.name`"),
    ]);
}

#[test]
fn a_wrong_type_is_reported_in_words() {
    check(&[
        (
            "record.date < '2026-01-01'",
            "can't compare a date with a string",
            "record.date < '2026-01-01'",
            "write the date as `date(\"2026-01-01\")`",
        ),
        (
            "record.date == '2026-01-01'",
            "can't compare a date with a string",
            "record.date == '2026-01-01'",
            "write the date as `date(\"2026-01-01\")`",
        ),
        (
            "record.date in ['2026-01-01']",
            "can't compare a date with a string",
            "record.date",
            "write the date as `date(\"2026-11-20\")`",
        ),
        (
            "age(record.date) > 90",
            "can't compare an age with an integer",
            "age(record.date) > 90",
            "write the duration as `duration(\"90 days\")`",
        ),
        (
            "age(record.date) > '1 quarter'",
            "can't compare an age with a string",
            "age(record.date) > '1 quarter'",
            "write the duration as `duration(\"1 quarter\")`",
        ),
        (
            "today - record.date > params.max_age",
            "can't subtract a date from a date",
            "today - record.date",
            "compare `age(date)` with a duration, or the dates with each other",
        ),
        (
            "record.date > today + 5",
            "can't add an integer to a date",
            "today + 5",
            "use a duration: `duration(\"5 days\")`",
        ),
        (
            "record.title + 1 == 'a'",
            "can't add an integer to a string",
            "record.title + 1",
            "convert the value with `string(…)`",
        ),
        (
            "record.title",
            "expected a boolean, found a string",
            "record.title",
            "ask whether it is there: `has(record.title)`, or compare it",
        ),
        (
            "record.live && record.title",
            "expected a boolean, found a string",
            "record.title",
            "compare it, as in `… == \"text\"`",
        ),
        (
            "1 in record.tags",
            "can't compare an integer with a string",
            "1",
            "write a number without quotes, and a text with them",
        ),
        ("'a' in record.title", "expected a list, found a string", "record.title", "write `.contains(…)`"),
    ]);
}

#[test]
fn a_wrong_argument_is_reported_in_words() {
    check(&[
        (
            "record.title.all(t, true)",
            "expected a list, found a string",
            "record.title",
            "name a list, such as a field with `type: array`; of one value, `[value]` is a list",
        ),
        (
            "size(record.live) == 1",
            "expected a list, a mapping or a string, found a boolean",
            "record.live",
            "name a field that holds a list or a text",
        ),
        (
            "distinct(record.title) == []",
            "expected a list, found a string",
            "record.title",
            "name a list, such as a field with `type: array`; of one value, `[value]` is a list",
        ),
        (
            "record.id.startsWith(1)",
            "expected a string, found an integer",
            "1",
            "write it in quotes, or convert the value with `string(…)`",
        ),
        (
            "record.id.startsWith()",
            "`startsWith` takes 1 argument",
            "startsWith",
            "add what is missing between the parentheses",
        ),
        (
            "record.cited_by('kpi', 'owner', 'x') == []",
            "`cited_by` takes at most 2 arguments",
            "cited_by",
            "remove the others",
        ),
        (
            "records() == []",
            "`records` takes 1 argument",
            "records",
            "add what is missing between the parentheses",
        ),
        (
            "record.tags[record.title] == ''",
            "expected an integer, found a string",
            "record.title",
            "write a number, or the size of a list: `size(list)`",
        ),
        ("-record.title == ''", "can't negate a string", "record.title", ""),
        (
            "age(record.date) <= duration('soon')",
            "`soon` is not a duration such as `1 quarter`",
            "'soon'",
            "write it as in `duration(\"1 quarter\")`",
        ),
        (
            "record.date < date('20.11.2026')",
            "`20.11.2026` is not a date such as `2026-11-20`",
            "'20.11.2026'",
            "write it as in `date(\"2026-11-20\")`",
        ),
        (
            "period('2026-Q5').start < today",
            "`2026-Q5` is not a period such as `2026-Q4`",
            "'2026-Q5'",
            "write it as in `period(\"2026-Q4\")`",
        ),
    ]);
}

#[test]
fn unsupported_expressions_are_reported_with_an_alternative() {
    check(&[
        ("record.review-by < today", "`review-by` is a subtraction here", "review-by", "write `review_by`"),
        (
            "age(record.date) < params.max-age",
            "`max-age` is a subtraction here",
            "max-age",
            "write `max_age`",
        ),
        (
            "has(record.cited_by('initiative'))",
            "expected a field in `has()`",
            "record.cited_by('initiative')",
            "write `has(record.owner)`",
        ),
        ("has(record)", "expected a field in `has()`", "record", "write `has(record.owner)`"),
        (
            "record.title.orValue('x') == 'x'",
            "expected a field that is read with `.?`",
            "record.title",
            "write `.?` before the field that may be absent: `record.?owner.orValue(…)`",
        ),
        (
            "record.?title.orValue(1) == 1",
            "expected a string, found an integer",
            "1",
            "write it in quotes, or convert the value with `string(…)`",
        ),
        (
            "record.tags.all(a, record.tags.all(b, record.tags.all(c, record.tags.all(d, d == a))))",
            "loops are nested more than 3 levels deep",
            "all",
            "move an inner loop to `let`",
        ),
        ("record.tags.all(t)", "`all` takes a variable and an expression", "all", "write `.all(x, …)`"),
        (
            "record.tags.all('t', true)",
            "expected a variable name",
            "'t'",
            "name the element first: `.all(x, x.id != \"a\")`",
        ),
        (
            "record.title.matches('[')",
            "invalid regular expression: unclosed character class",
            "'['",
            "close it with `]`, as in `[0-9]`; for a `[` of the text itself, write `r\"\\[\"`",
        ),
        (
            "record.title.matches(record.id)",
            "expected a regular expression in quotes",
            "record.id",
            "for one from the configuration, declare a parameter with `type: pattern`",
        ),
        (
            "{'a': 1} == {}",
            "literals of maps are not supported",
            "{",
            "write a list, `[a, b]`, or put the expression of a rule in quotes",
        ),
        ("1u == 1", "unsigned integers and bytes are not supported", "1u", "remove the letter `u` or `b`"),
        ("record.live and true", "`and` is not an operator", "and", "write `&&`"),
        ("record.id = 'x'", "`=` is not an operator", "=", "write `==`"),
        ("(record.live", "missing `)` at the end", "e", "add `)`"),
    ]);
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let long = vec!["record.live"; 400].join(" && ");
    let found = only(&expecting(&long));
    assert_eq!(found.0, "the expression is longer than 2048 bytes");
    assert_eq!(found.2, "split it with `let`");
    for deep in [
        format!("{}record.live{}", "(".repeat(60), ")".repeat(60)),
        vec!["1"; 300].join("+"),
        format!("{}record.live", "!".repeat(500)),
    ] {
        let found = only(&expecting(&deep));
        assert_eq!(
            (found.0.as_str(), found.2.as_str()),
            ("the expression is nested too deeply", "split it with `let`")
        );
    }
}

/// Lines of a rule that do not fit each other; the message, the words that are underlined, and the help.
const MISFITS: &[(&str, &str, &str, &str)] = &[
    (
        "expect: record.live\ndue: record.date",
        "expected exactly one of `expect`, `due` and `against`",
        "due",
        "write a rule for each condition",
    ),
    (
        "when: record.live",
        "expected exactly one of `expect`, `due` and `against`",
        "for",
        "add the condition that must be true: `expect: has(record.owner)`",
    ),
    (
        "due: record.title",
        "expected a date, found a string",
        "record.title",
        "name a field with `format: date`, or write a day as in `date(\"2026-11-20\")`",
    ),
    (
        "against: record.title",
        "expected a list, found a string",
        "record.title",
        "name a list, such as a field with `type: array`; of one value, `[value]` is a list",
    ),
    (
        "each: record.title\nexpect: true",
        "expected a list, found a string",
        "record.title",
        "name a list, such as a field with `type: array`; of one value, `[value]` is a list",
    ),
    ("expect: record.live\nat: ownr", "a decision has no field `ownr`", "ownr", "did you mean `owner`?"),
    (
        "expect: record.live\nat: [owner, titel]",
        "a decision has no field `titel`",
        "titel",
        "did you mean `title`?",
    ),
    (
        "against: record.cited_by('initiative')\nrelated: { at: titles, label: here }",
        "an initiative has no field `titles`",
        "titles",
        "did you mean `title`?",
    ),
    (
        "expect: record.live\nrelated: { at: owner }",
        "missing key `each` in `related`",
        "{ at: owner }",
        "name a list of records or items; for the record itself, write `each: \"[record]\"`",
    ),
    (
        "group-by: record.owner\neach: record.tags\nexpect: true",
        "a rule can't have both `each` and `group-by`",
        "record.owner",
        "remove `group-by`",
    ),
    (
        "group-by: [record.owner, record.perod]\nexpect: group.records.size() < 3",
        "a decision has no field `perod`",
        "perod",
        "`alignlint explain decision` lists its fields",
    ),
    (
        "let: { today: record.date }\nexpect: true",
        "the name `today` is already used",
        "record.date",
        "choose another name",
    ),
    (
        "let: { mine: record.ownr }\nexpect: mine == 'x' && mine != 'y'",
        "a decision has no field `ownr`",
        "ownr",
        "did you mean `owner`?",
    ),
    (
        "let: { first: second, second: first }\nexpect: first",
        "`first` is computed from itself through `second`",
        "second",
        "write one of them without the other",
    ),
    (
        "let: { outside: first, first: second, second: third, third: first }\nexpect: outside",
        "`first` is computed from itself through `second`",
        "second",
        "write one of them without the other",
    ),
    (
        "let: { first: second, second: third, third: record.ownr }\nexpect: first == 'x'",
        "a decision has no field `ownr`",
        "ownr",
        "did you mean `owner`?",
    ),
    (
        "expect: record.live\nlabel: \"{record.live\"",
        "unclosed `{`",
        "{",
        "add `}` behind the expression, as in `{record.live}`; for a brace of the text, write `{{`",
    ),
    (
        "expect: record.live\nlabel: \"live}\"",
        "`}` without `{` before it",
        "}",
        "add `{` before the expression; for a brace of the text, write `}}`",
    ),
    (
        "expect: record.live\nhelp: Ask {record.ownr}",
        "a decision has no field `ownr`",
        "ownr",
        "did you mean `owner`?",
    ),
    (
        "expect: record.live\nhelp: \"é {recrd.id}\"",
        "unknown variable `recrd`",
        "recrd",
        "did you mean `record`?",
    ),
    ("expect: record.live\nhelp: Ask {}", "the expression is empty", "{}", ""),
];

#[test]
fn amounts_are_added_up_by_their_numbers() {
    let text = "sum(record.kpis.map(k, k.target)) > 3";
    check(&[(
        text,
        "expected a list of numbers, found a list of amounts",
        "record.kpis.map(k, k.target)",
        "add up their numbers: `record.kpis.map(k, k.target).map(x, x.number)`",
    )]);
}

#[test]
fn the_parts_of_a_rule_have_to_fit_each_other() {
    let mut wrong = String::new();
    for (lines, message, words, help) in MISFITS {
        let (m, w, h) = only(&rule(lines));
        if (m.as_str(), w.as_str(), h.as_str()) != (*message, *words, *help) {
            wrong.push_str(&format!("(\n    {lines:?},\n    {m:?},\n    {w:?},\n    {h:?},\n),\n"));
        }
    }
    assert!(wrong.is_empty(), "these are so:\n{wrong}");
}

#[test]
fn every_fault_is_reported_at_once_and_once() {
    let found =
        of(&rule("let: { a: record.ownr }\nwhen: recrd.live\nexpect: a == 1\nat: titel\nhelp: \"{a} {b}\""));
    let actual: Vec<_> =
        found.iter().map(|found| (found.at.as_deref().unwrap(), found.words.as_str())).collect();
    assert_eq!(
        actual,
        [
            ("policy/own/rule.yaml:9:18", "ownr"),
            ("policy/own/rule.yaml:10:7", "recrd"),
            ("policy/own/rule.yaml:12:5", "titel"),
            ("policy/own/rule.yaml:13:13", "b"),
        ]
    );
}

#[test]
fn a_rule_file_is_checked_by_its_schema() {
    let base = rule("expect: record.live");
    for (from, to, message, words, help) in [
        ("title:", "titel:", "invalid rule: unknown key `titel` in a rule", "titel", "did you mean `title`?"),
        (
            "severity: error",
            "severity: fatal",
            "invalid rule: `severity` is `fatal`; expected one of error, warning, note",
            "fatal",
            "write `error`",
        ),
        (
            "preset: essential",
            "preset: esential",
            "invalid rule: `preset` is `esential`; expected one of essential, recommended, strict",
            "esential",
            "did you mean `essential`?",
        ),
        (
            "for: decision",
            "for: []",
            "invalid rule: `for` has 0 items; expected at least 1",
            "[]",
            "write at least 1",
        ),
        ("for: decision", "for: decison", "unknown kind `decison`", "decison", "did you mean `decision`?"),
        (
            "for: decision",
            "for: [kpi, decison]",
            "unknown kind `decison`",
            "decison",
            "did you mean `decision`?",
        ),
        (
            "for: decision",
            "for: [file, decision]",
            "`file` can't be combined with other kinds",
            "file",
            "write `for: file`, or name the kinds in a list",
        ),
        (
            "type: duration",
            "type: time",
            "invalid rule: `type` is `time`; expected one of duration, integer, number, text, list, pattern, patterns, bool",
            "time",
            "write one of duration, integer, number, text, list, pattern, patterns, bool",
        ),
        (
            "default: 1 quarter",
            "default: [1 quarter]",
            "expected a duration such as `2 weeks` as the default of `max-age`",
            "1 quarter",
            "write it as in `default: 2 weeks`",
        ),
        (
            "default: 1 quarter",
            "default: soon",
            "expected a duration such as `2 weeks` as the default of `max-age`",
            "soon",
            "write it as in `default: 2 weeks`",
        ),
        (
            "why: It matters.",
            "cure: {}\nwhy: It matters.",
            "invalid rule: unknown key `cure` in a rule",
            "cure",
            "remove it, or write it below the key that it is about",
        ),
    ] {
        let text = base.replacen(from, to, 1);
        assert_ne!(text, base);
        let found = of(&text);
        let actual: Vec<_> = found
            .iter()
            .map(|found| {
                let message = found.message.strip_prefix("rule `own/rule`: ").unwrap_or(&found.message);
                (message, found.words.as_str(), found.help.as_str())
            })
            .collect();
        assert!(actual.contains(&(message, words, help)), "{to}: {actual:#?}");
    }
}

#[test]
fn a_rule_is_known_by_its_path() {
    let found = of(&rule("due: record.date + params.max_age").replace("own/rule", "own/other"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "the rule's `id` is `own/other`; expected `own/rule`, as in its path");
    assert_eq!(
        (found[0].words.as_str(), found[0].help.as_str()),
        ("own/other", "remove `id`, or move the file")
    );
    let twice = rule("due: record.date + params.max_age");
    let found = faults(&[
        ("alignlint.yaml", "extends: [./policy, ./more]\n"),
        ("policy/own/rule.yaml", &twice),
        ("more/own/rule.yaml", &twice),
    ]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "duplicate rule id `own/rule`: `policy/own/rule.yaml` has the same id");
}

#[test]
fn the_configuration_sets_only_parameters_that_a_rule_has() {
    let own = rule("due: record.date + params.max_age");
    let with = |setting: &str| {
        let config = format!("extends: [./policy]\nrules:\n  own/rule: {setting}\n");
        faults(&[("alignlint.yaml", &config), ("policy/own/rule.yaml", &own)])
    };
    assert_eq!(with("{ max-age: 6 months }"), []);
    let found = with("{ max-aeg: 6 months }");
    assert_eq!(found[0].message, "rule `own/rule` has no parameter `max-aeg`");
    assert_eq!((found[0].words.as_str(), found[0].help.as_str()), ("max-aeg", "did you mean `max-age`?"));
    for wrong in ["soon", "[1 day, 2 days]", "[1 day]", "5"] {
        let found = with(&format!("{{ max-age: {wrong} }}"));
        assert_eq!(
            found[0].message,
            "expected a duration such as `2 weeks` for `max-age` of rule `own/rule`"
        );
        assert_eq!(found[0].words, wrong);
    }
    let found = with("{ max-age: [1 day] }");
    assert_eq!(found[0].help, "write it without brackets: `max-age: 1 day`");
}

#[test]
fn a_let_may_read_those_that_follow_it() {
    for lines in [
        "let: { first: second, second: third, third: record.owner }\nexpect: first != 'x'",
        "let: { first: second, second: third, third: record.tags }\neach: first\nexpect: item != 'x'",
        "let: { first: second, second: third, third: item }\neach: record.tags\nexpect: first != 'x'",
    ] {
        let found = of(&rule(lines));
        let messages: Vec<&str> = found.iter().map(|fault| &*fault.message).collect();
        assert_eq!(messages, ["rule `own/rule`: the parameter `max-age` is never used"], "{lines}");
    }
}
