//! What the host knows of a value beyond the fields in its file: `record.live`, `file.links`,
//! `period.end`. One table serves the load-time check and the evaluation.

use std::sync::Arc;

use crate::catalog::{Reference, Target};
use crate::record::Record;

use super::dependencies::Dependency;
use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::types::Type;
use super::value::{ELEMENT, Unresolved, Value};
use super::{bar, facts, past};

/// A member of a value, read with a dot like a field.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    of: Of,
    ty: fn(&Type) -> Type,
    pub depends_on: Dependency,
    pub read: for<'a> fn(&Evaluator<'a>, &Value<'a>) -> EvalResult<'a>,
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

static MEMBERS: &[Member] = &[
    Member {
        name: "id",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtIdentity,
        read: |_, value| text(&record(value)?.id),
    },
    Member {
        name: "title",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtIdentity,
        read: |_, value| record(value)?.title.as_deref().map(Value::text).ok_or(EvalError::Absent),
    },
    Member {
        name: "kind",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtIdentity,
        read: |_, value| text(&record(value)?.kind.name),
    },
    Member {
        name: "path",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtIdentity,
        read: |eval, value| text(eval.catalog.file_of(record(value)?).path()),
    },
    Member {
        name: "profile",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtIdentity,
        read: |_, value| Ok(Value::text(record(value)?.profile_name())),
    },
    Member {
        name: "file_id",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtIdentity,
        read: |_, value| record(value)?.file_id.as_deref().map(Value::text).ok_or(EvalError::Absent),
    },
    Member {
        name: "live",
        of: Of::Record,
        ty: |_| Type::Bool,
        depends_on: Dependency::AtItself,
        read: |eval, value| live(eval, record(value)?),
    },
    Member {
        name: "created",
        of: Of::Record,
        ty: |_| Type::Date,
        depends_on: Dependency::AtItself,
        read: |eval, value| {
            let record = record(value)?;
            match eval.field(record, "created") {
                Err(EvalError::Absent | EvalError::Indeterminate) => past::created(eval, record),
                stated => stated,
            }
        },
    },
    Member {
        name: "last_changed",
        of: Of::Record,
        ty: |_| Type::Date,
        depends_on: Dependency::AtItself,
        read: |eval, value| past::last_changed(eval, record(value)?),
    },
    Member {
        name: "last_active",
        of: Of::Record,
        ty: |_| Type::Date,
        depends_on: Dependency::AtItself,
        read: |eval, value| past::last_active(eval, record(value)?),
    },
    Member {
        name: "resolved",
        of: Of::Record,
        ty: |_| Type::Bool,
        depends_on: Dependency::AtItself,
        read: |_, value| match value {
            Value::Unresolved(Unresolved { reference: Some(reference), .. })
                if matches!(reference.target, Target::Inconclusive) =>
            {
                Err(EvalError::Indeterminate)
            }
            value => Ok(Value::Bool(matches!(value, Value::Record(_)))),
        },
    },
    Member {
        name: "owner",
        of: Of::Record,
        ty: |_| who(),
        depends_on: Dependency::Ahead(1),
        read: |eval, value| {
            let record = record(value)?;
            let references = accountable(eval, record)?;
            references.first().map(|reference| eval.refer(*reference)).ok_or(EvalError::Absent)
        },
    },
    Member {
        name: "owners",
        of: Of::Record,
        ty: |_| Type::list(who()),
        depends_on: Dependency::Ahead(2),
        read: |eval, value| {
            let record = record(value)?;
            let references = accountable(eval, record)?;
            Ok(Value::list(
                references.into_iter().map(|reference| holder(eval, eval.refer(reference))).collect(),
            ))
        },
    },
    Member {
        name: "owner_key",
        of: Of::Record,
        ty: |_| Type::Text,
        depends_on: Dependency::AtItself,
        read: |_, value| Ok(Value::text(record(value)?.owner_key())),
    },
    Member {
        name: "violations",
        of: Of::Record,
        ty: |_| Type::list(Type::Fact(&facts::VIOLATION)),
        depends_on: Dependency::AtItself,
        read: |eval, value| facts::violations(eval, record(value)?),
    },
    Member {
        name: "still_excuses",
        of: Of::Record,
        ty: |_| Type::Bool,
        depends_on: Dependency::Everywhere,
        read: |eval, value| bar::still_excuses(eval, record(value)?),
    },
    Member {
        name: "references",
        of: Of::Record,
        ty: |_| Type::list(Type::Fact(&facts::REFERENCE)),
        depends_on: Dependency::AtIdentity,
        read: |eval, value| {
            let record = record(value)?;
            let count = eval.catalog.references(record).len();
            eval.step(count * ELEMENT)?;
            Ok(Value::References(record, count))
        },
    },
    Member {
        name: "path",
        of: Of::File,
        ty: |_| Type::Text,
        depends_on: Dependency::AtItself,
        read: |_, value| text(file(value)?.path()),
    },
    Member {
        name: "governed",
        of: Of::File,
        ty: |_| Type::Bool,
        depends_on: Dependency::AtItself,
        read: |_, value| Ok(Value::Bool(file(value)?.governed)),
    },
    Member {
        name: "notes",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&facts::NOTE)),
        depends_on: Dependency::AtNeighbours,
        read: |_, value| facts::notes(value),
    },
    Member {
        name: "problems",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&facts::PROBLEM)),
        depends_on: Dependency::AtItself,
        read: facts::problems,
    },
    Member {
        name: "links",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&facts::LINK)),
        depends_on: Dependency::AlongLinks,
        read: |eval, value| facts::links(eval, value),
    },
    Member {
        name: "ignores",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&facts::IGNORE)),
        depends_on: Dependency::AtItself,
        read: |eval, value| facts::ignores(eval, value),
    },
    Member {
        name: "terms",
        of: Of::File,
        ty: |_| Type::list(Type::Fact(&facts::TERM)),
        depends_on: Dependency::AtVocabulary,
        read: |eval, value| facts::terms(eval, value),
    },
    Member {
        name: "path",
        of: Of::PolicyFile,
        ty: |_| Type::Text,
        depends_on: Dependency::AtItself,
        read: bar::path,
    },
    Member {
        name: "changes",
        of: Of::PolicyFile,
        ty: |_| Type::list(Type::Fact(&bar::CHANGED)),
        depends_on: Dependency::AtItself,
        read: bar::changes,
    },
    Member {
        name: "faults",
        of: Of::PolicyFile,
        ty: |_| Type::list(Type::Fact(&bar::FAULT)),
        depends_on: Dependency::AtItself,
        read: bar::faults,
    },
    Member {
        name: "entries",
        of: Of::PolicyFile,
        ty: |_| Type::list(Type::Fact(&bar::ENTRY)),
        depends_on: Dependency::AtItself,
        read: bar::entries,
    },
    Member {
        name: "key",
        of: Of::Group,
        ty: |of| if let Type::Group { key, .. } = of { (**key).clone() } else { Type::Any },
        depends_on: Dependency::AtItself,
        read: |_, value| {
            if let Value::Group(group) = value { Ok(group.key.clone()) } else { Err(EvalError::Absent) }
        },
    },
    Member {
        name: "records",
        of: Of::Group,
        ty: |of| match of {
            Type::Group { kinds, .. } => Type::list(Type::Record(kinds.clone())),
            _ => Type::list(Type::Any),
        },
        depends_on: Dependency::AtItself,
        read: |_, value| match value {
            Value::Group(group) => Ok(Value::list(group.records.iter().map(|&r| Value::Record(r)).collect())),
            _ => Err(EvalError::Absent),
        },
    },
    Member {
        name: "start",
        of: Of::Period,
        ty: |_| Type::Date,
        depends_on: Dependency::AtItself,
        read: |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::Date(period.start))
            } else {
                Err(EvalError::Absent)
            }
        },
    },
    Member {
        name: "end",
        of: Of::Period,
        ty: |_| Type::Date,
        depends_on: Dependency::AtItself,
        read: |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::Date(period.end))
            } else {
                Err(EvalError::Absent)
            }
        },
    },
    Member {
        name: "text",
        of: Of::Period,
        ty: |_| Type::Text,
        depends_on: Dependency::AtItself,
        read: |_, value| {
            if let Value::Period(period) = value {
                Ok(Value::text(period.to_string()))
            } else {
                Err(EvalError::Absent)
            }
        },
    },
    Member {
        name: "number",
        of: Of::Amount,
        ty: |_| Type::Double,
        depends_on: Dependency::AtItself,
        read: |_, value| {
            if let Value::Amount(amount) = value {
                Ok(Value::Double(amount.value))
            } else {
                Err(EvalError::Absent)
            }
        },
    },
    Member {
        name: "unit",
        of: Of::Amount,
        ty: |_| Type::Text,
        depends_on: Dependency::AtItself,
        read: |_, value| {
            if let Value::Amount(amount) = value {
                Ok(Value::text(amount.unit.to_string()))
            } else {
                Err(EvalError::Absent)
            }
        },
    },
];

