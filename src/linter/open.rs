//! Opens a state and loads the policy that it is judged by.

use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::config::{ConfigSource, Preset, RuleSetting};
use crate::finding::Fault;
use crate::policy::{Baseline, Policy, PolicyPaths, PolicyRevision, unread_policy};
use crate::record::PathClassifier;
use crate::rule::Rule;
use crate::schema::{did_you_mean, edit_distance};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::Format;

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
    ///
    /// # Errors
    /// Everything that is wrong with the policy.
    pub fn open_policy(mut options: Options) -> Result<Linter, Error> {
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
        let policy_paths = PolicyPaths {
            config: options.config.clone(),
            baseline: options.baseline.clone(),
            without: options.without.clone(),
        };
        let loaded = match &options.policy_from {
            None => load_own(snapshot, &policy_paths),
            Some(rev) => load_revision(snapshot, rev, &policy_paths),
        };
        let with_notices = |error: Error| Error { notices: notices.clone(), ..error };
        let Loaded { snapshot, mut policy, policy_revision } = loaded.map_err(with_notices)?;
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
            progress: Mutex::default(),
        };
        linter.rules = linter.selected_rules().map_err(|faults| linter.with_notices(faults.into()))?;
        if !linter.options.select.is_empty() {
            linter.policy.config.preset = Preset::All;
        }
        Ok(linter)
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

    /// What the run can't see of the state and its policy.
    pub fn notices(&self) -> Vec<String> {
        let paths = || self.snapshot.files().iter().map(|file| &*file.path);
        let misplaced_config = self.misplaced_config_notice();
        let lacks_config = self.policy_revision.as_ref().filter(|it| it.lacks_config(&self.snapshot));
        self.fallback_notice
            .iter()
            .chain(self.snapshot.notices())
            .cloned()
            .chain(self.missing_files_notice())
            .chain(self.outdated_baseline_notice())
            .chain(self.policy.config.entries_without_records(paths()))
            .chain(self.policy.config.patterns_without_files(paths()))
            .chain(self.policy.config.missing_exports())
            .chain(misplaced_config.clone())
            .chain(self.misspelt_folder_notice())
            .chain(self.no_rule_notice())
            // The configuration in the wrong place may name the folder.
            .chain(self.unread_policy().filter(|_| misplaced_config.is_none()))
            .chain(lacks_config.map(|PolicyRevision { rev, .. }| {
                format!("`{rev}` has no configuration file, so the default configuration is used")
            }))
            .collect()
    }

    /// Says which rules, kinds or profiles of the checked state are not read.
    pub fn unread_policy(&self) -> Option<String> {
        let is_asked_for = self.policy_revision.is_none() && self.options.config != ConfigSource::Disabled;
        is_asked_for.then(|| unread_policy(&self.snapshot, &self.policy.config)).flatten()
    }

    /// Adds to the fault of an unknown name that a file which is not read defines it.
    pub fn with_unread_definition(&self, name: &str, fault: Fault) -> Fault {
        let ends = ["rules", "kinds", "profiles"].map(|part| format!("/{part}/{name}.yaml"));
        let mut paths = self.snapshot.files().iter().map(|file| &file.path);
        match paths.any(|path| ends.iter().any(|end| path.ends_with(end))) {
            true => self.unread_policy().into_iter().fold(fault, Fault::help),
            false => fault,
        }
    }

    /// Returns a notice if the configuration lies in a folder, such as `.github`, from which it is not read, or has another
    /// name.
    fn misplaced_config_notice(&self) -> Option<String> {
        const FOLDERS: [&str; 3] = [".github", ".config", "config"];
        if self.options.config != ConfigSource::Discovered {
            return None;
        }
        if let Some(path) = self.config_in_folder() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            return Some(format!(
                "`{path}` is not read: the configuration is `{}` at the root; move its entries there, or, if `{folder}/` is a project \
                 of its own, add `{folder}/**` to `exclude:` there",
                CONFIG_FILES[0]
            ));
        }
        if self.policy.config.source.is_some() {
            return None;
        }
        let names =
            CONFIG_FILES.into_iter().flat_map(|name| FOLDERS.map(|folder| format!("{folder}/{name}")));
        let path = names.into_iter().find(|path| self.snapshot.get(path).is_some());
        let path = path.or_else(|| {
            let mut files = self.snapshot.files().iter().map(|file| &*file.path);
            files.find(|path| is_almost_config(path)).map(str::to_owned)
        })?;
        Some(format!("`{path}` is not read; the configuration is `{}` at the root", CONFIG_FILES[0]))
    }

    /// Returns the path of a configuration in a folder of the repository, where it has no effect: in one of the policy, or in
    /// one with records and no configuration of a project around it.
    fn config_in_folder(&self) -> Option<String> {
        let config = &self.policy.config;
        let is_in_folder = |path: &&str| {
            let (folder, name) = path.split_once('/').unwrap_or_default();
            let is_of_policy = || config.folders.iter().any(|it| *it.path == *folder);
            CONFIG_FILES.contains(&name)
                && !folder.starts_with('.')
                && (is_of_policy() || !config.excludes(path))
        };
        let mut paths = self.snapshot.files().iter().map(|file| &*file.path);
        paths.find(is_in_folder).map(str::to_owned)
    }

    /// Returns a notice if a folder at the root is called almost like one that is read, and holds lists of records.
    fn misspelt_folder_notice(&self) -> Option<String> {
        const LONGEST_FILE: usize = 1 << 20;
        let Policy { kinds, profiles, config, .. } = &self.policy;
        let classifier = PathClassifier { kinds, profiles, config };
        let misspelt = |path: &str| {
            let (folder, _) = path.split_once('/')?;
            config.format_of(path).filter(|format| *format == Format::Yaml)?;
            let near = PathClassifier::misspelt_folder(folder)?;
            let is_read = classifier.is_candidate(path) || config.excludes(path);
            (!is_read).then(|| (folder.to_owned(), near))
        };
        let holds_list = |text: &str| {
            let is_list =
                |line: &str| line.split_once(':').is_some_and(|(key, _)| kinds.by_key(key).is_some());
            text.len() <= LONGEST_FILE && text.lines().any(is_list)
        };
        self.snapshot.files().iter().find_map(|file| {
            let (folder, near) = misspelt(&file.path)?;
            let source = self.snapshot.read(file).ok().filter(|source| holds_list(source.text()))?;
            Some(format!(
                "`{}` is not read: did you mean `{near}/` by `{folder}/`? Otherwise, name its files under `records:` in `{}`",
                source.path(),
                CONFIG_FILES[0]
            ))
        })
    }

    /// Returns a notice if the configuration switches all rules off.
    fn no_rule_notice(&self) -> Option<String> {
        let is_off =
            |rule: &Arc<Rule>| rule.settings(&self.policy.config).for_all_files() == Some(RuleSetting::Off);
        let is_first = self.options.select.is_empty() && self.options.ignore.is_empty();
        (is_first && !self.rules.is_empty() && self.rules.iter().all(is_off)).then(|| {
            format!(
                "no rule is on: `rules` in `{}` switches all off; set those that are to run, such as `decision/*: warning`",
                CONFIG_FILES[0]
            )
        })
    }

    fn missing_files_notice(&self) -> Option<String> {
        let missing = self.snapshot.missing_blobs().len();
        let commit = self.snapshot.commit();
        let rev = commit.as_deref().unwrap_or("HEAD");
        (missing > 1).then(|| {
            format!(
                "this partial clone lacks {missing} files; run `git archive {rev} > /dev/null` to fetch them"
            )
        })
    }

    /// Fails if a file of another state was needed and is missing from a partial clone. `problem` says what is
    /// impossible without it.
    pub(super) fn require_all_files(&self, state: &Snapshot, problem: &str) -> Result<(), Fault> {
        let missing = state.missing_blobs();
        let Some(first) = missing.first() else { return Ok(()) };
        let files = match missing.len() - 1 {
            0 => "of that revision is".to_owned(),
            1 => "and 1 other file of that revision are".to_owned(),
            more => format!("and {more} other files of that revision are"),
        };
        let message = format!("{problem}: `{first}` {files} missing from this partial clone");
        let (rev, own) = (state.commit().unwrap_or_default(), self.snapshot.commit());
        let own = own.as_deref().unwrap_or("HEAD");
        Err(Fault::new(message).help(format!("fetch them with `git diff {rev} {own} > /dev/null`")))
    }
}

