//! Builds a catalog from the files of a snapshot. Each is parsed in parallel, unless another catalog or the parse cache has its blob.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::config::Config;
use crate::format::Formats;
use crate::kind::Kinds;
use crate::limits;
use crate::node::Node;
use crate::record::{Recognised, Recogniser, Record};
use crate::snapshot::{self, BlobId, LikelyBlob, Snapshot};
use crate::suppression::find_ignores;
use crate::syntax::{self, Document, Format, Problem};
use crate::text::{Source, Span};

use super::parse_cache::{BlobParse, Parse, ParseCache};
use super::{Catalog, IndexReach, SourceFile, indexes};

/// The most files that a thread parses before others can take over: a list of records may take as long as a hundred pages.
const FILES_PER_TASK: usize = 4;

/// The most paths that a thread classifies before another one can take over the rest, also while it compiles globs.
const PATHS_PER_TASK: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadScope {
    Records,
    /// Those and their companion pages, whose links and prose are checked too.
    Pages,
}

impl Catalog {
    /// Reads the records of a snapshot. `reuse` is another state, read by the same policy and in at least this scope.
    pub fn read(
        snapshot: Arc<Snapshot>,
        kinds: Arc<Kinds>,
        formats: &Formats,
        config: &Config,
        scope: ReadScope,
        reuse: Option<&Catalog>,
    ) -> Catalog {
        let recogniser = Recogniser::new(&kinds, formats, config);
        let classifier = recogniser.classifier;
        let with_pages = scope == ReadScope::Pages;
        // Few files differ from those of `reuse`; opening the cache for them takes longer than parsing them.
        let cache = reuse.is_none().then(|| ParseCache::open(&snapshot, &kinds, formats, config)).flatten();
        let needs_blobs = reuse.is_some() || cache.is_some();
        let reused = reuse.map(|it| it.known(snapshot.files())).unwrap_or_default();
        let cached = cache.as_ref().map(|cache| cache.find(snapshot.files())).unwrap_or_default();
        let reused = |number: usize| *reused.get(number)?;
        let cached = |number: usize| cached.get(number)?.as_ref();
        // Globs take longer than looking up what was read.
        let is_companion = |number: usize, path: &str| match (cached(number), reused(number)) {
            (Some(known), _) => Some(known.is_companion),
            (_, Some(_)) if with_pages => Some(false),
            _ if classifier.is_candidate(path) => Some(false),
            _ => (with_pages && classifier.is_companion_page(path)).then_some(true),
        };
        let candidate = |(number, file): (usize, &'_ snapshot::FileEntry)| {
            let is_companion = is_companion(number, &file.path).filter(|it| with_pages || !it)?;
            let is_known = reused(number).is_some_and(|(known, _)| file.is_copy_of(known));
            let blob = (needs_blobs && !is_known).then(|| snapshot.likely_blob(file)).flatten();
            Some((number as u32, blob, is_companion))
        };
        let files = snapshot.files().par_iter().with_max_len(PATHS_PER_TASK);
        let candidates: Vec<(u32, Option<LikelyBlob>, bool)> =
            files.enumerate().filter_map(candidate).collect();
        let parse = |&(number, blob, is_companion): &(u32, Option<LikelyBlob>, bool)| {
            let (number, file) = (number as usize, &snapshot.files()[number as usize]);
            let copied = || reused(number).filter(|(known, _)| file.is_copy_of(known));
            let reuse_copy = || Some((reuse?.parse_of(copied()?.1)?, None));
            let reuse_parse =
                || Some((reuse?.reuse(reused(number)?, blob?, || snapshot.blob_id(file))?, None));
            let load_parse = || {
                let found = cached(number)?;
                Some((cache.as_ref()?.get(found, file, blob?)?, Some(found.clone())))
            };
            let parse_new = || {
                let (parse, length) = parse_file(&snapshot, file, &recogniser, None)?;
                Some(match (&cache, blob) {
                    (Some(cache), Some(LikelyBlob { id, .. })) => {
                        cache.insert(parse, length, file, (id, is_companion))
                    }
                    _ => (parse, None),
                })
            };
            reuse_copy().or_else(reuse_parse).or_else(load_parse).or_else(parse_new)
        };
        let parses: Vec<Option<(Parse, Option<BlobParse>)>> =
            candidates.par_iter().with_max_len(FILES_PER_TASK).map(parse).collect();
        let (mut irrelevant, mut encoded) = (Vec::new(), Vec::new());
        let mut is_read = vec![false; snapshot.files().len()];
        // Collected into the memory of `parses`.
        let relevant = |(at, parse): (usize, Option<(Parse, Option<BlobParse>)>)| {
            let ((parse, of_blob), number) = (parse?, candidates[at].0);
            encoded.extend(of_blob.map(|of_blob| (number, of_blob)));
            match parse {
                Some(_) => is_read[number as usize] = true,
                None => irrelevant.push(number),
            }
            parse
        };
        let mut parsed: Vec<_> = parses.into_iter().enumerate().filter_map(relevant).collect();
        if scope == ReadScope::Pages {
            let pages = indexes::of(&snapshot, &parsed, &is_read);
            let pages = pages.into_iter().map(|(number, reach)| (number, &snapshot.files()[number], reach));
            for (number, file, reach) in pages.filter(|(_, file, _)| !config.excludes(&file.path)) {
                if let Some((Some(page), _)) = parse_file(&snapshot, file, &recogniser, Some(reach)) {
                    is_read[number] = true;
                    parsed.push(page);
                }
            }
            irrelevant.retain(|number| !is_read[*number as usize]);
            parsed.sort_unstable_by(|(one, _), (other, _)| one.path().cmp(other.path()));
        }
        let (kinds, config, names) = (kinds.clone(), config.clone(), OnceLock::new());
        let catalog = Catalog::new(snapshot.clone(), kinds, config, parsed, names, None, reuse);
        Catalog { parse_cache: cache.map(|cache| (cache, encoded)), irrelevant, ..catalog }
    }

