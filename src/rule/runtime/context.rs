//! What builtins may read: the catalog, the date, and the rule's budget of steps.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;

use crate::calendar::{self, Amount, Duration, Period};
use crate::catalog::{Catalog, LinkRemedy, Reference};
use crate::input::Input;
use crate::kind::FieldType;
use crate::limits;
use crate::record::Record;

use super::value::{EvalError, EvalResult, Evaluated, Unresolved, Value, reference_value};

/// The state in which expressions of one rule are evaluated, without variables. One for each thread.
pub struct Context<'a> {
    pub input: &'a Input,
    pub catalog: &'a Catalog,
    pub today: Date,
    /// If true, a field that a record's format can't state is absent: a view says what stands there.
    pub is_view: bool,
    /// Steps of this rule over all threads. Only the sum has a limit, so that the outcome does not depend on their order.
    steps: &'a AtomicU64,
    max_steps: u64,
    unflushed: Cell<u64>,
    /// The numbers of the records that were named to a reader; `None` if nothing asks for them.
    named: RefCell<Option<Vec<u32>>>,
    /// The remedy for the reference that was last asked about.
    remedy: RefCell<Option<(Reference<'a>, LinkRemedy)>>,
}

impl<'a> Context<'a> {
    pub fn new(input: &'a Input, today: Date, steps: &'a AtomicU64) -> Context<'a> {
        let catalog = input.catalog();
        Context {
            input,
            catalog,
            today,
            is_view: false,
            steps,
            max_steps: catalog.max_steps(),
            unflushed: Cell::new(0),
            named: RefCell::new(None),
            remedy: RefCell::default(),
        }
    }

    /// Returns the remedy for a reference that names no record. A message reads several parts of one, and to search for it takes long.
    pub fn remedy(&self, record: &Record, reference: &Reference<'a>) -> LinkRemedy {
        let mut last = self.remedy.borrow_mut();
        if let Some((_, remedy)) = last.as_ref().filter(|(known, _)| known.is_same(reference)) {
            return remedy.clone();
        }
        let remedy = self.catalog.reference_remedy(record, reference, self.input.history());
        *last = Some((*reference, remedy.clone()));
        remedy
    }

    /// Switches to the rules of views: more steps, since a section shows many columns, and a field that the format lacks is absent.
    pub fn show_rows(&mut self) {
        self.is_view = true;
        self.max_steps = self.max_steps.saturating_mul(limits::STEPS_OF_VIEW);
    }

    /// Keeps a record whose title stands in a text in place of its identifier.
    pub fn note_named(&self, record: u32) {
        if let Some(named) = &mut *self.named.borrow_mut()
            && !named.contains(&record)
        {
            named.push(record);
        }
    }

    /// Returns the records that were named since the last call, and keeps those that follow.
    pub fn take_named(&self) -> Vec<u32> {
        self.named.replace(Some(Vec::new())).unwrap_or_default()
    }

    /// Counts steps of the rule's budget. Its end is noticed at the latest when [`Context::flush_steps`] is called.
    pub fn step(&self, count: usize) -> Evaluated<()> {
        // Steps that a thread counts on its own before it adds them to the rule's sum.
        const STEPS_PER_FLUSH: u64 = 1 << 16;
        let unflushed = self.unflushed.get().saturating_add(count as u64);
        self.unflushed.set(unflushed);
        if unflushed < STEPS_PER_FLUSH { Ok(()) } else { self.flush_steps() }
    }

    /// Adds the steps counted here to the rule's sum.
    pub fn flush_steps(&self) -> Evaluated<()> {
        // Clamped, so that the sum can't overflow.
        let unflushed = self.unflushed.replace(0).min(self.max_steps + 1);
        let before = self.steps.fetch_add(unflushed, Ordering::Relaxed);
        if before.saturating_add(unflushed) > self.max_steps { Err(EvalError::Exhausted) } else { Ok(()) }
    }

    /// Parses a period; quarters and halves count from the configured start of the fiscal year.
    pub fn period(&self, text: &str) -> Option<Value<'static>> {
        Period::parse(text, self.catalog.config().fiscal_year_start())
            .map(|period| Value::Period(Arc::new(period)))
    }

    /// Reads the value of a scalar type from a text.
    pub fn parse<'t>(&self, text: &'t str, ty: &FieldType) -> EvalResult<'t> {
        let value = match ty {
            FieldType::Text | FieldType::Any => Some(Value::string(text)),
            FieldType::Bool => text.parse().ok().map(Value::Bool),
            FieldType::Integer => text.parse().ok().map(Value::Int),
            FieldType::Number => text.parse().ok().filter(|it: &f64| it.is_finite()).map(Value::Double),
            FieldType::Date => calendar::parse_date(text).map(Value::Date),
            FieldType::Duration => Duration::parse(text).map(Value::Duration),
            FieldType::Period => self.period(text),
            FieldType::Amount => Amount::parse(text).map(|amount| Value::Amount(Arc::new(amount))),
            FieldType::Reference(_) => Some(Value::Unresolved(Unresolved { text, reference: None })),
            FieldType::List(_) | FieldType::Struct(_) | FieldType::Map(_) => None,
        };
        value.ok_or(EvalError::Unreadable)
    }

    pub fn resolve(&self, reference: Reference<'a>) -> Value<'a> {
        reference_value(self.catalog, reference)
    }
}
