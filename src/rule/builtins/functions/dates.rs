use std::cmp::Ordering;
use std::sync::Arc;

use crate::calendar::{self, Amount, Bound, Duration};
use crate::rule::builtins::args::{bool_type, double_type, int_type, string_type};
use crate::rule::runtime::{EvalError, Function, Param, Type, Value, function, method};

pub(super) const FUNCTIONS: &[Function] = &[
    function("age", &[Param::Date], |_| Type::Age, |_, args| Ok(Value::Age(args[0].date()?))),
    function("weekday", &[Param::Date], string_type, |_, args| {
        Ok(Value::string(args[0].date()?.strftime("%A").to_string()))
    }),
    function(
        "date",
        &[Param::DateString],
        |_| Type::Date,
        |_, args| calendar::parse_date(args[0].text()?).map(Value::Date).ok_or(EvalError::Indeterminate),
    ),
    function(
        "duration",
        &[Param::DurationString],
        |_| Type::Duration,
        |_, args| Duration::parse(args[0].text()?).map(Value::Duration).ok_or(EvalError::Indeterminate),
    ),
    function("days", &[Param::Duration], double_type, |_, args| match &args[0] {
        Value::Duration(duration) => Ok(Value::Double(duration.approximate_days())),
        _ => Err(EvalError::Indeterminate),
    }),
    method("contains", &[Param::Period, Param::Date], bool_type, |_, args| {
        Ok(Value::Bool(args[0].period()?.contains(args[1].date()?)))
    }),
    function(
        "amount",
        &[Param::String],
        |_| Type::Amount,
        |_, args| {
            let amount = Amount::parse(args[0].text()?);
            amount.map(|amount| Value::Amount(Arc::new(amount))).ok_or(EvalError::Absent)
        },
    ),
    function("int", &[Param::Any], int_type, |_, args| match &args[0] {
        Value::Int(number) => Ok(Value::Int(*number)),
        Value::Double(number) => truncate(*number).map(Value::Int).ok_or(EvalError::Indeterminate),
        value => {
            let parsed = value.as_text().and_then(|text| text.trim().parse().ok());
            parsed.map(Value::Int).ok_or(EvalError::Indeterminate)
        }
    }),
];

fn truncate(number: f64) -> Option<i64> {
    let limit = i64::MAX as f64;
    (number > -limit && number < limit).then_some(number as i64)
}

/// Returns true if two texts are one amount or one duration, however it is written.
pub(super) fn is_same_amount(a: &str, b: &str) -> bool {
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    if !has_digit(a) || !has_digit(b) {
        return false;
    }
    let amounts = Amount::parse(a.trim()).zip(Amount::parse(b.trim()));
    // `≤ 4%` and `below 4%` say of `4%` on which side is well.
    let is_same_side = |(a, b): (Bound, Bound)| a.is_upper() == b.is_upper();
    let are_equal = amounts.is_some_and(|(a, b)| a == b && a.bound.zip(b.bound).is_none_or(is_same_side));
    let durations = || Duration::parse(a.trim()).zip(Duration::parse(b.trim()));
    // A month is as long as 30 days, or 31.
    are_equal || durations().is_some_and(|(a, b)| a.order(b).is_none_or(|order| order == Ordering::Equal))
}
