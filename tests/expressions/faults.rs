//! What is wrong with a rule is found when it is loaded, whether or not there is a record to judge: in
//! words for somebody who does not write rules every day, at the words that are wrong.

use crate::world::{Told, faults};

/// A decision rule with this expression as its `expect`.
fn expecting(expression: &str) -> String {
    rule(&format!("expect: |-\n  {expression}"))
}

/// A rule with these lines in place of its form.
fn rule(lines: &str) -> String {
    format!(
        "id: own/rule\ntitle: A rule of ours\nseverity: error\npreset: essential\nfacet: record\nfor: decision\n\
         params:\n  max-age: {{ type: duration, default: 1 quarter, description: Longest time }}\n\
         {lines}\nmessage: \"`{{record.id}}` is wrong\"\nwhy: It matters.\n"
    )
}

fn of(rule: &str) -> Vec<Told> {
    faults(&[("alignlint.yaml", "extends: [./policy]\n"), ("policy/own/rule.yaml", rule)])
}

/// The only fault of a rule: message, words underlined, help.
fn only(rule: &str) -> (String, String, String) {
    let mut told = of(rule);
    assert_eq!(told.len(), 1, "{told:#?}");
    let told = told.remove(0);
    let message = told.message.strip_prefix("rule `own/rule`: ").unwrap_or(&told.message);
    (message.to_string(), told.words, told.help)
}

/// Checks expressions: each with its message, the words that it stands at, and its help.
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
fn names_that_are_not_there_are_told_with_the_nearest() {
    check(&[
        (
            "record.review_bye < today",
            "a decision has no field `review_bye`",
            "review_bye",
            "Did you mean `review_by`?",
        ),
        (
            "record.owner.active_untill < today",
            "a person, role or team has no field `active_untill`",
            "active_untill",
            "Did you mean `active_until`?",
        ),
        (
            "record.options.all(o, o.titel == '')",
            "an item of a list has no field `titel`",
            "titel",
            "Did you mean `title`?",
        ),
        (
            "record.zzz",
            "a decision has no field `zzz`",
            "zzz",
            "`alignlint schema decision` lists its fields",
        ),
        ("recrd.live", "there is no variable `recrd`", "recrd", "Did you mean `record`?"),
        (
            "age(record.date) <= params.maxage",
            "there is no parameter `maxage`",
            "maxage",
            "Did you mean `max_age`?",
        ),
        ("recods('kpi') == []", "there is no function `recods`", "recods", "Did you mean `records`?"),
        (
            "record.id.startWith('a')",
            "there is no method `startWith`",
            "startWith",
            "Did you mean `startsWith`?",
        ),
        ("records('decison') == []", "there is no kind `decison`", "'decison'", "Did you mean `decision`?"),
        (
            "record.cited_by('decision', 'kpi') == []",
            "a decision has no field `kpi`",
            "'kpi'",
            "Did you mean `kpis`?",
        ),
        (
            "record.status == 'acepted'",
            "`status` of a decision is never `acepted`",
            "'acepted'",
            "Did you mean `accepted`?",
        ),
        (
            "record.status in ['accepted', 'prposed']",
            "`status` of a decision is never `prposed`",
            "'prposed'",
            "Did you mean `proposed`?",
        ),
        (
            "records('kpi').exists(k, 'sideways' != k.direction)",
            "`direction` of a kpi is never `sideways`",
            "'sideways'",
            "It is one of up, down, in-range",
        ),
        ("item.id == ''", "there is no `item` without `each`", "item", ""),
        ("group.key == ''", "there is no `group` without `group-by`", "group", ""),
        (
            "other.id == ''",
            "there is no `other` here",
            "other",
            "`other` is there with `against`, and in `related` with its `each` or with `group-by`",
        ),
        (
            "file.path == ''",
            "there is no `file` in a rule for records",
            "file",
            "Write `record.path`, or `for: file`",
        ),
        ("params == 1", "a parameter has to follow `params`", "params", "Write `params.name`"),
    ]);
}

