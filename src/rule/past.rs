//! What expressions ask of the past: when a value last changed, from what, and by whom.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::history::{Actor, RecordHistory, Revision};
use crate::node::Node;
use crate::record::Record;
use crate::text::Span;

use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::types::{FactMember, FactType};
use super::value::{ChangeList, ChangeRef, ELEMENT, Item, Unresolved, Value};

pub static CHANGE: FactType = FactType {
    name: "a change",
    members: &[
        ("value", FactMember::Text),
        ("before", FactMember::Text),
        ("date", FactMember::Date),
        ("commit", FactMember::Text),
        ("author", FactMember::Person),
        ("people", FactMember::People),
        ("words", FactMember::Int),
        ("records", FactMember::Int),
        ("order", FactMember::Int),
        ("news", FactMember::Bool),
    ],
};

/// The changes of a field of a record or item, from the oldest.
pub(super) fn history<'a>(eval: &Evaluator<'a>, of: &Value<'a>, field: &str) -> EvalResult<'a> {
    let of = Arc::new(changes(eval, of, field)?);
    let count = of.changes.len();
    eval.step(count * ELEMENT)?;
    Ok(Value::list((0..count).map(|nth| Value::Change(ChangeRef { list: of.clone(), index: nth })).collect()))
}

/// The last change of a field of a record or item; absent where it never had a value.
pub(super) fn changed<'a>(eval: &Evaluator<'a>, of: &Value<'a>, field: &str) -> EvalResult<'a> {
    let of = changes(eval, of, field)?;
    let nth = of.changes.len().checked_sub(1).ok_or(EvalError::Absent)?;
    Ok(Value::Change(ChangeRef { list: Arc::new(of), index: nth }))
}

/// The day of the last change of any field.
pub(super) fn last_changed<'a>(eval: &Evaluator<'a>, record: &'a Record) -> EvalResult<'a> {
    let story = story(eval, record)?;
    let changes = story.fields.iter().filter_map(|(_, changes)| changes.last());
    let known: Vec<Option<Date>> = changes.map(|change| day(eval, &change.revision)).collect();
    // What changed since the clone ends is later than what it can't tell.
    known.into_iter().flatten().max().map(Value::Date).ok_or(EvalError::Indeterminate)
}

/// The day that the record came to be.
pub(super) fn created<'a>(eval: &Evaluator<'a>, record: &'a Record) -> EvalResult<'a> {
    let created = eval
        .catalog
        .history_of(record)
        .and_then(|past| past.created(record))
        .ok_or(EvalError::Indeterminate)?;
    day(eval, &created).map(Value::Date).ok_or(EvalError::Indeterminate)
}

/// The last day on which a person made a commit or was named in one; absent where they never were.
pub(super) fn last_active<'a>(eval: &Evaluator<'a>, person: &'a Record) -> EvalResult<'a> {
    let past = eval.catalog.history().ok_or(EvalError::Indeterminate)?;
    let texts = person.kind.names.iter().filter_map(|field| person.field(field)).flat_map(texts);
    let names = texts.map(|text| text.trim().trim_start_matches('@')).chain([&*person.id]);
    past.last_active(names).map(Value::Date).ok_or(EvalError::Absent)
}

fn texts(node: &Node) -> Vec<&str> {
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(Node::as_text).collect()
}

fn changes<'a>(eval: &Evaluator<'a>, of: &Value<'a>, field: &str) -> Result<ChangeList<'a>, EvalError> {
    let (record, path, span) = named(of, field)?;
    eval.step(ELEMENT)?;
    let changes = eval.catalog.changes(record, &path).ok_or(EvalError::Indeterminate)?;
    Ok(ChangeList { changes, span })
}

fn story<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Result<RecordHistory<'a>, EvalError> {
    let story = eval
        .catalog
        .history_of(record)
        .and_then(|past| past.of_record(record))
        .ok_or(EvalError::Indeterminate)?;
    eval.step(story.fields.len() * ELEMENT)?;
    Ok(story)
}

/// The record that a value is or stands in, the name of its field in the record's history, and the place
/// of the field.
fn named<'a>(of: &Value<'a>, field: &str) -> Result<(&'a Record, String, Span), EvalError> {
    match of {
        Value::Record(record) => {
            Ok((record, field.to_owned(), span(&record.fields, field, record.name_span)))
        }
        Value::Item(item) => {
            let path = format!("{}/{field}", path(item).ok_or(EvalError::Indeterminate)?);
            Ok((item.record, path, span(item.node, field, item.node.span)))
        }
        _ => Err(EvalError::Indeterminate),
    }
}

fn span(node: &Node, field: &str, otherwise: Span) -> Span {
    node.get(field).map_or(otherwise, |value| value.span)
}

