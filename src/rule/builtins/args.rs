//! Typed access to arguments, and the result types that several functions share.

use crate::catalog::SourceFile;
use crate::input::PolicyFile;
use crate::record::Record;
use crate::rule::runtime::{Argument, EvalError, Type, Value};

pub fn string<'s>(value: &'s Value<'_>) -> Result<&'s str, EvalError> {
    value.as_text().ok_or(EvalError::Indeterminate)
}

pub fn date(value: &Value<'_>) -> Result<jiff::civil::Date, EvalError> {
    if let Value::Date(date) = value { Ok(*date) } else { Err(EvalError::Indeterminate) }
}

pub fn record<'a>(value: &Value<'a>) -> Result<&'a Record, EvalError> {
    if let Value::Record(record) = value { Ok(record) } else { Err(EvalError::Indeterminate) }
}

/// The record that a member is read of.
///
/// # Errors
/// An unresolved reference is [`EvalError::Indeterminate`].
pub fn owner<'a>(value: &Value<'a>) -> Result<&'a Record, EvalError> {
    match value {
        Value::Record(record) => Ok(record),
        Value::Unresolved(_) => Err(EvalError::Indeterminate),
        _ => Err(EvalError::Absent),
    }
}

pub fn file<'a>(value: &Value<'a>) -> Result<&'a SourceFile, EvalError> {
    if let Value::File(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub fn policy_file<'a>(value: &Value<'a>) -> Result<&'a PolicyFile, EvalError> {
    if let Value::PolicyFile(file) = value { Ok(file) } else { Err(EvalError::Absent) }
}

pub fn bool_type(_: &[Argument]) -> Type {
    Type::Bool
}

pub fn string_type(_: &[Argument]) -> Type {
    Type::String
}

pub fn int_type(_: &[Argument]) -> Type {
    Type::Int
}

pub fn double_type(_: &[Argument]) -> Type {
    Type::Double
}

pub fn people_type(_: &[Argument]) -> Type {
    Type::list(Type::Record(Box::new(["person".into()])))
}

pub fn first_argument_type(args: &[Argument]) -> Type {
    args[0].ty.clone()
}

pub fn same_kind_list_type(args: &[Argument]) -> Type {
    Type::list(args[0].ty.clone())
}

/// A list of records of the kind that the argument at `index` names.
pub fn kind_list_type(args: &[Argument], index: usize) -> Type {
    let kinds = args.get(index).and_then(|arg| arg.literal).map(|kind| Box::from([kind.into()]));
    Type::list(Type::Record(kinds.unwrap_or_default()))
}
