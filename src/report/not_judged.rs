//! Lines about results that are not judged, for standard error.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{counted, location};
use crate::check::NotJudged;
use crate::finding::Place;
use crate::rule::Reason;
use crate::text::article;

/// Returns a line for each result.
pub fn each(not_judged: &[NotJudged]) -> Vec<String> {
    let mut lines: Vec<String> = not_judged.iter().map(|one| format!("not judged: {one}")).collect();
    lines.dedup();
    lines
}

/// Returns a line for each value that is missing in records of a kind, the most frequent first, with counts and one place.
pub fn summary(not_judged: &[NotJudged]) -> Vec<String> {
    let mut gaps: BTreeMap<_, Gap> = BTreeMap::new();
    for one in not_judged {
        let kind = one.record.as_ref().map_or("file", |record| &*record.kind);
        let holder = one.holder.as_ref().map(|holder| &*holder.kind);
        let gap = gaps.entry((kind, one.reason, &*one.what, holder)).or_insert_with(|| Gap {
            subjects: BTreeSet::new(),
            rules: BTreeSet::new(),
            example: &one.place,
        });
        gap.rules.insert(&*one.rule);
        gap.subjects.insert((&*one.path, one.record.as_ref().map(|record| &*record.id)));
    }
    let mut gaps: Vec<_> = gaps.into_iter().collect();
    gaps.sort_by_key(|(_, gap)| Reverse(gap.subjects.len()));
    let lines = gaps.into_iter().map(|((kind, reason, what, holder), gap)| {
        let subjects = match kind {
            "file" => counted(gap.subjects.len(), "file"),
            kind => format!("{} of kind {kind}", counted(gap.subjects.len(), "record")),
        };
        let rules = match gap.rules.first() {
            Some(rule) if gap.rules.len() == 1 => (*rule).to_owned(),
            _ => counted(gap.rules.len(), "rule"),
        };
        let value = holder
            .map_or_else(|| format!("`{what}`"), |kind| format!("`{what}` of {} {kind}", article(kind)));
        let place = location(gap.example);
        format!("not judged: {subjects} by {rules}: {}, for example {place}", missing(reason, &value))
    });
    lines.collect()
}

/// The records that lack a value, and the rules that need it.
struct Gap<'n> {
    subjects: BTreeSet<(&'n str, Option<&'n str>)>,
    rules: BTreeSet<&'n str>,
    example: &'n Place,
}

fn missing(reason: Reason, value: &str) -> String {
    match reason {
        Reason::Absent => format!("no {value}"),
        Reason::Unresolved => format!("{value} names no record"),
        Reason::Unreadable => format!("{value} can't be read"),
        Reason::Undefined => format!("{value} has no result"),
        Reason::History => format!("the history of {value} is not known"),
    }
}
