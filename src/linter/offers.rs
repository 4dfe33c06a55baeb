//! Finds what rules would report about records that are not held to their practices.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::check::Check;
use crate::config::pattern_of_folder;
use crate::finding::Severity;
use crate::input::Input;
use crate::profile::STATUS_WORDS;
use crate::record::Record;
use crate::rule::Rule;
use crate::schema::shorten;

use super::{LintResult, Linter};

/// The most folders that an entry of the configuration names.
const SHOWN: usize = 3;

/// A practice that nothing asks of some records, and a sentence about what its rules would report.
pub struct Offer {
    /// The name of the practice.
    pub practice: Arc<str>,
    /// The sentence, with the entry of the configuration that names the practice.
    pub text: String,
}

/// A finding that there would be.
struct Unreported {
    severity: Severity,
    message: String,
    path: Arc<str>,
    line: usize,
}

impl Linter {
    /// Returns what the end of a run tells of practices that nothing asks for; the most severe and the most frequent first.
    pub fn offers(&self, result: &LintResult) -> Vec<Offer> {
        let mut by_practice = self.findings_without_practice(&result.input);
        let words = unknown_statuses(&result.input);
        if !words.is_empty() {
            by_practice.insert(STATUS_WORDS.into(), words);
        }
        let mut offers: Vec<(Arc<str>, Vec<Unreported>)> = by_practice.into_iter().collect();
        offers.sort_by_key(|(_, found)| Reverse((found.iter().map(|one| one.severity).max(), found.len())));
        let offer = |(practice, found): (Arc<str>, Vec<Unreported>)| {
            Some(Offer { text: described(&practice, &found)?, practice })
        };
        offers.into_iter().filter_map(offer).collect()
    }

    fn findings_without_practice(&self, input: &Input) -> BTreeMap<Arc<str>, Vec<Unreported>> {
        let is_free = |rule: &Rule, record: &Record| {
            rule.is_for_record(record) && !rule.holds_for(record) && !record.is_frozen
        };
        let offered = self.rules.iter().filter_map(|rule| {
            let is_offered = rule.is_offered(|kind| input.has_all_of(kind));
            let is_asked = is_offered && input.foreign_records().any(|record| is_free(rule, record));
            let practice = rule.practice.clone().filter(|_| is_asked)?;
            Some((practice, Arc::new(Rule { practice: None, ..Rule::clone(rule) })))
        });
        let (practices, rules): (Vec<Arc<str>>, Vec<Arc<Rule>>) = offered.unzip();
        let check = Check { input, config: &self.policy.config, today: self.as_of, diff: None };
        let findings = self.triage(check, &rules, None).check_unsuppressed();
        let findings = findings.map(|found| found.findings).unwrap_or_default();
        if findings.is_empty() {
            return BTreeMap::new();
        }
        let mut held: HashSet<(&str, &str)> = HashSet::new();
        for (rule, practice) in rules.iter().zip(&practices) {
            let asked = input.records().iter().filter(|record| record.practice(practice).is_some());
            held.extend(asked.map(|record| (&*rule.id, &*record.path)));
        }
        let mut found: BTreeMap<Arc<str>, Vec<Unreported>> = BTreeMap::new();
        for finding in findings {
            let source = &finding.place.source;
            let at = rules.iter().position(|rule| rule.id == finding.rule);
            if let Some(at) = at.filter(|_| !held.contains(&(&*finding.rule, &**source.path()))) {
                found.entry(practices[at].clone()).or_default().push(Unreported {
                    severity: finding.severity,
                    line: source.position(finding.place.span.start as usize).line,
                    path: source.path().clone(),
                    message: finding.message,
                });
            }
        }
        found
    }
}

/// Finds the words for a status that its format does not know and nothing reports.
fn unknown_statuses(input: &Input) -> Vec<Unreported> {
    let of_record = |record: &Record| {
        let status = record.unreported_status()?;
        let source = input.file_of(record).source();
        let word = shorten(source.slice(status.span));
        Some(Unreported {
            severity: Severity::Warning,
            message: format!(
                "the status `{word}` of `{}` is no known word, so most rules leave it out",
                record.id
            ),
            path: record.path.clone(),
            line: source.position(status.span.start as usize).line,
        })
    };
    input.foreign_records().filter(|record| !record.is_frozen).filter_map(of_record).collect()
}

fn described(practice: &str, found: &[Unreported]) -> Option<String> {
    let folders: BTreeSet<&str> =
        found.iter().map(|one| one.path.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
    let mut entry: Vec<String> =
        folders.iter().take(SHOWN).filter_map(|folder| pattern_of_folder(folder)).collect();
    entry.extend((folders.len() > SHOWN).then(|| "…".to_owned()));
    let first = found.first().filter(|_| !entry.is_empty())?;
    let (more, them) = match found.len() - 1 {
        0 => (String::new(), "it"),
        more => (format!(", and {more} more"), "them"),
    };
    Some(format!(
        "not reported: {} (`{}:{}`){more}; to have {them} reported: practices: {{ {practice}: [{}] }}",
        first.message,
        first.path,
        first.line,
        entry.join(", ")
    ))
}
