//! Converts values to canonical form: field names, lists, ISO dates and enumeration values of the kind, no placeholders.

use std::ops::Range;
use std::sync::Arc;

use super::body::TextSpans;
use super::{items, keyed};
use crate::calendar::{self, Period};
use crate::kind::{AbsentValues, DayOfPeriod, Field, FieldType, Shape, fold_name};
use crate::node::{Entry, Key, Mapping, MappingBuilder, Node, Scalar, ScalarKind, Value};
use crate::schema::Violation;
use crate::text::{Source, Span};
use crate::value::{is_placeholder, is_template_text, names_nothing, reference, says_nothing};
use ahash::{HashMap, HashMapExt};

pub(super) struct Canonical<'a> {
    pub source: &'a Source,
    is_native: bool,
    status: Option<&'a Field>,
    in_prose: bool,
    /// For keys that set the same field as another key of their mapping, and for text of templates.
    pub violations: Vec<Violation>,
}

impl<'a> Canonical<'a> {
    pub(super) fn new(source: &'a Source, is_native: bool, status: Option<&'a Field>) -> Canonical<'a> {
        Canonical { source, is_native, status, in_prose: false, violations: Vec::new() }
    }

    /// Converts entries to fields. An unknown key keeps its name for the schema to reject, and sets the field that it misspells, so that a
    /// typing error is one finding. Of several keys, the field's own name counts, else the first; each other one is a violation.
    pub(super) fn mapping(&mut self, entries: Vec<Entry>, shape: &Shape) -> MappingBuilder {
        let second = if self.is_native { second_field(&entries, shape) } else { None };
        let mut fields = MappingBuilder::default();
        // The keys of the fields, as written.
        let mut used: HashMap<Arc<str>, Key> = HashMap::new();
        let (mut unknown, mut misspelt) = (0, Vec::new());
        for Entry { key, value } in entries {
            let second = second.filter(|(span, _)| *span == key.span).map(|(_, field)| field);
            let Some(field) = second.or_else(|| shape.by_key(&key.name)) else {
                unknown += 1;
                if let Some(field) = (unknown <= MAX_UNKNOWN).then(|| shape.only_meaning(&key.name)).flatten()
                {
                    misspelt.push((field, key.span, value.clone()));
                }
                fields.push(key, value);
                continue;
            };
            let Some(value) = self.field(value, field) else { continue };
            let canonical = Key { name: field.name.clone(), span: key.span };
            match used.get_mut(&field.name) {
                None => {
                    used.insert(field.name.clone(), key);
                    fields.push(canonical, value);
                }
                Some(first) if field.is_own_name(&key.name) && !field.is_own_name(&first.name) => {
                    let mut set = fields.entries_mut().iter_mut();
                    if let Some(entry) = set.find(|entry| entry.key.name == field.name) {
                        *entry = Entry { key: canonical, value };
                    }
                    let repeated = std::mem::replace(first, key);
                    self.add_repeated(&repeated, first);
                }
                Some(first) => self.add_repeated(&key, first),
            }
        }
        for (field, span, value) in misspelt {
            if fields.get(&field.name).is_none()
                && may_hold(&field.ty, &value)
                && let Some(value) = self.field(value, field)
            {
                fields.push(Key { name: field.name.clone(), span }, value);
            }
        }
        fields
    }

    /// Reports that `key` sets the same field as `used`. On pages of others, two names for one field are no mistake.
    pub(super) fn add_repeated(&mut self, key: &Key, used: &Key) {
        let is_same = || self.is_native || fold_name(&key.name) == fold_name(&used.name);
        if key.span != used.span && self.violations.len() < MAX_VIOLATIONS && is_same() {
            self.violations.push(repeated_key(key, used));
        }
    }

    pub(super) fn add_unfilled(&mut self, field: &Field, span: Span) {
        if self.violations.len() < MAX_VIOLATIONS && !self.violations.iter().any(|it| it.span == span) {
            self.violations.push(Violation::unfilled(&field.name, span));
        }
    }

    pub(super) fn field(&mut self, value: Node, field: &Field) -> Option<Node> {
        self.value(value, &field.ty, Some(field))
    }

    /// As [`Canonical::field`], of a value from prose, where numbers and booleans are written as text, and months as words.
    pub(super) fn prose_field(&mut self, value: Node, field: &Field) -> Option<Node> {
        self.in_prose = true;
        let value = self.field(value, field);
        self.in_prose = false;
        value
    }

    fn value(&mut self, node: Node, ty: &FieldType, field: Option<&Field>) -> Option<Node> {
        let is_empty = node.is_empty() && absent_values(field) == AbsentValues::None;
        if is_empty || field.is_some_and(|field| gives_reason(&node, ty, field)) {
            return Some(Node::null(node.span));
        }
        if self.is_missing(&node.value, ty, field) {
            let is_status = |field: &Field| self.status.is_some_and(|status| std::ptr::eq(status, field));
            let is_template = is_template_text(self.source.slice(node.span));
            if let Some(field) = field.filter(|field| is_template || is_status(field)) {
                self.add_unfilled(field, node.span);
            }
            return None;
        }
        let Node { span, value } = node;
        let node = |value| Node { span, value };
        match (value, ty) {
            (value, FieldType::List(inner)) => self.list(node(value), inner, field),
            (value @ Value::Sequence(_), FieldType::Reference(_)) => {
                self.list(node(value), ty, field).map(single_or_list)
            }
            (Value::Mapping(mapping), FieldType::Struct(shape)) => {
                Some(Node::mapping(span, self.mapping(mapping.into_entries(), shape)))
            }
            (Value::Mapping(mapping), FieldType::Map(map)) => {
                let entries = mapping.into_entries().into_iter();
                let value = |Entry { key, value }: Entry| {
                    let value = self.value(value.clone(), &map.values, None).unwrap_or(value);
                    Entry { key, value }
                };
                Some(Node::mapping(span, Mapping::new(entries.map(value).collect())))
            }
            (value @ Value::Scalar(_), FieldType::Struct(shape)) if shape.text.is_some() => {
                let entries = expand_text(self.source, &node(value), shape);
                Some(Node::mapping(span, self.mapping(entries, shape)))
            }
            (value @ Value::Scalar(_), FieldType::Reference(_)) => {
                let references = self.references(node(value));
                (!references.is_empty()).then(|| single_or_list(Node::sequence(span, references)))
            }
            (value @ Value::Scalar(_), FieldType::Date) => Some(self.date(node(value), field)),
            (Value::Scalar(scalar), _) => {
                let word = field.and_then(|field| canonical_value(field, &scalar));
                let is_typed = word.is_some() || self.in_prose;
                let scalar = word.map_or(scalar, |word| Scalar::new(word, ScalarKind::Text));
                Some(node(Value::Scalar(if is_typed { typed(scalar, ty) } else { scalar })))
            }
            (value, _) => Some(node(value)),
        }
    }

    fn is_missing(&self, value: &Value, ty: &FieldType, field: Option<&Field>) -> bool {
        match value {
            // `todo` is a status too.
            Value::Scalar(scalar) => {
                field.and_then(|field| canonical_value(field, scalar)).is_none()
                    && (self.is_absent(scalar, field) || names_none(scalar, ty, field))
            }
            Value::Mapping(mapping) => {
                absent_values(field) == AbsentValues::Placeholders && is_template_mapping(mapping, ty)
            }
            Value::Sequence(_) => false,
        }
    }

    /// Converts a list. An empty one is a value; one of placeholders only is none.
    fn list(&mut self, node: Node, inner: &FieldType, field: Option<&Field>) -> Option<Node> {
        if node.as_sequence().is_some_and(<[Node]>::is_empty) {
            return Some(node);
        }
        let keyed = node.as_mapping().filter(|_| self.is_native);
        let keyed = keyed.and_then(|mapping| keyed::items(mapping, inner, field));
        let (whole, items) = match (keyed, node.value) {
            (Some(items), _) => (Some(node.span), items),
            (_, Value::Sequence(items)) if is_only_none(&items, inner) => (Some(node.span), Box::default()),
            (_, Value::Sequence(items)) => (Some(node.span), items),
            (_, value) => (None, Box::new([Node { span: node.span, value }]) as Box<[Node]>),
        };
        let canonical: Vec<Node> =
            items.into_iter().flat_map(|item| self.items(item, inner, field)).collect();
        let (Some(first), Some(last)) = (canonical.first(), canonical.last()) else {
            let is_kept = absent_values(field) == AbsentValues::None;
            return is_kept.then(|| Node::null(whole.unwrap_or_default()));
        };
        let (first, last) = (first.span, last.span);
        Some(Node::sequence(whole.unwrap_or(first.to(last)), canonical))
    }

    fn items(&mut self, item: Node, inner: &FieldType, field: Option<&Field>) -> Vec<Node> {
        match (&item.value, inner) {
            // Where empty values count, an empty item does too.
            (Value::Scalar(_), _) if item.is_blank() && absent_values(field) == AbsentValues::None => {
                vec![item]
            }
            (Value::Scalar(scalar), _)
                if item.is_blank() || self.is_absent(scalar, field) || names_none(scalar, inner, field) =>
            {
                if let Some(field) = field.filter(|_| is_template_text(scalar.text())) {
                    self.add_unfilled(field, item.span);
                }
                Vec::new()
            }
            (Value::Scalar(scalar), FieldType::Text) if self.in_prose && says_nothing(scalar.text()) => {
                Vec::new()
            }
            (Value::Scalar(_), FieldType::Reference(_)) => self.references(item),
            _ => self.value(item, inner, field).into_iter().collect(),
        }
    }

    pub(super) fn is_absent(&self, scalar: &Scalar, field: Option<&Field>) -> bool {
        is_absent(scalar, absent_values(field)) || field.is_some_and(|field| field.is_none(scalar.text()))
    }

    fn date(&self, node: Node, field: Option<&Field>) -> Node {
        let written = node.as_text().unwrap_or_default();
        let day_of_period = || {
            let day = field?.day_of_period?;
            let Period { start, end, .. } = Period::parse(written, 1)?;
            Some(if day == DayOfPeriod::First { start } else { end })
        };
        // `9 October 2026`.
        let may_have_words = self.in_prose && written.contains(char::is_alphabetic);
        let in_words = || calendar::parse_any_date(written).filter(|_| may_have_words);
        let date = calendar::parse_date(written).or_else(in_words).or_else(day_of_period);
        match date.map(|date| date.to_string()).filter(|date| date != written) {
            Some(date) => Node::text(node.span, date),
            None => node,
        }
    }

    /// Returns where links lead that are all of a text.
    fn references(&self, node: Node) -> Vec<Node> {
        let text = node.as_text().unwrap_or_default();
        if !is_link(text) {
            return vec![node];
        }
        let spans = TextSpans::new(self.source, &node);
        let found = reference::read_all(text).into_iter();
        found.map(|found| items::referred(found, text, |range| spans.span(range))).collect()
    }
}

