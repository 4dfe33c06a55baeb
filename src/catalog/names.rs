//! What records answer to: identifiers exactly, names the way people write them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::kind::Type;
use crate::node::Node;
use crate::record::Record;

/// Records by kind and identifier, by kind and name, and by path.
pub(super) struct Names {
    identifiers: Index,
    names: Index,
    paths: HashMap<String, u32>,
}

type Index = HashMap<Arc<str>, HashMap<Box<str>, Vec<u32>>>;

impl Names {
    pub(super) fn new(records: &[Record]) -> Names {
        let mut names = Names { identifiers: Index::new(), names: Index::new(), paths: HashMap::new() };
        for record in records {
            add(&mut names.identifiers, record, record.key());
            add(&mut names.names, record, folded(&record.id));
            for name in record.names() {
                add(&mut names.names, record, folded(name));
            }
            for path in record.paths() {
                names.paths.entry(path).or_insert(record.number);
            }
        }
        names
    }

    /// The records of the kind with the same identifier as `record`.
    pub(super) fn by_id(&self, record: &Record) -> &[u32] {
        get(&self.identifiers, &record.kind.name, &record.key())
    }

    /// The records of a kind with this identifier, in the form that is compared.
    pub(super) fn by_key(&self, kind: &str, key: &str) -> &[u32] {
        get(&self.identifiers, kind, key)
    }

    /// The records of a kind that answer to a name.
    pub(super) fn named(&self, kind: &str, name: &str) -> &[u32] {
        get(&self.names, kind, &folded(name))
    }

    /// The record that a path stands for.
    pub(super) fn at_path(&self, path: &str) -> Option<u32> {
        self.paths.get(path).copied()
    }
}

fn add(index: &mut Index, record: &Record, key: String) {
    let numbers = index.entry(record.kind.name.clone()).or_default().entry(key.into()).or_default();
    if numbers.last() != Some(&record.number) {
        numbers.push(record.number);
    }
}

fn get<'i>(index: &'i Index, kind: &str, key: &str) -> &'i [u32] {
    index.get(kind).and_then(|names| names.get(key)).map_or(&[], Vec::as_slice)
}

impl Record {
    /// Whether every text that means this record means the other one in the same place of its catalog.
    pub(super) fn answers_as(&self, other: &Record) -> bool {
        self.is_same(other)
            || (&self.kind.name, &self.id, &self.path) == (&other.kind.name, &other.id, &other.path)
                && (self.key(), self.scope()) == (other.key(), other.scope())
                && self.paths() == other.paths()
                && self.names().eq(other.names())
    }

    /// The texts in the fields that its kind calls names: a person's e-mail address, a term's aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let fields = self.kind.names.iter().filter_map(|field| self.fields.get(field));
        fields
            .flat_map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node)))
            .filter_map(Node::as_text)
    }
}

/// A name without its case, its leading `@`, and the difference between space, `-` and `_`.
pub(super) fn folded(name: &str) -> String {
    let name = name.trim().trim_start_matches('@');
    let words =
        name.split(|c: char| c.is_whitespace() || c == '-' || c == '_').filter(|word| !word.is_empty());
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
