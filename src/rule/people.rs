//! Whom a record names, as people: what a decision asks of those who may take it.

use crate::record::Record;

use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::functions::{record, text};
use super::past;
use super::value::{ELEMENT, Value};

/// The people whom a field names; with a change, as it stood just before that.
pub(super) fn named<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let record = record(&args[0])?;
    let field = text(&args[1])?;
    let before = args.get(2).map(|change| order(eval, change)).transpose()?;
    list(eval, eval.input.people(record, field, before).ok_or(EvalError::Indeterminate)?)
}

/// The people for whom a person, role or team stands; with a change, as it was just before that.
pub(super) fn behind<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let before = args.get(1).map(|change| order(eval, change)).transpose()?;
    list(eval, eval.input.people_of(record(&args[0])?, before).ok_or(EvalError::Indeterminate)?)
}

/// The people above a person, role or team, nearest first.
pub(super) fn superiors<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    list(eval, eval.input.superiors(record(&args[0])?))
}

fn list<'a>(eval: &Evaluator<'a>, people: Vec<&'a Record>) -> EvalResult<'a> {
    eval.step(people.len() + ELEMENT)?;
    Ok(people.into())
}

/// The place of a change among all others; of one at or before the end of a shallow clone nobody knows it.
fn order(eval: &Evaluator<'_>, change: &Value<'_>) -> Result<i64, EvalError> {
    let Value::Change(change) = change else { return Err(EvalError::Indeterminate) };
    match past::member(eval, change, "order")? {
        Value::Int(order) if order > 0 => Ok(order),
        _ => Err(EvalError::Indeterminate),
    }
}