#[test]
fn what_is_of_the_wrong_type_is_told_in_words() {
    check(&[
        (
            "record.date < '2026-01-01'",
            "a date and a text have no order",
            "record.date < '2026-01-01'",
            "Write the day as `date(\"2026-11-20\")`",
        ),
        (
            "record.date == '2026-01-01'",
            "a date never equals a text",
            "record.date == '2026-01-01'",
            "Write the day as `date(\"2026-11-20\")`",
        ),
        (
            "record.date in ['2026-01-01']",
            "a date never equals a text",
            "record.date",
            "Write the day as `date(\"2026-11-20\")`",
        ),
        (
            "age(record.date) > 90",
            "an age and a whole number have no order",
            "age(record.date) > 90",
            "Compare an age with a duration: `duration(\"1 quarter\")`",
        ),
        (
            "age(record.date) > '1 quarter'",
            "an age and a text have no order",
            "age(record.date) > '1 quarter'",
            "Write the duration as `duration(\"1 quarter\")`",
        ),
        (
            "today - record.date > params.max_age",
            "a date and a date can't be subtracted",
            "today - record.date",
            "Compare `age(day)` with a duration, or the days themselves",
        ),
        (
            "record.date > today + 5",
            "a date and a whole number can't be added",
            "today + 5",
            "A duration can be: `duration(\"1 quarter\")`",
        ),
        (
            "record.title + 1 == 'a'",
            "a text and a whole number can't be added",
            "record.title + 1",
            "`string(…)` makes a text of a value",
        ),
        ("record.title", "this is a text, where a yes or no is needed", "record.title", ""),
        ("record.live && record.title", "this is a text, where a yes or no is needed", "record.title", ""),
        ("1 in record.tags", "a whole number never equals a text", "1", ""),
        (
            "'a' in record.title",
            "`in` looks into a list, and this is a text",
            "record.title",
            "Ask a text by `.contains(…)`",
        ),
        ("record.title.all(t, true)", "this is a text, where a list is needed", "record.title", ""),
        (
            "size(record.live) == 1",
            "this is a yes or no, where a list or a text is needed",
            "record.live",
            "",
        ),
        ("distinct(record.title) == []", "this is a text, where a list is needed", "record.title", ""),
        ("record.id.startsWith(1)", "this is a whole number, where a text is needed", "1", ""),
        ("record.id.startsWith()", "`startsWith` takes 1 value", "startsWith", ""),
        ("record.cited_by('kpi', 'owner', 'x') == []", "`cited_by` takes at most 2 values", "cited_by", ""),
        ("records() == []", "`records` takes 1 value", "records", ""),
        (
            "record.tags[record.title] == ''",
            "this is a text, where a whole number is needed",
            "record.title",
            "",
        ),
        ("-record.title == ''", "a text has no negative", "record.title", ""),
        ("age(record.date) <= duration('soon')", "`soon` is no duration such as `1 quarter`", "'soon'", ""),
        (
            "record.date < date('20.11.2026')",
            "`20.11.2026` is no day such as `2026-11-20`",
            "'20.11.2026'",
            "",
        ),
        ("period('2026-Q5').start < today", "`2026-Q5` is no period such as `2026-Q4`", "'2026-Q5'", ""),
    ]);
}

#[test]
fn what_the_language_has_not_is_told_with_what_it_has() {
    check(&[
        (
            "record.review-by < today",
            "`review-by` reads as a subtraction here",
            "review-by",
            "Write `review_by`",
        ),
        (
            "age(record.date) < params.max-age",
            "`max-age` reads as a subtraction here",
            "max-age",
            "Write `max_age`",
        ),
        (
            "has(record.cited_by('kpi'))",
            "`has()` asks for a field: `has(record.owner)`",
            "record.cited_by('kpi')",
            "",
        ),
        ("has(record)", "`has()` asks for a field: `has(record.owner)`", "record", ""),
        (
            "record.title.orValue('x') == 'x'",
            "this is not read with `.?`",
            "record.title",
            "Write `.?` before the field that may be absent: `record.?owner.orValue(…)`",
        ),
        ("record.?title.orValue(1) == 1", "this is a whole number, the field is a text", "1", ""),
        (
            "record.tags.all(a, record.tags.all(b, record.tags.all(c, record.tags.all(d, d == a))))",
            "loops stand in loops more than 3 deep",
            "all",
            "Name an inner part with `let`",
        ),
        (
            "record.tags.all(t)",
            "`all` takes a name for the elements and what is asked of each",
            "all",
            "Write `.all(x, …)`",
        ),
        ("record.tags.all('t', true)", "a name for the elements has to stand here", "'t'", ""),
        ("record.title.matches('[')", "this is no regular expression: unclosed character class", "'['", ""),
        ("record.title.matches(record.id)", "a text in quotes has to stand here", "record.id", ""),
        ("{'a': 1} == {}", "rules have no use for mappings", "{", ""),
        ("1u == 1", "rules know no such number or text; leave its letter out", "1u", ""),
        ("record.live and true", "`and` is written `&&` in rules", "and", ""),
        ("record.id = 'x'", "`=` is written `==` in rules", "=", ""),
        ("(record.live", "a `)` is missing at the end", "e", ""),
    ]);
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let long = vec!["record.live"; 400].join(" && ");
    let told = only(&expecting(&long));
    assert_eq!(told.0, "the expression is longer than 2048 bytes");
    assert_eq!(told.2, "Name parts of it with `let`");
    for deep in [
        format!("{}record.live{}", "(".repeat(60), ")".repeat(60)),
        vec!["1"; 300].join("+"),
        format!("{}record.live", "!".repeat(500)),
    ] {
        let told = only(&expecting(&deep));
        assert_eq!(
            (told.0.as_str(), told.2.as_str()),
            ("the expression nests too deeply", "Name parts of it with `let`")
        );
    }
}

