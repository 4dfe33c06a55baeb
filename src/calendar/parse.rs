//! Reads durations: lengths such as `2 weeks` or `P3M`, and cadences such as `weekly`, `every Monday`, `first Tuesday of the
//! month` or `twice a week`.

use super::duration::{Duration, LIMIT};

/// The cadences that are one word.
pub const CADENCES: [&str; 7] =
    ["daily", "weekly", "biweekly", "fortnightly", "monthly", "quarterly", "yearly"];

/// Texts that mean a number of a unit.
const NAMED: [(&str, i64, &str); 17] = [
    ("daily", 1, "day"),
    ("weekly", 1, "week"),
    ("biweekly", 2, "week"),
    ("bi-weekly", 2, "week"),
    ("fortnightly", 2, "week"),
    ("monthly", 1, "month"),
    ("quarterly", 3, "month"),
    ("half-yearly", 6, "month"),
    ("semiannually", 6, "month"),
    ("semi-annually", 6, "month"),
    ("biannually", 6, "month"),
    ("annual", 1, "year"),
    ("annually", 1, "year"),
    ("yearly", 1, "year"),
    ("half a year", 6, "month"),
    ("half a day", 12, "hour"),
    ("half an hour", 30, "minute"),
];

/// The names of units in the singular, by the unit of a duration and how many of it they are.
const NAMES: [(&str, i64, &[&str]); 10] = [
    ("year", 1, &["y", "yr", "year"]),
    ("month", 6, &["half-year"]),
    ("month", 3, &["q", "quarter"]),
    ("month", 1, &["mo", "month"]),
    ("week", 2, &["fortnight"]),
    ("week", 1, &["w", "wk", "week"]),
    ("day", 1, &["d", "day"]),
    ("business day", 1, &["bd", "business day", "working day", "workday", "weekday"]),
    ("hour", 1, &["h", "hr", "hour"]),
    ("minute", 1, &["min", "minute"]),
];

impl Duration {
    /// Parses a length (`1 quarter`, `2 weeks and 3 days`, `1h30m`, ISO 8601's `P3M`) or a cadence (`weekly`,
    /// `every 2 weeks`, `every Monday`, `twice a week`). Rejects a single `m`, which may be a month or a minute.
    pub fn parse(text: &str) -> Option<Duration> {
        parse(&text.trim().to_lowercase())
    }

    /// Adds `count / 100` of a unit; a fraction has to be whole in a smaller unit.
    fn plus(self, hundredths: i64, unit: &str) -> Option<Duration> {
        let is_called = |names: &[&str]| {
            names.contains(&unit) || unit.strip_suffix('s').is_some_and(|one| names.contains(&one))
        };
        let (unit, times, _) = NAMES.iter().find(|(.., names)| is_called(names))?;
        let count = hundredths * times;
        match *unit {
            _ if count % 100 == 0 => self.plus_duration(Duration::of_unit(count / 100, unit)?),
            "year" => self.plus(count * 12, "month"),
            "day" => self.plus(count * 24, "hour"),
            "hour" => self.plus(count * 60, "minute"),
            _ => None,
        }
    }
}

fn parse(text: &str) -> Option<Duration> {
    let named = NAMED.iter().find(|(name, ..)| *name == text);
    named
        .and_then(|(_, count, unit)| Duration::of_unit(*count, unit))
        .or_else(|| parse_iso(text))
        .or_else(|| parse_counted(text))
        .or_else(|| parse_cadence(text))
        .or_else(|| before_the_day(text))
}

fn parse_iso(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.strip_prefix('p').and(text.to_uppercase().parse().ok())?;
    let [years, months, weeks] = [span.get_years().into(), span.get_months().into(), span.get_weeks().into()];
    let has_smaller = span.get_seconds() != 0 || span.get_milliseconds() != 0;
    let (days, hours) = (span.get_days().into(), span.get_hours().into());
    let counts = [years, months, weeks, days, 0, hours, span.get_minutes()];
    Duration::of(counts).filter(|_| !has_smaller)
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
        let unit = if unit == "m" && duration.has_hours() { "min" } else { unit };
        duration = duration.plus(count, unit)?;
        rest = after.trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
        first = false;
    }
    Some(duration)
}

/// Returns a number in hundredths, and what follows it.
fn number(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if fraction.is_empty() || fraction.len() > 2 || fraction.contains('.') {
        return None;
    }
    let whole = whole.parse().ok().filter(|count: &i64| *count <= LIMIT)?;
    Some((whole * 100 + format!("{fraction:0<2}").parse::<i64>().ok()?, rest))
}

