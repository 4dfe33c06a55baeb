//! Errors of the load-time check.

use crate::calendar::parse_date;
use crate::kind::{Kinds, Shape};
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

/// A field that values of this type don't have; `known` are the names of those that they have, as they are written here.
pub fn unknown_field(kinds: &Kinds, holder: &Type, name: &str, span: Span, known: &[&str]) -> CompileError {
    let message = format!("{holder} has no field");
    let own_name = field_also_called(kinds, holder, name);
    match own_name.and_then(|field| known.iter().find(|known| known.replace('_', "-") == *field)) {
        Some(field) => CompileError::new(format!("{message} `{name}`"), span).help(did_you_mean(field)),
        None => unknown(&message, name, span, known),
    }
}

/// Says which kind has a field that the records of a rule for another kind lack.
pub(super) fn other_kind_help(error: CompileError, kinds: &Kinds, holder: &Type, name: &str) -> CompileError {
    let is_misspelt = error.help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
    match kind_with(kinds, holder, name).filter(|_| !is_misspelt) {
        Some(kind) => error.help(format!("name another field, or write `for: {kind}`, which has it")),
        None => error,
    }
}

/// The only kind that has a field which the records of a rule for another kind lack.
fn kind_with<'k>(kinds: &'k Kinds, holder: &Type, name: &str) -> Option<&'k str> {
    matches!(holder, Type::Record(names) if names.len() == 1).then_some(())?;
    let field = name.replace('_', "-");
    let mut having = kinds.iter().filter(|kind| kind.shape.field(&field).is_some());
    having.next().filter(|_| having.next().is_none()).map(|kind| &*kind.name)
}

/// A variable that does not exist, or not in this rule.
pub(super) fn unknown_variable(name: &str, span: Span, known: &[&str]) -> CompileError {
    let error = match name {
        "item" if known.contains(&"other") => CompileError::new("unknown variable `item`", span)
            .help("write `other`: the elements of this list are the others"),
        "item" => CompileError::new("`item` needs `each`", span)
            .help("add `each: record.FIELD`, the list whose items are checked"),
        "group" => CompileError::new("`group` needs `group-by`", span)
            .help("add `group-by: record.FIELD`, the field whose value the records of a group share"),
        "other" => CompileError::new("`other` needs `against`, `related.each` or `group-by`", span)
            .help("under `against`, write a list of records, whose elements are the others, or group them with `group-by`"),
        "file" => CompileError::new("unknown variable `file` in a rule for records", span)
            .help("write `record.file`, or use `for: file`"),
        "record" => {
            CompileError::new("unknown variable `record` in a rule for files", span).help(
                "to judge records, name their kind: `for: decision`; a rule for files reads `file.path` and other parts of `file`",
            )
        }
        "params" => {
            CompileError::new("expected a parameter after `params`", span).help("write `params.name`")
        }
        _ => or_in_quotes(unknown("unknown variable", name, span, known), name),
    };
    CompileError { unknown_variable: Some(name.into()), ..error }
}

/// Where no variable is meant, a text may be.
fn or_in_quotes(error: CompileError, name: &str) -> CompileError {
    match &error.help {
        Some(help) if help.starts_with("use one of") => {
            let help = format!("{help}; a text is written in quotes: `\"{name}\"`");
            error.help(help)
        }
        _ => error,
    }
}

