//! Files as objects: those of a policy, those that cite records, and those that should be records and are not read.

use crate::catalog::{Catalog, CitingFile};
use crate::input::{EntryUsage, LostRecords, PolicyChange, PolicyFile, UnreadFile};
use crate::rule::runtime::{Fact, FactIdentity, FactType, MemberType, Value};
use crate::text::Span;

use super::facts::{PROBLEM, problem};

pub static POLICY_FILE: FactType = FactType::new(
    "a policy file",
    &[
        (MemberType::String, &["path"]),
        (MemberType::Facts(&CHANGED), &["changes"]),
        (MemberType::Facts(&PROBLEM), &["problems"]),
        (MemberType::Facts(&LOST), &["records"]),
        (MemberType::Facts(&ENTRY), &["ignores"]),
    ],
);

static CHANGED: FactType =
    FactType::new("a change of the policy", &[(MemberType::String, &["part", "kind", "name", "status"])]);

static LOST: FactType = FactType::new("a loss of records", &[(MemberType::String, &["name", "reason"])]);

static ENTRY: FactType = FactType::new(
    "an entry of the baseline",
    &[
        (MemberType::String, &["rule", "record"]),
        (MemberType::Date, &["until"]),
        (MemberType::Bool, &["used"]),
        (MemberType::Int, &["unused"]),
    ],
);

pub static CITING_FILE: FactType = FactType::new(
    "a citing file",
    &[(MemberType::String, &["path"]), (MemberType::Facts(&CITATION), &["references"])],
);

static CITATION: FactType = FactType::new(
    "a citation",
    &[(MemberType::String, &["text", "line"]), (MemberType::Record, &["target"])],
);

pub static UNREAD_FILE: FactType =
    FactType::new("an unread file", &[(MemberType::String, &["path", "message", "help"])]);

fn file<'a>(mut members: Vec<(&'static str, Value<'a>)>, path: &'a str, span: Span) -> Value<'a> {
    members.insert(0, ("path", Value::string(path)));
    Fact::new(members, span, FactIdentity::Members(&["path"])).into()
}

pub(crate) fn of_policy(it: &PolicyFile) -> Value<'_> {
    let problems =
        it.faults.iter().map(|it| problem(&*it.message, "error", it.help.as_deref(), it.span).into());
    let members = vec![
        ("changes", Value::list(it.changes.iter().map(change).collect())),
        ("problems", Value::list(problems.collect())),
        ("records", Value::list(it.lost.iter().map(loss).collect())),
        ("ignores", Value::list(it.entries.iter().map(entry).collect())),
    ];
    file(members, it.source.path(), Span::at(0))
}

fn loss(it: &LostRecords) -> Value<'_> {
    let mut members = vec![("name", Value::string(&*it.names))];
    members.extend(it.hidden_by.as_deref().map(|reason| ("reason", Value::string(reason))));
    Fact::new(members, it.span, FactIdentity::Members(&["name"])).into()
}

fn entry(it: &EntryUsage) -> Value<'_> {
    let mut members = vec![
        ("fingerprint", Value::string(it.fingerprint.to_string())),
        ("rule", Value::string(&*it.rule)),
        ("used", Value::Bool(it.found > 0)),
        ("unused", Value::Int((it.suppressed + it.unused.unwrap_or_default()) as i64)),
    ];
    let record = it.record.as_deref().or(it.group.as_deref());
    members.extend(record.map(|record| ("record", Value::string(record))));
    members.extend(it.until.map(|day| ("until", Value::Date(day))));
    Fact::new(members, it.span, FactIdentity::Members(&["fingerprint"])).into()
}

fn change(it: &PolicyChange) -> Value<'_> {
    let members = vec![
        ("now", Value::string(&*it.digest)),
        ("part", Value::string(it.part.name())),
        ("kind", Value::string(if &*it.item == "ignore" { "ignore comment" } else { &it.item })),
        ("name", Value::string(&*it.name)),
        ("status", Value::string(it.kind.name())),
        ("field", Value::string(format!("{}/{}", it.item, it.name))),
    ];
    Fact::new(members, it.span, FactIdentity::Members(&["now", "part"])).into()
}

pub(crate) fn of_citing<'a>(catalog: &'a Catalog, it: &'a CitingFile) -> Value<'a> {
    let source = it.source();
    let in_comments = it.citations.iter().filter(|citation| citation.in_comment);
    let facts = in_comments.map(|citation| {
        let mut members = vec![
            ("text", Value::string(source.slice(citation.span))),
            ("line", Value::string(source.slice(source.line_span(citation.span.start as usize)).trim())),
        ];
        members.extend(citation.target.map(|number| ("target", Value::Record(catalog.record(number)))));
        Fact::new(members, citation.span, FactIdentity::Members(&["text"])).into()
    });
    file(vec![("references", Value::list(facts.collect()))], it.path(), Span::at(0))
}

pub(crate) fn of_unread(it: &UnreadFile) -> Value<'_> {
    let mut members = vec![("message", Value::string(it.message()))];
    members.extend(it.refusal.help.as_deref().map(|help| ("help", Value::string(help))));
    file(members, it.source.path(), it.span)
}
