//! Files that should be records and are not read, with the reasons.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use aho_corasick::{AhoCorasick, MatchKind};
use rayon::iter::Either;
use rayon::prelude::*;

use crate::catalog::{Catalog, SourceFile};
use crate::format::{self, Formats};
use crate::record::{ExpectedRecord, Recogniser, Refusal};
use crate::snapshot::FileEntry;
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

/// The files of a folder that should be records and are none for one reason.
#[derive(Clone, Debug)]
pub struct UnreadFile {
    /// The folder of the records.
    pub folder: String,
    pub refusal: Refusal,
    /// The first of them, as an example.
    pub source: Arc<Source>,
    /// Its title, else its first line.
    pub span: Span,
    /// The paths, in order.
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

/// A file, the length of its folder's path, and why it is not read.
struct Unread<'c> {
    file: &'c FileEntry,
    folder: &'c str,
    refusal: Refusal,
    is_added: bool,
    /// True for a file that only people can read, such as a deck, and that no text names.
    is_opaque: bool,
    /// True if an ignore comment may be about this file alone.
    is_apart: bool,
}

/// A file of records in a folder of records.
struct ReadFile<'c> {
    file: &'c SourceFile,
    folder: &'c str,
    is_numbered: bool,
}

/// Finds the files that should be records and are not read, by folder, the most frequent reason first. `added` are the
/// paths that a change adds.
pub(super) fn find(catalog: &Catalog, formats: &Formats, added: &HashSet<Arc<str>>) -> Vec<UnreadFile> {
    let recogniser = Recogniser::new(catalog.kinds(), formats, catalog.config());
    let counts = count_records(catalog);
    let records_in = |folder: &str| counts.get(folder).copied().unwrap_or_default();
    let expected = |path, is_read| recogniser.classifier.expected(path, records_in, is_read);
    let entries: Vec<(&FileEntry, Option<&SourceFile>)> = catalog.entries().collect();
    let (read_files, others): (Vec<&SourceFile>, Vec<_>) =
        entries.into_par_iter().partition_map(|(file, known)| match known {
            Some(known) if !known.records.is_empty() => Either::Left(known),
            _ => Either::Right((file, known)),
        });
    // A file with problems or notes has findings of its own.
    let is_told = |known: &SourceFile| !known.problems().is_empty() || !known.notes.is_empty();
    let others = others.into_par_iter().filter(|(_, known)| !known.is_some_and(is_told));
    let others: Vec<_> =
        others.filter_map(|(file, known)| Some((file, expected(&*file.path, false)?, known))).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let records = read_files.into_par_iter().filter_map(|file| {
        let ExpectedRecord { folder, is_numbered, .. } = expected(&**file.path(), true)?;
        Some(ReadFile { file, folder, is_numbered })
    });
    let records: Vec<ReadFile> = records.collect();
    let (mut read, mut numbered): (HashMap<&str, usize>, HashMap<&str, usize>) = Default::default();
    let by_folder = formats_of(catalog, &records);
    for of_folder in records.chunk_by(|one, next| one.folder == next.folder) {
        let folder = of_folder[0].folder;
        *read.entry(folder).or_insert(0_usize) += of_folder.len();
        *numbered.entry(folder).or_default() += of_folder.iter().filter(|it| it.is_numbered).count();
    }
    // `0007-queues.html` and `0007-queues.csv` belong to `0007-queues.md`.
    let may_belong =
        |file: &FileEntry, it: &ExpectedRecord<'_>| !it.is_opaque && catalog.format_of(&file.path).is_none();
    let named: HashSet<&str> = match others.iter().any(|(file, it, _)| may_belong(file, it)) {
        true => records.iter().map(|it| name_of(it.file.path())).collect(),
        false => HashSet::new(),
    };
    let opaque = others.iter().filter(|(_, it, _)| it.is_opaque).map(|(file, ..)| &*file.path);
    let mentioned = mentioned(catalog, &opaque.collect::<Vec<_>>());
    let unread = others.into_par_iter().filter_map(|(file, expected, known)| {
        if may_belong(file, &expected) && named.contains(name_of(&file.path)) {
            return None;
        }
        if expected.is_opaque && mentioned.contains(file.path.rsplit('/').next().unwrap_or_default()) {
            return None;
        }
        let refusal = expected.refusal.clone().or_else(|| {
            let source = catalog.snapshot().read(file).ok()?;
            let format = catalog.format_of(&file.path)?;
            // Programs write JSON for themselves.
            let is_of_person = || catalog.config().source.is_some() || source.text().contains("\"$schema\"");
            if format == Format::Json && !is_of_person() {
                return None;
            }
            let document = syntax::parse(source, format);
            recogniser.refusal(&document, by_folder.get(expected.folder).copied())
        })?;
        if !is_expected(&expected, &read, &numbered, &refusal) {
            return None;
        }
        let is_apart = known.is_some_and(|known| !known.ignores.is_empty());
        Some(Unread {
            file,
            folder: expected.folder,
            refusal,
            is_added: added.contains(&file.path),
            is_opaque: expected.is_opaque,
            is_apart,
        })
    });
    let mut unread = group(catalog, unread.collect(), &read);
    for one in &mut unread {
        one.is_certain = catalog.is_adopted() || one.refusal.is_slip;
    }
    unread
}

