//! Parses dates and date ranges in a sentence: `no releases from 14 December to 4 January`.

use jiff::ToSpan;
use jiff::civil::Date;

use super::months::number_of;
use super::{Period, parse_date};

/// The punctuation to trim from words.
const MARKS: [char; 9] = [',', '.', ';', ':', '(', ')', '“', '”', '"'];
/// Words between the first day of a span and its last one.
const UNTIL: [&str; 6] = ["to", "until", "till", "through", "–", "-"];
/// The years after `near` in which a day without a year is looked for: 29 February is in one of four or eight.
const YEARS: i16 = 8;

/// A day as written.
#[derive(Clone, Copy)]
struct Day {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
}

/// Returns the days and spans that a text names, in its order: `14 December`, `from 14 to 18 December`, `in December 2026`. Those
/// without a year are the first ones that end on or after `near`.
pub fn spans(text: &str, near: Date) -> Vec<Period> {
    let text = text.replace(['–', '—'], " – ");
    let words: Vec<&str> = text.split_whitespace().flat_map(around_hyphen).collect();
    let plain: Vec<&str> = words.iter().map(|word| word.trim_matches(MARKS)).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        match span_at(&plain, at, near) {
            Some((period, length)) => {
                found.push(period);
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Splits `14-18` into three words.
fn around_hyphen(word: &str) -> Vec<&str> {
    let is_number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    match word.split_once('-') {
        Some((first, last)) if is_number(first) && is_number(last) => vec![first, "-", last],
        _ => vec![word],
    }
}

/// Returns the span that begins with a word, and the number of its words.
fn span_at(words: &[&str], at: usize, near: Date) -> Option<(Period, usize)> {
    if words[at] == "in"
        && let Some((month, year, length)) = month_at(words, at + 1)
    {
        let first = |year: i16| Date::new(year, month, 1).ok();
        let last = |year: i16| first(year).map(Date::last_of_month);
        let year = year.or_else(|| years(near).find(|year| last(*year).is_some_and(|last| last >= near)))?;
        return Some((period(first(year)?, last(year)?)?, length + 1));
    }
    let (first, length) = day_at(words, at)?;
    let joined = words.get(at + length).filter(|word| UNTIL.contains(word));
    let last = joined.and_then(|_| day_at(words, at + length + 1)).filter(|(last, _)| last.month.is_some());
    let Some((last, rest)) = last else {
        let day = first.on_or_after(near)?;
        return Some((period(day, day)?, length));
    };
    let first = Day { month: first.month.or(last.month), year: first.year, ..first };
    let (start, end) = match (first.year, last.year) {
        (None, Some(_)) => {
            let end = last.on_or_after(near)?;
            (first.on_or_after(end.checked_sub(1.year()).ok()?.tomorrow().ok()?)?, end)
        }
        _ => {
            let start = first.on_or_after(near)?;
            (start, last.on_or_after(start)?)
        }
    };
    Some((period(start, end)?, length + 1 + rest))
}

fn period(start: Date, end: Date) -> Option<Period> {
    let text = if start == end { start.to_string() } else { format!("{start}..{end}") };
    (start <= end).then(|| Period { start, end, text: text.into() })
}

fn years(near: Date) -> impl Iterator<Item = i16> {
    near.year()..=near.year().saturating_add(YEARS)
}

impl Day {
    fn on_or_after(self, near: Date) -> Option<Date> {
        let month = self.month?;
        match self.year {
            Some(year) => Date::new(year, month, self.day).ok(),
            None => {
                years(near).filter_map(|year| Date::new(year, month, self.day).ok()).find(|day| *day >= near)
            }
        }
    }
}

/// Returns the day that begins with a word, and the number of its words. A day without a month is the first one of a span.
fn day_at(words: &[&str], at: usize) -> Option<(Day, usize)> {
    if let Some(date) = words.get(at).and_then(|word| parse_date(word)) {
        return Some((Day { day: date.day(), month: Some(date.month()), year: Some(date.year()) }, 1));
    }
    let the = usize::from(words.get(at) == Some(&"the"));
    if let Some(day) = words.get(at + the).and_then(|word| day_number(word)) {
        let of = usize::from(words.get(at + the + 1) == Some(&"of"));
        if let Some((month, year, length)) = month_at(words, at + the + 1 + of) {
            return Some((Day { day, month: Some(month), year }, the + 1 + of + length));
        }
        let is_first = words.get(at + the + 1).is_some_and(|word| UNTIL.contains(word));
        return is_first.then_some((Day { day, month: None, year: None }, the + 1));
    }
    let (month, _, 1) = month_at(words, at)? else { return None };
    let day = words.get(at + 1).and_then(|word| day_number(word))?;
    let year = words.get(at + 2).and_then(|word| year_number(word));
    Some((Day { day, month: Some(month), year }, 2 + usize::from(year.is_some())))
}

/// Returns the month that begins with a word, its year, and the number of their words.
fn month_at(words: &[&str], at: usize) -> Option<(i8, Option<i16>, usize)> {
    let month = number_of(words.get(at)?)?;
    let year = words.get(at + 1).and_then(|word| year_number(word));
    Some((month, year, 1 + usize::from(year.is_some())))
}

fn day_number(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let is_short = (1..=2).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    digits.parse().ok().filter(|day| is_short && (1..=31).contains(day))
}

fn year_number(word: &str) -> Option<i16> {
    let is_year = word.len() == 4 && word.bytes().all(|it| it.is_ascii_digit());
    word.parse().ok().filter(|_| is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let near = jiff::civil::date(2026, 10, 20);
        spans(text, near).iter().map(|span| span.text.to_string()).collect()
    }

    #[test]
    fn a_span_without_a_year_is_the_next_one() {
        assert_eq!(named("No releases from 14 December to 4 January"), ["2026-12-14..2027-01-04"]);
        assert_eq!(named("Closed 14–18 December."), ["2026-12-14..2026-12-18"]);
        assert_eq!(named("Closed from the 14th to the 18th of December"), ["2026-12-14..2026-12-18"]);
        assert_eq!(named("Closed from December 14 until January 4, 2028"), ["2027-12-14..2028-01-04"]);
        assert_eq!(named("We meet on 3 March 2027 and on 1 December"), ["2027-03-03", "2026-12-01"]);
    }

    #[test]
    fn a_month_is_one_after_in_and_other_words_are_none() {
        assert_eq!(named("Below 20 in December, the programme stops."), ["2026-12-01..2026-12-31"]);
        assert_eq!(named("in October"), ["2026-10-01..2026-10-31"]);
        assert_eq!(named("14 to 18 people may march in a week; 12 of 14 may stay"), Vec::<String>::new());
        assert_eq!(named("on 31 November"), Vec::<String>::new());
    }
}
