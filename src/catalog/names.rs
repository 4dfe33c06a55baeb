//! What records answer to: identifiers exactly, names the way people write them.

use std::collections::HashMap;
use std::sync::Arc;

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
        let identifiers = || index(records, |record| [record.key()]);
        let names = || index(records, |record| [&*record.id].into_iter().chain(record.names()).map(folded));
        let (identifiers, (names, paths)) =
            rayon::join(identifiers, || rayon::join(names, || by_path(records)));
        Names { identifiers, names, paths }
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

/// The records of each kind by what they are called.
fn index<'r, C: IntoIterator<Item = String>>(
    records: &'r [Record],
    called: impl Fn(&'r Record) -> C,
) -> Index {
    let mut index = Index::new();
    for run in records.chunk_by(|one, next| Arc::ptr_eq(&one.kind, &next.kind)) {
        let of_kind = index.entry(run[0].kind.name.clone()).or_default();
        of_kind.reserve(run.len());
        for (record, name) in
            run.iter().flat_map(|record| called(record).into_iter().map(move |it| (record, it)))
        {
            let numbers = of_kind.entry(name.into()).or_default();
            if numbers.last() != Some(&record.number) {
                numbers.push(record.number);
            }
        }
    }
    index
}

/// The first record that each path stands for.
fn by_path(records: &[Record]) -> HashMap<String, u32> {
    let mut paths = HashMap::with_capacity(records.len());
    for record in records {
        for path in record.paths() {
            paths.entry(path).or_insert(record.number);
        }
    }
    paths
}

fn get<'i>(index: &'i Index, kind: &str, key: &str) -> &'i [u32] {
    index.get(kind).and_then(|names| names.get(key)).map_or(&[], Vec::as_slice)
}

impl Record {
    /// Whether every text that means this record means the other one in the same place of its catalog.
    pub fn same_identity(&self, other: &Record) -> bool {
        self.ptr_eq(other)
            || (&self.kind.name, &self.id, &self.path) == (&other.kind.name, &other.id, &other.path)
                && (self.key(), self.scope()) == (other.key(), other.scope())
                && self.paths() == other.paths()
                && self.names().eq(other.names())
    }

    /// The texts, besides the identifier, that its kind calls names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.other_names.iter().map(|name| &**name)
    }
}

/// A name without its case, its leading `@`, and the difference between space, `-` and `_`.
pub(super) fn folded(name: &str) -> String {
    let name = name.trim().trim_start_matches('@');
    let words =
        name.split(|c: char| c.is_whitespace() || c == '-' || c == '_').filter(|word| !word.is_empty());
    let mut folded = String::with_capacity(name.len());
    for word in words {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word.to_lowercase());
    }
    folded
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
