//! Validates trees against JSON Schemas (Draft 2020-12).

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::finding::Fault;
use crate::node::{self, Entry, Node};
use crate::text::{LazyRegex, Span};
use crate::{calendar, embedded, limits};

mod tree;
mod violation;

pub use crate::value::{nearest, only_meaning};
use tree::{Meter, Metered};
pub use tree::{from_json, to_json};
pub use violation::{Violation, pointer_to, shorten};

/// A compiled schema. `format` is validated; `date`, `duration`, `cadence`, `period` and `amount` are those of
/// [`crate::calendar`]. Patterns run in linear time, so they have no look-around and no back-references.
#[derive(Debug)]
pub struct Schema {
    validator: jsonschema::Validator<tree::Tree>,
    json: Value,
}

impl Schema {
    /// Compiles `schema`. A `$ref` is resolved within the schema or, as `alignlint:schemas/…`, to an embedded file.
    ///
    /// # Errors
    /// An invalid keyword value, an unknown format, an unresolved `$ref`; a schema that multiplies the work too much.
    pub fn compile(schema: &Value) -> Result<Schema, Fault> {
        check_extent(schema)?;
        let mut lenient = schema.clone();
        accept_scalars_as_strings(&mut lenient);
        let validator = options().build(&lenient).map_err(|error| invalid_schema(&error))?;
        Ok(Schema { validator, json: schema.clone() })
    }

    /// Compiles the embedded schema at `path`.
    pub fn embedded(path: &str) -> Schema {
        Schema::compile(&embedded::read(path)).unwrap_or_else(|fault| panic!("{path}: {}", fault.message))
    }

    /// Returns the violations, one for each field, in order. Past a limit, the last one is a [`Violation::limit`].
    pub fn violations(&self, node: &Node) -> Vec<Violation> {
        self.violations_within(limits::VIOLATIONS, node)
    }

    pub fn violations_within(&self, limit: usize, node: &Node) -> Vec<Violation> {
        let meter = Meter::new(limit, node);
        if self.validator.is_valid(Metered(node, &meter)) && !meter.is_spent() {
            return Vec::new();
        }
        let meter = Meter::new(limit, node);
        let errors = self.validator.iter_errors(Metered(node, &meter));
        let mut violations = violation::all(errors.filter(tree::is_reliable), limit, node, &self.json);
        if meter.is_spent() && violations.last().is_none_or(|last| !last.is_limit()) {
            let end = violations.last().map_or(node.span, |last| last.span);
            violations.push(match meter.has_errors_left() {
                true => Violation::too_many_visits(end),
                false => Violation::limit(limit, end),
            });
        }
        violations
    }

    /// Returns the violations of unknown keys without a value, which are absent to [`Schema::violations`].
    pub fn unknown_keys_without_value(&self, limit: usize, root: &Node) -> Vec<Violation> {
        if !has_null(root) {
            return Vec::new();
        }
        let (mut filled, mut keys) = (root.clone(), HashSet::new());
        fill(&mut filled, &mut keys);
        let mut found = self.violations_within(limit, &filled);
        found.retain(|it| &*it.keyword == "additional-properties" && keys.contains(&it.span));
        found
    }

    /// Returns the violations of a file of the policy, in which a key without a value counts as an empty text.
    pub fn violations_of_policy(&self, root: &Node) -> Vec<Violation> {
        let mut filled = root.clone();
        fill(&mut filled, &mut HashSet::new());
        self.violations(&filled)
    }
}

type IsValid = fn(&str) -> bool;

