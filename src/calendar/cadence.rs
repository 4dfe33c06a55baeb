//! Cadences that name days of the week or count sessions: `every Monday`, `first Tuesday of the month`, `twice a week`.

use super::Duration;

/// Parses a lower-case cadence that names days or counts sessions; `None` for a duration such as `2 weeks`.
pub(super) fn parse(text: &str) -> Option<Duration> {
    by_day(text).or_else(|| by_count(text)).or_else(|| before_the_day(text))
}

/// Parses `every Monday`, `Mondays`, `every other Monday`, `last Friday of each quarter`.
fn by_day(text: &str) -> Option<Duration> {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "on" | "the")).collect();
    match words[..] {
        [days] if is_weekday(days) && days.ends_with('s') => every(1, "week"),
        ["every" | "each", day] if is_weekday(day) => every(1, "week"),
        ["every", "other" | "second" | "2nd", day] if is_weekday(day) => every(2, "week"),
        ["every", "third" | "3rd", day] if is_weekday(day) => every(3, "week"),
        ["every", "second" | "2nd", unit] => every(2, unit),
        ["every", "third" | "3rd", unit] => every(3, unit),
        [nth, day, "of" | "in", unit] if is_ordinal(nth) && (is_weekday(day) || is_day(day)) => {
            every(1, unit)
        }
        [nth, day, "of" | "in", "each" | "every" | "a", unit]
            if is_ordinal(nth) && (is_weekday(day) || is_day(day)) =>
        {
            every(1, unit)
        }
        ["every", nth, day] if is_ordinal(nth) && is_weekday(day) => every(1, "month"),
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
        _ => (number(first)?, rest.strip_prefix("times ").or_else(|| first.ends_with('x').then_some(rest))?),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let unit = match words[..] {
        ["a" | "per" | "each" | "every", unit] => unit,
        ["daily"] => "day",
        ["weekly"] => "week",
        ["monthly"] => "month",
        ["quarterly"] => "quarter",
        ["yearly" | "annually"] => "year",
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
            || matches!(
                word,
                ":" | "on"
                    | "at"
                    | "of"
                    | "the"
                    | "each"
                    | "every"
                    | "and"
                    | "in"
                    | "week"
                    | "month"
                    | "quarter"
                    | "year"
                    | "morning"
                    | "mornings"
                    | "afternoon"
                    | "afternoons"
                    | "noon"
                    | "am"
                    | "pm"
                    | "utc"
                    | "cet"
            )
    };
    words.into_iter().all(says_when).then(|| Duration::parse(cadence)).flatten()
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

fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 6] = ["two", "three", "four", "five", "six", "seven"];
    let digits = word.strip_suffix('x').unwrap_or(word);
    let by_word = || WORDS.iter().zip(2..).find(|(name, _)| **name == word).map(|(_, count)| count);
    digits.parse().ok().filter(|count| *count <= 366).or_else(by_word)
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
        for (text, shown) in [
            ("every Monday", "1 week"),
            ("Mondays", "1 week"),
            ("on Mondays", "1 week"),
            ("every other Tuesday", "2 weeks"),
            ("every second week", "2 weeks"),
            ("first Tuesday of the month", "1 month"),
            ("1st Tuesday of each month", "1 month"),
            ("every last Friday", "1 month"),
            ("the last Friday of every quarter", "3 months"),
            ("first week of the quarter", "3 months"),
            ("twice a week", "3 days 12 hours"),
            ("twice weekly", "3 days 12 hours"),
            ("twice a month", "15 days"),
            ("3 times a year", "4 months"),
            ("4x per year", "3 months"),
            ("two times a quarter", "45 days"),
            ("weekly on Mondays", "1 week"),
            ("weekly, Tuesday 10:00", "1 week"),
            ("monthly (first Tuesday)", "1 month"),
            ("every 2 weeks on Thursday at 9am", "2 weeks"),
            ("every weekday", "1 business day"),
        ] {
            let parsed = Duration::parse(text).unwrap_or_else(|| panic!("no cadence: {text}"));
            assert_eq!(parsed.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn other_words_are_no_cadence() {
        for text in [
            "monday",
            "every",
            "0 times a week",
            "twice",
            "weekly, unless Ada is away",
            "first of all",
            "x a year",
            "400 times a day",
            "on",
            ", ",
        ] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }
}
