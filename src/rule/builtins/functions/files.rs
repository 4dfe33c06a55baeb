use crate::history::History;
use crate::rule::builtins::args::string;
use crate::rule::builtins::{files, history};
use crate::rule::runtime::{Dependency, Function, FunctionParam, Type, Value, function};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "files",
        &[FunctionParam::Glob],
        |_| Type::list(Type::Fact(&files::PATH)),
        |cx, args| files::matching(cx, string(&args[0])?),
    )
    .depends_on(Dependency::Paths),
    function(
        "has_history",
        &[],
        |_| Type::Bool,
        |cx, _| Ok(Value::Bool(cx.input.history().is_some_and(History::has_commits))),
    )
    .depends_on(Dependency::Everything),
    function(
        "file_changed",
        &[FunctionParam::String],
        |_| Type::Date,
        |cx, args| history::file_changed(cx, string(&args[0])?),
    )
    .depends_on(Dependency::Everything),
];
