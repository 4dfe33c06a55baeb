//! What a run comes to: the findings that are reported, and the counts that go with them. First goes what is
//! excused, by a comment or an exception, then what the baseline lets pass. When that is known, the rules run that
//! judge the excuses themselves; nothing excuses what they find.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{PolicyFile, SuppressionUsage};
use crate::check::{self, Check, CheckScope, Exhausted, Outcome, Unjudged};
use crate::finding::{Fault, Finding, Severity};
use crate::policy::Policy;
use crate::policy::baseline::{Baseline, BaselineEntry};
use crate::rule::Rule;

mod base;
mod claims;
mod excuses;
mod known;

pub use base::new_since;
use claims::Claims;
use excuses::Excuses;

/// A check whose findings are to be triaged.
#[derive(Clone, Copy)]
pub struct Triage<'a> {
    pub check: Check<'a>,
    pub policy: &'a Policy,
    /// Those that run, of the policy's.
    pub rules: &'a [Arc<Rule>],
    /// The baseline in the state itself, which is to be kept in order; it need not be the one that counts.
    pub own_baseline: Option<&'a Baseline>,
}

/// What is found and not excused.
pub struct Unsuppressed {
    pub findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub suppressed: usize,
    usage: SuppressionUsage,
    scopes: HashMap<Arc<str>, CheckScope>,
    exhausted: Exhausted,
}

/// What is left to report.
pub struct Triaged {
    /// What neither an excuse nor the baseline covers.
    pub findings: Vec<Finding>,
    /// What came of the excuses.
    pub suppression_findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub suppressed: usize,
    pub exhausted: Exhausted,
}

impl Triaged {
    /// The same, if every rule came to an end.
    ///
    /// # Errors
    /// The faults of those that did not.
    pub fn complete(self) -> Result<Triaged, Vec<Fault>> {
        if self.exhausted.is_empty() { Ok(self) } else { Err(self.exhausted.into_values().collect()) }
    }

    /// All findings, in catalog order.
    pub fn into_findings(self) -> Vec<Finding> {
        let mut findings = [self.findings, self.suppression_findings].concat();
        check::sort(&mut findings);
        findings
    }
}

impl<'a> Triage<'a> {
    /// Checks, and triages.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn run(&self) -> Result<Triaged, Vec<Fault>> {
        let open = self.apply_suppressions()?;
        self.finish(open, self.policy.baseline.as_deref())
    }

    /// Checks, and takes out what is excused.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn apply_suppressions(&self) -> Result<Unsuppressed, Vec<Fault>> {
        let outcome = self.check.run(&self.when(false))?;
        let mut excuses = Excuses::of(self.check.catalog, self.check.today);
        let mut findings = outcome.findings;
        let all = findings.len();
        findings.retain(|finding| !excuses.cover(finding));
        let suppressed = all - findings.len();
        let Outcome { unjudged, scopes, exhausted, .. } = outcome;
        let usage = self.usage(&excuses, &Claims::of(self, &unjudged, &scopes, &exhausted));
        Ok(Unsuppressed { findings, unjudged, suppressed, usage, scopes, exhausted })
    }

    /// Takes out what the baseline lets pass, and judges what came of the excuses.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn finish(&self, open: Unsuppressed, baseline: Option<&Baseline>) -> Result<Triaged, Vec<Fault>> {
        let Unsuppressed { mut findings, unjudged, suppressed, mut usage, scopes, mut exhausted } = open;
        let today = self.check.today;
        if let Some(own) = self.own_baseline {
            let claims = Claims::of(self, &unjudged, &scopes, &exhausted);
            let entries = known::used(&findings, own, today, |entry| claims.entry(entry));
            usage.baseline = Some(PolicyFile { entries, ..PolicyFile::of(own.source.clone()) });
        }
        if let Some(baseline) = baseline {
            known::let_pass(&mut findings, baseline, today);
        }
        self.check.catalog.set_usage(usage);
        let suppression_findings = self.check.run(&self.when(true))?;
        exhausted.extend(suppression_findings.exhausted);
        Ok(Triaged {
            findings,
            suppression_findings: suppression_findings.findings,
            unjudged,
            suppressed,
            exhausted,
        })
    }

    /// The entries of a baseline that lets pass what is open.
    pub fn new_baseline(&self, open: &Unsuppressed) -> Vec<BaselineEntry> {
        let answered = self.answered(&open.exhausted);
        known::anew(&open.findings, self.own_baseline, |rule| {
            answered.contains(rule) || self.policy.rules.get(rule).is_none()
        })
    }

    /// The rules that have said all that they have to say.
    fn answered(&self, exhausted: &Exhausted) -> HashSet<&'a str> {
        let rules = self.rules.iter().map(|rule| &*rule.id);
        rules.filter(|id| !exhausted.contains_key(*id)).collect()
    }

    fn when(&self, after_triage: bool) -> Vec<Arc<Rule>> {
        self.rules.iter().filter(|rule| rule.after_triage == after_triage).cloned().collect()
    }

    fn usage(&self, excuses: &Excuses, claims: &Claims) -> SuppressionUsage {
        let mut usage = SuppressionUsage::default();
        let (catalog, today) = (self.check.catalog, self.check.today);
        for file in catalog.files().iter().filter(|file| !file.ignores.is_empty()) {
            for ignore in &file.ignores {
                let Ok(terms) = &ignore.directive else { continue };
                let at = (file.path().clone(), ignore.span);
                let used = excuses.used_ignores.contains(&at);
                let holds = terms.until.is_none_or(|until| today <= until);
                if used || holds && claims.ignore(ignore, &terms.rule, file) {
                    usage.ignores.insert(at, used);
                }
            }
        }
        let used_exceptions = excuses.used_exceptions();
        for exception in &excuses.own {
            let used = used_exceptions.contains(&exception.number);
            if used || claims.exception(exception) {
                usage.exceptions.insert(exception.number, used);
            }
        }
        usage
    }
}

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
    pub suppressed: usize,
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
    pub fn highest_severity(&self) -> Option<Severity> {
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
        assert_eq!(summary.highest_severity(), None);
    }

    #[test]
    fn one_error_outweighs_many_notes() {
        assert_eq!(
            Summary { error: 1, note: 9, ..Summary::default() }.highest_severity(),
            Some(Severity::Error)
        );
        assert_eq!(Summary { note: 9, ..Summary::default() }.highest_severity(), Some(Severity::Note));
    }
}