/// The formats that schemas name, besides those of the validator: what a text looks like, and whether it is one.
const FORMATS: [(&str, &str, IsValid); 9] = [
    ("date", "a date such as `2026-11-20`", |text| calendar::parse_date(text).is_some()),
    ("duration", "a duration such as `2 weeks`", |text| calendar::Duration::parse(text).is_some()),
    ("cadence", "a cadence such as `weekly` or `every 2 weeks`", |text| {
        calendar::Duration::parse(text).is_some()
    }),
    ("period", "a period such as `2026-Q4`", |text| calendar::Period::parse(text, 1).is_some()),
    ("amount", "an amount such as `18%` or `$50k`", |text| calendar::Amount::parse(text).is_some()),
    ("range", "text such as `95%..99%`", |text| RANGE.is_match(text)),
    ("slug", "a slug such as `pricing-model`", is_slug),
    ("regex", "a regular expression", |text| compile_pattern(text).is_ok()),
    ("glob", "a path or glob such as `src/**`", |text| globset::Glob::new(text).is_ok()),
];

fn options() -> jsonschema::ValidationOptions<'static, std::sync::Arc<dyn jsonschema::Retrieve>, tree::Tree> {
    let options = jsonschema::options_for::<tree::Tree>()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(limits::REGEX_BYTES))
        .with_retriever(EmbeddedRetriever);
    FORMATS.into_iter().fold(options, |options, (name, _, is_valid)| options.with_format(name, is_valid))
}

static RANGE: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::known(concat!(
        r"^\s*(?:[^\s.].*\S\s*\.\.\s*\S.*|(?i:between\s+)?[$€£]?[0-9][0-9.,]*\s*(?:%|\p{L}+)?\s*(?:-|–|to|and|bis)",
        r"\s*[$€£]?[0-9][0-9.,]*\s*(?:%|[\p{L}/]+(?:\s\p{L}+){0,2})?)\s*$"
    ))
});

fn is_slug(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase());
    text.split('-').all(word)
}

/// Lets each list of types with `string` accept any scalar, as `type: string` does (see [`tree`]).
fn accept_scalars_as_strings(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(accept_scalars_as_strings),
        Value::Object(members) => {
            for (keyword, value) in members.iter_mut() {
                match (keyword.as_str(), value) {
                    ("enum" | "const" | "default" | "examples", _) => {}
                    // Here `type` is the name of a field.
                    (
                        "properties" | "patternProperties" | "dependentSchemas" | "$defs",
                        Value::Object(named),
                    ) => named.values_mut().for_each(accept_scalars_as_strings),
                    (_, value) => accept_scalars_as_strings(value),
                }
            }
            if let Some(Value::Array(types)) = members.get_mut("type")
                && types.iter().any(|name| name == "string")
            {
                let missing = ["number", "boolean"].into_iter().map(Value::from);
                let missing: Vec<Value> = missing.filter(|name| !types.contains(name)).collect();
                types.extend(missing);
            }
        }
        _ => {}
    }
}

struct EmbeddedRetriever;

impl jsonschema::Retrieve for EmbeddedRetriever {
    fn retrieve(
        &self,
        uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let path =
            uri.as_str().strip_prefix("alignlint:").ok_or("`$ref` can only lead to embedded schemas")?;
        let json = embedded::as_json(path).ok_or_else(|| format!("no embedded file `{path}`"))?;
        Ok(serde_json::from_str(json)?)
    }
}

fn invalid_schema(error: &jsonschema::ValidationError<'_>) -> Fault {
    let at = error.instance_path().as_str();
    let location = if at.is_empty() { String::new() } else { format!(" at `{at}`") };
    Fault::new(format!("invalid schema{location}: {error}"))
}

/// Returns the help for an unknown name: the nearest one, or all of them.
pub fn name_help(name: &str, names: &[&str]) -> String {
    nearest(name, names.iter().copied())
        .map_or_else(|| format!("use one of `{}`", names.join("`, `")), did_you_mean)
}

/// Returns the candidates near a word's position in a list sorted by `is_before`: suggestions among many names stay fast.
pub fn nearby_candidates<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> &[T] {
    const WINDOW: usize = 250;
    let position = sorted.partition_point(is_before);
    &sorted[position.saturating_sub(WINDOW)..(position + WINDOW).min(sorted.len())]
}

pub fn did_you_mean(meant: impl std::fmt::Display) -> String {
    format!("did you mean `{meant}`?")
}

