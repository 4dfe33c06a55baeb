//! Errors of the load-time check.

use crate::kind::Kinds;
use crate::rule::runtime::{Type, field_also_called};
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

/// An error in an expression; the span is in bytes of its text.
#[derive(Debug, PartialEq)]
pub struct CompileError {
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
    pub unknown_variable: Option<Box<str>>,
}

impl CompileError {
    pub fn new(message: impl Into<String>, span: Span) -> CompileError {
        CompileError { message: message.into(), span, help: None, unknown_variable: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> CompileError {
        self.help = Some(help.into());
        self
    }

    pub fn shifted(mut self, bytes: usize) -> CompileError {
        self.span = Span::new(self.span.start as usize + bytes, self.span.end as usize + bytes);
        self
    }
}

const MAX_LISTED: usize = 30;

/// An unknown name; `message` is completed by the name: "unknown kind".
pub(super) fn unknown(message: &str, name: &str, span: Span, known: &[&str]) -> CompileError {
    let error = CompileError::new(format!("{message} `{name}`"), span);
    match nearest(name, known.iter().copied()) {
        Some(near) => error.help(did_you_mean(near)),
        None if known.is_empty() || known.len() > MAX_LISTED => error,
        None => {
            let mut known = known.to_vec();
            known.sort_unstable();
            known.dedup();
            error.help(format!("use one of: {}", known.join(", ")))
        }
    }
}

/// A value that its schema does not list. `meant` is the value for which it is another word.
pub fn unknown_value(value: &str, meant: Option<&str>, known: &[&str], span: Span) -> CompileError {
    let error = unknown("unknown value", value, span, known);
    meant.into_iter().fold(error, |error, meant| error.help(did_you_mean(meant)))
}

/// A field that values of this type don't have; `known` are the names of those that they have, as they are written here.
pub fn unknown_field(kinds: &Kinds, holder: &Type, name: &str, span: Span, known: &[&str]) -> CompileError {
    let message = format!("{holder} has no field");
    let own_name = field_also_called(kinds, holder, name);
    let error = match own_name.and_then(|field| known.iter().find(|known| known.replace('_', "-") == *field))
    {
        Some(field) => CompileError::new(format!("{message} `{name}`"), span).help(did_you_mean(field)),
        None => unknown(&message, name, span, known),
    };
    match holder {
        Type::Record(kinds) if error.help.is_none() && kinds.len() == 1 => {
            error.help(format!("`alignlint explain {}` lists its fields", kinds[0]))
        }
        _ => error,
    }
}

/// A variable that does not exist, or not in this rule.
pub(super) fn unknown_variable(name: &str, span: Span, known: &[&str]) -> CompileError {
    let error = match name {
        "item" => CompileError::new("`item` needs `each`", span),
        "group" => CompileError::new("`group` needs `group-by`", span),
        "other" => CompileError::new("`other` needs `against`, `related.each` or `group-by`", span),
        "params" => CompileError::new("expected a parameter, as in `params.name`", span),
        "file" if known.contains(&"record") => {
            CompileError::new("unknown variable `file` in a rule for records", span)
                .help(did_you_mean("record.file"))
        }
        "record" => CompileError::new("unknown variable `record` in a rule for files", span),
        _ => unknown("unknown variable", name, span, known),
    };
    CompileError { unknown_variable: Some(name.into()), ..error }
}

pub fn expected(expected: &Type, found: &Type, span: Span) -> CompileError {
    let error = CompileError::new(format!("expected {expected}, found {found}"), span);
    with_conversion(error, expected, found)
}

/// An operation that is not defined for values of two types.
pub(super) fn no_operation(verb: &str, left: &Type, right: &Type, span: Span) -> CompileError {
    let message = match verb {
        "add" => format!("can't add {right} to {left}"),
        "subtract" => format!("can't subtract {right} from {left}"),
        "divide" | "multiply" => format!("can't {verb} {left} by {right}"),
        _ => format!("can't {verb} {left} with {right}"),
    };
    with_conversion(CompileError::new(message, span), left, right)
}

/// Adds how a value of one type is written, where a text or a number stands.
fn with_conversion(error: CompileError, left: &Type, right: &Type) -> CompileError {
    let is_plain = |ty: &Type| matches!(ty, Type::String | Type::Int | Type::Double);
    let of_other = [left, right].into_iter().find(|ty| !is_plain(ty));
    let help = match of_other.filter(|_| is_plain(left) || is_plain(right)) {
        Some(Type::Date) => "write a date as `date(\"2026-11-20\")`",
        Some(Type::Duration | Type::Age) => "write a duration as `duration(\"90 days\")`",
        _ => return error,
    };
    error.help(help)
}
