//! The fields of a record or of a mapping in one, from the schema and its annotations.

use std::cell::Cell;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use serde::Deserialize;
use serde_json::Value;

use crate::limits;
use crate::node::Node;
use crate::schema::{self, from_json};
use crate::value::phrase::{Found, Phrase};

/// The fields of a mapping.
#[derive(Debug, Default)]
pub struct Shape {
    pub fields: Vec<Field>,
    /// The field that a text in place of the mapping is assigned to.
    pub text: Option<Box<str>>,
    /// The two fields that a part of a page sets: a question, and the answer after it.
    pub pair: Option<(Box<str>, Box<str>)>,
    /// True if the schema allows no other keys.
    pub is_closed: bool,
    by_key: HashMap<Box<str>, usize>,
    /// False if the schema has more than [`limits::FIELDS`].
    pub(super) is_complete: bool,
}

#[derive(Debug)]
pub struct Field {
    pub name: Arc<str>,
    pub aliases: Vec<Box<str>>,
    pub ty: FieldType,
    pub description: Box<str>,
    /// Titles of Markdown sections with the value.
    pub headings: Vec<Box<str>>,
    /// The value if the field is absent.
    pub default: Option<Node>,
    /// True for text in which glossary terms are searched.
    pub prose: bool,
    /// True for text that may be the id of a record of any kind, and need not be one.
    pub may_be_id: bool,
    /// True for references that must not lead back to the record.
    pub acyclic: bool,
    pub values: Vec<Box<str>>,
    pub synonyms: Vec<(Box<str>, Vec<Box<str>>)>,
    /// The field whose value is used if this one is absent.
    pub derived_from: Option<Box<str>>,
    /// If that field is absent too: use the date of the record's last change.
    pub falls_back_to_history: bool,
    /// How a text in place of the mapping states it (`x-in-text`).
    pub in_text: Option<Phrase>,
    /// The field whose text may name several: this one has the others (`x-others-of`).
    pub others_of: Option<Box<str>>,
    /// True for a field that takes one value or a list of them.
    pub may_be_list: bool,
    /// True if a value above the records holds for each item of theirs without one (`x-of-file`).
    pub of_file: bool,
    /// Words that mark a line anywhere on a page as an item (`x-marked`).
    pub marked: Vec<Box<str>>,
    /// Keys of another field that mean this one where that field has a second key (`x-beside`).
    pub beside: Vec<Box<str>>,
    /// Of a date, the field that says who did it on that day (`x-day-of`).
    pub day_of: Option<Box<str>>,
    /// For a list, the field that identifies its items.
    pub natural_key: Option<Box<str>>,
    pub absent: AbsentValues,
    /// Words that say that it is absent on purpose; a reason may follow.
    pub none: Vec<Box<str>>,
    /// Whether a record of another format may state words in place of the value (`x-in-words`).
    pub in_words: Option<bool>,
    pub initial: Option<Initial>,
    /// Of a date, the day that a period such as `2022-03` means.
    pub day_of_period: Option<DayOfPeriod>,
}

/// The day that a period means in place of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOfPeriod {
    First,
    Last,
}

/// The value of a field in a new record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Initial {
    Today,
    /// Whoever is at work.
    Author,
    /// The title, in a record that states none.
    Title,
    /// The day that the title names, else today.
    Day,
    /// The path of its page.
    Page,
    /// The record that the title names, else the one that most other records name.
    Same,
    /// An item for each text in a list of the record that another field names.
    Each {
        field: Box<str>,
        list: Box<str>,
    },
    Value(Box<str>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsentValues {
    /// Empty values and placeholders such as `TBD` or `{who}`: people read the field.
    Placeholders,
    /// Empty values: a program reads the field, and `{a,b}` or `*` may be a pattern.
    Empty,
    /// None: what matters is whether the key is there.
    None,
}

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
    /// A reference to a record of one of these kinds, or of any kind if empty. The schema may also allow a list.
    Reference(Arc<[Arc<str>]>),
    List(Box<FieldType>),
    Struct(Arc<Shape>),
    /// A mapping whose keys are not fields.
    Map(Arc<MapType>),
    Any,
}

#[derive(Debug)]
pub struct MapType {
    /// The kinds of records that the keys refer to; `None` for keys that are texts.
    pub keys: Option<Arc<[Arc<str>]>>,
    pub values: FieldType,
}