/// Returns false for a list or mapping in place of one value.
fn may_hold(ty: &FieldType, value: &Node) -> bool {
    use FieldType::{Any, List, Map, Reference, Struct};
    matches!(ty, List(_) | Struct(_) | Map(_) | Reference(_) | Any) || value.as_scalar().is_some()
}

/// Returns true for a word such as `none` in place of a reference, and a reason behind it.
fn gives_reason(node: &Node, ty: &FieldType, field: &Field) -> bool {
    const LEAST_WORDS: usize = 3;
    let text = node.as_text().filter(|_| matches!(ty, FieldType::Reference(_)));
    text.is_some_and(|text| field.is_none(text) && text.split_whitespace().count() >= LEAST_WORDS)
}

fn names_none(scalar: &Scalar, ty: &FieldType, field: Option<&Field>) -> bool {
    let is_counted = absent_values(field) == AbsentValues::Placeholders;
    ty.referred().is_some() && is_counted && names_nothing(scalar.text())
}

/// Returns true for a list of mappings whose only item is a placeholder such as `None.`.
fn is_only_none(items: &[Node], inner: &FieldType) -> bool {
    let [only] = items else { return false };
    let text = match &only.value {
        Value::Mapping(mapping) if mapping.entries().len() == 1 => mapping.entries()[0].value.as_text(),
        _ => only.as_text(),
    };
    matches!(inner, FieldType::Struct(_)) && text.is_some_and(names_nothing)
}

