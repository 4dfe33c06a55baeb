//! Compares a state with the merge base of [`Options::since`](super::Options::since).

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::names_people;
use crate::check::{Check, StateDiff};
use crate::citation::Language;
use crate::finding::{Fault, Finding};
use crate::input::{Input, NewerBase};
use crate::policy::Baseline;
use crate::rule::Rule;
use crate::rule::file::CITING_FILE;
use crate::snapshot::{ChangedPath, MAILMAP, Snapshot};
use crate::triage::Triaged;

use super::{Error, Linter, StateSelector};

/// The merge base of `--since`, and the paths in which the state differs from it.
pub(super) struct BaseComparison<'l> {
    linter: &'l Linter,
    since: &'l str,
    base: Arc<Snapshot>,
    pub changed_paths: HashSet<Arc<str>>,
    /// No finding can be new: no changed file is relevant.
    pub is_irrelevant: bool,
    /// Read on demand.
    base_input: OnceCell<Input>,
}

impl<'l> BaseComparison<'l> {
    /// Compares `head_snapshot` with its merge base. None without [`super::Options::since`], or if nothing is committed yet.
    pub(super) fn new(
        linter: &'l Linter,
        head_snapshot: &Snapshot,
    ) -> Result<Option<BaseComparison<'l>>, Fault> {
        let Some(since) = linter.options.since.as_deref() else { return Ok(None) };
        let Some(base) = linter.snapshot.merge_base(since)? else { return Ok(None) };
        let changes = head_snapshot.diff(&base);
        let searches_citations =
            linter.rules.iter().any(|rule| rule.is_for_word(CITING_FILE) && !linter.is_off(rule));
        // Removing any file can break a reference.
        let is_relevant = |change: &ChangedPath<'_>| {
            change.removed
                || linter.policy.is_relevant(change.path)
                || searches_citations && Language::of(change.path).is_some()
        };
        let is_irrelevant = !changes.iter().any(is_relevant);
        let changed_paths = changes.iter().map(|change| change.path.clone()).collect();
        let (base, base_input) = (Arc::new(base), OnceCell::new());
        Ok(Some(BaseComparison { linter, since, base, changed_paths, is_irrelevant, base_input }))
    }

    /// Returns what the change may affect, if the state is staged and directly follows the base: then the history of
    /// all unchanged files is the same in both states. `None` if everything has to be checked.
    pub(super) fn state_diff<'c>(&'c self, head_input: &'c Input) -> Result<Option<StateDiff<'c>>, Fault> {
        let Linter { options, snapshot, policy, rules, .. } = self.linter;
        if options.state != StateSelector::Staged
            || options.policy_from.is_some()
            || !snapshot.builds_on(&self.base)
        {
            return Ok(None);
        }
        let is_global_path = |path: &Arc<str>| {
            **path == *MAILMAP || names_people(path) || policy.config.baseline.as_deref() == Some(&**path)
        };
        let is_global = self.changed_paths.iter().any(is_global_path);
        let base_input = self.base_input(head_input, rules)?;
        Ok(Some(StateDiff::new(head_input, base_input, &self.changed_paths, is_global)))
    }

    /// Adds the records of the base that the head lacks. Only files that differ can have lost one.
    pub(super) fn with_lost_records(&self, head_input: Input) -> Result<Input, Fault> {
        let base = Arc::new(self.base.filtered(|path| self.changed_paths.contains(path)));
        let records = self.linter.policy.read_records(&head_input, &base);
        self.linter.require_all_files(&base, &format!("can't compare with `{}`", self.since))?;
        Ok(head_input.with_lost_records(&records, &self.changed_paths))
    }

    /// Says which files the change adds.
    pub(super) fn with_added_paths(&self, head_input: Input) -> Input {
        let added = self.changed_paths.iter().filter(|path| self.base.get(path).is_none());
        let added = added.cloned().collect();
        head_input.with_added_paths(added)
    }

    /// Adds the records that the base has gained since the merge base, in commits that are in this clone.
    pub(super) fn with_newer_base(&self, head_input: Input) -> Result<Input, Fault> {
        let Linter { snapshot, policy, .. } = self.linter;
        if self.base.is_at(self.since) {
            return Ok(head_input);
        }
        let tip = snapshot.at_revision(self.since)?.subtree(snapshot.folder());
        let gained: HashSet<Arc<str>> =
            tip.diff(&self.base).iter().map(|change| change.path.clone()).collect();
        let is_relevant = |path: &str| gained.contains(path) && policy.is_relevant(path);
        let tip = Arc::new(tip.filtered(is_relevant));
        let of_both = |path: &str| is_relevant(path) || self.changed_paths.contains(path);
        let merge_base = Arc::new(self.base.filtered(of_both));
        let catalog = policy.read_records(&head_input, &tip);
        let merge_base_catalog = policy.read_records(&head_input, &merge_base);
        for state in [&tip, &merge_base] {
            self.linter.require_all_files(state, &format!("can't compare with `{}`", self.since))?;
        }
        Ok(head_input.with_newer_base(&NewerBase {
            rev: self.since,
            catalog: &catalog,
            merge_base: &merge_base_catalog,
            changed: &self.changed_paths,
        }))
    }

    /// Returns the base if it was read.
    pub(super) fn into_base_input(self) -> Option<Input> {
        self.base_input.into_inner()
    }

    fn base_input(&self, head_input: &Input, rules: &[Arc<Rule>]) -> Result<&Input, Fault> {
        if let Some(input) = self.base_input.get() {
            return Ok(input);
        }
        let input = self.linter.policy.read_reusing(Some(head_input), &self.base, rules);
        // Known findings in an unreadable file would look new.
        self.linter.require_all_files(&self.base, &format!("can't compare with `{}`", self.since))?;
        let input = self.linter.with_base_policy(input, rules)?;
        Ok(self.base_input.get_or_init(|| input))
    }

    /// Lints the base with the same policy and date. Only rules with findings in the head run: the others can't have known findings. To
    /// know what the base does not use, all of them run.
    pub(super) fn base_findings(&self, head_check: &Check, findings: &[Finding]) -> Result<Triaged, Error> {
        let rules = &self.linter.rules;
        let ids: HashSet<&str> = findings.iter().map(|finding| &*finding.rule).collect();
        let has_unused = rules.iter().any(|rule| rule.after_triage && ids.contains(&*rule.id));
        let is_needed = |rule: &&Arc<Rule>| has_unused || ids.contains(&*rule.id);
        let rules: Vec<Arc<Rule>> = rules.iter().filter(is_needed).cloned().collect();
        if rules.is_empty() {
            return Ok(Triaged::default());
        }
        let input = self.base_input(head_check.input, &rules)?;
        let Linter { policy, policy_paths, .. } = self.linter;
        let state_baseline = Baseline::load(&self.base, &policy.config, policy_paths).ok().flatten();
        let check = Check { input, ..*head_check };
        let mut triaged = self.linter.triage(check, &rules, state_baseline.as_deref()).run()?;
        // Known findings in files that are only read by then would look new, too.
        self.linter.require_all_files(&self.base, &format!("can't compare with `{}`", self.since))?;
        for fault in triaged.exhausted.values_mut() {
            let message = &fault.message;
            fault.message = format!("can't compare with `{}`: at the merge base, {message}", self.since);
        }
        Ok(triaged)
    }
}
