//! Keys without a value in the files of a policy. In a record such a key is absent; in a rule, a kind or a format it is
//! forgotten or half deleted, and what it should say would be missed.

use std::collections::HashSet;

use crate::node::{Entry, Node, Value};
use crate::text::Span;

use super::{Schema, Violation};

impl Schema {
    /// Returns the violations of a file of the policy, in which a key without a value counts as an empty text.
    pub fn violations_of_policy(&self, root: &Node) -> Vec<Violation> {
        let mut violations = self.violations(root);
        let (mut filled, mut keys) = (root.clone(), HashSet::new());
        fill(&mut filled, &mut keys);
        if keys.is_empty() {
            return violations;
        }
        let of_filled = self.violations(&filled);
        // Leaves out that a mapping is empty whose only key has no value.
        violations.retain(|one| {
            &*one.keyword == "required" || of_filled.iter().any(|other| other.pointer == one.pointer)
        });
        let told: HashSet<Box<str>> = violations.iter().map(|one| one.pointer.clone()).collect();
        let untold = |one: &Violation| keys.contains(&one.span) && !told.contains(&one.pointer);
        violations.extend(of_filled.into_iter().filter(untold));
        violations.sort_by_key(|one| one.span);
        violations
    }
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
