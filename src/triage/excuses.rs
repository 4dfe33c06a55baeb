//! What is excused: by a comment at the place, else by an exception on record.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::{Catalog, EXCEPTION};
use crate::check::Unjudged;
use crate::finding::Finding;
use crate::node::Node;
use crate::record::Record;
use crate::rule::means;
use crate::text::Span;

/// The excuses of a state, and which of them found something to excuse.
pub(super) struct Excuses<'c> {
    catalog: &'c Catalog,
    today: Date,
    /// Those on record where the state is held to.
    granted: Vec<Exception<'c>>,
    /// Those on record in the state itself.
    pub own: Vec<Exception<'c>>,
    pub used_ignores: HashSet<(Arc<str>, Span)>,
    pub used_exceptions: HashSet<u32>,
}

impl<'c> Excuses<'c> {
    pub fn of(catalog: &'c Catalog, today: Date) -> Excuses<'c> {
        Excuses {
            catalog,
            today,
            granted: exceptions(catalog.standard(), today),
            own: exceptions(catalog, today),
            used_ignores: HashSet::new(),
            used_exceptions: HashSet::new(),
        }
    }

    /// Whether something excuses the finding. What a change is held to has the say: exceptions are those on record
    /// there, and a comment counts that stands there too.
    pub fn cover(&mut self, finding: &Finding) -> bool {
        let ignored = self.ignored(finding);
        for exception in self.own.iter().filter(|exception| exception.covers(finding)) {
            self.used_exceptions.insert(exception.number);
        }
        ignored || self.granted.iter().any(|exception| exception.covers(finding))
    }

    /// Whether a comment above the place excuses the finding.
    fn ignored(&mut self, finding: &Finding) -> bool {
        let (place, rule, today) = (&finding.place, &*finding.rule, self.today);
        let path = place.source.path();
        let ignores = self.catalog.file_at(path).map_or(&[][..], |file| &file.ignores);
        let mut excused = false;
        for ignore in ignores.iter().filter(|ignore| ignore.scope.contains(place.span)) {
            if ignore.excuses(rule, today) {
                self.used_ignores.insert((path.clone(), ignore.span));
                excused |= self.catalog.is_excused(ignore, rule, today);
            }
        }
        excused
    }
}

/// The exceptions of a state that have not run out.
fn exceptions(catalog: &Catalog, today: Date) -> Vec<Exception<'_>> {
    let records = catalog.of_kind(EXCEPTION).iter().map(|&number| catalog.record(number));
    let exceptions = records.filter_map(Exception::of);
    exceptions.filter(|exception| exception.last_day.is_none_or(|day| today <= day)).collect()
}

/// A departure from a rule, as far as findings are concerned.
pub(super) struct Exception<'c> {
    pub number: u32,
    pub rule: &'c str,
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
        Some(Exception { number: record.number, rule, scope: texts(record.field("scope")), last_day })
    }

    fn covers(&self, finding: &Finding) -> bool {
        means(self.rule, &finding.rule)
            && (self.scope.is_empty() || self.scope.iter().any(|part| names(part, finding)))
    }
}

impl Exception<'_> {
    /// Whether what could not be judged may be something that it covers.
    pub fn may_cover(&self, one: &Unjudged) -> bool {
        let is_named = |part: &&str| {
            let id = part.split_once('/').map_or(*part, |(_, id)| id);
            one.record.as_deref().is_some_and(|record| record == id || record == *part)
                || lies_in(part, &one.path)
        };
        self.scope.is_empty() || self.scope.iter().any(is_named)
    }
}

/// Whether a part of an exception's scope is the finding's record, file, or a folder above it.
fn names(part: &str, finding: &Finding) -> bool {
    lies_in(part, finding.place.source.path())
        || finding.record.as_ref().is_some_and(|record| {
            *part == *record.id || part.split_once('/') == Some((&*record.kind, &*record.id))
        })
}

/// Whether a path is this one, or in this folder.
fn lies_in(part: &str, path: &str) -> bool {
    let rest = path.strip_prefix(part.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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
