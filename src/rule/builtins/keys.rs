//! The keys of a record as its file writes them: names, order, values and comments.

use std::sync::Arc;

use crate::node::{Entry, Node, ScalarKind, Value as NodeValue};
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, Value,
};
use crate::text::{Source, Span};

pub(super) static KEY: FactType = FactType::new(
    "a key",
    &[
        (MemberType::String, &["name", "path", "type", "value", "text", "line"]),
        (MemberType::Int, &["offset"]),
        (MemberType::Facts(&KEY), &["items"]),
    ],
)
.searchable();

/// The keys of a record, in the order of the file.
pub(super) fn all<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let reader = Reader::of(cx, record);
    let mapping = cx.catalog.mapping_of(record);
    mapping.map_or_else(|| Ok(Value::list(Vec::new())), |mapping| reader.items(mapping, ""))
}

/// The key of a record at a path of names and numbers of items, joined by dots.
///
/// # Errors
/// It is absent.
pub(super) fn at<'a>(cx: &Context<'a>, record: &'a Record, path: &str) -> EvalResult<'a> {
    let reader = Reader::of(cx, record);
    let mut node = cx.catalog.mapping_of(record).ok_or(EvalError::Absent)?;
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        if let NodeValue::Sequence(items) = &node.value {
            let index = name.parse::<usize>().map_err(|_| EvalError::Absent)?;
            node = items.get(index).ok_or(EvalError::Absent)?;
            cx.step(1)?;
            if names.peek().is_none() {
                return reader.key("", path.to_owned(), None, node);
            }
            continue;
        }
        let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        cx.step(1 + entries.len())?;
        let entry = entries.iter().find(|entry| *entry.key.name == *name).ok_or(EvalError::Absent)?;
        if names.peek().is_none() {
            return reader.key(&entry.key.name, path.to_owned(), Some(entry.key.span), &entry.value);
        }
        node = &entry.value;
    }
    Err(EvalError::Absent)
}

struct Reader<'c, 'a> {
    cx: &'c Context<'a>,
    source: &'a Arc<Source>,
}

impl<'c, 'a> Reader<'c, 'a> {
    fn of(cx: &'c Context<'a>, record: &'a Record) -> Reader<'c, 'a> {
        let file = cx.catalog.file_of(record);
        Reader { cx, source: file.source() }
    }

    fn items(&self, node: &'a Node, path: &str) -> EvalResult<'a> {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let items: Result<Vec<Value<'a>>, EvalError> = match &node.value {
            NodeValue::Mapping(mapping) => {
                let key = |entry: &'a Entry| {
                    let name = &entry.key.name;
                    self.key(name, below(name), Some(entry.key.span), &entry.value)
                };
                mapping.entries().iter().map(key).collect()
            }
            NodeValue::Sequence(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.key("", below(&index.to_string()), None, item)).collect()
            }
            NodeValue::Scalar(_) => Ok(Vec::new()),
        };
        items.map(Value::list)
    }

    fn key(&self, name: &'a str, path: String, key: Option<Span>, value: &'a Node) -> EvalResult<'a> {
        self.cx.step(2 * ELEMENT_COST + path.len() / 4)?;
        let start = key.unwrap_or(value.span).start as usize;
        let line = Span::new(start, self.source.line_span(start).end as usize);
        // A value that is left out has the place of its key.
        let text = match key {
            Some(key) if value.is_null() && value.span == key => Span::at(key.end as usize),
            _ => value.span,
        };
        let items = self.items(value, &path)?;
        let members = vec![
            ("name", Value::string(name)),
            ("path", Value::string(path)),
            ("offset", Value::Int(start as i64)),
            ("type", Value::string(type_of(value))),
            ("value", Value::string(value.as_text().unwrap_or_default())),
            ("text", Value::string(self.source.slice(text))),
            ("line", Value::string(self.source.slice(line))),
            ("items", items),
        ];
        let is_short = !text.is_empty() && !self.source.slice(text).trim_end().contains('\n');
        let is_beside = key.is_none_or(|key| !self.is_below(value.span, key));
        let span = key.filter(|_| !is_short || !is_beside).unwrap_or(text);
        let fact = Fact::new(members, span, FactIdentity::Members(&["path", "value"]));
        Ok(fact.with_text(self.source, text).into())
    }

    fn is_below(&self, value: Span, key: Span) -> bool {
        self.source.line_span(key.start as usize).end <= value.start
    }
}

fn type_of(node: &Node) -> &'static str {
    match &node.value {
        NodeValue::Sequence(_) => "list",
        NodeValue::Mapping(_) => "mapping",
        NodeValue::Scalar(scalar) => match scalar.kind() {
            ScalarKind::Null => "null",
            ScalarKind::Bool(_) => "boolean",
            ScalarKind::Integer(_) => "integer",
            ScalarKind::Float(_) => "number",
            ScalarKind::Text => "text",
        },
    }
}
