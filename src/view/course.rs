//! Whether key results will be reached: the share of the way to the target, beside the share of the time.

use std::fmt;

use jiff::civil::Date;

use crate::calendar::{Amount, Period, parse_date};
use crate::input::Input;
use crate::node::Node;
use crate::record::Record;

/// The field of a goal with its key results.
const KEY_RESULTS: &str = "key-results";

/// Whether a key result will be reached, in the order in which a page lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// Less than half as far as the time, or away from the target.
    Off,
    /// Less far than the time.
    Behind,
    /// A number or the target is missing, or they can't be compared.
    Unknown,
    /// Not measured, and its day is still to come.
    Open,
    /// At least as far as the time.
    OnCourse,
    /// Reached, and may be lost again before its time is over.
    AtTarget,
    /// Reached.
    Reached,
}

impl Course {
    /// Returns the name in views.
    pub fn name(self) -> &'static str {
        match self {
            Course::Off => "off",
            Course::Behind => "behind",
            Course::Unknown => "unknown",
            Course::Open => "open",
            Course::OnCourse => "on course",
            Course::AtTarget => "at its target",
            Course::Reached => "reached",
        }
    }
}

/// A key result of a goal.
#[derive(Debug)]
pub struct KeyResult<'i> {
    /// Its metric or milestone, or its title.
    pub name: &'i str,
    /// Whether it will be reached.
    pub course: Course,
    /// The per cent of the way from the start to the target; less than nothing if the number goes the other way.
    pub way: Option<i64>,
    /// The per cent of the time of the goal on the day of the number.
    pub time: Option<i64>,
    numbers: Numbers,
    milestone: Option<String>,
    unit: &'i str,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Counting {
    /// What there is on a day.
    #[default]
    State,
    /// What came since the beginning of the period, which begins at nothing.
    Anew,
}

impl Counting {
    /// Reads a definition such as `revenue signed in the quarter`.
    fn of(metric: &Record) -> Counting {
        let text = |field: &str| metric.field(field).and_then(Node::as_text).unwrap_or_default();
        let definition = text("definition").to_lowercase();
        let words: Vec<&str> = definition.split(|c: char| !c.is_alphanumeric()).collect();
        let is_period = |word: &str| matches!(word, "quarter" | "year");
        let begins =
            |word: &str| matches!(word, "in" | "of" | "per" | "during" | "within" | "each" | "every");
        let is_anew = words.windows(2).any(|two| begins(two[0]) && is_period(two[1]))
            || words.windows(3).any(|three| {
                begins(three[0]) && matches!(three[1], "the" | "a" | "each" | "one") && is_period(three[2])
            });
        if is_anew && text("unit") != "%" { Counting::Anew } else { Counting::State }
    }
}

/// What is measured of a key result.
#[derive(Clone, Debug, Default)]
struct Numbers {
    now: Option<Amount>,
    /// The day of that number.
    day: Option<Date>,
    baseline: Option<Amount>,
    target: Option<Amount>,
    counting: Counting,
}

impl<'i> KeyResult<'i> {
    /// Returns the key results of a goal.
    pub fn all(
        input: &'i Input,
        goal: &'i Record,
        today: Date,
    ) -> impl Iterator<Item = (&'i Node, KeyResult<'i>)> {
        let items = goal.field(KEY_RESULTS).and_then(Node::as_sequence).unwrap_or_default();
        items.iter().filter_map(move |item| Some((item, KeyResult::of(input, goal, item, today)?)))
    }

