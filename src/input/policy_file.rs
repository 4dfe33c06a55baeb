//! What is said of a file of the policy: its changes, the records that it lost, and the use of its entries and of other suppressions.

use std::sync::Arc;

use ahash::HashMap;
use jiff::civil::Date;

use crate::finding::Fingerprint;
use crate::text::{Source, Span};

/// A file in which the policy differs from the base policy, or that held or hides records of the base; or the baseline.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// Empty if the file was removed.
    pub source: Arc<Source>,
    /// Why the state's own policy can't be loaded.
    pub faults: Vec<PolicyFault>,
    pub changes: Vec<PolicyChange>,
    /// The records of the base of a change that the file held or hides.
    pub lost: Vec<LostRecords>,
    pub entries: Vec<EntryUsage>,
}

#[derive(Clone, Debug)]
pub struct PolicyFault {
    pub message: String,
    pub help: Option<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct PolicyChange {
    pub part: PolicyPart,
    /// `configuration`, `rule`, `ignore`, …, or the kind of a record.
    pub item: Arc<str>,
    pub name: String,
    /// A hash of the new content; empty if it was removed.
    pub digest: String,
    pub kind: PolicyChangeKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyPart {
    Checks,
    Suppression,
    Authority,
}

impl PolicyPart {
    /// Returns the value of the member `part` in rules.
    pub fn name(self) -> &'static str {
        match self {
            PolicyPart::Checks => "bar",
            PolicyPart::Suppression => "excuse",
            PolicyPart::Authority => "authority",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyChangeKind {
    Added,
    Changed,
    Removed,
}

impl PolicyChangeKind {
    /// Returns the value of the member `status` in rules.
    pub fn name(self) -> &'static str {
        match self {
            PolicyChangeKind::Added => "added",
            PolicyChangeKind::Changed => "changed",
            PolicyChangeKind::Removed => "removed",
        }
    }
}

impl PolicyFile {
    /// The file at a path, which may be removed.
    pub fn at(path: &Arc<str>, source: Option<Arc<Source>>) -> PolicyFile {
        let source = source.unwrap_or_else(|| Arc::new(Source::new(path.clone(), Vec::new())));
        PolicyFile { source, faults: Vec::new(), changes: Vec::new(), lost: Vec::new(), entries: Vec::new() }
    }
}

impl PolicyChange {
    /// A change of a part with new content, which counts unless it was removed.
    pub fn new(
        part: PolicyPart,
        item: Arc<str>,
        name: &str,
        kind: PolicyChangeKind,
        content: Fingerprint,
        span: Span,
    ) -> PolicyChange {
        let (digest, span) = match kind {
            PolicyChangeKind::Removed => (String::new(), Span::at(0)),
            _ => (content.to_string(), span),
        };
        PolicyChange { part, item, name: name.to_owned(), digest, kind, span }
    }
}

/// Records that a change takes away, at one place.
#[derive(Clone, Debug)]
pub struct LostRecords {
    /// Kind and identifier of the first ones, and how many there are more.
    pub names: String,
    /// Why they are not read, although they are there; `None` if they were deleted.
    pub hidden_by: Option<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct EntryUsage {
    pub rule: Box<str>,
    pub record: Option<Box<str>>,
    pub group: Option<Box<str>>,
    pub fingerprint: Fingerprint,
    pub until: Option<Date>,
    /// The number of findings that it matches.
    pub found: usize,
    /// The number of findings that it would match if a comment or an exception did not suppress them.
    pub suppressed: usize,
    /// The number of findings that it could match in addition, if known.
    pub unused: Option<usize>,
    pub span: Span,
}

/// The usage of each suppression. What is missing is unknown.
#[derive(Debug, Default)]
pub struct SuppressionUsage {
    /// Whether an ignore comment suppresses a finding, by its path and span.
    pub ignores: HashMap<(Arc<str>, Span), bool>,
    pub exceptions: HashMap<u32, bool>,
    pub baseline: Option<PolicyFile>,
}
