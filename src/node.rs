//! The spanned tree that every format is parsed into. Scalars keep their text: `0007` stays `0007`.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::{Source, Span};

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

/// Lists and mappings have no spare capacity: trees take much of the memory of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Scalar(Scalar),
    Sequence(Box<[Node]>),
    Mapping(Mapping),
}

/// A scalar: its text, unquoted and unescaped, and its type in the file's format.
#[derive(Clone)]
pub struct Scalar(Content);

/// Text and type in three words: numbers are rare.
#[derive(Clone)]
enum Content {
    Text(PlainKind, Arc<str>),
    InSource(PlainKind, Arc<Source>, Span),
    Number(Box<(ScalarText, ScalarKind)>),
}

/// A type without a value.
#[derive(Clone, Copy)]
enum PlainKind {
    Null,
    True,
    False,
    Text,
}

/// The text of a scalar: its own, which copies share, or a span of the source, which is loaded at the first access.
#[derive(Clone)]
pub enum ScalarText {
    Own(Arc<str>),
    InSource(Arc<Source>, Span),
}

impl<T: Into<Arc<str>>> From<T> for ScalarText {
    fn from(text: T) -> ScalarText {
        ScalarText::Own(text.into())
    }
}

impl Scalar {
    pub fn new(text: impl Into<ScalarText>, kind: ScalarKind) -> Scalar {
        let text = text.into();
        let kind = match kind {
            ScalarKind::Null => PlainKind::Null,
            ScalarKind::Bool(true) => PlainKind::True,
            ScalarKind::Bool(false) => PlainKind::False,
            ScalarKind::Text => PlainKind::Text,
            ScalarKind::Integer(_) | ScalarKind::Float(_) => {
                return Scalar(Content::Number(Box::new((text, kind))));
            }
        };
        Scalar(match text {
            ScalarText::Own(text) => Content::Text(kind, text),
            ScalarText::InSource(source, span) => Content::InSource(kind, source, span),
        })
    }

    /// Returns the length of the text in bytes, which loads no source.
    fn size(&self) -> usize {
        match &self.0 {
            Content::InSource(_, _, span) => (span.end - span.start) as usize,
            _ => self.text().len(),
        }
    }

    pub fn text(&self) -> &str {
        match &self.0 {
            Content::Text(_, text) => text,
            Content::InSource(_, source, span) => source.slice(*span),
            Content::Number(number) => match &number.0 {
                ScalarText::Own(text) => text,
                ScalarText::InSource(source, span) => source.slice(*span),
            },
        }
    }

    pub fn kind(&self) -> ScalarKind {
        match &self.0 {
            Content::Text(kind, _) | Content::InSource(kind, ..) => match kind {
                PlainKind::Null => ScalarKind::Null,
                PlainKind::True => ScalarKind::Bool(true),
                PlainKind::False => ScalarKind::Bool(false),
                PlainKind::Text => ScalarKind::Text,
            },
            Content::Number(number) => number.1,
        }
    }

    pub fn with_kind(self, kind: ScalarKind) -> Scalar {
        Scalar::new(self.to_shared(), kind)
    }

    pub fn to_shared(&self) -> Arc<str> {
        match &self.0 {
            Content::Text(_, text) => text.clone(),
            _ => Arc::from(self.text()),
        }
    }

    /// Frees the text if it is at `span` of the source as it is.
    fn read_from(&mut self, source: &Arc<Source>, span: Span) {
        // Shorter texts are kept: they take little memory, and rules read them most.
        const MIN_SHARED: usize = 32;
        if let Content::Text(kind, text) = &self.0
            && text.len() >= MIN_SHARED
            && source.slice(span) == &**text
        {
            self.0 = Content::InSource(*kind, source.clone(), span);
        }
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Scalar) -> bool {
        self.text() == other.text() && self.kind() == other.kind()
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({:?})", self.text(), self.kind())
    }
}

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
    entries: Box<[Entry]>,
}

#[derive(Clone, Debug, Default)]
pub struct MappingBuilder {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Key,
    pub value: Node,
}

