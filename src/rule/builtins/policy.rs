//! Members of the files of a policy that a change modifies, and of the baseline.

use crate::input::{EntryUsage, LostRecords, PolicyChange, PolicyChangeKind, PolicyFault};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalResult, Fact, FactIdentity, FactType, MemberType, Value,
};

use super::args::policy_file;

pub(super) static CHANGED: FactType = FactType {
    is_searchable: false,
    name: "a change of the policy",
    members: &[
        ("part", MemberType::String),
        ("what", MemberType::String),
        ("name", MemberType::String),
        ("how", MemberType::String),
        ("gone", MemberType::Bool),
    ],
};

pub(super) static FAULT: FactType = FactType {
    is_searchable: false,
    name: "a fault of a policy",
    members: &[("message", MemberType::String), ("help", MemberType::String)],
};

pub(super) static LOST: FactType = FactType {
    is_searchable: false,
    name: "a loss of records",
    members: &[("records", MemberType::String), ("count", MemberType::Int), ("how", MemberType::String)],
};

pub(super) static ENTRY: FactType = FactType {
    is_searchable: false,
    name: "an entry of the baseline",
    members: &[
        ("rule", MemberType::String),
        ("record", MemberType::String),
        ("group", MemberType::String),
        ("until", MemberType::Date),
        ("found", MemberType::Int),
        ("suppressed", MemberType::Int),
        ("unused", MemberType::Int),
    ],
};

pub(super) fn changes<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let changes = &policy_file(value)?.changes;
    cx.step(changes.len() * ELEMENT_COST)?;
    Ok(Value::list(changes.iter().map(change).collect()))
}

pub(super) fn lost<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let lost = &policy_file(value)?.lost;
    cx.step(lost.len() * ELEMENT_COST)?;
    Ok(Value::list(lost.iter().map(loss).collect()))
}

pub(super) fn faults<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let faults = &policy_file(value)?.faults;
    cx.step(faults.len() * ELEMENT_COST)?;
    Ok(Value::list(faults.iter().map(fault).collect()))
}

pub(super) fn entries<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let entries = &policy_file(value)?.entries;
    cx.step(entries.len() * ELEMENT_COST)?;
    Ok(Value::list(entries.iter().map(entry).collect()))
}

fn entry(entry: &EntryUsage) -> Value<'_> {
    let mut members = vec![
        ("fingerprint", Value::string(entry.fingerprint.to_string())),
        ("rule", Value::string(&*entry.rule)),
        ("found", Value::Int(entry.found as i64)),
        ("suppressed", Value::Int(entry.suppressed as i64)),
    ];
    members.extend(entry.record.as_deref().map(|record| ("record", Value::string(record))));
    members.extend(entry.group.as_deref().map(|key| ("group", Value::string(key))));
    members.extend(entry.until.map(|day| ("until", Value::Date(day))));
    members.extend(entry.unused.map(|unused| ("unused", Value::Int(unused as i64))));
    let identity = FactIdentity::Members(&["fingerprint"]);
    Fact::new(members, entry.span, identity).into()
}

fn change(change: &PolicyChange) -> Value<'_> {
    let members = vec![
        ("now", Value::string(&*change.digest)),
        ("part", Value::string(change.part.name())),
        ("what", Value::string(&*change.item)),
        ("name", Value::string(&*change.name)),
        ("how", Value::string(change.kind.words())),
        ("gone", Value::Bool(change.kind == PolicyChangeKind::Removed)),
        ("field", Value::string(format!("{}/{}", change.item, change.name))),
    ];
    let identity = FactIdentity::Members(&["now", "part"]);
    Fact::new(members, change.span, identity).into()
}

fn loss(loss: &LostRecords) -> Value<'_> {
    let mut members =
        vec![("records", Value::string(&*loss.names)), ("count", Value::Int(loss.count as i64))];
    members.extend(loss.hidden_by.as_deref().map(|how| ("how", Value::string(how))));
    let identity = FactIdentity::Members(&["records"]);
    Fact::new(members, loss.span, identity).into()
}

fn fault(fault: &PolicyFault) -> Value<'_> {
    let mut members = vec![("message", Value::string(&*fault.message))];
    members.extend(fault.help.as_deref().map(|help| ("help", Value::string(help))));
    let identity = FactIdentity::Words;
    Fact::new(members, fault.span, identity).into()
}
