//! Loads the formats of the program, of packs and of the user.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, OnceLock};

use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::globs::{Globs, glob_error};
use super::recognise::Matcher;
use super::{Definition, Format, Signs};
use crate::embedded;
use crate::finding::Fault;
use crate::kind::{Kind, Kinds};
use crate::layout::label_key;
use crate::lazy::Lazy;
use crate::node::Node;
use crate::schema::{self, Schema, did_you_mean, name_help, nearest, to_json};
use crate::syntax;
use crate::text::{Source, Span, bare_name};
use crate::value::words;

/// The folder of the embedded formats.
const FORMATS: &str = "schemas/formats";

/// All formats, the user's own first. Where two recognise a file, the first one counts.
#[derive(Default)]
pub struct Formats {
    formats: Vec<Arc<Format>>,
    /// The user's own and those of packs are the first ones; so many.
    chosen: usize,
    digest: u64,
    /// The files that accompany records of any format.
    companions: OnceLock<Globs>,
}

impl Formats {
    /// Loads one format from each source: those of the user's own, and those of packs.
    ///
    /// # Errors
    /// All faults of the user's own.
    pub fn load(own: &[Arc<Source>], of_packs: &[Arc<Source>], kinds: &Kinds) -> Result<Formats, Vec<Fault>> {
        let mut hasher = DefaultHasher::new();
        own.iter().chain(of_packs).for_each(|source| (&**source.path(), source.text()).hash(&mut hasher));
        let (mut formats, mut faults) = (Vec::new(), Vec::new());
        for source in own {
            match own_format(source, kinds) {
                Ok(format) if is_named(&formats, &format.name) => {
                    let fault = Fault::new(format!("duplicate format name `{}`", format.name));
                    let fault = fault.help("rename one of them, or delete one of the files");
                    faults.push(fault.at(source, source.line_span(source.bom_len())));
                }
                Ok(format) => formats.push(Arc::new(format)),
                Err(more) => faults.extend(more),
            }
        }
        for source in of_packs {
            let document = syntax::parse_policy(source.clone(), syntax::Format::Yaml);
            let read = stated(&with_base(document.roots.first().map(to_json).unwrap_or_default()));
            let (signs, definition) = read.unwrap_or_else(|error| panic!("{}: {error}", source.path()));
            let format =
                kinds.get(&signs.kind).map(|kind| Format::new(source.path(), signs, definition.into(), kind));
            formats.extend(format.filter(|format| !is_named(&formats, &format.name)).map(Arc::new));
        }
        let signs: Vec<(&str, Signs)> = embedded::paths(FORMATS).map(|path| (path, signs_of(path))).collect();
        let bases: Vec<Box<str>> = signs.iter().filter_map(|(_, signs)| signs.base.clone()).collect();
        let signs = signs.into_iter().filter(|(path, _)| !is_named(&formats, bare_name(path)));
        let format = |(path, signs): (&'static str, Signs)| {
            let kind = kinds.get(&signs.kind)?;
            Some(Format::new(path, signs, Lazy::new(move || built_in(path)), kind))
        };
        let mut of_program: Vec<Format> = signs.filter_map(format).collect();
        // Those that recognise a file by what only its community has come first.
        of_program.sort_by_key(|format| {
            let rank = format.signs.recognise.iter().map(Matcher::rank).max();
            (rank, bases.iter().any(|base| **base == *format.name), format.signs.several)
        });
        let chosen = formats.len();
        formats.extend(of_program.into_iter().map(Arc::new));
        let formats = Formats { formats, chosen, digest: hasher.finish(), ..Formats::default() };
        if faults.is_empty() { Ok(formats) } else { Err(faults) }
    }

