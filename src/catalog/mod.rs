//! The index of all records of one state of a repository, with their references resolved in both directions.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ahash::HashMap;
use rayon::prelude::*;

use crate::config::Config;
use crate::finding::RecordName;
use crate::kind::{Kinds, WHO};
use crate::lazy::get_or_compute;
use crate::limits;
use crate::record::{Record, UnreadPart, is_frozen};
use crate::schema::Violation;
use crate::snapshot::{BlobId, FileEntry, Snapshot};
use crate::suppression::Ignore;
use crate::syntax::{Document, Format, Problem};
use crate::text::{Source, folder_of};

mod adoption;
mod anchors;
mod authority;
mod citations;
mod elsewhere;
mod indexes;
mod known_names;
mod links;
mod names;
mod overview;
mod parse_cache;
mod paths;
mod read;
mod references;
mod resolve;
mod suggest;

pub use adoption::{Adoption, RecordKey};
pub use citations::{CitingFile, CodeCitation};
pub use indexes::is_index_path;
use known_names::KnownNames;
pub use known_names::names_people;
pub use links::{BrokenReason, CheckedLink, LinkForm};
use names::Names;
use parse_cache::{BlobParse, ParseCache};
pub use paths::relative_to;
pub use read::ReadScope;
use references::References;
pub use references::{Citation, Reference, Target};
pub use suggest::LinkRemedy;
use suggest::SuggestionIndex;

/// The records of one state. They are numbered in the order of their files' paths, then of their place in the file.
pub struct Catalog {
    snapshot: Arc<Snapshot>,
    kinds: Arc<Kinds>,
    config: Config,
    files: Vec<SourceFile>,
    records: Vec<Record>,
    by_kind: BTreeMap<Arc<str>, Vec<u32>>,
    /// Built on first use: looking up the decisions that govern a path rarely needs names.
    names: OnceLock<Arc<Names>>,
    references: Arc<References>,
    lazy: LazyIndexes,
    /// Each parse has the index of its file in the snapshot.
    parse_cache: Option<(ParseCache, Vec<(u32, BlobParse)>)>,
    /// The files that were read and are not in `files`, by their index in the snapshot.
    irrelevant: Vec<u32>,
    is_adopted: bool,
    adoption: Adoption,
}

#[derive(Default)]
struct LazyIndexes {
    files_by_path: OnceLock<HashMap<Arc<str>, u32>>,
    violations: Vec<OnceLock<Box<[Violation]>>>,
    anchors: Vec<OnceLock<Box<anchors::Anchors>>>,
    /// The files with the trees and parts of pages that only some rules read.
    documents: Vec<OnceLock<Box<Document>>>,
    cycles: overview::Cycles,
    namesakes: overview::Namesakes,
    case_twins: overview::CaseTwins,
    suggestions: SuggestionIndex,
    citations: OnceLock<Vec<CitingFile>>,
    known_names: OnceLock<KnownNames>,
    elsewhere: OnceLock<elsewhere::Index>,
    is_site: OnceLock<bool>,
    unread_labels: OnceLock<overview::UnreadLabels>,
}

/// What is checked of a page that is read because of the records of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexReach {
    Page,
    /// What it says of records. It introduces more than them.
    Records,
}

/// A file that contains records, or that may.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub number: u32,
    pub document: Arc<Document>,
    /// The identifier of its content in Git, if its parse is from the cache.
    pub blob: Option<BlobId>,
    pub unreadable: bool,
    /// True if the path is one for records only.
    pub must_contain_record: bool,
    /// For a page without records that is read because of others; see the module `indexes`.
    pub index: Option<IndexReach>,
    /// The parts that look like records and are none.
    pub notes: Vec<UnreadPart>,
    pub records: Range<u32>,
    pub ignores: Vec<Ignore>,
}

impl SourceFile {
    fn new(document: Document) -> SourceFile {
        SourceFile {
            number: 0,
            document: Arc::new(document),
            blob: None,
            unreadable: false,
            must_contain_record: false,
            index: None,
            notes: Vec::new(),
            records: 0..0,
            ignores: Vec::new(),
        }
    }

