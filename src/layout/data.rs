//! Reads structured data: the keys of front matter; a mapping is a part, and lists and mappings of mappings hold parts.

use std::borrow::Cow;

use super::{Content, Origin, Part, Shape, Statement, Title};
use crate::node::{Entry, Key, Node};
use crate::syntax::Document;

/// Returns the entries of front matter, then those of mappings in it, as in `adr: { status: accepted }`.
pub(super) fn front_matter(root: &Node) -> Vec<Statement<'_>> {
    let nested = root.entries().iter().flat_map(|entry| entry.value.entries());
    let nested = nested.filter(|entry| entry.value.as_mapping().is_none());
    root.entries().iter().chain(nested).map(statement).collect()
}

fn statement(entry: &Entry) -> Statement<'_> {
    let content =
        if entry.value.is_null() { Content::Nothing } else { Content::Data(Cow::Borrowed(&entry.value)) };
    Statement::new(&entry.key.name, entry.key.span, content, entry.value.span, Origin::FrontMatter)
}

/// Returns a mapping as a part. `key` is what it stands under.
pub(super) fn part<'a>(document: &'a Document, node: &'a Node, key: Option<&'a Key>) -> Part<'a> {
    let mut statements = Vec::new();
    add_entries(node, "", &mut statements);
    statements.push(super::file_name(document));
    let title = key.map(|key| Title { text: (&*key.name).into(), span: key.span });
    Part { document, shape: Shape::Mapping(node), title, statements, span: node.span }
}

/// Adds the entries of a mapping, and those of mappings in it under their paths: `spec.profile.email`.
fn add_entries<'a>(node: &'a Node, path: &str, statements: &mut Vec<Statement<'a>>) {
    const DEEPEST: usize = 3;
    for entry in node.entries() {
        let path =
            if path.is_empty() { entry.key.name.to_string() } else { format!("{path}.{}", entry.key.name) };
        let mut stated = statement(entry);
        stated.relabel(&path);
        statements.push(stated);
        if path.matches('.').count() + 1 < DEEPEST {
            add_entries(&entry.value, &path, statements);
        }
    }
}

/// Returns the mappings in a list, or those in the lists of a mapping; where it has no such list, its values.
pub(super) fn entries<'a>(document: &'a Document, node: &'a Node) -> Vec<Part<'a>> {
    let of_list = |list: &'a [Node], key: Option<&'a Key>| {
        let is_mapping = |item: &&Node| item.as_mapping().is_some();
        list.iter().filter(is_mapping).map(move |item| part(document, item, key)).collect::<Vec<_>>()
    };
    if let Some(list) = node.as_sequence() {
        return of_list(list, None);
    }
    let entries = node.entries();
    let lists = entries.iter().filter_map(|entry| Some((entry, entry.value.as_sequence()?)));
    let in_lists: Vec<_> = lists.flat_map(|(entry, list)| of_list(list, Some(&entry.key))).collect();
    if !in_lists.is_empty() {
        return in_lists;
    }
    let mappings = entries.iter().filter(|entry| entry.value.as_mapping().is_some());
    mappings.map(|entry| part(document, &entry.value, Some(&entry.key))).collect()
}
