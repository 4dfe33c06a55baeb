//! Where a record states an item of `each` that doesn't know its own place: a record, a text, a number or a date.

use crate::node::{Mapping, Node};
use crate::record::Record;
use crate::rule::{EvalError, Evaluator, ItemSources, Value};
use crate::text::Span;

/// The place of an item.
pub(super) struct ItemPlace<'r> {
    pub field: &'r str,
    pub span: Span,
    pub text: String,
}

/// Returns the place of the item with an index: the first of equal items is at the first equal value of the fields that they come
/// from, the second one at the second. `None` if no such field has the value.
pub(super) fn item_place<'r>(
    evaluator: &Evaluator<'r>,
    record: &'r Record,
    sources: &'r ItemSources,
    items: &Value<'r>,
    index: usize,
) -> Result<Option<ItemPlace<'r>>, EvalError> {
    let mut keys = Vec::new();
    for item in items.elements(evaluator.catalog).take(index + 1) {
        keys.push(evaluator.identity_key(&item)?);
    }
    let Some(wanted) = keys.pop() else { return Ok(None) };
    let before = keys.iter().filter(|key| **key == wanted).count();
    let mut places = Vec::new();
    for reference in evaluator.catalog.references(record) {
        let is_source = sources.accountable && reference.accountable
            || sources.fields.iter().any(|path| reference.is_in(path));
        if is_source && evaluator.identity_key(&evaluator.resolve(reference))? == wanted {
            let (field, text) = (reference.field(), reference.text().to_owned());
            places.push(ItemPlace { field, span: reference.span, text });
        }
    }
    if places.is_empty() {
        let item = items.elements(evaluator.catalog).nth(index);
        let shown = item.map(|item| evaluator.show(&item)).transpose()?;
        for path in &sources.fields {
            let field = path.split('.').next().unwrap_or(path);
            // The keys of a mapping.
            let entries = nodes_at(&record.fields, path).into_iter().filter_map(Node::as_mapping);
            let keys = entries.flat_map(Mapping::entries).map(|entry| &entry.key);
            let equal = keys.filter(|key| Some(&*key.name) == shown.as_deref());
            places.extend(equal.map(|key| ItemPlace { field, span: key.span, text: key.name.to_string() }));
            let nodes = nodes_at(&record.fields, path).into_iter();
            let equal = nodes.filter(|node| node.as_text() == shown.as_deref());
            places.extend(equal.map(|node| ItemPlace {
                field,
                span: node.span,
                text: node.as_text().unwrap_or_default().to_owned(),
            }));
        }
    }
    let at = before.min(places.len().saturating_sub(1));
    Ok(places.into_iter().nth(at))
}

/// Returns the values at a path, each item of a list on its own.
fn nodes_at<'n>(node: &'n Node, path: &str) -> Vec<&'n Node> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Some(node) = node.get(name) else { return Vec::new() };
    let nodes = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    nodes.iter().flat_map(|node| rest.map_or_else(|| vec![node], |rest| nodes_at(node, rest))).collect()
}
