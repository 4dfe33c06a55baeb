//! Facts about records and files: schema violations, references, problems, links, ignore comments, terms; and files as facts:
//! those of a policy, those that cite records, and those that should be records and are not read.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{Catalog, CitingFile, IndexReach, LinkRemedy, SourceFile, Target};
use crate::input::{EntryUsage, LostRecords, PolicyChange, PolicyFile, ScopePart, UnreadFile};
use crate::kind::fold_name;
use crate::record::{Record, UnreadStatement};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, RecordReference, Str, Ty,
    Value,
};
use crate::schema::{Violation, did_you_mean};
use crate::suppression::HELP;
use crate::term::TERM as TERM_KIND;
use crate::text::{Source, Span};
use crate::value::{is_template_text, names_nothing, odd_character};

use super::fields;

pub(super) static VIOLATION: FactType = FactType::new(
    "a violation of a schema",
    &[(Ty::String, &["message", "type", "field", "value", "help", "nearest"])],
);

pub(super) static REFERENCE: FactType = FactType::new(
    "a reference",
    &[
        (Ty::String, &["text", "field", "kind", "unused", "nearest", "commit", "reason"]),
        (Ty::Bool, &["accountable", "owner", "resolved", "unheld"]),
        (Ty::Record, &["target"]),
        (Ty::Date, &["removed"]),
    ],
);

pub(super) static NEWER: FactType =
    FactType::new("a record of the base", &[(Ty::String, &["path", "title"])]);

/// The records that the base of a change has gained under the identifier of a record.
pub(super) fn newer_namesakes<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let newer = cx.input.newer_records(record);
    let facts = newer.iter().map(|newer| {
        let members =
            vec![("path", Value::string(&*newer.path)), ("title", Value::maybe(newer.title.as_deref()))];
        Fact::new(members, record.name_span, FactIdentity::Members(&["path"])).into()
    });
    Ok(Value::list(facts.collect()))
}

pub(super) static PROBLEM: FactType =
    FactType::new("a problem", &[(Ty::String, &["message", "level", "help"])]);

pub(super) fn problem<'a>(
    message: impl Into<Str<'a>>,
    level: &'static str,
    help: Option<impl Into<Str<'a>>>,
    span: Span,
) -> Fact<'a> {
    let (message, level) = (Value::string(message), Value::string(level));
    let members = vec![("message", message), ("level", level), ("help", Value::maybe(help))];
    Fact::new(members, span, FactIdentity::Words)
}

pub(super) static LINK: FactType = FactType::new(
    "a link",
    &[
        (Ty::String, &["path", "text", "before", "reason", "nearest", "commit"]),
        (Ty::Record, &["target"]),
        (Ty::Bool, &["image", "live"]),
        (Ty::Date, &["removed"]),
    ],
)
.searchable();

pub(super) static IGNORE: FactType = FactType::new(
    "an ignore comment",
    &[(Ty::String, &["rule", "message", "help"]), (Ty::Date, &["until"]), (Ty::Bool, &["used"])],
);

/// What an exception says of rules and records that can't be read, or that names two things; nothing of other records.
pub(super) fn problems_of_exception<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let Some(exception) = cx.input.exceptions().get(record.number) else {
        return Ok(Value::list(vec![]));
    };
    let parts = exception.parts();
    const HELP_OF_SCOPE: &str =
        "write `kind/id` for a record and `./path` for a file or folder; to cover everything, remove `scope`";
    let of_part = |part: &'a ScopePart| {
        let text = if part.text.is_empty() { "scope" } else { &part.text };
        let message = match &part.reading {
            Err(problem) => format!("`{}` covers nothing here: `{text}` {problem}", record.id),
            Ok(_) => return None,
        };
        Some(problem(message, "unread", Some(HELP_OF_SCOPE), part.span).into())
    };
    let unknown = || {
        let nearest = Some(&exception.rule).filter(|rule| !cx.input.has_rule(rule))?;
        let help = did_you_mean(cx.input.nearest_rule(nearest)?);
        let message = format!("`{}` is from an unknown rule `{}`", record.id, exception.rule);
        let span = record.field("rule").map_or(record.name_span, |rule| rule.span);
        Some(problem(message, "error", Some(help), span).into())
    };
    Ok(Value::list(parts.iter().filter_map(of_part).chain(unknown()).collect()))
}

