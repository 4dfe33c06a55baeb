//! Checks the expressions of computed fields when the kinds are loaded.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::finding::Fault;
use crate::kind::Kinds;
use crate::rule::language::{compile_computed, own_fields};
use crate::text::{Source, Span};

use super::location::locate;

/// Returns the faults of the computed fields of the kinds that these sources define.
pub fn computed_faults(kinds: &Kinds, sources: &[Arc<Source>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (source, kind) in sources.iter().filter_map(|source| Some((source, kinds.of_source(source)?))) {
        let mut reads = Reads::new();
        let place = |field: &str, span| locate(source, &format!("/properties/{field}/x-computed"), span);
        for field in kind.shape.fields.iter().filter(|field| field.computed.is_some()) {
            match compile_computed(kinds, kind, field) {
                Ok(expression) => _ = reads.insert(&*field.name, own_fields(&expression)),
                Err(error) => {
                    let fault = Fault::new(format!("field `{}`: {}", field.name, error.message));
                    let fault = fault.at(source, place(&field.name, error.span));
                    faults.push(error.help.into_iter().fold(fault, Fault::help));
                }
            }
        }
        faults.extend(cycles(&reads).into_iter().map(|cycle| {
            let through = cycle[1..].iter().map(|field| format!(" through `{field}`")).collect::<String>();
            Fault::new(format!("field `{}` is computed from itself{through}", cycle[0]))
                .at(source, place(cycle[0], Span::at(0)))
                .help("compute it from fields that files state")
        }));
    }
    faults
}

/// The computed fields of a kind, and the fields that each reads of its own record.
type Reads<'k> = BTreeMap<&'k str, Vec<Box<str>>>;

/// Returns the cycles of computed fields; each field is in one at most.
fn cycles<'r>(reads: &'r Reads<'_>) -> Vec<Vec<&'r str>> {
    let mut cycles: Vec<Vec<&str>> = Vec::new();
    for start in reads.keys().copied() {
        if !cycles.iter().flatten().any(|known| *known == start) {
            cycles.extend(cycle_from(start, reads));
        }
    }
    cycles
}

/// Returns the fields from one through which it reads itself, on the shortest way.
fn cycle_from<'r>(start: &'r str, reads: &'r Reads<'_>) -> Option<Vec<&'r str>> {
    let mut seen = BTreeSet::new();
    let mut ways = VecDeque::from([vec![start]]);
    while let Some(way) = ways.pop_front() {
        for next in reads.get(way.last()?).into_iter().flatten() {
            if **next == *start {
                return Some(way);
            }
            if seen.insert(&**next) {
                ways.push_back([&way[..], &[&**next]].concat());
            }
        }
    }
    None
}