    pub fn path(&self) -> &Arc<str> {
        self.document.source.path()
    }

    pub fn source(&self) -> &Arc<Source> {
        &self.document.source
    }

    pub fn problems(&self) -> &[Problem] {
        &self.document.problems
    }

    pub fn is_incomplete(&self) -> bool {
        self.document.problems.iter().any(|problem| problem.fatal)
    }
}

impl Catalog {
    /// Indexes files, sorted by path. The known names may be those of another state; `adoption` is that of the state that the policy comes
    /// from. What names and references lead to is shared with `reuse`, if that is another state with the same.
    fn new(
        snapshot: Arc<Snapshot>,
        kinds: Arc<Kinds>,
        config: Config,
        mut parsed: Vec<(SourceFile, Vec<Record>)>,
        known_names: OnceLock<KnownNames>,
        adoption: Option<Adoption>,
        reuse: Option<&Catalog>,
    ) -> Catalog {
        // Practice rules apply to the same records in both states of a change.
        let adoption = adoption.or_else(|| reuse.map(|known| known.adoption.clone()));
        let by_records = || Adoption::of(parsed.iter().flat_map(|(_, records)| records));
        let adoption = adoption.unwrap_or_else(by_records);
        let mut next = 0;
        for (file, records) in &mut parsed {
            file.records = next..next + records.len() as u32;
            next = file.records.end;
        }
        parsed.par_iter_mut().enumerate().for_each(|(document, (file, records))| {
            file.number = document as u32;
            for (record, number) in records.iter_mut().zip(file.records.clone()) {
                (record.number, record.document) = (number, file.number);
                record.is_adopted = adoption.adopts(record, &config);
                record.is_frozen = record.lies_in_archive(&config) && adoption.was_adopted(record).is_none();
                record.is_configured = config.record_files(&record.path).is_some();
                // It depends on all of these.
                record.is_live = OnceLock::new();
            }
        });
        let (files, of_files): (Vec<SourceFile>, Vec<Vec<Record>>) = parsed.into_iter().unzip();
        let records: Vec<Record> = of_files.into_iter().flatten().collect();
        let is_adopted = records.iter().any(|record| record.is_adopted);
        let mut by_kind: BTreeMap<Arc<str>, Vec<u32>> = BTreeMap::new();
        for record in &records {
            by_kind.entry(record.kind.name.clone()).or_default().push(record.number);
        }
        let lazy = LazyIndexes {
            violations: records.iter().map(|_| OnceLock::new()).collect(),
            anchors: files.iter().map(|_| OnceLock::new()).collect(),
            documents: files.iter().map(|_| OnceLock::new()).collect(),
            known_names,
            ..LazyIndexes::default()
        };
        let mut catalog = Catalog {
            is_adopted,
            adoption,
            snapshot,
            kinds,
            config,
            files,
            names: OnceLock::new(),
            records,
            by_kind,
            references: Arc::default(),
            lazy,
            parse_cache: None,
            irrelevant: Vec::new(),
        };
        if let Some(known) = reuse.filter(|known| catalog.resolves_as(known)) {
            (catalog.names, catalog.references) = (known.names.clone(), known.references.clone());
            return catalog;
        }
        let records = catalog.records.iter();
        let may_name: Vec<&Record> = records.filter(|record| record.names_in_items).collect();
        if !may_name.is_empty() {
            // Built once before the tasks, which would each build them.
            catalog.names();
        }
        let with_names = |record: &Record| catalog.named_in_items(record, catalog.file_of(record).source());
        let named: Vec<Record> = may_name.into_par_iter().filter_map(with_names).collect();
        for record in named {
            let at = record.number as usize;
            catalog.records[at] = record;
        }
        catalog.references = Arc::new(catalog.resolve_all());
        catalog
    }

