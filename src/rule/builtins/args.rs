//! The result types that several functions share.

use crate::rule::runtime::{Argument, Type};

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

/// A list of records of the kind that the first argument names.
pub(super) fn first_kind_type(args: &[Argument]) -> Type {
    kind_list_type(args.first())
}

/// A list of records of the kind that the second argument names.
pub(super) fn second_kind_type(args: &[Argument]) -> Type {
    kind_list_type(args.get(1))
}

fn kind_list_type(named: Option<&Argument>) -> Type {
    let kinds = named.and_then(|arg| arg.literal).map(|kind| Box::from([kind.into()]));
    Type::list(Type::Record(kinds.unwrap_or_default()))
}
