//! The files of profiles: what each is called, and which built-in one it extends.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use super::parts::{self, Parts, Unfilled};
use crate::embedded::{self, JsonEntries};
use crate::finding::Fault;
use crate::lazy::get_or_compute;
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::schema;
use crate::syntax::{self, Document, Format};
use crate::text::{Source, Span, kebab};

/// The profiles of the program. Each is parsed once, also if others extend it.
pub(super) struct BuiltInProfiles(HashMap<Box<str>, BuiltInProfile>);

struct BuiltInProfile {
    source: Arc<Source>,
    document: OnceLock<Document>,
    /// With that of its `base` below it; `None` if it is empty, or the base is unknown.
    extended: OnceLock<Option<Node>>,
}

/// The longest chain of profiles that extend each other.
const MAX_BASES: usize = 4;

impl BuiltInProfiles {
    pub(super) fn new(sources: &[Arc<Source>]) -> BuiltInProfiles {
        let profile = |source: &Arc<Source>| BuiltInProfile {
            source: source.clone(),
            document: OnceLock::new(),
            extended: OnceLock::new(),
        };
        // Of two with one name, the first one is the base of others.
        let profiles = sources.iter().rev().map(|source| (file_name(source).into(), profile(source)));
        BuiltInProfiles(profiles.collect())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.0.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names.into_iter()
    }

    fn of(&self, source: &Source) -> Option<&BuiltInProfile> {
        self.0.get(file_name(source)).filter(|profile| profile.source.path() == source.path())
    }

    /// Returns the parsed file of one of these profiles, with spans in its JSON.
    pub(super) fn document(&self, source: &Source) -> Option<&Document> {
        self.of(source).map(BuiltInProfile::document)
    }

    /// Returns a profile with that of its `base` below it; `None` if it has no `base`.
    ///
    /// # Errors
    /// No built-in profile has the name of the base, or a null removes a key that the base does not have.
    pub(super) fn extended(&self, source: &Arc<Source>, root: &Node) -> Result<Option<Node>, Fault> {
        let base = root.get("base").and_then(|base| self.base_named(base.as_text()?, MAX_BASES));
        if let Some((removed, beside)) = base.and_then(|base| root.removed_nothing(base)) {
            let message = format!("`{}: null` removes nothing: the base has no such key", removed.name);
            let known = beside.entries().iter().map(|entry| &*entry.key.name);
            let meant = schema::nearest(&removed.name, known).map(schema::did_you_mean);
            let help =
                meant.unwrap_or_else(|| "remove the line, or write the name as in the base".to_owned());
            return Err(Fault::new(message).help(help).at(source, removed.span));
        }
        root.extending(|name| self.base_named(name, MAX_BASES).cloned()).map_err(|base| {
            let name = base.as_text().unwrap_or_default();
            let fault = Fault::new(format!("unknown base `{name}`: no built-in profile has this name"));
            let fault = match schema::nearest(name, self.names()) {
                Some(near) => fault.help(schema::did_you_mean(near)),
                None => fault.help("remove `base` from a format that changes no built-in one"),
            };
            fault.at(source, base.span)
        })
    }

    fn base_named(&self, name: &str, bases: usize) -> Option<&Node> {
        let profile = self.0.get(name)?;
        let extended = get_or_compute(&profile.extended, || {
            let root = profile.document().roots.first()?;
            let further = bases.checked_sub(1)?;
            let merged = root.extending(|name| self.base_named(name, further).cloned()).ok()?;
            Some(merged.unwrap_or_else(|| root.clone()))
        });
        extended.as_ref()
    }

    /// Returns a profile with that of its `base` below it.
    pub(super) fn whole(&self, source: &Source) -> Option<Node> {
        self.base_named(file_name(source), MAX_BASES).cloned()
    }

    /// Returns some keys of a profile with those of its `base` below them, and parses nothing else; `None` if it is not embedded.
    pub(super) fn keys(&self, source: &Source, keys: &[&str]) -> Option<Node> {
        let mut layers = Vec::new();
        let mut next = self.of(source);
        let mut wanted = keys.to_vec();
        while let Some(profile) = next.filter(|_| layers.len() <= MAX_BASES) {
            let entries = embedded::profile_entries(profile.source.path())?;
            let stated = entries.iter().filter(|(key, _)| wanted.contains(key));
            layers.extend(parsed(profile.source.path(), stated).roots.into_iter().next());
            // All but mappings replace what the base has.
            wanted.retain(|key| value_of(entries, key).is_none_or(|value| value.starts_with('{')));
            wanted.retain(|key| *key != RECOGNISE || value_of(entries, key).is_none());
            let base: Option<String> = value_of(entries, "base").and_then(|it| serde_json::from_str(it).ok());
            next = base.and_then(|name| self.0.get(&*name));
        }
        let mut merged = layers.pop()?;
        layers.iter().rev().for_each(|layer| merged.overlay(layer));
        Some(merged)
    }
}

/// The key whose value is never merged with that of the base.
pub(super) const RECOGNISE: &str = "recognise";

fn value_of(entries: JsonEntries, key: &str) -> Option<&'static str> {
    entries.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
}

fn parsed<'e>(path: &Arc<str>, entries: impl Iterator<Item = &'e (&'e str, &'e str)>) -> Document {
    let mut text = String::from("{");
    for (number, (key, value)) in entries.enumerate() {
        text.extend([if number == 0 { "\"" } else { ",\"" }, key, "\":", value]);
    }
    text.push('}');
    syntax::parse(Arc::new(Source::new(path.clone(), text.into_bytes())), Format::Json)
}

