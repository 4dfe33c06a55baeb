//! Why an expression has no value: which field, of which record. It is asked for few of the results that are not judged and
//! evaluates parts of the expression again, so that evaluation itself needs not remember anything.

use serde::Serialize;

use crate::node::Node;
use crate::record::Record;
use crate::rule::builtins::{field_behind, history};
use crate::rule::runtime::{CallForm, EvalError, Function, Ty, Type, Unresolved, Value};
use crate::text::Span;

use super::evaluate::Evaluator;
use super::expression::{Expression, TermNode, TypedExpr};

/// What kind of value is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    Absent,
    /// A reference names no record.
    Unresolved,
    /// A value is not of its type.
    Unreadable,
    /// An operation has no result for these values, such as a comparison of amounts of two units.
    Undefined,
    /// The history does not tell.
    History,
}

impl Reason {
    /// Says it of a value, such as `` `owner` ``.
    pub fn sentence(self, value: &str) -> String {
        match self {
            Reason::Absent => format!("{value} is absent"),
            Reason::Unresolved => format!("{value} names no record"),
            Reason::Unreadable => format!("{value} can't be read"),
            Reason::Undefined => format!("{value} has no result"),
            Reason::History => format!("the history of {value} is not known"),
        }
    }
}

/// Why an expression has no value.
#[derive(Debug)]
pub struct Cause<'a> {
    pub reason: Reason,
    /// The field that can't be read, as files spell it; else a part of the expression.
    pub what: String,
    /// The record that lacks the value, and where.
    pub place: Option<(&'a Record, Span)>,
}

impl Cause<'_> {
    /// Returns the cause for an expression that can't be read for an unknown reason.
    pub fn unreadable(text: &str) -> Self {
        Cause { reason: Reason::Unreadable, what: text.to_owned(), place: None }
    }
}

/// Finds causes in expressions whose variables are bound.
pub struct CauseFinder<'e, 'a> {
    pub evaluator: &'e mut Evaluator<'a>,
    /// The expression of each `let`, with its slot.
    pub lets: &'e [(usize, &'a Expression)],
    /// The record that the rule is about, if it is about one.
    pub subject: Option<&'a Record>,
}

impl<'a> CauseFinder<'_, 'a> {
    pub fn cause(&mut self, expression: &'a Expression) -> Option<Cause<'a>> {
        self.of_term(&expression.text, &expression.root)
    }

    fn of_term(&mut self, text: &'a str, term: &'a TypedExpr) -> Option<Cause<'a>> {
        let error = self.evaluator.evaluate(term).err()?;
        match (&term.node, term.operands.as_slice()) {
            (TermNode::Variable(slot), _) => {
                let (_, named) = self.lets.iter().find(|(named, _)| named == slot)?;
                self.cause(named)
            }
            (TermNode::Conditional, [condition, then, otherwise]) => {
                match self.evaluator.condition(condition) {
                    Ok(true) => self.of_term(text, then),
                    Ok(false) => self.of_term(text, otherwise),
                    Err(_) => self.of_term(text, condition),
                }
            }
            (TermNode::Loop(_, slot), [list, body]) => match self.evaluator.evaluate(list) {
                Err(_) => self.of_term(text, list),
                Ok(list) => list.elements(self.evaluator.catalog).find_map(|element| {
                    self.evaluator.bind(*slot, Ok(element));
                    self.of_term(text, body)
                }),
            },
            (TermNode::Literal(_) | TermNode::Param(_) | TermNode::Today, _) => None,
            (_, operands) => {
                let cause = operands.iter().find_map(|operand| self.of_term(text, operand));
                cause.or_else(|| Some(self.of_operation(text, term, error)))
            }
        }
    }

    /// The operands of a term have values, and it has none.
    fn of_operation(&mut self, text: &'a str, term: &'a TypedExpr, error: EvalError) -> Cause<'a> {
        for operand in &term.operands {
            if let Ok(Value::Unresolved(unresolved)) = self.evaluator.evaluate(operand) {
                return self.of_unresolved(text, operand, &unresolved);
            }
        }
        let is_history = is_change(&term.ty) || term.operands.iter().any(|operand| is_change(&operand.ty));
        let holder = term.operands.first().and_then(|operand| self.evaluator.evaluate(operand).ok());
        match (&term.node, holder.as_ref().and_then(Holder::of)) {
            (TermNode::Field(name) | TermNode::Untyped(name), Some(holder)) => {
                holder.lacks(&name.replace('_', "-"), error)
            }
            (TermNode::Call(member), Some(holder)) if member.form == CallForm::Member => {
                of_member(term, &holder, member, error)
            }
            (TermNode::Index, Some(holder))
                if let Ok(Value::String(key)) = self.evaluator.evaluate(&term.operands[1]) =>
            {
                holder.lacks(&key, error)
            }
            (TermNode::Call(function), Some(holder))
                if let Some(field) = field_named(function, &term.operands) =>
            {
                // The history is known if it says that the field was never there.
                let is_unknown = error != EvalError::Absent && (is_history || term.operands.len() > 2);
                let cause = holder.lacks(field, error);
                Cause { reason: if is_unknown { Reason::History } else { cause.reason }, ..cause }
            }
            (node, _) => {
                let reason = match node {
                    _ if is_history => Reason::History,
                    TermNode::Compare(_) | TermNode::Arithmetic(_) if error == EvalError::Indeterminate => {
                        Reason::Undefined
                    }
                    _ => reason_of(error),
                };
                // The first field of a record in the term is its place.
                let first = term.parts().into_iter().find_map(|part| {
                    let TermNode::Field(name) = &part.node else { return None };
                    let holder = Holder::of(&self.evaluator.evaluate(part.operands.first()?).ok()?)?;
                    Some((&**name, (holder.record, holder.span_of(name))))
                });
                let named = first.filter(|_| matches!(node, TermNode::Call(_)) && !is_history);
                let what = named.map_or_else(|| term.text_in(text), |(name, _)| name.replace('_', "-"));
                Cause { reason, what, place: first.map(|(_, place)| place) }
            }
        }
    }

    /// A reference without a record: the field that contains it.
    fn of_unresolved(&mut self, text: &'a str, operand: &'a TypedExpr, found: &Unresolved<'a>) -> Cause<'a> {
        let mut parts = operand.parts().into_iter();
        let read = parts.find_map(|part| Some(Holder::of(&self.evaluator.evaluate(part).ok()?)?.record));
        let holder = read.or(self.subject);
        let (what, place) = match found.reference {
            Some(reference) => {
                let is_there = |record: &&'a Record| {
                    self.evaluator.catalog.references(record).any(|own| own.is_same(&reference))
                };
                let place = holder.filter(is_there).map(|record| (record, reference.span));
                (reference.field().to_owned(), place)
            }
            None => (operand.text_in(text), holder.map(|record| (record, record.name_span))),
        };
        Cause { reason: Reason::Unresolved, what, place }
    }
}

