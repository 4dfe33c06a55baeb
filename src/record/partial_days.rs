//! Days in words in a record that is about one day, which may lack the year: `by 6 November` in minutes of 2 November 2026.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::calendar::{parse_any_date, parse_date};
use crate::kind::{FieldType, Shape};
use crate::node::{Entry, Node, Value};

/// How long before the record's day such a day may be, in days; an earlier one is of the next year.
const MOST_DAYS_BEFORE: i64 = 60;

/// Converts the days in words of the items in a list. A missing year is counted from the day of the record.
pub(super) fn complete(node: &mut Node, ty: &FieldType, day: Option<Date>) {
    let FieldType::List(of) = ty else { return };
    let (FieldType::Struct(shape), Value::Sequence(items)) = (&**of, &mut node.value) else { return };
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
    for entry in mapping.entries_mut() {
        let is_day = is_day(entry);
        let complete = entry.value.as_text().filter(|_| is_day).and_then(|text| day_in_words(text, day));
        if let Some(complete) = complete {
            entry.value = Node::text(entry.value.span, complete.to_string());
        }
    }
}

/// Returns the date of a weekday after another day, or of a day whose month is a word; `None` for other texts.
fn day_in_words(written: &str, from: Date) -> Option<Date> {
    if !written.contains(char::is_alphabetic) || parse_date(written).is_some() {
        return None;
    }
    let written = in_brackets(written).unwrap_or(written);
    let written =
        ["by ", "on ", "until "].iter().find_map(|lead| strip_word(written, lead)).unwrap_or(written);
    if let Some(day) = parse_any_date(written) {
        return Some(day);
    }
    if let Some(weekday) = weekday(written) {
        return from.nth_weekday(1, weekday).ok();
    }
    let earliest = from.checked_sub(MOST_DAYS_BEFORE.days()).ok()?;
    (0..=1).find_map(|later| {
        let year = from.year().checked_add(later)?;
        let forms = [format!("{written} {year}"), format!("{written}, {year}")];
        let day = forms.iter().find_map(|form| parse_any_date(form))?;
        (day >= earliest).then_some(day)
    })
}

/// Returns the text between the brackets at the end of another: `2026-02-22` of `Sunday (2026-02-22)`.
fn in_brackets(text: &str) -> Option<&str> {
    text.strip_suffix(')')?.split_once('(').map(|(_, inside)| inside)
}

fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &text[word.len()..])
}

fn weekday(text: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, weekday)| *weekday)
}
