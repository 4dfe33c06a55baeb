//! A new record as one more item of a list, and as the first one.

use std::collections::BTreeMap;

use super::numbering::{NumberStyle, slug};
use super::values::Values;
use super::{Request, is_added, parsed};
use crate::finding::Fault;
use crate::kind::{Initial, Kind, WHO};
use crate::linter::Linter;
use crate::node::{Mapping, Node};
use crate::syntax::Document;
use crate::syntax::edit::NewScalar;
use crate::syntax::edit::record::{NewField, RecordList};
use crate::text::Edit;

/// Returns the text of the file with the new record behind the last one.
pub(super) fn appended(linter: &Linter, path: &str, values: &Values<'_>) -> Result<String, Fault> {
    let cant = |why: &str| {
        Err(Fault::new(format!("can't add a record to `{path}`: {why}"))
            .help("add it by hand, or name another file with `--in FILE`"))
    };
    let Some(source) = linter.snapshot().read_path(path) else { return cant("the file can't be read") };
    let document = parsed(linter, path, source.text().to_owned());
    let list = values.siblings.records.iter().find_map(|record| RecordList::around(&document, record.span));
    let Some(list) = list else {
        let Some(field) = &values.kind().value_field else { return cant("its list was not found") };
        let message =
            format!("can't add a record to `{path}`: its records are values, and no mappings of fields");
        let help = format!("add it by hand: `{}: …`, where `…` is its `{field}`", values.id);
        return Err(Fault::new(message).help(help));
    };
    let fields = fields(list, values);
    let Some(Edit { span, replacement }) = list.append(&document, values.id, &fields) else {
        return cant("its layout is not understood");
    };
    let text = source.text();
    let new = format!("{}{replacement}{}", &text[..span.range().start], &text[span.range().end..]);
    match is_added(linter, path, &document, &new, values) {
        true => Ok(new),
        false => cant("the result would not be read as intended"),
    }
}

/// The keys that most records of the list have, in the order of the fullest one, and those that the kind requires.
fn fields(list: RecordList<'_>, values: &Values<'_>) -> Vec<NewField> {
    let items = list.items();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let entries = |item: &&Node| item.as_mapping().map_or(&[][..], Mapping::entries).to_vec();
    for item in &items {
        for entry in item.as_mapping().map_or(&[][..], Mapping::entries) {
            *counts.entry(&entry.key.name).or_default() += 1;
        }
    }
    let is_usual = |key: &str| counts.get(key).is_some_and(|count| count * 2 > items.len());
    let usual = |item: &&Node| entries(item).iter().filter(|entry| is_usual(&entry.key.name)).count();
    let Some(model) = items.iter().rev().max_by_key(|item| usual(item)) else { return Vec::new() };
    let of_model = model.as_mapping().map_or(&[][..], Mapping::entries).iter();
    // A record with an identifier needs no other name.
    let has_id =
        of_model.clone().any(|entry| values.field(&entry.key.name).is_some_and(|it| &*it.name == "id"));
    let is_untitled = has_id && values.request.is_untitled();
    let field = |entry: &crate::node::Entry| {
        let like = entry.value.as_text().unwrap_or_default();
        let field = values.field(&entry.key.name);
        let value = field.and_then(|field| match &*field.name {
            "id" => Some(values.id.to_owned()),
            "title" if is_untitled => None,
            _ => values.value(field, like),
        });
        let is_required = field.is_some_and(|field| values.kind().required.contains(&(*field.name).into()));
        NewField { key: entry.key.name.to_string(), value: value.map(NewScalar::text), is_required }
    };
    let mut fields: Vec<NewField> = of_model.filter(|entry| is_usual(&entry.key.name)).map(field).collect();
    let title = &values.request.title;
    let states_title = |field: &NewField| field.value.as_ref().is_some_and(|value| value.text == *title);
    if !is_untitled && !fields.iter().any(states_title) {
        let at = fields.iter().position(|field| values.field(&field.key).is_some_and(|it| &*it.name == "id"));
        let value = Some(NewScalar::text(title.as_str()));
        let new = NewField { key: "title".to_owned(), value, is_required: false };
        fields.insert(at.map_or(0, |id| id + 1), new);
    }
    let is_id = |name: &str| values.field(name).is_some_and(|field| &*field.name == "id");
    for required in values.kind().required.iter().filter(|name| !is_id(name)) {
        let states = |field: &NewField| values.field(&field.key).is_some_and(|it| *it.name == **required);
        if !fields.iter().any(states) {
            let value = values.field(required).and_then(|field| values.value(field, ""));
            let value = value.map(NewScalar::text);
            fields.push(NewField { key: required.to_string(), value, is_required: true });
        }
    }
    fields
}

/// The identifier of a first record, in the style of the kind's example.
pub(super) fn first_id(kind: &Kind, example: &Document, request: &Request<'_>) -> String {
    let like = first_item(kind, example).and_then(|item| item.get("id")?.as_text()).unwrap_or_default();
    match NumberStyle::of(std::iter::once(like), request.today) {
        Some(style) => style.write(1),
        None => slug(&request.title, "-", false),
    }
}

/// A file with a first record: the keys of the kind's example, with the values that are known.
pub(super) fn first(
    kind: &Kind,
    example: &Document,
    id: &str,
    request: &Request<'_>,
    author: Option<&str>,
) -> String {
    let mut text = format!("# All fields: `alignlint explain {}`.\n{}:\n", kind.name, kind.plural);
    let entries = first_item(kind, example).and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    let mut keys: Vec<&str> = entries.iter().map(|entry| &*entry.key.name).collect();
    let initial = |key: &str| kind.shape.by_key(key).and_then(|field| field.initial.as_ref());
    let is_untitled = keys.contains(&"id") && request.is_untitled();
    let states_title = keys.iter().any(|key| *key == "title" || initial(key) == Some(&Initial::Title));
    if !is_untitled && !states_title {
        keys.insert(usize::from(keys.first() == Some(&"id")), "title");
    }
    let has_title = keys.contains(&"title");
    for (at, key) in keys.into_iter().enumerate() {
        let is_owner = !WHO.contains(&&*kind.name) && kind.accountable.first().is_some_and(|it| **it == *key);
        let value = match (key, initial(key)) {
            ("id", _) => Some(id.to_owned()),
            ("title", _) => (!is_untitled).then(|| request.title.clone()),
            (_, Some(Initial::Title)) => (!has_title && !is_untitled).then(|| request.title.clone()),
            _ if is_owner => author.map(str::to_owned),
            (_, Some(Initial::Today)) => Some(request.today.to_string()),
            (_, Some(Initial::Author)) => author.map(str::to_owned),
            (_, Some(Initial::Day)) => Some(request.day().to_string()),
            (_, Some(Initial::Value(value))) => Some(value.to_string()),
            (_, Some(Initial::Same | Initial::Page | Initial::Each { .. }) | None) => None,
        };
        let dash = if at == 0 { "  - " } else { "    " };
        match value.map(|value| written(&value)) {
            Some(value) => text.push_str(&format!("{dash}{key}: {value}\n")),
            None => text.push_str(&format!("{dash}{key}:\n")),
        }
    }
    text
}

fn written(value: &str) -> String {
    crate::syntax::edit::yaml_text(value)
}

fn first_item<'d>(kind: &Kind, example: &'d Document) -> Option<&'d Node> {
    example.roots.first()?.get(&kind.plural)?.as_sequence()?.first()
}