impl Shape {
    pub(super) fn new(schema: &Value, root: &Value) -> Shape {
        let reader = ShapeReader { root, fields: Cell::new(0) };
        let shape = reader.shape(schema, 0);
        Shape { is_complete: reader.has_fields_left(), ..shape }
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(*self.by_key.get(name)?).filter(|field| *field.name == *name)
    }

    /// Returns the type at a path of names joined by dots. A list or mapping on the way stands for each of its values.
    pub fn type_at(&self, path: &str) -> Option<&FieldType> {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let ty = &self.field(name)?.ty;
        match rest {
            Some(rest) => ty.shape()?.type_at(rest),
            None => Some(ty),
        }
    }

    /// Returns the field with this name or alias, ignoring case and separators.
    pub fn by_key(&self, key: &str) -> Option<&Field> {
        let at = self.by_key.get(key).or_else(|| self.by_key.get(fold_name(key).as_str()))?;
        self.fields.get(*at)
    }

    /// Returns the field of the items in a list that a key above the records states for all of them.
    pub fn of_file(&self, key: &str) -> Option<(&Field, &Field)> {
        self.fields.iter().find_map(|list| {
            let field = list.ty.shape()?.by_key(key).filter(|field| field.of_file)?;
            Some((list, field))
        })
    }

    /// Returns the fields that a text states in place of the mapping, each with what it states.
    pub fn stated_in(&self, text: &str) -> impl Iterator<Item = (&Field, Found)> {
        self.fields.iter().filter_map(move |field| Some((field, field.in_text?.find(text)?)))
    }

    /// Returns the only field that an unknown key can be a misspelling of.
    pub fn only_meaning(&self, key: &str) -> Option<&Field> {
        let names = self.by_key.iter().map(|(key, at)| (fold_name(key), &*self.fields[*at].name));
        let name = schema::only_meaning(&fold_name(key), names).filter(|_| self.is_closed)?;
        self.field(name)
    }

    pub(super) fn ambiguous_key(&self) -> Option<(&Field, &Field, &str)> {
        self.fields.iter().enumerate().find_map(|(at, field)| {
            let other = |key: &str| self.by_key.get(fold_name(key).as_str()).filter(|other| **other != at);
            let mut keys = std::iter::once(&*field.name).chain(field.aliases.iter().map(|alias| &**alias));
            keys.find_map(|key| Some((&self.fields[*other(key)?], field, key)))
        })
    }
}

impl FieldType {
    /// Returns the fields of its mappings: of its own, or of those in its lists and mappings.
    pub fn shape(&self) -> Option<&Arc<Shape>> {
        match self {
            FieldType::Struct(shape) => Some(shape),
            FieldType::List(inner) => inner.shape(),
            FieldType::Map(map) => map.values.shape(),
            _ => None,
        }
    }

    pub fn refers_to(&self, kind: &str) -> bool {
        self.referred().is_some_and(|kinds| kinds.iter().any(|one| **one == *kind))
    }

    /// Returns the kinds of records of which its values are references; empty for any kind.
    pub fn referred(&self) -> Option<&[Arc<str>]> {
        match self {
            FieldType::Reference(kinds) => Some(kinds),
            FieldType::List(of) => of.referred(),
            _ => None,
        }
    }

    pub fn has_references(&self) -> bool {
        match self {
            FieldType::Reference(_) => true,
            FieldType::List(of) => of.has_references(),
            FieldType::Struct(shape) => shape.fields.iter().any(|field| field.ty.has_references()),
            FieldType::Map(map) => map.keys.is_some() || map.values.has_references(),
            _ => false,
        }
    }
}

impl Initial {
    /// Returns true for a word that says how a value begins, and is none itself.
    pub(super) fn is_word(text: &str) -> bool {
        !matches!(Initial::new(text.into()), Initial::Value(_))
    }

    fn new(text: Box<str>) -> Initial {
        match &*text {
            "today" => Initial::Today,
            "author" => Initial::Author,
            "title" => Initial::Title,
            "day" => Initial::Day,
            "page" => Initial::Page,
            "same" => Initial::Same,
            _ => match text.strip_prefix("each ").and_then(|path| path.split_once('.')) {
                Some((field, list)) => Initial::Each { field: field.into(), list: list.into() },
                None => Initial::Value(text),
            },
        }
    }
}

impl Field {
    /// Returns true for the name of the field, ignoring case and separators, and false for an alias.
    pub fn is_own_name(&self, key: &str) -> bool {
        fold_name(key) == fold_name(&self.name)
    }