pub(super) static TERM: FactType = FactType::new(
    "a use of a term",
    &[
        (Ty::String, &["text", "name", "status"]),
        (Ty::OneOf(&[TERM_KIND]), &["target"]),
        (Ty::Bool, &["plural"]),
    ],
);

pub(super) fn violations<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let violations = cx.catalog.violations(record);
    let source = cx.catalog.file_of(record).source();
    let facts = violations.iter().filter(|violation| !violation.is_limit()).map(|violation| {
        let value = source.slice(violation.span);
        let members = vec![
            ("message", message_as_written(violation, record, source)),
            ("type", Value::string(&*violation.keyword)),
            ("field", Value::string(&*violation.field)),
            ("value", Value::string(value)),
            ("help", Value::maybe(violation.help.as_deref())),
            ("nearest", Value::maybe(violation.suggestion.as_deref().filter(|meant| *meant != value))),
        ];
        // A missing field is reported at the record's name, or at the item that lacks it.
        let of_record = violation.pointer.matches('/').count() <= 1;
        let span = if violation.missing && of_record { record.name_span } else { violation.span };
        let (related, identity) = (violation.related.clone(), FactIdentity::Violation(violation));
        Fact { related, ..Fact::new(members, span, identity) }.into()
    });
    Ok(Value::list(facts.collect()))
}

/// The message with the field's name as the file spells it: `last-updated` for `updated`.
fn message_as_written<'a>(violation: &'a Violation, record: &Record, source: &Source) -> Value<'a> {
    let message = Value::string(&*violation.message);
    let Some((parent, field)) = violation.pointer.rsplit_once('/') else { return message };
    let parent = record.fields.pointer(parent).and_then(|node| node.as_mapping());
    let Some(entry) = parent.and_then(|mapping| mapping.entry(field)) else { return message };
    let written = source.slice(entry.key.span).trim_matches(['"', '\'']);
    // Formats without keys use the value's span.
    let has_key = !entry.key.span.is_empty() && entry.key.span != entry.value.span;
    let is_other = record.format.is_some() || fold_name(written) != fold_name(field);
    match has_key && is_other && !written.contains(['`', '\n']) {
        true => Value::string(violation.message.replacen(&format!("`{field}`"), &format!("`{written}`"), 1)),
        false => message,
    }
}

pub(super) fn reference_member<'a>(cx: &Context<'a>, of: &RecordReference<'a>, name: &str) -> EvalResult<'a> {
    let RecordReference { record, reference } = *of;
    match (name, reference.target) {
        // In the order in which most rules ask.
        ("target", Target::Record(id)) => Ok(Value::Record(cx.catalog.record(id))),
        ("field", _) => Ok(Value::string(reference.field())),
        ("accountable", _) => Ok(Value::Bool(reference.accountable)),
        ("owner", _) => {
            let first = record.kind.accountable.first();
            Ok(Value::Bool(first.is_some_and(|field| **field == *reference.field())))
        }
        ("text", _) => Ok(Value::string(of.text(cx.catalog))),
        ("kind", _) => Ok(match reference.kinds() {
            [] => Value::string("record"),
            [kind] => Value::string(&**kind),
            kinds => Value::string(kinds.join(" or ")),
        }),
        ("unused", _) => {
            let is_unused = |kind: &&Arc<str>| !cx.catalog.is_in_use(kind);
            let unused: Vec<&str> = reference.kinds.iter().filter(is_unused).map(|kind| &**kind).collect();
            if unused.is_empty() { Err(EvalError::Absent) } else { Ok(Value::string(unused.join(" or "))) }
        }
        ("unheld", target) => Ok(Value::Bool(target == Target::NotInBase)),
        ("resolved", Target::Record(_) | Target::Elsewhere) => Ok(Value::Bool(true)),
        ("resolved", Target::Unknown) => Ok(Value::Bool(false)),
        ("resolved", Target::Unused) => Err(EvalError::Unused),
        ("nearest" | "removed" | "commit", Target::Unknown) => {
            let found = remedy_members(cx.remedy(record, &reference)).into_iter().find(|it| it.0 == name);
            found.map(|(_, value)| value).ok_or(EvalError::Absent)
        }
        ("reason", Target::Unknown) => {
            let meant = cx.remedy(record, &reference).nearest;
            let odd = meant.and_then(|meant| odd_character(&reference.text, &meant));
            odd.map(Value::string).ok_or(EvalError::Absent)
        }
        _ => Err(EvalError::Absent),
    }
}

