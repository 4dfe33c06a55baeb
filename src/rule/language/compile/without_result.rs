//! Operations that have no result whatever the records hold: a division by zero, durations of which either may be the longer, or an
//! index that no list of constants has.

use std::cmp::Ordering;

use crate::calendar::Duration;
use crate::rule::language::error::CompileError;
use crate::rule::language::expression::{Arithmetic, ComparisonOperator, Literal, TermNode, TypedExpr};

use super::Compiled;
use super::calls::literal_text;

/// Returns the term.
///
/// # Errors
/// It is never judged.
pub(super) fn checked(term: TypedExpr, source: &str) -> Compiled {
    let Some((reason, help)) = reason(&term, source) else { return Ok(term) };
    Err(CompileError::new(format!("`{}` is never judged: {reason}", term.text_in(source)), term.span)
        .help(help))
}

/// Why a term has no result, and what to write.
fn reason(term: &TypedExpr, source: &str) -> Option<(String, String)> {
    use ComparisonOperator::{Equal, NotEqual};
    match &term.node {
        TermNode::Arithmetic(Arithmetic::Divide | Arithmetic::Remainder, _, divisor) if is_zero(divisor) => {
            Some(("it divides by zero".to_owned(), "divide by another number".to_owned()))
        }
        TermNode::Arithmetic(Arithmetic::Subtract, left, right) => {
            let (a, b) = (duration(left)?, duration(right)?);
            a.minus(b).is_none().then(|| match a.order(b) {
                Some(Ordering::Less) => {
                    ("the second is longer".to_owned(), "subtract the shorter one".to_owned())
                }
                _ => ("the rest depends on the month".to_owned(), SAME_UNIT.to_owned()),
            })
        }
        TermNode::Compare(operator, left, right) if !matches!(operator, Equal | NotEqual) => {
            let (a, b) = (duration(left)?, duration(right)?);
            a.order(b).is_none().then(|| uncertain(left, right, source))
        }
        TermNode::Call(function, arguments) if function.name == "split" => {
            let is_empty = literal_text(arguments.get(1)?) == Some("");
            is_empty.then(|| {
                let help = "name the text between the parts, as in `.split(\", \")`";
                ("nothing is between two parts".to_owned(), help.to_owned())
            })
        }
        TermNode::Call(function, arguments) if matches!(function.name, "int" | "double") => {
            let text = literal_text(arguments.first()?)?;
            text.trim().parse::<f64>().is_err().then(|| {
                let number = if function.name == "int" { "an integer" } else { "a number" };
                (format!("`{text}` is not {number}"), "write a number in digits".to_owned())
            })
        }
        TermNode::Index(list, index) => {
            let (count, at) = (known_size(list)?, literal_int(index)?);
            (at >= count).then(|| match count {
                0 => ("the list is empty".to_owned(), "read another list".to_owned()),
                _ => {
                    let last = count - 1;
                    (format!("the last index of the list is {last}"), format!("write an index up to {last}"))
                }
            })
        }
        _ => None,
    }
}

/// The number of elements of a list of constants.
fn known_size(list: &TypedExpr) -> Option<i64> {
    let count = match &list.node {
        TermNode::List(items) => items.len(),
        TermNode::Call(function, arguments) if function.name == "split" => {
            let (text, separator) = (literal_text(arguments.first()?)?, literal_text(arguments.get(1)?)?);
            text.split(separator).count()
        }
        _ => return None,
    };
    i64::try_from(count).ok()
}

fn literal_int(term: &TypedExpr) -> Option<i64> {
    match term.node {
        TermNode::Literal(Literal::Int(number)) => Some(number),
        _ => None,
    }
}

fn uncertain(left: &TypedExpr, right: &TypedExpr, source: &str) -> (String, String) {
    let (left, right) = (left.text_in(source), right.text_in(source));
    let reason = format!("which of `{left}` and `{right}` is longer depends on the month");
    (reason, SAME_UNIT.to_owned())
}

const SAME_UNIT: &str = "write both in days, or both in months";

/// The duration that a term of constants has.
fn duration(term: &TypedExpr) -> Option<Duration> {
    match &term.node {
        TermNode::Call(function, arguments) if function.name == "duration" => {
            Duration::parse(literal_text(arguments.first()?)?)
        }
        TermNode::Arithmetic(Arithmetic::Add, left, right) => duration(left)?.plus_duration(duration(right)?),
        TermNode::Arithmetic(Arithmetic::Subtract, left, right) => duration(left)?.minus(duration(right)?),
        _ => None,
    }
}

fn is_zero(term: &TypedExpr) -> bool {
    match term.node {
        TermNode::Literal(Literal::Int(number)) => number == 0,
        TermNode::Literal(Literal::Double(number)) => number == 0.0,
        _ => false,
    }
}