    /// Returns true if a value says that the field is absent on purpose: `none`, or `none, because …`.
    pub fn is_none(&self, written: &str) -> bool {
        let written = written.trim_start();
        self.none.iter().any(|word| {
            let start = written.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word));
            let ends_there = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/');
            start.is_some() && written[word.len()..].chars().next().is_none_or(ends_there)
        })
    }

    /// Returns the enumeration value for `written` or a synonym, ignoring case and separators.
    pub fn canonical(&self, written: &str) -> Option<&str> {
        let written = fold_name(written);
        let is_written = |word: &str| fold_name(word) == written;
        let value = self.values.iter().find(|value| is_written(value));
        let synonym = || self.synonyms.iter().find(|(_, words)| words.iter().any(|word| is_written(word)));
        value.or_else(|| synonym().map(|(value, _)| value)).map(|value| &**value)
    }

    pub fn item_shape(&self) -> Option<&Shape> {
        let FieldType::List(of) = &self.ty else { return None };
        let FieldType::Struct(shape) = &**of else { return None };
        Some(shape)
    }

    /// Returns the only enumeration value that `written` can be a misspelling of.
    pub fn only_meaning(&self, written: &str) -> Option<&str> {
        let synonyms =
            self.synonyms.iter().flat_map(|(value, others)| others.iter().map(move |it| (it, value)));
        let words = self.values.iter().map(|value| (value, value)).chain(synonyms);
        schema::only_meaning(&fold_name(written), words.map(|(word, value)| (fold_name(word), &**value)))
    }
}

/// Removes case and separators: `Review_By`, `review by` and `reviewBy` become `reviewby`.
pub fn fold_name(name: &str) -> String {
    let name = name.trim();
    let is_separator = |c: char| matches!(c, '-' | '_' | ' ');
    if !name.is_ascii() {
        return name.chars().filter(|c| !is_separator(*c)).flat_map(char::to_lowercase).collect();
    }
    let mut folded = name.to_ascii_lowercase();
    folded.retain(|c| !is_separator(c));
    folded
}

fn allows(schema: &Value, name: &str) -> bool {
    let types = member(schema, "type");
    types == name || types.as_array().is_some_and(|types| types.iter().any(|ty| ty == name))
}

fn absent_values(schema: &Value, root: &Value) -> AbsentValues {
    let is_pattern = |schema: &Value| {
        matches!(member(schema, "format").as_str(), Some("glob" | "regex"))
            || member(schema, "pattern").is_string()
    };
    match () {
        () if member(schema, "x-verbatim") == true => AbsentValues::None,
        () if is_pattern(schema) || is_pattern(resolved(member(schema, "items"), root)) => {
            AbsentValues::Empty
        }
        () => AbsentValues::Placeholders,
    }
}

struct ShapeReader<'a> {
    root: &'a Value,
    /// The fields and types read so far: a schema that refers to itself can have any number.
    fields: Cell<usize>,
}