/// The name of an item in its record's history; none where nothing tells it from the others of its list.
fn path(item: &Item<'_>) -> Option<String> {
    let fields = item.record.fields.as_mapping()?.entries().iter();
    let holds = |node: &Node| {
        let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
        items.iter().any(|other| std::ptr::eq(other, item.node))
    };
    let list = fields.into_iter().find(|entry| holds(&entry.value))?;
    if std::ptr::eq(&raw const list.value, item.node) {
        return Some(list.key.name.to_string());
    }
    crate::history::version::item_path(&list.key.name, item.node, item.key?)
}

/// What a change tells by one name.
pub(super) fn member<'a>(eval: &Evaluator<'a>, change: &ChangeRef<'a>, name: &str) -> EvalResult<'a> {
    match name {
        "value" => change.value().map(Value::Text).ok_or(EvalError::Indeterminate),
        "before" => change.before().map(Value::Text).ok_or(EvalError::Indeterminate),
        "words" => differing_words(change).map(Value::Int).ok_or(EvalError::Indeterminate),
        "order" => order(eval, change).map(|(order, _)| Value::Int(order)),
        "news" => order(eval, change)?.1.map(Value::Bool).ok_or(EvalError::Absent),
        _ => told(eval, &when(change)?, name).ok_or(EvalError::Absent),
    }
}

fn when<'a>(change: &ChangeRef<'a>) -> Result<Revision<'a>, EvalError> {
    Ok(change.list.changes.revision(change.index))
}

/// What the commit of a change tells by one name.
fn told<'a>(eval: &Evaluator<'a>, when: &Revision<'a>, name: &str) -> Option<Value<'a>> {
    // Of what was there before the clone begins, only the value is known.
    if name == "date" {
        return day(eval, when).map(Value::Date);
    }
    let Revision::Commit { commit, people, records, .. } = when else { return None };
    match name {
        "records" => records.map(|records| Value::Int(records as i64)),
        "commit" => Some(Value::text(commit.short())),
        "author" => people.first().map(|author| person(eval, author)),
        "people" => Some(Value::list(people.iter().map(|who| person(eval, who)).collect())),
        _ => None,
    }
}

/// The place of a change among all, and whether it is news; see [`Catalog::change_order`](crate::catalog::Catalog::change_order).
fn order(eval: &Evaluator<'_>, change: &ChangeRef<'_>) -> Result<(i64, Option<bool>), EvalError> {
    eval.catalog.change_order(&change.list.changes, change.index).ok_or(EvalError::Indeterminate)
}

/// When something was; at the latest, where just that is asked.
fn day(eval: &Evaluator<'_>, when: &Revision<'_>) -> Option<Date> {
    if eval.assume_latest_date { when.latest(eval.today) } else { when.date(eval.today) }
}

/// How many words the value has that it had not before, and the other way round.
fn differing_words(change: &ChangeRef<'_>) -> Option<i64> {
    let (value, before) = (change.value()?, change.before()?);
    let (value, before) = (words(&value), words(&before));
    // What both begin and end with makes no difference, and is most of either.
    let start = value.iter().zip(&before).take_while(|(a, b)| a == b).count();
    let (value, before) = (&value[start..], &before[start..]);
    let end = value.iter().rev().zip(before.iter().rev()).take_while(|(a, b)| a == b).count();
    let (value, before) = (&value[..value.len() - end], &before[..before.len() - end]);
    if value.is_empty() || before.is_empty() {
        return Some((value.len() + before.len()) as i64);
    }
    let mut balance: HashMap<&[u8], i64> = HashMap::new();
    value.iter().for_each(|word| *balance.entry(word).or_default() += 1);
    before.iter().for_each(|word| *balance.entry(word).or_default() -= 1);
    Some(balance.values().map(|count| count.abs()).sum())
}

fn words(text: &str) -> Vec<&[u8]> {
    let is_word = |word: &&[u8]| !word.is_empty();
    match text.is_ascii() {
        true => text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(is_word).collect(),
        false => text.split(|c: char| !c.is_alphanumeric()).map(str::as_bytes).filter(is_word).collect(),
    }
}

/// The person whom a commit names: found by address, by account, by name.
fn person<'a>(eval: &Evaluator<'a>, who: &'a Actor) -> Value<'a> {
    let account = who.account();
    let known = [Some(&*who.email), account, Some(&*who.name)].into_iter().flatten();
    let at_sign = account.map(|account| format!("@{account}"));
    let mut found = known.chain(at_sign.as_deref()).filter(|name| !name.is_empty());
    match found.find_map(|name| eval.catalog.named("person", name).first()) {
        Some(&id) => Value::Record(eval.catalog.record(id)),
        None => {
            let text = if who.name.is_empty() { &who.email } else { &who.name };
            Value::Unresolved(Unresolved { text, reference: None })
        }
    }
}
