//! Members that are computed rather than read from the file: `record.live`, `file.links`, `period.end`. One table serves
//! the load-time check, the evaluation and the reference page.

use std::sync::LazyLock;

use ahash::HashMap;

use crate::calendar::Bound;
use crate::catalog::{IndexReach, Target, is_index_path};
use crate::rule::runtime::{
    Context, Dependency, ELEMENT_COST, EvalError, EvalResult, Member, ReceiverType, Type, Unresolved, Value,
    doc, member,
};

use super::args::{citing_file, file, owner as record, policy_file, unread_file};
use super::people::{accountable, accountable_type, holder};
use super::{citations, facts, fields, graph, history, index_page, keys, labels, pages, policy};

/// The member `name` of a value of type `of`, and its type.
pub(crate) fn find(of: &Type, name: &str) -> Option<(&'static Member, Type)> {
    let member = lookup(ReceiverType::of_type(of)?, name)?;
    Some((member, (member.ty)(of)))
}

/// The member `name` of a value whose type is known only at run time.
pub(crate) fn find_dynamic(value: &Value, name: &str) -> Option<&'static Member> {
    lookup(ReceiverType::of_value(value)?, name)
}

/// Returns true if a member reads who is accountable for a record.
pub(crate) fn is_accountable(member: &Member) -> bool {
    member.owner == ReceiverType::Record && matches!(member.name, "owner" | "owners")
}

fn lookup(owner: ReceiverType, name: &str) -> Option<&'static Member> {
    static BY_NAME: LazyLock<HashMap<(ReceiverType, &str), &Member>> =
        LazyLock::new(|| MEMBERS.iter().map(|member| ((member.owner, member.name), member)).collect());
    BY_NAME.get(&(owner, name)).copied()
}

pub(crate) fn names(of: &Type) -> impl Iterator<Item = &'static str> {
    let owner = ReceiverType::of_type(of);
    MEMBERS.iter().filter(move |member| Some(member.owner) == owner).map(|member| member.name)
}

/// The member `name` (kebab-case) of a record, item, fact or change.
pub(crate) fn select<'a>(cx: &Context<'a>, operand: &Value<'a>, name: &str) -> EvalResult<'a> {
    match operand {
        Value::Record(record) => fields::field(cx, record, name),
        Value::Item(item) if name == "record" => Ok(Value::Record(item.record)),
        Value::Item(item) => fields::shaped_field(cx, item.record, item.node, item.shape, name),
        Value::Reference(reference) => facts::reference_member(cx, reference, name),
        Value::Fact(fact) => {
            let member = fact.members.iter().find(|(member, _)| *member == name);
            member.map(|(_, value)| value.clone()).ok_or(EvalError::Absent)
        }
        Value::Change(change) => history::member(cx, change, name),
        Value::Null => Err(EvalError::Absent),
        Value::Unresolved(unresolved) => Err(unresolved.error()),
        _ => Err(EvalError::Indeterminate),
    }
}

