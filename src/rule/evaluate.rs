//! Evaluation of checked expressions over the catalog. It is exact about three things: a value that is
//! absent makes the result not judged, every step is counted, and the same input gives the same result
//! on every machine.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;

use crate::calendar::{self, Amount, Duration, Period};
use crate::catalog::{Catalog, Reference, Target};
use crate::input::Input;
use crate::kind::{self, Shape};
use crate::node::{Node, ScalarKind};
use crate::record::Record;
use crate::term::Vocabulary;

use super::expression::{Arithmetic, Comparison, Literal, LoopKind, Term, TermNode};
use super::facts;
use super::members::Member;
use super::past;
use super::relate;
use super::value::{ELEMENT, Item, Text, Unresolved, Value};

/// Why an expression yields no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// It reads something that is not there; `has()` and `.?` ask for just this.
    Absent,
    /// It reads something that is there and can't be read, such as a day that is none; the schema's
    /// violations say so.
    Unreadable,
    /// It reads something that can't be told here: a field that the record's format has no place for,
    /// a field of a record that is not known, the order of two amounts of different units.
    Indeterminate,
    /// The rule took more steps than all its evaluations together may.
    Exhausted,
}

pub type EvalResult<'a> = Result<Value<'a>, EvalError>;

/// Steps that one rule may take over a whole repository: one for each part of an expression that is
/// evaluated, for each element that the host goes through, and for every 16 bytes of text.
pub const STEP_LIMIT: u64 = 50_000_000;
/// What a call costs beside its parts, in steps.
const CALL: usize = 4;
/// Fields that may stand for one another in a row; a user's kind may name them in a ring.
const DERIVATIONS: usize = 8;
/// Steps that a thread takes before it tells the others.
const STEPS_AT_ONCE: u64 = 1 << 16;

/// The state in which expressions of one rule are evaluated. One for each thread.
pub struct Evaluator<'a> {
    pub input: &'a Input,
    pub catalog: &'a Catalog,
    pub vocabulary: &'a Vocabulary,
    pub today: Date,
    pub params: &'a [Value<'a>],
    /// Takes for the day of a change that a shallow clone hides the last on which it can have been.
    pub assume_latest_date: bool,
    /// Steps taken by this rule so far, over all threads. Whether the limit is passed does not depend
    /// on the order of evaluations, because only their sum counts.
    steps: &'a AtomicU64,
    /// Steps taken here that the sum does not hold yet.
    untold: Cell<u64>,
    slots: Vec<Slot<'a>>,
}

