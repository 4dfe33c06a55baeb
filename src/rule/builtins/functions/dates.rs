use std::sync::Arc;

use crate::calendar::{self, Duration, Period};
use crate::rule::builtins::args::{bool_type, date, double_type, int_type, string, string_type};
use crate::rule::runtime::{EvalError, Function, FunctionParam, Type, Value, function, method};

pub(super) const FUNCTIONS: &[Function] = &[
    function("age", &[FunctionParam::Date], |_| Type::Age, |_, args| Ok(Value::Age(date(&args[0])?))),
    function("ago", &[FunctionParam::Date], string_type, |cx, args| {
        Ok(Value::string(calendar::relative_date(date(&args[0])?, cx.today)))
    }),
    function("weekday", &[FunctionParam::Date], string_type, |_, args| {
        Ok(Value::string(date(&args[0])?.strftime("%A").to_string()))
    }),
    function(
        "date",
        &[FunctionParam::DateString],
        |_| Type::Date,
        |_, args| calendar::parse_date(string(&args[0])?).map(Value::Date).ok_or(EvalError::Indeterminate),
    ),
    function("is_date", &[FunctionParam::String], bool_type, |_, args| {
        Ok(Value::Bool(calendar::parse_date(string(&args[0])?).is_some()))
    }),
    function(
        "duration",
        &[FunctionParam::DurationString],
        |_| Type::Duration,
        |_, args| Duration::parse(string(&args[0])?).map(Value::Duration).ok_or(EvalError::Indeterminate),
    ),
    function("hours", &[FunctionParam::Duration], double_type, |_, args| match &args[0] {
        Value::Duration(duration) => Ok(Value::Double(duration.working_hours())),
        _ => Err(EvalError::Indeterminate),
    }),
    function("days", &[FunctionParam::Duration], double_type, |_, args| match &args[0] {
        Value::Duration(duration) => Ok(Value::Double(duration.approximate_days())),
        _ => Err(EvalError::Indeterminate),
    }),
    function("days_between", &[FunctionParam::Date, FunctionParam::Date], int_type, |_, args| {
        Ok(Value::Int(date(&args[1])?.duration_since(date(&args[0])?).as_hours() / 24))
    }),
    function(
        "period",
        &[FunctionParam::PeriodString],
        |_| Type::Period,
        |cx, args| cx.period(string(&args[0])?).ok_or(EvalError::Indeterminate),
    ),
    function(
        "week",
        &[FunctionParam::Date],
        |_| Type::Period,
        |_, args| {
            let week = Period::week_of(date(&args[0])?).ok_or(EvalError::Indeterminate)?;
            Ok(Value::Period(Arc::new(week)))
        },
    ),
    method("overlaps", &[FunctionParam::Period, FunctionParam::Period], bool_type, |_, args| {
        match (&args[0], &args[1]) {
            (Value::Period(a), Value::Period(b)) => Ok(Value::Bool(a.overlaps(b))),
            _ => Err(EvalError::Indeterminate),
        }
    }),
    method("contains", &[FunctionParam::Period, FunctionParam::Date], bool_type, |_, args| {
        match (&args[0], &args[1]) {
            (Value::Period(period), Value::Date(date)) => Ok(Value::Bool(period.contains(*date))),
            _ => Err(EvalError::Indeterminate),
        }
    }),
];
