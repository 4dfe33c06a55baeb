//! What a run comes to: the findings that are reported, and the counts that go with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::{Finding, Severity};

mod base;
mod excuses;

pub use base::new_since;
pub use excuses::excuse;

/// The findings to report, in catalog order, and what the run read and left out.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    pub summary: Summary,
}

/// What was read, and what was found in it. Holds nothing that differs from run to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many files gave at least one record, or should have.
    pub files: usize,
    /// By the kind's name.
    pub records: BTreeMap<Arc<str>, KindCount>,
    pub error: usize,
    pub warning: usize,
    pub note: usize,
    /// Findings that the baseline or the base revision already has.
    pub known: usize,
    /// Findings that an ignore or an exception covers.
    pub excused: usize,
    /// Results that an absent or unreadable value left open.
    pub not_judged: usize,
}

/// How many records of a kind were read, and what more than one of them are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    pub count: usize,
    pub plural: Box<str>,
}

impl Summary {
    /// Counts the records, each given as its kind's name and plural, and the findings by severity.
    /// What triage leaves out is for the caller to set.
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
        for finding in findings {
            *match finding.severity {
                Severity::Error => &mut summary.error,
                Severity::Warning => &mut summary.warning,
                Severity::Note => &mut summary.note,
            } += 1;
        }
        summary
    }

    /// How many findings are of this severity.
    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }

    /// The severity of the gravest finding: what `--fail-on` is compared with.
    pub fn gravest(&self) -> Option<Severity> {
        let counts =
            [(Severity::Error, self.error), (Severity::Warning, self.warning), (Severity::Note, self.note)];
        counts.into_iter().find(|(_, count)| *count > 0).map(|(severity, _)| severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_by_kind() {
        let (kpi, person) = (Arc::from("kpi"), Arc::from("person"));
        let summary = Summary::count(2, [(&kpi, "kpis"), (&person, "people"), (&kpi, "kpis")], &[]);
        assert_eq!(summary.records["kpi"], KindCount { count: 2, plural: "kpis".into() });
        assert_eq!(summary.records["person"], KindCount { count: 1, plural: "people".into() });
        assert_eq!(summary.gravest(), None);
    }

    #[test]
    fn one_error_outweighs_many_notes() {
        assert_eq!(Summary { error: 1, note: 9, ..Summary::default() }.gravest(), Some(Severity::Error));
        assert_eq!(Summary { note: 9, ..Summary::default() }.gravest(), Some(Severity::Note));
    }
}
