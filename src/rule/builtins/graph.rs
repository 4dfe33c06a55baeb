//! EdgeKinds along references: who cites a record, what a field leads to, where it leads back.

use std::collections::{HashMap, HashSet};

use crate::record::Record;

use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::functions::{record, text};
use super::value::Value;

pub(super) fn cited_by<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let record = record(&args[0])?;
    let kind = args.get(1).map(text).transpose()?;
    let field = args.get(2).map(text).transpose()?;
    let citations = eval.catalog.citations(record);
    eval.step(citations.len())?;
    let mut citing: Vec<&'a Record> = Vec::new();
    for citation in citations {
        let from = eval.catalog.record(citation.from);
        let fits = kind.is_none_or(|kind| *from.kind.name == *kind)
            && field.is_none_or(|field| citation.field == field)
            && !std::ptr::eq(from, record);
        if fits && citing.last().is_none_or(|last| !std::ptr::eq(*last, from)) {
            citing.push(from);
        }
    }
    Ok(citing.into())
}

pub(super) fn cites<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let kind = args.get(1).map(text).transpose()?;
    let field = args.get(2).map(text).transpose()?;
    let mut cited: Vec<&'a Record> = Vec::new();
    for reference in eval.catalog.references(record(&args[0])?) {
        eval.step(1)?;
        if field.is_some_and(|field| reference.field() != field) {
            continue;
        }
        if let Value::Record(target) = eval.refer(reference)
            && kind.is_none_or(|kind| *target.kind.name == *kind)
            && !cited.iter().any(|before| std::ptr::eq(*before, target))
        {
            cited.push(target);
        }
    }
    Ok(cited.into())
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// So far a field is followed: a longer chain is nobody's intention, and a rule that follows one from
/// each of its records would not end.
const FARTHEST: usize = 100;
/// What it costs to go from one record to the next, in steps.
const STEP: usize = 8;

/// The records one step away along `field`.
fn neighbours<'a>(
    eval: &Evaluator<'a>,
    record: &'a Record,
    field: &str,
    direction: Direction,
) -> Result<Vec<&'a Record>, EvalError> {
    let catalog = eval.catalog;
    let found: Vec<&'a Record> = match direction {
        Direction::Up => catalog.targets(record, field).collect(),
        Direction::Down => {
            let through = catalog.citations(record).filter(|citation| citation.field == field);
            through.map(|citation| catalog.record(citation.from)).collect()
        }
    };
    eval.step((found.len() + 1) * STEP)?;
    Ok(found)
}

/// Breadth first, each record once, the start left out.
pub(super) fn reach<'a>(
    eval: &Evaluator<'a>,
    start: &'a Record,
    field: &str,
    direction: Direction,
) -> Result<Vec<&'a Record>, EvalError> {
    let mut seen = HashSet::from([start.number]);
    let mut reached: Vec<&'a Record> = Vec::new();
    let mut level = vec![start];
    for _ in 0..FARTHEST {
        let mut next = Vec::new();
        for record in level {
            let found = neighbours(eval, record, field, direction)?;
            next.extend(found.into_iter().filter(|neighbour| seen.insert(neighbour.number)));
        }
        if next.is_empty() {
            break;
        }
        reached.extend(&next);
        level = next;
    }
    Ok(reached)
}

/// The shortest way along `field` from `start` back to itself, without the return; empty where there
/// is none, or none that short.
pub(super) fn cycle<'a>(
    eval: &Evaluator<'a>,
    start: &'a Record,
    field: &str,
) -> Result<Vec<&'a Record>, EvalError> {
    let in_cycles = eval.catalog.in_cycles(field);
    if !in_cycles[start.number as usize] {
        return Ok(Vec::new());
    }
    let mut came_from: HashMap<u32, &'a Record> = HashMap::new();
    let mut level = vec![start];
    for _ in 0..FARTHEST {
        let mut next = Vec::new();
        for from in level {
            for neighbour in neighbours(eval, from, field, Direction::Up)? {
                if neighbour.number == start.number {
                    return Ok(way_to(start, from, &came_from));
                }
                if in_cycles[neighbour.number as usize] && !came_from.contains_key(&neighbour.number) {
                    came_from.insert(neighbour.number, from);
                    next.push(neighbour);
                }
            }
        }
        level = next;
    }
    Ok(Vec::new())
}

fn way_to<'a>(start: &'a Record, end: &'a Record, came_from: &HashMap<u32, &'a Record>) -> Vec<&'a Record> {
    let mut way = vec![end];
    while let Some(before) =
        way.last().filter(|last| last.number != start.number).and_then(|last| came_from.get(&last.number))
    {
        way.push(before);
    }
    way.reverse();
    way
}
