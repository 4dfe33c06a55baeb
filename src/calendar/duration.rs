//! Lengths such as `2 weeks` or `P3M`, and cadences such as `weekly`, `every Monday` or `twice a week`.

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use crate::value::words;

/// A length in calendar units. For sorting and hashing, the mean lengths are compared; [`Duration::order`] is exact.
#[derive(Clone, Copy, Debug, Default)]
pub struct Duration {
    /// How many of each of [`UNITS`].
    counts: [u32; UNITS.len()],
}

struct Unit {
    name: &'static str,
    /// Its length on average, in tenths of a minute.
    mean: u64,
    /// Which of months, days, business days and minutes it is a fixed number of: the units that are no fixed number of each other.
    base: usize,
    times: u64,
}

const fn unit(name: &'static str, mean: u64, base: usize, times: u64) -> Unit {
    Unit { name, mean, base, times }
}

const UNITS: [Unit; 7] = [
    unit("year", 12 * 438_291, 0, 12),
    unit("month", 438_291, 0, 1),
    unit("week", 100_800, 1, 7),
    unit("day", 14_400, 1, 1),
    unit("business day", 20_160, 2, 1),
    unit("hour", 600, 3, 60),
    unit("minute", 10, 3, 1),
];

/// The maximum of each unit; sums of such numbers can't overflow.
const LIMIT: i64 = 1_000_000;

impl Duration {
    /// Parses a length (`1 quarter`, `2 weeks and 3 days`, `1h30m`, ISO 8601's `P3M`) or a cadence (`weekly`,
    /// `every 2 weeks`, `every Monday`, `twice a week`). Rejects a single `m`, which may be a month or a minute.
    pub fn parse(text: &str) -> Option<Duration> {
        parse(&text.trim().to_lowercase())
    }

    /// Adds `count / 100` of a unit; a fraction has to be whole in a smaller unit.
    fn plus(self, hundredths: i64, unit: &str) -> Option<Duration> {
        let meaning = |word: &str| words::meaning("time-units", word);
        let (times, unit) = meaning(unit).or_else(|| meaning(unit.strip_suffix('s')?))?.split_once(' ')?;
        let count = hundredths * times.parse::<i64>().ok()?;
        match unit {
            _ if count % 100 == 0 => self.plus_duration(Duration::of_unit(count / 100, unit)?),
            "year" => self.plus(count * 12, "month"),
            "day" => self.plus(count * 24, "hour"),
            "hour" => self.plus(count * 60, "minute"),
            _ => None,
        }
    }

    /// Returns a length from the counts of years, months, weeks, days, business days, hours and minutes; `None` if one exceeds the limit.
    fn of(counts: [i64; UNITS.len()]) -> Option<Duration> {
        let mut duration = Duration::default();
        for (own, count) in duration.counts.iter_mut().zip(counts) {
            *own = u32::try_from(count).ok().filter(|count| i64::from(*count) <= LIMIT)?;
        }
        Some(duration)
    }

    fn of_unit(count: i64, unit: &str) -> Option<Duration> {
        Duration::of(std::array::from_fn(|at| if UNITS[at].name == unit { count } else { 0 }))
    }

    fn has_hours(self) -> bool {
        self.fixed_units()[3] > 0
    }

    /// Returns the date this long after `date`, clamped to the end of the month. Business days skip Saturdays and Sundays;
    /// only whole days of the hours count.
    pub fn add_to(self, date: Date) -> Date {
        let later = self.calendar_part(1).and_then(|span| date.checked_add(span));
        later.map_or(Date::MAX, |later| self.step_business_days(later, 1))
    }

    /// Returns the date this long before `date`; see [`Duration::add_to`].
    pub fn sub_from(self, date: Date) -> Date {
        let earlier = self.calendar_part(-1).and_then(|span| date.checked_add(span));
        earlier.map_or(Date::MIN, |earlier| self.step_business_days(earlier, -1))
    }

    /// Returns the sum, unit by unit; `None` if a unit exceeds its limit.
    pub fn plus_duration(self, other: Duration) -> Option<Duration> {
        self.by_unit(other, |a, b| a + b)
    }

    /// Returns the difference. Years are 12 months, weeks 7 days and hours 60 minutes, but a month has no fixed number of
    /// days: `None` if the rest would be negative in months, days, business days or minutes.
    pub fn minus(self, other: Duration) -> Option<Duration> {
        if let Some(difference) = self.by_unit(other, |a, b| a - b) {
            return Some(difference);
        }
        let (own, others) = (self.fixed_units(), other.fixed_units());
        let rest: [Option<i64>; 4] =
            std::array::from_fn(|at| i64::try_from(own[at].checked_sub(others[at])?).ok());
        let [months, days, business_days, minutes] = rest;
        Duration::of([0, months?, 0, days?, business_days?, 0, minutes?])
    }

    /// Returns the product; `None` if a unit exceeds its limit.
    pub fn times(self, count: u32) -> Option<Duration> {
        self.by_unit(self, |unit, _| unit.saturating_mul(count.into()))
    }

    fn by_unit(self, other: Duration, operation: impl Fn(i64, i64) -> i64) -> Option<Duration> {
        let count = |at: usize| operation(self.counts[at].into(), other.counts[at].into());
        Duration::of(std::array::from_fn(count))
    }

