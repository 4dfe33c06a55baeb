//! Findings about foreign records in folders without a change for years. A first run counts them in a notice, because maintainers act
//! on what they still work on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;

use super::Linter;
use crate::catalog::Catalog;
use crate::finding::Finding;
use crate::input::Input;
use crate::report::counted;

/// The years without a change after which a folder is dormant.
const YEARS: i8 = 3;

/// A folder without a change for years, and the number of its findings that are left out.
#[derive(Debug)]
pub(super) struct DormantFolder {
    path: String,
    findings: usize,
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
        let mut folders: BTreeSet<String> =
            findings.iter().map(|finding| folder_of(finding.place.source.path()).to_owned()).collect();
        let earlier = self.as_of.checked_sub(i32::from(YEARS).years()).ok();
        let Some(earlier) = earlier.and_then(|day| input.history()?.before(day)) else { return Vec::new() };
        folders.retain(|folder| {
            let texts = foreign_texts(input.catalog(), folder);
            texts.is_some_and(|texts| earlier.has_all(folder, texts))
        });
        let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
        findings.retain(|finding| {
            let folder = folder_of(finding.place.source.path());
            let is_dormant = folders.contains(folder);
            if is_dormant {
                *left_out.entry(folder.to_owned()).or_default() += 1;
            }
            !is_dormant
        });
        left_out.into_iter().map(|(path, findings)| DormantFolder { path, findings }).collect()
    }
}

impl DormantFolder {
    /// Says how many findings were left out, and how to see them.
    pub(super) fn notice(&self) -> String {
        let DormantFolder { path, findings } = self;
        let (verb, them) = if *findings == 1 { ("is", "it") } else { ("are", "them") };
        let is_plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
        let typed = if is_plain { path.clone() } else { format!("'{}'", path.replace('\'', "'\\''")) };
        format!(
            "`{path}/`: {} {verb} left out, as nobody has changed a page there for {YEARS} years; `alignlint check {typed}` shows {them}",
            counted(*findings, "finding")
        )
    }
}

/// Returns the paths and texts of the pages in a folder; `None` if it is the root, has no records, or has one of the program's own
/// form.
fn foreign_texts<'c>(catalog: &'c Catalog, folder: &str) -> Option<Vec<(&'c str, &'c str)>> {
    let files: Vec<_> = catalog.files().iter().filter(|file| folder_of(file.path()) == folder).collect();
    let mut records = files.iter().flat_map(|file| file.records.clone()).peekable();
    let is_foreign = !folder.is_empty()
        && records.peek().is_some()
        && records.all(|number| catalog.record(number).profile.is_some());
    is_foreign.then(|| files.iter().map(|file| (&**file.path(), file.source().text())).collect())
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
