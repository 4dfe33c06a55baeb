//! What to write in the place of a text that lacks the format of its field.

use jiff::civil::Date;

use crate::calendar::{self, Amount, Duration, EXAMPLE_DATE};
use crate::schema::{is_slug, nearest};
use crate::text::kebab;

/// Returns the value in its format that a text plainly means: `2026-11-16` for the date `16.11.2026`.
pub fn meant(format: &str, written: &str) -> Option<Box<str>> {
    match format {
        "date" => calendar::parse_unambiguous_date(written).map(|day| day.to_string().into()),
        "duration" | "cadence" => nearest(written, calendar::CADENCES).map(Box::from),
        "period" => calendar::Period::respelt(written).map(Box::from),
        "amount" => Amount::respelt(written).map(Box::from),
        "slug" => Some(kebab(written)).filter(|name| is_slug(name) && *name != written).map(Box::from),
        _ => None,
    }
}

/// Returns what to write for an ambiguous amount, in both readings, or for a range of durations.
pub(super) fn help(format: &str, written: &str) -> Option<String> {
    match format {
        "amount" => {
            let (thousands, plain) = Amount::readings(written)?;
            Some(format!(
                "write `{thousands}` if the point separates thousands, or `{plain}` if decimals follow it"
            ))
        }
        "duration" | "cadence" => {
            let longest = Duration::end_of_range(written)?;
            Some(format!("write one duration in place of a range, such as the longest: `{longest}`"))
        }
        _ => None,
    }
}

/// Returns why a date is none, and the help.
pub(super) fn missing_day(format: &str, written: &str) -> Option<(String, String)> {
    if !matches!(format, "date" | "period") {
        return None;
    }
    let days = || written.split("..").flat_map(|part| part.split_whitespace());
    let reason = calendar::missing_day(written).or_else(|| days().find_map(calendar::missing_day))?;
    let help = match days().find_map(calendar::with_day_and_month_swapped) {
        Some(swapped) => format!("write `{swapped}` if day and month changed places"),
        None => "write a day of the calendar".to_owned(),
    };
    Some((reason, help))
}

/// How to write a day.
pub(super) fn day_help(format: &str, written: &str) -> Option<String> {
    if let Some((day_first, month_first)) = expected_day(format, written).and_then(|_| readings(written)) {
        return Some(format!(
            "write year, month and day: `{day_first}` if the day comes first, `{month_first}` if the month does"
        ));
    }
    let meant = || calendar::only_date_of_short_year(written);
    (format == "date").then(|| match meant() {
        Some(date) => format!("write year, month and day: `{date}`"),
        None => "write the year, the month and the day in numbers".to_owned(),
    })
}

/// What is expected in the place of a text that is plainly meant as a day.
pub(super) fn expected_day(format: &str, written: &str) -> Option<String> {
    let is_day = format == "date" || format == "period" && !calendar::formats_of_date(written).is_empty();
    is_day.then(|| format!("a date such as `{EXAMPLE_DATE}`"))
}

/// The two days that a text such as `11/12/2026` can be: the day first, and the month first.
fn readings(written: &str) -> Option<(Date, Date)> {
    let numbers = written.replace('-', "/");
    let read = |format: &str| calendar::parse_date_as(&numbers, &[Box::from(format)]);
    read("%d/%m/%Y").zip(read("%m/%d/%Y"))
}
