//! Reads the configuration. The schema validates the tree first, so that each value has its type.

use std::path::Path;
use std::sync::Arc;

use super::globs::one_or_more;
use super::settings::{Level, RuleEntry, RulePattern};
use super::{
    Config, FailOn, Globs, NamedFormat, Override, PolicyFolder, Preset, RecordFiles, RepositoryExport, Rules,
    severity,
};
use crate::embedded;
use crate::finding::Fault;
use crate::limits;
use crate::node::{Entry, Node};
use crate::output;
use crate::schema::{Schema, Violation, did_you_mean, nearest};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Format};
use crate::text::Source;

const WRONG_NAMES: [&str; 2] = ["alignlint.yml", ".alignlint.yml"];

/// The fault of a configuration file that can't be read.
pub fn unreadable(file: &Path, error: output::Error) -> Fault {
    error.into_fault(&format!("can't read the configuration file `{}`", file.display()))
}

pub(super) fn discover(snapshot: &Snapshot) -> Result<Option<Arc<Source>>, Fault> {
    if let Some(wrong) = WRONG_NAMES.iter().find(|name| snapshot.has(name)) {
        let help = format!("rename it to `{}`", wrong.replace(".yml", ".yaml"));
        return Err(Fault::new(format!("`{wrong}` is not a configuration file name")).help(help));
    }
    match CONFIG_FILES.map(|name| snapshot.has(name)) {
        [true, true] => {
            let fault = Fault::new("found two configuration files: `alignlint.yaml` and `.alignlint.yaml`");
            Err(fault.help("move all settings into one of them and delete the other"))
        }
        [true, false] => at_root(snapshot, CONFIG_FILES[0]).map(Some),
        [false, true] => at_root(snapshot, CONFIG_FILES[1]).map(Some),
        [false, false] => Ok(None),
    }
}

fn at_root(snapshot: &Snapshot, name: &str) -> Result<Arc<Source>, Fault> {
    let Some(file) = snapshot.get(name) else {
        return Err(Fault::new(format!("`{name}` is not a regular file")));
    };
    snapshot.read(file).map_err(|problem| Fault::new(format!("`{name}`: {}", problem.message)))
}

