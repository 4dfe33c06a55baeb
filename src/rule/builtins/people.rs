//! People behind fields, roles and teams.

use crate::catalog::Reference;
use crate::kind::WHO;
use crate::record::Record;
use crate::rule::runtime::{Context, ELEMENT_COST, EvalError, EvalResult, Value};

use super::history;

pub(super) fn named_in<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let record = args[0].record()?;
    let field = args[1].text()?;
    let before = args.get(2).map(|change| order(cx, change)).transpose()?;
    list(cx, cx.input.people(record, field, before).ok_or(EvalError::Indeterminate)?)
}

pub(super) fn members_of<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let before = args.get(1).map(|change| order(cx, change)).transpose()?;
    list(cx, cx.input.people_of(args[0].record()?, before).ok_or(EvalError::Indeterminate)?)
}

pub(super) fn superiors<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    list(cx, cx.input.superiors(args[0].record()?))
}

/// The names of people, roles and teams for a reader.
pub(super) fn names<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let value = match &args[0] {
        Value::Optional(Some(value)) => value,
        value => value,
    };
    if !value.is_list() {
        return Ok(Value::string(name(cx, value)?));
    }
    let names = value.elements(cx.catalog).map(|one| name(cx, &one));
    Ok(Value::string(names.collect::<Result<Vec<_>, _>>()?.join(", ")))
}

fn name<'a>(cx: &Context<'a>, value: &Value<'a>) -> Result<String, EvalError> {
    cx.step(ELEMENT_COST)?;
    match value {
        Value::Record(record) => {
            cx.note_named(record.number);
            Ok(cx.input.full_name(record))
        }
        value => cx.show(value),
    }
}

fn list<'a>(cx: &Context<'a>, people: Vec<&'a Record>) -> EvalResult<'a> {
    cx.step(people.len() + ELEMENT_COST)?;
    Ok(people.into())
}

/// The position of a change among all changes; not known of a change that a shallow clone hides.
fn order<'a>(cx: &Context<'a>, change: &Value<'a>) -> Result<i64, EvalError> {
    let Value::Change(change) = change else { return Err(EvalError::Indeterminate) };
    match history::member(cx, change, "order")? {
        Value::Int(order) if order > 0 => Ok(order),
        _ => Err(EvalError::Indeterminate),
    }
}

/// The kinds that can be accountable for a record.
pub(crate) const ACCOUNTABLE_KINDS: [&str; 3] = WHO;

/// The references in the first accountable field that has any.
pub(super) fn accountable<'a>(cx: &Context<'a>, record: &'a Record) -> Result<Vec<Reference<'a>>, EvalError> {
    let fields = record.accountable();
    if !cx.is_view && !fields.is_empty() && fields.iter().all(|field| record.format_lacks(field)) {
        return Err(EvalError::Indeterminate);
    }
    let found = cx.catalog.owner_references(record);
    // The value may name a person, and another finding reports that it is unreadable.
    let is_unreadable = |field: &str| {
        record.format.is_none()
            && record.field(field).is_some_and(|it| !it.is_empty() && it.as_mapping().is_some())
    };
    match found.is_empty() && !cx.is_view && fields.iter().any(|field| is_unreadable(field)) {
        true => Err(EvalError::Unreadable),
        false => Ok(found),
    }
}

/// The holder of a role; any other owner itself.
pub(super) fn holder<'a>(cx: &Context<'a>, owner: Value<'a>) -> Value<'a> {
    let Value::Record(role) = owner else { return owner };
    let holder = cx.catalog.references(role).find(|reference| reference.field() == "holder");
    match holder {
        Some(holder) if &*role.kind.name == "role" => cx.resolve(holder),
        _ => owner,
    }
}
