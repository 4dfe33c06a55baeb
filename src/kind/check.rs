//! Checks what a user's kind refers to: other kinds, its own fields and values.

use std::collections::HashMap;
use std::sync::Arc;

use super::{FieldType, Kind, Kinds, fold_name};
use crate::calendar::{Duration, parse_date};
use crate::citation::Form;
use crate::finding::Fault;
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema::{did_you_mean, nearest};
use crate::text::{Source, Span};

/// Returns a fault for each reference to what doesn't exist, and for each name with two meanings. `kinds` are the names of
/// all kinds, `loaded` those that are known so far.
pub(super) fn faults(
    source: &Arc<Source>,
    root: &Node,
    kind: &Kind,
    kinds: &[&str],
    loaded: &Kinds,
) -> Vec<Fault> {
    let mut checker = Checker { source, kinds, loaded, name: &kind.name, faults: Vec::new() };
    checker.kind(root, kind);
    checker.faults.sort_by_key(|fault| fault.place.as_ref().map(|place| place.span));
    checker.faults
}

struct Checker<'a> {
    source: &'a Arc<Source>,
    kinds: &'a [&'a str],
    loaded: &'a Kinds,
    /// The kind that is checked.
    name: &'a str,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn kind(&mut self, root: &Node, kind: &Kind) {
        let own_names = kind.shape.fields.iter().map(|field| (&*field.name, &*field.name));
        let aliases = kind
            .shape
            .fields
            .iter()
            .flat_map(|field| field.aliases.iter().map(|alias| (&**alias, &*field.name)));
        let fields: Vec<FieldName> = own_names.chain(aliases).collect();
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
        for key in OF_FIELDS {
            let namesake = key.strip_prefix("x-").and_then(|name| kind.shape.field(name));
            let instead = namesake.map(|field| &*field.name).filter(|_| key == "x-status");
            self.fields_or(instead, root.get(key), &fields);
        }
        if let Some(status) = kind.status.as_ref().and_then(|status| kind.shape.field(status)) {
            let statuses: Vec<&str> = status.values.iter().map(|value| &**value).collect();
            for live in ["x-live", "x-draft"].into_iter().flat_map(|key| items(root.get(key))) {
                self.known(live, &statuses, |status| {
                    format!("unknown status `{status}` of kind `{}`", kind.name)
                });
            }
        }
        self.statuses(root, kind);
        self.owners(root, kind);
        self.last_day(root, kind);
        self.review(root, kind, &fields);
        let practices: Vec<&str> =
            kind.shape.fields.iter().filter_map(|field| field.practice.as_deref()).collect();
        for Entry { key, .. } in entries(root.get("x-habits")) {
            // A habit of the base stays without effect where the kind leaves out the fields.
            if self.is_own(key) && !practices.contains(&&*key.name) {
                let fault =
                    Fault::new(format!("no field of `{}` is about the practice `{}`", kind.name, key.name));
                let near = nearest(&key.name, practices.iter().copied()).map(did_you_mean);
                self.add(near.into_iter().fold(fault, Fault::help), key.span);
            }
        }
        // The list of the base stays without effect where the kind leaves out its fields.
        for Entry { key, value } in
            entries(Some(root)).iter().filter(|entry| &*entry.key.name == "x-status-since")
        {
            if self.is_own(key) {
                self.fields(Some(value), &fields);
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
            let fault = match [first, second].iter().find(|field| !field.is_own_name(key)) {
                Some(other) => Fault::new(message).help(format!(
                    "`{key}` is another name of `{}`: use that field, or take another name",
                    other.name
                )),
                None => Fault::new(message),
            };
            self.add(fault, place.map_or(Span::at(root.span.start as usize), |node| node.span));
        }
        self.properties(root, &fields);
        self.headings(root);
        self.derivations(root);
        for Entry { key, value } in entries(root.get("$defs")) {
            self.field(&key.name, value);
        }
    }

    /// The field that says whether a record is active is `true` or `false`.
    fn live_field(&mut self, field: &Node, kind: &Kind) {
        let name = field.as_text().unwrap_or_default();
        let known: Vec<FieldName> =
            kind.shape.fields.iter().map(|field| (&*field.name, &*field.name)).collect();
        match kind.shape.field(name) {
            None => self.fields(Some(field), &known),
            Some(other) if !matches!(other.ty, FieldType::Bool) => {
                let fault = Fault::new(format!("`{name}` does not say `true` or `false`"));
                self.add(fault.help("write `type: boolean` for the field, or the statuses: `x-live: [open]` beside `x-status`"), field.span);
            }
            Some(_) => {}
        }
    }

    /// Statuses are those of a field.
    fn statuses(&mut self, root: &Node, kind: &Kind) {
        let keys = root.as_mapping().map_or(&[][..], Mapping::entries).iter().map(|entry| &entry.key);
        if let Some(field) = root.get("x-live").and_then(|live| live.get("field")) {
            self.live_field(field, kind);
        }
        for key in keys.filter(|key| kind.status.is_none() && ["x-live", "x-draft"].contains(&&*key.name)) {
            let field = match kind.shape.field("status") {
                Some(field) => &*field.name,
                None => "FIELD",
            };
            let fault =
                Fault::new(format!("`{}` needs `x-status`, the field that holds the status", key.name));
            self.add(fault.help(format!("add `x-status: {field}`")), key.span);
        }
        let status = kind.status.as_deref().and_then(|name| kind.shape.field(name));
        if let (Some(status), Some(place), None) = (status, root.get("x-status"), root.get("x-live")) {
            let message = "`x-status` needs `x-live`, the statuses in which a record is active";
            let example = status.values.first().map_or("open", |value| value);
            let help = format!("add `x-live: [{example}]`, or `x-live: []` if no record ever is");
            self.add(Fault::new(message).help(help), place.span);
        }
    }

    /// An owner is a record: a person, a role or a team.
    fn owners(&mut self, root: &Node, kind: &Kind) {
        for name in items(root.get("x-owner")) {
            let Some(field) = name.as_text().and_then(|name| kind.shape.field(name)) else { continue };
            if !field.ty.has_references() {
                let fault = Fault::new(format!("`{}` names no owner: it is no reference", field.name));
                self.add(fault.help("write `type: string, x-ref: who` at the field"), name.span);
            }
        }
    }

    fn last_day(&mut self, root: &Node, kind: &Kind) {
        let Some(name) = root.get("x-until") else { return };
        let field = name.as_text().and_then(|name| kind.shape.field(name));
        if let Some(field) = field.filter(|field| !matches!(field.ty, FieldType::Date)) {
            let fault = Fault::new(format!("`{}` is no date", field.name));
            self.add(fault.help("write `type: string, format: date` at the field"), name.span);
        }
    }

    /// A day is counted from dates and a duration.
    fn review(&mut self, root: &Node, kind: &Kind, fields: &[FieldName]) {
        for Entry { key, value } in entries(root.get("x-review")) {
            if let Some(written) =
                value.as_text().filter(|text| Duration::parse(text).is_some() || parse_date(text).is_some())
            {
                let field = if &*key.name == "every" { "review-every" } else { "reviewed" };
                let fault = Fault::new(format!("`{}` names a field, and `{written}` is a value", key.name));
                let form = match &*key.name {
                    "every" => format!("`{field}: {{ type: string, format: duration, default: {written} }}`"),
                    _ => format!("`{field}: {{ type: string, format: date }}`"),
                };
                self.add(
                    fault.help(format!("write `{}: {field}`, and add the field: {form}", key.name)),
                    value.span,
                );
                continue;
            }
            self.fields(Some(value), fields);
            let Some(field) = value.as_text().and_then(|name| kind.shape.field(name)) else { continue };
            let (fits, format) = match &*key.name {
                "every" => (matches!(field.ty, FieldType::Duration), "duration"),
                _ => (matches!(field.ty, FieldType::Date), "date"),
            };
            if !fits {
                let fault = Fault::new(format!("`{}` is no {format}", field.name));
                let help = format!("write `type: string, format: {format}` at the field");
                self.add(fault.help(help), value.span);
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
            let known = self.faults.len();
            self.known(kind, self.kinds, |kind| format!("unknown kind `{kind}`"));
            if let Some(fault) = self.faults.get_mut(known).filter(|fault| fault.help.is_none()) {
                let name = kind.as_text().unwrap_or_default();
                fault.help = Some(match self.loaded.meant(name) {
                    _ if ITSELF.contains(&name) => {
                        format!("write the name of this kind: `x-ref: {}`", self.name)
                    }
                    Some(meant) => did_you_mean(meant),
                    None => format!("define it in a file `{name}.yaml` beside this one"),
                });
            }
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
        let mut owners: HashMap<(bool, String), &str> = HashMap::new();
        for Entry { key, value } in entries(root.get("properties")) {
            let mut schemas = [Some(value), value.get("items")].into_iter().flatten();
            let of_references = schemas.any(|schema| schema.get("x-ref").is_some());
            for heading in items(value.get("x-headings")) {
                let Some(text) = heading.as_text() else { continue };
                let owner = *owners.entry((of_references, fold_name(text))).or_insert(&key.name);
                if *owner != *key.name {
                    let message = format!("duplicate heading `{text}` in `{owner}` and `{}`", key.name);
                    let help = "name each heading under `x-headings` of one field";
                    self.add(Fault::new(message).help(help), heading.span);
                }
            }
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
        self.joined_values(schema.get("enum"));
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
                let Some(word) = synonym.as_text() else { continue };
                let meant = *meanings.entry(fold_name(word)).or_insert(&key.name);
                if *meant != *key.name {
                    let message = format!("duplicate word `{word}` for `{meant}` and `{}`", key.name);
                    self.add(Fault::new(message), synonym.span);
                }
            }
        }
    }

    /// One value of several words without quotes, in a list: the commas were forgotten.
    fn joined_values(&mut self, values: Option<&Node>) {
        let Some([only]) = values.and_then(Node::as_sequence) else { return };
        let Some(text) = only.as_text().filter(|text| text.contains(' ')) else { return };
        if self.source.slice(only.span).trim_end() == text {
            let fault = Fault::new(format!("`{text}` is one value, without commas"));
            let parted = text.split_whitespace().collect::<Vec<_>>().join(", ");
            let help = format!("write commas between the values, `[{parted}]`, or a single one in quotes");
            self.add(fault.help(help), only.span);
        }
    }

    fn unique_names(&mut self, schema: &Node) {
        let mut owners: HashMap<String, &str> = entries(schema.get("properties"))
            .iter()
            .map(|entry| (fold_name(&entry.key.name), &*entry.key.name))
            .collect();
        for Entry { key, value } in entries(schema.get("properties")) {
            for alias in items(value.get("x-aliases")) {
                let Some(name) = alias.as_text() else { continue };
                let owner = *owners.entry(fold_name(name)).or_insert(&key.name);
                if *owner != *key.name {
                    let message = format!("duplicate field name `{name}` in `{owner}` and `{}`", key.name);
                    self.add(Fault::new(message), alias.span);
                }
            }
        }
    }

    fn fields(&mut self, node: Option<&Node>, fields: &[FieldName]) {
        self.fields_or(None, node, fields);
    }

    /// `instead` is the field that is meant where the name is like no other.
    fn fields_or(&mut self, instead: Option<&str>, node: Option<&Node>, fields: &[FieldName]) {
        for name in items(node) {
            let Some(text) = name.as_text().filter(|text| !fields.contains(&(*text, *text))) else {
                continue;
            };
            let also_called = fields.iter().find(|(key, _)| fold_name(key) == fold_name(text));
            let nearest = || nearest(text, fields.iter().map(|(_, field)| *field));
            let help = match (also_called.map(|(_, field)| *field).or_else(nearest), instead) {
                (Some(near), _) => did_you_mean(near),
                (None, Some(field)) => format!("write `{field}`, or add `{text}` under `properties`"),
                (None, None) => "add it under `properties`".to_owned(),
            };
            self.add(Fault::new(format!("unknown field `{text}`")).help(help), name.span);
        }
    }

    fn known(&mut self, node: &Node, known: &[&str], message: impl Fn(&str) -> String) {
        const FEW: usize = 12;
        let Some(text) = node.as_text().filter(|text| !known.contains(text)) else { return };
        let fault = Fault::new(message(text));
        let listed = || match known.len() {
            0 => Some(format!("list the values: `enum: [{text}, …]`")),
            1..=FEW => Some(format!("use one of `{}`", known.join("`, `"))),
            _ => None,
        };
        let joined =
            known.iter().find(|known| known.split(' ').count() > 1 && known.split(' ').any(|it| it == text));
        let parted = joined.map(|one| {
            format!("`{one}` is one value: write a comma between them, `[{}]`", one.replace(' ', ", "))
        });
        let help = parted.or_else(|| nearest(text, known.iter().copied()).map(did_you_mean)).or_else(listed);
        self.add(help.into_iter().fold(fault, Fault::help), node.span);
    }

    /// False for a key of the base.
    fn is_own(&self, key: &Key) -> bool {
        self.source.slice(key.span).contains(&*key.name)
    }

    fn add(&mut self, fault: Fault, span: Span) {
        self.faults.push(fault.at(self.source, span));
    }
}

/// Words for the kind that is being defined.
const ITSELF: [&str; 4] = ["self", "itself", "this", "own"];

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
