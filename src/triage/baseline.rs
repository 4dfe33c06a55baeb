//! Applies the baseline, determines the usage of its entries, and creates a new one.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::finding::{Finding, Fingerprint};
use crate::input::EntryUsage;
use crate::policy::baseline::{Baseline, BaselineEntry, EntryKey};

/// Removes the findings that the baseline contains. Of several with one fingerprint the first are removed, because new
/// ones are mostly added below.
pub(super) fn apply_baseline(findings: &mut Vec<Finding>, baseline: &Baseline, today: Date) {
    let active = baseline.entries.iter().filter(|entry| entry.is_active(today));
    let mut left = Allowances::new(active);
    findings.retain(|finding| left.take(finding).is_none());
}

/// Entries with the number of findings that each still matches.
struct Allowances {
    /// By key, the last entry first.
    by_key: HashMap<EntryKey, Vec<usize>>,
    left: Vec<usize>,
}

impl Allowances {
    fn new<'b>(entries: impl Iterator<Item = &'b BaselineEntry>) -> Allowances {
        let entries: Vec<&BaselineEntry> = entries.collect();
        let mut by_key: HashMap<EntryKey, Vec<usize>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate().rev() {
            by_key.entry(entry.key()).or_default().push(at);
        }
        Allowances { by_key, left: entries.iter().map(|entry| entry.count).collect() }
    }

    /// Assigns a finding to the first entry that matches it and is not used up, and returns the entry's index.
    fn take(&mut self, finding: &Finding) -> Option<usize> {
        if self.by_key.is_empty() {
            return None;
        }
        EntryKey::of(finding).find_map(|key| {
            let entries = self.by_key.get_mut(&key)?;
            let entry = *entries.last()?;
            self.left[entry] -= 1;
            if self.left[entry] == 0 {
                entries.pop();
            }
            Some(entry)
        })
    }
}

/// Returns the usage of each entry. Findings are assigned first to the active entries, in the order of the file; those
/// that are suppressed anyway come last.
pub(super) fn entry_usage(
    findings: &[Finding],
    suppressed: &[Finding],
    baseline: &Baseline,
    today: Date,
    is_unused: impl Fn(&BaselineEntry) -> bool,
) -> Vec<EntryUsage> {
    let (active, expired): (Vec<usize>, Vec<usize>) =
        (0..baseline.entries.len()).partition(|&at| baseline.entries[at].is_active(today));
    let order = [active, expired].concat();
    let mut left = Allowances::new(order.iter().map(|&at| &baseline.entries[at]));
    let mut count = |findings: &[Finding]| {
        let mut counts = vec![0; order.len()];
        for at in findings.iter().filter_map(|finding| left.take(finding)) {
            counts[order[at]] += 1;
        }
        counts
    };
    let (found, suppressed) = (count(findings), count(suppressed));
    let usage = baseline.entries.iter().zip(found.into_iter().zip(suppressed));
    let usage = usage.map(|(entry, (found, suppressed))| EntryUsage {
        rule: entry.rule.clone(),
        record: entry.subject.record().map(Into::into),
        group: entry.subject.group().map(Into::into),
        fingerprint: entry.fingerprint,
        until: entry.until,
        found,
        suppressed,
        unused: match entry.count - found - suppressed {
            0 => Some(0),
            unused => is_unused(entry).then_some(unused),
        },
        span: entry.span,
    });
    usage.collect()
}

/// Creates the entries for these findings. The dates and reasons of old entries are kept, and so are the entries of rules
/// that did not complete.
pub(super) fn new_entries(
    findings: &[Finding],
    old: Option<&Baseline>,
    is_completed: impl Fn(&str) -> bool,
) -> Vec<BaselineEntry> {
    let old_entries = old.map_or(&[][..], |old| &old.entries);
    let (stated, incomplete): (Vec<&BaselineEntry>, Vec<&BaselineEntry>) = old_entries
        .iter()
        .filter(|entry| !is_completed(&entry.rule) || entry.until.is_some() || entry.because.is_some())
        .partition(|entry| is_completed(&entry.rule));
    let mut left = Allowances::new(stated.iter().copied());
    let mut entries: Vec<BaselineEntry> = incomplete.into_iter().cloned().collect();
    let mut numbers: HashMap<NewEntryKey, usize> = HashMap::new();
    for finding in findings {
        let mut entry = BaselineEntry::from(finding);
        let key = match left.take(finding) {
            Some(at) => {
                (entry.until, entry.because) = (stated[at].until, stated[at].because.clone());
                NewEntryKey::Kept(at)
            }
            None => NewEntryKey::New(entry.fingerprint),
        };
        let number = *numbers.entry(key).or_insert(entries.len());
        match entries.get_mut(number) {
            Some(known) => known.count += 1,
            None => entries.push(entry),
        }
    }
    entries
}

/// What findings share that have one entry in a new baseline.
#[derive(PartialEq, Eq, Hash)]
enum NewEntryKey {
    New(Fingerprint),
    /// An old entry, by its index, whose date and reason are kept.
    Kept(usize),
}
