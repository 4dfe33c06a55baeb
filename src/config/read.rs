//! Reads the configuration. The schema validates the tree first, so that each value has its type.

use std::path::Path;
use std::sync::Arc;

use super::{
    Config, FailOn, GLOB_HELP, Globs, Level, NamedFormat, Override, PolicyFolder, Preset, RecordFiles,
    RepositoryExport, RuleEntry, Rules, severity,
};
use crate::embedded;
use crate::finding::{Fault, Faultless};
use crate::limits;
use crate::node::{Entry, Node};
use crate::output;
use crate::schema::{Schema, Violation, did_you_mean, nearest};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

pub fn unreadable(file: &Path, error: output::Error) -> Fault {
    error.into_fault(&format!("can't read the configuration file `{}`", file.display()))
}

pub(super) fn discover(snapshot: &Snapshot) -> Result<Option<Arc<Source>>, Fault> {
    const WRONG_NAMES: [&str; 2] = ["alignlint.yml", ".alignlint.yml"];
    if let Some(wrong) = WRONG_NAMES.iter().find(|name| snapshot.has(name)) {
        let help = format!("rename it to `{}`", wrong.replace(".yml", ".yaml"));
        return Err(Fault::new(format!("`{wrong}` is not a configuration file name")).help(help));
    }
    let mut found = CONFIG_FILES.into_iter().filter(|name| snapshot.has(name));
    let Some(name) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        let fault = Fault::new("found two configuration files: `alignlint.yaml` and `.alignlint.yaml`");
        return Err(fault.help("move all settings into one of them and delete the other"));
    }
    let file = snapshot.get(name).ok_or_else(|| Fault::new(format!("`{name}` is not a regular file")))?;
    let read = snapshot.read(file).map_err(|problem| Fault::new(format!("`{name}`: {}", problem.message)));
    read.map(Some)
}

/// `loaded` are folders that need not be in the snapshot.
pub(super) fn config(file: &Arc<Source>, snapshot: &Snapshot, loaded: &[PolicyFolder]) -> Faultless<Config> {
    let document = syntax::parse_policy(file.clone(), Format::Yaml);
    let mut faults = document.faults();
    if let Some(second) = document.roots.get(1) {
        faults.push(
            Fault::new("the configuration file contains more than one YAML document").at(file, second.span),
        );
    }
    let root = document.roots.first().filter(|root| !root.is_null());
    if let (Some(root), false) = (root, document.has_fatal_problem()) {
        let violations = Schema::embedded("schemas/config.schema.json").violations(root);
        let fault = |violation: Violation| with_key(violation).into_fault(file);
        faults.extend(violations.into_iter().map(fault));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut reader = ConfigReader { source: file, snapshot, loaded, globs: 0, faults };
    let config = reader.config(root.unwrap_or(&Node::null(Span::at(0))));
    if reader.faults.is_empty() { Ok(config) } else { Err(reader.faults) }
}

fn labels(node: &Node) -> Vec<Box<str>> {
    node.items().iter().filter_map(Node::as_text).map(|text| text.to_lowercase().into()).collect()
}

/// Says what an invalid key is, and what has taken the place of an old one.
fn with_key(violation: Violation) -> Violation {
    let name = &violation.field;
    let is_top = violation.pointer.matches('/').count() == 1;
    let message = match &*violation.keyword {
        "additional-properties" if is_top => format!("unknown configuration key `{name}`"),
        "property-names" => format!("invalid name or pattern `{name}`"),
        _ => violation.message,
    };
    let help = match (&*violation.keyword, &**name) {
        ("property-names", _) => Some(NAME_HELP.to_owned()),
        ("additional-properties", "practices") => Some("write `adopted` with the files".to_owned()),
        ("additional-properties", "profile") => Some("write `format` in its place".to_owned()),
        _ => violation.help,
    };
    Violation { message, help, ..violation }
}

const NAME_HELP: &str =
    "write a rule as `family/name`, `family/*` or `*`, another name with letters, digits and `-`";

struct ConfigReader<'a> {
    source: &'a Arc<Source>,
    snapshot: &'a Snapshot,
    loaded: &'a [PolicyFolder],
    globs: usize,
    faults: Vec<Fault>,
}

