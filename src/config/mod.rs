//! The configuration file, `alignlint.yaml`.
//!
//! A configuration key is defined by its entry in `schemas/config.schema.json` (type, validation, documentation), its field
//! in [`Config`] and its line in `read::KEYS`; a test compares the keys of the schema with `KEYS`.

use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::embedded;
use crate::estate::Estate;
use crate::finding::{Fault, Severity};
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::Format;
use crate::text::{Source, Span};

mod exports;
mod globs;
mod read;
mod settings;

pub use exports::{GivenExport, RepositoryExport};
pub use globs::{GLOB_HELP, Globs, LazyGlob, pattern_of_folder, quoted_pattern};
pub use read::unreadable;
use settings::{Override, RuleEntry, Rules};
pub use settings::{Preset, RuleOverrides, RuleSetting};

/// The configuration of a run. The default is that of a repository without a configuration file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub source: Option<Arc<Source>>,
    pub preset: Preset,
    /// The names of the packs that are switched on, sorted.
    pub packs: Vec<&'static str>,
    pub folders: Vec<PolicyFolder>,
    pub records: Vec<RecordFiles>,
    /// The files whose records practice rules apply to; `None` to go by what the repository keeps.
    pub adopted: Option<Globs>,
    pub baseline: Option<Box<str>>,
    pub fail_on: Option<FailOn>,
    /// Where the exports of other repositories are.
    pub repositories: Vec<RepositoryExport>,
    /// The exports, as read.
    pub estate: Estate,
    /// Labels of a team's own in lower case; `*` at the end stands for any letters.
    free: Vec<Box<str>>,
    fiscal_year_start: Option<u8>,
    exclude: Globs,
    rules: Rules,
    overrides: Vec<Override>,
}

/// Where the configuration of a run is read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigSource {
    /// A conventional file name at the root.
    #[default]
    Discovered,
    File(PathBuf),
    /// No file: the default configuration.
    Disabled,
}

/// A folder listed under `extends`: relative to the root, without a trailing `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFolder {
    pub path: Box<str>,
    pub span: Span,
}

/// The files of records of one kind.
#[derive(Clone, Debug)]
pub struct RecordFiles {
    pub kind: Box<str>,
    pub kind_span: Span,
    pub files: Globs,
    /// The JSON pointer of the list, or of the mapping from identifier to record, inside each file.
    pub pointer: Option<Box<str>>,
    /// The format that the files are in, whether or not it recognises them.
    pub named_format: Option<NamedFormat>,
    /// The format of the files, whatever their names end in; `None` for the one of the extension.
    pub format: Option<Format>,
}

impl RecordFiles {
    /// Returns true if a pattern ends with the name of the file, as `rfcs/*/README.md` does.
    pub fn names_file(&self, path: &str) -> bool {
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
        self.files.patterns().iter().any(|(pattern, _)| last(pattern) == last(path))
    }
}

/// The name of a format in the configuration, with its span.
#[derive(Clone, Debug)]
pub struct NamedFormat {
    pub name: Box<str>,
    pub span: Span,
}

/// The lowest severity that makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    Severity(Severity),
    Never,
}

impl FailOn {
    pub const NAMES: [&str; 4] = ["error", "warning", "note", "never"];

    pub fn from_name(name: &str) -> Option<FailOn> {
        if name == "never" { Some(FailOn::Never) } else { severity(name).map(FailOn::Severity) }
    }

    /// Returns true if a finding of this severity makes the run fail.
    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, FailOn::Severity(lowest) if severity >= lowest)
    }
}

impl Default for FailOn {
    fn default() -> FailOn {
        FailOn::Severity(Severity::Error)
    }
}

fn severity(name: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Note].into_iter().find(|one| one.name() == name)
}

