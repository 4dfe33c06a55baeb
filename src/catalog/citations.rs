//! The records that files which are no records cite: code and configuration in their comments, pages in their prose. The
//! files are read when a rule or command asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ahash::{HashMap, HashSet};
use rayon::prelude::*;

use crate::citation::{Citation, Form, Language, Pattern, Scanner};
use crate::lazy::get_or_compute;
use crate::record::{Record, id_key};
use crate::snapshot::{BlobId, FileEntry, is_within};
use crate::text::{Source, Span};

use super::{Catalog, SourceFile};

mod cache;
mod paths;

use cache::CitationCache;

/// A file that cites records.
#[derive(Debug)]
pub struct CitingFile {
    source: Arc<Source>,
    /// In the order of their places.
    pub citations: Vec<CodeCitation>,
}

/// A citation of a record in a file that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeCitation {
    pub span: Span,
    /// The identifier or path in it.
    pub text_span: Span,
    pub in_comment: bool,
    /// The cited record; `None` if the identifier is unknown.
    pub target: Option<u32>,
}

impl CitingFile {
    pub fn path(&self) -> &Arc<str> {
        self.source.path()
    }

    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }
}

/// The citations of all files.
#[derive(Default)]
pub(super) struct Citations {
    pub files: Vec<CitingFile>,
    cache: Option<CitationCache>,
}

impl Citations {
    pub(super) fn save(&self) {
        self.cache.iter().for_each(CitationCache::save);
    }
}

impl Catalog {
    /// Returns the files that are no records and cite some, sorted by path. Reads them at the first call.
    pub fn citing_files(&self) -> &[CitingFile] {
        &get_or_compute(&self.lazy.citations, || self.find_citations(|_| true, |_| true)).files
    }

    /// As [`Catalog::citing_files`], but reads only some files. Citations of unknown records are left out.
    pub fn citing_files_where(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<CitingFile> {
        // Nothing of this is saved, and to read a file takes less time than to look up its blob.
        let mut files = self.find_citations(is_wanted, |cache| !cache.is_empty()).files;
        files.iter_mut().for_each(|file| file.citations.retain(|citation| citation.target.is_some()));
        files.retain(|file| !file.citations.is_empty());
        files
    }

    /// Returns the files of records, and the pages beside them, that cite records in their text.
    pub fn citing_records(&self) -> Vec<CitingFile> {
        let scanner = self.citation_scanner();
        let scan = |file: &SourceFile| {
            let citations = scanner.scan(Language::Prose, file.source().text());
            (!citations.is_empty()).then(|| (file.source().clone(), citations))
        };
        let scanned = self.files.par_iter().filter_map(scan).collect();
        self.resolve_citations(scanned, &scanner)
    }

    fn citation_scanner(&self) -> Scanner {
        let patterns: BTreeSet<Pattern> =
            groups(self).into_values().flat_map(|(patterns, _)| patterns).collect();
        Scanner::new(patterns.into_iter().take(usize::from(u16::MAX)).collect())
    }

    fn find_citations(
        &self,
        is_wanted: impl Fn(&str) -> bool,
        is_useful: impl Fn(&CitationCache) -> bool,
    ) -> Citations {
        let scanner = self.citation_scanner();
        if scanner.patterns().is_empty() {
            return Citations::default();
        }
        let others = self.entries().enumerate().filter(|(_, (_, read))| read.is_none());
        let candidate = |(number, (file, _)): (usize, (&FileEntry, Option<&SourceFile>))| {
            let wanted = is_wanted(&file.path).then_some(&file.path);
            let language = wanted.and_then(|path| Language::of(path))?;
            (!self.config.excludes(&file.path)).then_some((number as u32, language))
        };
        let candidates: Vec<(u32, Language)> = others.filter_map(candidate).collect();
        let cache =
            CitationCache::open(&self.snapshot, scanner.patterns(), candidates.len()).filter(is_useful);
        let scan = |&(number, language): &(u32, Language)| {
            self.scan_file(&self.snapshot.files()[number as usize], language, &scanner, cache.as_ref())
        };
        let scanned: Vec<(Arc<Source>, Vec<Citation>)> = candidates.par_iter().filter_map(scan).collect();
        Citations { files: self.resolve_citations(scanned, &scanner), cache }
    }

    /// Returns a file and its citations, if it has some.
    fn scan_file(
        &self,
        file: &FileEntry,
        language: Language,
        scanner: &Scanner,
        cache: Option<&CitationCache>,
    ) -> Option<(Arc<Source>, Vec<Citation>)> {
        let blob: Option<(&CitationCache, BlobId)> =
            cache.and_then(|cache| Some((cache, self.snapshot.blob_id(file)?)));
        if let Some((cache, blob)) = blob
            && let Some(citations) = cache.get(blob, language)
        {
            let source = || self.snapshot.blob_text(file.path.clone(), blob);
            return (!citations.is_empty()).then(|| (source(), citations));
        }
        let source = self.snapshot.read(file).ok()?;
        let is_text = source.invalid_at().is_none();
        let citations = if is_text { scanner.scan(language, source.text()) } else { Vec::new() };
        if let Some((cache, blob)) = blob
            && self.snapshot.blob_id(file) == Some(blob)
        {
            cache.insert(blob, language, &citations);
        }
        (!citations.is_empty()).then_some((source, citations))
    }

    fn resolve_citations(
        &self,
        scanned: Vec<(Arc<Source>, Vec<Citation>)>,
        scanner: &Scanner,
    ) -> Vec<CitingFile> {
        if scanned.is_empty() {
            return Vec::new();
        }
        let pattern = |citation: &Citation| &scanner.patterns()[citation.pattern as usize];
        let all = scanned.iter().flat_map(|(_, citations)| citations);
        let keys = all.filter(|citation| !pattern(citation).is_path()).map(key).collect();
        let namespaces = Namespaces::of(self, &keys);
        let resolve = |path: &str, citation: &Citation| match pattern(citation) {
            of_path if of_path.is_path() => paths::resolve(self, path, &citation.text),
            pattern => namespaces.patterns[pattern].resolve(path, &key(citation)),
        };
        let resolved: Vec<Vec<Resolution<'_>>> = scanned
            .par_iter()
            .map(|(source, citations)| {
                citations.iter().map(|citation| resolve(source.path(), citation)).collect()
            })
            .collect();
        let target = |resolution: &Resolution<'_>| match resolution {
            Resolution::Record(number) => Some(Some(*number)),
            Resolution::Missing(missing) => self.is_gap(missing).then_some(None),
            Resolution::Unclear => None,
        };
        let files = scanned.into_iter().zip(&resolved).map(|((source, citations), resolved)| {
            let found = citations.iter().zip(resolved).filter_map(|(citation, resolution)| {
                let Citation { span, text_span, in_comment, .. } = *citation;
                Some(CodeCitation { span, text_span, in_comment, target: target(resolution)? })
            });
            CitingFile { citations: found.collect(), source }
        });
        files.filter(|file| !file.citations.is_empty()).collect()
    }