pub fn expected(expected: &Type, found: &Type, span: Span) -> CompileError {
    let error = CompileError::new(format!("expected {expected}, found {found}"), span);
    match (expected, found) {
        (Type::List(_), Type::Map(..)) => error.help("write `entries(…)`"),
        (Type::Map(..), Type::List(_)) => {
            error.help("write `has(record.field) ? entries(record.field) : []`, with the field in question")
        }
        (Type::String, Type::Item(shape)) => match shape.0.text.as_deref().or(first_field(&shape.0)) {
            Some(field) => error.help(format!("read a field of it, such as `.{}`", field.replace('-', "_"))),
            None => error,
        },
        (Type::String, Type::Int | Type::Double | Type::Bool) => {
            error.help("write it in quotes, or convert the value with `string(…)`")
        }
        (Type::String, Type::List(_)) => {
            error.help("join the list with `.join(\", \")`, read one element, as in `list[0]`, or ask each, as in `list.exists(x, …)`")
        }
        (Type::String, Type::Record(_)) => error.help("read a field of it, such as `.id`"),
        (Type::Record(_) | Type::Date | Type::Int | Type::Double, Type::List(_)) => {
            error.help("the field holds one value: write one, or make it `type: array` in its kind")
        }
        (Type::List(_), _) => {
            error.help("name a list, such as a field with `type: array`; of one value, `[value]` is a list")
        }
        (Type::Bool, Type::Int | Type::Double) => error.help("compare it, as in `… > 3`"),
        (Type::Bool, Type::String) => error.help("compare it, as in `… == \"text\"`"),
        (Type::Bool, Type::Record(_)) => {
            error.help("ask whether it is there, `has(record.field)`, or compare it")
        }
        (Type::Bool, _) => error.help("write a condition, such as `has(record.owner)` or a comparison"),
        (Type::Date, _) => error.help("write a day, such as `today` or `date(\"2026-11-20\")`"),
        (Type::Duration, Type::Int) => error.help("write the duration as `duration(\"90 days\")`"),
        (Type::Duration, _) => error.help("write a duration, such as `duration(\"90 days\")`"),
        (Type::Int | Type::Double, _) => error.help("write a number, or the size of a list: `size(list)`"),
        _ => error,
    }
}

/// The error of a `due` that is no day.
pub fn expected_day(found: &Type, text: &str) -> CompileError {
    const COMPARISONS: [&str; 5] = [" >= today", " > today", " <= today", " < today", " == today"];
    let error = expected(&Type::Date, found, Span::new(0, text.len()));
    let day = COMPARISONS.iter().find_map(|comparison| text.trim().strip_suffix(comparison));
    match (found, day) {
        _ if parse_date(text.trim()).is_some() => {
            error.help(format!("write the date as `date(\"{}\")`", text.trim()))
        }
        (Type::Bool, Some(day)) => {
            error.help(format!("write the day alone, `{day}`: a finding is reported from the day after it"))
        }
        (Type::Bool, None) => {
            error.help("write the day alone, without a comparison, or write the condition under `expect`")
        }
        (Type::Duration, _) => error.help(format!("add it to a day: `record.date + {}`", text.trim())),
        (Type::String, _) => {
            error.help("name a field with `format: date`, or write a day as in `date(\"2026-11-20\")`")
        }
        _ => error.help("write the last day on which all is well, such as `record.review_by`"),
    }
}

fn first_field(shape: &Shape) -> Option<&str> {
    shape.fields.first().map(|field| &*field.name)
}

pub(super) fn never_equal(left: &Type, right: &Type, span: Span) -> CompileError {
    let error = CompileError::new(format!("can't compare {left} with {right}"), span);
    match (left, right) {
        (Type::String, Type::Int | Type::Double) | (Type::Int | Type::Double, Type::String) => {
            error.help("write a number without quotes, and a text with them")
        }
        _ => with_conversion_help(error, left, right),
    }
}

/// Adds where the fields of a kind are listed, unless there is a better help.
pub(super) fn fields_help(error: CompileError, ty: &Type) -> CompileError {
    match ty {
        Type::Record(kinds) if error.help.is_none() && kinds.len() == 1 => {
            error.help(format!("`alignlint explain {}` lists its fields", kinds[0]))
        }
        Type::Record(_) if error.help.is_none() => {
            error.help("`alignlint explain KIND` lists the fields of a kind")
        }
        _ => error,
    }
}

/// Adds how a string is converted to the type that it is used with.
pub(super) fn with_conversion_help(error: CompileError, left: &Type, right: &Type) -> CompileError {
    let pair = [left, right];
    let other = pair.iter().find(|ty| !matches!(ty, Type::String));
    match (pair.contains(&&Type::String), other) {
        (true, Some(Type::Date)) => error.help("write the date as `date(\"2026-11-20\")`"),
        (true, Some(Type::Duration | Type::Age)) => {
            error.help("write the duration as `duration(\"1 quarter\")`")
        }
        (true, Some(Type::Period)) => error.help("write the period as `period(\"2026-Q4\")`"),
        (false, _) if pair.contains(&&Type::Age) => {
            error.help("compare an age with a duration: `duration(\"1 quarter\")`")
        }
        _ => error,
    }
}