    /// Judges an item; `None` if it names nothing.
    fn of(input: &'i Input, goal: &'i Record, item: &'i Node, today: Date) -> Option<KeyResult<'i>> {
        let text = |key: &str| item.get(key).and_then(Node::as_text);
        let day = |key: &str| text(key).and_then(parse_date);
        let name = ["kpi", "milestone", "title"].into_iter().find_map(text)?;
        let period = goal.field("period").and_then(Node::as_text);
        let period = period.and_then(|text| Period::parse(text, input.catalog().fiscal_year_start()));
        let metric = item.get("kpi").and_then(|kpi| {
            let reference = input.references(goal).find(|reference| kpi.span.contains(reference.span));
            reference?.target.record().map(|number| input.record(number))
        });
        let amount = |key: &str| text(key).and_then(Amount::parse);
        let (stated, updated) = (amount("current"), day("updated"));
        let read = metric
            .zip(period.as_ref())
            .and_then(|(metric, period)| readings(metric, today).rfind(|(day, _)| *day > period.start));
        // A reading of the metric of the same day or a later one counts more than what the goal says.
        let read = read.filter(|(day, _)| stated.is_none() || updated.is_some_and(|updated| *day >= updated));
        let (day_of_number, now) = match read {
            Some((day, value)) => (Some(day), Some(value)),
            None => (updated, stated.filter(|_| updated.is_none_or(|day| day <= today))),
        };
        let numbers = Numbers {
            now,
            day: day_of_number,
            baseline: amount("baseline"),
            target: amount("target"),
            counting: metric.map(Counting::of).unwrap_or_default(),
        };
        let is_measured = text("kpi").is_some() || numbers.target.is_some() || numbers.now.is_some();
        let (course, way, time, milestone) = if let Some(reached) = day("reached") {
            (Course::Reached, None, None, Some(format!("reached on {reached}")))
        } else if is_measured {
            let (course, way, time) = numbers.judge(period.as_ref(), today);
            (course, way, time, None)
        } else {
            let (course, text) = match day("due") {
                Some(day) if day < today => (Course::Off, format!("overdue since {day}")),
                Some(day) => (Course::Open, format!("due {day}")),
                None => (Course::Unknown, "no day".to_owned()),
            };
            (course, None, None, Some(text))
        };
        let unit = metric.and_then(|metric| metric.field("unit")?.as_text()).unwrap_or_default();
        Some(KeyResult { name, course, way, time, numbers, milestone, unit })
    }

    /// Returns how far it is, and how much of the time has passed.
    pub fn progress(&self) -> String {
        let time = self.time.map_or_else(String::new, |time| format!(", {time}% of the time"));
        let of = if self.numbers.counting == Counting::Anew { "target" } else { "way" };
        match self.way {
            Some(way) if way < 0 => format!("away from the target{time}"),
            Some(way) => format!("{way}% of the {of}{time}"),
            None => String::new(),
        }
    }

    /// Returns the numbers in their unit, or the day of a milestone.
    pub fn numbers(&self) -> String {
        if let Some(milestone) = &self.milestone {
            return milestone.clone();
        }
        let Numbers { now, day, baseline, target, .. } = &self.numbers;
        let shown = |amount: &Option<Amount>| amount.as_ref().map(|amount| in_unit(&amount.text, self.unit));
        let day = day.filter(|_| now.is_some()).map_or_else(String::new, |day| format!(" on {day}"));
        let target =
            shown(target).map_or_else(|| "no target".to_owned(), |target| format!("target {target}"));
        let now = shown(now).map_or_else(|| "no current value".to_owned(), |now| format!("now {now}{day}"));
        let from = shown(baseline).map(|from| format!("from {from}"));
        [Some(now), Some(target), from].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for KeyResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.numbers())?;
        if self.milestone.is_none() { write!(f, ", {}", self.course.name()) } else { Ok(()) }
    }
}

