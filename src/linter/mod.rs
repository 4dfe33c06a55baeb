//! The one way from options to findings. It neither prints nor knows the command line.
//!
//! [`Linter::open`] lists the files of a state and loads the policy. Then
//!
//! - [`Linter::lint`] returns the findings,
//! - [`Linter::fix`] also applies fixes, in memory,
//! - [`Linter::write_baseline`] also accepts all findings into the baseline file,
//! - [`Linter::read`] only reads the records, for listings.
//!
//! ```text
//! Options ─► state, policy, rules ─► input ─► check ─► suppressions ─► baseline ─► base ─► paths ─► Outcome
//!            (open)                  (read)   (run)                                (since)
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use jiff::civil::Date;

use crate::check::{Check, NeverJudged, NotJudged, Trace, Unjudged};
use crate::config::{ConfigSource, GivenExport, Preset, RuleSetting};
use crate::explain;
use crate::finding::{Fault, Faultless, Finding, Safety};
use crate::fix::{self, FixPlan, FixerResult, RunResult};
use crate::governing::Governing;
use crate::input::Input;
use crate::policy::{Baseline, Policy, PolicyPaths, PolicyRevision};
use crate::rule::Rule;
use crate::schema::meant_or;
use crate::snapshot::{ChangedPath, Snapshot};
use crate::triage::{self, Summary, merge_by_cause};

mod edited;
mod notices;
mod pages;
mod run;
mod target;

pub(crate) use edited::Checked;
pub(crate) use pages::{DueResult, PageOptions, PageResult};
use run::{Details, load_texts};
use target::PathFilter;
pub(crate) use target::missing_path;

/// The stack that the deepest expressions and trees need which the limits allow. Threads have less by default: to lint
/// untrusted files, call the linter in a `rayon` pool with this stack size.
pub const STACK_SIZE: usize = 8 << 20;

/// What to lint, by which policy, and what to report. The default is the worktree around the current folder, with its
/// own policy, without a cache.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A folder in the repository; the current one if empty.
    pub directory: PathBuf,
    /// The state to lint.
    pub state: StateSelector,
    /// Where the configuration is read from.
    pub config: ConfigSource,
    /// A baseline file to use instead of the one that the configuration names.
    pub baseline: Option<PathBuf>,
    /// The revision whose policy is used instead of the state's own.
    pub policy_from: Option<String>,
    /// Report only findings that the merge base with this revision does not have.
    pub since: Option<String>,
    /// The date as of which ages are calculated; today in UTC if absent.
    pub as_of: Option<Date>,
    /// Run only these rules, whatever the preset: ids, or families such as `decision/*`. All if empty.
    pub select: Vec<String>,
    /// Skip these rules.
    pub ignore: Vec<String>,
    /// Report only findings in these files and folders. All if empty.
    pub paths: Vec<PathBuf>,
    /// With `since`, also find the records that govern what the change touches.
    pub governing: bool,
    /// True if the findings are to be fixed, as a hook may do before there is a record.
    pub fixing: bool,
    /// Exports of other repositories, besides those that the configuration names.
    pub exports: Vec<GivenExport>,
    /// Read and write the cache in the repository's `.git/alignlint`.
    pub use_cache: bool,
}

/// Which state of the repository is linted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StateSelector {
    /// The files on disk.
    #[default]
    Worktree,
    /// The index: the next commit.
    Staged,
    /// Anything that names a commit for Git.
    Revision(String),
}

/// A state of a repository, its policy, and the rules to run.
pub struct Linter {
    options: Options,
    snapshot: Arc<Snapshot>,
    policy: Policy,
    policy_paths: PolicyPaths,
    /// Set if the policy comes from another revision.
    policy_revision: Option<PolicyRevision>,
    /// The baseline in the state itself, if it is readable.
    state_baseline: Option<Arc<Baseline>>,
    rules: Vec<Arc<Rule>>,
    as_of: Date,
    /// Set if the state that was asked for could not be opened.
    fallback_notice: Option<String>,
}

/// The result of a run.
pub struct LintResult {
    /// In catalog order, each with the edits of its fix.
    pub findings: Vec<Finding>,
    /// Counts of records, findings and results that were left out.
    pub summary: Summary,
    /// What comments and exceptions suppress.
    pub suppressed: Vec<Finding>,
    /// What rules could not judge.
    pub unjudged: Vec<Unjudged>,
    /// The faults of rules that exceeded their step limit. Such a rule has no findings, and the run has failed.
    pub faults: Vec<Fault>,
    /// What the run could not see of the state, its policy and its history.
    pub notices: Vec<String>,
    /// What [`Linter::write_baseline`] has written.
    pub written_baseline: Option<String>,
    /// The records that govern what the change touches, if [`Options::governing`] asks for them.
    pub governing: Vec<Governing>,
    /// The records, with all that rules can ask about them.
    pub input: Input,
}

impl LintResult {
    /// `findings` are merged by their causes.
    fn new(findings: Vec<Finding>, details: Details, input: Input) -> LintResult {
        load_texts(&findings);
        let Details { summary, suppressed, unjudged, faults, governing, .. } = details;
        LintResult {
            summary: summary.with_findings(&findings),
            findings,
            suppressed,
            unjudged,
            faults,
            notices: Vec::new(),
            written_baseline: None,
            governing,
            input,
        }
    }