/// `loaded` are folders that need not be in the snapshot.
pub(super) fn config(
    source: &Arc<Source>,
    snapshot: &Snapshot,
    loaded: &[PolicyFolder],
) -> Result<Config, Vec<Fault>> {
    let document = syntax::parse_policy(source.clone(), Format::Yaml);
    let mut faults = document.faults();
    if let Some(second) = document.roots.get(1) {
        faults.push(
            Fault::new("the configuration file contains more than one YAML document").at(source, second.span),
        );
    }
    let root = document.roots.first().filter(|root| !root.is_null());
    if let (Some(root), false) = (root, document.has_fatal_problem()) {
        let violations = Schema::embedded("schemas/config.schema.json").map(|schema| schema.violations(root));
        let violations = violations.map_err(|fault| vec![fault])?;
        let fault = |violation: Violation| with_key(violation).into_fault(source);
        faults.extend(violations.into_iter().map(fault));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut reader = ConfigReader { source, snapshot, loaded, globs: 0, faults };
    let config = root.map_or_else(Config::default, |root| reader.config(root));
    if reader.faults.is_empty() {
        Ok(Config { source: Some(source.clone()), ..config })
    } else {
        Err(reader.faults)
    }
}

fn labels(node: &Node) -> Vec<Box<str>> {
    one_or_more(node).iter().filter_map(Node::as_text).map(|text| text.to_lowercase().into()).collect()
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

pub(super) struct ConfigReader<'a> {
    source: &'a Arc<Source>,
    snapshot: &'a Snapshot,
    loaded: &'a [PolicyFolder],
    globs: usize,
    faults: Vec<Fault>,
}

pub(super) type ReadKey = fn(&mut ConfigReader<'_>, &Node, &mut Config);

pub(super) const KEYS: [(&str, ReadKey); 11] = [
    ("extends", |reader, node, config| reader.extends(node, config)),
    ("records", |reader, node, config| config.records = reader.records(node)),
    ("exclude", |reader, node, config| config.exclude = reader.globs(node)),
    ("baseline", |reader, node, config| config.baseline = reader.baseline(node)),
    ("repositories", |reader, node, config| config.repositories = reader.repositories(node)),
    ("rules", |_, node, config| config.rules = rules(node)),
    ("overrides", |reader, node, config| config.overrides = reader.overrides(node)),
    ("adopted", |reader, node, config| config.adopted = Some(reader.globs(node))),
    ("free", |_, node, config| config.free = labels(node)),
    ("fail-on", |_, node, config| config.fail_on = node.as_text().and_then(FailOn::from_name)),
    ("fiscal-year-start", |_, node, config| {
        config.fiscal_year_start = node.as_text().and_then(|text| text.parse().ok());
    }),
];

impl ConfigReader<'_> {
    fn config(&mut self, root: &Node) -> Config {
        let mut config = Config::default();
        for (key, read) in KEYS {
            if let Some(node) = root.get(key) {
                read(self, node, &mut config);
            }
        }
        config
    }

    fn extends(&mut self, node: &Node, config: &mut Config) {
        let mut presets = Vec::new();
        for item in one_or_more(node) {
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
        let items = one_or_more(node);
        let first_above = limits::GLOBS.saturating_sub(self.globs);
        self.globs += items.len();
        if let Some(item) = items.get(first_above) {
            if self.globs - items.len() <= limits::GLOBS {
                let fault = Fault::new(format!("more than {} globs in the configuration", limits::GLOBS));
                self.faults.push(fault.at(self.source, item.span));
            }
            return Globs::default();
        }
        Globs::read(self.source, node, &mut self.faults)
    }

    fn repositories(&mut self, node: &Node) -> Vec<RepositoryExport> {
        let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        if let Some(entry) = entries.get(limits::EXPORTS) {
            let fault =
                Fault::new(format!("more than {} repositories in the configuration", limits::EXPORTS));
            self.faults.push(fault.at(self.source, entry.key.span));
            return Vec::new();
        }
        let read = |Entry { key, value }: &Entry| {
            let path = self.path_below_root(value, "estate/platform.jsonl")?;
            Some(RepositoryExport { name: (*key.name).into(), path, span: value.span })
        };
        entries.iter().filter_map(read).collect()
    }

    fn baseline(&mut self, node: &Node) -> Option<Box<str>> {
        self.path_below_root(node, "ci/baseline.yaml")
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
        for entry in node.as_mapping().map_or(&[][..], |mapping| mapping.entries()) {
            let of_kind = |files| RecordFiles {
                kind: (*entry.key.name).into(),
                kind_span: entry.key.span,
                files,
                pointer: None,
                named_format: None,
                format: None,
            };
            let (mappings, globs): (Vec<&Node>, Vec<&Node>) =
                one_or_more(&entry.value).iter().partition(|node| node.as_mapping().is_some());
            if !globs.is_empty() {
                let globs = Node::sequence(entry.value.span, globs.into_iter().cloned().collect());
                records.push(of_kind(self.globs(&globs)));
            }
            for mapping in mappings {
                let pointer: Option<Box<str>> = mapping.get("at").and_then(Node::as_text).map(Into::into);
                let format = mapping.get("as").and_then(Node::as_text).and_then(Format::from_name);
                let files = mapping.get("files");
                let files = files.map_or_else(Globs::default, |node| self.globs(node));
                let named = mapping.get("format").and_then(|node| self.named_format(node, pointer.is_some()));
                records.push(RecordFiles { pointer, named_format: named, format, ..of_kind(files) });
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
    let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
    Rules::new(entries.iter().map(rule).collect())
}

fn rule(entry: &Entry) -> RuleEntry {
    let (level, params) = match entry.value.as_mapping() {
        None => (level(&entry.value), Vec::new()),
        Some(mapping) => {
            let is_param = |entry: &&Entry| &*entry.key.name != "severity" && !entry.value.is_null();
            let params = mapping.entries().iter().filter(is_param);
            (mapping.get("severity").and_then(level), params.cloned().collect())
        }
    };
    let key = &*entry.key.name;
    RuleEntry { pattern: RulePattern::parse(key), key: key.into(), span: entry.key.span, level, params }
}

fn level(node: &Node) -> Option<Level> {
    match node.as_text()? {
        "off" => Some(Level::Off),
        name => severity(name).map(Level::On),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_and_the_reader_have_the_same_keys() {
        let schema = embedded::file("schemas/config.schema.json").unwrap();
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let keys = schema["properties"].as_object().unwrap().keys().filter(|key| *key != "$schema");
        assert_eq!(keys.collect::<Vec<_>>(), KEYS.map(|(key, _)| key));
        assert_eq!(schema["properties"]["fail-on"]["enum"], serde_json::json!(FailOn::NAMES));
        let formats = &schema["$defs"]["record-place"]["properties"]["as"]["enum"];
        assert_eq!(*formats, serde_json::json!(Format::NAMES.map(|(name, _)| name)));
    }
}
