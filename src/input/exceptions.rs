//! Exceptions: records that suppress a rule for records, kinds, files or folders, by a scope that is read in the state of the exception.

use std::cell::Cell;
use std::sync::Arc;

use ahash::HashMap;
use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::Catalog;
use crate::config::LazyGlob;
use crate::finding::{Finding, FindingSubject, RecordName};
use crate::node::Node;
use crate::record::Record;
use crate::schema::nearest;
use crate::suppression::EXCEPTION;
use crate::text::Span;

#[derive(Debug)]
pub struct Exception {
    pub number: u32,
    /// A rule, or a family such as `term/*`.
    pub rule: Box<str>,
    /// What it applies to; `None` for everything, as the record has no key `scope`, and none that is a misspelling of it.
    pub scope: Option<Vec<ScopePart>>,
    pub(super) until: Option<Date>,
}

#[derive(Debug)]
pub struct ScopePart {
    pub text: Box<str>,
    pub span: Span,
    /// Or why it can't be read. Then it applies to nothing.
    pub reading: Result<ScopeReading, String>,
}

#[derive(Debug)]
pub enum ScopeReading {
    /// The records with an identifier, by kind.
    Records {
        kinds: Vec<Arc<str>>,
        id: Box<str>,
    },
    Kind(Arc<str>),
    Path(Box<str>),
    Pattern(LazyGlob),
}

/// All exceptions of a state, in the order of their records.
#[derive(Debug, Default)]
pub struct Exceptions {
    all: Vec<Exception>,
}

impl Exceptions {
    pub(super) fn of(catalog: &Catalog) -> Exceptions {
        let records = catalog.of_kind(EXCEPTION).iter().map(|&number| catalog.record(number));
        Exceptions { all: records.filter_map(|record| Exception::from_record(record, catalog)).collect() }
    }

    pub fn active(&self, today: Date) -> Vec<&Exception> {
        self.all.iter().filter(|it| it.until.is_none_or(|until| today <= until)).collect()
    }

    pub fn have_same_meaning(&self, other: &Exceptions) -> bool {
        let meaning = |Exception { rule, scope, .. }: &Exception| format!("{rule} {scope:?}");
        self.all.iter().map(meaning).eq(other.all.iter().map(meaning))
    }

    pub fn get(&self, number: u32) -> Option<&Exception> {
        let at = self.all.binary_search_by_key(&number, |exception| exception.number).ok()?;
        Some(&self.all[at])
    }
}

impl Exception {
    /// Reads an exception; `None` if it is not from a rule of the linter, if its end is no date, or if it does not apply by its status.
    fn from_record(record: &Record, catalog: &Catalog) -> Option<Exception> {
        let text = |field: &str| record.field(field).and_then(Node::as_text);
        let rule = text("rule").filter(|rule| is_rule(rule))?;
        let status = record.kind.status.as_deref().and_then(text);
        if status.is_some_and(|status| record.kind.is_live(status) == Some(false)) {
            return None;
        }
        let until = match text("expires") {
            Some(day) => Some(parse_date(day)?),
            None => None,
        };
        let read = |scope: &Node| scope.items().iter().map(|item| ScopePart::read(item, catalog)).collect();
        // A mistake in the key must not widen the exception.
        let none = || has_misspelt_scope(record).then(Vec::new);
        let scope = record.field(SCOPE).map(read).or_else(none);
        Some(Exception { number: record.number, rule: rule.into(), scope, until })
    }

    pub fn parts(&self) -> &[ScopePart] {
        self.scope.as_deref().unwrap_or_default()
    }
}

const SCOPE: &str = "scope";

fn has_misspelt_scope(record: &Record) -> bool {
    let shape = &record.kind.shape;
    let is_misspelt = |name: &str| shape.by_key(name).is_none() && nearest(name, [SCOPE]).is_some();
    record.fields.entries().iter().any(|it| is_misspelt(&it.key.name))
}

impl ScopePart {
    fn read(node: &Node, catalog: &Catalog) -> ScopePart {
        let text = node.as_text().unwrap_or_default().trim();
        let reading = if node.as_scalar().is_none() {
            Err("is not a text".to_owned())
        } else if text.is_empty() {
            Err("is empty".to_owned())
        } else {
            ScopeReading::of(text, catalog)
        };
        ScopePart { text: text.into(), span: node.span, reading }
    }
}

