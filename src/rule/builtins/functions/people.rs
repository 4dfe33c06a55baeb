use crate::rule::builtins::args::{people_type, string, string_type};
use crate::rule::builtins::{history, people};
use crate::rule::runtime::{Dependency, Function, FunctionParam, Type, function, method};

pub(super) static FUNCTIONS: &[Function] = &[
    method(
        "history",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        |_| Type::list(Type::Fact(&history::CHANGE)),
        |cx, args| history::history(cx, &args[0], string(&args[1])?),
    )
    .depends_on(Dependency::OrgChart),
    method(
        "changed",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        |_| Type::Fact(&history::CHANGE),
        |cx, args| history::changed(cx, &args[0], string(&args[1])?),
    )
    .depends_on(Dependency::OrgChart),
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