    /// Writes the parsed files into the cache. Call it last, after printing the results.
    pub fn save_cache(&self) {
        self.input.save_parse_cache();
    }
}

/// Why a run failed.
#[derive(Debug)]
pub struct Error {
    /// The faults, in the order of their locations.
    pub faults: Vec<Fault>,
    /// What the run could not see until it failed.
    pub notices: Vec<String>,
}

impl From<Vec<Fault>> for Error {
    fn from(faults: Vec<Fault>) -> Error {
        Error { faults, notices: Vec::new() }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::from(vec![fault])
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::from(Fault::new(error.to_string()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        f.write_str(&faults.join("; "))
    }
}

impl std::error::Error for Error {}

impl Linter {
    /// Lints the state.
    ///
    /// # Errors
    /// The state can't be read or compared with its base, a rule does not compile, or there is nothing to check.
    pub fn lint(&self) -> Result<LintResult, Error> {
        self.run(|| {
            let mut result = self.outcome(self.lint_state(&self.snapshot, false)?);
            let incomplete = self.incomplete(&result);
            result.notices.extend(incomplete);
            Ok(result)
        })
    }

    /// Applies all fixes of at most this safety in memory and lints the result, until no fix is left. Nothing is
    /// written.
    ///
    /// # Errors
    /// As [`Linter::lint`].
    pub fn fix(&self, up_to: Safety) -> Result<(LintResult, FixerResult), Error> {
        self.run(|| {
            let lint = |snapshot: Arc<Snapshot>| self.lint_state(&snapshot, false);
            let (result, fixes) = fix::fix_until_stable(&self.snapshot, &self.policy, up_to, lint)?;
            Ok((self.outcome(result), fixes))
        })
    }

    /// Replaces the baseline file by one with all findings, and lints the state with that. Ignores [`Options::since`].
    ///
    /// # Errors
    /// As [`Linter::lint`]; or the file can't be written.
    pub fn write_baseline(&self) -> Result<LintResult, Error> {
        let (result, baseline) = self.run(|| {
            let mut result = self.lint_state(&self.snapshot, true)?;
            let baseline = result.extra.new_baseline.take();
            Ok((self.outcome(result), baseline))
        })?;
        let written = baseline.map(|baseline| self.save_baseline(&baseline)).transpose();
        Ok(LintResult { written_baseline: written.map_err(|error| self.with_notices(error))?, ..result })
    }

    /// Returns what suppressions keep from being reported in a run, each with `until DAY because REASON`.
    pub(crate) fn suppressed<'r>(&self, result: &'r LintResult) -> Vec<(&'r Finding, String)> {
        triage::reasons(&result.input, self.as_of, &result.suppressed)
    }

    /// Finds out why rules did not judge records of [`Options::paths`] in a run; at most `limit` reasons, in the order of
    /// their places.
    pub(crate) fn not_judged(&self, result: &LintResult, limit: usize) -> Vec<NotJudged> {
        let Ok(paths) = PathFilter::new(self) else { return Vec::new() };
        let check = self.check_of(&result.input);
        let unjudged = result.unjudged.iter().filter(|one| paths.matches(&one.path));
        let mut reasons = check.reasons(&self.rules, unjudged, limit);
        reasons.retain(|one| paths.matches(&one.path));
        reasons
    }

    /// Follows a rule step by step on the records that `target` names, as for [`Linter::find_records`], or on a file without records.
    pub(crate) fn trace(&self, rule: &Arc<Rule>, target: &str) -> Result<Vec<Trace>, Error> {
        self.run(|| {
            let input = self.input(&self.snapshot, std::slice::from_ref(rule))?;
            let check = self.check_of(&input);
            let file = self.file_without_records(target, &input);
            let records = if file.is_none() { self.find_records(target, &input)? } else { Vec::new() };
            // Of a folder, only what the rule is for.
            let is_for_one = records.iter().any(|record| rule.is_for_record(record));
            let records = records.iter().filter(|record| !is_for_one || rule.is_for_record(record));
            let records: Vec<u32> = records.map(|record| record.number).collect();
            let mut traces = check.trace(rule, &records, file.as_ref())?;
            for trace in &mut traces {
                let baseline = self.policy.baseline.as_deref();
                let cause = |finding| triage::suppressed_by(&input, baseline, self.as_of, finding);
                trace.suppressed_by = trace.result.findings.iter().map(cause).collect();
            }
            Ok(traces)
        })
    }

    /// Says to which records of the state a rule applies, and why.
    pub(crate) fn applicability(&self, rule: &Arc<Rule>) -> Result<String, Error> {
        self.run(|| {
            let input = self.input(&self.snapshot, std::slice::from_ref(rule))?;
            let page = explain::applicability(rule, &input, &self.policy);
            let is_own = rule.is_own && !rule.after_triage;
            let never = if is_own { self.check_of(&input).never_judged(rule)? } else { None };
            Ok(never.map_or(page.clone(), |never| format!("{page}\nIt judges nothing here: {never}.\n")))
        })
    }

    /// Returns the rules that judge nothing in the state, each with the reason. Rules that run after triage are left out.
    pub(crate) fn never_judged(&self, rules: &[Arc<Rule>]) -> Result<Vec<(Arc<Rule>, NeverJudged)>, Error> {
        self.run(|| {
            let input = self.input(&self.snapshot, rules)?;
            let check = self.check_of(&input);
            let mut never = Vec::new();
            for rule in rules.iter().filter(|rule| !rule.after_triage) {
                never.extend(check.never_judged(rule)?.map(|reason| (rule.clone(), reason)));
            }
            Ok(never)
        })
    }

    /// Reads all records and passes them to `view`; a second time, without the cache, if that turns out to be
    /// corrupt.
    ///
    /// # Errors
    /// Files of the revision that the policy comes from are missing.
    pub fn read<T>(&self, view: impl Fn(&Input) -> T) -> Result<T, Error> {
        self.run(|| Ok(view(&self.input(&self.snapshot, &[])?)))
    }

    /// As [`Linter::read`], with the pages beside records.
    pub(crate) fn read_pages<T>(&self, view: impl Fn(&Input) -> T) -> Result<T, Error> {
        self.run(|| Ok(view(&self.input(&self.snapshot, &self.rules)?)))
    }

    /// The state that is linted.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// The policy that it is linted by.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The rules that run, in the order of their ids.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    fn check_of<'a>(&'a self, input: &'a Input) -> Check<'a> {
        Check { input, config: &self.policy.config, today: self.as_of, diff: None }
    }

