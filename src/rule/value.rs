//! The values of the rule language. They borrow from the catalog: a record is a reference to it, and a
//! field becomes a value only when an expression reads it.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::{Amount, Duration, Period};
use crate::catalog::{Catalog, PolicyFile, Reference, SourceFile};
use crate::history::FieldChanges;
use crate::kind::Shape;
use crate::node::Node;
use crate::record::Record;
use crate::text::Span;

/// What it costs to keep an element of a list, in steps.
pub const ELEMENT: usize = 8;

#[derive(Clone, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Text<'a>),
    Date(Date),
    /// The time from this day until today.
    Age(Date),
    Duration(Duration),
    Period(Arc<Period>),
    Amount(Arc<Amount>),
    List(Arc<[Value<'a>]>),
    /// Records by reference, so that a loop over all records copies none.
    Records(&'a [u32]),
    /// The references of a record, so many of them: there are many, and rules ask most of them for little.
    References(&'a Record, usize),
    Optional(Option<Arc<Value<'a>>>),
    Record(&'a Record),
    /// A reference that names no record: equal to its text, without fields.
    Unresolved(Unresolved<'a>),
    Item(Item<'a>),
    Reference(RecordReference<'a>),
    Fact(Arc<Fact<'a>>),
    Change(ChangeRef<'a>),
    File(&'a SourceFile),
    PolicyFile(&'a PolicyFile),
    Group(Arc<Group<'a>>),
}

/// A text of the catalog, or one that an expression has made. Either is copied at no cost.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    Borrowed(&'a str),
    Made(Arc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Made(text) => text,
        }
    }
}

impl<'a> Text<'a> {
    fn of(text: Option<Cow<'a, str>>) -> Text<'a> {
        match text.unwrap_or_default() {
            Cow::Borrowed(text) => Text::Borrowed(text),
            Cow::Owned(text) => Text::Made(text.into()),
        }
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Text<'a> {
        Text::Borrowed(text)
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Text::Made(text.into())
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Unresolved<'a> {
    pub text: &'a str,
    pub reference: Option<Reference<'a>>,
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

/// A reference itself, whatever it leads to.
#[derive(Clone, Copy, Debug)]
pub struct RecordReference<'a> {
    /// The record that refers.
    pub record: &'a Record,
    pub reference: Reference<'a>,
}

impl<'a> RecordReference<'a> {
    /// The text as the file has it: `KEP-32` where the format makes it `32`. The file is looked at for that, which for
    /// all references together takes its time.
    pub fn text(&self, catalog: &'a Catalog) -> &'a str {
        let source = catalog.file_of(self.record).source();
        let written = source.slice(self.reference.span).trim_matches(['"', '\'']);
        let is_word = !written.is_empty() && !written.contains(['`', '\n']);
        if is_word { written } else { self.reference.text() }
    }
}

/// Something that the host says of a file or record: members by name, and the place it is about.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    pub members: Vec<(&'static str, Value<'a>)>,
    pub span: Span,
    /// Another place in the same file, with what stands there.
    pub related: Option<(Span, String)>,
}

/// One of the changes of a field, of which only is read what expressions ask for.
#[derive(Clone, Debug)]
pub struct ChangeRef<'a> {
    pub list: Arc<ChangeList<'a>>,
    pub index: usize,
}

/// A field that the past tells of.
#[derive(Debug)]
pub struct ChangeList<'a> {
    pub changes: FieldChanges<'a>,
    /// Where the field stands today.
    pub span: Span,
}

impl<'a> ChangeRef<'a> {
    /// What the field was changed to; empty where it was taken away, none where that can't be told.
    pub fn value(&self) -> Option<Text<'a>> {
        Some(Text::of(self.list.changes.value(self.index)))
    }

    /// What it was before, in the same way.
    pub fn before(&self) -> Option<Text<'a>> {
        Some(Text::of(self.list.changes.before(self.index)))
    }

    /// The new value, which a message shows.
    pub fn new_text(&self) -> Text<'a> {
        self.value().unwrap_or(Text::Borrowed(""))
    }
}

#[derive(Clone, Debug)]
pub struct Group<'a> {
    pub key: Value<'a>,
    pub records: Vec<&'a Record>,
}

impl Fact<'_> {
    /// The text of the first member, which a message shows.
    pub fn text(&self) -> &str {
        self.members.first().and_then(|(_, value)| value.as_text()).unwrap_or("")
    }

    /// The field that the fact is about, where it is about one.
    pub fn field(&self) -> &str {
        self.text_member("field").unwrap_or("")
    }

    /// A member that is a text.
    pub fn text_member(&self, member: &str) -> Option<&str> {
        self.members.iter().find(|(name, _)| *name == member).and_then(|(_, value)| value.as_text())
    }
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Text<'a>>) -> Value<'a> {
        Value::Text(text.into())
    }

    pub fn list(items: Vec<Value<'a>>) -> Value<'a> {
        Value::List(items.into())
    }

    pub fn some(value: Value<'a>) -> Value<'a> {
        Value::Optional(Some(Arc::new(value)))
    }

    /// The place that something the host says is about.
    pub fn span(&self) -> Option<Span> {
        match self {
            Value::Fact(fact) => Some(fact.span),
            Value::Change(change) => Some(change.list.span),
            _ => None,
        }
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
            Value::References(record, _) => {
                let mention = |reference| Value::Reference(RecordReference { record, reference });
                Box::new(catalog.references(record).map(mention))
            }
            _ => Box::new(std::iter::empty()),
        }
    }

    pub fn is_list(&self) -> bool {
        matches!(self, Value::List(_) | Value::Records(_) | Value::References(..))
    }

    /// How many elements a list has, characters a text.
    pub fn size(&self) -> Option<usize> {
        match self {
            Value::List(items) => Some(items.len()),
            Value::Records(ids) => Some(ids.len()),
            Value::References(_, count) => Some(*count),
            Value::Text(text) => Some(text.chars().count()),
            _ => None,
        }
    }

    /// What it costs to go through the value's text, in steps.
    pub fn weight(&self) -> usize {
        if let Value::Text(text) = self { text.len() / 16 } else { 0 }
    }

    /// What it costs to keep a copy of the value's text or elements, in steps: a rule that fills the
    /// memory has to run out of steps first.
    pub fn bulk(&self) -> usize {
        match self {
            Value::Text(text) => text.len() / 4,
            Value::List(items) => items.len() * ELEMENT,
            Value::Records(ids) => ids.len() * ELEMENT,
            Value::References(_, count) => count * ELEMENT,
            _ => 0,
        }
    }
}
