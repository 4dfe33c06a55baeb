//! What a repository is judged by: its configuration, and the kinds, profiles and rules that hold, the
//! program's and its own. Read from one snapshot, so that a change can be judged by its base's policy.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, ReadScope};
use crate::config::{Config, ConfigSource, PolicyFolder};
use crate::embedded;
use crate::finding::Fault;
use crate::history::{CommitSource, History};
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::PathClassifier;
use crate::rule::{self, Rule, RuleSet, params, read_user_rules};
use crate::snapshot::{self, Snapshot};
use crate::text::Source;

pub mod baseline;
mod standard;

pub use baseline::Baseline;
pub use standard::PolicyRevision;

/// The bar that is held up to a repository.
#[derive(Clone)]
pub struct Policy {
    pub config: Config,
    pub kinds: Arc<Kinds>,
    pub profiles: Arc<Profiles>,
    pub rules: RuleSet,
    /// What is let pass, where there is such a file.
    pub baseline: Option<Arc<Baseline>>,
    /// The state that it is from, where that is not the one that is judged.
    pub standard: Option<Arc<Snapshot>>,
}

/// The folders, inside a user's own, that hold kinds and profiles; everything else in it is a rule.
const KINDS: &str = "kinds/";
const PROFILES: &str = "profiles/";
const RULES: &str = "rules/";

impl Policy {
    /// Reads the policy of a snapshot: `config`, or else its `alignlint.yaml`, and the folders that this
    /// names.
    ///
    /// # Errors
    /// Everything that is wrong with those files, each fault at its place.
    pub fn load(snapshot: &Snapshot, config: Option<&Path>) -> Result<Policy, Vec<Fault>> {
        Policy::with_config(snapshot, Config::load(snapshot, config)?)
    }

    /// Reads what comes with the program and most policies are made of, while something else takes its time.
    pub fn preload() {
        // What is wrong with it is told to whoever puts a policy together.
        let (_, _) = rayon::join(embedded, rule::builtin_rules);
    }

