use std::sync::Arc;

use crate::calendar::{self, Duration, Period};
use crate::rule::builtins::args::{bool_type, date, double_type, int_type, string, string_type};
use crate::rule::runtime::{EvalError, Function, FunctionParam, Type, Value, doc, function, method};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "age",
        &[FunctionParam::Date],
        |_| Type::Age,
        |_, args| Ok(Value::Age(date(&args[0])?)),
        doc(
            "the time since a date, which compares with durations",
            r#"age(record.date) > duration("2 months")"#,
        ),
    ),
    function(
        "ago",
        &[FunctionParam::Date],
        string_type,
        |cx, args| Ok(Value::string(calendar::relative_date(date(&args[0])?, cx.today))),
        doc("the time since a date, in words", r#"ago(date("2026-08-20")) == "3 months ago""#),
    ),
    function(
        "weekday",
        &[FunctionParam::Date],
        string_type,
        |_, args| Ok(Value::string(date(&args[0])?.strftime("%A").to_string())),
        doc("the day of the week of a date", r#"weekday(date("2026-11-20")) == "Friday""#),
    ),
    function(
        "date",
        &[FunctionParam::DateString],
        |_| Type::Date,
        |_, args| calendar::parse_date(string(&args[0])?).map(Value::Date).ok_or(EvalError::Indeterminate),
        doc("the date in a string", r#"date("2026-11-20") == today"#)
            .not_judged("indeterminate if the string is not a date"),
    ),
    function(
        "is_date",
        &[FunctionParam::String],
        bool_type,
        |_, args| Ok(Value::Bool(calendar::parse_date(string(&args[0])?).is_some())),
        doc("true if a string is a date", r#"is_date("2024-02-29") && !is_date("2026-02-29")"#),
    ),
    function(
        "duration",
        &[FunctionParam::DurationString],
        |_| Type::Duration,
        |_, args| Duration::parse(string(&args[0])?).map(Value::Duration).ok_or(EvalError::Indeterminate),
        doc("the duration in a string", r#"date("2026-01-31") + duration("1 month") == date("2026-02-28")"#)
            .not_judged("indeterminate if the string is not a duration"),
    ),
    function(
        "hours",
        &[FunctionParam::Duration],
        double_type,
        |_, args| match &args[0] {
            Value::Duration(duration) => Ok(Value::Double(duration.working_hours())),
            _ => Err(EvalError::Indeterminate),
        },
        doc("the working hours of a duration, eight for each day", r#"hours(duration("2 days")) == 16"#),
    ),
    function(
        "days",
        &[FunctionParam::Duration],
        double_type,
        |_, args| match &args[0] {
            Value::Duration(duration) => Ok(Value::Double(duration.approximate_days())),
            _ => Err(EvalError::Indeterminate),
        },
        doc("the mean length of a duration in days", r#"days(duration("2 weeks")) == 14"#),
    ),
    function(
        "days_between",
        &[FunctionParam::Date, FunctionParam::Date],
        int_type,
        |_, args| Ok(Value::Int(date(&args[1])?.duration_since(date(&args[0])?).as_hours() / 24)),
        doc(
            "the days from a date to a later one; negative if it is earlier",
            r#"days_between(date("2026-10-01"), date("2026-11-20")) == 50"#,
        ),
    ),
    function(
        "period",
        &[FunctionParam::PeriodString],
        |_| Type::Period,
        |cx, args| cx.period(string(&args[0])?).ok_or(EvalError::Indeterminate),
        doc("the period in a string", r#"period("2026-Q4") == period("2026-10-01..2026-12-31")"#)
            .not_judged("indeterminate if the string is not a period"),
    ),
    function(
        "week",
        &[FunctionParam::Date],
        |_| Type::Period,
        |_, args| {
            let week = Period::week_of(date(&args[0])?).ok_or(EvalError::Indeterminate)?;
            Ok(Value::Period(Arc::new(week)))
        },
        doc(
            "the week of a date, from Monday to Sunday",
            r#"week(date("2026-11-20")).end == date("2026-11-22")"#,
        ),
    ),
    function(
        "spans",
        &[FunctionParam::String, FunctionParam::Date],
        |_| Type::list(Type::Period),
        |_, args| {
            let spans = calendar::spans(string(&args[0])?, date(&args[1])?);
            Ok(Value::list(spans.into_iter().map(|span| Value::Period(Arc::new(span))).collect()))
        },
        doc(
            "the days, months and spans of days that a sentence names, such as `from 14 December to 4 January`; those without a year are the next ones, seen from a date",
            r#"spans("No releases from 14 December to 4 January", today) == [period("2026-12-14..2027-01-04")] && spans("Decided on 1 December", today).map(s, s.start) == [date("2026-12-01")]"#,
        ),
    ),
    method(
        "overlaps",
        &[FunctionParam::Period, FunctionParam::Period],
        bool_type,
        |_, args| match (&args[0], &args[1]) {
            (Value::Period(a), Value::Period(b)) => Ok(Value::Bool(a.overlaps(b))),
            _ => Err(EvalError::Indeterminate),
        },
        doc("true if two periods have a date in common", r#"period("2026-Q4").overlaps(period("2026-11"))"#),
    ),
    method(
        "contains",
        &[FunctionParam::Period, FunctionParam::Date],
        bool_type,
        |_, args| match (&args[0], &args[1]) {
            (Value::Period(period), Value::Date(date)) => Ok(Value::Bool(period.contains(*date))),
            _ => Err(EvalError::Indeterminate),
        },
        doc("true if a date is in a period", r#"period("2026-Q4").contains(today)"#),
    ),
];
