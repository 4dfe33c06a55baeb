use std::cmp::Ordering;
use std::sync::Arc;

use crate::calendar::{Amount, Bound, Duration};
use crate::rule::builtins::args::{bool_type, double_type, int_type, string_type};
use crate::rule::runtime::{EvalError, Function, FunctionParam, Type, Value, function};

pub(super) const FUNCTIONS: &[Function] = &[
    function("string", &[FunctionParam::Any], string_type, |cx, args| Ok(Value::string(cx.show(&args[0])?))),
    function("int", &[FunctionParam::Any], int_type, |_, args| match &args[0] {
        Value::Int(number) => Ok(Value::Int(*number)),
        Value::Double(number) => truncate(*number).map(Value::Int).ok_or(EvalError::Indeterminate),
        value => {
            let parsed = value.as_text().and_then(|text| text.trim().parse().ok());
            parsed.map(Value::Int).ok_or(EvalError::Indeterminate)
        }
    }),
    function("double", &[FunctionParam::Any], double_type, |_, args| {
        let parsed = || args[0].as_text().and_then(|text| text.trim().parse().ok());
        let parsed = || parsed().filter(|number: &f64| number.is_finite());
        args[0].as_number().or_else(parsed).map(Value::Double).ok_or(EvalError::Indeterminate)
    }),
    function(
        "amount",
        &[FunctionParam::String],
        |_| Type::Amount,
        |_, args| {
            let amount = args[0].as_text().and_then(Amount::parse);
            amount.map(|amount| Value::Amount(Arc::new(amount))).ok_or(EvalError::Absent)
        },
    ),
    function("same_amount", &[FunctionParam::String, FunctionParam::String], bool_type, |_, args| {
        same_amount(&args[0], &args[1]).map(Value::Bool).ok_or(EvalError::Indeterminate)
    }),
];

fn same_amount(a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    let (a, b) = (a.as_text()?.trim(), b.as_text()?.trim());
    let amounts = Amount::parse(a).zip(Amount::parse(b));
    // `≤ 4%` and `below 4%` say of `4%` on which side is well.
    let is_same_side = |(a, b): (Bound, Bound)| a.is_upper() == b.is_upper();
    let are_equal = amounts.is_some_and(|(a, b)| a == b && a.bound.zip(b.bound).is_none_or(is_same_side));
    let durations = || Duration::parse(a).zip(Duration::parse(b));
    // A month is as long as 30 days, or 31.
    let take_equally_long =
        || durations().is_some_and(|(a, b)| a.order(b).is_none_or(|order| order == Ordering::Equal));
    Some(a == b || are_equal || take_equally_long())
}

fn truncate(number: f64) -> Option<i64> {
    let limit = i64::MAX as f64;
    (number > -limit && number < limit).then_some(number as i64)
}
