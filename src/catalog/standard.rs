//! The state that a change is held to. Its excuses count, and the rights that it gives; what the change
//! itself says of either is only named.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::finding::Fingerprint;
use crate::history::version::{RecordIdentity, RecordVersion};
use crate::record::Record;
use crate::syntax::Document;
use crate::text::{Source, Span};

use super::{Catalog, Directive, EXCEPTION, EntryUsage, Ignore, SourceFile, Target};

/// What a catalog is held to.
pub(super) struct Standard {
    catalog: Arc<Catalog>,
    /// As the person named its revision.
    rev: Box<str>,
    /// Records that give rights are not the same, or came to be as they are in another way.
    rights_differ: bool,
    /// The records of this state under the rights of that one; made when a rule first asks.
    rights: OnceLock<Box<Catalog>>,
    /// The comments that excuse there, by what they speak for.
    ignores: HashMap<Box<str>, Vec<Ignore>>,
    /// In the order of the paths.
    differing: Vec<PolicyFile>,
}

/// A file that something is judged by: part of a policy, or with excuses in it, or with what says who may do what. It
/// is here because a state differs in it from what it is held to, or because it is the baseline.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// Empty where the file is gone.
    pub source: Arc<Source>,
    /// Why the policy of this state can't be used.
    pub faults: Vec<PolicyFault>,
    pub changes: Vec<PolicyChange>,
    /// Of the baseline, once the findings are triaged.
    pub entries: Vec<EntryUsage>,
}

#[derive(Clone, Debug)]
pub struct PolicyFault {
    pub message: String,
    pub help: Option<String>,
    pub span: Span,
}

/// A difference between a state and what it is held to.
#[derive(Clone, Debug)]
pub struct PolicyChange {
    pub part: PolicyPart,
    /// What has changed: a configuration, a rule, an ignore, or the name of a kind of record.
    pub item: Arc<str>,
    pub name: String,
    /// Tells what it is now from all that it could have become; empty where it is gone.
    pub digest: String,
    pub kind: PolicyChangeKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyPart {
    /// What is checked, and how.
    Checks,
    /// What is let pass.
    Suppression,
    /// Who may do what.
    Authority,
}

impl PolicyPart {
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
    /// As a message goes on: "the rule `garden/weeds` …".
    pub fn words(self) -> &'static str {
        match self {
            PolicyChangeKind::Added => "is new",
            PolicyChangeKind::Changed => "has changed",
            PolicyChangeKind::Removed => "is gone",
        }
    }
}

impl Catalog {
    /// The same catalog, held to `standard`: the state of `rev`, read by the same policy. `differing` is where
    /// the files of the policy differ.
    pub fn held_to(self, standard: Arc<Catalog>, rev: &str, differing: Vec<PolicyFile>) -> Catalog {
        let records = differences(&self, &standard);
        let differs = records.iter().any(|(_, change)| change.part == PolicyPart::Authority);
        let same_past = match (&self.past, &standard.past) {
            (Some(own), Some(theirs)) => own.has_same_head(theirs),
            (own, theirs) => own.is_none() && theirs.is_none(),
        };
        let mut by_path: HashMap<Arc<str>, PolicyFile> =
            differing.into_iter().map(|file| (file.source.path().clone(), file)).collect();
        for (path, change) in records {
            let source = || self.file_at(&path).map(|file| file.source().clone());
            let empty = || Arc::new(Source::new(path.clone(), Vec::new()));
            by_path.entry(path.clone()).or_insert_with(|| PolicyFile::of(source().unwrap_or_else(empty)));
            by_path.entry(path).and_modify(|file| file.changes.push(change));
        }
        let mut differing: Vec<PolicyFile> = by_path.into_values().collect();
        differing.sort_by(|a, b| a.source.path().cmp(b.source.path()));
        for file in &mut differing {
            file.changes.sort_by(|a, b| (a.span, &a.name).cmp(&(b.span, &b.name)));
        }
        let mut ignores: HashMap<Box<str>, Vec<Ignore>> = HashMap::new();
        for ignore in standard.files.iter().flat_map(|file| &file.ignores) {
            ignores.entry(ignore.scope_name.clone()).or_default().push(ignore.clone());
        }
        let rights_differ = differs || !same_past;
        let (rev, rights) = (rev.into(), OnceLock::new());
        let standard = Standard { catalog: standard, rev, rights_differ, rights, ignores, differing };
        Catalog { standard: Some(standard), ..self }
    }

