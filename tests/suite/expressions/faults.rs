//! Faults in a rule are reported when it is loaded, whether or not there is a record to check: at the words that are
//! wrong, with the nearest name that there is.

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

/// The only fault of a rule: the underlined words and the name that its help suggests.
fn only(rule: &str) -> (String, String) {
    let mut found = of(rule);
    assert_eq!(found.len(), 1, "{rule}\n{found:#?}");
    let found = found.remove(0);
    let near = found.help.strip_prefix("did you mean `").and_then(|rest| rest.strip_suffix("`?"));
    (found.words.clone(), near.unwrap_or_default().to_owned())
}

/// Asserts the faults of rules with these lines: the underlined words.
fn assert_words(rules: &[(String, &str)]) {
    for (rule, words) in rules {
        assert_eq!(only(rule).0, *words, "{rule}");
    }
}

#[test]
fn an_unknown_name_is_underlined_and_the_nearest_one_suggested() {
    for (expression, words, near) in [
        ("record.review_bye < today", "review_bye", "review_by"),
        ("record.owner.active_untill < today", "active_untill", "active_until"),
        ("record.options.all(o, o.titel == '')", "titel", "title"),
        ("record.zzz", "zzz", ""),
        ("record.deciders == []", "deciders", ""),
        ("recrd.live", "recrd", "record"),
        ("age(record.date) <= params.maxage", "maxage", "max_age"),
        ("recods('kpi') == []", "recods", "records"),
        ("record.id.startWith('a')", "startWith", "startsWith"),
        ("records('decison') == []", "'decison'", "decision"),
        ("record.kind == 'decisions'", "'decisions'", "decision"),
        ("record.cited_by('decision', 'kpi') == []", "'kpi'", "kpis"),
        ("record.status == 'acepted'", "'acepted'", "accepted"),
        ("record.?status.orValue('x') != 'acepted'", "'acepted'", "accepted"),
        ("record.status in ['accepted', 'prposed']", "'prposed'", "proposed"),
        ("records('kpi').exists(k, 'sideways' != k.direction)", "'sideways'", ""),
        ("item.id == ''", "item", ""),
        ("group.key == ''", "group", ""),
        ("other.id == ''", "other", ""),
        ("file.path == ''", "file", "record.file"),
        ("params == 1", "params", ""),
        ("record.id == 'é' ) && true", ")", ""),
        (r"record.id == 'é\q'", r"\q", ""),
        ("1 + 99999999999999999999 > 1", "99999999999999999999", ""),
        ("record.tags == [1", "[", ""),
        ("record.id = 'x'", "=", "=="),
        ("record.has_files('a')", "has_files", ""),
    ] {
        assert_eq!(only(&expecting(expression)), (words.to_owned(), near.to_owned()), "{expression}");
    }
}

#[test]
fn a_wrong_type_is_underlined() {
    assert_words(
        &[
            ("record.date < '2026-01-01'", "record.date < '2026-01-01'"),
            ("record.date in ['2026-01-01']", "record.date"),
            ("age(record.date) > 90", "age(record.date) > 90"),
            ("today - record.date > params.max_age", "today - record.date"),
            ("record.date > today + 5", "today + 5"),
            ("record.title + 1 == 'a'", "record.title + 1"),
            ("record.title", "record.title"),
            ("record.live && record.title", "record.title"),
            ("record.owner != null", "record.owner != null"),
            ("1 in record.tags", "1"),
            ("'a' in record.title", "record.title"),
            ("record.title.all(t, true)", "record.title"),
            ("size(record.live) == 1", "record.live"),
            ("distinct(record.title) == []", "record.title"),
            ("sum(record.kpis.map(k, k.target)) > 3", "record.kpis.map(k, k.target)"),
            ("record.id.startsWith(1)", "1"),
            ("record.id.startsWith()", "startsWith"),
            ("record.tags.lower() == ''", "record.tags"),
            ("record.cited_by('kpi', 'owner', 'x') == []", "cited_by"),
            ("records() == []", "records"),
            ("record.tags[record.title] == ''", "record.title"),
            ("-record.title == ''", "record.title"),
            ("age(record.date) <= duration('soon')", "'soon'"),
            ("record.date < date('20.11.2026')", "'20.11.2026'"),
            ("has(record.cited_by('initiative'))", "record.cited_by('initiative')"),
            ("has(record)", "record"),
            ("record.title.orValue('x') == 'x'", "record.title"),
            ("record.?title.orValue(1) == 1", "1"),
            ("record.?title == 'x'", "record.?title == 'x'"),
            ("record.tags.all(a, record.tags.all(b, record.tags.all(c, record.tags.all(d, d == a))))", "all"),
            ("record.tags.all(t)", "all"),
            ("record.tags.all('t', true)", "'t'"),
            ("record.title.matches('[')", "'['"),
            ("record.title.matches(record.id)", "record.id"),
            ("{'a': 1} == {}", "{"),
            ("1u == 1", "u"),
            ("record.live and true", "and"),
            ("(record.live", "("),
            ("record.status.in(['accepted'])", "in"),
        ]
        .map(|(expression, words)| (expecting(expression), words)),
    );
}

