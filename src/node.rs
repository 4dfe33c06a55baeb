//! The spanned tree that every format is parsed into. Scalars keep their text: `0007` stays `0007`.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::{Source, Span};

mod overlay;

/// A value and its span.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Mapping),
}

/// A scalar: its text, unquoted and unescaped, and its type in the file's format.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    pub text: ScalarText,
    pub kind: ScalarKind,
}

/// The text of a scalar: its own, one that aliases share, or a span of the source, which is loaded at the first access.
#[derive(Clone)]
pub enum ScalarText {
    Owned(Box<str>),
    Shared(Arc<str>),
    InSource(Arc<Source>, Span),
}

impl Deref for ScalarText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            ScalarText::Owned(text) => text,
            ScalarText::Shared(text) => text,
            ScalarText::InSource(source, span) => source.slice(*span),
        }
    }
}

impl ScalarText {
    /// Makes copies of the text cheap.
    pub fn share(&mut self) {
        if let ScalarText::Owned(text) = self {
            *self = ScalarText::Shared(std::mem::take(text).into());
        }
    }

    pub fn to_shared(&self) -> Arc<str> {
        match self {
            ScalarText::Shared(text) => text.clone(),
            text => Arc::from(&**text),
        }
    }
}

impl<T: Into<Box<str>>> From<T> for ScalarText {
    fn from(text: T) -> ScalarText {
        ScalarText::Owned(text.into())
    }
}

impl PartialEq for ScalarText {
    fn eq(&self, other: &ScalarText) -> bool {
        **self == **other
    }
}

impl fmt::Debug for ScalarText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Shorter texts are kept: they take little memory, and rules read them most.
const MIN_SHARED: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ScalarKind {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// Also dates, and numbers out of range.
    Text,
}

/// Entries in the order of the file, with unique keys: parsers keep the first of equal keys and report the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Key,
    pub value: Node,
}

/// The size of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub values: usize,
    /// Of the texts and keys.
    pub bytes: usize,
    pub depth: usize,
}

impl Entry {
    /// True for a key that nothing follows.
    pub fn has_nothing(&self) -> bool {
        self.value.is_null() && self.value.span == self.key.span
    }
}

impl Size {
    /// Adds a child; false if there are more than `limit` values.
    fn add(&mut self, key: usize, child: &Node, limit: usize) -> bool {
        let child = child.size(limit.saturating_sub(self.values));
        self.values += child.values;
        self.bytes += key + child.bytes;
        self.depth = self.depth.max(child.depth + 1);
        self.values <= limit
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub name: Arc<str>,
    pub span: Span,
}

impl Node {
    pub fn text(span: Span, text: impl Into<ScalarText>) -> Node {
        Node::scalar(span, text, ScalarKind::Text)
    }

    pub fn scalar(span: Span, text: impl Into<ScalarText>, kind: ScalarKind) -> Node {
        Node { span, value: Value::Scalar(Scalar { text: text.into(), kind }) }
    }

    pub fn null(span: Span) -> Node {
        Node::scalar(span, "", ScalarKind::Null)
    }

    /// Creates a list without spare capacity.
    pub fn sequence(span: Span, items: Vec<Node>) -> Node {
        Node { span, value: Value::Sequence(exact(items)) }
    }

