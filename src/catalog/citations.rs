//! The records that other files cite: code and configuration in comments, pages in prose. They are read when a rule or command asks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};
use rayon::prelude::*;

use crate::citation::{Citation, Form, Language, Pattern, Scanner};
use crate::lazy::get_or_compute;
use crate::record::{Record, id_key};
use crate::snapshot::{FileEntry, is_within};
use crate::text::{Source, Span, file_name, folder_of};

use super::paths::{number_in, only, resolve};
use super::{Catalog, SourceFile};

#[derive(Debug)]
pub struct CitingFile {
    source: Arc<Source>,
    pub citations: Vec<CodeCitation>,
}

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

impl Catalog {
    /// Returns the files that are no records and cite some, sorted by path. Reads them at the first call.
    pub fn citing_files(&self) -> &[CitingFile] {
        get_or_compute::<Vec<CitingFile>>(&self.lazy.citations, || self.citing_files_where(|_| true))
    }

    /// Returns the files of records, and the pages beside them, that cite records in their text.
    pub fn citing_records(&self) -> Vec<CitingFile> {
        self.resolve_citations(|scanner| {
            let scan = |file: &SourceFile| {
                let citations = scanner.scan(Language::Prose, file.source().text());
                (!citations.is_empty()).then(|| (file.source().clone(), citations))
            };
            self.files.par_iter().filter_map(scan).collect()
        })
    }

    /// Returns the citations in one text, whatever the state has in its place.
    pub fn citations_in(&self, source: &Arc<Source>) -> Vec<CodeCitation> {
        let is_read = self.file_at(source.path()).is_some();
        let language = if is_read { Some(Language::Prose) } else { Language::of(source.path()) };
        let Some(language) = language else { return Vec::new() };
        let found = self.resolve_citations(|scanner| {
            let citations = scanner.scan(language, source.text());
            if citations.is_empty() { Vec::new() } else { vec![(source.clone(), citations)] }
        });
        found.into_iter().flat_map(|file| file.citations).collect()
    }

