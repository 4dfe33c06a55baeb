//! The counts of a run, and which findings are new.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::finding::{Finding, Fingerprint, Severity};

/// The counts of records and findings. Equal input gives equal counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of files with a record, or with a note why there is none.
    pub files: usize,
    pub records: BTreeMap<Arc<str>, KindCount>,
    pub error: usize,
    pub warning: usize,
    pub note: usize,
    /// The findings in the baseline or in the base revision.
    pub known: usize,
    pub suppressed: usize,
    pub not_judged: usize,
}

/// The number of records of a kind, and the plural of its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    pub count: usize,
    pub plural: Box<str>,
}

impl Summary {
    /// Counts the records, each given as the name and plural of its kind, and the findings by severity. The caller sets
    /// the other counts.
    pub fn count<'a>(
        files: usize,
        records: impl IntoIterator<Item = (&'a Arc<str>, &'a str)>,
        findings: &[Finding],
    ) -> Summary {
        let mut summary = Summary { files, ..Summary::default() };
        for (kind, plural) in records {
            match summary.records.get_mut(kind) {
                Some(known) => known.count += 1,
                None => {
                    summary.records.insert(kind.clone(), KindCount { count: 1, plural: plural.into() });
                }
            }
        }
        summary.with_findings(findings)
    }

    /// Returns the same counts with those of these findings.
    pub fn with_findings(self, findings: &[Finding]) -> Summary {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Summary {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            note: count(Severity::Note),
            ..self
        }
    }

    /// Returns the number of findings of a severity.
    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }

    /// Returns the highest severity of a finding.
    pub fn highest_severity(&self) -> Option<Severity> {
        let counts =
            [(Severity::Error, self.error), (Severity::Warning, self.warning), (Severity::Note, self.note)];
        counts.into_iter().find(|(_, count)| *count > 0).map(|(severity, _)| severity)
    }
}

/// Returns the findings of `head` that are not in `base`, in their order, and the number of those that are.
///
/// Findings are equal if their fingerprints are. Of several with one fingerprint the last are new, because new ones are
/// mostly added below.
pub fn new_since(head: Vec<Finding>, base: &[Finding]) -> (Vec<Finding>, usize) {
    let mut known: HashMap<Fingerprint, usize> = HashMap::new();
    for finding in base {
        *known.entry(finding.fingerprint).or_default() += 1;
    }
    let all = head.len();
    let mut is_new = |finding: &Finding| match known.get_mut(&finding.fingerprint) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    let new: Vec<Finding> = head.into_iter().filter(&mut is_new).collect();
    let known = all - new.len();
    (new, known)
}
