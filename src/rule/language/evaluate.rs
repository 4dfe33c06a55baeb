//! Evaluation of checked expressions: the [`Context`] with variables.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU64;

use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::input::Input;
use crate::rule::builtins::{fields, functions};
use crate::rule::runtime::{
    CallForm, Context, ELEMENT_COST, EvalError, EvalResult, Evaluated, Function, Str, Value,
};

use super::expression::{Arithmetic, ComparisonOperator, Literal, LoopKind, TermNode, TypedExpr};

/// The state in which expressions of one rule are evaluated. One for each thread.
pub struct Evaluator<'a> {
    context: Context<'a>,
    params: &'a [Value<'a>],
    slots: Vec<Slot<'a>>,
}

#[derive(Clone)]
enum Slot<'a> {
    Value(EvalResult<'a>),
    /// Evaluated when it is first read; never by itself, as a `let` reads only those before it and loops share no slots.
    Lazy(&'a TypedExpr),
}

impl<'a> Deref for Evaluator<'a> {
    type Target = Context<'a>;

    fn deref(&self) -> &Context<'a> {
        &self.context
    }
}

impl DerefMut for Evaluator<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.context
    }
}

impl<'a> Evaluator<'a> {
    pub fn new(input: &'a Input, today: Date, params: &'a [Value<'a>], steps: &'a AtomicU64) -> Self {
        let context = Context::new(input, today, steps);
        Evaluator { context, params, slots: Vec::new() }
    }

    /// Binds a variable to a value, or to the error that reading it returns.
    pub fn bind(&mut self, slot: usize, value: EvalResult<'a>) {
        self.set(slot, Slot::Value(value));
    }

    /// Binds a variable to a term that is evaluated when the variable is first read.
    pub fn bind_lazy(&mut self, slot: usize, term: &'a TypedExpr) {
        // Most subjects leave most of them unread.
        if matches!(self.slots.get(slot), Some(Slot::Lazy(bound)) if std::ptr::eq(*bound, term)) {
            return;
        }
        self.set(slot, Slot::Lazy(term));
    }

    fn set(&mut self, slot: usize, value: Slot<'a>) {
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Slot::Value(Err(EvalError::Absent)));
        }
        self.slots[slot] = value;
    }

    pub fn variable(&mut self, slot: usize) -> EvalResult<'a> {
        let term = match self.slots.get(slot) {
            Some(Slot::Value(value)) => return value.clone(),
            Some(Slot::Lazy(term)) => *term,
            None => return Err(EvalError::Absent),
        };
        let value = self.evaluate(term);
        self.bind(slot, value.clone());
        value
    }

    pub fn evaluate(&mut self, term: &'a TypedExpr) -> EvalResult<'a> {
        self.step(1)?;
        self.value(term)
    }

    pub fn condition(&mut self, term: &'a TypedExpr) -> Evaluated<bool> {
        self.step(1)?;
        self.truth(term)
    }

    /// The value of a condition. Rules consist mostly of these, so none of them is wrapped in a [`Value`] on the way.
    fn truth(&mut self, term: &'a TypedExpr) -> Evaluated<bool> {
        match (&term.node, term.operands.as_slice()) {
            (TermNode::Has, [selection]) => self.has(selection),
            (TermNode::HasValue, [optional]) => Ok(!matches!(self.evaluate(optional)?, Value::Null)),
            (TermNode::Not, [operand]) => Ok(!self.condition(operand)?),
            (TermNode::And, [left, right]) => self.logical(left, right, false),
            (TermNode::Or, [left, right]) => self.logical(left, right, true),
            (TermNode::Compare(comparison), [left, right]) => self.compare(*comparison, left, right),
            (TermNode::In, [element, list]) => self.is_in(element, list),
            _ => match self.value(term)? {
                Value::Bool(value) => Ok(value),
                _ => Err(EvalError::Indeterminate),
            },
        }
    }

    fn value(&mut self, term: &'a TypedExpr) -> EvalResult<'a> {
        match (&term.node, term.operands.as_slice()) {
            (TermNode::Literal(literal), _) => Ok(literal_value(literal)),
            (TermNode::Variable(slot), _) => self.variable(*slot),
            (TermNode::Param(index), _) => self.params.get(*index).cloned().ok_or(EvalError::Absent),
            (TermNode::Today, _) => Ok(Value::Date(self.today)),
            (TermNode::List, items) => {
                Ok(Value::list(items.iter().map(|item| self.evaluate(item)).collect::<Result<_, _>>()?))
            }
            (TermNode::Field(name), [operand]) => {
                if let Some(operand) = self.bound_value(operand) {
                    self.step(1)?;
                    return functions::select(self, operand, name);
                }
                let operand = self.evaluate(operand)?;
                functions::select(self, &operand, name)
            }
            (TermNode::Untyped(name), [operand]) => {
                let operand = self.evaluate(operand)?;
                functions::select_untyped(self, &operand, name)
            }
            (TermNode::Optional, [selection]) => match self.evaluate(selection) {
                Err(EvalError::Absent) => Ok(Value::Null),
                result => result,
            },
            (TermNode::OrValue, [optional, otherwise]) => match self.evaluate(optional)? {
                Value::Null => self.evaluate(otherwise),
                value => Ok(value),
            },
            (TermNode::Index, [list, index]) => self.index(list, index),
            (TermNode::Negate, [operand]) => match self.evaluate(operand)? {
                Value::Int(number) => number.checked_neg().map(Value::Int).ok_or(EvalError::Indeterminate),
                Value::Double(number) => Ok(Value::Double(-number)),
                _ => Err(EvalError::Indeterminate),
            },
            (TermNode::Conditional, [condition, then, otherwise]) => {
                let branch = if self.condition(condition)? { then } else { otherwise };
                self.evaluate(branch)
            }
            (TermNode::Arithmetic(operation), [left, right]) => {
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                self.step(left.copy_cost() + right.copy_cost())?;
                arithmetic(*operation, &left, &right, self.catalog).ok_or(EvalError::Indeterminate)
            }
            (TermNode::Loop(kind, slot), [list, body]) => self.run_loop(*kind, list, *slot, body),
            // Without a list on the heap for the arguments of most functions.
            (TermNode::Call(function), [one]) => match self.bound_value(one) {
                Some(bound) => self.call(function, std::slice::from_ref(bound)),
                None => {
                    let args = [self.evaluate(one)?];
                    self.call(function, &args)
                }
            },
            (TermNode::Call(function), [one, two]) => {
                let args = [self.evaluate(one)?, self.evaluate(two)?];
                self.call(function, &args)
            }
            (TermNode::Call(function), args) => {
                let args = args.iter().map(|arg| self.evaluate(arg)).collect::<Result<Vec<_>, _>>()?;
                self.call(function, &args)
            }
            _ => self.truth(term).map(Value::Bool),
        }
    }

    fn is_in(&mut self, element: &'a TypedExpr, list: &'a TypedExpr) -> Evaluated<bool> {
        let element = self.evaluate(element)?;
        // Literals need no list on the heap.
        if let (TermNode::List, items) = (&list.node, &list.operands)
            && items.iter().all(|item| matches!(item.node, TermNode::Literal(_)))
        {
            for item in items {
                let other = self.evaluate(item)?;
                if self.equal(&element, &other)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let list = self.evaluate(list)?;
        if list.size().is_none() {
            return Err(EvalError::Indeterminate);
        }
        for other in list.elements(self.catalog) {
            self.step(1)?;
            if self.equal(&other, &element)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn call(&self, function: &Function, args: &[Value<'a>]) -> EvalResult<'a> {
        const CALL_COST: usize = 4;
        let cost = if function.form == CallForm::Member { 1 } else { CALL_COST };
        self.step(cost + args.iter().map(Value::read_cost).sum::<usize>())?;
        if let (CallForm::Member, [Value::Null]) = (function.form, args) {
            return Err(EvalError::Absent);
        }
        let result = function.call(self, args)?;
        if let Value::String(Str::Owned(_)) | Value::List(_) = result {
            self.step(result.copy_cost())?;
        }
        Ok(result)
    }

    /// The value of a variable that has one, not copied.
    fn bound_value(&self, term: &TypedExpr) -> Option<&Value<'a>> {
        let TermNode::Variable(slot) = term.node else { return None };
        match self.slots.get(slot) {
            Some(Slot::Value(Ok(value))) => Some(value),
            _ => None,
        }
    }

    /// `has()`: also true if the field can't be read.
    fn has(&mut self, selection: &'a TypedExpr) -> Evaluated<bool> {
        match self.evaluate(selection) {
            Ok(value) => Ok(!matches!(value, Value::Null)),
            Err(EvalError::Absent) => Ok(false),
            Err(EvalError::Unreadable) => {
                let operands = selection.operands.iter();
                operands.map(|operand| self.evaluate(operand)).collect::<Result<Vec<_>, _>>()?;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }

    /// `&&` and `||`: if either side is `decisive`, that is the result, even if the other has no value.
    fn logical(&mut self, left: &'a TypedExpr, right: &'a TypedExpr, decisive: bool) -> Evaluated<bool> {
        let left = self.condition(left);
        if left == Ok(decisive) || left == Err(EvalError::Exhausted) {
            return left;
        }
        let right = self.condition(right);
        match (left, right) {
            (_, Ok(value)) if value == decisive => Ok(decisive),
            (_, Err(EvalError::Exhausted)) => Err(EvalError::Exhausted),
            (Err(error), _) | (_, Err(error)) => Err(error),
            _ => Ok(!decisive),
        }
    }

    fn index(&mut self, list: &'a TypedExpr, index: &'a TypedExpr) -> EvalResult<'a> {
        let (list, index) = (self.evaluate(list)?, self.evaluate(index)?);
        if index.as_text().is_some() {
            return fields::value_at(self, &list, &index);
        }
        match index {
            Value::Int(index) if list.is_list() => {
                let index = usize::try_from(index).map_err(|_| EvalError::Absent)?;
                list.elements(self.catalog).nth(index).ok_or(EvalError::Absent)
            }
            _ => Err(EvalError::Indeterminate),
        }
    }

    fn compare(
        &mut self,
        comparison: ComparisonOperator,
        left: &'a TypedExpr,
        right: &'a TypedExpr,
    ) -> Evaluated<bool> {
        let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
        if let ComparisonOperator::Equal | ComparisonOperator::NotEqual = comparison {
            return Ok(self.equal(&left, &right)? == (comparison == ComparisonOperator::Equal));
        }
        let order = self.compare_values(&left, &right).ok_or(EvalError::Indeterminate)?;
        Ok(match comparison {
            ComparisonOperator::Less => order.is_lt(),
            ComparisonOperator::LessOrEqual => order.is_le(),
            ComparisonOperator::Greater => order.is_gt(),
            _ => order.is_ge(),
        })
    }

    fn run_loop(
        &mut self,
        kind: LoopKind,
        list: &'a TypedExpr,
        slot: usize,
        body: &'a TypedExpr,
    ) -> EvalResult<'a> {
        let list = self.evaluate(list)?;
        if !list.is_list() && !matches!(list, Value::Map(_)) {
            return Err(EvalError::Indeterminate);
        }
        let mut results = Vec::new();
        let mut matches = 0;
        let mut pending_error = None;
        for element in list.elements(self.catalog) {
            self.step(1)?;
            self.bind(slot, Ok(element));
            if kind == LoopKind::Map {
                self.step(ELEMENT_COST)?;
                results.push(self.evaluate(body)?);
                continue;
            }
            match (kind, self.condition(body)) {
                (_, Err(EvalError::Exhausted)) => return Err(EvalError::Exhausted),
                (LoopKind::All, Ok(false)) => return Ok(Value::Bool(false)),
                (LoopKind::Exists, Ok(true)) => return Ok(Value::Bool(true)),
                (LoopKind::Filter, Ok(true)) => {
                    self.step(ELEMENT_COST)?;
                    results.push(self.variable(slot)?);
                }
                (LoopKind::ExistsOne, Ok(true)) => matches += 1,
                (_, Ok(_)) => {}
                // A view lists what is said: an element that lacks the value is not in the list.
                (LoopKind::Filter | LoopKind::Exists, Err(EvalError::Absent | EvalError::Unused))
                | (LoopKind::Filter, Err(EvalError::Indeterminate))
                    if self.is_view => {}
                (LoopKind::All | LoopKind::Exists, Err(error)) => pending_error = Some(error),
                (_, Err(error)) => return Err(error),
            }
        }
        match (kind, pending_error) {
            (_, Some(error)) => Err(error),
            (LoopKind::All, None) => Ok(Value::Bool(true)),
            (LoopKind::Exists, None) => Ok(Value::Bool(false)),
            (LoopKind::ExistsOne, None) => Ok(Value::Bool(matches == 1)),
            (LoopKind::Filter | LoopKind::Map, None) => Ok(Value::list(results)),
        }
    }
}

fn literal_value(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::String(text) => Value::string(&**text),
        Literal::Pattern(regex) => Value::Pattern(regex.clone()),
    }
}

fn arithmetic<'a>(
    operation: Arithmetic,
    left: &Value<'a>,
    right: &Value<'a>,
    catalog: &'a Catalog,
) -> Option<Value<'a>> {
    use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
    Some(match (operation, left, right) {
        (Add, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_add(*b)?),
        (Subtract, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_sub(*b)?),
        (Multiply, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_mul(*b)?),
        (Divide, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_div(*b)?),
        (Remainder, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_rem(*b)?),
        (Add, Value::Date(day), Value::Duration(span)) => Value::Date(span.add_to(*day)),
        (Subtract, Value::Date(day), Value::Duration(span)) => Value::Date(span.sub_from(*day)),
        (Add, Value::Duration(a), Value::Duration(b)) => Value::Duration(a.plus_duration(*b)?),
        (Subtract, Value::Duration(a), Value::Duration(b)) => Value::Duration(a.minus(*b)?),
        (Multiply, Value::Duration(span), Value::Int(count))
        | (Multiply, Value::Int(count), Value::Duration(span)) => {
            Value::Duration(span.times(u32::try_from(*count).ok()?)?)
        }
        (Subtract, Value::Amount(a), Value::Amount(b)) => Value::Double(a.minus(b)?),
        (Add, a, b) if a.is_list() && b.is_list() => {
            Value::list(left.elements(catalog).chain(right.elements(catalog)).collect())
        }
        (Add, a, b) if a.as_text().is_some() && b.as_text().is_some() => {
            Value::string([a.as_text()?, b.as_text()?].concat())
        }
        (operation, a, b) => {
            let (a, b) = (a.as_number()?, b.as_number()?);
            let result = match operation {
                Add => a + b,
                Subtract => a - b,
                Multiply => a * b,
                Divide => a / b,
                Remainder => a % b,
            };
            result.is_finite().then_some(Value::Double(result))?
        }
    })
}
