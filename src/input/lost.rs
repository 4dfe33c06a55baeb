//! Records that a base has and a state lacks: deleted, or no longer read. And records that the base has gained under identifiers of a change.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, Match};
use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::history::version::{prose_words, words};
use crate::kind::Initial;
use crate::record::Record;
use crate::snapshot::OpaqueKind;
use crate::syntax;
use crate::text::{Source, Span, stem};

use super::{LostRecords, PolicyFile, Predecessors};

/// Returns the files at which `head` lacks what a base has: records, or the text of one in force. The base, whose records go on as `found`,
/// holds the files at `paths`, all at which the states differ. Where there are several merge bases, one of these `others` has the record, too.
pub(super) fn find<'a>(
    head: &'a Catalog,
    (base, others): (&'a Catalog, &[Catalog]),
    found: &Predecessors<'a>,
    paths: &HashSet<Arc<str>>,
    is_reported: impl Fn(&Record) -> bool,
) -> Vec<PolicyFile> {
    let replacing = |record: &Record| -> Option<&'a Record> {
        head.same_identity(record).find_map(|it| found.new.get(&it.number).copied())
    };
    // What takes the place of another record is an edit of it, unless records of the kind are superseded instead.
    let is_missing = |it: &&Record| is_in_force(it) == Some(true) || replacing(it).is_none();
    let is_known = |it: &Record| {
        others.is_empty() || others.iter().any(|other| other.same_identity(it).next().is_some())
    };
    let gone = found.gone.iter().copied().filter(|it| !it.id.is_empty() && is_known(it));
    let missing: Vec<&Record> = gone.filter(is_missing).collect();
    // What moved and left a pointer behind goes on where it is.
    let has_moved = |before: &Record| {
        let mut same =
            head.with_key(&before.kind.name, &before.key()).iter().filter_map(|it| found.new.get(it));
        same.any(|it| prose_words(it, |_| true).is_superset(&prose_words(before, |_| true)))
    };
    let is_emptied = |before: &Record, after: &Record| {
        let mut earlier = others.iter().flat_map(|other| other.same_identity(before)).chain([before]);
        let text = head.file_of(after).source().slice(after.span);
        let is_same = text == base.file_of(before).source().slice(before.span);
        !is_same && earlier.all(|before| is_emptied(before, after, text)) && !has_moved(before)
    };
    let emptied = found.pairs.iter().filter(|(before, after)| is_emptied(before, after));
    let emptied = emptied.map(|(record, after)| Loss::at(record, Fate::Emptied, after));
    let search = (!missing.is_empty()).then(|| Search::new(head, base, paths, &missing, &found.new));
    let losses = search.iter().flat_map(|search| missing.iter().filter_map(|record| search.loss(record)));
    let losses = losses.map(|loss| match replacing(loss.record) {
        Some(after) if loss.fate == Fate::Deleted && is_emptied(loss.record, after) => {
            Loss::at(loss.record, Fate::Emptied, after)
        }
        _ => loss,
    });
    let losses = emptied.chain(losses);
    files(head, losses.filter(|loss| loss.fate != Fate::Deleted || !is_reported(loss.record)))
}

/// Returns true for a record that holds until another supersedes it: its status is live, and not the first one; `None` without a known one.
fn is_in_force(record: &Record) -> Option<bool> {
    let field = record.kind.status_field().filter(|_| record.kind.successor.is_some())?;
    let status = record.field(&field.name)?.as_text()?;
    let is_initial = matches!(&field.initial, Some(Initial::Value(first)) if **first == *status);
    Some(record.kind.is_live(status)? && !is_initial)
}

/// The fewest longer words of which it can be said that they are gone; twice as many, if there are others in their place.
const FEW_WORDS: usize = 5;

/// Returns true if a record in force has hardly a word left of what it said, and less to say, or lost its outcome; `text` is all of it.
fn is_emptied(before: &Record, after: &Record, text: &str) -> bool {
    if before.is_frozen || is_in_force(before) != Some(true) || is_in_force(after) == Some(false) {
        return false;
    }
    let outcome = |record| prose_words(record, |field| field == "outcome");
    let (said, text) = (outcome(before), text.to_lowercase());
    let left = said.iter().filter(|word| text.contains(&***word)).count();
    let is_unsaid = said.len() >= FEW_WORDS && 2 * left < said.len() && outcome(after).is_empty();
    let (old, new) = (prose_words(before, |_| true), prose_words(after, |_| true));
    let kept = old.intersection(&new).count();
    // Less than half, if it has another title too: a translation needs about as many.
    let most = if before.title == after.title { old.len() } else { old.len() / 2 };
    let fewest = (2 - usize::from(new.is_empty())) * FEW_WORDS;
    is_unsaid || old.len() >= fewest && kept * 10 < old.len() && new.len() < most
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Deleted,
    Opaque(OpaqueKind),
    Unreadable,
    Unrecognised,
    OtherKind(Arc<str>),
    Emptied,
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
            Fate::Emptied => format!("in force without its text in `{place}`"),
        })
    }
}

