//! `alignlint.yaml`: which rules run and how gravely, where records are, and what is none.

use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::{Fault, Severity};
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::{CONFIGURATIONS, Snapshot};
use crate::text::{Source, Span};

mod globs;
mod read;
mod settings;
#[cfg(test)]
mod tests;

pub use globs::Globs;
use settings::{Override, Rules};
pub use settings::{Preset, RulePattern, RuleSetting, RuleSettings};

/// The configuration of a run. [`Config::default`] is that of a repository without one.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file that it was read from.
    pub source: Option<Arc<Source>>,
    pub preset: Preset,
    /// The folders with the user's own rules, kinds and profiles.
    pub folders: Vec<PolicyFolder>,
    /// Where records are, in the order of the file.
    pub records: Vec<RecordPlace>,
    /// The file of the baseline, relative to the root; none where the configuration does not say.
    pub baseline: Option<Box<str>>,
    /// None where the file does not say.
    pub fail_on: Option<FailOn>,
    /// The month, 1 to 12, in which a fiscal year begins.
    pub fiscal_year_start: u8,
    exclude: Globs,
    rules: Rules,
    overrides: Vec<Override>,
}

/// Where the configuration of a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigSource {
    /// At the root, where it is by convention.
    #[default]
    Discovered,
    /// In this file, as a person typed it.
    File(PathBuf),
    /// Nowhere: the default holds.
    Disabled,
}

/// A folder that the configuration builds on: relative to the root, without a `/` at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFolder {
    pub path: Box<str>,
    pub span: Span,
}

/// Files that hold records of one kind.
#[derive(Clone, Debug)]
pub struct RecordPlace {
    /// The kind as written; its key's place.
    pub kind: Box<str>,
    pub kind_span: Span,
    pub files: Globs,
    /// The JSON pointer of the list, or of the mapping from identifier to record, inside each file.
    pub at: Option<Box<str>>,
}

/// The least severity that makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    Severity(Severity),
    Never,
}

impl FailOn {
    pub const NAMES: [&str; 4] = ["error", "warning", "note", "never"];

    pub fn from_name(name: &str) -> Option<FailOn> {
        match name {
            "error" => Some(FailOn::Severity(Severity::Error)),
            "warning" => Some(FailOn::Severity(Severity::Warning)),
            "note" => Some(FailOn::Severity(Severity::Note)),
            "never" => Some(FailOn::Never),
            _ => None,
        }
    }

    /// Whether a finding of this severity makes the run fail.
    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, FailOn::Severity(least) if severity >= least)
    }
}

impl Default for FailOn {
    fn default() -> FailOn {
        FailOn::Severity(Severity::Error)
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            source: None,
            preset: Preset::default(),
            folders: Vec::new(),
            records: Vec::new(),
            baseline: None,
            fail_on: None,
            fiscal_year_start: 1,
            exclude: Globs::default(),
            rules: Rules::default(),
            overrides: Vec::new(),
        }
    }
}

impl Config {
    /// Reads `file`, as a person types it, or else `alignlint.yaml` or `.alignlint.yaml` at the root of
    /// `snapshot`. Without either, the default.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, each at its place.
    pub fn load(snapshot: &Snapshot, file: Option<&Path>) -> Result<Config, Vec<Fault>> {
        let choice = file.map_or(ConfigSource::Discovered, |file| ConfigSource::File(file.to_owned()));
        Config::from_source(snapshot, &choice)
    }

    /// Reads the configuration where it is said to be.
    ///
    /// # Errors
    ///
    /// As [`Config::load`].
    pub fn from_source(snapshot: &Snapshot, choice: &ConfigSource) -> Result<Config, Vec<Fault>> {
        let source = match choice {
            ConfigSource::File(file) => Some(read::given(snapshot, file)),
            ConfigSource::Discovered => read::conventional(snapshot).transpose(),
            ConfigSource::Disabled => None,
        };
        match source.transpose().map_err(|fault| vec![fault])? {
            Some(source) => read::config(&source, snapshot),
            None => Ok(Config::default()),
        }
    }

    /// Whether the file at `path` is never read as records: it is excluded, or it lies in a folder of rules,
    /// kinds and profiles, or it is the baseline.
    pub fn excludes(&self, path: &str) -> bool {
        self.baseline.as_deref() == Some(path)
            || self.exclude.matches(path)
            || self.folders.iter().any(|folder| folder.contains(path))
    }

    /// Everything that says which files are read, and as what.
    pub fn file_selection(&self) -> impl Hash {
        let patterns = |globs: &Globs| -> Vec<Box<str>> {
            globs.patterns().iter().map(|(pattern, _)| pattern.clone()).collect()
        };
        let place = |it: &RecordPlace| (it.kind.clone(), patterns(&it.files), it.at.clone());
        let records: Vec<_> = self.records.iter().map(place).collect();
        let folders: Vec<Box<str>> = self.folders.iter().map(|folder| folder.path.clone()).collect();
        (records, folders, patterns(&self.exclude))
    }

