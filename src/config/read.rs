//! From the text of the configuration to a [`Config`]. The schema judges the tree first, so what is
//! read here has the right shape.

use std::path::Path;
use std::sync::Arc;

use super::globs::one_or_more;
use super::settings::{Level, Pattern, RuleEntry};
use super::{Config, FailOn, Globs, Override, PolicyFolder, Preset, RecordPlace, Rules};
use crate::embedded;
use crate::finding::{Fault, Severity};
use crate::node::{Entry, Node};
use crate::schema::{Schema, Violation, did_you_mean, nearest};
use crate::snapshot::{CONFIGURATIONS, Snapshot};
use crate::syntax::{self, Format, Problem};
use crate::text::Source;

const MISNAMED: [&str; 2] = ["alignlint.yml", ".alignlint.yml"];
const SCHEMA: &str = "schemas/config.schema.json";

/// The file that a person names, also one that the snapshot does not list.
pub(super) fn given(snapshot: &Snapshot, file: &Path) -> Result<Arc<Source>, Fault> {
    let listed = snapshot.resolve_in_repository(file).and_then(|path| snapshot.read_in_repository(&path));
    if let Some(source) = listed {
        return Ok(source);
    }
    let shown = file.to_string_lossy();
    match std::fs::read(file) {
        Ok(bytes) if bytes.len() <= Source::LIMIT => Ok(Arc::new(Source::new(&*shown, bytes))),
        Ok(_) => Err(Fault::new(format!("the configuration `{shown}` is too large"))),
        Err(error) => Err(Fault::new(format!("the configuration `{shown}` can't be read: {error}"))),
    }
}

/// The configuration at the root, where there is one.
pub(super) fn conventional(snapshot: &Snapshot) -> Result<Option<Arc<Source>>, Fault> {
    if let Some(misnamed) = MISNAMED.iter().find(|name| snapshot.has(name)) {
        let name = misnamed.replace(".yml", ".yaml");
        return Err(
            Fault::new(format!("`{misnamed}` is not read: the name is `{name}`")).help("Rename the file.")
        );
    }
    match CONFIGURATIONS.map(|name| snapshot.has(name)) {
        [true, true] => {
            let message = "both `alignlint.yaml` and `.alignlint.yaml` are there, and only one can hold";
            Err(Fault::new(message).help("Move the settings of one into the other and delete it."))
        }
        [true, false] => at_root(snapshot, CONFIGURATIONS[0]).map(Some),
        [false, true] => at_root(snapshot, CONFIGURATIONS[1]).map(Some),
        [false, false] => Ok(None),
    }
}

fn at_root(snapshot: &Snapshot, name: &str) -> Result<Arc<Source>, Fault> {
    let Some(file) = snapshot.get(name) else {
        return Err(Fault::new(format!("`{name}` is not a file: links and folders are not read")));
    };
    snapshot.read(file).map_err(|problem| Fault::new(format!("`{name}`: {}", problem.message)))
}

