//! Exceptions: records that suppress a rule for records, files or folders.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::finding::Finding;
use crate::node::Node;
use crate::record::Record;

/// The kind of the records.
pub const EXCEPTION: &str = "exception";

/// An exception from a rule of the linter.
pub struct Exception<'c> {
    pub number: u32,
    /// A rule, or a family such as `term/*`.
    pub rule: &'c str,
    /// Records and paths. Empty means everything.
    pub scope: Vec<&'c str>,
    until: Option<Date>,
}

impl<'c> Exception<'c> {
    /// Reads an exception from its record. `None` if it is from a policy that is not a rule of the linter, or if its end
    /// is not a date.
    pub fn from_record(record: &'c Record) -> Option<Exception<'c>> {
        let text = |field: &str| record.field(field).and_then(Node::as_text);
        let rule = text("rule").filter(|rule| is_rule(rule))?;
        let until = match text("expires") {
            Some(day) => Some(parse_date(day)?),
            None => None,
        };
        let scope = record.field("scope");
        let scope =
            scope.map(|scope| scope.as_sequence().unwrap_or(std::slice::from_ref(scope))).unwrap_or_default();
        let scope = scope.iter().filter_map(Node::as_text).collect();
        Some(Exception { number: record.number, rule, scope, until })
    }

    pub fn is_active(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }
}

/// Exceptions by what they apply to. Those with the same rule and part of a scope form a group.
#[derive(Default)]
pub struct ExceptionIndex<'c> {
    groups_by_scope: HashMap<(ScopePart<'c>, &'c str), usize>,
    groups: Vec<Vec<u32>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ScopePart<'p> {
    Everything,
    /// An identifier, or `kind/identifier`.
    Record(&'p str),
    Path(&'p str),
}

impl<'c> ExceptionIndex<'c> {
    pub fn new(exceptions: &[Exception<'c>]) -> ExceptionIndex<'c> {
        let mut index = ExceptionIndex::default();
        for exception in exceptions {
            let everything = exception.scope.is_empty().then_some(ScopePart::Everything);
            let named = exception
                .scope
                .iter()
                .flat_map(|part| [ScopePart::Record(part), ScopePart::Path(part.trim_end_matches('/'))]);
            for part in everything.into_iter().chain(named) {
                let next = index.groups.len();
                let group = *index.groups_by_scope.entry((part, exception.rule)).or_insert(next);
                if group == next {
                    index.groups.push(Vec::new());
                }
                index.groups[group].push(exception.number);
            }
        }
        index
    }

    /// Returns the groups that apply to a finding.
    pub fn groups_for(&self, finding: &Finding) -> Vec<usize> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let family = finding.rule.split_once('/').map(|(family, _)| format!("{family}/*"));
        let rules: Vec<&str> = [&*finding.rule].into_iter().chain(family.as_deref()).collect();
        let name = finding.record.as_ref().map(|record| format!("{}/{}", record.kind, record.id));
        let id = finding.record.as_ref().map(|record| &*record.id);
        let records = name.as_deref().into_iter().chain(id).map(ScopePart::Record);
        let paths = path_and_folders(finding.place.source.path()).map(ScopePart::Path);
        let parts = [ScopePart::Everything].into_iter().chain(records).chain(paths);
        parts.flat_map(|part| rules.iter().filter_map(move |rule| self.group(part, rule))).collect()
    }

    fn group(&self, part: ScopePart<'_>, rule: &str) -> Option<usize> {
        self.groups_by_scope.get(&(part, rule)).copied()
    }

    /// Returns the record numbers of a group.
    pub fn exceptions_in(&self, group: usize) -> &[u32] {
        &self.groups[group]
    }
}

/// Returns a path, then each folder that contains it.
pub fn path_and_folders(path: &str) -> impl Iterator<Item = &str> {
    [path].into_iter().chain(path.rmatch_indices('/').map(|(at, _)| &path[..at]))
}

/// Returns true for `family/name` and `family/*`, false for other policies.
fn is_rule(text: &str) -> bool {
    let is_part = |word: &str| {
        word == "*" || !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.split_once('/').is_some_and(|(family, name)| is_part(family) && is_part(name))
}