/// Returns the path up to the number in the name of a file, else up to its ending.
fn name_of(path: &str) -> &str {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = &path[start..];
    let digits = name.find(|c: char| c.is_ascii_digit());
    let end = digits.map(|digits| digits + name[digits..].bytes().take_while(u8::is_ascii_digit).count());
    &path[..start + end.or_else(|| name.rfind('.')).unwrap_or(name.len())]
}

/// The records of each format, by its name.
type ByFormat<'c> = BTreeMap<&'c str, (usize, &'c Arc<format::Format>)>;

/// Returns the format of most records of each folder.
fn formats_of<'c>(
    catalog: &'c Catalog,
    records: &[ReadFile<'c>],
) -> HashMap<&'c str, &'c Arc<format::Format>> {
    let mut counts: HashMap<&str, (usize, ByFormat<'c>)> = HashMap::new();
    for of_folder in records.chunk_by(|one, next| one.folder == next.folder) {
        let (all, by_name) = counts.entry(of_folder[0].folder).or_default();
        *all += of_folder.len();
        let format = |file: &'c SourceFile| {
            file.records.clone().find_map(|number| catalog.record(number).format.as_ref())
        };
        for format in of_folder.iter().filter_map(|it| format(it.file)) {
            by_name.entry(&format.name).or_insert((0, format)).0 += 1;
        }
    }
    let most = |(folder, (all, by_name)): (&'c str, (usize, ByFormat<'c>))| {
        let (count, format) = by_name.into_values().max_by_key(|(count, _)| *count)?;
        (2 * count > all).then_some((folder, format))
    };
    counts.into_iter().filter_map(most).collect()
}

/// The fewest records whose names show how those of a folder are named.
const MIN_NUMBERED: usize = 3;

/// Returns false for a page without a number where all records have one, and for a page that only the name of its folder makes a
/// record and that has nothing of one: such pages accompany the records.
fn is_expected(
    expected: &ExpectedRecord<'_>,
    read: &HashMap<&str, usize>,
    numbered: &HashMap<&str, usize>,
    refusal: &Refusal,
) -> bool {
    let count = |counts: &HashMap<&str, usize>| counts.get(expected.folder).copied().unwrap_or_default();
    let all_have = count(numbered) >= MIN_NUMBERED && count(numbered) == count(read);
    let is_free = expected.is_by_folder_name && !expected.is_numbered;
    let accompanies = all_have || refusal.is_unlike && count(read) > 0;
    !(is_free && accompanies || expected.is_attached && all_have && refusal.is_unlike)
}

