//! Records that a base has and a state lacks: deleted, or no longer read. And records that the base has gained under identifiers of a change.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::history::pairs;
use crate::record::Record;
use crate::snapshot::OpaqueKind;
use crate::syntax;
use crate::text::{Source, Span, stem};

use super::{LostRecords, PolicyFile};

/// Returns the files at which `head` lacks records that all bases have; these hold the files at `paths`, all at which they differ.
pub(super) fn find(
    head: &Catalog,
    bases: &[Catalog],
    paths: &HashSet<Arc<str>>,
    is_reported: impl Fn(&Record) -> bool,
) -> Vec<PolicyFile> {
    let Some((base, others)) = bases.split_first() else { return Vec::new() };
    let mut missing = missing(head, base, paths);
    missing.retain(|record| others.iter().all(|other| other.same_identity(record).next().is_some()));
    if missing.is_empty() {
        return Vec::new();
    }
    let search = Search::new(head, base, paths, &missing);
    let losses = missing.into_iter().filter_map(|record| search.loss(record));
    files(head, losses.filter(|loss| loss.fate != Fate::Deleted || !is_reported(loss.record)))
}

/// Returns the records that the head lacks; of several with one identifier, as many as it has fewer, at most one of a file.
fn missing<'a>(head: &'a Catalog, base: &'a Catalog, paths: &HashSet<Arc<str>>) -> Vec<&'a Record> {
    let mut missing = Vec::new();
    for record in base.records().iter().filter(|record| !record.id.is_empty()) {
        let mut same = base.same_identity(record);
        if same.next().is_none_or(|first| first.number != record.number) {
            continue;
        }
        let here = head.same_identity(record).filter(|other| paths.contains(&other.path));
        let here: Vec<&Arc<str>> = here.map(|other| &other.path).collect();
        let surplus = (1 + same.count()).saturating_sub(here.len());
        let mut seen: HashSet<&Arc<str>> = if surplus > 0 { here.into_iter().collect() } else { continue };
        let lost = base.same_identity(record).filter(|other| seen.insert(&other.path));
        missing.extend(lost.take(surplus));
    }
    missing.sort_unstable_by_key(|record| record.number);
    missing
}

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

/// Finds why the head does not have records of the base. All is looked up: a change may take away thousands.
struct Search<'a> {
    head: &'a Catalog,
    base: &'a Catalog,
    /// The numbers of missing records that go on under other identifiers.
    continued: HashSet<u32>,
    /// The files that the change adds or edits, without text where they can't be read.
    texts: BTreeMap<Arc<str>, ChangedText<'a>>,
    /// By name, the files that name a missing record more often than in the base.
    naming: HashMap<String, Vec<Arc<str>>>,
}

/// A changed file, whatever its format.
struct ChangedText<'a> {
    source: Arc<Source>,
    /// Where reading stopped.
    problem: Option<Span>,
    records: &'a [Record],
    /// How often it has the name of each missing record, and how often it had in the base.
    names: HashMap<String, (usize, usize)>,
    lines: OnceLock<HashSet<Box<str>>>,
}

/// The size in bytes above which a file is not searched for texts of records.
const MAX_TEXT: usize = 1 << 20;

