use std::collections::HashSet;
use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FORMATS, compile_pattern, is_slug, nearest};
use crate::calendar::{self, Amount};
use crate::finding::Fault;
use crate::limits;
use crate::node::{Node, Value as Tree};
use crate::text::{Source, Span, article, is_number, kebab};
use crate::value::odd_character;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
const UNFILLED: &str = "unfilled";
const REPORTED_ELSEWHERE: &str = "reported-elsewhere";

impl Violation {
    fn new(keyword: &str, pointer: impl Into<Box<str>>, span: Span, message: String) -> Violation {
        let pointer: Box<str> = pointer.into();
        Violation {
            keyword: keyword.into(),
            field: field_name(&pointer),
            pointer,
            span,
            message,
            ..Violation::default()
        }
    }

    /// Says at `span`, that of the last violation, that more than `count` are not listed.
    pub fn limit(count: usize, span: Span) -> Violation {
        let message = match count {
            1 => "only the first violation of each record in this file is listed".to_owned(),
            _ => format!("only the first {count} violations of each record in this file are listed"),
        };
        Violation::new(LIMIT, "", span, message)
    }

    /// Says that a field has no value, or still has the text of a template.
    pub fn unfilled(field: &str, span: Span) -> Violation {
        Violation::of_field(UNFILLED, field, span, format!("`{field}` has no value"))
    }

    /// Says something of a field at the level of a record.
    pub fn of_field(keyword: &str, field: &str, span: Span, message: String) -> Violation {
        Violation { field: field.into(), ..Violation::new(keyword, format!("/{field}"), span, message) }
    }

    /// Returns true for the text of a template in the place of a value, or nothing.
    pub fn is_unfilled(&self) -> bool {
        &*self.keyword == UNFILLED
    }

    /// Says that another record tells the same for this one too.
    pub fn told_elsewhere(other: &Violation) -> Violation {
        Violation { keyword: REPORTED_ELSEWHERE.into(), ..other.clone() }
    }

    pub fn is_told_elsewhere(&self) -> bool {
        &*self.keyword == REPORTED_ELSEWHERE
    }

    pub(super) fn too_many_visits(span: Span) -> Violation {
        let message = format!(
            "its schema needs more than {} steps for each value; the rest is not checked",
            limits::VISITS_PER_VALUE
        );
        Violation::new(LIMIT, "", span, message)
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
        let known: Vec<&str> = subschema.into_iter().flat_map(known_names).collect();
        let parent_name = parent_name(parent, subschema);
        let entries = mapping.entries().iter().filter(|entry| unexpected.contains(&*entry.key.name));
        for entry in entries.take((self.limit + 1).saturating_sub(self.found.len())) {
            let name = &entry.key.name;
            let suggestion = nearest(name, known.iter().copied());
            let message = unknown(&shorten(name), &parent_name, self.is_own_file());
            self.found.push(Violation {
                help: suggestion.map(super::did_you_mean),
                suggestion: suggestion.map(Box::from),
                ..violation(error, pointer_to(parent, name), entry.key.span, message)
            });
        }
    }

    fn add_missing(&mut self, error: &ValidationError<'_>, name: &str) {
        let parent = error.instance_path().as_str();
        let Some(node) = self.root.pointer(parent) else { return };
        let entries = node.entries();
        let without_value = entries.iter().find(|entry| &*entry.key.name == name);
        let shown = without_value.or(entries.first()).map_or(node.span, |entry| entry.key.span);
        let purpose =
            self.subschema(error).and_then(|schema| schema["properties"][name]["description"].as_str());
        let parent_name = (!parent.is_empty()).then(|| parent_name(parent, None));
        let is_empty = without_value.is_some();
        let verb = if is_empty { "set" } else { "add" };
        let message = missing(name, is_empty, parent_name.as_deref(), self.is_own_file());
        self.found.push(Violation {
            help: purpose.map(|purpose| format!("{verb} `{name}`: {}", phrase(purpose))),
            missing: !is_empty,
            ..violation(error, pointer_to(parent, name), shown, message)
        });
    }

