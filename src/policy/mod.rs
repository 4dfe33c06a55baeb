//! The policy of a repository: configuration, kinds, formats, rules and baseline, loaded from one snapshot.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, ReadScope, names_people};
use crate::config::{Config, ConfigSource, PolicyFolder};
use crate::finding::{Fault, Faultless};
use crate::format::Formats;
use crate::history::{CommitSource, History};
use crate::input::Input;
use crate::kind::Kinds;
use crate::lazy::get_or_compute;
use crate::record::{PathClassifier, Recogniser, is_introduction};
use crate::rule::file::FILE;
use crate::rule::{self, Rule, RuleSet, is_rule_id, params, read_user_rules};
use crate::snapshot::{self, FileEntry, Snapshot};
use crate::text::{Source, file_name, stem};
use crate::{embedded, output};

pub mod baseline;
mod merged;
mod revision;

pub use baseline::Baseline;
pub use merged::{Origin, Setting};
pub use revision::PolicyRevision;

#[derive(Clone)]
pub struct Policy {
    pub config: Config,
    pub kinds: Arc<Kinds>,
    pub formats: Arc<Formats>,
    pub rules: RuleSet,
    pub baseline: Option<Arc<Baseline>>,
    /// What the kinds, formats and rules were loaded from, besides built-in files.
    pub own_files: Arc<OwnFiles>,
    /// The revision that it was loaded from, if that is not the checked state.
    pub revision: Option<Arc<Snapshot>>,
}

impl Policy {
    /// Loads the policy of a snapshot without its baseline. The configuration is `config`, by default `alignlint.yaml`.
    pub fn load(snapshot: &Snapshot, config: Option<&Path>) -> Faultless<Policy> {
        Policy::with_config(snapshot, Config::load(snapshot, config)?)
    }

    /// Loads what every run reads of the built-in kinds, formats and rules.
    pub fn preload() {
        drop(rayon::join(embedded, rule::embedded_rules));
    }

    /// Loads the policy of a snapshot with its baseline.
    pub fn load_from(snapshot: &Snapshot, sources: &PolicyPaths) -> Faultless<Policy> {
        let config = Config::from_source(snapshot, &sources.config, &[])?;
        let own = OwnFiles::find(snapshot, &config)?;
        Policy::with_own_files(config, own)?.with_baseline(snapshot, sources)
    }

    pub(crate) fn with_baseline(mut self, snapshot: &Snapshot, sources: &PolicyPaths) -> Faultless<Policy> {
        self.baseline = Baseline::load(snapshot, &self.config, sources)?;
        // Files of records are searched everywhere but there.
        if let Some(path) = Baseline::path(snapshot, &self.config, sources) {
            self.config.baseline = Some(path.into());
        }
        Ok(self)
    }

    pub(crate) fn with_config(snapshot: &Snapshot, config: Config) -> Faultless<Policy> {
        let own = OwnFiles::find(snapshot, &config)?;
        Policy::with_own_files(config, own)
    }

    /// Loads the configuration of an example, with the kinds, formats and rules of this policy beside its own.
    pub(crate) fn of_example(&self, snapshot: &Snapshot) -> Faultless<Policy> {
        let mut config = Config::from_source(snapshot, &ConfigSource::Discovered, &self.config.folders)?;
        config.read_exports(snapshot, None, &[])?;
        let mut own = OwnFiles::find(snapshot, &config)?;
        if own.is_empty() && config.packs.is_empty() {
            let policy = Policy { config, baseline: None, revision: None, ..self.clone() };
            return policy.checked();
        }
        own.add_missing(&self.own_files);
        config.packs.extend(&self.config.packs);
        config.packs.sort_unstable();
        config.packs.dedup();
        Policy::with_own_files(config, own)
    }

    /// Loads what is built in and the packs of this policy, without its own kinds, formats and rules.
    pub(crate) fn built_in(&self) -> Faultless<Policy> {
        let mut config = Config::default();
        config.packs.clone_from(&self.config.packs);
        Policy::with_config(&Snapshot::default(), config)
    }