impl<'a> Search<'a> {
    fn new(
        head: &'a Catalog,
        base: &'a Catalog,
        paths: &HashSet<Arc<str>>,
        missing: &[&'a Record],
    ) -> Search<'a> {
        let names: HashSet<String> =
            missing.iter().flat_map(|record| [name(record), record.id.to_ascii_lowercase()]).collect();
        let names: Vec<String> = names.into_iter().collect();
        let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&names).ok();
        let names_in = |source: &Source| -> Vec<String> {
            let text = if source.text().len() > MAX_TEXT { "" } else { source.text() };
            let found = finder.iter().flat_map(|finder| finder.find_overlapping_iter(text));
            let found = found.filter(|found| is_word(text, found.range()));
            found.map(|found| names[found.pattern().as_usize()].clone()).collect()
        };
        let changed_text = |path: &Arc<str>| {
            let known = head.file_at(path);
            let (source, problems) = match (head.snapshot().read(head.snapshot().get(path)?), known) {
                (Err(problem), _) => (Arc::new(Source::new(path.clone(), Vec::new())), vec![problem]),
                (Ok(source), Some(known)) => (source, known.problems().to_vec()),
                (Ok(source), None) => {
                    let parse = |format| syntax::parse(source.clone(), format).problems;
                    let problems = head.config().format_of(path).map(parse).unwrap_or_default();
                    (source, problems)
                }
            };
            let mut names: HashMap<String, (usize, usize)> = HashMap::new();
            names_in(&source).into_iter().for_each(|name| names.entry(name).or_default().0 += 1);
            let before = base.snapshot().read_path(path).map(|before| names_in(&before)).unwrap_or_default();
            before.into_iter().for_each(|name| names.entry(name).or_default().1 += 1);
            let problem = problems.iter().find(|problem| problem.fatal).map(|problem| problem.span);
            let records = known.map_or(&[][..], |file| head.records_of(file));
            Some((path.clone(), ChangedText { source, problem, records, names, lines: OnceLock::new() }))
        };
        let texts: BTreeMap<Arc<str>, ChangedText> = paths.par_iter().filter_map(changed_text).collect();
        let records = texts.values().flat_map(|text| text.records);
        let added: Vec<&Record> = records.filter(|it| base.same_identity(it).next().is_none()).collect();
        let continued = pairs(missing, &added).into_iter().map(|(record, _)| record.number).collect();
        let mut naming: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for (path, text) in &texts {
            for (name, _) in text.names.iter().filter(|(_, (now, before))| now > before) {
                naming.entry(name.clone()).or_default().push(path.clone());
            }
        }
        Search { head, base, continued, texts, naming }
    }

    /// Returns why the head lacks a record; `None` if it has moved or has another identifier, or is outside a sparse checkout.
    fn loss(&self, record: &'a Record) -> Option<Loss<'a>> {
        let kind = &record.kind.name;
        if self.added_with_key(kind, record).any(|other| is_same(record, other)) {
            return None;
        }
        let loss = |fate, path: &Arc<str>, span| Some(Loss { record, fate, path: path.clone(), span });
        if let Some(entry) = self.head.snapshot().opaque_at(&record.path) {
            return match entry.kind {
                OpaqueKind::Sparse => None,
                kind => loss(Fate::Opaque(kind), &entry.path, Span::at(0)),
            };
        }
        let here = self.texts.get(&record.path);
        if let Some(problem) = here.and_then(|text| text.problem) {
            return loss(Fate::Unreadable, &record.path, problem);
        }
        if self.continued.contains(&record.number) {
            return None;
        }
        let here = self.texts.get(&record.path);
        if let Some(other) = self.of_other_kind(record, here) {
            return loss(Fate::OtherKind(other.kind.name.clone()), &other.path, other.name_span);
        }
        // Text that a file had before belongs to something else, unless it is the file of the record.
        let name = name(record);
        let here = here.filter(|text| text.names.get(&name).is_some_and(|(now, before)| now >= before));
        let others = self.naming.get(&name).into_iter().flatten().filter_map(|path| self.texts.get(path));
        let mut texts = here.into_iter().chain(others);
        match texts.find(|text| text.shows(record, self.base)) {
            Some(text) => loss(Fate::Unrecognised, text.source.path(), Span::at(0)),
            None => loss(Fate::Deleted, &record.path, Span::at(0)),
        }
    }

    /// Returns the records of a kind that only the head has and whose identifiers have the key of another.
    fn added_with_key(&self, kind: &str, record: &Record) -> impl Iterator<Item = &'a Record> {
        let found = self.head.with_key(kind, &record.key()).iter().take(MOST_COMPARED);
        let found = found.map(|&number| self.head.record(number));
        found.filter(|other| self.texts.contains_key(&other.path) && self.is_new(other))
    }

    fn is_new(&self, record: &Record) -> bool {
        self.base.same_identity(record).next().is_none()
    }

    /// Returns the record of another kind that has taken its identifier, or its page.
    fn of_other_kind(&self, record: &Record, here: Option<&ChangedText<'a>>) -> Option<&'a Record> {
        let kinds = self.head.kinds_in_use().filter(|kind| **kind != record.kind.name);
        let on_its_page = here.filter(|_| record.is_sole_record).into_iter().flat_map(|text| text.records);
        let on_its_page = on_its_page.filter(|it| it.kind.name != record.kind.name && self.is_new(it));
        kinds.flat_map(|kind| self.added_with_key(kind, record)).chain(on_its_page).next()
    }
}

const MOST_COMPARED: usize = 100;

impl ChangedText<'_> {
    /// Returns true if the identifier of a record is in the text or in the name of the file, or half of the longer lines.
    fn shows(&self, record: &Record, base: &Catalog) -> bool {
        let id = record.id.to_ascii_lowercase();
        self.names.get(&id).is_some_and(|(now, _)| *now > 0)
            || stem(self.source.path()).to_lowercase().contains(&id)
            || self.shares_lines(base.file_of(record).source().slice(record.span))
    }

    fn shares_lines(&self, record: &str) -> bool {
        const MIN_LENGTH: usize = 20;
        fn lines(text: &str) -> impl Iterator<Item = &str> {
            text.lines().map(str::trim).filter(|line| line.len() >= MIN_LENGTH)
        }
        let own = self.lines.get_or_init(|| lines(self.source.text()).map(Box::from).collect());
        let shared = lines(record).filter(|line| own.contains(*line)).count();
        shared > 0 && 2 * shared >= lines(record).count()
    }
}

/// Returns what a record is called in a text: its title, else its identifier.
fn name(record: &Record) -> String {
    title(record).unwrap_or(&record.id).to_ascii_lowercase()
}

