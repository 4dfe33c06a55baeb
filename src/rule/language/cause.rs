//! Why an expression has no value: which field, of which record. It is asked for few of the results that are not judged and
//! evaluates parts of the expression again, so that evaluation itself needs not remember anything.

use serde::Serialize;

use crate::catalog::Reference;
use crate::node::Node;
use crate::record::Record;
use crate::rule::builtins::{field_behind, history, members};
use crate::rule::runtime::{EvalError, FunctionParam, Member, Type, Unresolved, Value};
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
    /// The values for which an operation has no result.
    pub values: Vec<String>,
}

impl Cause<'_> {
    /// Returns the cause for an expression that can't be read for an unknown reason.
    pub fn unreadable(text: &str) -> Self {
        Cause::new(Reason::Unreadable, text)
    }

    fn new(reason: Reason, what: impl Into<String>) -> Self {
        Cause { reason, what: what.into(), place: None, values: Vec::new() }
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
        let holder = operands.first().and_then(|operand| self.evaluator.evaluate(operand).ok());
        let is_history = is_change(&term.ty) || operands.iter().any(|operand| is_change(&operand.ty));
        match (&term.node, holder) {
            (TermNode::Field(_, name) | TermNode::Untyped(_, name), Some(Value::Record(record))) => {
                of_field(record, &name.replace('_', "-"), error)
            }
            (TermNode::Field(_, name) | TermNode::Untyped(_, name), Some(Value::Item(item))) => {
                let name = name.replace('_', "-");
                let span = span_of(item.node, &name).unwrap_or(item.node.span);
                Cause { place: Some((item.record, span)), ..of_field(item.record, &name, error) }
            }
            (TermNode::Member(_, member), Some(Value::Record(record))) => {
                of_member(term, record, member, error)
            }
            (TermNode::Call(function, parts), Some(Value::Record(record))) => {
                let named = parts.iter().zip(function.params);
                let mut named = named.filter(|(_, param)| **param == FunctionParam::Field);
                match named.find_map(|(part, _)| part.literal_text()) {
                    // The history is known if it says that the field was never there.
                    Some(field) if error != EvalError::Absent && (is_history || parts.len() > 2) => {
                        Cause { reason: Reason::History, ..of_field(record, field, error) }
                    }
                    Some(field) => of_field(record, field, error),
                    None => self.of_first_field(text, term, error),
                }
            }
            (TermNode::Index(_, index), Some(Value::Map(map))) => {
                self.of_key(text, term, index, (map.record, map.node.span), error)
            }
            (TermNode::Index(_, index), Some(Value::Item(item))) => {
                self.of_key(text, term, index, (item.record, item.node.span), error)
            }
            _ if is_history => Cause::new(Reason::History, term.text_in(text)),
            (TermNode::Index(..), _) => {
                let what = term.text_in(text);
                Cause { what, ..self.of_first_field(text, term, error) }
            }
            (TermNode::Compare(..) | TermNode::Arithmetic(..), _) if error == EvalError::Indeterminate => {
                self.of_undefined(text, term)
            }
            _ => self.of_first_field(text, term, error),
        }
    }

    /// A mapping lacks a key.
    fn of_key(
        &mut self,
        text: &'a str,
        term: &'a TypedExpr,
        key: &'a TypedExpr,
        holder: (&'a Record, Span),
        error: EvalError,
    ) -> Cause<'a> {
        let key = self.evaluator.evaluate(key).ok();
        let key = key.and_then(|key| key.as_text().map(str::to_owned));
        let what = key.unwrap_or_else(|| term.text_in(text));
        Cause { place: Some(holder), ..Cause::new(reason_of(error), what) }
    }

    fn of_first_field(&mut self, text: &'a str, term: &'a TypedExpr, error: EvalError) -> Cause<'a> {
        let reason = if error == EvalError::Absent { Reason::Absent } else { Reason::Unreadable };
        match self.first_field(term) {
            Some((record, name)) => Cause { reason, ..of_field(record, name, error) },
            None => Cause::new(reason, term.text_in(text)),
        }
    }

    /// The operands of an operation have values, and it has no result for them.
    fn of_undefined(&mut self, text: &'a str, term: &'a TypedExpr) -> Cause<'a> {
        let place = self.first_field(term);
        let place =
            place.map(|(record, name)| (record, span_of(&record.fields, name).unwrap_or(record.name_span)));
        let values = term.operands().into_iter().filter_map(|operand| self.evaluator.evaluate(operand).ok());
        let values: Vec<Value<'a>> = values.collect();
        let values = values.iter().filter_map(|value| self.evaluator.show(value).ok()).collect();
        Cause { place, values, ..Cause::new(Reason::Undefined, term.text_in(text)) }
    }

    /// A reference without a record: the field that contains it.
    fn of_unresolved(
        &mut self,
        text: &'a str,
        operand: &'a TypedExpr,
        unresolved: &Unresolved<'a>,
    ) -> Cause<'a> {
        let holder = self.record_of(operand);
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

    /// The record that a term reads from: the first in it, else that of the rule.
    fn record_of(&mut self, term: &'a TypedExpr) -> Option<&'a Record> {
        let mut parts = term.parts().into_iter();
        let read = parts.find_map(|part| record_of(&self.evaluator.evaluate(part).ok()?));
        read.or(self.subject)
    }

    /// The first field of a record in a term.
    fn first_field(&mut self, term: &'a TypedExpr) -> Option<(&'a Record, &'a str)> {
        term.parts().into_iter().find_map(|part| {
            let TermNode::Field(operand, name) = &part.node else { return None };
            match self.evaluator.evaluate(operand) {
                Ok(Value::Record(record)) => Some((record, &**name)),
                _ => None,
            }
        })
    }
}

