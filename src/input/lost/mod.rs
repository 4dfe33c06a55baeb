//! Records that a base has and a state lacks: they were deleted, or they are still there and no longer read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::record::{Record, id_key, trailing_number};
use crate::snapshot::OpaqueKind;
use crate::text::{Source, Span};

use super::{LostRecords, PolicyFile};

mod declared;

use declared::{ChangedFile, Declaration};

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
    let losses = missing.into_iter().filter_map(|record| search.loss(record));
    let losses = losses.filter(|loss| loss.fate != Fate::Deleted || !is_reported(loss.record));
    files(head, losses.collect())
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
    /// The records that only the head has, by kind and each form of the identifier, and by kind and title.
    added: Vec<&'a Record>,
    added_by_id: HashMap<(Arc<str>, String), Vec<usize>>,
    added_by_title: HashMap<(Arc<str>, String), Vec<usize>>,
    /// The files that the change adds or edits.
    files: Vec<ChangedFile<'a>>,
    by_path: HashMap<Arc<str>, usize>,
    by_content: HashMap<crate::snapshot::BlobId, usize>,
    /// By the forms of the identifier: the index of the file and the declaration.
    declarations: HashMap<String, Vec<(usize, Declaration)>>,
}

impl<'a> Search<'a> {
    fn new(
        head: &'a Catalog,
        base: &'a Catalog,
        paths: &HashSet<Arc<str>>,
        missing: &[&Record],
    ) -> Search<'a> {
        let wanted: HashSet<String> = missing.iter().flat_map(|record| forms(&record.id)).collect();
        let lengths: HashSet<u64> =
            missing.iter().map(|record| base.file_of(record).source().text().len() as u64).collect();
        let files = declared::changed_files(head, base, paths, &lengths);
        let declared = declared::all(&files, base, &wanted);
        let added: Vec<&Record> = files
            .iter()
            .flat_map(|file| file.records(head))
            .filter(|record| base.same_identity(record).next().is_none())
            .collect();
        let mut search = Search {
            head,
            base,
            added_by_id: HashMap::new(),
            added_by_title: HashMap::new(),
            by_path: files.iter().enumerate().map(|(at, file)| (file.path.clone(), at)).collect(),
            by_content: HashMap::new(),
            declarations: HashMap::new(),
            added,
            files,
        };
        for (at, file) in search.files.iter().enumerate().filter(|(_, file)| file.records(head).is_empty()) {
            file.content.map(|id| search.by_content.entry(id).or_insert(at));
        }
        for (at, declaration) in declared {
            for form in forms(&declaration.id) {
                search.declarations.entry(form).or_default().push((at, declaration.clone()));
            }
        }
        for (at, record) in search.added.iter().enumerate() {
            for form in forms(&record.id) {
                search.added_by_id.entry((record.kind.name.clone(), form)).or_default().push(at);
            }
            if let Some(key) = title_key(record) {
                search.added_by_title.entry(key).or_default().push(at);
            }
        }
        search
    }

    /// Returns why the head lacks a record; `None` if it is read from another file, or the file is outside a sparse
    /// checkout.
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
        let here = self.by_path.get(&record.path).map(|at| &self.files[*at]);
        if let Some(file) = here.filter(|file| file.problem.is_some()) {
            return loss(Fate::Unreadable, &record.path, file.problem.unwrap_or_default());
        }
        if let Some(file) = self.file_with_content_of(record) {
            return loss(Fate::Unrecognised, &file.path, Span::at(0));
        }
        if self.is_renamed(record) || self.has_other_id(record) {
            return None;
        }
        match self.declaration(record) {
            Some((file, span, fate)) => loss(fate, &file.path, span),
            None => loss(Fate::Deleted, &record.path, Span::at(0)),
        }
    }

    /// True if the head has the record under the same identifier: in another folder, or in another format.
    fn is_read_elsewhere(&self, record: &Record) -> bool {
        let is_same = |at: &usize| {
            let other = self.added[*at];
            let is_moved = || {
                record.scope() == other.scope()
                    || record.scope().is_empty()
                    || other.scope().is_empty()
                    || stem(&record.path) == stem(&other.path)
                    || title_key(record).is_some_and(|key| title_key(other) == Some(key))
            };
            (id_key(&other.id, record.prefixes()) == record.key()
                || id_key(&record.id, other.prefixes()) == other.key())
                && is_moved()
        };
        let found = |form| self.added_by_id.get(&(record.kind.name.clone(), form));
        forms(&record.id).into_iter().filter_map(found).flatten().any(is_same)
    }

    /// True if the head adds a record with the same title. Each added record matches one lost record.
    fn is_renamed(&mut self, record: &Record) -> bool {
        let same_title = title_key(record).and_then(|key| self.added_by_title.get_mut(&key));
        same_title.and_then(Vec::pop).is_some()
    }

    /// True if the file of the record holds one with the same title whose identifier it did not have before.
    fn has_other_id(&self, record: &Record) -> bool {
        let Some(title) = title_key(record) else { return false };
        let is_new =
            |other: &Record| !self.base.same_identity(other).any(|earlier| earlier.path == other.path);
        let here = self.by_path.get(&record.path).map_or(&[][..], |at| self.files[*at].records(self.head));
        here.iter().any(|other| title_key(other).as_ref() == Some(&title) && is_new(other))
    }

    fn file_with_content_of(&self, record: &Record) -> Option<&ChangedFile<'a>> {
        let state = self.base.snapshot();
        let id = state.content_id(state.get(&record.path)?, |_| true)?;
        self.by_content.get(&id).map(|at| &self.files[*at])
    }

    /// Returns where a file declares the record, which is not read there or as another kind.
    fn declaration(&self, record: &Record) -> Option<(&ChangedFile<'a>, Span, Fate)> {
        let found = forms(&record.id).into_iter().filter_map(|form| self.declarations.get(&form)).flatten();
        found.into_iter().find_map(|(at, declaration)| {
            let file = &self.files[*at];
            let is_same = id_key(&declaration.id, record.prefixes()) == record.key()
                || id_key(&declaration.id, &[]) == id_key(&record.id, &[]);
            if !declaration.is_new && file.path != record.path {
                return None;
            }
            let fate = declaration.fate(file, [self.head, self.base], record)?;
            let text = self.base.file_of(record).source().slice(record.span);
            (is_same && declaration.is_about(file, self.head, record, text)).then_some((
                file,
                declaration.span,
                fate,
            ))
        })
    }
}

/// Returns the keys by which an identifier is found: itself, and the number at its end.
fn forms(id: &str) -> Vec<String> {
    let number = trailing_number(id.trim()).map(str::to_owned);
    let mut forms: Vec<String> = [id_key(id, &[])].into_iter().chain(number).collect();
    forms.dedup();
    forms
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
                count: place.records.len(),
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
