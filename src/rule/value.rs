//! The values of the rule language. They borrow from the catalog: a record is a reference to it, and a
//! field becomes a value only when an expression reads it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::{self, Amount, Duration, Period};
use crate::catalog::{Catalog, File, Reference};
use crate::kind::Shape;
use crate::node::Node;
use crate::record::Record;
use crate::text::Span;

#[derive(Clone, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    Date(Date),
    /// The time from this day until today.
    Age(Date),
    Duration(Duration),
    Period(Arc<Period>),
    Amount(Arc<Amount>),
    List(Arc<[Value<'a>]>),
    /// Records by reference, so that a loop over all records copies none.
    Records(&'a [u32]),
    Optional(Option<Arc<Value<'a>>>),
    Record(&'a Record),
    /// A reference that names no record: equal to its text, without fields.
    Unresolved(Unresolved<'a>),
    Item(Item<'a>),
    Fact(Arc<Fact<'a>>),
    File(&'a File),
    Group(Arc<Group<'a>>),
}

#[derive(Clone, Copy, Debug)]
pub struct Unresolved<'a> {
    pub text: &'a str,
    pub reference: Option<&'a Reference>,
}

/// A mapping inside a record, such as one key result.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub record: &'a Record,
    pub node: &'a Node,
    /// None in a field that its kind leaves untyped.
    pub shape: Option<&'a Shape>,
    /// The field that tells the items of its list apart.
    pub key: Option<&'a str>,
}

/// Something that the host says of a file or record: members by name, and the place it is about.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    pub members: Vec<(&'static str, Value<'a>)>,
    pub span: Span,
    /// Another place in the same file, with what stands there.
    pub related: Option<(Span, String)>,
}

#[derive(Clone, Debug)]
pub struct Group<'a> {
    pub key: Value<'a>,
    pub records: Vec<&'a Record>,
}

impl Fact<'_> {
    /// The text of the first member, which a message shows.
    pub fn first(&self) -> &str {
        self.members.first().and_then(|(_, value)| value.as_text()).unwrap_or("")
    }

    /// The field that the fact is about, where it is about one.
    pub fn name(&self) -> &str {
        let field = self.members.iter().find(|(name, _)| *name == "field");
        field.and_then(|(_, value)| value.as_text()).unwrap_or("")
    }
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::Text(text.into())
    }

    pub fn list(items: Vec<Value<'a>>) -> Value<'a> {
        Value::List(items.into())
    }

    pub fn some(value: Value<'a>) -> Value<'a> {
        Value::Optional(Some(Arc::new(value)))
    }

    /// The value's text, where it is one or stands for one: a record stands for its identifier.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Record(record) => Some(&record.id),
            Value::Unresolved(unresolved) => Some(unresolved.text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Int(number) => Some(*number as f64),
            Value::Double(number) => Some(*number),
            _ => None,
        }
    }

    /// The elements of a list, or none for another value.
    pub fn elements<'s>(&'s self, catalog: &'a Catalog) -> Box<dyn ExactSizeIterator<Item = Value<'a>> + 's> {
        match self {
            Value::List(items) => Box::new(items.iter().cloned()),
            Value::Records(ids) => Box::new(ids.iter().map(|&id| Value::Record(catalog.record(id)))),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// How many elements a list has, characters a text.
    pub fn len(&self) -> Option<usize> {
        match self {
            Value::List(items) => Some(items.len()),
            Value::Records(ids) => Some(ids.len()),
            Value::Text(text) => Some(text.chars().count()),
            _ => None,
        }
    }

    /// Equality, the same from both sides: a record equals every text that identifies it.
    pub fn equals(&self, other: &Value<'a>, catalog: &'a Catalog) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Record(a), Value::Record(b)) => std::ptr::eq(*a, *b),
            (Value::Record(record), Value::Text(text)) | (Value::Text(text), Value::Record(record)) => {
                catalog.is_named(record, text)
            }
            (Value::Date(a), Value::Date(b)) | (Value::Age(a), Value::Age(b)) => a == b,
            (Value::Period(a), Value::Period(b)) => (a.start, a.end) == (b.start, b.end),
            (Value::Optional(a), Value::Optional(b)) => match (a, b) {
                (Some(a), Some(b)) => a.equals(b, catalog),
                (a, b) => a.is_none() && b.is_none(),
            },
            (Value::Item(a), Value::Item(b)) => std::ptr::eq(a.node, b.node),
            (Value::File(a), Value::File(b)) => std::ptr::eq(*a, *b),
            (Value::List(_) | Value::Records(_), Value::List(_) | Value::Records(_)) => {
                self.len() == other.len()
                    && self.elements(catalog).zip(other.elements(catalog)).all(|(a, b)| a.equals(&b, catalog))
            }
            (Value::Duration(_), Value::Duration(_)) | (Value::Amount(_), Value::Amount(_)) => {
                self.compare(other, jiff::civil::Date::ZERO) == Some(Ordering::Equal)
            }
            (a, b) => match (a.as_number(), b.as_number()) {
                (Some(a), Some(b)) => a == b,
                (None, None) => a.as_text().is_some() && a.as_text() == b.as_text(),
                _ => false,
            },
        }
    }

    /// The order of two values, or None where they have none, such as amounts in different units.
    pub fn compare(&self, other: &Value<'a>, today: Date) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::Age(a), Value::Age(b)) => Some(b.cmp(a)),
            (Value::Age(since), Value::Duration(span)) => Some(today.cmp(&span.add_to(*since))),
            (Value::Duration(_), Value::Age(_)) => other.compare(self, today).map(Ordering::reverse),
            (Value::Duration(a), Value::Duration(b)) => {
                a.approximate_days().partial_cmp(&b.approximate_days())
            }
            (Value::Amount(a), Value::Amount(b)) => a.partial_cmp(b),
            (Value::Amount(amount), number) => amount.value.partial_cmp(&number.as_number()?),
            (number, Value::Amount(amount)) => number.as_number()?.partial_cmp(&amount.value),
            (a, b) => a.as_number()?.partial_cmp(&b.as_number()?),
        }
    }

    /// The value as a message shows it.
    pub fn show(&self, today: Date, catalog: &'a Catalog, out: &mut String) {
        // Writing to a `String` cannot fail.
        let _ = match self {
            Value::Null => Ok(()),
            Value::Bool(value) => write!(out, "{value}"),
            Value::Int(value) => write!(out, "{value}"),
            Value::Double(value) => write!(out, "{value}"),
            Value::Date(value) => write!(out, "{value}"),
            Value::Age(since) => write!(out, "{}", calendar::ago(*since, today)),
            Value::Duration(value) => write!(out, "{value}"),
            Value::Period(value) => write!(out, "{value}"),
            Value::Amount(value) => write!(out, "{value}"),
            Value::Optional(None) => Ok(()),
            Value::Optional(Some(value)) => return value.show(today, catalog, out),
            Value::List(_) | Value::Records(_) => {
                for (at, element) in self.elements(catalog).enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    element.show(today, catalog, out);
                }
                Ok(())
            }
            Value::Item(item) => write!(out, "{}", item.node.as_text().unwrap_or("")),
            Value::File(file) => write!(out, "{}", file.path()),
            Value::Group(group) => return group.key.show(today, catalog, out),
            Value::Fact(fact) => match fact.members.first() {
                Some((_, value)) => return value.show(today, catalog, out),
                None => Ok(()),
            },
            Value::Text(_) | Value::Record(_) | Value::Unresolved(_) => {
                out.push_str(self.as_text().unwrap_or(""));
                Ok(())
            }
        };
    }
}
