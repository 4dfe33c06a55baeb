//! What a function of the rule language takes, yields and looks at.

use super::dependencies::Dependency;
use super::evaluate::{EvalResult, Evaluator};
use super::past;
use super::types::Type;
use super::value::Value;

/// A function, called as `name(…)` or, where it has a receiver, as `value.name(…)`.
pub struct Function {
    pub name: &'static str,
    pub method: bool,
    /// The parameters, the receiver first.
    pub params: &'static [Param],
    /// How many of them must be given.
    pub required: usize,
    /// Whether the last may be repeated.
    pub repeats: bool,
    pub result: fn(&[Argument]) -> Type,
    pub depends_on: Dependency,
    pub call: for<'a> fn(&Evaluator<'a>, &[Value<'a>]) -> EvalResult<'a>,
    /// One line for the reference page.
    pub about: &'static str,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Param {
    Any,
    /// A list or a text.
    Countable,
    Text,
    /// A text that says a day; checked when the rule is loaded, where it stands there in quotes.
    DateText,
    DurationText,
    PeriodText,
    Int,
    Date,
    Duration,
    Period,
    List,
    Record,
    /// A change that the history tells of.
    Change,
    /// A record, or an item of a list in one.
    Holder,
    /// A literal name of a kind.
    Kind,
    /// A literal name of a field, of the receiver's kinds or, after a kind, of that kind.
    Field,
    /// A literal regular expression, checked when the rule is loaded.
    Pattern,
}

/// What a call hands over, as far as it is known when the rule is loaded.
pub struct Argument<'s> {
    pub ty: Type,
    pub literal: Option<&'s str>,
}

impl Param {
    /// The type of values that fit, or None where any does.
    pub fn ty(self) -> Option<Type> {
        Some(match self {
            Param::Any | Param::Countable | Param::Holder => return None,
            Param::Text
            | Param::DateText
            | Param::DurationText
            | Param::PeriodText
            | Param::Kind
            | Param::Field
            | Param::Pattern => Type::Text,
            Param::Int => Type::Int,
            Param::Date => Type::Date,
            Param::Duration => Type::Duration,
            Param::Period => Type::Period,
            Param::List => Type::list(Type::Any),
            Param::Record => Type::Record(Box::default()),
            Param::Change => Type::Fact(&past::CHANGE),
        })
    }
}

/// A function that looks at nothing but its arguments.
pub(super) const fn function(
    name: &'static str,
    params: &'static [Param],
    result: fn(&[Argument]) -> Type,
    call: for<'a> fn(&Evaluator<'a>, &[Value<'a>]) -> EvalResult<'a>,
    about: &'static str,
) -> Function {
    Function {
        name,
        method: false,
        params,
        required: params.len(),
        repeats: false,
        result,
        depends_on: Dependency::AtItself,
        call,
        about,
    }
}

/// The same, with its first argument in front of the dot.
pub(super) const fn method(
    name: &'static str,
    params: &'static [Param],
    result: fn(&[Argument]) -> Type,
    call: for<'a> fn(&Evaluator<'a>, &[Value<'a>]) -> EvalResult<'a>,
    about: &'static str,
) -> Function {
    Function { method: true, ..function(name, params, result, call, about) }
}
