//! The usage of suppressions: which of them still suppress a finding.

use std::sync::Arc;

use ahash::HashMap;

use crate::catalog::Catalog;
use crate::node::Node;
use crate::text::Span;

use super::PolicyFile;

/// The usage of each suppression. What is missing is unknown.
#[derive(Debug, Default)]
pub struct SuppressionUsage {
    /// Whether an ignore comment suppresses a finding, by its path and span.
    pub ignores: HashMap<(Arc<str>, Span), bool>,
    pub exceptions: HashMap<u32, bool>,
    pub baseline: Option<PolicyFile>,
}

impl SuppressionUsage {
    /// Returns the rules, and patterns of rules, whose suppressions are not, or not wholly, used. Sorted, without
    /// duplicates.
    pub fn rules_of_unused<'u>(&'u self, catalog: &'u Catalog) -> Vec<&'u str> {
        let ignores = catalog.files().iter().flat_map(|file| {
            let is_unused = |span: Span| self.ignores.get(&(file.path().clone(), span)) == Some(&false);
            let unused = file.ignores.iter().filter(move |ignore| is_unused(ignore.span));
            unused.filter_map(|ignore| Some(&*ignore.directive.as_ref().ok()?.rule))
        });
        let exceptions = self.exceptions.iter().filter(|(_, used)| !**used);
        let exceptions = exceptions
            .filter_map(|(&number, _)| catalog.record(number).field("rule").and_then(Node::as_text));
        let entries = self.baseline.iter().flat_map(|file| &file.entries);
        let entries =
            entries.filter(|entry| entry.suppressed > 0 || entry.unused.is_some_and(|unused| unused > 0));
        let mut rules: Vec<&str> =
            ignores.chain(exceptions).chain(entries.map(|entry| &*entry.rule)).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}
