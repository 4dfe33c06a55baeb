//! Members that read a record's history: when a field changed, from what, and by whom.

use std::collections::HashMap;
use std::sync::Arc;

use crate::history::{Actor, Revision, version};
use crate::kind::{Field, FieldType, WHO};
use crate::node::Node;
use crate::record::Record;
use crate::rule::runtime::{
    ChangeList, ChangeRef, Context, ELEMENT_COST, EvalError, EvalResult, Evaluated, FactType, Item, PEOPLE,
    Ty, Unresolved, Value,
};
use crate::text::Span;

pub(crate) static CHANGE: FactType = FactType::new(
    "a change",
    &[
        (Ty::String, &["value", "before", "commit"]),
        (Ty::Bool, &["readable", "news"]),
        (Ty::Date, &["date"]),
        (PEOPLE, &["people"]),
        (Ty::Int, &["words", "removed", "records", "order"]),
    ],
);

pub(super) fn history<'a>(cx: &Context<'a>, holder: &Value<'a>, field: &str) -> EvalResult<'a> {
    let list = Arc::new(changes(cx, holder, field)?);
    let count = list.changes.len();
    Ok(Value::list((0..count).map(|index| Value::Change(ChangeRef { list: list.clone(), index })).collect()))
}

pub(super) fn changed<'a>(cx: &Context<'a>, holder: &Value<'a>, field: &str) -> EvalResult<'a> {
    let list = changes(cx, holder, field)?;
    let index = list.changes.len().checked_sub(1).ok_or(EvalError::Absent)?;
    Ok(Value::Change(ChangeRef { list: Arc::new(list), index }))
}

fn file_changed<'a>(cx: &Context<'a>, path: &str) -> EvalResult<'a> {
    let snapshot = cx.catalog.snapshot();
    let file = snapshot.get(path.trim_start_matches("./")).ok_or(EvalError::Absent)?;
    let history = cx.input.history().filter(|history| history.is_available());
    let history = history.ok_or(EvalError::Indeterminate)?;
    cx.step(ELEMENT_COST)?;
    let Some(version) = history.last_version(&file.path) else { return Ok(Value::Date(cx.today)) };
    let is_changed = snapshot
        .content_id(file)
        .is_some_and(|now| version.blob.is_none_or(|blob| blob.as_bytes() != now.as_bytes()));
    let date = if is_changed { Some(cx.today) } else { version.date };
    date.map(Value::Date).ok_or(EvalError::Indeterminate)
}

pub(super) fn last_changed<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let history = cx.input.history_of(record).and_then(|history| history.of_record(record));
    let history = history.ok_or(EvalError::Indeterminate)?;
    cx.step(history.len() * ELEMENT_COST)?;
    // Changes with a known date are later than those that a shallow clone hides.
    history
        .iter()
        .filter_map(|changes| changes.revision(changes.len().checked_sub(1)?).date(cx.today))
        .max()
        .map(Value::Date)
        .ok_or(EvalError::Indeterminate)
}

pub(super) fn created<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let created = cx.input.history_of(record).and_then(|history| history.created(record));
    created.and_then(|created| created.date(cx.today)).map(Value::Date).ok_or(EvalError::Indeterminate)
}

/// The date of the last commit by or about a person; of other records, of the last one that changed the page under `path`, else their own.
pub(super) fn last_commit<'a>(cx: &Context<'a>, person: &'a Record) -> EvalResult<'a> {
    if !person.kind.name.starts_with(WHO[0]) {
        let path = person.field("path").and_then(Node::as_text);
        return file_changed(cx, path.unwrap_or(&person.path));
    }
    let history = cx.input.history().ok_or(EvalError::Indeterminate)?;
    let named = person.kind.names.iter().filter_map(|field| person.field(field)).flat_map(Node::items);
    let names =
        named.filter_map(Node::as_text).map(|text| text.trim().trim_start_matches('@')).chain([&*person.id]);
    history.last_active(names).map(Value::Date).ok_or(EvalError::Absent)
}

fn changes<'a>(cx: &Context<'a>, holder: &Value<'a>, field: &str) -> Evaluated<ChangeList<'a>> {
    let (record, path, span) = locate(holder, field)?;
    cx.step(ELEMENT_COST)?;
    let changes = cx.input.changes(record, &path).ok_or(EvalError::Indeterminate)?;
    Ok(ChangeList { changes, span })
}

/// The record that contains a field, the field's path in the record's history, and its span.
fn locate<'a>(holder: &Value<'a>, field: &str) -> Evaluated<(&'a Record, String, Span)> {
    match holder {
        Value::Record(record) => Ok((record, field.into(), span(&record.fields, field, record.name_span))),
        Value::Item(item) => {
            let path = format!("{}/{field}", item_path(item).ok_or(EvalError::Indeterminate)?);
            Ok((item.record, path, span(item.node, field, item.node.span)))
        }
        _ => Err(EvalError::Indeterminate),
    }
}

fn span(node: &Node, field: &str, otherwise: Span) -> Span {
    node.get(field).map_or(otherwise, |value| value.span)
}