/// Where a path leads now, and the commit that moved or removed it.
pub(super) static REMEDY: FactType =
    FactType::new("a remedy", &[(Ty::String, &["nearest", "commit"]), (Ty::Date, &["created", "removed"])]);

pub(super) fn remedy<'a>(remedy: LinkRemedy) -> Fact<'a> {
    Fact::new(remedy_members(remedy), Span::default(), FactIdentity::Members(&[]))
}

/// Returns the members that a broken link and an unknown reference have in common.
fn remedy_members<'a>(remedy: LinkRemedy) -> Vec<(&'static str, Value<'a>)> {
    let nearest = remedy.nearest.map(|nearest| ("nearest", Value::string(nearest)));
    let removed = remedy.removed.into_iter().flat_map(|it| {
        let days = [("removed", Some(it.date)), ("created", it.added)].into_iter();
        let days = days.filter_map(|(name, day)| Some((name, Value::Date(day?))));
        days.chain([("commit", Value::string(it.commit.to_string()))])
    });
    nearest.into_iter().chain(removed).collect()
}

pub(super) fn problems<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    let problems = file.problems();
    let of_file = problems.iter().map(|it| {
        let level = match (it.fatal, it.tolerated) {
            (true, _) => "fatal",
            (_, true) => "warning",
            _ => "error",
        };
        let related = it.related.clone();
        let fact = problem(&*it.message, level, it.help.as_deref(), it.span);
        Fact { related, ..fact }.into()
    });
    // The limit is the same for each record of the file.
    let last_violation = |id| cx.catalog.violations(cx.catalog.record(id)).last();
    let limit = file.records.clone().filter_map(last_violation).find(|last| last.is_limit());
    let limit = limit.map(|last| problem(&*last.message, "error", None::<&str>, last.span).into());
    let notes = file.notes.iter();
    let notes = notes.map(|note| problem(&*note.message, "unread", note.help.as_deref(), note.span).into());
    let twins = cx.catalog.case_twins(file).map(|[first, other]| {
        let message = format!("`{other}` and `{first}` differ in case only");
        const HELP: &str = "rename one of them: on Windows and macOS they are one";
        problem(message, "case", Some(HELP), Span::at(0)).into()
    });
    Ok(Value::list(of_file.chain(limit).chain(notes).chain(twins).collect()))
}

pub(super) fn links<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    if file.document.markdown.as_deref().is_none_or(|page| page.links.is_empty()) {
        return Ok(Value::list(Vec::new()));
    }
    let records = cx.catalog.records_about(file);
    let live = !records.iter().any(|record| fields::is_closed(cx, record));
    // Unknown references are reported as references, not as links.
    let references = file.records.clone().flat_map(|id| cx.catalog.references(cx.catalog.record(id)));
    let unknown: HashSet<Span> = references
        .filter(|reference| reference.target == Target::Unknown)
        .map(|reference| reference.span)
        .collect();
    let mut links = cx.catalog.links(file);
    links.retain(|checked| !unknown.contains(&checked.link.destination_span));
    // Several links may share one definition: check it once.
    let mut defined: HashSet<Span> = HashSet::new();
    links.retain(|checked| checked.link.definition.is_none_or(|place| defined.insert(place)));
    let is_of_records = |destination: &str| {
        file.index != Some(IndexReach::Records) || cx.catalog.leads_among_records(file, destination)
    };
    let facts = links.into_iter().filter_map(|checked| {
        let (link, span) = (checked.link, checked.mistaken_span());
        let target = cx.catalog.record_at_link(file.path(), link);
        let mut members = vec![
            ("path", Value::string(&*link.destination)),
            ("text", Value::string(file.source().slice(link.text))),
            ("before", Value::string(before(file.source(), link.span))),
            ("image", Value::Bool(link.image)),
            ("live", Value::Bool(live)),
            ("target", target.map_or(Value::Null, Value::Record)),
        ];
        if let Some(broken) = checked.broken {
            let remedy = cx.catalog.link_remedy(file, &checked, cx.input.history());
            if !is_of_records(&link.destination) && !remedy.nearest.as_deref().is_some_and(is_of_records) {
                return None;
            }
            members.push(("reason", Value::string(broken.name())));
            members.extend(remedy_members(remedy));
        }
        let fact = Fact::new(members, span, FactIdentity::Members(&["path"]));
        Some(fact.with_text(file.source(), link.text).into())
    });
    Ok(Value::list(facts.collect()))
}

