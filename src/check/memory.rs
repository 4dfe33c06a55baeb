//! What rules have found in a state, kept for the check of one that differs little from it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::catalog::Catalog;
use crate::finding::{FieldValue, Finding, Fix, SemanticEdit};
use crate::text::Source;

use super::model::{CheckResult, CheckScope, Selection, Unjudged};

/// The verdicts of the last check by rule, and those of the one that runs.
#[derive(Default)]
pub struct Memory {
    known: Mutex<ByRule>,
    new: Mutex<ByRule>,
    /// The paths at which the states differ, and the old numbers of the records there.
    changed: HashSet<Arc<str>>,
    changed_records: HashSet<u32>,
    /// The numbers that the records of the last state have now; `None` if all have the same.
    numbers: Option<Vec<Option<u32>>>,
}

type ByRule = HashMap<Arc<str>, Verdicts>;

/// What a rule has found, before pairs are compared and suppressions applied.
struct Verdicts {
    findings: Vec<Finding>,
    of_earlier: Vec<Finding>,
    unjudged: Vec<Unjudged>,
}

fn locked(verdicts: &Mutex<ByRule>) -> MutexGuard<'_, ByRule> {
    verdicts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// Begins the check of a state that differs at these paths from the last one that was checked with this memory.
    pub fn next(self, before: &Catalog, now: &Catalog, changed: HashSet<Arc<str>>) -> Memory {
        let files = changed.iter().filter_map(|path| before.file_at(path));
        let changed_records = files.flat_map(|file| file.records.clone()).collect();
        let numbers = numbers(before, now);
        Memory { known: self.new, new: Mutex::default(), changed, changed_records, numbers }
    }

    /// Adds to what a rule has to check whatever its known verdicts show of the files that differ: lines have moved there.
    pub(super) fn widened(&self, rule: &str, scope: CheckScope, is_grouped: bool) -> CheckScope {
        let CheckScope::Selected(selection) = &scope else { return scope };
        let known = locked(&self.known);
        let Some(verdicts) = known.get(rule) else { return CheckScope::Everything };
        let is_changed = |source: &Arc<Source>| self.changed.contains(source.path());
        let shows = |it: &&Finding| {
            let mut related = it.related.iter().map(|related| &related.place.source);
            let edits = |change: &SemanticEdit| match change {
                SemanticEdit::SetField { record, .. } => self.changed_records.contains(record),
                _ => false,
            };
            let is_fixed_there = || it.fix.as_ref().is_some_and(|fix| fix.changes.iter().any(edits));
            is_changed(&it.place.source) || related.any(is_changed) || is_fixed_there()
        };
        let shown = verdicts.findings.iter().chain(&verdicts.of_earlier).filter(shows);
        let shown: BTreeSet<&Arc<str>> = shown.map(|it| &it.checked).collect();
        match shown.iter().all(|path| selection.contains(*path)) {
            true => scope,
            false if is_grouped => CheckScope::Everything,
            false => {
                CheckScope::Selected(Arc::new(selection.iter().chain(shown).cloned().collect::<Selection>()))
            }
        }
    }

    /// Adds the known verdicts about what a rule has not checked again, and remembers all.
    pub(super) fn complete(&self, rule: &Arc<str>, scope: &CheckScope, found: &mut CheckResult) {
        let known = locked(&self.known).remove(rule);
        if let (CheckScope::Selected(selection), Some(known)) = (scope, known) {
            let is_kept = |it: &Finding| !selection.contains(&it.checked);
            let kept =
                |findings: Vec<Finding>| findings.into_iter().filter(is_kept).map(|it| self.renumbered(it));
            found.findings.extend(kept(known.findings));
            found.of_earlier.extend(kept(known.of_earlier));
            let unjudged = known.unjudged.into_iter().filter(|it| !selection.contains(&it.path));
            found.unjudged.extend(unjudged.filter_map(|it| self.with_new_number(it)));
        }
        let (findings, of_earlier) = (found.findings.clone(), found.of_earlier.clone());
        let verdicts = Verdicts { findings, of_earlier, unjudged: found.unjudged.clone() };
        locked(&self.new).insert(rule.clone(), verdicts);
    }

    fn number(&self, old: u32) -> Option<u32> {
        match &self.numbers {
            Some(numbers) => *numbers.get(old as usize)?,
            None => Some(old),
        }
    }

    /// Returns a finding whose fix names records by their new numbers.
    fn renumbered(&self, mut finding: Finding) -> Finding {
        let is_known = finding.fix.as_mut().is_none_or(|fix| self.renumber(fix).is_some());
        finding.fix = finding.fix.filter(|_| is_known);
        finding
    }

    fn renumber(&self, fix: &mut Fix) -> Option<()> {
        for change in &mut fix.changes {
            if let SemanticEdit::SetField { record, value, .. } = change {
                *record = self.number(*record)?;
                if let FieldValue::Record(number) = value {
                    *number = self.number(*number)?;
                }
            }
        }
        Some(())
    }

    fn with_new_number(&self, mut unjudged: Unjudged) -> Option<Unjudged> {
        if let Some((number, _)) = &mut unjudged.record {
            *number = self.number(*number)?;
        }
        Some(unjudged)
    }
}

/// Returns the new number of each record whose file has as many in both states; `None` if no number differs.
fn numbers(before: &Catalog, now: &Catalog) -> Option<Vec<Option<u32>>> {
    let ranges =
        |catalog: &Catalog| catalog.files().iter().map(|file| file.records.clone()).collect::<Vec<_>>();
    if ranges(before) == ranges(now) {
        return None;
    }
    let mut numbers = vec![None; before.records().len()];
    for file in before.files() {
        let same = now.file_at(file.path()).filter(|new| new.records.len() == file.records.len());
        for (old, new) in same.into_iter().flat_map(|new| file.records.clone().zip(new.records.clone())) {
            numbers[old as usize] = Some(new);
        }
    }
    Some(numbers)
}
