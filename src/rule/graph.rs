//! Functions that follow references from record to record.

use crate::record::Record;

use super::evaluate::{Evaluator, Stop, Yield};
use super::functions::{record, text};
use super::value::Value;

pub(super) fn cited_by<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> Yield<'a> {
    let record = record(&args[0])?;
    let kind = args.get(1).map(text).transpose()?;
    let field = args.get(2).map(text).transpose()?;
    let citations = eval.catalog.citations(record);
    eval.step(citations.len())?;
    let mut citing: Vec<&'a Record> = Vec::new();
    for citation in citations {
        let from = eval.catalog.record(citation.from);
        let fits = kind.is_none_or(|kind| *from.kind.name == *kind)
            && field.is_none_or(|field| *citation.field == *field)
            && !std::ptr::eq(from, record);
        if fits && citing.last().is_none_or(|last| !std::ptr::eq(*last, from)) {
            citing.push(from);
        }
    }
    Ok(citing.into())
}

pub(super) fn cites<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> Yield<'a> {
    let kind = args.get(1).map(text).transpose()?;
    let field = args.get(2).map(text).transpose()?;
    let mut cited: Vec<&'a Record> = Vec::new();
    for reference in eval.catalog.references(record(&args[0])?) {
        eval.step(1)?;
        if field.is_some_and(|field| *reference.field != *field) {
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

/// The records one step away along `field`.
fn neighbours<'a>(
    eval: &Evaluator<'a>,
    record: &'a Record,
    field: &str,
    direction: Direction,
) -> Result<Vec<&'a Record>, Stop> {
    let catalog = eval.catalog;
    let found: Vec<&'a Record> = match direction {
        Direction::Up => catalog.targets(record, field).collect(),
        Direction::Down => {
            let through = catalog.citations(record).iter().filter(|citation| *citation.field == *field);
            through.map(|citation| catalog.record(citation.from)).collect()
        }
    };
    eval.step(found.len() + 1)?;
    Ok(found)
}

/// Breadth first, each record once, the start left out.
pub(super) fn reach<'a>(
    eval: &Evaluator<'a>,
    start: &'a Record,
    field: &str,
    direction: Direction,
) -> Result<Vec<&'a Record>, Stop> {
    let mut seen = std::collections::HashSet::from([std::ptr::from_ref(start)]);
    let mut reached: Vec<&'a Record> = Vec::new();
    let mut next = 0;
    let mut from = start;
    loop {
        for neighbour in neighbours(eval, from, field, direction)? {
            if seen.insert(std::ptr::from_ref(neighbour)) {
                reached.push(neighbour);
            }
        }
        let Some(record) = reached.get(next) else { return Ok(reached) };
        from = record;
        next += 1;
    }
}

/// The shortest way along `field` from `start` back to itself, without the return; empty where there
/// is none.
pub(super) fn cycle<'a>(
    eval: &Evaluator<'a>,
    start: &'a Record,
    field: &str,
) -> Result<Vec<&'a Record>, Stop> {
    let mut came_from: std::collections::HashMap<*const Record, &'a Record> =
        std::collections::HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for neighbour in neighbours(eval, from, field, Direction::Up)? {
            if std::ptr::eq(neighbour, start) {
                return Ok(way_to(start, from, &came_from));
            }
            came_from.entry(std::ptr::from_ref(neighbour)).or_insert_with(|| {
                queue.push_back(neighbour);
                from
            });
        }
    }
    Ok(Vec::new())
}

fn way_to<'a>(
    start: &'a Record,
    end: &'a Record,
    came_from: &std::collections::HashMap<*const Record, &'a Record>,
) -> Vec<&'a Record> {
    let mut way = vec![end];
    while let Some(before) = way
        .last()
        .filter(|last| !std::ptr::eq(**last, start))
        .and_then(|&last| came_from.get(&std::ptr::from_ref(last)))
    {
        way.push(before);
    }
    way.reverse();
    way
}