impl ScopeReading {
    /// Reads `kind/id`, else an identifier or kind that exists, else a path or pattern.
    fn of(text: &str, catalog: &Catalog) -> Result<ScopeReading, String> {
        if let Some((kind, id)) = text.split_once('/')
            && let Some(kind) = catalog.kinds().get(kind)
            && !id.is_empty()
            && !id.contains(GLOB_CHARACTERS)
        {
            return Ok(ScopeReading::Records { kinds: vec![kind.name.clone()], id: id.into() });
        }
        let has_id = |kind: &&Arc<str>| {
            let mut named = catalog.named(kind, text).iter();
            named.any(|number| *catalog.record(*number).id == *text)
        };
        let is_path = text.starts_with(['.', '/']) || text.ends_with('/');
        let kinds: Vec<_> = catalog.kinds_in_use().filter(|kind| !is_path && has_id(kind)).cloned().collect();
        if !kinds.is_empty() {
            return Ok(ScopeReading::Records { kinds, id: text.into() });
        }
        if let Some(kind) = catalog.kinds().get(text) {
            return Ok(ScopeReading::Kind(kind.name.clone()));
        }
        let path = text.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
        if catalog.snapshot().has(path) && !path.is_empty() || !text.contains(GLOB_CHARACTERS) {
            return Ok(ScopeReading::Path(path.into()));
        }
        LazyGlob::parse(text).map(ScopeReading::Pattern).map_err(|reason| format!("is not a glob: {reason}"))
    }
}

const GLOB_CHARACTERS: [char; 4] = ['*', '?', '[', '{'];

#[derive(Default)]
pub struct ExceptionIndex<'c> {
    /// By the rule and what of a finding decides: `record decision/D-1`, `kind decision`, `path docs`.
    by_target: HashMap<String, ExceptionGroup>,
    /// With their rules.
    by_pattern: Vec<(&'c str, &'c LazyGlob, ExceptionGroup)>,
}

const EVERYTHING: &str = "everything";

/// The numbers of exceptions with the same rule and part of a scope, and whether one of them was looked up.
#[derive(Default)]
pub struct ExceptionGroup {
    pub numbers: Vec<u32>,
    pub is_used: Cell<bool>,
}

impl<'c> ExceptionIndex<'c> {
    pub fn new(exceptions: &[&'c Exception]) -> ExceptionIndex<'c> {
        let mut index = ExceptionIndex::default();
        for exception in exceptions {
            if exception.scope.is_none() {
                index.add(EVERYTHING, exception);
            }
            let readings = exception.parts().iter().filter_map(|part| part.reading.as_ref().ok());
            readings.for_each(|reading| index.add_reading(reading, exception));
        }
        index
    }

    fn add_reading(&mut self, reading: &'c ScopeReading, exception: &'c Exception) {
        match reading {
            ScopeReading::Records { kinds, id } => {
                kinds.iter().for_each(|kind| self.add(&format!("record {kind}/{id}"), exception));
            }
            ScopeReading::Kind(kind) => self.add(&format!("kind {kind}"), exception),
            ScopeReading::Path(path) => self.add(&format!("path {path}"), exception),
            ScopeReading::Pattern(glob) => {
                let group = ExceptionGroup { numbers: vec![exception.number], ..ExceptionGroup::default() };
                self.by_pattern.push((&exception.rule, glob, group));
            }
        }
    }

    fn add(&mut self, target: &str, exception: &Exception) {
        let key = format!("{} {target}", exception.rule);
        self.by_target.entry(key).or_default().numbers.push(exception.number);
    }

    /// Returns the exceptions for a finding, without those that name its record if it is that of another.
    pub fn groups_for(&self, finding: &Finding, is_of_another: bool) -> Vec<&ExceptionGroup> {
        if self.by_target.is_empty() && self.by_pattern.is_empty() {
            return Vec::new();
        }
        let family = finding.rule.split_once('/').map(|(family, _)| format!("{family}/*"));
        let rules: Vec<&str> = [&*finding.rule].into_iter().chain(family.as_deref()).collect();
        let path = finding.place.source.path();
        let mut targets: Vec<String> = path_and_folders(path).map(|path| format!("path {path}")).collect();
        targets.push(EVERYTHING.to_owned());
        // A finding about the page of a record names no record.
        let of_page = match &finding.subject {
            FindingSubject::Record { name, .. } => Some(name),
            _ => None,
        };
        if let Some(RecordName { kind, id }) = finding.record.as_ref().or(of_page) {
            targets.push(format!("kind {kind}"));
            targets.extend((!is_of_another).then(|| format!("record {kind}/{id}")));
        }
        let keys = rules.iter().flat_map(|rule| targets.iter().map(move |target| format!("{rule} {target}")));
        let exact = keys.filter_map(|key| self.by_target.get(&key));
        let matching =
            self.by_pattern.iter().filter(|(rule, glob, _)| rules.contains(rule) && glob.matches(path));
        exact.chain(matching.map(|(.., group)| group)).collect()
    }

    pub fn used(&self) -> impl Iterator<Item = u32> {
        let of_patterns = self.by_pattern.iter().map(|(.., group)| group);
        let used = self.by_target.values().chain(of_patterns).filter(|group| group.is_used.get());
        used.flat_map(|group| &group.numbers).copied()
    }
}

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