    /// The policy of a snapshot, with its baseline, whose parts are where they are said to be.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn load_from(snapshot: &Snapshot, sources: &PolicyPaths) -> Result<Policy, Vec<Fault>> {
        let config = Config::from_source(snapshot, &sources.config)?;
        Policy::with_config(snapshot, config)?.with_baseline(snapshot, sources)
    }

    /// The same policy with the baseline of a snapshot.
    ///
    /// # Errors
    /// Everything that is wrong with the baseline's file.
    pub fn with_baseline(mut self, snapshot: &Snapshot, sources: &PolicyPaths) -> Result<Policy, Vec<Fault>> {
        self.baseline = Baseline::load(snapshot, &self.config, sources)?;
        // Wherever it lies, it holds no records.
        if let Some(path) = Baseline::path(snapshot, &self.config, sources) {
            self.config.baseline = Some(path.into());
        }
        Ok(self)
    }

    /// The policy of a snapshot under this configuration.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn with_config(snapshot: &Snapshot, config: Config) -> Result<Policy, Vec<Fault>> {
        let own = OwnFiles::find(snapshot, &config)?;
        let (kinds, profiles) = if own.kinds.is_empty() && own.profiles.is_empty() {
            embedded()?
        } else {
            let kinds = Arc::new(Kinds::load(&own.kinds)?);
            let profiles = Arc::new(Profiles::load(&with_embedded(&own.profiles), &kinds)?);
            (kinds, profiles)
        };
        let rules = RuleSet::with_builtin(read_user_rules(own.rules, &kinds)?)?;
        let policy = Policy { config, kinds, profiles, rules, baseline: None, standard: None };
        policy.check_names()?;
        policy.check_params()?;
        Ok(policy)
    }

    /// Reads what these rules judge of a snapshot.
    pub fn read(&self, snapshot: &Arc<Snapshot>, rules: &[Arc<Rule>]) -> Catalog {
        self.read_reusing(None, snapshot, rules)
    }

    /// As [`Policy::read`], without reading again what is the same in `known`: another state that this policy
    /// has read, for these rules or more.
    pub fn read_reusing(
        &self,
        known: Option<&Catalog>,
        snapshot: &Arc<Snapshot>,
        rules: &[Arc<Rule>],
    ) -> Catalog {
        let judge_files = rules.iter().any(|rule| rule.is_for_files());
        let extent = if judge_files { ReadScope::Pages } else { ReadScope::Records };
        let config = &self.config;
        let catalog =
            Catalog::read(snapshot.clone(), self.kinds.clone(), &self.profiles, config, extent, known);
        let origin = CommitSource::of(snapshot);
        let past = self.history(match &self.standard {
            Some(standard) => origin.with_mailmap_of(standard),
            None => origin,
        });
        catalog.with_history(match known.and_then(Catalog::history) {
            Some(other) => past.shared_with(other),
            None => past,
        })
    }

    /// Whether what stands in the file at `path` may make a difference: a record, a page, or a part of a policy.
    pub fn is_relevant(&self, path: &str) -> bool {
        let classifier =
            PathClassifier { kinds: &self.kinds, profiles: &self.profiles, config: &self.config };
        let name = path.rsplit('/').next().unwrap_or(path);
        let own = self.config.source.as_ref().is_some_and(|source| **source.path() == *path);
        let own = own || self.config.baseline.as_deref() == Some(path);
        let of_policy = own || name.contains("alignlint") || path == snapshot::MAILMAP;
        of_policy
            || self.config.folders.iter().any(|folder| folder.contains(path))
            || classifier.is_candidate(path)
            || classifier.is_companion_page(path)
    }

    /// The past of records, as this policy reads them.
    pub fn history(&self, origin: CommitSource) -> History {
        History::new(origin, self.kinds.clone(), self.profiles.clone(), self.config.clone())
    }

    /// Every rule and kind that the configuration names has to be there.
    fn check_names(&self) -> Result<(), Vec<Fault>> {
        let names: Vec<&str> = self.kinds.iter().map(|kind| &*kind.name).collect();
        let mut faults = self.config.unknown_rules(&self.rules.ids());
        faults.extend(self.config.unknown_kinds(|name| self.kinds.by_key(name).is_some(), &names));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Every parameter that the configuration sets has to be one of its rule, and of its type; also where
    /// the rule has nothing to judge today.
    fn check_params(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for rule in self.rules.rules() {
            let settings = self.config.rule_settings(&rule.id, rule.preset);
            faults.extend(params::check(rule, settings.params(), &self.config).err().unwrap_or_default());
            for set in settings.params() {
                faults.extend(params::values(rule, &[set], &self.config).err().unwrap_or_default());
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// Where a person wants the parts of a policy to be read that need not be where they are by convention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyPaths {
    pub config: ConfigSource,
    /// The file of the baseline, as a person typed it.
    pub baseline: Option<PathBuf>,
}

type Knowledge = (Arc<Kinds>, Arc<Profiles>);

/// The program's own kinds and profiles, read once.
fn embedded() -> Result<Knowledge, Vec<Fault>> {
    static EMBEDDED: OnceLock<Result<Knowledge, Vec<Fault>>> = OnceLock::new();
    let load = || {
        let kinds = Kinds::load(&[])?;
        let profiles = Profiles::load(&with_embedded(&[]), &kinds)?;
        Ok((Arc::new(kinds), Arc::new(profiles)))
    };
    EMBEDDED.get_or_init(load).clone()
}

/// The user's own profiles, then the embedded ones: the first that recognises a file reads it.
fn with_embedded(own: &[Arc<Source>]) -> Vec<Arc<Source>> {
    let embedded = embedded::files("schemas/profiles");
    let embedded = embedded.map(|(path, text)| Arc::new(Source::new(path, text.as_bytes().to_vec())));
    own.iter().cloned().chain(embedded).collect()
}

/// The files in the user's policy folders, by what they state.
#[derive(Default)]
struct OwnFiles {
    kinds: Vec<Arc<Source>>,
    profiles: Vec<Arc<Source>>,
    /// Each with the identifier that its path gives it.
    rules: Vec<(Arc<Source>, String)>,
}

impl OwnFiles {
    fn find(snapshot: &Snapshot, config: &Config) -> Result<OwnFiles, Vec<Fault>> {
        let mut own = OwnFiles::default();
        let mut faults = Vec::new();
        for folder in &config.folders {
            for (file, _) in OwnFiles::listed(snapshot, folder) {
                let Some(name) = within(folder, &file.path) else { continue };
                match snapshot.read(file) {
                    Ok(source) => own.add(name, source),
                    Err(problem) => faults.push(Fault::new(format!("`{}`: {}", file.path, problem.message))),
                }
            }
        }
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }

    /// The files of a folder, each with what it states.
    fn listed<'s>(
        snapshot: &'s Snapshot,
        folder: &'s PolicyFolder,
    ) -> impl Iterator<Item = (&'s snapshot::FileEntry, &'static str)> {
        snapshot.files().iter().filter_map(|file| Some((file, stated(within(folder, &file.path)?))))
    }

    fn add(&mut self, name: &str, source: Arc<Source>) {
        match stated(name) {
            "kind" => self.kinds.push(source),
            "profile" => self.profiles.push(source),
            _ => self.rules.push((source, name.strip_prefix(RULES).unwrap_or(name).to_string())),
        }
    }
}

/// What a file of a policy folder states, in a word.
fn stated(name: &str) -> &'static str {
    if name.starts_with(KINDS) {
        "kind"
    } else if name.starts_with(PROFILES) {
        "profile"
    } else {
        "rule"
    }
}

/// The path of a YAML file below a folder, without its extension.
fn within<'p>(folder: &PolicyFolder, path: &'p str) -> Option<&'p str> {
    let name = path.strip_prefix(&*folder.path)?.strip_prefix('/')?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}
