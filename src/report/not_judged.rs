//! Lines about results that are not judged, for standard error.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{counted, grouped};
use crate::check::NotJudged;
use crate::finding::Place;
use crate::rule::Reason;
use crate::triage::KindCount;

/// Returns a line for each result.
pub fn each(not_judged: &[NotJudged]) -> Vec<String> {
    let mut lines: Vec<String> = not_judged.iter().map(|one| format!("not judged: {one}")).collect();
    lines.dedup();
    lines
}

/// Returns a line for each value that is missing in records of a kind, the most frequent first: how many records of
/// `counts` are not judged for it, by which rules, and one place. Others may lack it too, of which the rules ask nothing.
pub fn summary(not_judged: &[NotJudged], counts: &BTreeMap<Arc<str>, KindCount>) -> Vec<String> {
    let mut gaps: BTreeMap<_, Gap> = BTreeMap::new();
    for one in not_judged {
        let kind = one.record.as_ref().map(|record| &*record.kind);
        let holder = one.holder.as_ref().map(|holder| &*holder.kind);
        let gap = gaps.entry((kind, one.reason, &*one.what, holder)).or_insert_with(|| Gap::of(one));
        gap.rules.insert(&one.rule);
        gap.subjects.insert((&one.path, one.record.as_ref().map(|record| &*record.id)));
    }
    let mut gaps: Vec<_> = gaps.into_iter().collect();
    gaps.sort_by_key(|(_, gap)| Reverse(gap.subjects.len()));
    let lines = gaps.into_iter().map(|((kind, reason, what, holder), gap)| {
        let subjects = subjects(gap.subjects.len(), kind, counts);
        let missing = missing(reason, &value(what, holder, counts));
        format!("not judged: {subjects} by {}: {missing}, for example {}", rules(&gap), place(gap.example))
    });
    lines.collect()
}

/// The records that lack a value, and the rules that need it.
struct Gap<'n> {
    subjects: BTreeSet<(&'n str, Option<&'n str>)>,
    rules: BTreeSet<&'n str>,
    example: &'n Place,
}

impl<'n> Gap<'n> {
    fn of(one: &'n NotJudged) -> Gap<'n> {
        Gap { subjects: BTreeSet::new(), rules: BTreeSet::new(), example: &one.place }
    }
}

/// `134 of 208 decisions`, `all 3 decisions`, `2 files`
fn subjects(count: usize, kind: Option<&str>, counts: &BTreeMap<Arc<str>, KindCount>) -> String {
    let Some(kind) = kind else { return counted(count, "file") };
    match counts.get(kind) {
        Some(known) if known.count == 1 => format!("the only {kind}"),
        Some(known) if known.count == count => format!("all {} {}", grouped(count), known.plural),
        Some(known) => format!("{} of {} {}", grouped(count), grouped(known.count), known.plural),
        None => format!("{} of kind {kind}", counted(count, "record")),
    }
}

/// `` `status` ``, `` `reports-to` of people ``
fn value(what: &str, holder: Option<&str>, counts: &BTreeMap<Arc<str>, KindCount>) -> String {
    match holder {
        None => format!("`{what}`"),
        Some(kind) => format!("`{what}` of {}", counts.get(kind).map_or(kind, |known| &known.plural)),
    }
}

fn missing(reason: Reason, value: &str) -> String {
    match reason {
        Reason::Absent => format!("no {value}"),
        Reason::Unresolved => format!("{value} names no record"),
        Reason::Unreadable => format!("{value} can't be read"),
        Reason::Unread => format!("{value} is not read"),
        Reason::Undefined => format!("{value} has no result"),
        Reason::History => format!("the history of {value} is not known"),
    }
}

/// The only rule, or `13 rules`
fn rules(gap: &Gap) -> String {
    match gap.rules.first() {
        Some(rule) if gap.rules.len() == 1 => (*rule).to_owned(),
        _ => counted(gap.rules.len(), "rule"),
    }
}

fn place(place: &Place) -> String {
    let at = place.source.position(place.span.start as usize);
    format!("{}:{}:{}", place.source.path(), at.line, at.column)
}
