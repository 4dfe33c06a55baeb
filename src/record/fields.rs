//! The fields of a record: a tree that is there, or one that is read once somebody asks, from the form in which it is kept
//! between runs.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use crate::node::Node;

/// A mapping of a kind's field names to values.
pub struct Fields(Form);

enum Form {
    Read(Node),
    Kept(Box<dyn LazyFields>, OnceLock<Node>),
}

/// Fields in the form in which they are kept between runs.
pub trait LazyFields: Send + Sync {
    /// All of them.
    fn tree(&self) -> Node;

    /// Whether a field may be one of some texts: false only where it is none of them.
    fn may_equal(&self, field: &str, texts: &HashSet<&str>) -> bool;
}

impl Fields {
    pub fn lazy(kept: impl LazyFields + 'static) -> Fields {
        Fields(Form::Kept(Box::new(kept), OnceLock::new()))
    }

    /// Whether a field may be one of some texts: false only where it is none of them. Told without reading those that
    /// are not there yet.
    pub fn may_equal(&self, field: &str, texts: &HashSet<&str>) -> bool {
        match &self.0 {
            Form::Read(tree) => match tree.get(field).map(Node::as_text) {
                Some(Some(text)) => texts.contains(text),
                Some(None) => true,
                None => false,
            },
            Form::Kept(kept, _) => kept.may_equal(field, texts),
        }
    }
}

impl From<Node> for Fields {
    fn from(tree: Node) -> Fields {
        Fields(Form::Read(tree))
    }
}

impl Deref for Fields {
    type Target = Node;

    fn deref(&self) -> &Node {
        match &self.0 {
            Form::Read(tree) => tree,
            Form::Kept(kept, tree) => tree.get_or_init(|| kept.tree()),
        }
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
