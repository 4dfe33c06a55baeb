//! Traversal of references: citing records, transitive references, cycles, and the people behind fields, roles and teams.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{Citation, Reference, Target};
use crate::kind::WHO;
use crate::limits;
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Evaluated, Fact, FactIdentity, FactType, RecordReference,
    Ty, Value,
};

use super::history;

pub(super) fn cited_by<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let record = args[0].record()?;
    let kind = args.get(1).map(Value::text).transpose()?;
    let field = args.get(2).map(Value::text).transpose()?;
    let mut citing: Vec<&'a Record> = Vec::new();
    let add = |citation: Citation<'a>| {
        let from = cx.catalog.record(citation.from);
        if !std::ptr::eq(from, record) && citing.last().is_none_or(|last| !std::ptr::eq(*last, from)) {
            citing.push(from);
        }
    };
    let found = cx.catalog.citations_by(record, kind, field);
    cx.step(found.size_hint().1.unwrap_or_default())?;
    found.for_each(add);
    Ok(citing.into())
}

pub(super) fn references_to<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let (record, kinds) = (args[0].record()?, &args[1..]);
    let references = cx.catalog.references(record);
    cx.step(references.len())?;
    let leads_there = |reference: &Reference| match reference.target {
        Target::Record(target) => {
            let kind = &*cx.catalog.record(target).kind.name;
            kinds.iter().any(|wanted| wanted.as_text() == Some(kind))
        }
        _ => false,
    };
    let found = references.filter(leads_there);
    let found = found.map(|reference| Value::Reference(RecordReference { record, reference }));
    Ok(Value::list(found.collect()))
}

fn targets<'a>(cx: &Context<'a>, record: &'a Record, field: &str) -> Evaluated<Vec<&'a Record>> {
    const EDGE_COST: usize = 8;
    let found: Vec<&'a Record> = cx.catalog.targets(record, field).collect();
    cx.step((found.len() + 1) * EDGE_COST)?;
    Ok(found)
}

/// The records reachable along `field`, breadth first, without the start.
pub(super) fn ancestors<'a>(cx: &Context<'a>, start: &'a Record, field: &str) -> Evaluated<Vec<&'a Record>> {
    let mut found = targets(cx, start, field)?;
    // Most records lead nowhere.
    if found.is_empty() {
        return Ok(found);
    }
    let mut seen = HashSet::from([start.number]);
    let mut reached: Vec<&'a Record> = Vec::new();
    for _ in 0..limits::CHAIN {
        found.retain(|neighbour| seen.insert(neighbour.number));
        if found.is_empty() {
            break;
        }
        reached.extend(&found);
        for record in std::mem::take(&mut found) {
            found.extend(targets(cx, record, field)?);
        }
    }
    Ok(reached)
}

pub(super) static CYCLE: FactType = FactType::new(
    "a cycle of references",
    &[(Ty::String, &["field"]), (Ty::List(&Ty::Record), &["records"])],
);

/// The cycles through each acyclic field of which this is the last record. A cycle through two fields counts once.
pub(super) fn cycles<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let mut found: Vec<(Value, Arc<[u32]>)> = Vec::new();
    for field in record.kind.shape.fields.iter().filter(|field| field.acyclic) {
        let Some(numbers) = cx.catalog.cycles(&field.name).get(&record.number).cloned() else { continue };
        if numbers.last() != Some(&record.number) || found.iter().any(|(_, known)| *known == numbers) {
            continue;
        }
        let leads_back =
            |it: &Reference| it.target.record().is_some_and(|number| numbers.binary_search(&number).is_ok());
        let closing = cx.catalog.references(record).find(|it| it.is_in(&field.name) && leads_back(it));
        let span = closing.map_or(record.name_span, |reference| reference.span);
        let ring: Vec<&Record> = numbers.iter().map(|number| cx.catalog.record(*number)).collect();
        let members = vec![("field", Value::string(&*field.name)), ("records", ring.into())];
        found.push((Fact::new(members, span, FactIdentity::Members(&["field"])).into(), numbers));
    }
    Ok(Value::list(found.into_iter().map(|(fact, _)| fact).collect()))
}

pub(super) fn named_in<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let record = args[0].record()?;
    let field = args[1].text()?;
    let before = args.get(2).map(|change| order(cx, change)).transpose()?;
    list(cx, cx.input.people(record, field, before).ok_or(EvalError::Indeterminate)?)
}

pub(super) fn members_of<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let before = args.get(1).map(|change| order(cx, change)).transpose()?;
    list(cx, cx.input.people_of(args[0].record()?, before).ok_or(EvalError::Indeterminate)?)
}

pub(super) fn superiors<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    list(cx, cx.input.superiors(args[0].record()?))
}

/// The names of people, roles and teams for a reader.
pub(super) fn names<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let value = &args[0];
    if !value.is_list() {
        return Ok(Value::string(name(cx, value)?));
    }
    let names = value.elements(cx.catalog).map(|one| name(cx, &one));
    Ok(Value::string(names.collect::<Result<Vec<_>, _>>()?.join(", ")))
}

fn name<'a>(cx: &Context<'a>, value: &Value<'a>) -> Evaluated<String> {
    cx.step(ELEMENT_COST)?;
    match value {
        Value::Record(record) => {
            cx.note_named(record.number);
            Ok(cx.input.full_name(record))
        }
        value => cx.show(value),
    }
}

fn list<'a>(cx: &Context<'a>, people: Vec<&'a Record>) -> EvalResult<'a> {
    cx.step(people.len() + ELEMENT_COST)?;
    Ok(people.into())
}

/// The position of a change among all changes; not known of a change that a shallow clone hides.
fn order<'a>(cx: &Context<'a>, change: &Value<'a>) -> Evaluated<i64> {
    let Value::Change(change) = change else { return Err(EvalError::Indeterminate) };
    match history::member(cx, change, "order")? {
        Value::Int(order) if order > 0 => Ok(order),
        _ => Err(EvalError::Indeterminate),
    }
}

pub(crate) const ACCOUNTABLE_KINDS: [&str; 3] = WHO;

/// The references in the first accountable field that has any.
pub(super) fn accountable<'a>(cx: &Context<'a>, record: &'a Record) -> Evaluated<Vec<Reference<'a>>> {
    let fields = record.accountable();
    if !cx.is_view && !fields.is_empty() && fields.iter().all(|field| record.format_lacks(field)) {
        return Err(EvalError::Indeterminate);
    }
    let found = cx.catalog.owner_references(record);
    // The value may name a person, and another finding reports that it is unreadable.
    let is_unreadable = |field: &str| {
        record.format.is_none()
            && record.field(field).is_some_and(|it| !it.is_empty() && it.as_mapping().is_some())
    };
    match found.is_empty() && !cx.is_view && fields.iter().any(|field| is_unreadable(field)) {
        true => Err(EvalError::Unreadable),
        false => Ok(found),
    }
}

/// The holder of a role; any other owner itself.
pub(super) fn holder<'a>(cx: &Context<'a>, owner: Value<'a>) -> Value<'a> {
    let Value::Record(role) = owner else { return owner };
    let holder = cx.catalog.references(role).find(|reference| reference.field() == "holder");
    match holder {
        Some(holder) if &*role.kind.name == "role" => cx.resolve(holder),
        _ => owner,
    }
}
