//! The items of a structured file that are records of a format.

use super::pattern::Pattern;
use super::same_key;
use crate::node::{Key, Mapping, Node, Value};

/// So many items at least, and this share of the list or mapping, have what an item of the format has.
const LEAST: usize = 2;
const OF_TEN: usize = 9;

/// Where the items are, and what each of them has. Without either, each mapping there is one.
pub(crate) struct Items {
    /// JSON pointers to lists or mappings.
    pub at: Vec<Box<str>>,
    /// An item has a text under one of each of these keys.
    pub keys: Vec<Vec<Box<str>>>,
    /// An item that is text alone matches this.
    pub text: Option<Pattern>,
}

/// An item, and its key in a mapping.
pub(crate) type Item<'n> = (Option<&'n Key>, &'n Node);

impl Items {
    /// True if the file is one record.
    pub(crate) fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// True if the format says what an item has.
    pub(crate) fn are_asked(&self) -> bool {
        !self.keys.is_empty() || self.text.is_some()
    }

    /// Returns false if the format says what an item has, and there are no such items.
    pub(crate) fn are_in(&self, root: Option<&Node>) -> bool {
        !self.are_asked() || root.is_some_and(|root| !self.find(root).is_empty())
    }

    /// Returns the items that are records.
    pub(crate) fn find<'n>(&self, root: &'n Node) -> Vec<Item<'n>> {
        self.at.iter().filter_map(|at| root.pointer(at)).flat_map(|list| self.find_in(list)).collect()
    }

    fn find_in<'n>(&self, list: &'n Node) -> Vec<Item<'n>> {
        let mut items: Vec<Item<'n>> = match &list.value {
            Value::Sequence(items) => items.iter().map(|item| (None, item)).collect(),
            Value::Mapping(mapping) => {
                mapping.entries().iter().map(|entry| (Some(&entry.key), &entry.value)).collect()
            }
            Value::Scalar(_) => Vec::new(),
        };
        let count = items.len();
        items.retain(|item| self.is_item(*item));
        if self.are_asked() && (items.len() < LEAST || 10 * items.len() < OF_TEN * count) {
            items.clear();
        }
        items
    }

    fn is_item(&self, (key, item): Item<'_>) -> bool {
        if let Some(text) = item.as_text() {
            return key.is_some() && self.text.as_ref().is_some_and(|pattern| pattern.is_match(text));
        }
        let Some(entries) = item.as_mapping().map(Mapping::entries) else { return false };
        let has_text = |names: &Vec<Box<str>>| {
            let is_named = |key: &str| names.iter().any(|name| same_key(key, name));
            entries.iter().any(|entry| {
                is_named(&entry.key.name) && entry.value.as_text().is_some_and(|text| !text.trim().is_empty())
            })
        };
        // Of items that are text alone, no other is a record.
        (self.text.is_none() || !self.keys.is_empty()) && self.keys.iter().all(has_text)
    }
}