    pub fn save_parse_cache(&self) {
        if let Some((cache, parses)) = &self.parse_cache {
            cache.save(parses);
        }
    }

    /// Returns what this catalog has read of other files, which are sorted by path, each in this state.
    fn known<'s>(&'s self, files: &[snapshot::FileEntry]) -> Vec<Option<Known<'s>>> {
        let mut irrelevant = self.irrelevant.iter().peekable();
        let mut is_irrelevant = |number| irrelevant.next_if(|it| **it as usize == number).is_some();
        let is_read = |(at, (_, file)): &(usize, Known<'_>)| {
            is_irrelevant(*at) || file.is_some_and(|it| it.index.is_none())
        };
        let mut read = self.entries().enumerate().filter(is_read).map(|(_, known)| known).peekable();
        let find = |file: &snapshot::FileEntry| {
            while read.next_if(|(known, _)| known.path < file.path).is_some() {}
            read.next_if(|(known, _)| known.path == file.path)
        };
        files.iter().map(find).collect()
    }

    /// Returns the known parse of a file if it has this likely blob; `blob_id` looks its blob up.
    fn reuse(
        &self,
        (entry, file): Known<'_>,
        likely: LikelyBlob,
        blob_id: impl Fn() -> Option<BlobId>,
    ) -> Option<Parse> {
        let blob = file.and_then(|file| file.blob).or_else(|| self.snapshot.blob_id(entry))?;
        if blob != likely.id || blob != blob_id()? {
            return None;
        }
        self.parse_of(file)
    }

    /// Returns what was read of a file, for another state.
    fn parse_of(&self, file: Option<&SourceFile>) -> Option<Parse> {
        let Some(file) = file else { return Some(None) };
        if file.unreadable {
            return None;
        }
        Some(Some((SourceFile { records: 0..0, ..file.clone() }, self.records_of(file).to_vec())))
    }
}

