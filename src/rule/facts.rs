//! What the host says of records and files: violations of a schema, references, problems, links, comments, terms.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::Target;
use crate::kind::fold_name;
use crate::record::Record;
use crate::schema::Violation;
use crate::text::{Source, Span};

use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::members::{file, live};
use super::types::{FactMember, FactType};
use super::value::{ELEMENT, Fact, RecordReference, Value};

pub(super) static VIOLATION: FactType = FactType {
    name: "a violation of a schema",
    members: &[
        ("message", FactMember::Text),
        ("keyword", FactMember::Text),
        ("field", FactMember::Text),
        ("help", FactMember::Text),
        ("meant", FactMember::Text),
    ],
};

pub(super) static REFERENCE: FactType = FactType {
    name: "a reference",
    members: &[
        ("text", FactMember::Text),
        ("field", FactMember::Text),
        ("kinds", FactMember::Text),
        ("accountable", FactMember::Bool),
        ("resolved", FactMember::Bool),
        ("unheld", FactMember::Bool),
        ("target", FactMember::Record),
        ("nearest", FactMember::Text),
    ],
};

pub(super) static PROBLEM: FactType = FactType {
    name: "a problem of a file",
    members: &[("message", FactMember::Text), ("fatal", FactMember::Bool)],
};

pub(super) static NOTE: FactType = FactType {
    name: "a note on a file",
    members: &[("message", FactMember::Text), ("help", FactMember::Text), ("folder", FactMember::Text)],
};

pub(super) static LINK: FactType = FactType {
    name: "a link",
    members: &[
        ("destination", FactMember::Text),
        ("broken", FactMember::Bool),
        ("closed", FactMember::Bool),
        ("reason", FactMember::Text),
        ("nearest", FactMember::Text),
    ],
};

pub(super) static IGNORE: FactType = FactType {
    name: "a comment that asks for an excuse",
    members: &[
        ("rule", FactMember::Text),
        ("until", FactMember::Date),
        ("reason", FactMember::Text),
        ("malformed", FactMember::Text),
        ("used", FactMember::Bool),
    ],
};

pub(super) static TERM: FactType = FactType {
    name: "a use of a term",
    members: &[
        ("text", FactMember::Text),
        ("term", FactMember::Term),
        ("avoided", FactMember::Bool),
        ("plural", FactMember::Bool),
        ("sentence", FactMember::Text),
    ],
};

