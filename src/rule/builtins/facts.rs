//! Facts about records and files: schema violations, references, problems, links, ignore comments, terms.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{IndexReach, LinkRemedy, Target};
use crate::kind::{WHO, fold_name};
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactMember, FactType, MemberType,
    RecordReference, Value, Written,
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
        FactMember("message", MemberType::String, "what is wrong", ""),
        FactMember(
            "keyword",
            MemberType::String,
            "the keyword of the schema, such as `enum` or `required`; `repeated-key` for a second key of a field",
            "",
        ),
        FactMember("field", MemberType::String, "the field, as its kind spells it", ""),
        FactMember("help", MemberType::String, "what to do about it", "there is no specific help"),
        FactMember("meant", MemberType::String, "the most similar valid name or value", "none is similar"),
    ],
    examples: &[
        r#"named("decision", "D-3")[0].violations.exists(v, v.keyword == "enum" && v.field == "status")"#,
        r#"named("decision", "D-3")[0].violations.exists(v, v.meant == "proposed" && v.help.contains("proposed"))"#,
        r#"named("decision", "D-3")[0].violations[0].message.contains("status")"#,
    ],
};

pub(super) static REFERENCE: FactType = FactType {
    is_searchable: false,
    name: "a reference",
    members: &[
        FactMember("text", MemberType::String, "the reference as written", ""),
        FactMember("field", MemberType::String, "the field that contains it", ""),
        FactMember(
            "kinds",
            MemberType::String,
            "the kinds that it can refer to, joined by `or`; `record` if it can refer to any",
            "",
        ),
        FactMember("of-person", MemberType::Bool, "true if it can refer to a person", ""),
        FactMember(
            "unused",
            MemberType::String,
            "those of the kinds of which the repository has no record, joined by `or`",
            "it has records of each",
        ),
        FactMember(
            "accountable",
            MemberType::Bool,
            "true if the field names who is accountable for the record",
            "",
        ),
        FactMember(
            "owning",
            MemberType::Bool,
            "true if the field is the first that names who is accountable: `owner`, or the first of the kind's `x-owner`",
            "",
        ),
        FactMember(
            "resolved",
            MemberType::Bool,
            "true if it names a record, false if it names none",
            INCONCLUSIVE,
        ),
        FactMember(
            "unheld",
            MemberType::Bool,
            "true if the record exists in the checked files but not in the revision of `--policy-from`",
            "",
        ),
        FactMember("target", MemberType::Record, "the record that it names", "it names none"),
        FactMember(
            "nearest",
            MemberType::String,
            "the most similar identifier",
            "it names a record, or no identifier is similar",
        ),
        FactMember(
            "removed",
            MemberType::Date,
            "the day on which the file that it names was removed, by the history",
            "it names a record, another is similar, or no commit removed it",
        ),
        FactMember(
            "commit",
            MemberType::String,
            "the abbreviated id of the commit that did so",
            "as for `removed`",
        ),
    ],
    examples: &[
        r#"record.references.exists(r, r.text == "churn" && r.field == "kpis" && r.kinds == "kpi" && !has(r.unused))"#,
        r#"record.references.exists(r, r.accountable && r.owning && r.resolved && r.target.title == "Head of Sales" && !r.unheld)"#,
        r#"records("decision").exists(d, d.references.exists(r, !r.resolved && r.nearest == "churn"))"#,
        "record.references.all(r, !has(r.removed) && !has(r.commit))",
    ],
};

const INCONCLUSIVE: &str = "a file that can't be read may contain the record";