/// A file of another state, and what was read of it; `None` if that is irrelevant.
type Known<'c> = (&'c snapshot::FileEntry, Option<&'c SourceFile>);

/// Parses a file and returns its length in bytes; `None` if it is no candidate, a parse of `None` if it is irrelevant.
fn parse_file(
    snapshot: &Snapshot,
    file: &snapshot::FileEntry,
    recogniser: &Recogniser,
    index: Option<IndexReach>,
) -> Option<(Parse, u64)> {
    let format = recogniser.classifier.config.format_of(&file.path)?;
    let source = match snapshot.read(file) {
        Ok(source) => source,
        Err(problem) => return Some((Some(unreadable_file(file, problem, format, recogniser)?), 0)),
    };
    let length = source.byte_len() as u64;
    let mut document = syntax::parse(source, format);
    let mut recognised = recogniser.recognise(&document);
    if index.is_some() {
        recognised.records.clear();
        recognised.notes.clear();
    }
    let is_relevant = index.is_some()
        || recognised.must_contain_record
        || !recognised.records.is_empty()
        || !recognised.notes.is_empty();
    if !is_relevant && !recognised.is_truncated {
        return Some((None, length));
    }
    let Recognised { mut records, must_contain_record, notes, problem, .. } = recognised;
    document.problems.extend(problem);
    let mut ignores = find_ignores(&document, &records);
    if let Some(ignore) = ignores.get(limits::IGNORES) {
        document.problems.push(Problem::too_many(
            limits::IGNORES,
            "ignore comments in this file",
            ignore.span,
        ));
        ignores.clear();
        records.clear();
    }
    document.free_trees();
    records.iter_mut().for_each(|record| record.read_from(&document.source));
    let file = SourceFile { must_contain_record, index, notes, ignores, ..SourceFile::new(document) };
    Some((Some((file, records)), length))
}

fn unreadable_file(
    file: &snapshot::FileEntry,
    problem: Problem,
    format: Format,
    recogniser: &Recogniser,
) -> Option<(SourceFile, Vec<Record>)> {
    let classifier = recogniser.classifier;
    if !classifier.is_candidate(&file.path) {
        return None;
    }
    let source = Arc::new(Source::new(file.path.clone(), Vec::new()));
    let document = Document::unparsed(source, format, vec![problem]);
    let must_contain_record = classifier.must_contain_record(&file.path);
    Some((SourceFile { unreadable: true, must_contain_record, ..SourceFile::new(document) }, Vec::new()))
}

impl Catalog {
    /// Returns a file with its trees and all parts of its page. Parses it once.
    pub fn document<'s>(&'s self, file: &'s SourceFile) -> &'s Document {
        let Some(at) = self.index_of(file) else { return &file.document };
        let parse = || Box::new(syntax::parse(file.source().clone(), file.document.format));
        self.lazy.documents[at].get_or_init(parse)
    }

    /// Returns the mapping that a record is written as, before its fields get canonical names; `None` for the row of a table.
    pub fn mapping_of<'s>(&'s self, record: &'s Record) -> Option<&'s Node> {
        let document = self.document(self.file_of(record));
        let lead = document.markdown.as_ref().and_then(|page| page.lead.as_ref()).map(|lead| &lead.fields);
        outermost_mapping(document.roots.iter().chain(lead), record.span)
    }
}

/// Returns the first mapping within a span that is in no other mapping within it.
fn outermost_mapping<'n>(nodes: impl Iterator<Item = &'n Node>, within: Span) -> Option<&'n Node> {
    let mut open: Vec<&Node> = nodes.collect();
    open.reverse();
    while let Some(node) = open.pop() {
        if node.span.end < within.start || node.span.start > within.end {
            continue;
        }
        match (node.as_mapping(), node.as_sequence()) {
            (Some(_), _) if within.contains(node.span) => return Some(node),
            (Some(mapping), _) => open.extend(mapping.entries().iter().rev().map(|entry| &entry.value)),
            (_, Some(items)) => open.extend(items.iter().rev()),
            _ => {}
        }
    }
    None
}
