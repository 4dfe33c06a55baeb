//! The values of expressions. They borrow from the catalog; a field is converted when an expression reads it.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::{Amount, Duration, Period};
use crate::catalog::{Catalog, Reference, SourceFile, Target};
use crate::history::FieldChanges;
use crate::kind::{MapType, Shape};
use crate::node::{Entry, Node};
use crate::record::Record;
use crate::schema::Violation;
use crate::text::{LazyRegex, Source, Span};

/// Why an expression has no value. All but [`EvalError::Exhausted`] mean "not judged".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// A value is missing; `has()` and `.?` handle only this.
    Absent,
    /// A value is there and is not of its field's type; the schema reports it.
    Unreadable,
    /// Nothing can be said: the format can't state the field, a reference leads to no record, amounts have two units.
    Indeterminate,
    /// A reference leads to no record, and the repository has no record of its kinds: the rule does not apply.
    Unused,
    Exhausted,
}

/// A result, or why there is none.
pub type Evaluated<T> = Result<T, EvalError>;

pub type EvalResult<'a> = Evaluated<Value<'a>>;

/// Steps for each element that is put into a list.
pub const ELEMENT_COST: usize = 8;

#[derive(Clone, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    String(Str<'a>),
    /// A regular expression that is known to be valid.
    Pattern(Arc<LazyRegex>),
    Date(Date),
    /// The time from this date until today.
    Age(Date),
    Duration(Duration),
    Period(Arc<Period>),
    Amount(Arc<Amount>),
    List(Arc<[Value<'a>]>),
    Records(&'a [u32]),
    /// The references of a record, and their number; each becomes a value when it is visited.
    References(&'a Record, usize),
    Record(&'a Record),
    /// A reference to no record: equal to its text, without fields.
    Unresolved(Unresolved<'a>),
    Item(Item<'a>),
    Map(MapValue<'a>),
    Reference(RecordReference<'a>),
    Fact(Arc<Fact<'a>>),
    Change(ChangeRef<'a>),
    File(&'a SourceFile),
    Group(Arc<Group<'a>>),
}

#[derive(Clone, Debug)]
pub enum Str<'a> {
    Borrowed(&'a str),
    Owned(Arc<str>),
}

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Str::Borrowed(text) => text,
            Str::Owned(text) => text,
        }
    }
}

impl<'a> From<Cow<'a, str>> for Str<'a> {
    fn from(text: Cow<'a, str>) -> Str<'a> {
        match text {
            Cow::Borrowed(text) => Str::Borrowed(text),
            Cow::Owned(text) => Str::Owned(text.into()),
        }
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Str<'a> {
        Str::Borrowed(text)
    }
}

impl From<String> for Str<'_> {
    fn from(text: String) -> Self {
        Str::Owned(text.into())
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Unresolved<'a> {
    pub text: &'a str,
    pub reference: Option<Reference<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub record: &'a Record,
    pub node: &'a Node,
    /// `None` in an untyped field.
    pub shape: Option<&'a Shape>,
    /// The field that identifies an item within its list.
    pub key: Option<&'a str>,
}

/// A mapping whose keys are not fields.
#[derive(Clone, Copy, Debug)]
pub struct MapValue<'a> {
    pub record: &'a Record,
    pub node: &'a Node,
    pub ty: &'a MapType,
}

impl<'a> MapValue<'a> {
    /// The key of an entry: a record, where the kind says that keys are references.
    pub fn key(self, entry: &'a Entry, catalog: &'a Catalog) -> Value<'a> {
        let key = &entry.key;
        match &self.ty.keys {
            Some(kinds) => named_value(catalog, self.record, (key.span, &key.name, kinds)),
            None => Value::string(&*key.name),
        }
    }
}

/// The record that a reference names, or its text.
pub fn reference_value<'a>(catalog: &'a Catalog, reference: Reference<'a>) -> Value<'a> {
    match reference.target {
        Target::Record(id) => Value::Record(catalog.record(id)),
        _ => Value::Unresolved(Unresolved { text: reference.text(), reference: Some(reference) }),
    }
}

/// The record that a text at a place of a record names, or the text.
pub fn named_value<'a>(
    catalog: &'a Catalog,
    record: &'a Record,
    at: (Span, &'a str, &'a [Arc<str>]),
) -> Value<'a> {
    match catalog.reference_at(record, at) {
        Some(reference) => reference_value(catalog, reference),
        None => Value::Unresolved(Unresolved { text: at.1, reference: None }),
    }
}

/// A reference as an object, not the record that it names.
#[derive(Clone, Copy, Debug)]
pub struct RecordReference<'a> {
    pub record: &'a Record,
    pub reference: Reference<'a>,
}

impl Unresolved<'_> {
    /// Why nothing can be read of the record.
    pub fn error(&self) -> EvalError {
        match self.reference {
            Some(Reference { target: Target::Unused, .. }) => EvalError::Unused,
            _ => EvalError::Indeterminate,
        }
    }
}

impl<'a> RecordReference<'a> {
    /// The text as written in the file: `KEP-32` if the format reduces it to `32`. Reads the file.
    pub fn text(&self, catalog: &'a Catalog) -> &'a str {
        let source = catalog.file_of(self.record).source();
        let written = source.slice(self.reference.span).trim_matches(['"', '\'']);
        // An alias stands for the text.
        let is_word = !written.is_empty() && !written.starts_with('*') && !written.contains(['`', '\n']);
        if is_word { written } else { self.reference.text() }
    }
}

/// An object that the program computes about a file or record, and the text that it is about.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    pub members: Vec<(&'static str, Value<'a>)>,
    pub span: Span,
    pub related: Option<(Span, String)>,
    pub written: Option<Written<'a>>,
    pub identity: FactIdentity<'a>,
}

/// A part of a file that an expression can search.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The file, also if it is not that of the rule's subject.
    pub source: &'a Arc<Source>,
    pub text: Span,
}

/// What tells a fact from the others of its record or file: a part of fingerprints, so never a message, whose words may change.
#[derive(Clone, Copy, Debug)]
pub enum FactIdentity<'a> {
    /// The texts of these members.
    Members(&'static [&'static str]),
    /// The words of the file at the fact.
    Words,
    /// A text in prose, and the sentence around it.
    Prose {
        text: &'a str,
        sentence: &'a str,
    },
    Violation(&'a Violation),
}

/// One change of a field; its members are read on demand.
#[derive(Clone, Debug)]
pub struct ChangeRef<'a> {
    pub list: Arc<ChangeList<'a>>,
    pub index: usize,
}

