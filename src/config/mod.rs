//! The configuration file, `alignlint.yaml`.
//!
//! A key has an entry in `schemas/config.schema.json`, a field in [`Config`] and an arm in `ConfigReader::config`.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::embedded;
use crate::estate::{Export, is_repository_name};
use crate::finding::{Fault, Faultless, Severity};
use crate::node::Entry;
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{Format, Problem};
use crate::text::{Source, Span, file_name, folder_of};

mod globs;
mod read;

pub use globs::{GLOB_HELP, Globs, LazyGlob, pattern_of_folder, quoted_pattern};
pub use read::unreadable;

/// The configuration of a run. The default is that of a repository without a configuration file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub source: Option<Arc<Source>>,
    pub preset: Preset,
    pub packs: Vec<&'static str>,
    pub folders: Vec<PolicyFolder>,
    pub records: Vec<RecordFiles>,
    /// The files whose records practice rules apply to; `None` to go by what the repository keeps.
    pub adopted: Option<Globs>,
    pub baseline: Option<Box<str>>,
    pub fail_on: Option<FailOn>,
    pub repositories: Vec<RepositoryExport>,
    /// The exports, as read, by the names that references use.
    pub estate: BTreeMap<Box<str>, Arc<Export>>,
    /// Labels of a team's own in lower case; `*` at the end stands for any letters.
    free: Vec<Box<str>>,
    fiscal_year_start: Option<u8>,
    exclude: Globs,
    rules: Rules,
    overrides: Vec<Override>,
}

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
        let name = file_name(path).to_lowercase();
        self.files.patterns().iter().any(|(pattern, _)| file_name(pattern).to_lowercase() == name)
    }
}

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

    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, FailOn::Severity(lowest) if severity >= lowest)
    }
}

fn severity(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|one| one.name() == name)
}

impl Config {
    /// Reads `file`, or else the configuration at the root of `snapshot`, or else returns the default.
    pub fn load(snapshot: &Snapshot, file: Option<&Path>) -> Faultless<Config> {
        let source = file.map_or(ConfigSource::Discovered, |file| ConfigSource::File(file.to_owned()));
        Config::from_source(snapshot, &source, &[])
    }

    /// Reads the configuration from `source`. `extends` may also name the folders `loaded`, which have no files there.
    pub(crate) fn from_source(
        snapshot: &Snapshot,
        source: &ConfigSource,
        loaded: &[PolicyFolder],
    ) -> Faultless<Config> {
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

    /// Returns the configuration with further entries under `records`, as they are written there; `None` if they are wrong.
    pub(crate) fn with_records(&self, entries: &str, snapshot: &Snapshot) -> Option<Config> {
        let text = format!("records:\n{entries}");
        let source = Arc::new(Source::new(CONFIG_FILES[0], text.into_bytes()));
        let mut records = read::config(&source, snapshot, &[]).ok()?.records;
        records.extend_from_slice(&self.records);
        Some(Config { records, ..self.clone() })
    }

    pub(crate) fn read_file(snapshot: &Snapshot, file: &Path) -> Result<Arc<Source>, Fault> {
        snapshot.read_named(file).map_err(|error| unreadable(file, error))
    }

    /// Returns the month, 1 to 12, in which a fiscal year begins.
    pub fn fiscal_year_start(&self) -> u8 {
        self.fiscal_year_start.unwrap_or(1)
    }

    /// Returns true for a file that is never read as records: excluded, part of a policy folder, or the baseline.
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

    /// Returns the cache key for all that decides how files are read. A new field does not compile until it is in the key or known not to matter.
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
        // Without spans: the same entry elsewhere in the file is the same.
        let folders: Vec<&str> = folders.iter().map(|folder| &*folder.path).collect();
        let key = |RecordFiles { kind, files, pointer, named_format, format, .. }: &RecordFiles| {
            let named = named_format.as_ref().map(|named| named.name.clone());
            (kind.clone(), files.listed(), pointer.clone(), named, *format)
        };
        let records: Vec<_> = records.iter().map(key).collect();
        (folders, records, baseline, exclude.listed(), repositories)
    }

    /// Returns true for a label that no field needs to take.
    pub fn is_free_label(&self, label: &str) -> bool {
        let label = label.to_lowercase();
        self.free.iter().any(|free| match free.strip_suffix('*') {
            Some(start) => label.starts_with(start),
            None => label == **free,
        })
    }

