//! The base policy (`--policy-from`): suppressions and authority records of another revision in place of the state's own, which are listed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::catalog::{Catalog, SourceFile};
use crate::finding::Fingerprint;
use crate::history::version::{RecordIdentity, RecordVersion, Values};
use crate::record::Record;
use crate::suppression::{Directive, EXCEPTION, Ignore, IgnoreSubject};

use super::{Input, PolicyChange, PolicyChangeKind, PolicyFile, PolicyPart};

/// The state of the base policy's revision, and how the checked state differs from it.
pub(super) struct BasePolicy {
    pub input: Input,
    rev: Box<str>,
    authority_differs: bool,
    with_authority: OnceLock<Input>,
    /// By path, in the state, and subject.
    ignores: HashMap<(Arc<str>, IgnoreSubject), Vec<Ignore>>,
    pub changes: Vec<PolicyFile>,
}

impl BasePolicy {
    pub(super) fn new(state: &Input, base: Input, rev: &str, policy_files: Vec<PolicyFile>) -> BasePolicy {
        let changes = record_changes(state, &base);
        let authority_changed = changes.iter().any(|(_, change)| change.part == PolicyPart::Authority);
        let same_history = match (state.history(), base.history()) {
            (Some(own), Some(theirs)) => own.has_same_head(theirs),
            (own, theirs) => own.is_none() && theirs.is_none(),
        };
        let mut files: BTreeMap<Arc<str>, PolicyFile> =
            policy_files.into_iter().map(|file| (file.source.path().clone(), file)).collect();
        for (path, change) in changes {
            let file = files.entry(path).or_insert_with_key(|path| {
                let source = state.file_at(path).map(|file| file.source().clone());
                PolicyFile::at(path, source)
            });
            file.changes.push(change);
        }
        for file in files.values_mut() {
            file.changes.sort_by(|a, b| (a.span, &a.name).cmp(&(b.span, &b.name)));
        }
        let mut ignores: HashMap<_, Vec<Ignore>> = HashMap::new();
        for (path, ignore) in ignores_of(&base) {
            let path = path_after_move(path, ignore, &base, state);
            ignores.entry((path.clone(), ignore.subject.clone())).or_default().push(ignore.clone());
        }
        BasePolicy {
            input: base,
            rev: rev.into(),
            authority_differs: authority_changed || !same_history,
            with_authority: OnceLock::new(),
            ignores,
            changes: files.into_values().collect(),
        }
    }

    /// Returns `state` with the authority records of the base; `None` if they are the same.
    pub(super) fn with_authority(&self, state: &Input) -> Option<&Input> {
        self.authority_differs.then(|| {
            self.with_authority.get_or_init(|| Input {
                catalog: Arc::new(state.with_authority_of(&self.input, &self.rev)),
                authority_history: self.input.history.clone(),
                base_policy: None,
                newer_records: Arc::default(),
                lost_records: Arc::default(),
                usage: None,
                derived: Arc::default(),
                ..state.clone()
            })
        })
    }

    /// Returns true if the base policy has a comment about the same subject in the file that suppresses the rule.
    pub(super) fn suppresses(&self, path: &Arc<str>, ignore: &Ignore, rule: &str, today: Date) -> bool {
        let same_subject = self.ignores.get(&(path.clone(), ignore.subject.clone())).into_iter().flatten();
        same_subject.into_iter().any(|ignore| ignore.suppresses(rule, today))
    }
}

/// Returns the suppressions and authority records that differ, each with the path of its file.
fn record_changes(state: &Catalog, base: &Catalog) -> Vec<(Arc<str>, PolicyChange)> {
    let mut changes = Vec::new();
    ignore_changes(state, base, PolicyChangeKind::Added, &mut changes);
    ignore_changes(base, state, PolicyChangeKind::Removed, &mut changes);
    let (own, theirs) = (policy_records(state), policy_records(base));
    let mut base_fields: HashMap<&RecordIdentity, Vec<&Values>> = HashMap::new();
    for (_, version) in &theirs {
        base_fields.entry(&version.identity).or_default().push(&version.fields);
    }
    for (record, version) in &own {
        let kind = match base_fields.get(&version.identity) {
            Some(fields) if fields.contains(&&version.fields) => continue,
            Some(_) => PolicyChangeKind::Changed,
            None => PolicyChangeKind::Added,
        };
        changes.push((record.path.clone(), record_change(record, version, kind)));
    }
    let identities: HashSet<&RecordIdentity> = own.iter().map(|(_, version)| &version.identity).collect();
    for (record, version) in theirs.iter().filter(|(_, version)| !identities.contains(&version.identity)) {
        // An unreadable file may still contain the record.
        if !state.file_at(&record.path).is_some_and(SourceFile::is_incomplete) {
            changes.push((record.path.clone(), record_change(record, version, PolicyChangeKind::Removed)));
        }
    }
    changes
}

fn policy_records(catalog: &Catalog) -> Vec<(&Record, RecordVersion)> {
    let is_policy = |record: &&Record| record.kind.authority || *record.kind.name == *EXCEPTION;
    catalog.records().iter().filter(is_policy).map(|record| (record, RecordVersion::of(record))).collect()
}

fn record_change(record: &Record, version: &RecordVersion, kind: PolicyChangeKind) -> PolicyChange {
    let fields = version.fields.iter().flat_map(|(name, value)| [&**name, &**value]);
    let is_exception = *record.kind.name == *EXCEPTION;
    PolicyChange::new(
        if is_exception { PolicyPart::Suppression } else { PolicyPart::Authority },
        record.kind.name.clone(),
        &record.id,
        kind,
        Fingerprint::of(fields),
        record.name_span,
    )
}

fn ignore_changes(
    of: &Catalog,
    other: &Catalog,
    kind: PolicyChangeKind,
    changes: &mut Vec<(Arc<str>, PolicyChange)>,
) {
    let known: HashSet<_> = ignores_of(other)
        .map(|(path, ignore)| (path_after_move(path, ignore, other, of), identity(ignore)))
        .collect();
    for (path, ignore) in ignores_of(of).filter(|(path, ignore)| !known.contains(&(*path, identity(ignore))))
    {
        let Ok(Directive { rule, until, reason }) = &ignore.directive else { continue };
        let until = until.map(|day| day.to_string()).unwrap_or_default();
        let subject = format!("{:?}", ignore.subject);
        let fingerprint = Fingerprint::of([&**path, &*subject, &**rule, &*until, &**reason]);
        let part = PolicyPart::Suppression;
        let change = PolicyChange::new(part, "ignore".into(), rule, kind, fingerprint, ignore.span);
        changes.push((path.clone(), change));
    }
}

fn ignores_of(catalog: &Catalog) -> impl Iterator<Item = (&Arc<str>, &Ignore)> {
    let of_file = |file| {
        let file: &SourceFile = file;
        file.ignores.iter().map(|ignore| (file.path(), ignore))
    };
    catalog.files().iter().flat_map(of_file)
}

fn identity(ignore: &Ignore) -> (&IgnoreSubject, Option<&Directive>) {
    (&ignore.subject, ignore.directive.as_ref().ok())
}

/// Returns the path of a comment in another state: that of its record, if only one has the identifier in either state; else its own.
fn path_after_move<'s>(path: &'s Arc<str>, ignore: &Ignore, from: &Catalog, to: &'s Catalog) -> &'s Arc<str> {
    let Some((kind, key)) = &ignore.subject.record else { return path };
    match (from.with_key(kind, key), to.with_key(kind, key)) {
        ([_], [moved]) => &to.record(*moved).path,
        _ => path,
    }
}
