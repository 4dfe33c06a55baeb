//! The fields of a record or of a mapping inside one, as its schema's annotations describe them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// The fields that a mapping may have.
#[derive(Debug, Default)]
pub struct Shape {
    /// In the order of the schema.
    pub fields: Vec<Field>,
    /// The field that a plain text stands for, where it is written in place of the mapping.
    pub text: Option<Box<str>>,
    by_key: HashMap<Box<str>, usize>,
}

#[derive(Debug)]
pub struct Field {
    /// In kebab-case, as in files.
    pub name: Arc<str>,
    /// Other names that it goes by in files.
    pub aliases: Vec<Box<str>>,
    pub ty: FieldType,
    pub description: Box<str>,
    /// Titles of Markdown sections that hold it.
    pub headings: Vec<Box<str>>,
    /// The value that is read where it is absent.
    pub default: Option<Box<str>>,
    /// Whether it is text in which words of the glossary are looked for.
    pub prose: bool,
    /// The values of an enumeration; empty for any other field.
    pub values: Vec<Box<str>>,
    /// For a value of the enumeration, what else people write for it.
    pub synonyms: Vec<(Box<str>, Vec<Box<str>>)>,
    /// The field whose value stands for this one, where this one is absent.
    pub derived_from: Option<Box<str>>,
    /// Where that is absent too: the day on which any field of the record last changed.
    pub falls_back_to_history: bool,
    /// For a list, the field that tells its items apart.
    pub natural_key: Option<Box<str>>,
}

/// What a field holds. Text, dates and the like are all written as scalars; this says how they are read.
#[derive(Clone, Debug)]
pub enum FieldType {
    Text,
    Bool,
    Integer,
    Number,
    Date,
    Duration,
    Period,
    Amount,
    /// To a record of one of these kinds, or of any kind where there are none. The schema may also allow a list.
    Reference(Arc<[Arc<str>]>),
    List(Box<FieldType>),
    Struct(Arc<Shape>),
    Any,
}

/// How deep shapes nest; deeper ones, and schemas that contain themselves, are read as [`FieldType::Any`].
const DEPTH: usize = 8;

impl Shape {
    /// The shape that `schema` (an object with `properties`) describes. `root` is the whole schema, for `$ref`.
    pub(super) fn of(schema: &Value, root: &Value) -> Shape {
        shape(schema, root, 0)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| &*field.name == name)
    }

    /// The field that a key of a file means: its name or an alias, whatever the case and the separators.
    pub fn by_key(&self, key: &str) -> Option<&Field> {
        let at = self.by_key.get(key).or_else(|| self.by_key.get(fold_name(key).as_str()))?;
        self.fields.get(*at)
    }

    /// The fields that one key would mean, where a schema gives it to two: (the first, the second, the key).
    pub(super) fn ambiguous_key(&self) -> Option<(&Field, &Field, &str)> {
        self.fields.iter().enumerate().find_map(|(at, field)| {
            let other = |key: &str| self.by_key.get(fold_name(key).as_str()).filter(|other| **other != at);
            let mut keys = std::iter::once(&*field.name).chain(field.aliases.iter().map(|alias| &**alias));
            keys.find_map(|key| Some((&self.fields[*other(key)?], field, key)))
        })
    }
}

impl Field {
    /// The value of the enumeration that `written` means, by itself or as a synonym, whatever the case and
    /// the separators.
    pub fn canonical(&self, written: &str) -> Option<&str> {
        let written = fold_name(written);
        let value = self.values.iter().find(|value| fold_name(value) == written);
        let synonym = || {
            let of = |(_, others): &&(Box<str>, Vec<Box<str>>)| {
                others.iter().any(|other| fold_name(other) == written)
            };
            self.synonyms.iter().find(of).map(|(value, _)| value)
        };
        value.or_else(synonym).map(|value| &**value)
    }
}

/// A name without case and separators: `Review_By`, `review by` and `reviewBy` are all `reviewby`.
pub fn fold_name(name: &str) -> String {
    let name = name.trim();
    let mut folded = String::with_capacity(name.len());
    let parts = name.split(['-', '_', ' ']);
    match name.is_ascii() {
        true => parts.for_each(|part| folded.push_str(part)),
        false => folded.extend(parts.flat_map(str::chars).flat_map(char::to_lowercase)),
    }
    folded.make_ascii_lowercase();
    folded
}

