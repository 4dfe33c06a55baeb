//! Facts about records and files: schema violations, references, problems, links, ignore comments, terms.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{IndexReach, LinkRemedy, Target};
use crate::kind::{WHO, fold_name};
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, RecordReference,
    Value, Written,
};
use crate::schema::Violation;
use crate::term::TERM as TERM_KIND;
use crate::text::{Source, Span};

use super::args::file;
use super::fields;

pub(super) static VIOLATION: FactType = FactType {
    is_searchable: false,
    name: "a violation of a schema",
    members: &[
        ("message", MemberType::String),
        ("keyword", MemberType::String),
        ("field", MemberType::String),
        ("help", MemberType::String),
        ("meant", MemberType::String),
    ],
};

pub(super) static REFERENCE: FactType = FactType {
    is_searchable: false,
    name: "a reference",
    members: &[
        ("text", MemberType::String),
        ("field", MemberType::String),
        ("kinds", MemberType::String),
        ("of-person", MemberType::Bool),
        ("unused", MemberType::String),
        ("accountable", MemberType::Bool),
        ("owning", MemberType::Bool),
        ("resolved", MemberType::Bool),
        ("unheld", MemberType::Bool),
        ("target", MemberType::Record),
        ("nearest", MemberType::String),
        ("removed", MemberType::Date),
        ("commit", MemberType::String),
    ],
};

pub(super) static NEWER: FactType = FactType {
    is_searchable: false,
    name: "a record of the base",
    members: &[("path", MemberType::String), ("rev", MemberType::String), ("title", MemberType::String)],
};

