//! All records of one state of a repository: by kind, by identifier, with their references followed
//! both ways. What could not be read is known too, so that nothing it holds is called unknown.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::finding::{Place, RecordName};
use crate::history::{FieldChanges, History};
use crate::kind::Kinds;
use crate::record::{Mention, Record, UnrecognisedRecord};
use crate::schema::{Violation, nearby_candidates, nearest};
use crate::snapshot::{BlobId, Snapshot};
use crate::syntax::{Document, Problem};
use crate::text::{Source, Span};

mod cycles;
mod follow;
mod ignores;
mod links;
mod names;
mod org_chart;
mod parse_cache;
mod read;
mod references;
mod standard;
mod usage;

use follow::Follower;
pub use ignores::{Directive, Ignore};
pub use links::{BrokenLink, CheckedLink};
use names::Names;
use parse_cache::{CachedParse, ParseCache};
pub use read::ReadScope;
use references::References;
pub use references::{Citation, Reference, Target};
use standard::Standard;
pub use standard::{PolicyChange, PolicyChangeKind, PolicyFault, PolicyFile, PolicyPart};
pub use usage::{EntryUsage, SuppressionUsage};

/// The kind of record that excuses.
pub const EXCEPTION: &str = "exception";

/// The records of one state and what leads from one to another. Records are numbered in the order of
/// their files' paths, then of their place in the file.
pub struct Catalog {
    kinds: Arc<Kinds>,
    fiscal_year_start: u8,
    files: Vec<SourceFile>,
    records: Vec<Record>,
    by_kind: BTreeMap<Arc<str>, Vec<u32>>,
    names: Arc<Names>,
    references: References,
    violations: Vec<OnceLock<Vec<Violation>>>,
    /// The parse cache, and the parses of this state's files; `None` if the cache is disabled.
    parse_cache: Option<(ParseCache, Vec<CachedParse>)>,
    /// The files, by their numbers in the state, that were read and are of no concern.
    unconcerned: Vec<u32>,
    /// Every file of the state, governed or not, for the links between them.
    snapshot: Arc<Snapshot>,
    paths_by_name: OnceLock<HashMap<String, Vec<Arc<str>>>>,
    alike: OnceLock<ByDigits>,
    /// For each file, what links to it may name; gathered when the first one asks.
    anchors: Vec<OnceLock<links::Anchors>>,
    /// The paths that stand for records, by their last part.
    places: OnceLock<HashMap<String, Vec<String>>>,
    /// What is known of how the records came to be as they are.
    past: Option<Arc<History>>,
    /// The same of those that say who may do what, where they are of another state.
    history_of_rights: Option<Arc<History>>,
    /// What this state is held to; none where that is itself.
    standard: Option<Standard>,
    /// What came of the excuses; told once that is known.
    usage: OnceLock<SuppressionUsage>,
    /// By field, which records it leads back to.
    rings: Mutex<HashMap<Box<str>, Arc<[bool]>>>,
    /// Who has been in which role and team.
    tenures: OnceLock<org_chart::Tenures>,
    /// Who holds which role.
    holdings: OnceLock<org_chart::Holdings>,
}

/// The numbers of records by kind and the digits of their identifier.
type ByDigits = HashMap<(Arc<str>, String), Vec<u32>>;

/// A file that was read because it is, or may be, governed.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub document: Arc<Document>,
    /// What Git calls its bytes, where its reading is held in the form in which it is kept.
    pub blob: Option<BlobId>,
    /// Not even its bytes are known: it may hold anything.
    pub unread: bool,
    /// It stands in a place where only records are kept.
    pub governed: bool,
    /// Why something in it that looks like a record was not read as one.
    note: Option<UnrecognisedRecord>,
    /// What is said in place of that, where its neighbours are no records either.
    folder_note: Option<Option<UnrecognisedRecord>>,
    pub records: Range<u32>,
    /// The comments that ask for an excuse.
    pub ignores: Vec<Ignore>,
}

impl SourceFile {
    pub fn path(&self) -> &Arc<str> {
        self.document.source.path()
    }

    pub fn source(&self) -> &Arc<Source> {
        &self.document.source
    }

    pub fn problems(&self) -> &[Problem] {
        &self.document.problems
    }

    /// Why something that looks like a record was not read as one. What all files of a folder have in common is
    /// said by the first.
    pub fn note(&self) -> Option<&UnrecognisedRecord> {
        self.folder_note.as_ref().unwrap_or(&self.note).as_ref()
    }

    /// Whether a part of the file could not be read.
    pub fn is_incomplete(&self) -> bool {
        self.document.problems.iter().any(|problem| problem.fatal)
    }
}

