//! Opens a state and loads the policy that it is judged by.

use std::path::Path;
use std::sync::Arc;

use crate::config::Preset;
use crate::finding::Fault;
use crate::policy::{Baseline, Policy, PolicyPaths, PolicyRevision};
use crate::rule::Rule;
use crate::schema::did_you_mean;
use crate::snapshot::{ChangedPath, Snapshot};

use super::{Error, Linter, Options, StateSelector};

impl Options {
    pub(crate) fn directory(&self) -> &Path {
        if self.directory.as_os_str().is_empty() { Path::new(".") } else { &self.directory }
    }
}

impl Linter {
    /// Opens the state and loads its policy, or that of [`Options::policy_from`].
    ///
    /// # Errors
    /// There is no such state; everything that is wrong with the policy; rules that do not exist.
    pub fn open(options: Options) -> Result<Linter, Error> {
        let directory = options.directory();
        let open = || match &options.state {
            StateSelector::Worktree => Snapshot::worktree(directory),
            StateSelector::Staged => Snapshot::index(directory),
            StateSelector::Revision(rev) => Snapshot::revision(directory, rev),
        };
        let (snapshot, ()) = rayon::join(open, Policy::preload);
        Linter::load(options, snapshot?, None)
    }

    /// Opens whatever there is, for callers that need only the policy: the worktree, else HEAD, else the built-in
    /// rules and kinds. The last two add a notice.
    pub(crate) fn open_policy(mut options: Options) -> Result<Linter, Error> {
        let fault = match Snapshot::worktree(options.directory()) {
            Ok(snapshot) => return Linter::load(options, snapshot, None),
            Err(fault) => fault,
        };
        let (snapshot, used) = match Snapshot::revision(options.directory(), "HEAD") {
            Ok(snapshot) => (snapshot, "using the policy of HEAD"),
            Err(_) => (Snapshot::default(), "using only the built-in rules and kinds"),
        };
        options.state = StateSelector::Revision("HEAD".to_owned());
        Linter::load(options, snapshot, Some(format!("{}; {used}", fault.message)))
    }

    fn load(options: Options, snapshot: Snapshot, fallback_notice: Option<String>) -> Result<Linter, Error> {
        let notices: Vec<String> = fallback_notice.iter().chain(snapshot.notices()).cloned().collect();
        let policy_paths = PolicyPaths { config: options.config.clone(), baseline: options.baseline.clone() };
        let loaded = load(snapshot, options.policy_from.as_deref(), &policy_paths);
        let with_notices = |error: Error| Error { notices: notices.clone(), ..error };
        let (snapshot, mut policy, policy_revision) = loaded.map_err(with_notices)?;
        let exports = policy.config.read_exports(&snapshot, &options.exports);
        exports.map_err(|faults| with_notices(faults.into()))?;
        let state_baseline = match &policy_revision {
            None => policy.baseline.clone(),
            // If it is not readable, the rules about policy changes report that.
            Some(_) => Baseline::load(&snapshot, &policy.config, &policy_paths).ok().flatten(),
        };
        if options.use_cache {
            snapshot.enable_cache()?;
        }
        let as_of =
            options.as_of.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date());
        let mut linter = Linter {
            options,
            snapshot,
            policy,
            policy_paths,
            policy_revision,
            state_baseline,
            rules: Vec::new(),
            as_of,
            fallback_notice,
        };
        linter.rules = linter.selected_rules().map_err(|faults| linter.with_notices(faults.into()))?;
        if !linter.options.select.is_empty() {
            linter.policy.config.preset = Preset::All;
        }
        Ok(linter)
    }

    /// Returns the commit of the state; for worktree and index, that of HEAD if it has the same files, of those that can
    /// matter.
    pub(crate) fn commit(&self) -> Option<String> {
        let state = &*self.snapshot;
        state.commit().or_else(|| {
            let head = state.at_revision("HEAD").ok()?.subtree(state.folder());
            let differs = |changed: &ChangedPath| {
                self.policy.is_relevant(changed.path) && !has_same_content(state, &head, changed.path)
            };
            if state.diff(&head).iter().any(differs) { None } else { head.commit() }
        })
    }

    fn selected_rules(&self) -> Result<Vec<Arc<Rule>>, Vec<Fault>> {
        let Options { select, ignore, .. } = &self.options;
        let library = &self.policy.rules;
        let faults: Vec<Fault> = select
            .iter()
            .chain(ignore)
            .filter(|name| !library.rules().iter().any(|rule| rule.matches_name(name)))
            .map(|name| unknown_rule(name, &self.policy))
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let matches = |names: &[String], rule: &Rule| names.iter().any(|name| rule.matches_name(name));
        let selected =
            |rule: &&Arc<Rule>| (select.is_empty() || matches(select, rule)) && !matches(ignore, rule);
        Ok(library.rules().iter().filter(selected).cloned().collect())
    }
}

fn has_same_content(state: &Snapshot, other: &Snapshot, path: &str) -> bool {
    let (Some(here), Some(there)) = (state.get(path), other.get(path)) else { return false };
    let id = state.content_id(here);
    id.is_some() && id == other.blob_id(there)
}

/// The fault of a name that no rule of the policy has.
pub(crate) fn unknown_rule(name: &str, policy: &Policy) -> Fault {
    let fault = Fault::new(format!("unknown rule `{name}`"));
    if let Some(pack) = policy.config.pack_switched_off(name) {
        return fault.help(format!("add the pack `{pack}` to `extends`"));
    }
    match policy.rules.meant(name) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("list all rules with `alignlint rules`"),
    }
}

/// Returns the project that is checked, its policy, and the revision that the policy comes from, if that is another one.
fn load(
    snapshot: Snapshot,
    policy_from: Option<&str>,
    paths: &PolicyPaths,
) -> Result<(Arc<Snapshot>, Policy, Option<PolicyRevision>), Error> {
    let Some(rev) = policy_from else {
        let snapshot = Arc::new(snapshot.project());
        let policy = Policy::load_from(&snapshot, paths)?;
        return Ok((snapshot, policy, None));
    };
    // The revision also decides which folder is the project: a change can't escape the policy by adding a configuration file to a folder.
    let base = Arc::new(snapshot.at_revision(rev)?.project());
    let snapshot = Arc::new(snapshot.subtree(base.folder()));
    let revision = PolicyRevision { snapshot: base, rev: rev.into(), sources: paths.clone() };
    let policy = revision.load_policy(&snapshot)?;
    Ok((snapshot, policy, Some(revision)))
}