/// True for the names of configuration files in other letters, or as TOML.
fn is_almost_config(path: &str) -> bool {
    const MOST_SLIPS: usize = 1;
    let name = path.to_lowercase();
    CONFIG_FILES.iter().any(|right| {
        let stem = right.trim_end_matches(".yaml");
        path != *right
            && ["yaml", "yml", "toml", "json"].iter().any(|ending| {
                let written = name.strip_suffix(ending).and_then(|name| name.strip_suffix('.'));
                written.is_some_and(|written| {
                    !written.contains('/') && edit_distance(written, stem) <= MOST_SLIPS
                })
            })
    })
}

/// The fault of a name that no rule of the policy has.
pub fn unknown_rule(name: &str, policy: &Policy) -> Fault {
    let fault = Fault::new(format!("unknown rule `{name}`"));
    if let Some(pack) = policy.config.pack_switched_off(name) {
        return fault.help(format!("add the pack `{pack}` to `extends`"));
    }
    if Preset::NAMES.contains(&name) {
        return fault.help(format!(
            "write `extends: [{name}]` in `alignlint.yaml` for the preset, or `'*'` for all rules"
        ));
    }
    match policy.rules.meant(name) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("list all rules with `alignlint rules`"),
    }
}

struct Loaded {
    snapshot: Arc<Snapshot>,
    policy: Policy,
    policy_revision: Option<PolicyRevision>,
}

fn load_own(snapshot: Snapshot, paths: &PolicyPaths) -> Result<Loaded, Error> {
    let snapshot = Arc::new(snapshot.project());
    let policy = Policy::load_from(&snapshot, paths)?;
    Ok(Loaded { snapshot, policy, policy_revision: None })
}

/// The revision also decides which folder is the project: a change can't escape the policy by adding a configuration
/// file to a folder.
fn load_revision(snapshot: Snapshot, rev: &str, paths: &PolicyPaths) -> Result<Loaded, Error> {
    let base = Arc::new(snapshot.at_revision(rev)?.project());
    let snapshot = Arc::new(snapshot.subtree(base.folder()));
    let revision = PolicyRevision { snapshot: base, rev: rev.into(), sources: paths.clone() };
    let policy = revision.load_policy(&snapshot)?;
    Ok(Loaded { snapshot, policy, policy_revision: Some(revision) })
}
