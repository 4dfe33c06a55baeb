//! Cadences that name days of the week or count sessions: `every Monday`, `first Tuesday of the month`, `twice a week`.

use super::{Duration, words};

/// Parses a lower-case cadence that names days or counts sessions; `None` for a duration such as `2 weeks`.
pub(super) fn parse(text: &str) -> Option<Duration> {
    by_day(text).or_else(|| by_count(text)).or_else(|| before_the_day(text))
}

/// Parses `every Monday`, `Mondays`, `every other Monday`, `last Friday of each quarter`, `every first Monday of the month`.
fn by_day(text: &str) -> Option<Duration> {
    let words = text.split_whitespace().filter(|word| !matches!(*word, "on" | "the"));
    let words: Vec<&str> = words.map(|word| if matches!(word, "in" | "per") { "of" } else { word }).collect();
    let days = |days: &[&str]| days.iter().all(|day| is_weekday(day));
    let nths =
        |nths: &[&str], day: &str| nths.iter().all(|nth| is_ordinal(nth)) && (is_weekday(day) || is_day(day));
    match words[..] {
        [day] if is_weekday(day) && day.ends_with('s') => every(1, "week"),
        [unit @ ("day" | "week" | "fortnight" | "month" | "quarter" | "year")] => every(1, unit),
        ["every" | "each", day] if is_weekday(day) => every(1, "week"),
        [one, "and", other] if days(&[one, other]) => part_of("week", 2),
        ["every" | "each", one, "and", other] if days(&[one, other]) => part_of("week", 2),
        ["every", "other" | "second" | "2nd", day] if is_weekday(day) => every(2, "week"),
        ["every", "third" | "3rd", day] if is_weekday(day) => every(3, "week"),
        ["every", "other" | "second" | "2nd", unit] => every(2, unit),
        ["every", "third" | "3rd", unit] => every(3, unit),
        ["every" | "each", "half", unit] if every(1, unit) == every(1, "year") => every(6, "month"),
        ["every", nth, day] if is_ordinal(nth) && is_weekday(day) => every(1, "month"),
        ["every" | "each", nth, day, ref rest @ ..] if nths(&[nth], day) => every(1, unit_after(rest)?),
        [nth, day, ref rest @ ..] if nths(&[nth], day) => every(1, unit_after(rest)?),
        ["every" | "each", one, "and", other, day] if nths(&[one, other], day) => part_of("month", 2),
        ["every" | "each", one, "and", other, day, ref rest @ ..] if nths(&[one, other], day) => {
            part_of(unit_after(rest)?, 2)
        }
        [one, "and", other, day, ref rest @ ..] if nths(&[one, other], day) => part_of(unit_after(rest)?, 2),
        _ => None,
    }
}

/// The unit in `of the month`, `of each quarter`, `every month`.
fn unit_after<'t>(words: &[&'t str]) -> Option<&'t str> {
    match *words {
        ["of" | "each" | "every", unit] | ["of", "each" | "every" | "a", unit] => Some(unit),
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
    let words = words.into_iter().map(|word| words::translated(word).unwrap_or(word));
    words.flat_map(str::split_whitespace).all(says_when).then(|| Duration::parse(cadence)).flatten()
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
    const WORDS: [&str; 7] = ["one", "two", "three", "four", "five", "six", "seven"];
    let digits = word.strip_suffix('x').unwrap_or(word);
    let by_word = || WORDS.iter().zip(1..).find(|(name, _)| **name == word).map(|(_, count)| count);
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
            ("every first Monday of the month", "1 month"),
            ("every second Tuesday of each month", "1 month"),
            ("1st and 3rd Tuesday of the month", "15 days"),
            ("Mondays and Thursdays", "3 days 12 hours"),
            ("once per quarter", "3 months"),
            ("per quarter", "3 months"),
        ] {
            let parsed = Duration::parse(text).unwrap_or_else(|| panic!("no cadence: {text}"));
            assert_eq!(parsed.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn cadences_of_other_languages_are_read() {
        for (text, shown) in [
            ("monatlich", "1 month"),
            ("Wöchentlich, montags 10:00", "1 week"),
            ("alle zwei Wochen", "2 weeks"),
            ("alle 14 Tage", "14 days"),
            ("jeden Montag", "1 week"),
            ("jeden zweiten Dienstag", "2 weeks"),
            ("jeden ersten Montag im Monat", "1 month"),
            ("1. Montag im Monat", "1 month"),
            ("zweimal im Monat", "15 days"),
            ("einmal pro Quartal", "3 months"),
            ("jedes halbe Jahr", "6 months"),
            ("tous les mois", "1 month"),
            ("toutes les deux semaines", "2 weeks"),
            ("chaque lundi", "1 week"),
            ("le premier lundi du mois", "1 month"),
            ("deux fois par an", "6 months"),
            ("trimestriel", "3 months"),
            ("cada dos semanas", "2 weeks"),
            ("una vez al mes", "1 month"),
            ("primer lunes de cada mes", "1 month"),
            ("ogni due settimane", "2 weeks"),
            ("primo lunedì del mese", "1 month"),
            ("a cada três meses", "3 months"),
            ("todos os meses", "1 month"),
            ("todas as semanas", "1 week"),
            ("om de twee weken", "2 weeks"),
            ("eerste maandag van de maand", "1 month"),
            ("co tydzień", "1 week"),
            ("raz w miesiącu", "1 month"),
            ("varannan vecka", "2 weeks"),
            ("hver anden uge", "2 weeks"),
            ("første mandag i måneden", "1 month"),
            ("раз в полгода", "6 months"),
            ("каждые две недели", "2 weeks"),
            ("每月", "1 month"),
            ("隔週", "2 weeks"),
            ("10 Werktage", "10 business days"),
            ("3 mois", "3 months"),
        ] {
            let parsed = Duration::parse(text).unwrap_or_else(|| panic!("no cadence: {text}"));
            assert_eq!(parsed.to_string(), shown, "{text}");
        }
        for text in ["de", "monatlich oder nie", "une", "per", "каждый"] {
            assert_eq!(Duration::parse(text), None, "{text}");
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
