//! Members that are computed rather than read from the file: `record.live`, `file.links`, `period.end`. One table serves
//! the load-time check, the evaluation and the reference page.

use std::sync::LazyLock;

use ahash::HashMap;

use crate::calendar::Bound;
use crate::catalog::{IndexReach, Target, is_index_path};
use crate::rule::runtime::{
    Context, Dependency, ELEMENT_COST, EvalError, EvalResult, Member, ReceiverType, Type, Unresolved, Value,
    member,
};

use super::args::{citing_file, file, owner as record, policy_file, unread_file};
use super::people::{accountable, accountable_type, holder};
use super::{citations, facts, fields, graph, history, index_page, keys, labels, pages, policy};

/// The member `name` of a value of type `of`, and its type.
pub(crate) fn find(of: &Type, name: &str) -> Option<(&'static Member, Type)> {
    let member = lookup(ReceiverType::of_type(of)?, name)?;
    Some((member, (member.ty)(of)))
}

/// The member `name` of a value whose type is known only at run time.
pub(crate) fn find_dynamic(value: &Value, name: &str) -> Option<&'static Member> {
    lookup(ReceiverType::of_value(value)?, name)
}

/// Returns true if a member reads who is accountable for a record.
pub(crate) fn is_accountable(member: &Member) -> bool {
    member.owner == ReceiverType::Record && matches!(member.name, "owner" | "owners")
}

fn lookup(owner: ReceiverType, name: &str) -> Option<&'static Member> {
    static BY_NAME: LazyLock<HashMap<(ReceiverType, &str), &Member>> =
        LazyLock::new(|| MEMBERS.iter().map(|member| ((member.owner, member.name), member)).collect());
    BY_NAME.get(&(owner, name)).copied()
}

pub(crate) fn names(of: &Type) -> impl Iterator<Item = &'static str> {
    let owner = ReceiverType::of_type(of);
    MEMBERS.iter().filter(move |member| Some(member.owner) == owner).map(|member| member.name)
}

/// The member `name` (kebab-case) of a record, item, fact or change.
pub(crate) fn select<'a>(cx: &Context<'a>, operand: &Value<'a>, name: &str) -> EvalResult<'a> {
    match operand {
        Value::Record(record) => fields::field(cx, record, name),
        Value::Item(item) if name == "record" => Ok(Value::Record(item.record)),
        Value::Item(item) => fields::shaped_field(cx, item.record, item.node, item.shape, name),
        Value::Reference(reference) => facts::reference_member(cx, reference, name),
        Value::Fact(fact) => {
            let member = fact.members.iter().find(|(member, _)| *member == name);
            member.map(|(_, value)| value.clone()).ok_or(EvalError::Absent)
        }
        Value::Change(change) => history::member(cx, change, name),
        Value::Null => Err(EvalError::Absent),
        Value::Unresolved(unresolved) => Err(unresolved.error()),
        _ => Err(EvalError::Indeterminate),
    }
}