    /// Months, days, business days and minutes.
    fn fixed_units(self) -> [u64; 4] {
        let mut fixed = [0; 4];
        for (unit, count) in UNITS.iter().zip(self.counts) {
            fixed[unit.base] += u64::from(count) * unit.times;
        }
        fixed
    }

    /// Compares the lengths; `None` if the order depends on the date from which they are counted, as of 30 days and a month.
    pub fn order(self, other: Duration) -> Option<Ordering> {
        let (own, others) = (self.fixed_units(), other.fixed_units());
        if own == others {
            return Some(Ordering::Equal);
        }
        let pairs = || own.iter().zip(&others);
        match () {
            () if pairs().all(|(own, other)| own <= other) => Some(Ordering::Less),
            () if pairs().all(|(own, other)| own >= other) => Some(Ordering::Greater),
            () if self.bounds().1 < other.bounds().0 => Some(Ordering::Less),
            () if self.bounds().0 > other.bounds().1 => Some(Ordering::Greater),
            () => None,
        }
    }

    /// The least and the greatest number of minutes from any date: some months have up to three days less or more than the mean, and
    /// business days may lie around a weekend.
    fn bounds(self) -> (u64, u64) {
        const DAY: u64 = 24 * 60;
        let [months, days, business_days, minutes] = self.fixed_units();
        let certain = (days + business_days / 5 * 7 + business_days % 5) * DAY + minutes;
        let off_months = if months > 0 { 3 * DAY } else { 0 };
        let weekend = |is_near: bool| if is_near { 2 * DAY } else { 0 };
        let least = certain + months * (365 * DAY / 12);
        let most = certain + months * (366 * DAY / 12);
        (
            least.saturating_sub(off_months + weekend(business_days > 0)),
            most + off_months + weekend(!business_days.is_multiple_of(5)),
        )
    }

    /// Returns the mean length in days.
    pub fn approximate_days(self) -> f64 {
        self.mean() as f64 / 14_400.0
    }

    fn mean(self) -> u64 {
        self.units().map(|(unit, count)| u64::from(count) * unit.mean).sum()
    }

    fn units(self) -> impl Iterator<Item = (&'static Unit, u32)> {
        UNITS.iter().zip(self.counts)
    }

    fn calendar_part(self, sign: i64) -> Result<Span, jiff::Error> {
        let [months, days, _, minutes] = self.fixed_units().map(|count| count as i64);
        Span::new().try_months(months * sign)?.try_days((days + minutes / (24 * 60)) * sign)
    }

    /// Moves `date` by the business days; a weekend counts as its adjacent working day.
    fn step_business_days(self, date: Date, sign: i64) -> Date {
        const BUSINESS_DAYS: usize = 2;
        let count = self.fixed_units()[BUSINESS_DAYS] as i64;
        if count == 0 {
            return date;
        }
        let limit = if sign > 0 { Date::MAX } else { Date::MIN };
        let step = |date: Date, days: i64| date.checked_add((days * sign).days()).unwrap_or(limit);
        let weekend = |date: Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let mut date = date;
        while weekend(date) && date != Date::MIN && date != Date::MAX {
            date = step(date, -1);
        }
        date = step(date, count / 5 * 7);
        for _ in 0..count % 5 {
            date = step(date, 1);
            while weekend(date) && date != limit {
                date = step(date, 1);
            }
        }
        date
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Duration) -> bool {
        self.mean() == other.mean()
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = self
            .units()
            .filter(|(_, count)| *count > 0)
            .map(|(unit, count)| format!("{count} {}{}", unit.name, if count == 1 { "" } else { "s" }));
        let text = counted.collect::<Vec<_>>().join(" ");
        f.write_str(if text.is_empty() { "0 days" } else { &text })
    }
}

/// Returns the cadences that are one word or few.
pub fn cadences() -> impl Iterator<Item = &'static str> {
    words::entries("cadences").map(|(cadence, _)| cadence)
}

fn parse(text: &str) -> Option<Duration> {
    let text = words::meaning("cadences", text).unwrap_or(text);
    parse_iso(text)
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
    Some((count_word(word)? * 100, rest))
}

fn count_word(word: &str) -> Option<i64> {
    words::meaning("counts", word)?.parse().ok()
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
    let [months, days, _, minutes] = whole.fixed_units().map(|count| count as i64);
    let hours = days * 24 + minutes / 60;
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
    let number = word.strip_suffix('x').unwrap_or(word).parse().ok();
    number.filter(|count| *count <= 366).or_else(|| count_word(word))
}

/// The unit in `twice monthly`.
fn adverb(word: &str) -> &str {
    words::meaning("cadences", word).and_then(|cadence| cadence.strip_prefix("1 ")).unwrap_or(word)
}

fn is_weekday(word: &str) -> bool {
    words::is_in("weekdays", word.strip_suffix('s').unwrap_or(word))
}

fn is_day(word: &str) -> bool {
    is_weekday(word) || matches!(word, "day" | "weekday" | "workday" | "week")
}

fn is_ordinal(word: &str) -> bool {
    words::is_in("ordinals", word)
}