/// All members, in the order of the reference page.
pub(crate) static MEMBERS: &[Member] = &[
    member(
        ReceiverType::Record,
        "id",
        |_| Type::String,
        |_, value| Ok(Value::string(&*record(value)?.id)),
        doc("the identifier", r#"record.id == "D-1""#),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "title",
        |_| Type::String,
        |_, value| record(value)?.stated_title().map(Value::string).ok_or(EvalError::Absent),
        doc("the title", r#"record.title == "Charge for each site""#)
            .not_judged("absent if the record has none"),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "kind",
        |_| Type::String,
        |_, value| Ok(Value::string(&*record(value)?.kind.name)),
        doc("the name of the kind", r#"record.kind == "decision""#),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "path",
        |_| Type::String,
        |cx, value| Ok(Value::string(&**cx.catalog.file_of(record(value)?).path())),
        doc("the path of the file", r#"record.path == "governance/decisions.yaml""#),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "profile",
        |_| Type::String,
        |_, value| Ok(Value::string(record(value)?.format_name())),
        doc(
            "the name of the foreign format that it was read from; `schema` in a file that names the schema of another program; empty for the program's own",
            r#"records("decision").exists(d, d.profile == "nygard")"#,
        ),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "file_id",
        |_| Type::String,
        |_, value| record(value)?.file_id.as_deref().map(Value::string).ok_or(EvalError::Absent),
        doc(
            "the identifier in the file's name",
            r#"records("decision").exists(d, has(d.file_id) && d.file_id == "0001")"#,
        )
        .not_judged("absent if the name contains none"),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "live",
        |_| Type::Bool,
        |cx, value| fields::live(cx, record(value)?),
        doc(
            "true if the record is active: its status is one of `x-live`, or unknown or absent in the program's own format, or its kind has no status",
            "record.live",
        )
        .not_judged("absent if a record of a foreign format has no status, and unreadable if the kind does not have its status"),
    ),
    member(
        ReceiverType::Record,
        "created",
        |_| Type::Date,
        |cx, value| {
            let record = record(value)?;
            match fields::field(cx, record, "created") {
                Err(EvalError::Absent | EvalError::Indeterminate) => history::created(cx, record),
                stated => stated,
            }
        },
        doc(
            "the field `created`, or the date of the commit that added the record",
            r#"record.created == date("2026-08-03")"#,
        )
        .not_judged("indeterminate without a history, and if a shallow clone does not contain the commit"),
    ),
    member(
        ReceiverType::Record,
        "status_since",
        |_| Type::Date,
        |cx, value| fields::status_since(cx, record(value)?),
        doc(
            "the date since which the record has its status: that of the commit that changed it; if the record was added \
             with it, the earlier of that date and the one in the record that its format names",
            r#"record.status_since == date("2026-09-08")"#,
        )
        .not_judged("absent without a status; indeterminate if neither the history nor the record tells, and if a shallow clone does not contain the commit"),
    ),
    member(
        ReceiverType::Record,
        "last_active",
        |_| Type::Date,
        |cx, value| history::last_active(cx, record(value)?),
        doc(
            "the date of the last commit that a person made or is named in",
            r#"record.owners[0].last_active == date("2026-09-08")"#,
        )
        .not_judged("absent if there is none; indeterminate without a history"),
    ),
    member(
        ReceiverType::Record,
        "resolved",
        |_| Type::Bool,
        |_, value| match value {
            Value::Unresolved(unresolved @ Unresolved { reference: Some(reference), .. })
                if matches!(reference.target, Target::Inconclusive | Target::Unused) =>
            {
                Err(unresolved.error())
            }
            Value::Unresolved(Unresolved { reference: Some(reference), .. }) => {
                Ok(Value::Bool(reference.target == Target::Elsewhere))
            }
            value => Ok(Value::Bool(matches!(value, Value::Record(_)))),
        },
        doc("true for a record, false for a reference that names none", "record.owner.resolved")
            .not_judged("indeterminate if a file that can't be read may contain the record"),
    ),
    member(
        ReceiverType::Record,
        "owner",
        |_| accountable_type(),
        |cx, value| {
            let references = accountable(cx, record(value)?)?;
            references.first().map(|reference| cx.resolve(*reference)).ok_or(EvalError::Absent)
        },
        doc("the first accountable person, role or team", r#"record.owner == "head-of-sales""#)
            .not_judged("absent if there is none; indeterminate if the record's format can't state one"),
    )
    .depends_on(Dependency::Referenced(1)),
    member(
        ReceiverType::Record,
        "owners",
        |_| Type::list(accountable_type()),
        |cx, value| {
            let references = accountable(cx, record(value)?)?;
            let owners = references.into_iter().map(|reference| holder(cx, cx.resolve(reference)));
            Ok(Value::list(owners.collect()))
        },
        doc("all who are accountable; a role is replaced by its holder", r#"record.owners == ["ada"]"#)
            .not_judged("indeterminate if the record's format can't state one"),
    )
    .depends_on(Dependency::Referenced(2)),
    member(
        ReceiverType::Record,
        "review_due",
        |_| Type::Date,
        |cx, value| fields::review_due(cx, record(value)?),
        doc(
            "the day on which the next review of the record is due: as stated, or counted from the last one, by the fields under `x-review` of its kind; under `at`, the field that it comes from",
            "!has(record.review_due)",
        )
        .not_judged("absent if neither is stated; indeterminate if the record's format can't state them"),
    ),
    member(
        ReceiverType::Record,
        "violations",
        |_| Type::list(Type::Fact(&facts::VIOLATION)),
        |cx, value| facts::violations(cx, record(value)?),
        doc("the violations of the kind's schema", "record.violations == []"),
    ),
    member(
        ReceiverType::Record,
        "still_excuses",
        |_| Type::Bool,
        |cx, value| {
            let used = cx.input.is_exception_used(record(value)?.number);
            used.map(Value::Bool).ok_or(EvalError::Absent)
        },
        doc("true if an exception suppresses a finding", r#"records("exception")[0].still_excuses"#)
            .not_judged("absent for other kinds, and under the conditions of `used` of an ignore comment"),
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::Record,
        "scopes",
        |_| Type::list(Type::Fact(&facts::SCOPE)),
        |cx, value| facts::scopes(cx, record(value)?),
        doc(
            "the parts of the scope of an exception from a rule of the program; empty for other records",
            r#"records("exception")[0].scopes.size() == 1"#,
        ),
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::Record,
        "cycles",
        |_| Type::list(Type::Fact(&graph::CYCLE)),
        |cx, value| graph::cycles(cx, record(value)?),
        doc(
            "the cycles through fields with `x-acyclic: true`, each at the last of its records",
            "record.cycles == []",
        ),
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::Record,
        "references",
        |_| Type::list(Type::Fact(&facts::REFERENCE)),
        |cx, value| {
            let record = record(value)?;
            let count = cx.catalog.references(record).len();
            cx.step(count * ELEMENT_COST)?;
            Ok(Value::References(record, count))
        },
        doc("the references in its fields", "record.references.size() == 2"),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "keys",
        |_| Type::list(Type::Fact(&keys::KEY)),
        |cx, value| keys::all(cx, record(value)?),
        doc(
            "the keys of the record as written, in the order of the file; empty for the row of a table",
            r#"record.keys[1].name == "title" && record.keys[1].index == 1"#,
        ),
    ),
    member(
        ReceiverType::Record,
        "misspelt_labels",
        |_| Type::list(Type::Fact(&pages::SECTION)),
        |cx, value| labels::misspelt(cx, record(value)?),
        doc(
            "the keys above and the lines below the title of a page of which no field takes the value, and which can only be a misspelling of one that the record does not state",
            "record.misspelt_labels == []",
        ),
    ),
    member(
        ReceiverType::Record,
        "sections",
        |_| Type::list(Type::Fact(&pages::SECTION)),
        |cx, value| pages::sections(cx, record(value)?),
        doc(
            "the sections of a page with one record, and the fields that they state; empty for other records",
            "record.sections == []",
        ),
    ),
    member(
        ReceiverType::Record,
        "file",
        |_| Type::File,
        |cx, value| Ok(Value::File(cx.catalog.file_of(record(value)?))),
        doc("the file of the record", "record.file.path == record.path"),
    )
    .depends_on(Dependency::Identity),
    member(
        ReceiverType::Record,
        "newer_namesakes",
        |_| Type::list(Type::Fact(&facts::NEWER)),
        |cx, value| facts::newer_namesakes(cx, record(value)?),
        doc(
            "the records with the same identifier that the revision of `--since` has gained since the merge base, if the change adds this one; in other files",
            "record.newer_namesakes == []",
        ),
    )
    .depends_on(Dependency::Duplicates),
    member(
        ReceiverType::File,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**file(value)?.path())),
        doc("the path of the file", r#"file.path == "governance/decisions.yaml""#),
    ),
    member(
        ReceiverType::File,
        "folder",
        |_| Type::String,
        |_, value| {
            let path = &**file(value)?.path();
            Ok(Value::string(&path[..path.rfind('/').map_or(0, |slash| slash + 1)]))
        },
        doc("the path of its folder, with `/` at the end; empty at the root", r#"file.folder == "governance/""#),
    ),
    member(
        ReceiverType::File,
        "index",
        |_| Type::list(Type::Fact(&index_page::ENTRY)),
        index_page::entries,
        doc(
            "the entries of a page that lists records: rows of tables, items of lists, and lines that begin with a link",
            "file.index.size() == 3",
        ),
    )
    .depends_on(Dependency::Everything),
    member(
        ReceiverType::File,
        "governed",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(file(value)?.must_contain_record)),
        doc("true if the file should contain records or a record", "file.governed"),
    ),
    member(
        ReceiverType::File,
        "overview",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(file(value)?.index == Some(IndexReach::Records))),
        doc("true for a page above folders of records that introduces more than them", "!file.overview"),
    ),
    member(
        ReceiverType::File,
        "lists",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(is_index_path(file(value)?.path()))),
        doc("true for a page whose name says that it lists the records beside or below it", "!file.lists"),
    ),
    member(
        ReceiverType::File,
        "notes",
        |_| Type::list(Type::Fact(&facts::NOTE)),
        |_, value| facts::notes(value),
        doc("the parts that are written like records and are not read", "file.notes.size() == 1"),
    ),
    member(
        ReceiverType::File,
        "problems",
        |_| Type::list(Type::Fact(&facts::PROBLEM)),
        facts::problems,
        doc("what could not be parsed", "file.problems.size() == 1"),
    ),
    member(
        ReceiverType::File,
        "links",
        |_| Type::list(Type::Fact(&facts::LINK)),
        facts::links,
        doc("the links of a page, without those that are unknown references", "file.links.size() == 1"),
    )
    .depends_on(Dependency::LinkTargets),
    member(
        ReceiverType::File,
        "text",
        |_| Type::String,
        |_, value| Ok(Value::string(file(value)?.source().text())),
        doc("the whole text", r###"file.text.contains("## Status")"###),
    ),
    member(
        ReceiverType::File,
        "body",
        |_| Type::Fact(&pages::PASSAGE),
        |_, value| pages::body(value),
        doc("the text of a page below its front matter", r###"file.body.text.trim().startsWith("# 1.")"###),
    ),
    member(
        ReceiverType::File,
        "headings",
        |_| Type::list(Type::Fact(&pages::HEADING)),
        pages::headings,
        doc(
            "the headings of a page, without those in quotes and lists",
            r#"file.headings.exists(h, h.level == 2 && h.title == "Status")"#,
        ),
    ),
    member(
        ReceiverType::File,
        "prose",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        pages::prose,
        doc(
            "the visible text of a page, in passages: without code, addresses, HTML and front matter",
            r#"file.prose.exists(p, p.text.contains("All clients"))"#,
        ),
    ),
    member(
        ReceiverType::File,
        "addresses",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.addresses),
        doc(
            "the web addresses in the text of a page that are not marked as links",
            r#"file.addresses[0].text == "https://adr.github.io""#,
        ),
    ),
    member(
        ReceiverType::File,
        "code",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.code),
        doc("the code in the text of a page, without backticks", r#"file.code[0].text == "alignlint""#),
    ),
    member(
        ReceiverType::File,
        "code_blocks",
        |_| Type::list(Type::Fact(&pages::CODE_BLOCK)),
        pages::code_blocks,
        doc("the fenced code blocks of a page", "file.code_blocks.size() == 1"),
    ),
    member(
        ReceiverType::File,
        "html",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.html),
        doc(
            "the blocks of HTML of a page, and the tags and comments in its text",
            r#"file.html.exists(h, h.text.startsWith("<!-- alignlint: "))"#,
        ),
    ),
    member(
        ReceiverType::File,
        "comments",
        |_| Type::list(Type::Fact(&pages::PASSAGE)),
        |cx, value| pages::passages(cx, value, |page| &page.comments),
        doc("the HTML comments of a page", "file.comments.size() == 1"),
    ),
    member(
        ReceiverType::File,
        "ignores",
        |_| Type::list(Type::Fact(&facts::IGNORE)),
        facts::ignores,
        doc("the ignore comments", "file.ignores.size() == 1"),
    ),
    member(
        ReceiverType::File,
        "terms",
        |_| Type::list(Type::Fact(&facts::TERM)),
        facts::terms,
        doc("the uses of terms of the glossary in prose", "file.terms.size() == 1"),
    )
    .depends_on(Dependency::Vocabulary),
    member(
        ReceiverType::PolicyFile,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**policy_file(value)?.source.path())),
        doc("the path of the file", r#"file.path == "alignlint.yaml""#),
    ),
    member(
        ReceiverType::PolicyFile,
        "changes",
        |_| Type::list(Type::Fact(&policy::CHANGED)),
        policy::changes,
        doc("how the file differs from the base policy", "file.changes.size() == 1"),
    ),
    member(
        ReceiverType::PolicyFile,
        "lost",
        |_| Type::list(Type::Fact(&policy::LOST)),
        policy::lost,
        doc("the records of the base of a change that the file held or hides", "file.lost.size() == 1"),
    ),
    member(
        ReceiverType::PolicyFile,
        "faults",
        |_| Type::list(Type::Fact(&policy::FAULT)),
        policy::faults,
        doc("why the policy of the checked state can't be used", "file.faults.size() == 1"),
    ),
    member(
        ReceiverType::PolicyFile,
        "entries",
        |_| Type::list(Type::Fact(&policy::ENTRY)),
        policy::entries,
        doc("the entries of the baseline; empty without `after-triage: true`", "file.entries.size() == 1"),
    ),
    member(
        ReceiverType::CitingFile,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**citing_file(value)?.path())),
        doc("the path of the file", r#"file.path == "src/sites.py""#),
    ),
    member(
        ReceiverType::CitingFile,
        "citations",
        |_| Type::list(Type::Fact(&citations::CITATION)),
        citations::citations,
        doc("the citations of records in comments and prose", "file.citations.size() == 1"),
    ),
    member(
        ReceiverType::UnreadFile,
        "path",
        |_| Type::String,
        |_, value| Ok(Value::string(&**unread_file(value)?.source.path())),
        doc("the path of the first file", r#"file.path == "governance/offsite.md""#),
    ),
    member(
        ReceiverType::UnreadFile,
        "paths",
        |_| Type::list(Type::String),
        |_, value| Ok(Value::list(unread_file(value)?.paths.iter().map(|path| Value::string(&**path)).collect())),
        doc("the paths of all files of the folder that are not read for the same reason", "file.paths == [file.path]"),
    ),
    member(
        ReceiverType::UnreadFile,
        "folder",
        |_| Type::String,
        |_, value| Ok(Value::string(&*unread_file(value)?.folder)),
        doc("the folder of the records", r#"file.folder == "governance""#),
    ),
    member(
        ReceiverType::UnreadFile,
        "reason",
        |_| Type::String,
        |_, value| Ok(Value::string(&*unread_file(value)?.refusal.reason)),
        doc("why they are not read", r#"file.reason.contains("status")"#),
    ),
    member(
        ReceiverType::UnreadFile,
        "message",
        |_| Type::String,
        |_, value| Ok(Value::string(unread_file(value)?.message())),
        doc("how many of how many files are not read, and why", r#"file.message.contains(file.reason)"#),
    ),
    member(
        ReceiverType::UnreadFile,
        "certain",
        |_| Type::Bool,
        |_, value| Ok(Value::Bool(unread_file(value)?.is_certain)),
        doc("false where pages of a community may lack it by habit, and nothing here is in the program's own form", "file.certain"),
    ),
    member(
        ReceiverType::UnreadFile,
        "help",
        |_| Type::String,
        |_, value| unread_file(value)?.refusal.help.as_deref().map(Value::string).ok_or(EvalError::Absent),
        doc("what to do about it. *Not judged:* absent if there is no specific help", "!has(file.help)"),
    ),
    member(
        ReceiverType::Group,
        "key",
        |of| if let Type::Group { key, .. } = of { (**key).clone() } else { Type::Any },
        |_, value| {
            if let Value::Group(group) = value { Ok(group.key.clone()) } else { Err(EvalError::Absent) }
        },
        doc("the value of `group-by`; a list if `group-by` is one", r#"group.key == "pricing""#),
    ),
    member(
        ReceiverType::Group,
        "records",
        |of| if let Type::Group { kinds, .. } = of { Type::list(Type::Record(kinds.clone())) } else { Type::list(Type::Any) },
        |_, value| match value {
            Value::Group(group) => Ok(Value::list(group.records.iter().map(|&r| Value::Record(r)).collect())),
            _ => Err(EvalError::Absent),
        },
        doc("the records of the group", "group.records.size() == 2"),
    ),
    member(
        ReceiverType::Entry,
        "key",
        |of| if let Type::Entry(key, ..) = of { (**key).clone() } else { Type::Any },
        |cx, value| match value {
            Value::Entry(entry) => Ok(fields::key(cx, *entry)),
            _ => Err(EvalError::Absent),
        },
        doc(
            "the key; a record, if the kind says that the keys of the mapping are references",
            r#"entries(record.actions[0])[0].key == "what""#,
        ),
    )
    .depends_on(Dependency::Referenced(1)),
    member(
        ReceiverType::Entry,
        "value",
        |of| if let Type::Entry(_, value, _) = of { (**value).clone() } else { Type::Any },
        |cx, value| match value {
            Value::Entry(entry) => fields::entry_value(cx, *entry),
            _ => Err(EvalError::Absent),
        },
        doc("the value", r#"entries(record.actions[0])[0].value == "Tell the customers""#)
            .not_judged("absent if it is empty"),
    )
    .depends_on(Dependency::Referenced(1)),
    member(
        ReceiverType::Period,
        "start",
        |_| Type::Date,
        |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::Date(period.start))
            } else {
                Err(EvalError::Absent)
            }
        },
        doc("the first day", r#"period("2026-Q4").start == date("2026-10-01")"#),
    ),
    member(
        ReceiverType::Period,
        "end",
        |_| Type::Date,
        |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::Date(period.end))
            } else {
                Err(EvalError::Absent)
            }
        },
        doc("the last day", r#"period("2026-Q4").end == date("2026-12-31")"#),
    ),
    member(
        ReceiverType::Period,
        "text",
        |_| Type::String,
        |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::string(period.to_string()))
            } else {
                Err(EvalError::Absent)
            }
        },
        doc("the period as a string", r#"period("2026-Q4").text == "2026-Q4""#),
    ),
    member(
        ReceiverType::Amount,
        "number",
        |_| Type::Double,
        |_, value| {
            match value {
                Value::Amount(amount) if amount.to.is_none() => Ok(Value::Double(amount.value)),
                Value::Amount(_) => Err(EvalError::Indeterminate),
                _ => Err(EvalError::Absent),
            }
        },
        doc("the number", "record.kpis[0].target.number == 3").not_judged("indeterminate for a range"),
    ),
    member(
        ReceiverType::Amount,
        "unit",
        |_| Type::String,
        |_, value| {
            if let Value::Amount(amount) = value {
                Ok(Value::string(amount.unit.to_string()))
            } else {
                Err(EvalError::Absent)
            }
        },
        doc("the unit, in the singular, or the sign of a currency, such as `€` for `EUR`; empty if it has none", r#"record.kpis[0].target.unit == "%""#),
    ),
    member(
        ReceiverType::Amount,
        "bound",
        |_| Type::String,
        |_, value| {
            if let Value::Amount(amount) = value {
                let of_range = if amount.to.is_some() { ".." } else { "" };
                Ok(Value::string(amount.bound.map_or(of_range, Bound::sign).to_owned()))
            } else {
                Err(EvalError::Absent)
            }
        },
        doc(
            "`>=`, `>`, `<=` or `<` of a limit such as `>= 95%`, also in words such as `at least`; `..` of a range; else empty",
            r#"record.kpis[0].target.bound == """#,
        ),
    ),
];