impl Catalog {
    /// Indexes the records of `files`, which come in the order of their paths, each with its records
    /// in the order of their places.
    fn new(
        snapshot: Arc<Snapshot>,
        kinds: Arc<Kinds>,
        fiscal_year_start: u8,
        read: Vec<(SourceFile, Vec<Record>)>,
        known: Option<&Catalog>,
    ) -> Catalog {
        let mut files = Vec::with_capacity(read.len());
        let count = read.iter().map(|(_, records)| records.len()).sum();
        let mut records: Vec<Record> = Vec::with_capacity(count);
        for (mut file, found) in read {
            let first = records.len() as u32;
            let document = files.len() as u32;
            records.extend(found.into_iter().zip(first..).map(|(mut record, number)| {
                (record.document, record.number) = (document, number);
                record
            }));
            file.records = first..records.len() as u32;
            files.push(file);
        }
        let mut by_kind: BTreeMap<Arc<str>, Vec<u32>> = BTreeMap::new();
        for (id, record) in records.iter().enumerate() {
            by_kind.entry(record.kind.name.clone()).or_default().push(id as u32);
        }
        let alike = known.filter(|known| known.names_alike(&snapshot, &files, &records));
        let names = alike.map_or_else(|| Arc::new(Names::new(&records)), |known| known.names.clone());
        let violations = records.iter().map(|_| OnceLock::new()).collect();
        let anchors = files.iter().map(|_| OnceLock::new()).collect();
        let mut catalog = Catalog {
            kinds,
            fiscal_year_start,
            files,
            records,
            by_kind,
            names,
            references: References::default(),
            violations,
            parse_cache: None,
            unconcerned: Vec::new(),
            snapshot,
            paths_by_name: OnceLock::new(),
            alike: OnceLock::new(),
            anchors,
            places: OnceLock::new(),
            past: None,
            history_of_rights: None,
            standard: None,
            usage: OnceLock::new(),
            rings: Mutex::default(),
            tenures: OnceLock::new(),
            holdings: OnceLock::new(),
        };
        let followed = catalog.follow(alike);
        catalog.references = References::new(&catalog.records, followed);
        catalog
    }

    /// Whether all that references may name is numbered and called here as it is there, so that each leads to
    /// the same.
    fn names_alike(&self, snapshot: &Snapshot, files: &[SourceFile], records: &[Record]) -> bool {
        let unread = |files: &[SourceFile]| {
            let unread = files.iter().filter(|file| file.unread || file.is_incomplete());
            unread.map(|file| Arc::as_ptr(&file.document)).collect::<Vec<_>>()
        };
        let mut pairs = self.records.iter().zip(records);
        self.records.len() == records.len()
            && pairs.all(|(known, record)| known.document == record.document && known.same_identity(record))
            && unread(&self.files) == unread(files)
            && !self.misses_any_of(&self.snapshot.added_or_removed_paths(snapshot))
    }

    /// Where everything leads that the records mention. What another catalog has followed already, in which names
    /// are alike, is known from there.
    fn follow(&self, alike: Option<&Catalog>) -> Vec<Target> {
        let known = |record: &Record| {
            let known = alike.filter(|known| known.record(record.number).ptr_eq(record))?;
            Some(known.references.targets(record.number))
        };
        let follow = |run: &[Record]| {
            // Whoever begins anew knows nothing yet.
            let mut follower = Follower::new(self);
            let mut targets = Vec::new();
            for record in run {
                match known(record) {
                    Some(known) => targets.extend_from_slice(known),
                    None => targets.extend(follower.targets(record)),
                }
            }
            targets
        };
        let runs: Vec<Vec<Target>> = self.runs().into_par_iter().map(follow).collect();
        let mut targets = runs.concat();
        self.spare_the_unread(&mut targets);
        targets
    }

    /// What a file that can't be read mentions may well be defined in it, and anything in one whose bytes
    /// are not known: one broken file, one finding.
    fn spare_the_unread(&self, targets: &mut [Target]) {
        let mentions = self.records.iter().flat_map(|record| record.mentions.iter());
        let unknown = |(_, target): &(&Mention, &mut Target)| **target == Target::Unknown;
        if self.files.iter().any(|file| file.unread) {
            mentions.zip(targets).filter(unknown).for_each(|(_, target)| *target = Target::Inconclusive);
            return;
        }
        let unread: Vec<&Arc<Source>> =
            self.files.iter().filter(|file| file.is_incomplete()).map(SourceFile::source).collect();
        if unread.is_empty() {
            return;
        }
        let open: Vec<(&Mention, &mut Target)> = mentions.zip(targets).filter(unknown).collect();
        let texts: BTreeSet<&str> = open.iter().map(|(mention, _)| &*mention.text).collect();
        let texts: Vec<&str> = texts.into_iter().collect();
        let Ok(search) = AhoCorasick::new(&texts) else { return };
        let mentioned: HashSet<&str> = unread
            .iter()
            .flat_map(|source| search.find_overlapping_iter(source.text()))
            .map(|found| texts[found.pattern().as_usize()])
            .collect();
        for (mention, target) in open {
            if mentioned.contains(&*mention.text) {
                *target = Target::Inconclusive;
            }
        }
    }

