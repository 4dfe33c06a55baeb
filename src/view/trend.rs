//! `alignlint trend`: numbers about past states.

use jiff::civil::Date;

use crate::check::{Drawn, FoundRow};
use crate::finding::RecordName;
use crate::rule::MeasureSpec;

/// What the states of the records on some days have in common, and what not.
#[derive(Clone, Debug)]
pub struct Trend {
    /// The date as of which it was made.
    pub as_of: Date,
    /// The oldest first.
    pub states: Vec<TrendState>,
    /// In the order of the page.
    pub measures: Vec<Measure>,
    /// The times in which most findings were new, the oldest first.
    pub steps: Vec<TrendStep>,
}

/// The time between two states in which findings were new.
#[derive(Clone, Debug)]
pub struct TrendStep {
    /// The day of the state before.
    pub from: Date,
    /// The day of the state.
    pub to: Date,
    /// The number of new findings.
    pub found: usize,
    /// The first commits of that time: day, author and the first line of the message.
    pub commits: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// A state.
#[derive(Clone, Debug)]
pub struct TrendState {
    /// The day on which it is judged.
    pub day: Date,
    /// The commit; `None` if nothing was committed yet, and for the checked state itself.
    pub commit: Option<String>,
}

/// Numbers of one kind.
#[derive(Clone, Debug)]
pub struct Measure {
    /// The heading above it.
    pub group: String,
    /// What is counted.
    pub title: String,
    /// What the numbers are.
    pub unit: Unit,
    /// One for each state; `None` where there is nothing to count.
    pub values: Vec<Option<f64>>,
    /// What was counted in the last state, where the numbers count records or their parts.
    pub counted: Vec<Counted>,
}

/// A record or a part of one that was counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The record.
    pub record: RecordName,
    /// The title of the record, or what its part says; empty if it has none.
    pub title: String,
    /// More about it, such as since when; often empty.
    pub note: String,
}

/// What a number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// How many there are.
    Count,
    /// The median of days.
    Days,
}

impl Unit {
    /// The unit of a measure.
    pub fn of(measure: &MeasureSpec) -> Unit {
        match measure {
            MeasureSpec::Count { .. } => Unit::Count,
            MeasureSpec::Days { .. } => Unit::Days,
        }
    }

    /// Returns the name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Days => "days",
        }
    }
}

/// Returns the days between the two dates of a row. Dates in the wrong order say nothing.
pub fn days_of(row: &FoundRow) -> Option<i64> {
    match row.drawn[..] {
        [Drawn::Day(from), Drawn::Day(to)] => Some(to.duration_since(from).as_hours() / 24),
        _ => None,
    }
    .filter(|days| *days >= 0)
}

/// Returns the median of the days between the two dates of each row.
pub fn median_days(rows: &[FoundRow]) -> Option<f64> {
    let mut days: Vec<i64> = rows.iter().filter_map(days_of).collect();
    days.sort_unstable();
    let (low, high) = (days.get(days.len().saturating_sub(1) / 2)?, days.get(days.len() / 2)?);
    Some((low + high) as f64 / 2.0)
}