impl Config {
    /// Reads `file`, or else the configuration at the root of `snapshot`, or else returns the default.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn load(snapshot: &Snapshot, file: Option<&Path>) -> Result<Config, Vec<Fault>> {
        let source = file.map_or(ConfigSource::Discovered, |file| ConfigSource::File(file.to_owned()));
        Config::from_source(snapshot, &source, &[])
    }

    /// Reads the configuration from `source`. `extends` may also name the folders `loaded`, which have no files there.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn from_source(
        snapshot: &Snapshot,
        source: &ConfigSource,
        loaded: &[PolicyFolder],
    ) -> Result<Config, Vec<Fault>> {
        let file = match source {
            ConfigSource::File(file) => Config::read_file(snapshot, file).map(Some),
            ConfigSource::Discovered => read::discover(snapshot),
            ConfigSource::Disabled => Ok(None),
        };
        match file.map_err(|fault| vec![fault])? {
            Some(file) => read::config(&file, snapshot, loaded),
            None => Ok(Config::default()),
        }
    }

    /// Reads a configuration file that the user names, as a text.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read_file(snapshot: &Snapshot, file: &Path) -> Result<Arc<Source>, Fault> {
        snapshot.read_named(file).map_err(|error| unreadable(file, error))
    }

    /// Returns the month, 1 to 12, in which a fiscal year begins.
    pub fn fiscal_year_start(&self) -> u8 {
        self.fiscal_year_start.unwrap_or(1)
    }

    /// Returns true if the file at `path` is never read as records: it is excluded, part of a policy folder, or the
    /// baseline.
    pub fn excludes(&self, path: &str) -> bool {
        self.baseline.as_deref() == Some(path)
            || self.repositories.iter().any(|export| *export.path == *path)
            || self.exclude.matches(path)
            || self.folders.iter().any(|folder| folder.contains(path))
    }

    /// Returns the first entry under `records` that matches the file.
    pub fn record_files(&self, path: &str) -> Option<&RecordFiles> {
        self.records.iter().find(|entry| entry.files.matches(path))
    }

    /// Returns the format in which the file at `path` is read: the one that `records` names, else that of its extension.
    pub fn format_of(&self, path: &str) -> Option<Format> {
        let names_formats = self.records.iter().any(|entry| entry.format.is_some());
        let named = || self.record_files(path).filter(|_| names_formats)?.format;
        named().or_else(|| Format::from_path(path))
    }

    /// Returns the cache key for everything that decides which files are read, and as what kind. The pattern names every
    /// field, so that a new one does not compile until it is in the key or known not to matter.
    pub fn record_files_key(&self) -> impl Hash {
        let Config {
            folders,
            records,
            baseline,
            exclude,
            repositories,
            source: _,
            preset: _,
            adopted: _, // the catalog decides in each run
            packs: _,   // their kinds and formats have keys of their own
            fail_on: _,
            free: _,
            estate: _, // references are resolved in each run
            fiscal_year_start: _,
            rules: _,
            overrides: _,
        } = self;
        (folders, records, baseline, exclude, repositories)
    }

    /// Returns true for a label that no field needs to take.
    pub fn is_free_label(&self, label: &str) -> bool {
        let label = label.to_lowercase();
        self.free.iter().any(|free| match free.strip_suffix('*') {
            Some(start) => label.starts_with(start),
            None => label == **free,
        })
    }

    /// Returns the settings of a rule of `rule_preset`.
    ///
    /// `rules` overrides the preset, and each of `overrides` that matches the file overrides what precedes it. Within one
    /// mapping a rule's own identifier overrides `family/*`, which overrides `*`. A severity switches a rule on; parameters
    /// alone do not. In `overrides`, `*` does not apply to rules about the policy.
    pub fn rule_overrides(
        &self,
        rule: &str,
        rule_preset: Preset,
        is_about_policy: bool,
    ) -> RuleOverrides<'_> {
        RuleOverrides::new(rule, rule_preset <= self.preset, is_about_policy, &self.rules, &self.overrides)
    }

    /// Returns a fault for each rule or pattern of rules that matches none of `rule_ids`.
    pub fn unknown_rules(&self, rule_ids: &[&str]) -> Vec<Fault> {
        let overrides = self.overrides.iter().flat_map(|over| &over.rules.0);
        let mut entries: Vec<&RuleEntry> = self.rules.0.iter().chain(overrides).collect();
        entries.sort_by_key(|entry| entry.span);
        entries.retain(|entry| !rule_ids.iter().any(|rule| entry.pattern.matches(rule)));
        let fault = |entry: &RuleEntry| {
            let fault = self.unknown_rule(entry, rule_ids);
            match self.pack_switched_off(&entry.key) {
                Some(pack) => fault.help(format!("add the pack `{pack}` to `extends`")),
                None => fault,
            }
        };
        entries.into_iter().map(fault).collect()
    }

    /// Returns the pack that has rules with this name, or of this family, if it is switched off.
    pub fn pack_switched_off(&self, name: &str) -> Option<&'static str> {
        let (family, _) = name.split_once('/')?;
        let pack = embedded::packs().into_iter().find(|pack| *pack == family)?;
        (!self.packs.contains(&pack)).then_some(pack)
    }

    fn unknown_rule(&self, entry: &RuleEntry, rule_ids: &[&str]) -> Fault {
        let families = rule_ids.iter().filter_map(|rule| Some(format!("{}/*", rule.split_once('/')?.0)));
        let names: Vec<String> = match entry.key.ends_with("/*") {
            true => families.collect(),
            false => rule_ids.iter().map(ToString::to_string).collect(),
        };
        let names = names.iter().map(String::as_str);
        self.unknown("rule", &entry.key, entry.span, names, "`alignlint rules` lists all rules")
    }

    /// Returns a fault for each kind under `records` that `is_kind` rejects; `names` are the candidates for suggestions.
    pub fn unknown_kinds(&self, is_kind: impl Fn(&str) -> bool, names: &[&str]) -> Vec<Fault> {
        let mut unknown: Vec<&RecordFiles> =
            self.records.iter().filter(|files| !is_kind(&files.kind)).collect();
        unknown.dedup_by_key(|files| files.kind_span);
        let help = "write each kind with its files: `records: { decision: docs/adr/*.md }`";
        let fault =
            |it: &RecordFiles| self.unknown("kind", &it.kind, it.kind_span, names.iter().copied(), help);
        unknown.into_iter().map(fault).collect()
    }

    /// Returns a fault for each format under `records` that does not exist or is of another kind than its entry. `find`
    /// returns the kind of a format; `kind` the name of a kind that may be written in the plural.
    pub fn unknown_formats<'p>(
        &self,
        find: impl Fn(&str) -> Option<&'p str>,
        kind: impl Fn(&str) -> Option<&'p str>,
        names: &[&str],
    ) -> Vec<Fault> {
        let named = self.records.iter().filter_map(|entry| Some((entry, entry.named_format.as_ref()?)));
        let fault =
            |(entry, format): (&RecordFiles, &NamedFormat)| match (find(&format.name), kind(&entry.kind)) {
                (None, _) => {
                    Some(self.unknown("format", &format.name, format.span, names.iter().copied(), ""))
                }
                (Some(of_format), Some(of_entry)) if of_format != of_entry => {
                    let message =
                        format!("the format `{}` is for records of kind `{of_format}`", format.name);
                    let fault = Fault::new(message).help(format!("write it below `{of_format}`"));
                    Some(self.source.iter().fold(fault, |fault, source| fault.at(source, format.span)))
                }
                _ => None,
            };
        named.filter_map(fault).collect()
    }

    /// Returns a notice for each entry of `records` that matches none of `paths` which can be read.
    pub fn entries_without_records<'p>(&self, paths: impl Iterator<Item = &'p str> + Clone) -> Vec<String> {
        let notice = |files: &RecordFiles| {
            let mut matched = paths.clone().filter(|path| files.files.matches(path)).peekable();
            let reason = if matched.peek().is_none() {
                "match no file"
            } else if matched.all(|path| self.excludes(path) || self.format_of(path).is_none()) {
                "match only files that are excluded or whose format is unknown; `as: yaml` sets the format"
            } else {
                return None;
            };
            let (listed, place) = (files.files.listed(), self.place_of(files.kind_span));
            Some(format!("the patterns of `records: {}` {reason}: {listed}{place}", files.kind))
        };
        self.records.iter().filter_map(notice).collect()
    }

    /// Returns a notice for each pattern of `exclude` and `overrides` that matches none of `paths`.
    pub fn patterns_without_files<'p>(&self, paths: impl Iterator<Item = &'p str> + Clone) -> Vec<String> {
        let exclude = self.unmatched("exclude", &self.exclude, paths.clone(), "file");
        let overrides = self.overrides.iter();
        let overrides =
            overrides.flat_map(|entry| self.unmatched("overrides", &entry.files, paths.clone(), "file"));
        exclude.into_iter().chain(overrides).collect()
    }

    /// Returns a notice for each pattern of `adopted` that matches none of the paths of records.
    pub fn adopted_without_records<'p>(&self, paths: impl Iterator<Item = &'p str> + Clone) -> Vec<String> {
        let adopted = self.adopted.iter();
        adopted.flat_map(|files| self.unmatched("adopted", files, paths.clone(), "record")).collect()
    }

    fn unmatched<'p>(
        &self,
        key: &str,
        files: &Globs,
        paths: impl Iterator<Item = &'p str> + Clone,
        what: &str,
    ) -> Vec<String> {
        let notice = |(pattern, span): &(Box<str>, Span)| {
            format!("the pattern `{pattern}` of `{key}` matches no {what}{}", self.place_of(*span))
        };
        files.unmatched(paths).into_iter().map(notice).collect()
    }

    /// The line of the configuration, as the end of a notice.
    fn place_of(&self, span: Span) -> String {
        let place = |source: &Arc<Source>| {
            format!(" ({}:{})", source.path(), source.position(span.start as usize).line)
        };
        self.source.as_ref().map(place).unwrap_or_default()
    }

    /// Returns the fault of an unknown name, with the nearest known one, else with `help`.
    fn unknown<'n>(
        &self,
        what: &str,
        name: &str,
        span: Span,
        names: impl IntoIterator<Item = &'n str>,
        help: &str,
    ) -> Fault {
        let fault = Fault::new(format!("unknown {what} `{name}`"));
        let fault = self.source.iter().fold(fault, |fault, source| fault.at(source, span));
        let other = Some(help.to_owned()).filter(|help| !help.is_empty());
        nearest(name, names).map(did_you_mean).or(other).into_iter().fold(fault, Fault::help)
    }
}

