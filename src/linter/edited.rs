//! Checks of a worktree that is edited. Each begins with what the last one has found: it is the same check, and a rule runs again only where
//! the edits can affect it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::names_people;
use crate::check::{Check, Memory, StateDiff};
use crate::input::Input;
use crate::policy::Baseline;
use crate::snapshot::{MAILMAP, Snapshot};
use crate::text::file_name;
use crate::triage::merge_by_cause;

use super::{Error, LintResult, Linter};

/// A check that came to its end, and what the next one needs of it.
pub(crate) struct Checked {
    pub linter: Linter,
    /// Its fixes have no edits: [`FixPlan`](crate::fix::FixPlan) computes them.
    pub result: LintResult,
    memory: Memory,
}

impl Linter {
    /// As [`Linter::lint`], for a state that will be edited.
    pub(crate) fn lint_edited(self) -> Result<Checked, Error> {
        let (result, memory) = self.lint_again(None)?;
        Ok(Checked { linter: self, result, memory })
    }

    fn lint_again(&self, mut last: Option<(&Input, Memory)>) -> Result<(LintResult, Memory), Error> {
        self.run(|| {
            self.require_baseline()?;
            // A second time, it begins anew.
            let (input, last) = self.input_after(last.take());
            self.require_records(&input)?;
            let before = last.as_ref().map(|(before, _)| *before);
            let changed = before.map(|it| self.snapshot.changed_since(it.snapshot())).unwrap_or_default();
            let diff = before.map(|it| StateDiff::new(&input, it, &changed, false).with_messages());
            let memory = last.map(|(before, memory)| memory.next(before, &input, changed.clone()));
            let memory = memory.unwrap_or_default();
            let check = Check { diff: diff.as_ref(), ..self.check_of(&input) };
            let (findings, details) = self.check(check, None, false, Some(&memory))?;
            drop(diff);
            Ok((LintResult::new(merge_by_cause(findings), details, input), memory))
        })
    }

    /// Reads the state, and returns the last one if that can be followed: another adoption concerns all records.
    fn input_after<'i>(&self, last: Option<(&'i Input, Memory)>) -> (Input, Option<(&'i Input, Memory)>) {
        let known = last.as_ref().map(|(input, _)| *input);
        let input = self.policy.read_reusing(known, &self.snapshot, &self.rules);
        match input.has_own_adoption() {
            true => (input, last),
            false => (self.policy.read(&self.snapshot, &self.rules), None),
        }
    }

    /// Returns true for a file by which more is decided than what it says of records.
    fn decides(&self, path: &str) -> bool {
        let config = &self.policy.config;
        let of_baseline = Baseline::path(&self.snapshot, config, &self.policy_paths);
        file_name(path).contains("alignlint")
            || config.source.as_ref().is_some_and(|source| **source.path() == *path)
            || of_baseline.is_some_and(|baseline| *baseline == *path)
            || config.folders.iter().any(|folder| folder.contains(path))
            || config.is_export(path)
            || *path == *MAILMAP
            || names_people(path)
            || Snapshot::is_ignore_file(path)
    }
}

impl Checked {
    /// Checks another state of the same folder; `None` if that needs another policy or another day.
    pub(crate) fn next(&mut self, snapshot: Snapshot) -> Option<Result<Checked, Error>> {
        let last = &self.linter;
        // What was on disk then may not be there any more.
        let is_as_before = |path: &str| {
            let (now, before) = (snapshot.read_path(path), last.snapshot.text_in_memory(path));
            now.zip(before).is_some_and(|(now, before)| now.text() == before.text())
        };
        let differs = |path: &Arc<str>| last.decides(path) && !is_as_before(path);
        let changed: HashSet<Arc<str>> = snapshot.changed_since(&last.snapshot);
        if !snapshot.is_other_state_of(&last.snapshot) || last.is_past() || changed.iter().any(differs) {
            return None;
        }
        let linter = last.with_snapshot(snapshot);
        let memory = std::mem::take(&mut self.memory);
        let checked = linter.lint_again(Some((&self.result.input, memory)));
        Some(checked.map(|(result, memory)| Checked { linter, result, memory }))
    }
}