impl ConfigReader<'_> {
    fn config(&mut self, root: &Node) -> Config {
        let mut config = Config { source: Some(self.source.clone()), ..Config::default() };
        for Entry { key, value } in root.entries() {
            match &*key.name {
                "extends" => self.extends(value, &mut config),
                "records" => config.records = self.records(value),
                "exclude" => config.exclude = self.globs(value),
                "baseline" => config.baseline = self.path_below_root(value, "ci/baseline.yaml"),
                "repositories" => config.repositories = self.repositories(value),
                "rules" => config.rules = rules(value),
                "overrides" => config.overrides = self.overrides(value),
                "adopted" => config.adopted = Some(self.globs(value)),
                "free" => config.free = labels(value),
                "fail-on" => config.fail_on = value.as_text().and_then(FailOn::from_name),
                "fiscal-year-start" => {
                    config.fiscal_year_start = value.as_text().and_then(|text| text.parse().ok());
                }
                _ => {}
            }
        }
        config
    }

    fn extends(&mut self, node: &Node, config: &mut Config) {
        let mut presets = Vec::new();
        for item in node.items() {
            let Some(text) = item.as_text() else { continue };
            if let Some(preset) = Preset::from_name(text) {
                presets.push(preset);
            } else if let Some(pack) = embedded::packs().into_iter().find(|pack| *pack == text) {
                config.packs.push(pack);
            } else {
                config.folders.extend(self.folder(text, item));
            }
        }
        config.packs.sort_unstable();
        config.packs.dedup();
        config.preset = presets.into_iter().max().unwrap_or_default();
    }

    fn overrides(&mut self, node: &Node) -> Vec<Override> {
        let items = node.as_sequence().unwrap_or_default().iter();
        let read = |item: &Node| Override {
            files: item.get("files").map_or_else(Globs::default, |node| self.globs(node)),
            rules: item.get("rules").map_or_else(Rules::default, rules),
        };
        items.map(read).collect()
    }

    fn globs(&mut self, node: &Node) -> Globs {
        let items = node.items();
        let first_above = limits::GLOBS.saturating_sub(self.globs);
        self.globs += items.len();
        if let Some(item) = items.get(first_above) {
            if self.globs - items.len() <= limits::GLOBS {
                let fault = Fault::new(format!("more than {} globs in the configuration", limits::GLOBS));
                self.faults.push(fault.at(self.source, item.span));
            }
            return Globs::default();
        }
        let mut globs = Globs::default();
        for item in items {
            let Some(pattern) = item.as_text() else { continue };
            if let Err(reason) = globs.add(pattern, item.span) {
                let shortened: String = pattern.chars().take(60).collect();
                let fault = Fault::new(format!("invalid glob `{shortened}`: {reason}"));
                self.faults.push(fault.help(GLOB_HELP).at(self.source, item.span));
            }
        }
        globs
    }

    fn repositories(&mut self, node: &Node) -> Vec<RepositoryExport> {
        let entries = node.entries();
        if let Some(entry) = entries.get(limits::EXPORTS) {
            let fault = Fault::new(format!("more than {} exports in the configuration", limits::EXPORTS));
            self.faults.push(fault.at(self.source, entry.key.span));
            return Vec::new();
        }
        let read = |Entry { key, value }: &Entry| {
            let path = self.path_below_root(value, "estate/platform.jsonl")?;
            Some(RepositoryExport { name: (*key.name).into(), path, span: value.span })
        };
        entries.iter().filter_map(read).collect()
    }

    fn path_below_root(&mut self, node: &Node, example: &str) -> Option<Box<str>> {
        let path = node.as_text()?.trim_start_matches("./");
        if is_below_root(path) {
            return Some(path.into());
        }
        let fault = outside_of_root(path).help(format!("write it relative to the root, such as `{example}`"));
        self.faults.push(fault.at(self.source, node.span));
        None
    }

    fn folder(&mut self, text: &str, node: &Node) -> Option<PolicyFolder> {
        let path = text.trim_start_matches("./").trim_end_matches('/');
        let fault = if matches!(path, "" | ".") {
            Fault::new("the whole repository is no folder of a policy: nothing in such a folder is a record")
                .help("put `rules/`, `kinds/` and `formats/` into a folder such as `policy/`, and write `./policy`")
        } else if !text.contains('/') {
            let known = Preset::NAMES.into_iter().chain(embedded::packs());
            let listed =
                || format!("write one of `{}`, or `./{text}` for a folder", Preset::NAMES.join("`, `"));
            Fault::new(format!("unknown preset or pack `{text}`"))
                .help(nearest(text, known).map_or_else(listed, did_you_mean))
        } else if text.starts_with('/') || !is_below_root(path) {
            outside_of_root(text).help("write it relative to the root, such as `./policy`")
        } else if self.snapshot.has_folder(path) {
            return Some(PolicyFolder { path: path.into(), span: node.span });
        } else if self.loaded.iter().any(|folder| *folder.path == *path) {
            return None;
        } else {
            Fault::new(format!("no files in folder `{path}`")).help("check the path and `.gitignore`")
        };
        self.faults.push(fault.at(self.source, node.span));
        None
    }

    fn records(&mut self, node: &Node) -> Vec<RecordFiles> {
        let mut records = Vec::new();
        for entry in node.entries() {
            let of_kind = |files| RecordFiles {
                kind: (*entry.key.name).into(),
                kind_span: entry.key.span,
                files,
                pointer: None,
                named_format: None,
                format: None,
            };
            let (mappings, globs): (Vec<&Node>, Vec<&Node>) =
                entry.value.items().iter().partition(|node| node.as_mapping().is_some());
            if !globs.is_empty() {
                let globs = Node::sequence(entry.value.span, globs.into_iter().cloned().collect());
                records.push(of_kind(self.globs(&globs)));
            }
            for mapping in mappings {
                let text = |key: &str| mapping.get(key).and_then(Node::as_text);
                let (pointer, format) = (text("at").map(Into::into), text("as").and_then(Format::from_name));
                let files = mapping.get("files").map_or_else(Globs::default, |node| self.globs(node));
                let named = mapping.get("format");
                let named_format = named.and_then(|node| self.named_format(node, pointer.is_some()));
                records.push(RecordFiles { pointer, named_format, format, ..of_kind(files) });
            }
        }
        records
    }

    fn named_format(&mut self, node: &Node, has_pointer: bool) -> Option<NamedFormat> {
        if has_pointer {
            let fault = Fault::new("`format` and `at` exclude each other: a format is that of a whole file");
            self.faults.push(fault.help("remove one of them").at(self.source, node.span));
        }
        Some(NamedFormat { name: node.as_text()?.into(), span: node.span })
    }
}