#[derive(Debug)]
pub struct ChangeList<'a> {
    pub changes: FieldChanges<'a>,
    pub span: Span,
}

impl<'a> ChangeRef<'a> {
    /// The new value; empty if the field was removed.
    pub fn value(&self) -> Str<'a> {
        text(self.list.changes.value(self.index))
    }

    /// The old value, likewise.
    pub fn before(&self) -> Str<'a> {
        text(self.list.changes.before(self.index))
    }
}

fn text<'a>(value: Option<&Arc<str>>) -> Str<'a> {
    value.map_or(Str::Borrowed(""), |value| Str::Owned(value.clone()))
}

#[derive(Clone, Debug)]
pub struct Group<'a> {
    pub key: Value<'a>,
    pub records: Vec<&'a Record>,
}

impl<'a> Fact<'a> {
    /// A fact about a place in the file of the rule's subject. A member that is null is absent.
    pub fn new(mut members: Vec<(&'static str, Value<'a>)>, span: Span, identity: FactIdentity<'a>) -> Self {
        members.retain(|(_, value)| !matches!(value, Value::Null));
        Fact { members, span, related: None, written: None, identity }
    }

    /// The fact with the text of a file that an expression can search.
    pub fn with_text(self, source: &'a Arc<Source>, text: Span) -> Fact<'a> {
        Fact { written: Some(Written { source, text }), ..self }
    }

    pub fn text(&self) -> &str {
        self.members.first().and_then(|(_, value)| value.as_text()).unwrap_or("")
    }

    /// The field that the fact is about, or an empty string.
    pub fn field(&self) -> &str {
        self.text_member("field").unwrap_or("")
    }

    pub fn text_member(&self, member: &str) -> Option<&str> {
        self.members.iter().find(|(name, _)| *name == member).and_then(|(_, value)| value.as_text())
    }
}

impl<'a> From<Fact<'a>> for Value<'a> {
    fn from(fact: Fact<'a>) -> Value<'a> {
        Value::Fact(Arc::new(fact))
    }
}

impl<'a> Value<'a> {
    pub fn string(text: impl Into<Str<'a>>) -> Value<'a> {
        Value::String(text.into())
    }

    /// A string, or null.
    pub fn maybe(text: Option<impl Into<Str<'a>>>) -> Value<'a> {
        text.map_or(Value::Null, Value::string)
    }

    pub fn list(items: Vec<Value<'a>>) -> Value<'a> {
        // Most lists are empty, and this one takes no memory.
        if items.is_empty() { Value::Records(&[]) } else { Value::List(items.into()) }
    }

    pub fn span(&self) -> Option<Span> {
        match self {
            Value::Fact(fact) => Some(fact.span),
            Value::Change(change) => Some(change.list.span),
            _ => None,
        }
    }

    /// A string, or the identifier of a record.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            Value::Pattern(regex) => Some(regex.pattern()),
            Value::Record(record) => Some(&record.id),
            Value::Unresolved(unresolved) => Some(unresolved.text),
            _ => None,
        }
    }

    pub(in crate::rule) fn text(&self) -> Evaluated<&str> {
        self.as_text().ok_or(EvalError::Indeterminate)
    }

    /// A record; the error of the reference if it names none.
    pub fn record(&self) -> Evaluated<&'a Record> {
        match self {
            Value::Record(record) => Ok(record),
            Value::Unresolved(unresolved) => Err(unresolved.error()),
            _ => Err(EvalError::Indeterminate),
        }
    }

