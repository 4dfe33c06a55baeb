//! Traversal of references: citing records, transitive references, cycles.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{Citation, Reference, Target};
use crate::limits;
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, RecordReference,
    Value,
};

pub(super) fn cited_by<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let record = args[0].record()?;
    let kind = args.get(1).map(Value::text).transpose()?;
    let field = args.get(2).map(Value::text).transpose()?;
    cx.step(cx.catalog.citations(record).len())?;
    let mut citing: Vec<&'a Record> = Vec::new();
    let add = |citation: Citation<'a>| {
        let from = cx.catalog.record(citation.from);
        if !std::ptr::eq(from, record) && citing.last().is_none_or(|last| !std::ptr::eq(*last, from)) {
            citing.push(from);
        }
    };
    match kind {
        Some(kind) => cx.catalog.citations_by(record, kind, field).for_each(add),
        None => cx.catalog.citations(record).for_each(add),
    }
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
    let found: Vec<Value> = references
        .filter(leads_there)
        .map(|reference| Value::Reference(RecordReference { record, reference }))
        .collect();
    cx.step(found.len() * ELEMENT_COST)?;
    Ok(Value::list(found))
}

const EDGE_COST: usize = 8;

fn targets<'a>(cx: &Context<'a>, record: &'a Record, field: &str) -> Result<Vec<&'a Record>, EvalError> {
    let found: Vec<&'a Record> = cx.catalog.targets(record, field).collect();
    cx.step((found.len() + 1) * EDGE_COST)?;
    Ok(found)
}

/// The records reachable along `field`, breadth first, without the start.
pub(super) fn ancestors<'a>(
    cx: &Context<'a>,
    start: &'a Record,
    field: &str,
) -> Result<Vec<&'a Record>, EvalError> {
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
    &[(MemberType::String, &["field"]), (MemberType::Records, &["records"])],
);

/// The cycles through each acyclic field of which this is the last record. A cycle through two fields counts once.
pub(super) fn cycles<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let mut found: Vec<(Value, Arc<[u32]>)> = Vec::new();
    for field in record.kind.shape.fields.iter().filter(|field| field.acyclic) {
        let Some(numbers) = cx.catalog.cycles(&field.name).get(&record.number).cloned() else { continue };
        if numbers.last() != Some(&record.number) || found.iter().any(|(_, known)| *known == numbers) {
            continue;
        }
        cx.step(numbers.len() * ELEMENT_COST)?;
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