fn shape(schema: &Value, root: &Value, depth: usize) -> Shape {
    let schema = resolved(schema, root);
    let properties = schema["properties"].as_object().into_iter().flatten();
    let of_the_file = |name: &str| matches!(name, "$schema" | "kind");
    let fields: Vec<Field> = properties
        .filter(|(name, _)| depth > 0 || !of_the_file(name))
        .map(|(name, schema)| field(name, schema, root, depth))
        .collect();
    let mut by_key = HashMap::new();
    let names = fields.iter().enumerate().map(|(at, field)| (&*field.name, at));
    let aliases = fields
        .iter()
        .enumerate()
        .flat_map(|(at, field)| field.aliases.iter().map(move |alias| (&**alias, at)));
    for (key, at) in names.chain(aliases) {
        by_key.entry(fold_name(key).into_boxed_str()).or_insert(at);
        by_key.entry(key.into()).or_insert(at);
    }
    Shape { fields, text: text(&schema["x-text"]), by_key }
}

fn field(name: &str, schema: &Value, root: &Value, depth: usize) -> Field {
    let schema = resolved(schema, root);
    let synonyms = schema["x-synonyms"].as_object().into_iter().flatten();
    Field {
        name: name.into(),
        aliases: texts(&schema["x-aliases"]),
        ty: type_of(schema, root, depth),
        description: text(&schema["description"]).unwrap_or_default(),
        headings: texts(&schema["x-headings"]),
        default: default(&schema["default"]),
        prose: schema["x-prose"] == true,
        values: texts(&schema["enum"]),
        synonyms: synonyms.map(|(value, others)| (value.as_str().into(), texts(others))).collect(),
        derived_from: text(&schema["x-derived"]["from"]),
        falls_back_to_history: schema["x-derived"]["else"] == "history",
        natural_key: text(&schema["x-key"]),
    }
}

fn type_of(schema: &Value, root: &Value, depth: usize) -> FieldType {
    if depth > DEPTH {
        return FieldType::Any;
    }
    let schema = resolved(schema, root);
    if let Some(kinds) = reference(&schema["x-ref"]) {
        return FieldType::Reference(kinds);
    }
    if schema["properties"].is_object() {
        return FieldType::Struct(Arc::new(shape(schema, root, depth + 1)));
    }
    let formatted = match schema["format"].as_str() {
        Some("date") => Some(FieldType::Date),
        Some("duration" | "cadence") => Some(FieldType::Duration),
        Some("period") => Some(FieldType::Period),
        Some("amount") => Some(FieldType::Amount),
        _ => None,
    };
    if let Some(formatted) = formatted {
        return formatted;
    }
    let branches =
        ["anyOf", "oneOf"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten());
    let telling = |ty: &FieldType| !matches!(ty, FieldType::Any | FieldType::Text);
    if let Some(ty) = branches.map(|branch| type_of(branch, root, depth + 1)).find(telling) {
        return ty;
    }
    let types = &schema["type"];
    let allows =
        |name: &str| types == name || types.as_array().is_some_and(|types| types.iter().any(|ty| ty == name));
    if allows("array") && !allows("string") {
        return FieldType::List(Box::new(type_of(&schema["items"], root, depth + 1)));
    }
    match () {
        () if allows("string") || schema["enum"].is_array() => FieldType::Text,
        () if allows("boolean") => FieldType::Bool,
        () if allows("number") => FieldType::Number,
        () if allows("integer") => FieldType::Integer,
        () => FieldType::Any,
    }
}

/// The schema that a `$ref` within `root` leads to; a chain of them is followed a few steps.
fn resolved<'a>(mut schema: &'a Value, root: &'a Value) -> &'a Value {
    for _ in 0..DEPTH {
        let target = schema["$ref"].as_str().and_then(|target| root.pointer(target.strip_prefix('#')?));
        match target {
            Some(target) => schema = target,
            None => return schema,
        }
    }
    schema
}

/// The kinds that an `x-ref` names: `who` for person, role and team, `any` for none in particular.
fn reference(annotation: &Value) -> Option<Arc<[Arc<str>]>> {
    let names = match annotation {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    if names.contains(&"any") {
        return Some(Arc::default());
    }
    let expand = |name| if name == "who" { vec!["person", "role", "team"] } else { vec![name] };
    Some(names.into_iter().flat_map(expand).map(Arc::from).collect())
}

fn default(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string().into()),
        _ => None,
    }
}

pub(super) fn text(value: &Value) -> Option<Box<str>> {
    value.as_str().map(Box::from)
}

pub(super) fn texts(value: &Value) -> Vec<Box<str>> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}
