//! References from one record to another: where a field's schema says that it names a record, its text
//! is looked up by identifier, by name and by path.

use std::sync::Arc;

use crate::kind::{Shape, Type};
use crate::node::Node;
use crate::record::Record;
use crate::text::Span;

use super::names::refers;
use super::{Catalog, links};

/// A text in a record that names another one.
#[derive(Debug)]
pub struct Reference {
    /// The top-level field that holds it, in kebab-case.
    pub field: Box<str>,
    pub text: Box<str>,
    pub span: Span,
    /// The kinds that it may name.
    pub kinds: Box<[Arc<str>]>,
    /// Whether the field names who answers for the record.
    pub accountable: bool,
    pub target: Target,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Record(u32),
    /// Nothing, and nothing unread can be it.
    Unknown,
    /// Nothing that is known; but no record of its kinds is kept here, or a file that can't be read
    /// mentions it.
    Unjudged,
}

/// The kind's name that stands for every kind.
const ANY: &str = "any";

pub(super) fn of(catalog: &Catalog, record: &Record) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut collector = Collector { catalog, record, field: "", found: &mut found };
    collector.shape(&record.kind.shape, &record.fields, true);
    found
}

struct Collector<'c> {
    catalog: &'c Catalog,
    record: &'c Record,
    field: &'c str,
    found: &'c mut Vec<Reference>,
}

impl<'c> Collector<'c> {
    fn shape(&mut self, shape: &'c Shape, node: &Node, top: bool) {
        let Some(mapping) = node.as_mapping() else { return };
        for entry in mapping.entries() {
            let Some(field) = shape.field(&entry.key.name).filter(|field| refers(&field.ty)) else { continue };
            if top {
                self.field = &field.name;
            }
            self.value(&field.ty, &entry.value);
        }
    }

    fn value(&mut self, ty: &'c Type, node: &Node) {
        match ty {
            Type::Reference(kinds) => self.reference(kinds, node),
            Type::List(of) => {
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
                items.iter().for_each(|item| self.value(of, item));
            }
            Type::Struct(shape) => self.shape(shape, node, false),
            _ => {}
        }
    }

    fn reference(&mut self, kinds: &[Arc<str>], node: &Node) {
        if let Some(items) = node.as_sequence() {
            return items.iter().for_each(|item| self.reference(kinds, item));
        }
        let Some(text) = node.as_text().filter(|text| !text.trim().is_empty()) else { return };
        self.found.push(Reference {
            field: self.field.into(),
            text: text.into(),
            span: node.span,
            kinds: kinds.into(),
            accountable: self.record.accountable().iter().any(|field| **field == *self.field),
            target: self.catalog.resolve(self.record, kinds, text),
        });
    }
}

impl Catalog {
    fn resolve(&self, from: &Record, kinds: &[Arc<str>], text: &str) -> Target {
        let kinds: Vec<&Arc<str>> =
            if kinds.iter().any(|kind| **kind == *ANY) { self.by_kind.keys().collect() } else { kinds.iter().collect() };
        let named = |text: &str| {
            kinds.iter().find_map(|kind| self.names.identified(kind, text, from).first().copied())
        };
        let found = named(text)
            .or_else(|| parts(text).into_iter().find_map(named))
            .or_else(|| self.at_path(from, text).filter(|&id| kinds.contains(&&self.record(id).kind.name)));
        if let Some(id) = found {
            return Target::Record(id);
        }
        let kept = kinds.iter().any(|kind| !self.of_kind(kind).is_empty());
        if kept { Target::Unknown } else { Target::Unjudged }
    }

    /// The record in the file, or folder, that a path or Markdown link names: from the root, or from
    /// the referring file.
    fn at_path(&self, from: &Record, text: &str) -> Option<u32> {
        let path = link_destination(text).unwrap_or(text).trim().trim_end_matches('/');
        if !path.contains(['/', '.']) {
            return None;
        }
        let relative = links::resolve(self.file_of(from).path(), path);
        [Some(path.trim_start_matches('/').to_string()), relative].into_iter().flatten().find_map(|path| {
            self.names.at_path(&path).or_else(|| self.first_in_folder(&path))
        })
    }

    /// A proposal that is a folder is the record in it.
    fn first_in_folder(&self, folder: &str) -> Option<u32> {
        let folder = format!("{folder}/");
        let at = self.files.partition_point(|file| **file.path() < *folder);
        let inside = self.files[at..].iter().take_while(|file| file.path().starts_with(&folder));
        inside.take(8).find_map(|file| file.records.clone().next())
    }
}

/// What else a text may name: the parts of `Name <mail>`, `Name (@handle)` and `[title](path)`.
fn parts(text: &str) -> Vec<&str> {
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let inner = rest.split(close).next()?;
        Some([inner.trim(), before.trim()])
    };
    let found = split('<', '>').or_else(|| split('(', ')')).or_else(|| split('[', ']'));
    found.into_iter().flatten().filter(|part| !part.is_empty()).collect()
}

fn link_destination(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("](")?;
    rest.split([')', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_may_be_written_with_address_or_handle() {
        assert_eq!(parts("Ada Byron <ada@example.org>"), ["ada@example.org", "Ada Byron"]);
        assert_eq!(parts("Ada Byron (@ada)"), ["@ada", "Ada Byron"]);
        assert_eq!(parts("Ada Byron"), Vec::<&str>::new());
        assert_eq!(link_destination("superseded by [7](0007-x.md#top)"), Some("0007-x.md"));
    }
}
