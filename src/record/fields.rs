//! The fields of a record: parsed, or decoded from the parse cache on first use.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::lazy::Lazy;
use crate::node::Node;
use crate::text::Source;

/// A mapping from field names to values.
pub struct Fields(FieldsState);

enum FieldsState {
    Parsed(Node),
    Cached(Lazy<Node>),
}

impl Fields {
    /// Creates fields that are decoded on first use.
    pub fn lazy(decode: impl FnOnce() -> Node + Send + Sync + 'static) -> Fields {
        Fields(FieldsState::Cached(Lazy::new(decode)))
    }

    /// Frees the texts that stand in the source as they are.
    pub fn read_from(&mut self, source: &Arc<Source>) {
        if let FieldsState::Parsed(tree) = &mut self.0 {
            tree.read_from(source);
        }
    }
}

impl Clone for Fields {
    fn clone(&self) -> Fields {
        Node::clone(self).into()
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
            FieldsState::Cached(tree) => tree,
        }
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