    /// The state that this one is held to: its own where nobody said otherwise.
    pub fn base(&self) -> &Catalog {
        self.standard.as_ref().map_or(self, |standard| &standard.catalog)
    }

    /// The records of this state, in a world in which those may do what that it is held to.
    pub fn with_rights(&self) -> &Catalog {
        match &self.standard {
            Some(standard) if standard.rights_differ => {
                standard.rights.get_or_init(|| Box::new(self.under(&standard.catalog, &standard.rev)))
            }
            _ => self,
        }
    }

    /// Where the state differs from the policy that it is held to.
    pub fn policy_changes(&self) -> &[PolicyFile] {
        self.standard.as_ref().map_or(&[], |standard| &standard.differing)
    }

    /// Whether an ignore of this state excuses the rule: what it is held to has to have it too, for the same
    /// thing and on this day.
    pub fn is_excused(&self, ignore: &Ignore, rule: &str, today: Date) -> bool {
        ignore.suppresses(rule, today)
            && self.standard.as_ref().is_none_or(|standard| {
                let known = standard.ignores.get(&ignore.scope_name).into_iter().flatten();
                known.into_iter().any(|known| known.suppresses(rule, today))
            })
    }

    /// These records, with those that say who may do what taken from `standard`.
    fn under(&self, standard: &Catalog, rev: &str) -> Catalog {
        let own = self.files.iter().map(|file| (file.clone(), self.records_of(file, |kind| !kind)));
        let theirs = standard.files.iter().filter_map(|file| {
            let records = standard.records_of(file, |kind| kind);
            let counts = !records.is_empty() || file.unread || file.is_incomplete();
            counts.then(|| (file.of_revision(rev), records))
        });
        let mut read: Vec<(SourceFile, Vec<Record>)> = own.chain(theirs).collect();
        read.sort_by(|(a, _), (b, _)| a.path().cmp(b.path()));
        let mut catalog =
            Catalog::new(self.snapshot.clone(), self.kinds.clone(), self.fiscal_year_start, read, None);
        catalog.mark_unheld(self);
        Catalog { past: self.past.clone(), history_of_rights: standard.past.clone(), ..catalog }
    }

    /// Tells names that lead nowhere from those of rights, people, teams and roles that only `state` knows.
    fn mark_unheld(&mut self, state: &Catalog) {
        let mut known: HashSet<(&str, Span)> = HashSet::new();
        for record in &state.records {
            for reference in state.references(record) {
                if let Target::Record(id) = reference.target
                    && state.record(id).kind.authority
                {
                    known.insert((&record.path, reference.span));
                }
            }
        }
        for record in &self.records {
            let open = self.references.targets_mut(record.number).iter_mut().zip(record.mentions.iter());
            for (target, mention) in open {
                if matches!(target, Target::Unknown | Target::Inconclusive)
                    && known.contains(&(&record.path, mention.span))
                {
                    *target = Target::NotInBase;
                }
            }
        }
    }

    fn records_of(&self, file: &SourceFile, wanted: impl Fn(bool) -> bool) -> Vec<Record> {
        let records = file.records.clone().map(|id| self.record(id));
        records.filter(|record| wanted(record.kind.authority)).cloned().collect()
    }
}

impl SourceFile {
    /// The same file as reports name it that show it beside one of today.
    fn of_revision(&self, rev: &str) -> SourceFile {
        let source = self.source();
        let path = format!("{rev}:{}", source.path());
        let document = Document {
            source: Arc::new(Source::new(path, source.text().as_bytes().to_vec())),
            format: self.document.format,
            roots: Vec::new(),
            markdown: None,
            problems: self.document.problems.clone(),
        };
        SourceFile { document: Arc::new(document), note: None, ignores: Vec::new(), ..self.clone() }
    }
}

