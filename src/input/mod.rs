//! The input of a check: one state of a repository, and all that rules can ask about it.

use std::collections::{BTreeSet, HashSet};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use ahash::HashMap;
use jiff::civil::Date;
use memchr::memchr;

use crate::catalog::{Adoption, Catalog, RecordKey};
use crate::finding::{Fault, Finding, FindingSubject, Fingerprint};
use crate::format::Formats;
use crate::history::{FieldChanges, History, KnownVersions};
use crate::lazy::get_or_compute;
use crate::node::Node;
use crate::record::Record;
use crate::schema::nearest;
use crate::snapshot::BlobId;
use crate::suppression::Ignore;
use crate::term::Vocabulary;
use crate::text::{Source, Span};

mod base_policy;
mod exceptions;
mod lost;
mod org_chart;
mod predecessors;
mod unread;

use base_policy::BasePolicy;
pub use exceptions::{Exception, ExceptionIndex, Exceptions, ScopePart, ScopeReading, path_and_folders};
use lost::NewerRecords;
pub use lost::{NewerBase, NewerRecord};
use org_chart::OrgChart;
pub use predecessors::Predecessors;
pub use unread::UnreadFile;

/// A catalog with the history of its records, the base policy and the usage of suppressions. Clones share everything.
#[derive(Clone)]
pub struct Input {
    catalog: Arc<Catalog>,
    history: Option<Arc<History>>,
    /// The history of records that give authority, if they come from the base policy's revision.
    authority_history: Option<Arc<History>>,
    base_policy: Option<Arc<BasePolicy>>,
    /// The files at which the state lacks records of the base of a change.
    lost_records: Arc<[PolicyFile]>,
    /// The records that the base of a change has gained under identifiers that the change adds.
    newer_records: Arc<NewerRecords>,
    /// The records of a change that take the kind and key of others.
    impostors: Arc<HashSet<RecordKey>>,
    formats: Arc<Formats>,
    added: Arc<HashSet<Arc<str>>>,
    usage: Option<Arc<SuppressionUsage>>,
    /// The identifiers of all rules, sorted: those of the policy, and of the state's own.
    rules: Arc<[Arc<str>]>,
    derived: Arc<Derived>,
}

/// What is computed of a state when a rule first asks for it.
#[derive(Default)]
struct Derived {
    unread: OnceLock<Vec<UnreadFile>>,
    org_chart: OrgChart,
    exceptions: OnceLock<Exceptions>,
    vocabulary: OnceLock<Vocabulary>,
}

/// Returns what a state has of its files that are as in a commit.
fn known_versions(catalog: &Arc<Catalog>) -> KnownVersions {
    let catalog = catalog.clone();
    let blobs: Vec<OnceLock<Option<BlobId>>> = catalog.files().iter().map(|_| OnceLock::new()).collect();
    Box::new(move |path, id| {
        let file = catalog.file_at(path).filter(|file| !file.unreadable && !file.is_incomplete())?;
        let (snapshot, entry) = (catalog.snapshot(), || catalog.snapshot().get(path));
        // Git converts only line ends.
        let has_converted = || memchr(b'\r', file.source().text().as_bytes()).is_some();
        let likely = || entry().filter(|_| !has_converted()).and_then(|entry| snapshot.likely_blob(entry));
        let indexed = || likely().map(|it| it.id).or_else(|| snapshot.blob_id(entry()?));
        // In a copy of a repository, the index proves nothing.
        let blob = || file.blob.or_else(indexed).or_else(|| snapshot.id_of(file.source().text().as_bytes()));
        let blob = (*blobs.get(file.number as usize)?.get_or_init(blob))?;
        let records = || catalog.records_of(file).iter().map(|record| record.content().clone()).collect();
        (blob.as_bytes() == id).then(records)
    })
}

impl Deref for Input {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        &self.catalog
    }
}

impl Input {
    pub fn new(catalog: Catalog, history: History, formats: Arc<Formats>) -> Input {
        let catalog = Arc::new(catalog);
        history.set_known(known_versions(&catalog));
        Input {
            catalog,
            history: Some(Arc::new(history)),
            authority_history: None,
            base_policy: None,
            lost_records: Arc::default(),
            newer_records: Arc::default(),
            impostors: Arc::default(),
            formats,
            added: Arc::default(),
            usage: None,
            rules: Arc::default(),
            derived: Arc::default(),
        }
    }

