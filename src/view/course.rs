//! Whether key results will be reached: the share of the way to the target, beside the share of the time.

use std::fmt;

use jiff::civil::Date;

use crate::calendar::{Amount, Period, parse_date};
use crate::input::Input;
use crate::node::Node;
use crate::record::Record;

/// Whether a key result will be reached, in the order in which a page lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Course {
    /// Less than half as far as the time, or away from the target.
    Off,
    /// Less far than the time.
    Behind,
    /// A number or the target is missing, or they can't be compared.
    Unknown,
    /// Not measured, and its day is still to come.
    Open,
    /// At least as far as the time.
    OnTime,
    /// Reached, and may be lost again before its time is over.
    AtTarget,
    Reached,
}

impl Course {
    pub(super) fn name(self) -> &'static str {
        const NAMES: [&str; 7] =
            ["off", "behind", "unknown", "open", "on course", "at its target", "reached"];
        NAMES[self as usize]
    }
}

pub(super) struct KeyResult<'i> {
    /// Its metric or milestone, or its title.
    name: &'i str,
    pub course: Course,
    /// The per cent of the way from the start to the target; less than nothing if the number goes the other way.
    pub way: Option<i64>,
    /// The per cent of the time of the goal on the day of the number.
    pub time: Option<i64>,
    /// The numbers in their unit, or the day of a milestone.
    pub numbers: String,
    /// `None` for a milestone.
    measured: Option<Measured>,
}

struct Measured {
    now: Option<Amount>,
    day: Option<Date>,
    baseline: Option<Amount>,
    target: Option<Amount>,
    /// True if the number begins at nothing in each period.
    counts_anew: bool,
}

/// Returns true for a definition such as `revenue signed in the quarter`.
fn counts_anew(metric: &Record) -> bool {
    let definition = text_of(metric, "definition").to_lowercase();
    let words = definition.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !matches!(*word, "the" | "a" | "one")).collect();
    let is_anew = words.windows(2).any(|two| {
        matches!(two[0], "in" | "of" | "per" | "during" | "within" | "each" | "every")
            && matches!(two[1], "quarter" | "year")
    });
    is_anew && text_of(metric, "unit") != "%"
}

fn text_of<'r>(record: &'r Record, field: &str) -> &'r str {
    record.field(field).and_then(Node::as_text).unwrap_or_default()
}

fn items<'r>(record: &'r Record, field: &str) -> &'r [Node] {
    record.field(field).and_then(Node::as_sequence).unwrap_or_default()
}

impl<'i> KeyResult<'i> {
    /// Returns the key results of a goal that name something.
    pub(super) fn all(
        input: &'i Input,
        goal: &'i Record,
        today: Date,
    ) -> impl Iterator<Item = (&'i Node, KeyResult<'i>)> {
        let items = items(goal, "key-results").iter();
        items.filter_map(move |item| Some((item, KeyResult::of(input, goal, item, today)?)))
    }