/// The records that the base of a change has gained under the identifier of a record.
pub(super) fn newer_namesakes<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let newer = cx.input.newer_records(record);
    cx.step(newer.len() * ELEMENT_COST)?;
    let facts = newer.iter().map(|newer| {
        let mut members = vec![("path", Value::string(&*newer.path)), ("rev", Value::string(&*newer.rev))];
        members.extend(newer.title.as_deref().map(|title| ("title", Value::string(title))));
        let identity = FactIdentity::Members(&["path"]);
        Fact::new(members, record.name_span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

pub(super) static PROBLEM: FactType = FactType {
    is_searchable: false,
    name: "a problem of a file",
    members: &[
        ("message", MemberType::String),
        ("fatal", MemberType::Bool),
        ("tolerated", MemberType::Bool),
        ("help", MemberType::String),
    ],
};

pub(super) static NOTE: FactType = FactType {
    is_searchable: false,
    name: "a note on a file",
    members: &[("message", MemberType::String), ("help", MemberType::String)],
};

pub(super) static LINK: FactType = FactType {
    is_searchable: true,
    name: "a link",
    members: &[
        ("destination", MemberType::String),
        ("text", MemberType::String),
        ("before", MemberType::String),
        ("target", MemberType::Record),
        ("leads-to", MemberType::String),
        ("image", MemberType::Bool),
        ("broken", MemberType::Bool),
        ("closed", MemberType::Bool),
        ("reason", MemberType::String),
        ("nearest", MemberType::String),
        ("removed", MemberType::Date),
        ("commit", MemberType::String),
    ],
};

pub(super) static IGNORE: FactType = FactType {
    is_searchable: false,
    name: "an ignore comment",
    members: &[
        ("rule", MemberType::String),
        ("until", MemberType::Date),
        ("reason", MemberType::String),
        ("malformed", MemberType::String),
        ("help", MemberType::String),
        ("used", MemberType::Bool),
    ],
};

pub(super) static SCOPE: FactType = FactType {
    is_searchable: false,
    name: "a part of a scope",
    members: &[
        ("text", MemberType::String),
        ("problem", MemberType::String),
        ("reading", MemberType::String),
        ("missing", MemberType::Bool),
    ],
};

/// The parts of the scope of an exception from a rule; `None` for other records.
pub(super) fn scopes<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let exception = cx.input.exceptions().get(record.number);
    let parts = exception.map_or(&[][..], |exception| exception.scope.parts());
    cx.step(parts.len() * ELEMENT_COST)?;
    let facts = parts.iter().map(|part| {
        let mut members =
            vec![("text", Value::string(&*part.text)), ("missing", Value::Bool(part.names_nothing))];
        members.push(match &part.reading {
            Ok(reading) => ("reading", Value::string(reading.describe())),
            Err(problem) => ("problem", Value::string(&**problem)),
        });
        let identity = FactIdentity::Members(&["text"]);
        Fact::new(members, part.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

pub(super) static TERM: FactType = FactType {
    is_searchable: false,
    name: "a use of a term",
    members: &[
        ("text", MemberType::String),
        ("term", MemberType::Term),
        ("name", MemberType::String),
        ("avoided", MemberType::Bool),
        ("variant", MemberType::Bool),
        ("plural", MemberType::Bool),
    ],
};

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
            ("keyword", Value::string(&*violation.keyword)),
            ("field", Value::string(&*violation.field)),
        ];
        members.extend(violation.help.as_deref().map(|help| ("help", Value::string(help))));
        let meant = violation.suggestion.as_deref().filter(|meant| *meant != source.slice(violation.span));
        members.extend(meant.map(|meant| ("meant", Value::string(meant))));
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
    let named = if has_key { Some(written) } else { name_on_line(record, field, entry.value.span, source) };
    let is_other = record.profile.is_some() || fold_name(written) != fold_name(field);
    let Some(written) = named.filter(|written| !written.contains(['`', '\n']) && is_other) else {
        return message;
    };
    Value::string(violation.message.replacen(&format!("`{field}`"), &format!("`{written}`"), 1))
}

/// Returns the name before a value on its line, or in the first cell of its row, if the format reads the field from it.
fn name_on_line<'s>(record: &Record, field: &str, value: Span, source: &'s Source) -> Option<&'s str> {
    let profile = record.profile.as_ref()?;
    let before = source.text().get(..value.start as usize)?;
    let line = before.rsplit('\n').next()?;
    let name = line.trim_matches(|c: char| c.is_whitespace() || "*_:|>-+".contains(c));
    profile.is_name_of(field, name).then_some(name)
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
        ("owning", _) => {
            let first = record.kind.accountable.first();
            Ok(Value::Bool(first.is_some_and(|field| **field == *reference.field())))
        }
        ("text", _) => Ok(Value::string(value.text(cx.catalog))),
        ("kinds", _) => Ok(match reference.kinds() {
            [] => Value::string("record"),
            [kind] => Value::string(&**kind),
            kinds => Value::string(kinds.join(" or ")),
        }),
        ("of-person", _) => Ok(Value::Bool(reference.kinds().iter().any(|kind| **kind == *WHO[0]))),
        ("unused", _) => {
            let is_unused = |kind: &&Arc<str>| !cx.catalog.has_all_of(kind);
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

pub(super) fn problems<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let problems = file.problems();
    cx.step(problems.len() * ELEMENT_COST)?;
    let fact = |message, (fatal, tolerated), help: Option<String>, span, related| {
        let mut members = vec![
            ("message", Value::string(message)),
            ("fatal", Value::Bool(fatal)),
            ("tolerated", Value::Bool(tolerated)),
        ];
        members.extend(help.map(|help| ("help", Value::string(help))));
        let identity = FactIdentity::Words;
        Fact { related, ..Fact::new(members, span, identity) }.into()
    };
    let of_file = problems.iter().map(|problem| {
        let effect = (problem.fatal, problem.tolerated);
        fact(&*problem.message, effect, problem.help.clone(), problem.span, problem.related.clone())
    });
    // The limit is the same for each record of the file.
    let last_violation = |id| cx.catalog.violations(cx.catalog.record(id)).last();
    let limit = file.records.clone().filter_map(last_violation).find(|last| last.is_limit());
    let limit = limit.map(|last| fact(&*last.message, (false, false), None, last.span, None));
    Ok(Value::list(of_file.chain(limit).collect()))
}

pub(super) fn notes<'a>(value: &Value<'a>) -> EvalResult<'a> {
    let facts = file(value)?.notes.iter().map(|note| {
        let mut members = vec![("message", Value::string(&*note.message))];
        members.extend(note.help.as_deref().map(|help| ("help", Value::string(help))));
        let identity = FactIdentity::Words;
        Fact::new(members, note.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}

pub(super) fn links<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    if file.document.markdown.as_deref().is_none_or(|page| page.links.is_empty()) {
        return Ok(Value::list(Vec::new()));
    }
    let records = cx.catalog.records_about(file);
    let closed = records.iter().any(|record| fields::is_closed(cx, record));
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
            ("destination", Value::string(&*link.destination)),
            ("text", Value::string(file.source().slice(link.text))),
            ("before", Value::string(before(file.source(), link.span))),
            ("image", Value::Bool(link.image)),
            ("broken", Value::Bool(checked.broken.is_some())),
            ("closed", Value::Bool(closed)),
        ];
        members.extend(
            cx.catalog.record_at_link(file.path(), link).map(|record| ("target", Value::Record(record))),
        );
        members.extend(checked.target(file).map(|path| ("leads-to", Value::string(path))));
        if let Some(broken) = checked.broken {
            let remedy = cx.catalog.link_remedy(file, &checked, cx.input.history());
            if !is_of_records(&link.destination) && !remedy.nearest.as_deref().is_some_and(is_of_records) {
                return None;
            }
            members.push(("reason", Value::string(broken.name())));
            members.extend(remedy_members(remedy));
        }
        let identity = FactIdentity::Members(&["destination"]);
        let written = Some(Written { source: file.source(), text: link.text });
        Some(Fact { written, ..Fact::new(members, span, identity) }.into())
    });
    Ok(Value::list(facts.collect()))
}

