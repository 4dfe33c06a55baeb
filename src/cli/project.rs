//! The project that a subcommand works on: one state of the repository around the folder, and its policy.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::check::Unjudged;
use crate::finding::Fault;
use crate::input::Input;
use crate::policy::{Baseline, Policy, PolicyPaths, PolicyRevision};
use crate::rule::Rule;
use crate::snapshot::Snapshot;

use super::{ConfigOptions, Failure, StateOptions, Terminal};

/// A state of a repository and what it is judged by.
pub(super) struct Project {
    pub snapshot: Arc<Snapshot>,
    pub policy: Policy,
    /// The baseline in the state itself, where there is one that can be read.
    pub own_baseline: Option<Arc<Baseline>>,
    pub sources: PolicyPaths,
    /// Whether the state is the worktree.
    worktree: bool,
    /// Where the policy is from, where it is not the state's own.
    standard: Option<PolicyRevision>,
}

impl Project {
    /// The worktree around the folder where the person stands.
    pub fn open(options: &ConfigOptions, terminal: &Terminal) -> Result<Project, Failure> {
        Project::at(&StateOptions::default(), options, terminal)
    }

    /// The state that the person asks for, of the repository around the folder where they stand.
    pub fn at(
        state: &StateOptions,
        options: &ConfigOptions,
        terminal: &Terminal,
    ) -> Result<Project, Failure> {
        Project::held_to(None, state, options.sources(), terminal)
    }

    /// As [`Project::at`], with the policy of another revision. What belongs to the project is a matter of
    /// policy too: a change can't cut itself off by a configuration in a folder.
    pub fn held_to(
        policy_from: Option<&str>,
        state: &StateOptions,
        sources: PolicyPaths,
        terminal: &Terminal,
    ) -> Result<Project, Failure> {
        let start = &terminal.directory;
        let open = || match &state.rev {
            Some(rev) => Snapshot::revision(start, rev),
            None if state.staged => Snapshot::index(start),
            None => Snapshot::worktree(start),
        };
        let (snapshot, ()) = rayon::join(open, Policy::preload);
        let snapshot = snapshot?;
        let worktree = state.rev.is_none() && !state.staged;
        let Some(rev) = policy_from else { return Project::of(snapshot, worktree, sources) };
        tell(snapshot.notices());
        let standard = Arc::new(snapshot.at_revision(rev)?.project());
        let snapshot = Arc::new(snapshot.subtree(standard.folder()));
        let standard = PolicyRevision { snapshot: standard, rev: rev.into(), sources: sources.clone() };
        let policy = standard.load_policy(&snapshot)?;
        let mut project =
            Project { snapshot, policy, own_baseline: None, sources, worktree, standard: Some(standard) };
        // One that can't be read is named with the rest of what is wrong with the state's own policy.
        project.own_baseline = project.baseline_of(&project.snapshot);
        tell(&project.without_policy().into_iter().collect::<Vec<_>>());
        Ok(project)
    }

    /// What holds where the person stands, for what needs no files to check: the worktree's policy; without a
    /// worktree that can be opened, that of HEAD; and without either, the program's own.
    pub fn policy(options: &ConfigOptions, terminal: &Terminal) -> Result<Project, Failure> {
        let start = &terminal.directory;
        let fault = match Snapshot::worktree(start) {
            Ok(snapshot) => return Project::of(snapshot, true, options.sources()),
            Err(fault) => fault,
        };
        let (snapshot, holds) = match Snapshot::revision(start, "HEAD") {
            Ok(snapshot) => (snapshot, "what holds is read from HEAD"),
            Err(_) => (Snapshot::default(), "only the program's own rules and kinds are known"),
        };
        eprintln!("alignlint: {}, so {holds}.", fault.message);
        Project::of(snapshot, false, options.sources())
    }

    /// The project of a state that is held to its own policy.
    fn of(snapshot: Snapshot, worktree: bool, sources: PolicyPaths) -> Result<Project, Failure> {
        tell(snapshot.notices());
        let snapshot = Arc::new(snapshot.project());
        let policy = Policy::load_from(&snapshot, &sources)?;
        let own_baseline = policy.baseline.clone();
        Ok(Project { snapshot, policy, own_baseline, sources, worktree, standard: None })
    }

    /// What to say where the revision that the policy is from has none.
    fn without_policy(&self) -> Option<String> {
        let standard = self.standard.as_ref()?;
        let told = || format!("The configuration is not in `{}` yet: the default holds.", standard.rev);
        standard.lacks_config(&self.snapshot).then(told)
    }

