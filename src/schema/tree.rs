//! Lets the JSON Schema validator read our tree without conversion.
//!
//! A scalar that is not null is also a string, so that `id: 0007` and `answer: yes` satisfy `type: string`; a string is
//! not a number or boolean. A key without a value (`owner:`) is absent.
//!
//! The validator collects all errors before it returns any, and visits a value once for each way through the schema. So
//! each handle on a value holds a [`Meter`], which counts visits and errors. After the last one, values look empty: the
//! validator ends soon, and its later errors are marked as unreliable.

use std::borrow::Cow;
use std::cell::Cell;

use jsonschema::JsonType;
use jsonschema::ValidationError;
use jsonschema::json::{Array, Json, Node as JsonNode, NodeIdentity, Object, unique};
use serde_json::Value as JsonValue;

use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, Value};
use crate::text::Span;

#[derive(Debug)]
pub(super) struct Tree;

/// Counts the visits and errors of one validation.
pub(super) struct Meter {
    visits: Cell<usize>,
    errors: Cell<usize>,
    /// Names are values of errors, so that they can be found; other values are found by their pointers.
    of_name: bool,
}

/// The length of a text or list that counts as another visit.
const LENGTH_PER_VISIT: usize = 64;

impl Meter {
    pub(super) fn new(limit: usize, node: &Node) -> Meter {
        const MIN_VALUES: usize = 20;
        let size = node.size(limits::VALUES);
        // Half of the values for a schema may be missing in a small record.
        let values = size.values + size.bytes / LENGTH_PER_VISIT + MIN_VALUES;
        Meter {
            visits: Cell::new(values.saturating_mul(limits::VISITS_PER_VALUE)),
            errors: Cell::new(limit),
            of_name: false,
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.visits.get() == 0
    }

    pub(super) fn has_errors_left(&self) -> bool {
        self.errors.get() > 0
    }

    fn visit(&self, length: usize) -> bool {
        self.visits.set(self.visits.get().saturating_sub(1 + length / LENGTH_PER_VISIT));
        !self.is_spent()
    }

    fn error(&self) {
        self.errors.set(self.errors.get().saturating_sub(1));
        if self.errors.get() == 0 {
            self.visits.set(0);
        }
    }
}

/// Returns false for an error found after the last visit, when values look empty.
pub(super) fn is_reliable(error: &ValidationError<'_>) -> bool {
    *error.instance().as_ref() != UNRELIABLE
}

const UNRELIABLE: JsonValue = JsonValue::Bool(true);

#[derive(Clone, Copy)]
pub(super) struct Metered<'a, T: ?Sized>(pub &'a T, pub &'a Meter);

pub(super) struct NameBuffer(Node, Meter);

impl Default for NameBuffer {
    fn default() -> NameBuffer {
        let meter = Meter { visits: Cell::new(usize::MAX), errors: Cell::new(usize::MAX), of_name: true };
        NameBuffer(Node::text(Span::default(), ""), meter)
    }
}

impl Json for Tree {
    type Node<'a> = Metered<'a, Node>;
    type PreparedKey = Box<str>;
    type StringBuffer = NameBuffer;

    const KEYS_PER_LOOKUP: usize = 2;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(
        buffer: &mut NameBuffer,
        string: &str,
        f: impl FnOnce(Metered<'_, Node>) -> T,
    ) -> T {
        buffer.0 = Node::text(Span::default(), string);
        f(Metered(&buffer.0, &buffer.1))
    }
}

impl<'a> JsonNode<'a, Tree> for Metered<'a, Node> {
    type Object = Metered<'a, Mapping>;
    type Array = Metered<'a, [Node]>;
    type Number = serde_json::Number;

    fn as_object(&self) -> Option<Metered<'a, Mapping>> {
        self.0.as_mapping().map(|mapping| Metered(mapping, self.1))
    }

