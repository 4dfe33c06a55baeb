use jiff::Unit;
use jiff::civil::Date;

use crate::value::date::{self, Order, Stated, Unreadable};

/// The date by which messages show how one is written.
pub const EXAMPLE_DATE: &str = "2026-11-20";

/// Parses an ISO 8601 date, optionally followed by a time. Rejects `20261120`, which is more often a number.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(EXAMPLE_DATE.len())?;
    if !(rest.is_empty() || starts_with_time(rest)) {
        return None;
    }
    let has_hyphens = (day.as_bytes()[4], day.as_bytes()[7]) == (b'-', b'-');
    has_hyphens.then(|| day.parse().ok())?
}

fn starts_with_time(rest: &str) -> bool {
    matches!(
        rest.as_bytes(),
        [b'T' | b't' | b' ', b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', ..]
    )
}

/// Parses a text that is a date in any form; `None` if day and month could be swapped.
pub fn parse_any_date(text: &str) -> Option<Date> {
    whole(text, Order::Unknown).filter(|stated| stated.other.is_none())?.day()
}

fn whole(text: &str, order: Order) -> Option<Stated> {
    let text = text.trim();
    date::read(text, order).ok().filter(|stated| stated.range.end == text.len())
}

/// Returns the day that a title names, and the title without it.
pub fn day_in(title: &str) -> Option<(Date, String)> {
    let at_start = date::read(title, Order::Unknown).ok().filter(|stated| stated.day().is_some());
    // The weekday before the day goes with it.
    let start = |stated: &Stated| if at_start.is_some() { 0 } else { stated.range.start };
    let stated = at_start.clone().or_else(|| date::find(title, Order::Unknown));
    let stated = stated.filter(|stated| stated.other.is_none())?;
    let is_mark = |c: char| c == ' ' || matches!(c, ',' | ';' | ':' | '(' | ')' | '–' | '—' | '-');
    let rest = [&title[..start(&stated)], &title[stated.range.end..]].map(|part| part.trim_matches(is_mark));
    Some((stated.first, rest.join(" ").trim().to_owned()))
}

/// Says why a text in the form of a date is none: its month lacks the day, or its year the month.
pub fn missing_day(text: &str) -> Option<String> {
    let text = text.trim();
    match date::read(text, Order::Unknown) {
        Err(Unreadable::Impossible { range, reason }) if range == (0..text.len()) => Some(reason),
        _ => None,
    }
}

/// Returns the distance from `today` in whole units, rounded down: `today`, `3 days ago`, `in 2 weeks`.
pub fn relative_date(date: Date, today: Date) -> String {
    let (earlier, later) = if date <= today { (date, today) } else { (today, date) };
    let whole = |unit| earlier.until((unit, later)).unwrap_or_default();
    let (days, months) = (whole(Unit::Day).get_days(), whole(Unit::Month).get_months());
    let (count, unit) = match (days, months) {
        (0, _) => return "today".to_owned(),
        (1, _) => return if date < today { "yesterday" } else { "tomorrow" }.to_owned(),
        (2..14, _) => (days, "day"),
        (_, ..2) => (days / 7, "week"),
        (_, 2..24) => (months, "month"),
        _ => (months / 12, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if date < today { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}