#[test]
fn the_parts_of_a_rule_have_to_fit_each_other() {
    let mut wrong = String::new();
    for (lines, message, words, help) in [
        (
            "expect: record.live\ndue: record.date",
            "a rule states one of `expect`, `due` and `against`",
            "record.date",
            "",
        ),
        ("when: record.live", "a rule states one of `expect`, `due` and `against`", "own/rule", ""),
        ("due: record.title", "this is a text, where a day is needed", "record.title", ""),
        ("against: record.title", "this is a text, where a list is needed", "record.title", ""),
        ("each: record.title\nexpect: true", "this is a text, where a list is needed", "record.title", ""),
        ("expect: record.live\nat: ownr", "a decision has no field `ownr`", "ownr", "Did you mean `owner`?"),
        (
            "expect: record.live\nat: [owner, titel]",
            "a decision has no field `titel`",
            "titel",
            "Did you mean `title`?",
        ),
        (
            "against: record.cited_by('kpi')\nrelated: { at: targets, label: here }",
            "a kpi has no field `targets`",
            "targets",
            "Did you mean `target`?",
        ),
        (
            "expect: record.live\nrelated: { at: owner }",
            "`related` has to say of `each` what",
            "{ at: owner }",
            "Name a list of records or items: `each: record.parents`",
        ),
        (
            "group-by: record.owner\neach: record.tags\nexpect: true",
            "a rule judges each item or groups of records, not both",
            "record.owner",
            "",
        ),
        (
            "group-by: [record.owner, record.perod]\nexpect: group.records.size() < 3",
            "a decision has no field `perod`",
            "perod",
            "`alignlint schema decision` lists its fields",
        ),
        (
            "let: { today: record.date }\nexpect: true",
            "the name `today` is taken",
            "record.date",
            "Give it another one",
        ),
        (
            "let: { mine: record.ownr }\nexpect: mine == 'x' && mine != 'y'",
            "a decision has no field `ownr`",
            "ownr",
            "Did you mean `owner`?",
        ),
        (
            "let: { first: second, second: first }\nexpect: first",
            "there is no variable `second`",
            "second",
            "Did you mean `record`?",
        ),
        (
            "expect: record.live\nlabel: \"{record.live\"",
            "this brace has no partner",
            "{",
            "A brace in the text itself is written twice: `{{` or `}}`",
        ),
        (
            "expect: record.live\nlabel: \"live}\"",
            "this brace has no partner",
            "}",
            "A brace in the text itself is written twice: `{{` or `}}`",
        ),
        (
            "expect: record.live\nhelp: Ask {record.ownr}",
            "a decision has no field `ownr`",
            "ownr",
            "Did you mean `owner`?",
        ),
        (
            "expect: record.live\nhelp: \"é {recrd.id}\"",
            "there is no variable `recrd`",
            "recrd",
            "Did you mean `record`?",
        ),
        ("expect: record.live\nhelp: Ask {}", "the expression is empty", "{}", ""),
    ] {
        let (m, w, h) = only(&rule(lines));
        if (m.as_str(), w.as_str(), h.as_str()) != (message, words, help) {
            wrong.push_str(&format!("(\n    {lines:?},\n    {m:?},\n    {w:?},\n    {h:?},\n),\n"));
        }
    }
    assert!(wrong.is_empty(), "these are so:\n{wrong}");
}

