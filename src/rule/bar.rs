//! What rules know of the files in which a change differs from the policy that it is held to.

use std::sync::Arc;

use crate::input::{EntryUsage, PolicyChange, PolicyChangeKind, PolicyFault, PolicyFile};
use crate::record::Record;

use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::types::{FactMember, FactType};
use super::value::{ELEMENT, Fact, Value};

pub static CHANGED: FactType = FactType {
    name: "a change of what is judged by",
    members: &[
        ("now", FactMember::Text),
        ("part", FactMember::Text),
        ("what", FactMember::Text),
        ("name", FactMember::Text),
        ("how", FactMember::Text),
        ("gone", FactMember::Bool),
    ],
};

pub static FAULT: FactType = FactType {
    name: "a fault of a policy",
    members: &[("message", FactMember::Text), ("help", FactMember::Text)],
};

pub static ENTRY: FactType = FactType {
    name: "an entry of the baseline",
    members: &[
        ("fingerprint", FactMember::Text),
        ("rule", FactMember::Text),
        ("record", FactMember::Text),
        ("until", FactMember::Date),
        ("found", FactMember::Int),
        ("unused", FactMember::Int),
    ],
};

fn file<'a>(value: &Value<'a>) -> Result<&'a PolicyFile, EvalError> {
    if let Value::PolicyFile(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub(super) fn path<'a>(_: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    Ok(Value::text(&**file(value)?.source.path()))
}

pub(super) fn changes<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let changes = &file(value)?.changes;
    eval.step(changes.len() * ELEMENT)?;
    Ok(Value::list(changes.iter().map(change).collect()))
}

pub(super) fn faults<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let faults = &file(value)?.faults;
    eval.step(faults.len() * ELEMENT)?;
    Ok(Value::list(faults.iter().map(fault).collect()))
}

pub(super) fn entries<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let entries = &file(value)?.entries;
    eval.step(entries.len() * ELEMENT)?;
    Ok(Value::list(entries.iter().map(entry).collect()))
}

/// Whether an exception covers a finding; absent of what is none, before triage, and where nobody can tell.
pub(super) fn still_excuses<'a>(eval: &Evaluator<'a>, record: &'a Record) -> EvalResult<'a> {
    eval.input.is_exception_used(record.number).map(Value::Bool).ok_or(EvalError::Absent)
}

fn entry(entry: &EntryUsage) -> Value<'_> {
    let mut members = vec![
        ("fingerprint", Value::text(entry.fingerprint.to_string())),
        ("rule", Value::text(&*entry.rule)),
        ("found", Value::Int(entry.found as i64)),
    ];
    members.extend(entry.record.as_deref().map(|record| ("record", Value::text(record))));
    members.extend(entry.until.map(|day| ("until", Value::Date(day))));
    members.extend(entry.unused.map(|unused| ("unused", Value::Int(unused as i64))));
    Value::Fact(Arc::new(Fact { members, span: entry.span, related: None }))
}

fn change(change: &PolicyChange) -> Value<'_> {
    let members = vec![
        // What it is now is what the finding is known by.
        ("now", Value::text(&*change.digest)),
        ("part", Value::text(change.part.name())),
        ("what", Value::text(&*change.item)),
        ("name", Value::text(&*change.name)),
        ("how", Value::text(change.kind.words())),
        ("gone", Value::Bool(change.kind == PolicyChangeKind::Removed)),
        ("field", Value::text(format!("{}/{}", change.item, change.name))),
    ];
    Value::Fact(Arc::new(Fact { members, span: change.span, related: None }))
}

fn fault(fault: &PolicyFault) -> Value<'_> {
    let mut members = vec![("message", Value::text(&*fault.message))];
    members.extend(fault.help.as_deref().map(|help| ("help", Value::text(help))));
    Value::Fact(Arc::new(Fact { members, span: fault.span, related: None }))
}
