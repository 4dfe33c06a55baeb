use crate::history::History;
use crate::rule::builtins::args::string;
use crate::rule::builtins::{files, history};
use crate::rule::runtime::{Dependency, Function, FunctionParam, Type, Value, doc, function};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "files",
        &[FunctionParam::Glob],
        |_| Type::list(Type::Fact(&files::PATH)),
        |cx, args| files::matching(cx, string(&args[0])?),
        doc(
            "the files of the repository that match a glob, sorted by path; case matters",
            r#"files("docs/adr/000[12]*.md").map(f, f.name) == ["0001-record-decisions.md", "0002-price.md"]"#,
        ),
    )
    .depends_on(Dependency::Paths),
    function(
        "has_history",
        &[],
        |_| Type::Bool,
        |cx, _| Ok(Value::Bool(cx.input.history().is_some_and(History::has_commits))),
        doc("true if the repository has commits that can be read", "has_history()"),
    )
    .depends_on(Dependency::Everything),
    function(
        "file_changed",
        &[FunctionParam::String],
        |_| Type::Date,
        |cx, args| history::file_changed(cx, string(&args[0])?),
        doc(
            "the date of the last commit that changed the file at a path; today if its changes are not committed",
            r#"file_changed("governance/kpis.yaml") == date("2026-08-03")"#,
        )
        .not_judged("absent if there is no such file; indeterminate without a history, and if a shallow clone does not contain the commit"),
    )
    .depends_on(Dependency::Everything),
];
