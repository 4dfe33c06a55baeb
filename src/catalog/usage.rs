//! What came of the excuses of a state: which of them still excuse something. Known once the findings are triaged,
//! and then told to the rules that judge it.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::Fingerprint;
use crate::node::Node;
use crate::text::Span;

use super::{Catalog, Ignore, PolicyFile};

/// What came of excuses. Of what is not in here nobody can tell.
#[derive(Debug, Default)]
pub struct SuppressionUsage {
    /// Whether a comment covers a finding, by its file and place.
    pub ignores: HashMap<(Arc<str>, Span), bool>,
    /// Whether an exception covers a finding, by the number of its record.
    pub exceptions: HashMap<u32, bool>,
    /// The file of the baseline, where there is one.
    pub baseline: Option<PolicyFile>,
}

/// What came of an entry of the baseline.
#[derive(Clone, Debug)]
pub struct EntryUsage {
    pub rule: Box<str>,
    pub record: Option<Box<str>>,
    pub fingerprint: Fingerprint,
    pub until: Option<Date>,
    /// How many findings it stands for.
    pub found: usize,
    /// For how many more it would; none where that can't be told.
    pub unused: Option<usize>,
    pub span: Span,
}

impl Catalog {
    /// Tells the catalog what came of its excuses; once.
    pub fn set_usage(&self, usage: SuppressionUsage) {
        // Whoever triages the same findings again comes to the same.
        let _ = self.usage.set(usage);
    }

    /// Whether a comment of the file at `path` covers a finding, where that can be told.
    pub fn is_ignore_used(&self, path: &Arc<str>, ignore: &Ignore) -> Option<bool> {
        self.usage.get()?.ignores.get(&(path.clone(), ignore.span)).copied()
    }

    /// Whether the exception that is the record of this number covers a finding, where that can be told.
    pub fn is_exception_used(&self, number: u32) -> Option<bool> {
        self.usage.get()?.exceptions.get(&number).copied()
    }

    /// The rules, and patterns of rules, of the excuses that cover nothing any more, or more than there is.
    pub fn unused_suppressions(&self) -> Vec<&str> {
        let Some(usage) = self.usage.get() else { return Vec::new() };
        let is_idle = |path: &Arc<str>, ignore: &&Ignore| {
            usage.ignores.get(&(path.clone(), ignore.span)) == Some(&false)
        };
        let ignores = self.files.iter().flat_map(|file| {
            let idle = file.ignores.iter().filter(|ignore| is_idle(file.path(), ignore));
            idle.filter_map(|ignore| Some(&*ignore.directive.as_ref().ok()?.rule))
        });
        let idle = usage.exceptions.iter().filter(|(_, used)| !**used);
        let exceptions =
            idle.filter_map(|(&number, _)| self.record(number).field("rule").and_then(Node::as_text));
        let entries = usage.baseline.iter().flat_map(|file| &file.entries);
        let entries = entries.filter(|entry| entry.unused.is_some_and(|unused| unused > 0));
        let entries = entries.map(|entry| &*entry.rule);
        let mut named: Vec<&str> = ignores.chain(exceptions).chain(entries).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The file of the baseline with what came of each entry.
    pub fn baseline(&self) -> Option<&PolicyFile> {
        self.usage.get()?.baseline.as_ref()
    }
}
