//! Dates, durations, periods and amounts as people write them.

use std::cmp::Ordering;

use alignlint::calendar::{Amount, Duration, FORMS, Period, missing_day, parse_any_date, parse_date};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

const DAY: Date = date(2026, 11, 20);

#[test]
fn each_form_is_read() {
    for form in FORMS.iter() {
        let name = &*form.name;
        for text in &form.examples {
            let is_read = match name {
                "date" => parse_date(text).is_some(),
                "duration" => Duration::parse(text).is_some(),
                "period" => Period::parse(text, 1).is_some(),
                _ => Amount::parse(text).is_some(),
            };
            assert!(is_read, "{name}: {text}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_parsed_without_panic(text in ".{0,24}|[0-9PTYMWDHQFYkm%$€., -]{0,16}") {
        let _ = (parse_date(&text), Amount::parse(&text));
        if let Some(period) = Period::parse(&text, 2) {
            prop_assert!(period.start <= period.end);
        }
        if let Some(duration) = Duration::parse(&text) {
            prop_assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
        }
    }

    #[test]
    fn adding_a_duration_never_moves_backwards(days in 0_i64..100, months in 0_i64..40, business_days in 0_i64..30, day in 0_i32..4000) {
        let date = date(2024, 1, 1) + day.days();
        let text = format!("{months} months {days} days {business_days} business days");
        let duration = Duration::parse(&text).expect("a length");
        prop_assert!(duration.add_to(date) >= date && duration.sub_from(date) <= date);
    }
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap_or_else(|| panic!("no amount: {text}"))
}

#[test]
fn numbers_scales_and_units_are_parsed() {
    for (text, value, unit) in [
        ("-3.5", -3.5, ""),
        ("1,200", 1200.0, ""),
        ("2.4x", 2.4, "x"),
        ("+5 percent", 5.0, "%"),
        ("$50k", 50_000.0, "$"),
        ("-$2.3m", -2_300_000.0, "$"),
        ("USD 3bn", 3e9, "$"),
        ("40k EUR", 40_000.0, "€"),
        ("€40k/month", 40_000.0, "€/month"),
        ("1.2M users", 1_200_000.0, "user"),
        ("5 business days", 5.0, "business day"),
        ("4.5/5", 4.5, "/5"),
        ("30 m", 30.0, "m"),
    ] {
        let amount = amount(text);
        assert_eq!((amount.value, &*amount.unit), (value, unit), "{text}");
    }
    let none = "; unknown; < a lot; 1,2; 1,2000; 2026-11-20; 2026-Q4; 5.; $; 1.2.3; €5 $; 5 as agreed with all of them; €450.000";
    for text in none.split("; ") {
        assert_eq!(Amount::parse(text), None, "{text}");
    }
    assert_eq!(Amount::with_decimal_point("1,2 %").as_deref(), Some("1.2 %"));
    assert_eq!(Amount::with_decimal_point("1,200"), None);
}

#[test]
fn a_range_is_compared_with_what_lies_outside_of_it() {
    for (text, from, to, unit) in [
        ("4-9 minutes", 4.0, 9.0, "minute"),
        ("78 % – 86 %", 78.0, 86.0, "%"),
        ("$5k to $8k", 5000.0, 8000.0, "$"),
    ] {
        let amount = amount(text);
        assert_eq!((amount.value, amount.to, &*amount.unit), (from, Some(to), unit), "{text}");
    }
    let range = amount("78–86 %");
    let order = |text: &str| range.partial_cmp(&amount(text));
    assert_eq!((order("71 %"), order("90 %")), (Some(Ordering::Greater), Some(Ordering::Less)));
    assert_eq!((order("80 %"), order("80"), order("78%-86%")), (None, None, Some(Ordering::Equal)));
    assert_eq!((range.admits(&amount("80 %")), range.admits(&amount("90 %"))), (Some(true), Some(false)));
}

#[test]
fn bounds_admit_amounts_of_their_unit() {
    for (limit, other, admits) in [
        (">= 95%", "95%", Some(true)),
        ("At least 95 per cent", "94.9%", Some(false)),
        ("more than 3", "3", Some(false)),
        ("< 4", "3", Some(true)),
        ("4", "4.0", Some(true)),
        ("<= 1 s", "900 ms", Some(true)),
        ("<= 4 days", "4", None),
    ] {
        assert_eq!(amount(limit).admits(&amount(other)), admits, "{limit}, {other}");
    }
}

#[test]
fn only_amounts_of_one_unit_compare() {
    assert!(amount("$50k") < amount("$1.2M") && amount("800 ms") < amount("1.2 s"));
    for (one, other) in [("400 ms", "0.4 s"), ("2 weeks", "14 days"), ("1–2 weeks", "7–14 days")] {
        assert_eq!(amount(one), amount(other), "{one}");
    }
    for (one, other) in [("18%", "18"), ("1 month", "30 days"), ("5 business days", "5 days")] {
        assert_eq!(amount(one).partial_cmp(&amount(other)), None, "{one}");
    }
}

#[test]
fn only_iso_dates_are_parsed() {
    for text in ["2026-11-20", "2026-11-20T09:30:00+01:00", "2026-11-20 09:30"] {
        assert_eq!(parse_date(text), Some(DAY), "{text}");
    }
    for text in
        "20261120; 2026-11-2; 2026-02-29; 2026-11-20x; 20.11.2026; ２026-11-2; ; 2026-11-20T".split("; ")
    {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn a_date_with_two_meanings_is_none() {
    for text in
        "2026/11/20; 20.11.2026; Nov 20, 2026; 20th November 2026; 11/20/2026; 20 novembre 2026".split("; ")
    {
        assert_eq!(parse_any_date(text), Some(DAY), "{text}");
    }
    for text in "03/04/2026; November 2026; tomorrow; ; 20 November 2026, Berlin".split("; ") {
        assert_eq!(parse_any_date(text), None, "{text}");
    }
}

#[test]
fn a_day_that_its_month_lacks_is_said() {
    for text in ["2026-02-30", "30 February 2026", "30. Februar 2026", "30.02.2026"] {
        assert_eq!(missing_day(text).as_deref(), Some("February 2026 has 28 days"), "{text}");
    }
    assert_eq!(missing_day("2030-13-01").as_deref(), Some("there is no month 13"));
    assert_eq!(missing_day("28 February 2026"), None);
}

fn duration(text: &str) -> Duration {
    Duration::parse(text).unwrap_or_else(|| panic!("no duration: {text}"))
}

#[test]
fn lengths_and_cadences_are_parsed() {
    for (texts, shown) in [
        ("a quarter", "3 months"),
        ("half-yearly", "6 months"),
        ("Two weeks and 3 days", "2 weeks 3 days"),
        ("5 business days", "5 business days"),
        ("90d", "90 days"),
        ("1h30m", "1 hour 30 minutes"),
        ("1.5 hours", "90 minutes"),
        ("1.5 years; P18M", "18 months"),
        ("P1Y2DT4H", "1 year 2 days 4 hours"),
        ("PT30M", "30 minutes"),
        ("Fortnightly; every 2 weeks; p2w", "2 weeks"),
        ("once a month", "1 month"),
        ("0 days", "0 days"),
    ] {
        texts.split("; ").for_each(|text| assert_eq!(duration(text).to_string(), shown, "{text}"));
    }
    for text in "; 3; 6m; soon; pt; p3; 1 2; -1 day; 1.333 days; p1d1y; pt9s; 9999999 days".split("; ") {
        assert_eq!(Duration::parse(text), None, "{text}");
    }
}

#[test]
fn dates_are_moved_by_calendar_units() {
    let (friday, saturday) = (date(2026, 11, 20), date(2026, 11, 21));
    assert_eq!(duration("1 quarter").add_to(date(2026, 11, 30)), date(2027, 2, 28));
    assert_eq!(duration("1 month").sub_from(date(2026, 3, 31)), date(2026, 2, 28));
    assert_eq!(duration("1000000 years").add_to(friday), Date::MAX);
    assert_eq!(duration("1 business day").add_to(saturday), date(2026, 11, 23));
    assert_eq!(duration("7 business days").add_to(friday), date(2026, 12, 1));
    assert_eq!(duration("1 business day").sub_from(saturday), friday);
    assert_eq!(duration("1000000 business days").sub_from(date(-9990, 1, 1)), Date::MIN);
    assert_eq!((duration("8h").add_to(friday), duration("48h").add_to(friday)), (friday, date(2026, 11, 22)));
}

#[test]
fn a_difference_is_none_where_months_and_days_differ() {
    let rest = |a: &str, b: &str| duration(a).minus(duration(b)).map(|rest| rest.to_string());
    assert_eq!(rest("1 year", "1 month"), Some("11 months".into()));
    assert_eq!(rest("2 weeks", "3 days"), Some("11 days".into()));
    assert_eq!((rest("1 month", "3 days"), rest("1 day", "2 days")), (None, None));
    assert_eq!(duration("1000000 days").times(2), None);
}

#[test]
fn an_order_holds_from_every_date() {
    let lengths =
        ["1 month", "30 days", "1 quarter", "92 days", "6 business days", "8 days", "1 year", "366 days"];
    let pairs = lengths.iter().flat_map(|a| lengths.iter().map(|b| (duration(a), duration(b))));
    for (from, (a, b)) in (0..1500).step_by(7).flat_map(|days| {
        let from = date(2095, 1, 1).checked_add(i64::from(days).days()).expect("a value");
        pairs.clone().map(move |pair| (from, pair))
    }) {
        match a.order(b) {
            Some(Ordering::Less) => assert!(a.add_to(from) <= b.add_to(from), "{a} {b} {from}"),
            Some(Ordering::Equal) => assert_eq!(a.add_to(from), b.add_to(from), "{a} {b} {from}"),
            _ => {}
        }
    }
    assert_eq!(duration("30 days").order(duration("1 month")), None);
    assert_eq!(duration("27 days").order(duration("1 month")), Some(Ordering::Less));
}

#[test]
fn days_and_counts_are_cadences() {
    for (texts, shown) in [
        ("every Monday; on Mondays; weekly, Tuesday 10:00", "1 week"),
        ("every other Tuesday; every second week", "2 weeks"),
        ("1st Tuesday of each month; every last Friday; monthly (first Tuesday)", "1 month"),
        ("the last Friday of every quarter; per quarter", "3 months"),
        ("twice a week; Mondays and Thursdays", "3 days 12 hours"),
        ("3 times a year", "4 months"),
        ("1st and 3rd Tuesday of the month; twice monthly", "15 days"),
    ] {
        for text in texts.split("; ") {
            let parsed = Duration::parse(text).unwrap_or_else(|| panic!("no cadence: {text}"));
            assert_eq!(parsed.to_string(), shown, "{text}");
        }
    }
    for text in "monday; every; 0 times a week; weekly, unless Ada is away; first of all; on; , ".split("; ")
    {
        assert_eq!(Duration::parse(text), None, "{text}");
    }
}

fn days(text: &str, fiscal_year_start: u8) -> String {
    Period::parse(text, fiscal_year_start)
        .map_or("refused".to_owned(), |period| format!("{}..{}", period.start, period.end))
}

#[test]
fn periods_are_parsed() {
    for (texts, expected) in [
        (
            "2026-Q4; 2026 q4; Q4/2026; FY26-Q4; 2026-10-01..2026-12-31; October – December 2026",
            "2026-10-01..2026-12-31",
        ),
        ("H1 2026", "2026-01-01..2026-06-30"),
        ("FY2026", "2026-01-01..2026-12-31"),
        ("2026-02", "2026-02-01..2026-02-28"),
        ("Nov 2026", "2026-11-01..2026-11-30"),
        ("2026-11-20", "2026-11-20..2026-11-20"),
    ] {
        texts.split("; ").for_each(|text| assert_eq!(days(text, 1), expected, "{text}"));
    }
    let refused = "; 2026-Q5; 2026-13; 26-Q1; 202611; Q4; Dec-Oct 2026; by 2026-Q4; 2026-03-31..2026-01-01; 9999-12-31..; FY; é 2026";
    for text in refused.split("; ") {
        assert_eq!(days(text, 1), "refused", "{text}");
    }
}

#[test]
fn a_fiscal_year_is_named_after_the_year_it_ends_in() {
    assert_eq!(days("FY2026", 2), "2025-02-01..2026-01-31");
    assert_eq!(days("FY26-H2", 7), "2026-01-01..2026-06-30");
    assert_eq!(days("2026-11", 2), "2026-11-01..2026-11-30");
}
