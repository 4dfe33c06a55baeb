//! What the host knows of a value beyond the fields in its file: `record.live`, `file.links`,
//! `period.end`. One table serves the load-time check and the evaluation.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{Reference, Target};
use crate::kind::fold;
use crate::record::Record;
use crate::schema::Violation;
use crate::text::{Source, Span};

use super::evaluate::{Evaluator, Stop, Yield};
use super::reach::Looks;
use super::types::{FactMember, FactType, Type};
use super::value::{ELEMENT, Fact, Mention, Unresolved, Value};
use super::{bar, past};

/// A member of a value, read with a dot like a field.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    of: Of,
    ty: fn(&Type) -> Type,
    pub looks: Looks,
    pub read: for<'a> fn(&Evaluator<'a>, &Value<'a>) -> Yield<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    Record,
    File,
    PolicyFile,
    Group,
    Period,
    Amount,
}

impl Member {
    /// The member `name` of a value of type `of`, and its type.
    pub fn find(of: &Type, name: &str) -> Option<(&'static Member, Type)> {
        let owner = Of::of_type(of)?;
        let member = MEMBERS.iter().find(|member| member.of == owner && member.name == name)?;
        Some((member, (member.ty)(of)))
    }

    /// The member `name` of a value whose type is not known before.
    pub fn of_value(value: &Value, name: &str) -> Option<&'static Member> {
        let owner = match value {
            Value::Record(_) | Value::Unresolved(_) => Of::Record,
            Value::File(_) => Of::File,
            Value::PolicyFile(_) => Of::PolicyFile,
            Value::Group(_) => Of::Group,
            Value::Period(_) => Of::Period,
            Value::Amount(_) => Of::Amount,
            _ => return None,
        };
        MEMBERS.iter().find(|member| member.of == owner && member.name == name)
    }

    /// The names of all members of a type.
    pub fn names(of: &Type) -> impl Iterator<Item = &'static str> {
        let owner = Of::of_type(of);
        MEMBERS.iter().filter(move |member| Some(member.of) == owner).map(|member| member.name)
    }
}

impl Of {
    fn of_type(ty: &Type) -> Option<Of> {
        Some(match ty {
            Type::Record(_) => Of::Record,
            Type::File => Of::File,
            Type::PolicyFile => Of::PolicyFile,
            Type::Group { .. } => Of::Group,
            Type::Period => Of::Period,
            Type::Amount => Of::Amount,
            _ => return None,
        })
    }
}

static VIOLATION: FactType = FactType {
    name: "a violation of a schema",
    members: &[
        ("message", FactMember::Text),
        ("keyword", FactMember::Text),
        ("field", FactMember::Text),
        ("help", FactMember::Text),
        ("meant", FactMember::Text),
    ],
};

