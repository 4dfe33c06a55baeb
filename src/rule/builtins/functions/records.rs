//! Functions of records, their history and people, and the texts of files.

use crate::config::LazyGlob;
use crate::history::History;
use crate::rule::builtins::graph::{self, ancestors, cited_by, references_to};
use crate::rule::builtins::{facts, fields, history, index_page, pages};
use crate::rule::runtime::{Dependency, EvalError, Function, PEOPLE, Ty, Value, function, method};

pub(super) static RECORDS: &[Function] = &[
    function("records", &[Ty::Kind], Ty::List(&Ty::Named(0)), |cx, args| {
        Ok(Value::Records(cx.catalog.of_kind(args[0].text()?)))
    })
    .depends_on(Dependency::AllOfKind),
    function("named", &[Ty::Kind, Ty::String], Ty::List(&Ty::Named(0)), |cx, args| {
        Ok(Value::Records(cx.catalog.named(args[0].text()?, args[1].text()?)))
    })
    .depends_on(Dependency::AllOfKind),
    function("in_use", &[Ty::Kind], Ty::Bool, |cx, args| {
        let used = |kind: &Value| kind.as_text().is_some_and(|kind| cx.catalog.is_in_use(kind));
        Ok(Value::Bool(args.iter().any(used)))
    })
    .variadic(),
    function("adopted", &[], Ty::Bool, |cx, _| Ok(Value::Bool(cx.catalog.is_adopted()))),
    function("has_files", &[Ty::Glob], Ty::Bool, |cx, args| {
        cx.step(cx.catalog.snapshot().files().len() / 16)?;
        let glob = LazyGlob::parse(args[0].text()?).map_err(|_| EvalError::Indeterminate)?;
        Ok(Value::Bool(cx.catalog.has_path(&glob)))
    })
    .depends_on(Dependency::Paths),
    function("removed", &[Ty::Glob, Ty::Record], Ty::Fact(&facts::REMEDY), |cx, args| {
        let (path, history) = (args[0].text()?, cx.input.history());
        let page = args.get(1).map(Value::record).transpose()?.map(|record| &*record.path);
        Ok(facts::remedy(cx.catalog.path_remedy(path, page, history)).into())
    })
    .required(1)
    .depends_on(Dependency::Paths),
    method("location", &[Ty::Record], Ty::String, |cx, args| {
        let record = args[0].record()?;
        if record.is_sole_record {
            return Ok(Value::string(&*record.path));
        }
        let source = cx.catalog.file_of(record).source();
        let line = source.position(record.name_span.start as usize).line;
        Ok(Value::string(format!("{}:{line}", record.path)))
    }),
    method("cited_by", &[Ty::Record, Ty::Kind, Ty::FieldPath], Ty::List(&Ty::Named(1)), cited_by)
        .required(1)
        .depends_on(Dependency::Referencing),
    method("references", &[Ty::Record, Ty::Kind], Ty::List(&Ty::Fact(&facts::REFERENCE)), references_to)
        .variadic()
        .depends_on(Dependency::Referenced(1)),
    method("ancestors", &[Ty::Record, Ty::FieldPath], Ty::List(&Ty::First), |cx, args| {
        Ok(ancestors(cx, args[0].record()?, args[1].text()?)?.into())
    })
    .depends_on(Dependency::TransitiveField),
    method("in_cycle", &[Ty::Record, Ty::FieldPath], Ty::Bool, |cx, args| {
        let cycles = cx.catalog.cycles(args[1].text()?);
        Ok(Value::Bool(cycles.contains_key(&args[0].record()?.number)))
    })
    .depends_on(Dependency::TransitiveField),
    method("namesakes", &[Ty::Record], Ty::List(&Ty::First), |cx, args| {
        Ok(Value::Records(cx.catalog.namesakes(args[0].record()?)))
    })
    .depends_on(Dependency::Duplicates),
    method("free_id", &[Ty::Record], Ty::String, |cx, args| {
        let record = args[0].record()?;
        let count = |start: &str| cx.catalog.of_kind_below(&record.kind.name, start).len();
        cx.step(count(record.series_folder()) + count(record.start_of_scope()))?;
        cx.catalog.free_id(record).map(Value::string).ok_or(EvalError::Absent)
    })
    .depends_on(Dependency::Everything),
    method("states", &[Ty::Record, Ty::Field], Ty::Bool, |_, args| {
        Ok(Value::Bool(args[0].record()?.field(args[1].text()?).is_some()))
    })
    .depends_on(Dependency::Field),
    method("written", &[Ty::RecordOrItem, Ty::Field, Ty::String], Ty::String, fields::written).required(2),
    method("can_state", &[Ty::Record, Ty::Field], Ty::Bool, |_, args| {
        Ok(Value::Bool(fields::can_state(args[0].record()?, args[1].text()?)))
    })
    .depends_on(Dependency::Field),
    method("place", &[Ty::Record, Ty::String], Ty::String, |cx, args| {
        let record = args[0].record()?;
        let source = cx.catalog.file_of(record).source();
        Ok(Value::string(record.place(args[1].text()?, source)))
    }),
];

pub(super) static HISTORY: &[Function] = &[
    method("history", &[Ty::RecordOrItem, Ty::Field], Ty::List(&Ty::Fact(&history::CHANGE)), |cx, args| {
        history::history(cx, &args[0], args[1].text()?)
    })
    .depends_on(Dependency::OrgChart),
    method("changed", &[Ty::RecordOrItem, Ty::Field], Ty::Fact(&history::CHANGE), |cx, args| {
        history::changed(cx, &args[0], args[1].text()?)
    })
    .depends_on(Dependency::OrgChart),
    function("has_history", &[], Ty::Bool, |cx, _| {
        Ok(Value::Bool(cx.input.history().is_some_and(History::has_commits)))
    }),
    method("people", &[Ty::Record, Ty::Field, Ty::Fact(&history::CHANGE)], PEOPLE, graph::named_in)
        .required(2)
        .depends_on(Dependency::OrgChart),
    method("people", &[Ty::Record, Ty::Fact(&history::CHANGE)], PEOPLE, graph::members_of)
        .required(1)
        .depends_on(Dependency::OrgChart),
    function("who", &[Ty::Any], Ty::String, graph::names).depends_on(Dependency::OrgChart),
    method("superiors", &[Ty::Record], PEOPLE, graph::superiors).depends_on(Dependency::OrgChart),
];

pub(super) static TEXTS: &[Function] = &[
    method("key", &[Ty::Record, Ty::Key], Ty::Fact(&pages::KEY), |cx, args| {
        pages::key_at(cx, args[0].record()?, args[1].text()?)
    }),
    method("parts", &[Ty::File, Ty::Part], Ty::List(&Ty::Fact(&pages::PASSAGE)), |cx, args| {
        pages::parts(cx, args[0].file()?, args[1].text()?)
    }),
    method("find_all", &[Ty::Place, Ty::Pattern], Ty::List(&Ty::Fact(&pages::MATCH)), |cx, args| {
        pages::find_all(cx, &args[0], &args[1])
    }),
    method("rewritten", &[Ty::Fact(&index_page::ENTRY), Ty::List(&Ty::Any)], Ty::String, |cx, args| {
        index_page::rewritten(cx, &args[0], &args[1])
    }),
];