    pub fn with_adoption(self, adoption: Adoption) -> Input {
        Input { catalog: self.catalog.with_adoption(adoption), ..self }
    }

    pub fn with_rules<'r>(self, ids: impl IntoIterator<Item = &'r str>) -> Input {
        let ids = ids.into_iter().map(Arc::from);
        let rules: BTreeSet<Arc<str>> = self.rules.iter().cloned().chain(ids).collect();
        Input { rules: rules.into_iter().collect(), ..self }
    }

    /// Returns true if there is a rule of this name, or of this family (`family/*`).
    pub fn has_rule(&self, name: &str) -> bool {
        match name.strip_suffix('*') {
            Some(prefix) => self.rules.iter().any(|rule| rule.starts_with(prefix)),
            None => self.rules.binary_search_by(|rule| (**rule).cmp(name)).is_ok(),
        }
    }

    /// Returns the rule, or the family of rules such as `term/*`, with a similar name.
    pub fn nearest_rule(&self, name: &str) -> Option<String> {
        let families = self.rules.iter().filter_map(|rule| Some(format!("{}/*", rule.split_once('/')?.0)));
        let families: BTreeSet<String> = families.collect();
        let names = self.rules.iter().map(|rule| &**rule).chain(families.iter().map(String::as_str));
        nearest(name, names).map(str::to_owned)
    }

    pub fn with_added_paths(self, added: HashSet<Arc<str>>) -> Input {
        Input { added: Arc::new(added), derived: Arc::default(), ..self }
    }

    /// Returns the files that should be records and are not read, by folder and reason.
    pub fn unread_files(&self) -> &[UnreadFile] {
        let find = || unread::find(&self.catalog, &self.formats, &self.added);
        get_or_compute::<Vec<UnreadFile>>(&self.derived.unread, find)
    }

    pub fn with_history(self, history: History) -> Input {
        Input { history: Some(Arc::new(history)), derived: Arc::default(), ..self }
    }

    /// Adds the base policy: the state `base` of `rev`, read by the same policy, and the files in which the policies differ.
    pub fn with_base_policy(self, base: Input, rev: &str, policy_files: Vec<PolicyFile>) -> Input {
        let base_policy = BasePolicy::new(&self, base, rev, policy_files);
        Input { base_policy: Some(Arc::new(base_policy)), ..self }
    }

    /// Adds the records that are lost, and says which take the place of others. The bases are the merge base, or the tip of the base and all
    /// merge bases, with the files at `paths`, all that differ. Removals that the base policy lists are left out.
    pub fn with_bases(self, bases: &[Catalog], paths: &HashSet<Arc<str>>) -> Input {
        let Some((base, others)) = bases.split_first() else { return self };
        let changes = self.policy_changes().iter().flat_map(|file| &file.changes);
        let removed: HashSet<(&str, &str)> = changes
            .filter(|change| change.kind == PolicyChangeKind::Removed)
            .map(|change| (&*change.item, &*change.name))
            .collect();
        let is_reported = |record: &Record| removed.contains(&(&*record.kind.name, &*record.id));
        let found = Predecessors::find(base, &self, paths);
        let lost = lost::find(&self, (base, others), &found, paths, is_reported).into();
        let (impostors, kept) = (Arc::new(found.impostors(base, &self)), found.kept());
        let catalog = self.catalog.with_kept(kept);
        Input { lost_records: lost, impostors, catalog, derived: Arc::default(), ..self }
    }

    pub fn with_newer_base(self, base: &NewerBase<'_>) -> Input {
        let newer = lost::gained(&self, base);
        Input { newer_records: Arc::new(newer), ..self }
    }

    pub fn newer_records(&self, record: &Record) -> &[NewerRecord] {
        self.newer_records.get(&record.number).map_or(&[], Vec::as_slice)
    }

    pub fn lost_records(&self) -> &[PolicyFile] {
        &self.lost_records
    }

    /// Returns true for a finding about a record that takes the kind and key of another: what is known is about that one.
    pub fn is_of_impostor(&self, finding: &Finding) -> bool {
        let FindingSubject::Record { name, key } = &finding.subject else { return false };
        let key = || (finding.place.source.path().clone(), name.kind.clone(), key.clone());
        !self.impostors.is_empty() && self.impostors.contains(&key())
    }

    /// Returns true for such a finding if what the base policy excuses is about the other record, too.
    pub fn is_inexcusable(&self, finding: &Finding) -> bool {
        self.base_policy.is_some() && self.is_of_impostor(finding)
    }

    /// Returns the files in which the state differs from the base policy, then those at which it lacks records.
    pub fn policy_files(&self) -> impl Iterator<Item = &PolicyFile> {
        self.policy_changes().iter().chain(&*self.lost_records)
    }

    /// Adds the usage of suppressions, for rules that run after triage.
    pub fn with_usage(&self, usage: Arc<SuppressionUsage>) -> Input {
        Input { usage: Some(usage), ..self.clone() }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub fn history(&self) -> Option<&History> {
        self.history.as_deref()
    }

    pub fn history_of(&self, record: &Record) -> Option<&History> {
        let of_authority = self.authority_history.as_deref().filter(|_| record.kind.authority);
        of_authority.or(self.history())
    }

    /// Returns the changes of a field, the oldest first. `None` if the record has no known history.
    pub fn changes<'c>(&'c self, record: &'c Record, field: &str) -> Option<FieldChanges<'c>> {
        self.history_of(record)?.changes(record, field)
    }

    /// Returns the order of a change, and whether the base policy's revision lacks it, if there is one; `None` if that is unknown.
    pub fn change_order(&self, changes: &FieldChanges<'_>, nth: usize) -> Option<(i64, Option<bool>)> {
        match &self.authority_history {
            Some(base) if !changes.record().kind.authority && base.is_available() => {
                let order = base.order_of(&changes.revision(nth));
                Some((order.unwrap_or(i64::MAX), Some(order.is_none())))
            }
            _ => Some((changes.order(nth), None)),
        }
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        get_or_compute(&self.derived.vocabulary, || Vocabulary::new(&self.catalog))
    }

    pub fn exceptions(&self) -> &Exceptions {
        get_or_compute(&self.derived.exceptions, || Exceptions::of(&self.catalog))
    }

    /// Returns the exceptions that apply: those of the base policy, by default its own.
    pub fn applied_exceptions(&self) -> &Exceptions {
        self.base_policy.as_ref().map_or(self, |base| &base.input).exceptions()
    }

    /// Returns the end and the reason of an exception that applies, by the number of its record.
    pub fn applied_exception(&self, number: u32) -> Option<(Option<Date>, Option<&str>)> {
        let until = self.applied_exceptions().get(number)?.until;
        Some((until, self.base_catalog().record(number).field("reason").and_then(Node::as_text)))
    }

    /// Returns the catalog of the base policy's revision, by default its own.
    pub fn base_catalog(&self) -> &Catalog {
        self.base_policy.as_ref().map_or(self, |base| &base.input)
    }

    /// Returns the input in which the records that give authority are those of the base policy's revision.
    pub fn with_base_authority(&self) -> &Input {
        self.base_policy.as_ref().and_then(|base| base.with_authority(self)).unwrap_or(self)
    }

    /// Returns the files in which the state differs from the base policy, in the order of their paths.
    pub fn policy_changes(&self) -> &[PolicyFile] {
        self.base_policy.as_ref().map_or(&[], |base| &base.changes)
    }

    /// Returns true if an ignore comment of a file suppresses the rule on this day, also by the base policy.
    pub fn is_suppressed_by(&self, path: &Arc<str>, ignore: &Ignore, rule: &str, today: Date) -> bool {
        ignore.suppresses(rule, today)
            && self.base_policy.as_ref().is_none_or(|base| base.suppresses(path, ignore, rule, today))
    }

    /// Returns the usage of suppressions; `None` before triage.
    pub fn usage(&self) -> Option<&SuppressionUsage> {
        self.usage.as_deref()
    }
}

/// A file in which the policy differs from the base policy, or that held or hides records of the base; or the baseline.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// Empty if the file was removed.
    pub source: Arc<Source>,
    /// Why the state's own policy can't be loaded.
    pub faults: Vec<Fault>,
    pub changes: Vec<PolicyChange>,
    /// The records of the base of a change that the file held or hides.
    pub lost: Vec<LostRecords>,
    pub entries: Vec<EntryUsage>,
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
    /// The record that it is about, or what its group has in common.
    pub record: Option<Box<str>>,
    pub fingerprint: Fingerprint,
    pub until: Option<Date>,
    /// True if it matches a finding.
    pub is_used: bool,
    /// How many findings more it could match, as far as that is known; also those that a comment or an exception suppresses.
    pub unused: usize,
    /// The entry with what it matches only: empty if that is nothing, none if it states its count in another form.
    pub rewritten: Option<Box<str>>,
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