    fn with_own_files(config: Config, own: OwnFiles) -> Faultless<Policy> {
        let is_built_in = own.kinds.is_empty() && own.formats.is_empty() && own.pack_formats.is_empty();
        let (kinds, formats) = match is_built_in {
            true => embedded().map(|(kinds, formats)| (kinds, Ok(formats)))?,
            false => {
                let kinds = Arc::new(Kinds::load(&own.kinds)?);
                let formats = Formats::load(&own.formats, &own.pack_formats, &kinds).map(Arc::new);
                let formats = formats.and_then(|formats| of_complete_kinds(formats, &own));
                (kinds, formats)
            }
        };
        let (formats, own_rules) = match (formats, read_user_rules(&own.rules, &kinds)) {
            (Ok(formats), Ok(rules)) => (formats, rules),
            (formats, rules) => {
                return Err([formats.err(), rules.err()].into_iter().flatten().flatten().collect());
            }
        };
        let rules = RuleSet::with_embedded(&config.packs, own_rules)?;
        let own_files = Arc::new(own);
        Policy { config, kinds, formats, rules, baseline: None, own_files, revision: None }.checked()
    }

    fn checked(mut self) -> Faultless<Policy> {
        for entry in &mut self.config.records {
            if let Some(kind) = self.kinds.by_key(&entry.kind) {
                entry.kind = (*kind.name).into();
            }
        }
        self.check_names()?;
        self.check_params()?;
        Ok(self)
    }

    pub fn read(&self, snapshot: &Arc<Snapshot>, rules: &[Arc<Rule>]) -> Input {
        self.read_reusing(None, snapshot, rules)
    }

    /// As [`Policy::read`]. Shares what is the same in `known`: another state, read by this policy for at least these rules.
    pub fn read_reusing(&self, known: Option<&Input>, state: &Arc<Snapshot>, rules: &[Arc<Rule>]) -> Input {
        let needs_pages = rules.iter().any(|rule| rule.is_for_word(FILE));
        let scope = if needs_pages { ReadScope::Pages } else { ReadScope::Records };
        let catalog = self.catalog(state, scope, known.map(Input::catalog));
        // One mailmap names the authors in all states: that of the policy, else that of the checked state.
        let of_mailmap = self.revision.as_ref().or_else(|| known.map(|known| known.snapshot()));
        let commits = CommitSource::of(state);
        let commits = of_mailmap.into_iter().fold(commits, |commits, it| commits.with_mailmap_of(it));
        let history = self.history(commits);
        let history = known.and_then(Input::history).into_iter().fold(history, History::shared_with);
        Input::new(catalog, history, self.formats.clone()).with_rules(self.rules.ids())
    }

    /// Reads only the records of a snapshot, which differs from that of `known`.
    pub fn read_records(&self, known: &Catalog, snapshot: &Arc<Snapshot>) -> Catalog {
        self.catalog(snapshot, ReadScope::Records, Some(known))
    }

    fn catalog(&self, snapshot: &Arc<Snapshot>, scope: ReadScope, known: Option<&Catalog>) -> Catalog {
        let (kinds, formats, config) = (self.kinds.clone(), &self.formats, &self.config);
        Catalog::read(snapshot.clone(), kinds, formats, config, scope, known)
    }

