//! What is excused: by a comment at the place, else by an exception on record.

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::{Catalog, EXCEPTION};
use crate::finding::Finding;
use crate::node::Node;
use crate::record::Record;

/// Takes the excused findings out, and says how many they were. What a change is held to has the say:
/// exceptions are those on record there, and a comment counts that stands there too.
pub fn excuse(findings: &mut Vec<Finding>, catalog: &Catalog, today: Date) -> usize {
    let before = findings.len();
    let standard = catalog.standard();
    let exceptions: Vec<Exception> = standard
        .of_kind(EXCEPTION)
        .iter()
        .filter_map(|&number| Exception::of(standard.record(number)))
        .filter(|exception| exception.last_day.is_none_or(|day| today <= day))
        .collect();
    findings.retain(|finding| {
        !ignored(finding, catalog, today) && !exceptions.iter().any(|exception| exception.covers(finding))
    });
    before - findings.len()
}

/// Whether a comment above the place excuses the finding.
fn ignored(finding: &Finding, catalog: &Catalog, today: Date) -> bool {
    let place = &finding.place;
    let ignores = catalog.file_at(place.source.path()).map_or(&[][..], |file| &file.ignores);
    let here = ignores.iter().filter(|ignore| ignore.scope.contains(place.span));
    here.into_iter().any(|ignore| catalog.is_excused(ignore, &finding.rule, today))
}

/// A departure from a rule, as far as findings are concerned.
struct Exception<'c> {
    rule: &'c str,
    /// Records and paths; all of them where the record names none.
    scope: Vec<&'c str>,
    last_day: Option<Date>,
}

impl<'c> Exception<'c> {
    /// The exception that a record states; none from a policy that is no rule of the linter, or with an end
    /// that can't be read, which counts as past.
    fn of(record: &'c Record) -> Option<Exception<'c>> {
        let rule = record.field("rule").and_then(Node::as_text).filter(|rule| is_rule(rule))?;
        let last_day = match record.field("expires").and_then(Node::as_text) {
            Some(day) => Some(parse_date(day)?),
            None => None,
        };
        Some(Exception { rule, scope: texts(record.field("scope")), last_day })
    }

    fn covers(&self, finding: &Finding) -> bool {
        let rule = match self.rule.strip_suffix('*') {
            Some(family) => finding.rule.starts_with(family),
            None => *self.rule == *finding.rule,
        };
        rule && (self.scope.is_empty() || self.scope.iter().any(|part| names(part, finding)))
    }
}

/// Whether a part of an exception's scope is the finding's record, file, or a folder above it.
fn names(part: &str, finding: &Finding) -> bool {
    let path = finding.place.source.path().strip_prefix(part.trim_end_matches('/'));
    let in_path = path.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    in_path
        || finding.record.as_ref().is_some_and(|record| {
            *part == *record.id || part.split_once('/') == Some((&*record.kind, &*record.id))
        })
}

/// `family/name`, `family/*`: a sentence about a policy is no rule.
fn is_rule(text: &str) -> bool {
    let word = |word: &str| {
        word == "*" || word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !word.is_empty()
    };
    text.split_once('/').is_some_and(|(family, name)| word(family) && word(name))
}

fn texts(node: Option<&Node>) -> Vec<&str> {
    let items = node.map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node))).unwrap_or_default();
    items.iter().filter_map(Node::as_text).collect()
}