    /// Returns true if names lead to the same records as in another state, by their numbers, from places that are the same.
    fn resolves_as(&self, other: &Catalog) -> bool {
        let paths = |it: &Catalog| (it.files.len(), it.records.len(), it.snapshot.files().len());
        let is_same_path = |(one, other): (&FileEntry, &FileEntry)| one.path == other.path;
        let is_whole = |file: &SourceFile| !file.unreadable && !file.is_incomplete();
        let is_same = |(one, other): (&Record, &Record)| {
            Arc::ptr_eq(one.content(), other.content()) || one.is_named_as(other)
        };
        paths(self) == paths(other)
            && self.adoption.kinds == other.adoption.kinds
            && self.files.iter().chain(&other.files).all(is_whole)
            && self.records.iter().zip(&other.records).all(is_same)
            && !self.records.iter().any(|record| record.names_in_items)
            && self.snapshot.files().iter().zip(other.snapshot.files()).all(is_same_path)
            && self.snapshot.opaque_entries() == other.snapshot.opaque_entries()
            && self.known_names() == other.known_names()
    }

    /// Returns true if both states resolve references in the same way.
    pub fn shares_references(&self, other: &Catalog) -> bool {
        Arc::ptr_eq(&self.references, &other.references)
    }

    /// See [`Record::with_leading_names`]; the record may be of another state, with its source.
    pub fn named_in_items(&self, record: &Record, source: &Source) -> Option<Record> {
        let is_known =
            |kinds: &[Arc<str>], name: &str| matches!(self.resolve(record, kinds, name), Target::Record(_));
        let is_meant = |kinds: &[Arc<str>], word: &str| self.is_misspelt_id(kinds, word);
        record.with_leading_names(source, self.has_directory(), is_known, is_meant)
    }

    fn names(&self) -> &Arc<Names> {
        get_or_compute(&self.names, || Arc::new(Names::new(&self.records)))
    }

    fn known_names(&self) -> &KnownNames {
        self.lazy.known_names.get_or_init(|| KnownNames::read(&self.snapshot, &self.files))
    }

