//! Reads durations: lengths such as `2 weeks` or `P3M`, and cadences such as `weekly`, `every Monday`, `first Tuesday of the
//! month` or `twice a week`.

use super::duration::{Duration, LIMIT};

/// The cadences that are one word.
pub const CADENCES: [&str; 7] =
    ["daily", "weekly", "biweekly", "fortnightly", "monthly", "quarterly", "yearly"];

impl Duration {
    /// Parses a length (`1 quarter`, `2 weeks and 3 days`, `1h30m`, ISO 8601's `P3M`) or a cadence (`weekly`,
    /// `every 2 weeks`, `every Monday`, `twice a week`). Rejects a single `m`, which may be a month or a minute.
    pub fn parse(text: &str) -> Option<Duration> {
        parse(&text.trim().to_lowercase())
    }
}

fn parse(text: &str) -> Option<Duration> {
    parse_named(text)
        .or_else(|| parse_iso(text))
        .or_else(|| parse_counted(text))
        .or_else(|| by_day(text))
        .or_else(|| by_count(text))
        .or_else(|| before_the_day(text))
}

fn parse_named(text: &str) -> Option<Duration> {
    let (count, unit) = match text {
        "daily" => (1, "day"),
        "weekly" => (1, "week"),
        "biweekly" | "bi-weekly" | "fortnightly" => (2, "week"),
        "monthly" => (1, "month"),
        "quarterly" => (3, "month"),
        "half-yearly" | "semiannually" | "semi-annually" | "biannually" => (6, "month"),
        "annually" | "annual" | "yearly" => (1, "year"),
        "half a year" => (6, "month"),
        "half a day" => (12, "hour"),
        "half an hour" => (30, "minute"),
        _ => return None,
    };
    Duration::default().plus(count * 100, unit)
}

fn parse_iso(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.strip_prefix('p').and(text.to_uppercase().parse().ok())?;
    let count = |count: i64| u32::try_from(count).ok();
    let duration = Duration {
        years: count(span.get_years().into())?,
        months: count(span.get_months().into())?,
        weeks: count(span.get_weeks().into())?,
        days: count(span.get_days().into())?,
        business_days: 0,
        hours: count(span.get_hours().into())?,
        minutes: count(span.get_minutes())?,
    };
    let has_smaller = span.get_seconds() != 0 || span.get_milliseconds() != 0;
    (!has_smaller && u64::from(duration.minutes) <= LIMIT).then_some(duration)
}

fn parse_counted(text: &str) -> Option<Duration> {
    let mut rest = ["every ", "each ", "once a ", "once per ", "per "]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text)
        .trim_start();
    let bare_unit = rest.len() < text.len() && !rest.starts_with(|first: char| first.is_ascii_digit());
    let mut duration = Duration::default();
    let mut first = true;
    while first || !rest.is_empty() {
        let (count, after) = number(rest)
            .or_else(|| number_word(rest))
            .or_else(|| (first && bare_unit).then_some((100, rest)))?;
        let (unit, after) = unit_word(after.trim_start_matches([' ', '-']))?;
        let unit = if unit == "m" && duration.hours > 0 { "min" } else { unit };
        duration = duration.plus(count, unit)?;
        rest = after.trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
        first = false;
    }
    Some(duration)
}

fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if fraction.is_empty() || fraction.len() > 2 || fraction.contains('.') {
        return None;
    }
    let whole = whole.parse::<u64>().ok().filter(|count| *count <= LIMIT)?;
    let fraction = fraction.parse::<u64>().ok()? * if fraction.len() == 1 { 10 } else { 1 };
    Some((whole * 100 + fraction, rest))
}

fn number_word(text: &str) -> Option<(u64, &str)> {
    let (word, rest) = text.split_once(' ')?;
    let count = if matches!(word, "a" | "an") { Some(1) } else { count_word(word) };
    Some((u64::from(count?) * 100, rest))
}

fn count_word(word: &str) -> Option<u32> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.iter().zip(1..).find(|(name, _)| **name == word).map(|(_, count)| count)
}

fn unit_word(text: &str) -> Option<(&str, &str)> {
    for two in ["business days", "business day", "working days", "working day"] {
        if let Some(rest) = text.strip_prefix(two) {
            return Some((two, rest));
        }
    }
    let end = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '-')).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Parses `every Monday`, `Mondays`, `every other Monday`, `last Friday of each quarter`, `1st and 3rd Monday of the month`.
fn by_day(text: &str) -> Option<Duration> {
    let is_filler = |word: &str| matches!(word, "on" | "the" | "in" | "per" | "of" | "a");
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_filler(word)).collect();
    let (is_every, words) = match *words.as_slice() {
        ["every" | "each", ref rest @ ..] => (true, rest),
        ref words => (false, words),
    };
    let is_nth_day = |nth: &str, day: &str| is_ordinal(nth) && (is_weekday(day) || is_day(day));
    match *words {
        [day] if is_weekday(day) && (is_every || day.ends_with('s')) => every(1, "week"),
        [unit] if unit.len() > 2 => every(1, unit),
        [one, "and", other] if is_weekday(one) && is_weekday(other) => part_of("week", 2),
        [nth, unit] if is_every && interval(nth).is_some() => {
            every(interval(nth)?, if is_weekday(unit) { "week" } else { unit })
        }
        [nth, day] if is_every && is_nth_day(nth, day) => every(1, "month"),
        [nth, day, unit] | [nth, day, "each" | "every", unit] if is_nth_day(nth, day) => every(1, unit),
        [one, "and", other, day] if is_nth_day(one, day) && is_ordinal(other) => part_of("month", 2),
        [one, "and", other, day, unit] | [one, "and", other, day, "each" | "every", unit]
            if is_nth_day(one, day) && is_ordinal(other) =>
        {
            part_of(unit, 2)
        }
        _ => None,
    }
}

