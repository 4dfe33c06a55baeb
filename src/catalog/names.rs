//! The index of records by kind and identifier, by kind and name, and by path.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::node::Node;
use crate::record::{Record, id_key, without_titles};

pub(super) struct Names {
    identifiers: Index,
    names: Index,
    paths: HashMap<Arc<str>, u32>,
    /// The records of a kind by prefix and number, found when a reference is first looked up in this way.
    prefixed: OnceLock<Index>,
    /// The records of a kind by what stands before their number: `A-` of `A-7`.
    series: OnceLock<Index>,
    /// The people by job title and by given name, found as well.
    called: OnceLock<Index>,
}

/// The field of a person that says what the person is employed as, and the one with their roles.
const JOB_TITLE: &str = "job-title";
const ROLES: &str = "roles";

/// By kind, the records by name, in their order.
type Index = HashMap<Arc<str>, HashMap<Box<str>, Vec<u32>>>;

impl Names {
    pub(super) fn new(records: &[Record]) -> Names {
        let identifiers = || index(records, |record| [record.key()]);
        let names =
            || index(records, |record| [&*record.id].into_iter().chain(record.names()).map(normalized));
        let (identifiers, (names, paths)) =
            rayon::join(identifiers, || rayon::join(names, || by_path(records)));
        Names {
            identifiers,
            names,
            paths,
            prefixed: OnceLock::new(),
            series: OnceLock::new(),
            called: OnceLock::new(),
        }
    }

    pub(super) fn by_id(&self, record: &Record) -> &[u32] {
        get(&self.identifiers, &record.kind.name, &record.key())
    }

    pub(super) fn by_key(&self, kind: &str, key: &str) -> &[u32] {
        get(&self.identifiers, kind, key)
    }

    /// Returns, by kind, the records of each identifier that several have.
    pub(super) fn of_shared_identifiers(&self) -> impl Iterator<Item = &Vec<u32>> {
        self.identifiers.values().flat_map(HashMap::values).filter(|records| records.len() > 1)
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

    /// Returns true for an identifier such as `A-7` that differs from that of a record of a kind in the number only.
    pub(super) fn is_of_series(&self, records: &[Record], kind: &str, text: &str) -> bool {
        let letters = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let start = letters(text);
        let series = || self.series.get_or_init(|| index(records, |record| [letters(&record.id)]));
        start != text && start.contains(char::is_alphabetic) && !get(series(), kind, &start).is_empty()
    }

    /// Returns the only person with a job title, who answers for what names it, or with a given name.
    pub(super) fn called(&self, records: &[Record], kind: &str, text: &str) -> Option<u32> {
        // A role that is no record is a job title, such as `Head of Sales (since May)`.
        let title = |record: &'_ Record| {
            let stated = |name: &str| {
                record.field(name).map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node)))
            };
            let texts = [JOB_TITLE, ROLES].into_iter().filter_map(stated).flatten().filter_map(Node::as_text);
            texts.map(|text| normalized(text.split(" (").next().unwrap_or(text))).collect::<Vec<_>>()
        };
        // `Dr Ada Byron` is `Ada Byron`, and `Ada`.
        let short = |record: &'_ Record| {
            let name = without_titles(record.stated_title()?);
            let given = name.split_once(' ')?.0;
            record.kind.shape.field(JOB_TITLE).map(|_| [normalized(name), normalized(given)])
        };
        let names = |record: &'_ Record| title(record).into_iter().chain(short(record).into_iter().flatten());
        match get(self.called.get_or_init(|| index(records, names)), kind, &normalized(without_titles(text)))
        {
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
    for record in records {
        let of_kind = index.entry(record.kind.name.clone()).or_default();
        for name in keys(record) {
            let of_name = of_kind.entry(name.into()).or_default();
            if of_name.last() != Some(&record.number) {
                of_name.push(record.number);
            }
        }
    }
    index
}

fn by_path(records: &[Record]) -> HashMap<Arc<str>, u32> {
    let mut paths = HashMap::new();
    for record in records.iter().filter(|record| record.is_sole_record) {
        for path in record.paths() {
            let path = if path == *record.path { record.path.clone() } else { path.into() };
            paths.entry(path).or_insert(record.number);
        }
    }
    paths
}

fn get<'i>(index: &'i Index, kind: &str, key: &str) -> &'i [u32] {
    index.get(kind).and_then(|of_kind| of_kind.get(key)).map_or(&[], Vec::as_slice)
}

impl Record {
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
