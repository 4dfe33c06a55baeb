//! What to write in the place of a text that lacks the format of its field.

use crate::calendar::{self, Amount};
use crate::schema::{is_slug, nearest};
use crate::text::kebab;

/// Returns the value in its format that a text plainly means: `2026-11-16` for the date `16.11.2026`.
pub fn meant(format: &str, written: &str) -> Option<Box<str>> {
    match format {
        "date" => calendar::parse_unambiguous_date(written).map(|day| day.to_string().into()),
        "duration" | "cadence" => nearest(written, calendar::CADENCES).map(Box::from),
        "amount" => Amount::with_decimal_point(written).map(Box::from),
        "slug" => Some(kebab(written)).filter(|name| is_slug(name) && *name != written).map(Box::from),
        _ => None,
    }
}

/// Returns why a date is none, and the help.
pub(super) fn missing_day(format: &str, written: &str) -> Option<(String, String)> {
    if !matches!(format, "date" | "period") {
        return None;
    }
    let mut days = written.split("..").flat_map(|part| part.split_whitespace());
    let reason = calendar::missing_day(written).or_else(|| days.find_map(calendar::missing_day))?;
    Some((reason, "write a day of the calendar".to_owned()))
}