impl ShapeReader<'_> {
    fn has_fields_left(&self) -> bool {
        self.fields.get() <= limits::FIELDS
    }

    fn shape(&self, schema: &Value, depth: usize) -> Shape {
        let schema = resolved(schema, self.root);
        let properties = member(schema, "properties").as_object().into_iter().flatten();
        let is_file_key = |name: &str| matches!(name, "$schema" | "kind");
        let fields: Vec<Field> = properties
            .take_while(|_| self.has_fields_left())
            .filter(|(name, _)| depth > 0 || !is_file_key(name))
            .map(|(name, schema)| self.field(name, schema, depth))
            .collect();
        let keys = fields.iter().map(|field| 2 * (1 + field.aliases.len()));
        let mut by_key = HashMap::with_capacity(keys.sum());
        let names = fields.iter().enumerate().map(|(at, field)| (&*field.name, at));
        let aliases = fields
            .iter()
            .enumerate()
            .flat_map(|(at, field)| field.aliases.iter().map(move |alias| (&**alias, at)));
        for (key, at) in names.chain(aliases) {
            by_key.entry(fold_name(key).into_boxed_str()).or_insert(at);
            by_key.entry(key.into()).or_insert(at);
        }
        let is_closed = member(schema, "additionalProperties") == false;
        let pair = <[_; 2]>::try_from(texts(member(schema, "x-pair"))).ok();
        Shape {
            fields,
            text: text(member(schema, "x-text")),
            pair: pair.map(|[first, second]| (first, second)),
            is_closed,
            by_key,
            is_complete: true,
        }
    }

    fn field(&self, name: &str, schema: &Value, depth: usize) -> Field {
        let schema = resolved(schema, self.root);
        let valued = self.valued(schema);
        let synonyms = member(valued, "x-synonyms").as_object().into_iter().flatten();
        Field {
            name: name.into(),
            aliases: texts(member(schema, "x-aliases")),
            ty: self.type_of(schema, depth),
            description: text(member(schema, "description")).unwrap_or_default(),
            headings: texts(member(schema, "x-headings")),
            default: Some(from_json(member(schema, "default"))).filter(|value| !value.is_null()),
            prose: member(schema, "x-prose") == true,
            may_be_id: member(schema, "x-may-be-id") == true,
            acyclic: member(schema, "x-acyclic") == true,
            values: texts(member(valued, "enum")),
            synonyms: synonyms.map(|(value, others)| (value.as_str().into(), texts(others))).collect(),
            derived_from: text(member(member(schema, "x-derived"), "from")),
            falls_back_to_history: member(member(schema, "x-derived"), "else") == "history",
            in_text: Phrase::deserialize(member(schema, "x-in-text")).ok(),
            others_of: text(member(schema, "x-others-of")),
            may_be_list: allows(schema, "array") && allows(schema, "string"),
            of_file: member(schema, "x-of-file") == true,
            marked: texts(member(schema, "x-marked")),
            beside: texts(member(schema, "x-beside")),
            day_of: text(member(schema, "x-day-of")),
            natural_key: text(member(schema, "x-key")),
            absent: absent_values(schema, self.root),
            none: texts(member(schema, "x-none")),
            in_words: member(schema, "x-in-words").as_bool(),
            initial: text(member(schema, "x-initial")).map(Initial::new),
            day_of_period: match member(schema, "x-period").as_str() {
                Some("first day") => Some(DayOfPeriod::First),
                Some("last day") => Some(DayOfPeriod::Last),
                _ => None,
            },
        }
    }

    /// Returns the schema that lists the values: of a list, that of its items.
    fn valued<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let items = resolved(member(schema, "items"), self.root);
        let is_list_of_values = member(schema, "type") == "array" && member(items, "enum").is_array();
        if is_list_of_values { items } else { schema }
    }

    fn type_of(&self, schema: &Value, depth: usize) -> FieldType {
        self.fields.set(self.fields.get() + 1);
        if depth > limits::FIELD_DEPTH || !self.has_fields_left() {
            return FieldType::Any;
        }
        let schema = resolved(schema, self.root);
        if let Some(kinds) = reference(member(schema, "x-ref")) {
            return FieldType::Reference(kinds);
        }
        if member(schema, "properties").is_object() {
            return FieldType::Struct(Arc::new(self.shape(schema, depth + 1)));
        }
        match member(schema, "format").as_str() {
            Some("date") => return FieldType::Date,
            Some("duration" | "cadence") => return FieldType::Duration,
            Some("period") => return FieldType::Period,
            Some("amount") => return FieldType::Amount,
            _ => {}
        }
        let branches = ["anyOf", "oneOf"]
            .into_iter()
            .flat_map(|key| member(schema, key).as_array().into_iter().flatten());
        let is_specific = |ty: &FieldType| !matches!(ty, FieldType::Any | FieldType::Text);
        let mut types = branches.map(|branch| self.type_of(branch, depth + 1)).filter(is_specific);
        if let Some(ty) = types.next() {
            // Which of the two it is, its text says.
            let is_either = matches!((&ty, types.next()), (FieldType::Duration, Some(FieldType::Amount)));
            return if is_either { FieldType::Text } else { ty };
        }
        let allows = |name: &str| allows(schema, name);
        if allows("array") && !allows("string") {
            return FieldType::List(Box::new(self.type_of(member(schema, "items"), depth + 1)));
        }
        if let Some(map) = self.map_type(schema, depth) {
            return FieldType::Map(Arc::new(map));
        }
        match () {
            () if allows("string") => FieldType::Text,
            () if allows("boolean") => FieldType::Bool,
            () if allows("number") => FieldType::Number,
            () if allows("integer") => FieldType::Integer,
            () if member(schema, "enum").is_array() => FieldType::Text,
            () => FieldType::Any,
        }
    }

    /// Returns the types of a mapping for which the schema names no keys, but what keys or values are.
    fn map_type(&self, schema: &Value, depth: usize) -> Option<MapType> {
        let keys = reference(member(resolved(member(schema, "propertyNames"), self.root), "x-ref"));
        let values = Some(member(schema, "additionalProperties")).filter(|values| values.is_object());
        (keys.is_some() || values.is_some()).then(|| MapType {
            keys,
            values: values.map_or(FieldType::Any, |values| self.type_of(values, depth + 1)),
        })
    }
}

