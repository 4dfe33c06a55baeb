//! Reads the configuration. The schema validates the tree first, so that each value has its type.

use std::path::Path;
use std::sync::Arc;

use super::globs::one_or_more;
use super::near_paths::nearest_pattern;
use super::own_rules::OwnRules;
use super::settings::{Level, RuleEntry, RulePattern};
use super::{
    Config, FailOn, Globs, NamedProfile, Override, PolicyFolder, PracticeFiles, Preset, RecordFiles,
    RepositoryExport, Rules, severity,
};
use crate::embedded;
use crate::finding::Fault;
use crate::limits;
use crate::node::{Entry, Node};
use crate::output;
use crate::schema::{Schema, Violation, did_you_mean, nearest};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Document, Format};
use crate::text::{Source, Span};

const WRONG_NAMES: [&str; 2] = ["alignlint.yml", ".alignlint.yml"];

/// Reads a file named on the command line, which may be outside of the snapshot.
pub(super) fn named_file(snapshot: &Snapshot, file: &Path) -> Result<Arc<Source>, Fault> {
    snapshot.read_named(file).map_err(|error| unreadable(file, error))
}

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
        let violations = Schema::embedded_violations("schemas/config.schema.json", root);
        let violations = violations.map_err(|fault| vec![fault])?;
        let is_outdented =
            |violation: &&Violation| outdented_rules(source, violation, root, &document).is_some();
        if let Some(first) = violations.iter().find(is_outdented) {
            return Err(outdented_rules(source, first, root, &document).into_iter().collect());
        }
        let own_rules = OwnRules { root, snapshot };
        let worded = |violation| own_rules.add_to(reword(violation, root)).into_fault(source);
        faults.extend(violations.into_iter().map(worded));
        faults.extend(empty_extends(source, root));
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

/// Returns the fault of an `extends` without a value: the names that follow may depend on what it should name.
fn empty_extends(source: &Arc<Source>, root: &Node) -> Option<Fault> {
    let entry = root.as_mapping()?.entry("extends").filter(|entry| entry.value.is_null())?;
    let fault = Fault::new("`extends` has no value").at(source, entry.key.span);
    Some(fault.help(
        "write `extends: [recommended]`, with the folders of your own rules behind it, or remove the line",
    ))
}

/// Returns the fault of an override whose `rules` are not indented; `violation` reports them as missing.
fn outdented_rules(
    source: &Arc<Source>,
    violation: &Violation,
    root: &Node,
    document: &Document,
) -> Option<Fault> {
    const RULES: &str = "rules";
    let item = violation.pointer.strip_prefix("/overrides/")?.strip_suffix("/rules")?;
    let item = root.pointer(&format!("/overrides/{item}")).filter(|_| violation.missing)?;
    let column = source.position(item.as_mapping()?.entries().first()?.key.span.start as usize).column;
    let own = root.as_mapping()?.entry(RULES).map(|entry| entry.key.span);
    let repeated = document.problems.iter().filter(|it| it.message.starts_with("duplicate key `rules`"));
    let mut keys = own.into_iter().chain(repeated.map(|problem| problem.span));
    let key =
        keys.find(|key| key.start >= item.span.end && source.position(key.start as usize).column == 1)?;
    let line = source.position(item.span.start as usize).line;
    let message = format!("`rules` stands at the left edge, and not below the override in line {line}");
    let help = format!("write {} spaces before it, and before the lines that belong to it", column - 1);
    Some(Fault::new(message).help(help).at(source, key))
}

