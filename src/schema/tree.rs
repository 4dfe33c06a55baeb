//! Lets the JSON Schema validator read our tree without conversion.
//!
//! A scalar that is not null is also a string, so that `id: 0007` and `answer: yes` satisfy `type: string`; a string is
//! not a number or boolean. A key without a value (`owner:`) is absent.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use serde_json::Value as JsonValue;

use crate::node::{Entry, Key, Mapping, Node, ScalarKind, Value};
use crate::text::Span;

#[derive(Debug)]
pub(super) struct Tree;

pub(super) struct NameBuffer(Node);

impl Default for NameBuffer {
    fn default() -> NameBuffer {
        NameBuffer(Node::text(Span::default(), ""))
    }
}

impl Json for Tree {
    type Node<'a> = &'a Node;
    type PreparedKey = Box<str>;
    type StringBuffer = NameBuffer;

    const KEYS_PER_LOOKUP: usize = 2;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut NameBuffer, string: &str, f: impl FnOnce(&Node) -> T) -> T {
        buffer.0 = Node::text(Span::default(), string);
        f(&buffer.0)
    }
}

pub(super) enum Number {
    Integer(i64),
    Float(f64),
}

impl JsonNumber for Number {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Number::Integer(number) => u64::try_from(*number).ok(),
            Number::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Number::Integer(number) => Some(*number),
            Number::Float(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Number::Integer(number) => Some(*number as f64),
            Number::Float(number) => Some(*number),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_number().to_string())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(match self {
            Number::Integer(number) => (*number).into(),
            Number::Float(number) => serde_json::Number::from_f64(*number).unwrap_or_else(|| 0.into()),
        })
    }

    fn is_integer(&self) -> bool {
        match self {
            Number::Integer(_) => true,
            Number::Float(number) => number.fract() == 0.0,
        }
    }
}

impl<'a> JsonNode<'a, Tree> for &'a Node {
    type Object = &'a Mapping;
    type Array = &'a [Node];
    type Number = Number;

    fn as_object(&self) -> Option<&'a Mapping> {
        self.as_mapping()
    }

    fn as_array(&self) -> Option<&'a [Node]> {
        self.as_sequence()
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_text().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number> {
        match self.as_scalar()?.kind {
            ScalarKind::Integer(number) => Some(Number::Integer(number)),
            ScalarKind::Float(number) if number.is_finite() => Some(Number::Float(number)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.as_scalar()?.kind {
            ScalarKind::Bool(boolean) => Some(boolean),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        Node::is_null(self)
    }

    fn is_string(&self) -> bool {
        self.as_text().is_some()
    }

    fn json_type(&self) -> JsonType {
        match &self.value {
            Value::Sequence(_) => JsonType::Array,
            Value::Mapping(_) => JsonType::Object,
            Value::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => JsonType::Null,
                ScalarKind::Bool(_) => JsonType::Boolean,
                ScalarKind::Integer(_) => JsonType::Number,
                ScalarKind::Float(number) if number.is_finite() => JsonType::Number,
                ScalarKind::Float(_) | ScalarKind::Text => JsonType::String,
            },
        }
    }

    fn equals_value(&self, expected: &JsonValue) -> bool {
        match expected {
            JsonValue::String(text) => self.as_text() == Some(text),
            _ => jsonschema::json::cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, JsonValue> {
        Cow::Owned(to_json(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node>(self) as usize))
    }
}

impl<'a> Object<'a, Tree> for &'a Mapping {
    type Node = &'a Node;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn get(&self, key: &Box<str>) -> Option<&'a Node> {
        Mapping::get(self, key).filter(|value| !value.is_null())
    }

    fn members(&self) -> Members<'a> {
        Members(self.entries().iter())
    }
}

pub(super) struct Members<'a>(std::slice::Iter<'a, Entry>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Node);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.0.find(|entry| !entry.value.is_null())?;
        Some((&entry.key.name, &entry.value))
    }
}

impl<'a> Array<'a, Tree> for &'a [Node] {
    type Node = &'a Node;
    type ElementsIter = std::slice::Iter<'a, Node>;

    fn len(&self) -> usize {
        <[Node]>::len(self)
    }

    fn elements(&self) -> std::slice::Iter<'a, Node> {
        self.iter()
    }
}

/// Converts a tree to JSON, without spans.
pub fn to_json(node: &Node) -> JsonValue {
    match &node.value {
        Value::Sequence(items) => items.iter().map(to_json).collect(),
        Value::Mapping(mapping) => {
            let member = |entry: &Entry| (entry.key.name.to_string(), to_json(&entry.value));
            JsonValue::Object(mapping.entries().iter().map(member).collect())
        }
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::Null => JsonValue::Null,
            ScalarKind::Bool(boolean) => boolean.into(),
            ScalarKind::Integer(number) => number.into(),
            ScalarKind::Float(number) if number.is_finite() => number.into(),
            ScalarKind::Float(_) | ScalarKind::Text => JsonValue::String(scalar.text.to_string()),
        },
    }
}

/// Converts JSON to a tree. The spans are empty.
pub fn from_json(json: &JsonValue) -> Node {
    let scalar = |text: String, kind| Node::scalar(Span::default(), text, kind);
    match json {
        JsonValue::Null => Node::null(Span::default()),
        JsonValue::Bool(boolean) => scalar(boolean.to_string(), ScalarKind::Bool(*boolean)),
        JsonValue::Number(number) => {
            let float = || ScalarKind::Float(number.as_f64().unwrap_or_default());
            scalar(number.to_string(), number.as_i64().map_or_else(float, ScalarKind::Integer))
        }
        JsonValue::String(text) => Node::text(Span::default(), text.as_str()),
        JsonValue::Array(items) => Node::sequence(Span::default(), items.iter().map(from_json).collect()),
        JsonValue::Object(members) => {
            let entry = |(name, value): (&String, &JsonValue)| Entry {
                key: Key { name: name.as_str().into(), span: Span::default() },
                value: from_json(value),
            };
            Node::mapping(Span::default(), Mapping::new(members.iter().map(entry).collect()))
        }
    }
}