impl PolicyFile {
    pub fn of(source: Arc<Source>) -> PolicyFile {
        PolicyFile { source, faults: Vec::new(), changes: Vec::new(), entries: Vec::new() }
    }
}

/// The excuses and the records about rights that are not the same in both, each with the path of its file.
fn differences(state: &Catalog, standard: &Catalog) -> Vec<(Arc<str>, PolicyChange)> {
    let mut found = Vec::new();
    ignores(state, standard, PolicyChangeKind::Added, &mut found);
    ignores(standard, state, PolicyChangeKind::Removed, &mut found);
    let (ours, theirs) = (bearing(state), bearing(standard));
    let known: HashSet<(&RecordIdentity, &Fields)> =
        theirs.iter().map(|(_, past)| (&past.identity, &past.fields)).collect();
    let known_by_name: HashSet<&RecordIdentity> = theirs.iter().map(|(_, past)| &past.identity).collect();
    let mut here: HashSet<&RecordIdentity> = HashSet::new();
    for (record, past) in &ours {
        here.insert(&past.identity);
        if !known.contains(&(&past.identity, &past.fields)) {
            let is_known = known_by_name.contains(&past.identity);
            let how = if is_known { PolicyChangeKind::Changed } else { PolicyChangeKind::Added };
            found.push((record.path.clone(), of_record(record, past, how)));
        }
    }
    for (record, past) in theirs.iter().filter(|(_, past)| !here.contains(&past.identity)) {
        // What can't be read here may well still hold it.
        if !state.file_at(&record.path).is_some_and(SourceFile::is_incomplete) {
            found.push((record.path.clone(), of_record(record, past, PolicyChangeKind::Removed)));
        }
    }
    found
}

type Fields = Vec<(Arc<str>, Arc<str>)>;

/// The records that excuse or give rights, in the form in which values are compared.
fn bearing(catalog: &Catalog) -> Vec<(&Record, RecordVersion)> {
    let bears = |record: &&Record| record.kind.authority || *record.kind.name == *EXCEPTION;
    catalog.records.iter().filter(bears).map(|record| (record, RecordVersion::of(record))).collect()
}

fn of_record(record: &Record, past: &RecordVersion, how: PolicyChangeKind) -> PolicyChange {
    let fields = past.fields.iter().flat_map(|(name, value)| [&**name, &**value]);
    let gone = how == PolicyChangeKind::Removed;
    let excuse = *record.kind.name == *EXCEPTION;
    PolicyChange {
        part: if excuse { PolicyPart::Suppression } else { PolicyPart::Authority },
        item: record.kind.name.clone(),
        name: record.id.to_string(),
        digest: if gone { String::new() } else { Fingerprint::of(fields).to_string() },
        kind: how,
        span: if gone { Span::at(0) } else { record.name_span },
    }
}

/// The ignores of one state that the other has not.
fn ignores(of: &Catalog, other: &Catalog, how: PolicyChangeKind, found: &mut Vec<(Arc<str>, PolicyChange)>) {
    let known: HashSet<(&str, Option<&Directive>)> =
        other.files.iter().flat_map(|file| &file.ignores).map(Ignore::same).collect();
    for file in &of.files {
        for ignore in file.ignores.iter().filter(|ignore| !known.contains(&ignore.same())) {
            let Ok(terms) = &ignore.directive else { continue };
            let until = terms.until.map(|day| day.to_string()).unwrap_or_default();
            let gone = how == PolicyChangeKind::Removed;
            let now = Fingerprint::of([&*ignore.scope_name, &*terms.rule, &*until, &*terms.reason]);
            let change = PolicyChange {
                part: PolicyPart::Suppression,
                item: "ignore".into(),
                name: terms.rule.to_string(),
                digest: if gone { String::new() } else { now.to_string() },
                kind: how,
                span: if gone { Span::at(0) } else { ignore.span },
            };
            found.push((file.path().clone(), change));
        }
    }
}

impl Ignore {
    /// What two ignores have to share to be the same one.
    fn same(&self) -> (&str, Option<&Directive>) {
        (&self.scope_name, self.directive.as_ref().ok())
    }
}