fn reword(mut violation: Violation, root: &Node) -> Violation {
    let name = &violation.field;
    if let Some((message, help, span)) = key_below_records(&violation, root) {
        return Violation { message, help: Some(help), span, ..violation };
    }
    if let Some((message, help)) = key_that_is_no_rule(&violation, root) {
        return Violation { message, help: Some(help), ..violation };
    }
    match &*violation.keyword {
        "additional-properties" if violation.pointer.matches('/').count() == 1 => {
            violation.message = format!("unknown configuration key `{name}`");
            let value = root.pointer(&violation.pointer);
            if value.is_some_and(|value| one_or_more(value).iter().any(|it| it.get("files").is_some())) {
                violation.help =
                    Some(format!("if it is a kind, write it below `records`: `records: {{ {name}: … }}`"));
            }
        }
        "type" if &*violation.pointer == "/records" => {
            violation.help =
                Some("write each kind with its files: `records: {decision: docs/adr/*.md}`".to_owned());
        }
        "type" | "enum" if is_family(&violation) => {
            violation.help =
                Some("write `off` or a severity for a family, and parameters below each rule".to_owned());
        }
        "property-names" if violation.pointer.starts_with("/practices") => {
            violation.message = format!("invalid name of a practice `{name}`");
            let is_path = name.contains(['/', '*', '.']);
            let mut other =
                || violation.help.take().unwrap_or_else(|| "write it as in `trade-offs`".to_owned());
            violation.help = Some(match is_path {
                true if **name == *"*" => "write `all` for each of them: `all: docs/**`".to_owned(),
                true => format!("write the practice first, and then its files: `owner: {name}`"),
                false => other(),
            });
        }
        "property-names" if violation.pointer.starts_with("/repositories") => {
            violation.message = format!("invalid name of a repository `{name}`");
            violation.help = Some("write it with letters, digits, `.`, `_` and `-`".to_owned());
        }
        "property-names" => {
            violation.message = format!("invalid rule name or pattern `{name}`");
            let slashed = name.replacen(['.', ':'], "/", 1);
            let family = format!("{}/*", name.trim_end_matches('/'));
            let ending = name.trim_start_matches('*').trim_start_matches('/');
            let help = match slashed != **name && is_rule_name(&slashed) {
                true => format!("write `{slashed}`"),
                false if rules_of(|rule| rule.starts_with(family.trim_end_matches('*'))).next().is_some() => {
                    format!("write `{family}` for the rules of a family, or `family/name` for one")
                }
                false if rules_of(|rule| rule.ends_with(&format!("/{ending}"))).next().is_some() => {
                    let called: Vec<&str> = rules_of(|rule| rule.ends_with(&format!("/{ending}"))).collect();
                    format!("write it with its family: `{}`", called.join("` or `"))
                }
                false => {
                    "write `family/name`, `family/*` or `*`; `alignlint rules` lists all rules".to_owned()
                }
            };
            violation.help = Some(help);
        }
        _ => {}
    }
    violation
}

/// The help for a policy that is elsewhere.
const OTHER_REPOSITORY: &str =
    "only folders of this repository are read: copy the files into one, such as `./policy`";

/// True for the address of a repository or an archive.
fn is_address(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let is_host = host.split_once('.').is_some_and(|(name, rest)| {
        !name.is_empty() && !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphabetic() || c == '.')
    });
    text.contains("://") || text.starts_with("git@") || is_host
}

/// True for a family and a name in lower case.
fn is_rule_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    text.split_once('/').is_some_and(|(family, name)| is_part(family) && is_part(name))
}

/// The built-in rules with such an id.
fn rules_of(is_one: impl Fn(&str) -> bool) -> impl Iterator<Item = &'static str> {
    let files = embedded::files("rules").map(|(path, _)| path);
    let ids = files.filter_map(|path| path.strip_prefix("rules/")?.strip_suffix(".yaml"));
    ids.filter(move |id| is_one(id))
}

/// The words to which a rule may be set.
const LEVELS: [&str; 4] = ["off", "error", "warning", "note"];

/// Returns the message, the help and the place of a key of the file that is written below `records`.
fn key_below_records(violation: &Violation, root: &Node) -> Option<(String, String, Span)> {
    let key = violation.pointer.strip_prefix("/records/")?.split('/').next()?;
    let entry = root.get("records")?.as_mapping()?.entry(key)?;
    KEYS.iter().any(|(known, _)| **known == *key).then(|| {
        (
            format!("`{key}` is a key of the file, and not a kind below `records`"),
            format!("write `{key}` at the top of the file, without spaces before it"),
            entry.key.span,
        )
    })
}

/// Returns the message and the help for an invalid key under `rules`: a severity, a rule family, or a path.
fn key_that_is_no_rule(violation: &Violation, root: &Node) -> Option<(String, String)> {
    let (rules, key) = violation.pointer.rsplit_once('/')?;
    if !(rules == "/rules" || rules.starts_with("/overrides/") && rules.ends_with("/rules")) {
        return None;
    }
    let key = key.replace("~1", "/");
    let value = &root.pointer(rules)?.as_mapping()?.entry(&key)?.value;
    if KEYS.iter().any(|(known, _)| **known == *key) {
        return Some((
            format!("`{key}` is no rule, but a key of the file"),
            format!("write `{key}` at the top of the file, without spaces before it"),
        ));
    }
    let entries = root.pointer(rules)?.as_mapping()?.entries();
    let above = entries
        .iter()
        .position(|entry| *entry.key.name == *key)
        .and_then(|at| entries.get(at.checked_sub(1)?));
    if let Some(rule) = above.filter(|above| is_rule_name(&above.key.name) && !key.contains(['/', '*']))
        && (rule.has_nothing() || rule.value.as_mapping().is_some())
        && value.as_mapping().is_none()
        && !LEVELS.contains(&&*key)
        && (&*key == "severity" || value.as_text().is_none_or(|text| !LEVELS.contains(&text)))
    {
        return Some((
            format!("`{key}` stands beside `{}`, and not below it", rule.key.name),
            format!("if it is a parameter of `{}`, indent it further than that", rule.key.name),
        ));
    }
    if LEVELS.contains(&&*key) {
        let rule = one_or_more(value).iter().find_map(Node::as_text).unwrap_or("FAMILY/NAME");
        return Some((
            format!("`{key}` is no rule, but what a rule is set to"),
            format!("write the rule first: `{rule}: {key}`"),
        ));
    }
    if let (false, Some(of_family)) = (key.contains('/'), value.as_mapping()) {
        let first = of_family.entries().first()?;
        let level = first.value.as_text().unwrap_or("off");
        let is_family = embedded::files("rules").any(|(path, _)| path.split('/').any(|part| *part == *key));
        if !is_family && !LEVELS.contains(&level) {
            return Some((
                format!("`{key}` is neither a rule nor a family of rules"),
                format!(
                    "write the id of a rule, which is the path of its file without its ending: `FAMILY/{key}`"
                ),
            ));
        }
        return Some((
            format!("`{key}` is no rule, but a family"),
            format!("write the family and the name as one key: `{key}/{}: {level}`", first.key.name),
        ));
    }
    let path = key.strip_suffix(".yaml").or_else(|| key.strip_suffix(".yml"))?;
    let (start, name) = path.rsplit_once('/')?;
    let family = start.rsplit('/').next().unwrap_or(start);
    Some((
        format!("`{key}` is no rule, but a file"),
        format!("write the rule by its family and name: `{family}/{name}`"),
    ))
}

