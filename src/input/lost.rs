//! Records that a base has and a state lacks: they were deleted, or they are still there and no longer read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::record::{Record, id_key, trailing_number};
use crate::snapshot::OpaqueKind;
use crate::syntax;
use crate::text::{Source, Span};

use super::{LostRecords, PolicyFile};

/// Returns the files at which `head` lacks records that `base` has. `base` holds the files of the base at `paths`,
/// which are all at which the two states differ.
pub(super) fn find(
    head: &Catalog,
    base: &Catalog,
    paths: &HashSet<Arc<str>>,
    is_reported: impl Fn(&Record) -> bool,
) -> Vec<PolicyFile> {
    let missing = missing(head, base, paths);
    if missing.is_empty() {
        return Vec::new();
    }
    let mut search = Search::new(head, base, paths, &missing);
    let losses: Vec<Loss> = missing.into_iter().filter_map(|record| search.loss(record)).collect();
    let is_told = |loss: &Loss| loss.fate != Fate::Deleted || !is_reported(loss.record);
    files(head, losses.into_iter().filter(is_told).collect())
}

/// Returns the records of the base that the head lacks. Of several with one identifier, those count that the base has
/// more often, at most one of a file.
fn missing<'a>(head: &'a Catalog, base: &'a Catalog, paths: &HashSet<Arc<str>>) -> Vec<&'a Record> {
    let in_head = |record: &'a Record| {
        head.same_identity(record).filter(|other| paths.contains(&other.path)).map(|other| &other.path)
    };
    let is_first = |record: &&Record| {
        base.same_identity(record).next().is_some_and(|first| first.number == record.number)
    };
    let mut missing = Vec::new();
    for record in base.records().iter().filter(|record| !record.id.is_empty()).filter(is_first) {
        let mut same = base.same_identity(record);
        let (_, Some(_)) = (same.next(), same.next()) else {
            missing.extend(in_head(record).next().is_none().then_some(record));
            continue;
        };
        let here: HashSet<&Arc<str>> = in_head(record).collect();
        let surplus = base.same_identity(record).count().saturating_sub(in_head(record).count());
        let mut seen = HashSet::new();
        let is_lost = |other: &&Record| !here.contains(&other.path) && seen.insert(other.path.clone());
        missing.extend(base.same_identity(record).filter(is_lost).take(surplus));
    }
    missing.sort_unstable_by_key(|record| record.number);
    missing
}

/// Why the head does not have a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Deleted,
    Opaque(OpaqueKind),
    Unreadable,
    Unrecognised,
    OtherKind(Arc<str>),
}

impl Fate {
    fn hidden_by(&self, place: &str) -> Option<String> {
        Some(match self {
            Fate::Deleted => return None,
            Fate::Opaque(OpaqueKind::Link) => format!("`{place}` is a symbolic link"),
            Fate::Opaque(OpaqueKind::Submodule) => format!("`{place}` is a submodule"),
            Fate::Opaque(_) => format!("`{place}` is another repository"),
            Fate::Unreadable => format!("`{place}` can't be read"),
            Fate::Unrecognised => format!("still in `{place}`, but not recognised there"),
            Fate::OtherKind(kind) => format!("read as kind `{kind}` in `{place}`"),
        })
    }
}

struct Loss<'a> {
    record: &'a Record,
    fate: Fate,
    path: Arc<str>,
    span: Span,
}

/// Finds why the head does not have records of the base.
struct Search<'a> {
    head: &'a Catalog,
    base: &'a Catalog,
    /// The records that only the head has, by kind and key, by kind and number, and by kind and title.
    added: HashMap<(Arc<str>, String), Vec<&'a Record>>,
    added_by_title: HashMap<(Arc<str>, String), Vec<&'a Record>>,
    /// The files that the change adds or edits, without text where they can't be read.
    texts: Vec<ChangedText<'a>>,
}

/// A changed file, whatever its format.
struct ChangedText<'a> {
    source: Arc<Source>,
    /// Where reading stopped.
    problem: Option<Span>,
    records: &'a [Record],
    /// How often it names what each missing record is called, beyond what it did in the base.
    named: HashMap<String, isize>,
}

/// The size in bytes above which a file is not searched for texts of records.
const MAX_TEXT: usize = 1 << 20;

