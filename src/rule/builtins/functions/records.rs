use crate::config::LazyGlob;
use crate::rule::builtins::args::{
    bool_type, first_kind_type, same_kind_list_type, second_kind_type, string_type,
};
use crate::rule::builtins::graph::{ancestors, cited_by, references_to};
use crate::rule::builtins::{facts, written};
use crate::rule::runtime::{Dependency, EvalError, Function, Param, Type, Value, function, method};

pub(super) static FUNCTIONS: &[Function] = &[
    function("records", &[Param::Kind], first_kind_type, |cx, args| {
        Ok(Value::Records(cx.catalog.of_kind(args[0].text()?)))
    })
    .depends_on(Dependency::AllOfKind),
    function("named", &[Param::Kind, Param::String], first_kind_type, |cx, args| {
        Ok(Value::Records(cx.catalog.named(args[0].text()?, args[1].text()?)))
    })
    .depends_on(Dependency::AllOfKind),
    function("in_use", &[Param::Kind], bool_type, |cx, args| {
        let used = |kind: &Value| kind.as_text().is_some_and(|kind| cx.catalog.is_in_use(kind));
        Ok(Value::Bool(args.iter().any(used)))
    })
    .variadic(),
    function("adopted", &[], bool_type, |cx, _| Ok(Value::Bool(cx.catalog.is_adopted()))),
    function("has_files", &[Param::Glob], bool_type, |cx, args| {
        cx.step(cx.catalog.snapshot().files().len() / 16)?;
        let glob = LazyGlob::parse(args[0].text()?).map_err(|_| EvalError::Indeterminate)?;
        Ok(Value::Bool(cx.catalog.has_path(&glob)))
    })
    .depends_on(Dependency::Paths),
    method("location", &[Param::Record], string_type, |cx, args| {
        let record = args[0].record()?;
        if record.is_sole_record {
            return Ok(Value::string(&*record.path));
        }
        let source = cx.catalog.file_of(record).source();
        let line = source.position(record.name_span.start as usize).line;
        Ok(Value::string(format!("{}:{line}", record.path)))
    }),
    method("cited_by", &[Param::Record, Param::Kind, Param::FieldPath], second_kind_type, cited_by)
        .required(1)
        .depends_on(Dependency::Referencing),
    method(
        "references",
        &[Param::Record, Param::Kind],
        |_| Type::list(Type::Fact(&facts::REFERENCE)),
        references_to,
    )
    .variadic()
    .depends_on(Dependency::Referenced(1)),
    method("ancestors", &[Param::Record, Param::FieldPath], same_kind_list_type, |cx, args| {
        Ok(ancestors(cx, args[0].record()?, args[1].text()?)?.into())
    })
    .depends_on(Dependency::TransitiveField),
    method("in_cycle", &[Param::Record, Param::FieldPath], bool_type, |cx, args| {
        let cycles = cx.catalog.cycles(args[1].text()?);
        Ok(Value::Bool(cycles.contains_key(&args[0].record()?.number)))
    })
    .depends_on(Dependency::TransitiveField),
    method("namesakes", &[Param::Record], same_kind_list_type, |cx, args| {
        Ok(Value::Records(cx.catalog.namesakes(args[0].record()?)))
    })
    .depends_on(Dependency::Duplicates),
    method("free_id", &[Param::Record], string_type, |cx, args| {
        let record = args[0].record()?;
        let count = |start: &str| cx.catalog.of_kind_below(&record.kind.name, start).len();
        cx.step(count(record.series_folder()) + count(record.start_of_scope()))?;
        cx.catalog.free_id(record).map(Value::string).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Everything),
    method("states", &[Param::Record, Param::Field], bool_type, |_, args| {
        Ok(Value::Bool(args[0].record()?.field(args[1].text()?).is_some()))
    }),
    method("written", &[Param::RecordOrItem, Param::Field, Param::String], string_type, written::written)
        .required(2),
    method("can_state", &[Param::Record, Param::Field], bool_type, |_, args| {
        Ok(Value::Bool(written::can_state(args[0].record()?, args[1].text()?)))
    }),
    method("place", &[Param::Record, Param::String], string_type, |cx, args| {
        let record = args[0].record()?;
        let source = cx.catalog.file_of(record).source();
        Ok(Value::string(record.place(args[1].text()?, source)))
    }),
];
