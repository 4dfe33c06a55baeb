//! Triage decides which findings are reported. Suppressions are applied first, then the baseline. Then the
//! rules with `after-triage: true` report suppressions and baseline entries that were not used; nothing suppresses their
//! findings.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{self, Check, CheckResult, CheckScope, DueDay, Exhausted, Unjudged};
use crate::finding::{Fault, Finding};
use crate::input::{Input, PolicyFile, SuppressionUsage};
use crate::policy::Policy;
use crate::policy::baseline::{Baseline, BaselineEntry};
use crate::rule::Rule;

mod baseline;
mod causes;
mod summary;
mod suppressions;

pub use causes::merge_by_cause;
pub use summary::{KindCount, Summary, new_since};
use suppressions::{Suppressions, UnusedSuppressions};

/// Returns the days of which no ignore comment or exception suppresses the finding.
pub fn unsuppressed_days(input: &Input, today: Date, days: Vec<DueDay>) -> Vec<DueDay> {
    let mut suppressions = Suppressions::new(input, today);
    days.into_iter().filter(|due| !suppressions.suppresses(&due.finding)).collect()
}

/// Says what keeps a finding from being reported: a comment, an exception or the baseline.
pub fn suppressed_by(
    input: &Input,
    baseline: Option<&Baseline>,
    today: Date,
    finding: &Finding,
) -> Option<String> {
    let of_baseline = || {
        let mut left = vec![finding.clone()];
        baseline::apply_baseline(&mut left, baseline?, today);
        left.is_empty().then(|| "the baseline".to_owned())
    };
    Suppressions::new(input, today).cause(finding).or_else(of_baseline)
}

/// A check whose findings are triaged.
#[derive(Clone, Copy)]
pub struct Triage<'a> {
    pub check: Check<'a>,
    pub policy: &'a Policy,
    pub rules: &'a [Arc<Rule>],
    /// The baseline file of the checked state. With `--policy-from`, the policy's baseline is applied instead.
    pub state_baseline: Option<&'a Baseline>,
}

/// The findings that no ignore comment or exception suppresses.
pub struct Unsuppressed {
    pub findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    suppressed: Vec<Finding>,
    usage: SuppressionUsage,
    scopes: HashMap<Arc<str>, CheckScope>,
    exhausted: Exhausted,
}

impl Unsuppressed {
    /// Returns the faults of the rules that exceeded the step limit.
    pub fn into_faults(self) -> Vec<Fault> {
        self.exhausted.into_values().collect()
    }
}

/// The result of triage.
pub struct Triaged {
    /// The findings that are neither suppressed nor in the baseline.
    pub findings: Vec<Finding>,
    pub after_triage_findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub suppressed_count: usize,
    pub exhausted: Exhausted,
}

impl Triaged {
    /// Returns `self` if every rule completed.
    ///
    /// # Errors
    /// The faults of the rules that exceeded the step limit.
    pub fn require_complete(self) -> Result<Triaged, Vec<Fault>> {
        if self.exhausted.is_empty() { Ok(self) } else { Err(self.exhausted.into_values().collect()) }
    }

    /// Returns all findings, sorted.
    pub fn into_findings(self) -> Vec<Finding> {
        let mut findings = [self.findings, self.after_triage_findings].concat();
        check::sort(&mut findings);
        findings
    }
}

impl<'a> Triage<'a> {
    /// Runs the rules, and applies suppressions and the policy's baseline.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn run(&self) -> Result<Triaged, Vec<Fault>> {
        let unsuppressed = self.check_unsuppressed()?;
        self.finish(unsuppressed, self.policy.baseline.as_deref())
    }

    /// Runs the rules that are not after triage, and removes suppressed findings.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn check_unsuppressed(&self) -> Result<Unsuppressed, Vec<Fault>> {
        let outcome = self.check.run(&self.rules_of_phase(false))?;
        let mut suppressions = Suppressions::new(self.check.input, self.check.today);
        let (suppressed, findings) =
            outcome.findings.into_iter().partition(|finding| suppressions.suppresses(finding));
        let CheckResult { unjudged, scopes, exhausted, .. } = outcome;
        let unused = UnusedSuppressions::new(self, &unjudged, &scopes, &exhausted);
        let usage = self.usage(&suppressions, &unused);
        Ok(Unsuppressed { findings, unjudged, suppressed, usage, scopes, exhausted })
    }

    /// Applies a baseline, and runs the rules that check suppressions.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn finish(
        &self,
        unsuppressed: Unsuppressed,
        baseline: Option<&Baseline>,
    ) -> Result<Triaged, Vec<Fault>> {
        let Unsuppressed { mut findings, unjudged, suppressed, mut usage, scopes, mut exhausted } =
            unsuppressed;
        let today = self.check.today;
        if let Some(own) = self.state_baseline {
            let unused = UnusedSuppressions::new(self, &unjudged, &scopes, &exhausted);
            let is_unused = |entry: &BaselineEntry| unused.is_entry_unused(entry);
            let entries = baseline::entry_usage(&findings, &suppressed, own, today, is_unused);
            usage.baseline = Some(PolicyFile { entries, ..PolicyFile::new(own.source.clone()) });
        }
        if let Some(baseline) = baseline {
            baseline::apply_baseline(&mut findings, baseline, today);
        }
        let input = self.check.input.with_usage(Arc::new(usage));
        let check = Check { input: &input, ..self.check };
        let CheckResult { findings: after_triage_findings, exhausted: more, .. } =
            check.run(&self.rules_of_phase(true))?;
        exhausted.extend(more);
        let suppressed_count = suppressed.len();
        Ok(Triaged { findings, after_triage_findings, unjudged, suppressed_count, exhausted })
    }

    /// Returns the entries of a baseline with all findings of `unsuppressed`.
    pub fn new_baseline_entries(&self, unsuppressed: &Unsuppressed) -> Vec<BaselineEntry> {
        let completed = self.completed_rules(&unsuppressed.exhausted);
        baseline::new_entries(&unsuppressed.findings, self.state_baseline, |rule| {
            completed.contains(rule) || self.policy.rules.get(rule).is_none()
        })
    }

    fn completed_rules(&self, exhausted: &Exhausted) -> HashSet<&'a str> {
        let rules = self.rules.iter().map(|rule| &*rule.id);
        rules.filter(|id| !exhausted.contains_key(*id)).collect()
    }

    fn rules_of_phase(&self, after_triage: bool) -> Vec<Arc<Rule>> {
        self.rules.iter().filter(|rule| rule.after_triage == after_triage).cloned().collect()
    }

    fn usage(&self, suppressions: &Suppressions, unused: &UnusedSuppressions) -> SuppressionUsage {
        let mut usage = SuppressionUsage::default();
        for file in self.check.input.files() {
            for ignore in &file.ignores {
                let Ok(directive) = &ignore.directive else { continue };
                let key = (file.path().clone(), ignore.span);
                let is_used = suppressions.used_ignores.contains(&key);
                let is_active = directive.is_active(self.check.today);
                if is_used || is_active && unused.is_ignore_unused(ignore, &directive.rule, file) {
                    usage.ignores.insert(key, is_used);
                }
            }
        }
        let used_exceptions = suppressions.used_exceptions();
        for &exception in &suppressions.own {
            let is_used = used_exceptions.contains(&exception.number);
            if is_used || unused.is_exception_unused(exception) {
                usage.exceptions.insert(exception.number, is_used);
            }
        }
        usage
    }
}