fn title(record: &Record) -> Option<&str> {
    record.title.as_deref().map(str::trim).filter(|title| !title.is_empty())
}

fn is_word(text: &str, range: std::ops::Range<usize>) -> bool {
    let is_outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    is_outside(text[..range.start].chars().next_back()) && is_outside(text[range.end..].chars().next())
}

/// Returns true if one of two records with an identifier can be the other at another place. One that is unique in the repository always can.
fn is_same(record: &Record, other: &Record) -> bool {
    let file = |record: &Record| stem(&record.path).to_lowercase();
    record.scope().is_empty()
        || record.scope() == other.scope()
        || file(record) == file(other)
        || title_key(record).is_some_and(|title| title_key(other) == Some(title))
}

fn title_key(record: &Record) -> Option<String> {
    title(record).map(str::to_lowercase)
}

/// Up to this many places in one folder are reported one by one.
const MAX_PLACES: usize = 5;

const MAX_NAMES: usize = 10;

/// The losses by file and, of a deleted record, its number.
type Places<'a> = BTreeMap<(Arc<str>, u32), Vec<Loss<'a>>>;

/// Returns the files at which losses are reported; of many in one folder, only the first, for all of them.
fn files<'a>(head: &Catalog, losses: impl Iterator<Item = Loss<'a>>) -> Vec<PolicyFile> {
    let mut areas: BTreeMap<(Fate, String), Places> = BTreeMap::new();
    for loss in losses {
        let number = if loss.fate == Fate::Deleted { loss.record.number } else { 0 };
        let places = areas.entry((loss.fate.clone(), area(head, &loss))).or_default();
        places.entry((loss.path.clone(), number)).or_default().push(loss);
    }
    let mut files: BTreeMap<Arc<str>, PolicyFile> = BTreeMap::new();
    for ((fate, area), places) in areas {
        let is_merged = places.len() > MAX_PLACES;
        let mut places: Vec<Vec<Loss>> = places.into_values().collect();
        if is_merged {
            places = vec![places.into_iter().flatten().collect()];
        }
        for place in places {
            let Some(Loss { path, span, .. }) = place.first() else { continue };
            let shown = if is_merged { format!("{area}/") } else { path.to_string() };
            let lost = LostRecords { names: names(&place), hidden_by: fate.hidden_by(&shown), span: *span };
            let source = || {
                let known = head.file_at(path).map(|file| file.source().clone());
                known.or_else(|| head.snapshot().read_path(path))
            };
            files.entry(path.clone()).or_insert_with(|| PolicyFile::at(path, source())).lost.push(lost);
        }
    }
    files.into_values().collect()
}

/// Returns the folder of a loss; for a deletion, the highest that was deleted as a whole.
fn area(head: &Catalog, Loss { fate, path, .. }: &Loss<'_>) -> String {
    let folders = || path.match_indices('/').map(|(at, _)| &path[..at]);
    let is_gone = |folder: &&str| *fate == Fate::Deleted && !head.snapshot().has(folder);
    folders().find(is_gone).or_else(|| folders().next_back()).unwrap_or_default().to_owned()
}

fn names(losses: &[Loss<'_>]) -> String {
    let name = |loss: &Loss| format!("{} `{}`", loss.record.kind.name, loss.record.id);
    let named: Vec<String> = losses.iter().take(MAX_NAMES).map(name).collect();
    match losses.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// The base of a change as it is now, with the files in which it differs from the merge base.
pub struct NewerBase<'c> {
    /// What the user calls it, such as `origin/main`.
    pub rev: &'c str,
    pub catalog: &'c Catalog,
    /// What the merge base has in these files and in those that the change touches.
    pub merge_base: &'c Catalog,
    /// The files that the change touches.
    pub changed: &'c HashSet<Arc<str>>,
}

/// A record that the base of a change has gained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewerRecord {
    pub rev: Arc<str>,
    pub path: Arc<str>,
    pub title: Option<Box<str>>,
}

/// By the number of a record that the change adds.
pub(super) type NewerRecords = HashMap<u32, Vec<NewerRecord>>;

/// Finds the records that both sides have added under one identifier, at different paths.
pub(super) fn gained(head: &Catalog, base: &NewerBase<'_>) -> NewerRecords {
    let is_new = |record: &&Record| base.merge_base.same_identity(record).next().is_none();
    let mut found = NewerRecords::new();
    for theirs in base.catalog.records().iter().filter(is_new) {
        let own = head
            .same_identity(theirs)
            .filter(|own| base.changed.contains(&own.path) && own.path != theirs.path);
        for own in own.filter(is_new) {
            let title = theirs.title.clone().map(|title| (*title).into());
            let newer = NewerRecord { rev: base.rev.into(), path: theirs.path.clone(), title };
            found.entry(own.number).or_default().push(newer);
        }
    }
    found
}