    fn of(input: &'i Input, goal: &'i Record, item: &'i Node, today: Date) -> Option<KeyResult<'i>> {
        let text = |key: &str| item.get(key).and_then(Node::as_text);
        let day = |key: &str| text(key).and_then(parse_date);
        let name = ["kpi", "milestone", "title"].into_iter().find_map(text)?;
        let period = Period::parse(text_of(goal, "period"), input.catalog().config().fiscal_year_start());
        let metric = item.get("kpi").and_then(|kpi| {
            let reference = input.references(goal).find(|reference| kpi.span.contains(reference.span));
            reference?.target.record().map(|number| input.record(number))
        });
        let measured = Measured::of(item, metric, period.as_ref(), today);
        let is_measured = text("kpi").is_some() || measured.target.is_some() || measured.now.is_some();
        let of_day =
            |course, numbers| KeyResult { name, course, way: None, time: None, numbers, measured: None };
        // A day to come is one to reach it by.
        let (past, planned) = (day("reached").filter(|day| *day <= today), day("due").or(day("reached")));
        Some(match (past, planned) {
            (Some(reached), _) => of_day(Course::Reached, format!("reached on {reached}")),
            _ if is_measured => {
                let (course, way, time) = measured.judge(period.as_ref(), today);
                let numbers = measured.shown(metric.map_or("", |metric| text_of(metric, "unit")));
                KeyResult { name, course, way, time, numbers, measured: Some(measured) }
            }
            (None, Some(due)) if due < today => of_day(Course::Off, format!("overdue since {due}")),
            (None, Some(due)) => of_day(Course::Open, format!("due {due}")),
            (None, None) => of_day(Course::Unknown, "no day".to_owned()),
        })
    }

    /// Returns how far it is, and how much of the time has passed.
    pub(super) fn progress(&self) -> String {
        let time = self.time.map_or_else(String::new, |time| format!(", {time}% of the time"));
        let counts_anew = self.measured.as_ref().is_some_and(|measured| measured.counts_anew);
        match self.way {
            Some(way) if way < 0 => format!("away from the target{time}"),
            Some(way) => format!("{way}% of the {}{time}", if counts_anew { "target" } else { "way" }),
            None => String::new(),
        }
    }
}

impl fmt::Display for KeyResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.numbers)?;
        if self.measured.is_some() { write!(f, ", {}", self.course.name()) } else { Ok(()) }
    }
}

impl Measured {
    fn of(item: &Node, metric: Option<&Record>, period: Option<&Period>, today: Date) -> Measured {
        let amount = |key: &str| item.get(key).and_then(Node::as_text).and_then(Amount::parse);
        let updated = item.get("updated").and_then(Node::as_text).and_then(parse_date);
        let stated = amount("current");
        let read = metric.zip(period).and_then(|(metric, period)| {
            readings(metric, today).into_iter().rfind(|(day, _)| *day > period.start && *day <= period.end)
        });
        // A reading of the metric of the same day or a later one counts more than what the goal says.
        let read = read.filter(|(day, _)| stated.is_none() || updated.is_some_and(|updated| *day >= updated));
        let (day, now) = match read {
            Some((day, value)) => (Some(day), Some(value)),
            None => (updated, stated.filter(|_| updated.is_none_or(|day| day <= today))),
        };
        let counts_anew = metric.is_some_and(counts_anew);
        Measured { now, day, baseline: amount("baseline"), target: amount("target"), counts_anew }
    }

    fn judge(&self, period: Option<&Period>, today: Date) -> (Course, Option<i64>, Option<i64>) {
        let Measured { now: Some(now), baseline, target: Some(target), day, counts_anew } = self else {
            return (Course::Unknown, None, None);
        };
        let is_limit = target.bound.is_some() || target.to.is_some();
        let is_over = period.is_none_or(|period| period.end < today);
        let reached = if is_over { Course::Reached } else { Course::AtTarget };
        if is_limit && target.admits(now) == Some(true) {
            return (reached, None, None);
        }
        // A level that the goal was to keep.
        if is_limit && baseline.as_ref().is_some_and(|from| target.admits(from) == Some(true)) {
            return (Course::Off, None, None);
        }
        let way = match baseline {
            _ if *counts_anew => (now.unit == target.unit).then_some((now.value, target.value)),
            Some(from) => now.minus(from).zip(target.minus(from)),
            None => None,
        };
        let Some((done, length)) = way.filter(|(_, length)| *length != 0.0) else {
            return (Course::Unknown, None, None);
        };
        // The rounding of 0.6 of 2 makes a hair less than 30 per cent.
        let way = (100.0 * done / length + 1e-6).floor() as i64;
        let measured_on = day.unwrap_or(today).min(today);
        let time = period.and_then(|period| share_of_time(period, measured_on));
        let course = match time {
            _ if way >= 100 => reached,
            None => Course::Unknown,
            Some(time) if way < 0 || 2 * way < time => Course::Off,
            Some(time) if way < time => Course::Behind,
            Some(_) => Course::OnTime,
        };
        (course, Some(way), time)
    }