/// What a variable is bound to.
#[derive(Clone)]
enum Slot<'a> {
    Value(EvalResult<'a>),
    /// What is to be evaluated when somebody asks for the variable. It never asks for itself, since a `let` reads only
    /// those before it; and no two loops of a rule share a slot, so that none of theirs is in its way.
    Later(&'a Term),
}

impl<'a> Evaluator<'a> {
    pub fn new(
        input: &'a Input,
        vocabulary: &'a Vocabulary,
        today: Date,
        params: &'a [Value<'a>],
        steps: &'a AtomicU64,
    ) -> Evaluator<'a> {
        let (catalog, untold, slots, assume_latest_date) = (input.catalog(), Cell::new(0), Vec::new(), false);
        Evaluator { input, catalog, vocabulary, today, params, assume_latest_date, steps, untold, slots }
    }

    /// Binds a variable. One that could not be told stops every expression that reads it.
    pub fn bind(&mut self, slot: usize, value: EvalResult<'a>) {
        self.put(slot, Slot::Value(value));
    }

    /// Binds a variable to what a term yields, once somebody asks for it: a `let` that `when` makes needless
    /// costs nothing.
    pub fn bind_lazy(&mut self, slot: usize, term: &'a Term) {
        self.put(slot, Slot::Later(term));
    }

    fn put(&mut self, slot: usize, value: Slot<'a>) {
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Slot::Value(Err(EvalError::Absent)));
        }
        self.slots[slot] = value;
    }

    /// What a variable is bound to.
    ///
    /// # Errors
    /// Why it yields nothing.
    pub fn variable(&mut self, slot: usize) -> EvalResult<'a> {
        let term = match self.slots.get(slot) {
            Some(Slot::Value(value)) => return value.clone(),
            Some(Slot::Later(term)) => *term,
            None => return Err(EvalError::Absent),
        };
        let value = self.evaluate(term);
        self.bind(slot, value.clone());
        value
    }

    /// What an expression yields for what is bound now.
    ///
    /// # Errors
    /// Why it yields nothing.
    pub fn evaluate(&mut self, term: &'a Term) -> EvalResult<'a> {
        self.step(1)?;
        match &term.node {
            TermNode::Literal(literal) => Ok(literal_value(literal)),
            TermNode::Variable(slot) => self.variable(*slot),
            TermNode::Param(index) => self.params.get(*index).cloned().ok_or(EvalError::Absent),
            TermNode::Today => Ok(Value::Date(self.today)),
            TermNode::List(items) => {
                Ok(Value::list(items.iter().map(|item| self.evaluate(item)).collect::<Result<_, _>>()?))
            }
            TermNode::Field(operand, name) => {
                let operand = self.evaluate(operand)?;
                self.select(&operand, name)
            }
            TermNode::Untyped(operand, name) => {
                let operand = self.evaluate(operand)?;
                match Member::of_value(&operand, name) {
                    Some(member) => (member.read)(self, &operand),
                    None => self.select(&operand, &name.replace('_', "-")),
                }
            }
            TermNode::Member(operand, member) => {
                let operand = self.evaluate(operand)?;
                (member.read)(self, &operand)
            }
            TermNode::Has(selection) => self.has(selection),
            TermNode::OptionalField { operand, slot, selection } => {
                self.optional_field(operand, *slot, selection)
            }
            TermNode::OrValue(optional, otherwise) => match self.evaluate(optional)? {
                Value::Optional(Some(value)) => Ok((*value).clone()),
                Value::Optional(None) => self.evaluate(otherwise),
                value => Ok(value),
            },
            TermNode::HasValue(optional) => {
                Ok(Value::Bool(!matches!(self.evaluate(optional)?, Value::Optional(None))))
            }
            TermNode::Index(list, index) => self.index(list, index),
            TermNode::Not(operand) => Ok(Value::Bool(!self.truth(operand)?)),
            TermNode::Negate(operand) => match self.evaluate(operand)? {
                Value::Int(number) => number.checked_neg().map(Value::Int).ok_or(EvalError::Indeterminate),
                Value::Double(number) => Ok(Value::Double(-number)),
                _ => Err(EvalError::Indeterminate),
            },
            TermNode::And(left, right) => self.both(left, right, false),
            TermNode::Or(left, right) => self.both(left, right, true),
            TermNode::Conditional(condition, then, otherwise) => {
                let branch = if self.truth(condition)? { then } else { otherwise };
                self.evaluate(branch)
            }
            TermNode::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            TermNode::Arithmetic(operation, left, right) => {
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                self.step(left.bulk() + right.bulk())?;
                arithmetic(*operation, &left, &right, self.catalog).ok_or(EvalError::Indeterminate)
            }
            TermNode::In(element, list) => {
                let element = self.evaluate(element)?;
                let list = self.evaluate(list)?;
                if list.size().is_none() {
                    return Err(EvalError::Indeterminate);
                }
                for other in list.elements(self.catalog) {
                    self.step(1)?;
                    if self.equal(&other, &element)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Ok(Value::Bool(false))
            }
            TermNode::Loop { kind, list, slot, body } => self.run_loop(*kind, list, *slot, body),
            TermNode::Call(function, args) => {
                let args = args.iter().map(|arg| self.evaluate(arg)).collect::<Result<Vec<_>, _>>()?;
                self.step(CALL + args.iter().map(Value::weight).sum::<usize>())?;
                let result = (function.call)(self, &args)?;
                if let Value::Text(Text::Made(_)) = result {
                    self.step(result.bulk())?;
                }
                Ok(result)
            }
        }
    }

    /// A condition's value.
    pub fn truth(&mut self, term: &'a Term) -> Result<bool, EvalError> {
        match self.evaluate(term)? {
            Value::Bool(value) => Ok(value),
            _ => Err(EvalError::Indeterminate),
        }
    }

    /// Counts work that the host does for the rule.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`], at the latest when [`Evaluator::flush_steps`] is called.
    pub fn step(&self, count: usize) -> Result<(), EvalError> {
        let untold = self.untold.get().saturating_add(count as u64);
        self.untold.set(untold);
        if untold < STEPS_AT_ONCE { Ok(()) } else { self.flush_steps() }
    }

    /// Adds the steps taken here to the sum.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`]: all threads together have taken too many.
    pub fn flush_steps(&self) -> Result<(), EvalError> {
        // No single count comes near the sum's range.
        let untold = self.untold.replace(0).min(STEP_LIMIT + 1);
        let before = self.steps.fetch_add(untold, Ordering::Relaxed);
        if before.saturating_add(untold) > STEP_LIMIT { Err(EvalError::Exhausted) } else { Ok(()) }
    }

    /// Whether a field is there: also where what stands there can't be read.
    fn has(&mut self, selection: &'a Term) -> EvalResult<'a> {
        let there = match self.evaluate(selection) {
            Ok(value) => !matches!(value, Value::Null),
            Err(EvalError::Absent) => false,
            Err(EvalError::Unreadable) => match &selection.node {
                // It may be what the field is asked of that can't be read.
                TermNode::Field(operand, _)
                | TermNode::Member(operand, _)
                | TermNode::Untyped(operand, _) => {
                    self.evaluate(operand)?;
                    true
                }
                _ => true,
            },
            Err(stop) => return Err(stop),
        };
        Ok(Value::Bool(there))
    }

    /// `&&` and `||`: the value `decisive` on either side decides, even beside one that can't be told.
    fn both(&mut self, left: &'a Term, right: &'a Term, decisive: bool) -> EvalResult<'a> {
        let left = self.truth(left);
        if left == Ok(decisive) || left == Err(EvalError::Exhausted) {
            return left.map(Value::Bool);
        }
        let right = self.truth(right);
        match (left, right) {
            (_, Ok(value)) if value == decisive => Ok(Value::Bool(decisive)),
            (_, Err(EvalError::Exhausted)) => Err(EvalError::Exhausted),
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            _ => Ok(Value::Bool(!decisive)),
        }
    }

    fn optional_field(&mut self, operand: &'a Term, slot: usize, selection: &'a Term) -> EvalResult<'a> {
        let operand = match self.evaluate(operand) {
            Ok(Value::Optional(Some(value))) => (*value).clone(),
            Ok(Value::Optional(None)) | Err(EvalError::Absent) => return Ok(Value::Optional(None)),
            Ok(value) => value,
            Err(stop) => return Err(stop),
        };
        self.bind(slot, Ok(operand));
        match self.evaluate(selection) {
            Ok(value) => Ok(Value::some(value)),
            Err(EvalError::Absent) => Ok(Value::Optional(None)),
            Err(stop) => Err(stop),
        }
    }

    fn index(&mut self, list: &'a Term, index: &'a Term) -> EvalResult<'a> {
        let list = self.evaluate(list)?;
        let Value::Int(index) = self.evaluate(index)? else { return Err(EvalError::Indeterminate) };
        let index = usize::try_from(index).map_err(|_| EvalError::Absent)?;
        let element = match list {
            Value::List(items) => items.get(index).cloned(),
            Value::Records(ids) => ids.get(index).map(|&id| Value::Record(self.catalog.record(id))),
            Value::References(..) => list.elements(self.catalog).nth(index),
            _ => return Err(EvalError::Indeterminate),
        };
        element.ok_or(EvalError::Absent)
    }

    fn compare(&mut self, comparison: Comparison, left: &'a Term, right: &'a Term) -> EvalResult<'a> {
        let left = self.evaluate(left)?;
        let right = self.evaluate(right)?;
        if let Comparison::Equal | Comparison::NotEqual = comparison {
            return Ok(Value::Bool(self.equal(&left, &right)? == (comparison == Comparison::Equal)));
        }
        let order = relate::order(&left, &right, self.today).ok_or(EvalError::Indeterminate)?;
        Ok(Value::Bool(match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            _ => order.is_ge(),
        }))
    }

    fn run_loop(&mut self, kind: LoopKind, list: &'a Term, slot: usize, body: &'a Term) -> EvalResult<'a> {
        let list = self.evaluate(list)?;
        if list.size().is_none() {
            return Err(EvalError::Indeterminate);
        }
        let mut kept = Vec::new();
        let mut matches = 0;
        let mut unknown = None;
        for element in list.elements(self.catalog) {
            self.step(1)?;
            self.bind(slot, Ok(element.clone()));
            if kind == LoopKind::Map {
                self.step(ELEMENT)?;
                kept.push(self.evaluate(body)?);
                continue;
            }
            match (kind, self.truth(body)) {
                (_, Err(EvalError::Exhausted)) => return Err(EvalError::Exhausted),
                (LoopKind::All, Ok(false)) => return Ok(Value::Bool(false)),
                (LoopKind::Exists, Ok(true)) => return Ok(Value::Bool(true)),
                (LoopKind::Filter, Ok(true)) => {
                    self.step(ELEMENT)?;
                    kept.push(element);
                }
                (LoopKind::ExistsOne, Ok(true)) => matches += 1,
                (_, Ok(_)) => {}
                (LoopKind::All | LoopKind::Exists, Err(stop)) => unknown = Some(stop),
                (_, Err(stop)) => return Err(stop),
            }
        }
        match (kind, unknown) {
            (_, Some(stop)) => Err(stop),
            (LoopKind::All, None) => Ok(Value::Bool(true)),
            (LoopKind::Exists, None) => Ok(Value::Bool(false)),
            (LoopKind::ExistsOne, None) => Ok(Value::Bool(matches == 1)),
            (LoopKind::Filter | LoopKind::Map, None) => Ok(Value::list(kept)),
        }
    }

    /// The member `name` of a value.
    pub fn select(&self, operand: &Value<'a>, name: &str) -> EvalResult<'a> {
        match operand {
            Value::Record(record) => self.field(record, name),
            Value::Item(item) => self.item_field(item, name),
            Value::Reference(mention) => facts::of_mention(self, mention, name),
            Value::Fact(fact) => {
                let member = fact.members.iter().find(|(member, _)| *member == name);
                member.map(|(_, value)| value.clone()).ok_or(EvalError::Absent)
            }
            Value::Change(change) => past::member(self, change, name),
            Value::Null => Err(EvalError::Absent),
            _ => Err(EvalError::Indeterminate),
        }
    }

    /// The field `name` (kebab-case) of a record.
    pub fn field(&self, record: &'a Record, name: &str) -> EvalResult<'a> {
        match self.shaped_field(record, &record.fields, Some(&record.kind.shape), name) {
            Err(EvalError::Absent) if record.format_lacks(name) => Err(EvalError::Indeterminate),
            result => result,
        }
    }

    fn item_field(&self, item: &Item<'a>, name: &str) -> EvalResult<'a> {
        if name == "record" {
            return Ok(Value::Record(item.record));
        }
        self.shaped_field(item.record, item.node, item.shape, name)
    }

    fn shaped_field(
        &self,
        record: &'a Record,
        node: &'a Node,
        shape: Option<&'a Shape>,
        name: &str,
    ) -> EvalResult<'a> {
        let mut name = name;
        let mut falls_back_to_history = false;
        for _ in 0..DERIVATIONS {
            let field = shape.and_then(|shape| shape.field(name));
            let ty = field.map_or(&kind::FieldType::Any, |field| &field.ty);
            if let Some(value) = node.get(name).filter(|value| !value.is_empty()) {
                return self.read(record, value, ty, field.and_then(|field| field.natural_key.as_deref()));
            }
            let field = field.ok_or(EvalError::Absent)?;
            falls_back_to_history |= field.falls_back_to_history;
            match &field.derived_from {
                Some(from) => name = from,
                None if falls_back_to_history && field.default.is_none() => {
                    return past::last_changed(self, record);
                }
                None => {
                    return field
                        .default
                        .as_deref()
                        .map_or(Err(EvalError::Absent), |text| self.parse(text, ty));
                }
            }
        }
        Err(EvalError::Absent)
    }

    /// A node as a value of its field's type.
    fn read(
        &self,
        record: &'a Record,
        node: &'a Node,
        ty: &'a kind::FieldType,
        key: Option<&'a str>,
    ) -> EvalResult<'a> {
        match ty {
            kind::FieldType::List(of) => {
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
                let items = items.iter().map(|item| self.read(record, item, of, key));
                Ok(Value::list(items.collect::<Result<_, _>>()?))
            }
            kind::FieldType::Struct(shape) => match node.as_mapping() {
                Some(_) => Ok(Value::Item(Item { record, node, shape: Some(shape), key })),
                None => Err(EvalError::Unreadable),
            },
            kind::FieldType::Reference(kinds) => {
                let text = node.as_text().ok_or(EvalError::Unreadable)?;
                match self.catalog.reference_at(record, (node.span, text, kinds)) {
                    Some(reference) => Ok(self.refer(reference)),
                    None => Ok(Value::Unresolved(Unresolved { text, reference: None })),
                }
            }
            kind::FieldType::Any => Ok(self.read_untyped(record, node)),
            scalar => {
                let text = node.as_text().ok_or(EvalError::Unreadable)?;
                match (scalar, node.as_scalar().map(|scalar| scalar.kind)) {
                    // `0o17` and `1e3` are numbers to their format.
                    (kind::FieldType::Integer, Some(ScalarKind::Integer(value))) => Ok(Value::Int(value)),
                    (kind::FieldType::Number, Some(ScalarKind::Integer(value))) => {
                        Ok(Value::Double(value as f64))
                    }
                    (kind::FieldType::Number, Some(ScalarKind::Float(value))) if value.is_finite() => {
                        Ok(Value::Double(value))
                    }
                    (kind::FieldType::Bool, Some(ScalarKind::Bool(value))) => Ok(Value::Bool(value)),
                    _ => self.parse(text, scalar),
                }
            }
        }
    }

    fn read_untyped(&self, record: &'a Record, node: &'a Node) -> Value<'a> {
        if let Some(items) = node.as_sequence() {
            return Value::list(items.iter().map(|item| self.read_untyped(record, item)).collect());
        }
        let Some(scalar) = node.as_scalar() else {
            return Value::Item(Item { record, node, shape: None, key: None });
        };
        match scalar.kind {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool(value) => Value::Bool(value),
            ScalarKind::Integer(value) => Value::Int(value),
            ScalarKind::Float(value) => Value::Double(value),
            ScalarKind::Text => Value::text(&*scalar.text),
        }
    }

    /// A text as a value of a scalar type. What does not parse is a violation of the schema, reported
    /// there; here it can't be told.
    pub fn parse(&self, text: &'a str, ty: &kind::FieldType) -> EvalResult<'a> {
        let value = match ty {
            kind::FieldType::Text => Some(Value::text(text)),
            kind::FieldType::Bool => text.parse().ok().map(Value::Bool),
            kind::FieldType::Integer => text.parse().ok().map(Value::Int),
            kind::FieldType::Number => {
                text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Double)
            }
            kind::FieldType::Date => calendar::parse_date(text).map(Value::Date),
            kind::FieldType::Duration => Duration::parse(text).map(Value::Duration),
            kind::FieldType::Period => self.period(text),
            kind::FieldType::Amount => Amount::parse(text).map(|amount| Value::Amount(Arc::new(amount))),
            kind::FieldType::Any => Some(Value::text(text)),
            kind::FieldType::Reference(_) => Some(Value::Unresolved(Unresolved { text, reference: None })),
            kind::FieldType::List(_) | kind::FieldType::Struct(_) => None,
        };
        value.ok_or(EvalError::Unreadable)
    }

    pub fn period(&self, text: &str) -> Option<Value<'a>> {
        Period::parse(text, self.catalog.fiscal_year_start()).map(|period| Value::Period(Arc::new(period)))
    }

    /// A regular expression, compiled once for the whole run.
    pub fn pattern(&self, pattern: &str) -> Result<Arc<regex::Regex>, EvalError> {
        super::patterns::compile(pattern).map_err(|_| EvalError::Indeterminate)
    }

    /// The record that a reference names, or the reference itself.
    pub fn refer(&self, reference: Reference<'a>) -> Value<'a> {
        match reference.target {
            Target::Record(id) => Value::Record(self.catalog.record(id)),
            Target::NotInBase | Target::Unknown | Target::Inconclusive => {
                Value::Unresolved(Unresolved { text: reference.text(), reference: Some(reference) })
            }
        }
    }
}

fn literal_value<'a>(literal: &'a Literal) -> Value<'a> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::Text(text) => Value::text(&**text),
    }
}

/// None where the operation has no result: an overflow, a division by zero, amounts of two units.
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
        (Subtract, Value::Amount(a), Value::Amount(b)) => Value::Double(a.minus(b)?),
        (Add, a, b) if a.is_list() && b.is_list() => {
            Value::list(left.elements(catalog).chain(right.elements(catalog)).collect())
        }
        (Add, a, b) if a.as_text().is_some() && b.as_text().is_some() => {
            Value::text([a.as_text()?, b.as_text()?].concat())
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
