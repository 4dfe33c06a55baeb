use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::formats::meant;
use super::{InvalidPattern, compile_pattern, instead, nearest, pattern, wording};
use crate::finding::Fault;
use crate::limits;
use crate::node::Node;
use crate::text::{Source, Span};

/// A field that violates its schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// The violated keyword in kebab-case: `enum`, `required`, `additional-properties`; or `repeated-key`.
    pub keyword: Box<str>,
    pub pointer: Box<str>,
    /// The value; the key of a field that is unknown or has no value; the first key of the mapping that lacks a field.
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
    /// The correct name or value, if there is a likely one.
    pub suggestion: Option<Box<str>>,
    /// The name of the field; of a list's item, that of the list.
    pub field: Box<str>,
    /// True if the field is absent; then `span` is that of its parent.
    pub missing: bool,
    /// Another place that it is about, and what is there.
    pub related: Option<(Span, String)>,
}

const LIMIT: &str = "limit";
const TOLD_ELSEWHERE: &str = "told-elsewhere";

impl Violation {
    /// Says at `span`, that of the last violation, that more than `count` are not listed.
    pub fn limit(count: usize, span: Span) -> Violation {
        let message = match count {
            1 => "only the first violation of each record in this file is listed".to_owned(),
            _ => format!("only the first {count} violations of each record in this file are listed"),
        };
        Violation {
            keyword: LIMIT.into(),
            pointer: "".into(),
            span,
            message,
            help: None,
            suggestion: None,
            field: "".into(),
            related: None,
            missing: false,
        }
    }

    /// Says that another record tells the same for this one too.
    pub fn told_elsewhere(other: &Violation) -> Violation {
        Violation { keyword: TOLD_ELSEWHERE.into(), ..other.clone() }
    }

    pub fn is_told_elsewhere(&self) -> bool {
        &*self.keyword == TOLD_ELSEWHERE
    }

    pub(super) fn too_many_visits(span: Span) -> Violation {
        let message = format!(
            "its schema needs more than {} steps for each value; the rest is not checked",
            limits::VISITS_PER_VALUE
        );
        Violation { message, ..Violation::limit(0, span) }
    }

    /// Returns true if this is no violation, but says that others are not listed.
    pub fn is_limit(&self) -> bool {
        &*self.keyword == LIMIT
    }

    pub fn into_fault(self, source: &Arc<Source>) -> Fault {
        let fault = Fault::new(self.message).at(source, self.span);
        self.help.into_iter().fold(fault, Fault::help)
    }
}

pub(super) fn all<'a>(
    errors: impl Iterator<Item = ValidationError<'a>>,
    limit: usize,
    root: &Node,
    schema: &Value,
) -> Vec<Violation> {
    let mut collector = Collector { root, schema, limit, found: Vec::new() };
    for error in errors {
        collector.add(&error);
        if collector.found.len() > limit {
            break;
        }
    }
    collector.finish()
}

struct Collector<'a> {
    root: &'a Node,
    schema: &'a Value,
    limit: usize,
    found: Vec<Violation>,
}