/// Returns the value of a keyword, else null. Schemas have few: a search takes less time than the hash of a name.
fn member<'a>(schema: &'a Value, keyword: &str) -> &'a Value {
    let Value::Object(members) = schema else { return &Value::Null };
    for (name, value) in members {
        if name == keyword {
            return value;
        }
    }
    &Value::Null
}

fn resolved<'a>(mut schema: &'a Value, root: &'a Value) -> &'a Value {
    for _ in 0..limits::FIELD_DEPTH {
        let target =
            member(schema, "$ref").as_str().and_then(|target| root.pointer(target.strip_prefix('#')?));
        match target {
            Some(target) => schema = target,
            None => return schema,
        }
    }
    schema
}

/// Returns the kinds in an `x-ref`: `who` for person, role and team, `any` for all.
fn reference(annotation: &Value) -> Option<Arc<[Arc<str>]>> {
    let names = match annotation {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    if names.contains(&"any") {
        return Some(Arc::default());
    }
    let expand = |name| if name == "who" { WHO.to_vec() } else { vec![name] };
    Some(names.into_iter().flat_map(expand).map(Arc::from).collect())
}

/// The kinds that make up a directory, to which a reference to `who` leads. The first is that of people.
pub const WHO: [&str; 3] = ["person", "role", "team"];

pub(super) fn text(value: &Value) -> Option<Box<str>> {
    value.as_str().map(Box::from)
}

/// Returns the entries of a mapping of texts, in order.
pub(super) fn pairs(value: &Value) -> Vec<(Box<str>, Box<str>)> {
    let entries = value.as_object().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.as_str().into(), text(value)?))).collect()
}

pub(super) fn texts(value: &Value) -> Vec<Box<str>> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}

/// A hash of a field's name. References with different hashes are in different fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldHash(u32);

impl FieldHash {
    /// Hashes the field in which a path such as `people.leads` begins.
    pub fn of_path(path: &str) -> FieldHash {
        // FNV-1a, which is fast for a few bytes.
        let name = path.bytes().take_while(|byte| *byte != b'.');
        FieldHash(name.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    }
}

/// What all references of one place have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ReferencePlace {
    /// The field of the record that contains it.
    pub field: Arc<str>,
    /// The path of names to it, such as `people.leads`; the field itself unless it is in a mapping of the field.
    pub path: Arc<str>,
    /// The kinds that the reference may be to; empty for any kind.
    pub kinds: Arc<[Arc<str>]>,
    /// Of `path`.
    pub hash: FieldHash,
}

impl ReferencePlace {
    /// Returns true if it is the field at a path, or in a part of that field.
    pub fn is_in(&self, path: &str) -> bool {
        let below = self.path.strip_prefix(path);
        below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
    }

    pub(super) fn all_of(shape: &Shape) -> Vec<Arc<ReferencePlace>> {
        let mut places = Vec::new();
        for field in reference_fields(shape) {
            add(&field.name, &field.name, &field.ty, &mut places);
        }
        places
    }
}

fn reference_fields(shape: &Shape) -> impl Iterator<Item = &Field> {
    shape.fields.iter().filter(|field| field.ty.has_references())
}

fn add(field: &Arc<str>, path: &Arc<str>, ty: &FieldType, places: &mut Vec<Arc<ReferencePlace>>) {
    let place = |kinds: &Arc<[Arc<str>]>| {
        Arc::new(ReferencePlace {
            field: field.clone(),
            path: path.clone(),
            kinds: kinds.clone(),
            hash: FieldHash::of_path(path),
        })
    };
    match ty {
        FieldType::Reference(kinds) => places.push(place(kinds)),
        FieldType::List(of) => add(field, path, of, places),
        FieldType::Struct(shape) => {
            for part in reference_fields(shape) {
                add(field, &format!("{path}.{}", part.name).into(), &part.ty, places);
            }
        }
        FieldType::Map(map) => {
            places.extend(map.keys.iter().map(place));
            add(field, path, &map.values, places);
        }
        _ => {}
    }
}
