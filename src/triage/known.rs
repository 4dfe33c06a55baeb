//! The baseline at work: what it lets pass, what of it is left over, and how it is written anew.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::EntryUsage;
use crate::finding::{Finding, Fingerprint};
use crate::policy::baseline::{Baseline, BaselineEntry};
use crate::text::Span;

/// Takes out what the baseline lets pass. Of several findings with one fingerprint the
/// first are let pass: what is added mostly stands below what was there.
pub(super) fn let_pass(findings: &mut Vec<Finding>, baseline: &Baseline, today: Date) {
    let mut left: HashMap<Fingerprint, usize> = HashMap::new();
    for entry in baseline.entries.iter().filter(|entry| entry.holds(today)) {
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

/// What came of each entry. Findings are shared out among entries of one fingerprint: first to those that still
/// hold, in the order of the file.
pub(super) fn used(
    findings: &[Finding],
    baseline: &Baseline,
    today: Date,
    can_tell: impl Fn(&BaselineEntry) -> bool,
) -> Vec<EntryUsage> {
    let mut left = counts(findings);
    let mut found = vec![0; baseline.entries.len()];
    for holds in [true, false] {
        for (entry, found) in baseline.entries.iter().zip(&mut found) {
            if entry.holds(today) == holds {
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
        unused: (found == entry.count || can_tell(entry)).then_some(entry.count - found),
        span: entry.span,
    });
    used.collect()
}

/// A baseline of these findings. What a person has added to an entry stays as long as the entry does: its last day
/// and its reason. Entries of rules that have not answered stay as they are.
pub(super) fn anew(
    findings: &[Finding],
    old: Option<&Baseline>,
    has_answered: impl Fn(&str) -> bool,
) -> Vec<BaselineEntry> {
    let mut left = counts(findings);
    let mut entries = Vec::new();
    for entry in old.iter().flat_map(|old| &old.entries) {
        if !has_answered(&entry.rule) {
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
    let places: HashMap<Fingerprint, &Arc<str>> =
        findings.iter().rev().map(|finding| (finding.fingerprint, finding.place.source.path())).collect();
    for entry in &mut entries {
        if let Some(place) = places.get(&entry.fingerprint) {
            entry.path = (***place).into();
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

/// As many of the findings that are left as the entry stands for.
fn take(left: &mut HashMap<Fingerprint, usize>, entry: &BaselineEntry) -> usize {
    let Some(left) = left.get_mut(&entry.fingerprint) else { return 0 };
    let taken = entry.count.min(*left);
    *left -= taken;
    taken
}
