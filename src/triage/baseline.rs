//! Applies the baseline, determines the usage of its entries, and creates a new one.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Finding, Fingerprint};
use crate::input::EntryUsage;
use crate::policy::baseline::{Baseline, BaselineEntry};
use crate::text::Span;

/// Removes the findings that the baseline contains. Of several with one fingerprint the first are removed, because new
/// ones are mostly added below.
pub(super) fn apply_baseline(findings: &mut Vec<Finding>, baseline: &Baseline, today: Date) {
    let mut left: HashMap<Fingerprint, usize> = HashMap::new();
    for entry in baseline.entries.iter().filter(|entry| entry.is_active(today)) {
        *left.entry(entry.fingerprint).or_default() += entry.count;
    }
    findings.retain(|finding| match left.get_mut(&finding.fingerprint) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
}

/// Returns the usage of each entry. The findings of one fingerprint are assigned first to the active entries, in the
/// order of the file.
pub(super) fn entry_usage(
    findings: &[Finding],
    baseline: &Baseline,
    today: Date,
    is_unused: impl Fn(&BaselineEntry) -> bool,
) -> Vec<EntryUsage> {
    let mut left = counts(findings);
    let mut found = vec![0; baseline.entries.len()];
    for is_active in [true, false] {
        for (entry, found) in baseline.entries.iter().zip(&mut found) {
            if entry.is_active(today) == is_active {
                *found = take(&mut left, entry);
            }
        }
    }
    let used = baseline.entries.iter().zip(found).map(|(entry, found)| EntryUsage {
        rule: entry.rule.clone(),
        record: entry.record.clone(),
        fingerprint: entry.fingerprint,
        until: entry.until,
        found,
        unused: (found == entry.count || is_unused(entry)).then_some(entry.count - found),
        span: entry.span,
    });
    used.collect()
}

/// Creates the entries for these findings. The dates and reasons of old entries are kept, and so are the entries of rules
/// that did not complete.
pub(super) fn new_entries(
    findings: &[Finding],
    old: Option<&Baseline>,
    is_completed: impl Fn(&str) -> bool,
) -> Vec<BaselineEntry> {
    let mut left = counts(findings);
    let mut entries = Vec::new();
    for entry in old.iter().flat_map(|old| &old.entries) {
        if !is_completed(&entry.rule) {
            entries.push(entry.clone());
        } else if entry.until.is_some() || entry.because.is_some() {
            let count = take(&mut left, entry);
            entries.extend((count > 0).then(|| BaselineEntry { count, ..entry.clone() }));
        }
    }
    for finding in findings {
        let Some(count) = left.remove(&finding.fingerprint).filter(|count| *count > 0) else { continue };
        let record = finding.record.as_ref();
        entries.push(BaselineEntry {
            rule: (*finding.rule).into(),
            record: record.map(|record| format!("{}/{}", record.kind, record.id).into()),
            path: (**finding.place.source.path()).into(),
            fingerprint: finding.fingerprint,
            count,
            until: None,
            because: None,
            span: Span::at(0),
        });
    }
    let paths: HashMap<Fingerprint, &Arc<str>> =
        findings.iter().rev().map(|finding| (finding.fingerprint, finding.place.source.path())).collect();
    for entry in &mut entries {
        if let Some(path) = paths.get(&entry.fingerprint) {
            entry.path = (***path).into();
        }
    }
    entries
}

fn counts(findings: &[Finding]) -> HashMap<Fingerprint, usize> {
    let mut counts = HashMap::new();
    for finding in findings {
        *counts.entry(finding.fingerprint).or_default() += 1;
    }
    counts
}

fn take(left: &mut HashMap<Fingerprint, usize>, entry: &BaselineEntry) -> usize {
    let Some(left) = left.get_mut(&entry.fingerprint) else { return 0 };
    let taken = entry.count.min(*left);
    *left -= taken;
    taken
}
