//! The functions and members of the rule language: absence, references, dates, amounts, loops.

use std::sync::LazyLock;

use alignlint::rule::EvalError;
use jiff::civil::{Date, date};

use super::world::{Plain, World};

static WORLD: LazyLock<World> = LazyLock::new(|| {
    World::new(&[
        ("alignlint.yaml", "adopted: [governance/**]\n"),
        (
            "governance/directory.yaml",
            "\
people:
  - { id: p1, title: Ada Byron, email: ada@example.org, active-until: 2026-06-30 }
  - { id: p2, title: Bo Chen, reports-to: p1 }
  - { id: p3, title: Cy Dahl, reports-to: p2 }
teams:
  - { id: sales, title: Sales, lead: p1 }
",
        ),
        (
            "governance/decisions.yaml",
            "\
decisions:
  - id: D-1
    title: Charge for each site
    status: accepted
    owner: p1
    date: 2026-01-31
    review-by: 2026-11-20
    tags: [b, a, b]
    kpis: [active-sites, churn]
    assumptions: [A-1, A-9]
  - id: D-2
    title: Raise prices
    owner: stranger
    date: some day in May
    supersedes: [D-1]
    depends-on: [D-3]
  - id: D-3
    owner: Bo Chen <bo@example.org>
    depends-on: [D-2]
    date: 2024-02-29
",
        ),
        (
            "governance/assumptions.yaml",
            "assumptions:\n  - { id: A-1, statement: They stay., status: open }\n",
        ),
        (
            "governance/kpis.yaml",
            "\
kpis:
  - id: churn
    unit: \"%\"
    target: 3%
    readings:
      - { date: 2026-09-30, value: 4% }
      - { date: 2026-10-31, value: 3.5% }
  - id: active-sites
    target: 1.2k sites
    readings: [{ date: 2026-10-31, value: soon }]
",
        ),
        (
            "governance/objectives.yaml",
            "\
objectives:
  - id: O-1
    title: Grow
    period: 2026-Q4
    key-results:
      - { kpi: active-sites, baseline: 900 sites, target: 1.2k sites }
      - { kpi: churn, baseline: 4%, target: 3% }
      - { title: Tell everybody }
  - { id: O-2, title: Sell, parent: O-1, period: Q4 2026 }
  - { id: O-3, title: Visit, parent: O-2, period: 2026-11 }
",
        ),
        (
            "docs/adr/0001-record-decisions.md",
            "# 1. Record decisions\n\nDate: 2026-03-02\n\n## Status\n\nAccepted\n\n## Context\n\nWe forget.\n\n\
             ## Decision\n\nWe write.\n\n## Consequences\n\nWe remember.\n",
        ),
    ])
});

/// The value of an expression on a record as text, or one word for why there is none.
fn say(today: Date, kind: &str, id: &str, text: &str) -> String {
    match WORLD.ask_on(today, kind, id, text) {
        Err(message) => format!("refused: {message}"),
        Ok(Err(EvalError::Absent)) => "absent".to_string(),
        Ok(Err(EvalError::Unreadable)) => "unreadable".to_string(),
        Ok(Err(EvalError::Indeterminate)) => "can't be told".to_string(),
        Ok(Err(EvalError::Unused)) => "unused".to_string(),
        Ok(Err(EvalError::Exhausted)) => "exhausted".to_string(),
        Ok(Ok(value)) => shown(&value),
    }
}