impl Entry {
    pub fn new(name: impl Into<Arc<str>>, span: Span, value: Node) -> Entry {
        Entry { key: Key { name: name.into(), span }, value }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub values: usize,
    /// Of the texts and keys.
    pub bytes: usize,
    pub depth: usize,
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
    /// Compares two trees without spans, and their scalars by `same`.
    pub fn is_same(&self, other: &Node, same: &impl Fn(&Scalar, &Scalar) -> bool) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(one), Value::Scalar(other)) => same(one, other),
            (Value::Sequence(a), Value::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b, same))
            }
            (Value::Mapping(a), Value::Mapping(b)) => {
                let is_same =
                    |(a, b): (&Entry, &Entry)| a.key.name == b.key.name && a.value.is_same(&b.value, same);
                a.len() == b.len() && a.entries().iter().zip(b.entries()).all(is_same)
            }
            _ => false,
        }
    }

    pub fn text(span: Span, text: impl Into<ScalarText>) -> Node {
        Node::scalar(span, text, ScalarKind::Text)
    }

    pub fn scalar(span: Span, text: impl Into<ScalarText>, kind: ScalarKind) -> Node {
        Node { span, value: Value::Scalar(Scalar::new(text, kind)) }
    }

    pub fn null(span: Span) -> Node {
        Node::scalar(span, "", ScalarKind::Null)
    }

    pub fn sequence(span: Span, items: Vec<Node>) -> Node {
        Node { span, value: Value::Sequence(exact(items)) }
    }

    pub fn mapping(span: Span, mapping: impl Into<Mapping>) -> Node {
        Node { span, value: Value::Mapping(mapping.into()) }
    }

    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns the text of a scalar that is not null.
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| scalar.kind() != ScalarKind::Null).map(Scalar::text)
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

    /// Returns the entries of a mapping; none of another value.
    pub fn entries(&self) -> &[Entry] {
        self.as_mapping().map_or(&[], Mapping::entries)
    }

    /// Returns the items of a list, or another value alone.
    pub fn items(&self) -> &[Node] {
        self.as_sequence().unwrap_or(std::slice::from_ref(self))
    }

    pub fn is_null(&self) -> bool {
        matches!(self.as_scalar(), Some(scalar) if scalar.kind() == ScalarKind::Null)
    }

    /// True for null and blank text, which are no values.
    pub fn is_blank(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| {
            scalar.kind() == ScalarKind::Null || scalar.text().chars().all(char::is_whitespace)
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

    /// Frees the texts that stand in the source as they are.
    pub fn read_from(&mut self, source: &Arc<Source>) {
        match &mut self.value {
            Value::Scalar(scalar) => scalar.read_from(source, self.span),
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
            Value::Scalar(scalar) => size.bytes = scalar.size(),
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

    /// Lays `own` over this mapping, key by key; a value that is no mapping replaces that of the same key, and null removes it.
    pub fn overlay(&mut self, own: &Node) {
        let (Value::Mapping(mapping), Some(changes)) = (&mut self.value, own.as_mapping()) else {
            self.clone_from(own);
            return;
        };
        for Entry { key, value } in changes.entries() {
            let entries = mapping.entries_mut();
            let at = entries.iter().position(|entry| entry.key.name == key.name);
            match at {
                Some(at) if value.is_null() => mapping.edit(|entries| drop(entries.remove(at))),
                Some(at) => {
                    entries[at].key = key.clone();
                    entries[at].value.overlay(value);
                    entries[at].value.span = value.span;
                }
                None if value.is_null() => {}
                None => {
                    mapping.edit(|entries| entries.push(Entry { key: key.clone(), value: value.clone() }));
                }
            }
        }
    }

    /// If a mapping names another under `base`, returns that one, all at the place of the name, with this laid over it; `Err` with a name that
    /// `find` does not know.
    pub fn extending(&self, find: impl Fn(&str) -> Option<Node>) -> Result<Option<Node>, &Node> {
        let Some(base) = self.get("base") else { return Ok(None) };
        let mut merged = base.as_text().and_then(find).ok_or(base)?;
        merged.move_to(base.span);
        merged.overlay(self);
        if let Value::Mapping(mapping) = &mut merged.value {
            mapping.edit(|entries| entries.retain(|entry| &*entry.key.name != "base"));
        }
        merged.span = self.span;
        Ok(Some(merged))
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
pub fn exact<T>(list: Vec<T>) -> Box<[T]> {
    if list.len() == list.capacity() {
        return list.into();
    }
    let mut exact = Vec::with_capacity(list.len());
    exact.extend(list);
    exact.into()
}

pub fn edit_list<T>(list: &mut Box<[T]>, change: impl FnOnce(&mut Vec<T>)) {
    let mut items = std::mem::take(list).into();
    change(&mut items);
    *list = exact(items);
}

impl Mapping {
    pub fn new(entries: Vec<Entry>) -> Mapping {
        Mapping { entries: exact(entries) }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries
    }

    pub fn into_entries(self) -> Vec<Entry> {
        self.entries.into()
    }

    pub fn edit(&mut self, change: impl FnOnce(&mut Vec<Entry>)) {
        edit_list(&mut self.entries, change);
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

impl MappingBuilder {
    pub fn push(&mut self, key: Key, value: Node) {
        self.entries.push(Entry { key, value });
    }

    /// Adds an entry, in place of one with the same key and an empty value.
    pub fn fill(&mut self, added: Entry) {
        match self.entries.iter_mut().find(|entry| entry.key.name == added.key.name) {
            Some(entry) if entry.value.is_empty() => *entry = added,
            Some(_) => {}
            None => self.entries.push(added),
        }
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

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| &*entry.key.name == key).map(|entry| &entry.value)
    }
}

impl From<MappingBuilder> for Mapping {
    fn from(builder: MappingBuilder) -> Mapping {
        Mapping::new(builder.entries)
    }
}

impl FromIterator<Entry> for MappingBuilder {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> MappingBuilder {
        MappingBuilder { entries: entries.into_iter().collect() }
    }
}
