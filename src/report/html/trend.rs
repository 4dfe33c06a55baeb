//! Numbers about past states as a table with bars.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::super::trend::{
    STEPS, change, counted_title, first_known, label, measured, named, number, step_commits, step_title,
};
use crate::view::trend::{Measure, Trend};

/// The name of the part in addresses.
pub(super) const NAME: &str = "trend";
/// The heading of the part.
pub(super) const TITLE: &str = "Trend";

/// The most states that are drawn: the latest.
const MAX_STATES: usize = 24;
const BAR: usize = 6;
const STEP: usize = 8;
const HEIGHT: f64 = 20.0;

/// Writes each measure as a row: a bar for each state, and how the number changed.
pub(super) fn draw(trend: &Trend, linked: impl Fn(&str) -> Markup) -> Markup {
    let first = trend.states.len().saturating_sub(MAX_STATES).max(first_known(trend));
    let states = trend.states.get(first..).unwrap_or_default();
    let from = states.first().map_or(trend.as_of, |state| state.day);
    let mut groups: Vec<(&str, Vec<&Measure>)> = Vec::new();
    for measure in &trend.measures {
        match groups.last_mut() {
            Some((group, measures)) if *group == measure.group => measures.push(measure),
            _ => groups.push((&measure.group, vec![measure])),
        }
    }
    html! {
        section .part id=(NAME) aria-labelledby="trend-title" {
            h2 #trend-title { (TITLE) }
            p .about {
                "The states of the records from " time { (from) } " to " time { (trend.as_of) }
                ", judged by the rules of today. A bar is a share of the highest of its row."
            }
            @for (group, measures) in &groups {
                h3 { (group) }
                section .scroll tabindex="0" aria-label=(group) {
                    table .trend {
                        thead { tr {
                            th scope="col" { "Number" }
                            th scope="col" { "States" }
                            th scope="col" { "First to last" }
                            @for state in states { th .number scope="col" { time { (state.day) } } }
                        } }
                        tbody { @for measure in measures.iter() {
                            @let values = measure.values.get(first..).unwrap_or_default();
                            tr {
                                th scope="row" { (measure.title) }
                                td { (bars(values)) }
                                td { span { (change(measure)) } (measured(measure)) }
                                @for value in values { td .number { (value.map_or_else(|| "–".to_owned(), number)) } }
                            }
                        } }
                    }
                }
            }
            @let counted = || groups.iter().flat_map(|(_, measures)| measures).filter(|it| !it.counted.is_empty());
            @if counted().next().is_some() {
                h3 { (counted_title(trend)) }
                div .index { dl { @for measure in counted() {
                    @let (named, more) = named(measure);
                    dt { (measure.title) (measured(measure)) }
                    dd { @for (at, record) in named.iter().enumerate() {
                        @if at > 0 { "; " }
                        (linked(&label(record)))
                    }
                    @if let Some(more) = more { "; " (more) } }
                } } }
            }
            @if !trend.steps.is_empty() {
                h3 { (STEPS) }
                div .index { dl { @for step in &trend.steps {
                    dt { (step_title(step)) }
                    dd { (step_commits(step)) }
                } } }
            }
        }
    }
}

/// A bar for each value, and a dot where there is none.
fn bars(values: &[Option<f64>]) -> Markup {
    let highest = values.iter().flatten().copied().fold(0.0, f64::max);
    let mut path = String::new();
    for (at, value) in values.iter().enumerate() {
        let height = match value {
            Some(value) if *value > 0.0 => (HEIGHT * value / highest).max(2.0),
            Some(_) => 1.0,
            None => continue,
        };
        // Writing to a string does not fail.
        let _ = write!(path, "M{} {HEIGHT}v-{height:.1}h{BAR}v{height:.1}z", at * STEP);
    }
    let known: Vec<String> =
        values.iter().map(|value| value.map_or_else(|| "none".to_owned(), number)).collect();
    let width = values.len() * STEP;
    html! {
        svg role="img" aria-label=(known.join(", ")) viewBox=(format!("0 0 {width} {HEIGHT}")) width=(width) height=(HEIGHT) {
            path d=(path) {}
        }
    }
}
