//! Files that should be records and are not read, with the reasons.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::catalog::{Catalog, SourceFile};
use crate::format::{self, Formats};
use crate::layout;
use crate::record::{ExpectedRecord, Recogniser, Refusal};
use crate::snapshot::FileEntry;
use crate::syntax::{self, Format};
use crate::text::{Source, Span, file_name, folder_of};

/// The files of a folder that should be records and are none for one reason.
#[derive(Clone, Debug)]
pub struct UnreadFile {
    pub folder: String,
    pub refusal: Refusal,
    /// The first of them, as an example.
    pub source: Arc<Source>,
    /// Its title, else its first line.
    pub span: Span,
    pub paths: Vec<Arc<str>>,
    /// How many files of the folder are records, or should be.
    pub total: usize,
    /// True if a change adds them to others.
    pub is_added: bool,
    /// What tells it from others of the folder.
    pub identity: String,
    /// False where the habits of a community that is not known may be the reason.
    pub is_certain: bool,
}

struct Unread<'c> {
    file: &'c FileEntry,
    folder: &'c str,
    is_opaque: bool,
    refusal: Refusal,
    is_added: bool,
    /// True if an ignore comment may be about this file alone.
    is_apart: bool,
}

#[derive(Clone, Copy, Default)]
struct Folder<'c> {
    read: usize,
    numbered: usize,
    format: Option<&'c Arc<format::Format>>,
}

/// The fewest records whose names show how those of a folder are named.
const MIN_NUMBERED: usize = 3;

/// Finds the files that should be records and are not read, by folder. `added` are the paths that a change adds.
pub(super) fn find(catalog: &Catalog, formats: &Formats, added: &HashSet<Arc<str>>) -> Vec<UnreadFile> {
    let recogniser = Recogniser::new(catalog.kinds(), formats, catalog.config());
    let counts = count_records(catalog);
    let records_in = |folder: &str| counts.get(folder).copied().unwrap_or_default();
    let expected = |path, is_read| recogniser.classifier.expected(path, records_in, is_read);
    // A file with problems or notes has findings of its own.
    let is_silent = |known: &SourceFile| {
        known.records.is_empty() && known.problems().is_empty() && known.notes.is_empty()
    };
    let entries: Vec<_> = catalog.entries().collect();
    let others = entries.into_par_iter().filter(|(_, known)| known.is_none_or(is_silent));
    let others: Vec<_> =
        others.filter_map(|(file, known)| Some((file, expected(&*file.path, false)?, known))).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let records = catalog.files().par_iter().filter(|file| !file.records.is_empty());
    let records: Vec<_> = records.filter_map(|file| Some((file, expected(&**file.path(), true)?))).collect();
    let folders = folders(catalog, &records);
    let names: HashSet<&str> = records.iter().map(|(file, _)| name_of(file.path())).collect();
    let opaque = others.iter().filter(|(_, it, _)| it.is_opaque).map(|(file, ..)| &*file.path);
    let mentioned = mentioned(catalog, &opaque.collect::<Vec<_>>());
    let unread = others.into_par_iter().filter_map(|(file, expected, known)| {
        let belongs_to_record = match expected.is_opaque {
            true => mentioned.contains(file_name(&file.path)),
            // `0007-queues.html` and `0007-queues.csv` belong to `0007-queues.md`.
            false => catalog.config().format_of(&file.path).is_none() && names.contains(name_of(&file.path)),
        };
        if belongs_to_record {
            return None;
        }
        let folder = folders.get(expected.folder).copied().unwrap_or_default();
        let content = || refusal_of_content(catalog, &recogniser, file, folder);
        let refusal = expected.refusal.clone().or_else(content)?;
        is_expected(&expected, folder, &refusal).then(|| Unread {
            file,
            folder: expected.folder,
            is_opaque: expected.is_opaque,
            refusal,
            is_added: added.contains(&file.path),
            is_apart: known.is_some_and(|known| !known.ignores.is_empty()),
        })
    });
    group(catalog, unread.collect(), &folders)
}

fn folders<'c>(
    catalog: &'c Catalog,
    records: &[(&'c SourceFile, ExpectedRecord<'c>)],
) -> HashMap<&'c str, Folder<'c>> {
    let mut folders: HashMap<&str, Folder> = HashMap::new();
    for (file, expected) in records {
        let folder = folders.entry(expected.folder).or_default();
        folder.read += 1;
        folder.numbered += usize::from(expected.is_numbered);
        let format = || file.records.clone().find_map(|number| catalog.record(number).format.as_ref());
        folder.format = folder.format.or_else(format);
    }
    folders
}

/// Returns why a file is no record by its content. Programs write JSON for themselves.
fn refusal_of_content(
    catalog: &Catalog,
    recogniser: &Recogniser<'_>,
    file: &FileEntry,
    folder: Folder<'_>,
) -> Option<Refusal> {
    let source = catalog.snapshot().read(file).ok()?;
    let format = catalog.config().format_of(&file.path)?;
    let is_of_person = || catalog.config().source.is_some() || source.text().contains("\"$schema\"");
    if format == Format::Json && !is_of_person() {
        return None;
    }
    recogniser.refusal(&syntax::parse(source, format), folder.format)
}

/// Returns false for a page that accompanies records: without a number where all have one, or without anything of a record.
fn is_expected(expected: &ExpectedRecord<'_>, folder: Folder<'_>, refusal: &Refusal) -> bool {
    let Folder { read, numbered, .. } = folder;
    let all_have = numbered >= MIN_NUMBERED && numbered == read;
    let is_free = expected.is_by_folder_name && !expected.is_numbered;
    let accompanies = all_have || refusal.is_unlike && read > 0;
    !(is_free && accompanies || expected.is_attached && all_have && refusal.is_unlike)
}

