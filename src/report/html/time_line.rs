//! Rows between days as SVG.

use jiff::civil::Date;
use maud::{Markup, html};

use super::super::terminal::clip;
use super::page::Rows;
use crate::view::drawing::TimeSpan;

/// The most rows: more can't be read.
const MAX_ROWS: usize = 80;
const WIDTH: f64 = 960.0;
/// The part of the width for names.
const NAMES: f64 = 272.0;
const NAME_COLUMNS: usize = 38;
/// The width of the text of a mark.
const TICK: f64 = 48.0;
const ROW: f64 = 20.0;
const HEAD: f64 = 30.0;
/// The most marks of the axis.
const MAX_TICKS: usize = 10;

/// What days stand where.
struct Axis {
    first: Date,
    days: f64,
}

impl Axis {
    fn of(spans: &[TimeSpan], today: Date) -> Axis {
        let days = || spans.iter().flat_map(|span| [Some(span.from), span.to]).flatten().chain([today]);
        let first = days().min().unwrap_or(today);
        let last = days().max().unwrap_or(today);
        Axis { first, days: days_between(first, last).max(1.0) }
    }

    fn x(&self, day: Date) -> f64 {
        NAMES + (WIDTH - NAMES - 8.0) * days_between(self.first, day) / self.days
    }

    /// The first days of months, of every third month, or of years: as many as there is room for.
    fn ticks(&self) -> Vec<(Date, String)> {
        let months = self.days / 30.4;
        let step = [1, 3, 6, 12, 24, 60, 120, 600, 2400]
            .into_iter()
            .find(|step| months / f64::from(*step) < MAX_TICKS as f64);
        let step = step.unwrap_or(12_000);
        let mut ticks = Vec::new();
        let mut month = i32::from(self.first.year()) * 12 + i32::from(self.first.month()) - 1;
        month += (step - month.rem_euclid(step)) % step;
        while let Some(day) = first_of(month).filter(|day| days_between(self.first, *day) <= self.days) {
            let year = day.year().to_string();
            let text = if step < 12 { format!("{year}-{:02}", day.month()) } else { year };
            if day >= self.first {
                ticks.push((day, text));
            }
            month += step;
        }
        ticks
    }
}

/// The first day of a month, counted from the year 0.
fn first_of(month: i32) -> Option<Date> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    Date::new(year, i8::try_from(month.rem_euclid(12)).ok()? + 1, 1).ok()
}

fn days_between(from: Date, to: Date) -> f64 {
    (to.duration_since(from).as_hours() / 24) as f64
}

/// Draws a line for each row, from its first day to its last one.
pub(super) fn draw(spans: &[TimeSpan], end: &str, rows: &Rows, today: Date) -> Markup {
    let shown = latest(spans);
    let axis = Axis::of(&shown, today);
    let height = HEAD + ROW * shown.len() as f64 + 4.0;
    let now = axis.x(today);
    html! {
        ul .legend {
            li { span .swatch.bar {} "until its " (end) }
            @if shown.iter().any(|span| span.to.is_none()) { li { span .swatch.open {} "without a " (end) } }
            @if shown.iter().any(|span| is_past(span, today)) { li { span .swatch.late {} "its " (end) " has passed" } }
        }
        section .scroll tabindex="0" aria-label=(rows.title()) {
            svg .time viewBox=(format!("0 0 {WIDTH:.0} {height:.0}")) role="group" aria-label=(rows.title()) {
                @for (day, text) in axis.ticks().into_iter().filter(|(day, _)| (axis.x(*day) - now).abs() > TICK) {
                    line .tick x1=(one(axis.x(day))) x2=(one(axis.x(day))) y1=(HEAD - 6.0) y2=(one(height)) {}
                    text .tick x=(one(axis.x(day))) y="14" text-anchor=(anchor(axis.x(day))) { (text) }
                }
                @for (number, span) in shown.iter().enumerate() {
                    (draw_span(span, HEAD + ROW * number as f64, &axis, rows, today))
                }
                line .now x1=(one(now)) x2=(one(now)) y1=(HEAD - 6.0) y2=(one(height)) {}
                text .now x=(one(now)) y="14" text-anchor=(anchor(now)) { "today" }
            }
        }
        @if shown.len() < spans.len() {
            p .note { "The latest " (shown.len()) " of " (spans.len()) " are drawn; the list below has all." }
        }
        @if spans.len() < rows.len() {
            p .note { (rows.len() - spans.len()) " without a day are not drawn; the list below has all." }
        }
    }
}

fn draw_span(span: &TimeSpan, top: f64, axis: &Axis, rows: &Rows, today: Date) -> Markup {
    let class = match span.to {
        None => "open",
        Some(_) if is_past(span, today) => "late",
        Some(_) => "bar",
    };
    let (from, to) = (axis.x(span.from), axis.x(span.to.unwrap_or(today.max(span.from))));
    let name = rows.label(span.row);
    let until = span.to.map(|to| format!(" until {to}")).unwrap_or_default();
    let content = html! {
        title { (name) ", from " (span.from) (until) }
        text x="0" y=(one(top + 13.0)) { (clip(&name, NAME_COLUMNS)) }
        rect class=(class) x=(one(from)) y=(one(top + 4.0)) width=(one((to - from).max(4.0))) height="11" rx="3" {}
    };
    html! {
        @match rows.link(span.row) {
            Some(link) => a href=(link) tabindex="-1" { (content) },
            None => g { (content) },
        }
    }
}

fn is_past(span: &TimeSpan, today: Date) -> bool {
    span.to.is_some_and(|to| to < today)
}

/// The latest spans, in their order.
fn latest(spans: &[TimeSpan]) -> Vec<TimeSpan> {
    let mut latest: Vec<(usize, TimeSpan)> = spans.iter().copied().enumerate().collect();
    latest.sort_by_key(|(number, span)| (std::cmp::Reverse(span.from), *number));
    latest.truncate(MAX_ROWS);
    latest.sort_by_key(|(number, _)| *number);
    latest.into_iter().map(|(_, span)| span).collect()
}

fn anchor(x: f64) -> &'static str {
    if x > WIDTH - TICK { "end" } else { "middle" }
}

fn one(number: f64) -> String {
    format!("{number:.1}")
}