fn is_below_root(path: &str) -> bool {
    !path.split('/').any(|part| matches!(part, "" | "." | ".."))
}

fn outside_of_root(path: &str) -> Fault {
    Fault::new(format!("`{path}` is not a path below the repository root"))
}

fn rules(node: &Node) -> Rules {
    let mut entries: Vec<RuleEntry> = node.entries().iter().map(rule).collect();
    entries.sort_by_key(|entry| (entry.is_of_one_rule(), *entry.key != *"*"));
    Rules(entries)
}

fn rule(entry: &Entry) -> RuleEntry {
    let severity = entry.value.get("severity");
    let level_span = severity.map_or(entry.key.span, |node| node.span);
    let (level, params) = match entry.value.as_mapping() {
        None => (level(&entry.value), Vec::new()),
        Some(mapping) => {
            let is_param = |entry: &&Entry| &*entry.key.name != "severity" && !entry.value.is_null();
            let params = mapping.entries().iter().filter(is_param);
            (severity.and_then(level), params.cloned().collect())
        }
    };
    RuleEntry { key: (*entry.key.name).into(), span: entry.key.span, level, level_span, params }
}

fn level(node: &Node) -> Option<Level> {
    match node.as_text()? {
        "off" => Some(Level::Off),
        name => severity(name).map(Level::On),
    }
}