    pub fn digest(&self) -> u64 {
        self.digest
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Format>> {
        self.formats.iter()
    }

    /// Returns those that the user or a pack brings.
    pub(super) fn chosen(&self) -> &[Arc<Format>] {
        &self.formats[..self.chosen]
    }

    /// Returns true for a file that accompanies records of a format.
    pub fn has_companion(&self, path: &str) -> bool {
        let all = || Globs::of(self.iter().flat_map(|format| format.signs.beside.patterns()));
        self.companions.get_or_init(all).is_match(path)
    }

    /// Returns a field that a built-in format reads and its kind lacks: one of the user's own in the place of a built-in one.
    pub fn unknown_field(&self, kind: &str) -> Option<&str> {
        let of_kind = self.iter().filter(|format| format.own_path.is_none() && *format.kind.name == *kind);
        of_kind.into_iter().find_map(|format| {
            let names = format.definition.states.iter().chain(format.definition.fields.keys());
            names.map(|name| &**name).find(|name| format.kind.shape.field(name).is_none())
        })
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Format>> {
        self.iter().find(|format| *format.name == *name)
    }
}

fn is_named(formats: &[Arc<Format>], name: &str) -> bool {
    formats.iter().any(|format| *format.name == *name)
}

/// Returns a format with what it takes from its base: all keys that it lacks, and the names of fields that it doesn't name itself. It can
/// express the fields that it names.
fn with_base(own: Value) -> Value {
    let base = own["base"].as_str().and_then(path_of).map(|path| with_base(embedded::read(path)));
    let (Some(Value::Object(mut merged)), Value::Object(own)) = (base, &own) else { return own };
    if let (Some(Value::Array(states)), None) = (merged.get_mut("states"), own.get("states")) {
        let named = own.get("fields").and_then(Value::as_object).into_iter().flat_map(|fields| fields.keys());
        states.extend(named.map(|field| Value::from(field.as_str())));
    }
    for (key, value) in own {
        let mut value = value.clone();
        let of_base = merged.get("fields").filter(|_| key == "fields").and_then(Value::as_object);
        if let (Some(names), Some(more)) = (of_base, value.as_object_mut()) {
            for (field, names) in names {
                more.entry(field.clone()).or_insert_with(|| names.clone());
            }
        }
        merged.insert(key.clone(), value);
    }
    Value::Object(merged)
}

/// The path of the built-in format of a name.
fn path_of(name: &str) -> Option<&'static str> {
    embedded::paths(FORMATS).find(|path| bare_name(path) == name)
}

/// Reads what a built-in format says of its files.
fn signs_of(path: &str) -> Signs {
    let signs: Signs = embedded::read(path);
    if signs.base.is_some() { built_in(path) } else { signs }
}

/// Reads a part of a built-in format, with the keys of its base.
fn built_in<T: DeserializeOwned>(path: &str) -> T {
    let part = T::deserialize(with_base(embedded::read(path)));
    part.unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn stated(format: &Value) -> Result<(Signs, Definition), serde_json::Error> {
    Ok((Signs::deserialize(format)?, Definition::deserialize(format)?))
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::embedded("schemas/format.schema.json"));

/// Loads a format of the user's own, which is named for its file.
fn own_format(source: &Arc<Source>, kinds: &Kinds) -> Result<Format, Vec<Fault>> {
    let document = syntax::parse_policy(source.clone(), syntax::Format::Yaml);
    if !document.problems.is_empty() {
        return Err(document.faults());
    }
    let Some(root) = document.roots.first() else {
        let fault = Fault::new("the format is empty").at(source, source.line_span(0));
        return Err(vec![fault.help("write how a page is recognised: `kind`, `recognise` and `fields`")]);
    };
    let faults = early_faults(source, root);
    if !faults.is_empty() {
        return Err(faults);
    }
    let violations = SCHEMA.violations_of_policy(root);
    if !violations.is_empty() {
        return Err(violations.into_iter().map(|violation| violation.into_fault(source)).collect());
    }
    if let Some(base) = root.get("base")
        && let Some(name) = base.as_text().filter(|name| path_of(name).is_none())
    {
        let fault = Fault::new(format!("unknown base `{name}`: no built-in format has this name"));
        let otherwise = || "remove `base` from a format that changes no built-in one".to_owned();
        let help =
            nearest(name, embedded::paths(FORMATS).map(bare_name)).map_or_else(otherwise, did_you_mean);
        return Err(vec![fault.help(help).at(source, base.span)]);
    }
    let (signs, definition) = stated(&with_base(with_texts(to_json(root))))
        .map_err(|error| vec![Fault::new(error.to_string()).at(source, source.line_span(0))])?;
    let Some(kind) = kinds.get(&signs.kind) else {
        let otherwise = || format!("define it in `kinds/{}.yaml`, beside `formats/`", signs.kind);
        let fault = Fault::new(format!("unknown kind `{}`", signs.kind));
        let fault = fault.help(kinds.meant(&signs.kind).map_or_else(otherwise, did_you_mean));
        return Err(vec![fault.at(source, root.get("kind").map_or(root.span, |kind| kind.span))]);
    };
    let faults = faults_of(source, root, kind);
    if !faults.is_empty() {
        return Err(faults);
    }
    let own_path = Some(source.path().clone());
    Ok(Format { own_path, ..Format::new(source.path(), signs, definition.into(), kind) })
}

/// Returns the faults that the schema would tell in other words.
fn early_faults(source: &Arc<Source>, root: &Node) -> Vec<Fault> {
    let mut faults = Vec::new();
    for entry in root.entries() {
        if let Some(help) = words::meaning("former-keys-of-formats", &entry.key.name) {
            let fault = Fault::new(format!("`{}` is no key of a format", entry.key.name)).help(help);
            faults.push(fault.at(source, entry.key.span));
        }
    }
    let has_base = root.get("base").is_some();
    if let Some(key) = ["kind", "recognise"].into_iter().find(|key| !has_base && root.get(key).is_none()) {
        faults.push(Fault::new(format!("missing key `{key}`")).at(source, source.line_span(0)));
    }
    for way in root.get("recognise").map_or(&[][..], Node::items) {
        if way.entries().len() == 1 && way.get("not-keys").is_some() {
            let fault = Fault::new("`not-keys` alone recognises every page without these keys");
            let help = "add what such a page has, such as `keys`, `sections` or `folder`";
            faults.push(fault.help(help).at(source, way.span));
        }
    }
    faults
}

/// Returns a format in which each scalar is a text, as its schema takes it, but for the keys that say yes or no.
fn with_texts(json: Value) -> Value {
    const SWITCHES: [&str; 3] = ["dated", "numbered", "several"];
    match json {
        Value::Bool(_) | Value::Number(_) => json.to_string().into(),
        Value::Array(items) => items.into_iter().map(with_texts).collect(),
        Value::Object(members) => {
            let text = |(key, value): (String, Value)| {
                let value = if SWITCHES.contains(&&*key) { value } else { with_texts(value) };
                (key, value)
            };
            Value::Object(members.into_iter().map(text).collect())
        }
        other => other,
    }
}

/// Checks the names of fields, the globs, the pattern and the values of statuses.
fn faults_of(source: &Arc<Source>, root: &Node, kind: &Kind) -> Vec<Fault> {
    let items = |key: &str| root.get(key).map_or(&[][..], Node::items);
    let entries = |key: &str| root.get(key).map_or(&[][..], Node::entries);
    let mut faults = Vec::new();
    let mut add = |message: String, help: String, span: Span| {
        faults.push(Fault::new(message).help(help).at(source, span));
    };
    let named = ["fields", "pattern"].into_iter().flat_map(entries);
    let named = named.map(|entry| (&*entry.key.name, entry.key.span));
    let listed = ["states", "requires", "accountable"].into_iter().flat_map(items);
    let listed = listed.map(|item| (item.as_text().unwrap_or_default(), item.span));
    for (name, span) in named.chain(listed).filter(|(name, _)| kind.shape.field(name).is_none()) {
        let otherwise = || format!("`alignlint explain {}` lists the fields", kind.name);
        let near = nearest(name, kind.shape.fields.iter().map(|field| &*field.name));
        let message = format!("kind `{}` has no field `{name}`", kind.name);
        add(message, near.map_or_else(otherwise, did_you_mean), span);
    }
    let mut owners: HashMap<String, &str> = HashMap::new();
    for field in entries("fields") {
        for label in field.value.items() {
            let text = label.as_text().unwrap_or_default();
            let first = *owners.entry(label_key(text)).or_insert(&field.key.name);
            if *first != *field.key.name {
                let message = format!("the label `{text}` is that of `{first}` too");
                add(message, "name it for one field".to_owned(), label.span);
            }
        }
    }
    let ways = items("recognise").iter().filter_map(|way| way.get("in"));
    for glob in ways.chain(root.get("beside")).flat_map(Node::items) {
        let pattern = glob.as_text().unwrap_or_default();
        if let Some(error) = glob_error(pattern) {
            add(format!("invalid glob `{pattern}`: {error}"), crate::config::GLOB_HELP.into(), glob.span);
        }
    }
    for entry in entries("pattern") {
        let message = match schema::compile_pattern(entry.value.as_text().unwrap_or_default()) {
            Err(error) => format!("invalid regular expression: {error}"),
            Ok(pattern) if pattern.groups() > 0 => continue,
            Ok(_) => "the pattern has no group; its first one is the value".to_owned(),
        };
        add(message, "write the value in parentheses".to_owned(), entry.value.span);
    }
    let values = kind.status.as_deref().and_then(|status| kind.shape.field(status));
    let values: Vec<&str> = values.iter().flat_map(|field| &field.values).map(|value| &**value).collect();
    for entry in entries("status") {
        let value = entry.value.as_text().unwrap_or_default();
        if value != "absent" && !values.is_empty() && !values.contains(&value) {
            let message = format!("`{value}` is no status of the kind `{}`", kind.name);
            add(message, name_help(value, &values), entry.value.span);
        }
    }
    faults
}

impl Format {
    fn new(path: &str, signs: Signs, definition: Lazy<Definition>, kind: &Arc<Kind>) -> Format {
        Format { name: bare_name(path).into(), signs, definition, kind: kind.clone(), ..Format::default() }
    }
}