/// The number in `every other week`.
fn interval(word: &str) -> Option<u64> {
    match word {
        "other" | "second" | "2nd" => Some(2),
        "third" | "3rd" => Some(3),
        _ => None,
    }
}

/// Parses `twice a week`, `3 times a year`, `twice monthly`.
fn by_count(text: &str) -> Option<Duration> {
    let (first, rest) = text.split_once(' ')?;
    let (count, rest) = match first {
        "once" => (1, rest),
        "twice" => (2, rest),
        "thrice" => (3, rest),
        _ => (count(first)?, rest.strip_prefix("times ").or_else(|| first.ends_with('x').then_some(rest))?),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let unit = match words[..] {
        ["daily"] => "day",
        ["weekly"] => "week",
        ["monthly"] => "month",
        ["quarterly"] => "quarter",
        ["yearly" | "annually"] => "year",
        [unit] | ["a" | "per" | "each" | "every", unit] => unit,
        _ => return None,
    };
    part_of(unit, count)
}

/// Parses a cadence that is followed by the day or time at which it takes place: `weekly on Mondays, 10:00`.
fn before_the_day(text: &str) -> Option<Duration> {
    let ends = [" on ", ", ", " (", " at ", ": "].iter().filter_map(|mark| text.find(mark));
    let (cadence, rest) = text.split_at(ends.min()?);
    let words = rest.split(|c: char| !(c.is_alphanumeric() || c == ':')).filter(|word| !word.is_empty());
    let says_when = |word: &str| {
        is_weekday(word)
            || is_ordinal(word)
            || is_day(word)
            || word.starts_with(|first: char| first.is_ascii_digit())
            || ["on", "at", "of", "the", "each", "every", "and", "in", "month", "quarter", "am", "pm"]
                .contains(&word)
    };
    words.into_iter().all(says_when).then(|| parse(cadence)).flatten()
}

fn every(count: u64, unit: &str) -> Option<Duration> {
    Duration::default().plus(count * 100, unit)
}

/// The time between two of `count` sessions in a unit: in months if these are whole, else in days and hours.
fn part_of(unit: &str, count: u32) -> Option<Duration> {
    let whole = every(1, unit)?;
    let (months, hours) = (whole.years * 12 + whole.months, whole.weeks * 7 * 24 + whole.days * 24);
    let months_only = months > 0 && hours == 0;
    match count {
        0 => None,
        1 => Some(whole),
        _ if months_only && months.is_multiple_of(count) => {
            Some(Duration { months: months / count, ..Duration::default() })
        }
        _ if months_only => {
            let days = (whole.approximate_days() / f64::from(count)).floor();
            Some(Duration { days: days as u32, ..Duration::default() }).filter(|part| part.days > 0)
        }
        _ if hours >= count => {
            let hours = hours / count;
            Some(Duration { days: hours / 24, hours: hours % 24, ..Duration::default() })
        }
        _ => None,
    }
}

fn count(word: &str) -> Option<u32> {
    let digits = word.strip_suffix('x').unwrap_or(word);
    digits.parse().ok().filter(|count| *count <= 366).or_else(|| count_word(word))
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.strip_suffix('s').unwrap_or(word);
    DAYS.contains(&word) || matches!(word, "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")
}

fn is_day(word: &str) -> bool {
    matches!(word, "day" | "weekday" | "workday" | "week")
}

fn is_ordinal(word: &str) -> bool {
    matches!(
        word,
        "first" | "second" | "third" | "fourth" | "last" | "1st" | "2nd" | "3rd" | "4th" | "penultimate"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_counts_are_cadences() {
        for (texts, shown) in [
            ("every Monday; on Mondays; weekly, Tuesday 10:00", "1 week"),
            ("every other Tuesday; every second week", "2 weeks"),
            ("1st Tuesday of each month; every last Friday; monthly (first Tuesday)", "1 month"),
            ("the last Friday of every quarter; per quarter", "3 months"),
            ("twice a week; Mondays and Thursdays", "3 days 12 hours"),
            ("3 times a year", "4 months"),
            ("1st and 3rd Tuesday of the month", "15 days"),
        ] {
            for text in texts.split("; ") {
                let parsed = Duration::parse(text).unwrap_or_else(|| panic!("no cadence: {text}"));
                assert_eq!(parsed.to_string(), shown, "{text}");
            }
        }
        for text in
            "monday; every; 0 times a week; weekly, unless Ada is away; first of all; on; , ".split("; ")
        {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }
}