    /// A catalog that the project's policy has read, held to the revision that the policy is from.
    ///
    /// # Errors
    /// Files of that revision are not in this clone: nobody knows what they excuse and allow.
    pub fn hold(&self, input: Input, rules: &[Arc<Rule>]) -> Result<Input, Fault> {
        let Some(standard) = &self.standard else { return Ok(input) };
        let input = self.policy.with_base_policy(input, standard, rules);
        let so = format!("what the policy of `{}` is can't be told", standard.rev);
        self.all_there(&standard.snapshot, &so)?;
        Ok(input)
    }

    /// The baseline in another state of the project, where there is one that can be read.
    pub fn baseline_of(&self, state: &Snapshot) -> Option<Arc<Baseline>> {
        Baseline::load(state, &self.policy.config, &self.sources).ok().flatten()
    }

    /// Sees to it that no file of another state was asked for in vain.
    ///
    /// # Errors
    /// Some are not in this clone; `so` is what that comes to.
    pub fn all_there(&self, state: &Snapshot, so: &str) -> Result<(), Fault> {
        let missing = state.missing_blobs();
        let Some(first) = missing.first() else { return Ok(()) };
        let others = match missing.len() - 1 {
            0 => String::new(),
            1 => " and 1 other file".to_owned(),
            more => format!(" and {more} other files"),
        };
        let are = if others.is_empty() { "is" } else { "are" };
        let message = format!("{so}: `{first}`{others} as of then {are} not in this clone, which is partial");
        let (state, own) = (state.commit().unwrap_or_default(), self.snapshot.commit());
        let own = own.as_deref().unwrap_or("HEAD");
        let help = format!("`git diff {state} {own} > /dev/null` fetches what differs.");
        Err(Fault::new(message).help(help))
    }

    /// What the run can't see, and why: of the state, of its policy, and of its past where somebody asked for
    /// it.
    pub fn notices(&self, input: &Input, unjudged: &[Unjudged]) -> Vec<String> {
        let notices = self.snapshot.notices().iter().cloned();
        let of_the_past = of_the_past(input, unjudged);
        notices.chain(missing(&self.snapshot)).chain(self.without_policy()).chain(of_the_past).collect()
    }

    /// The folder that paths are relative to, where the files that are judged are those on disk.
    pub fn on_disk(&self) -> Option<&Path> {
        self.snapshot.root().filter(|_| self.worktree)
    }

    /// Says once what of the past can't be told, where somebody asked for it.
    pub fn tell_of_the_past(&self, input: &Input, unjudged: &[Unjudged]) {
        if let Some(notice) = of_the_past(input, unjudged) {
            eprintln!("alignlint: {notice}");
        }
    }

    /// Reads the records, and what else these rules judge.
    ///
    /// # Errors
    /// As [`Project::hold`].
    pub fn catalog(&self, rules: &[Arc<Rule>]) -> Result<Input, Fault> {
        self.catalog_of(&self.snapshot, rules)
    }

    /// As [`Project::catalog`], of another state.
    ///
    /// # Errors
    /// As [`Project::hold`].
    pub fn catalog_of(&self, snapshot: &Arc<Snapshot>, rules: &[Arc<Rule>]) -> Result<Input, Fault> {
        let input = self.hold(self.policy.read(snapshot, rules), rules)?;
        if let Some(notice) = missing(snapshot) {
            eprintln!("alignlint: {notice}");
        }
        Ok(input)
    }
}

/// What to say of a clone that does not hold every file.
fn missing(state: &Snapshot) -> Option<String> {
    let missing = state.missing_blobs().len();
    let commit = state.commit();
    let rev = commit.as_deref().unwrap_or("HEAD");
    (missing > 1).then(|| {
        format!(
            "{missing} files are not in this clone, which is partial: `git archive {rev} > /dev/null` fetches \
             them all."
        )
    })
}

/// Says what is to be said once.
fn tell(notices: &[String]) {
    for notice in notices {
        eprintln!("alignlint: {notice}");
    }
}

/// What can't be told of the past; of a shallow clone also how far back it would have to go.
fn of_the_past(input: &Input, unjudged: &[Unjudged]) -> Option<String> {
    let short = unjudged.iter().filter_map(|one| one.days_short).max();
    input.history().and_then(|past| past.notice(short))
}

/// The day that ages are counted to: the one given, else today in UTC.
///
/// # Errors
/// The text is no day.
pub(super) fn day(given: Option<&str>) -> Result<Date, Fault> {
    match given {
        None => Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        Some(text) => parse_date(text)
            .ok_or_else(|| Fault::new(format!("`{text}` is no day")).help("write it as 2026-11-20")),
    }
}