pub(crate) fn is_absent(scalar: &Scalar, absent: AbsentValues) -> bool {
    match absent {
        AbsentValues::Placeholders => scalar.kind() == ScalarKind::Null || is_placeholder(scalar.text()),
        AbsentValues::Empty => scalar.kind() == ScalarKind::Null || scalar.text().trim().is_empty(),
        AbsentValues::None => false,
    }
}

fn absent_values(field: Option<&Field>) -> AbsentValues {
    field.map_or(AbsentValues::Placeholders, |field| field.absent)
}

/// Returns true for `{list everyone}`, which YAML parses as a mapping of keys without values, and for the `{}` that is left of it.
fn is_template_mapping(mapping: &Mapping, ty: &FieldType) -> bool {
    let innermost = match ty {
        FieldType::List(inner) => inner,
        ty => ty,
    };
    let keyed = matches!(innermost, FieldType::Struct(_) | FieldType::Map(_) | FieldType::Any);
    !keyed && mapping.entries().iter().all(|entry| entry.value.is_null())
}

fn single_or_list(list: Node) -> Node {
    match list.as_sequence() {
        Some([only]) => only.clone(),
        _ => list,
    }
}

/// The maximum number of unknown keys of a mapping that are compared with the names of fields.
const MAX_UNKNOWN: usize = 100;