fn shown(value: &Plain) -> String {
    match value {
        Plain::Null => "null".to_string(),
        Plain::Bool(value) => value.to_string(),
        Plain::Int(value) => value.to_string(),
        Plain::Double(value) => value.to_string(),
        Plain::Text(text) | Plain::Shown(text) => text.clone(),
        Plain::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

/// Asserts the values of expressions on a record.
fn check(kind: &str, id: &str, table: &[(&str, &str)]) {
    check_on(super::world::TODAY, kind, id, table);
}

fn check_on(today: Date, kind: &str, id: &str, table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, wanted)| (text, wanted, say(today, kind, id, text)))
        .filter(|(_, wanted, said)| *said != **wanted)
        .map(|(text, wanted, said)| format!("{text}\n  says  {said}\n  wants {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn absence_is_neither_true_nor_false() {
    check(
        "decision",
        "D-3",
        &[
            ("record.title", "absent"),
            ("record.title == 'x'", "absent"),
            ("record.title != 'x'", "absent"),
            ("!(record.title == 'x')", "absent"),
            ("record.title == 'x' && true", "absent"),
            ("record.title == 'x' && false", "false"),
            ("false && record.title == 'x'", "false"),
            ("record.title == 'x' || true", "true"),
            ("true || record.title == 'x'", "true"),
            ("record.title == 'x' || false", "absent"),
            ("record.title == 'x' ? 1 : 1", "absent"),
            ("has(record.title)", "false"),
            ("has(record.title) && record.title == 'x'", "false"),
            ("record.?title.orValue('none')", "none"),
            ("record.?title.hasValue()", "false"),
            ("record.tags.exists(t, true)", "absent"),
            ("record.?tags.orValue([]).exists(t, true)", "false"),
            ("record.kpis.size()", "absent"),
            ("[record.title, 'x']", "absent"),
            // An absent field with a default in its kind's schema has that value.
            ("records('assumption').all(a, has(a.status))", "true"),
        ],
    );
}

#[test]
fn a_loop_has_a_value_if_its_known_items_decide_it() {
    check(
        "objective",
        "O-1",
        &[
            // The third key result names no metric.
            ("record.key_results.exists(k, k.kpi == 'churn')", "true"),
            ("record.key_results.exists(k, k.kpi == 'nps')", "absent"),
            ("record.key_results.all(k, k.kpi == 'churn')", "false"),
            ("record.key_results.all(k, k.kpi != 'nps')", "absent"),
            ("record.key_results.filter(k, k.kpi == 'churn').size()", "absent"),
            ("record.key_results.filter(k, has(k.kpi)).size()", "2"),
            ("record.key_results.exists_one(k, has(k.kpi) && k.kpi == 'churn')", "true"),
            ("record.key_results.map(k, k.target)", "absent"),
            ("record.key_results.map(k, k.?target.hasValue())", "[true, true, false]"),
            ("record.key_results.map(k, k.record.id).filter(i, i == 'O-1').size()", "3"),
        ],
    );
}

#[test]
fn what_cannot_be_read_is_there_but_says_nothing() {
    check(
        "decision",
        "D-2",
        &[
            ("has(record.date)", "true"),
            ("record.date < today", "unreadable"),
            ("record.?date.orValue(today) == today", "unreadable"),
            ("has(record.date) && record.date < today", "unreadable"),
            ("false && record.date < today", "false"),
        ],
    );
    check(
        "kpi",
        "active-sites",
        &[
            ("record.readings.all(r, has(r.value))", "true"),
            ("record.readings.exists(r, r.value > 5)", "unreadable"),
        ],
    );
}

#[test]
fn what_a_foreign_format_has_no_place_for_is_not_missing() {
    check(
        "decision",
        "0001",
        &[
            ("record.format", "nygard"),
            ("has(record.date)", "true"),
            ("has(record.assumptions)", "can't be told"),
            ("record.assumptions.size() == 0", "can't be told"),
            ("record.?assumptions.hasValue()", "can't be told"),
            ("has(record.assumptions) || true", "true"),
            ("has(record.owner)", "can't be told"),
            // The format has a place for this field, and it is empty.
            ("has(record.superseded_by)", "false"),
        ],
    );
}

#[test]
fn a_reference_is_the_record_that_it_names_however_it_is_written() {
    check(
        "decision",
        "D-1",
        &[
            ("record.owner", "p1"),
            ("record.owner.title", "Ada Byron"),
            ("record.owner == 'p1'", "true"),
            ("'p1' == record.owner", "true"),
            ("record.owner != 'p2'", "true"),
            ("record.owner in ['p2', 'p1']", "true"),
            ("'p1' in record.owners", "true"),
            ("record.owner in record.owners", "true"),
            ("record.owner == records('person').filter(p, p.id == 'p1')[0]", "true"),
            ("[record.owner] == ['p1']", "true"),
            ("['p1'] == [record.owner]", "true"),
            ("record.owner == 'Ada Byron'", "true"),
            ("record.owner.resolved", "true"),
            ("record.owner.active_until < today", "true"),
            ("record.kpis.map(k, k.target)", "[1.2k sites, 3%]"),
            ("record.assumptions.map(a, a.resolved)", "[true, false]"),
            // The fields of an unresolved reference are unknown.
            ("record.assumptions.map(a, a.statement)", "can't be told"),
            ("record.assumptions.exists(a, a.status == 'open')", "true"),
            ("record.assumptions.all(a, a.status == 'open')", "can't be told"),
            ("record.assumptions[1] == 'A-9'", "true"),
            ("has(record.assumptions[1].statement)", "can't be told"),
        ],
    );
    check(
        "decision",
        "D-2",
        &[
            ("has(record.owner)", "true"),
            ("record.owner == 'stranger'", "true"),
            ("'stranger' == record.owner", "true"),
            ("record.owner", "stranger"),
            ("record.owner.resolved", "false"),
            ("record.owner.title == ''", "can't be told"),
            ("record.supersedes[0].title", "Charge for each site"),
        ],
    );
    check("decision", "D-3", &[("record.owner", "p2"), ("record.owner.reports_to.id", "p1")]);
}

#[test]
fn references_are_followed_both_ways() {
    check(
        "decision",
        "D-1",
        &[
            ("record.cited_by('decision')", "[D-2]"),
            ("record.cited_by('decision', 'supersedes')", "[D-2]"),
            ("record.cited_by('decision', 'depends-on')", "[]"),
        ],
    );
    check("kpi", "churn", &[("record.cited_by()", "[D-1, O-1]"), ("record.cited_by('objective')", "[O-1]")]);
    check(
        "objective",
        "O-3",
        &[("record.ancestors('parent')", "[O-2, O-1]"), ("record.in_cycle('parent')", "false")],
    );
    check("objective", "O-1", &[("record.ancestors('parent')", "[]")]);
    check(
        "decision",
        "D-2",
        &[
            ("record.in_cycle('depends-on')", "true"),
            // A cycle ends where it began; the start is not its own ancestor.
            ("record.ancestors('depends-on')", "[D-3]"),
        ],
    );
    check(
        "decision",
        "D-3",
        &[("record.in_cycle('depends-on')", "true"), ("record.in_cycle('supersedes')", "false")],
    );
}

#[test]
fn a_due_day_still_passes_and_the_next_one_does_not() {
    let on = |today, wanted| check_on(today, "decision", "D-1", &[("record.review_by < today", wanted)]);
    on(date(2026, 11, 19), "false");
    on(date(2026, 11, 20), "false");
    on(date(2026, 11, 21), "true");
}

#[test]
fn ages_are_calendar_arithmetic_clamped_to_the_months_end() {
    // D-1 is of 31 January: a month later is 28 February.
    let one_month = "age(record.date) <= duration('1 month')";
    for (today, wanted) in [
        (date(2026, 1, 31), "true"),
        (date(2026, 2, 28), "true"),
        (date(2026, 3, 1), "false"),
        (date(2025, 12, 1), "true"),
    ] {
        check_on(today, "decision", "D-1", &[(one_month, wanted)]);
    }
    // D-3 is of 29 February: a year later is 28 February.
    for (today, wanted) in [(date(2025, 2, 28), "true"), (date(2025, 3, 1), "false")] {
        check_on(today, "decision", "D-3", &[("age(record.date) <= duration('1 year')", wanted)]);
        check_on(today, "decision", "D-3", &[("duration('1 year') >= age(record.date)", wanted)]);
    }
    check_on(
        date(2026, 4, 30),
        "decision",
        "D-1",
        &[
            ("record.date + duration('1 month')", "2026-02-28"),
            ("record.date + duration('1 quarter')", "2026-04-30"),
            ("today - duration('2 months')", "2026-02-28"),
            ("duration('1 month') + duration('2 weeks')", "1 month 2 weeks"),
            ("duration('1 year') - duration('1 month')", "11 months"),
            ("2 * duration('3 days')", "6 days"),
            ("duration('27 days') < duration('1 month')", "true"),
            ("duration('1 quarter') == duration('3 months')", "true"),
            ("age(record.date) == age(record.date)", "true"),
            ("age(record.date) > age(today)", "true"),
            ("age(record.date) < duration('89 days')", "false"),
            ("age(record.date) <= duration('89 days')", "true"),
            ("age(record.date) < duration('90 days')", "true"),
            ("string(age(record.date))", "2 months ago"),
            ("record.date + duration('900000 years') > today", "true"),
        ],
    );
}

#[test]
fn amounts_compare_where_they_count_the_same() {
    check(
        "objective",
        "O-1",
        &[
            ("record.key_results[0].target > record.key_results[0].baseline", "true"),
            ("record.key_results[0].target > record.key_results[1].target", "can't be told"),
            ("record.key_results[0].target == record.key_results[1].target", "false"),
            ("record.key_results[0].target - record.key_results[0].baseline", "300"),
            ("record.key_results[0].target - record.key_results[1].baseline", "can't be told"),
            ("record.key_results[0].target.number", "1200"),
            ("record.key_results[0].target.unit", "site"),
            ("record.key_results[1].target < 4", "true"),
            ("record.key_results[1].target == 3", "true"),
            ("record.key_results[1].target == record.key_results[1].kpi.target", "true"),
            ("sorted(record.key_results.filter(k, has(k.target)).map(k, k.target))", "can't be told"),
            ("sorted([record.key_results[1].baseline, record.key_results[1].target])", "[3%, 4%]"),
        ],
    );
    check("kpi", "churn", &[("sorted(record.readings.map(r, r.value))", "[3.5%, 4%]")]);
}

#[test]
fn an_answer_is_a_word_or_within_a_limit_and_a_sentence_is_for_people() {
    check(
        "objective",
        "O-1",
        &[
            ("meets('Yes.', ['yes']) && meets('true', ['yes']) && meets('Yes, one in ten', ['yes'])", "true"),
            ("meets('no', ['yes']) || meets('No, but soon', ['yes']) || meets('', ['yes'])", "false"),
            ("meets('core', ['core', 'adjacent']) && !meets('exploratory', ['core', 'adjacent'])", "true"),
            ("meets('4', ['>= 3']) && !meets('2', ['>= 3']) && !meets('anything', [])", "true"),
            ("meets('Perhaps next year', ['yes'])", "can't be told"),
            ("meets('2 days', ['>= 3'])", "can't be told"),
            ("meets('many', ['>= 3'])", "can't be told"),
            ("meets('Small bakeries', ['It names a group of customers'])", "can't be told"),
        ],
    );
}

#[test]
fn periods_are_the_days_that_they_mean() {
    check(
        "objective",
        "O-1",
        &[
            ("record.period", "2026-Q4"),
            ("record.period.start", "2026-10-01"),
            ("record.period.end", "2026-12-31"),
            ("record.period.contains(date('2026-12-31'))", "true"),
            ("record.period.contains(date('2027-01-01'))", "false"),
            ("distinct(records('objective').map(o, o.period))", "[2026-Q4, 2026-11]"),
        ],
    );
}

#[test]
fn lists_are_sorted_and_made_distinct_by_what_they_hold() {
    check(
        "decision",
        "D-1",
        &[
            ("sorted(record.tags)", "[a, b, b]"),
            ("distinct(record.tags)", "[b, a]"),
            ("sorted([3, 1.5, 2])", "[1.5, 2, 3]"),
            ("distinct([1, 1.0, 2])", "[1, 2]"),
            ("sorted(records('kpi'))", "[active-sites, churn]"),
            ("distinct(records('decision').map(d, d.kind))", "[decision]"),
            ("sorted([date('2026-02-01'), date('2026-01-01')])", "[2026-01-01, 2026-02-01]"),
            ("distinct([['a', 'b'], ['a', 'b'], ['a, b']]).size()", "2"),
            ("[record.tags, ['c']].flat()", "[b, a, b, c]"),
            ("quoted(record.tags)", "`b`, `a` and `b`"),
            ("record.tags.join(' or ')", "b or a or b"),
            ("plural(1, 'day') + ', ' + plural(2, 'policy')", "1 day, 2 policies"),
            ("same(record.title, '  charge for\\n EACH site ')", "true"),
            ("record.tags.size() + size(record.title)", "23"),
            ("named('person', 'ada byron')", "[p1]"),
            ("records('person')[0] == 'ADA  BYRON'", "true"),
            ("in_use('person', 'term')", "true"),
            ("in_use('term')", "false"),
        ],
    );
}

#[test]
fn an_empty_list_goes_with_every_list() {
    check(
        "decision",
        "D-3",
        &[
            ("(record.?assumptions.orValue([]) + record.?kpis.orValue([])).map(r, r.resolved)", "[]"),
            ("(record.?kpis.orValue([]) + records('kpi')).map(k, k.live)", "[true, true]"),
            ("(true ? [] : record.kpis) == []", "true"),
            ("[].map(x, x.whatever)", "[]"),
        ],
    );
}
