use crate::rule::builtins::args::{record, string, string_type};
use crate::rule::builtins::{index_page, keys, pages};
use crate::rule::runtime::{Function, FunctionParam, Type, doc, method};

pub(super) static FUNCTIONS: &[Function] = &[
    method(
        "key",
        &[FunctionParam::Record, FunctionParam::Key],
        |_| Type::Fact(&keys::KEY),
        |cx, args| keys::at(cx, record(&args[0])?, string(&args[1])?),
        doc(
            "the key of a record at a path of names, and numbers of items of lists from 0, joined by dots",
            r#"record.key("topic").value == "pricing" && record.key("kpis.0").value == "churn" && !has(record.key("a.b").name)"#,
        )
        .not_judged("absent if the record has no such key"),
    ),
    method(
        "find_all",
        &[FunctionParam::Place, FunctionParam::Pattern],
        |_| Type::list(Type::Fact(&pages::MATCH)),
        |cx, args| pages::find_all(cx, &args[0], &args[1]),
        doc(
            "the matches of a regular expression in a file, or in the `text` of a part of one; `each` underlines them",
            r#"file.find_all("(?m)^## .*$").size() == 4 && file.headings[0].find_all("prices").size() == 2"#,
        ),
    ),
    method(
        "rewritten",
        &[FunctionParam::Fact(&index_page::ENTRY), FunctionParam::List],
        string_type,
        |cx, args| index_page::rewritten(cx, &args[0], &args[1]),
        doc(
            "an entry of an index as it would be for each of some records, one a line",
            r#"file.index[0].rewritten([file.index[1].target]) == file.index[1].text"#,
        )
        .not_judged("absent if the entry says more of its own record than can be said of another"),
    ),
];
