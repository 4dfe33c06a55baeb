use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::ToSpan;
use jiff::civil::Date;

use super::parse_date;
use crate::value::date::number_of_month;

/// A period of whole days, both ends included. Equality ignores how it is written.
#[derive(Clone, Debug)]
pub struct Period {
    pub start: Date,
    pub end: Date,
    /// As written.
    pub text: Box<str>,
}

impl Period {
    /// Parses `2026-Q4`, `Q4 2026`, `2026-H2`, `2026`, `FY26-Q1`, `2026-11`, `Nov 2026`, `Oct-Dec 2026`, `2026-01-01..2026-03-31`, or a day.
    ///
    /// Years, halves and quarters are fiscal; `fiscal_year_start` is a month (1 = January). A fiscal year is named after
    /// the calendar year in which it ends: with 2, `FY2026` is 2025-02-01..2026-01-31.
    pub fn parse(text: &str, fiscal_year_start: u8) -> Option<Period> {
        let text = text.trim();
        let (start, end) = match text.split_once("..") {
            Some((start, end)) => (parse_date(start)?, parse_date(end)?),
            None => {
                parse_date(text).map(|day| (day, day)).or_else(|| parse_named(text, fiscal_year_start))?
            }
        };
        (start <= end).then(|| Period { start, end, text: text.into() })
    }

    /// True if the periods have a day in common.
    pub fn overlaps(&self, other: &Period) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    pub fn contains(&self, date: Date) -> bool {
        self.start <= date && date <= self.end
    }
}

fn parse_named(text: &str, fiscal_year_start: u8) -> Option<(Date, Date)> {
    let text = text.to_ascii_lowercase();
    let words = words(&text)?;
    let fiscal = |year: &str, first: i32, months: i32| {
        let year = four_digits(year)? - i16::from(fiscal_year_start > 1);
        months_from(year, i32::from(fiscal_year_start.clamp(1, 12)) - 1 + first, months)
    };
    let part = |kind: &str, number: &str| {
        let months = match (kind, number) {
            ("q", "1" | "2" | "3" | "4") => 3,
            ("h", "1" | "2") => 6,
            _ => return None,
        };
        Some((months * (number.parse::<i32>().ok()? - 1), months))
    };
    match *words.as_slice() {
        [year] => fiscal(year, 0, 12),
        [year, month] if year.len() == 4 && month.len() == 2 => {
            let month = month.parse::<i32>().ok().filter(|month| (1..=12).contains(month))?;
            months_from(four_digits(year)?, month - 1, 1)
        }
        [month, year] => months_from(four_digits(year)?, month_named(month)?, 1),
        [first, last, year] if first.len() > 1 && last.len() > 1 => {
            let (first, last) = (month_named(first)?, month_named(last)?);
            (first <= last).then(|| months_from(four_digits(year)?, first, last - first + 1))?
        }
        [kind, number, year] | [year, kind, number] if kind.len() == 1 => {
            let (first, months) = part(kind, number)?;
            fiscal(year, first, months)
        }
        _ => None,
    }
}

fn words(text: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| c.is_ascii_digit() == first.is_ascii_digit() && c.is_ascii_alphanumeric();
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        if end == 0 || words.len() == 4 {
            return None;
        }
        words.push(&rest[..end]);
        rest = &rest[end..];
        let separated = rest.trim_start_matches([' ', '-', '–', '/', '_']);
        let separator = &rest[..rest.len() - separated.len()];
        let is_dash_between_words = matches!(separator, " - " | " – ") && first.is_alphabetic();
        if separator.chars().count() > 1 && !is_dash_between_words
            || (separated.is_empty() && !rest.is_empty())
        {
            return None;
        }
        rest = separated;
    }
    match words.iter().position(|word| *word == "fy") {
        Some(at) => {
            words.remove(at);
            words.get(at).filter(|year| year.len() == 2 || year.len() == 4)?;
        }
        None if !words.iter().any(|word| word.len() == 4 && four_digits(word).is_some()) => return None,
        None => {}
    }
    Some(words)
}

/// A two-digit year, which only follows `FY`, is in this century.
fn four_digits(text: &str) -> Option<i16> {
    let year = text.parse::<i16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn month_named(text: &str) -> Option<i32> {
    Some(i32::try_from(number_of_month(text)?).ok()? - 1)
}

fn months_from(year: i16, first: i32, months: i32) -> Option<(Date, Date)> {
    let start = Date::new(year, 1, 1).ok()?.checked_add(first.months()).ok()?;
    let end = start.checked_add(months.months()).ok()?.yesterday().ok()?;
    Some((start, end))
}

impl PartialEq for Period {
    fn eq(&self, other: &Period) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}

impl Eq for Period {}

impl Hash for Period {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Period) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Period) -> Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str, fiscal_year_start: u8) -> String {
        Period::parse(text, fiscal_year_start)
            .map_or("refused".to_owned(), |period| format!("{}..{}", period.start, period.end))
    }

    #[test]
    fn periods_are_parsed() {
        for (texts, expected) in [
            (
                "2026-Q4; 2026 q4; Q4/2026; FY26-Q4; 2026-10-01..2026-12-31; October – December 2026",
                "2026-10-01..2026-12-31",
            ),
            ("H1 2026", "2026-01-01..2026-06-30"),
            ("FY2026", "2026-01-01..2026-12-31"),
            ("2026-02", "2026-02-01..2026-02-28"),
            ("Nov 2026", "2026-11-01..2026-11-30"),
            ("2026-11-20", "2026-11-20..2026-11-20"),
        ] {
            texts.split("; ").for_each(|text| assert_eq!(days(text, 1), expected, "{text}"));
        }
        let refused = "; 2026-Q5; 2026-13; 26-Q1; 202611; Q4; 2026--Q4; Dec-Oct 2026; 2026-03-31..2026-01-01; 9999-12-31..; FY; é 2026";
        for text in refused.split("; ") {
            assert_eq!(days(text, 1), "refused", "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_is_named_after_the_year_it_ends_in() {
        assert_eq!(days("FY2026", 2), "2025-02-01..2026-01-31");
        assert_eq!(days("FY26-H2", 7), "2026-01-01..2026-06-30");
        assert_eq!(days("2026-11", 2), "2026-11-01..2026-11-30");
    }

    #[test]
    fn periods_overlap_when_they_share_a_day() {
        let period = |text| Period::parse(text, 1).unwrap();
        assert!(
            period("2026").overlaps(&period("2026-Q4")) && !period("2026-Q3").overlaps(&period("2026-Q4"))
        );
        assert_eq!(period("2026-Q4"), period("Q4 2026"));
    }
}
