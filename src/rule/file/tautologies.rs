//! Conditions of a user's own rule that are the same whatever a record holds: `a || !a`, `a == a`, `has(record.id)`.

use crate::rule::language::{ComparisonOperator, CompileError, Expression, TermNode, TypedExpr};
use crate::rule::runtime::Type;
use crate::text::Span;

use super::slots::SUBJECT;

/// Returns the first part of an expression that is always true or always false.
pub(super) fn find(expression: &Expression) -> Option<CompileError> {
    let mut found = None;
    expression.root.walk(&mut |part| {
        if found.is_none() {
            found = certain(part, &expression.text);
        }
    });
    found
}

fn certain(term: &TypedExpr, text: &str) -> Option<CompileError> {
    use ComparisonOperator::{Equal, GreaterOrEqual, LessOrEqual};
    match &term.node {
        TermNode::Or(..) | TermNode::And(..) => contrary_parts(term, text),
        TermNode::Compare(operator, left, right) if reads(left) => {
            let is_same = left.text_in(text) == right.text_in(text);
            let answer = matches!(operator, Equal | LessOrEqual | GreaterOrEqual);
            is_same.then(|| {
                let error = CompileError::new(always(term, text, answer), whole(term));
                error.help("compare with another value, or remove it")
            })
        }
        TermNode::Has(of) if is_always_there(of) => {
            let error = CompileError::new(always(term, text, true), whole(term));
            Some(error.help("remove it: each record has an `id`"))
        }
        _ => None,
    }
}

fn always(term: &TypedExpr, text: &str, answer: bool) -> String {
    format!("`{}` is always {answer}", term.text_in(text))
}

/// Two parts of one `||` or `&&`, one of which is the contrary of the other.
fn contrary_parts(term: &TypedExpr, text: &str) -> Option<CompileError> {
    let is_or = matches!(term.node, TermNode::Or(..));
    let mut parts = Vec::new();
    add_parts(term, is_or, &mut parts);
    let sides: Vec<(String, String)> =
        parts.iter().map(|part| (plain(part, text), contrary(part, text))).collect();
    let clash = |at: &usize| sides[..*at].iter().position(|(plain, _)| *plain == sides[*at].1);
    let (one, other) = (0..sides.len()).find_map(|at| Some((clash(&at)?, at)))?;
    let span = whole(parts[one]).to(whole(parts[other]));
    let sign = if is_or { "||" } else { "&&" };
    let message =
        format!("`{} {sign} {}` is always {is_or}", parts[one].text_in(text), parts[other].text_in(text));
    Some(
        CompileError::new(message, span)
            .help("one of them is the contrary of the other: remove one, or both"),
    )
}

fn add_parts<'t>(term: &'t TypedExpr, is_or: bool, parts: &mut Vec<&'t TypedExpr>) {
    let sides = match &term.node {
        TermNode::Or(left, right) if is_or => Some((left, right)),
        TermNode::And(left, right) if !is_or => Some((left, right)),
        _ => None,
    };
    match sides {
        Some((left, right)) => {
            add_parts(left, is_or, parts);
            add_parts(right, is_or, parts);
        }
        None => parts.push(term),
    }
}

/// The text of a part in one form: without brackets around it, and `a != b` as the contrary of `a == b`.
fn plain(term: &TypedExpr, text: &str) -> String {
    match &term.node {
        TermNode::Not(of) => negated(&plain(of, text)),
        TermNode::Compare(ComparisonOperator::NotEqual, left, right) => negated(&equal(left, right, text)),
        TermNode::Compare(ComparisonOperator::Equal, left, right) => equal(left, right, text),
        _ => {
            let written = term.text_in(text);
            let inner = written.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            inner.filter(|inner| !inner.contains(['(', ')'])).map_or(written.clone(), str::to_owned)
        }
    }
}

fn contrary(term: &TypedExpr, text: &str) -> String {
    negated(&plain(term, text))
}

fn equal(left: &TypedExpr, right: &TypedExpr, text: &str) -> String {
    format!("{} == {}", left.text_in(text), right.text_in(text))
}

fn negated(plain: &str) -> String {
    plain.strip_prefix("not: ").map_or_else(|| format!("not: {plain}"), str::to_owned)
}

/// The span from the first to the last part of a term.
fn whole(term: &TypedExpr) -> Span {
    term.parts().iter().fold(term.span, |whole, part| whole.to(part.span))
}

fn reads(term: &TypedExpr) -> bool {
    term.parts().iter().any(|part| matches!(part.node, TermNode::Variable(_)))
}

fn is_always_there(term: &TypedExpr) -> bool {
    matches!(&term.node, TermNode::Member(of, member)
        if member.name == "id" && matches!(of.ty, Type::Record(_)) && matches!(of.node, TermNode::Variable(SUBJECT)))
}
