//! Reads structured data: a mapping is a part; lists and mappings of mappings hold parts.

use super::{Part, Shape, Title, front_matter};
use crate::node::{Key, Node};
use crate::syntax::Document;

/// Returns a mapping as a part. `key` is what it stands under.
pub(super) fn part<'a>(document: &'a Document, node: &'a Node, key: Option<&'a Key>) -> Part<'a> {
    let mapping = node.as_mapping();
    let mut statements: Vec<_> =
        mapping.into_iter().flat_map(crate::node::Mapping::entries).map(front_matter::statement).collect();
    statements.push(super::file_name(document));
    let title = key.map(|key| Title { text: (&*key.name).into(), span: key.span });
    Part { document, shape: Shape::Mapping(node), title, statements, span: node.span }
}

/// Returns the mappings in a list, or those in the values of a mapping: the items of its lists, and its values that are mappings.
pub(super) fn entries<'a>(document: &'a Document, node: &'a Node) -> Vec<Part<'a>> {
    let of_list = |list: &'a [Node], key: Option<&'a Key>| {
        let is_mapping = |item: &&Node| item.as_mapping().is_some();
        list.iter().filter(is_mapping).map(move |item| part(document, item, key)).collect::<Vec<_>>()
    };
    match (node.as_sequence(), node.as_mapping()) {
        (Some(list), _) => of_list(list, None),
        (None, Some(mapping)) => mapping
            .entries()
            .iter()
            .flat_map(|entry| match (entry.value.as_sequence(), entry.value.as_mapping()) {
                (Some(list), _) => of_list(list, Some(&entry.key)),
                (None, Some(_)) => vec![part(document, &entry.value, Some(&entry.key))],
                _ => Vec::new(),
            })
            .collect(),
        _ => Vec::new(),
    }
}
