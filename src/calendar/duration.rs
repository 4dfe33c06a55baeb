use std::cmp::Ordering;
use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// A length in calendar units. For sorting and hashing, the mean lengths are compared; [`Duration::order`] is exact.
#[derive(Clone, Copy, Debug, Default)]
pub struct Duration {
    pub years: u32,
    pub months: u32,
    pub weeks: u32,
    pub days: u32,
    pub business_days: u32,
    pub hours: u32,
    pub minutes: u32,
}

/// The maximum of each unit; sums of such numbers can't overflow.
pub(super) const LIMIT: u64 = 1_000_000;

impl Duration {
    /// Returns the date this long after `date`, clamped to the end of the month. Business days skip Saturdays and Sundays;
    /// only whole days of the hours count.
    pub fn add_to(self, date: Date) -> Date {
        let later = self.calendar_part(false).and_then(|span| date.checked_add(span));
        later.map_or(Date::MAX, |later| self.step_business_days(later, 1))
    }

    /// Returns the date this long before `date`; see [`Duration::add_to`].
    pub fn sub_from(self, date: Date) -> Date {
        let earlier = self.calendar_part(true).and_then(|span| date.checked_add(span));
        earlier.map_or(Date::MIN, |earlier| self.step_business_days(earlier, -1))
    }

    /// Returns the sum, unit by unit; `None` if a unit exceeds its limit.
    pub fn plus_duration(self, other: Duration) -> Option<Duration> {
        self.by_unit(other, |a, b| a.checked_add(b).filter(|sum| u64::from(*sum) <= LIMIT))
    }

    /// Returns the difference. Years are 12 months, weeks 7 days and hours 60 minutes, but a month has no fixed number of
    /// days: `None` if the rest would be negative in months, days, business days or minutes.
    pub fn minus(self, other: Duration) -> Option<Duration> {
        if let Some(difference) = self.by_unit(other, u32::checked_sub) {
            return Some(difference);
        }
        let (own, others) = (self.fixed_units(), other.fixed_units());
        let mut rest = [0; 4];
        for (rest, (own, others)) in rest.iter_mut().zip(own.into_iter().zip(others)) {
            *rest = u32::try_from(own.checked_sub(others)?).ok()?;
        }
        let [months, days, business_days, minutes] = rest;
        Some(Duration { months, days, business_days, minutes, ..Duration::default() })
    }

    /// Returns the product; `None` if a unit exceeds its limit.
    pub fn times(self, count: u32) -> Option<Duration> {
        self.by_unit(self, |unit, _| unit.checked_mul(count).filter(|product| u64::from(*product) <= LIMIT))
    }

    fn by_unit(self, other: Duration, operation: impl Fn(u32, u32) -> Option<u32>) -> Option<Duration> {
        Some(Duration {
            years: operation(self.years, other.years)?,
            months: operation(self.months, other.months)?,
            weeks: operation(self.weeks, other.weeks)?,
            days: operation(self.days, other.days)?,
            business_days: operation(self.business_days, other.business_days)?,
            hours: operation(self.hours, other.hours)?,
            minutes: operation(self.minutes, other.minutes)?,
        })
    }

    /// Months, days, business days and minutes: the units that have no fixed number of each other.
    fn fixed_units(self) -> [u64; 4] {
        let sum = |large: u32, times: u64, small: u32| u64::from(large) * times + u64::from(small);
        [
            sum(self.years, 12, self.months),
            sum(self.weeks, 7, self.days),
            u64::from(self.business_days),
            sum(self.hours, 60, self.minutes),
        ]
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
        let (before, after) = (business_days > 0, !business_days.is_multiple_of(5));
        let weekend = |is_near: bool| if is_near { 2 * DAY } else { 0 };
        let least = certain + months * (365 * DAY / 12);
        let most = certain + months * (366 * DAY / 12);
        (least.saturating_sub(off_months + weekend(before)), most + off_months + weekend(after))
    }