/// Returns the text before a place on its line.
fn before(source: &Source, place: Span) -> &str {
    // The most text before a place: that of all places on one long line would be its square.
    const MOST_BEFORE: usize = 10_000;
    let line = source.line_span(place.start as usize);
    let text = source.slice(Span { end: place.start, ..line });
    let start = (text.len().saturating_sub(MOST_BEFORE)..text.len()).find(|at| text.is_char_boundary(*at));
    start.map_or("", |start| &text[start..])
}

pub(super) fn ignores<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    let facts = file.ignores.iter().map(|ignore| {
        let (members, identity) = match &ignore.directive {
            Ok(terms) => {
                let place = (file.path().clone(), ignore.span);
                let used = cx.input.usage().and_then(|usage| usage.ignores.get(&place).copied());
                let unknown = (!cx.input.has_rule(&terms.rule)).then_some(&terms.rule);
                let message = unknown.map(|rule| format!("unknown rule `{rule}` in an ignore comment"));
                let help = unknown.map(|rule| match cx.input.nearest_rule(rule) {
                    Some(nearest) => did_you_mean(nearest),
                    None => "list all rules with `alignlint rules`".to_owned(),
                });
                let members = vec![
                    ("rule", Value::string(&*terms.rule)),
                    ("until", terms.until.map_or(Value::Null, Value::Date)),
                    ("used", used.map_or(Value::Null, Value::Bool)),
                    ("message", Value::maybe(message)),
                    ("help", Value::maybe(help)),
                ];
                (members, FactIdentity::Members(&["rule"]))
            }
            Err(malformed) => {
                let message = Value::string(format!("malformed ignore comment: {malformed}"));
                (vec![("message", message), ("help", Value::string(HELP))], FactIdentity::Words)
            }
        };
        Fact::new(members, ignore.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

/// Whether an exception suppresses a finding, or a text outside the glossary uses a term; nothing of other records.
pub(super) fn is_used<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    if &*record.kind.name == TERM_KIND {
        return Ok(Value::Bool(cx.input.vocabulary().is_used(cx.catalog, record.number)));
    }
    let used = cx.input.usage().and_then(|usage| usage.exceptions.get(&record.number).copied());
    used.map(Value::Bool).ok_or(EvalError::Absent)
}

pub(super) fn terms<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    // The words of such a page are not those of its records.
    if file.index == Some(IndexReach::Records) {
        return Ok(Value::list(Vec::new()));
    }
    let (found, source) = (cx.input.vocabulary().uses(cx.catalog, file), file.source());
    cx.step(source.text().len() / 16)?;
    let facts = found.into_iter().map(|found| {
        let text = source.slice(found.span);
        let members = vec![
            ("text", Value::string(text)),
            ("target", Value::Record(cx.catalog.record(found.term))),
            ("name", Value::string(cx.input.vocabulary().name(&found))),
            ("status", Value::string(found.status.name())),
            ("plural", Value::Bool(found.plural)),
        ];
        let identity = FactIdentity::Prose { text, sentence: source.slice(found.sentence) };
        Fact::new(members, found.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

pub(super) static STATEMENT: FactType =
    FactType::new("a statement", &[(Ty::String, &["text", "nearest", "type"]), (Ty::Int, &["number"])]);

/// Returns the statements that no field takes, each with the field that its label misspells, and the first text of a template. Of a record
/// that is not adopted, only misspelt labels: what else it states is its author's affair.
pub(super) fn statements<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let violations = cx.catalog.violations(record);
    let unfilled = violations.iter().filter(|it| it.is_unfilled());
    cx.step((record.unread.len() + violations.len()) * ELEMENT_COST)?;
    let is_reported = |one: &UnreadStatement| violations.iter().any(|it| it.span == one.span);
    let is_free = |one: &UnreadStatement| cx.catalog.config().is_free_label(&one.label);
    let open = record.unread.iter().filter(|one| !is_free(one) && !is_reported(one));
    let statements = open.filter_map(|one| statement(cx, record, one));
    Ok(Value::list(statements.chain(template_text(cx, record, unfilled)).collect()))
}

/// Returns the first field of a record that has no value, or still has the text of a template.
fn template_text<'a>(
    cx: &Context<'a>,
    record: &'a Record,
    unfilled: impl Iterator<Item = &'a Violation>,
) -> Option<Value<'a>> {
    let first = unfilled.min_by_key(|it| it.span.start)?;
    let text = cx.catalog.file_of(record).source().slice(first.span);
    let is_empty = text.trim().is_empty() || names_nothing(text) && !is_template_text(text);
    let ty = if is_empty { "empty" } else { "template" };
    Some(statement_fact(cx, record, (&first.field, 1, ty), None, first.span))
}

fn statement_fact<'a>(
    cx: &Context<'a>,
    record: &'a Record,
    (text, number, ty): (&'a str, usize, &'static str),
    nearest: Option<&'a str>,
    span: Span,
) -> Value<'a> {
    let members = vec![
        ("text", Value::string(text)),
        ("number", Value::Int(number as i64)),
        ("type", Value::string(ty)),
        ("nearest", Value::maybe(nearest)),
    ];
    let fact = Fact::new(members, span, FactIdentity::Members(&["text"]));
    fact.with_text(cx.catalog.file_of(record).source(), span).into()
}