/// The most text on a side of a place: that of all places on one long line would be its square.
const MOST_BESIDE: usize = 10_000;

/// Returns the text before a place on its line.
fn before(source: &Source, place: Span) -> &str {
    let line = source.line_span(place.start as usize);
    let text = source.slice(Span { end: place.start, ..line });
    let mut start = text.len().saturating_sub(MOST_BESIDE);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

pub(super) fn ignores<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let ignores = &file.ignores;
    cx.step(ignores.len() * ELEMENT_COST)?;
    let facts = ignores.iter().map(|ignore| {
        let members = match &ignore.directive {
            Ok(terms) => {
                let until = terms.until.map(|day| ("until", Value::Date(day)));
                let stated =
                    [("rule", Value::string(&*terms.rule)), ("reason", Value::string(&*terms.reason))];
                let used =
                    cx.input.is_ignore_used(file.path(), ignore).map(|used| ("used", Value::Bool(used)));
                stated.into_iter().chain(until).chain(used).collect()
            }
            Err(malformed) => vec![
                ("malformed", Value::string(malformed.message())),
                ("help", Value::string(malformed.help())),
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

pub(super) fn is_used<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    if &*record.kind.name != TERM_KIND {
        return Err(EvalError::Absent);
    }
    cx.step(ELEMENT_COST)?;
    Ok(Value::Bool(cx.vocabulary.is_used(cx.catalog, record.number)))
}

pub(super) fn terms<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    // The words of such a page are not those of its records.
    if file.index == Some(IndexReach::Records) {
        return Ok(Value::list(Vec::new()));
    }
    let found = cx.vocabulary.matches(cx.catalog, file);
    cx.step(file.source().text().len() / 16 + found.len() * ELEMENT_COST)?;
    let facts = found.into_iter().map(|found| {
        let members = vec![
            ("text", Value::string(found.text)),
            ("term", Value::Record(found.term)),
            ("name", Value::string(found.name)),
            ("avoided", Value::Bool(found.avoided)),
            ("variant", Value::Bool(found.variant)),
            ("plural", Value::Bool(found.plural)),
        ];
        let identity = FactIdentity::Prose { text: found.text, sentence: found.sentence };
        Fact::new(members, found.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}
