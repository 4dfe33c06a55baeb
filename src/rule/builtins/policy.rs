//! Members of the files of a policy that a change modifies, and of the baseline.

use std::sync::Arc;

use crate::input::{EntryUsage, LostRecords, PolicyChange, PolicyChangeKind, PolicyFault};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalResult, Fact, FactIdentity, FactMember, FactType, MemberType, Value,
};

use super::args::policy_file;
use super::facts::USAGE;

pub(super) static CHANGED: FactType = FactType {
    is_searchable: false,
    name: "a change of the policy",
    members: &[
        FactMember(
            "part",
            MemberType::String,
            "`bar` (checks), `excuse` (suppressions) or `authority` (people and rights)",
            "",
        ),
        FactMember(
            "what",
            MemberType::String,
            "what changed: `configuration`, `rule`, `ignore`, or a kind of record",
            "",
        ),
        FactMember("name", MemberType::String, "its name", ""),
        FactMember("how", MemberType::String, "`was added`, `was changed` or `was removed`", ""),
        FactMember("gone", MemberType::Bool, "true if it was removed", ""),
    ],
    examples: &[
        r#"file.changes.exists(c, c.part == "authority" && c.what == "person" && c.name == "bo")"#,
        r#"file.changes.exists(c, c.how != "" && !c.gone)"#,
    ],
};

pub(super) static FAULT: FactType = FactType {
    is_searchable: false,
    name: "a fault of a policy",
    members: &[
        FactMember("message", MemberType::String, "what is wrong", ""),
        FactMember("help", MemberType::String, "what to do about it", "there is nothing specific to say"),
    ],
    examples: &[
        r#"file.faults[0].message.contains("unknown rule")"#,
        r#"file.faults[0].help.contains("/missing")"#,
    ],
};

pub(super) static LOST: FactType = FactType {
    is_searchable: false,
    name: "a loss of records",
    members: &[
        FactMember("records", MemberType::String, "their kinds and identifiers", ""),
        FactMember("count", MemberType::Int, "their number", ""),
        FactMember(
            "how",
            MemberType::String,
            "why they are not read although they are there",
            "they were deleted",
        ),
    ],
    examples: &[
        r#"file.lost.exists(l, l.records == "kpi `margin`" && l.count == 1 && !has(l.how))"#,
        r#"file.lost.exists(l, l.records == "kpi `score`" && l.how.startsWith("still in `vendor/"))"#,
    ],
};

pub(super) static ENTRY: FactType = FactType {
    is_searchable: false,
    name: "an entry of the baseline",
    members: &[
        FactMember("rule", MemberType::String, "the rule of its findings", ""),
        FactMember("record", MemberType::String, "the record of its findings", "they have none"),
        FactMember("group", MemberType::String, "the key of the group of its findings", "they have none"),
        FactMember("until", MemberType::Date, "the last date on which it applies", "it has none"),
        FactMember("found", MemberType::Int, "the number of findings that it suppresses", ""),
        FactMember(
            "suppressed",
            MemberType::Int,
            "the number of findings that it could suppress and that a comment or an exception suppresses",
            "",
        ),
        FactMember(
            "unused",
            MemberType::Int,
            "the number of findings that it could suppress and that are fixed",
            USAGE,
        ),
    ],
    examples: &[
        r#"file.entries[0].rule.endsWith("/no-trade-offs") && file.entries[0].record == "decision/D-1""#,
        r"!has(file.entries[0].until)",
        r"file.entries[0].found == 0 && file.entries[0].unused == 1 && file.entries[0].suppressed == 0",
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
    Value::Fact(Arc::new(Fact {
        members,
        path: None,
        span: entry.span,
        related: None,
        written: None,
        identity,
    }))
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
    Value::Fact(Arc::new(Fact {
        members,
        path: None,
        span: change.span,
        related: None,
        written: None,
        identity,
    }))
}

fn loss(loss: &LostRecords) -> Value<'_> {
    let mut members =
        vec![("records", Value::string(&*loss.names)), ("count", Value::Int(loss.count as i64))];
    members.extend(loss.hidden_by.as_deref().map(|how| ("how", Value::string(how))));
    let identity = FactIdentity::Members(&["records"]);
    Value::Fact(Arc::new(Fact {
        members,
        path: None,
        span: loss.span,
        related: None,
        written: None,
        identity,
    }))
}

fn fault(fault: &PolicyFault) -> Value<'_> {
    let mut members = vec![("message", Value::string(&*fault.message))];
    members.extend(fault.help.as_deref().map(|help| ("help", Value::string(help))));
    let identity = FactIdentity::Words;
    Value::Fact(Arc::new(Fact {
        members,
        path: None,
        span: fault.span,
        related: None,
        written: None,
        identity,
    }))
}