fn statement<'a>(cx: &Context<'a>, record: &'a Record, one: &'a UnreadStatement) -> Option<Value<'a>> {
    // A label in as many records is reported once.
    const FEWEST_RECORDS: usize = 3;
    // A column stands above all rows.
    let has_same = |other: &&Record| other.unread.iter().any(|it| it.span == one.span);
    let mut of_file = cx.catalog.file_of(record).records.clone().map(|id| cx.catalog.record(id));
    let first = of_file.find(has_same);
    if first.is_some_and(|first| first.number != record.number) {
        return None;
    }
    let found = cx.catalog.unread_label(&one.label).filter(|it| it.records >= FEWEST_RECORDS);
    let is_repeated = found.is_some_and(|it| it.first != record.number);
    let nearest = one.nearest.as_deref();
    if nearest.is_none() && (!record.is_accounted_for() || is_repeated) {
        return None;
    }
    let records = found.map_or(1, |it| it.records);
    let unstated = record.unstated_field(&one.label).filter(|_| nearest.is_none());
    let ty = match unstated {
        Some(_) => "value",
        None if record.span.contains(one.span) => "label",
        None => "page",
    };
    Some(statement_fact(
        cx,
        record,
        (&one.label, records, ty),
        nearest.or(unstated.map(|field| &*field.name)),
        one.span,
    ))
}

pub static POLICY_FILE: FactType = FactType::new(
    "a policy file",
    &[
        (Ty::String, &["path"]),
        (Ty::List(&Ty::Fact(&CHANGED)), &["changes"]),
        (Ty::List(&Ty::Fact(&PROBLEM)), &["problems"]),
        (Ty::List(&Ty::Fact(&LOST)), &["records"]),
        (Ty::List(&Ty::Fact(&ENTRY)), &["ignores"]),
    ],
);

static CHANGED: FactType =
    FactType::new("a change of the policy", &[(Ty::String, &["part", "kind", "name", "status"])]);

static LOST: FactType = FactType::new("a loss of records", &[(Ty::String, &["name", "reason"])]);