    /// Returns the mean length in days.
    pub fn approximate_days(self) -> f64 {
        self.mean() as f64 / 14_400.0
    }

    fn calendar_part(self, negative: bool) -> Result<Span, jiff::Error> {
        let sign = if negative { -1 } else { 1 };
        let months = i64::from(self.years) * 12 + i64::from(self.months);
        let days = i64::from(self.weeks) * 7
            + i64::from(self.days)
            + (i64::from(self.hours) * 60 + i64::from(self.minutes)) / (24 * 60);
        Span::new().try_months(months * sign)?.try_days(days * sign)
    }

    /// Moves `date` by the business days; a weekend counts as its adjacent working day.
    fn step_business_days(self, date: Date, sign: i64) -> Date {
        if self.business_days == 0 {
            return date;
        }
        let limit = if sign > 0 { Date::MAX } else { Date::MIN };
        let step = |date: Date, days: i64| date.checked_add((days * sign).days()).unwrap_or(limit);
        let weekend = |date: Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let mut date = date;
        while weekend(date) && date != Date::MIN && date != Date::MAX {
            date = step(date, -1);
        }
        date = step(date, i64::from(self.business_days / 5) * 7);
        for _ in 0..self.business_days % 5 {
            date = step(date, 1);
            while weekend(date) && date != limit {
                date = step(date, 1);
            }
        }
        date
    }

    fn mean(self) -> u64 {
        self.units().iter().map(|(count, _, mean)| u64::from(*count) * mean).sum()
    }