    fn add_invalid_name(&mut self, error: &ValidationError<'_>, name_error: &ValidationError<'_>) {
        let parent = error.instance_path().as_str();
        let instance = name_error.instance();
        let name = instance.as_str().unwrap_or_default();
        let mapping = self.root.pointer(parent).and_then(Node::as_mapping);
        let Some(entry) = mapping.and_then(|mapping| mapping.entry(name)) else { return };
        let expected =
            expected(name_error, self.subschema(name_error)).unwrap_or_else(|| "another name".to_owned());
        let expected = with_reason(expected, name_error, Some(name));
        let message = format!("the key is `{}`; expected {expected}", shorten(name));
        self.found.push(violation(error, pointer_to(parent, name), entry.key.span, message));
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
        if let Some(violation) = self.combined(error, &likely) {
            self.found.push(violation);
            return;
        }
        let depth = |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
        let deepest = |branch: &[ValidationError<'_>]| branch.iter().map(depth).max();
        let closest = likely.iter().min_by_key(|branch| (branch.len(), std::cmp::Reverse(deepest(branch))));
        closest.into_iter().flat_map(|branch| branch.iter()).for_each(|error| self.add(error));
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
            errors.push((first, expected(first, self.subschema(first))?));
        }
        let mut seen = HashSet::new();
        let mut phrases: Vec<&str> = errors.iter().flat_map(|(_, phrase)| phrase.split(" or ")).collect();
        phrases.retain(|phrase| seen.insert(*phrase));
        let (first, _) = errors.iter().find(|(error, _)| !is_type(error)).or(errors.first())?;
        let suggestion = errors.iter().find_map(|(error, _)| self.suggestion(error));
        Some(self.value_violation(first, &phrases.join(" or "), suggestion))
    }