    /// The same catalog, which knows of its records' past.
    pub fn with_history(self, past: History) -> Catalog {
        Catalog { past: Some(Arc::new(past)), ..self }
    }

    /// The past of the records; none where nobody said where it is known from.
    pub fn history(&self) -> Option<&History> {
        self.past.as_deref()
    }

    /// The place of a change among all others, as [`Revision::order`](crate::history::Revision::order) counts, and whether it
    /// is part of what is judged: not in what the state is held to. The latter is none where the state is held to
    /// nothing else, all where it can't be told.
    pub fn change_order(&self, changes: &FieldChanges<'_>, nth: usize) -> Option<(i64, Option<bool>)> {
        match &self.history_of_rights {
            Some(rights) if !changes.record().kind.authority && rights.is_available() => {
                let order = rights.order_of(&changes.revision(nth));
                Some((order.unwrap_or(i64::MAX), Some(order.is_none())))
            }
            _ => Some((changes.order(nth), None)),
        }
    }

    /// The past that a record is part of.
    pub fn history_of(&self, record: &Record) -> Option<&History> {
        let of_rights = self.history_of_rights.as_deref().filter(|_| record.kind.authority);
        of_rights.or(self.history())
    }

    /// The changes of one field of a record, from the oldest; none where nothing is known of any.
    pub fn changes<'c>(&'c self, record: &'c Record, field: &str) -> Option<FieldChanges<'c>> {
        self.history_of(record)?.changes(record, field, self.file_of(record).blob)
    }

    /// The state that the records are of.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The month in which fiscal years start; 1 is January.
    pub fn fiscal_year_start(&self) -> u8 {
        self.fiscal_year_start
    }

    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    pub fn records(&self) -> &[Record] {
        &self.records
    }

    pub fn record(&self, id: u32) -> &Record {
        &self.records[id as usize]
    }

    pub fn file_of(&self, record: &Record) -> &SourceFile {
        &self.files[record.document as usize]
    }

    /// The numbers of the records of a kind.
    pub fn of_kind(&self, kind: &str) -> &[u32] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The kinds that there are records of.
    pub fn kinds_in_use(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_kind.keys()
    }

    /// Whether every reference that is the same in another catalog is known to lead to the same there.
    pub fn shares_references_with(&self, other: &Catalog) -> bool {
        Arc::ptr_eq(&self.names, &other.names)
    }

    /// How many records there are of each kind.
    pub fn counts(&self) -> BTreeMap<Arc<str>, usize> {
        self.by_kind.iter().map(|(kind, ids)| (kind.clone(), ids.len())).collect()
    }

    /// The records that `field` of a record names.
    pub fn targets<'s>(&'s self, record: &'s Record, field: &str) -> impl Iterator<Item = &'s Record> {
        let through = self.references(record).filter(move |reference| reference.field() == field);
        through.filter_map(|reference| match reference.target {
            Target::Record(id) => Some(self.record(id)),
            Target::NotInBase | Target::Unknown | Target::Inconclusive => None,
        })
    }

    /// How a record breaks its kind's schema; judged when first asked for.
    pub fn violations(&self, record: &Record) -> &[Violation] {
        self.violations[record.number as usize].get_or_init(|| record.violations())
    }

    /// The other records of the kind with the same identifier.
    pub fn duplicates<'s>(&'s self, record: &'s Record) -> impl Iterator<Item = &'s Record> {
        let same = self.names.by_id(record).iter().map(|&id| self.record(id));
        same.filter(move |other| other.number != record.number && other.scope() == record.scope())
    }

    /// The records of a kind that answer to a name, in catalog order.
    pub fn named(&self, kind: &str, name: &str) -> &[u32] {
        self.names.named(kind, name)
    }

    /// Whether a text names a record, in one of the ways that references may.
    pub fn is_named(&self, record: &Record, text: &str) -> bool {
        self.identified(&record.kind.name, text, record).contains(&record.number)
    }

