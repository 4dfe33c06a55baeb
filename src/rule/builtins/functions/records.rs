use crate::config::LazyGlob;
use crate::rule::builtins::args::{
    bool_type, kind_list_type, record, same_kind_list_type, string, string_type,
};
use crate::rule::builtins::graph::{Direction, cited_by, cites, cycle, reachable, references_to};
use crate::rule::builtins::{facts, written};
use crate::rule::runtime::{Dependency, EvalError, Function, FunctionParam, Type, Value, function, method};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "records",
        &[FunctionParam::Kind],
        |args| kind_list_type(args, 0),
        |cx, args| Ok(Value::Records(cx.catalog.of_kind(string(&args[0])?))),
    )
    .depends_on(Dependency::AllOfKind),
    function(
        "records_below",
        &[FunctionParam::Kind, FunctionParam::String],
        |args| kind_list_type(args, 0),
        |cx, args| Ok(Value::Records(cx.catalog.of_kind_below(string(&args[0])?, string(&args[1])?))),
    )
    .depends_on(Dependency::AllOfKind),
    function(
        "named",
        &[FunctionParam::Kind, FunctionParam::String],
        |args| kind_list_type(args, 0),
        |cx, args| Ok(Value::Records(cx.catalog.named(string(&args[0])?, string(&args[1])?))),
    )
    .depends_on(Dependency::AllOfKind),
    function("in_use", &[FunctionParam::Kind], bool_type, |cx, args| {
        let used = |kind: &Value| kind.as_text().is_some_and(|kind| cx.catalog.has_all_of(kind));
        Ok(Value::Bool(args.iter().any(used)))
    })
    .variadic(),
    function("adopted", &[], bool_type, |cx, _| Ok(Value::Bool(cx.catalog.is_adopted()))),
    function("has_files", &[FunctionParam::GlobString], bool_type, |cx, args| {
        cx.step(cx.catalog.snapshot().files().len() / 16)?;
        let glob = LazyGlob::parse(string(&args[0])?).map_err(|_| EvalError::Indeterminate)?;
        Ok(Value::Bool(cx.catalog.has_path(&glob)))
    })
    .depends_on(Dependency::Paths),
    method("location", &[FunctionParam::Record], string_type, |cx, args| {
        let record = record(&args[0])?;
        if record.is_sole_record {
            return Ok(Value::string(&*record.path));
        }
        let source = cx.catalog.file_of(record).source();
        let line = source.position(record.name_span.start as usize).line;
        Ok(Value::String(format!("{}:{line}", record.path).into()))
    }),
    method("series_folder", &[FunctionParam::Record], string_type, |_, args| {
        Ok(Value::String(record(&args[0])?.series_folder().to_owned().into()))
    }),
    method("is_used", &[FunctionParam::Record], bool_type, |cx, args| facts::is_used(cx, record(&args[0])?))
        .depends_on(Dependency::Everything),
    method(
        "cited_by",
        &[FunctionParam::Record, FunctionParam::Kind, FunctionParam::FieldPath],
        |args| kind_list_type(args, 1),
        cited_by,
    )
    .required(1)
    .depends_on(Dependency::Referencing),
    method(
        "cites",
        &[FunctionParam::Record, FunctionParam::Kind, FunctionParam::OwnFieldPath],
        |args| kind_list_type(args, 1),
        cites,
    )
    .required(1)
    .depends_on(Dependency::Referenced(1)),
    method(
        "references_to",
        &[FunctionParam::Record, FunctionParam::Kind],
        |_| Type::list(Type::Fact(&facts::REFERENCE)),
        references_to,
    )
    .variadic()
    .depends_on(Dependency::Referenced(1)),
    method(
        "ancestors",
        &[FunctionParam::Record, FunctionParam::FieldPath],
        same_kind_list_type,
        |cx, args| Ok(reachable(cx, record(&args[0])?, string(&args[1])?, Direction::Up)?.into()),
    )
    .depends_on(Dependency::TransitiveField),
    method(
        "descendants",
        &[FunctionParam::Record, FunctionParam::FieldPath],
        same_kind_list_type,
        |cx, args| Ok(reachable(cx, record(&args[0])?, string(&args[1])?, Direction::Down)?.into()),
    )
    .depends_on(Dependency::TransitiveField),
    method("in_cycle", &[FunctionParam::Record, FunctionParam::FieldPath], bool_type, |cx, args| {
        let record = record(&args[0])?;
        Ok(Value::Bool(cx.catalog.in_cycles(string(&args[1])?)[record.number as usize]))
    })
    .depends_on(Dependency::TransitiveField),
    method("cycle", &[FunctionParam::Record, FunctionParam::FieldPath], same_kind_list_type, |cx, args| {
        Ok(cycle(cx, record(&args[0])?, string(&args[1])?)?.into())
    })
    .depends_on(Dependency::TransitiveField),
    method("namesakes", &[FunctionParam::Record], same_kind_list_type, |cx, args| {
        Ok(Value::Records(cx.catalog.namesakes(record(&args[0])?)))
    })
    .depends_on(Dependency::Duplicates),
    method("free_id", &[FunctionParam::Record], string_type, |cx, args| {
        let record = record(&args[0])?;
        let count = |start: &str| cx.catalog.of_kind_below(&record.kind.name, start).len();
        let steps = count(record.series_folder()) + count(record.start_of_scope());
        cx.step(steps)?;
        cx.catalog.free_id(record).map(|id| Value::String(id.into())).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Everything),
    method("states", &[FunctionParam::Record, FunctionParam::Field], bool_type, |_, args| {
        Ok(Value::Bool(record(&args[0])?.field(string(&args[1])?).is_some()))
    }),
    method("written", &[FunctionParam::RecordOrItem, FunctionParam::Field], string_type, |cx, args| {
        written::value(cx, &args[0], string(&args[1])?)
    }),
    method(
        "word_for",
        &[FunctionParam::Record, FunctionParam::Field, FunctionParam::String],
        string_type,
        |_, args| {
            let (field, value) = (string(&args[1])?, string(&args[2])?);
            Ok(Value::string(written::word_for(record(&args[0])?, field, value).to_owned()))
        },
    ),
    method("can_state", &[FunctionParam::Record, FunctionParam::Field], bool_type, |_, args| {
        Ok(Value::Bool(written::can_state(record(&args[0])?, string(&args[1])?)))
    }),
    method("names", &[FunctionParam::Record, FunctionParam::String], bool_type, |cx, args| {
        Ok(Value::Bool(cx.catalog.is_named(record(&args[0])?, string(&args[1])?)))
    })
    .depends_on(Dependency::Duplicates),
    method("place", &[FunctionParam::Record, FunctionParam::String], string_type, |cx, args| {
        let record = record(&args[0])?;
        let source = cx.catalog.file_of(record).source();
        Ok(Value::string(record.place(string(&args[1])?, source)))
    }),
];
