//! Checks what a user's kind refers to: other kinds, its own fields and values.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Field, FieldType, Kind, fold_name};
use crate::citation::Form;
use crate::finding::Fault;
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema::{did_you_mean, nearest};
use crate::text::{Source, Span};

/// Returns a fault for each reference to what doesn't exist, and for each name with two meanings. `kinds` are the names of
/// all kinds.
pub(super) fn faults(source: &Arc<Source>, root: &Node, kind: &Kind, kinds: &[&str]) -> Vec<Fault> {
    let mut checker = Checker { source, kinds, faults: Vec::new() };
    checker.kind(root, kind);
    checker.faults.sort_by_key(|fault| fault.place.as_ref().map(|place| place.span));
    checker.faults
}

struct Checker<'a> {
    source: &'a Arc<Source>,
    kinds: &'a [&'a str],
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn kind(&mut self, root: &Node, kind: &Kind) {
        let mut fields: Vec<FieldName> = Vec::new();
        for field in &kind.shape.fields {
            fields.push((&field.name, &field.name));
            fields.extend(field.aliases.iter().map(|alias| (&**alias, &*field.name)));
        }
        for key in OF_FIELDS {
            self.fields(root.get(key), &fields);
        }
        self.statuses(root, kind, &fields);
        let is_reference = |field: &Field| field.ty.has_references();
        self.typed(root.get("x-owner"), kind, "reference", "x-ref: who", is_reference);
        let is_date = |field: &Field| matches!(field.ty, FieldType::Date);
        self.typed(root.get("x-until"), kind, "date", "format: date", is_date);
        for Entry { key, value } in entries(root.get("x-review")) {
            self.fields(Some(value), &fields);
            match &*key.name {
                "every" => {
                    let is_duration = |field: &Field| matches!(field.ty, FieldType::Duration);
                    self.typed(Some(value), kind, "duration", "format: duration", is_duration);
                }
                _ => self.typed(Some(value), kind, "date", "format: date", is_date),
            }
        }
        for Entry { key, value } in entries(Some(root)) {
            // Lists of the base stay without effect where the kind leaves out its fields.
            match &*key.name {
                "x-status-since" if self.is_own(key) => self.fields(Some(value), &fields),
                _ => {}
            }
        }
        for form in items(root.get("x-cited-as")) {
            if let Err(message) = Form::parse(form.as_text().unwrap_or_default()) {
                self.add(Fault::new(message), form.span);
            }
        }
        if let Some((first, second, key)) = kind.shape.ambiguous_key() {
            // The kind's own fields precede the common ones, which are not in the user's file.
            let place = root.get("properties").and_then(|fields| fields.get(&first.name));
            let message = format!("duplicate field name `{key}` in `{}` and `{}`", first.name, second.name);
            self.add(Fault::new(message), place.map_or(Span::at(root.span.start as usize), |node| node.span));
        }
        self.properties(root, &fields);
        self.headings(root);
        self.derivations(root);
        for Entry { key, value } in entries(root.get("$defs")) {
            self.field(&key.name, value);
        }
    }

    /// Statuses are values of the field that `x-status` names, or `x-live` names a field of `true` or `false`.
    fn statuses(&mut self, root: &Node, kind: &Kind, fields: &[FieldName]) {
        if let Some(field) = root.get("x-live").and_then(|live| live.get("field")) {
            self.fields(Some(field), fields);
            let is_bool = |field: &Field| matches!(field.ty, FieldType::Bool);
            self.typed(Some(field), kind, "boolean", "type: boolean", is_bool);
        }
        for Entry { key, .. } in entries(Some(root)) {
            if kind.status.is_none() && ["x-live", "x-draft"].contains(&&*key.name) {
                let message = format!("`{}` needs `x-status`, the field that holds the status", key.name);
                self.add(Fault::new(message), key.span);
            }
        }
        let Some(status) = kind.status.as_deref().and_then(|name| kind.shape.field(name)) else { return };
        if let (Some(place), None) = (root.get("x-status"), root.get("x-live")) {
            let message = "`x-status` needs `x-live`, the statuses in which a record is active";
            self.add(Fault::new(message), place.span);
        }
        let known: Vec<&str> = status.values.iter().map(|value| &**value).collect();
        for status in ["x-live", "x-draft"].into_iter().flat_map(|key| items(root.get(key))) {
            self.known(status, &known, |status| format!("unknown status `{status}` of kind `{}`", kind.name));
        }
    }

    /// A field that a key of the kind names has the type that the key asks for.
    fn typed(
        &mut self,
        names: Option<&Node>,
        kind: &Kind,
        what: &str,
        write: &str,
        fits: impl Fn(&Field) -> bool,
    ) {
        for name in items(names) {
            let field = name.as_text().and_then(|name| kind.shape.field(name));
            if let Some(field) = field.filter(|field| !fits(field)) {
                let fault = Fault::new(format!("`{}` is no {what}", field.name));
                self.add(fault.help(format!("write `{write}` at the field")), name.span);
            }
        }
    }

    fn properties(&mut self, schema: &Node, fields: &[FieldName]) {
        for Entry { key, value } in entries(schema.get("properties")) {
            let derived = value.get("x-derived").and_then(|derived| derived.get("from"));
            self.fields(derived, fields);
            self.field(&key.name, value);
        }
    }

    fn field(&mut self, name: &str, schema: &Node) {
        for kind in items(schema.get("x-ref")) {
            self.known(kind, self.kinds, |kind| format!("unknown kind `{kind}`"));
        }
        self.values(name, schema);
        if let Some(list) = schema.get("items") {
            if list.get("properties").is_some() {
                self.fields(schema.get("x-key"), &names(list));
            }
            self.field(name, list);
        }
        for key in ["propertyNames", "additionalProperties"] {
            schema.get(key).into_iter().for_each(|part| self.field(name, part));
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            items(schema.get(key)).iter().for_each(|branch| self.field(name, branch));
        }
        if schema.get("properties").is_some() {
            let fields = names(schema);
            self.fields(schema.get("required"), &fields);
            self.fields(schema.get("x-text"), &fields);
            items(schema.get("x-pair")).iter().for_each(|name| self.fields(Some(name), &fields));
            self.unique_names(schema);
            self.properties(schema, &fields);
        }
    }

    /// A section holds one field; its links may be another one, of references.
    fn headings(&mut self, root: &Node) {
        let (mut of_texts, mut of_references) = (HashMap::new(), HashMap::new());
        for Entry { key, value } in entries(root.get("properties")) {
            let mut schemas = [Some(value), value.get("items")].into_iter().flatten();
            let is_reference = schemas.any(|schema| schema.get("x-ref").is_some());
            let owners = if is_reference { &mut of_references } else { &mut of_texts };
            for heading in items(value.get("x-headings")) {
                self.claim(owners, heading, &key.name, "heading");
            }
        }
    }

    /// Reports a name that has another owner already.
    fn claim<'n>(&mut self, owners: &mut HashMap<String, &'n str>, name: &Node, owner: &'n str, what: &str) {
        let Some(text) = name.as_text() else { return };
        let first = *owners.entry(fold_name(text)).or_insert(owner);
        if first != owner {
            let message = format!("duplicate {what} `{text}` in `{first}` and `{owner}`");
            self.add(Fault::new(message), name.span);
        }
    }

    /// A field that is derived from itself, by way of others, never has a value.
    fn derivations(&mut self, root: &Node) {
        let fields = entries(root.get("properties"));
        let source_of = |name: &str| {
            let field = fields.iter().find(|field| *field.key.name == *name)?;
            field.value.get("x-derived")?.get("from")
        };
        for Entry { key, .. } in fields {
            let mut path = vec![&*key.name];
            while let Some(from) = path.last().and_then(|last| source_of(last)?.as_text()) {
                path.push(from);
                // A cycle that does not lead back here is reported at its own fields.
                if from == &*key.name || path.len() > fields.len() {
                    break;
                }
            }
            let is_first = path.iter().all(|name| **name >= *key.name);
            if path.len() > 1 && path.last() == path.first() && is_first {
                let message = format!("circular `x-derived`: `{}`", path.join("` from `"));
                let place = source_of(&key.name).map_or(key.span, |from| from.span);
                self.add(Fault::new(message).help("remove one of these `x-derived`"), place);
            }
        }
    }

    fn values(&mut self, name: &str, schema: &Node) {
        let mut values: Vec<&str> = items(schema.get("enum")).iter().filter_map(Node::as_text).collect();
        if schema.get("type").and_then(Node::as_text) == Some("boolean") {
            values.extend(["true", "false"]);
        }
        let unknown = |value: &str| format!("unknown value `{value}` of field `{name}`");
        if let (Some(_), Some(default)) = (schema.get("enum"), schema.get("default")) {
            self.known(default, &values, unknown);
        }
        let mut meanings: HashMap<String, &str> =
            values.iter().map(|value| (fold_name(value), *value)).collect();
        for Entry { key, value } in entries(schema.get("x-synonyms")) {
            let value_name = Node::text(key.span, &*key.name);
            self.known(&value_name, &values, unknown);
            for synonym in items(Some(value)) {
                self.claim(&mut meanings, synonym, &key.name, "word");
            }
        }
    }

    fn unique_names(&mut self, schema: &Node) {
        let mut owners: HashMap<String, &str> = entries(schema.get("properties"))
            .iter()
            .map(|entry| (fold_name(&entry.key.name), &*entry.key.name))
            .collect();
        for Entry { key, value } in entries(schema.get("properties")) {
            for alias in items(value.get("x-aliases")) {
                self.claim(&mut owners, alias, &key.name, "field name");
            }
        }
    }

    fn fields(&mut self, node: Option<&Node>, fields: &[FieldName]) {
        for name in items(node) {
            let Some(text) = name.as_text().filter(|text| !fields.contains(&(*text, *text))) else {
                continue;
            };
            let also_called = fields.iter().find(|(key, _)| fold_name(key) == fold_name(text));
            let near = also_called.map(|(_, field)| *field);
            let near = near.or_else(|| nearest(text, fields.iter().map(|(_, field)| *field)));
            let fault = Fault::new(format!("unknown field `{text}`"));
            self.add(near.map(did_you_mean).into_iter().fold(fault, Fault::help), name.span);
        }
    }

    fn known(&mut self, node: &Node, known: &[&str], message: impl Fn(&str) -> String) {
        let Some(text) = node.as_text().filter(|text| !known.contains(text)) else { return };
        let help = nearest(text, known.iter().copied()).map(did_you_mean);
        self.add(help.into_iter().fold(Fault::new(message(text)), Fault::help), node.span);
    }

    /// False for a key of the base.
    fn is_own(&self, key: &Key) -> bool {
        self.source.slice(key.span).contains(&*key.name)
    }

    fn add(&mut self, fault: Fault, span: Span) {
        self.faults.push(fault.at(self.source, span));
    }
}

/// The keys of a kind that name its fields.
const OF_FIELDS: [&str; 9] = [
    "x-status",
    "x-owner",
    "x-value",
    "x-names",
    "x-governs",
    "x-until",
    "x-successor",
    "x-predecessor",
    "required",
];

/// A name or alias of a field, and the name of the field.
type FieldName<'a> = (&'a str, &'a str);

fn names(schema: &Node) -> Vec<FieldName<'_>> {
    let mut names = Vec::new();
    for Entry { key, value } in entries(schema.get("properties")) {
        names.push((&*key.name, &*key.name));
        let aliases = items(value.get("x-aliases")).iter().filter_map(Node::as_text);
        names.extend(aliases.map(|alias| (alias, &*key.name)));
    }
    names
}

fn entries(node: Option<&Node>) -> &[Entry] {
    node.and_then(Node::as_mapping).map_or(&[], Mapping::entries)
}

fn items(node: Option<&Node>) -> &[Node] {
    node.map_or(&[], |node| node.as_sequence().unwrap_or(std::slice::from_ref(node)))
}