    fn add_value(&mut self, error: &ValidationError<'_>) {
        let expected = expected(error, self.subschema(error));
        let expected = expected.unwrap_or_else(|| "something else".to_owned());
        let written = self.root.pointer(error.instance_path().as_str()).and_then(Node::as_text);
        let expected = with_reason(expected, error, written);
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
            Kind::UniqueItems => first_duplicate(node).unwrap_or(node),
            _ => node,
        };
        let found = found(error, offending, pointer);
        let help = suggestion.as_deref().map(|suggestion| match error.kind() {
            Kind::Type { .. } if offending.as_text() == Some(suggestion) => {
                format!("write `{suggestion}` without quotes")
            }
            Kind::Type { .. } => format!("write `{suggestion}`"),
            _ => super::did_you_mean(suggestion),
        });
        let odd = suggestion.as_deref().zip(offending.as_text());
        let odd = odd.and_then(|(meant, written)| odd_character(written, meant));
        let odd = odd.map(|odd| format!(", whose {odd}")).unwrap_or_default();
        let message = match missing_day(error, offending) {
            Some(reason) => format!("{found}, and {reason}"),
            None => format!("{found}{odd}; expected {expected}"),
        };
        Violation { help, suggestion, ..violation(error, pointer, offending.span, message) }
    }

    fn suggestion(&self, error: &ValidationError<'_>) -> Option<Box<str>> {
        let written = self.root.pointer(error.instance_path().as_str())?.as_text()?;
        match error.kind() {
            Kind::Enum { options } => self.nearest_value(error, options, written).map(Box::from),
            Kind::Format { format } => meant(format, written),
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

    /// True for configuration, rules, kinds and formats: only their schemas name the draft.
    fn is_own_file(&self) -> bool {
        self.schema.get("$schema").is_some()
    }

    /// A misspelt key that is required is one mistake: keeps the violation that names the key as it is written.
    fn remove_misspelt_required(&mut self) {
        let meant = |violation: &Violation| {
            let (parent, _) = violation.pointer.rsplit_once('/')?;
            let suggestion = violation.suggestion.as_deref()?;
            (&*violation.keyword == "additional-properties").then(|| pointer_to(parent, suggestion))
        };
        let meant: HashSet<Box<str>> = self.found.iter().filter_map(meant).collect();
        self.found.retain(|violation| !violation.missing || !meant.contains(&violation.pointer));
    }

    /// Keeps the simplest violation of each field, in the order of the file.
    fn finish(mut self) -> Vec<Violation> {
        let is_over = self.found.len() > self.limit;
        self.found.truncate(self.limit);
        let rank = |violation: &Violation| match &*violation.keyword {
            "type" => 0,
            "enum" | "const" => 1,
            _ => 2,
        };
        self.found.sort_by(|a, b| (&a.pointer, rank(a)).cmp(&(&b.pointer, rank(b))));
        self.found.dedup_by(|later, first| later.pointer == first.pointer);
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

fn known_names(schema: &Value) -> impl Iterator<Item = &str> {
    schema["properties"].as_object().into_iter().flatten().flat_map(|(name, field)| {
        let aliases = field["x-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
        std::iter::once(name.as_str()).chain(aliases)
    })
}

fn parse_boolean(written: &str) -> Option<&'static str> {
    match written.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some("true"),
        "no" | "n" | "off" | "false" => Some("false"),
        _ => None,
    }
}

/// Adds why a text that has to be a regular expression is none.
fn with_reason(expected: String, error: &ValidationError<'_>, written: Option<&str>) -> String {
    let is_pattern = matches!(error.kind(), Kind::Format { format } if format == "regex");
    match written.filter(|_| is_pattern).map(compile_pattern) {
        Some(Err(reason)) => format!("{expected}; {reason}"),
        _ => expected,
    }
}

/// Returns the value in its format that a text plainly means: `2026-11-16` for the date `16.11.2026`.
fn meant(format: &str, written: &str) -> Option<Box<str>> {
    match format {
        "date" => calendar::parse_any_date(written).map(|day| day.to_string().into()),
        "duration" | "cadence" => nearest(written, calendar::cadences()).map(Box::from),
        "amount" => Amount::with_decimal_point(written).map(Box::from),
        "slug" => Some(kebab(written)).filter(|name| is_slug(name) && *name != written).map(Box::from),
        _ => None,
    }
}

/// Returns why a date is none, where its day or month does not exist.
fn missing_day(error: &ValidationError<'_>, node: &Node) -> Option<String> {
    let Kind::Format { format } = error.kind() else { return None };
    let written = node.as_text().filter(|_| matches!(&**format, "date" | "period"))?;
    let mut days = written.split("..").flat_map(|part| part.split_whitespace());
    calendar::missing_day(written).or_else(|| days.find_map(calendar::missing_day))
}

fn is_type(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), Kind::Type { kind: TypeKind::Single(_) | TypeKind::Multiple(_) })
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

pub fn pointer_to(parent: &str, name: &str) -> Box<str> {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1")).into()
}

/// Returns the violation that the validator found at a pointer, with its keyword in kebab-case.
fn violation(
    error: &ValidationError<'_>,
    pointer: impl Into<Box<str>>,
    span: Span,
    message: String,
) -> Violation {
    Violation::new(&kebab(error.kind().keyword()), pointer, span, message)
}

/// What the schema expects, as in "expected …"; `None` if the error is not about one value.
fn expected(error: &ValidationError<'_>, schema: Option<&Value>) -> Option<String> {
    Some(match error.kind() {
        Kind::Type { kind: TypeKind::Single(kind) } => type_name(*kind).to_owned(),
        Kind::Type { kind: TypeKind::Multiple(kinds) } => type_names(&kinds.iter().collect::<Vec<_>>()),
        Kind::Enum { options } => one_of(options.as_array().map_or(&[][..], Vec::as_slice)),
        Kind::Constant { expected_value } => format!("`{}`", plain(expected_value)),
        Kind::Format { format } => format_name(format),
        Kind::Pattern { pattern } => pattern_name(pattern, schema),
        Kind::MinLength { limit: 1 } => "some text".to_owned(),
        Kind::MinLength { limit } => format!("at least {limit} characters"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => format!("at least {limit}"),
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => format!("at most {limit}"),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::UniqueItems => "each item once".to_owned(),
        Kind::FalseSchema => "nothing here".to_owned(),
        _ => return None,
    })
}

/// What the file has, with the name of the field: "`status` is `aproved`".
fn found(error: &ValidationError<'_>, node: &Node, pointer: &str) -> String {
    let name = field_name(pointer);
    let last = pointer.rsplit_once('/').map(|(_, token)| token);
    let in_list = last.is_some_and(is_number) || matches!(error.kind(), Kind::UniqueItems);
    let what = match (error.kind(), &node.value) {
        (Kind::MinItems { .. } | Kind::MaxItems { .. }, Tree::Sequence(items)) => count(items.len(), "item"),
        (Kind::MinProperties { .. } | Kind::MaxProperties { .. }, Tree::Mapping(mapping)) => {
            count(mapping.len(), "key")
        }
        _ => describe(node),
    };
    let counted = what.starts_with(|first: char| first.is_ascii_digit());
    match (name.is_empty(), in_list) {
        (true, _) => format!("this is {what}"),
        (false, true) if !counted => format!("`{name}` holds {what}"),
        (false, _) => format!("`{name}` {} {what}", if counted { "has" } else { "is" }),
    }
}

fn unknown(name: &str, parent: &str, is_own_file: bool) -> String {
    match is_own_file {
        true => format!("unknown key `{name}` in {parent}"),
        false => format!("`{name}` is not a field of {parent}"),
    }
}

fn missing(name: &str, is_empty: bool, parent: Option<&str>, is_own_file: bool) -> String {
    let message = match (is_own_file, is_empty) {
        (_, true) => format!("`{name}` has no value"),
        (true, false) => format!("missing key `{name}`"),
        (false, false) => format!("`{name}` is missing"),
    };
    match parent {
        Some(parent) => format!("{message} in {parent}"),
        None => message,
    }
}

fn describe(node: &Node) -> String {
    match &node.value {
        Tree::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
        Tree::Sequence(_) => "a list".to_owned(),
        Tree::Mapping(_) => "a mapping".to_owned(),
        Tree::Scalar(_) if node.is_empty() => "empty".to_owned(),
        Tree::Scalar(scalar) => format!("`{}`", shorten(scalar.text())),
    }
}

fn count(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn first_duplicate(list: &Node) -> Option<&Node> {
    let mut seen = std::collections::HashSet::new();
    list.as_sequence()?.iter().find(|item| item.as_text().is_some_and(|text| !seen.insert(text)))
}

fn parent_name(pointer: &str, schema: Option<&Value>) -> String {
    let name = field_name(pointer);
    if !name.is_empty() {
        return format!("`{name}`");
    }
    match schema.and_then(|schema| schema["title"].as_str()) {
        Some(title) => {
            let title = title.to_lowercase();
            format!("{} {title}", article(&title))
        }
        None => "this record".to_owned(),
    }
}

fn field_name(pointer: &str) -> Box<str> {
    let name = pointer.rsplit('/').find(|token| !is_number(token)).unwrap_or_default();
    name.replace("~1", "/").replace("~0", "~").into()
}

/// Returns the first 60 characters on one line.
pub fn shorten(text: &str) -> String {
    let mut line: String =
        text.trim().chars().take(61).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Some((last, _)) = line.char_indices().nth(60) {
        line.truncate(last);
        line.push('…');
    }
    line
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping",
        JsonType::String => "text",
    }
}

/// Numbers and booleans are strings too, so only `string` is named.
fn type_names(kinds: &[JsonType]) -> String {
    let text = kinds.contains(&JsonType::String);
    let scalar = |kind: &JsonType| matches!(kind, JsonType::Boolean | JsonType::Integer | JsonType::Number);
    let named = kinds.iter().filter(|kind| !(text && scalar(kind))).map(|kind| type_name(*kind));
    named.collect::<Vec<_>>().join(" or ")
}

fn one_of(options: &[Value]) -> String {
    const MAX_OPTIONS: usize = 12;
    let shown: Vec<String> = options.iter().take(MAX_OPTIONS).map(plain).collect();
    let more = if options.len() > MAX_OPTIONS { ", …" } else { "" };
    match shown.as_slice() {
        [only] => format!("`{only}`"),
        _ => format!("one of {}{more}", shown.join(", ")),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Says what a format looks like.
fn format_name(format: &str) -> String {
    match (FORMATS.iter().find(|(name, ..)| *name == format), format) {
        (Some((_, phrase, _)), _) => (*phrase).to_owned(),
        (None, "email") => "an e-mail address".to_owned(),
        (None, "uri") => "a URL".to_owned(),
        (None, _) => format!("text of the format `{format}`"),
    }
}

fn pattern_name(pattern: &str, schema: Option<&Value>) -> String {
    match schema.and_then(|schema| schema["examples"][0].as_str()) {
        Some(example) => format!("text such as `{example}`"),
        None => format!("text that matches `{pattern}`"),
    }
}