/// Returns the help for an unknown name: the one that is meant, else how to find it.
pub fn meant_or(meant: Option<impl std::fmt::Display>, otherwise: &str) -> String {
    meant.map_or_else(|| otherwise.to_owned(), did_you_mean)
}

/// Compiles a regular expression, which runs in linear time.
///
/// # Errors
/// Why the pattern is invalid, in one line.
pub fn compile_pattern(pattern: &str) -> Result<LazyRegex, String> {
    // What `\b` becomes in a text with escapes. No file has this character, and the edge of a word is meant.
    const BACKSPACE: char = '\u{8}';
    if pattern.contains(BACKSPACE) {
        return Err("`\\b` is a backspace here; write `\\\\b`".to_owned());
    }
    LazyRegex::new(pattern).map_err(|error| match error {
        regex::Error::Syntax(text) => text.rsplit("error: ").next().unwrap_or(&text).trim().to_owned(),
        _ => "it is too large".to_owned(),
    })
}

fn has_null(node: &Node) -> bool {
    let items = node.as_sequence().unwrap_or_default();
    node.entries().iter().any(|entry| entry.value.is_null() || has_null(&entry.value))
        || items.iter().any(has_null)
}

/// Gives keys without a value an empty text, at the place of the key.
fn fill(node: &mut Node, keys: &mut HashSet<Span>) {
    match &mut node.value {
        node::Value::Sequence(items) => items.iter_mut().for_each(|item| fill(item, keys)),
        node::Value::Mapping(mapping) => {
            for Entry { key, value } in mapping.entries_mut() {
                match value.is_null() {
                    true => {
                        keys.insert(key.span);
                        *value = Node::text(key.span, "");
                    }
                    false => fill(value, keys),
                }
            }
        }
        node::Value::Scalar(_) => {}
    }
}

/// Refuses schemas that multiply the work: a few lines with two equal `$ref` on each level apply to one value millions of
/// times, and the validator can't be stopped there.
///
/// # Errors
/// More subschemas and fields apply to one value, or an `enum` has more values, than [`limits`] allow.
fn check_extent(schema: &Value) -> Result<(), Fault> {
    let mut open = vec![schema];
    while let Some(part) = open.pop() {
        match part {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                let mut counter = Counter { root: schema, count: 0, path: Vec::new() };
                if !counter.apply(part) {
                    let message =
                        format!("more than {} subschemas and fields apply to one value", limits::SUBSCHEMAS);
                    return Err(Fault::new(message));
                }
                let options = part["enum"].as_array().map_or(0, Vec::len);
                if options > limits::ENUM_VALUES {
                    let message = format!("an `enum` has more than {} values", limits::ENUM_VALUES);
                    return Err(Fault::new(message));
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Counts the subschemas that apply to the same value, and their fields, each as often as it applies.
struct Counter<'a> {
    root: &'a Value,
    count: usize,
    /// The subschemas around: one that applies within itself is not followed, as in the validator.
    path: Vec<*const Value>,
}

impl<'a> Counter<'a> {
    fn apply(&mut self, schema: &'a Value) -> bool {
        let required = schema["required"].as_array().map_or(0, Vec::len);
        let fields = schema["properties"].as_object().map_or(0, Map::len);
        self.count += 1 + required + fields;
        if self.count > limits::SUBSCHEMAS || self.path.len() > limits::DEPTH {
            return false;
        }
        if self.path.contains(&std::ptr::from_ref(schema)) {
            return true;
        }
        self.path.push(schema);
        let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array());
        let single = ["not", "if", "then", "else"].into_iter().filter_map(|keyword| schema.get(keyword));
        let target = schema["$ref"].as_str().and_then(|target| self.root.pointer(target.strip_prefix('#')?));
        let mut applied = lists.flatten().chain(single).chain(target);
        let is_small = applied.all(|subschema| self.apply(subschema));
        self.path.pop();
        is_small
    }
}
