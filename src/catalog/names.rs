//! The index of records by kind and identifier, by kind and name, and by path.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt, HashSet};

use crate::record::{Record, id_key};

pub(super) struct Names {
    identifiers: Index,
    /// The records whose identifiers others of their kind have too: most have none.
    namesakes: HashSet<u32>,
    names: Index,
    paths: HashMap<Arc<str>, u32>,
    /// The pages of a kind that state another identifier than the name of their file, by that of the file.
    misfiled: Index,
    /// The records of a kind by prefix and number, found when a reference is first looked up in this way.
    prefixed: OnceLock<Index>,
}

/// By kind.
type Index = HashMap<Arc<str>, ByName>;

/// The records of one kind by name. Most often, only one has a name.
#[derive(Default)]
struct ByName {
    numbers: HashMap<Box<str>, Numbers>,
    several: Vec<Vec<u32>>,
}

#[derive(Clone, Copy)]
enum Numbers {
    One(u32),
    /// The index in [`ByName::several`].
    Several(u32),
}

impl ByName {
    fn get(&self, name: &str) -> &[u32] {
        match self.numbers.get(name) {
            None => &[],
            Some(Numbers::One(number)) => std::slice::from_ref(number),
            Some(Numbers::Several(at)) => &self.several[*at as usize],
        }
    }

    /// Returns the names that several records have, in no order.
    fn shared(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.numbers.iter().filter_map(|(name, numbers)| match numbers {
            Numbers::One(_) => None,
            Numbers::Several(at) => Some((&**name, &*self.several[*at as usize])),
        })
    }

    /// Adds a number that is not less than the others with the name.
    fn add(&mut self, name: Box<str>, number: u32) {
        let numbers = self.numbers.entry(name).or_insert(Numbers::One(number));
        match *numbers {
            Numbers::One(one) if one != number => {
                *numbers = Numbers::Several(self.several.len() as u32);
                self.several.push(vec![one, number]);
            }
            Numbers::Several(at) => {
                let of_name = &mut self.several[at as usize];
                if of_name.last() != Some(&number) {
                    of_name.push(number);
                }
            }
            Numbers::One(_) => {}
        }
    }
}

impl Names {
    pub(super) fn new(records: &[Record]) -> Names {
        let identifiers = || index(records, |record| [record.key()]);
        let names =
            || index(records, |record| [&*record.id].into_iter().chain(record.names()).map(normalized));
        let misfiled = || index(records, |record| record.filed_key().filter(|filed| *filed != record.key()));
        let ((identifiers, misfiled), (names, paths)) =
            rayon::join(|| rayon::join(identifiers, misfiled), || rayon::join(names, || by_path(records)));
        let shared = identifiers.values().flat_map(ByName::shared);
        let namesakes = shared.flat_map(|(_, numbers)| numbers).copied().collect();
        Names { identifiers, namesakes, names, paths, misfiled, prefixed: OnceLock::new() }
    }

    /// Returns the pages of a kind that state another identifier than this one, with which the names of their files begin.
    pub(super) fn filed_under(&self, kind: &str, key: &str) -> &[u32] {
        get(&self.misfiled, kind, key)
    }

    pub(super) fn by_id(&self, record: &Record) -> &[u32] {
        get(&self.identifiers, &record.kind.name, &record.key())
    }

    /// Returns true if another record of its kind has the identifier of this one, which is of this state.
    pub(super) fn is_shared(&self, number: u32) -> bool {
        self.namesakes.contains(&number)
    }

    pub(super) fn by_key(&self, kind: &str, key: &str) -> &[u32] {
        get(&self.identifiers, kind, key)
    }

    pub(super) fn named(&self, kind: &str, name: &str) -> &[u32] {
        self.named_as(kind, &normalized(name))
    }

    /// As [`Names::named`], with a name that is normalised.
    pub(super) fn named_as(&self, kind: &str, normalized: &str) -> &[u32] {
        get(&self.names, kind, normalized)
    }