    /// Count, name, and mean length in tenths of a minute.
    fn units(self) -> [(u32, &'static str, u64); 7] {
        [
            (self.years, "year", 12 * 438_291),
            (self.months, "month", 438_291),
            (self.weeks, "week", 100_800),
            (self.days, "day", 14_400),
            (self.business_days, "business day", 20_160),
            (self.hours, "hour", 600),
            (self.minutes, "minute", 10),
        ]
    }

    /// Adds `count / 100` of `unit`; a fraction has to be whole in a smaller unit.
    pub(super) fn plus(mut self, hundredths: u64, unit: &str) -> Option<Duration> {
        let (field, times) = match unit {
            "y" | "yr" | "yrs" | "year" | "years" => (&mut self.years, 1),
            "half-year" | "half-years" => (&mut self.months, 6),
            "q" | "quarter" | "quarters" => (&mut self.months, 3),
            "mo" | "mos" | "month" | "months" => (&mut self.months, 1),
            "fortnight" | "fortnights" => (&mut self.weeks, 2),
            "w" | "wk" | "wks" | "week" | "weeks" => (&mut self.weeks, 1),
            "d" | "day" | "days" => (&mut self.days, 1),
            "bd" | "business day" | "business days" | "working day" | "working days" | "workday"
            | "workdays" | "weekday" | "weekdays" => (&mut self.business_days, 1),
            "h" | "hr" | "hrs" | "hour" | "hours" => (&mut self.hours, 1),
            "min" | "mins" | "minute" | "minutes" => (&mut self.minutes, 1),
            _ => return None,
        };
        let count = hundredths * times;
        if count.is_multiple_of(100) {
            let sum = u64::from(*field) + count / 100;
            *field = u32::try_from(sum).ok().filter(|_| sum <= LIMIT)?;
            return Some(self);
        }
        match unit {
            "y" | "yr" | "yrs" | "year" | "years" => self.plus(hundredths * 12, "month"),
            "d" | "day" | "days" => self.plus(hundredths * 24, "hour"),
            "h" | "hr" | "hrs" | "hour" | "hours" => self.plus(hundredths * 60, "minute"),
            _ => None,
        }
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Duration) -> bool {
        self.mean() == other.mean()
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Duration) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Duration) -> Ordering {
        self.mean().cmp(&other.mean())
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (count, unit, _) in self.units().into_iter().filter(|(count, ..)| *count > 0) {
            let plural = if count == 1 { "" } else { "s" };
            write!(f, "{separator}{count} {unit}{plural}")?;
            separator = " ";
        }
        if separator.is_empty() { f.write_str("0 days") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn duration(text: &str) -> Duration {
        Duration::parse(text).unwrap_or_else(|| panic!("no duration: {text}"))
    }

    #[test]
    fn lengths_and_cadences_are_parsed() {
        for (texts, shown) in [
            ("a quarter", "3 months"),
            ("half-yearly", "6 months"),
            ("Two weeks and 3 days", "2 weeks 3 days"),
            ("5 business days", "5 business days"),
            ("90d", "90 days"),
            ("1h30m", "1 hour 30 minutes"),
            ("1.5 hours", "90 minutes"),
            ("1.5 years; P18M", "18 months"),
            ("P1Y2DT4H", "1 year 2 days 4 hours"),
            ("PT30M", "30 minutes"),
            ("Fortnightly; every 2 weeks; p2w", "2 weeks"),
            ("once a month", "1 month"),
            ("0 days", "0 days"),
        ] {
            texts.split("; ").for_each(|text| assert_eq!(duration(text).to_string(), shown, "{text}"));
        }
        for text in "; 3; 6m; soon; pt; p3; 1 2; -1 day; 1.333 days; p1d1y; pt9s; 9999999 days".split("; ") {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_moved_by_calendar_units() {
        let (friday, saturday) = (date(2026, 11, 20), date(2026, 11, 21));
        assert_eq!(duration("1 quarter").add_to(date(2026, 11, 30)), date(2027, 2, 28));
        assert_eq!(duration("1 month").sub_from(date(2026, 3, 31)), date(2026, 2, 28));
        assert_eq!(duration("1000000 years").add_to(friday), Date::MAX);
        assert_eq!(duration("1 business day").add_to(saturday), date(2026, 11, 23));
        assert_eq!(duration("7 business days").add_to(friday), date(2026, 12, 1));
        assert_eq!(duration("1 business day").sub_from(saturday), friday);
        assert_eq!(duration("1000000 business days").sub_from(date(-9990, 1, 1)), Date::MIN);
        assert_eq!(
            (duration("8h").add_to(friday), duration("48h").add_to(friday)),
            (friday, date(2026, 11, 22))
        );
    }

    #[test]
    fn a_difference_is_none_where_months_and_days_differ() {
        let rest = |a: &str, b: &str| duration(a).minus(duration(b)).map(|rest| rest.to_string());
        assert_eq!(rest("1 year", "1 month"), Some("11 months".into()));
        assert_eq!(rest("2 weeks", "3 days"), Some("11 days".into()));
        assert_eq!((rest("1 month", "3 days"), rest("1 day", "2 days")), (None, None));
        assert_eq!(duration("1000000 days").times(2), None);
    }

    #[test]
    fn an_order_holds_from_every_date() {
        let lengths =
            ["1 month", "30 days", "1 quarter", "92 days", "6 business days", "8 days", "1 year", "366 days"];
        let pairs = lengths.iter().flat_map(|a| lengths.iter().map(|b| (duration(a), duration(b))));
        for (from, (a, b)) in (0..1500).step_by(7).flat_map(|days| {
            let from = date(2095, 1, 1).checked_add(i64::from(days).days()).unwrap();
            pairs.clone().map(move |pair| (from, pair))
        }) {
            match a.order(b) {
                Some(Ordering::Less) => assert!(a.add_to(from) <= b.add_to(from), "{a} {b} {from}"),
                Some(Ordering::Equal) => assert_eq!(a.add_to(from), b.add_to(from), "{a} {b} {from}"),
                _ => {}
            }
        }
        assert_eq!(duration("30 days").order(duration("1 month")), None);
        assert_eq!(duration("27 days").order(duration("1 month")), Some(Ordering::Less));
    }
}