static ENTRY: FactType = FactType::new(
    "an entry of the baseline",
    &[
        (Ty::String, &["rule", "record", "rewritten"]),
        (Ty::Date, &["until"]),
        (Ty::Bool, &["used"]),
        (Ty::Int, &["unused"]),
    ],
);

pub static CITING_FILE: FactType = FactType::new(
    "a citing file",
    &[(Ty::String, &["path"]), (Ty::List(&Ty::Fact(&CITATION)), &["references"])],
);

static CITATION: FactType =
    FactType::new("a citation", &[(Ty::String, &["text", "line"]), (Ty::Record, &["target"])]);

pub static UNREAD_FILE: FactType =
    FactType::new("an unread file", &[(Ty::String, &["path", "message", "help"])]);

fn file<'a>(mut members: Vec<(&'static str, Value<'a>)>, path: &'a str, span: Span) -> Value<'a> {
    members.insert(0, ("path", Value::string(path)));
    Fact::new(members, span, FactIdentity::Members(&["path"])).into()
}

pub(crate) fn of_policy(it: &PolicyFile) -> Value<'_> {
    let problems = it.faults.iter().map(|it| {
        let span = it.place.as_ref().map_or(Span::at(0), |place| place.span);
        problem(&*it.message, "error", it.help.as_deref(), span).into()
    });
    let members = vec![
        ("changes", Value::list(it.changes.iter().map(change).collect())),
        ("problems", Value::list(problems.collect())),
        ("records", Value::list(it.lost.iter().map(loss).collect())),
        ("ignores", Value::list(it.entries.iter().map(entry).collect())),
    ];
    file(members, it.source.path(), Span::at(0))
}

fn loss(it: &LostRecords) -> Value<'_> {
    let members =
        vec![("name", Value::string(&*it.names)), ("reason", Value::maybe(it.hidden_by.as_deref()))];
    Fact::new(members, it.span, FactIdentity::Members(&["name"])).into()
}

fn entry(it: &EntryUsage) -> Value<'_> {
    let members = vec![
        ("fingerprint", Value::string(it.fingerprint.to_string())),
        ("rule", Value::string(&*it.rule)),
        ("used", Value::Bool(it.is_used)),
        ("unused", Value::Int(it.unused as i64)),
        ("rewritten", Value::maybe(it.rewritten.as_deref())),
        ("record", Value::maybe(it.record.as_deref())),
        ("until", it.until.map_or(Value::Null, Value::Date)),
    ];
    Fact::new(members, it.span, FactIdentity::Members(&["fingerprint"])).into()
}

fn change(it: &PolicyChange) -> Value<'_> {
    let members = vec![
        ("now", Value::string(&*it.digest)),
        ("part", Value::string(it.part.name())),
        ("kind", Value::string(if &*it.item == "ignore" { "ignore comment" } else { &it.item })),
        ("name", Value::string(&*it.name)),
        ("status", Value::string(it.kind.name())),
        ("field", Value::string(format!("{}/{}", it.item, it.name))),
    ];
    Fact::new(members, it.span, FactIdentity::Members(&["now", "part"])).into()
}

pub(crate) fn of_citing<'a>(catalog: &'a Catalog, it: &'a CitingFile) -> Value<'a> {
    let source = it.source();
    let in_comments = it.citations.iter().filter(|citation| citation.in_comment);
    let facts = in_comments.map(|citation| {
        let target = citation.target.map(|number| Value::Record(catalog.record(number)));
        let members = vec![
            ("text", Value::string(source.slice(citation.span))),
            ("line", Value::string(source.slice(source.line_span(citation.span.start as usize)).trim())),
            ("target", target.unwrap_or(Value::Null)),
        ];
        Fact::new(members, citation.span, FactIdentity::Members(&["text"])).into()
    });
    file(vec![("references", Value::list(facts.collect()))], it.path(), Span::at(0))
}

pub(crate) fn of_unread(it: &UnreadFile) -> Value<'_> {
    let help = Value::maybe(it.refusal.help.as_deref());
    let members = vec![("message", Value::string(it.message())), ("help", help)];
    file(members, it.source.path(), it.span)
}