/// Returns the names of files that a page or a file of records contains, of those at `paths`.
fn mentioned<'p>(catalog: &Catalog, paths: &[&'p str]) -> HashSet<&'p str> {
    let name = |path: &'p str| path.rsplit('/').next().unwrap_or(path);
    let names: Vec<&str> = paths.iter().map(|path| name(path)).collect();
    let spelt = names.iter().flat_map(|name| [(*name).to_owned(), name.replace(' ', "%20")]);
    let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(spelt);
    let Some(search) = search.ok().filter(|_| !names.is_empty()) else { return HashSet::new() };
    let found_in = |file: &SourceFile| -> HashSet<usize> {
        search.find_iter(file.source().text()).map(|hit| hit.pattern().as_usize() / 2).collect()
    };
    let found = catalog.files().par_iter().map(found_in).flatten_iter();
    found.map(|at| names[at]).collect()
}

/// Counts the pages of each folder that are records.
fn count_records(catalog: &Catalog) -> HashMap<&str, usize> {
    let folder = |path: &'_ str| path.rsplit_once('/').map_or(0, |(folder, _)| folder.len());
    let is_page = |path: &str| catalog.format_of(path).is_some_and(Format::is_page);
    let records = catalog.records().iter().filter(|record| record.is_sole_record);
    let pages = records.map(|record| &*record.path).filter(|path| is_page(path));
    let folders: Vec<&str> = pages.map(|path| &path[..folder(path)]).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for of_folder in folders.chunk_by(|one, next| one == next) {
        *counts.entry(of_folder[0]).or_default() += of_folder.len();
    }
    counts
}

fn group(catalog: &Catalog, unread: Vec<Unread<'_>>, read: &HashMap<&str, usize>) -> Vec<UnreadFile> {
    let mut totals = read.clone();
    let is_old = |one: &Unread<'_>| !one.is_added;
    let old: HashSet<(&str, Refusal)> =
        unread.iter().filter(|it| is_old(it)).map(|it| (it.folder, it.refusal.clone())).collect();
    let mut groups: BTreeMap<_, Vec<Unread<'_>>> = BTreeMap::new();
    for one in unread {
        *totals.entry(one.folder).or_default() += usize::from(!one.is_opaque);
        let apart = one.is_apart.then(|| one.file.path.clone());
        let is_added = one.is_added && old.contains(&(one.folder, one.refusal.clone()));
        let key = (one.folder, is_added, one.is_opaque, apart, one.refusal.clone());
        groups.entry(key).or_default().push(one);
    }
    let mut files: Vec<UnreadFile> = groups
        .into_iter()
        .filter_map(|((folder, is_added, is_opaque, apart, refusal), files)| {
            let first = files.first()?.file;
            let source = match is_opaque {
                true => Arc::new(Source::new(first.path.clone(), Vec::new())),
                false => catalog.snapshot().read(first).ok()?,
            };
            let added = if is_added { "added" } else { "" };
            let identity = [added, apart.as_deref().unwrap_or_default(), &refusal.reason].join("\n");
            Some(UnreadFile {
                folder: folder.to_owned(),
                identity,
                refusal,
                span: name_span(&source),
                source,
                paths: files.iter().map(|one| one.file.path.clone()).collect(),
                total: totals.get(folder).copied().unwrap_or_default(),
                is_added,
                is_certain: true,
            })
        })
        .collect();
    files.sort_by(|a, b| (&a.folder, b.paths.len()).cmp(&(&b.folder, a.paths.len())));
    files
}

fn name_span(source: &Arc<Source>) -> Span {
    let first_line = || source.line_span(source.bom_len());
    let page = Format::from_path(source.path()).filter(|format| format.is_page());
    let document = page.map(|page| syntax::parse(source.clone(), page));
    let title = document.as_ref().and_then(|document| Some(document.markdown.as_ref()?.title()?.span));
    title.unwrap_or_else(first_line)
}

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
            count => format!("{count} of {total} {noun}s in {place} are not read as records: {reason}"),
        }
    }
}
