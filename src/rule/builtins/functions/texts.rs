use crate::history::History;
use crate::rule::builtins::args::{people_type, string_type};
use crate::rule::builtins::{history, index_page, keys, pages, people};
use crate::rule::runtime::{Dependency, Function, Param, Type, Value, function, method};

pub(super) static HISTORY: &[Function] = &[
    method(
        "history",
        &[Param::RecordOrItem, Param::Field],
        |_| Type::list(Type::Fact(&history::CHANGE)),
        |cx, args| history::history(cx, &args[0], args[1].text()?),
    )
    .depends_on(Dependency::OrgChart),
    method(
        "changed",
        &[Param::RecordOrItem, Param::Field],
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
        &[Param::Record, Param::Field, Param::Fact(&history::CHANGE)],
        people_type,
        people::named_in,
    )
    .required(2)
    .depends_on(Dependency::OrgChart),
    method("people", &[Param::Record, Param::Fact(&history::CHANGE)], people_type, people::members_of)
        .required(1)
        .depends_on(Dependency::OrgChart),
    function("who", &[Param::Any], string_type, people::names).depends_on(Dependency::OrgChart),
    method("superiors", &[Param::Record], people_type, people::superiors).depends_on(Dependency::OrgChart),
];

pub(super) static TEXTS: &[Function] = &[
    method(
        "key",
        &[Param::Record, Param::Key],
        |_| Type::Fact(&keys::KEY),
        |cx, args| keys::at(cx, args[0].record()?, args[1].text()?),
    ),
    method(
        "parts",
        &[Param::File, Param::Part],
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, args| pages::parts(cx, args[0].file()?, args[1].text()?),
    ),
    method(
        "find_all",
        &[Param::Place, Param::Pattern],
        |_| Type::list(Type::Fact(&pages::MATCH)),
        |cx, args| pages::find_all(cx, &args[0], &args[1]),
    ),
    method("rewritten", &[Param::Fact(&index_page::ENTRY), Param::List], string_type, |cx, args| {
        index_page::rewritten(cx, &args[0], &args[1])
    }),
];
