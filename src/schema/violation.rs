//! From the validator's errors, which name schema keywords and JSON pointers, to what a person can act
//! on: one violation for each field, at the field's own bytes.

use std::collections::{HashMap, HashSet};

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{nearest, wording};
use crate::calendar;
use crate::node::Node;
use crate::text::Span;

/// A field that breaks its schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// The keyword that is broken, in kebab-case: `enum`, `required`, `additional-properties`.
    pub keyword: Box<str>,
    /// The JSON pointer of the field.
    pub pointer: Box<str>,
    /// The value; the key of a field that is unknown or has no value; for a missing field the first key of
    /// the mapping that lacks it.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// The nearest name or value, or what a missing field is for.
    pub help: Option<String>,
    /// The name or value that was probably meant.
    pub suggestion: Option<Box<str>>,
    /// The field's name; for an item of a list, that of the list.
    pub field: Box<str>,
    /// The field isn't there at all, so that `span` is only a place to show it at.
    pub missing: bool,
}

/// Of one tree, so many violations are told.
pub const LIMIT: usize = 1000;

/// The violations that `errors` amount to, in the order of the file.
pub(super) fn all<'a>(
    errors: impl Iterator<Item = ValidationError<'a>>,
    root: &Node,
    schema: &Value,
) -> Vec<Violation> {
    let mut collector = Collector { root, schema, found: Vec::new() };
    for error in errors {
        if collector.found.len() >= LIMIT {
            break;
        }
        collector.add(&error);
    }
    collector.finish()
}

