//! Declarations of functions and members. The load-time check, the evaluation, the dependencies of a rule and the
//! reference page all read these.

use crate::catalog::SourceFile;
use crate::record::Record;

use super::context::Context;
use super::types::{FactType, MemberType, Type};
use super::value::{EvalResult, Value};

/// A function, called as `name(…)` or, as a method, `value.name(…)`.
pub struct Function {
    pub name: &'static str,
    pub is_method: bool,
    pub params: &'static [Param],
    pub required: usize,
    pub is_variadic: bool,
    pub result: fn(&[Argument]) -> Type,
    pub depends_on: Dependency,
    pub call: Call,
}

type Call = for<'a> fn(&Context<'a>, &[Value<'a>]) -> EvalResult<'a>;
type Read = for<'a> fn(&Context<'a>, &Value<'a>) -> EvalResult<'a>;
type ReadRecord = for<'a> fn(&Context<'a>, &'a Record) -> EvalResult<'a>;
type ReadFile = for<'a> fn(&Context<'a>, &'a SourceFile) -> EvalResult<'a>;

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A computed member of a value, read with a dot like a field.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    pub owner: ReceiverType,
    ty: MemberResult,
    pub depends_on: Dependency,
    read: MemberRead,
}

#[derive(Debug)]
enum MemberResult {
    Always(MemberType),
    Of(fn(&Type) -> Type),
}

#[derive(Debug)]
enum MemberRead {
    Record(ReadRecord),
    File(ReadFile),
    Value(Read),
}

impl Member {
    /// The type of the member of a value of a type.
    pub fn result(&self, of: &Type) -> Type {
        match self.ty {
            MemberResult::Always(ty) => ty.ty(),
            MemberResult::Of(ty) => ty(of),
        }
    }

    pub fn read<'a>(&self, cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
        match self.read {
            MemberRead::Record(read) => read(cx, value.record()?),
            MemberRead::File(read) => read(cx, value.file()?),
            MemberRead::Value(read) => read(cx, value),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiverType {
    Record,
    File,
    Group,
    Period,
    Amount,
}

impl ReceiverType {
    pub fn of_type(ty: &Type) -> Option<ReceiverType> {
        Some(match ty {
            Type::Record(_) => ReceiverType::Record,
            Type::File => ReceiverType::File,
            Type::Group { .. } => ReceiverType::Group,
            Type::Period => ReceiverType::Period,
            Type::Amount => ReceiverType::Amount,
            _ => return None,
        })
    }

    pub fn of_value(value: &Value) -> Option<ReceiverType> {
        Some(match value {
            Value::Record(_) | Value::Unresolved(_) => ReceiverType::Record,
            Value::File(_) => ReceiverType::File,
            Value::Group(_) => ReceiverType::Group,
            Value::Period(_) => ReceiverType::Period,
            Value::Amount(_) => ReceiverType::Amount,
            _ => return None,
        })
    }
}

/// What a function or member reads besides the values that it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dependency {
    /// Nothing, or fields of the value itself.
    Value,
    /// Of a record, no more than its names and references.
    Identity,
    /// Records at the end of a chain of this many references.
    Referenced(u8),
    Referencing,
    Duplicates,
    /// All records of the kinds that it is given or yields.
    AllOfKind,
    /// All records that a field (the second argument) leads to or from, transitively.
    TransitiveField,
    OrgChart,
    Vocabulary,
    LinkTargets,
    /// The paths of all files.
    Paths,
    Everything,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Param {
    Any,
    /// A list, a mapping or a string.
    Sized,
    String,
    /// A string that states a date. A literal is checked when the rule is loaded, as one of a duration.
    DateString,
    DurationString,
    Int,
    Date,
    Duration,
    Period,
    List,
    /// A list of numbers.
    Numbers,
    Record,
    Fact(&'static FactType),
    /// A file, or an object with a text of a file.
    Place,
    RecordOrItem,
    Kind,
    /// A literal name of a field: of the kind named before it, else of the receiver's kinds.
    Field,
    /// Like `Field`, or a path to a field below it: `people.leads`.
    FieldPath,
    Pattern,
    /// A glob over paths. A literal is checked when the rule is loaded.
    Glob,
    /// A literal name of a part of a page.
    Part,
    File,
    /// A key as a file writes it, or the path of names to it.
    Key,
}

pub struct Argument<'s> {
    pub ty: Type,
    pub literal: Option<&'s str>,
}

impl Param {
    /// The type that an argument must fit, or `None` if that is not one type.
    pub fn ty(self) -> Option<Type> {
        Some(match self {
            Param::Any | Param::Sized | Param::Place | Param::RecordOrItem => return None,
            Param::String
            | Param::DateString
            | Param::DurationString
            | Param::Kind
            | Param::Field
            | Param::FieldPath
            | Param::Pattern
            | Param::Glob
            | Param::Part
            | Param::Key => Type::String,
            Param::Int => Type::Int,
            Param::Date => Type::Date,
            Param::Duration => Type::Duration,
            Param::Period => Type::Period,
            Param::List => Type::list(Type::Any),
            Param::Numbers => Type::list(Type::Double),
            Param::Record => Type::Record(Box::default()),
            Param::File => Type::File,
            Param::Fact(fact) => Type::Fact(fact),
        })
    }
}

/// Declares a function that reads only its arguments; all parameters are required.
pub const fn function(
    name: &'static str,
    params: &'static [Param],
    result: fn(&[Argument]) -> Type,
    call: Call,
) -> Function {
    Function {
        name,
        is_method: false,
        params,
        required: params.len(),
        is_variadic: false,
        result,
        depends_on: Dependency::Value,
        call,
    }
}

impl Function {
    pub const fn depends_on(self, depends_on: Dependency) -> Function {
        Function { depends_on, ..self }
    }

    pub const fn required(self, required: usize) -> Function {
        Function { required, ..self }
    }

    pub const fn variadic(self) -> Function {
        Function { is_variadic: true, ..self }
    }
}

pub const fn method(
    name: &'static str,
    params: &'static [Param],
    result: fn(&[Argument]) -> Type,
    call: Call,
) -> Function {
    Function { is_method: true, ..function(name, params, result, call) }
}

/// Declares a member that reads only the value itself.
pub const fn member(owner: ReceiverType, name: &'static str, ty: fn(&Type) -> Type, read: Read) -> Member {
    let (ty, read) = (MemberResult::Of(ty), MemberRead::Value(read));
    Member { name, owner, ty, depends_on: Dependency::Value, read }
}

/// Declares a member of records.
pub const fn of_record(name: &'static str, ty: MemberType, read: ReadRecord) -> Member {
    let (ty, read) = (MemberResult::Always(ty), MemberRead::Record(read));
    Member { name, owner: ReceiverType::Record, ty, depends_on: Dependency::Value, read }
}

/// Declares a member of files.
pub const fn of_file(name: &'static str, ty: MemberType, read: ReadFile) -> Member {
    let (ty, read) = (MemberResult::Always(ty), MemberRead::File(read));
    Member { name, owner: ReceiverType::File, ty, depends_on: Dependency::Value, read }
}

impl Member {
    pub const fn depends_on(self, depends_on: Dependency) -> Member {
        Member { depends_on, ..self }
    }
}