/// The path of an item in its record's history; `None` if it has no value in the field that identifies it.
fn item_path(item: &Item<'_>) -> Option<String> {
    let fields = item.record.fields.as_mapping()?.entries().iter();
    let holds = |node: &Node| node.items().iter().any(|other| std::ptr::eq(other, item.node));
    let list = fields.into_iter().find(|entry| holds(&entry.value))?;
    if std::ptr::eq(&raw const list.value, item.node) {
        return Some(list.key.name.to_string());
    }
    version::item_path(&list.key.name, item.node, item.key?)
}

pub(super) fn member<'a>(cx: &Context<'a>, change: &ChangeRef<'a>, name: &str) -> EvalResult<'a> {
    let revision = change.list.changes.revision(change.index);
    match name {
        "value" => Ok(Value::String(change.value())),
        "before" => Ok(Value::String(change.before())),
        "readable" => Ok(Value::Bool(is_readable(cx, change))),
        "words" => {
            let (added, removed) = differing_words(change);
            Ok(Value::Int(added + removed))
        }
        "removed" => Ok(Value::Int(differing_words(change).1)),
        "order" => order(cx, change).map(|(order, _)| Value::Int(order)),
        "news" => order(cx, change)?.1.map(Value::Bool).ok_or(EvalError::Absent),
        "date" => revision.date(cx.today).map(Value::Date).ok_or(EvalError::Absent),
        _ => {
            let Revision::Commit { commit, people, records, .. } = revision else {
                return Err(EvalError::Absent);
            };
            match name {
                "records" => Ok(Value::Int(records as i64)),
                "commit" => Ok(Value::string(commit.short())),
                "people" => Ok(Value::list(people.iter().map(|actor| person(cx, actor)).collect())),
                _ => Err(EvalError::Absent),
            }
        }
    }
}

/// Returns false if the old value is none of the field's values, or not of its type, or the new one, which the field still has.
fn is_readable(cx: &Context<'_>, change: &ChangeRef<'_>) -> bool {
    let Some(field) = change.list.changes.field() else { return true };
    let is_latest = change.index + 1 == change.list.changes.len();
    is_value_of(cx, field, &change.before()) && (!is_latest || is_value_of(cx, field, &change.value()))
}

fn is_value_of(cx: &Context<'_>, field: &Field, value: &str) -> bool {
    match value {
        "" => true,
        _ if !field.values.is_empty() => value.split(", ").all(|value| field.canonical(value).is_some()),
        _ => {
            let is_scalar =
                !matches!(field.ty, FieldType::List(_) | FieldType::Struct(_) | FieldType::Map(_));
            !is_scalar || cx.parse(value, &field.ty).is_ok()
        }
    }
}

fn order(cx: &Context<'_>, change: &ChangeRef<'_>) -> Evaluated<(i64, Option<bool>)> {
    cx.input.change_order(&change.list.changes, change.index).ok_or(EvalError::Indeterminate)
}

/// The numbers of words that were added and removed, in any case.
fn differing_words(change: &ChangeRef<'_>) -> (i64, i64) {
    let (value, before) = (change.value().to_lowercase(), change.before().to_lowercase());
    let (value, before) = (words(&value), words(&before));
    let start = value.iter().zip(&before).take_while(|(a, b)| a == b).count();
    let (value, before) = (&value[start..], &before[start..]);
    let end = value.iter().rev().zip(before.iter().rev()).take_while(|(a, b)| a == b).count();
    let (value, before) = (&value[..value.len() - end], &before[..before.len() - end]);
    if value.is_empty() || before.is_empty() {
        return (value.len() as i64, before.len() as i64);
    }
    let mut balance: HashMap<&[u8], i64> = HashMap::new();
    value.iter().for_each(|word| *balance.entry(word).or_default() += 1);
    before.iter().for_each(|word| *balance.entry(word).or_default() -= 1);
    let added = balance.values().filter(|count| **count > 0).sum();
    (added, -balance.values().filter(|count| **count < 0).sum::<i64>())
}

fn words(text: &str) -> Vec<&[u8]> {
    let is_word = |word: &&[u8]| !word.is_empty();
    match text.is_ascii() {
        true => text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(is_word).collect(),
        false => text.split(|c: char| !c.is_alphanumeric()).map(str::as_bytes).filter(is_word).collect(),
    }
}

fn person<'a>(cx: &Context<'a>, actor: &'a Actor) -> Value<'a> {
    let account = actor.account();
    let known = [Some(&*actor.email), account, Some(&*actor.name)].into_iter().flatten();
    let at_sign = account.map(|account| format!("@{account}"));
    let mut found = known.chain(at_sign.as_deref()).filter(|name| !name.is_empty());
    match found.find_map(|name| cx.catalog.named("person", name).first().copied()) {
        Some(id) => Value::Record(cx.catalog.record(id)),
        None => {
            let text = if actor.name.is_empty() { &actor.email } else { &actor.name };
            Value::Unresolved(Unresolved { text, reference: None })
        }
    }
}
