//! Keys without a value. In a record such a key is absent, unless no field has it; in a rule, a kind or a format it is forgotten or
//! half deleted, and what it should say would be missed.

use std::collections::HashSet;

use crate::node::{Entry, Node, Value};
use crate::text::Span;

use super::{Schema, Violation};

impl Schema {
    /// Returns the violations of unknown keys without a value, which are absent to [`Schema::violations`].
    pub fn unknown_keys_without_value(&self, limit: usize, root: &Node) -> Vec<Violation> {
        if !has_null(root) {
            return Vec::new();
        }
        let (mut filled, mut keys) = (root.clone(), HashSet::new());
        fill(&mut filled, &mut keys);
        let mut found = self.violations_within(limit, &filled);
        found.retain(|it| &*it.keyword == "additional-properties" && keys.contains(&it.span));
        found
    }

    /// Returns the violations of a file of the policy, in which a key without a value counts as an empty text.
    pub fn violations_of_policy(&self, root: &Node) -> Vec<Violation> {
        let mut filled = root.clone();
        fill(&mut filled, &mut HashSet::new());
        self.violations(&filled)
    }
}

fn has_null(node: &Node) -> bool {
    let items = node.as_sequence().unwrap_or_default();
    node.entries().iter().any(|entry| entry.value.is_null() || has_null(&entry.value))
        || items.iter().any(has_null)
}

/// Gives keys without a value an empty text, at the place of the key.
fn fill(node: &mut Node, keys: &mut HashSet<Span>) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| fill(item, keys)),
        Value::Mapping(mapping) => {
            for Entry { key, value } in mapping.entries_mut() {
                match value.is_null() {
                    true => {
                        keys.insert(key.span);
                        *value = Node::text(key.span, "");
                    }
                    false => fill(value, keys),
                }
            }
        }
        Value::Scalar(_) => {}
    }
}
