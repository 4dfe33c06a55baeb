//! The base policy: that of another revision, so that a change can't weaken the checks, suppress its findings, or grant itself authority.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{self, Config, ConfigSource};
use crate::finding::{Fault, Faultless, Fingerprint};
use crate::input::{Input, PolicyChange, PolicyChangeKind, PolicyFile, PolicyPart};
use crate::rule::Rule;
use crate::snapshot::{CONFIG_FILES, MAILMAP, Snapshot};
use crate::text::Source;

use super::{Baseline, OwnFiles, Policy, PolicyPaths};

#[derive(Clone, Debug)]
pub struct PolicyRevision {
    pub snapshot: Arc<Snapshot>,
    pub rev: Box<str>,
    pub sources: PolicyPaths,
}

impl PolicyRevision {
    pub(crate) fn load_policy(&self, head: &Snapshot) -> Faultless<Policy> {
        let policy = match self.is_config_absent(head) {
            Err(fault) => Err(vec![fault]),
            Ok(true) => Policy::with_config(&self.snapshot, Config::default())
                .and_then(|policy| policy.with_baseline(&self.snapshot, &self.sources)),
            Ok(false) => Policy::load_from(&self.snapshot, &self.sources),
        };
        let dated = |it: Fault| Fault { message: format!("{} (as of `{}`)", it.message, self.rev), ..it };
        match policy {
            Ok(policy) => Ok(Policy { revision: Some(self.snapshot.clone()), ..policy }),
            Err(faults) => Err(faults.into_iter().map(dated).collect()),
        }
    }

    /// Returns true if the configuration that the user names is not in the revision: then the default one applies.
    pub fn lacks_config(&self, head: &Snapshot) -> bool {
        self.is_config_absent(head).unwrap_or(false)
    }

    /// Fails if a symbolic link is in its place, or if it does not exist in `head` either.
    fn is_config_absent(&self, head: &Snapshot) -> Result<bool, Fault> {
        let ConfigSource::File(file) = &self.sources.config else { return Ok(false) };
        let Some(path) = head.resolve_in_repository(file) else { return Ok(false) };
        match self.snapshot.read_without_links(&path) {
            Ok(Some(_)) => Ok(false),
            Ok(None) => Config::read_file(head, file).map(|_| true),
            Err(link) => Err(config::unreadable(file, link)),
        }
    }
}

impl Policy {
    /// Adds the base policy to an input that this policy has read for these rules, or more.
    pub fn with_base_policy(&self, input: Input, revision: &PolicyRevision, rules: &[Arc<Rule>]) -> Input {
        let commit = |snapshot: &Snapshot| snapshot.commit();
        if commit(input.snapshot()).is_some_and(|id| commit(&revision.snapshot) == Some(id)) {
            return input; // the same state
        }
        let base = self.read_reusing(Some(&input), &revision.snapshot, rules);
        // Adoption is a part of the policy: nothing that a change adds or deletes adopts more or less, or makes unknown names harmless.
        let adoption = base.catalog().own_adoption();
        let (input, base) = (input.with_adoption(adoption.clone()), base.with_adoption(adoption));
        let (changed_files, own) = self.changed_files(input.snapshot(), revision);
        let input = match &own {
            Some(own) => input.with_rules(own.rules.ids()),
            None => input,
        };
        input.with_base_policy(base, &revision.rev, changed_files)
    }

    /// Returns the files in which the policies differ, and the policy of the state if it differs and can be used.
    fn changed_files(&self, state: &Snapshot, base: &PolicyRevision) -> (Vec<PolicyFile>, Option<Policy>) {
        let sources = &base.sources;
        let config = Config::from_source(state, &sources.config, &[]);
        let folders = config.as_ref().map_or(&[][..], |config| &config.folders);
        let mut paths: BTreeMap<String, &str> = BTreeMap::new();
        for (snapshot, folders) in [(state, folders), (&*base.snapshot, &self.config.folders)] {
            let own = folders.iter().flat_map(|folder| OwnFiles::listed(snapshot, folder));
            paths.extend(own.map(|(file, what)| (file.path.to_string(), what)));
            paths.extend(sources.config.paths(snapshot).into_iter().map(|path| (path, "configuration")));
        }
        paths.insert(state.repository_root_path(MAILMAP), "mailmap");
        let own = config.as_ref().ok().and_then(|config| Baseline::path(state, config, sources));
        let theirs = Baseline::path(&base.snapshot, &self.config, sources);
        paths.extend(own.into_iter().chain(theirs).map(|path| (path, "baseline")));
        let mut changed: BTreeMap<Arc<str>, PolicyFile> = BTreeMap::new();
        for (path, what) in paths {
            if let Some(file) = file_change(&path, what, state, &base.snapshot) {
                changed.insert(file.source.path().clone(), file);
            }
        }
        // A symbolic link changes no file, but from then on nothing can be checked.
        let configured = sources.config.paths(state).into_iter().next();
        let policy = config.and_then(|config| Policy::with_config(state, config));
        let policy = policy.and_then(|policy| policy.with_baseline(state, sources));
        let policy = policy.and_then(|mut policy| {
            policy.config.read_exports(state, None, &[])?;
            Ok(policy)
        });
        let faults = policy.as_ref().err().cloned().unwrap_or_default();
        faults.into_iter().for_each(|fault| add_fault(fault, configured.as_deref(), &mut changed));
        let own = policy.ok().filter(|_| !changed.is_empty());
        (changed.into_values().collect(), own)
    }
}

fn file_change(path: &str, what: &str, state: &Snapshot, base: &Snapshot) -> Option<PolicyFile> {
    let (ours, theirs) = (state.read_in_repository(path), base.read_in_repository(path));
    let (kind, at) = match (&ours, &theirs) {
        (None, None) => return None,
        (Some(ours), Some(theirs)) if ours.text() == theirs.text() => return None,
        (Some(ours), Some(theirs)) => (PolicyChangeKind::Changed, first_difference(ours, theirs)),
        (Some(ours), None) => (PolicyChangeKind::Added, ours.bom_len()),
        (None, Some(_)) => (PolicyChangeKind::Removed, 0),
    };
    let file = PolicyFile::at(&path.into(), ours);
    let content = Fingerprint::of([file.source.text()]);
    let part = if what == "mailmap" { PolicyPart::Authority } else { PolicyPart::Checks };
    let span = file.source.line_span(at);
    let change = PolicyChange::new(part, what.into(), path, kind, content, span);
    Some(PolicyFile { changes: vec![change], ..file })
}

fn first_difference(ours: &Source, theirs: &Source) -> usize {
    let pairs = ours.text().bytes().zip(theirs.text().bytes());
    let same = pairs.take_while(|(a, b)| a == b).count();
    same.min(ours.text().len().saturating_sub(1))
}

/// Adds a fault to its file; without a place, to the first that changed, else to the configuration.
fn add_fault(fault: Fault, configuration: Option<&str>, changed: &mut BTreeMap<Arc<str>, PolicyFile>) {
    let source = fault.place.as_ref().map(|place| place.source.clone());
    let path = source.as_ref().map(|source| source.path()).or_else(|| changed.keys().next()).cloned();
    let path = path.unwrap_or_else(|| configuration.unwrap_or(CONFIG_FILES[0]).into());
    let file = changed.entry(path).or_insert_with_key(|path| PolicyFile::at(path, source));
    file.faults.push(fault);
}