    /// What holds for a rule of `preset` in the file at `path`.
    ///
    /// The preset says whether the rule is on, `rules` beats the preset, and each of `overrides` for the file
    /// beats what stands before it. Within one mapping a rule's own identifier beats `family/*`, which beats
    /// `*`. A severity switches a rule on; parameters alone do not.
    pub fn rule_setting(&self, rule: &str, preset: Preset, path: &str) -> RuleSetting<'_> {
        self.rule_settings(rule, preset).for_file(path)
    }

    /// As [`Config::rule_setting`], for one rule and many files.
    pub fn rule_settings(&self, rule: &str, preset: Preset) -> RuleSettings<'_> {
        RuleSettings::of(rule, preset <= self.preset, &self.rules, &self.overrides)
    }

    /// Every identifier or pattern of rules that the file mentions, in the order of the file.
    pub fn rule_patterns(&self) -> Vec<RulePattern<'_>> {
        let overriding = self.overrides.iter().flat_map(|over| &over.rules.0);
        let entries = self.rules.0.iter().chain(overriding);
        let mut patterns: Vec<_> =
            entries.map(|entry| RulePattern { text: &entry.key, span: entry.span }).collect();
        patterns.sort_by_key(|pattern| pattern.span);
        patterns
    }

    /// A fault for each mention of rules that are not among `known`.
    pub fn unknown_rules(&self, known: &[&str]) -> Vec<Fault> {
        let unknown = self
            .rule_patterns()
            .into_iter()
            .filter(|pattern| !known.iter().any(|rule| pattern.matches(rule)));
        let unknown = unknown.map(|pattern| match pattern.text.strip_suffix("/*") {
            Some(family) => {
                let families = known.iter().filter_map(|rule| rule.split_once('/')).map(|(family, _)| family);
                let meant = nearest(family, families).map(|family| format!("{family}/*"));
                self.unknown(format!("no rule is in the family `{family}`"), pattern.span, meant)
            }
            None => {
                let meant = nearest(pattern.text, known.iter().copied()).map(str::to_owned);
                self.unknown(format!("there is no rule `{}`", pattern.text), pattern.span, meant)
            }
        });
        unknown.collect()
    }

    /// A fault for each kind under `records` that `is_kind` does not know; `names` are those it does.
    pub fn unknown_kinds(&self, is_kind: impl Fn(&str) -> bool, names: &[&str]) -> Vec<Fault> {
        let mut spans = Vec::new();
        let unknown = self.records.iter().filter(|place| !is_kind(&place.kind));
        let unknown = unknown.filter(|place| {
            let first = !spans.contains(&place.kind_span);
            spans.push(place.kind_span);
            first
        });
        let fault = |place: &RecordPlace| {
            let meant = nearest(&place.kind, names.iter().copied()).map(str::to_owned);
            self.unknown(format!("there is no kind `{}`", place.kind), place.kind_span, meant)
        };
        unknown.map(fault).collect()
    }

    fn unknown(&self, message: String, span: Span, meant: Option<String>) -> Fault {
        let mut fault = Fault::new(message);
        if let Some(source) = &self.source {
            fault = fault.at(source, span);
        }
        match meant {
            Some(meant) => fault.help(did_you_mean(meant)),
            None => fault,
        }
    }
}

impl ConfigSource {
    /// The paths, relative to the root of `snapshot`, of the files in the repository that this choice is
    /// about, whether or not they are there.
    pub fn paths(&self, snapshot: &Snapshot) -> Vec<String> {
        match self {
            ConfigSource::Disabled => Vec::new(),
            ConfigSource::File(file) => snapshot.resolve_in_repository(file).into_iter().collect(),
            ConfigSource::Discovered => {
                // One in a folder between the root and the person makes a project of that folder.
                let prefix = snapshot.prefix();
                let ends = prefix.match_indices('/').map(|(at, _)| at).chain([prefix.len()]);
                let below = ends.filter(|_| !prefix.is_empty()).map(|end| format!("{}/", &prefix[..end]));
                let folders = [String::new()].into_iter().chain(below);
                folders.flat_map(|folder| CONFIGURATIONS.map(|name| format!("{folder}{name}"))).collect()
            }
        }
    }
}

impl PolicyFolder {
    /// Whether the file at `path` lies in this folder.
    pub fn contains(&self, path: &str) -> bool {
        path.strip_prefix(&*self.path).is_some_and(|rest| rest.starts_with('/'))
    }
}
