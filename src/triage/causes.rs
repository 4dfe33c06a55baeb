//! Findings of one cause are reported as one: at the first of the most severe, with the others' places.

use std::collections::{HashMap, HashSet};

use crate::finding::{Finding, Related};

/// The number of findings from which a cause is reported once. Two of one page suffice.
const MANY: usize = 3;

/// The number of different causes from which their common one is reported instead.
const MANY_CAUSES: usize = 3;

/// Merges sorted findings that have a cause in common. What is reported stays sorted; suppressions, baselines and fixes are about
/// each finding, so they come first.
pub fn merge_by_cause(mut findings: Vec<Finding>) -> Vec<Finding> {
    // A rule about files may be asked once for each record.
    findings.dedup_by(|later, first| says_the_same(later, first));
    let causes: Vec<Option<Cause>> = causes(&findings);
    let mut members: HashMap<&Cause, Vec<usize>> = HashMap::new();
    for (at, cause) in causes.iter().enumerate() {
        if let Some(cause) = cause {
            members.entry(cause).or_default().push(at);
        }
    }
    let mut texts: HashMap<usize, (Vec<Related>, String)> = HashMap::new();
    let mut merged: HashSet<usize> = HashSet::new();
    for (cause, members) in members.into_iter().filter(|(_, members)| are_one(members, &findings)) {
        let first = members.iter().copied().rev().max_by_key(|&at| findings[at].severity);
        let Some(first) = first else { continue };
        let rest = members.into_iter().filter(|&at| at != first);
        let place =
            |at: usize| Related { place: findings[at].place.clone(), message: Related::SAME.to_owned() };
        let places: Vec<Related> = rest.clone().map(place).collect();
        merged.extend(rest);
        let shown = cause.shown(places.len());
        texts.insert(first, (places, shown));
    }
    let mut kept = Vec::with_capacity(findings.len() - merged.len());
    for (at, mut finding) in findings.into_iter().enumerate().filter(|(at, _)| !merged.contains(at)) {
        if let Some((places, shown)) = texts.remove(&at) {
            finding.message = format!("{}; {shown}", finding.message);
            finding.related.extend(places);
        }
        kept.push(finding);
    }
    kept
}

/// True for findings of one rule with the same words at the same place.
fn says_the_same(one: &Finding, other: &Finding) -> bool {
    let place = |finding: &Finding| (finding.place.source.path().clone(), finding.place.span);
    one.rule == other.rule && one.message == other.message && place(one) == place(other)
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Cause {
    Narrow(String),
    /// The common cause of many.
    Wide(String),
}

impl Cause {
    fn shown(&self, others: usize) -> String {
        match self {
            Cause::Narrow(_) if others == 1 => "the same in another place".to_owned(),
            Cause::Narrow(_) => format!("the same in {others} other places"),
            Cause::Wide(text) => format!("{others} other findings alike, as {text}"),
        }
    }
}

fn are_one(members: &[usize], findings: &[Finding]) -> bool {
    let page = |at: usize| (findings[at].place.source.path(), &findings[at].subject);
    members.len() >= MANY || members.len() > 1 && members.iter().all(|&at| page(at) == page(members[0]))
}

/// The cause of each finding: the wide one of those that many narrow ones share.
fn causes(findings: &[Finding]) -> Vec<Option<Cause>> {
    let mut below: HashMap<&str, HashSet<&str>> = HashMap::new();
    for finding in findings {
        if let [narrow, wide, ..] = finding.causes.as_slice() {
            below.entry(wide).or_default().insert(narrow);
        }
    }
    let is_common = |wide: &str| below.get(wide).is_some_and(|narrow| narrow.len() >= MANY_CAUSES);
    let cause = |finding: &Finding| match finding.causes.as_slice() {
        [_, wide, ..] if is_common(wide) => Some(Cause::Wide(wide.clone())),
        [narrow, ..] => Some(Cause::Narrow(narrow.clone())),
        [] => None,
    };
    findings.iter().map(cause).collect()
}
