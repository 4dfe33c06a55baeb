use crate::history::History;
use crate::rule::builtins::args::{people_type, string_type};
use crate::rule::builtins::{history, index_page, keys, pages, people};
use crate::rule::runtime::{Dependency, Function, FunctionParam, Type, Value, function, method};

pub(super) static HISTORY: &[Function] = &[
    method(
        "history",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        |_| Type::list(Type::Fact(&history::CHANGE)),
        |cx, args| history::history(cx, &args[0], args[1].text()?),
    )
    .depends_on(Dependency::OrgChart),
    method(
        "changed",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        |_| Type::Fact(&history::CHANGE),
        |cx, args| history::changed(cx, &args[0], args[1].text()?),
    )
    .depends_on(Dependency::OrgChart),
    function(
        "has_history",
        &[],
        |_| Type::Bool,
        |cx, _| Ok(Value::Bool(cx.input.history().is_some_and(History::has_commits))),
    )
    .depends_on(Dependency::Everything),
    method(
        "people",
        &[FunctionParam::Record, FunctionParam::Field, FunctionParam::Fact(&history::CHANGE)],
        people_type,
        people::named_in,
    )
    .required(2)
    .depends_on(Dependency::OrgChart),
    method(
        "people",
        &[FunctionParam::Record, FunctionParam::Fact(&history::CHANGE)],
        people_type,
        people::members_of,
    )
    .required(1)
    .depends_on(Dependency::OrgChart),
    function("who", &[FunctionParam::Any], string_type, people::names).depends_on(Dependency::OrgChart),
    method("superiors", &[FunctionParam::Record], people_type, people::superiors)
        .depends_on(Dependency::OrgChart),
];

pub(super) static TEXTS: &[Function] = &[
    method(
        "key",
        &[FunctionParam::Record, FunctionParam::Key],
        |_| Type::Fact(&keys::KEY),
        |cx, args| keys::at(cx, args[0].record()?, args[1].text()?),
    ),
    method(
        "parts",
        &[FunctionParam::File, FunctionParam::Part],
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, args| pages::parts(cx, args[0].file()?, args[1].text()?),
    ),
    method(
        "find_all",
        &[FunctionParam::Place, FunctionParam::Pattern],
        |_| Type::list(Type::Fact(&pages::MATCH)),
        |cx, args| pages::find_all(cx, &args[0], &args[1]),
    ),
    method(
        "rewritten",
        &[FunctionParam::Fact(&index_page::ENTRY), FunctionParam::List],
        string_type,
        |cx, args| index_page::rewritten(cx, &args[0], &args[1]),
    ),
];
