//! The counts of a run, which findings are new, and which have one cause: they are reported as one, at the first of the most severe, with
//! the others' places.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, SourceFile};
use crate::finding::{Finding, FindingSubject, Fingerprint, Related, Severity};
use crate::input::Input;
use crate::record::{Record, id_key};

/// The counts of records and findings. Equal input gives equal counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of files with a record, or with a note why there is none.
    pub files: usize,
    pub records: BTreeMap<Arc<str>, KindCount>,
    pub error: usize,
    pub warning: usize,
    pub note: usize,
    /// The findings in the baseline or in the base revision.
    pub known: usize,
    pub suppressed: usize,
    pub not_judged: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    pub count: usize,
    pub plural: Box<str>,
}

impl Summary {
    /// Counts the files and records. The caller sets the other counts.
    pub(crate) fn of_records(catalog: &Catalog) -> Summary {
        let has_any = |file: &&SourceFile| !file.records.is_empty() || !file.notes.is_empty();
        let of_kind = |kind: &Arc<str>| {
            let records = catalog.of_kind(kind);
            let plural = records.first().map(|first| catalog.record(*first).kind.plural.clone());
            (kind.clone(), KindCount { count: records.len(), plural: plural.unwrap_or_default() })
        };
        Summary {
            files: catalog.files().iter().filter(has_any).count(),
            records: catalog.kinds_in_use().map(of_kind).collect(),
            ..Summary::default()
        }
    }

    pub fn with_findings(self, findings: &[Finding]) -> Summary {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Summary {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            note: count(Severity::Note),
            ..self
        }
    }

    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }
}

/// The records of a base that a change renames: gives other identifiers or files.
#[derive(Default)]
pub(crate) struct Renames {
    /// By kind and key.
    records: HashSet<(Arc<str>, String)>,
    ids: HashMap<Arc<str>, Arc<str>>,
    /// The numbers of identifiers that are nothing else.
    numbers: HashMap<String, String>,
    paths: HashMap<Arc<str>, Arc<str>>,
}

impl Renames {
    /// Reads pairs of a record in the base and in the change.
    pub(crate) fn of(pairs: &[(&Record, &Record)]) -> Renames {
        let mut renames = Renames::default();
        for (old, new) in pairs {
            let (key, new_key) = (old.key(), new.key());
            if key != new_key {
                renames.records.insert((old.kind.name.clone(), key.clone()));
                renames.ids.insert(old.id.clone(), new.id.clone());
                if key.bytes().all(|byte| byte.is_ascii_digit()) {
                    renames.numbers.insert(key, new_key);
                }
            }
            if old.path != new.path && old.is_sole_record {
                renames.paths.insert(old.path.clone(), new.path.clone());
            }
        }
        renames
    }

    /// Returns rule, message and file that a finding of the base has in the change; `None` if they are the same.
    pub(super) fn renamed(&self, finding: &Finding) -> Option<(Arc<str>, String, Arc<str>)> {
        let path = finding.place.source.path();
        let new_path = self.paths.get(path).unwrap_or(path).clone();
        // Messages quote what they name.
        let part = |(at, part): (usize, &str)| if at % 2 == 1 { self.name(part) } else { part.to_owned() };
        let parts: Vec<String> = finding.message.split('`').enumerate().map(part).collect();
        let message = parts.join("`");
        let differs = message != finding.message || new_path != *path || self.is_about_one(finding);
        differs.then(|| (finding.rule.clone(), message, new_path))
    }

    fn is_about_one(&self, finding: &Finding) -> bool {
        match &finding.subject {
            FindingSubject::Record { name, key } => {
                self.records.contains(&(name.kind.clone(), key.to_string()))
            }
            FindingSubject::Path(path) => self.paths.contains_key(path),
            FindingSubject::Group(_) => false,
        }
    }

    /// Writes an identifier, or `ADR-3` for the number 3, as in the change.
    fn name(&self, text: &str) -> String {
        if let Some(id) = self.ids.get(text) {
            return id.to_string();
        }
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &text[letters.len()..];
        match self.numbers.get(&id_key(digits, &[])) {
            Some(new) if !letters.contains(|c: char| c.is_ascii_digit()) => {
                let width = if digits.starts_with('0') { digits.len() } else { 0 };
                format!("{letters}{new:0>width$}")
            }
            _ => text.to_owned(),
        }
    }
}

