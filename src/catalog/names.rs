//! What records answer to: identifiers exactly, names the way people write them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::kind::Type;
use crate::node::Node;
use crate::record::{Record, id_key};

use super::File;

/// Records by kind and identifier, by kind and name, and by the file that holds them.
pub(super) struct Names {
    identifiers: Index,
    names: Index,
    paths: HashMap<Arc<str>, u32>,
}

type Index = HashMap<Arc<str>, HashMap<Box<str>, Vec<u32>>>;

impl Names {
    pub(super) fn new(records: &[Record], files: &[File]) -> Names {
        let mut names = Names { identifiers: Index::new(), names: Index::new(), paths: HashMap::new() };
        for record in records {
            let number = record.number;
            add(&mut names.identifiers, record, id_key(&record.id, record.profile.as_deref()).into(), number);
            add(&mut names.names, record, folded(&record.id).into(), number);
            for name in record.names() {
                add(&mut names.names, record, folded(name).into(), number);
            }
        }
        for file in files {
            if let Some(first) = file.records.clone().next() {
                names.paths.insert(file.path().clone(), first);
            }
        }
        names
    }

    /// The records of the kind with the same identifier as `record`.
    pub(super) fn by_id(&self, record: &Record) -> &[u32] {
        get(&self.identifiers, &record.kind.name, &id_key(&record.id, record.profile.as_deref()))
    }

    /// The records of a kind that a text in `from` identifies: by identifier, else by name.
    pub(super) fn identified(&self, kind: &str, text: &str, from: &Record) -> &[u32] {
        match get(&self.identifiers, kind, &id_key(text, from.profile.as_deref())) {
            [] => self.named(kind, text),
            found => found,
        }
    }

    /// The records of a kind that answer to a name.
    pub(super) fn named(&self, kind: &str, name: &str) -> &[u32] {
        get(&self.names, kind, &folded(name))
    }

    /// The first record in the file at `path`.
    pub(super) fn at_path(&self, path: &str) -> Option<u32> {
        self.paths.get(path).copied()
    }

    /// Every kind that has a record.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &Arc<str>> {
        self.identifiers.keys()
    }
}

fn add(index: &mut Index, record: &Record, key: Box<str>, number: u32) {
    let numbers = index.entry(record.kind.name.clone()).or_default().entry(key).or_default();
    if numbers.last() != Some(&number) {
        numbers.push(number);
    }
}

fn get<'i>(index: &'i Index, kind: &str, key: &str) -> &'i [u32] {
    index.get(kind).and_then(|names| names.get(key)).map_or(&[], Vec::as_slice)
}

impl Record {
    /// The texts in the fields that its kind calls names: a person's e-mail address, a term's aliases.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let fields = self.kind.names.iter().filter_map(|field| self.fields.get(field));
        fields.flat_map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node))).filter_map(Node::as_text)
    }
}

/// A name without its case, its leading `@`, and the difference between space, `-` and `_`.
pub(super) fn folded(name: &str) -> String {
    let name = name.trim().trim_start_matches('@');
    let words = name.split(|c: char| c.is_whitespace() || c == '-' || c == '_').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Whether values of this type refer to records.
pub(super) fn refers(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::List(of) => refers(of),
        Type::Struct(shape) => shape.fields.iter().any(|field| refers(&field.ty)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_words_not_by_spelling() {
        assert_eq!(folded("@Ada"), "ada");
        assert_eq!(folded("net_revenue-Retention "), "net revenue retention");
        assert_ne!(folded("A-1"), folded("A-11"));
    }
}