pub(super) static NEWER: FactType = FactType {
    is_searchable: false,
    name: "a record of the base",
    members: &[
        FactMember("path", MemberType::String, "the path of its file", ""),
        FactMember("rev", MemberType::String, "the revision, as given to `--since`", ""),
        FactMember("title", MemberType::String, "its title", "it has none"),
    ],
    examples: &[r#"record.newer_namesakes.all(n, n.path != "" && n.rev != "" && n.title != "")"#],
};

/// The records that the base of a change has gained under the identifier of a record.
pub(super) fn newer_namesakes<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let newer = cx.input.newer_records(record);
    cx.step(newer.len() * ELEMENT_COST)?;
    let facts = newer.iter().map(|newer| {
        let mut members = vec![("path", Value::string(&*newer.path)), ("rev", Value::string(&*newer.rev))];
        members.extend(newer.title.as_deref().map(|title| ("title", Value::string(title))));
        let identity = FactIdentity::Members(&["path"]);
        Value::Fact(Arc::new(Fact {
            path: None,
            members,
            span: record.name_span,
            related: None,
            written: None,
            identity,
        }))
    });
    Ok(Value::list(facts.collect()))
}

pub(super) static PROBLEM: FactType = FactType {
    is_searchable: false,
    name: "a problem of a file",
    members: &[
        FactMember("message", MemberType::String, "what is wrong", ""),
        FactMember("fatal", MemberType::Bool, "true if the file could not be parsed", ""),
        FactMember("tolerated", MemberType::Bool, "true if all was read, as other programs would not", ""),
        FactMember("help", MemberType::String, "what to do about it", "nothing is known but its place"),
    ],
    examples: &[r#"file.problems[0].message.contains("title") && !file.problems[0].fatal"#],
};

pub(super) static NOTE: FactType = FactType {
    is_searchable: false,
    name: "a note on a file",
    members: &[
        FactMember("message", MemberType::String, "why the part is not read", ""),
        FactMember("help", MemberType::String, "what to do about it", "there is no specific help"),
    ],
    examples: &[
        r#"file.notes[0].message.contains("asumptions")"#,
        r#"file.notes[0].help.contains("assumptions")"#,
    ],
};

pub(super) static LINK: FactType = FactType {
    is_searchable: true,
    name: "a link",
    members: &[
        FactMember("destination", MemberType::String, "the path or address, as written", ""),
        FactMember("text", MemberType::String, "the text between its brackets, as written", ""),
        FactMember("before", MemberType::String, "the words before it on its line", ""),
        FactMember(
            "target",
            MemberType::Record,
            "the record in the file to which it leads",
            "it leads to none, or to several",
        ),
        FactMember(
            "leads-to",
            MemberType::String,
            "the path from the root to which it leads, also if nothing is there",
            "it is an address, is on its own page, or leads out of the repository",
        ),
        FactMember("image", MemberType::Bool, "true for an image", ""),
        FactMember(
            "broken",
            MemberType::Bool,
            "true if it is relative and leads to no file or heading of the repository",
            "",
        ),
        FactMember(
            "closed",
            MemberType::Bool,
            "true if the file contains a record that is not active any more",
            "",
        ),
        FactMember(
            "reason",
            MemberType::String,
            "what there is not: a `file`, a `heading`, or `outside`: the path leads out of the repository",
            "it is not broken",
        ),
        FactMember(
            "nearest",
            MemberType::String,
            "the destination that is meant: where the history says that it was moved, or the most similar one",
            "it is not broken, or none is similar",
        ),
        FactMember(
            "removed",
            MemberType::Date,
            "the day on which the file to which it leads was removed, by the history",
            "it is not broken, there is a `nearest`, or no commit removed it",
        ),
        FactMember(
            "commit",
            MemberType::String,
            "the abbreviated id of the commit that did so",
            "as for `removed`",
        ),
    ],
    examples: &[
        r#"file.links[0].destination == "0002-prices.md" && file.links[0].broken && !file.links[0].closed"#,
        r#"file.links[0].nearest == "0002-price.md" && file.links[0].reason == "file""#,
        r#"file.links[0].text == "prices" && !file.links[0].image"#,
        "!has(file.links[0].removed) && !has(file.links[0].commit)",
    ],
};

pub(super) static IGNORE: FactType = FactType {
    is_searchable: false,
    name: "an ignore comment",
    members: &[
        FactMember("rule", MemberType::String, "the rule, or a pattern of rules", "the comment is malformed"),
        FactMember("until", MemberType::Date, "the last date on which it applies", "it has none"),
        FactMember("reason", MemberType::String, "the reason", "the comment is malformed"),
        FactMember("malformed", MemberType::String, "what is wrong with the comment", "nothing is"),
        FactMember("help", MemberType::String, "what to do about it", "nothing is wrong"),
        FactMember("used", MemberType::Bool, "true if it suppresses a finding", USAGE),
    ],
    examples: &[
        r#"file.ignores[0].rule.endsWith("/broken-link") && file.ignores[0].until == date("2027-01-31")"#,
        r#"file.ignores[0].reason == "the page is being written" && !has(file.ignores[0].malformed)"#,
        r"file.ignores[0].used",
    ],
};

pub(super) static SCOPE: FactType = FactType {
    is_searchable: false,
    name: "a part of a scope",
    members: &[
        FactMember("text", MemberType::String, "the part as written", ""),
        FactMember("problem", MemberType::String, "why it can't be read", "it can be read"),
        FactMember("reading", MemberType::String, "what it names", "it can't be read"),
        FactMember("other", MemberType::String, "what else it could name", "nothing else has that name"),
        FactMember("missing", MemberType::Bool, "true if there is no such record, file or folder", ""),
    ],
    examples: &[
        r#"records("exception")[0].scopes[0].reading == "the objective `O-1`""#,
        r#"records("exception").all(x, x.scopes.all(s, s.text != "" && !has(s.problem) && !has(s.other) && !s.missing))"#,
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
        members.extend(part.other.as_deref().map(|other| ("other", Value::string(other))));
        let identity = FactIdentity::Members(&["text"]);
        Value::Fact(Arc::new(Fact {
            members,
            path: None,
            span: part.span,
            related: None,
            written: None,
            identity,
        }))
    });
    Ok(Value::list(facts.collect()))
}