    pub fn classifier(&self) -> PathClassifier<'_> {
        PathClassifier { kinds: &self.kinds, formats: &self.formats, config: &self.config }
    }

    pub fn recogniser(&self) -> Recogniser<'_> {
        Recogniser::new(&self.kinds, &self.formats, &self.config)
    }

    /// Returns true if the file at `path` can affect findings: as records, as a page or as a part of the policy.
    pub fn is_relevant(&self, path: &str) -> bool {
        let classifier = self.classifier();
        let own = self.config.source.as_ref().is_some_and(|source| **source.path() == *path);
        let own = own || self.config.baseline.as_deref() == Some(path);
        let of_policy = own || file_name(path).contains("alignlint") || path == snapshot::MAILMAP;
        of_policy
            || self.config.folders.iter().any(|folder| folder.contains(path))
            || classifier.is_candidate(path)
            || classifier.is_companion_page(path)
            || is_introduction(path)
            || names_people(path)
    }

    pub fn history(&self, commits: CommitSource) -> History {
        History::new(commits, self.kinds.clone(), self.formats.clone(), self.config.clone())
    }

    pub(crate) fn rules_switched_off(&self) -> Vec<Arc<Rule>> {
        let packs = embedded::packs().into_iter().filter(|pack| !self.config.packs.contains(pack));
        packs.flat_map(rule::pack_rules).collect()
    }

    fn check_names(&self) -> Faultless<()> {
        let mut faults = self.config.unknown_rules(&self.rules.ids());
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| &*kind.name).collect();
        let formats: Vec<&str> = self.formats.iter().map(|format| &*format.name).collect();
        let kind = |name: &str| self.kinds.by_key(name).map(|kind| &*kind.name);
        let of_format = |name: &str| self.formats.get(name).map(|format| &*format.kind.name);
        faults.extend(self.config.unknown_in_records(kind, of_format, &kinds, &formats));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn check_params(&self) -> Faultless<()> {
        let mut faults = Vec::new();
        for rule in self.rules.rules() {
            let settings = rule.settings(&self.config);
            faults.extend(params::unknown(rule, settings.params(), &self.config));
            for set in settings.params() {
                faults.extend(params::values(rule, &[set], &self.config).err().unwrap_or_default());
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyPaths {
    pub config: ConfigSource,
    pub baseline: Option<PathBuf>,
}

type KindsAndFormats = (Arc<Kinds>, Arc<Formats>);

/// Returns the formats, unless a kind of the user's own takes the place of a built-in one and lacks a field that a built-in format reads.
fn of_complete_kinds(formats: Arc<Formats>, own: &OwnFiles) -> Faultless<Arc<Formats>> {
    let faults = own.kinds.iter().filter_map(|kind| {
        let name = stem(kind.path());
        let field = formats.unknown_field(name)?;
        let message = format!("kind `{name}` has no field `{field}`, which a built-in format reads");
        let fault = Fault::new(message).help("keep the field; a kind with a `base` has all fields of it");
        Some(fault.at(kind, kind.line_span(kind.bom_len())))
    });
    let faults: Vec<Fault> = faults.collect();
    if faults.is_empty() { Ok(formats) } else { Err(faults) }
}

fn embedded() -> Faultless<KindsAndFormats> {
    static EMBEDDED: OnceLock<Faultless<KindsAndFormats>> = OnceLock::new();
    let load = || {
        let kinds = Kinds::load(&[])?;
        let formats = Formats::load(&[], &[], &kinds)?;
        Ok((Arc::new(kinds), Arc::new(formats)))
    };
    get_or_compute(&EMBEDDED, load).clone()
}

/// The files of a policy that are not built in: the user's own and those of packs.
#[derive(Clone, Default)]
pub struct OwnFiles {
    pub kinds: Vec<Arc<Source>>,
    pub formats: Vec<Arc<Source>>,
    pub pack_formats: Vec<Arc<Source>>,
    /// Each with the identifier of its path.
    pub rules: Vec<(Arc<Source>, String)>,
}

impl OwnFiles {
    fn find(snapshot: &Snapshot, config: &Config) -> Faultless<OwnFiles> {
        // The last kind of a name is used, and the first format that recognises a file reads it.
        let (kinds, pack_formats) = (of_packs(&config.packs, "kinds"), of_packs(&config.packs, "formats"));
        let mut own = OwnFiles { kinds, pack_formats, ..OwnFiles::default() };
        let mut faults = Vec::new();
        // A folder of `extends` may contain another.
        let mut known = HashSet::new();
        for folder in &config.folders {
            let links = snapshot.links().filter(|link| within(folder, link).is_some());
            faults.extend(
                links.map(|link| output::Error::Link(link.into()).into_fault("can't read the policy")),
            );
            let mut listed = OwnFiles::listed(snapshot, folder).peekable();
            if listed.peek().is_none() && !config.folders.iter().any(|other| folder.contains(&other.path)) {
                faults.extend(config.source.as_ref().map(|source| no_policy(folder).at(source, folder.span)));
            }
            for (file, ty) in listed {
                let Some(name) = within(folder, &file.path).filter(|_| known.insert(&file.path)) else {
                    continue;
                };
                match snapshot.read(file) {
                    Ok(source) => faults.extend(own.add(ty, name, source).err()),
                    Err(problem) => faults.push(Fault::new(format!("`{}`: {}", file.path, problem.message))),
                }
            }
        }
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }

    fn is_empty(&self) -> bool {
        let OwnFiles { kinds, formats, pack_formats, rules } = self;
        kinds.is_empty() && formats.is_empty() && pack_formats.is_empty() && rules.is_empty()
    }

    /// Adds those of another policy, except where a file has the same name.
    fn add_missing(&mut self, other: &OwnFiles) {
        let add = |own: &mut Vec<Arc<Source>>, others: &[Arc<Source>]| {
            let is_known = |other: &Source| own.iter().any(|own| stem(own.path()) == stem(other.path()));
            let missing: Vec<_> = others.iter().filter(|other| !is_known(other)).cloned().collect();
            own.splice(0..0, missing);
        };
        add(&mut self.kinds, &other.kinds);
        add(&mut self.formats, &other.formats);
        add(&mut self.pack_formats, &other.pack_formats);
        let is_known = |id: &str| self.rules.iter().any(|(_, own)| own == id);
        let missing: Vec<_> = other.rules.iter().filter(|(_, id)| !is_known(id)).cloned().collect();
        self.rules.extend(missing);
    }

    /// Returns the files of a folder, each as `kind`, `format` or `rule`.
    fn listed<'s>(
        snapshot: &'s Snapshot,
        folder: &'s PolicyFolder,
    ) -> impl Iterator<Item = (&'s FileEntry, &'static str)> {
        let file_type = |name: &str| match name.split_once('/') {
            Some(("kinds", _)) => "kind",
            Some(("formats", _)) => "format",
            _ => "rule",
        };
        snapshot.files().iter().filter_map(move |file| Some((file, file_type(within(folder, &file.path)?))))
    }

    fn add(&mut self, ty: &str, name: &str, source: Arc<Source>) -> Result<(), Fault> {
        // A folder of `extends` may also hold the families of rules itself.
        let id = name.strip_prefix("rules/").unwrap_or(name);
        match ty {
            "kind" => self.kinds.push(source),
            "format" => self.formats.push(source),
            _ if is_rule_id(id) => self.rules.push((source, id.to_owned())),
            _ => {
                let fault = Fault::new("a rule is a file `FAMILY/NAME.yaml` in `rules/`, in lower case");
                let help =
                    "move the file; kinds and formats are files `NAME.yaml` in `kinds/` and `formats/`";
                return Err(fault.at(&source, source.line_span(source.bom_len())).help(help));
            }
        }
        Ok(())
    }
}

fn of_packs(packs: &[&str], part: &str) -> Vec<Arc<Source>> {
    let mut sources = Vec::new();
    for pack in packs {
        let files = format!("{}/{part}", embedded::pack_folder(pack));
        sources.extend(embedded::paths(&files).map(embedded::source));
    }
    sources
}

fn no_policy(folder: &PolicyFolder) -> Fault {
    let path = &folder.path;
    Fault::new(format!("there are no rules, kinds or formats in folder `{path}`")).help(format!(
        "write `{path}/rules/FAMILY/NAME.yaml`, `{path}/kinds/NAME.yaml` or `{path}/formats/NAME.yaml`, or remove the folder here"
    ))
}

/// The path of a YAML file below a folder, without its extension.
fn within<'p>(folder: &PolicyFolder, path: &'p str) -> Option<&'p str> {
    let name = path.strip_prefix(&*folder.path)?.strip_prefix('/')?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}