fn is_family(violation: &Violation) -> bool {
    violation.field.ends_with('*') && violation.message.contains("is a mapping")
}

pub(super) struct ConfigReader<'a> {
    source: &'a Arc<Source>,
    snapshot: &'a Snapshot,
    loaded: &'a [PolicyFolder],
    globs: usize,
    faults: Vec<Fault>,
}

pub(super) type ReadKey = fn(&mut ConfigReader<'_>, &Node, &mut Config);

pub(super) const KEYS: [(&str, ReadKey); 10] = [
    ("extends", |reader, node, config| reader.extends(node, config)),
    ("records", |reader, node, config| config.records = reader.records(node)),
    ("exclude", |reader, node, config| config.exclude = reader.globs(node)),
    ("baseline", |reader, node, config| config.baseline = reader.baseline(node)),
    ("repositories", |reader, node, config| config.repositories = reader.repositories(node)),
    ("rules", |_, node, config| config.rules = rules(node)),
    ("overrides", |reader, node, config| config.overrides = reader.overrides(node)),
    ("practices", |reader, node, config| config.practices = reader.practices(node)),
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
            files: self.globs_at(item, "files"),
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

    fn globs_at(&mut self, node: &Node, key: &str) -> Globs {
        node.get(key).map_or_else(Globs::default, |node| self.globs(node))
    }

    /// A pattern for files with one extension needs one that is read, unless `format` says how.
    fn record_globs(&mut self, node: &Node, format: Option<Format>) -> Globs {
        let globs = self.globs(node);
        if format.is_some() {
            return globs;
        }
        for (pattern, span) in globs.patterns() {
            let name = pattern.rsplit('/').next().unwrap_or(pattern);
            let Some((_, extension)) = name.rsplit_once('.') else { continue };
            let is_extension = extension.starts_with(|c: char| c.is_ascii_alphabetic())
                && extension.chars().all(|c| c.is_ascii_alphanumeric());
            let is_folder = || self.snapshot.has_folder(pattern.trim_start_matches("./"));
            if is_extension && Format::from_path(name).is_none() && !is_folder() {
                let fault = Fault::new(format!("records are not read from `.{extension}` files"));
                const TABLES: [&str; 5] = ["csv", "tsv", "xlsx", "xls", "ods"];
                if TABLES.contains(&extension) {
                    let help = "write the rows as a table in a Markdown page, or as a list in YAML";
                    self.faults.push(fault.help(help).at(self.source, *span));
                    continue;
                }
                let help = format!(
                    "name files that end in `.md`, `.markdown`, `.yaml`, `.yml`, `.json` or `.toml`, \
                     or say how they are written: `{{ files: {pattern}, as: yaml }}`"
                );
                self.faults.push(fault.help(help).at(self.source, *span));
            }
        }
        globs
    }

    fn practices(&mut self, node: &Node) -> Vec<PracticeFiles> {
        let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        for level in entries.iter().flat_map(|entry| one_or_more(&entry.value)) {
            let text = level.as_text().unwrap_or_default();
            if LEVELS.contains(&text) && !self.snapshot.has(text) && !self.snapshot.has_folder(text) {
                let help = match text {
                    "off" => "remove the line, or write for which files it is, such as `docs/**`",
                    _ => "write for which files it is, such as `docs/**`; set the severity under `rules`",
                };
                let fault = Fault::new(format!("expected a pattern of paths, found `{text}`")).help(help);
                self.faults.push(fault.at(self.source, level.span));
            }
        }
        let read = |Entry { key, value }: &Entry| PracticeFiles {
            practice: key.name.clone(),
            span: key.span,
            files: self.globs(value),
        };
        entries.iter().map(read).collect()
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
        let fault = if text.contains(['\n', ' ']) && text.contains(" - ") {
            let help = "write each entry on a line of its own, with all `-` in one column";
            Fault::new("this entry continues on the next line, which is indented further").help(help)
        } else if matches!(path, "" | ".") {
            let help = "put `rules/`, `kinds/` and `profiles/` into a folder such as `policy/`, and write `./policy`";
            Fault::new("the whole repository is no folder of a policy: nothing in such a folder is a record")
                .help(help)
        } else if !text.contains('/') {
            let packs = embedded::packs();
            let help = match nearest(text, Preset::NAMES.into_iter().chain(packs.iter().copied())) {
                Some(name) => did_you_mean(name),
                None if self.snapshot.has_folder(path) => format!("write `./{path}` for the folder"),
                None => format!(
                    "use one of the presets `{}`, one of the packs `{}`, or write `./{text}` for a folder",
                    Preset::NAMES.join("`, `"),
                    packs.join("`, `")
                ),
            };
            Fault::new(format!("unknown preset or pack `{text}`")).help(help)
        } else if text.starts_with('/') || !is_below_root(path) {
            outside_of_root(text).help(match is_address(text) {
                true => OTHER_REPOSITORY,
                false => "write it relative to the root, such as `./policy`",
            })
        } else if self.snapshot.has_folder(path) {
            return Some(PolicyFolder { path: path.into(), span: node.span });
        } else if self.loaded.iter().any(|folder| *folder.path == *path) {
            return None;
        } else if self.snapshot.get(path).is_some() {
            let folder = policy_folder_around(path).or(path.rsplit_once('/').map(|(folder, _)| folder));
            let fault = Fault::new(format!("`{path}` is a file; `extends` names folders"));
            folder.map(|folder| format!("write `./{folder}`")).into_iter().fold(fault, Fault::help)
        } else {
            let help = match path.contains(", ") {
                true => format!("write a list: `extends: [{path}]`"),
                false if path.split(' ').nth(1).is_some_and(|second| second.starts_with("./")) => {
                    format!("write a list: `extends: [{}]`", path.replace(' ', ", "))
                }
                false if is_address(text) => OTHER_REPOSITORY.to_owned(),
                false => {
                    let paths = self.snapshot.files().iter().map(|file| &*file.path);
                    match nearest_pattern(path, paths) {
                        Some(near) => did_you_mean(format!("./{near}")),
                        None => "check the path and `.gitignore`".to_owned(),
                    }
                }
            };
            Fault::new(format!("no files in folder `{path}`")).help(help)
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
                profile: None,
                format: None,
            };
            let (mappings, globs): (Vec<&Node>, Vec<&Node>) =
                one_or_more(&entry.value).iter().partition(|node| node.as_mapping().is_some());
            if !globs.is_empty() {
                let globs = Node::sequence(entry.value.span, globs.into_iter().cloned().collect());
                records.push(of_kind(self.record_globs(&globs, None)));
            }
            for mapping in mappings {
                let pointer: Option<Box<str>> = mapping.get("at").and_then(Node::as_text).map(Into::into);
                let format = mapping.get("as").and_then(Node::as_text).and_then(Format::from_name);
                let files = mapping.get("files");
                let files = files.map_or_else(Globs::default, |node| self.record_globs(node, format));
                let profile = mapping.get("profile").and_then(|node| self.profile(node, pointer.is_some()));
                records.push(RecordFiles { pointer, profile, format, ..of_kind(files) });
            }
        }
        records
    }

    fn profile(&mut self, node: &Node, has_pointer: bool) -> Option<NamedProfile> {
        if has_pointer {
            let fault = Fault::new("`profile` and `at` exclude each other: a format is that of a whole file");
            self.faults.push(fault.help("remove one of them").at(self.source, node.span));
        }
        Some(NamedProfile { name: node.as_text()?.into(), span: node.span })
    }
}

/// The folders of a policy.
pub const POLICY_PARTS: [&str; 3] = ["rules", "kinds", "profiles"];

/// Returns the folder of a policy in whose `rules`, `kinds` or `profiles` a path lies.
pub fn policy_folder_around(path: &str) -> Option<&str> {
    let splits = path.match_indices('/').map(|(at, _)| (&path[..at], &path[at + 1..]));
    let is_in_part = |rest: &str| POLICY_PARTS.contains(&rest.split('/').next().unwrap_or(rest));
    splits.into_iter().find(|(_, rest)| is_in_part(rest)).map(|(folder, _)| folder)
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
