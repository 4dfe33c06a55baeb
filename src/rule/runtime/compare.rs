//! Equality, order and identity of values, and what messages show of them.

use std::cmp::Ordering;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::context::Context;
use super::value::{EvalError, Evaluated, Value};
use crate::calendar::{self, InBaseUnit};

impl<'a> Context<'a> {
    /// `a == b`. Symmetric; a record equals every string that names it.
    pub fn equal(&self, a: &Value<'a>, b: &Value<'a>) -> Evaluated<bool> {
        self.step(a.read_cost())?;
        Ok(match (a, b) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::String(a), Value::String(b)) => **a == **b,
            (Value::Record(a), Value::Record(b)) => std::ptr::eq(*a, *b),
            (Value::Record(record), Value::String(text)) | (Value::String(text), Value::Record(record)) => {
                self.catalog.is_named(record, text)
            }
            (Value::Date(a), Value::Date(b)) | (Value::Age(a), Value::Age(b)) => a == b,
            (Value::Period(a), Value::Period(b)) => (a.start, a.end) == (b.start, b.end),
            (
                Value::Item(_)
                | Value::Map(_)
                | Value::File(_)
                | Value::Reference(_)
                | Value::Fact(_)
                | Value::Change(_)
                | Value::Group(_),
                _,
            ) => self.identity_key(a)? == self.identity_key(b)?,
            (a, b) if a.is_list() && b.is_list() => self.lists_equal(a, b)?,
            (Value::Duration(_), Value::Duration(_)) | (Value::Amount(_), _) | (_, Value::Amount(_)) => {
                self.compare_values(a, b) == Some(Ordering::Equal)
            }
            (a, b) => match (a.as_number(), b.as_number()) {
                (Some(a), Some(b)) => a == b,
                (None, None) => a.as_text().is_some() && a.as_text() == b.as_text(),
                _ => false,
            },
        })
    }

    fn lists_equal(&self, a: &Value<'a>, b: &Value<'a>) -> Evaluated<bool> {
        if a.size() != b.size() {
            return Ok(false);
        }
        for (a, b) in a.elements(self.catalog).zip(b.elements(self.catalog)) {
            self.step(1)?;
            if !self.equal(&a, &b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A key that equal values share; for `distinct()` and `group-by`.
    pub fn identity_key(&self, value: &Value<'a>) -> Evaluated<String> {
        let mut key = String::new();
        self.add_identity(value, &mut key)?;
        Ok(key)
    }

    fn add_identity(&self, value: &Value<'a>, key: &mut String) -> Evaluated<()> {
        self.step(1 + value.copy_cost())?;
        let written = match value {
            Value::Null => key.write_str("null"),
            Value::Bool(value) => write!(key, "{value}"),
            Value::Int(number) => write!(key, "number {number}"),
            Value::Double(number) => write!(key, "number {number}"),
            Value::Date(day) => write!(key, "day {day}"),
            Value::Age(since) => write!(key, "age {since}"),
            Value::Duration(span) => write!(key, "duration {}", span.approximate_days()),
            Value::Period(period) => write!(key, "period {} {}", period.start, period.end),
            Value::Amount(amount) => {
                let InBaseUnit { value, to, unit } = amount.in_base_unit();
                let to = to.map_or_else(String::new, |to| format!("..{to}"));
                write!(key, "amount {value}{to} {unit}")
            }
            Value::Record(record) => write!(key, "record {}", record.number),
            Value::Item(item) => write!(key, "item {} {}", item.record.number, item.node.span.start),
            Value::Map(map) => write!(key, "map {} {}", map.record.number, map.node.span.start),
            Value::Reference(mention) => {
                write!(key, "mention {} {}", mention.record.number, mention.reference.span.start)
            }
            Value::Fact(fact) => write!(key, "fact {} {}", fact.span.start, fact.text()),
            Value::Change(change) => write!(key, "fact {} {}", change.list.span.start, &*change.value()),
            Value::File(file) => write!(key, "file {}", file.path()),
            Value::Group(group) => {
                key.push_str("group ");
                return self.add_identity(&group.key, key);
            }
            Value::List(_) | Value::Records(_) | Value::References(..) => {
                key.push('[');
                for element in value.elements(self.catalog) {
                    let start = key.len();
                    self.add_identity(&element, key)?;
                    // The length distinguishes `["a", "b"]` from a list of one string.
                    let length = key.len() - start;
                    let _ = write!(key, ":{length}");
                }
                Ok(())
            }
            Value::String(_) | Value::Pattern(_) | Value::Unresolved(_) => {
                key.push_str("text ");
                key.write_str(value.as_text().unwrap_or_default())
            }
        };
        // To write to a string never fails.
        written.map_err(|_| EvalError::Indeterminate)
    }

    /// The elements in ascending order; `None` if two of them can't be compared.
    pub fn sort(&self, mut elements: Vec<Value<'a>>) -> Option<Vec<Value<'a>>> {
        let mut all = elements.iter();
        if let Some(first) = all.next()
            && !(self.element_order(first, first).is_some()
                && all.all(|other| self.element_order(first, other).is_some()))
        {
            return None;
        }
        elements.sort_by(|a, b| {
            let order = self.element_order(a, b).unwrap_or(Ordering::Equal);
            order.then_with(|| match (a, b) {
                (Value::Record(a), Value::Record(b)) => a.number.cmp(&b.number),
                _ => Ordering::Equal,
            })
        });
        Some(elements)
    }

    /// `a < b`; `None` if the values can't be compared, such as amounts with different units.
    pub fn compare_values(&self, a: &Value<'a>, b: &Value<'a>) -> Option<Ordering> {
        order(a, b, self.today)
    }

    /// Orders elements of a list: records by identifier, amounts of one unit, so that what compares with one compares with all.
    fn element_order(&self, a: &Value<'a>, b: &Value<'a>) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (a.as_number(), b.as_number()) {
            return a.partial_cmp(&b);
        }
        if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
            return Some(a.cmp(b));
        }
        // Ranges may overlap; the order of all has to be total.
        if let (Value::Amount(a), Value::Amount(b)) = (a, b) {
            return a.start_order(b);
        }
        let same_type = std::mem::discriminant(a) == std::mem::discriminant(b);
        same_type.then(|| self.compare_values(a, b)).flatten()
    }

    pub fn show(&self, value: &Value<'a>) -> Evaluated<String> {
        let mut out = String::new();
        self.show_in(value, &mut out)?;
        Ok(out)
    }

    fn show_in(&self, value: &Value<'a>, out: &mut String) -> Evaluated<()> {
        self.step(1 + value.copy_cost())?;
        let _ = match value {
            Value::Null => Ok(()),
            Value::Bool(value) => write!(out, "{value}"),
            Value::Int(value) => write!(out, "{value}"),
            Value::Double(value) => write!(out, "{value}"),
            Value::Date(value) => write!(out, "{value}"),
            Value::Age(since) => write!(out, "{}", calendar::relative_date(*since, self.today)),
            Value::Duration(value) => write!(out, "{value}"),
            Value::Period(value) => write!(out, "{value}"),
            Value::Amount(value) => write!(out, "{value}"),
            Value::List(_) | Value::Records(_) | Value::References(..) => {
                for (at, element) in value.elements(self.catalog).enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.show_in(&element, out)?;
                }
                Ok(())
            }
            Value::Item(item) => write!(out, "{}", item.node.as_text().unwrap_or("")),
            Value::Map(map) => {
                for (at, entry) in map.node.entries().iter().enumerate() {
                    self.step(1)?;
                    out.push_str(if at == 0 { "" } else { ", " });
                    out.push_str(&entry.key.name);
                }
                Ok(())
            }
            Value::File(file) => write!(out, "{}", file.path()),
            Value::Group(group) => return self.show_in(&group.key, out),
            Value::Reference(mention) => out.write_str(mention.text(self.catalog)),
            Value::Fact(fact) => match fact.members.first() {
                Some((_, value)) => return self.show_in(value, out),
                None => Ok(()),
            },
            Value::Change(change) => out.write_str(&change.value()),
            Value::String(_) | Value::Pattern(_) | Value::Record(_) | Value::Unresolved(_) => {
                out.write_str(value.as_text().unwrap_or(""))
            }
        };
        Ok(())
    }
}

fn order(a: &Value, b: &Value, today: Date) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Age(a), Value::Age(b)) => Some(b.cmp(a)),
        (Value::Age(since), Value::Duration(span)) => Some(today.cmp(&span.add_to(*since))),
        (Value::Duration(_), Value::Age(_)) => order(b, a, today).map(Ordering::reverse),
        (Value::Duration(a), Value::Duration(b)) => a.order(*b),
        (Value::Period(a), Value::Period(b)) => Some((a.start, a.end).cmp(&(b.start, b.end))),
        (Value::Amount(a), Value::Amount(b)) => a.partial_cmp(b),
        (Value::Amount(amount), number) => amount.order_to_number(number.as_number()?),
        (number, Value::Amount(amount)) => amount.order_to_number(number.as_number()?).map(Ordering::reverse),
        (a, b) => a.as_number()?.partial_cmp(&b.as_number()?),
    }
}
