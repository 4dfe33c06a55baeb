//! Limits of a format's readers: [`select`] chooses the findings to write, [`Omitted`] reports the others.

use std::cmp::Reverse;

use super::{Report, by_severity, enumerated};
use crate::finding::Finding;

/// The number of findings omitted from a report, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    counts: [usize; 3],
    /// The limit: `GitHub takes at most …`.
    reason: &'static str,
}

impl Omitted {
    pub fn count(&self) -> usize {
        self.counts.iter().sum()
    }

    /// `20 errors and 5,000 notes are left out: GitHub takes ….`; `None` if nothing is omitted.
    pub fn message(&self) -> Option<String> {
        let counts = by_severity(|severity| self.counts[severity as usize]);
        let verb = if self.count() == 1 { "is" } else { "are" };
        (self.count() > 0).then(|| format!("{} {verb} left out: {}.", enumerated(&counts), self.reason))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Capacity {
    pub findings: usize,
    pub bytes: usize,
}

impl Capacity {
    pub(super) fn reserve(&mut self, bytes: usize) -> bool {
        let fits = self.findings > 0 && bytes <= self.bytes;
        if fits {
            self.findings -= 1;
            self.bytes -= bytes;
        }
        fits
    }
}

/// Returns the findings that fit, in their order. Calls `fits` for those about the policy first, so that others can't push
/// them out; then for the most severe.
pub(super) fn select<'f>(
    report: &Report<'f>,
    reason: &'static str,
    mut fits: impl FnMut(&'f Finding) -> bool,
) -> (Vec<&'f Finding>, Omitted) {
    let findings = report.findings;
    let mut omitted = Omitted { reason, ..Omitted::default() };
    let mut selected: Vec<usize> = Vec::with_capacity(findings.len());
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_cached_key(|&at| Reverse((report.is_about_policy(&findings[at]), findings[at].severity)));
    for at in order {
        match fits(&findings[at]) {
            true => selected.push(at),
            false => omitted.counts[findings[at].severity as usize] += 1,
        }
    }
    selected.sort_unstable();
    (selected.into_iter().map(|at| &findings[at]).collect(), omitted)
}