    fn as_array(&self) -> Option<Metered<'a, [Node]>> {
        self.0.as_sequence().map(|items| Metered(items, self.1))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        let text = self.0.as_text()?;
        Some(Cow::Borrowed(if self.1.visit(text.len()) { text } else { "" }))
    }

    fn as_number(&self) -> Option<serde_json::Number> {
        match self.0.as_scalar()?.kind() {
            ScalarKind::Integer(number) => Some(number.into()),
            ScalarKind::Float(number) => serde_json::Number::from_f64(number),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.0.as_scalar()?.kind() {
            ScalarKind::Bool(boolean) => Some(boolean),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }

    fn is_string(&self) -> bool {
        self.0.as_scalar().is_some_and(|scalar| scalar.kind() != ScalarKind::Null)
    }

    fn json_type(&self) -> JsonType {
        match &self.0.value {
            Value::Sequence(_) => JsonType::Array,
            Value::Mapping(_) => JsonType::Object,
            Value::Scalar(scalar) => match scalar.kind() {
                ScalarKind::Null => JsonType::Null,
                ScalarKind::Bool(_) => JsonType::Boolean,
                ScalarKind::Integer(_) => JsonType::Number,
                ScalarKind::Float(number) if number.is_finite() => JsonType::Number,
                ScalarKind::Float(_) | ScalarKind::Text => JsonType::String,
            },
        }
    }

    fn equals_value(&self, expected: &JsonValue) -> bool {
        let Metered(node, meter) = self;
        match expected {
            JsonValue::String(text) => meter.visit(0) && node.as_text() == Some(text),
            JsonValue::Array(_) | JsonValue::Object(_) => {
                let size = node.size(limits::VALUES);
                let length = LENGTH_PER_VISIT.saturating_mul(size.values) + size.bytes;
                meter.visit(length) && jsonschema::json::cmp::equal(&to_json(node), expected)
            }
            _ => node.as_scalar().is_some() && jsonschema::json::cmp::equal(&to_json(node), expected),
        }
    }

    /// Called for each error, and only there.
    fn to_value(&self) -> Cow<'a, JsonValue> {
        let Metered(node, meter) = self;
        let value = match (meter.is_spent(), meter.of_name) {
            (true, _) => UNRELIABLE,
            (false, true) => to_json(node),
            (false, false) => JsonValue::Null,
        };
        meter.error();
        Cow::Owned(value)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node>(self.0) as usize))
    }
}

impl<'a> Object<'a, Tree> for Metered<'a, Mapping> {
    type Node = Metered<'a, Node>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn get(&self, key: &Box<str>) -> Option<Metered<'a, Node>> {
        let Metered(mapping, meter) = self;
        // Entries are searched one by one.
        let found = meter.visit(4 * mapping.len()).then(|| mapping.get(key)).flatten();
        found.filter(|value| !value.is_null()).map(|value| Metered(value, meter))
    }

    fn members(&self) -> Members<'a> {
        Members(self.0.entries().iter(), self.1)
    }
}

pub(super) struct Members<'a>(std::slice::Iter<'a, Entry>, &'a Meter);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Metered<'a, Node>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.0.find(|entry| !entry.value.is_null())?;
        self.1.visit(entry.key.name.len()).then(|| (&*entry.key.name, Metered(&entry.value, self.1)))
    }
}

impl<'a> Array<'a, Tree> for Metered<'a, [Node]> {
    type Node = Metered<'a, Node>;
    type ElementsIter = Elements<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Elements<'a> {
        Elements(self.0.iter(), self.1)
    }

    fn is_unique(&self) -> bool {
        let Metered(items, meter) = self;
        let sizes = items.iter().map(|item| item.size(limits::VALUES));
        let length: usize = sizes.map(|size| LENGTH_PER_VISIT * size.values + size.bytes).sum();
        let values = || items.iter().map(|item| Cow::Owned(to_json(item))).collect::<Vec<_>>();
        !meter.visit(length) || unique::is_unique(&values())
    }
}

pub(super) struct Elements<'a>(std::slice::Iter<'a, Node>, &'a Meter);

impl<'a> Iterator for Elements<'a> {
    type Item = Metered<'a, Node>;

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.0.next()?;
        self.1.visit(0).then_some(Metered(node, self.1))
    }
}

/// Converts a tree to JSON, without spans. Numbers that JSON can't write as they are, such as `0007` or `.inf`, stay text.
pub fn to_json(node: &Node) -> JsonValue {
    match &node.value {
        Value::Sequence(items) => items.iter().map(to_json).collect(),
        Value::Mapping(mapping) => {
            let member = |entry: &Entry| (entry.key.name.to_string(), to_json(&entry.value));
            JsonValue::Object(mapping.entries().iter().map(member).collect())
        }
        Value::Scalar(scalar) => match scalar.kind() {
            ScalarKind::Null => JsonValue::Null,
            ScalarKind::Bool(boolean) => boolean.into(),
            ScalarKind::Integer(number) if number.to_string() == scalar.text() => number.into(),
            ScalarKind::Float(number) if number.is_finite() => number.into(),
            ScalarKind::Integer(_) | ScalarKind::Float(_) | ScalarKind::Text => {
                JsonValue::String(scalar.text().to_string())
            }
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
