//! Typed access to arguments, and the result types that several functions share.

use crate::catalog::{CitingFile, SourceFile};
use crate::input::PolicyFile;
use crate::input::UnreadFile;
use crate::record::Record;
use crate::rule::runtime::{Argument, EvalError, Type, Value};

pub(super) fn string<'s>(value: &'s Value<'_>) -> Result<&'s str, EvalError> {
    value.as_text().ok_or(EvalError::Indeterminate)
}

pub(super) fn date(value: &Value<'_>) -> Result<jiff::civil::Date, EvalError> {
    if let Value::Date(date) = value { Ok(*date) } else { Err(EvalError::Indeterminate) }
}

pub(super) fn record<'a>(value: &Value<'a>) -> Result<&'a Record, EvalError> {
    match value {
        Value::Record(record) => Ok(record),
        Value::Unresolved(unresolved) => Err(unresolved.error()),
        _ => Err(EvalError::Indeterminate),
    }
}

/// The record that a member is read of.
///
/// # Errors
/// That of the reference if it is unresolved.
pub(super) fn owner<'a>(value: &Value<'a>) -> Result<&'a Record, EvalError> {
    match value {
        Value::Record(record) => Ok(record),
        Value::Unresolved(unresolved) => Err(unresolved.error()),
        _ => Err(EvalError::Absent),
    }
}

pub(super) fn file<'a>(value: &Value<'a>) -> Result<&'a SourceFile, EvalError> {
    if let Value::File(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub(super) fn policy_file<'a>(value: &Value<'a>) -> Result<&'a PolicyFile, EvalError> {
    if let Value::PolicyFile(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub(super) fn unread_file<'a>(value: &Value<'a>) -> Result<&'a UnreadFile, EvalError> {
    if let Value::UnreadFile(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub(super) fn citing_file<'a>(value: &Value<'a>) -> Result<&'a CitingFile, EvalError> {
    if let Value::CitingFile(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub(super) fn bool_type(_: &[Argument]) -> Type {
    Type::Bool
}

pub(super) fn string_type(_: &[Argument]) -> Type {
    Type::String
}

pub(super) fn int_type(_: &[Argument]) -> Type {
    Type::Int
}

pub(super) fn double_type(_: &[Argument]) -> Type {
    Type::Double
}

pub(super) fn people_type(_: &[Argument]) -> Type {
    Type::list(Type::Record(Box::new(["person".into()])))
}

pub(super) fn first_argument_type(args: &[Argument]) -> Type {
    args[0].ty.clone()
}

pub(super) fn same_kind_list_type(args: &[Argument]) -> Type {
    Type::list(args[0].ty.clone())
}

/// A list of records of the kind that the argument at `index` names.
pub(super) fn kind_list_type(args: &[Argument], index: usize) -> Type {
    let kinds = args.get(index).and_then(|arg| arg.literal).map(|kind| Box::from([kind.into()]));
    Type::list(Type::Record(kinds.unwrap_or_default()))
}
