//! Members that are computed rather than read from the file: `record.live`, `file.links`, `period.end`. One table serves
//! the load-time check, the evaluation and the reference page.

use std::sync::LazyLock;

use ahash::HashMap;

use crate::calendar::Bound;
use crate::catalog::{IndexReach, Target, is_index_path};
use crate::rule::runtime::{
    Context, Dependency, ELEMENT_COST, EvalError, EvalResult, Member, MemberType, ReceiverType, Type,
    Unresolved, Value, member, of_file, of_record,
};

use super::people::{accountable, holder};
use super::{facts, fields, graph, history, index_page, keys, pages, unread};

/// The member `name` of a value of type `of`, and its type.
pub(crate) fn find(of: &Type, name: &str) -> Option<(&'static Member, Type)> {
    let member = lookup(ReceiverType::of_type(of)?, name)?;
    Some((member, member.result(of)))
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
pub static MEMBERS: &[Member] = &[
    of_record("id", MemberType::String, |_, it| Ok(Value::string(&*it.id))).depends_on(Dependency::Identity),
    of_record("title", MemberType::String, |_, it| {
        it.stated_title().map(Value::string).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Identity),
    of_record("kind", MemberType::String, |_, it| Ok(Value::string(&*it.kind.name)))
        .depends_on(Dependency::Identity),
    of_record("path", MemberType::String, |cx, it| Ok(Value::string(&**cx.catalog.file_of(it).path())))
        .depends_on(Dependency::Identity),
    of_record("format", MemberType::String, |_, it| Ok(Value::string(it.format_name())))
        .depends_on(Dependency::Identity),
    of_record("file_id", MemberType::String, |_, it| {
        it.file_id.as_deref().map(Value::string).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Identity),
    of_record("live", MemberType::Bool, fields::live),
    of_record("adopted", MemberType::Bool, |_, it| Ok(Value::Bool(it.is_adopted))),
    of_record("created", MemberType::Date, |cx, it| match fields::field(cx, it, "created") {
        Err(EvalError::Absent | EvalError::Indeterminate) => history::created(cx, it),
        stated => stated,
    }),
    of_record("status_since", MemberType::Date, fields::status_since),
    of_record("last_commit", MemberType::Date, history::last_commit).depends_on(Dependency::Everything),
    member(ReceiverType::Record, "resolved", |_| Type::Bool, is_resolved),
    of_record("owner", MemberType::Who, |cx, it| {
        let references = accountable(cx, it)?;
        references.first().map(|reference| cx.resolve(*reference)).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Referenced(1)),
    of_record("owners", MemberType::Whos, |cx, it| {
        let references = accountable(cx, it)?;
        let owners = references.into_iter().map(|reference| holder(cx, cx.resolve(reference)));
        Ok(Value::list(owners.collect()))
    })
    .depends_on(Dependency::Referenced(2)),
    of_record("review_due", MemberType::Date, fields::review_due),
    of_record("violations", MemberType::Facts(&facts::VIOLATION), facts::violations),
    of_record("unread", MemberType::Facts(&unread::STATEMENT), unread::statements)
        .depends_on(Dependency::Everything),
    of_record("used", MemberType::Bool, facts::is_used).depends_on(Dependency::Everything),
    of_record("problems", MemberType::Facts(&facts::PROBLEM), facts::problems_of_exception)
        .depends_on(Dependency::Everything),
    of_record("cycles", MemberType::Facts(&graph::CYCLE), graph::cycles).depends_on(Dependency::Everything),
    of_record("references", MemberType::Facts(&facts::REFERENCE), |cx, it| {
        let count = cx.catalog.references(it).len();
        cx.step(count * ELEMENT_COST)?;
        Ok(Value::References(it, count))
    })
    .depends_on(Dependency::Identity),
    of_record("keys", MemberType::Facts(&keys::KEY), keys::all),
    of_record("file", MemberType::File, |cx, it| Ok(Value::File(cx.catalog.file_of(it))))
        .depends_on(Dependency::Identity),
    of_record("newer_namesakes", MemberType::Facts(&facts::NEWER), facts::newer_namesakes)
        .depends_on(Dependency::Duplicates),
    of_file("path", MemberType::String, |_, it| Ok(Value::string(&**it.path()))),
    of_file("type", MemberType::String, |_, it| {
        Ok(Value::string(match it.index {
            Some(IndexReach::Records) => "overview",
            _ if is_index_path(it.path()) => "index",
            _ if it.must_contain_record => "record",
            _ => "page",
        }))
    }),
    of_file("index", MemberType::Facts(&index_page::ENTRY), index_page::entries)
        .depends_on(Dependency::Everything),
    of_file("problems", MemberType::Facts(&facts::PROBLEM), facts::problems),
    of_file("links", MemberType::Facts(&facts::LINK), facts::links).depends_on(Dependency::LinkTargets),
    of_file("text", MemberType::String, |_, it| Ok(Value::string(it.source().text()))),
    of_file("headings", MemberType::Facts(&pages::HEADING), pages::headings),
    of_file("ignores", MemberType::Facts(&facts::IGNORE), facts::ignores).depends_on(Dependency::Everything),
    of_file("terms", MemberType::Facts(&facts::TERM), facts::terms).depends_on(Dependency::Vocabulary),
    member(
        ReceiverType::Group,
        "key",
        |of| if let Type::Group { key, .. } = of { (**key).clone() } else { Type::Any },
        |_, it| Ok(it.group()?.key.clone()),
    ),
    member(
        ReceiverType::Group,
        "records",
        |of| match of {
            Type::Group { kinds, .. } => Type::list(Type::Record(kinds.clone())),
            _ => Type::list(Type::Any),
        },
        |_, it| Ok(it.group()?.records.clone().into()),
    ),
    member(ReceiverType::Period, "start", |_| Type::Date, |_, it| Ok(Value::Date(it.period()?.start))),
    member(ReceiverType::Period, "end", |_| Type::Date, |_, it| Ok(Value::Date(it.period()?.end))),
    member(
        ReceiverType::Amount,
        "number",
        |_| Type::Double,
        |_, it| {
            let amount = it.amount()?;
            amount.to.is_none().then_some(Value::Double(amount.value)).ok_or(EvalError::Indeterminate)
        },
    ),
    member(
        ReceiverType::Amount,
        "unit",
        |_| Type::String,
        |_, it| Ok(Value::string(it.amount()?.unit.to_string())),
    ),
    member(
        ReceiverType::Amount,
        "bound",
        |_| Type::String,
        |_, it| {
            let amount = it.amount()?;
            let of_range = if amount.to.is_some() { ".." } else { "" };
            Ok(Value::string(amount.bound.map_or(of_range, Bound::sign).to_owned()))
        },
    ),
];

fn is_resolved<'a>(_: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    match value {
        Value::Unresolved(unresolved @ Unresolved { reference: Some(reference), .. }) => {
            match reference.target {
                Target::Inconclusive | Target::Unused => Err(unresolved.error()),
                target => Ok(Value::Bool(target == Target::Elsewhere)),
            }
        }
        value => Ok(Value::Bool(matches!(value, Value::Record(_)))),
    }
}
