//! Checks what a user's kind refers to: other kinds, its own fields and values.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Field, FieldType, Kind, fold_name};
use crate::citation::Form;
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::schema::{did_you_mean, nearest};
use crate::text::{Source, Span};

/// Returns a fault for each reference to what doesn't exist and each name with two meanings. What a base says has the place `base`.
pub(super) fn faults(
    source: &Arc<Source>,
    root: &Node,
    base: Option<Span>,
    kind: &Kind,
    kinds: &[&str],
) -> Vec<Fault> {
    let mut checker = Checker { source, kinds, base, faults: Vec::new() };
    checker.kind(root, kind);
    checker.faults.sort_by_key(|fault| fault.place.as_ref().map(|place| place.span));
    checker.faults
}

struct Checker<'a> {
    source: &'a Arc<Source>,
    kinds: &'a [&'a str],
    base: Option<Span>,
    faults: Vec<Fault>,
}

/// The keys of a kind that name its fields, with what such a field is, and what to write there.
const OF_FIELDS: [(&str, Option<Wanted>); 14] = [
    ("/required", None),
    ("/x-status", None),
    ("/x-value", None),
    ("/x-names", None),
    ("/x-governs", None),
    ("/x-successor", None),
    ("/x-predecessor", None),
    ("/x-status-since", None),
    ("/x-owner", Some((|field| field.ty.has_references(), "reference", "x-ref: who"))),
    ("/x-until", Some(DATE)),
    ("/x-review/due", Some(DATE)),
    ("/x-review/last", Some(DATE)),
    ("/x-review/every", Some((|it| matches!(it.ty, FieldType::Duration), "duration", "format: duration"))),
    ("/x-live/field", Some((|field| matches!(field.ty, FieldType::Bool), "boolean", "type: boolean"))),
];

const DATE: Wanted = (|field| matches!(field.ty, FieldType::Date), "date", "format: date");

type Wanted = (fn(&Field) -> bool, &'static str, &'static str);

impl Checker<'_> {
    fn kind(&mut self, root: &Node, kind: &Kind) {
        let mut fields: Vec<FieldName> = Vec::new();
        for field in &kind.shape.fields {
            fields.push((&field.name, &field.name));
            fields.extend(field.aliases.iter().map(|alias| (&**alias, &*field.name)));
        }
        for (pointer, wanted) in OF_FIELDS {
            for name in root.pointer(pointer).map_or(&[][..], Node::items) {
                self.field_name(name, &fields);
                let field = name.as_text().and_then(|name| kind.shape.field(name));
                if let (Some(field), Some((is_it, what, write))) = (field, wanted)
                    && !is_it(field)
                {
                    let fault = Fault::new(format!("`{}` is no {what}", field.name));
                    self.add(fault.help(format!("write `{write}` at the field")), name.span);
                }
            }
        }
        self.statuses(root, kind);
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

    /// Statuses are values of the field that `x-status` names, unless `x-live` names a field of `true` or `false`.
    fn statuses(&mut self, root: &Node, kind: &Kind) {
        for Entry { key, .. } in root.entries() {
            if kind.status.is_none() && ["x-live", "x-draft"].contains(&&*key.name) {
                let message = format!("`{}` needs `x-status`, the field that holds the status", key.name);
                self.add(Fault::new(message), key.span);
            }
        }
        let Some(status) = kind.status_field() else { return };
        if let (Some(place), None) = (root.get("x-status"), root.get("x-live")) {
            let message = "`x-status` needs `x-live`, the statuses in which a record is active";
            self.add(Fault::new(message), place.span);
        }
        let known: Vec<&str> = status.values.iter().map(|value| &**value).collect();
        for status in ["x-live", "x-draft"].into_iter().flat_map(|key| items(root.get(key))) {
            self.known(status, &known, |status| format!("unknown status `{status}` of kind `{}`", kind.name));
        }
    }

    fn properties(&mut self, schema: &Node, fields: &[FieldName]) {
        for Entry { key, value } in entries(schema.get("properties")) {
            value.pointer("/x-derived/from").into_iter().for_each(|from| self.field_name(from, fields));
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
                self.field_names(schema.get("x-key"), &names(list));
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
            for key in ["required", "x-text", "x-pair"] {
                self.field_names(schema.get(key), &fields);
            }
            self.unique_names(schema);
            self.properties(schema, &fields);
        }
    }

    /// A section holds one field; its links may be another one, of references.
    fn headings(&mut self, root: &Node) {
        let mut owners = [HashMap::new(), HashMap::new()];
        for Entry { key, value } in entries(root.get("properties")) {
            let mut schemas = [Some(value), value.get("items")].into_iter().flatten();
            let is_reference = schemas.any(|schema| schema.get("x-ref").is_some());
            for heading in items(value.get("x-headings")) {
                self.claim(&mut owners[usize::from(is_reference)], heading, &key.name, "heading");
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
            field.value.pointer("/x-derived/from")
        };
        for Entry { key, .. } in fields {
            let next = |from: &&Node| source_of(from.as_text()?);
            let sources = std::iter::successors(source_of(&key.name), next).take(fields.len());
            let mut sources = sources.filter_map(Node::as_text);
            if let (Some(place), true) = (source_of(&key.name), sources.any(|from| *from == *key.name)) {
                let fault = Fault::new(format!("`{}` is derived from itself", key.name));
                self.add(fault.help("remove one of these `x-derived`"), place.span);
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
            self.known(&Node::text(key.span, &*key.name), &values, unknown);
            for synonym in value.items() {
                self.claim(&mut meanings, synonym, &key.name, "word");
            }
        }
    }

    fn unique_names(&mut self, schema: &Node) {
        let fields = entries(schema.get("properties"));
        let name = |field: &'_ Entry| fold_name(&field.key.name);
        let mut owners: HashMap<String, &str> =
            fields.iter().map(|field| (name(field), &*field.key.name)).collect();
        for Entry { key, value } in fields {
            for alias in items(value.get("x-aliases")) {
                self.claim(&mut owners, alias, &key.name, "field name");
            }
        }
    }

    fn field_names(&mut self, names: Option<&Node>, fields: &[FieldName]) {
        items(names).iter().for_each(|name| self.field_name(name, fields));
    }

    fn field_name(&mut self, name: &Node, fields: &[FieldName]) {
        let Some(text) = name.as_text().filter(|text| !fields.contains(&(*text, *text))) else { return };
        let also_called = fields.iter().find(|(key, _)| fold_name(key) == fold_name(text));
        let near = also_called.map(|(_, field)| *field);
        let near = near.or_else(|| nearest(text, fields.iter().map(|(_, field)| *field)));
        self.unknown(name, format!("unknown field `{text}`"), near);
    }

    fn known(&mut self, node: &Node, known: &[&str], message: impl Fn(&str) -> String) {
        if let Some(text) = node.as_text().filter(|text| !known.contains(text)) {
            self.unknown(node, message(text), nearest(text, known.iter().copied()));
        }
    }

    /// Adds a fault about a name. Those of the base stay without effect where the kind leaves out what they name.
    fn unknown(&mut self, name: &Node, message: String, near: Option<&str>) {
        if Some(name.span) != self.base {
            let fault = Fault::new(message);
            self.add(near.map(did_you_mean).into_iter().fold(fault, Fault::help), name.span);
        }
    }

    fn add(&mut self, fault: Fault, span: Span) {
        self.faults.push(fault.at(self.source, span));
    }
}

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
    node.map_or(&[], Node::entries)
}

fn items(node: Option<&Node>) -> &[Node] {
    node.map_or(&[], Node::items)
}