impl<'a> Search<'a> {
    fn new(
        head: &'a Catalog,
        base: &'a Catalog,
        paths: &HashSet<Arc<str>>,
        missing: &[&Record],
    ) -> Search<'a> {
        let names: Vec<String> = missing.iter().map(|record| needle(record)).collect();
        let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&names).ok();
        let count = |source: &Source| {
            let mut counts: HashMap<String, isize> = HashMap::new();
            let text = if source.text().len() > MAX_TEXT { "" } else { source.text() };
            for found in finder.iter().flat_map(|finder| finder.find_overlapping_iter(text)) {
                *counts.entry(names[found.pattern().as_usize()].clone()).or_default() += 1;
            }
            counts
        };
        let text = |path: &Arc<str>| {
            let (source, unreadable) = match head.snapshot().read(head.snapshot().get(path)?) {
                Ok(source) => (source, None),
                Err(problem) => (Arc::new(Source::new(path.clone(), Vec::new())), Some(problem)),
            };
            let known = head.file_at(path);
            let problems = match (known, head.format_of(path)) {
                (Some(known), _) => known.problems().to_vec(),
                (None, Some(format)) => syntax::parse(source.clone(), format).problems,
                (None, None) => Vec::new(),
            };
            let mut named = count(&source);
            for (name, earlier) in
                base.snapshot().read_path(path).map(|before| count(&before)).into_iter().flatten()
            {
                *named.entry(name).or_default() -= earlier;
            }
            let numbers = known.map_or(0..0, |file| file.records.start as usize..file.records.end as usize);
            let mut problems = unreadable.into_iter().chain(problems);
            let problem = problems.find(|problem| problem.fatal).map(|problem| problem.span);
            Some(ChangedText { source, problem, records: &head.records()[numbers], named })
        };
        let mut sorted: Vec<&Arc<str>> = paths.iter().collect();
        sorted.sort_unstable();
        let texts: Vec<ChangedText> = sorted.into_par_iter().filter_map(text).collect();
        let mut search = Search { head, base, added: HashMap::new(), added_by_title: HashMap::new(), texts };
        let records = search.texts.iter().flat_map(|text| text.records);
        for record in records.filter(|record| base.same_identity(record).next().is_none()) {
            for key in keys(record) {
                search.added.entry((record.kind.name.clone(), key)).or_default().push(record);
            }
            if let Some(key) = title_key(record) {
                search.added_by_title.entry(key).or_default().push(record);
            }
        }
        search
    }

    /// Returns why the head lacks a record; `None` if it is read from another file or under another identifier, or the file is
    /// outside a sparse checkout.
    fn loss(&mut self, record: &'a Record) -> Option<Loss<'a>> {
        if self.is_read_elsewhere(record) {
            return None;
        }
        let loss = |fate, path: &Arc<str>, span| Some(Loss { record, fate, path: path.clone(), span });
        if let Some(entry) = self.head.snapshot().opaque_at(&record.path) {
            return match entry.kind {
                OpaqueKind::Sparse => None,
                kind => loss(Fate::Opaque(kind), &entry.path, Span::at(0)),
            };
        }
        let here = self.texts.iter().find(|text| *text.source.path() == record.path);
        if let Some(problem) = here.and_then(|text| text.problem) {
            return loss(Fate::Unreadable, &record.path, problem);
        }
        if here.is_some_and(|text| text.has_new_id_of(record, self.base)) {
            return None;
        }
        let same_title = title_key(record).and_then(|key| self.added_by_title.get_mut(&key));
        if same_title.and_then(Vec::pop).is_some() {
            return None;
        }
        let here = self.texts.iter().find(|text| *text.source.path() == record.path);
        let mut texts = here.into_iter().chain(&self.texts);
        let name = needle(record);
        match texts.find_map(|text| Some((text, text.fate(record, &name, self.base)?))) {
            Some((text, (fate, span))) => loss(fate, text.source.path(), span),
            None => loss(Fate::Deleted, &record.path, Span::at(0)),
        }
    }

    /// True if the head has the record under the same identifier: in another folder, or in another format.
    fn is_read_elsewhere(&self, record: &Record) -> bool {
        let has_same_id = |other: &Record| {
            id_key(&other.id, record.prefixes()) == record.key()
                || id_key(&record.id, other.prefixes()) == other.key()
        };
        let is_moved = |other: &Record| {
            let (scope, new_scope) = (record.scope(), other.scope());
            let title = title_key(record);
            scope == new_scope
                || scope.is_empty()
                || new_scope.is_empty()
                || stem(&record.path) == stem(&other.path)
                || title.is_some() && title_key(other) == title
        };
        let found = |key| self.added.get(&(record.kind.name.clone(), key));
        keys(record)
            .into_iter()
            .filter_map(found)
            .flatten()
            .any(|other| has_same_id(other) && is_moved(other))
    }
}

impl ChangedText<'_> {
    /// True if the file of the record holds one with the same title whose identifier it did not have before.
    fn has_new_id_of(&self, record: &Record, base: &Catalog) -> bool {
        let title = title_key(record).filter(|_| *self.source.path() == record.path);
        let is_new = |other: &Record| !base.same_identity(other).any(|earlier| earlier.path == other.path);
        title.is_some() && self.records.iter().any(|other| title_key(other) == title && is_new(other))
    }

    /// Returns what became of a record that the file holds and that is not read there; `None` if it does not hold it.
    fn fate(&self, record: &Record, name: &str, base: &Catalog) -> Option<(Fate, Span)> {
        let is_new = |other: &&Record| base.same_identity(other).next().is_none();
        let is_here = *self.source.path() == record.path;
        let has_key = |other: &&Record| other.key() == record.key();
        let mut others = self.records.iter().filter(|other| other.kind.name != record.kind.name);
        let is_its_page = is_here && record.is_sole_record;
        if let Some(other) = others.find(|it| is_new(it) && (has_key(it) || is_its_page)) {
            return Some((Fate::OtherKind(other.kind.name.clone()), other.name_span));
        }
        let more = self.named.get(name).copied()?;
        // Text that the file had before belongs to something else, unless it is the file of the record.
        let is_named = more > 0 || more == 0 && is_here;
        let text = self.source.text();
        let has_id =
            || has_word(text, &record.id) || stem(self.source.path()).contains(&record.id.to_lowercase());
        let lines = || shares_lines(text, base.file_of(record).source().slice(record.span));
        (is_named && (has_id() || lines())).then_some((Fate::Unrecognised, Span::at(0)))
    }
}

