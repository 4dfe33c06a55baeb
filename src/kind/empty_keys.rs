//! Unknown keys without a value. To the schema, what has no value is not there.

use ahash::HashSet;

use super::{FieldType, Kind, Shape};
use crate::node::{Entry, Mapping, Node, Value};
use crate::schema::Violation;
use crate::text::Span;

/// What a comma between braces cuts from a value: `Oct 31, 2026` becomes `Oct 31` and a key `2026`.
struct Cut {
    value: Span,
    key: Span,
    whole: String,
}

/// The keys of a record that no field has and that are without a value.
#[derive(Default)]
struct EmptyKeys {
    keys: HashSet<Span>,
    cuts: Vec<Cut>,
}

/// Adds a violation for each such key. A value that a comma cuts is one violation, which says to quote it.
pub(super) fn add(kind: &Kind, limit: usize, fields: &Node, violations: &mut Vec<Violation>) {
    if !holds_any(fields, &kind.shape) {
        return;
    }
    let (mut filled, mut found) = (fields.clone(), EmptyKeys::default());
    fill(&mut filled, &kind.shape, &mut found);
    let of_keys = kind.schema_violations(limit, &filled).into_iter();
    let mut of_keys: Vec<Violation> = of_keys.filter(|it| found.keys.contains(&it.span)).collect();
    for Cut { value, key, whole } in found.cuts {
        let help = format!("write `\"{whole}\"` in quotes: between braces a comma ends a value");
        let of_value = violations.iter_mut().find(|it| it.span == value && !it.missing);
        if of_value.is_some() {
            of_keys.retain(|it| it.span != key);
        }
        for violation in of_value.into_iter().chain(of_keys.iter_mut().filter(|it| it.span == key)) {
            (violation.help, violation.suggestion) = (Some(help.clone()), None);
        }
    }
    let room = limit.saturating_sub(violations.len());
    violations.extend(of_keys.into_iter().take(room));
}

fn is_empty_key(entry: &Entry, shape: &Shape) -> bool {
    entry.value.is_null() && shape.is_closed && shape.by_key(&entry.key.name).is_none()
}

fn shape_of<'s>(shape: &'s Shape, name: &str) -> Option<&'s Shape> {
    match &shape.field(name)?.ty {
        FieldType::Struct(shape) => Some(shape),
        FieldType::List(of) => match &**of {
            FieldType::Struct(shape) => Some(shape),
            _ => None,
        },
        _ => None,
    }
}

fn holds_any(node: &Node, shape: &Shape) -> bool {
    if let Some(items) = node.as_sequence() {
        return items.iter().any(|item| holds_any(item, shape));
    }
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().any(|entry| {
        let is_within =
            || shape_of(shape, &entry.key.name).is_some_and(|shape| holds_any(&entry.value, shape));
        is_empty_key(entry, shape) || is_within()
    })
}

/// Gives such keys a value, so that the schema sees them.
fn fill(node: &mut Node, shape: &Shape, found: &mut EmptyKeys) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| fill(item, shape, found)),
        Value::Mapping(mapping) => {
            let mut before: Option<(Span, String)> = None;
            for Entry { key, value } in mapping.entries_mut() {
                if value.is_null() && shape.is_closed && shape.by_key(&key.name).is_none() {
                    let cut = before.as_ref().filter(|(value, _)| is_cut(*value, key.span, &key.name));
                    found.cuts.extend(cut.map(|(value, text)| Cut {
                        value: *value,
                        key: key.span,
                        whole: format!("{text}, {}", key.name),
                    }));
                    found.keys.insert(key.span);
                    *value = Node::text(key.span, "");
                } else if let Some(shape) = shape_of(shape, &key.name) {
                    fill(value, shape, found);
                }
                before = value.as_text().map(|text| (value.span, text.to_owned()));
            }
        }
        Value::Scalar(_) => {}
    }
}

/// True if a key of digits follows a value and a comma.
fn is_cut(value: Span, key: Span, name: &str) -> bool {
    const COMMA_AND_SPACE: u32 = 2;
    let is_next = key.start > value.end && key.start - value.end <= COMMA_AND_SPACE;
    is_next && name.starts_with(|c: char| c.is_ascii_digit())
}