/// The maximum number of repeated keys reported for one record.
const MAX_VIOLATIONS: usize = 100;

/// Returns a duplicate key of one field that is also the name of an unset field: `title` beside `name`.
fn second_field<'s>(entries: &[Entry], shape: &'s Shape) -> Option<(Span, &'s Field)> {
    let is_set_beside = |key: &Key, field: &Field| {
        let others = entries.iter().filter(|other| other.key.span != key.span);
        others.filter_map(|other| shape.by_key(&other.key.name)).any(|other| other.name == field.name)
    };
    shape.fields.iter().filter(|field| !field.beside.is_empty()).find_map(|field| {
        let is_beside = |entry: &&Entry| field.beside.iter().any(|name| **name == *entry.key.name);
        let key = &entries.iter().find(is_beside)?.key;
        let first = shape.by_key(&key.name)?;
        (is_set_beside(key, first) && !is_set_beside(key, field)).then_some((key.span, field))
    })
}

fn repeated_key(key: &Key, used: &Key) -> Violation {
    let message = format!("`{}` sets the same field as `{}`", key.name, used.name);
    Violation {
        pointer: "".into(),
        help: Some(format!("remove one of the two keys; `{}` is read", used.name)),
        related: Some((used.span, "also set here".to_owned())),
        ..Violation::of_field("repeated-key", &key.name, key.span, message)
    }
}

/// Gives a text the scalar type of a field: `3` is a number where the field is one.
fn typed(scalar: Scalar, ty: &FieldType) -> Scalar {
    let is_text = scalar.kind() == ScalarKind::Text;
    match kind_of_text(scalar.text().trim(), ty).filter(|_| is_text) {
        Some(kind) => scalar.with_kind(kind),
        None => scalar,
    }
}

fn kind_of_text(text: &str, ty: &FieldType) -> Option<ScalarKind> {
    match ty {
        FieldType::Integer => text.parse().ok().map(ScalarKind::Integer),
        FieldType::Number => match text.parse() {
            Ok(integer) => Some(ScalarKind::Integer(integer)),
            Err(_) => text.parse().ok().filter(|number: &f64| number.is_finite()).map(ScalarKind::Float),
        },
        FieldType::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(ScalarKind::Bool(true)),
            "false" | "no" => Some(ScalarKind::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}

/// Returns true for a text that is a link, or several.
pub(super) fn is_link(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[') && text.ends_with(')') && text.contains("](")
}

fn canonical_value<'a>(field: &'a Field, written: &Scalar) -> Option<&'a str> {
    let enumerated = Some(field).filter(|field| !field.synonyms.is_empty() || !field.values.is_empty())?;
    enumerated.canonical(written.text()).filter(|word| *word != written.text())
}

/// Returns the fields that a text states in place of a mapping, and what they leave of the text.
fn expand_text(source: &Source, node: &Node, shape: &Shape) -> Vec<Entry> {
    let text = node.as_text().unwrap_or_default();
    // The box of a task is before its text.
    let before = source.text().get(..node.span.start as usize).unwrap_or_default();
    let mark = ["[x] ", "[X] "].into_iter().find(|mark| before.ends_with(mark)).unwrap_or_default();
    let line = format!("{mark}{text}");
    let spans = TextSpans::new(source, node);
    let of_text = |range: &Range<usize>| Some(range.start.checked_sub(mark.len())?..range.end - mark.len());
    let (mut entries, mut taken) = (Vec::new(), Vec::new());
    for (field, found) in shape.stated_in(&line) {
        let span = of_text(&found.range).map_or(node.span, |range| spans.span(range));
        entries.push(Entry::new(field.name.clone(), span, Node::text(span, found.value)));
        taken.extend(of_text(&found.taken).filter(|taken| !taken.is_empty()));
    }
    let rest = if items::have_parts(shape) { items::without(text, taken) } else { text.to_owned() };
    if let Some(name) = shape.text.as_deref().filter(|_| !rest.is_empty()) {
        entries.insert(0, Entry::new(name, node.span, Node::text(node.span, rest)));
    }
    entries
}