#[test]
fn every_fault_is_told_at_once_and_once() {
    let told =
        of(&rule("let: { a: record.ownr }\nwhen: recrd.live\nexpect: a == 1\nat: titel\nhelp: \"{a} {b}\""));
    let said: Vec<_> = told.iter().map(|told| (told.at.as_deref().unwrap(), told.words.as_str())).collect();
    assert_eq!(
        said,
        [
            ("policy/own/rule.yaml:9:18", "ownr"),
            ("policy/own/rule.yaml:10:7", "recrd"),
            ("policy/own/rule.yaml:12:5", "titel"),
            ("policy/own/rule.yaml:13:13", "b"),
        ]
    );
}

#[test]
fn a_rule_file_is_judged_by_its_schema() {
    let base = rule("expect: record.live");
    for (from, to, message, words, help) in [
        (
            "title:",
            "titel:",
            "this is no rule: unknown key `titel` in a rule",
            "titel",
            "Did you mean `title`?",
        ),
        (
            "severity: error",
            "severity: fatal",
            "this is no rule: `severity` is `fatal`; expected one of error, warning, note",
            "fatal",
            "",
        ),
        (
            "preset: essential",
            "preset: esential",
            "this is no rule: `preset` is `esential`; expected one of essential, recommended, strict",
            "esential",
            "Did you mean `essential`?",
        ),
        ("for: decision", "for: []", "this is no rule: `for` has 0 items; expected at least 1", "[]", ""),
        (
            "for: decision",
            "for: decison",
            "there is no kind `decison`",
            "decison",
            "Did you mean `decision`?",
        ),
        (
            "for: decision",
            "for: [kpi, decison]",
            "there is no kind `decison`",
            "decison",
            "Did you mean `decision`?",
        ),
        ("for: decision", "for: [file, decision]", "`file` stands alone", "file", ""),
        (
            "type: duration",
            "type: time",
            "this is no rule: `type` is `time`; expected one of duration, integer, number, text, list, bool",
            "time",
            "",
        ),
        (
            "default: 1 quarter",
            "default: soon",
            "the default of `max-age` has to be a duration such as `2 weeks`",
            "soon",
            "",
        ),
        (
            "why: It matters.",
            "cure: {}\nwhy: It matters.",
            "this is no rule: unknown key `cure` in a rule",
            "cure",
            "",
        ),
    ] {
        let text = base.replacen(from, to, 1);
        assert_ne!(text, base);
        let told = of(&text);
        let said: Vec<_> = told
            .iter()
            .map(|told| {
                let message = told.message.strip_prefix("rule `own/rule`: ").unwrap_or(&told.message);
                (message, told.words.as_str(), told.help.as_str())
            })
            .collect();
        assert!(said.contains(&(message, words, help)), "{to}: {said:#?}");
    }
}

#[test]
fn a_rule_is_known_by_its_path() {
    let told = of(&rule("expect: record.live").replace("own/rule", "own/other"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "the rule's `id` is `own/other`, its path says `own/rule`");
    assert_eq!(
        (told[0].words.as_str(), told[0].help.as_str()),
        ("id: own/other", "Write `id: own/rule`, or move the file")
    );
    let twice = rule("expect: record.live");
    let told = faults(&[
        ("alignlint.yaml", "extends: [./policy, ./more]\n"),
        ("policy/own/rule.yaml", &twice),
        ("more/own/rule.yaml", &twice),
    ]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "there are two rules `own/rule`");
}

#[test]
fn the_configuration_sets_only_parameters_that_a_rule_has() {
    let own = rule("due: record.date + params.max_age");
    let with = |setting: &str| {
        let config = format!("extends: [./policy]\nrules:\n  own/rule: {setting}\n");
        faults(&[("alignlint.yaml", &config), ("policy/own/rule.yaml", &own)])
    };
    assert_eq!(with("{ max-age: 6 months }"), []);
    let told = with("{ max-aeg: 6 months }");
    assert_eq!(told[0].message, "rule `own/rule` has no parameter `max-aeg`");
    assert_eq!((told[0].words.as_str(), told[0].help.as_str()), ("max-aeg", "Did you mean `max-age`?"));
    for wrong in ["soon", "[1 day, 2 days]", "5"] {
        let told = with(&format!("{{ max-age: {wrong} }}"));
        assert_eq!(told[0].message, "`max-age` of rule `own/rule` has to be a duration such as `2 weeks`");
        assert_eq!(told[0].words, wrong);
    }
}
