//! Why an expression has no value: which field, of which record. It is asked for few of the results that are not judged and
//! evaluates parts of the expression again, so that evaluation itself needs not remember anything.

use serde::Serialize;

use crate::catalog::Reference;
use crate::node::Node;
use crate::record::Record;
use crate::rule::builtins::{field_behind, history, members};
use crate::rule::runtime::{EvalError, Function, Member, Param, Type, Unresolved, Value};
use crate::text::Span;

use super::evaluate::Evaluator;
use super::expression::{Expression, TermNode, TypedExpr};

/// What kind of value is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// A value is not there.
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
        Cause::new(Reason::Unreadable, text)
    }

    fn new(reason: Reason, what: impl Into<String>) -> Self {
        Cause { reason, what: what.into(), place: None }
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
    /// Returns the cause for which an expression has no value.
    pub fn cause(&mut self, expression: &'a Expression) -> Option<Cause<'a>> {
        self.of_term(&expression.text, &expression.root)
    }

    fn of_term(&mut self, text: &'a str, term: &'a TypedExpr) -> Option<Cause<'a>> {
        let error = self.evaluator.evaluate(term).err()?;
        match &term.node {
            TermNode::Variable(slot) => {
                let (_, named) = self.lets.iter().find(|(named, _)| named == slot)?;
                self.cause(named)
            }
            TermNode::OptionalField { operand, slot, selection } => {
                match self.evaluator.evaluate(operand) {
                    Ok(Value::Optional(Some(value))) => self.evaluator.bind(*slot, Ok((*value).clone())),
                    Ok(value) => self.evaluator.bind(*slot, Ok(value)),
                    Err(_) => return self.of_term(text, operand),
                }
                self.of_term(text, selection)
            }
            TermNode::Conditional(condition, then, otherwise) => match self.evaluator.condition(condition) {
                Ok(true) => self.of_term(text, then),
                Ok(false) => self.of_term(text, otherwise),
                Err(_) => self.of_term(text, condition),
            },
            TermNode::Loop { list, slot, body, .. } => match self.evaluator.evaluate(list) {
                Err(_) => self.of_term(text, list),
                Ok(list) => {
                    let catalog = self.evaluator.catalog;
                    list.elements(catalog).find_map(|element| {
                        self.evaluator.bind(*slot, Ok(element));
                        self.of_term(text, body)
                    })
                }
            },
            TermNode::Literal(_) | TermNode::Param(_) | TermNode::Today => None,
            _ => {
                let cause = term.operands().into_iter().find_map(|operand| self.of_term(text, operand));
                cause.or_else(|| Some(self.of_operation(text, term, error)))
            }
        }
    }

    /// The operands of a term have values, and it has none.
    fn of_operation(&mut self, text: &'a str, term: &'a TypedExpr, error: EvalError) -> Cause<'a> {
        let operands = term.operands();
        for operand in &operands {
            if let Ok(Value::Unresolved(unresolved)) = self.evaluator.evaluate(operand) {
                return self.of_unresolved(text, operand, &unresolved);
            }
        }
        let is_history = is_change(&term.ty) || operands.iter().any(|operand| is_change(&operand.ty));
        let holder = operands.first().and_then(|operand| self.evaluator.evaluate(operand).ok());
        match (&term.node, holder.as_ref().and_then(Holder::of)) {
            (TermNode::Field(_, name) | TermNode::Untyped(_, name), Some(holder)) => {
                holder.lacks(&name.replace('_', "-"), error)
            }
            (TermNode::Member(_, member), Some(holder)) => of_member(term, &holder, member, error),
            (TermNode::Index(_, key), Some(holder))
                if let Ok(Value::String(key)) = self.evaluator.evaluate(key) =>
            {
                holder.lacks(&key, error)
            }
            (TermNode::Call(function, parts), Some(holder))
                if let Some(field) = field_named(function, parts) =>
            {
                // The history is known if it says that the field was never there.
                let is_unknown = error != EvalError::Absent && (is_history || parts.len() > 2);
                let cause = holder.lacks(field, error);
                Cause { reason: if is_unknown { Reason::History } else { cause.reason }, ..cause }
            }
            _ if is_history => Cause::new(Reason::History, term.text_in(text)),
            (node, _) => {
                let cause = self.first_field(term).map(|(holder, name)| holder.lacks(name, error));
                let cause = cause.unwrap_or_else(|| Cause::new(reason_of(error), term.text_in(text)));
                let is_operation = matches!(node, TermNode::Compare(..) | TermNode::Arithmetic(..));
                match node {
                    _ if is_operation && error == EvalError::Indeterminate => {
                        Cause { reason: Reason::Undefined, what: term.text_in(text), ..cause }
                    }
                    TermNode::Index(..) => Cause { what: term.text_in(text), ..cause },
                    _ => cause,
                }
            }
        }
    }

    /// A reference without a record: the field that contains it.
    fn of_unresolved(
        &mut self,
        text: &'a str,
        operand: &'a TypedExpr,
        unresolved: &Unresolved<'a>,
    ) -> Cause<'a> {
        let mut parts = operand.parts().into_iter();
        let read = parts.find_map(|part| Some(Holder::of(&self.evaluator.evaluate(part).ok()?)?.record));
        let holder = read.or(self.subject);
        let Some(reference) = unresolved.reference else {
            let place = holder.map(|record| (record, record.name_span));
            return Cause { place, ..Cause::new(Reason::Unresolved, operand.text_in(text)) };
        };
        let is_there = |record: &&'a Record| {
            self.evaluator.catalog.references(record).any(|own: Reference<'a>| own.is_same(&reference))
        };
        let place = holder.filter(is_there).map(|record| (record, reference.span));
        Cause { place, ..Cause::new(Reason::Unresolved, reference.field()) }
    }

    /// The first field of a record in a term.
    fn first_field(&mut self, term: &'a TypedExpr) -> Option<(Holder<'a>, &'a str)> {
        term.parts().into_iter().find_map(|part| {
            let TermNode::Field(operand, name) = &part.node else { return None };
            let holder = self.evaluator.evaluate(operand).ok()?;
            matches!(holder, Value::Record(_)).then_some((Holder::of(&holder)?, &**name))
        })
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
        let shape = &self.record.kind.shape;
        let mut field = shape.field(name);
        let mut by_history = false;
        for _ in 0..shape.fields.len() {
            let Some(known) = field else { break };
            by_history |= known.falls_back_to_history;
            field = known.derived_from.as_deref().and_then(|from| shape.field(from));
        }
        let reason = match error {
            EvalError::Indeterminate if self.record.format_lacks(name) => Reason::Absent,
            EvalError::Indeterminate if by_history => Reason::History,
            error => reason_of(error),
        };
        Cause { place: Some((self.record, self.span_of(name))), ..Cause::new(reason, name) }
    }
}

fn of_member<'a>(term: &TypedExpr, holder: &Holder<'a>, member: &Member, error: EvalError) -> Cause<'a> {
    let is_status = term.ty == Type::Bool && error != EvalError::Indeterminate;
    if let Some(status) = holder.record.kind.status.as_deref().filter(|_| is_status) {
        return holder.lacks(status, error);
    }
    let name = member.name.replace('_', "-");
    if let Some(field) = field_behind(holder.record, &name) {
        return holder.lacks(field, if members::is_accountable(member) { EvalError::Absent } else { error });
    }
    let reason = if error == EvalError::Indeterminate { Reason::History } else { reason_of(error) };
    Cause { place: Some((holder.record, holder.span)), ..Cause::new(reason, name) }
}

/// The field that an argument of a call names.
fn field_named<'t>(function: &Function, parts: &'t [TypedExpr]) -> Option<&'t str> {
    let mut named = parts.iter().zip(function.params);
    named.find(|(_, param)| **param == Param::Field).and_then(|(part, _)| part.literal_text())
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