static REFERENCE: FactType = FactType {
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

static PROBLEM: FactType = FactType {
    name: "a problem of a file",
    members: &[("message", FactMember::Text), ("fatal", FactMember::Bool)],
};

static NOTE: FactType = FactType {
    name: "a note on a file",
    members: &[("message", FactMember::Text), ("help", FactMember::Text), ("folder", FactMember::Text)],
};

static LINK: FactType = FactType {
    name: "a link",
    members: &[
        ("destination", FactMember::Text),
        ("broken", FactMember::Bool),
        ("closed", FactMember::Bool),
        ("reason", FactMember::Text),
        ("nearest", FactMember::Text),
    ],
};

static IGNORE: FactType = FactType {
    name: "a comment that asks for an excuse",
    members: &[
        ("rule", FactMember::Text),
        ("until", FactMember::Date),
        ("reason", FactMember::Text),
        ("malformed", FactMember::Text),
        ("used", FactMember::Bool),
    ],
};

static TERM: FactType = FactType {
    name: "a use of a term",
    members: &[
        ("text", FactMember::Text),
        ("term", FactMember::Term),
        ("avoided", FactMember::Bool),
        ("plural", FactMember::Bool),
        ("sentence", FactMember::Text),
    ],
};

static MEMBERS: &[Member] = &[
    Member {
        name: "id",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| text(&record(value)?.id),
    },
    Member {
        name: "title",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| record(value)?.title.as_deref().map(Value::text).ok_or(Stop::Absent),
    },
    Member {
        name: "kind",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| text(&record(value)?.kind.name),
    },
    Member {
        name: "path",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |eval, value| text(eval.catalog.file_of(record(value)?).path()),
    },
    Member {
        name: "profile",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| Ok(Value::text(record(value)?.profile_name())),
    },
    Member {
        name: "file_id",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| record(value)?.file_id.as_deref().map(Value::text).ok_or(Stop::Absent),
    },
    Member {
        name: "live",
        of: Of::Record,
        ty: |_| Type::Bool,
        looks: Looks::AtItself,
        read: |eval, value| live(eval, record(value)?),
    },
    Member {
        name: "created",
        of: Of::Record,
        ty: |_| Type::Date,
        looks: Looks::AtItself,
        read: |eval, value| {
            let record = record(value)?;
            match eval.field(record, "created") {
                Err(Stop::Absent | Stop::Unknowable) => past::created(eval, record),
                stated => stated,
            }
        },
    },
    Member {
        name: "last_changed",
        of: Of::Record,
        ty: |_| Type::Date,
        looks: Looks::AtItself,
        read: |eval, value| past::last_changed(eval, record(value)?),
    },
    Member {
        name: "last_active",
        of: Of::Record,
        ty: |_| Type::Date,
        looks: Looks::AtItself,
        read: |eval, value| past::last_active(eval, record(value)?),
    },
    Member {
        name: "resolved",
        of: Of::Record,
        ty: |_| Type::Bool,
        looks: Looks::AtItself,
        read: |_, value| match value {
            Value::Unresolved(Unresolved { reference: Some(reference), .. })
                if matches!(reference.target, Target::Unjudged) =>
            {
                Err(Stop::Unknowable)
            }
            value => Ok(Value::Bool(matches!(value, Value::Record(_)))),
        },
    },
    Member {
        name: "owner",
        of: Of::Record,
        ty: |_| who(),
        looks: Looks::Ahead(1),
        read: |eval, value| {
            let record = record(value)?;
            let references = accountable(eval, record)?;
            references.first().map(|reference| eval.refer(reference)).ok_or(Stop::Absent)
        },
    },
    Member {
        name: "owners",
        of: Of::Record,
        ty: |_| Type::list(who()),
        looks: Looks::Ahead(2),
        read: |eval, value| {
            let record = record(value)?;
            let references = accountable(eval, record)?;
            Ok(Value::list(references.iter().map(|reference| holder(eval, eval.refer(reference))).collect()))
        },
    },
    Member {
        name: "owner_key",
        of: Of::Record,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| Ok(Value::text(record(value)?.owner_key())),
    },
    Member {
        name: "violations",
        of: Of::Record,
        ty: |_| Type::list(Type::Fact(&VIOLATION)),
        looks: Looks::AtItself,
        read: |eval, value| violations(eval, record(value)?),
    },
    Member {
        name: "still_excuses",
        of: Of::Record,
        ty: |_| Type::Bool,
        looks: Looks::Everywhere,
        read: |eval, value| bar::still_excuses(eval, record(value)?),
    },
    Member {
        name: "references",
        of: Of::Record,
        ty: |_| Type::list(Type::Fact(&REFERENCE)),
        looks: Looks::AtItself,
        read: |eval, value| {
            let record = record(value)?;
            let references = eval.catalog.references(record);
            eval.step(references.len() * ELEMENT)?;
            Ok(Value::list(references.iter().map(|one| mention(eval, record, one)).collect()))
        },
    },
    Member {
        name: "path",
        of: Of::File,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| text(file(value)?.path()),
    },
    Member {
        name: "governed",
        of: Of::File,
        ty: |_| Type::Bool,
        looks: Looks::AtItself,
        read: |_, value| Ok(Value::Bool(file(value)?.governed)),
    },
    Member {
        name: "notes",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&NOTE)),
        looks: Looks::Everywhere,
        read: |_, value| notes(value),
    },
    Member {
        name: "problems",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&PROBLEM)),
        looks: Looks::AtItself,
        read: problems,
    },
    Member {
        name: "links",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&LINK)),
        looks: Looks::AlongLinks,
        read: |eval, value| links(eval, value),
    },
    Member {
        name: "ignores",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&IGNORE)),
        looks: Looks::AtItself,
        read: |eval, value| ignores(eval, value),
    },
    Member {
        name: "terms",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&TERM)),
        looks: Looks::AtVocabulary,
        read: |eval, value| terms(eval, value),
    },
    Member { name: "path", of: Of::PolicyFile, ty: |_| Type::Text, looks: Looks::AtItself, read: bar::path },
    Member {
        name: "changes",
        of: Of::PolicyFile,
        ty: |_| Type::list(Type::Fact(&bar::CHANGED)),
        looks: Looks::AtItself,
        read: bar::changes,
    },
    Member {
        name: "faults",
        of: Of::PolicyFile,
        ty: |_| Type::list(Type::Fact(&bar::FAULT)),
        looks: Looks::AtItself,
        read: bar::faults,
    },
    Member {
        name: "entries",
        of: Of::PolicyFile,
        ty: |_| Type::list(Type::Fact(&bar::ENTRY)),
        looks: Looks::AtItself,
        read: bar::entries,
    },
    Member {
        name: "key",
        of: Of::Group,
        ty: |of| if let Type::Group { key, .. } = of { (**key).clone() } else { Type::Any },
        looks: Looks::AtItself,
        read: |_, value| {
            if let Value::Group(group) = value { Ok(group.key.clone()) } else { Err(Stop::Absent) }
        },
    },
    Member {
        name: "records",
        of: Of::Group,
        ty: |of| match of {
            Type::Group { kinds, .. } => Type::list(Type::Record(kinds.clone())),
            _ => Type::list(Type::Any),
        },
        looks: Looks::AtItself,
        read: |_, value| match value {
            Value::Group(group) => Ok(Value::list(group.records.iter().map(|&r| Value::Record(r)).collect())),
            _ => Err(Stop::Absent),
        },
    },
    Member {
        name: "start",
        of: Of::Period,
        ty: |_| Type::Date,
        looks: Looks::AtItself,
        read: |_, value| {
            if let Value::Period(period) = value { Ok(Value::Date(period.start)) } else { Err(Stop::Absent) }
        },
    },
    Member {
        name: "end",
        of: Of::Period,
        ty: |_| Type::Date,
        looks: Looks::AtItself,
        read: |_, value| {
            if let Value::Period(period) = value { Ok(Value::Date(period.end)) } else { Err(Stop::Absent) }
        },
    },
    Member {
        name: "text",
        of: Of::Period,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::text(period.to_string()))
            } else {
                Err(Stop::Absent)
            }
        },
    },
    Member {
        name: "number",
        of: Of::Amount,
        ty: |_| Type::Double,
        looks: Looks::AtItself,
        read: |_, value| {
            if let Value::Amount(amount) = value {
                Ok(Value::Double(amount.value))
            } else {
                Err(Stop::Absent)
            }
        },
    },
    Member {
        name: "unit",
        of: Of::Amount,
        ty: |_| Type::Text,
        looks: Looks::AtItself,
        read: |_, value| {
            if let Value::Amount(amount) = value {
                Ok(Value::text(amount.unit.to_string()))
            } else {
                Err(Stop::Absent)
            }
        },
    },
];

