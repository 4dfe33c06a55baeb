use crate::rule::builtins::args::{people_type, string, string_type};
use crate::rule::builtins::{history, people};
use crate::rule::runtime::{Dependency, Function, FunctionParam, Type, doc, function, method};

pub(super) static FUNCTIONS: &[Function] = &[
    method(
        "history",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        |_| Type::list(Type::Fact(&history::CHANGE)),
        |cx, args| history::history(cx, &args[0], string(&args[1])?),
        doc(
            "the changes of a field, oldest first",
            r#"record.history("status").map(c, c.value) == ["draft", "accepted"]"#,
        )
        .not_judged("indeterminate without a history, and for a list item without an identifying field"),
    )
    .depends_on(Dependency::OrgChart),
    method(
        "changed",
        &[FunctionParam::RecordOrItem, FunctionParam::Field],
        |_| Type::Fact(&history::CHANGE),
        |cx, args| history::changed(cx, &args[0], string(&args[1])?),
        doc("the last change of a field", r#"record.changed("status").author == "bo""#)
            .not_judged("absent if the field never had a value; indeterminate as `history()`"),
    )
    .depends_on(Dependency::OrgChart),
    method(
        "people",
        &[FunctionParam::Record, FunctionParam::Field, FunctionParam::Fact(&history::CHANGE)],
        people_type,
        people::named_in,
        doc(
            "the people that a field names: people, holders of roles, leads and members of teams; \
             with a change, those just before the change",
            r#"record.people("owner") == ["ada"]"#,
        )
        .not_judged("indeterminate for a change that a shallow clone does not contain"),
    )
    .required(2)
    .depends_on(Dependency::OrgChart),
    method(
        "people",
        &[FunctionParam::Record, FunctionParam::Fact(&history::CHANGE)],
        people_type,
        people::members_of,
        doc(
            "the people of a person, role or team; with a change, those just before the change",
            r#"named("team", "sales")[0].people() == ["ada", "bo"]"#,
        )
        .not_judged("indeterminate for a change that a shallow clone does not contain"),
    )
    .required(1)
    .depends_on(Dependency::OrgChart),
    function(
        "who",
        &[FunctionParam::Any],
        string_type,
        people::names,
        doc(
            "a person, role or team, or a list of them, by their titles, a role with its holder; as written if the directory doesn't have them",
            r#"who(record.owner) == "Head of Sales (Ada Byron)""#,
        ),
    )
    .depends_on(Dependency::OrgChart),
    method(
        "superiors",
        &[FunctionParam::Record],
        people_type,
        people::superiors,
        doc(
            "the people above a person, role or team, nearest first",
            r#"named("person", "bo")[0].superiors() == ["ada"]"#,
        ),
    )
    .depends_on(Dependency::OrgChart),
];