fn text<'a>(text: &'a Arc<str>) -> EvalResult<'a> {
    Ok(Value::text(&**text))
}

/// The kinds that can answer for something.
pub const WHO: [&str; 3] = ["person", "role", "team"];

fn who() -> Type {
    Type::Record(WHO.iter().map(|&kind| kind.into()).collect())
}

/// The record behind a value; a reference that names no record has no members to judge.
fn record<'a>(value: &Value<'a>) -> Result<&'a Record, EvalError> {
    match value {
        Value::Record(record) => Ok(record),
        Value::Unresolved(_) => Err(EvalError::Indeterminate),
        _ => Err(EvalError::Absent),
    }
}

pub(super) fn file<'a>(value: &Value<'a>) -> Result<&'a crate::catalog::SourceFile, EvalError> {
    if let Value::File(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

/// Whether the record's status is among its kind's live ones. A kind without statuses is always live.
pub(super) fn live<'a>(eval: &Evaluator<'a>, record: &'a Record) -> EvalResult<'a> {
    let Some(field) = &record.kind.status else { return Ok(Value::Bool(true)) };
    let status = eval.field(record, field)?;
    let status = status.as_text().ok_or(EvalError::Indeterminate)?;
    Ok(Value::Bool(record.kind.live_statuses.iter().any(|live| **live == *status)))
}

/// The references in the first accountable field that has any.
///
/// # Errors
/// The record's format has no place for any of them.
fn accountable<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Result<Vec<Reference<'a>>, EvalError> {
    let fields = record.accountable();
    if !fields.is_empty() && fields.iter().all(|field| record.format_lacks(field)) {
        return Err(EvalError::Indeterminate);
    }
    let references = eval.catalog.references(record);
    let of =
        |field: &str| references.clone().filter(|reference| reference.field() == field).collect::<Vec<_>>();
    Ok(fields.iter().map(|field| of(field)).find(|found| !found.is_empty()).unwrap_or_default())
}

/// An owner given as a role is its holder.
fn holder<'a>(eval: &Evaluator<'a>, owner: Value<'a>) -> Value<'a> {
    let Value::Record(role) = owner else { return owner };
    let holders = eval.catalog.references(role).filter(|reference| reference.field() == "holder");
    match holders.map(|reference| eval.refer(reference)).next() {
        Some(holder) if &*role.kind.name == "role" => holder,
        _ => owner,
    }
}
