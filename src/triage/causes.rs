//! Findings of one cause are reported as one: at the first of the most severe, with the others' places. So are those in copies of a page.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::finding::{Finding, Place, Related};
use crate::syntax::Format;
use crate::text::Span;

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
    let mut others: HashMap<usize, (Vec<Related>, &Cause)> = HashMap::new();
    let mut merged: HashSet<usize> = HashSet::new();
    for (cause, members) in members.into_iter().filter(|(_, members)| are_one(members, &findings)) {
        let first = members.iter().copied().rev().max_by_key(|&at| findings[at].severity);
        let Some(first) = first else { continue };
        let rest: Vec<usize> = members.into_iter().filter(|&at| at != first).collect();
        let place =
            |&at: &usize| Related { place: findings[at].place.clone(), message: Related::SAME.to_owned() };
        others.insert(first, (rest.iter().map(place).collect(), cause));
        merged.extend(rest);
    }
    let texts: HashMap<usize, (Vec<Related>, String)> = others
        .into_iter()
        .map(|(at, (places, cause))| {
            let shown = cause.shown(places.len());
            (at, (places, shown))
        })
        .collect();
    let mut kept = Vec::with_capacity(findings.len() - merged.len());
    for (at, mut finding) in findings.into_iter().enumerate() {
        if merged.contains(&at) {
            continue;
        }
        if let Some((places, shown)) = texts.get(&at) {
            finding.message = format!("{}; {shown}", finding.message);
            finding.related.extend(places.iter().cloned());
        }
        kept.push(finding);
    }
    kept
}

/// Merges the findings in copies of a page into those of the first one.
pub fn merge_copies(findings: Vec<Finding>) -> Vec<Finding> {
    let mut alike: HashMap<(Arc<str>, String, Span), Vec<usize>> = HashMap::new();
    let mut copies: HashMap<usize, Vec<Related>> = HashMap::new();
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let Place { source, span } = &finding.place;
        let is_copy = |at: &&usize| {
            let first = &kept[**at].place.source;
            is_copied_to(first.path(), source.path()) && first.text() == source.text()
        };
        let alike = alike.entry((finding.rule.clone(), finding.message.clone(), *span)).or_default();
        match alike.iter().find(is_copy) {
            Some(&first) => {
                let message = Related::SAME.to_owned();
                copies.entry(first).or_default().push(Related { place: finding.place, message });
            }
            None => {
                alike.push(kept.len());
                kept.push(finding);
            }
        }
    }
    for (at, places) in copies {
        let of = if places.len() == 1 { "a copy".to_owned() } else { format!("{} copies", places.len()) };
        kept[at].message += &format!("; the same in {of} of the page");
        kept[at].related.extend(places);
    }
    kept
}

/// True for two paths of pages with one name: `plans/0007-logs.md` and `site/plans/0007-logs.md`.
fn is_copied_to(path: &str, other: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    path != other && Format::is_page_path(path) && name(path) == name(other)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::text::Source;
    use crate::triage::fixtures;

    fn finding(severity: Severity, causes: &[&str]) -> Finding {
        let message = format!("no {}", causes.first().unwrap_or(&"cause"));
        let causes = causes.iter().map(ToString::to_string).collect();
        Finding { severity, causes, ..fixtures::finding(&message) }
    }

    /// Each finding is at a place of its own.
    fn merged(mut findings: Vec<Finding>) -> Vec<(String, usize)> {
        for (number, finding) in findings.iter_mut().enumerate() {
            finding.place.span = Span::at(number);
        }
        let of = |finding: Finding| (finding.message, finding.related.len());
        merge_by_cause(findings).into_iter().map(of).collect()
    }

    #[test]
    fn three_findings_of_a_cause_are_one_at_the_most_severe() {
        let error = |cause: &str| finding(Severity::Error, &[cause]);
        let note = |cause: &str| finding(Severity::Note, &[cause]);
        let found = merged(vec![note("a"), error("a"), error("a"), finding(Severity::Error, &[])]);
        let expected = [("no a; the same in 2 other places", 2), ("no cause", 0)];
        assert_eq!(found, expected.map(|(message, places)| (message.to_owned(), places)));
    }

    #[test]
    fn two_findings_of_a_cause_are_one_in_one_file() {
        let of = |path: &str| {
            let mut finding = finding(Severity::Error, &["a"]);
            finding.place.source = Arc::new(Source::new(path, Vec::new()));
            finding
        };
        assert_eq!(merged(vec![of("a.md"), of("a.md")]), [("no a; the same in another place".to_owned(), 1)]);
        assert_eq!(merged(vec![of("a.md"), of("b.md")]).len(), 2);
    }

    #[test]
    fn a_finding_in_a_copy_of_a_page_is_one_with_the_first() {
        let of = |path: &str, text: &str| {
            let mut finding = finding(Severity::Error, &[]);
            finding.place.source = Arc::new(Source::new(path, text.as_bytes().to_vec()));
            finding
        };
        let merged = |findings: Vec<Finding>| {
            let of = |finding: Finding| (finding.message, finding.related.len());
            merge_copies(findings).into_iter().map(of).collect::<Vec<_>>()
        };
        let found = merged(vec![of("a.md", "A"), of("site/a.md", "A"), of("b.md", "A")]);
        let copied = "no cause; the same in a copy of the page";
        assert_eq!(found, [(copied.to_owned(), 1), ("no cause".to_owned(), 0)]);
        assert_eq!(merged(vec![of("a.md", "A"), of("a.md", "A")]).len(), 2);
    }

    #[test]
    fn three_causes_with_a_common_one_are_one() {
        let of = |names: &[&str]| {
            names.iter().map(|name| finding(Severity::Error, &[name, "it is gone"])).collect()
        };
        let found = merged(of(&["a", "b", "a", "c", "d", "e"]));
        assert_eq!(found, [("no a; 5 other findings alike, as it is gone".to_owned(), 5)]);
        assert_eq!(merged(of(&["a", "b"])).len(), 2);
    }
}