struct Loss<'a> {
    record: &'a Record,
    fate: Fate,
    path: Arc<str>,
    span: Span,
}

impl<'a> Loss<'a> {
    fn at(record: &'a Record, fate: Fate, after: &Record) -> Loss<'a> {
        Loss { record, fate, path: after.path.clone(), span: after.name_span }
    }
}

/// Finds why the head does not have records of the base. All is looked up: a change may take away thousands.
struct Search<'a> {
    head: &'a Catalog,
    base: &'a Catalog,
    /// The records of the head that go on from none, by their numbers.
    new: &'a HashMap<u32, &'a Record>,
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
    /// Where it has the name or identifier of each missing record, and how often it had in the base.
    names: HashMap<String, (Vec<usize>, usize)>,
    /// All its words, in lower case, on demand.
    words: OnceLock<HashSet<String>>,
}

/// The size in bytes above which a file is not searched for texts of records.
const MAX_TEXT: usize = 1 << 20;

const MOST_COMPARED: usize = 20;

impl<'a> Search<'a> {
    fn new(
        head: &'a Catalog,
        base: &'a Catalog,
        paths: &HashSet<Arc<str>>,
        missing: &[&'a Record],
        new: &'a HashMap<u32, &'a Record>,
    ) -> Search<'a> {
        let names: HashSet<String> = missing.iter().flat_map(|record| names_of(record)).collect();
        let names: Vec<String> = names.into_iter().collect();
        let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&names).ok();
        // The name of a file counts as its beginning.
        let names_in = |source: &Source| -> Vec<(String, usize)> {
            let text = if source.text().len() > MAX_TEXT { "" } else { source.text() };
            let (text, start) = (format!("{}\n{text}", stem(source.path())), stem(source.path()).len() + 1);
            let found = finder.iter().flat_map(|finder| finder.find_overlapping_iter(&text));
            let found = found.filter(|found| is_word(&text, found.range()));
            let name = |found: &Match| names[found.pattern().as_usize()].clone();
            found.map(|found| (name(&found), found.start().saturating_sub(start))).collect()
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
            let mut names: HashMap<String, (Vec<usize>, usize)> = HashMap::new();
            let before = base.snapshot().read_path(path).map(|before| names_in(&before));
            for (name, at) in names_in(&source) {
                names.entry(name).or_default().0.push(at);
            }
            for (name, _) in before.into_iter().flatten() {
                names.entry(name).or_default().1 += 1;
            }
            let problem = problems.iter().find(|problem| problem.fatal).map(|problem| problem.span);
            let records = known.map_or(&[][..], |file| head.records_of(file));
            Some((path.clone(), ChangedText { source, problem, records, names, words: OnceLock::new() }))
        };
        let is_export = |path: &str| base.config().repositories.iter().any(|export| *export.path == *path);
        let paths = paths.par_iter().filter(|path| !is_export(path));
        let texts: BTreeMap<Arc<str>, ChangedText> = paths.filter_map(changed_text).collect();
        let mut naming: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for (path, text) in &texts {
            for (name, _) in text.names.iter().filter(|(_, (now, before))| now.len() > *before) {
                naming.entry(name.clone()).or_default().push(path.clone());
            }
        }
        Search { head, base, new, texts, naming }
    }

    /// Returns why the head lacks a record; `None` if it is outside a sparse checkout.
    fn loss(&self, record: &'a Record) -> Option<Loss<'a>> {
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
        if let Some(other) = self.of_other_kind(record, here) {
            return Some(Loss::at(record, Fate::OtherKind(other.kind.name.clone()), other));
        }
        let names = names_of(record);
        let shows = |name| {
            let mut places = self.places(name, record).take(MOST_COMPARED);
            places.find(|(text, at)| self.shows(text, *at, name, record))
        };
        match names.iter().find_map(|name| shows(name)).map(|(text, _)| text).or_else(|| self.copy_of(record))
        {
            Some(text) => loss(Fate::Unrecognised, text.source.path(), Span::at(0)),
            None => loss(Fate::Deleted, &record.path, Span::at(0)),
        }
    }

    /// Returns a file that the change adds, and that holds no record, with nearly all words of a page and about its length: it was moved and
    /// has another title.
    fn copy_of(&self, record: &Record) -> Option<&ChangedText<'a>> {
        let wanted = prose_words(record, |_| true);
        if !record.is_sole_record || wanted.len() < 2 * FEW_WORDS {
            return None;
        }
        let written = record.span.range().len();
        let is_added = |it: &ChangedText| self.base.snapshot().get(it.source.path()).is_none();
        let is_near = |it: &&ChangedText| {
            let length = it.source.text().len();
            it.records.is_empty() && 2 * length < 3 * written && 2 * written < 3 * length && is_added(it)
        };
        let mut near = self.texts.values().filter(is_near).take(MOST_COMPARED);
        near.find(|text| 10 * wanted.intersection(text.words()).count() >= 9 * wanted.len())
    }

    /// Returns where a name may show a record. What a file had before belongs to something else, unless it is its own.
    fn places<'s>(
        &'s self,
        name: &'s str,
        record: &Record,
    ) -> impl Iterator<Item = (&'s ChangedText<'a>, usize)> {
        let here = self.texts.get(&record.path);
        let here = here.filter(|it| it.names.get(name).is_some_and(|(now, before)| now.len() >= *before));
        let others = self.naming.get(name).into_iter().flatten().filter_map(|path| self.texts.get(path));
        here.into_iter().chain(others).flat_map(|text| text.names[name].0.iter().map(move |at| (text, *at)))
    }

    /// Returns the record of another kind that has taken its identifier, or its page.
    fn of_other_kind(&self, record: &Record, here: Option<&ChangedText<'a>>) -> Option<&'a Record> {
        let kinds = self.head.kinds_in_use().filter(|kind| **kind != record.kind.name);
        let key = record.key();
        let with_key = kinds.flat_map(|kind| self.head.with_key(kind, &key).iter().take(MOST_COMPARED));
        let with_key = with_key.filter_map(|number| self.new.get(number).copied());
        let on_its_page = here.filter(|_| record.is_sole_record).into_iter().flat_map(|text| text.records);
        let is_new = |it: &&Record| it.kind.name != record.kind.name && self.new.contains_key(&it.number);
        with_key.chain(on_its_page.filter(is_new)).next()
    }

    /// Returns true if a text that names a record here has its title and its identifier, or half of its words from here on, and does not
    /// read them as such a record: as none, as one of another kind, or beside what the page of another says.
    fn shows(&self, text: &ChangedText, at: usize, name: &str, record: &Record) -> bool {
        let of = text.record_at(at);
        let is_other = |it: &Record| it.kind.name != record.kind.name;
        let is_title = record.stated_title().is_some_and(|title| title.trim().eq_ignore_ascii_case(name));
        let has_id = || text.names.contains_key(&record.id.to_ascii_lowercase());
        // A list of changes, or a comment, may cite what is deleted.
        let path = text.source.path();
        let may_cite = *path != record.path && self.base.snapshot().get(path).is_some();
        if is_title && !may_cite && of.is_none_or(is_other) && has_id() {
            return true;
        }
        let (written, all) = (self.base.file_of(record).source().slice(record.span), text.source.text());
        let all_words = |text| words(text).map(str::to_lowercase).collect::<HashSet<String>>();
        let prose = prose_words(record, |_| true);
        let is_long = prose.len() >= FEW_WORDS;
        let wanted = if is_long { prose } else { all_words(written) };
        let has_half = |words: &HashSet<String>| 2 * wanted.intersection(words).count() >= wanted.len();
        let is_beside = |it: &Record| it.is_sole_record && !has_half(&prose_words(it, |_| true));
        let start = all[..at].rfind('\n').map_or(0, |end| end + 1);
        let length = all[start..].char_indices().map(|(end, _)| end).find(|end| 2 * end > 3 * written.len());
        wanted.len() >= FEW_WORDS
            && of.is_none_or(|it| is_long && (is_other(it) || is_beside(it)))
            && has_half(&all_words(&all[start..length.map_or(all.len(), |length| start + length)]))
    }
}

impl<'a> ChangedText<'a> {
    fn words(&self) -> &HashSet<String> {
        self.words.get_or_init(|| words(self.source.text()).map(str::to_lowercase).collect())
    }

    fn record_at(&self, at: usize) -> Option<&'a Record> {
        let end = self.records.partition_point(|record| record.span.start as usize <= at);
        let around = self.records[..end].last().filter(|record| at < record.span.end as usize);
        around.or_else(|| self.records.first().filter(|only| only.is_sole_record))
    }
}

/// Returns what a record is called in a text.
fn names_of(record: &Record) -> Vec<String> {
    let names = record.stated_title().into_iter().chain([&*record.id]);
    names.map(|name| name.trim().to_ascii_lowercase()).chain([record.key()]).collect()
}

fn is_word(text: &str, range: std::ops::Range<usize>) -> bool {
    let is_outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    is_outside(text[..range.start].chars().next_back()) && is_outside(text[range.end..].chars().next())
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
