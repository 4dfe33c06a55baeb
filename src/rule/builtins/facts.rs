//! Facts about records and files: schema violations, references, problems, links, ignore comments, terms.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{IndexReach, LinkRemedy, SourceFile, Target};
use crate::input::ScopePart;
use crate::kind::fold_name;
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, RecordReference,
    Str, Value,
};
use crate::schema::Violation;
use crate::suppression::Malformed;
use crate::term::TERM as TERM_KIND;
use crate::text::{Source, Span};

use super::fields;

pub(super) static VIOLATION: FactType = FactType::new(
    "a violation of a schema",
    &[(MemberType::String, &["message", "type", "field", "value", "help", "nearest"])],
);

pub(super) static REFERENCE: FactType = FactType::new(
    "a reference",
    &[
        (MemberType::String, &["text", "field", "kind", "unused", "nearest", "commit"]),
        (MemberType::Bool, &["accountable", "owner", "resolved", "unheld"]),
        (MemberType::Record, &["target"]),
        (MemberType::Date, &["removed"]),
    ],
);

pub(super) static NEWER: FactType =
    FactType::new("a record of the base", &[(MemberType::String, &["path", "title"])]);

/// The records that the base of a change has gained under the identifier of a record.
pub(super) fn newer_namesakes<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let newer = cx.input.newer_records(record);
    cx.step(newer.len() * ELEMENT_COST)?;
    let facts = newer.iter().map(|newer| {
        let mut members = vec![("path", Value::string(&*newer.path))];
        members.extend(newer.title.as_deref().map(|title| ("title", Value::string(title))));
        let identity = FactIdentity::Members(&["path"]);
        Fact::new(members, record.name_span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

pub(super) static PROBLEM: FactType =
    FactType::new("a problem", &[(MemberType::String, &["message", "level", "help"])]);

pub(super) fn problem<'a>(
    message: impl Into<Str<'a>>,
    level: &'static str,
    help: Option<&'a str>,
    span: Span,
) -> Fact<'a> {
    let mut members = vec![("message", Value::string(message)), ("level", Value::string(level))];
    members.extend(help.map(|help| ("help", Value::string(help))));
    Fact::new(members, span, FactIdentity::Words)
}

pub(super) static LINK: FactType = FactType::new(
    "a link",
    &[
        (MemberType::String, &["path", "text", "before", "reason", "nearest", "commit"]),
        (MemberType::Record, &["target"]),
        (MemberType::Bool, &["image", "live"]),
        (MemberType::Date, &["removed"]),
    ],
)
.searchable();

pub(super) static IGNORE: FactType = FactType::new(
    "an ignore comment",
    &[
        (MemberType::String, &["rule", "message", "help"]),
        (MemberType::Date, &["until"]),
        (MemberType::Bool, &["used"]),
    ],
);

/// What an exception says of rules and records that can't be read, or that names two things; nothing of other records.
pub(super) fn problems_of_exception<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let Some(exception) = cx.input.exceptions().get(record.number) else {
        return Ok(Value::list(Vec::new()));
    };
    let parts = exception.parts();
    cx.step((parts.len() + 1) * ELEMENT_COST)?;
    const HELP: &str =
        "write `kind/id` for a record and `./path` for a file or folder; to cover everything, remove `scope`";
    let of_part = |part: &'a ScopePart| {
        let text = if part.text.is_empty() { "scope" } else { &part.text };
        let message = match &part.reading {
            Err(problem) => format!("`{}` covers nothing here: `{text}` {problem}", record.id),
            Ok(_) => return None,
        };
        Some(problem(message, "unread", Some(HELP), part.span).into())
    };
    let unknown = || {
        let nearest = Some(&exception.rule).filter(|rule| !cx.input.has_rule(rule))?;
        let help = format!("did you mean `{}`?", cx.input.nearest_rule(nearest)?);
        let message = format!("`{}` is from an unknown rule `{}`", record.id, exception.rule);
        let span = record.field("rule").map_or(record.name_span, |rule| rule.span);
        let mut fact = problem(message, "error", None, span);
        fact.members.push(("help", Value::string(help)));
        Some(fact.into())
    };
    Ok(Value::list(parts.iter().filter_map(of_part).chain(unknown()).collect()))
}

pub(super) static TERM: FactType = FactType::new(
    "a use of a term",
    &[
        (MemberType::String, &["text", "name", "status"]),
        (MemberType::Term, &["target"]),
        (MemberType::Bool, &["plural"]),
    ],
);