    /// Returns the linter of another state, with the same policy.
    fn with_snapshot(&self, snapshot: Snapshot) -> Linter {
        Linter {
            options: self.options.clone(),
            snapshot: Arc::new(snapshot),
            policy: self.policy.clone(),
            policy_paths: self.policy_paths.clone(),
            policy_revision: None,
            state_baseline: self.state_baseline.clone(),
            rules: self.rules.clone(),
            as_of: self.as_of,
            fallback_notice: None,
        }
    }

    /// Returns true if its day has passed.
    fn is_past(&self) -> bool {
        self.options.as_of.is_none() && self.as_of != today()
    }

    fn is_off(&self, rule: &Rule) -> bool {
        rule.settings(&self.policy.config).for_all_files() == Some(RuleSetting::Off)
    }

    /// The date as of which ages are calculated.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Does the work of a whole run, and once more without the cache if that turns out to be corrupt.
    fn run<T>(&self, work: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        self.snapshot.retry_if_cache_corrupt(work).map_err(|error| self.with_notices(error))
    }

    fn outcome(&self, result: RunResult<Details>) -> LintResult {
        let RunResult { input, mut findings, extra } = result;
        let merge = || {
            FixPlan::new(&mut findings, &input, &self.policy);
            merge_by_cause(findings)
        };
        let (findings, notices) = rayon::join(merge, || self.notices_about(&input));
        LintResult { notices, ..LintResult::new(findings, extra, input) }
    }

    /// Adds what the run could not see until it failed.
    fn with_notices(&self, error: Error) -> Error {
        Error { notices: [self.notices(), error.notices].concat(), ..error }
    }
}

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

    /// Opens a state that is listed already.
    ///
    /// # Errors
    /// As [`Linter::open`].
    pub(crate) fn of_snapshot(options: Options, snapshot: Snapshot) -> Result<Linter, Error> {
        Linter::load(options, snapshot, None)
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
        // A change is judged by the exports of its base, as by its policy.
        let base = policy_revision.as_ref().map(|revision| &*revision.snapshot);
        let exports = policy.config.read_exports(&snapshot, base, &options.exports);
        exports.map_err(|faults| with_notices(faults.into()))?;
        let state_baseline = match &policy_revision {
            None => policy.baseline.clone(),
            // If it is not readable, the rules about policy changes report that.
            Some(_) => Baseline::load(&snapshot, &policy.config, &policy_paths).ok().flatten(),
        };
        if options.use_cache {
            snapshot.enable_cache()?;
        }
        let as_of = options.as_of.unwrap_or_else(today);
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

    fn selected_rules(&self) -> Faultless<Vec<Arc<Rule>>> {
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
        let selected = |it: &&Arc<Rule>| (select.is_empty() || matches(select, it)) && !matches(ignore, it);
        Ok(library.rules().iter().filter(selected).cloned().collect())
    }
}

fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn has_same_content(state: &Snapshot, other: &Snapshot, path: &str) -> bool {
    let (Some(here), Some(there)) = (state.get(path), other.get(path)) else { return false };
    let id = state.content_id(here);
    id.is_some() && id == other.blob_id(there)
}

pub(crate) fn unknown_rule(name: &str, policy: &Policy) -> Fault {
    let fault = Fault::new(format!("unknown rule `{name}`"));
    if let Some(pack) = policy.config.pack_switched_off(name) {
        return fault.help(format!("add the pack `{pack}` to `extends`"));
    }
    fault.help(meant_or(policy.rules.meant(name), "list all rules with `alignlint rules`"))
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