fn text<'a>(text: &'a Arc<str>) -> Yield<'a> {
    Ok(Value::text(&**text))
}

/// The kinds that can answer for something.
pub const WHO: [&str; 3] = ["person", "role", "team"];

fn who() -> Type {
    Type::Record(WHO.iter().map(|&kind| kind.into()).collect())
}

/// The record behind a value; a reference that names no record has no members to judge.
fn record<'a>(value: &Value<'a>) -> Result<&'a Record, Stop> {
    match value {
        Value::Record(record) => Ok(record),
        Value::Unresolved(_) => Err(Stop::Unknowable),
        _ => Err(Stop::Absent),
    }
}

fn file<'a>(value: &Value<'a>) -> Result<&'a crate::catalog::File, Stop> {
    if let Value::File(file) = value { Ok(file) } else { Err(Stop::Absent) }
}

/// Whether the record's status is among its kind's live ones. A kind without statuses is always live.
fn live<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Yield<'a> {
    let Some(field) = &record.kind.status else { return Ok(Value::Bool(true)) };
    let status = eval.field(record, field)?;
    let status = status.as_text().ok_or(Stop::Unknowable)?;
    Ok(Value::Bool(record.kind.live.iter().any(|live| **live == *status)))
}

/// The references in the first accountable field that has any.
///
/// # Errors
/// The record's format has no place for any of them.
fn accountable<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Result<Vec<&'a Reference>, Stop> {
    let fields = record.accountable();
    if !fields.is_empty() && fields.iter().all(|field| record.lacks(field)) {
        return Err(Stop::Unknowable);
    }
    let references = eval.catalog.references(record);
    let of =
        |field: &str| references.iter().filter(|reference| &*reference.field == field).collect::<Vec<_>>();
    Ok(fields.iter().map(|field| of(field)).find(|found| !found.is_empty()).unwrap_or_default())
}

