//! Findings about foreign records in folders without a change for years, and about what took place years ago. A first run counts
//! them in a notice, because maintainers act on what they still work on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::ToSpan as _;
use jiff::civil::Date;
use regex::Regex;

use super::Linter;
use crate::calendar::parse_date;
use crate::catalog::Catalog;
use crate::finding::Finding;
use crate::input::Input;
use crate::report::counted;

/// The years without a change after which a folder is dormant.
const YEARS: i8 = 3;

/// The fewest records at the root that make it a folder of records.
const LEAST_AT_ROOT: usize = 3;

/// A folder with findings that are left out, and their number.
#[derive(Debug)]
pub(super) struct DormantFolder {
    path: String,
    reason: Reason,
    findings: usize,
}

/// Why findings are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// No page of the folder has changed for years.
    Unchanged,
    /// The pages are about what took place years ago.
    Past,
    /// The page that introduces the repository says that it is archived.
    Archived,
}

impl Linter {
    /// Removes the findings in dormant folders, and returns these folders. Keeps all where a configuration, a
    /// baseline, a base or a path asks for the pages.
    pub(super) fn leave_out_dormant(&self, input: &Input, findings: &mut Vec<Finding>) -> Vec<DormantFolder> {
        let is_asked = self.is_configured()
            || self.policy.baseline.is_some()
            || self.options.since.is_some()
            || !self.options.paths.is_empty();
        if is_asked || findings.is_empty() {
            return Vec::new();
        }
        if says_archived(input.catalog()) {
            let findings = std::mem::take(findings).len();
            return vec![DormantFolder { path: String::new(), reason: Reason::Archived, findings }];
        }
        let Ok(day) = self.as_of.checked_sub(i32::from(YEARS).years()) else { return Vec::new() };
        let mut unchanged: BTreeSet<String> =
            findings.iter().map(|finding| folder_of(finding.place.source.path()).to_owned()).collect();
        let earlier = input.history().and_then(|history| history.before(day));
        unchanged.retain(|folder| {
            let texts = foreign_texts(input.catalog(), folder);
            earlier.as_ref().zip(texts).is_some_and(|(earlier, texts)| earlier.has_all(folder, texts))
        });
        let mut left_out: BTreeMap<(String, Reason), usize> = BTreeMap::new();
        findings.retain(|finding| {
            let path = finding.place.source.path();
            let folder = folder_of(path);
            let reason = match unchanged.contains(folder) {
                true => Some(Reason::Unchanged),
                false => is_past(input.catalog(), path, day).then_some(Reason::Past),
            };
            if let Some(reason) = reason {
                *left_out.entry((folder.to_owned(), reason)).or_default() += 1;
            }
            reason.is_none()
        });
        let folder = |((path, reason), findings)| DormantFolder { path, reason, findings };
        left_out.into_iter().map(folder).collect()
    }
}

impl DormantFolder {
    /// Says how many findings were left out, and how to see them.
    pub(super) fn notice(&self) -> String {
        let DormantFolder { path, reason, findings } = self;
        let path = if path.is_empty() { "." } else { path.as_str() };
        let (verb, them) = if *findings == 1 { ("is", "it") } else { ("are", "them") };
        let is_plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
        let typed = if is_plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) };
        let why = match reason {
            Reason::Unchanged => format!("as nobody has changed a page there for {YEARS} years"),
            Reason::Past => format!("about what took place more than {YEARS} years ago"),
            Reason::Archived => "as its README says that the repository is archived".to_owned(),
        };
        format!(
            "`{path}/`: {} {verb} left out, {why}; `alignlint check {typed}` shows {them}",
            counted(*findings, "finding")
        )
    }
}

/// Returns true for a repository of foreign records whose README begins by saying that it is archived.
fn says_archived(catalog: &Catalog) -> bool {
    const BEGINNING: usize = 30;
    static SAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let archived = r"(?i)^[^a-z]*archived repository\b|\bthis (?:repository|repo|project) (?:is|has been|was) (?:now )?(?:archived\b|retired\b|no longer (?:actively )?maintained\b)";
        Regex::new(archived).ok()
    });
    let is_readme = |path: &str| ["README.md", "readme.md", "Readme.md", "README.rst"].contains(&path);
    let snapshot = catalog.snapshot();
    let readme = snapshot.files().iter().find(|file| is_readme(&file.path));
    let text = readme.and_then(|file| snapshot.read(file).ok());
    let says = |text: &str| {
        let mut lines = text.lines().take(BEGINNING);
        SAYS.as_ref().is_some_and(|says| lines.any(|line| says.is_match(line)))
    };
    let is_foreign = || catalog.records().iter().all(|record| record.profile.is_some());
    text.is_some_and(|source| says(source.text())) && is_foreign()
}

/// Returns the paths and texts of the pages in a folder; `None` if it has no records, the root only a few, or one is of the program's own form.
fn foreign_texts<'c>(catalog: &'c Catalog, folder: &str) -> Option<Vec<(&'c str, &'c str)>> {
    let files: Vec<_> = catalog.files().iter().filter(|file| folder_of(file.path()) == folder).collect();
    let least = if folder.is_empty() { LEAST_AT_ROOT } else { 1 };
    let numbers: Vec<u32> = files.iter().flat_map(|file| file.records.clone()).collect();
    let is_foreign =
        numbers.len() >= least && numbers.iter().all(|&number| catalog.record(number).profile.is_some());
    is_foreign.then(|| files.iter().map(|file| (&**file.path(), file.source().text())).collect())
}

/// Returns true for a page of foreign records that are all about what took place before a day.
fn is_past(catalog: &Catalog, path: &str, day: Date) -> bool {
    let numbers = catalog.file_at(path).map(|file| file.records.clone()).unwrap_or_default();
    let took_place = |number| {
        let record = catalog.record(number);
        parse_date(record.field(record.profile.as_ref()?.took_place.as_deref()?)?.as_text()?)
    };
    !numbers.is_empty() && numbers.into_iter().all(|number| took_place(number).is_some_and(|it| it < day))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
