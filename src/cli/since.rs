//! `--since`: what the state before a change says already.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use crate::check::{Check, Exhausted, StateDiff};
use crate::finding::{Fault, Finding};
use crate::input::{Input, SuppressionUsage};
use crate::rule::{Rule, matches_pattern};
use crate::snapshot::{ChangedPath, MAILMAP, Snapshot};
use crate::triage::Triage;

use super::Failure;
use super::project::Project;

/// What a change is made of, and what it may have to do with what is judged.
pub(super) struct Changed<'s> {
    /// As the person names where it began.
    since: &'s str,
    base: Arc<Snapshot>,
    pub paths: HashSet<Arc<str>>,
    /// Nothing of it can bring in a finding.
    pub is_harmless: bool,
    /// The records where it began, once somebody has asked. Not taken apart, as the head's, for the same reason.
    before: OnceCell<ManuallyDrop<Input>>,
}

impl<'s> Changed<'s> {
    /// What differs between a state and the merge base of `since` and it; none where there is nothing before it.
    pub fn of(project: &Project, state: &Snapshot, since: &'s str) -> Result<Option<Changed<'s>>, Fault> {
        let Some(base) = project.snapshot.merge_base(since)? else { return Ok(None) };
        let differences = state.diff(&base);
        // What is gone may be missed; what is new, or has other bytes, matters where it is read.
        let matters = |it: &ChangedPath<'_>| it.removed || project.policy.is_relevant(it.path);
        let is_harmless = !differences.iter().any(matters);
        let paths = differences.iter().map(|it| it.path.clone()).collect();
        let base = Arc::new(base);
        Ok(Some(Changed { since, base, paths, is_harmless, before: OnceCell::new() }))
    }

    /// Whether the change is the next commit, so that the past of what it leaves alone is the same before it.
    pub fn is_next_commit(&self, project: &Project) -> bool {
        project.snapshot.builds_on(&self.base)
    }

    /// The records where the change began.
    fn before(&self, project: &Project, head: &Input, rules: &[Arc<Rule>]) -> Result<&Input, Fault> {
        if let Some(known) = self.before.get() {
            return Ok(known);
        }
        let input = project.policy.read_reusing(Some(head), &self.base, rules);
        // Old findings in a file that can't be read would pass for new ones.
        project.all_there(&self.base, &format!("what is new since `{}` can't be told", self.since))?;
        let input = project.hold(input, rules)?;
        Ok(self.before.get_or_init(|| ManuallyDrop::new(input)))
    }

    /// The fault of a rule that came to no end in the state before the change.
    fn before_the_change(&self, fault: Fault) -> Fault {
        let message =
            format!("what is new since `{}` can't be told: as of then, {}", self.since, fault.message);
        Fault { message, ..fault }
    }

    /// What the change may make a difference to.
    pub fn reach<'c>(
        &'c self,
        project: &Project,
        head: &'c Input,
        rules: &[Arc<Rule>],
    ) -> Result<StateDiff<'c>, Fault> {
        let bears_on_all =
            |path: &str| path == MAILMAP || project.policy.config.baseline.as_deref() == Some(path);
        let is_whole = self.paths.iter().any(|path| bears_on_all(path));
        let change = StateDiff::new(head, self.before(project, head, rules)?, &self.paths);
        Ok(change.with_global_change(is_whole))
    }
}

/// What was found where a change began.
#[derive(Default)]
pub(super) struct Before {
    pub findings: Vec<Finding>,
    /// Rules of which nobody knows what they would have found.
    pub exhausted: Exhausted,
    /// Rules that ask what the others made of excuses.
    after_triage: Vec<Arc<str>>,
}

impl Before {
    /// Whether nobody knows if a finding of this rule was there before: the rule came to no end, or it is about what others
    /// let pass, one of which did not.
    pub fn can_not_tell(&self, rule: &str) -> bool {
        let asks_others = || self.after_triage.iter().any(|id| **id == *rule);
        self.exhausted.contains_key(rule) || (!self.exhausted.is_empty() && asks_others())
    }
}

/// The findings where a change began, by the project's own policy and on the same day. Only rules that find
/// something in the head are asked, and those whose excuses are found to be of no use: others have nothing to
/// take away.
pub(super) fn findings(
    project: &Project,
    changed: &Changed<'_>,
    head: &Check,
    found: &[Finding],
    usage: &SuppressionUsage,
    rules: &[Arc<Rule>],
) -> Result<Before, Failure> {
    let ids: HashSet<&str> = found.iter().map(|finding| &*finding.rule).collect();
    let idle = rules.iter().filter(|rule| rule.after_triage).any(|rule| ids.contains(&*rule.id));
    let named: Vec<&str> = if idle { usage.rules_of_unused(head.input) } else { Vec::new() };
    let concerned = |rule: &&Arc<Rule>| {
        ids.contains(&*rule.id) || named.iter().any(|named| matches_pattern(named, &rule.id))
    };
    let rules: Vec<Arc<Rule>> = rules.iter().filter(concerned).cloned().collect();
    if rules.is_empty() {
        return Ok(Before::default());
    }
    let input = changed.before(project, head.input, &rules)?;
    let own = project.baseline_of(&changed.base);
    let triage = Triage {
        check: Check { input, ..*head },
        policy: &project.policy,
        rules: &rules,
        own_baseline: own.as_deref(),
    };
    let mut triaged = triage.run()?;
    let exhausted = std::mem::take(&mut triaged.exhausted).into_iter();
    let exhausted = exhausted.map(|(rule, fault)| (rule, changed.before_the_change(fault)));
    let after_triage = rules.iter().filter(|rule| rule.after_triage).map(|rule| rule.id.clone());
    Ok(Before {
        exhausted: exhausted.collect(),
        after_triage: after_triage.collect(),
        findings: triaged.into_findings(),
    })
}