/// All members, in the order of the reference page.
pub(crate) static MEMBERS: &[Member] = &[
    member(ReceiverType::Record, "id", |_| Type::String, |_, value| Ok(Value::string(&*record(value)?.id)))
        .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "title",
        |_| Type::String,
        |_, value| record(value)?.stated_title().map(Value::string).ok_or(EvalError::Absent),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "kind",
        |_| Type::String,
        |_, value| Ok(Value::string(&*record(value)?.kind.name)),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "path",
        |_| Type::String,
        |cx, value| Ok(Value::string(&**cx.catalog.file_of(record(value)?).path())),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "profile",
        |_| Type::String,
        |_, value| Ok(Value::string(record(value)?.format_name())),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "file_id",
        |_| Type::String,
        |_, value| record(value)?.file_id.as_deref().map(Value::string).ok_or(EvalError::Absent),
    )
    .depends_on(Dependency::Identity),
    member(ReceiverType::Record, "live", |_| Type::Bool, |cx, value| fields::live(cx, record(value)?)),
    member(
        ReceiverType::Record,
        "adopted",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(record(value)?.is_adopted)),
    ),
    member(
        ReceiverType::Record,
        "created",
        |_| Type::Date,
        |cx, value| {
            let record = record(value)?;
            match fields::field(cx, record, "created") {
                Err(EvalError::Absent | EvalError::Indeterminate) => history::created(cx, record),
                stated => stated,
            }
        },
    ),
    member(
        ReceiverType::Record,
        "status_since",
        |_| Type::Date,
        |cx, value| fields::status_since(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "last_active",
        |_| Type::Date,
        |cx, value| history::last_active(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "resolved",
        |_| Type::Bool,
        |_, value| match value {
            Value::Unresolved(unresolved @ Unresolved { reference: Some(reference), .. })
                if matches!(reference.target, Target::Inconclusive | Target::Unused) =>
            {
                Err(unresolved.error())
            }
            Value::Unresolved(Unresolved { reference: Some(reference), .. }) => {
                Ok(Value::Bool(reference.target == Target::Elsewhere))
            }
            value => Ok(Value::Bool(matches!(value, Value::Record(_)))),
        },
    ),
    member(
        ReceiverType::Record,
        "owner",
        |_| accountable_type(),
        |cx, value| {
            let references = accountable(cx, record(value)?)?;
            references.first().map(|reference| cx.resolve(*reference)).ok_or(EvalError::Absent)
        },
    )
    .depends_on(Dependency::Referenced(1)),
    member(
        ReceiverType::Record,
        "owners",
        |_| Type::list(accountable_type()),
        |cx, value| {
            let references = accountable(cx, record(value)?)?;
            let owners = references.into_iter().map(|reference| holder(cx, cx.resolve(reference)));
            Ok(Value::list(owners.collect()))
        },
    )
    .depends_on(Dependency::Referenced(2)),
    member(
        ReceiverType::Record,
        "review_due",
        |_| Type::Date,
        |cx, value| fields::review_due(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "violations",
        |_| Type::list(Type::Fact(&facts::VIOLATION)),
        |cx, value| facts::violations(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "still_excuses",
        |_| Type::Bool,
        |cx, value| {
            let used = cx.input.is_exception_used(record(value)?.number);
            used.map(Value::Bool).ok_or(EvalError::Absent)
        },
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::Record,
        "scopes",
        |_| Type::list(Type::Fact(&facts::SCOPE)),
        |cx, value| facts::scopes(cx, record(value)?),
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::Record,
        "cycles",
        |_| Type::list(Type::Fact(&graph::CYCLE)),
        |cx, value| graph::cycles(cx, record(value)?),
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::Record,
        "references",
        |_| Type::list(Type::Fact(&facts::REFERENCE)),
        |cx, value| {
            let record = record(value)?;
            let count = cx.catalog.references(record).len();
            cx.step(count * ELEMENT_COST)?;
            Ok(Value::References(record, count))
        },
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "keys",
        |_| Type::list(Type::Fact(&keys::KEY)),
        |cx, value| keys::all(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "misspelt_labels",
        |_| Type::list(Type::Fact(&pages::SECTION)),
        |cx, value| labels::misspelt(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "sections",
        |_| Type::list(Type::Fact(&pages::SECTION)),
        |cx, value| pages::sections(cx, record(value)?),
    ),
    member(
        ReceiverType::Record,
        "file",
        |_| Type::File,
        |cx, value| Ok(Value::File(cx.catalog.file_of(record(value)?))),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "newer_namesakes",
        |_| Type::list(Type::Fact(&facts::NEWER)),
        |cx, value| facts::newer_namesakes(cx, record(value)?),
    )
    .depends_on(Dependency::Duplicates),
    member(
        ReceiverType::File,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**file(value)?.path())),
    ),
    member(
        ReceiverType::File,
        "folder",
        |_| Type::String,
        |_, value| {
            let path = &**file(value)?.path();
            Ok(Value::string(&path[..path.rfind('/').map_or(0, |slash| slash + 1)]))
        },
    ),
    member(ReceiverType::File, "index", |_| Type::list(Type::Fact(&index_page::ENTRY)), index_page::entries)
        .depends_on(Dependency::Everything),
    member(
        ReceiverType::File,
        "governed",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(file(value)?.must_contain_record)),
    ),
    member(
        ReceiverType::File,
        "overview",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(file(value)?.index == Some(IndexReach::Records))),
    ),
    member(
        ReceiverType::File,
        "lists",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(is_index_path(file(value)?.path()))),
    ),
    member(
        ReceiverType::File,
        "notes",
        |_| Type::list(Type::Fact(&facts::NOTE)),
        |_, value| facts::notes(value),
    ),
    member(ReceiverType::File, "problems", |_| Type::list(Type::Fact(&facts::PROBLEM)), facts::problems),
    member(ReceiverType::File, "links", |_| Type::list(Type::Fact(&facts::LINK)), facts::links)
        .depends_on(Dependency::LinkTargets),
    member(
        ReceiverType::File,
        "text",
        |_| Type::String,
        |_, value| Ok(Value::string(file(value)?.source().text())),
    ),
    member(ReceiverType::File, "body", |_| Type::Fact(&pages::PASSAGE), |_, value| pages::body(value)),
    member(ReceiverType::File, "headings", |_| Type::list(Type::Fact(&pages::HEADING)), pages::headings),
    member(ReceiverType::File, "prose", |_| Type::list(Type::Fact(&pages::PASSAGE)), pages::prose),
    member(
        ReceiverType::File,
        "addresses",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.addresses),
    ),
    member(
        ReceiverType::File,
        "code",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.code),
    ),
    member(
        ReceiverType::File,
        "code_blocks",
        |_| Type::list(Type::Fact(&pages::CODE_BLOCK)),
        pages::code_blocks,
    ),
    member(
        ReceiverType::File,
        "html",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.html),
    ),
    member(
        ReceiverType::File,
        "comments",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.comments),
    ),
    member(ReceiverType::File, "ignores", |_| Type::list(Type::Fact(&facts::IGNORE)), facts::ignores),
    member(ReceiverType::File, "terms", |_| Type::list(Type::Fact(&facts::TERM)), facts::terms)
        .depends_on(Dependency::Vocabulary),
    member(
        ReceiverType::PolicyFile,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**policy_file(value)?.source.path())),
    ),
    member(
        ReceiverType::PolicyFile,
        "changes",
        |_| Type::list(Type::Fact(&policy::CHANGED)),
        policy::changes,
    ),
    member(ReceiverType::PolicyFile, "lost", |_| Type::list(Type::Fact(&policy::LOST)), policy::lost),
    member(ReceiverType::PolicyFile, "faults", |_| Type::list(Type::Fact(&policy::FAULT)), policy::faults),
    member(ReceiverType::PolicyFile, "entries", |_| Type::list(Type::Fact(&policy::ENTRY)), policy::entries),
    member(
        ReceiverType::CitingFile,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**citing_file(value)?.path())),
    ),
    member(
        ReceiverType::CitingFile,
        "citations",
        |_| Type::list(Type::Fact(&citations::CITATION)),
        citations::citations,
    ),
    member(
        ReceiverType::UnreadFile,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**unread_file(value)?.source.path())),
    ),
    member(
        ReceiverType::UnreadFile,
        "paths",
        |_| Type::list(Type::String),
        |_, value| {
            Ok(Value::list(unread_file(value)?.paths.iter().map(|path| Value::string(&**path)).collect()))
        },
    ),
    member(
        ReceiverType::UnreadFile,
        "folder",
        |_| Type::String,
        |_, value| Ok(Value::string(&*unread_file(value)?.folder)),
    ),
    member(
        ReceiverType::UnreadFile,
        "reason",
        |_| Type::String,
        |_, value| Ok(Value::string(&*unread_file(value)?.refusal.reason)),
    ),
    member(
        ReceiverType::UnreadFile,
        "message",
        |_| Type::String,
        |_, value| Ok(Value::string(unread_file(value)?.message())),
    ),
    member(
        ReceiverType::UnreadFile,
        "certain",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(unread_file(value)?.is_certain)),
    ),
    member(
        ReceiverType::UnreadFile,
        "help",
        |_| Type::String,
        |_, value| unread_file(value)?.refusal.help.as_deref().map(Value::string).ok_or(EvalError::Absent),
    ),
    member(
        ReceiverType::Group,
        "key",
        |of| if let Type::Group { key, .. } = of { (**key).clone() } else { Type::Any },
        |_, value| {
            if let Value::Group(group) = value { Ok(group.key.clone()) } else { Err(EvalError::Absent) }
        },
    ),
    member(
        ReceiverType::Group,
        "records",
        |of| {
            if let Type::Group { kinds, .. } = of {
                Type::list(Type::Record(kinds.clone()))
            } else {
                Type::list(Type::Any)
            }
        },
        |_, value| match value {
            Value::Group(group) => Ok(Value::list(group.records.iter().map(|&r| Value::Record(r)).collect())),
            _ => Err(EvalError::Absent),
        },
    ),
    member(
        ReceiverType::Entry,
        "key",
        |of| if let Type::Entry(key, ..) = of { (**key).clone() } else { Type::Any },
        |cx, value| match value {
            Value::Entry(entry) => Ok(fields::key(cx, *entry)),
            _ => Err(EvalError::Absent),
        },
    )
    .depends_on(Dependency::Referenced(1)),
    member(
        ReceiverType::Entry,
        "value",
        |of| if let Type::Entry(_, value, _) = of { (**value).clone() } else { Type::Any },
        |cx, value| match value {
            Value::Entry(entry) => fields::entry_value(cx, *entry),
            _ => Err(EvalError::Absent),
        },
    )
    .depends_on(Dependency::Referenced(1)),
    member(
        ReceiverType::Period,
        "start",
        |_| Type::Date,
        |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::Date(period.start))
            } else {
                Err(EvalError::Absent)
            }
        },
    ),
    member(
        ReceiverType::Period,
        "end",
        |_| Type::Date,
        |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::Date(period.end))
            } else {
                Err(EvalError::Absent)
            }
        },
    ),
    member(
        ReceiverType::Period,
        "text",
        |_| Type::String,
        |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::string(period.to_string()))
            } else {
                Err(EvalError::Absent)
            }
        },
    ),
    member(
        ReceiverType::Amount,
        "number",
        |_| Type::Double,
        |_, value| match value {
            Value::Amount(amount) if amount.to.is_none() => Ok(Value::Double(amount.value)),
            Value::Amount(_) => Err(EvalError::Indeterminate),
            _ => Err(EvalError::Absent),
        },
    ),
    member(
        ReceiverType::Amount,
        "unit",
        |_| Type::String,
        |_, value| {
            if let Value::Amount(amount) = value {
                Ok(Value::string(amount.unit.to_string()))
            } else {
                Err(EvalError::Absent)
            }
        },
    ),
    member(
        ReceiverType::Amount,
        "bound",
        |_| Type::String,
        |_, value| {
            if let Value::Amount(amount) = value {
                let of_range = if amount.to.is_some() { ".." } else { "" };
                Ok(Value::string(amount.bound.map_or(of_range, Bound::sign).to_owned()))
            } else {
                Err(EvalError::Absent)
            }
        },
    ),
];