pub(super) fn violations<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let violations = cx.catalog.violations(record);
    if violations.is_empty() {
        return Ok(Value::list(Vec::new()));
    }
    cx.step(violations.len() * ELEMENT_COST)?;
    let source = cx.catalog.file_of(record).source();
    let facts = violations.iter().filter(|violation| !violation.is_limit()).map(|violation| {
        let mut members = vec![
            ("message", message_as_written(violation, record, source)),
            ("type", Value::string(&*violation.keyword)),
            ("field", Value::string(&*violation.field)),
            ("value", Value::string(source.slice(violation.span))),
        ];
        members.extend(violation.help.as_deref().map(|help| ("help", Value::string(help))));
        let meant = violation.suggestion.as_deref().filter(|meant| *meant != source.slice(violation.span));
        members.extend(meant.map(|meant| ("nearest", Value::string(meant))));
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

pub(super) fn reference_member<'a>(
    cx: &Context<'a>,
    value: &RecordReference<'a>,
    member: &str,
) -> EvalResult<'a> {
    let RecordReference { record, reference } = *value;
    match (member, reference.target) {
        // In the order in which most rules ask.
        ("target", Target::Record(id)) => Ok(Value::Record(cx.catalog.record(id))),
        ("field", _) => Ok(Value::string(reference.field())),
        ("accountable", _) => Ok(Value::Bool(reference.accountable)),
        ("owner", _) => {
            let first = record.kind.accountable.first();
            Ok(Value::Bool(first.is_some_and(|field| **field == *reference.field())))
        }
        ("text", _) => Ok(Value::string(value.text(cx.catalog))),
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
            let found =
                remedy_members(cx.remedy(record, &reference)).into_iter().find(|(name, _)| *name == member);
            found.map(|(_, value)| value).ok_or(EvalError::Absent)
        }
        _ => Err(EvalError::Absent),
    }
}

/// Returns the members that a broken link and an unknown reference have in common.
fn remedy_members<'a>(remedy: LinkRemedy) -> Vec<(&'static str, Value<'a>)> {
    let nearest = remedy.nearest.map(|nearest| ("nearest", Value::string(nearest)));
    let removed = remedy.removed.map(|removal| {
        [("removed", Value::Date(removal.date)), ("commit", Value::string(removal.commit.to_string()))]
    });
    nearest.into_iter().chain(removed.into_iter().flatten()).collect()
}

pub(super) fn problems<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    let problems = file.problems();
    cx.step((problems.len() + file.notes.len()) * ELEMENT_COST)?;
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
    let limit = limit.map(|last| problem(&*last.message, "error", None, last.span).into());
    let notes = file.notes.iter();
    let notes = notes.map(|note| problem(&*note.message, "unread", note.help.as_deref(), note.span).into());
    Ok(Value::list(of_file.chain(limit).chain(notes).collect()))
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
    cx.step(links.len() * ELEMENT_COST)?;
    let is_of_records = |destination: &str| {
        file.index != Some(IndexReach::Records) || cx.catalog.leads_among_records(file, destination)
    };
    let facts = links.into_iter().filter_map(|checked| {
        let (link, span) = (checked.link, checked.mistaken_span());
        let mut members = vec![
            ("path", Value::string(&*link.destination)),
            ("text", Value::string(file.source().slice(link.text))),
            ("before", Value::string(before(file.source(), link.span))),
            ("image", Value::Bool(link.image)),
            ("live", Value::Bool(live)),
        ];
        members.extend(
            cx.catalog.record_at_link(file.path(), link).map(|record| ("target", Value::Record(record))),
        );
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

/// The most text before a place: that of all places on one long line would be its square.
const MOST_BEFORE: usize = 10_000;

/// Returns the text before a place on its line.
fn before(source: &Source, place: Span) -> &str {
    let line = source.line_span(place.start as usize);
    let text = source.slice(Span { end: place.start, ..line });
    let start = (text.len().saturating_sub(MOST_BEFORE)..text.len()).find(|at| text.is_char_boundary(*at));
    start.map_or("", |start| &text[start..])
}

pub(super) fn ignores<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    cx.step(file.ignores.len() * ELEMENT_COST)?;
    let facts = file.ignores.iter().map(|ignore| {
        let members = match &ignore.directive {
            Ok(terms) => {
                let until = terms.until.map(|day| ("until", Value::Date(day)));
                let used =
                    cx.input.is_ignore_used(file.path(), ignore).map(|used| ("used", Value::Bool(used)));
                let unknown = Some(&terms.rule).filter(|rule| !cx.input.has_rule(rule)).map(|rule| {
                    let help = match cx.input.nearest_rule(rule) {
                        Some(nearest) => format!("did you mean `{nearest}`?"),
                        None => "list all rules with `alignlint rules`".to_owned(),
                    };
                    let message = format!("unknown rule `{rule}` in an ignore comment");
                    [("message", Value::string(message)), ("help", Value::string(help))]
                });
                let rule = [("rule", Value::string(&*terms.rule))];
                rule.into_iter().chain(until).chain(used).chain(unknown.into_iter().flatten()).collect()
            }
            Err(malformed) => vec![
                ("message", Value::string(format!("malformed ignore comment: {}", malformed.message()))),
                ("help", Value::string(Malformed::HELP)),
            ],
        };
        let identity = match &ignore.directive {
            Ok(_) => FactIdentity::Members(&["rule"]),
            Err(_) => FactIdentity::Words,
        };
        Fact::new(members, ignore.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

/// Whether an exception suppresses a finding, or a text outside the glossary uses a term; nothing of other records.
pub(super) fn is_used<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    cx.step(ELEMENT_COST)?;
    if &*record.kind.name == TERM_KIND {
        return Ok(Value::Bool(cx.input.vocabulary().is_used(cx.catalog, record.number)));
    }
    cx.input.is_exception_used(record.number).map(Value::Bool).ok_or(EvalError::Absent)
}

pub(super) fn terms<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    // The words of such a page are not those of its records.
    if file.index == Some(IndexReach::Records) {
        return Ok(Value::list(Vec::new()));
    }
    let (found, source) = (cx.input.vocabulary().uses(cx.catalog, file), file.source());
    cx.step(source.text().len() / 16 + found.len() * ELEMENT_COST)?;
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
