//! `--since`: what the state before a change says already.

use std::collections::HashSet;
use std::sync::Arc;

use crate::check::Check;
use crate::finding::{Fault, Finding};
use crate::rule::Rule;
use crate::snapshot::{Difference, Snapshot};
use crate::triage::{self, Triage};

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
}

impl<'s> Changed<'s> {
    /// What differs between a state and the merge base of `since` and it; none where there is nothing before it.
    pub fn of(project: &Project, state: &Snapshot, since: &'s str) -> Result<Option<Changed<'s>>, Fault> {
        let Some(base) = project.snapshot.base(since)? else { return Ok(None) };
        let differences = state.differences(&base);
        // What is gone may be missed; what is new, or has other bytes, matters where it is read.
        let matters = |it: &Difference<'_>| it.gone || project.policy.reads(it.path);
        let is_harmless = !differences.iter().any(matters);
        let paths = differences.iter().map(|it| it.path.clone()).collect();
        Ok(Some(Changed { since, base: Arc::new(base), paths, is_harmless }))
    }
}

/// The findings where a change began, by the project's own policy and on the same day. Only rules that find
/// something in the head are asked, and those whose excuses are found to be of no use: others have nothing to
/// take away.
pub(super) fn findings(
    project: &Project,
    Changed { since, base, .. }: &Changed<'_>,
    head: &Check,
    found: &[Finding],
    rules: &[Arc<Rule>],
) -> Result<Vec<Finding>, Failure> {
    let ids: HashSet<&str> = found.iter().map(|finding| &*finding.rule).collect();
    let idle = rules.iter().filter(|rule| rule.after_triage).any(|rule| ids.contains(&*rule.id));
    let named: Vec<&str> = if idle { head.catalog.idle() } else { Vec::new() };
    let concerned = |rule: &&Arc<Rule>| {
        ids.contains(&*rule.id) || named.iter().any(|named| triage::means(named, &rule.id))
    };
    let rules: Vec<Arc<Rule>> = rules.iter().filter(concerned).cloned().collect();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let catalog = project.policy.read_beside(Some(head.catalog), base, &rules);
    // Old findings in a file that can't be read would pass for new ones.
    project.all_there(base, &format!("what is new since `{since}` can't be told"))?;
    let catalog = project.hold(catalog, &rules)?;
    let own = project.baseline_of(base);
    let triage = Triage {
        check: Check { catalog: &catalog, ..*head },
        policy: &project.policy,
        rules: &rules,
        own: own.as_deref(),
    };
    let findings = triage.run()?.all();
    std::mem::forget(catalog); // as the head's, for the same reason
    Ok(findings)
}