impl ConfigSource {
    /// Returns the paths of the files in the repository that this source may read, whether or not they exist.
    pub fn paths(&self, snapshot: &Snapshot) -> Vec<String> {
        match self {
            ConfigSource::Disabled => Vec::new(),
            ConfigSource::File(file) => snapshot.resolve_in_repository(file).into_iter().collect(),
            ConfigSource::Discovered => {
                // A configuration file in any folder from the root down to the current folder would make that folder the
                // project's root.
                let prefix = snapshot.prefix();
                let ends = prefix.match_indices('/').map(|(at, _)| at).chain([prefix.len()]);
                let below = ends.filter(|_| !prefix.is_empty()).map(|end| format!("{}/", &prefix[..end]));
                let folders = [String::new()].into_iter().chain(below);
                folders.flat_map(|folder| CONFIG_FILES.map(|name| format!("{folder}{name}"))).collect()
            }
        }
    }
}

/// Without the span: the same folder elsewhere in the file is the same folder.
impl Hash for PolicyFolder {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let PolicyFolder { path, span: _ } = self;
        path.hash(state);
    }
}

/// Without the span, as for folders.
impl Hash for RecordFiles {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let RecordFiles { kind, kind_span: _, files, pointer, named_format, format } = self;
        (kind, files, pointer, named_format.as_ref().map(|named| &named.name), format).hash(state);
    }
}

impl PolicyFolder {
    pub fn contains(&self, path: &str) -> bool {
        path.strip_prefix(&*self.path).is_some_and(|rest| rest.starts_with('/'))
    }
}
