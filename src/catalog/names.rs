//! The index of records by kind and identifier, by kind and name, and by path; and the next free identifier of a series.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};
use std::collections::BTreeSet;

use super::paths::{MAX_DIGITS, number_in};
use super::{Catalog, references};
use crate::node::Node;
use crate::record::{Record, id_key, without_titles};

pub(super) struct Names {
    identifiers: Index,
    names: Index,
    paths: HashMap<Arc<str>, u32>,
    /// The records of a kind by names that count if only one has them, found when one is looked up.
    others: OnceLock<Index>,
    /// The records of a kind by what stands before their number: `A-` of `A-7`.
    series: OnceLock<Index>,
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
        Names { identifiers, names, paths, others: OnceLock::new(), series: OnceLock::new() }
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

    /// Returns the only record of a kind with a prefixed number (page `0008` is `ADR-0008`), or the only person with a job title or given name.
    pub(super) fn called(&self, records: &[Record], kind: &str, text: &str) -> Option<u32> {
        let others = || index(records, other_names);
        let name = prefixed(text).unwrap_or_else(|| normalized(without_titles(text)));
        match get(self.others.get_or_init(others), kind, &name) {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Returns true for an identifier such as `A-7` that differs from that of a record of a kind in the number only.
    pub(super) fn is_of_series(&self, records: &[Record], kind: &str, text: &str) -> bool {
        let start = split_number(text).0;
        let series = || index(records, |record| [split_number(&record.id).0.to_owned()]);
        let is_lettered = start != text && start.contains(char::is_alphabetic);
        is_lettered && !get(self.series.get_or_init(series), kind, start).is_empty()
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

/// Returns the key of `ADR-0008`: its prefix, and the number without zeros.
fn prefixed(text: &str) -> Option<String> {
    let number = text.trim().trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let prefix = &text.trim()[..text.trim().len() - number.len()];
    let number = number.trim_start_matches(['-', ' ', '_', '#']);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !prefix.is_empty()).then(|| key_with_prefix(prefix, &id_key(number, &[])))
}

fn key_with_prefix(prefix: &str, key: &str) -> String {
    format!("{} {key}", prefix.to_lowercase())
}

/// Returns the job title of a person and the name without titles (`Dr Ada Byron` is `Ada Byron` and `Ada`), and numbers with their prefixes.
fn other_names(record: &Record) -> Vec<String> {
    let key = record.key();
    let mut names: Vec<String> =
        record.prefixes().iter().map(|prefix| key_with_prefix(prefix, &key)).collect();
    // A role that is no record is a job title, such as `Head of Sales (since May)`.
    let stated = [JOB_TITLE, ROLES].into_iter().filter_map(|name| record.field(name)).flat_map(Node::items);
    let titles = stated.filter_map(Node::as_text).map(|text| text.split(" (").next().unwrap_or(text));
    names.extend(titles.map(normalized));
    let title = record.stated_title().filter(|_| record.kind.shape.field(JOB_TITLE).is_some());
    if let Some((given, _)) = title.map(without_titles).and_then(|name| name.split_once(' ')) {
        names.extend([normalized(title.map_or("", without_titles)), normalized(given)]);
    }
    names
}

fn by_path(records: &[Record]) -> HashMap<Arc<str>, u32> {
    let mut paths = HashMap::new();
    for record in records.iter().filter(|record| record.is_sole_record) {
        for path in record.paths() {
            let path = if *path == *record.path { record.path.clone() } else { path.into() };
            paths.entry(path).or_insert(record.number);
        }
    }
    paths
}

fn get<'i>(index: &'i Index, kind: &str, key: &str) -> &'i [u32] {
    index.get(kind).and_then(|of_kind| of_kind.get(key)).map_or(&[], Vec::as_slice)
}

impl Record {
    /// Returns true if two states of a record have the same names, and refer to others in the same words and order.
    pub fn is_named_as(&self, other: &Record) -> bool {
        let mentions = |it: &Record| {
            let mentions = it.mentions.iter().map(|it| (it.path.clone(), it.text.clone(), it.accountable));
            (mentions.collect::<Vec<_>>(), references::order(it))
        };
        let names = |it: &Record| (it.path.clone(), it.id.clone(), it.title.clone(), it.other_names.clone());
        Arc::ptr_eq(&self.kind, &other.kind)
            && self.format.as_ref().map(Arc::as_ptr) == other.format.as_ref().map(Arc::as_ptr)
            && (names(self), self.is_sole_record) == (names(other), other.is_sole_record)
            && mentions(self) == mentions(other)
            && [JOB_TITLE, ROLES].into_iter().all(|name| self.has_same(other, name))
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

/// As many nines and more stand for a number that is not known yet.
const MIN_NINES: usize = 3;

impl Catalog {
    /// Returns the next free identifier after a record, also on other branches: two people would take the same at the same time.
    pub fn free_id(&self, record: &Record) -> Option<String> {
        let (prefix, digits) = split_number(&record.id);
        let own = number(digits)?;
        let folder = record.series_folder();
        let kind = &record.kind.name;
        let beside = self.of_kind_below(kind, folder).iter().map(|at| self.record(*at));
        // A folder beside it may be of the same series, such as one for each status.
        let in_scope = self.of_kind_below(kind, record.start_of_scope()).iter().map(|at| self.record(*at));
        let records = beside.chain(in_scope.filter(|other| other.shares_scope(record)));
        let of_records = records.filter_map(|other| {
            let (before, digits) = split_number(&other.id);
            number(digits).filter(|_| before == prefix)
        });
        let files = self.snapshot.files();
        let below = files[files.partition_point(|file| *file.path < *folder)..].iter();
        let names = below.map_while(|file| file.path.strip_prefix(folder)?.split('/').next());
        let of_files = names.filter_map(number_in_name);
        let branches = self.snapshot.names_on_branches(folder.trim_end_matches('/'), false).found;
        let of_branches = branches.iter().filter_map(|(_, name)| number_in_name(name));
        let taken: BTreeSet<u32> = of_records.chain(of_files).chain(of_branches).collect();
        let free = taken.last().map_or(own, |highest| own.max(*highest)).checked_add(1)?;
        let width = if digits.starts_with('0') { digits.len() } else { 1 };
        Some(format!("{prefix}{free:0>width$}"))
    }
}

fn split_number(id: &str) -> (&str, &str) {
    id.split_at(id.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

fn number(digits: &str) -> Option<u32> {
    let is_unknown = digits.len() >= MIN_NINES && digits.bytes().all(|digit| digit == b'9');
    if is_unknown || digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

/// Returns the number of `0007-queue.md` and `adr-7`.
fn number_in_name(name: &str) -> Option<u32> {
    number(number_in(name)?.0)
}
