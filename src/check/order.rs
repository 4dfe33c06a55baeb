//! Finds the latest of several records. A finding about all of them has its location there, and names the others as related locations.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::input::Input;
use crate::record::{Record, trailing_number};
use crate::rule::Value;

use super::model::Case;

/// Returns the latest record: one that is not committed yet; else the one with the highest number, if all identifiers differ in their
/// numbers only; else the one that came last to the main line, by days; else the one with the latest date; else the last in the
/// catalog.
pub(super) fn last<'r>(input: &Input, records: &[&'r Record]) -> Option<&'r Record> {
    let &first = records.first()?;
    let is_numbered = records.iter().all(|record| prefix(record) == prefix(first));
    let is_new = |record: &Record| !input.catalog().snapshot().is_committed(&record.path);
    let number = |record: &Record| is_numbered.then(|| trailing_number(&record.id)?.parse::<u64>().ok());
    let by_day = |one: Option<Date>, other: Option<Date>| {
        one.zip(other).map_or(Ordering::Equal, |(one, other)| one.cmp(&other))
    };
    // The history is read only where nothing before it decides.
    let order = |one: &&Record, other: &&Record| {
        (is_new(one), number(one))
            .cmp(&(is_new(other), number(other)))
            .then_with(|| by_day(arrival(input, one), arrival(input, other)))
            .then_with(|| by_day(date(one), date(other)))
            .then(one.number.cmp(&other.number))
    };
    records.iter().copied().max_by(order)
}

/// Returns true if the subject is later than `other`. Then the subject is the location of a finding about both.
pub(super) fn is_later(input: &Input, case: &Case<'_>, other: &Value<'_>) -> bool {
    let (Some(record), Some(of_other)) = (case.subject.record(), record_of(other)) else { return true };
    if std::ptr::eq(record, of_other) {
        return start(case.item.as_ref()).zip(start(Some(other))).is_none_or(|(ours, theirs)| ours >= theirs);
    }
    let mut both = [record, of_other];
    both.sort_by_key(|record| record.number);
    last(input, &both).is_some_and(|last| std::ptr::eq(last, record))
}

fn start(value: Option<&Value<'_>>) -> Option<u32> {
    if let Some(Value::Item(item)) = value { Some(item.node.span.start) } else { None }
}

pub(super) fn record_of<'a>(value: &Value<'a>) -> Option<&'a Record> {
    match value {
        Value::Record(record) => Some(record),
        Value::Item(item) => Some(item.record),
        _ => None,
    }
}

fn prefix(record: &Record) -> &str {
    record.id.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// Returns the date on which the record came to the main line.
fn arrival(input: &Input, record: &Record) -> Option<Date> {
    input.changes(record, "id")?.revision(0).landed()
}

/// Returns the first day in the fields that state since when the record has its status.
fn date(record: &Record) -> Option<Date> {
    record.status_since().iter().find_map(|field| parse_date(record.field(field)?.as_text()?))
}