    /// What a reference in `from` that names nothing probably means: the nearest identifier, or where the
    /// record has moved to.
    pub fn suggest(&self, from: &Record, reference: &Reference) -> Option<String> {
        self.nearest_id(reference).map(str::to_owned).or_else(|| self.moved(from, reference))
    }

    /// The place of the only record whose file or folder has the name that the reference ends in.
    fn moved(&self, from: &Record, reference: &Reference) -> Option<String> {
        let path = from.lookup(&reference.text).path?;
        let places = self.places.get_or_init(|| {
            let mut places: HashMap<String, Vec<String>> = HashMap::new();
            for path in self.records.iter().flat_map(|record| record.paths()) {
                places.entry(links::file_name(&path).to_lowercase()).or_default().push(path);
            }
            places
        });
        match places.get(&links::file_name(&path).to_lowercase())?.as_slice() {
            [only] if reference.text.starts_with('/') => Some(format!("/{only}")),
            [only] => Some(links::relative_to(&from.path, only)),
            _ => None,
        }
    }

    fn nearest_id(&self, reference: &Reference) -> Option<&str> {
        let alike = self.alike.get_or_init(|| self.by_digits());
        let text = &*reference.text;
        let numbers = reference.kinds.iter().filter_map(|kind| alike.get(&(kind.clone(), digits(text))));
        let ids =
            numbers.flat_map(|numbers| nearby_candidates(numbers, |&number| *self.record(number).id < *text));
        nearest(text, ids.map(|&number| &*self.record(number).id))
    }

    /// Records by kind and the digits of their identifier: `A-12` is not a misspelt `A-13`, but `A_12`
    /// may be a misspelt `A-12`. In the order of their identifiers.
    fn by_digits(&self) -> ByDigits {
        let mut alike: HashMap<_, Vec<u32>> = HashMap::new();
        for record in &self.records {
            alike.entry((record.kind.name.clone(), digits(&record.id))).or_default().push(record.number);
        }
        for numbers in alike.values_mut() {
            numbers.sort_by(|&a, &b| self.record(a).id.cmp(&self.record(b).id));
        }
        alike
    }

    /// The file at a path, where it was read.
    pub fn file_at(&self, path: &str) -> Option<&SourceFile> {
        let at = self.files.binary_search_by(|file| (**file.path()).cmp(path)).ok()?;
        self.files.get(at)
    }

    /// The records that a file is about: its own, else the one that its folder stands for, as with the
    /// README beside a `kep.yaml`.
    pub fn records_about<'s>(&'s self, file: &SourceFile) -> Vec<&'s Record> {
        let folder = || file.path().rsplit_once('/').map(|(folder, _)| folder);
        match file.records.is_empty() {
            false => file.records.clone().map(|id| self.record(id)).collect(),
            true => folder()
                .and_then(|folder| self.names.at_path(folder))
                .map(|id| self.record(id))
                .into_iter()
                .collect(),
        }
    }

    /// The files that are about a record without holding one: see [`Catalog::records_about`].
    pub fn pages_of<'s>(&'s self, record: &Record) -> impl Iterator<Item = &'s Arc<str>> {
        record.paths().into_iter().flat_map(move |folder| {
            let folder = format!("{folder}/");
            let first = self.files.partition_point(|file| **file.path() < *folder);
            let below = self.files[first..].iter().map_while(move |file| {
                let name = file.path().strip_prefix(&*folder)?;
                Some((file, !name.contains('/')))
            });
            below.filter(|(file, beside)| *beside && file.records.is_empty()).map(|(file, _)| file.path())
        })
    }

    /// The relative links of a file, each checked.
    pub fn links<'s>(&'s self, file: &'s SourceFile) -> Vec<CheckedLink<'s>> {
        links::check(self, file)
    }

    /// The path of a file as a link in the file `from` writes it.
    pub fn relative_path(&self, from: &str, path: &str) -> String {
        links::relative_to(from, path)
    }

    /// Who answers for a record, as its file names them.
    pub fn owner_text<'s>(&'s self, record: &'s Record) -> Option<&'s str> {
        self.references(record).find(|reference| reference.accountable).map(|reference| reference.text())
    }

    /// A record's name in reports.
    pub fn name_of(&self, record: &Record) -> RecordName {
        RecordName { kind: record.kind.name.clone(), id: record.id.clone() }
    }

    /// A place in a record's file.
    pub fn place(&self, record: &Record, span: Span) -> Place {
        Place { source: self.file_of(record).source().clone(), span }
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalog({:?})", self.counts())
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
