//! Unknown keys without a value. To the schema, what has no value is not there.

use ahash::HashSet;

use super::{FieldType, Kind, Shape};
use crate::node::{Entry, Mapping, Node, Value};
use crate::schema::Violation;
use crate::text::Span;

/// Adds a violation for each key without a value that no field has.
pub(super) fn add(kind: &Kind, limit: usize, fields: &Node, violations: &mut Vec<Violation>) {
    if !holds_any(fields, &kind.shape) {
        return;
    }
    let (mut filled, mut keys) = (fields.clone(), HashSet::default());
    fill(&mut filled, &kind.shape, &mut keys);
    let of_keys = kind.schema_violations(limit, &filled).into_iter().filter(|it| keys.contains(&it.span));
    let room = limit.saturating_sub(violations.len());
    violations.extend(of_keys.take(room));
}

fn is_empty_key(entry: &Entry, shape: &Shape) -> bool {
    entry.value.is_null() && shape.is_closed && shape.by_key(&entry.key.name).is_none()
}

/// The fields of the mappings that a field holds. The keys of other mappings are no fields.
fn inner_shape<'s>(shape: &'s Shape, name: &str) -> Option<&'s Shape> {
    let ty = &shape.field(name)?.ty;
    ty.shape().map(|shape| &**shape).filter(|_| !matches!(ty, FieldType::Map(_)))
}

fn holds_any(node: &Node, shape: &Shape) -> bool {
    if let Some(items) = node.as_sequence() {
        return items.iter().any(|item| holds_any(item, shape));
    }
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().any(|entry| {
        let inner = || inner_shape(shape, &entry.key.name);
        is_empty_key(entry, shape) || inner().is_some_and(|shape| holds_any(&entry.value, shape))
    })
}

/// Gives such keys a value, so that the schema sees them.
fn fill(node: &mut Node, shape: &Shape, keys: &mut HashSet<Span>) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| fill(item, shape, keys)),
        Value::Mapping(mapping) => {
            for entry in mapping.entries_mut() {
                if is_empty_key(entry, shape) {
                    keys.insert(entry.key.span);
                    entry.value = Node::text(entry.key.span, "");
                } else if let Some(shape) = inner_shape(shape, &entry.key.name) {
                    fill(&mut entry.value, shape, keys);
                }
            }
        }
        Value::Scalar(_) => {}
    }
}