struct Collector<'a> {
    root: &'a Node,
    schema: &'a Value,
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
            Kind::PropertyNames { error: name_error } => self.add_misnamed(error, name_error),
            _ => self.add_value(error),
        }
    }

    /// Keys that the schema doesn't know.
    fn add_unknown(&mut self, error: &ValidationError<'_>, unexpected: &[String]) {
        let parent = error.instance_path().as_str();
        let Some(mapping) = self.root.pointer(parent).and_then(Node::as_mapping) else { return };
        let unexpected: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
        let subschema = self.subschema(error);
        let known = subschema.map(known_names).unwrap_or_default();
        let whole = wording::whole(parent, subschema);
        let unknown = mapping.entries().iter().filter(|entry| unexpected.contains(&*entry.key.name));
        for entry in unknown.take(LIMIT - self.found.len().min(LIMIT)) {
            let name = &entry.key.name;
            let meant = nearest(name, known.iter().copied());
            self.found.push(Violation {
                keyword: keyword(error.kind()),
                pointer: child(parent, name),
                span: entry.key.span,
                message: format!("`{}` is not a field of {whole}", wording::shorten(name)),
                help: meant.map(super::did_you_mean),
                suggestion: meant.map(Box::from),
                field: (&**name).into(),
                missing: false,
            });
        }
    }

    fn add_missing(&mut self, error: &ValidationError<'_>, name: &str) {
        let parent = error.instance_path().as_str();
        let Some(node) = self.root.pointer(parent) else { return };
        let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        let without_value = entries.iter().find(|entry| &*entry.key.name == name);
        let shown = without_value.or(entries.first()).map_or(node.span, |entry| entry.key.span);
        let purpose =
            self.subschema(error).and_then(|schema| schema["properties"][name]["description"].as_str());
        let whole =
            if parent.is_empty() { String::new() } else { format!(" in {}", wording::whole(parent, None)) };
        let state = if without_value.is_some() { "has no value" } else { "is missing" };
        self.found.push(Violation {
            keyword: keyword(error.kind()),
            pointer: child(parent, name),
            span: shown,
            message: format!("`{name}` {state}{whole}"),
            help: purpose.map(|purpose| format!("`{name}`: {purpose}")),
            suggestion: None,
            field: name.into(),
            missing: without_value.is_none(),
        });
    }

    fn add_misnamed(&mut self, error: &ValidationError<'_>, name_error: &ValidationError<'_>) {
        let parent = error.instance_path().as_str();
        let instance = name_error.instance();
        let name = instance.as_str().unwrap_or_default();
        let mapping = self.root.pointer(parent).and_then(Node::as_mapping);
        let Some(entry) = mapping.and_then(|mapping| mapping.entry(name)) else { return };
        let expected = wording::expected(name_error, self.subschema(name_error))
            .unwrap_or_else(|| "another name".to_owned());
        self.found.push(Violation {
            keyword: keyword(error.kind()),
            pointer: child(parent, name),
            span: entry.key.span,
            message: format!("the key is `{}`; expected {expected}", wording::shorten(name)),
            help: None,
            suggestion: None,
            field: name.into(),
            missing: false,
        });
    }

    /// Opens the branch of an `anyOf` or `oneOf` that the author most likely meant: one of the right type, with
    /// the fewest errors, and those deepest inside. Where every such branch only wants another value here, they are
    /// told as one expectation.
    fn add_closest(&mut self, error: &ValidationError<'_>, branches: &[Vec<ValidationError<'static>>]) {
        let here = error.instance_path().as_str();
        let of_other_type = |branch: &&Vec<ValidationError<'_>>| {
            branch.iter().any(|error| is_type(error) && error.instance_path().as_str() == here)
        };
        let mut likely: Vec<_> = branches.iter().filter(|branch| !of_other_type(branch)).collect();
        if likely.is_empty() {
            likely = branches.iter().collect();
        }
        if let Some(violation) = self.joined(error, &likely) {
            self.found.push(violation);
            return;
        }
        let depth = |branch: &[ValidationError<'_>]| branch.iter().map(|error| depth(error)).max();
        let closest = likely.iter().min_by_key(|branch| (branch.len(), std::cmp::Reverse(depth(branch))));
        for error in closest.into_iter().flat_map(|branch| branch.iter()) {
            self.add(error);
        }
    }

    /// One violation for branches that all end in an expectation of this very value.
    fn joined(
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
        for (_, phrase) in &errors {
            if !phrases.contains(&phrase.as_str()) {
                phrases.push(phrase);
            }
        }
        let (first, _) = errors.iter().find(|(error, _)| !is_type(error)).or(errors.first())?;
        let meant = errors.iter().find_map(|(error, _)| self.meant(error));
        Some(self.value_violation(first, &phrases.join(" or "), meant))
    }

    fn add_value(&mut self, error: &ValidationError<'_>) {
        let expected = wording::expected(error, self.subschema(error));
        let expected = expected.unwrap_or_else(|| "something else".to_owned());
        let meant = self.meant(error);
        let violation = self.value_violation(error, &expected, meant);
        self.found.push(violation);
    }

    fn value_violation(
        &self,
        error: &ValidationError<'_>,
        expected: &str,
        meant: Option<Box<str>>,
    ) -> Violation {
        let pointer = error.instance_path().as_str();
        let node = self.root.pointer(pointer).unwrap_or(self.root);
        let offending = match error.kind() {
            Kind::UniqueItems => wording::repeated(node).unwrap_or(node),
            _ => node,
        };
        let found = wording::found(error, offending, pointer);
        Violation {
            keyword: keyword(error.kind()),
            pointer: pointer.into(),
            span: offending.span,
            message: format!("{found}; expected {expected}"),
            help: meant.as_deref().map(|meant| match error.kind() {
                Kind::Type { .. } => format!("Write `{meant}`, without quotes"),
                _ => super::did_you_mean(meant),
            }),
            suggestion: meant,
            field: wording::field(pointer),
            missing: false,
        }
    }

    /// The value that one of another form or spelling was probably meant to be.
    fn meant(&self, error: &ValidationError<'_>) -> Option<Box<str>> {
        let written = self.root.pointer(error.instance_path().as_str())?.as_text()?;
        match error.kind() {
            Kind::Enum { options } => self.nearest_value(error, options, written).map(Box::from),
            Kind::Format { format } if format == "date" => {
                calendar::unmistakable(written).map(|day| day.to_string().into())
            }
            Kind::Type { kind: TypeKind::Single(JsonType::Boolean) } => truth(written).map(Box::from),
            _ => None,
        }
    }

    /// The value of an enumeration that a word may be a slip of, also among the enumeration's synonyms.
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

    /// The schema that holds the broken keyword; none where it lies in another file.
    fn subschema(&self, error: &ValidationError<'_>) -> Option<&'a Value> {
        let (holder, _) = error.schema_path().as_str().rsplit_once('/')?;
        self.schema.pointer(holder)
    }

    /// For each field its plainest violation, in the order of the file.
    fn finish(mut self) -> Vec<Violation> {
        self.found.truncate(LIMIT);
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
        self.found.sort_by_key(|violation| violation.span);
        self.found
    }
}

/// The names and aliases of the fields that `schema` knows.
fn known_names(schema: &Value) -> Vec<&str> {
    let mut names = Vec::new();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        names.push(name.as_str());
        let aliases = field["x-aliases"].as_array().into_iter().flatten();
        names.extend(aliases.filter_map(Value::as_str));
    }
    names
}

/// What YAML 1.1, and people, write for `true` and `false`.
fn truth(written: &str) -> Option<&'static str> {
    match written.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some("true"),
        "no" | "n" | "off" | "false" => Some("false"),
        _ => None,
    }
}

fn is_type(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), Kind::Type { kind: TypeKind::Single(_) | TypeKind::Multiple(_) })
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

fn child(parent: &str, name: &str) -> Box<str> {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1")).into()
}

/// The keyword of an error in kebab-case.
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

#[cfg(test)]
mod tests;
