use crate::rule::builtins::args::string;
use crate::rule::builtins::files;
use crate::rule::runtime::{Dependency, Function, FunctionParam, Type, doc, function};

pub(super) const FUNCTIONS: &[Function] = &[function(
    "files",
    &[FunctionParam::Glob],
    |_| Type::list(Type::Fact(&files::PATH)),
    |cx, args| files::matching(cx, string(&args[0])?),
    doc(
        "the files of the repository that match a glob, sorted by path; case matters",
        r#"files("docs/adr/*.md").map(f, f.stem) == ["0001-record-decisions", "0002-price"]"#,
    ),
)
.depends_on(Dependency::Paths)];