impl<'a> Collector<'a> {
    fn add(&mut self, error: &ValidationError<'_>) {
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                self.add_unknown(error, unexpected);
            }
            Kind::Required { property } => self.add_missing(error, property.as_str().unwrap_or_default()),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.add_closest(error, context),
            Kind::PropertyNames { error: name_error } => self.add_invalid_name(error, name_error),
            _ => self.add_value(error),
        }
    }

    fn add_unknown(&mut self, error: &ValidationError<'_>, unexpected: &[String]) {
        let parent = error.instance_path().as_str();
        let Some(mapping) = self.root.pointer(parent).and_then(Node::as_mapping) else { return };
        let unexpected: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
        let subschema = self.subschema(error);
        let known = subschema.map(known_names).unwrap_or_default();
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let parent_name = wording::parent_name(parent, subschema);
        let unknown = mapping.entries().iter().filter(|entry| unexpected.contains(&*entry.key.name));
        for entry in unknown.take((self.limit + 1).saturating_sub(self.found.len())) {
            let name = &entry.key.name;
            // An alias that is not read here, because the schema is too deep, has another spelling.
            let alias_of =
                |name: &str| known.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
            let suggestion = match nearest(name, names.iter().copied()) {
                Some(same) if *same == **name => alias_of(same),
                other => other,
            };
            let instead = self.own_help(|| instead::of_key(subschema, name));
            // The key that the help names is not missing, too.
            let written = instead.as_deref().and_then(|help| help.split('`').nth(1));
            let suggestion =
                written.and_then(|written| names.iter().copied().find(|it| *it == written)).or(suggestion);
            self.found.push(Violation {
                keyword: keyword(error.kind()),
                pointer: pointer_to(parent, name),
                span: entry.key.span,
                message: wording::unknown(&wording::shorten(name), &parent_name, self.is_own_file()),
                suggestion: suggestion.map(Box::from),
                help: instead
                    .or_else(|| suggestion.map(super::did_you_mean))
                    .or_else(|| self.own_help(|| instead::of_key(subschema, instead::ANY_KEY)))
                    .or_else(|| self.choices(&names)),
                field: (&**name).into(),
                missing: false,
                related: None,
            });
        }
    }

    /// In a file of the policy, the keys that there are, if they are few.
    fn choices(&self, names: &[&str]) -> Option<String> {
        const FEW: usize = 12;
        let few = self.is_own_file() && !names.is_empty() && names.len() <= FEW;
        few.then(|| format!("use one of `{}`", names.join("`, `")))
    }

    fn add_missing(&mut self, error: &ValidationError<'_>, name: &str) {
        let parent = error.instance_path().as_str();
        let Some(node) = self.root.pointer(parent) else { return };
        let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        let without_value = entries.iter().find(|entry| &*entry.key.name == name);
        let shown = without_value.or(entries.first()).map_or(node.span, |entry| entry.key.span);
        let purpose =
            self.subschema(error).and_then(|schema| schema["properties"][name]["description"].as_str());
        let parent_name = (!parent.is_empty()).then(|| wording::parent_name(parent, None));
        self.found.push(Violation {
            keyword: keyword(error.kind()),
            pointer: pointer_to(parent, name),
            span: shown,
            message: wording::missing(
                name,
                without_value.is_some(),
                parent_name.as_deref(),
                self.is_own_file(),
            ),
            help: purpose.map(|purpose| {
                let verb = if without_value.is_some() { "set" } else { "add" };
                match self.own_help(|| self.example_of(error, name)) {
                    Some(example) => {
                        format!("{verb} `{name}`, such as `{example}`: {}", phrase(short(purpose)))
                    }
                    None => format!("{verb} `{name}`: {}", phrase(purpose)),
                }
            }),
            suggestion: None,
            field: name.into(),
            missing: without_value.is_none(),
            related: None,
        });
    }

    /// An example of a missing key, with the key.
    fn example_of(&self, error: &ValidationError<'_>, name: &str) -> Option<String> {
        let example = self.subschema(error)?["properties"][name]["examples"].get(0)?;
        instead::short_form(name, example)
    }

    fn add_invalid_name(&mut self, error: &ValidationError<'_>, name_error: &ValidationError<'_>) {
        let parent = error.instance_path().as_str();
        let instance = name_error.instance();
        let name = instance.as_str().unwrap_or_default();
        let mapping = self.root.pointer(parent).and_then(Node::as_mapping);
        let Some(entry) = mapping.and_then(|mapping| mapping.entry(name)) else { return };
        let expected = wording::expected(name_error, self.subschema(name_error))
            .unwrap_or_else(|| "another name".to_owned());
        let invalid = invalid_pattern(name_error, Some(name));
        let expected = with_reason(expected, invalid.as_ref());
        self.found.push(Violation {
            keyword: keyword(error.kind()),
            pointer: pointer_to(parent, name),
            span: entry.key.span,
            message: format!("the key is `{}`; expected {expected}", wording::shorten(name)),
            help: invalid.map(|invalid| invalid.help()),
            suggestion: None,
            field: name.into(),
            missing: false,
            related: None,
        });
    }

    /// Reports the branch of an `anyOf` or `oneOf` that was most likely meant: one of the right type, with the fewest and
    /// the deepest errors. If every such branch expects another value here, one violation names all of them.
    fn add_closest(&mut self, error: &ValidationError<'_>, branches: &[Vec<ValidationError<'static>>]) {
        let here = error.instance_path().as_str();
        let of_other_type = |branch: &&Vec<ValidationError<'_>>| {
            branch.iter().any(|error| is_type(error) && error.instance_path().as_str() == here)
        };
        let mut likely: Vec<_> = branches.iter().filter(|branch| !of_other_type(branch)).collect();
        if likely.is_empty() {
            likely = branches.iter().collect();
        }
        if let Some(violation) = self.missing_choice(error, branches) {
            self.found.push(violation);
            return;
        }
        if let Some(violation) = self.combined(error, &likely) {
            self.found.push(violation);
            return;
        }
        let depth = |branch: &[ValidationError<'_>]| branch.iter().map(|error| depth(error)).max();
        let closest = likely.iter().min_by_key(|branch| (branch.len(), std::cmp::Reverse(depth(branch))));
        for error in closest.into_iter().flat_map(|branch| branch.iter()) {
            self.add(error);
        }
    }

    /// A mapping of a file of the policy that has none of several keys, each of which suffices.
    fn missing_choice(
        &self,
        error: &ValidationError<'_>,
        branches: &[Vec<ValidationError<'static>>],
    ) -> Option<Violation> {
        let here = error.instance_path().as_str();
        let keys: Vec<&str> =
            branches.iter().map(|branch| only_required(branch, here)).collect::<Option<_>>()?;
        let node = self.root.pointer(here).filter(|_| self.is_own_file() && keys.len() > 1)?;
        let first = node.as_mapping().and_then(|mapping| mapping.entries().first());
        Some(Violation {
            keyword: "required".into(),
            pointer: pointer_to(here, keys.first()?),
            span: first.map_or(node.span, |entry| entry.key.span),
            message: format!("{} needs one more key", wording::parent_name(here, self.subschema(error))),
            help: Some(format!("add one of `{}`", keys.join("`, `"))),
            suggestion: None,
            field: wording::field_name(here),
            missing: true,
            related: None,
        })
    }

    fn combined(
        &self,
        error: &ValidationError<'_>,
        branches: &[&Vec<ValidationError<'static>>],
    ) -> Option<Violation> {
        let here = error.instance_path().as_str();
        let mut errors = Vec::new();
        for branch in branches {
            let first = branch.first().filter(|error| error.instance_path().as_str() == here)?;
            errors.push((first, wording::expected(first, self.subschema(first))?));
        }
        let mut phrases: Vec<&str> = Vec::new();
        for phrase in errors.iter().flat_map(|(_, phrase)| phrase.split(" or ")) {
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        let (first, _) = errors.iter().find(|(error, _)| !is_type(error)).or(errors.first())?;
        let suggestion = errors.iter().find_map(|(error, _)| self.suggestion(error));
        Some(self.value_violation(first, &phrases.join(" or "), suggestion))
    }

    fn add_value(&mut self, error: &ValidationError<'_>) {
        let expected = wording::expected(error, self.subschema(error));
        let expected = expected.unwrap_or_else(|| "something else".to_owned());
        let written = self.root.pointer(error.instance_path().as_str()).and_then(Node::as_text);
        let expected = with_reason(expected, invalid_pattern(error, written).as_ref());
        let suggestion = self.suggestion(error);
        let violation = self.value_violation(error, &expected, suggestion);
        self.found.push(violation);
    }

    fn value_violation(
        &self,
        error: &ValidationError<'_>,
        expected: &str,
        suggestion: Option<Box<str>>,
    ) -> Violation {
        let pointer = error.instance_path().as_str();
        let node = self.root.pointer(pointer).unwrap_or(self.root);
        let offending = match error.kind() {
            Kind::UniqueItems => wording::first_duplicate(node).unwrap_or(node),
            _ => node,
        };
        let found = wording::found(error, offending, pointer);
        let field = wording::field_name(pointer);
        let missing_day = self.of_format(error, formats::missing_day);
        let help = suggestion.as_deref().map(|suggestion| match error.kind() {
            Kind::Type { .. } if offending.as_text() == Some(suggestion) => {
                format!("write `{suggestion}` without quotes")
            }
            Kind::Type { .. } => format!("write `{suggestion}`"),
            _ => super::did_you_mean(suggestion),
        });
        let instead = || {
            instead::of_value(error, self.subschema(error), offending, &field)
                .map(|help| help.replace("{field}", &wording::field_name(above(pointer))))
        };
        Violation {
            keyword: keyword(error.kind()),
            pointer: pointer.into(),
            span: self.key_above(error, offending).unwrap_or(offending.span),
            message: match &missing_day {
                Some((reason, _)) => format!("{found}, and {reason}"),
                None => format!("{found}; expected {expected}"),
            },
            help: self
                .own_help(instead)
                .or(help)
                .or_else(|| Some(invalid_pattern(error, offending.as_text())?.help()))
                .or_else(|| missing_day.map(|(_, help)| help))
                .or_else(|| self.own_help(|| instead::of_any(self.subschema(error))))
                .or_else(|| self.own_help(|| Some(format!("write {expected}")))),
            suggestion,
            field,
            missing: false,
            related: None,
        }
    }

    /// In a file of the policy, the key of a block of the wrong type, which begins on the next line.
    fn key_above(&self, error: &ValidationError<'_>, node: &Node) -> Option<Span> {
        const COLON_AND_SPACE: u32 = 2;
        let (parent, _) = error.instance_path().as_str().rsplit_once('/')?;
        let mapping =
            self.root.pointer(parent).filter(|_| is_type(error) && self.is_own_file())?.as_mapping()?;
        let key = mapping.entries().iter().find(|entry| std::ptr::eq(&raw const entry.value, node))?.key.span;
        let is_block = node.as_scalar().is_none() && node.span.start > key.end + COLON_AND_SPACE;
        is_block.then_some(key)
    }

    /// What `read` says of the format that a text lacks, and of the text.
    fn of_format<T>(&self, error: &ValidationError<'_>, read: impl Fn(&str, &str) -> Option<T>) -> Option<T> {
        let Kind::Format { format } = error.kind() else { return None };
        read(format, self.root.pointer(error.instance_path().as_str())?.as_text()?)
    }

    fn suggestion(&self, error: &ValidationError<'_>) -> Option<Box<str>> {
        let written = self.root.pointer(error.instance_path().as_str())?.as_text()?;
        match error.kind() {
            Kind::Enum { options } => self.nearest_value(error, options, written).map(Box::from),
            Kind::Format { format } => formats::meant(format, written),
            Kind::Type { kind: TypeKind::Single(JsonType::Boolean) } => parse_boolean(written).map(Box::from),
            _ => None,
        }
    }

    fn nearest_value<'v>(
        &'v self,
        error: &ValidationError<'_>,
        options: &'v Value,
        word: &str,
    ) -> Option<&'v str> {
        let synonyms = self.subschema(error).and_then(|schema| schema["x-synonyms"].as_object());
        let synonyms = synonyms.into_iter().flat_map(|of| of.values()).filter_map(Value::as_array).flatten();
        let known = options.as_array()?.iter().chain(synonyms).filter_map(Value::as_str);
        nearest(word, known)
    }

    fn subschema(&self, error: &ValidationError<'_>) -> Option<&'a Value> {
        let (holder, _) = error.schema_path().as_str().rsplit_once('/')?;
        self.schema.pointer(holder)
    }

    /// True for configuration, rules, kinds and profiles: only their schemas name the draft.
    fn is_own_file(&self) -> bool {
        self.schema.get("$schema").is_some()
    }

    /// What to write instead, in a file of the policy.
    fn own_help(&self, help: impl FnOnce() -> Option<String>) -> Option<String> {
        self.is_own_file().then(help).flatten()
    }

    /// A misspelt key that is required is one mistake: keeps the violation that names the key as it is written.
    fn remove_misspelt_required(&mut self) {
        let meant = |violation: &Violation| {
            let (parent, _) = violation.pointer.rsplit_once('/')?;
            let suggestion = violation.suggestion.as_deref()?;
            (&*violation.keyword == "additional-properties").then(|| pointer_to(parent, suggestion))
        };
        let meant: HashSet<Box<str>> = self.found.iter().filter_map(meant).collect();
        let unknown = self.found.iter().filter(|violation| &*violation.keyword == "additional-properties");
        // Of a mapping with one key, that key is meant to be what is missing.
        let parent =
            |violation: &Violation| violation.pointer.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let root = self.root;
        let only_key = |parent: &String| {
            root.pointer(parent).and_then(Node::as_mapping).is_some_and(|mapping| mapping.len() == 1)
        };
        let wrong: HashSet<String> = unknown.filter_map(parent).filter(only_key).collect();
        let is_implied = |violation: &Violation| {
            meant.contains(&violation.pointer)
                || parent(violation).is_some_and(|parent| wrong.contains(&parent))
        };
        self.found.retain(|violation| !violation.missing || !is_implied(violation));
    }

    /// Keeps the simplest violation of each field, in the order of the file.
    fn finish(mut self) -> Vec<Violation> {
        let is_over = self.found.len() > self.limit;
        self.found.truncate(self.limit);
        let rank = |keyword: &str| match keyword {
            "type" => 0,
            "enum" | "const" => 1,
            _ => 2,
        };
        let mut plainest: HashMap<Box<str>, usize> = HashMap::new();
        for (at, violation) in self.found.iter().enumerate() {
            let best = plainest.entry(violation.pointer.clone()).or_insert(at);
            if rank(&violation.keyword) < rank(&self.found[*best].keyword) {
                *best = at;
            }
        }
        let mut at = 0;
        self.found.retain(|violation| {
            at += 1;
            plainest.get(&violation.pointer) == Some(&(at - 1))
        });
        if self.is_own_file() {
            self.remove_misspelt_required();
        }
        self.found.sort_by_key(|violation| violation.span);
        if let (true, Some(last)) = (is_over, self.found.last()) {
            self.found.push(Violation::limit(self.limit, last.span));
        }
        self.found
    }
}

/// Returns the names and aliases of fields, each with the name of its field.
fn known_names(schema: &Value) -> Vec<(&str, &str)> {
    let mut names = Vec::new();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        names.push((name.as_str(), name.as_str()));
        let aliases = field["x-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
        names.extend(aliases.map(|alias| (alias, name.as_str())));
    }
    names
}

/// Booleans of YAML 1.1.
fn parse_boolean(written: &str) -> Option<&'static str> {
    match written.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some("true"),
        "no" | "n" | "off" | "false" => Some("false"),
        _ => None,
    }
}