    pub fn mapping(span: Span, mapping: Mapping) -> Node {
        Node { span, value: Value::Mapping(Mapping { entries: exact(mapping.entries) }) }
    }

    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns the text of a scalar that is not null.
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| scalar.kind != ScalarKind::Null).map(|scalar| &*scalar.text)
    }

    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.as_scalar(), Some(scalar) if scalar.kind == ScalarKind::Null)
    }

    /// True for null and blank text, which are no values.
    pub fn is_blank(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| {
            scalar.kind == ScalarKind::Null || scalar.text.chars().all(char::is_whitespace)
        })
    }

    /// True for null, blank text, and an empty list or mapping, which are values.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Scalar(_) => self.is_blank(),
            Value::Sequence(items) => items.is_empty(),
            Value::Mapping(mapping) => mapping.is_empty(),
        }
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Makes copies cheap: they share the texts.
    pub fn share_texts(&mut self) {
        match &mut self.value {
            Value::Scalar(scalar) => scalar.text.share(),
            Value::Sequence(items) => items.iter_mut().for_each(Node::share_texts),
            Value::Mapping(mapping) => {
                mapping.entries.iter_mut().for_each(|entry| entry.value.share_texts());
            }
        }
    }

    /// Frees the texts that stand in the source as they are.
    pub fn read_from(&mut self, source: &Arc<Source>) {
        match &mut self.value {
            Value::Scalar(Scalar { text: text @ ScalarText::Owned(_), .. }) => {
                if text.len() >= MIN_SHARED && source.slice(self.span) == &**text {
                    *text = ScalarText::InSource(source.clone(), self.span);
                }
            }
            Value::Scalar(_) => {}
            Value::Sequence(items) => items.iter_mut().for_each(|item| item.read_from(source)),
            Value::Mapping(mapping) => {
                mapping.entries.iter_mut().for_each(|entry| entry.value.read_from(source));
            }
        }
    }

    /// Measures the tree, until it has more than `limit` values.
    pub fn size(&self, limit: usize) -> Size {
        let mut size = Size { values: 1, bytes: 0, depth: 0 };
        match &self.value {
            Value::Scalar(scalar) => size.bytes = scalar.text.len(),
            Value::Sequence(items) => {
                size.depth = 1;
                items.iter().take_while(|item| size.add(0, item, limit)).for_each(drop);
            }
            Value::Mapping(mapping) => {
                size.depth = 1;
                let mut add = |entry: &&Entry| size.add(entry.key.name.len(), &entry.value, limit);
                mapping.entries().iter().take_while(|entry| add(entry)).for_each(drop);
            }
        }
        size
    }

    /// Gives the whole tree one span.
    pub fn move_to(&mut self, span: Span) {
        self.span = span;
        match &mut self.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => {
                items.iter_mut().for_each(|item| item.move_to(span));
            }
            Value::Mapping(mapping) => {
                for Entry { key, value } in &mut mapping.entries {
                    key.span = span;
                    value.move_to(span);
                }
            }
        }
    }

    /// Compares two values without their spans.
    pub fn same_value(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(a), Value::Scalar(b)) => a == b,
            (Value::Sequence(a), Value::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_value(b))
            }
            (Value::Mapping(a), Value::Mapping(b)) => {
                let same =
                    |(a, b): (&Entry, &Entry)| a.key.name == b.key.name && a.value.same_value(&b.value);
                a.len() == b.len() && a.entries().iter().zip(b.entries()).all(same)
            }
            _ => false,
        }
    }

    /// Returns the node at a JSON pointer (RFC 6901).
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, token| {
            let token = token.replace("~1", "/").replace("~0", "~");
            match &node.value {
                Value::Mapping(mapping) => mapping.get(&token),
                Value::Sequence(items) => items.get(token.parse::<usize>().ok()?),
                Value::Scalar(_) => None,
            }
        })
    }
}

/// Moves a list into memory of its size. To shrink it in place leaves a block that is at least half full as it is.
fn exact<T>(list: Vec<T>) -> Vec<T> {
    if list.len() == list.capacity() {
        return list;
    }
    let mut exact = Vec::with_capacity(list.len());
    exact.extend(list);
    exact
}

impl Mapping {
    pub fn new(entries: Vec<Entry>) -> Mapping {
        Mapping { entries }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn entries_mut(&mut self) -> &mut Vec<Entry> {
        &mut self.entries
    }

    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    pub fn push(&mut self, key: Key, value: Node) {
        self.entries.push(Entry { key, value });
    }

    /// Adds an entry, in place of one with the same key and an empty value.
    pub fn fill(&mut self, key: Key, value: Node) {
        match self.entries.iter_mut().find(|entry| entry.key.name == key.name) {
            Some(entry) if entry.value.is_empty() => *entry = Entry { key, value },
            Some(_) => {}
            None => self.push(key, value),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key.name == key)
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_from_its_source_where_it_stands_there_as_it_is() {
        let written = "a: We sell through partners in Norway from March on\n";
        let source = Arc::new(Source::new("a.yaml", written.into()));
        let span = Span::new(3, written.len() - 1);
        let is_freed = |text: &str| {
            let mut node = Node::sequence(span, vec![Node::text(span, text)]);
            node.read_from(&source);
            let item = &node.as_sequence().expect("a list")[0];
            assert_eq!(item.as_text(), Some(text));
            matches!(item.as_scalar().expect("a text").text, ScalarText::InSource(..))
        };
        assert!(is_freed(source.slice(span)));
        assert!(!is_freed("We sell through partners in Norway from May on"), "another text");
        assert!(!is_freed("We sell"), "a short text");
    }

    #[test]
    fn a_pointer_walks_mappings_and_sequences_and_unescapes() {
        let leaf = Node::text(Span::new(7, 8), "x");
        let list = Node::sequence(Span::new(6, 9), vec![leaf.clone()]);
        let mut mapping = Mapping::default();
        mapping.push(Key { name: "a/b".into(), span: Span::new(0, 3) }, list);
        let root = Node::mapping(Span::new(0, 9), mapping);
        assert_eq!(root.pointer("/a~1b/0"), Some(&leaf));
        assert_eq!(root.pointer("/a~1b/1"), None);
        assert_eq!(root.pointer(""), Some(&root));
    }
}