pub(super) fn violations<'a>(eval: &Evaluator<'a>, record: &'a Record) -> EvalResult<'a> {
    let violations = eval.catalog.violations(record);
    eval.step(violations.len() * ELEMENT)?;
    let source = eval.catalog.file_of(record).source();
    let facts = violations.iter().map(|violation| {
        let mut members = vec![
            ("message", in_the_files_words(violation, record, source)),
            ("keyword", Value::text(&*violation.keyword)),
            ("field", Value::text(&*violation.field)),
        ];
        members.extend(violation.help.as_deref().map(|help| ("help", Value::text(help))));
        members.extend(violation.suggestion.as_deref().map(|meant| ("meant", Value::text(meant))));
        // What an item of the record lacks is shown at the item.
        let of_record = violation.pointer.matches('/').count() <= 1;
        let span = if violation.missing && of_record { record.name_span } else { violation.span };
        Value::Fact(Arc::new(Fact { members, span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

/// A violation's message with the field's name as the file spells it: `last-updated` where the kind
/// says `updated`.
fn in_the_files_words<'a>(violation: &'a Violation, record: &Record, source: &Source) -> Value<'a> {
    let message = Value::text(&*violation.message);
    let Some((parent, field)) = violation.pointer.rsplit_once('/') else { return message };
    let parent = record.fields.pointer(parent).and_then(|node| node.as_mapping());
    let Some(entry) = parent.and_then(|mapping| mapping.entry(field)) else { return message };
    let written = source.slice(entry.key.span).trim_matches(['"', '\'']);
    // A format without keys has its values in their place.
    let has_key = !entry.key.span.is_empty() && entry.key.span != entry.value.span;
    let is_key = has_key && !written.contains(['`', '\n']) && fold_name(written) != fold_name(field);
    if !is_key {
        return message;
    }
    Value::text(violation.message.replacen(&format!("`{field}`"), &format!("`{written}`"), 1))
}

/// A member of a reference.
pub(super) fn of_mention<'a>(
    eval: &Evaluator<'a>,
    mention: &RecordReference<'a>,
    member: &str,
) -> EvalResult<'a> {
    let RecordReference { record, reference } = *mention;
    match (member, reference.target) {
        ("text", _) => Ok(Value::text(mention.text(eval.catalog))),
        ("field", _) => Ok(Value::text(reference.field())),
        ("kinds", _) => Ok(Value::text(reference.kinds.join(" or "))),
        ("accountable", _) => Ok(Value::Bool(reference.accountable)),
        ("unheld", target) => Ok(Value::Bool(target == Target::NotInBase)),
        ("resolved", Target::Record(_)) => Ok(Value::Bool(true)),
        ("resolved", Target::Unknown) => Ok(Value::Bool(false)),
        ("target", Target::Record(id)) => Ok(Value::Record(eval.catalog.record(id))),
        ("nearest", Target::Unknown) => {
            eval.catalog.suggest(record, &reference).map(Value::text).ok_or(EvalError::Absent)
        }
        _ => Err(EvalError::Absent),
    }
}

pub(super) fn problems<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let problems = file(value)?.problems();
    eval.step(problems.len() * ELEMENT)?;
    let facts = problems.iter().map(|problem| {
        let members =
            vec![("message", Value::text(&*problem.message)), ("fatal", Value::Bool(problem.fatal))];
        Value::Fact(Arc::new(Fact { members, span: problem.span, related: problem.related.clone() }))
    });
    Ok(Value::list(facts.collect()))
}

pub(super) fn notes<'a>(value: &Value<'a>) -> EvalResult<'a> {
    let facts = file(value)?.note().into_iter().map(|note| {
        let mut members = vec![("message", Value::text(&*note.message))];
        members.extend(note.help.as_deref().map(|help| ("help", Value::text(help))));
        members.extend(note.folder.as_deref().map(|folder| ("folder", Value::text(folder))));
        Value::Fact(Arc::new(Fact { members, span: note.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

pub(super) fn links<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let mut records = eval.catalog.records_about(file).into_iter();
    let closed = records.any(|record| matches!(live(eval, record), Ok(Value::Bool(false))));
    // A reference that leads nowhere is told as one.
    let references = file.records.clone().flat_map(|id| eval.catalog.references(eval.catalog.record(id)));
    let unknown: HashSet<Span> = references
        .filter(|reference| reference.target == Target::Unknown)
        .map(|reference| reference.span)
        .collect();
    let mut links = eval.catalog.links(file);
    links.retain(|link| !unknown.contains(&link.span));
    eval.step(links.len() * ELEMENT)?;
    let facts = links.into_iter().map(|link| {
        let mut members = vec![
            ("destination", Value::text(link.destination)),
            ("broken", Value::Bool(link.broken.is_some())),
            ("closed", Value::Bool(closed)),
        ];
        if let Some(broken) = link.broken {
            members.push(("reason", Value::text(broken.reason)));
            members.extend(broken.suggestion.map(|nearest| ("nearest", Value::text(nearest))));
        }
        Value::Fact(Arc::new(Fact { members, span: link.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

pub(super) fn ignores<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let ignores = &file.ignores;
    eval.step(ignores.len() * ELEMENT)?;
    let facts = ignores.iter().map(|ignore| {
        let members = match &ignore.directive {
            Ok(terms) => {
                let until = terms.until.map(|day| ("until", Value::Date(day)));
                let said = [("rule", Value::text(&*terms.rule)), ("reason", Value::text(&*terms.reason))];
                let used =
                    eval.input.is_ignore_used(file.path(), ignore).map(|used| ("used", Value::Bool(used)));
                said.into_iter().chain(until).chain(used).collect()
            }
            Err(why) => vec![("malformed", Value::text(*why))],
        };
        Value::Fact(Arc::new(Fact { members, span: ignore.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

pub(super) fn terms<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let found = eval.vocabulary.matches(eval.catalog, file);
    eval.step(file.source().text().len() / 16 + found.len() * ELEMENT)?;
    let facts = found.into_iter().map(|found| {
        let members = vec![
            ("text", Value::text(found.text)),
            ("term", Value::Record(found.term)),
            ("avoided", Value::Bool(found.avoided)),
            ("plural", Value::Bool(found.plural)),
            ("sentence", Value::text(found.sentence)),
        ];
        Value::Fact(Arc::new(Fact { members, span: found.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}
