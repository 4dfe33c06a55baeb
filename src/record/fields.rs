//! The fields of a record: parsed, or decoded from the parse cache on first use.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::node::Node;
use crate::text::Source;

/// A mapping from field names to values.
pub struct Fields(FieldsState);

enum FieldsState {
    Parsed(Node),
    Cached(Box<dyn LazyFields>, OnceLock<Node>),
}

/// Encoded fields in a cache.
pub trait LazyFields: Send + Sync {
    fn tree(&self) -> Node;

    /// See [`Fields::may_equal`].
    fn may_equal(&self, field: &str, texts: &HashSet<&str>) -> bool;
}

impl Fields {
    pub fn lazy(fields: impl LazyFields + 'static) -> Fields {
        Fields(FieldsState::Cached(Box::new(fields), OnceLock::new()))
    }

    /// Frees the texts that stand in the source as they are.
    pub fn read_from(&mut self, source: &Arc<Source>) {
        if let FieldsState::Parsed(tree) = &mut self.0 {
            tree.read_from(source);
        }
    }

    /// Returns false only if the field equals none of `texts`. Does not decode the fields.
    pub fn may_equal(&self, field: &str, texts: &HashSet<&str>) -> bool {
        match &self.0 {
            FieldsState::Parsed(tree) => match tree.get(field).map(Node::as_text) {
                Some(Some(text)) => texts.contains(text),
                Some(None) => true,
                None => false,
            },
            FieldsState::Cached(fields, _) => fields.may_equal(field, texts),
        }
    }
}

impl From<Node> for Fields {
    fn from(tree: Node) -> Fields {
        Fields(FieldsState::Parsed(tree))
    }
}

impl Deref for Fields {
    type Target = Node;

    fn deref(&self) -> &Node {
        match &self.0 {
            FieldsState::Parsed(tree) => tree,
            FieldsState::Cached(fields, tree) => tree.get_or_init(|| fields.tree()),
        }
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
