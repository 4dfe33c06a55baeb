use crate::rule::builtins::args::{record, string, string_type};
use crate::rule::builtins::{index_page, keys, pages};
use crate::rule::runtime::{Function, FunctionParam, Type, method};

pub(super) static FUNCTIONS: &[Function] = &[
    method(
        "key",
        &[FunctionParam::Record, FunctionParam::Key],
        |_| Type::Fact(&keys::KEY),
        |cx, args| keys::at(cx, record(&args[0])?, string(&args[1])?),
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