    /// Returns the only record of a kind that has a number and whose format has a prefix: `ADR-0008` is page `0008`.
    pub(super) fn with_prefix(&self, records: &[Record], kind: &str, text: &str) -> Option<u32> {
        let text = text.trim();
        let number = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let prefix = &text[..text.len() - number.len()];
        let number = number.trim_start_matches(['-', ' ', '_', '#']);
        if prefix.is_empty() || number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let key = |prefix: &str, number: &str| format!("{} {number}", prefix.to_lowercase());
        let keys = |record: &Record| -> Vec<String> {
            record.prefixes().iter().map(|prefix| key(prefix, &record.key())).collect()
        };
        let prefixed = self.prefixed.get_or_init(|| index(records, keys));
        match get(prefixed, kind, &key(prefix, &id_key(number, &[]))) {
            [only] => Some(*only),
            _ => None,
        }
    }

    pub(super) fn at_path(&self, path: &str) -> Option<u32> {
        self.paths.get(path).copied()
    }
}

fn index<'r, C: IntoIterator<Item = String>>(records: &'r [Record], keys: impl Fn(&'r Record) -> C) -> Index {
    let mut index = Index::new();
    let is_of_run = |one: &Record, next: &Record| {
        Arc::ptr_eq(&one.kind, &next.kind) && one.is_partial() == next.is_partial()
    };
    let runs = || records.chunk_by(is_of_run);
    for run in runs().filter(|run| !run[0].is_partial()) {
        let of_kind = index.entry(run[0].kind.name.clone()).or_default();
        of_kind.numbers.reserve(run.len());
        for (record, name) in
            run.iter().flat_map(|record| keys(record).into_iter().map(move |it| (record, it)))
        {
            of_kind.add(name.into(), record.number);
        }
    }
    // Who is in a partial list and in the directory, or in two such lists, is one person.
    for record in runs().filter(|run| run[0].is_partial()).flatten() {
        let of_kind = index.entry(record.kind.name.clone()).or_default();
        for name in keys(record) {
            if of_kind.get(&name).iter().all(|number| *number == record.number) {
                of_kind.add(name.into(), record.number);
            }
        }
    }
    // Of some indexes, most records have no key.
    index.values_mut().for_each(|of_kind| of_kind.numbers.shrink_to_fit());
    index
}

fn by_path(records: &[Record]) -> HashMap<Arc<str>, u32> {
    let pages = records.iter().filter(|record| record.is_sole_record);
    let mut paths = HashMap::with_capacity(pages.clone().count());
    for record in pages {
        for path in record.paths() {
            let path = if path == *record.path { record.path.clone() } else { path.into() };
            paths.entry(path).or_insert(record.number);
        }
    }
    paths
}

fn get<'i>(index: &'i Index, kind: &str, key: &str) -> &'i [u32] {
    index.get(kind).map_or(&[], |of_kind| of_kind.get(key))
}

impl Record {
    /// Returns true if both have the same kind, identifier, names and paths, so that equal references resolve to them.
    pub fn same_identity(&self, other: &Record) -> bool {
        self.ptr_eq(other)
            || (&self.kind.name, &self.id, &self.path) == (&other.kind.name, &other.id, &other.path)
                && self.is_partial() == other.is_partial()
                && (self.key(), self.scope()) == (other.key(), other.scope())
                && self.paths() == other.paths()
                && self.names().eq(other.names())
    }

    /// Returns the key of the identifier in the file name.
    pub(super) fn filed_key(&self) -> Option<String> {
        Some(id_key(self.file_id.as_deref()?, self.prefixes()))
    }

    /// Returns the names, besides the identifier.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.other_names.iter().map(|name| &**name)
    }
}

/// Normalises a name: case, a leading `@`, and the difference between space, `-` and `_` do not count.
pub(super) fn normalized(name: &str) -> String {
    let name = name.trim().trim_start_matches('@');
    let words =
        name.split(|c: char| c.is_whitespace() || c == '-' || c == '_').filter(|word| !word.is_empty());
    let mut normalized = String::with_capacity(name.len());
    for word in words {
        if !normalized.is_empty() {
            normalized.push(' ');
        }
        normalized.push_str(&word.to_lowercase());
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_words_not_by_spelling() {
        assert_eq!(normalized("@Ada"), "ada");
        assert_eq!(normalized("net_revenue-Retention "), "net revenue retention");
        assert_ne!(normalized("A-1"), normalized("A-11"));
    }
}
