//! What is excused: by a comment at the place, else by an exception on record.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::{Catalog, EXCEPTION, SourceFile};
use crate::finding::Finding;
use crate::node::Node;
use crate::record::Record;
use crate::text::{Span, SpanTree};

/// The excuses of a state, and which of them found something to excuse.
pub(super) struct Excuses<'c> {
    catalog: &'c Catalog,
    today: Date,
    /// For each file with comments that excuse, what they speak for.
    scopes: HashMap<&'c str, SpanTree>,
    /// Those on record where the state is held to.
    granted: Scopes<'c>,
    /// Those on record in the state itself.
    pub own: Vec<Exception<'c>>,
    of_own: Scopes<'c>,
    pub used_ignores: HashSet<(Arc<str>, Span)>,
    /// Of the scopes of its own exceptions, those in which there was something to excuse.
    used: HashSet<usize>,
}

impl<'c> Excuses<'c> {
    pub fn of(catalog: &'c Catalog, today: Date) -> Excuses<'c> {
        let files = catalog.files().iter().filter(|file| !file.ignores.is_empty());
        let nest = |file: &SourceFile| SpanTree::new(file.ignores.iter().map(|ignore| ignore.scope));
        let own = exceptions(catalog, today);
        Excuses {
            catalog,
            today,
            scopes: files.map(|file| (&**file.path(), nest(file))).collect(),
            granted: Scopes::of(&exceptions(catalog.base(), today)),
            of_own: Scopes::of(&own),
            own,
            used_ignores: HashSet::new(),
            used: HashSet::new(),
        }
    }

    /// Whether something excuses the finding. What a change is held to has the say: exceptions are those on record
    /// there, and a comment counts that stands there too.
    pub fn cover(&mut self, finding: &Finding) -> bool {
        let ignored = self.ignored(finding);
        self.used.extend(self.of_own.covering(finding));
        ignored || !self.granted.covering(finding).is_empty()
    }

    /// The numbers of the state's own exceptions that found something to excuse.
    pub fn used_exceptions(&self) -> HashSet<u32> {
        self.used.iter().flat_map(|&group| &self.of_own.groups[group]).copied().collect()
    }

    /// Whether a comment above the place excuses the finding.
    fn ignored(&mut self, finding: &Finding) -> bool {
        let (place, rule, today) = (&finding.place, &*finding.rule, self.today);
        let path = place.source.path();
        let Some(scopes) = self.scopes.get(&**path) else { return false };
        let ignores = self.catalog.file_at(path).map_or(&[][..], |file| &file.ignores);
        let mut excused = false;
        for ignore in scopes.containing(place.span).filter_map(|number| ignores.get(number)) {
            if ignore.suppresses(rule, today) {
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
    pub scope: Vec<&'c str>,
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
}

/// A part of what an exception is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part<'p> {
    Everything,
    /// A record, by its identifier or by its kind too.
    Record(&'p str),
    /// A file, or a folder.
    Place(&'p str),
}

/// What exceptions are for: those of one rule, or family of rules, and one part are a group.
#[derive(Default)]
struct Scopes<'c> {
    by_scope: HashMap<(Part<'c>, &'c str), usize>,
    /// The numbers of the exceptions of each group.
    groups: Vec<Vec<u32>>,
}

impl<'c> Scopes<'c> {
    fn of(exceptions: &[Exception<'c>]) -> Scopes<'c> {
        let mut scopes = Scopes::default();
        for exception in exceptions {
            let everything = exception.scope.is_empty().then_some(Part::Everything);
            let named = exception.scope.iter().flat_map(|part| {
                let place = part.trim_end_matches('/');
                [Part::Record(part), Part::Place(place)]
            });
            for part in everything.into_iter().chain(named) {
                let group = *scopes.by_scope.entry((part, exception.rule)).or_insert(scopes.groups.len());
                if group == scopes.groups.len() {
                    scopes.groups.push(Vec::new());
                }
                scopes.groups[group].push(exception.number);
            }
        }
        scopes
    }

    /// The groups that a finding is in.
    fn covering(&self, finding: &Finding) -> Vec<usize> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let family = finding.rule.split_once('/').map(|(family, _)| format!("{family}/*"));
        let rules: Vec<&str> = [&*finding.rule].into_iter().chain(family.as_deref()).collect();
        let name = finding.record.as_ref().map(|record| format!("{}/{}", record.kind, record.id));
        let id = finding.record.as_ref().map(|record| &*record.id);
        let records = name.as_deref().into_iter().chain(id).map(Part::Record);
        let places = with_folders(finding.place.source.path()).map(Part::Place);
        let parts = [Part::Everything].into_iter().chain(records).chain(places);
        let groups = parts.flat_map(|part| rules.iter().filter_map(move |rule| self.group(part, rule)));
        groups.collect()
    }

    fn group(&self, part: Part<'_>, rule: &str) -> Option<usize> {
        self.by_scope.get(&(part, rule)).copied()
    }
}

/// A path, and the folders that it lies in.
pub(super) fn with_folders(path: &str) -> impl Iterator<Item = &str> {
    [path].into_iter().chain(path.rmatch_indices('/').map(|(at, _)| &path[..at]))
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