    pub(in crate::rule) fn pattern(&self) -> Evaluated<&LazyRegex> {
        if let Value::Pattern(pattern) = self { Ok(pattern) } else { Err(EvalError::Indeterminate) }
    }

    pub(in crate::rule) fn file(&self) -> Evaluated<&'a SourceFile> {
        if let Value::File(file) = self { Ok(file) } else { Err(EvalError::Indeterminate) }
    }

    pub(in crate::rule) fn date(&self) -> Evaluated<Date> {
        if let Value::Date(date) = self { Ok(*date) } else { Err(EvalError::Indeterminate) }
    }

    pub(in crate::rule) fn period(&self) -> Evaluated<&Period> {
        if let Value::Period(period) = self { Ok(period) } else { Err(EvalError::Indeterminate) }
    }

    pub(in crate::rule) fn amount(&self) -> Evaluated<&Amount> {
        if let Value::Amount(amount) = self { Ok(amount) } else { Err(EvalError::Indeterminate) }
    }

    pub(in crate::rule) fn group(&self) -> Evaluated<&Group<'a>> {
        if let Value::Group(group) = self { Ok(group) } else { Err(EvalError::Indeterminate) }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Int(number) => Some(*number as f64),
            Value::Double(number) => Some(*number),
            _ => None,
        }
    }

    pub fn elements<'s>(&'s self, catalog: &'a Catalog) -> Elements<'s, 'a> {
        let is_iterable = self.is_list() || matches!(self, Value::Map(_));
        let count = if is_iterable { self.size().unwrap_or_default() } else { 0 };
        Elements { list: self, catalog, rest: 0..count }
    }

    pub fn is_list(&self) -> bool {
        matches!(self, Value::List(_) | Value::Records(_) | Value::References(..))
    }

    pub fn size(&self) -> Option<usize> {
        match self {
            Value::List(items) => Some(items.len()),
            Value::Records(ids) => Some(ids.len()),
            Value::References(_, count) => Some(*count),
            Value::String(text) => Some(text.chars().count()),
            Value::Map(map) => Some(map.node.entries().len()),
            _ => None,
        }
    }

    pub fn read_cost(&self) -> usize {
        if let Value::String(text) = self { text.len() / 16 } else { 0 }
    }

    /// Steps for copying the value's text or elements, so that a rule runs out of steps before it fills the memory.
    pub fn copy_cost(&self) -> usize {
        match self {
            Value::String(text) => text.len() / 4,
            Value::List(items) => items.len() * ELEMENT_COST,
            Value::Records(ids) => ids.len() * ELEMENT_COST,
            Value::References(_, count) => count * ELEMENT_COST,
            _ => 0,
        }
    }
}

/// The elements of a list, or the keys of a mapping.
#[derive(Clone)]
pub struct Elements<'s, 'a> {
    list: &'s Value<'a>,
    catalog: &'a Catalog,
    rest: Range<usize>,
}

impl<'a> Iterator for Elements<'_, 'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.nth(0)
    }

    fn nth(&mut self, ahead: usize) -> Option<Value<'a>> {
        let at = self.rest.nth(ahead)?;
        match self.list {
            Value::List(items) => items.get(at).cloned(),
            Value::Records(ids) => ids.get(at).map(|&id| Value::Record(self.catalog.record(id))),
            Value::References(record, _) => {
                let reference = self.catalog.reference(record, at)?;
                Some(Value::Reference(RecordReference { record, reference }))
            }
            Value::Map(map) => map.node.entries().get(at).map(|entry| map.key(entry, self.catalog)),
            _ => None,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Elements<'_, '_> {}

impl<'a> From<Vec<&'a Record>> for Value<'a> {
    fn from(records: Vec<&'a Record>) -> Value<'a> {
        Value::list(records.into_iter().map(Value::Record).collect())
    }
}
