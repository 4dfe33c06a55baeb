//! Traversal of references: citing records, transitive references, cycles.

use std::collections::{HashMap, HashSet};
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

fn cycle<'a>(cx: &Context<'a>, start: &'a Record, field: &str) -> Result<Vec<&'a Record>, EvalError> {
    let in_cycles = cx.catalog.in_cycles(field);
    if !in_cycles[start.number as usize] {
        return Ok(Vec::new());
    }
    let mut predecessors: HashMap<u32, &'a Record> = HashMap::new();
    let mut level = vec![start];
    for _ in 0..limits::CHAIN {
        let mut next = Vec::new();
        for from in level {
            for neighbour in targets(cx, from, field)? {
                if neighbour.number == start.number {
                    return Ok(path_between(start, from, &predecessors));
                }
                if in_cycles[neighbour.number as usize] && !predecessors.contains_key(&neighbour.number) {
                    predecessors.insert(neighbour.number, from);
                    next.push(neighbour);
                }
            }
        }
        level = next;
    }
    Ok(Vec::new())
}

fn path_between<'a>(
    start: &'a Record,
    end: &'a Record,
    predecessors: &HashMap<u32, &'a Record>,
) -> Vec<&'a Record> {
    let mut path = vec![end];
    while let Some(before) =
        path.last().filter(|last| last.number != start.number).and_then(|last| predecessors.get(&last.number))
    {
        path.push(before);
    }
    path.reverse();
    path
}

pub(super) static CYCLE: FactType = FactType::new(
    "a cycle of references",
    &[(MemberType::String, &["field"]), (MemberType::Records, &["records"])],
);

/// The shortest cycle through each acyclic field, unless another record of it is later. A cycle through two fields counts once.
pub(super) fn cycles<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let mut found: Vec<(Value, Vec<u32>)> = Vec::new();
    for field in record.kind.shape.fields.iter().filter(|field| field.acyclic) {
        let mut ring = cycle(cx, record, &field.name)?;
        let next = ring.get(1).unwrap_or(&record).number;
        ring.sort_by_key(|member| member.number);
        let numbers: Vec<u32> = ring.iter().map(|member| member.number).collect();
        if numbers.last() != Some(&record.number) || found.iter().any(|(_, known)| *known == numbers) {
            continue;
        }
        let mut references = cx.catalog.references(record);
        let closing = references.find(|it| it.is_in(&field.name) && it.target.record() == Some(next));
        cx.step(ring.len() * ELEMENT_COST)?;
        let fact = Fact {
            members: vec![("field", Value::string(&*field.name)), ("records", ring.into())],
            span: closing.map_or(record.name_span, |reference| reference.span),
            related: None,
            written: None,
            identity: FactIdentity::Members(&["field"]),
        };
        found.push((Value::Fact(Arc::new(fact)), numbers));
    }
    Ok(Value::list(found.into_iter().map(|(fact, _)| fact).collect()))
}