/// Returns the path up to the number in the name of a file, else up to its ending.
fn name_of(path: &str) -> &str {
    let name = file_name(path);
    let digits = name.find(|c: char| c.is_ascii_digit());
    let end = digits.map(|digits| digits + name[digits..].bytes().take_while(u8::is_ascii_digit).count());
    &path[..path.len() - name.len() + end.or_else(|| name.rfind('.')).unwrap_or(name.len())]
}

/// Returns the names of files that a page or a file of records contains, of those at `paths`.
fn mentioned<'p>(catalog: &Catalog, paths: &[&'p str]) -> HashSet<&'p str> {
    let names: Vec<&str> = paths.iter().map(|path| file_name(path)).collect();
    let spelt = names.iter().flat_map(|name| [(*name).to_owned(), name.replace(' ', "%20")]);
    let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(spelt);
    let Some(search) = search.ok().filter(|_| !names.is_empty()) else { return HashSet::new() };
    let found_in = |file: &SourceFile| -> HashSet<&str> {
        search.find_iter(file.source().text()).map(|hit| names[hit.pattern().as_usize() / 2]).collect()
    };
    catalog.files().par_iter().flat_map_iter(found_in).collect()
}

fn count_records(catalog: &Catalog) -> HashMap<&str, usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for record in catalog.records().iter().filter(|record| record.is_sole_record) {
        if catalog.config().format_of(&record.path).is_some_and(Format::is_page) {
            let folder = folder_of(&record.path);
            *counts.entry(folder).or_default() += 1;
        }
    }
    counts
}

fn group(catalog: &Catalog, unread: Vec<Unread<'_>>, folders: &HashMap<&str, Folder<'_>>) -> Vec<UnreadFile> {
    let mut totals: HashMap<&str, usize> = HashMap::new();
    let old = unread.iter().filter(|one| !one.is_added);
    let old: HashSet<(&str, Refusal)> = old.map(|it| (it.folder, it.refusal.clone())).collect();
    let mut groups: BTreeMap<_, Vec<&FileEntry>> = BTreeMap::new();
    for Unread { file, folder, is_opaque, refusal, is_added, is_apart } in unread {
        *totals.entry(folder).or_default() += usize::from(!is_opaque);
        let apart = is_apart.then(|| file.path.clone());
        let is_added = is_added && old.contains(&(folder, refusal.clone()));
        groups.entry((folder, is_added, is_opaque, apart, refusal)).or_default().push(file);
    }
    let unread = groups.into_iter().filter_map(|((folder, is_added, is_opaque, apart, refusal), files)| {
        let first = files.first()?;
        let source = match is_opaque {
            true => Arc::new(Source::new(first.path.clone(), Vec::new())),
            false => catalog.snapshot().read(first).ok()?,
        };
        let added = if is_added { "added" } else { "" };
        let read = folders.get(folder).map_or(0, |folder| folder.read);
        Some(UnreadFile {
            folder: folder.to_owned(),
            identity: [added, apart.as_deref().unwrap_or_default(), &refusal.reason].join("\n"),
            is_certain: catalog.is_adopted() || refusal.is_mistake,
            refusal,
            span: name_span(&source),
            source,
            paths: files.iter().map(|file| file.path.clone()).collect(),
            total: read + totals[folder],
            is_added,
        })
    });
    let mut files: Vec<UnreadFile> = unread.collect();
    files.sort_by(|a, b| (&a.folder, b.paths.len()).cmp(&(&b.folder, a.paths.len())));
    files
}

fn name_span(source: &Arc<Source>) -> Span {
    let page = Format::from_path(source.path()).filter(|format| format.is_page());
    let document = page.map(|page| syntax::parse(source.clone(), page));
    let title = document.as_ref().and_then(|document| Some(layout::title(document)?.span));
    title.unwrap_or_else(|| source.line_span(source.bom_len()))
}

const MOST_NAMED: usize = 5;

impl UnreadFile {
    /// Returns true if the files are in a format that is read, so that a configuration can name them as records.
    pub fn is_readable(&self) -> bool {
        Format::is_page_path(self.source.path()) && !self.refusal.is_of_several
    }

    /// Names the first file and says how many are not read.
    pub fn notice(&self) -> String {
        format!("`{}`: {}", self.source.path(), self.message())
    }

    /// Says how many files are not read: `3 of 8 pages in `docs/adr/` are not read`.
    pub fn message(&self) -> String {
        let UnreadFile { folder, paths, total, is_added, refusal, .. } = self;
        let is_page = |path: &Arc<str>| Format::from_path(path).is_none_or(Format::is_page);
        let noun = if paths.iter().all(is_page) { "page" } else { "file" };
        let place = if folder.is_empty() { "the root".to_owned() } else { format!("`{folder}/`") };
        let added = if *is_added { "new " } else { "" };
        let reason = &refusal.reason;
        match paths.len() {
            1 => format!("this {added}{noun} in {place} is not read as a record: {reason}"),
            count if count == *total || *is_added => {
                format!("{count} {added}{noun}s in {place} are not read as records: {reason}")
            }
            count => {
                let names = paths.iter().take(MOST_NAMED).map(|path| format!("`{}`", file_name(path)));
                let more = (count > MOST_NAMED).then(|| "…".to_owned());
                let names = names.chain(more).collect::<Vec<_>>().join(", ");
                format!("{count} of {total} {noun}s in {place} are not read as records ({names}): {reason}")
            }
        }
    }
}
