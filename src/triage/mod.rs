//! Triage decides which findings are reported. Suppressions are applied first, then the baseline. Then the
//! rules with `after-triage: true` report suppressions and baseline entries that were not used; nothing suppresses their
//! findings.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{Check, CheckResult, CheckScope, DueDay, Exhausted, Unjudged};
use crate::finding::{Fault, Finding};
use crate::input::{Input, PolicyFile, SuppressionUsage};
use crate::policy::Policy;
use crate::policy::baseline::{Baseline, BaselineEntry};
use crate::rule::Rule;

mod baseline;
mod summary;
mod suppressions;

pub use summary::{KindCount, Summary};
pub(crate) use summary::{merge_by_cause, new_since};
use suppressions::{Suppressions, UnusedSuppressions};

/// Returns the days of which no ignore comment or exception suppresses the finding.
pub(crate) fn unsuppressed_days(input: &Input, today: Date, days: Vec<DueDay>) -> Vec<DueDay> {
    let mut suppressions = Suppressions::new(input, today);
    days.into_iter().filter(|due| !suppressions.suppresses(&due.finding)).collect()
}

/// Says what keeps a finding from being reported: a comment, an exception or the baseline.
pub(crate) fn suppressed_by(
    input: &Input,
    baseline: Option<&Baseline>,
    today: Date,
    finding: &Finding,
) -> Option<String> {
    let is_in = |baseline: &Baseline| {
        let mut left = vec![finding.clone()];
        baseline::apply_baseline(&mut left, baseline, today);
        left.is_empty()
    };
    let of_baseline = || baseline.is_some_and(is_in).then(|| "the baseline".to_owned());
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

/// What rules found and could not judge.
#[derive(Default)]
pub struct Triaged {
    /// The findings that are not suppressed, and in the end not in the baseline either.
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Finding>,
    /// Those of the rules that check suppressions.
    pub after_triage_findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub exhausted: Exhausted,
    usage: SuppressionUsage,
    scopes: HashMap<Arc<str>, CheckScope>,
}

impl<'a> Triage<'a> {
    /// Runs the rules, and applies suppressions and the policy's baseline.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn run(&self) -> Result<Triaged, Vec<Fault>> {
        self.finish(self.check_unsuppressed()?, self.policy.baseline.as_deref())
    }

    /// Runs the rules that are not after triage, and removes suppressed findings.
    pub(crate) fn check_unsuppressed(&self) -> Result<Triaged, Vec<Fault>> {
        let CheckResult { findings, unjudged, scopes, exhausted, .. } =
            self.check.run(&self.rules_of_phase(false))?;
        let mut suppressions = Suppressions::new(self.check.input, self.check.today);
        let (suppressed, findings) =
            findings.into_iter().partition(|finding| suppressions.suppresses(finding));
        let mut triaged = Triaged { findings, suppressed, unjudged, exhausted, scopes, ..Triaged::default() };
        triaged.usage = self.usage(&suppressions, &UnusedSuppressions::new(self, &triaged));
        Ok(triaged)
    }

    /// Applies a baseline, and runs the rules that check suppressions.
    pub(crate) fn finish(
        &self,
        mut triaged: Triaged,
        baseline: Option<&Baseline>,
    ) -> Result<Triaged, Vec<Fault>> {
        let today = self.check.today;
        if let Some(own) = self.state_baseline {
            let unused = UnusedSuppressions::new(self, &triaged);
            let is_unused = |entry: &BaselineEntry| unused.is_entry_unused(entry);
            let entries =
                baseline::entry_usage(&triaged.findings, &triaged.suppressed, own, today, is_unused);
            let file = PolicyFile::at(own.source.path(), Some(own.source.clone()));
            triaged.usage.baseline = Some(PolicyFile { entries, ..file });
        }
        if let Some(baseline) = baseline {
            baseline::apply_baseline(&mut triaged.findings, baseline, today);
        }
        let input = self.check.input.with_usage(Arc::new(std::mem::take(&mut triaged.usage)));
        let check = Check { input: &input, ..self.check };
        let CheckResult { findings, exhausted, .. } = check.run(&self.rules_of_phase(true))?;
        triaged.after_triage_findings = findings;
        triaged.exhausted.extend(exhausted);
        Ok(triaged)
    }

    /// Returns the entries of a baseline with all findings that are not suppressed.
    pub(crate) fn new_baseline_entries(&self, triaged: &Triaged) -> Vec<BaselineEntry> {
        let completed = self.completed_rules(&triaged.exhausted);
        baseline::new_entries(&triaged.findings, self.state_baseline, |rule| {
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