impl BuiltInProfile {
    fn document(&self) -> &Document {
        get_or_compute(&self.document, || match embedded::profile_entries(self.source.path()) {
            Some(entries) => parsed(self.source.path(), entries.iter()),
            None => syntax::parse(self.source.clone(), Format::Yaml),
        })
    }
}

/// The parts of patterns that all profiles may name.
static SHARED_PARTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/patterns.yaml").unwrap_or_default();
    let texts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    texts.into_iter().map(|(name, text)| (name, text.as_str().unwrap_or_default().to_owned())).collect()
});

/// Puts the named parts of patterns in their places. Those of a built-in profile have theirs from the build.
///
/// # Errors
/// A pattern names a part that there is not, or a part one that is not above it.
pub(super) fn with_parts<'n>(source: &Arc<Source>, root: &'n Node) -> Result<Cow<'n, Node>, Fault> {
    let named = root.get("parts");
    if named.is_none() && !source.text().contains("{{") {
        return Ok(Cow::Borrowed(root));
    }
    let fault = |unfilled: Unfilled, span: Span| {
        let help = match unfilled {
            Unfilled::Unknown(_) => "write it under `parts`, before the parts that name it",
            Unfilled::TooLong(_) => "name fewer parts in each other",
        };
        Fault::new(unfilled.to_string()).help(help).at(source, span)
    };
    let own = named.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    let texts = own.iter().map(|entry| (&*entry.key.name, entry.value.as_text().unwrap_or_default()));
    let shared = SHARED_PARTS.iter().map(|(name, text)| (&**name, &**text));
    let parts = parts::resolved(shared.chain(texts))
        .map_err(|unfilled| fault(unfilled, named.map_or(root.span, |it| it.span)))?;
    for (entry, (name, text)) in own.iter().rev().zip(parts.iter().rev()) {
        schema::compile_pattern(text).map_err(|error| {
            let fault = Fault::new(format!("part `{name}`: {error}"));
            fault.at(source, entry.value.span)
        })?;
    }
    let mut root = root.clone();
    if let Value::Mapping(mapping) = &mut root.value {
        let others = mapping.entries_mut().iter_mut();
        others
            .filter(|entry| !parts::WITHOUT_PATTERNS.contains(&&*entry.key.name))
            .map(|entry| &mut entry.value)
            .try_for_each(|value| fill(value, &parts))
            .map_err(|(unfilled, span)| fault(unfilled, span))?;
    }
    Ok(Cow::Owned(root))
}

fn fill(node: &mut Node, parts: &Parts) -> Result<(), (Unfilled, Span)> {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.text().contains("{{") => {
            let text = parts::filled(scalar.text(), parts).map_err(|unfilled| (unfilled, node.span))?;
            *node = Node::text(node.span, text);
        }
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().try_for_each(|item| fill(item, parts))?,
        Value::Mapping(mapping) => {
            mapping.entries_mut().iter_mut().try_for_each(|entry| fill(&mut entry.value, parts))?;
        }
    }
    Ok(())
}

pub(super) fn has_base(source: &Source) -> bool {
    if let Some(entries) = embedded::profile_entries(source.path()) {
        return value_of(entries, "base").is_some();
    }
    source.text().lines().any(|line| line.starts_with("base:"))
}

pub(super) fn file_name(source: &Source) -> &str {
    let name = source.path().rsplit('/').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

/// The fault of a file with capitals or spaces in its name, which is that of the profile.
fn misnamed_file(source: &Arc<Source>) -> Option<Fault> {
    let (name, right) = (file_name(source), kebab(file_name(source)));
    (*name != *right).then(|| {
        let message = format!("a profile is called like its file, in lower case: `{right}`, not `{name}`");
        let help = format!("rename the file to `{right}.yaml`");
        Fault::new(message).help(help).at(source, source.line_span(source.bom_len()))
    })
}

/// A profile replaces a built-in one by the name of its file.
///
/// # Errors
/// A profile without a name whose file can't give it one; the name of a built-in profile in a file of another name.
pub(super) fn check_name(
    source: &Arc<Source>,
    stated: &Node,
    built_in: &BuiltInProfiles,
) -> Result<(), Fault> {
    let Some(node) = stated.get("name") else { return misnamed_file(source).map_or(Ok(()), Err) };
    let (name, right) = (node.as_text().unwrap_or_default(), file_name(source));
    if name == right || built_in.names().all(|other| other != name) {
        return Ok(());
    }
    let message = format!("`name` is `{name}`, a built-in format; expected `{right}`, as in its path");
    let help =
        format!("write `name: {right}`, or rename the file to `{name}.yaml` to replace the built-in format");
    Err(Fault::new(message).help(help).at(source, node.span))
}

/// Gives a profile that states no name that of its file.
pub(super) fn name_after_file(source: &Source, stated: &Node, root: &mut Node) {
    if stated.get("name").is_none() {
        let at = Span::at(stated.span.start as usize);
        let entry =
            Entry { key: Key { name: "name".into(), span: at }, value: Node::text(at, file_name(source)) };
        root.overlay(&Node::mapping(stated.span, Mapping::new(vec![entry])));
    }
}

pub(super) fn with_suggestion(fault: Fault, nearest: Option<&str>) -> Fault {
    nearest.map(schema::did_you_mean).into_iter().fold(fault, Fault::help)
}