/// Reads the whole configuration, or says all that is wrong with it.
pub(super) fn config(source: &Arc<Source>, snapshot: &Snapshot) -> Result<Config, Vec<Fault>> {
    let document = syntax::parse(source.clone(), Format::Yaml);
    let problem = |problem: &Problem| Fault::new(&*problem.message).at(source, problem.span);
    let mut faults: Vec<Fault> = document.problems.iter().map(problem).collect();
    if let Some(second) = document.roots.get(1) {
        let message = "the configuration is one YAML document, and here begins another";
        faults.push(Fault::new(message).at(source, second.span));
    }
    let root = document.roots.first().filter(|root| !root.is_null());
    if let (Some(root), false) = (root, document.has_fatal_problem()) {
        faults.extend(schema()?.violations(root).into_iter().map(|violation| fault(source, violation)));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut reader = Reader { source, snapshot, faults };
    let config = root.map_or_else(Config::default, |root| reader.config(root));
    if reader.faults.is_empty() {
        Ok(Config { source: Some(source.clone()), ..config })
    } else {
        Err(reader.faults)
    }
}

fn schema() -> Result<Schema, Vec<Fault>> {
    let json = serde_json::from_str(embedded::file(SCHEMA).unwrap_or_default())
        .map_err(|error| vec![Fault::new(format!("the schema of the configuration is no JSON: {error}"))])?;
    Schema::compile(&json).map_err(|fault| vec![fault])
}

/// A violation in the words of a configuration, whose fields are settings.
fn fault(source: &Arc<Source>, violation: Violation) -> Fault {
    let name = &violation.field;
    let (message, help) = match &*violation.keyword {
        "additional-properties" if violation.pointer.matches('/').count() == 1 => {
            (format!("`{name}` is not a setting"), violation.help)
        }
        "property-names" => {
            let help = "Write `family/name`, `family/*` or `*`.".to_owned();
            (format!("`{name}` is not the name of a rule"), Some(help))
        }
        _ => (violation.message, violation.help),
    };
    let fault = Fault::new(message).at(source, violation.span);
    match help {
        Some(help) => fault.help(help),
        None => fault,
    }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    snapshot: &'a Snapshot,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn config(&mut self, root: &Node) -> Config {
        let mut config = Config::default();
        let mut presets = Vec::new();
        for name in root.get("extends").map_or(&[][..], one_or_more) {
            match name.as_text().map(|text| (text, Preset::from_name(text))) {
                Some((_, Some(preset))) => presets.push(preset),
                Some((text, None)) => config.folders.extend(self.folder(text, name)),
                None => {}
            }
        }
        config.preset = presets.into_iter().max().unwrap_or_default();
        config.records = self.records(root);
        config.exclude = self.globs(root, "exclude");
        config.rules = root.get("rules").map_or_else(Rules::default, rules);
        for item in root.get("overrides").and_then(Node::as_sequence).unwrap_or_default() {
            let rules = item.get("rules").map_or_else(Rules::default, rules);
            config.overrides.push(Override { files: self.globs(item, "files"), rules });
        }
        config.baseline = self.baseline(root);
        config.fail_on = root.get("fail-on").and_then(Node::as_text).and_then(FailOn::from_name);
        let start = root.get("fiscal-year-start").and_then(Node::as_text).and_then(|text| text.parse().ok());
        config.fiscal_year_start = start.unwrap_or(1);
        config
    }

    fn globs(&mut self, node: &Node, key: &str) -> Globs {
        node.get(key).map_or_else(Globs::default, |node| Globs::read(self.source, node, &mut self.faults))
    }

    fn baseline(&mut self, root: &Node) -> Option<Box<str>> {
        let node = root.get("baseline")?;
        let path = node.as_text()?.trim_start_matches("./");
        if path.starts_with('/') || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            let fault = Fault::new(format!("`{path}` is no file below the repository's root"));
            let help = "Write it relative to the root, such as `ci/baseline.yaml`.";
            self.faults.push(fault.at(self.source, node.span).help(help));
            return None;
        }
        Some(path.into())
    }

    /// A name that is no preset is a folder, and says so by its `/`.
    fn folder(&mut self, text: &str, node: &Node) -> Option<PolicyFolder> {
        let path = text.trim_start_matches("./").trim_end_matches('/');
        let fault = if !text.contains('/') {
            let help = match nearest(text, Preset::NAMES) {
                Some(preset) => did_you_mean(preset),
                None => format!("Presets are {}; a folder is written `./{text}`.", Preset::NAMES.join(", ")),
            };
            Fault::new(format!("there is no preset `{text}`")).help(help)
        } else if text.starts_with('/') || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            Fault::new(format!("`{text}` is no folder below the repository's root"))
                .help("Write it relative to the root, such as `./policy`.")
        } else if !self.snapshot.has_folder(path) {
            Fault::new(format!("there is no folder `{path}`, or it is empty or ignored"))
        } else {
            return Some(PolicyFolder { path: path.into(), span: node.span });
        };
        self.faults.push(fault.at(self.source, node.span));
        None
    }

    fn records(&mut self, root: &Node) -> Vec<RecordPlace> {
        let mut places = Vec::new();
        for entry in
            root.get("records").and_then(Node::as_mapping).map_or(&[][..], |mapping| mapping.entries())
        {
            // Plain globs of a kind are one place; each mapping is a place of its own.
            let (mappings, globs): (Vec<&Node>, Vec<&Node>) =
                one_or_more(&entry.value).iter().partition(|node| node.as_mapping().is_some());
            if !globs.is_empty() {
                let globs = Node::sequence(entry.value.span, globs.into_iter().cloned().collect());
                let files = Globs::read(self.source, &globs, &mut self.faults);
                places.push(place(entry, files, None));
            }
            for mapping in mappings {
                let at = mapping.get("at").and_then(Node::as_text).map(Into::into);
                let files = self.globs(mapping, "files");
                places.push(place(entry, files, at));
            }
        }
        places
    }
}

fn place(entry: &Entry, files: Globs, at: Option<Box<str>>) -> RecordPlace {
    RecordPlace { kind: (*entry.key.name).into(), kind_span: entry.key.span, files, at }
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
    RuleEntry { pattern: Pattern::read(key), key: key.into(), span: entry.key.span, level, params }
}

fn level(node: &Node) -> Option<Level> {
    match node.as_text()? {
        "off" => Some(Level::Off),
        "error" => Some(Level::On(Severity::Error)),
        "warning" => Some(Level::On(Severity::Warning)),
        "note" => Some(Level::On(Severity::Note)),
        _ => None,
    }
}