    /// As [`Catalog::citing_files`], but reads only some files.
    pub fn citing_files_where(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<CitingFile> {
        self.resolve_citations(|scanner| {
            if scanner.patterns().is_empty() {
                return Vec::new();
            }
            let is_wanted = |path: &str| is_wanted(path) && !self.config.excludes(path);
            let others = self.entries().filter(|(file, read)| read.is_none() && is_wanted(&file.path));
            let candidates = others.filter_map(|(file, _)| Some((file, Language::of(&file.path)?)));
            let candidates: Vec<(&FileEntry, Language)> = candidates.collect();
            let scan = |&(file, language): &(&FileEntry, Language)| {
                let source = self.snapshot.read(file).ok().filter(|source| source.invalid_at().is_none())?;
                let citations = scanner.scan(language, source.text());
                (!citations.is_empty()).then_some((source, citations))
            };
            candidates.par_iter().filter_map(scan).collect()
        })
    }

    fn resolve_citations(
        &self,
        scan: impl FnOnce(&Scanner) -> Vec<(Arc<Source>, Vec<Citation>)>,
    ) -> Vec<CitingFile> {
        let citable = citable(self);
        let scanner = Scanner::new(citable.keys().take(usize::from(u16::MAX)).cloned().collect());
        let pattern = |citation: &Citation| &scanner.patterns()[citation.pattern as usize];
        let scanned = scan(&scanner);
        let mut namespaces: HashMap<&Pattern, Namespace<'_>> = HashMap::new();
        for pattern in scanned.iter().flat_map(|(_, citations)| citations).map(pattern) {
            namespaces.entry(pattern).or_insert_with(|| Namespace::new(&citable[pattern]));
        }
        let target_of = |path: &str, citation: &Citation| match pattern(citation) {
            of_path if of_path.is_path() => {
                resolve_path(self, path, &citation.text).map_or(Resolution::Unclear, Resolution::Record)
            }
            pattern => namespaces[pattern].resolve(self, path, &id_key(&citation.text, &[])),
        };
        let of_file = |(source, citations): (Arc<Source>, Vec<Citation>)| {
            let found = citations.into_iter().filter_map(|citation| {
                let target = match target_of(source.path(), &citation) {
                    Resolution::Record(number) => Some(number),
                    Resolution::Missing => None,
                    Resolution::Unclear => return None,
                };
                let Citation { span, text_span, in_comment, .. } = citation;
                Some(CodeCitation { span, text_span, in_comment, target })
            });
            CitingFile { citations: found.collect(), source: source.clone() }
        };
        let files = scanned.into_par_iter().map(of_file);
        files.filter(|file| !file.citations.is_empty()).collect()
    }
}

#[derive(Clone, Copy)]
enum Resolution {
    Record(u32),
    /// No record has this number, which is a gap in the only folder of such records.
    Missing,
    Unclear,
}

struct Gaps {
    all: RangeInclusive<u64>,
    taken: BTreeSet<u64>,
}

impl Gaps {
    /// Returns `None` if a file there can hold any number, or if many numbers lack a record: then one may be another organisation's.
    fn of(catalog: &Catalog, scope: &str) -> Option<Gaps> {
        const NUMBERS_PER_GAP: u64 = 10;
        let is_inside = |path: &str| scope.is_empty() || is_within(path, scope);
        let hides = |file: &SourceFile| is_inside(file.path()) && (file.unreadable || file.is_incomplete());
        let records = catalog.records.iter().filter(|record| record.scope() == scope);
        let mut taken: BTreeSet<u64> = records.filter_map(|record| record.key().parse().ok()).collect();
        let all = *taken.first()?..=*taken.last()?;
        let span = (all.end() - all.start()).saturating_add(1);
        let has_few_gaps = span - taken.len() as u64 <= (span / NUMBERS_PER_GAP).max(1);
        let files = catalog.snapshot.files().iter().filter(|file| is_inside(&file.path));
        taken.extend(files.filter_map(|file| number_in(file_name(&file.path))?.0.parse::<u64>().ok()));
        (has_few_gaps && !catalog.files.iter().any(hides)).then_some(Gaps { all, taken })
    }

    fn has(&self, key: &str) -> bool {
        key.parse().is_ok_and(|number| self.all.contains(&number) && !self.taken.contains(&number))
    }
}

type Citable<'c> = BTreeMap<Pattern, Vec<&'c Record>>;

fn citable(catalog: &Catalog) -> Citable<'_> {
    // Records of one format, or of a kind with one prefix such as `DEC-`, are cited in the same forms.
    let mut patterns: HashMap<_, Vec<Pattern>> = HashMap::new();
    let mut citable = Citable::new();
    for record in &catalog.records {
        let prefix = prefix(record);
        let forms = record.format.as_ref().map_or(&record.kind.cited_as, |format| format.cited_as());
        let letters = record.letters.as_deref();
        let of_group = || {
            let (is_page, prefixes) = (record.format.is_some(), prefix.as_deref());
            let of_forms = forms.iter().flat_map(|form| form.patterns(is_page, prefixes.as_slice()));
            let own = prefixes.filter(|_| is_page).map(Pattern::prefixed);
            of_forms.chain(own).chain(letters.into_iter().flat_map(series_patterns)).collect()
        };
        let format = record.format.as_ref().map_or("", |format| &format.name);
        let group = (&record.kind.name, format, prefix.clone(), letters);
        for pattern in patterns.entry(group).or_insert_with(of_group) {
            citable.entry(pattern.clone()).or_default().push(record);
        }
    }
    citable
}

/// Returns how pages are cited whose titles begin with these letters and their number.
fn series_patterns(letters: &str) -> Vec<Pattern> {
    let forms = ["-", " ", "_"].map(|sign| Form::parse(&format!("{letters}{sign}{{id}}")));
    forms.into_iter().flatten().flat_map(|form| form.patterns(true, &[])).collect()
}

