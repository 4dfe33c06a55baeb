//! The items of a structured file that are records of a format.

use crate::node::{Key, Node, Value};

/// Where the items are; each mapping there is one.
pub(crate) struct Items {
    /// JSON pointers to lists or mappings.
    pub at: Vec<Box<str>>,
}

/// An item, and its key in a mapping.
pub(crate) type Item<'n> = (Option<&'n Key>, &'n Node);

impl Items {
    /// True if the file is one record.
    pub(crate) fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Returns the items that are records.
    pub(crate) fn find<'n>(&self, root: &'n Node) -> Vec<Item<'n>> {
        self.at.iter().filter_map(|at| root.pointer(at)).flat_map(items_of).collect()
    }
}

fn items_of(list: &Node) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = match &list.value {
        Value::Sequence(items) => items.iter().map(|item| (None, item)).collect(),
        Value::Mapping(mapping) => {
            mapping.entries().iter().map(|entry| (Some(&entry.key), &entry.value)).collect()
        }
        Value::Scalar(_) => Vec::new(),
    };
    items.retain(|(_, item)| item.as_mapping().is_some());
    items
}