    /// Returns true if pages here are read elsewhere than on GitHub: on a site, or on another host.
    fn is_site(&self) -> bool {
        let mut files = self.snapshot.files().iter();
        *self.lazy.is_site.get_or_init(|| files.any(|file| links::shows_site(&file.path)))
    }

    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Returns true for a page in an archive: all of its records are frozen, or it is the index of such.
    pub fn is_frozen(&self, file: &SourceFile) -> bool {
        if file.records.is_empty() {
            let path = file.path();
            return is_frozen(path) && Format::is_page_path(path) && self.config.record_files(path).is_none();
        }
        self.records_of(file).iter().all(|record| record.is_frozen)
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn kinds(&self) -> &Arc<Kinds> {
        &self.kinds
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

    pub fn of_kind(&self, kind: &str) -> &[u32] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    pub fn of_kind_below(&self, kind: &str, start: &str) -> &[u32] {
        self.below(self.of_kind(kind), start).1
    }

    /// Of sorted numbers, returns those of records whose paths begin with `start`, and the index of the first: records are sorted by path.
    fn below<'n>(&self, numbers: &'n [u32], start: &str) -> (usize, &'n [u32]) {
        let path = |number: u32| &*self.record(number).path;
        let first = numbers.partition_point(|&number| path(number) < start);
        let length = numbers[first..].partition_point(|&number| path(number).starts_with(start));
        (first, &numbers[first..first + length])
    }

    pub fn kinds_in_use(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_kind.keys()
    }

    /// Returns true if there is a record of the kind, here or where the policy comes from. Then a name without a record is unknown.
    pub fn is_in_use(&self, kind: &str) -> bool {
        self.by_kind.contains_key(kind) || self.adoption.kinds.contains(kind)
    }

    fn has_directory(&self) -> bool {
        WHO.iter().any(|kind| self.is_in_use(kind))
    }

    /// Returns true if there is a configuration or a record that is plainly in the native format: more than pages of a community.
    pub fn is_adopted(&self) -> bool {
        self.is_adopted
    }

    pub fn max_steps(&self) -> u64 {
        limits::steps(self.files.len(), self.records.len())
    }

    pub fn targets<'s>(&'s self, record: &'s Record, field: &str) -> impl Iterator<Item = &'s Record> {
        let through = self.references(record).filter(move |reference| reference.is_in(field));
        through.filter_map(|reference| reference.target.record().map(|number| self.record(number)))
    }

    /// Returns the violations of the schema of a record's kind. Past a limit, the last one is a [`Violation::limit`].
    pub fn violations(&self, record: &Record) -> &[Violation] {
        self.lazy.violations[record.number as usize].get_or_init(|| {
            let limit = limits::violations_of_each(self.file_of(record).records.len());
            record.practised_violations(limit).into()
        })
    }

    /// Returns the records with the kind, the identifier and the scope of a record, which may be of another state.
    pub fn same_identity<'s>(&'s self, record: &'s Record) -> impl Iterator<Item = &'s Record> {
        let same_id = self.names().by_id(record);
        // Most identifiers are those of one record.
        let near = if same_id.len() > 1 { self.below(same_id, record.start_of_scope()).1 } else { same_id };
        let same_id = near.iter().map(|&id| self.record(id));
        same_id.filter(move |other| other.shares_scope(record))
    }

    pub fn with_key(&self, kind: &str, key: &str) -> &[u32] {
        self.names().by_key(kind, key)
    }

    pub fn named(&self, kind: &str, name: &str) -> &[u32] {
        self.names().named(kind, name)
    }

    pub fn is_named(&self, record: &Record, text: &str) -> bool {
        self.find_by_id_or_name(&record.kind.name, text, record).binary_search(&record.number).is_ok()
    }

    /// Returns the index of a file; `None` for one of another state.
    pub fn index_of(&self, file: &SourceFile) -> Option<usize> {
        let at = file.number as usize;
        let own = self.files.get(at)?;
        Arc::ptr_eq(&own.document, &file.document).then_some(at)
    }

    /// Returns the files of the snapshot, each with what was read of it.
    pub fn entries(&self) -> impl Iterator<Item = (&FileEntry, Option<&SourceFile>)> {
        let mut read = self.files.iter().peekable();
        self.snapshot.files().iter().map(move |entry| {
            // Compares the pointers first: comparing the texts of all paths takes several times as long.
            if let Some(file) = read.next_if(|file| Arc::ptr_eq(file.path(), &entry.path)) {
                return (entry, Some(file));
            }
            // Of the base policy, there may be files that the snapshot lacks.
            while read.next_if(|file| *file.path() < entry.path).is_some() {}
            (entry, read.next_if(|file| *file.path() == entry.path))
        })
    }

    pub fn file_at(&self, path: &str) -> Option<&SourceFile> {
        let numbered = || self.files.iter().map(|file| (file.path().clone(), file.number)).collect();
        let by_path = self.lazy.files_by_path.get_or_init(numbered);
        self.files.get(*by_path.get(path)? as usize)
    }

    pub fn records_of(&self, file: &SourceFile) -> &[Record] {
        &self.records[file.records.start as usize..file.records.end as usize]
    }

    /// Returns the records that a file is about: its own, else that of its folder, as for the README beside a `kep.yaml`.
    pub fn records_about<'s>(&'s self, file: &SourceFile) -> Vec<&'s Record> {
        if file.records.is_empty() {
            let of_folder = self.names().at_path(folder_of(file.path()));
            return of_folder.map(|id| self.record(id)).into_iter().collect();
        }
        self.records_of(file).iter().collect()
    }

    /// Returns the files without records that are about a record, see [`Catalog::records_about`].
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

    /// Returns the references in the first accountable field that has any.
    pub fn owner_references<'s>(&'s self, record: &'s Record) -> Vec<Reference<'s>> {
        let in_field = |field: &str| {
            self.references(record).filter(|reference| reference.field() == field).collect::<Vec<_>>()
        };
        let mut fields = record.accountable().iter().map(|field| in_field(field));
        fields.find(|found| !found.is_empty()).unwrap_or_default()
    }

    pub fn name_of(&self, record: &Record) -> RecordName {
        RecordName { kind: record.kind.name.clone(), id: record.id.clone() }
    }
}