/// Returns `DEC-` for `DEC-12`, and of a page in another format `ADR-CLI-` for `adr-cli-12`; `None` for `D-12`, which may be anything.
fn prefix(record: &Record) -> Option<String> {
    let is_page = record.format.is_some();
    let id = if is_page { record.id.to_uppercase() } else { record.id.to_string() };
    let letters = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = letters.strip_suffix('-').filter(|name| letters.len() < id.len() && name.len() >= 2)?;
    let is_code = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    (is_code && (!is_page || name.contains('-'))).then(|| letters.to_owned())
}

struct Namespace<'c> {
    scopes: BTreeSet<&'c str>,
    by_key: HashMap<String, Vec<&'c Record>>,
    gaps: OnceLock<Option<Gaps>>,
}

impl<'c> Namespace<'c> {
    fn new(records: &[&'c Record]) -> Namespace<'c> {
        let mut by_key: HashMap<String, Vec<&Record>> = HashMap::new();
        for record in records {
            by_key.entry(record.key()).or_default().push(record);
        }
        let scopes = records.iter().map(|record| record.scope()).collect();
        Namespace { scopes, by_key, gaps: OnceLock::new() }
    }

    /// Finds the record that the file at `path` cites: the one of the closest component. Several are unclear.
    fn resolve(&self, catalog: &Catalog, path: &str, key: &str) -> Resolution {
        let named = self.by_key.get(key).map_or(&[][..], Vec::as_slice);
        let closeness = |record: &Record| {
            let component = component(record.scope());
            (component.is_empty() || is_within(path, component)).then_some(component.len())
        };
        let closest = named.iter().filter_map(|record| closeness(record)).max();
        let is_only_scope = self.scopes.len() == 1;
        let mut meant = named.iter().filter(|record| closeness(record) == closest);
        match (meant.next(), meant.next(), self.scopes.first()) {
            (Some(only), None, _) if closest.is_some() || is_only_scope => Resolution::Record(only.number),
            (None, _, Some(scope)) if is_only_scope => {
                let gaps = self.gaps.get_or_init(|| Gaps::of(catalog, scope));
                let is_gap = gaps.as_ref().is_some_and(|gaps| gaps.has(key));
                if is_gap { Resolution::Missing } else { Resolution::Unclear }
            }
            _ => Resolution::Unclear,
        }
    }
}

/// Names of folders of documents or records about the folder above them.
const DOCUMENTS: &str = "docs doc documentation .docs adr adrs arch architecture architecture-decisions architectural-decisions \
    architecture-decision-records decision decisions decision-records design keps rfcs";

/// Returns the folder that a folder of records is about: `services/api` for `services/api/docs/adr`.
fn component(scope: &str) -> &str {
    let mut at = 0;
    for name in scope.split('/') {
        if DOCUMENTS.split(' ').any(|folder| folder.eq_ignore_ascii_case(name)) {
            return scope[..at].trim_end_matches('/');
        }
        at += name.len() + 1;
    }
    scope
}

/// Finds the record at a path that the file at `from` cites: from the root, from the file, or at the end of an address.
fn resolve_path(catalog: &Catalog, from: &str, cited: &str) -> Option<u32> {
    let is_address = cited.contains("://");
    let path = cited.trim_start_matches("./").trim_start_matches('/');
    let relative = resolve(from, cited).filter(|_| !is_address);
    let starts = path.match_indices('/').map(|(at, _)| &path[at + 1..]).filter(|rest| rest.contains('/'));
    let mut written = relative.as_deref().into_iter().chain([path]).chain(starts);
    written.find_map(|path| record_at(catalog, path)).or_else(|| {
        let is_name = !is_address && !path.contains('/');
        let named = catalog.files_named(path).iter().filter(|file| is_name && file_name(file) == path);
        only(named.filter_map(|file| catalog.names().at_path(file)))
    })
}

/// The record in the file at a path, or in the folder that it names, or that a page at the path is about.
fn record_at(catalog: &Catalog, path: &str) -> Option<u32> {
    let at = |path: &str| catalog.names().at_path(path);
    let beside = || at(folder_of(path)).filter(|_| catalog.snapshot.has(path));
    at(path).or_else(beside)
}
