use std::cmp::Ordering;
use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// A length in calendar units. For sorting and hashing, the mean lengths are compared; [`Duration::order`] is exact.
#[derive(Clone, Copy, Debug, Default)]
pub struct Duration {
    /// How many of each of [`UNITS`].
    counts: [u32; UNITS.len()],
}

/// A unit of a length.
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

const BUSINESS_DAYS: usize = 2;

/// The maximum of each unit; sums of such numbers can't overflow.
pub(super) const LIMIT: i64 = 1_000_000;

impl Duration {
    /// Returns a length from the counts of years, months, weeks, days, business days, hours and minutes; `None` if one exceeds the limit.
    pub(super) fn of(counts: [i64; UNITS.len()]) -> Option<Duration> {
        let mut duration = Duration::default();
        for (own, count) in duration.counts.iter_mut().zip(counts) {
            *own = u32::try_from(count).ok().filter(|count| i64::from(*count) <= LIMIT)?;
        }
        Some(duration)
    }

    pub(super) fn of_unit(count: i64, unit: &str) -> Option<Duration> {
        Duration::of(std::array::from_fn(|at| if UNITS[at].name == unit { count } else { 0 }))
    }

    pub(super) fn has_hours(self) -> bool {
        self.fixed_units()[3] > 0
    }

    /// Returns the months of a length in months or years, and the hours of one in weeks, days or hours.
    pub(super) fn months_or_hours(self) -> (i64, i64) {
        let [months, days, _, minutes] = self.fixed_units().map(|count| count as i64);
        (months, days * 24 + minutes / 60)
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
        let counted = self
            .units()
            .filter(|(_, count)| *count > 0)
            .map(|(unit, count)| format!("{count} {}{}", unit.name, if count == 1 { "" } else { "s" }));
        let text = counted.collect::<Vec<_>>().join(" ");
        f.write_str(if text.is_empty() { "0 days" } else { &text })
    }
}
