//! What expressions ask of the past: when a value last changed, from what, and by whom.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::history::timeline::Identity;
use crate::history::{Change, Story, When};
use crate::node::Node;
use crate::record::Record;
use crate::text::Span;

use super::evaluate::{Evaluator, Stop, Yield};
use super::types::{FactMember, FactType};
use super::value::{ELEMENT, Fact, Item, Text, Unresolved, Value};

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
pub(super) fn history<'a>(eval: &Evaluator<'a>, of: &Value<'a>, field: &str) -> Yield<'a> {
    let (record, path, span) = named(of, field)?;
    let changes = changes(eval, record, &path)?;
    eval.step(changes.len() * ELEMENT)?;
    Ok(Value::list(changes.iter().map(|change| fact(eval, record, change, span)).collect()))
}

/// The last change of a field of a record or item; absent where it never had a value.
pub(super) fn changed<'a>(eval: &Evaluator<'a>, of: &Value<'a>, field: &str) -> Yield<'a> {
    let (record, path, span) = named(of, field)?;
    changes(eval, record, &path)?.last().map(|change| fact(eval, record, change, span)).ok_or(Stop::Absent)
}

/// The day of the last change of any field.
pub(super) fn last_changed<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Yield<'a> {
    let story = story(eval, record)?;
    let changes = story.fields.iter().filter_map(|(_, changes)| changes.last());
    let known: Vec<Option<Date>> = changes.map(|change| day(eval, &change.when)).collect();
    // What changed since the clone ends is later than what it can't tell.
    known.into_iter().flatten().max().map(Value::Date).ok_or(Stop::Unknowable)
}

/// The day that the record came to be.
pub(super) fn created<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Yield<'a> {
    let created =
        eval.catalog.past_of(record).and_then(|past| past.created(record)).ok_or(Stop::Unknowable)?;
    day(eval, &created).map(Value::Date).ok_or(Stop::Unknowable)
}

/// The last day on which a person made a commit or was named in one; absent where they never were.
pub(super) fn last_active<'a>(eval: &Evaluator<'a>, person: &'a Record) -> Yield<'a> {
    let past = eval.catalog.past().ok_or(Stop::Unknowable)?;
    let texts = person.kind.names.iter().filter_map(|field| person.field(field)).flat_map(texts);
    let names = texts.map(|text| text.trim().trim_start_matches('@')).chain([&*person.id]);
    past.last_active(names).map(Value::Date).ok_or(Stop::Absent)
}

fn texts(node: &Node) -> Vec<&str> {
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(Node::as_text).collect()
}

fn changes<'a>(eval: &Evaluator<'a>, record: &'a Record, path: &str) -> Result<Vec<Change<'a>>, Stop> {
    eval.step(ELEMENT)?;
    eval.catalog.past_of(record).and_then(|past| past.changes(record, path)).ok_or(Stop::Unknowable)
}

fn story<'a>(eval: &Evaluator<'a>, record: &'a Record) -> Result<Story<'a>, Stop> {
    let story = eval.catalog.past_of(record).and_then(|past| past.of(record)).ok_or(Stop::Unknowable)?;
    eval.step(story.fields.len() * ELEMENT)?;
    Ok(story)
}

/// The record that a value is or stands in, the name of its field in the record's history, and the place
/// of the field.
fn named<'a>(of: &Value<'a>, field: &str) -> Result<(&'a Record, String, Span), Stop> {
    match of {
        Value::Record(record) => {
            Ok((record, field.to_owned(), span(&record.fields, field, record.name_span)))
        }
        Value::Item(item) => {
            let path = format!("{}/{field}", path(item).ok_or(Stop::Unknowable)?);
            Ok((item.record, path, span(item.node, field, item.node.span)))
        }
        _ => Err(Stop::Unknowable),
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

fn fact<'a>(eval: &Evaluator<'a>, record: &'a Record, change: &Change<'a>, span: Span) -> Value<'a> {
    let text = |value: &Option<Arc<str>>| Value::Text(Text::Made(value.clone().unwrap_or_default()));
    let mut members = vec![("value", text(&change.value)), ("before", text(&change.before))];
    // Of what was there before the clone begins, only the value is known.
    members.extend(day(eval, &change.when).map(|day| ("date", Value::Date(day))));
    members.push(("words", Value::Int(differing_words(change))));
    let (order, news) = eval.catalog.order(record, &change.when);
    members.push(("order", Value::Int(order)));
    members.extend(news.map(|news| ("news", Value::Bool(news))));
    if let When::Commit { commit, people, records, .. } = &change.when {
        members.extend(records.map(|records| ("records", Value::Int(records as i64))));
        let people: Vec<Value<'a>> = people.iter().map(|who| person(eval, who)).collect();
        members.push(("commit", Value::text(commit.short())));
        members.extend(people.first().cloned().map(|author| ("author", author)));
        members.push(("people", Value::list(people)));
    }
    Value::Fact(Arc::new(Fact { members, span, related: None }))
}

/// When something was; at the latest, where just that is asked.
fn day(eval: &Evaluator<'_>, when: &When<'_>) -> Option<Date> {
    if eval.at_latest { when.latest(eval.today) } else { when.date(eval.today) }
}

/// How many words the value has that it had not before, and the other way round.
fn differing_words(change: &Change<'_>) -> i64 {
    let (value, before) = (words(&change.value), words(&change.before));
    // What both begin and end with makes no difference, and is most of either.
    let start = value.iter().zip(&before).take_while(|(a, b)| a == b).count();
    let (value, before) = (&value[start..], &before[start..]);
    let end = value.iter().rev().zip(before.iter().rev()).take_while(|(a, b)| a == b).count();
    let (value, before) = (&value[..value.len() - end], &before[..before.len() - end]);
    if value.is_empty() || before.is_empty() {
        return (value.len() + before.len()) as i64;
    }
    let mut balance: HashMap<&[u8], i64> = HashMap::new();
    value.iter().for_each(|word| *balance.entry(word).or_default() += 1);
    before.iter().for_each(|word| *balance.entry(word).or_default() -= 1);
    balance.values().map(|count| count.abs()).sum()
}

fn words(text: &Option<Arc<str>>) -> Vec<&[u8]> {
    let text = text.as_deref().unwrap_or("");
    let is_word = |word: &&[u8]| !word.is_empty();
    match text.is_ascii() {
        true => text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(is_word).collect(),
        false => text.split(|c: char| !c.is_alphanumeric()).map(str::as_bytes).filter(is_word).collect(),
    }
}

/// The person whom a commit names: found by address, by account, by name.
fn person<'a>(eval: &Evaluator<'a>, who: &'a Identity) -> Value<'a> {
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