/// What has fields: a record or a part of one.
struct Holder<'a> {
    record: &'a Record,
    node: &'a Node,
    /// Where a field is missing.
    span: Span,
}

impl<'a> Holder<'a> {
    fn of(value: &Value<'a>) -> Option<Holder<'a>> {
        let (record, node, span) = match value {
            Value::Record(record) => (*record, &*record.fields, record.name_span),
            Value::Item(item) => (item.record, item.node, item.node.span),
            Value::Map(map) => (map.record, map.node, map.node.span),
            _ => return None,
        };
        Some(Holder { record, node, span })
    }

    fn span_of(&self, field: &str) -> Span {
        self.node.get(field).map_or(self.span, |value| value.span)
    }

    /// The cause for a field that has no value, or none that can be read.
    fn lacks(&self, name: &str, error: EvalError) -> Cause<'a> {
        let reason = match error {
            EvalError::Indeterminate if self.record.format_lacks(name) => Reason::Absent,
            EvalError::Indeterminate => Reason::History,
            error => reason_of(error),
        };
        Cause { reason, what: name.to_owned(), place: Some((self.record, self.span_of(name))) }
    }
}

fn of_member<'a>(term: &TypedExpr, holder: &Holder<'a>, member: &Function, error: EvalError) -> Cause<'a> {
    let is_status = term.ty == Type::Bool && error != EvalError::Indeterminate;
    if let Some(status) = holder.record.kind.status.as_deref().filter(|_| is_status) {
        return holder.lacks(status, error);
    }
    let name = member.name.replace('_', "-");
    match field_behind(holder.record, &name) {
        // Its owner can't be read from the record, or there is none.
        Some(field) if name.starts_with("owner") => holder.lacks(field, EvalError::Absent),
        Some(field) => holder.lacks(field, error),
        None => holder.lacks(&name, error),
    }
}

/// The field that an argument of a call names.
fn field_named<'t>(function: &Function, parts: &'t [TypedExpr]) -> Option<&'t str> {
    let mut named = parts.iter().zip(function.params);
    named.find(|(_, param)| **param == Ty::Field).and_then(|(part, _)| part.literal_text())
}

fn reason_of(error: EvalError) -> Reason {
    match error {
        EvalError::Absent => Reason::Absent,
        EvalError::Unused => Reason::Unresolved,
        EvalError::Unreadable | EvalError::Indeterminate | EvalError::Exhausted => Reason::Unreadable,
    }
}

fn is_change(ty: &Type) -> bool {
    match ty {
        Type::Fact(fact) => std::ptr::eq(*fact, &raw const history::CHANGE),
        Type::List(of) => is_change(of),
        _ => false,
    }
}