fn of_member<'a>(term: &TypedExpr, record: &'a Record, member: &Member, error: EvalError) -> Cause<'a> {
    let is_status = term.ty == Type::Bool && error != EvalError::Indeterminate;
    if let Some(status) = record.kind.status.as_deref().filter(|_| is_status) {
        return of_field(record, status, error);
    }
    let name = member.name.replace('_', "-");
    if let Some(field) = field_behind(record, &name) {
        return of_field(
            record,
            field,
            if members::is_accountable(member) { EvalError::Absent } else { error },
        );
    }
    let reason = if error == EvalError::Indeterminate { Reason::History } else { reason_of(error) };
    Cause { place: Some((record, record.name_span)), ..Cause::new(reason, name) }
}

fn of_field<'a>(record: &'a Record, name: &str, error: EvalError) -> Cause<'a> {
    let mut field = record.kind.shape.field(name);
    let mut by_history = false;
    for _ in 0..record.kind.shape.fields.len() {
        let Some(known) = field else { break };
        by_history |= known.falls_back_to_history;
        field = known.derived_from.as_deref().and_then(|from| record.kind.shape.field(from));
    }
    let reason = match error {
        EvalError::Indeterminate if record.format_lacks(name) => Reason::Absent,
        EvalError::Indeterminate if by_history => Reason::History,
        error => reason_of(error),
    };
    let span = span_of(&record.fields, name).unwrap_or(record.name_span);
    Cause { place: Some((record, span)), ..Cause::new(reason, name) }
}

fn reason_of(error: EvalError) -> Reason {
    match error {
        EvalError::Absent => Reason::Absent,
        EvalError::Unused => Reason::Unresolved,
        EvalError::Unreadable | EvalError::Indeterminate | EvalError::Exhausted => Reason::Unreadable,
    }
}

fn span_of(node: &Node, name: &str) -> Option<Span> {
    node.get(name).map(|value| value.span)
}

fn record_of<'a>(value: &Value<'a>) -> Option<&'a Record> {
    match value {
        Value::Record(record) => Some(record),
        Value::Item(item) => Some(item.record),
        _ => None,
    }
}

fn is_change(ty: &Type) -> bool {
    match ty {
        Type::Fact(fact) => std::ptr::eq(*fact, &raw const history::CHANGE),
        Type::List(of) => is_change(of),
        _ => false,
    }
}
