//! Members that are computed rather than read from the file: `record.live`, `file.links`, `period.end`.

use crate::calendar::Bound;
use crate::catalog::{IndexReach, Target, is_index_path};
use crate::record::is_numbered_index;
use crate::rule::builtins::graph::{accountable, holder};
use crate::rule::builtins::{facts, fields, graph, history, index_page, pages};
use crate::rule::runtime::{
    Dependency, EvalError, EvalResult, Function, SOMEBODY, Ty, Unresolved, Value, member, of_file, of_record,
};

pub static MEMBERS: &[Function] = &[
    of_record("id", Ty::String, |_, it| Ok(Value::string(&*it.id))).depends_on(Dependency::Identity),
    of_record("title", Ty::String, |_, it| it.stated_title().map(Value::string).ok_or(EvalError::Absent))
        .depends_on(Dependency::Identity),
    of_record("kind", Ty::String, |_, it| Ok(Value::string(&*it.kind.name))).depends_on(Dependency::Identity),
    of_record("path", Ty::String, |cx, it| Ok(Value::string(&**cx.catalog.file_of(it).path())))
        .depends_on(Dependency::Identity),
    of_record("format", Ty::String, |_, it| Ok(Value::string(it.format_name())))
        .depends_on(Dependency::Identity),
    of_record("file_id", Ty::String, |_, it| {
        it.file_id.as_deref().map(Value::string).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Identity),
    of_record("live", Ty::Bool, fields::live).depends_on(Dependency::Standing),
    of_record("adopted", Ty::Bool, |_, it| Ok(Value::Bool(it.is_adopted))).depends_on(Dependency::Identity),
    of_record("created", Ty::Date, |cx, it| match fields::field(cx, it, "created") {
        Err(EvalError::Absent | EvalError::Indeterminate) => history::created(cx, it),
        stated => stated,
    }),
    of_record("status_since", Ty::Date, fields::status_since),
    of_record("last_commit", Ty::Date, history::last_commit).depends_on(Dependency::Everything),
    member("resolved", &[Ty::Record], Ty::Bool, |_, args| is_resolved(&args[0]))
        .depends_on(Dependency::Identity),
    of_record("owner", SOMEBODY, |cx, it| {
        let references = accountable(cx, it)?;
        references.first().map(|reference| cx.resolve(*reference)).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Referenced(1)),
    of_record("owners", Ty::List(&SOMEBODY), |cx, it| {
        let references = accountable(cx, it)?;
        let owners = references.into_iter().map(|reference| holder(cx, cx.resolve(reference)));
        Ok(Value::list(owners.collect()))
    })
    .depends_on(Dependency::Referenced(2)),
    of_record("review_due", Ty::Date, fields::review_due),
    of_record("violations", Ty::List(&Ty::Fact(&facts::VIOLATION)), facts::violations),
    of_record("unread", Ty::List(&Ty::Fact(&facts::STATEMENT)), facts::statements)
        .depends_on(Dependency::UnreadLabels),
    of_record("used", Ty::Bool, facts::is_used).depends_on(Dependency::Everything),
    of_record("problems", Ty::List(&Ty::Fact(&facts::PROBLEM)), facts::problems_of_exception)
        .depends_on(Dependency::Everything),
    of_record("cycles", Ty::List(&Ty::Fact(&graph::CYCLE)), graph::cycles)
        .depends_on(Dependency::AllReferences),
    of_record("references", Ty::List(&Ty::Fact(&facts::REFERENCE)), |cx, it| {
        let references = Value::References(it, cx.catalog.references(it).len());
        cx.step(references.copy_cost())?;
        Ok(references)
    })
    .depends_on(Dependency::Identity),
    of_record("keys", Ty::List(&Ty::Fact(&pages::KEY)), pages::keys),
    of_record("file", Ty::File, |cx, it| Ok(Value::File(cx.catalog.file_of(it))))
        .depends_on(Dependency::Identity),
    of_record("newer_namesakes", Ty::List(&Ty::Fact(&facts::NEWER)), facts::newer_namesakes)
        .depends_on(Dependency::Duplicates),
    of_file("path", Ty::String, |_, it| Ok(Value::string(&**it.path()))),
    of_file("type", Ty::String, |_, it| {
        Ok(Value::string(match it.index {
            Some(IndexReach::Records) => "overview",
            _ if is_index_path(it.path()) => "index",
            _ if it.records.is_empty() && is_numbered_index(&it.document) => "index",
            _ if it.must_contain_record => "record",
            _ => "page",
        }))
    }),
    of_file("index", Ty::List(&Ty::Fact(&index_page::ENTRY)), index_page::entries)
        .depends_on(Dependency::Everything),
    of_file("problems", Ty::List(&Ty::Fact(&facts::PROBLEM)), facts::problems).depends_on(Dependency::Paths),
    of_file("links", Ty::List(&Ty::Fact(&facts::LINK)), facts::links).depends_on(Dependency::LinkTargets),
    of_file("text", Ty::String, |_, it| Ok(Value::string(it.source().text()))),
    of_file("headings", Ty::List(&Ty::Fact(&pages::HEADING)), pages::headings),
    of_file("ignores", Ty::List(&Ty::Fact(&facts::IGNORE)), facts::ignores)
        .depends_on(Dependency::Everything),
    of_file("terms", Ty::List(&Ty::Fact(&facts::TERM)), facts::terms).depends_on(Dependency::Vocabulary),
    member("key", &[Ty::Group], Ty::GroupKey, |_, args| Ok(args[0].group()?.key.clone())),
    member("records", &[Ty::Group], Ty::GroupRecords, |_, args| Ok(args[0].group()?.records.clone().into())),
    member("start", &[Ty::Period], Ty::Date, |_, args| Ok(Value::Date(args[0].period()?.start))),
    member("end", &[Ty::Period], Ty::Date, |_, args| Ok(Value::Date(args[0].period()?.end))),
    member("number", &[Ty::Amount], Ty::Double, |_, args| {
        let amount = args[0].amount()?;
        amount.to.is_none().then_some(Value::Double(amount.value)).ok_or(EvalError::Indeterminate)
    }),
    member("unit", &[Ty::Amount], Ty::String, |_, args| {
        Ok(Value::string(args[0].amount()?.unit.to_string()))
    }),
    member("bound", &[Ty::Amount], Ty::String, |_, args| {
        let amount = args[0].amount()?;
        let of_range = if amount.to.is_some() { ".." } else { "" };
        Ok(Value::string(amount.bound.map_or(of_range, Bound::sign).to_owned()))
    }),
];

fn is_resolved<'a>(value: &Value<'a>) -> EvalResult<'a> {
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
