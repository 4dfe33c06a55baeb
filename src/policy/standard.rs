//! The state that a policy is read from where it is another one than the state that is judged: a change
//! can't move the bar that it is held to, nor excuse itself, nor give itself a right.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{Catalog, PolicyChange, PolicyChangeKind, PolicyFault, PolicyFile, PolicyPart};
use crate::config::{Config, ConfigSource};
use crate::finding::{Fault, Fingerprint};
use crate::rule::Rule;
use crate::snapshot::{MAILMAP, Snapshot};
use crate::text::{Source, Span};

use super::{Baseline, OwnFiles, Policy, PolicyPaths};

/// Where a policy was read from.
#[derive(Clone, Debug)]
pub struct PolicyRevision {
    pub snapshot: Arc<Snapshot>,
    /// As the person named it.
    pub rev: Box<str>,
    pub sources: PolicyPaths,
}

impl PolicyRevision {
    /// Reads the policy that holds there. `head` is the state that is judged.
    ///
    /// # Errors
    /// Everything that is wrong with the policy, each fault at its place.
    pub fn load_policy(&self, head: &Snapshot) -> Result<Policy, Vec<Fault>> {
        let policy = match self.lacks_config(head) {
            true => Policy::with_config(&self.snapshot, Config::default())
                .and_then(|policy| policy.with_baseline(&self.snapshot, &self.sources)),
            false => Policy::load_from(&self.snapshot, &self.sources),
        };
        let told =
            |fault: Fault| Fault { message: format!("{} (as of `{}`)", fault.message, self.rev), ..fault };
        match policy {
            Ok(policy) => Ok(Policy { standard: Some(self.snapshot.clone()), ..policy }),
            Err(faults) => Err(faults.into_iter().map(told).collect()),
        }
    }

    /// Whether the configuration that the person names is in the repository, and was not at that revision.
    /// No other one is looked for: the default holds.
    pub fn lacks_config(&self, head: &Snapshot) -> bool {
        let ConfigSource::File(file) = &self.sources.config else { return false };
        let is_in = |snapshot: &Snapshot| {
            snapshot
                .resolve_in_repository(file)
                .is_some_and(|path| snapshot.read_in_repository(&path).is_some())
        };
        !is_in(&self.snapshot) && (is_in(head) || head.resolve_in_repository(file).is_some() && file.exists())
    }
}

impl Policy {
    /// The catalog of a state, read by this policy, and held to the state that the policy is from; for these
    /// rules, or more.
    pub fn with_base_policy(
        &self,
        catalog: Catalog,
        standard: &PolicyRevision,
        rules: &[Arc<Rule>],
    ) -> Catalog {
        let commit = |snapshot: &Snapshot| snapshot.commit();
        if commit(catalog.snapshot()).is_some_and(|id| commit(&standard.snapshot) == Some(id)) {
            return catalog; // the same state
        }
        let theirs = self.read_reusing(Some(&catalog), &standard.snapshot, rules);
        let differing = self.differing(catalog.snapshot(), standard);
        catalog.held_to(Arc::new(theirs), &standard.rev, differing)
    }

    /// The files of the policy that are not the same in a state and in what it is held to.
    fn differing(&self, state: &Snapshot, standard: &PolicyRevision) -> Vec<PolicyFile> {
        let sources = &standard.sources;
        let config = Config::from_source(state, &sources.config);
        let folders = config.as_ref().map_or(&[][..], |config| &config.folders);
        let mut paths: BTreeMap<String, &str> = BTreeMap::new();
        for (snapshot, folders) in [(state, folders), (&*standard.snapshot, &self.config.folders)] {
            let own = folders.iter().flat_map(|folder| OwnFiles::listed(snapshot, folder));
            paths.extend(own.map(|(file, what)| (file.path.to_string(), what)));
            paths.extend(sources.config.paths(snapshot).into_iter().map(|path| (path, "configuration")));
        }
        paths.insert(state.repository_root_path(MAILMAP), "mailmap");
        let own = config.as_ref().ok().and_then(|config| Baseline::path(state, config, sources));
        let theirs = Baseline::path(&standard.snapshot, &self.config, sources);
        paths.extend(own.into_iter().chain(theirs).map(|path| (path, "baseline")));
        let mut differing: BTreeMap<Arc<str>, PolicyFile> = BTreeMap::new();
        for (path, what) in paths {
            if let Some(file) = difference(&path, what, state, &standard.snapshot) {
                differing.insert(file.source.path().clone(), file);
            }
        }
        if !differing.is_empty() {
            let policy = config.and_then(|config| Policy::with_config(state, config));
            let faults = policy.and_then(|policy| policy.with_baseline(state, sources)).err();
            let faults = faults.unwrap_or_default();
            faults.into_iter().for_each(|fault| add(fault, &mut differing));
        }
        differing.into_values().collect()
    }
}

fn difference(path: &str, what: &str, state: &Snapshot, standard: &Snapshot) -> Option<PolicyFile> {
    let (ours, theirs) = (state.read_in_repository(path), standard.read_in_repository(path));
    let (how, at) = match (&ours, &theirs) {
        (None, None) => return None,
        (Some(ours), Some(theirs)) if ours.text() == theirs.text() => return None,
        (Some(ours), Some(theirs)) => (PolicyChangeKind::Changed, first_difference(ours, theirs)),
        (Some(ours), None) => (PolicyChangeKind::Added, ours.bom_len()),
        (None, Some(_)) => (PolicyChangeKind::Removed, 0),
    };
    let now = ours.as_ref().map(|ours| Fingerprint::of([ours.text()]).to_string()).unwrap_or_default();
    let source = ours.unwrap_or_else(|| Arc::new(Source::new(path, Vec::new())));
    let part = if what == "mailmap" { PolicyPart::Authority } else { PolicyPart::Checks };
    let span = source.line_span(at);
    let change =
        PolicyChange { part, item: what.into(), name: path.to_owned(), digest: now, kind: how, span };
    Some(PolicyFile { changes: vec![change], ..PolicyFile::of(source) })
}

/// The byte at which two texts begin to differ.
fn first_difference(ours: &Source, theirs: &Source) -> usize {
    let pairs = ours.text().bytes().zip(theirs.text().bytes());
    let same = pairs.take_while(|(a, b)| a == b).count();
    same.min(ours.text().len().saturating_sub(1))
}

/// Names a fault of a policy in the file that it is in.
fn add(fault: Fault, differing: &mut BTreeMap<Arc<str>, PolicyFile>) {
    let (path, source, span) = match fault.place {
        Some(place) => (place.source.path().clone(), Some(place.source), place.span),
        // A fault without a place is one of the configuration, or of a file that the first difference led to.
        None => match differing.keys().next() {
            Some(path) => (path.clone(), None, Span::at(0)),
            None => return,
        },
    };
    let empty = || PolicyFile::of(source.unwrap_or_else(|| Arc::new(Source::new(path.clone(), Vec::new()))));
    let file = differing.entry(path.clone()).or_insert_with(empty);
    file.faults.push(PolicyFault { message: fault.message, help: fault.help, span });
}
