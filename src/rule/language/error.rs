//! Errors of the load-time check.

use crate::kind::Kinds;
use crate::rule::runtime::{Type, field_also_called, fields_of};
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

/// An unknown name; `message` is completed by the name: "unknown kind".
pub fn unknown(message: &str, name: &str, span: Span, known: &[&str]) -> CompileError {
    let help = nearest(name, known.iter().copied()).map(did_you_mean);
    CompileError { help, ..CompileError::new(format!("{message} `{name}`"), span) }
}

/// A field that values of this type don't have.
pub fn unknown_field(kinds: &Kinds, holder: &Type, name: &str, span: Span) -> CompileError {
    let known: Vec<&str> = fields_of(kinds, holder).map(|field| &*field.name).collect();
    unknown_member(kinds, holder, name, span, &known)
}

/// As [`unknown_field`]; `known` are the names of fields and members, as they are written here.
pub(super) fn unknown_member(
    kinds: &Kinds,
    holder: &Type,
    name: &str,
    span: Span,
    known: &[&str],
) -> CompileError {
    let error = unknown(&format!("{holder} has no field"), name, span, known);
    let own_name = field_also_called(kinds, holder, name);
    let own_name = own_name.and_then(|field| known.iter().find(|known| known.replace('_', "-") == *field));
    own_name.into_iter().fold(error, |error, own_name| error.help(did_you_mean(own_name)))
}

/// A variable that does not exist, or not in this rule.
pub(super) fn unknown_variable(name: &str, span: Span, known: &[&str]) -> CompileError {
    let error = match name {
        "item" => CompileError::new("`item` needs `each`", span),
        "group" => CompileError::new("`group` needs `group-by`", span),
        "other" => CompileError::new("`other` needs `against`, `related.each` or `group-by`", span),
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
    CompileError::new(format!("expected {expected}, found {found}"), span)
}

/// An operation that is not defined for values of two types.
pub(super) fn no_operation(verb: &str, left: &Type, right: &Type, span: Span) -> CompileError {
    let message = match verb {
        "add" => format!("can't add {right} to {left}"),
        "subtract" => format!("can't subtract {right} from {left}"),
        "divide" | "multiply" => format!("can't {verb} {left} by {right}"),
        _ => format!("can't {verb} {left} with {right}"),
    };
    CompileError::new(message, span)
}