pub(super) const USAGE: &str =
    "the rule does not have `after-triage: true`, or an unreadable file makes it unknown";

pub(super) static TERM: FactType = FactType {
    is_searchable: false,
    name: "a use of a term",
    members: &[
        FactMember("text", MemberType::String, "the words in the file", ""),
        FactMember("term", MemberType::Term, "the term of the glossary", ""),
        FactMember(
            "name",
            MemberType::String,
            "the name in the glossary that they are, or are another spelling of",
            "",
        ),
        FactMember("avoided", MemberType::Bool, "true if the glossary says to avoid these words", ""),
        FactMember("variant", MemberType::Bool, "true if they are an accepted name in another spelling", ""),
        FactMember("plural", MemberType::Bool, "true if the words are in the plural", ""),
    ],
    examples: &[
        r#"file.terms.exists(t, t.text == "clients" && t.term == "customer" && t.avoided && t.plural)"#,
        r#"file.terms[0].name == "client" && !file.terms[0].variant"#,
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
        Value::Fact(Arc::new(Fact { members, path: None, span, related, written: None, identity }))
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
        Value::Fact(Arc::new(Fact { members, path: None, span, related, written: None, identity }))
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
        Value::Fact(Arc::new(Fact {
            members,
            path: None,
            span: note.span,
            related: None,
            written: None,
            identity,
        }))
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
        Some(Value::Fact(Arc::new(Fact { members, path: None, span, related: None, written, identity })))
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
        Value::Fact(Arc::new(Fact {
            members,
            path: None,
            span: ignore.span,
            related: None,
            written: None,
            identity,
        }))
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
        Value::Fact(Arc::new(Fact {
            members,
            path: None,
            span: found.span,
            related: None,
            written: None,
            identity,
        }))
    });
    Ok(Value::list(facts.collect()))
}