fn number_word(text: &str) -> Option<(i64, &str)> {
    let (word, rest) = text.split_once(' ')?;
    let count = if matches!(word, "a" | "an") { Some(1) } else { count_word(word) };
    Some((count? * 100, rest))
}

fn count_word(word: &str) -> Option<i64> {
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

/// Parses `every Monday`, `every other week`, `first and third Monday of the month`, `twice a week`, `3 times a year`.
fn parse_cadence(text: &str) -> Option<Duration> {
    let is_filler = |word: &str| matches!(word, "on" | "the" | "in" | "per" | "of" | "a" | "and" | "times");
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_filler(word)).collect();
    let (is_every, words) = match *words.as_slice() {
        ["every" | "each", ref rest @ ..] => (true, rest),
        ref words => (false, words),
    };
    let is_plural = || words.iter().any(|word| word.ends_with('s'));
    let (ordinals, behind) = words.split_at(words.iter().take_while(|word| is_ordinal(word)).count());
    let nth = i64::try_from(ordinals.len()).ok()?;
    match *words {
        ["other" | "second" | "2nd", unit] if is_every => of_weeks_or(2, unit),
        ["third" | "3rd", unit] if is_every => of_weeks_or(3, unit),
        [day] if is_weekday(day) => Duration::of_unit(1, "week").filter(|_| is_every || is_plural()),
        [one, other] if is_weekday(one) && is_weekday(other) => part_of("week", 2),
        [unit] if unit.len() > 2 => Duration::default().plus(100, unit),
        _ if nth > 0 => match *behind {
            [day] if is_day(day) && (is_every || nth > 1) => part_of("month", nth),
            [day, unit] | [day, "each" | "every", unit] if is_day(day) => part_of(unit, nth),
            _ => None,
        },
        [times, unit] | [times, "each" | "every", unit] => part_of(adverb(unit), count(times)?),
        _ => None,
    }
}

fn of_weeks_or(count: i64, unit: &str) -> Option<Duration> {
    Duration::default().plus(count * 100, if is_weekday(unit) { "week" } else { unit })
}

/// Parses a cadence that is followed by the day or time at which it takes place: `weekly on Mondays, 10:00`.
fn before_the_day(text: &str) -> Option<Duration> {
    let ends = [" on ", ", ", " (", " at ", ": "].iter().filter_map(|mark| text.find(mark));
    let (cadence, rest) = text.split_at(ends.min()?);
    let mut words = rest.split(|c: char| !(c.is_alphanumeric() || c == ':')).filter(|word| !word.is_empty());
    let says_when = |word: &str| {
        is_day(word)
            || is_ordinal(word)
            || word.starts_with(|first: char| first.is_ascii_digit())
            || ["on", "at", "of", "the", "each", "every", "and", "in", "month", "quarter", "am", "pm"]
                .contains(&word)
    };
    words.all(says_when).then(|| parse(cadence)).flatten()
}

/// The time between two of `count` sessions in a unit: in months if these are whole, else in days and hours.
fn part_of(unit: &str, count: i64) -> Option<Duration> {
    let whole = Duration::default().plus(100, unit)?;
    let (months, hours) = whole.months_or_hours();
    match count {
        0 => None,
        1 => Some(whole),
        _ if months > 0 && months % count == 0 => Duration::of_unit(months / count, "month"),
        _ if months > 0 => {
            let days = (whole.approximate_days() / count as f64).floor() as i64;
            Duration::of_unit(days, "day").filter(|_| days > 0)
        }
        _ if hours >= count => {
            let hours = hours / count;
            Duration::of([0, 0, 0, hours / 24, 0, hours % 24, 0])
        }
        _ => None,
    }
}

fn count(word: &str) -> Option<i64> {
    let number = || word.strip_suffix('x').unwrap_or(word).parse().ok().filter(|count| *count <= 366);
    match word {
        "once" => Some(1),
        "twice" => Some(2),
        "thrice" => Some(3),
        _ => number().or_else(|| count_word(word)),
    }
}

/// The unit in `twice monthly`.
fn adverb(word: &str) -> &str {
    let named = NAMED.iter().find(|(name, ..)| *name == word && word.ends_with("ly"));
    named.filter(|(_, count, _)| *count == 1).map_or(word, |(.., unit)| unit)
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.strip_suffix('s').unwrap_or(word);
    DAYS.contains(&word) || matches!(word, "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")
}

fn is_day(word: &str) -> bool {
    is_weekday(word) || matches!(word, "day" | "weekday" | "workday" | "week")
}

fn is_ordinal(word: &str) -> bool {
    matches!(
        word,
        "first" | "second" | "third" | "fourth" | "last" | "1st" | "2nd" | "3rd" | "4th" | "penultimate"
    )
}