impl Numbers {
    /// Returns the course, and the shares of the way and of the time.
    fn judge(&self, period: Option<&Period>, today: Date) -> (Course, Option<i64>, Option<i64>) {
        let Numbers { now: Some(now), baseline, target: Some(target), day, counting } = self else {
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
        let way = match counting {
            Counting::Anew => (now.unit == target.unit).then_some((now.value, target.value)),
            Counting::State => {
                baseline.as_ref().and_then(|from| Some((now.minus(from)?, target.minus(from)?)))
            }
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
            Some(_) => Course::OnCourse,
        };
        (course, Some(way), time)
    }
}

/// Returns the per cent of a period that has passed on a day.
fn share_of_time(period: &Period, day: Date) -> Option<i64> {
    let days = |to: Date| to.duration_since(period.start).as_hours() / 24;
    let all = days(period.end);
    (all > 0).then(|| 100 * days(day).clamp(0, all) / all)
}

/// Returns the readings of a metric until a day, the oldest first.
pub fn readings(metric: &Record, today: Date) -> std::vec::IntoIter<(Date, Amount)> {
    let items = metric.field("readings").and_then(Node::as_sequence).unwrap_or_default();
    let reading = |item: &Node| {
        let day = parse_date(item.get("date")?.as_text()?).filter(|day| *day <= today)?;
        Some((day, Amount::parse(item.get("value")?.as_text()?)?))
    };
    let mut readings: Vec<(Date, Amount)> = items.iter().filter_map(reading).collect();
    readings.sort_by_key(|(day, _)| *day);
    readings.into_iter()
}

/// Returns the last reading of a metric and the one before, in its unit.
pub fn last_reading(metric: &Record, today: Date) -> Option<String> {
    let unit = metric.field("unit").and_then(Node::as_text).unwrap_or_default();
    let mut last =
        readings(metric, today).rev().map(|(day, value)| format!("{} on {day}", in_unit(&value.text, unit)));
    let newest = last.next()?;
    Some(last.next().map_or_else(|| newest.clone(), |before| format!("{newest}, {before}")))
}

/// Returns an amount as people write it: a number of millions in millions, a bare number with the unit of its metric.
fn in_unit(text: &str, unit: &str) -> String {
    const MILLIONS: usize = 7;
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let end =
        text[start..].find(|c: char| !(c.is_ascii_digit() || ",.".contains(c))).unwrap_or(text.len() - start);
    let (before, number, after) = (&text[..start], &text[start..start + end], &text[start + end..]);
    let whole = number.split('.').next().unwrap_or_default().replace(',', "");
    let shown = match number.replace(',', "").parse::<f64>() {
        Ok(value) if whole.len() >= MILLIONS => {
            let (scaled, scale) = if value < 1e9 { (value / 1e6, "M") } else { (value / 1e9, "bn") };
            let rounded = format!("{scaled:.1}");
            format!("{}{scale}", rounded.strip_suffix(".0").unwrap_or(&rounded))
        }
        _ => number.to_owned(),
    };
    let is_bare = after.trim().is_empty() && !before.contains(['$', '€', '£', '¥']);
    let unit = match unit {
        "" => String::new(),
        "%" => unit.to_owned(),
        _ => format!(" {unit}"),
    };
    format!("{before}{shown}{after}{}", if is_bare { &*unit } else { "" })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn judged(now: &str, from: &str, target: &str, day: Date) -> (&'static str, Option<i64>, Option<i64>) {
        let numbers = Numbers {
            now: Amount::parse(now),
            day: None,
            baseline: Amount::parse(from),
            target: Amount::parse(target),
            counting: Counting::State,
        };
        let (course, way, time) = numbers.judge(Period::parse("2026-Q4", 1).as_ref(), day);
        (course.name(), way, time)
    }

    #[test]
    fn the_way_is_compared_with_the_time() {
        let day = date(2026, 11, 16);
        assert_eq!(judged("12.6", "12", "14", day), ("behind", Some(30), Some(50)));
        assert_eq!(judged("70%", "61%", "72%", day), ("on course", Some(81), Some(50)));
        assert_eq!(judged("59%", "60%", "72%", day), ("off", Some(-9), Some(50)));
        assert_eq!(judged("73%", "60%", "72%", day).0, "at its target");
        assert_eq!(judged("73%", "60%", "72%", date(2027, 1, 1)).0, "reached");
        assert_eq!(judged("19 months", "19 months", ">= 18 months", day).0, "at its target");
        assert_eq!(judged("17 months", "19 months", ">= 18 months", day).0, "off");
        for (now, from, target) in [("", "1", "2"), ("1 day", "1", "2"), ("1", "2", "2"), ("1", "1", "")] {
            assert_eq!(judged(now, from, target, day).0, "unknown", "{now} {from} {target}");
        }
    }

    #[test]
    fn numbers_are_shown_in_their_unit() {
        for (text, unit, shown) in [
            ("9064000", "EUR", "9.1M EUR"),
            ("€9064000", "EUR", "€9.1M"),
            ("1,840 sites", "sites", "1,840 sites"),
            ("104.5", "%", "104.5%"),
            (">= 18", "months", ">= 18 months"),
            ("2500000000", "", "2.5bn"),
        ] {
            assert_eq!(in_unit(text, unit), shown, "{text}");
        }
    }
}