/// Returns the findings of `head` that are not in `base`, in their order.
///
/// Findings are equal if their fingerprints are; one about a renamed record or file, if the other has its rule, message and file as
/// renamed. One about a record that takes the kind and identifier of another is new. Of several with one fingerprint the last are new,
/// because new ones are mostly added below.
pub(crate) fn new_since<'f>(
    mut head: Vec<Finding>,
    base: impl Iterator<Item = &'f Finding>,
    renames: &Renames,
    input: &Input,
) -> Vec<Finding> {
    let base: Vec<&Finding> = base.collect();
    let mut by_fingerprint: HashMap<Fingerprint, Vec<usize>> = HashMap::new();
    let mut by_name: HashMap<(Arc<str>, String, Arc<str>), Vec<usize>> = HashMap::new();
    for (at, finding) in base.iter().enumerate() {
        if !renames.is_about_one(finding) {
            by_fingerprint.entry(finding.fingerprint).or_default().push(at);
        }
        if let Some(name) = renames.renamed(finding) {
            by_name.entry(name).or_default().push(at);
        }
    }
    // One finding may be in both.
    let mut is_left = vec![true; base.len()];
    let mut take = |candidates: Option<&mut Vec<usize>>| {
        candidates.is_some_and(|it| {
            std::iter::from_fn(|| it.pop()).any(|at| std::mem::replace(&mut is_left[at], false))
        })
    };
    head.retain(|finding| {
        let (rule, path) = (finding.rule.clone(), finding.place.source.path().clone());
        let name = || (rule, finding.message.clone(), path);
        input.is_of_impostor(finding)
            || !take(by_fingerprint.get_mut(&finding.fingerprint))
                && (by_name.is_empty() || !take(by_name.get_mut(&name())))
    });
    head
}

/// The number of findings from which a cause is reported once. Two of one page suffice.
const MANY: usize = 3;

/// The number of different causes from which their common one is reported instead.
const MANY_CAUSES: usize = 3;

/// What several findings come from; a wide cause is the common one of many narrow ones.
#[derive(PartialEq, Eq, Hash)]
struct Cause {
    text: String,
    is_wide: bool,
}

/// Merges sorted findings of one cause, in their order. Suppressions, baselines and fixes, about each finding, come first.
pub(crate) fn merge_by_cause(mut findings: Vec<Finding>) -> Vec<Finding> {
    // A value above several records is a value of each of them.
    findings.dedup_by(|later, first| says_the_same(later, first));
    let mut members: HashMap<Cause, Vec<usize>> = HashMap::new();
    for (at, cause) in causes(&findings) {
        members.entry(cause).or_default().push(at);
    }
    let mut merged: HashSet<usize> = HashSet::new();
    for (Cause { text, is_wide }, members) in members {
        // The first of the most severe.
        let first = members.iter().copied().rev().max_by_key(|&at| findings[at].severity);
        let Some(first) = first.filter(|_| are_one(&members, &findings)) else { continue };
        let rest = members.into_iter().filter(|&at| at != first);
        let place = |at: usize| Related { place: findings[at].place.clone(), message: Related::SAME.into() };
        let places: Vec<Related> = rest.clone().map(place).collect();
        merged.extend(rest);
        let shown = match places.len() {
            others if is_wide => format!("{others} other findings alike, as {text}"),
            1 => "the same in another place".to_owned(),
            others => format!("the same in {others} other places"),
        };
        findings[first].message += &format!("; {shown}");
        findings[first].related.extend(places);
    }
    let mut numbers = 0..;
    findings.retain(|_| numbers.next().is_none_or(|at| !merged.contains(&at)));
    findings
}

/// True for findings of one rule with the same words, but for the name of the record, at the same place.
fn says_the_same(one: &Finding, other: &Finding) -> bool {
    let place = |finding: &Finding| (finding.place.source.path().clone(), finding.place.span);
    let words = |finding: &Finding| match &finding.record {
        Some(record) => finding.message.replace(&format!("`{}`", record.id), ""),
        None => finding.message.clone(),
    };
    one.rule == other.rule && place(one) == place(other) && words(one) == words(other)
}

fn are_one(members: &[usize], findings: &[Finding]) -> bool {
    let page = |at: usize| (findings[at].place.source.path(), &findings[at].subject);
    members.len() >= MANY || members.len() > 1 && members.iter().all(|&at| page(at) == page(members[0]))
}

/// Returns the findings that have a cause, by their index: the wide one of those that many narrow ones share.
fn causes(findings: &[Finding]) -> Vec<(usize, Cause)> {
    let mut below: HashMap<&str, HashSet<&str>> = HashMap::new();
    for finding in findings {
        if let [narrow, wide, ..] = finding.causes.as_slice() {
            below.entry(wide).or_default().insert(narrow);
        }
    }
    let is_common = |wide: &str| below.get(wide).is_some_and(|narrow| narrow.len() >= MANY_CAUSES);
    let cause = |finding: &Finding| match finding.causes.as_slice() {
        [_, wide, ..] if is_common(wide) => Some(Cause { text: wide.clone(), is_wide: true }),
        [narrow, ..] => Some(Cause { text: narrow.clone(), is_wide: false }),
        [] => None,
    };
    findings.iter().enumerate().filter_map(|(at, finding)| Some((at, cause(finding)?))).collect()
}