/// Returns the text by which a record is found in a file: its title, else its identifier.
fn needle(record: &Record) -> String {
    let title = record.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    title.unwrap_or(&record.id).to_ascii_lowercase()
}

fn has_word(text: &str, word: &str) -> bool {
    let is_outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        is_outside(text[..at].chars().next_back()) && is_outside(text[at + word.len()..].chars().next())
    })
}

/// True if at least half of the longer lines of a record are in a text.
fn shares_lines(text: &str, record: &str) -> bool {
    const MIN_LENGTH: usize = 20;
    fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.lines().map(str::trim).filter(|line| line.len() >= MIN_LENGTH)
    }
    let own: HashSet<&str> = lines(text).collect();
    let shared = lines(record).filter(|line| own.contains(line)).count();
    shared > 0 && 2 * shared >= lines(record).count()
}

/// Returns the keys by which an identifier is found: itself, and the number at its end.
fn keys(record: &Record) -> Vec<String> {
    let number = trailing_number(record.id.trim()).map(str::to_owned);
    [record.key(), id_key(&record.id, &[])].into_iter().chain(number).collect()
}

fn title_key(record: &Record) -> Option<(Arc<str>, String)> {
    let title = record.title.as_deref().filter(|title| !title.trim().is_empty())?;
    Some((record.kind.name.clone(), title.trim().to_lowercase()))
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}

/// Up to this many places in one folder are reported one by one.
const MAX_PLACES: usize = 5;

/// Up to this many records are named.
const MAX_NAMES: usize = 10;

/// Losses with the same cause at one place.
struct Place<'a> {
    fate: Fate,
    /// The folder, or the link, that contains the place.
    area: String,
    path: Arc<str>,
    span: Span,
    records: Vec<&'a Record>,
}

/// Returns the files at which losses are reported: each deleted record, and each file that hides some; of many in one
/// folder, only the first, for all of them.
fn files(head: &Catalog, losses: Vec<Loss>) -> Vec<PolicyFile> {
    let mut places: BTreeMap<(Fate, Arc<str>, usize), Place> = BTreeMap::new();
    for (number, loss) in losses.into_iter().enumerate() {
        let Loss { record, fate, path, span } = loss;
        let number = if fate == Fate::Deleted { number } else { 0 };
        let area = area(head, &fate, &path);
        let place = places.entry((fate.clone(), path.clone(), number));
        place.or_insert_with(|| Place { fate, area, path, span, records: Vec::new() }).records.push(record);
    }
    let mut areas: BTreeMap<(Fate, String), Vec<Place>> = BTreeMap::new();
    for place in places.into_values() {
        areas.entry((place.fate.clone(), place.area.clone())).or_default().push(place);
    }
    let mut files: BTreeMap<Arc<str>, PolicyFile> = BTreeMap::new();
    for ((_, area), mut places) in areas {
        let is_merged = places.len() > MAX_PLACES;
        if is_merged {
            let others = places.split_off(1).into_iter().flat_map(|place| place.records);
            places[0].records.extend(others);
        }
        for place in places {
            let shown = if is_merged { format!("{area}/") } else { place.path.to_string() };
            let lost = LostRecords {
                names: names(&place.records),
                hidden_by: place.fate.hidden_by(&shown),
                span: place.span,
            };
            files.entry(place.path.clone()).or_insert_with(|| file(head, &place.path)).lost.push(lost);
        }
    }
    files.into_values().collect()
}

fn file(head: &Catalog, path: &Arc<str>) -> PolicyFile {
    let known = head.file_at(path).map(|file| file.source().clone());
    let source = known.or_else(|| head.snapshot().read_path(path));
    PolicyFile::new(source.unwrap_or_else(|| Arc::new(Source::new(path.clone(), Vec::new()))))
}

/// Returns the folder of a path; for a deletion, the highest that was deleted as a whole.
fn area(head: &Catalog, fate: &Fate, path: &str) -> String {
    let folders = || path.match_indices('/').map(|(at, _)| &path[..at]);
    let is_gone = |folder: &&str| *fate == Fate::Deleted && !head.snapshot().has(folder);
    folders().find(is_gone).or_else(|| folders().next_back()).unwrap_or_default().to_owned()
}

fn names(records: &[&Record]) -> String {
    let name = |record: &&Record| format!("{} `{}`", record.kind.name, record.id);
    let named: Vec<String> = records.iter().take(MAX_NAMES).map(name).collect();
    match records.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
