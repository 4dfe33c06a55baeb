//! `--since`: what the state before a change says already.

use std::sync::Arc;

use crate::check::Check;
use crate::finding::{Fault, Finding};
use crate::rule::Rule;
use crate::snapshot::Snapshot;
use crate::triage;

use super::Failure;
use super::project::Project;

/// The findings at the merge base of `since` and the project's state, by the project's own policy and on the
/// same day. Only rules that find something in the head are asked: others have nothing to take away.
pub(super) fn findings(
    project: &Project,
    since: &str,
    head: &Check,
    found: &[Finding],
    rules: &[Arc<Rule>],
) -> Result<Vec<Finding>, Failure> {
    let Some(base) = project.snapshot.base(since)? else { return Ok(Vec::new()) };
    let concerned = |rule: &&Arc<Rule>| found.iter().any(|finding| finding.rule == rule.id);
    let rules: Vec<Arc<Rule>> = rules.iter().filter(concerned).cloned().collect();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let base = Arc::new(base);
    let catalog = project.policy.read_beside(Some(head.catalog), &base, &rules);
    complete(project, since, &base)?;
    let mut findings = Check { catalog: &catalog, ..*head }.run(&rules)?.findings;
    triage::excuse(&mut findings, &catalog, head.today);
    std::mem::forget(catalog); // as the head's, for the same reason
    Ok(findings)
}

/// Old findings in a file that can't be read would pass for new ones.
fn complete(project: &Project, since: &str, base: &Snapshot) -> Result<(), Fault> {
    let missing = base.missing();
    let Some(first) = missing.first() else { return Ok(()) };
    let others = match missing.len() - 1 {
        0 => String::new(),
        1 => " and 1 other file".to_owned(),
        more => format!(" and {more} other files"),
    };
    let (base, head) = (base.commit().unwrap_or_default(), project.snapshot.commit());
    let message = format!("what is new since `{since}` can't be told: `{first}`{others} as of then");
    let message = format!(
        "{message} {} not in this clone, which is partial",
        if others.is_empty() { "is" } else { "are" }
    );
    let head = head.as_deref().unwrap_or("HEAD");
    Err(Fault::new(message).help(format!("`git diff {base} {head} > /dev/null` fetches what differs.")))
}