#[test]
fn the_parts_of_a_rule_have_to_fit_each_other() {
    assert_words(
        &[
            ("expect: record.live\ndue: record.date", "due"),
            ("when: record.live", "for"),
            ("due: record.title", "record.title"),
            ("due: record.review_by > today", "record.review_by > today"),
            ("against: record.title", "record.title"),
            ("each: record.title\nexpect: true", "record.title"),
            ("each: kpis\nexpect: item.live", "kpis"),
            ("expect: record.live\nat: ownr", "ownr"),
            ("expect: record.live\nat: [owner, titel]", "titel"),
            ("against: record.cited_by('initiative')\nrelated: { at: titles, label: here }", "titles"),
            ("expect: record.live\nrelated: { at: owner }", "{ at: owner }"),
            ("group-by: record.owner\neach: record.tags\nexpect: true", "record.owner"),
            ("group-by: [record.owner, record.perod]\nexpect: group.records.size() < 3", "perod"),
            ("let: { today: record.date }\nexpect: true", "record.date"),
            ("let: { mine: record.ownr }\nexpect: mine == 'x' && mine != 'y'", "ownr"),
            ("let: { first: second, second: first }\nexpect: first", "first"),
            ("let: { outside: first, first: second, second: third, third: first }\nexpect: outside", "first"),
            ("let: { first: second, second: third, third: record.ownr }\nexpect: first == 'x'", "ownr"),
            ("expect: record.live\nlabel: \"{record.live\"", "{"),
            ("expect: record.live\nlabel: \"live}\"", "}"),
            ("expect: record.live\nhelp: Ask {record.ownr}", "ownr"),
            ("expect: record.live\nhelp: \"é {recrd.id}\"", "recrd"),
            ("expect: record.live\nhelp: Ask {}", "{}"),
            // In a text that YAML quotes, escapes or folds.
            ("expect: record.live\nlabel: 'it''s {record.ownr}'", "ownr"),
            ("expect: \"record.id == \\\"é\\\" && record.ownr == ''\"", "ownr"),
            ("expect: >-\n  record.live\n  && record.ownr == 'x'", "ownr"),
            ("expect: |\n  record.live\n  || record.ownr == 'x'", "ownr"),
            ("expect: \"record.id.matches(r'\\\\d') && record.ownr == 'x'\"", "ownr"),
            ("expect: >-\n  record.date\n  == 1", "record.date"),
        ]
        .map(|(lines, words)| (rule(lines), words)),
    );
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let message = |expression: &str| of(&expecting(expression)).remove(0).message;
    let long = vec!["record.live"; 400].join(" && ");
    assert!(message(&long).ends_with("the expression is longer than 2048 bytes"));
    for deep in [
        format!("{}record.live{}", "(".repeat(60), ")".repeat(60)),
        vec!["1"; 300].join("+"),
        format!("record{}", ".live".repeat(250)),
    ] {
        assert!(message(&deep).ends_with("the expression is nested too deeply"), "{deep}");
    }
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
    for (from, to, words, near) in [
        ("title:", "titel:", "titel", "title"),
        ("severity: error", "severity: fatal", "fatal", ""),
        ("preset: essential", "preset: esential", "esential", "essential"),
        ("for: decision", "for: []", "[]", ""),
        ("for: decision", "for: decison", "decison", "decision"),
        ("for: decision", "for: [kpi, decison]", "decison", "decision"),
        ("for: decision", "for: [file, decision]", "file", ""),
        ("type: duration", "type: time", "time", ""),
        ("default: 1 quarter", "default: [1 quarter]", "1 quarter", ""),
        ("default: 1 quarter", "default: soon", "soon", ""),
        ("why: It matters.", "cure: {}\nwhy: It matters.", "cure", ""),
        // What a merge key adds is read, and no line ends where only some parsers end it.
        ("why: It matters.", "<<: { label: '{recrd}' }\nwhy: It matters.", "recrd", "record"),
        ("why: It matters.", "label: |-\n  a\u{2028}b: {recrd}\nwhy: It matters.", "recrd", "record"),
        ("why: It matters.", "task: true\nlabel: '{recrd}'\nwhy: 1", "recrd", "record"),
    ] {
        let text = base.replacen(from, to, 1);
        let found = of(&text);
        let fault = found.iter().find(|found| found.words == words);
        let fault = fault.unwrap_or_else(|| panic!("{to}: {found:#?}"));
        assert!(near.is_empty() || fault.help.contains(&format!("`{near}`")), "{to}: {fault:#?}");
    }
}

#[test]
fn a_rule_is_known_by_its_path() {
    let found = of(&rule("due: record.date + params.max_age").replace("own/rule", "own/other"));
    assert_eq!((found.len(), &*found[0].words), (1, "own/other"));
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
    assert_eq!((&*found[0].words, &*found[0].help), ("max-aeg", "did you mean `max-age`?"));
    for wrong in ["soon", "[1 day, 2 days]", "[1 day]", "5"] {
        assert_eq!(with(&format!("{{ max-age: {wrong} }}"))[0].words, wrong);
    }
}

#[test]
fn a_let_may_read_those_that_follow_it() {
    for lines in [
        "let: { first: second, second: third, third: record.owner }\nexpect: first != 'x'",
        "let: { first: second, second: third, third: record.tags }\neach: first\nexpect: item != 'x'",
        "let: { first: second, second: third, third: item }\neach: record.tags\nexpect: first != 'x'",
    ] {
        assert_eq!(of(&rule(lines)), [], "{lines}");
    }
}
