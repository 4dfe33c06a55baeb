//! The period in a title or a path, and days without a year in a record about one day: `by 6 November` in minutes of 2 November 2026.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::calendar::{Duration, Period, parse_date};
use crate::kind::{Field, FieldType, Kind, Shape};
use crate::layout::{Content, Origin, Statement};
use crate::node::{Entry, Node, Value};
use crate::syntax::Document;
use crate::text::{Span, range_in};
use crate::value::date::{self, Order};
use crate::value::status::Status;
use crate::value::words;

/// Returns the period in the name of a page or of its folder: `okrs/2026-Q4.md`, `okrs/2026-Q4/sales.md`. What the page states counts before it.
pub(super) fn period_of_path<'a>(document: &'a Document, kind: &Kind) -> Option<Statement<'a>> {
    let field = kind.shape.fields.iter().find(|field| matches!(field.ty, FieldType::Period))?;
    let path: &'a str = document.source.path();
    let folder = path.rfind('/').and_then(|at| path[..at].rfind('/')).map_or(0, |at| at + 1);
    // The month of a day is no period.
    let is_day = |name: &str| date::find(name.split('.').next().unwrap_or(name), Order::Unknown).is_some();
    let name = Some(&path[folder..]).filter(|name| !name.split('/').any(is_day))?;
    let period = period_in(name, |c| !c.is_alphanumeric())?;
    let start = Span::at(document.source.bom_len());
    Some(Statement::new(&field.name, start, Content::Name(period), start, Origin::FileName))
}

/// Returns the period that a text names in one word or two: `2026-Q4` of `OKRs 2026-Q4`, `Q4 2026`.
pub(super) fn period_in(text: &str, is_gap: impl Fn(char) -> bool) -> Option<&str> {
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    let is_end = |it: &str| {
        let before = text[..range_in(text, it).start].trim_end();
        words::is_in("before-ends", before.rsplit(' ').next().unwrap_or_default()) || before.ends_with('–')
    };
    let is_period = |it: &&str| Period::parse(it, 1).is_some() && !is_end(it);
    let pairs =
        words.windows(2).map(|pair| &text[range_in(text, pair[0]).start..range_in(text, pair[1]).end]);
    pairs.chain(words.iter().copied()).map(|it| it.trim_matches([',', '(', ')', ':'])).find(is_period)
}

/// Returns the days that a text says beside a status, each with its field. `day` is that of the status, unless it says another.
pub(super) fn beside_status<'k>(
    kind: &'k Kind,
    (stated, text): (&Status<'_>, &str),
    at: impl Fn(&Range<usize>) -> Span,
    day: impl FnOnce() -> Option<Date>,
) -> Vec<(&'k Field, Node)> {
    let value = stated.value.as_deref().unwrap_or_default();
    // The day beside a word is that of the decision, or of a proposal that is still open.
    let is_open = kind.draft_statuses.iter().any(|draft| **draft == *value) || value == "proposed";
    // A live one is reviewed at its end, and a proposal is decided by then.
    let review = kind.review.as_ref().filter(|_| kind.is_live(value) == Some(true));
    let review = review.and_then(|it| it.due.as_deref());
    let (begun, ends) = if is_open { ("created", Some("decide-by")) } else { ("date", review) };
    let of_length = || {
        let words: Vec<&str> = text[stated.range.end..].lines().next()?.split(' ').collect();
        let is_lead = |word: &&str| words::is_in("before-lengths", word.trim_start_matches(['(', ',']));
        let at = words.iter().position(is_lead)?;
        let range = range_in(text, words.get(at + 1)?).start..range_in(text, words.get(at + 2)?).end;
        let length = text[range.clone()].trim_end_matches(|c: char| !c.is_alphanumeric());
        let from = stated.date.as_ref().map(|(day, _)| *day).or_else(day)?;
        Some((Duration::parse(length)?.add_to(from), range))
    };
    let end = stated.decision_due.clone().filter(|_| is_open).or_else(|| stated.end.clone());
    let found = [(Some(begun), stated.date.clone()), (ends, end.or_else(of_length))];
    let found = found.into_iter().filter_map(|(name, day)| kind.shape.field(name?).zip(day));
    found.map(|(field, (day, range))| (field, Node::text(at(&range), day.to_string()))).collect()
}

/// Converts the days in words of the items in a list. A missing year is counted from the day of the record.
pub(super) fn complete(node: &mut Node, field: &Field, day: Option<Date>) {
    let (Some(shape), Value::Sequence(items)) = (field.item_shape(), &mut node.value) else { return };
    items.iter_mut().for_each(|item| complete_item(item, shape, day));
}

fn complete_item(item: &mut Node, shape: &Shape, day: Option<Date>) {
    let Value::Mapping(mapping) = &mut item.value else { return };
    let is_day = |entry: &Entry| {
        shape.by_key(&entry.key.name).is_some_and(|field| matches!(field.ty, FieldType::Date))
    };
    let Some(day) = day else {
        // A weekday is that of no week.
        let is_weekday = |entry: &Entry| entry.value.as_text().is_some_and(|text| weekday(text).is_some());
        return mapping.edit(|entries| entries.retain(|entry| !(is_day(entry) && is_weekday(entry))));
    };
    for entry in mapping.entries_mut().iter_mut().filter(|entry| is_day(entry)) {
        if let Some(complete) = entry.value.as_text().and_then(|text| day_in_words(text, day)) {
            entry.value = Node::text(entry.value.span, complete.to_string());
        }
    }
}

/// Returns the date of a weekday after another day, or of a day whose month is a word; `None` for other texts.
fn day_in_words(written: &str, from: Date) -> Option<Date> {
    // How long before the record's day such a day may be, in days; an earlier one is of the next year.
    const MOST_DAYS_BEFORE: i64 = 60;
    if !written.contains(char::is_alphabetic) || parse_date(written).is_some() {
        return None;
    }
    // `Sunday (2026-02-22)`, `20 November 2026`.
    if let Some(day) = date::find(written, Order::Unknown) {
        return day.day();
    }
    let (range, is_weekday) = date::find_loose(written).into_iter().next()?;
    let named = &written[range];
    if is_weekday {
        return from.nth_weekday(1, weekday(named)?).ok();
    }
    let earliest = from.checked_sub(MOST_DAYS_BEFORE.days()).ok()?;
    let years = [from.year() - 1, from.year(), from.year().checked_add(1)?];
    let mut days =
        years.iter().filter_map(|year| date::find(&format!("{named}, {year}"), Order::Unknown)?.day());
    days.find(|day| *day >= earliest)
}

fn weekday(text: &str) -> Option<Weekday> {
    let number = words::meaning("weekdays", &text.to_lowercase())?.parse().ok()?;
    Weekday::from_monday_one_offset(number).ok()
}