/// An owner given as a role is its holder.
fn holder<'a>(eval: &Evaluator<'a>, owner: Value<'a>) -> Value<'a> {
    let Value::Record(role) = owner else { return owner };
    let holders = eval.catalog.references(role).iter().filter(|reference| &*reference.field == "holder");
    match holders.map(|reference| eval.refer(reference)).next() {
        Some(holder) if &*role.kind.name == "role" => holder,
        _ => owner,
    }
}

fn violations<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Yield<'a> {
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
        members.extend(violation.meant.as_deref().map(|meant| ("meant", Value::text(meant))));
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
    let is_key = has_key && !written.contains(['`', '\n']) && fold(written) != fold(field);
    if !is_key {
        return message;
    }
    Value::text(violation.message.replacen(&format!("`{field}`"), &format!("`{written}`"), 1))
}

fn mention<'a>(eval: &Evaluator<'a>, record: &'a Record, reference: &'a Reference) -> Value<'a> {
    // As the file has it: `KEP-32` where the format makes it `32`.
    let written = eval.catalog.file_of(record).source().slice(reference.span).trim_matches(['"', '\'']);
    let is_word = !written.is_empty() && !written.contains(['`', '\n']);
    Value::Mention(Mention { record, reference, text: if is_word { written } else { &reference.text } })
}

/// A member of a reference. There are many references, and rules ask most of them for little.
pub(super) fn of_mention<'a>(eval: &Evaluator<'a>, mention: &Mention<'a>, member: &str) -> Yield<'a> {
    let Mention { record, reference, text } = *mention;
    match (member, reference.target) {
        ("text", _) => Ok(Value::text(text)),
        ("field", _) => Ok(Value::text(&*reference.field)),
        ("kinds", _) => Ok(Value::text(reference.kinds.join(" or "))),
        ("accountable", _) => Ok(Value::Bool(reference.accountable)),
        ("unheld", target) => Ok(Value::Bool(target == Target::Unheld)),
        ("resolved", Target::Record(_)) => Ok(Value::Bool(true)),
        ("resolved", Target::Unknown) => Ok(Value::Bool(false)),
        ("target", Target::Record(id)) => Ok(Value::Record(eval.catalog.record(id))),
        ("nearest", Target::Unknown) => {
            eval.catalog.nearest(record, reference).map(Value::text).ok_or(Stop::Absent)
        }
        _ => Err(Stop::Absent),
    }
}

fn problems<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> Yield<'a> {
    let problems = file(value)?.problems();
    eval.step(problems.len() * ELEMENT)?;
    let facts = problems.iter().map(|problem| {
        let members =
            vec![("message", Value::text(&*problem.message)), ("fatal", Value::Bool(problem.fatal))];
        Value::Fact(Arc::new(Fact { members, span: problem.span, related: problem.related.clone() }))
    });
    Ok(Value::list(facts.collect()))
}

fn notes<'a>(value: &Value<'a>) -> Yield<'a> {
    let facts = file(value)?.note().into_iter().map(|note| {
        let mut members = vec![("message", Value::text(&*note.message))];
        members.extend(note.help.as_deref().map(|help| ("help", Value::text(help))));
        members.extend(note.folder.as_deref().map(|folder| ("folder", Value::text(folder))));
        Value::Fact(Arc::new(Fact { members, span: note.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

fn links<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> Yield<'a> {
    let file = file(value)?;
    let mut records = eval.catalog.concerned(file).into_iter();
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
            members.extend(broken.nearest.map(|nearest| ("nearest", Value::text(nearest))));
        }
        Value::Fact(Arc::new(Fact { members, span: link.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

fn ignores<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> Yield<'a> {
    let file = file(value)?;
    let ignores = &file.ignores;
    eval.step(ignores.len() * ELEMENT)?;
    let facts = ignores.iter().map(|ignore| {
        let members = match &ignore.terms {
            Ok(terms) => {
                let until = terms.until.map(|day| ("until", Value::Date(day)));
                let said = [("rule", Value::text(&*terms.rule)), ("reason", Value::text(&*terms.reason))];
                let used = eval.catalog.is_used(file.path(), ignore).map(|used| ("used", Value::Bool(used)));
                said.into_iter().chain(until).chain(used).collect()
            }
            Err(why) => vec![("malformed", Value::text(*why))],
        };
        Value::Fact(Arc::new(Fact { members, span: ignore.span, related: None }))
    });
    Ok(Value::list(facts.collect()))
}

fn terms<'a>(eval: &Evaluator<'a>, value: &Value<'a>) -> Yield<'a> {
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