    /// Returns true if the number of a missing record is a gap between those of its folder, and no file there can hold it. Where more
    /// numbers lack a record, one may be another organisation's.
    fn is_gap(&self, missing: &Missing<'_>) -> bool {
        const NUMBERS_PER_GAP: u64 = 10;
        let Ok(wanted) = missing.key.parse::<u64>() else { return false };
        let is_inside = |path: &str| missing.scope.is_empty() || is_within(path, missing.scope);
        let hides = |file: &SourceFile| is_inside(file.path()) && (file.unreadable || file.is_incomplete());
        let records = self.records.iter().filter(|record| record.scope() == missing.scope);
        let numbers: BTreeSet<u64> = records.filter_map(|record| record.key().parse().ok()).collect();
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return false };
        let span = last - first + 1;
        let gaps = span - numbers.len() as u64;
        let mut names = self.snapshot.files().iter().filter(|file| is_inside(&file.path));
        (*first..=*last).contains(&wanted)
            && gaps <= (span / NUMBERS_PER_GAP).max(1)
            && !self.files.iter().any(hides)
            && !names.any(|file| paths::has_number(super::paths::file_name(&file.path), wanted))
    }
}

enum Resolution<'c> {
    Record(u32),
    /// No record has this key, where only the records of one folder could be meant.
    Missing(Missing<'c>),
    Unclear,
}

struct Missing<'c> {
    scope: &'c str,
    key: String,
}

/// Returns what identifies the cited record among those of its pattern.
fn key(citation: &Citation) -> String {
    id_key(&citation.text, &[])
}

/// The records that each pattern can name, as far as they are cited.
struct Namespaces<'c> {
    patterns: BTreeMap<Pattern, Namespace<'c>>,
}

/// The records of one pattern, by the folder in which identifiers are unique, and by the key of their identifier.
#[derive(Default)]
struct Namespace<'c> {
    by_scope: BTreeMap<&'c str, HashMap<String, Vec<u32>>>,
}