    /// Returns the settings of a rule of a preset.
    ///
    /// `overrides` go before `rules`, and these before the preset; a rule's identifier before `family/*`, and that before `*`. A severity
    /// switches a rule on; parameters alone do not.
    pub fn rule_overrides(&self, rule: &str, preset: Preset, is_about_policy: bool) -> RuleOverrides<'_> {
        let overrides = self.overrides.iter().map(|Override { files, rules }| {
            let mut entries = rules.matching(rule);
            // `*` is about what is wrong in old files, and not about a change that hides a record there.
            entries.retain(|entry| !is_about_policy || *entry.key != *"*");
            (files, entries)
        });
        RuleOverrides {
            on_by_preset: preset <= self.preset,
            global: self.rules.matching(rule),
            overrides: overrides.filter(|(_, entries)| !entries.is_empty()).collect(),
        }
    }

    /// Returns a fault for each rule or pattern of rules that matches none of `rule_ids`.
    pub fn unknown_rules(&self, rule_ids: &[&str]) -> Vec<Fault> {
        let overrides = self.overrides.iter().flat_map(|over| &over.rules.0);
        let mut entries: Vec<&RuleEntry> = self.rules.0.iter().chain(overrides).collect();
        entries.sort_by_key(|entry| entry.span);
        entries.retain(|entry| !rule_ids.iter().any(|rule| matches_pattern(&entry.key, rule)));
        let fault = |entry: &RuleEntry| {
            let families = rule_ids.iter().filter_map(|rule| Some(format!("{}/*", rule.split_once('/')?.0)));
            let names: Vec<String> = match entry.key.ends_with("/*") {
                true => families.collect(),
                false => rule_ids.iter().map(ToString::to_string).collect(),
            };
            let names = names.iter().map(String::as_str);
            let help = "`alignlint rules` lists all rules";
            let fault = self.unknown("rule", &entry.key, entry.span, names, help);
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

    /// Returns a fault for each kind and format under `records` that does not exist or does not fit. `kind` and `of_format` find the names of kinds.
    pub fn unknown_in_records<'p>(
        &self,
        kind: impl Fn(&str) -> Option<&'p str>,
        of_format: impl Fn(&str) -> Option<&'p str>,
        kinds: &[&str],
        formats: &[&str],
    ) -> Vec<Fault> {
        let mut unknown: Vec<_> = self.records.iter().filter(|it| kind(&it.kind).is_none()).collect();
        unknown.dedup_by_key(|files| files.kind_span);
        let help = "write each kind with its files: `records: { decision: docs/adr/*.md }`";
        let names = || kinds.iter().copied();
        let of_kinds = unknown.iter().map(|it| self.unknown("kind", &it.kind, it.kind_span, names(), help));
        let fault = |entry: &RecordFiles| {
            let NamedFormat { name, span } = entry.named_format.as_ref()?;
            let Some(of_format) = of_format(name) else {
                return Some(self.unknown("format", name, *span, formats.iter().copied(), ""));
            };
            let is_other = kind(&entry.kind).is_some_and(|of_entry| of_entry != of_format);
            is_other.then(|| {
                let message = format!("the format `{name}` is for records of kind `{of_format}`");
                self.at(*span, Fault::new(message).help(format!("write it below `{of_format}`")))
            })
        };
        of_kinds.chain(self.records.iter().filter_map(fault)).collect()
    }

    /// Returns a notice about the configuration files in folders, which are not followed, of those in `snapshot` that are not excluded.
    pub fn nested(&self, snapshot: &Snapshot) -> Option<String> {
        let is_own = |path: &str| self.source.as_ref().is_some_and(|source| **source.path() == *path);
        let is_nested = |path: &&str| {
            let (folder, name) = (folder_of(path), file_name(path));
            !folder.is_empty() && CONFIG_FILES.contains(&name) && !is_own(path) && !self.excludes(path)
        };
        let mut nested = snapshot.files().iter().map(|file| &*file.path).filter(is_nested);
        let first = nested.next()?;
        let folder = snapshot.path_from_here(folder_of(first));
        let (others, are) = match nested.count() {
            0 => (String::new(), "is"),
            others => (format!(" and {others} more"), "are"),
        };
        Some(format!(
            "`{first}`{others} {are} not followed: one configuration, that of the root, judges all folders; \
             `alignlint -C {folder}` checks that folder as a project of its own"
        ))
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
        let overrides = self.overrides.iter().map(|entry| ("overrides", &entry.files));
        let lists = [("exclude", &self.exclude)].into_iter().chain(overrides);
        lists.flat_map(|(key, files)| self.unmatched(key, files, &paths, "file")).collect()
    }

    pub fn adopted_without_records<'p>(&self, paths: impl Iterator<Item = &'p str> + Clone) -> Vec<String> {
        let adopted = self.adopted.iter();
        adopted.flat_map(|files| self.unmatched("adopted", files, &paths, "record")).collect()
    }

    fn unmatched<'p>(
        &self,
        key: &str,
        files: &Globs,
        paths: &(impl Iterator<Item = &'p str> + Clone),
        what: &str,
    ) -> Vec<String> {
        let notice = |(pattern, span): &(Box<str>, Span)| {
            format!("the pattern `{pattern}` of `{key}` matches no {what}{}", self.place_of(*span))
        };
        files.unmatched(paths).map(notice).collect()
    }

    /// Returns a notice for each single rule that `rules` sets and that `is_idle`.
    pub fn idle_settings(&self, is_idle: impl Fn(&str) -> bool) -> Vec<String> {
        let is_set = |entry: &&RuleEntry| entry.is_of_one_rule() && entry.level != Some(Level::Off);
        let idle = self.rules.0.iter().filter(is_set).filter(|entry| is_idle(&entry.key));
        let notice = |entry: &RuleEntry| {
            format!(
                "`{}` checks adopted records alone, and none of its kinds is adopted{}",
                entry.key,
                self.place_of(entry.span)
            )
        };
        idle.map(notice).collect()
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
        let fault = self.at(span, Fault::new(format!("unknown {what} `{name}`")));
        let other = Some(help.to_owned()).filter(|help| !help.is_empty());
        nearest(name, names).map(did_you_mean).or(other).into_iter().fold(fault, Fault::help)
    }

    fn at(&self, span: Span, fault: Fault) -> Fault {
        self.source.iter().fold(fault, |fault, source| fault.at(source, span))
    }

    /// Reads the exports that the configuration names, from `base` if it has them, else from the state; then the given ones, which take
    /// their place.
    pub(crate) fn read_exports(
        &mut self,
        state: &Snapshot,
        base: Option<&Snapshot>,
        given: &[GivenExport],
    ) -> Faultless<()> {
        let mut faults = Vec::new();
        let parse = |source: Arc<Source>| Export::parse(&source).map(Arc::new);
        for RepositoryExport { name, path, span } in self.repositories.clone() {
            if given.iter().any(|given| *given.name == *name) {
                continue;
            }
            let found = base.into_iter().chain([state]).find_map(|files| Some((files, files.get(&path)?)));
            let Some((files, file)) = found else { continue };
            let unreadable = |problem: Problem| Fault::new(format!("`{path}`: {}", problem.message));
            match files.read(file).map_err(unreadable).and_then(parse) {
                Ok(export) => drop(self.estate.insert(name, export)),
                Err(fault) => faults.push(self.at(span, fault)),
            }
        }
        for GivenExport { name, file } in given {
            let unreadable = format!("can't read the export `{}`", file.display());
            let read = state.read_typed(file).map_err(|error| error.into_fault(&unreadable));
            match read.and_then(parse) {
                Ok(export) => drop(self.estate.insert((**name).into(), export)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns true for the path of an export that the configuration names.
    pub(crate) fn is_export(&self, path: &str) -> bool {
        self.repositories.iter().any(|export| *export.path == *path)
    }

    /// Returns a notice for each export that the configuration names and that is not there.
    pub fn missing_exports(&self) -> Vec<String> {
        let missing = self.repositories.iter().filter(|export| !self.estate.contains_key(&export.name));
        let notice = |RepositoryExport { name, path, .. }: &RepositoryExport| {
            format!("there is no `{path}`, so references to records of `{name}` are not judged")
        };
        missing.map(notice).collect()
    }
}

impl ConfigSource {
    /// Returns the paths of the files in the repository that this source may read, whether or not they exist.
    pub fn paths(&self, snapshot: &Snapshot) -> Vec<String> {
        match self {
            ConfigSource::Disabled => Vec::new(),
            ConfigSource::File(file) => snapshot.resolve_in_repository(file).into_iter().collect(),
            ConfigSource::Discovered => {
                // A configuration file in any folder down to the current one would make that folder the project's root.
                let prefix = snapshot.prefix();
                let ends = prefix.match_indices('/').map(|(at, _)| at).chain([prefix.len()]);
                let below = ends.filter(|_| !prefix.is_empty()).map(|end| format!("{}/", &prefix[..end]));
                let folders = [String::new()].into_iter().chain(below);
                folders.flat_map(|folder| CONFIG_FILES.map(|name| format!("{folder}{name}"))).collect()
            }
        }
    }
}

impl PolicyFolder {
    pub fn contains(&self, path: &str) -> bool {
        path.strip_prefix(&*self.path).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Where the export of a repository is, relative to the root.
#[derive(Clone, Debug, Hash)]
pub struct RepositoryExport {
    pub name: Box<str>,
    pub path: Box<str>,
    pub span: Span,
}

/// An export that the user names: a file on disk.
#[derive(Clone, Debug)]
pub struct GivenExport {
    pub name: String,
    pub file: PathBuf,
}

impl GivenExport {
    /// Reads `NAME=FILE`.
    pub fn parse(text: &str) -> Result<GivenExport, String> {
        match text.split_once('=') {
            Some((name, file)) if is_repository_name(name) && !file.is_empty() => {
                Ok(GivenExport { name: name.to_owned(), file: file.into() })
            }
            _ => Err("write it as `NAME=FILE`, such as `platform=platform.jsonl`".to_owned()),
        }
    }
}

/// A set of rules. Each preset includes the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    Essential,
    #[default]
    Recommended,
    Strict,
    All,
}

impl Preset {
    pub const NAMES: [&str; 4] = ["essential", "recommended", "strict", "all"];
    const ALL: [Preset; 4] = [Preset::Essential, Preset::Recommended, Preset::Strict, Preset::All];

    pub fn name(self) -> &'static str {
        Preset::NAMES[self as usize]
    }

    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum RuleSetting<'a> {
    Off,
    On {
        /// None for the rule's own severity.
        severity: Option<Severity>,
        params: Vec<&'a Entry>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    Off,
    On(Severity),
}

#[derive(Clone, Debug)]
struct RuleEntry {
    /// A rule, a family such as `term/*`, or `*`.
    pub key: Box<str>,
    pub span: Span,
    pub level: Option<Level>,
    /// The place of the severity, or of `off`.
    pub level_span: Span,
    pub params: Vec<Entry>,
}

/// Returns true if a rule is meant by its identifier, by that of its family, such as `term/*`, or by `*`.
pub fn matches_pattern(pattern: &str, rule: &str) -> bool {
    pattern.strip_suffix('*').map_or(*pattern == *rule, |start| rule.starts_with(start))
}

impl RuleEntry {
    fn is_of_one_rule(&self) -> bool {
        !self.key.ends_with('*')
    }
}

/// Entries, the more specific ones last.
#[derive(Clone, Debug, Default)]
struct Rules(pub Vec<RuleEntry>);

impl Rules {
    fn matching<'a>(&'a self, rule: &str) -> Vec<&'a RuleEntry> {
        self.0.iter().filter(|entry| matches_pattern(&entry.key, rule)).collect()
    }
}

#[derive(Clone, Debug)]
struct Override {
    pub files: Globs,
    pub rules: Rules,
}

#[derive(Clone, Debug)]
pub struct RuleOverrides<'a> {
    on_by_preset: bool,
    global: Vec<&'a RuleEntry>,
    overrides: Vec<(&'a Globs, Vec<&'a RuleEntry>)>,
}

impl<'a> RuleOverrides<'a> {
    /// True if the preset lacks the rule and nothing else speaks of it.
    pub fn is_only_absent(&self) -> bool {
        !self.on_by_preset && self.global.iter().all(|entry| entry.level.is_none())
    }

    pub fn for_file(&self, path: &str) -> RuleSetting<'a> {
        let matching = self.overrides.iter().filter(|(files, _)| files.matches(path));
        self.merge(matching.flat_map(|(_, entries)| entries.iter().copied()))
    }

    /// Returns the place of the severity under `rules` that counts.
    pub fn level_span(&self) -> Option<Span> {
        self.global.iter().rev().find(|entry| entry.level.is_some()).map(|entry| entry.level_span)
    }

    /// Returns the setting for all files, or `None` if an override applies to some of them.
    pub fn for_all_files(&self) -> Option<RuleSetting<'a>> {
        self.overrides.is_empty().then(|| self.merge(std::iter::empty()))
    }

    pub fn params(&self) -> impl Iterator<Item = &'a Entry> {
        let overriding = self.overrides.iter().flat_map(|(_, entries)| entries);
        self.global.iter().chain(overriding).flat_map(|entry| entry.params.iter())
    }

    /// Merges the global entries and `overriding`. A later entry overrides only what it sets.
    fn merge(&self, overriding: impl Iterator<Item = &'a RuleEntry>) -> RuleSetting<'a> {
        let mut on = self.on_by_preset;
        let mut severity_override = None;
        let mut params: Vec<&'a Entry> = Vec::new();
        for entry in self.global.iter().copied().chain(overriding) {
            match entry.level {
                Some(Level::Off) => (on, severity_override) = (false, None),
                Some(Level::On(severity)) => (on, severity_override) = (true, Some(severity)),
                None => {}
            }
            for param in &entry.params {
                params.retain(|earlier| earlier.key.name != param.key.name);
                params.push(param);
            }
        }
        if on { RuleSetting::On { severity: severity_override, params } } else { RuleSetting::Off }
    }
}