    fn shown(&self, unit: &str) -> String {
        let Measured { now, target, baseline, .. } = self;
        let digits = digits_to_tell_apart([now, target, baseline].into_iter().flatten());
        let shown = |word: &str, amount: &Option<Amount>| {
            amount.as_ref().map(|amount| format!("{word} {}", in_unit(amount, unit, digits)))
        };
        let day = self.day.map_or_else(String::new, |day| format!(" on {day}"));
        let now = shown("now", now).map_or("no current value".to_owned(), |now| now + &day);
        let target = shown("target", target).unwrap_or_else(|| "no target".to_owned());
        let from = shown(", from", baseline).unwrap_or_default();
        format!("{now}, {target}{from}")
    }
}

/// Returns the per cent of a period that has passed on a day.
fn share_of_time(period: &Period, day: Date) -> Option<i64> {
    let days = |to: Date| to.duration_since(period.start).as_hours() / 24;
    let all = days(period.end);
    (all > 0).then(|| 100 * days(day).clamp(0, all) / all)
}

/// Returns the readings of a metric until a day, the oldest first.
fn readings(metric: &Record, today: Date) -> Vec<(Date, Amount)> {
    let reading = |item: &Node| {
        let day = parse_date(item.get("date")?.as_text()?).filter(|day| *day <= today)?;
        Some((day, Amount::parse(item.get("value")?.as_text()?)?))
    };
    let mut readings: Vec<(Date, Amount)> = items(metric, "readings").iter().filter_map(reading).collect();
    readings.sort_by_key(|(day, _)| *day);
    readings
}

pub(super) fn last_reading(metric: &Record, today: Date) -> String {
    let readings = readings(metric, today);
    let last = &readings[readings.len().saturating_sub(2)..];
    let digits = digits_to_tell_apart(last.iter().map(|(_, value)| value));
    let shown = |value| in_unit(value, text_of(metric, "unit"), digits);
    let last: Vec<_> = last.iter().rev().map(|(day, value)| format!("{} on {day}", shown(value))).collect();
    last.join(", ")
}

/// Returns how many digits behind the point amounts need that stand beside each other: no two of them may look the same.
fn digits_to_tell_apart<'a>(amounts: impl Iterator<Item = &'a Amount>) -> usize {
    // The most digits behind the point of a number of millions.
    const MOST_DIGITS: usize = 6;
    let amounts: Vec<&Amount> = amounts.collect();
    let tell_apart = |digits: &usize| {
        let shown = |it: &Amount| in_unit(it, "", *digits);
        amounts.iter().all(|one| amounts.iter().all(|it| one == it || shown(one) != shown(it)))
    };
    (1..MOST_DIGITS).find(tell_apart).unwrap_or(MOST_DIGITS)
}

/// Returns an amount as people write it: a number of millions in millions, a bare number with the unit of its metric.
fn in_unit(amount: &Amount, unit: &str, digits: usize) -> String {
    let text = &amount.text;
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (before, rest) = text.split_at(start);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || ",.".contains(c))).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    let scaled = |value: f64, scale: &str| {
        let rounded = format!("{value:.digits$}");
        format!("{}{scale}", rounded.trim_end_matches('0').trim_end_matches('.'))
    };
    let shown = match number.replace(',', "").parse::<f64>() {
        Ok(value) if value >= 1e9 => scaled(value / 1e9, "bn"),
        Ok(value) if value >= 1e6 => scaled(value / 1e6, "M"),
        _ => number.to_owned(),
    };
    let is_sign = |c: char| c.is_alphabetic() || matches!(c, '$' | '€' | '£' | '¥');
    let is_bare = after.trim().is_empty() && !before.contains(is_sign);
    let unit = match unit {
        "%" if is_bare => "%".to_owned(),
        unit if is_bare && !unit.is_empty() => format!(" {unit}"),
        _ => String::new(),
    };
    format!("{before}{shown}{after}{unit}")
}