/// The records that are cited in the same forms: those of a profile, or of a kind with a prefix such as `DEC-`.
type Group<'c> = (&'c str, &'c str, Option<&'c str>);

/// Returns the records that can be cited, by group, with the patterns of each group.
fn groups(catalog: &Catalog) -> BTreeMap<Group<'_>, (Vec<Pattern>, Vec<&Record>)> {
    let mut groups: BTreeMap<Group<'_>, (Vec<Pattern>, Vec<&Record>)> = BTreeMap::new();
    for record in &catalog.records {
        if let Some(letters) = &record.letters {
            let of_series = || (series_patterns(letters), Vec::new());
            let group = (&*record.kind.name, record.profile_name(), Some(&**letters));
            groups.entry(group).or_insert_with(of_series).1.push(record);
        }
        let (forms, prefix) = match &record.profile {
            Some(profile) => (&profile.cited_as, None),
            None => (&record.kind.cited_as, prefix(&record.id)),
        };
        if forms.is_empty() {
            continue;
        }
        let of_group = || {
            let prefixes: Vec<&str> = prefix.into_iter().collect();
            let forms = forms.iter();
            (forms.flat_map(|form| form.patterns(record.profile.is_some(), &prefixes)).collect(), Vec::new())
        };
        let group = (&*record.kind.name, record.profile_name(), prefix);
        groups.entry(group).or_insert_with(of_group).1.push(record);
    }
    groups
}

/// Returns how pages are cited whose titles begin with these letters and their number.
fn series_patterns(letters: &str) -> Vec<Pattern> {
    let forms = ["-", " ", "_"].map(|sign| Form::parse(&format!("{letters}{sign}{{id}}")));
    forms.into_iter().flatten().flat_map(|form| form.patterns(true, &[])).collect()
}

impl<'c> Namespaces<'c> {
    fn of(catalog: &'c Catalog, cited: &HashSet<String>) -> Namespaces<'c> {
        let mut patterns: BTreeMap<Pattern, Namespace<'c>> = BTreeMap::new();
        for (of_group, records) in groups(catalog).into_values() {
            let mut of_records: BTreeMap<&str, HashMap<String, Vec<u32>>> = BTreeMap::new();
            for record in records {
                let of_scope = of_records.entry(record.scope()).or_default();
                let key = record.key();
                if cited.contains(&key) {
                    of_scope.entry(key).or_default().push(record.number);
                }
            }
            for pattern in of_group {
                let by_scope = &mut patterns.entry(pattern).or_default().by_scope;
                for (scope, of_scope) in &of_records {
                    let known = by_scope.entry(scope).or_default();
                    for (key, records) in of_scope {
                        known.entry(key.clone()).or_default().extend(records);
                    }
                }
            }
        }
        Namespaces { patterns }
    }
}

/// Returns `DEC-` for `DEC-12`; `None` for `D-12`, which may be anything.
fn prefix(id: &str) -> Option<&str> {
    let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = id[letters..].strip_prefix('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (letters >= 2 && is_number).then(|| &id[..=letters])
}

impl<'c> Namespace<'c> {
    /// Finds the record that the file at `path` cites: the one of the closest component. Several are unclear.
    fn resolve(&self, path: &str, key: &str) -> Resolution<'c> {
        let mut homes: Vec<(&'c str, &HashMap<String, Vec<u32>>)> = self
            .by_scope
            .iter()
            .map(|(scope, records)| (paths::component(scope), records))
            .filter(|(component, _)| component.is_empty() || is_within(path, component))
            .collect();
        homes.sort_by_key(|(component, _)| std::cmp::Reverse(component.len()));
        for component in homes.chunk_by(|a, b| a.0 == b.0) {
            match *component.iter().filter_map(|(_, records)| records.get(key)).flatten().collect::<Vec<_>>()
            {
                [] => {}
                [only] => return Resolution::Record(*only),
                _ => return Resolution::Unclear,
            }
        }
        let mut scopes = self.by_scope.iter();
        match (scopes.next(), scopes.next()) {
            (Some((scope, records)), None) => match records.get(key).map(Vec::as_slice) {
                Some([only]) => Resolution::Record(*only),
                Some(_) => Resolution::Unclear,
                None => Resolution::Missing(Missing { scope, key: key.to_owned() }),
            },
            _ => Resolution::Unclear,
        }
    }
}
