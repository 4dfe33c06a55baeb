//! Declarations of functions and members. The load-time check, the evaluation, the dependencies of a rule and the
//! reference page all read these.

use crate::catalog::SourceFile;
use crate::record::Record;

use super::context::Context;
use super::types::Ty;
use super::value::{EvalResult, Value};

/// A function, called as `name(…)`, a method, called as `value.name(…)`, or a member, read as `value.name`.
pub struct Function {
    pub name: &'static str,
    pub form: CallForm,
    /// The first is the receiver of a method or member.
    pub params: Types,
    pub required: usize,
    pub is_variadic: bool,
    pub result: Ty,
    pub depends_on: Dependency,
    call: Call,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallForm {
    Function,
    Method,
    Member,
}

enum Call {
    Args(CallArgs),
    Record(ReadRecord),
    File(ReadFile),
}

type Types = &'static [Ty];
type CallArgs = for<'a> fn(&Context<'a>, &[Value<'a>]) -> EvalResult<'a>;
type ReadRecord = for<'a> fn(&Context<'a>, &'a Record) -> EvalResult<'a>;
type ReadFile = for<'a> fn(&Context<'a>, &'a SourceFile) -> EvalResult<'a>;

/// What a function or member reads besides the values that it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dependency {
    /// Nothing, or fields of the value itself.
    Value,
    /// The field of the value that an argument names.
    Field,
    /// Of a record, no more than its names and references.
    Identity,
    /// That, and whether it is live.
    Standing,
    /// Records at the end of a chain of this many references.
    Referenced(u8),
    Referencing,
    Duplicates,
    /// All records of the kinds that it is given or yields.
    AllOfKind,
    /// All records that a field (the second argument) leads to or from, transitively.
    TransitiveField,
    AllReferences,
    /// The value, and the labels that no field takes, of all records.
    UnreadLabels,
    OrgChart,
    Vocabulary,
    LinkTargets,
    Paths,
    Everything,
}

/// Declares a function that reads only its arguments; all parameters are required.
pub const fn function(name: &'static str, params: Types, result: Ty, call: CallArgs) -> Function {
    declared(CallForm::Function, name, params, result, Call::Args(call))
}

pub const fn method(name: &'static str, params: Types, result: Ty, call: CallArgs) -> Function {
    declared(CallForm::Method, name, params, result, Call::Args(call))
}

pub const fn member(name: &'static str, of: Types, result: Ty, call: CallArgs) -> Function {
    declared(CallForm::Member, name, of, result, Call::Args(call))
}

pub const fn of_record(name: &'static str, result: Ty, read: ReadRecord) -> Function {
    declared(CallForm::Member, name, &[Ty::Record], result, Call::Record(read))
}

pub const fn of_file(name: &'static str, result: Ty, read: ReadFile) -> Function {
    declared(CallForm::Member, name, &[Ty::File], result, Call::File(read))
}

const fn declared(form: CallForm, name: &'static str, params: Types, result: Ty, call: Call) -> Function {
    let (required, is_variadic, depends_on) = (params.len(), false, Dependency::Value);
    Function { name, form, params, required, is_variadic, result, depends_on, call }
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

    pub fn has_receiver(&self) -> bool {
        self.form != CallForm::Function
    }

    /// True for a member that a value has, if its type is known only at run time.
    pub fn is_member_of(&self, value: &Value) -> bool {
        let owner = match value {
            Value::Record(_) | Value::Unresolved(_) => Ty::Record,
            Value::File(_) => Ty::File,
            Value::Group(_) => Ty::Group,
            Value::Period(_) => Ty::Period,
            Value::Amount(_) => Ty::Amount,
            _ => return false,
        };
        self.form == CallForm::Member && self.params == [owner]
    }

    /// Returns the value for as many arguments as are required, or more.
    pub fn call<'a>(&self, cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
        match self.call {
            Call::Args(call) => call(cx, args),
            Call::Record(read) => read(cx, args[0].record()?),
            Call::File(read) => read(cx, args[0].file()?),
        }
    }
}
