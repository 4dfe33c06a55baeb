use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use super::parse_date;
use crate::value::date::{self, Order, Precision};

/// A period of whole days, both ends included.
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
    let whole = |text: &str| {
        let stated = date::read(text, Order::Unknown).ok()?;
        (stated.range == (0..text.len()) && stated.precision > Precision::Day).then_some(stated)
    };
    let Some(stated) = whole(text) else {
        // `Oct-Dec 2026`
        let (first, last) = text.split_once(['-', '–'])?;
        let last = whole(last.trim()).filter(|last| last.precision == Precision::Month)?;
        let first = i8::try_from(date::number_of_month(first.trim())?).ok()?;
        return Some((Date::new(last.first.year(), first, 1).ok()?, last.last));
    };
    let is_fiscal = stated.precision > Precision::Month && fiscal_year_start > 1;
    let earlier = if is_fiscal { 13 - i32::from(fiscal_year_start.min(12)) } else { 0 };
    let moved = |day: Date| day.checked_sub(earlier.months()).ok();
    Some((moved(stated.first)?, moved(stated.last.tomorrow().ok()?)?.yesterday().ok()?))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