/// The key that is missing, if that is all that is wrong.
fn only_required<'e>(branch: &'e [ValidationError<'_>], here: &str) -> Option<&'e str> {
    match branch {
        [only] if only.instance_path().as_str() == here => match only.kind() {
            Kind::Required { property } => property.as_str(),
            _ => None,
        },
        _ => None,
    }
}

/// Why a text that has to be a regular expression is none.
fn invalid_pattern(error: &ValidationError<'_>, written: Option<&str>) -> Option<InvalidPattern> {
    let Kind::Format { format } = error.kind() else { return None };
    match format.as_str() {
        "regex" => compile_pattern(written?).err(),
        "regex-of-names" => pattern::expand(written?).err(),
        _ => None,
    }
}

fn with_reason(expected: String, invalid: Option<&InvalidPattern>) -> String {
    match invalid {
        Some(invalid) => format!("{expected}; {}", invalid.reason()),
        None => expected,
    }
}

fn is_type(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), Kind::Type { kind: TypeKind::Single(_) | TypeKind::Multiple(_) })
}

fn above(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

/// Returns a description without its list.
fn short(description: &str) -> &str {
    const LONGEST: usize = 120;
    let end = description.find([':', ';']).filter(|_| description.len() > LONGEST);
    &description[..end.unwrap_or(description.len())]
}

/// A description as the end of a sentence: without a capital, unless it is one of an abbreviation, and full stop.
fn phrase(description: &str) -> String {
    let text = description.trim();
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut rest = text.chars();
    match rest.next() {
        Some(first) if !rest.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => text.to_owned(),
    }
}

/// Returns the JSON pointer of a member below another one.
pub fn pointer_to(parent: &str, name: &str) -> Box<str> {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1")).into()
}

fn keyword(kind: &Kind) -> Box<str> {
    let mut name = String::new();
    for c in kind.keyword().chars() {
        if c.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name.into()
}

mod formats;
#[cfg(test)]
mod tests;
