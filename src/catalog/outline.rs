//! The outline of a state: its files of records, and which records are in them, without their content. A later run that finds
//! the same content reads the outline in place of the files.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::kind::{Kind, Kinds};
use crate::node::{Mapping, Node};
use crate::profile::{Profile, Profiles};
use crate::record::{Fields, PathClassifier, Record, RecordContent};
use crate::snapshot::{FileEntry, Snapshot};
use crate::syntax::{Document, Format};
use crate::text::{Source, Span};

use super::{Catalog, SourceFile};

/// The files that can contain records, sorted by path.
#[derive(Serialize, Deserialize)]
pub struct Outline<'a> {
    #[serde(borrow)]
    files: Vec<OutlineFile<'a>>,
}

#[derive(Serialize, Deserialize)]
struct OutlineFile<'a> {
    path: &'a str,
    /// The identifier that the content has or would have in Git.
    #[serde(borrow)]
    blob: Cow<'a, [u8]>,
    length: u64,
    /// `None` if the file is irrelevant: it contains no records and does not have to.
    #[serde(borrow)]
    records: Option<Vec<OutlineRecord<'a>>>,
}

#[derive(Serialize, Deserialize)]
struct OutlineRecord<'a> {
    /// The place of its kind among all kinds.
    kind: usize,
    /// The place of its profile among all profiles.
    profile: Option<usize>,
    id: &'a str,
    is_sole_record: bool,
}

impl Catalog {
    /// Returns the outline of the state; `None` if the cache is disabled, or if the content of a file is not known for sure.
    pub fn outline(&self, profiles: &Profiles) -> Option<Outline<'_>> {
        let (_, parses) = self.parse_cache.as_ref()?;
        let kinds = numbers(self.kinds.iter().map(|kind| &*kind.name));
        let profiles = numbers(profiles.iter().map(|profile| &*profile.name));
        let (mut parses, mut irrelevant) = (parses.iter().peekable(), self.irrelevant.iter().peekable());
        let mut relevant = self.files.iter().peekable();
        let mut files = Vec::new();
        for (number, entry) in (0..).zip(self.snapshot.files()) {
            let file = relevant.next_if(|file| *file.path() == entry.path);
            if file.is_none() && irrelevant.next_if(|other| **other == number).is_none() {
                continue;
            }
            let parse = parses.next_if(|(other, _)| *other == number);
            let (blob, length) = match (parse, file) {
                (Some((_, parse)), _) => (Cow::Borrowed(parse.blob.as_bytes()), parse.length),
                (None, Some(file)) if !file.unreadable => {
                    let id = self.snapshot.id_of_text(file.source())?;
                    (Cow::Owned(id.as_bytes().to_vec()), file.source().byte_len() as u64)
                }
                (None, _) => return None,
            };
            let records = match file {
                Some(file) => {
                    let records = &self.records[file.records.start as usize..file.records.end as usize];
                    let outlined = records.iter().map(|record| OutlineRecord::new(record, &kinds, &profiles));
                    Some(outlined.collect::<Option<_>>()?)
                }
                None => None,
            };
            files.push(OutlineFile { path: &entry.path, blob, length, records });
        }
        Some(Outline { files })
    }
}

type Numbers<'n> = HashMap<&'n str, usize>;

fn numbers<'n>(names: impl Iterator<Item = &'n str>) -> Numbers<'n> {
    names.enumerate().map(|(number, name)| (name, number)).collect()
}

impl Outline<'_> {
    /// Returns the records of a snapshot, without fields and references, under the same numbers as in its catalog. `None` if
    /// another state has this outline.
    pub fn records(
        &self,
        snapshot: &Arc<Snapshot>,
        kinds: &Arc<Kinds>,
        profiles: &Profiles,
        config: &Config,
    ) -> Option<Catalog> {
        let entries = self.entries_in(snapshot, PathClassifier { kinds, profiles, config })?;
        let known_kinds: Vec<&Arc<Kind>> = kinds.iter().collect();
        let known_profiles: Vec<&Arc<Profile>> = profiles.iter().collect();
        let mut parsed = Vec::with_capacity(entries.len());
        for (file, entry) in self.files.iter().zip(entries) {
            let Some(records) = &file.records else { continue };
            let record = |record: &OutlineRecord<'_>| {
                let profile = match record.profile {
                    Some(number) => Some((*known_profiles.get(number)?).clone()),
                    None => None,
                };
                Some(record.record((*known_kinds.get(record.kind)?).clone(), profile, entry.path.clone()))
            };
            let records: Option<Vec<Record>> = records.iter().map(record).collect();
            parsed.push((source_file(snapshot, entry), records?));
        }
        Some(Catalog::new(snapshot.clone(), kinds.clone(), config.clone(), parsed, None))
    }

    /// Returns the files of a snapshot that this outline is about, if they are the same.
    fn entries_in<'s>(
        &self,
        snapshot: &'s Snapshot,
        classifier: PathClassifier<'_>,
    ) -> Option<Vec<&'s FileEntry>> {
        let mut files = self.files.iter().peekable();
        let is_known = |entry: &&FileEntry| files.next_if(|file| *file.path == *entry.path).is_some();
        let (known, others): (Vec<&FileEntry>, Vec<&FileEntry>) = snapshot.files().iter().partition(is_known);
        let is_unchanged = |(file, entry): (&OutlineFile<'_>, &&FileEntry)| {
            snapshot.has_content(entry, &file.blob, file.length)
        };
        let is_same = known.len() == self.files.len()
            && self.files.par_iter().zip(&known).all(is_unchanged)
            && !others.par_iter().any(|entry| classifier.is_candidate(&entry.path));
        is_same.then_some(known)
    }
}

impl<'a> OutlineRecord<'a> {
    fn new(record: &'a Record, kinds: &Numbers<'_>, profiles: &Numbers<'_>) -> Option<OutlineRecord<'a>> {
        let profile = match &record.profile {
            Some(profile) => Some(*profiles.get(&*profile.name)?),
            None => None,
        };
        let kind = *kinds.get(&*record.kind.name)?;
        Some(OutlineRecord { kind, profile, id: &record.id, is_sole_record: record.is_sole_record })
    }

    /// Returns the record without its content.
    fn record(&self, kind: Arc<Kind>, profile: Option<Arc<Profile>>, path: Arc<str>) -> Record {
        let start = Span::at(0);
        Record::from_cached(RecordContent {
            kind,
            id: self.id.into(),
            title: None,
            profile,
            path,
            span: start,
            name_span: start,
            fields: Fields::from(Node::mapping(start, Mapping::default())),
            mentions: Box::default(),
            other_names: Box::default(),
            file_id: None,
            letters: None,
            is_sole_record: self.is_sole_record,
            has_other_schema: false,
            names_in_items: false,
            format_violations: Vec::new(),
        })
    }
}

fn source_file(snapshot: &Arc<Snapshot>, entry: &FileEntry) -> SourceFile {
    let (state, path) = (snapshot.clone(), entry.path.clone());
    let text = move || {
        let source = state.read_path(&path);
        source.map(|source| source.text().as_bytes().to_vec()).unwrap_or_default()
    };
    SourceFile {
        number: 0,
        document: Arc::new(Document {
            source: Arc::new(Source::lazy(entry.path.clone(), text)),
            format: Format::Markdown,
            roots: Vec::new(),
            markdown: None,
            problems: Vec::new(),
        }),
        blob: None,
        unreadable: false,
        must_contain_record: false,
        index: None,
        notes: Vec::new(),
        records: 0..0,
        ignores: Vec::new(),
    }
}
