use crate::config::LazyGlob;
use crate::rule::builtins::args::{
    bool_type, kind_list_type, record, same_kind_list_type, string, string_type,
};
use crate::rule::builtins::graph::{Direction, cited_by, cites, cycle, reachable, references_to};
use crate::rule::builtins::{facts, written};
use crate::rule::runtime::{
    Dependency, ELEMENT_COST, EvalError, Function, FunctionParam, Type, Value, doc, function, method,
};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "records",
        &[FunctionParam::Kind],
        |args| kind_list_type(args, 0),
        |cx, args| Ok(Value::Records(cx.catalog.of_kind(string(&args[0])?))),
        doc("all records of a kind", r#"records("kpi") == ["churn"]"#),
    )
    .depends_on(Dependency::AllOfKind),
    function(
        "records_below",
        &[FunctionParam::Kind, FunctionParam::String],
        |args| kind_list_type(args, 0),
        |cx, args| Ok(Value::Records(cx.catalog.of_kind_below(string(&args[0])?, string(&args[1])?))),
        doc(
            "the records of a kind whose paths begin with a text: much faster than a filter of `records` by path",
            r#"size(records_below("decision", "docs/")) == size(records("decision").filter(d, d.path.startsWith("docs/")))"#,
        ),
    )
    .depends_on(Dependency::AllOfKind),
    function(
        "named",
        &[FunctionParam::Kind, FunctionParam::String],
        |args| kind_list_type(args, 0),
        |cx, args| Ok(Value::Records(cx.catalog.named(string(&args[0])?, string(&args[1])?))),
        doc(
            "the records of a kind with a name, in any case and spelling",
            r#"named("person", "ada BYRON") == ["ada"]"#,
        ),
    )
    .depends_on(Dependency::AllOfKind),
    function(
        "in_use",
        &[FunctionParam::Kind],
        bool_type,
        |cx, args| {
            let used = |kind: &Value| kind.as_text().is_some_and(|kind| cx.catalog.has_all_of(kind));
            Ok(Value::Bool(args.iter().any(used)))
        },
        doc(
            "true if there is a record of one of these kinds, other than in a partial list such as that of maintainers",
            r#"in_use("kpi", "forum") && !in_use("forum")"#,
        ),
    )
    .variadic(),
    function(
        "adopted",
        &[],
        bool_type,
        |cx, _| Ok(Value::Bool(cx.catalog.is_adopted())),
        doc("true if the repository has a configuration or a record in the program's own form", "adopted()"),
    ),
    function(
        "has_files",
        &[FunctionParam::GlobString],
        bool_type,
        |cx, args| {
            cx.step(cx.catalog.snapshot().files().len() / 16)?;
            let glob = LazyGlob::parse(string(&args[0])?).map_err(|_| EvalError::Indeterminate)?;
            Ok(Value::Bool(cx.catalog.has_path(&glob)))
        },
        doc(
            "true if a path or glob, from the repository's root, matches a file; a folder matches the files in it",
            r#"has_files("docs/**/*.md") && has_files("docs/adr") && !has_files("docs/*.md")"#,
        )
        .not_judged("indeterminate if the string is no glob"),
    )
    .depends_on(Dependency::Paths),
    method(
        "location",
        &[FunctionParam::Record],
        string_type,
        |cx, args| {
            let record = record(&args[0])?;
            if record.is_sole_record {
                return Ok(Value::string(&*record.path));
            }
            let source = cx.catalog.file_of(record).source();
            let line = source.position(record.name_span.start as usize).line;
            Ok(Value::String(format!("{}:{line}", record.path).into()))
        },
        doc(
            "the path of the file, with the line of the record if the file holds several, as `alignlint rename` takes it",
            r#"record.location() == "governance/decisions.yaml:2" && named("kpi", "churn")[0].location() == "governance/kpis.yaml""#,
        ),
    ),
    method(
        "series_folder",
        &[FunctionParam::Record],
        string_type,
        |_, args| Ok(Value::String(record(&args[0])?.series_folder().to_owned().into())),
        doc(
            "the folder in which the pages of its series are, with `/` at the end: its own, or `docs/adr/` for `docs/adr/billing/0001-money.md` where the folders in it share one series of numbers",
            r#"record.series_folder() == "governance/""#,
        ),
    ),
    method(
        "is_used",
        &[FunctionParam::Record],
        bool_type,
        |cx, args| facts::is_used(cx, record(&args[0])?),
        doc("true if a text outside the glossary uses the term", r#"records("term").all(t, t.is_used())"#)
            .not_judged("absent for records of other kinds"),
    )
    .depends_on(Dependency::Everything),
    method(
        "cited_by",
        &[FunctionParam::Record, FunctionParam::Kind, FunctionParam::FieldPath],
        |args| kind_list_type(args, 1),
        cited_by,
        doc(
            "the records that refer to this one; optionally only those of a kind, or through a field",
            r#"record.cited_by("decision", "supersedes") == ["D-2"]"#,
        ),
    )
    .required(1)
    .depends_on(Dependency::Referencing),
    method(
        "cites",
        &[FunctionParam::Record, FunctionParam::Kind, FunctionParam::OwnFieldPath],
        |args| kind_list_type(args, 1),
        cites,
        doc(
            "the records that this one refers to; optionally only those of a kind, or through a field",
            r#"record.cites() == ["head-of-sales", "churn"] && record.cites("kpi") == ["churn"]"#,
        ),
    )
    .required(1)
    .depends_on(Dependency::Referenced(1)),
    method(
        "references_to",
        &[FunctionParam::Record, FunctionParam::Kind],
        |_| Type::list(Type::Fact(&facts::REFERENCE)),
        references_to,
        doc(
            "the references in its fields that name a record of one of these kinds: much faster than a filter of `references`",
            r#"record.references_to("role", "kpi").size() == 2 && record.references_to("person") == []"#,
        ),
    )
    .variadic()
    .depends_on(Dependency::Referenced(1)),
    method(
        "ancestors",
        &[FunctionParam::Record, FunctionParam::FieldPath],
        same_kind_list_type,
        |cx, args| Ok(reachable(cx, record(&args[0])?, string(&args[1])?, Direction::Up)?.into()),
        doc(
            "the records reached by following a field, or a path such as `people.lead`, repeatedly, nearest first; at most 100 steps away",
            r#"named("person", "bo")[0].ancestors("reports-to") == ["ada"]"#,
        ),
    )
    .depends_on(Dependency::TransitiveField),
    method(
        "descendants",
        &[FunctionParam::Record, FunctionParam::FieldPath],
        same_kind_list_type,
        |cx, args| Ok(reachable(cx, record(&args[0])?, string(&args[1])?, Direction::Down)?.into()),
        doc(
            "the records that refer to this one through a field, directly or indirectly, nearest first; at most 100 steps away",
            r#"record.descendants("supersedes") == ["D-2"]"#,
        ),
    )
    .depends_on(Dependency::TransitiveField),
    method(
        "in_cycle",
        &[FunctionParam::Record, FunctionParam::FieldPath],
        bool_type,
        |cx, args| {
            let record = record(&args[0])?;
            Ok(Value::Bool(cx.catalog.in_cycles(string(&args[1])?)[record.number as usize]))
        },
        doc("true if following a field leads back to this record", r#"!record.in_cycle("supersedes")"#),
    )
    .depends_on(Dependency::TransitiveField),
    method(
        "cycle",
        &[FunctionParam::Record, FunctionParam::FieldPath],
        same_kind_list_type,
        |cx, args| Ok(cycle(cx, record(&args[0])?, string(&args[1])?)?.into()),
        doc(
            "the records on the shortest cycle along a field, this one first; empty if it is longer than 100",
            r#"record.cycle("supersedes") == []"#,
        ),
    )
    .depends_on(Dependency::TransitiveField),
    method(
        "namesakes",
        &[FunctionParam::Record],
        same_kind_list_type,
        |cx, args| {
            let duplicates: Vec<_> = cx.catalog.duplicates(record(&args[0])?).collect();
            cx.step(duplicates.len() * ELEMENT_COST)?;
            Ok(duplicates.into())
        },
        doc("the other records of the kind with the same identifier", "record.namesakes() == []"),
    )
    .depends_on(Dependency::Duplicates),
    method(
        "filed_as",
        &[FunctionParam::Record, FunctionParam::String],
        same_kind_list_type,
        |cx, args| {
            let filed: Vec<_> = cx.catalog.filed_as(record(&args[0])?, string(&args[1])?).collect();
            cx.step(filed.len() * ELEMENT_COST)?;
            Ok(filed.into())
        },
        doc(
            "the other records of the kind whose file names have an identifier; of those whose names have none, the ones that state it inside",
            r#"record.filed_as("D-2") == ["D-2"] && record.filed_as("D-1") == []"#,
        ),
    )
    .depends_on(Dependency::AllOfKind),
    method(
        "free_id",
        &[FunctionParam::Record],
        string_type,
        |cx, args| {
            let record = record(&args[0])?;
            cx.step(cx.catalog.of_kind_below(&record.kind.name, record.series_folder()).len())?;
            cx.catalog.free_id(record).map(|id| Value::String(id.into())).ok_or(EvalError::Absent)
        },
        doc(
            "an identifier of the record's series that neither a record nor a file has, also on other branches",
            r#"record.free_id() == "D-4""#,
        )
        .not_judged("absent if the identifier has no number"),
    )
    .depends_on(Dependency::Everything),
    method(
        "states",
        &[FunctionParam::Record, FunctionParam::Field],
        bool_type,
        |_, args| Ok(Value::Bool(record(&args[0])?.field(string(&args[1])?).is_some())),
        doc(
            "true if the record states a field; unlike `has`, also where its format need not have a place for it",
            r#"record.states("status") && records("decision").exists(d, !d.states("topic"))"#,
        ),
    ),
    method(
        "written",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        string_type,
        |cx, args| written::value(cx, &args[0], string(&args[1])?),
        doc(
            "the value of a field in the words of the file: `Last Call` of a format that has this word for `proposed`",
            r#"record.written("status") == "accepted" && records("decision").exists(d, d.written("status") == "Accepted")"#,
        )
        .not_judged("absent if there is no such field"),
    ),
    method(
        "word_for",
        &[FunctionParam::Record, FunctionParam::Field, FunctionParam::String],
        string_type,
        |_, args| {
            let (field, value) = (string(&args[1])?, string(&args[2])?);
            Ok(Value::string(written::word_for(record(&args[0])?, field, value).to_owned()))
        },
        doc(
            "the word of the record's format for a value of a field; the value itself if the format has none",
            r#"record.word_for("status", "superseded") == "superseded""#,
        ),
    ),
    method(
        "can_state",
        &[FunctionParam::Record, FunctionParam::Field],
        bool_type,
        |_, args| Ok(Value::Bool(written::can_state(record(&args[0])?, string(&args[1])?))),
        doc(
            "true if the record's format has a place for a field",
            r#"record.can_state("topic") && records("decision").exists(d, !d.can_state("topic"))"#,
        ),
    ),
    method(
        "names",
        &[FunctionParam::Record, FunctionParam::String],
        bool_type,
        |cx, args| Ok(Value::Bool(cx.catalog.is_named(record(&args[0])?, string(&args[1])?))),
        doc("true if a string names this record", r#"record.owners[0].names("ADA byron")"#),
    )
    .depends_on(Dependency::Duplicates),
    method(
        "held_to",
        &[FunctionParam::Record, FunctionParam::String],
        bool_type,
        |_, args| Ok(Value::Bool(record(&args[0])?.practice(string(&args[1])?).is_some())),
        doc(
            "true if the record is held to a practice: a record in the program's own form always, one of a foreign format if its profile or the configuration names the practice",
            r#"record.held_to("date") && records("decision").exists(d, !d.held_to("date"))"#,
        ),
    )
    .depends_on(Dependency::Identity),
    method(
        "place",
        &[FunctionParam::Record, FunctionParam::String],
        string_type,
        |cx, args| {
            let record = record(&args[0])?;
            let source = cx.catalog.file_of(record).source();
            Ok(Value::string(record.place(string(&args[1])?, source)))
        },
        doc(
            "where the record's format states a field, in words; for `owner`, where it names who is accountable, for `review-due`, where it says when it is reviewed next",
            r#"record.place("owner") == "under `owner`""#,
        ),
    ),
];
